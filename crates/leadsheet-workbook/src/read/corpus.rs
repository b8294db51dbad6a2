//! The readers against real files that nobody here made, cell by cell with what two other readers agree on.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calamine::{Data, Reader};
use chrono::NaiveDateTime;
use leadsheet_core::{CellRef, Value};

use crate::{FileKind, Notice, NoticeKind, ReadError, Templates, Workbook, recognise};

fn read(path: &Path) -> Result<Workbook, ReadError> {
    super::workbook_from_path(path, &super::OpenOptions::default())
}

pub(crate) fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let folder =
        std::env::var_os("LEADSHEET_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    {
        eprintln!("no corpus at {}: nothing checked", folder.display());
    }
    None
}

fn agreed(folder: &Path, name: &str) -> Option<String> {
    let file = std::fs::File::open(folder.join("agreed").join(format!("{name}.tsv.gz"))).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    Some(text)
}

/// The serial number of a moment, as spreadsheets of the 1900 system count.
fn serial(moment: NaiveDateTime, is_1904: bool) -> f64 {
    let zero: NaiveDateTime = if is_1904 {
        "1904-01-01T00:00:00"
    } else {
        "1899-12-30T00:00:00"
    }
    .parse()
    .unwrap();
    let serial = (moment - zero).num_milliseconds() as f64 / 86_400_000.0;
    if serial < 61.0 && !is_1904 {
        serial - 1.0
    } else {
        serial
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

fn is_equal(value: Value<'_>, kind: &str, expected: &str) -> bool {
    let number = || expected.parse::<f64>().unwrap_or(f64::NAN);
    match (kind, value) {
        ("n", Value::Number { value, .. }) => (value - number()).abs() <= 1e-9 * number().abs(),
        ("s", Value::Text(text)) => escaped(text) == expected,
        ("b", Value::Bool(value)) => u8::from(value).to_string() == expected,
        ("e", Value::Error(error)) => error == expected,
        ("d" | "t", Value::Date { value, .. }) => [false, true]
            .iter()
            .any(|&is_1904| (serial(value, is_1904) - number()).abs() <= 1e-5),
        ("d" | "t", Value::Time { value, .. }) => {
            (value.num_milliseconds() as f64 / 86_400_000.0 - number()).abs() <= 1e-5
        }
        _ => false,
    }
}

#[derive(Debug, Default)]
struct Tally {
    files: usize,
    refused: usize,
    cells: usize,
    named: usize,
    differences: Vec<String>,
    refusals: Vec<String>,
}

fn compare(name: &str, workbook: &Workbook, agreed: &str, tally: &mut Tally) {
    let named: HashSet<_> = workbook
        .notices
        .iter()
        .filter_map(|notice| notice.sheet.zip(notice.cell))
        .collect();
    let is_left_out = |notice: &&Notice| matches!(notice.kind, NoticeKind::NotAWorksheet(_));
    let left_out = workbook.notices.iter().filter(is_left_out).count();
    for line in agreed.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[sheet, row, column, kind, expected] = &fields[..] else {
            panic!("{name}: {line}")
        };
        let (sheet, cell) = (
            sheet.parse::<usize>().unwrap(),
            CellRef::new(row.parse().unwrap(), column.parse().unwrap()),
        );
        tally.cells += 1;
        let value = |sheet: usize| {
            workbook
                .sheets
                .get(sheet)
                .map_or(Value::Empty, |sheet| sheet.value(cell))
        };
        // The corpus counts the chart sheets that are left out here.
        let after_charts = sheet
            .checked_sub(left_out)
            .filter(|_| left_out > 0)
            .map_or(Value::Empty, value);
        let value = value(sheet);
        if is_equal(value, kind, expected) || is_equal(after_charts, kind, expected) {
            continue;
        }
        // pyxlsb, which spoke for these files, knows neither dates nor the names of errors.
        let is_binary = workbook.kind == FileKind::Xlsb;
        let code = expected
            .strip_prefix("0x")
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        let error = code.and_then(super::biff::error_name);
        if is_binary
            && (kind == "n" && is_equal(value, "d", expected)
                || error.is_some_and(|error| is_equal(value, "e", error)))
        {
            continue;
        }
        // The others keep `_x000D_` as it is written; Excel shows the line break that it stands for.
        let decoded = expected.replace("_x000D_", "\\r");
        if kind == "s" && is_equal(value, "s", &decoded) {
            continue;
        }
        // Macro and chart sheets are left out as a whole, each named by a notice.
        let is_left_out =
            sheet >= workbook.sheets.len() && sheet < workbook.sheets.len() + left_out;
        if named.contains(&(sheet, cell)) || is_left_out {
            tally.named += 1;
        } else {
            tally.differences.push(format!(
                "{name} {sheet}!{cell}: {kind} {expected}, read as {value:?}"
            ));
        }
    }
}

#[test]
fn every_cell_that_other_readers_agree_on_is_equal_or_named() {
    let Some(folder) = corpus() else { return };
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut tally = Tally::default();
    for path in paths {
        let start = Instant::now();
        let outcome = read(&path);
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{}: {:?}",
            path.display(),
            start.elapsed()
        );
        let name = path.file_name().unwrap().to_str().unwrap();
        tally.files += 1;
        match outcome {
            Ok(workbook) => {
                if let Some(agreed) = agreed(&folder, name) {
                    compare(name, &workbook, &agreed, &mut tally);
                }
            }
            Err(error) => {
                tally.refused += 1;
                tally.refusals.push(format!("{name}: {error}"));
            }
        }
    }
    let mut report = String::new();
    writeln!(
        report,
        "{} files, {} refused, {} cells, {} named",
        tally.files, tally.refused, tally.cells, tally.named
    )
    .unwrap();
    for line in tally
        .refusals
        .iter()
        .chain(tally.differences.iter().take(200))
    {
        writeln!(report, "{line}").unwrap();
    }
    if let Some(path) = std::env::var_os("LEADSHEET_CORPUS_REPORT") {
        std::fs::write(path, &report).unwrap();
    }
    assert!(
        tally.differences.is_empty(),
        "{} differences\n{report}",
        tally.differences.len()
    );
}

