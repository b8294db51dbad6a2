//! One file a format. The JSON and CSV shapes are promises; the rest is for eyes.

pub(crate) mod convert;
pub(crate) mod csv;
pub(crate) mod due;
mod excerpt;
pub(crate) mod figures;
pub(crate) mod findings;
pub(crate) mod fixes;
pub(crate) mod html;
pub(crate) mod ics;
pub(crate) mod json;
pub(crate) mod sarif;
pub(crate) mod sql;
mod svg;
pub(crate) mod text;
