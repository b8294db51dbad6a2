//! Text on its way into XML.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::escape::escape;

/// The character that stands for one that XML cannot hold.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether XML 1.0 has no way to write the character (§2.2).
pub(in crate::write) const fn is_beyond_xml(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}'
    )
}

/// A text between tags.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains(is_beyond_xml) {
        let replaced = text.replace(is_beyond_xml, &REPLACEMENT.to_string());
        return Cow::Owned(escape(&replaced).into_owned());
    }
    escape(text)
}

/// The value of an attribute, in which lines and tabs would become blanks.
pub(super) fn attribute(value: &str) -> Cow<'_, str> {
    match text(value) {
        escaped if escaped.contains(['\n', '\r', '\t']) => Cow::Owned(
            escaped
                .replace('\n', "&#10;")
                .replace('\r', "&#13;")
                .replace('\t', "&#9;"),
        ),
        escaped => escaped,
    }
}

/// The paragraphs of a cell's text. Blanks at an end or beside another, and tabs, have elements of their own, because
/// the standard folds white space (ODF 1.3 part 3 §6.1.2).
pub(super) fn paragraphs(out: &mut String, shown: &str) {
    for line in shown.split('\n') {
        out.push_str("<text:p>");
        let is_simple = !line.contains(['\t', '\r'])
            && !line.contains("  ")
            && !line.starts_with(' ')
            && !line.ends_with(' ');
        if is_simple {
            out.push_str(&text(line));
        } else {
            spaced(out, line);
        }
        out.push_str("</text:p>");
    }
}

fn spaced(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find([' ', '\t', '\r']) {
        out.push_str(&text(&rest[..at]));
        let found = rest[at..].chars().next();
        let count = rest[at..]
            .chars()
            .take_while(|&other| Some(other) == found)
            .count();
        let is_inside = at > 0 && at + count < rest.len();
        match found {
            Some(' ') if count == 1 && is_inside => out.push(' '),
            Some(' ') => {
                let _ = write!(out, "<text:s text:c=\"{count}\"/>");
            }
            Some('\t') => (0..count).for_each(|_| out.push_str("<text:tab/>")),
            _ => (0..count).for_each(|_| out.push_str("&#13;")),
        }
        rest = &rest[at + count..];
    }
    out.push_str(&text(rest));
}
