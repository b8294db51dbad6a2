//! The tables of a document: rows of cells, most of them repeated blanks, which cost nothing here.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use leadsheet_core::{CellRange, CellRef, Excuse, MAX_COLUMNS, MAX_ROWS, Values};

use super::format::Styles;
use super::xml::{Item, Tag, Xml};
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::read::cells::{Cells, NumberFormat};
use crate::sheet::{FileKind, Visibility, Workbook};

/// Cells that are filled by repeating others. No honest sheet repeats more values than Excel can show in a column
/// or two; a hostile one repeats a row a million times in a hundred bytes.
const MAX_REPEATED: u64 = 1 << 24;

/// Bytes of text kept of one cell; programs show 32,767 characters.
const MAX_TEXT: usize = 1 << 20;

/// Reads the document that holds the tables.
pub(super) fn read_content<R: std::io::Read>(
    mut xml: Xml<'_, R>,
    mut styles: Styles,
    limits: &Limits,
) -> Result<Workbook, ReadError> {
    let mut workbook = Workbook {
        kind: FileKind::Ods,
        sheets: Vec::new(),
        notices: Vec::new(),
    };
    let mut is_text_document = false;
    let mut count = 0;
    let mut repeated = 0;
    while let Some(item) = xml.next()? {
        styles.take(&item);
        let Item::Start(tag) = item else { continue };
        match tag.name() {
            "office:text" => is_text_document = true,
            // Cells of former versions, of other documents and of charts are no cells of this one.
            "table:tracked-changes"
            | "table:dde-links"
            | "table:content-validations"
            | "office:forms" => xml.skip()?,
            "table:table" => {
                let style = tag.attribute("table:style-name").unwrap_or_default();
                // What LibreOffice remembers of linked files.
                if style == "ta_extref" {
                    xml.skip()?;
                    continue;
                }
                let name = tag
                    .attribute("table:name")
                    .unwrap_or_else(|| format!("Sheet{}", workbook.sheets.len() + 1));
                let mut cells = Cells::new(
                    &name,
                    Values::default(),
                    workbook.sheets.len(),
                    count,
                    limits,
                );
                let mut table = Table {
                    styles: &mut styles,
                    limits,
                    cells: &mut cells,
                    repeated,
                    row: 0,
                    column: 0,
                    column_styles: Vec::new(),
                };
                table.read(&mut xml)?;
                repeated = table.repeated;
                count = cells.count();
                if xml.is_cut() {
                    cells.notice(None, NoticeKind::Truncated);
                }
                let mut sheet = cells.finish(&mut workbook.notices);
                sheet.visibility = if styles.is_hidden(&style) {
                    Visibility::Hidden
                } else {
                    Visibility::Visible
                };
                workbook.sheets.push(sheet);
            }
            _ => {}
        }
    }
    if workbook.sheets.is_empty() {
        return Err(if is_text_document {
            ReadError::NotAWorkbook(Foreign::WordDocument)
        } else {
            ReadError::Damaged {
                part: xml.part().to_owned(),
                reason: "no sheet is in it".to_owned(),
            }
        });
    }
    if xml.is_cut()
        && !workbook
            .notices
            .iter()
            .any(|notice| notice.kind == NoticeKind::Truncated)
    {
        workbook.notices.push(Notice {
            sheet: None,
            cell: None,
            kind: NoticeKind::Truncated,
        });
    }
    Ok(workbook)
}

struct Table<'a> {
    styles: &'a mut Styles,
    limits: &'a Limits,
    cells: &'a mut Cells,
    /// Cells filled by repetition so far, in the whole document.
    repeated: u64,
    row: u32,
    column: u32,
    /// The style of cells that have none of their own: one past the last column it holds for, and its name.
    column_styles: Vec<(u32, Option<String>)>,
}

/// A cell with something in it.
struct Filled {
    column: u32,
    repeats: u32,
    content: Content,
    format: NumberFormat,
    is_formula: bool,
    /// Rows and columns that it spans.
    span: (u32, u32),
}

