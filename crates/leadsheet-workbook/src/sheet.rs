//! A workbook as its file holds it, before any template: sheets, cells at their addresses, merges, and what could
//! not be read faithfully.

use leadsheet_core::{CellRange, CellRef, Excuse, Value, Values};
use serde::{Deserialize, Serialize};

use crate::grid::Grid;
use crate::notice::Notice;

/// What a file is, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FileKind {
    /// Office Open XML workbook.
    Xlsx,
    /// The same with macros.
    Xlsm,
    /// Binary workbook of Excel 97 to 2003 (BIFF8) or 5/95 (BIFF5), also `.et` of WPS.
    Xls,
    /// Binary Office Open XML workbook.
    Xlsb,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// Comma- or tab-separated text.
    Csv,
    /// An HTML table, often saved under the name `.xls`.
    Html,
    /// XML spreadsheet of Excel 2003.
    XmlSpreadsheet,
    /// Records in JSON, a document or a line each.
    Json,
    /// A table in columns, Apache Parquet.
    Parquet,
}

impl FileKind {
    /// The usual file name extension, which is also the kind's name in JSON.
    pub const fn extension(self) -> &'static str {
        match self {
            FileKind::Xlsx => "xlsx",
            FileKind::Xlsm => "xlsm",
            FileKind::Xls => "xls",
            FileKind::Xlsb => "xlsb",
            FileKind::Ods => "ods",
            FileKind::Csv => "csv",
            FileKind::Html => "html",
            FileKind::XmlSpreadsheet => "xml",
            FileKind::Json => "json",
            FileKind::Parquet => "parquet",
        }
    }
}

/// Whether the user's program shows a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden; the user can show it.
    Hidden,
    /// Hidden so that only a macro can show it.
    VeryHidden,
}

/// A workbook, read.
#[derive(Clone, Debug)]
pub struct Workbook {
    /// What the bytes are, whatever the file is called.
    pub kind: FileKind,
    /// The worksheets in the order of their tabs. Chart and macro sheets are left out, each with a notice.
    pub sheets: Vec<Sheet>,
    /// What could not be read faithfully.
    pub notices: Vec<Notice>,
}

/// One worksheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// Whether it is shown.
    pub visibility: Visibility,
    /// Merged cells.
    pub merges: Vec<CellRange>,
    /// Hidden rows: first and last, counted from 0.
    pub hidden_rows: Vec<(u32, u32)>,
    /// Hidden columns: first and last, counted from 0.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Column widths in characters: first and last column, counted from 0, and the width.
    pub column_widths: Vec<(u32, u32, f64)>,
    /// Cells that hold a formula, in no particular order.
    pub formulas: Vec<CellRef>,
    /// Those of them whose result the file does not hold.
    pub uncalculated: Vec<CellRef>,
    /// What notes on its cells ask to let stand; notes that ask nothing are not kept.
    pub excuses: Vec<Excuse>,
    /// Where the cells stand.
    pub grid: Grid,
    /// What they hold.
    pub values: Values,
}

impl Sheet {
    /// The value of a cell.
    pub fn value(&self, cell: CellRef) -> Value<'_> {
        self.values.get(self.grid.get(cell))
    }

    /// The smallest rectangle around every filled cell.
    pub fn used(&self) -> Option<CellRange> {
        self.grid
            .used()
            .map(|(first, last)| CellRange { first, last })
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Sheet;
    use leadsheet_core::{CellRef, Value, Values};

    /// A sheet of texts; an empty one is an empty cell.
    pub(crate) fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut sheet = Sheet {
            values: Values::new(std::sync::Arc::default()),
            ..Sheet::default()
        };
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
                let id = sheet.values.add(Value::Text(text)).unwrap();
                sheet.grid.set(CellRef::new(row, column), id);
            }
        }
        sheet
    }
}
