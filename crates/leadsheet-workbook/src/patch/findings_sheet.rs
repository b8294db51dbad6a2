//! The sheet that lists the findings: a summary that is also the legend, then a filtered table with links to the cells.
//! Two hidden columns keep what is needed to take everything out again after another program has saved the workbook.

use std::collections::BTreeMap;

use leadsheet_core::{CellRef, Severity, column_letters};

use super::annotate::{Annotations, Remark, colour};
use super::error::PatchError;
use super::package::{MAIN, STRICT_MAIN};
use super::styles::{FontLook, Styles};
use super::tabs::quoted;
use super::xml::{escaped, escaped_cell_text};

/// What the first hidden column says in the first row of our sheet.
pub(super) const MARK: &str = "leadsheet.findings/1";
/// What the cells say whose only meaning is their style.
pub(super) const HOLDER: &str = "·";
/// The hidden columns, counted from 0: the mark and styles that were given; the styles that were there before.
pub(super) const GIVEN: u32 = 9;
pub(super) const BEFORE: u32 = 10;

/// Rows of the list, and links, that Excel allows (1,048,576 and 65,530), with room for the rest of the sheet.
const MOST_ROWS: usize = 1_048_000;
const MOST_LINKS: usize = 65_000;
/// A value or sentence longer than that is cut; the cell itself has it all.
const LONGEST_TEXT: usize = 2_000;

/// The column, counted from 0, that names who has what to repair: right of what the severities mean.
const PERSON: u32 = 6;

const TITLE: u32 = 14;
const TEXT: u32 = 11;
const BLACK: [u8; 3] = [0, 0, 0];
pub(super) const GREY: [u8; 3] = [0x59, 0x59, 0x59];
pub(super) const BLUE: [u8; 3] = [0x05, 0x63, 0xC1];
pub(super) const HEADING: [u8; 3] = [0x30, 0x54, 0x96];
pub(super) const WHITE: [u8; 3] = [0xFF, 0xFF, 0xFF];
pub(super) const LINE: [u8; 3] = [0xD9, 0xD9, 0xD9];
/// Widths of the list's columns, in characters.
pub(super) const WIDTHS: [u32; 9] = [10, 8, 16, 10, 10, 16, 26, 60, 60];
/// Heights in points, and the highest that Excel allows.
const LINE_HEIGHT: usize = 15;
const HIGHEST: usize = 409;
const WRAPPED: &str = "vertical=\"top\" wrapText=\"1\"";
const TOP: &str = "vertical=\"top\"";

/// What a severity is called, and how it is explained in the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    /// The severity.
    pub severity: Severity,
    /// Its word.
    pub word: String,
    /// What that means.
    pub meaning: String,
}

/// What one person has to repair, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub name: String,
    /// How much of what.
    pub share: String,
}

/// The words of the sheet that lists the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingsSheet {
    /// The name of its tab; a number is added where it is taken.
    pub name: String,
    /// The line on top.
    pub title: String,
    /// Lines below it.
    pub lines: Vec<String>,
    /// The severities, each with its colour and number of findings.
    pub legend: Vec<Legend>,
    /// What everybody has to repair, beside the severities: below a line that says so, a line each.
    pub persons: Vec<PersonLine>,
    /// Headings of the list: severity, code, sheet, cell, person, heading, value, what is the matter, what to do.
    pub headings: [String; 9],
}

impl FindingsSheet {
    /// The word for a severity.
    pub(super) fn word(&self, severity: Severity) -> &str {
        let legend = self
            .legend
            .iter()
            .find(|legend| legend.severity == severity);
        legend.map_or(severity.as_str(), |legend| &legend.word)
    }
}

/// The sheet, composed.
pub(super) struct Composed {
    pub(super) xml: Vec<u8>,
    /// The range of the filter, as a name defines it.
    pub(super) filter: String,
    /// Remarks that did not fit.
    pub(super) left_out: usize,
}

