//! A table on its way into a merge: its values in the pool, its rows with the place they first stood in.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

use super::origin::{OriginHeadings, RowOrigin};
use super::pool::Pool;
use crate::field::{Field, FieldKind};
use crate::ledger::{Column, Full, Ledger, Value, ValueId};
use crate::place::CellRef;
use crate::text::compact_key;
use crate::wording::Wording;

/// Days between 1 January 1900 and 1904, from which old Macintoshes count.
const DAYS_TO_1904: f64 = 1462.0;

/// A row of a table that was read or that a merge has read before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// Position among [`Tables`].
    pub(super) table: u32,
    /// The row's number, counted from 1.
    pub(super) row: u32,
}

/// The tables that rows come from, by file and sheet.
#[derive(Debug, Default)]
pub(super) struct Tables {
    names: Vec<(Arc<str>, Arc<str>)>,
    known: HashMap<(Arc<str>, Arc<str>), u32>,
}

impl Tables {
    fn position(&mut self, file: &str, sheet: &str) -> u32 {
        let name: (Arc<str>, Arc<str>) = (file.into(), sheet.into());
        let next = self.names.len() as u32;
        let names = &mut self.names;
        *self.known.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            next
        })
    }

    pub(super) fn file(&self, table: u32) -> &str {
        &self.names[table as usize].0
    }

    pub(super) fn sheet(&self, table: u32) -> &str {
        &self.names[table as usize].1
    }

    pub(super) fn origin(&self, place: Place) -> RowOrigin {
        let (file, sheet) = &self.names[place.table as usize];
        RowOrigin {
            file: Arc::clone(file),
            sheet: Arc::clone(sheet),
            row: place.row,
        }
    }

    /// Sorts the tables by name; gives the new position of each.
    pub(super) fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_by(|&one, &other| self.names[one as usize].cmp(&self.names[other as usize]));
        let mut ranks = vec![0; order.len()];
        for (rank, &table) in (0..).zip(&order) {
            ranks[table as usize] = rank;
        }
        self.names = order
            .iter()
            .map(|&table| self.names[table as usize].clone())
            .collect();
        self.known.clear();
        ranks
    }
}

/// A table that was read.
#[derive(Debug)]
pub(super) struct Input {
    /// Itself, among the tables.
    pub(super) table: u32,
    /// Whether an earlier merge has made it.
    pub(super) is_merged: bool,
    /// How many files its rows come from.
    pub(super) files: usize,
    pub(super) wording: Wording,
    /// Whether a row of groups above the heading says what some headings mean.
    pub(super) is_grouped: bool,
    pub(super) columns: Vec<InputColumn>,
    /// By row.
    pub(super) places: Vec<Place>,
    /// Where else a row stood, by row.
    pub(super) copies: HashMap<usize, Vec<Place>>,
}

/// A column of it.
#[derive(Debug)]
pub(super) struct InputColumn {
    pub(super) header: String,
    pub(super) field: Option<Field>,
    pub(super) required: bool,
    pub(super) ids: Vec<ValueId>,
    index: u32,
    /// By row, where the values do not stand below each other.
    cells: Option<Vec<CellRef>>,
}

impl Input {
    /// Reads a table. Columns that an earlier merge has added say where its rows come from and are no columns of it.
    pub(super) fn read(
        file: &str,
        ledger: &Ledger,
        headings: &[OriginHeadings],
        tables: &mut Tables,
        pool: &mut Pool,
    ) -> Result<Self, Full> {
        let table = tables.position(file, &ledger.sheet);
        let origins = OriginColumns::find(ledger, headings);
        let mut input = Self {
            table,
            is_merged: origins.is_some(),
            files: 1,
            wording: Wording::of(ledger.columns().iter().map(|column| &*column.header)),
            is_grouped: ledger.header_rows.len() > 1,
            columns: Vec::with_capacity(ledger.columns().len()),
            places: Vec::with_capacity(ledger.len()),
            copies: HashMap::new(),
        };
        let mut files = BTreeSet::new();
        for (row, &at) in ledger.sheet_rows().iter().enumerate() {
            let own = Place { table, row: at + 1 };
            let place = origins
                .as_ref()
                .and_then(|origins| origins.place(ledger, row, tables));
            input.places.push(place.unwrap_or(own));
            files.insert(place.unwrap_or(own).table);
            let copies = origins
                .as_ref()
                .map_or_else(Vec::new, |origins| origins.copies(ledger, row, tables));
            if !copies.is_empty() {
                input.copies.insert(row, copies);
            }
        }
        if input.is_merged {
            let names: BTreeSet<&str> = files.iter().map(|&table| tables.file(table)).collect();
            input.files = names.len().max(1);
        }
        for column in ledger.columns() {
            let is_origin = |origins: &OriginColumns<'_>| origins.holds(column);
            if !origins.as_ref().is_some_and(is_origin) {
                input.columns.push(InputColumn::read(ledger, column, pool)?);
            }
        }
        Ok(input)
    }

