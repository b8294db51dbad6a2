//! What stands before the sheets of a workbook, and where: styles, names, shared texts, the drawings' numbers.

use crate::error::ReadError;
use crate::limits::Limits;
use crate::patch::error::{Obstacle, PatchError};
use crate::read::xls::globals::{self, Biff, Substream, beginning};
use crate::read::xls::record::{Record, Records, id};

/// Tabs that there may be: names count them with a sign.
const MOST_TABS: usize = 0x7FFE;

/// A sheet, and where the globals name it.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    pub(super) name: String,
    /// Where its BOUNDSHEET record begins.
    pub(super) named_at: usize,
    /// Where its substream begins.
    pub(super) offset: usize,
    pub(super) is_worksheet: bool,
}

/// A record with those that go on with it: where they begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) at: usize,
    pub(super) end: usize,
}

/// What the globals say, and where.
#[derive(Debug)]
pub(super) struct Globals {
    pub(super) is_1904: bool,
    pub(super) tabs: Vec<Tab>,
    /// All records, in order, those of nested substreams left out.
    pub(super) spans: Vec<(u16, Span)>,
    /// Where the EOF record begins.
    pub(super) end: usize,
}

impl Globals {
    /// Looks the globals of a BIFF8 stream over.
    ///
    /// # Errors
    /// [`PatchError`] where the stream is of another version, encrypted or damaged.
    pub(super) fn read(stream: &[u8], limits: &Limits) -> Result<Self, PatchError> {
        let read = globals::Globals::read(stream, limits)?;
        if read.biff != Biff::Eight {
            return Err(PatchError::refused("Workbook", Obstacle::TooOld));
        }
        let mut spans: Vec<(u16, Span)> = Vec::new();
        let mut depth = 0;
        let mut end = None;
        let mut records = Records::new(stream, 0);
        records.next();
        while let Some(record) = records.next() {
            match record.id {
                id::FILEPASS => return Err(PatchError::Read(ReadError::Encrypted)),
                id::EOF if depth == 0 => {
                    end = Some(record.offset);
                    break;
                }
                id::EOF => depth -= 1,
                beginning if id::BOF.contains(&beginning) => depth += 1,
                _ if depth > 0 => {}
                id::CONTINUE => {
                    if let Some((_, span)) = spans.last_mut() {
                        span.end = records.offset();
                    }
                }
                id => {
                    let span = Span {
                        at: record.offset,
                        end: records.offset(),
                    };
                    spans.push((id, span));
                }
            }
        }
        let damaged = || PatchError::refused("Workbook", Obstacle::Damaged);
        let end = end.ok_or_else(damaged)?;
        let named = spans.iter().filter(|(id, _)| *id == id::BOUNDSHEET);
        let named: Vec<usize> = named.map(|(_, span)| span.at).collect();
        if named.len() != read.sheets.len() || named.len() > MOST_TABS {
            return Err(damaged());
        }
        let tabs = read.sheets.into_iter().zip(named).map(|(sheet, named_at)| {
            let begins = Records::new(stream, sheet.offset).next();
            let kind = begins.and_then(|first| beginning(&first));
            let is_sound = matches!(kind, Some((_, substream)) if substream != Substream::Globals)
                && sheet.offset > end;
            is_sound.then_some(Tab {
                name: sheet.name,
                named_at,
                offset: sheet.offset,
                is_worksheet: sheet.is_worksheet
                    && matches!(kind, Some((Biff::Eight, Substream::Worksheet))),
            })
        });
        let tabs: Vec<Tab> = tabs.collect::<Option<_>>().ok_or_else(damaged)?;
        Ok(Self {
            is_1904: read.is_1904,
            tabs,
            spans,
            end,
        })
    }

    /// Every record of a type with those that go on with it.
    pub(super) fn all(&self, id: u16) -> impl DoubleEndedIterator<Item = Span> + '_ {
        let of_it = self.spans.iter().filter(move |(found, _)| *found == id);
        of_it.map(|(_, span)| *span)
    }

    /// The end of the last record that is of one of these types.
    pub(super) fn end_of(&self, ids: &[u16]) -> Option<usize> {
        let of_them = self.spans.iter().filter(|(id, _)| ids.contains(id));
        of_them.map(|(_, span)| span.end).next_back()
    }
}

/// The record that begins at `at`.
pub(super) fn record_at(stream: &[u8], at: usize) -> Option<Record<'_>> {
    Records::new(stream, at).next()
}

/// The bodies of the record at `span` and of those that go on with it.
pub(super) fn bodies(stream: &[u8], span: Span) -> Vec<&[u8]> {
    Records::new(stream, span.at)
        .take_while(|record| record.offset < span.end)
        .map(|record| record.body)
        .collect()
}
