//! A report written to a file says what the report on the terminal says.

use std::fs;

use calamine::{Data, Reader, Xlsx, open_workbook};
use leadsheet_cli::Status;

use crate::run::{fixture, leadsheet};

fn written(file: &str, ending: &str, options: &[&str]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("转化.{ending}"));
    let (input, out) = (fixture(file), path.to_string_lossy().into_owned());
    let mut arguments = vec!["report", &input, "--out", &out];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    assert_eq!(ran.out, "");
    (folder, path)
}

/// Key, leads, won and rate of every source.
fn as_json(file: &str) -> Vec<(String, f64, f64, f64)> {
    let ran = leadsheet(&["report", &fixture(file), "--format", "json"]);
    let report = ran.json();
    let groups = report["conversion"]["source"].as_array().unwrap().clone();
    let of_group = |group: &serde_json::Value| {
        let number = |key: &str| group[key].as_f64().unwrap();
        let key = group["key"].as_str().unwrap().to_owned();
        (key, number("leads"), number("won"), number("rate"))
    };
    groups.iter().map(of_group).collect()
}

#[test]
fn a_workbook_holds_the_figures_of_the_report_as_numbers() {
    for file in ["lead_ledger_lively.xlsx", "lead_ledger_sample.xls"] {
        let (_folder, path) = written(file, "xlsx", &["--lang", "zh"]);
        let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
        let sheet = workbook.worksheet_range("线索来源").unwrap();
        let expected = as_json(file);
        let mut rows = sheet.rows().skip_while(|row| row[0] != "线索来源").skip(1);
        for (key, leads, won, rate) in expected {
            let row = rows.next().unwrap();
            assert_eq!(row[0], Data::String(key));
            assert_eq!((&row[1], &row[2]), (&Data::Float(leads), &Data::Float(won)));
            assert_eq!(row[5], Data::Float(rate));
        }
        assert_eq!(rows.next().unwrap()[0], Data::String("合计".to_owned()));
    }
}

#[test]
fn a_page_needs_nothing_else_and_shows_what_the_terminal_shows() {
    for language in ["zh", "en"] {
        let options = ["--by", "source,month,source*grade", "--lang", language];
        let (_folder, path) = written("lead_ledger_lively.xlsx", "html", &options);
        let page = fs::read_to_string(path).unwrap();
        for outside in ["http:", "https:", "//", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside} in the page");
        }
        for shown in [
            "26.3 %",
            "11.8 % – 48.8 %",
            // A slash, as the page escapes it.
            "5&#x2f;19",
            "prefers-color-scheme: dark",
        ] {
            assert!(page.contains(shown), "{shown} is not in the page");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
        assert!(page.matches("<svg").count() >= 5);
    }
}

/// What stands in a sheet is text on the page, whatever it looks like.
#[test]
fn a_source_with_markup_in_its_name_stays_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("a.csv"), folder.path().join("a.html"));
    let name = "<script>alert(1)</script>&\"x";
    let quoted = name.replace('"', "\"\"");
    let rows = format!(
        "线索编号,客户名称,线索来源,跟进日期,当前状态\nA1,甲,\"{quoted}\",2025-01-01,成交客户\nA2,乙,展会,2025-01-02,潜在客户\n"
    );
    fs::write(&input, rows).unwrap();
    let (input, out) = (input.to_string_lossy(), out.to_string_lossy());
    let ran = leadsheet(&["report", &input, "--out", &out]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let page = fs::read_to_string(out.as_ref()).unwrap();
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
}

/// Whatever the cells of 联系方式 hold in a fixture: numbers, addresses.
fn contacts(file: &str) -> Vec<String> {
    let mut workbook: Xlsx<_> = open_workbook(fixture(file)).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let is_heading = |row: &&[Data]| row.iter().any(|cell| *cell == "联系方式");
    let heading = sheet.rows().find(is_heading).unwrap();
    let column = heading.iter().position(|cell| *cell == "联系方式").unwrap();
    let below = sheet.rows().skip_while(|row| !is_heading(row)).skip(1);
    let mut contacts: Vec<_> = below.map(|row| row[column].to_string()).collect();
    contacts.retain(|it| it.len() > 5);
    contacts.sort();
    contacts.dedup();
    contacts
}

/// All that a file says: of a package, all its parts.
fn said(path: &std::path::Path) -> String {
    let bytes = fs::read(path).unwrap();
    let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(&bytes)) else {
        return String::from_utf8(bytes).unwrap();
    };
    let mut text = String::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut part, &mut bytes).unwrap();
        text += &String::from_utf8_lossy(&bytes);
    }
    text
}

fn told<'c>(contacts: &'c [String], text: &str) -> Vec<&'c String> {
    contacts
        .iter()
        .filter(|it| text.contains(it.as_str()))
        .collect()
}

#[test]
fn no_contact_of_a_customer_is_in_a_report_unless_it_is_asked_for() {
    for (file, least) in [("lead_ledger_lively.xlsx", 60), ("orders_lively.xlsx", 200)] {
        let contacts = contacts(file);
        assert!(contacts.len() > least, "{}", contacts.len());
        let by = "source,grade,stage,owner,month,customer,file";
        for ending in ["html", "json", "csv", "xlsx"] {
            let (_folder, path) = written(file, ending, &["--by", by, "--show", "all"]);
            assert_eq!(
                told(&contacts, &said(&path)),
                Vec::<&String>::new(),
                "{ending}"
            );
        }
        let (_folder, path) = written(file, "json", &["--by", "phone"]);
        assert!(told(&contacts, &said(&path)).len() > least);
    }
}

#[test]
fn no_contact_is_in_the_list_of_whom_to_call_unless_it_is_asked_for() {
    let contacts = contacts("lead_ledger_lively.xlsx");
    let folder = tempfile::tempdir().unwrap();
    for ending in ["ics", "json", "xlsx"] {
        let out = folder.path().join(format!("跟进.{ending}"));
        let (input, path) = (
            fixture("lead_ledger_lively.xlsx"),
            out.to_string_lossy().into_owned(),
        );
        let due = |more: &[&str]| {
            let mut arguments = vec!["due", &input, "--out", &path];
            arguments.extend(more);
            let ran = leadsheet(&arguments);
            assert_eq!(ran.status, Status::Clean, "{}", ran.err);
            // A calendar breaks its lines.
            said(&out).replace("\r\n ", "")
        };
        assert_eq!(
            told(&contacts, &due(&[])),
            Vec::<&String>::new(),
            "{ending}"
        );
        assert!(
            told(&contacts, &due(&["--contacts"])).len() > 20,
            "{ending}"
        );
    }
}

#[test]
fn a_file_of_another_kind_is_refused_with_the_kinds_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pdf").to_string_lossy().into_owned();
    let ran = leadsheet(&["report", &fixture("lead_ledger_sample.xlsx"), "--out", &out]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains(".xlsx, .html, .json or .csv"),
        "{}",
        ran.err
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
