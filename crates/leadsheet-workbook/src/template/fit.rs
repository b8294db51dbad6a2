//! How well a row of headings fits a template: the score, and whether it is enough.

use hashbrown::HashSet;
use leadsheet_core::{Field, NearMiss, likeness};

use super::definition::{ColumnDefinition, Strength, TemplateDefinition, Templates};
use super::header::heading_key;
use super::heading_row::Heading;
use super::meaning::{Assigned, Meanings};

/// A table counts as recognised from this score on…
const ENOUGH: f64 = 0.45;
/// … with at least this many of the template's columns …
pub(crate) const FEWEST_COLUMNS: usize = 3;
/// … and as much said of what is done with customers, at least one of it in words that are used for nothing else: a list
/// of addresses, tasks or invoices has names, dates and states as well.
const ENOUGH_DEEDS: f64 = 1.4;
/// A row of two headings is not judged by those two alone: no table of follow-ups is as small.
const SMALLEST_TABLE: f64 = 4.0;
/// How alike a heading must be to one that is missing, to be taken for it: one slip in four characters.
const NEAR: f64 = 0.75;

/// Headings that nobody knows, looked at for slips: a real table has a few dozen.
const MOST_UNKNOWN: usize = 64;

/// A CRM's import form is used as it comes: of the headings that are known, so many are in its own words.
const WORDS_OF_A_FORM: f64 = 0.8;

/// What is done with a customer, which tells follow-ups from any other table.
const DEEDS: [Field; 16] = [
    Field::Source,
    Field::Grade,
    Field::Category,
    Field::CustomerType,
    Field::Need,
    Field::FollowUpDate,
    Field::Method,
    Field::Summary,
    Field::Feedback,
    Field::NextStep,
    Field::NextDate,
    Field::Stage,
    Field::SalesStage,
    Field::ConversionStatus,
    Field::Intent,
    Field::Result,
];

/// Talking with somebody, which no other list is about.
const TALKS: [Field; 5] = [
    Field::FollowUpDate,
    Field::Method,
    Field::Summary,
    Field::Feedback,
    Field::NextDate,
];

/// Somebody to do it with.
const SOMEBODY: [Field; 6] = [
    Field::LeadId,
    Field::Customer,
    Field::Contact,
    Field::Phone,
    Field::Company,
    Field::Wechat,
];

/// Who the customer is and what any table may have. It counts half: what is done with a customer tells templates apart.
const PARTICULARS: [Field; 14] = [
    Field::RowNumber,
    Field::Contact,
    Field::JobTitle,
    Field::Phone,
    Field::Mobile,
    Field::Landline,
    Field::Email,
    Field::Wechat,
    Field::Company,
    Field::Region,
    Field::Industry,
    Field::Tags,
    Field::Remark,
    Field::RecordedAt,
];

fn importance(field: Field) -> f64 {
    if PARTICULARS.contains(&field) {
        0.5
    } else {
        1.0
    }
}

/// A template held against a row of headings.
#[derive(Debug)]
pub(crate) struct Fit<'t> {
    pub(crate) template: &'t TemplateDefinition,
    /// 0 (nothing in common) to 1 (every heading is there, and no other).
    pub(crate) score: f64,
    pub(crate) meanings: Meanings,
    pub(crate) near_misses: Vec<NearMiss>,
    /// Columns of the template that are there.
    pub(super) known: usize,
    /// Those of them under a heading that the template lists itself.
    to_the_letter: usize,
    /// How surely the row is about what is done with customers.
    deeds: f64,
    /// Whether it says so in words that are used for nothing else.
    is_about_follow_ups: bool,
    /// Of the headings that are known at all, the share that are in the template's own words.
    own_words: f64,
}

impl Fit<'_> {
    /// Whether the row is a heading of the template.
    pub(crate) fn is_enough(&self) -> bool {
        if self.template.crm && self.own_words < WORDS_OF_A_FORM {
            return false;
        }
        self.score >= ENOUGH
            && self.known >= FEWEST_COLUMNS
            && self.is_about_follow_ups
            && self.deeds >= ENOUGH_DEEDS
            && (!self.template.crm || self.is_to_the_letter())
    }

    /// Whether the headings are the template's own but for a few: a CRM's form is made by a program, and what people
    /// have written in words of their own is no such form.
    const fn is_to_the_letter(&self) -> bool {
        self.to_the_letter * 5 >= self.known * 4
    }

    /// Whether a column has this meaning.
    pub(crate) fn has(&self, field: Field) -> bool {
        let mut assigned = self.meanings.assigned.iter();
        assigned.any(|assigned| assigned.field() == Some(field))
            || self.near_misses.iter().any(|near| near.field == field)
    }
}

/// What a heading counts.
pub(super) const fn weight(strength: Strength) -> f64 {
    match strength {
        Strength::Own => 1.0,
        Strength::Listed | Strength::Usual | Strength::Stranger => 0.9,
        Strength::Weak | Strength::WeakStranger => 0.5,
    }
}

