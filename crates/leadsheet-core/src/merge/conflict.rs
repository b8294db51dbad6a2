//! What tables that were put together say differently about one lead, and what stands.
//!
//! Nothing is decided by leaving something out: the rows all stay, and what stands is what the figures count.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::fact::{FACTS, Taking, differ, goes_on, is_of_an_order, is_step_back, says};
use crate::category::Outcome;
use crate::field::Field;
use crate::identities::LeadIdentity;
use crate::lead::{Lead, Leads};
use crate::ledger::Row;
use crate::place::CellRef;
use crate::rules::{customer_field, is_complete, registered_twice};
use crate::text::compact_key;

/// What is at odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConflictKind {
    /// A fact of one lead.
    Fact,
    /// Won in one table, lost in another.
    Outcome,
    /// One customer under two leads.
    RegisteredTwice,
    /// One number of two teams' own, of different customers.
    SharedNumber,
    /// One mobile of different customers, who may be one household.
    SharedMobile,
}

/// Why what stands stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// The first follow-up says it.
    First,
    /// The latest follow-up says it.
    Latest,
    /// The dates do not tell which is first or latest; it comes first, or last, by file, sheet and row.
    Order,
    /// It is the earlier registration.
    Earlier,
    /// It alone registers the customer with a full name and a phone number.
    Stronger,
    /// Both stand until somebody has asked.
    Both,
}

/// Two rows that say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What is at odds.
    pub kind: ConflictKind,
    /// The field it stands in.
    pub field: Field,
    /// The lead: its number, else its customer.
    pub lead: String,
    /// What stands.
    pub stands: ConflictSide,
    /// What does not.
    pub other: ConflictSide,
    /// Why.
    pub standing: Standing,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictSide {
    /// The row of the merged table, counted from 0.
    pub row: usize,
    /// What it says.
    pub value: String,
    /// The cell of its own file, where that was read.
    pub cell: Option<CellRef>,
}

/// What the tables say differently, lead by lead. The rows of the table stand in the order of their leads and dates;
/// `tables` says by row which one it comes from.
pub(super) fn conflicts(leads: &Leads<'_>, tables: &[u32]) -> Vec<Conflict> {
    let judge = Judge { leads, tables };
    let mut found: Vec<(usize, Conflict)> = Vec::new();
    for lead in leads.iter() {
        let conflicts = judge.within(&lead);
        found.extend(
            conflicts
                .into_iter()
                .map(|conflict| (lead.index(), conflict)),
        );
    }
    found.extend(judge.registered_twice());
    found.extend(judge.shared_numbers());
    // Stable: what is found of one lead stays in its order.
    found.sort_by_key(|&(lead, _)| lead);
    found.into_iter().map(|(_, conflict)| conflict).collect()
}

struct Judge<'j, 'a> {
    leads: &'j Leads<'a>,
    tables: &'j [u32],
}

