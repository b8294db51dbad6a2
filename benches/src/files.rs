//! Invented ledgers as files, written by libraries that many programs use, not by ours.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::follow_ups::{Cell, FollowUps, HEADINGS};

/// Where the texts of a workbook stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// Once each in a table of their own, as Excel and WPS write them.
    Shared,
    /// In the cells, as many exporters write them.
    Inline,
}

/// Writes a ledger as a workbook of one sheet. Memory stays small where the strings are inline.
///
/// # Errors
/// Where the file cannot be written, or the rows are more than a sheet holds.
pub fn write_xlsx(path: &Path, rows: FollowUps, strings: Strings) -> Result<()> {
    let mut workbook = Workbook::new();
    let sheet = match strings {
        Strings::Shared => workbook.add_worksheet_with_low_memory()?,
        Strings::Inline => workbook.add_worksheet_with_constant_memory()?,
    };
    sheet.set_name("线索跟进")?;
    sheet.set_freeze_panes(1, 0)?;
    write_sheet(sheet, rows)?;
    workbook.save(path)?;
    Ok(())
}

fn write_sheet(sheet: &mut Worksheet, rows: FollowUps) -> Result<()> {
    let (bold, date) = (
        Format::new().set_bold(),
        Format::new().set_num_format("yyyy-mm-dd"),
    );
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.set_column_width(column, 16)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (number, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row.cells()) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string(number, column, text)?;
                }
                Cell::Day(day) => {
                    sheet.write_date_with_format(number, column, day, &date)?;
                }
            }
        }
    }
    Ok(())
}

/// Writes a ledger as UTF-8 text with commas, dates as ISO 8601.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_csv(path: &Path, rows: FollowUps) -> Result<()> {
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    writer.write_record(HEADINGS)?;
    for row in rows {
        for cell in row.cells() {
            match cell {
                Cell::Empty => writer.write_field("")?,
                Cell::Text(text) => writer.write_field(text)?,
                Cell::Day(day) => writer.write_field(day.to_string())?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?
        .flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx, open_workbook};

    use super::*;

    #[test]
    fn a_workbook_holds_the_rows_wherever_its_strings_stand() {
        let folder = std::env::temp_dir().join(format!("leadsheet-benches-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (strings, shared) in [(Strings::Shared, true), (Strings::Inline, false)] {
            let path = folder.join("ledger.xlsx");
            write_xlsx(&path, FollowUps::new(50, 0), strings).unwrap();
            let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
            let range = workbook.worksheet_range("线索跟进").unwrap();
            assert_eq!(range.get_size(), (51, 14));
            for (read, row) in range.rows().skip(1).zip(FollowUps::new(50, 0)) {
                for (read, cell) in read.iter().zip(row.cells()) {
                    match cell {
                        Cell::Empty => assert_eq!(read, &Data::Empty),
                        Cell::Text(text) => assert_eq!(read, &Data::String(text.to_owned())),
                        Cell::Day(day) => {
                            let Data::DateTime(date) = read else {
                                panic!("{read:?}")
                            };
                            assert_eq!(date.to_ymd_hms_milli(), {
                                use chrono::Datelike;
                                let (month, day_of) = (day.month() as u8, day.day() as u8);
                                (day.year() as u16, month, day_of, 0, 0, 0, 0)
                            });
                        }
                    }
                }
            }
            let package = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
            assert_eq!(
                package
                    .file_names()
                    .any(|name| name.unwrap() == "xl/sharedStrings.xml"),
                shared
            );
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
