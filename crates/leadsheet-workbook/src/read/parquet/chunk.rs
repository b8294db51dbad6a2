//! A column of one row group: its pages taken apart where they hold a dictionary, plain values or both, as nearly every
//! program writes them. A value of a dictionary is looked at once and then known by its place. Any other encoding is
//! left to the library.

use bytes::Bytes;
use leadsheet_core::ValueId;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader as _};
use parquet::column::reader::get_column_reader;
use parquet::errors::Result;
use parquet::schema::types::ColumnDescPtr;

use super::column::{self, Intake};
use super::header::Kind;
use super::pages::{Pages, damaged};
use super::runs::numbers;

/// The ids of `rows` rows.
pub(super) fn ids(
    pages: Pages,
    column: &ColumnDescPtr,
    rows: usize,
    intake: &mut Intake,
) -> Result<Vec<ValueId>> {
    let max_level = column.max_def_level();
    if column.physical_type() == Type::BOOLEAN || !is_usual(pages.clone(), max_level > 0)? {
        let reader = get_column_reader(column.clone(), Box::new(pages));
        return column::ids(reader, max_level, rows, intake);
    }
    let raw = Raw {
        physical: column.physical_type(),
        length: usize::try_from(column.type_length()).unwrap_or_default(),
    };
    usual(pages, raw, max_level, rows, intake)
}

/// Whether all pages are of the kinds that are taken apart here.
fn is_usual(mut pages: Pages, has_levels: bool) -> Result<bool> {
    while let Some(header) = pages.pass()? {
        let is_usual = match header.kind {
            Kind::Dictionary { encoding, .. } => {
                matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY)
            }
            Kind::Data {
                encoding, levels, ..
            } => {
                let in_runs = !has_levels || levels == Encoding::RLE;
                in_runs && (encoding == Encoding::PLAIN || header.kind.names_values())
            }
            Kind::Data2 { encoding, .. } => {
                encoding == Encoding::PLAIN || header.kind.names_values()
            }
            Kind::Other => true,
        };
        if !is_usual {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How the bytes of a value stand one behind the other.
#[derive(Clone, Copy)]
struct Raw {
    physical: Type,
    /// Of values of a fixed length.
    length: usize,
}

impl Raw {
    /// Takes the next value off `bytes`.
    #[inline]
    fn next<'b>(self, bytes: &mut &'b [u8]) -> Result<&'b [u8]> {
        let length = match self.physical {
            Type::INT32 | Type::FLOAT => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::BYTE_ARRAY => match bytes.split_first_chunk() {
                Some((length, rest)) => {
                    *bytes = rest;
                    u32::from_le_bytes(*length) as usize
                }
                None => usize::MAX,
            },
            _ => self.length,
        };
        let broken = || damaged("a column has fewer values than it says");
        let (value, rest) = bytes.split_at_checked(length).ok_or_else(broken)?;
        *bytes = rest;
        Ok(value)
    }
}

/// The values of a dictionary page.
#[derive(Default)]
struct Dictionary {
    page: Bytes,
    /// Where each value stands in the page.
    spans: Vec<(u32, u32)>,
    /// Of those that were met.
    ids: Vec<Option<ValueId>>,
}

impl Dictionary {
    fn new(page: Bytes, values: u32, raw: Raw) -> Result<Self> {
        let mut rest = &page[..];
        let mut spans = Vec::new();
        for _ in 0..values {
            let value = raw.next(&mut rest)?;
            let end = page.len() - rest.len();
            spans.push(((end - value.len()) as u32, end as u32));
        }
        Ok(Self {
            ids: vec![None; spans.len()],
            spans,
            page,
        })
    }

    #[inline]
    fn id(&mut self, code: u32, raw: Raw, intake: &mut Intake) -> Result<ValueId> {
        match self.ids.get(code as usize) {
            Some(&Some(id)) if !intake.is_sampling() => Ok(id),
            Some(_) => {
                let (start, end) = self.spans[code as usize];
                let is_sampling = intake.is_sampling();
                let id = intake.id(raw.physical, &self.page[start as usize..end as usize])?;
                self.ids[code as usize] = (!is_sampling).then_some(id);
                Ok(id)
            }
            None => Err(damaged("a page names values that its dictionary lacks")),
        }
    }
}

fn usual(
    mut pages: Pages,
    raw: Raw,
    max_level: i16,
    rows: usize,
    intake: &mut Intake,
) -> Result<Vec<ValueId>> {
    let mut ids = Vec::new();
    let mut dictionary = Dictionary::default();
    let (mut levels, mut codes) = (Vec::new(), Vec::new());
    while ids.len() < rows {
        let Some(page) = pages.get_next_page()? else {
            return Err(damaged("a column has fewer rows than the table"));
        };
        let (body, values, encoding, levels_at) = match page {
            Page::DictionaryPage {
                buf, num_values, ..
            } => {
                dictionary = Dictionary::new(buf, num_values, raw)?;
                continue;
            }
            Page::DataPage {
                buf,
                num_values,
                encoding,
                ..
            } => {
                let levels = match (max_level, buf.first_chunk()) {
                    (0, _) => 0..0,
                    (_, Some(length)) => {
                        4..(u32::from_le_bytes(*length) as usize).saturating_add(4)
                    }
                    (_, None) => return Err(damaged("a page has no levels")),
                };
                (buf, num_values, encoding, levels)
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let start = rep_levels_byte_len as usize;
                let end = start.saturating_add(def_levels_byte_len as usize);
                (buf, num_values, encoding, start..end)
            }
        };
        let end = levels_at.end;
        let (Some(levels_there), Some(mut body)) = (body.get(levels_at), body.get(end..)) else {
            return Err(damaged("a page has more levels than bytes"));
        };
        let count = (values as usize).min(rows - ids.len());
        let mut filled = count;
        if max_level > 0 {
            let width = 16 - max_level.leading_zeros();
            numbers(levels_there, width, count, &mut levels)?;
            let is_there = |level: &&u32| **level == max_level as u32;
            filled = levels.iter().filter(is_there).count();
        }
        ids.reserve(count);
        let from = ids.len();
        if encoding == Encoding::PLAIN {
            for _ in 0..filled {
                ids.push(intake.id(raw.physical, raw.next(&mut body)?)?);
            }
        } else if filled > 0 {
            let Some((&width, body)) = body.split_first() else {
                return Err(damaged("a page has fewer values than it says"));
            };
            numbers(body, u32::from(width), filled, &mut codes)?;
            for &code in &codes {
                ids.push(dictionary.id(code, raw, intake)?);
            }
        }
        if filled < count {
            spread(&mut ids, from, &levels, max_level as u32);
        }
    }
    Ok(ids)
}

/// Moves the ids from `from` on to where their levels say that there is a value, and leaves the other rows empty.
fn spread(ids: &mut Vec<ValueId>, from: usize, levels: &[u32], max_level: u32) {
    let mut next = ids.len();
    ids.resize(from + levels.len(), ValueId::EMPTY);
    for row in (0..levels.len()).rev() {
        ids[from + row] = if levels[row] == max_level {
            next -= 1;
            ids[next]
        } else {
            ValueId::EMPTY
        };
    }
}
