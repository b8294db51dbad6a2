//! The command's contract.

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

#[test]
fn the_status_says_how_it_ended() {
    assert_eq!(
        leadsheet(&["check", &fixture("two_sheets.xlsx")]).status,
        Status::Clean
    );
    assert_eq!(
        leadsheet(&["check", &fixture("lead_ledger_sample.xlsx")]).status,
        Status::Findings
    );
    assert_eq!(leadsheet(&["check", "missing.xlsx"]).status, Status::Failed);
    assert_eq!(leadsheet(&["check"]).status, Status::Failed);
    assert_eq!(leadsheet(&["--help"]).status, Status::Clean);
    // An overview shows, it does not judge.
    assert_eq!(
        leadsheet(&[&fixture("lead_ledger_sample.xlsx")]).status,
        Status::Clean
    );
}

#[test]
fn data_goes_to_standard_output_and_everything_else_to_standard_error() {
    let ran = leadsheet(&[
        "check",
        &fixture("formula_without_value.xlsx"),
        "--format",
        "json",
    ]);
    assert_eq!(ran.json()["schema"], "leadsheet.check/1");
    assert!(ran.err.contains("B3"), "{}", ran.err);
    let quiet = leadsheet(&[
        "check",
        &fixture("formula_without_value.xlsx"),
        "--format",
        "json",
        "--quiet",
    ]);
    assert_eq!(quiet.err, "");
}

#[test]
fn a_finding_has_every_key_of_its_shape() {
    let document = leadsheet(&[
        "check",
        &fixture("lead_ledger_sample.xlsx"),
        "--format",
        "json",
    ])
    .json();
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&document), ["files", "findings", "schema", "summary"]);
    let finding = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "R102")
        .unwrap();
    for key in [
        "file",
        "sheet",
        "cell",
        "row",
        "header",
        "field",
        "code",
        "name",
        "severity",
        "message",
        "value",
        "suggestion",
        "fixable",
    ] {
        assert!(finding.get(key).is_some(), "no {key} in {finding}");
    }
    assert_eq!(
        (&finding["cell"], &finding["row"]),
        (&"I3".into(), &3.into())
    );
    assert_eq!(
        (&finding["header"], &finding["field"]),
        (&"跟进方式".into(), &"method".into())
    );
    let summary = &document["summary"];
    assert_eq!(
        (&summary["files"], &summary["rows"], &summary["leads"]),
        (&1.into(), &3.into(), &3.into())
    );
    let errors = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .count();
    assert_eq!(summary["errors"], errors);
}

#[test]
fn findings_come_by_place() {
    let document = leadsheet(&[
        "check",
        &fixture("lead_ledger_lively.xlsx"),
        "--format",
        "json",
    ])
    .json();
    let rows: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["row"].as_u64())
        .collect();
    assert!(rows.len() > 18 && rows.is_sorted());
}

#[test]
fn rules_are_chosen_by_code_beginning_or_name() {
    let path = fixture("lead_ledger_lively.xlsx");
    let codes = |options: &[&str]| {
        let mut arguments = vec!["check", path.as_str(), "--format", "json"];
        arguments.extend(options);
        let document = leadsheet(&arguments).json();
        let codes = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap().to_owned());
        codes.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(
        codes(&["--select", "C2"])
            .iter()
            .all(|code| code.starts_with("C2"))
    );
    assert_eq!(
        codes(&["--select", "impossible-date"]),
        ["C203".to_owned()].into()
    );
    assert!(
        !codes(&["--ignore", "C203,R3"])
            .iter()
            .any(|code| code == "C203" || code.starts_with("R3"))
    );
    let ran = leadsheet(&["check", &path, "--select", "C999"]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("C999"), "{}", ran.err);
}

#[test]
fn a_teams_own_terms_and_severities_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadsheet.toml");
    let text = "[policy.terms]\nsource = [{ term = \"行业展汇\" }]\n[rules]\nseverity = { C203 = \"info\" }\n";
    std::fs::write(&config, text).unwrap();
    let arguments = [
        "check",
        &fixture("lead_ledger_lively.xlsx"),
        "--config",
        &config.to_string_lossy(),
        "--format",
        "json",
    ];
    let document = leadsheet(&arguments).json();
    let findings = document["findings"].as_array().unwrap();
    assert!(!findings.iter().any(|finding| finding["cell"] == "C262"));
    let severity = findings
        .iter()
        .find(|finding| finding["code"] == "C203")
        .map(|finding| finding["severity"].clone());
    assert_eq!(severity, Some("info".into()));
    std::fs::write(&config, "[policy]\ncadance = 1\n").unwrap();
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("leadsheet.toml") && ran.err.contains("cadance"),
        "{}",
        ran.err
    );
}

#[test]
fn the_same_is_said_in_both_languages() {
    let path = fixture("lead_ledger_sample.xlsx");
    let (english, chinese) = (
        leadsheet(&["check", &path]),
        leadsheet(&["check", &path, "--lang", "zh"]),
    );
    assert!(english.out.contains("error") && chinese.out.contains("错误"));
    assert_eq!(english.out.lines().count(), chinese.out.lines().count());
    // An id where words should be is a hole in the catalogue.
    for out in [&english.out, &chinese.out] {
        assert!(
            !out.contains("report-note") && !out.contains("summary-"),
            "{out}"
        );
    }
}

