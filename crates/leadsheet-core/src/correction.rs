//! What can be put right without changing what is meant: the findings that say so, as new values for their cells.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::field::Field;
use crate::finding::Finding;
use crate::ledger::{Column, Ledger, NewValue, Parsed, Reading, Value, shortest};
use crate::place::{CellRange, CellRef};
use crate::policy::Policy;
use crate::text::half_width;
use crate::value::DateReading;

/// A cell and what is to be put into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The cell.
    pub cell: CellRef,
    /// The heading of its column, as the sheet spells it.
    pub header: String,
    /// What that column means.
    pub field: Field,
    /// What it holds now, as a person would type it.
    pub old: String,
    /// What it is to hold.
    pub new: NewValue,
    /// The rules that ask for it.
    pub rules: Vec<&'static str>,
}

/// The corrections that the findings of a table's sheet ask for, by cell. Findings of other sheets must not be among them, and
/// only those count that call themselves fixable: so the team's choice of rules and its excuses hold here as well.
///
/// A correction keeps what is meant: the new value reads as the old one does. Correcting what was corrected gives nothing. A lead number
/// loses blanks and full-width characters and is never written anew. Formulas are for whoever writes the cells to pass
/// over: a table knows results only.
///
/// ```
/// use leadsheet_core::{Book, BookSheet, Context, Field, LedgerBuilder, Policy, Selection, Value, check, corrections};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
/// builder.column("客户名称", Some(Field::Customer));
/// builder.row(&[Value::Text("北辰机电　")])?;
/// let policy = Policy::default();
/// let sheet = BookSheet { visible: true, ledger: Some(builder.build()), ..BookSheet::default() };
/// let book = Book { path: "a.xlsx".into(), sheets: vec![sheet] };
/// let context = Context { policy: &policy, today: "2024-06-01".parse()? };
/// let checkup = check(&context, std::slice::from_ref(&book), &Selection::default());
/// let ledger = book.ledgers().next().ok_or("no table")?;
/// let corrections = corrections(ledger, &policy, &checkup.findings);
/// assert_eq!(corrections[0].new.as_value(), Value::Text("北辰机电"));
/// # Ok(())
/// # }
/// ```
pub fn corrections(ledger: &Ledger, policy: &Policy, findings: &[Finding]) -> Vec<Correction> {
    let mut by_cell: BTreeMap<CellRef, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.fixable) {
        if let Some(cell) = finding.cell {
            by_cell.entry(cell).or_default().push(finding);
        }
    }
    if by_cell.is_empty() {
        return Vec::new();
    }
    let reading = Reading::new(ledger, policy);
    let correct = |(cell, findings): (CellRef, Vec<&Finding>)| {
        // Of merged cells only the first holds the value.
        let is_covered = |range: &CellRange| range.contains(cell) && range.first != cell;
        if ledger.merges.iter().any(is_covered) {
            return None;
        }
        let (position, row) = locate(ledger, cell)?;
        let column = &ledger.columns()[position];
        let value = ledger.value(row, column);
        let parsed = reading.parsed_column(position).get(column.code(row));
        let new = new_value(value, parsed, column, &findings)?;
        let mut rules: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
        rules.sort_unstable();
        Some(Correction {
            cell,
            header: column.header.clone(),
            field: column.field?,
            old: value.display(),
            new,
            rules,
        })
    };
    by_cell.into_iter().filter_map(correct).collect()
}

/// The column and the row of the table whose value stands in a cell.
fn locate(ledger: &Ledger, cell: CellRef) -> Option<(usize, usize)> {
    let mut columns = ledger.columns().iter();
    let position = columns.position(|column| column.field.is_some() && column.stands_in(cell))?;
    let column = &ledger.columns()[position];
    let row = if column.is_placed() {
        (0..ledger.len()).find(|&row| ledger.cell(row, column) == cell)?
    } else {
        ledger.sheet_rows().binary_search(&cell.row).ok()?
    };
    Some((position, row))
}

