//! Texts that stand in the cells themselves, each kept once where a column repeats itself: most columns of a
//! follow-up table have a handful of words, and a few are free text that no search would find again.

use std::hash::BuildHasher;
use std::hint;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{CellRef, Full, ValueId, Values};

use super::short_texts::{Found, ShortText, ShortTexts};

/// Columns that are told apart; those further to the right share their memory.
const COLUMNS: usize = 128;
/// Texts of a column that are looked up before it is judged.
const TRIED: u32 = 4_096;
/// Of the texts of a column that hardly repeats itself, one in so many is still looked up: it may change its ways.
const SAMPLE: u32 = 16;

/// The texts of a sheet that are known already.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// Longer texts, with their hashes, for the texts themselves are far away.
    known: HashTable<(u64, ValueId)>,
    hasher: DefaultHashBuilder,
    columns: Vec<Column>,
}

/// What the texts of a column were so far.
#[derive(Clone, Debug, Default)]
struct Column {
    /// Texts of up to sixteen bytes: numbers of leads, telephones, terms.
    words: ShortTexts<2>,
    /// Texts of up to 48 bytes, sixteen characters of Chinese: customers, short sentences.
    phrases: ShortTexts<6>,
    /// The last longer text.
    last: ValueId,
    tried: u32,
    found: u32,
    /// Free text: looking each of them up costs time and keeps nothing out.
    is_free: bool,
    unsampled: u32,
}

/// How a text is remembered near at hand.
#[derive(Clone, Copy, Debug)]
enum Short {
    Word(ShortText<2>),
    Phrase(ShortText<6>),
    Long,
}

impl Short {
    #[inline]
    fn of(text: &[u8]) -> Self {
        if let Some(word) = ShortText::word(text) {
            return Self::Word(word);
        }
        ShortText::phrase(text).map_or(Self::Long, Self::Phrase)
    }

    /// Its hash; nothing for a long text, of which that would cost more than it may be worth.
    #[inline]
    fn hash(self, hasher: &DefaultHashBuilder) -> u64 {
        match self {
            Self::Word(word) => word.hash(hasher),
            Self::Phrase(phrase) => phrase.hash(hasher),
            Self::Long => 0,
        }
    }
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
    fn recall(&self, short: Short) -> Option<ValueId> {
        match short {
            Short::Word(word) => self.words.recall(word),
            Short::Phrase(phrase) => self.phrases.recall(phrase),
            Short::Long => None,
        }
    }

    #[inline]
    fn touch(&self, short: Short, hash: u64) -> u64 {
        match short {
            Short::Word(_) => self.words.touch(hash),
            Short::Phrase(_) => self.phrases.touch(hash),
            Short::Long => 0,
        }
    }

    #[inline]
    fn remember(&mut self, short: Short, id: ValueId) {
        match short {
            Short::Word(word) => self.words.remember(word, id),
            Short::Phrase(phrase) => self.phrases.remember(phrase, id),
            Short::Long => self.last = id,
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

/// Texts that wait to be looked up together: looking them up one by one is waiting for memory one by one.
#[derive(Debug, Default)]
pub(super) struct Waiting<'t> {
    texts: Vec<WaitingText<'t>>,
}

#[derive(Debug)]
struct WaitingText<'t> {
    cell: CellRef,
    text: &'t str,
    short: Short,
    hash: u64,
}

impl Waiting<'_> {
    /// More than a processor fetches at a time, and few enough for its first cache to hold them and what they find.
    const MOST: usize = 64;

    pub(super) const fn is_full(&self) -> bool {
        self.texts.len() >= Self::MOST
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
        let short = Short::of(text.as_bytes());
        if let Some(id) = self.columns.get(column).and_then(|it| it.recall(short)) {
            return Ok(id);
        }
        let hash = short.hash(&self.hasher);
        self.look_up(values, column, text, short, hash)
    }

