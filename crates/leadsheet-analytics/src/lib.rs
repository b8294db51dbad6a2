//! Ledgers to reports.

mod definition;
mod error;
mod frame;
mod groups;
mod labels;
mod measure;
mod notes;
#[cfg(test)]
mod properties;
mod rate;
mod report;
mod tables;
#[cfg(test)]
mod testing;

pub use definition::{
    GradeAt, Grouping, Key, ParseKeyError, PeriodBasis, ReportDefinition, Window,
};
pub use error::AnalyticsError;
pub use labels::NOT_FILLED_IN;
pub use rate::{Rate, wilson};
pub use report::{Dimension, FunnelStep, Group, Report, report};
