//! The orders of a table: rows that name one order number.

use hashbrown::HashMap;

use crate::field::Field;
use crate::ledger::{Reading, Row};
use crate::text::compact;

/// The rows of each order, from top to bottom; orders in the order of their first rows. Rows without a number are in none.
pub(super) fn orders<'a>(reading: &'a Reading<'a>) -> Vec<Vec<Row<'a>>> {
    let Some(column) = reading.column(Field::OrderNo) else {
        return Vec::new();
    };
    let mut known: HashMap<String, usize> = HashMap::new();
    let order_of: Vec<Option<usize>> = column.map_distinct(reading.ledger().values(), |value| {
        let shown = value.display();
        let next = known.len();
        (!shown.trim().is_empty()).then(|| *known.entry_ref(&*compact(&shown)).or_insert(next))
    });
    let mut orders = vec![Vec::new(); known.len()];
    for row in reading.rows() {
        if let Some(order) = order_of[column.code(row.index()) as usize] {
            orders[order].push(row);
        }
    }
    orders
}

/// The rows of an order by the day of the follow-up; rows without a day stand where they stand only in a table without days.
pub(super) fn by_day(reading: &Reading<'_>, order: &mut Vec<Row<'_>>) {
    if reading.column(Field::FollowUpDate).is_some() {
        order.retain(|row| row.date(Field::FollowUpDate).is_some());
        order.sort_by_key(|row| row.date(Field::FollowUpDate));
    }
}
