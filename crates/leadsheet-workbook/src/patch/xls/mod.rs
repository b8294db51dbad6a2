//! Patching `.xls`: the workbook stream is copied record by record as it lies there, but for the places that change.
//!
//! A stream names places in it by their distance from its beginning: those are mended. All other streams of the compound
//! file, macros among them, stay as they are.

mod clean;
mod drawing;
mod findings;
mod globals;
mod mask;
mod objects;
mod sheet;
mod splice;
mod strings;
mod styles;
mod survey;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Cursor, Read, Write};

use cfb::CompoundFile;
use leadsheet_core::{CellRef, NewValue};

use self::drawing::Numbers;
use self::globals::{Globals, Tab, record_at};
use self::sheet::Growth;
use self::splice::Splices;
use self::strings::Strings;
use self::styles::Styles;
use self::survey::{Survey, Wanted, survey};
use super::annotate::{Annotated, Annotations, marks};
use super::error::{Obstacle, PatchError, PatchNotice};
use super::sheet::CellEdit;
use super::tabs::free_name;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::read::xls::record::{Records, id};
use crate::sheet::Workbook;
use crate::write::xls::style::Font;

/// How a compound file begins (MS-CFB §2.2).
const SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The workbook stream of Excel 97 and later.
const WORKBOOK: &str = "/Workbook";
/// Signatures over the file, old and new.
const SIGNATURES: [&str; 2] = ["/_signatures", "/_xmlsignatures"];

/// A binary workbook and what is to change in it.
pub(super) struct XlsPatch {
    file: CompoundFile<Cursor<Vec<u8>>>,
    stream: Vec<u8>,
    limits: Limits,
    globals: Globals,
    edits: BTreeMap<usize, BTreeMap<CellRef, CellEdit>>,
    pub(super) notices: Vec<PatchNotice>,
}

impl XlsPatch {
    /// Opens a workbook.
    ///
    /// # Errors
    /// [`PatchError`] where it is older than Excel 97, encrypted or damaged.
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, PatchError> {
        if !bytes.starts_with(SIGNATURE) {
            // Before Excel 5 a workbook was nothing but its records.
            return Err(PatchError::refused("Workbook", Obstacle::TooOld));
        }
        let damaged = |_| PatchError::refused("compound file", Obstacle::Damaged);
        let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
        if file.is_stream("/EncryptedPackage") {
            return Err(PatchError::Read(ReadError::Encrypted));
        }
        if !file.is_stream(WORKBOOK) {
            let obstacle = if file.is_stream("/Book") {
                Obstacle::TooOld
            } else {
                Obstacle::Missing
            };
            return Err(PatchError::refused("Workbook", obstacle));
        }
        let stream = content(&mut file, WORKBOOK).map_err(damaged)?;
        let globals = Globals::read(&stream, limits)?;
        let is_signed = SIGNATURES.iter().any(|name| file.exists(name));
        Ok(Self {
            file,
            stream,
            limits: *limits,
            globals,
            edits: BTreeMap::new(),
            notices: if is_signed {
                vec![PatchNotice::SignatureBreaks]
            } else {
                Vec::new()
            },
        })
    }

