//! Parts that hold no text that can be looked into: pictures, macros, other documents. They are emptied or left out, and
//! named.

use std::io::Read as _;

use crate::patch::error::{Obstacle, PatchError};
use crate::patch::package::Package;
use crate::patch::undo;

/// Something that is not in the masked file, or is there without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it was.
    pub kind: LeftOutKind,
    /// The part of the package, or the stream of the compound file.
    pub place: String,
}

/// What cannot be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LeftOutKind {
    /// A picture; a grey field is in its place.
    Picture,
    /// Macros and what belongs to them.
    Macros,
    /// What a printer remembers, its name and that of its network included.
    Printer,
    /// A document or object inside the workbook; its frame stays.
    Embedded,
    /// A digital signature, which masking breaks, with the signer's certificate.
    Signature,
    /// What leadsheet needs to take its marks out again: the texts as they were.
    Undo,
    /// What an `.xls` says of itself: title, author, firm.
    Properties,
    /// Queries with their data, packed.
    Query,
    /// Something that nobody knows how to read.
    Unknown,
}

impl LeftOutKind {
    /// The word for it in the message catalogue and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            LeftOutKind::Picture => "picture",
            LeftOutKind::Macros => "macros",
            LeftOutKind::Printer => "printer",
            LeftOutKind::Embedded => "embedded",
            LeftOutKind::Signature => "signature",
            LeftOutKind::Undo => "undo",
            LeftOutKind::Properties => "properties",
            LeftOutKind::Query => "query",
            LeftOutKind::Unknown => "unknown",
        }
    }
}

/// What becomes of a part.
pub(super) enum Fate {
    /// It is text.
    LookedOver,
    Dropped(LeftOutKind),
    /// Its content gives way to what says nothing.
    Replaced(LeftOutKind, Vec<u8>),
    Refused(Obstacle),
}

/// One grey pixel (PNG). Programs tell pictures by their bytes, whatever the part is called.
pub(in crate::patch) const GREY: [u8; 67] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B,
    0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0xB8, 0x00, 0x00, 0x00,
    0xD2, 0x00, 0xD1, 0x76, 0x51, 0x74, 0x3A, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
];
/// The same as a drawing (SVG).
const GREY_DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><rect width=\"1\" height=\"1\" fill=\"#d0d0d0\"/></svg>";

const PICTURES: [&str; 16] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "tif", "tiff", "emf", "wmf", "emz",
    "wmz", "webp", "wdp",
];

/// What becomes of a part, by its name and first bytes.
pub(super) fn fate(package: &mut Package, part: usize, name: &str) -> Result<Fate, PatchError> {
    let name = name.to_lowercase();
    let extension = name.rsplit('.').next().unwrap_or_default();
    if name == undo::NAME {
        return Ok(Fate::Dropped(LeftOutKind::Undo));
    }
    if name.starts_with("_xmlsignatures/") {
        let is_holder = extension == "rels";
        return Ok(if is_holder {
            Fate::LookedOver
        } else {
            Fate::Dropped(LeftOutKind::Signature)
        });
    }
    if PICTURES.contains(&extension) {
        return Ok(Fate::Replaced(LeftOutKind::Picture, GREY.to_vec()));
    }
    if extension == "svg" {
        return Ok(Fate::Replaced(LeftOutKind::Picture, GREY_DRAWING.into()));
    }
    if name.contains("vbaproject") || name.contains("vbadata") {
        return Ok(Fate::Dropped(LeftOutKind::Macros));
    }
    if name.contains("printersettings") {
        return Ok(Fate::Dropped(LeftOutKind::Printer));
    }
    if name.contains("/embeddings/") {
        return Ok(Fate::Replaced(
            LeftOutKind::Embedded,
            empty_object().map_err(PatchError::Write)?,
        ));
    }
    if name.contains("/model/") {
        return Ok(Fate::Refused(Obstacle::DataModel));
    }
    if extension == "rels" {
        return Ok(Fate::LookedOver);
    }
    let mut head = Vec::new();
    package
        .stream(part)?
        .take(1 << 16)
        .read_to_end(&mut head)
        .map_err(PatchError::of_io)?;
    if !is_text(&head) {
        return Ok(if name.contains("activex") {
            Fate::Dropped(LeftOutKind::Embedded)
        } else {
            Fate::Dropped(LeftOutKind::Unknown)
        });
    }
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    if name.contains("customxml/") && memchr::memmem::find(&plain, b"DataMashup").is_some() {
        return Ok(Fate::Dropped(LeftOutKind::Query));
    }
    Ok(Fate::LookedOver)
}

/// Whether a part begins as XML does, or is empty.
fn is_text(head: &[u8]) -> bool {
    if matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return true;
    }
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, None | Some(b'<'))
}

/// A compound file with nothing in it.
fn empty_object() -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new()))?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