    /// The cell of a column, where this is the file that the row first stood in.
    pub(super) fn cell(&self, row: usize, column: usize) -> Option<CellRef> {
        if self.is_merged {
            return None;
        }
        let column = &self.columns[column];
        Some(match &column.cells {
            Some(cells) => cells[row],
            None => CellRef::new(self.places[row].row - 1, column.index),
        })
    }

    /// Gives the tables their new positions.
    pub(super) fn renumber(&mut self, ranks: &[u32]) {
        let rank = |place: &mut Place| place.table = ranks[place.table as usize];
        self.table = ranks[self.table as usize];
        self.places.iter_mut().for_each(rank);
        self.copies.values_mut().flatten().for_each(rank);
    }
}

impl InputColumn {
    fn read(ledger: &Ledger, column: &Column, pool: &mut Pool) -> Result<Self, Full> {
        let values = ledger.values();
        let is_date = column
            .field
            .is_some_and(|field| field.kind() == FieldKind::Date);
        let mut of_code = Vec::with_capacity(column.distinct().len());
        for &id in column.distinct() {
            let value = match values.get(id) {
                // A day that has lost its format; the merged table counts from 1900.
                Value::Number { value, format } if is_date && values.counts_from_1904() => {
                    let value = value + DAYS_TO_1904;
                    Value::Number { value, format }
                }
                value => value,
            };
            of_code.push(pool.intern(value)?);
        }
        let ids = column.codes().iter().map(|code| of_code[code as usize]);
        let cells = || {
            (0..ledger.len())
                .map(|row| ledger.cell(row, column))
                .collect()
        };
        Ok(Self {
            header: column.header.clone(),
            field: column.field,
            required: column.required,
            ids: ids.collect(),
            index: column.index,
            cells: column.is_placed().then(cells),
        })
    }
}

/// The columns of a merged table that say where its rows come from.
struct OriginColumns<'l> {
    file: &'l Column,
    sheet: &'l Column,
    row: &'l Column,
    copies: Option<&'l Column>,
}

impl<'l> OriginColumns<'l> {
    fn find(ledger: &'l Ledger, headings: &[OriginHeadings]) -> Option<Self> {
        let keys: Vec<String> = ledger
            .columns()
            .iter()
            .map(|column| compact_key(&column.header))
            .collect();
        headings.iter().find_map(|headings| {
            let column = |heading: &str| {
                let wanted = compact_key(heading);
                let position = keys.iter().position(|key| *key == wanted)?;
                Some(&ledger.columns()[position])
            };
            Some(Self {
                file: column(&headings.file)?,
                sheet: column(&headings.sheet)?,
                row: column(&headings.row)?,
                copies: column(&headings.copies),
            })
        })
    }

    fn holds(&self, column: &Column) -> bool {
        let own = [self.file, self.sheet, self.row];
        let mut own = own.into_iter().chain(self.copies);
        own.any(|own| std::ptr::eq(own, column))
    }

    /// Where a row first stood; `None` for one that somebody has added since.
    fn place(&self, ledger: &Ledger, row: usize, tables: &mut Tables) -> Option<Place> {
        let file = ledger.value(row, self.file);
        let number = ledger.value(row, self.row).text().trim().parse().ok()?;
        let sheet = ledger.value(row, self.sheet);
        (!file.is_blank() && number > 0).then(|| Place {
            table: tables.position(&file.text(), &sheet.text()),
            row: number,
        })
    }

    fn copies(&self, ledger: &Ledger, row: usize, tables: &mut Tables) -> Vec<Place> {
        let Some(column) = self.copies else {
            return Vec::new();
        };
        let text = ledger.value(row, column).display();
        let origins = text.lines().filter_map(RowOrigin::parse);
        origins
            .map(|(file, sheet, row)| Place {
                table: tables.position(file, sheet),
                row,
            })
            .collect()
    }
}
