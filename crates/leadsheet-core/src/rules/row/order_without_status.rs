use crate::field::Field;
use crate::lead::Leads;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An order with its number and amount whose 订单状态 is empty, in a table that states it of most orders.
    ///
    /// ## Why it matters
    /// Nobody knows whether it was placed, shipped or cancelled, and a sale without a status is in no figure.
    ///
    /// ## Example that fails
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 | |
    /// | 南汀贸易 | DD-002 | 5600.00 | 已发货 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 订单编号 | 订单金额 | 订单状态 |
    /// |---|---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 | 已下单 |
    ///
    /// ## What to do
    /// Fill in the status.
    pub(super) static ORDER_WITHOUT_STATUS = {
        code: "R406", name: "order-without-status", severity: Warning, since: "0.1.0",
        needs: [OrderNo, OrderAmount, OrderStatus],
        source: [OrderTracking],
        check: Check::Table(order_without_status),
    }
}

fn order_without_status(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let rows = leads.reading().rows();
    let orders =
        rows.filter(|row| !row.is_blank(Field::OrderNo) && !row.is_blank(Field::OrderAmount));
    let (silent, stated): (Vec<_>, Vec<_>) =
        orders.partition(|row| row.is_blank(Field::OrderStatus));
    if silent.len() > stated.len() {
        return;
    }
    for row in silent {
        let order = row.value(Field::OrderNo).display();
        let message = Message::new("order-without-status", "").with("order", order.trim());
        let finding = findings.row(&row, Field::OrderStatus, message);
        finding.related.extend(row.cell(Field::OrderNo));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_order_of_which_nobody_knows_where_it_stands_is_found() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 | DD-001   | 12800.00     |              |
            | 南汀贸易 | DD-002   | 12800.00     | 已发货       |";
        assert_eq!(
            findings("R406", table),
            "D2 order-without-status order=DD-001 beside B2"
        );
    }

    #[test]
    fn rows_without_an_order_and_tables_that_state_none_are_clean() {
        let table = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 |          |              |              |
            | 南汀贸易 | DD-002   |              |              |
            | 远汐星槎 | DD-003   | 12800.00     | 已发货       |";
        assert_eq!(findings("R406", table), "");
        let unused = "
            | customer | order_no | order_amount | order_status |
            | 北辰机电 | DD-001   | 12800.00     |              |
            | 南汀贸易 | DD-002   | 12800.00     |              |
            | 远汐星槎 | DD-003   | 12800.00     | 已发货       |";
        assert_eq!(findings("R406", unused), "");
    }
}
