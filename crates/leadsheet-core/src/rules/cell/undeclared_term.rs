use super::unknown_term::strange_term;
use crate::category::Vocabulary;
use crate::field::{Field, FieldKind};
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A source, method or other word that the column's open list does not have yet.
    ///
    /// ## Why it matters
    /// A new source is welcome once it is declared. A misspelt one (`行业展汇`) is counted apart from its own
    /// source, and both rates are wrong.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索来源 |
    /// |---|---|
    /// | ZH-20250520-001 | 行业展汇 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索来源 |
    /// |---|---|
    /// | ZH-20250520-001 | 行业展会 |
    ///
    /// ## What to do
    /// Correct the spelling, or declare the term in the policy under `terms`.
    pub(super) static UNDECLARED_TERM = {
        code: "C502", name: "undeclared-term", severity: Warning, since: "0.1.0",
        source: [LeadLedger, Pipeline],
        check: Check::Cell(&[FieldKind::Term], undeclared_term),
    }
}

fn undeclared_term(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let flaw = strange_term("undeclared-term", cell, Vocabulary::is_open)?;
    // A row may name several milestones, and in a team's own words; only a slip of the hand is worth a word.
    (cell.field != Field::Milestone || flaw.suggestion.is_some()).then_some(flaw)
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::policy::{ExtraTerm, Policy};
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn an_undeclared_source_is_found_with_the_nearest_one() {
        let table = "
            | lead_id         | source   | method     |
            | ZH-20240520-001 | 行业展汇 | 电话       |
            | ZH-20240520-002 | 抖音直播 | 电话、微信 |";
        insta::assert_snapshot!(findings("C502", table), @r"
        B2 undeclared-term-near value=行业展汇 nearest=行业展会 → 行业展会
        B3 undeclared-term value=抖音直播
        C3 undeclared-term-several value=电话、微信
        ");
    }

    #[test]
    fn known_words_and_their_synonyms_are_clean() {
        let table = "
            | source   | method   | customer_type | intent         | milestone |
            | 行业展会 | 電話溝通 | 超级VIP客户   | 有意向徘徊犹豫 | 领导点头  |
            | 轉介紹   | Call     | vip           | 确定购买意向   |           |
            |          |          |               |                |           |";
        assert_eq!(findings("C502", table), "");
    }

    #[test]
    fn closed_lists_are_not_its_business() {
        assert_eq!(findings("C502", "| grade | stage |\n| D | 待定 |"), "");
    }

    #[test]
    fn a_declared_source_is_welcome() {
        let mut policy = Policy::default();
        let own = ExtraTerm {
            term: "抖音直播".into(),
            english: Some("Douyin".into()),
            synonyms: vec!["抖音".into()],
        };
        policy.terms.insert(Field::Source, vec![own]);
        let table = table("| source |\n| 抖音直播 |\n| 抖音 |");
        assert_eq!(findings_of("C502", table, &policy), "");
    }
}
