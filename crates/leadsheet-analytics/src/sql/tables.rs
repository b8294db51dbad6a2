//! The four tables, column by column as a question names them.

use std::cell::OnceCell;
use std::collections::HashSet;

use leadsheet_core::{Field, Outcome, Stage};
use polars::prelude::{DataFrame, PolarsResult};

use super::columns::{Column, as_written, of_field};
use super::schema::SqlTable;
use super::{SqlDefinition, SqlFinding};
use crate::measure::lead::{Dates, Says, Standing};
use crate::measure::sales;
use crate::tables::{Gathered, Table};

/// What the tables are made of.
pub(super) struct Source<'s> {
    tables: &'s [Table<'s>],
    gathered: &'s Gathered<'s>,
    definition: &'s SqlDefinition,
    /// Where the rows of each table begin among all.
    starts: Vec<u32>,
    rows: usize,
    leads: OnceCell<LeadFacts>,
    orders: OnceCell<Orders>,
}

/// What is known of leads.
struct LeadFacts {
    standings: Vec<Standing>,
    dates: Vec<Dates>,
    created: Vec<Option<i32>>,
    follow_ups: Vec<Option<i64>>,
    /// By row of all tables: its lead, and its place among the rows of the lead.
    of_row: Vec<Option<(u32, u32)>>,
    first_row: Vec<Option<u32>>,
}

/// The orders of all leads.
#[derive(Default)]
struct Orders {
    lead: Vec<Option<i64>>,
    /// The last row that tells of each.
    last_row: Vec<Option<u32>>,
    sold: Vec<Option<bool>>,
    day: Vec<Option<i32>>,
    amount: Vec<Option<f64>>,
}

