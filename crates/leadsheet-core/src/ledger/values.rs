//! Where the distinct values of a table live: text in one buffer, numbers and dates in plain vectors, and a
//! four-byte id for each.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use thiserror::Error;

/// One value as a workbook stores it, borrowed from [`Values`].
///
/// `format` is the number format of the cell as the file spells it (`0%`, `yyyy-mm-dd`), empty where the file
/// names none or the reader cannot know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text, exactly as stored: no trimming, no folding.
    Text(&'a str),
    /// A number that is no date.
    Number {
        /// The stored number.
        value: f64,
        /// The cell's number format.
        format: &'a str,
    },
    /// A date or a date with a time of day.
    Date {
        /// The moment; midnight for an all-day date.
        value: NaiveDateTime,
        /// The cell's number format.
        format: &'a str,
    },
    /// A time of day, or an elapsed time (which may pass 24 hours or be negative).
    Time {
        /// The time since midnight, or elapsed.
        value: TimeDelta,
        /// The cell's number format.
        format: &'a str,
    },
    /// True or false.
    Bool(bool),
    /// An error value, `#N/A` for instance.
    Error(&'a str),
}

impl<'a> Value<'a> {
    /// Whether there is nothing, or nothing but white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Value::Empty => true,
            Value::Text(text) => is_blank(text),
            _ => false,
        }
    }

    /// The text of a text cell.
    pub const fn as_text(&self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a person would type it: text as it is, dates as ISO 8601 (without a time where they are
    /// all-day), numbers in their shortest form, percentages with their sign.
    pub fn text(&self) -> Cow<'a, str> {
        Cow::Owned(match *self {
            Value::Empty => return Cow::Borrowed(""),
            Value::Text(text) | Value::Error(text) => return Cow::Borrowed(text),
            Value::Number { value, format } if format.contains('%') => {
                format!("{}%", shortest(round_to_15_digits(value * 100.0)))
            }
            Value::Number { value, .. } => shortest(value),
            Value::Date { value, .. } => iso_date(value),
            Value::Time { value, .. } => iso_time(value),
            Value::Bool(value) => return Cow::Borrowed(if value { "TRUE" } else { "FALSE" }),
        })
    }

    /// [`Value::text`] to keep.
    pub fn display(&self) -> String {
        self.text().into_owned()
    }
}

