//! Import forms of CRMs: what is written, what is said beforehand, and that such files are read like any other table.

use std::path::{Path, PathBuf};

use calamine::{Data, DataType, Reader, Xlsx};
use leadsheet_cli::Status;
use tempfile::TempDir;

use crate::run::{Ran, fixture, leadsheet};

const LEDGER: &str = "线索编号,客户名称,线索来源,联系人,联系方式,线索等级,初始需求,跟进日期,跟进方式,沟通内容摘要,客户反馈,下一步计划,负责人,当前状态";

/// A folder with a ledger of these rows in it.
fn ledger(rows: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("跟进.csv");
    let text = format!("{LEDGER}\n{}\n", rows.join("\n"));
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn convert(from: &Path, to: &Path, crm: &str, options: &[&str]) -> Ran {
    let (from, to) = (from.to_string_lossy(), to.to_string_lossy());
    let mut arguments = vec!["convert", &*from, &*to, "--to", crm];
    arguments.extend(options);
    leadsheet(&arguments)
}

/// The records of a CSV file, after checking that it is UTF-8 with a byte order mark.
fn records(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark");
    // Quoted fields are read here by hand: the crate that wrote them shall not be its own witness.
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let record = records.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                record.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => records.push(vec![String::new()]),
            other => record.last_mut().unwrap().push(other),
        }
    }
    records.pop();
    records
}

