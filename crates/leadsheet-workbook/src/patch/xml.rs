//! XML as text that is changed in places: where each element stands, and tags with an attribute set or taken away.
//! quick-xml parses; what it calls ill-formed is not changed.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements of one part that is held as a whole. The largest honest one is a styles part or one of comments.
const MOST_NODES: usize = 4_000_000;
const DEEPEST: usize = 256;

/// Why a part is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ill {
    Formed,
    Doctype,
    TooLarge,
}

/// An element and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Its start tag, brackets included.
    pub(super) open: Range<usize>,
    /// Where its content ends: at its end tag, or, of an empty one, at the end of the start tag.
    pub(super) close: usize,
    /// Where it ends.
    pub(super) end: usize,
    pub(super) children: Vec<Node>,
}

/// Parses a part. The node given has the root as its only child.
pub(super) fn parse(text: &str) -> Result<Node, Ill> {
    let bom = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let mut reader = Reader::from_str(text.get(bom..).unwrap_or_default());
    let mut stack = vec![Node::default()];
    let mut nodes = 0;
    loop {
        let start = bom + reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| Ill::Formed)?;
        let end = bom + reader.buffer_position() as usize;
        let node = Node {
            open: start..end,
            close: end,
            end,
            children: Vec::new(),
        };
        match event {
            Event::Start(_) => {
                if stack.len() > DEEPEST {
                    return Err(Ill::TooLarge);
                }
                stack.push(node);
            }
            Event::Empty(_) => stack.last_mut().ok_or(Ill::Formed)?.children.push(node),
            Event::End(_) => {
                let mut done = stack.pop().ok_or(Ill::Formed)?;
                (done.close, done.end) = (start, end);
                stack.last_mut().ok_or(Ill::Formed)?.children.push(done);
            }
            Event::DocType(_) => return Err(Ill::Doctype),
            Event::Eof => break,
            _ => continue,
        }
        nodes += 1;
        if nodes > MOST_NODES {
            return Err(Ill::TooLarge);
        }
    }
    match <[Node; 1]>::try_from(stack) {
        Ok([document]) if document.children.len() == 1 => Ok(document),
        _ => Err(Ill::Formed),
    }
}

impl Node {
    /// Its start tag between the brackets, without the slash of an empty one.
    pub(super) fn tag<'t>(&self, text: &'t str) -> Tag<'t> {
        let inside = text.get(self.open.start + 1..self.open.end.saturating_sub(1));
        let inside = inside.unwrap_or_default();
        Tag(inside.strip_suffix('/').unwrap_or(inside))
    }

    pub(super) fn is(&self, text: &str, name: &str) -> bool {
        self.tag(text).name() == name
    }

    /// Its first child of this name.
    pub(super) fn child(&self, text: &str, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.is(text, name))
    }

    pub(super) fn children_called<'n>(
        &'n self,
        text: &'n str,
        name: &'n str,
    ) -> impl Iterator<Item = &'n Node> {
        self.children
            .iter()
            .filter(move |child| child.is(text, name))
    }

    /// Whether it has no content, not even an end tag.
    pub(super) const fn is_empty(&self) -> bool {
        self.close == self.end
    }

    /// All of it, tags included.
    pub(super) const fn range(&self) -> Range<usize> {
        self.open.start..self.end
    }

    /// The characters inside, of all elements in it.
    pub(super) fn characters(&self, text: &str) -> String {
        let mut reader = Reader::from_str(text.get(self.range()).unwrap_or_default());
        let mut found = String::new();
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Text(text) => found.push_str(&text),
                Event::CData(text) => found.push_str(&text),
                Event::GeneralRef(reference) => {
                    found.push_str(&unescaped(&format!("&{};", &*reference)));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        found
    }
}

/// A start tag as it is spelled between its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'t>(pub(super) &'t str);

