//! The shared strings of a workbook: every distinct text once, in one buffer.

use leadsheet_core::Texts;

use super::package::Depth;
use super::xml::{self, Event, Frame, PlainText, Refusal, Scanner};
use crate::limits::Limits;

/// The most characters a cell can hold, counted as Excel counts them: UTF-16 units.
pub(super) const LONGEST_TEXT: usize = 32_767;

/// Bytes that a short text takes with its tags.
const BYTES_A_TEXT: usize = 40;

/// What is odd about one of the strings; said of each cell that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// So many characters.
    TooLong(usize),
    /// Bytes that are no text.
    BadEncoding,
}

/// The strings while they are read.
#[derive(Debug)]
pub(super) struct SharedStrings {
    pub(super) texts: Texts,
    /// Position and oddity, by position.
    pub(super) odd: Vec<(u32, Oddity)>,
    depth: Depth,
    most: u64,
    text: String,
}

impl SharedStrings {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            texts: Texts::new(),
            odd: Vec::new(),
            depth: Depth::new(limits.depth),
            most: limits.strings,
            text: String::new(),
        }
    }

    /// Reads the strings that are whole in the window; says where the rest begins.
    pub(super) fn consume(&mut self, window: &[u8], last: bool) -> Result<usize, Refusal> {
        let mut scanner = Scanner::new(window, last);
        let texts = PlainText::of(window);
        if self.texts.is_empty() {
            self.texts = Texts::with_capacity(window.len() / 4 * 3, window.len() / BYTES_A_TEXT);
        }
        loop {
            scanner.go_to(self.plain_items(window, texts, scanner.at())?);
            let before = scanner.at();
            let Some(event) = scanner.next_tag()? else {
                return Ok(scanner.at());
            };
            match event {
                Event::Start {
                    name: b"si" | b"sstItem",
                    empty: true,
                    ..
                } => {
                    self.text.clear();
                    self.keep(true)?;
                }
                // Beta versions of Excel 2007 spelled it out.
                Event::Start {
                    name: b"si" | b"sstItem",
                    ..
                } => {
                    self.text.clear();
                    match rich_text(&mut scanner, &mut self.text, self.depth)? {
                        Some(sound) => self.keep(sound)?,
                        None => return Ok(if last { window.len() } else { before }),
                    }
                }
                event => self.depth.follow(event)?,
            }
        }
    }

    /// Reads items without runs and attributes, as nearly all are; says where they are no longer so.
    fn plain_items(
        &mut self,
        window: &[u8],
        texts: PlainText<'_>,
        mut at: usize,
    ) -> Result<usize, Refusal> {
        const ITEM: Frame<7, 28, 9> = Frame {
            start: *b"<si><t>",
            spaced: *b"<si><t xml:space=\"preserve\">",
            end: *b"</t></si>",
        };
        let full = Refusal::Limit("strings", self.most);
        while let Some((text, after)) = ITEM.text(window, texts, at) {
            if text.len() > LONGEST_TEXT {
                break;
            }
            if self.texts.len() as u64 >= self.most {
                return Err(full);
            }
            self.texts.push(text).map_err(|_| full)?;
            at = after;
        }
        Ok(at)
    }

    fn keep(&mut self, sound: bool) -> Result<(), Refusal> {
        let full = Refusal::Limit("strings", self.most);
        if self.texts.len() as u64 >= self.most {
            return Err(full);
        }
        let position = self.texts.push(&self.text).map_err(|_| full)?;
        if !sound {
            self.odd.push((position, Oddity::BadEncoding));
        } else if let Some(length) = too_long(&self.text) {
            self.odd.push((position, Oddity::TooLong(length)));
        }
        Ok(())
    }
}

/// How many characters, where there are more than a cell can hold.
pub(super) fn too_long(text: &str) -> Option<usize> {
    if text.len() <= LONGEST_TEXT {
        return None;
    }
    Some(text.encode_utf16().count()).filter(|&length| length > LONGEST_TEXT)
}

/// Appends the text up to the end of the element that was entered: plain, or runs joined. Pronunciations are left
/// out. `None` where the window ends before. `Some(false)` where bytes were no text.
pub(super) fn rich_text(
    scanner: &mut Scanner<'_>,
    text: &mut String,
    mut depth: Depth,
) -> Result<Option<bool>, Refusal> {
    depth.enter()?;
    let end = depth.now;
    let mut start = text.len();
    let mut sound = true;
    let mut reading = false;
    let mut pronunciation = 0_u32;
    while let Some(event) = scanner.next()? {
        match event {
            Event::Start {
                name: b"rPh",
                empty: false,
                ..
            } => pronunciation += 1,
            Event::End { name: b"rPh" } => pronunciation = pronunciation.saturating_sub(1),
            Event::Start {
                name: b"t", empty, ..
            } if pronunciation == 0 => {
                start = text.len();
                reading = !empty;
            }
            Event::End { name: b"t" } if reading => {
                xml::resolve_escapes(text, start);
                reading = false;
            }
            Event::End { .. } if depth.now == end => return Ok(Some(sound)),
            Event::Text(raw) if reading => sound &= xml::unescape(raw, text),
            Event::CData(raw) if reading => sound &= xml::append(raw, text),
            _ => {}
        }
        depth.follow(event)?;
    }
    Ok(None)
}
