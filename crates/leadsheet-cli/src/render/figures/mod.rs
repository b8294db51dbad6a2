//! A report laid out in words: which tables, which columns, which charts. Every format draws this, so that none can
//! say another number than the others.

mod conversion;

use chrono::NaiveDate;
use leadsheet::{
    Figure, FigureBook, FigureColumn, FigureKind, FigureRow, FigureSheet, Language, Message, Report,
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

fn row(cells: Vec<Figure>) -> FigureRow {
    FigureRow {
        cells,
        faint: false,
    }
}
