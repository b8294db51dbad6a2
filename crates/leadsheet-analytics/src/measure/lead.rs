//! What is known of a lead, from its follow-ups. The same as `leadsheet_core::Lead` says for the leads of one table.
//!
//! Follow-ups of a lead stand by date; those of one day by workbook, sheet and row; those without a readable date last.

use leadsheet_core::Outcome;
use polars::prelude::*;

use crate::frame::code_of;
use crate::frame::column::{CLOSED, DAY, DECIDED, NUMBER_DAY, ORDER, OUTCOME, REACHED, RUNG};
use crate::frame::rungs;

/// The first follow-up among those that have a value in `column`. A cell that is empty is a value; a table that has
/// no such column has none, and says nothing.
pub(crate) fn first(column: &str) -> Expr {
    order_where(col(column).is_not_null()).min()
}

/// The latest follow-up among those that have a value in `column`.
///
/// The outcome is the latest follow-up's, of tables that have a column for it. 成交日期 is the latest one there is.
pub(crate) fn latest(column: &str) -> Expr {
    order_where(col(column).is_not_null()).max()
}

fn order_where(condition: Expr) -> Expr {
    when(condition).then(col(ORDER)).otherwise(lit(NULL))
}

/// The day the lead came: the date in its number, else the day of its first follow-up.
pub(crate) fn created() -> Expr {
    coalesce(&[col(NUMBER_DAY).max(), col(DAY).min()])
}

/// The day of the first follow-up that says won or lost.
pub(crate) fn decided() -> Expr {
    let says = col(OUTCOME).neq(lit(code_of(Outcome::Open)));
    when(says).then(col(DAY)).otherwise(lit(NULL)).min()
}

/// The day the lead was won or lost: its latest 成交日期, else [`decided`].
pub(crate) fn closed() -> Expr {
    coalesce(&[col(CLOSED), col(DECIDED)])
}

/// The highest open stage, or 成交客户, that a follow-up shows.
pub(crate) fn highest_shown() -> Expr {
    col(RUNG).max()
}

/// The highest stage the lead has reached: all of them where it is won; [`highest_shown`] else, and at least the
/// first where it is lost; none where it is open and nothing shows one.
pub(crate) fn reached() -> Expr {
    let is = |outcome| col(OUTCOME).eq(lit(code_of(outcome)));
    when(is(Outcome::Won))
        .then(lit(rungs()))
        .when(is(Outcome::Lost))
        .then(coalesce(&[col(REACHED), lit(1_u32)]))
        .otherwise(col(REACHED))
}

/// Whether the lead was won once and is not now: it has reached 成交客户, and its latest follow-up says otherwise.
pub(crate) fn is_reopened() -> Expr {
    let is_won = col(OUTCOME).eq(lit(code_of(Outcome::Won)));
    col(REACHED).eq(lit(rungs())).and(is_won.not())
}
