//! Texts that stand in the cells themselves, each kept once where a column repeats itself: most columns of a
//! follow-up table have a handful of words, and a few are free text that no search would find again.

use std::hash::BuildHasher;
use std::hint;

use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{Full, ValueId, Values};

use super::short_texts::{ShortText, ShortTexts};
use super::xml;

/// Columns that are told apart; those further to the right share their memory.
const COLUMNS: usize = 128;
/// Texts of a column that are looked up before it is judged.
const TRIED: usize = 4_096;
/// A column that finds fewer than one in so many of them hardly repeats itself.
const RARE: usize = 16;
/// Of the texts of such a column one in so many is still looked up: it may change its ways. Which ones is for their bytes
/// to say, so that of a text that comes again either none is looked up or all of them are.
const SAMPLE: u32 = 64;
/// Texts of such a column that are looked up before it is judged again.
const TRIED_OF_SAMPLE: usize = 512;
/// Texts that are looked up in a column that repeats itself after all, before it is judged again: those that were left
/// out must come first.
const TRIED_AFTER_ALL: usize = 1 << 16;

/// Texts of a column that are looked up together: looking them up one by one is waiting for memory one by one. More
/// than a processor fetches at a time, and few enough for its first cache to hold them and what they find.
const TOGETHER: usize = 64;

/// The texts of a sheet that are known already.
#[derive(Debug, Default)]
pub(super) struct Interner {
    columns: Vec<Column>,
    shared: Shared,
}

/// What the columns share.
#[derive(Debug, Default)]
struct Shared {
    hasher: DefaultHashBuilder,
    /// Longer texts, with their hashes, for the texts themselves are far away.
    long: HashTable<(u64, ValueId)>,
    joined: Joined,
}

/// What the texts of a column were so far. Short ones are known as they are spelled in the sheet, longer ones as what
/// they say.
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
#[derive(Clone, Copy, Debug)]
struct Habit {
    tried: usize,
    found: usize,
    /// Texts to be looked up before it is judged.
    enough: usize,
    /// Free text: keeping each of them in mind costs time and keeps nothing out.
    is_free: bool,
}

impl Default for Habit {
    fn default() -> Self {
        Self {
            tried: 0,
            found: 0,
            enough: TRIED,
            is_free: false,
        }
    }
}

impl Habit {
    /// Whether a text is worth keeping in mind.
    #[inline]
    fn searches(self, text: &[u8]) -> bool {
        !self.is_free || is_sample(text)
    }

    /// Notes that so many texts were looked up, and how many of them were found.
    #[inline]
    const fn searched(&mut self, tried: usize, found: usize) {
        self.tried += tried;
        self.found += found;
        if self.tried >= self.enough {
            let is_free = self.found < self.tried / RARE;
            self.enough = match (self.is_free, is_free) {
                (_, true) => TRIED_OF_SAMPLE,
                (true, false) => TRIED_AFTER_ALL,
                (false, false) => TRIED,
            };
            self.is_free = is_free;
            self.tried = 0;
            self.found = 0;
        }
    }
}

/// Whether a text is the one in [`SAMPLE`], by some of its bytes.
#[inline]
fn is_sample(text: &[u8]) -> bool {
    let piece = |at: usize| {
        text.get(at..)?
            .first_chunk()
            .copied()
            .map(u64::from_le_bytes)
    };
    let last = text.len().wrapping_sub(8);
    let pieces = match [piece(0), piece(last / 2), piece(last)] {
        [Some(first), Some(middle), Some(last)] => [first, middle, last],
        _ => {
            [text.iter()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)); 3]
        }
    };
    let mixed = pieces.into_iter().fold(0, |mixed: u64, piece| {
        let mixed = (mixed ^ piece).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed.rotate_left(29)
    });
    (mixed as u32).is_multiple_of(SAMPLE)
}

/// A text in a window, and the row it stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextInRow {
    /// Sixteen bytes of the window that begin with the text: near at hand where the window no longer is.
    begins: [u64; 2],
    row: u32,
    start: u32,
    length: u32,
}

