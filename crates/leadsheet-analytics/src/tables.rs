//! The tables of all workbooks, and their leads numbered across tables: one customer is one lead however many files
//! speak of it.

use std::collections::HashMap;
use std::sync::OnceLock;

use leadsheet_core::{
    Book, Field, Grouped, Lead, LeadIdentity, Leads, Parsed, Policy, Reading, Row,
};

use crate::arranged::{LeadRow, arranged, places};

/// A table and the workbook it stands in.
pub(crate) struct Table<'a> {
    /// Path of the workbook.
    pub(crate) path: &'a str,
    pub(crate) reading: Reading<'a>,
}

impl<'a> Table<'a> {
    /// The tables of all workbooks, in the order in which ties between their rows are broken.
    pub(crate) fn read(books: &'a [Book], policy: &'a Policy) -> Vec<Self> {
        let of_book = |book: &'a Book| {
            book.ledgers().map(|ledger| Self {
                path: &book.path,
                reading: Reading::new(ledger, policy),
            })
        };
        books.iter().flat_map(of_book).collect()
    }

    /// Whether any of its columns can say that a lead was won.
    pub(crate) fn has_outcome(&self) -> bool {
        self.reading.ledger().has_outcome()
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.reading.column(field).is_some()
    }
}

/// Leads across tables.
///
/// Rows are one lead where core's [`LeadIdentity`] says so within their table. Across tables a lead number, a mobile
/// and a pair of customer and contact name mean the same everywhere; a number of a team's own (`A001`) starts anew in
/// each table, so it joins leads only where customer and contact are the same too; a table of the same workbook that
/// names nobody means the lead that has this number there.
pub(crate) struct Gathered<'a> {
    tables: Vec<(&'a Table<'a>, Leads<'a>)>,
    /// By table, then by lead of the table: its number across tables.
    numbers: Vec<Vec<u32>>,
    len: u32,
    /// How many rows stand in the tables before each.
    begins: Vec<u32>,
    places: OnceLock<Vec<u32>>,
    arranged: OnceLock<Grouped>,
}

