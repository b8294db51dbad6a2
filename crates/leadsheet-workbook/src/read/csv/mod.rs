//! Comma-, tab-, semicolon- and bar-separated text. Everything is text but what is certainly a number (`untyped`).
//!
//! Two spellings that keep a spreadsheet program from meddling are taken off: the apostrophe before a text that would
//! run as a formula, which our own writer puts there and puts there again ([`would_run`]), and `="00123"`, by
//! which web systems say that something is text. Blank lines keep their row, so places are those that people see.

mod dialect;
mod field;
#[cfg(test)]
mod tests;

use std::io::{Read, Seek};
use std::sync::Arc;

use leadsheet_core::{CellRef, MAX_COLUMNS, MAX_ROWS, Values};

use self::field::{End, Step, field, plain};
use super::cells::{Cells, NumberFormat};
use super::encoding::{self, Decoded};
use super::untyped;
use super::{NAMELESS, Progress};
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Workbook};
use crate::write::would_run;

/// Bytes of decoded text that the delimiter is found in.
const SAMPLE: usize = 256 << 10;

/// Whether a text is a table because its file is called one, or only if it looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Called {
    /// `.csv`, `.tsv`, `.txt`: it is read whatever it looks like.
    Table,
    /// Anything else.
    SomethingElse,
}

/// Reads a text as one sheet.
pub(super) fn read<R: Read + Seek>(
    mut source: R,
    called: Called,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    let found = encoding::find(&mut source, None, limits)?;
    let mut decoded = Decoded::new(source, found, progress)?;
    let mut window = Vec::new();
    let mut is_all = false;
    while window.len() < SAMPLE && !is_all {
        is_all = !decoded.append_to(&mut window)?;
    }
    let dialect = dialect::sniff(&window, is_all);
    if is_binary(&window) {
        return Err(ReadError::NotAWorkbook(Foreign::Unknown));
    }
    if called == Called::SomethingElse && !dialect.is_table {
        return Err(ReadError::NotAWorkbook(Foreign::PlainText));
    }
    let mut notices = Vec::new();
    if found.guessed {
        notices.push(Notice {
            sheet: None,
            cell: None,
            kind: NoticeKind::EncodingGuessed(found.name()),
        });
    }
    let fields = Fields {
        decoded,
        window,
        at: dialect.skip,
        last: is_all,
        delimiter: dialect.delimiter,
        cell_bytes: limits.cell_bytes,
    };
    let values = Values::new(Arc::default());
    let cells = Cells::new(NAMELESS, values, 0, 0, limits);
    let sheet = fill(cells, fields)?.finish(&mut notices);
    Ok(Workbook {
        kind: FileKind::Csv,
        sheets: vec![sheet],
        notices,
    })
}

/// Whether there are more control characters than any text has.
fn is_binary(text: &[u8]) -> bool {
    let controls = text
        .iter()
        .filter(|&&byte| byte < b' ' && !b"\t\n\r\x0B\x0C\x1A\x1B".contains(&byte))
        .count();
    controls * 50 > text.len()
}

fn fill<R: Read + Seek>(mut cells: Cells, mut fields: Fields<'_, R>) -> Result<Cells, ReadError> {
    let plain_number = NumberFormat::default();
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut beyond, mut last_row) = (0_u64, 0_u32);
    let mut text = String::new();
    while let Some((end, is_unclosed)) = fields.next(&mut text, row, column)? {
        let cell = CellRef::new(row, column);
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            beyond += u64::from(!text.is_empty());
            last_row = row;
        } else {
            if is_unclosed {
                cells.notice(Some(cell), NoticeKind::UnclosedQuote);
            }
            if fields.decoded.has_errors() && text.contains(char::REPLACEMENT_CHARACTER) {
                untyped::bad_encoding(&mut cells, cell, &text);
            }
            match unwrapped(&text) {
                Some(text) => untyped::set_text(&mut cells, cell, text)?,
                None => untyped::set(&mut cells, cell, &text, &plain_number)?,
            }
        }
        (row, column) = match end {
            End::Delimiter => (row, column.saturating_add(1)),
            End::Line => (row.saturating_add(1), 0),
        };
    }
    if beyond > 0 {
        cells.notice(
            None,
            NoticeKind::BeyondSheet {
                cells: beyond,
                row: last_row.saturating_add(1),
            },
        );
    }
    Ok(cells)
}

/// The text that a guard against spreadsheet programs stands around.
fn unwrapped(text: &str) -> Option<&str> {
    if let Some(guarded) = text.strip_prefix('\'') {
        return would_run(guarded).then_some(guarded);
    }
    let quoted = text.strip_prefix("=\"")?.strip_suffix('"')?;
    (!quoted.contains('"')).then_some(quoted)
}

/// The fields of a text, one after the other.
struct Fields<'p, R> {
    decoded: Decoded<'p, R>,
    window: Vec<u8>,
    at: usize,
    last: bool,
    delimiter: u8,
    cell_bytes: u64,
}

impl<R: Read + Seek> Fields<'_, R> {
    /// Puts the next field into `text`; says what ended it, and whether a quotation mark at its beginning was never
    /// closed and therefore taken for a character.
    fn next(
        &mut self,
        text: &mut String,
        row: u32,
        column: u32,
    ) -> Result<Option<(End, bool)>, ReadError> {
        text.clear();
        let mut is_unclosed = false;
        loop {
            let rest = self.window.get(self.at..).unwrap_or_default();
            if rest.is_empty() && self.last && column == 0 {
                return Ok(None);
            }
            let step = if is_unclosed {
                plain(rest, self.delimiter, self.last)
            } else {
                field(rest, self.delimiter, self.last)
            };
            match step {
                Step::Field(bytes, taken, end) => {
                    if bytes.len() as u64 > self.cell_bytes {
                        return Err(self.too_long(row, column));
                    }
                    text.push_str(&String::from_utf8_lossy(&bytes));
                    self.at += taken;
                    return Ok(Some((end, is_unclosed)));
                }
                Step::Unclosed => is_unclosed = true,
                Step::Incomplete if rest.len() as u64 <= self.cell_bytes => self.read_on()?,
                // No cell is that long: the quotation mark that began it never meant to.
                Step::Incomplete if !is_unclosed && rest.first() == Some(&b'"') => {
                    is_unclosed = true;
                }
                Step::Incomplete => return Err(self.too_long(row, column)),
            }
        }
    }

    /// Drops what was read and at least doubles what was not.
    fn read_on(&mut self) -> Result<(), ReadError> {
        self.window.drain(..self.at);
        self.at = 0;
        let wanted = self.window.len() * 2 + 1;
        while !self.last && self.window.len() < wanted {
            self.last = !self.decoded.append_to(&mut self.window)?;
        }
        Ok(())
    }

    fn too_long(&self, row: u32, column: u32) -> ReadError {
        ReadError::Limit {
            part: format!("{NAMELESS}!{}", CellRef::new(row, column)),
            limit: "cell_bytes",
            maximum: self.cell_bytes,
        }
    }
}
