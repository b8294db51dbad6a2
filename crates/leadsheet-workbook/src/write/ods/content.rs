//! The tables of a document, row by row.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use chrono::{Datelike as _, TimeDelta};
use leadsheet_core::{CellRange, CellRef, MAX_ROWS, Value, iso_date, shortest};

use super::format::Kind;
use super::furniture::{conditional_formats, open_formula};
use super::styles::Styles;
use super::xml::{attribute, paragraphs};
use crate::error::WriteError;
use crate::sheet::Visibility;
use crate::write::draft::{CellNote, Draft, Filling, Placed, date_format, time_format, wraps};

/// Bytes that are gathered before they are packed.
const PIECE: usize = 1 << 16;

/// Where the document goes, piece by piece.
pub(super) struct Out<'w> {
    pub(super) text: String,
    pub(super) target: &'w mut dyn io::Write,
}

impl Out<'_> {
    pub(super) fn pack(&mut self) -> Result<(), WriteError> {
        let packed = self.target.write_all(self.text.as_bytes());
        packed.map_err(|error| WriteError::Compose(error.to_string()))?;
        self.text.clear();
        Ok(())
    }
}

/// Makes every style that a sheet will name, for styles stand before the tables.
pub(super) fn prepare(draft: &Draft<'_>, styles: &mut Styles) {
    for column in draft.columns.values() {
        styles.column(column.width);
        if let Some(look) = &column.look {
            styles.cell(look);
        }
    }
    styles.column(None);
    styles.row(None);
    for &height in draft.heights.values() {
        styles.row(Some(height));
    }
    for (_, look) in &draft.merges {
        styles.cell(look);
    }
    for (_, cells) in draft.rows() {
        for (_, placed) in cells {
            style_of(&placed, styles);
        }
    }
}

/// The style of a cell; nothing where the usual one will do.
fn style_of(placed: &Placed<'_>, styles: &mut Styles) -> Option<usize> {
    Some(match placed {
        Placed::Own(_, look) => styles.cell(look),
        Placed::Said(_) => styles.value("@", false),
        &Placed::Value(value, usual) => match value {
            Value::Number { value, .. } if !value.is_finite() => return None,
            Value::Number { format, .. } => {
                styles.value(if format.is_empty() { usual } else { format }, false)
            }
            Value::Date { value, format } => styles.value(date_format(value, format), false),
            Value::Time { value, format } => {
                let days = value.num_milliseconds() as f64 / 86_400_000.0;
                styles.value(time_format(days, format), false)
            }
            Value::Text(text) => styles.value("", wraps(text)),
            Value::Bool(_) | Value::Error(_) | Value::Empty => return None,
        },
    })
}

/// One table while it is written.
pub(super) struct Table<'t, 'a> {
    pub(super) draft: &'t Draft<'a>,
    pub(super) styles: &'t mut Styles,
    /// The number of the sheet, and of its first limit.
    pub(super) number: usize,
    pub(super) first_limit: usize,
}

/// What stands in a column of a row.
struct Slot<'d> {
    column: u32,
    placed: Option<Placed<'d>>,
    span: Option<CellRange>,
    is_covered: bool,
}

impl Table<'_, '_> {
    pub(super) fn write(&mut self, out: &mut Out<'_>) -> Result<(), WriteError> {
        let draft = self.draft;
        let _ = write!(
            out.text,
            "<table:table table:name=\"{}\" table:style-name=\"ta{}\">",
            attribute(&draft.name),
            self.number
        );
        self.columns(&mut out.text);
        let breaks = self.breaks();
        let mut merges: Vec<CellRange> = draft.merges.iter().map(|(merge, _)| *merge).collect();
        merges.sort_by_key(|merge| (merge.first.row, merge.first.column));
        let mut merges = merges.into_iter().peekable();
        let mut open: Vec<CellRange> = Vec::new();
        let mut next = 0;
        let mut rows = draft.rows().peekable();
        loop {
            // A merged range without a text is a row too.
            let row = match (rows.peek(), merges.peek()) {
                (Some((row, _)), Some(merge)) => (*row).min(merge.first.row),
                (Some((row, _)), None) => *row,
                (None, Some(merge)) => merge.first.row,
                (None, None) => break,
            };
            self.blank_rows(next, row, &breaks, &mut out.text);
            open.retain(|merge| merge.last.row >= row);
            while let Some(merge) = merges.next_if(|merge| merge.first.row == row) {
                open.push(merge);
            }
            let cells = rows.next_if(|(at, _)| *at == row);
            let slots = slots(row, cells.map_or_else(Vec::new, |(_, cells)| cells), &open);
            self.row(row, slots, &mut out.text)?;
            next = row + 1;
            if out.text.len() > PIECE {
                out.pack()?;
            }
        }
        let end = breaks.iter().next_back().copied().unwrap_or(0);
        self.blank_rows(next, end.max(next), &breaks, &mut out.text);
        if next.max(end) == 0 {
            out.text += "<table:table-row><table:table-cell/></table:table-row>";
        }
        if let Some(colours) = &draft.row_colours {
            out.text += &conditional_formats(&draft.name, colours);
        }
        out.text += "</table:table>";
        out.pack()
    }

