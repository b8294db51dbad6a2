//! Sheets as they stand, drafted anew: every cell at its address, and where a table was recognised a heading that
//! stays in sight, with a filter.

use std::collections::HashMap;

use leadsheet_core::{CellRange, CellRef, Field};

use super::draft::{Body, Draft, Filling, ROWS_MEASURED, width_of};
use super::look::Look;
use crate::sheet::{Sheet, Visibility};
use crate::template::Layout;

/// Height of a heading in points.
const HEADING_HEIGHT: f64 = 24.0;

/// Drafts of the sheets of a workbook.
pub(super) fn drafts<'a>(sheets: &[(&'a Sheet, Option<Layout<'_>>)]) -> Vec<Draft<'a>> {
    let visible = sheets
        .iter()
        .position(|(sheet, _)| sheet.visibility == Visibility::Visible);
    let draft = |(position, (sheet, layout)): (usize, &(&'a Sheet, Option<Layout<'_>>))| {
        let mut draft = draft(sheet, layout.as_ref());
        // A workbook without a visible sheet cannot be opened.
        if visible.is_none() && position == 0 {
            draft.visibility = Visibility::Visible;
        }
        draft.is_active = visible.unwrap_or(0) == position;
        draft
    };
    sheets.iter().enumerate().map(draft).collect()
}

fn draft<'a>(sheet: &'a Sheet, layout: Option<&Layout<'_>>) -> Draft<'a> {
    let fields: HashMap<u32, Field> = layout
        .into_iter()
        .flat_map(|layout| &layout.columns)
        .filter_map(|column| Some((column.index, column.field?)))
        .collect();
    let mut draft = Draft {
        name: sheet.name.clone(),
        visibility: sheet.visibility,
        hidden_rows: sheet.hidden_rows.clone(),
        body: Body::Sheet(sheet, fields),
        ..Draft::default()
    };
    for &(first, last, width) in &sheet.column_widths {
        for column in first..=last {
            draft.column(column).width = Some(width);
        }
    }
    if sheet.column_widths.is_empty() {
        widths_by_content(&mut draft, sheet);
    }
    for &(first, last) in &sheet.hidden_columns {
        for column in first..=last {
            draft.column(column).is_hidden = true;
        }
    }
    let header_row = layout.map(|layout| layout.header_row);
    let group_row = layout.and_then(|layout| layout.group_row);
    let text_at = |cell: CellRef| sheet.value(cell).as_text().map(ToOwned::to_owned);
    for merge in apart(&sheet.merges) {
        let look = match header_row {
            Some(row) if merge.first.row == row => Look::heading(true),
            _ if group_row == Some(merge.first.row) => Look::group(),
            Some(row) if merge.first.row < row => Look::above(),
            _ => Look::default(),
        };
        if header_row.is_some_and(|row| merge.first.row < row)
            && let Some(text) = text_at(merge.first)
        {
            draft.put(merge.first, Filling::Text(text), look.clone());
        }
        draft.merges.push((merge, look));
    }
    if let Some(row) = header_row {
        for column in sheet.grid.used_columns() {
            let cell = CellRef::new(row, column);
            if let Some(text) = text_at(cell) {
                draft.put(cell, Filling::Text(text), Look::heading(true));
            }
        }
    }
    if let Some(layout) = layout {
        let columns = layout.columns.iter().map(|column| column.index);
        let heading = (group_row.unwrap_or(layout.header_row), layout.header_row);
        draft.frame(heading, columns, sheet.grid.height());
        draft.heights.insert(layout.header_row, HEADING_HEIGHT);
    }
    draft
}

fn widths_by_content(draft: &mut Draft<'_>, sheet: &Sheet) {
    let merged = |cell: CellRef| {
        let mut first = sheet.merges.iter().take(1_000);
        first.any(|merge| merge.contains(cell))
    };
    for column in 0..sheet.grid.width() {
        let cells = sheet
            .grid
            .column(column)
            .take(ROWS_MEASURED)
            .filter(|&(row, _)| !merged(CellRef::new(row, column)));
        let width = width_of(cells.map(|(_, id)| sheet.values.get(id).display()));
        draft.widen(column, width);
    }
}

/// The merged ranges without those that overlap another, a fault for which spreadsheet programs refuse a file.
pub(super) fn apart(merges: &[CellRange]) -> Vec<CellRange> {
    let is_range = |merge: &CellRange| {
        merge.first != merge.last
            && merge.first.row <= merge.last.row
            && merge.first.column <= merge.last.column
    };
    let ranges = merges.iter().copied().filter(is_range);
    let mut merges: Vec<(usize, CellRange)> = ranges.enumerate().collect();
    merges.sort_by_key(|(_, merge)| (merge.first.row, merge.first.column));
    let mut kept = Vec::new();
    // Those that reach down to the row of the next: no more than there are columns, for they do not overlap.
    let mut open: Vec<CellRange> = Vec::new();
    for (position, merge) in merges {
        open.retain(|other| other.last.row >= merge.first.row);
        let overlaps = |other: &CellRange| {
            merge.first.column <= other.last.column && other.first.column <= merge.last.column
        };
        if !open.iter().any(overlaps) {
            open.push(merge);
            kept.push((position, merge));
        }
    }
    kept.sort_by_key(|&(position, _)| position);
    kept.into_iter().map(|(_, merge)| merge).collect()
}
