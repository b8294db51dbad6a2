//! One row in two tables: taken once.
//!
//! A row that stands twice in one table stands twice in the result: whether that is a mistake is for a person to say.
//! So of equal rows as many are taken as the table has that has most of them.

use std::collections::BTreeMap;

use super::columns::UnitedColumn;
use super::input::{Input, Place, Tables};
use super::origin::may_be_one_file;
use super::pool::Pool;
use crate::field::Field;
use crate::ledger::ValueId;

/// A row of the result.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) input: usize,
    pub(super) row: usize,
    pub(super) place: Place,
    /// Where else it stands.
    pub(super) copies: Vec<Place>,
    /// Input and row of the file that it first stood in, where that was read.
    pub(super) first: (usize, usize),
}

/// Rows under united columns.
pub(super) struct Rows<'m> {
    pub(super) inputs: &'m [Input],
    pub(super) columns: &'m [UnitedColumn],
    pub(super) pool: &'m Pool,
    pub(super) tables: &'m Tables,
}

impl Rows<'_> {
    /// The rows to take, each once, by where they first stood.
    pub(super) fn taken(&self) -> Vec<Taken> {
        let mut all: Vec<(u64, u32, u32)> = Vec::new();
        for (position, input) in (0..).zip(self.inputs) {
            let rows = (0..).take(input.places.len());
            all.extend(rows.map(|row| (self.hash(position as usize, row as usize), position, row)));
        }
        all.sort_unstable();
        let mut taken = Vec::with_capacity(all.len());
        for of_hash in all.chunk_by(|one, other| one.0 == other.0) {
            let mut rest: Vec<(usize, usize)> = of_hash
                .iter()
                .map(|&(_, input, row)| (input as usize, row as usize))
                .collect();
            while let Some(&first) = rest.first() {
                let (equal, others) = if rest.len() == 1 {
                    (std::mem::take(&mut rest), Vec::new())
                } else {
                    rest.iter().partition(|&&row| self.are_equal(first, row))
                };
                rest = others;
                self.take(&equal, &mut taken);
            }
        }
        taken.sort_by_key(|row| {
            let is_new = !self.inputs[row.input].is_merged;
            (row.place, is_new, row.input, row.row)
        });
        taken
    }

    fn id(&self, (input, row): (usize, usize), column: &UnitedColumn) -> ValueId {
        column.from[input].map_or(ValueId::EMPTY, |from| {
            self.inputs[input].columns[from].ids[row]
        })
    }

    /// Columns that make up the row. A running number does not: it is another one in every table.
    fn telling(&self) -> impl Iterator<Item = (usize, &UnitedColumn)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, column)| column.field != Some(Field::RowNumber))
    }

    fn hash(&self, input: usize, row: usize) -> u64 {
        let part = |(position, column): (usize, &UnitedColumn)| {
            let shown = self.pool.shown(self.id((input, row), column))?;
            Some(self.pool.hash_of((position, shown)))
        };
        let parts = |total: Option<u64>, part: u64| Some(total.unwrap_or(0).wrapping_add(part));
        let whole = self.telling().filter_map(part).fold(None, parts);
        // A row with nothing but its number is known by that.
        whole.unwrap_or_else(|| {
            let all = self.columns.iter().enumerate().filter_map(part);
            all.fold(0, u64::wrapping_add)
        })
    }

    fn are_equal(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let same = |column: &UnitedColumn| {
            self.pool
                .show_the_same(self.id(one, column), self.id(other, column))
        };
        let is_blank = |column: &UnitedColumn| self.pool.shown(self.id(one, column)).is_none();
        self.telling().all(|(_, column)| same(column))
            && (!self.telling().all(|(_, column)| is_blank(column))
                || self.columns.iter().all(same))
    }

    /// Takes of equal rows those of the table that has most of them; of equals, those that an earlier merge has taken,
    /// then those of the table that comes first by name.
    fn take(&self, equal: &[(usize, usize)], taken: &mut Vec<Taken>) {
        let place = |(input, row): (usize, usize)| self.inputs[input].places[row];
        let mut of_table: BTreeMap<(usize, u32), Vec<(usize, usize)>> = BTreeMap::new();
        for &row in equal {
            of_table
                .entry((row.0, place(row).table))
                .or_default()
                .push(row);
        }
        for rows in of_table.values_mut() {
            rows.sort_by_key(|&row| (place(row), row));
        }
        let most = of_table.values().max_by_key(|rows| {
            let is_merged = self.inputs[rows[0].0].is_merged;
            (rows.len(), is_merged, std::cmp::Reverse(place(rows[0])))
        });
        let Some(most) = most else { return };
        for (position, &chosen) in most.iter().enumerate() {
            let mut row = Taken {
                input: chosen.0,
                row: chosen.1,
                place: place(chosen),
                copies: Vec::new(),
                first: chosen,
            };
            let equals = of_table.values().filter_map(|rows| rows.get(position));
            for &other in equals {
                if !self.is_one_row(place(other), row.place) {
                    row.copies.push(place(other));
                } else if !self.inputs[other.0].is_merged {
                    row.first = other;
                }
                let inherited = self.inputs[other.0].copies.get(&other.1);
                row.copies.extend(inherited.into_iter().flatten());
            }
            row.copies.retain(|&copy| !self.is_one_row(copy, row.place));
            row.copies.sort_unstable();
            row.copies.dedup();
            taken.push(row);
        }
    }

    /// Whether both are one row of one file, which may have been named with more or fewer of its folders.
    fn is_one_row(&self, one: Place, other: Place) -> bool {
        one == other
            || (one.row == other.row
                && self.tables.sheet(one.table) == self.tables.sheet(other.table)
                && may_be_one_file(self.tables.file(one.table), self.tables.file(other.table)))
    }
}
