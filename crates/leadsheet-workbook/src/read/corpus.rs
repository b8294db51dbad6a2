//! The readers against real files that nobody here made, cell by cell with what two other readers agree on.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use leadsheet_core::{CellRef, Value};

use crate::{FileKind, Limits, Notice, NoticeKind, ReadError, Workbook};

/// Reads a file by its extension, as the corpus is named truthfully.
fn read(path: &Path) -> Option<Result<Workbook, ReadError>> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let bytes = std::fs::read(path).unwrap();
    let limits = Limits::default();
    let compound = bytes.starts_with(&[0xD0, 0xCF]);
    match extension.as_str() {
        "xlsb" if !compound => Some(super::xlsb::read(&bytes, &limits)),
        "ods" if !compound => Some(super::ods::read(&bytes, &limits)),
        "fods" => Some(super::ods::read_flat(&bytes, &limits)),
        "xls" | "xlt" | "et" | "xlsb" => Some(super::xls::read(&bytes, &limits)),
        _ => None,
    }
}

fn corpus() -> Option<PathBuf> {
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
        if named.contains(&(sheet, cell)) {
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
        let Some(outcome) = read(&path) else { continue };
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
