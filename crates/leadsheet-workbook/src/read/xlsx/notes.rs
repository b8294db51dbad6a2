//! Notes on cells, old ones and threads of comments: of each only what it asks to let stand is kept. A package without
//! notes is not looked at for any.

use std::io::{BufRead, Seek};

use leadsheet_core::{CellRef, Excuse};

use super::inflate::{self, End};
use super::notices::Notices;
use super::package::{Depth, Package};
use super::xml::{self, Event, Refusal, Scanner};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::NoticeKind;

/// Bytes of text kept of one note; a cell holds a tenth of it.
const LONGEST: usize = 1 << 18;
/// The longest part of notes that is read.
const LONGEST_PART: u64 = 128 << 20;

/// What the notes of each sheet let stand, by the sheets' parts. What cannot be read becomes a notice.
///
/// # Errors
/// [`ReadError::Io`] where the file itself cannot be read.
pub(super) fn excuses<R: BufRead + Seek>(
    package: &mut Package<R>,
    sheets: impl Iterator<Item = usize>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Vec<Vec<Excuse>>, ReadError> {
    let is_note = |name: &str| {
        let mut pieces = name.as_bytes().windows(b"comment".len());
        pieces.any(|piece| piece.eq_ignore_ascii_case(b"comment"))
    };
    if package.find_by(is_note).is_none() {
        return Ok(Vec::new());
    }
    let mut excuses = Vec::new();
    for sheet in sheets {
        let mut of_sheet = Notes::new(limits);
        let name = package.part_name(sheet).to_owned();
        let related = package.relationships(&name).or_else(told(notices))?;
        for one in related {
            let (true, Some(part)) = (
                matches!(&*one.kind, "comments" | "threadedComment"),
                one.part,
            ) else {
                continue;
            };
            let end = of_sheet.read(package, part).map(|end| match end {
                End::Whole => Vec::new(),
                End::Broken(why) => vec![why],
            });
            let broken: Vec<String> = end.or_else(told(notices))?;
            for why in broken {
                let part = package.part_name(part);
                notices.add(None, NoticeKind::Other(format!("{part}: {why}")));
            }
        }
        excuses.push(of_sheet.excuses);
    }
    Ok(excuses)
}

/// Notes that cannot be read are no reason not to read the cells.
fn told<T: Default>(notices: &mut Notices) -> impl FnMut(ReadError) -> Result<T, ReadError> {
    |error| match error {
        ReadError::Io(_) => Err(error),
        error => {
            notices.add(None, NoticeKind::Other(error.to_string()));
            Ok(T::default())
        }
    }
}

/// A part of notes while it is read.
struct Notes {
    excuses: Vec<Excuse>,
    depth: Depth,
    cell: Option<CellRef>,
    text: String,
    /// Whether what comes is text of the note, and not its author's name or a pronunciation.
    is_in_text: bool,
}

impl Notes {
    fn new(limits: &Limits) -> Self {
        Self {
            excuses: Vec::new(),
            depth: Depth::new(limits.depth),
            cell: None,
            text: String::new(),
            is_in_text: false,
        }
    }

    fn read<R: BufRead + Seek>(
        &mut self,
        package: &mut Package<R>,
        part: usize,
    ) -> Result<End, ReadError> {
        let name = package.part_name(part).to_owned();
        let mut length = 0;
        self.depth.now = 0;
        inflate::feed(package, (part, &name), &|_| (), |window, last| {
            let mut scanner = Scanner::new(window, last);
            while let Some(event) = scanner.next()? {
                self.take(event);
                self.depth.follow(event)?;
            }
            length += scanner.at() as u64;
            if length > LONGEST_PART {
                return Err(Refusal::Limit("unpacked_bytes", LONGEST_PART));
            }
            Ok(scanner.at())
        })
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start {
                name: b"comment" | b"threadedComment",
                attributes,
                empty: false,
            } => {
                let cell = attributes.text(b"ref");
                self.cell = cell.and_then(|cell| cell.parse().ok());
                self.text.clear();
            }
            Event::Start {
                name: b"t" | b"text",
                empty: false,
                ..
            } => self.is_in_text = true,
            Event::Start { name: b"rPh", .. }
            | Event::End {
                name: b"t" | b"text",
            } => {
                self.is_in_text = false;
            }
            Event::End {
                name: b"comment" | b"threadedComment",
            } => {
                xml::resolve_escapes(&mut self.text, 0);
                let excuse = self
                    .cell
                    .take()
                    .and_then(|cell| Excuse::parse(cell, &self.text));
                self.excuses.extend(excuse);
            }
            Event::Text(raw) if self.is_listening() => {
                xml::unescape(raw, &mut self.text);
            }
            Event::CData(raw) if self.is_listening() => {
                xml::append(raw, &mut self.text);
            }
            _ => {}
        }
    }

    fn is_listening(&self) -> bool {
        self.is_in_text && self.cell.is_some() && self.text.len() < LONGEST
    }
}
