//! A worksheet part looked over once, from the first byte to the last, for the places that are to change: where each
//! wanted cell stands or would stand, and what is around it. Memory follows the wanted cells, not the sheet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::BufRead;

use leadsheet_core::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS};

use super::error::{Obstacle, PatchError};
use super::scan::{Element, Spelled, Tagged, walk};
use super::xml::Tag;

/// The children of a worksheet that come behind its `legacyDrawing` (ECMA-376 Part 1 §18.3.1.99).
const BEHIND_DRAWING: [&str; 8] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];
/// The rows below a wanted cell whose heights are kept: a note reaches no further.
const HEIGHTS: u32 = 24;
/// How many ranges of array formulas, column looks and merges are held.
const MOST_RANGES: usize = 1 << 20;

/// A wanted cell that is there.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundCell {
    pub(super) open: Spelled,
    /// Where it ends.
    pub(super) end: u64,
    pub(super) formula: Formula,
}

/// What kind of formula a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Formula {
    #[default]
    None,
    /// Of its own, or one that it repeats after another cell.
    Own,
    /// One that other cells repeat.
    Shared,
    /// Of several cells together.
    Array,
}

/// A row in which wanted cells stand or would stand.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundRow {
    pub(super) open: Spelled,
    /// Where cells can be put behind the others.
    pub(super) cells_end: u64,
}

/// How a run of columns looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnLook {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) style: u32,
    pub(super) width: Option<f64>,
    pub(super) hidden: bool,
}

/// What is wanted of a sheet.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Cells that are to change.
    pub(super) cells: BTreeSet<CellRef>,
    /// Columns whose numbers are looked at for the style they are in.
    pub(super) columns: Vec<u32>,
    /// Whether array formulas matter, because contents change.
    pub(super) contents: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) root: Spelled,
    pub(super) dimension: Option<Spelled>,
    pub(super) columns: Vec<ColumnLook>,
    pub(super) default_width: Option<f64>,
    pub(super) default_height: Option<f64>,
    pub(super) rows: BTreeMap<u32, FoundRow>,
    /// Where a wanted row that is not there belongs; behind the last row where nothing is said.
    pub(super) row_gaps: BTreeMap<u32, u64>,
    pub(super) cells: BTreeMap<CellRef, Vec<FoundCell>>,
    /// Where a wanted cell that is not there belongs in its row; behind the last cell where nothing is said.
    pub(super) cell_gaps: BTreeMap<CellRef, u64>,
    pub(super) sheet_data: Spelled,
    pub(super) rows_end: u64,
    pub(super) legacy_drawing: Option<String>,
    /// Where a `legacyDrawing` belongs.
    pub(super) drawing_gap: u64,
    /// The first cell of the merged range in which a wanted cell lies behind it.
    pub(super) merged_into: BTreeMap<CellRef, CellRef>,
    pub(super) arrays: Vec<CellRange>,
    /// How often each style is on a number, by column.
    pub(super) number_styles: HashMap<u32, HashMap<u32, u32>>,
    /// Rows near wanted cells that have a height of their own, in points; 0 where they are hidden.
    pub(super) heights: BTreeMap<u32, f64>,
}

/// Looks a worksheet over. `name` is what it is called in refusals.
pub(super) fn survey(
    source: impl BufRead,
    name: &str,
    wanted: &Wanted,
) -> Result<Survey, PatchError> {
    let mut surveyor = Surveyor::new(wanted, name);
    walk(source, name, |tagged| surveyor.follow(tagged))?;
    Ok(surveyor.found)
}

/// Follows the tags of a worksheet.
struct Surveyor<'w> {
    wanted: &'w Wanted,
    /// The rows of the wanted cells.
    rows: Vec<u32>,
    name: &'w str,
    found: Survey,
    place: Place,
    /// Position in `rows` of the first that has not been passed.
    passed: usize,
    row: u32,
    next_row: u32,
    row_wanted: bool,
    next_column: u32,
    cell: Option<(CellRef, FoundCell)>,
    alternative_at: Option<u64>,
}

/// Inside which child of the worksheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Elsewhere,
    Columns,
    Rows,
    /// In a row.
    Cells,
    Merges,
}

impl<'w> Surveyor<'w> {
    fn new(wanted: &'w Wanted, name: &'w str) -> Self {
        let mut rows: Vec<_> = wanted.cells.iter().map(|cell| cell.row).collect();
        rows.dedup();
        Self {
            wanted,
            rows,
            name,
            found: Survey::default(),
            place: Place::Elsewhere,
            passed: 0,
            row: 0,
            next_row: 0,
            row_wanted: false,
            next_column: 0,
            cell: None,
            alternative_at: None,
        }
    }

