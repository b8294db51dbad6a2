use chrono::NaiveDate;
use hashbrown::HashMap;

use crate::category::Grade;
use crate::field::Field;
use crate::lead::Leads;
use crate::message::Message;
use crate::next_contact::{NextContact, next_contact_in};
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An open lead that nobody has followed up for longer than its grade allows, counted from the latest follow-up
    /// or from the day that was planned for the next one. Without lead numbers a firm's contacts are leads of their own; the
    /// firm is asked after through the one who was spoken to last.
    ///
    /// ## Why it matters
    /// A hot lead cools within days. What is overdue today is lost next month.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索等级 | 跟进日期 | 当前状态 |
    /// |---|---|---|---|
    /// | ZH-20240501-001 | A | 2024-05-01 | 意向客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索等级 | 跟进日期 | 当前状态 |
    /// |---|---|---|---|
    /// | ZH-20240501-001 | A | 2024-05-01 | 成交客户 |
    ///
    /// ## What to do
    /// Call, or plan the next contact, or mark the lead as lost. How many days each grade allows is the team's own
    /// decision: `cadence` in the policy, and `counted-days = "work"` where only work days count.
    pub(super) static OVERDUE = {
        code: "L109", name: "overdue", severity: Warning, since: "0.1.0",
        needs: [FollowUpDate],
        source: [LeadLedger, FollowUpStatistics],
        check: Check::Table(overdue),
    }
}

fn overdue(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    // Where no column tells the outcome, a lead that rests may be long won.
    if !leads.reading().has_outcome() {
        return;
    }
    let (policy, today) = (context.policy, context.today);
    // Half of the leads may be overdue, and most since one of the same days.
    let mut said: HashMap<_, Message> = HashMap::new();
    let spoken_to = last_spoken_to(leads);
    for lead in leads.iter() {
        let next = next_contact_in(&lead.rows(), policy);
        let Some((row, next)) = next.filter(|(_, next)| next.is_overdue(policy, today)) else {
            continue;
        };
        let of_firm = |spoken_to: &HashMap<u32, NaiveDate>| {
            let firm = leads.customers().of(&row)?;
            spoken_to.get(&firm).copied()
        };
        let last = spoken_to.as_ref().and_then(of_firm);
        if last.is_some_and(|last| row.date(Field::FollowUpDate) < Some(last)) {
            continue;
        }
        let message = said
            .entry((next.since(), next.planned.is_some(), next.grade))
            .or_insert_with(|| message(context, &next));
        findings.row(&row, Field::FollowUpDate, message.clone());
    }
}

/// By customer: the last follow-up, through whichever contact. `None` where leads are told by their numbers, or customers
/// are the contacts themselves.
fn last_spoken_to(leads: &Leads<'_>) -> Option<HashMap<u32, NaiveDate>> {
    let reading = leads.reading();
    if reading.column(Field::LeadId).is_some() || customer_field(reading) == Some(Field::Contact) {
        return None;
    }
    let mut last = HashMap::new();
    for lead in leads.iter() {
        let row = lead.latest();
        let customer = leads.customers().of(&row);
        if let (Some(customer), Some(date)) = (customer, row.date(Field::FollowUpDate)) {
            let known = last.entry(customer).or_insert(date);
            *known = date.max(*known);
        }
    }
    Some(last)
}

fn message(context: &Context<'_>, next: &NextContact) -> Message {
    let message = match next.planned {
        Some(planned) => Message::new("overdue", "planned").with("planned", planned),
        None => Message::new("overdue", ""),
    };
    message
        .with("days", next.days_alone(context.policy, context.today))
        .with("grade", next.grade.map_or("none", Grade::canonical))
        .with("allowed", next.allowed)
}

#[cfg(test)]
mod tests {
    use crate::policy::{Cadence, CountedDays, Policy};
    use crate::rules::testing::{findings, findings_of, table};

    // Tests are checked on 2024-06-01, a Saturday.

