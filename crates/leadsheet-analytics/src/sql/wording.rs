//! A question put into words that the engine answers rightly: columns without a name get one, what is sorted or grouped
//! by is named by its place, and windows are sorted as all else is.

use std::collections::HashSet;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use leadsheet_core::{Field, FieldKind};
use sqlparser::ast::{
    Expr, Function, FunctionArguments, GroupByExpr, Ident, ObjectNamePart, OrderByExpr,
    OrderByKind, Query, Select, SelectItem, SetExpr, Statement, Value, VisitMut, VisitorMut,
    visit_expressions, visit_expressions_mut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError, ParserOptions};

use super::SqlError;
use super::dates::{Dates, is_date, number_of};

/// Aggregates, which give one value for many rows.
const AGGREGATES: [&str; 16] = [
    "array_agg",
    "avg",
    "count",
    "first",
    "last",
    "max",
    "median",
    "min",
    "quantile_cont",
    "quantile_disc",
    "stddev",
    "string_agg",
    "sum",
    "total",
    "var",
    "variance",
];
/// More than any number or day in a table.
const BEYOND: i64 = 9_000_000_000_000;

/// The one statement of a question, as it was asked.
pub(super) fn parsed(query: &str) -> Result<Result<Statement, SqlError>, ParserError> {
    // As the engine reads it.
    let options = ParserOptions {
        trailing_commas: true,
        ..ParserOptions::default()
    };
    let parser = Parser::new(&GenericDialect).with_options(options);
    let mut statements = parser.try_with_sql(query)?.parse_statements()?;
    Ok(match statements.pop() {
        Some(statement) if statements.is_empty() => Ok(statement),
        _ => Err(SqlError::SeveralQuestions),
    })
}

