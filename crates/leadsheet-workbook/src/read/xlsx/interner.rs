//! Texts that stand in the cells themselves, each kept once where a column repeats itself: most columns of a
//! follow-up table have a handful of words, and a few are free text that no search would find again.

use std::hash::BuildHasher;
use std::hint;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{CellRef, Full, ValueId, Values};

use super::short_texts::{ShortText, ShortTexts};

/// Columns that are told apart; those further to the right share their memory.
const COLUMNS: usize = 128;
/// Texts of a column that are looked up before it is judged.
const TRIED: u32 = 4_096;
/// Of the texts of a column that hardly repeats itself, one in so many is still kept in mind: it may change its ways.
const SAMPLE: u32 = 16;

/// The texts of a sheet that are known already.
#[derive(Debug, Default)]
pub(super) struct Interner {
    columns: Vec<Column>,
    known: Known,
}

/// What the columns share.
#[derive(Debug, Default)]
struct Known {
    /// Longer texts, with their hashes, for the texts themselves are far away.
    long: HashTable<(u64, ValueId)>,
    hasher: DefaultHashBuilder,
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
    habit: Habit,
}

/// Whether a column repeats itself.
#[derive(Clone, Copy, Debug, Default)]
struct Habit {
    tried: u32,
    found: u32,
    /// Free text: keeping each of them in mind costs time and keeps nothing out.
    is_free: bool,
    unsampled: u32,
}

impl Habit {
    /// Whether the next text is worth keeping in mind.
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

/// Short texts of a column, and how it goes about them.
type Kind<'c, const WORDS: usize> = (&'c mut ShortTexts<WORDS>, &'c mut Habit);

/// The id of a text that is among these, or becomes one of them.
#[inline]
fn find_or_add<const WORDS: usize>(
    (texts, habit): Kind<'_, WORDS>,
    (short, hash): (ShortText<WORDS>, u64),
    hasher: &DefaultHashBuilder,
    add: impl FnOnce() -> Result<ValueId, Full>,
) -> Result<ValueId, Full> {
    let found = texts.find(short, hash);
    habit.searched(found.is_some());
    if let Some(id) = found {
        return Ok(id);
    }
    let id = add()?;
    texts.add(hasher, short, hash, id);
    Ok(id)
}

impl Column {
    #[inline]
    const fn words(&mut self) -> Kind<'_, 2> {
        (&mut self.words, &mut self.habit)
    }

    #[inline]
    const fn phrases(&mut self) -> Kind<'_, 6> {
        (&mut self.phrases, &mut self.habit)
    }

    /// The id of a text that is longer than phrases.
    fn long(
        &mut self,
        known: &mut Known,
        values: &mut Values,
        text: &str,
    ) -> Result<ValueId, Full> {
        let bytes = text.as_bytes();
        if !self.habit.is_free && values.is_own_text(self.last, bytes) {
            return Ok(self.last);
        }
        let hash = known.hasher.hash_one(bytes);
        let same = |&(other, id): &(u64, ValueId)| other == hash && values.is_own_text(id, bytes);
        let found = known.long.find(hash, same).map(|&(_, id)| id);
        self.habit.searched(found.is_some());
        self.last = match found {
            Some(id) => id,
            None => {
                let id = values.add_text(text)?;
                let long = &mut known.long;
                long.insert_unique(hash, (hash, id), |&(hash, _)| hash);
                id
            }
        };
        Ok(self.last)
    }
}

/// Texts that wait to be looked up together: looking them up one by one is waiting for memory one by one.
#[derive(Debug, Default)]
pub(super) struct Waiting<'t> {
    words: Vec<WaitingText<'t, 2>>,
    phrases: Vec<WaitingText<'t, 6>>,
}

/// More than a processor fetches at a time, and few enough for its first cache to hold them and what they find.
const MOST_WAITING: usize = 64;

#[derive(Debug)]
struct WaitingText<'t, const WORDS: usize> {
    cell: CellRef,
    text: &'t str,
    short: ShortText<WORDS>,
    hash: u64,
    /// What the column's table says about it.
    entry: u32,
}

impl Waiting<'_> {
    #[inline]
    pub(super) const fn is_full(&self) -> bool {
        self.words.len() >= MOST_WAITING || self.phrases.len() >= MOST_WAITING
    }
}

impl Interner {
    #[inline]
    fn column(&mut self, number: u32) -> Option<(&mut Column, &mut Known)> {
        let column = self.columns.get_mut(number as usize % COLUMNS)?;
        Some((column, &mut self.known))
    }

