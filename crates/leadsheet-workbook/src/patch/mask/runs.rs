//! A text in pieces: what is hidden in the whole is hidden in the pieces, however a name is torn apart by formatting.

use std::ops::Range;

use leadsheet_core::Masker;

use crate::read::resolve_escapes;

/// A piece of a text and where it stands in its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) place: Range<u64>,
    pub(super) text: String,
    /// Where its element can be told to keep blanks at the ends, if it was not told so.
    pub(super) open: Option<u64>,
}

impl Piece {
    /// What stands between two pieces and is no text in the part.
    pub(super) fn between(text: &str) -> Self {
        Self {
            place: 0..0,
            text: text.to_owned(),
            open: None,
        }
    }
}

/// The pieces that change, and what they become. With `of_cell`, texts may spell characters as `_xHHHH_`.
pub(super) fn edited<'p>(
    pieces: &'p [Piece],
    masker: &Masker,
    of_cell: bool,
) -> Vec<(&'p Piece, String)> {
    let mut texts: Vec<String> = pieces.iter().map(|piece| piece.text.clone()).collect();
    if of_cell {
        for text in texts.iter_mut().filter(|text| text.contains("_x")) {
            resolve_escapes(text, 0);
        }
    }
    let whole = texts.concat();
    let edits = masker.edits(&whole);
    if edits.is_empty() {
        return Vec::new();
    }
    let mut starts = Vec::with_capacity(texts.len());
    let mut at = 0;
    for text in &texts {
        starts.push(at);
        at += text.len();
    }
    let mut changed = Vec::new();
    for (position, (piece, text)) in pieces.iter().zip(&texts).enumerate() {
        let (start, end) = (starts[position], starts[position] + text.len());
        let mut new = String::with_capacity(text.len());
        let mut done = start;
        for edit in edits
            .iter()
            .filter(|edit| edit.range.start < end && start < edit.range.end)
        {
            new.push_str(&whole[done..edit.range.start.clamp(done, end)]);
            // The mask stands where what it hides begins.
            if edit.range.start >= start {
                new.push_str(&edit.mask);
            }
            done = edit.range.end.min(end);
        }
        new.push_str(&whole[done..end]);
        if new != *text && piece.place.start < piece.place.end {
            changed.push((piece, new));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::{MaskBuilder, MaskOptions};

    #[test]
    fn a_name_torn_apart_is_hidden_in_all_its_pieces() {
        let mut builder = MaskBuilder::new(MaskOptions::default());
        builder.person("欧阳静");
        let masker = builder.build();
        let piece = |at: u64, text: &str| Piece {
            place: at..at + text.len() as u64,
            text: text.to_owned(),
            open: None,
        };
        let hidden = |texts: &[&str]| {
            let pieces: Vec<_> = (0..)
                .zip(texts)
                .map(|(at, text)| piece(at * 100, text))
                .collect();
            let changed = edited(&pieces, &masker, true);
            let new = |piece: &Piece| {
                let found = changed.iter().find(|(one, _)| one.place == piece.place);
                found.map_or(piece.text.clone(), |(_, text)| text.clone())
            };
            pieces.iter().map(new).collect::<Vec<_>>().join("|")
        };
        assert_eq!(
            hidden(&["见欧", "阳", "静，电1380", "0138000。"]),
            "见欧阳*||，电138****8000|。"
        );
        assert_eq!(hidden(&["欧阳静", "很满意"]), "欧阳*|很满意");
        assert_eq!(hidden(&["_x6B27_阳静"]), "欧阳*");
        assert_eq!(hidden(&["无", "事"]), "无|事");
    }
}
