//! Sales follow-up workbooks, for programs: read them, check them, convert them, count them.
//!
//! A workbook is opened ([`open`], [`read`]) and becomes a [`Book`] of recognised tables; [`check`] says what is
//! wrong in it, [`report`] what converts. Nothing here looks at a clock or an environment: the day is an argument.
//!
//! ```no_run
//! use leadsheet::{Context, Language, Policy, Selection, Templates};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let templates = Templates::builtin();
//! let book = leadsheet::open("客户跟进.xlsx")?.into_book("客户跟进.xlsx", &templates);
//!
//! let policy = Policy::default();
//! let today = "2025-07-01".parse()?;
//! for finding in leadsheet::check(&Context { policy: &policy, today }, &[book], &Selection::default()).findings {
//!     let cell = finding.cell.map(|cell| cell.to_string()).unwrap_or_default();
//!     println!("{}!{cell} {}", finding.sheet, Language::Chinese.text(&finding.message));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The crates behind it can be used alone: `leadsheet-core` (the domain, no I/O), `leadsheet-workbook` (files),
//! `leadsheet-analytics` (figures; feature `analytics`), `leadsheet-messages` (words).

mod annotations;
mod merge;

use std::path::Path;

pub use annotations::{annotations, language_of};
#[cfg(feature = "analytics")]
pub use leadsheet_analytics::*;
pub use leadsheet_core::*;
pub use leadsheet_messages::Language;
pub use leadsheet_workbook::*;
pub use merge::{MergeList, MergePart, MergeSettings, MergeWords, MergedBook, WorkbookMerger};

/// Opens the workbook at `path`, whatever its format and whatever its name promises.
///
/// # Errors
/// [`ReadError`] where the file cannot be read at all; what cannot be read faithfully is among the workbook's
/// notices.
pub fn open(path: impl AsRef<Path>) -> Result<Workbook, ReadError> {
    workbook_from_path(path.as_ref(), &OpenOptions::default())
}

/// Reads a workbook from its bytes.
///
/// # Errors
/// As [`open`].
pub fn read(bytes: &[u8]) -> Result<Workbook, ReadError> {
    workbook_from_bytes(bytes, &OpenOptions::default())
}
