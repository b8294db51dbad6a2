//! Notes put on cells of a sheet: shapes at the end of its drawing, or in a drawing of their own.

use leadsheet_core::CellRef;

use super::globals::{Globals, Span, bodies, record_at};
use super::objects::Forgotten;
use super::splice::Splices;
use super::survey::Survey;
use crate::patch::notes::{AUTHOR, MARK, lines};
use crate::read::xls::record::id;
use crate::write::xls::drawing::{CLUSTER, Drawing, Group, Note, Shape, clusters_of};
use crate::write::xls::record::{MAX_BODY, Stream};

/// Notes on one sheet. Excel draws every one of them when a sheet is opened, and with many more it takes minutes.
const MOST_NOTES: usize = 20_000;
/// Half-width characters that fit a line of a box.
const CHARACTERS: u32 = 46;

/// Clusters of shape numbers, and drawings, that there may be (MS-ODRAW §2.2.48, §2.2.13).
const MOST_CLUSTERS: u32 = 0xF_FFFF;
const MOST_DRAWINGS: u16 = 0xFFF;

/// Kinds of records of a drawing (MS-ODRAW §2.2.1).
const DRAWING_GROUP: u16 = 0xF000;
const COUNTS: u16 = 0xF006;
pub(super) const DRAWING: u16 = 0xF002;
pub(super) const SHAPE_GROUP: u16 = 0xF003;
pub(super) const SHAPE: u16 = 0xF004;
pub(super) const SHAPE_TEXT: u16 = 0xF00D;
pub(super) const DRAWING_COUNTS: u16 = 0xF008;

/// Gives out the numbers of shapes and drawings.
#[derive(Debug)]
pub(super) struct Numbers {
    /// The records that count them, and what is in them; nothing where the workbook has no drawing.
    counts: Option<(Vec<Span>, Vec<u8>)>,
    /// Clusters of shape numbers so far.
    clusters: u32,
    highest_drawing: u16,
    added: Vec<(u16, u32)>,
    added_shapes: u32,
    added_drawings: u32,
}

impl Numbers {
    /// Reads what the workbook counts. `None` where that is not to be understood: then no shape can be added.
    pub(super) fn read(stream: &[u8], globals: &Globals) -> Option<Self> {
        let spans: Vec<Span> = globals.all(id::MSODRAWINGGROUP).collect();
        let mut numbers = Self {
            counts: None,
            clusters: 0,
            highest_drawing: 0,
            added: Vec::new(),
            added_shapes: 0,
            added_drawings: 0,
        };
        if spans.is_empty() {
            return Some(numbers);
        }
        let art: Vec<u8> = spans
            .iter()
            .flat_map(|&span| bodies(stream, span))
            .flatten()
            .copied()
            .collect();
        let (kind, length) = (word(&art, 2)?, double(&art, 4)?);
        let (counts, counts_length) = (word(&art, 10)?, double(&art, 12)?);
        let clusters = double(&art, 20)?.checked_sub(1)?;
        let is_sound = kind == DRAWING_GROUP
            && length as usize + 8 == art.len()
            && counts == COUNTS
            && clusters < MOST_CLUSTERS
            && counts_length == 16 + clusters * 8
            && counts_length as usize + 16 <= art.len();
        if !is_sound {
            return None;
        }
        for cluster in 0..clusters as usize {
            let drawing = double(&art, 32 + cluster * 8)?;
            numbers.highest_drawing = numbers.highest_drawing.max(drawing as u16);
        }
        numbers.clusters = clusters;
        numbers.counts = Some((spans, art));
        Some(numbers)
    }

    /// Clusters for so many shapes of a drawing; gives the number of the first shape.
    fn take(&mut self, drawing: u16, shapes: u32) -> u32 {
        let first = self.clusters + self.added.len() as u32 + 1;
        self.added.extend(clusters_of(drawing, shapes));
        self.added_shapes += shapes;
        first * CLUSTER
    }

