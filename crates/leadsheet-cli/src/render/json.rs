//! The JSON shapes. Others parse them: a key, once there, stays.

use std::io::Write;

use leadsheet::{
    CellRef, Counts, Finding, Ledger, MissingColumn, Notice, OfPerson, OfRule, Recognised, Report,
    Severity, Sheet, Value, Visibility, Workbook, by_person, by_rule, column_letters, iso_date,
    iso_time,
};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::fixes::Fix;
use crate::Session;
use crate::commands::check::Checked;
use crate::commands::patched::Fixed;

#[derive(Serialize)]
struct Check<'a> {
    schema: &'static str,
    files: Vec<File<'a>>,
    findings: Vec<CheckFinding<'a>>,
    /// Only where something was to be put right.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<Vec<Fix<'a>>>,
    summary: Summary,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    error: Option<&'a str>,
    sheets: Vec<CheckedSheet<'a>>,
}

#[derive(Serialize)]
struct CheckedSheet<'a> {
    name: &'a str,
    visible: bool,
    template: Option<&'a str>,
    header_rows: Vec<u32>,
    first_row: Option<u32>,
    last_row: Option<u32>,
    rows: usize,
    leads: usize,
    not_evaluable: Vec<String>,
    /// Findings that notes in the sheet let stand.
    excused: usize,
    columns: Vec<SheetColumn<'a>>,
    skipped_rows: Vec<Skipped>,
    hidden_rows: Vec<(u32, u32)>,
    hidden_columns: Vec<String>,
}

#[derive(Serialize)]
struct SheetColumn<'a> {
    letter: String,
    header: &'a str,
    field: Option<&'static str>,
}

#[derive(Serialize)]
struct Skipped {
    row: u32,
    reason: leadsheet::SkipReason,
}

#[derive(Serialize)]
struct CheckFinding<'a> {
    file: &'a str,
    sheet: &'a str,
    cell: Option<String>,
    row: Option<u32>,
    header: Option<&'a str>,
    field: Option<&'static str>,
    code: &'static str,
    name: &'static str,
    severity: Severity,
    message: String,
    value: Option<&'a str>,
    suggestion: Option<&'a str>,
    fixable: bool,
    related: Vec<CellRef>,
    owner: Option<String>,
}

/// Counts over everything that was checked.
#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    counts: Totals,
    by_rule: Vec<RuleCounts>,
    by_person: Vec<PersonCounts>,
}

/// What one rule has found.
#[derive(Serialize)]
struct RuleCounts {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    count: usize,
    fixable: usize,
}

impl From<OfRule> for RuleCounts {
    fn from(of_rule: OfRule) -> Self {
        Self {
            code: of_rule.rule.code,
            name: of_rule.rule.name,
            severity: of_rule.severity,
            count: of_rule.counts.total(),
            fixable: of_rule.fixable,
        }
    }
}

/// What one person has to repair; `null` is nobody.
#[derive(Serialize)]
struct PersonCounts {
    owner: Option<String>,
    errors: usize,
    warnings: usize,
    infos: usize,
    rules: Vec<RuleCounts>,
}

impl From<OfPerson> for PersonCounts {
    fn from(person: OfPerson) -> Self {
        Self {
            owner: person.owner,
            errors: person.counts.errors,
            warnings: person.counts.warnings,
            infos: person.counts.infos,
            rules: person.rules.into_iter().map(RuleCounts::from).collect(),
        }
    }
}

/// How much was checked, and how much was found.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) files: usize,
    pub(crate) rows: usize,
    pub(crate) leads: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
}

impl Totals {
    pub(crate) fn of(checked: &Checked, findings: &[Finding]) -> Self {
        let ledgers = checked.books.iter().flat_map(leadsheet::Book::ledgers);
        let Counts {
            errors,
            warnings,
            infos,
        } = Counts::of(findings);
        Self {
            files: checked.files.len(),
            rows: ledgers.map(Ledger::len).sum(),
            leads: checked.leads.iter().flatten().sum(),
            errors,
            warnings,
            infos,
        }
    }
}

