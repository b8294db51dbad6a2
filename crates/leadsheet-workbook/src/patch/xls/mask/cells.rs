//! Cells of an `.xls`: numbers that are people's become shared texts, and results of formulas are masked with them.

use std::collections::HashMap;

use leadsheet_core::{CellRef, Masker};

use super::texts::SharedTexts;
use crate::patch::xls::globals::Globals;
use crate::patch::xls::splice::Splices;
use crate::read::biff::rk;
use crate::read::xls::globals::{Substream, beginning};
use crate::read::xls::record::{Record, Records, id};
use crate::read::xls::text::Body;
use crate::write::xls::record::{Body as NewBody, Stream};

/// Cells that are hidden for where they stand, by the name of their sheet.
pub(super) type Sheets = HashMap<String, HashMap<CellRef, String>>;

/// Formulas that belong to the one before (SHRFMLA, ARRAY, TABLE): the result follows them.
const BELONGING: [u16; 3] = [0x04BC, 0x0221, 0x0236];
/// A number in a copy of a pivot table's data (SXNUM, MS-XLS §2.4.285).
const CACHED_NUMBER: u16 = 0x00C9;

/// What becomes of cells.
pub(super) struct Cells<'m> {
    masker: &'m Masker,
    places: &'m Sheets,
    texts: &'m mut SharedTexts,
    pub(super) changed: u64,
}

impl<'m> Cells<'m> {
    pub(super) const fn new(
        masker: &'m Masker,
        places: &'m Sheets,
        texts: &'m mut SharedTexts,
    ) -> Self {
        Self {
            masker,
            places,
            texts,
            changed: 0,
        }
    }

    /// Plans what becomes of the cells of every sheet.
    pub(super) fn plan(&mut self, stream: &[u8], globals: &Globals, splices: &mut Splices) {
        let names: HashMap<usize, &str> = globals
            .tabs
            .iter()
            .map(|tab| (tab.offset, tab.name.as_str()))
            .collect();
        let mut places = None;
        let mut kinds: Vec<bool> = Vec::new();
        let mut records = Records::new(stream, 0);
        while let Some(record) = records.next() {
            if id::BOF.contains(&record.id) {
                let is_chart = matches!(beginning(&record), Some((_, Substream::Chart)));
                kinds.push(is_chart);
                if let Some(name) = names.get(&record.offset) {
                    places = self.places.get(*name);
                }
                continue;
            }
            if record.id == id::EOF {
                kinds.pop();
                continue;
            }
            let by_place = |cell: CellRef| places.and_then(|places| places.get(&cell)).cloned();
            match record.id {
                _ if kinds.last() == Some(&true) => self.in_chart(&record, splices),
                id::NUMBER | id::RK | id::LABELSST => self.cell(&record, by_place, splices),
                id::MULRK => self.cells(&record, by_place, splices),
                id::FORMULA => self.formula(&record, records.clone(), splices),
                _ => {}
            }
        }
    }

    fn number(&self, value: f64) -> Option<String> {
        self.masker.number(value, false).map(|(mask, _)| mask)
    }

    fn cell(
        &mut self,
        record: &Record<'_>,
        by_place: impl Fn(CellRef) -> Option<String>,
        splices: &mut Splices,
    ) {
        let (Some(row), Some(column), Some(style)) = (record.u16(0), record.u16(2), record.u16(4))
        else {
            return;
        };
        let value = match record.id {
            id::NUMBER => record.f64(6),
            id::RK => record.u32(6).map(rk),
            _ => None,
        };
        let mask = by_place(CellRef::new(u32::from(row), u32::from(column)))
            .or_else(|| self.number(value?));
        if let Some(mask) = mask {
            let new = self.shared(row, column, style, &mask);
            splices.replace(record.offset, 4 + record.body.len(), new);
        }
    }

    /// A record of a shared text (LABELSST, §2.4.149).
    fn shared(&mut self, row: u16, column: u16, style: u16, mask: &str) -> Vec<u8> {
        self.changed += 1;
        let position = self.texts.add(mask);
        let body = NewBody::default()
            .u16(row)
            .u16(column)
            .u16(style)
            .u32(position);
        let mut stream = Stream::default();
        stream.record(id::LABELSST, &body.0);
        stream.0
    }

    /// Several numbers side by side, which part where one of them becomes a text.
    fn cells(
        &mut self,
        record: &Record<'_>,
        by_place: impl Fn(CellRef) -> Option<String>,
        splices: &mut Splices,
    ) {
        let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else {
            return;
        };
        let count = record.body.len().saturating_sub(6) / 6;
        let masks: Vec<Option<String>> = (0..count)
            .map(|position| {
                let cell = CellRef::new(u32::from(row), u32::from(first) + position as u32);
                by_place(cell).or_else(|| self.number(rk(record.u32(6 + position * 6)?)))
            })
            .collect();
        if masks.iter().all(Option::is_none) {
            return;
        }
        let mut new = Vec::new();
        for (position, mask) in masks.iter().enumerate() {
            let column = first + position as u16;
            let (Some(style), Some(bits)) =
                (record.u16(4 + position * 6), record.u32(6 + position * 6))
            else {
                return;
            };
            match mask {
                Some(mask) => new.extend(self.shared(row, column, style, mask)),
                None => {
                    let mut stream = Stream::default();
                    stream.record(
                        id::RK,
                        &NewBody::default()
                            .u16(row)
                            .u16(column)
                            .u16(style)
                            .u32(bits)
                            .0,
                    );
                    new.extend(stream.0);
                }
            }
        }
        splices.replace(record.offset, 4 + record.body.len(), new);
    }

