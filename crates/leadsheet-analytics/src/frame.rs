//! The follow-ups and leads as polars frames. Names and types of their columns are known here alone; what the
//! figures mean is said in `measure/`.
//!
//! Follow-ups come in one frame, a row each, with every term and text as a code. They collapse to leads by plain
//! minima and maxima, which cost a third of sorting: `ORDER` holds date and position in one integer, so the least is
//! the first follow-up and the greatest the latest, and its low half says where the rest of that row stands.

use chrono::NaiveDate;
use leadsheet_core::{Field, Outcome, Parsed, Row, Stage};
use polars::prelude::*;

use crate::definition::{GradeAt, Grouping, Key, ReportDefinition};
use crate::error::AnalyticsError;
use crate::labels::{EMPTY, Labels};
use crate::measure::{conversion, lead, period};
use crate::tables::{Gathered, Table};

/// Columns of both frames. Days count from 1970-01-01.
pub(crate) mod column {
    /// Number of the lead, u32.
    pub(crate) const LEAD: &str = "lead";
    /// Follow-up: its place among those of its lead, i64; see [`super::order`].
    pub(crate) const ORDER: &str = "order";
    /// Follow-up: its day, i32.
    pub(crate) const DAY: &str = "day";
    /// Follow-up: what it says about the outcome, u32, as [`super::code_of`]; none where its table cannot say.
    /// Lead: the same, of the lead.
    pub(crate) const OUTCOME: &str = "outcome";
    /// Follow-up: rung of the stage it shows, u32, counted from 1; none where it shows none, or a lost lead.
    pub(crate) const RUNG: &str = "rung";
    /// Follow-up: 成交日期, i32. Lead: the day it was won or lost.
    pub(crate) const CLOSED: &str = "closed";
    /// Follow-up: day in the lead's number, i32.
    pub(crate) const NUMBER_DAY: &str = "number_day";
    /// Lead: the day it came, i32.
    pub(crate) const CREATED: &str = "created";
    /// Lead: its last follow-up in the window, i32.
    pub(crate) const FOLLOWED_UP: &str = "followed_up";
    /// Lead: its last follow-up, i32.
    pub(crate) const LAST_DAY: &str = "last_day";
    /// Lead: day of the first follow-up that says won or lost, i32.
    pub(crate) const DECIDED: &str = "decided";
    /// Lead: the highest rung it has reached, u32, counted from 1; none where nothing shows one.
    pub(crate) const REACHED: &str = "reached";
}

use column::{CLOSED, CREATED, DAY, LEAD, NUMBER_DAY, ORDER, OUTCOME, REACHED, RUNG};

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
        matches!(self.key, Key::Month | Key::Quarter | Key::Week)
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

/// The rungs of the ladder of stages, counted from 1.
pub(crate) const fn rungs() -> u32 {
    Stage::LADDER.len() as u32
}

/// Date and position of a follow-up in one number: compares as (date, position), one without a date last.
fn order(day: Option<i32>, position: u32) -> i64 {
    const UNDATED: i64 = (1 << 31) - 1;
    // A civil date of chrono stays within 2^27 days of 1970.
    let day = day.map_or(UNDATED, |day| i64::from(day) + (1 << 30));
    (day << 32) | i64::from(position)
}

/// Follow-ups or leads, one a row.
pub(crate) struct Frame(DataFrame);

