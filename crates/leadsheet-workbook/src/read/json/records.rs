//! JSON on its way into cells, value by value: no document is held in memory beside the text.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use leadsheet_core::{CellRef, Field, FieldKind, MAX_COLUMNS, MAX_ROWS, Values};
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::read::cells::{Cells, NumberFormat};
use crate::read::{NAMELESS, untyped};
use crate::sheet::Sheet;
use crate::template::Templates;

/// The greatest whole number that a cell keeps to the last digit.
const LAST_WHOLE: u64 = 1 << 53;
const ERRORS: [&str; 7] = [
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!",
];

/// The sheets that were read so far.
pub(super) struct Sheets<'l> {
    limits: &'l Limits,
    tables: Vec<Table>,
    count: u64,
    failed: Option<ReadError>,
}

impl<'l> Sheets<'l> {
    pub(super) const fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            tables: Vec::new(),
            count: 0,
            failed: None,
        }
    }

    pub(super) fn table(&self) -> Table {
        let values = Values::new(Arc::default());
        let position = self.tables.len();
        Table {
            cells: Cells::new(NAMELESS, values, position, self.count, self.limits),
            keys: HashMap::new(),
            columns: Vec::new(),
            headings: HashMap::new(),
            row: 1,
            beyond: 0,
            failed: None,
        }
    }

    pub(super) fn take(&mut self, table: Table) {
        self.count = table.cells.count();
        self.tables.push(table);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.columns.is_empty())
    }

    /// What a limit refused while JSON was being read.
    pub(super) fn check(&mut self) -> Result<(), ReadError> {
        self.failed.take().map_or(Ok(()), Err)
    }

    pub(super) fn finish(self, notices: &mut Vec<Notice>) -> Result<Vec<Sheet>, ReadError> {
        let tables = self.tables.into_iter();
        tables.map(|table| table.finish(notices)).collect()
    }
}

/// A table that is being filled.
pub(super) struct Table {
    cells: Cells,
    keys: HashMap<String, u32>,
    columns: Vec<(String, Option<Field>)>,
    /// Headings that the document gives to keys.
    headings: HashMap<String, String>,
    row: u32,
    /// Values that have no room in a sheet.
    beyond: u64,
    failed: Option<ReadError>,
}

impl Table {
    pub(super) fn next_row(&mut self) {
        self.row = self.row.saturating_add(1);
    }

    pub(super) fn check(&mut self) -> Result<(), ReadError> {
        self.failed.take().map_or(Ok(()), Err)
    }

    /// Keeps a line that is no record.
    pub(super) fn not_a_record(&mut self, line: &str) -> Result<(), ReadError> {
        let cell = CellRef::new(self.row, 0);
        if self.row < MAX_ROWS {
            self.cells.notice(Some(cell), NoticeKind::NotARecord);
            self.cells.text(cell, line)?;
        }
        Ok(())
    }

    fn column(&mut self, key: &str) -> (u32, Option<Field>) {
        if let Some(&column) = self.keys.get(key) {
            return (column, self.columns[column as usize].1);
        }
        let column = self.columns.len() as u32;
        let field = key.parse().ok();
        self.keys.insert(key.to_owned(), column);
        self.columns.push((key.to_owned(), field));
        (column, field)
    }

    fn set(&mut self, key: &str, value: Scalar) -> Result<(), ReadError> {
        let (column, field) = self.column(key);
        if value == Scalar::Nothing {
            return Ok(());
        }
        if column >= MAX_COLUMNS || self.row >= MAX_ROWS {
            self.beyond += 1;
            return Ok(());
        }
        let cell = CellRef::new(self.row, column);
        match value {
            Scalar::Nothing => Ok(()),
            Scalar::Bool(value) => self.cells.bool(cell, value),
            Scalar::Number(number) => {
                // Shares are written as fractions.
                let is_share = field.is_some_and(|field| field.kind() == FieldKind::Percent);
                let format = NumberFormat::new(if is_share { "0%" } else { "" });
                self.cells.plain_number(cell, number, &format)
            }
            Scalar::Text(text) => self.set_text(cell, &text),
        }
    }

    fn set_text(&mut self, cell: CellRef, text: &str) -> Result<(), ReadError> {
        let general = NumberFormat::default();
        if ERRORS.contains(&text) {
            self.cells.error(cell, text)
        } else if let Some(moment) = date(text) {
            self.cells.date(cell, moment, &general)
        } else if let Some(time) = time(text) {
            self.cells.time(cell, time, &general)
        } else {
            untyped::set_text(&mut self.cells, cell, text)
        }
    }

    fn finish(mut self, notices: &mut Vec<Notice>) -> Result<Sheet, ReadError> {
        for (column, (key, field)) in (0..MAX_COLUMNS).zip(&self.columns) {
            let heading = match (self.headings.get(key), field) {
                (Some(heading), _) => heading,
                (None, Some(field)) => usual_headings().get(field).unwrap_or(key),
                (None, None) => key,
            };
            untyped::set_text(&mut self.cells, CellRef::new(0, column), heading)?;
        }
        if self.beyond > 0 {
            let kind = NoticeKind::BeyondSheet {
                cells: self.beyond,
                row: self.row,
            };
            self.cells.notice(None, kind);
        }
        Ok(self.cells.finish(notices))
    }
}

