//! `.xlsb`: the parts of an xlsx package, in binary records instead of XML (MS-XLSB).
//!
//! calamine reads them too and is the oracle in the tests, but a stranger's file can make it index past its
//! buffers or run out of stack, it leaves out error results, and merged cells and number formats are not in its answers.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use leadsheet_core::{CellRange, CellRef, Excuse, MAX_COLUMNS, MAX_ROWS, Texts, Values};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::part_name::without_dots;
use crate::read::biff::{error_name, rk};
use crate::read::cells::{Cells, NumberFormat};
use crate::read::number_format::builtin;
use crate::read::parts::{Parts, limit_behind};
use crate::sheet::{FileKind, Visibility, Workbook};

/// Reads a workbook.
///
/// # Errors
/// Where there is no workbook in it, or where it is encrypted or passes a limit. Anything less is a notice.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let mut parts = Parts::open(bytes, limits)?;
    let mut notices = Vec::new();
    let package = relationships(&mut parts, "", &mut notices)?;
    let workbook_part = part_of_kind(&package, "officeDocument").unwrap_or("xl/workbook.bin");
    let targets = relationships(&mut parts, workbook_part, &mut notices)?;
    let (bound_sheets, is_1904) = read_workbook_part(&mut parts, workbook_part, &mut notices)?;
    let strings = part_of_kind(&targets, "sharedStrings").unwrap_or("xl/sharedStrings.bin");
    let strings = read_strings(&mut parts, strings, limits, &mut notices)?;
    let styles = part_of_kind(&targets, "styles").unwrap_or("xl/styles.bin");
    let styles = read_styles(&mut parts, styles, &mut notices)?;
    let shared = Arc::new(strings);
    let mut workbook = Workbook {
        kind: FileKind::Xlsb,
        sheets: Vec::new(),
        notices,
    };
    let mut count = 0;
    let mut seen = HashSet::new();
    for bound in bound_sheets {
        let Some(target) = targets.get(&bound.relationship) else {
            let why = "nothing says which part it is in".to_owned();
            workbook
                .notices
                .push(about_the_file(NoticeKind::SheetLost(bound.name, why)));
            continue;
        };
        if !seen.insert(target.part.to_ascii_lowercase()) {
            let why = "another sheet is in its part".to_owned();
            workbook
                .notices
                .push(about_the_file(NoticeKind::SheetLost(bound.name, why)));
            continue;
        }
        if target.kind != "worksheet" {
            workbook
                .notices
                .push(about_the_file(NoticeKind::NotAWorksheet(bound.name)));
            continue;
        }
        let values = Values::new(Arc::clone(&shared));
        let mut cells = Cells::new(&bound.name, values, workbook.sheets.len(), count, limits);
        cells.count_from_1904(is_1904);
        let mut sheet = SheetReader {
            styles: &styles,
            limits,
            cells: &mut cells,
            row: 0,
        };
        if !sheet.read(&mut parts, &target.part)? {
            let why = format!("its part {} is missing", target.part);
            workbook
                .notices
                .push(about_the_file(NoticeKind::SheetLost(bound.name, why)));
            continue;
        }
        let targets = relationships(&mut parts, &target.part, &mut workbook.notices)?;
        if let Some(notes) = part_of_kind(&targets, "comments") {
            let position = workbook.sheets.len();
            let excuses = excuses(&mut parts, notes, limits)?;
            if excuses.is_none() {
                workbook.notices.push(Notice {
                    sheet: Some(position),
                    cell: None,
                    kind: NoticeKind::NotesNotRead,
                });
            }
            cells.sheet_mut().excuses = excuses.unwrap_or_default();
        }
        count = cells.count();
        let mut sheet = cells.finish(&mut workbook.notices);
        sheet.visibility = bound.visibility;
        workbook.sheets.push(sheet);
    }
    Ok(workbook)
}

