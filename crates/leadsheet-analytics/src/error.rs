//! Why a report could not be made.

use chrono::NaiveDate;
use thiserror::Error;

/// Why a report could not be made. What is odd in the tables is a note of the report, never an error.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AnalyticsError {
    /// No day lies in the window.
    #[error("the period ends on {to}, before it begins on {from}")]
    EmptyWindow {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
    },
    /// Only a period with both ends can be compared with another.
    #[error("only a period with a first and a last day can be compared with another")]
    NothingToCompare,
    /// More follow-ups than can be numbered.
    #[error("more than {} follow-ups in one report", u32::MAX)]
    TooManyRows,
    /// The engine failed.
    #[error("could not compute the figures")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}
