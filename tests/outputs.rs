//! What `check` prints besides its JSON: SARIF that its schema accepts, CSV that no spreadsheet runs, text with the rows
//! shown, who has what to repair. And all of it in one order, however the files and rules were named.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use leadsheet_cli::Status;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{fixture, leadsheet};

const HEADINGS: &str =
    "线索编号,客户名称,线索来源,联系方式,线索等级,跟进日期,跟进方式,负责人,当前状态\n";
/// An impossible day of 王芳's, a short mobile of 李雷's, a way of contact that nobody names.
const ROWS: [&str; 3] = [
    "XS-20250601-001,北辰机电,线上推广,13800000001,A,2025年2月30日,电话,王芳,意向客户\n",
    "GW-20250602-001,南汀贸易,官网注册,1380000002,B,2025-06-30,微信,李雷,意向客户\n",
    "GW-20250603-001,远汐星槎,官网注册,13800000003,B,2025-06-30,=cmd|' /C calc'!A0,,意向客户\n",
];

fn write(folder: &TempDir, name: &str, rows: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, format!("{HEADINGS}{}", rows.concat())).unwrap();
    path
}

fn check(path: &Path, options: &[&str]) -> crate::run::Ran {
    let path = path.to_string_lossy();
    leadsheet(&[&["check", &path], options].concat())
}

fn sarif(path: &Path) -> Value {
    let document = check(path, &["--format", "sarif"]).json();
    assert_eq!(document["version"], "2.1.0");
    document["runs"][0].clone()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Objects of the log by what the schema calls them, as far as they are used here.
fn objects<'r>(run: &'r Value) -> BTreeMap<&'static str, Vec<&'r Value>> {
    let mut objects: BTreeMap<&str, Vec<&'r Value>> = BTreeMap::from([("run", vec![run])]);
    let mut add = |name, found: Vec<&'r Value>| objects.entry(name).or_default().extend(found);
    add("toolComponent", vec![&run["tool"]["driver"]]);
    add("runAutomationDetails", vec![&run["automationDetails"]]);
    let rules = list(&run["tool"]["driver"]["rules"]);
    add("reportingDescriptor", rules.iter().collect());
    let results = list(&run["results"]);
    add("result", results.iter().collect());
    let notifications = list(&run["invocations"][0]["toolExecutionNotifications"]);
    add("invocation", vec![&run["invocations"][0]]);
    add("notification", notifications.iter().collect());
    let places = results.iter().chain(notifications);
    let places = places.flat_map(|it| {
        list(&it["locations"])
            .iter()
            .chain(list(&it["relatedLocations"]))
    });
    let places: Vec<_> = places.collect();
    let physical = places.iter().map(|place| &place["physicalLocation"]);
    add("physicalLocation", physical.clone().collect());
    let regions = physical.filter_map(|place| place.get("region"));
    add("region", regions.collect());
    let logical = places
        .iter()
        .flat_map(|place| list(&place["logicalLocations"]));
    add("logicalLocation", logical.collect());
    add("location", places);
    add("artifact", list(&run["artifacts"]).iter().collect());
    objects
}

/// The keys that the schema requires, and some of those it allows; it allows no others than it names.
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>
const KEYS: [(&str, &[&str], &[&str]); 11] = [
    (
        "run",
        &["tool"],
        &[
            "automationDetails",
            "invocations",
            "language",
            "columnKind",
            "artifacts",
            "results",
        ],
    ),
    (
        "toolComponent",
        &["name"],
        &["semanticVersion", "language", "rules"],
    ),
    ("runAutomationDetails", &[], &["id"]),
    (
        "reportingDescriptor",
        &["id"],
        &[
            "name",
            "shortDescription",
            "fullDescription",
            "help",
            "defaultConfiguration",
        ],
    ),
    (
        "result",
        &["message"],
        &[
            "ruleId",
            "ruleIndex",
            "level",
            "locations",
            "relatedLocations",
            "partialFingerprints",
            "suppressions",
            "properties",
        ],
    ),
    (
        "invocation",
        &["executionSuccessful"],
        &["toolExecutionNotifications"],
    ),
    ("notification", &["message"], &["level", "locations"]),
    ("location", &[], &["physicalLocation", "logicalLocations"]),
    ("physicalLocation", &[], &["artifactLocation", "region"]),
    ("region", &[], &["startLine"]),
    (
        "logicalLocation",
        &[],
        &["name", "fullyQualifiedName", "kind"],
    ),
];

