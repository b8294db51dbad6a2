//! Rules of scope workbook.

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[];