    /// Columns that are alike together.
    fn columns(&mut self, out: &mut String) {
        let draft = self.draft;
        let width = draft.extent().1.max(1);
        let last = draft.columns.keys().next_back().map_or(0, |last| last + 1);
        let nothing = crate::write::draft::ColumnDraft::default();
        let mut column = 0;
        while column < width.max(last) {
            let look = draft.columns.get(&column).unwrap_or(&nothing);
            let mut end = column + 1;
            while end < width.max(last) && draft.columns.get(&end).unwrap_or(&nothing) == look {
                end += 1;
            }
            let style = self.styles.column(look.width);
            let _ = write!(out, "<table:table-column table:style-name=\"co{style}\"");
            if end - column > 1 {
                let _ = write!(out, " table:number-columns-repeated=\"{}\"", end - column);
            }
            if look.is_hidden {
                out.push_str(" table:visibility=\"collapse\"");
            }
            let cell = look.look.as_ref().map(|look| self.styles.cell(look));
            let cell = cell.map_or_else(|| "Default".to_owned(), |number| format!("ce{number}"));
            let _ = write!(out, " table:default-cell-style-name=\"{cell}\"/>");
            column = end;
        }
    }

    /// Where rows without cells begin to be unlike those above them.
    fn breaks(&self) -> BTreeSet<u32> {
        let draft = self.draft;
        let mut breaks = BTreeSet::new();
        let repeated = draft.page.as_ref().and_then(|page| page.repeated);
        for (first, last) in draft.hidden_rows.iter().copied().chain(repeated) {
            breaks.extend([first, last.saturating_add(1).min(MAX_ROWS)]);
        }
        for &row in draft.heights.keys() {
            breaks.extend([row, row + 1]);
        }
        for limit in &draft.limits {
            breaks.extend([limit.cells.first.row, limit.cells.last.row + 1]);
        }
        breaks
    }

    fn blank_rows(&mut self, from: u32, to: u32, breaks: &BTreeSet<u32>, out: &mut String) {
        let mut row = from;
        while row < to {
            let next = breaks
                .range(row + 1..)
                .next()
                .copied()
                .unwrap_or(to)
                .min(to);
            self.start_row(row, next - row, out);
            let mut column = 0;
            while column < self.draft.extent().1 {
                column = self.blank_cells(row, column, self.draft.extent().1, out);
            }
            if column == 0 {
                out.push_str("<table:table-cell/>");
            }
            self.end_row(next - 1, out);
            row = next;
        }
    }

    fn start_row(&mut self, row: u32, count: u32, out: &mut String) {
        let repeated = self.draft.page.as_ref().and_then(|page| page.repeated);
        if repeated.is_some_and(|(first, _)| first == row) {
            out.push_str("<table:table-header-rows>");
        }
        let style = self.styles.row(self.draft.heights.get(&row).copied());
        let _ = write!(out, "<table:table-row table:style-name=\"ro{style}\"");
        if count > 1 {
            let _ = write!(out, " table:number-rows-repeated=\"{count}\"");
        }
        let mut hidden = self.draft.hidden_rows.iter();
        if hidden.any(|&(first, last)| (first..=last).contains(&row)) {
            out.push_str(" table:visibility=\"collapse\"");
        }
        out.push('>');
    }

    fn end_row(&self, row: u32, out: &mut String) {
        out.push_str("</table:table-row>");
        let repeated = self.draft.page.as_ref().and_then(|page| page.repeated);
        if repeated.is_some_and(|(_, last)| last == row) {
            out.push_str("</table:table-header-rows>");
        }
    }

    /// Blank cells from a column on that are alike, up to `end`; gives where they end.
    fn blank_cells(&self, row: u32, column: u32, end: u32, out: &mut String) -> u32 {
        let limit = self.limit_at(CellRef::new(row, column));
        let mut next = column + 1;
        while next < end && self.limit_at(CellRef::new(row, next)) == limit {
            next += 1;
        }
        out.push_str("<table:table-cell");
        if let Some(limit) = limit {
            let _ = write!(out, " table:content-validation-name=\"val{limit}\"");
        }
        if next - column > 1 {
            let _ = write!(out, " table:number-columns-repeated=\"{}\"", next - column);
        }
        out.push_str("/>");
        next
    }

