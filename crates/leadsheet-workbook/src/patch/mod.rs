//! Patching: people's own workbook back, with only the touched cells changed.
//!
//! A package is a set of parts. Parts that nobody touches are copied as they lie in the file, packed bytes and all. Of
//! a touched part only the places change that have to: a sheet's part is looked over once for where its wanted cells
//! stand ([`survey`](mod@survey)), what changes is planned as splices ([`splice`](mod@splice)), and only when the whole
//! plan stands is anything written. What cannot be changed safely is refused with its reason, never half done.

mod annotate;
mod archive;
mod calc_chain;
mod clean;
mod document;
mod error;
mod findings_sheet;
mod mask;
mod new_texts;
mod notes;
mod package;
mod scan;
mod sheet;
mod splice;
mod strings;
mod styles;
mod survey;
mod tabs;
#[cfg(test)]
pub(crate) mod tests;
mod undo;
mod workbook;
mod xls;
mod xml;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Seek, Write};

use leadsheet_core::{CellRef, NewValue};

pub use self::annotate::{Annotated, Annotations, Remark};
pub use self::clean::is_annotated;
pub use self::error::{Obstacle, PatchError, PatchNotice};
pub use self::findings_sheet::{FindingsSheet, Legend, PersonLine};
pub use self::mask::{LeftOut, LeftOutKind, Masked};
pub use self::workbook::Patch;

use self::archive::Source;
use self::notes::ShapeIds;
use self::package::{Change, Package};
use self::sheet::{CellEdit, Shared};
use self::strings::SharedStrings;
use self::styles::Styles;
use self::survey::{Survey, Wanted, survey};
use self::tabs::Tabs;
use crate::limits::Limits;

/// A package (`.xlsx`, `.xlsm` or a template of these) and what is to change in it.
pub(super) struct PackagePatch {
    package: Package,
    tabs: Tabs,
    edits: BTreeMap<usize, BTreeMap<CellRef, CellEdit>>,
    notices: Vec<PatchNotice>,
}

impl PackagePatch {
    /// Opens a package.
    ///
    /// # Errors
    /// [`PatchError`] where it cannot be read.
    fn open(source: Box<dyn Source>, limits: &Limits) -> Result<Self, PatchError> {
        let mut package = Package::open(source, limits)?;
        let tabs = Tabs::read(&mut package)?;
        let mut notices = Vec::new();
        let is_signature = |name: &str| name.to_lowercase().starts_with("_xmlsignatures/");
        if !package.find_all(is_signature).is_empty() {
            notices.push(PatchNotice::SignatureBreaks);
        }
        Ok(Self {
            package,
            tabs,
            edits: BTreeMap::new(),
            notices,
        })
    }

    /// The worksheets by name, in the order of their tabs.
    fn sheets(&self) -> impl Iterator<Item = &str> {
        let tabs = self.tabs.tabs.iter().filter(|tab| tab.part().is_some());
        tabs.map(|tab| tab.name.as_str())
    }

    /// Plans the change of a cell.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    fn edit(&mut self, sheet: &str, cell: CellRef, edit: CellEdit) -> Result<(), PatchError> {
        let no_such = || PatchError::NoSuchSheet(sheet.to_owned());
        let tab = self.tabs.find(sheet).ok_or_else(no_such)?;
        let edits = self.edits.entry(tab).or_default();
        edits.entry(cell).or_default().join(edit);
        Ok(())
    }

    /// Writes the changed workbook.
    ///
    /// # Errors
    /// [`PatchError`]; what was written until then is of no use.
    fn write<W: Write + Seek>(mut self, out: W) -> Result<Vec<PatchNotice>, PatchError> {
        let mut styles = Styles::read(&mut self.package)?;
        self.plan(&mut styles)?;
        styles.finish(&mut self.package)?;
        self.package.write(out, None)?;
        Ok(self.notices)
    }

    /// Plans all changes of cells.
    fn plan(&mut self, styles: &mut Styles) -> Result<(), PatchError> {
        let edits = std::mem::take(&mut self.edits);
        let all = || edits.values().flat_map(BTreeMap::values);
        let mut strings = None;
        if all().any(|edit| matches!(edit.value, Some(NewValue::Text(_)))) {
            strings = SharedStrings::read(&mut self.package)?;
        }
        let mut ids = ShapeIds::default();
        if all().any(|edit| edit.note.is_some()) {
            ids = ShapeIds::read(&mut self.package)?;
        }
        let mut formulas_gone = HashSet::new();
        let (mut without_note, mut formulas_kept) = (0, Vec::new());
        let mut parts = HashSet::new();
        for (position, edits) in edits {
            let Some((tab, part)) = self
                .tabs
                .tabs
                .get(position)
                .and_then(|tab| Some((tab, tab.part()?)))
            else {
                continue;
            };
            if !parts.insert(part) {
                // Two tabs show one part.
                return Err(PatchError::refused(&tab.name, Obstacle::Missing));
            }
            let (survey, edits) = surveyed(&mut self.package, part, &tab.name, edits)?;
            let mut shared = Shared {
                styles: &mut *styles,
                strings: strings.as_mut(),
                is_1904: self.tabs.is_1904,
            };
            let mut plan = sheet::plan(&tab.name, &survey, &edits, &mut shared)?;
            let kept = plan.formulas_kept.into_iter();
            formulas_kept.extend(kept.map(|cell| (tab.name.clone(), cell)));
            let gone = plan.formulas_gone.into_iter().map(|cell| (tab.id, cell));
            formulas_gone.extend(gone);
            let notes = edits.into_iter();
            let notes: Vec<_> = notes
                .filter_map(|(cell, edit)| Some((cell, edit.note?)))
                .collect();
            let placed = notes::place(&mut self.package, part, &survey, &notes, &mut ids)?;
            without_note += placed.left_out;
            plan.splices.extend(placed.splice);
            splice::sort(&mut plan.splices);
            self.package.change(part, Change::Spliced(plan.splices));
        }
        calc_chain::remove(&mut self.package, &formulas_gone)?;
        if let Some(strings) = strings {
            strings.finish(&mut self.package);
        }
        if !formulas_kept.is_empty() {
            let cells = formulas_kept;
            self.notices.push(PatchNotice::FormulasKept { cells });
        }
        if without_note > 0 {
            let count = without_note;
            self.notices.push(PatchNotice::WithoutNote { count });
        }
        Ok(())
    }
}

/// Looks a sheet over for the cells that are to change. Cells that merged ranges hide give way to the one that shows.
fn surveyed(
    package: &mut Package,
    part: usize,
    name: &str,
    mut edits: BTreeMap<CellRef, CellEdit>,
) -> Result<(Survey, BTreeMap<CellRef, CellEdit>), PatchError> {
    loop {
        let with_value = || edits.iter().filter(|(_, edit)| edit.value.is_some());
        let columns: BTreeSet<_> = with_value().map(|(cell, _)| cell.column).collect();
        let wanted = Wanted {
            cells: edits.keys().copied().collect(),
            columns: columns.into_iter().collect(),
            contents: with_value().next().is_some(),
        };
        let found = survey(package.stream(part)?, name, &wanted)?;
        if found.merged_into.is_empty() {
            return Ok((found, edits));
        }
        for (hidden, shown) in &found.merged_into {
            if let Some(edit) = edits.remove(hidden) {
                edits.entry(*shown).or_default().join(edit);
            }
        }
    }
}
