//! XML Spreadsheet 2003, which Excel still writes and many programs still save under the name `.xls`.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use hashbrown::HashMap;
use leadsheet_core::{CellRange, CellRef, Excuse, MAX_COLUMNS, MAX_ROWS, Values};

use super::Progress;
use super::cells::{Cells, NumberFormat};
use super::encoding::{self, Decoded};
use super::named_format::number_format;
use super::number_format::FormatClass;
use super::untyped;
use super::xlsx::xml::{self, Attributes, Event, Refusal, Scanner};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Sheet, Visibility, Workbook};

/// What is named in errors about the document.
const PART: &str = "XML";
/// Bytes in which the document says its encoding.
const HEAD: u64 = 1024;
/// Points of a column's width that one character takes in the usual font.
const POINTS_PER_CHARACTER: f64 = 5.25;

/// Reads a document.
pub(super) fn read<R: Read + Seek>(
    mut source: R,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    let found = encoding::find(&mut source, encoding::declared(&head), limits)?;
    let mut decoded = Decoded::new(source, found, progress)?;
    let mut document = Document::new(limits);
    if found.guessed {
        document.notices.push(Notice {
            sheet: None,
            cell: None,
            kind: NoticeKind::EncodingGuessed(found.name()),
        });
    }
    let mut window = Vec::new();
    let mut last = false;
    loop {
        let wanted = window.len() * 2 + 1;
        while !last && window.len() < wanted {
            last = !decoded.append_to(&mut window)?;
        }
        let mut scanner = Scanner::new(&window, last);
        while let Some(event) = scanner.next().map_err(refused)? {
            document.take(event, decoded.has_errors())?;
        }
        let done = scanner.at();
        window.drain(..done.min(window.len()));
        if last {
            break;
        }
        // One tag, or the text of one cell.
        if window.len() as u64 > limits.cell_bytes {
            return Err(limit("cell_bytes", limits.cell_bytes));
        }
    }
    document.finish()
}

fn refused(refusal: Refusal) -> ReadError {
    match refusal {
        Refusal::Doctype => ReadError::Doctype(PART.to_owned()),
        Refusal::Limit(name, maximum) => limit(name, maximum),
    }
}

fn limit(limit: &'static str, maximum: u64) -> ReadError {
    ReadError::Limit {
        part: PART.to_owned(),
        limit,
        maximum,
    }
}

/// What text is being read for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    #[default]
    Nothing,
    /// The value of a cell.
    Data,
    /// Whether a sheet is shown.
    Visible,
    /// The note of a cell.
    Note,
}

/// A cell before its end tag.
#[derive(Debug, Default)]
struct OpenCell {
    at: Option<CellRef>,
    /// `Type` of its data.
    kind: Option<String>,
    text: String,
    style: Option<String>,
    has_formula: bool,
}

/// A document while it is read.
struct Document<'l> {
    limits: &'l Limits,
    /// Number formats by the id of their style.
    formats: HashMap<String, NumberFormat>,
    /// The style that is being defined.
    style: Option<String>,
    depth: u64,
    reading: Reading,
    /// The depth at which an element began that is not looked into.
    skipped_from: Option<u64>,
    text: String,
    sheet: Option<Cells>,
    sheets: Vec<Sheet>,
    notices: Vec<Notice>,
    filled: u64,
    next_row: u32,
    row: u32,
    row_style: Option<String>,
    next_column: u32,
    /// The next column that is described, and the styles of those that were: first, last, style.
    described: u32,
    column_styles: Vec<(u32, u32, String)>,
    cell: Option<OpenCell>,
    beyond: u64,
    is_1904: bool,
    ended: bool,
}

