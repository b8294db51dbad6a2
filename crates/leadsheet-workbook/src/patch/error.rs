//! Why a workbook is not changed. Nothing is written then.

use std::io;

use leadsheet_core::{CellRef, Message};
use thiserror::Error;

use crate::error::{ReadError, WriteError};

/// Why a workbook could not be patched. The file is then what it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PatchError {
    /// It cannot be read to begin with.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A format whose cells cannot be changed in place, by its usual extension.
    #[error("a .{0} file cannot be changed in place")]
    Format(&'static str),
    /// No worksheet has this name.
    #[error("no worksheet is called {0}")]
    NoSuchSheet(String),
    /// Something in the file stands in the way: where, and what.
    #[error("{place}: {obstacle}")]
    Refused {
        /// The part of the package, or sheet and cell.
        place: String,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// It holds nothing that leadsheet put in, so there is nothing to take out.
    #[error("nothing in it was put in by leadsheet")]
    NotAnnotated,
    /// It could not be written.
    #[error("cannot write")]
    Write(#[source] io::Error),
    /// It could not be saved.
    #[error(transparent)]
    Save(WriteError),
}

/// What stands in the way of a change that would leave everything else as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// The part is no well-formed XML.
    #[error("not well-formed XML")]
    IllFormed,
    /// The part is in an encoding in which nothing is put in.
    #[error("neither UTF-8 nor UTF-16")]
    Encoding,
    /// The part is in the XML of a version before the standard, from the trial versions of Excel 2007.
    #[error("a version of the format from before the standard")]
    Trial,
    /// The part is larger than any honest one.
    #[error("larger than any honest part")]
    TooLarge,
    /// Rows or cells that exist in two versions, one for newer programs.
    #[error("rows in two versions")]
    Alternatives,
    /// A formula over several cells, of which this is one.
    #[error("part of an array formula")]
    ArrayFormula,
    /// The cell whose formula others repeat.
    #[error("other cells repeat its formula")]
    SharedFormula,
    /// A part without which the package is none, or that says nothing usable.
    #[error("missing or unusable")]
    Missing,
    /// As many styles as a workbook can have.
    #[error("no room for another style")]
    Styles,
    /// Records that do not fit each other.
    #[error("damaged")]
    Damaged,
    /// Written by Excel 95 or before.
    #[error("older than Excel 97")]
    TooOld,
    /// Something that annotating put in and another program has changed since; it must be taken out by hand.
    #[error("changed by another program since it was annotated")]
    ChangedSince,
    /// A sheet that is no worksheet.
    #[error("not a worksheet")]
    NotAWorksheet,
    /// A data model, which nobody can look into.
    #[error("a data model")]
    DataModel,
    /// Somebody's name or number is still there after masking, in a place where nobody looked.
    #[error("somebody would still be named there")]
    Unmasked,
    /// A date that the workbook cannot count.
    #[error("no date that a workbook can hold")]
    Date,
    /// A number that the workbook cannot hold: infinite, or none.
    #[error("no number that a workbook can hold")]
    Number,
}

impl Obstacle {
    /// The word for it in the message catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Obstacle::IllFormed => "ill-formed",
            Obstacle::Encoding => "encoding",
            Obstacle::Trial => "trial",
            Obstacle::TooLarge => "too-large",
            Obstacle::Alternatives => "alternatives",
            Obstacle::ArrayFormula => "array-formula",
            Obstacle::SharedFormula => "shared-formula",
            Obstacle::Missing => "missing",
            Obstacle::Styles => "styles",
            Obstacle::Damaged => "damaged",
            Obstacle::TooOld => "too-old",
            Obstacle::ChangedSince => "changed-since",
            Obstacle::NotAWorksheet => "not-a-worksheet",
            Obstacle::DataModel => "data-model",
            Obstacle::Unmasked => "unmasked",
            Obstacle::Date => "date",
            Obstacle::Number => "number",
        }
    }
}

impl PatchError {
    /// Id and arguments for the message catalogue.
    pub fn message(&self) -> Message {
        let message = |variant| Message::new("patch-error", variant);
        match self {
            PatchError::Read(error) => error.message(),
            PatchError::Format(kind) => message("format").with("kind", kind),
            PatchError::NoSuchSheet(name) => message("no-such-sheet").with("name", name),
            PatchError::Refused { place, obstacle } => message("refused")
                .with("place", place)
                .with("obstacle", obstacle.name()),
            PatchError::NotAnnotated => message("not-annotated"),
            PatchError::Save(error) => error.message(),
            PatchError::Write(error) => message("write").with("reason", error),
        }
    }

    pub(super) fn refused(place: impl Into<String>, obstacle: Obstacle) -> Self {
        Self::Refused {
            place: place.into(),
            obstacle,
        }
    }

    pub(super) fn cell(sheet: &str, cell: CellRef, obstacle: Obstacle) -> Self {
        Self::refused(format!("{sheet}!{cell}"), obstacle)
    }

    /// What an error of reading or writing means: those of reading carry their reason.
    pub(super) fn of_io(error: io::Error) -> Self {
        match error.downcast::<ReadError>() {
            Ok(error) => Self::Read(error),
            Err(error) => Self::Write(error),
        }
    }
}

/// Something that whoever patches a workbook should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatchNotice {
    /// The workbook is digitally signed; any change breaks the signature.
    SignatureBreaks,
    /// So many flagged cells got no note, because a person's note is there or the sheet is full of them.
    WithoutNote {
        /// How many.
        count: usize,
    },
    /// So many flagged cells got no colour, because the workbook has no room for another cell format.
    WithoutFill {
        /// How many.
        count: usize,
    },
    /// So many findings did not fit the sheet of findings.
    FindingsLeftOut {
        /// How many.
        count: usize,
    },
    /// These cells were left as they were because they hold a formula.
    FormulasKept {
        /// Each by its sheet.
        cells: Vec<(String, CellRef)>,
    },
    /// Another program has saved the workbook since it was annotated; what leadsheet had put in was found by its marks.
    SavedSince,
}

impl PatchNotice {
    /// Id and arguments for the message catalogue.
    pub fn message(&self) -> Message {
        let message = |variant| Message::new("patch-notice", variant);
        match self {
            PatchNotice::SignatureBreaks => message("signature"),
            PatchNotice::WithoutNote { count } => message("without-note").with("count", count),
            PatchNotice::WithoutFill { count } => message("without-fill").with("count", count),
            PatchNotice::FindingsLeftOut { count } => message("left-out").with("count", count),
            PatchNotice::FormulasKept { cells } => {
                message("formulas-kept").with("count", cells.len())
            }
            PatchNotice::SavedSince => message("saved-since"),
        }
    }
}
