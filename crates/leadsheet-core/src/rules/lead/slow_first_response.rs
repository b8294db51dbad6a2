use chrono::{NaiveTime, TimeDelta};

use crate::category::Grade;
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::LeadIdPattern;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An A lead whose first follow-up came more than 24 hours after the lead, whatever hour of its day it came. Which day
    /// that was is read from its number; what a program sent by itself (自动回复) is no answer. The hours are the team's own
    /// decision: `first-response-hours` in the policy.
    ///
    /// ## Why it matters
    /// A leads answered within 24 hours are won more often than others; after a day they have asked somebody else.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索等级 | 跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | A | 2024-05-24 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索等级 | 跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | A | 2024-05-21 |
    ///
    /// ## What to do
    /// Nothing for this lead. Call A leads on the day they come; if a follow-up is missing here, add it.
    pub(super) static SLOW_FIRST_RESPONSE = {
        code: "L117", name: "slow-first-response", severity: Info, since: "0.1.0",
        needs: [LeadId, Grade, FollowUpDate],
        source: [LeadLedger],
        check: Check::Lead(slow_first_response),
    }
}

fn slow_first_response(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    // What a program sent by itself is no answer.
    let Some(first) = lead.rows().find(|row| !row.is_automatic()) else {
        return;
    };
    if first.grade() != Some(Grade::A)
        || first.reading().ledger().lead_id_pattern != LeadIdPattern::SourceDateNumber
    {
        return;
    }
    let (Some(id), Some(followed_up)) = (first.lead_id(), first.date(Field::FollowUpDate)) else {
        return;
    };
    // The number tells the day and no time: only what is late at any hour is late. A lead of one evening may well be
    // called the next morning.
    let last_minute = NaiveTime::MIN - TimeDelta::seconds(1);
    let came = id.date.and_time(last_minute);
    let answered = followed_up.and_time(first.time(Field::FollowUpDate).unwrap_or_default());
    let window = context.policy.first_response_hours;
    if answered - came > TimeDelta::hours(window.into()) {
        let days = (followed_up - id.date).num_days();
        let message = Message::new("slow-first-response", "")
            .with("came", id.date)
            .with("days", days);
        let finding = findings.row(&first, Field::FollowUpDate, message);
        finding.related.extend(first.cell(Field::LeadId));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_a_lead_left_waiting_is_found() {
        let table = "
            | lead_id         | grade | follow_up_date |
            | ZH-20240520-001 | A     | =2024-05-24    |
            | ZH-20240520-001 | A     | =2024-05-28    |";
        assert_eq!(
            findings("L117", table),
            "C2 slow-first-response came=2024-05-20 days=4 beside A2"
        );
    }

    #[test]
    fn the_same_day_and_the_next_are_quick() {
        let table = "
            | lead_id         | grade | follow_up_date |
            | ZH-20240520-001 | A     | =2024-05-20    |
            | ZH-20240520-002 | A     | =2024-05-21    |
            | ZH-20240520-002 | A     | =2024-05-28    |";
        assert_eq!(findings("L117", table), "");
    }

    #[test]
    fn an_automatic_reply_is_no_answer() {
        let table = "
            | lead_id         | grade | follow_up_date | method   |
            | ZH-20240520-001 | A     | =2024-05-20    | 自动回复 |
            | ZH-20240520-001 | A     | =2024-05-24    | 电话     |
            | ZH-20240520-002 | A     | =2024-05-24    | 自动短信 |";
        assert_eq!(
            findings("L117", table),
            "C3 slow-first-response came=2024-05-20 days=4 beside A3"
        );
    }

    #[test]
    fn other_grades_and_leads_without_a_day_are_not_judged() {
        let table = "
            | lead_id         | grade | follow_up_date |
            | ZH-20240520-001 | B     | =2024-05-24    |
            | ZH-20240520-002 |       | =2024-05-24    |
            | A001            | A     | =2024-05-24    |
            | ZH-20240520-003 | A     | 待定           |";
        assert_eq!(findings("L117", table), "");
    }
}
