//! The customers and contacts of a table, told apart as two people would: by name without legal form, place and script. Names
//! are compared once per distinct spelling.

use std::borrow::Cow;

use hashbrown::HashMap;

use crate::field::Field;
use crate::ledger::{Column, Reading, Row};
use crate::rules::{customer_field, is_masked};
use crate::text::{compact, organisation};

/// Whom each row names in one column.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    column: Option<&'a Column>,
    /// By code of the column; `None` for a blank or masked name.
    of_code: Vec<Option<u32>>,
    /// What each is told by.
    keys: Vec<String>,
}

impl<'a> Named<'a> {
    /// The customers, in the column that names them.
    pub(crate) fn customers(reading: &Reading<'a>) -> Self {
        let field = customer_field(reading);
        Self::of_column(reading, field, organisation)
    }

    /// The contacts.
    pub(crate) fn contacts(reading: &Reading<'a>) -> Self {
        Self::of_column(reading, Some(Field::Contact), compact)
    }

    fn of_column(
        reading: &Reading<'a>,
        field: Option<Field>,
        key: impl for<'t> Fn(&'t str) -> Cow<'t, str>,
    ) -> Self {
        let column = field.and_then(|field| reading.column(field));
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut of_code = Vec::new();
        if let Some(column) = column {
            of_code = column.map_distinct(reading.ledger().values(), |value| {
                let name = value.text();
                if name.trim().is_empty() || is_masked(&name) {
                    return None;
                }
                let next = known.len() as u32;
                Some(*known.entry_ref(&*key(&name)).or_insert(next))
            });
        }
        let mut keys = vec![String::new(); known.len()];
        for (key, position) in known {
            keys[position as usize] = key;
        }
        Self {
            column,
            of_code,
            keys,
        }
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key that all spellings of one have in common, by its number.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Whom a row names; equal numbers are one, `None` may be anybody.
    pub(crate) fn of(&self, row: &Row<'_>) -> Option<u32> {
        let code = self.column?.code(row.index());
        self.of_code[code as usize]
    }
}
