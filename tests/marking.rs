//! People get their own workbook back: marked, put right, and clean again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use calamine::{Data, Reader as _};
use leadsheet_cli::Status;

use crate::run::{Ran, fixture, leadsheet};

const LIVELY: &str = "lead_ledger_lively.xlsx";

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn check(arguments: &[&str]) -> Ran {
    let mut all = vec!["check"];
    all.extend(arguments);
    leadsheet(&all)
}

/// The unpacked parts of a package.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for position in 0..archive.len() {
        let mut part = archive.by_index(position).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.insert(part.name().unwrap().into_owned(), content);
    }
    parts
}

/// Cells of a sheet by calamine.
fn cells(path: &Path, sheet: &str) -> Vec<(usize, usize, Data)> {
    let mut workbook = calamine::open_workbook_auto(path).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let cells = range.used_cells();
    cells
        .map(|(row, column, data)| (row, column, data.clone()))
        .collect()
}

#[test]
fn every_finding_is_marked_in_a_copy_and_nothing_else_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (original, out) = (fixture(LIVELY), folder.path().join("已检查.xlsx"));
    let plain = check(&[&original, "--format", "json"]);
    let ran = check(&[&original, "--format", "json", "--annotate", &text(&out)]);
    assert_eq!((ran.status, &ran.out), (Status::Findings, &plain.out));
    assert!(ran.err.contains("cells marked"), "{}", ran.err);
    let original = Path::new(&original);
    assert_eq!(cells(original, "线索跟进"), cells(&out, "线索跟进"));

    let findings = plain.json()["findings"].as_array().unwrap().clone();
    let listed = cells(&out, "Findings");
    let heading = listed
        .iter()
        .position(|(_, column, data)| *column == 1 && *data == "code");
    let heading = listed[heading.unwrap()].0;
    let column = |wanted: usize| -> Vec<String> {
        let of_it = listed
            .iter()
            .filter(|(row, column, _)| *column == wanted && *row > heading);
        of_it.map(|(_, _, data)| data.to_string()).collect()
    };
    let keys = |key: &str| -> Vec<String> {
        let values = findings
            .iter()
            .map(|finding| finding[key].as_str().unwrap_or_default());
        values.map(str::to_owned).collect()
    };
    assert_eq!(column(1), keys("code"));
    // What is said of a sheet as a whole has no cell.
    let marked: Vec<_> = keys("cell")
        .into_iter()
        .filter(|cell| !cell.is_empty())
        .collect();
    assert_eq!(column(3), marked);
    // Whose row it is, and above the list a line for each of them.
    let owned: Vec<_> = keys("owner")
        .into_iter()
        .filter(|owner| !owner.is_empty())
        .collect();
    assert_eq!(column(4), owned);
    let persons = plain.json()["summary"]["by_person"].clone();
    let persons: Vec<(String, String)> = persons
        .as_array()
        .unwrap()
        .iter()
        .map(|person| {
            let name = person["owner"].as_str().unwrap_or("(no owner)");
            let counts = ["errors", "warnings", "infos"].map(|key| &person[key]);
            let [errors, warnings, infos] = counts;
            let share = format!("{errors} errors, {warnings} warnings, {infos} infos");
            (name.to_owned(), share)
        })
        .collect();
    let above = |wanted: usize| {
        let of_it = listed
            .iter()
            .filter(move |(row, column, _)| *column == wanted && *row < heading);
        of_it.map(|(_, _, data)| data.to_string()).skip(1)
    };
    let shares = above(7).map(|share| share.split(':').next().unwrap_or_default().to_owned());
    assert_eq!(above(6).zip(shares).collect::<Vec<_>>(), persons);
    let comments = parts(&out).remove("xl/leadsheetComments.xml").unwrap();
    let comments = String::from_utf8(comments).unwrap();
    for cell in marked {
        assert!(
            comments.contains(&format!("ref=\"{cell}\"")),
            "no note on {cell}"
        );
    }
}

#[test]
fn the_words_are_in_the_language_of_the_workbook_unless_asked_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.xlsx");
    for (file, lang, sheet) in [
        (LIVELY, "auto", "检查结果"),
        (LIVELY, "en", "Findings"),
        (LIVELY, "zh", "检查结果"),
        ("english_headings.xlsx", "auto", "Findings"),
    ] {
        let ran = leadsheet(&[
            "check",
            &fixture(file),
            "--annotate",
            &text(&out),
            "--lang",
            lang,
        ]);
        assert_ne!(ran.status, Status::Failed, "{}", ran.err);
        let names = calamine::open_workbook_auto(&out).unwrap().sheet_names();
        assert!(
            names.iter().any(|name| name == sheet),
            "{file} {lang}: {names:?}"
        );
    }
}

#[test]
fn marking_a_marked_workbook_changes_nothing_and_checking_it_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("一.xlsx"), folder.path().join("二.xlsx"));
    let first = check(&[
        &fixture(LIVELY),
        "--format",
        "csv",
        "--annotate",
        &text(&one),
    ]);
    let second = check(&[&text(&one), "--format", "csv", "--annotate", &text(&other)]);
    assert_eq!(fs::read(&one).unwrap(), fs::read(&other).unwrap());
    let without_path = |ran: &Ran| -> Vec<String> {
        let lines = ran.out.lines().skip(1);
        lines
            .map(|line| line.split_once(',').unwrap().1.to_owned())
            .collect()
    };
    assert!(without_path(&first).len() > 50);
    assert_eq!(without_path(&first), without_path(&second));
}