    /// The worksheets by name, in the order of their tabs.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &str> {
        let tabs = self.globals.tabs.iter().filter(|tab| tab.is_worksheet);
        tabs.map(|tab| tab.name.as_str())
    }

    /// Plans the change of a cell.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub(super) fn edit(
        &mut self,
        sheet: &str,
        cell: CellRef,
        edit: CellEdit,
    ) -> Result<(), PatchError> {
        let of_name = |tab: &Tab| tab.is_worksheet && tab.name == sheet;
        let tab = self.globals.tabs.iter().position(of_name);
        let tab = tab.ok_or_else(|| PatchError::NoSuchSheet(sheet.to_owned()))?;
        let edits = self.edits.entry(tab).or_default();
        edits.entry(cell).or_default().join(edit);
        Ok(())
    }

    /// The changed workbook.
    ///
    /// # Errors
    /// [`PatchError`]
    pub(super) fn write(mut self) -> Result<(Vec<u8>, Vec<PatchNotice>), PatchError> {
        if self.edits.is_empty() {
            return Ok((self.file.into_inner().into_inner(), self.notices));
        }
        let stream = self.changed(None)?.0;
        let bytes = self.finish(&stream, None)?;
        Ok((bytes, self.notices))
    }

    /// The workbook with a fill and a note on each cell that a remark is about, and a sheet that lists all remarks.
    ///
    /// # Errors
    /// [`PatchError`]
    pub(super) fn annotate(
        mut self,
        annotations: &Annotations,
    ) -> Result<(Vec<u8>, Annotated), PatchError> {
        let marks = marks(annotations);
        let cells = marks.len();
        for (sheet, cell, edit) in marks {
            self.edit(sheet, cell, edit)?;
        }
        let tabs = self.globals.tabs.iter().map(|tab| tab.name.as_str());
        let sheet = free_name(&annotations.sheet.name, &tabs);
        let (stream, left_out) = self.changed(Some((annotations, &sheet)))?;
        let undo = undo::record(&self.stream, &stream).map_err(PatchError::Write)?;
        let bytes = self.finish(&stream, Some(&undo))?;
        if left_out > 0 {
            let notice = PatchNotice::FindingsLeftOut { count: left_out };
            self.notices.push(notice);
        }
        let annotated = Annotated {
            cells,
            sheet,
            notices: self.notices,
        };
        Ok((bytes, annotated))
    }

    /// The workbook without what annotating put in: the stream as it was where nobody has written it since, else without
    /// what is found by its marks, for which `read` must give the same workbook as read.
    ///
    /// # Errors
    /// [`PatchError::NotAnnotated`] where there is nothing to take out; otherwise as [`XlsPatch::write`].
    pub(super) fn clean(
        mut self,
        read: impl FnOnce() -> Result<Workbook, ReadError>,
    ) -> Result<(Vec<u8>, Vec<PatchNotice>), PatchError> {
        let mut was = None;
        if self.file.is_stream(undo::PATH) {
            let record = content(&mut self.file, undo::PATH).map_err(PatchError::Write)?;
            was = undo::undone(&record, &self.stream, &self.limits);
            let removed = self.file.remove_stream(undo::PATH);
            removed.map_err(PatchError::Write)?;
        }
        let stream = match was {
            Some(was) => was,
            None => {
                self.notices.push(PatchNotice::SavedSince);
                clean::unmarked(&self.stream, &self.globals, &read()?)?
            }
        };
        let bytes = self.finish(&stream, None)?;
        Ok((bytes, self.notices))
    }

    /// The compound file with this workbook stream.
    fn finish(&mut self, stream: &[u8], undo: Option<&[u8]>) -> Result<Vec<u8>, PatchError> {
        let mut put = || -> io::Result<()> {
            self.file.create_stream(WORKBOOK)?.write_all(stream)?;
            if let Some(undo) = undo {
                self.file.create_stream(undo::PATH)?.write_all(undo)?;
            }
            self.file.flush()
        };
        put().map_err(PatchError::Write)?;
        let empty = CompoundFile::create(Cursor::new(Vec::new())).map_err(PatchError::Write)?;
        let file = std::mem::replace(&mut self.file, empty);
        Ok(file.into_inner().into_inner())
    }

    /// The workbook stream with all changes, and how many remarks did not fit.
    fn changed(
        &mut self,
        annotations: Option<(&Annotations, &str)>,
    ) -> Result<(Vec<u8>, usize), PatchError> {
        let damaged = || PatchError::refused("Workbook", Obstacle::Damaged);
        let edits = std::mem::take(&mut self.edits);
        let (stream, globals) = (&self.stream[..], &self.globals);
        let all = || edits.values().flat_map(BTreeMap::values);
        let is_text = |edit: &CellEdit| matches!(edit.value, Some(NewValue::Text(_)));
        let mut strings = None;
        if annotations.is_some() || all().any(is_text) {
            strings = Some(Strings::read(stream, globals).ok_or_else(damaged)?);
        }
        let mut growth = Growth {
            styles: Styles::read(stream, globals).ok_or_else(damaged)?,
            strings,
            numbers: Numbers::read(stream, globals),
            splices: Splices::default(),
            is_1904: globals.is_1904,
            without_fill: 0,
            without_note: 0,
            formulas_kept: Vec::new(),
            before: HashMap::new(),
        };
        let planned = plan_cells(stream, globals, edits, &mut growth)?;
        let composed = annotations.and_then(|(annotations, name)| {
            let before = std::mem::take(&mut growth.before);
            // What merged cells look like is that of the one that shows.
            let before = |sheet: &str, cell: CellRef| {
                let place = (sheet.to_owned(), cell);
                let shown = planned.shown.get(&place).copied().unwrap_or(cell);
                before.get(&(place.0, shown)).copied()
            };
            findings::compose(annotations, name, before, (stream, globals), &mut growth)
        });
        plan_globals(stream, globals, &mut growth);
        let left_out = composed.as_ref().map_or(0, |composed| composed.left_out);
        let splices = &mut growth.splices;
        let substream = match composed {
            Some(mut composed) => {
                splices.sort();
                // The sheet follows all others; the record that names it is put in as well.
                let offset = splices.moved(stream.len() + 1) + composed.named.len();
                let offset = (offset - 1) as u32;
                composed.named[4..8].copy_from_slice(&offset.to_le_bytes());
                splices.insert(composed.named_at, composed.named);
                composed.substream
            }
            None => Vec::new(),
        };
        let untouched = |tab: &&Tab| !planned.touched.contains(&tab.offset);
        let untouched = globals.tabs.iter().filter(untouched);
        mend_offsets(stream, globals.tabs.iter(), untouched, splices);
        let mut changed = growth.splices.apply(stream).ok_or_else(damaged)?;
        changed.extend_from_slice(&substream);
        let cells = growth.formulas_kept;
        let formulas = (!cells.is_empty()).then_some(PatchNotice::FormulasKept { cells });
        let count = growth.without_fill;
        let fills = (count > 0).then_some(PatchNotice::WithoutFill { count });
        let count = growth.without_note;
        let notes = (count > 0).then_some(PatchNotice::WithoutNote { count });
        let notices = [formulas, fills, notes];
        self.notices.extend(notices.into_iter().flatten());
        Ok((changed, left_out))
    }
}

