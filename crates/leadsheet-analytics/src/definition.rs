//! What is asked for: a small typed value that names no engine, so that another one can answer it besides polars.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use leadsheet_core::Field;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::topics::{CompareWith, Period, Topic};

/// A report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReportDefinition {
    /// What conversion is counted by, in the order of the answer.
    pub by: Vec<Grouping>,
    /// The leads that are counted.
    #[serde(default)]
    pub window: Window,
    /// Where set, a lead counts as won only when it was closed within so many days of its creation, and leads
    /// younger than that are left out: they have not had their chance yet.
    #[serde(default)]
    pub within_days: Option<u32>,
    /// Which follow-up a lead's grade is taken from.
    #[serde(default)]
    pub grade_at: GradeAt,
    /// The day of the report, from which the age of leads is counted.
    pub today: NaiveDate,
    /// What is shown beside conversion and funnel.
    #[serde(default)]
    pub show: Vec<Topic>,
    /// What activity and sales are counted by.
    #[serde(default = "usual_activity")]
    pub activity_by: Vec<Field>,
    /// The periods that activity and sales are counted in.
    #[serde(default)]
    pub per: Period,
    /// A period that conversion is compared with. It needs a window with both ends.
    #[serde(default)]
    pub compare: Option<CompareWith>,
}

fn usual_activity() -> Vec<Field> {
    vec![Field::Owner, Field::Source, Field::Region, Field::Industry]
}

impl ReportDefinition {
    /// Conversion by source, grade and stage over all leads.
    pub fn new(today: NaiveDate) -> Self {
        Self {
            by: [Field::Source, Field::Grade, Field::Stage]
                .map(|field| Key::Field(field).into())
                .to_vec(),
            window: Window::default(),
            within_days: None,
            grade_at: GradeAt::default(),
            today,
            show: Vec::new(),
            activity_by: usual_activity(),
            per: Period::default(),
            compare: None,
        }
    }
}

/// A period, both days included, and the date of a lead that must lie in it. Without a bound every lead is counted,
/// also one that lacks the date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Window {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    /// Which date counts.
    pub by: PeriodBasis,
}

impl Window {
    /// Whether the window leaves anything out.
    pub const fn is_bounded(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

/// Which date of a lead decides the period it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodBasis {
    /// The day the lead came: the date in its number, else its first follow-up.
    #[default]
    Created,
    /// Any of its follow-ups. Where one day is needed (`--by month`) it is the last follow-up in the window.
    FollowedUp,
    /// The day it was closed: its latest 成交日期, else the first follow-up that says won or lost. Taken literally:
    /// an open lead that carries a 成交日期 has one.
    Closed,
}

impl PeriodBasis {
    /// The word for it on the command line, in JSON and in the message catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            PeriodBasis::Created => "created",
            PeriodBasis::FollowedUp => "followed-up",
            PeriodBasis::Closed => "closed",
        }
    }
}

/// Which follow-up a lead's grade is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GradeAt {
    /// The first: a grade that was raised because the deal was won explains nothing.
    #[default]
    First,
    /// The latest.
    Latest,
}

/// One thing that leads can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The value of a field: of `source` (and `grade`, see [`GradeAt`]) in the lead's first follow-up, of all others
    /// in its latest. [`Field::Stage`] stands apart: a lead is counted at every stage it has reached.
    Field(Field),
    /// The month of the window's date, `2025-03`.
    Month,
    /// The quarter of the window's date, `2025-Q1`.
    Quarter,
    /// The ISO week of the window's date, `2025-W09`.
    Week,
    /// The file of the lead's latest follow-up.
    File,
    /// The folder that this file stands in.
    Folder,
    /// The sheet of the lead's latest follow-up.
    Sheet,
    /// The template of the lead's latest follow-up.
    Template,
}

impl Key {
    /// The stages a lead has reached.
    pub const STAGE: Self = Self::Field(Field::Stage);

    const OTHERS: [Self; 7] = [
        Self::Month,
        Self::Quarter,
        Self::Week,
        Self::File,
        Self::Folder,
        Self::Sheet,
        Self::Template,
    ];

