//! A sheet while it is being read: cells come in whatever order the file has them, each value is kept once, and
//! what goes wrong with one cell becomes a notice.

use std::hash::BuildHasher;
use std::mem::{Discriminant, discriminant};

use chrono::{NaiveDateTime, TimeDelta};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use leadsheet_core::{CellRef, FormatId, Full, MAX_COLUMNS, MAX_ROWS, Value, ValueId, Values};

use super::number_format::{FormatClass, Serial, classify, is_general, serial_to_value};
use crate::error::ReadError;
use crate::grid::Grid;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::Sheet;

/// Notices of one sheet that are listed; the rest is counted. Nobody reads more, and a hostile file has millions.
pub(crate) const MAX_NOTICES: usize = 10_000;

/// A number format, looked at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberFormat {
    /// The code; empty for General.
    pub(crate) code: String,
    /// What it shows.
    pub(crate) class: FormatClass,
}

impl NumberFormat {
    /// The format with this code.
    pub(crate) fn new(code: &str) -> Self {
        let code = if is_general(code) { "" } else { code };
        Self {
            code: code.to_owned(),
            class: classify(code),
        }
    }
}

/// A sheet that is being filled.
pub(crate) struct Cells {
    sheet: Sheet,
    position: usize,
    is_1904: bool,
    filled: u64,
    max_filled: u64,
    max_texts: u64,
    notices: Vec<Notice>,
    unlisted: usize,
    texts: HashTable<ValueId>,
    errors: HashMap<String, ValueId>,
    formats: HashMap<String, FormatId>,
    numbers: HashMap<(Discriminant<Serial>, u64, FormatId), ValueId>,
    hasher: DefaultHashBuilder,
    last_rows: Vec<u32>,
    late: Vec<(CellRef, ValueId)>,
}

impl Cells {
    /// An empty sheet that will stand at `position` of the workbook, which holds `cells` cells so far.
    pub(crate) fn new(
        name: &str,
        values: Values,
        position: usize,
        cells: u64,
        limits: &Limits,
    ) -> Self {
        Self {
            sheet: Sheet {
                name: name.to_owned(),
                values,
                ..Sheet::default()
            },
            position,
            is_1904: false,
            filled: cells,
            max_filled: limits.cells,
            max_texts: limits.strings,
            notices: Vec::new(),
            unlisted: 0,
            texts: HashTable::new(),
            errors: HashMap::new(),
            formats: HashMap::new(),
            numbers: HashMap::new(),
            hasher: DefaultHashBuilder::default(),
            last_rows: Vec::new(),
            late: Vec::new(),
        }
    }

    /// Counts dates from 1904.
    pub(crate) fn count_from_1904(&mut self, is_1904: bool) {
        self.is_1904 = is_1904;
        self.sheet.values.count_from_1904(is_1904);
    }

