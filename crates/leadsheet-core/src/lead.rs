//! Leads: the rows of a table gathered to the customers they are about, and what is known of each.
//!
//! Rows are one lead where they share a lead number; rows without one, where they share an unmasked mobile; else
//! where they share customer and contact name. Everything a figure says about a lead is defined here.

use chrono::NaiveDate;
use hashbrown::HashMap;

use crate::category::{Outcome, Stage};
use crate::field::Field;
use crate::ledger::{Column, Parsed, Reading, Row};
use crate::text::{compact_key, organisation_key};

/// What makes rows one lead.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadIdentity {
    /// A lead number `来源-日期-序号`, which is unique wherever it turns up.
    Number(String),
    /// A number of the team's own (`A001`), unique within its table only.
    OwnNumber(String),
    /// An unmasked mobile.
    Mobile(String),
    /// Customer and contact name.
    Name(String),
}

/// The leads of one table, in the order of their first rows.
#[derive(Debug)]
pub struct Leads<'a> {
    reading: &'a Reading<'a>,
    identities: Vec<LeadIdentity>,
    of_row: Vec<u32>,
    /// Where the rows of each lead begin in `rows`; one more than there are leads.
    starts: Vec<u32>,
    /// Rows by lead, then by follow-up date, then from top to bottom; rows without a date last.
    rows: Vec<u32>,
}

/// No lead: the row has nothing to tell a customer by.
const NOBODY: u32 = u32::MAX;

impl<'a> Leads<'a> {
    /// Gathers the rows of a table.
    pub fn new(reading: &'a Reading<'a>) -> Self {
        let mut identities = Vec::new();
        let of_row = assign(reading, &mut identities);
        let mut starts = vec![0_u32; identities.len() + 1];
        for &lead in of_row.iter().filter(|&&lead| lead != NOBODY) {
            starts[lead as usize + 1] += 1;
        }
        for lead in 1..starts.len() {
            starts[lead] += starts[lead - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; starts.last().copied().unwrap_or_default() as usize];
        for (row, &lead) in (0..).zip(&of_row) {
            if lead != NOBODY {
                rows[next[lead as usize] as usize] = row;
                next[lead as usize] += 1;
            }
        }
        for span in starts.windows(2) {
            let rows = &mut rows[span[0] as usize..span[1] as usize];
            if rows.len() > 1 {
                rows.sort_by_key(|&row| {
                    let date = reading.row(row as usize).date(Field::FollowUpDate);
                    (date.is_none(), date, row)
                });
            }
        }
        Self {
            reading,
            identities,
            of_row,
            starts,
            rows,
        }
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
        self.identities.is_empty()
    }

    /// The leads in the order of their first rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Lead<'_>> {
        (0..self.len()).map(|index| self.lead(index))
    }

    /// The lead at a position.
    pub fn lead(&self, index: usize) -> Lead<'_> {
        let rows = &self.rows[self.starts[index] as usize..self.starts[index + 1] as usize];
        Lead {
            reading: self.reading,
            index,
            identity: &self.identities[index],
            rows,
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

    /// Rows that name no customer and are counted in no lead.
    pub fn unidentified(&self) -> usize {
        self.of_row.iter().filter(|&&lead| lead == NOBODY).count()
    }
}

fn assign(reading: &Reading<'_>, identities: &mut Vec<LeadIdentity>) -> Vec<u32> {
    let mut known: HashMap<LeadIdentity, u32> = HashMap::new();
    let mut intern = |identity: LeadIdentity| {
        *known.entry_ref(&identity).or_insert_with(|| {
            identities.push(identity.clone());
            (identities.len() - 1) as u32
        })
    };
    // By code: a number, a mobile, a customer and a contact are each looked at once.
    let mut numbers = ByCode::new(reading, Field::LeadId);
    let mut mobiles = ByCode::new(reading, Field::Phone);
    let customers = ByCode::new(reading, Field::Customer);
    let contacts = ByCode::new(reading, Field::Contact);
    let mut names: HashMap<(u32, u32), u32> = HashMap::new();
    let by_name = |row: &Row<'_>| row.name_key().map(LeadIdentity::Name);
    let mut assigned = Vec::with_capacity(reading.ledger().len());
    for row in reading.rows() {
        let lead = numbers.of(&row, |row| number_of(row).map(&mut intern));
        let lead = lead.or_else(|| mobiles.of(&row, |row| mobile_of(row).map(&mut intern)));
        assigned.push(lead.unwrap_or_else(|| {
            *names
                .entry((customers.code(&row), contacts.code(&row)))
                .or_insert_with(|| by_name(&row).map_or(NOBODY, &mut intern))
        }));
    }
    assigned
}

/// Leads by the code of a column's value.
struct ByCode<'a> {
    column: Option<&'a Column>,
    /// `None` where the value has not been looked at; [`NOBODY`] where it names no lead.
    leads: Vec<Option<u32>>,
}

impl<'a> ByCode<'a> {
    fn new(reading: &Reading<'a>, field: Field) -> Self {
        let column = reading.column(field);
        let distinct = column.map_or(0, |column| column.distinct().len());
        Self {
            column,
            leads: vec![None; distinct],
        }
    }

    fn code(&self, row: &Row<'_>) -> u32 {
        self.column.map_or(0, |column| column.codes()[row.index()])
    }

    fn of(&mut self, row: &Row<'_>, find: impl FnOnce(&Row<'_>) -> Option<u32>) -> Option<u32> {
        let code = self.code(row) as usize;
        let lead = match self.leads.get_mut(code)? {
            Some(lead) => *lead,
            unknown => *unknown.insert(find(row).unwrap_or(NOBODY)),
        };
        (lead != NOBODY).then_some(lead)
    }
}

fn number_of(row: &Row<'_>) -> Option<LeadIdentity> {
    let is_patterned = match row.parsed(Field::LeadId) {
        Parsed::LeadId(reading) => reading.is_ok(),
        _ => return None,
    };
    let value = row.value(Field::LeadId);
    let key = match value.as_text() {
        Some(text) => compact_key(text),
        None => compact_key(&value.display()),
    };
    Some(if is_patterned {
        LeadIdentity::Number(key)
    } else {
        LeadIdentity::OwnNumber(key)
    })
}

fn mobile_of(row: &Row<'_>) -> Option<LeadIdentity> {
    row.contact(Field::Phone)?
        .mobile()
        .map(|digits| LeadIdentity::Mobile(digits.to_owned()))
}

impl Row<'_> {
    /// The key under which customer and contact of two rows are the same: the organisation's key, the contact's
    /// compact key. `None` where the row names neither.
    pub fn name_key(&self) -> Option<String> {
        let customer = organisation_key(&self.value(Field::Customer).display());
        let contact = compact_key(&self.value(Field::Contact).display());
        (!(customer.is_empty() && contact.is_empty())).then(|| format!("{customer}\n{contact}"))
    }
}

/// One lead: a customer with every follow-up.
#[derive(Clone, Copy, Debug)]
pub struct Lead<'a> {
    reading: &'a Reading<'a>,
    index: usize,
    identity: &'a LeadIdentity,
    rows: &'a [u32],
}

impl<'a> Lead<'a> {
    /// Position among the leads of the table.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What its rows have in common.
    pub const fn identity(&self) -> &'a LeadIdentity {
        self.identity
    }

    /// Its follow-ups by date; those of one day from top to bottom, those without a date last.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'a>> + ExactSizeIterator + use<'a> {
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
    pub const fn is_numbered(&self) -> bool {
        matches!(
            self.identity,
            LeadIdentity::Number(_) | LeadIdentity::OwnNumber(_)
        )
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
