//! The mobiles of a table: each known by a whole number, so that rules about who has which compare no texts.

use hashbrown::HashMap;

use crate::field::Field;
use crate::ledger::{Column, Parsed, Reading, Row};
use crate::value::ContactPoint;

/// Which unmasked mobiles stand in each row.
#[derive(Debug)]
pub(crate) struct Mobiles<'a> {
    columns: Vec<OfColumn<'a>>,
    len: usize,
}

#[derive(Debug)]
struct OfColumn<'a> {
    field: Field,
    column: &'a Column,
    /// Those of all values, one after another, and by code where those of a value begin.
    mobiles: Vec<u32>,
    begins: Vec<u32>,
}

impl<'a> Mobiles<'a> {
    pub(crate) fn of(reading: &Reading<'a>) -> Self {
        let coded = Field::PHONES
            .into_iter()
            .filter_map(|field| Some((field, reading.coded(field)?)));
        let coded: Vec<_> = coded.collect();
        let most = coded.iter().map(|(_, (_, parsed))| parsed.len()).sum();
        // Mainland mobiles have eleven digits, which make a number of their own.
        let mut known: HashMap<u64, u32> = HashMap::with_capacity(most);
        let mut columns = Vec::with_capacity(coded.len());
        for (field, (column, parsed)) in coded {
            let mut mobiles = Vec::with_capacity(parsed.len());
            let mut begins = Vec::with_capacity(parsed.len() + 1);
            begins.push(0);
            for parsed in parsed {
                if let Parsed::Contact(contact) = parsed {
                    mobiles.extend(contact.points.iter().filter_map(|point| {
                        let ContactPoint::Mobile(digits) = point else {
                            return None;
                        };
                        let next = known.len() as u32;
                        Some(*known.entry(as_number(digits)).or_insert(next))
                    }));
                }
                begins.push(mobiles.len() as u32);
            }
            columns.push(OfColumn {
                field,
                column,
                mobiles,
                begins,
            });
        }
        Self {
            columns,
            len: known.len(),
        }
    }

    /// How many different ones there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Those of a row, counted from 0, in the order of [`Field::PHONES`].
    pub(crate) fn of_row(&self, row: usize) -> impl Iterator<Item = (Field, u32)> {
        self.columns.iter().flat_map(move |of_column| {
            let mobiles = of_column.of_row(row).iter();
            mobiles.map(|&mobile| (of_column.field, mobile))
        })
    }

    /// The first of a row: the one of [`Row::mobile`].
    pub(crate) fn first(&self, row: &Row<'_>) -> Option<u32> {
        let mut columns = self.columns.iter();
        columns.find_map(|of_column| of_column.of_row(row.index()).first().copied())
    }
}

impl OfColumn<'_> {
    fn of_row(&self, row: usize) -> &[u32] {
        let code = self.column.codes()[row] as usize;
        &self.mobiles[self.begins[code] as usize..self.begins[code + 1] as usize]
    }
}

fn as_number(digits: &str) -> u64 {
    digits.bytes().fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}
