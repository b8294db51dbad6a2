//! Questions in SQL: answers as DuckDB gives them on the same rows, columns as the help lists them, errors that help.

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{Ran, fixture, leadsheet};

const LIVELY: &str = "lead_ledger_lively.xlsx";

fn asked(query: &str, options: &[&str]) -> Ran {
    let file = fixture(LIVELY);
    let mut arguments = vec!["sql", query, &file];
    arguments.extend(options);
    leadsheet(&arguments)
}

/// `fixtures/make/expected_sql.py` asks DuckDB, over rows that openpyxl read and leads collapsed in SQL of its own.
#[test]
fn answers_are_those_that_duckdb_gives() {
    let expected = std::fs::read_to_string(fixture("lead_ledger_lively.sql.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    assert!(expected.len() > 10);
    for expected in expected {
        let query = expected["query"].as_str().unwrap();
        let answer = asked(query, &["--format", "json"]).json();
        assert_eq!(answer["schema"], "leadsheet.sql/1");
        assert_eq!(answer["columns"], expected["columns"], "{query}");
        assert_eq!(answer["rows"], expected["rows"], "{query}");
    }
}

#[test]
fn conversion_by_source_is_that_of_the_report() {
    let report = leadsheet(&[
        "report",
        &fixture(LIVELY),
        "--by",
        "source",
        "--format",
        "json",
    ]);
    let report = report.json();
    let query = "SELECT source AS key, COUNT(*) AS leads, \
                 SUM(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END) AS won FROM leads GROUP BY source";
    let answer = asked(query, &["--format", "json"]).json();
    let groups = report["conversion"]["source"].as_array().unwrap();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(groups.len(), rows.len());
    for row in rows {
        let group = groups
            .iter()
            .find(|group| group["key"] == row["key"])
            .unwrap();
        assert_eq!(
            [&group["leads"], &group["won"]],
            [&row["leads"], &row["won"]]
        );
    }
}

#[test]
fn orders_are_those_that_a_report_adds_up() {
    let file = fixture("order_tracking.xlsx");
    let query = "SELECT COUNT(*) AS orders, SUM(amount) AS amount FROM orders WHERE sold AND amount IS NOT NULL";
    let answer = leadsheet(&["sql", query, &file, "--format", "json"]).json();
    let report = leadsheet(&["report", &file, "--show", "sales", "--format", "json"]).json();
    let total = &report["sales"]["total"];
    assert_eq!(answer["rows"][0]["orders"], total["orders"]);
    let amount: f64 = total["amount"].as_str().unwrap().parse().unwrap();
    assert!(amount > 0.0);
    assert_eq!(answer["rows"][0]["amount"].as_f64(), Some(amount));
}

#[test]
fn findings_are_those_of_check() {
    let checked = leadsheet(&["check", &fixture(LIVELY), "--format", "json"]).json();
    let found = checked["findings"].as_array().unwrap();
    let query = "SELECT sheet, cell, code, severity, message FROM findings";
    let answer = asked(query, &["--format", "json", "--contacts"]).json();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), found.len());
    for (row, finding) in rows.iter().zip(found) {
        for key in ["sheet", "cell", "code", "severity", "message"] {
            assert_eq!(row[key], finding[key], "{finding}");
        }
    }
}

