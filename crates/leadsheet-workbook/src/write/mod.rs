//! Writing: a new workbook composed from sheets or ledgers, one file a format.
//!
//! Every write goes to a temporary file beside the target, is flushed to disk and then renamed: killed at any moment,
//! the old file or the new one is there, whole.

mod as_it_stands;
mod blank;
mod checked;
#[cfg(test)]
mod corpus;
mod csv;
mod draft;
mod figures;
mod furnish;
mod guide;
mod guided;
mod json;
mod look;
mod ods;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(test)]
mod round_trip;
mod save;
mod table;
mod terms;
mod turn;
pub(crate) mod xls;
mod xlsx;

use std::path::Path;

use chrono::Datelike as _;
use leadsheet_core::{Ledger, Value};

use crate::error::WriteError;
use crate::sheet::{Sheet, Workbook};
use crate::template::{Templates, recognise};

pub use blank::{BlankOptions, blank};
pub(crate) use checked::Checked;
pub use csv::would_run;
pub use figures::sheet_name;
pub use figures::{
    ChartKind, Figure, FigureBook, FigureChart, FigureColumn, FigureKind, FigureRow, FigureSheet,
    FigureTable, compose_figures,
};
pub use guide::Guide;
#[cfg(feature = "parquet")]
pub use parquet::{ParquetNames, ParquetOptions, to_parquet};
pub use save::save;
pub(crate) use save::save_with;
pub(crate) use table::ImportForm;
pub use table::{OutputColumn, OutputTable, into_template, tables};
pub use terms::TermChange;
pub use turn::Turn;

use self::draft::Draft;
use table::has_more_than_the_table;
pub(crate) use table::says_something_above;

/// A format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputKind {
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook of Excel 97 to 2003.
    Xls,
    /// OpenDocument spreadsheet, as LibreOffice and WPS have it.
    Ods,
    /// Comma-separated text, UTF-8 with a byte order mark.
    Csv,
    /// One JSON object with every record.
    Json,
    /// A JSON object a record, a line each.
    JsonLines,
    /// One table in columns, Apache Parquet.
    Parquet,
}

impl OutputKind {
    /// The format that a file name asks for.
    ///
    /// # Errors
    /// [`WriteError::UnknownFormat`]
    pub fn of(path: &Path) -> Result<Self, WriteError> {
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "xlsx" => Ok(OutputKind::Xlsx),
            "xls" => Ok(OutputKind::Xls),
            "ods" => Ok(OutputKind::Ods),
            "csv" => Ok(OutputKind::Csv),
            "json" => Ok(OutputKind::Json),
            "jsonl" | "ndjson" => Ok(OutputKind::JsonLines),
            "parquet" => Ok(OutputKind::Parquet),
            _ => Err(WriteError::UnknownFormat(path.to_owned())),
        }
    }

    /// Which workbook it is; `None` for text.
    pub const fn workbook(self) -> Option<WorkbookKind> {
        match self {
            OutputKind::Xlsx => Some(WorkbookKind::Xlsx),
            OutputKind::Xls => Some(WorkbookKind::Xls),
            OutputKind::Ods => Some(WorkbookKind::Ods),
            OutputKind::Csv | OutputKind::Json | OutputKind::JsonLines | OutputKind::Parquet => {
                None
            }
        }
    }

    /// Whether a file can hold more than one table.
    pub const fn holds_several_tables(self) -> bool {
        !matches!(
            self,
            OutputKind::Csv | OutputKind::JsonLines | OutputKind::Parquet
        )
    }
}

/// A workbook that can be composed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkbookKind {
    /// Office Open XML workbook.
    #[default]
    Xlsx,
    /// Binary workbook of Excel 97 to 2003: 65,536 rows, 256 columns.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
}

/// What a write could not carry over, so that nothing is dropped without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// Formulas written as their results.
    FormulasAsValues {
        /// The sheet.
        sheet: String,
        /// How many.
        count: usize,
    },
    /// The format holds one table; this sheet was left out.
    SheetLeftOut {
        /// The sheet.
        sheet: String,
    },
    /// What stood above or below the table was left out.
    AroundTableLeftOut {
        /// The sheet.
        sheet: String,
    },
    /// Texts that a spreadsheet program would run as formulas got an apostrophe in front.
    FormulaTextsGuarded {
        /// How many.
        count: usize,
    },
    /// Texts with control characters, which the format cannot hold: each became a �.
    ControlCharacters {
        /// The sheet.
        sheet: String,
        /// How many texts.
        count: usize,
    },
    /// Dates that the format cannot hold as dates were written as text.
    DatesAsText {
        /// The sheet.
        sheet: String,
        /// How many.
        count: usize,
    },
}

impl Loss {
    /// The sheet it is about, where it is about one.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Loss::FormulasAsValues { sheet, .. }
            | Loss::SheetLeftOut { sheet }
            | Loss::AroundTableLeftOut { sheet }
            | Loss::ControlCharacters { sheet, .. }
            | Loss::DatesAsText { sheet, .. } => Some(sheet),
            Loss::FormulaTextsGuarded { .. } => None,
        }
    }
}

