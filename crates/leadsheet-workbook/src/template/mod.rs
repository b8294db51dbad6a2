//! Templates: what well-known follow-up tables look like, as data, and how a sheet is recognised as one of them.

mod definition;
mod extract;
mod header;
mod recognise;

pub use definition::{
    BannerDefinition, ColumnDefinition, TemplateDefinition, TemplateError, Templates,
};
pub(crate) use extract::extract;
pub use recognise::{Layout, LayoutColumn, Recognised, recognise};
