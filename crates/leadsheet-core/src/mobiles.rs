//! The mobiles of a table: each is a whole number, so that rules about who has which compare no texts.

use crate::field::Field;
use crate::ledger::{Column, Meanings, Parsed, Reading, Row};
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
                    mobiles.extend(contact.points.iter().filter_map(|point| match point {
                        ContactPoint::Mobile(digits) => Some(as_number(digits)),
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

    /// How many there are, those that several spell each for itself.
    pub(crate) fn len(&self) -> usize {
        self.columns.iter().map(|it| it.mobiles.len()).sum()
    }

    /// Those of a row, counted from 0, in the order of [`Field::PHONES`].
    pub(crate) fn of_row(&self, row: usize) -> impl Iterator<Item = (Field, u64)> {
        self.columns.iter().flat_map(move |of_column| {
            let mobiles = of_column.of_row(row).iter();
            mobiles.map(|&mobile| (of_column.field, mobile))
        })
    }

    /// The first of a row: the one of [`Row::mobile`].
    pub(crate) fn first(&self, row: &Row<'_>) -> Option<u64> {
        let mut columns = self.columns.iter();
        columns.find_map(|of_column| of_column.of_row(row.index()).first().copied())
    }
}

impl OfColumn<'_> {
    fn of_row(&self, row: usize) -> &[u64] {
        let code = self.column.code(row) as usize;
        &self.mobiles[self.begins[code] as usize..self.begins[code + 1] as usize]
    }
}

/// Mainland mobiles have eleven digits, the first of them no 0.
fn as_number(digits: &str) -> u64 {
    digits.bytes().fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}