/// The rows of the first sheet, as calamine reads them.
fn rows(path: &Path) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// Headings as the makers' own pages and programs give them.
#[test]
fn each_crm_gets_its_headings_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let source = PathBuf::from(fixture("lead_ledger_lively.xlsx"));
    for (crm, headings) in [
        (
            "salesforce",
            "First Name,Last Name,Company,Title,Phone,Mobile Phone,Email,Lead Source,Lead Status,Rating,Industry,Record Owner,City,Description",
        ),
        (
            "zoho",
            "Lead Owner,Company,First Name,Last Name,Title,Phone,Mobile,Email,Lead Source,Lead Status,Rating,Industry,City,Description",
        ),
        (
            "zoho-zh",
            "线索所有者,公司*,名,姓*,职务,电话,手机,邮件,线索来源,线索状态,评级,行业,城市,描述",
        ),
        (
            "hubspot",
            "First name,Last name,Email,Phone number,Mobile phone number,Company name,Job title,Lead status,Lifecycle stage,Industry,Contact owner,City",
        ),
    ] {
        let out = folder.path().join(format!("{crm}.csv"));
        let ran = convert(&source, &out, crm, &[]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        let records = records(&out);
        assert_eq!(records[0].join(","), headings);
        // The fixture's own list says a hundred leads in 310 rows.
        assert_eq!(records.len(), 101, "{crm}");
        assert!(ran.err.contains("310"), "{}", ran.err);
    }
    for (crm, first, headings) in [
        (
            "wukong",
            Some("线索导入模板(*)为必填项"),
            "线索名称(*),邮箱,线索来源,手机,电话,地址,客户行业,客户级别,下次联系时间,备注",
        ),
        (
            "fxiaoke",
            None,
            "姓名,公司,电话,手机,邮件,来源,线索阶段,负责人,下次跟进时间,地址,备注",
        ),
    ] {
        let out = folder.path().join(format!("{crm}.xlsx"));
        let ran = convert(&source, &out, crm, &[]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        let rows = rows(&out);
        let heading_row = usize::from(first.is_some());
        if let Some(first) = first {
            assert_eq!(rows[0][0], Data::String(first.to_owned()));
        }
        let shown: Vec<String> = rows[heading_row].iter().map(ToString::to_string).collect();
        assert_eq!(shown.join(","), headings);
        assert_eq!(rows.len(), heading_row + 101, "{crm}");
        // Nothing but texts: 00123 must not become 123.
        let is_text = |cell: &Data| matches!(cell, Data::String(_) | Data::Empty);
        assert!(rows.iter().flatten().all(is_text), "{crm}");
        assert_eq!(
            ran.err.contains("compare them"),
            crm == "fxiaoke",
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_lead_is_one_record_with_its_latest_facts() {
    let (folder, source) = ledger(&[
        "展会-20250601-001,北辰机电,行业展会,李雷,010-84664163,B,传感器,2025-06-01,电话,初谈,可以,韩梅6月5日寄样品,韩梅,潜在客户",
        "展会-20250601-001,北辰机电,官网注册,李雷,13800000001、li@example.com,A,,2025-06-09,拜访,签约,好,,李明,成交客户",
        "官网-20250602-001,南汀贸易,官网,John Smith,微信：nt_2025,C,,2025-06-02,微信,问价,,韩梅6月9日回访,韩梅,流失",
    ]);
    let out = folder.path().join("leads.csv");
    let ran = convert(&source, &out, "salesforce", &[]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let records = records(&out);
    let record = |index: usize| {
        let named = records[0].iter().zip(&records[index]);
        named
            .filter(|(_, value)| !value.is_empty())
            .map(|(heading, value)| format!("{heading}={value}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        record(1),
        [
            "Last Name=李雷",
            "Company=北辰机电",
            "Mobile Phone=13800000001",
            "Email=li@example.com",
            // Where it first came from; everything else is the latest.
            "Lead Source=行业展会",
            "Lead Status=Closed - Converted",
            "Rating=Hot",
            "Record Owner=李明",
            "Description=线索编号：展会-20250601-001\n跟进日期：2025-06-09\n跟进方式：拜访\n沟通内容摘要：签约\n客户反馈：好\n初始需求：传感器",
        ]
    );
    assert_eq!(
        record(2),
        [
            "First Name=John",
            "Last Name=Smith",
            "Company=南汀贸易",
            "Lead Source=官网注册",
            "Lead Status=Closed - Not Converted",
            "Rating=Cold",
            "Record Owner=韩梅",
            // No column for a WeChat id: the whole cell is kept.
            "Description=线索编号：官网-20250602-001\n联系方式：微信：nt_2025\n跟进日期：2025-06-02\n跟进方式：微信\n沟通内容摘要：问价\n下一步计划：韩梅6月9日回访",
        ]
    );
    assert_eq!(records.len(), 3);
}

#[test]
fn what_the_crm_will_refuse_is_named_by_its_cell_and_written_all_the_same() {
    let (folder, source) = ledger(&[
        "展会-20250601-001,北辰机电,行业展会,,13800000001,B,,2025-06-01,电话,初谈,,,韩梅,潜在客户",
        "展会-20250601-002,,行业展会,李雷,13800000002,B,,2025-06-01,电话,初谈,,,韩梅,潜在客户",
        "展会-20250601-003,南汀贸易,行业展会,王芳,13800000003,B,,2025-06-01,电话,初谈,,,韩梅,潜在客户",
    ]);
    let out = folder.path().join("leads.csv");
    let ran = convert(&source, &out, "salesforce", &[]);
    assert_eq!(ran.status, Status::Findings);
    assert!(
        ran.err.contains("跟进!D2: nothing for Last Name"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("跟进!B3: nothing for Company"),
        "{}",
        ran.err
    );
    assert!(
        !ran.err.contains("!D4") && !ran.err.contains("!B4"),
        "{}",
        ran.err
    );
    assert_eq!(records(&out).len(), 4);
    // HubSpot is content with a name or an e-mail address.
    let ran = convert(&source, &out, "hubspot", &[]);
    assert!(
        ran.err
            .contains("跟进!D2: nothing for First name / Last name / Email"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("!B3"), "{}", ran.err);
}

#[test]
fn a_person_in_the_customer_column_is_no_company() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("leads.csv");
    let source = PathBuf::from(fixture("follow_up_statistics_sample.xlsx"));
    let ran = convert(&source, &out, "salesforce", &[]);
    assert_eq!(ran.status, Status::Findings, "{}", ran.err);
    let records = records(&out);
    assert_eq!((&*records[1][1], &*records[1][2]), ("客户1", ""));
    assert!(ran.err.contains("nothing for Company"), "{}", ran.err);
}

#[test]
fn wukong_takes_ten_thousand_at_a_time_and_its_own_time_of_day() {
    let rows: Vec<String> = (0..10_001)
        .map(|number| {
            format!("A{number},客户{number},行业展会,李雷,,B,,2025-06-01,电话,初谈,,,韩梅,潜在客户")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (folder, source) = ledger(&rows);
    let out = folder.path().join("leads.xlsx");
    let ran = convert(&source, &out, "wukong", &[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("10001") && ran.err.contains("10000"),
        "{}",
        ran.err
    );
    assert!(!out.exists());
    let source = folder.path().join("计划.csv");
    let text = format!(
        "{LEDGER},计划跟进日期\nA1,北辰机电,客户转介绍,李雷,13800000001,A,,2025-06-01,电话,{},,,韩梅,潜在客户,2025/7/8\n",
        "很长的摘要".repeat(60)
    );
    std::fs::write(&source, text).unwrap();
    let ran = convert(&source, &out, "wukong", &[]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let rows = self::rows(&out);
    let shown = |column: usize| rows[2][column].to_string();
    assert_eq!(shown(2), "转介绍");
    assert_eq!(shown(7), "A（重点客户）");
    assert_eq!(shown(8), "2025-07-08 00:00:00");
    // 备注 takes 255 characters; what is longer is left out and told, not cut in the middle.
    assert!(
        shown(9).contains("联系人：李雷") && !shown(9).contains("很长的摘要"),
        "{}",
        shown(9)
    );
    assert!(ran.err.contains("沟通内容摘要 (1 lead)"), "{}", ran.err);
}

#[test]
fn a_text_that_would_run_is_guarded_and_told() {
    let (folder, source) = ledger(&[
        "展会-20250601-001,=1+1,行业展会,李雷,13800000001,B,,2025-06-01,电话,初谈,,,韩梅,潜在客户",
    ]);
    let out = folder.path().join("leads.csv");
    let ran = convert(&source, &out, "salesforce", &[]);
    assert_eq!(records(&out)[1][2], "'=1+1");
    assert!(ran.err.contains("Company, record 1"), "{}", ran.err);
}

#[test]
fn an_unknown_crm_and_a_wrong_ending_are_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.xlsx");
    let ran = convert(&missing, &folder.path().join("a.csv"), "sap", &[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("sap") && ran.err.contains("hubspot"),
        "{}",
        ran.err
    );
    let ran = convert(&missing, &folder.path().join("a.json"), "zoho", &[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains(".csv"), "{}", ran.err);
    let source = PathBuf::from(fixture("lead_ledger_sample.xlsx"));
    let ran = convert(&source, &folder.path().join("a.xlsx"), "salesforce", &[]);
    assert!(ran.err.contains("takes .csv only"), "{}", ran.err);
    let ran = convert(
        &source,
        &folder.path().join("a.csv"),
        "zoho",
        &["--template", "lead-ledger"],
    );
    assert_eq!(ran.status, Status::Failed);
}

/// Exports as a CRM gives them, with columns that are none of ours between.
#[test]
fn an_export_from_a_crm_becomes_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    for (crm, text, expected) in [
        (
            "salesforce",
            "Lead ID,First Name,Last Name,Company,Title,Phone,Mobile Phone,Email,Lead Source,Lead Status,Rating,Record Owner,Website\n\
             00Q1,雷,李,北辰机电,采购经理,010-84664163,13800000001,li@example.com,Web,Working - Contacted,Warm,韩梅,example.com\n\
             00Q2,John,Smith,Acme,,,,j@example.com,Trade Show,Closed - Converted,Hot,韩梅,\n",
            [
                [
                    "北辰机电",
                    "李雷",
                    "010-84664163、13800000001",
                    "Warm",
                    "Working - Contacted",
                    "韩梅",
                ],
                [
                    "Acme",
                    "John Smith",
                    "",
                    "Hot",
                    "Closed - Converted",
                    "韩梅",
                ],
            ],
        ),
        (
            "zoho-zh",
            "线索所有者,公司*,名,姓*,称谓,职务,电话,手机,邮件,线索来源,线索状态,评级,网站\n\
             韩梅,北辰机电,雷,李,先生,采购经理,010-84664163,13800000001,li@example.com,行业展会,意向客户,B,\n\
             韩梅,Acme,John,Smith,,,,,j@example.com,行业展会,成交客户,A,\n",
            [
                [
                    "北辰机电",
                    "李雷",
                    "010-84664163、13800000001",
                    "B",
                    "意向客户",
                    "韩梅",
                ],
                ["Acme", "John Smith", "", "A", "成交客户", "韩梅"],
            ],
        ),
        (
            "wukong",
            "线索导入模板(*)为必填项,,,,,,,,,\n线索名称(*),邮箱,线索来源,手机,电话,地址,客户行业,客户级别,下次联系时间,备注\n\
             北辰机电,li@example.com,转介绍,13800000001,010-84664163,宁波,IT,B（普通客户）,2025-07-08 09:00:00,\n\
             Acme,,广告,,,,,A（重点客户）,,\n",
            [
                [
                    "北辰机电",
                    "",
                    "010-84664163、13800000001",
                    "B（普通客户）",
                    "",
                    "",
                ],
                ["Acme", "", "", "A（重点客户）", "", ""],
            ],
        ),
    ] {
        let source = folder.path().join(format!("{crm}.csv"));
        std::fs::write(&source, text).unwrap();
        let shown = source.to_string_lossy();
        let inspected = leadsheet(&["inspect", &shown, "--format", "json"]).json();
        assert_eq!(inspected["sheets"][0]["template"], crm);
        let out = folder.path().join("台账.xlsx");
        let ran = leadsheet(&[
            "convert",
            &shown,
            &out.to_string_lossy(),
            "--template",
            "lead-ledger",
        ]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        let rows = rows(&out);
        let column = |heading: &str| {
            let position = rows[0]
                .iter()
                .position(|cell| cell.get_string() == Some(heading));
            position.unwrap_or_else(|| panic!("{crm}: no {heading}"))
        };
        let headings = [
            "客户名称",
            "联系人",
            "联系方式",
            "线索等级",
            "当前状态",
            "负责人",
        ];
        for (row, expected) in rows[1..].iter().zip(expected) {
            let found = headings.map(|heading| row[column(heading)].to_string());
            assert_eq!(found, expected, "{crm}");
        }
        assert_eq!(rows.len(), 3, "{crm}");
    }
}

#[test]
fn the_words_of_a_crm_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("salesforce.csv");
    let text = "First Name,Last Name,Company,Lead Source,Lead Status,Rating\n\
                雷,李,北辰机电,Web,Working - Contacted,Warm\n\
                John,Smith,Acme,Trade Show,Closed - Converted,Hot\n";
    std::fs::write(&source, text).unwrap();
    let report = leadsheet(&["report", &source.to_string_lossy(), "--format", "json"]).json();
    let total = &report["total"];
    assert_eq!(
        (&total["leads"], &total["won"], &total["open"]),
        (&2.into(), &1.into(), &1.into())
    );
    let grades: Vec<_> = report["conversion"]["grade"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["key"].as_str().unwrap())
        .collect();
    assert_eq!(grades, ["A", "B"]);
}

#[test]
fn what_one_crm_gives_another_takes() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("salesforce.csv");
    let text = "First Name,Last Name,Company,Phone,Mobile Phone,Email,Lead Source,Lead Status,Rating\n\
                John,van Dyke,Acme,,13800000001,j@example.com,Web,Closed - Not Converted,Cold\n";
    std::fs::write(&source, text).unwrap();
    let out = folder.path().join("zoho.csv");
    let ran = convert(&source, &out, "zoho", &[]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let records = records(&out);
    let value = |heading: &str| {
        let position = records[0].iter().position(|known| known == heading);
        records[1][position.unwrap()].clone()
    };
    // Kept in two columns, a name need not be taken apart again.
    assert_eq!(
        (value("First Name"), value("Last Name")),
        ("John".into(), "van Dyke".into())
    );
    assert_eq!(
        (value("Mobile"), value("Phone")),
        ("13800000001".into(), String::new())
    );
    assert_eq!(
        (value("Lead Status"), value("Rating")),
        ("流失客户".into(), "C".into())
    );
}

#[test]
fn a_team_s_own_form_is_filled_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("导入.csv");
    let (from, to) = (fixture("lead_ledger_sample.xlsx"), out.to_string_lossy());
    let form = fixture("own_crm_form.toml");
    let ran = leadsheet(&["convert", &from, &to, "--to", &form]);
    assert!(ran.status != Status::Failed, "{}", ran.err);
    let text = std::fs::read_to_string(&out).unwrap();
    let mut lines = text.trim_start_matches('\u{FEFF}').lines();
    assert_eq!(
        lines.next(),
        Some("客户全称,联系人,手机,微信,渠道,阶段,下次联系,说明")
    );
    // Three leads in the sample; the form's own word for 行业展会 is 展会.
    let rows: Vec<&str> = lines.collect();
    assert!(text.contains(",展会,"), "{text}");
    assert!(rows.len() >= 3, "{text}");
    // What cannot be used is refused before anything is written, with file and cause.
    let broken = folder.path().join("broken.toml");
    let good = std::fs::read_to_string(&form).unwrap();
    std::fs::write(&broken, good.replace("%Y/%m/%d", "%Q")).unwrap();
    let other = folder.path().join("other.csv");
    let ran = leadsheet(&[
        "convert",
        &from,
        &other.to_string_lossy(),
        "--to",
        &broken.to_string_lossy(),
    ]);
    assert_eq!(ran.status, Status::Failed);
    assert!(
        ran.err.contains("broken.toml") && ran.err.contains("%Q"),
        "{}",
        ran.err
    );
    assert!(!other.exists());
    let schema = leadsheet(&["template", "schema", "--crm"]).json();
    assert_eq!(schema["title"], "CrmProfile");
}
