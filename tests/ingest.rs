//! A folder of tables says what its workbooks say, and is made anew only where they changed.

use std::fs;
use std::path::Path;

use leadsheet_cli::Status;

use crate::run::{Ran, fixture, leadsheet};

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// Two workbooks, one of them with two tables, and a file that is none.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let books = folder.path().join("books");
        fs::create_dir(&books).unwrap();
        for name in ["lead_ledger_lively.xlsx", "two_sheets.xlsx"] {
            fs::copy(fixture(name), books.join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn ingest(&self, options: &[&str]) -> Ran {
        let (books, out) = (self.path("books"), self.path("out"));
        let mut arguments = vec!["ingest", &books, "--out", &out];
        arguments.extend(options);
        leadsheet(&arguments)
    }

    fn tables(&self) -> Vec<String> {
        let entries = fs::read_dir(Path::new(&self.path("out")).join("tables")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn reports_checks_and_questions_give_what_the_workbooks_give() {
    let desk = Desk::new();
    let ran = desk.ingest(&[]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    assert_eq!(desk.tables().len(), 3);
    let (books, out) = (desk.path("books"), desk.path("out"));
    let reports = [&books, &out].map(|path| {
        leadsheet(&[
            "report",
            path,
            "--by",
            "source,file,sheet",
            "--format",
            "json",
        ])
        .json()
    });
    // 310, 5 and 3 by `fixtures/README.md`.
    assert_eq!(reports[0]["rows"], 318);
    assert_eq!(reports[0], reports[1]);
    let query = "SELECT file, sheet, row, lead_id, customer, follow_up_date, stage FROM follow_ups ORDER BY file, sheet, row";
    let answers =
        [&books, &out].map(|path| leadsheet(&["sql", query, path, "--format", "csv"]).out);
    assert_eq!(answers[0].lines().count(), 319);
    assert_eq!(answers[0], answers[1]);
    let found = [&books, &out].map(|path| {
        let mut lines: Vec<_> = leadsheet(&["check", path, "--format", "csv"])
            .out
            .lines()
            .map(ToOwned::to_owned)
            .collect();
        lines.sort();
        lines
    });
    assert!(found[0].len() > 50);
    assert_eq!(found[0], found[1]);
}

#[test]
fn only_what_changed_is_read_again() {
    let desk = Desk::new();
    assert!(
        desk.ingest(&[])
            .out
            .starts_with("2 workbooks new, 0 changed, 0 unchanged")
    );
    let before = desk.tables();
    let again = desk.ingest(&[]);
    assert!(
        again
            .out
            .starts_with("0 workbooks new, 0 changed, 2 unchanged"),
        "{}",
        again.out
    );
    assert_eq!(desk.tables(), before);
    // Saved once more as it was: another time, the same bytes.
    let book = desk.path("books/two_sheets.xlsx");
    let bytes = fs::read(&book).unwrap();
    fs::write(&book, bytes).unwrap();
    assert!(desk.ingest(&[]).out.contains("0 changed, 2 unchanged"));
    fs::copy(fixture("lead_ledger_sample.xlsx"), &book).unwrap();
    let changed = desk.ingest(&[]);
    assert!(
        changed
            .out
            .starts_with("0 workbooks new, 1 changed, 1 unchanged"),
        "{}",
        changed.out
    );
    assert_eq!(desk.tables().len(), 2);
    let rows = leadsheet(&[
        "sql",
        "SELECT COUNT(*) AS n FROM follow_ups",
        &desk.path("out"),
        "--format",
        "json",
    ]);
    assert_eq!(rows.json()["rows"][0]["n"], 313);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_rest_goes_on() {
    let desk = Desk::new();
    fs::copy(fixture("encrypted.xlsx"), desk.path("books/locked.xlsx")).unwrap();
    let ran = desk.ingest(&[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("locked.xlsx") && ran.err.contains("password"),
        "{}",
        ran.err
    );
    assert_eq!(desk.tables().len(), 3);
}

#[test]
fn a_workbook_that_is_gone_keeps_its_tables_until_they_are_pruned() {
    let desk = Desk::new();
    desk.ingest(&[]);
    fs::remove_file(desk.path("books/two_sheets.xlsx")).unwrap();
    let ran = desk.ingest(&[]);
    assert_eq!(ran.status, Status::Clean);
    assert!(
        ran.err.contains("two_sheets.xlsx") && ran.err.contains("--prune"),
        "{}",
        ran.err
    );
    assert_eq!(desk.tables().len(), 3);
    desk.ingest(&["--prune"]);
    assert_eq!(desk.tables().len(), 1);
}

#[test]
fn a_folder_among_its_workbooks_does_not_take_in_itself() {
    let desk = Desk::new();
    let (books, out) = (desk.path("books"), desk.path("books/out"));
    for expected in ["2 workbooks new", "0 workbooks new, 0 changed, 2 unchanged"] {
        let ran = leadsheet(&["ingest", &books, "--out", &out]);
        assert!(ran.out.starts_with(expected), "{}", ran.out);
    }
}

/// A run that was cut off before the manifest was written leaves tables that nobody counts.
#[test]
fn tables_that_the_manifest_does_not_name_are_not_read() {
    let desk = Desk::new();
    desk.ingest(&[]);
    let name = &desk.tables()[0];
    let stray = desk.path("out/tables/stray.parquet");
    fs::copy(desk.path(&format!("out/tables/{name}")), &stray).unwrap();
    let count = || {
        let query = "SELECT COUNT(*) AS n FROM follow_ups";
        leadsheet(&["sql", query, &desk.path("out"), "--format", "json"]).json()["rows"][0]["n"]
            .clone()
    };
    assert_eq!(count(), 318);
    desk.ingest(&[]);
    assert!(!Path::new(&stray).exists());
    assert_eq!(count(), 318);
}
