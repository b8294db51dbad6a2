//! What a part needs to know to be masked.

use std::collections::HashMap;

use leadsheet_core::{CellRef, Masker};

use crate::mask::Renames;

/// Who is to be hidden, what things are called now, and which part is at hand.
pub(super) struct Context<'p> {
    pub(super) masker: &'p Masker,
    pub(super) renames: Renames,
    /// Cells of the sheet at hand that are hidden for where they stand.
    pub(super) cells: Option<&'p HashMap<CellRef, String>>,
    /// Whether the part at hand is a worksheet.
    pub(super) is_sheet: bool,
    /// Whether it lists what the workbook has.
    pub(super) is_properties: bool,
    /// Whether its texts may spell characters as `_xHHHH_`.
    pub(super) has_cell_texts: bool,
    /// How many texts were changed.
    pub(super) changed: u64,
}

impl Context<'_> {
    pub(super) const fn count(&mut self) {
        self.changed += 1;
    }
}