/// A number in its shortest decimal form that reads back as the same number; whole numbers without a point.
pub fn shortest(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs();
    if (1e-7..1e21).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// Binary noise from arithmetic cut away: 0.07 × 100 is 7, not 7.000000000000001 (spreadsheets show 15 digits).
fn round_to_15_digits(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// ISO 8601: `2024-05-20` for an all-day date, else `2024-05-20T10:30:00`, with milliseconds where there are any.
pub fn iso_date(value: NaiveDateTime) -> String {
    if value.time() == NaiveTime::MIN {
        value.date().to_string()
    } else {
        value.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
    }
}

/// ISO 8601: `10:30:00` within a day, a duration such as `PT26H30M` beyond it or below zero.
pub fn iso_time(value: TimeDelta) -> String {
    let milliseconds = value.num_milliseconds();
    if (0..86_400_000).contains(&milliseconds) {
        let time = NaiveTime::MIN + value;
        return time.format("%H:%M:%S%.f").to_string();
    }
    let sign = if milliseconds < 0 { "-" } else { "" };
    let (hours, rest) = (
        milliseconds.abs() / 3_600_000,
        milliseconds.abs() % 3_600_000,
    );
    let (minutes, rest) = (rest / 60_000, rest % 60_000);
    let mut text = format!("{sign}PT{hours}H");
    if minutes > 0 || rest > 0 {
        text += &format!("{minutes}M");
    }
    if rest > 0 {
        text += &format!("{}S", shortest(rest as f64 / 1000.0));
    }
    text
}

/// The name of a value inside one [`Values`]: four bytes, kind and position. Equal ids are equal values; the
/// reverse need not hold, for a file may store one text twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ValueId(u32);

/// Values that are fetched together: more than a processor waits for at a time, and few enough for its first cache.
pub(crate) const FETCHED: usize = 64;

/// Ids of one kind: 2^29.
const POSITIONS: u32 = 1 << 29;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Empty = 0,
    SharedText = 1,
    OwnText = 2,
    Number = 3,
    Date = 4,
    Time = 5,
    Bool = 6,
    Error = 7,
}

impl ValueId {
    /// The id of [`Value::Empty`] everywhere.
    pub const EMPTY: Self = Self(0);

    const fn of(kind: Kind, position: u32) -> Self {
        Self(((kind as u32) << 29) | position)
    }

    const fn kind(self) -> Kind {
        match self.0 >> 29 {
            0 => Kind::Empty,
            1 => Kind::SharedText,
            2 => Kind::OwnText,
            3 => Kind::Number,
            4 => Kind::Date,
            5 => Kind::Time,
            6 => Kind::Bool,
            _ => Kind::Error,
        }
    }

    const fn position(self) -> u32 {
        self.0 & (POSITIONS - 1)
    }

    /// Whether nothing is stored.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it is an error value of the spreadsheet.
    pub(crate) const fn is_error(self) -> bool {
        matches!(self.kind(), Kind::Error)
    }

    /// The id of item `position` of the workbook's shared strings.
    ///
    /// # Errors
    /// [`Full`] where the position does not fit in an id.
    pub const fn shared_text(position: u32) -> Result<Self, Full> {
        if position < POSITIONS {
            Ok(Self::of(Kind::SharedText, position))
        } else {
            Err(Full)
        }
    }

    /// The id of a truth value.
    pub const fn bool(value: bool) -> Self {
        Self::of(Kind::Bool, value as u32)
    }

    /// Kind and position, as indices.
    pub(super) const fn parts(self) -> (usize, usize) {
        (self.kind() as usize, self.position() as usize)
    }

    /// The least and the greatest of those that are not empty.
    pub(super) fn extent(ids: &[Self]) -> Option<(Self, Self)> {
        // The empty one, which is 0, is behind all others here. Both are found many at a time.
        let extent = (u32::MAX, 0);
        let (least, greatest) = ids.iter().fold(extent, |(least, greatest), id| {
            (least.min(id.0.wrapping_sub(1)), greatest.max(id.0))
        });
        (greatest > 0).then_some((Self(least.wrapping_add(1)), Self(greatest)))
    }

    /// Position in the shared strings, where the value is one of them.
    pub const fn as_shared_text(self) -> Option<u32> {
        match self.kind() {
            Kind::SharedText => Some(self.position()),
            _ => None,
        }
    }
}

/// A table holds more distinct values, or more text, than its ids can name (2^29 values, 4 GiB of text).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("more distinct values than a table can hold")]
pub struct Full;

/// Whether a text in UTF-8 begins with a letter or digit of ASCII, or with a character from U+4000 to U+9FFF.
const fn begins_plainly(text: &[u8]) -> bool {
    matches!(
        text,
        [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0xe4..=0xe9, ..]
    )
}

/// Whether it ends with a sign of ASCII, a character from U+4000 to U+9FFF, a Chinese full stop or a full-width sign.
const fn ends_plainly(text: &[u8]) -> bool {
    matches!(
        text,
        [.., b'!'..=b'~']
            | [.., 0xe4..=0xe9, _, 0x80..=0xbf]
            | [.., 0xe3, 0x80, 0x82]
            | [.., 0xef, 0xbc, 0x80..=0xbf]
    )
}

/// Whether a text begins or ends with what few texts do.
const fn has_odd_ends(text: &[u8]) -> bool {
    !begins_plainly(text) || !ends_plainly(text)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Many texts in one buffer.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    buffer: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<u32>,
    /// Positions of the texts that are nothing but white space; a handful at most in any sheet people keep.
    blank: Vec<u32>,
    /// Positions of the texts that begin or end with what few texts do, those among them.
    odd: Vec<u32>,
}

impl Texts {
    /// No text.
    pub fn new() -> Self {
        Self::default()
    }

    /// No text, with room for so many bytes of so many texts.
    pub fn with_capacity(bytes: usize, texts: usize) -> Self {
        Self {
            buffer: String::with_capacity(bytes),
            ends: Vec::with_capacity(texts),
            ..Self::default()
        }
    }

    /// Adds a text and gives its position.
    ///
    /// # Errors
    /// [`Full`] past 4 GiB of text or 2^29 texts.
    #[inline]
    pub fn push(&mut self, text: &str) -> Result<u32, Full> {
        let position = self.ends.len() as u32;
        let end = u32::try_from(self.buffer.len() + text.len()).map_err(|_| Full)?;
        if position >= POSITIONS {
            return Err(Full);
        }
        self.buffer.push_str(text);
        self.ends.push(end);
        // Looked at now, while it is near at hand.
        if has_odd_ends(text.as_bytes()) {
            self.note_odd(position);
        }
        Ok(position)
    }

    /// Adds texts that stand behind each other and end where `ends` says, ascending, each between two characters. Gives
    /// the position of the first; the others follow it.
    ///
    /// # Errors
    /// [`Full`] past 4 GiB of text or 2^29 texts.
    pub fn push_joined(&mut self, joined: &str, ends: &[usize]) -> Result<u32, Full> {
        let first = room(self.ends.len(), ends.len())?;
        let before = self.buffer.len();
        u32::try_from(before + joined.len()).map_err(|_| Full)?;
        self.buffer.push_str(joined);
        let mut start = 0;
        for (position, &end) in (first..).zip(ends) {
            self.ends.push((before + end.min(joined.len())) as u32);
            let text = joined.as_bytes().get(start..end);
            if has_odd_ends(text.unwrap_or_default()) {
                self.note_odd(position);
            }
            start = end;
        }
        Ok(first)
    }

    #[cold]
    fn note_odd(&mut self, position: u32) {
        self.odd.push(position);
        if is_blank(self.get(position)) {
            self.blank.push(position);
        }
    }

    /// Puts all of `other` behind, and gives the position of its first.
    fn append(&mut self, other: Self) -> Result<u32, Full> {
        let first = room(self.ends.len(), other.ends.len())?;
        if self.ends.is_empty() {
            *self = other;
            return Ok(first);
        }
        let Self {
            buffer,
            ends,
            blank,
            odd,
        } = other;
        let start = u32::try_from(self.buffer.len()).map_err(|_| Full)?;
        u32::try_from(self.buffer.len() + buffer.len()).map_err(|_| Full)?;
        self.buffer.reserve_exact(buffer.len());
        self.buffer.push_str(&buffer);
        self.ends.reserve_exact(ends.len());
        self.ends.extend(ends.into_iter().map(|end| end + start));
        let moved = |position| position + first;
        self.blank.extend(blank.into_iter().map(moved));
        self.odd.extend(odd.into_iter().map(moved));
        Ok(first)
    }

    #[inline]
    fn span(&self, position: u32) -> Range<usize> {
        let end = |position: u32| {
            self.ends
                .get(position as usize)
                .map_or(0, |&end| end as usize)
        };
        let start = position.checked_sub(1).map_or(0, end);
        start..end(position)
    }

    /// The text at `position`; empty where there is none.
    pub fn get(&self, position: u32) -> &str {
        self.buffer.get(self.span(position)).unwrap_or_default()
    }

    #[inline]
    fn bytes(&self, position: u32) -> &[u8] {
        let bytes = self.buffer.as_bytes();
        bytes.get(self.span(position)).unwrap_or_default()
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Position of a number format inside one [`Values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct FormatId(u16);

/// The values of one table, named by [`ValueId`]. Shared strings are the workbook's and shared by its sheets.
#[derive(Clone, Debug, Default)]
pub struct Values {
    shared: Arc<Texts>,
    texts: Texts,
    numbers: Vec<(f64, FormatId)>,
    dates: Vec<(NaiveDateTime, FormatId)>,
    times: Vec<(TimeDelta, FormatId)>,
    /// The first is the empty format.
    formats: Vec<Box<str>>,
    counts_from_1904: bool,
}

impl Values {
    /// No value yet, over the workbook's shared strings.
    pub fn new(shared: Arc<Texts>) -> Self {
        Self {
            shared,
            formats: vec!["".into()],
            ..Self::default()
        }
    }

    /// Says that the workbook's serial days count from 1904, as those of old Macintoshes do: what a number that has lost
    /// its date format means.
    pub const fn count_from_1904(&mut self, counts: bool) {
        self.counts_from_1904 = counts;
    }

    /// Whether the workbook's serial days count from 1904.
    pub const fn counts_from_1904(&self) -> bool {
        self.counts_from_1904
    }

    /// The value behind an id of this table.
    pub fn get(&self, id: ValueId) -> Value<'_> {
        let position = id.position() as usize;
        match id.kind() {
            Kind::Empty => Value::Empty,
            Kind::SharedText => Value::Text(self.shared.get(id.position())),
            Kind::OwnText => Value::Text(self.texts.get(id.position())),
            Kind::Error => Value::Error(self.texts.get(id.position())),
            Kind::Bool => Value::Bool(position == 1),
            Kind::Number => self
                .numbers
                .get(position)
                .map_or(Value::Empty, |&(value, format)| Value::Number {
                    value,
                    format: self.format(format),
                }),
            Kind::Date => self
                .dates
                .get(position)
                .map_or(Value::Empty, |&(value, format)| Value::Date {
                    value,
                    format: self.format(format),
                }),
            Kind::Time => self
                .times
                .get(position)
                .map_or(Value::Empty, |&(value, format)| Value::Time {
                    value,
                    format: self.format(format),
                }),
        }
    }

    /// Whether nothing stands behind an id, or nothing but white space. No text is looked at: what is blank is known
    /// since the texts were read.
    #[inline]
    pub fn is_blank(&self, id: ValueId) -> bool {
        let texts = match id.kind() {
            Kind::Empty => return true,
            Kind::SharedText => &*self.shared,
            Kind::OwnText => &self.texts,
            _ => return false,
        };
        !texts.blank.is_empty() && texts.blank.binary_search(&id.position()).is_ok()
    }

    /// Whether an id is that of a text with something at either end that few texts have: white space, signs, characters
    /// of other scripts. No text is looked at; who asks for those that a formula or a stray blank begins finds them here.
    #[inline]
    pub(crate) fn has_odd_ends(&self, id: ValueId) -> bool {
        let texts = match id.kind() {
            Kind::SharedText => &*self.shared,
            Kind::OwnText => &self.texts,
            _ => return false,
        };
        !texts.odd.is_empty() && texts.odd.binary_search(&id.position()).is_ok()
    }

    /// The text behind an id; `None` of what is no text. Who looks at many and wants nothing but their texts is spared
    /// copies of values, each of which waits until what was written before it has reached memory.
    #[inline]
    pub(crate) fn text_behind(&self, id: ValueId) -> Option<&str> {
        match id.kind() {
            Kind::SharedText => Some(self.shared.get(id.position())),
            Kind::OwnText => Some(self.texts.get(id.position())),
            _ => None,
        }
    }

    /// How many bytes the text behind an id has; `None` of what is no text. The text is not looked at.
    #[inline]
    pub(crate) fn text_len(&self, id: ValueId) -> Option<usize> {
        let texts = match id.kind() {
            Kind::SharedText => &*self.shared,
            Kind::OwnText => &self.texts,
            _ => return None,
        };
        Some(texts.span(id.position()).len())
    }

    /// Whether the id is that of this text. Cheaper than asking for the value: only a text of the same length is looked at.
    #[inline]
    pub fn is_text(&self, id: ValueId, text: &str) -> bool {
        self.text_len(id) == Some(text.len()) && self.get(id) == Value::Text(text)
    }

    /// Whether the id is that of a text of the sheet's own with these bytes. Cheaper than asking for the value.
    #[inline]
    pub fn is_own_text(&self, id: ValueId, text: &[u8]) -> bool {
        id.kind() == Kind::OwnText && self.texts.bytes(id.position()) == text
    }

    /// The values behind these ids, in their order.
    pub fn each<'v>(&'v self, ids: &'v [ValueId]) -> impl Iterator<Item = Value<'v>> + Clone {
        ids.chunks(FETCHED).flat_map(|ids| {
            self.fetch(ids.iter().copied());
            ids.iter().map(|&id| self.get(id))
        })
    }

    /// Has the processor fetch the texts behind some ids side by side. The texts of one column lie far apart: who looks at
    /// one after another waits for memory at each.
    pub(crate) fn fetch(&self, ids: impl Iterator<Item = ValueId>) {
        let touched = ids.fold(0, |touched, id| {
            let text = match id.kind() {
                Kind::SharedText => self.shared.bytes(id.position()),
                Kind::OwnText | Kind::Error => self.texts.bytes(id.position()),
                _ => return touched,
            };
            let ends = text.first().zip(text.last());
            touched ^ ends.map_or(0, |(first, last)| first ^ last)
        });
        std::hint::black_box(touched);
    }

    /// The spelling of a format of this table.
    pub fn format(&self, format: FormatId) -> &str {
        self.formats
            .get(usize::from(format.0))
            .map_or("", |format| format)
    }

    /// The id of a number format, which is added where it is new.
    ///
    /// # Errors
    /// [`Full`] past 65,536 formats.
    pub fn add_format(&mut self, format: &str) -> Result<FormatId, Full> {
        if self.formats.is_empty() {
            self.formats.push("".into());
        }
        let position =
            if let Some(position) = self.formats.iter().position(|known| **known == *format) {
                position
            } else {
                self.formats.push(format.into());
                self.formats.len() - 1
            };
        u16::try_from(position).map(FormatId).map_err(|_| Full)
    }

    /// Adds a text of the sheet's own (not one of the shared strings).
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_text(&mut self, text: &str) -> Result<ValueId, Full> {
        self.texts
            .push(text)
            .map(|position| ValueId::of(Kind::OwnText, position))
    }

    /// Adds texts of the sheet's own that stand behind each other and end where `ends` says, ascending, each between two
    /// characters: cheaper than one after another. Gives their ids in their order.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_texts(
        &mut self,
        joined: &str,
        ends: &[usize],
    ) -> Result<impl Iterator<Item = ValueId> + use<>, Full> {
        let first = self.texts.push_joined(joined, ends)?;
        let positions = first..first + ends.len() as u32;
        Ok(positions.map(|position| ValueId::of(Kind::OwnText, position)))
    }

    /// Adds an error value such as `#N/A`.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_error(&mut self, text: &str) -> Result<ValueId, Full> {
        self.texts
            .push(text)
            .map(|position| ValueId::of(Kind::Error, position))
    }

    /// Adds a number.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_number(&mut self, value: f64, format: FormatId) -> Result<ValueId, Full> {
        push(&mut self.numbers, (value, format), Kind::Number)
    }

    /// Adds a date or a date with a time.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_date(&mut self, value: NaiveDateTime, format: FormatId) -> Result<ValueId, Full> {
        push(&mut self.dates, (value, format), Kind::Date)
    }

    /// Adds a time of day or an elapsed time.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add_time(&mut self, value: TimeDelta, format: FormatId) -> Result<ValueId, Full> {
        push(&mut self.times, (value, format), Kind::Time)
    }

    /// Adds a copy of a value that may come from elsewhere.
    ///
    /// # Errors
    /// [`Full`]
    pub fn add(&mut self, value: Value<'_>) -> Result<ValueId, Full> {
        match value {
            Value::Empty => Ok(ValueId::EMPTY),
            Value::Text(text) => self.add_text(text),
            Value::Error(text) => self.add_error(text),
            Value::Bool(value) => Ok(ValueId::bool(value)),
            Value::Number { value, format } => {
                let format = self.add_format(format)?;
                self.add_number(value, format)
            }
            Value::Date { value, format } => {
                let format = self.add_format(format)?;
                self.add_date(value, format)
            }
            Value::Time { value, format } => {
                let format = self.add_format(format)?;
                self.add_time(value, format)
            }
        }
    }

    /// Takes over all values of another table that has no shared strings, and says where they are now.
    ///
    /// # Errors
    /// [`Full`]
    pub fn append(&mut self, other: Self) -> Result<Moved, Full> {
        let moved = Moved {
            texts: self.texts.append(other.texts)?,
            numbers: room(self.numbers.len(), other.numbers.len())?,
            dates: room(self.dates.len(), other.dates.len())?,
            times: room(self.times.len(), other.times.len())?,
        };
        let formats = other.formats.iter().map(|format| self.add_format(format));
        let formats = formats.collect::<Result<Vec<_>, Full>>()?;
        let of = |format: FormatId| {
            formats
                .get(usize::from(format.0))
                .copied()
                .unwrap_or_default()
        };
        let numbers = other.numbers.into_iter();
        self.numbers
            .extend(numbers.map(|(value, format)| (value, of(format))));
        let dates = other.dates.into_iter();
        self.dates
            .extend(dates.map(|(value, format)| (value, of(format))));
        let times = other.times.into_iter();
        self.times
            .extend(times.map(|(value, format)| (value, of(format))));
        Ok(moved)
    }

    /// The texts of the sheet's own, in the order in which they were added.
    pub fn own_texts(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.texts.len() as u32).map(|position| self.texts.get(position))
    }

    /// The ids of texts that hold nothing but white space: asked once, they spare a look at the text of every cell.
    pub fn blank_texts(&self) -> HashSet<ValueId> {
        let of = |texts: &Texts, kind| {
            let ids = texts.blank.iter();
            ids.map(|&position| ValueId::of(kind, position))
                .collect::<Vec<_>>()
        };
        let shared = of(&self.shared, Kind::SharedText);
        shared
            .into_iter()
            .chain(of(&self.texts, Kind::OwnText))
            .collect()
    }

    /// How many shared strings there are.
    pub fn shared_len(&self) -> usize {
        self.shared.len()
    }
}

