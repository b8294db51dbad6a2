//! Rules about whole tables: what is said above one against what its rows give, and one table against another.

mod banner_count_mismatch;
mod conflicting_table;

use super::Rule;

pub(super) use conflicting_table::Known;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &banner_count_mismatch::BANNER_COUNT_MISMATCH,
    &conflicting_table::CONFLICTING_TABLE,
];
