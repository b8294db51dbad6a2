//! What goes into the file for each column: its type, the value of each row, and the cells that need more than that.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use leadsheet_core::{
    Codes, Column, DateReading, Decimal, Field, FieldKind, Ledger, Parsed, Reading, Value, shortest,
};

use crate::provenance::StoredCell;

/// Decimals that an amount has at least, and at most; finer ones are in the cell beside it.
const DECIMALS: std::ops::RangeInclusive<u32> = 2..=6;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Number,
    /// A date without a time of day.
    Day,
    /// A date with one, on the clock on the wall.
    Moment,
    /// An exact amount.
    Amount {
        decimals: u32,
    },
    Truth,
}

/// One value of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Text(String),
    Number(f64),
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since then.
    Moment(i64),
    /// The amount without its point.
    Amount(i64),
    Truth(bool),
}

/// A column on its way out.
pub(super) struct Outgoing<'l> {
    pub(super) kind: Type,
    /// The number format that its cells have unless the column beside it says otherwise.
    pub(super) format: String,
    codes: &'l Codes,
    /// By code.
    items: Vec<Option<Item>>,
    raw: Vec<Option<String>>,
    /// What only the row knows: the year of `5月22日`.
    of_row: HashMap<usize, Item>,
}

impl<'l> Outgoing<'l> {
    /// The column at `position`; the cells of one that stands in its place are kept as they are, of any other what
    /// is read from them.
    pub(super) fn of(reading: &Reading<'l>, position: usize, is_in_place: bool) -> Self {
        let ledger = reading.ledger();
        let column = &ledger.columns()[position];
        let meanings: Vec<&Parsed> = reading.parsed_column(position).iter().collect();
        let values: Vec<Value<'_>> = ids(ledger, column.distinct());
        let kind = kind_of(column.field, &values, &meanings);
        let items: Vec<_> = values
            .iter()
            .zip(&meanings)
            .map(|(&value, parsed)| item(kind, value, parsed))
            .collect();
        let stored = if is_in_place {
            ids(ledger, column.stored_distinct())
        } else {
            values
        };
        let format = usual_format(kind, &stored);
        let raw = stored.iter().zip(&items).map(|(&stored, item)| {
            let is_told = is_told_by(item.as_ref(), kind, &format, stored);
            let cell = || serde_json::to_string(&StoredCell::of(stored)).ok();
            if is_told { None } else { cell() }
        });
        let raw: Vec<_> = raw.collect();
        let of_row = match (kind, column.field) {
            (Type::Day | Type::Moment, Some(field)) => inferred(reading, column, field, kind),
            _ => HashMap::new(),
        };
        Self {
            kind,
            format,
            codes: column.codes(),
            items,
            raw,
            of_row,
        }
    }

    pub(super) fn has_raw(&self) -> bool {
        self.raw.iter().any(Option::is_some)
    }

    pub(super) fn item(&self, row: usize) -> Option<&Item> {
        match self.items[self.codes.get(row) as usize].as_ref() {
            Some(item) => Some(item),
            None if self.of_row.is_empty() => None,
            None => self.of_row.get(&row),
        }
    }

    pub(super) fn raw(&self, row: usize) -> Option<&str> {
        self.raw[self.codes.get(row) as usize].as_deref()
    }
}

fn ids<'l>(ledger: &'l Ledger, ids: &[leadsheet_core::ValueId]) -> Vec<Value<'l>> {
    ids.iter().map(|&id| ledger.values().get(id)).collect()
}

