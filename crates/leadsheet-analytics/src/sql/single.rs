//! Questions within a question that come to one value: `WHERE follow_ups > (SELECT AVG(follow_ups) FROM leads)`. The
//! engine does not compare with them, so they are answered first and their value is put in their place.

use std::ops::ControlFlow;

use polars::prelude::PolarsResult;
use polars::sql::SQLContext;
use sqlparser::ast::{Expr, Statement, VisitMut, VisitorMut, With};

use super::wording::expression_of;
use super::{SqlError, SqlValue, of_engine};

/// Why a question within could not be answered.
pub(super) enum Failed {
    /// The engine's own words.
    Engine(polars::error::PolarsError),
    /// Ours.
    Ours(SqlError),
}

impl From<polars::error::PolarsError> for Failed {
    fn from(error: polars::error::PolarsError) -> Self {
        Self::Engine(error)
    }
}

/// Puts values where questions stand that come to one.
pub(super) fn answer(statement: &mut Statement, context: &mut SQLContext) -> Result<(), Failed> {
    let with = match statement {
        Statement::Query(query) => query.with.clone(),
        _ => None,
    };
    match statement.visit(&mut Answering { context, with }) {
        ControlFlow::Break(failed) => Err(*failed),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Answering<'c> {
    context: &'c mut SQLContext,
    /// Names that the question gives to others, which those within may use.
    with: Option<With>,
}

impl VisitorMut for Answering<'_> {
    type Break = Box<Failed>;

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<Self::Break> {
        let Expr::Subquery(query) = expression else {
            return ControlFlow::Continue(());
        };
        let mut query = query.clone();
        if query.with.is_none() {
            query.with.clone_from(&self.with);
        }
        let many = || SqlError::ManyValues(expression.to_string());
        let value = match value_of(self.context, &query.to_string()) {
            Ok(Some(value)) => expression_of(&literal(&value)).ok_or_else(many),
            Ok(None) => Err(many()),
            Err(error) => return ControlFlow::Break(Box::new(Failed::Engine(error))),
        };
        match value {
            Ok(value) => *expression = value,
            Err(error) => return ControlFlow::Break(Box::new(Failed::Ours(error))),
        }
        ControlFlow::Continue(())
    }
}

/// The one value of an answer; that of no row is nothing.
fn value_of(context: &mut SQLContext, query: &str) -> PolarsResult<Option<SqlValue>> {
    let answer = context.execute(query)?.collect()?;
    let [column] = answer.columns() else {
        return Ok(None);
    };
    Ok(match column.len() {
        0 => Some(SqlValue::Null),
        1 => Some(of_engine(&column.get(0)?)),
        _ => None,
    })
}

fn literal(value: &SqlValue) -> String {
    match value {
        SqlValue::Null => "NULL".to_owned(),
        SqlValue::Bool(value) => value.to_string(),
        SqlValue::Integer(number) => number.to_string(),
        // Whole numbers stay what they are.
        SqlValue::Number(number) => format!("CAST({number} AS DOUBLE)"),
        SqlValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        SqlValue::Day(day) => format!("CAST('{day}' AS DATE)"),
        SqlValue::Moment(moment) => format!("CAST('{moment}' AS TIMESTAMP)"),
    }
}
