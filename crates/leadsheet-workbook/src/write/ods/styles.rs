//! The styles that a document names: each look, width and height once.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::format::{Kind, data_style, kind_of};
use super::xml::{attribute, text};
use crate::template::RowColour;
use crate::write::draft::Page;
use crate::write::look::{BLUE, Line, Look, PALE, Side};

/// Inches of a character's width: 7 pixels at 96 to the inch.
const CHARACTER: f64 = 7.0 / 96.0;

/// The styles in use.
#[derive(Default)]
pub(super) struct Styles {
    looks: HashMap<Look, usize>,
    /// Those of plain values by number format, without and with wrapped text.
    of_values: HashMap<String, [Option<usize>; 2]>,
    cells: Vec<Look>,
    formats: Vec<String>,
    kinds: HashMap<String, Kind>,
    widths: Vec<String>,
    heights: Vec<String>,
    pages: Vec<Page>,
}

impl Styles {
    /// The number of a look: `ce` and this are its name.
    pub(super) fn cell(&mut self, look: &Look) -> usize {
        if let Some(&known) = self.looks.get(look) {
            return known;
        }
        self.cells.push(look.clone());
        self.looks.insert(look.clone(), self.cells.len());
        self.cells.len()
    }

    /// The number of a value's look.
    pub(super) fn value(&mut self, number_format: &str, wrapped: bool) -> usize {
        let known = self.of_values.get(number_format);
        if let Some(known) = known.and_then(|known| known[usize::from(wrapped)]) {
            return known;
        }
        let made = self.cell(&Look::value(number_format, wrapped));
        let known = self.of_values.entry(number_format.to_owned()).or_default();
        known[usize::from(wrapped)] = Some(made);
        made
    }

    /// What a number format is about.
    pub(super) fn kind(&mut self, number_format: &str) -> Kind {
        if let Some(&known) = self.kinds.get(number_format) {
            return known;
        }
        let kind = kind_of(number_format);
        self.kinds.insert(number_format.to_owned(), kind);
        kind
    }

    /// The number of a column's style, which is named `co` and this.
    pub(super) fn column(&mut self, width: Option<f64>) -> usize {
        let width = width.map_or_else(|| "0.889in".to_owned(), |width| inches(width * CHARACTER));
        position(&mut self.widths, width)
    }

    /// The number of a row's style, which is named `ro` and this; 1 is that of rows as high as they need.
    pub(super) fn row(&mut self, height: Option<f64>) -> usize {
        let height = height.map_or_else(String::new, |points| format!("{points}pt"));
        if self.heights.is_empty() {
            self.heights.push(String::new());
        }
        position(&mut self.heights, height)
    }

    /// The name of the pages on which a sheet is printed.
    pub(super) fn page(&mut self, page: Option<&Page>) -> String {
        let Some(page) = page else {
            return "Default".to_owned();
        };
        let known = self
            .pages
            .iter()
            .position(|known| known.footer == page.footer);
        let position = known.unwrap_or_else(|| {
            self.pages.push(page.clone());
            self.pages.len() - 1
        });
        format!("Wide{}", position + 1)
    }

    /// The automatic styles of the content.
    pub(super) fn automatic(&mut self) -> String {
        let mut xml = String::new();
        for (width, number) in self.widths.iter().zip(1..) {
            let _ = write!(
                xml,
                "<style:style style:name=\"co{number}\" style:family=\"table-column\">\
                 <style:table-column-properties style:column-width=\"{width}\"/></style:style>"
            );
        }
        for (height, number) in self.heights.iter().zip(1..) {
            let properties = if height.is_empty() {
                "style:use-optimal-row-height=\"true\"".to_owned()
            } else {
                format!("style:row-height=\"{height}\" style:use-optimal-row-height=\"false\"")
            };
            let _ = write!(
                xml,
                "<style:style style:name=\"ro{number}\" style:family=\"table-row\">\
                 <style:table-row-properties {properties}/></style:style>"
            );
        }
        for (look, number) in self.cells.iter().zip(1..) {
            let format = match look.number_format.as_str() {
                "" => String::new(),
                code => {
                    let before = self.formats.len();
                    let position = position(&mut self.formats, code.to_owned());
                    if self.formats.len() > before {
                        xml += &data_style(&format!("N{position}"), code);
                    }
                    format!(" style:data-style-name=\"N{position}\"")
                }
            };
            let _ = write!(
                xml,
                "<style:style style:name=\"ce{number}\" style:family=\"table-cell\" \
                 style:parent-style-name=\"Default\"{format}>{}</style:style>",
                properties(look)
            );
        }
        xml
    }