impl<'t> Tag<'t> {
    fn full_name(self) -> &'t str {
        self.0.split(is_space).next().unwrap_or_default()
    }

    /// Its name without the prefix.
    pub(super) fn name(self) -> &'t str {
        self.full_name().rsplit(':').next().unwrap_or_default()
    }

    /// Its prefix with the colon, or nothing.
    pub(super) fn prefix(self) -> &'t str {
        let name = self.full_name();
        name.get(..name.len() - self.name().len())
            .unwrap_or_default()
    }

    /// Name and value of each attribute, where they stand in the tag.
    pub(super) fn attributes(self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + 't {
        let text = self.0;
        let mut at = self.full_name().len();
        std::iter::from_fn(move || {
            let start = at + text.get(at..)?.find(|c| !is_space(c))?;
            let equals = start + text.get(start..)?.find('=')?;
            let name = start..start + text.get(start..equals)?.trim_end_matches(is_space).len();
            let quote_at = equals + 1 + text.get(equals + 1..)?.find(['"', '\''])?;
            let quote = text.get(quote_at..)?.chars().next()?;
            let value = quote_at + 1..quote_at + 1 + text.get(quote_at + 1..)?.find(quote)?;
            at = value.end + 1;
            Some((name, value))
        })
    }

    fn find(self, name: &str) -> Option<(Range<usize>, Range<usize>)> {
        self.attributes()
            .find(|(key, _)| self.0.get(key.clone()) == Some(name))
    }

    /// The value of the attribute of just this name, prefix included, unescaped.
    pub(super) fn get(self, name: &str) -> Option<Cow<'t, str>> {
        let (_, value) = self.find(name)?;
        self.0.get(value).map(unescaped)
    }

    /// The value of the attribute `name` under any prefix.
    pub(super) fn get_prefixed(self, name: &str) -> Option<Cow<'t, str>> {
        let is_it = |key: &str| key.rsplit_once(':').is_some_and(|(_, local)| local == name);
        let (_, value) = self
            .attributes()
            .find(|(key, _)| self.0.get(key.clone()).is_some_and(is_it))?;
        self.0.get(value).map(unescaped)
    }

    pub(super) fn number(self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    pub(super) fn flag(self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }

    /// The same tag with the attribute set: in its place, or behind the others.
    pub(super) fn with(self, name: &str, value: &str) -> String {
        let value = escaped(value);
        match self.find(name) {
            Some((_, old)) => {
                let (before, after) = (self.0.get(..old.start), self.0.get(old.end..));
                format!(
                    "{}{value}{}",
                    before.unwrap_or_default(),
                    after.unwrap_or_default()
                )
            }
            None => format!("{} {name}=\"{value}\"", self.0.trim_end_matches(is_space)),
        }
    }

    /// The same tag without the attribute.
    pub(super) fn without(self, name: &str) -> String {
        let Some((key, value)) = self.find(name) else {
            return self.0.to_owned();
        };
        let before = self.0.get(..key.start).unwrap_or_default();
        let after = self.0.get(value.end + 1..).unwrap_or_default();
        format!("{}{after}", before.trim_end_matches(is_space))
    }
}

pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn unescaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text))
}

/// Text made fit for an attribute or an element. What XML cannot hold at all is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // As they are, an attribute would make spaces of them, and an element one line end of two.
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// The same for texts of cells and notes, where `_xHHHH_` stands for what XML cannot hold (ECMA-376 Part 1
/// §22.9.2.19).
pub(super) fn escaped_cell_text(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        match c {
            '_' if is_escape(rest) => prepared.push_str("_x005F_"),
            '\r' | '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing into a string cannot fail.
                let _ = write!(prepared, "_x{:04X}_", u32::from(c));
            }
            c => prepared.push(c),
        }
    }
    escaped(&prepared)
        .replace("&#10;", "\n")
        .replace("&#9;", "\t")
}

fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && bytes
            .get(2..6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_where_they_stand() {
        let text = "\u{FEFF}<?xml version=\"1.0\"?>\n<x:a b='1'><c/><!-- <d> --><c d=\"a>b\"> &amp;<e>z</e></c ></x:a>\n";
        let document = parse(text).unwrap();
        let root = &document.children[0];
        assert_eq!(
            (root.tag(text).prefix(), root.tag(text).name()),
            ("x:", "a")
        );
        let children: Vec<_> = root.children_called(text, "c").collect();
        assert_eq!(&text[children[0].range()], "<c/>");
        assert!(children[0].is_empty() && !children[1].is_empty());
        assert_eq!(&text[children[1].open.clone()], "<c d=\"a>b\">");
        assert_eq!(&text[children[1].close..children[1].end], "</c >");
        assert_eq!(children[1].characters(text), " &z");
        assert_eq!(root.tag(text).get("b").as_deref(), Some("1"));
    }

    #[test]
    fn what_is_ill_formed_is_not_changed() {
        for text in ["", "<a>", "<a></b>", "<a/><b/>", "</a>", "<a b=\"<a/>"] {
            assert_eq!(parse(text).map(drop), Err(Ill::Formed), "{text}");
        }
        let bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>";
        assert_eq!(parse(bomb).map(drop), Err(Ill::Doctype));
        assert_eq!(parse(&"<a>".repeat(300)).map(drop), Err(Ill::TooLarge));
    }

    #[test]
    fn an_attribute_is_set_in_its_place() {
        let tag = Tag("c r=\"A1\" s = '3'  t=\"s\" ");
        assert_eq!(tag.with("s", "12"), "c r=\"A1\" s = '12'  t=\"s\" ");
        assert_eq!(tag.with("x", "<"), "c r=\"A1\" s = '3'  t=\"s\" x=\"&lt;\"");
        assert_eq!(tag.without("s"), "c r=\"A1\"  t=\"s\" ");
        assert_eq!(tag.without("q"), tag.0);
        assert_eq!((tag.number("s"), tag.number("r")), (Some(3), None));
        assert_eq!(
            Tag("sheet r:id=\"rId1\"").get_prefixed("id").as_deref(),
            Some("rId1")
        );
    }

    #[test]
    fn texts_survive_being_escaped() {
        for text in [
            "a_x0041_b",
            "_x_x0041",
            "\u{1}\r\n\t<&>\"'",
            "中_文😀",
            "\u{FFFF}",
        ] {
            let escaped = escaped_cell_text(text);
            let mut read = String::new();
            crate::read::unescape(escaped.as_bytes(), &mut read);
            crate::read::resolve_escapes(&mut read, 0);
            assert_eq!(read, text, "{escaped}");
        }
    }
}
