//! The samples' own mistakes, found by reading; `fixtures/README.md` lists them.

use std::collections::BTreeSet;

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

struct Found {
    cell: String,
    code: String,
    severity: String,
}

fn findings(file: &str) -> Vec<Found> {
    let ran = leadsheet(&["check", &fixture(file), "--format", "json"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let document = ran.json();
    let found = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| Found {
            cell: text(&finding["cell"]),
            code: text(&finding["code"]),
            severity: text(&finding["severity"]),
        });
    found.collect()
}

#[test]
fn the_mistakes_of_the_statistics_sample_are_found() {
    for file in [
        "follow_up_statistics_sample.xls",
        "follow_up_statistics_sample.xlsx",
    ] {
        let found = findings(file);
        let errors: BTreeSet<_> = found
            .iter()
            .filter(|finding| finding.severity == "error")
            .map(|finding| format!("{} {}", finding.cell, finding.code))
            .collect();
        // 未成交 with a 成交日期 (A005, A011), 100 % and not closed (A011), a 成交日期 without a result (A013 to A015), a
        // row that names nobody.
        let expected = [
            "I9 R201", "I15 R201", "F15 R205", "H17 R202", "H18 R202", "H19 R202", "A20 R101",
        ];
        assert_eq!(errors, expected.map(str::to_owned).into(), "{file}");
    }
}

#[test]
fn the_mistakes_of_the_ledger_sample_are_found() {
    for file in ["lead_ledger_sample.xlsx", "lead_ledger_sample.xls"] {
        let found = findings(file);
        let at = |cell: &str, code: &str| {
            found
                .iter()
                .any(|finding| finding.cell == cell && finding.code == code)
        };
        // No method; next steps without year, day or person; a prefix for three sources; numbers with gaps.
        for (cell, code) in [
            ("I3", "R102"),
            ("L2", "R301"),
            ("L3", "R301"),
            ("L4", "R301"),
            ("A3", "L108"),
        ] {
            assert!(at(cell, code), "{file}: no {code} at {cell}");
        }
        assert!(
            found.iter().any(|finding| finding.code == "L107"),
            "{file}: the prefix is no source"
        );
    }
}

#[test]
fn clean_sheets_have_no_errors() {
    for file in [
        "traditional_headings.xlsx",
        "english_headings.xlsx",
        "synonym_headings.xlsx",
        "two_sheets.xlsx",
    ] {
        let ran = leadsheet(&["check", &fixture(file)]);
        assert_eq!(ran.status, Status::Clean, "{file}: {}", ran.out);
    }
}

#[test]
fn what_notes_let_stand_is_counted_and_not_told() {
    for extension in ["xlsx", "xls", "ods", "html"] {
        let file = fixture(&format!("let_stand.{extension}"));
        let ran = leadsheet(&["check", &file, "--format", "json", "--select", "C201,C401"]);
        let found = ran.json();
        let cells: Vec<_> = found["findings"].as_array().unwrap().iter().collect();
        let cells: Vec<_> = cells
            .iter()
            .map(|finding| finding["cell"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(cells, ["D5", "F5"], "{extension}");
        // F2, F3, G2, G3, D4, F4 by hand.
        assert_eq!(found["files"][0]["sheets"][0]["excused"], 6, "{extension}");
        let told = leadsheet(&["check", &file, "-v", "--select", "C201,C401"]);
        let said = "6 findings are let stand by notes in the sheet";
        assert!(told.out.contains(said), "{}", told.out);
    }
}
