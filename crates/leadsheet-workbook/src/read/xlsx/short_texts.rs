//! Short texts of a column near at hand: whole texts beside their ids, in the order in which they came, for what came
//! lately comes again, and a small table that says which of them a text may be.

use std::hash::{BuildHasher, Hasher};
use std::iter;

use hashbrown::DefaultHashBuilder;
use leadsheet_core::ValueId;

use super::spelling::first_bytes;

/// Places of the smallest table, a power of two.
const PLACES: usize = 64;
/// Texts up to which a processor's nearer caches hold a column and several others.
const NEAR: usize = 1 << 10;

/// The texts of a column, of up to so many words of eight bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct ShortTexts<const WORDS: usize> {
    /// By hash, each text at the place its hash names or at the next free one: in the lower bits the number of the
    /// text, counted from 1, in those above some of its hash, so that other texts need hardly ever be looked at. At
    /// least a quarter of the places is free (0), and there are a power of two, so those bits suffice.
    places: Vec<u32>,
    known: Vec<Known<WORDS>>,
}

/// A text and its id.
#[derive(Clone, Copy, Debug)]
struct Known<const WORDS: usize> {
    words: [u64; WORDS],
    length: u32,
    id: ValueId,
}

impl<const WORDS: usize> Known<WORDS> {
    #[inline]
    const fn text(&self) -> ShortText<WORDS> {
        ShortText {
            words: self.words,
            length: self.length,
        }
    }
}

impl<const WORDS: usize> ShortTexts<WORDS> {
    /// Whether all of them are so near at hand that it does not pay to look several up together.
    #[inline]
    pub(super) const fn are_near(&self) -> bool {
        self.known.len() <= NEAR
    }

    /// The numbers, counted from 1, of the texts that by their marks may be the one of this hash.
    #[inline]
    fn candidates(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let numbers = self.places.len().wrapping_sub(1);
        let mut at = place(hash, numbers);
        iter::from_fn(move || {
            loop {
                let entry = *self.places.get(at)?;
                let number = entry & numbers as u32;
                // Nothing where the place is free.
                if number == 0 {
                    return None;
                }
                at = (at + 1) & numbers;
                if is_of(entry, hash, numbers) {
                    return Some(number);
                }
            }
        })
    }

    /// The id of the text of this hash.
    #[inline]
    pub(super) fn find(&self, text: ShortText<WORDS>, hash: u64) -> Option<ValueId> {
        self.candidates(hash)
            .find_map(|number| self.is(number, text))
    }

    /// Adds a text that is not there.
    pub(super) fn add(
        &mut self,
        hasher: &DefaultHashBuilder,
        text: ShortText<WORDS>,
        hash: u64,
        id: ValueId,
    ) {
        let ShortText { words, length } = text;
        self.known.push(Known { words, length, id });
        if self.known.len() * 4 > self.places.len() * 3 {
            self.places = vec![0; (self.places.len() * 2).max(PLACES)];
            for (number, known) in (1..).zip(&self.known) {
                put(&mut self.places, number, known.text().hash(hasher));
            }
        } else {
            put(&mut self.places, self.known.len() as u32, hash);
        }
    }

    /// Looks at the place of the table where a text of this hash is or would be: looked at before it is searched, it is
    /// near at hand then. What is given says nothing.
    #[inline]
    pub(super) fn touch_place(&self, hash: u64) -> u64 {
        let place = place(hash, self.places.len().wrapping_sub(1));
        self.places.get(place).copied().unwrap_or_default().into()
    }

    /// The number of the text that most likely is the one of this hash, counted from 1; 0 where there is none.
    #[inline]
    pub(super) fn candidate(&self, hash: u64) -> u32 {
        self.candidates(hash).next().unwrap_or(0)
    }

    /// Looks at the text of this number. What is given says nothing.
    #[inline]
    pub(super) fn touch_text(&self, number: u32) -> u64 {
        // Both ends, for a text may begin in one line of memory and end in the next.
        let ends = |known: &Known<WORDS>| known.words[0] ^ u64::from(known.length);
        let known = self.known.get((number as usize).wrapping_sub(1));
        known.map_or(0, ends)
    }

    /// The id of the text of this number, where it is this one.
    #[inline]
    pub(super) fn is(&self, number: u32, text: ShortText<WORDS>) -> Option<ValueId> {
        let known = self.known.get((number as usize).wrapping_sub(1))?;
        (known.text() == text).then_some(known.id)
    }

    /// How many different texts were added.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.known.len()
    }
}

#[inline]
const fn place(hash: u64, numbers: usize) -> usize {
    (hash >> 8) as usize & numbers
}

/// The bits of the hash that stand above the number of a text.
#[inline]
const fn mark(hash: u64, numbers: usize) -> u32 {
    (hash >> 32) as u32 & !(numbers as u32)
}

