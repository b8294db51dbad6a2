//! Figures on worksheets: title, what it means, tables with their charts beside them, notes below all.

use leadsheet_core::Value;
use rust_xlsxwriter::{
    Color, ConditionalFormatDataBar, ConditionalFormatType, Format, FormatAlign, FormatBorder,
    Worksheet,
};

use super::chart::{self, Place};
use super::page::{Page, TITLE_HEIGHT};
use super::{Figure, FigureBook, FigureColumn, FigureKind, FigureRow, FigureSheet, FigureTable};
use crate::error::WriteError;
use crate::write::draft::{DATE, serial, width_of};
use crate::write::xlsx::{header_format, narrow, new_workbook};

/// Rows of the usual height that a chart covers, with a free one below.
const CHART_ROWS: u32 = 13;
/// Columns of the usual width that a chart covers.
const CHART_COLUMNS: u32 = 9;
const GREY: u32 = 0x80_8080;
const BAR: u32 = 0x9D_C3E6;

struct Formats {
    title: Format,
    subtitle: Format,
    sentence: Format,
    note: Format,
    header: Format,
}

impl Formats {
    fn new() -> Self {
        let sentence = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            subtitle: Format::new().set_bold().set_font_size(12),
            note: sentence.clone().set_font_color(Color::RGB(0x59_5959)),
            sentence,
            header: header_format(true),
        }
    }
}

pub(super) fn compose(book: &FigureBook) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let formats = Formats::new();
    let mut names = Vec::new();
    for sheet in &book.sheets {
        let name = sheet_name(&sheet.name, &names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        draw(worksheet, book, sheet, &name, &formats)?;
        names.push(name);
    }
    if book.sheets.is_empty() {
        workbook.add_worksheet();
    }
    Ok(workbook.save_to_buffer()?)
}

