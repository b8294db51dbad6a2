//! A workbook that is to be patched, whatever its format.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Seek, Write};
use std::path::Path;

use leadsheet_core::{CellRef, Correction, NewValue};

use super::PackagePatch;
use super::annotate::{Annotated, Annotations};
use super::archive::Source;
use super::error::{PatchError, PatchNotice};
use super::mask::Masked;
use super::sheet::CellEdit;
use super::xls::XlsPatch;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::mask::Masking;
use crate::read::{Content, all, sniff};
use crate::sheet::Workbook;
use crate::write::Checked;

/// A workbook (`.xlsx`, `.xlsm`, a template of these, or `.xls` of Excel 97 and later) and what is to change in it.
///
/// Nothing is written, and the source is not touched, before [`Patch::write`] or [`Patch::save`].
pub struct Patch(Kind);

enum Kind {
    Package(Box<PackagePatch>),
    Xls(Box<XlsPatch>),
}

impl Patch {
    /// Opens the workbook at `path`.
    ///
    /// # Errors
    /// [`PatchError`] where it cannot be read, or is of a format that cannot be changed in place.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, PatchError> {
        Self::of(Box::new(File::open(path).map_err(ReadError::Io)?), limits)
    }

    /// Opens a workbook from its bytes.
    ///
    /// # Errors
    /// As [`Patch::open`].
    pub fn from_bytes(bytes: Vec<u8>, limits: &Limits) -> Result<Self, PatchError> {
        Self::of(Box::new(Cursor::new(bytes)), limits)
    }

    fn of(mut source: Box<dyn Source>, limits: &Limits) -> Result<Self, PatchError> {
        Ok(Self(match sniff(&mut source)? {
            Content::Xlsx => Kind::Package(Box::new(PackagePatch::open(source, limits)?)),
            Content::Compound | Content::Biff => {
                let bytes = all(&mut source, limits)?;
                Kind::Xls(Box::new(XlsPatch::open(bytes, limits)?))
            }
            Content::Xlsb => return Err(PatchError::Format("xlsb")),
            Content::Ods => return Err(PatchError::Format("ods")),
            Content::FlatOds => return Err(PatchError::Format("fods")),
            Content::XmlSpreadsheet => return Err(PatchError::Format("xml")),
            Content::Html => return Err(PatchError::Format("html")),
            Content::Json => return Err(PatchError::Format("json")),
            Content::Parquet => return Err(PatchError::Format("parquet")),
            Content::Text => return Err(PatchError::Format("csv")),
            Content::Other(what) => return Err(PatchError::Read(ReadError::NotAWorkbook(what))),
            Content::Empty => return Err(PatchError::Read(ReadError::Empty)),
        }))
    }

    /// What whoever patches this workbook should know beforehand.
    pub fn notices(&self) -> &[PatchNotice] {
        match &self.0 {
            Kind::Package(patch) => &patch.notices,
            Kind::Xls(patch) => &patch.notices,
        }
    }

    /// The extension of the format: `xlsx`, `xlsm`, `xltx`, `xltm` or `xls`.
    pub const fn extension(&self) -> &'static str {
        match &self.0 {
            Kind::Package(patch) => patch.package.extension,
            Kind::Xls(_) => "xls",
        }
    }

    /// The worksheets by name, in the order of their tabs.
    pub fn sheets(&self) -> Vec<&str> {
        match &self.0 {
            Kind::Package(patch) => patch.sheets().collect(),
            Kind::Xls(patch) => patch.sheets().collect(),
        }
    }

    /// Puts a value into a cell, whatever was there; the look of the cell stays, but a number or date gets a number
    /// format that shows it as what it is. A cell hidden in a merged range stands for the whole range.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub fn set_cell(
        &mut self,
        sheet: &str,
        cell: CellRef,
        value: NewValue,
    ) -> Result<(), PatchError> {
        let edit = CellEdit {
            value: Some(value),
            ..CellEdit::default()
        };
        self.edit(sheet, cell, edit)
    }

    /// Puts right what [`corrections`](leadsheet_core::corrections) ask for in a sheet. Cells with a formula are left
    /// alone when the time comes, and [`PatchNotice::FormulasKept`] names them.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub fn correct(&mut self, sheet: &str, corrections: &[Correction]) -> Result<(), PatchError> {
        for correction in corrections {
            let edit = CellEdit {
                value: Some(correction.new.clone()),
                keeps_formula: true,
                ..CellEdit::default()
            };
            self.edit(sheet, correction.cell, edit)?;
        }
        Ok(())
    }

    /// Fills a cell with a colour: red, green, blue; in an `.xls` with the one of its 56 colours that is nearest. All else
    /// of its look stays.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub fn fill_cell(
        &mut self,
        sheet: &str,
        cell: CellRef,
        colour: [u8; 3],
    ) -> Result<(), PatchError> {
        let edit = CellEdit {
            fill: Some((0, colour)),
            ..CellEdit::default()
        };
        self.edit(sheet, cell, edit)
    }

    /// Puts a note on a cell, its first line bold. A cell with a person's note keeps that and gets none.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub fn note(&mut self, sheet: &str, cell: CellRef, text: &str) -> Result<(), PatchError> {
        let edit = CellEdit {
            note: Some(text.to_owned()),
            ..CellEdit::default()
        };
        self.edit(sheet, cell, edit)
    }

    pub(super) fn edit(
        &mut self,
        sheet: &str,
        cell: CellRef,
        edit: CellEdit,
    ) -> Result<(), PatchError> {
        match &mut self.0 {
            Kind::Package(patch) => patch.edit(sheet, cell, edit),
            Kind::Xls(patch) => patch.edit(sheet, cell, edit),
        }
    }

    /// Writes the changed workbook.
    ///
    /// # Errors
    /// [`PatchError`]; what was written until then is of no use.
    pub fn write<W: Write + Seek>(self, out: W) -> Result<Vec<PatchNotice>, PatchError> {
        match self.0 {
            Kind::Package(patch) => patch.write(out),
            Kind::Xls(patch) => put(patch.write()?, out),
        }
    }

    /// Replaces `path`, which may be the file that was opened, by the changed workbook in one step. With `backup`, what
    /// was there before stays beside it as `NAME.bak`.
    ///
    /// # Errors
    /// [`PatchError`]; the target is then what it was before.
    pub fn save(self, path: &Path, backup: bool) -> Result<Vec<PatchNotice>, PatchError> {
        save(path, backup, |out| self.write(out))
    }

    /// Writes the workbook with a fill and a note on each cell that a remark is about, and a sheet that lists all
    /// remarks. Values, formulas, cached results and people's notes stay. The workbook must not be annotated already:
    /// [`Patch::clean`] takes out what an earlier run put in.
    ///
    /// # Errors
    /// [`PatchError`]; what was written until then is of no use.
    pub fn annotate<W: Write + Seek>(
        self,
        annotations: &Annotations,
        out: W,
    ) -> Result<Annotated, PatchError> {
        match self.0 {
            Kind::Package(patch) => patch.annotate(annotations, out),
            Kind::Xls(patch) => put(patch.annotate(annotations)?, out),
        }
    }

    /// As [`Patch::annotate`], into the file `path` in one step.
    ///
    /// # Errors
    /// [`PatchError`]; the target is then what it was before.
    pub fn save_annotated(
        self,
        annotations: &Annotations,
        path: &Path,
        backup: bool,
    ) -> Result<Annotated, PatchError> {
        save(path, backup, |out| self.annotate(annotations, out))
    }

    /// Writes the workbook with everybody hidden who is named in it: in cells, texts, notes, properties, copies of other
    /// workbooks, wherever a part holds text. What cannot be looked into is left out and listed. What was written is read
    /// again before it is given out; what stays the same is what it was, byte for byte.
    ///
    /// # Errors
    /// [`PatchError`]; among them [`Obstacle::Unmasked`](super::Obstacle::Unmasked) where somebody would still be named.
    pub fn mask<W: Write + Seek>(self, masking: Masking<'_>, out: W) -> Result<Masked, PatchError> {
        match self.0 {
            Kind::Package(patch) => patch.mask(masking, &Limits::default(), out),
            Kind::Xls(patch) => put(patch.mask(masking)?, out),
        }
    }

    /// As [`Patch::mask`], into the file `path` in one step.
    ///
    /// # Errors
    /// As [`Patch::mask`]; the target is then what it was before.
    pub fn save_masked(
        self,
        masking: Masking<'_>,
        path: &Path,
        backup: bool,
    ) -> Result<Masked, PatchError> {
        save(path, backup, |out| self.mask(masking, out))
    }

    /// Writes the workbook without what annotating put in. Where nobody has saved it since, every part comes out byte
    /// for byte as it was. Otherwise our sheet, notes and fills are found by their marks, for which `read` must give
    /// the same workbook as read; what else was done to it since stays.
    ///
    /// # Errors
    /// [`PatchError::NotAnnotated`] where there is nothing to take out; otherwise as [`Patch::write`].
    pub fn clean<W: Write + Seek>(
        self,
        read: impl FnOnce() -> Result<Workbook, ReadError>,
        out: W,
    ) -> Result<Vec<PatchNotice>, PatchError> {
        match self.0 {
            Kind::Package(patch) => patch.clean(read, out),
            Kind::Xls(patch) => put(patch.clean(read)?, out),
        }
    }

    /// As [`Patch::clean`], into the file `path` in one step.
    ///
    /// # Errors
    /// [`PatchError`]; the target is then what it was before.
    pub fn save_clean(
        self,
        read: impl FnOnce() -> Result<Workbook, ReadError>,
        path: &Path,
        backup: bool,
    ) -> Result<Vec<PatchNotice>, PatchError> {
        save(path, backup, |out| self.clean(read, out))
    }
}

