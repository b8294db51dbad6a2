//! The workbook stream as a whole, and the compound file around it.

use std::io::{Cursor, Write};

use cfb::{CompoundFile, Version};

use super::drawing::{self, Drawing};
use super::properties::summary_information;
use super::record::{Body, Stream};
use super::sheet::{SheetParts, beginning, range};
use super::style::Styles;
use super::text::SharedTexts;
use crate::error::WriteError;
use crate::read::xls::record::id;
use crate::sheet::Visibility;

/// A workbook to write.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) styles: Styles,
    pub(crate) texts: SharedTexts,
    pub(crate) sheets: Vec<SheetParts>,
}

/// Names that Excel knows by a number (MS-XLS §2.4.150).
pub(crate) const FILTER_DATABASE: u8 = 0x0D;
const PRINT_TITLES: u8 = 0x07;

/// What the grammar of the globals asks for and every workbook of Excel has (§2.1.7.20.3): the texts of the interface
/// are UTF-16, nobody in particular has it open, code page 1200 (UTF-16), no double file, 14 built-in function groups,
/// no protection.
const BEFORE_THE_WINDOW: &[(u16, &[u8])] = &[
    (0x00E1, &[0xB0, 0x04]),
    (0x00C1, &[0, 0]),
    (0x00E2, &[]),
    (0x005C, &NOBODY),
    (id::CODEPAGE, &[0xB0, 0x04]),
    (0x0161, &[0, 0]),
    (0x009C, &[14, 0]),
    (0x0019, &[0, 0]),
    (0x0012, &[0, 0]),
    (0x0013, &[0, 0]),
    (0x01AF, &[0, 0]),
    (0x01BC, &[0, 0]),
];

/// No backup, all objects shown, days counted from 1900, full precision, no refreshing, external values kept.
const AFTER_THE_WINDOW: &[(u16, &[u8])] = &[
    (0x0040, &[0, 0]),
    (0x008D, &[0, 0]),
    (id::DATEMODE, &[0, 0]),
    (0x000E, &[1, 0]),
    (0x01B7, &[0, 0]),
    (0x00DA, &[0, 0]),
];

/// A name of no characters, filled up with blanks to 112 bytes (WRITEACCESS, §2.4.349).
const NOBODY: [u8; 112] = {
    let mut name = [b' '; 112];
    (name[0], name[1], name[2]) = (0, 0, 0);
    name
};

impl Book {
    /// The workbook as a file.
    ///
    /// # Errors
    /// [`WriteError::Compose`]
    pub(crate) fn into_file(mut self) -> Result<Vec<u8>, WriteError> {
        if self.sheets.is_empty() {
            self.sheets.push(SheetParts {
                name: "Sheet1".to_owned(),
                ..SheetParts::default()
            });
        }
        let stream = self.stream();
        compound_file(&[
            ("Workbook", &stream),
            ("\u{5}SummaryInformation", &summary_information()),
        ])
        .map_err(|error| WriteError::Compose(error.to_string()))
    }

    /// The globals (GLOBALS, §2.1.7.20.3), then the sheets.
    fn stream(&mut self) -> Vec<u8> {
        let drawings = self.drawings();
        let mut stream = Stream::default();
        stream.record(id::BOF[3], &beginning(0x0005));
        for &(id, body) in BEFORE_THE_WINDOW {
            stream.record(id, body);
        }
        stream.record(id::WINDOW1, &self.window().0);
        for &(id, body) in AFTER_THE_WINDOW {
            stream.record(id, body);
        }
        self.styles.write(&mut stream);
        let offsets: Vec<usize> = self
            .sheets
            .iter()
            .map(|sheet| {
                let at = stream.len() + 4;
                stream.record(id::BOUNDSHEET, &bound_sheet(sheet).0);
                at
            })
            .collect();
        self.write_names(&mut stream);
        let in_use: Vec<&Drawing> = drawings.iter().flatten().collect();
        drawing::write_group(&in_use, &mut stream);
        self.texts.write(&mut stream);
        stream.record(id::EOF, &[]);
        for ((sheet, drawing), at) in self.sheets.iter_mut().zip(&drawings).zip(offsets) {
            let offset = (stream.len() as u32).to_le_bytes();
            stream.0[at..at + 4].copy_from_slice(&offset);
            sheet.write(&mut stream, drawing.as_ref());
        }
        stream.0
    }

