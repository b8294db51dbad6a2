//! Mistakes that scripts under `fixtures/make` planted, one by one, in a ledger of each template: every one is found at its
//! cell by the rule for it (recall), and nothing is called an error that was not planted (precision).

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::run::{fixture, leadsheet};

/// Workbooks and the list of what was planted in them.
const SEEDED: [&str; 14] = [
    "lead_ledger_lively",
    "seeded_follow_up_log",
    "seeded_communication_record",
    "seeded_follow_up_statistics",
    "seeded_pipeline",
    "seeded_order_tracking",
    "layout_titled_ledger",
    "layout_ledger_over_time",
    "layout_copied_rows",
    "layout_stacked_logs",
    "layout_titled_statistics",
    "layout_grouped_pipeline",
    "layout_grouped_orders",
    "layout_running_ledger",
];

/// Each as openpyxl and as xlwt wrote it.
fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let both = |list: &'static str| ["xlsx", "xls"].map(|kind| (list, kind));
    SEEDED.into_iter().flat_map(both)
}

/// What the lively ledger's list calls its mistakes, and the rules that may find each; other slugs are names of rules.
const SLUGS: [(&str, &[&str]); 10] = [
    ("same-id-different-customer", &["conflicting-customer"]),
    ("won-then-open", &["stage-backwards"]),
    ("lead-id-impossible-date", &["impossible-lead-id-date"]),
    ("lead-id-malformed", &["malformed-lead-id"]),
    ("mobile-length", &["bad-mobile"]),
    ("won-without-closed-date", &["won-without-closing-date"]),
    ("required-missing", &["missing-value"]),
    ("same-phone-two-customers", &["shared-mobile"]),
    ("activity-after-lost", &["active-after-lost"]),
    // Of a list that teams may add to, an unknown term is an undeclared one.
    ("unknown-term", &["unknown-term", "undeclared-term"]),
];

/// The rules that a mistake may be found by; none where the list leaves that open.
fn rules(mistake: &Value) -> Vec<&str> {
    if let Some(rule) = mistake["rule"].as_str() {
        return vec![rule];
    }
    let Some(slug) = mistake["slug"].as_str() else {
        return Vec::new();
    };
    let known = SLUGS.iter().find(|(known, _)| *known == slug);
    known.map_or_else(|| vec![slug], |(_, rules)| rules.to_vec())
}

/// What was found of what was planted, and what else is called an error.
struct Score {
    planted: usize,
    missed: Vec<String>,
    errors: usize,
    unplanted: Vec<String>,
}

fn score(stem: &str, kind: &str) -> Score {
    let list = fs::read_to_string(fixture(&format!("{stem}.mistakes.json"))).unwrap();
    let mut planted: Vec<Value> = serde_json::from_str(&list).unwrap();
    if kind == "xls" {
        // xlwt writes no formula without a result.
        planted.retain(|mistake| mistake["rule"] != "uncalculated-formula");
    }
    let document = leadsheet(&[
        "check",
        &fixture(&format!("{stem}.{kind}")),
        "--format",
        "json",
    ])
    .json();
    let found = document["findings"].as_array().unwrap();
    let is_found = |mistake: &Value| {
        let rules = rules(mistake);
        let also = mistake["related"].as_array().into_iter().flatten();
        let is_there = |finding: &Value| match rules[..] {
            [] => also
                .clone()
                .chain([&mistake["cell"]])
                .any(|cell| finding["cell"] == *cell),
            _ => finding["cell"] == mistake["cell"],
        };
        let of_rule = |finding: &&Value| {
            rules.is_empty() || rules.contains(&finding["name"].as_str().unwrap())
        };
        found.iter().filter(of_rule).any(is_there)
    };
    let missed = planted.iter().filter(|mistake| !is_found(mistake));
    // A contradiction may be told at either of its cells.
    let mut accounted = BTreeSet::new();
    for mistake in &planted {
        accounted.insert(mistake["cell"].as_str().unwrap());
        let also = mistake["related"].as_array().into_iter().flatten();
        accounted.extend(also.filter_map(Value::as_str));
    }
    let errors = found
        .iter()
        .filter(|finding| finding["severity"] == "error");
    let unplanted = errors.clone().filter(|finding| {
        finding["cell"]
            .as_str()
            .is_none_or(|cell| !accounted.contains(cell))
    });
    Score {
        planted: planted.len(),
        missed: missed
            .map(|mistake| format!("{} {}", mistake["cell"], rules(mistake).join("/")))
            .collect(),
        errors: errors.count(),
        unplanted: unplanted
            .map(|finding| format!("{} {}", finding["cell"], finding["message"]))
            .collect(),
    }
}

#[test]
fn every_planted_mistake_is_found_and_no_other_cell_is_an_error() {
    let (mut planted, mut found, mut errors, mut right) = (0, 0, 0, 0);
    let mut troubles = Vec::new();
    for (stem, kind) in files() {
        let score = score(stem, kind);
        let file = format!("{stem}.{kind}");
        let Score {
            missed, unplanted, ..
        } = &score;
        println!(
            "{file}: {} of {} planted found, {} of {} errors planted",
            score.planted - missed.len(),
            score.planted,
            score.errors - unplanted.len(),
            score.errors,
        );
        troubles.extend(missed.iter().map(|it| format!("{file}: missed {it}")));
        troubles.extend(
            unplanted
                .iter()
                .map(|it| format!("{file}: not planted {it}")),
        );
        planted += score.planted;
        found += score.planted - missed.len();
        errors += score.errors;
        right += score.errors - unplanted.len();
    }
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole as f64;
    println!(
        "recall {:.1} % ({found} of {planted})",
        percent(found, planted)
    );
    println!(
        "precision {:.1} % ({right} of {errors})",
        percent(right, errors)
    );
    // As many as the lists name: an empty list would prove nothing.
    assert!(
        planted > 480 && errors > 300,
        "{planted} planted, {errors} errors"
    );
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

#[test]
fn the_planted_mistakes_cover_most_rules() {
    let mut named = BTreeSet::new();
    for list in SEEDED {
        let list = fs::read_to_string(fixture(&format!("{list}.mistakes.json"))).unwrap();
        let planted: Vec<Value> = serde_json::from_str(&list).unwrap();
        let rules = planted.iter().flat_map(|mistake| rules(mistake));
        named.extend(rules.map(str::to_owned));
    }
    let every: Vec<_> = leadsheet::rules().map(|rule| rule.name).collect();
    let covered = every.iter().filter(|rule| named.contains(**rule)).count();
    println!("{covered} of {} rules have a planted mistake", every.len());
    assert!(covered >= 45, "only {covered}");
    let strange: Vec<_> = named
        .iter()
        .filter(|rule| !every.contains(&rule.as_str()))
        .collect();
    assert!(strange.is_empty(), "no rules: {strange:?}");
}