impl<'a> Gathered<'a> {
    pub(crate) fn new(tables: &'a [Table<'a>]) -> Self {
        let tables: Vec<_> = tables
            .iter()
            .map(|table| (table, Leads::new(&table.reading)))
            .collect();
        let (numbers, len) = match tables.as_slice() {
            // Nothing to join: no identity needs hashing again.
            [(_, leads)] => (vec![(0..leads.len() as u32).collect()], leads.len() as u32),
            _ => number(&tables),
        };
        let mut rows = 0_u32;
        let begin = |(table, _): &(&Table<'_>, _)| {
            let begin = rows;
            rows = rows.saturating_add(table.reading.ledger().len() as u32);
            begin
        };
        let begins = tables.iter().map(begin).collect();
        Self {
            tables,
            numbers,
            len,
            begins,
            places: OnceLock::new(),
            arranged: OnceLock::new(),
        }
    }

    /// The number of a row of the table at `table`, counted over all tables.
    pub(crate) fn number_of(&self, table: usize, row: &Row<'_>) -> u32 {
        self.begins[table] + row.index() as u32
    }

    /// The place of every row in the order of all, by its number.
    pub(crate) fn places(&self) -> &[u32] {
        self.places.get_or_init(|| {
            let tables: Vec<_> = self.every_table().collect();
            places(&tables)
        })
    }

    /// The rows of a lead, oldest first.
    pub(crate) fn rows_of(
        &self,
        lead: u32,
    ) -> impl DoubleEndedIterator<Item = LeadRow<'a>> + ExactSizeIterator + Clone {
        let arranged = self.arranged.get_or_init(|| arranged(self));
        arranged.get(lead as usize).iter().map(|&number| {
            let table = self.begins.partition_point(|&begin| begin <= number) - 1;
            let (of, _) = &self.tables[table];
            LeadRow {
                table,
                row: of.reading.row((number - self.begins[table]) as usize),
            }
        })
    }

    /// How many leads there are.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    /// How many data rows there are.
    pub(crate) fn rows(&self) -> usize {
        let rows = self
            .tables
            .iter()
            .map(|(table, _)| table.reading.ledger().len());
        rows.sum()
    }

    /// Rows that name no customer.
    pub(crate) fn unidentified(&self) -> usize {
        self.tables
            .iter()
            .map(|(_, leads)| leads.unidentified())
            .sum()
    }

    /// Rows about a lead whose date is missing or unreadable, in tables that date their rows.
    pub(crate) fn undated(&self) -> usize {
        let of_table = |(table, leads): &(&Table<'_>, Leads<'_>)| {
            let is_dated = |parsed: &Parsed| parsed.day().is_some();
            let is_dated = table.reading.facts(Field::FollowUpDate, is_dated)?;
            let rows = 0..table.reading.ledger().len();
            let undated = rows.filter(|&row| leads.of_row(row).is_some() && !is_dated(row));
            Some(undated.count())
        };
        self.tables.iter().filter_map(of_table).sum()
    }

    /// The day in the number of each lead, where it has a number that tells one.
    pub(crate) fn days_in_numbers(&self) -> Vec<Option<i32>> {
        let mut days = vec![None; self.len as usize];
        for ((_, leads), numbers) in self.tables.iter().zip(&self.numbers) {
            for (day, &number) in leads.days_in_numbers().zip(numbers) {
                if let Some(day) = day {
                    days[number as usize] = Some(day.to_epoch_days());
                }
            }
        }
        days
    }

    /// What makes the rows of each lead one, in the first table that has it.
    pub(crate) fn identities(&self) -> Vec<Option<LeadIdentity<'_>>> {
        let mut identities = vec![None; self.len as usize];
        for ((_, leads), numbers) in self.tables.iter().zip(&self.numbers) {
            for (identity, &number) in leads.identities().zip(numbers) {
                identities[number as usize].get_or_insert(identity);
            }
        }
        identities
    }

    /// Each table.
    pub(crate) fn every_table(&self) -> impl Iterator<Item = &'a Table<'a>> {
        self.tables.iter().map(|(table, _)| *table)
    }

    /// Each table with the rows that are about a lead, and the number of that lead.
    pub(crate) fn tables(
        &self,
    ) -> impl Iterator<Item = (&'a Table<'a>, impl Iterator<Item = (Row<'a>, u32)>)> {
        self.tables
            .iter()
            .zip(&self.numbers)
            .map(|((table, leads), numbers)| {
                let rows = table.reading.rows().filter_map(|row| {
                    let lead = leads.of_row(row.index())?;
                    Some((row, numbers[lead]))
                });
                (*table, rows)
            })
    }
}

