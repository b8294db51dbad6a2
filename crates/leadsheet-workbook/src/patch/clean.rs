//! Taking out what annotating put in: to the byte where nobody has written the parts since, else by the marks it left.

use std::collections::HashMap;
use std::io::{Seek, Write};

use super::archive::damaged;
use super::error::{PatchError, PatchNotice};
use super::findings_sheet::{self, Kept};
use super::package::Change;
use super::scan::{Element, Spelled, Tagged, walk};
use super::sheet::retagged;
use super::splice::{self, Splice};
use super::styles::Styles;
use super::survey::{Wanted, survey};
use super::{PackagePatch, annotate, notes, undo};
use crate::error::ReadError;
use crate::sheet::Workbook;

/// Whether leadsheet has annotated the workbook and is still in it.
pub fn is_annotated(workbook: &Workbook) -> bool {
    findings_sheet::find(workbook).is_some()
}

impl PackagePatch {
    /// As [`Patch::clean`](super::Patch::clean).
    pub(super) fn clean<W: Write + Seek>(
        mut self,
        read: impl FnOnce() -> Result<Workbook, ReadError>,
        out: W,
    ) -> Result<Vec<PatchNotice>, PatchError> {
        if let Some(undone) = undo::undo(&mut self.package)? {
            let (_, written) = self.package.write(out, None)?;
            if !undone.holds(&written) {
                let reason = "it does not lead back to what was there";
                return Err(PatchError::Read(damaged(undo::NAME, reason)));
            }
            return Ok(self.notices);
        }
        let workbook = read()?;
        let kept = findings_sheet::find(&workbook).ok_or(PatchError::NotAnnotated)?;
        self.plan_removal(&workbook, &kept)?;
        self.package.write(out, None)?;
        self.notices.push(PatchNotice::SavedSince);
        Ok(self.notices)
    }

    fn plan_removal(&mut self, workbook: &Workbook, kept: &Kept) -> Result<(), PatchError> {
        let ours = workbook.sheets.get(kept.sheet);
        let ours = ours.and_then(|sheet| self.tabs.find(&sheet.name));
        let ours = ours.ok_or(PatchError::NotAnnotated)?;
        if self.tabs.tabs.len() == 1 {
            // A workbook of no sheets is none.
            return Err(PatchError::NotAnnotated);
        }
        let given = self.given_styles(ours, kept)?;
        let mut styles = Styles::read(&mut self.package)?;
        let refilled = styles.refilled(&given, annotate::is_ours)?;
        styles.finish(&mut self.package)?;
        for position in 0..self.tabs.tabs.len() {
            if position != ours {
                self.plan_sheet(position, &refilled)?;
            }
        }
        self.tabs.remove(&mut self.package, ours)?;
        let main = self.package.name(self.package.main);
        for one in self.package.relationships(&main)? {
            if one.part.is_some() && one.part == self.package.find(undo::NAME) {
                self.package.unrelate(&main, &one)?;
            }
        }
        if let Some(part) = self.package.find(undo::NAME) {
            self.package.drop_part(part)?;
        }
        Ok(())
    }

    /// Each style that was given, and the one that was there before.
    fn given_styles(&mut self, ours: usize, kept: &Kept) -> Result<Vec<(u32, u32)>, PatchError> {
        let Some(tab) = self.tabs.tabs.get(ours) else {
            return Ok(Vec::new());
        };
        let Some(part) = tab.part() else {
            return Ok(Vec::new());
        };
        let wanted = Wanted {
            cells: kept
                .pairs
                .iter()
                .flat_map(|&(one, other)| [one, other])
                .collect(),
            ..Wanted::default()
        };
        let found = survey(self.package.stream(part)?, &tab.name, &wanted)?;
        let style = |cell| {
            let cell = found.cells.get(cell).and_then(|cells| cells.last());
            cell.map(|cell| cell.open.tag().number("s").unwrap_or(0))
        };
        let pairs = kept.pairs.iter();
        let pairs = pairs.filter_map(|(given, before)| Some((style(given)?, style(before)?)));
        Ok(pairs.filter(|(given, before)| given != before).collect())
    }

    /// Gives the cells of a sheet their styles back and takes our notes off them.
    fn plan_sheet(
        &mut self,
        position: usize,
        styles: &HashMap<u32, u32>,
    ) -> Result<(), PatchError> {
        let Some(tab) = self.tabs.tabs.get(position) else {
            return Ok(());
        };
        let Some(part) = tab.part() else {
            return Ok(());
        };
        let mut splices = Vec::new();
        let mut drawing: Option<(String, Spelled)> = None;
        walk(self.package.stream(part)?, &tab.name, |tagged| {
            let Tagged::Start(element) = tagged else {
                return Ok(());
            };
            let attribute = match (element.depth, element.tag.name()) {
                (1, "legacyDrawing") => {
                    let id = element.tag.get_prefixed("id").unwrap_or_default();
                    drawing = Some((id.into_owned(), element.spelled()));
                    return Ok(());
                }
                (2, "row") | (3, "c") => "s",
                (2, "col") => "style",
                _ => return Ok(()),
            };
            splices.extend(restyled(element, attribute, styles));
            Ok(())
        })?;
        let id = drawing.as_ref().map(|(id, _)| id.as_str());
        let removed = notes::remove(&mut self.package, part, id)?;
        if let Some((_, element)) = drawing.filter(|_| removed.without_drawing) {
            let length = element.end - element.at;
            splices.push(Splice::replace(element.at, length, ""));
        }
        splice::sort(&mut splices);
        self.package.change(part, Change::Spliced(splices));
        Ok(())
    }
}

fn restyled(element: Element<'_>, attribute: &str, styles: &HashMap<u32, u32>) -> Option<Splice> {
    let before = styles.get(&element.tag.number(attribute)?)?;
    let tag = element.tag.with(attribute, &before.to_string());
    Some(retagged(&element.spelled(), &tag))
}
