use crate::field::FieldKind;
use crate::ledger::{Parsed, Value};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An amount or a percentage typed as text in a column whose other cells are real numbers.
    ///
    /// ## Why it matters
    /// It is read here all the same, but a sum or an average in the spreadsheet passes it over without a word.
    ///
    /// ## Example that fails
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 12800.00 |
    /// | DD-002 | ¥1,280元 |
    ///
    /// ## Example that passes
    /// | 订单编号 | 订单金额 |
    /// |---|---|
    /// | DD-001 | 12800.00 |
    /// | DD-002 | 1280.00 |
    ///
    /// ## What to do
    /// Type the number alone, `1280.00`, and let the cell's format add the rest; or let `--fix` do it.
    pub(super) static NUMBER_AS_TEXT = {
        code: "C604", name: "number-as-text", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Cell(&[FieldKind::Money, FieldKind::Percent], number_as_text),
    }
}

fn number_as_text(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    // Where no cell is a number (a table out of a CSV file, say) text is the column's own way.
    if !cell.among_typed || !matches!(cell.value, Value::Text(_)) {
        return None;
    }
    let (number, is_exact) = match cell.parsed {
        Parsed::Money(Ok(money)) => match money.in_heading_unit().normalize() {
            amount if amount.scale() <= 2 => (format!("{amount:.2}"), true),
            // Two decimals would not show all of it.
            amount => (amount.to_string(), false),
        },
        // Half a cent of a per cent is more than anybody means.
        Parsed::Percent(Ok(share)) => (format!("{}%", (share * 1e6).round() / 1e4), true),
        _ => return None,
    };
    let message = Message::new("number-as-text", "").with("value", cell.value.display().trim());
    let flaw = Flaw::new(message).suggest(number);
    Some(if is_exact { flaw.fixable() } else { flaw })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_text_among_numbers_is_found() {
        let table = "
            | order_amount | progress  |
            | =12800 0.00  | =0.45 0%  |
            | ¥1,280元     | 70%       |
            | 20万         | 33.3％    |";
        insta::assert_snapshot!(findings("C604", table), @r"
        A3 number-as-text value=¥1,280元 → 1280.00 (fixable)
        B3 number-as-text value=70% → 70% (fixable)
        A4 number-as-text value=20万 → 200000.00 (fixable)
        B4 number-as-text value=33.3％ → 33.3% (fixable)
        ");
    }

    #[test]
    fn a_column_of_texts_is_consistent_and_left_alone() {
        let table = "
            | order_amount | sales_amount | progress |
            | 12800.00     | =12800 0.00  | 45%      |
            | 1,280.00     |              | 70％     |";
        assert_eq!(findings("C604", table), "");
    }

    #[test]
    fn what_is_no_number_has_other_rules() {
        let table = "
            | order_amount | progress | remark |
            | =12800 0.00  | =0.45 0% | =1     |
            | 面议         | 约一半   | 1280   |
            |              | 850%     |        |";
        assert_eq!(findings("C604", table), "");
    }
}
