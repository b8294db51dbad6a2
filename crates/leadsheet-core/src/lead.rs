//! Leads: the rows of a table gathered to the customers they are about, and what is known of each.
//!
//! Rows are one lead where they share a lead number; rows without one, where they share an unmasked mobile; else
//! where they share customer and contact name. Everything a figure says about a lead is defined here.

use std::sync::OnceLock;

use chrono::{Datelike as _, NaiveDate};
use hashbrown::HashMap;

use crate::category::{Outcome, Stage};
use crate::customers::Named;
use crate::field::Field;
use crate::grouped::Grouped;
use crate::identities::{Identities, IdentityKind, LeadIdentity, NOBODY, Numbers};
use crate::ledger::{EMPTY_CODE, Parsed, Reading, Row};
use crate::mobiles::Mobiles;
use crate::text::{compact_key, organisation_key};

/// The leads of one table, in the order of their first rows.
#[derive(Debug)]
pub struct Leads<'a> {
    reading: &'a Reading<'a>,
    identities: Identities,
    of_row: Vec<u32>,
    /// Rows by lead, then by follow-up date, then from top to bottom; rows without a date last.
    arranged: OnceLock<Grouped>,
    customers: OnceLock<Named<'a>>,
    contacts: OnceLock<Named<'a>>,
    mobiles: OnceLock<Mobiles<'a>>,
}

impl<'a> Leads<'a> {
    /// Gathers the rows of a table.
    pub fn new(reading: &'a Reading<'a>) -> Self {
        Self::of_numbers(reading, Numbers::of(reading))
    }

    /// The same where the numbers of the table are gathered already.
    pub(crate) fn of_numbers(reading: &'a Reading<'a>, numbers: Numbers) -> Self {
        let (identities, of_row) = assign(reading, numbers);
        Self::gathered(reading, identities, of_row)
    }

    /// Gathers the rows of several tables that were put together; `tables` says by row which one it comes from. A
    /// number of a team's own begins anew in every table: it makes rows of two tables one lead only where both call
    /// the customer the same.
    pub(crate) fn across(reading: &'a Reading<'a>, tables: &[u32]) -> Self {
        let (within, mut of_row) = assign(reading, Numbers::of(reading));
        let names = names_of_own_numbers(reading, &within, &of_row, tables);
        let mut identities = Identities::default();
        for (lead, table) in of_row.iter_mut().zip(tables) {
            if *lead == NOBODY {
                continue;
            }
            let (kind, text) = within.text_of(*lead as usize);
            *lead = match names.get(&(*lead, *table)) {
                Some(name) => identities.intern(kind, &format!("{text}\n{name}")),
                None if kind == IdentityKind::OwnNumber => {
                    identities.intern(kind, &format!("{text}\n\n{table}"))
                }
                None => identities.intern_of_day(kind, within.day_of(*lead as usize), text),
            };
        }
        Self::gathered(reading, identities, of_row)
    }

    /// The leads whose rows are known. Nothing more is looked up by its text.
    fn gathered(reading: &'a Reading<'a>, mut identities: Identities, of_row: Vec<u32>) -> Self {
        identities.close();
        Self {
            reading,
            identities,
            of_row,
            arranged: OnceLock::new(),
            customers: OnceLock::new(),
            contacts: OnceLock::new(),
            mobiles: OnceLock::new(),
        }
    }