impl<'l> Document<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            formats: HashMap::new(),
            style: None,
            depth: 0,
            reading: Reading::Nothing,
            skipped_from: None,
            text: String::new(),
            sheet: None,
            sheets: Vec::new(),
            notices: Vec::new(),
            filled: 0,
            next_row: 0,
            row: 0,
            row_style: None,
            next_column: 0,
            described: 0,
            column_styles: Vec::new(),
            cell: None,
            beyond: 0,
            is_1904: false,
            ended: false,
        }
    }

    fn take(&mut self, event: Event<'_>, has_errors: bool) -> Result<(), ReadError> {
        match event {
            Event::Start {
                name,
                attributes,
                empty,
            } => {
                if self.skipped_from.is_none() {
                    self.start(name, attributes, empty)?;
                }
                if empty {
                    if self.skipped_from.is_none() {
                        self.end(name, has_errors)?;
                    }
                } else {
                    self.depth += 1;
                    if self.depth > self.limits.depth {
                        return Err(limit("depth", self.limits.depth));
                    }
                }
            }
            Event::End { name } => {
                self.depth = self.depth.saturating_sub(1);
                match self.skipped_from {
                    Some(from) if self.depth <= from => self.skipped_from = None,
                    Some(_) => {}
                    None => self.end(name, has_errors)?,
                }
            }
            Event::Text(raw) if self.is_reading() => {
                xml::unescape(raw, &mut self.text);
                self.bound_text()?;
            }
            Event::CData(raw) if self.is_reading() => {
                xml::append(raw, &mut self.text);
                self.bound_text()?;
            }
            Event::Text(_) | Event::CData(_) => {}
        }
        Ok(())
    }

    fn is_reading(&self) -> bool {
        self.reading != Reading::Nothing && self.skipped_from.is_none()
    }

    fn bound_text(&self) -> Result<(), ReadError> {
        if self.text.len() as u64 > self.limits.cell_bytes {
            return Err(limit("cell_bytes", self.limits.cell_bytes));
        }
        Ok(())
    }

    fn start(
        &mut self,
        name: &[u8],
        attributes: Attributes<'_>,
        empty: bool,
    ) -> Result<(), ReadError> {
        match name {
            b"Style" => self.style = attributes.text(b"ID"),
            b"NumberFormat" => {
                if let (Some(style), Some(code)) = (&self.style, attributes.text(b"Format")) {
                    self.formats.insert(style.clone(), number_format(&code));
                }
            }
            b"Date1904" => self.is_1904 = true,
            b"Worksheet" => self.begin_sheet(attributes)?,
            b"Column" => self.column(attributes),
            b"Row" => self.begin_row(attributes),
            b"Cell" => self.begin_cell(attributes)?,
            // A note has data, too, in markup of its own.
            _ if self.reading == Reading::Note => {}
            b"Comment" if self.cell.is_some() && !empty => {
                self.text.clear();
                self.reading = Reading::Note;
            }
            b"Data" if self.cell.is_some() => {
                self.text.clear();
                self.reading = Reading::Data;
                if let Some(cell) = &mut self.cell {
                    cell.kind = Some(attributes.text(b"Type").unwrap_or_default());
                }
            }
            b"Visible" => {
                self.text.clear();
                self.reading = Reading::Visible;
            }
            b"Comment" | b"PhoneticText" if !empty => self.skipped_from = Some(self.depth),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8], has_errors: bool) -> Result<(), ReadError> {
        match name {
            b"Style" => self.style = None,
            b"Data" if self.reading == Reading::Data => {
                self.reading = Reading::Nothing;
                if let Some(cell) = &mut self.cell {
                    cell.text = std::mem::take(&mut self.text);
                }
            }
            b"Visible" if self.reading == Reading::Visible => {
                self.reading = Reading::Nothing;
                if let Some(sheet) = &mut self.sheet {
                    sheet.sheet_mut().visibility = match self.text.trim() {
                        "SheetHidden" => Visibility::Hidden,
                        "SheetVeryHidden" => Visibility::VeryHidden,
                        _ => Visibility::Visible,
                    };
                }
            }
            b"Comment" if self.reading == Reading::Note => {
                self.reading = Reading::Nothing;
                let note = std::mem::take(&mut self.text);
                let cell = self.cell.as_ref().and_then(|cell| cell.at);
                let excuse = cell.and_then(|cell| Excuse::parse(cell, &note));
                if let Some(sheet) = &mut self.sheet {
                    sheet.sheet_mut().excuses.extend(excuse);
                }
            }
            b"Cell" => self.end_cell(has_errors)?,
            b"Worksheet" => self.end_sheet(),
            b"Workbook" => self.ended = true,
            _ => {}
        }
        Ok(())
    }

    fn begin_sheet(&mut self, attributes: Attributes<'_>) -> Result<(), ReadError> {
        self.end_sheet();
        if self.sheets.len() as u64 >= self.limits.parts {
            return Err(limit("parts", self.limits.parts));
        }
        let position = self.sheets.len();
        let name = attributes.text(b"Name").filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| format!("Sheet{}", position + 1));
        let values = Values::new(Arc::default());
        let mut cells = Cells::new(&name, values, position, self.filled, self.limits);
        cells.count_from_1904(self.is_1904);
        self.sheet = Some(cells);
        (self.next_row, self.row, self.next_column, self.described) = (0, 0, 0, 0);
        self.row_style = None;
        self.column_styles.clear();
        Ok(())
    }

    fn end_sheet(&mut self) {
        self.cell = None;
        let Some(mut cells) = self.sheet.take() else {
            return;
        };
        if self.beyond > 0 {
            let kind = NoticeKind::BeyondSheet {
                cells: std::mem::take(&mut self.beyond),
                row: self.next_row,
            };
            cells.notice(None, kind);
        }
        self.filled = cells.count();
        self.sheets.push(cells.finish(&mut self.notices));
    }

    fn column(&mut self, attributes: Attributes<'_>) {
        let Some(sheet) = &mut self.sheet else { return };
        let first = index(attributes).unwrap_or(self.described);
        let last = first
            .saturating_add(attributes.number(b"Span").unwrap_or(0))
            .min(MAX_COLUMNS - 1);
        self.described = last.saturating_add(1);
        if first > last || self.column_styles.len() >= MAX_COLUMNS as usize {
            return;
        }
        let sheet = sheet.sheet_mut();
        if attributes.flag(b"Hidden") && sheet.hidden_columns.len() < MAX_COLUMNS as usize {
            sheet.hidden_columns.push((first, last));
        }
        let width = attributes
            .text(b"Width")
            .and_then(|width| width.trim().parse::<f64>().ok());
        if let Some(width) = width.filter(|width| width.is_finite() && *width >= 0.0)
            && sheet.column_widths.len() < MAX_COLUMNS as usize
        {
            sheet
                .column_widths
                .push((first, last, width / POINTS_PER_CHARACTER));
        }
        // They stand in order, and are searched as if they did.
        let in_order = self
            .column_styles
            .last()
            .is_none_or(|(_, until, _)| *until < first);
        if let Some(style) = attributes.text(b"StyleID").filter(|_| in_order) {
            self.column_styles.push((first, last, style));
        }
    }

    fn begin_row(&mut self, attributes: Attributes<'_>) {
        self.row = index(attributes).unwrap_or(self.next_row);
        let last = self
            .row
            .saturating_add(attributes.number(b"Span").unwrap_or(0));
        self.next_row = last.saturating_add(1);
        self.next_column = 0;
        self.row_style = attributes.text(b"StyleID");
        if let Some(sheet) = &mut self.sheet
            && attributes.flag(b"Hidden")
            && self.row < MAX_ROWS
        {
            let hidden = &mut sheet.sheet_mut().hidden_rows;
            let last = last.min(MAX_ROWS - 1);
            match hidden.last_mut() {
                Some((_, until)) if *until + 1 == self.row => *until = last,
                _ => hidden.push((self.row, last)),
            }
        }
    }

    fn begin_cell(&mut self, attributes: Attributes<'_>) -> Result<(), ReadError> {
        let Some(sheet) = &mut self.sheet else {
            return Ok(());
        };
        let first = CellRef::new(self.row, index(attributes).unwrap_or(self.next_column));
        let reach = |name: &[u8]| attributes.number(name).unwrap_or(0);
        let (across, down) = (reach(b"MergeAcross"), reach(b"MergeDown"));
        self.next_column = first.column.saturating_add(across).saturating_add(1);
        let fits = first.row < MAX_ROWS && first.column < MAX_COLUMNS;
        if fits && (across > 0 || down > 0) {
            let last = CellRef::new(
                first.row.saturating_add(down).min(MAX_ROWS - 1),
                first.column.saturating_add(across).min(MAX_COLUMNS - 1),
            );
            let merges = &mut sheet.sheet_mut().merges;
            if merges.len() as u64 >= self.limits.merges {
                return Err(limit("merges", self.limits.merges));
            }
            merges.push(CellRange::new(first, last));
        }
        let of_column = || {
            let position = self
                .column_styles
                .partition_point(|(_, last, _)| *last < first.column);
            let column = self
                .column_styles
                .get(position)
                .filter(|(from, ..)| *from <= first.column);
            column.map(|(.., style)| style.clone())
        };
        self.cell = Some(OpenCell {
            at: fits.then_some(first),
            style: attributes
                .text(b"StyleID")
                .or_else(|| self.row_style.clone())
                .or_else(of_column),
            has_formula: attributes.get(b"Formula").is_some(),
            ..OpenCell::default()
        });
        Ok(())
    }

    fn end_cell(&mut self, has_errors: bool) -> Result<(), ReadError> {
        let (Some(cell), Some(cells)) = (self.cell.take(), &mut self.sheet) else {
            return Ok(());
        };
        let Some(at) = cell.at else {
            self.beyond += u64::from(!cell.text.is_empty());
            return Ok(());
        };
        if cell.has_formula {
            cells.formula(at);
            if cell.kind.is_none() {
                cells.not_calculated(at);
            }
        }
        let Some(kind) = &cell.kind else {
            return Ok(());
        };
        let plain = NumberFormat::default();
        // The style of a workbook that names none is called so.
        let style = cell.style.as_deref().unwrap_or("Default");
        let format = self.formats.get(style).unwrap_or(&plain);
        if has_errors && cell.text.contains(char::REPLACEMENT_CHARACTER) {
            untyped::bad_encoding(cells, at, &cell.text);
        }
        fill(cells, at, kind, &cell.text, format, self.is_1904)
    }

    fn finish(mut self) -> Result<Workbook, ReadError> {
        let is_cut = !self.ended;
        if is_cut && let Some(sheet) = &mut self.sheet {
            sheet.notice(None, NoticeKind::Truncated);
        }
        self.end_sheet();
        if self.sheets.is_empty() {
            return Err(ReadError::Damaged {
                part: PART.to_owned(),
                reason: "there is no worksheet in it".to_owned(),
            });
        }
        Ok(Workbook {
            kind: FileKind::XmlSpreadsheet,
            sheets: self.sheets,
            notices: self.notices,
        })
    }
}

