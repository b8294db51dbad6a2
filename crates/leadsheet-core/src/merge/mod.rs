//! Many people's tables put together: one table a template, every row and every column kept, what is at odds listed.
//!
//! The result is the same whatever order the tables come in, and putting a merged table together with one that is in
//! it already changes nothing.

mod columns;
mod conflict;
mod copies;
mod fact;
mod input;
mod merger;
mod origin;
mod pool;
#[cfg(test)]
mod tests;

pub use conflict::{Conflict, ConflictKind, ConflictSide, Standing};
pub use merger::{MergeOptions, MergedTable, Merger, RowOrder};
pub use origin::{OriginHeadings, RowOrigin};
