//! Masking an `.xls`: shared texts and cells are rewritten, all other records keep their length, and the compound file is
//! made anew, so that nothing is left between its streams.

mod cells;
mod pictures;
mod sweep;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::HashMap;
use std::io::{Cursor, Read as _, Write as _};

use cfb::{CompoundFile, Version};
use leadsheet_core::Masker;

use self::cells::{Cells, Sheets};
use self::sweep::{Veil, sweep};
use self::texts::SharedTexts;
use super::splice::Splices;
use super::{WORKBOOK, XlsPatch, mend_offsets, undo};
use crate::mask::{Masking, Ready, Renames};
use crate::patch::error::{Obstacle, PatchError, PatchNotice};
use crate::patch::mask::{LeftOut, LeftOutKind, Masked};
use crate::read::xls::record::{Records, id};
use crate::write::xls::book::without_clock;
use crate::write::xls::properties::summary_information;

/// Who wrote the file last, padded with blanks (WRITEACCESS, MS-XLS §2.4.349).
const WRITE_ACCESS: u16 = 0x005C;
/// Who reserved it (FILESHARING).
const FILE_SHARING: u16 = 0x005B;
/// What a printer remembers (PLS).
const PRINTER: u16 = 0x004D;
/// That there are macros (OBPROJ).
const HAS_MACROS: u16 = 0x00D3;
const SUMMARY: &str = "\u{5}SummaryInformation";

impl XlsPatch {
    /// As [`Patch::mask`](crate::Patch::mask).
    pub(in crate::patch) fn mask(
        mut self,
        mut masking: Masking<'_>,
    ) -> Result<(Vec<u8>, Masked), PatchError> {
        for author in cells::authors(&self.stream) {
            masking.author(&author);
        }
        let Ready {
            masker,
            cells,
            counts,
        } = masking.ready();
        let mut done = Masked {
            counts,
            ..Masked::default()
        };
        self.notices
            .retain(|notice| *notice != PatchNotice::SignatureBreaks);
        done.notices = std::mem::take(&mut self.notices);
        let names = self.globals.tabs.iter().map(|tab| tab.name.as_str());
        let renames = Renames::of_sheets(names, &masker);
        let stream = self.masked_stream(&masker, &renames, &cells, &mut done)?;
        let bytes = self.made_anew(&stream, &masker, &mut done)?;
        Ok((bytes, done))
    }

    /// The workbook stream with everybody hidden.
    fn masked_stream(
        &mut self,
        masker: &Masker,
        renames: &Renames,
        places: &Sheets,
        done: &mut Masked,
    ) -> Result<Vec<u8>, PatchError> {
        let damaged = || PatchError::refused("Workbook", Obstacle::Damaged);
        let mut stream = std::mem::take(&mut self.stream);
        let globals = &self.globals;
        let mut splices = Splices::default();
        let mut texts = SharedTexts::read(&stream, globals).ok_or_else(damaged)?;
        done.texts += texts.mask(masker);
        for tab in &globals.tabs {
            if let Some(name) = renames.sheet(&tab.name) {
                done.sheets_renamed += 1;
                let record = Records::new(&stream, tab.named_at)
                    .next()
                    .ok_or_else(damaged)?;
                let head = record.body.get(..6).ok_or_else(damaged)?.to_vec();
                let body = crate::write::xls::record::Body::default()
                    .bytes(&head)
                    .short_text(name);
                // The place of the sheet is mended on its own.
                let length = record.body.len() - 4;
                let mut new = body.0;
                let size = (new.len() as u16).to_le_bytes();
                splices.replace(tab.named_at + 2, 2, size.to_vec());
                let rest = new.split_off(4);
                splices.replace(tab.named_at + 8, length, rest);
            }
        }
        let mut cells = Cells::new(masker, places, &mut texts);
        cells.plan(&stream, globals, &mut splices);
        done.texts += cells.changed;
        if texts.changed {
            let table = texts.write();
            let (at, end) = texts
                .table
                .map_or((globals.end, globals.end), |span| (span.at, span.end));
            splices.replace(at, end - at, table);
            for span in globals.all(id::STRING_INDEX) {
                splices.replace(span.at, span.end - span.at, Vec::new());
            }
        }
        let table = texts.table.map(|span| span.at..span.end);
        self.in_place(&mut stream, table.as_ref(), masker, &mut splices, done);
        if splices.is_empty() {
            return Ok(stream);
        }
        // Where rows stand; other programs do without.
        for record in Records::new(&stream, 0) {
            if matches!(record.id, id::ROW_INDEX | id::ROW_BLOCK_INDEX) {
                splices.replace(record.offset, 4 + record.body.len(), Vec::new());
            }
        }
        mend_offsets(
            &stream,
            globals.tabs.iter(),
            std::iter::empty(),
            &mut splices,
        );
        splices.apply(&stream).ok_or_else(damaged)
    }

