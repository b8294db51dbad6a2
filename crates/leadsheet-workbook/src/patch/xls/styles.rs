//! Styles added behind those of the workbook: copies of what cells had, with another fill or number format, and those of
//! the sheet of findings.

use std::collections::{BTreeSet, HashMap};

use super::globals::{Globals, record_at};
use super::splice::Splices;
use crate::patch::styles::Rgb;
use crate::read::number_format::{FormatClass, builtin, classify, is_general};
use crate::read::xls::record::{Records, id};
use crate::read::xls::text;
use crate::write::xls::record::{Body, Stream};
use crate::write::xls::style::{DEFAULT_PALETTE, Font, Style, font_body, nearest, xf_body};

/// XF records that Excel takes (MS-XLS §2.4.353).
const MOST: usize = 4_050;
/// Fonts that Excel takes (§2.4.122).
const MOST_FONTS: usize = 510;
const XF_SIZE: usize = 20;
/// The first number format that is not built in.
const FIRST_NUMBER_FORMAT: u16 = 164;

/// Colours that a solid fill of ours has behind it and does not show. People's have the window's there, 64 or 65.
const HIDDEN: std::ops::RangeInclusive<u16> = 8..=63;

/// Checksum over all XF records (XFCRC, §2.4.354), what Excel 2007 adds to one of them (XFEXT, §2.4.355).
const XFCRC: u16 = 0x087C;
const XFEXT: u16 = 0x087D;

/// A number format to give to a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A built-in one.
    Builtin(u16),
    /// That of another style.
    Of(u16),
    /// One that no workbook has by itself.
    Code(&'static str),
}

/// The styles of a workbook, and those that come to them.
#[derive(Debug)]
pub(super) struct Styles {
    xfs: Vec<[u8; XF_SIZE]>,
    known: usize,
    codes: HashMap<u16, String>,
    new_codes: Vec<(u16, String)>,
    fonts: usize,
    new_fonts: Vec<Vec<u8>>,
    palette: [u32; 56],
    extensions: HashMap<u16, Vec<u8>>,
    new_extensions: Vec<Vec<u8>>,
    has_checksum: bool,
    filled: HashMap<(u16, Rgb), u16>,
    /// For each colour the fills that it covers.
    covered: HashMap<Rgb, Vec<[u8; 3]>>,
    formatted: HashMap<(u16, u16), u16>,
}

impl Styles {
    /// Reads the styles. `None` where a record of them is cut short.
    pub(super) fn read(stream: &[u8], globals: &Globals) -> Option<Self> {
        let all = |id| {
            globals
                .all(id)
                .filter_map(|span| record_at(stream, span.at))
        };
        let xfs = all(id::XF).map(|record| record.body.try_into().ok());
        let xfs: Vec<[u8; XF_SIZE]> = xfs.collect::<Option<_>>()?;
        let codes = all(id::FORMAT).filter_map(|record| {
            let mut body = text::Body::new(record.from(2), Vec::new());
            let code = body.u16().and_then(|units| body.unicode(units))?;
            Some((record.u16(0)?, code.text))
        });
        let mut palette = DEFAULT_PALETTE;
        if let Some(record) = all(id::PALETTE).next_back() {
            let colours = record.from(2).chunks_exact(4);
            for (own, colour) in palette.iter_mut().zip(colours) {
                *own = u32::from_be_bytes([0, colour[0], colour[1], colour[2]]);
            }
        }
        let extensions =
            all(XFEXT).filter_map(|record| Some((record.u16(14)?, record.body.to_vec())));
        Some(Self {
            known: xfs.len(),
            xfs,
            codes: codes.collect(),
            new_codes: Vec::new(),
            fonts: globals.all(id::FONT).count(),
            new_fonts: Vec::new(),
            palette,
            extensions: extensions.collect(),
            new_extensions: Vec::new(),
            has_checksum: globals.all(XFCRC).next().is_some(),
            filled: HashMap::new(),
            covered: HashMap::new(),
            formatted: HashMap::new(),
        })
    }

    fn add(&mut self, xf: [u8; XF_SIZE]) -> Option<u16> {
        let number = self.xfs.len();
        (number < MOST).then(|| {
            self.xfs.push(xf);
            number as u16
        })
    }

