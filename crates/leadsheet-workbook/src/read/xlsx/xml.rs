//! Just enough XML for spreadsheet parts: tags, attributes and text over a window of bytes, tolerant of whatever
//! the many programs that write them do, and never in need of more than the window.

use memchr::{memchr, memchr2, memchr3, memmem, memrchr};

/// Why a part is not read on. The driver knows the part's name and adds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Refusal {
    /// A document type declaration.
    Doctype,
    /// A limit was passed: its name and value.
    Limit(&'static str, u64),
}

/// One piece of a document. Names are local names: `x:c` is `c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Event<'a> {
    /// `<name attributes>`, or `<name attributes/>` where `empty`.
    Start {
        name: &'a [u8],
        attributes: Attributes<'a>,
        empty: bool,
    },
    /// `</name>`
    End { name: &'a [u8] },
    /// Character data, still escaped.
    Text(&'a [u8]),
    /// The inside of a CDATA section, which is never escaped.
    CData(&'a [u8]),
}

/// Walks over the window from event to event.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Scanner<'a> {
    window: &'a [u8],
    at: usize,
    last: bool,
}

impl<'a> Scanner<'a> {
    /// A scanner at the start of `window`, which is the `last` one of its part or not.
    pub(in crate::read) const fn new(window: &'a [u8], last: bool) -> Self {
        Self {
            window,
            at: 0,
            last,
        }
    }

    /// Where the next event begins. Everything before it is done with.
    pub(in crate::read) const fn at(&self) -> usize {
        self.at
    }

    /// Moves on to `at`.
    pub(super) const fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// What was read since `from`.
    pub(super) fn read(&self, from: usize) -> &'a [u8] {
        self.window.get(from..self.at).unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.window.get(self.at..).unwrap_or_default()
    }

    /// The next tag; text before it is skipped. `None` where the window holds no further whole tag.
    pub(in crate::read) fn next_tag(&mut self) -> Result<Option<Event<'a>>, Refusal> {
        loop {
            let rest = self.rest();
            // As a rule one tag follows another.
            if rest.first() != Some(&b'<') {
                let Some(skipped) = memchr(b'<', rest) else {
                    self.at = self.window.len();
                    return Ok(None);
                };
                self.at += skipped;
            }
            match self.markup()? {
                Markup::Event(event @ (Event::Start { .. } | Event::End { .. })) => {
                    return Ok(Some(event));
                }
                Markup::Event(_) | Markup::Nothing => {}
                Markup::Incomplete => return Ok(None),
            }
        }
    }

    /// The next event, text included. `None` where the window holds no further whole event.
    pub(in crate::read) fn next(&mut self) -> Result<Option<Event<'a>>, Refusal> {
        loop {
            let rest = self.rest();
            if rest.first().is_some_and(|&byte| byte != b'<') {
                let length = match memchr(b'<', rest) {
                    Some(length) => length,
                    None if self.last => rest.len(),
                    None => return Ok(None),
                };
                self.at += length;
                return Ok(rest.get(..length).map(Event::Text));
            }
            match self.markup()? {
                Markup::Event(event) => return Ok(Some(event)),
                Markup::Nothing => {}
                Markup::Incomplete => return Ok(None),
            }
        }
    }

    /// Reads what begins with the `<` at the current position.
    fn markup(&mut self) -> Result<Markup<'a>, Refusal> {
        let rest = self.rest();
        let Some(&second) = rest.get(1) else {
            return Ok(Markup::Incomplete);
        };
        match second {
            b'/' => {
                let Some(end) = soon(b'>', rest) else {
                    return Ok(Markup::Incomplete);
                };
                self.at += end + 1;
                let name = rest.get(2..end).unwrap_or_default();
                let name = name
                    .split(|byte| is_space(*byte))
                    .next()
                    .unwrap_or_default();
                Ok(Markup::Event(Event::End {
                    name: local_name(name),
                }))
            }
            b'!' => self.declaration(),
            b'?' => match rest.windows(2).position(|bytes| bytes == b"?>") {
                Some(end) => {
                    self.at += end + 2;
                    Ok(Markup::Nothing)
                }
                None => Ok(Markup::Incomplete),
            },
            _ => {
                let ends_name = |&byte: &u8| is_space(byte) || matches!(byte, b'>' | b'"' | b'\'');
                let name_end = rest.iter().position(ends_name);
                let end = match name_end {
                    Some(end) if rest.get(end) == Some(&b'>') => Some(end),
                    _ => tag_end(rest),
                };
                let Some(end) = end else {
                    return Ok(Markup::Incomplete);
                };
                self.at += end + 1;
                let inside = rest.get(1..end).unwrap_or_default();
                let (inside, empty) = match inside.strip_suffix(b"/") {
                    Some(inside) => (inside, true),
                    None => (inside, false),
                };
                let length = inside
                    .iter()
                    .position(|&byte| is_space(byte))
                    .unwrap_or(inside.len());
                let (name, attributes) = inside.split_at_checked(length).unwrap_or_default();
                Ok(Markup::Event(Event::Start {
                    name: local_name(name),
                    attributes: Attributes(attributes),
                    empty,
                }))
            }
        }
    }

    fn declaration(&mut self) -> Result<Markup<'a>, Refusal> {
        const CDATA: &[u8] = b"<![CDATA[";
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            let Some(end) = rest
                .get(4..)
                .and_then(|inside| memmem::find(inside, b"-->"))
            else {
                return Ok(Markup::Incomplete);
            };
            self.at += 4 + end + 3;
            return Ok(Markup::Nothing);
        }
        if let Some(inside) = rest.strip_prefix(CDATA) {
            let Some(end) = memmem::find(inside, b"]]>") else {
                return Ok(Markup::Incomplete);
            };
            self.at += CDATA.len() + end + 3;
            return Ok(Markup::Event(Event::CData(
                inside.get(..end).unwrap_or_default(),
            )));
        }
        if rest
            .get(2..9)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"DOCTYPE"))
        {
            return Err(Refusal::Doctype);
        }
        if rest.len() < CDATA.len() && !self.last {
            return Ok(Markup::Incomplete);
        }
        match memchr(b'>', rest) {
            Some(end) => {
                self.at += end + 1;
                Ok(Markup::Nothing)
            }
            None => Ok(Markup::Incomplete),
        }
    }
}

