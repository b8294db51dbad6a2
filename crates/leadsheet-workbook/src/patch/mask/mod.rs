//! Masking a package: every part with text in it is looked over, what cannot be is left out and named, and what was written
//! is read again before anybody gets it.

mod attributes;
mod cells;
mod context;
mod header;
mod left_out;
mod loose;
mod part;
mod people;
mod runs;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Cursor, Write};
use std::sync::Arc;

use leadsheet_core::Masker;

use self::context::Context;
pub(super) use self::left_out::GREY;
use self::left_out::{Fate, fate};
pub use self::left_out::{LeftOut, LeftOutKind};
use self::part::masked_part;
use super::PackagePatch;
use super::archive::Archive;
use super::document::Document;
use super::error::{Obstacle, PatchError, PatchNotice};
use super::package::{Change, Package};
use super::splice::Splice;
use crate::limits::Limits;
use crate::mask::{MaskCounts, Masking, Renames, without_stars};

/// What masking did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Masked {
    /// What was hidden in cells.
    pub counts: MaskCounts,
    /// Texts that were changed in the file, those of cells and all others: each shared text once.
    pub texts: u64,
    /// Sheets that have another name now.
    pub sheets_renamed: u64,
    /// What could not be looked into, and is not in the masked file.
    pub left_out: Vec<LeftOut>,
    /// What should be known about it.
    pub notices: Vec<PatchNotice>,
}

impl PackagePatch {
    /// As [`Patch::mask`](super::Patch::mask).
    pub(super) fn mask<W: Write>(
        mut self,
        mut masking: Masking<'_>,
        limits: &Limits,
        mut out: W,
    ) -> Result<Masked, PatchError> {
        let mut left_out = Vec::new();
        self.leave_out(&mut left_out)?;
        for name in people::authors(&mut self.package) {
            masking.author(&name);
        }
        let ready = masking.ready();
        let masker = &ready.masker;
        let renames = self.renames(masker)?;
        let sheets_renamed = self
            .tabs
            .tabs
            .iter()
            .filter(|tab| renames.sheet(&tab.name).is_some())
            .count() as u64;
        let mut sheets = HashMap::new();
        for tab in &self.tabs.tabs {
            if let Some(part) = tab.relationship.as_ref().and_then(|one| one.part) {
                sheets.insert(part, (tab.part().is_some(), ready.cells.get(&tab.name)));
            }
        }
        let mut context = Context {
            masker,
            renames,
            cells: None,
            is_sheet: false,
            is_properties: false,
            has_cell_texts: false,
            changed: 0,
        };
        for part in 0..self.package.len() {
            let name = self.package.name(part);
            if self.package.is_dropped(part) || part == self.package.types() || name.ends_with('/')
            {
                continue;
            }
            if name.to_lowercase().ends_with(".rels") {
                let holder = holder_of(&name);
                context.changed += self
                    .package
                    .retarget(&holder, |target| masked_target(masker, target))?;
                continue;
            }
            let (is_sheet, cells) = sheets.get(&part).copied().unwrap_or_default();
            context.is_sheet = is_sheet;
            context.cells = cells;
            context.is_properties = name.to_lowercase().starts_with("docprops/");
            context.has_cell_texts =
                !name.to_lowercase().contains("drawing") && !name.to_lowercase().contains("chart");
            let splices = planned(&mut self.package, part, &name, &mut context)?;
            if !splices.is_empty() {
                self.package.change(part, Change::Spliced(splices));
            }
        }
        if masker.leaves(&String::from_utf8_lossy(self.package.comment())) {
            self.package.comment().clear();
        }
        let texts = context.changed;
        let mut notices = self.notices;
        notices.retain(|notice| *notice != PatchNotice::SignatureBreaks);
        let (written, _) = self.package.write(Cursor::new(Vec::new()), None)?;
        let written: Arc<[u8]> = written.into_inner().into();
        nobody_left(&written, masker, limits)?;
        out.write_all(&written).map_err(PatchError::Write)?;
        out.flush().map_err(PatchError::Write)?;
        Ok(Masked {
            counts: ready.counts,
            texts,
            sheets_renamed,
            left_out,
            notices,
        })
    }

    /// Plans what becomes of parts that hold no text that can be looked into.
    fn leave_out(&mut self, left_out: &mut Vec<LeftOut>) -> Result<(), PatchError> {
        let mut gone = Vec::new();
        for part in 0..self.package.len() {
            let name = self.package.name(part);
            if part == self.package.types() || name.ends_with('/') {
                continue;
            }
            let what = match fate(&mut self.package, part, &name)? {
                Fate::LookedOver => continue,
                Fate::Refused(obstacle) => return Err(PatchError::refused(name, obstacle)),
                Fate::Dropped(what) => {
                    gone.push(part);
                    what
                }
                Fate::Replaced(what, with) => {
                    let was = self.package.bytes(part)?;
                    if was == with {
                        continue;
                    }
                    self.package.change(
                        part,
                        Change::Spliced(vec![Splice::replace(0, was.len() as u64, with)]),
                    );
                    what
                }
            };
            left_out.push(LeftOut {
                kind: what,
                place: name,
            });
        }
        let holders: Vec<String> = (0..self.package.len())
            .map(|part| self.package.name(part))
            .collect();
        for holder in holders
            .iter()
            .map(String::as_str)
            .chain([""])
            .filter(|_| !gone.is_empty())
        {
            for one in self.package.relationships(holder)? {
                if one.part.is_some_and(|part| gone.contains(&part)) {
                    self.package.unrelate(holder, &one)?;
                }
            }
        }
        for part in gone {
            self.package.drop_part(part)?;
        }
        Ok(())
    }

