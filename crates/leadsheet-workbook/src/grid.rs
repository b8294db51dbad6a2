//! The cells of a sheet, column by column, each a four-byte id. Memory follows the cells that are there, never the
//! size the sheet claims: two cells in opposite corners cost two cells.

#[cfg(feature = "parquet")]
use std::collections::HashMap;
use std::collections::HashSet;

use leadsheet_core::{CellRef, ValueId};

/// Columns that are made together: one far to the right costs its neighbours, not everything before it.
const BLOCK: usize = 32;

/// Empty cells that a run bridges rather than breaks for: another run costs as much, 64 bytes.
const BRIDGED_GAP: u32 = 16;

/// Cells that there is room for in a column with one below another.
const LEAST_ROOM: usize = 256;

/// Where the cells of one sheet stand.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The first [`BLOCK`] columns, which are nearly always all there are; none of them where none is used.
    near: Vec<GridColumn>,
    /// Blocks of as many columns further to the right, empty where none of them is used.
    far: Vec<Box<[GridColumn]>>,
}

/// One column: runs of cells from top to bottom, far apart from each other.
#[derive(Clone, Debug, Default)]
pub struct GridColumn {
    earlier: Vec<Run>,
    /// The run that grows, near at hand; without cells only where the column has none.
    last: Run,
    /// All cells instead, where they hold few different values.
    few: Option<Box<Few>>,
}

/// Cells below each other that hold few different values, one byte each.
#[derive(Clone, Debug)]
struct Few {
    first: u32,
    codes: Vec<u8>,
    /// By code; the first is the empty one.
    values: Vec<ValueId>,
}

impl Few {
    fn iter(&self) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        let ids = self
            .codes
            .iter()
            .map(|&code| self.values[usize::from(code)]);
        (self.first..).zip(ids)
    }
}

#[derive(Clone, Debug, Default)]
struct Run {
    first: u32,
    cells: Vec<ValueId>,
}

impl Run {
    fn end(&self) -> u32 {
        self.first + self.cells.len() as u32
    }

    /// Makes room for as many cells again, but for not too few: most columns of most workbooks hold a few hundred.
    #[cold]
    fn make_room(&mut self) {
        self.cells.reserve(self.cells.len().max(LEAST_ROOM));
    }
}

impl Grid {
    /// Sets a cell; the last word wins where a file stores one cell twice. Cells may come in any order, from top
    /// to bottom being the fast one.
    #[inline]
    pub fn set(&mut self, cell: CellRef, id: ValueId) {
        self.column_mut(cell.column).set(cell.row, id);
    }

    /// A column to fill, counted from 0.
    #[inline]
    pub fn column_mut(&mut self, column: u32) -> &mut GridColumn {
        let position = column as usize;
        if position < self.near.len() {
            return &mut self.near[position];
        }
        self.far_column_mut(position)
    }

    fn far_column_mut(&mut self, column: usize) -> &mut GridColumn {
        let new = || vec![GridColumn::default(); BLOCK];
        let (block, position) = (column / BLOCK, column % BLOCK);
        let Some(block) = block.checked_sub(1) else {
            self.near = new();
            return &mut self.near[position];
        };
        if self.far.len() <= block {
            self.far.resize_with(block + 1, Box::default);
        }
        let columns = &mut self.far[block];
        if columns.is_empty() {
            *columns = new().into();
        }
        &mut columns[position]
    }

    fn find(&self, column: u32) -> Option<&GridColumn> {
        let (block, position) = (column as usize / BLOCK, column as usize % BLOCK);
        match block.checked_sub(1) {
            None => self.near.get(position),
            Some(block) => self.far.get(block)?.get(position),
        }
    }

