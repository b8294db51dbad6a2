//! One line a finding or a group, for spreadsheet programs: UTF-8 with a byte order mark.

use std::io::Write;

use leadsheet::{Finding, Rate, Report};

use crate::Session;
use crate::commands::check::Checked;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The keys of the JSON shape head the columns, in every language: what reads this today reads it tomorrow. New ones come
/// last.
const COLUMNS: [&str; 14] = [
    "file",
    "sheet",
    "cell",
    "header",
    "code",
    "name",
    "severity",
    "message",
    "value",
    "suggestion",
    "row",
    "field",
    "owner",
    "fixable",
];

pub(crate) fn findings(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for finding in findings {
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let cell = finding.cell.map(|cell| cell.to_string());
        let row = finding.cell.map(|cell| cell.row_number().to_string());
        let fields: [String; COLUMNS.len()] = [
            checked.books[finding.book].path.clone(),
            finding.sheet.to_string(),
            cell.unwrap_or_default(),
            owned(finding.header.as_deref()),
            finding.rule.code.to_owned(),
            finding.rule.name.to_owned(),
            finding.severity.as_str().to_owned(),
            session.finding(finding),
            owned(finding.value.as_deref()),
            owned(finding.suggestion.as_deref()),
            row.unwrap_or_default(),
            owned(finding.field.map(leadsheet::Field::key)),
            finding.owner(&checked.books).unwrap_or_default(),
            finding.fixable.to_string(),
        ];
        writer.write_record(fields.iter().map(|field| guarded(field)))?;
    }
    writer.flush()?;
    Ok(())
}

/// A value that a spreadsheet program would run as a formula gets an apostrophe in front.
pub(super) fn guarded(value: &str) -> String {
    if leadsheet::would_run(value) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

pub(crate) fn report(
    session: &Session,
    report: &Report,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "dimension",
        "key",
        "leads",
        "won",
        "lost",
        "open",
        "rate",
        "low",
        "high",
    ])?;
    let mut line = |dimension: &str, key: &str, rate: &Rate| {
        let share =
            |share: Option<f64>| share.map(|share| format!("{share:.6}")).unwrap_or_default();
        let counts = [rate.leads, rate.won, rate.lost, rate.open].map(|count| count.to_string());
        let shares = [rate.rate, rate.low, rate.high].map(share);
        let fields = [dimension.to_owned(), guarded(key)]
            .into_iter()
            .chain(counts)
            .chain(shares);
        writer.write_record(fields.collect::<Vec<_>>())
    };
    if let Some(total) = &report.total {
        line("total", &session.say("report-total"), total)?;
    }
    for dimension in &report.conversion {
        for group in &dimension.groups {
            line(&dimension.name, &group.key, &group.rate)?;
        }
    }
    writer.flush()?;
    Ok(())
}
