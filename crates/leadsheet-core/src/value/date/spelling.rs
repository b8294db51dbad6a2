//! One date alone in a cell, in any of the ways people spell it.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime, Timelike};

use super::{DateHabits, DateOrder, DateReading, ShortYears, Spelling, in_arabic};
use crate::text::nfkc;

/// Years of the Republic (民國) begin with 1912.
const YEARS_BEFORE_1912: u32 = 1911;
/// What stands before a year of the Republic, folded.
const REPUBLIC: [&str; 4] = ["中華民國", "中华民国", "民國", "民国"];

/// Reads text as a date; see [`parse_date`](super::parse_date).
pub fn parse_date_text(text: &str, habits: DateHabits) -> DateReading {
    if let Some(reading) = plain(text) {
        return reading;
    }
    let folded = nfkc(text);
    let text = without_weekday(folded.trim());
    let republic = REPUBLIC.iter().find_map(|mark| text.strip_prefix(mark));
    let arabic = match republic.unwrap_or(text) {
        text if text.contains(['年', '月']) => in_arabic(text),
        text => Cow::Borrowed(text),
    };
    let mut scanner = Scanner { rest: &arabic };
    let reading = match republic {
        Some(_) => of_the_republic(&mut scanner),
        None => by_numbers(&mut scanner, habits).or_else(|| by_month_name(&arabic)),
    };
    reading.unwrap_or(DateReading::NotADate)
}

/// `2024-05-20`, as most dates outside date cells are written.
fn plain(text: &str) -> Option<DateReading> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |number, &digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let year = number(&[y1, y2, y3, y4])?;
    Some(day_of(year, number(&[m1, m2])?, number(&[d1, d2])?, None))
}

fn day_of(year: u32, month: u32, day: u32, time: Option<NaiveTime>) -> DateReading {
    match NaiveDate::from_ymd_opt(year as i32, month, day) {
        Some(date) => DateReading::Date {
            date,
            time,
            spelling: Spelling::Text,
        },
        None => DateReading::Impossible,
    }
}

fn month_day(month: u32, day: u32) -> DateReading {
    // 29 February exists in some year.
    match NaiveDate::from_ymd_opt(2024, month, day) {
        Some(_) => DateReading::MonthDay { month, day },
        None => DateReading::Impossible,
    }
}

/// A date in numbers; `None` where it is none.
fn by_numbers(scanner: &mut Scanner<'_>, habits: DateHabits) -> Option<DateReading> {
    let first = scanner.number()?;
    let is_compact = first.digits == 8 || (habits.counts_from_1912 && first.digits == 7);
    if is_compact {
        let era = if first.digits == 7 {
            YEARS_BEFORE_1912
        } else {
            0
        };
        let (year, month, day) = (
            first.value / 10_000,
            first.value / 100 % 100,
            first.value % 100,
        );
        let time = scanner.time_to_the_end()?;
        return Some(day_of(year + era, month, day, time));
    }
    let separator = scanner.separator()?;
    let second = scanner.number()?;
    if separator == '月' {
        scanner.take(&['日', '号', '號']);
        scanner.time_to_the_end()?;
        return Some(month_day(first.value, second.value));
    }
    let expected = if separator == '年' { '月' } else { separator };
    if !scanner.take(&[expected]) {
        // Two numbers only: month and day, where no other reading exists.
        let is_month_day = matches!(separator, '/' | '-') && second.value > 12;
        return (is_month_day && scanner.rest.is_empty())
            .then(|| month_day(first.value, second.value));
    }
    let third = scanner.number()?;
    if matches!(separator, '年' | '-' | '/' | '.') {
        scanner.take(&['日', '号', '號']);
    }
    let time = scanner.time_to_the_end()?;
    let (month, day) = (second.value, third.value);
    let is_republic = habits.counts_from_1912 && (100..200).contains(&first.value);
    match (first.digits, third.digits) {
        (4, 1..=2) => Some(day_of(first.value, month, day, time)),
        (1..=2, 4) => Some(year_last(
            first.value,
            month,
            third.value,
            time,
            habits.order,
        )),
        (3, 1..=2) if is_republic => {
            Some(day_of(first.value + YEARS_BEFORE_1912, month, day, time))
        }
        // In a table that counts from 1912 `99年` may be of either era.
        (2, 1..=2) if separator == '年' && !habits.counts_from_1912 => {
            let year = habits.full_year(first.value) as u32;
            Some(day_of(year, month, day, time))
        }
        (1..=2, 1..=2) if separator != '年' => short_year(&first, &second, &third, time, habits),
        _ => None,
    }
}

