//! Blank workbooks: what they offer whoever fills them in, and that what is filled in reads back.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use leadsheet::{BlankOptions, Guide, Language, Message, Policy, Templates, Wording};
use leadsheet_cli::Status;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Ran, leadsheet};

/// Makes a blank workbook in a folder of its own.
fn made(template: &str, options: &[&str]) -> (TempDir, PathBuf) {
    made_as("xlsx", template, options)
}

fn made_as(ending: &str, template: &str, options: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("空白").with_extension(ending);
    let shown = path.to_string_lossy().into_owned();
    let mut arguments = vec!["template", "new", template, &shown];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    (folder, path)
}

fn check(path: &Path) -> Value {
    leadsheet(&["check", &path.to_string_lossy(), "--format", "json"]).json()
}

/// The templates that people keep; an import form of a CRM is not handed out blank.
fn kept_by_people() -> Vec<String> {
    Templates::builtin()
        .iter()
        .filter(|template| !template.crm)
        .map(|template| template.name.clone())
        .collect()
}

fn part(path: &Path, name: &str) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    let mut part = package.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// Writes the package anew with the rows put at the end of the first sheet, as a spreadsheet program would: numbers
/// and dates in the column's own format, texts as texts.
fn fill_in(path: &Path, first_row: usize, rows: &[&[Cell]]) {
    let sheet = part(path, "xl/worksheets/sheet1.xml");
    let style_of = |column: usize| {
        sheet
            .split("<col ")
            .skip(1)
            .find_map(|col| {
                let of = |name: &str| -> Option<usize> {
                    let value = col.split(&format!("{name}=\"")).nth(1)?;
                    value.split('"').next()?.parse().ok()
                };
                (of("min")? <= column + 1 && column < of("max")?).then(|| of("style"))
            })
            .flatten()
            .unwrap_or_default()
    };
    let mut data = String::new();
    for (row, cells) in rows.iter().enumerate() {
        let number = first_row + row;
        data += &format!("<row r=\"{number}\">");
        for (column, cell) in cells.iter().enumerate() {
            let at = format!("{}{number}", leadsheet::column_letters(column as u32));
            let style = style_of(column);
            data += &match cell {
                Cell::Nothing => String::new(),
                Cell::Number(value) => format!("<c r=\"{at}\" s=\"{style}\"><v>{value}</v></c>"),
                Cell::Text(text) => {
                    format!(
                        "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"
                    )
                }
            };
        }
        data += "</row>";
    }
    let filled = sheet.replace("</sheetData>", &format!("{data}</sheetData>"));
    assert_ne!(filled, sheet, "the sheet has no end of data");
    let mut package = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let copy = path.with_extension("filled");
    let mut writer = zip::ZipWriter::new(File::create(&copy).unwrap());
    for index in 0..package.len() {
        let part = package.by_index_raw(index).unwrap();
        if part.name().unwrap() == "xl/worksheets/sheet1.xml" {
            drop(part);
            let options = zip::write::SimpleFileOptions::default();
            writer
                .start_file("xl/worksheets/sheet1.xml", options)
                .unwrap();
            writer.write_all(filled.as_bytes()).unwrap();
        } else {
            writer.raw_copy_file(part).unwrap();
        }
    }
    writer.finish().unwrap();
    std::fs::rename(copy, path).unwrap();
}

