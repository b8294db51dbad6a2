//! Why a workbook could not be read or written at all. Bad cells are notices, bad data is findings.

use std::fmt;
use std::io;
use std::path::PathBuf;

use leadsheet_core::{CellRef, Message};
use thiserror::Error;

/// What a file that is no workbook seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// Text that is no table.
    PlainText,
    /// A PDF document.
    Pdf,
    /// A picture.
    Image,
    /// A packed archive.
    Archive,
    /// A document of a word processor.
    WordDocument,
    /// A presentation.
    Presentation,
    /// An e-mail message saved as a file.
    Mail,
    /// A web page without a table, often the log-in page that came instead of the download.
    WebPage,
    /// Nothing that is known.
    Unknown,
}

impl Foreign {
    /// The word for it in the message catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Foreign::PlainText => "plain-text",
            Foreign::Pdf => "pdf",
            Foreign::Image => "image",
            Foreign::Archive => "archive",
            Foreign::WordDocument => "word-document",
            Foreign::Presentation => "presentation",
            Foreign::Mail => "mail",
            Foreign::WebPage => "web-page",
            Foreign::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('-', " "))
    }
}

/// Why a file could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read the file")]
    Io(#[from] io::Error),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither a workbook nor a table in any format that is known; what it seems to be.
    #[error("not a workbook but {0}")]
    NotAWorkbook(Foreign),
    /// Password-protected.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// A format that is recognised and not read.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// The package or stream is damaged: which part, and what is wrong with it.
    #[error("the workbook is damaged: {part}: {reason}")]
    Damaged {
        /// The part of the file.
        part: String,
        /// What is wrong.
        reason: String,
    },
    /// A guard against hostile files: no honest workbook meets these limits.
    #[error("{part} passes the limit of {limit} ({maximum})")]
    Limit {
        /// Which part of the file.
        part: String,
        /// Name of the limit, as in [`Limits`](crate::Limits).
        limit: &'static str,
        /// Its value.
        maximum: u64,
    },
    /// A DOCTYPE in a package part, which no spreadsheet program writes and attackers do.
    #[error("{0} holds a DOCTYPE")]
    Doctype(String),
}

impl ReadError {
    /// Id and arguments for the message catalogue.
    pub fn message(&self) -> Message {
        let message = |variant| Message::new("read-error", variant);
        match self {
            ReadError::Io(source) => message("io")
                .with("kind", kind_of(source))
                .with("reason", source),
            ReadError::Empty => message("empty"),
            ReadError::NotAWorkbook(what) => message("not-a-workbook").with("what", what.name()),
            ReadError::Encrypted => message("encrypted"),
            ReadError::Unsupported(what) => message("unsupported").with("what", what),
            ReadError::Damaged { part, reason } => {
                message("damaged").with("part", part).with("reason", reason)
            }
            ReadError::Limit {
                part,
                limit,
                maximum,
            } => message("limit")
                .with("part", part)
                .with("limit", limit)
                .with("maximum", maximum),
            ReadError::Doctype(part) => message("doctype").with("part", part),
        }
    }
}

/// Why a file could not be written. The target is then what it was before.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system refused.
    #[error("cannot write {path}")]
    Io {
        /// The target.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file is open in a spreadsheet program, which would not notice that it was replaced.
    #[error("{path} is open in another program: {sign}")]
    InUse {
        /// The target.
        path: PathBuf,
        /// The file by which the program says so.
        sign: PathBuf,
    },
    /// Somebody else is at the same work.
    #[error("another run is at work in {path}")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The extension names no format that can be written.
    #[error("{0} has no extension of a format that can be written")]
    UnknownFormat(PathBuf),
    /// The sheet does not fit the format.
    #[error("{what} does not fit: {reason}")]
    DoesNotFit {
        /// What does not fit.
        what: String,
        /// Why.
        reason: String,
    },
    /// A sheet that has more rows or columns than the format has room for.
    #[error(
        "{sheet}: {rows} rows and {columns} columns, of at most {most_rows} and {most_columns}"
    )]
    SheetTooLarge {
        /// The sheet.
        sheet: String,
        /// Its rows.
        rows: u32,
        /// Its columns.
        columns: u32,
        /// Rows there may be.
        most_rows: u32,
        /// Columns there may be.
        most_columns: u32,
    },
    /// A text that is longer than a cell can hold.
    #[error("{sheet}!{cell}: {length} characters, of at most {maximum}")]
    TextTooLong {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: CellRef,
        /// Characters, in UTF-16 units.
        length: usize,
        /// How many there may be.
        maximum: usize,
    },
    /// A text with a NUL in it, which no cell can hold.
    #[error("{sheet}!{cell}: a character NUL")]
    Nul {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: CellRef,
    },
    /// A name that a sheet cannot have in a workbook, or that another has already.
    #[error("no sheet can be called {0}")]
    BadSheetName(String),
    /// More different cell formats than the format has room for.
    #[error("more than {0} cell formats")]
    TooManyFormats(usize),
    /// The library that composes the format refused.
    #[error("cannot compose the workbook: {0}")]
    Compose(String),
}

impl WriteError {
    /// Id and arguments for the message catalogue.
    pub fn message(&self) -> Message {
        let message = |variant| Message::new("write-error", variant);
        match self {
            WriteError::Io { path, source } => message("io")
                .with("path", path.display())
                .with("kind", kind_of(source))
                .with("reason", source),
            WriteError::InUse { path, sign } => message("in-use")
                .with("path", path.display())
                .with("sign", sign.display()),
            WriteError::Busy { path } => message("busy").with("path", path.display()),
            WriteError::UnknownFormat(path) => {
                message("unknown-format").with("path", path.display())
            }
            WriteError::DoesNotFit { what, reason } => message("does-not-fit")
                .with("what", what)
                .with("reason", reason),
            WriteError::SheetTooLarge {
                sheet,
                rows,
                columns,
                most_rows,
                most_columns,
            } => message("sheet-too-large")
                .with("sheet", sheet)
                .with("rows", rows)
                .with("columns", columns)
                .with("most-rows", most_rows)
                .with("most-columns", most_columns),
            WriteError::TextTooLong {
                sheet,
                cell,
                length,
                maximum,
            } => message("text-too-long")
                .with("sheet", sheet)
                .with("cell", cell)
                .with("length", length)
                .with("maximum", maximum),
            WriteError::Nul { sheet, cell } => {
                message("nul").with("sheet", sheet).with("cell", cell)
            }
            WriteError::BadSheetName(name) => message("bad-sheet-name").with("name", name),
            WriteError::TooManyFormats(maximum) => {
                message("too-many-formats").with("maximum", maximum)
            }
            WriteError::Compose(reason) => message("compose").with("reason", reason),
        }
    }
}

/// The word by which the catalogue knows a refusal of the operating system; its own words are in its own language.
fn kind_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "not-found",
        io::ErrorKind::PermissionDenied => "permission-denied",
        io::ErrorKind::ReadOnlyFilesystem => "read-only",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "full",
        io::ErrorKind::IsADirectory => "a-folder",
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => "busy",
        io::ErrorKind::InvalidData => "differs",
        _ => "other",
    }
}
