//! One worksheet part, read row by row as it is unpacked.

use std::{hint, mem};

use leadsheet_core::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS, ValueId, Values};

use super::cell::{CellType, CellValues, address};
use super::interner::TextInRow;
use super::notices::{Notices, quoted};
use super::package::Depth;
use super::shared_strings::{self, Oddity};
use super::spelling::{self, Follows, KnownCell, Spelled, Spellings, View};
use super::styles::Styles;
use super::xml::{self, Attributes, Event, Refusal, Scanner};
use crate::limits::Limits;
use crate::notice::NoticeKind;
use crate::sheet::Sheet;

/// How far ahead of the cell that is read the window is fetched from memory: beyond the next page of it, where the
/// processor would begin to fetch only when it is there.
const AHEAD: usize = 2 << 10;

/// What the sheets of a workbook share.
#[derive(Debug)]
pub(super) struct Shared<'w> {
    pub(super) styles: &'w Styles,
    pub(super) is_1904: bool,
    /// Shared strings about which there is something to say, by position.
    pub(super) odd: &'w [(u32, Oddity)],
    pub(super) limits: Limits,
    /// No values yet, over the shared strings.
    pub(super) values: Values,
}

/// A worksheet while it is read.
#[derive(Debug)]
pub(super) struct SheetPart<'w> {
    shared: &'w Shared<'w>,
    notices: &'w mut Notices,
    /// Filled cells of the workbook so far.
    cells: &'w mut u64,
    sheet: Sheet,
    values: CellValues<'w>,
    place: Place,
    depth: Depth,
    /// The depth at which an element began that is not looked into.
    skipped_from: Option<u64>,
    /// The current row, counted from 0.
    row: u32,
    next_row: u32,
    next_column: u32,
    /// The cell furthest down, and of those furthest to the right, that was filled so far.
    last: Option<CellRef>,
    /// Cells that come after others further down.
    late: Vec<(CellRef, ValueId)>,
    spellings: Spellings,
    /// By column, the texts that were met in the window and have no ids yet.
    texts: Vec<Vec<TextInRow>>,
    /// Cells of the window that held what is no text, and what was made of it.
    unsound: Vec<(CellRef, String)>,
    text: String,
    ended: bool,
    root: Root,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Around,
    Rows,
    Cells,
}

/// What the part turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// Nothing yet.
    Unknown,
    /// A worksheet.
    Worksheet,
    /// Something else that a tab may show: a chart, a dialogue, macros.
    Other,
}

impl<'w> SheetPart<'w> {
    pub(super) fn new(
        shared: &'w Shared<'w>,
        notices: &'w mut Notices,
        cells: &'w mut u64,
        sheet: Sheet,
    ) -> Self {
        Self {
            shared,
            notices,
            cells,
            sheet,
            values: CellValues::new(shared.values.clone(), shared.styles, shared.is_1904),
            place: Place::Around,
            depth: Depth::new(shared.limits.depth),
            skipped_from: None,
            row: 0,
            next_row: 0,
            next_column: 0,
            last: None,
            late: Vec::new(),
            spellings: Spellings::default(),
            texts: Vec::new(),
            unsound: Vec::new(),
            text: String::new(),
            ended: false,
            root: Root::Unknown,
        }
    }

    /// What the part turned out to be.
    pub(super) const fn root(&self) -> Root {
        self.root
    }

    /// Whether the part was closed as it should be.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    /// The sheet, with what is to be said about the shared strings it uses.
    pub(super) fn finish(mut self) -> Sheet {
        for cell in self.sheet.grid.set_late(mem::take(&mut self.late)) {
            self.notices.add(Some(cell), NoticeKind::StoredTwice);
        }
        self.sheet.grid.shrink_to_fit();
        if !self.shared.odd.is_empty() {
            self.report_odd_strings();
        }
        self.sheet.values = self.values.values;
        self.sheet
    }

