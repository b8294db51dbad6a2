//! The figures beside conversion, against `fixtures/make/expected_topics.py`: pandas for the counts, numpy for quartiles,
//! scipy for chance. Every figure that the kept tables hold is compared.

use leadsheet_cli::Status;
use serde_json::{Map, Value};

use crate::run::{fixture, leadsheet};

fn expected(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

fn report(file: &str, options: &[&str]) -> Value {
    let path = fixture(file);
    let mut arguments = vec!["report", path.as_str(), "--format", "json"];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    ran.json()
}

/// Ours holds all that theirs does: numbers to a billionth, objects by their keys.
fn assert_holds(ours: &Value, theirs: &Value, at: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, theirs) in theirs {
                let ours = ours.get(key).unwrap_or(&Value::Null);
                assert_holds(ours, theirs, &format!("{at}.{key}"));
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{at}");
            for (place, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                assert_holds(ours, theirs, &format!("{at}[{place}]"));
            }
        }
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            assert!(
                (ours - theirs).abs() < 1e-9,
                "{at}: {ours}, expected {theirs}"
            );
        }
        _ => assert_eq!(ours, theirs, "{at}"),
    }
}

fn group<'v>(groups: &'v Value, key: &str) -> &'v Value {
    let mut groups = groups.as_array().unwrap().iter();
    let found = groups.find(|group| group["key"] == key);
    found.unwrap_or_else(|| panic!("no group {key}"))
}

/// The same groups, whatever their order, each as expected.
fn assert_groups(ours: &Value, theirs: &Value, at: &str) {
    let theirs = theirs.as_array().unwrap();
    assert_eq!(ours.as_array().unwrap().len(), theirs.len(), "{at}");
    for expected in theirs {
        let key = expected["key"].as_str().unwrap();
        assert_holds(group(ours, key), expected, &format!("{at} {key}"));
    }
}

const LIVELY: &str = "lead_ledger_lively.xlsx";
const ORDERS: &str = "orders_lively.xlsx";

#[test]
fn conversion_by_method_and_month_is_that_of_pandas() {
    let expected = expected("lead_ledger_lively.topics.json");
    let ours = report(LIVELY, &["--by", "method,month,source*month"]);
    for (key, groups) in expected["conversion"].as_object().unwrap() {
        assert_groups(&ours["conversion"][key], groups, key);
    }
}

#[test]
fn which_groups_differ_from_the_others_is_judged_as_scipy_judges_it() {
    let expected = expected("lead_ledger_lively.topics.json");
    let ours = report(LIVELY, &["--by", "source,grade,owner"]);
    for (key, groups) in expected["against_others"].as_object().unwrap() {
        assert_groups(&ours["conversion"][key], groups, key);
    }
}

#[test]
fn the_funnel_has_an_any_order_and_a_strict_reading() {
    let expected = expected("lead_ledger_lively.topics.json");
    assert_holds(
        &report(LIVELY, &[])["funnel"],
        &expected["funnel"],
        "funnel",
    );
}

#[test]
fn speed_is_that_of_pandas_by_days() {
    let expected = &expected("lead_ledger_lively.topics.json")["speed"];
    let speed = &report(LIVELY, &[])["speed"];
    for part in ["days_to_close", "follow_ups_per_won", "days_in_stage"] {
        assert_holds(&speed[part], &expected[part], part);
    }
    assert_response(&speed["first_response"], &expected["first_response"]);
}

#[test]
fn speed_is_that_of_pandas_by_hours() {
    let expected = expected("orders_lively.expected.json");
    let ours = report(ORDERS, &["--today", "2025-07-10"]);
    assert_eq!(
        (&ours["rows"], &ours["leads"]),
        (&expected["rows"], &expected["leads"])
    );
    assert_holds(&ours["total"], &expected["total"], "total");
    assert!(
        expected["first_response"]["hours"]["count"]
            .as_u64()
            .unwrap()
            > 100
    );
    assert_response(
        &ours["speed"]["first_response"],
        &expected["first_response"],
    );
}

fn assert_response(ours: &Value, theirs: &Value) {
    for part in ["total", "bands", "hours", "inside", "outside", "difference"] {
        assert_holds(&ours[part], &theirs[part], part);
    }
    assert_groups(&ours["by_grade"], &theirs["by_grade"], "by grade");
}