    /// The part with what holds for the whole document.
    pub(super) fn document(&self, has_colours: bool) -> String {
        let mut xml = String::from(
            "<office:styles><style:default-style style:family=\"table-cell\">\
             <style:text-properties style:font-name=\"Calibri\" fo:font-size=\"11pt\" \
             style:font-size-asian=\"11pt\"/></style:default-style>\
             <style:style style:name=\"Default\" style:family=\"table-cell\"/>",
        );
        if has_colours {
            for &colour in RowColour::ALL {
                let (fill, letters) = colour.rgb();
                let look = Look {
                    fill: Some(fill),
                    letters: Some(letters),
                    line: Line::Around,
                    ..Look::default()
                };
                xml += &common(colour_name(colour), &look);
            }
            let lined = Look {
                line: Line::Around,
                ..Look::default()
            };
            xml += &common(LINED, &lined);
        }
        xml += "</office:styles><office:automatic-styles><style:page-layout style:name=\"upright\">\
                <style:page-layout-properties/></style:page-layout><style:page-layout style:name=\"wide\">\
                <style:page-layout-properties fo:page-width=\"29.7cm\" fo:page-height=\"21cm\" \
                fo:margin=\"1cm\" style:print-orientation=\"landscape\" style:scale-to-X=\"1\" \
                style:scale-to-Y=\"0\"/><style:header-style/><style:footer-style>\
                <style:header-footer-properties fo:min-height=\"0.8cm\" fo:margin-top=\"0.3cm\"/>\
                </style:footer-style></style:page-layout></office:automatic-styles>\
                <office:master-styles><style:master-page style:name=\"Default\" \
                style:page-layout-name=\"upright\"/>";
        for (page, number) in self.pages.iter().zip(1..) {
            let footer = page.footer.as_ref().map_or_else(String::new, |footer| {
                let footer = text(footer)
                    .replace("&amp;P", "<text:page-number>1</text:page-number>")
                    .replace("&amp;N", "<text:page-count>1</text:page-count>");
                format!("<style:footer><text:p>{footer}</text:p></style:footer>")
            });
            let _ = write!(
                xml,
                "<style:master-page style:name=\"Wide{number}\" style:page-layout-name=\"wide\">\
                 <style:header style:display=\"false\"/>{footer}</style:master-page>"
            );
        }
        xml + "</office:master-styles>"
    }
}

/// The style of rows that hold something.
pub(super) const LINED: &str = "Row_lined";

/// The style of rows in a colour.
pub(super) const fn colour_name(colour: RowColour) -> &'static str {
    match colour {
        RowColour::Green => "Row_green",
        RowColour::Red => "Row_red",
        RowColour::Yellow => "Row_yellow",
        RowColour::Grey => "Row_grey",
    }
}

fn common(name: &str, look: &Look) -> String {
    format!(
        "<style:style style:name=\"{name}\" style:family=\"table-cell\" \
         style:parent-style-name=\"Default\">{}</style:style>",
        properties(look)
    )
}

fn properties(look: &Look) -> String {
    let mut cell = " style:vertical-align=\"middle\"".to_owned();
    if let Some(fill) = look.fill {
        let _ = write!(cell, " fo:background-color=\"#{fill:06x}\"");
    }
    match look.line {
        Line::Nowhere => {}
        Line::Around => {
            let _ = write!(cell, " fo:border=\"0.5pt solid #{PALE:06x}\"");
        }
        Line::Below => {
            let _ = write!(cell, " fo:border-bottom=\"1.5pt solid #{BLUE:06x}\"");
        }
    }
    if look.wrapped {
        cell += " fo:wrap-option=\"wrap\"";
    }
    let paragraph = match look.side {
        Side::Usual => "",
        Side::Centre => "<style:paragraph-properties fo:text-align=\"center\"/>",
        Side::Right => "<style:paragraph-properties fo:text-align=\"end\"/>",
    };
    if look.side != Side::Usual {
        cell += " style:text-align-source=\"fix\"";
    }
    let mut letters = String::new();
    let mut both = |property: &str, value: &str| {
        let value = attribute(value);
        let _ = write!(
            letters,
            " fo:{property}=\"{value}\" style:{property}-asian=\"{value}\""
        );
    };
    if look.bold {
        both("font-weight", "bold");
    }
    if look.italic {
        both("font-style", "italic");
    }
    if let Some(size) = look.size {
        both("font-size", &format!("{size}pt"));
    }
    if let Some(colour) = look.letters {
        let _ = write!(letters, " fo:color=\"#{colour:06x}\"");
    }
    let letters = if letters.is_empty() {
        String::new()
    } else {
        format!("<style:text-properties{letters}/>")
    };
    format!("<style:table-cell-properties{cell}/>{paragraph}{letters}")
}

fn inches(inches: f64) -> String {
    format!("{inches:.6}in")
}

/// The place of a value among those known, from 1 on.
fn position(known: &mut Vec<String>, value: String) -> usize {
    match known.iter().position(|other| *other == value) {
        Some(position) => position + 1,
        None => {
            known.push(value);
            known.len()
        }
    }
}
