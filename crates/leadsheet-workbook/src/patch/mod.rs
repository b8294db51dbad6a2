//! Patching: people's own workbook back, with only the touched cells changed.
//!
//! A package is a set of parts. Parts that nobody touches are copied as they lie in the file, packed bytes and all. Of
//! a touched part only the places change that have to: a sheet's part is looked over once for where its wanted cells
//! stand ([`survey`](mod@survey)), what changes is planned as splices ([`splice`](mod@splice)), and only when the whole
//! plan stands is anything written. What cannot be changed safely is refused with its reason, never half done.

mod annotate;
mod archive;
mod calc_chain;
mod clean;
mod document;
mod error;
mod findings_sheet;
mod notes;
mod package;
mod scan;
mod sheet;
mod splice;
mod strings;
mod styles;
mod survey;
mod tabs;
#[cfg(test)]
pub(crate) mod tests;
mod undo;
mod xls;
mod xml;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use leadsheet_core::CellRef;

pub use self::annotate::{Annotated, Annotations, Remark};
pub use self::clean::is_annotated;
pub use self::error::{Obstacle, PatchError, PatchNotice};
pub use self::findings_sheet::{FindingsSheet, Legend};
pub use self::sheet::NewValue;

use self::archive::Source;
use self::notes::ShapeIds;
use self::package::{Change, Package};
use self::sheet::{CellEdit, Shared};
use self::strings::SharedStrings;
use self::styles::Styles;
use self::survey::{Survey, Wanted, survey};
use self::tabs::Tabs;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::read::{Content, sniff};

/// A workbook (`.xlsx`, `.xlsm` or a template of these) and what is to change in it.
///
/// Nothing is written, and the source is not touched, before [`Patch::write`] or [`Patch::save`].
pub struct Patch {
    package: Package,
    tabs: Tabs,
    edits: BTreeMap<usize, BTreeMap<CellRef, CellEdit>>,
    notices: Vec<PatchNotice>,
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
        match sniff(&mut source)? {
            Content::Xlsx => {}
            Content::Compound if is_encrypted(&mut source)? => {
                return Err(PatchError::Read(ReadError::Encrypted));
            }
            Content::Compound | Content::Biff => return Err(PatchError::Format("xls")),
            Content::Xlsb => return Err(PatchError::Format("xlsb")),
            Content::Ods => return Err(PatchError::Format("ods")),
            Content::FlatOds => return Err(PatchError::Format("fods")),
            Content::XmlSpreadsheet => return Err(PatchError::Format("xml")),
            Content::Html => return Err(PatchError::Format("html")),
            Content::Text => return Err(PatchError::Format("csv")),
            Content::Other(what) => return Err(PatchError::Read(ReadError::NotAWorkbook(what))),
            Content::Empty => return Err(PatchError::Read(ReadError::Empty)),
        }
        let mut package = Package::open(source, limits)?;
        let tabs = Tabs::read(&mut package)?;
        let mut notices = Vec::new();
        let is_signature = |name: &str| name.to_lowercase().starts_with("_xmlsignatures/");
        if !package.find_all(is_signature).is_empty() {
            notices.push(PatchNotice::SignatureBreaks);
        }
        Ok(Self {
            package,
            tabs,
            edits: BTreeMap::new(),
            notices,
        })
    }

    /// What whoever patches this workbook should know beforehand.
    pub fn notices(&self) -> &[PatchNotice] {
        &self.notices
    }

    /// The worksheets by name, in the order of their tabs.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        let tabs = self.tabs.tabs.iter().filter(|tab| tab.part().is_some());
        tabs.map(|tab| tab.name.as_str())
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

    /// Fills a cell with a colour: red, green, blue. All else of its look stays.
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

    fn edit(&mut self, sheet: &str, cell: CellRef, edit: CellEdit) -> Result<(), PatchError> {
        let no_such = || PatchError::NoSuchSheet(sheet.to_owned());
        let tab = self.tabs.find(sheet).ok_or_else(no_such)?;
        let edits = self.edits.entry(tab).or_default();
        edits.entry(cell).or_default().join(edit);
        Ok(())
    }

    /// Writes the changed workbook.
    ///
    /// # Errors
    /// [`PatchError`]; what was written until then is of no use.
    pub fn write<W: Write + Seek>(mut self, out: W) -> Result<Vec<PatchNotice>, PatchError> {
        let mut styles = Styles::read(&mut self.package)?;
        self.plan(&mut styles)?;
        styles.finish(&mut self.package)?;
        self.package.write(out, None)?;
        Ok(self.notices)
    }

    /// Replaces `path`, which may be the file that was opened, by the changed workbook in one step. With `backup`, what
    /// was there before stays beside it as `NAME.bak`.
    ///
    /// # Errors
    /// [`PatchError`]; the target is then what it was before.
    pub fn save(self, path: &Path, backup: bool) -> Result<Vec<PatchNotice>, PatchError> {
        save(path, backup, |out| self.write(out))
    }

    /// Plans all changes of cells.
    fn plan(&mut self, styles: &mut Styles) -> Result<(), PatchError> {
        let edits = std::mem::take(&mut self.edits);
        let all = || edits.values().flat_map(BTreeMap::values);
        let mut strings = None;
        if all().any(|edit| matches!(edit.value, Some(NewValue::Text(_)))) {
            strings = SharedStrings::read(&mut self.package)?;
        }
        let mut ids = ShapeIds::default();
        if all().any(|edit| edit.note.is_some()) {
            ids = ShapeIds::read(&mut self.package)?;
        }
        let mut formulas_gone = HashSet::new();
        let mut without_note = 0;
        let mut parts = HashSet::new();
        for (position, edits) in edits {
            let Some((tab, part)) = self
                .tabs
                .tabs
                .get(position)
                .and_then(|tab| Some((tab, tab.part()?)))
            else {
                continue;
            };
            if !parts.insert(part) {
                // Two tabs show one part.
                return Err(PatchError::refused(&tab.name, Obstacle::Missing));
            }
            let (survey, edits) = surveyed(&mut self.package, part, &tab.name, edits)?;
            let mut shared = Shared {
                styles: &mut *styles,
                strings: strings.as_mut(),
                is_1904: self.tabs.is_1904,
            };
            let mut plan = sheet::plan(&tab.name, &survey, &edits, &mut shared)?;
            let gone = plan.formulas_gone.into_iter().map(|cell| (tab.id, cell));
            formulas_gone.extend(gone);
            let notes = edits.into_iter();
            let notes: Vec<_> = notes
                .filter_map(|(cell, edit)| Some((cell, edit.note?)))
                .collect();
            let placed = notes::place(&mut self.package, part, &survey, &notes, &mut ids)?;
            without_note += placed.left_out;
            plan.splices.extend(placed.splice);
            splice::sort(&mut plan.splices);
            self.package.change(part, Change::Spliced(plan.splices));
        }
        calc_chain::remove(&mut self.package, &formulas_gone)?;
        if let Some(strings) = strings {
            strings.finish(&mut self.package);
        }
        if without_note > 0 {
            let count = without_note;
            self.notices.push(PatchNotice::WithoutNote { count });
        }
        Ok(())
    }
}

