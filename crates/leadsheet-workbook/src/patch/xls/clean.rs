//! Taking out by its marks what annotating put in, after another program has saved the workbook: our sheet, our notes,
//! and the styles that were given. What people did since stays.

use std::collections::{BTreeSet, HashMap};

use leadsheet_core::CellRef;

use super::drawing::forget_shapes;
use super::findings::OWN_STYLE;
use super::globals::{Globals, Tab, record_at};
use super::mend_offsets;
use super::objects::{Forgotten, remove_notes};
use super::splice::Splices;
use super::styles::Styles;
use super::survey::{Wanted, survey};
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::findings_sheet::{self, GIVEN, Kept};
use crate::read::xls::record::{Records, id};
use crate::sheet::Workbook;
use crate::write::xls::record::{Body, Stream};

/// The name that a sheet has in the macros (CODENAME, MS-XLS §2.4.51).
const CODENAME: u16 = 0x01BA;
const TAB_IDS: u16 = 0x013D;

/// Columns of our sheet that name a sheet and a cell of it.
const SHEET_COLUMN: u32 = 2;
const CELL_COLUMN: u32 = 3;
/// Merged ranges that are looked at, and cells of one.
const MOST_MERGES: usize = 10_000;
const MOST_MERGED: u64 = 1_000;

/// The stream without our marks.
///
/// # Errors
/// [`PatchError::NotAnnotated`]; [`PatchError::Refused`] where a mark is not as we left it.
pub(super) fn unmarked(
    stream: &[u8],
    globals: &Globals,
    workbook: &Workbook,
) -> Result<Vec<u8>, PatchError> {
    let kept = findings_sheet::find(workbook).ok_or(PatchError::NotAnnotated)?;
    let name = workbook.sheets.get(kept.sheet).map(|sheet| &sheet.name);
    let is_ours = |tab: &Tab| tab.is_worksheet && Some(&tab.name) == name;
    let ours = globals.tabs.iter().position(is_ours);
    let ours = ours.ok_or(PatchError::NotAnnotated)?;
    let mut splices = Splices::default();
    let mut forgotten = Forgotten::default();
    let damaged = || PatchError::refused("Workbook", Obstacle::Damaged);
    let mut styles = Styles::read(stream, globals).ok_or_else(damaged)?;
    let mut given = Given {
        pairs: given_styles(stream, globals, ours, &kept)?,
        before: HashMap::new(),
        styles: &mut styles,
    };
    let listed = listed(stream, globals.tabs.get(ours), workbook, &kept);
    for (position, tab) in globals.tabs.iter().enumerate() {
        if position != ours && tab.is_worksheet {
            let listed = listed.get(&tab.name);
            let own = |cell| listed.and_then(|cells| cells.get(&cell).copied());
            restyle(stream, tab, own, &mut given, &mut splices);
            forgotten += remove_notes(stream, tab, &mut splices)?;
        }
    }
    styles.plan(stream, globals, &mut splices);
    forgotten += remove_tab(stream, globals, ours, &mut splices)?;
    forget_shapes(stream, globals, forgotten, &mut splices);
    for span in globals.all(id::STRING_INDEX) {
        splices.replace(span.at, span.end - span.at, Vec::new());
    }
    let others = || {
        let tabs = globals.tabs.iter().enumerate();
        tabs.filter(|(position, _)| *position != ours)
            .map(|(_, tab)| tab)
    };
    mend_offsets(stream, others(), others(), &mut splices);
    splices.apply(stream).ok_or_else(damaged)
}

/// The styles that were given, and what is known of those before them.
struct Given<'s> {
    pairs: Vec<(u16, u16)>,
    before: HashMap<(u16, Option<u16>), Option<u16>>,
    styles: &'s mut Styles,
}

impl Given<'_> {
    /// The style to give back; `own` is that which the very cell had.
    fn before(&mut self, style: u16, own: Option<u16>) -> Option<u16> {
        let known = self.before.entry((style, own));
        *known.or_insert_with(|| self.styles.unfilled(style, own, &self.pairs))
    }
}