enum Cell {
    Nothing,
    Number(f64),
    Text(&'static str),
}

use Cell::{Nothing, Number, Text};

#[test]
fn every_template_comes_blank_in_every_language_and_format_and_is_known_again() {
    for (name, ending) in kept_by_people()
        .iter()
        .flat_map(|name| ["xlsx", "xls", "ods"].map(|ending| (name, ending)))
    {
        for language in [&["--lang", "zh"][..], &["--lang", "en"], &["--traditional"]] {
            for samples in [&[][..], &["--samples"]] {
                let options = [language, samples].concat();
                let (_folder, path) = made_as(ending, name, &options);
                let document = check(&path);
                let which = format!("{name} as {ending} {options:?}");
                let sheets = document["files"][0]["sheets"].as_array().unwrap();
                assert_eq!(sheets[0]["template"], **name, "{which}");
                // The second sheet is for reading and no table.
                assert_eq!(sheets.len(), 2, "{which}");
                assert_eq!(sheets[1]["template"], Value::Null, "{which}");
                // What is handed out as an example should be one.
                let codes: Vec<_> = findings(&document).collect();
                assert_eq!(codes, Vec::<String>::new(), "{which}: {document}");
                let rows = document["summary"]["rows"].as_u64().unwrap();
                assert_eq!(rows > 0, !samples.is_empty(), "{which}");
            }
        }
    }
}

/// The codes of what was found. That the templates have no column for when a row was written down, and some none for
/// the outcome, is said once a table (S120) and no fault of what was filled in.
fn findings(document: &Value) -> impl Iterator<Item = String> {
    let findings = document["findings"].as_array().unwrap().clone();
    findings
        .into_iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .filter(|code| code != "S120")
}

#[test]
fn a_ledger_filled_in_reads_back_as_it_was_meant() {
    let (_folder, path) = made("lead-ledger", &["--lang", "zh"]);
    // 45833 is 2025-06-25 (the day that Excel shows for this number).
    let row: &[Cell] = &[
        Text("展会-20250622-001"),
        Text("北辰机电有限公司"),
        Text("行业展会"),
        Text("李雷"),
        Text("13800000001"),
        Text("B"),
        Text("换传感器"),
        Number(45833.0),
        Text("电话"),
        Text("确认数量"),
        Text("先看样品"),
        Text("韩梅2025-07-02前寄样品"),
        Text("韩梅"),
        Text("意向客户"),
    ];
    fill_in(&path, 2, &[row]);
    let document = check(&path);
    assert_eq!(
        findings(&document).collect::<Vec<_>>(),
        Vec::<String>::new(),
        "{document}"
    );
    let summary = &document["summary"];
    assert_eq!(
        (&summary["rows"], &summary["leads"]),
        (&1.into(), &1.into())
    );
    let shown = path.to_string_lossy();
    let inspected = leadsheet(&["inspect", &shown, "--cells", "--format", "json"]).json();
    let cells = inspected["cells"].as_array().unwrap();
    let cell = |at: &str| {
        let found = cells
            .iter()
            .find(|cell| cell["sheet"] == 0 && cell["cell"] == at);
        let cell = found.unwrap();
        (cell["kind"].clone(), cell["value"].clone())
    };
    assert_eq!(cell("H2"), ("date".into(), "2025-06-25".into()));
    assert_eq!(cell("E2"), ("text".into(), "13800000001".into()));
}

#[test]
fn a_statistics_sheet_filled_in_reads_back_with_its_banner() {
    let (_folder, path) = made("follow-up-statistics", &["--lang", "zh"]);
    let row = |id, result, closed| {
        [
            Text(id),
            Text("王芳"),
            Text("优质客户"),
            Number(45833.0),
            Text("微信"),
            Number(0.85),
            Text("有意向"),
            result,
            closed,
            Text("李明"),
        ]
    };
    let rows = [
        row("A001", Text("未成交"), Nothing),
        row("A002", Nothing, Nothing),
    ];
    fill_in(&path, 5, &[&rows[0], &rows[1]]);
    let document = check(&path);
    let sheet = &document["files"][0]["sheets"][0];
    assert_eq!(sheet["header_rows"], serde_json::json!([4]));
    assert_eq!(sheet["rows"], 2);
    let structural: Vec<_> = findings(&document)
        .filter(|code| code.starts_with('S') || code.starts_with('W'))
        .collect();
    assert_eq!(structural, Vec::<String>::new(), "{document}");
    // No won row yet: the formula's stored result is 0, which is what the banner states.
    let formula = part(&path, "xl/worksheets/sheet1.xml");
    assert!(
        formula.contains("COUNTIFS($H$5:$H$1048576,\"成交\",$I$5:$I$1048576"),
        "{formula}"
    );
}

#[test]
fn the_sample_rows_count_as_one_sees_them() {
    let (_folder, path) = made("lead-ledger", &["--lang", "zh", "--samples"]);
    let shown = path.to_string_lossy();
    let report = leadsheet(&["report", &shown, "--format", "json"]).json();
    let total = &report["total"];
    // Three leads in four rows: one open, one won in its second row, one lost.
    assert_eq!(report["rows"], 4);
    assert_eq!(
        (
            &total["leads"],
            &total["won"],
            &total["lost"],
            &total["open"]
        ),
        (&3.into(), &1.into(), &1.into(), &1.into())
    );
}

#[test]
fn drop_downs_limits_and_colours_come_from_the_vocabularies() {
    let (_folder, path) = made("lead-ledger", &["--lang", "zh"]);
    let sheet = part(&path, "xl/worksheets/sheet1.xml");
    let validation = |range: &str| {
        let mut all = sheet.split("<dataValidation ").skip(1);
        all.find(|text| text.contains(&format!("sqref=\"{range}\"")))
            .unwrap_or_else(|| panic!("nothing limits {range}"))
            .to_owned()
    };
    let stage = validation("N2:N1048576");
    assert!(
        stage.contains("<formula1>\"潜在客户,意向客户,高意向客户,成交客户,流失客户\"</formula1>"),
        "{stage}"
    );
    // A stage is one of five; a source may be the team's own.
    assert!(!stage.contains("errorStyle"), "{stage}");
    assert!(validation("C2:C1048576").contains("errorStyle=\"warning\""));
    let date = validation("H2:H1048576");
    assert!(
        date.contains("type=\"date\"")
            && date.contains("DATE(2000,1,1)")
            && date.contains("TODAY()"),
        "{date}"
    );
    assert!(
        date.contains("2024-05-20"),
        "the error gives an example: {date}"
    );
    assert!(validation("E2:E1048576").contains("type=\"custom\""));
    for (term, fill) in [("成交客户", "FFC6EFCE"), ("流失客户", "FFFFC7CE")] {
        let mut rules = sheet.split("<cfRule ").skip(1);
        let rule = rules
            .find(|rule| rule.contains(&format!("$N2=\"{term}\"")))
            .unwrap();
        let format = rule.split("dxfId=\"").nth(1).unwrap();
        let format: usize = format.split('"').next().unwrap().parse().unwrap();
        let styles = part(&path, "xl/styles.xml");
        let formats = styles.split("<dxfs").nth(1).unwrap();
        let format = formats.split("<dxf>").nth(format + 1).unwrap();
        assert!(format.contains(fill), "{term}: {format}");
    }
    assert!(sheet.contains("<pane ") && sheet.contains("state=\"frozen\""));
    assert!(sheet.contains("<autoFilter ref=\"A1:N1048576\""));
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("fitToPage=\"1\""));
    let workbook = part(&path, "xl/workbook.xml");
    assert!(workbook.contains("_xlnm.Print_Titles"), "{workbook}");
}

