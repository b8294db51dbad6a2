//! The leads as a polars frame. Names and types of its columns are known here alone; what the figures mean is said in
//! `measure/`.
//!
//! Follow-ups are gathered to leads in one pass over the tables' codes, [`lead::Standing`] beside [`lead::Dates`]: a
//! million follow-ups are never a frame of their own. Nor are a million leads, where they differ in a few codes only.

use chrono::NaiveDate;
use leadsheet_core::{Field, Outcome, Stage};
use polars::prelude::*;

use crate::definition::{GradeAt, Grouping, Key, ReportDefinition};
use crate::error::AnalyticsError;
use crate::known::Known;
use crate::labels::{EMPTY, Labels, RowCodes};
use crate::measure::{conversion, lead, period};
use crate::tables::{Gathered, Table};
use crate::topics::Period;

/// Columns of the frame. Days count from 1970-01-01.
pub(crate) mod column {
    /// How many leads are alike in all that follows, u32.
    pub(crate) const ALIKE: &str = "alike";
    /// Won, lost or open, u32, as [`super::code_of`]; none where no table can say.
    pub(crate) const OUTCOME: &str = "outcome";
    /// The day it was won or lost, i32.
    pub(crate) const CLOSED: &str = "closed";
    /// The day it came, i32.
    pub(crate) const CREATED: &str = "created";
    /// Its last follow-up in the window, i32.
    pub(crate) const FOLLOWED_UP: &str = "followed_up";
    /// Its last follow-up, i32.
    pub(crate) const LAST_DAY: &str = "last_day";
    /// The highest rung it has reached, u32, counted from 1; none where nothing shows one.
    pub(crate) const REACHED: &str = "reached";
    /// The rungs that its follow-ups show, u32, a bit each.
    pub(crate) const SHOWN: &str = "shown";
    /// The rungs that they show one after the other, u32.
    pub(crate) const IN_ORDER: &str = "in_order";
}

use column::{ALIKE, CLOSED, CREATED, FOLLOWED_UP, IN_ORDER, LAST_DAY, OUTCOME, REACHED, SHOWN};

/// A key that leads are grouped by, with the groups met.
pub(crate) struct KeyColumn {
    pub(crate) key: Key,
    pub(crate) labels: Labels,
    name: String,
}

impl KeyColumn {
    /// The columns for all keys of a definition, each once, behind that of the stages, which every report has.
    pub(crate) fn all(definition: &ReportDefinition) -> Vec<Self> {
        let mut columns = vec![Self {
            key: Key::STAGE,
            labels: Labels::of_stages(),
            name: REACHED.to_owned(),
        }];
        for &key in definition.by.iter().flat_map(Grouping::keys) {
            if columns.iter().all(|column| column.key != key) {
                columns.push(Self {
                    key,
                    labels: Labels::new(),
                    name: format!("key_{key}"),
                });
            }
        }
        columns
    }

