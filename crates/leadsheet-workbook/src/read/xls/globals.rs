//! What a workbook stream says before its sheets: version, code page, number formats, sheet names, shared strings.

use std::collections::HashMap;

use leadsheet_core::Texts;

use super::record::{Record, Records, id};
use super::text::{Body, CodePage, Read, WESTERN, chinese_in_disguise, guess};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::NoticeKind;
use crate::read::cells::NumberFormat;
use crate::read::number_format::builtin;
use crate::sheet::Visibility;

/// Version of the record format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Biff {
    /// Excel 2.
    Two,
    /// Excel 3.
    Three,
    /// Excel 4.
    Four,
    /// Excel 5 and 95.
    Five,
    /// Excel 97 to 2003.
    Eight,
}

/// What a substream holds, as its BOF record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Substream {
    /// The workbook's globals.
    Globals,
    /// A worksheet or a dialogue.
    Worksheet,
    /// A chart.
    Chart,
    /// Macros or anything else.
    Other,
}

/// A sheet that the globals name.
#[derive(Clone, Debug)]
pub(crate) struct BoundSheet {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is shown.
    pub(crate) visibility: Visibility,
    /// Where its substream is said to begin.
    pub(crate) offset: usize,
    /// Whether it is said to be a worksheet.
    pub(crate) is_worksheet: bool,
}

/// What the stream says before its sheets.
#[derive(Debug)]
pub(crate) struct Globals {
    pub(crate) biff: Biff,
    pub(crate) code_page: CodePage,
    pub(crate) is_1904: bool,
    pub(crate) formats: Formats,
    pub(crate) sheets: Vec<BoundSheet>,
    pub(crate) strings: Texts,
    pub(crate) notices: Vec<NoticeKind>,
}

impl Globals {
    /// Reads the globals at the beginning of `stream`. A stream that begins with a worksheet has just that.
    ///
    /// # Errors
    /// [`ReadError::Damaged`], [`ReadError::Limit`]
    pub(crate) fn read(stream: &[u8], limits: &Limits) -> Result<Self, ReadError> {
        let mut records = Records::new(stream, 0);
        let damaged = |reason: &str| ReadError::Damaged {
            part: "Workbook".into(),
            reason: reason.into(),
        };
        let first = records
            .next()
            .ok_or_else(|| damaged("the stream is empty"))?;
        let (biff, substream) = beginning(&first)
            .ok_or_else(|| damaged("the stream does not begin with a BOF record"))?;
        let mut globals = Self {
            biff,
            code_page: WESTERN,
            is_1904: false,
            formats: Formats::default(),
            sheets: Vec::new(),
            strings: Texts::new(),
            notices: Vec::new(),
        };
        if biff < Biff::Eight {
            globals.find_code_page(stream);
        }
        let mut depth = 0_u32;
        let mut bundled = None;
        let mut ended = false;
        while let Some(record) = records.next() {
            if id::BOF.contains(&record.id) {
                if let Some(name) = bundled.take() {
                    globals.add_sheet(name, Visibility::Visible, record.offset, true);
                }
                depth += 1;
            }
            if record.id == id::EOF {
                if depth == 0 {
                    ended = true;
                    break;
                }
                depth -= 1;
            }
            if depth > 0 {
                continue;
            }
            match record.id {
                id::DATEMODE => globals.is_1904 = record.u16(0) == Some(1),
                id::BOUNDSHEET => globals.bound_sheet(&record),
                // Excel 4 puts the sheets of a workbook between its globals.
                id::SHEETHDR => bundled = Some(globals.byte_string(record.from(4)).text),
                id::SST => globals.shared_strings(&record, &mut records, limits)?,
                _ => globals
                    .formats
                    .record(&record, globals.biff, globals.code_page),
            }
        }
        if globals.sheets.is_empty() {
            globals.unnamed_sheets(stream, substream);
        }
        if globals.sheets.is_empty() {
            return Err(damaged("no sheet is in it"));
        }
        if !ended && substream == Substream::Globals {
            globals.notices.push(NoticeKind::Truncated);
        }
        Ok(globals)
    }

    /// The name of a format or a sheet before BIFF8, its length in the first byte.
    fn byte_string(&self, bytes: &[u8]) -> Read {
        short_text(bytes, self.code_page)
    }

