//! What a report says about itself: what was counted, by which date, and what could not be.
//!
//! The words stand in the catalogue under `report-note-…`.

use chrono::NaiveDate;
use leadsheet_core::Message;

use crate::definition::{Key, PeriodBasis, Window};
use crate::tables::{Gathered, Table};
use crate::topics::Topic;

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
            .with("count", gathered.len());
        notes.0.push(collapsed);
        notes.count("unidentified", gathered.unidentified());
        notes.count("undated-rows", gathered.undated());
        if !tables.iter().any(Table::has_outcome) {
            notes.say("no-outcome");
        }
        notes
    }

    /// No notes yet, and none about the tables.
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// A topic that the tables cannot give.
    pub(crate) fn no_topic(&mut self, topic: Topic) {
        self.say(match topic {
            Topic::Overdue => "no-overdue",
            Topic::Sales => "no-sales",
            Topic::Quality => "no-quality",
            Topic::Cohorts => "no-cohorts",
            Topic::Credit => "no-credit",
            Topic::Speed | Topic::Activity => return,
        });
    }

    pub(crate) fn into_messages(self) -> Vec<Message> {
        self.0
    }

    /// Leads of which only tables without an outcome column speak.
    pub(crate) fn leads_without_outcome(&mut self, leads: usize) {
        self.count("without-outcome", leads);
    }

    pub(crate) fn no_window(&mut self) {
        self.say("all");
    }

    /// By which date leads were taken, and how many there are; of a window by follow-up also how many of those.
    pub(crate) fn window(&mut self, window: &Window, leads: usize, follow_ups: usize) {
        let mut note = Message::new(GROUP, window.by.name()).with("count", leads);
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

    /// That no lead belongs to the period, and from when to when there are any; said before all else.
    pub(crate) fn nothing_in_window(&mut self, by: PeriodBasis, first: NaiveDate, last: NaiveDate) {
        let note = Message::new(GROUP, "nothing-in-window")
            .with("by", by.name())
            .with("first", first)
            .with("last", last);
        self.0.insert(0, note);
    }

    /// Leads left out because they lack the date of the window.
    pub(crate) fn undated_leads(&mut self, by: PeriodBasis, leads: usize) {
        let variant = match by {
            PeriodBasis::Created => "not-created",
            PeriodBasis::FollowedUp => "not-followed-up",
            PeriodBasis::Closed => "not-closed",
        };
        self.count(variant, leads);
    }

    /// What `within` means here, and whom it leaves out.
    pub(crate) fn within(&mut self, days: u32, today: NaiveDate, young: usize, undated: usize) {
        let note = Message::new(GROUP, "within")
            .with("days", days)
            .with("today", today)
            .with("count", young);
        self.0.push(note);
        self.count("within-not-created", undated);
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
                .with("count", leads);
            self.0.push(note);
        }
    }

    /// Leads at no known stage, and leads that were won before and are open or lost again.
    pub(crate) fn stages(&mut self, unknown: usize, reopened: usize) {
        self.count("unknown-stage", unknown);
        self.count("reopened", reopened);
    }

    fn say(&mut self, variant: &'static str) {
        self.0.push(Message::new(GROUP, variant));
    }

    fn count(&mut self, variant: &'static str, number: usize) {
        if number > 0 {
            self.0
                .push(Message::new(GROUP, variant).with("count", number));
        }
    }
}

#[cfg(test)]
mod tests {
    use leadsheet_core::{Field, Policy};
    use leadsheet_messages::Language;

    use super::*;
    use crate::testing::{LEDGER, book, by, day, figures_of, notes, notes_of, table};
    use crate::{GradeAt, ReportDefinition};

    #[test]
    fn a_report_says_how_many_rows_became_how_many_leads() {
        assert_eq!(
            notes_of(LEDGER, &by(&["source"])),
            ["leads rows=8 count=6", "all", "unknown-stage count=1"]
        );
    }

