//! One column of a table as a dictionary: each distinct value once, and a code per row.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::codes::Codes;
use super::values::{Full, Value, ValueId, Values};
use crate::field::Field;
use crate::place::CellRef;

/// A column: what its heading says, what that means, and its values.
///
/// Equal codes are equal values. Code 0 is the empty cell. The dictionary is made when it is first asked for: a report
/// looks at five columns of a table, whatever else the team writes down.
#[derive(Clone, Debug)]
pub struct Column {
    /// Position in the sheet, counted from 0 (`A`); of values that stand all over a form, that of the first.
    pub index: u32,
    /// The heading as the sheet spells it; of a two-row heading, the lower one.
    pub header: String,
    /// What the heading means; `None` for a column nobody knows, which is kept all the same.
    pub field: Option<Field>,
    /// Whether the template wants a value in every row.
    pub required: bool,
    len: usize,
    /// By row; empty once the dictionary alone is kept.
    ids: Vec<ValueId>,
    /// By row, where cells hold something else than what is read from them; else empty.
    stored: Vec<ValueId>,
    place: Place,
    dictionary: OnceLock<Dictionary>,
}

#[derive(Clone, Debug)]
struct Dictionary {
    codes: Codes,
    distinct: Vec<ValueId>,
    /// By code, where cells hold something else than what is read from them; else empty.
    stored: Vec<ValueId>,
}

