use crate::category::Outcome;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};

declare_rule! {
    /// ## What it finds
    /// A planned follow-up of an open lead that says when but not what about, or what about but not when, in a table that
    /// has columns for 计划跟进日期, 沟通重点 and 预期目标.
    ///
    /// ## Why it matters
    /// A plan is carried out when it says three things: the day, what to talk about, what to reach.
    ///
    /// ## Example that fails
    /// | 客户名称 | 计划跟进日期 | 沟通重点 | 预期目标 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2024-05-27 | | 确认预算范围 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 计划跟进日期 | 沟通重点 | 预期目标 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2024-05-27 | 数据安全 | 确认预算范围 |
    ///
    /// ## What to do
    /// Fill in what is missing.
    pub(super) static INCOMPLETE_PLAN = {
        code: "R306", name: "incomplete-plan", severity: Info, since: "0.1.0",
        needs: [NextDate],
        source: [LeadLedger],
        check: Check::Row(incomplete_plan),
    }
}

fn incomplete_plan(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    const PLAN: [Field; 3] = [Field::NextDate, Field::PlanFocus, Field::PlanGoal];
    let mut columns = PLAN.into_iter().filter(|&field| row.has(field));
    // A date alone is a reminder and no plan: only a table with room for more is asked for more.
    if columns.clone().count() < 2 || row.outcome() != Outcome::Open {
        return;
    }
    let is_planned = columns.clone().any(|field| is_filled(row, field));
    let Some(first) = columns.find(|&field| is_planned && row.is_blank(field)) else {
        return;
    };
    let missing: Vec<_> = std::iter::once(first)
        .chain(columns.filter(|&field| row.is_blank(field)))
        .filter_map(|field| row.reading().column(field))
        .map(|column| column.header.as_str())
        .collect();
    let message = Message::new("incomplete-plan", "").with("missing", missing.join("、"));
    findings.row(row, first, message);
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_plan_wants_its_day_its_subject_and_its_goal() {
        let table = "
            | customer | next_date   | plan_focus | plan_goal |
            | 北辰机电 | =2024-05-27 |            | 确认预算  |
            | 南汀贸易 | =2024-05-27 |            |           |
            | 远汐星槎 |             | 数据安全   | 确认预算  |";
        insta::assert_snapshot!(findings("R306", table), @r"
        C2 incomplete-plan missing=plan_focus
        C3 incomplete-plan missing=plan_focus、plan_goal
        B4 incomplete-plan missing=next_date
        ");
    }

    #[test]
    fn whole_plans_no_plans_and_closed_leads_are_clean() {
        let table = "
            | customer | next_date   | plan_focus | plan_goal | stage    |
            | 北辰机电 | =2024-05-27 | 数据安全   | 确认预算  | 意向客户 |
            | 南汀贸易 |             |            |           | 意向客户 |
            | 远汐星槎 | =2024-05-27 |            |           | 成交客户 |
            | 望川灯塔 | =2024-05-27 | #N/A       | 确认预算  | 意向客户 |";
        assert_eq!(findings("R306", table), "");
    }

    #[test]
    fn a_table_that_keeps_the_date_only_is_not_asked_for_more() {
        assert_eq!(
            findings(
                "R306",
                "| customer | next_date |\n| 北辰机电 | =2024-05-27 |"
            ),
            ""
        );
    }
}
