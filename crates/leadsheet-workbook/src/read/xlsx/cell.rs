//! What a cell holds, from its type, its style and the text of its value. Whatever cannot be read as it was meant
//! becomes the nearest honest value and a notice.

use leadsheet_core::{CellRef, FormatId, MAX_COLUMNS, MAX_ROWS, Value, ValueId, Values};

use super::interner::{Interner, TextInRow};
use super::iso_date::{IsoMoment, iso_moment};
use super::notices::{Notices, quoted};
use super::shared_strings::too_long;
use super::styles::Styles;
use super::xml::{Refusal, trimmed, whole_number};
use crate::notice::NoticeKind;
use crate::read::number_format::{Serial, serial_to_value};

/// Distinct values that one sheet can name (the width of an id).
const FULL: Refusal = Refusal::Limit("cells", 1 << 29);
/// Recent numbers remembered, so that a column of a few hundred dates stores a few hundred dates: at first, and once as
/// many were met. Powers of two.
const RECENT_NUMBERS: [usize; 2] = [256, 4_096];

/// The type of a cell, its attribute `t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellType<'a> {
    Number,
    SharedText,
    Text,
    Bool,
    Error,
    IsoDate,
    Unknown(&'a [u8]),
}

impl<'a> CellType<'a> {
    pub(super) fn of(spelling: Option<&'a [u8]>) -> Self {
        match spelling.map(trimmed) {
            None | Some(b"n" | b"") => CellType::Number,
            Some(b"s") => CellType::SharedText,
            Some(b"str" | b"inlineStr") => CellType::Text,
            Some(b"b") => CellType::Bool,
            Some(b"e") => CellType::Error,
            Some(b"d") => CellType::IsoDate,
            Some(other) => CellType::Unknown(other),
        }
    }
}

/// Turns the spelled values of one sheet into ids.
#[derive(Debug)]
pub(super) struct CellValues<'w> {
    pub(super) values: Values,
    styles: &'w Styles,
    is_1904: bool,
    /// By position in the styles' formats, once it is used.
    formats: Vec<Option<FormatId>>,
    recent: Vec<(u64, u32, ValueId)>,
    /// Numbers that were not among the recent ones.
    new_numbers: usize,
    texts: Interner,
    errors: Vec<ValueId>,
}

impl<'w> CellValues<'w> {
    pub(super) fn new(mut values: Values, styles: &'w Styles, is_1904: bool) -> Self {
        values.count_from_1904(is_1904);
        Self {
            values,
            styles,
            is_1904,
            formats: vec![None; styles.formats.len()],
            recent: vec![(0, 0, ValueId::EMPTY); RECENT_NUMBERS[0]],
            new_numbers: 0,
            texts: Interner::default(),
            errors: Vec::new(),
        }
    }

    /// The style of this number; the plain one and a notice where there is none.
    pub(super) fn style(
        &self,
        spelling: Option<&[u8]>,
        cell: CellRef,
        notices: &mut Notices,
    ) -> u32 {
        let Some(spelling) = spelling.filter(|spelling| !trimmed(spelling).is_empty()) else {
            return 0;
        };
        match whole_number(trimmed(spelling)) {
            Some(number) if self.styles.list.get(number as usize).is_some() => number,
            Some(0) => 0,
            _ => {
                if self.styles.known {
                    let spelling = quoted(&String::from_utf8_lossy(spelling));
                    notices.add(Some(cell), NoticeKind::BadStyle(spelling));
                }
                0
            }
        }
    }

    /// The style of this number, where there is one.
    pub(super) fn known_style(&self, spelling: Option<&[u8]>) -> Option<u32> {
        let number = spelling.map_or(Some(0), whole_number)?;
        (number == 0 || self.styles.list.get(number as usize).is_some()).then_some(number)
    }

