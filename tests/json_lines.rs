//! Records in JSON: written for programs, and read again as the table they were.

use std::path::Path;

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

fn convert(from: &str, to: &Path, options: &[&str]) {
    let to = to.to_string_lossy();
    let mut arguments = vec!["convert", from, &to];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
}

fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_row_is_an_object_with_typed_values_under_field_keys() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("统计.jsonl");
    convert(&fixture("follow_up_statistics_sample.xlsx"), &out, &[]);
    let records = records(&out);
    // Sixteen rows, as the sheet shows them: the first is A001 of 王*.
    assert_eq!(records.len(), 16);
    let keys: Vec<&String> = records[0].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 10);
    assert!(
        records
            .iter()
            .all(|record| record.as_object().unwrap().len() == 10)
    );
    assert_eq!(records[0]["lead_id"], "A001");
    assert!(records[0]["progress"].is_number());
    let date = records[0]["follow_up_date"].as_str().unwrap();
    assert_eq!((date.len(), &date[..5]), (10, "2020-"));
    assert!(records[15]["customer"].is_null());
}

#[test]
fn every_format_gives_the_same_records_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    for file in [
        "lead_ledger_lively.xlsx",
        "follow_up_statistics_sample.xls",
        "traditional_headings.xlsx",
    ] {
        let first = folder.path().join("first.jsonl");
        convert(&fixture(file), &first, &[]);
        let expected = records(&first);
        let mut from = first;
        for ending in ["xlsx", "jsonl", "ods", "json", "xls", "jsonl"] {
            let to = folder.path().join("next").with_extension(ending);
            convert(&from.to_string_lossy(), &to, &[]);
            from = folder.path().join("from").with_extension(ending);
            std::fs::rename(to, &from).unwrap();
        }
        let found = records(&from);
        assert_eq!(found.len(), expected.len(), "{file}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{file}");
        }
    }
}

#[test]
fn a_document_keeps_its_sheets_and_headings() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("两张表.json");
    convert(&fixture("two_sheets.xlsx"), &document, &[]);
    let back = folder.path().join("回来.xlsx");
    convert(&document.to_string_lossy(), &back, &[]);
    let sheets = |path: &str| -> Vec<(Value, Value)> {
        let inspected = leadsheet(&["inspect", path, "--format", "json"]).json();
        let sheets = inspected["sheets"].as_array().unwrap();
        sheets
            .iter()
            .map(|sheet| (sheet["name"].clone(), sheet["template"].clone()))
            .collect()
    };
    assert_eq!(
        sheets(&fixture("two_sheets.xlsx")),
        sheets(&back.to_string_lossy())
    );
    let again = folder.path().join("again.json");
    convert(&back.to_string_lossy(), &again, &[]);
    let tables = |path: &Path| -> Value {
        let text = std::fs::read_to_string(path).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["tables"].clone()
    };
    assert_eq!(tables(&document)[0], tables(&again)[0]);
    assert_eq!(tables(&document)[1], tables(&again)[1]);
}

#[test]
fn records_are_checked_like_any_table() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("线索.jsonl");
    convert(&fixture("lead_ledger_lively.xlsx"), &lines, &[]);
    let summary =
        |path: &str| leadsheet(&["check", path, "--format", "json"]).json()["summary"].clone();
    let (workbook, records) = (
        summary(&fixture("lead_ledger_lively.xlsx")),
        summary(&lines.to_string_lossy()),
    );
    assert_eq!(workbook["rows"], records["rows"]);
    assert_eq!(workbook["leads"], records["leads"]);
}

/// A folder may hold other JSON: settings, logs, the files of other programs.
#[test]
fn of_a_folder_s_json_only_records_of_follow_ups_are_picked_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let sample = fixture("lead_ledger_sample.xlsx");
    for name in ["a.json", "b.jsonl"] {
        assert_eq!(
            leadsheet(&["convert", &sample, &path(name)]).status,
            Status::Clean
        );
    }
    std::fs::write(
        path("settings.json"),
        "{\"customer\": 1, \"theme\": \"dark\"}",
    )
    .unwrap();
    std::fs::write(
        path("log.jsonl"),
        "{\"time\": 1, \"level\": \"info\"}\n{}\n",
    )
    .unwrap();
    std::fs::write(path("list.json"), "[1, 2, 3]").unwrap();
    let query = "SELECT file, COUNT(*) AS n FROM follow_ups GROUP BY file ORDER BY file";
    let folder = folder.path().to_string_lossy().into_owned();
    let ran = leadsheet(&["sql", query, &folder, "--format", "json"]);
    let answer = ran.json();
    let rows: Vec<_> = answer["rows"].as_array().unwrap().iter().collect();
    assert_eq!(rows.len(), 2, "{answer}");
    assert!(rows.iter().all(|row| row["n"] == 3), "{answer}");
}
