//! Composing `.xlsx`: a new, well-made workbook.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use leadsheet_core::{CellRange, CellRef, Field, Value};
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::table::usual_format;
use crate::error::WriteError;
use crate::sheet::{Sheet, Visibility};
use crate::template::Layout;

pub(super) const DATE: &str = "yyyy-mm-dd";
pub(super) const DATE_AND_TIME: &str = "yyyy-mm-dd hh:mm";
pub(super) const TIME: &str = "hh:mm:ss";
pub(super) const ELAPSED: &str = "[h]:mm:ss";

/// From this many cells on, text goes to a temporary file rather than into memory.
pub(super) const MANY_CELLS: usize = 500_000;

/// Rows looked at to find out how wide a column should be.
pub(super) const ROWS_MEASURED: usize = 200;

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        WriteError::Compose(error.to_string())
    }
}

/// One format for each number format and role, made once.
#[derive(Default)]
pub(super) struct Formats {
    made: HashMap<(String, bool), Format>,
}

impl Formats {
    fn of(&mut self, number_format: &str, wrap: bool) -> &Format {
        self.made
            .entry((number_format.to_owned(), wrap))
            .or_insert_with(|| {
                let format = Format::new().set_align(FormatAlign::VerticalCenter);
                let is_date = number_format.contains('y') || number_format.contains("h:");
                let format = if is_date {
                    format.set_align(FormatAlign::Center)
                } else {
                    format
                };
                let format = if wrap { format.set_text_wrap() } else { format };
                if number_format.is_empty() {
                    format
                } else {
                    format.set_num_format(number_format)
                }
            })
    }
}

/// A heading; a strong one stands for a column that every row should fill.
pub(super) fn header_format(strong: bool) -> Format {
    let (background, letters) = if strong {
        (0x2F_5597, Color::White)
    } else {
        (0xD9_E2F3, Color::RGB(0x1F_3864))
    };
    Format::new()
        .set_bold()
        .set_font_color(letters)
        .set_background_color(Color::RGB(background))
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
        .set_text_wrap()
}

