//! Cohorts: leads by the month they came, and how many were won how soon.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use leadsheet_core::Message;
use serde::Serialize;

use super::{Asked, note};
use crate::rate::share;
use crate::topics::Period;

/// The leads of a month.
///
/// `won[n]` are those won in the month they came or in the `n` months after it: `months(closed) - months(created) <=
/// n`, counted by the calendar. Months that have not come yet are not there, and the running one may still grow:
/// only the first `complete` numbers are final, so that a young month never looks like a bad one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cohort {
    /// The month, `2025-03`.
    pub month: String,
    /// Leads that came in it.
    pub leads: u32,
    /// Won so far, month by month.
    pub won: Vec<u32>,
    /// `won / leads`.
    pub rate: Vec<Option<f64>>,
    /// How many of these numbers cannot grow any more.
    pub complete: usize,
    /// Won within so many days each.
    pub within: Vec<CohortWithin>,
}

/// The leads of a month that had so many days to be won: only they are counted, so that all had the same chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CohortWithin {
    /// Days after the lead came.
    pub days: u32,
    /// Leads that came at least so many days before the day of the report.
    pub leads: u32,
    /// Of these, closed and won within the days: `closed - created <= days`.
    pub won: u32,
    /// `won / leads`.
    pub rate: Option<f64>,
    /// Whether the whole month had so many days: the numbers cannot change any more.
    pub complete: bool,
}

/// The days that wins are counted within.
const DAYS: [i32; 6] = [7, 14, 30, 60, 90, 180];

/// Months of the calendar since year 0.
fn month_of(day: i32) -> Option<i32> {
    let day = NaiveDate::from_epoch_days(day)?;
    Some(day.year() * 12 + day.month0() as i32)
}

/// What is gathered of a month.
#[derive(Default)]
struct Month {
    leads: u32,
    /// Won, by months to the closing.
    won: BTreeMap<i32, u32>,
    /// The days on which leads came.
    created: Vec<i32>,
    /// Of those won: the day they came, and the days to the closing.
    taken: Vec<(i32, i32)>,
}

impl Month {
    fn within(&self, days: i32, first: NaiveDate, today: i32) -> CohortWithin {
        let is_old = |created: i32| today - created >= days;
        let old = self.created.iter().filter(|&&created| is_old(created));
        let leads = old.count() as u32;
        let in_time = |&&(created, taken): &&(i32, i32)| is_old(created) && taken <= days;
        let won = self.taken.iter().filter(in_time).count() as u32;
        let after = Period::Month.next(first).map(|day| day.to_epoch_days());
        CohortWithin {
            days: days as u32,
            leads,
            won,
            rate: share(won, leads),
            complete: after.is_some_and(|after| today - (after - 1) >= days),
        }
    }
}

/// Months behind which a cohort is not followed any more.
const LONGEST: i32 = 23;

