//! The customers of a table, told apart as two people would: by name without legal form, place and script.

use hashbrown::HashMap;

use crate::ledger::{Column, Reading, Row};
use crate::rules::{customer_field, is_masked};
use crate::text::organisation;

/// Who each row is about. Names are compared once per distinct spelling.
pub(super) struct Customers<'a> {
    column: Option<&'a Column>,
    /// By code of the column; `None` for a blank or masked name.
    of_code: Vec<Option<u32>>,
}

impl<'a> Customers<'a> {
    pub(super) fn new(reading: &'a Reading<'a>) -> Self {
        let column = customer_field(reading).and_then(|field| reading.column(field));
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut of_code = Vec::new();
        if let Some(column) = column {
            of_code = column.map_distinct(reading.ledger().values(), |value| {
                let name = value.display();
                if name.trim().is_empty() || is_masked(&name) {
                    return None;
                }
                let next = known.len() as u32;
                Some(*known.entry_ref(&*organisation(&name)).or_insert(next))
            });
        }
        Self { column, of_code }
    }

    /// The customer of a row; equal numbers are one customer, `None` may be anybody.
    pub(super) fn of(&self, row: &Row<'_>) -> Option<u32> {
        let code = self.column?.codes()[row.index()];
        self.of_code[code as usize]
    }
}