#[test]
fn contact_details_are_given_only_to_who_asks_for_them() {
    let ran = asked("SELECT phone FROM leads", &[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("--contacts"), "{}", ran.err);
    let everything = asked("SELECT * FROM follow_ups", &["--format", "csv"]).out;
    assert!(everything.contains("梧川听澜软件有限公司"));
    assert!(!everything.contains("13900000044"));
    let with = asked(
        "SELECT phone FROM leads",
        &["--contacts", "--format", "csv"],
    )
    .out;
    assert!(with.contains("13900000044"));
    let hidden = asked(
        "SELECT value, message FROM findings WHERE field = 'phone'",
        &["--format", "csv"],
    );
    let digits = hidden.out.chars().filter(char::is_ascii_digit).count();
    assert_eq!(digits, 0, "{}", hidden.out);
}

#[test]
fn what_is_wrong_with_a_question_is_said_in_the_user_s_terms() {
    for (query, told) in [
        ("SELECT sauce FROM leads", "did you mean source?"),
        ("SELECT 线索来源 FROM leads", "did you mean source?"),
        ("SELECT l.sauce FROM leads l", "did you mean source?"),
        ("SELECT zzzzzz FROM leads", "there is no column zzzzzz"),
        (
            "SELECT * FROM lead",
            "there are follow_ups, leads, orders, findings",
        ),
        ("SELECT source, FROM leads WHERE", "line 1, column"),
        ("SELECT source\nFROM leads\nWHERE (", "line 3, column"),
        ("SELECT source FROM", "line 1, column 19"),
        ("DELETE FROM leads", "not DELETE"),
        ("DROP TABLE leads", "not DROP"),
        ("EXPLAIN SELECT * FROM leads", "not EXPLAIN"),
        ("", "only questions are answered"),
        ("SELECT nothing(source) FROM leads", "nothing"),
        ("SELECT source + 1 FROM leads", "cannot be answered"),
        (
            "SELECT CAST(source AS INTEGER) FROM leads",
            "cannot be answered",
        ),
        ("SELECT 1; SELECT 2", "cannot be answered"),
        ("SELECT * FROM read_csv('/etc/passwd')", "read_csv"),
        ("SELECT source FROM leads GROUP BY grade", "source"),
        (
            "SELECT COUNT(*) OVER (ORDER BY nothing) FROM leads",
            "nothing",
        ),
        (
            "SELECT * FROM leads JOIN orders ON leads.lead = orders.nothing",
            "nothing",
        ),
        (
            "SELECT SUBSTRING(source, 1, 99999999999999999999) FROM leads",
            "cannot be",
        ),
        ("SELECT '", "cannot be"),
        ("SELECT \"", "cannot be"),
        ("SELECT $$ FROM leads", "cannot be"),
        ("SELECT UNNEST(source) FROM leads", "cannot be"),
        ("SELECT source FROM leads ORDER BY 99", "cannot be"),
        (
            "SELECT source FROM leads UNION SELECT source, grade FROM leads",
            "cannot be",
        ),
        ("SELECT (SELECT source FROM leads) FROM leads", "cannot be"),
        (
            "SELECT source FROM leads WHERE created = '没有'",
            "cannot be",
        ),
        ("SELECT STRFTIME(created, '%Q%%%') FROM leads", "cannot be"),
    ] {
        let ran = asked(query, &[]);
        assert_eq!(ran.status, Status::Failed, "{query}: {}", ran.out);
        assert!(ran.err.contains(told), "{query}: {}", ran.err);
        assert_eq!(
            ran.err.trim_end().lines().count(),
            1,
            "{query}: {}",
            ran.err
        );
        assert!(ran.out.is_empty(), "{query}");
    }
}

#[test]
fn every_column_that_is_listed_can_be_asked() {
    let listed = leadsheet(&["sql", "--columns", "--format", "json"]).json();
    let mut columns = 0;
    for table in listed["tables"].as_array().unwrap() {
        let names: Vec<_> = table["columns"].as_array().unwrap().iter().collect();
        let quoted: Vec<_> = names
            .iter()
            .map(|it| format!("\"{}\"", it["name"].as_str().unwrap()))
            .collect();
        let query = format!(
            "SELECT {} FROM {}",
            quoted.join(", "),
            table["name"].as_str().unwrap()
        );
        let answer = asked(&query, &["--contacts", "--format", "json"]).json();
        assert_eq!(answer["columns"].as_array().unwrap().len(), names.len());
        for column in names {
            assert!(
                !column["meaning"].as_str().unwrap().starts_with("sql-"),
                "{column}"
            );
            columns += 1;
        }
    }
    assert!(columns > 150, "{columns}");
    for language in ["zh", "en"] {
        let listed = leadsheet(&["sql", "--columns", "--lang", language]).out;
        assert!(!listed.contains("sql-"), "{listed}");
    }
}

#[test]
fn columns_that_nobody_knows_can_be_asked_by_their_heading() {
    let query = "SELECT 大区主管批注, COUNT(*) AS n FROM follow_ups GROUP BY 大区主管批注 ORDER BY n DESC LIMIT 2";
    let answer = asked(query, &["--format", "json"]).json();
    assert_eq!(answer["rows"][1]["大区主管批注"], "排进周会");
    assert_eq!(answer["rows"][1]["n"], 14);
}

#[test]
fn answers_over_several_workbooks_name_the_file() {
    let query = "SELECT file, COUNT(*) AS n FROM follow_ups GROUP BY file ORDER BY n";
    let files = [fixture("lead_ledger_sample.xls"), fixture(LIVELY)];
    let ran = leadsheet(&["sql", query, &files[0], &files[1], "--format", "json"]);
    let answer = ran.json();
    assert_eq!(answer["rows"][0]["n"], 3);
    assert_eq!(answer["rows"][1]["n"], 310);
    assert_eq!(answer["rows"][1]["file"], files[1].as_str());
}
