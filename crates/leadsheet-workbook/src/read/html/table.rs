//! One table: where its cells stand among those that reach over several rows and columns.

use leadsheet_core::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS};

use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::read::cells::Cells;
use crate::sheet::Sheet;

/// A table while it is read.
pub(super) struct Table {
    pub(super) cells: Cells,
    /// The cell that is open.
    pub(super) open: Option<OpenCell>,
    /// What the page calls the table.
    pub(super) name: Option<String>,
    /// The row that is open, and the one after the last that was.
    row: Option<u32>,
    next_row: u32,
    next_column: u32,
    /// Cells of rows above that reach down here, from left to right.
    spans: Vec<Span>,
    /// Those that this row adds.
    fresh: Vec<Span>,
    /// The span at which the search for the next free column goes on.
    cursor: usize,
    merges: Vec<CellRange>,
    max_merges: u64,
    beyond: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    first: u32,
    last: u32,
    until: u32,
}

/// A cell of which the end tag is still to come.
#[derive(Debug)]
pub(super) struct OpenCell {
    /// Where it stands; nowhere beyond the end of a sheet.
    pub(super) at: Option<CellRef>,
    pub(super) text: CellText,
    pub(super) said: Said,
}

/// What the attributes of a cell say about its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) kind: Kind,
    /// Position of its number format.
    pub(super) format: Option<usize>,
    pub(super) has_formula: bool,
}

/// What a cell's value is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Kind {
    /// Nobody says.
    #[default]
    Untyped,
    /// Text; the attribute may hold what the page shortens.
    Text(Option<String>),
    /// This number, or that which the text spells.
    Number(Option<f64>),
    Bool(bool),
    Error(String),
}

impl Table {
    pub(super) fn new(cells: Cells, limits: &Limits) -> Self {
        Self {
            cells,
            open: None,
            name: None,
            row: None,
            next_row: 0,
            next_column: 0,
            spans: Vec::new(),
            fresh: Vec::new(),
            cursor: 0,
            merges: Vec::new(),
            max_merges: limits.merges,
            beyond: 0,
        }
    }

    pub(super) fn begin_row(&mut self, is_hidden: bool) {
        let row = self.next_row;
        self.row = Some(row);
        self.next_row = row.saturating_add(1);
        self.next_column = 0;
        self.cursor = 0;
        if !self.spans.is_empty() || !self.fresh.is_empty() {
            self.spans.append(&mut self.fresh);
            self.spans.retain(|span| span.until >= row);
            self.spans.sort_by_key(|span| span.first);
        }
        if is_hidden && row < MAX_ROWS {
            match self.cells.sheet_mut().hidden_rows.last_mut() {
                Some((_, last)) if *last + 1 == row => *last = row,
                _ => self.cells.sheet_mut().hidden_rows.push((row, row)),
            }
        }
    }

    pub(super) fn end_row(&mut self) {
        self.row = None;
    }

    /// Opens a cell in the next free place of the row.
    pub(super) fn begin_cell(
        &mut self,
        colspan: u32,
        rowspan: u32,
        said: Said,
    ) -> Result<(), ReadError> {
        if self.row.is_none() {
            self.begin_row(false);
        }
        let row = self.row.unwrap_or_default();
        let mut column = self.next_column;
        while let Some(span) = self
            .spans
            .get(self.cursor)
            .filter(|span| span.first <= column)
        {
            column = column.max(span.last + 1);
            self.cursor += 1;
        }
        let free = self
            .spans
            .get(self.cursor)
            .map_or(MAX_COLUMNS, |span| span.first);
        let fits = column < MAX_COLUMNS && row < MAX_ROWS;
        let last_column = if fits {
            column + colspan.clamp(1, free - column) - 1
        } else {
            column
        };
        self.next_column = last_column.saturating_add(1).min(MAX_COLUMNS);
        let at = CellRef::new(row, column);
        if fits && (rowspan > 1 || last_column > column) {
            if self.merges.len() as u64 >= self.max_merges {
                return Err(ReadError::Limit {
                    part: self.cells.sheet_mut().name.clone(),
                    limit: "merges",
                    maximum: self.max_merges,
                });
            }
            let until = row
                .saturating_add(rowspan.saturating_sub(1))
                .min(MAX_ROWS - 1);
            self.merges
                .push(CellRange::new(at, CellRef::new(until, last_column)));
            if until > row {
                self.fresh.push(Span {
                    first: column,
                    last: last_column,
                    until,
                });
            }
        }
        self.open = Some(OpenCell {
            at: fits.then_some(at),
            text: CellText::default(),
            said,
        });
        Ok(())
    }

    /// Counts a cell that stands beyond the end of a sheet.
    pub(super) fn leave_out(&mut self) {
        self.beyond += 1;
    }

    /// The sheet; none where nothing is in it.
    pub(super) fn finish(mut self, notices: &mut Vec<Notice>) -> Option<Sheet> {
        if self.beyond > 0 {
            let kind = NoticeKind::BeyondSheet {
                cells: self.beyond,
                row: self.next_row,
            };
            self.cells.notice(None, kind);
        }
        let last_row = self.next_row.saturating_sub(1);
        let mut found = Vec::new();
        let mut sheet = self.cells.finish(&mut found);
        sheet.used()?;
        notices.append(&mut found);
        // Pages often let a cell reach down further than the table goes.
        sheet.merges = self.merges;
        for merge in &mut sheet.merges {
            merge.last.row = merge.last.row.min(last_row);
        }
        sheet.merges.retain(|merge| merge.first != merge.last);
        if let Some(name) = self.name {
            sheet.name = name;
        }
        Some(sheet)
    }
}

/// The text of a cell as a page shows it: white space is one space, and none between Chinese characters where a
/// line of the source broken there would leave one; a break is a line break.
#[derive(Debug, Default)]
pub(super) struct CellText {
    text: String,
    space: bool,
    source_break: bool,
    breaks: usize,
    block: bool,
}

impl CellText {
    pub(super) fn push(&mut self, text: &str) {
        for character in text.chars() {
            if matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0C') {
                self.space = true;
                self.source_break |= matches!(character, '\n' | '\r');
                continue;
            }
            let breaks = self
                .breaks
                .max(usize::from(self.block && !self.text.is_empty()));
            let between = self.text.chars().next_back().is_some_and(is_wide) && is_wide(character);
            if breaks > 0 {
                self.text.extend(std::iter::repeat_n('\n', breaks));
            } else if self.space && !self.text.is_empty() && !(self.source_break && between) {
                self.text.push(' ');
            }
            (self.space, self.source_break, self.breaks, self.block) = (false, false, 0, false);
            // Excel writes runs of spaces, and empty cells, with spaces that do not break.
            self.text.push(if character == '\u{A0}' {
                ' '
            } else {
                character
            });
        }
    }

    /// `<br>`
    pub(super) fn push_break(&mut self) {
        self.breaks += 1;
    }

    /// The beginning or end of a paragraph.
    pub(super) fn push_block(&mut self) {
        self.block = true;
    }

    pub(super) const fn len(&self) -> usize {
        self.text.len() + self.breaks
    }

    pub(super) fn into_text(self) -> String {
        let trimmed = self.text.trim_matches([' ', '\n']);
        if trimmed.len() == self.text.len() {
            self.text
        } else {
            trimmed.to_owned()
        }
    }
}

/// Whether the character belongs to a script without spaces.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
