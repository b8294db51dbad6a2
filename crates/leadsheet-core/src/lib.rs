//! The domain of sales follow-up tables.
//!
//! A [`Ledger`] is a table of follow-ups in memory: dictionary columns with the address of every cell.
mod field;
mod ledger;
mod message;
mod place;
mod text;
mod value;

pub use field::{Field, FieldKind, UnknownField};
pub use ledger::{
    Banner, BannerKind, Column, EMPTY_CODE, FormatId, Full, LeadIdPattern, Ledger, LedgerBuilder, SkipReason,
    SkippedRow, Texts, Value, ValueId, Values, iso_date, iso_time, shortest,
};
pub use message::Message;
pub use place::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS, ParseCellRefError, column_letters};
pub use text::{compact_key, is_traditional, match_key, nfkc, organisation_key, simplified};
pub use value::{
    ContactPoint, ContactReading, DateOrder, DateReading, FoundDate, LeadId, LeadIdError, Money, MoneyError,
    PercentError, Spelling, dates_in_text, infer_year, parse_contact, parse_date, parse_date_text, parse_money,
    parse_percent,
};
