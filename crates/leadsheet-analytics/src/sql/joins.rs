//! Conditions of joins. The engine compares a column of one table with one of the other; a condition on one table alone
//! is put where it means the same, and what cannot be put anywhere is refused rather than answered wrongly.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, JoinOperator, Select, SetExpr, Statement,
    TableAlias, TableFactor, TableWithJoins, VisitMut, VisitorMut, visit_expressions,
};

use super::SqlError;
use super::wording::{expression_of, query_of};

/// Puts conditions on one table alone into that table.
///
/// # Errors
/// [`SqlError::JoinCondition`]
pub(super) fn reword(statement: &mut Statement) -> Result<(), SqlError> {
    match statement.visit(&mut Conditions) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Conditions;

impl VisitorMut for Conditions {
    type Break = SqlError;

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<SqlError> {
        if let Some(membership) = as_membership(expression) {
            *expression = membership;
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<SqlError> {
        let mut rest = Vec::new();
        for table in &mut select.from {
            if let Err(error) = of_table(table, &mut rest) {
                return ControlFlow::Break(error);
            }
        }
        let known = select.selection.take().into_iter();
        select.selection = joined(known.chain(rest));
        ControlFlow::Continue(())
    }
}

/// `EXISTS (SELECT … FROM b WHERE b.x = a.x AND …)` as `a.x IN (SELECT b.x FROM b WHERE …)`: the engine answers the first
/// only where no other column is called alike.
fn as_membership(expression: &Expr) -> Option<Expr> {
    let Expr::Exists { subquery, negated } = expression else {
        return None;
    };
    let SetExpr::Select(select) = subquery.body.as_ref() else {
        return None;
    };
    let [table] = &select.from[..] else {
        return None;
    };
    let TableFactor::Table { name, alias, .. } = &table.relation else {
        return None;
    };
    let own = alias
        .as_ref()
        .map_or_else(|| name.to_string(), |alias| alias.name.value.clone());
    let is_own = |of: &Expr| tables_of(of) == [Some(own.to_lowercase())];
    let is_other =
        |of: &Expr| matches!(&tables_of(of)[..], [Some(table)] if *table != own.to_lowercase());
    let mut conditions = Vec::new();
    split(select.selection.as_ref()?, &mut conditions);
    let (between, alone): (Vec<_>, Vec<_>) =
        conditions.into_iter().partition(is_equality_of_columns);
    let [Expr::BinaryOp { left, right, .. }] = &between[..] else {
        return None;
    };
    let (inner, outer) = if is_own(left) && is_other(right) {
        (left, right)
    } else if is_own(right) && is_other(left) {
        (right, left)
    } else {
        return None;
    };
    if !alone.iter().all(is_own) || !table.joins.is_empty() {
        return None;
    }
    let wanted = joined(alone.into_iter()).map_or_else(String::new, |it| format!(" AND {it}"));
    let members = format!("SELECT {inner} FROM {table} WHERE {inner} IS NOT NULL{wanted}");
    let said = if *negated {
        format!("({outer} IS NULL OR {outer} NOT IN ({members}))")
    } else {
        format!("{outer} IN ({members})")
    };
    expression_of(&said)
}

fn is_equality_of_columns(condition: &Expr) -> bool {
    is_equality(condition) && is_between(condition)
}

/// What remains for `WHERE` goes to `rest`.
fn of_table(table: &mut TableWithJoins, rest: &mut Vec<Expr>) -> Result<(), SqlError> {
    let is_outer = |join: &Join| !matches!(kind_of(&join.join_operator), Some(Kind::Inner) | None);
    let any_outer = table.joins.iter().any(is_outer);
    for Join {
        relation,
        join_operator,
        ..
    } in &mut table.joins
    {
        let Some(kind) = kind_of(join_operator) else {
            continue;
        };
        let Some(JoinConstraint::On(condition)) = constraint_of(join_operator) else {
            continue;
        };
        let mut conditions = Vec::new();
        split(condition, &mut conditions);
        let (between, alone): (Vec<_>, Vec<_>) = conditions.into_iter().partition(|condition| {
            is_between(condition) && (kind == Kind::Inner || is_equality(condition))
        });
        for condition in alone {
            let refused = || SqlError::JoinCondition(condition.to_string());
            match kind {
                // Where a later join keeps rows without a partner, WHERE would take them away.
                Kind::Inner if !any_outer => rest.push(condition),
                Kind::Left if !is_between(&condition) => {
                    narrow(relation, &condition).ok_or_else(refused)?;
                }
                _ => return Err(refused()),
            }
        }
        match joined(between.into_iter()) {
            Some(between) => *condition = between,
            None => return Err(SqlError::JoinCondition(condition.to_string())),
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Inner,
    Left,
    Other,
}

fn kind_of(operator: &JoinOperator) -> Option<Kind> {
    Some(match operator {
        JoinOperator::Join(_) | JoinOperator::Inner(_) => Kind::Inner,
        JoinOperator::Left(_) | JoinOperator::LeftOuter(_) => Kind::Left,
        JoinOperator::Right(_) | JoinOperator::RightOuter(_) | JoinOperator::FullOuter(_) => {
            Kind::Other
        }
        _ => return None,
    })
}

fn constraint_of(operator: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint) => Some(constraint),
        _ => None,
    }
}

/// The parts of `… AND …`.
fn split(condition: &Expr, parts: &mut Vec<Expr>) {
    match condition {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            split(left, parts);
            split(right, parts);
        }
        Expr::Nested(inner) => split(inner, parts),
        condition => parts.push(condition.clone()),
    }
}

fn joined(conditions: impl Iterator<Item = Expr>) -> Option<Expr> {
    let is_simple = |op: &BinaryOperator| !matches!(op, BinaryOperator::Or | BinaryOperator::Xor);
    let nested = conditions.map(|condition| match &condition {
        Expr::BinaryOp { op, .. } if is_simple(op) => condition,
        _ => Expr::Nested(Box::new(condition)),
    });
    nested.reduce(|left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::And,
        right: Box::new(right),
    })
}

fn is_equality(condition: &Expr) -> bool {
    matches!(
        condition,
        Expr::BinaryOp {
            op: BinaryOperator::Eq,
            ..
        }
    )
}

/// Whether a condition compares a column with a column, of two tables as far as it says.
fn is_between(condition: &Expr) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    let Expr::BinaryOp { left, op, right } = condition else {
        return false;
    };
    if !matches!(op, Eq | Gt | GtEq | Lt | LtEq | NotEq) {
        return false;
    }
    let (left, right) = (tables_of(left), tables_of(right));
    match (&left[..], &right[..]) {
        ([], _) | (_, []) => false,
        ([Some(one)], [Some(other)]) => one != other,
        _ => true,
    }
}

