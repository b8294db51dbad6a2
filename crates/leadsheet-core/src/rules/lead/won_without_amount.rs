use crate::category::Outcome;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A won lead without 销售额 in any of its rows, in a table where most won leads have one. Orders have rules of their
    /// own (R402).
    ///
    /// ## Why it matters
    /// It counts as won and adds nothing to the sum: sales by person, channel and region are too low.
    ///
    /// ## Example that fails
    /// | 客户名称 | 联系人 | 转化状态 | 销售额 |
    /// |---|---|---|---|
    /// | 北辰机电 | 王敏 | 成交客户 | 12800.00 |
    /// | 南汀贸易 | 赵磊 | 成交客户 | |
    ///
    /// ## Example that passes
    /// | 客户名称 | 联系人 | 转化状态 | 销售额 |
    /// |---|---|---|---|
    /// | 北辰机电 | 王敏 | 成交客户 | 12800.00 |
    /// | 南汀贸易 | 赵磊 | 潜在客户 | |
    ///
    /// ## What to do
    /// Fill in what was sold, in one row of the lead.
    pub(super) static WON_WITHOUT_AMOUNT = {
        code: "L126", name: "won-without-amount", severity: Warning, since: "0.1.0",
        source: [Pipeline],
        check: Check::Table(won_without_amount),
    }
}

fn won_without_amount(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let has = |field| reading.column(field).is_some();
    let amounts = [Field::SalesAmount, Field::OrderAmount].into_iter();
    let amounts: Vec<Field> = amounts.filter(|&field| has(field)).collect();
    let Some(&wanted) = amounts.first() else {
        return;
    };
    if has(Field::OrderNo) || has(Field::OrderStatus) {
        return;
    }
    let is_won = |lead: &Lead<'_>| lead.outcome() == Outcome::Won;
    let lacks = |lead: &Lead<'_>| {
        let is_blank = |row: Row<'_>| amounts.iter().all(|&field| row.is_blank(field));
        lead.rows().all(is_blank)
    };
    let won: Vec<_> = leads.iter().filter(is_won).collect();
    let without: Vec<_> = won.iter().filter(|lead| lacks(lead)).collect();
    // A column that hardly anybody fills in is not missed.
    if without.len() * 2 > won.len() {
        return;
    }
    for lead in without {
        let says_won = lead.rows().find(|row| row.outcome() == Outcome::Won);
        let row = says_won.unwrap_or_else(|| lead.latest());
        findings.row(&row, wanted, Message::new("won-without-amount", ""));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_first_won_row_wants_an_amount_where_others_have_one() {
        let table = "
            | customer | follow_up_date | conversion_status | sales_amount |
            | 北辰机电 | =2024-03-01    | 成交客户          | =12800.00    |
            | 南汀贸易 | =2024-03-01    | 潜在客户          |              |
            | 南汀贸易 | =2024-03-09    | 成交客户          |              |
            | 南汀贸易 | =2024-04-09    | 成交客户          |              |";
        assert_eq!(findings("L126", table), "D4 won-without-amount");
    }

    #[test]
    fn one_row_of_the_lead_is_enough_and_who_is_not_won_needs_none() {
        let table = "
            | customer | follow_up_date | conversion_status | sales_amount |
            | 北辰机电 | =2024-03-01    | 成交客户          | =12800.00    |
            | 北辰机电 | =2024-05-01    | 成交客户          |              |
            | 南汀贸易 | =2024-03-01    | 潜在客户          |              |
            | 远汐星槎 | =2024-03-01    | 流失客户          |              |
            | 望川灯塔 | =2024-03-01    | 成交客户          | 待定         |";
        assert_eq!(findings("L126", table), "");
    }

    #[test]
    fn a_column_that_most_leave_empty_is_not_missed() {
        let table = "
            | customer | conversion_status | order_amount |
            | 北辰机电 | 成交客户          | =12800.00    |
            | 南汀贸易 | 成交客户          |              |
            | 远汐星槎 | 成交客户          |              |";
        assert_eq!(findings("L126", table), "");
        let table = "| customer | conversion_status |\n| 北辰机电 | 成交客户 |";
        assert_eq!(findings("L126", table), "");
    }

    #[test]
    fn orders_have_rules_of_their_own() {
        let table = "
            | customer | order_no | order_status | order_amount |
            | 北辰机电 | DD-1     | 已完成       | =12800.00    |
            | 南汀贸易 | DD-2     | 已完成       |              |";
        assert_eq!(findings("L126", table), "");
    }
}
