//! What makes rows one lead, each once, and the numbers of a table that say so.

use std::hash::BuildHasher;

use chrono::{Datelike as _, NaiveDate};
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::field::Field;
use crate::ledger::{FETCHED, Parsed, Reading, Value, ValueId, Values};
use crate::text::fold_compact;
use crate::value::LeadId;

/// What makes rows one lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadIdentity<'a> {
    /// A lead number `来源-日期-序号`, which is unique wherever it turns up.
    Number(&'a str),
    /// A number of the team's own (`A001`), unique within its table only.
    OwnNumber(&'a str),
    /// An unmasked mobile.
    Mobile(&'a str),
    /// Customer and contact name.
    Name(&'a str),
}

/// No lead: the row has nothing to tell a customer by.
pub(crate) const NOBODY: u32 = u32::MAX;

/// The leads that the distinct numbers of a table stand for, gathered in the order of their codes.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    identities: Identities,
    of_code: Vec<u32>,
    key: String,
}

impl Numbers {
    /// Those of a table, from top to bottom.
    pub(crate) fn of(reading: &Reading<'_>) -> Self {
        let Some(column) = reading.column(Field::LeadId) else {
            return Self::default();
        };
        let mut numbers = Self::with_room_for(column.distinct().len());
        let values = reading.ledger().values();
        for ids in column.distinct().chunks(FETCHED) {
            values.fetch(ids.iter().copied());
            for &id in ids {
                numbers.add_of(values, id);
            }
        }
        numbers
    }

    /// Adds the next by its id.
    fn add_of(&mut self, values: &Values, id: ValueId) {
        let add = |numbers: &mut Self, text: &str| numbers.push(text, LeadId::day_in(text).ok());
        match values.text_behind(id) {
            Some(text) if !text.is_empty() && !values.is_blank(id) => add(self, text),
            Some(_) => self.of_code.push(NOBODY),
            None => match values.get(id) {
                Value::Empty | Value::Error(_) => self.of_code.push(NOBODY),
                value => add(self, &value.text()),
            },
        }
    }

    /// None yet, and room for so many.
    pub(crate) fn with_room_for(count: usize) -> Self {
        let mut numbers = Self::default();
        numbers.identities.reserve(count);
        numbers.of_code.reserve(count);
        numbers
    }

    /// Adds the next of a column that is being looked over.
    pub(crate) fn add(&mut self, value: Value<'_>, parsed: &Parsed) {
        match parsed {
            Parsed::Blank | Parsed::Error => self.of_code.push(NOBODY),
            Parsed::LeadId(Ok(id)) => self.push(&value.text(), Some(id.date)),
            _ => self.push(&value.text(), None),
        }
    }

    /// Adds a number, with the day in it where it is well-formed.
    fn push(&mut self, text: &str, day: Option<NaiveDate>) {
        let kind = match day {
            Some(_) => IdentityKind::Number,
            None => IdentityKind::OwnNumber,
        };
        fold_compact(text, &mut self.key);
        let lead = self.identities.intern_of_day(kind, day, &self.key);
        self.of_code.push(lead);
    }

    /// What was gathered: the identities, and by code which one a number is.
    pub(crate) fn gathered(self) -> (Identities, Vec<u32>) {
        (self.identities, self.of_code)
    }
}

/// The identities met so far, each once: their texts in one buffer, for there may be as many as there are rows.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    buffer: String,
    /// Where each text ends in the buffer, and of which kind it is; it begins where the one before it ends.
    spans: Vec<Span>,
    /// Positions in `spans` by what they stand for.
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum IdentityKind {
    Number,
    OwnNumber,
    Mobile,
    Name,
}

/// An end, a day and a kind in eight bytes: there may be as many as there are rows.
#[derive(Clone, Copy, Debug)]
struct Span(u64);

impl Span {
    const KIND_BITS: u32 = 2;
    const DAY_BITS: u32 = 24;
    /// What is added to a day, so that 0 is none: eight digits tell days from the year 0 on, which is before day 1.
    const NO_DAY: i32 = 366;

    fn new(kind: IdentityKind, day: Option<NaiveDate>, end: usize) -> Self {
        let day = day.map_or(0, |day| (day.num_days_from_ce() + Self::NO_DAY) as u64);
        Self(((end as u64) << Self::DAY_BITS | day) << Self::KIND_BITS | kind as u64)
    }

    const fn end(self) -> usize {
        (self.0 >> (Self::KIND_BITS + Self::DAY_BITS)) as usize
    }

    fn day(self) -> Option<NaiveDate> {
        let day = (self.0 >> Self::KIND_BITS) as i32 & ((1 << Self::DAY_BITS) - 1);
        (day != 0).then(|| NaiveDate::from_num_days_from_ce_opt(day - Self::NO_DAY))?
    }

    const fn kind(self) -> IdentityKind {
        match self.0 & 3 {
            0 => IdentityKind::Number,
            1 => IdentityKind::OwnNumber,
            2 => IdentityKind::Mobile,
            _ => IdentityKind::Name,
        }
    }
}

impl Identities {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Nothing more is looked up by its text.
    pub(crate) fn close(&mut self) {
        self.known = HashTable::new();
    }

    /// The kind and text of one.
    pub(crate) fn text_of(&self, index: usize) -> (IdentityKind, &str) {
        text_of(&self.buffer, &self.spans, index)
    }

    pub(crate) fn get(&self, index: usize) -> LeadIdentity<'_> {
        let (kind, text) = text_of(&self.buffer, &self.spans, index);
        match kind {
            IdentityKind::Number => LeadIdentity::Number(text),
            IdentityKind::OwnNumber => LeadIdentity::OwnNumber(text),
            IdentityKind::Mobile => LeadIdentity::Mobile(text),
            IdentityKind::Name => LeadIdentity::Name(text),
        }
    }

    /// The day in a well-formed number.
    pub(crate) fn day_of(&self, index: usize) -> Option<NaiveDate> {
        self.spans[index].day()
    }

    pub(crate) fn is_numbered(&self, index: usize) -> bool {
        matches!(
            self.spans[index].kind(),
            IdentityKind::Number | IdentityKind::OwnNumber
        )
    }

    /// Makes room for so many more, numbers of about this length.
    fn reserve(&mut self, more: usize) {
        const USUAL_LENGTH: usize = 16;
        let Self {
            buffer,
            spans,
            known,
            hasher,
        } = self;
        buffer.reserve(more * USUAL_LENGTH);
        spans.reserve(more);
        known.reserve(more, |&index| {
            hasher.hash_one(text_of(buffer, spans, index as usize))
        });
    }

    /// The position of an identity, a new one where it was not met before.
    pub(crate) fn intern(&mut self, kind: IdentityKind, text: &str) -> u32 {
        self.intern_of_day(kind, None, text)
    }

    /// The same of a number with the day that it tells.
    pub(crate) fn intern_of_day(
        &mut self,
        kind: IdentityKind,
        day: Option<NaiveDate>,
        text: &str,
    ) -> u32 {
        let Self {
            buffer,
            spans,
            known,
            hasher,
        } = self;
        let of_known = |&index: &u32| text_of(buffer, spans, index as usize);
        let found = known.entry(
            hasher.hash_one((kind, text)),
            |index| of_known(index) == (kind, text),
            |index| hasher.hash_one(of_known(index)),
        );
        let new = spans.len() as u32;
        let index = *found.or_insert(new).get();
        if index == new {
            buffer.push_str(text);
            spans.push(Span::new(kind, day, buffer.len()));
        }
        index
    }
}

fn text_of<'b>(buffer: &'b str, spans: &[Span], index: usize) -> (IdentityKind, &'b str) {
    let span = spans[index];
    let start = index.checked_sub(1).map_or(0, |before| spans[before].end());
    (span.kind(), &buffer[start..span.end()])
}
