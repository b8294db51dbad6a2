//! The substream of one worksheet: its cells, and the little of its layout that matters.

use std::collections::HashMap;

use leadsheet_core::{CellRange, CellRef, Excuse};

use super::globals::{Biff, Formats, Globals};
use super::record::{Record, Records, id};
use super::text::{Body, Read};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::NoticeKind;
use crate::read::biff::{error_name, rk};
use crate::read::cells::{Cells, NumberFormat};

/// What the substream as a whole turned out to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// It is a dialogue sheet of Excel 5.
    pub(super) is_dialogue: bool,
    /// A formula in it holds a result that somebody calculated.
    pub(super) calculated: bool,
    /// Where it ends.
    pub(super) end: usize,
    /// Formulas whose result is 0 and which ask to be calculated when the file is opened.
    pub(super) suspects: Vec<CellRef>,
}

/// Reads the worksheet that begins at `offset` into `cells`.
pub(super) fn read_sheet(
    stream: &[u8],
    offset: usize,
    globals: &Globals,
    limits: &Limits,
    cells: &mut Cells,
) -> Result<Outcome, ReadError> {
    let mut own_formats = Formats::default();
    if globals.biff <= Biff::Four {
        // Before Excel 5 each sheet brings its own formats.
        Records::new(stream, offset)
            .skip(1)
            .take_while(|record| record.id != id::EOF)
            .for_each(|record| own_formats.record(&record, globals.biff, globals.code_page));
        own_formats.finish();
    }
    let formats = if own_formats.is_empty() {
        &globals.formats
    } else {
        &own_formats
    };
    let mut reader = SheetReader {
        globals,
        formats,
        limits,
        cells,
        pending: None,
        note: None,
        noted: HashMap::new(),
        outcome: Outcome::default(),
    };
    reader.read(Records::new(stream, offset))?;
    Ok(reader.outcome)
}

struct SheetReader<'a> {
    globals: &'a Globals,
    formats: &'a Formats,
    limits: &'a Limits,
    cells: &'a mut Cells,
    /// A formula whose result is text, which a STRING record will bring.
    pending: Option<CellRef>,
    /// The number of the object that came last, where it is a note.
    note: Option<u16>,
    /// What notes let stand, by their objects; the NOTE records say later on which cells they are.
    noted: HashMap<u16, Excuse>,
    outcome: Outcome,
}

