//! From one template into another: every value arrives, or what became of it is said.

use std::collections::BTreeSet;
use std::path::Path;

use leadsheet::{OutputTable, Policy, Templates};
use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

/// A fixture or two for each of the six templates.
const FIXTURES: [&str; 9] = [
    "lead_ledger_lively.xlsx",
    "lead_ledger_sample.xls",
    "traditional_headings.xlsx",
    "follow_up_log.xlsx",
    "follow_up_form.xls",
    "communication_record.xlsx",
    "follow_up_statistics_sample.xls",
    "ambiguous_headings.xlsx",
    "order_tracking.xlsx",
];

const TEMPLATES: [&str; 6] = [
    "lead-ledger",
    "follow-up-log",
    "communication-record",
    "follow-up-statistics",
    "pipeline",
    "order-tracking",
];

/// A table of the sixth template, with its optional columns and one of the team's own.
const PIPELINE: &str = "客户名称,联系人,职位,联系方式,公司名称,行业,销售阶段,跟进时间,跟进方式,跟进内容,客户反馈,备注,来源渠道,转化状态,销售额,大区批注\n\
    蓝杉,李雷,采购,13800000001,蓝杉机电有限公司,机械,报价,2025-05-20,电话,问了价格,偏贵,,展会,潜在客户,,华东\n\
    青石,王芳,总经理,13800000002,青石商贸,零售,合同签订,2025-05-21,面谈,签了合同,满意,回访,转介绍,成交客户,12000.00,\n\
    白榆,赵强,,zhao@example.com,白榆科技,软件,初步接触,2025-05-22,微信,没有预算,不考虑,,其他,流失客户,,华北\n";

#[test]
fn every_value_of_every_template_is_in_every_other_or_named() {
    let (templates, policy) = (Templates::builtin(), Policy::default());
    let mut pairs = BTreeSet::new();
    let mut values = 0;
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("客户流向.csv");
    std::fs::write(&pipeline, PIPELINE).unwrap();
    let files = FIXTURES.map(fixture).into_iter();
    for file in files.chain([pipeline.to_string_lossy().into_owned()]) {
        let workbook = leadsheet::open(&file).unwrap();
        let ledgers = workbook.ledgers(&templates);
        for ledger in ledgers.iter().flatten() {
            let source = OutputTable::of_ledger(ledger);
            for target in TEMPLATES {
                pairs.insert((ledger.template.clone(), target));
                let target = templates.get(target).unwrap();
                let table = leadsheet::into_template(ledger, target, &templates)
                    .with_equivalents(target, &templates, &policy);
                assert_eq!(source.len(), table.len());
                for row in 0..source.len() {
                    let there: Vec<String> = table
                        .columns
                        .iter()
                        .map(|column| table.value(row, column).display())
                        .collect();
                    for column in &source.columns {
                        let value = source.value(row, column).display();
                        let value = value.trim();
                        // A name or a number may have been put together with another.
                        let arrived = there.iter().any(|there| there.contains(value));
                        let named = || {
                            let mut terms = table.terms.iter();
                            terms.any(|term| {
                                term.column == column.header && term.old.trim() == value
                            })
                        };
                        values += usize::from(!value.is_empty());
                        assert!(
                            value.is_empty() || arrived || named(),
                            "{file} {} into {}: {} of row {row} is lost",
                            ledger.template,
                            target.name,
                            column.header
                        );
                    }
                }
            }
        }
    }
    let sources: BTreeSet<&str> = pairs.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(sources, BTreeSet::from(TEMPLATES));
    assert_eq!(pairs.len(), 36);
    assert!(values > 30_000, "{values}");
}

