//! `inspect --cells` is the window: what a user sees of what was read.

use std::collections::BTreeMap;

use calamine::{Data, Reader, open_workbook_auto};
use serde_json::Value;

use crate::run::{fixture, leadsheet};

fn cells(file: &str) -> BTreeMap<(usize, String), Value> {
    let ran = leadsheet(&["inspect", &fixture(file), "--cells", "--format", "json"]);
    let document = ran.json();
    assert_eq!(document["schema"], "leadsheet.inspect/1");
    let cells = document["cells"].as_array().unwrap().iter();
    let place = |cell: &Value| {
        (
            cell["sheet"].as_u64().unwrap() as usize,
            cell["cell"].as_str().unwrap().to_owned(),
        )
    };
    cells.map(|cell| (place(cell), cell.clone())).collect()
}

/// Column C of the fixture says what kind its column B is, column D what it reads as.
#[test]
fn one_value_of_every_kind_is_read_as_the_fixture_says() {
    for file in ["dates_and_types.xlsx", "dates_1904.xlsx"] {
        let cells = cells(file);
        let text = |place: String| {
            cells
                .get(&(0, place))
                .and_then(|cell| cell["value"].as_str())
                .map(str::to_owned)
        };
        let mut seen = 0;
        for row in 2..=60 {
            let (Some(kind), Some(expected)) = (text(format!("C{row}")), text(format!("D{row}")))
            else {
                continue;
            };
            let cell = &cells[&(0, format!("B{row}"))];
            assert_eq!(cell["kind"], *kind, "{file} B{row}: {cell}");
            let shown = match &cell["value"] {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            // An elapsed time is ISO 8601 here.
            let expected = if expected == "36:15" {
                "PT36H15M".to_owned()
            } else {
                expected
            };
            let same = shown == expected
                || matches!((shown.parse::<f64>(), expected.parse::<f64>()), (Ok(a), Ok(b)) if (a - b).abs() < f64::EPSILON && kind == "number");
            assert!(same, "{file} B{row}: {shown} is not {expected}");
            seen += 1;
        }
        assert!(seen >= 45, "{file}: only {seen} values were compared");
    }
}

#[test]
fn formulas_are_marked_and_uncalculated_ones_named() {
    let cells = cells("dates_and_types.xlsx");
    assert_eq!(
        cells
            .values()
            .filter(|cell| cell["formula"] == true)
            .count(),
        5
    );
    let ran = leadsheet(&[
        "inspect",
        &fixture("formula_without_value.xlsx"),
        "--format",
        "json",
    ]);
    let notices = ran.json()["notices"].clone();
    let places: Vec<_> = notices
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|notice| notice["cell"].as_str())
        .collect();
    assert_eq!(places, ["B3", "H3"]);
}

/// calamine is the oracle: the same texts and numbers at the same addresses.
#[test]
fn the_fixtures_hold_the_cells_that_calamine_sees() {
    for file in [
        "lead_ledger_sample.xlsx",
        "lead_ledger_sample.xls",
        "lead_ledger_lively.xlsx",
        "lead_ledger_lively.xls",
        "follow_up_statistics_sample.xls",
        "follow_up_statistics_sample.xlsx",
        "traditional_headings.xlsx",
        "english_headings.xlsx",
        "two_sheets.xlsx",
        "no_known_heading.xlsx",
    ] {
        let ours = cells(file);
        let mut workbook = open_workbook_auto(fixture(file)).unwrap();
        let mut compared = 0;
        for (sheet, (_, range)) in workbook.worksheets().into_iter().enumerate() {
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, data) in range.used_cells() {
                let place =
                    leadsheet::CellRef::new(first_row + row as u32, first_column + column as u32)
                        .to_string();
                let cell = ours
                    .get(&(sheet, place.clone()))
                    .unwrap_or_else(|| panic!("{file}: no {place}"));
                match data {
                    Data::String(text) => assert_eq!(cell["value"], **text, "{file} {place}"),
                    Data::Float(number) => {
                        assert_eq!(cell["value"].as_f64(), Some(*number), "{file} {place}");
                    }
                    Data::Int(number) => {
                        assert_eq!(cell["value"].as_i64(), Some(*number), "{file} {place}");
                    }
                    Data::Bool(value) => assert_eq!(cell["value"], *value, "{file} {place}"),
                    Data::DateTime(_) => assert!(
                        cell["kind"] == "date" || cell["kind"] == "time",
                        "{file} {place}"
                    ),
                    _ => {}
                }
                compared += 1;
            }
        }
        assert_eq!(compared, ours.len(), "{file}: another number of cells");
    }
}

