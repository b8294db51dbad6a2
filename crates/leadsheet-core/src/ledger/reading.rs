//! A ledger read under a policy: every distinct value parsed once, and rows as typed views.

use std::sync::OnceLock;

use chrono::{NaiveDate, NaiveTime};

use super::column::Column;
use super::meanings::Meanings;
use super::table::Ledger;
use super::values::Value;
use crate::category::{
    ConversionStatus, FollowUpResult, Grade, Method, Outcome, OutcomeRule, Stage, Term, TermId,
    Vocabulary,
};
use crate::field::{Field, FieldKind};
use crate::place::CellRef;
use crate::plan::Plans;
use crate::policy::Policy;
use crate::text::is_traditional;
use crate::value::{
    BareNumbers, ContactReading, DateHabits, DateReading, LeadId, LeadIdError, Money, MoneyError,
    PercentError, Prefixes, asks_yes_or_no, infer_year, parse_contact, parse_date, parse_money,
    parse_percent, parse_truth, unit_of_heading, whole_name,
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

impl Parsed {
    /// The day, where it is one with a year.
    pub const fn day(&self) -> Option<NaiveDate> {
        match self {
            Parsed::Date(DateReading::Date { date, .. }) => Some(*date),
            _ => None,
        }
    }

    /// The term, where the vocabulary knows it.
    pub const fn term(&self) -> Option<TermId> {
        match self {
            Parsed::Term(TermReading::Known(id)) => Some(*id),
            _ => None,
        }
    }
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

/// A ledger whose values are parsed. Cheap where values repeat: a column is parsed when it is first asked for, each of
/// its distinct values once.
#[derive(Debug)]
pub struct Reading<'a> {
    ledger: &'a Ledger,
    policy: &'a Policy,
    date_habits: DateHabits,
    /// By column.
    meanings: Vec<OnceLock<Meanings>>,
    /// By field: position of its first column.
    column_of: Vec<Option<usize>>,
    /// By field.
    vocabularies: Vec<Option<Vocabulary>>,
    /// The columns that say won or lost; the first that speaks wins.
    outcomes: Vec<OutcomeColumn>,
    has_outcome: bool,
    /// By code of the column that says how contact was made: whether a program made it.
    automatic: OnceLock<Vec<bool>>,
    plans: OnceLock<Plans>,
}

/// A column that says won or lost, by term.
#[derive(Debug)]
struct OutcomeColumn {
    field: Field,
    of_term: Vec<Option<Outcome>>,
    needs: Option<Field>,
}

impl OutcomeColumn {
    fn says(&self, parsed: &Parsed) -> Option<Outcome> {
        let term = usize::from(parsed.term()?);
        self.of_term.get(term).copied().flatten()
    }
}

impl<'a> Reading<'a> {
    /// Reads `ledger` under `policy`.
    pub fn new(ledger: &'a Ledger, policy: &'a Policy) -> Self {
        let mut column_of = vec![None; Field::ALL.len()];
        let mut vocabularies = vec![None; Field::ALL.len()];
        for (position, column) in ledger.columns().iter().enumerate() {
            if let Some(field) = column.field {
                column_of[field.index()].get_or_insert(position);
                let of_template = ledger.terms.get(&field).map_or(&[][..], Vec::as_slice);
                vocabularies[field.index()] = policy.vocabulary_beside(field, of_template);
            }
        }
        let outcomes = outcome_columns(ledger, &mut vocabularies);
        Self {
            ledger,
            policy,
            date_habits: date_habits(ledger, policy),
            meanings: vec![OnceLock::new(); ledger.columns().len()],
            column_of,
            vocabularies,
            outcomes,
            has_outcome: ledger.has_outcome(),
            automatic: OnceLock::new(),
            plans: OnceLock::new(),
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

    /// How dates are written in it.
    pub const fn date_habits(&self) -> DateHabits {
        self.date_habits
    }

    /// What the distinct values of the column at `position` mean, by code.
    pub fn parsed_column(&self, position: usize) -> &Meanings {
        self.meanings[position].get_or_init(|| self.parse_column(position, |_, _| {}))
    }

    /// Shows what every distinct value of the column at `position` means, by code, and that at once where it is parsed: to
    /// look at a million texts again takes longer than parsing them.
    pub(crate) fn look_over(&self, position: usize, mut look: impl FnMut(u32, &Parsed)) {
        let meanings = &self.meanings[position];
        match meanings.get() {
            Some(parsed) => (0..)
                .zip(parsed)
                .for_each(|(code, parsed)| look(code, parsed)),
            None => {
                meanings.get_or_init(|| self.parse_column(position, look));
            }
        }
    }

    fn parse_column(&self, position: usize, mut look: impl FnMut(u32, &Parsed)) -> Meanings {
        let column = &self.ledger.columns()[position];
        let values = self.ledger.values();
        let vocabulary = column.field.and_then(|field| self.vocabulary(field));
        let mut parser = Parser::new(self.ledger, column, vocabulary, self.date_habits);
        if parser.kind == FieldKind::Text {
            let meanings = Meanings::of_text(column, values);
            (0..)
                .zip(&meanings)
                .for_each(|(code, parsed)| look(code, parsed));
            return meanings;
        }
        Meanings::of_each(column, values, |code, value| {
            let parsed = parser.parse(value);
            look(code, &parsed);
            parsed
        })
    }

    /// Codes per row and meaning per code of a field's column: what an analysis groups by.
    pub fn coded(&self, field: Field) -> Option<(&'a Column, &Meanings)> {
        let position = self.column_of[field.index()]?;
        Some((
            &self.ledger.columns()[position],
            self.parsed_column(position),
        ))
    }

    /// A fact of one column for every row, worked out once per distinct value; `None` where the table has no such
    /// column. What only the row knows (the year of `5月22日`) must be asked of the [`Row`].
    pub fn facts<'r, T: Copy, F: Fn(&Parsed) -> T>(
        &'r self,
        field: Field,
        fact: F,
    ) -> Option<impl Fn(usize) -> T + use<'r, 'a, T, F>> {
        let (column, parsed) = self.coded(field)?;
        let facts: Vec<T> = parsed.iter().map(fact).collect();
        let codes = column.codes();
        Some(move |row: usize| facts[codes.get(row) as usize])
    }

    /// What every row states about its lead's outcome, as [`Row::stated_outcome`] says it, worked out once per distinct
    /// value of each column that speaks.
    pub fn stated_outcomes(&self) -> impl Fn(usize) -> Option<Outcome> + use<'_, 'a> {
        let columns = self.outcomes.iter();
        let columns: Vec<_> = columns.filter_map(|it| self.said_by(it)).collect();
        move |row| columns.iter().find_map(|said| said(row))
    }

    /// What one column of every row says about its lead's outcome, as [`Row::outcome_in`] says it; `None` where it never
    /// says anything.
    pub(crate) fn outcomes_in(
        &self,
        field: Field,
    ) -> Option<impl Fn(usize) -> Option<Outcome> + use<'_, 'a>> {
        let mut columns = self.outcomes.iter();
        self.said_by(columns.find(|column| column.field == field)?)
    }

    fn said_by<'r>(
        &'r self,
        column: &'r OutcomeColumn,
    ) -> Option<impl Fn(usize) -> Option<Outcome> + use<'r, 'a>> {
        let said = self.facts(column.field, |parsed| column.says(parsed))?;
        let lacks = column
            .needs
            .and_then(|field| self.facts(field, |parsed| matches!(parsed, Parsed::Blank)));
        Some(move |row| said(row).filter(|_| lacks.as_ref().is_none_or(|lacks| !lacks(row))))
    }

    /// [`Ledger::has_outcome`], found out once.
    pub const fn has_outcome(&self) -> bool {
        self.has_outcome
    }

    /// What the next steps say of their days.
    pub(crate) fn plans(&self) -> &Plans {
        self.plans.get_or_init(|| Plans::of(self.ledger))
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

/// What says won or lost in a table: what its template lists, then what usually does. A term that only the list names
/// becomes one of its field's vocabulary.
fn outcome_columns(ledger: &Ledger, vocabularies: &mut [Option<Vocabulary>]) -> Vec<OutcomeColumn> {
    let listed = |field: Field| ledger.outcome.iter().any(|rule| rule.field == field);
    let usual = Outcome::FIELDS
        .into_iter()
        .filter(|&field| !listed(field) && ledger.has(field))
        .map(|field| OutcomeColumn {
            field,
            of_term: Vec::new(),
            needs: (field == Field::OrderStatus).then_some(Field::OrderNo),
        });
    let own = ledger.outcome.iter().filter(|rule| ledger.has(rule.field));
    let mut columns: Vec<OutcomeColumn> = own
        .map(|rule| of_rule(rule, &mut vocabularies[rule.field.index()]))
        .collect();
    columns.extend(usual.map(|mut column| {
        let terms = vocabularies[column.field.index()]
            .as_ref()
            .map_or(0, |known| known.terms().len());
        column.of_term = (0..terms)
            .map(|term| Outcome::of_builtin(column.field, term as TermId))
            .collect();
        column
    }));
    columns
}

fn of_rule(rule: &OutcomeRule, vocabulary: &mut Option<Vocabulary>) -> OutcomeColumn {
    let says_nothing = rule.won.is_empty() && rule.lost.is_empty();
    let vocabulary = vocabulary.get_or_insert_with(|| Vocabulary::empty(true));
    for term in rule.won.iter().chain(&rule.lost) {
        if vocabulary.find(term).is_none() {
            vocabulary.add(term, term, []);
        }
    }
    let mut of_term = vec![(!says_nothing).then_some(Outcome::Open); vocabulary.terms().len()];
    for (terms, outcome) in [(&rule.won, Outcome::Won), (&rule.lost, Outcome::Lost)] {
        for id in terms.iter().filter_map(|term| vocabulary.find(term)) {
            of_term[usize::from(id)] = Some(outcome);
        }
    }
    OutcomeColumn {
        field: rule.field,
        of_term,
        needs: rule.needs,
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
    prefixes: Prefixes,
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
            prefixes: Prefixes::default(),
            yes_and_no: yes_and_no.filter(|_| asks_yes_or_no(&column.header)),
        }
    }

    fn parse(&mut self, value: Value<'_>) -> Parsed {
        if value.is_blank() {
            return Parsed::Blank;
        }
        if matches!(value, Value::Error(_)) {
            return Parsed::Error;
        }
        match self.kind {
            FieldKind::Text => Parsed::Text,
            FieldKind::LeadId => {
                Parsed::LeadId(LeadId::parse_among(&value.text(), &mut self.prefixes))
            }
            FieldKind::Date => Parsed::Date(parse_date(value, self.date_habits)),
            FieldKind::Contact => Parsed::Contact(parse_contact(value)),
            FieldKind::Money => Parsed::Money(parse_money(value, self.heading_unit)),
            FieldKind::Percent => Parsed::Percent(parse_percent(value, self.bare_numbers)),
            FieldKind::Term => Parsed::Term(self.term(&value.text())),
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
            Some((column, meanings)) => meanings.get(column.code(self.index)),
            None => &Parsed::Blank,
        }
    }

    /// Whether the cell is empty or holds white space only, or the table has no such column.
    pub fn is_blank(&self, field: Field) -> bool {
        let coded = self.reading.coded(field);
        coded.is_none_or(|(column, meanings)| meanings.is_blank(column.code(self.index)))
    }

    /// The day in a date column. A day without a year takes the nearest one not before the follow-up (S1's
    /// `5月22日`); a follow-up itself is never dated by guess.
    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        match self.parsed(field) {
            parsed if parsed.day().is_some() => parsed.day(),
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

    /// Whether a program made the contact and no person, as far as 跟进方式 says: 自动回复, 群发.
    pub fn is_automatic(&self) -> bool {
        let Some(column) = self.reading.column(Field::Method) else {
            return false;
        };
        let automatic = self.reading.automatic.get_or_init(|| {
            column.map_distinct(self.reading.ledger.values(), |value| {
                value.as_text().is_some_and(Method::is_automatic)
            })
        });
        automatic[column.code(self.index) as usize]
    }

    /// Position of the cell's term in the field's vocabulary.
    pub fn term_id(&self, field: Field) -> Option<TermId> {
        self.parsed(field).term()
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

    /// The first unmasked mobile among the row's numbers, whichever column it stands in.
    pub fn mobile(&self) -> Option<&'a str> {
        let contacts = Field::PHONES
            .into_iter()
            .filter_map(|field| self.contact(field));
        contacts.into_iter().find_map(ContactReading::mobile)
    }

    /// Whether the row holds any way to reach the customer.
    pub fn is_reachable(&self) -> bool {
        let mut contacts = Field::ALL
            .iter()
            .filter(|field| field.kind() == FieldKind::Contact);
        contacts.any(|&field| !self.is_blank(field))
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

    /// The columns that can say the outcome, in the order in which they are believed.
    pub fn outcome_fields(&self) -> impl Iterator<Item = Field> + Clone + use<'a> {
        self.reading.outcomes.iter().map(|column| column.field)
    }

    /// What one column of the row says about the lead's outcome; `None` where it says nothing or cannot.
    pub fn outcome_in(&self, field: Field) -> Option<Outcome> {
        let mut outcomes = self.reading.outcomes.iter();
        self.said_by(outcomes.find(|column| column.field == field)?)
    }

    fn said_by(&self, column: &OutcomeColumn) -> Option<Outcome> {
        let said = column.says(self.parsed(column.field))?;
        let lacks = |field: Field| self.has(field) && self.is_blank(field);
        (!column.needs.is_some_and(lacks)).then_some(said)
    }

    /// What the row says about the lead's outcome. Where several columns speak, the first of [`Row::outcome_fields`]
    /// that holds a known term wins. `None` where no column says anything.
    pub fn stated_outcome(&self) -> Option<Outcome> {
        let mut outcomes = self.reading.outcomes.iter();
        outcomes.find_map(|column| self.said_by(column))
    }

    /// [`Row::stated_outcome`], open where nothing is stated.
    pub fn outcome(&self) -> Outcome {
        self.stated_outcome().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::ExtraTerm;
    use crate::rules::testing::table;

    fn outcomes(ledger: &Ledger) -> Vec<Option<Outcome>> {
        let policy = Policy::default();
        let reading = Reading::new(ledger, &policy);
        reading.rows().map(|row| row.stated_outcome()).collect()
    }

    fn rule(field: Field, won: &[&str], lost: &[&str]) -> OutcomeRule {
        let owned = |terms: &[&str]| terms.iter().map(|&term| term.to_owned()).collect();
        OutcomeRule {
            field,
            won: owned(won),
            lost: owned(lost),
            needs: None,
        }
    }

    #[test]
    fn an_order_without_its_number_is_no_sale_and_a_cancelled_one_neither() {
        let ledger = table(
            "
            | customer | order_no | order_status |
            | 北辰机电 | DD-001   | 已下单       |
            | 南汀贸易 |          | 已下单       |
            | 远汐星槎 | DD-003   | 已取消       |
            | 临溪晚风 | DD-004   |              |",
        );
        let expected = [Some(Outcome::Won), None, Some(Outcome::Open), None];
        assert_eq!(outcomes(&ledger), expected);
        // Where nobody keeps order numbers, the status is all there is.
        let ledger = table("| customer | order_status |\n| 北辰机电 | 已下单 |");
        assert_eq!(outcomes(&ledger), [Some(Outcome::Won)]);
    }

    #[test]
    fn a_template_says_what_is_won_and_which_column_is_believed() {
        let text = "
            | customer | stage    | result | milestone |
            | 北辰机电 | 意向客户 | 成交   |           |
            | 南汀贸易 | 意向客户 | 未成交 |           |
            | 远汐星槎 | 签单客户 |        |           |
            | 临溪晚风 |          |        | 合同签署  |";
        let mut ledger = table(text);
        // As it usually is: the stage before the result, and a term that nobody knows says nothing.
        let usual = [Some(Outcome::Open), Some(Outcome::Open), None, None];
        assert_eq!(outcomes(&ledger), usual);
        let term = |term: &str| ExtraTerm {
            term: term.to_owned(),
            english: None,
            synonyms: Vec::new(),
        };
        ledger.terms.insert(Field::Stage, vec![term("签单客户")]);
        ledger.outcome = vec![
            rule(Field::Result, &["成交"], &[]),
            rule(Field::Stage, &["签单客户", "成交客户"], &["流失客户"]),
            rule(Field::Milestone, &["合同签署"], &[]),
        ];
        let own = [
            Some(Outcome::Won),
            Some(Outcome::Open),
            Some(Outcome::Won),
            Some(Outcome::Won),
        ];
        assert_eq!(outcomes(&ledger), own);
        assert!(ledger.has_outcome());
    }

    #[test]
    fn a_column_that_is_listed_without_terms_says_nothing() {
        let mut ledger = table("| customer | sales_stage |\n| 北辰机电 | 合同签订 |");
        assert_eq!(outcomes(&ledger), [Some(Outcome::Won)]);
        ledger.outcome = vec![rule(Field::SalesStage, &[], &[])];
        assert_eq!(outcomes(&ledger), [None]);
        assert!(!ledger.has_outcome());
    }
}
