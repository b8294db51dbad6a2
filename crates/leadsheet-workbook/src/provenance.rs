//! What a parquet file of ours says about the sheet that it was taken from: which column stood where, under which
//! heading, and what stood around the table. With it every value goes back to its own address.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};
use leadsheet_core::{CellRange, CellRef, Value};
use serde::{Deserialize, Serialize};

/// Name of the entry in the file's key-value metadata.
pub(crate) const KEY: &str = "leadsheet";
/// The shape of the entry.
pub(crate) const SCHEMA: &str = "leadsheet.parquet/1";
/// Name of the column with the rows' numbers in their sheet.
pub(crate) const ROW: &str = "_row";

/// Where the table of a parquet file stood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Provenance {
    pub(crate) schema: String,
    /// The workbook, as it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    pub(crate) sheet: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<String>,
    /// Number of the heading's row, counted from 1; `None` for cells without headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) heading_row: Option<u32>,
    pub(crate) columns: Vec<ColumnNote>,
    /// Filled cells outside the table: titles, banners, the upper row of a heading, totals, feet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) around: BTreeMap<CellRef, StoredCell>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) merges: Vec<CellRange>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) counts_from_1904: bool,
}

/// One column of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ColumnNote {
    /// Its name in the parquet file.
    pub(crate) name: String,
    /// What stood over it in the sheet.
    pub(crate) heading: String,
    /// Its letter there.
    pub(crate) letter: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// The number format of its cells, as the workbook spells it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) format: String,
    /// The column beside it with the cells that its type cannot hold as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<String>,
}

/// A cell as JSON, type and number format and all. Numbers are texts, so that every digit survives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoredCell {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<NaiveDateTime>,
    /// Milliseconds since midnight, or elapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bool: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    format: String,
}

impl StoredCell {
    pub(crate) fn of(value: Value<'_>) -> Self {
        let mut cell = Self::default();
        match value {
            Value::Empty => {}
            Value::Text(text) => cell.text = Some(text.to_owned()),
            Value::Number { value, format } => {
                cell.number = Some(format!("{value:?}"));
                format.clone_into(&mut cell.format);
            }
            Value::Date { value, format } => {
                cell.date = Some(value);
                format.clone_into(&mut cell.format);
            }
            Value::Time { value, format } => {
                cell.time = Some(value.num_milliseconds());
                format.clone_into(&mut cell.format);
            }
            Value::Bool(value) => cell.bool = Some(value),
            Value::Error(text) => cell.error = Some(text.to_owned()),
        }
        cell
    }

    /// The value again; empty where nothing sound is said.
    pub(crate) fn value(&self) -> Value<'_> {
        let format = self.format.as_str();
        if let Some(text) = &self.text {
            Value::Text(text)
        } else if let Some(value) = self.number.as_ref().and_then(|number| number.parse().ok()) {
            if f64::is_finite(value) {
                Value::Number { value, format }
            } else {
                Value::Empty
            }
        } else if let Some(value) = self.date {
            Value::Date { value, format }
        } else if let Some(value) = self.time.and_then(TimeDelta::try_milliseconds) {
            Value::Time { value, format }
        } else if let Some(value) = self.bool {
            Value::Bool(value)
        } else {
            self.error.as_deref().map_or(Value::Empty, Value::Error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_survives_json_with_its_type_and_format() {
        let date = "2024-05-20T10:30:00".parse().unwrap();
        for value in [
            Value::Empty,
            Value::Text("00123"),
            Value::Text(""),
            Value::Number {
                value: -0.0,
                format: "0.00",
            },
            Value::Number {
                value: 0.1 + 0.2,
                format: "",
            },
            Value::Date {
                value: date,
                format: "yyyy\"年\"m\"月\"",
            },
            Value::Time {
                value: TimeDelta::milliseconds(-5),
                format: "[h]:mm",
            },
            Value::Bool(false),
            Value::Error("#N/A"),
        ] {
            let json = serde_json::to_string(&StoredCell::of(value)).unwrap();
            let cell: StoredCell = serde_json::from_str(&json).unwrap();
            assert_eq!(
                format!("{:?}", cell.value()),
                format!("{value:?}"),
                "{json}"
            );
        }
    }
}
