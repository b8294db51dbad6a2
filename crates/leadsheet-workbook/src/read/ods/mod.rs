//! `.ods` and `.fods`: `OpenDocument` spreadsheets (ODF 1.3 part 3), read as a stream.
//!
//! calamine reads `.ods` too and is the oracle in the tests, but it lays sheets out dense, and merged cells,
//! percentages and number formats are not in its answers.

mod format;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use self::format::Styles;
use self::table::read_content;
use self::xml::{Item, Xml};
use super::parts::Parts;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sheet::Workbook;

/// Reads a package.
///
/// # Errors
/// Where there is no spreadsheet in it, or where it is encrypted or passes a limit. Anything less is a notice.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let mut parts = Parts::open(bytes, limits)?;
    if is_encrypted(&mut parts, limits)? {
        return Err(ReadError::Encrypted);
    }
    let mut styles = Styles::default();
    // Styles of the whole document, which those of the content build upon.
    if let Some(part) = parts.part("styles.xml")? {
        let mut xml = Xml::new(part, "styles.xml", limits);
        while let Some(item) = xml.next()? {
            styles.take(&item);
        }
    }
    let Some(part) = parts.part("content.xml")? else {
        return Err(ReadError::Damaged {
            part: "content.xml".into(),
            reason: "the part is missing".into(),
        });
    };
    read_content(Xml::new(part, "content.xml", limits), styles, limits)
}

/// Reads a flat document, one XML file that holds what the parts of a package do.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_flat(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    read_content(
        Xml::new(bytes, "document", limits),
        Styles::default(),
        limits,
    )
}

/// Whether the manifest says how to decrypt anything.
fn is_encrypted(parts: &mut Parts<'_>, limits: &Limits) -> Result<bool, ReadError> {
    let Some(part) = parts.part("META-INF/manifest.xml")? else {
        return Ok(false);
    };
    let mut xml = Xml::new(part, "META-INF/manifest.xml", limits);
    while let Some(item) = xml.next()? {
        if matches!(item, Item::Start(tag) if tag.name() == "manifest:encryption-data") {
            return Ok(true);
        }
    }
    Ok(false)
}
