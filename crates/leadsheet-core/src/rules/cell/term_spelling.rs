use hashbrown::HashMap;

use crate::field::{Field, FieldKind};
use crate::lead::Leads;
use crate::ledger::{Column, Parsed, Reading, TermReading};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::compact;

declare_rule! {
    /// ## What it finds
    /// A term that a column spells in two ways: `A` and `Ａ`, `A` and `A类`, `意向客户` and `意向 客户`, `展会` and `展會`. The spelling
    /// that fewer rows have is shown.
    ///
    /// ## Why it matters
    /// They are one term here, but to filters and pivot tables of the spreadsheet they are two.
    ///
    /// ## Example
    /// | 线索编号 | 线索等级 |
    /// |---|---|
    /// | ZH-20240520-001 | A |
    /// | ZH-20240520-002 | A |
    /// | ZH-20240520-003 | a类 |
    ///
    /// ## What to do
    /// Choose one spelling, or let `--fix` put in the one that most rows have. Other words for a term (`展会`, `行业展会`) are left
    /// as they are.
    pub(super) static TERM_SPELLING = {
        code: "C504", name: "term-spelling", severity: Info, since: "0.1.0",
        check: Check::Table(term_spelling),
    }
}

fn term_spelling(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    for (position, column) in reading.ledger().columns().iter().enumerate() {
        let is_term = |field: &Field| field.kind() == FieldKind::Term;
        if let Some(field) = column.field.filter(is_term) {
            check_column(reading, position, column, field, findings);
        }
    }
}

fn check_column(
    reading: &Reading<'_>,
    position: usize,
    column: &Column,
    field: Field,
    findings: &mut Findings<'_>,
) {
    let ledger = reading.ledger();
    // Codes whose values are one term in one word, whatever its width, case and script.
    let mut spellings: HashMap<String, Vec<u32>> = HashMap::new();
    let stored = column.stored_distinct().iter();
    let values = column.distinct().iter().zip(stored);
    for ((code, (&id, &stored)), parsed) in (0..).zip(values).zip(reading.parsed_column(position)) {
        let value = ledger.values().get(id);
        // Boxes are spelled by whoever made the form.
        if let (Parsed::Term(TermReading::Known(_)), Some(text), true) =
            (parsed, value.as_text(), id == stored)
        {
            spellings.entry(word(text, field)).or_default().push(code);
        }
    }
    spellings.retain(|_, codes| codes.len() > 1);
    if spellings.is_empty() {
        return;
    }
    let mut rows_of = vec![0_usize; column.distinct().len()];
    for &code in column.codes() {
        rows_of[code as usize] += 1;
    }
    // What most rows have; of equals, what came first.
    let mut usual: HashMap<u32, u32> = HashMap::new();
    for codes in spellings.values() {
        let most = codes
            .iter()
            .rev()
            .max_by_key(|&&code| rows_of[code as usize]);
        if let Some(&most) = most {
            let others = codes.iter().filter(|&&code| code != most);
            usual.extend(others.map(|&code| (code, most)));
        }
    }
    for (row, code) in column.codes().iter().enumerate() {
        let Some(&usual) = usual.get(code) else {
            continue;
        };
        let text = |code: u32| ledger.values().get(column.distinct()[code as usize]).text();
        let (value, usual) = (text(*code), text(usual));
        // Blanks around a word have a rule of their own.
        if value.trim() == usual.trim() {
            continue;
        }
        let message = Message::new("term-spelling", "")
            .with("value", value.trim())
            .with("usual", usual.trim());
        let finding = findings.data(ledger, row, column, message);
        finding.suggestion = Some(usual.trim().to_owned());
        finding.fixable = true;
    }
}

/// What two spellings of one word have in common. A grade is its letter, with or without 类 and 级.
fn word(text: &str, field: Field) -> String {
    let key = compact(text);
    match field {
        Field::Grade => key.trim_end_matches(['类', '级']).to_owned(),
        _ => key.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_rarer_spelling_is_found() {
        let table = "
            | grade | stage     | source   |
            | A     | 意向客户  | 展会     |
            | A     | 意向客户  | 展会     |
            | Ａ    | 意向␣客户 | 展會     |
            | a类   | 意向客戶  | 行业展会 |";
        insta::assert_snapshot!(findings("C504", table), @r"
        A4 term-spelling value=Ａ usual=A → A (fixable)
        B4 term-spelling value=意向 客户 usual=意向客户 → 意向客户 (fixable)
        C4 term-spelling value=展會 usual=展会 → 展会 (fixable)
        A5 term-spelling value=a类 usual=A → A (fixable)
        B5 term-spelling value=意向客戶 usual=意向客户 → 意向客户 (fixable)
        ");
    }

    #[test]
    fn a_column_with_its_own_way_is_left_alone() {
        let table = "
            | grade | stage    | source   | owner |
            | A類   | 意向客戶 | 展会     | 李雷  |
            | B類   | 潛在客戶 | 行业展会 | 李 雷 |
            | A類   |          | 广交会   | 李雷  |";
        assert_eq!(findings("C504", table), "");
    }

    #[test]
    fn remarks_and_blanks_around_a_word_are_not_its_business() {
        let table = "
            | grade        |
            | A            |
            | ␣A           |
            | A（重点客户） |";
        assert_eq!(findings("C504", table), "");
    }
}
