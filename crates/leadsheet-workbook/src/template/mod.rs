//! Templates: what well-known follow-up tables look like, as data, and how a sheet is recognised as one of them.

mod definition;
mod evidence;
mod extract;
mod fit;
mod header;
mod heading_row;
mod meaning;
mod recognise;
mod soundness;

pub use definition::{
    BannerDefinition, ColumnDefinition, GroupDefinition, TemplateDefinition, Templates,
};
pub(crate) use extract::extract;
pub use recognise::{Layout, LayoutColumn, Recognised, recognise};
pub use soundness::{DefinitionFlaw, TemplateError};