/// What the findings about a cell make of its value, all of them at once.
fn new_value(
    value: Value<'_>,
    parsed: &Parsed,
    column: &Column,
    findings: &[&Finding],
) -> Option<NewValue> {
    let finding = |code| findings.iter().find(|finding| finding.rule.code == code);
    if finding("C206").is_some() {
        let Parsed::Date(DateReading::Date { date, time, .. }) = parsed else {
            return None;
        };
        // No workbook can hold an earlier one, whichever day it counts from.
        let fits = (1904..=9999).contains(&date.year());
        let moment = date.and_time(time.unwrap_or_default());
        return fits.then_some(NewValue::Date(moment));
    }
    let is_number = matches!(value, Value::Number { .. }) || finding("C604").is_some();
    match parsed {
        Parsed::Money(Ok(money)) if finding("C602").is_some() || finding("C604").is_some() => {
            let amount = money.in_heading_unit();
            let cents = amount.round_dp(2);
            // A hair's breadth off is binary noise; a third decimal is rounded by people.
            if (amount - cents).abs() >= Decimal::new(1, 9) {
                return None;
            }
            return if is_number {
                as_number(cents).map(NewValue::Amount)
            } else {
                Some(NewValue::Text(format!("{cents:.2}")))
            };
        }
        Parsed::Percent(Ok(share)) if finding("C604").is_some() => {
            return Some(NewValue::Percent(*share));
        }
        _ => {}
    }
    // Another spelling of a term or number is proposed whole.
    if let Some(finding) = ["C504", "C405", "C704"].into_iter().find_map(finding) {
        return finding.suggestion.clone().map(NewValue::Text);
    }
    let text = value.as_text()?;
    let new = if finding("C702").is_some() {
        half_width(text)
    } else {
        text.to_owned()
    };
    let new = if finding("C701").is_some() {
        without_stray_space(&new).to_owned()
    } else {
        new
    };
    let keeps_its_meaning = column.field.is_some() && !new.is_empty();
    (keeps_its_meaning && new != text).then_some(NewValue::Text(new))
}

