//! Where a heading could stand: rows of texts near the top, alone or with a row of groups above them.

use leadsheet_core::{CellRange, CellRef, Value};

use super::definition::{Keys, Strength, TemplateDefinition, Templates};
use super::header::{Reading, heading_key, readings};
use crate::sheet::Sheet;

/// The heading is looked for in this many filled rows from the top.
pub(crate) const ROWS_SEARCHED: usize = 40;
/// Headings looked at in one row: a real table has fewer, a hostile one may have 16,384.
pub(crate) const COLUMNS_SEARCHED: usize = 512;
/// A row with so many headings that some template knows is likely the heading.
const LIKELY: usize = 6;
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

impl HeadingRow {
    /// How many of the headings say something that some template knows.
    pub(crate) fn known(&self, templates: &Templates) -> usize {
        self.saying(|key| templates.knows(key))
    }

    /// How many of the headings, at most, say something in a template's own words.
    pub(crate) fn in_words_of(
        &self,
        template: &TemplateDefinition,
        keys: &Keys,
        templates: &Templates,
    ) -> usize {
        self.saying(|key| {
            let mut meanings = keys.get(key).into_iter().flatten();
            meanings.any(|meaning| meaning.strength <= Strength::Listed)
                || templates.overruled(&template.name, key).is_some()
        })
    }

    /// How many of the headings have a key, or may be read as one, of which this is so.
    fn saying(&self, is_so: impl Fn(&str) -> bool) -> usize {
        let says = |heading: &&Heading| {
            let readings = heading.readings.iter().map(|reading| &reading.key);
            let mut keys = std::iter::once(&heading.key).chain(readings);
            keys.any(|key| is_so(key))
        };
        self.headings.iter().filter(says).count()
    }
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

/// The rows near the top that could be a heading: texts, at least two of them; where groups stand above a row, the two
/// are one heading.
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
    let mut rows: Vec<HeadingRow> = Vec::new();
    let mut above: Vec<Heading> = Vec::new();
    let mut has_likely = false;
    for &row in &filled {
        // Below a likely heading, a row with a date or a number is data, and its texts need not be looked up.
        if has_likely && has_quantity(sheet, row, width) {
            above.clear();
            continue;
        }
        let headings = headings(sheet, templates, row, width);
        let is_adjacent = above.first().is_some_and(|first| first.cell.row + 1 == row);
        let grouped = is_adjacent
            .then(|| under_groups(sheet, templates, &above, &headings, width))
            .flatten();
        above.clone_from(&headings);
        // Under groups the row alone would lack the headings that stand in the upper one only.
        match grouped.filter(|grouped| grouped.headings.len() >= 2) {
            Some(grouped) => rows.push(grouped),
            None if headings.len() >= 2 => rows.push(HeadingRow {
                row,
                group_row: None,
                headings,
            }),
            None => {}
        }
        has_likely |= rows
            .last()
            .is_some_and(|last| last.row == row && last.known(templates) >= LIKELY);
    }
    rows
}

fn has_quantity(sheet: &Sheet, row: u32, width: u32) -> bool {
    let mut values = (0..width).map(|column| sheet.value(CellRef::new(row, column)));
    values.any(|value| matches!(value, Value::Date { .. } | Value::Number { .. }))
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
        readings: if is_known {
            Vec::new()
        } else {
            readings(text, &key)
        },
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
    above: &[Heading],
    headings: &[Heading],
    width: u32,
) -> Option<HeadingRow> {
    let group_row = above.first()?.cell.row;
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
                let upper = above.iter().find(|heading| heading.cell.column == column);
                grouped.extend(upper.cloned());
            }
            _ => {}
        }
    }
    Some(HeadingRow {
        row: group_row + 1,
        group_row: Some(group_row),
        headings: grouped,
    })
}

/// The texts of a row with the columns they stand over, by the merged cells; a known group without them stands over
/// everything up to the next text. `None` where something in the row is no group: a number, a date, a label, a note.
fn spans(sheet: &Sheet, templates: &Templates, texts: &[Heading], width: u32) -> Option<Vec<Span>> {
    let row = texts.first()?.cell.row;
    let is_group = |heading: &Heading| templates.group(&heading.key).is_some();
    let merges: Vec<&CellRange> = sheet
        .merges
        .iter()
        .filter(|merge| merge.first.row == row)
        .collect();
    let is_wide = |merge: &&CellRange| merge.last.column > merge.first.column;
    if !merges.iter().any(is_wide) && !texts.iter().any(is_group) {
        return None;
    }
    let filled = (0..width).map(|column| sheet.value(CellRef::new(row, column)));
    if filled.filter(|value| !value.is_blank()).count() != texts.len() {
        return None;
    }
    let mut spans: Vec<Span> = Vec::new();
    for (position, heading) in texts.iter().enumerate() {
        let text = heading.text.trim();
        let says_something = text.trim_end_matches([':', '：']).contains([':', '：']);
        let is_long = text.chars().count() > LONGEST_GROUP;
        let is_note = (says_something || is_long) && !is_group(heading);
        if is_note || heading.key.is_empty() || templates.is_banner(&heading.key) {
            return None;
        }
        let column = heading.cell.column;
        let merge = merges.iter().find(|merge| merge.first == heading.cell);
        spans.push(Span {
            first: column,
            last: match merge {
                Some(merge) => merge.last.column,
                None if is_group(heading) => texts
                    .get(position + 1)
                    .map_or(width, |next| next.cell.column)
                    .saturating_sub(1),
                None => column,
            },
            text: text.to_owned(),
            is_tall: merge.is_some_and(|merge| merge.last.row > row),
        });
    }
    Some(spans)
}
