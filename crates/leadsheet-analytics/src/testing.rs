//! Report tests are data: small tables in, the figures as text out.

use std::fmt::Write;

use chrono::NaiveDate;
use leadsheet_core::{Book, BookSheet, Field, Ledger, LedgerBuilder, Policy, Value};

use crate::{Rate, Report, ReportDefinition, report};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// All leads, by the given groupings, on 2025-07-31.
pub(crate) fn by(groupings: &[&str]) -> ReportDefinition {
    ReportDefinition {
        by: groupings.iter().map(|text| text.parse().unwrap()).collect(),
        ..ReportDefinition::new(day("2025-07-31"))
    }
}

/// A table written with `|`: the first line holds field keys, each further line a row.
pub(crate) fn table(text: &str) -> Ledger {
    table_of("线索跟进", "lead-ledger", text)
}

pub(crate) fn table_of(sheet: &str, template: &str, text: &str) -> Ledger {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let split = |line: &str| -> Vec<String> {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    let mut builder = LedgerBuilder::new(sheet, template);
    for key in split(lines.next().unwrap_or_default()) {
        builder.column(&key, key.parse::<Field>().ok());
    }
    for line in lines {
        let cells = split(line);
        let values: Vec<_> = cells.iter().map(|cell| value(cell)).collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

fn value(cell: &str) -> Value<'_> {
    if cell.is_empty() {
        Value::Empty
    } else {
        Value::Text(cell)
    }
}

pub(crate) fn book(path: &str, tables: impl IntoIterator<Item = Ledger>) -> Book {
    let sheets = tables.into_iter().map(|ledger| BookSheet {
        name: ledger.sheet.clone(),
        visible: true,
        ledger: Some(ledger),
        ..BookSheet::default()
    });
    Book {
        path: path.to_owned(),
        sheets: sheets.collect(),
    }
}

/// The report over books, a line for each figure.
pub(crate) fn figures(books: &[Book], definition: &ReportDefinition) -> String {
    rendered(&report(books, &Policy::default(), definition).unwrap())
}

/// [`figures`] of one table.
pub(crate) fn figures_of(text: &str, definition: &ReportDefinition) -> String {
    figures(&[book("a.xlsx", [table(text)])], definition)
}

/// `won+lost+open=leads` for the total and each group, `reached(lost)` for each step of the funnel, and the notes but
/// the first two, which every report has: rows and leads, and the window.
fn rendered(report: &Report) -> String {
    let mut text = String::new();
    match &report.total {
        Some(total) => writeln!(text, "total {}", counts(total)).unwrap(),
        None => writeln!(text, "total -").unwrap(),
    }
    for dimension in &report.conversion {
        writeln!(text, "{}", dimension.name).unwrap();
        for group in &dimension.groups {
            writeln!(text, "  {} {}", group.key, counts(&group.rate)).unwrap();
        }
    }
    text
}

fn counts(rate: &Rate) -> String {
    format!("{}+{}+{}={}", rate.won, rate.lost, rate.open, rate.leads)
}

/// The funnel of one table: `reached-lost` of every stage.
pub(crate) fn funnel_of(text: &str, definition: &ReportDefinition) -> String {
    let books = [book("a.xlsx", [table(text)])];
    let report = report(&books, &Policy::default(), definition).unwrap();
    let step = |step: &crate::FunnelStep| format!("{}-{}", step.reached, step.lost_here);
    report.funnel.iter().map(step).collect::<Vec<_>>().join(" ")
}

/// The notes over books, a line each.
pub(crate) fn notes(books: &[Book], definition: &ReportDefinition) -> Vec<String> {
    let report = report(books, &Policy::default(), definition).unwrap();
    let text = |note: &leadsheet_core::Message| note.to_string().replace("report-note-", "");
    report.notes.iter().map(text).collect()
}

/// [`notes`] of one table.
pub(crate) fn notes_of(text: &str, definition: &ReportDefinition) -> Vec<String> {
    notes(&[book("a.xlsx", [table(text)])], definition)
}
