//! Questions in SQL over any number of workbooks: the tables `follow_ups`, `leads`, `orders` and `findings`.
//!
//! A lead is what it is in a report, and so are its facts: a conversion counted here is the one counted there. Only
//! the columns that a question names are made.

mod columns;
mod dates;
mod joins;
mod query;
mod refusal;
mod schema;
mod single;
mod tables;
mod wording;

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{NaiveDate, NaiveDateTime};
use leadsheet_core::{Book, Policy};
use polars::prelude::*;
use polars::sql::SQLContext;
use thiserror::Error;

use self::columns::Column;
use self::query::Names;
pub use self::schema::{SqlColumn, SqlTable, SqlType};
use self::single::Failed;
use self::tables::Source;
use crate::tables::{Gathered, Table};

/// A question.
#[derive(Clone, Debug, Default)]
pub struct SqlDefinition {
    /// In SQL: `SELECT source, COUNT(*) FROM leads GROUP BY source`.
    pub query: String,
    /// What `CURRENT_DATE` is.
    pub today: Option<NaiveDate>,
    /// Whether telephone numbers, e-mail addresses and the like may be asked for.
    pub with_contacts: bool,
    /// The rows of the table `findings`.
    pub findings: Vec<SqlFinding>,
}

/// A row of the table `findings`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlFinding {
    /// The values of the text columns, in the order of [`SqlTable::Findings`]' columns.
    pub texts: [Option<String>; SqlFinding::TEXTS],
    /// The row as the spreadsheet program shows it.
    pub row: Option<u32>,
    /// Whether it can be put right without asking.
    pub fixable: bool,
}

impl SqlFinding {
    /// How many text columns there are.
    pub const TEXTS: usize = 11;
}

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SqlValue {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text, and what is none of the others.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A moment.
    Moment(NaiveDateTime),
}

/// What came of a question: columns, and rows of values.
#[derive(Clone, Debug)]
pub struct SqlAnswer(DataFrame);

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SqlError {
    /// The text is no SQL.
    #[error("line {line}, column {column}: {found} is not expected here")]
    Syntax {
        /// Where, counted from 1.
        line: usize,
        /// Where, counted from 1.
        column: usize,
        /// What stands there.
        found: String,
        /// What should, in the parser's words; empty where it does not say.
        expected: String,
    },
    /// A text, a name or a remark has no end.
    #[error("line {line}, column {column}: no closing quotation mark")]
    Unclosed {
        /// Where it begins, counted from 1.
        line: usize,
        /// Where it begins, counted from 1.
        column: usize,
    },
    /// Only questions are answered.
    #[error("only SELECT is answered, not {0}")]
    NotAQuery(String),
    /// More than one statement, or none.
    #[error("one question at a time")]
    SeveralQuestions,
    /// No table is called that.
    #[error("no table is called {0}")]
    UnknownTable(String),
    /// No column is called that, or not in this place.
    #[error("no column is called {name}")]
    UnknownColumn {
        /// What was asked for.
        name: String,
        /// The column that is called most like it.
        nearest: Option<String>,
    },
    /// No function is called that.
    #[error("no function is called {name}")]
    UnknownFunction {
        /// What was asked for.
        name: String,
        /// The function that is called most like it.
        nearest: Option<String>,
    },
    /// The function is given what it does not take.
    #[error("{0} takes other arguments")]
    Arguments(String),
    /// Several tables have such a column.
    #[error("several tables have a column {0}")]
    Ambiguous(String),
    /// The column is neither grouped by nor counted up.
    #[error("{0} is neither in GROUP BY nor in an aggregate")]
    NotGrouped(String),
    /// Texts, numbers and dates were mixed up; the engine's own words.
    #[error("{0}")]
    Types(String),
    /// `ORDER BY 9` of three columns.
    #[error("no column has that place")]
    Ordinal,
    /// What is put below each other has different numbers of columns.
    #[error("different numbers of columns")]
    Uneven,
    /// The engine would answer such a join wrongly.
    #[error("a join on {0} is not answered")]
    JoinCondition(String),
    /// The engine would answer a window over an aggregate wrongly.
    #[error("an aggregate within {0} is not answered")]
    Nested(String),
    /// A question within comes to several values where one is needed.
    #[error("{0} is not one value")]
    ManyValues(String),
    /// The column holds contact details, which were not asked for.
    #[error("{0} holds contact details")]
    Contacts(String),
    /// More rows than can be numbered.
    #[error("more than {} rows", u32::MAX)]
    TooManyRows,
    /// The engine cannot do that; its own words, in English.
    #[error("{0}")]
    Refused(String),
}

