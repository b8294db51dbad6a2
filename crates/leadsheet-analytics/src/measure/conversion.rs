//! Conversion: of the leads of a group, how many were won.

use leadsheet_core::Outcome;
use polars::prelude::*;

use crate::frame::code_of;
use crate::frame::column::{CLOSED, CREATED, OUTCOME};

/// Leads: each customer once, however many follow-ups it has.
pub(crate) fn leads() -> Expr {
    len()
}

/// Won leads: those whose latest follow-up says won, and, where `within_days` is set, that were closed at most so
/// many days after they came: `closed - created <= within_days`.
pub(crate) fn won(within_days: Option<u32>) -> Expr {
    let won = is(Outcome::Won);
    match within_days {
        None => won,
        Some(days) => {
            let in_time = (col(CLOSED) - col(CREATED)).lt_eq(lit(i64::from(days)));
            won.and(in_time)
        }
    }
    .sum()
}

/// Lost leads: those whose latest follow-up says lost. What is neither won nor lost is open; under `within_days`
/// that includes leads won later.
pub(crate) fn lost() -> Expr {
    is(Outcome::Lost).sum()
}

/// Whether any table can tell what became of the lead.
pub(crate) fn has_outcome() -> Expr {
    col(OUTCOME).is_not_null()
}

fn is(outcome: Outcome) -> Expr {
    col(OUTCOME).eq(lit(code_of(outcome)))
}
