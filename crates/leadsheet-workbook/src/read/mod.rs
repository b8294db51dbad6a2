//! Reading: bytes to [`Workbook`](crate::Workbook), one folder a format.
#![allow(
    dead_code,
    reason = "called by what opens a file, which is not there yet"
)]

mod biff;
mod cells;
#[cfg(test)]
mod corpus;
mod number_format;
pub(crate) mod ods;
mod parts;
pub(crate) mod xls;
pub(crate) mod xlsb;
