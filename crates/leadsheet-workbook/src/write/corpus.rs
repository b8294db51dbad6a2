//! The writers on real files that nobody here made: what was read comes back.

use std::path::PathBuf;

use leadsheet_core::Value;

use super::draft::serial;
use super::{WorkbookKind, compose};
use crate::error::WriteError;
use crate::read::corpus::corpus;
use crate::template::Templates;
use crate::{FileKind, OpenOptions, Sheet, Workbook, workbook_from_bytes, workbook_from_path};

/// Equal, but for what the formats cannot hold.
fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    match (one, other) {
        (Value::Number { value: one, .. }, Value::Number { value: other, .. }) => {
            one.to_bits() == other.to_bits()
        }
        // Before 1900 there is no day that a workbook could count.
        (Value::Date { value, .. }, Value::Text(text)) => leadsheet_core::iso_date(value) == text,
        // An `.xlsx` of ours has no text without a character; nobody sees the difference.
        (Value::Text(""), Value::Empty) => true,
        _ => one == other,
    }
}

/// Equal but for the type: OpenDocument says of each number whether it is a date, elsewhere its format does.
fn is_same_number(one: Value<'_>, other: Value<'_>) -> bool {
    let both = days(one).zip(days(other));
    is_same(one, other) || both.is_some_and(|(one, other)| (one - other).abs() < 1e-8)
}

/// The number by which a workbook stores a number, a date or a time.
fn days(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number { value, .. } => Some(value),
        Value::Date { value, .. } => serial(value),
        Value::Time { value, .. } => Some(value.num_milliseconds() as f64 / 86_400_000.0),
        _ => None,
    }
}

/// The cells in which there is something to see.
fn filled(sheet: &Sheet) -> usize {
    let columns = sheet.grid.used_columns();
    let values = columns.flat_map(|column| sheet.grid.column(column));
    values
        .filter(|&(_, id)| sheet.values.get(id) != Value::Text(""))
        .count()
}

fn differences(
    name: &str,
    before: &Sheet,
    after: &Sheet,
    is_same: fn(Value<'_>, Value<'_>) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    if before.name != after.name || filled(before) != filled(after) {
        found.push(format!(
            "{name}: {} with {} cells became {} with {}",
            before.name,
            filled(before),
            after.name,
            filled(after)
        ));
    }
    for column in before.grid.used_columns() {
        for (row, id) in before.grid.column(column) {
            let cell = leadsheet_core::CellRef::new(row, column);
            let (one, other) = (before.values.get(id), after.value(cell));
            if !is_same(one, other) {
                found.push(format!(
                    "{name} {}!{cell}: {one:?} became {other:?}",
                    before.name
                ));
            }
        }
    }
    found
}

/// The workbook written and read again.
fn through(workbook: &Workbook, kind: WorkbookKind) -> Result<Workbook, WriteError> {
    let (bytes, _) = compose(workbook, &Templates::builtin(), kind)?;
    let workbook = workbook_from_bytes(&bytes, &OpenOptions::default());
    workbook.map_err(|error| WriteError::Compose(error.to_string()))
}

/// Every workbook of the corpus that can be read, with its name.
fn workbooks() -> Option<Vec<(String, Workbook)>> {
    let mut paths: Vec<_> = std::fs::read_dir(corpus()?.join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let workbook = workbook_from_path(&path, &OpenOptions::default());
        Some((name, workbook.ok()?))
    };
    Some(paths.into_iter().filter_map(read).collect())
}

/// Equal but for how the number format is spelled: OpenDocument keeps it as a tree.
fn is_same_value(one: Value<'_>, other: Value<'_>) -> bool {
    match (one, other) {
        (Value::Date { value: one, .. }, Value::Date { value: other, .. }) => one == other,
        (Value::Time { value: one, .. }, Value::Time { value: other, .. }) => one == other,
        // Control characters have no place in XML.
        (Value::Text(one), Value::Text(other)) if other.contains('\u{FFFD}') => {
            one.replace(super::ods::is_beyond_xml, "\u{FFFD}") == other
        }
        _ => is_same(one, other),
    }
}

#[test]
fn every_workbook_goes_through_ods_with_the_same_constants() {
    let Some(workbooks) = workbooks() else { return };
    let (mut files, mut cells, mut faults) = (0, 0, Vec::new());
    for (name, original) in &workbooks {
        match through(original, WorkbookKind::Ods) {
            Ok(back) => {
                files += 1;
                for (before, after) in original.sheets.iter().zip(&back.sheets) {
                    cells += filled(before);
                    faults.extend(differences(name, before, after, is_same_value));
                }
            }
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        files >= 250 && cells > 60_000,
        "{files} files, {cells} cells"
    );
}

#[test]
fn every_xls_goes_through_xlsx_and_back_with_the_same_constants() {
    let Some(workbooks) = workbooks() else { return };
    let (mut files, mut cells, mut faults) = (0, 0, Vec::new());
    let is_xls = |(_, workbook): &&(String, Workbook)| workbook.kind == FileKind::Xls;
    for (name, original) in workbooks.iter().filter(is_xls) {
        files += 1;
        let back = through(original, WorkbookKind::Xlsx)
            .and_then(|xlsx| through(&xlsx, WorkbookKind::Xls));
        let back = match back {
            Ok(back) => back,
            Err(error) => {
                faults.push(format!("{name}: {error}"));
                continue;
            }
        };
        for (before, after) in original.sheets.iter().zip(&back.sheets) {
            cells += filled(before);
            faults.extend(differences(name, before, after, is_same));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        files >= 70 && cells > 10_000,
        "{files} files, {cells} cells"
    );
}

#[test]
fn every_workbook_that_fits_can_be_an_xls() {
    let Some(workbooks) = workbooks() else { return };
    let (mut files, mut refused, mut faults) = (0, 0, Vec::new());
    for (name, original) in &workbooks {
        match through(original, WorkbookKind::Xls) {
            Ok(back) => {
                files += 1;
                for (before, after) in original.sheets.iter().zip(&back.sheets) {
                    faults.extend(differences(name, before, after, is_same_number));
                }
            }
            Err(WriteError::SheetTooLarge { rows, columns, .. }) => {
                refused += 1;
                assert!(rows > 65_536 || columns > 256, "{name}");
            }
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(files >= 200, "{files} files, {refused} refused");
}