    /// The number of what limits a cell.
    fn limit_at(&self, cell: CellRef) -> Option<usize> {
        let mut limits = self.draft.limits.iter();
        let position = limits.position(|limit| limit.cells.contains(cell));
        position.map(|position| self.first_limit + position)
    }

    fn row(&mut self, row: u32, slots: Vec<Slot<'_>>, out: &mut String) -> Result<(), WriteError> {
        self.start_row(row, 1, out);
        let mut column = 0;
        for slot in slots {
            while column < slot.column {
                column = self.blank_cells(row, column, slot.column, out);
            }
            column = slot.column + 1;
            self.cell(CellRef::new(row, slot.column), &slot, out)?;
        }
        let limits = self.draft.limits.iter();
        let limited =
            limits.filter(|limit| (limit.cells.first.row..=limit.cells.last.row).contains(&row));
        let end = limited
            .map(|limit| limit.cells.last.column + 1)
            .max()
            .unwrap_or(0);
        while column < end {
            column = self.blank_cells(row, column, end, out);
        }
        self.end_row(row, out);
        Ok(())
    }

    fn cell(&mut self, cell: CellRef, slot: &Slot<'_>, out: &mut String) -> Result<(), WriteError> {
        let element = if slot.is_covered {
            "table:covered-table-cell"
        } else {
            "table:table-cell"
        };
        let _ = write!(out, "<{element}");
        let style = match (&slot.placed, slot.span) {
            (Some(placed), _) => style_of(placed, self.styles),
            (None, Some(span)) => {
                let mut merges = self.draft.merges.iter();
                let look = merges.find(|(merge, _)| *merge == span);
                look.map(|(_, look)| self.styles.cell(look))
            }
            (None, None) => None,
        };
        if let Some(style) = style {
            let _ = write!(out, " table:style-name=\"ce{style}\"");
        }
        if let Some(limit) = self.limit_at(cell) {
            let _ = write!(out, " table:content-validation-name=\"val{limit}\"");
        }
        if let Some(CellRange { first, last }) = slot.span {
            let _ = write!(
                out,
                " table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"",
                last.column - first.column + 1,
                last.row - first.row + 1
            );
        }
        let mut inside = String::new();
        if let Some(note) = self.draft.notes.iter().find(|note| note.cell == cell) {
            annotation(&mut inside, note);
        }
        if let Some(placed) = &slot.placed {
            self.content(cell, placed, out, &mut inside)?;
        }
        if inside.is_empty() {
            out.push_str("/>");
        } else {
            let _ = write!(out, ">{inside}</{element}>");
        }
        Ok(())
    }

    /// The attributes of a value go to the tag, what is shown of it inside.
    fn content(
        &mut self,
        cell: CellRef,
        placed: &Placed<'_>,
        tag: &mut String,
        inside: &mut String,
    ) -> Result<(), WriteError> {
        match placed {
            Placed::Own(filling, look) => match filling {
                Filling::Nothing => {}
                Filling::Text(text) => self.text(cell, text, tag, inside)?,
                Filling::Number(value) => {
                    let kind = self.styles.kind(&look.number_format);
                    number(*value, kind, &shortest(*value), tag, inside);
                }
                Filling::Date(date) => {
                    let shown = iso_date(*date);
                    typed("date", ("date-value", &shown), &shown, tag, inside);
                }
                Filling::Formula(formula, result) => {
                    let formula = open_formula(formula);
                    let _ = write!(tag, " table:formula=\"{}\"", attribute(&formula));
                    number(*result, Kind::Number, &shortest(*result), tag, inside);
                }
            },
            Placed::Said(text) => self.text(cell, text, tag, inside)?,
            &Placed::Value(value, usual) => match value {
                Value::Empty => {}
                Value::Text(text) => self.text(cell, text, tag, inside)?,
                Value::Number { value, .. } if !value.is_finite() => {
                    self.text(cell, &value.to_string(), tag, inside)?;
                }
                Value::Number {
                    value: bare,
                    format,
                } => {
                    let format = if format.is_empty() { usual } else { format };
                    let kind = self.styles.kind(format);
                    number(bare, kind, &value.display(), tag, inside);
                }
                // The first year that programs count days of.
                Value::Date { value: date, .. } if date.year() < 1900 => {
                    self.text(cell, &iso_date(date), tag, inside)?;
                }
                Value::Date { value: date, .. } => {
                    typed(
                        "date",
                        ("date-value", &iso_date(date)),
                        &value.display(),
                        tag,
                        inside,
                    );
                }
                Value::Time { value: time, .. } => {
                    typed(
                        "time",
                        ("time-value", &duration(time)),
                        &value.display(),
                        tag,
                        inside,
                    );
                }
                Value::Bool(truth) => {
                    let (stored, shown) = if truth {
                        ("true", "TRUE")
                    } else {
                        ("false", "FALSE")
                    };
                    typed("boolean", ("boolean-value", stored), shown, tag, inside);
                }
                Value::Error(error) => {
                    let formula = error_formula(error);
                    let _ = write!(
                        tag,
                        " table:formula=\"of:={formula}\" office:value-type=\"string\" \
                         office:string-value=\"\" calcext:value-type=\"error\""
                    );
                    paragraphs(inside, error);
                }
            },
        }
        Ok(())
    }

