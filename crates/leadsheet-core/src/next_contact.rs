//! When somebody is to be contacted next: the day that was planned, else the cadence of the lead's grade.

use chrono::NaiveDate;

use crate::category::{Grade, Outcome};
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::{Parsed, Row};
use crate::policy::Policy;

/// When an open lead is to be contacted next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextContact {
    /// The latest follow-up; `None` where none has a date and only a plan says when.
    pub latest: Option<NaiveDate>,
    /// The day set for the next one, where it is later than that.
    pub planned: Option<NaiveDate>,
    /// One of the two: the planned day, else the latest follow-up.
    since: NaiveDate,
    /// The grade whose cadence counts.
    pub grade: Option<Grade>,
    /// Days that the cadence allows.
    pub allowed: u32,
}

impl NextContact {
    /// The day to make contact: the planned one, else the last one that the cadence allows.
    pub fn due(&self, policy: &Policy) -> NaiveDate {
        match self.planned {
            Some(planned) => planned,
            None => policy.after(self.since, self.allowed),
        }
    }

    /// The day from which it counts: the planned one, else that of the latest follow-up.
    pub(crate) const fn since(&self) -> NaiveDate {
        self.since
    }

    /// How many days the lead has been left alone, of those that the policy counts: since the planned day, else since the
    /// latest follow-up.
    pub fn days_alone(&self, policy: &Policy, today: NaiveDate) -> i64 {
        policy.days_between(self.since, today)
    }

    /// Whether the lead has been left alone for longer than its grade allows.
    pub fn is_overdue(&self, policy: &Policy, today: NaiveDate) -> bool {
        let allowed = i64::from(self.allowed);
        // There are never more work days than days: most leads need no calendar.
        (today - self.since).num_days() > allowed && self.days_alone(policy, today) > allowed
    }
}

/// When a lead is to be contacted next; `None` where it is won, lost or closed, or where neither a follow-up nor a plan has
/// a date. The cadence is that of the latest grade its rows name.
pub fn next_contact(lead: &Lead<'_>, policy: &Policy) -> Option<NextContact> {
    next_contact_in(&lead.rows(), policy).map(|(_, next)| next)
}

/// [`next_contact`] of a lead whose rows may stand in several tables, with the row that says so: rows by date, those
/// without a date last. Tables that cannot tell an outcome do not speak of it.
pub fn next_contact_in<'a>(
    rows: &(impl DoubleEndedIterator<Item = Row<'a>> + Clone),
    policy: &Policy,
) -> Option<(Row<'a>, NextContact)> {
    let newest_first = || rows.clone().rev();
    let speaking = newest_first().find(|row| row.reading().has_outcome());
    if speaking.is_some_and(|row| row.outcome() != Outcome::Open) {
        return None;
    }
    let is_closed =
        |row: &Row<'_>| !matches!(row.parsed(Field::ClosedDate), Parsed::Blank | Parsed::Error);
    if newest_first().any(|row| is_closed(&row)) {
        return None;
    }
    let followed_up = |row: Row<'a>| {
        let latest = row.date(Field::FollowUpDate)?;
        let planned = planned(&row, Some(latest)).filter(|&day| day > latest);
        Some((row, Some(latest), planned, planned.unwrap_or(latest)))
    };
    let only_planned = |row: Row<'a>| {
        let planned = planned(&row, None)?;
        Some((row, None, Some(planned), planned))
    };
    let (row, latest, planned, since) = newest_first()
        .find_map(followed_up)
        .or_else(|| newest_first().find_map(only_planned))?;
    let grade = newest_first().find_map(|row| row.grade());
    let next = NextContact {
        latest,
        planned,
        since,
        grade,
        allowed: policy.cadence.days(grade),
    };
    Some((row, next))
}

/// The day that the row sets for the next contact: in a column for it, else in the words of the next step, where a day
/// without a year is the first of its name after the follow-up.
fn planned(row: &Row<'_>, latest: Option<NaiveDate>) -> Option<NaiveDate> {
    let in_words = || {
        let reading = row.reading();
        let code = reading.column(Field::NextStep)?.codes()[row.index()];
        reading.plans().get(code)?.last_day(latest)
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
    use crate::policy::CountedDays;
    use crate::rules::testing::table;

    fn due(text: &str, policy: &Policy) -> Vec<Option<String>> {
        let ledger = table(text);
        let reading = Reading::new(&ledger, policy);
        let leads = Leads::new(&reading);
        let due = |lead: Lead<'_>| {
            let next = next_contact(&lead, policy)?;
            Some(next.due(policy).to_string())
        };
        leads.iter().map(due).collect()
    }

    #[test]
    fn the_planned_day_comes_first_and_else_the_cadence() {
        let table = "
            | lead_id | grade | follow_up_date | next_date   | next_step       | stage    |
            | A001    | A     | =2024-05-20    | =2024-05-27 |                 | 意向客户 |
            | A002    | A     | =2024-05-20    |             | 5月24日送样     | 意向客户 |
            | A003    | A     | =2024-05-20    |             | 保持联系        | 意向客户 |
            | A004    | B     | =2024-05-20    | =2024-05-01 |                 |          |
            | A005    |       | =2024-05-20    |             |                 | 潜在客户 |
            | A006    | A     | =2024-05-20    | =2024-05-27 |                 | 成交客户 |
            | A007    | A     | 待定           | =2024-05-27 |                 | 意向客户 |
            | A008    | A     |                |             | 2024年5月24日送样 | 意向客户 |
            | A009    | A     |                |             | 5月24日送样     | 意向客户 |";
        let expected = [
            Some("2024-05-27"),
            Some("2024-05-24"),
            Some("2024-05-22"),
            Some("2024-05-27"),
            Some("2024-06-20"),
            None,
            Some("2024-05-27"),
            Some("2024-05-24"),
            None,
        ];
        let found = due(table, &Policy::default());
        assert_eq!(
            found.iter().map(Option::as_deref).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn work_days_pass_over_holidays() {
        let policy = Policy {
            counted_days: CountedDays::Work,
            ..Policy::default()
        };
        // Tuesday before the seven days of October; the 8th and 9th are worked.
        let table =
            "| lead_id | grade | follow_up_date | stage |\n| A001 | A | =2024-09-30 | 意向客户 |";
        assert_eq!(due(table, &policy), [Some("2024-10-09".to_owned())]);
        assert_eq!(
            due(table, &Policy::default()),
            [Some("2024-10-02".to_owned())]
        );
    }
}