/// By day, week, month, quarter and year: each period's new leads and follow-ups, those of nothing being zero.
#[test]
fn activity_is_that_of_pandas_in_periods_of_every_length() {
    let expected = expected("lead_ledger_lively.topics.json");
    for theirs in expected["activity"].as_array().unwrap() {
        let per = theirs["per"].as_str().unwrap();
        let ours = &report(LIVELY, &["--per", per])["activity"];
        let periods = ours["periods"].as_array().unwrap();
        if !theirs["periods"].is_null() {
            assert_eq!(ours["periods"], theirs["periods"], "{per}");
        }
        for count in ["new_leads", "follow_ups"] {
            assert_eq!(
                ours["total"][count], theirs["total"][count],
                "{per} {count}"
            );
        }
        assert_periods(periods, &ours["total"], &theirs["total"], per);
        for (by, groups) in theirs["by"].as_object().unwrap() {
            let mut dimensions = ours["by"].as_array().unwrap().iter();
            let dimension = dimensions.find(|it| it["name"] == *by).unwrap();
            for (key, theirs) in groups.as_object().unwrap() {
                let ours = group(&dimension["groups"], key);
                assert_periods(periods, ours, theirs, &format!("{per} {by} {key}"));
            }
        }
    }
}

fn assert_periods(periods: &[Value], ours: &Value, theirs: &Value, at: &str) {
    for count in ["new_leads_by_period", "follow_ups_by_period"] {
        let counted = theirs[count].as_object().unwrap();
        let of = |period: &Value| counted.get(period.as_str().unwrap()).cloned();
        let theirs: Vec<_> = periods
            .iter()
            .map(|it| of(it).unwrap_or_else(|| 0.into()))
            .collect();
        assert_eq!(ours[count], Value::Array(theirs), "{at} {count}");
        let is_there = |period: &String| periods.iter().any(|it| it == period);
        assert!(counted.keys().all(is_there), "{at} {count}");
    }
}

#[test]
fn shared_leads_are_credited_in_parts_as_pandas_divides_them() {
    let expected = expected("lead_ledger_lively.topics.json");
    let credit = &report(LIVELY, &[])["credit"];
    assert_eq!(credit["shared_leads"], expected["shared_leads"]);
    assert_named(
        &credit["by_owner"],
        expected["credit"].as_object().unwrap(),
        "credit",
    );
}

fn assert_named(ours: &Value, theirs: &Map<String, Value>, at: &str) {
    assert_eq!(ours.as_array().unwrap().len(), theirs.len(), "{at}");
    for (key, theirs) in theirs {
        assert_holds(group(ours, key), theirs, &format!("{at} {key}"));
    }
}

#[test]
fn quality_by_column_and_person_is_that_of_pandas() {
    let expected = &expected("lead_ledger_lively.topics.json")["quality"];
    let quality = &report(LIVELY, &[])["quality"];
    assert_eq!(quality["total"]["rows"], expected["rows"]);
    assert_eq!(quality["total"]["complete"], expected["complete"]);
    let columns = quality["columns"].as_array().unwrap();
    assert_eq!(
        columns.len(),
        expected["columns"].as_object().unwrap().len()
    );
    for column in columns {
        let field = column["field"].as_str().unwrap();
        assert_eq!(column["complete"], expected["columns"][field], "{field}");
    }
    for (owner, counts) in expected["by_owner"].as_object().unwrap() {
        let ours = group(&quality["by_owner"], owner);
        assert_eq!(
            serde_json::json!([ours["complete"], ours["rows"]]),
            *counts,
            "{owner}"
        );
    }
}

#[test]
fn cohorts_by_months_and_by_days_are_those_of_pandas() {
    let expected = expected("lead_ledger_lively.topics.json");
    let ours = &report(LIVELY, &["--today", expected["today"].as_str().unwrap()])["cohorts"];
    let ours = ours.as_array().unwrap();
    let theirs = expected["cohorts"].as_array().unwrap();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_holds(ours, theirs, theirs["month"].as_str().unwrap());
    }
}

