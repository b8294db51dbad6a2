//! One column of a table as a dictionary: each distinct value once, and a code per row.

use std::sync::OnceLock;

use super::values::{ValueId, Values};
use crate::field::Field;

/// A column: what its heading says, what that means, and its values.
///
/// Equal codes are equal values. Code 0 is the empty cell. The dictionary is made when it is first asked for: a report
/// looks at five columns of a table, whatever else the team writes down.
#[derive(Clone, Debug)]
pub struct Column {
    /// Position in the sheet, counted from 0 (`A`).
    pub index: u32,
    /// The heading as the sheet spells it; of a two-row heading, the lower one.
    pub header: String,
    /// What the heading means; `None` for a column nobody knows, which is kept all the same.
    pub field: Option<Field>,
    /// Whether the template wants a value in every row.
    pub required: bool,
    ids: Vec<ValueId>,
    dictionary: OnceLock<Dictionary>,
}

#[derive(Clone, Debug)]
struct Dictionary {
    codes: Vec<u32>,
    distinct: Vec<ValueId>,
}

/// The code of an empty cell in every column.
pub const EMPTY_CODE: u32 = 0;

impl Column {
    /// A column with these values, one id per row of the table.
    pub const fn new(index: u32, header: String, field: Option<Field>, ids: Vec<ValueId>) -> Self {
        Self {
            index,
            header,
            field,
            required: false,
            ids,
            dictionary: OnceLock::new(),
        }
    }

    /// How many rows it has.
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it has no row.
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The code of each row, in row order.
    pub fn codes(&self) -> &[u32] {
        &self.dictionary().codes
    }

    /// The distinct values by code; the first is the empty one.
    pub fn distinct(&self) -> &[ValueId] {
        &self.dictionary().distinct
    }

    /// The id of the value in row `row` of the table (counted from 0 at the first data row).
    pub fn id(&self, row: usize) -> ValueId {
        self.ids.get(row).copied().unwrap_or(ValueId::EMPTY)
    }

    fn dictionary(&self) -> &Dictionary {
        self.dictionary.get_or_init(|| Dictionary::of(&self.ids))
    }

    /// Runs `parse` once per distinct value; the result is indexed by code.
    pub fn map_distinct<T>(
        &self,
        values: &Values,
        mut parse: impl FnMut(super::Value<'_>) -> T,
    ) -> Vec<T> {
        self.distinct()
            .iter()
            .map(|&id| parse(values.get(id)))
            .collect()
    }
}

impl Dictionary {
    fn of(ids: &[ValueId]) -> Self {
        let mut distinct = vec![ValueId::EMPTY];
        let mut code_of: [Vec<u32>; 8] = Default::default();
        let code = |&id: &ValueId| {
            if id.is_empty() {
                return EMPTY_CODE;
            }
            let (kind, position) = id.parts();
            let known = &mut code_of[kind];
            if known.len() <= position {
                known.resize((position + 1).max(known.len() * 2), EMPTY_CODE);
            }
            if known[position] == EMPTY_CODE {
                known[position] = distinct.len() as u32;
                distinct.push(id);
            }
            known[position]
        };
        let codes = ids.iter().map(code).collect();
        Self { codes, distinct }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_kept_once() -> Result<(), super::super::Full> {
        let mut values = Values::default();
        let (a, b) = (values.add_text("A")?, values.add_text("B")?);
        let column = Column::new(
            0,
            "线索等级".into(),
            Some(Field::Grade),
            vec![a, ValueId::EMPTY, b, a],
        );
        assert_eq!(column.codes(), [1, 0, 2, 1]);
        assert_eq!(column.distinct(), [ValueId::EMPTY, a, b]);
        assert_eq!(
            column.map_distinct(&values, |value| value.display()),
            ["", "A", "B"]
        );
        Ok(())
    }
}
