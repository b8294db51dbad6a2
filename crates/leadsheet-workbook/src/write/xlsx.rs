//! Drafts as `.xlsx`, by a library that writes this format well.

use std::collections::HashMap;

use chrono::NaiveDate;
use leadsheet_core::{CellRange, CellRef};
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::draft::{
    CellNote, Draft, Filling, PADDING, Page, Placed, Stored, serial, stored, wraps,
};
use super::furnish::{Lists, colour_rows, limit};
use super::look::{BLUE, Line, Look, PALE, Side};
use crate::error::WriteError;
use crate::sheet::Visibility;

/// From this many cells on, text goes to a temporary file rather than into memory.
const MANY_CELLS: usize = 500_000;
/// A4.
const PAPER: u8 = 9;
/// Margins in inches: left, right, top, bottom, header, footer.
const MARGINS: [f64; 6] = [0.4, 0.4, 0.6, 0.6, 0.3, 0.3];

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        WriteError::Compose(error.to_string())
    }
}

/// Writes drafts, a sheet each. Lists too long for a drop-down of their own stand on a hidden sheet of this name.
pub(super) fn compose(drafts: &[Draft<'_>], lists: &str) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let mut formats = Formats::default();
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let mut lists = Lists::new(lists, &names);
    for draft in drafts {
        // Written row by row, a sheet cannot go back to the rows that a merged range reaches into.
        let is_tall = |(merge, _): &(CellRange, Look)| merge.first.row < merge.last.row;
        let by_row = draft.size() > MANY_CELLS && !draft.merges.iter().any(is_tall);
        let worksheet = if by_row {
            workbook.add_worksheet_with_low_memory()?
        } else {
            workbook.add_worksheet()
        };
        worksheet.set_name(&draft.name)?;
        match draft.visibility {
            Visibility::Visible => {}
            Visibility::Hidden => drop(worksheet.set_hidden(true)),
            Visibility::VeryHidden => drop(worksheet.set_very_hidden(true)),
        }
        if draft.is_active {
            worksheet.set_active(true);
        }
        furnish(worksheet, draft, &mut formats, &mut lists)?;
        fill(worksheet, draft, by_row, &mut formats)?;
    }
    if drafts.is_empty() {
        workbook.add_worksheet();
    }
    lists.write(&mut workbook)?;
    Ok(workbook.save_to_buffer()?)
}

pub(super) fn new_workbook() -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    // The same input gives the same bytes: no clock in the properties.
    let born = NaiveDate::from_ymd_opt(2000, 1, 1)
        .unwrap_or_default()
        .and_time(chrono::NaiveTime::MIN);
    let created = rust_xlsxwriter::ExcelDateTime::parse_from_str(
        &born.format("%Y-%m-%dT%H:%M:%S").to_string(),
    )?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    Ok(workbook)
}

/// Everything but the cells.
fn furnish(
    worksheet: &mut Worksheet,
    draft: &Draft<'_>,
    formats: &mut Formats,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    for (&column, look) in &draft.columns {
        let column = narrow(column)?;
        if let Some(width) = look.width {
            worksheet.set_column_width(column, (width - PADDING).max(0.0))?;
        }
        if let Some(look) = &look.look {
            worksheet.set_column_format(column, formats.of(look))?;
        }
        if look.is_hidden {
            worksheet.set_column_hidden(column)?;
        }
    }
    let height = draft.extent().0;
    for &(first, last) in &draft.hidden_rows {
        for row in first..=last.min(height.max(first)) {
            worksheet.set_row_hidden(row)?;
        }
    }
    for (&row, &height) in &draft.heights {
        worksheet.set_row_height(row, height)?;
    }
    let (rows, columns) = draft.frozen;
    if rows > 0 || columns > 0 {
        worksheet.set_freeze_panes(rows, narrow(columns)?)?;
    }
    if let Some(CellRange { first, last }) = draft.filter {
        let (left, right) = (narrow(first.column)?, narrow(last.column)?);
        worksheet.autofilter(first.row, left, last.row, right)?;
    }
    if let Some(page) = &draft.page {
        prepare_page(worksheet, page)?;
    }
    if draft.is_bare {
        worksheet.set_screen_gridlines(false);
    }
    for entry in &draft.limits {
        limit(worksheet, entry, lists)?;
    }
    if let Some(colours) = &draft.row_colours {
        colour_rows(worksheet, colours)?;
    }
    for CellNote { cell, text, height } in &draft.notes {
        let note = Note::new(text.as_str())
            .set_author("leadsheet")
            .add_author_prefix(false)
            .set_width(260)
            .set_height(*height);
        worksheet.insert_note(cell.row, narrow(cell.column)?, &note)?;
    }
    Ok(())
}

fn prepare_page(worksheet: &mut Worksheet, page: &Page) -> Result<(), WriteError> {
    let [left, right, top, bottom, header, footer] = MARGINS;
    worksheet.set_landscape().set_print_fit_to_pages(1, 0);
    if let Some((first, last)) = page.repeated {
        worksheet.set_repeat_rows(first, last)?;
    }
    if let Some(text) = &page.footer {
        worksheet
            .set_paper_size(PAPER)
            .set_margins(left, right, top, bottom, header, footer)
            .set_footer(format!("&C{text}"));
    }
    Ok(())
}