    fn drawings(&self) -> Vec<Option<Drawing>> {
        let (mut number, mut cluster) = (1, 1);
        let drawing = |sheet: &SheetParts| {
            let drawing = Drawing::of(number, cluster, sheet.filter, &sheet.notes)?;
            number += 1;
            cluster += drawing.clusters();
            Some(drawing)
        };
        self.sheets.iter().map(drawing).collect()
    }

    /// The window and which sheet it shows (WINDOW1, §2.4.345).
    fn window(&self) -> Body {
        let active = self.sheets.iter().position(|sheet| sheet.is_active);
        let active = active.unwrap_or(0) as u16;
        Body::default()
            .u16(360)
            .u16(270)
            .u16(28_800)
            .u16(16_000)
            .u16(0x0038)
            .u16(active)
            .u16(0)
            .u16(1)
            .u16(600)
    }

    /// The names by which Excel finds the filtered table and the rows that are printed on every page (SUPBOOK
    /// §2.4.271, EXTERNSHEET §2.4.106, NAME §2.4.150).
    fn write_names(&self, stream: &mut Stream) {
        let mut names = Vec::new();
        for (sheet, position) in self.sheets.iter().zip(0_u16..) {
            if let Some((first, last)) = sheet.printed_heading {
                let rows = Body::default().u16(first).u16(last).u16(0).u16(255);
                names.push(built_in_name(
                    PRINT_TITLES,
                    (position, position),
                    &rows,
                    false,
                ));
            }
            if let Some(filter) = &sheet.filter {
                let cells = range(Body::default(), filter);
                names.push(built_in_name(
                    FILTER_DATABASE,
                    (position, position),
                    &cells,
                    true,
                ));
            }
        }
        if names.is_empty() {
            return;
        }
        let count = self.sheets.len() as u16;
        // This workbook itself; and each of its sheets.
        stream.record(id::SUPBOOK, &Body::default().u16(count).u16(0x0401).0);
        let sheets = (0..count).fold(Body::default().u16(count), |body, position| {
            body.u16(0).u16(position).u16(position)
        });
        stream.record(id::EXTERNSHEET, &sheets.0);
        for name in names {
            stream.record(id::NAME, &name.0);
        }
    }
}

/// A name that belongs to a sheet and stands for cells of it; the sheet is given by its entry in EXTERNSHEET and by its
/// position among the tabs.
pub(crate) fn built_in_name(
    name: u8,
    (entry, sheet): (u16, u16),
    cells: &Body,
    is_hidden: bool,
) -> Body {
    // A reference to cells of a sheet (PtgArea3d, §2.5.198.28).
    let formula = Body::default().u8(0x3B).u16(entry).bytes(&cells.0);
    Body::default()
        .u16(0x0020 | u16::from(is_hidden))
        .u8(0)
        .u8(1)
        .u16(formula.0.len() as u16)
        .u16(0)
        .u16(sheet + 1)
        .u32(0)
        .u8(0)
        .u8(name)
        .bytes(&formula.0)
}

/// A BOUNDSHEET record (§2.4.28) whose offset is yet to come.
pub(crate) fn bound_sheet(sheet: &SheetParts) -> Body {
    let visibility = match sheet.visibility {
        Visibility::Visible => 0,
        Visibility::Hidden => 1,
        Visibility::VeryHidden => 2,
    };
    Body::default()
        .u32(0)
        .u8(visibility)
        .u8(0)
        .short_text(&sheet.name)
}

/// A compound file of these streams (MS-CFB), with sectors of 512 bytes as Excel has them.
fn compound_file(streams: &[(&str, &[u8])]) -> std::io::Result<Vec<u8>> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    for (name, content) in streams {
        file.create_new_stream(name)?.write_all(content)?;
    }
    file.flush()?;
    let mut bytes = file.into_inner().into_inner();
    without_clock(&mut bytes);
    Ok(bytes)
}

/// Takes the clock out of the root folder: its times must be zero (MS-CFB §2.6.1), and the same input gives the same
/// bytes.
pub(crate) fn without_clock(bytes: &mut [u8]) {
    const TIMES: std::ops::Range<usize> = 100..116;
    let sector = bytes.get(48..52).and_then(|sector| sector.try_into().ok());
    let root = sector.map_or(0, |sector| (u32::from_le_bytes(sector) as usize + 1) * 512);
    if let Some(times) = bytes.get_mut(root + TIMES.start..root + TIMES.end) {
        times.fill(0);
    }
}