/// Looks a sheet over for the cells that are to change. Cells that merged ranges hide give way to the one that shows.
fn surveyed(
    package: &mut Package,
    part: usize,
    name: &str,
    mut edits: BTreeMap<CellRef, CellEdit>,
) -> Result<(Survey, BTreeMap<CellRef, CellEdit>), PatchError> {
    loop {
        let with_value = || edits.iter().filter(|(_, edit)| edit.value.is_some());
        let columns: BTreeSet<_> = with_value().map(|(cell, _)| cell.column).collect();
        let wanted = Wanted {
            cells: edits.keys().copied().collect(),
            columns: columns.into_iter().collect(),
            contents: with_value().next().is_some(),
        };
        let found = survey(package.stream(part)?, name, &wanted)?;
        if found.merged_into.is_empty() {
            return Ok((found, edits));
        }
        for (hidden, shown) in &found.merged_into {
            if let Some(edit) = edits.remove(hidden) {
                edits.entry(*shown).or_default().join(edit);
            }
        }
    }
}

/// Whether a compound file holds a package locked with a password, by the name of the stream it is in.
fn is_encrypted(source: &mut Box<dyn Source>) -> Result<bool, ReadError> {
    const MOST: u64 = 64 << 20;
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source.take(MOST).read_to_end(&mut bytes)?;
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    Ok(memchr::memmem::find(&bytes, &name).is_some())
}

/// Saves what `write` writes, or nothing.
fn save<T>(
    path: &Path,
    backup: bool,
    write: impl FnOnce(BufWriter<&mut File>) -> Result<T, PatchError>,
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
