//! Patched workbooks read again, by our own reader and by calamine; streams compared record by record.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;

use calamine::{Data, Reader as _};
use cfb::CompoundFile;
use leadsheet_core::{CellRef, NewValue, Value};

use super::XlsPatch;
use crate::limits::Limits;
use crate::patch::error::{Obstacle, PatchError, PatchNotice};
use crate::patch::is_annotated;
use crate::patch::sheet::CellEdit;
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
    Ok(patch(bytes)?.clean(|| Ok(read(bytes)))?.0)
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
            let middle = CellRef::new(
                used.last.row,
                u32::midpoint(used.first.column, used.last.column),
            );
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

fn set(bytes: &[u8], sheet: &str, values: &[(&str, NewValue)]) -> Result<Vec<u8>, PatchError> {
    let mut patch = patch(bytes)?;
    for (cell, value) in values {
        let edit = CellEdit {
            value: Some(value.clone()),
            ..CellEdit::default()
        };
        patch.edit(sheet, cell.parse().unwrap(), edit)?;
    }
    Ok(patch.write()?.0)
}

#[test]
fn values_go_into_cells_and_all_others_stay() {
    let before = fixture("lead_ledger_lively.xls");
    let day = |day: &str| NewValue::Date(format!("{day}T00:00:00").parse().unwrap());
    // A date over a date, a text over a text, a text where nothing was, a number far away, nothing over a text.
    let values = [
        ("I5", day("2025-02-28")),
        ("B5", NewValue::Text("青岬茶业 😀".into())),
        ("B6", NewValue::Text("青岬茶业 😀".into())),
        ("Z400", NewValue::Amount(1_234.5)),
        ("AB2", NewValue::Percent(0.455)),
        ("C7", NewValue::Blank),
    ];
    let after = set(&before, "线索跟进", &values).unwrap();
    let (before, after) = (read(&before), read(&after));
    let changed: Vec<CellRef> = values
        .iter()
        .map(|(cell, _)| cell.parse().unwrap())
        .collect();
    let (one, other) = (&before.sheets[0], &after.sheets[0]);
    for (cell, value) in cells(one)
        .into_iter()
        .filter(|(cell, _)| !changed.contains(cell))
    {
        assert_eq!(other.value(cell), value, "{cell}");
    }
    let shown = |cell: &str| {
        let value = other.value(cell.parse().unwrap());
        let format = match value {
            Value::Number { format, .. } | Value::Date { format, .. } => format,
            _ => "",
        };
        (value.display(), format)
    };
    assert_eq!(shown("I5"), ("2025-02-28".into(), "yyyy-mm-dd"));
    assert_eq!(shown("B5").0, "青岬茶业 😀");
    assert_eq!(shown("B6").0, "青岬茶业 😀");
    assert_eq!(shown("Z400"), ("1234.5".into(), "#,##0.00"));
    assert_eq!(shown("AB2"), ("45.5%".into(), "0.00%"));
    assert_eq!(shown("C7").0, "");
    // Three are new, one is gone.
    assert_eq!(other.grid.filled(), one.grid.filled() + 1);
    assert_eq!(after.notices, before.notices);
}

#[test]
fn what_excel_cannot_hold_is_refused_with_its_cell() {
    let before = fixture("lead_ledger_sample.xls");
    let refused = |value| match set(&before, "线索跟进", &[("A2", value)]) {
        Err(PatchError::Refused { place, obstacle }) => {
            assert_eq!(place, "线索跟进!A2");
            obstacle
        }
        other => panic!("{:?}", other.map(|bytes| bytes.len())),
    };
    assert_eq!(refused(NewValue::Number(f64::NAN)), Obstacle::Number);
    assert_eq!(
        refused(NewValue::Text("a".repeat(32_768))),
        Obstacle::TooLarge
    );
    let early = NewValue::Date("1899-12-30T00:00:00".parse().unwrap());
    assert_eq!(refused(early), Obstacle::Date);
    assert!(matches!(
        set(&before, "没有", &[("A2", NewValue::Blank)]),
        Err(PatchError::NoSuchSheet(_))
    ));
}

