//! A large part looked over tag by tag while it is unpacked, each with its place in the part's bytes.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::error::{Obstacle, PatchError};
use super::xml::Tag;
use crate::error::ReadError;

/// The longest tag or text: a cell holds 32,767 characters, each at most in a run of its own.
const LONGEST_PIECE: usize = 64 << 20;

/// A tag and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelled {
    pub(super) at: u64,
    pub(super) end: u64,
    /// What stands between the brackets, without the slash of an empty element.
    pub(super) tag: String,
    pub(super) empty: bool,
}

impl Spelled {
    pub(super) fn tag(&self) -> Tag<'_> {
        Tag(&self.tag)
    }
}

/// A tag that was met.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tagged<'e> {
    Start(Element<'e>),
    /// The end of an element at so many levels below the document.
    End {
        depth: usize,
        at: u64,
        end: u64,
    },
}

/// A start tag while it is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'e> {
    pub(super) tag: Tag<'e>,
    /// How many elements it is in.
    pub(super) depth: usize,
    pub(super) at: u64,
    pub(super) end: u64,
    pub(super) empty: bool,
}

impl Element<'_> {
    pub(super) fn spelled(self) -> Spelled {
        Spelled {
            at: self.at,
            end: self.end,
            tag: self.tag.0.to_owned(),
            empty: self.empty,
        }
    }
}

/// Shows every tag of a part to `visit`. `name` is what the part is called in refusals.
///
/// # Errors
/// [`PatchError`] where the part cannot be read to its end, is not well-formed, or `visit` refuses it.
pub(super) fn walk(
    source: impl BufRead,
    name: &str,
    mut visit: impl FnMut(Tagged<'_>) -> Result<(), PatchError>,
) -> Result<(), PatchError> {
    let (source, bom) = without_bom(source).map_err(reading)?;
    let Some(bom) = bom else {
        return Err(PatchError::refused(name, Obstacle::Encoding));
    };
    let mut reader = Reader::from_reader(Bounded::new(source));
    let mut buffer = Vec::new();
    let mut depth = 0;
    let mut begun = false;
    loop {
        buffer.clear();
        let at = bom + reader.buffer_position();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => {
                let shared = |error: Arc<io::Error>| error.kind().into();
                return Err(reading(Arc::try_unwrap(error).unwrap_or_else(shared)));
            }
            Err(quick_xml::Error::Encoding(_)) => {
                return Err(PatchError::refused(name, Obstacle::Encoding));
            }
            Err(_) => return Err(PatchError::refused(name, Obstacle::IllFormed)),
        };
        let end = bom + reader.buffer_position();
        let (start, empty) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                depth -= 1;
                visit(Tagged::End { depth, at, end })?;
                reader.get_mut().refill();
                continue;
            }
            Event::DocType(_) => {
                return Err(PatchError::Read(ReadError::Doctype(name.to_owned())));
            }
            Event::Eof if begun && depth == 0 => return Ok(()),
            Event::Eof => return Err(PatchError::refused(name, Obstacle::IllFormed)),
            _ => continue,
        };
        begun = true;
        visit(Tagged::Start(Element {
            tag: Tag(start),
            depth,
            at,
            end,
            empty,
        }))?;
        depth += usize::from(!empty);
        reader.get_mut().refill();
    }
}

pub(super) fn reading(error: io::Error) -> PatchError {
    match PatchError::of_io(error) {
        PatchError::Write(error) => PatchError::Read(error.into()),
        error => error,
    }
}

/// The source behind its byte order mark and the mark's length; `None` for a length where the text is not UTF-8.
pub(super) fn without_bom(mut source: impl BufRead) -> io::Result<(impl BufRead, Option<u64>)> {
    let mut head = Vec::new();
    source.by_ref().take(3).read_to_end(&mut head)?;
    let bom = match head.first_chunk() {
        Some(b"\xEF\xBB") if head.ends_with(b"\xBF") => Some(3),
        Some([0xFF, 0xFE] | [0xFE, 0xFF]) => None,
        _ => Some(0),
    };
    if bom == Some(3) {
        head.clear();
    }
    Ok((io::Cursor::new(head).chain(source), bom))
}

/// Refuses to give more than one tag or text of an honest sheet needs, so that none fills the memory.
pub(super) struct Bounded<R> {
    source: R,
    left: usize,
}

impl<R: BufRead> Bounded<R> {
    pub(super) const fn new(source: R) -> Self {
        Self {
            source,
            left: LONGEST_PIECE,
        }
    }

    pub(super) const fn refill(&mut self) {
        self.left = LONGEST_PIECE;
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(room)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(ReadError::Limit {
                part: String::new(),
                limit: "unpacked_bytes",
                maximum: LONGEST_PIECE as u64,
            }));
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.source.consume(amount);
    }
}