    /// All columns that were made, with their numbers.
    fn columns(&self) -> impl DoubleEndedIterator<Item = (u32, &GridColumn)> + '_ {
        let far = self.far.iter().enumerate();
        let far = far.flat_map(|(block, columns)| {
            let columns = columns.iter().enumerate();
            columns.map(move |(position, column)| ((block + 1) * BLOCK + position, column))
        });
        let near = self.near.iter().enumerate();
        near.chain(far)
            .map(|(number, column)| (number as u32, column))
    }

    /// The cell's id; [`ValueId::EMPTY`] where nothing is stored.
    pub fn get(&self, cell: CellRef) -> ValueId {
        self.find(cell.column)
            .map_or(ValueId::EMPTY, |column| column.get(cell.row))
    }

    /// The filled cells of a column from top to bottom.
    pub fn column(&self, column: u32) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        self.find(column).into_iter().flat_map(GridColumn::iter)
    }

    /// The last filled cell of a column.
    pub(crate) fn last(&self, column: u32) -> Option<ValueId> {
        let column = self.find(column)?;
        Some(column.get(column.last_row()?))
    }

    /// Adds one to the count of each row from `first` on in which the column is filled with anything but `blank`.
    pub(crate) fn count_filled(
        &self,
        column: u32,
        first: u32,
        counts: &mut [u16],
        blank: &HashSet<ValueId>,
    ) {
        let column = self.find(column);
        if let Some(few) = column.and_then(|column| column.few.as_ref()) {
            let counted = |id: &ValueId| u16::from(!id.is_empty() && !blank.contains(id));
            let counted: Vec<u16> = few.values.iter().map(counted).collect();
            let above = (first.saturating_sub(few.first) as usize).min(few.codes.len());
            let below = (few.first.saturating_sub(first) as usize).min(counts.len());
            let cells = few.codes[above..].iter().zip(&mut counts[below..]);
            cells.for_each(|(&code, count)| *count += counted[usize::from(code)]);
        }
        for run in column.into_iter().flat_map(GridColumn::runs) {
            let above = (first.saturating_sub(run.first) as usize).min(run.cells.len());
            let cells = &run.cells[above..];
            let below = (run.first.saturating_sub(first) as usize).min(counts.len());
            let cells = cells.iter().zip(&mut counts[below..]);
            if blank.is_empty() {
                cells.for_each(|(id, count)| *count += u16::from(!id.is_empty()));
            } else {
                cells.for_each(|(id, count)| {
                    *count += u16::from(!id.is_empty() && !blank.contains(id));
                });
            }
        }
    }

    /// The columns in which anything is filled, from left to right.
    pub fn used_columns(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let filled = |(_, column): &(u32, &GridColumn)| column.iter().next().is_some();
        self.columns().filter(filled).map(|(number, _)| number)
    }

    /// One past the last column in use.
    pub fn width(&self) -> u32 {
        self.used_columns().next_back().map_or(0, |last| last + 1)
    }

    /// One past the last row in use.
    pub fn height(&self) -> u32 {
        let rows = self.columns().filter_map(|(_, column)| column.last_row());
        rows.max().map_or(0, |row| row + 1)
    }

    /// First and last row in use, and first and last column.
    pub fn used(&self) -> Option<(CellRef, CellRef)> {
        let first_column = self.used_columns().next()?;
        let first_rows = self
            .columns()
            .filter_map(|(_, column)| column.iter().next());
        let first_row = first_rows.map(|(row, _)| row).min()?;
        Some((
            CellRef::new(first_row, first_column),
            CellRef::new(self.height() - 1, self.width() - 1),
        ))
    }

    /// Takes the ids of a column out, one for each of `rows` (ascending); the cells are gone from the grid.
    /// Where the rows are one unbroken run, its memory is reused.
    pub fn take_column(&mut self, column: u32, rows: &[u32]) -> Vec<ValueId> {
        if self.find(column).is_none() {
            return vec![ValueId::EMPTY; rows.len()];
        }
        let column = self.column_mut(column);
        let (Some(&first), Some(&last)) = (rows.first(), rows.last()) else {
            return Vec::new();
        };
        let unbroken = (last - first) as usize + 1 == rows.len();
        let column = std::mem::take(column);
        if column.few.is_none()
            && column.earlier.is_empty()
            && unbroken
            && column.last.first <= first
        {
            let Run {
                first: begin,
                cells: mut ids,
            } = column.last;
            ids.drain(..((first - begin) as usize).min(ids.len()));
            ids.resize(rows.len(), ValueId::EMPTY);
            return ids;
        }
        rows.iter().map(|&row| column.get(row)).collect()
    }

    /// Sets cells that a file stores after others further down, all at once: one by one, each would move the cells
    /// below it. Gives those of them that were filled before.
    pub(crate) fn set_late(&mut self, mut late: Vec<(CellRef, ValueId)>) -> Vec<CellRef> {
        let mut twice = Vec::new();
        late.sort_by_key(|&(cell, _)| (cell.column, cell.row));
        for late in late.chunk_by(|(one, _), (other, _)| one.column == other.column) {
            let Some(&(CellRef { column, .. }, _)) = late.first() else {
                continue;
            };
            let cells = self.column_mut(column);
            let mut all: Vec<_> = cells.iter().collect();
            all.extend(late.iter().map(|&(cell, id)| (cell.row, id)));
            all.sort_by_key(|&(row, _)| row);
            *cells = GridColumn::default();
            let mut last = None;
            for (row, id) in all {
                if last == Some(row) {
                    twice.push(CellRef::new(row, column));
                }
                last = Some(row);
                cells.set(row, id);
            }
        }
        twice
    }

    /// Gives memory back that was kept for cells to come.
    pub(crate) fn shrink_to_fit(&mut self) {
        let far = self.far.iter_mut().flat_map(|block| block.iter_mut());
        for column in self.near.iter_mut().chain(far) {
            column.last.cells.shrink_to_fit();
        }
    }

    /// How many cells are filled.
    pub fn filled(&self) -> usize {
        let columns = self.columns();
        columns.map(|(_, column)| column.filled()).sum()
    }
}