impl<'s> Source<'s> {
    pub(super) fn new(
        tables: &'s [Table<'s>],
        gathered: &'s Gathered<'s>,
        definition: &'s SqlDefinition,
    ) -> Self {
        let mut rows = 0;
        let mut starts = Vec::new();
        for table in tables {
            starts.push(rows as u32);
            rows += table.reading.ledger().len();
        }
        Self {
            tables,
            gathered,
            definition,
            starts,
            rows,
            leads: OnceCell::new(),
            orders: OnceCell::new(),
        }
    }

    /// The columns that a table has, those with contact details only where they were asked for, and of `follow_ups`
    /// those that nobody knows as well.
    pub(super) fn column_names(&self, table: SqlTable) -> Vec<String> {
        let columns = table.columns().into_iter();
        let allowed = columns.filter(|it| self.definition.with_contacts || !it.is_contact());
        let mut names: Vec<String> = allowed.map(|column| column.name.to_owned()).collect();
        if table == SqlTable::FollowUps {
            let mut taken: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
            let contacts = super::schema::contact_columns().map(ToOwned::to_owned);
            taken.extend(contacts);
            let ledgers = self.tables.iter().map(|table| table.reading.ledger());
            let unknown = ledgers.flat_map(leadsheet_core::Ledger::columns);
            for column in unknown.filter(|column| column.field.is_none()) {
                let name = column.header.trim();
                if !name.is_empty() && taken.insert(name.to_lowercase()) {
                    names.push(name.to_owned());
                }
            }
        }
        names
    }

    pub(super) fn frame(&self, table: SqlTable, names: &[&str]) -> PolarsResult<DataFrame> {
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let column = match table {
                SqlTable::FollowUps => self.of_follow_ups(name),
                SqlTable::Leads => self.of_leads(name),
                SqlTable::Orders => self.of_orders(name),
                SqlTable::Findings => self.of_findings(name),
            };
            columns.push(column.into_engine(name)?);
        }
        let height = match table {
            SqlTable::FollowUps => self.rows,
            SqlTable::Leads => self.gathered.len() as usize,
            SqlTable::Orders => self.orders().lead.len(),
            SqlTable::Findings => self.definition.findings.len(),
        };
        DataFrame::new(height, columns)
    }

    fn of_follow_ups(&self, name: &str) -> Column {
        let of_table = |text: for<'t> fn(&'t Table<'s>) -> &'t str| {
            let texts = self.tables.iter().map(|table| Some(text(table).to_owned()));
            let lengths = self.tables.iter().map(|table| table.reading.ledger().len());
            let codes = (0..)
                .zip(lengths)
                .flat_map(|(code, rows)| std::iter::repeat_n(code, rows));
            Column::Texts {
                texts: texts.collect(),
                codes: codes.collect(),
            }
        };
        match name {
            "file" => of_table(|table| table.path),
            "sheet" => of_table(|table| &table.reading.ledger().sheet),
            "template" => of_table(|table| &table.reading.ledger().template),
            "row" => {
                let rows = self
                    .tables
                    .iter()
                    .flat_map(|it| it.reading.ledger().sheet_rows());
                Column::Integers(rows.map(|&row| Some(i64::from(row) + 1)).collect())
            }
            "lead" => {
                let of_row = self.leads().of_row.iter();
                Column::Integers(
                    of_row
                        .map(|it| it.map(|(lead, _)| i64::from(lead) + 1))
                        .collect(),
                )
            }
            "outcome" => {
                let mut codes = Vec::with_capacity(self.rows);
                for table in self.tables {
                    let says = table.reading.stated_outcomes();
                    let code = |row| says(row).map_or(0, |said: Outcome| said as u32 + 1);
                    codes.extend((0..table.reading.ledger().len()).map(code));
                }
                Column::Texts {
                    texts: outcomes(),
                    codes,
                }
            }
            name => match name.parse() {
                Ok(field) => of_field(self.tables, field),
                Err(_) => as_written(self.tables, |table| {
                    let mut columns = table.reading.ledger().columns().iter();
                    columns.position(|it| {
                        it.field.is_none() && it.header.trim().eq_ignore_ascii_case(name)
                    })
                }),
            },
        }
    }

    fn of_leads(&self, name: &str) -> Column {
        let leads = self.leads();
        let days =
            |day: fn(&Dates) -> Option<i32>| Column::Days(leads.dates.iter().map(day).collect());
        match name {
            "lead" => Column::Integers((1..=i64::from(self.gathered.len())).map(Some).collect()),
            "follow_ups" => Column::Integers(leads.follow_ups.clone()),
            "file" | "sheet" | "row" => self.of_follow_ups(name).at(&leads.first_row),
            "outcome" => Column::Texts {
                codes: leads
                    .standings
                    .iter()
                    .map(|it| it.outcome().map_or(0, |code| code + 1))
                    .collect(),
                texts: outcomes(),
            },
            "created" => Column::Days(leads.created.clone()),
            "first_follow_up" => days(Dates::first_day),
            "last_follow_up" => days(Dates::last_day),
            "closed" => days(Dates::closed),
            "days_to_close" => {
                let days = leads
                    .dates
                    .iter()
                    .zip(&leads.created)
                    .map(|(dates, created)| {
                        Some(i64::from(dates.closed()?) - i64::from((*created)?))
                    });
                Column::Integers(days.collect())
            }
            "stage_reached" => {
                let rungs = Stage::LADDER
                    .iter()
                    .map(|stage| Some(stage.canonical().to_owned()));
                Column::Texts {
                    texts: std::iter::once(None).chain(rungs).collect(),
                    codes: leads
                        .standings
                        .iter()
                        .map(|it| it.reached().unwrap_or(0))
                        .collect(),
                }
            }
            "grade_latest" => self.of_lead_field(Field::Grade, false),
            name => match name.parse() {
                // As in a report: where it came from and what it was worth at first, all else at last.
                Ok(field) => {
                    let at_first = matches!(field, Field::Source | Field::Grade);
                    self.of_lead_field(field, at_first)
                }
                Err(_) => Column::Integers(vec![None; leads.standings.len()]),
            },
        }
    }

    /// A field in each lead's first or latest row of those whose table has it.
    fn of_lead_field(&self, field: Field, at_first: bool) -> Column {
        let leads = self.leads();
        let mut chosen: Vec<Option<(u32, u32)>> = vec![None; leads.standings.len()];
        for (table, &start) in self.tables.iter().zip(&self.starts) {
            if !table.has(field) {
                continue;
            }
            for row in start..start + table.reading.ledger().len() as u32 {
                let Some((lead, order)) = leads.of_row[row as usize] else {
                    continue;
                };
                let known = &mut chosen[lead as usize];
                if known.is_none_or(|(best, _)| (order < best) == at_first) {
                    *known = Some((order, row));
                }
            }
        }
        let rows: Vec<_> = chosen
            .into_iter()
            .map(|it| it.map(|(_, row)| row))
            .collect();
        of_field(self.tables, field).at(&rows)
    }

    fn of_orders(&self, name: &str) -> Column {
        let orders = self.orders();
        match name {
            "lead" => Column::Integers(orders.lead.clone()),
            "sold" => Column::Truths(orders.sold.clone()),
            "day" => Column::Days(orders.day.clone()),
            "amount" => Column::Numbers(orders.amount.clone()),
            "source" | "grade" => {
                let leads = orders
                    .lead
                    .iter()
                    .map(|lead| lead.map(|lead| lead as u32 - 1));
                self.of_leads(name).at(&leads.collect::<Vec<_>>())
            }
            name => self.of_follow_ups(name).at(&orders.last_row),
        }
    }

    fn of_findings(&self, name: &str) -> Column {
        let findings = &self.definition.findings;
        match name {
            "row" => Column::Integers(findings.iter().map(|it| it.row.map(i64::from)).collect()),
            "fixable" => Column::Truths(findings.iter().map(|it| Some(it.fixable)).collect()),
            name => {
                let position = SqlTable::FINDINGS.iter().position(|&column| column == name);
                let text =
                    |it: &SqlFinding| position.and_then(|position| it.texts[position].clone());
                Column::of_texts(findings.iter().map(text))
            }
        }
    }

    fn leads(&self) -> &LeadFacts {
        self.leads.get_or_init(|| {
            let leads = self.gathered.len() as usize;
            let mut known = LeadFacts {
                standings: vec![Standing::default(); leads],
                dates: vec![Dates::default(); leads],
                created: Vec::new(),
                follow_ups: vec![Some(0); leads],
                of_row: vec![None; self.rows],
                first_row: Vec::new(),
            };
            let mut first: Vec<Option<(u32, u32)>> = vec![None; leads];
            let places = self.gathered.places();
            for ((table, rows), &start) in self.gathered.tables().zip(&self.starts) {
                let says = Says::new(&table.reading);
                for (row, lead) in rows {
                    let at = start + row.index() as u32;
                    let place = places[at as usize];
                    let follow_up = says.of(&row, place);
                    known.of_row[at as usize] = Some((lead, place));
                    let lead = lead as usize;
                    known.standings[lead].take(&follow_up);
                    let days = (says.day(&row), says.closed(&row));
                    known.dates[lead].take(&follow_up, days, false);
                    known.follow_ups[lead] = known.follow_ups[lead].map(|count| count + 1);
                    if first[lead].is_none_or(|(best, _)| place < best) {
                        first[lead] = Some((place, at));
                    }
                }
            }
            let days = self.gathered.days_in_numbers();
            let came = known.dates.iter().zip(days);
            known.created = came
                .map(|(dates, in_number)| in_number.or(dates.first_day()))
                .collect();
            known.first_row = first.into_iter().map(|it| it.map(|(_, row)| row)).collect();
            known
        })
    }

    fn orders(&self) -> &Orders {
        self.orders.get_or_init(|| {
            let mut orders = Orders::default();
            let fields: Vec<_> = self.tables.iter().map(sales::amount_field).collect();
            for lead in 0..self.gathered.len() {
                for order in sales::orders(self.gathered.rows_of(lead), &fields) {
                    if order.number.is_empty() && order.amount.is_none() {
                        continue;
                    }
                    let won = order.outcome == Some(Outcome::Won);
                    let amount = order.amount.as_ref();
                    let day = order
                        .day
                        .or_else(|| amount.and_then(|(_, at)| at.row.date(Field::FollowUpDate)));
                    orders.lead.push(Some(i64::from(lead) + 1));
                    orders.sold.push(Some(won || !order.can_say));
                    orders.day.push(day.map(|day| day.to_epoch_days()));
                    let number =
                        amount.and_then(|(money, _)| money.amount.to_string().parse().ok());
                    orders.amount.push(number);
                    let last = order.last;
                    let row = self.starts[last.table] + last.row.index() as u32;
                    orders.last_row.push(Some(row));
                }
            }
            orders
        })
    }
}

/// Nothing, then the outcomes by their code.
fn outcomes() -> Vec<Option<String>> {
    let mut names = vec![None; 4];
    for (outcome, name) in [
        (Outcome::Open, "open"),
        (Outcome::Won, "won"),
        (Outcome::Lost, "lost"),
    ] {
        names[outcome as usize + 1] = Some(name.to_owned());
    }
    names
}
