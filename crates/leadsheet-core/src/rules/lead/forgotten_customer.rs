use chrono::NaiveDate;

use crate::field::Field;
use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A customer whom nobody has contacted for 90 days and for whom nothing is planned, in a table that does not say what
    /// became of its customers. In others open leads are overdue much sooner: L109.
    ///
    /// ## Why it matters
    /// Nobody decided to give this customer up; it just was not anybody's turn.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 | 跟进方式 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-01-10 | 电话 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 | 跟进方式 |
    /// |---|---|---|
    /// | 北辰机电 | 2025-06-20 | 电话 |
    ///
    /// ## What to do
    /// Call. After how many days a customer counts as forgotten is the team's own decision: `forgotten-days` in the policy.
    pub(super) static FORGOTTEN_CUSTOMER = {
        code: "L118", name: "forgotten-customer", severity: Info, since: "0.1.0",
        needs: [FollowUpDate],
        source: [FollowUpRecords, FollowUpStatistics],
        check: Check::Lead(forgotten_customer),
    }
}

fn forgotten_customer(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    if lead.first().reading().has_outcome() {
        return;
    }
    let allowed = i64::from(context.policy.forgotten_days);
    let days_since = |date: NaiveDate| (context.today - date).num_days();
    let mut dated = lead
        .rows()
        .filter_map(|row| Some((row, row.date(Field::FollowUpDate)?)));
    let Some((row, latest)) = dated.next_back() else {
        return;
    };
    // Won or planned for: somebody thinks of this one.
    let is_thought_of = [Field::ClosedDate, Field::NextDate, Field::DueDate]
        .into_iter()
        .filter_map(|field| row.date(field))
        .any(|day| days_since(day) <= allowed);
    let days = days_since(latest);
    if days > allowed && !is_thought_of {
        let message = Message::new("forgotten-customer", "").with("days", days);
        findings.row(&row, Field::FollowUpDate, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    // Tests are checked on 2024-06-01.

    #[test]
    fn a_customer_nobody_has_called_since_january_is_found() {
        let table = "
            | customer | follow_up_date |
            | 北辰机电 | =2024-01-10    |
            | 北辰机电 | =2023-12-01    |
            | 南汀贸易 | =2024-02-20    |";
        insta::assert_snapshot!(findings("L118", table), @r"
        B2 forgotten-customer days=143
        B4 forgotten-customer days=102
        ");
    }

    #[test]
    fn customers_of_late_and_those_planned_for_are_clean() {
        let table = "
            | customer | follow_up_date | next_date   |
            | 北辰机电 | =2024-05-10    |             |
            | 北辰机电 | =2023-01-10    |             |
            | 南汀贸易 | =2024-03-03    |             |
            | 远汐星槎 | =2024-01-10    | =2024-07-01 |
            | 望川灯塔 | 待定           |             |";
        assert_eq!(findings("L118", table), "");
    }

    #[test]
    fn a_table_that_knows_the_outcome_has_another_rule() {
        assert_eq!(
            findings(
                "L118",
                "| customer | follow_up_date | stage |\n| 北辰 | =2023-01-01 | 意向客户 |"
            ),
            ""
        );
    }

    #[test]
    fn a_team_remembers_longer() {
        let policy = Policy {
            forgotten_days: 180,
            ..Policy::default()
        };
        let table = table("| customer | follow_up_date |\n| 北辰机电 | =2024-01-10 |");
        assert_eq!(findings_of("L118", table, &policy), "");
    }
}