/// Where a row, column or cell says it stands, counted from 0.
fn index(attributes: Attributes<'_>) -> Option<u32> {
    attributes.number(b"Index")?.checked_sub(1)
}

/// Sets a cell to its data.
fn fill(
    cells: &mut Cells,
    at: CellRef,
    kind: &str,
    text: &str,
    format: &NumberFormat,
    is_1904: bool,
) -> Result<(), ReadError> {
    let plain = text.trim();
    if plain.is_empty() && kind != "String" {
        return Ok(());
    }
    let refused = match kind {
        "String" => return untyped::set_text(cells, at, text),
        "Number" => match plain.parse::<f64>() {
            Ok(number) => return cells.number(at, number, format),
            Err(_) => NoticeKind::BadNumber(text.to_owned()),
        },
        "DateTime" => match plain
            .parse::<NaiveDateTime>()
            .ok()
            .or_else(|| midnight(plain))
        {
            Some(moment) => {
                let date = NumberFormat::new("yyyy-mm-dd");
                let is_date = format.class != FormatClass::Number;
                let format = if is_date { format } else { &date };
                return cells.number(at, serial(moment, is_1904), format);
            }
            None => NoticeKind::BadDate(text.to_owned()),
        },
        "Boolean" => match plain {
            "1" | "true" | "True" | "TRUE" => return cells.bool(at, true),
            "0" | "false" | "False" | "FALSE" => return cells.bool(at, false),
            _ => NoticeKind::BadBoolean(text.to_owned()),
        },
        "Error" => return cells.error(at, plain),
        kind => NoticeKind::UnknownCellType(kind.to_owned()),
    };
    cells.notice(Some(at), refused);
    untyped::set_text(cells, at, text)
}

fn midnight(date: &str) -> Option<NaiveDateTime> {
    date.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)
}

/// The serial number of a moment in either system, the day too many in 1900 included. A time of day stands on day 0.
fn serial(moment: NaiveDateTime, is_1904: bool) -> f64 {
    const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 31).expect("a real day");
    const AFTER_LEAP_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 3, 1).expect("a real day");
    const DAY_ZERO_1904: NaiveDate = NaiveDate::from_ymd_opt(1904, 1, 1).expect("a real day");
    let days = if is_1904 {
        (moment.date() - DAY_ZERO_1904).num_days()
    } else {
        (moment.date() - DAY_ZERO).num_days() + i64::from(moment.date() >= AFTER_LEAP_DAY)
    };
    let time = moment.time().signed_duration_since(NaiveTime::MIN);
    days as f64 + time.num_milliseconds() as f64 / 86_400_000.0
}

#[cfg(test)]
mod tests;
