//! The shared texts: read with all their formatting, masked, and written anew.

use leadsheet_core::{MaskEdit, Masker};

use super::sweep::{Veil, sweep};
use crate::patch::xls::globals::{Globals, Span, bodies};
use crate::read::xls::record::{Records, id};
use crate::read::xls::text::Body;
use crate::write::xls::record::{MAX_BODY, Stream};
use crate::write::xls::text::Units;

/// The table of shared texts.
pub(super) struct SharedTexts {
    pub(super) table: Option<Span>,
    used: u32,
    texts: Vec<SharedText>,
    /// Whether any differs from what the file holds.
    pub(super) changed: bool,
}

struct SharedText {
    text: String,
    /// Where formatting changes, counted in units, and the font from there on.
    runs: Vec<(u16, u16)>,
    /// How it is pronounced.
    extension: Vec<u8>,
}

impl SharedTexts {
    /// Reads the table; `None` where it is not whole.
    pub(super) fn read(stream: &[u8], globals: &Globals) -> Option<Self> {
        let table = globals.all(id::SST).next();
        let mut shared = Self {
            table,
            used: 0,
            texts: Vec::new(),
            changed: false,
        };
        let Some(span) = table else {
            return Some(shared);
        };
        let first = Records::new(stream, span.at).next()?;
        shared.used = first.u32(0)?;
        let count = first.u32(4)?;
        let mut body = Body::new(first.from(8), bodies(stream, span).split_off(1));
        for _ in 0..count {
            let units = body.u16()?;
            let flags = body.u8()?;
            let runs = if flags & 0x08 == 0 { 0 } else { body.u16()? };
            let extension = if flags & 0x04 == 0 { 0 } else { body.u32()? };
            let read = body.units(usize::from(units), flags & 1 == 1);
            if !read.sound && read.text.encode_utf16().count() != usize::from(units) {
                return None;
            }
            let runs = (0..runs)
                .map(|_| Some((body.u16()?, body.u16()?)))
                .collect::<Option<_>>()?;
            let extension = body.bytes(extension as usize);
            shared.texts.push(SharedText {
                text: read.text,
                runs,
                extension,
            });
        }
        Some(shared)
    }

    /// Hides everybody; gives how many texts changed.
    pub(super) fn mask(&mut self, masker: &Masker) -> u64 {
        let mut changed = 0;
        for text in &mut self.texts {
            let edits = masker.edits(&text.text);
            if !edits.is_empty() {
                text.mask(&edits);
                changed += 1;
            } else if sweep(&mut text.extension, masker, Veil::Stars) > 0 {
                changed += 1;
            }
        }
        self.changed |= changed > 0;
        changed
    }

    /// The position of one more text, which another cell names.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        self.changed = true;
        self.used = self.used.saturating_add(1);
        let plain = |known: &SharedText| {
            known.text == text && known.runs.is_empty() && known.extension.is_empty()
        };
        if let Some(position) = self.texts.iter().rposition(plain) {
            return position as u32;
        }
        self.texts.push(SharedText {
            text: text.to_owned(),
            runs: Vec::new(),
            extension: Vec::new(),
        });
        self.texts.len() as u32 - 1
    }

    /// The table's records (SST, MS-XLS §2.4.265, and those that go on with it).
    pub(super) fn write(&self) -> Vec<u8> {
        let mut table = Table {
            stream: Stream::default(),
            id: id::SST,
            body: Vec::new(),
        };
        table.body.extend_from_slice(&self.used.to_le_bytes());
        table
            .body
            .extend_from_slice(&(self.texts.len() as u32).to_le_bytes());
        for text in &self.texts {
            table.add(text);
        }
        table.end_record();
        table.stream.0
    }
}

impl SharedText {
    fn mask(&mut self, edits: &[MaskEdit]) {
        let units = |text: &str| text.encode_utf16().count() as u16;
        let mut masked = String::new();
        let mut at = 0;
        // Where each stretch of the old text begins and ends, and where it begins in the new one.
        let mut moved = Vec::new();
        for edit in edits {
            masked.push_str(&self.text[at..edit.range.start]);
            let from = units(&self.text[..edit.range.start]);
            let to = units(&self.text[..edit.range.end]);
            moved.push((from, to, units(&masked), units(&edit.mask)));
            masked.push_str(&edit.mask);
            at = edit.range.end;
        }
        masked.push_str(&self.text[at..]);
        for (position, _) in &mut self.runs {
            let old = *position;
            let Some((from, to, new, length)) = moved.iter().rev().find(|(from, ..)| *from <= old)
            else {
                continue;
            };
            *position = if old >= *to {
                old - to + new + length
            } else {
                new + (old - from).min(*length)
            };
        }
        let end = units(&masked);
        self.runs.retain(|(position, _)| *position < end);
        self.runs.dedup_by(|next, before| {
            let is_same = next.0 == before.0;
            if is_same {
                before.1 = next.1;
            }
            is_same
        });
        self.text = masked;
        // How a name is pronounced is the name.
        self.extension.clear();
    }
}

struct Table {
    stream: Stream,
    id: u16,
    body: Vec<u8>,
}

impl Table {
    fn add(&mut self, text: &SharedText) {
        // The head of a text stands in one record, with its first character.
        const HEAD_AND_CHARACTER: usize = 9 + 4;
        if self.body.len() + HEAD_AND_CHARACTER > MAX_BODY {
            self.end_record();
        }
        let units = Units::of(&text.text);
        let flags = u8::from(units.wide)
            | if text.runs.is_empty() { 0 } else { 8 }
            | if text.extension.is_empty() { 0 } else { 4 };
        self.body
            .extend_from_slice(&(units.count as u16).to_le_bytes());
        self.body.push(flags);
        if !text.runs.is_empty() {
            self.body
                .extend_from_slice(&(text.runs.len() as u16).to_le_bytes());
        }
        if !text.extension.is_empty() {
            self.body
                .extend_from_slice(&(text.extension.len() as u32).to_le_bytes());
        }
        let mut at = 0;
        loop {
            let taken = units.fitting(at, MAX_BODY - self.body.len());
            self.body.extend_from_slice(&units.bytes[at..at + taken]);
            at += taken;
            if at == units.bytes.len() {
                break;
            }
            self.end_record();
            self.body.push(units.wide.into());
        }
        for (position, font) in &text.runs {
            if self.body.len() + 4 > MAX_BODY {
                self.end_record();
            }
            self.body.extend_from_slice(&position.to_le_bytes());
            self.body.extend_from_slice(&font.to_le_bytes());
        }
        for byte in &text.extension {
            if self.body.len() == MAX_BODY {
                self.end_record();
            }
            self.body.push(*byte);
        }
    }

    fn end_record(&mut self) {
        self.stream.record(self.id, &self.body);
        self.id = id::CONTINUE;
        self.body.clear();
    }
}
