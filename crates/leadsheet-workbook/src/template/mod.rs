//! Templates: what well-known follow-up tables look like, as data, and how a sheet is recognised as one of them.

#[cfg(test)]
mod ambiguous;
mod colour;
mod definition;
mod evidence;
mod extract;
mod fit;
mod header;
mod heading_row;
#[cfg(test)]
mod layouts;
mod meaning;
mod recognise;
mod soundness;

pub use colour::RowColour;
pub use definition::{
    BannerDefinition, ColumnDefinition, GroupDefinition, Instruction, TemplateDefinition, Templates,
};
pub(crate) use extract::extract;
pub use recognise::{Layout, LayoutColumn, Recognised, recognise};
pub use soundness::{DefinitionFlaw, TemplateError};
