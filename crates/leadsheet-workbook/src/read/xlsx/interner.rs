//! Texts that stand in the cells themselves, each kept once where a column repeats itself: most columns of a
//! follow-up table have a handful of words, and a few are free text that no search would find again.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{Full, ValueId, Values};

/// Columns that are told apart; those further to the right share their memory.
const COLUMNS: usize = 128;
/// Short texts remembered for a column: at first, and for one that has a larger vocabulary. Powers of two.
const RECENT: [usize; 2] = [64, 1_024];
/// Texts found in the far table before a column gets the larger memory.
const FOUND_FAR: u32 = 512;
/// Bytes of a short text: ten characters of Chinese.
const SHORT: usize = 32;
/// Texts of a column that are looked up before it is judged.
const TRIED: u32 = 4_096;
/// Of the texts of a column that hardly repeats itself, one in so many is still looked up: it may change its ways.
const SAMPLE: u32 = 16;

/// The texts of a sheet that are known already.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// With their hashes, for the texts themselves are far away.
    known: HashTable<(u64, ValueId)>,
    hasher: DefaultHashBuilder,
    columns: Vec<Column>,
}

/// What the texts of a column were so far.
#[derive(Clone, Debug, Default)]
struct Column {
    /// The last longer text.
    last: ValueId,
    /// Short texts by their hash.
    recent: Vec<(ShortText, ValueId)>,
    tried: u32,
    found: u32,
    /// Free text: looking each of them up costs time and keeps nothing out.
    is_free: bool,
    unsampled: u32,
}

impl Column {
    /// Whether the next text is worth a search.
    #[inline]
    const fn searches(&mut self) -> bool {
        if !self.is_free {
            return true;
        }
        self.unsampled += 1;
        if self.unsampled < SAMPLE {
            return false;
        }
        self.unsampled = 0;
        true
    }

    #[inline]
    fn recall(&self, short: ShortText) -> Option<ValueId> {
        let &(known, id) = self.recent.get(short.slot(self.recent.len()))?;
        (known == short).then_some(id)
    }

    #[inline]
    fn remember(&mut self, id: ValueId, short: Option<ShortText>) {
        let Some(short) = short else {
            self.last = id;
            return;
        };
        let [few, many] = RECENT;
        if self.recent.is_empty() || (self.recent.len() == few && self.found >= FOUND_FAR) {
            let length = if self.recent.is_empty() { few } else { many };
            self.recent = vec![(ShortText::default(), ValueId::EMPTY); length];
        }
        let slot = short.slot(self.recent.len());
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = (short, id);
        }
    }

    const fn searched(&mut self, found: bool) {
        self.tried += 1;
        self.found += found as u32;
        if self.tried == TRIED {
            self.is_free = self.found < TRIED / SAMPLE;
            self.tried = 0;
            self.found = 0;
        }
    }
}

impl Interner {
    /// The id of a text in a cell of this column, which is added where it is new.
    #[inline]
    pub(super) fn id(
        &mut self,
        values: &mut Values,
        column: u32,
        text: &str,
    ) -> Result<ValueId, Full> {
        let column = column as usize % COLUMNS;
        let short = ShortText::of(text.as_bytes());
        if let (Some(short), Some(column)) = (short, self.columns.get(column))
            && let Some(id) = column.recall(short)
        {
            return Ok(id);
        }
        self.look_up(values, column, text, short)
    }

    #[inline(never)]
    fn look_up(
        &mut self,
        values: &mut Values,
        column: usize,
        text: &str,
        short: Option<ShortText>,
    ) -> Result<ValueId, Full> {
        if self.columns.len() <= column {
            self.columns.resize_with(column + 1, Column::default);
        }
        let Some(column) = self.columns.get_mut(column) else {
            return values.add_text(text);
        };
        let bytes = text.as_bytes();
        if short.is_none() && !column.is_free && values.is_own_text(column.last, bytes) {
            return Ok(column.last);
        }
        if !column.searches() {
            let id = values.add_text(text)?;
            column.remember(id, short);
            return Ok(id);
        }
        let hash = self.hasher.hash_one(bytes);
        let same = |&(known, id): &(u64, ValueId)| known == hash && values.is_own_text(id, bytes);
        let found = self.known.find(hash, same).map(|&(_, id)| id);
        column.searched(found.is_some());
        let id = if let Some(id) = found {
            id
        } else {
            let id = values.add_text(text)?;
            self.known
                .insert_unique(hash, (hash, id), |&(hash, _)| hash);
            id
        };
        column.remember(id, short);
        Ok(id)
    }
}

