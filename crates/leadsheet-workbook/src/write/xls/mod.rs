//! Drafts as `.xls`, the binary workbook of Excel 97 to 2003 (BIFF8, MS-XLS): a new workbook that looks like the `.xlsx`
//! composed from the same.
//!
//! The records are our own, because no maintained crate writes drop-downs, notes and filters in this format; the
//! compound file around them is the `cfb` crate's.

pub(crate) mod book;
pub(crate) mod drawing;
pub(crate) mod properties;
pub(crate) mod record;
pub(crate) mod sheet;
pub(crate) mod style;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod validation;

use std::collections::{HashMap, HashSet};

use leadsheet_core::{CellRange, CellRef};

use self::book::Book;
use self::drawing::Note;
use self::sheet::{
    Cell, Content, DEFAULT_WIDTH, MOST_COLUMNS, MOST_ROWS, RowLook, SheetParts, height_of,
};
use self::style::{Font, Style};
use self::validation::{Allowed, Validation};
use super::as_it_stands;
pub(crate) use super::draft::LONGEST_TEXT;
use super::draft::{
    CellNote, Draft, Filling, Limit, PADDING, Placed, Stored, serial, stored, wraps,
};
use super::guide::Entry;
use super::look::{BLUE, Line, Look, PALE};
use crate::error::WriteError;
use crate::read::biff::error_code;

/// The longest name of a sheet, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// Cells of a merged range that are given its look; those of a whole merged column are not worth it.
const MOST_MERGED_CELLS: u64 = 10_000;

/// The last day that a workbook can count. A rule cannot say "today" here; the text of its error does.
const LAST_DAY: f64 = 2_958_465.0;

/// Columns that the box of a note spans.
const NOTE_COLUMNS: u16 = 3;

/// Writes drafts, a sheet each.
pub(super) fn compose(drafts: &[Draft<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut book = Book::default();
    for draft in drafts {
        let mut composer = Composer::new(&mut book, draft)?;
        composer.furnish(draft)?;
        composer.fill(draft)?;
        let parts = composer.parts;
        book.sheets.push(parts);
    }
    book.into_file()
}

/// One sheet while it is composed.
struct Composer<'b> {
    book: &'b mut Book,
    parts: SheetParts,
    /// Cells whose text has the room of several.
    merged: HashSet<CellRef>,
    /// Cell formats of values by number format, without and with wrapped text.
    formats: HashMap<String, [Option<u16>; 2]>,
}

impl<'b> Composer<'b> {
    fn new(book: &'b mut Book, draft: &Draft<'_>) -> Result<Self, WriteError> {
        check_name(&draft.name, &book.sheets)?;
        let (rows, columns) = draft.extent();
        if rows > MOST_ROWS || columns > MOST_COLUMNS {
            return Err(WriteError::SheetTooLarge {
                sheet: draft.name.clone(),
                rows,
                columns,
                most_rows: MOST_ROWS,
                most_columns: MOST_COLUMNS,
            });
        }
        let parts = SheetParts {
            name: draft.name.clone(),
            visibility: draft.visibility,
            is_active: draft.is_active,
            is_bare: draft.is_bare,
            ..SheetParts::default()
        };
        Ok(Self {
            book,
            parts,
            merged: HashSet::new(),
            formats: HashMap::new(),
        })
    }

    /// Everything but the cells.
    fn furnish(&mut self, draft: &Draft<'_>) -> Result<(), WriteError> {
        for (&column, drafted) in draft.columns.range(..MOST_COLUMNS) {
            let xf = match &drafted.look {
                Some(look) => Some(self.xf(look)?),
                None => None,
            };
            let look = self.parts.columns.entry(column as u16).or_default();
            // In 256 parts of a character, up to 255 of them (§2.4.53).
            look.width = drafted
                .width
                .map(|width| (width * 256.0).round().clamp(0.0, 65_280.0) as u16);
            look.is_hidden = drafted.is_hidden;
            look.xf = xf;
        }
        let height = draft.extent().0;
        for &(first, last) in &draft.hidden_rows {
            for row in first..=last.min(height.max(first)).min(MOST_ROWS - 1) {
                self.parts.rows.entry(row as u16).or_default().is_hidden = true;
            }
        }
        for (&row, &height) in draft.heights.range(..MOST_ROWS) {
            let look = self.parts.rows.entry(row as u16).or_default();
            // In twentieths of a point.
            look.height = Some((height * 20.0) as u16);
            look.is_fixed = true;
        }
        self.parts.frozen_rows = draft.frozen.0 as u16;
        self.parts.frozen_columns = draft.frozen.1 as u16;
        self.parts.filter = draft.filter.and_then(|range| within(&range));
        if let Some(page) = &draft.page {
            self.parts.is_wide = true;
            self.parts.footer = page.footer.as_ref().map(|text| format!("&C{text}"));
            self.parts.printed_heading = page
                .repeated
                .map(|(first, last)| (first as u16, last as u16));
        }
        let rules = draft.limits.iter().filter_map(validation);
        self.parts.validations.extend(rules);
        self.note(&draft.notes);
        Ok(())
    }

