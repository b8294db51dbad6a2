//! Number formats of `OpenDocument`, which are little trees of their own, spelled as spreadsheets spell them:
//! `<number:year number:style="long"/>-<number:month/>` is `yyyy-m`.

use std::collections::HashMap;

use super::xml::{Item, Tag};
use crate::read::cells::NumberFormat;

/// How long a chain of styles is followed: each may build upon another.
const LONGEST_CHAIN: usize = 32;

/// The styles of a document, as far as they say how values are shown.
#[derive(Default)]
pub(super) struct Styles {
    codes: HashMap<String, Code>,
    cells_by_style: HashMap<String, CellStyle>,
    hidden_tables: HashMap<String, bool>,
    column_widths: HashMap<String, f64>,
    formats: HashMap<String, NumberFormat>,
    /// The style, and the number format, whose elements are coming.
    style: Option<String>,
    building: Option<Building>,
}

#[derive(Default)]
struct CellStyle {
    data_style: Option<String>,
    parent: Option<String>,
}

/// A number format: its own section, and the formats that stand for it under some condition.
#[derive(Default)]
struct Code {
    own: String,
    maps: Vec<String>,
}

struct Building {
    name: String,
    code: Code,
    is_percentage: bool,
    is_elapsed: bool,
    in_text: bool,
}

impl Styles {
    /// Takes in what comes next in the document; anything but styles is passed over.
    pub(super) fn take(&mut self, item: &Item) {
        match item {
            Item::Start(tag) => self.start(tag),
            Item::End(name) => self.end(name),
            Item::Text(text) => {
                if let Some(building) = self.building.as_mut().filter(|building| building.in_text) {
                    building.literal(text);
                }
            }
        }
    }

    /// The number format of cells with this style.
    pub(super) fn number_format(&mut self, style: &str) -> NumberFormat {
        if let Some(format) = self.formats.get(style) {
            return format.clone();
        }
        let format = self
            .code(style)
            .map_or_else(NumberFormat::default, |code| NumberFormat::new(&code));
        self.formats.insert(style.to_owned(), format.clone());
        format
    }

    fn code(&self, style: &str) -> Option<String> {
        let mut style = style;
        for _ in 0..LONGEST_CHAIN {
            let cell_style = self.cells_by_style.get(style)?;
            if let Some(data_style) = &cell_style.data_style {
                let code = self.codes.get(data_style)?;
                // The style of its own is that of what is left: negative numbers, mostly.
                let sections = code
                    .maps
                    .iter()
                    .filter_map(|map| self.codes.get(map))
                    .map(|map| map.own.as_str());
                return Some(
                    sections
                        .chain([code.own.as_str()])
                        .collect::<Vec<_>>()
                        .join(";"),
                );
            }
            style = cell_style.parent.as_deref()?;
        }
        None
    }

