//! One look through the substream of a worksheet, for where the wanted cells stand and what is around them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use leadsheet_core::{CellRange, CellRef};

use super::globals::Span;
use crate::read::xls::record::{Record, Records, id};
use crate::write::xls::apart;
use crate::write::xls::sheet::DEFAULT_WIDTH;

/// What belongs to the formula in the record before: a formula that others share, one over several cells, a table of
/// results (MS-XLS §2.4.277, §2.4.4, §2.4.313).
const SHRFMLA: u16 = 0x04BC;
const ARRAY: u16 = 0x0221;
const TABLE: u16 = 0x0236;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) cells: BTreeSet<CellRef>,
    /// Columns whose number formats are wanted.
    pub(super) columns: BTreeSet<u32>,
}

/// Where things stand in a worksheet.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Behind its EOF record.
    pub(super) end: usize,
    /// The wanted cells that are there.
    pub(super) cells: HashMap<CellRef, FoundCell>,
    /// The rows of wanted cells.
    pub(super) rows: BTreeMap<u32, FoundRow>,
    /// How columns look.
    pub(super) columns: Vec<ColumnRun>,
    /// How often each style has a number, by wanted column.
    pub(super) number_styles: HashMap<u32, HashMap<u16, u32>>,
    /// Formulas over several cells.
    pub(super) arrays: Vec<CellRange>,
    /// Wanted cells that a merged range hides, and the one that shows.
    pub(super) merged_into: Vec<(CellRef, CellRef)>,
    /// Where the table of rows and cells ends.
    pub(super) table_end: usize,
    pub(super) dimensions: Option<usize>,
    /// INDEX and DBCELL records, which say how far apart others are.
    pub(super) indices: Vec<Span>,
    /// Cells that have a note.
    pub(super) noted: HashSet<CellRef>,
    /// Where the last NOTE record ends.
    pub(super) notes_end: Option<usize>,
    /// MSODRAWING records, with the CONTINUE records right after each.
    pub(super) art: Vec<Span>,
    /// Where the last object ends.
    pub(super) objects_end: Option<usize>,
    pub(super) last_object: u16,
}

/// Columns that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColumnRun {
    pub(super) first: u32,
    pub(super) last: u32,
    /// In 256ths of a digit's width; nothing where they are hidden.
    pub(super) width: u32,
    /// The style of the empty cells.
    pub(super) style: u16,
}

/// A cell that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundCell {
    /// Its record, with what belongs to it.
    pub(super) span: Span,
    pub(super) id: u16,
    pub(super) style: u16,
    /// Where the number of the style stands.
    pub(super) style_at: usize,
    pub(super) formula: Formula,
}

/// Whether other cells hang on the formula of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Formula {
    /// There is none, or it is nobody else's.
    #[default]
    Own,
    /// Others share the formula that stands here.
    Shared,
    /// It stands for several cells.
    Array,
}

/// The row of a wanted cell.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundRow {
    /// Where its ROW record begins.
    pub(super) record: Option<usize>,
    /// The style of its empty cells, where it has one of its own.
    pub(super) style: Option<u16>,
    /// First column, and one past the last.
    pub(super) columns: (u16, u16),
    /// Its cells: first and last column, and where they stand.
    pub(super) cells: Vec<(u32, u32, Span)>,
    /// Where the ROW record and the first cell of a later row begin.
    pub(super) next_row: Option<usize>,
    pub(super) next_cell: Option<usize>,
}

/// Looks through the worksheet that begins at `begin`. `None` where it breaks off.
pub(super) fn survey(stream: &[u8], begin: usize, wanted: &Wanted) -> Option<Survey> {
    let rows = wanted.cells.iter().map(|cell| cell.row);
    let rows: BTreeMap<u32, FoundRow> = rows.map(|row| (row, FoundRow::default())).collect();
    let mut surveyor = Surveyor {
        wanted,
        waiting_for_row: rows.keys().copied().collect(),
        waiting_for_cell: rows.keys().copied().collect(),
        last_cells: Vec::new(),
        last_in_row: None,
        merges: Vec::new(),
        survey: Survey {
            rows,
            ..Survey::default()
        },
    };
    let mut records = Records::new(stream, begin);
    records.next()?;
    surveyor.survey.table_end = records.offset();
    let mut depth = 0;
    let mut before = 0;
    while let Some(record) = records.next() {
        let end = records.offset();
        if records.is_cut() {
            return None;
        }
        if id::BOF.contains(&record.id) {
            depth += 1;
        } else if record.id == id::EOF {
            if depth == 0 {
                return Some(surveyor.finish(end));
            }
            depth -= 1;
            if depth == 0 {
                surveyor.after_object(end);
            }
        } else if depth == 0 {
            surveyor.record(&record, end, before);
            if record.id != id::CONTINUE {
                before = record.id;
            }
        }
    }
    None
}

