//! Which leads belong to a period. Both ends of a window belong to it.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::definition::{PeriodBasis, Window};
use crate::frame::column::{CLOSED, CREATED, FOLLOWED_UP, LAST_DAY};

/// Whether a day, counted from 1970-01-01, belongs to the window.
pub(crate) fn holds(window: &Window, day: i32) -> bool {
    window.from.is_none_or(|from| from.to_epoch_days() <= day)
        && window.to.is_none_or(|to| day <= to.to_epoch_days())
}

/// The date of a lead by which it belongs to a window.
pub(crate) const fn basis(by: PeriodBasis) -> &'static str {
    match by {
        PeriodBasis::Created => CREATED,
        PeriodBasis::FollowedUp => FOLLOWED_UP,
        PeriodBasis::Closed => CLOSED,
    }
}

/// The same, known of a lead whatever the period.
pub(crate) const fn known_day(by: PeriodBasis) -> &'static str {
    match by {
        PeriodBasis::FollowedUp => LAST_DAY,
        _ => basis(by),
    }
}

/// Whether the lead has the date by which a window is taken, in whatever period.
pub(crate) fn is_dated(by: PeriodBasis) -> Expr {
    col(known_day(by)).is_not_null()
}

/// Whether the lead belongs to the window: it was created in it, followed up in it at least once, or closed in it.
pub(crate) fn in_window(window: &Window) -> Expr {
    inside(col(basis(window.by)), window)
}

/// Whether the day the lead came is known.
pub(crate) fn is_created() -> Expr {
    col(CREATED).is_not_null()
}

/// Whether the lead is at least `days` days old: `today - created >= days`.
pub(crate) fn is_old_enough(days: u32, today: NaiveDate) -> Expr {
    let youngest = i64::from(today.to_epoch_days()) - i64::from(days);
    col(CREATED).lt_eq(lit(youngest))
}

fn inside(day: Expr, window: &Window) -> Expr {
    let mut inside = day.clone().is_not_null();
    if let Some(from) = window.from {
        inside = inside.and(day.clone().gt_eq(lit(from.to_epoch_days())));
    }
    if let Some(to) = window.to {
        inside = inside.and(day.lt_eq(lit(to.to_epoch_days())));
    }
    inside
}

#[cfg(test)]
mod tests {
    use crate::PeriodBasis::{Closed, Created, FollowedUp};
    use crate::testing::{LEDGER, by, figures_of, notes_of, total_in};
    use crate::{ReportDefinition, Window};

    /// Trap 3: leads that came in a period and deals closed in it are different leads, and never divided by one
    /// another.
    #[test]
    fn a_window_takes_leads_by_one_date_and_judges_these_alone() {
        assert_eq!(
            total_in(LEDGER, Created, "2025-03-01", "2025-03-31"),
            "1+1+0=2"
        );
        assert_eq!(
            total_in(LEDGER, FollowedUp, "2025-04-01", "2025-04-30"),
            "1+0+2=3"
        );
        assert_eq!(
            total_in(LEDGER, Closed, "2025-04-01", "2025-04-30"),
            "1+0+0=1"
        );
    }

    #[test]
    fn both_ends_belong_to_the_window_and_either_may_be_open() {
        assert_eq!(
            total_in(LEDGER, Created, "2025-04-05", "2025-04-10"),
            "0+0+2=2"
        );
        assert_eq!(total_in(LEDGER, Created, "2025-04-11", ""), "1+0+1=2");
        assert_eq!(total_in(LEDGER, Created, "", "2025-03-01"), "1+0+0=1");
        assert_eq!(
            total_in(LEDGER, Closed, "2025-03-15", "2025-03-15"),
            "0+1+0=1"
        );
        assert_eq!(
            total_in(LEDGER, FollowedUp, "2025-03-02", "2025-03-09"),
            "0+0+0=0"
        );
    }

