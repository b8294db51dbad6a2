use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, meant_date};

declare_rule! {
    /// ## What it finds
    /// A 交货日期 before the 订单日期.
    ///
    /// ## Why it matters
    /// Nothing is delivered before it is ordered. One of the dates is wrong, and with it the delivery time that was
    /// promised.
    ///
    /// ## Example that fails
    /// | 订单编号 | 订单日期 | 交货日期 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-20 | 2024-05-02 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 订单日期 | 交货日期 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-02 | 2024-05-20 |
    ///
    /// ## What to do
    /// Correct the date that is wrong.
    pub(super) static DELIVERY_BEFORE_ORDER = {
        code: "R403", name: "delivery-before-order", severity: Error, since: "0.1.0",
        needs: [OrderDate, DeliveryDate],
        source: [OrderTracking],
        check: Check::Row(delivery_before_order),
    }
}

fn delivery_before_order(context: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let date = |field| meant_date(context, row, field);
    let (Some(delivered), Some(ordered)) = (date(Field::DeliveryDate), date(Field::OrderDate))
    else {
        return;
    };
    if delivered < ordered {
        let message = Message::new("delivery-before-order", "")
            .with("value", delivered)
            .with("ordered", ordered);
        let finding = findings.row(row, Field::DeliveryDate, message);
        finding.related.extend(row.cell(Field::OrderDate));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn nothing_is_delivered_before_it_is_ordered() {
        let table = "
            | order_no | order_date  | delivery_date |
            | DD-001   | =2024-05-20 | 2024/5/2      |";
        assert_eq!(
            findings("R403", table),
            "C2 delivery-before-order value=2024-05-02 ordered=2024-05-20 beside B2"
        );
    }

    #[test]
    fn a_date_that_cannot_be_meant_proves_nothing() {
        let table = "
            | order_no | order_date  | delivery_date |
            | DD-001   | =2052-05-20 | 2024/5/24     |";
        assert_eq!(findings("R403", table), "");
    }

    #[test]
    fn the_same_day_later_and_unknown_are_clean() {
        let table = "
            | order_no | order_date  | delivery_date |
            | DD-001   | =2024-05-20 | =2024-05-20   |
            | DD-002   | =2024-05-20 | =2024-06-20   |
            | DD-003   |             | =2024-06-20   |
            | DD-004   | =2024-05-20 |               |
            | DD-005   | =2024-05-20 | 3/4/2024      |";
        assert_eq!(findings("R403", table), "");
    }
}
