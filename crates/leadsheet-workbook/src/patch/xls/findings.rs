//! The sheet that lists the findings, put behind the last tab of a workbook stream.

use leadsheet_core::{CellRange, CellRef, Severity};

use super::globals::{Globals, record_at};
use super::sheet::Growth;
use super::splice::Splices;
use super::styles::Styles;
use crate::patch::annotate::{Annotations, colour};
use crate::patch::findings_sheet::{
    BEFORE, BLUE, Content as Listed, GIVEN, GREY, HEADING, HOLDER, LINE, Looks, WHITE, WIDTHS, list,
};
use crate::patch::styles::Rgb;
use crate::read::xls::record::id;
use crate::write::xls::book::{FILTER_DATABASE, bound_sheet, built_in_name};
use crate::write::xls::drawing::{CLUSTER, Drawing};
use crate::write::xls::record::{Body, MAX_BODY, Stream};
use crate::write::xls::sheet::{
    Cell, ColumnLook, Content, Link, MOST_ROWS, SheetParts, height_of, range,
};
use crate::write::xls::style::{Font, Style};

/// Rows of the list, with room for the rest of the sheet.
const MOST_LISTED: usize = MOST_ROWS as usize - 500;

/// The hidden column that keeps the style of each listed cell as it was.
pub(super) const OWN_STYLE: u32 = BEFORE + 1;

/// Records that may stand between those that name the sheets and those that name cells (MS-XLS §2.1.7.20.3).
const MTRSETTINGS: u16 = 0x089A;
const FORCEFULLCALCULATION: u16 = 0x08A3;
const COUNTRY: u16 = 0x008C;
/// Records that belong to a SUPBOOK, and those that belong to a NAME.
const OF_SUPBOOK: [u16; 4] = [id::SUPBOOK, 0x0023, 0x0059, 0x005A];
const OF_NAME: [u16; 4] = [id::NAME, 0x0893, 0x0894, 0x0898];
/// The tabs' numbers for shared workbooks (RRTABID, §2.4.241).
const TAB_IDS: u16 = 0x013D;

/// The sheet as a substream, and how many remarks did not fit.
pub(super) struct Composed {
    pub(super) substream: Vec<u8>,
    /// Where its offset belongs, in the record that names it; that is what goes in at `named_at`.
    pub(super) named: Vec<u8>,
    pub(super) named_at: usize,
    pub(super) left_out: usize,
}

/// Composes the sheet and plans what the globals need for it. Every fill that was given must have been planned by then;
/// `before` gives the style that a cell had. `None` where there is no table for its texts.
pub(super) fn compose(
    annotations: &Annotations,
    name: &str,
    before: impl Fn(&str, CellRef) -> Option<u16>,
    (stream, globals): (&[u8], &Globals),
    growth: &mut Growth,
) -> Option<Composed> {
    let Growth {
        styles,
        strings,
        numbers,
        splices,
        ..
    } = growth;
    let strings = strings.as_mut()?;
    let holders = styles.filled_styles();
    let holders: Vec<(u32, u32)> = holders
        .into_iter()
        .map(|(given, before)| (given.into(), before.into()))
        .collect();
    let listed = list(annotations, &holders, &looks(styles), MOST_LISTED);
    let [first, last] = listed.filter;
    let mut parts = SheetParts {
        name: name.to_owned(),
        frozen_rows: first.row as u16 + 1,
        is_wide: true,
        printed_heading: Some((first.row as u16, first.row as u16)),
        ..SheetParts::default()
    };
    for (column, width) in (0..).zip(WIDTHS) {
        parts.columns.insert(column, look(width, false));
    }
    for column in GIVEN..=OWN_STYLE {
        parts.columns.insert(column as u16, look(9, true));
    }
    for (&row, cells) in &listed.cells.rows {
        for (&column, (style, content)) in cells {
            // What stands above the list may run on to the right.
            if let (true, Some(&width), Listed::Text(text)) =
                (row > first.row, WIDTHS.get(column as usize), content)
            {
                let look = parts.rows.entry(row as u16).or_default();
                let height = height_of(text, f64::from(width) - 1.0);
                look.height = Some(look.height.map_or(height, |known| known.max(height)));
            }
            let content = match content {
                Listed::Text(text) if text.is_empty() => Content::Nothing,
                Listed::Text(text) => Content::Text(strings.position(text)),
                Listed::Number(number) => Content::Number(*number as f64),
            };
            parts.cells.push(Cell {
                row: row as u16,
                column: column as u16,
                xf: *style as u16,
                content,
            });
        }
    }
    let rows = first.row as u16 + 1..;
    for (row, remark) in rows
        .zip(&annotations.remarks)
        .take(last.row.abs_diff(first.row) as usize)
    {
        let style = remark.cell.and_then(|cell| before(&remark.sheet, cell));
        if let Some(xf) = style {
            parts.cells.push(Cell {
                row,
                column: OWN_STYLE as u16,
                xf,
                content: Content::Text(strings.position(HOLDER)),
            });
        }
    }
    for (cell, target) in listed.cells.links {
        parts.links.push(Link { cell, target });
    }
    let filter = CellRange { first, last };
    let named = plan_filter(stream, globals, &filter, splices);
    let drawing = numbers.as_mut().filter(|_| named).and_then(|numbers| {
        let drawing = Drawing::of(0, 0, Some(filter), &[])?;
        let (number, first) = numbers.new_drawing(drawing.shapes.len() as u32 + 1)?;
        parts.filter = Some(filter);
        Some(Drawing {
            number,
            first_cluster: first / CLUSTER,
            ..drawing
        })
    });
    plan_tab_id(stream, globals, splices);
    let mut substream = Stream::default();
    parts.write(&mut substream, drawing.as_ref());
    let mut named = Stream::default();
    named.record(id::BOUNDSHEET, &bound_sheet(&parts).0);
    Some(Composed {
        substream: substream.0,
        named: named.0,
        named_at: globals.end_of(&[id::BOUNDSHEET]).unwrap_or(globals.end),
        left_out: listed.left_out,
    })
}

