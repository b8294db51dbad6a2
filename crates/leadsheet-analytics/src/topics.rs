//! What a report can show beside conversion, and the lengths of time it counts by.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A part of a report beside conversion and funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Topic {
    /// How soon leads are answered, and how long they take.
    Speed,
    /// Who did how much, period by period.
    Activity,
    /// Who is behind the pace of the policy.
    Overdue,
    /// Amounts sold.
    Sales,
    /// How much of what should be filled in is.
    Quality,
    /// Leads by the month they came, and how long it took to win them.
    Cohorts,
    /// Leads that several people share, credited in equal parts.
    Credit,
}

impl Topic {
    /// Every topic, in the order of a report.
    pub const ALL: [Self; 7] = [
        Self::Speed,
        Self::Activity,
        Self::Overdue,
        Self::Sales,
        Self::Quality,
        Self::Cohorts,
        Self::Credit,
    ];

    /// How it is spelt behind `--show` and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speed => "speed",
            Self::Activity => "activity",
            Self::Overdue => "overdue",
            Self::Sales => "sales",
            Self::Quality => "quality",
            Self::Cohorts => "cohorts",
            Self::Credit => "credit",
        }
    }
}

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|topic| topic.name() == text)
            .ok_or_else(|| UnknownTopic(text.to_owned()))
    }
}

/// A text that is no topic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a report has no part called `{0}`")]
pub struct UnknownTopic(pub String);

