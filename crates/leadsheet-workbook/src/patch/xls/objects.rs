//! The objects of a worksheet taken apart: which records each shape has, and without some of them.

use leadsheet_core::CellRef;

use super::drawing::{DRAWING, DRAWING_COUNTS, SHAPE, SHAPE_GROUP, SHAPE_TEXT, double, grow, word};
use super::globals::{Span, Tab};
use super::splice::Splices;
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::notes::{AUTHOR, MARK};
use crate::read::xls::record::{Record, Records, id};
use crate::read::xls::text::Body;
use crate::write::xls::record::Stream;

/// Shapes and drawings that are gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forgotten {
    pub(super) shapes: u32,
    pub(super) drawings: u32,
}

impl std::ops::AddAssign for Forgotten {
    fn add_assign(&mut self, other: Self) {
        self.shapes += other.shapes;
        self.drawings += other.drawings;
    }
}

/// A piece of a drawing, and the records that follow it: the object of a shape, or its text.
#[derive(Debug)]
struct Piece {
    span: Span,
    /// Where the records after the drawing's begin.
    rest: usize,
    art: Vec<u8>,
    /// The number of the object, where it is a note.
    note: Option<u16>,
    /// Whether the text is one of ours.
    is_ours: bool,
}

/// A NOTE record.
#[derive(Debug)]
struct Placed {
    span: Span,
    cell: Option<CellRef>,
    object: u16,
    is_ours: bool,
}

/// Takes our notes off the cells of a sheet.
///
/// # Errors
/// [`PatchError::Refused`] where one of them is not as we left it.
pub(super) fn remove_notes(
    stream: &[u8],
    tab: &Tab,
    splices: &mut Splices,
) -> Result<Forgotten, PatchError> {
    let (pieces, places) = objects(stream, tab);
    let mut gone = Vec::new();
    for place in &places {
        let own = pieces
            .iter()
            .position(|piece| piece.note == Some(place.object));
        let Some(shape) = own else { continue };
        let has_our_text = pieces.get(shape + 1).is_some_and(|text| text.is_ours);
        if place.is_ours || has_our_text {
            gone.push((shape, place));
        }
    }
    if gone.is_empty() {
        return Ok(Forgotten::default());
    }
    let refused = |place: &Placed| {
        let cell = place.cell.unwrap_or(CellRef::new(0, 0));
        PatchError::cell(&tab.name, cell, Obstacle::ChangedSince)
    };
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return Ok(Forgotten::default());
    };
    let follow = pieces
        .windows(2)
        .all(|pair| pair[0].span.end == pair[1].span.at);
    let head = head_of(&first.art);
    let (Some((head, group)), true) = (head, follow) else {
        return Err(refused(gone[0].1));
    };
    let mut is_gone = vec![false; pieces.len()];
    let mut removed = 0;
    for &(shape, place) in &gone {
        let skip = if shape == 0 { head } else { 0 };
        let art = pieces[shape].art.get(skip..).unwrap_or_default();
        let text = pieces.get(shape + 1).map_or(&[][..], |text| &text.art);
        let is_whole = word(art, 2) == Some(SHAPE)
            && word(text, 2) == Some(SHAPE_TEXT)
            && double(art, 4).map(|length| length as usize + 8) == Some(art.len() + text.len());
        if !is_whole {
            return Err(refused(place));
        }
        removed += art.len() + text.len();
        is_gone[shape] = true;
        is_gone[shape + 1] = true;
        splices.replace(place.span.at, place.span.end - place.span.at, Vec::new());
    }
    let mut records = Stream::default();
    let mut kept = pieces
        .iter()
        .zip(&is_gone)
        .filter(|(_, is_gone)| !**is_gone);
    let mut forgotten = Forgotten {
        shapes: gone.len() as u32,
        drawings: 0,
    };
    if let Some((piece, _)) = kept.next() {
        let mut art = first.art.get(..head).unwrap_or_default().to_vec();
        for at in [4, group + 4] {
            grow(&mut art, at, -(removed as i64));
        }
        grow(&mut art, 16, -(gone.len() as i64));
        let skip = if piece.span == first.span { head } else { 0 };
        art.extend_from_slice(piece.art.get(skip..).unwrap_or_default());
        records.record(id::MSODRAWING, &art);
        records
            .0
            .extend_from_slice(&stream[piece.rest..piece.span.end]);
        for (piece, _) in kept {
            let bytes = &stream[piece.span.at..piece.span.end];
            records.0.extend_from_slice(bytes);
        }
    } else {
        // The group that held them goes, too.
        forgotten.shapes += 1;
        forgotten.drawings = 1;
    }
    let (at, end) = (first.span.at, last.span.end);
    splices.replace(at, end - at, records.0);
    Ok(forgotten)
}

