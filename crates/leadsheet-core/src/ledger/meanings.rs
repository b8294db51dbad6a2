//! What the distinct values of a column mean, kept so that free text, which means nothing more, takes no room.

use std::ops::Index;

use super::column::{Column, EMPTY_CODE};
use super::reading::Parsed;
use super::values::{Value, Values};

/// What the distinct values of a column mean, by code.
#[derive(Clone, Debug)]
pub struct Meanings {
    len: usize,
    kept: Kept,
    /// The codes of what is blank and yet no empty cell, in order; mostly there is none.
    blank: Vec<u32>,
}

#[derive(Clone, Debug)]
enum Kept {
    Each(Vec<Parsed>),
    /// [`Parsed::Text`] all of them, but for the empty one and these, sorted by code.
    Text(Vec<(u32, Parsed)>),
}

impl Meanings {
    /// Of a column whose values are parsed one by one.
    pub(super) fn of_each(
        column: &Column,
        values: &Values,
        mut parse: impl FnMut(u32, Value<'_>) -> Parsed,
    ) -> Self {
        let mut each = Vec::with_capacity(column.distinct().len());
        let shown = values.each(column.distinct());
        each.extend((0..).zip(shown).map(|(code, value)| parse(code, value)));
        Self {
            len: each.len(),
            kept: Kept::Each(each),
            blank: blank_texts(column, values),
        }
    }

    /// Of a column of free text, where only blank texts and error values are no text. No text is looked at.
    pub(super) fn of_text(column: &Column, values: &Values) -> Self {
        let blank = blank_texts(column, values);
        let errors = (0..).zip(column.distinct());
        let errors = errors.filter(|(_, id)| id.is_error());
        let mut others: Vec<(u32, Parsed)> =
            errors.map(|(code, _)| (code, Parsed::Error)).collect();
        others.extend(blank.iter().map(|&code| (code, Parsed::Blank)));
        others.sort_unstable_by_key(|&(code, _)| code);
        Self {
            len: column.distinct().len(),
            kept: Kept::Text(others),
            blank,
        }
    }

    /// Whether the value with this code is empty or nothing but white space. Cheaper than asking what it means.
    pub fn is_blank(&self, code: u32) -> bool {
        code == EMPTY_CODE || (!self.blank.is_empty() && self.blank.binary_search(&code).is_ok())
    }

    /// What the value with this code means.
    pub fn get(&self, code: u32) -> &Parsed {
        match &self.kept {
            Kept::Each(each) => &each[code as usize],
            Kept::Text(_) if code == EMPTY_CODE => &Parsed::Blank,
            Kept::Text(others) if others.is_empty() => &Parsed::Text,
            Kept::Text(others) => others
                .binary_search_by_key(&code, |&(code, _)| code)
                .map_or(&Parsed::Text, |position| &others[position].1),
        }
    }

    /// How many distinct values there are, the empty one included.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is not even the empty value. Never so of a column.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Each by code.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            meanings: self,
            next: 0,
        }
    }
}

/// The codes of texts that hold nothing but white space, in order.
fn blank_texts(column: &Column, values: &Values) -> Vec<u32> {
    let filled = (0..).zip(column.distinct()).skip(1);
    let blank = filled.filter(|&(_, &id)| values.is_blank(id));
    blank.map(|(code, _)| code).collect()
}

impl Index<usize> for Meanings {
    type Output = Parsed;

    fn index(&self, code: usize) -> &Parsed {
        self.get(code as u32)
    }
}

impl<'m> IntoIterator for &'m Meanings {
    type Item = &'m Parsed;
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Iter<'m> {
        self.iter()
    }
}

/// The meanings of a column by code.
#[derive(Clone, Debug)]
pub struct Iter<'m> {
    meanings: &'m Meanings,
    next: usize,
}

impl<'m> Iterator for Iter<'m> {
    type Item = &'m Parsed;

    fn next(&mut self) -> Option<&'m Parsed> {
        let code = self.next;
        (code < self.meanings.len).then(|| {
            self.next += 1;
            self.meanings.get(code as u32)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.meanings.len - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_> {}
