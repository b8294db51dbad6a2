//! Forms: sheets in which a label stands beside or above each value, with blocks that are filled in anew for every
//! follow-up, or a record area below the head. A definition says what is asked where; nothing here knows a template.

mod boxes;
mod extract;
mod filling;
mod head;
mod judge;
mod labels;
mod layout;
mod records;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
mod values;
mod words;

use leadsheet_core::Field;
use serde::{Deserialize, Serialize};

pub(crate) use boxes::Boxes;
pub(crate) use extract::{extract, take};
pub(crate) use head::{HeadValue, head_values};
pub use layout::{FormColumn, FormLayout};
pub(crate) use layout::{FormFit, lay_out};
use values::Said;

/// What a template looks like where it is no flat table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct FormDefinition {
    /// What stands once a sheet, in the head of a form or above a flat table. It holds for every row.
    pub head: Vec<Field>,
    /// What is asked anew in every block.
    pub block: Vec<Field>,
    /// What the record area holds: each talk in it is a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Field>,
    /// Labels of values that have no field; each becomes a column of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

impl FormDefinition {
    /// Whether sheets are read as forms, rather than only what stands above their tables.
    fn has_records(&self) -> bool {
        !self.block.is_empty() || self.log.is_some()
    }
}