    /// Trap 14: what names nobody is a row and no lead.
    #[test]
    fn rows_that_name_no_customer_are_counted_in_no_lead() {
        let text = "lead_id | progress | result\nA001 | 45% | 成交\n | 45% |";
        assert_eq!(figures_of(text, &by(&[])), "1+0+0=1");
        assert_eq!(
            notes_of(text, &by(&[]))[..2],
            ["leads rows=2 count=1", "unidentified count=1"]
        );
    }

    #[test]
    fn a_window_says_by_which_date_it_takes_leads() {
        let in_march = |by_date| ReportDefinition {
            window: Window {
                from: Some(day("2025-03-01")),
                to: Some(day("2025-03-31")),
                by: by_date,
            },
            ..by(&[])
        };
        for (basis, note) in [
            (
                PeriodBasis::Created,
                "created count=2 bounds=both from=2025-03-01 to=2025-03-31",
            ),
            (
                PeriodBasis::FollowedUp,
                "followed-up count=2 rows=4 bounds=both from=2025-03-01 to=2025-03-31",
            ),
            (
                PeriodBasis::Closed,
                "closed count=2 bounds=both from=2025-03-01 to=2025-03-31",
            ),
        ] {
            assert_eq!(notes_of(LEDGER, &in_march(basis))[1], note);
        }
    }

    #[test]
    fn a_period_without_leads_says_when_there_are_any() {
        let definition = ReportDefinition {
            window: Window {
                from: Some(day("2031-01-01")),
                to: None,
                by: PeriodBasis::Created,
            },
            ..by(&[])
        };
        let text = "lead_id | customer | stage | follow_up_date\n\
                    ZH-20250302-001 | 甲 | 成交客户 | 2025-03-05\n\
                    ZH-20250420-002 | 乙 | 潜在客户 | 2025-04-30";
        assert_eq!(
            notes_of(text, &definition)[0],
            "nothing-in-window by=created first=2025-03-02 last=2025-04-20"
        );
        let nobody = "lead_id | customer | stage\nA | 甲 | 成交客户";
        assert!(!notes_of(nobody, &definition)[0].starts_with("nothing-in-window"));
    }

    #[test]
    fn who_is_left_out_for_age_is_said() {
        let definition = ReportDefinition {
            within_days: Some(30),
            today: day("2025-05-05"),
            grade_at: GradeAt::Latest,
            ..by(&[])
        };
        assert_eq!(
            notes_of(LEDGER, &definition)[2..],
            ["within days=30 today=2025-05-05 count=3", "latest-grade"]
        );
        let undated = "customer | stage\n甲 | 成交客户";
        assert_eq!(figures_of(undated, &definition), "0+0+0=0");
        assert!(notes_of(undated, &definition).contains(&"within-not-created count=1".to_owned()));
    }

    #[test]
    fn a_table_without_an_outcome_has_no_conversion() {
        let log = "customer | follow_up_date | method\n甲 | 2025-03-01 | 电话";
        assert_eq!(figures_of(log, &by(&["method"])), "-");
        assert_eq!(
            notes_of(log, &by(&["method"])),
            ["leads rows=1 count=1", "no-outcome"]
        );
    }

    #[test]
    fn leads_of_which_only_such_a_table_speaks_are_left_out_beside_others() {
        let log =
            "customer | follow_up_date | method\n甲 | 2025-03-01 | 电话\n乙 | 2025-03-01 | 电话";
        let ledger = "customer | follow_up_date | stage\n甲 | 2025-02-01 | 成交客户";
        let books = [book("a.xlsx", [table(log), table(ledger)])];
        assert_eq!(crate::testing::figures(&books, &by(&[])), "1+0+0=1");
        assert_eq!(
            notes(&books, &by(&[])),
            ["leads rows=3 count=2", "without-outcome count=1", "all"]
        );
    }

    #[test]
    fn a_key_without_a_column_is_empty_and_said() {
        let text = "customer | result\n甲 | 成交";
        assert_eq!(
            figures_of(text, &by(&["source", "stage", "source*result"])),
            "1+0+0=1\nsource:\nstage:\nsource*result:"
        );
        assert_eq!(
            notes_of(text, &by(&["source", "stage"]))[2..],
            ["no-stage", "no-column key=source"]
        );
    }