    fn refused(&self, obstacle: Obstacle) -> PatchError {
        PatchError::refused(self.name, obstacle)
    }

    fn follow(&mut self, tagged: Tagged<'_>) -> Result<(), PatchError> {
        let element = match tagged {
            Tagged::Start(element) => element,
            Tagged::End { depth, at, end } => {
                self.close(depth, at, end);
                return Ok(());
            }
        };
        match (element.depth, self.place) {
            (0, _) => self.root(element)?,
            (1, _) => self.child(element),
            (2, Place::Columns) => self.column(element.tag),
            (2, Place::Merges) => self.merge(element.tag)?,
            (2, Place::Rows) => self.begin_row(element)?,
            (3, Place::Cells) => self.begin_cell(element)?,
            (4, Place::Cells) if element.tag.name() == "f" => self.formula(element.tag)?,
            _ => {}
        }
        if element.depth > 1 {
            self.inside_alternative(element.tag);
        }
        Ok(())
    }

    fn close(&mut self, depth: usize, at: u64, end: u64) {
        match (depth, self.place) {
            (3, Place::Cells) => {
                if let Some((cell, mut found)) = self.cell.take() {
                    found.end = end;
                    self.found.cells.entry(cell).or_default().push(found);
                }
            }
            (2, Place::Cells) => {
                self.place = Place::Rows;
                self.end_cells(at);
            }
            (1, place) => {
                if place == Place::Rows {
                    self.found.rows_end = at;
                }
                self.place = Place::Elsewhere;
                self.alternative_at = None;
            }
            (0, _) => self.behind_drawing(at),
            _ => {}
        }
    }

    fn root(&mut self, element: Element<'_>) -> Result<(), PatchError> {
        if element.tag.name() != "worksheet" || element.empty {
            return Err(self.refused(Obstacle::NotAWorksheet));
        }
        self.found.root = element.spelled();
        Ok(())
    }

    fn child(&mut self, element: Element<'_>) {
        let tag = element.tag;
        let inside = |place| {
            if element.empty {
                Place::Elsewhere
            } else {
                place
            }
        };
        match tag.name() {
            "dimension" => self.found.dimension = Some(element.spelled()),
            "sheetFormatPr" => {
                self.found.default_width = decimal(tag, "defaultColWidth");
                self.found.default_height = decimal(tag, "defaultRowHeight");
            }
            "cols" => self.place = inside(Place::Columns),
            "mergeCells" => self.place = inside(Place::Merges),
            "sheetData" => {
                self.found.sheet_data = element.spelled();
                self.found.rows_end = element.end;
                self.place = inside(Place::Rows);
            }
            "legacyDrawing" => {
                self.found.legacy_drawing =
                    tag.get_prefixed("id").map(std::borrow::Cow::into_owned);
            }
            "AlternateContent" => self.alternative_at = Some(element.at),
            name if BEHIND_DRAWING.contains(&name) => self.behind_drawing(element.at),
            _ => {}
        }
    }

    fn behind_drawing(&mut self, at: u64) {
        if self.found.drawing_gap == 0 {
            self.found.drawing_gap = at;
        }
    }

    /// What is there in two versions stands where its elements would.
    fn inside_alternative(&mut self, tag: Tag<'_>) {
        if let Some(at) = self.alternative_at
            && BEHIND_DRAWING.contains(&tag.name())
        {
            self.behind_drawing(at);
        }
    }

    fn column(&mut self, tag: Tag<'_>) {
        let first = tag.number("min").and_then(|first| first.checked_sub(1));
        if let Some(first) = first
            && self.found.columns.len() < MAX_COLUMNS as usize
        {
            self.found.columns.push(ColumnLook {
                first,
                last: tag
                    .number("max")
                    .map_or(first, |last| last.saturating_sub(1)),
                style: tag.number("style").unwrap_or(0),
                width: decimal(tag, "width"),
                hidden: tag.flag("hidden"),
            });
        }
    }

    fn merge(&mut self, tag: Tag<'_>) -> Result<(), PatchError> {
        let range = tag.get("ref").and_then(|range| range.trim().parse().ok());
        let Some(CellRange { first, last }) = range else {
            return Ok(());
        };
        let rows = CellRef::new(first.row, 0)..=CellRef::new(last.row, MAX_COLUMNS);
        for &cell in self.wanted.cells.range(rows) {
            if cell != first && (first.column..=last.column).contains(&cell.column) {
                self.found.merged_into.insert(cell, first);
            }
        }
        if self.found.merged_into.len() > MOST_RANGES {
            return Err(self.refused(Obstacle::TooLarge));
        }
        Ok(())
    }

