//! The substream of one worksheet.

use std::collections::BTreeMap;

use leadsheet_core::{CellRange, CellRef};

use super::drawing::{Drawing, Note};
use super::record::{Body, Stream};
use super::validation::{self, Validation};
use crate::read::biff::rk_bits;
use crate::read::xls::record::id;
use crate::sheet::Visibility;

/// Rows and columns of a sheet (MS-XLS §2.5.227, §2.5.51).
pub(crate) const MOST_ROWS: u32 = 65_536;
pub(crate) const MOST_COLUMNS: u32 = 256;

/// A worksheet to write.
#[derive(Debug, Default)]
pub(crate) struct SheetParts {
    pub(crate) name: String,
    pub(crate) visibility: Visibility,
    /// Whether it is the one that is shown when the workbook is opened.
    pub(crate) is_active: bool,
    pub(crate) columns: BTreeMap<u16, ColumnLook>,
    pub(crate) rows: BTreeMap<u16, RowLook>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) merges: Vec<CellRange>,
    /// Rows above that stay when the others are scrolled.
    pub(crate) frozen_rows: u16,
    /// Columns to the left that stay likewise.
    pub(crate) frozen_columns: u16,
    /// The table that has a filter, heading included.
    pub(crate) filter: Option<CellRange>,
    /// Whether the page is landscape and as wide as the table.
    pub(crate) is_wide: bool,
    /// The rows of the heading that are printed on every page.
    pub(crate) printed_heading: Option<(u16, u16)>,
    /// What is printed below.
    pub(crate) footer: Option<String>,
    /// Whether the lines between cells are not shown.
    pub(crate) is_bare: bool,
    pub(crate) validations: Vec<Validation>,
    pub(crate) notes: Vec<Note>,
    pub(crate) links: Vec<Link>,
}

/// Width of a column in 1/256 of a digit's width, and whether it is hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ColumnLook {
    pub(crate) width: Option<u16>,
    pub(crate) is_hidden: bool,
    /// The look of cells that nobody has filled in yet.
    pub(crate) xf: Option<u16>,
}

/// Height of a row in twentieths of a point, and whether it is hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowLook {
    pub(crate) height: Option<u16>,
    /// Whether the height is meant, and not just what its texts need.
    pub(crate) is_fixed: bool,
    pub(crate) is_hidden: bool,
}

/// A cell with its style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) row: u16,
    pub(crate) column: u16,
    pub(crate) xf: u16,
    pub(crate) content: Content,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Nothing,
    Number(f64),
    /// Position in the shared texts.
    Text(u32),
    Bool(bool),
    Error(u8),
}

/// A link to a place in the same workbook.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) cell: CellRef,
    /// `线索跟进!H5`, the sheet's name quoted where it must be.
    pub(crate) target: String,
}

pub(crate) const DEFAULT_WIDTH: u16 = 2340;
const DEFAULT_HEIGHT: u16 = 300;

/// How Excel calculates unless told otherwise (GLOBALS of a sheet, §2.1.7.20.5): by itself, at most a hundred rounds,
/// A1 references, no iteration, to within a thousandth, before saving; then nothing extra in print, grid lines were
/// set, no outline.
const CALCULATION: &[(u16, &[u8])] = &[
    (0x000D, &[1, 0]),
    (0x000C, &[100, 0]),
    (0x000F, &[1, 0]),
    (0x0011, &[0, 0]),
    (0x0010, &[0xFC, 0xA9, 0xF1, 0xD2, 0x4D, 0x62, 0x50, 0x3F]),
    (0x005F, &[1, 0]),
    (0x002A, &[0, 0]),
    (0x002B, &[0, 0]),
    (0x0082, &[1, 0]),
    (0x0080, &[0; 8]),
];

/// Not centred on the page, neither way (PAGESETUP, §2.1.7.20.5).
const PAGE: &[(u16, &[u8])] = &[(0x0083, &[0, 0]), (0x0084, &[0, 0])];

/// What is printed above and below each page (§2.4.136, §2.4.124).
const HEADER: u16 = 0x0014;
const FOOTER: u16 = 0x0015;