    /// What keeps its length, and what goes altogether.
    fn in_place(
        &self,
        stream: &mut [u8],
        table: Option<&std::ops::Range<usize>>,
        masker: &Masker,
        splices: &mut Splices,
        done: &mut Masked,
    ) {
        let records: Vec<(u16, std::ops::Range<usize>)> = Records::new(stream, 0)
            .map(|record| {
                (
                    record.id,
                    record.offset + 4..record.offset + 4 + record.body.len(),
                )
            })
            .collect();
        let has_macros = self.file.exists("/_VBA_PROJECT_CUR");
        let mut before = 0;
        let mut group: Vec<std::ops::Range<usize>> = Vec::new();
        for (kind, place) in records {
            let is_table = table.is_some_and(|table| table.contains(&place.start));
            let is_printer = kind == PRINTER || kind == id::CONTINUE && before == PRINTER;
            if is_printer || kind == HAS_MACROS && has_macros {
                splices.replace(place.start - 4, 4 + place.len(), Vec::new());
                if kind == PRINTER {
                    done.left_out.push(LeftOut {
                        kind: LeftOutKind::Printer,
                        place: "Workbook".to_owned(),
                    });
                }
            } else if kind == WRITE_ACCESS {
                let body = &mut stream[place.clone()];
                body.fill(b' ');
                body.iter_mut().take(3).for_each(|byte| *byte = 0);
            } else if kind == id::MSODRAWINGGROUP
                || kind == id::CONTINUE && before == id::MSODRAWINGGROUP
            {
                group.push(place.clone());
            } else if !is_table && !cells::is_numbers(kind) && kind != id::BOUNDSHEET {
                let veil = if kind == id::NAME {
                    Veil::Words
                } else {
                    Veil::Stars
                };
                let body = &mut stream[place.clone()];
                if kind == FILE_SHARING {
                    body.iter_mut()
                        .skip(7)
                        .for_each(|byte| *byte = if *byte == 0 { 0 } else { b'x' });
                }
                if kind == id::NOTE {
                    done.texts += cells::blank_author(body);
                }
                done.texts +=
                    sweep(body, masker, veil) + cells::written_numbers(kind, body, masker);
            }
            if kind != id::CONTINUE {
                before = kind;
            }
        }
        let mut drawing: Vec<u8> = group
            .iter()
            .flat_map(|place| stream[place.clone()].to_vec())
            .collect();
        for _ in 0..pictures::blank(&mut drawing) {
            done.left_out.push(LeftOut {
                kind: LeftOutKind::Picture,
                place: "Workbook".to_owned(),
            });
        }
        sweep(&mut drawing, masker, Veil::Stars);
        let mut rest = &drawing[..];
        for place in group {
            let (part, after) = rest.split_at(place.len());
            stream[place].copy_from_slice(part);
            rest = after;
        }
    }

