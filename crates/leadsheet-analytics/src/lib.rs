//! Figures over sales follow-up tables: how many leads came, how many were won, and by what.
//!
//! A [`ReportDefinition`] says what is asked: [`Grouping`]s of [`Key`]s, a [`Window`], how long a lead may take.
//! [`report()`] answers it with a [`Report`]: a [`Rate`] for every [`Group`], the funnel of stages, and notes that say
//! what was counted and what could not be. Tables come from any number of workbooks; a customer who stands in
//! several of them is one lead.
//!
//! ```
//! use leadsheet_analytics::{ReportDefinition, report};
//! use leadsheet_core::{Book, BookSheet, Field, LedgerBuilder, Policy, Value};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut table = LedgerBuilder::new("线索跟进", "lead-ledger");
//! for field in [Field::LeadId, Field::Source, Field::FollowUpDate, Field::Stage] {
//!     table.column(field.key(), Some(field));
//! }
//! for row in [
//!     ["ZH-20250301-001", "行业展会", "2025-03-01", "意向客户"],
//!     ["ZH-20250301-001", "行业展会", "2025-03-20", "成交客户"],
//!     ["XS-20250310-001", "线上推广", "2025-03-10", "潜在客户"],
//! ] {
//!     table.row(&row.map(Value::Text))?;
//! }
//! let sheet = BookSheet { ledger: Some(table.build()), ..BookSheet::default() };
//! let books = [Book { path: "三月.xlsx".into(), sheets: vec![sheet] }];
//!
//! let definition = ReportDefinition {
//!     by: vec!["source".parse()?],
//!     ..ReportDefinition::new("2025-04-01".parse()?)
//! };
//! let report = report(&books, &Policy::default(), &definition)?;
//! let shown: Vec<_> = report.conversion[0]
//!     .groups
//!     .iter()
//!     .map(|group| format!("{} {}/{}", group.key, group.rate.won, group.rate.leads))
//!     .collect();
//! assert_eq!(shown, ["线上推广 0/1", "行业展会 1/1"]);
//! # Ok(())
//! # }
//! ```
//!
//! # Design
//!
//! Definition and answer know no engine. Between them, rows become one frame of follow-ups (`frame.rs`), that
//! collapses to one of leads, and every figure is a count of leads by group. What each figure means is written in
//! words where its expression is (`measure/`), and a lead's facts are those of [`leadsheet_core::Lead`], which the
//! tests hold the frames to. So another engine can stand beside polars: it needs the same facts of a lead and the
//! same counts, and the rest of the crate stays.

mod definition;
mod due;
mod error;
mod frame;
mod groups;
mod known;
mod labels;
mod measure;
mod notes;
mod rate;
mod report;
mod sql;
mod statistics;
mod tables;
mod topics;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;

pub use definition::{
    GradeAt, Grouping, Key, ParseKeyError, PeriodBasis, ReportDefinition, Window,
};
pub use due::{DueDefinition, DueLead, due};
pub use error::AnalyticsError;
pub use labels::NOT_FILLED_IN;
pub use measure::activity::{Activity, ActivityCounts, ActivityDimension, ActivityGroup};
pub use measure::cohort::{Cohort, CohortWithin};
pub use measure::comparison::{Change, ComparedDimension, ComparedGroup, Comparison, Standardised};
pub use measure::credit::{Credit, CreditGroup};
pub use measure::overdue::{Overdue, OverdueCounts, OverdueGroup};
pub use measure::quality::{ColumnQuality, Completeness, OwnerQuality, Quality};
pub use measure::response::{FirstResponse, Response, ResponseBand, ResponseGroup, ResponseHours};
pub use measure::sales::{Sales, SalesDimension, SalesDrop, SalesFigures, SalesGroup};
pub use measure::speed::{Speed, StageTime};
pub use rate::{Rate, wilson};
pub use report::{Dimension, FunnelStep, Group, Report, report};
pub use sql::{
    SqlAnswer, SqlColumn, SqlDefinition, SqlError, SqlFinding, SqlTable, SqlType, SqlValue, sql,
    sql_functions,
};
pub use statistics::{Difference, Spread};
pub use topics::{CompareWith, Period, Topic, UnknownTopic};