/// Where the values of a column stand.
#[derive(Clone, Debug, Default)]
enum Place {
    /// Below each other, in the rows of the table.
    #[default]
    Below,
    /// All in one cell: a value of the sheet's head that holds for every row.
    One(CellRef),
    /// Each in a cell of its own, by row.
    Each(Vec<CellRef>),
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
            len: ids.len(),
            ids,
            stored: Vec::new(),
            place: Place::Below,
            dictionary: OnceLock::new(),
        }
    }

    /// A column whose rows all take their value from one cell.
    #[must_use]
    pub fn standing_in(mut self, cell: CellRef) -> Self {
        self.place = Place::One(cell);
        self
    }

    /// A column whose values stand in these cells, one a row; where one is missing the rows of the table count.
    #[must_use]
    pub fn standing_at(mut self, cells: Vec<CellRef>) -> Self {
        self.place = Place::Each(cells);
        self
    }

    /// Reads texts otherwise than as they stand: where `read` gives a text, that is the value from now on (an empty
    /// one is the empty cell), and what the cells hold stays in [`Column::stored`].
    ///
    /// # Errors
    /// [`Full`]
    pub fn read_as(
        &mut self,
        values: &mut Values,
        mut read: impl FnMut(&str) -> Option<String>,
    ) -> Result<(), Full> {
        let mut readings = self.distinct().to_vec();
        let mut is_any = false;
        for id in &mut readings {
            let Some(said) = values.get(*id).as_text().and_then(&mut read) else {
                continue;
            };
            is_any = true;
            *id = match said.as_str() {
                "" => ValueId::EMPTY,
                said => values.add(Value::Text(said))?,
            };
        }
        if is_any {
            let codes = self.codes().iter();
            let ids = codes.map(|code| readings[code as usize]).collect();
            if self.stored.is_empty() {
                self.stored = (0..self.len).map(|row| self.id(row)).collect();
            }
            self.ids = ids;
            self.dictionary = OnceLock::new();
        }
        Ok(())
    }

    /// Says what the cells hold, one id a row, where it is not what was read from them.
    ///
    /// # Panics
    /// Where there is not one id per row.
    #[must_use]
    pub fn stored_as(mut self, ids: &[ValueId]) -> Self {
        assert_eq!(ids.len(), self.len, "one stored value per row");
        if self.ids.is_empty() {
            self.ids = (0..self.len).map(|row| self.id(row)).collect();
        }
        self.stored = ids.to_vec();
        self.dictionary = OnceLock::new();
        self
    }

    /// Where the value of row `row` stands, if not in the row of the table.
    pub(crate) fn own_cell(&self, row: usize) -> Option<CellRef> {
        match &self.place {
            Place::Below => None,
            Place::One(cell) => Some(*cell),
            Place::Each(cells) => cells.get(row).copied(),
        }
    }

    /// Whether a value of the column stands in this cell. Of a column below its heading every cell counts.
    pub(crate) fn stands_in(&self, cell: CellRef) -> bool {
        match &self.place {
            Place::Below => self.index == cell.column,
            Place::One(own) => *own == cell,
            Place::Each(cells) => cells.contains(&cell),
        }
    }

    /// Whether all rows take their value from one cell, so that what is wrong with it is wrong once.
    pub(crate) const fn is_carried(&self) -> bool {
        matches!(self.place, Place::One(_))
    }

    /// Whether values stand elsewhere than below each other.
    pub(crate) const fn is_placed(&self) -> bool {
        !matches!(self.place, Place::Below)
    }

    /// What the cell of row `row` holds; mostly that is its value.
    pub fn stored(&self, row: usize) -> ValueId {
        match self.stored.get(row) {
            Some(&stored) => stored,
            None => self.id(row),
        }
    }

    /// What the cells of each distinct value hold, by code.
    pub fn stored_distinct(&self) -> &[ValueId] {
        let dictionary = self.dictionary();
        if dictionary.stored.is_empty() {
            &dictionary.distinct
        } else {
            &dictionary.stored
        }
    }

    /// How many rows it has.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no row.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The code of each row, in row order.
    pub fn codes(&self) -> &Codes {
        &self.dictionary().codes
    }

    /// The code of one row.
    ///
    /// # Panics
    /// Where the column has no such row.
    #[inline]
    pub fn code(&self, row: usize) -> u32 {
        self.dictionary().codes.get(row)
    }

    /// Keeps the dictionary and the codes alone, which mostly take a quarter of the room.
    pub fn settle(&mut self) {
        self.dictionary();
        self.ids = Vec::new();
    }

    /// Forgets what its cells say, all but which of them are filled (`blank` ones are not): a byte a row is kept, and
    /// `left_out` stands for each value. A column that is placed otherwise than below its heading stays as it is.
    pub(super) fn leave_out(&mut self, left_out: ValueId, blank: &HashSet<ValueId>) {
        if self.is_placed() || !self.stored.is_empty() || self.ids.is_empty() {
            return;
        }
        let is_filled = |id: &ValueId| !id.is_empty() && !blank.contains(id);
        let codes = self.ids.iter().map(|id| u8::from(is_filled(id))).collect();
        self.ids = Vec::new();
        let dictionary = Dictionary {
            codes: Codes::of_bytes(codes),
            distinct: vec![ValueId::EMPTY, left_out],
            stored: Vec::new(),
        };
        self.dictionary = OnceLock::from(dictionary);
    }

    /// Whether the dictionary was asked for.
    pub(super) fn has_dictionary(&self) -> bool {
        self.dictionary.get().is_some()
    }

    /// The distinct values by code; the first is the empty one.
    pub fn distinct(&self) -> &[ValueId] {
        &self.dictionary().distinct
    }

    /// The id of the value in row `row` of the table (counted from 0 at the first data row).
    pub fn id(&self, row: usize) -> ValueId {
        // Codes take less room than ids, and whoever shows a value has mostly just asked for its code.
        match self.dictionary.get() {
            Some(dictionary) if row < self.len => {
                dictionary.distinct[dictionary.codes.get(row) as usize]
            }
            _ => self.ids.get(row).copied().unwrap_or_default(),
        }
    }

    fn dictionary(&self) -> &Dictionary {
        self.dictionary
            .get_or_init(|| Dictionary::of(&self.ids, &self.stored))
    }

    /// Runs `parse` once per distinct value; the result is indexed by code.
    pub fn map_distinct<T>(
        &self,
        values: &Values,
        parse: impl FnMut(super::Value<'_>) -> T,
    ) -> Vec<T> {
        let mut parsed = Vec::with_capacity(self.distinct().len());
        parsed.extend(values.each(self.distinct()).map(parse));
        parsed
    }
}

