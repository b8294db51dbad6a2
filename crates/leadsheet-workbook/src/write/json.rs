//! Records as JSON, for programs.

use leadsheet_core::{Value, iso_date, iso_time};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use super::table::{OutputColumn, OutputTable};
use crate::error::WriteError;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    path: &'a str,
    tables: Vec<Table<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    sheet: &'a str,
    template: Option<&'a str>,
    columns: Vec<Column<'a>>,
    rows: Rows<'a>,
}

#[derive(Serialize)]
struct Column<'a> {
    key: &'a str,
    header: &'a str,
    field: Option<&'static str>,
}

struct Rows<'a>(&'a OutputTable<'a>, &'a [String]);

/// One row; empty cells are left out, or `null` where `whole`.
struct Record<'a> {
    table: &'a OutputTable<'a>,
    keys: &'a [String],
    row: usize,
    whole: bool,
}

struct Json<'a>(Value<'a>);

pub(super) fn to_json(path: &str, tables: &[OutputTable<'_>]) -> Result<Vec<u8>, WriteError> {
    let keys: Vec<Vec<String>> = tables.iter().map(|table| keys(&table.columns)).collect();
    let tables = tables.iter().zip(&keys).map(|(table, keys)| Table {
        sheet: &table.sheet,
        template: table.template.as_deref(),
        columns: table
            .columns
            .iter()
            .zip(keys)
            .map(|(column, key)| Column {
                key,
                header: &column.header,
                field: column.field.map(leadsheet_core::Field::key),
            })
            .collect(),
        rows: Rows(table, keys),
    });
    let document = Document {
        schema: "leadsheet.records/1",
        path,
        tables: tables.collect(),
    };
    serde_json::to_vec_pretty(&document).map_err(|error| WriteError::Compose(error.to_string()))
}

pub(super) fn to_json_lines(table: &OutputTable<'_>) -> Result<Vec<u8>, WriteError> {
    let keys = keys(&table.columns);
    let mut lines = Vec::new();
    for row in 0..table.len() {
        let record = Record {
            table,
            keys: &keys,
            row,
            whole: true,
        };
        serde_json::to_writer(&mut lines, &record)
            .map_err(|error| WriteError::Compose(error.to_string()))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The key of each column: the field's, else the heading; made unique by a number behind it.
fn keys(columns: &[OutputColumn]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let wanted = match column.field {
            Some(field) => field.key().to_owned(),
            None => column.header.trim().to_owned(),
        };
        let mut key = wanted.clone();
        let mut number = 2;
        while keys.contains(&key) {
            key = format!("{wanted} {number}");
            number += 1;
        }
        keys.push(key);
    }
    keys
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.len()))?;
        for row in 0..self.0.len() {
            rows.serialize_element(&Record {
                table: self.0,
                keys: self.1,
                row,
                whole: false,
            })?;
        }
        rows.end()
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_map(None)?;
        for (column, key) in self.table.columns.iter().zip(self.keys) {
            let value = self.table.value(self.row, column);
            if value != Value::Empty || self.whole {
                record.serialize_entry(key, &Json(value))?;
            }
        }
        record.end()
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Empty => serializer.serialize_none(),
            Value::Text(text) | Value::Error(text) => serializer.serialize_str(text),
            // −0 is no whole number.
            Value::Number { value, .. }
                if value.fract() == 0.0
                    && value.abs() < 9e15
                    && !(value == 0.0 && value.is_sign_negative()) =>
            {
                serializer.serialize_i64(value as i64)
            }
            Value::Number { value, .. } => serializer.serialize_f64(value),
            Value::Date { value, .. } => serializer.serialize_str(&iso_date(value)),
            Value::Time { value, .. } => serializer.serialize_str(&iso_time(value)),
            Value::Bool(value) => serializer.serialize_bool(value),
        }
    }
}
