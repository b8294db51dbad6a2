use crate::category::Method;
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::Row;
use crate::message::Message;
use crate::next_contact::{NextContact, next_contact};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An open B lead that has been written to of late, but neither called nor met for more than two weeks.
    ///
    /// ## Why it matters
    /// News and articles keep a lead warm; what the customer needs comes out in a talk. For B leads both are due: something
    /// to read each week, a call every two.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索等级 | 跟进日期 | 跟进方式 | 当前状态 |
    /// |---|---|---|---|---|
    /// | ZH-20250601-001 | B | 2025-06-01 | 电话 | 意向客户 |
    /// | ZH-20250601-001 | B | 2025-06-27 | 微信 | 意向客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索等级 | 跟进日期 | 跟进方式 | 当前状态 |
    /// |---|---|---|---|---|
    /// | ZH-20250601-001 | B | 2025-06-20 | 电话 | 意向客户 |
    /// | ZH-20250601-001 | B | 2025-06-27 | 微信 | 意向客户 |
    ///
    /// ## What to do
    /// Call. Which grades are to be called within how many days is the team's own decision: `call-within` in the policy.
    pub(super) static NOT_CALLED = {
        code: "L119", name: "not-called", severity: Info, since: "0.1.0",
        needs: [FollowUpDate, Method, Grade],
        source: [LeadLedger],
        check: Check::Lead(not_called),
    }
}

fn not_called(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let (policy, today) = (context.policy, context.today);
    if !lead.first().reading().has_outcome() || policy.call_within.is_empty() {
        return;
    }
    let rows = || lead.rows_in_order().rev();
    let grade = lead.rows().rev().find_map(|row| row.grade());
    let Some(&allowed) = grade.and_then(|grade| policy.call_within.get(&grade)) else {
        return;
    };
    // What an unknown word means may be a call.
    let mut talks = rows().filter(|row| is_talk(row).unwrap_or(true));
    let since = match talks.next() {
        Some(row) => row.date(Field::FollowUpDate),
        None => lead
            .rows_in_order()
            .next()
            .and_then(|row| row.date(Field::FollowUpDate)),
    };
    let Some((since, row)) = since.zip(rows().next()) else {
        return;
    };
    let days = policy.days_between(since, today);
    if days <= i64::from(allowed) {
        return;
    }
    // Reading plans takes longest, so they are read last. Where somebody means to call, the planned day is waited for.
    let is_waited_for = |next: &NextContact| {
        next.is_overdue(policy, today) || next.planned.is_some_and(|planned| planned >= today)
    };
    if next_contact(lead, policy).is_some_and(|next| !is_waited_for(&next)) {
        let message = Message::new("not-called", "")
            .with("days", days)
            .with("allowed", allowed);
        findings.row(&row, Field::Method, message);
    }
}

/// Whether people talked to each other; `None` where the row does not say how contact was made.
fn is_talk(row: &Row<'_>) -> Option<bool> {
    let method = Method::at(row.term_id(Field::Method)?.into())?;
    Some(!matches!(
        method,
        Method::Wechat | Method::Chat | Method::Sms | Method::Email | Method::Other
    ))
}

#[cfg(test)]
mod tests {
    use crate::category::Grade;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    // Tests are checked on 2024-06-01.

    #[test]
    fn a_b_lead_that_is_only_written_to_is_found() {
        let table = "
            | lead_id | grade | follow_up_date | method | stage    |
            | A001    | B     | =2024-05-01    | 电话   | 意向客户 |
            | A001    | B     | =2024-05-27    | 微信   | 意向客户 |
            | A002    | B     | =2024-05-10    | 邮件   | 意向客户 |
            | A002    | B     | =2024-05-28    | 短信   | 意向客户 |";
        insta::assert_snapshot!(findings("L119", table), @r"
        D3 not-called days=31 allowed=14
        D5 not-called days=22 allowed=14
        ");
    }

    #[test]
    fn leads_that_were_talked_to_are_clean() {
        let table = "
            | lead_id | grade | follow_up_date | method     | stage    | next_date   |
            | A001    | B     | =2024-05-20    | 电话       | 意向客户 |             |
            | A001    | B     | =2024-05-27    | 微信       | 意向客户 |             |
            | A002    | B     | =2024-05-25    | 登门拜访   | 意向客户 |             |
            | A003    | B     | =2024-05-01    | 电话       | 意向客户 |             |
            | A003    | B     | =2024-05-28    | 微信       | 意向客户 | =2024-06-03 |
            | A004    | B     | =2024-05-01    | 电话       | 意向客户 |             |
            | A004    | B     | =2024-05-28    | 送样品     | 意向客户 |             |";
        assert_eq!(findings("L119", table), "");
    }

    #[test]
    fn other_grades_closed_and_overdue_leads_are_not_judged() {
        let table = "
            | lead_id | grade | follow_up_date | method | stage    |
            | A001    | C     | =2024-05-10    | 微信   | 意向客户 |
            | A002    | A     | =2024-05-31    | 微信   | 意向客户 |
            | A003    | B     | =2024-05-01    | 微信   | 意向客户 |
            | A004    | B     | =2024-05-01    | 微信   | 成交客户 |";
        assert_eq!(findings("L119", table), "");
    }

    #[test]
    fn a_team_calls_its_a_leads_twice_a_week() {
        let policy = Policy {
            call_within: [(Grade::A, 3)].into(),
            ..Policy::default()
        };
        let table = table(
            "
            | lead_id | grade | follow_up_date | method | stage    |
            | A001    | A     | =2024-05-20    | 电话   | 意向客户 |
            | A001    | A     | =2024-05-31    | 微信   | 意向客户 |",
        );
        assert_eq!(
            findings_of("L119", table, &policy),
            "D3 not-called days=12 allowed=3"
        );
    }
}