impl Dictionary {
    fn of(ids: &[ValueId], stored: &[ValueId]) -> Self {
        if !stored.is_empty() {
            return Self::of_pairs(ids, stored);
        }
        let extent =
            ValueId::extent(ids).map(|(least, greatest)| (least.parts(), greatest.parts()));
        if let Some(((kind, least), (other, greatest))) = extent
            && kind == other
        {
            return Self::of_one_kind(ids, least, greatest);
        }
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
        let codes = Codes::of_each(ids.iter().map(code));
        Self {
            codes,
            distinct,
            stored: Vec::new(),
        }
    }

    /// Nearly always all values of a column are of one kind, here from `least` to `greatest`.
    fn of_one_kind(ids: &[ValueId], least: usize, greatest: usize) -> Self {
        let mut distinct = vec![ValueId::EMPTY];
        let mut code_of = vec![EMPTY_CODE; greatest - least + 1];
        let code = |&id: &ValueId| {
            if id.is_empty() {
                return EMPTY_CODE;
            }
            let known = &mut code_of[id.parts().1 - least];
            if *known == EMPTY_CODE {
                *known = distinct.len() as u32;
                distinct.push(id);
            }
            *known
        };
        let codes = Codes::of_each(ids.iter().map(code));
        Self {
            codes,
            distinct,
            stored: Vec::new(),
        }
    }

    /// Two cells that say the same may hold different things: then each gets a code of its own.
    fn of_pairs(ids: &[ValueId], stored: &[ValueId]) -> Self {
        let empty = (ValueId::EMPTY, ValueId::EMPTY);
        let mut pairs = vec![empty];
        let mut code_of = HashMap::from([(empty, EMPTY_CODE)]);
        let code = |(&id, &stored): (&ValueId, &ValueId)| {
            *code_of.entry((id, stored)).or_insert_with(|| {
                pairs.push((id, stored));
                pairs.len() as u32 - 1
            })
        };
        let codes = Codes::of_each(ids.iter().zip(stored).map(code));
        let (distinct, stored): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Self {
            codes,
            distinct,
            stored,
        }
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
        assert!(column.codes().iter().eq([1, 0, 2, 1]));
        assert_eq!(column.distinct(), [ValueId::EMPTY, a, b]);
        assert_eq!(
            column.map_distinct(&values, |value| value.display()),
            ["", "A", "B"]
        );
        Ok(())
    }

    #[test]
    fn what_a_cell_holds_stays_beside_what_it_says() -> Result<(), super::super::Full> {
        let mut values = Values::default();
        let ids = ["□A ☑B", "C", "□A □B"].map(|text| values.add(Value::Text(text)));
        let [ticked, plain, blank] = [ids[0]?, ids[1]?, ids[2]?];
        let mut column = Column::new(3, "类别".into(), None, vec![ticked, plain, blank]);
        column.read_as(&mut values, crate::value::ticked)?;
        let said = |row| values.get(column.id(row)).display();
        assert_eq!([said(0), said(1), said(2)], ["B", "C", ""]);
        assert_eq!(
            [0, 1, 2].map(|row| column.stored(row)),
            [ticked, plain, blank]
        );
        Ok(())
    }

    #[test]
    fn equal_values_of_different_cells_keep_what_each_cell_holds() -> Result<(), super::super::Full>
    {
        let mut values = Values::default();
        let said = values.add_text("李雷")?;
        let (one, other) = (values.add_text("跟进人：李雷")?, values.add_text("李雷 ")?);
        let empty = ValueId::EMPTY;
        let column = Column::new(0, "跟进人".into(), None, vec![said, empty, said])
            .stored_as(&[one, empty, other]);
        assert_eq!([0, 1, 2].map(|row| column.id(row)), [said, empty, said]);
        assert_eq!([0, 1, 2].map(|row| column.stored(row)), [one, empty, other]);
        assert_eq!(column.code(1), EMPTY_CODE);
        Ok(())
    }
}