/// The type that the field asks for; of a column nobody knows, the one that all its values have.
fn kind_of(field: Option<Field>, values: &[Value<'_>], meanings: &[&Parsed]) -> Type {
    match field.map(Field::kind) {
        Some(FieldKind::Date) => {
            let has_time = |parsed: &&Parsed| matches!(parsed, Parsed::Date(DateReading::Date { time: Some(time), .. }) if *time != NaiveTime::MIN);
            if meanings.iter().any(has_time) {
                Type::Moment
            } else {
                Type::Day
            }
        }
        Some(FieldKind::Money) => {
            let amounts = meanings.iter().filter_map(|parsed| match parsed {
                Parsed::Money(Ok(money)) => Some(money.amount.normalize().scale()),
                _ => None,
            });
            let decimals = amounts.filter(|scale| DECIMALS.contains(scale)).max();
            Type::Amount {
                decimals: decimals.unwrap_or(*DECIMALS.start()),
            }
        }
        Some(FieldKind::Percent) => Type::Number,
        Some(_) => Type::Text,
        None => of_values(values),
    }
}

fn of_values(values: &[Value<'_>]) -> Type {
    let filled = || values.iter().filter(|value| !matches!(value, Value::Empty));
    let all = |test: fn(&Value<'_>) -> bool| filled().all(test);
    let is_midnight = |value: &Value<'_>| matches!(value, Value::Date { value, .. } if value.time() == NaiveTime::MIN);
    if filled().next().is_none() {
        Type::Text
    } else if all(|value| matches!(value, Value::Number { .. })) {
        Type::Number
    } else if all(|value| matches!(value, Value::Bool(_))) {
        Type::Truth
    } else if filled().all(is_midnight) {
        Type::Day
    } else if all(|value| matches!(value, Value::Date { .. })) {
        Type::Moment
    } else {
        Type::Text
    }
}

fn item(kind: Type, value: Value<'_>, parsed: &Parsed) -> Option<Item> {
    if matches!(value, Value::Empty) {
        return None;
    }
    match kind {
        Type::Text => Some(Item::Text(value.display())),
        Type::Truth => match value {
            Value::Bool(value) => Some(Item::Truth(value)),
            _ => None,
        },
        Type::Number => match (parsed, value) {
            (Parsed::Percent(share), _) => share.as_ref().ok().copied().map(Item::Number),
            (_, Value::Number { value, .. }) => Some(Item::Number(value)),
            _ => None,
        },
        Type::Day | Type::Moment => Some(moment(kind, date_of(value, parsed)?)),
        Type::Amount { decimals } => match parsed {
            Parsed::Money(Ok(money)) => amount(money.amount, decimals),
            _ => None,
        },
    }
}

fn date_of(value: Value<'_>, parsed: &Parsed) -> Option<NaiveDateTime> {
    match (parsed, value) {
        (Parsed::Date(DateReading::Date { date, time, .. }), _) => {
            Some(date.and_time(time.unwrap_or(NaiveTime::MIN)))
        }
        (Parsed::Date(_), _) => None,
        (_, Value::Date { value, .. }) => Some(value),
        _ => None,
    }
}

fn moment(kind: Type, moment: NaiveDateTime) -> Item {
    match kind {
        Type::Day => Item::Day(moment.date().to_epoch_days()),
        _ => Item::Moment(moment.and_utc().timestamp_micros()),
    }
}

/// The amount without its point; nothing where it does not fit exactly.
fn amount(amount: Decimal, decimals: u32) -> Option<Item> {
    let mut exact = amount;
    exact.rescale(decimals);
    if exact != amount {
        return None;
    }
    let whole = i64::try_from(exact.mantissa()).ok()?;
    // Eighteen digits are what every program reads as a decimal of eight bytes.
    (whole.unsigned_abs() < 10_u64.pow(18)).then_some(Item::Amount(whole))
}

/// The days of dates without a year, by row.
fn inferred(
    reading: &Reading<'_>,
    column: &Column,
    field: Field,
    kind: Type,
) -> HashMap<usize, Item> {
    let is_first = reading
        .column(field)
        .is_some_and(|first| std::ptr::eq(first, column));
    let lacks_year = |parsed: &Parsed| matches!(parsed, Parsed::Date(DateReading::MonthDay { .. }));
    let any = is_first
        && reading
            .coded(field)
            .is_some_and(|(_, meanings)| meanings.iter().any(lacks_year));
    if !any {
        return HashMap::new();
    }
    let of_row = |row: leadsheet_core::Row<'_>| {
        lacks_year(row.parsed(field)).then_some(())?;
        let date = row.date(field)?;
        Some((row.index(), moment(kind, date.and_time(NaiveTime::MIN))))
    };
    reading.rows().filter_map(of_row).collect()
}

/// The commonest format of the cells that the column's type fits.
fn usual_format(kind: Type, stored: &[Value<'_>]) -> String {
    let format = |value: &Value<'_>| match (kind, value) {
        (Type::Number | Type::Amount { .. }, Value::Number { format, .. })
        | (Type::Day | Type::Moment, Value::Date { format, .. }) => Some((*format).to_owned()),
        _ => None,
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for format in stored.iter().filter_map(format) {
        *counts.entry(format).or_default() += 1;
    }
    let commonest = counts
        .into_iter()
        .max_by(|(one, count), (other, more)| count.cmp(more).then_with(|| other.cmp(one)));
    commonest.map(|(format, _)| format).unwrap_or_default()
}

/// Whether reading the item gives the cell again.
fn is_told_by(item: Option<&Item>, kind: Type, usual: &str, stored: Value<'_>) -> bool {
    match (item, stored) {
        (None, Value::Empty) => true,
        (Some(Item::Text(text)), Value::Text(stored)) => text == stored && !stored.is_empty(),
        (Some(Item::Number(number)), Value::Number { value, format }) => {
            number.to_bits() == value.to_bits() && format == usual
        }
        (Some(Item::Truth(truth)), Value::Bool(value)) => *truth == value,
        (Some(Item::Day(day)), Value::Date { value, format }) => {
            let day = NaiveDate::from_epoch_days(*day);
            format == usual && day.map(|day| day.and_time(NaiveTime::MIN)) == Some(value)
        }
        (Some(Item::Moment(moment)), Value::Date { value, format }) => {
            let told = chrono::DateTime::from_timestamp_micros(*moment);
            format == usual && told.map(|told| told.naive_utc()) == Some(value)
        }
        (Some(Item::Amount(amount)), Value::Number { value, format }) => {
            let Type::Amount { decimals } = kind else {
                return false;
            };
            let told = Decimal::new(*amount, decimals).normalize().to_string();
            format == usual && told == shortest(value)
        }
        _ => false,
    }
}