impl GridColumn {
    /// Sets the cell in `row`, counted from 0.
    #[inline]
    pub fn set(&mut self, row: u32, id: ValueId) {
        if row == self.last.end() {
            if self.last.cells.len() == self.last.cells.capacity() {
                self.last.make_room();
            }
            self.last.cells.push(id);
        } else {
            self.set_apart(row, id);
        }
    }

    /// Sets cells below each other from `first` on, which stands below all that are there: all of them at once where most
    /// are filled.
    pub(crate) fn append(&mut self, first: u32, ids: &[ValueId]) {
        self.widen();
        let filled = ids.iter().filter(|id| !id.is_empty()).count();
        if filled * 2 < ids.len() {
            for (row, &id) in (first..).zip(ids).filter(|(_, id)| !id.is_empty()) {
                self.set(row, id);
            }
            return;
        }
        let run = &mut self.last;
        let gap = first.saturating_sub(run.end());
        if run.cells.is_empty() {
            run.first = first;
        } else if gap <= BRIDGED_GAP {
            run.cells
                .resize((first - run.first) as usize, ValueId::EMPTY);
        } else {
            self.earlier.push(std::mem::take(run));
            run.first = first;
        }
        run.cells.extend_from_slice(ids);
    }

    /// Sets cells in these rows (ascending), which stand below all that are there.
    #[cfg(feature = "parquet")]
    pub(crate) fn append_at(&mut self, rows: &[u32], ids: &[ValueId]) {
        match (rows.first(), rows.last()) {
            (Some(&first), Some(&last)) if (last - first) as usize + 1 == rows.len() => {
                self.append(first, ids);
            }
            _ => {
                for (&row, &id) in rows.iter().zip(ids).filter(|(_, id)| !id.is_empty()) {
                    self.set(row, id);
                }
            }
        }
    }

    /// Keeps the cells in a byte each, where they hold few different values and most are filled.
    #[cfg(feature = "parquet")]
    pub(crate) fn narrow(&mut self) {
        let (Some(first), Some(last)) = (self.runs().next(), self.last_row()) else {
            return;
        };
        let first = first.first;
        let mut few = Few {
            first,
            codes: Vec::new(),
            values: vec![ValueId::EMPTY],
        };
        let mut code_of = HashMap::from([(ValueId::EMPTY, 0_u8)]);
        let length = (last - first) as usize + 1;
        if self.iter().count() * 2 < length {
            return;
        }
        few.codes.resize(length, 0);
        for (row, id) in self.iter() {
            let next = code_of.len();
            let code = match (code_of.get(&id), u8::try_from(next)) {
                (Some(&code), _) => code,
                (None, Ok(next)) => {
                    code_of.insert(id, next);
                    few.values.push(id);
                    next
                }
                (None, Err(_)) => return,
            };
            few.codes[(row - first) as usize] = code;
        }
        *self = Self {
            earlier: Vec::new(),
            // No row follows this one.
            last: Run {
                first: u32::MAX,
                cells: Vec::new(),
            },
            few: Some(Box::new(few)),
        };
    }