    /// The id of what a cell of this type and style holds. `text` is its value, resolved; `sound` says that it was
    /// text to begin with.
    pub(super) fn id(
        &mut self,
        cell: CellRef,
        kind: CellType<'_>,
        style: u32,
        text: &str,
        sound: bool,
        notices: &mut Notices,
    ) -> Result<ValueId, Refusal> {
        if !sound {
            notices.add(Some(cell), NoticeKind::BadEncoding(quoted(text)));
        }
        let plain = text.trim_matches([' ', '\t', '\n', '\r']);
        if plain.is_empty() && kind != CellType::Text {
            return Ok(ValueId::EMPTY);
        }
        let refused = match kind {
            CellType::Number => match number(plain.as_bytes()) {
                Some(value) => {
                    if digits_lost(plain, value) {
                        notices.add(Some(cell), NoticeKind::DigitsLost(quoted(plain)));
                    }
                    return self.number(cell, value, style, notices);
                }
                None => NoticeKind::BadNumber(quoted(text)),
            },
            CellType::SharedText => {
                let position = whole_number(plain.as_bytes())
                    .filter(|&at| (at as usize) < self.values.shared_len());
                if let Some(id) = position.and_then(|position| ValueId::shared_text(position).ok())
                {
                    return Ok(id);
                }
                notices.add(Some(cell), NoticeKind::MissingSharedString(quoted(text)));
                return Ok(ValueId::EMPTY);
            }
            CellType::Bool => match plain {
                "1" | "true" | "TRUE" => return Ok(ValueId::bool(true)),
                "0" | "false" | "FALSE" => return Ok(ValueId::bool(false)),
                _ => NoticeKind::BadBoolean(quoted(text)),
            },
            CellType::Error => return self.error(plain),
            CellType::IsoDate => match iso_moment(plain) {
                Some(moment) => return self.iso_moment(moment, style),
                None => NoticeKind::BadDate(quoted(text)),
            },
            CellType::Unknown(kind) => {
                NoticeKind::UnknownCellType(quoted(&String::from_utf8_lossy(kind)))
            }
            CellType::Text => {
                if let Some(length) = too_long(text) {
                    notices.add(Some(cell), NoticeKind::TextTooLong(length));
                }
                return self.text(cell.column, text);
            }
        };
        notices.add(Some(cell), refused);
        self.text(cell.column, text)
    }

    /// The id of a number, which its style may make a moment.
    pub(super) fn number(
        &mut self,
        cell: CellRef,
        value: f64,
        style: u32,
        notices: &mut Notices,
    ) -> Result<ValueId, Refusal> {
        let bits = value.to_bits();
        let slot = slot(bits, style, self.recent.len());
        if let Some(&(known, known_style, id)) = self.recent.get(slot)
            && (known, known_style) == (bits, style)
            && !id.is_empty()
        {
            return Ok(id);
        }
        let class = self
            .styles
            .list
            .get(style as usize)
            .copied()
            .unwrap_or_default()
            .class;
        let format = self.format(style)?;
        let id = match serial_to_value(value, class, self.is_1904) {
            Serial::Number => self.values.add_number(value, format),
            Serial::Date(date) => self.values.add_date(date, format),
            Serial::Time(time) => self.values.add_time(time, format),
            Serial::OutOfRange => {
                notices.add(Some(cell), NoticeKind::DateOutOfRange(value));
                return self.values.add_number(value, format).map_err(|_| FULL);
            }
        };
        let id = id.map_err(|_| FULL)?;
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = (bits, style, id);
        }
        self.new_numbers += 1;
        if self.new_numbers == RECENT_NUMBERS[0] {
            self.remember_more_numbers();
        }
        Ok(id)
    }

    fn remember_more_numbers(&mut self) {
        let more = vec![(0, 0, ValueId::EMPTY); RECENT_NUMBERS[1]];
        for known in std::mem::replace(&mut self.recent, more) {
            if let Some(recent) = self
                .recent
                .get_mut(slot(known.0, known.1, RECENT_NUMBERS[1]))
            {
                *recent = known;
            }
        }
    }

    fn iso_moment(&mut self, moment: IsoMoment, style: u32) -> Result<ValueId, Refusal> {
        let format = self.format(style)?;
        let id = match moment {
            IsoMoment::Date(date) => self.values.add_date(date, format),
            IsoMoment::Time(time) => self.values.add_time(time, format),
        };
        id.map_err(|_| FULL)
    }

    fn format(&mut self, style: u32) -> Result<FormatId, Refusal> {
        let format = usize::from(
            self.styles
                .list
                .get(style as usize)
                .copied()
                .unwrap_or_default()
                .format,
        );
        match self.formats.get_mut(format) {
            Some(Some(id)) => Ok(*id),
            Some(new) => {
                let spelling = self
                    .styles
                    .formats
                    .get(format)
                    .map_or("", |spelling| spelling);
                Ok(*new.insert(self.values.add_format(spelling).map_err(|_| FULL)?))
            }
            None => Ok(FormatId::default()),
        }
    }

    fn error(&mut self, text: &str) -> Result<ValueId, Refusal> {
        let known = self
            .errors
            .iter()
            .find(|&&id| self.values.get(id) == Value::Error(text));
        if let Some(&id) = known {
            return Ok(id);
        }
        let id = self.values.add_error(text).map_err(|_| FULL)?;
        // There are a dozen error values; a file full of invented ones is not worth a search.
        if self.errors.len() < 32 {
            self.errors.push(id);
        }
        Ok(id)
    }

    /// The id of a text in a cell of this column.
    pub(super) fn text(&mut self, column: u32, text: &str) -> Result<ValueId, Refusal> {
        self.texts
            .id(&mut self.values, column, text)
            .map_err(|_| FULL)
    }

    /// Gives texts of one column their ids: see [`Interner::ids`].
    pub(super) fn texts(
        &mut self,
        column: u32,
        texts: (&[u8], &[TextInRow]),
        set: impl FnMut(u32, &[ValueId]),
        report: &mut dyn FnMut(u32, &str),
    ) -> Result<(), Refusal> {
        self.texts
            .ids(&mut self.values, column, texts, set, report)
            .map_err(|_| FULL)
    }
}

