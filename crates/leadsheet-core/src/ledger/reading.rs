//! A ledger read under a policy: every distinct value parsed once, and rows as typed views.

use chrono::{NaiveDate, NaiveTime};

use super::column::Column;
use super::table::Ledger;
use super::values::Value;
use crate::category::{FollowUpResult, Grade, Outcome, Stage, Term, TermId, Vocabulary};
use crate::field::{Field, FieldKind};
use crate::place::CellRef;
use crate::policy::Policy;
use crate::value::{
    ContactReading, DateReading, LeadId, LeadIdError, Money, MoneyError, PercentError, infer_year,
    parse_contact, parse_date, parse_money, parse_percent, whole_name,
};

/// What a value means in its column.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// Nothing, or white space only.
    Blank,
    /// An error value of the spreadsheet, whatever the column.
    Error,
    /// Free text, or a column that nobody knows.
    Text,
    /// A lead number. A team's own numbering is malformed here and legal where its template says so.
    LeadId(Result<LeadId, LeadIdError>),
    /// A date.
    Date(DateReading),
    /// Ways to reach somebody.
    Contact(ContactReading),
    /// A term.
    Term(TermReading),
    /// An amount.
    Money(Result<Money, MoneyError>),
    /// A share between 0 and 1.
    Percent(Result<f64, PercentError>),
}

/// Whether a vocabulary knows a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermReading {
    /// It does.
    Known(TermId),
    /// It does not.
    Unknown,
    /// The field has no vocabulary.
    Free,
}

/// A ledger with every value parsed. Cheap where values repeat: parsing is per distinct value.
#[derive(Debug)]
pub struct Reading<'a> {
    ledger: &'a Ledger,
    policy: &'a Policy,
    /// By column, then by code.
    parsed: Vec<Vec<Parsed>>,
    /// By field: position of its first column.
    column_of: Vec<Option<usize>>,
    /// By field.
    vocabularies: Vec<Option<Vocabulary>>,
}

impl<'a> Reading<'a> {
    /// Parses every distinct value of `ledger`.
    pub fn new(ledger: &'a Ledger, policy: &'a Policy) -> Self {
        let mut column_of = vec![None; Field::ALL.len()];
        let mut vocabularies = vec![None; Field::ALL.len()];
        for (position, column) in ledger.columns().iter().enumerate() {
            if let Some(field) = column.field {
                column_of[field.index()].get_or_insert(position);
                vocabularies[field.index()] = policy.vocabulary(field);
            }
        }
        let parse_column = |column: &Column| {
            let vocabulary = column
                .field
                .and_then(|field| vocabularies[field.index()].as_ref());
            column.map_distinct(ledger.values(), |value| {
                parse(value, column.field, vocabulary, policy)
            })
        };
        let parsed = ledger.columns().iter().map(parse_column).collect();
        Self {
            ledger,
            policy,
            parsed,
            column_of,
            vocabularies,
        }
    }

    /// The table.
    pub const fn ledger(&self) -> &'a Ledger {
        self.ledger
    }

    /// The policy it is read under.
    pub const fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The first column with this meaning.
    pub fn column(&self, field: Field) -> Option<&'a Column> {
        self.column_of[field.index()].map(|position| &self.ledger.columns()[position])
    }

    /// What the distinct values of the column at `position` mean, by code.
    pub fn parsed_column(&self, position: usize) -> &[Parsed] {
        &self.parsed[position]
    }

    /// Codes per row and meaning per code of a field's column: what an analysis groups by.
    pub fn coded(&self, field: Field) -> Option<(&'a Column, &[Parsed])> {
        let position = self.column_of[field.index()]?;
        Some((&self.ledger.columns()[position], &self.parsed[position]))
    }

    /// The vocabulary of a field that the table has, with the team's own terms.
    pub fn vocabulary(&self, field: Field) -> Option<&Vocabulary> {
        self.vocabularies[field.index()].as_ref()
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.ledger.len()).map(|index| Row {
            reading: self,
            index,
        })
    }

    /// One row, counted from 0 at the first data row.
    pub const fn row(&self, index: usize) -> Row<'_> {
        Row {
            reading: self,
            index,
        }
    }
}

fn parse(
    value: Value<'_>,
    field: Option<Field>,
    vocabulary: Option<&Vocabulary>,
    policy: &Policy,
) -> Parsed {
    if value.is_blank() {
        return Parsed::Blank;
    }
    if matches!(value, Value::Error(_)) {
        return Parsed::Error;
    }
    match field.map_or(FieldKind::Text, Field::kind) {
        FieldKind::Text => Parsed::Text,
        FieldKind::LeadId => Parsed::LeadId(LeadId::parse(&value.display())),
        FieldKind::Date => Parsed::Date(parse_date(value, policy.date_order)),
        FieldKind::Contact => Parsed::Contact(parse_contact(value)),
        FieldKind::Money => Parsed::Money(parse_money(value)),
        FieldKind::Percent => Parsed::Percent(parse_percent(value)),
        FieldKind::Term => Parsed::Term(match vocabulary {
            Some(vocabulary) => vocabulary
                .find(&value.display())
                .map_or(TermReading::Unknown, TermReading::Known),
            None => TermReading::Free,
        }),
    }
}

/// One row of a table: one follow-up, or one customer where the template keeps one row for each.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    reading: &'a Reading<'a>,
    index: usize,
}

impl<'a> Row<'a> {
    /// Position among the data rows, counted from 0.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The table it belongs to.
    pub const fn reading(&self) -> &'a Reading<'a> {
        self.reading
    }

