use chrono::{NaiveTime, TimeDelta};

use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A follow-up written down more than 24 hours after it took place, in a table that says when its rows were
    /// recorded. The hours are the team's own decision: `record-hours` in the policy.
    ///
    /// ## Why it matters
    /// What is written down days later is half forgotten, and until then the team works with an old picture.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 录入时间 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 2024-05-24 09:30 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 录入时间 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 2024-05-20 17:30 |
    ///
    /// ## What to do
    /// Nothing for this row. Write follow-ups down within 24 hours.
    pub(super) static RECORDED_LATE = {
        code: "R303", name: "recorded-late", severity: Info, since: "0.1.0",
        needs: [FollowUpDate, RecordedAt],
        source: [LeadLedger],
        check: Check::Row(recorded_late),
    }
}

fn recorded_late(context: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let (Some(recorded), Some(followed_up)) =
        (row.date(Field::RecordedAt), row.date(Field::FollowUpDate))
    else {
        return;
    };
    // Only what is late at any hour is late: a day without a time may have been its last or its first minute.
    let last_minute = NaiveTime::MIN - TimeDelta::seconds(1);
    let earliest = recorded.and_time(row.time(Field::RecordedAt).unwrap_or_default());
    let latest = followed_up.and_time(row.time(Field::FollowUpDate).unwrap_or(last_minute));
    let window = context.policy.record_hours;
    if earliest - latest > TimeDelta::hours(window.into()) {
        let message = Message::new("recorded-late", "")
            .with("value", row.value(Field::RecordedAt).display())
            .with("follow-up", row.value(Field::FollowUpDate).display())
            .with("hours", window);
        let finding = findings.row(row, Field::RecordedAt, message);
        finding.related.extend(row.cell(Field::FollowUpDate));
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn more_than_a_day_is_late() {
        let table = "
            | follow_up_date   | recorded_at      |
            | =2024-05-20      | 2024-05-24 09:30 |
            | 2024-05-20 09:00 | 2024-05-21 09:01 |
            | =2024-05-20      | =2024-05-22      |";
        insta::assert_snapshot!(findings("R303", table), @r"
        B2 recorded-late value=2024-05-24 09:30 follow-up=2024-05-20 hours=24 beside A2
        B3 recorded-late value=2024-05-21 09:01 follow-up=2024-05-20 09:00 hours=24 beside A3
        B4 recorded-late value=2024-05-22 follow-up=2024-05-20 hours=24 beside A4
        ");
    }

    #[test]
    fn within_a_day_or_possibly_so_is_clean() {
        let table = "
            | follow_up_date   | recorded_at      |
            | 2024-05-20 09:00 | 2024-05-21 09:00 |
            | =2024-05-20      | 2024-05-21 23:00 |
            | =2024-05-20      | =2024-05-21      |
            | =2024-05-20      | =2024-05-19      |
            | 待定             | =2024-05-21      |
            | =2024-05-20      |                  |";
        assert_eq!(findings("R303", table), "");
    }

    #[test]
    fn a_team_gives_itself_more_time() {
        let policy = Policy {
            record_hours: 72,
            ..Policy::default()
        };
        let table = table(
            "| follow_up_date | recorded_at |\n| =2024-05-20 | =2024-05-22 |\n| =2024-05-20 | =2024-05-25 |",
        );
        assert_eq!(
            findings_of("R303", table, &policy),
            "B3 recorded-late value=2024-05-25 follow-up=2024-05-20 hours=72 beside A3"
        );
    }

    #[test]
    fn a_table_that_does_not_say_when_is_not_judged() {
        assert_eq!(findings("R303", "| follow_up_date |\n| =2024-01-20 |"), "");
    }
}
