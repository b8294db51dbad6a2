//! What cannot be read ends in one line that names the file, says what it is and what to do; status 2.

use leadsheet_cli::Status;

use crate::run::{fixture, leadsheet, root};

fn refused(path: &str, says: &[&str]) {
    for command in [&["check"][..], &["report"], &["inspect"], &[]] {
        let mut arguments = command.to_vec();
        arguments.push(path);
        let ran = leadsheet(&arguments);
        assert_eq!(
            ran.status,
            Status::Failed,
            "{command:?} {path}: {}{}",
            ran.out,
            ran.err
        );
        assert_eq!(
            ran.err.trim_end().lines().count(),
            1,
            "{command:?}: {}",
            ran.err
        );
        for word in says {
            assert!(
                ran.err.contains(word),
                "{command:?}: `{word}` is not in {}",
                ran.err
            );
        }
    }
}

#[test]
fn a_path_that_is_not_there() {
    refused("没有这个文件.xlsx", &["没有这个文件.xlsx", "no such file"]);
}

#[test]
fn a_folder_without_workbooks() {
    let folder = root().join("fixtures").join("make");
    let path = folder.to_string_lossy();
    for command in ["check", "report"] {
        let ran = leadsheet(&[command, &path]);
        assert_eq!(ran.status, Status::Failed);
        assert!(
            ran.err.contains("no workbook in this folder") && ran.err.contains(&*path),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_text_file_called_xlsx() {
    refused(
        &fixture("text_named.xlsx"),
        &["text_named.xlsx", "plain text", "save it as .xlsx"],
    );
}

#[test]
fn an_encrypted_workbook() {
    refused(
        &fixture("encrypted.xlsx"),
        &["encrypted.xlsx", "password", "remove"],
    );
    refused(
        &fixture("encrypted.xls"),
        &["encrypted.xls", "password", "remove"],
    );
}

#[test]
fn an_empty_file_and_a_cut_one() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.xls");
    std::fs::write(&empty, b"").unwrap();
    refused(&empty.to_string_lossy(), &["empty"]);
    let whole = std::fs::read(fixture("lead_ledger_sample.xlsx")).unwrap();
    let cut = folder.path().join("cut.xlsx");
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    refused(&cut.to_string_lossy(), &["cut.xlsx", "damaged"]);
}

#[test]
fn a_sheet_without_any_known_heading_is_a_finding() {
    let path = fixture("no_known_heading.xlsx");
    let ran = leadsheet(&["check", &path, "--format", "json"]);
    assert_eq!(ran.status, Status::Findings, "{}", ran.err);
    let document = ran.json();
    assert_eq!(document["findings"][0]["code"], "S101");
    assert_eq!(
        document["files"][0]["sheets"][0]["template"],
        serde_json::Value::Null
    );
    // Nothing can be counted in it, and that is a failure of the job.
    assert_eq!(leadsheet(&["report", &path]).status, Status::Failed);
}

#[test]
fn one_bad_file_among_good_ones_is_named_and_the_rest_is_done() {
    let (good, bad) = (
        fixture("lead_ledger_sample.xlsx"),
        fixture("encrypted.xlsx"),
    );
    let ran = leadsheet(&["check", &good, &bad, "--format", "json"]);
    assert_eq!(ran.status, Status::Failed);
    let document = ran.json();
    assert_eq!(document["files"][0]["error"], serde_json::Value::Null);
    assert!(
        document["files"][1]["error"]
            .as_str()
            .unwrap()
            .contains("password")
    );
    assert_eq!(document["files"][0]["sheets"][0]["rows"], 3);
}

#[test]
fn refusals_are_in_the_users_language() {
    let ran = leadsheet(&["check", &fixture("encrypted.xlsx"), "--lang", "zh"]);
    assert!(ran.err.contains("密码"), "{}", ran.err);
}
