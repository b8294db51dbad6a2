//! Rule tests are data: a small table in, the findings out.

use chrono::NaiveDate;

use super::{Context, Selection, check};
use crate::field::Field;
use crate::finding::{Finding, Severity};
use crate::ledger::{LeadIdPattern, Ledger, LedgerBuilder, Value};
use crate::policy::Policy;
use crate::recognition::{Book, BookSheet, MissingColumn};

/// Columns that a sheet lacks.
pub(crate) fn missing(columns: &[(Field, &str)]) -> Vec<MissingColumn> {
    let column = |&(field, heading): &(Field, &str)| MissingColumn {
        field,
        heading: heading.into(),
    };
    columns.iter().map(column).collect()
}

/// The day on which tests check: 2024-06-01.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 6, 1).unwrap()
}

/// A table written with `|`. The first line holds field keys (a `*` behind one makes it required; what is no key is
/// a column nobody knows), each further line a row. Leads are numbered `来源-日期-序号`.
///
/// A cell is text, `#N/A` an error value, `=2024-05-20` a date cell, `=1234.5` a number, `=1234.5 0.00` a number
/// with a format.
pub(crate) fn table(text: &str) -> Ledger {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    // White space beside `|` is the table's own; what belongs to a value is written `␣`, or `⍽` where it does not
    // break, or `□` where it is as wide as a Chinese character.
    let split = |line: &str| -> Vec<String> {
        line.trim_matches('|')
            .split('|')
            .map(|cell| {
                cell.trim()
                    .replace('␣', " ")
                    .replace('⍽', "\u{a0}")
                    .replace('□', "\u{3000}")
            })
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
                "" => Value::Empty,
                error if error.starts_with('#') => Value::Error(error),
                text => text.strip_prefix('=').map_or(Value::Text(text), typed),
            })
            .collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

/// A date or a number with its format.
fn typed(literal: &str) -> Value<'_> {
    if let Ok(date) = NaiveDate::parse_from_str(literal, "%Y-%m-%d") {
        return Value::Date {
            value: date.and_time(chrono::NaiveTime::MIN),
            format: "yyyy-mm-dd",
        };
    }
    let (number, format) = literal.split_once(' ').unwrap_or((literal, ""));
    Value::Number {
        value: number.parse().unwrap(),
        format,
    }
}

/// What the rule with this code says about a table, a line each: cell, message, suggestion, related cells.
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
    let found = found(code, &[book], policy);
    found.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// [`findings`] for a workbook.
pub(crate) fn findings_in_book(code: &str, book: Book) -> String {
    findings_in_books(code, &[book])
}

/// [`findings`] for several workbooks.
pub(crate) fn findings_in_books(code: &str, books: &[Book]) -> String {
    let found = found(code, books, &Policy::default());
    found.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// What every rule says about a table, but for those that only say something worth knowing: code, cell, name.
pub(crate) fn all_findings(ledger: Ledger, least: Severity) -> String {
    let sheet = BookSheet {
        visible: true,
        ledger: Some(ledger),
        ..BookSheet::default()
    };
    let book = Book {
        path: "t.xlsx".into(),
        sheets: vec![sheet],
    };
    let found = found("", &[book], &Policy::default());
    let line = |finding: &Finding| {
        let cell = finding
            .cell
            .map_or_else(String::new, |cell| cell.to_string());
        format!("{} {cell} {}", finding.rule.code, finding.message.id())
    };
    let lines = found
        .iter()
        .filter(|finding| finding.severity >= least)
        .map(line);
    lines.collect::<Vec<_>>().join("\n")
}

/// The findings of one rule, of those whose codes begin so, or of all.
fn found(code: &str, books: &[Book], policy: &Policy) -> Vec<Finding> {
    let selection = Selection {
        select: (!code.is_empty())
            .then(|| code.into())
            .into_iter()
            .collect(),
        ..Selection::default()
    };
    selection.validate().unwrap();
    let context = Context {
        policy,
        today: today(),
    };
    let checkup = check(&context, books, &selection);
    let mut found = checkup.findings;
    // Asked for by its code alone, what cannot be checked is as good as found.
    if !code.is_empty() {
        found.extend(checkup.not_evaluable);
    }
    found
}

fn shown(finding: &Finding) -> String {
    let cell = finding.cell.map(|cell| cell.to_string());
    let suggestion = finding.suggestion.as_ref();
    let related: Vec<_> = finding.related.iter().map(ToString::to_string).collect();
    [
        cell.unwrap_or_else(|| "-".to_owned()),
        finding.message.to_string(),
        suggestion.map_or_else(String::new, |suggestion| format!("→ {suggestion}")),
        String::from(if finding.fixable { "(fixable)" } else { "" }),
        if related.is_empty() {
            String::new()
        } else {
            format!("beside {}", related.join(" "))
        },
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(" ")
}