enum Markup<'a> {
    Event(Event<'a>),
    Nothing,
    Incomplete,
}

/// Position of the `>` that closes the tag at the start of `tag`; one inside an attribute's value does not.
fn tag_end(tag: &[u8]) -> Option<usize> {
    // Nearly always it is the first: as many quotes are closed before it as were opened.
    let first = memchr(b'>', tag)?;
    let (mut is_open, mut is_single) = (0, 0);
    for &byte in tag.get(..first)? {
        is_open ^= u8::from(byte == b'"');
        is_single |= u8::from(byte == b'\'');
    }
    if is_open | is_single == 0 {
        return Some(first);
    }
    let mut at = 1;
    loop {
        at += memchr3(b'>', b'"', b'\'', tag.get(at..)?)?;
        let &found = tag.get(at)?;
        if found == b'>' {
            return Some(at);
        }
        at += 1;
        at += memchr(found, tag.get(at..)?)? + 1;
    }
}

fn local_name(name: &[u8]) -> &[u8] {
    // Names are too short for a search to be worth its setting up.
    name.rsplit(|&byte| byte == b':').next().unwrap_or(name)
}

/// Where the byte is first: in the beginning byte by byte, as names and most values are short, behind that by a search.
fn soon(byte: u8, bytes: &[u8]) -> Option<usize> {
    let (near, far) = bytes.split_at(bytes.len().min(NEAR));
    let found = near.iter().position(|&other| other == byte);
    found.or_else(|| memchr(byte, far).map(|at| at + NEAR))
}

/// Bytes up to which a search takes longer to set up than to look at each of them.
const NEAR: usize = 16;

/// White space as XML has it.
pub(in crate::read) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Without XML white space at either end.
pub(in crate::read) fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

