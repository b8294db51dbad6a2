use std::borrow::Cow;
use std::cmp::Reverse;

use hashbrown::HashMap;

use crate::category::Term;
use crate::field::{Field, FieldKind};
use crate::lead::Leads;
use crate::ledger::{Column, Parsed, Reading, TermReading};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::{compact, half_width, is_traditional, traditional};

declare_rule! {
    /// ## What it finds
    /// A term that a column spells in two ways: `A` and `A类`, `展会` and `展會`; the spelling that fewer rows have is shown. And a
    /// term in full-width letters or with blanks inside it (`Ａ`, `意向 客户`), whether another row spells it better or not.
    ///
    /// ## Why it matters
    /// They are one term here, but to filters and pivot tables of the spreadsheet they are two.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索等级 |
    /// |---|---|
    /// | ZH-20240520-001 | A |
    /// | ZH-20240520-002 | A |
    /// | ZH-20240520-003 | a类 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索等级 |
    /// |---|---|
    /// | ZH-20240520-001 | A |
    /// | ZH-20240520-002 | A |
    /// | ZH-20240520-003 | A |
    ///
    /// ## What to do
    /// Choose one spelling, or let `--fix` put in the one that most rows have, or the term itself in the script of the sheet.
    /// Other words for a term (`展会`, `行业展会`) are left as they are.
    pub(super) static TERM_SPELLING = {
        code: "C504", name: "term-spelling", severity: Info, since: "0.1.0",
        source: [Spreadsheets, Practice],
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
    let mut spellings: HashMap<String, Vec<Spelled<'_>>> = HashMap::new();
    let stored = column.stored_distinct().iter();
    let values = column.distinct().iter().zip(stored);
    for ((code, (&id, &stored)), parsed) in (0..).zip(values).zip(reading.parsed_column(position)) {
        let value = ledger.values().get(id);
        // Boxes are spelled by whoever made the form.
        if let (Parsed::Term(TermReading::Known(term)), Some(text), true) =
            (parsed, value.as_text(), id == stored)
        {
            let term = reading.vocabulary(field).and_then(|all| all.term(*term));
            let text = text.trim();
            let spelled = Spelled {
                code,
                text,
                canonical: term.filter(|term| is_untidy(text, &term.canonical)),
            };
            spellings
                .entry(word(text, field))
                .or_default()
                .push(spelled);
        }
    }
    spellings.retain(|_, all| all.len() > 1 || all.iter().any(|one| one.canonical.is_some()));
    if spellings.is_empty() {
        return;
    }
    let mut rows_of = vec![0_usize; column.distinct().len()];
    for code in column.codes().iter() {
        rows_of[code as usize] += 1;
    }
    let mut headings = ledger.columns().iter();
    let in_traditional = headings.any(|column| is_traditional(&column.header));
    let mut usual: HashMap<u32, (&'static str, Cow<'_, str>)> = HashMap::new();
    for all in spellings.values() {
        let target = usual_of(all, &rows_of, in_traditional);
        let others = all.iter().filter(|one| one.text != target);
        let variant = |one: &Spelled<'_>| {
            if one.canonical.is_some() {
                "untidy"
            } else {
                ""
            }
        };
        usual.extend(others.map(|one| (one.code, (variant(one), target.clone()))));
    }
    for (row, code) in column.codes().iter().enumerate() {
        let Some((variant, usual)) = usual.get(&code) else {
            continue;
        };
        let value = ledger.values().get(column.distinct()[code as usize]);
        let message = Message::new("term-spelling", variant)
            .with("value", value.text().trim())
            .with("usual", usual);
        let finding = findings.data(ledger, row, column, message);
        finding.suggestion = Some(usual.clone().into_owned());
        finding.fixable = true;
    }
}

/// A spelling in the column.
struct Spelled<'a> {
    code: u32,
    /// Without the blanks around it: they have a rule of their own.
    text: &'a str,
    /// The term, where this is nobody's way to spell it.
    canonical: Option<&'a Term>,
}

