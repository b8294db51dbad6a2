//! Rule tests are data: a small table in, the findings out.

use chrono::NaiveDate;

use super::{Context, Selection, check};
use crate::field::Field;
use crate::ledger::{LeadIdPattern, Ledger, LedgerBuilder, Value};
use crate::policy::Policy;
use crate::recognition::{Book, BookSheet};

/// The day on which tests check: 2024-06-01.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 6, 1).unwrap()
}

/// A table written with `|`. The first line holds field keys (a `*` behind one makes it required; what is no key is
/// a column nobody knows), each further line a row. Leads are numbered `来源-日期-序号`.
pub(crate) fn table(text: &str) -> Ledger {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    // White space beside `|` is the table's own; a blank that belongs to a value is written `␣`.
    let split = |line: &str| -> Vec<String> {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('␣', " "))
            .collect()
    };
    let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
    builder.lead_id_pattern(LeadIdPattern::SourceDateNumber);
    for heading in split(lines.next().unwrap_or_default()) {
        let key = heading.trim().trim_end_matches('*');
        match key.parse::<Field>() {
            Ok(field) if heading.trim().ends_with('*') => builder.required_column(key, field),
            Ok(field) => builder.column(key, Some(field)),
            Err(_) => builder.column(key, None),
        };
    }
    for line in lines {
        let cells = split(line);
        let values: Vec<_> = cells
            .iter()
            .map(|cell| match cell.as_str() {
                blank if blank.trim().is_empty() => Value::Empty,
                error if error.starts_with('#') => Value::Error(error),
                text => Value::Text(text),
            })
            .collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

/// What the rule with this code says about a table, a line each: cell, message, suggestion.
pub(crate) fn findings(code: &str, text: &str) -> String {
    findings_of(code, table(text), &Policy::default())
}

/// [`findings`] for a table and a policy of one's own.
pub(crate) fn findings_of(code: &str, ledger: Ledger, policy: &Policy) -> String {
    let sheet = BookSheet {
        name: ledger.sheet.clone(),
        visible: true,
        ledger: Some(ledger),
        ..BookSheet::default()
    };
    findings_in_sheet(code, sheet, policy)
}

/// [`findings`] for a whole sheet.
pub(crate) fn findings_in_sheet(code: &str, sheet: BookSheet, policy: &Policy) -> String {
    let book = Book {
        path: "t.xlsx".into(),
        sheets: vec![sheet],
    };
    let selection = Selection {
        select: vec![code.into()],
        ..Selection::default()
    };
    selection.validate().unwrap();
    let lines = check(
        &Context {
            policy,
            today: today(),
        },
        &[book],
        &selection,
    )
    .into_iter()
    .map(|finding| {
        let cell = finding
            .cell
            .map_or_else(|| "-".to_owned(), |cell| cell.to_string());
        let suggestion = finding
            .suggestion
            .map_or_else(String::new, |suggestion| format!(" → {suggestion}"));
        format!("{cell} {}{suggestion}", finding.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
