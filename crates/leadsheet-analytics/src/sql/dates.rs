//! Functions of dates that the engine lacks, said by those that it has. A day is its number since 1970-01-01.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use leadsheet_core::{Field, FieldKind};
use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, Interval, Value, VisitorMut,
};

use super::SqlError;
use super::wording::expression_of;

/// Parts of a date that are functions of their own elsewhere.
const PARTS: [&str; 6] = ["year", "quarter", "month", "week", "day", "hour"];

/// Puts them in place of what was asked.
pub(super) struct Dates {
    pub(super) today: Option<NaiveDate>,
}

impl VisitorMut for Dates {
    type Break = SqlError;

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<SqlError> {
        let replaced = match expression {
            Expr::Function(function) => self.function(function),
            Expr::Interval(interval) => Ok(spelled_out(interval)),
            Expr::BinaryOp { left, op, right } => Ok(days_later(left, op, right)),
            _ => Ok(None),
        };
        match replaced {
            Err(error) => return ControlFlow::Break(error),
            Ok(Some(text)) => {
                if let Some(by) = expression_of(&text) {
                    *expression = by;
                }
            }
            Ok(None) => {}
        }
        ControlFlow::Continue(())
    }
}

impl Dates {
    fn function(&self, function: &Function) -> Result<Option<String>, SqlError> {
        let name = function.name.to_string().to_lowercase();
        let arguments = arguments(function);
        let wrong = || SqlError::Arguments(name.to_uppercase());
        Ok(match (name.as_str(), &arguments[..]) {
            ("current_date" | "today", []) => {
                self.today.map(|today| format!("CAST('{today}' AS DATE)"))
            }
            ("date_trunc" | "datetrunc", [part, of]) => {
                Some(truncated(&unquoted(part), of).ok_or_else(wrong)?)
            }
            ("date_diff" | "datediff", [part, from, to]) => {
                Some(apart(&unquoted(part), from, to).ok_or_else(wrong)?)
            }
            ("date_trunc" | "datetrunc" | "date_diff" | "datediff", _) => return Err(wrong()),
            ("last_day", [of]) => {
                let next = format!("({}) + INTERVAL '1 month'", month_of(of));
                Some(format!("CAST({next} - INTERVAL '1 day' AS DATE)"))
            }
            ("weekday" | "dayofweek", [of]) => Some(format!("EXTRACT(DOW FROM {of})")),
            ("isodow", [of]) => Some(format!("EXTRACT(ISODOW FROM {of})")),
            ("weekofyear", [of]) => Some(format!("EXTRACT(WEEK FROM {of})")),
            ("dayofmonth", [of]) => Some(format!("EXTRACT(DAY FROM {of})")),
            ("dayofyear", [of]) => Some(format!("EXTRACT(DOY FROM {of})")),
            (part, [of]) if PARTS.contains(&part) => Some(format!("EXTRACT({part} FROM {of})")),
            _ => None,
        })
    }
}

fn arguments(function: &Function) -> Vec<String> {
    let FunctionArguments::List(list) = &function.args else {
        return Vec::new();
    };
    let said = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => expression.to_string(),
        argument => argument.to_string(),
    });
    said.collect()
}

fn unquoted(part: &str) -> String {
    part.trim_matches('\'').to_lowercase()
}

pub(super) fn number_of(date: &str) -> String {
    format!("CAST(CAST(({date}) AS DATE) AS INTEGER)")
}

fn month_of(date: &str) -> String {
    let number = number_of(date);
    format!("CAST({number} - CAST(EXTRACT(DAY FROM ({date})) AS INTEGER) + 1 AS DATE)")
}

/// The first day of the part of time that a date is in.
fn truncated(part: &str, date: &str) -> Option<String> {
    let number = number_of(date);
    let back = |part: &str| {
        format!("CAST({number} - CAST(EXTRACT({part} FROM ({date})) AS INTEGER) + 1 AS DATE)")
    };
    Some(match part {
        "day" => format!("CAST(({date}) AS DATE)"),
        "week" => back("ISODOW"),
        "month" => month_of(date),
        "quarter" => format!(
            "CAST(STRFTIME(({date}), '%Y') || CASE EXTRACT(QUARTER FROM ({date})) WHEN 1 THEN '-01-01' \
             WHEN 2 THEN '-04-01' WHEN 3 THEN '-07-01' ELSE '-10-01' END AS DATE)"
        ),
        "year" => back("DOY"),
        _ => return None,
    })
}

/// How many borders of a part of time lie between two dates; of weeks, how many times seven days.
fn apart(part: &str, from: &str, to: &str) -> Option<String> {
    let count = |date: &str, per_year: u8, part: &str| {
        format!(
            "(CAST(EXTRACT(YEAR FROM ({date})) AS INTEGER) * {per_year} + CAST(EXTRACT({part} FROM ({date})) AS INTEGER))"
        )
    };
    Some(match part {
        "day" => format!("({} - {})", number_of(to), number_of(from)),
        "week" => format!(
            "CAST(({} - {}) / 7 AS INTEGER)",
            number_of(to),
            number_of(from)
        ),
        "month" => format!(
            "({} - {})",
            count(to, 12, "MONTH"),
            count(from, 12, "MONTH")
        ),
        "quarter" => format!(
            "({} - {})",
            count(to, 4, "QUARTER"),
            count(from, 4, "QUARTER")
        ),
        "year" => format!(
            "(CAST(EXTRACT(YEAR FROM ({to})) AS INTEGER) - CAST(EXTRACT(YEAR FROM ({from})) AS INTEGER))"
        ),
        _ => return None,
    })
}

/// `INTERVAL 30 DAY` and `INTERVAL '30' DAY` as `INTERVAL '30 day'`.
fn spelled_out(interval: &Interval) -> Option<String> {
    let unit = interval.leading_field.as_ref()?;
    let count = interval.value.to_string();
    let count: i64 = count.trim_matches('\'').parse().ok()?;
    Some(format!(
        "INTERVAL '{count} {}'",
        unit.to_string().to_lowercase()
    ))
}

/// A date and a number of days: `created + 30`.
fn days_later(left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<String> {
    let Expr::Value(number) = right else {
        return None;
    };
    let Value::Number(days, _) = &number.value else {
        return None;
    };
    let days: u32 = days.parse().ok()?;
    let is_sum = matches!(op, BinaryOperator::Plus | BinaryOperator::Minus);
    (is_sum && is_date(left)).then(|| format!("({left} {op} INTERVAL '{days} day')"))
}

/// Whether an expression is a date beyond doubt.
pub(super) fn is_date(expression: &Expr) -> bool {
    const OWN: [&str; 5] = [
        "created",
        "first_follow_up",
        "last_follow_up",
        "closed",
        "day",
    ];
    let is_named = |name: &Ident| {
        let name = name.value.to_lowercase();
        let field = name.parse::<Field>();
        OWN.contains(&name.as_str()) || field.is_ok_and(|it| it.kind() == FieldKind::Date)
    };
    match expression {
        Expr::Identifier(name) => is_named(name),
        Expr::CompoundIdentifier(names) => names.last().is_some_and(is_named),
        Expr::Nested(inner) => is_date(inner),
        Expr::Cast { data_type, .. } => *data_type == DataType::Date,
        Expr::TypedString(typed) => typed.data_type == DataType::Date,
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let mut inner = arguments(function).into_iter();
            ["min", "max"].contains(&name.as_str())
                && inner
                    .next()
                    .is_some_and(|of| expression_of(&of).is_some_and(|of| is_date(&of)))
        }
        _ => false,
    }
}