pub(crate) fn check(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    fixed: Option<&[Fixed]>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let files = checked.files.iter().map(|file| File {
        path: &file.path,
        error: file.book.as_ref().err().map(String::as_str),
        sheets: file.book.as_ref().map_or_else(
            |_| Vec::new(),
            |&book| {
                let sheets = checked.books[book].sheets.iter().zip(&checked.leads[book]);
                sheets
                    .map(|(sheet, &leads)| {
                        let not_evaluable = checked.not_evaluable(book, &sheet.name);
                        let told = not_evaluable.map(|finding| session.finding(finding));
                        let excused = checked.excused(book, &sheet.name);
                        checked_sheet(sheet, leads, told.collect(), excused)
                    })
                    .collect()
            },
        ),
    });
    let document = Check {
        schema: "leadsheet.check/1",
        files: files.collect(),
        findings: findings
            .iter()
            .map(|finding| check_finding(session, checked, finding))
            .collect(),
        fixes: fixed.map(|fixed| fixed.iter().map(|one| Fix::of(checked, one)).collect()),
        summary: Summary {
            counts: Totals::of(checked, findings),
            by_rule: by_rule(findings)
                .into_iter()
                .map(RuleCounts::from)
                .collect(),
            by_person: by_person(&checked.books, findings)
                .into_iter()
                .map(PersonCounts::from)
                .collect(),
        },
    };
    print(&document, out)
}

fn checked_sheet(
    sheet: &leadsheet::BookSheet,
    leads: usize,
    not_evaluable: Vec<String>,
    excused: usize,
) -> CheckedSheet<'_> {
    let ledger = sheet.ledger.as_ref();
    let rows = ledger.map(Ledger::sheet_rows).unwrap_or_default();
    let columns = ledger
        .map(Ledger::columns)
        .unwrap_or_default()
        .iter()
        .map(|column| SheetColumn {
            letter: column_letters(column.index),
            header: &column.header,
            field: column.field.map(leadsheet::Field::key),
        });
    let skipped = ledger
        .map(|ledger| ledger.skipped.as_slice())
        .unwrap_or_default();
    CheckedSheet {
        name: &sheet.name,
        visible: sheet.visible,
        template: ledger.map(|ledger| ledger.template.as_str()),
        header_rows: ledger
            .map(|ledger| ledger.header_rows.iter().map(|row| row + 1).collect())
            .unwrap_or_default(),
        first_row: rows.first().map(|row| row + 1),
        last_row: rows.last().map(|row| row + 1),
        rows: rows.len(),
        leads,
        not_evaluable,
        excused,
        columns: columns.collect(),
        skipped_rows: skipped
            .iter()
            .map(|skipped| Skipped {
                row: skipped.row + 1,
                reason: skipped.reason,
            })
            .collect(),
        hidden_rows: numbers(&sheet.hidden_rows),
        hidden_columns: sheet.hidden_columns.iter().copied().map(letters).collect(),
    }
}

/// Rows as the user's program numbers them.
fn numbers(rows: &[(u32, u32)]) -> Vec<(u32, u32)> {
    rows.iter()
        .map(|&(first, last)| (first + 1, last + 1))
        .collect()
}

fn letters((first, last): (u32, u32)) -> String {
    if first == last {
        column_letters(first)
    } else {
        format!("{}:{}", column_letters(first), column_letters(last))
    }
}

fn check_finding<'a>(
    session: &Session,
    checked: &'a Checked,
    finding: &'a Finding,
) -> CheckFinding<'a> {
    CheckFinding {
        file: &checked.books[finding.book].path,
        sheet: &finding.sheet,
        cell: finding.cell.map(|cell| cell.to_string()),
        row: finding.cell.map(CellRef::row_number),
        header: finding.header.as_deref(),
        field: finding.field.map(leadsheet::Field::key),
        code: finding.rule.code,
        name: finding.rule.name,
        severity: finding.severity,
        message: session.finding(finding),
        value: finding.value.as_deref(),
        suggestion: finding.suggestion.as_deref(),
        fixable: finding.fixable,
        related: finding.related.clone(),
        owner: finding.owner(&checked.books),
    }
}

