use crate::field::FieldKind;
use crate::ledger::{Parsed, Value};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, EVERY_KIND, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A text that a spreadsheet program would run as a formula: one that begins with `=`, with `@` and a function,
    /// or with a sign and no number.
    ///
    /// ## Why it matters
    /// Where such a text came in through a form or a CSV file, it can be an attack on whoever opens the next export.
    /// Where it was meant as a formula, it was never calculated.
    ///
    /// ## Example that fails
    /// | 客户名称 | 备注 |
    /// |---|---|
    /// | 北辰机电 | `=HYPERLINK("http://example.com";"点我")` |
    ///
    /// ## Example that passes
    /// | 客户名称 | 备注 |
    /// |---|---|
    /// | 北辰机电 | 样本见官网 |
    ///
    /// ## What to do
    /// Ask where it came from. Delete it, or type the formula again if it is your own.
    pub(super) static FORMULA_AS_TEXT = {
        code: "C703", name: "formula-as-text", severity: Warning, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Cell(EVERY_KIND, formula_as_text),
    }
}

fn formula_as_text(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Value::Text(text) = cell.value else {
        return None;
    };
    if matches!(cell.parsed, Parsed::Blank) || !would_run(text, cell.field.kind()) {
        return None;
    }
    Some(Flaw::new(
        Message::new("formula-as-text", "").with("value", text),
    ))
}

/// Narrower than what an export must neutralise: `- 已发资料`, `@何苗` and `+86 138…` are how people write.
fn would_run(text: &str, kind: FieldKind) -> bool {
    let text = text.trim_start();
    let mut characters = text.chars();
    let first = characters.next();
    let next = characters.next();
    match first {
        Some('=' | '＝') => next.is_some_and(|next| !matches!(next, '=' | ' ')),
        Some('@') => next.is_some_and(|next| next.is_ascii_alphabetic()) && text.contains('('),
        Some('+' | '-') if kind == FieldKind::Contact => false,
        Some('+' | '-') => {
            next.is_some_and(|next| next.is_ascii_alphabetic()) && text.contains('(')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn texts_that_would_run_are_found() {
        // `␣` before `=` makes it a text of the table's own notation.
        let table = "
            | customer        | remark                              |
            | ␣=1+1           | @SUM(A1:A9)                         |
            | 北辰机电        | +HYPERLINK(\"http://example.com\") |
            | -CMD(A0)        | ＝TODAY()-3                         |";
        insta::assert_snapshot!(findings("C703", table), @r#"
        A2 formula-as-text value= =1+1
        B2 formula-as-text value=@SUM(A1:A9)
        B3 formula-as-text value=+HYPERLINK("http://example.com")
        A4 formula-as-text value=-CMD(A0)
        B4 formula-as-text value=＝TODAY()-3
        "#);
    }

    #[test]
    fn signs_mentions_and_lists_are_how_people_write() {
        let table = "
            | phone           | summary              | next_step         | order_amount |
            | +86 13800000001 | - 已发资料，- 等回复 | @何苗 寄合同      | -3.00        |
            | +86(138)0000    | --                   | @Lily 寄合同      |              |
            | -               | 预算=20万            | ␣===重点===       |              |";
        assert_eq!(findings("C703", table), "");
    }

    #[test]
    fn numbers_and_unknown_columns_are_not_its_business() {
        assert_eq!(
            findings(
                "C703",
                "| order_amount | 大区主管批注 |\n| =-5 | @SUM(A1) |"
            ),
            ""
        );
    }
}