#[test]
fn two_periods_are_compared_as_pandas_and_scipy_compare_them() {
    let expected = &expected("lead_ledger_lively.topics.json")["comparison"];
    let text = |key: &str| expected[key].as_str().unwrap();
    let other = format!("{}..{}", text("other_from"), text("other_to"));
    for compare in ["previous", &other] {
        let options = [
            "--from",
            text("from"),
            "--to",
            text("to"),
            "--compare",
            compare,
            "--by",
            "source,grade,owner",
        ];
        let comparison = &report(LIVELY, &options)["comparison"];
        let total = &expected["total"];
        assert_holds(&comparison["total"]["before"], &total["before"], "before");
        assert_holds(&comparison["total"]["after"], &total["after"], "after");
        assert_holds(&comparison["total"], &total["change"], "total");
        for (key, theirs) in expected["by"].as_object().unwrap() {
            let ours = &comparison["by"][key];
            for part in ["before", "after", "covered"] {
                assert_holds(
                    &ours["standardised"][part],
                    &theirs[part],
                    &format!("{key} {part}"),
                );
            }
            for theirs in theirs["groups"].as_array().unwrap() {
                let name = theirs["key"].as_str().unwrap();
                let ours = group(&ours["groups"], name);
                for part in ["before", "after"] {
                    let counts = serde_json::json!([ours[part]["won"], ours[part]["leads"]]);
                    assert_eq!(counts, theirs[part], "{key} {name}");
                }
                match &theirs["change"] {
                    Value::Null => assert!(ours.get("p").is_none(), "{key} {name}"),
                    change => assert_holds(ours, change, &format!("{key} {name}")),
                }
            }
        }
    }
}

#[test]
fn who_is_behind_and_whom_to_call_is_that_of_pandas() {
    let expected = expected("lead_ledger_lively.topics.json");
    let today = expected["today"].as_str().unwrap();
    let overdue = &report(LIVELY, &["--today", today])["overdue"];
    assert_named(
        &overdue["by_owner"],
        expected["overdue"].as_object().unwrap(),
        "overdue",
    );

    let file = fixture(LIVELY);
    let ran = leadsheet(&["due", &file, "--format", "json", "--today", today]);
    let shown = |it: &Value| serde_json::json!([it["due"], it["lead_id"], it["owner"]]).to_string();
    let sorted = |list: &Value| {
        let mut lines: Vec<_> = list.as_array().unwrap().iter().map(shown).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&ran.json()["due"]), sorted(&expected["due"]));
}

#[test]
fn amounts_by_source_region_person_and_month_are_those_of_pandas() {
    let expected = expected("orders_lively.expected.json");
    let ours = &report(ORDERS, &["--today", expected["today"].as_str().unwrap()])["sales"];
    let expected = &expected["sales"];
    let periods = ours["periods"].as_array().unwrap();
    assert_amounts(periods, &ours["total"], &expected["total"], "total");
    for dimension in ours["by"].as_array().unwrap() {
        let name = dimension["name"].as_str().unwrap();
        let theirs = expected["by"][name].as_object().unwrap();
        assert_eq!(
            dimension["groups"].as_array().unwrap().len(),
            theirs.len(),
            "{name}"
        );
        for (key, theirs) in theirs {
            assert_amounts(periods, group(&dimension["groups"], key), theirs, key);
        }
    }
    let shown = |it: &Value| {
        let words = ["by", "key", "month"].map(|key| it[key].as_str().unwrap());
        format!("{words:?} {} {}", plain(&it["amount"]), plain(&it["usual"]))
    };
    let sorted = |list: &Value| {
        let mut drops: Vec<_> = list.as_array().unwrap().iter().map(shown).collect();
        drops.sort();
        drops
    };
    assert!(
        expected["drops"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["key"] == "华南")
    );
    assert_eq!(sorted(&ours["drops"]), sorted(&expected["drops"]));
}

/// 7324.00 is 7324.
fn plain(amount: &Value) -> &str {
    let text = amount.as_str().unwrap();
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

fn assert_amounts(periods: &[Value], ours: &Value, theirs: &Value, at: &str) {
    assert_eq!(ours["orders"], theirs["orders"], "{at}");
    assert_eq!(plain(&ours["amount"]), plain(&theirs["amount"]), "{at}");
    let months = theirs["by_month"].as_object().unwrap();
    let amounts = ours["amount_by_period"].as_array().unwrap();
    for (period, amount) in periods.iter().zip(amounts) {
        let expected = months.get(period.as_str().unwrap()).map_or("0", plain);
        assert_eq!(plain(amount), expected, "{at} {period}");
    }
}
