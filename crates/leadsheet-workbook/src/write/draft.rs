//! A sheet as it is to be written, whatever the format: what stands where and what it looks like. Composing makes
//! drafts; each format has one writer of drafts and no other.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use leadsheet_core::{CellRange, CellRef, Field, Value};

use super::guide::{Entry, RowRule};
use super::look::Look;
use super::table::{OutputTable, usual_format};
use crate::error::WriteError;
use crate::sheet::{Sheet, Visibility};

pub(super) const DATE: &str = "yyyy-mm-dd";
const DATE_AND_TIME: &str = "yyyy-mm-dd hh:mm";
const TIME: &str = "hh:mm:ss";
const ELAPSED: &str = "[h]:mm:ss";

/// The longest text of a cell in any spreadsheet program, in UTF-16 units.
pub(crate) const LONGEST_TEXT: usize = 32_767;

/// Characters' width that a column has beside its text.
pub(super) const PADDING: f64 = 0.71;

/// Rows looked at to find out how wide a column should be.
pub(super) const ROWS_MEASURED: usize = 200;

/// A sheet to write.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Whether it is the one that is shown when the workbook is opened.
    pub(super) is_active: bool,
    pub(super) columns: BTreeMap<u32, ColumnDraft>,
    /// Heights of rows in points.
    pub(super) heights: BTreeMap<u32, f64>,
    /// Hidden rows: first and last.
    pub(super) hidden_rows: Vec<(u32, u32)>,
    pub(super) body: Body<'a>,
    /// What stands around the body, or in its place.
    pub(super) cells: BTreeMap<(u32, u32), (Filling, Look)>,
    pub(super) merges: Vec<(CellRange, Look)>,
    /// Rows above and columns to the left that stay when the others are scrolled.
    pub(super) frozen: (u32, u32),
    /// The table that has a filter, heading included.
    pub(super) filter: Option<CellRange>,
    pub(super) limits: Vec<Limit>,
    pub(super) row_colours: Option<RowColours>,
    pub(super) notes: Vec<CellNote>,
    /// How it is printed; as the program likes where nothing is said.
    pub(super) page: Option<Page>,
    /// Whether the lines between cells are not shown.
    pub(super) is_bare: bool,
}

/// What a column is like.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ColumnDraft {
    /// In characters, with the [`PADDING`] beside them.
    pub(super) width: Option<f64>,
    /// The look of cells that nobody has filled in yet.
    pub(super) look: Option<Look>,
    pub(super) is_hidden: bool,
}

/// What a cell of our own holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filling {
    Nothing,
    Text(String),
    Number(f64),
    Date(NaiveDateTime),
    /// A formula as Excel spells it, with its result.
    Formula(String, f64),
}

/// The rows of data.
#[derive(Debug, Default)]
pub(super) enum Body<'a> {
    #[default]
    Nothing,
    /// A sheet as it stands, with what its columns mean.
    Sheet(&'a Sheet, HashMap<u32, Field>),
    /// The rows of a table from this row on.
    Table(&'a OutputTable<'a>, u32),
    /// The same, every value as text.
    Texts(&'a OutputTable<'a>, u32),
}

/// A cell to write.
#[derive(Clone, Debug)]
pub(super) enum Placed<'d> {
    Own(&'d Filling, &'d Look),
    /// A value that looks as its kind does; a number without a format gets this one.
    Value(Value<'d>, &'static str),
    /// Text for a program to take in.
    Said(String),
}

/// The number of a row, and its cells by column.
pub(super) type PlacedRow<'d> = (u32, Vec<(u32, Placed<'d>)>);

/// What may be entered into some cells, and what is said to whoever enters something else.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) cells: CellRange,
    pub(super) entry: Entry,
    pub(super) title: String,
    pub(super) refusal: String,
}

/// Rows that take a colour by what they hold.
#[derive(Clone, Debug)]
pub(super) struct RowColours {
    pub(super) first_row: u32,
    pub(super) columns: (u32, u32),
    /// The stronger first.
    pub(super) rules: Vec<RowRule>,
    /// Whether rows that hold something are drawn with lines.
    pub(super) lined: bool,
}

/// A note on a cell, hidden until the cell is pointed at.
#[derive(Clone, Debug)]
pub(super) struct CellNote {
    pub(super) cell: CellRef,
    pub(super) text: String,
    /// In pixels.
    pub(super) height: u32,
}

/// Printed landscape, as wide as the page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// The rows that are printed on every page.
    pub(super) repeated: Option<(u32, u32)>,
    /// What stands below, with `&P` for the page and `&N` for how many there are.
    pub(super) footer: Option<String>,
}