/// The frame of follow-ups: every row that is about a lead.
#[expect(
    clippy::needless_pass_by_value,
    reason = "what leads were gathered by is a third of the memory, and not needed any more"
)]
pub(crate) fn follow_ups(
    gathered: Gathered<'_>,
    keys: &mut [KeyColumn],
) -> Result<Frame, AnalyticsError> {
    let rows = gathered.rows();
    if u32::try_from(rows).is_err() {
        return Err(AnalyticsError::TooManyRows);
    }
    let mut leads = Vec::with_capacity(rows);
    let mut orders = Vec::with_capacity(rows);
    let mut days = Int32Builder::new(DAY.into(), rows);
    let mut outcomes = UInt32Builder::new(OUTCOME.into(), rows);
    let mut rungs = UInt32Builder::new(RUNG.into(), rows);
    let mut closed = Int32Builder::new(CLOSED.into(), rows);
    let mut numbered = Int32Builder::new(NUMBER_DAY.into(), rows);
    let mut key_builders: Vec<_> = keys
        .iter_mut()
        .filter(|key| key.is_of_follow_up())
        .map(|key| (UInt32Builder::new(key.name.as_str().into(), rows), key))
        .collect();
    let mut positions = Vec::new();
    for (table, rows) in gathered.tables() {
        let has_outcome = table.has_outcome();
        let number_day = number_days(table);
        positions.clear();
        for (row, lead) in rows {
            let day = row.date(Field::FollowUpDate).map(in_days);
            orders.push(order(day, leads.len() as u32));
            leads.push(lead);
            days.append_option(day);
            outcomes.append_option(has_outcome.then(|| code_of(row.outcome())));
            rungs.append_option(rung(&row));
            closed.append_option(row.date(Field::ClosedDate).map(in_days));
            numbered.append_option(number_day(row.index()));
            positions.push(row.index());
        }
        for (builder, key) in &mut key_builders {
            match key.labels.of_rows(table, key.key) {
                Some(codes) => positions
                    .iter()
                    .for_each(|&row| builder.append_value(codes[row])),
                None => positions.iter().for_each(|_| builder.append_null()),
            }
        }
    }
    let height = leads.len();
    let mut columns = vec![
        Column::new(LEAD.into(), leads),
        Column::new(ORDER.into(), orders),
        days.finish().into_column(),
        outcomes.finish().into_column(),
        rungs.finish().into_column(),
        closed.finish().into_column(),
        numbered.finish().into_column(),
    ];
    columns.extend(
        key_builders
            .into_iter()
            .map(|(builder, _)| builder.finish().into_column()),
    );
    Ok(Frame(DataFrame::new(height, columns)?))
}

/// The day in the lead number of each row of a table. Numbers repeat, and are too many to visit for every row.
fn number_days(table: &Table<'_>) -> impl Fn(usize) -> Option<i32> {
    let numbers = table.reading.coded(Field::LeadId);
    let (codes, days) = numbers.map_or((&[][..], Vec::new()), |(column, parsed)| {
        let day = |parsed: &Parsed| match parsed {
            Parsed::LeadId(Ok(id)) => Some(in_days(id.date)),
            _ => None,
        };
        (column.codes(), parsed.iter().map(day).collect())
    });
    move |row| days[*codes.get(row)? as usize]
}

type Int32Builder = PrimitiveChunkedBuilder<Int32Type>;
type UInt32Builder = PrimitiveChunkedBuilder<UInt32Type>;

fn in_days(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}

fn rung(row: &Row<'_>) -> Option<u32> {
    let stage = row.stage()?;
    let position = Stage::LADDER.iter().position(|&rung| rung == stage)?;
    Some(position as u32 + 1)
}

/// The frame of leads: what is known of each, and the code of its group under every key.
pub(crate) fn leads(
    Frame(follow_ups): &Frame,
    keys: &mut [KeyColumn],
    definition: &ReportDefinition,
) -> Result<Frame, AnalyticsError> {
    // What is taken from one row of the lead: which column, and from which row.
    let mut taken = vec![
        (OUTCOME, lead::latest(OUTCOME)),
        (CLOSED, lead::latest(CLOSED)),
    ];
    for key in keys.iter().filter(|key| key.is_of_follow_up()) {
        let at = if key.at_first(definition.grade_at) {
            lead::first
        } else {
            lead::latest
        };
        taken.push((&key.name, at(&key.name)));
    }
    let mut facts = vec![
        lead::created().alias(CREATED),
        lead::decided().alias(column::DECIDED),
        lead::highest_shown().alias(REACHED),
        col(DAY).max().alias(column::LAST_DAY),
        period::followed_up(&definition.window).alias(column::FOLLOWED_UP),
    ];
    facts.extend(taken.iter().map(|(name, order)| order.clone().alias(*name)));
    let mut leads = follow_ups
        .clone()
        .lazy()
        .group_by([col(LEAD)])
        .agg(facts)
        .collect()?;
    for (name, _) in &taken {
        let rows = rows_of(leads.column(name)?.i64()?);
        let values = follow_ups.select([*name])?.take(&rows)?;
        leads.with_column(values.column(name)?.clone())?;
    }
    let mut leads = leads
        .lazy()
        .with_columns([lead::closed().alias(CLOSED), lead::reached().alias(REACHED)])
        .collect()?;
    for key in keys.iter_mut().filter(|key| key.is_period()) {
        let codes = period_codes(&leads, key, definition)?;
        leads.with_column(codes)?;
    }
    Ok(Frame(leads))
}