    fn widen(&mut self) {
        if let Some(few) = self.few.take() {
            self.last = Run {
                first: few.first,
                cells: few.iter().map(|(_, id)| id).collect(),
            };
        }
    }

    /// Gives every cell another id.
    #[cfg(feature = "parquet")]
    pub(crate) fn renumber(&mut self, number: impl Fn(ValueId) -> ValueId) {
        if let Some(few) = &mut self.few {
            for id in &mut few.values {
                *id = number(*id);
            }
        }
        let runs = self.earlier.iter_mut().chain([&mut self.last]);
        for id in runs.flat_map(|run| &mut run.cells) {
            *id = number(*id);
        }
    }

    fn set_apart(&mut self, row: u32, id: ValueId) {
        if self.few.is_some() {
            self.widen();
            return self.set(row, id);
        }
        let run = &mut self.last;
        let apart = || Run {
            first: row,
            cells: vec![id],
        };
        if run.cells.is_empty() {
            *run = apart();
        } else if row < run.end() {
            self.set_earlier(row, id);
        } else if row - run.end() <= BRIDGED_GAP {
            run.cells.resize((row - run.first) as usize, ValueId::EMPTY);
            run.cells.push(id);
        } else {
            run.cells.shrink_to_fit();
            self.earlier.push(std::mem::replace(run, apart()));
        }
    }

    fn set_earlier(&mut self, row: u32, id: ValueId) {
        let position = self.earlier.partition_point(|run| run.end() <= row);
        let run = self.earlier.get_mut(position).unwrap_or(&mut self.last);
        if run.first <= row {
            run.cells[(row - run.first) as usize] = id;
        } else {
            let apart = Run {
                first: row,
                cells: vec![id],
            };
            self.earlier.insert(position, apart);
        }
    }

    /// How many cells are filled.
    fn filled(&self) -> usize {
        if let Some(few) = &self.few {
            return few.iter().filter(|(_, id)| !id.is_empty()).count();
        }
        let filled = |run: &Run| run.cells.iter().filter(|id| !id.is_empty()).count();
        self.runs().map(filled).sum()
    }