    fn report_odd_strings(&mut self) {
        for column in 0..self.sheet.grid.width() {
            for (row, id) in self.sheet.grid.column(column) {
                let Some(position) = id.as_shared_text() else {
                    continue;
                };
                let Ok(found) = self
                    .shared
                    .odd
                    .binary_search_by_key(&position, |(position, _)| *position)
                else {
                    continue;
                };
                let odd = self.shared.odd.get(found);
                let kind = if let Some((_, Oddity::TooLong(length))) = odd {
                    NoticeKind::TextTooLong(*length)
                } else {
                    let text = self.values.values.get(id);
                    NoticeKind::BadEncoding(quoted(text.as_text().unwrap_or_default()))
                };
                self.notices.add(Some(CellRef::new(row, column)), kind);
            }
        }
    }

    /// Reads what is whole in the window; says where the rest begins.
    pub(super) fn consume(&mut self, window: &[u8], last: bool) -> Result<usize, Refusal> {
        let mut scanner = Scanner::new(window, last);
        loop {
            if self.place == Place::Cells && self.skipped_from.is_none() {
                let at = self.cells_spelled_alike(window, scanner.at())?;
                scanner.go_to(at);
            }
            let before = scanner.at();
            let Some(event) = scanner.next_tag()? else {
                return Ok(scanner.at());
            };
            if let Some(from) = self.skipped_from {
                self.depth.follow(event)?;
                if self.depth.now <= from {
                    self.skipped_from = None;
                }
                continue;
            }
            match (self.place, event) {
                (
                    Place::Cells,
                    Event::Start {
                        name: b"c",
                        attributes,
                        empty,
                    },
                ) => {
                    let tag_end = scanner.at();
                    let [address, style, kind] = attributes.each([b"r", b"s", b"t"]);
                    let tag = CellTag {
                        address,
                        style,
                        kind,
                        empty,
                    };
                    if !self.cell(&mut scanner, tag)? {
                        return Ok(before);
                    }
                    self.learn(scanner.read(before), tag_end - before, tag);
                }
                (
                    Place::Rows | Place::Cells,
                    Event::Start {
                        name: b"row",
                        attributes,
                        empty,
                    },
                ) => {
                    self.begin_row(attributes);
                    self.place = if empty { Place::Rows } else { Place::Cells };
                    if !empty && !attributes.flag(b"hidden") {
                        self.spellings
                            .learn_row(scanner.read(before), Spelled::row_number(self.row));
                    }
                }
                (Place::Cells, Event::End { name: b"row" }) => self.place = Place::Rows,
                (Place::Rows | Place::Cells, Event::End { name: b"sheetData" }) => {
                    self.place = Place::Around;
                    self.depth.follow(event)?;
                }
                (Place::Around, event) => self.around(event)?,
                (_, event) => self.skip(event)?,
            }
        }
    }