/// A text of up to [`SHORT`] bytes as numbers that are equal for equal texts only: its two ends, which meet or
/// overlap, and its length (plus one, so that nothing is not the empty text).
#[derive(Clone, Copy, Debug, Default)]
struct ShortText {
    words: [u64; 4],
    length: u32,
}

impl PartialEq for ShortText {
    /// Word by word: as one piece of memory it would have to be written down first.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let differing = self.words.iter().zip(&other.words);
        let differing = differing.fold(0, |bits, (word, other)| bits | (word ^ other));
        differing | u64::from(self.length ^ other.length) == 0
    }
}

impl ShortText {
    #[inline]
    fn of(text: &[u8]) -> Option<Self> {
        let words = match text.len() {
            17..=SHORT => {
                let (start, end) = (text.first_chunk::<16>()?, text.last_chunk::<16>()?);
                let [first, second] = halves(start)?;
                let [third, last] = halves(end)?;
                [first, second, third, last]
            }
            8..=16 => [
                u64::from_le_bytes(*text.first_chunk()?),
                u64::from_le_bytes(*text.last_chunk()?),
                0,
                0,
            ],
            4..=7 => [
                u64::from(u32::from_le_bytes(*text.first_chunk()?)),
                u64::from(u32::from_le_bytes(*text.last_chunk()?)),
                0,
                0,
            ],
            0..=3 => {
                let number = text
                    .iter()
                    .fold(0, |number, &byte| number << 8 | u64::from(byte));
                [number, 0, 0, 0]
            }
            _ => return None,
        };
        let length = text.len() as u32 + 1;
        Some(Self { words, length })
    }

    /// One of so many places, a power of two.
    #[inline]
    fn slot(self, of: usize) -> usize {
        let [first, second, third, last] = self.words;
        let one = (first ^ third.rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let other = (second ^ last.rotate_left(41)).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let mixed = one ^ other.rotate_left(32);
        (mixed >> 32) as usize & of.wrapping_sub(1)
    }
}

#[inline]
fn halves(bytes: &[u8; 16]) -> Option<[u64; 2]> {
    let (first, last) = (bytes.first_chunk()?, bytes.last_chunk()?);
    Some([u64::from_le_bytes(*first), u64::from_le_bytes(*last)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_wherever_it_stands() -> Result<(), Full> {
        let (mut interner, mut values) =
            (Interner::default(), Values::new(std::sync::Arc::default()));
        let texts = [
            "",
            "a",
            "ab",
            "abc",
            "电话",
            "电话沟通",
            "abcdefgh",
            "abcdefghijklmnop",
            "abcdefghijklmnopq",
            "\0",
            "\0\0",
        ];
        let mut ids = Vec::new();
        for text in texts {
            ids.push(interner.id(&mut values, 0, text)?);
        }
        for (text, id) in texts.into_iter().zip(ids) {
            assert_eq!(values.get(id).as_text(), Some(text));
            assert_eq!(interner.id(&mut values, 0, text)?, id);
            assert_eq!(interner.id(&mut values, 3, text)?, id);
        }
        Ok(())
    }

    #[test]
    fn short_texts_are_equal_only_where_they_are() {
        let letters = ["", "a", "b", "\0"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts
                .iter()
                .flat_map(|text| letters.map(|letter| format!("{text}{letter}")))
                .collect();
        }
        let long: Vec<_> = texts
            .iter()
            .map(|text| format!("{text}0123456789{text}abcdef{text}"))
            .collect();
        texts.extend(long);
        texts.sort();
        texts.dedup();
        for one in &texts {
            for other in texts.iter().filter(|other| *other != one) {
                let (one, other) = (
                    ShortText::of(one.as_bytes()),
                    ShortText::of(other.as_bytes()),
                );
                assert!(one != other || one.is_none());
            }
        }
    }

    #[test]
    fn free_text_is_hardly_searched_until_it_repeats_itself() -> Result<(), Full> {
        let (mut interner, mut values) =
            (Interner::default(), Values::new(std::sync::Arc::default()));
        let texts: Vec<_> = (0..20_000)
            .map(|number| format!("第{number}次沟通，客户没有时间"))
            .collect();
        for text in &texts {
            let id = interner.id(&mut values, 0, text)?;
            assert_eq!(values.get(id).as_text(), Some(text.as_str()));
        }
        assert!(interner.known.len() < 8_000);
        let mut ids = std::collections::HashSet::new();
        for text in texts.iter().cycle().take(400_000) {
            ids.insert(interner.id(&mut values, 0, text)?);
        }
        assert!(ids.len() < 100_000, "{}", ids.len());
        Ok(())
    }
}