#[test]
fn templates_are_recognised_in_every_script() {
    for (file, template) in [
        ("lead_ledger_sample.xlsx", "lead-ledger"),
        ("lead_ledger_lively.xls", "lead-ledger"),
        ("traditional_headings.xlsx", "lead-ledger"),
        ("english_headings.xlsx", "lead-ledger"),
        ("synonym_headings.xlsx", "lead-ledger"),
        ("follow_up_statistics_sample.xls", "follow-up-statistics"),
        ("follow_up_log.xlsx", "follow-up-log"),
        ("customer_sheets.xlsx", "follow-up-log"),
        ("communication_record.xlsx", "communication-record"),
    ] {
        let document = leadsheet(&["inspect", &fixture(file), "--format", "json"]).json();
        assert_eq!(document["sheets"][0]["template"], template, "{file}");
        assert!(
            document["sheets"][0]["score"].as_f64().unwrap() > 0.8,
            "{file}: {}",
            document["sheets"][0]
        );
    }
}

#[test]
fn addresses_go_through_banners_and_unknown_columns_are_named() {
    let ran = leadsheet(&[
        "check",
        &fixture("lead_ledger_lively.xlsx"),
        "--format",
        "json",
    ]);
    let sheet = &ran.json()["files"][0]["sheets"][0];
    assert_eq!(sheet["header_rows"], serde_json::json!([3]));
    assert_eq!(
        (&sheet["first_row"], &sheet["last_row"], &sheet["rows"]),
        (&4.into(), &313.into(), &310.into())
    );
    assert_eq!(sheet["leads"], 100);
    let column = |letter: &str| {
        let columns = sheet["columns"].as_array().unwrap();
        columns
            .iter()
            .find(|column| column["letter"] == letter)
            .unwrap()
            .clone()
    };
    assert_eq!(
        column("H"),
        serde_json::json!({"letter": "H", "header": "大区主管批注", "field": null})
    );
    assert_eq!(column("I")["field"], "follow_up_date");
}

fn inspected(file: &str, options: &[&str]) -> Value {
    let path = fixture(file);
    let mut arguments = vec!["inspect", path.as_str(), "--format", "json"];
    arguments.extend(options);
    leadsheet(&arguments).json()
}

/// Heading, meaning and reason of each column of a sheet.
fn columns(sheet: &Value) -> Vec<String> {
    let columns = sheet["columns"].as_array().unwrap().iter();
    let told = columns.map(|column| {
        let text = |value: &Value| value.as_str().unwrap_or("-").replace('\n', " ");
        let heading = match &column["group"] {
            Value::Null => text(&column["header"]),
            group => format!("{}/{}", text(group), text(&column["header"])),
        };
        format!(
            "{heading}: {} {}",
            text(&column["field"]),
            text(&column["decision"]["reason"])
        )
    });
    told.collect()
}