impl TextInRow {
    /// The text of so many bytes at this place of a window, which has fewer than 2^32 bytes.
    #[inline]
    pub(super) const fn new(row: u32, (start, length): (usize, usize), begins: [u64; 2]) -> Self {
        Self {
            begins,
            row,
            start: start as u32,
            length: length as u32,
        }
    }

    /// The same, whatever comes after it in the window.
    pub(super) fn of(window: &[u8], row: u32, place: (usize, usize)) -> Self {
        let mut begins = [0; 16];
        let text = Self::new(row, place, [0; 2]);
        for (to, &byte) in begins.iter_mut().zip(text.bytes(window)) {
            *to = byte;
        }
        Self {
            begins: xml::halves(begins),
            ..text
        }
    }

    #[inline]
    fn bytes(self, window: &[u8]) -> &[u8] {
        let start = self.start as usize;
        let text = window.get(start..start + self.length as usize);
        text.unwrap_or_default()
    }

    /// The text as numbers, where it has no more than sixteen bytes.
    #[inline]
    fn word(self) -> Option<ShortText<2>> {
        (self.length <= 16).then(|| ShortText::beginning(self.begins, self.length as usize))
    }

    /// The text as numbers, where it has more bytes than that and no more than 48.
    #[inline]
    fn phrase(self, window: &[u8]) -> Option<ShortText<6>> {
        ShortText::phrase(self.bytes(window))
    }
}

/// Some of the texts that are looked up together.
#[derive(Clone, Copy, Debug)]
struct Chosen {
    which: [u8; TOGETHER],
    count: usize,
}

impl Chosen {
    const NONE: Self = Self {
        which: [0; TOGETHER],
        count: 0,
    };

    #[inline]
    const fn push(&mut self, which: usize) {
        self.which[self.count % TOGETHER] = which as u8;
        self.count += 1;
    }

    #[inline]
    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let which = self.which.iter().take(self.count);
        which.map(|&which| usize::from(which) % TOGETHER)
    }
}

/// New texts behind each other, as they are spelled, to be looked over at once.
#[derive(Debug, Default)]
struct Joined {
    bytes: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// Which of those looked up together each of them is.
    which: Vec<usize>,
}

impl Joined {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.which.clear();
    }

    #[inline]
    fn push(&mut self, text: &[u8], which: usize) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        self.which.push(which % TOGETHER);
    }

    /// All of it, where each of them is text of which every character means what it says.
    fn text(&self) -> Option<&str> {
        let text = simdutf8::basic::from_utf8(&self.bytes).ok()?;
        let apart = self.ends.iter().all(|&end| text.is_char_boundary(end));
        (apart && xml::is_plain(&self.bytes)).then_some(text)
    }
}

/// Where texts come from and go to.
struct Intake<'i> {
    values: &'i mut Values,
    window: &'i [u8],
    /// Told the row and the text, as far as there is one, where bytes are no text.
    report: &'i mut dyn FnMut(u32, &str),
    /// Room for a text that is spelled otherwise than it reads.
    resolved: String,
}

impl Intake<'_> {
    /// Adds a text; says whether it is worth keeping in mind.
    fn add(&mut self, text: TextInRow) -> Result<(ValueId, bool), Full> {
        let (said, sound) = xml::resolved(text.bytes(self.window), &mut self.resolved);
        if !sound {
            (self.report)(text.row, said);
        }
        Ok((self.values.add_text(said)?, sound))
    }
}

/// Up to [`TOGETHER`] texts of a column, and their ids.
struct Block<'b> {
    texts: &'b [TextInRow],
    ids: &'b mut [ValueId; TOGETHER],
    /// How many of them were known.
    known: usize,
}

impl Block<'_> {
    #[inline]
    fn text(&self, which: usize) -> TextInRow {
        self.texts.get(which).copied().unwrap_or_default()
    }

    #[inline]
    const fn set(&mut self, which: usize, (id, known): (ValueId, bool)) {
        self.ids[which % TOGETHER] = id;
        self.known += known as usize;
    }
}

