//! The boxes of a form: its filled cells, each with everything it covers where cells are merged.

use std::collections::BTreeMap;

use std::ops::Range;

use hashbrown::HashMap;
use leadsheet_core::{CellRef, Value};

use crate::sheet::Sheet;

/// A form is filled in by hand: a sheet with more than this is none, and is not searched for labels.
const MOST_ROWS: u32 = 2_000;
const MOST_COLUMNS: u32 = 256;
const MOST_BOXES: usize = 6_000;
const MOST_MERGES: usize = 20_000;
/// Rows that all boxes together may cover.
const MOST_COVERED: usize = 100_000;

/// A filled cell with the merged cells that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FormBox {
    pub(super) first: CellRef,
    pub(super) last: CellRef,
}

/// The boxes of some rows of a sheet, in reading order.
pub(crate) struct Boxes<'s> {
    pub(super) sheet: &'s Sheet,
    all: Vec<FormBox>,
    /// By row: the boxes that cover it, from left to right.
    by_row: BTreeMap<u32, Vec<usize>>,
}

impl<'s> Boxes<'s> {
    /// The boxes of a sheet that may be a form; `None` where it holds too much to be one.
    pub(crate) fn of_form(sheet: &'s Sheet) -> Option<Self> {
        let height = sheet.grid.height();
        if height > MOST_ROWS {
            return None;
        }
        Self::in_rows(sheet, 0..height)
    }

    /// The boxes in some rows; `None` where there are too many.
    pub(crate) fn in_rows(sheet: &'s Sheet, rows: Range<u32>) -> Option<Self> {
        if sheet.grid.width() > MOST_COLUMNS || sheet.merges.len() > MOST_MERGES {
            return None;
        }
        let mut firsts = Vec::new();
        for column in sheet.grid.used_columns() {
            let cells = sheet.grid.column(column);
            let here = cells
                .skip_while(|&(row, _)| row < rows.start)
                .take_while(|&(row, _)| row < rows.end);
            let filled = here.filter(|&(_, id)| !sheet.values.get(id).is_blank());
            firsts.extend(filled.map(|(row, _)| CellRef::new(row, column)));
            if firsts.len() > MOST_BOXES {
                return None;
            }
        }
        firsts.sort_unstable();
        let ends: HashMap<CellRef, CellRef> = sheet
            .merges
            .iter()
            .map(|merge| (merge.first, merge.last))
            .collect();
        let end = |first: &CellRef| {
            let last = ends.get(first).copied().unwrap_or(*first);
            CellRef::new(
                last.row.min(rows.end.saturating_sub(1)).max(first.row),
                last.column.min(MOST_COLUMNS),
            )
        };
        let boxes: Vec<FormBox> = firsts
            .iter()
            .map(|first| FormBox {
                first: *first,
                last: end(first),
            })
            .collect();
        let covered = boxes
            .iter()
            .map(|it| (it.last.row - it.first.row) as usize + 1);
        if covered.sum::<usize>() > MOST_COVERED {
            return None;
        }
        let mut by_row: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (position, it) in boxes.iter().enumerate() {
            for row in it.first.row..=it.last.row {
                by_row.entry(row).or_default().push(position);
            }
        }
        for row in by_row.values_mut() {
            row.sort_by_key(|&position| boxes[position].first.column);
        }
        Some(Self {
            sheet,
            all: boxes,
            by_row,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, position: usize) -> FormBox {
        self.all[position]
    }

    pub(super) fn value(&self, position: usize) -> Value<'s> {
        self.sheet.value(self.all[position].first)
    }

    pub(super) fn text(&self, position: usize) -> Option<&'s str> {
        self.value(position).as_text()
    }

    /// The boxes that cover a row, from left to right.
    pub(super) fn in_row(&self, row: u32) -> &[usize] {
        self.by_row.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The rows that any box covers, from top to bottom.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        self.by_row.keys().copied()
    }

    /// The box to the right that touches this one.
    pub(super) fn right_of(&self, position: usize) -> Option<usize> {
        let it = self.all[position];
        let mut row = self.in_row(it.first.row).iter().copied();
        row.find(|&other| self.all[other].first.column == it.last.column + 1)
    }

    /// The box right below this one that begins in the same column.
    pub(super) fn below(&self, position: usize) -> Option<usize> {
        let it = self.all[position];
        let below = CellRef::new(it.last.row + 1, it.first.column);
        let mut row = self.in_row(below.row).iter().copied();
        row.find(|&other| self.all[other].first == below)
    }
}