#[inline]
const fn is_of(entry: u32, hash: u64, numbers: usize) -> bool {
    entry & !(numbers as u32) == mark(hash, numbers)
}

fn put(places: &mut [u32], number: u32, hash: u64) {
    let numbers = places.len() - 1;
    let mut at = place(hash, numbers);
    while let Some(entry) = places.get_mut(at) {
        if *entry == 0 {
            *entry = mark(hash, numbers) | number;
            break;
        }
        at = (at + 1) & numbers;
    }
}

/// A short text as numbers that are equal for equal texts only: its bytes, or pieces of it which meet or overlap and
/// together cover it, and its length.
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
    /// No text: no other is it.
    pub(super) const NONE: Self = Self {
        words: [0; WORDS],
        length: u32::MAX,
    };

    /// Its hash. The length adds nothing to it: texts of other lengths have other words, but for a few odd ones.
    #[inline]
    pub(super) fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
        let (pairs, _) = self.words.as_chunks::<2>();
        let mut state = hasher.build_hasher();
        for &[first, second] in pairs {
            state.write_u128(u128::from(first) | u128::from(second) << 64);
        }
        state.finish()
    }
}

/// The bits of the first bytes of two words, by how many they are; there are up to sixteen.
const MASKS: [[u64; 2]; 32] = {
    let mut masks = [[0; 2]; 32];
    let mut length = 0;
    while length < masks.len() {
        masks[length] = [
            first_bytes(u64::MAX, length),
            first_bytes(u64::MAX, length.saturating_sub(8)),
        ];
        length += 1;
    }
    masks
};

impl ShortText<2> {
    /// Up to sixteen bytes.
    #[inline]
    pub(super) fn word(text: &[u8]) -> Option<Self> {
        let length = text.len();
        let words = match length {
            9..=16 => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                let last = u64::from_le_bytes(*last) >> (8 * (16 - length));
                [u64::from_le_bytes(*first), last]
            }
            4..=8 => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                let last = u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
                [u64::from(u32::from_le_bytes(*first)) | last, 0]
            }
            0..=3 => {
                let bytes = text.iter().rev();
                let word = bytes.fold(0, |word, &byte| word << 8 | u64::from(byte));
                [word, 0]
            }
            _ => return None,
        };
        let length = length as u32;
        Some(Self { words, length })
    }

    /// The first `length` bytes of these two words. The same as [`word`](Self::word) of them, and no branch.
    #[inline]
    pub(super) const fn beginning([first, second]: [u64; 2], length: usize) -> Self {
        let [keep_first, keep_second] = MASKS[length % MASKS.len()];
        Self {
            words: [first & keep_first, second & keep_second],
            length: length as u32,
        }
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
        let length = text.len() as u32;
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
    fn a_word_in_the_window_is_the_word_itself() {
        let window = b"0123456789abcdef<";
        for length in 0..=16 {
            let words = [0, 8].map(|at| u64::from_le_bytes(*window[at..].first_chunk().unwrap()));
            let word = ShortText::word(&window[..length]).unwrap();
            assert_eq!(ShortText::beginning(words, length), word, "{length}");
        }
    }

    fn id(number: u32) -> ValueId {
        ValueId::shared_text(number).unwrap()
    }

    #[test]
    fn every_text_is_found_again_and_no_other() {
        let hasher = DefaultHashBuilder::default();
        let mut texts = ShortTexts::default();
        let word = |number: u32| {
            let word = ShortText::word(number.to_string().as_bytes()).unwrap();
            (word, word.hash(&hasher))
        };
        for number in 0..5_000 {
            let (text, hash) = word(number);
            assert_eq!(texts.find(text, hash), None);
            texts.add(&hasher, text, hash, id(number));
        }
        for number in 0..10_000 {
            let (text, hash) = word(number);
            let expected = (number < 5_000).then(|| id(number));
            assert_eq!(texts.find(text, hash), expected, "{number}");
        }
        assert_eq!((texts.len(), texts.places.len()), (5_000, 8_192));
    }

    #[test]
    fn texts_of_equal_hashes_are_told_apart() {
        let hasher = DefaultHashBuilder::default();
        let mut texts = ShortTexts::default();
        // Room for all of them.
        let other = ShortText::word(b"other").unwrap();
        texts.add(&hasher, other, other.hash(&hasher), id(100));
        let words = (0..30_u32).map(|number| ShortText::word(number.to_string().as_bytes()));
        for (number, word) in (0..).zip(words.clone()) {
            assert_eq!(texts.find(word.unwrap(), u64::MAX), None);
            texts.add(&hasher, word.unwrap(), u64::MAX, id(number));
        }
        for (number, word) in (0..).zip(words) {
            assert_eq!(texts.find(word.unwrap(), u64::MAX), Some(id(number)));
        }
    }
}
