//! One line a finding or a group, for spreadsheet programs: UTF-8 with a byte order mark.

use std::io::Write;

use leadsheet::{Finding, Rate, Report};

use crate::Session;
use crate::commands::check::Checked;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(crate) fn findings(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
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
    ])?;
    for finding in findings {
        let cell = finding
            .cell
            .map(|cell| cell.to_string())
            .unwrap_or_default();
        let message = session.finding(finding);
        writer.write_record([
            checked.books[finding.book].path.as_str(),
            &finding.sheet,
            &cell,
            finding.header.as_deref().unwrap_or_default(),
            finding.rule.code,
            finding.rule.name,
            finding.severity.as_str(),
            &message,
            &guarded(finding.value.as_deref().unwrap_or_default()),
            &guarded(finding.suggestion.as_deref().unwrap_or_default()),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// A value that a spreadsheet program would run as a formula gets an apostrophe in front.
fn guarded(value: &str) -> String {
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