/// Three numbers of one or two digits each.
fn short_year(
    first: &Number,
    second: &Number,
    third: &Number,
    time: Option<NaiveTime>,
    habits: DateHabits,
) -> Option<DateReading> {
    match habits.short_years {
        Some(ShortYears::First) if first.digits == 2 => {
            let year = habits.full_year(first.value) as u32;
            Some(day_of(year, second.value, third.value, time))
        }
        Some(ShortYears::Last) if third.digits == 2 => {
            let year = habits.full_year(third.value) as u32;
            let (first, second) = (first.value, second.value);
            Some(year_last(first, second, year, time, habits.order))
        }
        // `1.2.3` is a version, a section, a score: a year has two digits at least.
        None if first.digits == 2 || third.digits == 2 => {
            let is_a_day = |year: u32, month: u32, day: u32| {
                NaiveDate::from_ymd_opt(2000 + year as i32, month, day).is_some()
            };
            let (first, second, third) = (first.value, second.value, third.value);
            (is_a_day(first, second, third)
                || is_a_day(third, first, second)
                || is_a_day(third, second, first))
            .then_some(DateReading::ShortYear)
        }
        _ => None,
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

/// What stands behind `民國`: `113年5月20日`, `113/5/20`, `1130520`.
fn of_the_republic(scanner: &mut Scanner<'_>) -> Option<DateReading> {
    let first = scanner.number()?;
    let (year, month, day) = if (6..=7).contains(&first.digits) {
        (
            first.value / 10_000,
            first.value / 100 % 100,
            first.value % 100,
        )
    } else {
        let separator = scanner.separator().filter(|&mark| mark != '月')?;
        let month = scanner.number()?.value;
        let expected = if separator == '年' { '月' } else { separator };
        if !scanner.take(&[expected]) {
            return None;
        }
        let day = scanner.number()?.value;
        scanner.take(&['日', '号', '號']);
        (first.value, month, day)
    };
    let time = scanner.time_to_the_end()?;
    (1..200)
        .contains(&year)
        .then(|| day_of(year + YEARS_BEFORE_1912, month, day, time))
}

/// `20 May 2024`, `May 20, 2024`, `20-May-2024`: a month in letters, a year of four digits.
fn by_month_name(text: &str) -> Option<DateReading> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let start = text.find(|c: char| c.is_ascii_alphabetic())?;
    let length = text[start..]
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len() - start);
    let name = text[start..start + length].to_ascii_lowercase();
    let month = MONTHS
        .iter()
        .position(|month| name.len() >= 3 && (month.starts_with(&name) || name == "sept"))?;
    let month = if name == "sept" { 9 } else { month as u32 + 1 };
    let is_mark = |c: char| matches!(c, ' ' | ',' | '-' | '.' | '/');
    let before = text[..start].trim_end_matches(is_mark);
    let mut scanner = Scanner {
        rest: text[start + length..].trim_start_matches(is_mark),
    };
    let mut next = || {
        let number = scanner.number();
        scanner.rest = scanner.rest.trim_start_matches([',', '-', '/']);
        number
    };
    let (day, year) = if before.is_empty() {
        let day = next()?;
        (day.value, next()?)
    } else {
        (before.parse().ok()?, next()?)
    };
    let time = scanner.time_to_the_end()?;
    (year.digits == 4).then(|| day_of(year.value, month, day, time))
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

    fn take_word(&mut self, words: &[&str]) -> bool {
        self.blanks();
        let found = words.iter().find_map(|word| self.rest.strip_prefix(word));
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
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

    /// A time of day and nothing behind it: `Some(None)` where nothing is left, `None` where what is left is no time.
    #[expect(clippy::option_option, reason = "no time is not a bad time")]
    fn time_to_the_end(&mut self) -> Option<Option<NaiveTime>> {
        self.blanks();
        if self.rest.is_empty() {
            return Some(None);
        }
        self.rest = self.rest.strip_prefix('T').unwrap_or(self.rest);
        let mut half = self.half_of_the_day();
        let mut hour = self.number()?.value;
        if !self.take(&[':', '时', '時', '点', '點']) {
            return None;
        }
        let minute = match self.number() {
            Some(minute) => minute.value,
            None if self.take(&['半']) => 30,
            None => 0,
        };
        self.take(&['分']);
        let mut second = 0;
        if self.take(&[':']) {
            second = self.number()?.value;
            // Fractions of a second and a zone mark say nothing that a follow-up table means.
            if self.take(&['.']) {
                self.number()?;
            }
            if !self.take(&['Z']) && self.take(&['+']) {
                self.number()?;
                self.take(&[':']);
                self.number();
            }
            self.take(&['秒']);
        } else if let Some(seconds) = self.seconds() {
            second = seconds;
        }
        half = half.or_else(|| self.half_of_the_day());
        self.blanks();
        hour = match (half, hour) {
            (None, hour) => hour,
            (Some(Half::Morning), 12) => 0,
            (Some(Half::Noon), 11) => 11,
            (Some(Half::Noon | Half::Afternoon), 12) => 12,
            (Some(Half::Noon | Half::Afternoon | Half::Evening), 1..=11) => hour + 12,
            (Some(Half::Morning), 0..=11) | (Some(_), 13..=23) => hour,
            // 晚上12点 is of this day or of the next.
            _ => return None,
        };
        let time = NaiveTime::from_hms_opt(hour, minute, second)?;
        self.rest
            .is_empty()
            .then_some((time.num_seconds_from_midnight() > 0).then_some(time))
    }

    /// `30秒` behind the minutes.
    fn seconds(&mut self) -> Option<u32> {
        let before = self.rest;
        let second = self.number()?.value;
        if self.take(&['秒']) {
            return Some(second);
        }
        self.rest = before;
        None
    }

    fn half_of_the_day(&mut self) -> Option<Half> {
        for (half, words) in [
            (
                Half::Morning,
                &["上午", "早上", "凌晨", "清晨", "AM", "am"][..],
            ),
            (Half::Noon, &["中午"]),
            (Half::Afternoon, &["下午", "傍晚", "PM", "pm"]),
            (Half::Evening, &["晚上", "晚"]),
        ] {
            if self.take_word(words) {
                return Some(half);
            }
        }
        None
    }
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Evening,
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