/// The attributes of a tag as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The attribute's value, still escaped. `name` is the local name; one without a prefix wins.
    pub(in crate::read) fn get(self, name: &[u8]) -> Option<&'a [u8]> {
        let mut prefixed = None;
        for (key, value) in self {
            if key == name {
                return Some(value);
            }
            if prefixed.is_none() && key.len() > name.len() && local_name(key) == name {
                prefixed = Some(value);
            }
        }
        prefixed
    }

    /// The values of several attributes, as [`get`](Self::get) finds them, looked for in one go.
    pub(super) fn each<const N: usize>(self, names: [&[u8]; N]) -> [Option<&'a [u8]>; N] {
        let mut found = [None; N];
        let mut prefixed = [None; N];
        for (key, value) in self {
            for ((name, found), prefixed) in names.iter().zip(&mut found).zip(&mut prefixed) {
                if key == *name {
                    found.get_or_insert(value);
                } else if key.len() > name.len() && local_name(key) == *name {
                    prefixed.get_or_insert(value);
                }
            }
        }
        for (found, prefixed) in found.iter_mut().zip(prefixed) {
            *found = found.or(prefixed);
        }
        found
    }

    /// The attribute's value with its prefix and without: `r:id` is another than `id`.
    pub(in crate::read) fn get_prefixed(self, name: &[u8]) -> Option<&'a [u8]> {
        self.into_iter()
            .find(|(key, _)| key.len() > name.len() && local_name(key) == name)
            .map(|(_, value)| value)
    }

    /// The attribute's value as text.
    pub(in crate::read) fn text(self, name: &[u8]) -> Option<String> {
        self.get(name).map(attribute_text)
    }

    /// The attribute's value as a whole number.
    pub(in crate::read) fn number(self, name: &[u8]) -> Option<u32> {
        whole_number(trimmed(self.get(name)?))
    }

    /// Whether the attribute says so.
    pub(in crate::read) fn flag(self, name: &[u8]) -> bool {
        self.get(name)
            .is_some_and(|value| matches!(trimmed(value), b"1" | b"true" | b"on"))
    }
}

/// An attribute's value unescaped.
pub(in crate::read) fn attribute_text(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    unescape(raw, &mut text);
    text
}

#[expect(
    clippy::copy_iterator,
    reason = "looking for one attribute leaves the others where they are"
)]
impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|&byte| !is_space(byte))?;
        let rest = self.0.get(start..)?;
        let equals = soon(b'=', rest)?;
        let name = trimmed(rest.get(..equals)?);
        let value = rest.get(equals + 1..)?;
        let start = value.iter().position(|&byte| !is_space(byte))?;
        let value = value.get(start..)?;
        let &quote = value.first()?;
        let (value, rest) = if matches!(quote, b'"' | b'\'') {
            let end = soon(quote, value.get(1..)?)? + 1;
            (value.get(1..end)?, value.get(end + 1..)?)
        } else {
            let end = value
                .iter()
                .position(|&byte| is_space(byte))
                .unwrap_or(value.len());
            value.split_at_checked(end)?
        };
        self.0 = rest;
        Some((name, value))
    }
}

/// A whole number in ASCII digits.
pub(in crate::read) fn whole_number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// A window looked at once for all texts in it: the part that is UTF-8, and whether any character in it stands for
/// another, as entities, carriage returns and `_xHHHH_` do.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlainText<'a> {
    text: &'a str,
    plain: bool,
}

impl<'a> PlainText<'a> {
    pub(super) fn of(window: &'a [u8]) -> Self {
        // The last character may be cut in two, the last tag is not.
        let end = memrchr(b'>', window).map_or(0, |last| last + 1);
        let bytes = window.get(..end).unwrap_or_default();
        let text = simdutf8::basic::from_utf8(bytes).unwrap_or_else(|_| {
            let valid =
                std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let valid = bytes.get(..valid).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        });
        Self {
            text,
            plain: is_plain(bytes),
        }
    }

    /// The text from `start` to `end`, where it is text and means what it says.
    #[inline]
    pub(super) fn get(self, start: usize, end: usize) -> Option<&'a str> {
        let text = self.text.get(start..end)?;
        (self.plain || is_plain(text.as_bytes())).then_some(text)
    }
}

/// What a text stands between: a start, another that says that white space counts, and the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<const START: usize, const SPACED: usize, const END: usize> {
    pub(super) start: [u8; START],
    pub(super) spaced: [u8; SPACED],
    pub(super) end: [u8; END],
}

impl<const START: usize, const SPACED: usize, const END: usize> Frame<START, SPACED, END> {
    /// The text framed at `at`, and where the frame ends.
    #[inline]
    pub(super) fn text<'a>(
        &self,
        window: &[u8],
        texts: PlainText<'a>,
        at: usize,
    ) -> Option<(&'a str, usize)> {
        let (start, length) = self.span(window, at)?;
        let text = texts.get(start, start + length)?;
        Some((text, start + length + END))
    }

    /// Where the text framed at `at` begins, and how many bytes it has.
    #[inline]
    pub(super) fn span(&self, window: &[u8], at: usize) -> Option<(usize, usize)> {
        let rest = window.get(at..)?;
        let start = if rest.first_chunk() == Some(&self.start) {
            START
        } else if rest.first_chunk() == Some(&self.spaced) {
            SPACED
        } else {
            return None;
        };
        let inside = rest.get(start..)?;
        let words = inside.first_chunk::<16>().copied().map(halves);
        let short = words.and_then(short_length);
        let length = short.or_else(|| memchr(b'<', inside))?;
        let after = inside.get(length..)?;
        (after.first_chunk() == Some(&self.end)).then_some((at + start, length))
    }
}