/// Spells the sheet. Every fill that was given must have been planned by then.
pub(super) fn compose(
    annotations: &Annotations,
    styles: &mut Styles,
    strict: bool,
) -> Result<Composed, PatchError> {
    let holders = styles.filled_styles();
    let looks = Looks::add(styles)?;
    let listed = list(annotations, &holders, &looks, MOST_ROWS);
    let [first, last] = listed.filter;
    Ok(Composed {
        xml: listed
            .cells
            .spelled(first.row, &format!("{first}:{last}"), strict),
        filter: format!("{}:{}", absolute(first), absolute(last)),
        left_out: listed.left_out,
    })
}

/// The sheet's cells, in whatever format they are then written.
pub(super) struct Listed {
    pub(super) cells: Cells,
    /// First and last cell of the range that has the filter; the first is in the row of the headings.
    pub(super) filter: [CellRef; 2],
    /// Remarks that did not fit.
    pub(super) left_out: usize,
}

/// Lists the remarks, at most so many. `holders` are styles that were given, and what was there before.
pub(super) fn list(
    annotations: &Annotations,
    holders: &[(u32, u32)],
    looks: &Looks,
    most_rows: usize,
) -> Listed {
    let mut sheet = Cells::default();
    let heading_row = summary(&mut sheet, annotations, looks);
    for (column, heading) in (0..).zip(&annotations.sheet.headings) {
        sheet.text(heading_row, column, looks.heading, heading);
    }
    let shown = annotations.remarks.len().min(most_rows);
    for (row, remark) in (heading_row + 1..).zip(annotations.remarks.iter().take(shown)) {
        listed(
            &mut sheet,
            row,
            remark,
            annotations.sheet.word(remark.severity),
            looks,
        );
    }
    sheet.text(0, GIVEN, 0, MARK);
    for (row, &(given, before)) in (1..).zip(holders) {
        sheet.text(row, GIVEN, given, HOLDER);
        sheet.text(row, BEFORE, before, HOLDER);
    }
    let last_row = heading_row + shown as u32;
    Listed {
        cells: sheet,
        filter: [
            CellRef::new(heading_row, 0),
            CellRef::new(last_row, WIDTHS.len() as u32 - 1),
        ],
        left_out: annotations.remarks.len() - shown,
    }
}

/// Title, lines and legend; gives the row of the headings.
fn summary(sheet: &mut Cells, annotations: &Annotations, looks: &Looks) -> u32 {
    let words = &annotations.sheet;
    sheet.text(0, 0, looks.title, &words.title);
    let mut row = 1;
    for line in &words.lines {
        sheet.text(row, 0, looks.line, line);
        row += 1;
    }
    for legend in &words.legend {
        let of_it = |remark: &&Remark| remark.severity == legend.severity;
        let count = annotations.remarks.iter().filter(of_it).count();
        sheet.text(row, 0, looks.severity(legend.severity), &legend.word);
        sheet.number(row, 1, looks.count, count);
        sheet.text(row, 2, looks.line, &legend.meaning);
        row += 1;
    }
    let beside = row - words.legend.len() as u32;
    for (row, person) in (beside..).zip(&words.persons) {
        sheet.text(row, PERSON, looks.cell, &person.name);
        sheet.text(row, PERSON + 1, looks.line, &person.share);
    }
    row.max(beside + words.persons.len() as u32) + 1
}

fn listed(sheet: &mut Cells, row: u32, remark: &Remark, severity: &str, looks: &Looks) {
    sheet.text(row, 0, looks.severity(remark.severity), severity);
    sheet.text(row, 1, looks.cell, &remark.code);
    sheet.text(row, 2, looks.wrapped, &remark.sheet);
    match remark.cell.filter(|_| sheet.links.len() < MOST_LINKS) {
        Some(cell) => {
            sheet.text(row, 3, looks.link, &cell.to_string());
            let target = format!("{}!{cell}", quoted(&remark.sheet));
            sheet.links.push((CellRef::new(row, 3), target));
        }
        None => {
            let cell = remark.cell.map(|cell| cell.to_string());
            sheet.text(row, 3, looks.cell, &cell.unwrap_or_default());
        }
    }
    let texts = [
        &remark.header,
        &remark.value,
        &remark.message,
        &remark.advice,
    ];
    sheet.text(row, 4, looks.wrapped, &remark.owner);
    for (column, text) in (5..).zip(texts) {
        sheet.text(row, column, looks.wrapped, text);
    }
    let widths = WIDTHS.iter().skip(5).zip(texts);
    let lines = widths
        .map(|(&width, text)| lines(text, width as usize))
        .max();
    if let Some(lines) = lines.filter(|&lines| lines > 1) {
        sheet.lines.insert(row, lines);
    }
}

