//! Masking one text, whatever it is and wherever it comes from.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::MaskKind;
use super::digits::{Number, SHORTEST_KNOWN, any_mask, is_mobile, numbers};
use super::figures::Figures;
use super::{address, words};
use crate::ledger::shortest;
use crate::text::folded_by_character;

/// Something in a text that gives way to its mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskEdit {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What stands there instead.
    pub mask: String,
    /// What it was.
    pub kind: MaskKind,
}

/// A name or id that is looked for in every text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// How many of its characters stay.
    pub(super) kept: usize,
    /// What stands for the others.
    pub(super) rest: String,
    pub(super) kind: MaskKind,
    /// Found only in its own letters: `Li`, not `li`.
    pub(super) exact: Option<String>,
}

/// Finds and hides what identifies people, made by a [`MaskBuilder`](super::MaskBuilder).
///
/// ```
/// use leadsheet_core::{MaskBuilder, MaskOptions};
/// let mut builder = MaskBuilder::new(MaskOptions::default());
/// builder.person("张三");
/// let masker = builder.build();
/// let said = "张三说打 138-0013-8000 或发 zhangsan@example.com";
/// assert_eq!(masker.masked(said).as_deref(), Some("张*说打 138****8000 或发 z***@example.com"));
/// assert_eq!(masker.masked("周五再联系"), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Masker {
    pub(super) terms: HashMap<String, Term>,
    /// How long, in characters, the terms are that begin with a character: one bit a length.
    pub(super) lengths: HashMap<char, u64>,
    pub(super) numbers: HashSet<String>,
    pub(super) kept: HashSet<String>,
}

impl Masker {
    /// What is to be hidden in a text, from its beginning to its end.
    pub fn edits(&self, text: &str) -> Vec<MaskEdit> {
        if text.len() < 2 {
            return Vec::new();
        }
        let bare = text.trim();
        if bare.len() < SHORTEST_KNOWN && self.numbers.contains(bare) {
            let start = text.len() - text.trim_start().len();
            return vec![MaskEdit {
                range: start..start + bare.len(),
                mask: any_mask(bare),
                kind: MaskKind::Phone,
            }];
        }
        let mut edits: Vec<MaskEdit> = Vec::new();
        let has = |wanted: fn(u8) -> bool| text.bytes().any(wanted);
        // Most texts are words, and nothing but names can be in them.
        let may_have_more = !text.is_ascii()
            || has(|byte| byte.is_ascii_digit() || matches!(byte, b'@' | b':' | b'='));
        if may_have_more && !self.kept.contains(bare) {
            let figures = Figures::of(text);
            let found: [Vec<Number>; 5] = [
                words::emails(&figures),
                words::ids(&figures),
                numbers(&figures, &self.numbers),
                address::houses(&figures),
                words::names(&figures),
            ];
            for number in found.into_iter().flatten() {
                let edit = MaskEdit {
                    range: figures.bytes(number.start, number.end),
                    mask: number.mask,
                    kind: number.kind,
                };
                put(&mut edits, edit);
            }
        }
        for edit in self.terms_in(text) {
            put(&mut edits, edit);
        }
        edits.sort_by_key(|edit| edit.range.start);
        edits.retain(|edit| text.get(edit.range.clone()) != Some(&*edit.mask));
        edits
    }

    /// The text with everything hidden; `None` where nothing is.
    pub fn masked(&self, text: &str) -> Option<String> {
        let edits = self.edits(text);
        (!edits.is_empty()).then(|| apply(text, &edits))
    }

    /// What stands for a number that is a cell's; `None` where it is nobody's. With `is_contact`, the column holds ways to
    /// reach people.
    pub fn number(&self, value: f64, is_contact: bool) -> Option<(String, MaskKind)> {
        if value.fract() != 0.0 || !(10_000.0..1e20).contains(&value) {
            return None;
        }
        let digits = format!("{value:.0}");
        if self.kept.contains(&shortest(value)) {
            return None;
        }
        if is_mobile(&digits) {
            return Some((any_mask(&digits), MaskKind::Phone));
        }
        if self.numbers.contains(&digits) && (is_contact || digits.len() >= SHORTEST_KNOWN) {
            return Some((any_mask(&digits), MaskKind::Phone));
        }
        if digits.len() < SHORTEST_KNOWN {
            return None;
        }
        let edit = self.edits(&digits).into_iter().next()?;
        let is_whole = edit.range == (0..digits.len());
        is_whole.then_some((edit.mask, edit.kind))
    }