/// The cells of a sheet in which Excel joined several into one record.
#[test]
fn cells_that_share_a_record_are_changed_one_by_one() {
    let Some(folder) = corpus() else { return };
    let (mut files, mut joined) = (0, 0);
    for entry in std::fs::read_dir(folder.join("files")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(opened) = patch(&bytes) else { continue };
        let Some((sheet, row, first, last)) = joined_record(&opened) else {
            continue;
        };
        let middle = CellRef::new(row, u32::midpoint(first, last));
        let before = read(&bytes);
        // The value of a merged cell goes where it shows.
        let is_merged = |sheet: &Sheet| sheet.merges.iter().any(|merge| merge.contains(middle));
        if before.sheets.iter().any(is_merged) {
            continue;
        }
        files += 1;
        joined += last - first + 1;
        let values = [(middle.to_string(), NewValue::Text("换".into()))];
        let values = values
            .each_ref()
            .map(|(cell, value)| (cell.as_str(), value.clone()));
        let after = read(&set(&bytes, &sheet, &values).unwrap());
        for (one, other) in before.sheets.iter().zip(&after.sheets) {
            for (cell, value) in cells(one) {
                let is_it = one.name == sheet && cell == middle;
                let expected = if is_it { Value::Text("换") } else { value };
                let found = other.value(cell);
                assert_eq!(
                    format!("{found:?}"),
                    format!("{expected:?}"),
                    "{}: {cell}",
                    path.display()
                );
            }
        }
    }
    assert!(files >= 15 && joined > 60, "{files} files, {joined} cells");
}

/// A sheet, row, first and last column of a record of three cells or more.
fn joined_record(patch: &XlsPatch) -> Option<(String, u32, u32, u32)> {
    use crate::read::xls::record::{Records, id};
    let mut records = Records::new(&patch.stream, 0);
    let found = records.find(|record| {
        matches!(record.id, id::MULRK | id::MULBLANK)
            && record
                .u16(2)
                .zip(record.u16(record.body.len().saturating_sub(2)))
                .is_some_and(|(first, last)| last >= first + 2)
    })?;
    let tabs = patch
        .globals
        .tabs
        .iter()
        .filter(|tab| tab.is_worksheet && tab.offset < found.offset);
    let tab = tabs.max_by_key(|tab| tab.offset)?;
    let last = found.u16(found.body.len() - 2)?;
    Some((
        tab.name.clone(),
        found.u16(0)?.into(),
        found.u16(2)?.into(),
        last.into(),
    ))
}

#[test]
fn broken_workbooks_are_refused_or_patched_and_never_panic() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let (mut patched, mut refused) = (0, 0);
    for name in ["lead_ledger_sample.xls", "follow_up_statistics_sample.xls"] {
        let whole = fixture(name);
        let marked = {
            let workbook = read(&whole);
            annotated(&whole, &places(&workbook)).unwrap()
        };
        for round in 0..300 {
            // The second time there are drawings, links and a way back in it.
            let mut bytes = if round % 2 == 0 {
                whole.clone()
            } else {
                marked.clone()
            };
            for _ in 0..=next(8) {
                let at = next(bytes.len());
                bytes[at] = match next(3) {
                    0 => 0xFF,
                    1 => 0,
                    _ => next(256) as u8,
                };
            }
            let cells = [CellRef::new(1, 1), CellRef::new(3, 4), CellRef::new(500, 7)];
            let sheet = match patch(&bytes) {
                Ok(patch) => patch.sheets().next().map(str::to_owned),
                Err(_) => None,
            };
            let sheet = sheet.unwrap_or_default();
            let places = cells.map(|cell| (sheet.as_str(), cell));
            match annotated(&bytes, &places) {
                Ok(_) => patched += 1,
                Err(_) => refused += 1,
            }
            let _ = cleaned(&bytes);
            let _ = set(&bytes, &sheet, &[("B2", NewValue::Text("换".into()))]);
        }
    }
    assert!(
        patched > 50 && refused > 50,
        "{patched} patched, {refused} refused"
    );
}

/// What each cell record of a stream says of its place and style, by sheet; and how many notes, shapes and names there are.
fn looks(bytes: &[u8]) -> (Vec<(String, CellRef, u16)>, [usize; 4]) {
    use crate::read::xls::record::{Records, id};
    let opened = patch(bytes).unwrap();
    let mut cells = Vec::new();
    let mut counts = [0; 4];
    for tab in &opened.globals.tabs {
        let mut depth = 0;
        for record in Records::new(&opened.stream, tab.offset).skip(1) {
            match record.id {
                id::EOF if depth == 0 => break,
                id::EOF => depth -= 1,
                beginning if id::BOF.contains(&beginning) => depth += 1,
                id::NOTE => counts[0] += 1,
                id::MSODRAWING => counts[1] += 1,
                id::OBJ => counts[2] += 1,
                id::LABELSST | id::NUMBER | id::RK | id::FORMULA | id::BOOLERR => {
                    let [row, column, style] = [0, 2, 4].map(|at| record.u16(at).unwrap());
                    let cell = CellRef::new(row.into(), column.into());
                    cells.push((tab.name.clone(), cell, style));
                }
                id::MULRK => {
                    let (row, first) = (record.u16(0).unwrap(), record.u16(2).unwrap());
                    for (position, at) in (4..record.body.len() - 2).step_by(6).enumerate() {
                        let cell = CellRef::new(row.into(), u32::from(first) + position as u32);
                        cells.push((tab.name.clone(), cell, record.u16(at).unwrap()));
                    }
                }
                _ => {}
            }
        }
    }
    counts[3] = opened.globals.all(id::NAME).count();
    (cells, counts)
}

