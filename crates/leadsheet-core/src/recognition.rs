//! How a sheet was recognised: the template that fits, the runner-up, and what is missing or only nearly right.

use serde::{Serialize, Serializer};

use crate::field::Field;
use crate::ledger::Ledger;
use crate::message::Message;
use crate::needs::Needs;
use crate::place::{CellRange, CellRef};

/// How well one template fits a sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Name of the template.
    pub template: String,
    /// 0 (nothing in common) to 1 (every heading is there, and no other).
    pub score: f64,
    /// Required columns that the sheet lacks.
    pub missing: Vec<MissingColumn>,
}

impl Candidate {
    /// The missing headings in one line.
    pub fn missing_headings(&self) -> String {
        let headings = self.missing.iter().map(|missing| &*missing.heading);
        headings.collect::<Vec<_>>().join("、")
    }
}

/// A column that a template wants and a sheet lacks. Serialised, it is its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    /// What it would mean.
    pub field: Field,
    /// Its heading, as the template spells it.
    pub heading: String,
}

impl Serialize for MissingColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.heading)
    }
}

/// A heading that is probably meant to be one the template knows.
#[derive(Clone, Debug, PartialEq)]
pub struct NearMiss {
    /// Where it stands.
    pub cell: CellRef,
    /// What it says.
    pub header: String,
    /// The heading it probably means.
    pub meant: String,
    /// What that heading means.
    pub field: Field,
}

/// What a heading that may mean several things was taken for, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Where it stands.
    pub cell: CellRef,
    /// What it says.
    pub header: String,
    /// What it was taken for; `None` for nothing that is known.
    pub field: Option<Field>,
    /// What else it may mean.
    pub instead_of: Vec<Field>,
    /// Why.
    pub reason: Reason,
}

/// Why a heading was taken for one thing and not for another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing speaks against what it usually means.
    Usual,
    /// Another column is what it would have been first.
    Columns,
    /// The values below it are, or are not, such values.
    Values {
        /// The field they were held against.
        field: Field,
        /// So many of them fit …
        fit: u32,
        /// … of so many that were looked at.
        of: u32,
        /// Whether that speaks for the field.
        is_for: bool,
    },
    /// It stands under this group.
    Group(String),
    /// The team has decided so.
    Team,
}

impl Reason {
    /// The reason in the words of the message catalogue. A field is named by its key.
    pub fn message(&self) -> Message {
        match self {
            Reason::Usual => Message::new("decided", "usual"),
            Reason::Columns => Message::new("decided", "columns"),
            Reason::Values {
                field,
                fit,
                of,
                is_for,
            } => Message::new("decided", if *is_for { "values" } else { "values-against" })
                .with("field", field)
                .with("fit", fit)
                .with("of", of),
            Reason::Group(group) => Message::new("decided", "group").with("group", group),
            Reason::Team => Message::new("decided", "team"),
        }
    }
}

/// What was made of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognition {
    /// The template that fits best, whether well enough or not.
    pub best: Option<Candidate>,
    /// The next one.
    pub runner_up: Option<Candidate>,
    /// Headings that are only nearly right.
    pub near_misses: Vec<NearMiss>,
    /// Headings whose meaning an earlier column has already taken, with the cell of that column's heading.
    pub duplicates: Vec<(Field, CellRef, CellRef)>,
    /// Headings that may mean several things, with what they were taken for.
    pub decisions: Vec<Decision>,
}

/// A sheet of a workbook, as far as the domain is concerned.
#[derive(Clone, Debug, Default)]
pub struct BookSheet {
    /// The name on its tab.
    pub name: String,
    /// Whether the user's program shows it.
    pub visible: bool,
    /// The cells in use; `None` for an empty sheet.
    pub used: Option<CellRange>,
    /// Hidden rows: first and last, counted from 0. They are read like any other.
    pub hidden_rows: Vec<(u32, u32)>,
    /// Hidden columns: first and last, counted from 0.
    pub hidden_columns: Vec<(u32, u32)>,
    /// What was made of it.
    pub recognition: Recognition,
    /// Its table, where a template fits well enough.
    pub ledger: Option<Ledger>,
}

/// A workbook, as far as the domain is concerned.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The path or name under which it was opened.
    pub path: String,
    /// Its worksheets, in the order of their tabs.
    pub sheets: Vec<BookSheet>,
}

impl Book {
    /// The tables of the workbook.
    pub fn ledgers(&self) -> impl Iterator<Item = &Ledger> {
        self.sheets.iter().filter_map(|sheet| sheet.ledger.as_ref())
    }

    /// Forgets what nobody needs of its tables, as [`Ledger::leave_out`] does.
    pub fn leave_out(&mut self, needs: &Needs) {
        let ledgers = self.sheets.iter_mut();
        for ledger in ledgers.filter_map(|sheet| sheet.ledger.as_mut()) {
            ledger.leave_out(needs);
        }
    }
}