/// The same bytes as two words.
#[inline]
pub(super) const fn halves(bytes: [u8; 16]) -> [u64; 2] {
    let bytes = u128::from_le_bytes(bytes);
    [bytes as u64, (bytes >> 64) as u64]
}

/// The high bit of the first byte that is `<`, and of no byte before it.
#[inline]
pub(super) const fn signs(word: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    // The lowest byte that is `<` becomes zero and alone is sure to borrow.
    let other = word ^ (EACH * b'<' as u64);
    other.wrapping_sub(EACH) & !other & (EACH << 7)
}

/// Where the first `<` is in 16 bytes. Most texts are as short as that, and a search for the rest takes longer to set
/// up. Their lengths alternate, so nothing here depends on which of the two words it is.
#[inline]
pub(super) fn short_length(words: [u64; 2]) -> Option<usize> {
    let [first, second] = words.map(signs);
    if first | second == 0 {
        return None;
    }
    let (word, before) = if first == 0 { (second, 8) } else { (first, 0) };
    Some(before + word.trailing_zeros() as usize / 8)
}

/// Whether every character means what it says: no entities, no carriage returns, no `_xHHHH_`.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    memchr3(b'&', b'\r', b'_', bytes).is_none()
}

/// The text that these bytes between two tags spell, with `room` for it, and whether they were text to begin with.
pub(super) fn resolved<'t>(raw: &'t [u8], room: &'t mut String) -> (&'t str, bool) {
    if is_plain(raw)
        && let Ok(text) = simdutf8::basic::from_utf8(raw)
    {
        return (text, true);
    }
    room.clear();
    let sound = unescape(raw, room);
    resolve_escapes(room, 0);
    (room, sound)
}

/// Appends the bytes as text. Gives `false` where they are no UTF-8; the offending ones become U+FFFD.
pub(in crate::read) fn append(raw: &[u8], text: &mut String) -> bool {
    let sound = std::str::from_utf8(raw);
    match sound {
        Ok(sound) => text.push_str(sound),
        Err(_) => text.push_str(&String::from_utf8_lossy(raw)),
    }
    sound.is_ok()
}

/// Appends character data with its entities resolved and its line ends made `\n`, as every XML reader does.
/// An entity nobody knows stays as it is spelled. Gives `false` where the bytes are no UTF-8.
pub(crate) fn unescape(mut raw: &[u8], text: &mut String) -> bool {
    let mut sound = true;
    while let Some(special) = memchr2(b'&', b'\r', raw) {
        let (before, rest) = raw.split_at_checked(special).unwrap_or_default();
        sound &= append(before, text);
        raw = rest.get(1..).unwrap_or_default();
        if rest.first() == Some(&b'\r') {
            text.push('\n');
            raw = raw.strip_prefix(b"\n").unwrap_or(raw);
            continue;
        }
        // No entity that means anything is longer than `&#x0010FFFF;`.
        let name = raw
            .iter()
            .take(12)
            .position(|&byte| byte == b';')
            .and_then(|end| raw.get(..end));
        match name.and_then(|name| Some((entity(name)?, name.len() + 1))) {
            Some((character, length)) => {
                text.push(character);
                raw = raw.get(length..).unwrap_or_default();
            }
            None => text.push('&'),
        }
    }
    append(raw, text) & sound
}

fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x' | b'X', digits @ ..] => {
            let digits = std::str::from_utf8(digits)
                .ok()
                .filter(|digits| !digits.starts_with('+'))?;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)
        }
        [b'#', digits @ ..] => char::from_u32(whole_number(digits)?),
        _ => None,
    }
}

