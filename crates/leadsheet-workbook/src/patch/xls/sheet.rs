//! Changing the cells of a worksheet: what stands is given another style or another value where it stands, and what is
//! not there yet is put in between.

use std::collections::{BTreeMap, HashMap};

use leadsheet_core::{CellRef, NewValue};

use super::drawing::Numbers;
use super::globals::record_at;
use super::splice::Splices;
use super::strings::Strings;
use super::styles::{Format, Styles};
use super::survey::{Formula, FoundCell, Survey};
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::sheet::{CellEdit, serial};
use crate::read::number_format::FormatClass;
use crate::read::xls::record::id;
use crate::write::xls::record::{Body, Stream};
use crate::write::xls::sheet::{Cell, Content, MOST_COLUMNS, MOST_ROWS};
use crate::write::xls::{LONGEST_TEXT, sheet::RowLook};

const GENERAL: Format = Format::Builtin(0);
const AMOUNT: Format = Format::Builtin(4);
const DATE: Format = Format::Code("yyyy-mm-dd");
const DATE_TIME: Format = Format::Code("yyyy-mm-dd hh:mm");

/// What grows while the sheets of a workbook are changed.
pub(super) struct Growth {
    pub(super) styles: Styles,
    /// Nothing where no text is to come to the shared ones.
    pub(super) strings: Option<Strings>,
    /// Nothing where no shape can be added.
    pub(super) numbers: Option<Numbers>,
    pub(super) splices: Splices,
    pub(super) is_1904: bool,
    /// Cells that were to be filled and found no room for another style.
    pub(super) without_fill: usize,
    /// Cells that were to have a note and got none.
    pub(super) without_note: usize,
    /// Cells that keep what they hold because it is a formula, by sheet.
    pub(super) formulas_kept: Vec<(String, CellRef)>,
    /// The style that each filled cell had, by sheet.
    pub(super) before: HashMap<(String, CellRef), u16>,
}

/// Plans the changes of one sheet, of that name.
///
/// # Errors
/// [`PatchError::Refused`] where a cell cannot be changed by itself.
pub(super) fn plan(
    name: &str,
    stream: &[u8],
    survey: &Survey,
    edits: &BTreeMap<CellRef, CellEdit>,
    growth: &mut Growth,
) -> Result<(), PatchError> {
    let mut planner = Planner {
        name,
        stream,
        survey,
        growth,
        in_one_record: BTreeMap::new(),
        new_cells: BTreeMap::new(),
    };
    for (&cell, edit) in edits {
        planner.cell(cell, edit)?;
    }
    planner.take_records_apart();
    planner.put_new_cells();
    Ok(())
}

struct Planner<'p> {
    name: &'p str,
    stream: &'p [u8],
    survey: &'p Survey,
    growth: &'p mut Growth,
    /// Cells to replace in records of several cells, by where those begin.
    in_one_record: BTreeMap<usize, BTreeMap<u16, Cell>>,
    /// Cells that are not there yet, by row.
    new_cells: BTreeMap<u32, Vec<Cell>>,
}

