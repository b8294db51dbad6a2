//! Patched workbooks read again, by our own reader and by calamine; streams compared record by record.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;

use calamine::{Data, Reader as _};
use cfb::CompoundFile;
use leadsheet_core::{CellRef, Value};

use super::XlsPatch;
use crate::limits::Limits;
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::is_annotated;
use crate::patch::sheet::{CellEdit, NewValue};
use crate::patch::tests::annotations;
use crate::read::corpus::corpus;
use crate::{FileKind, OpenOptions, Sheet, Workbook, workbook_from_bytes};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Workbook {
    workbook_from_bytes(bytes, &OpenOptions::default()).unwrap()
}

fn patch(bytes: &[u8]) -> Result<XlsPatch, PatchError> {
    XlsPatch::open(bytes.to_vec(), &Limits::default())
}

fn annotated(bytes: &[u8], places: &[(&str, CellRef)]) -> Result<Vec<u8>, PatchError> {
    Ok(patch(bytes)?.annotate(&annotations(places))?.0)
}

fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, PatchError> {
    Ok(patch(bytes)?.clean()?.0)
}

/// Every stream of a compound file.
fn streams(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut file = CompoundFile::open(Cursor::new(bytes.to_vec())).unwrap();
    let paths: Vec<_> = file
        .walk()
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.path().to_owned())
        .collect();
    let mut streams = BTreeMap::new();
    for path in paths {
        let mut content = Vec::new();
        file.open_stream(&path)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        streams.insert(path.to_string_lossy().into_owned(), content);
    }
    streams
}

/// Every cell of a sheet with its format.
fn cells(sheet: &Sheet) -> Vec<(CellRef, Value<'_>)> {
    let columns = sheet.grid.used_columns();
    let cells = columns.flat_map(|column| {
        let cells = sheet.grid.column(column);
        cells.map(move |(row, id)| (CellRef::new(row, column), sheet.values.get(id)))
    });
    cells.collect()
}

fn same_sheets(name: &str, before: &Workbook, after: &Workbook) {
    assert!(after.sheets.len() >= before.sheets.len(), "{name}");
    for (one, other) in before.sheets.iter().zip(&after.sheets) {
        assert_eq!(one.name, other.name, "{name}");
        assert_eq!(one.visibility, other.visibility, "{name}");
        // Compared as text: what is no number equals nothing.
        let shown = |sheet| format!("{:?}", cells(sheet));
        assert_eq!(shown(one), shown(other), "{name} {}", one.name);
        assert_eq!(one.formulas, other.formulas, "{name} {}", one.name);
        assert_eq!(one.merges, other.merges, "{name} {}", one.name);
        assert_eq!(one.hidden_rows, other.hidden_rows, "{name} {}", one.name);
        assert_eq!(
            one.column_widths, other.column_widths,
            "{name} {}",
            one.name
        );
    }
}

/// Values as calamine reads them.
fn by_calamine(bytes: &[u8]) -> Option<BTreeMap<String, Vec<String>>> {
    let mut workbook = calamine::Xls::new(Cursor::new(bytes.to_vec())).ok()?;
    let mut sheets = BTreeMap::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).ok()?;
        let (row, column) = range.start().unwrap_or_default();
        let cells = range.used_cells().filter(|cell| *cell.2 != Data::Empty);
        let lines = cells
            .map(|(r, c, value)| format!("{} {} {value:?}", r as u32 + row, c as u32 + column));
        sheets.insert(name, lines.collect());
    }
    Some(sheets)
}

/// Some cells of every sheet: the first and the last in use, one with a formula, one beyond, one far away.
fn places(workbook: &Workbook) -> Vec<(&str, CellRef)> {
    let mut places = Vec::new();
    for sheet in &workbook.sheets {
        let mut cells = vec![CellRef::new(2, 3), CellRef::new(200, 40)];
        if let Some(used) = sheet.used() {
            let beyond = CellRef::new(used.last.row + 1, used.last.column + 1);
            let middle = CellRef::new(used.last.row, (used.first.column + used.last.column) / 2);
            cells.extend([used.first, used.last, middle, beyond]);
        }
        cells.extend(sheet.formulas.first());
        cells.extend(sheet.formulas.get(sheet.formulas.len() / 2));
        cells.retain(|cell| cell.row < 65_536 && cell.column < 256);
        places.extend(cells.into_iter().map(|cell| (sheet.name.as_str(), cell)));
    }
    places
}

fn check(name: &str, before: &[u8]) -> Result<(), PatchError> {
    let workbook = read(before);
    let places = places(&workbook);
    let after = annotated(before, &places)?;
    if let Some(folder) = std::env::var_os("LEADSHEET_ANNOTATED") {
        std::fs::write(Path::new(&folder).join(name), &after).unwrap();
    }
    let again = read(&after);
    same_sheets(name, &workbook, &again);
    assert_eq!(again.sheets.len(), workbook.sheets.len() + 1, "{name}");
    assert!(is_annotated(&again), "{name}");
    assert!(
        again.notices.len() <= workbook.notices.len(),
        "{name}: {:?}",
        again.notices
    );
    if let (Some(before), Some(mut after)) = (by_calamine(before), by_calamine(&after)) {
        after.retain(|name, _| before.contains_key(name));
        assert_eq!(before, after, "{name}: calamine");
    }
    let (was, mut now) = (streams(before), streams(&after));
    now.remove("/leadsheet.undo");
    now.insert("/Workbook".into(), was["/Workbook"].clone());
    assert_eq!(was, now, "{name}: other streams");
    let clean = cleaned(&after)?;
    assert_eq!(streams(&clean), was, "{name}: cleaned");
    assert_eq!(
        streams(&annotated(&clean, &places)?),
        streams(&after),
        "{name}: annotated again"
    );
    Ok(())
}

#[test]
fn fixtures_come_back_annotated_and_come_back_clean() {
    for name in [
        "lead_ledger_lively.xls",
        "lead_ledger_sample.xls",
        "follow_up_statistics_sample.xls",
    ] {
        check(name, &fixture(name)).unwrap();
    }
}

#[test]
fn every_real_xls_comes_back_annotated_and_comes_back_clean() {
    let Some(folder) = corpus() else { return };
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let (mut done, mut refused) = (0, Vec::new());
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let workbook = workbook_from_bytes(&bytes, &OpenOptions::default());
        if !workbook.is_ok_and(|workbook| workbook.kind == FileKind::Xls) {
            continue;
        }
        match check(&name, &bytes) {
            Ok(()) => done += 1,
            Err(error) => refused.push(format!("{name}: {error}")),
        }
    }
    let report = format!(
        "{done} done, {} refused\n{}",
        refused.len(),
        refused.join("\n")
    );
    if let Some(path) = std::env::var_os("LEADSHEET_PATCH_REPORT") {
        std::fs::write(path, &report).unwrap();
    }
    assert!(done >= 50, "{report}");
}
