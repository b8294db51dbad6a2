//! The expected figures come from `fixtures/make/expected_figures.py`: pandas and a hand count, none of ours.

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{Ran, fixture, leadsheet};

fn expected(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

fn report(file: &str, options: &[&str]) -> Value {
    let path = fixture(file);
    let mut arguments = vec!["report", path.as_str(), "--format", "json"];
    arguments.extend(options);
    let ran: Ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    ran.json()
}

/// The counts are the same, and the shares to a billionth.
fn assert_same_rate(ours: &Value, theirs: &Value) {
    for count in ["leads", "won", "lost", "open"] {
        if let Some(expected) = theirs.get(count) {
            assert_eq!(&ours[count], expected, "{count} of {theirs}");
        }
    }
    for share in ["rate", "low", "high"] {
        if let Some(expected) = theirs.get(share).and_then(Value::as_f64) {
            let difference = (ours[share].as_f64().unwrap() - expected).abs();
            assert!(difference < 1e-9, "{share} of {theirs}: {ours}");
        }
    }
}

fn assert_same_groups(ours: &Value, theirs: &Value) {
    let (ours, theirs) = (ours.as_array().unwrap(), theirs.as_array().unwrap());
    assert_eq!(ours.len(), theirs.len(), "{ours:?}");
    for expected in theirs {
        let is_it = |group: &&Value| match &expected["key"] {
            Value::Array(_) => group["keys"] == expected["key"],
            key => group["key"] == *key,
        };
        let group = ours
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no group {}", expected["key"]));
        assert_same_rate(group, expected);
    }
}

#[test]
fn the_lively_ledger_converts_as_pandas_counts_it() {
    let expected = expected("lead_ledger_lively.expected.json");
    for file in ["lead_ledger_lively.xlsx", "lead_ledger_lively.xls"] {
        let ours = report(file, &["--by", "source,grade,stage,owner,source*grade"]);
        assert_eq!(ours["schema"], "leadsheet.report/1");
        assert_eq!(ours["rows"], expected["rows"]);
        assert_same_rate(&ours["total"], &expected["total"]);
        for dimension in ["source", "grade", "stage", "owner", "source*grade"] {
            assert_same_groups(
                &ours["conversion"][dimension],
                &expected["conversion"][dimension],
            );
        }
        for (ours, theirs) in ours["funnel"]
            .as_array()
            .unwrap()
            .iter()
            .zip(expected["funnel"].as_array().unwrap())
        {
            assert_eq!(
                (&ours["stage"], &ours["reached"]),
                (&theirs["stage"], &theirs["reached"])
            );
            assert_eq!(ours["lost_here"], theirs["lost_here"]);
            for share in ["next_rate", "overall_rate"] {
                let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
                    (Some(a), Some(b)) => (a - b).abs() < 1e-9,
                    (a, b) => a == b,
                };
                assert!(
                    close(ours[share].as_f64(), theirs[share].as_f64()),
                    "{share}: {ours} {theirs}"
                );
            }
        }
    }
}

#[test]
fn the_latest_grade_is_counted_where_it_is_asked_for() {
    let expected = expected("lead_ledger_lively.expected.json");
    let ours = report(
        "lead_ledger_lively.xlsx",
        &["--by", "grade", "--grade-at", "latest"],
    );
    assert_same_groups(
        &ours["conversion"]["grade"],
        &expected["conversion"]["grade_at_latest"],
    );
}

#[test]
fn each_period_basis_counts_its_own_leads() {
    let expected = expected("lead_ledger_lively.expected.json");
    for window in expected["windows"].as_array().unwrap() {
        let text = |key: &str| window[key].as_str().unwrap();
        let options = [
            "--from",
            text("from"),
            "--to",
            text("to"),
            "--period-by",
            text("by"),
        ];
        let ours = report("lead_ledger_lively.xlsx", &options);
        assert_same_rate(&ours["total"], &window["total"]);
        assert_eq!(
            ours["window"],
            serde_json::json!({"from": text("from"), "to": text("to"), "by": text("by")})
        );
    }
}

#[test]
fn a_fixed_window_leaves_young_leads_out() {
    let expected = expected("lead_ledger_lively.expected.json");
    for within in expected["within"].as_array().unwrap() {
        let days = within["days"].to_string();
        let today = within["today"].as_str().unwrap();
        let ours = report(
            "lead_ledger_lively.xlsx",
            &["--within", &days, "--today", today],
        );
        assert_same_rate(&ours["total"], within);
    }
}

/// S2's banner says ten households closed between 2020-02-01 and 2020-04-25, and so do its rows, counted by hand.
#[test]
fn the_statistics_sample_has_fifteen_customers_ten_of_them_won() {
    for file in [
        "follow_up_statistics_sample.xls",
        "follow_up_statistics_sample.xlsx",
    ] {
        let ours = report(file, &[]);
        assert_eq!(ours["rows"], 16);
        for (count, expected) in [("leads", 15), ("won", 10), ("lost", 2), ("open", 3)] {
            assert_eq!(ours["total"][count], expected, "{count}");
        }
        let closed = [
            "--from",
            "2020-02-01",
            "--to",
            "2020-04-25",
            "--period-by",
            "closed",
        ];
        assert_eq!(report(file, &closed)["total"]["won"], 10);
        // The sheet has no column for any of these: absent, not zero, and a note says so.
        for dimension in ["source", "grade", "stage"] {
            assert_eq!(
                ours["conversion"][dimension],
                serde_json::json!([]),
                "{dimension}"
            );
        }
        assert_eq!(ours["funnel"], serde_json::json!([]));
        assert!(ours["notes"].as_array().unwrap().len() >= 4);
    }
}

#[test]
fn the_statistics_sample_counts_by_customer_type_as_pandas_does() {
    let expected = expected("follow_up_statistics_sample.expected.json");
    let ours = report(
        "follow_up_statistics_sample.xls",
        &["--by", "customer_type"],
    );
    let groups = &ours["conversion"]["customer_type"];
    for theirs in expected["by_customer_type"].as_array().unwrap() {
        let Some(key) = theirs["key"].as_str().filter(|key| !key.is_empty()) else {
            continue;
        };
        if let Some(group) = groups
            .as_array()
            .unwrap()
            .iter()
            .find(|group| group["key"] == key)
        {
            assert_same_rate(group, theirs);
        }
    }
    assert_eq!(
        groups.as_array().unwrap().len(),
        expected["by_customer_type"].as_array().unwrap().len()
    );
}

/// Wilson score intervals at 95 %, from an independent calculation.
#[test]
fn intervals_are_wilsons() {
    for (won, leads, low, high) in [
        (0, 10, 0.0, 0.277_533),
        (1, 10, 0.017_876, 0.404_150),
        (3, 20, 0.052_369, 0.360_419),
        (10, 10, 0.722_467, 1.0),
        (15, 100, 0.093_060, 0.232_836),
        (8, 100, 0.041_093, 0.149_981),
    ] {
        let (ours_low, ours_high) = leadsheet::wilson(won, leads).unwrap();
        assert!(
            (ours_low - low).abs() < 1e-6 && (ours_high - high).abs() < 1e-6,
            "{won}/{leads}"
        );
    }
    assert_eq!(leadsheet::wilson(0, 0), None);
}

/// The workbook has no amounts: absent, with a note, and not zero.
#[test]
fn a_table_without_amounts_has_no_sales_and_says_so() {
    let ours = report("lead_ledger_lively.xlsx", &[]);
    assert!(ours.get("sales").is_none());
    let notes = ours["notes"].to_string();
    assert!(notes.contains("amounts"), "{notes}");
}
