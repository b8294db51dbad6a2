//! What cells look like: fonts, number formats and colours, each written once and named by its number, and the
//! combinations of them (XF) that cells name.

use std::collections::HashMap;

use super::record::{Body, Stream};
use crate::error::WriteError;
use crate::read::number_format::{builtin, is_general};
use crate::read::xls::record::id;
use crate::write::look::Side;

/// How a cell looks. Colours are `0xRRGGBB`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Style {
    /// The number format's code; empty for General.
    pub(crate) number_format: String,
    pub(crate) font: Font,
    pub(crate) fill: Option<u32>,
    /// A thin line on every side.
    pub(crate) border: Option<u32>,
    /// A stronger line below.
    pub(crate) below: Option<u32>,
    pub(crate) side: Side,
    pub(crate) wrapped: bool,
    /// Above the cell's space that is left, not in the middle of it.
    pub(crate) at_top: bool,
}

/// XF records that Excel takes (MS-XLS §2.4.353 allows 4050 in all).
const MOST_FORMATS: usize = 4050;

/// XF records before the first cell format of our own: fifteen styles and the format of a cell without one.
const FIRST_XF: usize = 16;

/// The first number format that is not built in.
const FIRST_NUMBER_FORMAT: u16 = 164;

/// The longest code of a number format.
const LONGEST_CODE: usize = 255;

const FONT: &str = "Calibri";
const TWIPS: u16 = 220;

/// The combinations in use.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    formats: Vec<Style>,
    positions: HashMap<Style, u16>,
    number_formats: Vec<String>,
    fonts: Vec<Font>,
    palette: Palette,
}

/// What letters look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Font {
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underlined: bool,
    /// In points, where it is not the usual.
    pub(crate) size: Option<u8>,
    /// That of the window's text where none is given.
    pub(crate) colour: Option<u32>,
}

impl Styles {
    /// The number by which cells name a style.
    ///
    /// # Errors
    /// [`WriteError::TooManyFormats`]
    pub(crate) fn xf(&mut self, style: &Style) -> Result<u16, WriteError> {
        if let Some(&position) = self.positions.get(style) {
            return Ok(position);
        }
        let position = FIRST_XF + self.formats.len();
        if position >= MOST_FORMATS {
            return Err(WriteError::TooManyFormats(MOST_FORMATS - FIRST_XF));
        }
        self.formats.push(style.clone());
        self.positions.insert(style.clone(), position as u16);
        Ok(position as u16)
    }

    /// Writes fonts, number formats, cell formats and the palette (FORMATTING, §2.1.7.20.3).
    pub(crate) fn write(&mut self, stream: &mut Stream) {
        let formats = std::mem::take(&mut self.formats);
        let records: Vec<Body> = formats
            .iter()
            .map(|style| self.cell_format(style))
            .collect();
        let plain = self.font_record(&Font::default());
        // Excel writes the first four alike.
        for _ in 0..4 {
            stream.record(id::FONT, &plain.0);
        }
        for font in self.fonts.clone() {
            stream.record(id::FONT, &self.font_record(&font).0);
        }
        for (code, number) in self.number_formats.iter().zip(FIRST_NUMBER_FORMAT..) {
            stream.record(id::FORMAT, &Body::default().u16(number).text(code).0);
        }
        for style in 0..15 {
            // Locked, a style, without a parent; all but Normal leave everything to it.
            let inherits = if style == 0 { 0 } else { 0xF4 };
            let body = Body::default().u16(0).u16(0).u16(0xFFF5).u8(0x20);
            let body = body.u8(0).u8(0).u8(inherits).u32(0).u32(0).u16(0x20C0);
            stream.record(id::XF, &body.0);
        }
        let body = Body::default().u16(0).u16(0).u16(0x0001).u8(0x20);
        let body = body.u8(0).u8(0).u8(0).u32(0).u32(0).u16(0x20C0);
        stream.record(id::XF, &body.0);
        for record in records {
            stream.record(id::XF, &record.0);
        }
        // Style 0 is Normal (§2.4.269).
        stream.record(id::STYLE, &[0x00, 0x80, 0x00, 0xFF]);
        if let Some(palette) = self.palette.record() {
            stream.record(id::PALETTE, &palette.0);
        }
        self.formats = formats;
    }

    fn cell_format(&mut self, style: &Style) -> Body {
        let font = self.font(&style.font);
        let format = self.number_format(&style.number_format);
        xf_body(style, font, format, |colour| self.palette.index(colour))
    }

    /// The number of a font.
    pub(crate) fn font(&mut self, font: &Font) -> u16 {
        if *font == Font::default() {
            return 0;
        }
        let position = match self.fonts.iter().position(|known| known == font) {
            Some(position) => position,
            None => {
                self.fonts.push(font.clone());
                self.fonts.len() - 1
            }
        };
        // Four come before, and there is no font 4 (§2.5.129).
        position as u16 + 5
    }

    fn font_record(&mut self, font: &Font) -> Body {
        let colour = font.colour.map(|colour| self.palette.index(colour));
        font_body(font, colour)
    }

    fn number_format(&mut self, code: &str) -> u16 {
        if is_general(code) {
            return 0;
        }
        if let Some(built_in) = built_in_everywhere().find(|&number| builtin(number) == Some(code))
        {
            return built_in;
        }
        let code: String = code.chars().take(LONGEST_CODE).collect();
        let position = match self.number_formats.iter().position(|known| *known == code) {
            Some(position) => position,
            None => {
                self.number_formats.push(code);
                self.number_formats.len() - 1
            }
        };
        FIRST_NUMBER_FORMAT + position as u16
    }
}