    /// The id of a text seen lately in the column of this cell. Any other waits until [`settle`](Self::settle) is
    /// called.
    #[inline]
    pub(super) fn id_or_wait<'t>(
        &self,
        cell: CellRef,
        text: &'t str,
        waiting: &mut Waiting<'t>,
    ) -> Option<ValueId> {
        let short = Short::of(text.as_bytes());
        let column = self.columns.get(cell.column as usize % COLUMNS);
        let id = column.and_then(|it| it.recall(short));
        if id.is_none() {
            let hash = short.hash(&self.hasher);
            waiting.texts.push(WaitingText {
                cell,
                text,
                short,
                hash,
            });
        }
        id
    }

    /// Looks up what waits and gives each cell its id, in the order in which they came.
    pub(super) fn settle(
        &mut self,
        values: &mut Values,
        waiting: &mut Waiting<'_>,
        mut set: impl FnMut(CellRef, ValueId),
    ) -> Result<(), Full> {
        // None of these places depends on another, so the processor fetches them side by side.
        let touched = waiting.texts.iter().fold(0, |touched, waiting| {
            let column = self.columns.get(waiting.cell.column as usize % COLUMNS);
            touched ^ column.map_or(0, |column| column.touch(waiting.short, waiting.hash))
        });
        hint::black_box(touched);
        for one in waiting.texts.drain(..) {
            let column = one.cell.column as usize % COLUMNS;
            let id = self.look_up(values, column, one.text, one.short, one.hash)?;
            set(one.cell, id);
        }
        Ok(())
    }

    #[inline(never)]
    fn look_up(
        &mut self,
        values: &mut Values,
        column: usize,
        text: &str,
        short: Short,
        hash: u64,
    ) -> Result<ValueId, Full> {
        if self.columns.len() <= column {
            self.columns.resize_with(column + 1, Column::default);
        }
        let Some(column) = self.columns.get_mut(column) else {
            return values.add_text(text);
        };
        let bytes = text.as_bytes();
        let is_last = || values.is_own_text(column.last, bytes);
        if matches!(short, Short::Long) && !column.is_free && is_last() {
            return Ok(column.last);
        }
        if !column.searches() {
            let id = values.add_text(text)?;
            column.remember(short, id);
            return Ok(id);
        }
        let hasher = &self.hasher;
        let found = match short {
            Short::Word(word) => {
                let add = || values.add_text(text);
                column.words.find_or_add(hasher, word, hash, add)?
            }
            Short::Phrase(phrase) => {
                let add = || values.add_text(text);
                column.phrases.find_or_add(hasher, phrase, hash, add)?
            }
            Short::Long => {
                let hash = hasher.hash_one(bytes);
                let same =
                    |&(known, id): &(u64, ValueId)| known == hash && values.is_own_text(id, bytes);
                let known = self.known.find(hash, same).map(|&(_, id)| id);
                let found = match known {
                    Some(id) => Found::Known(id),
                    None => Found::New(values.add_text(text)?),
                };
                if let Found::New(id) = found {
                    self.known
                        .insert_unique(hash, (hash, id), |&(hash, _)| hash);
                }
                found
            }
        };
        column.searched(matches!(found, Found::Known(_)));
        let (Found::Known(id) | Found::New(id)) = found;
        if matches!(short, Short::Long) {
            column.last = id;
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_a_column() -> Result<(), Full> {
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
            let elsewhere = interner.id(&mut values, 3, text)?;
            assert_eq!(values.get(elsewhere).as_text(), Some(text));
            assert_eq!(interner.id(&mut values, 3, text)?, elsewhere);
        }
        Ok(())
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
        let known: usize = interner.columns.iter().map(|it| it.phrases.len()).sum();
        assert!(known < 8_000, "{known}");
        let mut ids = std::collections::HashSet::new();
        for text in texts.iter().cycle().take(400_000) {
            ids.insert(interner.id(&mut values, 0, text)?);
        }
        assert!(ids.len() < 100_000, "{}", ids.len());
        Ok(())
    }
}
