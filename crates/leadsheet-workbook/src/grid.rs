//! The cells of a sheet, column by column, each a four-byte id. Memory follows the cells that are there, never the
//! size the sheet claims: two cells in opposite corners cost two cells.

use leadsheet_core::{CellRef, ValueId};

/// Empty cells that a run bridges rather than breaks for: 256 bytes at most per stored cell.
const BRIDGED_GAP: u32 = 64;

/// Where the cells of one sheet stand.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    columns: Vec<GridColumn>,
}

/// One column: runs of cells from top to bottom, far apart from each other.
#[derive(Clone, Debug, Default)]
pub struct GridColumn {
    runs: Vec<Run>,
}

#[derive(Clone, Debug)]
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
    pub fn set(&mut self, cell: CellRef, id: ValueId) {
        self.column_mut(cell.column).set(cell.row, id);
    }

    /// A column to fill, counted from 0.
    pub fn column_mut(&mut self, column: u32) -> &mut GridColumn {
        let position = column as usize;
        if self.columns.len() <= position {
            self.columns.resize_with(position + 1, GridColumn::default);
        }
        &mut self.columns[position]
    }

    /// The cell's id; [`ValueId::EMPTY`] where nothing is stored.
    pub fn get(&self, cell: CellRef) -> ValueId {
        self.columns
            .get(cell.column as usize)
            .map_or(ValueId::EMPTY, |column| column.get(cell.row))
    }

    /// The filled cells of a column from top to bottom.
    pub fn column(&self, column: u32) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        self.columns
            .get(column as usize)
            .into_iter()
            .flat_map(GridColumn::iter)
    }

    /// One past the last column in use.
    pub fn width(&self) -> u32 {
        let last = self
            .columns
            .iter()
            .rposition(|column| column.iter().next().is_some());
        last.map_or(0, |last| last as u32 + 1)
    }

    /// One past the last row in use.
    pub fn height(&self) -> u32 {
        self.columns
            .iter()
            .filter_map(GridColumn::last_row)
            .max()
            .map_or(0, |row| row + 1)
    }

    /// First and last row in use, and first and last column.
    pub fn used(&self) -> Option<(CellRef, CellRef)> {
        let used = || {
            (0..)
                .zip(&self.columns)
                .filter(|(_, column)| column.iter().next().is_some())
        };
        let first_column = used().next()?.0;
        let first_row = used()
            .filter_map(|(_, column)| column.iter().next())
            .map(|(row, _)| row)
            .min()?;
        Some((
            CellRef::new(first_row, first_column),
            CellRef::new(self.height() - 1, self.width() - 1),
        ))
    }

    /// Takes the ids of a column out, one for each of `rows` (ascending); the cells are gone from the grid.
    /// Where the rows are one unbroken run, its memory is reused.
    pub fn take_column(&mut self, column: u32, rows: &[u32]) -> Vec<ValueId> {
        let Some(column) = self.columns.get_mut(column as usize) else {
            return vec![ValueId::EMPTY; rows.len()];
        };
        let (Some(&first), Some(&last)) = (rows.first(), rows.last()) else {
            return Vec::new();
        };
        let unbroken = (last - first) as usize + 1 == rows.len();
        if let ([run], true) = (&mut column.runs[..], unbroken)
            && run.first <= first
        {
            let mut ids = std::mem::take(&mut run.cells);
            ids.drain(..((first - run.first) as usize).min(ids.len()));
            ids.resize(rows.len(), ValueId::EMPTY);
            column.runs.clear();
            return ids;
        }
        let ids = rows.iter().map(|&row| column.get(row)).collect();
        column.runs.clear();
        ids
    }

    /// How many cells are filled.
    pub fn filled(&self) -> usize {
        self.columns.iter().flat_map(GridColumn::iter).count()
    }
}

impl GridColumn {
    /// Sets the cell in `row`, counted from 0.
    pub fn set(&mut self, row: u32, id: ValueId) {
        match self.runs.last_mut() {
            Some(run) if row >= run.end() && row - run.end() <= BRIDGED_GAP => {
                run.cells.resize((row - run.first) as usize, ValueId::EMPTY);
                run.cells.push(id);
            }
            Some(run) if row < run.end() => self.set_earlier(row, id),
            _ => self.runs.push(Run {
                first: row,
                cells: vec![id],
            }),
        }
    }

    fn set_earlier(&mut self, row: u32, id: ValueId) {
        let position = self.runs.partition_point(|run| run.end() <= row);
        match self.runs.get_mut(position) {
            Some(run) if run.first <= row => run.cells[(row - run.first) as usize] = id,
            _ => self.runs.insert(
                position,
                Run {
                    first: row,
                    cells: vec![id],
                },
            ),
        }
    }

    /// The id in `row`.
    pub fn get(&self, row: u32) -> ValueId {
        let position = self.runs.partition_point(|run| run.end() <= row);
        match self.runs.get(position) {
            Some(run) if run.first <= row => run.cells[(row - run.first) as usize],
            _ => ValueId::EMPTY,
        }
    }

    /// The filled cells from top to bottom.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ValueId)> + '_ {
        self.runs
            .iter()
            .flat_map(|run| (run.first..).zip(run.cells.iter().copied()))
            .filter(|(_, id)| !id.is_empty())
    }

    fn last_row(&self) -> Option<u32> {
        self.runs.iter().rev().find_map(|run| {
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
            grid.columns
                .iter()
                .flat_map(|column| &column.runs)
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