impl<'j> Judge<'j, '_> {
    fn table(&self, row: &Row<'_>) -> u32 {
        self.tables[row.index()]
    }

    fn within(&self, lead: &Lead<'j>) -> Vec<Conflict> {
        let mut rows: BTreeMap<u32, Vec<Row<'_>>> = BTreeMap::new();
        for row in lead.rows() {
            rows.entry(self.table(&row)).or_default().push(row);
        }
        if rows.len() < 2 {
            return Vec::new();
        }
        let mut found = Vec::new();
        if matches!(lead.identity(), LeadIdentity::Mobile(_)) {
            found.extend(self.shared_mobile(lead));
            if !found.is_empty() {
                return found;
            }
        }
        let outcome = outcome(lead, &rows);
        let speaks = outcome.as_ref().map(|conflict| conflict.field);
        found.extend(outcome);
        for (field, taking) in FACTS {
            let is_told = speaks.is_some() && Outcome::FIELDS.contains(&field);
            if !is_told && lead.first().has(field) {
                fact(lead, &rows, field, taking, &mut found);
            }
        }
        found
    }

    /// Different customers that have nothing but a mobile in common.
    fn shared_mobile(&self, lead: &Lead<'j>) -> Vec<Conflict> {
        let Some(field) = customer_field(self.leads.reading()) else {
            return Vec::new();
        };
        let mut named = lead.rows().filter(|row| says(row, field));
        let Some(first) = named.next() else {
            return Vec::new();
        };
        let mut told: HashSet<u32> = [self.table(&first)].into_iter().collect();
        let others = named.filter(|row| differ(&first, row, field) && told.insert(self.table(row)));
        let conflict = |row: Row<'_>| Conflict {
            kind: ConflictKind::SharedMobile,
            field,
            lead: lead.first().mobile().unwrap_or_default().to_owned(),
            stands: side(&first, field),
            other: side(&row, field),
            standing: Standing::Both,
        };
        others.map(conflict).collect()
    }

    fn registered_twice(&self) -> Vec<(usize, Conflict)> {
        let reading = self.leads.reading();
        let Some(customer) = customer_field(reading) else {
            return Vec::new();
        };
        let conflict = |twice: crate::rules::RegisteredTwice| {
            let (stands, other) = (self.leads.lead(twice.stands), self.leads.lead(twice.other));
            let (first, second) = (stands.first(), other.first());
            let field = if stands.is_numbered() && other.is_numbered() {
                Field::LeadId
            } else {
                customer
            };
            let conflict = Conflict {
                kind: ConflictKind::RegisteredTwice,
                field,
                lead: name_of(&stands),
                stands: side(&first, field),
                other: side(&second, field),
                standing: if twice.is_stronger {
                    Standing::Stronger
                } else {
                    Standing::Earlier
                },
            };
            (self.table(&first) != self.table(&second)).then_some((twice.stands, conflict))
        };
        let twice = registered_twice(self.leads, self.leads.iter());
        twice.into_iter().filter_map(conflict).collect()
    }

    /// Numbers that two tables have given to different customers.
    fn shared_numbers(&self) -> Vec<(usize, Conflict)> {
        let mut first_of: HashMap<String, usize> = HashMap::new();
        let mut found = Vec::new();
        for lead in self.leads.iter() {
            if !matches!(lead.identity(), LeadIdentity::OwnNumber(_)) {
                continue;
            }
            let row = lead.first();
            let number = compact_key(&row.value(Field::LeadId).display());
            let first = *first_of.entry(number).or_insert(lead.index());
            let earlier = self.leads.lead(first).first();
            if first == lead.index() || self.table(&earlier) == self.table(&row) {
                continue;
            }
            let field = customer_field(self.leads.reading()).unwrap_or(Field::LeadId);
            let conflict = Conflict {
                kind: ConflictKind::SharedNumber,
                field,
                lead: name_of(&lead),
                stands: side(&earlier, field),
                other: side(&row, field),
                standing: Standing::Both,
            };
            found.push((first, conflict));
        }
        found
    }
}

/// The lead's number, else its customer, else the contact.
fn name_of(lead: &Lead<'_>) -> String {
    let row = lead.first();
    let fields = [
        Field::LeadId,
        Field::Customer,
        Field::Company,
        Field::Contact,
    ];
    let mut said = fields.into_iter().filter_map(|field| row.said(field));
    said.next()
        .or_else(|| row.mobile().map(str::to_owned))
        .unwrap_or_default()
}

fn side(row: &Row<'_>, field: Field) -> ConflictSide {
    ConflictSide {
        row: row.index(),
        value: row.value(field).display().trim().to_owned(),
        cell: None,
    }
}

/// Won in one table, lost in another: W102 of the catalogue. The latest stands.
fn outcome(lead: &Lead<'_>, rows: &BTreeMap<u32, Vec<Row<'_>>>) -> Option<Conflict> {
    let said = |wanted: Outcome| {
        let latest = rows.values().filter_map(|rows| rows.last());
        let mut said = latest.filter(|row| row.stated_outcome() == Some(wanted));
        said.next().copied()
    };
    let (won, lost) = (said(Outcome::Won)?, said(Outcome::Lost)?);
    let (stands, other) = if won.index() > lost.index() {
        (won, lost)
    } else {
        (lost, won)
    };
    let field = |row: &Row<'_>| {
        let mut fields = row.outcome_fields();
        fields.find(|&field| row.outcome_in(field) == Some(row.outcome()))
    };
    let field = field(&stands).or_else(|| field(&other))?;
    Some(Conflict {
        kind: ConflictKind::Outcome,
        field,
        lead: name_of(lead),
        stands: side(&stands, field),
        other: side(&other, field),
        standing: by_date(&stands, &other, Standing::Latest),
    })
}

