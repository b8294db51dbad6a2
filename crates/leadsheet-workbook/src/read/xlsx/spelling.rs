//! How a program spells its cells. All programs spell the cells of one column alike from row to row, so a start tag
//! that is byte for byte the one above it need not be taken apart again. Nothing is assumed about any program: what
//! is spelled otherwise goes the general way, and is known from then on.

use memchr::memchr;

use super::cell;
use super::shared_strings::LONGEST_TEXT;
use super::xml::{Frame, halves, short_length, signs};

/// Spellings remembered for each column: filled and empty cells take turns, and so do styles.
const KNOWN: usize = 4;
/// Columns with one or two letters.
pub(super) const COLUMNS: usize = 702;
/// Columns that most sheets do not have more of.
const USUAL_COLUMNS: usize = 16;
/// The longest remembered rest of a start tag.
const LONGEST: usize = 32;

/// `</v></c>`
pub(super) const VALUE_END: u64 = u64::from_le_bytes(*b"</v></c>");
/// `</row>` and two bytes more.
pub(super) const ROW_END: u64 = u64::from_le_bytes(*b"</row>\0\0");
/// `<row r="`
pub(super) const ROW_START: u64 = u64::from_le_bytes(*b"<row r=\"");
const PLAIN_TEXT: &[u8] = b"<is><t>";
const CELL_START: u64 = u64::from_le_bytes(*b"<c r=\"\0\0");

/// Eight bytes of the window.
#[inline]
pub(super) fn word(window: &[u8], at: usize) -> Option<u64> {
    window
        .get(at..)?
        .first_chunk()
        .copied()
        .map(u64::from_le_bytes)
}

/// The bytes of the window from one place on, as many as a cell that is spelled as those before can take up to the end
/// of a short number: an address, the rest of the start tag, the number, `</v></c>`.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a>(&'a [u8; 2 * VIEWED]);

/// Bytes of a cell that are compared at once. Hardly any cell has more before its value.
const WHOLE: usize = 48;

/// Within so many bytes of a view everything begins that is looked for.
const VIEWED: usize = 64;

impl<'a> View<'a> {
    /// `None` where the window ends before.
    #[inline]
    pub(super) fn of(window: &'a [u8], at: usize) -> Option<Self> {
        window.get(at..)?.first_chunk().map(Self)
    }

    /// So many bytes from `at` on, which is below [`VIEWED`]: told the compiler, no bounds are checked. Elsewhere, other
    /// bytes of the view.
    #[inline]
    fn bytes<const LENGTH: usize>(self, at: usize) -> [u8; LENGTH] {
        let rest = self.0.get(at % VIEWED..).unwrap_or_default();
        rest.first_chunk().copied().unwrap_or([0; LENGTH])
    }

    /// As many bytes as there are in a [`WholeCell`].
    #[inline]
    fn start(self) -> &'a [u8; WHOLE] {
        self.0.first_chunk().unwrap_or(&[0; WHOLE])
    }

    /// Eight bytes from `at` on.
    #[inline]
    pub(super) fn word(self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }

    #[inline]
    fn wide(self, at: usize) -> (u128, u128) {
        (
            u128::from_le_bytes(self.bytes(at)),
            u128::from_le_bytes(self.bytes(at + LONGEST / 2)),
        )
    }
}

/// The first `length` bytes of eight.
#[inline]
pub(super) const fn first_bytes(word: u64, length: usize) -> u64 {
    if length >= 8 {
        word
    } else {
        word & ((1 << (8 * length)) - 1)
    }
}

/// What follows a remembered start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// The position of a shared string, then `</v></c>`.
    SharedText,
    /// A number, then `</v></c>`.
    Number,
    /// `<is>` and whatever is in it.
    InlineText,
    /// The text after `<is><t>`.
    PlainText,
    /// The next cell: this one is empty.
    Nothing,
}

/// The end of a start tag after the cell's address, with `<v>` or `<is><t>` where that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag {
    first: (u128, u128),
    second: (u128, u128),
    length: usize,
    follows: Follows,
    style: u32,
}

impl Tag {
    /// No tag: no bytes are it.
    const NONE: Self = Self {
        first: (1, 0),
        second: (0, 0),
        length: 0,
        follows: Follows::Nothing,
        style: 0,
    };