#[test]
fn every_rule_is_explained() {
    for language in ["en", "zh"] {
        let ran = leadsheet(&["explain", "--all", "--lang", language]);
        for rule in ["C203", "R102", "R201", "L107"] {
            assert!(ran.out.contains(&format!("# {rule} ")), "{rule}");
        }
    }
    assert!(
        leadsheet(&["explain", "impossible-date"])
            .out
            .contains("C203")
    );
    assert_eq!(leadsheet(&["explain", "C999"]).status, Status::Failed);
}

#[test]
fn templates_are_listed_and_shown() {
    let listed = leadsheet(&["template", "list"]);
    assert!(listed.out.contains("lead-ledger") && listed.out.contains("follow-up-statistics"));
    let shown = leadsheet(&["template", "show", "lead-ledger", "--lang", "zh"]);
    assert!(shown.out.contains("线索编号") && shown.out.contains("lead_id"));
    assert_eq!(
        leadsheet(&["template", "show", "nothing"]).status,
        Status::Failed
    );
}

#[test]
fn a_folder_is_walked_and_a_pattern_expanded() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("2025").join("三月");
    std::fs::create_dir_all(&inner).unwrap();
    for (place, name) in [
        (folder.path(), "甲.xlsx"),
        (&*inner, "乙.xlsx"),
        (&*inner, "~$乙.xlsx"),
        (&*inner, ".丙.xlsx"),
    ] {
        std::fs::copy(fixture("lead_ledger_sample.xlsx"), place.join(name)).unwrap();
    }
    let document = leadsheet(&[
        "check",
        &folder.path().to_string_lossy(),
        "--format",
        "json",
    ])
    .json();
    let paths: Vec<_> = document["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    let pattern = folder.path().join("*.xlsx");
    let document = leadsheet(&["check", &pattern.to_string_lossy(), "--format", "json"]).json();
    assert_eq!(document["summary"]["files"], 1);
}

#[test]
fn a_report_over_several_files_counts_a_lead_once() {
    let (one, other) = (
        fixture("lead_ledger_lively.xlsx"),
        fixture("lead_ledger_lively.xls"),
    );
    let document = leadsheet(&[
        "report",
        &one,
        &other,
        "--format",
        "json",
        "--by",
        "file,source",
    ])
    .json();
    assert_eq!(document["rows"], 620);
    assert_eq!(document["total"]["leads"], 100);
}

#[test]
fn what_cannot_be_counted_by_is_told_with_what_can() {
    let path = fixture("two_sheets.xlsx");
    for by in ["colour", "source*source"] {
        let ran = leadsheet(&["report", &path, "--by", by]);
        assert_eq!(ran.status, Status::Failed, "{by}");
        assert!(ran.err.contains("source"), "{}", ran.err);
    }
    let ran = leadsheet(&[
        "report",
        &path,
        "--from",
        "2025-02-01",
        "--to",
        "2025-01-01",
    ]);
    assert_eq!(ran.status, Status::Failed);
}

#[test]
fn a_team_chooses_rules_for_all_tables_for_a_template_and_for_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadsheet.toml");
    let path = config.to_string_lossy().into_owned();
    // Two errors (D4, D5) and six cells without a date (F2 to F5, G2, G3) but for what notes let stand.
    let found = |rules: &str| -> String {
        std::fs::write(&config, rules).unwrap();
        let file = fixture("let_stand.xlsx");
        let ran = leadsheet(&["check", &file, "--format", "json", "--config", &path]);
        let all = ran.json()["findings"].as_array().unwrap().clone();
        let of_cells = all
            .iter()
            .filter(|one| ["C201", "C401"].contains(&one["code"].as_str().unwrap()));
        let shown = of_cells.map(|one| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("cell"), text("code"), text("severity"))
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    for (rules, expected) in [
        ("", "D5 C401 error, F5 C201 error"),
        ("[rules]\nselect = [\"C2\"]", "F5 C201 error"),
        ("[rules]\nignore = [\"not-a-date\"]", "D5 C401 error"),
        (
            "[rules.severity]\nC = \"info\"\nC401 = \"warning\"",
            "D5 C401 warning, F5 C201 info",
        ),
        (
            "[rules.templates.lead-ledger]\nignore = [\"C4\"]",
            "F5 C201 error",
        ),
        (
            "[rules.templates.pipeline]\nignore = [\"C\"]",
            "D5 C401 error, F5 C201 error",
        ),
        (
            "[rules.columns.follow_up_date]\nignore = [\"C201\"]",
            "D5 C401 error",
        ),
        (
            "[rules.templates.lead-ledger.columns.phone.severity]\nC401 = \"info\"",
            "D5 C401 info, F5 C201 error",
        ),
    ] {
        assert_eq!(found(rules), expected, "{rules}");
    }
    for (rules, expected) in [
        (
            "[rules]\n\nignore = [\"C999\"]",
            "line 3: no rule is called `C999`",
        ),
        (
            "[rules.templates.ledger]\nignore = []",
            "line 1: no template is called `ledger`",
        ),
        ("[rules.columns.telephone]\nignore = []", "line 1"),
        ("[rules]\nignor = []", "line 2"),
    ] {
        std::fs::write(&config, rules).unwrap();
        let ran = leadsheet(&["check", &fixture("let_stand.xlsx"), "--config", &path]);
        assert_eq!(ran.status, Status::Failed, "{rules}");
        assert!(
            ran.err.contains(expected) && ran.err.contains("leadsheet.toml"),
            "{}",
            ran.err
        );
    }
}