    fn bound_sheet(&mut self, record: &Record<'_>) {
        let (Some(offset), Some(flags)) = (record.u32(0), record.u16(4)) else {
            return;
        };
        let visibility = match flags & 3 {
            0 => Visibility::Visible,
            1 => Visibility::Hidden,
            _ => Visibility::VeryHidden,
        };
        let name = if self.biff == Biff::Eight {
            let mut body = Body::new(record.from(6), Vec::new());
            body.u8()
                .and_then(|units| body.unicode(units.into()))
                .map_or_else(String::new, |read| read.text)
        } else {
            self.byte_string(record.from(6)).text
        };
        self.add_sheet(name, visibility, offset as usize, flags >> 8 == 0);
    }

    fn add_sheet(
        &mut self,
        name: String,
        visibility: Visibility,
        offset: usize,
        is_worksheet: bool,
    ) {
        let name = if name.is_empty() {
            format!("Sheet{}", self.sheets.len() + 1)
        } else {
            name
        };
        self.sheets.push(BoundSheet {
            name,
            visibility,
            offset,
            is_worksheet,
        });
    }

    /// The sheets of a stream that names none: itself, or whatever substreams follow its globals.
    fn unnamed_sheets(&mut self, stream: &[u8], substream: Substream) {
        if substream != Substream::Globals {
            self.add_sheet(
                String::new(),
                Visibility::Visible,
                0,
                substream == Substream::Worksheet,
            );
            return;
        }
        for (offset, substream) in substreams(stream) {
            if substream == Substream::Worksheet {
                self.add_sheet(String::new(), Visibility::Visible, offset, true);
            }
        }
    }

    fn shared_strings(
        &mut self,
        record: &Record<'_>,
        records: &mut Records<'_>,
        limits: &Limits,
    ) -> Result<(), ReadError> {
        // The first count is that of the cells that name them; only the second one says how many there are.
        let count = record.u32(4).unwrap_or(0);
        let mut body = Body::new(record.from(8), records.continuations());
        let limit = |limit, maximum| ReadError::Limit {
            part: "SST".into(),
            limit,
            maximum,
        };
        let mut broken = 0_u32;
        for position in 0..count {
            if u64::from(position) >= limits.strings {
                return Err(limit("strings", limits.strings));
            }
            let Some(read) = body.u16().and_then(|units| body.unicode(units)) else {
                let missing = format!("{} of {count} shared strings are missing", count - position);
                self.notices.push(NoticeKind::Other(missing));
                break;
            };
            broken += u32::from(!read.sound);
            self.strings
                .push(&read.text)
                .map_err(|_| limit("strings", limits.strings))?;
        }
        if broken > 0 {
            self.notices
                .push(NoticeKind::BadEncoding(format!("{broken} shared strings")));
        }
        Ok(())
    }

    /// Finds out how the texts of a stream before BIFF8 are encoded.
    fn find_code_page(&mut self, stream: &[u8]) {
        let named = Records::new(stream, 0)
            .find(|record| record.id == id::CODEPAGE)
            .and_then(|record| record.u16(0));
        let known = named.and_then(CodePage::by_number);
        if let Some(code_page) = known
            && !matches!(named, Some(1252 | 0x8001))
        {
            self.code_page = code_page;
            return;
        }
        let texts = all_texts(stream);
        let guessed = if known.is_some() {
            chinese_in_disguise(&texts)
        } else {
            guess(&texts)
        };
        if let Some(encoding) = guessed {
            self.code_page = CodePage::Encoding(encoding);
            self.notices
                .push(NoticeKind::EncodingGuessed(encoding.name()));
        }
    }
}

/// The texts of the cells and sheet names of a stream before BIFF8, as bytes.
fn all_texts(stream: &[u8]) -> Vec<u8> {
    let mut texts = Vec::new();
    for record in Records::new(stream, 0) {
        let text = match record.id {
            id::LABEL_2 => counted(&record, 7, 1),
            id::LABEL | id::RSTRING => counted(&record, 6, 2),
            id::BOUNDSHEET => counted(&record, 6, 1),
            id::STRING_2 => counted(&record, 0, 1),
            id::STRING => counted(&record, 0, 2),
            _ => continue,
        };
        texts.extend_from_slice(text);
        texts.push(b'\n');
    }
    texts
}

/// The text whose length stands at `at` in so many bytes.
fn counted<'a>(record: &Record<'a>, at: usize, bytes: usize) -> &'a [u8] {
    let length = match bytes {
        1 => record.body.get(at).map(|&length| usize::from(length)),
        _ => record.u16(at).map(usize::from),
    };
    let text = record.from(at + bytes);
    &text[..length.unwrap_or(0).min(text.len())]
}

