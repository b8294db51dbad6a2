//! Which boxes of a form are labels, and what they ask for.

use std::ops::Range;

use hashbrown::HashSet;
use leadsheet_core::{Field, tick_boxes};

use super::boxes::Boxes;
use super::words::{Dictionary, Word, ends_in_colon, is_note, is_number, is_signature};
use crate::template::definition::Strength;
use crate::template::evidence::builtin_vocabulary;

/// Labels beside each other with nothing between them are the heading of a table, if rows stand below.
const FEWEST_HEADINGS: usize = 3;

/// What a box asks for.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// The box it stands in.
    pub(super) at: usize,
    /// What it may mean, the likeliest first; nothing where the definition merely lists it as a label.
    pub(super) meanings: Vec<(Field, Strength)>,
    /// As the form spells it, without number and colon.
    pub(super) header: String,
    /// Where its value stands in the text of the same box.
    pub(super) inside: Option<Range<usize>>,
}

impl Label {
    /// What tells it from the other labels of a block.
    pub(super) fn item(&self) -> Item<'_> {
        match self.meanings.first() {
            Some(&(field, _)) => Item::Field(field),
            None => Item::Header(&self.header),
        }
    }

    pub(super) fn may_mean(&self, field: Field) -> bool {
        self.meanings.iter().any(|&(meant, _)| meant == field)
    }
}

/// What a label asks for, as far as repeating goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Item<'l> {
    Field(Field),
    Header(&'l str),
}
/// Finds labels box by box, keeping in mind which boxes are values by now.
pub(super) struct Search<'s, 't> {
    boxes: &'s Boxes<'s>,
    dictionary: &'s Dictionary<'t>,
    found: Vec<Label>,
    is_label: Vec<bool>,
    is_value: Vec<bool>,
    /// Rows of headings above a table; they ask for nothing.
    tables: HashSet<u32>,
    first_block_row: u32,
}

impl<'s, 't> Search<'s, 't> {
    fn new(boxes: &'s Boxes<'s>, dictionary: &'s Dictionary<'t>) -> Self {
        Self {
            boxes,
            dictionary,
            found: Vec::new(),
            is_label: vec![false; boxes.len()],
            is_value: vec![false; boxes.len()],
            tables: HashSet::new(),
            first_block_row: u32::MAX,
        }
    }

    fn is_open(&self, position: usize) -> bool {
        let row = self.boxes.get(position).first.row;
        !self.is_label[position] && !self.is_value[position] && !self.tables.contains(&row)
    }

    fn accept(&mut self, position: usize, word: &Word) {
        self.push(position, word, None);
        self.claim_value(position, word);
    }

    fn push(&mut self, position: usize, word: &Word, inside: Option<Range<usize>>) {
        if self.dictionary.is_of_block(word) {
            self.first_block_row = self.first_block_row.min(self.boxes.get(position).first.row);
        }
        self.is_label[position] = true;
        self.found.push(Label {
            at: position,
            meanings: word.meanings.clone(),
            header: word.header.clone(),
            inside,
        });
    }

    /// The box to the right is the value, unless it is a label itself; then the one below is. `微信` beside 跟进方式 is
    /// a value, whatever else it may be the heading of.
    fn claim_value(&mut self, position: usize, word: &Word) {
        match self.boxes.right_of(position) {
            Some(right) if self.is_label[right] || self.is_asking(right, word) => {
                self.claim_below(position, word);
            }
            Some(right) => self.is_value[right] = true,
            None => {}
        }
    }

    fn claim_below(&mut self, position: usize, word: &Word) {
        let below = self.boxes.below(position);
        if let Some(below) = below.filter(|&below| !self.is_asking(below, word)) {
            self.is_value[below] = !self.is_label[below];
        }
    }

    /// Whether a box beside or below a label asks for something itself, and is no term of what the label asks for.
    fn is_asking(&self, position: usize, label: &Word) -> bool {
        let text = self.boxes.text(position).unwrap_or_default();
        let is_term = |&(field, _): &(Field, Strength)| {
            builtin_vocabulary(field).is_some_and(|known| known.find(text).is_some())
        };
        let word = self.dictionary.word(text);
        word.is_some_and(|word| self.dictionary.is_declared(&word))
            && !label.meanings.first().is_some_and(is_term)
    }