/// A text without the blanks around it, of whatever width.
pub(crate) fn without_stray_space(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// The number a spreadsheet can hold, where it is exactly this one.
fn as_number(amount: Decimal) -> Option<f64> {
    let number = amount.to_f64()?;
    let back: Decimal = shortest(number).parse().ok()?;
    (back == amount).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::LedgerBuilder;
    use crate::recognition::{Book, BookSheet};
    use crate::rules::testing::{table, today};
    use crate::rules::{Context, Selection, check};

    fn findings(ledger: &Ledger, policy: &Policy) -> Vec<Finding> {
        let sheet = BookSheet {
            visible: true,
            ledger: Some(ledger.clone()),
            ..BookSheet::default()
        };
        let book = Book {
            path: "t.xlsx".into(),
            sheets: vec![sheet],
        };
        let context = Context {
            policy,
            today: today(),
        };
        check(&context, &[book], &Selection::default()).findings
    }

    fn corrections_of(ledger: &Ledger) -> Vec<Correction> {
        let policy = Policy::default();
        corrections(ledger, &policy, &findings(ledger, &policy))
    }

    /// The same table with the corrections put in.
    fn corrected(ledger: &Ledger, corrections: &[Correction]) -> Ledger {
        let mut builder = LedgerBuilder::new(&ledger.sheet, &ledger.template);
        builder.lead_id_pattern(ledger.lead_id_pattern);
        for column in ledger.columns() {
            builder.column(&column.header, column.field);
        }
        for row in 0..ledger.len() {
            let value = |column| {
                let cell = ledger.cell(row, column);
                let correction = corrections.iter().find(|one| one.cell == cell);
                correction.map_or_else(|| ledger.value(row, column), |one| one.new.as_value())
            };
            let values: Vec<_> = ledger.columns().iter().map(value).collect();
            builder.row(&values).unwrap();
        }
        builder.build()
    }

    fn shown(ledger: &Ledger) -> String {
        let line = |one: &Correction| {
            let new = match &one.new {
                NewValue::Text(text) => format!("{text:?}"),
                other => format!("{other:?}"),
            };
            format!("{} {:?} → {new} {}", one.cell, one.old, one.rules.join(" "))
        };
        let lines = corrections_of(ledger).iter().map(line).collect::<Vec<_>>();
        lines.join("\n")
    }

    #[test]
    fn each_kind_of_slip_is_put_right_at_its_cell() {
        let ledger = table(
            "
            | lead_id             | customer  | phone           | grade | follow_up_date | order_amount  | progress |
            | ZH-20240520-001     | 北辰机电□ | 13800000001     | A     | =2024-05-20    | =12800 0.00   | =0.45 0% |
            | ＺＨ-２０２４０５２０-００２ | 南汀贸易  | 138 0000 0002   | Ａ    | 2024.5.21      | ¥1,280元      | 70%      |
            | ZH-20240520-003     | 远汐星槎  | １３８０００００００３ | A    | 20240522 9:30  | 20万          | 百分之三十 |
            | ZH2024-0520-4       | 望川灯塔  | 13800000004     | A     | =45435         | =12.3         | =0.5 0%  |",
        );
        insta::assert_snapshot!(shown(&ledger), @r#"
        B2 "北辰机电\u{3000}" → "北辰机电" C701
        A3 "ＺＨ-２０２４０５２０-００２" → "ZH-20240520-002" C702
        C3 "138 0000 0002" → "13800000002" C405
        D3 "Ａ" → "A" C504
        E3 "2024.5.21" → Date(2024-05-21T00:00:00) C206
        F3 "¥1,280元" → Amount(1280.0) C602 C604
        G3 "70%" → Percent(0.7) C604
        C4 "１３８０００００００３" → "13800000003" C702
        E4 "20240522 9:30" → Date(2024-05-22T09:30:00) C206
        F4 "20万" → Amount(200000.0) C602 C604
        G4 "百分之三十" → Percent(0.3) C604
        E5 "45435" → Date(2024-05-23T00:00:00) C206
        F5 "12.3" → Amount(12.3) C602
        "#);
    }

    #[test]
    fn what_a_person_must_decide_is_left_alone() {
        let ledger = table(
            "
            | lead_id       | follow_up_date | next_date | order_amount | phone       | stage        |
            | ZH2024-0520-1 | =2024-05-20    | 5月22日   | =12.345      | 1380000000  | 高意向客尸   |
            | A001          | 3/4/2024       | 24-5-20   | 12.345       | 138****0001 | 意向、成交   |
            |               | 下周三         |           | 面议         | ①13800000001 |             |",
        );
        assert_eq!(shown(&ledger), "");
    }

    #[test]
    fn merged_cells_are_put_right_once() {
        let mut ledger = table("| customer |\n| ␣北辰机电 |\n| ␣北辰机电 |");
        ledger.merges = vec!["A2:A3".parse().unwrap()];
        assert_eq!(shown(&ledger), "A2 \" 北辰机电\" → \"北辰机电\" C701");
    }

    #[test]
    fn under_a_heading_in_ten_thousands_the_number_stays_in_them() {
        let mut builder = LedgerBuilder::new("跟单", "order-tracking");
        builder.column("订单金额（万元）", Some(Field::OrderAmount));
        for value in [
            Value::Number {
                value: 12.5,
                format: "0.00",
            },
            Value::Text("20万"),
        ] {
            builder.row(&[value]).unwrap();
        }
        assert_eq!(
            shown(&builder.build()),
            "A3 \"20万\" → Amount(20.0) C602 C604"
        );
    }

    /// What a value means, as far as two spellings of it must agree.
    fn meaning(reading: &Reading<'_>, row: usize, position: usize) -> String {
        let column = &reading.ledger().columns()[position];
        match reading.parsed_column(position).get(column.code(row)) {
            Parsed::Date(DateReading::Date { date, time, .. }) => format!("{date} {time:?}"),
            Parsed::Money(Ok(money)) => money.amount.round_dp(8).normalize().to_string(),
            Parsed::Percent(Ok(share)) => format!("{share:.9}"),
            Parsed::LeadId(Ok(id)) => id.to_string(),
            Parsed::Text => crate::text::compact_key(&reading.ledger().value(row, column).text()),
            other => format!("{other:?}"),
        }
    }

    const VALUES: [(&str, &[&str]); 7] = [
        (
            "lead_id",
            &[
                "ZH-20240520-001",
                "␣ZH-20240520-002",
                "ＺＨ-２０２４０５２０-００３",
                "ZH2024-0520-1",
                "A001",
                "",
            ],
        ),
        (
            "customer",
            &["北辰机电", "北辰机电□", "⍽南汀贸易␣", "①号店", "１号店"],
        ),
        (
            "phone",
            &[
                "13800000001",
                "13800000002",
                "138 0000 0001",
                "+86 138-0000-0001",
                "１３８００００００１",
                "␣13800000001",
                "=13800000001",
                "13800000001（王）",
                "138****0001",
                "见名片",
                "010-8466 4163",
            ],
        ),
        (
            "grade",
            &["A", "Ａ", "a类", "A（重点客户）", "␣A", "B", "高", "D"],
        ),
        (
            "follow_up_date",
            &[
                "=2024-05-20",
                "=2024-05-21",
                "2024.5.20",
                "２０２４-05-20",
                "␣2024-05-20",
                "=45432",
                "=45432.5",
                "=20240520",
                "5月22日",
                "3/4/2024",
                "待定",
                "2024-05-20 9:30",
            ],
        ),
        (
            "order_amount",
            &[
                "12800",
                "12800.00",
                "␣１２８００",
                "¥1,280元",
                "20万",
                "=12800",
                "=12800 0.00",
                "=12.345",
                "12.345",
                "面议",
                "=0.30000000000000004",
                "-5",
                "(5.00)",
                "USD 5",
            ],
        ),
        (
            "progress",
            &[
                "45%",
                "４５％",
                "0.45",
                "=0.45 0%",
                "=45",
                "七成",
                "␣70%",
                "=1",
                "约半",
            ],
        ),
    ];

    proptest! {
        #[test]
        fn a_correction_keeps_what_is_meant_and_is_made_once(
            rows in prop::collection::vec(prop::collection::vec(0_usize..100, 7), 1..12)
        ) {
            let heading: Vec<_> = VALUES.iter().map(|(field, _)| *field).collect();
            let lines = rows.iter().map(|picks| {
                let cells = picks.iter().zip(VALUES).map(|(pick, (_, values))| values[pick % values.len()]);
                format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
            });
            let lines: Vec<_> = lines.collect();
            let before = table(&format!("| {} |\n{}", heading.join(" | "), lines.join("\n")));
            let corrections = corrections_of(&before);
            let after = corrected(&before, &corrections);
            let policy = Policy::default();
            let (read_before, read_after) = (Reading::new(&before, &policy), Reading::new(&after, &policy));
            for row in 0..before.len() {
                for position in 0..VALUES.len() {
                    let column = &before.columns()[position];
                    prop_assert_eq!(
                        meaning(&read_before, row, position),
                        meaning(&read_after, row, position),
                        "{:?}", before.value(row, column)
                    );
                }
            }
            let left: Vec<_> = findings(&after, &policy)
                .into_iter()
                .filter(|finding| finding.fixable)
                .map(|finding| (finding.cell.map(|cell| cell.to_string()), finding.rule.code, finding.value))
                .collect();
            prop_assert_eq!(left, vec![], "after {:?}", corrections);
        }
    }
}