    fn new(rest: &[u8], follows: Follows, style: u32) -> Option<Self> {
        if rest.len() > LONGEST {
            return None;
        }
        let (mut bytes, mut mask) = ([0; LONGEST], [0; LONGEST]);
        bytes.get_mut(..rest.len())?.copy_from_slice(rest);
        mask.get_mut(..rest.len())?.fill(0xFF);
        let halves = |bytes: &[u8; LONGEST]| {
            let (first, second) = bytes.split_at(LONGEST / 2);
            let number = |half: &[u8]| half.first_chunk().copied().map(u128::from_le_bytes);
            Some((number(first)?, number(second)?))
        };
        let (bytes, mask) = (halves(&bytes)?, halves(&mask)?);
        Some(Self {
            first: (bytes.0, mask.0),
            second: (bytes.1, mask.1),
            length: rest.len(),
            follows,
            style,
        })
    }

    #[inline]
    const fn is(&self, (first, second): (u128, u128)) -> bool {
        let first = (first & self.first.1) ^ self.first.0;
        let second = (second & self.second.1) ^ self.second.0;
        first | second == 0
    }
}

/// A cell that is spelled as those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownCell {
    pub(super) follows: Follows,
    pub(super) style: u32,
    /// Bytes before what follows.
    pub(super) length: usize,
}

/// What one column's cells look like.
#[derive(Clone, Debug)]
struct ColumnSpelling {
    /// `<c r="AB`
    start: Spelled,
    tags: [Tag; KNOWN],
    /// Whole cells with these tags.
    cells: [WholeCell; KNOWN],
    newest: usize,
}

/// All of a cell up to what follows, in rows whose numbers have so many digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct WholeCell {
    bytes: [u8; WHOLE],
    /// No bit where the row's number stands.
    mask: [u8; WHOLE],
    number_at: usize,
    /// With the quote; 0 for no cell.
    digits: usize,
    pub(super) known: KnownCell,
}

impl WholeCell {
    /// No cell: no bytes are it.
    const NONE: Self = Self {
        bytes: [1; WHOLE],
        mask: [0; WHOLE],
        number_at: 0,
        digits: 0,
        known: KnownCell {
            follows: Follows::Nothing,
            style: 0,
            length: 0,
        },
    };

    fn new(start: Spelled, digits: usize, tag: &Tag) -> Option<Self> {
        let tag_at = start.length + digits;
        let length = tag_at + tag.length;
        let (mut bytes, mut mask) = ([0; WHOLE], [0; WHOLE]);
        let mut put = |at: usize, source: &[u8]| {
            let end = at + source.len();
            bytes.get_mut(at..end)?.copy_from_slice(source);
            mask.get_mut(at..end)?.fill(0xFF);
            Some(())
        };
        put(0, start.word.to_le_bytes().get(..start.length)?)?;
        let tag_bytes = [tag.first.0, tag.second.0].map(u128::to_le_bytes);
        put(tag_at, tag_bytes.as_flattened().get(..tag.length)?)?;
        Some(Self {
            bytes,
            mask,
            number_at: start.length,
            digits,
            known: KnownCell {
                follows: tag.follows,
                style: tag.style,
                length,
            },
        })
    }

    /// Whether this cell is in view, in a row of this number.
    #[inline]
    pub(super) fn is(&self, view: View<'_>, row: &Spelled) -> bool {
        let number = (view.word(self.number_at) & row.mask) ^ row.word;
        let seen = view.start();
        // A third of it at a time, each third wide enough for the processor to take it at once.
        let mut differing = [0; WHOLE / 3];
        for (at, differing) in differing.iter_mut().enumerate() {
            let differing_at = |at: usize| (seen[at] ^ self.bytes[at]) & self.mask[at];
            let thirds = [at, at + WHOLE / 3, at + 2 * (WHOLE / 3)];
            *differing = thirds
                .into_iter()
                .map(differing_at)
                .fold(0, |bits, byte| bits | byte);
        }
        number | (self.digits ^ row.length) as u64 == 0 && differing == [0; WHOLE / 3]
    }
}

impl ColumnSpelling {
    fn new(column: usize) -> Self {
        let letters = leadsheet_core::column_letters(column as u32);
        let mut start = *b"<c r=\"\0\0";
        for (to, letter) in start.iter_mut().skip(6).zip(letters.bytes()) {
            *to = letter;
        }
        Self {
            start: Spelled::new(start, 6 + letters.len()),
            tags: [Tag::NONE; KNOWN],
            cells: [WholeCell::NONE; KNOWN],
            newest: KNOWN - 1,
        }
    }

