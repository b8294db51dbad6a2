//! One file a command; each reads like its help: read, work, print.

pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod convert;
mod crm;
pub(crate) mod due;
pub(crate) mod explain;
pub(crate) mod ingest;
pub(crate) mod inspect;
pub(crate) mod mask;
pub(crate) mod merge;
mod one_table;
pub(crate) mod overview;
pub(crate) mod patched;
pub(crate) mod report;
mod saving;
pub(crate) mod sql;
pub(crate) mod template;
