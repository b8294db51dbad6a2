//! Composing `.xls`, the binary workbook of Excel 97 to 2003 (BIFF8, MS-XLS): a new workbook that looks like the
//! `.xlsx` composed from the same.
//!
//! The records are our own, because no maintained crate writes drop-downs, notes and filters in this format; the
//! compound file around them is the `cfb` crate's.

pub(crate) mod book;
pub(crate) mod drawing;
pub(crate) mod properties;
pub(crate) mod record;
pub(crate) mod sheet;
pub(crate) mod style;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod validation;

use std::collections::{HashMap, HashSet};

use leadsheet_core::{CellRange, CellRef, Field, Value};

use self::book::Book;
use self::sheet::{
    Cell, Content, DEFAULT_WIDTH, MOST_COLUMNS, MOST_ROWS, RowLook, SheetParts, height_of,
};
use self::style::{Font, Style};
use self::validation::{Allowed, Validation};
use super::guide::{Entry, Guide};
use super::table::{OutputTable, usual_format};
use super::xlsx::{DATE, DATE_AND_TIME, ELAPSED, ROWS_MEASURED, TIME, by_row, serial, width_of};
use crate::error::WriteError;
use crate::read::biff::error_code;
use crate::sheet::{Sheet, Visibility};
use crate::template::Layout;

const BOLD: Font = Font {
    bold: true,
    underlined: false,
    colour: None,
};

/// The longest text of a cell, in UTF-16 units (MS-XLS §2.5.296).
pub(crate) const LONGEST_TEXT: usize = 32_767;

/// The longest name of a sheet, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// Cells of a merged range that are given its look; those of a whole merged column are not worth it.
const MOST_MERGED_CELLS: u64 = 10_000;

/// Height of a heading, in twentieths of a point.
const HEADING_HEIGHT: u16 = 24 * 20;

/// The last day that a workbook can count. A rule cannot say "today" here; the text of its error does.
const LAST_DAY: f64 = 2_958_465.0;

/// Characters' width that a column has beside its text.
const PADDING: f64 = 0.71;

