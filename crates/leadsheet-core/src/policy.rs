//! What a team has decided: cadence, date order, plausible dates, its own sources, which rules speak.
//!
//! A policy is data; `leadsheet.toml` and an embedder's code fill the same structure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::category::{Grade, Vocabulary};
use crate::field::Field;
use crate::value::DateOrder;

/// How many days may pass between two follow-ups of a lead, by grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cadence {
    /// Grade A.
    pub a: u32,
    /// Grade B.
    pub b: u32,
    /// Grade C, and leads without a grade.
    pub c: u32,
}

impl Cadence {
    /// S1: A every one to two days, B weekly, C monthly.
    pub const S1: Self = Self { a: 2, b: 7, c: 31 };
    /// S2: A weekly, B every two weeks, C monthly.
    pub const S2: Self = Self { a: 7, b: 14, c: 31 };

    /// Days for a grade.
    pub const fn days(&self, grade: Option<Grade>) -> u32 {
        match grade {
            Some(Grade::A) => self.a,
            Some(Grade::B) => self.b,
            _ => self.c,
        }
    }
}

/// A term that a team adds to a vocabulary, or synonyms for one that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExtraTerm {
    /// The term.
    pub term: String,
    /// Its English label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<String>,
    /// Other spellings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
}

/// What a team has decided. The default is what the sources of the templates recommend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Policy {
    /// Days between follow-ups.
    pub cadence: Cadence,
    /// Whether day or month comes first in `3/4/2024`; unset, such dates are reported as ambiguous.
    pub date_order: Option<DateOrder>,
    /// Dates before this day are taken for slips.
    pub earliest_date: NaiveDate,
    /// Planned dates may lie this many days ahead, no further.
    pub plan_ahead_days: u32,
    /// Terms beside the built-in ones, by field.
    pub terms: BTreeMap<Field, Vec<ExtraTerm>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            cadence: Cadence::S1,
            date_order: None,
            earliest_date: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default(),
            plan_ahead_days: 730,
            terms: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// The vocabulary of a field with the team's own terms; `None` where the field has neither.
    pub fn vocabulary(&self, field: Field) -> Option<Vocabulary> {
        self.vocabulary_beside(field, &[])
    }

    /// [`Policy::vocabulary`] with the terms that a template brings, which stand before the team's.
    pub fn vocabulary_beside(&self, field: Field, of_template: &[ExtraTerm]) -> Option<Vocabulary> {
        let of_team = self.terms.get(&field);
        let mut vocabulary = match Vocabulary::builtin(field) {
            Some(builtin) => builtin,
            None if of_team.is_some() || !of_template.is_empty() => Vocabulary::empty(true),
            None => return None,
        };
        for term in of_template.iter().chain(of_team.into_iter().flatten()) {
            let english = term.english.as_deref().unwrap_or(&term.term);
            vocabulary.add(
                &term.term,
                english,
                term.synonyms.iter().map(String::as_str),
            );
        }
        Some(vocabulary)
    }
}