    fn remember(&mut self, tag: Option<Tag>) {
        // At the end of a window known cells are read the general way too.
        let Some(tag) = tag.filter(|tag| !self.tags.contains(tag)) else {
            return;
        };
        self.newest = (self.newest + 1) % KNOWN;
        if let (Some(slot), Some(cell)) = (
            self.tags.get_mut(self.newest),
            self.cells.get_mut(self.newest),
        ) {
            *slot = tag;
            *cell = WholeCell::NONE;
        }
    }

    /// The remembered tag that these bytes begin with, in a row whose number has so many digits, and the whole cell
    /// where it is the only tag that they begin with.
    fn tag(&mut self, bytes: (u128, u128), digits: usize) -> Option<(&Tag, Option<&WholeCell>)> {
        // What begins with a tag of plain texts also begins with the one of any texts.
        let any = |tag: &Tag| tag.follows == Follows::InlineText;
        let mut tags = self.tags.iter();
        let Some(likely) = tags.position(|tag| tag.is(bytes) && !any(tag)) else {
            let tag = self.tags.iter().find(|tag| tag.is(bytes));
            return tag.map(|tag| (tag, None));
        };
        let (tag, cell) = (self.tags.get(likely)?, self.cells.get_mut(likely)?);
        if cell.digits != digits {
            *cell = WholeCell::new(self.start, digits, tag).unwrap_or(WholeCell::NONE);
        }
        Some((tag, Some(cell)))
    }
}

/// What is known about the spelling of a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Spellings {
    columns: Vec<ColumnSpelling>,
    /// By column, the cell met last, most likely the next one too.
    expected: Vec<WholeCell>,
    /// The rest of the last row's start tag after its number.
    row: Vec<u8>,
}

impl Spellings {
    /// The cell most likely to come next in a column.
    #[inline]
    pub(super) fn expected(&self, column: usize) -> Option<&WholeCell> {
        self.expected.get(column)
    }

    /// The cell in view, if it is spelled as one before. `expected` is the column most likely to come next, `row` the
    /// spelled number of the row.
    #[inline(never)]
    pub(super) fn cell(
        &mut self,
        view: View<'_>,
        expected: usize,
        row: &Spelled,
    ) -> Option<(usize, KnownCell)> {
        let start = view.word(0);
        let mut column = expected;
        if !self
            .columns
            .get(column)
            .is_some_and(|known| known.start.is(start))
        {
            column = column_of(start)?;
        }
        let spelling = self.columns.get_mut(column)?;
        let number_at = spelling.start.length;
        if !row.is(view.word(number_at)) {
            return None;
        }
        let tag_at = number_at + row.length;
        let (tag, whole) = spelling.tag(view.wide(tag_at), row.length)?;
        let known = KnownCell {
            follows: tag.follows,
            style: tag.style,
            length: tag_at + tag.length,
        };
        if let (Some(whole), Some(expected)) = (whole, self.expected.get_mut(column)) {
            *expected = *whole;
        }
        Some((column, known))
    }

    /// Remembers a cell that was read the general way: all its bytes, its column and row, and what they meant.
    pub(super) fn learn(
        &mut self,
        cell: &[u8],
        column: usize,
        row: Spelled,
        follows: Follows,
        style: u32,
    ) {
        if column >= COLUMNS {
            return;
        }
        if self.columns.is_empty() {
            self.columns.reserve(USUAL_COLUMNS);
            self.expected.reserve(USUAL_COLUMNS);
        }
        while self.columns.len() <= column {
            self.columns.push(ColumnSpelling::new(self.columns.len()));
            self.expected.push(WholeCell::NONE);
        }
        let Some(spelling) = self.columns.get_mut(column) else {
            return;
        };
        let Some(rest) = spelling.start.after(cell).and_then(|cell| row.after(cell)) else {
            return;
        };
        let Some(end) = memchr(b'>', rest) else {
            return;
        };
        let inside = rest.get(..end).unwrap_or_default();
        // A `>` between quotes would not be the end of the tag.
        let quoted = inside
            .iter()
            .fold(false, |quoted, &byte| quoted != (byte == b'"'));
        if quoted || inside.contains(&b'\'') {
            return;
        }
        let value = matches!(follows, Follows::SharedText | Follows::Number);
        let length = end + 1 + if value { b"<v>".len() } else { 0 };
        let Some(rest) = rest.get(..length) else {
            return;
        };
        if value != rest.ends_with(b"<v>") || (follows == Follows::Nothing) != rest.ends_with(b"/>")
        {
            return;
        }
        if follows != Follows::InlineText {
            spelling.remember(Tag::new(rest, follows, style));
            return;
        }
        let plain = [rest, PLAIN_TEXT].concat();
        let tag = Tag::new(&plain, Follows::PlainText, style);
        if tag.is_none()
            || !cell
                .windows(PLAIN_TEXT.len())
                .any(|bytes| bytes == PLAIN_TEXT)
        {
            spelling.remember(Tag::new(rest, follows, style));
        }
        spelling.remember(tag);
    }

