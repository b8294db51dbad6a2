//! `.xls` and `.et`: the binary workbooks of Excel 97 to 2003 (BIFF8), 5 and 95 (BIFF5), and the bare streams of
//! Excel 2 to 4 and of hand-made writers.
//!
//! A reader of our own, because there is none that may be given a stranger's file: calamine takes CODEPAGE at its word, lays
//! sheets out dense, drops number formats and can be made to abort. Nothing here is allocated by what a header claims, and
//! one bad record costs one cell.

pub(crate) mod compound;
mod encryption;
pub(crate) mod globals;
pub(crate) mod record;
mod sheet;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use leadsheet_core::{CellRef, ValueId, Values};

use self::compound::CompoundFile;
use self::encryption::decrypted;
use self::globals::{Globals, Substream, beginning, substreams};
use self::record::{Records, id};
use self::sheet::read_sheet;
use super::cells::{Cells, MAX_NOTICES};
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Workbook};

/// Reads a workbook.
///
/// # Errors
/// Where there is no workbook in it, or where it is encrypted or passes a limit. Anything less is a notice.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let stream = workbook_stream(bytes)?;
    let stream = match file_pass(&stream) {
        Some(file_pass) => Cow::Owned(decrypted(&stream, file_pass).ok_or(ReadError::Encrypted)?),
        None => stream,
    };
    let mut globals = Globals::read(&stream, limits)?;
    globals.formats.finish();
    let shared = Arc::new(std::mem::take(&mut globals.strings));
    let mut workbook = Workbook {
        kind: FileKind::Xls,
        sheets: Vec::new(),
        notices: Vec::new(),
    };
    workbook
        .notices
        .extend(globals.notices.drain(..).map(about_the_file));

    let offsets = sheet_offsets(&stream, &globals);
    let mut seen = HashSet::new();
    let mut read_bytes = 0;
    let mut count = 0;
    let mut suspects = Vec::new();
    let mut calculated = false;
    for (bound, offset) in globals.sheets.iter().zip(offsets) {
        let mut lost = |kind| workbook.notices.push(about_the_file(kind));
        let substream = offset
            .and_then(|offset| Records::new(&stream, offset).next())
            .and_then(|first| beginning(&first));
        let Some((offset, (_, substream))) = offset.zip(substream) else {
            lost(NoticeKind::SheetLost(
                bound.name.clone(),
                "the file ends before it".into(),
            ));
            continue;
        };
        if substream != Substream::Worksheet || !bound.is_worksheet {
            lost(NoticeKind::NotAWorksheet(bound.name.clone()));
            continue;
        }
        // Sheets that lie in each other would be read as often as there are: a small file could fill the memory.
        if !seen.insert(offset) || read_bytes > 2 * stream.len() {
            lost(NoticeKind::SheetLost(
                bound.name.clone(),
                "another sheet stands in its place".into(),
            ));
            continue;
        }
        let mut cells = Cells::new(
            &bound.name,
            Values::new(Arc::clone(&shared)),
            workbook.sheets.len(),
            count,
            limits,
        );
        cells.count_from_1904(globals.is_1904);
        let outcome = read_sheet(&stream, offset, &globals, limits, &mut cells)?;
        read_bytes += outcome.end - offset;
        if outcome.is_dialogue {
            lost(NoticeKind::NotAWorksheet(bound.name.clone()));
            continue;
        }
        calculated |= outcome.calculated;
        suspects.push(outcome.suspects);
        count = cells.count();
        let mut sheet = cells.finish(&mut workbook.notices);
        sheet.visibility = bound.visibility;
        workbook.sheets.push(sheet);
    }
    if !calculated {
        never_calculated(&mut workbook, suspects);
    }
    Ok(workbook)
}

/// A workbook in which every formula is 0 and asks to be calculated was written by a program that cannot calculate:
/// these zeros are no results.
fn never_calculated(workbook: &mut Workbook, suspects: Vec<Vec<CellRef>>) {
    for (position, (sheet, cells)) in workbook.sheets.iter_mut().zip(suspects).enumerate() {
        for &cell in &cells {
            sheet.grid.set(cell, ValueId::EMPTY);
        }
        let notice = |&cell: &CellRef| Notice {
            sheet: Some(position),
            cell: Some(cell),
            kind: NoticeKind::NotCalculated,
        };
        workbook
            .notices
            .extend(cells.iter().take(MAX_NOTICES).map(notice));
        sheet.uncalculated.extend(cells);
    }
}

/// The stream that holds the workbook.
fn workbook_stream(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if !CompoundFile::is_one(bytes) {
        let bare = Records::new(bytes, 0)
            .next()
            .and_then(|first| beginning(&first));
        return if bare.is_some() {
            Ok(Cow::Borrowed(bytes))
        } else {
            Err(ReadError::NotAWorkbook(Foreign::Unknown))
        };
    }
    let file = CompoundFile::open(bytes)
        .ok_or_else(|| damaged("compound file", "its header is cut short"))?;
    // A file may hold both, for Excel 97 and for Excel 95.
    let mut found = None;
    for name in ["Workbook", "Book"] {
        if let Some(stream) = file.stream(name) {
            if Records::new(&stream, 0)
                .next()
                .is_some_and(|first| beginning(&first).is_some())
            {
                return Ok(Cow::Owned(stream));
            }
            found = Some(name);
        }
    }
    if file.has_stream("EncryptedPackage") {
        return Err(ReadError::Encrypted);
    }
    match found {
        Some(name) => Err(damaged(name, "the stream does not begin with a BOF record")),
        None if file.has_stream("WordDocument") => {
            Err(ReadError::NotAWorkbook(Foreign::WordDocument))
        }
        None if file.has_stream("PowerPoint Document") => {
            Err(ReadError::NotAWorkbook(Foreign::Presentation))
        }
        None if file.has_stream("__properties_version1.0") => {
            Err(ReadError::NotAWorkbook(Foreign::Mail))
        }
        None => Err(ReadError::NotAWorkbook(Foreign::Unknown)),
    }
}

/// How the stream is encrypted, if it is: the record stands near the beginning.
fn file_pass(stream: &[u8]) -> Option<&[u8]> {
    let mut globals = Records::new(stream, 0).take_while(|record| record.id != id::EOF);
    globals
        .find(|record| record.id == id::FILEPASS)
        .map(|record| record.body)
}

/// Where each sheet begins: where the globals say so if a substream begins there, else, by their order, where they do.
fn sheet_offsets(stream: &[u8], globals: &Globals) -> Vec<Option<usize>> {
    let begins = |offset: usize| {
        let first = Records::new(stream, offset).next();
        first
            .and_then(|first| beginning(&first))
            .is_some_and(|(_, substream)| substream != Substream::Globals)
    };
    if globals.sheets.iter().all(|sheet| begins(sheet.offset)) {
        return globals
            .sheets
            .iter()
            .map(|sheet| Some(sheet.offset))
            .collect();
    }
    let in_order = substreams(stream);
    let by_order = |position: usize| in_order.get(position).map(|&(offset, _)| offset);
    let sheets = globals.sheets.iter().enumerate();
    sheets
        .map(|(position, sheet)| {
            if begins(sheet.offset) {
                Some(sheet.offset)
            } else {
                by_order(position)
            }
        })
        .collect()
}

fn about_the_file(kind: NoticeKind) -> Notice {
    Notice {
        sheet: None,
        cell: None,
        kind,
    }
}

fn damaged(part: &str, reason: &str) -> ReadError {
    ReadError::Damaged {
        part: part.into(),
        reason: reason.into(),
    }
}