#[test]
fn two_heading_rows_and_the_hints_below_them_are_no_data() {
    let path = fixture("order_tracking.xlsx");
    let checked = leadsheet(&["check", &path, "--format", "json"]).json();
    let sheets = &checked["files"][0]["sheets"];
    assert_eq!(sheets[0]["template"], "order-tracking");
    assert_eq!(sheets[0]["header_rows"], serde_json::json!([2, 3]));
    assert_eq!(
        (&sheets[0]["first_row"], &sheets[0]["last_row"]),
        (&5.into(), &8.into())
    );
    assert_eq!(
        (&sheets[0]["rows"], &sheets[0]["leads"]),
        (&4.into(), &3.into())
    );
    assert_eq!(
        sheets[0]["skipped_rows"],
        serde_json::json!([{"row": 4, "reason": "hint"}])
    );
    assert_eq!(sheets[1]["header_rows"], serde_json::json!([1, 2]));
    let short = inspected("order_tracking.xlsx", &[])["sheets"][1].clone();
    assert_eq!(
        columns(&short),
        [
            "客户信息/名称: customer -",
            "客户信息/电话: phone -",
            "客户信息/负责人: contact decided-group",
            "跟进信息/日期: follow_up_date -",
            "跟进信息/方式: method -",
            "跟进信息/内容: summary -",
            "跟进信息/负责人: owner -",
            "订单信息/编号: order_no decided-group",
            "订单信息/日期: order_date decided-group",
            "订单信息/金额: order_amount decided-group",
            "订单信息/状态: order_status decided-group",
            "备注: remark -",
        ]
    );
}

#[test]
fn a_heading_that_may_mean_several_things_is_decided_with_a_reason() {
    let sheet = inspected("ambiguous_headings.xlsx", &[])["sheets"][0].clone();
    assert_eq!(
        columns(&sheet),
        [
            "编号: row_number decided-values",
            "公司名称Company Name: customer -",
            "姓名 Name: contact decided-columns",
            "手机: phone -",
            "办公电话: landline decided-columns",
            "线索来源: source -",
            "跟进日期-例:2025-1-1: follow_up_date -",
            "跟进结果: feedback decided-values-against",
            "跟进进度: sales_stage decided-values",
            "状态: stage decided-values",
            "*负责人: owner -",
        ]
    );
}

#[test]
fn a_team_decides_what_its_headings_mean() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadsheet.toml");
    let text = "[columns]\n\"跟进结果\" = \"summary\"\n\"办公电话\" = \"none\"\n\n[columns.lead-ledger]\n\"編號\" = \"lead_id\"\n";
    std::fs::write(&config, text).unwrap();
    let config = config.to_string_lossy().into_owned();
    let sheet = inspected("ambiguous_headings.xlsx", &["--config", &config])["sheets"][0].clone();
    let columns = columns(&sheet);
    for decided in [
        "编号: lead_id decided-team",
        "办公电话: - decided-team",
        "跟进结果: summary decided-team",
    ] {
        assert!(columns.contains(&decided.to_owned()), "{columns:#?}");
    }
    std::fs::write(
        folder.path().join("leadsheet.toml"),
        "[columns]\n\"跟进结果\" = \"sumary\"\n",
    )
    .unwrap();
    let ran = leadsheet(&[
        "inspect",
        &fixture("ambiguous_headings.xlsx"),
        "--config",
        &config,
    ]);
    assert!(
        ran.err.contains("line 2") && ran.err.contains("sumary"),
        "{}",
        ran.err
    );
}

#[test]
fn the_schema_of_templates_is_printed_for_editors() {
    let schema = leadsheet(&["template", "schema"]).json();
    let fields = &schema["$defs"]["Field"]["enum"];
    assert!(
        fields
            .as_array()
            .unwrap()
            .contains(&"follow_up_date".into())
    );
}

#[test]
fn a_mistake_in_a_template_of_ones_own_is_told_in_the_users_language() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("team.toml");
    let text = "name = 'team'\ntitle = '表'\nenglish = 'T'\nsheet = '表'\n[[column]]\nfield = 'owner'\ngroup = '内部'\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_string_lossy().into_owned();
    let ran = leadsheet(&["template", "list", "--template-file", &file, "--lang", "zh"]);
    assert!(
        ran.err.contains("第 7 行 column.group") && ran.err.contains("内部"),
        "{}",
        ran.err
    );
}