    /// Which customer each row names.
    pub(crate) fn customers(&self) -> &Named<'a> {
        self.customers
            .get_or_init(|| Named::customers(self.reading))
    }

    /// Which contact each row names.
    pub(crate) fn contacts(&self) -> &Named<'a> {
        self.contacts.get_or_init(|| Named::contacts(self.reading))
    }

    /// Which mobiles each row names.
    pub(crate) fn mobiles(&self) -> &Mobiles<'a> {
        self.mobiles.get_or_init(|| Mobiles::of(self.reading))
    }

    fn arranged(&self) -> &Grouped {
        self.arranged.get_or_init(|| {
            let leads = || self.of_row.iter().zip(0..);
            let of_rows = || {
                let about = leads().filter(|(lead, _)| **lead != NOBODY);
                about.map(|(&lead, row)| (lead as usize, row))
            };
            let mut rows = Grouped::new(self.len(), of_rows);
            let day = |parsed: &Parsed| parsed.day().map_or(i32::MAX, |day| day.num_days_from_ce());
            if let Some(day) = self.reading.facts(Field::FollowUpDate, day) {
                rows.sort_by_key(|row| (day(row as usize), row));
            }
            rows
        })
    }

    /// The table.
    pub const fn reading(&self) -> &'a Reading<'a> {
        self.reading
    }

    /// How many leads there are.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.identities.len() == 0
    }

    /// The leads in the order of their first rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Lead<'_>> + Clone {
        (0..self.len()).map(|index| self.lead(index))
    }

    /// What the rows of each lead have in common.
    pub fn identities(&self) -> impl ExactSizeIterator<Item = LeadIdentity<'_>> {
        (0..self.len()).map(|index| self.identities.get(index))
    }

    /// The day in the number of each lead, where it has one that tells a day.
    pub fn days_in_numbers(&self) -> impl ExactSizeIterator<Item = Option<NaiveDate>> {
        (0..self.len()).map(|index| self.identities.day_of(index))
    }

    /// The lead at a position.
    pub fn lead(&self, index: usize) -> Lead<'_> {
        Lead {
            reading: self.reading,
            index,
            identities: &self.identities,
            rows: self.arranged().get(index),
        }
    }

    /// Position of the lead that a row is about; `None` where the row names no customer.
    pub fn of_row(&self, row: usize) -> Option<usize> {
        self.of_row
            .get(row)
            .copied()
            .filter(|&lead| lead != NOBODY)
            .map(|lead| lead as usize)
    }

    /// Whether the rows of the lead at a position share a lead number.
    pub(crate) fn is_numbered(&self, index: usize) -> bool {
        self.identities.is_numbered(index)
    }

    /// By lead, whether something is true of one of its rows.
    pub(crate) fn having(&self, is_true: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut having = vec![false; self.len()];
        for (row, &lead) in self.of_row.iter().enumerate() {
            if lead != NOBODY && is_true(row) {
                having[lead as usize] = true;
            }
        }
        having
    }

    /// By lead, whether its rows differ in one of these columns. Told by the codes: two spellings of one value differ too.
    pub(crate) fn varying(&self, fields: &[Field]) -> Vec<bool> {
        let mut varying = vec![false; self.len()];
        let columns = fields.iter();
        for column in columns.filter_map(|&field| self.reading.column(field)) {
            let codes = column.codes();
            for (lead, varying) in varying.iter_mut().enumerate() {
                *varying = *varying || codes.differ_in(self.arranged().get(lead));
            }
        }
        varying
    }

    /// Rows that name no customer and are counted in no lead.
    pub fn unidentified(&self) -> usize {
        self.of_row.iter().filter(|&&lead| lead == NOBODY).count()
    }
}

fn assign(reading: &Reading<'_>, numbers: Numbers) -> (Identities, Vec<u32>) {
    let column = reading.column(Field::LeadId);
    let (mut identities, of_number) = numbers.gathered();
    // By the codes of the columns that name somebody: looked up once for each pair of names.
    let naming =
        [Field::Customer, Field::Contact, Field::GivenName].map(|field| reading.column(field));
    let mut of_names: HashMap<[u32; 3], u32> = HashMap::new();
    let assign = |row: Row<'_>| {
        let numbered = column.map(|column| of_number[column.code(row.index()) as usize]);
        if let Some(lead) = numbered.filter(|&lead| lead != NOBODY) {
            return lead;
        }
        if let Some(digits) = row.mobile() {
            return identities.intern(IdentityKind::Mobile, digits);
        }
        let names = naming.map(|column| column.map_or(EMPTY_CODE, |it| it.code(row.index())));
        *of_names
            .entry(names)
            .or_insert_with(|| match row.name_key() {
                Some(name) => identities.intern(IdentityKind::Name, &name),
                None => NOBODY,
            })
    };
    let of_row = reading.rows().map(assign).collect();
    (identities, of_row)
}

/// What each table calls the customers behind its own numbers, by lead and table.
fn names_of_own_numbers(
    reading: &Reading<'_>,
    identities: &Identities,
    of_row: &[u32],
    tables: &[u32],
) -> HashMap<(u32, u32), String> {
    let mut names = HashMap::new();
    for row in reading.rows() {
        let (lead, table) = (of_row[row.index()], tables[row.index()]);
        let is_own =
            lead != NOBODY && matches!(identities.get(lead as usize), LeadIdentity::OwnNumber(_));
        if is_own
            && !names.contains_key(&(lead, table))
            && let Some(name) = row.name_key()
        {
            names.insert((lead, table), name);
        }
    }
    names
}

impl Row<'_> {
    /// The key under which customer and contact of two rows are the same: the organisation's key, the contact's
    /// compact key. `None` where the row names neither.
    pub fn name_key(&self) -> Option<String> {
        let customer = organisation_key(&self.value(Field::Customer).display());
        let contact = compact_key(&self.contact_name().unwrap_or_default());
        (!(customer.is_empty() && contact.is_empty())).then(|| format!("{customer}\n{contact}"))
    }
}

