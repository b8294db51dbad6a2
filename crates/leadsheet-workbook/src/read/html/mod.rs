//! Tables in web pages, which web systems save under the name `.xls` and Excel opens: every table with something in
//! it is a sheet. A table inside a cell is a sheet of its own, since pages nest tables to lay them out.
//!
//! What a cell is comes from the attributes that Excel (`x:num`, `mso-number-format`) and other offices
//! (`sdval`) write; where there are none, the text says it (`untyped`).

mod style;
mod table;
#[cfg(test)]
mod tests;

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{IoReader, Tokenizer};
use leadsheet_core::{CellRef, DateHabits, Excuse, Value, Values, parse_date};

use self::style::Styles;
use self::table::{Kind, OpenCell, Said, Table};
use super::Progress;
use super::cells::{Cells, MAX_NOTICES, NumberFormat};
use super::encoding::{self, Decoded};
use super::number_format::{FormatClass, Serial, serial_to_value};
use super::untyped;
use super::xlsx::xml;
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Sheet, Workbook};

/// Bytes in which the page says its encoding.
const HEAD: u64 = 4096;

/// Reads the tables of a page.
pub(super) fn read<R: Read + Seek>(
    mut source: R,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    let found = encoding::find(&mut source, encoding::declared(&head), limits)?;
    let mut decoded = Decoded::new(source, found, progress)?;
    let mut emitter = DefaultEmitter::default();
    // Scripts and style sheets may hold tags that are none.
    emitter.naively_switch_states(true);
    let mut page = Page::new(limits);
    for token in Tokenizer::new_with_emitter(IoReader::new(&mut decoded), emitter) {
        match token? {
            Token::StartTag(tag) => page.start(&tag)?,
            Token::EndTag(tag) => page.end(&tag.name)?,
            Token::String(text) => page.text(&String::from_utf8_lossy(&text))?,
            Token::Comment(comment) => page.comment(&comment),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    let (sheets, mut notices) = page.finish(decoded.has_errors())?;
    if found.guessed {
        let kind = NoticeKind::EncodingGuessed(found.name());
        notices.insert(
            0,
            Notice {
                sheet: None,
                cell: None,
                kind,
            },
        );
    }
    Ok(Workbook {
        kind: FileKind::Html,
        sheets,
        notices,
    })
}

/// What text outside of cells belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    #[default]
    Cells,
    /// A style sheet.
    Style,
    /// A table's caption, or what stands for it.
    Name,
    /// The list of sheets that Excel puts at the top.
    ExcelName,
    /// A note that hangs on a cell.
    Note,
    /// A script.
    Nothing,
}

/// A page while it is read.
struct Page<'l> {
    limits: &'l Limits,
    styles: Styles,
    style_sheet: String,
    reading: Reading,
    /// In the heading that office programs write before each table.
    in_heading: bool,
    name: String,
    note: String,
    /// Whether there are notes as Excel puts them at the end of a page, away from their cells.
    has_office_notes: bool,
    excel_names: Vec<String>,
    is_1904: bool,
    stack: Vec<(usize, Table)>,
    /// Tables that began so far, and cells of those that ended.
    tables: usize,
    filled: u64,
    /// Sheets and their notices, by the order in which their tables began.
    sheets: Vec<(usize, Sheet, Vec<Notice>)>,
    /// Cells that hold the sign for bytes that are no text.
    replaced: Vec<(usize, CellRef, String)>,
}