/// Where a number in a style is remembered among so many.
const fn slot(bits: u64, style: u32, among: usize) -> usize {
    let hash = (bits ^ (style as u64).rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> 52) as usize & (among - 1)
}

/// A number as XML Schema spells doubles, without its infinities.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    let digits = text
        .strip_prefix(b"-")
        .or_else(|| text.strip_prefix(b"+"))
        .unwrap_or(text);
    // `inf` and `nan` are numbers to the standard library.
    if !digits
        .first()
        .is_some_and(|first| first.is_ascii_digit() || *first == b'.')
    {
        return None;
    }
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// Whether the text has more digits than the number keeps: identity card and order numbers typed as numbers.
/// Programs write up to 17 digits of what is binary noise; those say the same number and are no loss.
pub(super) fn digits_lost(text: &str, value: f64) -> bool {
    if text.len() <= 15 {
        return false;
    }
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').trim_end_matches('0');
    if digits.len() <= 15 || (digits.len() <= 17 && mantissa.contains('.')) {
        return false;
    }
    let exact = format!(
        "{value:.precision$e}",
        precision = digits.len().min(800) - 1
    );
    let exact = exact.split('e').next().unwrap_or_default();
    let kept: String = exact.chars().filter(char::is_ascii_digit).collect();
    kept.trim_end_matches('0') != digits
}

/// A cell address such as `B3`, letters in either case.
pub(super) fn address(text: &[u8]) -> Option<CellRef> {
    let letters = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (letters, digits) = text.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.iter().fold(0, |n, byte| {
        n * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1
    }) - 1;
    let row = whole_number(digits)?.checked_sub(1)?;
    (row < MAX_ROWS && column < MAX_COLUMNS).then_some(CellRef::new(row, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_xml_schema_spells_them() {
        let cases: [(&str, Option<f64>); 18] = [
            ("0", Some(0.0)),
            ("-0.5", Some(-0.5)),
            ("+7", Some(7.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1E+05", Some(1e5)),
            ("1.2345e-3", Some(0.001_234_5)),
            ("123456789012345678", Some(123_456_789_012_345_680.0)),
            ("1,5", None),
            ("inf", None),
            ("NaN", None),
            ("-infinity", None),
            ("1e999", None),
            ("0x10", None),
            ("1 2", None),
            ("--1", None),
            ("-", None),
            ("一", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn lost_digits_are_told_from_binary_noise() {
        let lost = |text: &str| digits_lost(text, text.parse().unwrap());
        for text in [
            "110101199003071234",
            "12345678901234567890",
            "9007199254740993",
            "0.12345678901234567890",
        ] {
            assert!(lost(text), "{text}");
        }
        let kept = [
            "1.1000000000000001",
            "3.1415926535897931",
            "0.30000000000000004",
            "123456789012345",
            "1.2345678901234E+17",
            "9007199254740992",
            "1000000000000000000000",
            "0.1000000000000000055511151231257827",
            "41234.416666666664",
            "000000000000000000001",
        ];
        for text in kept {
            assert!(!lost(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_read_in_either_case_and_checked() {
        assert_eq!(address(b"B3"), Some(CellRef::new(2, 1)));
        assert_eq!(
            address(b"xfd1048576"),
            Some(CellRef::new(1_048_575, 16_383))
        );
        for refused in [
            "",
            "A",
            "1",
            "A0",
            "XFE1",
            "A1048577",
            "A1B",
            "ABCD1",
            "$A$1",
            "A99999999999",
            "A-1",
        ] {
            assert_eq!(address(refused.as_bytes()), None, "{refused}");
        }
    }
}
