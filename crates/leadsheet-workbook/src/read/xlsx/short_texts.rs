//! Short texts of a column near at hand: whole texts beside their ids, so that a text seen before is found by touching
//! one place in memory, not a table, its entry, the place of the text and the text, each far from the other.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;
use leadsheet_core::ValueId;

/// How many texts are remembered as recent: at first, and for columns with larger vocabularies. Powers of two. More would
/// be found, and each of them later: those of a dozen columns shall stay in a processor's nearer caches.
const LENGTHS: [usize; 2] = [64, 512];

/// The texts of a column, of up to so many words of eight bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct ShortTexts<const WORDS: usize> {
    /// Those seen lately by their slot, each in one of two neighbouring places.
    recent: Vec<Known<WORDS>>,
    /// Texts that were known and yet had been forgotten among the recent ones.
    forgotten: usize,
    /// All of them, each at the place its hash names or at the next free one; at least half the places are free, and
    /// there are a power of two. (A table of the standard kind has two places to go to for each text.)
    known: Vec<Known<WORDS>>,
    len: usize,
}

/// A text and its id, or nothing.
#[derive(Clone, Copy, Debug)]
struct Known<const WORDS: usize> {
    words: [u64; WORDS],
    length: u32,
    id: ValueId,
}

impl<const WORDS: usize> Known<WORDS> {
    const NOTHING: Self = Self {
        words: [0; WORDS],
        length: 0,
        id: ValueId::EMPTY,
    };

    const fn new(ShortText { words, length }: ShortText<WORDS>, id: ValueId) -> Self {
        Self { words, length, id }
    }

    const fn is_nothing(&self) -> bool {
        self.length == 0
    }

    #[inline]
    fn is(&self, text: ShortText<WORDS>) -> bool {
        self.text() == text
    }

    const fn text(&self) -> ShortText<WORDS> {
        ShortText {
            words: self.words,
            length: self.length,
        }
    }
}

impl<const WORDS: usize> ShortTexts<WORDS> {
    /// The id of a text seen lately.
    #[inline]
    pub(super) fn recall(&self, text: ShortText<WORDS>) -> Option<ValueId> {
        let slot = text.slot(self.recent.len());
        for slot in [slot, slot ^ 1] {
            let known = self.recent.get(slot)?;
            if known.is(text) {
                return Some(known.id);
            }
        }
        None
    }

    /// Looks where the text of this hash would be, so that it is near at hand when it is searched. What is given says
    /// nothing.
    #[inline]
    pub(super) fn touch(&self, hash: u64) -> u64 {
        // Both ends, for a place may begin in one line of memory and end in the next.
        let ends = |known: &Known<WORDS>| known.words[0] ^ u64::from(known.length);
        self.known.get(self.place(hash)).map_or(0, ends)
    }

    /// The id of a text, which `add` gives where it is new. Half as many as there are recent ones that had been
    /// forgotten, and more are remembered as recent, so that memory stays in proportion to the cells read.
    pub(super) fn find_or_add<E>(
        &mut self,
        hasher: &DefaultHashBuilder,
        text: ShortText<WORDS>,
        hash: u64,
        add: impl FnOnce() -> Result<ValueId, E>,
    ) -> Result<Found, E> {
        if self.len * 2 >= self.known.len() {
            self.make_room(hasher);
        }
        let mut place = self.place(hash);
        while let Some(known) = self.known.get_mut(place) {
            if known.is(text) {
                let id = known.id;
                self.note_forgotten();
                self.remember(text, id);
                return Ok(Found::Known(id));
            }
            if known.is_nothing() {
                let id = add()?;
                *known = Known::new(text, id);
                self.len += 1;
                self.remember(text, id);
                return Ok(Found::New(id));
            }
            place = (place + 1) & (self.known.len() - 1);
        }
        add().map(Found::New)
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
            *first = Known::new(text, id);
        }
    }

    /// How many different texts were added.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn place(&self, hash: u64) -> usize {
        (hash >> 20) as usize & self.known.len().wrapping_sub(1)
    }

    fn make_room(&mut self, hasher: &DefaultHashBuilder) {
        let length = (self.known.len() * 2).max(LENGTHS[0]);
        let before = std::mem::replace(&mut self.known, vec![Known::NOTHING; length]);
        for known in before {
            if known.is_nothing() {
                continue;
            }
            let mut place = self.place(known.text().hash(hasher));
            while let Some(other) = self.known.get_mut(place) {
                if other.is_nothing() {
                    *other = known;
                    break;
                }
                place = (place + 1) & (length - 1);
            }
        }
    }

    fn note_forgotten(&mut self) {
        self.forgotten += 1;
        if self.forgotten * 2 >= self.recent.len() {
            let longer = LENGTHS.iter().find(|&&length| length > self.recent.len());
            if let Some(&length) = longer {
                self.grow(length);
            }
            self.forgotten = 0;
        }
    }

    fn grow(&mut self, length: usize) {
        let before = std::mem::replace(&mut self.recent, vec![Known::NOTHING; length]);
        for known in before {
            if !known.is_nothing() {
                self.remember(known.text(), known.id);
            }
        }
    }
}

/// The id of a text that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It was there.
    Known(ValueId),
    /// It was added.
    New(ValueId),
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
    pub(super) fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
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
        let look_up = |texts: &mut ShortTexts<2>, number: u32| {
            let (word, add) = (word(number), || Ok::<_, ()>(id(number)));
            let found = texts.find_or_add(&hasher, word, word.hash(&hasher), add);
            found.unwrap()
        };
        for number in 0..1_000 {
            assert_eq!(look_up(&mut texts, number), Found::New(id(number)));
        }
        assert_eq!((texts.recent.len(), texts.len()), (64, 1_000));
        for number in 0..1_000 {
            let found = texts.recall(word(number)).map(Found::Known);
            let found = found.unwrap_or_else(|| look_up(&mut texts, number));
            assert_eq!(found, Found::Known(id(number)));
        }
        assert_eq!((texts.recent.len(), texts.len()), (512, 1_000));
    }

    #[test]
    fn texts_of_equal_hashes_are_told_apart() {
        let hasher = DefaultHashBuilder::default();
        let mut texts = ShortTexts::default();
        for _ in 0..2 {
            for number in 0..30_u32 {
                let word = ShortText::word(number.to_string().as_bytes()).unwrap();
                let id = ValueId::shared_text(number).unwrap();
                let (Found::Known(found) | Found::New(found)) = texts
                    .find_or_add(&hasher, word, u64::MAX, || Ok::<_, ()>(id))
                    .unwrap();
                assert_eq!(found, id);
            }
        }
        assert_eq!(texts.len(), 30);
    }
}
