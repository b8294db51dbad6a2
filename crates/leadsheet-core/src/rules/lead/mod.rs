//! Rules of scope lead.

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[];
