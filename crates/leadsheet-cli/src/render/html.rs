//! One page that needs nothing else: no network, no script library, charts drawn in place. Light and dark, screen and
//! paper.

use leadsheet::{Figure, FigureBook, FigureColumn, FigureSheet, FigureTable, Language};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::svg::{self, Drawing};
use crate::Session;

/// The page; what it prints is escaped by its template engine.
const PAGE: &str = include_str!("report.html");

#[derive(Serialize)]
struct Page<'a> {
    language: &'static str,
    title: &'a str,
    about: &'a [String],
    notes: &'a [String],
    sections: Vec<Section<'a>>,
    words: Words,
}

#[derive(Serialize)]
struct Words {
    notes: String,
    sort: String,
    date: String,
}

#[derive(Serialize)]
struct Section<'a> {
    id: &'a str,
    name: &'a str,
    title: &'a str,
    about: &'a [String],
    notes: &'a [String],
    tables: Vec<Table<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    title: Option<&'a str>,
    columns: Vec<Column<'a>>,
    rows: Vec<Row>,
    total: Option<Vec<Cell>>,
    charts: Vec<Drawing>,
}

#[derive(Serialize)]
struct Column<'a> {
    heading: &'a str,
    number: bool,
}

#[derive(Serialize)]
struct Row {
    faint: bool,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    shown: String,
    number: bool,
    /// Whether it is longer than a name and may take several lines.
    long: bool,
    /// What the column is sorted by; words by themselves.
    sort: Option<f64>,
}

/// The page.
pub(crate) fn page(session: &Session, book: &FigureBook) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.add_template("report.html", PAGE)?;
    let page = environment.get_template("report.html")?;
    let content = Page {
        language: match session.language {
            Language::Chinese => "zh-Hans",
            Language::English => "en",
        },
        title: &book.title,
        about: &book.about,
        notes: &book.notes,
        sections: book.sheets.iter().map(section).collect(),
        words: Words {
            notes: session.say("report-notes"),
            sort: session.say("report-sort"),
            date: session.today.to_string(),
        },
    };
    Ok(page.render(Serde(&content))?)
}

fn section(sheet: &FigureSheet) -> Section<'_> {
    Section {
        id: &sheet.id,
        name: &sheet.name,
        title: &sheet.title,
        about: &sheet.about,
        notes: &sheet.notes,
        tables: sheet.tables.iter().map(table).collect(),
    }
}

fn table(table: &FigureTable) -> Table<'_> {
    let cells = |cells: &[Figure]| -> Vec<Cell> {
        cells
            .iter()
            .zip(&table.columns)
            .map(|(figure, column)| cell(figure, column))
            .collect()
    };
    Table {
        title: table.title.as_deref(),
        columns: table
            .columns
            .iter()
            .map(|column| Column {
                heading: &column.heading,
                number: column.kind.is_number(),
            })
            .collect(),
        rows: table
            .rows
            .iter()
            .map(|row| Row {
                faint: row.faint,
                cells: cells(&row.cells),
            })
            .collect(),
        total: table.total.as_deref().map(cells),
        charts: table
            .charts
            .iter()
            .map(|chart| svg::drawing(chart, table))
            .collect(),
    }
}

/// Characters of the longest text that stays on one line.
const LONGEST_NAME: usize = 24;

fn cell(figure: &Figure, column: &FigureColumn) -> Cell {
    let shown = figure.shown(&column.kind);
    Cell {
        long: shown.chars().count() > LONGEST_NAME,
        shown,
        number: column.kind.is_number(),
        sort: match figure {
            Figure::Interval(low, _) => Some(*low),
            figure => figure.as_number(),
        },
    }
}
