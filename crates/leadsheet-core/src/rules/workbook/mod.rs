//! Rules about a table as a whole: what is said above it against what its rows give.

mod banner_count_mismatch;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[&banner_count_mismatch::BANNER_COUNT_MISMATCH];