    /// Trap 11: rows written down late count on the day they speak of.
    #[test]
    fn an_old_follow_up_typed_in_last_does_not_become_the_latest() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-10     | 成交客户
            甲       | 2025-03-01     | 潜在客户";
        assert_eq!(
            total_in(text, Created, "2025-03-01", "2025-03-01"),
            "1+0+0=1"
        );
    }

    #[test]
    fn the_day_in_the_number_comes_before_the_first_follow_up() {
        let text = "
            lead_id         | follow_up_date | stage
            ZH-20250228-001 | 2025-03-10     | 潜在客户
            A002            | 2025-03-10     | 潜在客户
            ZH-20250230-001 | 2025-03-10     | 潜在客户";
        assert_eq!(
            total_in(text, Created, "2025-02-01", "2025-02-28"),
            "0+0+1=1"
        );
        assert_eq!(
            total_in(text, Created, "2025-03-01", "2025-03-31"),
            "0+0+2=2"
        );
    }

    /// Closed on the latest 成交日期 there is, whatever the outcome; else when the first row said won or lost.
    #[test]
    fn a_closing_date_is_taken_literally() {
        let text = "
            lead_id | follow_up_date | result | closed_date
            A001    | 2020-04-01     | 成交   | 2020-04-02
            A001    | 2020-04-05     | 成交   | 2020-04-06
            A002    | 2020-04-01     |        | 2020-04-06
            A003    | 2020-04-06     | 未成交 |
            A003    | 2020-04-09     | 成交   |
            A004    | 2020-04-06     |        |
            A005    | 2020-04-05     |        | 4月6日";
        assert_eq!(
            total_in(text, Closed, "2020-04-06", "2020-04-06"),
            "2+0+2=4"
        );
        assert_eq!(
            total_in(text, Closed, "2020-04-02", "2020-04-02"),
            "0+0+0=0"
        );
    }

    #[test]
    fn leads_without_the_date_are_left_out_of_a_window_only() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-10     | 成交客户
            乙       | 3/4/2025       | 成交客户
            丙       |                | 潜在客户";
        assert_eq!(figures_of(text, &by(&[])), "2+0+1=3");
        for (basis, note) in [
            (Created, "not-created count=2"),
            (FollowedUp, "not-followed-up count=2"),
            (Closed, "not-closed count=2"),
        ] {
            assert_eq!(
                total_in(text, basis, "2025-01-01", ""),
                "1+0+0=1",
                "{basis:?}"
            );
            let definition = ReportDefinition {
                window: Window {
                    from: Some(crate::testing::day("2025-01-01")),
                    to: None,
                    by: basis,
                },
                ..by(&[])
            };
            let notes = notes_of(text, &definition);
            assert!(notes.iter().any(|text| text == note), "{notes:?}");
        }
    }

    #[test]
    fn months_quarters_and_weeks_are_those_of_the_window_s_date() {
        assert_eq!(
            figures_of(LEDGER, &by(&["month", "quarter"])),
            "2+1+3=6\nmonth:\n  2025-03 1+1+0=2\n  2025-04 1+0+2=3\n  2025-05 0+0+1=1\
             \nquarter:\n  2025-Q1 1+1+0=2\n  2025-Q2 1+0+3=4"
        );
        let closed = ReportDefinition {
            window: Window {
                by: Closed,
                ..Window::default()
            },
            ..by(&["week"])
        };
        assert_eq!(
            figures_of(LEDGER, &closed),
            "2+1+3=6\nweek:\n  2025-W11 0+1+0=1\n  2025-W12 1+0+0=1\n  2025-W15 1+0+0=1\n  （未填写） 0+0+3=3"
        );
    }

    #[test]
    fn a_lead_followed_up_in_two_months_counts_in_the_last_one_of_the_window() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-10     | 意向客户
            甲       | 2025-04-10     | 意向客户
            甲       | 2025-05-10     | 成交客户";
        let until = |to| ReportDefinition {
            window: Window {
                from: None,
                to: Some(crate::testing::day(to)),
                by: FollowedUp,
            },
            ..by(&["month"])
        };
        assert_eq!(
            figures_of(text, &until("2025-04-30")),
            "1+0+0=1\nmonth:\n  2025-04 1+0+0=1"
        );
        assert_eq!(
            figures_of(text, &until("2025-12-31")),
            "1+0+0=1\nmonth:\n  2025-05 1+0+0=1"
        );
    }
}
