//! Any spreadsheet of follow-ups, read into a ledger and written back.

mod error;
mod grid;
mod limits;
mod notice;
mod read;
mod sheet;

pub use error::{ReadError, WriteError};
pub use grid::{Grid, GridColumn};
pub use limits::Limits;
pub use notice::{Notice, NoticeKind};
pub use sheet::{FileKind, Sheet, Visibility, Workbook};
