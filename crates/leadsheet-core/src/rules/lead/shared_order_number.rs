use hashbrown::HashMap;
use rust_decimal::Decimal;

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::orders::orders;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};

declare_rule! {
    /// ## What it finds
    /// One order number under two customers, or with another amount than most of its rows name.
    ///
    /// ## Why it matters
    /// A number names one order. Where two customers have it, one of the sales cannot be found in the books; where it has
    /// two amounts, one of them is wrong, and sums count both.
    ///
    /// ## Example that fails
    /// | 客户名称 | 订单编号 | 订单金额 |
    /// |---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 |
    /// | 南汀贸易 | DD-001 | 5600.00 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 订单编号 | 订单金额 |
    /// |---|---|---|
    /// | 北辰机电 | DD-001 | 12800.00 |
    /// | 南汀贸易 | DD-002 | 5600.00 |
    ///
    /// ## What to do
    /// Look the order up and correct the number or the amount. Rows about one order may repeat both.
    pub(super) static SHARED_ORDER_NUMBER = {
        code: "L120", name: "shared-order-number", severity: Error, since: "0.1.0",
        needs: [OrderNo],
        source: [OrderTracking],
        check: Check::Table(shared_order_number),
    }
}

fn shared_order_number(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let customers = leads.customers();
    for mut order in orders(reading) {
        let known = order
            .iter()
            .find_map(|row| Some((customers.of(row)?, *row)));
        if let Some((customer, said)) = known {
            let is_another = |row: &Row<'_>| customers.of(row).is_some_and(|it| it != customer);
            for row in order.iter().filter(|row| is_another(row)) {
                report_customer(row, &said, findings);
            }
            order.retain(|row| !is_another(row));
        }
        let priced = order.into_iter();
        let priced = priced.filter_map(|row| Some((row.money(Field::OrderAmount)?.amount, row)));
        // What is wrong altogether is another rule's finding.
        let amounts: Vec<_> = priced
            .filter(|(amount, _)| !amount.is_sign_negative())
            .collect();
        let Some((usual, said)) = usual(&amounts) else {
            continue;
        };
        for (_, row) in amounts.iter().filter(|(amount, _)| *amount != usual) {
            report_amount(row, &said, findings);
        }
    }
}

/// The amount that most rows name and the first of them; of equally many, that of the first row.
fn usual<'a>(amounts: &[(Decimal, Row<'a>)]) -> Option<(Decimal, Row<'a>)> {
    let (first, _) = amounts.first()?;
    // Nearly always it is named alike in all rows.
    if amounts.iter().all(|(amount, _)| amount == first) {
        return None;
    }
    let mut counts: HashMap<Decimal, usize> = HashMap::new();
    for (amount, _) in amounts {
        *counts.entry(*amount).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    amounts
        .iter()
        .find(|(amount, _)| counts[amount] == most)
        .copied()
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
    fn of_several_amounts_the_odd_one_is_found_and_a_negative_one_is_another_rules() {
        let table = "
            | customer | order_no | order_amount |
            | 北辰机电 | DD-001   | 1280.00      |
            | 北辰机电 | DD-001   | 12800.00     |
            | 北辰机电 | DD-001   | 12800.00     |
            | 南汀贸易 | DD-002   | -5600.00     |
            | 南汀贸易 | DD-002   | 5600.00      |";
        assert_eq!(
            findings("L120", table),
            "C2 shared-order-number-amount value=1280.00 other=12800.00 beside C3"
        );
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