#[test]
fn clean_gives_every_part_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (marked, clean) = (
        folder.path().join("marked.xlsx"),
        folder.path().join("clean.xlsx"),
    );
    for file in [
        LIVELY,
        "two_sheets.xlsx",
        "follow_up_statistics_sample.xlsx",
        "empty.xlsx",
    ] {
        check(&[&fixture(file), "--annotate", &text(&marked)]);
        let ran = leadsheet(&["clean", &text(&marked), &text(&clean)]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        assert_eq!(parts(&clean), parts(Path::new(&fixture(file))), "{file}");
    }
    let again = leadsheet(&["clean", &text(&clean), &text(&marked)]);
    assert_eq!(again.status, Status::Failed);
    assert!(again.err.contains("nothing to take out"), "{}", again.err);
    assert_eq!(
        leadsheet(&["clean", "missing.xlsx", "a.xlsx"]).status,
        Status::Failed
    );
}

#[test]
fn nothing_is_marked_in_place_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("跟进.xlsx");
    fs::copy(fixture(LIVELY), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let shown = text(&path);
    for refused in [
        &["check", &shown, "--annotate", &shown][..],
        &["clean", &shown, &shown],
        &["clean", &shown],
    ] {
        let ran = leadsheet(refused);
        assert_eq!(ran.status, Status::Failed, "{refused:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    for options in [&["--in-place"][..], &["--annotate", &shown, "--in-place"]] {
        let mut arguments = vec!["check", shown.as_str()];
        arguments.extend(options);
        let ran = leadsheet(&arguments);
        assert_eq!(ran.status, Status::Findings, "{}", ran.err);
        assert_ne!(fs::read(&path).unwrap(), before);
    }
    let backup = folder.path().join("跟进.xlsx.bak");
    assert!(backup.exists());
    assert_eq!(
        leadsheet(&["clean", &shown, "--in-place"]).status,
        Status::Clean
    );
    assert_eq!(parts(&path), parts(Path::new(&fixture(LIVELY))));
}

#[test]
fn several_workbooks_go_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("一月"), folder.path().join("二月"));
    for folder in [&one, &other] {
        fs::create_dir(folder).unwrap();
        fs::copy(fixture("lead_ledger_sample.xlsx"), folder.join("跟进.xlsx")).unwrap();
    }
    fs::copy(fixture("lead_ledger_sample.xls"), other.join("旧表.xls")).unwrap();
    fs::write(
        other.join("网页.csv"),
        "线索编号,客户名称\nZH-20250310-001,甲\n",
    )
    .unwrap();
    let out = folder.path().join("已检查");
    let ran = check(&[&text(&one), &text(&other), "--annotate", &text(&out)]);
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["旧表.xls", "跟进 (2).xlsx", "跟进.xlsx"]);
    // What cannot be marked is named, with what to do; the others are there all the same.
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("网页.csv") && ran.err.contains("leadsheet convert"),
        "{}",
        ran.err
    );
}

#[test]
fn what_cannot_be_marked_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(&folder.path().join("a.xlsx"));
    let sample = fixture("lead_ledger_sample.xlsx");
    let elsewhere = tempfile::tempdir().unwrap();
    let csv = text(&elsewhere.path().join("表.csv"));
    fs::write(&csv, "线索编号,客户名称\nZH-20250310-001,甲\n").unwrap();
    for (arguments, said) in [
        (
            vec![csv.clone(), "--annotate".into(), out.clone()],
            "convert",
        ),
        (
            vec![
                sample.clone(),
                "--annotate".into(),
                text(&folder.path().join("a.xls")),
            ],
            ".xlsx",
        ),
        (
            vec![
                sample.clone(),
                "--annotate".into(),
                out.clone(),
                "--fix".into(),
                out.clone(),
            ],
            "--fix",
        ),
        (
            vec!["-".into(), "--annotate".into(), out.clone()],
            "standard input",
        ),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = check(&arguments);
        assert_eq!(ran.status, Status::Failed, "{arguments:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_can_be_put_right_without_asking_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("改好.xlsx");
    let original = fixture(LIVELY);
    let ran = check(&[&original, "--fix", &text(&out)]);
    assert_eq!(ran.status, Status::Findings, "{}", ran.err);
    let (before, after) = (
        cells(Path::new(&original), "线索跟进"),
        cells(&out, "线索跟进"),
    );
    let changed: Vec<_> = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .collect();
    // The two planted mistakes that need no asking: I89 and B154.
    let places: Vec<_> = changed.iter().map(|(one, _)| (one.0, one.1)).collect();
    assert_eq!(places, [(88, 8), (153, 1)]);
    let [date, name] = [&changed[0].1.2, &changed[1].1.2];
    assert!(
        matches!(date, Data::DateTime(date) if (date.as_f64() - 45_721.0).abs() < 1e-9),
        "{date:?}"
    );
    assert_eq!(name.to_string(), "云渡半夏食品有限公司");
}