    #[test]
    fn a_column_that_some_tables_lack_is_said() {
        let books = [
            book(
                "a.xlsx",
                [table("customer | source | stage\n甲 | 行业展会 | 成交客户")],
            ),
            book("b.xlsx", [table("customer | stage\n乙 | 潜在客户")]),
        ];
        assert_eq!(
            crate::testing::figures(&books, &by(&["source"])),
            "1+0+1=2\nsource:\n  行业展会 1+0+0=1\n  （未填写） 0+0+1=1"
        );
        assert_eq!(
            notes(&books, &by(&["source"]))[2..],
            ["column-missing key=source count=1"]
        );
    }

    #[test]
    fn leads_opened_again_and_undated_rows_are_said() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-01     | 成交客户
            甲       |                | 潜在客户";
        assert_eq!(
            notes_of(text, &by(&[])),
            [
                "leads rows=2 count=1",
                "undated-rows count=1",
                "all",
                "reopened count=1"
            ]
        );
    }

    /// The notes of the topics that count something, or say it plainly.
    const OF_TOPICS: [&str; 19] = [
        "compared-unripe",
        "response-days",
        "no-response",
        "response-numberless",
        "response-undated",
        "response-automatic",
        "response-backwards",
        "close-undated",
        "close-backwards",
        "activity-window",
        "activity-undated-leads",
        "activity-undated",
        "sales-no-outcome",
        "sales-unsold",
        "sales-unreadable",
        "sales-undated",
        "sales-outside",
        "cohort-undated",
        "cohort-unplaced",
    ];

    /// No note goes without words, and none shows a hole where an argument should be.
    #[test]
    fn every_note_has_its_words_in_both_languages() {
        let march = |by_date, from, to| Window {
            from,
            to,
            by: by_date,
        };
        let (first, last) = (Some(day("2025-03-01")), Some(day("2025-03-31")));
        let mut notes = Notes(Vec::new());
        for text in [LEDGER, "customer | progress\n | 45%"] {
            let books = [book("a.xlsx", [table(text)])];
            let policy = Policy::default();
            let tables = Table::read(&books, &policy);
            notes
                .0
                .extend(Notes::new(&tables, &Gathered::new(&tables)).0);
        }
        notes.0.extend(Notes::new(&[], &Gathered::new(&[])).0);
        for basis in [
            PeriodBasis::Created,
            PeriodBasis::FollowedUp,
            PeriodBasis::Closed,
        ] {
            for (from, to) in [(first, last), (first, None), (None, last)] {
                notes.window(&march(basis, from, to), 1, 2);
            }
            notes.undated_leads(basis, 1);
        }
        notes.no_window();
        notes.leads_without_outcome(1);
        notes.within(30, day("2025-03-31"), 0, 0);
        notes.within(30, day("2025-03-31"), 2, 1);
        notes.latest_grade();
        notes.no_column(Key::STAGE);
        notes.no_column(Key::Field(Field::Source));
        notes.column_missing(Key::Field(Field::Source), 1);
        notes.stages(1, 1);
        notes.count("undated-rows", 1);
        for topic in Topic::ALL {
            notes.no_topic(topic);
        }
        for variant in OF_TOPICS {
            notes.count(variant, 2);
        }
        let pace = Message::new(GROUP, "overdue-pace")
            .with("a", 2)
            .with("b", 7);
        notes
            .0
            .push(pace.with("c", 31).with("today", day("2025-03-31")));
        for running in ["activity-running", "sales-running"] {
            notes
                .0
                .push(Message::new(GROUP, running).with("period", "2025-03"));
        }
        let listed = Message::new(GROUP, "activity-listed").with("rows", 1);
        notes.0.push(listed.with("count", 2));
        for note in notes.into_messages() {
            for language in [Language::English, Language::Chinese] {
                let words = language.text(&note);
                assert_ne!(words, note.to_string());
                assert!(!words.contains(['{', '$', '}']), "{words}");
            }
        }
    }

    #[test]
    fn no_table_at_all_is_said() {
        assert_eq!(notes(&[], &by(&["source"])), ["no-table"]);
    }
}
