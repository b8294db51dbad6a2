//! Rules of scope structure.

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[];