/// The record types that are read (MS-XLSB 2.3).
mod id {
    pub(super) const ROW: u16 = 0x00;
    pub(super) const RK: u16 = 0x02;
    pub(super) const ERROR: u16 = 0x03;
    pub(super) const BOOL: u16 = 0x04;
    pub(super) const REAL: u16 = 0x05;
    pub(super) const TEXT: u16 = 0x06;
    pub(super) const FORMULA_TEXT: u16 = 0x08;
    pub(super) const FORMULA_REAL: u16 = 0x09;
    pub(super) const FORMULA_BOOL: u16 = 0x0A;
    pub(super) const FORMULA_ERROR: u16 = 0x0B;
    pub(super) const RICH_TEXT: u16 = 0x3E;
    pub(super) const SHARED_ITEM: u16 = 0x13;
    pub(super) const FUTURE_BEGIN: u16 = 0x23;
    pub(super) const FUTURE_END: u16 = 0x24;
    pub(super) const FORMAT: u16 = 0x2C;
    pub(super) const XF: u16 = 0x2F;
    pub(super) const COLUMN: u16 = 0x3C;
    pub(super) const SHEET_END: u16 = 0x82;
    pub(super) const WORKBOOK_PROPERTIES: u16 = 0x99;
    pub(super) const BUNDLED_SHEET: u16 = 0x9C;
    pub(super) const MERGE: u16 = 0xB0;
    pub(super) const CELL_XFS_BEGIN: u16 = 0x269;
    pub(super) const CELL_XFS_END: u16 = 0x26A;
    pub(super) const NOTE_BEGIN: u16 = 0x27B;
    pub(super) const NOTE_TEXT: u16 = 0x27D;
}

/// Longer records hold nothing that is read: the longest text of a cell is 64 KiB, with its formatting runs 192 KiB.
const LONGEST: u64 = 4 << 20;

/// How the reading of a part ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// There is no such part.
    Missing,
    /// It was read to its end.
    Whole,
    /// It is damaged or cut short.
    Truncated,
}

/// Hands every record of a part to `handle`, those of future versions left out.
fn for_each_record(
    parts: &mut Parts<'_>,
    name: &str,
    mut handle: impl FnMut(u16, Body<'_>) -> Result<(), ReadError>,
) -> Result<End, ReadError> {
    let Some(part) = parts.part(name)? else {
        return Ok(End::Missing);
    };
    let mut source = BufReader::new(part);
    let mut buffer = Vec::new();
    let mut future = 0_u32;
    loop {
        match read_record(&mut source, &mut buffer) {
            Ok(Some(id::FUTURE_BEGIN)) => future += 1,
            Ok(Some(id::FUTURE_END)) => future = future.saturating_sub(1),
            Ok(Some(_)) if future > 0 => {}
            Ok(Some(id)) => handle(id, Body(&buffer))?,
            Ok(None) => return Ok(End::Whole),
            Err(error) => return limit_behind(&error, name).map_or(Ok(End::Truncated), Err),
        }
    }
}

/// Reads one record into `body`; its type, or `None` at the end of the part.
fn read_record(source: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<Option<u16>> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let Some(low) = read_byte(source)? else {
        return Ok(None);
    };
    let mut id = u16::from(low);
    if low & 0x80 != 0 {
        id = u16::from(low & 0x7F) | u16::from(read_byte(source)?.ok_or_else(cut)? & 0x7F) << 7;
    }
    let mut length = 0_u64;
    for shift in [0, 7, 14, 21] {
        let byte = read_byte(source)?.ok_or_else(cut)?;
        length |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    body.clear();
    let mut rest = source.take(length);
    let read = if length > LONGEST {
        io::copy(&mut rest, &mut io::sink())?
    } else {
        rest.read_to_end(body)? as u64
    };
    if read < length {
        Err(cut())
    } else {
        Ok(Some(id))
    }
}

fn read_byte(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = source.fill_buf()?.first().copied();
    source.consume(byte.map_or(0, |_| 1));
    Ok(byte)
}

/// The body of a record.
#[derive(Clone, Copy)]
struct Body<'a>(&'a [u8]);

impl Body<'_> {
    fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn u16(self, at: usize) -> Option<u16> {
        self.0
            .get(at..at + 2)
            .map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn u32(self, at: usize) -> Option<u32> {
        self.0
            .get(at..at + 4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn f64(self, at: usize) -> Option<f64> {
        let bytes = self.0.get(at..at + 8)?;
        Some(f64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// A text behind its length in UTF-16 units. `None` where the record ends before the text does.
    fn text(self, at: usize) -> Option<Text> {
        let length = self.u32(at)? as usize;
        let end = length.checked_mul(2)?.checked_add(at + 4)?;
        let units = self.0.get(at + 4..end)?.chunks_exact(2);
        let units: Vec<u16> = units
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
            .collect();
        let text = String::from_utf16(&units);
        let sound = text.is_ok();
        Some(Text {
            content: text.unwrap_or_else(|_| String::from_utf16_lossy(&units)),
            sound,
            end,
        })
    }
}

struct Text {
    content: String,
    /// Whether all of it is text.
    sound: bool,
    /// Where in the record it ends.
    end: usize,
}

/// What a relationship leads to.
struct Target {
    /// The last word of its type, `worksheet` for instance.
    kind: String,
    part: String,
}

/// The part to which the first relationship of this kind leads.
fn part_of_kind<'a>(targets: &'a BTreeMap<String, Target>, kind: &str) -> Option<&'a str> {
    targets
        .values()
        .find(|target| target.kind == kind)
        .map(|target| &*target.part)
}

/// The relationships of part `of` by their ids; those of the package for the empty name.
fn relationships(
    parts: &mut Parts<'_>,
    of: &str,
    notices: &mut Vec<Notice>,
) -> Result<BTreeMap<String, Target>, ReadError> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let name = &format!("{folder}/_rels/{file}.rels");
    let mut found = BTreeMap::new();
    let Some(part) = parts.part(name)? else {
        return Ok(found);
    };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag))
                if tag.local_name().as_ref() == "Relationship" =>
            {
                let attribute = |name| {
                    let attribute = tag.try_get_attribute(name).ok().flatten()?;
                    Some(
                        attribute
                            .normalized_value(XmlVersion::default())
                            .ok()?
                            .into_owned(),
                    )
                };
                if let (Some(id), Some(kind), Some(target)) =
                    (attribute("Id"), attribute("Type"), attribute("Target"))
                {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let part = if target.starts_with('/') {
                        target
                    } else {
                        without_dots(&format!("{folder}/{target}"))
                    };
                    found.insert(id, Target { kind, part });
                }
            }
            Ok(Event::DocType(_)) => return Err(ReadError::Doctype(name.to_owned())),
            Ok(Event::Eof) => return Ok(found),
            Ok(_) => {}
            Err(error) => {
                if let quick_xml::Error::Io(error) = &error
                    && let Some(refused) = limit_behind(error, name)
                {
                    return Err(refused);
                }
                notices.push(about_the_file(NoticeKind::Truncated));
                return Ok(found);
            }
        }
    }
}

