//! Every real workbook that nobody here made, with some values put in: those cells have changed, and nothing else.

use chrono::NaiveDate;
use leadsheet_core::{NewValue, Value};

use super::corpus::{REFUSED, corpus, may_change};
use super::*;
use crate::read::{Content, sniff};
use crate::{Sheet, Workbook};

/// Cells of a sheet that hold a constant of their own: no formula, no merged range.
fn constants(sheet: &Sheet) -> Vec<CellRef> {
    let is_plain = |cell: &CellRef| {
        !sheet.formulas.contains(cell) && !sheet.merges.iter().any(|merge| merge.contains(*cell))
    };
    let columns = sheet.grid.used_columns();
    let cells = columns.flat_map(|column| {
        let cells = sheet.grid.column(column);
        cells.map(move |(row, _)| CellRef::new(row, column))
    });
    cells.filter(is_plain).collect()
}

/// The first, one in the middle and the last constant of each sheet, with another value of its kind for each.
fn changes(workbook: &Workbook) -> Vec<(usize, CellRef, NewValue)> {
    let mut changes = Vec::new();
    let day = NaiveDate::from_ymd_opt(2024, 5, 20).unwrap();
    for (position, sheet) in workbook.sheets.iter().enumerate() {
        let constants = constants(sheet);
        let places = [0, constants.len() / 2, constants.len().wrapping_sub(1)];
        let mut places: Vec<_> = places.iter().filter_map(|&at| constants.get(at)).collect();
        places.dedup();
        for &cell in places {
            let value = match sheet.value(cell) {
                Value::Date { .. } => NewValue::Date(day.into()),
                Value::Number { .. } => NewValue::Number(45.25),
                _ => NewValue::Text(" 改正 <&> _x0041_ 😀".to_owned()),
            };
            changes.push((position, cell, value));
        }
    }
    changes
}

/// What the reader of this house sees in each cell, but for the changed ones.
fn seen(workbook: &Workbook, changes: &[(usize, CellRef, NewValue)]) -> Vec<String> {
    let mut lines = Vec::new();
    for (position, sheet) in workbook.sheets.iter().enumerate() {
        let is_changed = |cell: CellRef| {
            changes
                .iter()
                .any(|change| (change.0, change.1) == (position, cell))
        };
        for column in sheet.grid.used_columns() {
            for (row, id) in sheet.grid.column(column) {
                let cell = CellRef::new(row, column);
                if !is_changed(cell) {
                    let value = sheet.values.get(id);
                    lines.push(format!("{} {cell} {value:?}", sheet.name));
                }
            }
        }
        lines.push(format!("{:?} {:?}", sheet.formulas, sheet.merges));
    }
    lines
}

fn shown(value: &NewValue) -> String {
    match value {
        NewValue::Text(text) => text.clone(),
        NewValue::Number(_) => "45.25".to_owned(),
        _ => "2024-05-20".to_owned(),
    }
}

/// Lines of calamine about other cells than the changed ones.
fn others(bytes: &[u8], changes: &[(String, CellRef, NewValue)]) -> BTreeMap<String, Vec<String>> {
    let mut sheets = cells(bytes);
    for (sheet, cell, _) in changes {
        let beginning = format!("{}!{} ", cell.row, cell.column);
        if let Some(lines) = sheets.get_mut(sheet) {
            lines.retain(|line| !line.starts_with(&beginning));
        }
    }
    sheets
}

fn changed(
    before: &[u8],
    workbook: &Workbook,
    changes: &[(usize, CellRef, NewValue)],
) -> Result<Vec<u8>, PatchError> {
    let mut patch = Patch::from_bytes(before.to_vec(), &Limits::default())?;
    for (sheet, cell, value) in changes {
        patch.set_cell(&workbook.sheets[*sheet].name, *cell, value.clone())?;
    }
    let mut after = Cursor::new(Vec::new());
    patch.write(&mut after)?;
    Ok(after.into_inner())
}

/// How many cells were changed, and how many parts are untouched.
fn check(name: &str, before: &[u8]) -> Option<(usize, usize)> {
    let content = sniff(&mut Cursor::new(before)).ok()?;
    if !matches!(content, Content::Xlsx | Content::Compound | Content::Biff) {
        return None;
    }
    let workbook = read(before).ok()?;
    let mut changes = changes(&workbook);
    let after = loop {
        match changed(before, &workbook, &changes) {
            Ok(after) => break after,
            // A part of an array formula cannot be changed alone.
            Err(PatchError::Refused { place, .. }) if place.contains('!') => {
                println!("{name}: refused at {place}");
                let count = changes.len();
                changes.retain(|change| !place.ends_with(&format!("!{}", change.1)));
                assert!(changes.len() < count, "{name}: {place}");
            }
            Err(error) => {
                let is_expected = content != Content::Xlsx
                    || REFUSED
                        .iter()
                        .any(|(known, why)| *known == name && error.to_string().contains(why));
                assert!(is_expected, "{name}: {error}");
                println!("{name}: {error}");
                return None;
            }
        }
    };
    let named: Vec<_> = changes
        .iter()
        .map(|(sheet, cell, value)| (workbook.sheets[*sheet].name.clone(), *cell, value.clone()))
        .collect();
    let again = read(&after).unwrap();
    for (sheet, cell, value) in &changes {
        let is_there = match (again.sheets[*sheet].value(*cell), value) {
            (Value::Text(found), NewValue::Text(text)) => found == text,
            (Value::Number { value, .. }, NewValue::Number(number)) => {
                value.to_bits() == number.to_bits()
            }
            (Value::Date { value, .. }, NewValue::Date(date)) => value == *date,
            _ => false,
        };
        assert!(
            is_there,
            "{name} {cell}: {:?}",
            again.sheets[*sheet].value(*cell)
        );
    }
    assert_eq!(seen(&workbook, &changes), seen(&again, &changes), "{name}");
    let mut untouched = 0;
    if content == Content::Xlsx {
        assert_eq!(others(before, &named), others(&after, &named), "{name}");
        let entries_after: BTreeMap<_, _> = entries(&after).into_iter().collect();
        for (entry, content) in entries(before) {
            match entries_after.get(&entry) {
                Some(now) if *now == content => untouched += 1,
                // The order of calculation may name a cell that lost its formula; strings are added.
                Some(_) if may_change(&entry) || entry.to_lowercase().contains("sharedstrings") => {
                }
                _ => panic!("{name}: {entry} is not what it was"),
            }
        }
    }
    if let Some(folder) = std::env::var_os("LEADSHEET_FIXED") {
        let path = Path::new(&folder).join(name);
        let lines: String = named
            .iter()
            .map(|(sheet, cell, value)| format!("{sheet}\t{cell}\t{}\n", shown(value)))
            .collect();
        std::fs::write(path.with_file_name(format!("{name}.changed.tsv")), lines).unwrap();
        std::fs::write(path, &after).unwrap();
    }
    Some((changes.len(), untouched))
}

#[test]
fn every_real_workbook_comes_back_with_the_changed_cells_changed() {
    let corpus = corpus();
    if corpus.is_empty() {
        return;
    }
    let (mut done, mut changed, mut untouched) = (0, 0, 0);
    for (name, bytes) in &corpus {
        if let Some((cells, parts)) = check(name, bytes) {
            done += 1;
            changed += cells;
            untouched += parts;
        }
    }
    println!("{done} workbooks, {changed} cells changed, {untouched} parts untouched");
    assert!(done > 150 && changed > 2 * done, "{done}, {changed}");
}
