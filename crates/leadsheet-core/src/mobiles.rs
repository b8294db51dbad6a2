//! The mobiles of a table: each is a whole number, so that rules about who has which compare no texts.

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::{Column, Meanings, Parsed, Reading, Row};
use crate::rules::Twice;
use crate::value::ContactPoint;

/// Which unmasked mobiles stand in each row.
#[derive(Debug)]
pub(crate) struct Mobiles<'a> {
    columns: Vec<OfColumn<'a>>,
}

#[derive(Debug)]
struct OfColumn<'a> {
    field: Field,
    column: &'a Column,
    /// Those of all values, one after another, and by code where those of a value begin.
    mobiles: Vec<u64>,
    begins: Vec<u32>,
}

impl<'a> Mobiles<'a> {
    pub(crate) fn of(reading: &Reading<'a>) -> Self {
        let coded = Field::PHONES
            .into_iter()
            .filter_map(|field| Some((field, reading.coded(field)?)));
        let of_column = |(field, (column, parsed)): (Field, (&'a Column, &Meanings))| {
            let mut mobiles = Vec::with_capacity(parsed.len());
            let mut begins = Vec::with_capacity(parsed.len() + 1);
            begins.push(0);
            for parsed in parsed {
                if let Parsed::Contact(contact) = parsed {
                    mobiles.extend(contact.points().iter().filter_map(|point| match point {
                        ContactPoint::Mobile(mobile) => Some(mobile.number()),
                        _ => None,
                    }));
                }
                begins.push(mobiles.len() as u32);
            }
            OfColumn {
                field,
                column,
                mobiles,
                begins,
            }
        };
        Self {
            columns: coded.map(of_column).collect(),
        }
    }

    /// Those of a row, counted from 0, in the order of [`Field::PHONES`].
    pub(crate) fn of_row(&self, row: usize) -> impl Iterator<Item = (Field, u64)> {
        self.columns.iter().flat_map(move |of_column| {
            let mobiles = of_column.of_row(row).iter();
            mobiles.map(|&mobile| (of_column.field, mobile))
        })
    }

    /// The mobiles that may be under two customers: two leads have them, or rows that are one lead by this very mobile.
    pub(crate) fn shared(&self, leads: &Leads<'_>) -> Twice {
        const NO_CODE: u32 = u32::MAX;
        let of_all: usize = self.columns.iter().map(|it| it.mobiles.len()).sum();
        let mut shared = Twice::with_room_for(of_all);
        for of_column in &self.columns {
            // The rows of a numbered lead mostly repeat one number.
            let mut last = vec![NO_CODE; leads.len()];
            for (row, code) in of_column.column.codes().iter().enumerate() {
                let Some(lead) = leads.of_row(row) else {
                    continue;
                };
                let before = std::mem::replace(&mut last[lead], code);
                if before != code || !leads.is_numbered(lead) {
                    let mobiles = of_column.of_code(code).iter();
                    mobiles.for_each(|&mobile| shared.note(mobile));
                }
            }
        }
        shared
    }

    /// By row, whether it holds one of these.
    pub(crate) fn holding(&self, some: &Twice) -> impl Fn(usize) -> bool {
        let of_codes = |of_column: &OfColumn<'a>| -> (&'a Column, Vec<bool>) {
            let codes = 0..of_column.begins.len() as u32 - 1;
            let is_one = |mobile: &u64| some.is_twice(*mobile);
            let holding = codes.map(|code| of_column.of_code(code).iter().any(is_one));
            (of_column.column, holding.collect())
        };
        let columns: Vec<_> = self.columns.iter().map(of_codes).collect();
        move |row| {
            let mut columns = columns.iter();
            columns.any(|(column, holding)| holding[column.code(row) as usize])
        }
    }

    /// The first of a row: the one of [`Row::mobile`].
    pub(crate) fn first(&self, row: &Row<'_>) -> Option<u64> {
        let mut columns = self.columns.iter();
        columns.find_map(|of_column| of_column.of_row(row.index()).first().copied())
    }
}

impl OfColumn<'_> {
    fn of_row(&self, row: usize) -> &[u64] {
        self.of_code(self.column.code(row))
    }

    fn of_code(&self, code: u32) -> &[u64] {
        let code = code as usize;
        &self.mobiles[self.begins[code] as usize..self.begins[code + 1] as usize]
    }
}
