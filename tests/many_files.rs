//! Many workbooks in one report: a folder a month, a file a person. Customers who stand in several of them are one lead,
//! so that the figures are those of the one table the files were cut from.

use std::fs;
use std::path::Path;

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

/// The lively ledger as lines of text: the heading and 310 rows.
fn lively() -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("all.csv").to_string_lossy().into_owned();
    let ran = leadsheet(&["convert", &fixture("lead_ledger_lively.xlsx"), &out]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let text = fs::read_to_string(out).unwrap();
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.collect())
}

fn write(path: &Path, heading: &str, rows: &[impl AsRef<str>]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let rows: Vec<_> = rows.iter().map(AsRef::as_ref).collect();
    fs::write(path, format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
}

fn report(inputs: &[&str], options: &[&str]) -> Value {
    let mut arguments = vec!["report"];
    arguments.extend(inputs);
    arguments.extend(["--format", "json"]);
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    ran.json()
}

const FIGURES: [&str; 11] = [
    "rows",
    "leads",
    "total",
    "conversion",
    "funnel",
    "speed",
    "activity",
    "overdue",
    "quality",
    "cohorts",
    "credit",
];

#[test]
fn a_folder_of_months_gives_the_figures_of_the_one_table() {
    let (heading, rows) = lively();
    let folder = tempfile::tempdir().unwrap();
    let chunks: Vec<_> = rows.chunks(60).enumerate().collect();
    for (number, chunk) in &chunks {
        let path = folder
            .path()
            .join(format!("2025-{number}"))
            .join("跟进.csv");
        write(&path, &heading, chunk);
    }
    let whole = folder.path().join("all.csv");
    write(&whole, &heading, &rows);
    let whole = report(&[&whole.to_string_lossy()], &[]);
    fs::remove_file(folder.path().join("all.csv")).unwrap();

    let together = report(
        &[&folder.path().to_string_lossy()],
        &["--by", "source,grade,stage,folder"],
    );
    for figure in FIGURES {
        if figure == "conversion" {
            for key in ["source", "grade", "stage"] {
                assert_eq!(together[figure][key], whole[figure][key], "{key}");
            }
        } else {
            assert_eq!(together[figure], whole[figure], "{figure}");
        }
    }
    // Each lead stands in the folder of its latest follow-up, so the folders add up to the leads there are.
    let folders = together["conversion"]["folder"].as_array().unwrap();
    assert_eq!(folders.len(), chunks.len());
    let sum: u64 = folders.iter().map(|it| it["leads"].as_u64().unwrap()).sum();
    assert_eq!(whole["leads"], sum);

    // The files may be named in any order.
    let mut paths: Vec<_> = (0..chunks.len())
        .map(|number| {
            folder
                .path()
                .join(format!("2025-{number}"))
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    paths.reverse();
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    let backwards = report(&paths, &[]);
    for figure in FIGURES {
        assert_eq!(backwards[figure], whole[figure], "{figure}");
    }
}

/// Leads that were handed over stand in two people's files, and count for the person who had them last.
#[test]
fn a_file_of_each_person_gives_each_lead_once() {
    let (heading, rows) = lively();
    let folder = tempfile::tempdir().unwrap();
    let mut leads_in_files = 0;
    let people = ["何苗", "吴桐", "林柯", "周岚", "陈砚"];
    for person in people {
        let is_theirs = |row: &&String| row.contains(&format!(",{person},"));
        let theirs: Vec<_> = rows.iter().filter(is_theirs).collect();
        let path = folder.path().join(format!("{person}.csv"));
        write(&path, &heading, &theirs);
        let alone = report(&[&path.to_string_lossy()], &["--show", "none"]);
        leads_in_files += alone["leads"].as_u64().unwrap();
    }
    let together = report(&[&folder.path().to_string_lossy()], &["--by", "file,owner"]);
    let expected = fs::read_to_string(fixture("lead_ledger_lively.expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    for count in ["leads", "won", "lost"] {
        assert_eq!(
            together["total"][count], expected["total"][count],
            "{count}"
        );
    }
    assert!(
        leads_in_files > 100,
        "a sum over the files counts handed over leads twice"
    );
    let files = together["conversion"]["file"].as_array().unwrap();
    for theirs in expected["conversion"]["owner"].as_array().unwrap() {
        let person = theirs["key"].as_str().unwrap();
        let is_theirs = |it: &&Value| {
            it["key"]
                .as_str()
                .unwrap()
                .ends_with(&format!("{person}.csv"))
        };
        let ours = files.iter().find(is_theirs).unwrap();
        assert_eq!(
            (&ours["leads"], &ours["won"]),
            (&theirs["leads"], &theirs["won"]),
            "{person}"
        );
    }
}

/// Who was called in June's workbook is not due in May's.
#[test]
fn whom_to_call_is_asked_of_all_files_together() {
    let folder = tempfile::tempdir().unwrap();
    let heading = "线索编号,客户名称,线索等级,跟进日期,负责人,当前状态";
    write(
        &folder.path().join("5月.csv"),
        heading,
        &[
            "ZH-20250501-001,甲公司,A,2025-05-05,李雷,意向客户",
            "ZH-20250502-001,乙公司,A,2025-05-05,李雷,意向客户",
        ],
    );
    write(
        &folder.path().join("6月.csv"),
        heading,
        &["ZH-20250501-001,甲公司,A,2025-06-30,韩梅,意向客户"],
    );
    let ran = leadsheet(&["due", &folder.path().to_string_lossy(), "--format", "json"]);
    let due = ran.json()["due"].clone();
    let shown: Vec<_> = due
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["lead_id"], &it["due"]))
        .collect();
    assert_eq!(shown, [(&"ZH-20250502-001".into(), &"2025-05-07".into())]);
}