/// The report's own shape, with its notes in words.
#[derive(Serialize)]
struct ReportDocument<'a> {
    schema: &'static str,
    #[serde(flatten)]
    report: &'a Report,
    notes: Vec<String>,
}

pub(crate) fn report(
    session: &Session,
    report: &Report,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let notes = report
        .every_note()
        .map(|note| super::figures::note_in_words(session, note))
        .collect();
    print(
        &ReportDocument {
            schema: "leadsheet.report/1",
            report,
            notes,
        },
        out,
    )
}

#[derive(Serialize)]
struct DueDocument<'a> {
    schema: &'static str,
    today: chrono::NaiveDate,
    due: &'a [leadsheet::DueLead],
    summary: DueSummary,
}

#[derive(Serialize)]
struct DueSummary {
    overdue: usize,
    today: usize,
    later: usize,
}

pub(crate) fn due(
    today: chrono::NaiveDate,
    leads: &[leadsheet::DueLead],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let overdue = leads.iter().filter(|lead| lead.days_late > 0).count();
    let now = leads.iter().filter(|lead| lead.days_late == 0).count();
    let summary = DueSummary {
        overdue,
        today: now,
        later: leads.len() - overdue - now,
    };
    print(
        &DueDocument {
            schema: "leadsheet.due/1",
            today,
            due: leads,
            summary,
        },
        out,
    )
}

#[derive(Serialize)]
struct Inspection<'a> {
    schema: &'static str,
    path: &'a str,
    kind: &'static str,
    sheets: Vec<InspectedSheet<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<Cells<'a>>,
    notices: Vec<NoticeShape>,
}

#[derive(Serialize)]
struct InspectedSheet<'a> {
    name: &'a str,
    visible: bool,
    visibility: Visibility,
    used: Option<String>,
    merges: Vec<String>,
    template: Option<&'a str>,
    score: f64,
    missing: &'a [MissingColumn],
    runner_up: Option<&'a leadsheet::Candidate>,
    nearest: Option<&'a str>,
    header_rows: Vec<u32>,
    columns: Vec<InspectedColumn<'a>>,
    hidden_rows: Vec<(u32, u32)>,
    hidden_columns: Vec<String>,
}

#[derive(Serialize)]
struct InspectedColumn<'a> {
    letter: String,
    header: &'a str,
    group: Option<&'a str>,
    field: Option<&'static str>,
    decision: Option<InspectedDecision>,
}

/// Why a heading that may mean several things was taken for this one.
#[derive(Serialize)]
struct InspectedDecision {
    instead_of: Vec<&'static str>,
    reason: String,
    message: String,
}

#[derive(Serialize)]
struct NoticeShape {
    sheet: Option<usize>,
    cell: Option<String>,
    message: String,
}

/// Every filled cell, printed as it is reached: a large workbook does not become a larger tree first.
struct Cells<'a>(&'a Workbook);

#[derive(Serialize)]
struct Cell<'a> {
    sheet: usize,
    #[serde(rename = "cell")]
    address: String,
    kind: &'static str,
    value: CellValue<'a>,
    formula: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CellValue<'a> {
    Text(&'a str),
    Owned(String),
    Whole(i64),
    Number(f64),
    Bool(bool),
    Nothing,
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cells = serializer.serialize_seq(None)?;
        for (position, sheet) in self.0.sheets.iter().enumerate() {
            for (cell, value, formula) in super::text::cells(sheet) {
                let (kind, value) = cell_value(value);
                cells.serialize_element(&Cell {
                    sheet: position,
                    address: cell.to_string(),
                    kind,
                    value,
                    formula,
                })?;
            }
        }
        cells.end()
    }
}