    /// New names for what is called by somebody's.
    fn renames(&mut self, masker: &Masker) -> Result<Renames, PatchError> {
        let names: Vec<String> = self.tabs.tabs.iter().map(|tab| tab.name.clone()).collect();
        let mut renames = Renames::of_sheets(names.iter().map(String::as_str), masker);
        for name in people::defined_names(&mut self.package)? {
            renames.name(&name, masker);
        }
        Ok(renames)
    }
}

/// What changes in a part.
fn planned(
    package: &mut Package,
    part: usize,
    name: &str,
    context: &mut Context<'_>,
) -> Result<Vec<Splice>, PatchError> {
    if matches!(fate(package, part, name)?, Fate::Replaced(..)) {
        return Ok(package.planned(part));
    }
    let changed = context.changed;
    match masked_part(package.stream(part)?, name, context) {
        Err(PatchError::Refused {
            obstacle: Obstacle::Encoding,
            ..
        }) => wide(package, part, name, context),
        // Drawings of old are often no XML to the letter.
        Err(PatchError::Refused {
            obstacle: Obstacle::IllFormed,
            ..
        }) if !context.is_sheet => {
            context.changed = changed;
            loose::planned(&package.bytes(part)?, name, context)
        }
        planned => planned,
    }
}

/// The same for a part in UTF-16.
fn wide(
    package: &mut Package,
    part: usize,
    name: &str,
    context: &mut Context<'_>,
) -> Result<Vec<Splice>, PatchError> {
    let bytes = package.bytes(part)?;
    let refused = || PatchError::refused(name, Obstacle::Encoding);
    let mut document = Document::of(bytes).ok_or_else(refused)?;
    // Without the mark, which would say again how it is encoded.
    let text = document.text().to_owned();
    let bom = text.len() - text.trim_start_matches('\u{feff}').len();
    for splice in masked_part(&text.as_bytes()[bom..], name, context)? {
        let at = bom + splice.at as usize;
        let insert = String::from_utf8_lossy(&splice.insert).into_owned();
        document.replace(at..at + splice.remove as usize, &insert);
    }
    if !document.is_changed() {
        return Ok(Vec::new());
    }
    document.into_splices().map_err(PatchError::Write)
}

/// A target outside the package with everybody hidden.
fn masked_target(masker: &Masker, target: &str) -> Option<String> {
    let plain = crate::part_name::percent_decoded(target);
    let without_user = attributes::without_user(&plain);
    let shown = without_user.as_deref().unwrap_or(&plain);
    let is_path = !shown.starts_with("mailto:") && !shown.starts_with("tel:");
    let hidden = if is_path {
        without_stars(masker, shown)
    } else {
        masker.masked(shown)
    };
    hidden
        .or(without_user)
        .map(|target| target.replace(' ', "%20"))
}

/// The part that a part of relationships belongs to.
fn holder_of(name: &str) -> String {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let folder = folder.strip_suffix("_rels").unwrap_or(folder);
    let file = file.get(..file.len() - ".rels".len()).unwrap_or_default();
    format!("{folder}{file}")
}

/// Reads what was written as if nobody knew how: no name and no number may be anywhere in it.
///
/// # Errors
/// [`Obstacle::Unmasked`] with the part in which somebody is left.
fn nobody_left(written: &Arc<[u8]>, masker: &Masker, limits: &Limits) -> Result<(), PatchError> {
    let source = Cursor::new(Arc::clone(written));
    let mut archive = Archive::open(Box::new(source), limits)?;
    for entry in 0..archive.entries.len() {
        let name = archive.entries[entry].name.clone();
        let left = || PatchError::refused(name.clone(), Obstacle::Unmasked);
        if masker.leaves(&name) {
            return Err(left());
        }
        let mut content = BufReader::new(archive.content(entry)?);
        let mut piece = Vec::new();
        let mut is_first = true;
        let mut wide = false;
        loop {
            piece.clear();
            if content
                .read_until(b'>', &mut piece)
                .map_err(PatchError::of_io)?
                == 0
            {
                break;
            }
            wide |=
                is_first && (piece.starts_with(&[0xFF, 0xFE]) || piece.starts_with(&[0xFE, 0xFF]));
            is_first = false;
            if wide {
                piece.retain(|byte| *byte != 0);
            }
            let raw = String::from_utf8_lossy(&piece);
            // Text and tag: what is left of the one must not hide behind the other.
            if raw.split('<').any(|words| masker.leaves(words)) {
                return Err(left());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
