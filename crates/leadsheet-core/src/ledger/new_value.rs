//! What a cell is to hold, said apart from how any file format spells it.

use chrono::{NaiveDateTime, NaiveTime};

use super::values::Value;

/// What is to stand in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum NewValue {
    /// Nothing; the cell keeps its look.
    Blank,
    /// A text, as it is.
    Text(String),
    /// A number, in the cell's own number format or, where that is one for texts, the commonest of its column.
    Number(f64),
    /// An amount of money, with two decimals: in the cell's own format, the commonest of its column, or plainly.
    Amount(f64),
    /// A share, 0.45 for 45 %; likewise, or in percent.
    Percent(f64),
    /// A date, with its time of day if that is not midnight, in the commonest date format of its column.
    Date(NaiveDateTime),
}

impl NewValue {
    /// The value with a number format that shows it as what it is.
    pub fn as_value(&self) -> Value<'_> {
        match self {
            NewValue::Blank => Value::Empty,
            NewValue::Text(text) => Value::Text(text),
            NewValue::Number(value) => Value::Number {
                value: *value,
                format: "",
            },
            NewValue::Amount(value) => Value::Number {
                value: *value,
                format: "0.00",
            },
            NewValue::Percent(value) => Value::Number {
                value: *value,
                format: if (value * 100.0).fract() == 0.0 {
                    "0%"
                } else {
                    "0.00%"
                },
            },
            NewValue::Date(value) => Value::Date {
                value: *value,
                format: if value.time() == NaiveTime::MIN {
                    "yyyy-mm-dd"
                } else {
                    "yyyy-mm-dd hh:mm"
                },
            },
        }
    }

    /// The value as a person would type it: `12800.00`, `45%`, `2024-05-20 09:30`.
    pub fn display(&self) -> String {
        match self {
            NewValue::Amount(value) => format!("{value:.2}"),
            NewValue::Date(moment) if moment.time() == NaiveTime::MIN => moment.date().to_string(),
            NewValue::Date(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
            value => value.as_value().display(),
        }
    }
}