    /// A compound file with the masked stream, and of the others only those that can be looked into.
    fn made_anew(
        &mut self,
        stream: &[u8],
        masker: &Masker,
        done: &mut Masked,
    ) -> Result<Vec<u8>, PatchError> {
        let write = PatchError::Write;
        let mut kept: Vec<(String, bool)> = Vec::new();
        let mut gone: HashMap<String, LeftOutKind> = HashMap::new();
        let root = self.file.root_entry();
        for entry in self.file.walk().filter(|entry| !entry.is_root()) {
            let path = entry.path().to_string_lossy().into_owned();
            let top = path
                .trim_start_matches('/')
                .split('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            match fate(&top) {
                None => kept.push((path, entry.is_stream())),
                Some(kind) => {
                    gone.insert(top, kind);
                }
            }
        }
        let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))
            .map_err(write)?;
        file.set_storage_clsid("/", *root.clsid()).map_err(write)?;
        for (path, is_stream) in kept {
            if !is_stream {
                file.create_storage_all(&path).map_err(write)?;
                file.set_created_time(&path, std::time::UNIX_EPOCH)
                    .map_err(write)?;
                file.set_modified_time(&path, std::time::UNIX_EPOCH)
                    .map_err(write)?;
                continue;
            }
            let mut content = Vec::new();
            if path == WORKBOOK {
                content = stream.to_vec();
            } else if path.trim_start_matches('/') == SUMMARY {
                content = summary_information();
            } else {
                self.file
                    .open_stream(&path)
                    .map_err(write)?
                    .read_to_end(&mut content)
                    .map_err(write)?;
                done.texts += cells::cached_numbers(&mut content, masker)
                    + sweep(&mut content, masker, Veil::Stars);
            }
            nobody_left(&path, &content, masker)?;
            file.create_stream(&path)
                .map_err(write)?
                .write_all(&content)
                .map_err(write)?;
        }
        file.flush().map_err(write)?;
        let mut gone: Vec<LeftOut> = gone
            .into_iter()
            .map(|(place, kind)| LeftOut {
                kind,
                place: place.replace(char::is_control, ""),
            })
            .collect();
        gone.sort_by(|one, other| one.place.cmp(&other.place));
        done.left_out.extend(gone);
        let mut bytes = file.into_inner().into_inner();
        without_clock(&mut bytes);
        Ok(bytes)
    }
}

/// Why a stream or folder at the top is left out; `None` where it is looked over.
fn fate(name: &str) -> Option<LeftOutKind> {
    match name {
        "Workbook" | SUMMARY | "_SX_DB_CUR" | "\u{1}CompObj" | "\u{1}Ole" => None,
        "\u{5}DocumentSummaryInformation" => Some(LeftOutKind::Properties),
        "_VBA_PROJECT_CUR" => Some(LeftOutKind::Macros),
        "_signatures" | "_xmlsignatures" => Some(LeftOutKind::Signature),
        _ if undo::PATH.trim_start_matches('/') == name => Some(LeftOutKind::Undo),
        _ if name.starts_with("MBD") || name == "Ctls" || name.starts_with("LNK") => {
            Some(LeftOutKind::Embedded)
        }
        _ => Some(LeftOutKind::Unknown),
    }
}

/// Reads what is written as if nobody knew how: no name and no number may be in it, in either width.
fn nobody_left(path: &str, content: &[u8], masker: &Masker) -> Result<(), PatchError> {
    let left = || PatchError::refused(path.trim_start_matches('/'), Obstacle::Unmasked);
    for start in [0, 1] {
        let units: Vec<u16> = content
            .get(start..)
            .unwrap_or_default()
            .chunks_exact(2)
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
            .collect();
        let is_end =
            |unit: &u16| matches!(unit, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0xD800..=0xDFFF);
        if units
            .split(is_end)
            .any(|run| run.len() > 1 && masker.leaves(&String::from_utf16_lossy(run)))
        {
            return Err(left());
        }
    }
    let is_end = |byte: &u8| !matches!(byte, 0x20..=0x7E);
    let is_left = |run: &[u8]| run.len() > 5 && masker.leaves(&String::from_utf8_lossy(run));
    if content.split(is_end).any(is_left) {
        Err(left())
    } else {
        Ok(())
    }
}
