use crate::correction::without_stray_space;
use crate::ledger::{Parsed, Value};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// Blanks before or behind a text: ordinary, full-width, non-breaking or of no width at all.
    ///
    /// ## Why it matters
    /// They cannot be seen, yet to filters, look-ups and pivot tables ` 云渡食品 ` is another customer than `云渡食品`.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH-20250320-001 | `云渡食品有限公司　` |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH-20250320-001 | 云渡食品有限公司 |
    ///
    /// ## What to do
    /// Delete them, or let `--fix` do it.
    pub(super) static STRAY_WHITE_SPACE = {
        code: "C701", name: "stray-white-space", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Ends(stray_white_space),
    }
}

fn stray_white_space(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Value::Text(text) = cell.value else {
        return None;
    };
    // Nothing but blanks is an empty cell.
    if matches!(cell.parsed, Parsed::Blank) {
        return None;
    }
    let trimmed = without_stray_space(text);
    (trimmed.len() < text.len() && !trimmed.is_empty()).then(|| {
        Flaw::new(Message::new("stray-white-space", "").with("value", text))
            .suggest(trimmed)
            .fixable()
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn blanks_of_every_width_are_found_around_a_text() {
        let table = "
            | customer           | contact | phone        | grade |
            | ␣云渡食品有限公司␣␣ | 韩越    | 13800000001  | A     |
            | 云渡食品有限公司   | 韩越□   | 13800000001⍽ | A     |";
        let found = findings("C701", table)
            .replace('\u{3000}', "□")
            .replace('\u{a0}', "⍽");
        insta::assert_snapshot!(found, @r"
        A2 stray-white-space value= 云渡食品有限公司   → 云渡食品有限公司 (fixable)
        B3 stray-white-space value=韩越□ → 韩越 (fixable)
        C3 stray-white-space value=13800000001⍽ → 13800000001 (fixable)
        ");
    }

    #[test]
    fn blanks_inside_a_text_are_the_writers_own() {
        let table = "
            | customer         | phone         | summary         |
            | Acme Trading Co. | 138 0000 0001 | 先看 再说       |
            | 云渡□食品        | =13800000001  |                 |";
        assert_eq!(findings("C701", table), "");
    }

    #[test]
    fn empty_cells_and_unknown_columns_are_not_its_business() {
        let table = "
            | customer | 大区主管批注 |
            | ␣        | ␣继续跟␣     |
            | □        |              |";
        assert_eq!(findings("C701", table), "");
    }
}
