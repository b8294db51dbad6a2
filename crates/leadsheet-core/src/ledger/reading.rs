//! A ledger read under a policy: every distinct value parsed once, and rows as typed views.

use chrono::{NaiveDate, NaiveTime};

use super::column::Column;
use super::meanings::Meanings;
use super::table::Ledger;
use super::values::Value;
use crate::category::{
    ConversionStatus, FollowUpResult, Grade, OrderStatus, Outcome, SalesStage, Stage, Term, TermId,
    Vocabulary,
};
use crate::field::{Field, FieldKind};
use crate::place::CellRef;
use crate::policy::Policy;
use crate::text::is_traditional;
use crate::value::{
    BareNumbers, ContactReading, DateHabits, DateReading, LeadId, LeadIdError, Money, MoneyError,
    PercentError, asks_yes_or_no, infer_year, parse_contact, parse_date, parse_money,
    parse_percent, parse_truth, unit_of_heading,
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
    date_habits: DateHabits,
    /// By column.
    meanings: Vec<Meanings>,
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
        let date_habits = date_habits(ledger, policy);
        let meanings = ledger
            .columns()
            .iter()
            .map(|column| {
                let vocabulary = column
                    .field
                    .and_then(|field| vocabularies[field.index()].as_ref());
                let parser = Parser::new(ledger, column, vocabulary, date_habits);
                let parse = |value: Value<'_>| parser.parse(value);
                match parser.kind {
                    FieldKind::Text => Meanings::of_text(column, ledger.values(), parse),
                    _ => Meanings::of_each(column, ledger.values(), parse),
                }
            })
            .collect();
        Self {
            ledger,
            policy,
            date_habits,
            meanings,
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

    /// How dates are written in it.
    pub const fn date_habits(&self) -> DateHabits {
        self.date_habits
    }

    /// The first column with this meaning.
    pub fn column(&self, field: Field) -> Option<&'a Column> {
        self.column_of[field.index()].map(|position| &self.ledger.columns()[position])
    }

    /// What the distinct values of the column at `position` mean, by code.
    pub fn parsed_column(&self, position: usize) -> &Meanings {
        &self.meanings[position]
    }

    /// Codes per row and meaning per code of a field's column: what an analysis groups by.
    pub fn coded(&self, field: Field) -> Option<(&'a Column, &Meanings)> {
        let position = self.column_of[field.index()]?;
        Some((&self.ledger.columns()[position], &self.meanings[position]))
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

/// How the dates of a table are written: as the policy says, else as its workbook counts and its headings are spelled.
fn date_habits(ledger: &Ledger, policy: &Policy) -> DateHabits {
    let is_traditional = || {
        ledger
            .columns()
            .iter()
            .any(|column| is_traditional(&column.header))
    };
    DateHabits {
        order: policy.date_order,
        short_years: policy.short_years,
        first_year: policy.first_year(),
        counts_from_1912: policy.republic_years.unwrap_or_else(is_traditional),
        counts_from_1904: ledger.values().counts_from_1904(),
    }
}

/// Reads the values of one column.
struct Parser<'c> {
    kind: FieldKind,
    vocabulary: Option<&'c Vocabulary>,
    date_habits: DateHabits,
    heading_unit: u32,
    bare_numbers: BareNumbers,
    /// The terms that yes and no stand for, in a column whose heading asks.
    yes_and_no: Option<(TermId, TermId)>,
}

impl<'c> Parser<'c> {
    fn new(
        ledger: &Ledger,
        column: &Column,
        vocabulary: Option<&'c Vocabulary>,
        date_habits: DateHabits,
    ) -> Self {
        let kind = column.field.map_or(FieldKind::Text, Field::kind);
        let bare_numbers = || {
            let values = column.distinct().iter();
            BareNumbers::of_column(&column.header, values.map(|&id| ledger.values().get(id)))
        };
        let yes_and_no = match column.field {
            Some(Field::Result) => Some((
                FollowUpResult::Won as TermId,
                FollowUpResult::NotWon as TermId,
            )),
            Some(Field::ConversionStatus) => Some((
                ConversionStatus::Won as TermId,
                ConversionStatus::Potential as TermId,
            )),
            _ => None,
        };
        Self {
            kind,
            vocabulary,
            date_habits,
            heading_unit: match kind {
                FieldKind::Money => unit_of_heading(&column.header),
                _ => 0,
            },
            bare_numbers: match kind {
                FieldKind::Percent => bare_numbers(),
                _ => BareNumbers::default(),
            },
            yes_and_no: yes_and_no.filter(|_| asks_yes_or_no(&column.header)),
        }
    }

    fn parse(&self, value: Value<'_>) -> Parsed {
        if value.is_blank() {
            return Parsed::Blank;
        }
        if matches!(value, Value::Error(_)) {
            return Parsed::Error;
        }
        match self.kind {
            FieldKind::Text => Parsed::Text,
            FieldKind::LeadId => Parsed::LeadId(match value {
                Value::Text(text) => LeadId::parse(text),
                _ => LeadId::parse(&value.display()),
            }),
            FieldKind::Date => Parsed::Date(parse_date(value, self.date_habits)),
            FieldKind::Contact => Parsed::Contact(parse_contact(value)),
            FieldKind::Money => Parsed::Money(parse_money(value, self.heading_unit)),
            FieldKind::Percent => Parsed::Percent(parse_percent(value, self.bare_numbers)),
            FieldKind::Term => Parsed::Term(self.term(&value.display())),
        }
    }

    fn term(&self, text: &str) -> TermReading {
        let Some(vocabulary) = self.vocabulary else {
            return TermReading::Free;
        };
        let said = || {
            let (yes, no) = self.yes_and_no?;
            parse_truth(text).map(|truth| if truth { yes } else { no })
        };
        vocabulary
            .find(text)
            .or_else(said)
            .map_or(TermReading::Unknown, TermReading::Known)
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
            Some((column, meanings)) => meanings.get(column.codes()[self.index]),
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
        let term = usize::from(self.term_id(field)?);
        match field {
            Field::Stage => Stage::at(term).map(Outcome::from),
            Field::ConversionStatus => ConversionStatus::at(term).map(Outcome::from),
            Field::Result => FollowUpResult::at(term).map(Outcome::from),
            Field::SalesStage => SalesStage::at(term).map(Outcome::from),
            Field::OrderStatus => OrderStatus::at(term).map(Outcome::from),
            _ => None,
        }
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
