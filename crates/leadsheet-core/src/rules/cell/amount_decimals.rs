use std::str::FromStr;

use rust_decimal::Decimal;

use crate::field::FieldKind;
use crate::ledger::shortest;
use crate::ledger::{Parsed, Value};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::is_general;

declare_rule! {
    /// ## What it finds
    /// An amount that does not show exactly two decimals, or shows two and holds three or four. Numbers without a format are
    /// taken as they are where a long column of them goes to the cent: 87154.8 is 87154.80 there.
    ///
    /// ## Why it matters
    /// `1280` can be 1280 yuan or a price that somebody meant to finish; with two decimals in every row it is plain
    /// that an amount is complete, and the column lines up.
    ///
    /// ## Example that fails
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 12800 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 12800.00 |
    ///
    /// ## What to do
    /// Write `12800.00`, or give the column a number format with two decimals. `--fix` does it where nothing needs
    /// to be rounded.
    pub(super) static AMOUNT_DECIMALS = {
        code: "C602", name: "amount-decimals", severity: Warning, since: "0.1.0",
        source: [OrderTracking],
        check: Check::Cell(&[FieldKind::Money], amount_decimals),
    }
}

fn amount_decimals(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Money(Ok(money)) = cell.parsed else {
        return None;
    };
    // Negative amounts are wrong altogether.
    if money.amount.is_sign_negative() {
        return None;
    }
    if money.decimals == 2 {
        return hidden_decimals(cell);
    }
    if cell.amounts.plain_cents
        && money.decimals < 2
        && matches!(cell.value, Value::Number { format, .. } if is_general(format))
    {
        return None;
    }
    // Under a heading that says 万元 the cell holds 万元, and so does what is put in its place.
    let written = money.in_heading_unit();
    let cents = written.round_dp(2);
    // A sum of binary fractions is a hair's breadth off; that is no third decimal of anybody's.
    let exact = (written - cents).abs() < Decimal::new(1, 9);
    let message = |variant| {
        Message::new("amount-decimals", variant).with("value", cell.value.display().trim())
    };
    Some(if exact {
        Flaw::new(message(""))
            .suggest(format!("{cents:.2}"))
            .fixable()
    } else {
        Flaw::new(message("fraction"))
    })
}

/// A third or fourth decimal that somebody typed and the number format hides. A longer tail is that of a calculation.
fn hidden_decimals(cell: &CellValue<'_>) -> Option<Flaw> {
    let Value::Number { value, .. } = cell.value else {
        return None;
    };
    if cell.amounts.calculated {
        return None;
    }
    let written = Decimal::from_str(&shortest(value)).ok()?;
    (3..=4).contains(&written.scale()).then(|| {
        Flaw::new(Message::new("amount-decimals", "hidden").with("value", written.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{LedgerBuilder, Value};
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of};

    #[test]
    fn too_few_decimals_are_filled_up_and_too_many_asked_about() {
        let table = "
            | order_no | order_amount         |
            | DD-001   | 12800                |
            | DD-002   | 1,234.5元            |
            | DD-003   | 20万                 |
            | DD-004   | =0.30000000000000004 |
            | DD-005   | =12800 #,##0         |
            | DD-006   | 12.345               |";
        insta::assert_snapshot!(findings("C602", table), @r"
        B2 amount-decimals value=12800 → 12800.00 (fixable)
        B3 amount-decimals value=1,234.5元 → 1234.50 (fixable)
        B4 amount-decimals value=20万 → 200000.00 (fixable)
        B5 amount-decimals value=0.30000000000000004 → 0.30 (fixable)
        B6 amount-decimals value=12800 → 12800.00 (fixable)
        B7 amount-decimals-fraction value=12.345
        ");
    }

    #[test]
    fn under_a_heading_with_a_unit_the_unit_is_kept() {
        let mut builder = LedgerBuilder::new("跟单", "order-tracking");
        builder.column("订单金额（万元）", Some(Field::OrderAmount));
        for text in ["12.5", "12.80", "20万"] {
            builder.row(&[Value::Text(text)]).unwrap();
        }
        insta::assert_snapshot!(findings_of("C602", builder.build(), &Policy::default()), @r"
        A2 amount-decimals value=12.5 → 12.50 (fixable)
        A4 amount-decimals value=20万 → 20.00 (fixable)
        ");
    }

    #[test]
    fn two_decimals_written_or_shown_are_clean() {
        let table = "
            | order_amount       |
            | 12800.00           |
            | ¥1,234.50          |
            | =12800 0.00        |
            | =1234.5 #,##0.00   |
            | =333.3333333 0.00  |";
        assert_eq!(findings("C602", table), "");
    }

    #[test]
    fn a_third_decimal_that_the_format_hides_is_found_where_it_was_typed() {
        let typed = "
            | order_amount      |
            | =1234.567 ¥0.00   |
            | =1234.5 ¥0.00     |";
        assert_eq!(
            findings("C602", typed),
            "A2 amount-decimals-hidden value=1234.567"
        );
        let calculated = "
            | order_amount      |
            | =43.225 0.00      |
            | =86.4525 0.00     |
            | =1234.5 0.00      |";
        assert_eq!(findings("C602", calculated), "");
    }

    #[test]
    fn a_long_column_of_plain_numbers_goes_to_the_cent_as_it_stands() {
        let rows: Vec<_> = (0..1000)
            .map(|row| format!("| ={}.{:02} |", 12000 + row, row * 7 % 100))
            .collect();
        let table = format!("| order_amount |\n{}", rows.join("\n"));
        assert_eq!(findings("C602", &table), "");
    }

    #[test]
    fn what_is_no_amount_has_another_rule() {
        let table = "
            | order_amount | progress | remark |
            | 面议         | 45       | 12800  |
            | =-5          |          |        |
            |              |          |        |";
        assert_eq!(findings("C602", table), "");
    }
}