fn look(characters: u32, is_hidden: bool) -> ColumnLook {
    ColumnLook {
        width: Some(characters as u16 * 256),
        is_hidden,
        ..ColumnLook::default()
    }
}

fn looks(styles: &mut Styles) -> Looks {
    let number = |[red, green, blue]: Rgb| u32::from_be_bytes([0, red, green, blue]);
    let plain = Style {
        at_top: true,
        ..Style::default()
    };
    let lined = Style {
        border: Some(number(LINE)),
        ..plain.clone()
    };
    let mut own = |style: Style| u32::from(styles.own(&style));
    let letters = |colour| Font {
        colour: Some(number(colour)),
        ..Font::default()
    };
    let bold = Font {
        bold: true,
        ..Font::default()
    };
    Looks {
        title: own(Style {
            font: bold.clone(),
            ..Style::default()
        }),
        line: own(Style {
            font: letters(GREY),
            ..plain
        }),
        heading: own(Style {
            font: Font {
                colour: Some(number(WHITE)),
                ..bold
            },
            fill: Some(number(HEADING)),
            border: Some(number(LINE)),
            ..Style::default()
        }),
        cell: own(lined.clone()),
        count: own(lined.clone()),
        wrapped: own(Style {
            wrapped: true,
            ..lined.clone()
        }),
        link: own(Style {
            font: Font {
                underlined: true,
                ..letters(BLUE)
            },
            ..lined.clone()
        }),
        severities: [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
            let style = Style {
                fill: Some(number(colour(severity))),
                ..lined.clone()
            };
            (severity, own(style))
        }),
    }
}

/// Plans the name by which Excel finds the filtered range, on the sheet behind the last tab. Without it there is no
/// filter; gives whether it could be planned.
fn plan_filter(
    stream: &[u8],
    globals: &Globals,
    filter: &CellRange,
    splices: &mut Splices,
) -> bool {
    let sheet = globals.tabs.len() as u16;
    let books: Vec<_> = globals.all(id::SUPBOOK).collect();
    let own = books.iter().position(|span| {
        // The workbook itself (§2.4.271).
        let record = record_at(stream, span.at);
        record.is_some_and(|record| record.u16(2) == Some(0x0401))
    });
    let entries = globals.all(id::EXTERNSHEET).next();
    let known = entries.and_then(|span| record_at(stream, span.at));
    let count = known.and_then(|record| record.u16(0)).unwrap_or(0);
    if let (Some(span), Some(record)) = (entries, known) {
        let size = span.end - span.at - 4;
        let is_plain = size == record.body.len() && size == 2 + usize::from(count) * 6;
        if !is_plain || size + 6 > MAX_BODY {
            return false;
        }
    }
    let behind_sheets = [id::BOUNDSHEET, MTRSETTINGS, FORCEFULLCALCULATION, COUNTRY];
    let behind_books = [&behind_sheets[..], &OF_SUPBOOK].concat();
    let Some(behind_books) = globals.end_of(&behind_books) else {
        return false;
    };
    let mut records = Stream::default();
    let book = match own.and_then(|position| Some((position, books.get(position)?))) {
        Some((position, span)) => {
            splices.put_u16(span.at + 4, sheet + 1);
            position
        }
        None => {
            let body = Body::default().u16(sheet + 1).u16(0x0401);
            records.record(id::SUPBOOK, &body.0);
            books.len()
        }
    };
    let entry = Body::default().u16(book as u16).u16(sheet).u16(sheet);
    match entries {
        Some(span) => {
            splices.put_u16(span.at + 2, 2 + (count + 1) * 6);
            splices.put_u16(span.at + 4, count + 1);
            splices.insert(behind_books.min(span.at), records.0);
            splices.insert(span.end, entry.0);
        }
        None => {
            let body = Body::default().u16(1).bytes(&entry.0);
            records.record(id::EXTERNSHEET, &body.0);
            splices.insert(behind_books, records.0);
        }
    }
    let cells = range(Body::default(), filter);
    let name = built_in_name(FILTER_DATABASE, (count, sheet), &cells, true);
    let mut record = Stream::default();
    record.record(id::NAME, &name.0);
    let behind_names = [&OF_NAME[..], &[id::EXTERNSHEET]].concat();
    let at = globals.end_of(&behind_names).unwrap_or(behind_books);
    splices.insert(at.max(behind_books), record.0);
    true
}

/// Plans a number for the new tab, where tabs are numbered.
fn plan_tab_id(stream: &[u8], globals: &Globals, splices: &mut Splices) {
    let Some(span) = globals.all(TAB_IDS).next() else {
        return;
    };
    let Some(record) = record_at(stream, span.at) else {
        return;
    };
    let ids = record.body.chunks_exact(2);
    let highest = ids.map(|id| u16::from_le_bytes([id[0], id[1]])).max();
    let body = [
        record.body,
        &highest.unwrap_or(0).saturating_add(1).to_le_bytes(),
    ]
    .concat();
    if span.end - span.at == record.body.len() + 4 && body.len() <= MAX_BODY {
        let mut records = Stream::default();
        records.record(TAB_IDS, &body);
        splices.replace(span.at, span.end - span.at, records.0);
    }
}
