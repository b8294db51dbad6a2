use crate::category::Vocabulary;
use crate::field::FieldKind;
use crate::ledger::{Parsed, TermReading};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::tick_boxes;

declare_rule! {
    /// ## What it finds
    /// A word that the column's closed list does not have: a grade besides A, B and C, a stage of one's own.
    ///
    /// ## Why it matters
    /// The row has no grade, stage or result for anybody who counts: it drops out of the conversion rate or stands
    /// in a line of its own.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索等级 | 当前状态 |
    /// |---|---|---|
    /// | QT-20250415-001 | D | 潜在客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索等级 | 当前状态 |
    /// |---|---|---|
    /// | QT-20250415-001 | C | 潜在客户 |
    ///
    /// ## What to do
    /// Choose a term of the list. If the team means a known term by this word, add it as a synonym in the policy.
    pub(super) static UNKNOWN_TERM = {
        code: "C501", name: "unknown-term", severity: Error, since: "0.1.0",
        source: [LeadLedger, Pipeline],
        check: Check::Cell(&[FieldKind::Term], unknown_term),
    }
}

fn unknown_term(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    strange_term("unknown-term", cell, |vocabulary| !vocabulary.is_open())
}

/// A term that a vocabulary of the chosen sort does not have, with the nearest one.
pub(super) fn strange_term(
    group: &'static str,
    cell: &CellValue<'_>,
    is_meant: impl Fn(&Vocabulary) -> bool,
) -> Option<Flaw> {
    if !matches!(cell.parsed, Parsed::Term(TermReading::Unknown)) {
        return None;
    }
    let vocabulary = cell.vocabulary.filter(|vocabulary| is_meant(vocabulary))?;
    // Several ticked boxes have a rule of their own.
    if ticked_boxes(cell) > 1 {
        return None;
    }
    let value = cell.value.display();
    let message = |variant| Message::new(group, variant).with("value", value.trim());
    let flaw = if holds_several(&value, vocabulary) {
        Flaw::new(message("several"))
    } else if let Some(nearest) = vocabulary.nearest(&value) {
        let message = message("near").with("nearest", &nearest.canonical);
        Flaw::new(message).suggest(&nearest.canonical)
    } else {
        Flaw::new(message(""))
    };
    Some(flaw)
}

/// How many boxes of a tick-box cell are ticked; none where it is no such cell.
pub(super) fn ticked_boxes(cell: &CellValue<'_>) -> usize {
    let text = cell
        .stored
        .as_text()
        .filter(|_| cell.field.kind() == FieldKind::Term);
    text.and_then(tick_boxes)
        .map_or(0, |boxes| boxes.iter().filter(|it| it.ticked).count())
}

/// Whether it is two or more known terms side by side where one is meant.
fn holds_several(value: &str, vocabulary: &Vocabulary) -> bool {
    let separators = ['、', ',', '，', ';', '；', '/', '+', '|', '\n', ' '];
    let mut terms = value
        .split(separators)
        .filter(|part| !part.trim().is_empty())
        .map(|part| vocabulary.find(part));
    matches!(terms.next(), Some(Some(first)) if {
        let mut rest = terms.peekable();
        rest.peek().is_some() && rest.all(|term| term.is_some_and(|term| term != first))
    })
}

#[cfg(test)]
mod tests {
    use crate::category::Stage;
    use crate::field::Field;
    use crate::policy::{ExtraTerm, Policy};
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn words_outside_a_closed_list_are_found_with_the_nearest_term() {
        let table = "
            | lead_id         | grade | stage          | result |
            | QT-20240415-001 | D     | 潜在客户       | 成交   |
            | QT-20240415-002 | A     | 高意相客户     | 待定   |
            | QT-20240415-003 | A     | 潜在客户、意向 |        |";
        insta::assert_snapshot!(findings("C501", table), @r"
        B2 unknown-term value=D
        C3 unknown-term-near value=高意相客户 nearest=高意向客户 → 高意向客户
        D3 unknown-term value=待定
        C4 unknown-term-several value=潜在客户、意向
        ");
    }

    #[test]
    fn every_spelling_of_a_term_is_clean() {
        let table = "
            | grade       | stage          | result | sales_stage |
            | Ａ類        | 意向客戶       | 未成交 | 方案/报价   |
            | a           | won            |        |             |
            | A（重点客户） | 高意向 客户  |        |             |
            |             | #N/A           |        |             |";
        assert_eq!(findings("C501", table), "");
    }

    #[test]
    fn open_lists_and_free_columns_are_not_its_business() {
        let table = "
            | source   | method | satisfaction | remark |
            | 抖音直播 | 托梦   | 还行         | D      |";
        assert_eq!(findings("C501", table), "");
    }

    #[test]
    fn a_team_adds_its_own_synonyms() {
        let mut policy = Policy::default();
        let synonym = ExtraTerm {
            term: Stage::HighIntent.canonical().into(),
            english: None,
            synonyms: vec!["临门一脚".into()],
        };
        policy.terms.insert(Field::Stage, vec![synonym]);
        let table = table("| stage |\n| 临门一脚 |");
        assert_eq!(findings_of("C501", table, &policy), "");
    }
}
