//! Rules about one cell: its value against the kind of its column. Each distinct value is judged once.

mod impossible_date;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[&impossible_date::IMPOSSIBLE_DATE];