    /// Whether any table can tell a lead's group.
    pub(crate) fn is_in_any(&self, tables: &[Table<'_>]) -> bool {
        match self.key {
            Key::Field(field) => tables.iter().any(|table| table.has(field)),
            _ => true,
        }
    }

    const fn is_period(&self) -> bool {
        self.key.period().is_some()
    }

    /// Whether a lead's group is that of one of its follow-ups.
    fn is_of_follow_up(&self) -> bool {
        self.key != Key::STAGE && !self.is_period()
    }

    /// Whether the lead's first follow-up decides (else its latest).
    fn at_first(&self, grade_at: GradeAt) -> bool {
        match self.key {
            Key::Field(Field::Source) => true,
            Key::Field(Field::Grade) => grade_at == GradeAt::First,
            _ => false,
        }
    }
}

/// The code of an outcome.
pub(crate) const fn code_of(outcome: Outcome) -> u32 {
    outcome as u32
}

/// How many codes outcomes have.
const OUTCOMES: u32 = 3;

/// The rungs of the ladder of stages, counted from 1.
pub(crate) const fn rungs() -> u32 {
    Stage::LADDER.len() as u32
}

/// Leads, those that are alike in everything that is counted in one row. Where days are asked for, each has its own.
pub(crate) struct Frame(DataFrame);

/// What became of the rows of all tables.
pub(crate) struct Collapsed {
    pub(crate) leads: Frame,
    /// Follow-ups in the window.
    pub(crate) follow_ups_in_window: usize,
    /// What is known of each lead, for what is no share of leads: for topics, if any are asked for.
    pub(crate) known: Known,
}

/// The frame of leads: what is known of each, and the code of its group under every key.
pub(crate) fn leads(
    gathered: &Gathered<'_>,
    keys: &mut [KeyColumn],
    definition: &ReportDefinition,
) -> Result<Collapsed, AnalyticsError> {
    if u32::try_from(gathered.rows()).is_err() {
        return Err(AnalyticsError::TooManyRows);
    }
    let asks_for_days = definition.window.is_bounded()
        || definition.within_days.is_some()
        || keys.iter().any(KeyColumn::is_period);
    let mut of_follow_up: Vec<_> = keys
        .iter_mut()
        .filter(|key| key.is_of_follow_up())
        .map(|key| (key.at_first(definition.grade_at), key))
        .collect();
    let window = &definition.window;
    let leads = gathered.len() as usize;
    let asks_for_dates = asks_for_days || !definition.show.is_empty();
    let mut standings = vec![lead::Standing::default(); leads];
    let mut dates = vec![lead::Dates::default(); if asks_for_dates { leads } else { 0 }];
    let mut groups: Vec<_> = of_follow_up
        .iter()
        .map(|&(at_first, _)| lead::Groups::new(at_first, leads))
        .collect();
    let places = gathered.places();
    let mut follow_ups_in_window = 0;
    for (position, (table, rows)) in gathered.tables().enumerate() {
        let says = lead::Says::new(&table.reading);
        let of_row = of_follow_up
            .iter_mut()
            .map(|(_, key)| key.labels.of_rows(table, key.key));
        let codes: Vec<Option<RowCodes<'_>>> = of_row.collect();
        for (row, lead) in rows {
            let place = places[gathered.number_of(position, &row) as usize];
            let follow_up = says.of(&row, place);
            if let Some(standing) = standings.get_mut(lead as usize) {
                standing.take(&follow_up);
            }
            if let Some(dates) = dates.get_mut(lead as usize) {
                let day = says.day(&row);
                let is_in_window = day.is_some_and(|day| period::holds(window, day));
                follow_ups_in_window += usize::from(is_in_window);
                dates.take(&follow_up, (day, says.closed(&row)), is_in_window);
            }
            for (groups, codes) in groups.iter_mut().zip(&codes) {
                if let Some(codes) = codes {
                    groups.take(lead, place, codes.get(row.index()));
                }
            }
        }
    }
    let mut codes = vec![
        codes(OUTCOME, OUTCOMES, |lead| standings[lead].outcome()),
        codes(REACHED, rungs() + 1, |lead| standings[lead].reached()),
        codes(SHOWN, 1 << rungs(), |lead| Some(standings[lead].shown())),
        codes(IN_ORDER, rungs() + 1, |lead| {
            Some(standings[lead].in_order())
        }),
    ];
    for ((_, key), groups) in of_follow_up.iter().zip(&groups) {
        let count = key.labels.len() as u32;
        codes.push(self::codes(&key.name, count, |lead| groups.code(lead)));
    }
    let alike = Alike::new(leads, if asks_for_days { None } else { Some(&codes) });
    let mut columns = vec![Column::new(ALIKE.into(), &alike.counts)];
    columns.extend(codes.iter().map(|codes| alike.column(codes)));
    drop(codes);
    drop(groups);
    let mut known = Known::default();
    if asks_for_dates {
        known = Known {
            standings,
            dates,
            days_in_numbers: gathered.days_in_numbers(),
        };
    }
    if asks_for_days {
        let created = known.leads().map(|lead| lead.created());
        columns.push(Int32Chunked::from_iter_options(CREATED.into(), created).into_column());
        columns.extend([
            days(CLOSED, &known.dates, lead::Dates::closed),
            days(LAST_DAY, &known.dates, lead::Dates::last_day),
            days(FOLLOWED_UP, &known.dates, lead::Dates::followed_up),
        ]);
    }
    if definition.show.is_empty() {
        known = Known::default();
    }
    let mut leads = DataFrame::new(alike.leads.len(), columns)?;
    for key in keys {
        if let Some(period) = key.key.period() {
            let codes = period_codes(&leads, key, period, definition)?;
            leads.with_column(codes)?;
        }
    }
    Ok(Collapsed {
        leads: Frame(leads),
        follow_ups_in_window,
        known,
    })
}

/// Codes of leads, less than `count`.
struct Codes<'f> {
    name: &'f str,
    count: u32,
    of_lead: Box<dyn Fn(usize) -> Option<u32> + 'f>,
}