/// The cells that our sheet lists, by sheet, with those that are merged with them, and the style that each had.
fn listed(
    stream: &[u8],
    tab: Option<&Tab>,
    workbook: &Workbook,
    kept: &Kept,
) -> HashMap<String, HashMap<CellRef, u16>> {
    let mut listed: HashMap<String, HashMap<CellRef, u16>> = HashMap::new();
    let ours = workbook.sheets.get(kept.sheet);
    let (Some(tab), Some(ours), Some((given, _))) = (tab, ours, kept.pairs.first()) else {
        return listed;
    };
    // Whoever put columns in moved all of them.
    let column = |own: u32| (own + given.column).checked_sub(GIVEN);
    let (Some(sheets), Some(cells), Some(styles)) =
        (column(SHEET_COLUMN), column(CELL_COLUMN), column(OWN_STYLE))
    else {
        return listed;
    };
    let wanted = ours
        .grid
        .column(cells)
        .map(|(row, _)| CellRef::new(row, styles));
    let wanted = Wanted {
        cells: wanted.collect(),
        columns: BTreeSet::new(),
    };
    let found = survey(stream, tab.offset, &wanted).unwrap_or_default();
    for (row, id) in ours.grid.column(cells) {
        let cell = ours
            .values
            .get(id)
            .as_text()
            .and_then(|text| text.parse().ok());
        let sheet = ours.value(CellRef::new(row, sheets)).as_text();
        let style = found.cells.get(&CellRef::new(row, styles));
        if let (Some(cell), Some(sheet), Some(style)) = (cell, sheet, style) {
            let cells = listed.entry(sheet.to_owned()).or_default();
            cells.insert(cell, style.style);
        }
    }
    for sheet in &workbook.sheets {
        let Some(cells) = listed.get_mut(&sheet.name) else {
            continue;
        };
        for merge in sheet.merges.iter().take(MOST_MERGES) {
            let rows = u64::from(merge.last.row - merge.first.row + 1);
            let size = rows * u64::from(merge.last.column - merge.first.column + 1);
            let mut styles = cells.iter().filter(|(cell, _)| merge.contains(**cell));
            let style = styles.next().map(|(_, &style)| style);
            if let Some(style) = style.filter(|_| size <= MOST_MERGED) {
                let rows = merge.first.row..=merge.last.row;
                let columns = merge.first.column..=merge.last.column;
                let all = rows.flat_map(|row| {
                    let columns = columns.clone();
                    columns.map(move |column| (CellRef::new(row, column), style))
                });
                cells.extend(all);
            }
        }
    }
    listed
}

/// Each style that was given, and the one that was there before.
fn given_styles(
    stream: &[u8],
    globals: &Globals,
    ours: usize,
    kept: &Kept,
) -> Result<Vec<(u16, u16)>, PatchError> {
    let Some(tab) = globals.tabs.get(ours) else {
        return Ok(Vec::new());
    };
    let wanted = Wanted {
        cells: kept
            .pairs
            .iter()
            .flat_map(|&(given, before)| [given, before])
            .collect(),
        columns: BTreeSet::new(),
    };
    let found = survey(stream, tab.offset, &wanted);
    let found = found.ok_or_else(|| PatchError::refused(&tab.name, Obstacle::Damaged))?;
    let style = |cell| found.cells.get(cell).map(|cell| cell.style);
    let pairs = kept.pairs.iter();
    let pairs = pairs.filter_map(|(given, before)| Some((style(given)?, style(before)?)));
    Ok(pairs.filter(|(given, before)| given != before).collect())
}