#[test]
fn an_ods_offers_the_same_in_its_own_words() {
    let (_folder, path) = made_as("ods", "lead-ledger", &["--lang", "zh"]);
    let content = part(&path, "content.xml");
    // The conditions are those that LibreOffice writes for the same rules.
    for condition in [
        "of:cell-content-is-in-list(&quot;潜在客户&quot;;&quot;意向客户&quot;;&quot;高意向客户&quot;;&quot;成交客户&quot;;&quot;流失客户&quot;)",
        "of:cell-content-is-date() and cell-content-is-between(DATE(2000;1;1),TODAY()+0.99999)",
        "of:is-true-formula(OR(LEFT([.$E2];1)&lt;&gt;&quot;1&quot;;ISERROR(VALUE([.$E2]));LEN([.$E2])=11))",
    ] {
        let condition = format!("table:condition=\"{condition}\"");
        assert!(content.contains(&condition), "{condition}");
    }
    let filter =
        "table:target-range-address=\"&apos;线索跟进&apos;.A1:&apos;线索跟进&apos;.N1048576\"";
    assert!(content.contains(filter), "{content}");
    assert!(content.contains(
        "calcext:apply-style-name=\"Row_green\" calcext:value=\"formula-is(OR($N2=&quot;成交客户&quot;;"
    ));
    assert!(content.contains("<table:table-header-rows>"));
    let settings = part(&path, "settings.xml");
    let frozen = "config:name=\"VerticalSplitPosition\" config:type=\"int\">1<";
    assert!(settings.contains(frozen), "{settings}");
    let (_folder, path) = made_as("ods", "follow-up-statistics", &["--lang", "zh"]);
    let content = part(&path, "content.xml");
    assert!(
        content.contains(
            "of:=IF(AND(N([.$B$2])=0;N([.$E$2])=0);COUNTIF([.$H$5:.$H$1048576];&quot;成交&quot;)"
        ),
        "{content}"
    );
}