struct BoundSheet {
    name: String,
    visibility: Visibility,
    relationship: String,
}

/// The sheets in the order of their tabs, and whether dates count from 1904.
fn read_workbook_part(
    parts: &mut Parts<'_>,
    name: &str,
    notices: &mut Vec<Notice>,
) -> Result<(Vec<BoundSheet>, bool), ReadError> {
    let mut sheets = Vec::new();
    let mut is_1904 = false;
    let end = for_each_record(parts, name, |id, body| {
        match id {
            id::WORKBOOK_PROPERTIES => is_1904 = body.u32(0).is_some_and(|flags| flags & 1 == 1),
            id::BUNDLED_SHEET => {
                // Macro modules have no part of their own: the length of their relationship is all ones.
                let Some(relationship) = body.text(8) else {
                    return Ok(());
                };
                let name = body
                    .text(relationship.end)
                    .map(|name| name.content)
                    .filter(|name| !name.is_empty());
                sheets.push(BoundSheet {
                    name: name.unwrap_or_else(|| format!("Sheet{}", sheets.len() + 1)),
                    visibility: match body.u32(0) {
                        Some(0) => Visibility::Visible,
                        Some(1) => Visibility::Hidden,
                        _ => Visibility::VeryHidden,
                    },
                    relationship: relationship.content,
                });
            }
            _ => {}
        }
        Ok(())
    })?;
    let damaged = |reason: &str| ReadError::Damaged {
        part: name.to_owned(),
        reason: reason.into(),
    };
    match end {
        End::Missing => return Err(damaged("the part is missing")),
        _ if sheets.is_empty() => return Err(damaged("no sheet is in it")),
        End::Truncated => notices.push(about_the_file(NoticeKind::Truncated)),
        End::Whole => {}
    }
    Ok((sheets, is_1904))
}

fn read_strings(
    parts: &mut Parts<'_>,
    name: &str,
    limits: &Limits,
    notices: &mut Vec<Notice>,
) -> Result<Texts, ReadError> {
    let mut texts = Texts::new();
    let mut broken = 0_u32;
    let end = for_each_record(parts, name, |id, body| {
        if id != id::SHARED_ITEM {
            return Ok(());
        }
        let limit = || ReadError::Limit {
            part: name.to_owned(),
            limit: "strings",
            maximum: limits.strings,
        };
        if texts.len() as u64 >= limits.strings {
            return Err(limit());
        }
        let text = body.text(1).unwrap_or(Text {
            content: String::new(),
            sound: false,
            end: 0,
        });
        broken += u32::from(!text.sound);
        texts.push(&text.content).map(|_| ()).map_err(|_| limit())
    })?;
    if broken > 0 {
        notices.push(about_the_file(NoticeKind::BadEncoding(format!(
            "{broken} shared strings"
        ))));
    }
    if end == End::Truncated {
        notices.push(about_the_file(NoticeKind::Other(
            "the shared strings break off".into(),
        )));
    }
    Ok(texts)
}