/// Version and kind of the substream that a BOF record begins.
pub(crate) fn beginning(record: &Record<'_>) -> Option<(Biff, Substream)> {
    let biff = match record.id {
        0x0009 => Biff::Two,
        0x0209 => Biff::Three,
        0x0409 => Biff::Four,
        // Hand-made writers leave the version out; that many of them write byte strings makes it BIFF5.
        0x0809 if record.u16(0)? >= 0x0600 => Biff::Eight,
        0x0809 => Biff::Five,
        _ => return None,
    };
    let substream = match record.u16(2)? {
        0x0005 | 0x0100 => Substream::Globals,
        0x0010 => Substream::Worksheet,
        0x0020 => Substream::Chart,
        _ => Substream::Other,
    };
    Some((biff, substream))
}

/// Where the substreams of a stream begin, the globals left out, nested ones too.
pub(crate) fn substreams(stream: &[u8]) -> Vec<(usize, Substream)> {
    let mut found = Vec::new();
    let mut depth = 0_u32;
    for record in Records::new(stream, 0) {
        if let Some((_, substream)) = beginning(&record) {
            if depth == 0 && substream != Substream::Globals {
                found.push((record.offset, substream));
            }
            depth += 1;
        } else if record.id == id::EOF {
            depth = depth.saturating_sub(1);
        }
    }
    found
}

/// A text before BIFF8 with its length in the first byte.
fn short_text(bytes: &[u8], code_page: CodePage) -> Read {
    let (length, text) = bytes
        .split_first()
        .map_or((0, &[][..]), |(&length, text)| (usize::from(length), text));
    code_page.decode(&text[..length.min(text.len())])
}

/// The number formats of a workbook, and which of them each cell style (XF) has.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    by_id: HashMap<u16, NumberFormat>,
    /// How many FORMAT records there were: before BIFF5 their order is their id.
    count: u16,
    styles: Vec<u16>,
    general: NumberFormat,
}

impl Formats {
    /// Takes in a FORMAT or XF record; any other is none of its business.
    pub(crate) fn record(&mut self, record: &Record<'_>, biff: Biff, code_page: CodePage) {
        match record.id {
            id::FORMAT_2 => self.add_in_order(record.body, code_page),
            id::FORMAT if biff <= Biff::Four => self.add_in_order(record.from(2), code_page),
            id::FORMAT => {
                let Some(format) = record.u16(0) else { return };
                let code = if biff == Biff::Eight {
                    let mut body = Body::new(record.from(2), Vec::new());
                    body.u16()
                        .and_then(|units| body.unicode(units))
                        .map(|read| read.text)
                } else {
                    Some(short_text(record.from(2), code_page).text)
                };
                if let Some(code) = code {
                    self.by_id.insert(format, NumberFormat::new(&code));
                }
            }
            id::XF => self.styles.extend(record.u16(2)),
            id::XF_3 | id::XF_4 => self
                .styles
                .extend(record.body.get(1).map(|&format| u16::from(format))),
            _ => {}
        }
    }

    fn add_in_order(&mut self, bytes: &[u8], code_page: CodePage) {
        self.by_id.insert(
            self.count,
            NumberFormat::new(&short_text(bytes, code_page).text),
        );
        self.count = self.count.saturating_add(1);
    }

    /// Whether any cell style was seen.
    pub(crate) fn is_empty(&self) -> bool {
        self.styles.is_empty()
    }

    /// Adds the built-in formats that styles use and no record defines.
    pub(crate) fn finish(&mut self) {
        for &format in &self.styles {
            if let Some(code) = builtin(format) {
                self.by_id
                    .entry(format)
                    .or_insert_with(|| NumberFormat::new(code));
            }
        }
    }

    /// The number format of a cell with style `style`; `None` for a style or a format that is not there.
    pub(crate) fn of_style(&self, style: u16) -> Option<&NumberFormat> {
        self.styles
            .get(usize::from(style))
            .and_then(|format| self.by_id.get(format))
    }

    /// The format of this id, for cells that name it themselves (BIFF2).
    pub(crate) fn by_id(&self, format: u16) -> Option<&NumberFormat> {
        self.by_id.get(&format)
    }

    /// The format that shows numbers as they are.
    pub(crate) const fn general(&self) -> &NumberFormat {
        &self.general
    }
}