impl Draft<'_> {
    pub(super) fn put(&mut self, cell: CellRef, filling: Filling, look: Look) {
        self.cells.insert((cell.row, cell.column), (filling, look));
    }

    pub(super) fn text(&mut self, cell: CellRef, text: impl Into<String>, look: &Look) {
        self.put(cell, Filling::Text(text.into()), look.clone());
    }

    /// A text from one column to another.
    pub(super) fn across(&mut self, row: u32, columns: (u32, u32), text: &str, look: &Look) {
        let first = CellRef::new(row, columns.0);
        if columns.0 < columns.1 {
            let last = CellRef::new(row, columns.1);
            self.merges.push((CellRange { first, last }, look.clone()));
        }
        self.text(first, text, look);
    }

    pub(super) fn column(&mut self, column: u32) -> &mut ColumnDraft {
        self.columns.entry(column).or_default()
    }

    /// Makes a column as wide as a text of so many characters.
    pub(super) fn widen(&mut self, column: u32, characters: f64) {
        self.column(column).width = Some(characters + PADDING);
    }

    /// Freezes the heading and puts a filter on it; the page repeats it.
    pub(super) fn frame(
        &mut self,
        heading: (u32, u32),
        columns: impl Iterator<Item = u32> + Clone,
        height: u32,
    ) {
        self.frozen = (heading.1 + 1, 0);
        if let (Some(first), Some(last)) = (columns.clone().min(), columns.max()) {
            let bottom = height.saturating_sub(1).max(heading.1);
            self.filter = Some(CellRange {
                first: CellRef::new(heading.1, first),
                last: CellRef::new(bottom, last),
            });
        }
        self.page = Some(Page {
            repeated: Some(heading),
            footer: None,
        });
    }

    /// How many cells there are, about.
    pub(super) fn size(&self) -> usize {
        self.cells.len()
            + match &self.body {
                Body::Nothing => 0,
                Body::Sheet(sheet, _) => sheet.grid.filled(),
                Body::Table(table, _) | Body::Texts(table, _) => table.len() * table.columns.len(),
            }
    }

    /// One past the last row and the last column in use.
    pub(super) fn extent(&self) -> (u32, u32) {
        let own = self.cells.keys();
        let (rows, columns) = own.fold((0, 0), |(rows, columns), &(row, column)| {
            (rows.max(row + 1), columns.max(column + 1))
        });
        let (body_rows, body_columns) = match &self.body {
            Body::Nothing => (0, 0),
            Body::Sheet(sheet, _) => (sheet.grid.height(), sheet.grid.width()),
            Body::Table(table, first) | Body::Texts(table, first) => {
                (first + table.len() as u32, table.columns.len() as u32)
            }
        };
        (rows.max(body_rows), columns.max(body_columns))
    }

    /// The cells row by row, in the order in which workbooks are written.
    pub(super) fn rows(&self) -> impl Iterator<Item = PlacedRow<'_>> {
        let mut own = self.cells.iter().peekable();
        let mut body = self.body.rows().peekable();
        std::iter::from_fn(move || {
            let next_own = own.peek().map(|((row, _), _)| *row);
            let next_body = body.peek().map(|(row, _)| *row);
            let row = next_own.into_iter().chain(next_body).min()?;
            let mut cells: Vec<(u32, Placed<'_>)> = Vec::new();
            while let Some((&(_, column), (filling, look))) = own.next_if(|((at, _), _)| *at == row)
            {
                cells.push((column, Placed::Own(filling, look)));
            }
            let count = cells.len();
            if let Some((_, values)) = body.next_if(|(at, _)| *at == row) {
                let is_own = |column: u32| cells[..count].iter().any(|(own, _)| *own == column);
                let values: Vec<_> = values
                    .into_iter()
                    .filter(|(column, _)| count == 0 || !is_own(*column))
                    .collect();
                cells.extend(values);
                cells.sort_by_key(|(column, _)| *column);
            }
            Some((row, cells))
        })
    }

    /// Refuses a text that no cell can hold.
    ///
    /// # Errors
    /// [`WriteError::TextTooLong`], [`WriteError::Nul`]
    pub(super) fn check_text(&self, cell: CellRef, text: &str) -> Result<(), WriteError> {
        // A character takes one unit or two: most texts need no counting.
        if text.len() > LONGEST_TEXT {
            let length = text.encode_utf16().count();
            if length > LONGEST_TEXT {
                return Err(WriteError::TextTooLong {
                    sheet: self.name.clone(),
                    cell,
                    length,
                    maximum: LONGEST_TEXT,
                });
            }
        }
        if text.contains('\0') {
            return Err(WriteError::Nul {
                sheet: self.name.clone(),
                cell,
            });
        }
        Ok(())
    }
}

impl Body<'_> {
    fn rows(&self) -> Box<dyn Iterator<Item = PlacedRow<'_>> + '_> {
        match self {
            Body::Nothing => Box::new(std::iter::empty()),
            Body::Sheet(sheet, fields) => Box::new(by_row(sheet).map(|(row, cells)| {
                let placed = cells.into_iter().map(|(column, value)| {
                    let usual = usual_format(fields.get(&column).copied());
                    (column, Placed::Value(value, usual))
                });
                (row, placed.collect())
            })),
            Body::Table(table, first) => Box::new((0..table.len()).map(move |row| {
                let values = table
                    .columns
                    .iter()
                    .zip(0..)
                    .filter_map(move |(column, index)| {
                        let value = table.value(row, column);
                        let placed = Placed::Value(value, usual_format(column.field));
                        (value != Value::Empty).then_some((index, placed))
                    });
                (first + row as u32, values.collect())
            })),
            Body::Texts(table, first) => Box::new((0..table.len()).map(move |row| {
                let values = table
                    .columns
                    .iter()
                    .zip(0..)
                    .filter_map(move |(column, index)| {
                        let value = table.value(row, column);
                        (value != Value::Empty).then(|| (index, Placed::Said(value.display())))
                    });
                (first + row as u32, values.collect())
            })),
        }
    }
}

