//! One record per lead, as a CRM's import form wants it: the latest facts, what has no column of its own in the
//! description, and whatever the form does not allow said beforehand.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use leadsheet_core::{
    CellRef, ContactPoint, Field, FieldKind, LeadIdentity, Leads, Ledger, Outcome, Policy, Reading,
    Row, Stage, parse_contact, split_name,
};

use super::profile::{CrmColumn, CrmProfile, Takes};
use crate::write::{ImportForm, OutputTable, would_run};

/// A lead that the CRM will refuse, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LackingLead {
    /// The sheet of its latest row.
    pub sheet: String,
    /// The cell that should have said it; of a table without such a column, the first cell of the row.
    pub cell: CellRef,
    /// Headings of the import form that stay empty; of several in one string, any one would do.
    pub headings: Vec<String>,
}

/// A text that is longer than the CRM takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: CellRef,
    /// The heading of the import form.
    pub heading: String,
    /// What it takes.
    pub max_length: usize,
}

/// Values that the CRM will not know unless somebody sees to it before the import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlistedValues {
    /// The heading of the import form.
    pub heading: String,
    /// What the CRM takes there.
    pub takes: Takes,
    /// The values, sorted.
    pub values: Vec<String>,
}

/// The records for a CRM, and what is to be said about them.
#[derive(Clone, Debug, Default)]
pub struct CrmExport {
    sheet: String,
    banner: Option<String>,
    headings: Vec<String>,
    records: Vec<Vec<String>>,
    /// Follow-ups read.
    pub rows: usize,
    /// Rows that name no customer and so make no record: sheet and row number.
    pub nameless: Vec<(String, u32)>,
    /// Leads that lack what the CRM requires.
    pub lacking: Vec<LackingLead>,
    /// Texts longer than the CRM takes.
    pub too_long: Vec<TooLong>,
    /// Values to be set up in the CRM first.
    pub unlisted: Vec<UnlistedValues>,
    /// Columns that went into the description.
    pub described: Vec<String>,
    /// Columns that have no place in the CRM, or did not fit in the description; with how many leads they were left out of.
    pub left_out: Vec<(String, usize)>,
    /// Texts that a spreadsheet program would run as a formula: heading and number of the record, counted from 1.
    pub guarded: Vec<(String, usize)>,
}

impl CrmExport {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether the CRM will refuse some of them.
    pub fn is_incomplete(&self) -> bool {
        !self.lacking.is_empty() || !self.too_long.is_empty()
    }

    /// The records as a table to write.
    pub fn table(&self) -> OutputTable<'_> {
        let form = ImportForm {
            title: self.banner.clone(),
        };
        let headings = self.headings.iter().cloned();
        OutputTable::of_records(self.sheet.clone(), headings, &self.records, form)
    }
}

/// Makes a record of every lead in the tables. Each fact is the latest that any of the lead's rows says; the source is
/// that of the first. A name is taken apart as [`split_name`] says.
pub fn crm_export(ledgers: &[&Ledger], profile: &CrmProfile, policy: &Policy) -> CrmExport {
    let readings: Vec<Reading<'_>> = ledgers
        .iter()
        .map(|ledger| Reading::new(ledger, policy))
        .collect();
    let tables: Vec<Leads<'_>> = readings.iter().map(Leads::new).collect();
    let mut export = CrmExport {
        sheet: profile.sheet.clone(),
        banner: profile.banner.clone(),
        headings: profile
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect(),
        rows: ledgers.iter().map(|ledger| ledger.len()).sum(),
        ..CrmExport::default()
    };
    let mut told = Told::default();
    for lead in gather(&tables, &mut export) {
        record(&lead, profile, &mut export, &mut told);
    }
    export.unlisted = profile
        .columns
        .iter()
        .filter_map(|column| {
            Some(UnlistedValues {
                heading: column.heading.clone(),
                takes: column.takes,
                values: told.unlisted.remove(&column.heading)?.into_iter().collect(),
            })
        })
        .collect();
    export.described = told.described;
    export.left_out = told.left_out;
    export
}

/// What is said once about all records.
#[derive(Default)]
struct Told {
    unlisted: BTreeMap<String, BTreeSet<String>>,
    described: Vec<String>,
    left_out: Vec<(String, usize)>,
}

/// The rows of one lead, oldest first, from whatever tables.
struct Gathered<'a> {
    rows: Vec<Row<'a>>,
}

