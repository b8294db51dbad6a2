//! Annotating: what is wrong is coloured and noted at its cell, and listed on a sheet with links. A record of what that
//! changed goes along, so that it can be taken out again to the byte.

use std::collections::BTreeMap;
use std::io::{Seek, Write};

use leadsheet_core::{CellRef, Severity};

use super::PackagePatch;
use super::error::{PatchError, PatchNotice};
use super::findings_sheet::{self, FindingsSheet};
use super::sheet::CellEdit;
use super::styles::{Rgb, Styles, is_shade};
use super::undo::{self, Record};

/// The fill of cells with findings of a severity. Close to what spreadsheet programs offer for good, bad and neutral
/// cells, yet none of these: people's own fills must be told from ours.
pub(super) const fn colour(severity: Severity) -> Rgb {
    match severity {
        Severity::Error => [0xFF, 0xC9, 0xCF],
        Severity::Warning => [0xFF, 0xEC, 0x9F],
        Severity::Info => [0xDC, 0xEA, 0xF8],
    }
}

/// Whether a colour is one of ours, in whatever shade.
pub(super) fn is_ours(fill: Rgb) -> bool {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    severities
        .iter()
        .any(|&severity| is_shade(fill, colour(severity)))
}

/// What is to be said about one place, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How bad it is.
    pub severity: Severity,
    /// The rule's code.
    pub code: String,
    /// The sheet; empty where the workbook as a whole is meant.
    pub sheet: String,
    /// The cell; `None` where the sheet as a whole is meant.
    pub cell: Option<CellRef>,
    /// Who follows up the row; empty where nobody is named.
    pub owner: String,
    /// The heading of the cell's column.
    pub header: String,
    /// What the cell holds.
    pub value: String,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Everything that annotating puts into a workbook, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotations {
    /// The sheet that lists the remarks.
    pub sheet: FindingsSheet,
    /// The remarks, in the order of the list.
    pub remarks: Vec<Remark>,
}

/// What annotating did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotated {
    /// Cells that were coloured.
    pub cells: usize,
    /// The name that the sheet of findings got.
    pub sheet: String,
    /// What should be known about it.
    pub notices: Vec<PatchNotice>,
}

impl PackagePatch {
    /// As [`Patch::annotate`](super::Patch::annotate).
    pub(super) fn annotate<W: Write + Seek>(
        mut self,
        annotations: &Annotations,
        out: W,
    ) -> Result<Annotated, PatchError> {
        let cells = self.mark(annotations)?;
        let mut styles = Styles::read(&mut self.package)?;
        self.plan(&mut styles)?;
        let name = self.tabs.free_name(&annotations.sheet.name);
        let listed = findings_sheet::compose(annotations, &mut styles, self.package.strict)?;
        let main = self.package.name(self.package.main);
        self.package.announce(undo::NAME, undo::CONTENT_TYPE)?;
        self.package
            .relate_as(&main, undo::RELATIONSHIP, undo::NAME)?;
        self.tabs
            .add(&mut self.package, &name, &listed.filter, listed.xml)?;
        styles.finish(&mut self.package)?;
        let record = Some((undo::NAME.to_owned(), Record::default()));
        self.package.write(out, record)?;
        if listed.left_out > 0 {
            let count = listed.left_out;
            self.notices.push(PatchNotice::FindingsLeftOut { count });
        }
        Ok(Annotated {
            cells,
            sheet: name,
            notices: self.notices,
        })
    }

    /// Plans a fill and a note for each cell with remarks; gives how many cells there are.
    fn mark(&mut self, annotations: &Annotations) -> Result<usize, PatchError> {
        let marks = marks(annotations);
        let count = marks.len();
        for (sheet, cell, edit) in marks {
            self.edit(sheet, cell, edit)?;
        }
        Ok(count)
    }
}

/// A fill and a note for each cell with remarks.
pub(super) fn marks(annotations: &Annotations) -> Vec<(&str, CellRef, CellEdit)> {
    let mut by_cell: BTreeMap<(&str, CellRef), Vec<&Remark>> = BTreeMap::new();
    for remark in &annotations.remarks {
        if let Some(cell) = remark.cell {
            let remarks = by_cell.entry((&remark.sheet, cell)).or_default();
            remarks.push(remark);
        }
    }
    let marks = by_cell.into_iter().map(|((sheet, cell), mut remarks)| {
        // The gravest first.
        remarks.sort_by_key(|remark| std::cmp::Reverse(remark.severity));
        let said = remarks.iter().map(|remark| {
            let severity = annotations.sheet.word(remark.severity);
            format!("{} {severity}\n{}", remark.code, remark.message)
        });
        let note = said.collect::<Vec<_>>().join("\n");
        let fill = remarks.iter().map(|remark| remark.severity).max();
        let edit = CellEdit {
            fill: fill.map(|severity| (severity as u8, colour(severity))),
            note: Some(note),
            ..CellEdit::default()
        };
        (sheet, cell, edit)
    });
    marks.collect()
}
