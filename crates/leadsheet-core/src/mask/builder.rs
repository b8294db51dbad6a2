//! Gathering what a workbook's columns say about people, before any text of it is masked.

use std::collections::{HashMap, HashSet};

use super::MaskKind;
use super::digits::is_mobile;
use super::figures::is_label;
use super::masker::{Masker, Term, key_of};
use super::people::{is_han, is_organisation, mask_of, names_in, people_in};
use crate::ledger::Value;
use crate::text::organisation_key;
use crate::value::{ContactPoint, parse_contact};

/// What is masked beside customers and their contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaskOptions {
    /// The team's own people too: 负责人, 业务员.
    pub staff: bool,
    /// Organisations too.
    pub companies: bool,
    /// Tell people whose masks are alike apart by a number in the order in which they come: `张*1`, `张*2`.
    pub numbered: bool,
}

/// A number of a lead names its source, and no more.
const MOST_WORDS_IN_NUMBER: usize = 8;

/// Longer terms are remarks.
const LONGEST_TERM: usize = 40;

/// Gathers who and what is to be hidden. The order of the calls is that of the numbers that people get.
#[derive(Clone, Debug, Default)]
pub struct MaskBuilder {
    options: MaskOptions,
    people: Vec<String>,
    staff: HashSet<String>,
    organisations: Vec<String>,
    ids: Vec<(String, MaskKind)>,
    numbers: HashSet<String>,
    kept: HashSet<String>,
}

impl MaskBuilder {
    /// Nobody yet.
    pub fn new(options: MaskOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// A cell of a column of people.
    pub fn person(&mut self, cell: &str) {
        self.people.extend(names_in(cell));
        self.written_beside(cell);
    }

    /// A cell of a column of customers, who are firms or people.
    pub fn customer(&mut self, cell: &str) {
        let people = people_in(cell);
        if people.is_empty() && is_organisation(cell) {
            self.organisation(cell);
        }
        self.people.extend(people);
    }

    /// A cell in which only what can hardly be anything but a person's name is one.
    pub fn perhaps_person(&mut self, cell: &str) {
        self.people.extend(people_in(cell));
    }

    /// A cell of a column of firms.
    pub fn organisation(&mut self, cell: &str) {
        let name = cell.trim();
        let length = name.chars().count();
        if self.options.companies && (2..=LONGEST_TERM).contains(&length) && !name.contains('*') {
            self.organisations.push(name.to_owned());
        }
    }

    /// A cell of a column of the team's own people.
    pub fn staff(&mut self, cell: &str) {
        let names = names_in(cell);
        if self.options.staff {
            self.people.extend(names);
        } else {
            self.staff.extend(names.iter().map(|name| key_of(name)));
        }
    }

    /// Somebody who made or changed the file, or wrote a note in it; nobody of the team, as far as its columns say.
    pub fn author(&mut self, name: &str) {
        let people = people_in(name);
        let strangers = people
            .into_iter()
            .filter(|name| !self.staff.contains(&key_of(name)));
        self.people.extend(strangers);
    }

    /// A cell of a column of ways to reach people.
    pub fn contact(&mut self, value: Value<'_>) {
        for point in parse_contact(value).points() {
            match point {
                ContactPoint::Mobile(mobile) => self.number(mobile),
                ContactPoint::LocalNumber(digits)
                | ContactPoint::BadMobile(digits)
                | ContactPoint::Landline(digits)
                | ContactPoint::International(digits)
                | ContactPoint::BadInternational(digits) => {
                    self.number(digits.split('-').next().unwrap_or_default());
                }
                ContactPoint::Qq(id) => self.number(id),
                ContactPoint::Wechat(id) | ContactPoint::Account(id) => self.account(id),
                ContactPoint::Unreadable(text) | ContactPoint::BadEmail(text) => {
                    self.written_beside(text);
                }
                ContactPoint::Email(_) | ContactPoint::Masked(_) => {}
            }
        }
        if let Some(text) = value.as_text() {
            self.people.extend(
                people_in(text)
                    .into_iter()
                    .filter(|name| !is_organisation(name)),
            );
        }
    }

    /// A cell of a column of numbers of papers or accounts.
    pub fn identity(&mut self, value: Value<'_>, kind: MaskKind) {
        for word in value.text().split(|c: char| !c.is_ascii_alphanumeric()) {
            if word.len() >= 8 && word.contains(|c: char| c.is_ascii_digit()) {
                self.ids.push((word.to_owned(), kind));
                self.number(word);
            }
        }
    }

    /// A number of a lead or an order, which stays as it is where it is all that a cell holds.
    pub fn keep(&mut self, cell: &str) {
        let text = cell.trim();
        let is_mobile = is_mobile(text) && text.bytes().all(|byte| byte.is_ascii_digit());
        let words = text.chars().filter(|c| is_han(*c)).count();
        // A table may number its leads by their mobiles, and keep remarks where a number should be.
        if !is_mobile && words <= MOST_WORDS_IN_NUMBER && text.chars().count() <= LONGEST_TERM {
            self.kept.insert(text.to_owned());
        }
    }

    fn account(&mut self, id: &str) {
        if id.bytes().all(|byte| byte.is_ascii_digit()) {
            self.number(id);
        } else if (3..=LONGEST_TERM).contains(&id.len())
            && !id.contains('*')
            && !is_label(&id.to_lowercase())
        {
            self.ids.push((id.to_owned(), MaskKind::Account));
        }
    }

    fn number(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('+');
        if digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.numbers.insert(digits.to_owned());
        }
    }