/// A name that spreadsheet programs take: at most 31 characters, none of theirs, not given yet whatever its case.
pub fn sheet_name(wanted: &str, given: &[String]) -> String {
    const LONGEST: usize = 31;
    let shortened = |text: &str, room: usize| {
        let mut length = 0;
        text.chars()
            .take_while(|c| {
                length += c.len_utf16();
                length <= room
            })
            .collect::<String>()
    };
    let allowed: String = wanted
        .chars()
        .map(|c| {
            if "[]:*?/\\'".contains(c) || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let allowed = match allowed.trim() {
        "" => "1",
        text => text,
    };
    let is_given = |name: &str| {
        given
            .iter()
            .any(|it| it.to_lowercase() == name.to_lowercase())
    };
    let name = shortened(allowed, LONGEST);
    if !is_given(&name) {
        return name;
    }
    let numbered = |number: usize| {
        let suffix = format!(" {number}");
        shortened(allowed, LONGEST - suffix.len()) + &suffix
    };
    (2..=given.len() + 2)
        .map(numbered)
        .find(|name| !is_given(name))
        .unwrap_or(name)
}

/// The columns of a table as they stand on the sheet: an interval takes two.
struct Columns<'a> {
    of: &'a [FigureColumn],
    /// Where each column begins; one more than there are columns.
    starts: Vec<u32>,
}

impl<'a> Columns<'a> {
    fn new(of: &'a [FigureColumn]) -> Self {
        let mut starts = vec![0];
        let mut next = 0;
        for column in of {
            next += if matches!(column.kind, FigureKind::Interval(..)) {
                2
            } else {
                1
            };
            starts.push(next);
        }
        Self { of, starts }
    }

    fn width(&self) -> u32 {
        self.starts.last().copied().unwrap_or_default()
    }
}

fn draw(
    worksheet: &mut Worksheet,
    book: &FigureBook,
    sheet: &FigureSheet,
    name: &str,
    formats: &Formats,
) -> Result<(), WriteError> {
    let widths = column_widths(&sheet.tables);
    for (width, column) in widths.iter().zip(0..) {
        worksheet.set_column_width(narrow(column)?, *width)?;
    }
    let table_columns = widths.len() as u32;
    let has_charts = sheet.tables.iter().any(|table| !table.charts.is_empty());
    let chart_column = table_columns + 1;
    let last_column = if has_charts {
        chart_column + CHART_COLUMNS - 1
    } else {
        table_columns.max(8) - 1
    };
    let mut page = Page::new(&widths, narrow(last_column)?);
    worksheet.write_string_with_format(0, 0, &sheet.title, &formats.title)?;
    worksheet.set_row_height(0, TITLE_HEIGHT)?;
    let mut row = 1;
    for sentence in book.about.iter().chain(&sheet.about) {
        page.sentence(worksheet, row, sentence, &formats.sentence)?;
        row += 1;
    }
    row += 1;
    let mut headings = Vec::new();
    for (position, table) in sheet.tables.iter().enumerate() {
        let first = row;
        if let Some(title) = &table.title {
            worksheet.write_string_with_format(row, 0, title, &formats.subtitle)?;
            row += 1;
        }
        let place = Place {
            sheet: name,
            heading: row,
            // What only the charts need stands where nobody prints it.
            aside: last_column + 2 + 4 * position as u32,
        };
        headings.push(row);
        let columns = Columns::new(&table.columns);
        let end = draw_table(worksheet, table, &columns, row, formats)?;
        let mut charts_end = row;
        for figure_chart in &table.charts {
            let chart = chart::chart(worksheet, figure_chart, table, &columns.starts, &place)?;
            worksheet.insert_chart(charts_end, narrow(chart_column)?, &chart)?;
            charts_end += CHART_ROWS;
        }
        row = end.max(charts_end) + 1;
        page.keep_together(first, row);
    }
    for note in sheet.notes.iter().chain(&book.notes) {
        page.sentence(worksheet, row, &format!("· {note}"), &formats.note)?;
        row += 1;
    }
    page.set_up(worksheet, &headings, row)
}

fn column_widths(tables: &[FigureTable]) -> Vec<f64> {
    let mut widths: Vec<f64> = Vec::new();
    for table in tables {
        let columns = Columns::new(&table.columns);
        widths.resize(widths.len().max(columns.width() as usize), 0.0);
        for (position, column) in columns.of.iter().enumerate() {
            let start = columns.starts[position] as usize;
            let (headings, cells) = match &column.kind {
                FigureKind::Interval(low, high) => (vec![low.clone(), high.clone()], Vec::new()),
                kind => {
                    let rows = table.rows.iter().map(|row| &row.cells);
                    let cells = rows
                        .chain(&table.total)
                        .filter_map(|cells| cells.get(position))
                        .map(|cell| cell.shown(kind));
                    (vec![column.heading.clone()], cells.collect())
                }
            };
            for (offset, heading) in headings.into_iter().enumerate() {
                let width = width_of(cells.iter().cloned().chain([heading])).clamp(9.0, 40.0);
                widths[start + offset] = widths[start + offset].max(width);
            }
        }
    }
    widths
}

/// Draws a table with its heading in `row`, and gives the row below it.
fn draw_table(
    worksheet: &mut Worksheet,
    table: &FigureTable,
    columns: &Columns<'_>,
    row: u32,
    formats: &Formats,
) -> Result<u32, WriteError> {
    worksheet.set_row_height(row, 22)?;
    for (column, &start) in columns.of.iter().zip(&columns.starts) {
        let headings = match &column.kind {
            FigureKind::Interval(low, high) => vec![low, high],
            _ => vec![&column.heading],
        };
        for (heading, index) in headings.into_iter().zip(start..) {
            worksheet.write_string_with_format(row, narrow(index)?, heading, &formats.header)?;
        }
    }
    let first = row + 1;
    let mut next = first;
    for FigureRow { cells, faint } in &table.rows {
        let look = if *faint { Look::Faint } else { Look::Plain };
        draw_row(worksheet, next, cells, columns, look)?;
        next += 1;
    }
    if next > first {
        for (column, &start) in columns.of.iter().zip(&columns.starts) {
            if column.kind == FigureKind::Share {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(Color::RGB(BAR))
                    .set_solid_fill(true)
                    .set_minimum(ConditionalFormatType::Number, 0)
                    .set_maximum(ConditionalFormatType::Number, 1);
                let index = narrow(start)?;
                worksheet.add_conditional_format(first, index, next - 1, index, &bar)?;
            }
        }
    }
    if let Some(total) = &table.total {
        draw_row(worksheet, next, total, columns, Look::Total)?;
        next += 1;
    }
    Ok(next)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Faint,
    Total,
}

fn draw_row(
    worksheet: &mut Worksheet,
    row: u32,
    cells: &[Figure],
    columns: &Columns<'_>,
    look: Look,
) -> Result<(), WriteError> {
    for ((cell, column), &start) in cells.iter().zip(columns.of).zip(&columns.starts) {
        let format = format_of(&column.kind, look);
        let index = narrow(start)?;
        match cell {
            Figure::Interval(low, high) => {
                worksheet.write_number_with_format(row, index, *low, &format)?;
                worksheet.write_number_with_format(row, index + 1, *high, &format)?;
            }
            Figure::Text(text) => {
                // Words among numbers stand as they do.
                let format = if column.kind.is_number() {
                    format.set_align(FormatAlign::Right)
                } else {
                    format
                };
                worksheet.write_string_with_format(row, index, text, &format)?;
            }
            Figure::Day(day) => {
                let moment = day.and_time(chrono::NaiveTime::MIN);
                match serial(moment) {
                    Some(serial) => {
                        worksheet.write_number_with_format(row, index, serial, &format)?
                    }
                    None => worksheet.write_string_with_format(
                        row,
                        index,
                        Value::Text(&day.to_string()).display(),
                        &format,
                    )?,
                };
            }
            figure => match figure.as_number().filter(|number| number.is_finite()) {
                Some(number) => {
                    worksheet.write_number_with_format(row, index, number, &format)?;
                }
                None => {
                    let dash = format.clone().set_align(FormatAlign::Right);
                    worksheet.write_string_with_format(row, index, "—", &dash)?;
                    if matches!(column.kind, FigureKind::Interval(..)) {
                        worksheet.write_string_with_format(row, index + 1, "—", &dash)?;
                    }
                }
            },
        }
    }
    Ok(())
}

fn format_of(kind: &FigureKind, look: Look) -> Format {
    let format = Format::new()
        .set_align(FormatAlign::VerticalCenter)
        .set_border_bottom(FormatBorder::Hair)
        .set_border_bottom_color(Color::RGB(0xBF_BFBF));
    let format = match kind {
        FigureKind::Text => format.set_text_wrap(),
        FigureKind::Count | FigureKind::Number(0) => format.set_num_format("#,##0"),
        FigureKind::Number(decimals) => {
            let zeros = "0".repeat(usize::from(*decimals));
            format.set_num_format(format!("#,##0.{zeros}"))
        }
        FigureKind::Share | FigureKind::Fraction | FigureKind::Interval(..) => {
            format.set_num_format("0.0%")
        }
        FigureKind::Change => format.set_num_format("+0.0%;-0.0%;0.0%"),
        FigureKind::Money => format.set_num_format("#,##0.00"),
        FigureKind::Day => format.set_num_format(DATE).set_align(FormatAlign::Center),
    };
    match look {
        Look::Plain => format,
        Look::Faint => format.set_font_color(Color::RGB(GREY)),
        Look::Total => format
            .set_bold()
            .set_border_top(FormatBorder::Thin)
            .set_border_top_color(Color::RGB(GREY)),
    }
}

#[cfg(test)]
mod tests {
    use super::sheet_name;

    #[test]
    fn sheets_have_names_that_spreadsheet_programs_take() {
        assert_eq!(sheet_name("来源 × 等级", &[]), "来源 × 等级");
        assert_eq!(sheet_name("a/b:c*d?[e]", &[]), "a b c d  e");
        assert_eq!(sheet_name("", &[]), "1");
        let long = "线".repeat(40);
        let first = sheet_name(&long, &[]);
        assert_eq!(first.chars().count(), 31);
        let second = sheet_name(&long, std::slice::from_ref(&first));
        assert_eq!(second, format!("{} 2", "线".repeat(29)));
        assert_eq!(sheet_name("SOURCE", &["source".to_owned()]), "SOURCE 2");
    }
}