impl Planner<'_> {
    fn cell(&mut self, cell: CellRef, edit: &CellEdit) -> Result<(), PatchError> {
        if cell.row >= MOST_ROWS || cell.column >= MOST_COLUMNS {
            return Err(PatchError::cell(self.name, cell, Obstacle::Missing));
        }
        let found = self.survey.cells.get(&cell).copied();
        let is_in_array = self.survey.arrays.iter().any(|range| range.contains(cell));
        let has_formula = found.is_some_and(|found| found.id == id::FORMULA) || is_in_array;
        let planned = edit.value_for(has_formula);
        if edit.value.is_some() && planned.is_none() {
            let place = (self.name.to_owned(), cell);
            self.growth.formulas_kept.push(place);
        }
        let value = match planned {
            // Nothing, where nothing is.
            Some(NewValue::Blank) if found.is_none() => None,
            value => value,
        };
        if value.is_none() && edit.fill.is_none() {
            return Ok(());
        }
        let old_style = found.map_or_else(|| self.survey.style_around(cell), |found| found.style);
        let mut style = old_style;
        if let Some(value) = value {
            self.allow(cell, found)?;
            style = self.styled(cell, style, value)?;
        }
        if let Some((_, colour)) = edit.fill {
            match self.growth.styles.filled(style, colour) {
                Some(filled) => {
                    let place = (self.name.to_owned(), cell);
                    self.growth.before.insert(place, style);
                    style = filled;
                }
                None => self.growth.without_fill += 1,
            }
        }
        let content = match value {
            Some(value) => self.content(cell, value)?,
            None => Content::Nothing,
        };
        let new = Cell {
            row: cell.row as u16,
            column: cell.column as u16,
            xf: style,
            content,
        };
        match found {
            None => self.new_cells.entry(cell.row).or_default().push(new),
            Some(found) if value.is_none() => {
                if style != old_style {
                    self.growth.splices.put_u16(found.style_at, style);
                }
            }
            Some(found) if matches!(found.id, id::MULRK | id::MULBLANK) => {
                let cells = self.in_one_record.entry(found.span.at).or_default();
                cells.insert(new.column, new);
            }
            Some(found) => {
                let mut record = Stream::default();
                new.write(&mut record);
                let length = found.span.end - found.span.at;
                self.growth.splices.replace(found.span.at, length, record.0);
            }
        }
        Ok(())
    }

    /// Refuses to overwrite what other cells hang on.
    fn allow(&self, cell: CellRef, found: Option<FoundCell>) -> Result<(), PatchError> {
        let refused = |obstacle| Err(PatchError::cell(self.name, cell, obstacle));
        match found.map(|found| found.formula).unwrap_or_default() {
            Formula::Shared => refused(Obstacle::SharedFormula),
            Formula::Array => refused(Obstacle::ArrayFormula),
            _ if self.survey.arrays.iter().any(|range| range.contains(cell)) => {
                refused(Obstacle::ArrayFormula)
            }
            Formula::Own => Ok(()),
        }
    }

    /// The style in which a cell of style `base` shows the value as what it is.
    fn styled(&mut self, cell: CellRef, base: u16, value: &NewValue) -> Result<u16, PatchError> {
        let styles = &mut self.growth.styles;
        let class = styles.class(base);
        let is_number = class == FormatClass::Number && !styles.is_text(base);
        let has_format = is_number && !styles.is_general(base);
        let (fits, fallback) = match value {
            NewValue::Blank | NewValue::Text(_) => return Ok(base),
            NewValue::Number(_) => (is_number, GENERAL),
            NewValue::Amount(_) => (has_format && !styles.is_percent(base), AMOUNT),
            NewValue::Percent(share) => {
                let hundredth = share * 100.0;
                let has_decimals = (hundredth - hundredth.round()).abs() > 1e-9;
                let percent = Format::Builtin(if has_decimals { 10 } else { 9 });
                (styles.is_percent(base), percent)
            }
            NewValue::Date(moment) => {
                let is_day = moment.time() == chrono::NaiveTime::MIN;
                let format = if is_day { DATE } else { DATE_TIME };
                (class == FormatClass::Date, format)
            }
        };
        let suits = |styles: &Styles, style: u16| {
            let is_number = styles.class(style) == FormatClass::Number && !styles.is_text(style);
            match value {
                NewValue::Date(_) => styles.class(style) == FormatClass::Date,
                NewValue::Percent(_) => styles.is_percent(style),
                NewValue::Amount(_) => {
                    is_number && !styles.is_general(style) && !styles.is_percent(style)
                }
                _ => is_number,
            }
        };
        let format = if fits {
            Format::Of(base)
        } else {
            let common = self.survey.number_styles.get(&cell.column);
            let mut common: Vec<_> = common.into_iter().flatten().collect();
            // The commonest first, and of equals always the same.
            common.sort_unstable_by_key(|&(style, count)| (std::cmp::Reverse(*count), *style));
            let mut common = common.into_iter().map(|(&style, _)| style);
            let common = common.find(|&style| suits(styles, style));
            common.map_or(fallback, Format::Of)
        };
        let style = styles.formatted(base, format);
        style.ok_or_else(|| PatchError::cell(self.name, cell, Obstacle::Styles))
    }

    fn content(&mut self, cell: CellRef, value: &NewValue) -> Result<Content, PatchError> {
        let refused = |obstacle| PatchError::cell(self.name, cell, obstacle);
        Ok(match value {
            NewValue::Blank => Content::Nothing,
            NewValue::Number(number) | NewValue::Amount(number) | NewValue::Percent(number) => {
                if !number.is_finite() {
                    return Err(refused(Obstacle::Number));
                }
                Content::Number(*number)
            }
            NewValue::Date(moment) => {
                let serial = serial(*moment, self.growth.is_1904);
                Content::Number(serial.ok_or_else(|| refused(Obstacle::Date))?)
            }
            NewValue::Text(text) => {
                if text.encode_utf16().count() > LONGEST_TEXT {
                    return Err(refused(Obstacle::TooLarge));
                }
                let strings = self.growth.strings.as_mut();
                let strings = strings.ok_or_else(|| refused(Obstacle::Damaged))?;
                Content::Text(strings.position(text))
            }
        })
    }

    /// Writes records of several cells anew, those around the replaced ones together as they were.
    fn take_records_apart(&mut self) {
        for (at, mut cells) in std::mem::take(&mut self.in_one_record) {
            let Some(record) = record_at(self.stream, at) else {
                continue;
            };
            let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else {
                continue;
            };
            let is_blank = record.id == id::MULBLANK;
            let size = if is_blank { 2 } else { 6 };
            let kept = record.body.len().saturating_sub(6) / size * size;
            let parts = record.body.get(4..4 + kept).unwrap_or_default();
            let mut records = Stream::default();
            let mut run: Vec<&[u8]> = Vec::new();
            for (column, part) in (first..).zip(parts.chunks_exact(size)) {
                if let Some(new) = cells.remove(&column) {
                    write_run(&mut records, row, column, is_blank, &run);
                    run.clear();
                    new.write(&mut records);
                } else {
                    run.push(part);
                }
            }
            let end = first.saturating_add((kept / size) as u16);
            write_run(&mut records, row, end, is_blank, &run);
            self.growth
                .splices
                .replace(at, 4 + record.body.len(), records.0);
        }
    }

    /// Puts the cells in that are not there, in rows of their own where the rows are not there either.
    fn put_new_cells(&mut self) {
        let mut used: Option<(Cell, Cell)> = None;
        for (row, cells) in std::mem::take(&mut self.new_cells) {
            let Some(found) = self.survey.rows.get(&row) else {
                continue;
            };
            for cell in &cells {
                let (least, most) = used.get_or_insert((*cell, *cell));
                least.row = least.row.min(cell.row);
                least.column = least.column.min(cell.column);
                most.row = most.row.max(cell.row);
                most.column = most.column.max(cell.column);
            }
            let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
                continue;
            };
            let columns = (first.column, last.column + 1);
            let mut behind = found.next_cell.unwrap_or(self.survey.table_end);
            match found.record {
                Some(at) => self.widen_row(at, found.columns, columns),
                None if found.cells.is_empty() => {
                    behind = found.next_row.unwrap_or(self.survey.table_end);
                    let mut record = Stream::default();
                    let body =
                        crate::write::xls::sheet::row_body(row as u16, RowLook::default(), &cells);
                    record.record(id::ROW, &body.0);
                    self.growth.splices.insert(behind, record.0);
                }
                None => {}
            }
            for cell in cells {
                let column = u32::from(cell.column);
                let left = found.cells.iter().filter(|(_, last, _)| *last < column);
                let left = left
                    .max_by_key(|(_, last, _)| *last)
                    .map(|(_, _, span)| span.end);
                let right = found.cells.iter().filter(|(first, ..)| *first > column);
                let right = right
                    .min_by_key(|(first, ..)| *first)
                    .map(|(_, _, span)| span.at);
                let mut record = Stream::default();
                cell.write(&mut record);
                self.growth
                    .splices
                    .insert(left.or(right).unwrap_or(behind), record.0);
            }
        }
        if let Some((least, most)) = used {
            self.widen_dimensions(least, most);
        }
    }

    fn widen_row(&mut self, at: usize, (first, end): (u16, u16), columns: (u16, u16)) {
        let (first, end) = if first >= end {
            columns
        } else {
            (first.min(columns.0), end.max(columns.1))
        };
        self.growth.splices.put_u16(at + 4 + 2, first);
        self.growth.splices.put_u16(at + 4 + 4, end);
    }

    /// Used rows and columns, each up to one past the last (DIMENSIONS, MS-XLS §2.4.90).
    fn widen_dimensions(&mut self, least: Cell, most: Cell) {
        let Some(at) = self.survey.dimensions else {
            return;
        };
        let Some(record) = record_at(self.stream, at).filter(|record| record.body.len() >= 12)
        else {
            return;
        };
        let (first_row, end_row) = (record.u32(0).unwrap_or(0), record.u32(4).unwrap_or(0));
        let (first, end) = (record.u16(8).unwrap_or(0), record.u16(10).unwrap_or(0));
        let is_empty = first_row >= end_row || first >= end;
        let new_rows = (u32::from(least.row), u32::from(most.row) + 1);
        let new_columns = (least.column, most.column + 1);
        let (rows, columns) = if is_empty {
            (new_rows, new_columns)
        } else {
            (
                (first_row.min(new_rows.0), end_row.max(new_rows.1)),
                (first.min(new_columns.0), end.max(new_columns.1)),
            )
        };
        let body = Body::default().u32(rows.0).u32(rows.1);
        let body = body.u16(columns.0).u16(columns.1);
        self.growth.splices.replace(at + 4, 12, body.0);
    }
}

/// Cells that stay together, those before `end`.
fn write_run(records: &mut Stream, row: u16, end: u16, is_blank: bool, run: &[&[u8]]) {
    let first = end.saturating_sub(run.len() as u16);
    let head = Body::default().u16(row).u16(first);
    match run {
        [] => {}
        [only] => {
            let id = if is_blank { id::BLANK } else { id::RK };
            records.record(id, &head.bytes(only).0);
        }
        several => {
            let id = if is_blank { id::MULBLANK } else { id::MULRK };
            let body = head.bytes(&several.concat()).u16(end - 1);
            records.record(id, &body.0);
        }
    }
}