    fn begin_row(&mut self, element: Element<'_>) -> Result<(), PatchError> {
        if element.tag.name() != "row" {
            // Which of the two is read depends on the program, so which of the two to change does too.
            return match element.tag.name() {
                "AlternateContent" => Err(self.refused(Obstacle::Alternatives)),
                _ => Ok(()),
            };
        }
        let number = element.tag.number("r").and_then(|row| row.checked_sub(1));
        self.row = number
            .filter(|&row| row < MAX_ROWS)
            .unwrap_or(self.next_row);
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
        while let Some(&row) = self.rows.get(self.passed).filter(|&&row| row < self.row) {
            self.found.row_gaps.entry(row).or_insert(element.at);
            self.passed += 1;
        }
        let at_or_behind = self.rows.partition_point(|&row| row < self.row);
        self.row_wanted = self.rows.get(at_or_behind) == Some(&self.row);
        let near = self.row_wanted
            || at_or_behind
                .checked_sub(1)
                .and_then(|before| self.rows.get(before))
                .is_some_and(|&row| self.row - row <= HEIGHTS);
        if near {
            let height = if element.tag.flag("hidden") {
                Some(0.0)
            } else {
                decimal(element.tag, "ht")
            };
            if let Some(height) = height {
                self.found.heights.insert(self.row, height);
            }
        }
        if self.row_wanted {
            let row = self.found.rows.entry(self.row).or_default();
            if row.open.end == 0 {
                row.open = element.spelled();
            }
        }
        if !element.empty {
            self.place = Place::Cells;
        }
        Ok(())
    }

    /// Where the cells of the current row end, if nothing else ended them before.
    fn end_cells(&mut self, at: u64) {
        if let Some(row) = self
            .found
            .rows
            .get_mut(&self.row)
            .filter(|_| self.row_wanted)
            && row.cells_end == 0
        {
            row.cells_end = at;
        }
    }

    fn begin_cell(&mut self, element: Element<'_>) -> Result<(), PatchError> {
        let tag = element.tag;
        if tag.name() != "c" {
            if tag.name() == "AlternateContent" && self.row_wanted {
                return Err(self.refused(Obstacle::Alternatives));
            }
            self.end_cells(element.at);
            return Ok(());
        }
        if !self.row_wanted && self.wanted.columns.is_empty() {
            return Ok(());
        }
        let said = tag.get("r").and_then(|said| said.trim().parse().ok());
        let cell: CellRef = said.unwrap_or(CellRef::new(self.row, self.next_column));
        self.next_column = cell.column.saturating_add(1);
        if self.wanted.columns.contains(&cell.column)
            && !element.empty
            && matches!(tag.get("t").as_deref(), None | Some("n"))
        {
            let styles = self.found.number_styles.entry(cell.column).or_default();
            *styles.entry(tag.number("s").unwrap_or(0)).or_default() += 1;
        }
        if !self.row_wanted {
            return Ok(());
        }
        let before = CellRef::new(cell.row, 0)..cell;
        for &missed in self.wanted.cells.range(before).rev() {
            if self.found.cell_gaps.contains_key(&missed) {
                break;
            }
            self.found.cell_gaps.insert(missed, element.at);
        }
        if self.wanted.cells.contains(&cell) {
            let found = FoundCell {
                open: element.spelled(),
                end: element.end,
                formula: Formula::None,
            };
            if element.empty {
                self.found.cells.entry(cell).or_default().push(found);
            } else {
                self.cell = Some((cell, found));
            }
        }
        Ok(())
    }

    fn formula(&mut self, tag: Tag<'_>) -> Result<(), PatchError> {
        if self.cell.is_none() && !self.wanted.contents {
            return Ok(());
        }
        let range: Option<CellRange> = tag.get("ref").and_then(|range| range.parse().ok());
        let several = range.is_some_and(|range| range.first != range.last);
        let kind = match tag.get("t").as_deref() {
            Some("array" | "dataTable") => {
                if let Some(range) = range.filter(|_| several) {
                    self.found.arrays.push(range);
                }
                if several {
                    Formula::Array
                } else {
                    Formula::Own
                }
            }
            Some("shared") if several => Formula::Shared,
            _ => Formula::Own,
        };
        if let Some((_, cell)) = &mut self.cell {
            cell.formula = kind;
        }
        if self.found.arrays.len() > MOST_RANGES {
            return Err(self.refused(Obstacle::TooLarge));
        }
        Ok(())
    }
}

fn decimal(tag: Tag<'_>, name: &str) -> Option<f64> {
    let value: f64 = tag.get(name)?.trim().parse().ok()?;
    (value.is_finite() && value >= 0.0).then_some(value)
}