    /// Reads cells, and rows, for as long as they are spelled as those before them; says where they no longer are.
    #[inline(never)]
    fn cells_spelled_alike(&mut self, window: &[u8], mut at: usize) -> Result<usize, Refusal> {
        // Cells that come after others further down may be stored twice; they are not for the fast way.
        let mut column = match self.last {
            Some(last) if last.row > self.row => return Ok(at),
            Some(last) if last.row == self.row => self.next_column.max(last.column + 1),
            _ => self.next_column,
        };
        let mut number = Spelled::row_number(self.row);
        let mut filled = 0;
        let mut ahead = 0;
        while let Some(view) = View::of(window, at) {
            let known = match self.spellings.expected(column as usize) {
                Some(cell) if cell.is(view, &number) => cell.known,
                _ => match self.spellings.cell(view, column as usize, &number) {
                    Some((found, known)) if found >= column as usize => {
                        column = found as u32;
                        known
                    }
                    // It comes again, or after others that are further to the right.
                    Some(_) => break,
                    None => {
                        let Some(cells_at) = self.row_spelled_alike(window, at, &mut number) else {
                            break;
                        };
                        self.pass(column);
                        self.row += 1;
                        self.next_row = self.row + 1;
                        at = cells_at;
                        column = 0;
                        continue;
                    }
                },
            };
            let value_at = at + known.length;
            // Fetched while this cell is worked on.
            ahead ^= window.get(at + AHEAD).copied().unwrap_or_default();
            at = match known.follows {
                Follows::Nothing => value_at,
                Follows::PlainText => {
                    let text = spelling::text(window, (view, at, known.length));
                    let (Some((begins, length)), Some(texts)) =
                        (text, self.texts.get_mut(column as usize))
                    else {
                        break;
                    };
                    texts.push(TextInRow::new(self.row, (value_at, length), begins));
                    value_at + length + spelling::TEXT_END
                }
                Follows::InlineText => {
                    let text = spelling::inline_text(window, value_at);
                    let (Some((start, length)), Some(texts)) =
                        (text, self.texts.get_mut(column as usize))
                    else {
                        break;
                    };
                    texts.push(TextInRow::of(window, self.row, (start, length)));
                    start + length + spelling::TEXT_END
                }
                Follows::SharedText | Follows::Number => {
                    let cell = CellRef::new(self.row, column);
                    let found = self.value_spelled_alike(cell, known, (window, view, value_at))?;
                    let Some((id, after)) = found else {
                        break;
                    };
                    filled += 1;
                    self.settle(column as usize, window)?;
                    self.sheet.grid.column_mut(column).set(self.row, id);
                    after
                }
            };
            column += 1;
        }
        hint::black_box(ahead);
        for column in 0..self.texts.len() {
            self.settle(column, window)?;
        }
        if !self.unsound.is_empty() {
            self.report_unsound();
        }
        self.count(filled)?;
        self.next_column = column;
        self.pass(column);
        Ok(at)
    }

    /// Where the cells of the next row begin, if this one ends here and that one is spelled as those before; and its
    /// number.
    #[inline]
    fn row_spelled_alike(&self, window: &[u8], at: usize, number: &mut Spelled) -> Option<usize> {
        let end = spelling::first_bytes(spelling::word(window, at)?, 6);
        if end != spelling::ROW_END || self.row + 1 >= MAX_ROWS {
            return None;
        }
        let next_number = number.next_row(self.row + 1);
        let cells_at = self.spellings.row(window, at + 6, next_number)?;
        *number = next_number;
        Some(cells_at)
    }

