use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::MoneyError;

declare_rule! {
    /// ## What it finds
    /// An amount that is no number, a negative one, or one of another currency than yuan.
    ///
    /// ## Why it matters
    /// It is missing from every sum, or makes one smaller than what was sold; and dollars and yuan do not add up.
    ///
    /// ## Example that fails
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 面议 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 12800.00 |
    ///
    /// ## What to do
    /// Write the amount in yuan, `12800.00`; where it is not agreed yet, leave the cell empty. A return is an order of its
    /// own with status 已取消, not a negative amount.
    pub(super) static BAD_AMOUNT = {
        code: "C601", name: "bad-amount", severity: Error, since: "0.1.0",
        source: [OrderTracking],
        check: Check::Cell(&[FieldKind::Money], bad_amount),
    }
}

fn bad_amount(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Money(reading) = cell.parsed else {
        return None;
    };
    let variant = match reading {
        Err(MoneyError::OtherCurrency) => "currency",
        Err(_) => "",
        Ok(money) if money.amount.is_sign_negative() && !money.amount.is_zero() => "negative",
        Ok(_) => return None,
    };
    let message = Message::new("bad-amount", variant).with("value", cell.value.display());
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn words_and_negative_amounts_are_found() {
        let table = "
            | order_no | order_amount | sales_amount    |
            | DD-001   | 面议         |                 |
            | DD-002   | =-3.5 0.00   | 约20万          |
            | DD-003   | -1280.00     | 1280.00+1280.00 |
            | DD-004   | (1,280.00)   | USD 1,280.00    |";
        insta::assert_snapshot!(findings("C601", table), @r"
        B2 bad-amount value=面议
        B3 bad-amount-negative value=-3.5
        C3 bad-amount value=约20万
        B4 bad-amount-negative value=-1280.00
        C4 bad-amount value=1280.00+1280.00
        B5 bad-amount-negative value=(1,280.00)
        C5 bad-amount-currency value=USD 1,280.00
        ");
    }

    #[test]
    fn amounts_as_people_write_them_are_clean() {
        let table = "
            | order_amount | remark |
            | ¥1,234.50    | 面议   |
            | 1234.5元     | -3.00  |
            | 20万         |        |
            | =0           |        |
            | =12800 0.00  |        |
            |              |        |";
        assert_eq!(findings("C601", table), "");
    }
}
