//! Ledgers made up for measuring: as large as wanted, the same on every machine.
//!
//! [`FollowUps`] invents the rows, [`write_xlsx`], [`write_csv`] and [`write_parquet`] put them into files. The programs in `src/bin`
//! each read one such file and print how many rows and cells they saw; `readers.py` measures them from outside.

mod files;
mod follow_ups;
mod hard_cells;
mod parquet;
mod words;

use std::fmt;

pub use files::{Strings, write_csv, write_xlsx};
pub use follow_ups::{Cell, FollowUps, HEADINGS, Row};
pub use hard_cells::{come_back, come_back_from_1904, come_back_from_csv, hard_cells};
pub use parquet::write_parquet;

/// What a reader saw of a file: every program here prints this line and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Rows with at least one filled cell, headings included, over all sheets.
    pub rows: u64,
    /// Filled cells.
    pub cells: u64,
}

impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "rows={} cells={}", self.rows, self.cells)
    }
}