/// Lines that a text takes in so many characters; a Chinese one is as wide as two others. Programs other than Excel do
/// not heighten a row for its text when they open a workbook.
pub(super) fn lines(text: &str, characters: usize) -> usize {
    let width = |line: &str| -> usize {
        let widths = line.chars().map(|c| if c < '\u{2E80}' { 1 } else { 2 });
        widths.sum()
    };
    let lines = text
        .lines()
        .map(|line| width(line).div_ceil(characters).max(1));
    lines.sum()
}

/// The styles of the sheet.
pub(super) struct Looks {
    pub(super) title: u32,
    pub(super) line: u32,
    pub(super) heading: u32,
    pub(super) cell: u32,
    pub(super) count: u32,
    pub(super) wrapped: u32,
    pub(super) link: u32,
    pub(super) severities: [(Severity, u32); 3],
}

impl Looks {
    fn add(styles: &mut Styles) -> Result<Self, PatchError> {
        let plain = FontLook::default();
        let font = |size, colour| FontLook {
            size,
            colour,
            ..plain
        };
        let title = styles.font(FontLook {
            bold: true,
            ..font(TITLE, BLACK)
        });
        let line = styles.font(font(TEXT, GREY));
        let heading = styles.font(FontLook {
            bold: true,
            ..font(TEXT, WHITE)
        });
        let text = styles.font(font(TEXT, BLACK));
        let linked = styles.font(FontLook {
            underlined: true,
            ..font(TEXT, BLUE)
        });
        let border = styles.border(LINE);
        let heading_fill = styles.fill(HEADING);
        let mut severities =
            [Severity::Error, Severity::Warning, Severity::Info].map(|one| (one, 0));
        for (severity, style) in &mut severities {
            let fill = styles.fill(colour(*severity));
            *style = styles.style(text, fill, border, TOP)?;
        }
        Ok(Self {
            title: styles.style(title, 0, 0, "vertical=\"center\"")?,
            line: styles.style(line, 0, 0, TOP)?,
            heading: styles.style(heading, heading_fill, border, "vertical=\"center\"")?,
            cell: styles.style(text, 0, border, TOP)?,
            count: styles.style(text, 0, border, "horizontal=\"center\" vertical=\"top\"")?,
            wrapped: styles.style(text, 0, border, WRAPPED)?,
            link: styles.style(linked, 0, border, TOP)?,
            severities,
        })
    }

    fn severity(&self, severity: Severity) -> u32 {
        let found = self.severities.iter().find(|(one, _)| *one == severity);
        found.map_or(self.cell, |(_, style)| *style)
    }
}

/// The cells of the sheet, each with its style, and the links on them.
#[derive(Default)]
pub(super) struct Cells {
    pub(super) rows: BTreeMap<u32, BTreeMap<u32, (u32, Content)>>,
    pub(super) links: Vec<(CellRef, String)>,
    /// Rows with more than one line.
    pub(super) lines: BTreeMap<u32, usize>,
}

/// What a cell of the sheet holds.
pub(super) enum Content {
    Text(String),
    Number(usize),
}

