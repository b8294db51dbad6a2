//! Parquet files, ours and those of pandas, DuckDB, polars and Spark: one sheet, its columns under their names.
//!
//! Files of ours know where every value stood (`provenance.rs`), and every value goes back there. In others the names
//! of the columns are the heading in row 1. Row group by row group goes straight into dictionary columns, several
//! columns at a time; there is no limit of a million rows.

mod chunk;
mod column;
mod extent;
mod header;
mod kinds;
mod pages;
mod runs;
mod side_by_side;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use leadsheet_core::{CellRef, Full, MAX_COLUMNS, Value, ValueId, Values};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::ColumnDescPtr;

use self::column::{Extent, Intake, Store};
use self::kinds::Kind;
use self::pages::{Packing, Pages};
use self::side_by_side::{Meter, Taken};
use super::{NAMELESS, Needed, Progress};
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::provenance::{self, ColumnNote, Provenance, StoredCell};
use crate::sheet::{FileKind, Sheet, Workbook};

/// What a file begins and ends with.
const MAGIC: &[u8] = b"PAR1";
/// The length of the description and [`MAGIC`] once more.
const TAIL: u64 = 8;
/// Cells that every file may have; beyond them a byte of the file stands for so many.
const FEW_CELLS: u64 = 1 << 24;
const CELLS_A_BYTE: u64 = 1000;
/// Times the limit of cells that may be named, filled or not.
const NAMED: u64 = 5;

/// Reads the table as one sheet.
pub(super) fn read<R: Read + Seek + Send>(
    source: R,
    limits: &Limits,
    needed: Option<Needed<'_>>,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    // The library checks what it reads. Should it trust a damaged file too far one day, that costs the file only.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        ParquetFile::open(source, limits)?.workbook(needed, progress)
    }));
    outcome.unwrap_or_else(|_| Err(damaged("a page", "it cannot be decoded")))
}

/// The path of the workbook that a parquet file of ours was taken from, as it was named then.
pub(super) fn origin(path: &Path) -> Option<String> {
    let limits = Limits::default();
    let file = std::fs::File::open(path).ok()?;
    let opened = catch_unwind(AssertUnwindSafe(|| ParquetFile::open(file, &limits)));
    opened.ok()?.ok()?.provenance()?.file
}

fn damaged(part: &str, reason: impl std::fmt::Display) -> ReadError {
    ReadError::Damaged {
        part: part.to_owned(),
        reason: format!("{reason}"),
    }
}

fn limit(maximum: u64) -> ReadError {
    ReadError::Limit {
        part: NAMELESS.to_owned(),
        limit: "cells",
        maximum,
    }
}

/// An open file: what it says of itself, and the bytes.
struct ParquetFile<'l, R> {
    source: Mutex<R>,
    size: u64,
    limits: &'l Limits,
    said: ParquetMetaData,
}

/// A column of the file on its way into the sheet.
struct Incoming {
    /// Position among the columns of the file.
    position: usize,
    kind: Kind,
    /// Where it goes, counted from 0.
    to: u32,
    format: String,
    /// Position of the column with the cells that this one's type could not hold.
    raw: Option<usize>,
}

/// The sheet before its rows are read.
struct Table {
    /// What stands above the rows.
    around: Sheet,
    /// What stands below them.
    below: Vec<(CellRef, ValueId)>,
    incoming: Vec<Incoming>,
    /// The rows of the sheet that rows go to, counted from 0; `None` where they follow the heading.
    numbers: Option<Vec<u32>>,
}