impl<'l> Page<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            styles: Styles::default(),
            style_sheet: String::new(),
            reading: Reading::Cells,
            in_heading: false,
            name: String::new(),
            note: String::new(),
            has_office_notes: false,
            excel_names: Vec::new(),
            is_1904: false,
            stack: Vec::new(),
            tables: 0,
            filled: 0,
            sheets: Vec::new(),
            replaced: Vec::new(),
        }
    }

    fn start(&mut self, tag: &StartTag<()>) -> Result<(), ReadError> {
        match &tag.name[..] {
            b"table" => self.begin_table()?,
            b"tr" => {
                self.close_cell()?;
                if self.stack.is_empty() {
                    self.begin_table()?;
                }
                let style = attribute(tag, b"style").unwrap_or_default();
                let style: String = style
                    .to_ascii_lowercase()
                    .split_ascii_whitespace()
                    .collect();
                if let Some((_, table)) = self.stack.last_mut() {
                    table.begin_row(style.contains("display:none"));
                }
            }
            b"td" | b"th" => {
                self.close_cell()?;
                let said = self.said(tag);
                let span = |name| {
                    attribute(tag, name)
                        .and_then(|span| span.trim().parse().ok())
                        .unwrap_or(1)
                };
                if let Some((_, table)) = self.stack.last_mut() {
                    table.begin_cell(span(b"colspan"), span(b"rowspan"), said)?;
                }
            }
            b"br" if self.reading == Reading::Note => self.note.push('\n'),
            b"br" => {
                if let Some(cell) = self.open() {
                    cell.text.push_break();
                }
            }
            b"style" => self.reading = Reading::Style,
            b"script" => self.reading = Reading::Nothing,
            b"comment" => {
                self.note.clear();
                self.reading = Reading::Note;
            }
            b"div" | b"span" if is_office_note(tag) => self.has_office_notes = true,
            b"caption" => self.reading = Reading::Name,
            b"x:name" => {
                self.reading = Reading::ExcelName;
                self.excel_names.push(String::new());
            }
            b"x:date1904" => self.is_1904 = true,
            b"a" if attribute(tag, b"name").is_some_and(|name| name.starts_with("table")) => {
                self.in_heading = true;
            }
            b"em" if self.in_heading => {
                self.name.clear();
                self.reading = Reading::Name;
            }
            name if is_block(name) && self.reading == Reading::Note => self.note.push('\n'),
            name if is_block(name) => self.block(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), ReadError> {
        match name {
            b"table" => self.close_table()?,
            b"tr" | b"thead" | b"tbody" | b"tfoot" => {
                self.close_cell()?;
                if let Some((_, table)) = self.stack.last_mut() {
                    table.end_row();
                }
            }
            b"td" | b"th" => self.close_cell()?,
            b"style" => {
                self.reading = Reading::Cells;
                self.styles
                    .add_sheet(&std::mem::take(&mut self.style_sheet));
            }
            b"caption" => {
                self.reading = Reading::Cells;
                let name = std::mem::take(&mut self.name);
                if let Some((_, table)) = self.stack.last_mut() {
                    table.name = tab_name(&name);
                }
            }
            b"comment" if self.reading == Reading::Note => {
                self.reading = Reading::Cells;
                self.end_note();
            }
            b"script" | b"comment" | b"em" | b"x:name" => self.reading = Reading::Cells,
            b"a" => self.in_heading = false,
            name if is_block(name) => self.block(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        let limit = self.limits.cell_bytes;
        let mut length = 0;
        match self.reading {
            Reading::Nothing => {}
            Reading::Note => {
                self.note.push_str(text);
                length = self.note.len();
            }
            Reading::Style => {
                self.style_sheet.push_str(text);
                length = self.style_sheet.len();
            }
            Reading::Name => {
                self.name.push_str(text);
                length = self.name.len();
            }
            Reading::ExcelName => {
                if let Some(name) = self.excel_names.last_mut() {
                    name.push_str(text);
                }
            }
            Reading::Cells => {
                if let Some(cell) = self.open() {
                    cell.text.push(text);
                    length = cell.text.len();
                }
            }
        }
        if length as u64 > limit {
            return Err(ReadError::Limit {
                part: "HTML".to_owned(),
                limit: "cell_bytes",
                maximum: limit,
            });
        }
        Ok(())
    }

    /// Excel tells its programs, and nobody else, what the sheets are called.
    fn comment(&mut self, comment: &[u8]) {
        let comment = String::from_utf8_lossy(comment);
        self.is_1904 |= comment.contains("<x:Date1904");
        for piece in comment.split("<x:Name>").skip(1) {
            let mut name = String::new();
            xml::unescape(
                piece.split('<').next().unwrap_or_default().as_bytes(),
                &mut name,
            );
            self.excel_names.push(name);
        }
    }

    /// Lets a note that says so excuse what is found at its cell.
    fn end_note(&mut self) {
        let note = std::mem::take(&mut self.note);
        if let Some((_, table)) = self.stack.last_mut() {
            let cell = table.open.as_ref().and_then(|open| open.at);
            let excuse = cell.and_then(|cell| Excuse::parse(cell, &note));
            table.cells.sheet_mut().excuses.extend(excuse);
        }
    }

    fn open(&mut self) -> Option<&mut OpenCell> {
        self.stack.last_mut()?.1.open.as_mut()
    }

    fn block(&mut self) {
        if let Some(cell) = self.open() {
            cell.text.push_block();
        }
    }

    fn begin_table(&mut self) -> Result<(), ReadError> {
        let limit = |limit, maximum| ReadError::Limit {
            part: "HTML".to_owned(),
            limit,
            maximum,
        };
        // A table outside of a cell of another one means that the other's end tag is missing.
        if self
            .stack
            .last()
            .is_some_and(|(_, table)| table.open.is_none())
        {
            self.close_table()?;
        }
        if self.stack.len() as u64 >= self.limits.depth {
            return Err(limit("depth", self.limits.depth));
        }
        if self.sheets.len() as u64 >= self.limits.parts {
            return Err(limit("parts", self.limits.parts));
        }
        let values = Values::new(Arc::default());
        let name = format!("Sheet{}", self.tables + 1);
        let mut cells = Cells::new(&name, values, self.tables, self.filled, self.limits);
        cells.count_from_1904(self.is_1904);
        let mut table = Table::new(cells, self.limits);
        table.name = tab_name(&std::mem::take(&mut self.name));
        self.stack.push((self.tables, table));
        self.tables += 1;
        Ok(())
    }

    fn close_table(&mut self) -> Result<(), ReadError> {
        self.close_cell()?;
        self.reading = Reading::Cells;
        if let Some((order, table)) = self.stack.pop() {
            self.filled = self.filled.max(table.cells.count());
            let mut notices = Vec::new();
            if let Some(sheet) = table.finish(&mut notices) {
                self.sheets.push((order, sheet, notices));
            }
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), ReadError> {
        let Some((order, table)) = self.stack.last_mut() else {
            return Ok(());
        };
        let Some(open) = table.open.take() else {
            return Ok(());
        };
        let text = open.text.into_text();
        let Some(cell) = open.at else {
            if !text.is_empty() {
                table.leave_out();
            }
            return Ok(());
        };
        if text.contains(char::REPLACEMENT_CHARACTER) && self.replaced.len() < MAX_NOTICES {
            self.replaced.push((*order, cell, text.clone()));
        }
        let format = self.styles.get(open.said.format);
        fill(&mut table.cells, cell, &text, open.said, &format)
    }

    /// What the attributes of a cell say.
    fn said(&mut self, tag: &StartTag<()>) -> Said {
        let mut said = Said::default();
        let mut value = None;
        for (name, raw) in &tag.attributes {
            let text = String::from_utf8_lossy(raw);
            let content = || Some(text.trim()).filter(|text| !text.is_empty());
            match &name[..] {
                b"x:num" => said.kind = Kind::Number(content().and_then(|text| text.parse().ok())),
                b"x:str" => said.kind = Kind::Text(content().map(str::to_owned)),
                b"x:bool" => {
                    said.kind = Kind::Bool(!matches!(content(), Some("FALSE" | "false" | "0")));
                }
                b"x:err" => said.kind = Kind::Error(text.trim().to_owned()),
                b"x:fmla" => said.has_formula = true,
                b"sdval" => value = content().and_then(|text| text.parse().ok()),
                // Language of the format, language of the program, format.
                b"sdnum" => {
                    let code = text.splitn(3, ';').nth(2).unwrap_or_default();
                    said.format = Some(self.styles.of_code(code));
                }
                b"class" if said.format.is_none() => said.format = self.styles.of_classes(&text),
                b"style" => said.format = self.styles.in_declarations(&text).or(said.format),
                _ => {}
            }
        }
        if value.is_some() {
            said.kind = Kind::Number(value);
        }
        said
    }

    /// The sheets in the order of their tables, and what is to be said about them.
    fn finish(mut self, has_errors: bool) -> Result<(Vec<Sheet>, Vec<Notice>), ReadError> {
        while !self.stack.is_empty() {
            self.close_table()?;
        }
        self.sheets.sort_by_key(|(order, ..)| *order);
        if self.sheets.is_empty() {
            return Err(ReadError::NotAWorkbook(Foreign::WebPage));
        }
        let are_named = self.excel_names.len() == self.sheets.len();
        let (mut sheets, mut notices) = (Vec::<Sheet>::new(), Vec::new());
        let mut names = hashbrown::HashSet::new();
        for (position, (order, mut sheet, found)) in self.sheets.into_iter().enumerate() {
            let excel_name = self.excel_names.get(position).filter(|_| are_named);
            let is_numbered = sheet.name == format!("Sheet{}", order + 1);
            if let Some(name) = excel_name.and_then(|name| tab_name(name)) {
                sheet.name = name;
            } else if is_numbered {
                sheet.name = format!("Sheet{}", position + 1);
            }
            if !names.insert(sheet.name.clone()) {
                sheet.name = format!("Sheet{}", position + 1);
                names.insert(sheet.name.clone());
            }
            sheets.push(sheet);
            notices.extend(found.into_iter().map(|notice| Notice {
                sheet: Some(position),
                ..notice
            }));
            if has_errors {
                let of_sheet = self
                    .replaced
                    .iter()
                    .filter(|(replaced, ..)| *replaced == order);
                notices.extend(of_sheet.map(|(_, cell, text)| Notice {
                    sheet: Some(position),
                    cell: Some(*cell),
                    kind: NoticeKind::BadEncoding(text.chars().take(100).collect()),
                }));
            }
        }
        if self.has_office_notes {
            notices.push(Notice {
                sheet: None,
                cell: None,
                kind: NoticeKind::NotesNotRead,
            });
        }
        Ok((sheets, notices))
    }
}

/// Whether an element is the note of a cell as Excel writes it into a page.
fn is_office_note(tag: &StartTag<()>) -> bool {
    let style = attribute(tag, b"style").unwrap_or_default();
    style.replace(' ', "").contains("mso-element:comment")
}

/// Sets a cell to what its text and its attributes say together.
fn fill(
    cells: &mut Cells,
    cell: CellRef,
    text: &str,
    said: Said,
    format: &NumberFormat,
) -> Result<(), ReadError> {
    if said.has_formula {
        cells.formula(cell);
        if text.is_empty() {
            cells.not_calculated(cell);
        }
    }
    let is_text = format.code == "@";
    match said.kind {
        Kind::Text(full) => untyped::set_text(cells, cell, full.as_deref().unwrap_or(text)),
        // LibreOffice gives truth values and errors as numbers.
        Kind::Number(Some(number)) if format.code == "BOOLEAN" => cells.bool(cell, number != 0.0),
        Kind::Number(Some(_)) if is_error(text) => cells.error(cell, text),
        Kind::Number(Some(number)) => {
            if format.class == FormatClass::Date && counts_from_1904(number, text) {
                cells.count_from_1904(true);
            }
            cells.number(cell, number, format)
        }
        Kind::Number(None) if !text.is_empty() && !is_text => match text.replace(',', "").parse() {
            Ok(number) => cells.number(cell, number, format),
            Err(_) => untyped::set_text(cells, cell, text),
        },
        Kind::Bool(value) => cells.bool(cell, value),
        Kind::Error(error) => cells.error(cell, if error.is_empty() { text } else { &error }),
        Kind::Number(None) | Kind::Untyped if is_text => untyped::set_text(cells, cell, text),
        // A bare number under a date's format is no date: pages show dates as dates.
        Kind::Number(None) | Kind::Untyped if format.class == FormatClass::Number => {
            untyped::set(cells, cell, text, format)
        }
        Kind::Number(None) | Kind::Untyped => {
            untyped::set(cells, cell, text, &NumberFormat::default())
        }
    }
}

fn is_error(text: &str) -> bool {
    matches!(
        text,
        "#N/A" | "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!" | "#NULL!"
    )
}

/// Whether the date that the page shows for a serial number is that of the 1904 system. A page does not say
/// from which day it counts.
fn counts_from_1904(serial: f64, shown: &str) -> bool {
    let meant = |is_1904| match serial_to_value(serial, FormatClass::Date, is_1904) {
        Serial::Date(moment) => Some(moment.date()),
        _ => None,
    };
    let shown = parse_date(Value::Text(shown), DateHabits::default()).date();
    shown.is_some() && shown != meant(false) && shown == meant(true)
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    tag.attributes
        .iter()
        .find(|(known, _)| &known[..] == name)
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"li"
            | b"ul"
            | b"ol"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"pre"
    )
}

/// A heading as the name of a tab, where it can be one.
fn tab_name(heading: &str) -> Option<String> {
    let name = heading
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let fits = !name.is_empty()
        && name.encode_utf16().count() <= 31
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\']);
    fits.then_some(name)
}