/// What the notes of a sheet let stand (MS-XLSB 2.4.28, 2.4.325); `None` where they cannot be read to their end.
fn excuses(
    parts: &mut Parts<'_>,
    name: &str,
    limits: &Limits,
) -> Result<Option<Vec<Excuse>>, ReadError> {
    let mut excuses = Vec::new();
    let mut cell = None;
    let end = for_each_record(parts, name, |id, body| {
        match id {
            id::NOTE_BEGIN => {
                let place = body.u32(4).zip(body.u32(12));
                cell = place
                    .filter(|&(row, column)| row < MAX_ROWS && column < MAX_COLUMNS)
                    .map(|(row, column)| CellRef::new(row, column));
            }
            id::NOTE_TEXT => {
                let text = body.text(1);
                let excuse = cell
                    .take()
                    .zip(text)
                    .and_then(|(cell, text)| Excuse::parse(cell, &text.content));
                excuses.extend(excuse);
                if excuses.len() as u64 > limits.cells {
                    return Err(ReadError::Limit {
                        part: name.to_owned(),
                        limit: "cells",
                        maximum: limits.cells,
                    });
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((end == End::Whole).then_some(excuses))
}

/// The number format of each cell style.
fn read_styles(
    parts: &mut Parts<'_>,
    name: &str,
    notices: &mut Vec<Notice>,
) -> Result<Vec<NumberFormat>, ReadError> {
    let mut formats = HashMap::new();
    let mut styles = Vec::new();
    let mut in_cell_styles = false;
    let end = for_each_record(parts, name, |id, body| {
        match id {
            id::FORMAT => {
                if let (Some(id), Some(code)) = (body.u16(0), body.text(2)) {
                    formats.insert(id, code.content);
                }
            }
            id::CELL_XFS_BEGIN => in_cell_styles = true,
            id::CELL_XFS_END => in_cell_styles = false,
            id::XF if in_cell_styles => styles.push(body.u16(2).unwrap_or(0)),
            _ => {}
        }
        Ok(())
    })?;
    if end == End::Truncated {
        notices.push(about_the_file(NoticeKind::Other(
            "the cell styles break off".into(),
        )));
    }
    let code = |id: &u16| {
        formats
            .get(id)
            .map_or_else(|| builtin(*id).unwrap_or_default(), String::as_str)
    };
    Ok(styles
        .iter()
        .map(|id| NumberFormat::new(code(id)))
        .collect())
}

struct SheetReader<'a> {
    styles: &'a [NumberFormat],
    limits: &'a Limits,
    cells: &'a mut Cells,
    row: u32,
}

impl SheetReader<'_> {
    /// Reads the sheet in part `name`; `false` where there is no such part.
    fn read(&mut self, parts: &mut Parts<'_>, name: &str) -> Result<bool, ReadError> {
        let mut ended = false;
        let end = for_each_record(parts, name, |id, body| {
            ended |= id == id::SHEET_END;
            self.record(id, body)
        })?;
        if end == End::Truncated || !ended {
            self.cells.notice(None, NoticeKind::Truncated);
        }
        Ok(end != End::Missing)
    }

    fn record(&mut self, id: u16, body: Body<'_>) -> Result<(), ReadError> {
        match id {
            id::ROW => self.row(body),
            id::COLUMN => self.columns(body),
            id::MERGE => self.merge(body),
            id::RK..=id::FORMULA_ERROR | id::RICH_TEXT => return self.cell(id, body),
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, body: Body<'_>) {
        self.row = body.u32(0).unwrap_or(u32::MAX);
        let hidden = body.u8(11).is_some_and(|flags| flags & 0x10 != 0);
        if hidden && self.row < MAX_ROWS {
            let rows = &mut self.cells.sheet_mut().hidden_rows;
            match rows.last_mut() {
                Some((_, last)) if *last + 1 == self.row => *last = self.row,
                _ => rows.push((self.row, self.row)),
            }
        }
    }

    fn columns(&mut self, body: Body<'_>) {
        let (Some(first), Some(last), Some(width)) = (body.u32(0), body.u32(4), body.u32(8)) else {
            return;
        };
        let last = last.min(MAX_COLUMNS - 1);
        if first > last {
            return;
        }
        let sheet = self.cells.sheet_mut();
        sheet
            .column_widths
            .push((first, last, f64::from(width) / 256.0));
        if body.u16(16).is_some_and(|flags| flags & 1 == 1) {
            sheet.hidden_columns.push((first, last));
        }
    }

    fn merge(&mut self, body: Body<'_>) {
        let ends = (body.u32(0), body.u32(4), body.u32(8), body.u32(12));
        let (Some(first_row), Some(last_row), Some(first_column), Some(last_column)) = ends else {
            return;
        };
        let (first, last) = (
            CellRef::new(first_row, first_column),
            CellRef::new(last_row, last_column),
        );
        if first_row > last_row
            || first_column > last_column
            || last_row >= MAX_ROWS
            || last_column >= MAX_COLUMNS
        {
            let spelled =
                format!("rows {first_row} to {last_row}, columns {first_column} to {last_column}");
            self.cells.notice(None, NoticeKind::BadMerge(spelled));
            return;
        }
        let merges = &mut self.cells.sheet_mut().merges;
        if merges.len() as u64 >= self.limits.merges {
            self.cells.notice(
                None,
                NoticeKind::BadMerge(format!("more than {}", self.limits.merges)),
            );
            return;
        }
        merges.push(CellRange { first, last });
    }

    fn cell(&mut self, id: u16, body: Body<'_>) -> Result<(), ReadError> {
        let Some(column) = body
            .u32(0)
            .filter(|&column| column < MAX_COLUMNS && self.row < MAX_ROWS)
        else {
            self.cells.notice(
                None,
                NoticeKind::BadAddress(format!("a cell in row {}", self.row)),
            );
            return Ok(());
        };
        let cell = CellRef::new(self.row, column);
        if (id::FORMULA_TEXT..=id::FORMULA_ERROR).contains(&id) {
            self.cells.formula(cell);
        }
        let done = match id {
            id::RK => body.u32(8).map(|bits| self.number(cell, rk(bits), body)),
            id::REAL | id::FORMULA_REAL => {
                body.f64(8).map(|number| self.number(cell, number, body))
            }
            id::BOOL | id::FORMULA_BOOL => body.u8(8).map(|value| self.bool(cell, value)),
            id::ERROR | id::FORMULA_ERROR => body.u8(8).map(|code| self.error(cell, code)),
            id::TEXT | id::FORMULA_TEXT => body.text(8).map(|text| self.text(cell, &text)),
            id::RICH_TEXT => body.text(9).map(|text| self.text(cell, &text)),
            _ => body
                .u32(8)
                .map(|position| self.cells.shared_text(cell, position)),
        };
        done.unwrap_or_else(|| {
            self.cells.notice(
                Some(cell),
                NoticeKind::UnknownCellType(format!("record {id} cut short")),
            );
            Ok(())
        })
    }

    fn number(&mut self, cell: CellRef, number: f64, body: Body<'_>) -> Result<(), ReadError> {
        // The upper byte of the style belongs to flags.
        let style = body.u32(4).unwrap_or(0) & 0x00FF_FFFF;
        if let Some(format) = self.styles.get(style as usize) {
            return self.cells.number(cell, number, format);
        }
        if !self.styles.is_empty() {
            self.cells
                .notice(Some(cell), NoticeKind::BadStyle(style.to_string()));
        }
        self.cells.number(cell, number, &NumberFormat::default())
    }

    fn bool(&mut self, cell: CellRef, value: u8) -> Result<(), ReadError> {
        if value > 1 {
            self.cells
                .notice(Some(cell), NoticeKind::BadBoolean(value.to_string()));
            return self.cells.text(cell, &value.to_string());
        }
        self.cells.bool(cell, value == 1)
    }

    fn error(&mut self, cell: CellRef, code: u8) -> Result<(), ReadError> {
        let error = error_name(code).unwrap_or_else(|| {
            self.cells.notice(
                Some(cell),
                NoticeKind::UnknownCellType(format!("error {code}")),
            );
            "#VALUE!"
        });
        self.cells.error(cell, error)
    }

    fn text(&mut self, cell: CellRef, text: &Text) -> Result<(), ReadError> {
        if !text.sound {
            self.cells
                .notice(Some(cell), NoticeKind::BadEncoding(text.content.clone()));
        }
        self.cells.text(cell, &text.content)
    }
}

fn about_the_file(kind: NoticeKind) -> Notice {
    Notice {
        sheet: None,
        cell: None,
        kind,
    }
}
