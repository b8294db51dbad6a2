//! Reading: bytes to [`Workbook`](crate::Workbook), one folder a format.

pub(crate) mod xlsx;
