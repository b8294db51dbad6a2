//! What a question needs of a table, so that of a great file only that is read.

use crate::field::Field;

/// What stands in a cell that was not read because nobody needs what it says: something does.
pub const LEFT_OUT: &str = "…";

/// How much of a column is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Which of its cells are filled: by that rows are told from what is none, and full ones from incomplete ones.
    #[default]
    Presence,
    /// Texts that list several talks, and which other cells are filled.
    Lists,
    /// Its values, unless every row has a lead number that is unique wherever it turns up.
    Unnumbered,
    /// Its values.
    Values,
}

/// What a question needs of the columns of a table.
///
/// ```
/// use leadsheet_core::{Field, Need, Needs};
/// let mut needs = Needs::default();
/// needs.add(Field::Stage, Need::Values);
/// needs.add(Field::Stage, Need::Lists);
/// assert_eq!(needs.of(Field::Stage), Need::Values);
/// assert_eq!(needs.of(Field::Remark), Need::Presence);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// By field.
    of_field: Vec<Need>,
}

impl Default for Needs {
    /// Nothing but where cells are filled.
    fn default() -> Self {
        Self {
            of_field: vec![Need::Presence; Field::ALL.len()],
        }
    }
}

impl Needs {
    /// Of a column with this meaning, so much is needed too.
    pub fn add(&mut self, field: Field, need: Need) {
        let known = &mut self.of_field[field.index()];
        *known = (*known).max(need);
    }

    /// How much is needed of a column with this meaning.
    pub fn of(&self, field: Field) -> Need {
        self.of_field[field.index()]
    }
}