/// The id of a text that is among these, or becomes one of them, and whether it was.
#[inline]
fn find_or_add<const WORDS: usize>(
    texts: &mut ShortTexts<WORDS>,
    (short, hash): (ShortText<WORDS>, u64),
    hasher: &DefaultHashBuilder,
    add: impl FnOnce() -> Result<(ValueId, bool), Full>,
) -> Result<(ValueId, bool), Full> {
    if let Some(id) = texts.find(short, hash) {
        return Ok((id, true));
    }
    let (id, worth_keeping) = add()?;
    if worth_keeping {
        texts.add(hasher, short, hash, id);
    }
    Ok((id, false))
}

impl Shared {
    /// Gives those texts of a block their ids that are short, each of which is added where it is new. Says which are not
    /// as short.
    #[inline(never)]
    fn look_up<const WORDS: usize>(
        &mut self,
        known: &mut ShortTexts<WORDS>,
        (block, sought): (&mut Block<'_>, impl Iterator<Item = usize>),
        short: impl Fn(TextInRow) -> Option<ShortText<WORDS>>,
        intake: &mut Intake<'_>,
    ) -> Result<Chosen, Full> {
        let Self { hasher, joined, .. } = self;
        joined.clear();
        let rest = if known.are_near() {
            let mut rest = Chosen::NONE;
            for which in sought {
                let text = block.text(which);
                let Some(short) = short(text) else {
                    rest.push(which);
                    continue;
                };
                match known.find(short, short.hash(hasher)) {
                    Some(id) => block.set(which, (id, true)),
                    None => joined.push(text.bytes(intake.window), which),
                }
            }
            rest
        } else {
            let hashed = |short: ShortText<WORDS>| (short, short.hash(hasher));
            let far = |text| short(text).map(hashed);
            find_far(known, (block, sought), far, |text, which| {
                joined.push(text.bytes(intake.window), which);
            })
        };
        let all = joined.text();
        let mut start = 0;
        for (&which, &end) in joined.which.iter().zip(&joined.ends) {
            let text = block.text(which);
            let short = short(text).unwrap_or(ShortText::NONE);
            let said = all.and_then(|all| all.get(start..end));
            let add = || match said {
                Some(said) => Ok((intake.values.add_text(said)?, true)),
                None => intake.add(text),
            };
            let found = find_or_add(known, (short, short.hash(hasher)), hasher, add)?;
            block.set(which, found);
            start = end;
        }
        Ok(rest)
    }
}

/// Gives those texts of a block their ids that are short and known, and tells the short ones that are new. Says which are
/// not as short.
#[inline]
fn find_far<const WORDS: usize>(
    known: &ShortTexts<WORDS>,
    (block, sought): (&mut Block<'_>, impl Iterator<Item = usize>),
    short: impl Fn(TextInRow) -> Option<(ShortText<WORDS>, u64)>,
    mut is_new: impl FnMut(TextInRow, usize),
) -> Chosen {
    let (mut far, mut rest) = (Chosen::NONE, Chosen::NONE);
    let mut shorts = [(ShortText::NONE, 0); TOGETHER];
    for which in sought {
        match short(block.text(which)) {
            Some(short) => {
                shorts[far.count % TOGETHER] = short;
                far.push(which);
            }
            None => rest.push(which),
        }
    }
    let shorts = shorts.get(..far.count).unwrap_or_default();
    // None of these places depends on another, so the processor fetches them side by side; then the texts that they
    // name.
    let places = shorts.iter().map(|&(_, hash)| known.touch_place(hash));
    let mut touched = places.fold(0, |touched, place| touched ^ place);
    let mut candidates = [0; TOGETHER];
    for (candidate, &(_, hash)) in candidates.iter_mut().zip(shorts) {
        *candidate = known.candidate(hash);
    }
    for &candidate in candidates.iter().take(far.count) {
        touched ^= known.touch_text(candidate);
    }
    hint::black_box(touched);
    for ((which, &(short, _)), candidate) in far.iter().zip(shorts).zip(candidates) {
        match known.is(candidate, short) {
            Some(id) => block.set(which, (id, true)),
            None => is_new(block.text(which), which),
        }
    }
    rest
}

impl Column {
    /// The id of a text, which is added where it is new.
    fn id(
        &mut self,
        shared: &mut Shared,
        values: &mut Values,
        text: &str,
    ) -> Result<ValueId, Full> {
        let (hasher, bytes) = (&shared.hasher, text.as_bytes());
        if !self.habit.searches(bytes) {
            return values.add_text(text);
        }
        let add = || Ok((values.add_text(text)?, true));
        // Another text may be spelled as this one reads.
        let plain = xml::is_plain(bytes);
        let found = if let Some(short) = ShortText::word(bytes).filter(|_| plain) {
            find_or_add(&mut self.words, (short, short.hash(hasher)), hasher, add)
        } else if let Some(short) = ShortText::phrase(bytes).filter(|_| plain) {
            find_or_add(&mut self.phrases, (short, short.hash(hasher)), hasher, add)
        } else {
            self.long(shared, values, text)
        };
        let (id, found) = found?;
        self.habit.searched(1, found.into());
        Ok(id)
    }

    /// The id of a text that is longer than phrases, and whether it was there.
    fn long(
        &mut self,
        shared: &mut Shared,
        values: &mut Values,
        text: &str,
    ) -> Result<(ValueId, bool), Full> {
        let bytes = text.as_bytes();
        if !self.habit.is_free && values.is_own_text(self.last, bytes) {
            return Ok((self.last, true));
        }
        let hash = shared.hasher.hash_one(bytes);
        let same = |&(other, id): &(u64, ValueId)| other == hash && values.is_own_text(id, bytes);
        let found = shared.long.find(hash, same).map(|&(_, id)| id);
        self.last = match found {
            Some(id) => id,
            None => {
                let id = values.add_text(text)?;
                let long = &mut shared.long;
                long.insert_unique(hash, (hash, id), |&(hash, _)| hash);
                id
            }
        };
        Ok((self.last, found.is_some()))
    }

    /// Gives a block of texts their ids.
    fn ids(
        &mut self,
        shared: &mut Shared,
        intake: &mut Intake<'_>,
        block: &mut Block<'_>,
    ) -> Result<(), Full> {
        let tried = if self.habit.is_free {
            let sample = Self::keep_free(&mut shared.joined, intake, block)?;
            self.look_up(shared, intake, (block, sample.iter()))?;
            sample.count
        } else {
            let all = 0..block.texts.len();
            self.look_up(shared, intake, (block, all))?;
            block.texts.len()
        };
        self.habit.searched(tried, block.known);
        Ok(())
    }

    /// Gives some of the texts of a block their ids by looking them up.
    fn look_up(
        &mut self,
        shared: &mut Shared,
        intake: &mut Intake<'_>,
        (block, sought): (&mut Block<'_>, impl Iterator<Item = usize>),
    ) -> Result<(), Full> {
        let window = intake.window;
        let sought = (&mut *block, sought);
        let rest = shared.look_up(&mut self.words, sought, TextInRow::word, intake)?;
        if rest.count == 0 {
            return Ok(());
        }
        let phrase = |text: TextInRow| text.phrase(window);
        let sought = (&mut *block, rest.iter());
        let rest = shared.look_up(&mut self.phrases, sought, phrase, intake)?;
        for which in rest.iter() {
            let text = block.text(which);
            let found = match xml::resolved(text.bytes(window), &mut intake.resolved) {
                (said, true) => self.long(shared, intake.values, said)?,
                (_, false) => intake.add(text)?,
            };
            block.set(which, found);
        }
        Ok(())
    }

    /// Keeps the texts of a block as they come and gives them their ids, but for a sample of them: which those are.
    fn keep_free(
        joined: &mut Joined,
        intake: &mut Intake<'_>,
        block: &mut Block<'_>,
    ) -> Result<Chosen, Full> {
        let mut sample = Chosen::NONE;
        joined.clear();
        for (which, text) in block.texts.iter().enumerate() {
            let text = text.bytes(intake.window);
            if is_sample(text) {
                sample.push(which);
            } else {
                joined.push(text, which);
            }
        }
        if let Some(all) = joined.text() {
            let added = intake.values.add_texts(all, &joined.ends)?;
            for (&which, id) in joined.which.iter().zip(added) {
                block.set(which, (id, false));
            }
        } else {
            for &which in &joined.which {
                let (id, _) = intake.add(block.text(which))?;
                block.set(which, (id, false));
            }
        }
        Ok(sample)
    }
}

impl Interner {
    #[inline]
    fn column(&mut self, number: u32) -> Option<(&mut Column, &mut Shared)> {
        let number = number as usize % COLUMNS;
        if self.columns.len() <= number {
            self.columns.resize_with(number + 1, Column::default);
        }
        Some((self.columns.get_mut(number)?, &mut self.shared))
    }

    /// The id of a text in a cell of this column, which is added where it is new.
    pub(super) fn id(
        &mut self,
        values: &mut Values,
        column: u32,
        text: &str,
    ) -> Result<ValueId, Full> {
        match self.column(column) {
            Some((column, shared)) => column.id(shared, values, text),
            None => values.add_text(text),
        }
    }

    /// Gives each of these texts of a column, as they are spelled in the window, its id; each is added where it is new.
    /// `set` is told the first row and the ids from there downwards, `report` the row and what there is of its text where
    /// bytes are no text.
    pub(super) fn ids(
        &mut self,
        values: &mut Values,
        column: u32,
        (window, texts): (&[u8], &[TextInRow]),
        mut set: impl FnMut(u32, &[ValueId]),
        report: &mut dyn FnMut(u32, &str),
    ) -> Result<(), Full> {
        let Some((column, shared)) = self.column(column) else {
            return Ok(());
        };
        let mut intake = Intake {
            values,
            window,
            report,
            resolved: String::new(),
        };
        let mut ids = [ValueId::EMPTY; TOGETHER];
        for texts in texts.chunks(TOGETHER) {
            let mut block = Block {
                texts,
                ids: &mut ids,
                known: 0,
            };
            column.ids(shared, &mut intake, &mut block)?;
            let (Some(first), Some(last)) = (texts.first(), texts.last()) else {
                continue;
            };
            let mut ids = ids.get(..texts.len()).unwrap_or_default();
            if (last.row - first.row) as usize + 1 == texts.len() {
                set(first.row, ids);
                continue;
            }
            for below in texts.chunk_by(|above, below| above.row + 1 == below.row) {
                let (now, later) = ids.split_at_checked(below.len()).unwrap_or_default();
                if let Some(first) = below.first() {
                    set(first.row, now);
                }
                ids = later;
            }
        }
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
        assert!(ids.len() < 70_000, "{}", ids.len());
        Ok(())
    }

    #[test]
    fn a_sample_is_some_of_all_texts_whatever_their_length() {
        for length in [1, 3, 7, 8, 12, 30, 200] {
            let texts = (0..100_000_u32).map(|number| {
                let mut text = vec![b'a'; length];
                let number = number.to_le_bytes();
                let at = length.saturating_sub(4) / 2;
                for (to, byte) in text.iter_mut().skip(at).zip(number) {
                    *to = byte;
                }
                text
            });
            let distinct: std::collections::HashSet<_> = texts.collect();
            let sampled = distinct.iter().filter(|text| is_sample(text)).count();
            let expected = distinct.len() / SAMPLE as usize;
            let allowed = expected / 2..=expected * 2;
            assert!(
                allowed.contains(&sampled),
                "{length}: {sampled} of {}",
                distinct.len()
            );
        }
    }
}
