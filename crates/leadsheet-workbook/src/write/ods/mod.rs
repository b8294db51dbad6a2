//! Drafts as `.ods`, the OpenDocument spreadsheet (ODF 1.3 part 3), written as a stream.
//!
//! The records are our own: the crate for this format brings a hundred others, a parser generator and second versions
//! of the XML and zip crates along, keeps the whole document in memory, and knows neither rows in colours nor frozen
//! columns.

mod content;
mod format;
mod furniture;
mod styles;
mod xml;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use self::content::{Out, Table, prepare, table_style};
use self::furniture::{filters, settings, validations};
use self::styles::Styles;
pub(super) use self::xml::is_beyond_xml;
use super::draft::Draft;
use crate::error::WriteError;

const MIME_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
    xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
    xmlns:ooo=\"http://openoffice.org/2004/office\" \
    xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" \
    xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" \
    office:version=\"1.3\"";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

const FONTS: &str = "<office:font-face-decls><style:font-face style:name=\"Calibri\" \
    svg:font-family=\"Calibri\"/></office:font-face-decls>";

/// Writes drafts, a sheet each.
pub(super) fn compose(drafts: &[Draft<'_>]) -> Result<Vec<u8>, WriteError> {
    let empty = [Draft {
        name: "Sheet1".to_owned(),
        ..Draft::default()
    }];
    let drafts = if drafts.is_empty() { &empty } else { drafts };
    check_names(drafts)?;
    let failed = |error: zip::result::ZipError| WriteError::Compose(error.to_string());
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    // What tells the format apart stands first and unpacked (ODF 1.3 part 2 §3.3).
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().large_file(false);
    package.start_file("mimetype", plain).map_err(failed)?;
    put(&mut package, MIME_TYPE)?;

    let mut styles = Styles::default();
    for draft in drafts {
        prepare(draft, &mut styles);
    }
    let large = packed.large_file(drafts.iter().map(Draft::size).sum::<usize>() > LARGE);
    package.start_file("content.xml", large).map_err(failed)?;
    content(&mut package, drafts, &mut styles)?;

    let has_colours = drafts.iter().any(|draft| draft.row_colours.is_some());
    let document = styles.document(has_colours);
    let parts = [
        (
            "styles.xml",
            format!(
                "<office:document-styles {NAMESPACES}>{FONTS}{document}</office:document-styles>"
            ),
        ),
        (
            "settings.xml",
            format!(
                "<office:document-settings {NAMESPACES}>{}</office:document-settings>",
                settings(drafts)
            ),
        ),
        ("META-INF/manifest.xml", manifest()),
    ];
    for (name, part) in parts {
        package.start_file(name, packed).map_err(failed)?;
        put(&mut package, DECLARATION)?;
        put(&mut package, &part)?;
    }
    Ok(package.finish().map_err(failed)?.into_inner())
}

/// From this many cells on, a part may be longer than a plain zip archive can say.
const LARGE: usize = 10_000_000;

fn put(package: &mut ZipWriter<Cursor<Vec<u8>>>, text: &str) -> Result<(), WriteError> {
    let written = package.write_all(text.as_bytes());
    written.map_err(|error| WriteError::Compose(error.to_string()))
}

fn content(
    package: &mut ZipWriter<Cursor<Vec<u8>>>,
    drafts: &[Draft<'_>],
    styles: &mut Styles,
) -> Result<(), WriteError> {
    let tables: String = drafts
        .iter()
        .zip(1..)
        .map(|(draft, number)| {
            let page = styles.page(draft.page.as_ref());
            table_style(number, &page, draft.visibility)
        })
        .collect();
    let mut out = Out {
        text: format!(
            "{DECLARATION}<office:document-content {NAMESPACES}>{FONTS}<office:automatic-styles>\
             {tables}{}</office:automatic-styles><office:body><office:spreadsheet>{}",
            styles.automatic(),
            validations(drafts.iter())
        ),
        target: package,
    };
    let mut first_limit = 1;
    for (draft, number) in drafts.iter().zip(1..) {
        let mut table = Table {
            draft,
            styles,
            number,
            first_limit,
        };
        table.write(&mut out)?;
        first_limit += draft.limits.len();
    }
    out.text += &filters(drafts.iter());
    out.text += "</office:spreadsheet></office:body></office:document-content>";
    out.pack()
}

fn manifest() -> String {
    let entry = |path: &str, kind: &str| {
        format!(
            "<manifest:file-entry manifest:full-path=\"{path}\" manifest:media-type=\"{kind}\"/>"
        )
    };
    let parts = ["content.xml", "styles.xml", "settings.xml"].map(|part| entry(part, "text/xml"));
    format!(
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.3\">{}{}</manifest:manifest>",
        entry("/", MIME_TYPE),
        parts.concat()
    )
}

/// A sheet has a name, and no other has the same.
fn check_names(drafts: &[Draft<'_>]) -> Result<(), WriteError> {
    let mut known = std::collections::HashSet::new();
    for draft in drafts {
        let is_sound = !draft.name.is_empty()
            && !draft.name.contains(['[', ']', ':', '*', '?', '/', '\\'])
            && known.insert(draft.name.to_lowercase());
        if !is_sound {
            return Err(WriteError::BadSheetName(draft.name.clone()));
        }
    }
    Ok(())
}