    /// What a cell holds that is spelled as those before, a shared text or a number, and where the next one begins. `None`
    /// where that is for the general way to say.
    #[inline]
    fn value_spelled_alike(
        &mut self,
        cell: CellRef,
        known: KnownCell,
        (window, view, at): (&[u8], View<'_>, usize),
    ) -> Result<Option<(ValueId, usize)>, Refusal> {
        let short = spelling::short_number(view.word(known.length));
        let whole = short
            .filter(|&(_, length)| view.word(known.length + length) == spelling::VALUE_END)
            .map(|(value, length)| (value, at + length + 8));
        if known.follows == Follows::SharedText {
            let position = whole
                .filter(|&(position, _)| (position as usize) < self.values.values.shared_len());
            return Ok(position.and_then(|(position, after)| {
                Some((ValueId::shared_text(position).ok()?, after))
            }));
        }
        let number = match whole {
            Some((value, after)) => Some((f64::from(value), after)),
            None => spelling::number(window, at),
        };
        let Some((number, after)) = number else {
            return Ok(None);
        };
        let id = self
            .values
            .number(cell, number, known.style, self.notices)?;
        Ok(Some((id, after)))
    }

    /// Gives the cells of a column their values whose texts were met in the window.
    fn settle(&mut self, number: usize, window: &[u8]) -> Result<(), Refusal> {
        let Some(texts) = self.texts.get_mut(number).filter(|texts| !texts.is_empty()) else {
            return Ok(());
        };
        let number = number as u32;
        let column = self.sheet.grid.column_mut(number);
        let unsound = &mut self.unsound;
        self.values.texts(
            number,
            (window, texts),
            |first, ids| column.append(first, ids),
            &mut |row, text| unsound.push((CellRef::new(row, number), quoted(text))),
        )?;
        let filled = texts.len();
        texts.clear();
        self.count(filled as u64)
    }

    /// Says which cells held what is no text, row by row.
    #[cold]
    fn report_unsound(&mut self) {
        self.unsound.sort_by_key(|&(cell, _)| cell);
        for (cell, text) in self.unsound.drain(..) {
            self.notices.add(Some(cell), NoticeKind::BadEncoding(text));
        }
    }

    /// Notes that all before `column` of the current row was read in order. It does not matter whether the last of
    /// them was filled: no other can be further to the right.
    fn pass(&mut self, column: u32) {
        if let Some(column) = column.checked_sub(1) {
            self.last = self.last.max(Some(CellRef::new(self.row, column)));
        }
    }

    /// Remembers how a cell is spelled that was read the general way, so that the next one like it need not be.
    fn learn(&mut self, cell: &[u8], tag_length: usize, tag: CellTag<'_>) {
        let Some(column) = self.next_column.checked_sub(1) else {
            return;
        };
        let after = cell.get(tag_length..).unwrap_or_default();
        let follows = match CellType::of(tag.kind) {
            _ if tag.empty => Follows::Nothing,
            CellType::SharedText if after.starts_with(b"<v>") => Follows::SharedText,
            CellType::Number if after.starts_with(b"<v>") => Follows::Number,
            CellType::Text if after.starts_with(b"<is>") => Follows::InlineText,
            _ => return,
        };
        if let Some(style) = self.values.known_style(tag.style) {
            let columns = (column as usize + 1).min(spelling::COLUMNS);
            if follows == Follows::InlineText && self.texts.len() < columns {
                self.texts.resize_with(columns, Vec::new);
            }
            self.spellings.learn(
                cell,
                column as usize,
                Spelled::row_number(self.row),
                follows,
                style,
            );
        }
    }

    /// Leaves an element, and all that is in it, unread.
    fn skip(&mut self, event: Event<'_>) -> Result<(), Refusal> {
        if matches!(event, Event::Start { empty: false, .. }) {
            self.skipped_from = Some(self.depth.now);
        }
        self.depth.follow(event)
    }

    fn around(&mut self, event: Event<'_>) -> Result<(), Refusal> {
        if self.depth.now == 0
            && let Event::Start { name, .. } = event
            && self.root == Root::Unknown
        {
            self.root = if name == b"worksheet" {
                Root::Worksheet
            } else {
                Root::Other
            };
        }
        if self.root == Root::Other {
            return self.skip(event);
        }
        match event {
            Event::Start {
                name: b"worksheet", ..
            }
            | Event::Start {
                name: b"cols" | b"mergeCells",
                ..
            } => self.depth.follow(event),
            Event::Start {
                name: b"sheetData",
                empty,
                ..
            } => {
                if !empty {
                    self.place = Place::Rows;
                }
                self.depth.follow(event)
            }
            Event::Start {
                name: b"col",
                attributes,
                ..
            } => {
                self.column(attributes);
                self.depth.follow(event)
            }
            Event::Start {
                name: b"mergeCell",
                attributes,
                ..
            } => {
                self.merge(attributes)?;
                self.depth.follow(event)
            }
            Event::End { name } => {
                self.ended |= name == b"worksheet";
                self.depth.follow(event)
            }
            event => self.skip(event),
        }
    }

    fn column(&mut self, attributes: Attributes<'_>) {
        let Some(first) = attributes
            .number(b"min")
            .and_then(|first| first.checked_sub(1))
        else {
            return;
        };
        let last = attributes
            .number(b"max")
            .map_or(first, |last| last.saturating_sub(1))
            .min(MAX_COLUMNS - 1);
        if first > last || self.sheet.column_widths.len() >= MAX_COLUMNS as usize {
            return;
        }
        if attributes.flag(b"hidden") && self.sheet.hidden_columns.len() < MAX_COLUMNS as usize {
            self.sheet.hidden_columns.push((first, last));
        }
        let width = attributes
            .get(b"width")
            .and_then(|width| super::cell::number(xml::trimmed(width)));
        if let Some(width) = width {
            self.sheet.column_widths.push((first, last, width));
        }
    }

    fn merge(&mut self, attributes: Attributes<'_>) -> Result<(), Refusal> {
        if self.sheet.merges.len() as u64 >= self.shared.limits.merges {
            return Err(Refusal::Limit("merges", self.shared.limits.merges));
        }
        let spelling = attributes.get(b"ref").map(xml::trimmed).unwrap_or_default();
        let mut corners = spelling.split(|&byte| byte == b':').map(address);
        match (corners.next().flatten(), corners.next(), corners.next()) {
            (Some(first), Some(Some(last)), None) => {
                self.sheet.merges.push(CellRange::new(first, last));
            }
            // A merge of one cell merges nothing.
            (Some(_), None, None) => {}
            _ => {
                let spelling = quoted(&String::from_utf8_lossy(spelling));
                self.notices.add(None, NoticeKind::BadMerge(spelling));
            }
        }
        Ok(())
    }

    fn begin_row(&mut self, attributes: Attributes<'_>) {
        let spelling = attributes.get(b"r").map(xml::trimmed);
        let number = spelling
            .and_then(xml::whole_number)
            .and_then(|number| number.checked_sub(1));
        self.row = match (number, spelling) {
            (Some(row), _) if row < MAX_ROWS => row,
            (_, None) => self.next_row,
            (_, Some(spelling)) => {
                let spelling = quoted(&String::from_utf8_lossy(spelling));
                self.notices.add(None, NoticeKind::BadAddress(spelling));
                self.next_row
            }
        };
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
        if attributes.flag(b"hidden") {
            self.hide_row();
        }
    }

    fn hide_row(&mut self) {
        let many = self.sheet.hidden_rows.len() > MAX_ROWS as usize;
        match self.sheet.hidden_rows.last_mut() {
            Some((_, last)) if *last + 1 == self.row => *last = self.row,
            _ if many => {}
            _ => self.sheet.hidden_rows.push((self.row, self.row)),
        }
    }

    /// Reads a cell whose start tag was read. `false` where the window ends inside it.
    fn cell(&mut self, scanner: &mut Scanner<'_>, tag: CellTag<'_>) -> Result<bool, Refusal> {
        self.text.clear();
        let mut content = Content {
            formula: false,
            stored: Stored::Nothing,
            sound: true,
        };
        if !tag.empty && !self.content(scanner, &mut content)? {
            return Ok(false);
        }
        let Some(cell) = self.place_cell(tag.address) else {
            return Ok(true);
        };
        if content.formula {
            self.sheet.formulas.push(cell);
        }
        let kind = match CellType::of(tag.kind) {
            CellType::Number if content.stored == Stored::Inline => CellType::Text,
            kind => kind,
        };
        if kind == CellType::Text && content.stored == Stored::Value {
            xml::resolve_escapes(&mut self.text, 0);
        }
        let calculated =
            content.stored != Stored::Nothing && (kind == CellType::Text || !self.text.is_empty());
        if content.formula && !calculated {
            self.count(1)?;
            self.sheet.uncalculated.push(cell);
            self.notices.add(Some(cell), NoticeKind::NotCalculated);
        }
        if !calculated {
            return Ok(true);
        }
        let style = self.values.style(tag.style, cell, self.notices);
        let id = self
            .values
            .id(cell, kind, style, &self.text, content.sound, self.notices)?;
        self.set(cell, id)?;
        Ok(true)
    }

    /// Reads what a cell holds up to its end tag. `false` where the window ends before.
    fn content(
        &mut self,
        scanner: &mut Scanner<'_>,
        content: &mut Content,
    ) -> Result<bool, Refusal> {
        let mut depth = self.depth;
        depth.enter()?; // the row
        depth.enter()?; // the cell
        let mut level = 0_u32;
        let mut reading = false;
        while let Some(event) = scanner.next()? {
            depth.follow(event)?;
            match event {
                Event::Start {
                    name: b"is",
                    empty: false,
                    ..
                } if level == 0 => {
                    self.text.clear();
                    depth.follow(Event::End { name: b"is" })?;
                    match shared_strings::rich_text(scanner, &mut self.text, depth)? {
                        Some(sound) => content.sound &= sound,
                        None => return Ok(false),
                    }
                    content.stored = Stored::Inline;
                }
                Event::Start { name, empty, .. } => {
                    if level == 0 && name == b"v" {
                        self.text.clear();
                        content.stored = Stored::Value;
                        reading = !empty;
                    }
                    content.formula |= level == 0 && name == b"f";
                    level += u32::from(!empty);
                }
                Event::End { .. } if level == 0 => return Ok(true),
                Event::End { .. } => {
                    level -= 1;
                    reading = false;
                }
                Event::Text(raw) if reading => content.sound &= xml::unescape(raw, &mut self.text),
                Event::CData(raw) if reading => content.sound &= xml::append(raw, &mut self.text),
                _ => {}
            }
        }
        Ok(false)
    }

    /// Where a cell stands: where it says, else after its left neighbour.
    fn place_cell(&mut self, spelling: Option<&[u8]>) -> Option<CellRef> {
        let said = spelling.map(xml::trimmed).and_then(address);
        let cell = said.unwrap_or(CellRef::new(self.row, self.next_column));
        let placed = cell.column < MAX_COLUMNS && cell.row < MAX_ROWS;
        if let (Some(spelling), None) = (spelling, said) {
            let spelling = quoted(&String::from_utf8_lossy(spelling));
            self.notices
                .add(placed.then_some(cell), NoticeKind::BadAddress(spelling));
        } else if !placed {
            self.notices
                .add(None, NoticeKind::BadAddress(cell.to_string()));
        }
        self.next_column = cell.column.saturating_add(1);
        placed.then_some(cell)
    }

    /// Counts cells that take memory.
    fn count(&mut self, cells: u64) -> Result<(), Refusal> {
        *self.cells += cells;
        if *self.cells > self.shared.limits.cells {
            return Err(Refusal::Limit("cells", self.shared.limits.cells));
        }
        Ok(())
    }

    fn set(&mut self, cell: CellRef, id: ValueId) -> Result<(), Refusal> {
        if id.is_empty() {
            return Ok(());
        }
        self.count(1)?;
        if self.last.is_none_or(|last| last < cell) {
            self.last = Some(cell);
            self.sheet.grid.set(cell, id);
        } else {
            self.late.push((cell, id));
        }
        Ok(())
    }
}

/// What a cell's start tag says, as it is spelled.
#[derive(Clone, Copy, Debug)]
struct CellTag<'a> {
    address: Option<&'a [u8]>,
    style: Option<&'a [u8]>,
    kind: Option<&'a [u8]>,
    empty: bool,
}

/// What was found between a cell's tags, beside the text.
#[derive(Clone, Copy, Debug)]
struct Content {
    formula: bool,
    stored: Stored,
    sound: bool,
}

/// Where a cell's value was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stored {
    Nothing,
    /// In `<v>`.
    Value,
    /// In `<is>`.
    Inline,
}
