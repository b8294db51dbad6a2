//! Work days: Monday to Friday, without public holidays, with the weekends on which they are made up for.

use std::sync::OnceLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// Which days are worked.
///
/// ```
/// use chrono::NaiveDate;
/// use leadsheet_core::Calendar;
/// let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
/// let china = Calendar::china();
/// assert!(!china.is_work_day(day(10, 1)));
/// assert!(china.is_work_day(day(10, 12))); // a Saturday that makes up for it
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Weekdays that are off, sorted.
    off: Vec<NaiveDate>,
    /// Weekends that are worked, sorted.
    worked: Vec<NaiveDate>,
}

#[derive(Deserialize)]
struct File {
    year: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    off: Vec<Holiday>,
    work: Vec<NaiveDate>,
}

#[derive(Deserialize)]
struct Holiday {
    from: NaiveDate,
    to: NaiveDate,
}

impl Calendar {
    /// Monday to Friday but for `off`, and `worked`. A day in both lists is worked.
    pub fn new(
        off: impl IntoIterator<Item = NaiveDate>,
        worked: impl IntoIterator<Item = NaiveDate>,
    ) -> Self {
        let mut worked: Vec<_> = worked.into_iter().collect();
        worked.sort_unstable();
        worked.dedup();
        let mut off: Vec<_> = off
            .into_iter()
            .filter(|&day| !is_weekend(day) && worked.binary_search(&day).is_err())
            .collect();
        off.sort_unstable();
        off.dedup();
        worked.retain(|&day| is_weekend(day));
        Self { off, worked }
    }

    /// Mainland China, by the notices of the State Council for the years that `data/china.toml` lists; other years
    /// count Monday to Friday.
    pub fn china() -> &'static Self {
        static CHINA: OnceLock<Calendar> = OnceLock::new();
        CHINA.get_or_init(|| {
            // The file is compiled in; a test reads it.
            let file: File = toml::from_str(include_str!("../data/china.toml"))
                .unwrap_or(File { year: Vec::new() });
            let off = file.year.iter().flat_map(|year| &year.off).flat_map(|off| {
                off.from
                    .iter_days()
                    .take_while(|&day| day <= off.to)
                    .collect::<Vec<_>>()
            });
            Self::new(off, file.year.iter().flat_map(|year| year.work.clone()))
        })
    }

    /// The same with days of a team's own: its holidays, and the days on which it works all the same.
    #[must_use]
    pub fn with(&self, off: &[NaiveDate], worked: &[NaiveDate]) -> Self {
        let kept = |days: &[NaiveDate], by: &[NaiveDate]| -> Vec<_> {
            days.iter()
                .copied()
                .filter(|day| !by.contains(day))
                .collect()
        };
        Self::new(
            kept(&self.off, worked)
                .into_iter()
                .chain(off.iter().copied()),
            kept(&self.worked, off)
                .into_iter()
                .chain(worked.iter().copied()),
        )
    }

    /// Whether the day is worked.
    pub fn is_work_day(&self, day: NaiveDate) -> bool {
        if is_weekend(day) {
            self.worked.binary_search(&day).is_ok()
        } else {
            self.off.binary_search(&day).is_err()
        }
    }

    /// Work days after `from` up to and with `to`; negative where `to` is earlier.
    pub fn work_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.work_days_until(to) - self.work_days_until(from)
    }

    /// Work days up to and with a day, counted from an arbitrary Sunday.
    fn work_days_until(&self, day: NaiveDate) -> i64 {
        let days = i64::from(day.num_days_from_ce());
        // Day 0 before the common era is a Sunday: 1 January of the year 1 is a Monday.
        let weekdays = days.div_euclid(7) * 5 + days.rem_euclid(7).min(5);
        let until = |list: &[NaiveDate]| list.partition_point(|&other| other <= day) as i64;
        weekdays - until(&self.off) + until(&self.worked)
    }

    /// The first day by which `days` work days have passed since `from`; `from` itself for none.
    pub fn add_work_days(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut day = from;
        let mut left = days;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else {
                break;
            };
            day = next;
            left -= u32::from(self.is_work_day(day));
        }
        day
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    /// The notices give the days off in a row and the weekends worked with their weekdays.
    #[test]
    fn the_notices_of_three_years_are_kept() {
        let china = Calendar::china();
        // 10 to 17 February 2024 are off; the Sundays around them are worked.
        assert!((10..=17).all(|date| !china.is_work_day(day(2024, 2, date))));
        assert!(china.is_work_day(day(2024, 2, 4)) && china.is_work_day(day(2024, 2, 18)));
        assert!(china.is_work_day(day(2024, 2, 9)));
        assert!(!china.is_work_day(day(2025, 10, 8)) && china.is_work_day(day(2025, 10, 11)));
        assert!(!china.is_work_day(day(2026, 2, 23)) && china.is_work_day(day(2026, 2, 28)));
        // As payroll calendars of these years give them.
        for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
            let worked = day(year, 1, 1)
                .iter_days()
                .take_while(|date| date.year() == year)
                .filter(|&date| china.is_work_day(date))
                .count();
            assert_eq!(worked, expected, "{year}");
        }
    }

    #[test]
    fn work_days_between_two_days_are_those_one_can_count() {
        let china = Calendar::china();
        for (from, to) in [
            (day(2024, 9, 10), day(2024, 10, 15)),
            (day(2023, 12, 25), day(2026, 12, 31)),
            (day(2024, 5, 4), day(2024, 5, 4)),
            (day(2030, 1, 5), day(2030, 1, 6)),
        ] {
            let counted = from
                .iter_days()
                .skip(1)
                .take_while(|&date| date <= to)
                .filter(|&date| china.is_work_day(date))
                .count();
            assert_eq!(china.work_days_between(from, to), counted as i64);
            assert_eq!(china.work_days_between(to, from), -(counted as i64));
        }
        // Friday before the long holiday; the Sunday after it is a day off, Tuesday the 8th the first worked.
        assert_eq!(china.add_work_days(day(2024, 9, 30), 1), day(2024, 10, 8));
        assert_eq!(china.add_work_days(day(2024, 10, 1), 0), day(2024, 10, 1));
    }

    #[test]
    fn a_team_has_holidays_of_its_own() {
        let team =
            Calendar::china().with(&[day(2024, 5, 20)], &[day(2024, 10, 1), day(2024, 6, 1)]);
        assert!(!team.is_work_day(day(2024, 5, 20)));
        assert!(team.is_work_day(day(2024, 10, 1)));
        assert!(team.is_work_day(day(2024, 6, 1)));
        assert!(!team.is_work_day(day(2024, 6, 2)));
    }
}