fn codes<'f>(name: &'f str, count: u32, of_lead: impl Fn(usize) -> Option<u32> + 'f) -> Codes<'f> {
    Codes {
        name,
        count,
        of_lead: Box::new(of_lead),
    }
}

impl Codes<'_> {
    /// How many bits tell the codes apart, and none from all of them.
    const fn bits(&self) -> u32 {
        u32::BITS - self.count.leading_zeros()
    }
}

/// Leads told apart by their codes.
struct Alike {
    /// The first of those that are alike, by lead.
    leads: Vec<usize>,
    /// How many they are.
    counts: Vec<u32>,
}

impl Alike {
    /// Leads by their codes; without codes, or with too many to tell leads by 64 bits, each by itself.
    fn new(leads: usize, codes: Option<&[Codes<'_>]>) -> Self {
        let fits = |codes: &&[Codes<'_>]| codes.iter().map(Codes::bits).sum::<u32>() <= u64::BITS;
        let Some(codes) = codes.filter(fits) else {
            return Self {
                leads: (0..leads).collect(),
                counts: vec![1; leads],
            };
        };
        let mut alike = Self {
            leads: Vec::new(),
            counts: Vec::new(),
        };
        let mut known = PlHashMap::new();
        for lead in 0..leads {
            let key = codes.iter().fold(0_u64, |key, codes| {
                let code = (codes.of_lead)(lead).map_or(0, |code| code + 1);
                key << codes.bits() | u64::from(code)
            });
            let position = *known.entry(key).or_insert(alike.leads.len());
            if position == alike.leads.len() {
                alike.leads.push(lead);
                alike.counts.push(0);
            }
            alike.counts[position] += 1;
        }
        alike
    }

    fn column(&self, codes: &Codes<'_>) -> Column {
        let codes_of = self.leads.iter().map(|&lead| (codes.of_lead)(lead));
        UInt32Chunked::from_iter_options(codes.name.into(), codes_of).into_column()
    }
}

fn days(name: &str, dates: &[lead::Dates], day: fn(&lead::Dates) -> Option<i32>) -> Column {
    Int32Chunked::from_iter_options(name.into(), dates.iter().map(day)).into_column()
}

fn period_codes(
    leads: &DataFrame,
    key: &mut KeyColumn,
    period: Period,
    definition: &ReportDefinition,
) -> PolarsResult<Column> {
    let days = leads.column(period::basis(definition.window.by))?.i32()?;
    let codes: Vec<u32> = days
        .iter()
        .map(|day| match day.and_then(NaiveDate::from_epoch_days) {
            Some(day) => key.labels.period(period, day),
            None => EMPTY,
        })
        .collect();
    Ok(Column::new(key.name.as_str().into(), codes))
}

/// Leads of one combination of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// The group under each key; under the stages the highest one reached.
    pub(crate) codes: Vec<u32>,
    pub(crate) leads: u32,
    pub(crate) won: u32,
    pub(crate) lost: u32,
}

/// Leads whose follow-ups show the same stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The rungs shown, a bit each.
    pub(crate) shown: u32,
    /// How many of them one after the other.
    pub(crate) in_order: u32,
    pub(crate) leads: u32,
}

