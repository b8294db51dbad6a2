//! Report tests are data: small tables in, the figures as text out.

use std::fmt::Write;

use chrono::NaiveDate;
use leadsheet_core::{Book, BookSheet, Field, Ledger, LedgerBuilder, Message, Policy, Value};
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::Strategy;

use crate::{
    FunnelStep, PeriodBasis, Rate, Report, ReportDefinition, Speed, Topic, Window, report,
};

/// Six leads in eight rows: the first won after 19 days and raised from grade B to A, the second lost, the fifth won
/// on its first day, the three others open. The sixth shows no stage and names no source.
pub(crate) const LEDGER: &str = "
    lead_id         | source   | grade | follow_up_date | owner | stage
    ZH-20250301-001 | 行业展会 | B     | 2025-03-01     | 何苗  | 潜在客户
    ZH-20250301-001 | 行业展会 | A     | 2025-03-20     | 吴桐  | 成交客户
    XS-20250310-001 | 线上推广 | A     | 2025-03-10     | 何苗  | 意向客户
    XS-20250310-001 | 线上推广 | A     | 2025-03-15     | 何苗  | 流失客户
    XS-20250405-001 | 线上推广 | C     | 2025-04-05     | 何苗  | 高意向客户
    DY-20250410-001 | 抖音直播 | D     | 2025-04-10     |       | 潜在客户
    DY-20250411-001 | 抖音直播 |       | 2025-04-11     | 周岚  | 成交客户
    GW-20250501-001 |          | C     | 2025-05-01     | 周岚  |
";

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
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
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

/// The report over books, the total in the first line, a line for each group.
pub(crate) fn figures(books: &[Book], definition: &ReportDefinition) -> String {
    rendered(&report(books, &Policy::default(), definition).unwrap())
}

/// The report over one table.
pub(crate) fn report_of(text: &str, definition: &ReportDefinition) -> Report {
    report_under(text, &Policy::default(), definition)
}

/// [`report`] of one table as a team decided.
pub(crate) fn report_under(text: &str, policy: &Policy, definition: &ReportDefinition) -> Report {
    report(&[book("a.xlsx", [table(text)])], policy, definition).unwrap()
}

/// All leads, and how fast things went.
pub(crate) fn speed_definition() -> ReportDefinition {
    ReportDefinition {
        show: vec![Topic::Speed],
        ..by(&[])
    }
}

/// How fast things went in one table.
pub(crate) fn speed_of(text: &str) -> Speed {
    report_of(text, &speed_definition()).speed.unwrap()
}

/// The notes on speed by their names.
pub(crate) fn note_names(speed: &Speed) -> Vec<String> {
    let name = |note: &Message| note.to_string().replace("report-note-", "");
    speed.notes.iter().map(name).collect()
}

/// [`figures`] of one table.
pub(crate) fn figures_of(text: &str, definition: &ReportDefinition) -> String {
    figures(&[book("a.xlsx", [table(text)])], definition)
}

/// `won+lost+open=leads` of the total and of each group.
fn rendered(report: &Report) -> String {
    let mut text = String::new();
    match &report.total {
        Some(total) => text += &counts(total),
        None => text += "-",
    }
    for dimension in &report.conversion {
        write!(text, "\n{}:", dimension.name).unwrap();
        for group in &dimension.groups {
            write!(text, "\n  {} {}", group.key, counts(&group.rate)).unwrap();
        }
    }
    text
}

fn counts(rate: &Rate) -> String {
    format!("{}+{}+{}={}", rate.won, rate.lost, rate.open, rate.leads)
}

/// `won+lost+open=leads` of one table in a window.
pub(crate) fn total_in(text: &str, by: PeriodBasis, from: &str, to: &str) -> String {
    let bound = |text: &str| (!text.is_empty()).then(|| day(text));
    let definition = ReportDefinition {
        window: Window {
            from: bound(from),
            to: bound(to),
            by,
        },
        ..self::by(&[])
    };
    figures_of(text, &definition)
}

/// The funnel of one table: `reached-lost` of every stage.
pub(crate) fn funnel_of(text: &str, definition: &ReportDefinition) -> String {
    let books = [book("a.xlsx", [table(text)])];
    let report = report(&books, &Policy::default(), definition).unwrap();
    let step = |step: &FunnelStep| format!("{}-{}", step.reached, step.lost_here);
    report.funnel.iter().map(step).collect::<Vec<_>>().join(" ")
}

/// The notes over books, a line each.
pub(crate) fn notes(books: &[Book], definition: &ReportDefinition) -> Vec<String> {
    let report = report(books, &Policy::default(), definition).unwrap();
    let text = |note: &Message| note.to_string().replace("report-note-", "");
    report.notes.iter().map(text).collect()
}

/// [`notes`] of one table.
pub(crate) fn notes_of(text: &str, definition: &ReportDefinition) -> Vec<String> {
    notes(&[book("a.xlsx", [table(text)])], definition)
}

/// Rows of a table with the columns [`RANDOM_COLUMNS`]: few customers, every kind of identity, holes everywhere.
pub(crate) fn random_rows() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
    let columns = RANDOM_COLUMNS.iter().map(|(_, values)| select(*values));
    vec(columns.collect::<Vec<_>>(), 0..24)
}

/// Columns by field key, with the values they hold.
const RANDOM_COLUMNS: [(&str, &[&str]); 14] = [
    (
        "lead_id",
        &[
            "ZH-20250301-001",
            "ZH-20250310-002",
            "ZH-20250230-003",
            "A001",
            "",
            "",
            "",
        ],
    ),
    ("customer", &["甲公司", "乙有限公司", ""]),
    ("contact", &["张三", "", ""]),
    (
        "phone",
        &["13800000001", "138 0000 0002", "138****0003", "", ""],
    ),
    ("source", &["行业展会", "展会", "抖音直播", ""]),
    ("grade", &["A", "B类", "D", ""]),
    (
        "follow_up_date",
        &[
            "2025-03-01",
            "2025-03-02",
            "2025-03-20",
            "2025-04-30",
            "3/4/2025",
            "",
        ],
    ),
    ("owner", &["何苗", "吴桐", "何苗、吴桐", ""]),
    ("method", &["电话", "自动回复", ""]),
    ("recorded_at", &["2025-03-01 09:30", "2025-03-20", "", ""]),
    ("sales_amount", &["1.5万", "200.50", "面议", "", ""]),
    (
        "stage",
        &[
            "潜在客户",
            "意向客户",
            "高意向客户",
            "成交客户",
            "流失客户",
            "待定",
            "",
        ],
    ),
    ("result", &["成交", "未成交", "", ""]),
    ("closed_date", &["2025-03-31", "5月1日", "", "", ""]),
];

/// A table of random rows.
pub(crate) fn random_table(rows: &[Vec<&str>]) -> Ledger {
    let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
    for (key, _) in RANDOM_COLUMNS {
        builder.column(key, key.parse::<Field>().ok());
    }
    for row in rows {
        let values: Vec<_> = row.iter().map(|cell| value(cell)).collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

/// Position of a column in [`random_rows`].
pub(crate) fn random_column(field: Field) -> usize {
    let found = RANDOM_COLUMNS
        .iter()
        .position(|(key, _)| *key == field.key());
    found.unwrap()
}
