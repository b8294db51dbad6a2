//! A small part held as a whole while places in it are changed. The bytes between those places stay what they were,
//! in the encoding they were in.

use std::ops::Range;

use super::splice::{self, Splice};
use super::xml::{self, Ill, Node};

/// A part as text, and what is to change in it.
#[derive(Debug)]
pub(super) struct Document {
    text: String,
    encoding: Encoding,
    /// The bytes of a part that is not UTF-8.
    raw: Vec<u8>,
    changes: Vec<Splice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

impl Document {
    /// `None` where the bytes are no text in UTF-8 or marked UTF-16.
    pub(super) fn of(bytes: Vec<u8>) -> Option<Self> {
        let wide = match bytes.first_chunk() {
            Some([0xFF, 0xFE]) => Some(false),
            Some([0xFE, 0xFF]) => Some(true),
            _ => None,
        };
        let (text, encoding, raw) = match wide {
            None => (String::from_utf8(bytes).ok()?, Encoding::Utf8, Vec::new()),
            Some(big_endian) => {
                let encoding = Encoding::Utf16 { big_endian };
                let text = from_utf16(&bytes, big_endian)?;
                (text, encoding, bytes)
            }
        };
        Some(Self {
            text,
            encoding,
            raw,
            changes: Vec::new(),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The root element.
    ///
    /// # Errors
    /// [`Ill`] where the part is not to be changed.
    pub(super) fn root(&self) -> Result<Node, Ill> {
        let document = xml::parse(&self.text)?;
        document.children.into_iter().next().ok_or(Ill::Formed)
    }

    /// Puts text in at a place of the text as it was read. Texts at one place stand in the order in which they come.
    pub(super) fn insert(&mut self, at: usize, text: &str) {
        self.replace(at..at, text);
    }

    /// Puts text in the place of a range of the text as it was read; ranges must not overlap.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        let length = range.len() as u64;
        self.changes
            .push(Splice::replace(range.start as u64, length, text));
    }

    /// Puts a child at the end of an element.
    pub(super) fn append(&mut self, parent: &Node, child: &str) {
        let tag = parent.tag(&self.text).0.to_owned();
        self.append_with(parent, &tag, child);
    }

    /// The same, and the element's tag becomes `tag`.
    pub(super) fn append_with(&mut self, parent: &Node, tag: &str, children: &str) {
        let old = parent.tag(&self.text);
        if parent.is_empty() {
            let name = old.0.split(xml::is_space).next().unwrap_or_default();
            let spelled = format!("<{tag}>{children}</{name}>");
            self.replace(parent.range(), &spelled);
            return;
        }
        if tag != old.0 {
            self.replace(parent.open.clone(), &format!("<{tag}>"));
        }
        self.insert(parent.close, children);
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// What changes in the bytes of the part.
    pub(super) fn into_splices(mut self) -> std::io::Result<Vec<Splice>> {
        splice::sort(&mut self.changes);
        let Encoding::Utf16 { big_endian } = self.encoding else {
            return Ok(self.changes);
        };
        let (mut changed, mut removed) = (Vec::new(), Vec::new());
        splice::apply(
            &mut self.text.as_bytes(),
            &self.changes,
            &mut changed,
            &mut removed,
        )?;
        let text = String::from_utf8(changed).map_err(|_| std::io::ErrorKind::InvalidData)?;
        let bytes = to_utf16(&text, big_endian);
        Ok(splice::difference(&self.raw, &bytes).into_iter().collect())
    }
}

fn from_utf16(bytes: &[u8], big_endian: bool) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let unit = if big_endian {
        u16::from_be_bytes
    } else {
        u16::from_le_bytes
    };
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    String::from_utf16(&units).ok()
}

fn to_utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let bytes = if big_endian {
        u16::to_be_bytes
    } else {
        u16::to_le_bytes
    };
    text.encode_utf16().flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(bytes: &[u8]) -> Vec<u8> {
        let mut document = Document::of(bytes.to_vec()).unwrap();
        let root = document.root().unwrap();
        let text = document.text().to_owned();
        let tag = root.tag(&text).with("count", "2");
        document.append_with(&root, &tag, "<b n=\"线索\"/>");
        let (mut out, mut removed) = (Vec::new(), Vec::new());
        let splices = document.into_splices().unwrap();
        splice::apply(&mut &bytes[..], &splices, &mut out, &mut removed).unwrap();
        out
    }

    #[test]
    fn a_child_is_appended_in_the_parts_own_encoding() {
        let wanted = "<?xml?><x:a count='2'><c/><b n=\"线索\"/></x:a>";
        let given = "<?xml?><x:a count='1'><c/></x:a>";
        assert_eq!(changed(given.as_bytes()), wanted.as_bytes());
        for big_endian in [false, true] {
            let marked = |text: &str| to_utf16(&format!("\u{FEFF}{text}"), big_endian);
            assert_eq!(changed(&marked(given)), marked(wanted));
        }
    }

    #[test]
    fn an_empty_element_is_opened_for_its_first_child() {
        assert_eq!(
            String::from_utf8(changed(b"<a />")).unwrap(),
            "<a count=\"2\"><b n=\"线索\"/></a>"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_not_changed() {
        assert!(Document::of(b"<a>\xFF</a>".to_vec()).is_none());
        assert!(Document::of(b"\xFF\xFE<".to_vec()).is_none());
    }
}