/// The leads of all tables. One that turns up in several is one.
fn gather<'a>(tables: &'a [Leads<'a>], export: &mut CrmExport) -> Vec<Gathered<'a>> {
    let mut known: HashMap<(Option<usize>, LeadIdentity<'_>), usize> = HashMap::new();
    let mut gathered: Vec<Gathered<'a>> = Vec::new();
    for (table, leads) in tables.iter().enumerate() {
        for index in 0..leads.len() {
            let lead = leads.lead(index);
            // A team's own numbers begin anew in every table.
            let place = matches!(lead.identity(), LeadIdentity::OwnNumber(_)).then_some(table);
            let position = *known.entry((place, lead.identity())).or_insert_with(|| {
                gathered.push(Gathered { rows: Vec::new() });
                gathered.len() - 1
            });
            gathered[position].rows.extend(lead.rows());
        }
        let reading = leads.reading();
        let nameless = reading
            .rows()
            .filter(|row| leads.of_row(row.index()).is_none());
        let sheet = &reading.ledger().sheet;
        export
            .nameless
            .extend(nameless.map(|row| (sheet.clone(), row.number())));
    }
    for lead in &mut gathered {
        lead.rows.sort_by_key(|row| {
            let date = row.date(Field::FollowUpDate);
            (date.is_none(), date)
        });
    }
    gathered
}

impl<'a> Gathered<'a> {
    /// The latest row that says something about a field, and what.
    fn latest(&self, field: Field) -> Option<(Row<'a>, String)> {
        let rows = self.rows.iter().rev();
        rows.copied().find_map(|row| Some((row, row.said(field)?)))
    }

    /// The latest row.
    fn last_row(&self) -> Row<'a> {
        self.rows[self.rows.len() - 1]
    }

    /// 当前状态: the latest stated, else what the latest statement about the outcome comes to.
    fn stage(&self) -> Option<String> {
        let stated = self.latest(Field::Stage).map(|(_, stage)| stage);
        stated.or_else(|| {
            let outcome = self.rows.iter().rev().find_map(Row::stated_outcome)?;
            let stage = match outcome {
                Outcome::Won => Stage::Won,
                Outcome::Lost => Stage::Lost,
                Outcome::Open => return None,
            };
            Some(stage.canonical().to_owned())
        })
    }

    /// Whether any of its tables has a column.
    fn has(&self, field: Field) -> bool {
        self.rows.iter().any(|row| row.has(field))
    }
}

/// The columns that say how to reach somebody, in the order in which they are asked.
const REACH: [Field; 4] = [Field::Mobile, Field::Phone, Field::Landline, Field::Email];

/// Ways to reach a lead, one for each column that a CRM has for them, and which cells were used up by that.
#[derive(Default)]
struct Reached {
    mobile: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// Cells of which something is left over.
    partly: HashSet<Field>,
}

fn reach(lead: &Gathered<'_>, profile: &CrmProfile) -> Reached {
    let has = |field| {
        profile
            .columns
            .iter()
            .any(|column| column.field == Some(field))
    };
    let mut reached = Reached::default();
    for field in REACH {
        let Some((row, _)) = lead.latest(field) else {
            continue;
        };
        for point in parse_contact(row.value(field)).points() {
            let (place, value) = match point {
                ContactPoint::Mobile(mobile) if has(Field::Mobile) => {
                    (Some(&mut reached.mobile), mobile.as_str())
                }
                ContactPoint::Mobile(mobile) if has(Field::Phone) => {
                    (Some(&mut reached.phone), mobile.as_str())
                }
                ContactPoint::Landline(digits)
                | ContactPoint::LocalNumber(digits)
                | ContactPoint::International(digits)
                    if has(Field::Phone) =>
                {
                    (Some(&mut reached.phone), digits.as_str())
                }
                ContactPoint::Email(address) if has(Field::Email) => {
                    (Some(&mut reached.email), address.as_str())
                }
                _ => (None, ""),
            };
            match place {
                Some(place) if place.is_none() => *place = Some(value.to_owned()),
                Some(place) if place.as_deref() == Some(value) => {}
                _ => drop(reached.partly.insert(field)),
            }
        }
    }
    reached
}

fn record(lead: &Gathered<'_>, profile: &CrmProfile, export: &mut CrmExport, told: &mut Told) {
    let reached = reach(lead, profile);
    let mut used: HashSet<Field> = REACH
        .into_iter()
        .filter(|field| !reached.partly.contains(field))
        .collect();
    let person = person(lead);
    let splits = profile
        .columns
        .iter()
        .any(|column| column.field == Some(Field::GivenName));
    let mut values: Vec<String> = Vec::with_capacity(profile.columns.len());
    for column in &profile.columns {
        let value = match column.field {
            Some(Field::Mobile) => reached.mobile.clone(),
            Some(Field::Phone) => reached.phone.clone(),
            Some(Field::Email) => reached.email.clone(),
            Some(Field::Contact) => person.as_ref().map(|person| {
                used.extend([Field::Contact, Field::GivenName]);
                used.extend(person.is_customer.then_some(Field::Customer));
                if splits {
                    person.family.clone()
                } else {
                    person.whole.clone()
                }
            }),
            Some(Field::GivenName) => person.as_ref().and_then(|person| person.given.clone()),
            _ if column.rest => None,
            _ => said(lead, column, person.as_ref(), profile, &mut used),
        };
        values.push(value.map_or_else(String::new, |value| mapped(value, column, told)));
    }
    describe(lead, profile, &used, &mut values, told);
    judge(lead, profile, &values, export);
    let number = export.records.len() + 1;
    for (value, column) in values.iter().zip(&profile.columns) {
        if would_run(value) {
            export.guarded.push((column.heading.clone(), number));
        }
    }
    export.records.push(values);
}

/// The person behind a lead.
struct Person {
    whole: String,
    family: String,
    given: Option<String>,
    /// Whether the customer column names the person, for want of a column for contacts.
    is_customer: bool,
}

fn person(lead: &Gathered<'_>) -> Option<Person> {
    let rows = lead.rows.iter().rev();
    let named = rows
        .clone()
        .find_map(|row| Some((row, row.contact_name()?)));
    if let Some((row, whole)) = named {
        if let (Some(family), given @ Some(_)) =
            (row.said(Field::Contact), row.said(Field::GivenName))
        {
            return Some(Person {
                whole,
                family,
                given,
                is_customer: false,
            });
        }
        return Some(apart(whole, false));
    }
    // 姓名 in a table of customers without contacts is who is talked to.
    if lead.has(Field::Contact) {
        return None;
    }
    let (_, customer) = lead.latest(Field::Customer)?;
    Some(apart(customer, true))
}

fn apart(whole: String, is_customer: bool) -> Person {
    let name = split_name(&whole);
    Person {
        whole,
        family: name.family,
        given: name.given,
        is_customer,
    }
}

/// What fills a column: the first of its fields that says something.
fn said(
    lead: &Gathered<'_>,
    column: &CrmColumn,
    person: Option<&Person>,
    profile: &CrmProfile,
    used: &mut HashSet<Field>,
) -> Option<String> {
    let takes_person = profile
        .columns
        .iter()
        .any(|column| column.field == Some(Field::Contact));
    column.sources().iter().find_map(|&field| {
        let value = match field {
            Field::Stage => lead.stage(),
            Field::Contact => person.map(|person| person.whole.clone()),
            Field::Customer if takes_person && person.is_some_and(|person| person.is_customer) => {
                None
            }
            // A lead comes from where it first came from, whatever later rows say.
            Field::Source => lead.rows.iter().find_map(|row| row.said(field)),
            // A date that cannot be read goes into the description in the words of the sheet.
            _ if field.kind() == FieldKind::Date => lead.latest(field).and_then(|(row, _)| {
                let time = row.time(field).unwrap_or_default();
                let moment = row.date(field)?.and_time(time);
                Some(moment.format(&profile.date_format).to_string())
            }),
            _ => lead.latest(field).map(|(_, said)| said),
        }?;
        used.insert(field);
        Some(value)
    })
}

/// A value in the CRM's own words, where the profile knows them; what else a pick list would get is told.
fn mapped(value: String, column: &CrmColumn, told: &mut Told) -> String {
    if let Some(own) = column.values.get(&value) {
        return own.clone();
    }
    let is_known = match column.takes {
        Takes::Anything => true,
        Takes::Listed => false,
        Takes::UserEmail => value.contains('@'),
    };
    if !is_known {
        let unlisted = told.unlisted.entry(column.heading.clone()).or_default();
        unlisted.insert(value.clone());
    }
    value
}

/// Facts about the talk and not about the customer: only the latest row's are the latest.
const OF_THE_TALK: [Field; 12] = [
    Field::FollowUpDate,
    Field::Method,
    Field::Topic,
    Field::Summary,
    Field::Feedback,
    Field::Sentiment,
    Field::NextStep,
    Field::NextDate,
    Field::PlanFocus,
    Field::PlanGoal,
    Field::DueDate,
    Field::RecordedAt,
];

/// Writes what found no column of its own into the description, a line each under its heading, as far as it fits.
fn describe(
    lead: &Gathered<'_>,
    profile: &CrmProfile,
    used: &HashSet<Field>,
    values: &mut [String],
    told: &mut Told,
) {
    let place = profile.columns.iter().position(|column| column.rest);
    let limit = place
        .and_then(|place| profile.columns[place].max_length)
        .unwrap_or(usize::MAX);
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for (heading, text, field) in leftovers(lead, used) {
        let line = match field {
            Some(Field::Remark) => text,
            _ => format!("{heading}：{text}"),
        };
        let longer = length + line.chars().count() + usize::from(length > 0);
        if place.is_some() && longer <= limit {
            length = longer;
            lines.push(line);
            if !told.described.contains(&heading) {
                told.described.push(heading);
            }
        } else {
            match told
                .left_out
                .iter_mut()
                .find(|(known, _)| *known == heading)
            {
                Some((_, leads)) => *leads += 1,
                None => told.left_out.push((heading, 1)),
            }
        }
    }
    if let Some(place) = place {
        values[place] = lines.join("\n");
    }
}

/// Heading, text and meaning of every column that was not used: the remark first, then from left to right.
fn leftovers(lead: &Gathered<'_>, used: &HashSet<Field>) -> Vec<(String, String, Option<Field>)> {
    let mut found: Vec<(String, String, Option<Field>)> = Vec::new();
    let last = lead.last_row();
    for row in lead.rows.iter().rev() {
        let ledger = row.reading().ledger();
        for column in ledger.columns() {
            let is_done = column.field.is_some_and(|field| used.contains(&field))
                || column.field == Some(Field::RowNumber)
                || found.iter().any(|(heading, _, field)| {
                    *heading == column.header || (field.is_some() && *field == column.field)
                });
            if is_done {
                continue;
            }
            let of_the_talk = column
                .field
                .is_some_and(|field| OF_THE_TALK.contains(&field));
            let is_last =
                row.index() == last.index() && std::ptr::eq(row.reading(), last.reading());
            if of_the_talk && !is_last {
                continue;
            }
            let value = ledger.value(row.index(), column);
            if !value.is_blank() {
                let text = value.display().trim().to_owned();
                found.push((column.header.clone(), text, column.field));
            }
        }
    }
    found.sort_by_key(|(_, _, field)| *field != Some(Field::Remark));
    found
}

/// What the CRM will say to a record.
fn judge(lead: &Gathered<'_>, profile: &CrmProfile, values: &[String], export: &mut CrmExport) {
    let row = lead.last_row();
    let sheet = &row.reading().ledger().sheet;
    // Of a table that has no such column, the beginning of the row.
    let start = CellRef::new(row.number() - 1, 0);
    let column_of = |column: &CrmColumn| column.sources().iter().find_map(|&field| row.cell(field));
    let cell_of = |column: &CrmColumn| column_of(column).unwrap_or(start);
    let mut headings = Vec::new();
    let mut cell = None;
    for (value, column) in values.iter().zip(&profile.columns) {
        if column.required && value.is_empty() {
            headings.push(column.heading.clone());
            cell.get_or_insert_with(|| cell_of(column));
        }
        let length = value.chars().count();
        if let Some(max_length) = column.max_length.filter(|&most| length > most) {
            export.too_long.push(TooLong {
                sheet: sheet.clone(),
                cell: cell_of(column),
                heading: column.heading.clone(),
                max_length,
            });
        }
    }
    let of = |heading: &String| {
        let position = profile
            .columns
            .iter()
            .position(|column| column.heading == *heading);
        position.map(|position| (&values[position], &profile.columns[position]))
    };
    let any: Vec<_> = profile.at_least_one.iter().filter_map(of).collect();
    if !any.is_empty() && any.iter().all(|(value, _)| value.is_empty()) {
        headings.push(profile.at_least_one.join(" / "));
        let named = any.iter().find_map(|(_, column)| column_of(column));
        cell.get_or_insert(named.unwrap_or(start));
    }
    if let Some(cell) = cell {
        export.lacking.push(LackingLead {
            sheet: sheet.clone(),
            cell,
            headings,
        });
    }
}
