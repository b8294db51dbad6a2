//! XML as a stream of tags and text, with the guards that a stranger's file needs.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};

use crate::error::ReadError;
use crate::limits::Limits;
use crate::read::parts::limit_behind;

/// The longest tag or text in one piece. A cell holds far less; an embedded picture of a flat document may come near.
const LONGEST: usize = 64 << 20;

/// A document that is being read. Where it is damaged it ends, and [`Xml::is_cut`] says so.
pub(super) struct Xml<'a, R> {
    reader: Reader<Pieces<R>>,
    buffer: Vec<u8>,
    part: &'a str,
    depth: u64,
    max_depth: u64,
    cut: bool,
}

/// What comes next in a document. An element that is empty starts and ends all the same.
pub(super) enum Item {
    /// A start tag.
    Start(Tag),
    /// An end tag.
    End(String),
    /// Text between them.
    Text(String),
}

/// A start tag.
pub(super) struct Tag(BytesStart<'static>);

impl<'a, R: Read> Xml<'a, R> {
    /// Reads part `part` from `source`.
    pub(super) fn new(source: R, part: &'a str, limits: &Limits) -> Self {
        let mut reader = Reader::from_reader(Pieces::new(source));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self {
            reader,
            buffer: Vec::new(),
            part,
            depth: 0,
            max_depth: limits.depth,
            cut: false,
        }
    }

    /// Whether the document ended before its end.
    pub(super) const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The name of the part.
    pub(super) const fn part(&self) -> &'a str {
        self.part
    }

    /// The next tag or text; `None` at the end.
    ///
    /// # Errors
    /// [`ReadError::Doctype`], [`ReadError::Limit`]
    pub(super) fn next(&mut self) -> Result<Option<Item>, ReadError> {
        loop {
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => {
                    if let quick_xml::Error::Io(error) = &error
                        && let Some(refused) = limit_behind(error, self.part)
                    {
                        return Err(refused);
                    }
                    self.cut = true;
                    return Ok(None);
                }
            };
            let item = match event {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > self.max_depth {
                        let part = self.part.to_owned();
                        return Err(ReadError::Limit {
                            part,
                            limit: "depth",
                            maximum: self.max_depth,
                        });
                    }
                    Item::Start(Tag(tag.into_owned()))
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Item::End(tag.name().0.to_owned())
                }
                Event::Text(text) => Item::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Item::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().ok().flatten().map(String::from);
                    let text = character
                        .or_else(|| escape::resolve_xml_entity(&entity).map(str::to_owned));
                    // An entity that nobody defines stands for itself.
                    Item::Text(text.unwrap_or_else(|| format!("&{};", &*entity)))
                }
                Event::DocType(_) => return Err(ReadError::Doctype(self.part.to_owned())),
                Event::Eof => {
                    self.cut |= self.depth > 0;
                    return Ok(None);
                }
                _ => continue,
            };
            return Ok(Some(item));
        }
    }

    /// Passes over everything up to the end of the element whose start tag came last.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let outer = self.depth.saturating_sub(1);
        while self.depth > outer && self.next()?.is_some() {}
        Ok(())
    }
}

impl Tag {
    /// The name with its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.name().0
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let attribute = self.0.try_get_attribute(name).ok().flatten()?;
        let raw = attribute.value.as_ref();
        let value = attribute.normalized_value(XmlVersion::default());
        Some(value.map_or_else(|_| raw.to_owned(), Cow::into_owned))
    }

    /// How often a cell, a row or a column stands there.
    pub(super) fn repeats(&self, name: &str) -> u32 {
        self.attribute(name)
            .and_then(|count| count.trim().parse().ok())
            .unwrap_or(1)
    }
}

/// A source that fails where a tag or text is longer than any honest one: the parser keeps each whole in memory.
struct Pieces<R> {
    source: R,
    buffer: Box<[u8]>,
    from: usize,
    to: usize,
    since_tag: usize,
}

impl<R: Read> Pieces<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; 32 << 10].into(),
            from: 0,
            to: 0,
            since_tag: 0,
        }
    }
}

impl<R: Read> Read for Pieces<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from >= self.to {
            if self.since_tag > LONGEST {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a piece without end",
                ));
            }
            self.from = 0;
            self.to = self.source.read(&mut self.buffer)?;
        }
        Ok(&self.buffer[self.from..self.to])
    }

    fn consume(&mut self, bytes: usize) {
        let end = (self.from + bytes).min(self.to);
        let consumed = &self.buffer[self.from..end];
        self.since_tag = match consumed.iter().rposition(|&byte| byte == b'<') {
            Some(tag) => consumed.len() - tag,
            None => self.since_tag + consumed.len(),
        };
        self.from = end;
    }
}