fn fact(
    lead: &Lead<'_>,
    rows: &BTreeMap<u32, Vec<Row<'_>>>,
    field: Field,
    taking: Taking,
    found: &mut Vec<Conflict>,
) {
    if is_of_an_order(field) {
        let mut orders: BTreeMap<String, BTreeMap<u32, Vec<Row<'_>>>> = BTreeMap::new();
        for (&table, rows) in rows {
            for row in rows.iter().filter(|row| !row.is_blank(Field::OrderNo)) {
                let number = compact_key(&row.value(Field::OrderNo).display());
                let tables = orders.entry(number).or_default();
                tables.entry(table).or_default().push(*row);
            }
        }
        for rows in orders.values() {
            compare(lead, rows, field, taking, found);
        }
    } else {
        compare(lead, rows, field, taking, found);
    }
}

/// Compares what each table says with what stands.
fn compare(
    lead: &Lead<'_>,
    rows: &BTreeMap<u32, Vec<Row<'_>>>,
    field: Field,
    taking: Taking,
    found: &mut Vec<Conflict>,
) {
    // The row by which each table says it, and its other rows.
    let mut said: Vec<(Row<'_>, &[Row<'_>])> = Vec::with_capacity(rows.len());
    for rows in rows.values() {
        let mut speaking = rows.iter().filter(|row| says(row, field));
        let row = match taking {
            Taking::Latest => speaking.next_back(),
            Taking::First | Taking::Registration => speaking.next(),
        };
        if let Some(row) = row {
            said.push((*row, rows));
        }
    }
    said.sort_by_key(|(row, _)| row.index());
    let earliest = said.first().copied();
    let stands = match taking {
        Taking::First => earliest,
        Taking::Latest => said.last().copied(),
        Taking::Registration => said
            .iter()
            .copied()
            .find(|(row, _)| is_complete(row))
            .or(earliest),
    };
    let (Some((stands, of_table)), Some((first, _))) = (stands, earliest) else {
        return;
    };
    for &(other, _) in &said {
        if other.index() == stands.index() {
            continue;
        }
        let (earlier, later) = if other.index() < stands.index() {
            (&other, &stands)
        } else {
            (&stands, &other)
        };
        if !differ(earlier, later, field) {
            continue;
        }
        let has_gone_on = goes_on(field)
            && agreed(of_table, &other, field)
            && !is_step_back(earlier, later, field);
        if has_gone_on {
            continue;
        }
        let standing = match taking {
            Taking::First => by_date(&stands, &other, Standing::First),
            Taking::Latest => by_date(&stands, &other, Standing::Latest),
            Taking::Registration if stands.index() != first.index() => Standing::Stronger,
            Taking::Registration => by_date(&stands, &other, Standing::Earlier),
        };
        found.push(Conflict {
            kind: ConflictKind::Fact,
            field,
            lead: name_of(lead),
            stands: side(&stands, field),
            other: side(&other, field),
            standing,
        });
    }
}

/// What the dates of two rows say, where they say anything.
fn by_date(one: &Row<'_>, other: &Row<'_>, told: Standing) -> Standing {
    let moment = |row: &Row<'_>| {
        let date = row.date(Field::FollowUpDate)?;
        Some((date, row.time(Field::FollowUpDate).unwrap_or_default()))
    };
    match (moment(one), moment(other)) {
        (Some(one), Some(other)) if one != other => told,
        _ => Standing::Order,
    }
}

/// Whether a table said the same as the row on that day, or nothing yet: what it says later, the lead has gone on to.
fn agreed(table: &[Row<'_>], row: &Row<'_>, field: Field) -> bool {
    let Some(day) = row.date(Field::FollowUpDate) else {
        return false;
    };
    let mut before = table.iter().filter(|row| {
        let date = row.date(Field::FollowUpDate);
        says(row, field) && date.is_none_or(|date| date <= day)
    });
    before
        .next_back()
        .is_none_or(|before| !differ(before, row, field))
}
