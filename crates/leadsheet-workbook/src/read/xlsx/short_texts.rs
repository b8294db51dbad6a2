//! Short texts of a column near at hand: whole texts beside their ids, so that a text seen before is found by touching
//! one or two places in memory, not a table, its entry, the place of the text and the text, each far from the other.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::ValueId;

/// How many texts are remembered as recent: at first, and for columns with larger vocabularies. Powers of two; the
/// last holds the leads that a large team has open at a time and still fits in a processor's second cache.
const LENGTHS: [usize; 3] = [64, 1_024, 8_192];

/// The texts of a column, of up to so many words of eight bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct ShortTexts<const WORDS: usize> {
    /// Those seen lately by their slot, each in one of two neighbouring places.
    recent: Vec<(ShortText<WORDS>, ValueId)>,
    /// Texts that were known and yet had been forgotten among the recent ones.
    forgotten: usize,
    known: HashTable<(ShortText<WORDS>, ValueId)>,
}

impl<const WORDS: usize> ShortTexts<WORDS> {
    /// The id of a text seen lately.
    #[inline]
    pub(super) fn recall(&self, text: ShortText<WORDS>) -> Option<ValueId> {
        let slot = text.slot(self.recent.len());
        for slot in [slot, slot ^ 1] {
            let &(known, id) = self.recent.get(slot)?;
            if known == text {
                return Some(id);
            }
        }
        None
    }

    /// The id of a text that was added before. Half as many of them as there are recent ones, and more are remembered
    /// as recent, so that memory stays in proportion to the cells read.
    pub(super) fn find(
        &mut self,
        hasher: &DefaultHashBuilder,
        text: ShortText<WORDS>,
    ) -> Option<ValueId> {
        let hash = text.hash(hasher);
        let &(_, id) = self.known.find(hash, |(known, _)| *known == text)?;
        self.forgotten += 1;
        if self.forgotten * 2 >= self.recent.len() {
            let longer = LENGTHS.iter().find(|&&length| length > self.recent.len());
            if let Some(&length) = longer {
                self.grow(length);
            }
            self.forgotten = 0;
        }
        self.remember(text, id);
        Some(id)
    }

    /// Adds a text that [`find`](Self::find) did not find.
    pub(super) fn add(&mut self, hasher: &DefaultHashBuilder, text: ShortText<WORDS>, id: ValueId) {
        self.known
            .insert_unique(text.hash(hasher), (text, id), |(text, _)| text.hash(hasher));
        self.remember(text, id);
    }

    /// Remembers a text as recent. The newest stands first, and the one it finds there moves aside.
    pub(super) fn remember(&mut self, text: ShortText<WORDS>, id: ValueId) {
        if self.recent.is_empty() {
            self.grow(LENGTHS[0]);
        }
        let slot = text.slot(self.recent.len());
        let before = self.recent.get(slot).copied();
        if let (Some(before), Some(aside)) = (before, self.recent.get_mut(slot ^ 1)) {
            *aside = before;
        }
        if let Some(first) = self.recent.get_mut(slot) {
            *first = (text, id);
        }
    }

    /// How many different texts were added.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    fn grow(&mut self, length: usize) {
        let empty = (ShortText::NONE, ValueId::EMPTY);
        let before = std::mem::replace(&mut self.recent, vec![empty; length]);
        for (text, id) in before {
            if text != ShortText::NONE {
                self.remember(text, id);
            }
        }
    }
}

/// A short text as numbers that are equal for equal texts only: pieces of it, which meet or overlap and together
/// cover it, and its length (plus one, so that nothing is not the empty text).
#[derive(Clone, Copy, Debug)]
pub(super) struct ShortText<const WORDS: usize> {
    words: [u64; WORDS],
    length: u32,
}

impl<const WORDS: usize> PartialEq for ShortText<WORDS> {
    /// Word by word: as one piece of memory it would have to be written down first.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let differing = self.words.iter().zip(&other.words);
        let differing = differing.fold(0, |bits, (word, other)| bits | (word ^ other));
        differing | u64::from(self.length ^ other.length) == 0
    }
}

impl<const WORDS: usize> ShortText<WORDS> {
    const NONE: Self = Self {
        words: [0; WORDS],
        length: 0,
    };

    fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
        hasher.hash_one((self.words, self.length))
    }

    /// One of so many places, a power of two.
    #[inline]
    fn slot(self, of: usize) -> usize {
        // Every word is turned differently, so that those of a repeating text do not cancel each other out.
        let mixed = self.words.iter().fold(0_u64, |mixed, &word| {
            (mixed.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        (mixed >> 32) as usize & of.wrapping_sub(1)
    }
}

impl ShortText<2> {
    /// Up to sixteen bytes.
    #[inline]
    pub(super) fn word(text: &[u8]) -> Option<Self> {
        let words = match text.len() {
            8..=16 => [
                u64::from_le_bytes(*text.first_chunk()?),
                u64::from_le_bytes(*text.last_chunk()?),
            ],
            4..=7 => [
                u64::from(u32::from_le_bytes(*text.first_chunk()?)),
                u64::from(u32::from_le_bytes(*text.last_chunk()?)),
            ],
            0..=3 => {
                let number = text
                    .iter()
                    .fold(0, |number, &byte| number << 8 | u64::from(byte));
                [number, 0]
            }
            _ => return None,
        };
        let length = text.len() as u32 + 1;
        Some(Self { words, length })
    }
}

impl ShortText<6> {
    /// Seventeen to 48 bytes.
    #[inline]
    pub(super) fn phrase(text: &[u8]) -> Option<Self> {
        let words = match text.len() {
            33..=48 => {
                let (start, end) = (text.first_chunk::<32>()?, text.last_chunk::<16>()?);
                let [first, second] = halves(start.first_chunk()?)?;
                let [third, fourth] = halves(start.last_chunk()?)?;
                let [fifth, last] = halves(end)?;
                [first, second, third, fourth, fifth, last]
            }
            17..=32 => {
                let (start, end) = (text.first_chunk::<16>()?, text.last_chunk::<16>()?);
                let [first, second] = halves(start)?;
                let [third, last] = halves(end)?;
                [first, second, third, last, 0, 0]
            }
            _ => return None,
        };
        let length = text.len() as u32 + 1;
        Some(Self { words, length })
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

    /// Every text of up to five of four letters, alone and with `between` after each of three copies.
    fn texts(between: [&str; 2]) -> Vec<String> {
        let letters = ["", "a", "b", "\0"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts
                .iter()
                .flat_map(|text| letters.map(|letter| format!("{text}{letter}")))
                .collect();
        }
        texts.sort();
        texts.dedup();
        let [first, second] = between;
        texts
            .iter()
            .map(|text| format!("{text}{first}{text}{second}{text}"))
            .collect()
    }

    fn assert_equal_only_themselves<const WORDS: usize>(
        texts: &[String],
        short: impl Fn(&[u8]) -> Option<ShortText<WORDS>>,
    ) {
        let shorts: Vec<_> = texts.iter().map(|text| short(text.as_bytes())).collect();
        assert!(shorts.iter().all(Option::is_some));
        for (position, one) in shorts.iter().enumerate() {
            let same: Vec<_> = (0..shorts.len())
                .filter(|&other| shorts[other] == *one)
                .collect();
            assert_eq!(same, [position], "{:?}", texts[position]);
        }
    }

    #[test]
    fn short_texts_are_equal_only_where_they_are() {
        assert_equal_only_themselves(&texts(["", ""])[..200], ShortText::word);
        assert_equal_only_themselves(&texts(["", "x"])[..200], ShortText::word);
        assert_equal_only_themselves(&texts(["0123456789", "abcdefg"]), ShortText::phrase);
        let longer = ["0123456789abcdef", "ABCDEFGHIJKLMNOP"];
        assert_equal_only_themselves(&texts(longer), ShortText::phrase);
    }

    #[test]
    fn more_is_remembered_only_where_texts_come_back() {
        let hasher = DefaultHashBuilder::default();
        let mut texts = ShortTexts::default();
        let word = |number: u32| ShortText::word(number.to_string().as_bytes()).unwrap();
        let id = |number: u32| ValueId::shared_text(number).unwrap();
        for number in 0..10_000 {
            assert_eq!(texts.find(&hasher, word(number)), None);
            texts.add(&hasher, word(number), id(number));
        }
        assert_eq!(texts.recent.len(), 64);
        for number in 0..10_000 {
            let found = texts.recall(word(number));
            let found = found.or_else(|| texts.find(&hasher, word(number)));
            assert_eq!(found, Some(id(number)));
        }
        assert_eq!(texts.recent.len(), 8_192);
    }
}