    /// Rows of headings: above several rows they are a table's, above a single one each asks for the box below it.
    fn find_heading_rows(&mut self) {
        for row in self.boxes.rows().collect::<Vec<_>>() {
            for run in self.runs_of_words(row) {
                let last = run.iter().map(|&at| self.boxes.get(at).last.row).max();
                let below = last.unwrap_or(row) + 1;
                if self.is_filled(below, &run) && self.is_filled(below + 1, &run) {
                    self.tables.insert(row);
                } else {
                    for position in run {
                        let text = self.boxes.text(position).unwrap_or_default();
                        if let Some(word) = self.dictionary.word(text) {
                            self.push(position, &word, None);
                            self.claim_below(position, &word);
                        }
                    }
                }
            }
        }
    }

    /// Boxes of a row that touch each other and are words of labels, three or more of them.
    fn runs_of_words(&self, row: u32) -> Vec<Vec<usize>> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for &position in self.boxes.in_row(row) {
            let it = self.boxes.get(position);
            let text = self.boxes.text(position).unwrap_or_default();
            if it.first.row != row || self.dictionary.word(text).is_none() {
                continue;
            }
            match runs.last_mut() {
                Some(run)
                    if run.last().is_some_and(|&before| {
                        self.boxes.get(before).last.column + 1 == it.first.column
                    }) =>
                {
                    run.push(position);
                }
                _ => runs.push(vec![position]),
            }
        }
        // `微信 电话 短信` beside 跟进方式 are ways of following up, each in a box of its own.
        runs.retain(|run| {
            let mut texts = run.iter().filter_map(|&at| self.boxes.text(at));
            run.len() >= FEWEST_HEADINGS && !texts.any(|text| tick_boxes(text).is_some())
        });
        runs
    }

    fn is_filled(&self, row: u32, run: &[usize]) -> bool {
        let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
            return false;
        };
        let columns = self.boxes.get(first).first.column..=self.boxes.get(last).last.column;
        let mut below = self.boxes.in_row(row).iter();
        let first = below.find(|&&at| columns.contains(&self.boxes.get(at).first.column));
        // A row that begins with a label is no row of a table.
        first.is_some_and(|&at| {
            let text = self.boxes.text(at).unwrap_or_default();
            let word = self.dictionary.word(text);
            word.is_none_or(|word| !self.dictionary.is_declared(&word))
        })
    }

    /// What the definition says the form asks for. Below the first block a word of the head is a value as likely as
    /// a label: it waits.
    fn find_declared(&mut self) {
        for position in 0..self.boxes.len() {
            let Some(text) = self.boxes.text(position).filter(|_| self.is_open(position)) else {
                continue;
            };
            let waits = |word: &Word| {
                let row = self.boxes.get(position).first.row;
                !self.dictionary.is_of_block(word)
                    && !word.meanings.is_empty()
                    && row >= self.first_block_row
                    && !ends_in_colon(text)
            };
            match self.dictionary.word(text) {
                Some(word) if self.dictionary.is_declared(&word) => {
                    if !waits(&word) {
                        self.accept(position, &word);
                    }
                }
                Some(_) => {}
                None => self.accept_pairs(position, text, |search, word| {
                    search.dictionary.is_declared(word)
                }),
            }
        }
    }

    /// What other tables ask for, where it stands like a label: with a colon, or below or above one.
    fn find_others(&mut self) {
        for position in 0..self.boxes.len() {
            let Some(text) = self.boxes.text(position).filter(|_| self.is_open(position)) else {
                continue;
            };
            match self.dictionary.word(text) {
                Some(word) => {
                    let is_sure = word
                        .meanings
                        .iter()
                        .any(|(_, strength)| !strength.is_weak());
                    if is_sure && (ends_in_colon(text) || self.is_aligned(position)) {
                        self.accept(position, &word);
                    }
                }
                None => self.accept_pairs(position, text, |_, _| true),
            }
        }
    }

    /// Labels that nobody knows: short and with a colon, or in line with others and before a value.
    fn find_unknown(&mut self) {
        for position in 0..self.boxes.len() {
            let Some(text) = self.boxes.text(position).filter(|_| self.is_open(position)) else {
                continue;
            };
            let plain = text.trim().trim_end_matches([':', '：']).trim_end();
            let is_short = (1..=10).contains(&plain.chars().count());
            let is_value = plain.contains(char::is_numeric) || tick_boxes(text).is_some();
            if !is_short || is_value || is_note(text) || is_number(text) {
                continue;
            }
            let before_value = || {
                let right = self.boxes.right_of(position);
                right.is_some_and(|right| self.is_open(right))
            };
            if ends_in_colon(text) || (self.is_aligned(position) && before_value()) {
                let word = Word {
                    meanings: Vec::new(),
                    header: plain.to_owned(),
                };
                self.accept(position, &word);
            }
        }
    }

    fn is_aligned(&self, position: usize) -> bool {
        let it = self.boxes.get(position);
        self.found.iter().any(|label| {
            let other = self.boxes.get(label.at).first;
            other.column == it.first.column && other.row != it.first.row
        })
    }

    /// `跟进人：李雷  日期：2024-05-20`, or a label before the boxes it asks for, in one cell.
    fn accept_pairs(
        &mut self,
        position: usize,
        text: &str,
        is_meant: impl Fn(&Self, &Word) -> bool,
    ) {
        let pairs = self.pairs(text);
        let Some((word, _)) = pairs.first() else {
            return;
        };
        if is_meant(self, word) {
            for (word, inside) in &pairs {
                self.push(position, word, Some(inside.clone()));
            }
        }
    }

    /// The labels inside a text that begins with one, each with where its value stands.
    fn pairs(&self, text: &str) -> Vec<(Word, Range<usize>)> {
        let mut pairs: Vec<(Word, Range<usize>)> = Vec::new();
        let is_boundary = |c: char| c.is_whitespace() || ";；,，、|".contains(c);
        for (colon, mark) in text.match_indices([':', '：']) {
            let start = text[..colon].rfind(is_boundary).map_or(0, |at| {
                at + text[at..].chars().next().map_or(1, char::len_utf8)
            });
            let begins = text[..start].trim().is_empty();
            if pairs.is_empty() && !begins {
                break;
            }
            let Some(word) = self.dictionary.word(&text[start..colon]) else {
                continue;
            };
            if let Some((_, before)) = pairs.last_mut() {
                before.end = start.max(before.start);
            }
            pairs.push((word, colon + mark.len()..text.len()));
        }
        if pairs.is_empty()
            && let Some(boxes) = tick_boxes(text)
            && let Some(first) = boxes.first()
        {
            let head = text.find(first.label).unwrap_or(0);
            let label = text[..head].trim_end_matches(|c: char| !c.is_alphanumeric());
            if let Some(word) = self.dictionary.word(label) {
                pairs.push((word, label.len()..text.len()));
            }
        }
        pairs
    }
}

