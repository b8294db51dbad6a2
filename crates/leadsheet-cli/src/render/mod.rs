//! One file a format. The JSON and CSV shapes are promises; the text is for eyes.

pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod text;