impl Cells {
    fn text(&mut self, row: u32, column: u32, style: u32, text: &str) {
        let text = match text.char_indices().nth(LONGEST_TEXT) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_owned(),
        };
        let cells = self.rows.entry(row).or_default();
        cells.insert(column, (style, Content::Text(text)));
    }

    fn number(&mut self, row: u32, column: u32, style: u32, number: usize) {
        let cells = self.rows.entry(row).or_default();
        cells.insert(column, (style, Content::Number(number)));
    }

    fn spelled(&self, heading_row: u32, filter: &str, strict: bool) -> Vec<u8> {
        let main = if strict { STRICT_MAIN } else { MAIN };
        let last_row = self.rows.keys().next_back().copied().unwrap_or(0);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{main}\">\
             <sheetPr><tabColor rgb=\"FFC00000\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
             <dimension ref=\"A1:{}\"/>\
             <sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"{split}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/>\
             <selection pane=\"bottomLeft\" activeCell=\"A{}\" sqref=\"A{}\"/></sheetView></sheetViews>\
             <sheetFormatPr defaultRowHeight=\"15\"/><cols>",
            CellRef::new(last_row, BEFORE),
            heading_row + 2,
            heading_row + 2,
            heading_row + 2,
            split = heading_row + 1,
        );
        for (number, width) in (1..).zip(WIDTHS) {
            xml += &format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            );
        }
        xml += &format!(
            "<col min=\"{}\" max=\"{}\" width=\"9\" hidden=\"1\" customWidth=\"1\"/></cols><sheetData>",
            GIVEN + 1,
            BEFORE + 1
        );
        for (row, cells) in &self.rows {
            let height = self.lines.get(row).map(|&lines| {
                let height = (lines * LINE_HEIGHT).min(HIGHEST);
                format!(" ht=\"{height}\" customHeight=\"1\"")
            });
            xml += &format!("<row r=\"{}\"{}>", row + 1, height.unwrap_or_default());
            for (&column, (style, content)) in cells {
                xml += &spelled_cell(CellRef::new(*row, column), *style, content);
            }
            xml += "</row>";
        }
        xml += &format!("</sheetData><autoFilter ref=\"{filter}\"/>");
        if !self.links.is_empty() {
            xml += "<hyperlinks>";
            for (cell, target) in &self.links {
                xml += &format!(
                    "<hyperlink ref=\"{cell}\" location=\"{}\"/>",
                    escaped(target)
                );
            }
            xml += "</hyperlinks>";
        }
        xml += "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/>\
                <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>";
        xml.into_bytes()
    }
}

fn spelled_cell(cell: CellRef, style: u32, content: &Content) -> String {
    match content {
        Content::Text(text) if text.is_empty() => format!("<c r=\"{cell}\" s=\"{style}\"/>"),
        Content::Text(text) => {
            let text = escaped_cell_text(text);
            format!(
                "<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            )
        }
        Content::Number(number) => format!("<c r=\"{cell}\" s=\"{style}\"><v>{number}</v></c>"),
    }
}

fn absolute(cell: CellRef) -> String {
    format!("${}${}", column_letters(cell.column), cell.row_number())
}

/// Where our sheet keeps its styles, as another program may have left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// Position of the sheet among the worksheets that were read.
    pub(super) sheet: usize,
    /// Cells with a style that was given, and with the one that was there before.
    pub(super) pairs: Vec<(CellRef, CellRef)>,
}

/// Finds our sheet by its mark.
pub(super) fn find(workbook: &crate::sheet::Workbook) -> Option<Kept> {
    workbook
        .sheets
        .iter()
        .enumerate()
        .find_map(|(position, sheet)| {
            let says = |cell: CellRef, text: &str| sheet.value(cell).as_text() == Some(text);
            let mut columns = sheet.grid.used_columns();
            let given = columns.find(|&column| says(CellRef::new(0, column), MARK))?;
            let held = sheet.grid.column(given).map(|(row, _)| row);
            let pairs = held.filter_map(|row| {
                let pair = [given, given + 1].map(|column| CellRef::new(row, column));
                pair.iter()
                    .all(|&cell| says(cell, HOLDER))
                    .then_some((pair[0], pair[1]))
            });
            Some(Kept {
                sheet: position,
                pairs: pairs.collect(),
            })
        })
}