    /// The style like `base`, filled with a colour; `None` where there is no room for another. What `base` was filled
    /// with decides a colour that a solid fill does not show, so that styles that differ in nothing else still do:
    /// programs merge styles that are equal, and what was there before must be found again.
    pub(super) fn filled(&mut self, base: u16, colour: Rgb) -> Option<u16> {
        if let Some(&style) = self.filled.get(&(base, colour)) {
            return Some(style);
        }
        let mut xf = *self.xfs.get(usize::from(base))?;
        let [red, green, blue] = colour;
        let wanted = u32::from_be_bytes([0, red, green, blue]);
        let fore = 8 + nearest(&self.palette, wanted) as u16;
        let old = [xf[17] & !0x03, xf[18], xf[19]];
        let covered = self.covered.entry(colour).or_default();
        let shade = covered.iter().position(|&fill| fill == old);
        let shade = shade.unwrap_or_else(|| {
            covered.push(old);
            covered.len() - 1
        });
        let hidden = HIDDEN.start() + shade as u16 % 56;
        // The fill is the style's own; solid; in this colour, on the background of the window (§2.5.20).
        xf[9] |= 0x40;
        xf[17] = xf[17] & 0x01 | 0x01 << 2;
        // Excel 2007 keeps what 56 colours cannot say elsewhere; that goes along but for the fill.
        xf[17] &= !0x02;
        if self.has_checksum {
            xf[17] |= 0x02;
        }
        let colours = u16::from_le_bytes([xf[18], xf[19]]) & 0xC000 | fore | hidden << 7;
        [xf[18], xf[19]] = colours.to_le_bytes();
        let style = self.add(xf)?;
        if self.has_checksum {
            let base = self.extensions.get(&base).map(Vec::as_slice);
            self.new_extensions.push(extension(base, style, colour));
        }
        self.filled.insert((base, colour), style);
        Some(style)
    }

    /// The style like `base` with another number format; `None` where there is no room for another.
    pub(super) fn formatted(&mut self, base: u16, format: Format) -> Option<u16> {
        let number = match format {
            Format::Builtin(number) => number,
            Format::Of(style) => self.number_format(style),
            Format::Code(code) => self.new_code(code),
        };
        let mut xf = *self.xfs.get(usize::from(base))?;
        let is_quoted = xf[4] & 0x08 != 0;
        if self.number_format(base) == number && !is_quoted {
            return Some(base);
        }
        if let Some(&style) = self.formatted.get(&(base, number)) {
            return Some(style);
        }
        [xf[2], xf[3]] = number.to_le_bytes();
        // The number format is the style's own; no apostrophe makes a text of it.
        xf[9] |= 0x04;
        xf[4] &= !0x08;
        let style = self.add(xf)?;
        if let Some(extension) = self.extensions.get(&base) {
            let mut extension = extension.clone();
            extension.splice(14..16, style.to_le_bytes());
            self.extensions.insert(style, extension.clone());
            self.new_extensions.push(extension);
        }
        self.formatted.insert((base, number), style);
        Some(style)
    }

    fn new_code(&mut self, code: &str) -> u16 {
        if let Some((&number, _)) = self.codes.iter().find(|(_, known)| *known == code) {
            return number;
        }
        let highest = self.codes.keys().copied().max().unwrap_or(0);
        let number = highest.max(FIRST_NUMBER_FORMAT - 1) + 1;
        self.codes.insert(number, code.to_owned());
        self.new_codes.push((number, code.to_owned()));
        number
    }

    /// A style of our own; that of cells without one where there is no room for another.
    pub(super) fn own(&mut self, style: &Style) -> u16 {
        let mut font = 0;
        if style.font != Font::default() {
            font = self.font(&style.font).unwrap_or(0);
        }
        let colour = |colour| 8 + nearest(&self.palette, colour) as u16;
        let xf = xf_body(style, font, 0, colour).0;
        let xf = <[u8; XF_SIZE]>::try_from(xf).ok();
        xf.and_then(|xf| self.add(xf)).unwrap_or(15)
    }

    /// A font like the workbook's own, but bold, underlined or in a colour.
    pub(super) fn font(&mut self, font: &Font) -> Option<u16> {
        let colour = font.colour;
        let colour = colour.map(|colour| 8 + nearest(&self.palette, colour) as u16);
        let body = font_body(font, colour).0;
        let known = self.new_fonts.iter().position(|font| *font == body);
        let position = self.fonts
            + match known {
                Some(known) => known,
                None if self.fonts + self.new_fonts.len() >= MOST_FONTS => return None,
                None => {
                    self.new_fonts.push(body);
                    self.new_fonts.len() - 1
                }
            };
        // There is no font 4 (§2.5.129).
        Some(position as u16 + u16::from(position >= 4))
    }