/// What each field is usually called.
fn usual_headings() -> &'static HashMap<Field, String> {
    static HEADINGS: OnceLock<HashMap<Field, String>> = OnceLock::new();
    HEADINGS.get_or_init(|| {
        let templates = Templates::builtin();
        let fields = Field::ALL.iter();
        fields
            .map(|&field| (field, templates.usual_heading(field).to_owned()))
            .collect()
    })
}

/// `2024-05-20` or `2024-05-20T10:30:00`, as ours are spelled.
fn date(text: &str) -> Option<NaiveDateTime> {
    let moment = match text.len() {
        10 => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_time(NaiveTime::MIN),
        19..=29 => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?,
        _ => return None,
    };
    let first = NaiveDate::from_ymd_opt(1900, 1, 1)?.and_time(NaiveTime::MIN);
    (moment >= first && leadsheet_core::iso_date(moment) == text).then_some(moment)
}

/// `10:30:00` or `PT26H30M`, as ours are spelled.
fn time(text: &str) -> Option<TimeDelta> {
    let time = if text.contains("PT") {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let mut rest = rest.strip_prefix("PT")?;
        let mut milliseconds = 0.0;
        for (unit, length) in [('H', 3_600_000.0), ('M', 60_000.0), ('S', 1_000.0)] {
            if let Some((count, after)) = rest.split_once(unit) {
                let count: f64 = count.parse().ok().filter(|it| (0.0..1e9).contains(it))?;
                milliseconds += count * length;
                rest = after;
            }
        }
        TimeDelta::milliseconds(sign * f64::round(milliseconds) as i64)
    } else {
        let within = (8..=18).contains(&text.len()).then_some(text)?;
        NaiveTime::parse_from_str(within, "%H:%M:%S%.f").ok()? - NaiveTime::MIN
    };
    (leadsheet_core::iso_time(time) == text).then_some(time)
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
enum Scalar {
    Nothing,
    Bool(bool),
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(if value <= LAST_WHOLE {
            Scalar::Number(value as f64)
        } else {
            Scalar::Text(value.to_string())
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(if value.unsigned_abs() <= LAST_WHOLE {
            Scalar::Number(value as f64)
        } else {
            Scalar::Text(value.to_string())
        })
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Scalar, A::Error> {
        let inner = serde::de::value::SeqAccessDeserializer::new(sequence);
        let nested = serde_json::Value::deserialize(inner)?;
        Ok(Scalar::Text(nested.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
        let inner = serde::de::value::MapAccessDeserializer::new(map);
        let nested = serde_json::Value::deserialize(inner)?;
        Ok(Scalar::Text(nested.to_string()))
    }
}

/// One object: a row of the table.
pub(super) struct Record<'t>(pub(super) &'t mut Table);

impl<'de> DeserializeSeed<'de> for Record<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Record<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<String, Scalar>()? {
            if let Err(error) = self.0.set(&key, value) {
                self.0.failed = Some(error);
                return Err(A::Error::custom("a limit"));
            }
        }
        Ok(())
    }
}

/// A list of objects.
struct Rows<'t>(&'t mut Table);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(Record(self.0))?.is_some() {
            self.0.next_row();
        }
        Ok(())
    }
}

/// A whole document: a list of records, one record, or what `convert` writes.
pub(super) struct Top<'s, 'l>(pub(super) &'s mut Sheets<'l>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<(), A::Error> {
        let mut table = self.0.table();
        let read = Rows(&mut table).visit_seq(sequence);
        self.0.failed = table.failed.take();
        self.0.take(table);
        read
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut record = self.0.table();
        let mut has_tables = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "tables" {
                has_tables = true;
                map.next_value_seed(Tables(self.0))?;
            } else if let Err(error) = record.set(&key, map.next_value()?) {
                self.0.failed = Some(error);
                return Err(A::Error::custom("a limit"));
            }
        }
        if !has_tables {
            record.next_row();
            self.0.take(record);
        }
        Ok(())
    }
}

struct Tables<'s, 'l>(&'s mut Sheets<'l>);

impl<'de> DeserializeSeed<'de> for Tables<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Tables<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tables")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(OneTable(self.0))?.is_some() {}
        Ok(())
    }
}

struct OneTable<'s, 'l>(&'s mut Sheets<'l>);

impl<'de> DeserializeSeed<'de> for OneTable<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

#[derive(Deserialize)]
struct Column {
    key: String,
    header: String,
}

impl<'de> Visitor<'de> for OneTable<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut table = self.0.table();
        let read = one_table(&mut table, &mut map);
        self.0.failed = table.failed.take();
        self.0.take(table);
        read
    }
}

fn one_table<'de, A: MapAccess<'de>>(table: &mut Table, map: &mut A) -> Result<(), A::Error> {
    while let Some(key) = map.next_key::<String>()? {
        match key.as_str() {
            "sheet" => table.cells.sheet_mut().name = map.next_value()?,
            "columns" => {
                for Column { key, header } in map.next_value::<Vec<Column>>()? {
                    table.column(&key);
                    table.headings.insert(key, header);
                }
            }
            "rows" => map.next_value_seed(Rows(table))?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(())
}