    /// A drawing of so many shapes, the group that they are in included; gives its number and that of the group. `None`
    /// where there are as many drawings as there may be.
    pub(super) fn new_drawing(&mut self, shapes: u32) -> Option<(u16, u32)> {
        let number = self.highest_drawing.checked_add(1)?;
        (number <= MOST_DRAWINGS).then(|| {
            self.highest_drawing = number;
            self.added_drawings += 1;
            (number, self.take(number, shapes))
        })
    }

    /// Plans the growth of the counts.
    pub(super) fn plan(&self, globals: &Globals, splices: &mut Splices) {
        if self.added.is_empty() {
            return;
        }
        let clusters = self.clusters + self.added.len() as u32 + 1;
        let Some((spans, art)) = &self.counts else {
            let group = Group {
                clusters,
                shapes: self.added_shapes,
                drawings: self.added_drawings,
            };
            let mut record = Stream::default();
            record.record(id::MSODRAWINGGROUP, &group.art(&self.added));
            // Before the shared texts (MS-XLS §2.1.7.20.3).
            let texts = globals.all(id::SST).next();
            splices.insert(texts.map_or(globals.end, |span| span.at), record.0);
            return;
        };
        let mut art = art.clone();
        let known = 32 + self.clusters as usize * 8;
        let added: Vec<u8> = self
            .added
            .iter()
            .flat_map(|&(drawing, used)| {
                [u32::from(drawing).to_le_bytes(), used.to_le_bytes()].concat()
            })
            .collect();
        grow(&mut art, 4, added.len() as i64);
        grow(&mut art, 12, added.len() as i64);
        let highest = double(&art, 16).unwrap_or(0).max(clusters * CLUSTER);
        put(&mut art, 16, highest);
        grow(&mut art, 20, self.added.len() as i64);
        grow(&mut art, 24, self.added_shapes.into());
        grow(&mut art, 28, self.added_drawings.into());
        art.splice(known..known, added);
        let mut records = Stream::default();
        // Excel begins the second record with the same type, and all that follow with CONTINUE.
        let (first, rest) = art.split_at(art.len().min(MAX_BODY));
        records.record(id::MSODRAWINGGROUP, first);
        if !rest.is_empty() {
            records.record(id::MSODRAWINGGROUP, rest);
        }
        let mut records = Some(records.0);
        for span in spans {
            let insert = records.take().unwrap_or_default();
            splices.replace(span.at, span.end - span.at, insert);
        }
    }
}

/// Plans that the workbook counts shapes and drawings no more. Their numbers are not given out again.
pub(super) fn forget_shapes(
    stream: &[u8],
    globals: &Globals,
    forgotten: Forgotten,
    splices: &mut Splices,
) {
    let counts = globals.all(id::MSODRAWINGGROUP).next();
    let Some(record) = counts.and_then(|span| record_at(stream, span.at)) else {
        return;
    };
    for (at, less) in [(24, forgotten.shapes), (28, forgotten.drawings)] {
        if let Some(count) = record.u32(at) {
            splices.put_u32(record.offset + 4 + at, count.saturating_sub(less));
        }
    }
}

/// Puts notes on cells. Cells that have one already get none; gives how many got none.
pub(super) fn place(
    stream: &[u8],
    survey: &Survey,
    notes: &[(CellRef, String)],
    fonts: (u16, u16),
    numbers: Option<&mut Numbers>,
    splices: &mut Splices,
) -> usize {
    let room = usize::from(u16::MAX - survey.last_object);
    let free = notes
        .iter()
        .filter(|(cell, _)| !survey.noted.contains(cell))
        .take(MOST_NOTES.min(room));
    let boxes: Vec<Note> = free
        .map(|(cell, text)| note(survey, *cell, text, fonts))
        .collect();
    let Some(numbers) = numbers.filter(|_| !boxes.is_empty()) else {
        return notes.len();
    };
    let left_out = notes.len() - boxes.len();
    let placed = if survey.art.is_empty() {
        add_drawing(survey, &boxes, numbers, splices)
    } else {
        extend_drawing(stream, survey, &boxes, numbers, splices)
    };
    placed.map_or(notes.len(), |()| left_out)
}