/// Where the values of a table went that another took over.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    texts: u32,
    numbers: u32,
    dates: u32,
    times: u32,
}

impl Moved {
    /// The id there of a value that had this id before.
    pub const fn id(&self, id: ValueId) -> ValueId {
        let by = match id.kind() {
            Kind::Empty | Kind::SharedText | Kind::Bool => 0,
            Kind::OwnText | Kind::Error => self.texts,
            Kind::Number => self.numbers,
            Kind::Date => self.dates,
            Kind::Time => self.times,
        };
        ValueId(id.0 + by)
    }
}

/// Where values begin that are put behind others, if there is room for so many.
fn room(there: usize, more: usize) -> Result<u32, Full> {
    if there + more > POSITIONS as usize {
        return Err(Full);
    }
    Ok(there as u32)
}

fn push<T>(values: &mut Vec<T>, value: T, kind: Kind) -> Result<ValueId, Full> {
    let position = u32::try_from(values.len()).map_err(|_| Full)?;
    if position >= POSITIONS {
        return Err(Full);
    }
    values.push(value);
    Ok(ValueId::of(kind, position))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn joined_texts_are_those_added_one_by_one() -> Result<(), Full> {
        let texts = [
            "电话",
            "",
            "  ",
            "线索 ",
            "\u{3000}",
            "13800138000",
            " 报价",
        ];
        let mut values = Values::new(Arc::default());
        values.add_text("微信")?;
        let mut one_by_one = values.clone();
        let mut ends = Vec::new();
        for text in texts {
            ends.push(ends.last().unwrap_or(&0) + text.len());
        }
        let ids: Vec<_> = values.add_texts(&texts.concat(), &ends)?.collect();
        for (id, text) in ids.iter().zip(texts) {
            assert_eq!(one_by_one.add_text(text)?, *id);
            assert_eq!(values.get(*id).as_text(), Some(text));
            assert_eq!(values.is_blank(*id), one_by_one.is_blank(*id), "{text:?}");
        }
        assert_eq!(ids.len(), texts.len());
        assert_eq!(values.blank_texts(), one_by_one.blank_texts());
        assert_eq!(values.texts.odd, one_by_one.texts.odd);
        Ok(())
    }

    #[test]
    fn values_come_back_as_they_were_added() -> Result<(), Full> {
        let mut shared = Texts::new();
        let 展会 = shared.push("行业展会")?;
        let mut values = Values::new(Arc::new(shared));
        let day = NaiveDate::from_ymd_opt(2024, 5, 20)
            .unwrap()
            .and_hms_opt(9, 30, 0)
            .unwrap();
        let percent = values.add_format("0%")?;
        let ids = [
            ValueId::EMPTY,
            ValueId::shared_text(展会)?,
            values.add_text(" 00123 ")?,
            values.add_number(0.07, percent)?,
            values.add(Value::Date {
                value: day,
                format: "yyyy-mm-dd",
            })?,
            values.add(Value::Time {
                value: TimeDelta::minutes(26 * 60 + 30),
                format: "[h]:mm",
            })?,
            ValueId::bool(true),
            values.add_error("#N/A")?,
        ];
        let shown: Vec<_> = ids.iter().map(|&id| values.get(id).display()).collect();
        assert_eq!(
            shown,
            [
                "",
                "行业展会",
                " 00123 ",
                "7%",
                "2024-05-20T09:30:00",
                "PT26H30M",
                "TRUE",
                "#N/A"
            ]
        );
        let texts_that_are = |text: &str| {
            let ids = (0..).zip(&ids);
            let equal = ids.filter(|&(_, &id)| values.is_text(id, text));
            equal.map(|(at, _)| at).collect::<Vec<_>>()
        };
        assert_eq!(texts_that_are("行业展会"), [1]);
        assert_eq!(texts_that_are(" 00123 "), [2]);
        // An error value and an empty cell are no texts.
        assert!(
            ["行业展位", "#N/A", "", "TRUE"]
                .iter()
                .all(|text| texts_that_are(text).is_empty())
        );
        Ok(())
    }
}
