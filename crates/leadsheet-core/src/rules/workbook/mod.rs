//! Rules about whole tables: what is said above one against what its rows give, and one table against another.

mod banner_count_mismatch;
mod conflicting_table;
mod followed_twice;

use hashbrown::HashMap;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &banner_count_mismatch::BANNER_COUNT_MISMATCH,
    &conflicting_table::CONFLICTING_TABLE,
    &followed_twice::FOLLOWED_TWICE,
];

/// What the tables seen so far say.
#[derive(Default)]
pub(crate) struct Known {
    /// About their leads, by number.
    leads: HashMap<String, conflicting_table::Facts>,
    /// About who follows their open customers, by customer and what else tells it.
    followers: HashMap<(String, String), followed_twice::Follower>,
}