#[test]
fn workbooks_locked_with_the_built_in_password_open_unasked() {
    let Some(folder) = corpus() else { return };
    // Both ways of encryption, as LibreOffice and msoffcrypto-tool decrypt them.
    for name in ["034_pwtest.xls", "035_pwtest3.xls"] {
        let workbook = read(&folder.join("files").join(name)).unwrap();
        assert_eq!(
            workbook.sheets[0].value(CellRef::new(0, 0)),
            Value::Text("x"),
            "{name}"
        );
    }
}

/// Whether calamine's answer says the same as ours, as far as it can.
fn says_the_same(calamine: &Data, value: Value<'_>) -> bool {
    match (calamine, value) {
        (Data::Float(theirs), Value::Number { value, .. }) => {
            (theirs - value).abs() <= 1e-9 * value.abs()
        }
        (Data::Int(theirs), Value::Number { value, .. }) => says_the_same(
            &Data::Float(*theirs as f64),
            Value::Number { value, format: "" },
        ),
        (Data::String(theirs), Value::Text(text) | Value::Error(text)) => theirs == text,
        (Data::Bool(theirs), Value::Bool(value)) => *theirs == value,
        (Data::Error(theirs), Value::Error(error)) => theirs.to_string() == error,
        (Data::DateTime(theirs), Value::Date { value, .. }) => [false, true]
            .iter()
            .any(|&is_1904| (serial(value, is_1904) - theirs.as_f64()).abs() < 1e-5),
        (Data::DateTime(theirs), Value::Time { value, .. }) => {
            (value.num_milliseconds() as f64 / 86_400_000.0 - theirs.as_f64()).abs() < 1e-5
        }
        (Data::DateTime(theirs), Value::Number { value, .. }) => {
            (theirs.as_f64() - value).abs() < 1e-9
        }
        (Data::DateTimeIso(theirs), Value::Date { value, .. }) => {
            let fraction = |text: &str| {
                text.split('.')
                    .next()
                    .map(|text| text.trim_end_matches("T00:00:00").to_owned())
            };
            fraction(theirs) == fraction(&leadsheet_core::iso_date(value))
        }
        // An error of OpenDocument is the number 0 to calamine, unless its text says otherwise.
        (Data::DurationIso(_), Value::Time { .. }) | (Data::Float(0.0), Value::Error(_)) => true,
        _ => false,
    }
}

/// Why a cell that calamine reads otherwise is read rightly here.
fn explained(calamine: &Data, value: Value<'_>) -> bool {
    match (calamine, value) {
        // White space at either end is kept here, whatever `xml:space` says, as Excel keeps it.
        (Data::String(theirs), Value::Text(text)) => theirs.trim() == text.trim(),
        _ => false,
    }
}

#[test]
fn calamine_reads_the_same_wherever_it_can() {
    let Some(folder) = corpus() else { return };
    let mut compared = 0;
    let mut differences = Vec::new();
    for entry in std::fs::read_dir(folder.join("files")).unwrap() {
        let path = entry.unwrap().path();
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        // Its faults in xls are the reason for a reader of our own.
        if !["xlsb", "ods", "xlsx", "xlsm", "xltx", "xltm"].contains(&extension) {
            continue;
        }
        let (Ok(workbook), Ok(mut theirs)) = (read(&path), calamine::open_workbook_auto(&path))
        else {
            continue;
        };
        for (position, sheet) in workbook.sheets.iter().enumerate() {
            let Ok(range) = theirs.worksheet_range(&sheet.name) else {
                continue;
            };
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, data) in range.used_cells() {
                let cell = CellRef::new(first_row + row as u32, first_column + column as u32);
                let value = sheet.value(cell);
                let is_named = || {
                    let names = |notice: &Notice| {
                        notice.sheet == Some(position) && notice.cell == Some(cell)
                    };
                    workbook.notices.iter().any(names)
                };
                if !says_the_same(data, value) && !explained(data, value) && !is_named() {
                    differences.push(format!(
                        "{}: {}!{cell}: {data:?}, {value:?}",
                        path.display(),
                        sheet.name
                    ));
                }
                compared += 1;
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 9_000, "only {compared} cells compared");
}

#[test]
fn no_sheet_of_another_kind_is_taken_for_a_follow_up_table() {
    let Some(folder) = corpus() else { return };
    let templates = Templates::builtin();
    let (mut sheets, mut near) = (0, 0);
    for entry in std::fs::read_dir(folder.join("files")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(workbook) = read(&path) else { continue };
        for sheet in &workbook.sheets {
            let found = recognise(sheet, &templates);
            let place = format!("{} {}", path.display(), sheet.name);
            assert!(
                found.layout.is_none(),
                "{place}: {:?}",
                found.recognition.best
            );
            sheets += 1;
            if let Some(best) = found.recognition.best {
                assert!(
                    !best.template.is_empty() && best.score < 0.6,
                    "{place}: {best:?}"
                );
                near += 1;
            }
        }
    }
    assert!(
        sheets > 300 && near > 30,
        "{sheets} sheets were looked at, {near} have a word in common with a template"
    );
}
