//! One part of a package looked over from its beginning to its end: whatever is text in it, between tags, in attributes,
//! in comments, is masked, and nothing else changes.

use std::io::{self, BufRead};
use std::ops::Range;

use leadsheet_core::CellRef;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::cells::Cell;
use super::context::Context;
use super::runs::{Piece, edited};
use super::{attributes, header};
use crate::error::ReadError;
use crate::mask::{masked_formula, without_stars};
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::scan::{Bounded, reading, without_bom};
use crate::patch::splice::{self, Splice};
use crate::patch::xml::{Tag, escaped, escaped_cell_text};

/// What an element is to masking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// A cell of a worksheet, of another workbook's copy, or of a log of changes.
    Cell,
    /// What a cell, or an item of a chart's copy, holds.
    Value,
    Formula,
    /// Runs of text in it are one text.
    Runs,
    /// How a text is pronounced.
    Phonetic,
    HeaderFooter,
    Author,
    /// Copies of numbers, which are drawn.
    Numbers,
    /// The name of a sheet or range, in the list of what a workbook has.
    Title,
    /// Who is mentioned where in a comment.
    Mentions,
    Row,
    Other,
}

/// A part while it is looked over.
pub(super) struct PartMask<'c, 'p> {
    pub(super) context: &'c mut Context<'p>,
    pub(super) splices: Vec<Splice>,
    roles: Vec<Role>,
    pieces: Vec<Piece>,
    /// Pronunciations in the text at hand: where each is, and its pieces.
    phonetic: Vec<(Range<u64>, Vec<Piece>)>,
    pub(super) cell: Option<Cell>,
    mentions: Vec<Range<u64>>,
    /// Where the next cell is that does not say so.
    next: CellRef,
    /// Where the element at hand can be told to keep blanks at its ends.
    open: Option<u64>,
    /// Whether the last text that runs make was changed.
    changed: bool,
}

/// Masks a part; gives what is to be spliced.
pub(super) fn masked_part(
    source: impl BufRead,
    name: &str,
    context: &mut Context<'_>,
) -> Result<Vec<Splice>, PatchError> {
    let mut part = PartMask {
        context,
        splices: Vec::new(),
        roles: Vec::new(),
        pieces: Vec::new(),
        phonetic: Vec::new(),
        cell: None,
        mentions: Vec::new(),
        next: CellRef::new(0, 0),
        open: None,
        changed: false,
    };
    part.read(source, name)?;
    splice::sort(&mut part.splices);
    Ok(part.splices)
}