impl Frame {
    /// Counts leads by the given keys: all that a report says is made of these counts.
    pub(crate) fn count(
        &self,
        keys: &[&KeyColumn],
        within_days: Option<u32>,
    ) -> Result<Vec<Count>, AnalyticsError> {
        const LEADS: &str = "leads";
        const WON: &str = "won";
        const LOST: &str = "lost";
        let measures = [
            conversion::leads().alias(LEADS),
            conversion::won(within_days).alias(WON),
            conversion::lost().alias(LOST),
        ];
        let lazy = self.0.clone().lazy();
        let counts = if keys.is_empty() {
            lazy.select(measures)
        } else {
            let group = |key: &&KeyColumn| col(key.name.as_str()).fill_null(lit(EMPTY));
            lazy.group_by(keys.iter().map(group).collect::<Vec<_>>())
                .agg(measures)
        }
        .collect()?;
        let number = |name: &str| counts.column(name)?.u32();
        let codes = keys
            .iter()
            .map(|key| number(&key.name))
            .collect::<PolarsResult<Vec<_>>>()?;
        let (leads, won, lost) = (number(LEADS)?, number(WON)?, number(LOST)?);
        let of_row = |row| Count {
            codes: codes
                .iter()
                .map(|codes| codes.get(row).unwrap_or(EMPTY))
                .collect(),
            leads: leads.get(row).unwrap_or_default(),
            won: won.get(row).unwrap_or_default(),
            lost: lost.get(row).unwrap_or_default(),
        };
        Ok((0..counts.height()).map(of_row).collect())
    }

    /// Counts leads by the stages that their follow-ups show.
    pub(crate) fn paths(&self) -> Result<Vec<Path>, AnalyticsError> {
        const LEADS: &str = "leads";
        let lazy = self.0.clone().lazy();
        let counts = lazy
            .group_by([col(SHOWN), col(IN_ORDER)])
            .agg([conversion::leads().alias(LEADS)])
            .collect()?;
        let number = |name: &str| counts.column(name)?.u32();
        let (shown, in_order, leads) = (number(SHOWN)?, number(IN_ORDER)?, number(LEADS)?);
        let of_row = |row| {
            Some(Path {
                shown: shown.get(row)?,
                in_order: in_order.get(row)?,
                leads: leads.get(row)?,
            })
        };
        Ok((0..counts.height()).filter_map(of_row).collect())
    }

    /// How many leads there are.
    pub(crate) fn len(&self) -> Result<usize, AnalyticsError> {
        self.how_many(lit(true))
    }

    /// Leaves out what does not meet a condition, and says how many that were.
    pub(crate) fn keep(&mut self, condition: Expr) -> Result<usize, AnalyticsError> {
        let (before, kept) = (self.len()?, self.how_many(condition.clone())?);
        // Mostly nothing is left out, and a copy of millions of leads is spared.
        if kept < before {
            self.0 = self.0.clone().lazy().filter(condition).collect()?;
        }
        Ok(before - kept)
    }

    /// The first and the last day in a column of days; `None` where it has none.
    pub(crate) fn first_and_last(
        &self,
        column: &str,
    ) -> Result<Option<(NaiveDate, NaiveDate)>, AnalyticsError> {
        let days = self.0.column(column)?.i32()?;
        let day = |day: Option<i32>| day.and_then(NaiveDate::from_epoch_days);
        Ok(day(days.min()).zip(day(days.max())))
    }

    /// How many meet a condition.
    pub(crate) fn how_many(&self, condition: Expr) -> Result<usize, AnalyticsError> {
        const MET: &str = "met";
        let met = conversion::how_many(condition).alias(MET);
        let met = self.0.clone().lazy().select([met]).collect()?;
        let met = met.column(MET)?.u32()?.get(0);
        Ok(met.unwrap_or_default() as usize)
    }

