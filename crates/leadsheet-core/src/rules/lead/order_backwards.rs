use crate::category::OrderStatus;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::orders::{by_day, orders};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An order whose status goes back from one row to the next: from 已发货 to 生产中, from 已取消 to anything else.
    ///
    /// ## Why it matters
    /// Goods that were shipped are not in production. Most often an old row was copied and its status left as it was, and
    /// the customer is told the wrong thing.
    ///
    /// ## Example that fails
    /// | 订单编号 | 跟进时间 | 订单状态 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-20 | 已发货 |
    /// | DD-001 | 2024-05-24 | 生产中 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 跟进时间 | 订单状态 |
    /// |---|---|---|
    /// | DD-001 | 2024-05-20 | 生产中 |
    /// | DD-001 | 2024-05-24 | 已发货 |
    ///
    /// ## What to do
    /// Correct the status. An order in trouble is 有问题 and may go anywhere from there; one that begins anew gets a new
    /// number.
    pub(super) static ORDER_BACKWARDS = {
        code: "L122", name: "order-backwards", severity: Warning, since: "0.1.0",
        needs: [OrderNo, OrderStatus],
        source: [OrderTracking],
        check: Check::Table(order_backwards),
    }
}

fn order_backwards(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    for mut rows in orders(reading) {
        by_day(reading, &mut rows);
        let stated = rows.iter().filter_map(|row| Some((row, status(row)?)));
        let stated: Vec<_> = stated.collect();
        for pair in stated.windows(2) {
            let [(earlier, was), (row, is)] = pair else {
                continue;
            };
            if !was.may_become(*is) {
                let message = Message::new("order-backwards", "")
                    .with("value", row.value(Field::OrderStatus).display().trim())
                    .with("before", earlier.value(Field::OrderStatus).display().trim());
                let finding = findings.row(row, Field::OrderStatus, message);
                finding.related.extend(earlier.cell(Field::OrderStatus));
            }
        }
    }
}

fn status(row: &Row<'_>) -> Option<OrderStatus> {
    OrderStatus::at(row.term_id(Field::OrderStatus)?.into())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_order_that_goes_back_is_found() {
        let table = "
            | order_no | follow_up_date | order_status |
            | DD-001   | =2024-05-20    | 已发货       |
            | DD-002   | =2024-05-20    | 已取消       |
            | DD-001   | =2024-05-24    | 生产中       |
            | DD-002   | =2024-05-24    | 生产中       |";
        insta::assert_snapshot!(findings("L122", table), @r"
        C4 order-backwards value=生产中 before=已发货 beside C2
        C5 order-backwards value=生产中 before=已取消 beside C3
        ");
    }

    #[test]
    fn orders_on_their_way_are_clean() {
        let table = "
            | order_no | follow_up_date | order_status |
            | DD-001   | =2024-05-28    | 已完成       |
            | DD-001   | =2024-05-20    | 下单         |
            | DD-001   | =2024-05-24    | 已发货       |
            | DD-001   | 待定           | 下单         |
            | DD-002   | =2024-05-20    | 已发货       |
            | DD-002   | =2024-05-21    | 有问题       |
            | DD-002   | =2024-05-22    | 生产中       |
            |          | =2024-05-20    | 已完成       |
            |          | =2024-05-21    | 下单         |
            | DD-003   | =2024-05-21    | 已完成       |
            | DD-003   | =2024-05-22    | 等通知       |";
        assert_eq!(findings("L122", table), "");
    }
}
