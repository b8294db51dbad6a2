use hashbrown::HashMap;

use super::customers::Customers;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};
use crate::text::compact;

declare_rule! {
    /// ## What it finds
    /// One order number under two customers, or with two amounts.
    ///
    /// ## Why it matters
    /// A number names one order. Where two customers have it, one of the sales cannot be found in the books; where it has
    /// two amounts, one of them is wrong, and sums count both.
    ///
    /// ## Example
    /// | 客户名称 | 订单编号 | 订单金额 |
    /// |---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 |
    /// | 南汀贸易 | DD-001 | 5600.00 |
    ///
    /// ## What to do
    /// Look the order up and correct the number or the amount. Rows about one order may repeat both.
    pub(super) static SHARED_ORDER_NUMBER = {
        code: "L120", name: "shared-order-number", severity: Error, since: "0.1.0",
        needs: [OrderNo],
        check: Check::Table(shared_order_number),
    }
}

/// The first row that says so.
#[derive(Clone, Copy, Default)]
struct Order<'a> {
    customer: Option<(u32, Row<'a>)>,
    priced: Option<Row<'a>>,
}

fn shared_order_number(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let Some(column) = reading.column(Field::OrderNo) else {
        return;
    };
    let mut known: HashMap<String, usize> = HashMap::new();
    let order_of: Vec<Option<usize>> = column.map_distinct(reading.ledger().values(), |value| {
        let shown = value.display();
        let next = known.len();
        (!shown.trim().is_empty()).then(|| *known.entry_ref(&*compact(&shown)).or_insert(next))
    });
    let customers = Customers::new(reading);
    let mut orders: Vec<Order<'_>> = vec![Order::default(); known.len()];
    for row in reading.rows() {
        let Some(order) = order_of[column.codes()[row.index()] as usize] else {
            continue;
        };
        let order = &mut orders[order];
        if let Some(customer) = customers.of(&row) {
            let (first, said) = *order.customer.get_or_insert((customer, row));
            if first != customer {
                report_customer(&row, &said, findings);
                continue;
            }
        }
        if let Some(amount) = row.money(Field::OrderAmount) {
            let said = *order.priced.get_or_insert(row);
            if said
                .money(Field::OrderAmount)
                .is_some_and(|other| other.amount != amount.amount)
            {
                report_amount(&row, &said, findings);
            }
        }
    }
}

fn report_customer(row: &Row<'_>, said: &Row<'_>, findings: &mut Findings<'_>) {
    let Some(field) = customer_field(row.reading()) else {
        return;
    };
    let message = Message::new("shared-order-number", "")
        .with("value", row.value(Field::OrderNo).display().trim())
        .with("other", said.value(field).display().trim());
    let finding = findings.row(row, Field::OrderNo, message);
    finding.related.extend(said.cell(Field::OrderNo));
}

fn report_amount(row: &Row<'_>, said: &Row<'_>, findings: &mut Findings<'_>) {
    let message = Message::new("shared-order-number", "amount")
        .with("value", row.value(Field::OrderAmount).display().trim())
        .with("other", said.value(Field::OrderAmount).display().trim());
    let finding = findings.row(row, Field::OrderAmount, message);
    finding.related.extend(said.cell(Field::OrderAmount));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn one_number_for_two_customers_or_amounts_is_found() {
        let table = "
            | customer | order_no | order_amount |
            | 北辰机电 | DD-001   | 12800.00     |
            | 南汀贸易 | dd-001   | 5600.00      |
            | 北辰机电 | DD-001   | 12,900.00    |";
        insta::assert_snapshot!(findings("L120", table), @r"
        B3 shared-order-number value=dd-001 other=北辰机电 beside B2
        C4 shared-order-number-amount value=12,900.00 other=12800.00 beside C2
        ");
    }

    #[test]
    fn rows_about_one_order_may_repeat_it() {
        let table = "
            | customer             | order_no | order_amount |
            | 北辰机电（北京）公司 | DD-001   | 12800.00     |
            | 北辰機電有限公司     | DD-001   | ¥12,800.00   |
            |                      | DD-001   |              |
            | 北*                  | DD-001   | 面议         |
            | 南汀贸易             | DD-002   | 12800.00     |
            | 远汐星槎             |          | 12800.00     |
            | 望川灯塔             |          | 5600.00      |";
        assert_eq!(findings("L120", table), "");
    }
}
