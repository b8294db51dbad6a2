//! Notices: what a file holds and cannot be read faithfully, each with its cell. One bad cell never costs the sheet.

use std::fmt;

use leadsheet_core::{CellRef, Message};

/// Something that could not be read as the file's author meant it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Position of the sheet in [`Workbook::sheets`](crate::Workbook::sheets); `None` for the file as a whole.
    pub sheet: Option<usize>,
    /// The cell, where it is about one.
    pub cell: Option<CellRef>,
    /// What is the matter.
    pub kind: NoticeKind,
}

/// What can be the matter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NoticeKind {
    /// The cell names a shared string that is not there.
    MissingSharedString(String),
    /// A truth value that is neither 0 nor 1; kept as text.
    BadBoolean(String),
    /// Not a number, though the cell says it is one; kept as text.
    BadNumber(String),
    /// Not a date, though the cell says it is one; kept as text.
    BadDate(String),
    /// A date outside the years 1900 to 9999; kept as a number.
    DateOutOfRange(f64),
    /// A formula whose result the file does not hold.
    NotCalculated,
    /// More than 15 significant digits typed as a number: the program that saved it has already cut the rest.
    DigitsLost(String),
    /// Text longer than the 32,767 characters that a cell can hold.
    TextTooLong(usize),
    /// A cell of a type that this version of the format does not know; kept as text.
    UnknownCellType(String),
    /// A cell without a usable address; it was placed after its left neighbour.
    BadAddress(String),
    /// The file stores this cell more than once; the last one counts.
    StoredTwice,
    /// A merged range that is no range.
    BadMerge(String),
    /// A number format or style that is not there.
    BadStyle(String),
    /// Bytes that are no text in the file's encoding.
    BadEncoding(String),
    /// The file ends, or breaks off, inside this sheet; what came before was read.
    Truncated,
    /// A sheet that could not be read at all, and why.
    SheetLost(String, String),
    /// A sheet that is no worksheet (chart, macro or dialogue sheet).
    NotAWorksheet(String),
    /// The extension promises something else than the bytes hold.
    WrongExtension(String, &'static str),
    /// The text encoding had to be found out.
    EncodingGuessed(&'static str),
    /// A line that is no JSON object; kept as text.
    NotARecord,
    /// A quotation mark at the beginning of a field that no other closes; it was taken for a character.
    UnclosedQuote,
    /// Notes on cells that are there and cannot be read: what they let stand is told all the same.
    NotesNotRead,
    /// A column whose values no cell can hold (lists, records, pictures); it was left out.
    ColumnNotRead(String),
    /// Filled cells to the right of the last column, or below the last row, that a sheet can have; they were left out.
    BeyondSheet {
        /// How many.
        cells: u64,
        /// The lowest row that has one, counted from 1.
        row: u32,
    },
    /// So many more notices of one kind (`of` is its message id) about the same sheet.
    More {
        /// Message id of the kind.
        of: String,
        /// How many were left out.
        count: u64,
    },
    /// Anything else the reader has to say.
    Other(String),
}

impl NoticeKind {
    /// Id and arguments for the message catalogue.
    pub fn message(&self) -> Message {
        let message = |variant| Message::new("notice", variant);
        match self {
            NoticeKind::MissingSharedString(index) => {
                message("missing-shared-string").with("value", index)
            }
            NoticeKind::BadBoolean(value) => message("bad-boolean").with("value", value),
            NoticeKind::BadNumber(value) => message("bad-number").with("value", value),
            NoticeKind::BadDate(value) => message("bad-date").with("value", value),
            NoticeKind::DateOutOfRange(serial) => {
                message("date-out-of-range").with("value", serial)
            }
            NoticeKind::NotCalculated => message("not-calculated"),
            NoticeKind::DigitsLost(value) => message("digits-lost").with("value", value),
            NoticeKind::TextTooLong(length) => message("text-too-long").with("length", length),
            NoticeKind::UnknownCellType(kind) => message("unknown-cell-type").with("value", kind),
            NoticeKind::BadAddress(value) => message("bad-address").with("value", value),
            NoticeKind::StoredTwice => message("stored-twice"),
            NoticeKind::BadMerge(value) => message("bad-merge").with("value", value),
            NoticeKind::BadStyle(value) => message("bad-style").with("value", value),
            NoticeKind::BadEncoding(value) => message("bad-encoding").with("value", value),
            NoticeKind::Truncated => message("truncated"),
            NoticeKind::SheetLost(sheet, why) => {
                message("sheet-lost").with("sheet", sheet).with("why", why)
            }
            NoticeKind::NotAWorksheet(sheet) => message("not-a-worksheet").with("sheet", sheet),
            NoticeKind::WrongExtension(extension, kind) => message("wrong-extension")
                .with("extension", extension)
                .with("kind", kind),
            NoticeKind::EncodingGuessed(encoding) => {
                message("encoding-guessed").with("encoding", encoding)
            }
            NoticeKind::NotARecord => message("not-a-record"),
            NoticeKind::UnclosedQuote => message("unclosed-quote"),
            NoticeKind::NotesNotRead => message("notes-not-read"),
            NoticeKind::ColumnNotRead(name) => message("column-not-read").with("value", name),
            NoticeKind::BeyondSheet { cells, row } => message("beyond-sheet")
                .with("cells", cells)
                .with("row", row),
            NoticeKind::More { of, count } => message("more").with("of", of).with("count", count),
            NoticeKind::Other(text) => message("other").with("text", text),
        }
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}
