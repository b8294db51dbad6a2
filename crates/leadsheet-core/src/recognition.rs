//! How a sheet was recognised: the template that fits, the runner-up, and what is missing or only nearly right.

use serde::Serialize;

use crate::field::Field;
use crate::ledger::Ledger;
use crate::place::{CellRange, CellRef};

/// How well one template fits a sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Name of the template.
    pub template: String,
    /// 0 (nothing in common) to 1 (every heading is there, and no other).
    pub score: f64,
    /// Required headings that the sheet lacks, as the template spells them.
    pub missing: Vec<String>,
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
}