impl SheetParts {
    /// Writes the sheet (WORKSHEETCONTENT, §2.1.7.20.5). INDEX and DBCELL, which only tell where rows begin, are left
    /// out, as LibreOffice does.
    pub(crate) fn write(&mut self, stream: &mut Stream, drawing: Option<&Drawing>) {
        // One cell after the other, row by row; the last word wins.
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        self.cells.dedup_by(|later, earlier| {
            let is_same = (later.row, later.column) == (earlier.row, earlier.column);
            if is_same {
                *earlier = *later;
            }
            is_same
        });
        stream.record(id::BOF[3], &beginning(0x0010));
        for &(id, body) in CALCULATION {
            stream.record(id, body);
        }
        let height = Body::default().u16(0).u16(DEFAULT_HEIGHT);
        stream.record(id::DEFAULTROWHEIGHT, &height.0);
        let is_wide = self.is_wide;
        // Outlines as usual; made to fit the page (§2.4.351).
        let fits_page = if is_wide { 0x0100 } else { 0 };
        stream.record(id::WSBOOL, &Body::default().u16(0x04C1 | fits_page).0);
        stream.record(HEADER, &[]);
        let footer = self.footer.as_ref();
        let footer = footer.map_or_else(Body::default, |text| Body::default().text(text));
        stream.record(FOOTER, &footer.0);
        for &(id, body) in PAGE {
            stream.record(id, body);
        }
        // A4 (§2.4.257); landscape, one page wide and as many high as it takes, or portrait.
        let (high, portrait) = if is_wide { (0, 0) } else { (1, 2) };
        let body = Body::default()
            .u16(9)
            .u16(100)
            .u16(1)
            .u16(1)
            .u16(high)
            .u16(portrait);
        let body = body.u16(600).u16(600).f64(0.3).f64(0.3).u16(1);
        stream.record(id::SETUP, &body.0);
        stream.record(id::DEFCOLWIDTH, &Body::default().u16(8).0);
        self.write_columns(stream);
        if let Some(filter) = self.filter {
            let columns = filter.last.column - filter.first.column + 1;
            stream.record(id::AUTOFILTERINFO, &Body::default().u16(columns as u16).0);
        }
        self.write_dimensions(stream);
        self.write_rows(stream);
        if let Some(drawing) = drawing {
            drawing.write(stream);
        }
        self.write_window(stream);
        // At most 1,026 to a record (§2.4.168).
        for merges in self.merges.chunks(1_026) {
            let body = Body::default().u16(merges.len() as u16);
            stream.record(id::MERGECELLS, &merges.iter().fold(body, range).0);
        }
        for link in &self.links {
            stream.record(id::HLINK, &link.body().0);
        }
        validation::write(&self.validations, stream);
        stream.record(id::EOF, &[]);
    }

    /// Columns that look alike together (COLINFO, §2.4.53).
    fn write_columns(&self, stream: &mut Stream) {
        let columns: Vec<_> = self.columns.iter().collect();
        for alike in
            columns.chunk_by(|(one, look), (next, other)| **one + 1 == **next && look == other)
        {
            let [(first, look), ..] = alike else { continue };
            let last = **first + (alike.len() - 1) as u16;
            let body = Body::default()
                .u16(**first)
                .u16(last)
                .u16(look.width.unwrap_or(DEFAULT_WIDTH))
                .u16(look.xf.unwrap_or(15))
                .u16(if look.width.is_some() { 0x0002 } else { 0 } | u16::from(look.is_hidden))
                .u16(0);
            stream.record(id::COLINFO, &body.0);
        }
    }

    /// The used rows and columns, each up to one past the last (DIMENSIONS, §2.4.90).
    fn write_dimensions(&self, stream: &mut Stream) {
        let columns = || self.cells.iter().map(|cell| cell.column);
        let (first, last) = match (self.cells.first(), self.cells.last()) {
            (Some(first), Some(last)) => (u32::from(first.row), u32::from(last.row) + 1),
            _ => (0, 0),
        };
        let body = Body::default()
            .u32(first)
            .u32(last)
            .u16(columns().min().unwrap_or(0))
            .u16(columns().max().map_or(0, |last| last + 1))
            .u16(0);
        stream.record(id::DIMENSIONS, &body.0);
    }

    /// Blocks of 32 rows, each row's look and then their cells (CELLTABLE, §2.1.7.20.5).
    fn write_rows(&self, stream: &mut Stream) {
        let mut cells = &self.cells[..];
        let mut looks = self.rows.iter().peekable();
        loop {
            let next_look = looks.peek().map(|(row, _)| **row);
            let Some(first) = cells
                .first()
                .map(|cell| cell.row)
                .into_iter()
                .chain(next_look)
                .min()
            else {
                return;
            };
            let block = first / 32;
            let end = cells.partition_point(|cell| cell.row / 32 <= block);
            let (in_block, rest) = cells.split_at(end);
            let mut rows: BTreeMap<u16, (RowLook, &[Cell])> = BTreeMap::new();
            for cells in in_block.chunk_by(|one, other| one.row == other.row) {
                rows.insert(cells[0].row, (RowLook::default(), cells));
            }
            while let Some((&row, &look)) = looks.next_if(|(row, _)| **row / 32 <= block) {
                rows.entry(row).or_default().0 = look;
            }
            for (&row, (look, cells)) in &rows {
                stream.record(id::ROW, &row_body(row, *look, cells).0);
            }
            for cell in in_block {
                cell.write(stream);
            }
            cells = rest;
        }
    }