/// What became of the cells that were to change.
#[derive(Debug, Default)]
struct Planned {
    /// Where the sheets begin in which any of them is.
    touched: BTreeSet<usize>,
    /// Cells that merged ranges hide, and the one that shows.
    shown: HashMap<(String, CellRef), CellRef>,
}

/// Plans all changes of cells.
fn plan_cells(
    stream: &[u8],
    globals: &Globals,
    edits: BTreeMap<usize, BTreeMap<CellRef, CellEdit>>,
    growth: &mut Growth,
) -> Result<Planned, PatchError> {
    let mut all = edits.values().flat_map(BTreeMap::values);
    let fonts = if all.any(|edit| edit.note.is_some()) {
        note_fonts(&mut growth.styles)
    } else {
        (0, 0)
    };
    let mut planned = Planned::default();
    for (position, edits) in edits {
        let Some(tab) = globals.tabs.get(position) else {
            continue;
        };
        if !planned.touched.insert(tab.offset) {
            // Two tabs show one sheet.
            return Err(PatchError::refused(&tab.name, Obstacle::Damaged));
        }
        let (survey, edits) = surveyed(stream, tab, edits, &mut planned.shown)?;
        for index in &survey.indices {
            let length = index.end - index.at;
            growth.splices.replace(index.at, length, Vec::new());
        }
        sheet::plan(&tab.name, stream, &survey, &edits, growth)?;
        let notes = edits.into_iter();
        let notes: Vec<_> = notes
            .filter_map(|(cell, edit)| Some((cell, edit.note?)))
            .collect();
        growth.without_note += drawing::place(
            stream,
            &survey,
            &notes,
            fonts,
            growth.numbers.as_mut(),
            &mut growth.splices,
        );
    }
    Ok(planned)
}