    /// What stands for whoever made or changed a file; `None` where it is nobody.
    pub fn author(&self, name: &str) -> Option<String> {
        let name = name.trim();
        let first = name.chars().next()?;
        let is_masked = name.contains('*') || name.chars().count() == 1;
        (!is_masked).then(|| match self.masked(name) {
            Some(masked) if !self.terms_in(name).is_empty() => masked,
            _ if super::people::is_han(first) => {
                let (kept, rest) = super::people::mask_of(name);
                name.chars().take(kept).chain(rest.chars()).collect()
            }
            _ => format!("{first}***"),
        })
    }

    /// Whether somebody is left in raw text, of which nobody knows what it is: a piece of a file as it lies there. Short
    /// words in Latin letters and short numbers may be anything there, and do not count.
    pub fn leaves(&self, raw: &str) -> bool {
        const SHORTEST_WORD: usize = 6;
        let is_telling = |edit: &MaskEdit| {
            let spelled = raw.get(edit.range.clone()).unwrap_or_default();
            (!spelled.is_ascii() || spelled.len() >= SHORTEST_WORD) && spelled != edit.mask
        };
        if self.terms_in(raw).iter().any(is_telling) {
            return true;
        }
        let digits = raw.bytes().filter(u8::is_ascii_digit).count();
        if digits < 11 || self.kept.contains(raw.trim()) {
            return false;
        }
        let found = numbers(&Figures::of(raw), &HashSet::new());
        found
            .iter()
            .any(|number| number.kind == MaskKind::Phone && number.end - number.start >= 11)
    }

    /// The longest known terms, from left to right.
    fn terms_in(&self, text: &str) -> Vec<MaskEdit> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let folded = folded_by_character(text);
        let mut edits = Vec::new();
        let mut position = 0;
        let mut key = String::new();
        while let Some(&(first, _)) = folded.get(position) {
            let lengths = self.lengths.get(&first).copied().unwrap_or(0);
            let mut taken = 0;
            let mut left = lengths;
            while left != 0 {
                let length = 63 - left.leading_zeros() as usize;
                left &= !(1 << length);
                let Some(characters) = folded.get(position..position + length) else {
                    continue;
                };
                key.clear();
                key.extend(characters.iter().map(|(c, _)| *c));
                if let Some(edit) = self
                    .terms
                    .get(&key)
                    .and_then(|term| hidden(text, &folded, position, length, term))
                {
                    edits.push(edit);
                    taken = length;
                    break;
                }
            }
            position += taken.max(1);
        }
        edits
    }
}

/// The edit that hides a term that stands in a text; `None` where it is a part of another word.
fn hidden(
    text: &str,
    folded: &[(char, u32)],
    position: usize,
    length: usize,
    term: &Term,
) -> Option<MaskEdit> {
    let start = folded.get(position)?.1 as usize;
    let last = folded.get(position + length - 1)?.1 as usize;
    let end = last + text[last..].chars().next()?.len_utf8();
    let (before, after) = (
        text[..start].chars().next_back(),
        text[end..].chars().next(),
    );
    let is_word = |c: char| c.is_alphanumeric() && !super::people::is_han(c);
    let (first, final_) = (text[start..].chars().next()?, text[last..].chars().next()?);
    let torn = is_word(first) && before.is_some_and(is_word)
        || is_word(final_) && after.is_some_and(is_word);
    let spelled = text.get(start..end)?;
    if torn || term.exact.as_deref().is_some_and(|exact| exact != spelled) {
        return None;
    }
    let kept = spelled
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(term.kept);
    let mask = kept.chain(term.rest.chars()).collect();
    Some(MaskEdit {
        range: start..end,
        mask,
        kind: term.kind,
    })
}

/// Adds an edit where no earlier one is in its way; of two that share bytes and neither was first, the longer counts.
fn put(edits: &mut Vec<MaskEdit>, edit: MaskEdit) {
    let overlaps =
        |other: &MaskEdit| other.range.start < edit.range.end && edit.range.start < other.range.end;
    let in_the_way: Vec<usize> = (0..edits.len())
        .filter(|&at| overlaps(&edits[at]))
        .collect();
    let is_longer = |&at: &usize| edits[at].range.len() >= edit.range.len();
    if in_the_way.iter().any(is_longer) {
        return;
    }
    for at in in_the_way.into_iter().rev() {
        edits.remove(at);
    }
    edits.push(edit);
}

/// The text with the edits made.
pub(super) fn apply(text: &str, edits: &[MaskEdit]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        masked.push_str(&text[at..edit.range.start]);
        masked.push_str(&edit.mask);
        at = edit.range.end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// The key of a term: two spellings of one name have the same.
pub(super) fn key_of(text: &str) -> String {
    folded_by_character(text)
        .into_iter()
        .map(|(c, _)| c)
        .collect()
}
