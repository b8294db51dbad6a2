//! What a team has decided: cadence, windows, work days, how dates are written, its own terms, which rules speak.
//!
//! A policy is data; `leadsheet.toml` and an embedder's code fill the same structure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, Days, NaiveDate};
use serde::de::{self, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use crate::calendar::Calendar;
use crate::category::{Grade, SalesStage, Stage, Vocabulary};
use crate::field::Field;
use crate::value::{DateOrder, ShortYears};

/// How many days may pass between two follow-ups of a lead, by grade. In a configuration either the three numbers or the
/// name of a preset: `cadence = "follow-up-statistics"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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
    /// The presets by the name of the template whose source recommends them.
    pub const PRESETS: [(&'static str, Self); 2] = [
        ("lead-ledger", Self::S1),
        ("follow-up-statistics", Self::S2),
    ];

    /// The preset of this name.
    pub fn preset(name: &str) -> Option<Self> {
        let mut presets = Self::PRESETS.into_iter();
        presets
            .find(|(preset, _)| *preset == name)
            .map(|(_, cadence)| cadence)
    }

    /// Days for a grade.
    pub const fn days(&self, grade: Option<Grade>) -> u32 {
        match grade {
            Some(Grade::A) => self.a,
            Some(Grade::B) => self.b,
            _ => self.c,
        }
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        struct DaysByGrade {
            a: u32,
            b: u32,
            c: u32,
        }

        struct NameOrDays;

        impl<'de> Visitor<'de> for NameOrDays {
            type Value = Cadence;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("days by grade { a, b, c } or one of")?;
                Cadence::PRESETS
                    .iter()
                    .try_for_each(|(name, _)| write!(f, " \"{name}\""))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Cadence, E> {
                Cadence::preset(name)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(name), &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cadence, A::Error> {
                let days = DaysByGrade::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Cadence {
                    a: days.a,
                    b: days.b,
                    c: days.c,
                })
            }
        }

        deserializer.deserialize_any(NameOrDays)
    }
}

/// Which days count between two follow-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountedDays {
    /// Every day.
    #[default]
    Calendar,
    /// Work days: those of mainland China, but for the team's own holidays and work days.
    Work,
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

/// The fields that a team wants, or does not want, in the tables of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct WantedFields {
    /// Fields that must be filled.
    pub required: Vec<Field>,
    /// Fields that need not be filled.
    pub optional: Vec<Field>,
}

