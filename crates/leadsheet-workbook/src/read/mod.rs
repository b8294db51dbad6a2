//! Reading: bytes to [`Workbook`](crate::Workbook), one folder a format.
#![allow(
    dead_code,
    reason = "called by what opens a file, which is not there yet"
)]

pub(crate) mod cells;
#[cfg(test)]
mod corpus;
pub(crate) mod number_format;
pub(crate) mod xls;
