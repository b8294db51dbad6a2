//! What a report says about itself: what was counted, by which date, and what could not be.
//!
//! The words stand in the catalogue under `report-note-…`.

use chrono::NaiveDate;
use leadsheet_core::Message;

use crate::definition::{Key, PeriodBasis, Window};
use crate::tables::{Gathered, Table};

/// The notes so far, in the order in which they are read.
pub(crate) struct Notes(Vec<Message>);

const GROUP: &str = "report-note";

impl Notes {
    /// The notes about the tables themselves.
    pub(crate) fn new(tables: &[Table<'_>], gathered: &Gathered<'_>) -> Self {
        let mut notes = Self(Vec::new());
        if tables.is_empty() {
            notes.say("no-table");
            return notes;
        }
        let collapsed = Message::new(GROUP, "leads")
            .with("rows", gathered.rows())
            .with("leads", gathered.len());
        notes.0.push(collapsed);
        notes.count("unidentified", "rows", gathered.unidentified());
        if !tables.iter().any(Table::has_outcome) {
            notes.say("no-outcome");
        }
        notes
    }

    pub(crate) fn into_messages(self) -> Vec<Message> {
        self.0
    }

    /// Rows that sort behind all others of their lead.
    pub(crate) fn undated_rows(&mut self, rows: usize) {
        self.count("undated-rows", "rows", rows);
    }

    /// Leads of which only tables without an outcome column speak.
    pub(crate) fn leads_without_outcome(&mut self, leads: usize) {
        self.count("without-outcome", "leads", leads);
    }

    pub(crate) fn no_window(&mut self) {
        self.say("all");
    }

    /// By which date leads were taken, and how many there are; of a window by follow-up also how many of those.
    pub(crate) fn window(&mut self, window: &Window, leads: usize, follow_ups: usize) {
        let variant = match window.by {
            PeriodBasis::Created => "created",
            PeriodBasis::FollowedUp => "followed-up",
            PeriodBasis::Closed => "closed",
        };
        let mut note = Message::new(GROUP, variant).with("leads", leads);
        if window.by == PeriodBasis::FollowedUp {
            note = note.with("rows", follow_ups);
        }
        let bounds = match (window.from, window.to) {
            (Some(_), None) => "from",
            (None, Some(_)) => "to",
            _ => "both",
        };
        note = note.with("bounds", bounds);
        for (name, day) in [("from", window.from), ("to", window.to)] {
            if let Some(day) = day {
                note = note.with(name, day);
            }
        }
        self.0.push(note);
    }

    /// Leads left out because they lack the date of the window.
    pub(crate) fn undated_leads(&mut self, by: PeriodBasis, leads: usize) {
        let variant = match by {
            PeriodBasis::Created => "not-created",
            PeriodBasis::FollowedUp => "not-followed-up",
            PeriodBasis::Closed => "not-closed",
        };
        self.count(variant, "leads", leads);
    }

    /// What `within` means here, and whom it leaves out.
    pub(crate) fn within(&mut self, days: u32, today: NaiveDate, young: usize, undated: usize) {
        let note = Message::new(GROUP, "within")
            .with("days", days)
            .with("today", today)
            .with("leads", young);
        self.0.push(note);
        self.count("within-not-created", "leads", undated);
    }

    pub(crate) fn latest_grade(&mut self) {
        self.say("latest-grade");
    }

    /// No table has the column, so there is no conversion by it.
    pub(crate) fn no_column(&mut self, key: Key) {
        if key == Key::STAGE {
            self.say("no-stage");
        } else {
            self.0
                .push(Message::new(GROUP, "no-column").with("key", key));
        }
    }

    /// Leads counted under an empty key because their tables have no such column while others have.
    pub(crate) fn column_missing(&mut self, key: Key, leads: usize) {
        if leads > 0 {
            let note = Message::new(GROUP, "column-missing")
                .with("key", key)
                .with("leads", leads);
            self.0.push(note);
        }
    }

    /// Leads at no known stage, and leads that were won before and are open or lost again.
    pub(crate) fn stages(&mut self, unknown: usize, reopened: usize) {
        self.count("unknown-stage", "leads", unknown);
        self.count("reopened", "leads", reopened);
    }

    fn say(&mut self, variant: &'static str) {
        self.0.push(Message::new(GROUP, variant));
    }

    fn count(&mut self, variant: &'static str, name: &'static str, number: usize) {
        if number > 0 {
            self.0.push(Message::new(GROUP, variant).with(name, number));
        }
    }
}