/// Plans what the globals need for what was planned in the sheets.
fn plan_globals(stream: &[u8], globals: &Globals, growth: &mut Growth) {
    let splices = &mut growth.splices;
    growth.styles.plan(stream, globals, splices);
    if let Some(numbers) = &growth.numbers {
        numbers.plan(globals, splices);
    }
    if let Some(strings) = &growth.strings {
        strings.plan(globals, splices);
    }
    // Where shared strings begin, for whoever does not read them in order (EXTSST, MS-XLS §2.4.107).
    for span in globals.all(id::STRING_INDEX) {
        splices.replace(span.at, span.end - span.at, Vec::new());
    }
}

/// A bold font and a plain one for notes.
fn note_fonts(styles: &mut Styles) -> (u16, u16) {
    let font = |styles: &mut Styles, bold| {
        styles.font(&Font {
            bold,
            ..Font::default()
        })
    };
    match (font(styles, true), font(styles, false)) {
        (Some(bold), Some(plain)) => (bold, plain),
        _ => (0, 0),
    }
}

/// Looks a sheet over for the cells that are to change. Cells that merged ranges hide give way to the one that shows,
/// which `instead` then says.
fn surveyed(
    stream: &[u8],
    tab: &Tab,
    mut edits: BTreeMap<CellRef, CellEdit>,
    instead: &mut HashMap<(String, CellRef), CellRef>,
) -> Result<(Survey, BTreeMap<CellRef, CellEdit>), PatchError> {
    loop {
        let with_value = edits.iter().filter(|(_, edit)| edit.value.is_some());
        let wanted = Wanted {
            cells: edits.keys().copied().collect(),
            columns: with_value.map(|(cell, _)| cell.column).collect(),
        };
        let found = survey(stream, tab.offset, &wanted);
        let found = found.ok_or_else(|| PatchError::refused(&tab.name, Obstacle::Damaged))?;
        if found.merged_into.is_empty() {
            return Ok((found, edits));
        }
        for (hidden, shown) in &found.merged_into {
            instead.insert((tab.name.clone(), *hidden), *shown);
            if let Some(edit) = edits.remove(hidden) {
                edits.entry(*shown).or_default().join(edit);
            }
        }
    }
}

/// Mends what names a place by its distance from the beginning: where sheets begin, and for those that have an index
/// where their rows do.
fn mend_offsets<'t>(
    stream: &[u8],
    tabs: impl Iterator<Item = &'t Tab>,
    indexed: impl Iterator<Item = &'t Tab>,
    splices: &mut Splices,
) {
    splices.sort();
    let mut mended: Vec<_> = tabs.map(|tab| (tab.named_at + 4, tab.offset)).collect();
    for tab in indexed {
        let mut records = Records::new(stream, tab.offset);
        records.next();
        // The index is the first record of a sheet but for one that says it was not calculated (MS-XLS §2.1.7.20.5).
        let index = records.take(2).find(|record| record.id == id::ROW_INDEX);
        let Some(index) = index else { continue };
        for (position, place) in index.body.chunks_exact(4).enumerate().skip(3) {
            let place = u32::from_le_bytes([place[0], place[1], place[2], place[3]]) as usize;
            if place > 0 && record_at(stream, place).is_some() {
                mended.push((index.offset + 4 + position * 4, place));
            }
        }
    }
    let mended: Vec<_> = mended
        .into_iter()
        .map(|(at, place)| (at, splices.moved(place) as u32))
        .collect();
    for (at, place) in mended {
        splices.put_u32(at, place);
    }
}

fn content(file: &mut CompoundFile<Cursor<Vec<u8>>>, name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
