//! The sheets behind the merged tables: what is at odds, and which rows stand in several files. A later merge knows
//! them again and makes them anew.

use std::collections::HashMap;

use leadsheet_core::{
    CellRef, ConflictSide, Full, Ledger, LedgerBuilder, MergedTable, Value, Wording, compact_key,
};
use leadsheet_workbook::Sheet;

use super::MergedBook;
use super::words::MergeWords;

/// The cells that an earlier list of conflicts names: by what is at odds there and the row as an origin is shown.
pub(super) type KnownCells = HashMap<(String, String), CellRef>;

/// The list of conflicts; `None` where there is none.
pub(super) fn conflicts(
    merged: &MergedBook<'_>,
    known: &KnownCells,
    words: MergeWords,
) -> Result<Option<Ledger>, Full> {
    if merged.conflicts().next().is_none() {
        return Ok(None);
    }
    let mut builder = builder(&words.conflicts(), &words.conflict_headings());
    for (position, conflict) in merged.conflicts() {
        let table = &merged.tables[position];
        let what = words.what(table, conflict);
        let at = |side: &ConflictSide| match side.cell {
            Some(cell) => shown_at(table, side, Some(cell)),
            None => {
                let row = table.origins[side.row].to_string();
                let known = known.get(&(what.clone(), row)).copied();
                shown_at(table, side, known)
            }
        };
        let (stands, other) = (at(&conflict.stands), at(&conflict.other));
        let why = words.why(conflict);
        let line = [
            &conflict.lead,
            &what,
            &conflict.stands.value,
            &stands,
            &conflict.other.value,
            &other,
            &why,
        ];
        builder.row(&line.map(|text| Value::Text(text)))?;
    }
    Ok(Some(builder.build()))
}

/// Where one side of a conflict stands: `[李雷.xlsx]线索跟进!C5`, or `!5` where the cell is not known.
fn shown_at(table: &MergedTable, side: &ConflictSide, cell: Option<CellRef>) -> String {
    let origin = &table.origins[side.row];
    match cell {
        Some(cell) => format!("[{}]{}!{cell}", origin.file, origin.sheet),
        None => origin.to_string(),
    }
}

/// The list of rows that stand in several files; `None` where there is none.
pub(super) fn duplicates(
    merged: &MergedBook<'_>,
    words: MergeWords,
) -> Result<Option<Ledger>, Full> {
    let mut builder = builder(&words.duplicates(), &words.duplicate_headings());
    let mut is_any = false;
    for table in &merged.tables {
        for (row, copies) in &table.copies {
            let kept = table.origins[*row].to_string();
            for copy in copies {
                let copy = copy.to_string();
                builder.row(&[Value::Text(&kept), Value::Text(&copy)])?;
                is_any = true;
            }
        }
    }
    Ok(is_any.then(|| builder.build()))
}

fn builder(name: &str, headings: &[String]) -> LedgerBuilder {
    let mut builder = LedgerBuilder::new(name, "");
    for heading in headings {
        builder.column(heading, None);
    }
    builder
}

/// Whether a sheet is such a list.
pub(super) fn is_list(sheet: &Sheet) -> bool {
    Wording::ALL.into_iter().any(|wording| {
        let words = MergeWords::of(wording);
        is_headed(sheet, &words.conflict_headings())
            || is_headed(sheet, &words.duplicate_headings())
    })
}

fn is_headed(sheet: &Sheet, headings: &[String]) -> bool {
    let stands = |(column, heading): (u32, &String)| {
        let value = sheet.value(CellRef::new(0, column));
        compact_key(&value.text()) == compact_key(heading)
    };
    sheet.grid.width() == headings.len() as u32 && (0..).zip(headings).all(stands)
}

/// Columns of a list of conflicts: what is at odds, and where each side stands.
const WHAT: u32 = 1;
const PLACES: [u32; 2] = [3, 5];

/// What a sheet that is a list of conflicts says about cells.
pub(super) fn known_cells(sheet: &Sheet, known: &mut KnownCells) {
    let is_conflicts = |wording| is_headed(sheet, &MergeWords::of(wording).conflict_headings());
    if !Wording::ALL.into_iter().any(is_conflicts) {
        return;
    }
    for row in 1..sheet.grid.height() {
        let text = |column| sheet.value(CellRef::new(row, column)).display();
        for place in PLACES.map(text) {
            let Some((table, cell)) = place.rsplit_once('!') else {
                continue;
            };
            if let Ok(cell) = cell.parse::<CellRef>() {
                let origin = format!("{table}!{}", cell.row_number());
                known.insert((text(WHAT), origin), cell);
            }
        }
    }
}