    /// Row number as the spreadsheet program shows it.
    pub fn number(&self) -> u32 {
        self.reading.ledger.sheet_rows()[self.index] + 1
    }

    /// Whether the table has a column for the field.
    pub fn has(&self, field: Field) -> bool {
        self.reading.column_of[field.index()].is_some()
    }

    /// The cell of a field, where the table has it.
    pub fn cell(&self, field: Field) -> Option<CellRef> {
        self.reading
            .column(field)
            .map(|column| self.reading.ledger.cell(self.index, column))
    }

    /// The stored value; empty where the table has no such column.
    pub fn value(&self, field: Field) -> Value<'a> {
        self.reading.column(field).map_or(Value::Empty, |column| {
            self.reading.ledger.value(self.index, column)
        })
    }

    /// What the value means; blank where the table has no such column.
    pub fn parsed(&self, field: Field) -> &'a Parsed {
        match self.reading.coded(field) {
            Some((column, parsed)) => &parsed[column.codes()[self.index] as usize],
            None => &Parsed::Blank,
        }
    }

    /// Whether the cell is empty or holds white space only, or the table has no such column.
    pub fn is_blank(&self, field: Field) -> bool {
        matches!(self.parsed(field), Parsed::Blank)
    }

    /// The day in a date column. A day without a year takes the nearest one not before the follow-up (S1's
    /// `5月22日`); a follow-up itself is never dated by guess.
    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        match self.parsed(field) {
            Parsed::Date(DateReading::Date { date, .. }) => Some(*date),
            Parsed::Date(DateReading::MonthDay { month, day }) if field != Field::FollowUpDate => {
                infer_year(*month, *day, self.date(Field::FollowUpDate)?)
            }
            _ => None,
        }
    }

    /// The time of day in a date column, where one is written.
    pub fn time(&self, field: Field) -> Option<NaiveTime> {
        match self.parsed(field) {
            Parsed::Date(DateReading::Date { time, .. }) => *time,
            _ => None,
        }
    }

    /// Position of the cell's term in the field's vocabulary.
    pub fn term_id(&self, field: Field) -> Option<TermId> {
        match self.parsed(field) {
            Parsed::Term(TermReading::Known(id)) => Some(*id),
            _ => None,
        }
    }

    /// The cell's term in its canonical spelling, where the vocabulary knows it.
    pub fn term(&self, field: Field) -> Option<&'a Term> {
        self.reading.vocabulary(field)?.term(self.term_id(field)?)
    }

    /// The share in a percent column, between 0 and 1.
    pub fn percent(&self, field: Field) -> Option<f64> {
        match self.parsed(field) {
            Parsed::Percent(Ok(share)) => Some(*share),
            _ => None,
        }
    }

    /// The amount in a money column.
    pub fn money(&self, field: Field) -> Option<Money> {
        match self.parsed(field) {
            Parsed::Money(Ok(money)) => Some(*money),
            _ => None,
        }
    }

    /// The well-formed lead number of the row.
    pub fn lead_id(&self) -> Option<&'a LeadId> {
        match self.parsed(Field::LeadId) {
            Parsed::LeadId(Ok(id)) => Some(id),
            _ => None,
        }
    }

    /// The ways to reach the customer that a column holds.
    pub fn contact(&self, field: Field) -> Option<&'a ContactReading> {
        match self.parsed(field) {
            Parsed::Contact(contact) => Some(contact),
            _ => None,
        }
    }

    /// The first unmasked mobile of the row: in 联系方式, else in 手机.
    pub fn mobile(&self) -> Option<&'a str> {
        [Field::Phone, Field::Mobile]
            .into_iter()
            .find_map(|field| self.contact(field)?.mobile())
    }

    /// What a cell says: the canonical term where there is one, else its text without surrounding white space;
    /// `None` where it is blank.
    pub fn said(&self, field: Field) -> Option<String> {
        if let Some(term) = self.term(field) {
            return Some(term.canonical.clone());
        }
        (!self.is_blank(field)).then(|| self.value(field).display().trim().to_owned())
    }

    /// The contact's whole name, put together where the table keeps the given name apart.
    pub fn contact_name(&self) -> Option<String> {
        let (family, given) = (self.said(Field::Contact), self.said(Field::GivenName));
        match (family, given) {
            (Some(family), Some(given)) => Some(whole_name(&family, &given)),
            (name, None) | (None, name) => name,
        }
    }

    /// 当前状态.
    pub fn stage(&self) -> Option<Stage> {
        self.term_id(Field::Stage)
            .and_then(|id| Stage::at(id.into()))
    }

    /// 线索等级, of the built-in grades.
    pub fn grade(&self) -> Option<Grade> {
        self.term_id(Field::Grade)
            .and_then(|id| Grade::at(id.into()))
    }

    /// 跟进结果.
    pub fn result(&self) -> Option<FollowUpResult> {
        self.term_id(Field::Result)
            .and_then(|id| FollowUpResult::at(id.into()))
    }

    /// What one column of the row says about the lead's outcome; `None` where it says nothing or cannot.
    pub fn outcome_in(&self, field: Field) -> Option<Outcome> {
        Outcome::of_builtin(field, self.term_id(field)?)
    }

    /// What the row says about the lead's outcome. Where several columns speak, the first of [`Outcome::FIELDS`]
    /// that holds a known term wins. `None` where no column says anything.
    pub fn stated_outcome(&self) -> Option<Outcome> {
        Outcome::FIELDS
            .into_iter()
            .find_map(|field| self.outcome_in(field))
    }

    /// [`Row::stated_outcome`], open where nothing is stated.
    pub fn outcome(&self) -> Outcome {
        self.stated_outcome().unwrap_or_default()
    }
}