/// Positions in the frame of follow-ups that orders stand for.
fn rows_of(orders: &Int64Chunked) -> IdxCa {
    orders
        .iter()
        .map(|order| order.map(|order| order as u32))
        .collect()
}

fn period_codes(
    leads: &DataFrame,
    key: &mut KeyColumn,
    definition: &ReportDefinition,
) -> PolarsResult<Column> {
    let days = leads.column(period::basis(definition.window.by))?.i32()?;
    let codes: Vec<u32> = days
        .iter()
        .map(|day| match day.and_then(NaiveDate::from_epoch_days) {
            Some(day) => key.labels.period(key.key, day),
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

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.0.height()
    }

    /// Leaves out what does not meet a condition, and says how many that were.
    pub(crate) fn keep(&mut self, condition: Expr) -> Result<usize, AnalyticsError> {
        let before = self.0.height();
        self.0 = self.0.clone().lazy().filter(condition).collect()?;
        Ok(before - self.0.height())
    }

    /// How many meet a condition.
    pub(crate) fn how_many(&self, condition: Expr) -> Result<usize, AnalyticsError> {
        let met = self.0.clone().lazy().filter(condition).collect()?;
        Ok(met.height())
    }

    /// Leads in whose tables the key's column is missing.
    pub(crate) fn lacking(&self, key: &KeyColumn) -> Result<usize, AnalyticsError> {
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
            let definition = by(&["source", "owner"]);
            let mut keys = KeyColumn::all(&definition);
            let follow_ups = follow_ups(gathered, &mut keys).unwrap();
            let Frame(frame) = leads(&follow_ups, &mut keys, &definition).unwrap();
            let core = leadsheet_core::Leads::new(&tables[0].reading);
            prop_assert_eq!(frame.height(), core.len());

            let number = |name: &str, row| frame.column(name).unwrap().u32().unwrap().get(row);
            let date = |name: &str, row| {
                let days = frame.column(name).unwrap().i32().unwrap();
                days.get(row).and_then(NaiveDate::from_epoch_days)
            };
            let rung_of = |stage| Stage::LADDER.iter().position(|&rung| rung == stage);
            for row in 0..frame.height() {
                let lead = core.lead(number(LEAD, row).unwrap() as usize);
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
    }

    #[test]
    fn follow_ups_are_ordered_by_date_then_position_and_undated_ones_last() {
        let day = |text: &str| Some(in_days(text.parse().unwrap()));
        let orders = [
            order(Some(in_days(NaiveDate::MIN)), u32::MAX),
            order(day("1969-12-31"), 7),
            order(day("1970-01-01"), 0),
            order(day("2025-03-01"), 3),
            order(day("2025-03-01"), 4),
            order(Some(in_days(NaiveDate::MAX)), 0),
            order(None, 1),
            order(None, u32::MAX),
        ];
        assert!(orders.is_sorted(), "{orders:?}");
        let orders = Int64Chunked::from_slice(ORDER.into(), &orders);
        let rows: Vec<_> = rows_of(&orders).iter().flatten().collect();
        assert_eq!(rows, [u32::MAX, 7, 0, 3, 4, 0, 1, u32::MAX]);
    }
}
