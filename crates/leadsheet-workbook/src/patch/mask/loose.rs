//! Parts that are no well-formed XML: drawings of old have texts in the HTML of their time.

use super::attributes::is_small_number;
use super::context::Context;
use super::runs::{Piece, edited};
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::splice::{self, Splice};
use crate::patch::xml::escaped;

/// Tags within a text.
const WITHIN: [&str; 12] = [
    "font", "b", "i", "u", "s", "span", "br", "sub", "sup", "strong", "em", "a",
];

/// What changes in such a part: texts between tags, those of one block together, and what stands in quotes in a tag.
pub(super) fn planned(
    bytes: &[u8],
    name: &str,
    context: &mut Context<'_>,
) -> Result<Vec<Splice>, PatchError> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| PatchError::refused(name, Obstacle::Encoding))?;
    let mut splices = Vec::new();
    let mut block: Vec<Piece> = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while !rest.is_empty() {
        let is_tag = rest.starts_with('<');
        let end = if is_tag {
            rest.find('>').map(|end| end + 1)
        } else {
            rest.find('<')
        };
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        if is_tag {
            let word: String = piece
                .trim_start_matches(['<', '/'])
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if !WITHIN.contains(&&*word.to_lowercase())
                || piece[1..].contains(':') && word.len() < 2
            {
                put(&mut block, &mut splices, context);
            }
            quoted(piece, at, &mut splices, context);
        } else {
            let text = quick_xml::escape::unescape(piece)
                .map_or_else(|_| piece.to_owned(), std::borrow::Cow::into_owned);
            block.push(Piece {
                place: at..at + piece.len() as u64,
                text,
                open: None,
            });
        }
        at += piece.len() as u64;
        rest = after;
    }
    put(&mut block, &mut splices, context);
    splice::sort(&mut splices);
    Ok(splices)
}

fn put(block: &mut Vec<Piece>, splices: &mut Vec<Splice>, context: &mut Context<'_>) {
    let block = std::mem::take(block);
    for (piece, masked) in edited(&block, context.masker, false) {
        context.count();
        let length = piece.place.end - piece.place.start;
        splices.push(Splice::replace(piece.place.start, length, escaped(&masked)));
    }
}

fn quoted(tag: &str, at: u64, splices: &mut Vec<Splice>, context: &mut Context<'_>) {
    let mut start = 0;
    for piece in tag.split_inclusive(['"', '\'']) {
        let words = piece.trim_end_matches(['"', '\'']);
        if let Some(masked) = context
            .masker
            .masked(words)
            .filter(|_| !is_small_number(words))
        {
            context.count();
            splices.push(Splice::replace(
                at + start,
                words.len() as u64,
                escaped(&masked),
            ));
        }
        start += piece.len() as u64;
    }
}