fn cell_value(value: Value<'_>) -> (&'static str, CellValue<'_>) {
    match value {
        // A formula without a result.
        Value::Empty => ("text", CellValue::Nothing),
        Value::Text(text) => ("text", CellValue::Text(text)),
        Value::Number { value, .. } if value.fract() == 0.0 && value.abs() < 9e15 => {
            ("number", CellValue::Whole(value as i64))
        }
        Value::Number { value, .. } => ("number", CellValue::Number(value)),
        Value::Date { value, .. } => ("date", CellValue::Owned(iso_date(value))),
        Value::Time { value, .. } => ("time", CellValue::Owned(iso_time(value))),
        Value::Bool(value) => ("bool", CellValue::Bool(value)),
        Value::Error(text) => ("error", CellValue::Text(text)),
    }
}

pub(crate) fn inspection(
    session: &Session,
    path: &str,
    workbook: &Workbook,
    recognitions: &[Recognised<'_>],
    cells: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let sheets = workbook
        .sheets
        .iter()
        .zip(recognitions)
        .map(|(sheet, recognised)| inspected(session, sheet, recognised));
    let notice = |notice: &Notice| NoticeShape {
        sheet: notice.sheet,
        cell: notice.cell.map(|cell| cell.to_string()),
        message: session.tell(&notice.kind.message()),
    };
    let document = Inspection {
        schema: "leadsheet.inspect/1",
        path,
        kind: workbook.kind.extension(),
        sheets: sheets.collect(),
        cells: cells.then_some(Cells(workbook)),
        notices: workbook.notices.iter().map(notice).collect(),
    };
    print(&document, out)
}

fn inspected<'a>(
    session: &Session,
    sheet: &'a Sheet,
    recognised: &'a Recognised<'_>,
) -> InspectedSheet<'a> {
    let recognition = &recognised.recognition;
    let layout = recognised.layout.as_ref();
    let decision = |decision: &leadsheet::Decision| InspectedDecision {
        instead_of: decision
            .instead_of
            .iter()
            .map(|field| field.key())
            .collect(),
        reason: decision.reason.message().id(),
        message: super::text::reason_in_words(session, decision),
    };
    let column = |column: &'a leadsheet::LayoutColumn| InspectedColumn {
        letter: column_letters(column.index),
        header: &column.header,
        group: column.group.as_deref(),
        field: column.field.map(leadsheet::Field::key),
        decision: recognition
            .decisions
            .iter()
            .find(|decision| decision.cell.column == column.index)
            .map(decision),
    };
    let form_column = |column: &'a leadsheet::FormColumn| InspectedColumn {
        letter: column_letters(column.cell.column),
        header: &column.header,
        group: None,
        field: column.field.map(leadsheet::Field::key),
        decision: None,
    };
    InspectedSheet {
        name: &sheet.name,
        visible: sheet.visibility == Visibility::Visible,
        visibility: sheet.visibility,
        used: sheet.used().map(|used| used.to_string()),
        merges: sheet.merges.iter().map(ToString::to_string).collect(),
        template: recognised.template().map(|template| template.name.as_str()),
        score: recognition.best.as_ref().map_or(0.0, |best| best.score),
        missing: recognition
            .best
            .as_ref()
            .map_or(&[], |best| best.missing.as_slice()),
        runner_up: recognition.runner_up.as_ref(),
        nearest: match (recognised.template(), &recognition.best) {
            (None, Some(best)) => Some(&best.template),
            _ => None,
        },
        header_rows: layout.map_or_else(Vec::new, |layout| {
            let rows = layout.group_row.into_iter().chain([layout.header_row]);
            rows.map(|row| row + 1).collect()
        }),
        columns: match (layout, &recognised.form) {
            (Some(layout), _) => layout.columns.iter().map(column).collect(),
            (None, Some(form)) => form.columns.iter().map(form_column).collect(),
            (None, None) => Vec::new(),
        },
        hidden_rows: numbers(&sheet.hidden_rows),
        hidden_columns: sheet.hidden_columns.iter().copied().map(letters).collect(),
    }
}

pub(super) fn print(document: &impl Serialize, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}
