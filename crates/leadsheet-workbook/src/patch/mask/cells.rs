//! Cells: numbers that are people's become texts, and cells that are hidden for where they stand.

use std::ops::Range;

use leadsheet_core::CellRef;

use super::part::PartMask;
use crate::patch::splice::Splice;
use crate::patch::xml::{Tag, escaped_cell_text};

/// A cell while it is read.
pub(super) struct Cell {
    place: Range<u64>,
    tag: String,
    pub(super) at: CellRef,
    kind: String,
    pub(super) value: Option<(Range<u64>, String)>,
    pub(super) has_formula: bool,
}

impl Cell {
    pub(super) fn of(tag: Tag<'_>, place: Range<u64>, next: CellRef) -> Self {
        Self {
            place,
            tag: tag.0.to_owned(),
            at: tag
                .get("r")
                .and_then(|cell| cell.trim().parse().ok())
                .unwrap_or(next),
            kind: tag.get("t").unwrap_or_default().into_owned(),
            value: None,
            has_formula: false,
        }
    }

    /// Plans what becomes of the cell, which ends here.
    pub(super) fn finish(self, end: u64, part: &mut PartMask<'_, '_>) {
        let context = &*part.context;
        let by_place = context.cells.and_then(|cells| cells.get(&self.at));
        let Some((place, text)) = &self.value else {
            return;
        };
        let mask = match (&*self.kind, by_place) {
            (_, Some(mask)) => Some(mask.clone()),
            ("s" | "b" | "e" | "d" | "inlineStr", None) => None,
            ("str", None) => {
                let mut text = text.clone();
                crate::read::resolve_escapes(&mut text, 0);
                context.masker.masked(&text)
            }
            (_, None) => {
                let number = text.trim().parse().ok();
                number
                    .and_then(|number| context.masker.number(number, false))
                    .map(|(mask, _)| mask)
            }
        };
        let Some(mask) = mask else { return };
        part.context.count();
        let text = escaped_cell_text(&mask);
        let tag = Tag(&self.tag);
        if self.has_formula || self.kind == "str" || tag.name() != "c" {
            if self.kind != "str" {
                let length = self.place.end - self.place.start;
                part.splices.push(Splice::replace(
                    self.place.start,
                    length,
                    format!("<{}>", tag.with("t", "str")),
                ));
            }
            part.splices
                .push(Splice::replace(place.start, place.end - place.start, text));
            return;
        }
        let prefix = tag.prefix().to_owned();
        let spelled = format!(
            "<{}><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{prefix}c>",
            tag.with("t", "inlineStr")
        );
        part.splices.retain(|splice| splice.at < self.place.start);
        part.splices.push(Splice::replace(
            self.place.start,
            end - self.place.start,
            spelled,
        ));
    }
}
