//! A table of follow-ups in memory: dictionary columns with the address of every cell, and the rows as views over
//! them.

mod codes;
mod column;
mod excuse;
mod meanings;
mod new_value;
mod numbering;
mod reading;
mod table;
mod values;

pub use codes::Codes;
pub use column::{Column, EMPTY_CODE};
pub use excuse::Excuse;
pub use meanings::Meanings;
pub use new_value::NewValue;
pub use reading::{Parsed, Reading, Row, TermReading};
pub use table::{Banner, BannerKind, LeadIdPattern, Ledger, LedgerBuilder, SkipReason, SkippedRow};
pub(crate) use values::FETCHED;
pub use values::{
    FormatId, Full, Moved, Texts, Value, ValueId, Values, iso_date, iso_time, shortest,
};
