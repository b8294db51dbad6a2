//! A masked workbook as read, for formats that are composed anew.

use std::collections::HashMap;
use std::sync::Arc;

use leadsheet_core::{CellRef, Full, Value, ValueId, Values};

use super::{MaskCounts, Masking, Renames};
use crate::grid::Grid;
use crate::sheet::{Sheet, Workbook};

impl Masking<'_> {
    /// The workbook with everybody hidden in its cells and the names of its sheets, and what was hidden.
    ///
    /// # Errors
    /// [`Full`] where a sheet has more different values than there is room for.
    pub fn compose(self) -> Result<(Workbook, MaskCounts), Full> {
        let workbook = self.workbook;
        let ready = self.ready();
        let names = workbook.sheets.iter().map(|sheet| sheet.name.as_str());
        let renames = Renames::of_sheets(names, &ready.masker);
        let nowhere = HashMap::new();
        let sheets = workbook.sheets.iter().map(|sheet| {
            let places = ready.cells.get(&sheet.name).unwrap_or(&nowhere);
            let hidden = |value: Value<'_>| match value {
                Value::Text(text) => ready.masker.masked(text),
                Value::Number { value, .. } => {
                    ready.masker.number(value, false).map(|(mask, _)| mask)
                }
                _ => None,
            };
            masked_sheet(sheet, places, renames.sheet(&sheet.name), hidden)
        });
        let masked = Workbook {
            kind: workbook.kind,
            sheets: sheets.collect::<Result<_, _>>()?,
            notices: workbook.notices.clone(),
        };
        Ok((masked, ready.counts))
    }
}

fn masked_sheet(
    sheet: &Sheet,
    places: &HashMap<CellRef, String>,
    name: Option<&str>,
    hidden: impl Fn(Value<'_>) -> Option<String>,
) -> Result<Sheet, Full> {
    let mut values = Values::new(Arc::default());
    values.count_from_1904(sheet.values.counts_from_1904());
    let mut grid = Grid::default();
    let mut known: HashMap<ValueId, ValueId> = HashMap::new();
    for column in sheet.grid.used_columns() {
        for (row, id) in sheet.grid.column(column) {
            let cell = CellRef::new(row, column);
            if let Some(mask) = places.get(&cell) {
                grid.set(cell, values.add_text(mask)?);
                continue;
            }
            let new = match known.get(&id) {
                Some(new) => *new,
                None => {
                    let value = sheet.values.get(id);
                    let new = match hidden(value) {
                        Some(mask) => values.add_text(&mask)?,
                        None => values.add(value)?,
                    };
                    known.insert(id, new);
                    new
                }
            };
            grid.set(cell, new);
        }
    }
    Ok(Sheet {
        name: name.unwrap_or(&sheet.name).to_owned(),
        grid,
        values,
        visibility: sheet.visibility,
        merges: sheet.merges.clone(),
        hidden_rows: sheet.hidden_rows.clone(),
        hidden_columns: sheet.hidden_columns.clone(),
        column_widths: sheet.column_widths.clone(),
        formulas: sheet.formulas.clone(),
        uncalculated: sheet.uncalculated.clone(),
        excuses: sheet.excuses.clone(),
    })
}
