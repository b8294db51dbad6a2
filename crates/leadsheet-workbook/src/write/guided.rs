//! Tables as `.xlsx`, a sheet each: for people with the guide to filling them in, for programs as plain text.

use leadsheet_core::{CellRef, Value};
use rust_xlsxwriter::{Format, Worksheet};

use super::furnish::{Lists, colour_rows, column_format, limit};
use super::guide::Guide;
use super::table::{ImportForm, OutputColumn, OutputTable, usual_format};
use super::xlsx::{
    Formats, MANY_CELLS, ROWS_MEASURED, frame, header_format, narrow, new_workbook, new_worksheet,
    width_of, write,
};
use crate::error::WriteError;

/// Writes tables, a sheet each, with the guide to filling them in.
pub(super) fn compose_tables(
    tables: &[OutputTable<'_>],
    guide: &Guide<'_>,
) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let mut formats = Formats::default();
    let names: Vec<&str> = tables.iter().map(|table| table.sheet.as_str()).collect();
    let mut lists = Lists::new(guide, &names);
    for table in tables {
        let worksheet = new_worksheet(
            &mut workbook,
            table.len() * table.columns.len() > MANY_CELLS,
        )?;
        worksheet.set_name(&table.sheet)?;
        if let Some(form) = &table.form {
            import_form(worksheet, table, form)?;
        } else {
            guide_through(worksheet, table, guide, &mut lists)?;
            guided_table(worksheet, table, &mut formats)?;
        }
    }
    if tables.is_empty() {
        workbook.add_worksheet();
    }
    lists.write(&mut workbook)?;
    Ok(workbook.save_to_buffer()?)
}

/// Heading in the first row, filter, frozen heading, values in their formats.
fn guided_table(
    worksheet: &mut Worksheet,
    table: &OutputTable<'_>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    let header = header_format(true);
    for (column, index) in table.columns.iter().zip(0..) {
        worksheet.set_column_width(narrow(index)?, width_in(table, column))?;
        worksheet.write_string_with_format(0, narrow(index)?, &column.header, &header)?;
    }
    frame(
        worksheet,
        0,
        0..table.columns.len() as u32,
        table.len() as u32 + 1,
    )?;
    for row in 0..table.len() {
        for (column, index) in table.columns.iter().zip(0..) {
            let value = table.value(row, column);
            write(
                worksheet,
                CellRef::new(row as u32 + 1, index),
                value,
                usual_format(column.field),
                formats,
            )?;
        }
    }
    Ok(())
}

fn width_in(table: &OutputTable<'_>, column: &OutputColumn) -> f64 {
    column.width.unwrap_or_else(|| {
        let sample =
            (0..table.len().min(ROWS_MEASURED)).map(|row| table.value(row, column).display());
        width_of(sample.chain([column.header.clone()]))
    })
}

/// Formats for rows to come, drop-downs and limits, rows coloured by stage.
fn guide_through(
    worksheet: &mut Worksheet,
    table: &OutputTable<'_>,
    guide: &Guide<'_>,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    let for_table = guide.for_table(table);
    for column in &for_table.columns {
        let format = column_format(Some(column.field));
        worksheet.set_column_format(narrow(column.index)?, &format)?;
        if let Some(entry) = &column.entry {
            let first = CellRef::new(1, column.index);
            limit(
                worksheet,
                first,
                column.heading,
                entry,
                &for_table.guide,
                lists,
            )?;
        }
    }
    let last = (table.columns.len() as u32).saturating_sub(1);
    colour_rows(worksheet, 1, (0, last), &for_table.row_rules())
}

/// A table for a program to take in: nothing but text, and no more furniture than the program wants.
fn import_form(
    worksheet: &mut Worksheet,
    table: &OutputTable<'_>,
    form: &ImportForm,
) -> Result<(), WriteError> {
    let text = Format::new().set_num_format("@");
    let header = Format::new().set_num_format("@").set_bold();
    let last = narrow((table.columns.len() as u32).saturating_sub(1))?;
    let first_row = match &form.title {
        Some(title) if last > 0 => {
            worksheet.merge_range(0, 0, 0, last, title, &header)?;
            1
        }
        Some(title) => {
            worksheet.write_string_with_format(0, 0, title, &header)?;
            1
        }
        None => 0,
    };
    for (column, index) in table.columns.iter().zip(0..) {
        let index = narrow(index)?;
        worksheet
            .set_column_width(index, width_in(table, column))?
            .set_column_format(index, &text)?
            .write_string_with_format(first_row, index, &column.header, &header)?;
    }
    for row in 0..table.len() {
        for (column, index) in table.columns.iter().zip(0..) {
            let value = table.value(row, column);
            if value != Value::Empty {
                worksheet.write_string_with_format(
                    first_row + 1 + row as u32,
                    narrow(index)?,
                    value.display(),
                    &text,
                )?;
            }
        }
    }
    Ok(())
}