/// A box of about the same size whatever the columns' widths.
fn note(survey: &Survey, cell: CellRef, text: &str, fonts: (u16, u16)) -> Note {
    let mut width = 0;
    let mut columns = 0;
    while width < CHARACTERS * 256 && columns < 12 {
        columns += 1;
        width += survey.width(cell.column + u32::from(columns));
    }
    Note {
        cell,
        author: AUTHOR.to_owned(),
        text: format!("{MARK} {text}"),
        columns,
        rows: lines(text) as u16 + 1,
        fonts,
    }
}

/// Puts shapes into a drawing of their own. `None` where there are too many drawings.
fn add_drawing(
    survey: &Survey,
    notes: &[Note],
    numbers: &mut Numbers,
    splices: &mut Splices,
) -> Option<()> {
    let (number, first) = numbers.new_drawing(notes.len() as u32 + 1)?;
    let drawing = Drawing {
        number,
        first_cluster: first / CLUSTER,
        shapes: notes.iter().cloned().map(Shape::Note).collect(),
    };
    let mut records = Stream::default();
    drawing.write(&mut records);
    splices.insert(survey.table_end, records.0);
    Some(())
}

/// Adds shapes at the end of the drawing. `None` where something stands behind the shapes, or a length is not right.
fn extend_drawing(
    stream: &[u8],
    survey: &Survey,
    notes: &[Note],
    numbers: &mut Numbers,
    splices: &mut Splices,
) -> Option<()> {
    let art: usize = survey
        .art
        .iter()
        .flat_map(|&span| bodies(stream, span))
        .map(<[u8]>::len)
        .sum();
    let first = record_at(stream, survey.art.first()?.at)?;
    let (kind, length) = (first.u16(2)?, first.u32(4)?);
    let (counts, drawing) = (first.u16(10)?, first.u16(8)? >> 4);
    let mut group = 24;
    while first.u16(group + 2)? != SHAPE_GROUP {
        group += 8 + first.u32(group + 4)? as usize;
    }
    let group_length = first.u32(group + 4)?;
    let is_sound = kind == DRAWING
        && counts == DRAWING_COUNTS
        && length as usize + 8 == art
        && group + 8 + group_length as usize == art;
    if !is_sound {
        return None;
    }
    let behind = survey.objects_end?;
    let number = numbers.take(drawing, notes.len() as u32);
    let object = survey.last_object;
    let mut records = Stream::default();
    let mut places = Stream::default();
    let mut added = 0;
    for (note, position) in notes.iter().zip(0_u16..) {
        let object = object + 1 + position;
        let shape = Shape::Note(note.clone()).write(number + u32::from(position), object);
        records.record(id::MSODRAWING, &shape.art);
        records.0.extend_from_slice(&shape.object);
        places.record(id::NOTE, &note.place(object).0);
        added += shape.art_size as u32;
    }
    let body = first.offset + 4;
    splices.put_u32(body + 4, length + added);
    splices.put_u32(body + 16, first.u32(16)?.saturating_add(notes.len() as u32));
    splices.put_u32(body + 20, number + notes.len() as u32 - 1);
    splices.put_u32(body + group + 4, group_length + added);
    splices.insert(behind, records.0);
    splices.insert(survey.notes_end.unwrap_or(behind), places.0);
    Some(())
}

pub(super) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_le_bytes(pair))
}

pub(super) fn double(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(four))
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(four) = bytes.get_mut(at..at + 4) {
        four.copy_from_slice(&value.to_le_bytes());
    }
}

pub(super) fn grow(bytes: &mut [u8], at: usize, by: i64) {
    let grown = i64::from(double(bytes, at).unwrap_or(0)).saturating_add(by);
    put(bytes, at, grown.max(0) as u32);
}