    fn text(
        &self,
        cell: CellRef,
        text: &str,
        tag: &mut String,
        inside: &mut String,
    ) -> Result<(), WriteError> {
        self.draft.check_text(cell, text)?;
        tag.push_str(" office:value-type=\"string\" calcext:value-type=\"string\"");
        paragraphs(inside, text);
        Ok(())
    }
}

fn slots<'d>(row: u32, cells: Vec<(u32, Placed<'d>)>, open: &[CellRange]) -> Vec<Slot<'d>> {
    let mut slots: Vec<Slot<'d>> = cells
        .into_iter()
        .map(|(column, placed)| Slot {
            column,
            placed: Some(placed),
            span: None,
            is_covered: false,
        })
        .collect();
    for merge in open {
        for column in merge.first.column..=merge.last.column {
            let is_first = CellRef::new(row, column) == merge.first;
            let position = slots.partition_point(|slot| slot.column < column);
            if slots.get(position).is_none_or(|slot| slot.column != column) {
                let slot = Slot {
                    column,
                    placed: None,
                    span: None,
                    is_covered: false,
                };
                slots.insert(position, slot);
            }
            if is_first {
                slots[position].span = Some(*merge);
            } else {
                slots[position].is_covered = true;
            }
        }
    }
    slots
}

fn typed(kind: &str, stored: (&str, &str), shown: &str, tag: &mut String, inside: &mut String) {
    let (name, value) = stored;
    let _ = write!(
        tag,
        " office:value-type=\"{kind}\" office:{name}=\"{}\" calcext:value-type=\"{kind}\"",
        attribute(value)
    );
    paragraphs(inside, shown);
}

fn number(value: f64, kind: Kind, shown: &str, tag: &mut String, inside: &mut String) {
    let kind = match kind {
        Kind::Percentage => "percentage",
        Kind::Currency => "currency",
        _ => "float",
    };
    // The shortest that reads back as the same number, −0 too.
    typed(kind, ("value", &format!("{value:?}")), shown, tag, inside);
}

/// `PT10H30M00S`, as long as it takes and with its sign.
fn duration(time: TimeDelta) -> String {
    let milliseconds = time.num_milliseconds();
    let sign = if milliseconds < 0 { "-" } else { "" };
    let milliseconds = milliseconds.unsigned_abs();
    let (hours, rest) = (milliseconds / 3_600_000, milliseconds % 3_600_000);
    let (minutes, rest) = (rest / 60_000, rest % 60_000);
    let (seconds, rest) = (rest / 1_000, rest % 1_000);
    let fraction = if rest == 0 {
        String::new()
    } else {
        format!(".{rest:03}")
    };
    format!("{sign}PT{hours:02}H{minutes:02}M{seconds:02}{fraction}S")
}

/// A formula that gives this error, for an error cannot be typed in.
fn error_formula(error: &str) -> &'static str {
    match error {
        "#DIV/0!" => "1/0",
        "#NAME?" => "#NAME?",
        "#NULL!" => "#NULL!",
        "#NUM!" => "#NUM!",
        "#REF!" => "#REF!",
        "#VALUE!" => "#VALUE!",
        _ => "NA()",
    }
}

fn annotation(out: &mut String, note: &CellNote) {
    // Twenty pixels to a line, at 96 to the inch.
    let _ = write!(
        out,
        "<office:annotation office:display=\"false\" svg:width=\"2.7in\" svg:height=\"{:.3}in\">",
        f64::from(note.height) / 96.0
    );
    paragraphs(out, &note.text);
    out.push_str("</office:annotation>");
}

/// The style of a table: on which pages it is printed, and whether it is shown.
pub(super) fn table_style(number: usize, page: &str, visibility: Visibility) -> String {
    let is_shown = visibility == Visibility::Visible;
    format!(
        "<style:style style:name=\"ta{number}\" style:family=\"table\" \
         style:master-page-name=\"{page}\"><style:table-properties table:display=\"{is_shown}\" \
         style:writing-mode=\"lr-tb\"/></style:style>"
    )
}
