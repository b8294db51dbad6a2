//! Templates: what well-known follow-up tables look like, as data, and how a sheet is recognised as one of them.

#[cfg(test)]
mod ambiguous;
mod colour;
mod definition;
mod evidence;
mod extract;
mod fit;
mod form;
mod header;
mod heading_row;
#[cfg(test)]
mod layouts;
mod meaning;
#[cfg(test)]
mod properties;
mod recognise;
mod schema;
mod soundness;

pub use colour::RowColour;
pub use definition::{
    BannerDefinition, ColumnDefinition, GroupDefinition, Instruction, TemplateDefinition, Templates,
};
pub(crate) use extract::extract;
pub(crate) use form::extract as extract_form;
pub use form::{FormColumn, FormDefinition, FormLayout};
pub use recognise::{Layout, LayoutColumn, Recognised, recognise};
pub use schema::TEMPLATE_SCHEMA;
pub use soundness::{DefinitionFlaw, TemplateError};
