//! Dates as people write them in follow-up tables.
//!
//! Accepted: real date cells, `2024-05-20`, `2024/5/20`, `2024.5.20`, `2024年5月20日`, `20240520`, each with or
//! without a time of day and in full-width digits. `5月20日` waits for its year. Day and month are never guessed:
//! `3/4/2024` is ambiguous until a policy names the order.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::ledger::Value;
use crate::text::nfkc;

/// Which of day and month comes first where a team writes the year last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `20/5/2024`
    DayFirst,
    /// `5/20/2024`
    MonthFirst,
}

/// How a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// A real date cell.
    DateCell,
    /// Text.
    Text,
    /// A bare number: a serial day of the 1900 system, or `20240520`.
    Number,
}

/// What a cell says about a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Reads a cell of a date column. `order` tells `3/4/2024` apart, where the team has said so.
pub fn parse_date(value: Value<'_>, order: Option<DateOrder>) -> DateReading {
    match value {
        Value::Date { value, .. } => {
            let time = (value.time() != NaiveTime::MIN).then(|| value.time());
            DateReading::Date {
                date: value.date(),
                time,
                spelling: Spelling::DateCell,
            }
        }
        Value::Number { value, .. } => parse_number(value),
        Value::Text(text) => parse_date_text(text, order),
        _ => DateReading::NotADate,
    }
}

fn parse_number(value: f64) -> DateReading {
    if value.fract() == 0.0 && (19_000_101.0..=21_001_231.0).contains(&value) {
        return compact(value as u32, None, Spelling::Number);
    }
    // Serial days from 1970 to 2100; anything else in a date column is more likely a mistake than a date.
    if (25_569.0..73_415.0).contains(&value) {
        let seconds = (value.fract() * 86_400.0).round() as u32;
        let day = SERIAL_EPOCH.checked_add_days(Days::new(value as u64));
        return match day {
            Some(date) => DateReading::Date {
                date,
                time: NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
                    .filter(|_| seconds > 0),
                spelling: Spelling::Number,
            },
            None => DateReading::NotADate,
        };
    }
    DateReading::NotADate
}

/// Reads text as a date; see [`parse_date`].
pub fn parse_date_text(text: &str, order: Option<DateOrder>) -> DateReading {
    let text = nfkc(text);
    let text = without_weekday(text.trim());
    let mut scanner = Scanner { rest: text };
    let Some(first) = scanner.number() else {
        return DateReading::NotADate;
    };
    if first.digits == 8 {
        return match scanner.time() {
            Some(time) if scanner.rest.is_empty() => compact(first.value, time, Spelling::Text),
            _ => DateReading::NotADate,
        };
    }
    let Some(separator) = scanner.separator() else {
        return DateReading::NotADate;
    };
    let Some(second) = scanner.number() else {
        return DateReading::NotADate;
    };
    if separator == '月' {
        scanner.take(&['日', '号', '號']);
        return if scanner.rest.is_empty() {
            month_day(first.value, second.value)
        } else {
            DateReading::NotADate
        };
    }
    let expected = if separator == '年' { '月' } else { separator };
    if !scanner.take(&[expected]) {
        // Two numbers only: month and day, where no other reading exists.
        return match (scanner.rest.is_empty(), separator) {
            (true, '/' | '-') if second.value > 12 => month_day(first.value, second.value),
            _ => DateReading::NotADate,
        };
    }
    let Some(third) = scanner.number() else {
        return DateReading::NotADate;
    };
    if separator == '年' {
        scanner.take(&['日', '号', '號']);
    }
    let Some(time) = scanner.time() else {
        return DateReading::NotADate;
    };
    if !scanner.rest.is_empty() {
        return DateReading::NotADate;
    }
    match (first.digits, third.digits) {
        (4, 1..=2) => day_of(first.value, second.value, third.value, time, Spelling::Text),
        (1..=2, 4) => year_last(first.value, second.value, third.value, time, order),
        _ => DateReading::NotADate,
    }
}

fn month_day(month: u32, day: u32) -> DateReading {
    // 29 February exists in some year.
    match NaiveDate::from_ymd_opt(2024, month, day) {
        Some(_) => DateReading::MonthDay { month, day },
        None => DateReading::Impossible,
    }
}

fn compact(number: u32, time: Option<NaiveTime>, spelling: Spelling) -> DateReading {
    day_of(
        number / 10_000,
        number / 100 % 100,
        number % 100,
        time,
        spelling,
    )
}

fn day_of(
    year: u32,
    month: u32,
    day: u32,
    time: Option<NaiveTime>,
    spelling: Spelling,
) -> DateReading {
    match NaiveDate::from_ymd_opt(year as i32, month, day) {
        Some(date) => DateReading::Date {
            date,
            time,
            spelling,
        },
        None => DateReading::Impossible,
    }
}