    /// The result of a formula: a number in it, or a text in the record behind it.
    fn formula(&mut self, record: &Record<'_>, mut after: Records<'_>, splices: &mut Splices) {
        let Some(result) = record.body.get(6..14) else {
            return;
        };
        let mut next = after.next();
        while let Some(found) = next.filter(|found| BELONGING.contains(&found.id)) {
            let _ = found;
            next = after.next();
        }
        let is_number = result.get(6..8) != Some(&[0xFF, 0xFF]);
        if is_number {
            let Some(mask) = record.f64(6).and_then(|value| self.number(value)) else {
                return;
            };
            self.changed += 1;
            splices.replace(record.offset + 4 + 6, 8, vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
            let at = next.map_or(after.offset(), |next| next.offset);
            splices.insert(at, text_record(&mask));
            return;
        }
        let Some(text) = next.filter(|next| next.id == id::STRING) else {
            return;
        };
        let rest = after.continuations();
        let end = after.offset();
        let mut body = Body::new(text.body, rest);
        let Some(read) = body.u16().and_then(|units| body.unicode(units)) else {
            return;
        };
        if let Some(mask) = self.masker.masked(&read.text) {
            self.changed += 1;
            splices.replace(text.offset, end - text.offset, text_record(&mask));
        }
    }

    /// Numbers that a chart remembers are drawn; they stay numbers.
    fn in_chart(&mut self, record: &Record<'_>, splices: &mut Splices) {
        if record.id == id::NUMBER
            && record
                .f64(6)
                .is_some_and(|value| self.number(value).is_some())
        {
            self.changed += 1;
            splices.replace(record.offset + 4 + 6, 8, vec![0; 8]);
        }
    }
}

/// The result of a formula that is a text (STRING, §2.4.268).
fn text_record(text: &str) -> Vec<u8> {
    let mut stream = Stream::default();
    stream.record(id::STRING, &NewBody::default().text(text).0);
    stream.0
}

/// Records that hold numbers and places only, or are rewritten as a whole.
pub(super) fn is_numbers(kind: u16) -> bool {
    matches!(
        kind,
        id::NUMBER
            | id::RK
            | id::MULRK
            | id::LABELSST
            | id::BLANK
            | id::MULBLANK
            | id::ROW
            | id::ROW_INDEX
            | id::ROW_BLOCK_INDEX
            | id::XF
            | id::DIMENSIONS
            | id::COLINFO
            | id::MERGECELLS
            | id::STRING
    )
}

/// Who wrote the notes.
pub(super) fn authors(stream: &[u8]) -> Vec<String> {
    let notes = Records::new(stream, 0).filter(|record| record.id == id::NOTE);
    let authors = notes.filter_map(|record| {
        let mut body = Body::new(record.from(8), Vec::new());
        let units = body.u16()?;
        Some(body.unicode(units)?.text)
    });
    let mut authors: Vec<String> = authors.collect();
    authors.sort();
    authors.dedup();
    authors
}

/// Hides who wrote a note, all but the first letter.
pub(super) fn blank_author(body: &mut [u8]) -> u64 {
    let Some(units) = body
        .get(8..10)
        .map(|units| usize::from(u16::from_le_bytes([units[0], units[1]])))
    else {
        return 0;
    };
    let is_wide = body.get(10).is_some_and(|flags| flags & 1 == 1);
    let width = if is_wide { 2 } else { 1 };
    let Some(text) = body.get_mut(11 + width..11 + units * width) else {
        return 0;
    };
    let star = if is_wide { &b"*\0"[..] } else { b"*" };
    let mut changed = 0;
    for unit in text.chunks_exact_mut(width) {
        if unit != star {
            unit.copy_from_slice(star);
            changed = 1;
        }
    }
    changed
}

/// Numbers in the copy that a pivot table keeps of its data.
pub(super) fn cached_numbers(stream: &mut [u8], masker: &Masker) -> u64 {
    let found: Vec<usize> = Records::new(stream, 0)
        .filter(|record| record.id == CACHED_NUMBER)
        .filter(|record| {
            record
                .f64(0)
                .is_some_and(|value| masker.number(value, false).is_some())
        })
        .map(|record| record.offset + 4)
        .collect();
    for at in &found {
        stream[*at..at + 8].fill(0);
    }
    found.len() as u64
}

/// Numbers that are written in formulas (PtgNum, §2.5.198.79): nothing is left of one.
pub(super) fn written_numbers(kind: u16, body: &mut [u8], masker: &Masker) -> u64 {
    const NUMBER_TOKEN: u8 = 0x1F;
    const RULE: u16 = 0x01B1;
    let first = match kind {
        id::FORMULA => 20,
        id::NAME | id::DV | RULE => 0,
        _ if BELONGING.contains(&kind) => 6,
        _ => return 0,
    };
    let mut changed = 0;
    for at in first..body.len().saturating_sub(8) {
        let value = body
            .get(at + 1..at + 9)
            .and_then(|bytes| bytes.try_into().ok())
            .map(f64::from_le_bytes);
        if body[at] == NUMBER_TOKEN
            && value.is_some_and(|value| masker.number(value, false).is_some())
        {
            body[at + 1..at + 9].fill(0);
            changed += 1;
        }
    }
    changed
}
