//! The facts of a lead that two tables may tell differently, and when they do.

use crate::category::Stage;
use crate::field::{Field, FieldKind};
use crate::ledger::{Parsed, Row};
use crate::rules::{gives_reason, is_filled, is_masked};
use crate::text::{compact_key, organisation_key};
use crate::value::ContactPoint;

/// Which of a lead's rows a fact is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taking {
    /// That which registers the customer best: see S2 §4.
    Registration,
    /// The first: the figures take source and grade from it.
    First,
    /// The latest.
    Latest,
}

/// The facts that are compared, in the order in which they are told.
pub(super) const FACTS: [(Field, Taking); 25] = [
    (Field::Customer, Taking::Registration),
    (Field::Company, Taking::Registration),
    (Field::Source, Taking::First),
    (Field::Grade, Taking::First),
    (Field::Industry, Taking::First),
    (Field::Region, Taking::First),
    (Field::Phone, Taking::Latest),
    (Field::Mobile, Taking::Latest),
    (Field::Landline, Taking::Latest),
    (Field::Email, Taking::Latest),
    (Field::Wechat, Taking::Latest),
    (Field::Owner, Taking::Latest),
    (Field::Planner, Taking::Latest),
    (Field::Category, Taking::Latest),
    (Field::CustomerType, Taking::Latest),
    (Field::Stage, Taking::Latest),
    (Field::SalesStage, Taking::Latest),
    (Field::ConversionStatus, Taking::Latest),
    (Field::Intent, Taking::Latest),
    (Field::Result, Taking::Latest),
    (Field::ClosedDate, Taking::Latest),
    (Field::SalesAmount, Taking::Latest),
    (Field::OrderAmount, Taking::Latest),
    (Field::OrderStatus, Taking::Latest),
    (Field::DeliveryDate, Taking::Latest),
];

/// Whether a fact changes in the course of things, so that a later table says more and not something else.
pub(super) const fn goes_on(field: Field) -> bool {
    matches!(
        field,
        Field::Category
            | Field::CustomerType
            | Field::Stage
            | Field::SalesStage
            | Field::ConversionStatus
            | Field::Intent
            | Field::Result
            | Field::ClosedDate
            | Field::SalesAmount
            | Field::OrderAmount
            | Field::OrderStatus
            | Field::DeliveryDate
    )
}

/// Whether a fact is that of an order, of which a lead may have several.
pub(super) const fn is_of_an_order(field: Field) -> bool {
    matches!(
        field,
        Field::OrderAmount | Field::OrderStatus | Field::DeliveryDate
    )
}

/// Whether the row says anything about a fact: a masked name may be anybody's.
pub(super) fn says(row: &Row<'_>, field: Field) -> bool {
    let is_name = matches!(
        field,
        Field::Customer | Field::Company | Field::Contact | Field::Owner | Field::Planner
    );
    is_filled(row, field) && !(is_name && is_masked(&row.value(field).display()))
}

/// Whether two rows of a lead, the earlier one first, say different things about a fact.
pub(super) fn differ(earlier: &Row<'_>, later: &Row<'_>, field: Field) -> bool {
    let text = |row: &Row<'_>| row.value(field).display();
    match field.kind() {
        FieldKind::Term => {
            let differ = match (earlier.term_id(field), later.term_id(field)) {
                (Some(one), Some(other)) => one != other,
                // An unknown term is another finding.
                (None, Some(_)) | (Some(_), None) => false,
                (None, None) => compact_key(&text(earlier)) != compact_key(&text(later)),
            };
            differ && !(field == Field::Grade && gives_reason(later))
        }
        FieldKind::Contact => points_differ(earlier, later, field),
        FieldKind::Date => match (earlier.date(field), later.date(field)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        },
        FieldKind::Money => match (earlier.money(field), later.money(field)) {
            (Some(one), Some(other)) => one.amount != other.amount,
            _ => false,
        },
        _ if matches!(field, Field::Customer | Field::Company) => {
            organisation_key(&text(earlier)) != organisation_key(&text(later))
        }
        _ => compact_key(&text(earlier)) != compact_key(&text(later)),
    }
}

/// Whether going from one stage to another is a step back, which time alone does not explain.
pub(super) fn is_step_back(earlier: &Row<'_>, later: &Row<'_>, field: Field) -> bool {
    let stages = (field == Field::Stage).then(|| Some((earlier.stage()?, later.stage()?)));
    matches!(stages.flatten(), Some((was, is)) if is != Stage::Lost && is < was && !gives_reason(later))
}

/// Two people of one firm have two numbers; one person's are compared where none is hidden, and one in common is enough.
fn points_differ(one: &Row<'_>, other: &Row<'_>, field: Field) -> bool {
    let name = |row: &Row<'_>| row.contact_name().map(|name| compact_key(&name));
    if let (Some(name), Some(another)) = (name(one), name(other))
        && name != another
    {
        return false;
    }
    let (Parsed::Contact(ones), Parsed::Contact(others)) = (one.parsed(field), other.parsed(field))
    else {
        return false;
    };
    let (ones, others) = (ones.points(), others.points());
    let is_hidden = |point: &ContactPoint| matches!(point, ContactPoint::Masked(_));
    !ones.is_empty()
        && !others.is_empty()
        && !ones.iter().chain(others).any(is_hidden)
        && !ones.iter().any(|point| others.contains(point))
}