/// What a team has decided. The default is what the sources of the templates recommend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Policy {
    /// Days between follow-ups.
    pub cadence: Cadence,
    /// Which days the cadence counts.
    pub counted_days: CountedDays,
    /// Days off besides the public holidays.
    pub holidays: Vec<NaiveDate>,
    /// Weekends and public holidays that are worked.
    pub work_days: Vec<NaiveDate>,
    /// Days within which a lead of a grade is called or met, and not only written to (S1: B every two weeks).
    pub call_within: BTreeMap<Grade, u32>,
    /// Hours within which an A lead is first followed up (S1).
    pub first_response_hours: u32,
    /// Hours within which a follow-up is written down (S1).
    pub record_hours: u32,
    /// Days after which a customer of a table that knows no outcome counts as forgotten.
    pub forgotten_days: u32,
    /// Whether day or month comes first in `3/4/2024`; unset, such dates are reported as ambiguous.
    pub date_order: Option<DateOrder>,
    /// Where the year stands in `24-5-20`; unset, such dates are reported.
    pub short_years: Option<ShortYears>,
    /// Whether `113/5/20` counts years of the Republic (民國); unset, where the headings are Traditional Chinese.
    pub republic_years: Option<bool>,
    /// Dates before this day are taken for slips.
    pub earliest_date: NaiveDate,
    /// Planned dates may lie this many days ahead, no further.
    pub plan_ahead_days: u32,
    /// Fields that must be filled besides those that the template wants.
    pub required: Vec<Field>,
    /// Fields that need not be filled though the template wants them.
    pub optional: Vec<Field>,
    /// Stages that may follow a stage without a reason; a stage that is not named here keeps [`Stage::may_become`].
    pub transitions: BTreeMap<Stage, Vec<Stage>>,
    /// The same for stages of a deal; one that is not named here keeps [`SalesStage::may_become`].
    pub sales_transitions: BTreeMap<SalesStage, Vec<SalesStage>>,
    /// What else must or need not be filled in the tables of a template, by its name.
    pub templates: BTreeMap<String, WantedFields>,
    /// Terms beside the built-in ones, by field.
    pub terms: BTreeMap<Field, Vec<ExtraTerm>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            cadence: Cadence::S1,
            counted_days: CountedDays::default(),
            holidays: Vec::new(),
            work_days: Vec::new(),
            call_within: BTreeMap::from([(Grade::B, 14)]),
            first_response_hours: 24,
            record_hours: 24,
            forgotten_days: 90,
            date_order: None,
            short_years: None,
            republic_years: None,
            earliest_date: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default(),
            plan_ahead_days: 730,
            required: Vec::new(),
            optional: Vec::new(),
            transitions: BTreeMap::new(),
            sales_transitions: BTreeMap::new(),
            templates: BTreeMap::new(),
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

    /// Whether a lead may go from one stage to another, from one follow-up to the next, without a reason given: as the
    /// team's own table says, else as [`Stage::may_become`].
    pub fn may_become(&self, from: Stage, to: Stage) -> bool {
        match self.transitions.get(&from) {
            Some(next) => from == to || next.contains(&to),
            None => from.may_become(to),
        }
    }

    /// The same for the stages of a deal, else as [`SalesStage::may_become`].
    pub fn deal_may_become(&self, from: SalesStage, to: SalesStage) -> bool {
        match self.sales_transitions.get(&from) {
            Some(next) => from == to || next.contains(&to),
            None => from.may_become(to),
        }
    }

    /// Whether a field must be filled in the tables of a template, where its definition says what it says. What is decided
    /// for the template counts before what is decided for all, and that before the definition; of both at once, that it
    /// need not be filled.
    pub fn requires(&self, template: &str, field: Field, in_template: bool) -> bool {
        let of_template = self.templates.get(template);
        let of_template = of_template.map(|one| (&one.required, &one.optional));
        let of_all = (&self.required, &self.optional);
        for (required, optional) in of_template.into_iter().chain([of_all]) {
            if optional.contains(&field) {
                return false;
            }
            if required.contains(&field) {
                return true;
            }
        }
        in_template
    }

    /// The fields that the team wants in the tables of a template, besides those of its definition.
    pub(crate) fn wanted(&self, template: &str) -> impl Iterator<Item = Field> {
        let of_template = self.templates.get(template);
        let of_template = of_template.into_iter().flat_map(|one| &one.required);
        let of_template = of_template.filter(|field| !self.required.contains(field));
        self.required.iter().chain(of_template).copied()
    }

    /// Which days are worked.
    pub fn calendar(&self) -> Cow<'static, Calendar> {
        if self.holidays.is_empty() && self.work_days.is_empty() {
            Cow::Borrowed(Calendar::china())
        } else {
            Cow::Owned(Calendar::china().with(&self.holidays, &self.work_days))
        }
    }

    /// How many days have passed from one day to another, of those that the cadence counts.
    pub fn days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        match self.counted_days {
            CountedDays::Calendar => (to - from).num_days(),
            CountedDays::Work => self.calendar().work_days_between(from, to),
        }
    }

    /// The day by which so many days have passed, of those that the cadence counts.
    pub fn after(&self, from: NaiveDate, days: u32) -> NaiveDate {
        match self.counted_days {
            CountedDays::Calendar => from
                .checked_add_days(Days::new(days.into()))
                .unwrap_or(NaiveDate::MAX),
            CountedDays::Work => self.calendar().add_work_days(from, days),
        }
    }

    /// The first year that two digits can mean.
    pub(crate) fn first_year(&self) -> i32 {
        self.earliest_date.year()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<Policy, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_cadence_is_three_numbers_or_a_preset() {
        let cadence = |text| policy(text).map(|policy| policy.cadence);
        assert_eq!(
            cadence("cadence = \"follow-up-statistics\"").unwrap(),
            Cadence { a: 7, b: 14, c: 31 }
        );
        assert_eq!(
            cadence("cadence = \"lead-ledger\"").unwrap(),
            Cadence { a: 2, b: 7, c: 31 }
        );
        assert_eq!(
            cadence("cadence = { a = 3, b = 5, c = 7 }").unwrap(),
            Cadence { a: 3, b: 5, c: 7 }
        );
        let refused = cadence("cadence = \"weekly\"").unwrap_err().to_string();
        assert!(refused.contains("follow-up-statistics"), "{refused}");
        assert!(cadence("cadence = { a = 3 }").is_err());
        assert!(cadence("cadence = { a = 3, b = 5, c = 7, d = 1 }").is_err());
    }

    #[test]
    fn a_whole_policy_is_read_and_written_back() {
        let text = r#"
            counted-days = "work"
            holidays = ["2024-05-20"]
            call-within = { A = 3, B = 10 }
            first-response-hours = 4
            short-years = "first"
            republic-years = true
            required = ["email"]
            optional = ["feedback"]
            [transitions]
            "潜在客户" = ["意向客户", "高意向客户"]
            [sales-transitions]
            "初步接触" = ["合同签订"]
            [templates.pipeline]
            required = ["feedback", "industry"]
            optional = ["email"]
            [terms]
            source = [{ term = "抖音直播", synonyms = ["抖音"] }]
        "#;
        let read = policy(text).unwrap();
        assert_eq!(read.counted_days, CountedDays::Work);
        assert_eq!(read.call_within[&Grade::A], 3);
        let requires = |template, field| read.requires(template, field, field == Field::Feedback);
        assert!(requires("lead-ledger", Field::Email) && !requires("lead-ledger", Field::Feedback));
        assert!(!requires("pipeline", Field::Email) && requires("pipeline", Field::Feedback));
        assert!(requires("pipeline", Field::Industry));
        assert_eq!(
            read.wanted("pipeline").collect::<Vec<_>>(),
            [Field::Email, Field::Feedback, Field::Industry]
        );
        assert!(read.may_become(Stage::Potential, Stage::HighIntent));
        assert!(!read.may_become(Stage::Potential, Stage::Lost));
        assert!(read.deal_may_become(SalesStage::FirstContact, SalesStage::Contract));
        assert!(!read.deal_may_become(SalesStage::FirstContact, SalesStage::Needs));
        assert!(read.deal_may_become(SalesStage::Needs, SalesStage::Proposal));
        // What the team says nothing about stays as it is.
        assert!(read.may_become(Stage::Interested, Stage::Lost));
        let written = toml::to_string(&read).unwrap();
        assert_eq!(policy(&written).unwrap(), read);
        assert!(policy("holiday = []").is_err());
    }

    #[test]
    fn days_are_counted_as_the_team_counts_them() {
        let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        let calendar = Policy::default();
        let work = Policy {
            counted_days: CountedDays::Work,
            ..Policy::default()
        };
        // Over the holidays of October only the 8th is worked.
        assert_eq!(calendar.days_between(day(9, 30), day(10, 8)), 8);
        assert_eq!(work.days_between(day(9, 30), day(10, 8)), 1);
        assert_eq!(calendar.after(day(9, 30), 2), day(10, 2));
        assert_eq!(work.after(day(9, 30), 2), day(10, 9));
    }
}