enum Content {
    Empty,
    Text(String),
    /// Text that is something else than it says, and what.
    Odd(String, NoticeKind),
    TooLong(String, usize),
    Number(f64),
    Date(NaiveDateTime),
    Time(TimeDelta),
    Bool(bool),
    Error(String),
    NotCalculated,
}

impl Table<'_> {
    /// Reads up to the end of the table.
    fn read<R: std::io::Read>(&mut self, xml: &mut Xml<'_, R>) -> Result<(), ReadError> {
        while let Some(item) = xml.next()? {
            match item {
                Item::End(name) if name == "table:table" => return Ok(()),
                Item::Start(tag) => match tag.name() {
                    "table:table-column" => self.columns(&tag),
                    "table:table-row" => self.row(&tag, xml)?,
                    "table:shapes"
                    | "office:forms"
                    | "table:table-source"
                    | "table:named-expressions" => xml.skip()?,
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(())
    }

    fn columns(&mut self, tag: &Tag) {
        let first = self.column;
        let end = first
            .saturating_add(tag.repeats("table:number-columns-repeated"))
            .min(MAX_COLUMNS);
        self.column = end;
        if first >= end {
            return;
        }
        let style = tag.attribute("table:default-cell-style-name");
        self.column_styles.push((end, style));
        let width = tag
            .attribute("table:style-name")
            .and_then(|style| self.styles.column_width(&style));
        let sheet = self.cells.sheet_mut();
        sheet
            .column_widths
            .extend(width.map(|width| (first, end - 1, width)));
        if is_hidden(tag) {
            sheet.hidden_columns.push((first, end - 1));
        }
    }

    fn row<R: std::io::Read>(&mut self, tag: &Tag, xml: &mut Xml<'_, R>) -> Result<(), ReadError> {
        let first = self.row;
        let end = first
            .saturating_add(tag.repeats("table:number-rows-repeated"))
            .min(MAX_ROWS);
        if is_hidden(tag) && first < end {
            let rows = &mut self.cells.sheet_mut().hidden_rows;
            match rows.last_mut() {
                Some((_, last)) if *last + 1 == first => *last = end - 1,
                _ => rows.push((first, end - 1)),
            }
        }
        let row_style = tag.attribute("table:default-cell-style-name");
        let filled = self.row_cells(row_style.as_deref(), xml)?;
        if first >= end {
            // Below the last row there is.
            return Ok(());
        }
        if filled.is_empty() {
            self.row = end;
            return Ok(());
        }
        let in_a_row: u64 = filled.iter().map(|cell| u64::from(cell.repeats)).sum();
        let repeated = in_a_row * u64::from(end - first) - filled.len() as u64;
        self.repeated = self.repeated.saturating_add(repeated);
        if self.repeated > MAX_REPEATED {
            let part = self.cells.sheet_mut().name.clone();
            return Err(ReadError::Limit {
                part,
                limit: "cells",
                maximum: MAX_REPEATED,
            });
        }
        for row in first..end {
            for cell in &filled {
                self.fill(row, cell)?;
            }
        }
        self.row = end;
        Ok(())
    }

    fn row_cells<R: std::io::Read>(
        &mut self,
        row_style: Option<&str>,
        xml: &mut Xml<'_, R>,
    ) -> Result<Vec<Filled>, ReadError> {
        let mut filled = Vec::new();
        let mut column = 0_u32;
        loop {
            let tag = match xml.next()? {
                None => return Ok(filled),
                Some(Item::End(name)) if name == "table:table-row" => return Ok(filled),
                Some(Item::Start(tag)) => tag,
                Some(_) => continue,
            };
            if !matches!(tag.name(), "table:table-cell" | "table:covered-table-cell") {
                xml.skip()?;
                continue;
            }
            let end = column
                .saturating_add(tag.repeats("table:number-columns-repeated"))
                .min(MAX_COLUMNS);
            let text = cell_text(xml)?;
            if column < end && self.row < MAX_ROWS && !text.note.is_empty() {
                let cell = CellRef::new(self.row, column);
                let excuse = Excuse::parse(cell, &text.note);
                self.cells.sheet_mut().excuses.extend(excuse);
            }
            let content = content(&tag, text);
            let is_formula = tag.attribute("table:formula").is_some();
            let span = (
                tag.repeats("table:number-rows-spanned"),
                tag.repeats("table:number-columns-spanned"),
            );
            let is_something =
                is_formula || !matches!(content, Content::Empty) || span.0 > 1 || span.1 > 1;
            if is_something && column < end {
                let format = self.format(&tag, row_style, column, &content);
                filled.push(Filled {
                    column,
                    repeats: end - column,
                    content,
                    format,
                    is_formula,
                    span,
                });
            }
            column = end;
        }
    }

    /// The number format of a cell, its own or else its row's or column's.
    fn format(
        &mut self,
        tag: &Tag,
        row_style: Option<&str>,
        column: u32,
        content: &Content,
    ) -> NumberFormat {
        if !matches!(
            content,
            Content::Number(_) | Content::Date(_) | Content::Time(_)
        ) {
            return NumberFormat::default();
        }
        let position = self
            .column_styles
            .partition_point(|&(end, _)| end <= column);
        let of_column = self
            .column_styles
            .get(position)
            .and_then(|(_, style)| style.clone());
        let style = tag
            .attribute("table:style-name")
            .or_else(|| row_style.map(str::to_owned))
            .or(of_column);
        let format = style.map_or_else(NumberFormat::default, |style| {
            self.styles.number_format(&style)
        });
        let is_percentage = tag.attribute("office:value-type").as_deref() == Some("percentage");
        if is_percentage && !format.code.contains('%') {
            NumberFormat::new("0.00%")
        } else {
            format
        }
    }

    fn fill(&mut self, row: u32, filled: &Filled) -> Result<(), ReadError> {
        self.merge(row, filled);
        for column in filled.column..filled.column + filled.repeats {
            let cell = CellRef::new(row, column);
            if filled.is_formula {
                self.cells.formula(cell);
            }
            match &filled.content {
                Content::Empty => {}
                Content::Text(text) => self.cells.text(cell, text)?,
                Content::Odd(text, kind) => {
                    self.cells.notice(Some(cell), kind.clone());
                    self.cells.text(cell, text)?;
                }
                Content::TooLong(text, length) => {
                    self.cells
                        .notice(Some(cell), NoticeKind::TextTooLong(*length));
                    self.cells.text(cell, text)?;
                }
                Content::Number(number) => {
                    self.cells.plain_number(cell, *number, &filled.format)?;
                }
                Content::Date(moment) => self.date(cell, *moment, &filled.format)?,
                Content::Time(time) => self.cells.time(cell, *time, &filled.format)?,
                Content::Bool(value) => self.cells.bool(cell, *value)?,
                Content::Error(error) => self.cells.error(cell, error)?,
                Content::NotCalculated => self.cells.not_calculated(cell),
            }
        }
        Ok(())
    }

    fn date(
        &mut self,
        cell: CellRef,
        moment: NaiveDateTime,
        format: &NumberFormat,
    ) -> Result<(), ReadError> {
        if (1900..=9999).contains(&moment.year()) {
            return self.cells.date(cell, moment, format);
        }
        let zero = NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|date| date.and_hms_opt(0, 0, 0));
        let since = moment - zero.unwrap_or_default();
        // A time of day in a cell that shows date and time.
        if since > TimeDelta::zero() && since < TimeDelta::days(1) {
            return self.cells.time(cell, since, format);
        }
        let serial = since.num_milliseconds() as f64 / 86_400_000.0;
        self.cells
            .notice(Some(cell), NoticeKind::DateOutOfRange(serial));
        self.cells.plain_number(cell, serial, format)
    }

    fn merge(&mut self, row: u32, filled: &Filled) {
        let (rows, columns) = filled.span;
        if rows <= 1 && columns <= 1 {
            return;
        }
        let first = CellRef::new(row, filled.column);
        let last = CellRef::new(
            row.saturating_add(rows.max(1) - 1),
            filled.column.saturating_add(columns.max(1) - 1),
        );
        let too_many = self.cells.sheet_mut().merges.len() as u64 >= self.limits.merges;
        if last.row >= MAX_ROWS || last.column >= MAX_COLUMNS || too_many {
            let spelled = format!("{first} over {rows} rows and {columns} columns");
            self.cells
                .notice(Some(first), NoticeKind::BadMerge(spelled));
        } else {
            self.cells
                .sheet_mut()
                .merges
                .push(CellRange { first, last });
        }
    }
}

/// Whether a row or a column is hidden, by hand or by a filter.
fn is_hidden(tag: &Tag) -> bool {
    matches!(
        tag.attribute("table:visibility").as_deref(),
        Some("collapse" | "filter")
    )
}

/// The paragraphs of a cell, one a line, up to the end of the cell; how long they were where that is too long.
#[derive(Default)]
struct CellText {
    text: String,
    length: usize,
    /// What a note on the cell says.
    note: String,
}

fn cell_text<R: std::io::Read>(xml: &mut Xml<'_, R>) -> Result<CellText, ReadError> {
    let mut cell = CellText::default();
    let mut paragraphs = 0_u32;
    let mut in_paragraph = false;
    while let Some(item) = xml.next()? {
        match item {
            Item::End(name) => match name.as_str() {
                "table:table-cell" | "table:covered-table-cell" => break,
                "text:p" | "text:h" => in_paragraph = false,
                _ => {}
            },
            // The standard folds white space; LibreOffice and what people see do not.
            Item::Text(text) if in_paragraph => {
                text.chars().for_each(|character| cell.push(character));
            }
            Item::Text(_) => {}
            Item::Start(tag) => match tag.name() {
                "text:p" | "text:h" => {
                    if paragraphs > 0 {
                        cell.push('\n');
                    }
                    paragraphs += 1;
                    in_paragraph = true;
                }
                "text:s" => cell.push_spaces(tag.repeats("text:c") as usize),
                "text:tab" => cell.push('\t'),
                "text:line-break" => cell.push('\n'),
                "office:annotation" => cell.note = note_text(xml)?,
                "text:ruby-text" | "text:note" | "table:table" => {
                    xml.skip()?;
                }
                name if name.starts_with("draw:") => xml.skip()?,
                _ => {}
            },
        }
    }
    Ok(cell)
}

/// The paragraphs of a note, one a line, up to its end.
fn note_text<R: std::io::Read>(xml: &mut Xml<'_, R>) -> Result<String, ReadError> {
    let mut note = String::new();
    let mut in_paragraph = false;
    while let Some(item) = xml.next()? {
        match item {
            Item::End(name) if name == "office:annotation" => break,
            Item::End(name) if name == "text:p" => {
                in_paragraph = false;
                note.push('\n');
            }
            Item::Start(tag) => match tag.name() {
                "text:p" => in_paragraph = true,
                "text:s" => note.push(' '),
                "text:line-break" => note.push('\n'),
                _ => {}
            },
            Item::Text(text) if in_paragraph && note.len() < MAX_TEXT => note.push_str(&text),
            _ => {}
        }
    }
    Ok(note)
}

impl CellText {
    fn push_spaces(&mut self, count: usize) {
        let kept = count.min(MAX_TEXT.saturating_sub(self.text.len()));
        self.length = self.length.saturating_add(count);
        self.text.extend(std::iter::repeat_n(' ', kept));
    }

    fn push(&mut self, character: char) {
        self.length += 1;
        if self.text.len() < MAX_TEXT {
            self.text.push(character);
        }
    }
}

fn content(tag: &Tag, shown: CellText) -> Content {
    let is_formula = tag.attribute("table:formula").is_some();
    let is_error = tag.attribute("calcext:value-type").as_deref() == Some("error");
    if is_error || is_formula && is_error_text(&shown.text) {
        return Content::Error(error_name(&shown.text).to_owned());
    }
    let value = |name| tag.attribute(name).filter(|value| !value.is_empty());
    let Some(kind) = value("office:value-type") else {
        return match () {
            () if !shown.text.is_empty() => text(shown),
            () if is_formula => Content::NotCalculated,
            () => Content::Empty,
        };
    };
    match &*kind {
        "float" | "percentage" | "currency" => match value("office:value") {
            Some(number) => match number.trim().parse::<f64>() {
                // What LibreOffice makes of the truth values of other formats.
                Ok(1.0) if is_formula && shown.text == "TRUE" => Content::Bool(true),
                Ok(0.0) if is_formula && shown.text == "FALSE" => Content::Bool(false),
                Ok(number) if number.is_finite() => Content::Number(number),
                _ => Content::Odd(shown.text, NoticeKind::BadNumber(number)),
            },
            None if is_formula => Content::NotCalculated,
            None => text(shown),
        },
        "date" => match value("office:date-value") {
            Some(date) => moment(&date).map_or_else(
                || Content::Odd(date.clone(), NoticeKind::BadDate(date.clone())),
                Content::Date,
            ),
            None => text(shown),
        },
        "time" => match value("office:time-value") {
            Some(time) => duration(&time).map_or_else(
                || Content::Odd(time.clone(), NoticeKind::BadDate(time.clone())),
                Content::Time,
            ),
            None => text(shown),
        },
        "boolean" => match value("office:boolean-value").as_deref() {
            Some("true") => Content::Bool(true),
            Some("false") => Content::Bool(false),
            other => Content::Odd(
                shown.text,
                NoticeKind::BadBoolean(other.unwrap_or_default().to_owned()),
            ),
        },
        "string" => match value("office:string-value") {
            Some(stored) => Content::Text(stored),
            None => text(shown),
        },
        // `void`, which is what a formula has that was never calculated.
        _ if shown.text.is_empty() => {
            if is_formula {
                Content::NotCalculated
            } else {
                Content::Empty
            }
        }
        _ => text(shown),
    }
}

fn text(shown: CellText) -> Content {
    if shown.text.len() >= MAX_TEXT {
        Content::TooLong(shown.text, shown.length)
    } else {
        Content::Text(shown.text)
    }
}

const ERRORS: [&str; 7] = [
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!",
];

/// Whether a formula that shows this has failed: before `calcext`, files did not say so.
fn is_error_text(text: &str) -> bool {
    let code = text.strip_prefix("Err:");
    ERRORS.contains(&text)
        || code
            .is_some_and(|code| code.len() == 3 && code.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Excel's name for an error that `OpenDocument` programs number.
fn error_name(shown: &str) -> &str {
    match shown {
        "Err:502" | "Err:504" | "Err:519" => "#VALUE!",
        "Err:503" => "#NUM!",
        "Err:521" => "#NULL!",
        "Err:524" => "#REF!",
        "Err:525" | "Err:508" | "Err:509" => "#NAME?",
        "Err:532" => "#DIV/0!",
        other => other,
    }
}

/// `2024-05-20` or `2024-05-20T09:30:00.5`.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().trim_end_matches('Z');
    let date = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .ok()
        .or_else(date)
        .and_then(to_millisecond)
}

fn to_millisecond(moment: NaiveDateTime) -> Option<NaiveDateTime> {
    let nanoseconds = i64::from(moment.and_utc().timestamp_subsec_nanos());
    let rounded = (nanoseconds + 500_000) / 1_000_000 * 1_000_000;
    moment.checked_add_signed(TimeDelta::nanoseconds(rounded - nanoseconds))
}

/// `PT10H30M00S`, perhaps with days, a fraction or a sign.
fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let (sign, text) = text
        .strip_prefix('-')
        .map_or((1.0, text), |text| (-1.0, text));
    let (days, time) = text
        .strip_prefix('P')?
        .split_once('T')
        .unwrap_or((text.strip_prefix('P')?, ""));
    let mut seconds = 0.0;
    for (part, units) in [
        (days, &[('D', 86_400.0)][..]),
        (time, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)][..]),
    ] {
        let mut rest = part;
        for &(unit, length) in units {
            if let Some((amount, after)) = rest.split_once(unit) {
                seconds += amount
                    .replace(',', ".")
                    .parse::<f64>()
                    .ok()
                    .filter(|amount| (0.0..1e12).contains(amount))?
                    * length;
                rest = after;
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(TimeDelta::milliseconds(
        (sign * seconds * 1000.0).round() as i64
    ))
}