impl<'a> SheetReader<'a> {
    fn read(&mut self, mut records: Records<'_>) -> Result<(), ReadError> {
        records.next();
        let mut depth = 0_u32;
        let mut ended = false;
        while let Some(record) = records.next() {
            // Embedded charts are substreams within the substream.
            if id::BOF.contains(&record.id) {
                depth += 1;
            } else if record.id == id::EOF {
                if depth == 0 {
                    ended = true;
                    break;
                }
                depth -= 1;
            } else if depth == 0 {
                self.record(&record, &mut records)?;
            }
        }
        self.give_up_pending();
        self.outcome.end = records.offset();
        if !ended || records.is_cut() {
            self.cells.notice(None, NoticeKind::Truncated);
        }
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>, records: &mut Records<'_>) -> Result<(), ReadError> {
        // BIFF2 cells carry three bytes of attributes where later ones name a style in two.
        let is_two = self.globals.biff == Biff::Two;
        match record.id {
            id::LABELSST => {
                let (Some(cell), Some(position)) = (self.cell(record), record.u32(6)) else {
                    return Ok(());
                };
                self.cells.shared_text(cell, position)
            }
            id::NUMBER => self.number(record, record.f64(6)),
            id::NUMBER_2 if is_two => self.number(record, record.f64(7)),
            id::INTEGER_2 if is_two => self.number(record, record.u16(7).map(f64::from)),
            id::RK => self.number(record, record.u32(6).map(rk)),
            id::MULRK => self.many_numbers(record),
            id::LABEL | id::RSTRING => self.label(record, records, 6),
            id::LABEL_2 if is_two => self.label(record, records, 7),
            id::BOOLERR => self.bool_or_error(record, 6),
            id::BOOLERR_2 if is_two => self.bool_or_error(record, 7),
            id::FORMULA | id::FORMULA_3 | id::FORMULA_4 => {
                self.formula(record, if is_two { 7 } else { 6 })
            }
            id::STRING | id::STRING_2 => self.formula_text(record, records),
            id::MERGECELLS => {
                self.merges(record);
                Ok(())
            }
            id::ROW | id::ROW_2 | id::COLINFO | id::COLWIDTH_2 | id::WSBOOL => {
                self.layout(record);
                Ok(())
            }
            id::OBJ => {
                // A note is an object of type 25 (FtCmo, MS-XLS §2.5.143).
                let is_note = record.u16(4) == Some(0x19);
                self.note = record.u16(6).filter(|_| is_note);
                Ok(())
            }
            id::TXO => {
                self.note_text(record, records);
                Ok(())
            }
            id::NOTE => {
                self.noted_cell(record);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The text of a note stands in the records behind its own (TxO, MS-XLS §2.4.329).
    fn note_text(&mut self, record: &Record<'_>, records: &mut Records<'_>) {
        let (Some(object), Some(length)) = (self.note.take(), record.u16(10)) else {
            return;
        };
        let continuations = records.continuations();
        let read = Body::new(&[], continuations).unicode(length);
        let nowhere = CellRef::new(0, 0);
        let excuse = read.and_then(|read| Excuse::parse(nowhere, &read.text));
        self.noted.extend(excuse.map(|excuse| (object, excuse)));
    }

    /// Says on which cell a note is (NoteSh, MS-XLS §2.5.186); until Excel 95 it says the text as well.
    fn noted_cell(&mut self, record: &Record<'_>) {
        let (Some(row), Some(column)) = (record.u16(0), record.u16(2)) else {
            return;
        };
        let cell = CellRef::new(row.into(), column.into());
        let excuse = if self.globals.biff == Biff::Eight {
            let object = record.u16(6);
            let noted = object.and_then(|object| self.noted.remove(&object));
            noted.map(|excuse| Excuse { cell, ..excuse })
        } else {
            let text = self.globals.code_page.decode(record.from(6)).text;
            Excuse::parse(cell, &text)
        };
        self.cells.sheet_mut().excuses.extend(excuse);
    }

    fn cell(&mut self, record: &Record<'_>) -> Option<CellRef> {
        self.give_up_pending();
        let cell = record
            .u16(0)
            .zip(record.u16(2))
            .map(|(row, column)| CellRef::new(row.into(), column.into()));
        if cell.is_none() {
            self.cells.notice(
                None,
                NoticeKind::BadAddress(format!("a cell record at byte {}", record.offset)),
            );
        }
        cell
    }

    /// The format of a cell whose style stands at `at`.
    fn format(&mut self, cell: CellRef, record: &Record<'_>, at: usize) -> &'a NumberFormat {
        let formats = self.formats;
        if self.globals.biff == Biff::Two {
            let format = record
                .body
                .get(at + 1)
                .map_or(0, |&attributes| u16::from(attributes & 0x3F));
            return formats.by_id(format).unwrap_or(formats.general());
        }
        let style = record.u16(at).unwrap_or(0);
        formats.of_style(style).unwrap_or_else(|| {
            // Hand-made writers leave the styles out altogether, and mean nothing by naming one.
            if !formats.is_empty() {
                self.cells
                    .notice(Some(cell), NoticeKind::BadStyle(style.to_string()));
            }
            formats.general()
        })
    }

    fn number(&mut self, record: &Record<'_>, number: Option<f64>) -> Result<(), ReadError> {
        let Some(cell) = self.cell(record) else {
            return Ok(());
        };
        let Some(number) = number else {
            self.cells
                .notice(Some(cell), NoticeKind::BadNumber("record cut short".into()));
            return Ok(());
        };
        let format = self.format(cell, record, 4);
        self.cells.number(cell, number, format)
    }

    fn many_numbers(&mut self, record: &Record<'_>) -> Result<(), ReadError> {
        let Some(first) = self.cell(record) else {
            return Ok(());
        };
        let numbers = record.from(4).len() / 6;
        for position in 0..numbers {
            let at = 4 + position * 6;
            let cell = CellRef::new(first.row, first.column + position as u32);
            let format = self.format(cell, record, at);
            if let Some(number) = record.u32(at + 2) {
                self.cells.number(cell, rk(number), format)?;
            }
        }
        Ok(())
    }

    fn label(
        &mut self,
        record: &Record<'_>,
        records: &mut Records<'_>,
        at: usize,
    ) -> Result<(), ReadError> {
        let Some(cell) = self.cell(record) else {
            return Ok(());
        };
        let read = self.text(record, records, at);
        self.set_text(cell, &read)
    }

    /// A text whose length stands at `at`: one byte in BIFF2, two later.
    fn text(&self, record: &Record<'_>, records: &mut Records<'_>, at: usize) -> Read {
        let mut body = Body::new(record.from(at), records.continuations());
        let length = if self.globals.biff == Biff::Two {
            body.u8().map(u16::from)
        } else {
            body.u16()
        };
        let Some(length) = length else {
            return Read {
                text: String::new(),
                sound: false,
            };
        };
        if self.globals.biff == Biff::Eight {
            return body.unicode(length).unwrap_or(Read {
                text: String::new(),
                sound: length == 0,
            });
        }
        let bytes = body.bytes(length.into());
        let read = self.globals.code_page.decode(&bytes);
        Read {
            sound: read.sound && bytes.len() == usize::from(length),
            ..read
        }
    }

    fn set_text(&mut self, cell: CellRef, read: &Read) -> Result<(), ReadError> {
        if !read.sound {
            self.cells
                .notice(Some(cell), NoticeKind::BadEncoding(read.text.clone()));
        }
        self.cells.text(cell, &read.text)
    }

    fn bool_or_error(&mut self, record: &Record<'_>, at: usize) -> Result<(), ReadError> {
        let Some(cell) = self.cell(record) else {
            return Ok(());
        };
        let Some(&[value, is_error]) = record.body.get(at..at + 2) else {
            self.cells.notice(
                Some(cell),
                NoticeKind::BadBoolean("record cut short".into()),
            );
            return Ok(());
        };
        if is_error == 0 {
            self.bool(cell, value)
        } else {
            self.error(cell, value)
        }
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
            let kind = NoticeKind::UnknownCellType(format!("error {code}"));
            self.cells.notice(Some(cell), kind);
            "#VALUE!"
        });
        self.cells.error(cell, error)
    }

    fn formula(&mut self, record: &Record<'_>, at: usize) -> Result<(), ReadError> {
        let Some(cell) = self.cell(record) else {
            return Ok(());
        };
        self.cells.formula(cell);
        let Some(result) = record.body.get(at..at + 8) else {
            self.cells.not_calculated(cell);
            return Ok(());
        };
        // A number that is none, its upper two bytes all ones, stands for a result of another type.
        if result[6..] != [0xFF, 0xFF] {
            let number = record.f64(at).unwrap_or_default();
            // LibreOffice 7 leaves text results out, and 0 in their place.
            if number == 0.0 && makes_text(record.from(at + 16), record.u16(at + 14)) {
                self.cells.not_calculated(cell);
                return Ok(());
            }
            let asks = record.u16(at + 8).is_some_and(|flags| flags & 2 == 2);
            if number == 0.0 && asks {
                self.outcome.suspects.push(cell);
            } else {
                self.outcome.calculated = true;
            }
            let format = self.format(cell, record, 4);
            return self.cells.number(cell, number, format);
        }
        self.outcome.calculated = true;
        match result[0] {
            0 => {
                self.pending = Some(cell);
                Ok(())
            }
            1 => self.bool(cell, result[2]),
            2 => self.error(cell, result[2]),
            3 => self.cells.text(cell, ""),
            _ => {
                self.cells.not_calculated(cell);
                Ok(())
            }
        }
    }

    fn formula_text(
        &mut self,
        record: &Record<'_>,
        records: &mut Records<'_>,
    ) -> Result<(), ReadError> {
        let read = self.text(record, records, 0);
        match self.pending.take() {
            Some(cell) => self.set_text(cell, &read),
            None => Ok(()),
        }
    }

    /// The next cell has come, and with it no text for the formula before.
    fn give_up_pending(&mut self) {
        if let Some(cell) = self.pending.take() {
            self.cells.not_calculated(cell);
        }
    }

    fn merges(&mut self, record: &Record<'_>) {
        for range in record
            .from(2)
            .chunks(8)
            .take(record.u16(0).unwrap_or(0).into())
        {
            let ends: Vec<u32> = range
                .chunks_exact(2)
                .map(|end| u16::from_le_bytes([end[0], end[1]]).into())
                .collect();
            let &[first_row, last_row, first_column, last_column] = &ends[..] else {
                break;
            };
            if first_row > last_row || first_column > last_column {
                let spelled = format!(
                    "R{}C{}:R{}C{}",
                    first_row + 1,
                    first_column + 1,
                    last_row + 1,
                    last_column + 1
                );
                self.cells.notice(None, NoticeKind::BadMerge(spelled));
                continue;
            }
            let merges = &mut self.cells.sheet_mut().merges;
            if merges.len() as u64 >= self.limits.merges {
                self.cells.notice(
                    None,
                    NoticeKind::BadMerge(format!("more than {}", self.limits.merges)),
                );
                return;
            }
            let (first, last) = (
                CellRef::new(first_row, first_column),
                CellRef::new(last_row, last_column),
            );
            merges.push(CellRange { first, last });
        }
    }

    fn layout(&mut self, record: &Record<'_>) {
        let sheet = self.cells.sheet_mut();
        match record.id {
            id::ROW => {
                let hidden = record.body.get(12).is_some_and(|flags| flags & 0x20 != 0);
                if let (Some(row), true) = (record.u16(0).map(u32::from), hidden) {
                    match sheet.hidden_rows.last_mut() {
                        Some((_, last)) if *last + 1 == row => *last = row,
                        _ => sheet.hidden_rows.push((row, row)),
                    }
                }
            }
            id::COLINFO => {
                let (Some(first), Some(last), Some(width)) =
                    (record.u16(0), record.u16(2), record.u16(4))
                else {
                    return;
                };
                // Excel 95 and others write 256 for the last column.
                let (first, last) = (u32::from(first), u32::from(last.min(255)));
                if first > last {
                    return;
                }
                sheet
                    .column_widths
                    .push((first, last, f64::from(width) / 256.0));
                if record.u16(8).is_some_and(|flags| flags & 1 == 1) {
                    sheet.hidden_columns.push((first, last));
                }
            }
            id::COLWIDTH_2 => {
                let (Some(&[first, last]), Some(width)) = (record.body.get(..2), record.u16(2))
                else {
                    return;
                };
                sheet
                    .column_widths
                    .push((first.into(), last.into(), f64::from(width) / 256.0));
            }
            id::WSBOOL => {
                self.outcome.is_dialogue |= record.u16(0).is_some_and(|flags| flags & 0x10 != 0);
            }
            _ => {}
        }
    }
}

/// Whether the last operation of a formula can give nothing but text: `&` or a function such as TEXT. Both are
/// told by the formula's last bytes.
fn makes_text(tokens: &[u8], length: Option<u16>) -> bool {
    // CHAR, CONCATENATE, DOLLAR, FIXED, LEFT, LOWER, MID, PROPER, REPLACE, REPT, RIGHT, SUBSTITUTE, TEXT, TRIM, UPPER
    const FUNCTIONS: [u16; 15] = [
        111, 336, 13, 14, 115, 112, 31, 114, 119, 30, 116, 120, 48, 118, 113,
    ];
    let tokens = length
        .and_then(|length| tokens.get(..length.into()))
        .unwrap_or_default();
    match tokens {
        [_, .., 0x08] => true,
        [.., 0x21 | 0x41 | 0x61, low, high] | [.., 0x22 | 0x42 | 0x62, _, low, high] => {
            FUNCTIONS.contains(&u16::from_le_bytes([*low, *high]))
        }
        _ => false,
    }
}