    /// The sheet, for what is not a cell.
    pub(crate) fn sheet_mut(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    /// Says what is the matter with a cell, or with the sheet.
    pub(crate) fn notice(&mut self, cell: Option<CellRef>, kind: NoticeKind) {
        if self.notices.len() < MAX_NOTICES {
            self.notices.push(Notice {
                sheet: Some(self.position),
                cell,
                kind,
            });
        } else {
            self.unlisted += 1;
        }
    }

    /// Sets a cell to text of its own.
    pub(crate) fn text(&mut self, cell: CellRef, text: &str) -> Result<(), ReadError> {
        let hash = self.hasher.hash_one(text);
        let values = &self.sheet.values;
        let same = |id: &ValueId| values.get(*id) == Value::Text(text);
        if let Some(&id) = self.texts.find(hash, same) {
            return self.set(cell, id);
        }
        if self.texts.len() as u64 >= self.max_texts {
            return Err(self.limit("strings", self.max_texts));
        }
        let id = self.sheet.values.add_text(text);
        let id = id.map_err(|full| self.full(full))?;
        let (values, hasher) = (&self.sheet.values, &self.hasher);
        let hash_of = |id: &ValueId| hasher.hash_one(values.get(*id).as_text().unwrap_or_default());
        self.texts.insert_unique(hash, id, hash_of);
        self.set(cell, id)
    }

    /// Sets a cell to a shared string; a position that is not there leaves it empty, with a notice.
    pub(crate) fn shared_text(&mut self, cell: CellRef, position: u32) -> Result<(), ReadError> {
        if position as usize >= self.sheet.values.shared_len() {
            self.notice(
                Some(cell),
                NoticeKind::MissingSharedString(position.to_string()),
            );
            return Ok(());
        }
        let id = ValueId::shared_text(position).map_err(|full| self.full(full))?;
        self.set(cell, id)
    }

    /// Sets a cell to what the number means under its format.
    pub(crate) fn number(
        &mut self,
        cell: CellRef,
        number: f64,
        format: &NumberFormat,
    ) -> Result<(), ReadError> {
        if !number.is_finite() {
            self.notice(Some(cell), NoticeKind::BadNumber(number.to_string()));
            return self.text(cell, &number.to_string());
        }
        let meaning = serial_to_value(number, format.class, self.is_1904);
        if meaning == Serial::OutOfRange {
            self.notice(Some(cell), NoticeKind::DateOutOfRange(number));
        }
        let id = self.stored(number, meaning, &format.code);
        let id = id.map_err(|full| self.full(full))?;
        self.set(cell, id)
    }

    /// Sets a cell to a number that is no date, whatever its format.
    pub(crate) fn plain_number(
        &mut self,
        cell: CellRef,
        number: f64,
        format: &NumberFormat,
    ) -> Result<(), ReadError> {
        let id = self.stored(number, Serial::Number, &format.code);
        let id = id.map_err(|full| self.full(full))?;
        self.set(cell, id)
    }

    /// Sets a cell to a date.
    pub(crate) fn date(
        &mut self,
        cell: CellRef,
        moment: NaiveDateTime,
        format: &NumberFormat,
    ) -> Result<(), ReadError> {
        let milliseconds = moment.and_utc().timestamp_millis() as f64;
        let id = self.stored(milliseconds, Serial::Date(moment), &format.code);
        let id = id.map_err(|full| self.full(full))?;
        self.set(cell, id)
    }

    /// Sets a cell to a time of day or an elapsed time.
    pub(crate) fn time(
        &mut self,
        cell: CellRef,
        time: TimeDelta,
        format: &NumberFormat,
    ) -> Result<(), ReadError> {
        let milliseconds = time.num_milliseconds() as f64;
        let id = self.stored(milliseconds, Serial::Time(time), &format.code);
        let id = id.map_err(|full| self.full(full))?;
        self.set(cell, id)
    }

    /// The id of a number or of what it means; `number` and its format tell it from others of its kind.
    fn stored(&mut self, number: f64, meaning: Serial, code: &str) -> Result<ValueId, Full> {
        let values = &mut self.sheet.values;
        let format = match self.formats.get(code) {
            Some(&format) => format,
            None => *self
                .formats
                .entry(code.to_owned())
                .or_insert(values.add_format(code)?),
        };
        let key = (discriminant(&meaning), number.to_bits(), format);
        if let Some(&id) = self.numbers.get(&key) {
            return Ok(id);
        }
        let id = match meaning {
            Serial::Number | Serial::OutOfRange => values.add_number(number, format),
            Serial::Date(moment) => values.add_date(moment, format),
            Serial::Time(time) => values.add_time(time, format),
        }?;
        self.numbers.insert(key, id);
        Ok(id)
    }

    /// Sets a cell to a truth value.
    pub(crate) fn bool(&mut self, cell: CellRef, value: bool) -> Result<(), ReadError> {
        self.set(cell, ValueId::bool(value))
    }

    /// Sets a cell to an error value.
    pub(crate) fn error(&mut self, cell: CellRef, error: &str) -> Result<(), ReadError> {
        if let Some(&id) = self.errors.get(error) {
            return self.set(cell, id);
        }
        let id = self.sheet.values.add_error(error);
        let id = id.map_err(|full| self.full(full))?;
        self.errors.insert(error.to_owned(), id);
        self.set(cell, id)
    }

    /// Notes that a cell holds a formula.
    pub(crate) fn formula(&mut self, cell: CellRef) {
        self.sheet.formulas.push(cell);
    }

    /// Notes that the result of a formula is not stored.
    pub(crate) fn not_calculated(&mut self, cell: CellRef) {
        self.sheet.uncalculated.push(cell);
        self.notice(Some(cell), NoticeKind::NotCalculated);
    }

    /// How many cells the workbook has now.
    pub(crate) const fn count(&self) -> u64 {
        self.filled
    }

    /// The sheet, with its notices added to `notices`.
    pub(crate) fn finish(mut self, notices: &mut Vec<Notice>) -> Sheet {
        if !self.late.is_empty() {
            // Setting each of them where it belongs would move the runs below it every time.
            let grid = std::mem::take(&mut self.sheet.grid);
            let in_order = (0..grid.width()).flat_map(|column| {
                grid.column(column)
                    .map(move |(row, id)| (CellRef::new(row, column), id))
            });
            let mut cells: Vec<_> = in_order.chain(self.late).collect();
            cells.sort_by_key(|&(cell, _)| (cell.column, cell.row));
            self.sheet.grid = cells
                .into_iter()
                .fold(Grid::default(), |mut grid, (cell, id)| {
                    grid.set(cell, id);
                    grid
                });
        }
        notices.append(&mut self.notices);
        if self.unlisted > 0 {
            let kind =
                NoticeKind::Other(format!("{} more notices about this sheet", self.unlisted));
            notices.push(Notice {
                sheet: Some(self.position),
                cell: None,
                kind,
            });
        }
        self.sheet
    }

    fn set(&mut self, cell: CellRef, id: ValueId) -> Result<(), ReadError> {
        if cell.row >= MAX_ROWS || cell.column >= MAX_COLUMNS {
            self.notice(
                None,
                NoticeKind::BadAddress(format!("R{}C{}", cell.row + 1, cell.column + 1)),
            );
            return Ok(());
        }
        self.filled += 1;
        if self.filled > self.max_filled {
            return Err(self.limit("cells", self.max_filled));
        }
        let column = cell.column as usize;
        if self.last_rows.len() <= column {
            self.last_rows.resize(column + 1, 0);
        }
        if cell.row < self.last_rows[column] {
            self.late.push((cell, id));
        } else {
            self.last_rows[column] = cell.row;
            self.sheet.grid.set(cell, id);
        }
        Ok(())
    }

    fn full(&self, Full: Full) -> ReadError {
        self.limit("values", u64::from(u32::MAX))
    }

    fn limit(&self, limit: &'static str, maximum: u64) -> ReadError {
        ReadError::Limit {
            part: self.sheet.name.clone(),
            limit,
            maximum,
        }
    }
}