/// What makes leads of different tables one.
#[derive(PartialEq, Eq, Hash)]
enum Across<'a> {
    Identity(LeadIdentity<'a>),
    NumberAndName(&'a str, String),
    Within(usize, &'a str),
}

fn number(tables: &[(&Table<'_>, Leads<'_>)]) -> (Vec<Vec<u32>>, u32) {
    const UNNAMED: u32 = u32::MAX;
    let mut known = HashMap::new();
    // By workbook and own number: the lead that has a name there, if there is but one.
    let mut named: HashMap<(&str, &str), Option<u32>> = HashMap::new();
    let mut numbers: Vec<Vec<u32>> = Vec::with_capacity(tables.len());
    for (position, (table, leads)) in tables.iter().enumerate() {
        let mut of_table = Vec::with_capacity(leads.len());
        for lead in leads.iter() {
            let across = across(position, &lead);
            if matches!(across, Across::Within(..)) {
                of_table.push(UNNAMED);
                continue;
            }
            let next = known.len() as u32;
            let number = *known.entry(across).or_insert(next);
            if let LeadIdentity::OwnNumber(own) = lead.identity() {
                let one = named.entry((table.path, own)).or_insert(Some(number));
                *one = one.filter(|&one| one == number);
            }
            of_table.push(number);
        }
        numbers.push(of_table);
    }
    // A sheet of follow-ups beside a sheet of leads tells them by their numbers alone.
    for (position, ((table, leads), of_table)) in tables.iter().zip(&mut numbers).enumerate() {
        let unnamed = of_table.iter_mut().enumerate();
        for (index, number) in unnamed.filter(|(_, number)| **number == UNNAMED) {
            let lead = leads.lead(index);
            let LeadIdentity::OwnNumber(own) = lead.identity() else {
                continue;
            };
            let next = known.len() as u32;
            let of_workbook = named.get(&(table.path, own)).copied().flatten();
            *number = of_workbook
                .unwrap_or_else(|| *known.entry(across(position, &lead)).or_insert(next));
        }
    }
    let len = known.len() as u32;
    (numbers, len)
}

fn across<'a>(table: usize, lead: &Lead<'a>) -> Across<'a> {
    match lead.identity() {
        LeadIdentity::OwnNumber(number) => match lead.first().name_key() {
            Some(name) => Across::NumberAndName(number, name),
            None => Across::Within(table, number),
        },
        identity => Across::Identity(identity),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{book, by, figures, table};

    fn across(january: &str, february: &str) -> String {
        let books = [
            book("一月.xlsx", [table(january)]),
            book("二月.xlsx", [table(february)]),
        ];
        figures(&books, &by(&[]))
    }

    #[test]
    fn one_customer_in_two_files_is_one_lead() {
        for (columns, identity) in [
            ("lead_id", "ZH-20250101-001"),
            ("phone", "13800000001"),
            ("customer | contact", "甲公司 | 张三"),
        ] {
            let january =
                format!("{columns} | follow_up_date | stage\n{identity} | 2025-01-05 | 意向客户");
            let february =
                format!("{columns} | follow_up_date | stage\n{identity} | 2025-02-05 | 成交客户");
            assert_eq!(across(&january, &february), "1+0+0=1", "{columns}");
            assert_eq!(across(&february, &january), "1+0+0=1", "{columns}");
        }
    }

    /// Every table begins with A001.
    #[test]
    fn a_number_of_the_team_s_own_joins_files_only_with_the_name() {
        let of = |customer: &str| format!("lead_id | customer | result\nA001 | {customer} | 成交");
        assert_eq!(across(&of("甲公司"), &of("甲公司")), "1+0+0=1");
        assert_eq!(across(&of("甲公司"), &of("乙公司")), "2+0+0=2");
        assert_eq!(across(&of(""), &of("")), "2+0+0=2");
    }

    /// A sheet of leads and a sheet of their follow-ups, joined by the number.
    #[test]
    fn follow_ups_on_a_sheet_of_their_own_are_of_the_leads_beside_them() {
        let leads =
            "lead_id | customer | source\nLD-1 | 甲公司 | 行业展会\nLD-2 | 乙公司 | 线上推广";
        let talks = "lead_id | follow_up_date | stage\nLD-1 | 2025-01-05 | 意向客户\nLD-1 | 2025-02-05 | 成交客户\nLD-2 | 2025-01-07 | 流失客户";
        let one_book = [book("台账.xlsx", [table(leads), table(talks)])];
        assert_eq!(
            figures(&one_book, &by(&["source"])),
            "1+1+0=2\nsource:\n  线上推广 0+1+0=1\n  行业展会 1+0+0=1"
        );
        let other_way = [book("台账.xlsx", [table(talks), table(leads)])];
        assert_eq!(figures(&other_way, &by(&[])), "1+1+0=2");
        // In another workbook the same number may be anybody's.
        let apart = [
            book("a.xlsx", [table(leads)]),
            book("b.xlsx", [table(talks)]),
        ];
        assert_eq!(figures(&apart, &by(&[])), "1+1+0=2");
    }

    /// A call after the deal, kept in a log that has no outcome and no source, takes neither away.
    #[test]
    fn a_table_without_a_column_does_not_speak_of_it() {
        let ledger = "phone | source | follow_up_date | stage\n13800000001 | 行业展会 | 2025-01-05 | 成交客户";
        let log = "phone | follow_up_date | method\n13800000001 | 2025-01-01 | 电话\n13800000001 | 2025-02-01 | 电话";
        let books = [
            book("a.xlsx", [table(ledger)]),
            book("b.xlsx", [table(log)]),
        ];
        assert_eq!(
            figures(&books, &by(&["source", "method"])),
            "1+0+0=1\nsource:\n  行业展会 1+0+0=1\nmethod:\n  电话 1+0+0=1"
        );
    }
}
