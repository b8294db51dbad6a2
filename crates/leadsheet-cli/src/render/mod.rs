//! One file a format. The JSON and CSV shapes are promises; the rest is for eyes.

pub(crate) mod csv;
pub(crate) mod due;
pub(crate) mod figures;
pub(crate) mod fixes;
pub(crate) mod html;
pub(crate) mod ics;
pub(crate) mod json;
mod svg;
pub(crate) mod text;