    /// From top to bottom.
    fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.earlier.iter().chain([&self.last])
    }

    /// The id in `row`.
    pub fn get(&self, row: u32) -> ValueId {
        if let Some(few) = &self.few {
            let code = row.checked_sub(few.first);
            let code = code.and_then(|row| few.codes.get(row as usize));
            return code.map_or(ValueId::EMPTY, |&code| few.values[usize::from(code)]);
        }
        let position = self.earlier.partition_point(|run| run.end() <= row);
        let run = self.earlier.get(position).unwrap_or(&self.last);
        let cell = row.checked_sub(run.first);
        cell.and_then(|cell| run.cells.get(cell as usize).copied())
            .unwrap_or(ValueId::EMPTY)
    }

    /// The filled cells from top to bottom.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        self.runs()
            .flat_map(|run| {
                (0..)
                    .zip(&run.cells)
                    .map(|(below, &id)| (run.first + below, id))
            })
            .chain(self.few.iter().flat_map(|few| few.iter()))
            .filter(|(_, id)| !id.is_empty())
    }

    fn last_row(&self) -> Option<u32> {
        if let Some(few) = &self.few {
            let last = few.codes.iter().rposition(|&code| code != 0)?;
            return Some(few.first + last as u32);
        }
        self.runs().rev().find_map(|run| {
            let last = run.cells.iter().rposition(|id| !id.is_empty())?;
            Some(run.first + last as u32)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_corners_cost_two_cells() {
        let mut grid = Grid::default();
        grid.set(CellRef::new(0, 0), ValueId::bool(true));
        grid.set(CellRef::new(1_048_575, 16_383), ValueId::bool(false));
        assert_eq!(grid.filled(), 2);
        assert_eq!((grid.height(), grid.width()), (1_048_576, 16_384));
        assert_eq!(
            grid.columns()
                .flat_map(|(_, column)| column.runs())
                .map(|run| run.cells.len())
                .sum::<usize>(),
            2
        );
    }

    #[test]
    fn cells_may_come_in_any_order_and_twice() {
        let mut grid = Grid::default();
        for row in [5, 3, 900, 4, 3, 0] {
            grid.set(CellRef::new(row, 1), ValueId::bool(row == 3));
        }
        let rows: Vec<_> = grid.column(1).map(|(row, _)| row).collect();
        assert_eq!(rows, [0, 3, 4, 5, 900]);
        assert_eq!(grid.get(CellRef::new(3, 1)), ValueId::bool(true));
        assert_eq!(grid.get(CellRef::new(6, 1)), ValueId::EMPTY);
        assert_eq!(
            grid.used(),
            Some((CellRef::new(0, 1), CellRef::new(900, 1)))
        );
        grid.set(CellRef::new(901, 1), ValueId::EMPTY);
        assert_eq!(grid.last(1), Some(ValueId::bool(false)));
        assert_eq!((grid.last(0), grid.last(40)), (None, None));
    }

    #[test]
    fn late_cells_are_set_as_if_they_came_one_by_one() {
        let rows = [5, 3, 900, 4, 3, 0, 900, 70, 6];
        let (mut one_by_one, mut at_once) = (Grid::default(), Grid::default());
        let mut late = Vec::new();
        for (position, row) in (0..).zip(rows) {
            let (cell, id) = (CellRef::new(row, 7), ValueId::bool(position % 2 == 0));
            one_by_one.set(cell, id);
            if position < 3 {
                at_once.set(cell, id);
            } else {
                late.push((cell, id));
            }
        }
        let twice = at_once.set_late(late);
        assert_eq!(twice, [CellRef::new(3, 7), CellRef::new(900, 7)]);
        assert!(at_once.column(7).eq(one_by_one.column(7)));
    }

    #[test]
    #[cfg(feature = "parquet")]
    fn a_column_of_few_values_says_the_same_in_a_byte_each() {
        let mut column = GridColumn::default();
        for row in [3, 4, 6, 7, 9] {
            column.set(row, ValueId::bool(row % 2 == 0));
        }
        let mut narrow = column.clone();
        narrow.narrow();
        assert!(narrow.few.is_some());
        assert!(narrow.iter().eq(column.iter()));
        assert!((0..12).all(|row| narrow.get(row) == column.get(row)));
        assert_eq!(narrow.last_row(), Some(9));
        let count = |column: &GridColumn| {
            let mut grid = Grid::default();
            *grid.column_mut(0) = column.clone();
            let mut counts = [0; 6];
            let blank = HashSet::from([ValueId::bool(true)]);
            grid.count_filled(0, 4, &mut counts, &blank);
            (counts, grid.height(), grid.take_column(0, &[4, 5, 6]))
        };
        assert_eq!(count(&narrow), count(&column));
        for (row, id) in [(10, ValueId::bool(true)), (0, ValueId::bool(false))] {
            narrow.set(row, id);
            column.set(row, id);
            assert!(narrow.iter().eq(column.iter()));
        }
    }

    #[test]
    fn a_column_is_taken_row_by_row() {
        let mut grid = Grid::default();
        for row in 0..5 {
            grid.set(CellRef::new(row, 0), ValueId::bool(row % 2 == 0));
        }
        assert_eq!(
            grid.clone().take_column(0, &[3, 4, 5]),
            [ValueId::bool(false), ValueId::bool(true), ValueId::EMPTY]
        );
        assert_eq!(
            grid.clone().take_column(0, &[1, 4]),
            [ValueId::bool(false), ValueId::bool(true)]
        );
        assert_eq!(grid.take_column(7, &[1, 4]), [ValueId::EMPTY; 2]);
    }
}