    #[test]
    fn open_leads_are_overdue_by_grade() {
        let table = "
            | lead_id | grade | follow_up_date | stage    | next_step            |
            | A001    | A     | =2024-05-20    | 意向客户 | 王敏再联系           |
            | A002    | B     | =2024-05-01    | 潜在客户 | 5月22日送报价单      |
            | A003    |       | =2024-04-30    |          |                      |";
        insta::assert_snapshot!(findings("L109", table), @r"
        C2 overdue days=12 grade=A allowed=2
        C3 overdue-planned planned=2024-05-22 days=10 grade=B allowed=7
        C4 overdue days=32 grade=none allowed=31
        ");
    }

    #[test]
    fn the_latest_row_is_shown_and_the_latest_grade_counts() {
        let table = "
            | lead_id | grade | follow_up_date | stage    |
            | A001    | A     | =2024-05-20    | 意向客户 |
            | A001    | C     | =2024-05-10    | 潜在客户 |
            | A002    | A     | =2024-05-10    | 潜在客户 |
            | A002    | C     | =2024-05-20    | 潜在客户 |";
        assert_eq!(
            findings("L109", table),
            "C2 overdue days=12 grade=A allowed=2"
        );
    }

    #[test]
    fn within_its_days_a_lead_is_not_overdue() {
        let table = "
            | lead_id | grade | follow_up_date | stage    |
            | A001    | A     | =2024-05-30    | 意向客户 |
            | A002    | B     | =2024-05-25    | 意向客户 |
            | A003    | C     | =2024-05-01    | 意向客户 |
            | A004    | A     | =2024-06-03    | 意向客户 |";
        assert_eq!(findings("L109", table), "");
    }

    #[test]
    fn a_planned_day_is_waited_for() {
        let table = "
            | lead_id | grade | follow_up_date | stage    | next_date   | due_date    | next_step              |
            | A001    | A     | =2024-05-01    | 意向客户 | =2024-06-20 |             |                        |
            | A002    | A     | =2024-05-01    | 意向客户 |             | =2024-05-31 |                        |
            | A003    | A     | =2024-05-01    | 意向客户 |             |             | 王敏于2024-08-11发问候 |";
        assert_eq!(findings("L109", table), "");
    }

    #[test]
    fn who_is_won_lost_or_closed_is_not_overdue() {
        let table = "
            | lead_id | grade | follow_up_date | stage    | closed_date |
            | A001    | A     | =2024-01-01    | 成交客户 |             |
            | A002    | A     | =2024-01-01    | 流失客户 |             |
            | A003    | A     | =2024-01-01    |          | =2024-01-02 |
            | A004    | A     | 待定           | 意向客户 |             |";
        assert_eq!(findings("L109", table), "");
    }

    #[test]
    fn a_plan_that_passed_is_overdue_though_no_follow_up_has_a_date() {
        let table = "
            | lead_id | grade | follow_up_date | stage    | next_date   |
            | A001    | A     | 待定           | 意向客户 | =2024-05-20 |
            | A002    | A     |                | 意向客户 | =2024-06-20 |";
        assert_eq!(
            findings("L109", table),
            "C2 overdue-planned planned=2024-05-20 days=12 grade=A allowed=2"
        );
    }

    #[test]
    fn a_firm_was_spoken_to_through_another_contact() {
        let table = "
            | customer | contact | phone       | follow_up_date | conversion_status |
            | 北辰机电 | 王敏    | 13800000001 | =2024-03-01    | 潜在客户          |
            | 北辰机电 | 李雷    | 13800000002 | =2024-05-25    | 潜在客户          |
            | 南汀贸易 | 赵磊    | 13800000003 | =2024-03-01    | 潜在客户          |
            | 南汀贸易 | 韩梅    | 13800000004 | =2024-04-01    | 潜在客户          |";
        assert_eq!(
            findings("L109", table),
            "D5 overdue days=61 grade=none allowed=31"
        );
    }

    #[test]
    fn a_table_without_an_outcome_is_not_judged() {
        assert_eq!(
            findings(
                "L109",
                "| customer | follow_up_date |\n| 北辰 | =2023-01-01 |"
            ),
            ""
        );
    }

    #[test]
    fn a_weekend_and_holidays_do_not_count_where_the_team_says_so() {
        let policy = Policy {
            counted_days: CountedDays::Work,
            ..Policy::default()
        };
        // From Wednesday 29 May to Saturday 1 June two days are worked; from the 28th three.
        let table = table(
            "
            | lead_id | grade | follow_up_date | stage    |
            | A001    | A     | =2024-05-29    | 意向客户 |
            | A002    | A     | =2024-05-28    | 意向客户 |",
        );
        assert_eq!(
            findings_of("L109", table, &policy),
            "C3 overdue days=3 grade=A allowed=2"
        );
    }

    #[test]
    fn a_team_sets_its_own_pace() {
        let policy = Policy {
            cadence: Cadence::S2,
            ..Policy::default()
        };
        let table = table(
            "| lead_id | grade | follow_up_date | stage |\n| A001 | A | =2024-05-25 | 意向客户 |",
        );
        assert_eq!(findings_of("L109", table, &policy), "");
    }
}