    /// How the sheet is shown: WINDOW2 (§2.4.346), PANE (§2.4.189), SELECTION (§2.4.248).
    fn write_window(&self, stream: &mut Stream) {
        // Headings, zeros, the default colour and outline symbols; grid lines.
        let mut flags = 0x00B4 | if self.is_bare { 0 } else { 0x0002 };
        let (row, column) = (self.frozen_rows, self.frozen_columns);
        if row > 0 || column > 0 {
            flags |= 0x0108;
        }
        if self.is_active {
            flags |= 0x0600;
        }
        let body = Body::default().u16(flags).u16(0).u16(0).u16(64);
        stream.record(id::WINDOW2, &body.u16(0).u16(0).u16(0).u32(0).0);
        // Above left, to the right of it, below it; the active one last.
        let panes: &[u8] = match (row > 0, column > 0) {
            (false, false) => &[3],
            (true, false) => &[3, 2],
            (false, true) => &[3, 1],
            (true, true) => &[3, 1, 2, 0],
        };
        let active = panes[panes.len() - 1];
        if panes.len() > 1 {
            let body = Body::default().u16(column).u16(row).u16(row).u16(column);
            stream.record(id::PANE, &body.u8(active).u8(0).0);
        }
        for &pane in panes {
            let body = Body::default().u8(pane).u16(row).u16(0).u16(0).u16(1);
            stream.record(id::SELECTION, &body.u16(row).u16(row).u8(0).u8(0).0);
        }
    }
}

/// The height that a wrapped text needs in a column of so many characters.
pub(crate) fn height_of(text: &str, characters: f64) -> u16 {
    const HIGHEST: u32 = 8_180;
    let lines = text.lines().map(|line| {
        let units = line.chars().map(|c| if c > '\u{2E7F}' { 2 } else { 1 });
        let width = f64::from(units.sum::<u32>());
        (width / characters.max(1.0)).ceil().max(1.0) as u32
    });
    let height = lines
        .sum::<u32>()
        .max(1)
        .saturating_mul(DEFAULT_HEIGHT.into());
    height.min(HIGHEST) as u16
}

/// The body of a BOF record (§2.4.21).
pub(crate) fn beginning(substream: u16) -> Vec<u8> {
    Body::default()
        .u16(0x0600)
        .u16(substream)
        .u16(0x0DBB)
        .u16(1996)
        .u32(0)
        .u32(0x0000_0606)
        .0
}

/// A ROW record (§2.4.221).
pub(crate) fn row_body(row: u16, look: RowLook, cells: &[Cell]) -> Body {
    let (first, last) = match cells {
        [first, .., last] => (first.column, last.column + 1),
        [only] => (only.column, only.column + 1),
        [] => (0, 0),
    };
    let flags =
        0x0100 | if look.is_hidden { 0x20 } else { 0 } | if look.is_fixed { 0x40 } else { 0 };
    Body::default()
        .u16(row)
        .u16(first)
        .u16(last)
        .u16(look.height.unwrap_or(DEFAULT_HEIGHT))
        .u32(0)
        .u16(flags)
        .u16(15)
}

/// Four numbers for a range: rows, then columns (Ref8U, §2.5.211).
pub(crate) fn range(body: Body, range: &CellRange) -> Body {
    body.u16(range.first.row as u16)
        .u16(range.last.row as u16)
        .u16(range.first.column as u16)
        .u16(range.last.column as u16)
}

impl Cell {
    pub(crate) fn write(&self, stream: &mut Stream) {
        let head = || Body::default().u16(self.row).u16(self.column).u16(self.xf);
        match self.content {
            Content::Nothing => stream.record(id::BLANK, &head().0),
            Content::Number(number) => match rk_bits(number) {
                Some(bits) => stream.record(id::RK, &head().u32(bits).0),
                None => stream.record(id::NUMBER, &head().f64(number).0),
            },
            Content::Text(position) => stream.record(id::LABELSST, &head().u32(position).0),
            Content::Bool(value) => stream.record(id::BOOLERR, &head().u8(value.into()).u8(0).0),
            Content::Error(code) => stream.record(id::BOOLERR, &head().u8(code).u8(1).0),
        }
    }
}

impl Link {
    /// An HLINK record (§2.4.140) with a hyperlink that is nothing but a place (MS-OSHARED §2.3.7.1).
    fn body(&self) -> Body {
        const STANDARD_LINK: [u8; 16] = [
            0xD0, 0xC9, 0xEA, 0x79, 0xF9, 0xBA, 0xCE, 0x11, 0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B,
            0xA9, 0x0B,
        ];
        let (row, column) = (self.cell.row as u16, self.cell.column as u16);
        let units: Vec<u16> = self.target.encode_utf16().chain([0]).collect();
        let body = Body::default().u16(row).u16(row).u16(column).u16(column);
        let body = body.bytes(&STANDARD_LINK).u32(2).u32(0x8);
        let body = body.u32(units.len() as u32);
        units.into_iter().fold(body, Body::u16)
    }
}
