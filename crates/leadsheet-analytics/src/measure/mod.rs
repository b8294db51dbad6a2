//! What the figures mean, a family a file. Each is a small function with its formula in words, so that another
//! engine can compute the same, and the polars expression that does.

pub(crate) mod conversion;
pub(crate) mod funnel;
pub(crate) mod lead;
pub(crate) mod period;