fn year_last(
    first: u32,
    second: u32,
    year: u32,
    time: Option<NaiveTime>,
    order: Option<DateOrder>,
) -> DateReading {
    let month_first = NaiveDate::from_ymd_opt(year as i32, first, second);
    let day_first = NaiveDate::from_ymd_opt(year as i32, second, first);
    let chosen = match order {
        Some(DateOrder::MonthFirst) => month_first,
        Some(DateOrder::DayFirst) => day_first,
        None => match (month_first, day_first) {
            (Some(month_first), Some(day_first)) if month_first != day_first => {
                return DateReading::Ambiguous {
                    month_first,
                    day_first,
                };
            }
            (one, other) => one.or(other),
        },
    };
    chosen.map_or(DateReading::Impossible, |date| DateReading::Date {
        date,
        time,
        spelling: Spelling::Text,
    })
}

/// The first day that is `month`/`day` and not before `reference`: the year of a plan written without one.
pub fn infer_year(month: u32, day: u32, reference: NaiveDate) -> Option<NaiveDate> {
    // 29 February may be up to eight years away, around a century that is no leap year.
    (reference.year()..=reference.year() + 8)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|&date| date >= reference)
}

/// A date inside a longer text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// What it says.
    pub reading: DateReading,
}

/// The dates that a sentence names (`5月22日前发送报价`), in order: those with a year, and `M月D日` without one.
/// Bare numbers are left alone, for a sentence is full of them.
pub fn dates_in_text(text: &str) -> Vec<FoundDate> {
    let folded = nfkc(text);
    let text: &str = &folded;
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(offset) = text[position..].find(|c: char| c.is_ascii_digit()) {
        let start = position + offset;
        let candidate: usize = text[start..]
            .char_indices()
            .take_while(|(_, c)| {
                c.is_ascii_digit()
                    || matches!(c, '年' | '月' | '日' | '号' | '號' | '-' | '/' | '.')
            })
            .map(|(at, c)| at + c.len_utf8())
            .last()
            .unwrap_or(1);
        let run = text[start..start + candidate].trim_end_matches(['-', '/', '.']);
        let reading = parse_date_text(run, None);
        let named = run.contains('月') || run.matches(['-', '/', '.']).count() == 2;
        if named && reading != DateReading::NotADate {
            found.push(FoundDate {
                start,
                end: start + run.len(),
                reading,
            });
        }
        position = start + candidate;
    }
    found
}

struct Number {
    value: u32,
    digits: usize,
}

struct Scanner<'a> {
    rest: &'a str,
}

impl Scanner<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn number(&mut self) -> Option<Number> {
        self.blanks();
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 8 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some(Number {
            value: number.parse().ok()?,
            digits,
        })
    }

    fn take(&mut self, any: &[char]) -> bool {
        self.blanks();
        match self.rest.strip_prefix(any) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn separator(&mut self) -> Option<char> {
        self.blanks();
        let separator = self
            .rest
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月'))?;
        self.rest = &self.rest[separator.len_utf8()..];
        Some(separator)
    }

    /// A time of day at the end: `Some(None)` where there is none, `None` where it cannot be read.
    #[expect(clippy::option_option, reason = "no time is not a bad time")]
    fn time(&mut self) -> Option<Option<NaiveTime>> {
        self.blanks();
        self.rest = self.rest.strip_prefix('T').unwrap_or(self.rest);
        let afternoon = match ["上午", "早上", "下午", "晚上"]
            .iter()
            .position(|word| self.rest.starts_with(word))
        {
            Some(position) => {
                self.rest = &self.rest["上午".len()..];
                Some(position > 1)
            }
            None => None,
        };
        self.blanks();
        if self.rest.is_empty() {
            return afternoon.is_none().then_some(None);
        }
        let mut hour = self.number()?.value;
        if !self.take(&[':', '时', '時', '点', '點']) {
            return None;
        }
        let minute = self.number().map_or(0, |number| number.value);
        self.take(&['分']);
        let mut second = 0;
        if self.take(&[':']) {
            second = self.number()?.value;
            self.take(&['秒']);
            // Fractions of a second and a zone mark say nothing that a follow-up table means.
            if self.take(&['.']) {
                self.number()?;
            }
            self.take(&['Z']);
        }
        self.blanks();
        if afternoon == Some(true) && hour < 12 {
            hour += 12;
        }
        NaiveTime::from_hms_opt(hour, minute, second)
            .map(|time| (time.num_seconds_from_midnight() > 0).then_some(time))
    }
}

