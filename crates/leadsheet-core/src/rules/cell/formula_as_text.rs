use crate::field::FieldKind;
use crate::ledger::{Parsed, Value};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A text that a spreadsheet program would run as a formula: one that begins with `=`, with `@` and a function,
    /// or with a sign and what is no number but would be worked out as one (`+1-1`), or would start a program (`-2+3+cmd|…!A0`).
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
        check: Check::Ends(formula_as_text),
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
    let text = text.trim();
    let mut characters = text.chars();
    let first = characters.next();
    let next = characters.next();
    match first {
        Some('=' | '＝') => next.is_some_and(|next| !matches!(next, '=' | ' ')),
        Some('@' | '+' | '-') if starts_a_program(text) => true,
        Some('@') => next.is_some_and(|next| next.is_ascii_alphabetic()) && text.contains('('),
        Some('+' | '-') if kind == FieldKind::Contact => false,
        Some('+' | '-') => {
            next.is_some_and(|next| next.is_ascii_alphabetic()) && text.contains('(')
                || is_sum(&text[1..])
        }
        _ => false,
    }
}

/// `cmd|' /C calc'!A0`: a program, a bar, what it is to do, and a cell for its answer.
fn starts_a_program(text: &str) -> bool {
    let Some((before, after)) = text.split_once('|') else {
        return false;
    };
    before.ends_with(|c: char| c.is_ascii_alphanumeric()) && after.contains('!')
}

/// `1-1`, `2*3+4`: numbers and what joins them. As many digits as a telephone number has are one, whatever parts them.
fn is_sum(text: &str) -> bool {
    const FEWEST_OF_A_TELEPHONE: usize = 7;
    let is_joint = |c: char| matches!(c, '+' | '-' | '*' | '/' | '^');
    let is_number = |part: &str| part.parse::<f64>().is_ok() && !part.contains(char::is_alphabetic);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.contains(is_joint)
        && digits < FEWEST_OF_A_TELEPHONE
        && text.split(is_joint).all(|part| is_number(part.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::without_stray_space;
    use crate::ledger::Values;
    use crate::rules::testing::findings;

    #[test]
    fn texts_that_would_run_are_found() {
        // `␣` before `=` makes it a text of the table's own notation.
        let table = "
            | customer        | remark                              |
            | ␣=1+1           | @SUM(A1:A9)                         |
            | 北辰机电        | +HYPERLINK(\"http://example.com\") |
            | -CMD(A0)        | ＝TODAY()-3                         |
            | 南汀贸易        | +1-1                                |";
        insta::assert_snapshot!(findings("C703", table), @r#"
        A2 formula-as-text value= =1+1
        B2 formula-as-text value=@SUM(A1:A9)
        B3 formula-as-text value=+HYPERLINK("http://example.com")
        A4 formula-as-text value=-CMD(A0)
        B4 formula-as-text value=＝TODAY()-3
        B5 formula-as-text value=+1-1
        "#);
    }

    #[test]
    fn what_starts_a_program_is_found_in_any_column() {
        for text in ["-2+3+cmd|' /C calc'!A0", "@x|'a'!A0", "+cmd|'/C x'!A0"] {
            assert!(would_run(text, FieldKind::Text), "{text}");
            assert!(would_run(text, FieldKind::Contact), "{text}");
        }
        for text in [
            "- 已发资料|待回复！",
            "-甲|乙!",
            "+86 13800000001|13900000002",
        ] {
            assert!(!would_run(text, FieldKind::Text), "{text}");
        }
    }

    #[test]
    fn signs_mentions_and_lists_are_how_people_write() {
        let table = "
            | phone           | summary              | next_step         | order_amount |
            | +86 13800000001 | - 已发资料，- 等回复 | @何苗 寄合同      | -3.00        |
            | +86(138)0000    | --                   | @Lily 寄合同      |              |
            | -               | 预算=20万            | ␣===重点===       |              |
            |                 | +86-755-8466-4163    | -5-6人到场        |              |
            |                 | +1                   | -10%              |              |
            |                 | -2024-05-20          | @Lily             |              |";
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

    proptest::proptest! {
        #[test]
        fn what_begins_with_a_formula_or_a_blank_is_looked_at(
            text in "[ \u{3000}\u{a0}\u{200b}\u{feff}=＝@+\\-−]{0,2}[a-z(0-9北辰。！”）]{0,4}[ \u{3000}\u{200b}\u{feff}\t\n]{0,2}"
        ) {
            let mut values = Values::default();
            let id = values.add_text(&text).unwrap();
            let is_stray = without_stray_space(&text) != text;
            let is_wrong = is_stray || would_run(&text, FieldKind::Text);
            proptest::prop_assert!(!is_wrong || values.has_odd_ends(id), "{:?}", text);
        }
    }
}