impl PartMask<'_, '_> {
    fn read(&mut self, source: impl BufRead, name: &str) -> Result<(), PatchError> {
        let (source, bom) = without_bom(source).map_err(reading)?;
        let Some(bom) = bom else {
            return Err(PatchError::refused(name, Obstacle::Encoding));
        };
        let mut reader = Reader::from_reader(Bounded::new(source));
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let at = bom + reader.buffer_position();
            let event = match reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => {
                    let shared = |error: std::sync::Arc<io::Error>| error.kind().into();
                    return Err(reading(
                        std::sync::Arc::try_unwrap(error).unwrap_or_else(shared),
                    ));
                }
                Err(quick_xml::Error::Encoding(_)) => {
                    return Err(PatchError::refused(name, Obstacle::Encoding));
                }
                Err(_) => return Err(PatchError::refused(name, Obstacle::IllFormed)),
            };
            let place = at..bom + reader.buffer_position();
            match event {
                Event::Start(start) => self.start(Tag(&start), place, false),
                Event::Empty(start) => self.start(Tag(&start), place, true),
                Event::End(_) => self.end(place),
                Event::Text(text) => self.text(&text, place),
                Event::CData(text) => self.text(&text, place),
                Event::GeneralRef(reference) => {
                    let spelled = format!("&{};", &*reference);
                    let text = quick_xml::escape::unescape(&spelled)
                        .map_or(spelled.clone(), std::borrow::Cow::into_owned);
                    self.text(&text, place);
                }
                Event::Comment(comment) => {
                    let inner = place.start + 4..place.end - 3;
                    self.aside(&comment, inner);
                }
                Event::PI(instruction) => {
                    let inner = place.start + 2..place.end - 2;
                    self.aside(&instruction, inner);
                }
                Event::DocType(_) => {
                    return Err(PatchError::Read(ReadError::Doctype(name.to_owned())));
                }
                Event::Eof if self.roles.is_empty() => {
                    self.flush();
                    return Ok(());
                }
                Event::Eof => return Err(PatchError::refused(name, Obstacle::IllFormed)),
                Event::Decl(_) => {}
            }
            reader.get_mut().refill();
        }
    }

    fn role(&self, tag: Tag<'_>) -> Role {
        let parent = self.roles.last();
        match tag.name() {
            "c" | "cell" | "nc" | "oc"
                if tag.get("r").is_some() || tag.get("t").is_some() || self.context.is_sheet =>
            {
                Role::Cell
            }
            "v" | "t" if self.is_in(Role::Numbers) => Role::Value,
            "v" if parent == Some(&Role::Cell) => Role::Value,
            "f"
            | "formula"
            | "formula1"
            | "formula2"
            | "definedName"
            | "calculatedColumnFormula"
            | "totalsRowFormula"
            | "oldFormula"
            | "FmlaMacro"
            | "FmlaLink"
            | "FmlaRange"
            | "FmlaTxbx" => Role::Formula,
            "si" | "is" | "text" | "p" | "div" => Role::Runs,
            "rPh" => Role::Phonetic,
            "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter"
            | "firstFooter" => Role::HeaderFooter,
            "author" | "creator" | "lastModifiedBy" | "Manager" | "Company" => Role::Author,
            "numCache" | "numLit" => Role::Numbers,
            "lpstr" if self.context.is_properties => Role::Title,
            "mentions" => Role::Mentions,
            "row" if self.context.is_sheet => Role::Row,
            _ => Role::Other,
        }
    }

    fn is_in(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn start(&mut self, tag: Tag<'_>, place: Range<u64>, empty: bool) {
        if !self.is_in(Role::Runs) {
            self.flush();
        } else if matches!(tag.name(), "br" | "tab") {
            self.pieces.push(Piece::between("\n"));
        }
        let role = self.role(tag);
        attributes::mask(self.context, tag, place.start + 1, &mut self.splices);
        match role {
            Role::Cell => {
                let cell = Cell::of(tag, place.clone(), self.next);
                self.next = CellRef::new(cell.at.row, cell.at.column.saturating_add(1));
                self.cell = Some(cell);
            }
            Role::Formula => {
                if let Some(cell) = &mut self.cell {
                    cell.has_formula = true;
                }
            }
            Role::Phonetic => self.phonetic.push((place.clone(), Vec::new())),
            Role::Mentions => self.mentions.push(place.clone()),
            Role::Row => {
                let number = tag.number("r").and_then(|row| row.checked_sub(1));
                self.next = CellRef::new(number.unwrap_or(self.next.row), 0);
            }
            _ => {}
        }
        let is_told = tag.get("xml:space").is_some();
        self.open = (tag.name() == "t" && !is_told).then(|| place.end - 1);
        self.roles.push(role);
        if empty {
            self.end(place.end..place.end);
        }
    }

    fn end(&mut self, place: Range<u64>) {
        let Some(role) = self.roles.pop() else { return };
        match role {
            Role::Runs if !self.is_in(Role::Runs) => self.flush_runs(),
            Role::Phonetic => {
                if let Some((range, _)) = self.phonetic.last_mut() {
                    range.end = place.end;
                }
            }
            Role::Mentions => {
                if let Some(mut range) = self.mentions.pop()
                    && self.changed
                {
                    // They are counted from the beginning of a text that is another now.
                    range.end = place.end;
                    self.splices.retain(|splice| splice.at < range.start);
                    self.splices
                        .push(Splice::replace(range.start, range.end - range.start, ""));
                }
            }
            Role::Cell => {
                if let Some(cell) = self.cell.take() {
                    cell.finish(place.end, self);
                }
            }
            Role::Row => self.next = CellRef::new(self.next.row.saturating_add(1), 0),
            Role::Value if self.cell.is_some() => self.value(),
            Role::Value | Role::Formula | Role::HeaderFooter | Role::Author | Role::Title => {
                self.flush_as(role);
            }
            _ if self.is_in(Role::Runs) => {}
            _ => self.flush(),
        }
    }

    fn text(&mut self, text: &str, place: Range<u64>) {
        let pieces = match self.phonetic.last_mut() {
            Some((_, pieces)) if self.roles.contains(&Role::Phonetic) => pieces,
            _ => &mut self.pieces,
        };
        match pieces.last_mut() {
            Some(last) if last.place.end == place.start && last.place.start < last.place.end => {
                last.text.push_str(text);
                last.place.end = place.end;
            }
            _ => pieces.push(Piece {
                place,
                text: text.to_owned(),
                open: self.open,
            }),
        }
    }

    /// A comment or an instruction to a program.
    fn aside(&mut self, text: &str, place: Range<u64>) {
        if let Some(masked) = self.context.masker.masked(text) {
            self.context.count();
            self.splices.push(Splice::replace(
                place.start,
                place.end - place.start,
                masked,
            ));
        }
    }

    /// What stands in a cell's value: kept until all of the cell is known.
    fn value(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if let (Some(cell), [Piece { place, text, .. }]) = (&mut self.cell, &pieces[..]) {
            cell.value = Some((place.clone(), text.clone()));
        }
    }

    /// A text that an element of this role holds as a whole.
    fn flush_as(&mut self, role: Role) {
        let pieces = std::mem::take(&mut self.pieces);
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return;
        };
        let place = first.place.start..last.place.end;
        let text: String = pieces.iter().map(|piece| &*piece.text).collect();
        let context = &*self.context;
        let masked = match role {
            Role::Formula => masked_formula(&text, context.masker, &context.renames),
            Role::HeaderFooter => header::masked(&text, context.masker),
            Role::Author => context.masker.author(&text),
            Role::Title => {
                let renamed = context
                    .renames
                    .sheet(&text)
                    .or_else(|| context.renames.named(&text));
                let renamed = renamed.map(str::to_owned);
                renamed
                    .or_else(|| {
                        text.contains('!')
                            .then(|| masked_formula(&text, context.masker, &context.renames))
                            .flatten()
                    })
                    .or_else(|| without_stars(context.masker, &text))
            }
            // What is drawn must be a number.
            _ => text
                .parse()
                .ok()
                .and_then(|number| context.masker.number(number, false))
                .map(|_| "0".to_owned()),
        };
        if let Some(masked) = masked {
            self.context.count();
            self.splices.push(Splice::replace(
                place.start,
                place.end - place.start,
                escaped(&masked),
            ));
        }
    }

    /// Texts outside runs.
    fn flush(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.is_empty() {
            return;
        }
        let is_number = pieces
            .iter()
            .all(|piece| attributes::is_small_number(&piece.text));
        if !is_number {
            self.mask(&pieces, false);
        }
    }

    /// The runs of one text, together.
    fn flush_runs(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        let phonetic = std::mem::take(&mut self.phonetic);
        self.changed = self.mask(&pieces, self.context.has_cell_texts);
        for (range, pieces) in phonetic {
            if self.changed {
                // How a name is pronounced is the name.
                self.splices.retain(|splice| !range.contains(&splice.at));
                self.splices
                    .push(Splice::replace(range.start, range.end - range.start, ""));
            } else {
                self.mask(&pieces, self.context.has_cell_texts);
            }
        }
    }

    /// Masks pieces of one text; gives whether anything changed.
    fn mask(&mut self, pieces: &[Piece], of_cell: bool) -> bool {
        let escape = if of_cell { escaped_cell_text } else { escaped };
        let changed = edited(pieces, self.context.masker, of_cell);
        for (piece, text) in &changed {
            let length = piece.place.end - piece.place.start;
            if let Some(open) = piece.open.filter(|_| text.trim() != text) {
                let told = Splice::insert(open, " xml:space=\"preserve\"");
                self.splices.push(told);
            }
            self.splices
                .push(Splice::replace(piece.place.start, length, escape(text)));
        }
        if !changed.is_empty() {
            self.context.count();
        }
        !changed.is_empty()
    }
}