    fn note(&mut self, notes: &[CellNote]) {
        let font = |bold| Font {
            bold,
            ..Font::default()
        };
        for note in notes {
            let fonts = (
                self.book.styles.font(&font(true)),
                self.book.styles.font(&font(false)),
            );
            self.parts.notes.push(Note {
                cell: note.cell,
                author: "leadsheet".to_owned(),
                text: note.text.clone(),
                columns: NOTE_COLUMNS,
                // Twenty pixels to a row.
                rows: (note.height / 20) as u16,
                fonts,
            });
        }
    }

    fn fill(&mut self, draft: &Draft<'_>) -> Result<(), WriteError> {
        for (merge, look) in &draft.merges {
            self.merge(merge, look)?;
        }
        for (row, cells) in draft.rows() {
            for (column, placed) in cells {
                self.write(draft, CellRef::new(row, column), &placed)?;
            }
        }
        Ok(())
    }

    fn merge(&mut self, merge: &CellRange, look: &Look) -> Result<(), WriteError> {
        let Some(merge) = within(merge).filter(|merge| merge.first != merge.last) else {
            return Ok(());
        };
        let xf = self.xf(look)?;
        let (rows, columns) = (
            merge.first.row..=merge.last.row,
            merge.first.column..=merge.last.column,
        );
        let size = u64::from(merge.last.row - merge.first.row + 1)
            * u64::from(merge.last.column - merge.first.column + 1);
        if size <= MOST_MERGED_CELLS {
            let cells =
                rows.flat_map(|row| columns.clone().map(move |column| CellRef::new(row, column)));
            for cell in cells {
                self.push(cell, xf, Content::Nothing);
            }
        }
        self.merged.insert(merge.first);
        self.parts.merges.push(merge);
        Ok(())
    }

    fn write(
        &mut self,
        draft: &Draft<'_>,
        cell: CellRef,
        placed: &Placed<'_>,
    ) -> Result<(), WriteError> {
        match placed {
            Placed::Own(filling, look) => {
                let xf = self.xf(look)?;
                let content = match filling {
                    // Whoever cannot have it counted counts it.
                    Filling::Nothing | Filling::Formula(..) => Content::Nothing,
                    Filling::Text(text) => return self.text(draft, cell, text, xf),
                    Filling::Number(number) => Content::Number(*number),
                    Filling::Date(date) => Content::Number(serial(*date).unwrap_or_default()),
                };
                self.push(cell, xf, content);
            }
            Placed::Said(text) => {
                let xf = self.xf_of_value("@", false)?;
                self.text(draft, cell, text, xf)?;
            }
            &Placed::Value(value, usual) => match stored(value, usual) {
                Stored::Nothing => {}
                Stored::Text(text) => {
                    let wrapped = wraps(&text);
                    let xf = self.xf_of_value("", wrapped)?;
                    if wrapped && !self.merged.contains(&cell) {
                        self.grow(cell, &text);
                    }
                    self.text(draft, cell, &text, xf)?;
                }
                Stored::Number(number, format) => {
                    let xf = self.xf_of_value(format, false)?;
                    self.push(cell, xf, Content::Number(number));
                }
                Stored::Bool(value) => {
                    let xf = self.xf_of_value("", false)?;
                    self.push(cell, xf, Content::Bool(value));
                }
                Stored::Error(error) => {
                    let xf = self.xf_of_value("", false)?;
                    self.push(cell, xf, Content::Error(error_code(error)));
                }
            },
        }
        Ok(())
    }