#[test]
fn sarif_has_the_keys_that_its_schema_requires_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(
        fixture("lead_ledger_lively.xlsx"),
        folder.path().join("线索 1.xlsx"),
    )
    .unwrap();
    fs::copy(fixture("text_named.xlsx"), folder.path().join("坏.xlsx")).unwrap();
    let run = sarif(folder.path());
    let objects = objects(&run);
    for (name, required, allowed) in KEYS {
        assert!(!objects[name].is_empty(), "no {name}");
        for object in &objects[name] {
            let keys: BTreeSet<_> = object
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert!(
                required.iter().all(|key| keys.contains(key)),
                "{name}: {object}"
            );
            let known = |key: &&&str| required.contains(*key) || allowed.contains(*key);
            let strange: Vec<_> = keys.iter().filter(|key| !known(key)).collect();
            assert!(strange.is_empty(), "{name} has {strange:?}");
            let nulls = object.as_object().unwrap().iter();
            let nulls = nulls.filter(|(key, value)| *key != "properties" && value.is_null());
            assert_eq!(
                nulls.count(),
                0,
                "{name}: the schema knows no null: {object}"
            );
        }
    }
    // What could not be read is told by the run, and is no finding.
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["level"], "error");
    let uri = |value: &Value| {
        value["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let place = uri(&told["locations"][0]["physicalLocation"]);
    assert!(
        place.starts_with("file:///") && place.ends_with("/%E5%9D%8F.xlsx"),
        "{place}"
    );
    for rule in &objects["reportingDescriptor"] {
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[key]["text"].as_str().unwrap().len() > 3, "{rule}");
        }
        assert!(rule.get("helpUri").is_none());
    }
    let rules = list(&run["tool"]["driver"]["rules"]);
    let artifacts = list(&run["artifacts"]);
    for result in &objects["result"] {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let level = result["level"].as_str().unwrap();
        assert!(["error", "warning", "note"].contains(&level), "{level}");
        let place = &result["locations"][0]["physicalLocation"];
        let index = place["artifactLocation"]["index"].as_u64().unwrap() as usize;
        assert_eq!(uri(place), artifacts[index]["location"]["uri"]);
        assert!(uri(place).ends_with("/%E7%BA%BF%E7%B4%A2%201.xlsx"));
    }
    // The planted impossible day stands in I79.
    let planted = objects["result"]
        .iter()
        .find(|result| result["ruleId"] == "C203")
        .unwrap();
    let place = &planted["locations"][0];
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 79);
    assert_eq!(
        place["logicalLocations"][0]["fullyQualifiedName"],
        "线索跟进!I79"
    );
    assert_eq!(
        (&planted["level"], &planted["kind"]),
        (&"error".into(), &Value::Null)
    );
}

#[test]
fn a_fingerprint_outlives_rows_put_in_above_and_no_two_findings_share_one() {
    fn fingerprints(path: &Path) -> BTreeMap<String, String> {
        let run = sarif(path);
        let results = list(&run["results"]).iter().map(|result| {
            let whose = format!("{} {}", result["ruleId"], result["properties"]);
            let print = &result["partialFingerprints"]["leadsheetFinding/v1"];
            (print.as_str().unwrap().to_owned(), whose)
        });
        let all: Vec<_> = results.collect();
        let different: BTreeMap<_, _> = all.iter().cloned().collect();
        assert_eq!(all.len(), different.len());
        different
    }
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "a.csv", &ROWS);
    let before = fingerprints(&path);
    assert!(before.len() >= 3, "{before:?}");
    let clean = "ZH-20250604-001,临溪食品,行业展会,13800000004,C,2025-06-30,电话,王芳,意向客户\n";
    let path = write(&folder, "a.csv", &[clean, ROWS[2], clean, ROWS[0], ROWS[1]]);
    let after = fingerprints(&path);
    for (print, whose) in &before {
        assert_eq!(after.get(print), Some(whose));
    }
}

#[test]
fn csv_has_the_same_columns_in_every_language_and_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "a.csv", &ROWS);
    for language in ["en", "zh"] {
        let ran = check(&path, &["--format", "csv", "--lang", language]);
        let text = ran.out.strip_prefix('\u{feff}').expect("a byte order mark");
        let first = "file,sheet,cell,header,code,name,severity,message,value,suggestion,row,field,owner,fixable";
        assert_eq!(text.lines().next(), Some(first));
        assert!(
            text.contains(",F2,跟进日期,C203,impossible-date,error,"),
            "{text}"
        );
        assert!(
            text.contains(",2025年2月30日,,2,follow_up_date,王芳,false\n"),
            "{text}"
        );
        // Not one field begins as a formula does; the value is there behind an apostrophe.
        assert!(!text.contains(",=") && !text.contains("\"="), "{text}");
        assert!(text.contains(",'=cmd|' /C calc'!A0,"), "{text}");
    }
}