    /// The period it stands for.
    pub(crate) const fn period(self) -> Option<Period> {
        match self {
            Self::Month => Some(Period::Month),
            Self::Quarter => Some(Period::Quarter),
            Self::Week => Some(Period::Week),
            _ => None,
        }
    }

    /// Every key, fields first.
    pub fn all() -> impl Iterator<Item = Self> {
        let fields = Field::ALL.iter().map(|&field| Self::Field(field));
        fields.chain(Self::OTHERS)
    }

    /// How it is spelt behind `--by` and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.key(),
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Week => "week",
            Self::File => "file",
            Self::Folder => "folder",
            Self::Sheet => "sheet",
            Self::Template => "template",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        Self::all()
            .find(|key| key.name() == name)
            .ok_or_else(|| ParseKeyError::Unknown(name.to_owned()))
    }
}

/// One or several keys that leads are grouped by at once: `source`, `source*grade`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grouping(Vec<Key>);

impl Grouping {
    /// The keys; at least one, each once.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// This grouping crossed with one more key; the same where it has the key already.
    #[must_use]
    pub fn cross(mut self, key: Key) -> Self {
        if !self.0.contains(&key) {
            self.0.push(key);
        }
        self
    }
}

impl From<Key> for Grouping {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, key) in self.0.iter().enumerate() {
            let star = if position > 0 { "*" } else { "" };
            write!(f, "{star}{key}")?;
        }
        Ok(())
    }
}

impl FromStr for Grouping {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut keys = Vec::new();
        for name in text.split('*') {
            let key: Key = name.parse()?;
            if keys.contains(&key) {
                return Err(ParseKeyError::Twice(text.trim().to_owned(), key.name()));
            }
            keys.push(key);
        }
        Ok(Self(keys))
    }
}

impl Serialize for Grouping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grouping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A text that is nothing to group by.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseKeyError {
    /// There is no such key.
    #[error("`{0}` is nothing to group by; known are {known}, and any two crossed with `*`", known = known())]
    Unknown(String),
    /// A key crossed with itself.
    #[error("`{0}` names `{1}` twice")]
    Twice(String, &'static str),
}

fn known() -> String {
    Key::all().map(Key::name).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groupings_are_written_as_they_are_read() {
        for text in ["source", "source*grade", "month*owner*stage", "file"] {
            assert_eq!(text.parse::<Grouping>().unwrap().to_string(), text);
        }
        let crossed = Grouping::from(Key::Field(Field::Source)).cross(Key::Month);
        assert_eq!(" source * month ".parse(), Ok(crossed.clone()));
        assert_eq!(crossed.clone().cross(Key::Month), crossed);
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_keys_there_are() {
        let error = "sauce".parse::<Grouping>().unwrap_err().to_string();
        assert!(error.starts_with("`sauce` is nothing to group by; known are lead_id"));
        for key in Key::all() {
            assert!(error.contains(key.name()), "{key}");
        }
        assert_eq!(
            "source*source".parse::<Grouping>().unwrap_err().to_string(),
            "`source*source` names `source` twice"
        );
        assert!("".parse::<Grouping>().is_err());
        assert!("source*".parse::<Grouping>().is_err());
    }

    #[test]
    fn a_definition_survives_json() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 3, day);
        let definition = ReportDefinition {
            by: vec!["source*grade".parse().unwrap(), Key::Week.into()],
            window: Window {
                from: day(1),
                to: None,
                by: PeriodBasis::FollowedUp,
            },
            within_days: Some(90),
            grade_at: GradeAt::Latest,
            today: day(31).unwrap(),
            show: vec![Topic::Speed, Topic::Cohorts],
            activity_by: vec![Field::Owner],
            per: Period::Week,
            compare: Some(CompareWith::Previous),
        };
        let json = serde_json::to_string(&definition).unwrap();
        assert!(json.contains(r#""by":["source*grade","week"]"#), "{json}");
        assert!(json.contains(r#""by":"followed-up""#), "{json}");
        assert_eq!(
            serde_json::from_str::<ReportDefinition>(&json).unwrap(),
            definition
        );
    }
}