/// What most rows have of the tidy spellings; of equals the one in the script of the sheet, then what came first. Where
/// none is tidy, the term itself in the script of the sheet.
fn usual_of<'a>(
    spellings: &[Spelled<'a>],
    rows_of: &[usize],
    in_traditional: bool,
) -> Cow<'a, str> {
    let tidy = spellings.iter().filter(|one| one.canonical.is_none());
    let rank = |one: &&Spelled<'_>| {
        let in_script = is_traditional(one.text) == in_traditional;
        (rows_of[one.code as usize], in_script, Reverse(one.code))
    };
    match (tidy.max_by_key(rank), spellings.first()) {
        (Some(usual), _) => Cow::Borrowed(usual.text),
        (None, Some(first)) => match first.canonical {
            Some(term) if in_traditional => traditional(&term.canonical),
            Some(term) => Cow::Borrowed(&term.canonical),
            None => Cow::Borrowed(first.text),
        },
        (None, None) => Cow::Borrowed(""),
    }
}

/// Whether a text is a term but for blanks inside it and letters of another width: `Ａ`, `意向 客户`.
fn is_untidy(text: &str, canonical: &str) -> bool {
    let is_changed = |c: char| c.is_whitespace() || ('\u{ff01}'..='\u{ff5e}').contains(&c);
    if !text.contains(is_changed) || text == canonical {
        return false;
    }
    let tidy = |text: &str| -> String {
        let narrow = half_width(text);
        narrow.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let (text, canonical) = (tidy(text), tidy(canonical));
    text == canonical || text == traditional(&canonical)
}

fn word(text: &str, field: Field) -> String {
    let key = compact(text);
    match field {
        Field::Grade => key.trim_end_matches(['类', '级']).to_owned(),
        _ => key.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{LedgerBuilder, Value};
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of};

    #[test]
    fn the_rarer_spelling_is_found() {
        let table = "
            | grade | stage     | source   |
            | A     | 意向客户  | 展会     |
            | A     | 意向客户  | 展会     |
            | Ａ    | 意向␣客户 | 展會     |
            | a类   | 意向客戶  | 行业展会 |";
        insta::assert_snapshot!(findings("C504", table), @r"
        A4 term-spelling-untidy value=Ａ usual=A → A (fixable)
        B4 term-spelling-untidy value=意向 客户 usual=意向客户 → 意向客户 (fixable)
        C4 term-spelling value=展會 usual=展会 → 展会 (fixable)
        A5 term-spelling value=a类 usual=A → A (fixable)
        B5 term-spelling value=意向客戶 usual=意向客户 → 意向客户 (fixable)
        ");
    }

    #[test]
    fn an_untidy_term_is_found_alone_and_never_is_the_usual_one() {
        let table = "
            | grade | stage      | source     | method   |
            | Ａ    | 意向␣客户  | Trade Show | 微␣信    |
            | Ａ    | 潜在客户   | trade show | 微信     |
            | A     | 高␣意向客户 | 展会 咨询  | 微␣信    |
            | Ｂ    |            |            |          |";
        insta::assert_snapshot!(findings("C504", table), @r"
        A2 term-spelling-untidy value=Ａ usual=A → A (fixable)
        B2 term-spelling-untidy value=意向 客户 usual=意向客户 → 意向客户 (fixable)
        D2 term-spelling-untidy value=微 信 usual=微信 → 微信 (fixable)
        A3 term-spelling-untidy value=Ａ usual=A → A (fixable)
        C3 term-spelling value=trade show usual=Trade Show → Trade Show (fixable)
        B4 term-spelling-untidy value=高 意向客户 usual=高意向客户 → 高意向客户 (fixable)
        D4 term-spelling-untidy value=微 信 usual=微信 → 微信 (fixable)
        A5 term-spelling-untidy value=Ｂ usual=B → B (fixable)
        ");
    }

    #[test]
    fn the_script_of_the_sheet_decides_where_rows_do_not() {
        let found = |headings: [&str; 2]| {
            let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
            builder.column(headings[0], Some(Field::Stage));
            builder.column(headings[1], Some(Field::Source));
            for (stage, source) in [("意向 客户", "展会"), ("潜在客户", "展會")] {
                builder
                    .row(&[Value::Text(stage), Value::Text(source)])
                    .unwrap();
            }
            findings_of("C504", builder.build(), &Policy::default())
        };
        insta::assert_snapshot!(found(["當前狀態", "線索來源"]), @r"
        A2 term-spelling-untidy value=意向 客户 usual=意向客戶 → 意向客戶 (fixable)
        B2 term-spelling value=展会 usual=展會 → 展會 (fixable)
        ");
        insta::assert_snapshot!(found(["当前状态", "线索来源"]), @r"
        A2 term-spelling-untidy value=意向 客户 usual=意向客户 → 意向客户 (fixable)
        B3 term-spelling value=展會 usual=展会 → 展会 (fixable)
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
