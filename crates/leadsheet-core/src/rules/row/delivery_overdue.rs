use crate::category::OrderStatus;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::orders::{by_day, orders};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An order whose 交货日期 has passed while its status still says 已下单 or 生产中, in the latest row about it.
    ///
    /// ## Why it matters
    /// Either the customer waits and nobody has said why, or the order was delivered and the table does not know.
    ///
    /// ## Example that fails
    /// | 订单编号 | 交货日期 | 订单状态 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-20 | 生产中 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 交货日期 | 订单状态 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-20 | 已发货 |
    ///
    /// ## What to do
    /// Set the status to 已发货 or 已完成, or agree on another date and write it down.
    pub(super) static DELIVERY_OVERDUE = {
        code: "R404", name: "delivery-overdue", severity: Warning, since: "0.1.0",
        needs: [DeliveryDate, OrderStatus],
        source: [OrderTracking],
        check: Check::Table(delivery_overdue),
    }
}

fn delivery_overdue(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let unnumbered = reading.rows().filter(|row| row.is_blank(Field::OrderNo));
    let latest = orders(reading).into_iter().filter_map(|mut order| {
        by_day(reading, &mut order);
        order.pop()
    });
    for row in unnumbered.chain(latest) {
        judge(context, &row, findings);
    }
}

fn judge(context: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let status = row.term_id(Field::OrderStatus).map(usize::from);
    let is_awaited = status
        .and_then(OrderStatus::at)
        .is_some_and(OrderStatus::is_undelivered);
    let Some(promised) = row.date(Field::DeliveryDate).filter(|_| is_awaited) else {
        return;
    };
    let days = (context.today - promised).num_days();
    if days > 0 {
        let message = Message::new("delivery-overdue", "")
            .with("promised", promised)
            .with("days", days)
            .with("status", row.value(Field::OrderStatus).display().trim());
        let finding = findings.row(row, Field::DeliveryDate, message);
        finding.related.extend(row.cell(Field::OrderStatus));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    // Tests are checked on 2024-06-01.

    #[test]
    fn an_order_that_should_be_there_is_found() {
        let table = "
            | order_no | delivery_date | order_status |
            | DD-001   | =2024-05-20   | 生产中       |
            | DD-002   | 2024.5.31     | 下单         |";
        insta::assert_snapshot!(findings("R404", table), @r"
        B2 delivery-overdue promised=2024-05-20 days=12 status=生产中 beside C2
        B3 delivery-overdue promised=2024-05-31 days=1 status=下单 beside C3
        ");
    }

    #[test]
    fn of_an_order_with_several_rows_the_latest_counts() {
        let table = "
            | order_no | follow_up_date | delivery_date | order_status |
            | DD-001   | =2024-05-24    | =2024-05-20   | 已发货       |
            | DD-001   | =2024-05-10    | =2024-05-20   | 生产中       |
            | DD-002   | =2024-05-10    | =2024-05-20   | 已下单       |
            | DD-002   | =2024-05-24    | =2024-05-20   | 生产中       |";
        insta::assert_snapshot!(findings("R404", table), @"C5 delivery-overdue promised=2024-05-20 days=12 status=生产中 beside D5");
    }

    #[test]
    fn delivered_cancelled_and_later_orders_are_clean() {
        let table = "
            | order_no | delivery_date | order_status |
            | DD-001   | =2024-05-20   | 已发货       |
            | DD-002   | =2024-05-20   | 已完成       |
            | DD-003   | =2024-05-20   | 已取消       |
            | DD-004   | =2024-05-20   | 有问题       |
            | DD-005   | =2024-06-01   | 生产中       |
            | DD-006   |               | 生产中       |
            | DD-007   | =2024-05-20   |              |";
        assert_eq!(findings("R404", table), "");
    }
}
