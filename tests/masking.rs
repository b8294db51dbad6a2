//! A workbook that can be shared: what the command hides, what it says, and what it leaves.

use std::fs;
use std::path::Path;

use calamine::{Data, Reader as _};
use leadsheet_cli::Status;

use crate::run::{fixture, leadsheet, root};

const LIVELY: &str = "lead_ledger_lively.xlsx";

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Every cell of every sheet, by calamine.
fn cells(path: &Path) -> Vec<((usize, usize), Data)> {
    let mut workbook = calamine::open_workbook_auto(path).unwrap();
    let sheets = workbook.worksheets();
    let cells = sheets.iter().flat_map(|(_, range)| range.used_cells());
    cells
        .map(|(row, column, data)| ((row, column), data.clone()))
        .collect()
}

/// Eleven digits in a row beginning 13 to 19.
fn has_mobile(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]))
}

#[test]
fn a_masked_workbook_is_the_same_workbook_without_people() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        LIVELY,
        "lead_ledger_lively.xls",
        "order_tracking.xlsx",
        "communication_record.xlsx",
        "follow_up_form_person.xls",
    ] {
        let original = fixture(name);
        let out = folder.path().join(name);
        let ran = leadsheet(&["mask", &original, &text(&out), "--format", "json"]);
        assert_eq!(ran.status, Status::Clean, "{name}: {}", ran.err);
        let json = ran.json();
        assert_eq!(json["schema"], "leadsheet.mask/1");
        let (before, after) = (cells(Path::new(&original)), cells(&out));
        assert_eq!(before.len(), after.len(), "{name}");
        let changed = before
            .iter()
            .zip(&after)
            .filter(|(one, other)| one != other)
            .count();
        assert_eq!(json["cells"], changed, "{name}");
        assert!(
            changed > 0 && json["masked"]["phone"].as_u64().unwrap() > 0,
            "{name}"
        );
        for ((one, was), (other, is)) in before.iter().zip(&after) {
            assert_eq!(one, other);
            assert!(
                was == is || is.to_string().contains('*'),
                "{name} {one:?}: {is}"
            );
            assert!(!has_mobile(&is.to_string()), "{name} {one:?}: {is}");
        }
        assert!(
            !has_mobile(&ran.err) && !has_mobile(&ran.out),
            "{name}: a number in what is said"
        );
    }
}

#[test]
fn the_masked_table_has_as_many_rows_and_leads_and_its_masks_are_no_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("可分享.xlsx");
    leadsheet(&["mask", &fixture(LIVELY), &text(&out), "-q"]);
    let before = leadsheet(&["check", &fixture(LIVELY), "--format", "json"]).json();
    let after = leadsheet(&["check", &text(&out), "--format", "json"]).json();
    for key in ["rows", "leads"] {
        assert_eq!(before["summary"][key], after["summary"][key], "{key}");
    }
    // C4…: what is wrong with phones, e-mail and other ways to reach people. Those of the original may go, none may come.
    let of_contacts = |json: &serde_json::Value| {
        let findings = json["findings"].as_array().unwrap().iter();
        let of_it =
            findings.filter(|finding| finding["field"] == "phone" || finding["field"] == "contact");
        of_it
            .filter(|finding| finding["code"].as_str().unwrap().starts_with('C'))
            .map(|finding| finding["cell"].to_string())
            .collect::<Vec<_>>()
    };
    let (was, is) = (of_contacts(&before), of_contacts(&after));
    let new: Vec<_> = is.iter().filter(|cell| !was.contains(cell)).collect();
    assert!(new.is_empty(), "{new:?}");
}

#[test]
fn other_formats_are_written_anew_and_hold_nobody_either() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["csv", "json", "xls"] {
        let out = folder.path().join(format!("线索.{ending}"));
        let ran = leadsheet(&["mask", &fixture("synonym_headings.xlsx"), &text(&out)]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        let bytes = fs::read(&out).unwrap();
        let wide: Vec<u8> = "许宁".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for secret in ["许宁".as_bytes(), b"13800000501", &wide] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret),
                "{ending}"
            );
        }
    }
}

#[test]
fn csv_in_is_csv_out() {
    let folder = tempfile::tempdir().unwrap();
    let (given, out) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    fs::write(&given, "线索编号,客户名称,联系人,联系方式,跟进日期,跟进方式,备注\nZY-20240520-001,北辰机电有限公司,张三,13800138000,2024-05-20,电话,张三很急\n").unwrap();
    let ran = leadsheet(&["mask", &text(&given), &text(&out), "--companies"]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let written = fs::read_to_string(&out).unwrap();
    assert_eq!(
        written.trim_start_matches('\u{feff}').trim_end(),
        "线索编号,客户名称,联系人,联系方式,跟进日期,跟进方式,备注\r\nZY-20240520-001,北***,张*,138****8000,2024-05-20,电话,张*很急"
    );
}

#[test]
fn in_place_keeps_the_old_file_and_says_that_it_is_not_to_be_shared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("客户跟进.xlsx");
    fs::copy(fixture(LIVELY), &path).unwrap();
    let refused = leadsheet(&["mask", &text(&path), &text(&path)]);
    assert_eq!(refused.status, Status::Failed);
    assert!(refused.err.contains("--in-place"), "{}", refused.err);
    let ran = leadsheet(&["mask", &text(&path), "--in-place"]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let backup = folder.path().join("客户跟进.xlsx.bak");
    assert_eq!(
        fs::read(&backup).unwrap(),
        fs::read(fixture(LIVELY)).unwrap()
    );
    assert!(
        ran.err.contains("do not share") && ran.err.contains("客户跟进.xlsx.bak"),
        "{}",
        ran.err
    );
}

#[test]
fn people_can_be_told_apart_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let (given, out) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    fs::write(&given, "联系人,联系方式,跟进日期,跟进方式,负责人\n张三,13800138000,2024-05-20,电话,李雷\n张伟,13800138001,2024-05-21,电话,李雷\n张三,13800138000,2024-05-22,微信,李雷\n").unwrap();
    let ran = leadsheet(&["mask", &text(&given), &text(&out), "--number", "--staff"]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let written = fs::read_to_string(&out).unwrap();
    let names: Vec<_> = written
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(names, ["张*1", "张*2", "张*1"]);
    assert!(!written.contains("李雷"), "{written}");
}

#[test]
fn every_real_workbook_is_masked_or_refused() {
    let default = root().join("../../shared/corpus");
    let corpus = std::env::var_os("LEADSHEET_CORPUS").map_or(default, Into::into);
    let Ok(entries) = fs::read_dir(corpus.join("files")) else {
        eprintln!("no corpus at {}: nothing checked", corpus.display());
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut masked = 0;
    for file in files {
        let ending = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if !["xlsx", "xlsm", "xls"].contains(&&*ending) {
            continue;
        }
        let out = folder.path().join(format!("masked.{ending}"));
        let ran = leadsheet(&["mask", &text(&file), &text(&out)]);
        if ran.status == Status::Failed {
            assert!(
                !ran.err.contains("still name"),
                "{}: {}",
                file.display(),
                ran.err
            );
            continue;
        }
        masked += 1;
        let opened = leadsheet(&["inspect", &text(&out)]);
        assert_eq!(
            opened.status,
            Status::Clean,
            "{}: {}",
            file.display(),
            opened.err
        );
    }
    assert!(masked > 150, "{masked}");
}