/// Resolves `_xHHHH_`, with which spreadsheet programs write characters that XML cannot hold (ECMA-376 Part 1
/// §22.9.2.19), in the part of `text` from `from` on.
pub(crate) fn resolve_escapes(text: &mut String, from: usize) {
    if text
        .get(from..)
        .is_none_or(|text| memmem::find(text.as_bytes(), b"_x").is_none())
    {
        return;
    }
    let escaped = text.split_off(from);
    let mut rest = escaped.as_str();
    while let Some(start) = rest.find("_x") {
        let (before, escape) = rest.split_at(start);
        text.push_str(before);
        let one = escaped_unit(escape);
        let two = one.and_then(|_| escaped_unit(escape.get(7..)?));
        let pair = one
            .zip(two)
            .and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok());
        rest = match (pair, one.map(|unit| char::from_u32(unit.into()))) {
            (Some(character), _) if character.len_utf16() == 2 => {
                text.push(character);
                escape.get(14..).unwrap_or_default()
            }
            (_, Some(Some(character))) => {
                text.push(character);
                escape.get(7..).unwrap_or_default()
            }
            _ => {
                text.push_str("_x");
                escape.get(2..).unwrap_or_default()
            }
        };
    }
    text.push_str(rest);
}

fn escaped_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("_x")?.get(..4)?;
    let closed = escape.as_bytes().get(6) == Some(&b'_')
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if closed {
        u16::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(document: &str) -> Vec<String> {
        let mut scanner = Scanner::new(document.as_bytes(), true);
        let mut events = Vec::new();
        while let Some(event) = scanner.next().unwrap() {
            events.push(match event {
                Event::Start {
                    name,
                    attributes,
                    empty,
                } => {
                    let attributes: Vec<_> = attributes
                        .map(|(key, value)| format!("{}={}", text(key), attribute_text(value)))
                        .collect();
                    format!(
                        "<{} {}{}",
                        text(name),
                        attributes.join(","),
                        if empty { "/" } else { "" }
                    )
                }
                Event::End { name } => format!(">{}", text(name)),
                Event::Text(raw) => format!("\"{}", text(raw)),
                Event::CData(raw) => format!("[{}", text(raw)),
            });
        }
        events
    }

    fn text(raw: &[u8]) -> &str {
        std::str::from_utf8(raw).unwrap()
    }

    fn unescaped(raw: &str) -> String {
        let mut text = String::from("~");
        unescape(raw.as_bytes(), &mut text);
        resolve_escapes(&mut text, 1);
        text.split_off(1)
    }

    #[test]
    fn tags_are_read_however_they_are_spelled() {
        let document = "<?xml version='1.0'?><x:row\n r = '1' x:s=\"a>b\" t=u ><!-- <c> --><c/>1 &lt; 2<![CDATA[<&]]></x:row >";
        assert_eq!(
            events(document),
            ["<row r=1,x:s=a>b,t=u", "<c /", "\"1 &lt; 2", "[<&", ">row"]
        );
    }

    #[test]
    fn half_an_event_waits_for_the_next_window() {
        let document = "<c r=\"A>1\"><v>12</v><!-- x --></c>";
        for length in 0..document.len() {
            let mut scanner = Scanner::new(&document.as_bytes()[..length], false);
            while scanner.next().unwrap().is_some() {}
            assert!(document.is_char_boundary(scanner.at()) && scanner.at() <= length);
            let rest = &document[scanner.at()..];
            assert!(
                ["<", "12</v>"].iter().any(|start| rest.starts_with(start)),
                "{rest}"
            );
        }
    }

    #[test]
    fn short_texts_end_at_their_first_bracket() {
        for length in 0..20 {
            for byte in [0, b';', b'=', 0xBC, 0xFF, b'<' + 1] {
                let text = [vec![byte; length], b"<<".to_vec(), vec![byte; 20]].concat();
                assert_eq!(
                    short_length(halves(*text.first_chunk().unwrap())),
                    (length < 16).then_some(length),
                    "{length} {byte}"
                );
            }
        }
    }

    #[test]
    fn a_doctype_is_refused() {
        let mut scanner = Scanner::new(b"<!doctype x [<!ENTITY a 'b'>]><x/>", true);
        assert_eq!(scanner.next(), Err(Refusal::Doctype));
    }

    #[test]
    fn entities_line_ends_and_escapes_are_resolved() {
        assert_eq!(
            unescaped("a&amp;b&#13;&#x4E2D;&nbsp;&#0;&;&#xD800;&"),
            "a&b\r中&nbsp;\0&;&#xD800;&"
        );
        assert_eq!(unescaped("一\r\n二\r三\n四"), "一\n二\n三\n四");
        assert_eq!(
            unescaped("_x000D__x005F_x0041__x0041_x_x00_x_x4e2d_"),
            "\r_x0041_Ax_x00_x中"
        );
        assert_eq!(unescaped("_xD83D__xDE00_ _xD83D_"), "😀 _xD83D_");
    }
}