/// Writes sheets as they stand: every cell at its address, with its number format, merges, widths and hidden state.
/// Recognised tables get a styled heading, a filter and frozen rows.
///
/// # Errors
/// [`WriteError`] where a sheet does not fit the format.
pub fn compose(
    workbook: &Workbook,
    templates: &Templates,
    kind: WorkbookKind,
) -> Result<(Vec<u8>, Vec<Loss>), WriteError> {
    let layouts = workbook
        .sheets
        .iter()
        .map(|sheet| recognise(sheet, templates).layout);
    let sheets: Vec<_> = workbook.sheets.iter().zip(layouts).collect();
    let bytes = written(&as_it_stands::drafts(&sheets), kind, "")?;
    let formulas = workbook
        .sheets
        .iter()
        .filter(|sheet| !sheet.formulas.is_empty())
        .map(formulas_as_values);
    let losses = formulas.chain(losses_of_format(workbook, kind)).collect();
    Ok((bytes, losses))
}

/// Values that a format cannot hold as they are.
pub fn losses_of_format(workbook: &Workbook, kind: WorkbookKind) -> Vec<Loss> {
    let sheets = workbook.sheets.iter();
    let dates = sheets.clone().filter_map(dates_as_text);
    match kind {
        WorkbookKind::Ods => dates.chain(sheets.filter_map(beyond_xml)).collect(),
        WorkbookKind::Xlsx | WorkbookKind::Xls => dates.collect(),
    }
}

fn formulas_as_values(sheet: &Sheet) -> Loss {
    Loss::FormulasAsValues {
        sheet: sheet.name.clone(),
        count: sheet.formulas.len(),
    }
}

/// Days before 1900, which the workbook format cannot count.
fn dates_as_text(sheet: &Sheet) -> Option<Loss> {
    let is_early =
        |value: Value<'_>| matches!(value, Value::Date { value, .. } if value.year() < 1900);
    let count = count(sheet, is_early);
    (count > 0).then(|| Loss::DatesAsText {
        sheet: sheet.name.clone(),
        count,
    })
}

/// Control characters, which OpenDocument has no way to write.
fn beyond_xml(sheet: &Sheet) -> Option<Loss> {
    let has_one =
        |value: Value<'_>| matches!(value, Value::Text(text) if text.contains(ods::is_beyond_xml));
    let count = count(sheet, has_one);
    (count > 0).then(|| Loss::ControlCharacters {
        sheet: sheet.name.clone(),
        count,
    })
}

fn count(sheet: &Sheet, wanted: impl Fn(Value<'_>) -> bool) -> usize {
    let columns = (0..sheet.grid.width()).flat_map(|column| sheet.grid.column(column));
    columns
        .filter(|&(_, id)| wanted(sheet.values.get(id)))
        .count()
}

/// What stands outside the recognised tables of a workbook, which a format of tables alone cannot hold.
///
/// `ledgers` are the workbook's own, as [`Workbook::ledgers`] gives them.
pub fn losses_outside_tables(
    workbook: &Workbook,
    ledgers: &[Option<Ledger>],
    templates: &Templates,
) -> Vec<Loss> {
    let outside = |(sheet, ledger): (&Sheet, &Option<Ledger>)| {
        let recognised = recognise(sheet, templates);
        let has_more = match (&recognised.layout, &recognised.form) {
            (Some(layout), _) => has_more_than_the_table(sheet, layout, ledger.as_ref()?),
            (None, form) => form.as_ref()?.has_more,
        };
        has_more.then(|| Loss::AroundTableLeftOut {
            sheet: sheet.name.clone(),
        })
    };
    let formulas = workbook
        .sheets
        .iter()
        .filter(|sheet| !sheet.formulas.is_empty())
        .map(formulas_as_values);
    workbook
        .sheets
        .iter()
        .zip(ledgers)
        .filter_map(outside)
        .chain(formulas)
        .collect()
}

/// Writes tables as a workbook, a sheet each, with drop-downs, limits and colours for whoever goes on filling them in.
/// Where a column already holds a term in a spelling of the table's own, the drop-down offers that one.
///
/// # Errors
/// [`WriteError`] where a table does not fit the format.
pub fn compose_tables(
    tables: &[OutputTable],
    kind: WorkbookKind,
    guide: &Guide<'_>,
) -> Result<Vec<u8>, WriteError> {
    let drafts = guided::drafts(tables, guide);
    written(&drafts, kind, &guide.say("lists"))
}

/// The drafts in a format. `lists` names the hidden sheet of what is too long for a drop-down, in a format that needs
/// one.
fn written(drafts: &[Draft<'_>], kind: WorkbookKind, lists: &str) -> Result<Vec<u8>, WriteError> {
    match kind {
        WorkbookKind::Xlsx => xlsx::compose(drafts, lists),
        WorkbookKind::Xls => xls::compose(drafts),
        WorkbookKind::Ods => ods::compose(drafts),
    }
}

/// Writes one table as CSV: UTF-8 with a byte order mark, dates as ISO 8601. Texts that a spreadsheet program would
/// run as a formula get an apostrophe in front; the number of those is returned.
///
/// # Errors
/// [`WriteError::Compose`]
pub fn to_csv(table: &OutputTable) -> Result<(Vec<u8>, usize), WriteError> {
    csv::to_csv(table)
}

/// Writes one table as JSON lines: an object a row, every column in each, as [`to_json`] names and types them; `null`
/// where the cell is empty.
///
/// # Errors
/// [`WriteError::Compose`]
pub fn to_json_lines(table: &OutputTable) -> Result<Vec<u8>, WriteError> {
    json::to_json_lines(table)
}

/// Writes tables as JSON records: numbers as numbers, dates as ISO 8601, known columns under their field key,
/// unknown ones under their heading.
///
/// # Errors
/// [`WriteError::Compose`]
pub fn to_json(path: &str, tables: &[OutputTable]) -> Result<Vec<u8>, WriteError> {
    json::to_json(path, tables)
}
