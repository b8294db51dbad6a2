use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};

declare_rule! {
    /// ## What it finds
    /// An order amount or status without an order number.
    ///
    /// ## Why it matters
    /// The sale cannot be found in the books, and an order entered twice cannot be told from two orders.
    ///
    /// ## Example that fails
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | | 12800.00 | 已下单 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 | 已下单 |
    ///
    /// ## What to do
    /// Fill in the number of the order.
    pub(super) static ORDER_WITHOUT_NUMBER = {
        code: "R401", name: "order-without-number", severity: Warning, since: "0.1.0",
        needs: [OrderNo],
        source: [OrderTracking],
        check: Check::Row(order_without_number),
    }
}

fn order_without_number(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if !row.has(Field::OrderNo) || !row.is_blank(Field::OrderNo) {
        return;
    }
    let held = [Field::OrderAmount, Field::OrderStatus]
        .into_iter()
        .find(|&field| is_filled(row, field));
    if let Some(field) = held {
        let value = row.value(field).display();
        let message = Message::new("order-without-number", "").with("value", value.trim());
        let finding = findings.row(row, Field::OrderNo, message);
        finding.related.extend(row.cell(field));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_order_wants_its_number() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 |          | 12800.00     | 已下单       |
            | 南汀贸易 |          |              | 生产中       |";
        insta::assert_snapshot!(findings("R401", table), @r"
        B2 order-without-number value=12800.00 beside C2
        B3 order-without-number value=生产中 beside D3
        ");
    }

    #[test]
    fn orders_with_a_number_and_rows_without_an_order_are_clean() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 | DD-001   | 12800.00     | 已下单       |
            | 南汀贸易 |          |              |              |
            | 远汐星槎 | #N/A     | 12800.00     |              |";
        assert_eq!(findings("R401", table), "");
    }

    #[test]
    fn a_table_without_order_numbers_is_clean() {
        assert_eq!(
            findings(
                "R401",
                "| customer | order_amount |\n| 北辰机电 | 12800.00 |"
            ),
            ""
        );
    }
}