impl<'l, R: Read + Seek + Send> ParquetFile<'l, R> {
    fn open(mut source: R, limits: &'l Limits) -> Result<Self, ReadError> {
        let size = source.seek(SeekFrom::End(0))?;
        let Some(tail_at) = size.checked_sub(TAIL) else {
            return Err(ReadError::NotAWorkbook(Foreign::Unknown));
        };
        let mut tail = [0; TAIL as usize];
        source.seek(SeekFrom::Start(tail_at))?;
        source.read_exact(&mut tail)?;
        let [a, b, c, d, magic @ ..] = tail;
        if magic == *b"PARE" {
            return Err(ReadError::Encrypted);
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if magic != *MAGIC || length > tail_at {
            return Err(damaged("the end of the file", "it breaks off"));
        }
        source.seek(SeekFrom::Start(tail_at - length))?;
        let mut description = vec![0; length as usize];
        source.read_exact(&mut description)?;
        let said = ParquetMetaDataReader::decode_metadata(&description)
            .map_err(|error| damaged("the description of the table", error))?;
        Ok(Self {
            source: Mutex::new(source),
            size,
            limits,
            said,
        })
    }

    /// Where the values stood, where the file says so.
    fn provenance(&self) -> Option<Provenance> {
        let entries = self.said.file_metadata().key_value_metadata()?;
        let entry = entries.iter().find(|entry| entry.key == provenance::KEY)?;
        let provenance: Provenance = serde_json::from_str(entry.value.as_deref()?).ok()?;
        (provenance.schema == provenance::SCHEMA).then_some(provenance)
    }

    fn columns(&self) -> &[ColumnDescPtr] {
        self.said.file_metadata().schema_descr().columns()
    }

    fn rows(&self) -> Result<u32, ReadError> {
        let of_group = |group: &parquet::file::metadata::RowGroupMetaData| {
            u64::try_from(group.num_rows()).unwrap_or(u64::MAX)
        };
        let rows = self.said.row_groups().iter().map(of_group);
        let rows = rows.fold(0_u64, u64::saturating_add);
        let named = rows.saturating_mul(self.columns().len() as u64);
        let most_named = self.limits.cells.saturating_mul(NAMED);
        if named > most_named || rows >= u64::from(u32::MAX) {
            return Err(limit(most_named));
        }
        Ok(rows as u32)
    }

    fn workbook(
        &self,
        needed: Option<Needed<'_>>,
        progress: Progress<'_>,
    ) -> Result<Workbook, ReadError> {
        let rows = self.rows()?;
        let mut notices = Vec::new();
        let mut notice = |kind| {
            notices.push(Notice {
                sheet: Some(0),
                cell: None,
                kind,
            });
        };
        let mut names: HashMap<String, usize> = HashMap::new();
        for (position, column) in self.columns().iter().enumerate() {
            names
                .entry(column.path().parts().join("."))
                .or_insert(position);
        }
        let provenance = self.provenance();
        let numbers = match (&provenance, names.get(provenance::ROW)) {
            (Some(_), Some(&position)) => self.row_numbers(position, rows)?,
            _ => None,
        };
        let mut store = Store::new(Values::new(Arc::default()), self.limits.strings);
        let mut sheet = Sheet {
            name: NAMELESS.to_owned(),
            ..Sheet::default()
        };
        let placed = provenance.zip(numbers).and_then(|(said, numbers)| {
            let incoming = self.placed(&said, &names)?;
            Some((incoming, numbers, said))
        });
        let mut below = Vec::new();
        let (incoming, numbers) = if let Some((incoming, numbers, said)) = placed {
            let around = surroundings(&said, &mut sheet, &mut store, self.limits).map_err(full)?;
            let first = numbers.first().copied().unwrap_or(u32::MAX);
            for (cell, id) in around {
                // Cells come from top to bottom.
                if cell.row < first {
                    sheet.grid.set(cell, id);
                } else {
                    below.push((cell, id));
                }
            }
            (incoming, Some(numbers))
        } else {
            let incoming = self.under_names(&mut notice);
            for column in &incoming {
                let name = self.columns()[column.position].path().parts().join(".");
                let id = store.text(&name).map_err(full)?;
                sheet.grid.set(CellRef::new(0, column.to), id);
            }
            (incoming, None)
        };
        sheet.values = store.values;
        let table = Table {
            around: sheet,
            below,
            incoming,
            numbers,
        };
        let (sheet, badly_encoded) = self.filled(&table, needed, progress)?;
        for position in badly_encoded {
            notice(NoticeKind::BadEncoding(
                self.columns()[position].path().string(),
            ));
        }
        Ok(Workbook {
            kind: FileKind::Parquet,
            sheets: vec![sheet],
            notices,
        })
    }

    /// The sheet with the rows of all row groups, and the columns with texts that are no UTF-8.
    fn filled(
        &self,
        table: &Table,
        needed: Option<Needed<'_>>,
        progress: Progress<'_>,
    ) -> Result<(Sheet, Vec<usize>), ReadError> {
        let cells = self.limits.cells;
        let most = cells.min(FEW_CELLS.max(self.size.saturating_mul(CELLS_A_BYTE)));
        let packed = table
            .incoming
            .iter()
            .map(|column| self.packed(column))
            .sum();
        let meter = Meter::new(most, self.limits.strings, packed, progress);
        if let Some(needed) = needed
            && let Some(columns) = self.needed_columns(table, needed, &meter)?
        {
            let (sheet, badly_encoded) = assembled(table, columns.taken)?;
            if extent::is_recognised_the_same(&sheet, needed, &columns.layout) {
                return Ok((sheet, badly_encoded));
            }
            meter.reset();
        }
        assembled(table, self.every_column(table, &meter)?)
    }

    /// Bytes of a column in all row groups.
    fn packed(&self, column: &Incoming) -> u64 {
        let groups = self.said.row_groups().iter();
        let positions = [Some(column.position), column.raw];
        groups
            .flat_map(|group| {
                positions
                    .iter()
                    .flatten()
                    .map(|&position| group.column(position))
            })
            .map(|chunk| u64::try_from(chunk.compressed_size()).unwrap_or_default())
            .fold(0, u64::saturating_add)
    }

    /// The columns of a file of ours at the letters where they stood; `None` where the file is not what it says.
    fn placed(&self, said: &Provenance, names: &HashMap<String, usize>) -> Option<Vec<Incoming>> {
        let mut taken = std::collections::HashSet::new();
        let column = |note: &ColumnNote| {
            let to = column_of(&note.letter)?;
            let position = *names.get(&note.name)?;
            let raw = match &note.raw {
                Some(raw) => Some(*names.get(raw)?),
                None => None,
            };
            taken.insert(to).then_some(())?;
            let kind = Kind::of(&self.columns()[position])?;
            Some(Incoming {
                position,
                kind,
                to,
                format: note.format.clone(),
                raw,
            })
        };
        let placed: Vec<_> = said.columns.iter().map(column).collect::<Option<_>>()?;
        // A column that somebody added since has no place to go back to.
        let known: usize = placed
            .iter()
            .map(|it| 1 + usize::from(it.raw.is_some()))
            .sum();
        (known + 1 == self.columns().len()).then_some(placed)
    }

    /// The columns of any other file, side by side.
    fn under_names(&self, notice: &mut impl FnMut(NoticeKind)) -> Vec<Incoming> {
        let mut incoming = Vec::new();
        for (position, column) in self.columns().iter().enumerate() {
            let to = incoming.len() as u32;
            let name = column.path().parts().join(".");
            match Kind::of(column) {
                Some(kind) if to < MAX_COLUMNS => incoming.push(Incoming {
                    position,
                    kind,
                    to,
                    format: kind.usual_format(),
                    raw: None,
                }),
                _ => notice(NoticeKind::ColumnNotRead(name)),
            }
        }
        incoming
    }

    /// The numbers of the rows in their sheet, counted from 0; `None` where they are no such numbers.
    fn row_numbers(&self, position: usize, rows: u32) -> Result<Option<Vec<u32>>, ReadError> {
        let mut intake = Intake::new(Kind::Plain, "", self.limits.strings).map_err(full)?;
        let mut numbers = Vec::new();
        for group in 0..self.said.num_row_groups() {
            for id in self.ids(group, position, &mut intake)? {
                let Value::Number { value, .. } = intake.store.values.get(id) else {
                    return Ok(None);
                };
                let last = numbers.last().map_or(0, |last| last + 1);
                if !(1.0..f64::from(u32::MAX)).contains(&value) || (value as u32) <= last {
                    return Ok(None);
                }
                numbers.push(value as u32 - 1);
            }
        }
        // So many rows between two others are no sheet that anybody kept.
        let last = numbers.last().copied().unwrap_or_default();
        let is_sheet = u64::from(last) <= u64::from(rows) * 64 + (1 << 20);
        Ok(is_sheet.then_some(numbers))
    }

    /// One column whole, of which no more than `extent` is read.
    fn taken(
        &self,
        table: &Table,
        column: &Incoming,
        extent: Extent,
        meter: &Meter<'_>,
    ) -> Result<Taken, ReadError> {
        // What stands right above the rows.
        let heading = table.around.grid.column(column.to).last();
        let heading = heading.map_or(Value::Empty, |(_, id)| table.around.values.get(id));
        let intake = Intake::new(column.kind, &column.format, self.limits.strings)
            .and_then(|intake| intake.limited_to(extent, heading.as_text().unwrap_or_default()))
            .map_err(full)?;
        let mut taken = Taken::new(intake);
        for (row, id) in table.around.grid.column(column.to) {
            let value = table.around.values.get(id);
            let id = taken.intake.store.value(value).map_err(full)?;
            taken.cells.set(row, id);
        }
        taken.begin_rows();
        let mut first = 0;
        for group in 0..self.said.num_row_groups() {
            let mut ids = self.ids(group, column.position, &mut taken.intake)?;
            if let Some(raw) = column.raw {
                self.lay_over(group, raw, &mut ids, &mut taken.intake.store)?;
            }
            let filled = ids.iter().filter(|id| !id.is_empty()).count() as u64;
            taken.filled += filled;
            meter.fill(filled)?;
            match table
                .numbers
                .as_ref()
                .map(|numbers| &numbers[first..][..ids.len()])
            {
                None => taken.cells.append(first as u32 + 1, &ids),
                Some(numbers) => taken.cells.append_at(numbers, &ids),
            }
            first += ids.len();
            let chunks = [Some(column.position), column.raw].into_iter().flatten();
            let chunks = chunks.map(|position| self.said.row_group(group).column(position));
            meter.read(
                chunks
                    .map(|chunk| chunk.compressed_size().cast_unsigned())
                    .sum(),
            );
        }
        taken.intake.forget();
        meter.keep(taken.intake.store.values.own_texts().len() as u64)?;
        if extent != Extent::Values {
            taken.cells.narrow();
        }
        Ok(taken)
    }

    /// The cells that say more than their column's type can hold.
    fn lay_over(
        &self,
        group: usize,
        raw: usize,
        ids: &mut [ValueId],
        store: &mut Store,
    ) -> Result<(), ReadError> {
        let mut notes = Intake::new(Kind::Plain, "", self.limits.strings).map_err(full)?;
        let said = self.ids(group, raw, &mut notes)?;
        let mut known: HashMap<ValueId, ValueId> = HashMap::new();
        for (id, said) in ids.iter_mut().zip(said) {
            if said.is_empty() {
                continue;
            }
            if let Some(&cell) = known.get(&said) {
                *id = cell;
                continue;
            }
            let text = notes.store.values.get(said).as_text().unwrap_or_default();
            let cell: StoredCell = serde_json::from_str(text)
                .map_err(|error| damaged(&self.columns()[raw].path().string(), error))?;
            *id = store
                .value(cell.value())
                .map_err(|_| limit(self.limits.strings))?;
            known.insert(said, *id);
        }
        Ok(())
    }

    /// The ids of a column in one row group.
    fn ids(
        &self,
        group: usize,
        position: usize,
        intake: &mut Intake,
    ) -> Result<Vec<ValueId>, ReadError> {
        let rows = self.said.row_group(group).num_rows() as usize;
        self.first_ids(group, position, rows, intake)
    }

    /// The ids of the first `rows` rows.
    fn first_ids(
        &self,
        group: usize,
        position: usize,
        rows: usize,
        intake: &mut Intake,
    ) -> Result<Vec<ValueId>, ReadError> {
        let chunk = self.said.row_group(group).column(position);
        let descriptor = chunk.column_descr_ptr();
        let packing = Packing::of(chunk.compression()).map_err(ReadError::Unsupported)?;
        let (begin, length) = byte_range(chunk)
            .filter(|(begin, length)| {
                begin
                    .checked_add(*length)
                    .is_some_and(|end| end <= self.size)
            })
            .ok_or_else(|| damaged(&descriptor.path().string(), "it lies outside the file"))?;
        let mut bytes = vec![0; length as usize];
        {
            let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
            source.seek(SeekFrom::Start(begin))?;
            source.read_exact(&mut bytes)?;
        }
        let pages = Pages::new(bytes.into(), packing, self.limits);
        chunk::ids(pages, &descriptor, rows, intake)
            .map_err(|error| damaged(&descriptor.path().string(), error))
    }
}

/// The columns put together, and those with texts that are no UTF-8.
fn assembled(table: &Table, taken: Vec<Taken>) -> Result<(Sheet, Vec<usize>), ReadError> {
    let mut sheet = table.around.clone();
    let mut badly_encoded = Vec::new();
    for (column, taken) in table.incoming.iter().zip(taken) {
        if taken.intake.has_bad_texts {
            badly_encoded.push(column.position);
        }
        let mut cells = taken.cells;
        let moved = sheet.values.append(taken.intake.store.values);
        let moved = moved.map_err(full)?;
        cells.renumber(|id| moved.id(id));
        *sheet.grid.column_mut(column.to) = cells;
    }
    for &(cell, id) in &table.below {
        sheet.grid.set(cell, id);
    }
    sheet.grid.shrink_to_fit();
    Ok((sheet, badly_encoded))
}

fn full(_: Full) -> ReadError {
    ReadError::Limit {
        part: NAMELESS.to_owned(),
        limit: "values",
        maximum: u64::from(u32::MAX),
    }
}

/// Where the pages of a column stand; the library's own answer panics where that is no place.
fn byte_range(chunk: &ColumnChunkMetaData) -> Option<(u64, u64)> {
    let begin = match chunk.dictionary_page_offset() {
        Some(dictionary) if dictionary > 0 => dictionary.min(chunk.data_page_offset()),
        _ => chunk.data_page_offset(),
    };
    Some((
        u64::try_from(begin).ok()?,
        u64::try_from(chunk.compressed_size()).ok()?,
    ))
}

/// The column with these letters, counted from 0.
fn column_of(letter: &str) -> Option<u32> {
    let cell: CellRef = format!("{letter}1").parse().ok()?;
    Some(cell.column)
}

/// What stood around the table: the heading, titles and banners above, totals below.
fn surroundings(
    said: &Provenance,
    sheet: &mut Sheet,
    store: &mut Store,
    limits: &Limits,
) -> Result<Vec<(CellRef, ValueId)>, Full> {
    if let Some(name) = super::sheet_name(&said.sheet) {
        sheet.name = name;
    }
    store.values.count_from_1904(said.counts_from_1904);
    if said.merges.len() as u64 <= limits.merges {
        sheet.merges.clone_from(&said.merges);
    }
    let mut around = Vec::new();
    for (&cell, stored) in &said.around {
        around.push((cell, store.value(stored.value())?));
    }
    let heading_row = said.heading_row.and_then(|row| row.checked_sub(1));
    for note in &said.columns {
        if let (Some(row), Some(column)) = (heading_row, column_of(&note.letter)) {
            around.push((CellRef::new(row, column), store.text(&note.heading)?));
        }
    }
    Ok(around)
}