/// Puts a statement into words that the engine answers rightly.
pub(super) fn reword(statement: &mut Statement, today: Option<NaiveDate>) -> Result<(), SqlError> {
    if let ControlFlow::Break(error) = statement.visit(&mut Places) {
        return Err(error);
    }
    match statement.visit(&mut Dates { today }) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// Names for columns, and places for what is grouped and sorted by.
struct Places;

impl VisitorMut for Places {
    type Break = SqlError;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<SqlError> {
        let Some(order) = &mut query.order_by else {
            return ControlFlow::Continue(());
        };
        // The engine sorts the second part alone.
        if matches!(*query.body, SetExpr::SetOperation { .. })
            && let Some(whole) = query_of(&format!("SELECT * FROM ({}) AS parts", query.body))
        {
            query.body = whole.body;
        }
        match &mut order.kind {
            OrderByKind::All(options) => {
                options.nulls_first.get_or_insert(false);
            }
            OrderByKind::Expressions(expressions) => {
                let projection = match query.body.as_ref() {
                    SetExpr::Select(select) => &select.projection[..],
                    _ => &[],
                };
                for by in expressions {
                    by.options.nulls_first.get_or_insert(false);
                    by_place(&mut by.expr, projection);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<SqlError> {
        let is_grouped = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(expressions, _) => !expressions.is_empty(),
        };
        // The engine opens the window on the rows of each group.
        if is_grouped && let Some(window) = window_of(&select.projection) {
            return ControlFlow::Break(SqlError::Nested(window));
        }
        if let GroupByExpr::Expressions(expressions, _) = &mut select.group_by {
            for by in expressions {
                by_place(by, &select.projection);
            }
        }
        name_columns(select);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<SqlError> {
        let Expr::Function(function) = expression else {
            return ControlFlow::Continue(());
        };
        let Some(sqlparser::ast::WindowType::WindowSpec(window)) = &mut function.over else {
            return ControlFlow::Continue(());
        };
        let said = function.name.to_string().to_lowercase();
        let order = std::mem::take(&mut window.order_by);
        window.order_by = in_window(order);
        // `SUM(1)`: the engine takes the number for that of the window.
        let is_sum = ["sum", "avg", "total"].contains(&said.as_str());
        let names_column = visit_expressions(&function.args, |inner| match inner {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        if is_sum && names_column.is_continue() {
            return ControlFlow::Break(SqlError::Refused(function.to_string()));
        }
        // The engine counts once more over what it has counted: 1 of 1 for every row.
        let mut inner = function.clone();
        inner.over = None;
        if contains_aggregate(&inner.args) {
            return ControlFlow::Break(SqlError::Nested(function.to_string()));
        }
        ControlFlow::Continue(())
    }
}

/// What a window is sorted by: in one direction, the only way the engine sorts there, and with what is empty last, where
/// it would put it first.
fn in_window(order: Vec<OrderByExpr>) -> Vec<OrderByExpr> {
    let falls = |by: &OrderByExpr| by.options.asc == Some(false);
    let fixed = order.iter().find(|by| counted(&by.expr).is_none());
    let falling = fixed.or(order.first()).is_some_and(falls);
    let mut keys = Vec::with_capacity(order.len() + 1);
    let mut has_place = false;
    for mut by in order {
        let empty_first = by.options.nulls_first.take().unwrap_or(false);
        // Beyond every number there is, on the side where the sorting ends.
        let end = if empty_first == falling {
            BEYOND
        } else {
            -BEYOND
        };
        if let Some(number) = counted(&by.expr) {
            let sign = if falls(&by) == falling { "" } else { " * -1" };
            let key = expression_of(&format!("COALESCE({number}{sign}, {end})"));
            by.expr = key.unwrap_or(by.expr);
            by.options.asc = Some(!falling);
        } else if !has_place {
            // The engine takes one such key.
            has_place = true;
            let place = format!("CASE WHEN {} IS NULL THEN {end} ELSE 0 END", by.expr);
            keys.extend(expression_of(&place).map(|expr| OrderByExpr { expr, ..by.clone() }));
        }
        keys.push(by);
    }
    keys
}

/// What is sorted by, as a number, of numbers and days.
fn counted(expression: &Expr) -> Option<String> {
    const NUMBERS: [&str; 5] = ["lead", "row", "follow_ups", "days_to_close", "amount"];
    if is_date(expression) {
        return Some(number_of(&expression.to_string()));
    }
    let name = match expression {
        Expr::Identifier(name) => name,
        Expr::CompoundIdentifier(names) => names.last()?,
        _ => return None,
    };
    let name = name.value.to_lowercase();
    let is_money = name
        .parse::<Field>()
        .is_ok_and(|it| it.kind() == FieldKind::Money);
    (is_money || NUMBERS.contains(&name.as_str())).then(|| expression.to_string())
}

/// `ORDER BY COUNT(*)` by the place of what is selected: the engine would look for it in the rows that are counted.
fn by_place(expression: &mut Expr, projection: &[SelectItem]) {
    if matches!(expression, Expr::Identifier(_) | Expr::Value(_)) {
        return;
    }
    // A wildcard before it makes places unknown.
    let mut selected = projection.iter().take_while(|item| {
        matches!(
            item,
            SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. }
        )
    });
    let said = plain(expression);
    let place = selected.position(|item| match item {
        SelectItem::UnnamedExpr(of) | SelectItem::ExprWithAlias { expr: of, .. } => {
            plain(of) == said
        }
        _ => false,
    });
    if let Some(place) = place {
        *expression = Expr::value(Value::Number((place + 1).to_string(), false));
    }
}

/// Every column gets the name that `DuckDB` gives it; a second one of the same name a number.
fn name_columns(select: &mut Select) {
    let mut taken: HashSet<String> = HashSet::new();
    for item in &mut select.projection {
        let (expression, name) = match item {
            SelectItem::ExprWithAlias { alias, .. } => {
                taken.insert(alias.value.clone());
                continue;
            }
            SelectItem::UnnamedExpr(expression) => {
                let name = name_of(expression);
                (expression, name)
            }
            _ => continue,
        };
        let is_column = matches!(
            expression,
            Expr::Identifier(_) | Expr::CompoundIdentifier(_)
        );
        let mut own = name.clone();
        let mut number = 0;
        while !taken.insert(own.clone()) {
            number += 1;
            own = format!("{name}_{number}");
        }
        // Patterns over columns stand for many.
        let is_many = said_of(expression).is_some_and(|said| said == "columns");
        if (!is_column || number > 0) && !is_many {
            *item = SelectItem::ExprWithAlias {
                expr: expression.clone(),
                alias: Ident::with_quote('"', own),
            };
        }
    }
}

fn name_of(expression: &Expr) -> String {
    match expression {
        Expr::Identifier(name) => name.value.clone(),
        Expr::CompoundIdentifier(names) => names
            .last()
            .map_or_else(String::new, |name| name.value.clone()),
        Expr::Function(function) if function.over.is_none() && is_count_of_rows(function) => {
            "count_star()".to_owned()
        }
        expression => plain(expression).replace('"', ""),
    }
}

fn is_count_of_rows(function: &Function) -> bool {
    function.filter.is_none() && function.to_string().eq_ignore_ascii_case("count(*)")
}

/// How an expression is said, names of functions in small letters.
fn plain(expression: &Expr) -> String {
    let mut expression = expression.clone();
    let _ = visit_expressions_mut(&mut expression, |inner| {
        if let Expr::Function(function) = inner {
            for part in &mut function.name.0 {
                if let ObjectNamePart::Identifier(name) = part {
                    name.value = name.value.to_lowercase();
                }
            }
        }
        ControlFlow::<()>::Continue(())
    });
    expression.to_string()
}

/// The name of the function that an expression calls.
fn said_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Function(function) => Some(function.name.to_string().to_lowercase()),
        _ => None,
    }
}

/// The first window function among what is selected.
fn window_of(projection: &Vec<SelectItem>) -> Option<String> {
    let found = visit_expressions(projection, |inner| match inner {
        Expr::Function(function) if function.over.is_some() => {
            ControlFlow::Break(function.to_string())
        }
        _ => ControlFlow::Continue(()),
    });
    found.break_value()
}

fn contains_aggregate(arguments: &FunctionArguments) -> bool {
    let found = visit_expressions(arguments, |inner| match inner {
        Expr::Function(function)
            if function.over.is_none()
                && AGGREGATES.contains(&function.name.to_string().to_lowercase().as_str()) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

pub(super) fn expression_of(text: &str) -> Option<Expr> {
    let parser = Parser::new(&GenericDialect).try_with_sql(text);
    parser.ok()?.parse_expr().ok()
}

/// A question as a tree.
pub(super) fn query_of(text: &str) -> Option<Query> {
    let parser = Parser::new(&GenericDialect).try_with_sql(text);
    parser.ok()?.parse_query().ok().map(|query| *query)
}
