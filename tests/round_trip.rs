//! read(write(x)) = x: values, types, columns and their order, known or not.

use std::collections::BTreeSet;
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

fn inspected(path: &str) -> Value {
    leadsheet(&["inspect", path, "--cells", "--format", "json"]).json()
}

#[test]
fn a_workbook_written_anew_has_every_cell_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        "lead_ledger_sample.xlsx",
        "lead_ledger_sample.xls",
        "lead_ledger_lively.xlsx",
        "lead_ledger_lively.xls",
        "follow_up_statistics_sample.xls",
        "follow_up_statistics_sample.xlsx",
        "traditional_headings.xlsx",
        "two_sheets.xlsx",
        "no_known_heading.xlsx",
        "dates_and_types.xlsx",
        "dates_1904.xlsx",
    ];
    let all = files
        .iter()
        .flat_map(|file| [(file, "xlsx"), (file, "xls"), (file, "ods")]);
    for (&file, ending) in all {
        let out = folder.path().join(format!("out.{ending}"));
        convert(&fixture(file), &out, &[]);
        let (before, after) = (inspected(&fixture(file)), inspected(&out.to_string_lossy()));
        let cells = |document: &Value| {
            let cells = document["cells"].as_array().unwrap().clone();
            // Formulas are written as their results, which the command says.
            cells
                .into_iter()
                .map(|mut cell| {
                    cell["formula"] = Value::Null;
                    cell
                })
                .collect::<Vec<_>>()
        };
        let (before_cells, after_cells) = (cells(&before), cells(&after));
        for (one, other) in before_cells.iter().zip(&after_cells) {
            assert_eq!(one, other, "{file} as {ending}");
        }
        assert_eq!(before_cells.len(), after_cells.len(), "{file} as {ending}");
        let merges = |document: &Value| -> Vec<BTreeSet<String>> {
            let of_sheet = |sheet: &Value| {
                let merges = sheet["merges"].as_array().unwrap().iter();
                merges.map(ToString::to_string).collect()
            };
            let sheets = document["sheets"].as_array().unwrap();
            sheets.iter().map(of_sheet).collect()
        };
        assert_eq!(merges(&before), merges(&after), "{file} as {ending}");
        for key in ["name", "visible", "template", "used"] {
            let all = |document: &Value| -> Vec<Value> {
                document["sheets"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|sheet| sheet[key].clone())
                    .collect()
            };
            assert_eq!(all(&before), all(&after), "{file} as {ending}: {key}");
        }
    }
}

#[test]
fn another_template_keeps_every_column_and_every_value() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("ledger.xlsx");
    convert(
        &fixture("follow_up_statistics_sample.xls"),
        &out,
        &["--template", "lead-ledger"],
    );
    let back = folder.path().join("statistics.xlsx");
    convert(
        &out.to_string_lossy(),
        &back,
        &["--template", "follow-up-statistics"],
    );
    let records = |path: &str| {
        let json = folder.path().join("records.json");
        convert(path, &json, &[]);
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
        let mut rows = document["tables"][0]["rows"].clone();
        // 成交 says something about the stage too, which the ledger has a column for.
        for row in rows.as_array_mut().unwrap() {
            let stage = row.as_object_mut().unwrap().remove("stage");
            let is_won = row.get("result").is_some_and(|result| result == "成交");
            assert!(stage.is_none_or(|stage| stage == "成交客户" && is_won));
        }
        rows
    };
    let original = records(&fixture("follow_up_statistics_sample.xls"));
    assert_eq!(original.as_array().unwrap().len(), 16);
    assert_eq!(original, records(&out.to_string_lossy()));
    assert_eq!(original, records(&back.to_string_lossy()));
}

#[test]
fn both_templates_keep_all_columns_through_every_format_pair() {
    let folder = tempfile::tempdir().unwrap();
    for (file, columns) in [
        ("lead_ledger_lively.xls", 18),
        ("follow_up_statistics_sample.xls", 10),
    ] {
        let xlsx = folder.path().join("a.xlsx");
        convert(&fixture(file), &xlsx, &[]);
        let xls = folder.path().join("b.xls");
        convert(&xlsx.to_string_lossy(), &xls, &[]);
        let json = folder.path().join("a.json");
        let read = |path: &str| -> Value {
            convert(path, &json, &[]);
            serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap()
        };
        let (one, other) = (read(&fixture(file)), read(&xlsx.to_string_lossy()));
        assert_eq!(one["tables"], other["tables"], "{file}");
        let again = read(&xls.to_string_lossy());
        assert_eq!(one["tables"], again["tables"], "{file}");
        let ods = folder.path().join("c.ods");
        convert(&xls.to_string_lossy(), &ods, &[]);
        let again = read(&ods.to_string_lossy());
        assert_eq!(one["tables"], again["tables"], "{file}");
        assert_eq!(
            one["tables"][0]["columns"].as_array().unwrap().len(),
            columns,
            "{file}"
        );
    }
}

#[test]
fn csv_holds_the_table_as_a_spreadsheet_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.csv");
    convert(&fixture("lead_ledger_lively.xlsx"), &out, &[]);
    let bytes = std::fs::read(&out).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("\u{FEFF}线索编号,客户名称,线索来源,"));
    assert_eq!(text.lines().count(), 311);
}

#[test]
fn nothing_is_written_over_the_input_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("表.xlsx");
    std::fs::copy(fixture("lead_ledger_sample.xlsx"), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let shown = path.to_string_lossy();
    let ran = leadsheet(&["convert", &shown, &shown]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("--in-place"), "{}", ran.err);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(
        leadsheet(&["convert", &shown, &shown, "--in-place"]).status,
        Status::Clean
    );
    assert_eq!(
        std::fs::read(folder.path().join("表.xlsx.bak")).unwrap(),
        before
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let out = folder.path().join(name);
        convert(&fixture("two_sheets.xlsx"), &out, &[]);
        std::fs::read(out).unwrap()
    };
    assert_eq!(write("one.xlsx"), write("two.xlsx"));
    assert_eq!(write("one.xls"), write("two.xls"));
    assert_eq!(write("one.ods"), write("two.ods"));
}

#[test]
fn what_does_not_fit_an_xls_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long.csv");
    std::fs::write(&long, "a,b\n1,2\n".repeat(40_000)).unwrap();
    let out = folder.path().join("long.xls");
    let ran = leadsheet(&["convert", &long.to_string_lossy(), &out.to_string_lossy()]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains(".xlsx") && ran.err.contains("65536"),
        "{}",
        ran.err
    );
    assert!(!out.exists());
}