/// An XF record of a cell (§2.4.353, §2.5.20); `colour` gives the number of a colour.
pub(crate) fn xf_body(
    style: &Style,
    font: u16,
    format: u16,
    mut colour: impl FnMut(u32) -> u16,
) -> Body {
    let horizontal = match style.side {
        Side::Usual => 0,
        Side::Centre => 2,
        Side::Right => 3,
    };
    let wrap = if style.wrapped { 0x08 } else { 0 };
    let vertical = if style.at_top { 0 } else { 0x10 };
    let (lines, sides, ends) = match (style.border, style.below) {
        // Thin on the left, the right, the top and below; then the colours.
        (Some(border), _) => {
            let colour = u32::from(colour(border));
            (0x1111, colour << 16 | colour << 23, colour | colour << 7)
        }
        // Medium, below.
        (None, Some(below)) => (0x2000, 0, u32::from(colour(below)) << 7),
        (None, None) => (0, 0, 0),
    };
    let (pattern, fill) = match style.fill {
        Some(fill) => (1, colour(fill) | 65 << 7),
        None => (0, 64 | 65 << 7),
    };
    Body::default()
        .u16(font)
        .u16(format)
        .u16(0x0001)
        .u8(horizontal | wrap | vertical)
        .u8(0)
        .u8(0)
        .u8(0xFC)
        .u32(lines | sides)
        .u32(ends | pattern << 26)
        .u16(fill)
}

/// A FONT record (§2.4.122); without a colour in that of the window's text.
pub(crate) fn font_body(font: &Font, colour: Option<u16>) -> Body {
    Body::default()
        .u16(font.size.map_or(TWIPS, |points| u16::from(points) * 20))
        .u16(if font.italic { 0x0002 } else { 0 })
        .u16(colour.unwrap_or(0x7FFF))
        .u16(if font.bold { 700 } else { 400 })
        .u16(0)
        .u8(font.underlined.into())
        .u8(2)
        .u8(0)
        .u8(0)
        .short_text(FONT)
}

/// The built-in number formats that are the same in every language.
fn built_in_everywhere() -> impl Iterator<Item = u16> {
    (1..=4).chain(9..=22).chain(37..=40).chain(45..=49)
}

/// The 56 colours of a workbook, numbered from 8 on (§2.4.188, §2.5.161).
#[derive(Clone, Debug)]
pub(crate) struct Palette {
    colours: [u32; 56],
    used: [bool; 56],
    is_own: bool,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            colours: DEFAULT_PALETTE,
            used: [false; 56],
            is_own: false,
        }
    }
}

impl Palette {
    /// The number of a colour; of the nearest one where no place is left for it.
    pub(crate) fn index(&mut self, colour: u32) -> u16 {
        let known = self.colours.iter().position(|&known| known == colour);
        // From behind: the first eight are the colours that programs name without looking.
        let free = || (8..56).rev().find(|&position| !self.used[position]);
        let position = match known.or_else(free) {
            Some(position) => position,
            None => nearest(&self.colours, colour),
        };
        if known.is_none() && !self.used[position] {
            self.colours[position] = colour;
            self.is_own = true;
        }
        self.used[position] = true;
        8 + position as u16
    }

    fn record(&self) -> Option<Body> {
        self.is_own.then(|| {
            let body = Body::default().u16(56);
            self.colours.iter().fold(body, |body, colour| {
                let [_, red, green, blue] = colour.to_be_bytes();
                body.u8(red).u8(green).u8(blue).u8(0)
            })
        })
    }
}

/// The position of the colour that is nearest to `colour`.
pub(crate) fn nearest(colours: &[u32], colour: u32) -> usize {
    let distance = |&(_, other): &(usize, &u32)| {
        let channels = colour.to_be_bytes().into_iter().zip(other.to_be_bytes());
        channels
            .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
            .sum::<u32>()
    };
    let nearest = colours.iter().enumerate().min_by_key(distance);
    nearest.map_or(0, |(position, _)| position)
}

/// The colours of a workbook that has no palette of its own (§2.5.161).
pub(crate) const DEFAULT_PALETTE: [u32; 56] = [
    0x00_0000, 0xFF_FFFF, 0xFF_0000, 0x00_FF00, 0x00_00FF, 0xFF_FF00, 0xFF_00FF, 0x00_FFFF,
    0x80_0000, 0x00_8000, 0x00_0080, 0x80_8000, 0x80_0080, 0x00_8080, 0xC0_C0C0, 0x80_8080,
    0x99_99FF, 0x99_3366, 0xFF_FFCC, 0xCC_FFFF, 0x66_0066, 0xFF_8080, 0x00_66CC, 0xCC_CCFF,
    0x00_0080, 0xFF_00FF, 0xFF_FF00, 0x00_FFFF, 0x80_0080, 0x80_0000, 0x00_8080, 0x00_00FF,
    0x00_CCFF, 0xCC_FFFF, 0xCC_FFCC, 0xFF_FF99, 0x99_CCFF, 0xFF_99CC, 0xCC_99FF, 0xFF_CC99,
    0x33_66FF, 0x33_CCCC, 0x99_CC00, 0xFF_CC00, 0xFF_9900, 0xFF_6600, 0x66_6699, 0x96_9696,
    0x00_3366, 0x33_9966, 0x00_3300, 0x33_3300, 0x99_3300, 0x99_3366, 0x33_3399, 0x33_3333,
];