/// Holds a template against a row of headings.
///
/// The score has three parts: how much of the template's regular columns is there (35 %), how much of what is there
/// belongs to the template (35 %), and how much of the row is known at all (30 %). The template's own heading counts full,
/// a synonym nine tenths, a near miss and a word that other tables use as well half.
pub(crate) fn fit<'t>(
    template: &'t TemplateDefinition,
    templates: &Templates,
    headings: &[Heading],
    meanings: Meanings,
) -> Fit<'t> {
    let mut seen: HashSet<Field> = HashSet::new();
    let (mut regular, mut own, mut known_at_all, mut deeds) = (0.0, 0.0, 0.0, 0.0);
    let mut own_words = 0.0;
    let (mut talks, mut deals, mut names_somebody) = (false, false, false);
    let (mut known, mut to_the_letter) = (0_usize, 0_usize);
    for assigned in &meanings.assigned {
        let Assigned::Means(meaning) = assigned else {
            continue;
        };
        let (field, strength) = (meaning.field, meaning.strength);
        seen.insert(field);
        if matches!(strength, Strength::Own | Strength::Listed) {
            own_words += 1.0;
        }
        known_at_all += if strength.is_weak() { 0.5 } else { 1.0 };
        if DEEDS.contains(&field) {
            deeds += weight(strength);
            let is_telling = !strength.is_weak() && !meaning.is_common;
            talks |= is_telling && TALKS.contains(&field);
            deals |= is_telling;
        } else if field == Field::Owner {
            deeds += 0.5;
        } else if field == Field::LeadId {
            deals |= !strength.is_weak() && !meaning.is_common;
        }
        names_somebody |= SOMEBODY.contains(&field);
        if let Some(column) = template.column(field) {
            let weight = weight(strength) * importance(field);
            own += weight;
            if !column.optional {
                known += 1;
                to_the_letter += usize::from(strength <= Strength::Listed);
                regular += weight;
            }
        }
    }
    let mut near_misses = Vec::new();
    let is_about_follow_ups = talks || deals && names_somebody;
    // Slips are looked for only where the row is a heading beyond doubt.
    if known >= FEWEST_COLUMNS && is_about_follow_ups {
        near_misses = find_near_misses(template, templates, headings, &meanings, &mut seen);
        for near_miss in &near_misses {
            known += 1;
            known_at_all += 0.5;
            regular += 0.5 * importance(near_miss.field);
            own += 0.5 * importance(near_miss.field);
        }
    }
    let of_template = template.columns.iter().filter(|column| !column.optional);
    let of_template: f64 = of_template.map(|column| importance(column.field)).sum();
    // What nobody knows might be anything, so it counts as much as a column that tells templates apart.
    let of_row: f64 = meanings
        .assigned
        .iter()
        .map(|assigned| assigned.field().map_or(1.0, importance))
        .sum();
    let score = if known == 0 {
        0.0
    } else {
        0.35 * regular / of_template.max(1.0)
            + 0.35 * own / of_row.max(SMALLEST_TABLE).min(of_all_columns(template))
            + 0.3 * known_at_all / headings.len().max(1) as f64
    };
    Fit {
        template,
        score,
        meanings,
        near_misses,
        known,
        to_the_letter,
        deeds,
        is_about_follow_ups,
        own_words: own_words / seen.len().max(1) as f64,
    }
}

fn of_all_columns(template: &TemplateDefinition) -> f64 {
    let columns = template.columns.iter();
    columns
        .map(|column| importance(column.field))
        .sum::<f64>()
        .max(1.0)
}

/// Headings that nobody knows and that are nearly one which is missing.
fn find_near_misses(
    template: &TemplateDefinition,
    templates: &Templates,
    headings: &[Heading],
    meanings: &Meanings,
    seen: &mut HashSet<Field>,
) -> Vec<NearMiss> {
    let mut missing: Vec<(String, &ColumnDefinition)> = template
        .columns
        .iter()
        .filter(|column| !column.optional && !seen.contains(&column.field))
        .map(|column| (heading_key(templates.heading(column)), column))
        .collect();
    let mut near_misses = Vec::new();
    let is_unknown = |(heading, assigned): &(&Heading, &Assigned)| {
        matches!(assigned, Assigned::Unknown) && !templates.knows(&heading.key)
    };
    let unknown = headings
        .iter()
        .zip(&meanings.assigned)
        .filter(is_unknown)
        .take(MOST_UNKNOWN);
    for (heading, _) in unknown {
        let likely = missing
            .iter()
            .enumerate()
            .map(|(position, (key, _))| (likeness(&heading.key, key), position))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let Some((alike, position)) = likely else {
            break;
        };
        if alike >= NEAR {
            let (_, column) = missing.swap_remove(position);
            seen.insert(column.field);
            near_misses.push(NearMiss {
                cell: heading.cell,
                header: heading.text.clone(),
                meant: templates.heading(column).to_owned(),
                field: column.field,
            });
        }
    }
    near_misses
}