/// Writes sheets as they stand.
pub(super) fn compose(sheets: &[(&Sheet, Option<Layout<'_>>)]) -> Result<Vec<u8>, WriteError> {
    let mut book = Book::default();
    let visible = sheets
        .iter()
        .position(|(sheet, _)| sheet.visibility == Visibility::Visible);
    for (position, (sheet, layout)) in sheets.iter().enumerate() {
        let mut composer = Composer::new(&mut book, &sheet.name)?;
        composer.check_size(sheet.grid.height(), sheet.grid.width())?;
        composer.parts.visibility = match sheet.visibility {
            // A workbook without a visible sheet cannot be opened.
            _ if visible.is_none() && position == 0 => Visibility::Visible,
            visibility => visibility,
        };
        composer.parts.is_active = visible.unwrap_or(0) == position;
        composer.sheet_as_it_stands(sheet, layout.as_ref())?;
        let parts = composer.parts;
        book.sheets.push(parts);
    }
    book.into_file()
}

/// Writes tables, a sheet each: heading in the first row, drop-downs and limits below.
pub(super) fn compose_tables(
    tables: &[OutputTable<'_>],
    guide: &Guide<'_>,
) -> Result<Vec<u8>, WriteError> {
    let mut book = Book::default();
    for (position, table) in tables.iter().enumerate() {
        let mut composer = Composer::new(&mut book, &table.sheet)?;
        composer.check_size(table.len() as u32 + 1, table.columns.len() as u32)?;
        composer.parts.is_active = position == 0;
        composer.table(table)?;
        composer.guide_through(table, guide);
        let parts = composer.parts;
        book.sheets.push(parts);
    }
    book.into_file()
}

/// One sheet while it is composed.
struct Composer<'b> {
    book: &'b mut Book,
    parts: SheetParts,
    /// Cells whose text has the room of several.
    merged: HashSet<CellRef>,
    /// Cell formats by number format, without and with wrapped text.
    formats: HashMap<String, [Option<u16>; 2]>,
}

impl<'b> Composer<'b> {
    fn new(book: &'b mut Book, name: &str) -> Result<Self, WriteError> {
        check_name(name, &book.sheets)?;
        let parts = SheetParts {
            name: name.to_owned(),
            ..SheetParts::default()
        };
        Ok(Self {
            book,
            parts,
            merged: HashSet::new(),
            formats: HashMap::new(),
        })
    }

    fn check_size(&self, rows: u32, columns: u32) -> Result<(), WriteError> {
        if rows <= MOST_ROWS && columns <= MOST_COLUMNS {
            return Ok(());
        }
        Err(WriteError::SheetTooLarge {
            sheet: self.parts.name.clone(),
            rows,
            columns,
            most_rows: MOST_ROWS,
            most_columns: MOST_COLUMNS,
        })
    }

    fn sheet_as_it_stands(
        &mut self,
        sheet: &Sheet,
        layout: Option<&Layout<'_>>,
    ) -> Result<(), WriteError> {
        for &(first, last, width) in &sheet.column_widths {
            self.set_width(first, last, width);
        }
        if sheet.column_widths.is_empty() {
            self.widths_by_content(sheet);
        }
        for &(first, last) in &sheet.hidden_columns {
            for column in first..=last.min(MOST_COLUMNS - 1) {
                self.parts
                    .columns
                    .entry(column as u16)
                    .or_default()
                    .is_hidden = true;
            }
        }
        for &(first, last) in &sheet.hidden_rows {
            for row in first..=last.min(sheet.grid.height().max(first)).min(MOST_ROWS - 1) {
                self.parts.rows.entry(row as u16).or_default().is_hidden = true;
            }
        }
        let header_row = layout.map(|layout| layout.header_row);
        let fields: HashMap<u32, Field> = layout
            .into_iter()
            .flat_map(|layout| &layout.columns)
            .filter_map(|column| Some((column.index, column.field?)))
            .collect();
        let titles = self.merge(&sheet.merges, header_row)?;
        if let Some(layout) = layout {
            let columns = layout.columns.iter().map(|column| column.index);
            self.frame(layout.header_row, columns, sheet.grid.height());
        }
        let heading = self.book.styles.xf(&heading_style())?;
        for (row, cells) in by_row(sheet) {
            for (column, value) in cells {
                let cell = CellRef::new(row, column);
                if let Some(text) = value.as_text()
                    && Some(row) == header_row
                {
                    self.text(cell, text, heading)?;
                } else if let (Some(text), Some(&title)) = (value.as_text(), titles.get(&cell)) {
                    self.text(cell, text, title)?;
                } else {
                    let usual = usual_format(fields.get(&column).copied());
                    self.value(cell, value, usual)?;
                }
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &OutputTable<'_>) -> Result<(), WriteError> {
        let heading = self.book.styles.xf(&heading_style())?;
        for (column, index) in table.columns.iter().zip(0..) {
            let width = column.width.unwrap_or_else(|| {
                let sample = (0..table.len().min(ROWS_MEASURED))
                    .map(|row| table.value(row, column).display());
                width_of(sample.chain([column.header.clone()]))
            });
            self.set_width(index, index, width + PADDING);
            self.text(CellRef::new(0, index), &column.header, heading)?;
        }
        let columns = 0..table.columns.len() as u32;
        self.frame(0, columns, table.len() as u32 + 1);
        for row in 0..table.len() {
            for (column, index) in table.columns.iter().zip(0..) {
                let cell = CellRef::new(row as u32 + 1, index);
                self.value(cell, table.value(row, column), usual_format(column.field))?;
            }
        }
        Ok(())
    }

    /// Drop-downs and limits for the rows that are there and those to come. A list that a rule cannot hold is left
    /// out, and so is what takes a formula.
    fn guide_through(&mut self, table: &OutputTable<'_>, guide: &Guide<'_>) {
        let for_table = guide.for_table(table);
        for column in &for_table.columns {
            let Some(entry) = &column.entry else { continue };
            let allowed = match entry {
                Entry::Term { terms, .. } => Allowed::List(terms.clone()),
                Entry::Date { earliest, .. } => {
                    let earliest = earliest.and_time(chrono::NaiveTime::MIN);
                    Allowed::DateBetween(serial(earliest).unwrap_or_default(), LAST_DAY)
                }
                Entry::Share => Allowed::NumberBetween(0.0, 1.0),
                Entry::Amount => Allowed::NumberFrom(0.0),
                Entry::Phone => continue,
            };
            let guide = &for_table.guide;
            self.parts.validations.push(Validation {
                cells: CellRange::new(
                    CellRef::new(1, column.index),
                    CellRef::new(MOST_ROWS - 1, column.index),
                ),
                entry: allowed,
                is_strict: entry.is_strict(),
                hint: None,
                error: Some((
                    guide.say("error-title"),
                    guide.refusal(entry, column.heading),
                )),
            });
        }
    }

    /// Freezes the heading and puts a filter on it.
    fn frame(&mut self, header_row: u32, columns: impl Iterator<Item = u32> + Clone, height: u32) {
        let row = self.parts.rows.entry(header_row as u16).or_default();
        row.height = Some(HEADING_HEIGHT);
        row.is_fixed = true;
        self.parts.frozen_rows = header_row as u16 + 1;
        self.parts.printed_heading = Some(header_row as u16);
        if let (Some(first), Some(last)) = (columns.clone().min(), columns.max()) {
            let bottom = height.saturating_sub(1).max(header_row);
            self.parts.filter = Some(CellRange {
                first: CellRef::new(header_row, first),
                last: CellRef::new(bottom, last),
            });
        }
    }

    /// Merges the ranges, and gives the style of those above the heading by their first cell.
    fn merge(
        &mut self,
        merges: &[CellRange],
        header_row: Option<u32>,
    ) -> Result<HashMap<CellRef, u16>, WriteError> {
        let title = Style {
            font: BOLD,
            centred: true,
            ..Style::default()
        };
        let mut titles = HashMap::new();
        for merge in apart(merges) {
            let style = match header_row {
                Some(row) if merge.first.row == row => heading_style(),
                Some(row) if merge.first.row < row => title.clone(),
                _ => Style::default(),
            };
            let xf = self.book.styles.xf(&style)?;
            if style == title {
                titles.insert(merge.first, xf);
            }
            let (rows, columns) = (
                merge.first.row..=merge.last.row,
                merge.first.column..=merge.last.column,
            );
            let size = u64::from(merge.last.row - merge.first.row + 1)
                * u64::from(merge.last.column - merge.first.column + 1);
            if size <= MOST_MERGED_CELLS {
                for cell in rows
                    .flat_map(|row| columns.clone().map(move |column| CellRef::new(row, column)))
                {
                    self.push(cell, xf, Content::Nothing);
                }
            }
            self.merged.insert(merge.first);
            self.parts.merges.push(merge);
        }
        Ok(titles)
    }

    fn set_width(&mut self, first: u32, last: u32, width: f64) {
        // Up to 255 characters, in 256 parts each (§2.4.53).
        let width = (width * 256.0).round().clamp(0.0, 65_280.0) as u16;
        for column in first..=last.min(MOST_COLUMNS - 1) {
            self.parts.columns.entry(column as u16).or_default().width = Some(width);
        }
    }

    fn widths_by_content(&mut self, sheet: &Sheet) {
        let merged = |cell: CellRef| {
            let first = sheet.merges.iter().take(1_000);
            first.clone().any(|merge| merge.contains(cell))
        };
        for column in 0..sheet.grid.width() {
            let cells = sheet
                .grid
                .column(column)
                .take(ROWS_MEASURED)
                .filter(|&(row, _)| !merged(CellRef::new(row, column)));
            let width = width_of(cells.map(|(_, id)| sheet.values.get(id).display()));
            self.set_width(column, column, width + PADDING);
        }
    }

    fn value(&mut self, cell: CellRef, value: Value<'_>, usual: &str) -> Result<(), WriteError> {
        match value {
            Value::Empty => Ok(()),
            Value::Text(text) => {
                let wrapped = text.contains('\n') || text.chars().count() > 24;
                let xf = self.format("", wrapped)?;
                if wrapped && !self.merged.contains(&cell) {
                    self.grow(cell, text);
                }
                self.text(cell, text, xf)
            }
            Value::Number { value, .. } if !value.is_finite() => {
                let xf = self.format("", false)?;
                self.text(cell, &value.to_string(), xf)
            }
            Value::Number { value, format } => {
                let format = if format.is_empty() { usual } else { format };
                self.number(cell, value, format)
            }
            Value::Date { value, format } => {
                let all_day = value.time() == chrono::NaiveTime::MIN;
                let format = match format {
                    "" if all_day => DATE,
                    "" => DATE_AND_TIME,
                    format => format,
                };
                match serial(value) {
                    Some(serial) => self.number(cell, serial, format),
                    None => {
                        let xf = self.format(format, false)?;
                        self.text(cell, &leadsheet_core::iso_date(value), xf)
                    }
                }
            }
            Value::Time { value, format } => {
                let days = value.num_milliseconds() as f64 / 86_400_000.0;
                let format = match format {
                    "" if (0.0..1.0).contains(&days) => TIME,
                    "" => ELAPSED,
                    format => format,
                };
                self.number(cell, days, format)
            }
            Value::Bool(value) => {
                let xf = self.format("", false)?;
                self.push(cell, xf, Content::Bool(value));
                Ok(())
            }
            Value::Error(error) => {
                let xf = self.format("", false)?;
                self.push(cell, xf, Content::Error(error_code(error)));
                Ok(())
            }
        }
    }

    fn number(&mut self, cell: CellRef, number: f64, format: &str) -> Result<(), WriteError> {
        let xf = self.format(format, false)?;
        self.push(cell, xf, Content::Number(number));
        Ok(())
    }

    fn text(&mut self, cell: CellRef, text: &str, xf: u16) -> Result<(), WriteError> {
        // A character takes one unit or two: most texts need no counting.
        if text.len() > LONGEST_TEXT {
            let length = text.encode_utf16().count();
            if length > LONGEST_TEXT {
                return Err(WriteError::TextTooLong {
                    sheet: self.parts.name.clone(),
                    cell,
                    length,
                    maximum: LONGEST_TEXT,
                });
            }
        }
        let position = self.book.texts.position(text);
        let position = position.map_err(|full| WriteError::Compose(full.to_string()))?;
        self.push(cell, xf, Content::Text(position));
        Ok(())
    }

    fn push(&mut self, cell: CellRef, xf: u16, content: Content) {
        self.parts.cells.push(Cell {
            row: cell.row as u16,
            column: cell.column as u16,
            xf,
            content,
        });
    }

    fn format(&mut self, number_format: &str, wrapped: bool) -> Result<u16, WriteError> {
        if let Some(known) = self.formats.get(number_format)
            && let Some(xf) = known[usize::from(wrapped)]
        {
            return Ok(xf);
        }
        let is_date = number_format.contains('y') || number_format.contains("h:");
        let xf = self.book.styles.xf(&Style {
            number_format: number_format.to_owned(),
            centred: is_date,
            wrapped,
            ..Style::default()
        })?;
        let known = self.formats.entry(number_format.to_owned()).or_default();
        known[usize::from(wrapped)] = Some(xf);
        Ok(xf)
    }

    /// Makes the row as high as a wrapped text needs: Excel does it by itself in an `.xlsx`, but takes the word of an
    /// `.xls`.
    fn grow(&mut self, cell: CellRef, text: &str) {
        let column = self.parts.columns.get(&(cell.column as u16));
        let width = column.and_then(|look| look.width).unwrap_or(DEFAULT_WIDTH);
        let height = height_of(text, f64::from(width) / 256.0 - PADDING);
        let row: &mut RowLook = self.parts.rows.entry(cell.row as u16).or_default();
        row.height = Some(row.height.map_or(height, |known| known.max(height)));
    }
}

fn heading_style() -> Style {
    Style {
        font: Font {
            colour: Some(0xFF_FFFF),
            ..BOLD
        },
        fill: Some(0x2F_5597),
        border: Some(0xBF_BFBF),
        centred: true,
        wrapped: true,
        ..Style::default()
    }
}

/// The merged ranges without those that overlap another, a fault for which spreadsheet programs refuse a file, as far
/// as the sheet goes.
pub(crate) fn apart(merges: &[CellRange]) -> Vec<CellRange> {
    let within = |merge: &CellRange| {
        let row = merge.last.row.min(MOST_ROWS - 1);
        let column = merge.last.column.min(MOST_COLUMNS - 1);
        let (first, last) = (merge.first, CellRef::new(row, column));
        let is_range = first != last && first.row <= row && first.column <= column;
        is_range.then_some(CellRange { first, last })
    };
    let mut merges: Vec<(usize, CellRange)> =
        merges.iter().filter_map(within).enumerate().collect();
    merges.sort_by_key(|(_, merge)| (merge.first.row, merge.first.column));
    let mut kept = Vec::new();
    // Those that reach down to the row of the next: no more than there are columns, for they do not overlap.
    let mut open: Vec<CellRange> = Vec::new();
    for (position, merge) in merges {
        open.retain(|other| other.last.row >= merge.first.row);
        let overlaps = |other: &CellRange| {
            merge.first.column <= other.last.column && other.first.column <= merge.last.column
        };
        if !open.iter().any(overlaps) {
            open.push(merge);
            kept.push((position, merge));
        }
    }
    kept.sort_by_key(|&(position, _)| position);
    kept.into_iter().map(|(_, merge)| merge).collect()
}

/// A name that Excel takes: 1 to 31 characters, none of `[]:*?/\`, no apostrophe at either end, none twice.
fn check_name(name: &str, others: &[SheetParts]) -> Result<(), WriteError> {
    let length = name.encode_utf16().count();
    let known: HashSet<String> = others
        .iter()
        .map(|sheet| sheet.name.to_lowercase())
        .collect();
    let is_sound = (1..=LONGEST_NAME).contains(&length)
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !known.contains(&name.to_lowercase());
    if is_sound {
        Ok(())
    } else {
        Err(WriteError::BadSheetName(name.to_owned()))
    }
}
