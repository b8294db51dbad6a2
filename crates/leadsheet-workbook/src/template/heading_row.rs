//! Where a heading could stand: rows of texts near the top, alone or with a row of groups above them.

use leadsheet_core::{CellRange, CellRef, Value};

use super::definition::Templates;
use super::header::{Reading, heading_key, readings};
use crate::sheet::Sheet;

/// The heading is looked for in this many filled rows from the top.
pub(crate) const ROWS_SEARCHED: usize = 40;
/// Headings looked at in one row: a real table has fewer, a hostile one may have 16,384.
pub(crate) const COLUMNS_SEARCHED: usize = 512;
/// The name of a group is a word or two, not a note.
const LONGEST_GROUP: usize = 16;

/// One row that could be the heading, or two.
#[derive(Debug)]
pub(crate) struct HeadingRow {
    /// The row of the columns' headings, counted from 0.
    pub(crate) row: u32,
    /// The row of groups right above it.
    pub(crate) group_row: Option<u32>,
    /// From left to right.
    pub(crate) headings: Vec<Heading>,
}

/// A heading and what it may say.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// Where it stands.
    pub(crate) cell: CellRef,
    /// As the sheet spells it.
    pub(crate) text: String,
    /// Its key.
    pub(crate) key: String,
    /// What else it may say, where nobody knows its key.
    pub(crate) readings: Vec<Reading>,
    /// The group it stands under, as the sheet spells it.
    pub(crate) group: Option<String>,
}

/// The rows near the top that could be a heading: texts, at least two of them. A row with groups above it comes before
/// the same row alone.
pub(crate) fn heading_rows(sheet: &Sheet, templates: &Templates) -> Vec<HeadingRow> {
    let width = sheet.grid.width().min(COLUMNS_SEARCHED as u32);
    let mut filled: Vec<u32> = Vec::new();
    for column in 0..width {
        let cells = sheet.grid.column(column).take(ROWS_SEARCHED);
        filled.extend(cells.map(|(row, _)| row));
    }
    filled.sort_unstable();
    filled.dedup();
    filled.truncate(ROWS_SEARCHED);
    let mut rows = Vec::new();
    for &row in &filled {
        let headings = headings(sheet, templates, row, width);
        let above = row
            .checked_sub(1)
            .filter(|above| filled.binary_search(above).is_ok());
        let grouped =
            above.and_then(|above| under_groups(sheet, templates, above, &headings, width));
        rows.extend(grouped.filter(|grouped| grouped.headings.len() >= 2));
        if headings.len() >= 2 {
            rows.push(HeadingRow {
                row,
                group_row: None,
                headings,
            });
        }
    }
    rows
}

fn headings(sheet: &Sheet, templates: &Templates, row: u32, width: u32) -> Vec<Heading> {
    let cells = (0..width).map(|column| CellRef::new(row, column));
    cells
        .filter_map(|cell| heading(sheet, templates, cell))
        .collect()
}

fn heading(sheet: &Sheet, templates: &Templates, cell: CellRef) -> Option<Heading> {
    let Value::Text(text) = sheet.value(cell) else {
        return None;
    };
    if text.trim().is_empty() {
        return None;
    }
    let key = heading_key(text);
    let is_known = templates.knows(&key);
    Some(Heading {
        cell,
        text: text.to_owned(),
        readings: if is_known { Vec::new() } else { readings(text) },
        key,
        group: None,
    })
}

/// A text of the upper row with the columns it stands over.
struct Span {
    first: u32,
    last: u32,
    text: String,
    /// Whether it reaches down into the lower row.
    is_tall: bool,
}

/// The row of `headings` with the groups in the row `above` it, where those are groups.
fn under_groups(
    sheet: &Sheet,
    templates: &Templates,
    above: u32,
    headings: &[Heading],
    width: u32,
) -> Option<HeadingRow> {
    let spans = spans(sheet, templates, above, width)?;
    let below = |span: &Span| {
        headings
            .iter()
            .filter(|heading| (span.first..=span.last).contains(&heading.cell.column))
            .count()
    };
    // A title stands over everything, and without a group over two columns the row above is something else.
    let is_title = |span: &Span| below(span) == headings.len();
    if spans.len() < 2 || spans.iter().any(is_title) || !spans.iter().any(|span| below(span) >= 2) {
        return None;
    }
    let row = above + 1;
    let mut grouped: Vec<Heading> = Vec::with_capacity(headings.len());
    for column in 0..width {
        let span = spans
            .iter()
            .find(|span| (span.first..=span.last).contains(&column));
        let lower = headings
            .iter()
            .find(|heading| heading.cell.column == column);
        match (lower, span) {
            (Some(lower), _) => grouped.push(Heading {
                group: span.map(|span| span.text.clone()),
                ..lower.clone()
            }),
            // A heading as tall as both rows stands in the upper one.
            (None, Some(span)) if span.first == column && (span.is_tall || below(span) == 0) => {
                grouped.extend(heading(sheet, templates, CellRef::new(above, column)));
            }
            _ => {}
        }
    }
    Some(HeadingRow {
        row,
        group_row: Some(above),
        headings: grouped,
    })
}

/// The texts of a row with the columns they stand over, by the merged cells; a known group without them stands over
/// everything up to the next text. `None` where something in the row is no group: a number, a date, a label, a note.
fn spans(sheet: &Sheet, templates: &Templates, row: u32, width: u32) -> Option<Vec<Span>> {
    let merges: Vec<&CellRange> = sheet
        .merges
        .iter()
        .filter(|merge| merge.first.row == row)
        .collect();
    let mut spans: Vec<Span> = Vec::new();
    for column in 0..width {
        let text = match sheet.value(CellRef::new(row, column)) {
            value if value.is_blank() => continue,
            Value::Text(text) => text.trim(),
            _ => return None,
        };
        let key = heading_key(text);
        let says_something = text.trim_end_matches([':', '：']).contains([':', '：']);
        let is_long = text.chars().count() > LONGEST_GROUP;
        let is_note = (says_something || is_long) && templates.group(&key).is_none();
        if is_note || key.is_empty() || templates.is_banner(&key) {
            return None;
        }
        let merge = merges.iter().find(|merge| merge.first.column == column);
        let is_open = merge.is_none() && templates.group(&key).is_some();
        let next = || {
            let others = (column + 1..width)
                .find(|&other| !sheet.value(CellRef::new(row, other)).is_blank());
            others.unwrap_or(width) - 1
        };
        spans.push(Span {
            first: column,
            last: match merge {
                Some(merge) => merge.last.column,
                None if is_open => next(),
                None => column,
            },
            text: text.to_owned(),
            is_tall: merge.is_some_and(|merge| merge.last.row > row),
        });
    }
    Some(spans)
}
