//! Templates: what well-known follow-up tables look like, as data, and how a sheet is recognised as one of them.

mod colour;
mod definition;
mod extract;
mod header;
mod recognise;

pub use colour::RowColour;
pub use definition::{
    BannerDefinition, ColumnDefinition, Instruction, TemplateDefinition, TemplateError, Templates,
};
pub(crate) use extract::extract;
pub use recognise::{Layout, LayoutColumn, Recognised, recognise};