/// Gives the cells of a sheet their styles back.
fn restyle(
    stream: &[u8],
    tab: &Tab,
    own: impl Fn(CellRef) -> Option<u16>,
    given: &mut Given<'_>,
    splices: &mut Splices,
) {
    let mut depth = 0;
    for record in Records::new(stream, tab.offset).skip(1) {
        match record.id {
            id::EOF if depth == 0 => return,
            id::EOF => depth -= 1,
            beginning if id::BOF.contains(&beginning) => depth += 1,
            _ if depth > 0 => {}
            id::LABELSST
            | id::LABEL
            | id::RSTRING
            | id::NUMBER
            | id::RK
            | id::BLANK
            | id::BOOLERR
            | id::FORMULA => {
                let (Some(row), Some(column), Some(style)) =
                    (record.u16(0), record.u16(2), record.u16(4))
                else {
                    continue;
                };
                let cell = CellRef::new(row.into(), column.into());
                if let Some(before) = given.before(style, own(cell)) {
                    splices.put_u16(record.offset + 8, before);
                }
            }
            id::MULRK | id::MULBLANK => {
                let size = if record.id == id::MULRK { 6 } else { 2 };
                let count = record.body.len().saturating_sub(6) / size;
                let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else {
                    continue;
                };
                for (position, column) in (0..count).zip(u32::from(first)..) {
                    let at = 4 + position * size;
                    let cell = CellRef::new(row.into(), column);
                    let Some(style) = record.u16(at) else {
                        continue;
                    };
                    if let Some(before) = given.before(style, own(cell)) {
                        splices.put_u16(record.offset + 4 + at, before);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Takes a sheet out with everything that names it.
fn remove_tab(
    stream: &[u8],
    globals: &Globals,
    ours: usize,
    splices: &mut Splices,
) -> Result<Forgotten, PatchError> {
    let Some(tab) = globals.tabs.get(ours) else {
        return Ok(Forgotten::default());
    };
    let refused = |obstacle| PatchError::refused(&tab.name, obstacle);
    let found = survey(stream, tab.offset, &Wanted::default());
    let found = found.ok_or_else(|| refused(Obstacle::Damaged))?;
    let mut records =
        Records::new(stream, tab.offset).take_while(|record| record.offset < found.end);
    if records.any(|record| record.id == CODENAME) {
        // The macros know the sheet.
        return Err(refused(Obstacle::ChangedSince));
    }
    splices.replace(tab.offset, found.end - tab.offset, Vec::new());
    let named = globals
        .all(id::BOUNDSHEET)
        .find(|span| span.at == tab.named_at);
    if let Some(span) = named {
        splices.replace(span.at, span.end - span.at, Vec::new());
    }
    let removed = ours as u16;
    remove_tab_id(stream, globals, ours, splices);
    let own = mend_books(stream, globals, splices);
    mend_references(stream, globals, own, removed, splices);
    mend_names(stream, globals, removed, splices);
    mend_window(stream, globals, ours, splices);
    let shapes = found
        .art
        .first()
        .and_then(|span| record_at(stream, span.at));
    let shapes = shapes.and_then(|record| record.u32(16)).unwrap_or(0);
    Ok(Forgotten {
        shapes,
        drawings: u32::from(!found.art.is_empty()),
    })
}

fn remove_tab_id(stream: &[u8], globals: &Globals, ours: usize, splices: &mut Splices) {
    let record = globals.all(TAB_IDS).next();
    let Some(record) = record.and_then(|span| record_at(stream, span.at)) else {
        return;
    };
    if record.body.len() == globals.tabs.len() * 2 {
        splices.put_u16(record.offset + 2, record.body.len() as u16 - 2);
        splices.replace(record.offset + 4 + ours * 2, 2, Vec::new());
    }
}

/// The workbook has a sheet less; gives the position of the record that says so.
fn mend_books(stream: &[u8], globals: &Globals, splices: &mut Splices) -> Option<u16> {
    for (span, position) in globals.all(id::SUPBOOK).zip(0..) {
        if let Some(record) = record_at(stream, span.at)
            && record.u16(2) == Some(0x0401)
        {
            let count = record.u16(0).unwrap_or(0);
            splices.put_u16(span.at + 4, count.saturating_sub(1));
            return Some(position);
        }
    }
    None
}

/// References to the sheet are to none, those to later ones to the one before (EXTERNSHEET, §2.4.106, §2.5.344).
fn mend_references(
    stream: &[u8],
    globals: &Globals,
    own: Option<u16>,
    removed: u16,
    splices: &mut Splices,
) {
    const NONE: u16 = 0xFFFF;
    const MOST: u16 = 0x7FFF;
    for span in globals.all(id::EXTERNSHEET) {
        // One that goes on in other records is not taken apart: no workbook has so many sheets.
        let Some(record) = record_at(stream, span.at) else {
            continue;
        };
        let entries = record.from(2).chunks_exact(6).enumerate();
        for (position, entry) in entries {
            let number = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
            let (book, first, last) = (number(0), number(2), number(4));
            if Some(book) != own || first > MOST || last > MOST {
                continue;
            }
            let (first, last) = if (first, last) == (removed, removed) {
                (NONE, NONE)
            } else {
                let last_left = if last >= removed {
                    last.saturating_sub(1)
                } else {
                    last
                };
                (if first > removed { first - 1 } else { first }, last_left)
            };
            let at = span.at + 6 + position * 6;
            splices.put_u16(at + 2, first);
            splices.put_u16(at + 4, last);
        }
    }
}

/// Names of the sheet become names of nothing: to take them out would change the numbers by which formulas know those
/// behind them (NAME, §2.4.150). Those of later sheets are of the one before.
fn mend_names(stream: &[u8], globals: &Globals, removed: u16, splices: &mut Splices) {
    let spans: Vec<_> = globals.all(id::NAME).collect();
    for (position, span) in spans.iter().enumerate() {
        let Some(record) = record_at(stream, span.at) else {
            continue;
        };
        match record.u16(8) {
            Some(sheet) if sheet == removed + 1 && position + 1 == spans.len() => {
                splices.replace(span.at, span.end - span.at, Vec::new());
            }
            Some(sheet) if sheet == removed + 1 => {
                // A hidden name of the workbook for the number 0.
                let name = format!("_leadsheet{}", position + 1);
                let body = Body::default().u16(1).u8(0).u8(name.len() as u8);
                let body = body.u16(3).u16(0).u16(0).u32(0).text_alone(&name);
                let mut records = Stream::default();
                records.record(id::NAME, &body.u8(0x1E).u16(0).0);
                splices.replace(span.at, span.end - span.at, records.0);
            }
            Some(sheet) if sheet > removed + 1 => {
                splices.put_u16(span.at + 4 + 8, sheet - 1);
            }
            _ => {}
        }
    }
}

/// Another sheet is shown where ours was (WINDOW1, §2.4.345; WINDOW2, §2.4.346).
fn mend_window(stream: &[u8], globals: &Globals, ours: usize, splices: &mut Splices) {
    let left = || {
        let tabs = globals.tabs.iter().enumerate();
        tabs.filter(|(position, _)| *position != ours)
            .map(|(_, tab)| tab)
    };
    for span in globals.all(id::WINDOW1) {
        let Some(record) = record_at(stream, span.at) else {
            continue;
        };
        for at in [10, 12] {
            let Some(shown) = record.u16(at).map(usize::from) else {
                continue;
            };
            let now = if shown > ours { shown - 1 } else { shown };
            let now = now.min(left().count().saturating_sub(1));
            if now != shown {
                splices.put_u16(span.at + 4 + at, now as u16);
            }
            if at == 10 && shown == ours {
                select(stream, left().nth(now), splices);
            }
        }
    }
}

fn select(stream: &[u8], tab: Option<&Tab>, splices: &mut Splices) {
    let records = tab.map(|tab| Records::new(stream, tab.offset).skip(1));
    let window = records.and_then(|mut records| {
        records.find(|record| record.id == id::WINDOW2 || record.id == id::EOF)
    });
    if let Some(record) = window.filter(|record| record.id == id::WINDOW2)
        && let Some(flags) = record.u16(0)
    {
        splices.put_u16(record.offset + 4, flags | 0x0600);
    }
}