fn fill(
    worksheet: &mut Worksheet,
    draft: &Draft<'_>,
    by_row: bool,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    let mut merges: Vec<&(CellRange, Look)> = draft.merges.iter().collect();
    if by_row {
        merges.sort_by_key(|(merge, _)| (merge.first.row, merge.first.column));
    } else {
        for (range, look) in merges.drain(..) {
            merge(worksheet, range, formats.of(look))?;
        }
    }
    let mut merges = merges.into_iter().peekable();
    for (row, cells) in draft.rows() {
        while let Some((range, look)) = merges.next_if(|(merge, _)| merge.first.row <= row) {
            merge(worksheet, range, formats.of(look))?;
        }
        for (column, placed) in cells {
            write(
                worksheet,
                draft,
                CellRef::new(row, column),
                &placed,
                formats,
            )?;
        }
    }
    for (range, look) in merges {
        merge(worksheet, range, formats.of(look))?;
    }
    Ok(())
}

fn merge(worksheet: &mut Worksheet, range: &CellRange, format: &Format) -> Result<(), WriteError> {
    let CellRange { first, last } = range;
    let (left, right) = (narrow(first.column)?, narrow(last.column)?);
    worksheet.merge_range(first.row, left, last.row, right, "", format)?;
    Ok(())
}

fn write(
    worksheet: &mut Worksheet,
    draft: &Draft<'_>,
    cell: CellRef,
    placed: &Placed<'_>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    let (row, column) = (cell.row, narrow(cell.column)?);
    match placed {
        Placed::Own(filling, look) => {
            let format = formats.of(look);
            match filling {
                Filling::Nothing => worksheet.write_blank(row, column, format)?,
                Filling::Text(text) => {
                    draft.check_text(cell, text)?;
                    worksheet.write_string_with_format(row, column, text, format)?
                }
                Filling::Number(number) => {
                    worksheet.write_number_with_format(row, column, *number, format)?
                }
                Filling::Date(date) => {
                    let days = serial(*date).unwrap_or_default();
                    worksheet.write_number_with_format(row, column, days, format)?
                }
                Filling::Formula(formula, result) => {
                    let formula = Formula::new(formula).set_result(result.to_string());
                    worksheet.write_formula_with_format(row, column, formula, format)?
                }
            };
        }
        Placed::Said(text) => {
            draft.check_text(cell, text)?;
            let format = formats.of_value("@", false);
            worksheet.write_string_with_format(row, column, text, format)?;
        }
        &Placed::Value(value, usual) => match stored(value, usual) {
            Stored::Nothing => {}
            Stored::Text(text) => {
                draft.check_text(cell, &text)?;
                let format = formats.of_value("", wraps(&text));
                worksheet.write_string_with_format(row, column, &*text, format)?;
            }
            Stored::Number(number, format) => {
                let format = formats.of_value(format, false);
                worksheet.write_number_with_format(row, column, number, format)?;
            }
            Stored::Bool(value) => drop(worksheet.write_boolean(row, column, value)?),
            Stored::Error(error) => {
                let formula = Formula::new(error_formula(error)).set_result(error);
                worksheet.write_formula(row, column, formula)?;
            }
        },
    }
    Ok(())
}

/// A formula that gives this error, for an error cannot be typed in.
fn error_formula(error: &str) -> &'static str {
    match error {
        "#DIV/0!" => "=1/0",
        "#NAME?" => "=#NAME?",
        "#NULL!" => "=#NULL!",
        "#NUM!" => "=#NUM!",
        "#REF!" => "=#REF!",
        "#VALUE!" => "=#VALUE!",
        _ => "=NA()",
    }
}

/// Each look as the library has it, made once.
#[derive(Default)]
struct Formats {
    made: HashMap<Look, Format>,
    /// Those of plain values by number format, without and with wrapped text.
    of_values: HashMap<String, [Option<Format>; 2]>,
}

impl Formats {
    fn of(&mut self, look: &Look) -> &Format {
        if !self.made.contains_key(look) {
            self.made.insert(look.clone(), format_of(look));
        }
        &self.made[look]
    }

    fn of_value(&mut self, number_format: &str, wrapped: bool) -> &Format {
        if !self.of_values.contains_key(number_format) {
            self.of_values
                .insert(number_format.to_owned(), [None, None]);
        }
        self.of_values
            .get_mut(number_format)
            .map(|known| &mut known[usize::from(wrapped)])
            .expect("it was just put there")
            .get_or_insert_with(|| format_of(&Look::value(number_format, wrapped)))
    }
}

/// A heading; a strong one stands for a column that every row should fill.
pub(super) fn header_format(strong: bool) -> Format {
    format_of(&Look::heading(strong))
}

fn format_of(look: &Look) -> Format {
    let mut format = Format::new().set_align(FormatAlign::VerticalCenter);
    if look.bold {
        format = format.set_bold();
    }
    if look.italic {
        format = format.set_italic();
    }
    if let Some(size) = look.size {
        format = format.set_font_size(size);
    }
    if let Some(letters) = look.letters {
        format = format.set_font_color(Color::RGB(letters));
    }
    if let Some(fill) = look.fill {
        format = format.set_background_color(Color::RGB(fill));
    }
    format = match look.line {
        Line::Nowhere => format,
        Line::Around => format
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(PALE)),
        Line::Below => format
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::RGB(BLUE)),
    };
    format = match look.side {
        Side::Usual => format,
        Side::Centre => format.set_align(FormatAlign::Center),
        Side::Right => format.set_align(FormatAlign::Right),
    };
    if look.wrapped {
        format = format.set_text_wrap();
    }
    if !look.number_format.is_empty() {
        format = format.set_num_format(&look.number_format);
    }
    format
}

pub(super) fn narrow(column: u32) -> Result<u16, WriteError> {
    u16::try_from(column).map_err(|_| WriteError::DoesNotFit {
        what: format!("column {}", leadsheet_core::column_letters(column)),
        reason: "an .xlsx sheet has 16,384 columns".to_owned(),
    })
}