/// The tables whose columns an expression names; nothing where it does not say.
fn tables_of(expression: &Expr) -> Vec<Option<String>> {
    let mut tables: Vec<Option<String>> = Vec::new();
    let _ = visit_expressions(expression, |inner| {
        let table = match inner {
            Expr::Identifier(_) => None,
            Expr::CompoundIdentifier(names) => names.first().map(|name| name.value.to_lowercase()),
            _ => return ControlFlow::<()>::Continue(()),
        };
        if !tables.contains(&table) {
            tables.push(table);
        }
        ControlFlow::Continue(())
    });
    tables
}

/// `follow_ups f` becomes `(SELECT * FROM follow_ups f WHERE …) f`, where the condition speaks of nothing else.
fn narrow(relation: &mut TableFactor, condition: &Expr) -> Option<()> {
    let alias = match relation {
        TableFactor::Table { name, alias, .. } => alias
            .as_ref()
            .map_or_else(|| name.to_string(), |alias| alias.name.value.clone()),
        TableFactor::Derived { alias, .. } => alias.as_ref()?.name.value.clone(),
        _ => return None,
    };
    let tables = tables_of(condition);
    let is_own = |table: &Option<String>| {
        table
            .as_ref()
            .is_some_and(|table| *table == alias.to_lowercase())
    };
    if tables.is_empty() || !tables.iter().all(is_own) {
        return None;
    }
    let mut subquery = query_of(&format!("SELECT * FROM {relation}"))?;
    let SetExpr::Select(select) = subquery.body.as_mut() else {
        return None;
    };
    select.selection = Some(condition.clone());
    *relation = TableFactor::Derived {
        lateral: false,
        subquery: Box::new(subquery),
        alias: Some(TableAlias {
            explicit: true,
            name: Ident::new(alias),
            columns: Vec::new(),
            at: None,
        }),
        sample: None,
    };
    Some(())
}
