//! The rows of all tables in their order, and those of each lead: four bytes a row each.
//!
//! Rows stand by the date of the follow-up; those of one day by workbook, sheet and row; those without a readable date last.

use leadsheet_core::{Field, Grouped, Row};

use crate::tables::{Gathered, Table};

/// The place of each row of all tables, counted from 1: the first follow-up of a lead is the least of its, the latest the
/// greatest.
pub(crate) fn places(tables: &[&Table<'_>]) -> Vec<u32> {
    let day = |parsed: &leadsheet_core::Parsed| parsed.day().map(|day| day.to_epoch_days());
    let mut days = Vec::new();
    for table in tables {
        let (_, parsed) = table.reading.coded(Field::FollowUpDate).unzip();
        days.extend(parsed.into_iter().flatten().filter_map(day));
    }
    days.sort_unstable();
    days.dedup();
    // Of each day, and of rows without one: where its next row comes.
    let mut next = vec![0_u32; days.len() + 2];
    let slot = |parsed: &_| {
        let day = day(parsed).and_then(|day| days.binary_search(&day).ok());
        day.unwrap_or(days.len()) as u32
    };
    let slots: Vec<_> = tables
        .iter()
        .map(|table| table.reading.facts(Field::FollowUpDate, slot))
        .collect();
    let mut places = Vec::new();
    for (table, slots) in tables.iter().zip(&slots) {
        let rows = 0..table.reading.ledger().len();
        let of_row = |row| slots.as_ref().map_or(days.len() as u32, |slots| slots(row));
        places.extend(rows.map(of_row));
    }
    for &slot in &places {
        next[slot as usize + 1] += 1;
    }
    next[0] = 1;
    for slot in 1..next.len() {
        next[slot] += next[slot - 1];
    }
    for place in &mut places {
        let next = &mut next[*place as usize];
        *place = *next;
        *next += 1;
    }
    places
}

/// The rows of each lead over all tables, counted over all of them, oldest first.
pub(crate) fn arranged(gathered: &Gathered<'_>) -> Grouped {
    let of_rows = || {
        let tables = gathered.tables().enumerate();
        tables.flat_map(|(table, (_, rows))| {
            rows.map(move |(row, lead)| (lead as usize, gathered.number_of(table, &row)))
        })
    };
    let mut rows = Grouped::new(gathered.len() as usize, of_rows);
    rows.sort_by_key(|row| gathered.places()[row as usize]);
    rows
}

/// A row and the position of its table.
#[derive(Clone, Copy)]
pub(crate) struct LeadRow<'g> {
    pub(crate) table: usize,
    pub(crate) row: Row<'g>,
}

/// The rows alone.
pub(crate) fn alone<'g>(
    rows: impl DoubleEndedIterator<Item = LeadRow<'g>> + Clone,
) -> impl DoubleEndedIterator<Item = Row<'g>> + Clone {
    rows.map(|it| it.row)
}

#[cfg(test)]
mod tests {
    use leadsheet_core::Policy;

    use super::places;
    use crate::tables::Table;
    use crate::testing::{book, table};

    #[test]
    fn rows_stand_by_date_then_table_and_row_and_undated_ones_last() {
        let one =
            "customer | follow_up_date\n甲 | 2025-03-09\n乙 | \n丙 | 1969-12-31\n丁 | 2025-03-01";
        let other = "customer | follow_up_date\n戊 | 2025-03-01\n己 | 下周\n庚 | 2025-02-28";
        let undated = "customer\n辛";
        let books = [book("a.xlsx", [table(one), table(undated), table(other)])];
        let policy = Policy::default();
        let tables = Table::read(&books, &policy);
        let tables: Vec<_> = tables.iter().collect();
        assert_eq!(places(&tables), [5, 6, 1, 3, 7, 4, 8, 2]);
    }
}