#[test]
fn json_says_who_has_what_to_repair() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "a.csv", &ROWS);
    let document = check(&path, &["--format", "json", "--select", "C203,C401,C502"]).json();
    let owners: Vec<_> = list(&document["findings"])
        .iter()
        .map(|it| &it["owner"])
        .collect();
    assert_eq!(owners, [&Value::from("王芳"), &"李雷".into(), &Value::Null]);
    let summary = &document["summary"];
    assert_eq!(
        (&summary["errors"], &summary["rows"]),
        (&2.into(), &3.into())
    );
    let rules: Vec<_> = list(&summary["by_rule"])
        .iter()
        .map(|it| (&it["code"], &it["count"]))
        .collect();
    let one = Value::from(1);
    assert_eq!(
        rules,
        [
            (&"C203".into(), &one),
            (&"C401".into(), &one),
            (&"C502".into(), &one)
        ]
    );
    let persons = list(&summary["by_person"]).iter();
    let persons: Vec<_> = persons
        .map(|it| (&it["owner"], &it["errors"], &it["rules"][0]["code"]))
        .collect();
    // Of equal counts by name, and nobody last.
    assert_eq!(
        persons,
        [
            (&"李雷".into(), &one, &"C401".into()),
            (&"王芳".into(), &one, &"C203".into()),
            (&Value::Null, &0.into(), &"C502".into()),
        ]
    );
}

#[test]
fn text_shows_the_row_with_the_flagged_cell_marked() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "a.csv", &ROWS);
    let ran = check(&path, &["--select", "C203,C401", "--lang", "zh"]);
    let expected = "
     A 线索编号       B 客户名称  F 跟进日期     H 负责人
  2  XS-20250601-001  北辰机电    2025年2月30日  王芳
                                  ^^^^^^^^^^^^^
  F2  错误  C203  跟进日期  日历上没有「2025年2月30日」这一天

     A 线索编号       B 客户名称  D 联系方式  F 跟进日期  H 负责人
  3  GW-20250602-001  南汀贸易    1380000002  2025-06-30  李雷
                                  ^^^^^^^^^^
";
    assert!(ran.out.contains(expected), "{}", ran.out);
    for words in [
        "按规则",
        "按负责人",
        "│ 李雷        1      0      0   C401 × 1 │",
    ] {
        assert!(ran.out.contains(words), "no {words} in {}", ran.out);
    }
}

#[test]
fn what_comes_very_often_is_shortened_until_all_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..40)
        .map(|row| format!("GW-20250602-{row:03},南汀{row}贸易,官网注册,138000000{row:02},B,2025年2月30日,电话,李雷,意向客户\n"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let path = write(&folder, "a.csv", &rows);
    let lines = |options: &[&str]| {
        let ran = check(&path, &[&["--select", "C203"], options].concat());
        assert_eq!(ran.status, Status::Findings);
        (ran.out.matches("that no calendar has").count(), ran.out)
    };
    let (shown, text) = lines(&[]);
    assert_eq!(shown, 10);
    assert!(
        text.contains("30 more findings on this sheet: C203 × 30"),
        "{text}"
    );
    assert_eq!(lines(&["-v"]).0, 40);
}

#[test]
fn the_order_of_files_and_rules_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<String> = [
        "lead_ledger_lively.xlsx",
        "two_sheets.xlsx",
        "follow_up_statistics_sample.xls",
        "order_tracking.xlsx",
    ]
    .map(fixture)
    .into();
    // The same leads in three files: rules that compare workbooks speak, and lead numbers tie.
    for name in ["c.csv", "a.csv", "b.csv"] {
        let rows = [
            ROWS[0].replace("王芳", name),
            ROWS[1].replace("B,", "A,"),
            ROWS[2].to_owned(),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        files.push(write(&folder, name, &rows).to_string_lossy().into_owned());
    }
    let mut seen = HashSet::new();
    let mut codes = "S,C,R,L,W".split(',').collect::<Vec<_>>();
    for turn in 0..files.len() {
        // Every file is first once, and every other turn goes backwards.
        files.rotate_left(1);
        codes.rotate_left(1);
        let mut order: Vec<&str> = files.iter().map(String::as_str).collect();
        if turn % 2 == 1 {
            order.reverse();
        }
        let select = codes.join(",");
        let options = [&["check"], &order[..], &["--select", &select]].concat();
        let document = leadsheet(&[&options[..], &["--format", "json"]].concat()).json();
        let findings = document["findings"].to_string();
        assert!(
            findings.contains("\"W1"),
            "rules about several workbooks speak"
        );
        let given: Vec<_> = list(&document["files"])
            .iter()
            .map(|file| &file["path"])
            .collect();
        assert_eq!(given, order);
        seen.insert((
            findings,
            document["summary"].to_string(),
            leadsheet(&options).out,
        ));
    }
    assert_eq!(seen.len(), 1);
}
