//! The cells of a sheet, column by column, each a four-byte id. Memory follows the cells that are there, never the
//! size the sheet claims: two cells in opposite corners cost two cells.

use std::collections::HashSet;

use leadsheet_core::{CellRef, ValueId};

/// Columns that are made together: one far to the right costs its neighbours, not everything before it.
const BLOCK: usize = 32;

/// Empty cells that a run bridges rather than breaks for: another run costs as much, 64 bytes.
const BRIDGED_GAP: u32 = 16;

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

    /// Adds one to the count of each row from `first` on in which the column is filled with anything but `blank`.
    pub(crate) fn count_filled(
        &self,
        column: u32,
        first: u32,
        counts: &mut [u16],
        blank: &HashSet<ValueId>,
    ) {
        for run in self.find(column).into_iter().flat_map(GridColumn::runs) {
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
        if column.earlier.is_empty() && unbroken && column.last.first <= first {
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
            for run in &mut column.earlier {
                run.cells.shrink_to_fit();
            }
        }
    }

    /// How many cells are filled.
    pub fn filled(&self) -> usize {
        let runs = self.columns().flat_map(|(_, column)| column.runs());
        let of_run = runs.map(|run| run.cells.iter().filter(|id| !id.is_empty()).count());
        of_run.sum()
    }
}

impl GridColumn {
    /// Sets the cell in `row`, counted from 0.
    #[inline]
    pub fn set(&mut self, row: u32, id: ValueId) {
        if row == self.last.end() {
            self.last.cells.push(id);
        } else {
            self.set_apart(row, id);
        }
    }

    fn set_apart(&mut self, row: u32, id: ValueId) {
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

    /// From top to bottom.
    fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.earlier.iter().chain([&self.last])
    }

    /// The id in `row`.
    pub fn get(&self, row: u32) -> ValueId {
        let position = self.earlier.partition_point(|run| run.end() <= row);
        let run = self.earlier.get(position).unwrap_or(&self.last);
        let cell = row.checked_sub(run.first);
        cell.and_then(|cell| run.cells.get(cell as usize).copied())
            .unwrap_or(ValueId::EMPTY)
    }

    /// The filled cells from top to bottom.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        self.runs()
            .flat_map(|run| (run.first..).zip(run.cells.iter().copied()))
            .filter(|(_, id)| !id.is_empty())
    }

    fn last_row(&self) -> Option<u32> {
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