    /// Remembers the start tag of a row, which says nothing but its number.
    pub(super) fn learn_row(&mut self, tag: &[u8], row: Spelled) {
        self.row.clear();
        let number = tag.strip_prefix(&ROW_START.to_le_bytes());
        if let Some(rest) = number.and_then(|number| row.after(number)) {
            self.row.extend_from_slice(rest);
        }
    }

    /// Where the cells of the row begin whose start tag is at `at`, if it is spelled as the last one.
    #[inline]
    pub(super) fn row(&self, window: &[u8], at: usize, row: Spelled) -> Option<usize> {
        if self.row.is_empty() || word(window, at)? != ROW_START || !row.is_at(window, at + 8) {
            return None;
        }
        let rest_at = at + 8 + row.length;
        window
            .get(rest_at..)?
            .starts_with(&self.row)
            .then_some(rest_at + self.row.len())
    }
}

/// The column of a cell's start tag with one or two letters.
#[inline]
fn column_of(start: u64) -> Option<usize> {
    if first_bytes(start, 6) != CELL_START {
        return None;
    }
    let [.., first, second] = start.to_le_bytes();
    let first = first
        .is_ascii_uppercase()
        .then(|| usize::from(first - b'A'))?;
    match second {
        b'A'..=b'Z' => Some((first + 1) * 26 + usize::from(second - b'A')),
        _ => Some(first),
    }
}

/// Up to eight bytes that are expected.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spelled {
    word: u64,
    mask: u64,
    pub(super) length: usize,
}

impl Spelled {
    const fn new(bytes: [u8; 8], length: usize) -> Self {
        let word = u64::from_le_bytes(bytes);
        Self {
            word,
            mask: first_bytes(u64::MAX, length),
            length,
        }
    }