    /// What the style makes of a number.
    pub(super) fn class(&self, style: u16) -> FormatClass {
        classify(self.code(style))
    }

    /// Whether the style shows percentages.
    pub(super) fn is_percent(&self, style: u16) -> bool {
        self.code(style).contains('%')
    }

    /// Whether the style shows everything as text.
    pub(super) fn is_text(&self, style: u16) -> bool {
        self.code(style).trim() == "@"
    }

    /// Whether the style leaves the look of a number to the program.
    pub(super) fn is_general(&self, style: u16) -> bool {
        is_general(self.code(style))
    }

    fn number_format(&self, style: u16) -> u16 {
        let xf = self.xfs.get(usize::from(style));
        xf.map_or(0, |xf| u16::from_le_bytes([xf[2], xf[3]]))
    }

    fn code(&self, style: u16) -> &str {
        let number = self.number_format(style);
        let own = self.codes.get(&number).map(String::as_str);
        own.or_else(|| builtin(number)).unwrap_or_default()
    }

    /// Every style that was made by filling another, and that other.
    pub(super) fn filled_styles(&self) -> Vec<(u16, u16)> {
        let pairs = self.filled.iter().map(|(&(base, _), &style)| (style, base));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs
    }

    /// The style like `style` that is filled as before; `pairs` are styles that were given, and those before them.
    ///
    /// In the cell itself `own`, what it was before, decides. Elsewhere a fill tells what was there as long as nobody but
    /// us gives it: LibreOffice, for one, forgets what tells it from others.
    pub(super) fn unfilled(
        &mut self,
        style: u16,
        own: Option<u16>,
        pairs: &[(u16, u16)],
    ) -> Option<u16> {
        let xf = *self.xfs.get(usize::from(style))?;
        let filled = Fill::of(&xf);
        let mut fills = pairs.iter().filter_map(|&(given, before)| {
            let given = self.xfs.get(usize::from(given))?;
            Some((Fill::of(given), before))
        });
        let before = match own {
            Some(own) => fills
                .any(|(given, _)| given.shows_like(filled))
                .then_some(own),
            None if self.are_ours_alone(pairs) => {
                let same = fills.find(|(given, _)| *given == filled);
                same.map(|(_, before)| before)
            }
            None => None,
        };
        let before = before?;
        let mut restored = xf;
        Fill::of(self.xfs.get(usize::from(before))?).put(&mut restored);
        // Whether Excel 2007 has more to say of it makes no difference.
        let look = |xf: &[u8; XF_SIZE]| {
            let mut look = *xf;
            look[17] &= !0x02;
            look
        };
        let known = std::iter::once(before).chain(0..self.xfs.len() as u16);
        let mut known = known.filter(|&known| {
            let known = self.xfs.get(usize::from(known));
            known.is_some_and(|known| look(known) == look(&restored))
        });
        let known = known.next();
        known.or_else(|| self.add(look(&restored)))
    }

    /// Whether the colours behind the fills that were given are those that we put there.
    fn are_ours_alone(&self, pairs: &[(u16, u16)]) -> bool {
        let mut behind: HashMap<u16, BTreeSet<u16>> = HashMap::new();
        for (given, _) in pairs {
            if let Some(xf) = self.xfs.get(usize::from(*given)) {
                let fill = Fill::of(xf);
                let colours = behind.entry(fill.colours & 0x7F).or_default();
                colours.insert(fill.background());
            }
        }
        let in_turn =
            |colours: &BTreeSet<u16>| colours.iter().copied().eq(HIDDEN.take(colours.len()));
        behind.values().all(in_turn)
    }

