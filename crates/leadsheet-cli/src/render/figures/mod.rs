//! A report laid out in words: which tables, which columns, which charts. Every format draws this, so that none can
//! say another number than the others.

mod comparison;
mod conversion;
mod people;
mod quality;
mod sales;
mod speed;

use chrono::NaiveDate;
use leadsheet::{
    ChartKind, Figure, FigureBook, FigureChart, FigureColumn, FigureKind, FigureRow, FigureSheet,
    FigureTable, Language, Message, Report,
};

use crate::Session;

/// Groups smaller than this are shown in grey: one lead more would change their rate by a tenth or more.
const SMALL: u32 = 10;

/// Rows beyond which a picture shows nothing.
const MOST_BARS: usize = 30;

/// A report, a sheet a topic.
pub(crate) fn book(session: &Session, report: &Report) -> FigureBook {
    let mut sheets: Vec<FigureSheet> = Vec::new();
    sheets.extend(conversion::sheets(session, report));
    sheets.extend(conversion::funnel(session, report));
    let compared = report.comparison.as_ref();
    sheets.extend(compared.map(|it| comparison::sheet(session, report, it)));
    sheets.extend(report.speed.as_ref().map(|it| speed::sheet(session, it)));
    sheets.extend(quality::cohorts(session, report));
    let activity = report.activity.as_ref();
    sheets.extend(activity.map(|it| people::activity(session, it)));
    let overdue = report.overdue.as_ref();
    sheets.extend(overdue.map(|it| people::overdue(session, it)));
    sheets.extend(report.credit.as_ref().map(|it| people::credit(session, it)));
    sheets.extend(report.sales.as_ref().map(|it| sales::sheet(session, it)));
    let quality = report.quality.as_ref();
    sheets.extend(quality.map(|it| quality::sheet(session, it)));
    FigureBook {
        title: session.say("report-title"),
        about: about(session, report),
        sheets,
        notes: report
            .notes
            .iter()
            .map(|note| note_in_words(session, note))
            .collect(),
    }
}

/// How many leads, and which.
fn about(session: &Session, report: &Report) -> Vec<String> {
    let headline = Message::new("report", "headline")
        .with("rows", report.rows)
        .with("leads", report.leads);
    let mut about = vec![session.tell(&headline)];
    let window = &report.window;
    if window.is_bounded() {
        let basis = session.say(&format!("basis-{}", window.by.name()));
        let told = Message::new("report", "window")
            .with("from", bound(window.from))
            .with("to", bound(window.to))
            .with("basis", basis);
        about.push(session.tell(&told));
    }
    about
}

fn bound(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "…".to_owned(), |day| day.to_string())
}

/// A note of a report; what it calls by a key is called by its heading.
pub(crate) fn note_in_words(session: &Session, note: &Message) -> String {
    session.tell(&note.clone().map("key", |key| key_title(session, key)))
}

/// What a key, or several crossed with `*`, is called.
pub(crate) fn key_title(session: &Session, name: &str) -> String {
    let titles = name.split('*').map(|key| {
        let field = key.parse::<leadsheet::Field>().ok();
        match (session.language, field) {
            (Language::Chinese, Some(field)) => {
                session.config.templates.usual_heading(field).to_owned()
            }
            _ => session
                .language
                .find(&format!("key-{key}"))
                .unwrap_or_else(|| key.replace('_', " ")),
        }
    });
    titles.collect::<Vec<_>>().join(" × ")
}

/// How likely chance is, behind the letter p: a very small number is never shown as none.
fn chance(p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("= {p:.3}")
    }
}

fn column(heading: impl Into<String>, kind: FigureKind) -> FigureColumn {
    FigureColumn {
        heading: heading.into(),
        kind,
    }
}

/// Columns of counts, each headed by a message.
fn counts(session: &Session, ids: &[&str]) -> Vec<FigureColumn> {
    ids.iter()
        .map(|id| column(session.say(id), FigureKind::Count))
        .collect()
}

/// The column of a rate's interval.
fn interval_column(session: &Session) -> FigureColumn {
    column(
        session.say("report-interval"),
        FigureKind::Interval(session.say("report-low"), session.say("report-high")),
    )
}

fn text(text: impl Into<String>) -> Figure {
    Figure::Text(text.into())
}

fn count(count: impl TryInto<u64>) -> Figure {
    count.try_into().map_or(Figure::Absent, Figure::Count)
}

/// The notes of a topic.
fn notes(session: &Session, notes: &[Message]) -> Vec<String> {
    let notes = notes.iter();
    notes.map(|note| note_in_words(session, note)).collect()
}

/// A bar for each of `rows` rows by one column, where a picture of so many shows anything.
fn bars(title: String, values: usize, rows: usize) -> Vec<FigureChart> {
    let kind = ChartKind::Columns {
        values,
        interval: None,
        counts: None,
    };
    let chart = FigureChart {
        title,
        labels: 0,
        kind,
    };
    (1..=MOST_BARS)
        .contains(&rows)
        .then_some(chart)
        .into_iter()
        .collect()
}

/// Columns of groups beyond which the rest stands together.
const MOST_COLUMNS: usize = 7;

/// Periods from top to bottom, groups from left to right, with a line for each group.
fn matrix(
    session: &Session,
    title: String,
    (period, periods): (&str, &[String]),
    groups: &[(String, Vec<Figure>)],
    kind: &FigureKind,
) -> FigureTable {
    let (shown, rest) = groups.split_at(groups.len().min(MOST_COLUMNS));
    let mut columns = vec![column(period, FigureKind::Text)];
    let names = shown.iter().map(|(name, _)| name.clone());
    columns.extend(names.map(|name| column(name, kind.clone())));
    if !rest.is_empty() {
        columns.push(column(session.say("report-others"), kind.clone()));
    }
    let at = |figures: &[Figure], position: usize| {
        figures.get(position).cloned().unwrap_or(Figure::Absent)
    };
    let rows = periods.iter().enumerate().map(|(position, name)| {
        let mut cells = vec![text(name)];
        cells.extend(shown.iter().map(|(_, figures)| at(figures, position)));
        let others = rest.iter().map(|(_, figures)| at(figures, position));
        cells.extend(others.reduce(|sum, figure| sum_of(&sum, &figure)));
        row(cells)
    });
    FigureTable {
        rows: rows.collect(),
        total: None,
        charts: vec![FigureChart {
            title: title.clone(),
            labels: 0,
            kind: ChartKind::Lines {
                series: (1..columns.len()).collect(),
            },
        }],
        columns,
        title: Some(title),
    }
}

fn sum_of(one: &Figure, other: &Figure) -> Figure {
    match (one, other) {
        (Figure::Count(one), Figure::Count(other)) => Figure::Count(one + other),
        (Figure::Money(one), Figure::Money(other)) => Figure::Money(one.saturating_add(*other)),
        _ => Figure::Absent,
    }
}

fn row(cells: Vec<Figure>) -> FigureRow {
    FigureRow {
        cells,
        faint: false,
    }
}
