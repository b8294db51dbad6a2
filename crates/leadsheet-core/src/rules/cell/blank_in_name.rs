use std::cmp::Reverse;

use hashbrown::HashMap;

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::{Column, Ledger};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A Chinese name of two to four characters that a column writes with a blank inside it and without: 张 三 beside 张三. The
    /// one that fewer rows have is shown. A name that always has its blank is left alone.
    ///
    /// ## Why it matters
    /// It is one person here, but to filters, searches and pivot tables of the spreadsheet they are two.
    ///
    /// ## Example that fails
    /// | 客户名称 | 联系人 |
    /// |---|---|
    /// | 北辰机电 | 张三 |
    /// | 北辰机电 | 张 三 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 联系人 |
    /// |---|---|
    /// | 北辰机电 | 张三 |
    /// | 北辰机电 | 张三 |
    ///
    /// ## What to do
    /// Choose one spelling, or let `--fix` put in the one that most rows have.
    pub(super) static BLANK_IN_NAME = {
        code: "C704", name: "blank-in-name", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Table(blank_in_name),
    }
}

/// Columns that hold names of people.
const NAMES: [Field; 4] = [
    Field::Customer,
    Field::Contact,
    Field::Owner,
    Field::Planner,
];

fn blank_in_name(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let ledger = leads.reading().ledger();
    for column in ledger.columns() {
        if column.field.is_some_and(|field| NAMES.contains(&field)) {
            check_column(ledger, column, findings);
        }
    }
}

fn check_column(ledger: &Ledger, column: &Column, findings: &mut Findings<'_>) {
    // Names with a blank are few; the others are looked up by them.
    let mut spellings: HashMap<String, Vec<(u32, String)>> = HashMap::new();
    let text = |id| ledger.values().get(id).as_text();
    for (code, &id) in (0..).zip(column.distinct()) {
        if let Some(spaced) = text(id).map(str::trim).filter(|text| is_spaced_name(text)) {
            let bare = spaced.split_whitespace().collect();
            let spelled = (code, spaced.to_owned());
            spellings.entry(bare).or_default().push(spelled);
        }
    }
    if spellings.is_empty() {
        return;
    }
    for (code, &id) in (0..).zip(column.distinct()) {
        let bare = text(id).map(str::trim).unwrap_or_default();
        if let Some(all) = spellings.get_mut(bare) {
            all.push((code, bare.to_owned()));
        }
    }
    let mut rows_of = vec![0_usize; column.distinct().len()];
    for code in column.codes().iter() {
        rows_of[code as usize] += 1;
    }
    let mut usual: HashMap<u32, &str> = HashMap::new();
    for all in spellings.values() {
        // Of equals the one without a blank.
        let rank = |(code, text): &&(u32, String)| (rows_of[*code as usize], Reverse(text.len()));
        let Some((_, target)) = all.iter().max_by_key(rank) else {
            continue;
        };
        let others = all.iter().filter(|(_, text)| text != target);
        usual.extend(others.map(|(code, _)| (*code, target.as_str())));
    }
    for (row, code) in column.codes().iter().enumerate() {
        if let Some(&usual) = usual.get(&code) {
            let value = ledger.value(row, column).text();
            let message = Message::new("blank-in-name", "")
                .with("value", value.trim())
                .with("usual", usual);
            let finding = findings.data(ledger, row, column, message);
            finding.suggestion = Some(usual.to_owned());
            finding.fixable = true;
        }
    }
}

/// `张 三`: two to four Chinese characters, and blanks between them.
fn is_spaced_name(text: &str) -> bool {
    const LONGEST: usize = 16;
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
    text.len() <= LONGEST
        && text.contains(char::is_whitespace)
        && text.chars().all(|c| is_han(c) || c.is_whitespace())
        && (2..=4).contains(&text.chars().filter(|c| is_han(*c)).count())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_name_with_a_blank_beside_the_same_without_is_found() {
        let table = "
            | customer | contact  | owner   |
            | 北辰机电 | 张三     | 欧阳 兰 |
            | 北辰机电 | 张 三    | 欧阳 兰 |
            | 南汀贸易 | 李□雷    | 欧阳兰  |
            | 南汀贸易 | 李雷     | 何苗    |";
        insta::assert_snapshot!(findings("C704", table), @r"
        B3 blank-in-name value=张 三 usual=张三 → 张三 (fixable)
        B4 blank-in-name value=李　雷 usual=李雷 → 李雷 (fixable)
        C4 blank-in-name value=欧阳兰 usual=欧阳 兰 → 欧阳 兰 (fixable)
        ");
    }

    #[test]
    fn names_that_always_have_it_firms_and_other_scripts_are_clean() {
        let table = "
            | customer        | contact | owner   | remark |
            | 北辰 机电 设备  | 张 三   | Li Lei  | 张三   |
            | 北辰机电设备    | 张 三   | LiLei   | 张 三  |
            | 南汀贸易␣       | 张三丰  | 李雷␣   |        |
            | 南汀贸易        |         | 李雷    |        |";
        assert_eq!(findings("C704", table), "");
    }
}