    /// Plans the new records, and the checksum by which Excel 2007 knows that the styles are as it left them.
    pub(super) fn plan(&self, stream: &[u8], globals: &Globals, splices: &mut Splices) {
        let add = |splices: &mut Splices, after: &[u16], id: u16, bodies: &[Vec<u8>]| {
            let mut records = Stream::default();
            for body in bodies {
                records.record(id, body);
            }
            splices.insert(globals.end_of(after).unwrap_or(globals.end), records.0);
        };
        let codes = self.new_codes.iter();
        let codes: Vec<Vec<u8>> = codes
            .map(|(number, code)| Body::default().u16(*number).text(code).0)
            .collect();
        let xfs: Vec<Vec<u8>> = self.xfs[self.known..]
            .iter()
            .map(|xf| xf.to_vec())
            .collect();
        add(splices, &[id::FONT], id::FONT, &self.new_fonts);
        add(splices, &[id::FONT, id::FORMAT], id::FORMAT, &codes);
        add(splices, &[id::XF], id::XF, &xfs);
        if !self.new_extensions.is_empty() {
            add(splices, &[XFCRC, XFEXT], XFEXT, &self.new_extensions);
        }
        let checksum = globals.all(XFCRC).next();
        let checksum = checksum.and_then(|span| Records::new(stream, span.at).next());
        if let Some(record) = checksum.filter(|record| record.body.len() >= 20)
            && self.xfs.len() > self.known
        {
            splices.put_u16(record.offset + 4 + 14, self.xfs.len() as u16);
            splices.put_u32(
                record.offset + 4 + 16,
                checksum_of(self.xfs.iter().flatten()),
            );
        }
    }
}

/// How the cells of a style are filled (§2.5.20): the pattern, its colour and the one behind it, and whether that is the
/// style's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fill {
    pattern: u8,
    colours: u16,
    is_own: u8,
}

impl Fill {
    fn of(xf: &[u8; XF_SIZE]) -> Self {
        Self {
            pattern: xf[17] & !0x03,
            colours: u16::from_le_bytes([xf[18], xf[19]]) & 0x3FFF,
            is_own: xf[9] & 0x40,
        }
    }

    fn put(self, xf: &mut [u8; XF_SIZE]) {
        xf[17] = xf[17] & 0x03 | self.pattern;
        let rest = u16::from_le_bytes([xf[18], xf[19]]) & 0xC000;
        [xf[18], xf[19]] = (rest | self.colours).to_le_bytes();
        xf[9] = xf[9] & !0x40 | self.is_own;
    }

    const fn background(self) -> u16 {
        self.colours >> 7
    }

    /// Whether the two are solid and of the same colour.
    const fn shows_like(self, other: Self) -> bool {
        self.pattern == 0x04 && other.pattern == 0x04 && self.colours & 0x7F == other.colours & 0x7F
    }
}

/// An XFEXT record for `style`: what Excel 2007 says of the style it was made from, but for the fill, which is in this
/// colour.
fn extension(base: Option<&[u8]>, style: u16, [red, green, blue]: Rgb) -> Vec<u8> {
    // Foreground, background and gradient (ExtProp, §2.5.108).
    const FILLS: [u16; 3] = [4, 5, 6];
    let mut kept = Vec::new();
    let mut count = 1;
    let mut rest = base.and_then(|base| base.get(20..)).unwrap_or_default();
    while let [kind, kind_high, length, length_high, ..] = *rest {
        let length = usize::from(u16::from_le_bytes([length, length_high]));
        let Some((property, after)) = rest.split_at_checked(length.max(4)) else {
            break;
        };
        if !FILLS.contains(&u16::from_le_bytes([kind, kind_high])) {
            kept.extend_from_slice(property);
            count += 1;
        }
        rest = after;
    }
    let body = Body::default().u16(XFEXT).u16(0).bytes(&[0; 8]).u16(0);
    let body = body.u16(style).u16(0).u16(count);
    // A colour as red, green, blue, opaque (FullColorExt, §2.5.155).
    let body = body.u16(4).u16(20).u16(2).u16(0);
    let body = body.bytes(&[red, green, blue, 0xFF]).bytes(&[0; 8]);
    body.bytes(&kept).0
}

/// The checksum of MS-OSHARED §2.4.3.
fn checksum_of<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = (index as u32) << 24;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 0x8000_0000 != 0 {
                    value << 1 ^ 0xAF
                } else {
                    value << 1
                };
                bit += 1;
            }
            table[index] = value & 0xFFFF;
            index += 1;
        }
        table
    };
    bytes.fold(0, |checksum: u32, byte| {
        checksum << 8 ^ TABLE[usize::from((checksum >> 24) as u8 ^ byte)]
    })
}
