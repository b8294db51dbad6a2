//! How well a row of headings fits a template: the score, and whether it is enough.

use std::collections::HashSet;

use leadsheet_core::{Field, NearMiss, likeness};

use super::definition::{Strength, TemplateDefinition, Templates};
use super::header::heading_key;
use super::heading_row::Heading;
use super::meaning::{Assigned, Meanings};

/// A table counts as recognised from this score on…
const ENOUGH: f64 = 0.5;
/// … with at least this many of the template's columns …
const FEWEST_COLUMNS: usize = 3;
/// … and as much said of what is done with a customer: an address list has names and numbers, but no follow-ups.
const ENOUGH_DEEDS: f64 = 1.5;
/// How alike a heading must be to one that is missing, to be taken for it: one slip in four characters.
const NEAR: f64 = 0.75;

/// What is done with a customer, rather than who they are.
const DEEDS: [Field; 22] = [
    Field::Source,
    Field::Grade,
    Field::Category,
    Field::CustomerType,
    Field::Need,
    Field::FollowUpDate,
    Field::Method,
    Field::Topic,
    Field::Summary,
    Field::Feedback,
    Field::NextStep,
    Field::NextDate,
    Field::Owner,
    Field::Stage,
    Field::SalesStage,
    Field::ConversionStatus,
    Field::Progress,
    Field::Intent,
    Field::Result,
    Field::ClosedDate,
    Field::OrderNo,
    Field::OrderStatus,
];

/// A template held against a row of headings.
#[derive(Debug)]
pub(crate) struct Fit<'t> {
    pub(crate) template: &'t TemplateDefinition,
    /// 0 (nothing in common) to 1 (every heading is there, and no other).
    pub(crate) score: f64,
    pub(crate) meanings: Meanings,
    pub(crate) near_misses: Vec<NearMiss>,
    /// Columns of the template that are there.
    known: usize,
    /// How surely the row is about what is done with customers.
    deeds: f64,
}

impl Fit<'_> {
    /// Whether the row is a heading of the template.
    pub(crate) fn is_enough(&self) -> bool {
        self.score >= ENOUGH && self.known >= FEWEST_COLUMNS && self.deeds >= ENOUGH_DEEDS
    }

    /// Whether a column has this meaning.
    pub(crate) fn has(&self, field: Field) -> bool {
        let mut assigned = self.meanings.assigned.iter();
        assigned.any(|assigned| assigned.field() == Some(field))
            || self.near_misses.iter().any(|near| near.field == field)
    }
}

/// What a heading counts.
const fn weight(strength: Strength) -> f64 {
    match strength {
        Strength::Own => 1.0,
        Strength::Listed | Strength::Usual | Strength::Stranger => 0.9,
        Strength::Weak | Strength::WeakStranger => 0.5,
    }
}

/// Holds a template against a row of headings.
///
/// The score has three parts: how many of the template's regular columns are there (35 %), how much of what is there are
/// columns of the template (35 %), and how many of the row's headings are known at all (30 %). The template's own heading
/// counts full, a synonym nine tenths, a word that other tables use as well and a near miss half.
pub(crate) fn fit<'t>(
    template: &'t TemplateDefinition,
    templates: &Templates,
    headings: &[Heading],
    meanings: Meanings,
) -> Fit<'t> {
    let mut seen: HashSet<Field> = HashSet::new();
    let (mut regular_weight, mut weight_here, mut deeds) = (0.0, 0.0, 0.0);
    let mut recognised = 0_usize;
    let mut known = 0_usize;
    for assigned in &meanings.assigned {
        let Assigned::Means(meaning) = assigned else {
            continue;
        };
        seen.insert(meaning.field);
        recognised += 1;
        let weight = weight(meaning.strength);
        if DEEDS.contains(&meaning.field) {
            deeds += weight;
        }
        if let Some(column) = template.column(meaning.field) {
            weight_here += weight;
            if !column.optional {
                known += 1;
                regular_weight += weight;
            }
        }
    }
    let mut near_misses = Vec::new();
    // Slips are looked for only where the row is a heading of this template beyond doubt.
    if known >= FEWEST_COLUMNS {
        near_misses = find_near_misses(template, templates, headings, &meanings, &mut seen);
        let found = near_misses.len();
        known += found;
        recognised += found;
        regular_weight += 0.5 * found as f64;
        weight_here += 0.5 * found as f64;
    }
    let regular = template
        .columns
        .iter()
        .filter(|column| !column.optional)
        .count()
        .max(1);
    let possible = template
        .columns
        .len()
        .min(headings.len().max(FEWEST_COLUMNS))
        .max(1);
    let score = if known == 0 {
        0.0
    } else {
        0.35 * regular_weight / regular as f64
            + 0.35 * weight_here / possible as f64
            + 0.3 * recognised as f64 / headings.len().max(1) as f64
    };
    Fit {
        template,
        score,
        meanings,
        near_misses,
        known,
        deeds,
    }
}

/// Headings that nobody knows and that are nearly one which is missing.
fn find_near_misses(
    template: &TemplateDefinition,
    templates: &Templates,
    headings: &[Heading],
    meanings: &Meanings,
    seen: &mut HashSet<Field>,
) -> Vec<NearMiss> {
    let mut near_misses = Vec::new();
    let unknown = headings
        .iter()
        .zip(&meanings.assigned)
        .filter(|(heading, assigned)| {
            matches!(assigned, Assigned::Unknown) && !templates.knows(&heading.key)
        });
    for (heading, _) in unknown {
        let missing = template
            .columns
            .iter()
            .filter(|column| !column.optional && !seen.contains(&column.field));
        let likely = missing.map(|column| {
            let meant = templates.heading(column);
            (
                likeness(&heading.key, &heading_key(meant)),
                column.field,
                meant,
            )
        });
        let Some((alike, field, meant)) = likely.max_by(|one, other| one.0.total_cmp(&other.0))
        else {
            break;
        };
        if alike >= NEAR {
            seen.insert(field);
            near_misses.push(NearMiss {
                cell: heading.cell,
                header: heading.text.clone(),
                meant: meant.to_owned(),
                field,
            });
        }
    }
    near_misses
}
