//! Text of BIFF8: UTF-16, each unit in one byte where all of the text allows it. The shared strings are one long body
//! that goes on in CONTINUE records, and where a string is cut it says anew how wide its units are.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{Full, Texts};

use super::record::{Body, MAX_BODY, Stream};
use crate::read::xls::record::id;

/// The units of a text.
pub(crate) struct Units {
    /// How many.
    pub(crate) count: usize,
    /// Whether each takes two bytes.
    pub(crate) wide: bool,
    /// The units themselves.
    pub(crate) bytes: Vec<u8>,
}

impl Units {
    /// The units of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let wide = text.chars().any(|character| character > '\u{FF}');
        let count = text.encode_utf16().count();
        let bytes = if wide {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.encode_utf16().map(|unit| unit as u8).collect()
        };
        Self { count, wide, bytes }
    }

    /// How many bytes of the units from `at` on go into `room` bytes. A character of two units is not torn apart:
    /// some readers decode each record by itself.
    pub(crate) fn fitting(&self, at: usize, room: usize) -> usize {
        let rest = self.bytes.len() - at;
        if rest <= room || !self.wide {
            return rest.min(room);
        }
        let taken = room / 2 * 2;
        match taken
            .checked_sub(2)
            .and_then(|last| self.bytes.get(at + last + 1))
        {
            Some(0xD8..=0xDB) => taken - 2,
            _ => taken,
        }
    }
}

impl Body {
    /// A text without its length (`XLUnicodeStringNoCch`, MS-XLS §2.5.296).
    pub(crate) fn text_alone(self, text: &str) -> Self {
        let units = Units::of(text);
        self.u8(units.wide.into()).bytes(&units.bytes)
    }

    /// A text with its length in two bytes (`XLUnicodeString`, §2.5.294).
    pub(crate) fn text(self, text: &str) -> Self {
        self.u16(text.encode_utf16().count() as u16)
            .text_alone(text)
    }

    /// A text with its length in one byte (`ShortXLUnicodeString`, §2.5.240).
    pub(crate) fn short_text(self, text: &str) -> Self {
        self.u8(text.encode_utf16().count() as u8).text_alone(text)
    }
}

/// Every text of the workbook once.
#[derive(Default)]
pub(crate) struct SharedTexts {
    texts: Texts,
    positions: HashTable<u32>,
    hasher: DefaultHashBuilder,
    used: u32,
}

impl SharedTexts {
    /// The position of a text that a cell names.
    ///
    /// # Errors
    /// [`Full`]
    pub(crate) fn position(&mut self, text: &str) -> Result<u32, Full> {
        self.used = self.used.saturating_add(1);
        let hash = self.hasher.hash_one(text);
        let same = |&position: &u32| self.texts.get(position) == text;
        if let Some(&position) = self.positions.find(hash, same) {
            return Ok(position);
        }
        let position = self.texts.push(text)?;
        let (texts, hasher) = (&self.texts, &self.hasher);
        let hash_of = |&position: &u32| hasher.hash_one(texts.get(position));
        self.positions.insert_unique(hash, position, hash_of);
        Ok(position)
    }

    /// Writes the table (SST, §2.4.265).
    pub(crate) fn write(&self, stream: &mut Stream) {
        let count = self.positions.len() as u32;
        let counts = [self.used.to_le_bytes(), count.to_le_bytes()].concat();
        let texts = (0..count).map(|position| Units::of(self.texts.get(position)));
        write_texts(stream, id::SST, &counts, texts);
    }
}

/// Writes texts, cut where a record is full, into a record of type `first` that begins with `head` and CONTINUE records.
pub(crate) fn write_texts(
    stream: &mut Stream,
    first: u16,
    head: &[u8],
    texts: impl Iterator<Item = Units>,
) {
    let mut table = Table {
        stream,
        id: first,
        body: Body::default().bytes(head),
    };
    for text in texts {
        table.add(&text);
    }
    table.end_record();
}

struct Table<'a> {
    stream: &'a mut Stream,
    id: u16,
    body: Body,
}

impl Table<'_> {
    fn add(&mut self, units: &Units) {
        // The head of a string stands in one record, with its first character.
        const HEAD_AND_CHARACTER: usize = 3 + 4;
        if self.body.0.len() + HEAD_AND_CHARACTER > MAX_BODY {
            self.end_record();
        }
        let mut body = std::mem::take(&mut self.body)
            .u16(units.count as u16)
            .u8(units.wide.into());
        let mut at = 0;
        loop {
            let taken = units.fitting(at, MAX_BODY - body.0.len());
            body = body.bytes(&units.bytes[at..at + taken]);
            at += taken;
            if at == units.bytes.len() {
                break;
            }
            self.body = body;
            self.end_record();
            body = Body::default().u8(units.wide.into());
        }
        self.body = body;
    }

    fn end_record(&mut self) {
        self.stream.record(self.id, &self.body.0);
        self.id = id::CONTINUE;
        self.body.0.clear();
    }
}