    fn text(
        &mut self,
        draft: &Draft<'_>,
        cell: CellRef,
        text: &str,
        xf: u16,
    ) -> Result<(), WriteError> {
        draft.check_text(cell, text)?;
        let position = self.book.texts.position(text);
        let position = position.map_err(|full| WriteError::Compose(full.to_string()))?;
        self.push(cell, xf, Content::Text(position));
        Ok(())
    }

    fn push(&mut self, cell: CellRef, xf: u16, content: Content) {
        self.parts.cells.push(Cell {
            row: cell.row as u16,
            column: cell.column as u16,
            xf,
            content,
        });
    }

    fn xf(&mut self, look: &Look) -> Result<u16, WriteError> {
        self.book.styles.xf(&style_of(look))
    }

    fn xf_of_value(&mut self, number_format: &str, wrapped: bool) -> Result<u16, WriteError> {
        if let Some(known) = self.formats.get(number_format)
            && let Some(xf) = known[usize::from(wrapped)]
        {
            return Ok(xf);
        }
        let xf = self.xf(&Look::value(number_format, wrapped))?;
        let known = self.formats.entry(number_format.to_owned()).or_default();
        known[usize::from(wrapped)] = Some(xf);
        Ok(xf)
    }

    /// Makes the row as high as a wrapped text needs: Excel does it by itself in an `.xlsx`, but takes the word of an
    /// `.xls`.
    fn grow(&mut self, cell: CellRef, text: &str) {
        let column = self.parts.columns.get(&(cell.column as u16));
        let width = column.and_then(|look| look.width).unwrap_or(DEFAULT_WIDTH);
        let height = height_of(text, f64::from(width) / 256.0 - PADDING);
        let row: &mut RowLook = self.parts.rows.entry(cell.row as u16).or_default();
        row.height = Some(row.height.map_or(height, |known| known.max(height)));
    }
}

fn style_of(look: &Look) -> Style {
    Style {
        number_format: look.number_format.clone(),
        font: Font {
            bold: look.bold,
            italic: look.italic,
            underlined: false,
            size: look.size,
            colour: look.letters,
        },
        fill: look.fill,
        border: (look.line == Line::Around).then_some(PALE),
        below: (look.line == Line::Below).then_some(BLUE),
        side: look.side,
        wrapped: look.wrapped,
        at_top: false,
    }
}

/// What a rule can say of a limit; `None` for what takes a formula.
fn validation(limit: &Limit) -> Option<Validation> {
    let entry = match &limit.entry {
        Entry::Term { terms, .. } => Allowed::List(terms.clone()),
        Entry::Date { earliest, .. } => {
            let earliest = earliest.and_time(chrono::NaiveTime::MIN);
            Allowed::DateBetween(serial(earliest).unwrap_or_default(), LAST_DAY)
        }
        Entry::Share => Allowed::NumberBetween(0.0, 1.0),
        Entry::Amount => Allowed::NumberFrom(0.0),
        Entry::Phone => return None,
    };
    Some(Validation {
        cells: within(&limit.cells)?,
        entry,
        is_strict: limit.entry.is_strict(),
        hint: None,
        error: Some((limit.title.clone(), limit.refusal.clone())),
    })
}

/// The merged ranges without those that overlap another, as far as the sheet goes.
pub(crate) fn apart(merges: &[CellRange]) -> Vec<CellRange> {
    let merges: Vec<CellRange> = merges.iter().filter_map(within).collect();
    as_it_stands::apart(&merges)
}

/// A range as far as the sheet goes.
fn within(range: &CellRange) -> Option<CellRange> {
    let row = range.last.row.min(MOST_ROWS - 1);
    let column = range.last.column.min(MOST_COLUMNS - 1);
    let (first, last) = (range.first, CellRef::new(row, column));
    (first.row <= row && first.column <= column).then_some(CellRange { first, last })
}

/// A name that Excel takes: 1 to 31 characters, none of `[]:*?/\`, no apostrophe at either end, none twice.
fn check_name(name: &str, others: &[SheetParts]) -> Result<(), WriteError> {
    let length = name.encode_utf16().count();
    let known: HashSet<String> = others
        .iter()
        .map(|sheet| sheet.name.to_lowercase())
        .collect();
    let is_sound = (1..=LONGEST_NAME).contains(&length)
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !known.contains(&name.to_lowercase());
    if is_sound {
        Ok(())
    } else {
        Err(WriteError::BadSheetName(name.to_owned()))
    }
}