/// Answers a question about workbooks.
///
/// # Errors
/// [`SqlError`]
pub fn sql(
    books: &[Book],
    policy: &Policy,
    definition: &SqlDefinition,
) -> Result<SqlAnswer, SqlError> {
    // What the engine has to say to programmers is none of the user's business.
    polars::error::set_warning_function(|_, _| {});
    let names = Names::of(&definition.query)?;
    let mut statement = wording::parsed(&definition.query)
        .map_err(|error| refusal::of_parser(&error, &definition.query))??;
    wording::reword(&mut statement, definition.today)?;
    joins::reword(&mut statement)?;
    let tables = Table::read(books, policy);
    let gathered = Gathered::new(&tables);
    if u32::try_from(gathered.rows()).is_err() {
        return Err(SqlError::TooManyRows);
    }
    let source = Source::new(&tables, &gathered, definition);
    let known: Vec<(SqlTable, Vec<String>)> = SqlTable::ALL
        .map(|table| (table, source.column_names(table)))
        .into();
    if !definition.with_contacts
        && let Some(name) = schema::contact_columns().find(|name| names.names_exactly(name))
    {
        return Err(SqlError::Contacts(name.to_owned()));
    }
    let answered = catch_unwind(AssertUnwindSafe(|| -> Result<DataFrame, Failed> {
        let mut context = SQLContext::new();
        for (table, columns) in &known {
            if names.names(table.name()) {
                let wanted = columns.iter().filter(|column| names.names(column));
                let wanted: Vec<&str> = wanted.map(String::as_str).collect();
                context.register(table.name(), source.frame(*table, &wanted)?.lazy());
            }
        }
        single::answer(&mut statement, &mut context)?;
        let answer = context.execute(&statement.to_string())?.collect()?;
        if names.leaves_order_open() {
            let columns = answer.get_column_names_owned();
            let options = SortMultipleOptions::default().with_nulls_last(true);
            // Lists and records have no order.
            return Ok(answer.sort(columns, options).unwrap_or(answer));
        }
        Ok(answer)
    }));
    match answered {
        Ok(Ok(answer)) => Ok(SqlAnswer(answer)),
        Ok(Err(Failed::Engine(error))) => Err(refusal::of_engine(&error, &names, &known)),
        Ok(Err(Failed::Ours(error))) => Err(error),
        Err(_) => Err(SqlError::Refused(String::new())),
    }
}

/// The functions that questions most often use, in the order of the alphabet.
pub const fn sql_functions() -> &'static [&'static str] {
    &refusal::FUNCTIONS
}

impl SqlAnswer {
    /// The names of the columns.
    pub fn columns(&self) -> Vec<String> {
        let names = self.0.get_column_names();
        names.into_iter().map(ToString::to_string).collect()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.height()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all that stands in the column at `position` are numbers.
    pub fn is_number(&self, position: usize) -> bool {
        let column = self.0.columns().get(position);
        column.is_some_and(|column| column.dtype().is_primitive_numeric())
    }

    /// The rows, a value for each column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<SqlValue>> {
        let columns = self.0.columns();
        (0..self.len()).map(move |row| {
            let values = columns.iter().map(|column| column.get(row));
            values
                .map(|value| value.map_or(SqlValue::Null, |value| of_engine(&value)))
                .collect()
        })
    }
}

fn of_engine(value: &AnyValue<'_>) -> SqlValue {
    let per_second = |unit: TimeUnit| match unit {
        TimeUnit::Milliseconds => 1_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Nanoseconds => 1_000_000_000_i64,
    };
    match value {
        AnyValue::Null => SqlValue::Null,
        AnyValue::Boolean(value) => SqlValue::Bool(*value),
        AnyValue::String(text) => SqlValue::Text((*text).to_owned()),
        AnyValue::StringOwned(text) => SqlValue::Text(text.to_string()),
        AnyValue::Float32(number) => SqlValue::Number(f64::from(*number)),
        AnyValue::Float64(number) => SqlValue::Number(*number),
        AnyValue::Date(days) => {
            NaiveDate::from_epoch_days(*days).map_or(SqlValue::Null, SqlValue::Day)
        }
        // The time between two days, in days.
        AnyValue::Duration(count, unit) => {
            let a_day = per_second(*unit) * 86_400;
            if count % a_day == 0 {
                SqlValue::Integer(count / a_day)
            } else {
                SqlValue::Number(*count as f64 / a_day as f64)
            }
        }
        AnyValue::Datetime(count, unit, _) => {
            let per_second = per_second(*unit);
            let nanos = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
            let moment =
                chrono::DateTime::from_timestamp(count.div_euclid(per_second), nanos as u32);
            moment.map_or(SqlValue::Null, |moment| {
                SqlValue::Moment(moment.naive_utc())
            })
        }
        value if value.dtype().is_integer() => match value.extract::<i64>() {
            Some(number) => SqlValue::Integer(number),
            None => SqlValue::Text(value.to_string()),
        },
        value if value.dtype().is_primitive_numeric() || value.dtype().is_decimal() => {
            value.extract().map_or(SqlValue::Null, SqlValue::Number)
        }
        value => SqlValue::Text(value.to_string()),
    }
}

impl Column {
    fn into_engine(self, name: &str) -> PolarsResult<polars::prelude::Column> {
        let name = PlSmallStr::from_str(name);
        Ok(match self {
            Self::Texts { texts, codes } => {
                let texts = StringChunked::from_iter_options(name, texts.into_iter());
                let codes = IdxCa::from_vec(PlSmallStr::EMPTY, codes);
                texts.take(&codes)?.into_column()
            }
            Self::Integers(numbers) => {
                Int64Chunked::from_iter_options(name, numbers.into_iter()).into_column()
            }
            Self::Numbers(numbers) => {
                Float64Chunked::from_iter_options(name, numbers.into_iter()).into_column()
            }
            Self::Days(days) => {
                let days = Int32Chunked::from_iter_options(name, days.into_iter());
                days.into_date().into_column()
            }
            Self::Truths(truths) => {
                BooleanChunked::from_iter_options(name, truths.into_iter()).into_column()
            }
        })
    }
}