struct Surveyor<'w> {
    wanted: &'w Wanted,
    waiting_for_row: BTreeSet<u32>,
    waiting_for_cell: BTreeSet<u32>,
    /// The wanted cells of the last cell record.
    last_cells: Vec<CellRef>,
    /// The row of the last cell record, where that is wanted.
    last_in_row: Option<u32>,
    merges: Vec<CellRange>,
    survey: Survey,
}

impl Surveyor<'_> {
    fn record(&mut self, record: &Record<'_>, end: usize, before: u16) {
        let span = Span {
            at: record.offset,
            end,
        };
        match record.id {
            id::ROW => self.row(record, span),
            id::LABELSST
            | id::LABEL
            | id::RSTRING
            | id::NUMBER
            | id::RK
            | id::BLANK
            | id::BOOLERR
            | id::FORMULA => self.cell(record, span),
            id::MULRK | id::MULBLANK => self.cells(record, span),
            SHRFMLA | ARRAY | TABLE => self.belongs_to_formula(record, end),
            id::STRING => self.belongs_to_cell(end),
            id::CONTINUE => self.goes_on(end, before),
            id::COLINFO => {
                if let (Some(first), Some(last), Some(width), Some(style)) =
                    (record.u16(0), record.u16(2), record.u16(4), record.u16(6))
                {
                    let is_hidden = record.u16(8).is_some_and(|flags| flags & 1 == 1);
                    self.survey.columns.push(ColumnRun {
                        first: first.into(),
                        last: last.into(),
                        width: if is_hidden { 0 } else { width.into() },
                        style,
                    });
                }
            }
            id::ROW_INDEX => self.survey.indices.push(span),
            id::ROW_BLOCK_INDEX => {
                self.survey.indices.push(span);
                self.survey.table_end = end;
            }
            id::DIMENSIONS => {
                self.survey.dimensions = Some(span.at);
                self.survey.table_end = self.survey.table_end.max(end);
            }
            id::MERGECELLS => self.merges(record),
            id::NOTE => {
                if let (Some(row), Some(column)) = (record.u16(0), record.u16(2)) {
                    let cell = CellRef::new(row.into(), column.into());
                    self.survey.noted.insert(cell);
                }
                self.survey.notes_end = Some(end);
            }
            id::MSODRAWING => {
                self.survey.art.push(span);
                self.after_object(end);
            }
            id::OBJ => {
                // The object's number (FtCmo, §2.5.143).
                if let Some(number) = record.u16(6) {
                    self.survey.last_object = self.survey.last_object.max(number);
                }
                self.after_object(end);
            }
            id::TXO => self.after_object(end),
            _ => {}
        }
    }

    fn finish(mut self, end: usize) -> Survey {
        self.survey.end = end;
        for merge in apart(&self.merges) {
            let rows = CellRef::new(merge.first.row, 0)..=CellRef::new(merge.last.row, u32::MAX);
            let hidden = self.wanted.cells.range(rows);
            let hidden = hidden.filter(|&&cell| merge.contains(cell) && cell != merge.first);
            let pairs = hidden.map(|&cell| (cell, merge.first));
            self.survey.merged_into.extend(pairs);
        }
        self.survey
    }

    fn after_object(&mut self, end: usize) {
        if !self.survey.art.is_empty() {
            self.survey.objects_end = Some(end);
        }
    }

    fn goes_on(&mut self, end: usize, before: u16) {
        match before {
            id::MSODRAWING => {
                if let Some(art) = self.survey.art.last_mut() {
                    art.end = end;
                }
                self.after_object(end);
            }
            id::OBJ | id::TXO => self.after_object(end),
            id::STRING | id::FORMULA => self.belongs_to_cell(end),
            _ => {}
        }
    }

    fn row(&mut self, record: &Record<'_>, span: Span) {
        self.survey.table_end = span.end;
        let Some(row) = record.u16(0).map(u32::from) else {
            return;
        };
        let later = self.waiting_for_row.split_off(&row);
        for earlier in std::mem::replace(&mut self.waiting_for_row, later) {
            if let Some(found) = self.survey.rows.get_mut(&earlier) {
                found.next_row = Some(span.at);
            }
        }
        if let Some(found) = self.survey.rows.get_mut(&row) {
            found.record = Some(span.at);
            found.columns = (record.u16(2).unwrap_or(0), record.u16(4).unwrap_or(0));
            // Bit 7: its style is its own (§2.4.221).
            let has_style = record.body.get(12).is_some_and(|flags| flags & 0x80 != 0);
            let style = record.u16(14).map(|style| style & 0x0FFF);
            found.style = style.filter(|_| has_style);
        }
    }

    fn cell(&mut self, record: &Record<'_>, span: Span) {
        let (Some(row), Some(column), Some(style)) = (record.u16(0), record.u16(2), record.u16(4))
        else {
            return;
        };
        let cell = CellRef::new(row.into(), column.into());
        self.stands(cell.row, cell.column, cell.column, span);
        if self.wanted.cells.contains(&cell) {
            let found = FoundCell {
                span,
                id: record.id,
                style,
                style_at: span.at + 8,
                formula: Formula::Own,
            };
            self.survey.cells.insert(cell, found);
            self.last_cells.push(cell);
        }
        let is_number = matches!(record.id, id::NUMBER | id::RK | id::FORMULA);
        if is_number && self.wanted.columns.contains(&cell.column) {
            self.count(cell.column, style);
        }
    }

    /// Several cells in one record: row, first column, the cells, last column.
    fn cells(&mut self, record: &Record<'_>, span: Span) {
        let size = if record.id == id::MULRK { 6 } else { 2 };
        let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else {
            return;
        };
        let count = record.body.len().saturating_sub(6) / size;
        let (row, first) = (u32::from(row), u32::from(first));
        if count == 0 {
            return;
        }
        self.stands(row, first, first + count as u32 - 1, span);
        for position in 0..count {
            let cell = CellRef::new(row, first + position as u32);
            let at = 4 + position * size;
            let Some(style) = record.u16(at) else { return };
            if self.wanted.cells.contains(&cell) {
                let found = FoundCell {
                    span,
                    id: record.id,
                    style,
                    style_at: span.at + 4 + at,
                    formula: Formula::Own,
                };
                self.survey.cells.insert(cell, found);
            }
            if size == 6 && self.wanted.columns.contains(&cell.column) {
                self.count(cell.column, style);
            }
        }
    }

    fn count(&mut self, column: u32, style: u16) {
        let styles = self.survey.number_styles.entry(column).or_default();
        *styles.entry(style).or_default() += 1;
    }

    fn stands(&mut self, row: u32, first: u32, last: u32, span: Span) {
        self.survey.table_end = span.end;
        self.last_cells.clear();
        self.last_in_row = None;
        let later = self.waiting_for_cell.split_off(&row);
        for earlier in std::mem::replace(&mut self.waiting_for_cell, later) {
            if let Some(found) = self.survey.rows.get_mut(&earlier) {
                found.next_cell = Some(span.at);
            }
        }
        if let Some(found) = self.survey.rows.get_mut(&row) {
            found.cells.push((first, last, span));
            self.last_in_row = Some(row);
        }
    }

    /// A record that belongs to the cell before.
    fn belongs_to_cell(&mut self, end: usize) {
        self.survey.table_end = end;
        let row = self
            .last_in_row
            .and_then(|row| self.survey.rows.get_mut(&row));
        if let Some((_, _, span)) = row.and_then(|row| row.cells.last_mut()) {
            span.end = end;
        }
        for cell in &self.last_cells {
            if let Some(found) = self.survey.cells.get_mut(cell) {
                found.span.end = end;
            }
        }
    }

    fn belongs_to_formula(&mut self, record: &Record<'_>, end: usize) {
        self.belongs_to_cell(end);
        let formula = if record.id == SHRFMLA {
            Formula::Shared
        } else {
            Formula::Array
        };
        for cell in &self.last_cells {
            if let Some(found) = self.survey.cells.get_mut(cell) {
                found.formula = formula;
            }
        }
        if let (true, Some(first), Some(last), Some(&[left, right])) = (
            formula == Formula::Array,
            record.u16(0),
            record.u16(2),
            record.body.get(4..6),
        ) {
            self.survey.arrays.push(CellRange {
                first: CellRef::new(first.into(), left.into()),
                last: CellRef::new(last.into(), right.into()),
            });
        }
    }

    fn merges(&mut self, record: &Record<'_>) {
        for range in record.from(2).chunks_exact(8) {
            let end = |at: usize| u32::from(u16::from_le_bytes([range[at], range[at + 1]]));
            self.merges.push(CellRange {
                first: CellRef::new(end(0), end(4)),
                last: CellRef::new(end(2), end(6)),
            });
        }
    }
}

impl Survey {
    /// How a cell looks that is not there: as its row, else as its column.
    pub(super) fn style_around(&self, cell: CellRef) -> u16 {
        let of_row = self.rows.get(&cell.row).and_then(|row| row.style);
        let columns = self.columns.iter();
        let mut of_column = columns
            .filter(|run| (run.first..=run.last).contains(&cell.column))
            .map(|run| run.style);
        of_row.or(of_column.next_back()).unwrap_or(15)
    }

    /// The width of a column in 256ths of a digit's width.
    pub(super) fn width(&self, column: u32) -> u32 {
        let runs = self.columns.iter();
        let widths = runs.filter(|run| (run.first..=run.last).contains(&column));
        widths
            .map(|run| run.width)
            .next_back()
            .unwrap_or(DEFAULT_WIDTH.into())
    }
}
