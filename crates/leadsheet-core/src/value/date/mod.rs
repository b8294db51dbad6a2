//! Dates as people write them in follow-up tables.
//!
//! Accepted: real date cells, `2024-05-20`, `2024/5/20`, `2024.5.20`, `2024年5月20日`, `20240520`, `20 May 2024`,
//! `二〇二四年五月二十日`, `民國113年5月20日`, each with or without a time of day and in full-width digits, and the serial
//! numbers of the spreadsheet itself. `5月20日` waits for its year. Day and month are never guessed: `3/4/2024` is ambiguous
//! until a policy names the order, and `24-5-20` until one says where the year stands.

mod numeral;
mod sentence;
mod spelling;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::ledger::Value;

pub(crate) use numeral::in_arabic;
pub(crate) use sentence::each_date_in_text;
pub use sentence::{FoundDate, dates_in_text};
pub use spelling::parse_date_text;

/// Which of day and month comes first where a team writes the year last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `20/5/2024`
    DayFirst,
    /// `5/20/2024`
    MonthFirst,
}

/// Where a year of two digits stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShortYears {
    /// `24-5-20`
    First,
    /// `5/20/24` or `20/5/24`, as the order of day and month says
    Last,
}

/// How a team writes dates, as far as a date does not say so by itself. Comes from the policy, the workbook and the
/// script of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateHabits {
    /// Which of day and month comes first in `3/4/2024`; unset, such dates are ambiguous.
    pub order: Option<DateOrder>,
    /// Where the year stands in `24-5-20`; unset, such dates are not read.
    pub short_years: Option<ShortYears>,
    /// The first year that a year of two digits can mean; 2000 makes `24年` 2024.
    pub first_year: i32,
    /// Whether `113/5/20` counts years of the Republic (民國), as tables in Traditional Chinese do.
    pub counts_from_1912: bool,
    /// Whether the serial numbers of the workbook count days from 1904.
    pub counts_from_1904: bool,
}

impl Default for DateHabits {
    fn default() -> Self {
        Self {
            order: None,
            short_years: None,
            first_year: 2000,
            counts_from_1912: false,
            counts_from_1904: false,
        }
    }
}

impl DateHabits {
    /// The year that `24` means: the only one of a hundred.
    fn full_year(self, short: u32) -> i32 {
        let offset = (short as i32 - self.first_year).rem_euclid(100);
        self.first_year + offset
    }
}

/// How a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Spelling {
    /// A real date cell.
    DateCell,
    /// Text.
    Text,
    /// The number `20240520`.
    Number,
    /// A serial day, `45432`: a date whose cell has lost its date format.
    Serial,
}

/// What a cell says about a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateReading {
    /// A date.
    Date {
        /// The day.
        date: NaiveDate,
        /// The time of day, where one is given.
        time: Option<NaiveTime>,
        /// How it was written.
        spelling: Spelling,
    },
    /// Month and day without a year.
    MonthDay {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// Day and month cannot be told apart.
    Ambiguous {
        /// The date if the month stands first.
        month_first: NaiveDate,
        /// The date if the day stands first.
        day_first: NaiveDate,
    },
    /// Three numbers of which one is a year of two digits, nobody knows which: `24-5-20`.
    ShortYear,
    /// The parts of a date, but no such day exists (30 February).
    Impossible,
    /// Not a date at all.
    NotADate,
}

impl DateReading {
    /// The day, where it is certain.
    pub const fn date(&self) -> Option<NaiveDate> {
        match self {
            DateReading::Date { date, .. } => Some(*date),
            _ => None,
        }
    }
}

/// Day 0 of the serial numbers of the 1900 date system (ECMA-376 Part 1 §18.17.4.1), right from 1 March 1900 on.
const SERIAL_EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a real day");
/// Day 0 of those of the 1904 system.
const SERIAL_EPOCH_1904: NaiveDate = NaiveDate::from_ymd_opt(1904, 1, 1).expect("a real day");

/// Reads a cell of a date column.
pub fn parse_date(value: Value<'_>, habits: DateHabits) -> DateReading {
    match value {
        Value::Date { value, .. } => {
            let time = (value.time() != NaiveTime::MIN).then(|| value.time());
            DateReading::Date {
                date: value.date(),
                time,
                spelling: Spelling::DateCell,
            }
        }
        Value::Number { value, .. } => parse_number(value, habits),
        Value::Text(text) => parse_date_text(text, habits),
        _ => DateReading::NotADate,
    }
}

fn parse_number(value: f64, habits: DateHabits) -> DateReading {
    if value.fract() == 0.0 && (19_000_101.0..=21_001_231.0).contains(&value) {
        return match parse_date_text(&format!("{value}"), habits) {
            DateReading::Date { date, time, .. } => DateReading::Date {
                date,
                time,
                spelling: Spelling::Number,
            },
            other => other,
        };
    }
    let epoch = if habits.counts_from_1904 {
        SERIAL_EPOCH_1904
    } else {
        SERIAL_EPOCH
    };
    // Serial days from 1970 to 2100; anything else in a date column is more likely a mistake than a date.
    let Some(date) = (0.0..80_000.0)
        .contains(&value)
        .then(|| epoch.checked_add_days(Days::new(value as u64)))
        .flatten()
        .filter(|date| (1970..=2100).contains(&date.year()))
    else {
        return DateReading::NotADate;
    };
    let seconds = (value.fract() * 86_400.0).round() as u32;
    DateReading::Date {
        date,
        time: NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).filter(|_| seconds > 0),
        spelling: Spelling::Serial,
    }
}

/// The first day that is `month`/`day` and not before `reference`: the year of a plan written without one.
pub fn infer_year(month: u32, day: u32, reference: NaiveDate) -> Option<NaiveDate> {
    // 29 February may be up to eight years away, around a century that is no leap year.
    (reference.year()..=reference.year() + 8)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|&date| date >= reference)
}