/// One lead: a customer with every follow-up.
#[derive(Clone, Copy, Debug)]
pub struct Lead<'a> {
    reading: &'a Reading<'a>,
    index: usize,
    identities: &'a Identities,
    rows: &'a [u32],
}

impl<'a> Lead<'a> {
    /// Position among the leads of the table.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What its rows have in common.
    pub fn identity(&self) -> LeadIdentity<'a> {
        self.identities.get(self.index)
    }

    /// Its follow-ups by date; those of one day from top to bottom, those without a date last.
    pub fn rows(
        &self,
    ) -> impl DoubleEndedIterator<Item = Row<'a>> + ExactSizeIterator + Clone + use<'a> {
        let reading = self.reading;
        self.rows.iter().map(move |&row| reading.row(row as usize))
    }

    /// Its follow-ups whose order is certain: those with a date, or every one where the table has no dates at all.
    pub fn rows_in_order(&self) -> impl DoubleEndedIterator<Item = Row<'a>> + use<'a> {
        let has_dates = self.reading.column(Field::FollowUpDate).is_some();
        self.rows()
            .filter(move |row| !has_dates || row.date(Field::FollowUpDate).is_some())
    }

    /// Whether its rows share a lead number, and not merely a mobile or a name.
    pub fn is_numbered(&self) -> bool {
        self.identities.is_numbered(self.index)
    }

    /// The first follow-up: source and grade are taken from it.
    pub fn first(&self) -> Row<'a> {
        self.reading.row(self.rows[0] as usize)
    }

    /// The latest follow-up: outcome and owner are taken from it.
    pub fn latest(&self) -> Row<'a> {
        self.reading.row(self.rows[self.rows.len() - 1] as usize)
    }

    /// Won, lost or open, as the latest follow-up says; open where it says nothing.
    pub fn outcome(&self) -> Outcome {
        self.latest().outcome()
    }

    /// The day the lead came: the date in its number, else its first follow-up.
    pub fn created(&self) -> Option<NaiveDate> {
        self.first()
            .lead_id()
            .map(|id| id.date)
            .or_else(|| self.first().date(Field::FollowUpDate))
    }

    /// The day it was won or lost: the latest 成交日期, else the first follow-up that says won or lost.
    pub fn closed(&self) -> Option<NaiveDate> {
        self.rows()
            .rev()
            .find_map(|row| row.date(Field::ClosedDate))
            .or_else(|| {
                self.rows()
                    .find(|row| row.outcome() != Outcome::Open)
                    .and_then(|row| row.date(Field::FollowUpDate))
            })
    }

    /// The highest stage it has reached: the top one for a won lead, for a lost one the highest its rows show and
    /// at least the first; `None` where no row shows a stage and it is open.
    pub fn highest_stage(&self) -> Option<Stage> {
        match self.outcome() {
            Outcome::Won => Some(Stage::Won),
            outcome => {
                let shown = self
                    .rows()
                    .filter_map(|row| row.stage())
                    .filter(|&stage| stage != Stage::Lost)
                    .max();
                shown.or((outcome == Outcome::Lost).then_some(Stage::Potential))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::rules::testing::table;

    #[test]
    fn rows_without_a_number_are_one_lead_where_any_column_holds_the_same_mobile() {
        let ledger = table(
            "
            | customer | phone        | mobile      | landline    |
            | 北辰机电 | 010-84664163 | 13800000001 |             |
            | 北辰     | 13800000001  |             |             |
            | 南汀贸易 | 010-84664163 |             | 13800000002 |
            | 南汀     |              | 138****0002 |             |",
        );
        let policy = Policy::default();
        let reading = Reading::new(&ledger, &policy);
        let leads = Leads::new(&reading);
        let of_row: Vec<_> = (0..4).map(|row| leads.of_row(row)).collect();
        assert_eq!(of_row, [Some(0), Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn the_day_in_a_number_is_known_from_the_first_year_to_the_last() {
        let ledger = table(
            "
            | lead_id         |
            | ZH-00000101-001 |
            | zh-20240229-001 |
            | A001            |
            | ZH-99991231-001 |
            | ＺＨ-20240229-001 |",
        );
        let policy = Policy::default();
        let reading = Reading::new(&ledger, &policy);
        let leads = Leads::new(&reading);
        let day = NaiveDate::from_ymd_opt;
        let days: Vec<_> = leads.days_in_numbers().collect();
        assert_eq!(
            days,
            [day(0, 1, 1), day(2024, 2, 29), None, day(9999, 12, 31)]
        );
        assert_eq!(
            leads.lead(1).identity(),
            LeadIdentity::Number("zh-20240229-001")
        );
    }
}
