//! New texts, added behind the shared ones in a record of their own.

use super::globals::{Globals, Span, bodies};
use super::splice::Splices;
use crate::patch::new_texts::NewTexts;
use crate::read::xls::record::{Records, id};
use crate::read::xls::text::Body;
use crate::write::xls::record::Stream;
use crate::write::xls::text::{Units, write_texts};

/// The shared texts of a workbook, and those that come to them.
#[derive(Debug)]
pub(super) struct Strings {
    table: Option<Span>,
    /// Cells that name one, as the table says.
    used: u32,
    texts: NewTexts,
}

impl Strings {
    /// Counts the texts. `None` where the table is not whole: then nobody knows which number a new one would have.
    pub(super) fn read(stream: &[u8], globals: &Globals) -> Option<Self> {
        let table = globals.all(id::SST).next();
        let (mut used, mut known) = (0, 0);
        if let Some(span) = table {
            let mut records = Records::new(stream, span.at);
            let first = records.next()?;
            (used, known) = (first.u32(0)?, first.u32(4)?);
            let rest = bodies(stream, span).split_off(1);
            let mut body = Body::new(first.from(8), rest);
            let mut is_whole = true;
            for _ in 0..known {
                // One that is cut short leaves nothing for the next, so only the last one need be looked at.
                is_whole = body.u16().and_then(|units| body.unicode(units))?.sound;
            }
            if !is_whole || body.u8().is_some() {
                return None;
            }
        }
        Some(Self {
            table,
            used,
            texts: NewTexts::after(known),
        })
    }

    /// The number of a text that a cell is to hold.
    pub(super) fn position(&mut self, text: &str) -> u32 {
        self.texts.position(text)
    }

    /// Plans the table's growth.
    pub(super) fn plan(&self, globals: &Globals, splices: &mut Splices) {
        if self.texts.added.is_empty() {
            return;
        }
        let units = self.texts.added.iter().map(|text| Units::of(text));
        let mut stream = Stream::default();
        let (used, count) = (
            self.used.saturating_add(self.texts.named),
            self.texts.known + self.texts.added.len() as u32,
        );
        match self.table {
            Some(span) if self.texts.known > 0 => {
                splices.put_u32(span.at + 4, used);
                splices.put_u32(span.at + 8, count);
                write_texts(&mut stream, id::CONTINUE, &[], units);
                splices.insert(span.end, stream.0);
            }
            // Some readers do not look behind a table that is empty.
            empty => {
                let counts = [used.to_le_bytes(), count.to_le_bytes()].concat();
                write_texts(&mut stream, id::SST, &counts, units);
                let (at, end) =
                    empty.map_or((globals.end, globals.end), |span| (span.at, span.end));
                splices.replace(at, end - at, stream.0);
            }
        }
    }
}