#[test]
fn what_became_of_terms_is_a_table_for_people_and_a_list_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("流向.xlsx");
    let convert = |options: &[&str]| {
        let (from, to) = (fixture("lead_ledger_lively.xlsx"), out.to_string_lossy());
        let ran = leadsheet(
            &[
                &["convert", &from, &to, "--template", "pipeline"][..],
                options,
            ]
            .concat(),
        );
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        ran
    };
    let ran = convert(&[]);
    assert_eq!(ran.out, "");
    let line = |term: &str| {
        let mut lines = ran.err.lines();
        lines.find(|line| line.contains(term)).unwrap_or_default()
    };
    assert!(line("高意向客户").contains("no such term"), "{}", ran.err);
    assert!(line("流失客户").contains("转化状态"), "{}", ran.err);
    let document = convert(&["--format", "json"]).json();
    assert_eq!(document["schema"], "leadsheet.convert/1");
    assert_eq!(document["template"], "pipeline");
    let table = &document["tables"][0];
    let terms = table["terms"].as_array().unwrap();
    let cells = |old: &str, new: Option<&str>| -> Option<u64> {
        let mut terms = terms.iter();
        let term = terms.find(|term| term["old"] == old && term["new"].as_str() == new)?;
        assert_eq!(
            (&term["field"], &term["target_field"]),
            (&"stage".into(), &"conversion_status".into())
        );
        term["cells"].as_u64()
    };
    // As many cells as the stage column of the fixture holds, counted without leadsheet in `fixtures/make`.
    let rows = leadsheet(&[
        "inspect",
        &fixture("lead_ledger_lively.xlsx"),
        "--cells",
        "--format",
        "json",
    ])
    .json();
    let count = |term: &str| -> u64 {
        let cells = rows["cells"].as_array().unwrap().iter();
        cells.filter(|cell| cell["value"] == term).count() as u64
    };
    assert_eq!(cells("高意向客户", None), Some(count("高意向客户")));
    assert_eq!(cells("成交客户", Some("成交客户")), Some(count("成交客户")));
    let columns = table["columns"].as_array().unwrap();
    let kept = columns
        .iter()
        .find(|column| column["field"] == "stage")
        .unwrap();
    assert_eq!(
        (&kept["appended"], &kept["filled"]),
        (&true.into(), &true.into())
    );
}

#[test]
fn an_order_table_has_its_two_heading_rows_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["xlsx", "xls", "ods"] {
        let out = folder.path().join("跟单").with_extension(ending);
        let (from, to) = (fixture("lead_ledger_lively.xlsx"), out.to_string_lossy());
        let ran = leadsheet(&["convert", &from, &to, "--template", "order-tracking"]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        let inspected = inspected(&out);
        let sheet = &inspected["sheets"][0];
        assert_eq!(sheet["template"], "order-tracking", "{ending}");
        let merges = sheet["merges"].as_array().unwrap();
        let text = |at: &str| {
            let mut cells = inspected["cells"].as_array().unwrap().iter();
            let cell = cells.find(|cell| cell["cell"] == at);
            cell.map_or(Value::Null, |cell| cell["value"].clone())
        };
        // Three columns of the customer, three of the talk, three of the order, two of what was said of it.
        for (range, name) in [
            ("A1:C1", "客户基本信息"),
            ("D1:F1", "跟单跟进信息"),
            ("G1:I1", "订单信息"),
            ("J1:K1", "客户反馈信息"),
        ] {
            assert!(merges.contains(&range.into()), "{ending}: {merges:?}");
            assert_eq!(text(&range[..2]), name, "{ending}");
        }
        let headings = ["A2", "B2", "D2", "G2", "K2"].map(text);
        assert_eq!(
            headings,
            ["客户名称", "联系方式", "跟进时间", "订单编号", "意见和建议"].map(Value::from),
            "{ending}"
        );
        let checked = leadsheet(&["check", &to, "--format", "json"]).json();
        let sheet = &checked["files"][0]["sheets"][0];
        assert_eq!(sheet["header_rows"], serde_json::json!([1, 2]), "{ending}");
        assert_eq!(sheet["rows"], 310, "{ending}");
    }
}

fn inspected(path: &Path) -> Value {
    leadsheet(&[
        "inspect",
        &path.to_string_lossy(),
        "--cells",
        "--format",
        "json",
    ])
    .json()
}