    /// Numbers and ids among words.
    fn written_beside(&mut self, text: &str) {
        for word in
            text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@' | '.')))
        {
            let has_digit = word.contains(|c: char| c.is_ascii_digit());
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                self.number(word);
            } else if has_digit
                && word.len() >= 6
                && word.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                self.account(word);
            } else if word.contains('@') && !word.starts_with('@') && word.len() >= 4 {
                self.ids
                    .push((word.trim_matches('.').to_owned(), MaskKind::Email));
            }
        }
    }

    /// What hides all of it.
    pub fn build(self) -> Masker {
        let mut masker = Masker {
            numbers: self.numbers,
            kept: self.kept,
            ..Masker::default()
        };
        for name in &self.organisations {
            let term = |text: &str| Term {
                kept: 1,
                rest: "***".to_owned(),
                kind: MaskKind::Organisation,
                exact: exact(text),
            };
            let short = organisation_key(name);
            if short.chars().count() >= 3 {
                masker.add(&short, term(&short));
            }
            masker.add(name, term(name));
        }
        for (id, kind) in &self.ids {
            masker.add(
                id,
                Term {
                    kept: 1,
                    rest: "***".to_owned(),
                    kind: *kind,
                    exact: None,
                },
            );
        }
        let mut bearers: HashMap<String, u32> = HashMap::new();
        for name in &self.people {
            let (kept, rest) = mask_of(name);
            let key = key_of(name);
            if masker
                .terms
                .get(&key)
                .is_some_and(|term| term.kind == MaskKind::Name)
            {
                continue;
            }
            let mut rest = rest.to_owned();
            if self.options.numbered {
                let shown: String = key.chars().take(kept).collect();
                let bearers = bearers.entry(shown).or_default();
                *bearers += 1;
                rest.push_str(&bearers.to_string());
            }
            masker.add(
                name,
                Term {
                    kept,
                    rest,
                    kind: MaskKind::Name,
                    exact: exact(name),
                },
            );
        }
        masker
    }
}

/// Short words in Latin letters are looked for in their own letters: `Li` is a name, `li` a unit.
fn exact(name: &str) -> Option<String> {
    (name.is_ascii() && name.trim().len() <= 3).then(|| name.trim().to_owned())
}

impl Masker {
    fn add(&mut self, text: &str, term: Term) {
        let key = key_of(text);
        let length = key.chars().count();
        let Some(first) = key
            .chars()
            .next()
            .filter(|_| (2..=LONGEST_TERM).contains(&length))
        else {
            return;
        };
        *self.lengths.entry(first).or_default() |= 1 << length;
        self.terms.insert(key, term);
    }
}
