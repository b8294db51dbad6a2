use crate::category::{CustomerCategory, Evidence};
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};
use crate::value::dates_in_text;

declare_rule! {
    /// ## What it finds
    /// A 准客户 with no next contact planned, or only after more than a month.
    ///
    /// ## Why it matters
    /// 准客户 are those who have a clear need and mean to buy within one month. Without a plan inside that month either
    /// the category is wrong or the sale goes to somebody else.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 | 客户类别 | 计划跟进日期 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2024-05-20 | 准客户 | 2024-08-01 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 | 客户类别 | 计划跟进日期 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2024-05-20 | 准客户 | 2024-06-01 |
    ///
    /// ## What to do
    /// Plan the next contact within a month, or choose the category that fits: 意向客户, if the need is not urgent.
    pub(super) static READY_WITHOUT_PLAN = {
        code: "R302", name: "ready-without-plan", severity: Info, since: "0.1.0",
        needs: [Category],
        source: [FollowUpRecords],
        check: Check::Row(ready_without_plan),
    }
}

fn ready_without_plan(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    const PLANS: [Field; 3] = [Field::NextDate, Field::DueDate, Field::NextStep];
    if row.term_id(Field::Category) != Some(CustomerCategory::Ready as u16) {
        return;
    }
    let Some(field) = PLANS.into_iter().find(|&field| row.has(field)) else {
        return;
    };
    let planned = [Field::NextDate, Field::DueDate]
        .into_iter()
        .filter_map(|field| row.date(field))
        .min();
    if let Some(planned) = planned {
        let talked = row.date(Field::FollowUpDate);
        let evidence = talked.map(|day| Evidence::default().buying_on(planned, day));
        if evidence.is_some_and(|evidence| CustomerCategory::Ready.is_ruled_out_by(&evidence)) {
            let message = Message::new("ready-without-plan", "late").with("planned", planned);
            findings.row(row, field, message);
        }
        return;
    }
    let names_a_day = row
        .value(Field::NextStep)
        .as_text()
        .is_some_and(|plan| !dates_in_text(plan).is_empty());
    // What is there and cannot be read is for other rules to say.
    let is_planned = is_filled(row, Field::NextDate) || is_filled(row, Field::DueDate);
    if !is_planned && !names_a_day {
        findings.row(row, field, Message::new("ready-without-plan", ""));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_customer_about_to_buy_wants_a_plan_within_the_month() {
        let table = "
            | customer | follow_up_date | category | next_date   |
            | 北辰机电 | =2024-05-20    | 准客户   |             |
            | 南汀贸易 | =2024-05-20    | 准客户   | =2024-08-01 |";
        insta::assert_snapshot!(findings("R302", table), @r"
        D2 ready-without-plan
        D3 ready-without-plan-late planned=2024-08-01
        ");
    }

    #[test]
    fn any_plan_within_the_month_will_do() {
        let table = "
            | customer | follow_up_date | category | next_date   | due_date    | next_step       |
            | 北辰机电 | =2024-05-20    | 准客户   | =2024-06-20 |             |                 |
            | 南汀贸易 | =2024-05-20    | 准客户   | =2024-08-01 | =2024-05-30 |                 |
            | 远汐星槎 | =2024-05-20    | 准客户   |             |             | 5月28日送合同   |
            | 望川灯塔 | =2024-05-20    | 准客户   | 月底前      |             |                 |";
        assert_eq!(findings("R302", table), "");
    }

    #[test]
    fn other_categories_may_wait() {
        let table = "
            | customer | follow_up_date | category | next_date   |
            | 北辰机电 | =2024-05-20    | 意向客户 |             |
            | 南汀贸易 | =2024-05-20    |          | =2024-08-01 |";
        assert_eq!(findings("R302", table), "");
    }

    #[test]
    fn a_table_that_keeps_no_plans_is_not_judged() {
        assert_eq!(
            findings("R302", "| customer | category |\n| 北辰机电 | 准客户 |"),
            ""
        );
    }
}