    /// Leads in whose tables the key's column is missing.
    pub(crate) fn lacking(&self, key: &KeyColumn) -> Result<usize, AnalyticsError> {
        // Mostly there is none, and the engine would make megabytes of zeros to say so.
        if self.0.column(&key.name)?.null_count() == 0 {
            return Ok(0);
        }
        self.how_many(col(key.name.as_str()).is_null())
    }
}

impl From<PolarsError> for AnalyticsError {
    fn from(error: PolarsError) -> Self {
        Self::Engine(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use leadsheet_core::Policy;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{book, by, random_rows, random_table};

    proptest! {
        /// What the frames say of each lead is what core's `Lead` says, fact by fact.
        #[test]
        fn leads_are_what_core_says_they_are(rows in random_rows()) {
            let books = [book("a.xlsx", [random_table(&rows)])];
            let policy = Policy::default();
            let tables = Table::read(&books, &policy);
            let gathered = Gathered::new(&tables);
            // Who asks for days has each lead by itself.
            let definition = ReportDefinition {
                within_days: Some(30),
                ..by(&["source", "owner"])
            };
            let mut keys = KeyColumn::all(&definition);
            let Frame(frame) = leads(&gathered, &mut keys, &definition).unwrap().leads;
            let core = leadsheet_core::Leads::new(&tables[0].reading);
            prop_assert_eq!(frame.height(), core.len());

            let number = |name: &str, row| frame.column(name).unwrap().u32().unwrap().get(row);
            let date = |name: &str, row| {
                let days = frame.column(name).unwrap().i32().unwrap();
                days.get(row).and_then(NaiveDate::from_epoch_days)
            };
            let rung_of = |stage| Stage::LADDER.iter().position(|&rung| rung == stage);
            for row in 0..frame.height() {
                let lead = core.lead(row);
                prop_assert_eq!(number(OUTCOME, row), Some(code_of(lead.outcome())));
                prop_assert_eq!(date(CREATED, row), lead.created());
                prop_assert_eq!(date(CLOSED, row), lead.closed());
                let highest = lead.highest_stage().and_then(rung_of);
                prop_assert_eq!(number(REACHED, row), highest.map(|rung| rung as u32 + 1));
                for (key, row_of_lead, field) in [
                    (&keys[1], lead.first(), Field::Source),
                    (&keys[2], lead.latest(), Field::Owner),
                ] {
                    let name = key.labels.get(number(&key.name, row).unwrap()).1;
                    let value = row_of_lead.value(field).display();
                    let expected = match row_of_lead.term(field) {
                        Some(term) => &term.canonical,
                        None if value.is_empty() => crate::NOT_FILLED_IN,
                        None => &value,
                    };
                    prop_assert_eq!(name, expected);
                }
            }
        }

        /// Nobody is counted twice or left out for being like another.
        #[test]
        fn leads_that_are_alike_are_counted_as_if_each_stood_by_itself(rows in random_rows()) {
            let books = [book("a.xlsx", [random_table(&rows)])];
            let policy = Policy::default();
            let tables = Table::read(&books, &policy);
            let gathered = Gathered::new(&tables);
            let counts = |definition: &ReportDefinition| {
                let mut keys = KeyColumn::all(definition);
                let leads = leads(&gathered, &mut keys, definition).unwrap().leads;
                let keys: Vec<_> = keys.iter().collect();
                let mut counts = leads.count(&keys, None).unwrap();
                counts.sort_by(|one, other| one.codes.cmp(&other.codes));
                let mut paths = leads.paths().unwrap();
                paths.sort_by_key(|path| (path.shown, path.in_order));
                let open = conversion::has_outcome().not();
                (leads.len().unwrap(), counts, paths, leads.how_many(open).unwrap())
            };
            let together = by(&["source", "owner"]);
            let apart = ReportDefinition { within_days: Some(30), ..together.clone() };
            prop_assert_eq!(counts(&together), counts(&apart));
            let leads: usize = leadsheet_core::Leads::new(&tables[0].reading).len();
            prop_assert_eq!(counts(&together).0, leads);
        }
    }
}
