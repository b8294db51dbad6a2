//! Parquet: one table, typed as its columns are meant, so that pandas, DuckDB and warehouses take it as it is, and so
//! complete that reading it gives the same cells at the same addresses again.
//!
//! A date column is dates, an amount exact decimals, everything else text. Where a cell says more than that (a date
//! written as text, a ticked box, a format of its own), the column beside it, `…_raw`, holds the cell as it is. Where
//! the table stood and what stood around it is in the file's metadata (`provenance.rs`).

mod columns;
mod file;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use leadsheet_core::{
    CellRef, Ledger, LedgerBuilder, MAX_COLUMNS, MAX_ROWS, Policy, Reading, column_letters,
};

use self::columns::Outgoing;
use super::{Loss, OutputTable};
use crate::error::WriteError;
use crate::provenance::{ColumnNote, Provenance, ROW, SCHEMA, StoredCell};
use crate::sheet::Sheet;

/// Cells around a table that travel along; nobody writes so many above one.
const MOST_AROUND: usize = 10_000;

/// What the columns of a parquet file are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParquetNames {
    /// As the headings of the table.
    #[default]
    Headings,
    /// By the keys of their fields (`follow_up_date`), so that many tables go together; as their headings where they
    /// are nobody's field.
    Fields,
}

/// How a table becomes a parquet file.
#[derive(Clone, Copy, Debug)]
pub struct ParquetOptions<'a> {
    /// How dates, amounts and shares are read.
    pub policy: &'a Policy,
    /// What the columns are called.
    pub names: ParquetNames,
    /// The workbook that the table is from, as findings shall name it.
    pub origin: Option<&'a str>,
}

/// Writes one table as parquet; `sheet` is the one it stands in, whose titles, banners and totals travel along.
///
/// # Errors
/// [`WriteError`] where the table does not fit the format.
pub fn to_parquet(
    table: &OutputTable<'_>,
    sheet: Option<&Sheet>,
    options: &ParquetOptions<'_>,
) -> Result<(Vec<u8>, Vec<Loss>), WriteError> {
    let ledger = ledger_of(table)?;
    let stands = match &ledger {
        Cow::Borrowed(ledger) => stands_as_it_says(ledger),
        Cow::Owned(_) => true,
    };
    let sheet = sheet.filter(|_| stands && matches!(ledger, Cow::Borrowed(_)));
    // Where the first value stands, of a table that is built here.
    let corner = table.sheet_cells().map(|cells| cells.first);
    let reading = Reading::new(&ledger, options.policy);
    let mut names = Names::default();
    let mut outgoing = Vec::new();
    let mut notes = Vec::new();
    for (position, column) in ledger.columns().iter().enumerate() {
        let index = match corner {
            Some(corner) => corner.column + position as u32,
            None if stands => column.index,
            None => position as u32,
        };
        let letter = column_letters(index);
        let wanted = match (options.names, column.field) {
            (ParquetNames::Fields, Some(field)) => field.key(),
            _ if column.header.trim().is_empty() => &letter,
            _ => &column.header,
        };
        let name = names.unique(wanted);
        let values = Outgoing::of(&reading, position, stands);
        let raw = values
            .has_raw()
            .then(|| names.unique(&format!("{name}_raw")));
        notes.push(ColumnNote {
            name: name.clone(),
            heading: column.header.clone(),
            letter,
            field: column.field.map(|field| field.key().to_owned()),
            format: values.format.clone(),
            raw: raw.clone(),
        });
        outgoing.push((name, raw, values));
    }
    let rows: Vec<u32> = match corner {
        Some(corner) => (corner.row..).take(ledger.len()).collect(),
        None if stands => ledger.sheet_rows().to_vec(),
        None => (1..=ledger.len() as u32).collect(),
    };
    let (around, losses) = match sheet {
        Some(sheet) => around(sheet, &ledger),
        None => (BTreeMap::new(), Vec::new()),
    };
    let heading_row = match corner {
        Some(_) => None,
        None if stands => ledger.header_rows.last().copied(),
        None => Some(0),
    };
    let provenance = Provenance {
        schema: SCHEMA.to_owned(),
        file: options.origin.map(ToOwned::to_owned),
        sheet: table.sheet.clone(),
        template: table.template.clone(),
        heading_row: heading_row.map(|row| row + 1),
        columns: notes,
        around,
        merges: if sheet.is_some() {
            ledger.merges.clone()
        } else {
            Vec::new()
        },
        counts_from_1904: ledger.values().counts_from_1904(),
    };
    let bytes = file::write(&provenance, &rows, &outgoing)
        .map_err(|error| WriteError::Compose(error.to_string()))?;
    Ok((bytes, losses))
}

/// The table as a ledger: its own, where it is one as it stands, else one made of its rows.
fn ledger_of<'a>(table: &'a OutputTable<'_>) -> Result<Cow<'a, Ledger>, WriteError> {
    if let Some(ledger) = table.own_ledger() {
        return Ok(Cow::Borrowed(ledger));
    }
    let template = table.template.as_deref().unwrap_or_default();
    let mut builder = LedgerBuilder::new(&table.sheet, template);
    for column in &table.columns {
        builder.column(&column.header, column.field);
    }
    for row in 0..table.len() {
        let values: Vec<_> = table
            .columns
            .iter()
            .map(|it| table.value(row, it))
            .collect();
        builder
            .row(&values)
            .map_err(|full| WriteError::Compose(full.to_string()))?;
    }
    Ok(Cow::Owned(builder.build()))
}

/// Whether every value stands in the row of the table, below its heading, as no form's does.
fn stands_as_it_says(ledger: &Ledger) -> bool {
    let mut taken = HashSet::new();
    let rows = ledger.sheet_rows();
    let is_ascending = rows.is_sorted_by(|one, next| one < next);
    let below = |column: &leadsheet_core::Column| {
        let mut rows = rows.iter().enumerate();
        taken.insert(column.index)
            && rows.all(|(row, &at)| ledger.cell(row, column) == CellRef::new(at, column.index))
    };
    is_ascending && ledger.columns().iter().all(below)
}

/// The filled cells of a sheet that are not in its table.
fn around(sheet: &Sheet, ledger: &Ledger) -> (BTreeMap<CellRef, StoredCell>, Vec<Loss>) {
    let heading = ledger.header_rows.last().copied();
    let mut around = BTreeMap::new();
    for column in sheet.grid.used_columns() {
        let in_table = ledger.columns().iter().any(|it| it.index == column);
        for (row, id) in sheet.grid.column(column) {
            let is_data = ledger.sheet_rows().binary_search(&row).is_ok() || Some(row) == heading;
            if (in_table && is_data) || row >= MAX_ROWS || column >= MAX_COLUMNS {
                continue;
            }
            if around.len() >= MOST_AROUND {
                let sheet = sheet.name.clone();
                return (around, vec![Loss::AroundTableLeftOut { sheet }]);
            }
            let cell = StoredCell::of(sheet.values.get(id));
            around.insert(CellRef::new(row, column), cell);
        }
    }
    (around, Vec::new())
}

/// Names of columns, each once: databases tell no capitals from small letters.
struct Names(HashSet<String>);

impl Default for Names {
    fn default() -> Self {
        Self(HashSet::from([ROW.to_owned()]))
    }
}

impl Names {
    fn unique(&mut self, wanted: &str) -> String {
        let wanted = wanted.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }
}
