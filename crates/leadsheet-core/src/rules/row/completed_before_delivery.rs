use crate::category::OrderStatus;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, meant_date};

declare_rule! {
    /// ## What it finds
    /// An order that is 已完成 while its 交货日期 is still to come.
    ///
    /// ## Why it matters
    /// Either the order is not done yet, and nobody looks after it any more, or the day of delivery is a slip.
    ///
    /// ## Example
    /// | 订单编号 | 交货日期 | 订单状态 |
    /// |---|---|---|
    /// | DD-001 | 2030-05-20 | 已完成 |
    ///
    /// ## What to do
    /// Correct the status or the date.
    pub(super) static COMPLETED_BEFORE_DELIVERY = {
        code: "R407", name: "completed-before-delivery", severity: Warning, since: "0.1.0",
        needs: [DeliveryDate, OrderStatus],
        check: Check::Row(completed_before_delivery),
    }
}

fn completed_before_delivery(context: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if row.term_id(Field::OrderStatus) != Some(OrderStatus::Completed as u16) {
        return;
    }
    // What no plan can mean is another rule's finding.
    let delivery = meant_date(context, row, Field::DeliveryDate);
    if let Some(delivery) = delivery.filter(|delivery| *delivery > context.today) {
        let message = Message::new("completed-before-delivery", "")
            .with("delivery", delivery)
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
    fn an_order_that_is_done_before_it_is_delivered_is_found() {
        let table = "
            | order_no | delivery_date | order_status |
            | DD-001   | =2024-06-02   | 已完成       |";
        assert_eq!(
            findings("R407", table),
            "B2 completed-before-delivery delivery=2024-06-02 status=已完成 beside C2"
        );
    }

    #[test]
    fn orders_on_their_way_and_delivered_ones_are_clean() {
        let table = "
            | order_no | delivery_date | order_status |
            | DD-001   | =2024-06-01   | 已完成       |
            | DD-002   | =2024-06-20   | 已发货       |
            | DD-003   | =2024-06-20   | 生产中       |
            | DD-004   |               | 已完成       |
            | DD-005   | =2099-06-20   | 已完成       |
            | DD-006   | 待定          | 已完成       |";
        assert_eq!(findings("R407", table), "");
    }
}
