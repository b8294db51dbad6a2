//! What may be entered into cells (DVAL, DV).

use leadsheet_core::CellRange;

use super::record::{Body, Stream};
use super::sheet::range;
use super::text::Units;
use crate::read::xls::record::id;

/// A rule for what is entered into some cells.
#[derive(Clone, Debug)]
pub(crate) struct Validation {
    pub(crate) cells: CellRange,
    pub(crate) entry: Allowed,
    /// Whether anything else is refused; else it is only advised against.
    pub(crate) is_strict: bool,
    /// Title and text that are shown when the cell is chosen.
    pub(crate) hint: Option<(String, String)>,
    /// Title and text that are shown when something else is entered.
    pub(crate) error: Option<(String, String)>,
}

/// What may be entered.
#[derive(Clone, Debug)]
pub(crate) enum Allowed {
    /// One of these texts, offered in a list.
    List(Vec<String>),
    /// A day between two serial numbers.
    DateBetween(f64, f64),
    /// A number between two others.
    NumberBetween(f64, f64),
    /// A number, at least this.
    NumberFrom(f64),
}

/// The longest list that a rule can hold itself, in characters (§2.5.198.89).
pub(crate) const LONGEST_LIST: usize = 255;

/// Writes the rules of a sheet (DVAL §2.4.96, DV §2.4.95).
pub(crate) fn write(validations: &[Validation], stream: &mut Stream) {
    let bodies: Vec<Body> = validations.iter().filter_map(Validation::body).collect();
    if bodies.is_empty() {
        return;
    }
    let body = Body::default().u16(0).u32(0).u32(0).u32(0xFFFF_FFFF);
    stream.record(id::DVAL, &body.u32(bodies.len() as u32).0);
    for body in bodies {
        stream.record(id::DV, &body.0);
    }
}

impl Validation {
    /// `None` for a list that is too long to be held.
    fn body(&self) -> Option<Body> {
        const BETWEEN: u32 = 0;
        const AT_LEAST: u32 = 6;
        let (kind, operator, first, second) = match &self.entry {
            Allowed::List(texts) => (3 | 0x80, BETWEEN, list(texts)?, Vec::new()),
            Allowed::DateBetween(first, last) => (4, BETWEEN, number(*first), number(*last)),
            Allowed::NumberBetween(first, last) => (2, BETWEEN, number(*first), number(*last)),
            Allowed::NumberFrom(first) => (2, AT_LEAST, number(*first), Vec::new()),
        };
        let warning = if self.is_strict { 0 } else { 1 << 4 };
        let hint = if self.hint.is_some() { 1 << 18 } else { 0 };
        let flags = kind | warning | 1 << 8 | hint | 1 << 19 | operator << 20;
        let empty = || (String::new(), String::new());
        let (hint_title, hint) = self.hint.clone().unwrap_or_else(empty);
        let (error_title, error) = self.error.clone().unwrap_or_else(empty);
        let body = Body::default().u32(flags);
        let body = shown(shown(body, &hint_title, 32), &error_title, 32);
        let body = shown(shown(body, &hint, 255), &error, 255);
        let body = body.u16(first.len() as u16).u16(0).bytes(&first);
        let body = body.u16(second.len() as u16).u16(0).bytes(&second);
        Some(range(body.u16(1), &self.cells))
    }
}

/// A text that is shown, cut to what fits; nothing is a NUL (§2.4.95).
fn shown(body: Body, text: &str, most: usize) -> Body {
    let mut units = 0;
    let fits = |character: &char| {
        units += character.len_utf16();
        units <= most
    };
    let text: String = text.chars().take_while(fits).collect();
    body.text(if text.is_empty() { "\0" } else { &text })
}

/// Texts with a NUL between them, as one text of a formula (PtgStr, §2.5.198.89).
fn list(texts: &[String]) -> Option<Vec<u8>> {
    let text = texts.join("\0");
    let units = Units::of(&text);
    let fits = units.count <= LONGEST_LIST && units.count > 0;
    fits.then(|| Body::default().u8(0x17).short_text(&text).0)
}

/// A number in a formula (PtgNum, §2.5.198.79).
fn number(number: f64) -> Vec<u8> {
    Body::default().u8(0x1F).f64(number).0
}