fn without_weekday(text: &str) -> &str {
    let bare = text.trim_end_matches([')', ' ']);
    let Some(day) = bare
        .chars()
        .next_back()
        .filter(|c| "一二三四五六日天".contains(*c))
    else {
        return text;
    };
    let head = &bare[..bare.len() - day.len_utf8()];
    ["星期", "礼拜", "周", "週"]
        .iter()
        .find_map(|word| head.strip_suffix(word))
        .map_or(text, |head| head.trim_end_matches(['(', ' ', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn every_spelling_of_one_day_is_that_day() {
        for text in [
            "2024-05-20",
            "2024/5/20",
            "2024.5.20",
            "2024年5月20日",
            "2024年5月20号",
            "20240520",
            " 2024-5-20 ",
            "２０２４年５月２０日",
            "2024 年 5 月 20 日",
            "2024-05-20 周一",
            "2024年5月20日(星期一)",
            "2024-05-20 00:00:00",
        ] {
            assert_eq!(
                parse_date_text(text, None).date(),
                Some(day(2024, 5, 20)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_of_day_is_kept() {
        for (text, hour, minute) in [
            ("2024-05-20 14:30", 14, 30),
            ("2024-05-20T14:30:00", 14, 30),
            ("2024/5/20 下午2:30", 14, 30),
            ("2024年5月20日 9时5分", 9, 5),
            ("2024-05-20 9点", 9, 0),
            ("20240520 09:05", 9, 5),
        ] {
            let expected = NaiveTime::from_hms_opt(hour, minute, 0);
            assert!(
                matches!(parse_date_text(text, None), DateReading::Date { time, .. } if time == expected),
                "{text}"
            );
        }
    }

    #[test]
    fn days_that_do_not_exist_are_impossible() {
        for text in [
            "2025年2月30日",
            "2025-13-01",
            "20250231",
            "2月30日",
            "31/4/2024",
            "2023-02-29",
        ] {
            assert_eq!(
                parse_date_text(text, None),
                DateReading::Impossible,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_not_made_one() {
        for text in [
            "",
            "待定",
            "2024",
            "5.22",
            "2024-05",
            "2024年5月",
            "12:30",
            "1-2-3",
            "24-5-20",
            "2024-05-20x",
            "3/4",
            "2024-05-20 25:00",
        ] {
            assert_eq!(parse_date_text(text, None), DateReading::NotADate, "{text}");
        }
    }

    #[test]
    fn day_and_month_are_told_apart_only_by_the_policy() {
        let both = DateReading::Ambiguous {
            month_first: day(2024, 3, 4),
            day_first: day(2024, 4, 3),
        };
        assert_eq!(parse_date_text("3/4/2024", None), both);
        assert_eq!(
            parse_date_text("3/4/2024", Some(DateOrder::DayFirst)).date(),
            Some(day(2024, 4, 3))
        );
        assert_eq!(
            parse_date_text("3/4/2024", Some(DateOrder::MonthFirst)).date(),
            Some(day(2024, 3, 4))
        );
        // No other reading exists for these.
        assert_eq!(
            parse_date_text("25/12/2024", None).date(),
            Some(day(2024, 12, 25))
        );
        assert_eq!(
            parse_date_text("4/4/2024", None).date(),
            Some(day(2024, 4, 4))
        );
    }

    #[test]
    fn a_missing_year_is_the_nearest_not_before_the_reference() {
        assert_eq!(
            parse_date_text("5月22日", None),
            DateReading::MonthDay { month: 5, day: 22 }
        );
        assert_eq!(infer_year(5, 22, day(2024, 5, 20)), Some(day(2024, 5, 22)));
        assert_eq!(infer_year(1, 5, day(2024, 12, 30)), Some(day(2025, 1, 5)));
        assert_eq!(infer_year(2, 29, day(2097, 1, 1)), Some(day(2104, 2, 29)));
    }

    #[test]
    fn dates_are_found_inside_sentences() {
        let readings = |text| {
            dates_in_text(text)
                .into_iter()
                .map(|found| found.reading)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            readings("5月22日发送案例及报价单"),
            [DateReading::MonthDay { month: 5, day: 22 }]
        );
        assert_eq!(readings("李雷于2024-05-22前回访，预算20万").len(), 1);
        assert_eq!(readings("每月1次资讯推送"), []);
        assert_eq!(readings("版本 1.2 报价 3-4 套"), []);
    }

    #[test]
    fn serial_days_and_compact_numbers_are_dates() {
        let number = |value| parse_date(Value::Number { value, format: "" }, None).date();
        // 45432 is 2024-05-20 in Excel and LibreOffice.
        assert_eq!(number(45432.0), Some(day(2024, 5, 20)));
        assert_eq!(number(20_240_520.0), Some(day(2024, 5, 20)));
        assert_eq!(number(3.0), None);
    }
}
