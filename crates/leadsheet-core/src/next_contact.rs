//! When a lead is to be contacted next. The rule that finds overdue leads, the list of whom to call and the figures of
//! who is behind all judge by this.

use chrono::{Days, NaiveDate};

use crate::category::{Grade, Outcome};
use crate::field::Field;
use crate::ledger::Row;
use crate::policy::Policy;
use crate::rules::is_filled;
use crate::value::{DateReading, dates_in_text, infer_year};

/// What the follow-ups of an open lead say about the next one.
#[derive(Clone, Copy, Debug)]
pub struct NextContact<'a> {
    /// The latest follow-up with a date; the latest of all where none has one.
    pub row: Row<'a>,
    /// Its day.
    pub latest: Option<NaiveDate>,
    /// The day that it sets for the next one, where that is still ahead of it: in a column for it (计划跟进日期, 完成时限),
    /// else in the words of the next step.
    pub planned: Option<NaiveDate>,
    /// The latest grade that is known.
    pub grade: Option<Grade>,
    /// Days that the policy allows between two follow-ups of this grade; `None` where no column tells the lead's
    /// outcome: it may be long won, so rest alone means nothing.
    pub allowed: Option<u32>,
}

impl<'a> NextContact<'a> {
    /// What the rows of one lead say, which may stand in several tables; oldest first, those without a date last.
    /// `None` where the lead is won, lost or carries a closing date, or where no day follows from its rows.
    pub fn of(
        rows: impl DoubleEndedIterator<Item = Row<'a>> + Clone,
        policy: &Policy,
    ) -> Option<Self> {
        let newest_first = || rows.clone().rev();
        let speaking = newest_first().find(|row| row.reading().ledger().has_outcome());
        if speaking.is_some_and(|row| row.outcome() != Outcome::Open)
            || newest_first().any(|row| is_filled(&row, Field::ClosedDate))
        {
            return None;
        }
        let dated = newest_first().find(|row| row.date(Field::FollowUpDate).is_some());
        let row = dated.or_else(|| newest_first().next())?;
        let latest = row.date(Field::FollowUpDate);
        let planned = planned(&row, latest).filter(|&day| latest.is_none_or(|latest| day > latest));
        let grade = newest_first().find_map(|row| row.grade());
        let allowed = speaking.map(|_| policy.cadence.days(grade));
        let next = Self {
            row,
            latest,
            planned,
            grade,
            allowed,
        };
        next.due().map(|_| next)
    }

    /// The day the next contact is due: the planned one, else that by which the policy wants it.
    pub fn due(&self) -> Option<NaiveDate> {
        let by_policy = || {
            self.latest?
                .checked_add_days(Days::new(self.allowed?.into()))
        };
        self.planned.or_else(by_policy)
    }

    /// Days since the latest follow-up, or since the day planned for the next one, where these are more than the
    /// policy allows. A plan that was missed has the same patience as a follow-up: `due` says which day it was.
    pub fn days_overdue(&self, today: NaiveDate) -> Option<i64> {
        let allowed = i64::from(self.allowed?);
        let latest = self.latest?;
        let days_since = |date: NaiveDate| (today - date).num_days();
        let days = days_since(self.planned.unwrap_or(latest));
        (days_since(latest) > allowed && days > allowed).then_some(days)
    }
}

/// The day that the row sets for the next contact: in a column for it, else in the words of the next step.
fn planned(row: &Row<'_>, latest: Option<NaiveDate>) -> Option<NaiveDate> {
    let in_words = || {
        let plan = row.value(Field::NextStep).as_text()?;
        let days = dates_in_text(plan).into_iter();
        days.filter_map(|found| match found.reading {
            DateReading::Date { date, .. } => Some(date),
            DateReading::MonthDay { month, day } => infer_year(month, day, latest?),
            _ => None,
        })
        .max()
    };
    row.date(Field::NextDate)
        .max(row.date(Field::DueDate))
        .or_else(in_words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::Leads;
    use crate::ledger::Reading;
    use crate::rules::testing::table;

    /// The day due, and the days overdue on 2024-06-01.
    fn of(text: &str) -> (Option<String>, Option<i64>) {
        let (ledger, policy) = (table(text), Policy::default());
        let reading = Reading::new(&ledger, &policy);
        let leads = Leads::new(&reading);
        let next = NextContact::of(leads.lead(0).rows(), &policy);
        let today = NaiveDate::from_ymd_opt(2024, 6, 1).unwrap();
        (
            next.and_then(|next| next.due()).map(|day| day.to_string()),
            next.and_then(|next| next.days_overdue(today)),
        )
    }

    fn due(day: &str) -> Option<String> {
        Some(day.to_owned())
    }

    #[test]
    fn without_a_plan_the_policy_says_when() {
        let text = "
            | lead_id | grade | follow_up_date | stage    |
            | A001    | A     | =2024-05-20    | 意向客户 |";
        assert_eq!(of(text), (due("2024-05-22"), Some(12)));
    }

    /// The customer was told the 22nd. Nobody is behind the pace of a C lead on 1 June, but the call is due.
    #[test]
    fn a_plan_is_due_on_its_day_whatever_the_pace() {
        let text = "
            | lead_id | grade | follow_up_date | stage    | next_step      |
            | A001    | C     | =2024-05-20    | 意向客户 | 5月22日发报价 |";
        assert_eq!(of(text), (due("2024-05-22"), None));
    }

    #[test]
    fn a_plan_that_was_followed_up_already_counts_no_more() {
        let text = "
            | lead_id | grade | follow_up_date | stage    | next_date   |
            | A001    | B     | =2024-05-20    | 意向客户 | =2024-05-20 |";
        assert_eq!(of(text), (due("2024-05-27"), Some(12)));
    }

    #[test]
    fn a_log_without_outcomes_knows_plans_only() {
        let plan =
            "| customer | follow_up_date | next_date |\n| 北辰 | =2024-05-20 | =2024-05-25 |";
        assert_eq!(of(plan), (due("2024-05-25"), None));
        let rest = "| customer | follow_up_date | next_date |\n| 北辰 | =2024-05-20 | |";
        assert_eq!(of(rest), (None, None));
    }

    #[test]
    fn a_plan_needs_no_follow_up() {
        let text = "| customer | follow_up_date | next_date | stage |\n| 北辰 | | =2024-05-25 | |";
        assert_eq!(of(text), (due("2024-05-25"), None));
    }

    #[test]
    fn who_is_won_lost_or_closed_is_not_called() {
        for row in ["成交客户 | ", "流失客户 | ", " | =2024-05-21"] {
            let text = format!(
                "| lead_id | follow_up_date | next_date | stage | closed_date |\n| A1 | =2024-05-20 | =2024-05-25 | {row} |"
            );
            assert_eq!(of(&text), (None, None), "{row}");
        }
    }
}
