//! Whom to call, laid out in words.

use leadsheet::{
    DueLead, Figure, FigureBook, FigureColumn, FigureKind, FigureRow, FigureSheet, FigureTable,
    Message,
};

use super::figures::key_title;
use crate::Session;

/// The list as a table.
pub(crate) fn book(session: &Session, leads: &[DueLead]) -> FigureBook {
    let late = leads.iter().filter(|lead| lead.days_late > 0).count();
    let today = leads.iter().filter(|lead| lead.days_late == 0).count();
    let headline = Message::new("due", "headline")
        .with("late", late)
        .with("now", today)
        .with("later", leads.len() - late - today)
        .with("today", session.today);
    let mut sheets = Vec::new();
    if !leads.is_empty() {
        sheets.push(FigureSheet {
            id: "due".to_owned(),
            name: session.say("due-name"),
            title: session.say("due-title"),
            about: vec![session.say("due-about")],
            tables: vec![table(session, leads)],
            notes: Vec::new(),
        });
    }
    FigureBook {
        title: session.say("due-title"),
        about: vec![session.tell(&headline)],
        sheets,
        notes: Vec::new(),
    }
}

fn table(session: &Session, leads: &[DueLead]) -> FigureTable {
    let with_phones = leads.iter().any(|lead| lead.phone.is_some());
    let column = |heading: String, kind| FigureColumn { heading, kind };
    let words = |key: &str| column(key_title(session, key), FigureKind::Text);
    let mut columns = vec![
        column(session.say("due-day"), FigureKind::Day),
        column(session.say("due-late"), FigureKind::Count),
        words("owner"),
        words("customer"),
        words("contact"),
    ];
    if with_phones {
        columns.push(words("phone"));
    }
    columns.extend([
        words("grade"),
        column(session.say("due-last"), FigureKind::Day),
        words("next_step"),
        column(session.say("due-place"), FigureKind::Text),
    ]);
    let row = |lead: &DueLead| {
        let text = |text: &Option<String>| text.clone().map_or(Figure::Absent, Figure::Text);
        let mut cells = vec![
            Figure::Day(lead.due),
            u64::try_from(lead.days_late).map_or(Figure::Absent, Figure::Count),
            text(&lead.owner),
            text(&lead.customer),
            text(&lead.contact),
        ];
        if with_phones {
            cells.push(text(&lead.phone));
        }
        cells.extend([
            text(&lead.grade),
            lead.last_follow_up.map_or(Figure::Absent, Figure::Day),
            text(&lead.next_step),
            Figure::Text(place(lead)),
        ]);
        FigureRow {
            cells,
            faint: lead.days_late < 0,
        }
    };
    FigureTable {
        columns,
        rows: leads.iter().map(row).collect(),
        ..FigureTable::default()
    }
}

fn place(lead: &DueLead) -> String {
    let cell = lead
        .cell
        .map_or_else(|| lead.row.to_string(), |cell| cell.to_string());
    format!("{}!{cell}", lead.sheet)
}