/// Annotated, changed by somebody who knows nothing of that, and cleaned.
fn check_saved_since(name: &str, before: &[u8]) -> Result<(), PatchError> {
    let workbook = read(before);
    let Some(sheet) = workbook.sheets.first() else {
        return Ok(());
    };
    let places = places(&workbook);
    let marked = annotated(before, &places)?;
    let changed = set(&marked, &sheet.name, &[("IU60001", NewValue::Number(7.0))])?;
    let (clean, notices) = patch(&changed)?.clean(|| Ok(read(&changed)))?;
    assert_eq!(notices, [PatchNotice::SavedSince], "{name}");
    let after = read(&clean);
    assert_eq!(after.sheets.len(), workbook.sheets.len(), "{name}");
    assert!(!is_annotated(&after), "{name}");
    let change: CellRef = "IU60001".parse().unwrap();
    let expected = set(before, &sheet.name, &[("IU60001", NewValue::Number(7.0))])?;
    same_sheets(name, &read(&expected), &after);
    assert_eq!(after.sheets[0].value(change).display(), "7", "{name}");
    let ((looks_before, counts_before), (looks_after, counts_after)) =
        (looks(&expected), looks(&clean));
    assert_eq!(looks_before, looks_after, "{name}");
    assert_eq!(counts_before, counts_after, "{name}");
    // It can be marked again, and that leads back to the byte.
    let again = annotated(&clean, &places)?;
    assert_eq!(streams(&cleaned(&again)?), streams(&clean), "{name}: again");
    if let Some(folder) = std::env::var_os("LEADSHEET_CLEANED") {
        std::fs::write(Path::new(&folder).join(name), &clean).unwrap();
    }
    Ok(())
}

#[test]
fn marks_are_found_after_another_program_has_saved() {
    for name in [
        "lead_ledger_lively.xls",
        "lead_ledger_sample.xls",
        "follow_up_statistics_sample.xls",
    ] {
        check_saved_since(name, &fixture(name)).unwrap();
    }
    let Some(folder) = corpus() else { return };
    let mut done = 0;
    for entry in std::fs::read_dir(folder.join("files")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if patch(&bytes).is_ok() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            check_saved_since(&name, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            done += 1;
        }
    }
    assert!(done >= 50, "{done}");
}

#[test]
fn marks_are_found_though_libreoffice_forgets_what_tells_them_apart() {
    use crate::read::xls::record::id;
    let marked = fixture("annotated_saved_by_libreoffice.xls");
    assert!(is_annotated(&read(&marked)));
    let (_, [notes, ..]) = looks(&marked);
    assert!(notes > 0);
    let (clean, _) = patch(&marked).unwrap().clean(|| Ok(read(&marked))).unwrap();
    let (before, after) = (read(&fixture("lead_ledger_sample.xls")), read(&clean));
    assert_eq!(after.sheets.len(), 1);
    let shown = |sheet: &Sheet| -> Vec<_> {
        let cells = cells(sheet).into_iter();
        cells.map(|(cell, value)| (cell, value.display())).collect()
    };
    assert_eq!(shown(&before.sheets[0]), shown(&after.sheets[0]));
    let (cells, [notes, shapes, objects, _]) = looks(&clean);
    assert_eq!([notes, shapes, objects], [0, 0, 0]);
    // The sample's heading is pale blue, colour 44; nothing else is filled.
    let opened = patch(&clean).unwrap();
    let formats = opened.globals.all(id::XF);
    let formats: Vec<_> = formats
        .map(|span| super::record_at(&opened.stream, span.at).unwrap().body)
        .collect();
    for (_, cell, style) in cells {
        let format = formats[usize::from(style)];
        let fill = (format[17] >> 2, format[18] & 0x7F);
        let expected = if cell.row == 0 { (1, 44) } else { (0, 64) };
        assert_eq!(fill, expected, "{cell}");
    }
}