/// Writes sheets as they stand.
pub(super) fn compose(sheets: &[(&Sheet, Option<Layout<'_>>)]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let mut formats = Formats::default();
    let visible = sheets
        .iter()
        .position(|(sheet, _)| sheet.visibility == Visibility::Visible);
    for (position, (sheet, layout)) in sheets.iter().enumerate() {
        // Written row by row, a sheet cannot go back to the rows that a merged range reaches into.
        let many = sheet.grid.filled() > MANY_CELLS && sheet.merges.is_empty();
        let worksheet = new_worksheet(&mut workbook, many)?;
        worksheet.set_name(&sheet.name)?;
        match sheet.visibility {
            // A workbook without a visible sheet cannot be opened.
            _ if visible.is_none() && position == 0 => {}
            Visibility::Visible => {}
            Visibility::Hidden => drop(worksheet.set_hidden(true)),
            Visibility::VeryHidden => drop(worksheet.set_very_hidden(true)),
        }
        if visible == Some(position) {
            worksheet.set_active(true);
        }
        sheet_as_it_stands(worksheet, sheet, layout.as_ref(), &mut formats)?;
    }
    if sheets.is_empty() {
        workbook.add_worksheet();
    }
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

pub(super) fn new_worksheet(
    workbook: &mut Workbook,
    many_cells: bool,
) -> Result<&mut Worksheet, WriteError> {
    if many_cells {
        Ok(workbook.add_worksheet_with_low_memory()?)
    } else {
        Ok(workbook.add_worksheet())
    }
}

fn sheet_as_it_stands(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    layout: Option<&Layout<'_>>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    for &(first, last, width) in &sheet.column_widths {
        for column in first..=last.min(first + 1_000) {
            worksheet.set_column_width(narrow(column)?, width)?;
        }
    }
    if sheet.column_widths.is_empty() {
        widths_by_content(worksheet, sheet)?;
    }
    for &(first, last) in &sheet.hidden_columns {
        for column in first..=last.min(first + 1_000) {
            worksheet.set_column_hidden(narrow(column)?)?;
        }
    }
    for &(first, last) in &sheet.hidden_rows {
        for row in first..=last.min(sheet.grid.height().max(first)) {
            worksheet.set_row_hidden(row)?;
        }
    }
    let header_row = layout.map(|layout| layout.header_row);
    let header = header_format(true);
    let fields: HashMap<u32, Field> = layout
        .into_iter()
        .flat_map(|layout| &layout.columns)
        .filter_map(|column| Some((column.index, column.field?)))
        .collect();
    let titles = merge(worksheet, &sheet.merges, &header, header_row)?;
    if let Some(layout) = layout {
        frame(
            worksheet,
            layout.header_row,
            layout.columns.iter().map(|column| column.index),
            sheet.grid.height(),
        )?;
    }
    for (row, cells) in by_row(sheet) {
        for (column, value) in cells {
            if Some(row) == header_row && value.as_text().is_some() {
                worksheet.write_string_with_format(
                    row,
                    narrow(column)?,
                    value.display(),
                    &header,
                )?;
            } else if let (Some(title), Some(text)) =
                (titles.get(&CellRef::new(row, column)), value.as_text())
            {
                worksheet.write_string_with_format(row, narrow(column)?, text, title)?;
            } else {
                let usual = usual_format(fields.get(&column).copied());
                write(worksheet, CellRef::new(row, column), value, usual, formats)?;
            }
        }
    }
    Ok(())
}

/// The filled cells row by row, which is the order a workbook is written in.
pub(super) fn by_row(sheet: &Sheet) -> impl Iterator<Item = (u32, Vec<(u32, Value<'_>)>)> {
    let mut columns: Vec<_> = (0..sheet.grid.width())
        .map(|column| (column, sheet.grid.column(column).peekable()))
        .collect();
    std::iter::from_fn(move || {
        let row = columns
            .iter_mut()
            .filter_map(|(_, cells)| cells.peek().map(|&(row, _)| row))
            .min()?;
        let cells = columns.iter_mut().filter_map(|(column, cells)| {
            let (_, id) = cells.next_if(|&(at, _)| at == row)?;
            Some((*column, sheet.values.get(id)))
        });
        Some((row, cells.collect()))
    })
}

/// Merges the ranges, and gives the format of those above the heading by their first cell.
fn merge(
    worksheet: &mut Worksheet,
    merges: &[CellRange],
    header: &Format,
    header_row: Option<u32>,
) -> Result<HashMap<CellRef, Format>, WriteError> {
    let title = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let body = Format::new().set_align(FormatAlign::VerticalCenter);
    let mut kept: Vec<CellRange> = Vec::new();
    let mut titles = HashMap::new();
    for merge in merges.iter().filter(|merge| merge.first != merge.last) {
        // Overlapping ranges are a fault of the file that spreadsheet programs refuse to open.
        let overlaps = |other: &CellRange| {
            merge.first.row <= other.last.row
                && other.first.row <= merge.last.row
                && merge.first.column <= other.last.column
                && other.first.column <= merge.last.column
        };
        if kept.iter().any(overlaps) {
            continue;
        }
        kept.push(*merge);
        let format = match header_row {
            Some(row) if merge.first.row == row => header,
            Some(row) if merge.first.row < row => {
                titles.insert(merge.first, title.clone());
                &title
            }
            _ => &body,
        };
        let (first, last) = (merge.first, merge.last);
        worksheet.merge_range(
            first.row,
            narrow(first.column)?,
            last.row,
            narrow(last.column)?,
            "",
            format,
        )?;
    }
    Ok(titles)
}

/// Freezes the heading and puts a filter on it.
pub(super) fn frame(
    worksheet: &mut Worksheet,
    header_row: u32,
    columns: impl Iterator<Item = u32> + Clone,
    height: u32,
) -> Result<(), WriteError> {
    worksheet.set_freeze_panes(header_row + 1, 0)?;
    worksheet.set_row_height(header_row, 24)?;
    if let (Some(first), Some(last)) = (columns.clone().min(), columns.max()) {
        worksheet.autofilter(
            header_row,
            narrow(first)?,
            height.saturating_sub(1).max(header_row),
            narrow(last)?,
        )?;
    }
    worksheet
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(header_row, header_row)?;
    Ok(())
}

fn widths_by_content(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), WriteError> {
    let merged = |cell: CellRef| {
        sheet
            .merges
            .iter()
            .take(1_000)
            .any(|merge| merge.contains(cell))
    };
    for column in 0..sheet.grid.width() {
        let cells = sheet
            .grid
            .column(column)
            .take(ROWS_MEASURED)
            .filter(|&(row, _)| !merged(CellRef::new(row, column)));
        let width = width_of(cells.map(|(_, id)| sheet.values.get(id).display()));
        worksheet.set_column_width(narrow(column)?, width)?;
    }
    Ok(())
}

/// The width that shows most texts whole: a Chinese character counts two, and no column is wider than 48.
pub(super) fn width_of(texts: impl Iterator<Item = String>) -> f64 {
    let width = |text: String| {
        text.chars()
            .map(|c| if c > '\u{2E7F}' { 2.0 } else { 1.1 })
            .sum::<f64>()
    };
    texts.map(width).fold(6.0, f64::max).min(46.0) + 2.0
}

pub(super) fn write(
    worksheet: &mut Worksheet,
    cell: CellRef,
    value: Value<'_>,
    usual: &str,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    let (row, column) = (cell.row, narrow(cell.column)?);
    let or_usual = |format: &str| {
        if format.is_empty() {
            usual.to_owned()
        } else {
            format.to_owned()
        }
    };
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            let wrap = text.contains('\n') || text.chars().count() > 24;
            worksheet.write_string_with_format(row, column, text, formats.of("", wrap))?;
        }
        Value::Number { value, .. } if !value.is_finite() => {
            worksheet.write_string(row, column, value.to_string())?;
        }
        Value::Number { value, format } => {
            worksheet.write_number_with_format(
                row,
                column,
                value,
                formats.of(&or_usual(format), false),
            )?;
        }
        Value::Date { value, format } => {
            let all_day = value.time() == chrono::NaiveTime::MIN;
            let format = if format.is_empty() {
                if all_day { DATE } else { DATE_AND_TIME }
            } else {
                format
            };
            match serial(value) {
                Some(serial) => worksheet.write_number_with_format(
                    row,
                    column,
                    serial,
                    formats.of(format, false),
                )?,
                None => worksheet.write_string(row, column, leadsheet_core::iso_date(value))?,
            };
        }
        Value::Time { value, format } => {
            let days = value.num_milliseconds() as f64 / 86_400_000.0;
            let format = match format {
                "" if (0.0..1.0).contains(&days) => TIME,
                "" => ELAPSED,
                format => format,
            };
            worksheet.write_number_with_format(row, column, days, formats.of(format, false))?;
        }
        Value::Bool(value) => drop(worksheet.write_boolean(row, column, value)?),
        Value::Error(error) => {
            let formula = Formula::new(error_formula(error)).set_result(error);
            worksheet.write_formula(row, column, formula)?;
        }
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

/// The serial number of a moment in the 1900 date system; `None` before 1900, which it cannot count.
pub(super) fn serial(moment: NaiveDateTime) -> Option<f64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 31)?;
    let days = (moment.date() - epoch).num_days();
    // The 1900 system counts a 29 February 1900 that never was (ECMA-376 Part 1 §18.17.4.1).
    let days = if days >= 60 { days + 1 } else { days };
    let milliseconds = (moment.time() - chrono::NaiveTime::MIN).num_milliseconds();
    (days >= 1).then_some(days as f64 + milliseconds as f64 / 86_400_000.0)
}

pub(super) fn narrow(column: u32) -> Result<u16, WriteError> {
    u16::try_from(column).map_err(|_| WriteError::DoesNotFit {
        what: format!("column {}", leadsheet_core::column_letters(column)),
        reason: "an .xlsx sheet has 16,384 columns".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_those_of_excel() {
        let at = |y, m, d, h| {
            NaiveDate::from_ymd_opt(y, m, d)
                .unwrap()
                .and_hms_opt(h, 0, 0)
                .unwrap()
        };
        // ECMA-376 Part 1 §18.17.4.1 and Excel itself.
        assert_eq!(serial(at(1900, 1, 1, 0)), Some(1.0));
        assert_eq!(serial(at(1900, 2, 28, 0)), Some(59.0));
        assert_eq!(serial(at(1900, 3, 1, 0)), Some(61.0));
        assert_eq!(serial(at(2024, 5, 20, 12)), Some(45432.5));
        assert_eq!(serial(at(1899, 12, 31, 0)), None);
    }
}