/// The filled cells of a sheet row by row.
fn by_row(sheet: &Sheet) -> impl Iterator<Item = (u32, Vec<(u32, Value<'_>)>)> {
    let mut columns: Vec<_> = (0..sheet.grid.width())
        .map(|column| (column, sheet.grid.column(column).peekable()))
        .collect();
    std::iter::from_fn(move || {
        let row = columns
            .iter_mut()
            .filter_map(|(_, cells)| cells.peek().map(|&(row, _)| row))
            .min()?;
        let cells = columns.iter_mut().filter_map(|(column, cells)| {
            let (_, id) = cells.next_if(|&(at, _)| at == row)?;
            Some((*column, sheet.values.get(id)))
        });
        Some((row, cells.collect()))
    })
}

/// What a workbook that counts days stores for a value, and the number format with it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stored<'v> {
    Nothing,
    Text(Cow<'v, str>),
    Number(f64, &'v str),
    Bool(bool),
    Error(&'v str),
}

/// What is stored for a value; a number without a format gets the usual one.
pub(super) fn stored<'v>(value: Value<'v>, usual: &'v str) -> Stored<'v> {
    match value {
        Value::Empty => Stored::Nothing,
        Value::Text(text) => Stored::Text(Cow::Borrowed(text)),
        Value::Number { value, .. } if !value.is_finite() => {
            Stored::Text(Cow::Owned(value.to_string()))
        }
        Value::Number { value, format } => {
            Stored::Number(value, if format.is_empty() { usual } else { format })
        }
        Value::Date { value, format } => match serial(value) {
            Some(serial) => Stored::Number(serial, date_format(value, format)),
            None => Stored::Text(Cow::Owned(leadsheet_core::iso_date(value))),
        },
        Value::Time { value, format } => {
            let days = value.num_milliseconds() as f64 / 86_400_000.0;
            Stored::Number(days, time_format(days, format))
        }
        Value::Bool(value) => Stored::Bool(value),
        Value::Error(error) => Stored::Error(error),
    }
}

/// The number format of a date.
pub(super) fn date_format(value: NaiveDateTime, format: &str) -> &str {
    match format {
        "" if value.time() == NaiveTime::MIN => DATE,
        "" => DATE_AND_TIME,
        format => format,
    }
}

/// The number format of a time that takes this part of a day.
pub(super) fn time_format(days: f64, format: &str) -> &str {
    match format {
        "" if (0.0..1.0).contains(&days) => TIME,
        "" => ELAPSED,
        format => format,
    }
}

/// Whether a text is shown on several lines.
pub(super) fn wraps(text: &str) -> bool {
    text.contains('\n') || text.chars().nth(24).is_some()
}

/// The serial number of a moment in the 1900 date system; `None` before 1900, which it cannot count.
pub(super) fn serial(moment: NaiveDateTime) -> Option<f64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 31)?;
    let days = (moment.date() - epoch).num_days();
    // The 1900 system counts a 29 February 1900 that never was (ECMA-376 Part 1 §18.17.4.1).
    let days = if days >= 60 { days + 1 } else { days };
    let milliseconds = (moment.time() - NaiveTime::MIN).num_milliseconds();
    (days >= 1).then_some(days as f64 + milliseconds as f64 / 86_400_000.0)
}

/// The width that shows most texts whole: a Chinese character counts two, and no column is wider than 48.
pub(super) fn width_of(texts: impl Iterator<Item = String>) -> f64 {
    let width = |text: String| {
        text.chars()
            .map(|c| if c > '\u{2E7F}' { 2.0 } else { 1.1 })
            .sum::<f64>()
    };
    texts.map(width).fold(6.0, f64::max).min(46.0) + 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_those_of_excel() {
        let at = |y, m, d, h| {
            NaiveDate::from_ymd_opt(y, m, d)
                .unwrap()
                .and_hms_opt(h, 0, 0)
                .unwrap()
        };
        // ECMA-376 Part 1 §18.17.4.1 and Excel itself.
        assert_eq!(serial(at(1900, 1, 1, 0)), Some(1.0));
        assert_eq!(serial(at(1900, 2, 28, 0)), Some(59.0));
        assert_eq!(serial(at(1900, 3, 1, 0)), Some(61.0));
        assert_eq!(serial(at(2024, 5, 20, 12)), Some(45432.5));
        assert_eq!(serial(at(1899, 12, 31, 0)), None);
    }
}