/// Writes bytes that are whole already.
fn put<T>((bytes, done): (Vec<u8>, T), mut out: impl Write) -> Result<T, PatchError> {
    out.write_all(&bytes).map_err(PatchError::Write)?;
    out.flush().map_err(PatchError::Write)?;
    Ok(done)
}

/// Saves what `write` writes, or nothing.
fn save<T>(
    path: &Path,
    backup: bool,
    write: impl FnOnce(BufWriter<&mut Checked<'_>>) -> Result<T, PatchError>,
) -> Result<T, PatchError> {
    let mut outcome = None;
    let saved = crate::write::save_with(path, backup, |file| {
        let written = write(BufWriter::new(file));
        let stop = written.is_err();
        outcome = Some(written);
        if stop {
            Err(io::ErrorKind::Other.into())
        } else {
            Ok(())
        }
    });
    match outcome {
        Some(Ok(done)) => saved.map(|()| done).map_err(PatchError::Save),
        Some(Err(PatchError::Write(source))) => {
            Err(PatchError::Save(crate::error::WriteError::Io {
                path: path.to_owned(),
                source,
            }))
        }
        Some(Err(error)) => Err(error),
        None => Err(saved.map_or_else(PatchError::Save, |()| PatchError::NotAnnotated)),
    }
}
