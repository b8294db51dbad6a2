use crate::category::OrderStatus;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An order under way or done, without an amount or with one of 0.
    ///
    /// ## Why it matters
    /// It counts as a sale and adds nothing to the sum: every average is too low.
    ///
    /// ## Example that fails
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | DD-001 | | 已发货 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 | 已发货 |
    ///
    /// ## What to do
    /// Fill in the amount with two decimals.
    pub(super) static ORDER_WITHOUT_AMOUNT = {
        code: "R402", name: "order-without-amount", severity: Warning, since: "0.1.0",
        needs: [OrderAmount, OrderStatus],
        source: [OrderTracking],
        check: Check::Row(order_without_amount),
    }
}

fn order_without_amount(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let status = row.term_id(Field::OrderStatus);
    if status.is_none()
        || status == Some(OrderStatus::Cancelled as u16)
        || !row.has(Field::OrderAmount)
    {
        return;
    }
    let variant = if row.is_blank(Field::OrderAmount) {
        ""
    } else if row
        .money(Field::OrderAmount)
        .is_some_and(|money| money.amount.is_zero())
    {
        "zero"
    } else {
        return;
    };
    let value = row.value(Field::OrderStatus).display();
    let message = Message::new("order-without-amount", variant).with("value", value.trim());
    let finding = findings.row(row, Field::OrderAmount, message);
    finding.related.extend(row.cell(Field::OrderStatus));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_order_wants_its_amount() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 | DD-001   |              | 已发货       |
            | 南汀贸易 | DD-002   | ␣            | 下单         |
            | 远汐星槎 | DD-003   | 0.00         | 下单         |";
        insta::assert_snapshot!(findings("R402", table), @r"
        C2 order-without-amount value=已发货 beside D2
        C3 order-without-amount value=下单 beside D3
        C4 order-without-amount-zero value=下单 beside D4
        ");
    }

    #[test]
    fn priced_cancelled_and_missing_orders_are_clean() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 | DD-001   | 12800.00     | 已发货       |
            | 南汀贸易 | DD-002   |              | 已取消       |
            | 远汐星槎 |          |              |              |
            | 望川灯塔 | DD-003   | 面议         | 已下单       |";
        assert_eq!(findings("R402", table), "");
    }

    #[test]
    fn a_table_without_amounts_is_clean() {
        assert_eq!(
            findings("R402", "| customer | order_status |\n| 北辰机电 | 已发货 |"),
            ""
        );
    }
}