    /// Whether tables of this style are hidden.
    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden_tables.get(style).copied().unwrap_or(false)
    }

    /// The width of columns with this style, in characters.
    pub(super) fn column_width(&self, style: &str) -> Option<f64> {
        self.column_widths.get(style).copied()
    }

    fn start(&mut self, tag: &Tag) {
        match tag.name() {
            "style:style" => {
                self.style = tag.attribute("style:name");
                if let (Some(name), Some("table-cell")) =
                    (&self.style, tag.attribute("style:family").as_deref())
                {
                    let cell_style = CellStyle {
                        data_style: tag.attribute("style:data-style-name"),
                        parent: tag.attribute("style:parent-style-name"),
                    };
                    self.cells_by_style.insert(name.clone(), cell_style);
                }
            }
            "style:table-properties" => {
                if let (Some(style), Some("false")) =
                    (&self.style, tag.attribute("table:display").as_deref())
                {
                    self.hidden_tables.insert(style.clone(), true);
                }
            }
            "style:table-column-properties" => {
                let width = tag
                    .attribute("style:column-width")
                    .as_deref()
                    .and_then(characters);
                if let (Some(style), Some(width)) = (&self.style, width) {
                    self.column_widths.insert(style.clone(), width);
                }
            }
            "number:number-style"
            | "number:date-style"
            | "number:time-style"
            | "number:percentage-style"
            | "number:currency-style"
            | "number:text-style" => {
                self.building = tag.attribute("style:name").map(|name| Building {
                    name,
                    code: Code::default(),
                    is_percentage: tag.name() == "number:percentage-style",
                    is_elapsed: tag.attribute("number:truncate-on-overflow").as_deref()
                        == Some("false"),
                    in_text: false,
                });
            }
            _ => {
                if let Some(building) = &mut self.building {
                    building.element(tag);
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "style:style" => self.style = None,
            "number:text" | "number:currency-symbol" => {
                if let Some(building) = &mut self.building {
                    building.in_text = false;
                }
            }
            "number:number-style"
            | "number:date-style"
            | "number:time-style"
            | "number:percentage-style"
            | "number:currency-style"
            | "number:text-style" => {
                if let Some(building) = self.building.take() {
                    self.codes.insert(building.name, building.code);
                }
            }
            _ => {}
        }
    }
}

impl Building {
    fn element(&mut self, tag: &Tag) {
        let long = || tag.attribute("number:style").as_deref() == Some("long");
        let textual = || tag.attribute("number:textual").as_deref() == Some("true");
        let unit = match tag.name() {
            "number:text" | "number:currency-symbol" => {
                self.in_text = true;
                return;
            }
            "number:number" => &*number(tag),
            "number:scientific-number" => &*scientific(tag),
            "number:fraction" => "# ?/?",
            "number:text-content" => "@",
            "number:era" => "g",
            "number:year" => {
                if long() {
                    "yyyy"
                } else {
                    "yy"
                }
            }
            "number:month" if textual() => {
                if long() {
                    "mmmm"
                } else {
                    "mmm"
                }
            }
            "number:month" | "number:minutes" => {
                if long() {
                    "mm"
                } else {
                    "m"
                }
            }
            "number:day" => {
                if long() {
                    "dd"
                } else {
                    "d"
                }
            }
            "number:day-of-week" => {
                if long() {
                    "dddd"
                } else {
                    "ddd"
                }
            }
            "number:hours" => {
                if long() {
                    "hh"
                } else {
                    "h"
                }
            }
            "number:seconds" => &*seconds(tag, long()),
            "number:am-pm" => "AM/PM",
            "style:text-properties" if tag.attribute("fo:color").as_deref() == Some("#ff0000") => {
                "[Red]"
            }
            "style:map" => {
                self.code
                    .maps
                    .extend(tag.attribute("style:apply-style-name"));
                return;
            }
            _ => return,
        };
        // The first unit of an elapsed time counts on.
        if self.is_elapsed
            && matches!(
                tag.name(),
                "number:hours" | "number:minutes" | "number:seconds"
            )
        {
            self.is_elapsed = false;
            let (whole, fraction) = unit
                .split_once('.')
                .map_or((unit, ""), |(whole, _)| (whole, &unit[whole.len()..]));
            self.code.own.extend(["[", whole, "]", fraction]);
        } else {
            self.code.own += unit;
        }
    }

    fn literal(&mut self, text: &str) {
        let stands_for_itself = |character| {
            matches!(character, '-' | '/' | ':' | ' ') || (character == '%' && self.is_percentage)
        };
        // Only what needs it is quoted: `日 ` is `"日" `.
        let before = text.len() - text.trim_start_matches(stands_for_itself).len();
        let after = text.trim_end_matches(stands_for_itself).len().max(before);
        self.code.own += &text[..before];
        if before < after {
            let quoted = text[before..after].replace('"', "");
            self.code.own.extend(["\"", &quoted, "\""]);
        }
        self.code.own += &text[after..];
    }
}

fn number(tag: &Tag) -> String {
    let count = |name| {
        tag.attribute(name)
            .and_then(|count| count.parse::<usize>().ok())
            .map(|count| count.min(30))
    };
    let grouped = tag.attribute("number:grouping").as_deref() == Some("true");
    let Some(decimals) = count("number:decimal-places") else {
        return if grouped {
            "#,##0".to_owned()
        } else {
            "General".to_owned()
        };
    };
    let whole = match (grouped, count("number:min-integer-digits").unwrap_or(0)) {
        (true, _) => "#,##0".to_owned(),
        (false, 0) => "#".to_owned(),
        (false, digits) => "0".repeat(digits),
    };
    if decimals == 0 {
        return whole;
    }
    let fixed = count("number:min-decimal-places")
        .unwrap_or(decimals)
        .min(decimals);
    let open = "#".repeat(decimals - fixed);
    format!("{whole}.{}{open}", "0".repeat(fixed))
}

fn scientific(tag: &Tag) -> String {
    let count = |name, usual: usize| {
        let count = tag.attribute(name).and_then(|count| count.parse().ok());
        count.unwrap_or(usual).min(30)
    };
    let decimals = count("number:decimal-places", 2);
    let point = if decimals > 0 { "." } else { "" };
    let exponent = count("number:min-exponent-digits", 2);
    format!("0{point}{}E+{}", "0".repeat(decimals), "0".repeat(exponent))
}

fn seconds(tag: &Tag, long: bool) -> String {
    let decimals = tag
        .attribute("number:decimal-places")
        .and_then(|count| count.parse::<usize>().ok())
        .unwrap_or(0);
    let whole = if long { "ss" } else { "s" };
    if decimals == 0 {
        whole.to_owned()
    } else {
        format!("{whole}.{}", "0".repeat(decimals.min(9)))
    }
}

/// A length as a number of characters of the default font, 7 pixels at 96 to the inch.
fn characters(length: &str) -> Option<f64> {
    let unit = length.find(|character: char| character.is_ascii_alphabetic())?;
    let value: f64 = length[..unit].trim().parse().ok()?;
    let inches = match &length[unit..] {
        "in" | "inch" => value,
        "cm" => value / 2.54,
        "mm" => value / 25.4,
        "pt" => value / 72.0,
        "pc" => value / 6.0,
        "px" => value / 96.0,
        _ => return None,
    };
    Some(inches * 96.0 / 7.0).filter(|width| (0.0..=1000.0).contains(width))
}
