//! How completely rows are filled in, and leads by the month they came.

use leadsheet::{
    Cohort, Completeness, Figure, FigureKind, FigureRow, FigureSheet, FigureTable, Message,
    Quality, Report,
};

use super::{SMALL, bars, column, count, counts, key_title, notes, row, text};
use crate::Session;

pub(super) fn sheet(session: &Session, quality: &Quality) -> FigureSheet {
    let columns_of = |name: String, filled: &str| {
        let mut columns = vec![column(name, FigureKind::Text)];
        columns.extend(counts(session, &["report-rows", filled]));
        columns.push(column(session.say("report-share"), FigureKind::Share));
        columns
    };
    let cells = |name: String, it: &Completeness| {
        vec![
            text(name),
            count(it.rows),
            count(it.complete),
            Figure::number(it.share),
        ]
    };
    let columns = quality.columns.iter();
    let columns = columns.map(|it| row(cells(key_title(session, &it.field), &it.cells)));
    let owners = quality.by_owner.iter().map(|it| FigureRow {
        cells: cells(it.key.clone(), &it.rows),
        faint: it.rows.rows < SMALL,
    });
    let title = session.say("report-quality-title");
    let by_column = FigureTable {
        columns: columns_of(session.say("report-column"), "report-filled"),
        rows: columns.collect(),
        charts: bars(title.clone(), 3, quality.columns.len()),
        ..FigureTable::default()
    };
    let by_owner = FigureTable {
        title: Some(session.say("report-quality-owners")),
        columns: columns_of(key_title(session, "owner"), "report-complete"),
        rows: owners.collect(),
        total: Some(cells(session.say("report-total"), &quality.total)),
        charts: Vec::new(),
    };
    FigureSheet {
        id: "quality".to_owned(),
        name: session.say("report-quality"),
        title,
        about: vec![session.say("report-about-quality")],
        tables: vec![by_column, by_owner],
        notes: notes(session, &quality.notes),
    }
}

/// Months behind the creation that are shown; JSON has them all.
const MONTHS_SHOWN: usize = 13;

pub(super) fn cohorts(session: &Session, report: &Report) -> Option<FigureSheet> {
    let cohorts = report.cohorts.as_ref()?;
    let months = cohorts.iter().map(|cohort| cohort.rate.len()).max()?;
    let months = months.min(MONTHS_SHOWN);
    let mut columns = vec![
        column(key_title(session, "month"), FigureKind::Text),
        column(session.say("report-leads"), FigureKind::Count),
    ];
    for month in 0..months {
        let name = Message::new("report", "after-months").with("count", month);
        columns.push(column(session.tell(&name), FigureKind::Fraction));
    }
    let rows = cohorts.iter().map(|cohort| FigureRow {
        cells: cohort_cells(cohort, months),
        faint: cohort.leads < SMALL,
    });
    Some(FigureSheet {
        id: "cohorts".to_owned(),
        name: session.say("report-cohorts"),
        title: session.say("report-cohorts-title"),
        about: ["report-about-cohorts", "report-about-within"]
            .map(|id| session.say(id))
            .to_vec(),
        tables: vec![
            FigureTable {
                columns,
                rows: rows.collect(),
                ..FigureTable::default()
            },
            within_days(session, cohorts),
        ],
        notes: notes(session, &report.cohort_notes),
    })
}

/// The leads of each month that had so many days: how many of them were won within these.
fn within_days(session: &Session, cohorts: &[Cohort]) -> FigureTable {
    let mut columns = vec![
        column(key_title(session, "month"), FigureKind::Text),
        column(session.say("report-leads"), FigureKind::Count),
    ];
    let days = cohorts.first().map_or(&[][..], |cohort| &cohort.within);
    for it in days {
        let name = Message::new("report", "within-days").with("count", it.days);
        columns.push(column(session.tell(&name), FigureKind::Fraction));
    }
    let of_cohort = |cohort: &Cohort| {
        let mut cells = vec![text(&cohort.month), count(cohort.leads)];
        for it in &cohort.within {
            let shown = format!(
                "{}/{} {}",
                it.won,
                it.leads,
                Figure::number(it.rate).shown(&FigureKind::Share)
            );
            cells.push(text(match (it.leads, it.complete) {
                (0, _) => String::new(),
                (_, true) => shown,
                (_, false) => format!("({shown})"),
            }));
        }
        FigureRow {
            cells,
            faint: cohort.leads < SMALL,
        }
    };
    FigureTable {
        title: Some(session.say("report-cohorts-within")),
        columns,
        rows: cohorts.iter().map(of_cohort).collect(),
        ..FigureTable::default()
    }
}

fn cohort_cells(cohort: &Cohort, months: usize) -> Vec<Figure> {
    let mut cells = vec![text(&cohort.month), count(cohort.leads)];
    for month in 0..months {
        let rate = cohort.rate.get(month).copied().flatten();
        cells.push(match rate {
            None => text(""),
            // The running month may still grow.
            Some(rate) if month >= cohort.complete => {
                let shown = Figure::Number(rate).shown(&FigureKind::Fraction);
                Figure::Text(format!("({shown})"))
            }
            Some(rate) => Figure::Number(rate),
        });
    }
    cells
}