/// Where the head of a drawing ends, which the group shape closes, and where the record of the group stands.
fn head_of(art: &[u8]) -> Option<(usize, usize)> {
    let mut group = 24;
    if word(art, 2)? != DRAWING || word(art, 10)? != DRAWING_COUNTS {
        return None;
    }
    while word(art, group + 2)? != SHAPE_GROUP {
        group += 8 + double(art, group + 4)? as usize;
    }
    let shape = group + 8;
    let is_shape = word(art, shape + 2)? == SHAPE;
    let end = shape + 8 + double(art, shape + 4)? as usize;
    (is_shape && end <= art.len()).then_some((end, group))
}

/// The pieces of a sheet's drawing, and where its notes are.
fn objects(stream: &[u8], tab: &Tab) -> (Vec<Piece>, Vec<Placed>) {
    let (mut pieces, mut places): (Vec<Piece>, Vec<Placed>) = (Vec::new(), Vec::new());
    let mut records = Records::new(stream, tab.offset);
    records.next();
    let mut depth = 0;
    let mut in_objects = false;
    let mut before = 0;
    while let Some(record) = records.next() {
        let end = records.offset();
        let is_beginning = id::BOF.contains(&record.id);
        if record.id == id::EOF && depth == 0 {
            break;
        }
        if is_beginning {
            depth += 1;
        } else if record.id == id::EOF {
            depth -= 1;
        }
        let nested = depth > 0 || record.id == id::EOF;
        match record.id {
            _ if nested && !in_objects => {}
            id::MSODRAWING if !nested => {
                in_objects = true;
                pieces.push(Piece {
                    span: Span {
                        at: record.offset,
                        end,
                    },
                    rest: end,
                    art: record.body.to_vec(),
                    note: None,
                    is_ours: false,
                });
            }
            id::CONTINUE | id::OBJ | id::TXO if in_objects && !nested => {
                if let Some(piece) = pieces.last_mut() {
                    piece.add(&record, end, before);
                }
            }
            _ if nested => {
                if let Some(piece) = pieces.last_mut() {
                    piece.span.end = end;
                }
            }
            id::NOTE => {
                in_objects = false;
                places.extend(placed(&record, end));
            }
            _ => in_objects = false,
        }
        if record.id != id::CONTINUE {
            before = record.id;
        } else if before == id::TXO {
            // Only the first one after it is its text.
            before = id::CONTINUE;
        }
    }
    (pieces, places)
}

impl Piece {
    fn add(&mut self, record: &Record<'_>, end: usize, before: u16) {
        self.span.end = end;
        match record.id {
            id::CONTINUE if before == id::MSODRAWING => {
                self.art.extend_from_slice(record.body);
                self.rest = end;
            }
            id::CONTINUE if before == id::TXO => {
                let mut body = Body::new(record.body, Vec::new());
                let length = MARK.encode_utf16().count() as u16;
                let text = body.unicode(length);
                self.is_ours = text.is_some_and(|read| read.text == MARK);
            }
            // A note is an object of type 25 (FtCmo, §2.5.143).
            id::OBJ if record.u16(4) == Some(0x19) => self.note = record.u16(6),
            _ => {}
        }
    }
}

fn placed(record: &Record<'_>, end: usize) -> Option<Placed> {
    let cell = record.u16(0).zip(record.u16(2));
    let mut body = Body::new(record.from(8), Vec::new());
    let author = body.u16().and_then(|units| body.unicode(units));
    Some(Placed {
        span: Span {
            at: record.offset,
            end,
        },
        cell: cell.map(|(row, column)| CellRef::new(row.into(), column.into())),
        object: record.u16(6)?,
        is_ours: author.is_some_and(|author| author.text == AUTHOR),
    })
}