/// What the search gave.
pub(super) struct Labels {
    /// In reading order.
    pub(super) all: Vec<Label>,
    /// By box.
    pub(super) is_label: Vec<bool>,
    /// The rows at the foot in which people sign.
    pub(super) signed: HashSet<u32>,
}

/// The labels of a form.
pub(super) fn labels(boxes: &Boxes<'_>, dictionary: &Dictionary<'_>) -> Labels {
    let mut search = Search::new(boxes, dictionary);
    search.find_heading_rows();
    search.find_declared();
    search.find_others();
    search.find_unknown();
    let signed = signature_rows(&search);
    let mut labels = search.finish(|label| !signed.contains(&boxes.get(label.at).first.row));
    labels.signed = signed;
    labels
}

/// The labels above a table that ask for what the definition has in its head.
pub(super) fn head_labels(boxes: &Boxes<'_>, dictionary: &Dictionary<'_>) -> Labels {
    let mut search = Search::new(boxes, dictionary);
    search.find_declared();
    search.finish(|label| {
        let first = label.meanings.first();
        first.is_some_and(|&(field, _)| dictionary.is_head(field))
    })
}

impl Search<'_, '_> {
    fn finish(mut self, is_kept: impl Fn(&Label) -> bool) -> Labels {
        self.found.retain(is_kept);
        self.found.sort_by_key(|label| {
            let inside = label.inside.as_ref().map_or(0, |inside| inside.start);
            (label.at, inside)
        });
        let mut is_label = vec![false; self.boxes.len()];
        for label in &self.found {
            is_label[label.at] = true;
        }
        Labels {
            all: self.found,
            is_label,
            signed: HashSet::new(),
        }
    }
}

/// The rows at the foot in which people sign.
fn signature_rows(search: &Search<'_, '_>) -> HashSet<u32> {
    let mut signed = HashSet::new();
    for row in search.boxes.rows().rev() {
        let boxes = search.boxes.in_row(row).iter();
        let here = boxes
            .copied()
            .filter(|&at| search.boxes.get(at).first.row == row && !search.is_value[at]);
        let mut is_signed = false;
        let mut is_asked = false;
        for at in here {
            let text = search.boxes.text(at).unwrap_or_default();
            is_signed |= is_signature(text);
            is_asked |= search.is_label[at];
        }
        if is_signed {
            signed.insert(row);
        } else if is_asked {
            break;
        }
    }
    signed
}
