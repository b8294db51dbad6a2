//! Rules of scope row.

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[];
