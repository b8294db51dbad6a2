use crate::field::FieldKind;
use crate::ledger::Value;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::text::half_width;

declare_rule! {
    /// ## What it finds
    /// Full-width digits (`１３８`) in a lead number, date, phone number, amount or percentage; in a lead number full-width
    /// letters and dashes too (`ZH－20240520－001`).
    ///
    /// ## Why it matters
    /// They are read here all the same, but a spreadsheet program takes them for letters: it does not add them up,
    /// sort them as numbers or dial them.
    ///
    /// ## Example that fails
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 李雷 | １３８００００００１２ |
    ///
    /// ## Example that passes
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 李雷 | 13800000012 |
    ///
    /// ## What to do
    /// Type them with the input method set to half-width, or let `--fix` do it.
    pub(super) static FULL_WIDTH_DIGITS = {
        code: "C702", name: "full-width-digits", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Cell(
            &[FieldKind::LeadId, FieldKind::Date, FieldKind::Contact, FieldKind::Money, FieldKind::Percent],
            full_width_digits,
        ),
    }
}

// Where words are expected, full-width digits are a matter of taste.
fn full_width_digits(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Value::Text(text) = cell.value else {
        return None;
    };
    let wide = match cell.field.kind() {
        FieldKind::LeadId => '！'..='～',
        _ => '０'..='９',
    };
    if !text.contains(|c| wide.contains(&c)) {
        return None;
    }
    let flaw = Flaw::new(Message::new("full-width-digits", "").with("value", text));
    Some(flaw.suggest(half_width(text)).fixable())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn full_width_digits_are_found_where_numbers_are_meant() {
        let table = "
            | lead_id                | phone             | follow_up_date   | order_amount |
            | ＺＹ－２０２４０５２０－００１ | １３８0000０００１ | ２０２４年５月２０日 | １２８０．００ |";
        insta::assert_snapshot!(findings("C702", table), @r"
        A2 full-width-digits value=ＺＹ－２０２４０５２０－００１ → ZY-20240520-001 (fixable)
        B2 full-width-digits value=１３８0000０００１ → 13800000001 (fixable)
        C2 full-width-digits value=２０２４年５月２０日 → 2024年5月20日 (fixable)
        D2 full-width-digits value=１２８０．００ → 1280.00 (fixable)
        ");
    }

    #[test]
    fn a_lead_number_has_half_width_letters_and_dashes() {
        let table = "
            | lead_id          | phone            |
            | ZH－20240520－001 | 010－84664163    |
            | ＺＨ-20240520-002 | 13800000001；无  |";
        insta::assert_snapshot!(findings("C702", table), @r"
        A2 full-width-digits value=ZH－20240520－001 → ZH-20240520-001 (fixable)
        A3 full-width-digits value=ＺＨ-20240520-002 → ZH-20240520-002 (fixable)
        ");
    }

    #[test]
    fn words_may_have_them() {
        let table = "
            | customer     | summary        | grade | phone             | progress |
            | 第１０中学   | 报价２０万     | Ａ    | 138（办公）       | 45％     |
            | 云渡食品     |                |       | 13800000001；无   |          |";
        assert_eq!(findings("C702", table), "");
    }
}