#[test]
fn a_team_s_terms_are_offered_however_many_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadsheet.toml");
    let terms: Vec<String> = (1..=60)
        .map(|number| format!("{{ term = \"第{number}号渠道, 华东\" }}"))
        .collect();
    let text = format!("[policy.terms]\nsource = [{}]\n", terms.join(", "));
    std::fs::write(&config, text).unwrap();
    let (_folder, path) = made(
        "lead-ledger",
        &["--lang", "zh", "--config", &config.to_string_lossy()],
    );
    // Too long for the validation itself, so it is a list on a hidden sheet: five built-in terms and sixty.
    let sheet = part(&path, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<formula1>'选项'!$A$1:$A$65</formula1>"),
        "{sheet}"
    );
    let workbook = part(&path, "xl/workbook.xml");
    let lists = workbook.split("name=\"选项\"").nth(1).unwrap();
    assert!(
        lists.starts_with(" sheetId=\"3\" state=\"hidden\""),
        "{lists}"
    );
    let document = check(&path);
    assert_eq!(document["summary"]["errors"], 0, "{document}");
}

#[test]
fn nothing_is_written_over_a_file_unasked() {
    let (_folder, path) = made("lead-ledger", &["--lang", "zh"]);
    let before = std::fs::read(&path).unwrap();
    let shown = path.to_string_lossy();
    let again = |options: &[&str]| -> Ran {
        let mut arguments = vec!["template", "new", "follow-up-statistics", &*shown];
        arguments.extend(options);
        leadsheet(&arguments)
    };
    let ran = again(&[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("--replace"), "{}", ran.err);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(again(&["--replace"]).status, Status::Clean);
    assert_eq!(
        std::fs::read(path.with_extension("xlsx.bak")).unwrap(),
        before
    );
    for (name, file, said) in [
        ("nothing", "a.xlsx", "nothing"),
        ("lead-ledger", "a.csv", ".xlsx"),
        ("salesforce", "a.xlsx", "--to"),
    ] {
        let path = path.with_file_name(file);
        let ran = leadsheet(&["template", "new", name, &path.to_string_lossy()]);
        assert_eq!(ran.status, Status::Failed);
        assert!(ran.err.contains(said), "{}", ran.err);
        assert!(!path.exists());
    }
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let (_one, one) = made("lead-ledger", &["--samples"]);
    let (_other, other) = made("lead-ledger", &["--samples"]);
    assert_eq!(std::fs::read(one).unwrap(), std::fs::read(other).unwrap());
}

#[test]
fn every_sentence_in_a_blank_workbook_has_words_in_both_languages() {
    let templates = Templates::builtin();
    let policy = Policy::default();
    for (language, wording) in [
        (Language::Chinese, Wording::Simplified),
        (Language::English, Wording::English),
    ] {
        let words = |message: &Message| {
            assert!(
                language.text(message) != message.to_string(),
                "{language:?} has no words for {message}"
            );
            language.text(message)
        };
        let guide = Guide {
            templates: &templates,
            policy: &policy,
            wording,
            words: &words,
        };
        let options = BlankOptions {
            today: "2025-07-01".parse().unwrap(),
            samples: true,
        };
        for template in templates.iter() {
            // With every optional column, so that each is asked for its meaning.
            let mut whole = template.clone();
            for column in &mut whole.columns {
                column.optional = false;
            }
            leadsheet::blank(&whole, &guide, &options, leadsheet::WorkbookKind::Xlsx).unwrap();
        }
        for field in leadsheet::Field::ALL {
            let id = format!("meaning-{field}");
            assert!(language.find(&id).is_some(), "{language:?} has no {id}");
        }
    }
}

#[test]
fn a_converted_table_offers_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("表.csv");
    let text = "编号,姓名,跟进日期,跟进方式,跟进进度,跟进结果,成交日期,业务员\n\
                A001,王芳,2025-06-01,电话沟通,100%,已成交,2025-06-02,李明\n\
                A002,赵强,2025-06-02,电话沟通,30%,,,李明\n";
    std::fs::write(&source, text).unwrap();
    let out = folder.path().join("台账.xlsx");
    let ran = leadsheet(&[
        "convert",
        &source.to_string_lossy(),
        &out.to_string_lossy(),
        "--template",
        "follow-up-statistics",
    ]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let sheet = part(&out, "xl/worksheets/sheet1.xml");
    // 电话 is spelt 电话沟通 in this table, 成交 is 已成交; the others as usual.
    assert!(sheet.contains(",电话沟通,"), "{sheet}");
    assert!(
        sheet.contains("<formula1>\"已成交,未成交\"</formula1>"),
        "{sheet}"
    );
    assert!(
        sheet.contains("=\"已成交\""),
        "a won row is coloured as it is spelt: {sheet}"
    );
}