/// The cohorts of the leads in the window, and what could not be placed. Empty where no table says what became of
/// leads.
pub(crate) fn cohorts(asked: &Asked<'_, '_>) -> (Vec<Cohort>, Vec<Message>) {
    let definition = asked.definition;
    let Some(this_month) = month_of(definition.today.to_epoch_days()) else {
        return (Vec::new(), Vec::new());
    };
    let mut by_month: BTreeMap<i32, Month> = BTreeMap::new();
    let (mut undated, mut unplaced) = (0, 0);
    for lead in asked.known.in_window(&definition.window) {
        if lead.outcome().is_none() {
            continue;
        }
        let created = lead.created();
        let Some((created, month)) = created.and_then(|day| Some((day, month_of(day)?))) else {
            undated += 1;
            continue;
        };
        let of_month = by_month.entry(month).or_default();
        of_month.leads += 1;
        of_month.created.push(created);
        if !lead.is_won() {
            continue;
        }
        match lead.closed() {
            Some(closed) if closed >= created => {
                let months = month_of(closed).map_or(0, |closed| closed - month);
                *of_month.won.entry(months).or_default() += 1;
                of_month.taken.push((created, closed - created));
            }
            _ => unplaced += 1,
        }
    }
    let today = definition.today.to_epoch_days();
    let cohort = |(&month, of_month): (&i32, &Month)| {
        let Month { leads, won, .. } = of_month;
        let number = month.rem_euclid(12) as u32 + 1;
        let first = NaiveDate::from_ymd_opt(month.div_euclid(12), number, 1)?;
        let last = (this_month - month).min(LONGEST);
        let so_far = |months| won.range(..=months).map(|(_, won)| won).sum();
        let won: Vec<u32> = (0..=last).map(so_far).collect();
        Some(Cohort {
            month: Period::Month.of(first),
            leads: *leads,
            rate: won.iter().map(|&won| share(won, *leads)).collect(),
            complete: won.len().min((this_month - month).max(0) as usize),
            won,
            within: DAYS
                .map(|days| of_month.within(days, first, today))
                .to_vec(),
        })
    };
    let cohorts: Vec<_> = by_month.iter().filter_map(cohort).collect();
    let mut notes = Vec::new();
    note(&mut notes, "cohort-undated", undated);
    note(&mut notes, "cohort-unplaced", unplaced);
    (cohorts, notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LEDGER, by, day, report_of};
    use crate::{ReportDefinition, Topic};

    fn cohorts_of(text: &str, today: &str) -> Vec<(String, u32, Vec<u32>, usize)> {
        let definition = ReportDefinition {
            show: vec![Topic::Cohorts],
            today: day(today),
            ..by(&[])
        };
        let cohorts = report_of(text, &definition).cohorts.unwrap();
        let shown = |it: Cohort| (it.month, it.leads, it.won, it.complete);
        cohorts.into_iter().map(shown).collect()
    }

    /// One of March's two leads was won in March, one of April's three in April, none of May's one.
    #[test]
    fn months_that_have_not_come_are_not_zero() {
        assert_eq!(
            cohorts_of(LEDGER, "2025-05-20"),
            [
                ("2025-03".to_owned(), 2, vec![1, 1, 1], 2),
                ("2025-04".to_owned(), 3, vec![1, 1], 1),
                ("2025-05".to_owned(), 1, vec![0], 0),
            ]
        );
        // A lead of tomorrow has no month behind it yet.
        assert_eq!(cohorts_of(LEDGER, "2025-04-30")[2].2, Vec::<u32>::new());
    }

    /// March's second lead came on the 10th; on 5 April the first is 35 days old and it 26. The first took 19 days.
    #[test]
    fn only_leads_that_had_the_days_are_counted_within_them() {
        let definition = ReportDefinition {
            show: vec![Topic::Cohorts],
            today: day("2025-04-05"),
            ..by(&[])
        };
        let cohorts = report_of(LEDGER, &definition).cohorts.unwrap();
        let within = cohorts[0].within.iter();
        let shown: Vec<_> = within
            .map(|it| (it.days, it.won, it.leads, it.complete))
            .collect();
        assert_eq!(
            shown,
            [
                (7, 0, 2, false),
                (14, 0, 2, false),
                (30, 1, 1, false),
                (60, 0, 0, false),
                (90, 0, 0, false),
                (180, 0, 0, false)
            ]
        );
        let later = ReportDefinition {
            today: day("2025-04-07"),
            ..definition
        };
        assert!(report_of(LEDGER, &later).cohorts.unwrap()[0].within[0].complete);
    }

    #[test]
    fn wins_add_up_month_by_month_of_the_calendar() {
        let text = "
            lead_id         | follow_up_date | closed_date | stage
            ZH-20250131-001 | 2025-01-31     | 2025-02-01  | 成交客户
            ZH-20250101-002 | 2025-01-31     | 2025-01-31  | 成交客户
            ZH-20250101-003 | 2025-01-31     | 2025-04-01  | 成交客户
            ZH-20250101-004 | 2025-01-31     | 2024-12-31  | 成交客户
            ZH-20250101-005 | 2025-01-31     |             | 流失客户";
        assert_eq!(
            cohorts_of(text, "2025-05-01"),
            [("2025-01".to_owned(), 5, vec![1, 2, 2, 3, 3], 4)]
        );
    }
}