/// A length of time that days are gathered to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// A day, `2025-03-01`.
    Day,
    /// An ISO week, `2025-W09`.
    Week,
    /// A month, `2025-03`.
    #[default]
    Month,
    /// A quarter, `2025-Q1`.
    Quarter,
    /// A year, `2025`.
    Year,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// How it is spelt behind `--per` and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The name of the period that a day lies in.
    pub fn of(self, day: NaiveDate) -> String {
        let year = day.year();
        match self {
            Self::Day => day.to_string(),
            // The first days of January may belong to the last week of the year before.
            Self::Week => format!("{}-W{:02}", day.iso_week().year(), day.iso_week().week()),
            Self::Month => format!("{year}-{:02}", day.month()),
            Self::Quarter => format!("{year}-Q{}", day.quarter()),
            Self::Year => year.to_string(),
        }
    }

    /// The first day of the period that a day lies in.
    pub(crate) fn start(self, day: NaiveDate) -> NaiveDate {
        let first_of = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day.week(chrono::Weekday::Mon).first_day(),
            Self::Month => first_of(day.month()),
            Self::Quarter => first_of(3 * day.quarter() - 2),
            Self::Year => first_of(1),
        }
    }

    /// The first day of the next period.
    pub(crate) fn next(self, start: NaiveDate) -> Option<NaiveDate> {
        let months = |count| start.checked_add_months(chrono::Months::new(count));
        match self {
            Self::Day => start.checked_add_days(chrono::Days::new(1)),
            Self::Week => start.checked_add_days(chrono::Days::new(7)),
            Self::Month => months(1),
            Self::Quarter => months(3),
            Self::Year => months(12),
        }
    }

    /// The name of the last of these periods, where it is not over at the end of `today`.
    pub(crate) fn running(self, starts: &[NaiveDate], today: NaiveDate) -> Option<String> {
        let last = *starts.last()?;
        let is_running = last <= today
            && self
                .next(last)
                .is_some_and(|next| Some(next) > today.succ_opt());
        is_running.then(|| self.of(last))
    }

    /// The periods between two days, both included, by their first days. A few dates far astray do not make a list
    /// of centuries: of too many periods only those given are listed.
    pub(crate) fn between(self, mut starts: Vec<NaiveDate>) -> Vec<NaiveDate> {
        const MOST: usize = 800;
        starts.sort_unstable();
        starts.dedup();
        let (Some(&first), Some(&last)) = (starts.first(), starts.last()) else {
            return starts;
        };
        let every = std::iter::successors(Some(first), |&start| self.next(start));
        let every: Vec<_> = every
            .take_while(|&start| start <= last)
            .take(MOST + 1)
            .collect();
        if every.len() > MOST { starts } else { every }
    }
}

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompareWith {
    /// The same length of time just before: as many calendar months where the period is whole months, else as many
    /// days.
    Previous,
    /// These days, both included.
    Days {
        /// The first.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
}

impl CompareWith {
    /// The days meant beside the period `from` to `to`; `None` where the calendar ends.
    pub(crate) fn days(self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::Days { from, to } => Some((from, to)),
            Self::Previous => {
                let before = from.pred_opt()?;
                let after = to.succ_opt()?;
                if from.day() == 1 && after.day() == 1 {
                    let months = (after.year() - from.year()) * 12 + after.month0() as i32
                        - from.month0() as i32;
                    let months = chrono::Months::new(u32::try_from(months).ok()?);
                    return Some((from.checked_sub_months(months)?, before));
                }
                let days = u64::try_from((to - from).num_days()).ok()?;
                Some((before.checked_sub_days(chrono::Days::new(days))?, before))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::day;

    /// The weeks are those of Python's `date.isocalendar`.
    #[test]
    fn a_day_lies_in_its_week_month_quarter_and_year() {
        for (text, week, month, quarter, start_of_week) in [
            ("2025-03-01", "2025-W09", "2025-03", "2025-Q1", "2025-02-24"),
            ("2024-12-30", "2025-W01", "2024-12", "2024-Q4", "2024-12-30"),
            ("2027-01-03", "2026-W53", "2027-01", "2027-Q1", "2026-12-28"),
            ("2025-10-31", "2025-W44", "2025-10", "2025-Q4", "2025-10-27"),
        ] {
            let day = day(text);
            assert_eq!(Period::Week.of(day), week);
            assert_eq!(Period::Month.of(day), month);
            assert_eq!(Period::Quarter.of(day), quarter);
            assert_eq!(Period::Year.of(day), text[..4]);
            assert_eq!(Period::Week.start(day).to_string(), start_of_week);
            for period in Period::ALL {
                assert_eq!(period.of(period.start(day)), period.of(day));
                let next = period.next(period.start(day)).unwrap();
                assert_ne!(period.of(next), period.of(day));
                assert_eq!(period.of(next.pred_opt().unwrap()), period.of(day));
            }
        }
    }

    #[test]
    fn gaps_between_periods_are_filled_but_not_centuries() {
        let months = |days: &[&str]| {
            let starts = days
                .iter()
                .map(|text| day(text))
                .map(|day| Period::Month.start(day));
            let shown = Period::Month.between(starts.collect());
            shown
                .iter()
                .map(|&start| Period::Month.of(start))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            months(&["2025-03-01", "2024-12-01", "2025-03-01"]),
            ["2024-12", "2025-01", "2025-02", "2025-03"]
        );
        assert_eq!(months(&["0202-01-01", "2025-03-01"]), ["202-01", "2025-03"]);
        assert!(months(&[]).is_empty());
    }

    #[test]
    fn a_period_runs_until_its_last_day_is_over() {
        let starts = [day("2025-05-01"), day("2025-06-01")];
        let running = |today| Period::Month.running(&starts, day(today));
        assert_eq!(running("2025-06-29").as_deref(), Some("2025-06"));
        assert_eq!(running("2025-06-30"), None);
        assert_eq!(running("2025-07-01"), None);
        assert_eq!(
            running("2025-05-31"),
            None,
            "of what is planned nothing runs"
        );
    }

    #[test]
    fn the_previous_period_is_as_long_as_this_one() {
        for (from, to, before) in [
            ("2025-03-01", "2025-03-31", "2025-02-01 2025-02-28"),
            ("2025-01-01", "2025-03-31", "2024-10-01 2024-12-31"),
            ("2024-01-01", "2024-12-31", "2023-01-01 2023-12-31"),
            ("2025-03-10", "2025-03-16", "2025-03-03 2025-03-09"),
            ("2025-03-01", "2025-03-30", "2025-01-30 2025-02-28"),
        ] {
            let days = CompareWith::Previous.days(day(from), day(to)).unwrap();
            assert_eq!(format!("{} {}", days.0, days.1), before);
        }
    }
}
