//! Parquet there and back: the same cells at the same addresses, and so the same findings and figures.

use std::path::Path;

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

fn converted(from: &str, to: &Path) -> String {
    let to = to.to_string_lossy().into_owned();
    let ran = leadsheet(&["convert", from, &to]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    to
}

/// Everything but the path.
fn without_paths(mut document: Value) -> Value {
    if let Some(files) = document["files"].as_array_mut() {
        for file in files {
            file["path"] = Value::Null;
        }
    }
    if let Some(findings) = document["findings"].as_array_mut() {
        for finding in findings {
            finding["file"] = Value::Null;
        }
    }
    document
}

#[test]
fn every_cell_comes_back_to_its_address_with_its_type() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.parquet");
    for file in [
        "lead_ledger_sample.xls",
        "lead_ledger_lively.xlsx",
        "follow_up_statistics_sample.xls",
        "traditional_headings.xlsx",
        "no_known_heading.xlsx",
        "dates_and_types.xlsx",
        "dates_1904.xlsx",
        "ambiguous_headings.xlsx",
        "follow_up_log.xlsx",
    ] {
        let cells = |path: &str| {
            let seen = leadsheet(&["inspect", path, "--cells", "--format", "json"]).json();
            let mut cells = seen["cells"].as_array().unwrap().clone();
            // Formulas are written as their results, which the command says.
            for cell in &mut cells {
                cell["formula"] = Value::Null;
            }
            cells.sort_by_key(|cell| cell["cell"].to_string());
            let sheet = &seen["sheets"][0];
            (cells, sheet["name"].clone(), sheet["template"].clone())
        };
        let before = cells(&fixture(file));
        let after = cells(&converted(&fixture(file), &out));
        assert_eq!(before.0.len(), after.0.len(), "{file}");
        assert_eq!(before, after, "{file}");
    }
}

#[test]
fn findings_name_the_cells_of_the_workbook_that_the_parquet_came_from() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["lead_ledger_lively.xlsx", "follow_up_statistics_sample.xls"] {
        let parquet = converted(&fixture(file), &folder.path().join("out.parquet"));
        let checked = |path: &str| leadsheet(&["check", path, "--format", "json"]).json();
        let (before, after) = (checked(&fixture(file)), checked(&parquet));
        assert!(!before["findings"].as_array().unwrap().is_empty());
        assert_eq!(without_paths(before), without_paths(after), "{file}");
    }
}

#[test]
fn a_report_on_a_parquet_is_the_report_on_its_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = fixture("lead_ledger_lively.xlsx");
    let parquet = converted(&file, &folder.path().join("out.parquet"));
    let report = |path: &str| leadsheet(&["report", path, "--format", "json"]).out;
    assert_eq!(report(&file), report(&parquet));
}

#[test]
fn forms_are_written_as_the_table_that_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = fixture("follow_up_form.xls");
    let parquet = converted(&file, &folder.path().join("out.parquet"));
    let rows = |path: &str| {
        let json = folder.path().join("rows.json");
        leadsheet(&["convert", path, &json.to_string_lossy()]);
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
        document["tables"][0]["rows"].clone()
    };
    let (before, after) = (rows(&file), rows(&parquet));
    assert_eq!(before.as_array().unwrap().len(), 5);
    assert_eq!(before, after);
}

#[test]
fn of_several_tables_the_user_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.parquet");
    let out = out.to_string_lossy();
    let file = fixture("two_sheets.xlsx");
    let ran = leadsheet(&["convert", &file, &out]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("线索跟进, 跟进统计"), "{}", ran.err);
    assert!(ran.err.contains("--sheet"), "{}", ran.err);
    let ran = leadsheet(&["convert", &file, &out, "--sheet", "跟进统计"]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let seen = leadsheet(&["inspect", &out, "--format", "json"]).json();
    assert_eq!(seen["kind"], "parquet");
    assert_eq!(seen["sheets"][0]["template"], "follow-up-statistics");
}

#[test]
fn the_same_input_gives_the_same_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |name: &str| {
        let file = fixture("lead_ledger_lively.xls");
        std::fs::read(converted(&file, &folder.path().join(name))).unwrap()
    };
    assert_eq!(bytes("one.parquet"), bytes("two.parquet"));
}
