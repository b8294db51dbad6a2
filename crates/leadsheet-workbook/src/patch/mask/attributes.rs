//! Attributes: nearly all of them are numbers and ids, and any of them may hold a text.

use std::borrow::Cow;

use super::context::Context;
use crate::mask::{masked_formula, without_stars};
use crate::patch::splice::Splice;
use crate::patch::xml::{Tag, escaped};

/// How long an id is that programs draw: `{9A0364E2-FD5A-4A4B-B8E4-9E1F6A3E4E3B}`.
const DRAWN_ID: usize = 38;

/// Masks the attributes of a tag whose text begins at `at`.
pub(super) fn mask(context: &mut Context<'_>, tag: Tag<'_>, at: u64, splices: &mut Vec<Splice>) {
    let element = tag.name();
    let drawn_numbers = is_of_hidden_numbers(context, tag);
    for (name, value) in tag.attributes() {
        let (Some(key), Some(spelled)) = (tag.0.get(name.clone()), tag.0.get(value.clone())) else {
            continue;
        };
        let describes = key.starts_with("contains") || matches!(key, "minValue" | "maxValue");
        if element == "pageSetup" && key.ends_with(":id") || drawn_numbers && describes {
            // What a printer remembers is left out, and so is the way to it.
            let start = name.start
                - tag.0[..name.start]
                    .chars()
                    .rev()
                    .take_while(|c| c.is_whitespace())
                    .count();
            splices.push(Splice::replace(
                at + start as u64,
                (value.end + 1 - start) as u64,
                "",
            ));
            continue;
        }
        let is_drawn =
            spelled.len() == DRAWN_ID && spelled.starts_with('{') && spelled.ends_with('}');
        if spelled.len() < 2 || is_drawn || key.starts_with("xmlns") {
            continue;
        }
        let text = quick_xml::escape::unescape(spelled).unwrap_or(Cow::Borrowed(spelled));
        let local = key.rsplit(':').next().unwrap_or(key);
        if let Some(masked) = masked_value(context, element, local, &text)
            && masked != text
        {
            context.count();
            if (element, local) == ("n", "v") {
                // A number in a copy of a table's data becomes a text.
                splices.push(Splice::replace(at + tag.prefix().len() as u64, 1, "s"));
            }
            splices.push(Splice::replace(
                at + value.start as u64,
                value.len() as u64,
                escaped(&masked),
            ));
        }
    }
}

/// Whether an element sums up numbers of a copy of data that become texts.
fn is_of_hidden_numbers(context: &Context<'_>, tag: Tag<'_>) -> bool {
    let is_hidden = |name| {
        let number = tag.get(name).and_then(|value| value.parse().ok());
        number.is_some_and(|number| context.masker.number(number, false).is_some())
    };
    tag.name() == "sharedItems" && (is_hidden("minValue") || is_hidden("maxValue"))
}

fn masked_value(context: &Context<'_>, element: &str, key: &str, text: &str) -> Option<String> {
    let masker = context.masker;
    match (element, key) {
        ("person", "displayName" | "userId")
        | ("fileSharing" | "header", "userName")
        | ("userInfo", "name")
        | ("scenario", "user")
        | (_, "refreshedBy") => masker.author(text),
        ("sheet", "name")
        | (_, "sheetName")
        | ("worksheetSource" | "dataRef" | "rangePr", "sheet") => context
            .renames
            .sheet(text)
            .map(str::to_owned)
            .or_else(|| without_stars(masker, text)),
        ("definedName" | "table" | "worksheetSource", "name" | "displayName")
        | ("tablePart", "name") => context
            .renames
            .named(text)
            .map(str::to_owned)
            .or_else(|| without_stars(masker, text)),
        (_, "codeName") => without_stars(masker, text),
        ("absPath", "url") => without_user(text).or_else(|| without_stars(masker, text)),
        (
            _,
            "location" | "fmlaLink" | "fmlaRange" | "fmlaTxbx" | "textlink" | "formula" | "macro",
        ) => {
            let formula = masked_formula(text, masker, &context.renames);
            let again = masker.masked(formula.as_deref().unwrap_or(text));
            again.or(formula)
        }
        _ if is_small_number(text)
            && !matches!(
                (element, key),
                ("filter" | "customFilter" | "s" | "n", _) | (_, "text" | "descr")
            ) =>
        {
            None
        }
        _ => masker.masked(text),
    }
}

/// A number that is too short for a mobile, or has decimals, may be a place or a size.
pub(super) fn is_small_number(text: &str) -> bool {
    let text = text.trim();
    let is_of_number =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'+' | b'E' | b'e');
    text.bytes().all(is_of_number)
        && (text.len() < 11 || text.contains('.') && text.parse::<f64>().is_ok())
}

/// A path without the name of whose computer it is on; `None` where it names nobody.
pub(super) fn without_user(path: &str) -> Option<String> {
    for folder in [
        "\\Users\\",
        "/Users/",
        "/home/",
        "\\Documents and Settings\\",
    ] {
        let Some(at) = path.find(folder) else {
            continue;
        };
        let start = at + folder.len();
        let end = path[start..]
            .find(['/', '\\'])
            .map_or(path.len(), |end| start + end);
        if &path[start..end] != "x" {
            return Some(format!("{}x{}", &path[..start], &path[end..]));
        }
    }
    None
}