    /// The number of a row counted from 0, with the quote that ends it.
    pub(super) fn row_number(row: u32) -> Self {
        let mut bytes = [0; 8];
        let mut rest = row + 1;
        let length = rest.checked_ilog10().unwrap_or(0) as usize + 1;
        if let Some(quote) = bytes.get_mut(length) {
            *quote = b'"';
        }
        for byte in bytes.iter_mut().take(length).rev() {
            *byte = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self::new(bytes, length + 1)
    }

    /// Of the number of a row, that of the one below, which is `row` counted from 0: mostly its last digit is one more.
    #[inline]
    pub(super) fn next_row(self, row: u32) -> Self {
        let last_digit = 8 * self.length.saturating_sub(2);
        if row % 10 == 9 {
            return Self::row_number(row);
        }
        Self {
            word: self.word + (1 << last_digit),
            ..self
        }
    }

    #[inline]
    const fn is(self, word: u64) -> bool {
        word & self.mask == self.word
    }

    #[inline]
    fn is_at(self, window: &[u8], at: usize) -> bool {
        word(window, at).is_some_and(|word| self.is(word))
    }

    /// What comes after the expected bytes, if the text begins with them; it may end with them.
    fn after(self, text: &[u8]) -> Option<&[u8]> {
        text.strip_prefix(self.word.to_le_bytes().get(..self.length)?)
    }
}

/// The number that up to eight digits at the start of the word spell, and how many there are; `None` where there
/// are none, or no end of them.
#[inline]
pub(super) const fn short_number(word: u64) -> Option<(u32, usize)> {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
    const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    let digits = word ^ ZEROS;
    // A byte above 9 gets its high bit, and so may bytes after it, which do not matter.
    let others = (digits.wrapping_add(u64::from_le_bytes([0x76; 8])) | digits) & HIGH_BITS;
    let length = (others.trailing_zeros() / 8) as usize;
    if length == 0 || length == 8 {
        return None;
    }
    // Digits to the end of the word, zeros before them; then pairs, fours and eights are put together.
    let digits = digits << (64 - 8 * length);
    let pairs = (digits & 0x0F0F_0F0F_0F0F_0F0F).wrapping_mul(10 * 256 + 1) >> 8;
    let fours = (pairs & 0x00FF_00FF_00FF_00FF).wrapping_mul(100 * 65_536 + 1) >> 16;
    let eight = (fours & 0x0000_FFFF_0000_FFFF).wrapping_mul(10_000 * 4_294_967_296 + 1) >> 32;
    Some((eight as u32, length))
}

/// The number at `at`, up to 17 digits with or without a point, and where its cell ends. Neither has anything to be
/// said about it.
pub(super) fn number(window: &[u8], at: usize) -> Option<(f64, usize)> {
    let bytes = window.get(at..)?;
    let length = bytes.iter().take(20).position(|&byte| byte == b'<')?;
    let text = bytes.get(..length)?;
    if length > 15 && (length > 18 || !text.contains(&b'.')) {
        return None;
    }
    let end = at + length;
    (word(window, end)? == VALUE_END).then_some((cell::number(text)?, end + 8))
}

/// Where the text begins of the cell whose `<is>` is at `at`, and how many bytes it has, up to the end of its cell.
#[inline]
pub(super) fn inline_text(window: &[u8], at: usize) -> Option<(usize, usize)> {
    TEXT.span(window, at)
        .filter(|&(_, length)| length <= LONGEST_TEXT)
}

/// The sixteen bytes, as two words, that begin with the text `before` bytes into the view, which is at `at`, and how
/// long the text is, up to the end of its cell.
#[inline]
pub(super) fn text(
    window: &[u8],
    (view, at, before): (View<'_>, usize, usize),
) -> Option<([u64; 2], usize)> {
    let words = halves(view.bytes(before));
    if let Some(length) = short_length(words) {
        // Within the view, for no remembered start tag is longer than 48 bytes.
        let end = u128::from_le_bytes(view.bytes(before + length)) & TEXT_END_MASK;
        return (end == TEXT_END_BYTES).then_some((words, length));
    }
    longer_length(window, at + before).map(|length| (words, length))
}

/// The same where the text has at least sixteen bytes.
#[inline(never)]
fn longer_length(window: &[u8], at: usize) -> Option<usize> {
    let text = window.get(at..)?;
    // A search for the rest takes longer to set up than most texts to look through.
    let (words, _) = text.get(16..NEAR).unwrap_or_default().as_chunks::<8>();
    let near = (16..).step_by(8).zip(words).find_map(|(before, &word)| {
        let found = signs(u64::from_le_bytes(word));
        (found != 0).then_some(before + found.trailing_zeros() as usize / 8)
    });
    let length = near.or_else(|| memchr(b'<', text))?;
    let end = word(text, length)? ^ TEXT_END_BYTES as u64;
    let last = word(text, length + TEXT_END - 8)? ^ (TEXT_END_BYTES >> (8 * (TEXT_END - 8))) as u64;
    (length <= LONGEST_TEXT && end | last == 0).then_some(length)
}

/// Bytes of a text that are looked through before it is searched.
const NEAR: usize = 112;
/// `</t></is></c>`
pub(super) const TEXT_END: usize = TEXT.end.len();
/// The same as a number, and the bits of as many bytes.
const TEXT_END_BYTES: u128 = u128::from_le_bytes(*b"</t></is></c>\0\0\0");
const TEXT_END_MASK: u128 = (1 << (8 * TEXT_END)) - 1;
const TEXT: Frame<7, 28, 13> = Frame {
    start: *b"<is><t>",
    spaced: *b"<is><t xml:space=\"preserve\">",
    end: *b"</t></is></c>",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_read_eight_bytes_at_once() {
        for number in [0, 7, 10, 99, 12_345, 999_999, 1_048_576, 9_999_999] {
            for end in [b'<', b'.', b'E', b' ', b'/', b':', 0, 0xFF] {
                let mut bytes = [end; 8];
                let digits = number.to_string();
                bytes[..digits.len()].copy_from_slice(digits.as_bytes());
                let read = short_number(u64::from_le_bytes(bytes));
                assert_eq!(read, Some((number, digits.len())), "{number} {end}");
            }
        }
        assert_eq!(short_number(u64::from_le_bytes(*b"<1234567")), None);
        assert_eq!(short_number(u64::from_le_bytes(*b"12345678")), None);
    }

    #[test]
    fn a_text_ends_where_its_cell_does_however_long_it_is() {
        let start = "<c r=\"AB1048576\" t=\"inlineStr\"><is><t>";
        for length in (0..300).chain([LONGEST_TEXT, LONGEST_TEXT + 1]) {
            for (end, ends) in [
                ("</t></is></c>", true),
                ("</t></is></d>", false),
                ("<b/></t></is></c>", false),
            ] {
                for behind in [0, 7, 40, 200] {
                    let text = "x".repeat(length);
                    let window = format!("{start}{text}{end}{}", "<".repeat(behind));
                    let Some(view) = View::of(window.as_bytes(), 0) else {
                        continue;
                    };
                    let found = super::text(window.as_bytes(), (view, 0, start.len()));
                    let expected = (ends && length <= LONGEST_TEXT).then_some(length);
                    let found = found.map(|(begins, length)| {
                        let begins = begins.map(u64::to_le_bytes);
                        assert!(
                            begins
                                .as_flattened()
                                .starts_with(&text.as_bytes()[..length.min(16)])
                        );
                        length
                    });
                    assert_eq!(found, expected, "{length} {end} {behind}");
                }
            }
        }
    }

    #[test]
    fn rows_are_spelled_as_people_count_them() {
        for row in [0, 7, 8, 9, 18, 98, 99, 1_048_575] {
            let spelled = format!("{}\"        ", row + 1);
            assert!(
                Spelled::row_number(row).is_at(spelled.as_bytes(), 0),
                "{row}"
            );
            let next = Spelled::row_number(row).next_row(row + 1);
            let expected = Spelled::row_number(row + 1);
            assert_eq!(
                (next.word, next.mask, next.length),
                (expected.word, expected.mask, expected.length),
                "{row}"
            );
            assert!(
                !Spelled::row_number(row + 1).is_at(spelled.as_bytes(), 0),
                "{row}"
            );
        }
    }

    #[test]
    fn a_row_without_attributes_but_its_number_is_learnt() {
        for (row, tag) in [(0, "<row r=\"1\">"), (98, "<row r=\"99\" spans=\"1:14\">")] {
            let mut spellings = Spellings::default();
            spellings.learn_row(tag.as_bytes(), Spelled::row_number(row));
            let next = tag.replace(&(row + 1).to_string(), &(row + 2).to_string());
            let window = format!("{next}<c r=\"A1\">");
            let cells_at = spellings.row(window.as_bytes(), 0, Spelled::row_number(row + 1));
            assert_eq!(cells_at, Some(next.len()), "{tag}");
        }
    }

    #[test]
    fn only_what_is_spelled_alike_is_taken_for_alike() {
        let mut spellings = Spellings::default();
        let cell = |text: &str| format!("{text}{}", " ".repeat(128));
        let learnt = cell("<c r=\"AB7\" s=\"3\" t=\"s\"><v>5</v></c>");
        spellings.learn(
            learnt.as_bytes(),
            27,
            Spelled::row_number(6),
            Follows::SharedText,
            3,
        );
        let mut known = |text: &str, expected, row| {
            let text = cell(text);
            let view = View::of(text.as_bytes(), 0).unwrap();
            let found = spellings.cell(view, expected, &Spelled::row_number(row));
            found.map(|(column, cell)| {
                let rest = text[cell.length..].trim_end().to_owned();
                (column, cell.style, rest)
            })
        };
        let found = |rest: &str| Some((27, 3, rest.to_owned()));
        assert_eq!(
            known("<c r=\"AB8\" s=\"3\" t=\"s\"><v>6</v></c>", 27, 7),
            found("6</v></c>")
        );
        assert_eq!(
            known("<c r=\"AB8\" s=\"3\" t=\"s\"><v>6</v></c>", 20, 7),
            found("6</v></c>")
        );
        for other in [
            "<c r=\"AB9\" s=\"3\" t=\"s\"><v>6</v></c>",
            "<c r=\"AB80\" s=\"3\" t=\"s\"><v>6</v></c>",
            "<c r=\"AA8\" s=\"3\" t=\"s\"><v>6</v></c>",
            "<c r=\"ABC8\" s=\"3\" t=\"s\"><v>6</v></c>",
            "<c r=\"AB8\" s=\"4\" t=\"s\"><v>6</v></c>",
            "<c r=\"AB8\" s=\"3\"><v>6</v></c>",
            "<c r=\"AB8\" s=\"3\" t=\"s\"><f/><v>6</v></c>",
            "<C r=\"AB8\" s=\"3\" t=\"s\"><v>6</v></c>",
            "</row><row r=\"9\">",
        ] {
            assert_eq!(known(other, 27, 7), None, "{other}");
        }
    }
}