    /// The column, where it is worth looking among what it said before for its next text.
    #[inline]
    fn column_to_search(&mut self, number: u32) -> Option<(&mut Column, &mut Known)> {
        let least = number as usize % COLUMNS + 1;
        if self.columns.len() < least {
            self.columns.resize_with(least, Column::default);
        }
        let (column, known) = self.column(number)?;
        column.habit.searches().then_some((column, known))
    }

    /// The id of a text in a cell of this column, which is added where it is new.
    pub(super) fn id(
        &mut self,
        values: &mut Values,
        column: u32,
        text: &str,
    ) -> Result<ValueId, Full> {
        let Some((column, known)) = self.column_to_search(column) else {
            return values.add_text(text);
        };
        let (hasher, bytes) = (&known.hasher, text.as_bytes());
        let add = || values.add_text(text);
        if let Some(short) = ShortText::word(bytes) {
            find_or_add(column.words(), (short, short.hash(hasher)), hasher, add)
        } else if let Some(short) = ShortText::phrase(bytes) {
            find_or_add(column.phrases(), (short, short.hash(hasher)), hasher, add)
        } else {
            column.long(known, values, text)
        }
    }

    /// The id of a word in this column, where it is known and near at hand.
    #[inline]
    pub(super) fn near(&self, column: u32, word: ShortText<2>) -> Option<ValueId> {
        let column = self.columns.get(column as usize % COLUMNS)?;
        if !column.words.are_near() {
            return None;
        }
        column.words.find(word, word.hash(&self.known.hasher))
    }

    /// The id of a text in the column of this cell. One that may be far away waits until [`settle`](Self::settle) is
    /// called.
    #[inline]
    pub(super) fn id_or_wait<'t>(
        &mut self,
        values: &mut Values,
        cell: CellRef,
        text: &'t str,
        waiting: &mut Waiting<'t>,
    ) -> Result<Option<ValueId>, Full> {
        let Some((column, known)) = self.column_to_search(cell.column) else {
            return values.add_text(text).map(Some);
        };
        let hasher = &known.hasher;
        let add = || values.add_text(text);
        if let Some(short) = ShortText::word(text.as_bytes()) {
            let hash = short.hash(hasher);
            if column.words.are_near() {
                return find_or_add(column.words(), (short, hash), hasher, add).map(Some);
            }
            waiting.words.push(WaitingText {
                cell,
                text,
                short,
                hash,
                entry: 0,
            });
        } else if let Some(short) = ShortText::phrase(text.as_bytes()) {
            let hash = short.hash(hasher);
            if column.phrases.are_near() {
                return find_or_add(column.phrases(), (short, hash), hasher, add).map(Some);
            }
            waiting.phrases.push(WaitingText {
                cell,
                text,
                short,
                hash,
                entry: 0,
            });
        } else {
            return column.long(known, values, text).map(Some);
        }
        Ok(None)
    }

    /// Looks up what waits and gives each cell its id.
    #[inline(never)]
    pub(super) fn settle(
        &mut self,
        values: &mut Values,
        waiting: &mut Waiting<'_>,
        mut set: impl FnMut(CellRef, ValueId),
    ) -> Result<(), Full> {
        let Waiting { words, phrases } = waiting;
        self.settle_kind(values, words, Column::words, &mut set)?;
        self.settle_kind(values, phrases, Column::phrases, &mut set)
    }

    fn settle_kind<const WORDS: usize>(
        &mut self,
        values: &mut Values,
        waiting: &mut Vec<WaitingText<'_, WORDS>>,
        kind: impl Fn(&mut Column) -> Kind<'_, WORDS>,
        mut set: impl FnMut(CellRef, ValueId),
    ) -> Result<(), Full> {
        // None of these places depends on another, so the processor fetches them side by side; then the texts they name.
        for one in &mut *waiting {
            if let Some((column, _)) = self.column(one.cell.column) {
                one.entry = kind(column).0.touch_place(one.hash);
            }
        }
        let mut touched = 0;
        for one in &*waiting {
            if let Some((column, _)) = self.column(one.cell.column) {
                touched ^= kind(column).0.touch_text(one.entry);
            }
        }
        hint::black_box(touched);
        for one in &*waiting {
            if let Some((column, known)) = self.column(one.cell.column) {
                let add = || values.add_text(one.text);
                let key = (one.short, one.hash);
                set(
                    one.cell,
                    find_or_add(kind(column), key, &known.hasher, add)?,
                );
            }
        }
        waiting.clear();
        Ok(())
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
