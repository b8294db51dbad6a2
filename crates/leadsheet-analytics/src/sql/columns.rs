//! One column of a table while it is being made, for all rows of all workbooks.

use std::collections::HashMap;

use leadsheet_core::{Field, FieldKind, Parsed};

use crate::definition::Key;
use crate::labels::Labels;
use crate::tables::Table;

/// The values of a column.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// Each text once, and its position for each row. The first is nothing.
    Texts {
        texts: Vec<Option<String>>,
        codes: Vec<u32>,
    },
    Integers(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
    /// Days since 1970-01-01.
    Days(Vec<Option<i32>>),
    Truths(Vec<Option<bool>>),
}

impl Column {
    /// Texts as they come.
    pub(super) fn of_texts(items: impl Iterator<Item = Option<String>>) -> Self {
        let mut texts = vec![None];
        let mut known: HashMap<String, u32> = HashMap::new();
        let codes = items.map(|item| {
            let Some(text) = item else { return 0 };
            *known.entry(text).or_insert_with_key(|text| {
                texts.push(Some(text.clone()));
                texts.len() as u32 - 1
            })
        });
        let codes = codes.collect();
        Self::Texts { texts, codes }
    }

    /// The values at these rows; nothing where there is no row.
    pub(super) fn at(self, rows: &[Option<u32>]) -> Self {
        fn pick<T: Copy>(values: &[Option<T>], rows: &[Option<u32>]) -> Vec<Option<T>> {
            let of_row = |row: &Option<u32>| row.and_then(|row| values[row as usize]);
            rows.iter().map(of_row).collect()
        }
        match self {
            Self::Texts { texts, codes } => {
                let code = |row: &Option<u32>| row.map_or(0, |row| codes[row as usize]);
                Self::Texts {
                    codes: rows.iter().map(code).collect(),
                    texts,
                }
            }
            Self::Integers(values) => Self::Integers(pick(&values, rows)),
            Self::Numbers(values) => Self::Numbers(pick(&values, rows)),
            Self::Days(values) => Self::Days(pick(&values, rows)),
            Self::Truths(values) => Self::Truths(pick(&values, rows)),
        }
    }
}

/// Fields whose spellings are one value, as in a report: terms, and names of people and places.
fn is_folded(field: Field) -> bool {
    const NAMES: [Field; 4] = [Field::Owner, Field::Region, Field::Industry, Field::Planner];
    field.kind() == FieldKind::Term || NAMES.contains(&field)
}

/// A field over all rows of all tables.
pub(super) fn of_field(tables: &[Table<'_>], field: Field) -> Column {
    match field.kind() {
        FieldKind::Date => {
            let mut days = Vec::new();
            for table in tables {
                match table
                    .reading
                    .facts(field, |parsed| (parsed.day(), lacks_year(parsed)))
                {
                    None => days.resize(days.len() + table.reading.ledger().len(), None),
                    Some(fact) => days.extend(table.reading.rows().map(|row| {
                        let day = match fact(row.index()) {
                            (_, true) => row.date(field),
                            (day, false) => day,
                        };
                        day.map(|day| day.to_epoch_days())
                    })),
                }
            }
            Column::Days(days)
        }
        FieldKind::Money => numbers(tables, field, |parsed| match parsed {
            Parsed::Money(Ok(money)) => money.amount.to_string().parse().ok(),
            _ => None,
        }),
        FieldKind::Percent => numbers(tables, field, |parsed| match parsed {
            Parsed::Percent(share) => share.as_ref().ok().copied(),
            _ => None,
        }),
        _ if is_folded(field) => folded(tables, field),
        _ => as_written(tables, |table| {
            let mut columns = table.reading.ledger().columns().iter();
            columns.position(|column| column.field == Some(field))
        }),
    }
}

fn lacks_year(parsed: &Parsed) -> bool {
    matches!(
        parsed,
        Parsed::Date(leadsheet_core::DateReading::MonthDay { .. })
    )
}

fn numbers(tables: &[Table<'_>], field: Field, number: fn(&Parsed) -> Option<f64>) -> Column {
    let mut numbers = Vec::new();
    for table in tables {
        let rows = table.reading.ledger().len();
        match table.reading.facts(field, number) {
            None => numbers.resize(numbers.len() + rows, None),
            Some(fact) => numbers.extend((0..rows).map(fact)),
        }
    }
    Column::Numbers(numbers)
}

/// The names that a report gives the groups.
fn folded(tables: &[Table<'_>], field: Field) -> Column {
    let mut labels = Labels::new();
    let mut codes = Vec::new();
    for table in tables {
        match labels.of_rows(table, Key::Field(field)) {
            Some(of_table) => {
                let rows = 0..table.reading.ledger().len();
                codes.extend(rows.map(|row| of_table.get(row)));
            }
            None => codes.resize(codes.len() + table.reading.ledger().len(), 0),
        }
    }
    let names = (1..labels.len()).map(|code| Some(labels.get(code as u32).1.to_owned()));
    Column::Texts {
        texts: std::iter::once(None).chain(names).collect(),
        codes,
    }
}

/// The texts of a column as the sheets have them.
pub(super) fn as_written(
    tables: &[Table<'_>],
    position: impl Fn(&Table<'_>) -> Option<usize>,
) -> Column {
    let mut texts = vec![None];
    let mut codes: Vec<u32> = Vec::new();
    for table in tables {
        let ledger = table.reading.ledger();
        let Some(position) = position(table) else {
            codes.resize(codes.len() + ledger.len(), 0);
            continue;
        };
        let column = &ledger.columns()[position];
        let first = texts.len() as u32;
        let said = column.map_distinct(ledger.values(), |value| {
            (!value.is_blank()).then(|| value.display())
        });
        texts.extend(said);
        codes.extend(column.codes().iter().map(|code| first + code));
    }
    Column::Texts { texts, codes }
}
