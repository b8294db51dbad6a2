//! What `check --fix` puts right in people's own workbooks. The expected values are a table written by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _};
use leadsheet_cli::Status;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use crate::run::{fixture, leadsheet};

const HEADINGS: [&str; 9] = [
    "订单编号",
    "客户名称",
    "联系方式",
    "跟进时间",
    "跟进方式",
    "跟进内容",
    "订单金额",
    "订单状态",
    "备注",
];

/// Slips among cells that are as they should be: what the file holds, what it is to hold, as calamine shows both.
/// Nothing where the cell is right or nobody can tell what was meant.
const SLIPS: [[(&str, Option<&str>); 6]; 5] = [
    [
        ("北辰机电　", Some("北辰机电")),
        ("138 0000 0001", Some("13800000001")),
        ("2024.5.21", Some("45433")),
        ("微 信", Some("微信")),
        ("¥1,280元", Some("1280")),
        ("已下单 ", Some("已下单")),
    ],
    [
        (" ２号仓储", Some("２号仓储")),
        ("１３９０００００００２", Some("13900000002")),
        ("２０２４-０５-２２ 9:30", Some("45434.395833333336")),
        ("電話", Some("电话")),
        ("１２８０．５", Some("1280.5")),
        ("已 发货", Some("已发货")),
    ],
    [
        ("南汀贸易", None),
        ("+86 137-0000-0003", Some("13700000003")),
        ("3/4/2024", None),
        ("电话", None),
        ("12.345", None),
        ("生产中", None),
    ],
    [
        ("远汐星槎", None),
        ("138****0004", None),
        ("下周三", None),
        ("拜访", None),
        ("面议", None),
        ("已完成", None),
    ],
    [
        ("\u{a0}望川灯塔\u{a0}", Some("望川灯塔")),
        ("13600000005（王经理）", None),
        (" 2024年5月23日 ", Some("45435")),
        ("微信", None),
        (" 20万", Some("200000")),
        ("已下单", None),
    ],
];

/// The columns of the slips among the headings.
const COLUMNS: [u16; 6] = [1, 2, 3, 4, 6, 7];

/// A workbook with the slips below rows that are right, dates and amounts in formats of their own.
fn workbook(folder: &Path) -> PathBuf {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet();
    sheet.set_name("跟单").unwrap();
    sheet.write_row(0, 0, HEADINGS).unwrap();
    for row in 1..=6_u32 {
        let texts = [
            (0, format!("DD-{row:03}")),
            (1, format!("青岬茶业{row}店")),
            (2, format!("1350000000{row}")),
            (4, "电话".to_owned()),
            (5, "确认交期".to_owned()),
            (7, "已下单".to_owned()),
        ];
        for (column, text) in texts {
            sheet.write(row, column, text).unwrap();
        }
        sheet
            .write_number_with_format(row, 3, 45_430.0 + f64::from(row), &date)
            .unwrap();
        sheet
            .write_number_with_format(row, 6, 12_800.0, &money)
            .unwrap();
    }
    for (row, slips) in (7..).zip(SLIPS) {
        sheet.write(row, 0, format!("DD-{row:03}")).unwrap();
        sheet.write(row, 5, "确认交期").unwrap();
        for (column, (text, _)) in COLUMNS.into_iter().zip(slips) {
            sheet.write(row, column, text).unwrap();
        }
    }
    // What a formula gives is not ours to overwrite.
    sheet
        .write_formula(
            12,
            6,
            rust_xlsxwriter::Formula::new("\"¥1,\"&\"300元\"").set_result("¥1,300元"),
        )
        .unwrap();
    sheet.write(12, 0, "DD-012").unwrap();
    sheet.write(12, 1, "云渡食品").unwrap();
    let path = folder.join("跟单.xlsx");
    book.save(&path).unwrap();
    path
}

/// Cells of the sheet by calamine: numbers and dates as their number, texts quoted.
fn cells(path: &Path) -> BTreeMap<(usize, usize), String> {
    let mut workbook = calamine::open_workbook_auto(path).unwrap();
    let range = workbook.worksheet_range("跟单").unwrap();
    let shown = |data: &Data| match data {
        Data::DateTime(date) => date.as_f64().to_string(),
        Data::Float(number) => number.to_string(),
        other => format!("\"{other}\""),
    };
    let used = range.used_cells();
    used.map(|(row, column, data)| ((row, column), shown(data)))
        .collect()
}

fn fix(path: &Path, out: &Path, format: &str) -> crate::run::Ran {
    let (path, out) = (path.to_string_lossy(), out.to_string_lossy());
    let ran = leadsheet(&["check", &path, "--fix", &out, "--format", format]);
    assert_ne!(ran.status, Status::Failed, "{}", ran.err);
    ran
}

fn fixes(ran: &crate::run::Ran) -> Vec<Value> {
    ran.json()["fixes"].as_array().unwrap().clone()
}

#[test]
fn every_slip_becomes_what_was_meant_and_every_other_cell_stays() {
    let folder = tempfile::tempdir().unwrap();
    let xlsx = workbook(folder.path());
    let xls = folder.path().join("跟单.xls");
    let converted = leadsheet(&["convert", &xlsx.to_string_lossy(), &xls.to_string_lossy()]);
    assert_ne!(converted.status, Status::Failed, "{}", converted.err);
    for (path, extension) in [(&xlsx, "xlsx"), (&xls, "xls")] {
        let out = folder.path().join(format!("out.{extension}"));
        let ran = fix(path, &out, "json");
        let (before, after) = (cells(path), cells(&out));
        let mut expected = before.clone();
        let mut count = 0;
        for (row, slips) in (7..).zip(SLIPS) {
            for (column, (_, fixed)) in COLUMNS.into_iter().zip(slips) {
                if let Some(fixed) = fixed {
                    // Dates and amounts become numbers, all else stays text.
                    let is_number = [3, 6].contains(&column);
                    let shown = if is_number {
                        fixed.to_owned()
                    } else {
                        format!("\"{fixed}\"")
                    };
                    expected.insert((row, usize::from(column)), shown);
                    count += 1;
                }
            }
        }
        // An .xls of ours holds no formulas: there the text is the text of a cell.
        if extension == "xls" {
            expected.insert((12, 6), "1300".to_owned());
            count += 1;
        }
        assert_eq!(after, expected, "{extension}");
        assert_eq!(fixes(&ran).len(), count, "{extension}");
    }
}

#[test]
fn a_fixed_date_looks_as_its_column_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(folder.path());
    let out = folder.path().join("out.xlsx");
    fix(&path, &out, "json");
    let inspected = leadsheet(&[
        "inspect",
        &out.to_string_lossy(),
        "--cells",
        "--format",
        "json",
    ]);
    let cells = inspected.json()["cells"].as_array().unwrap().clone();
    let cell = |name: &str| {
        cells
            .iter()
            .find(|cell| cell["cell"] == name)
            .unwrap()
            .clone()
    };
    for (name, kind, value) in [
        ("D8", "date", json!("2024-05-21")),
        ("D9", "date", json!("2024-05-22T09:30:00")),
        ("D12", "date", json!("2024-05-23")),
        ("G8", "number", json!(1280)),
        ("C8", "text", json!("13800000001")),
    ] {
        let cell = cell(name);
        assert_eq!(
            (&cell["kind"], &cell["value"]),
            (&json!(kind), &value),
            "{name}"
        );
    }
    assert_eq!(cell("G13")["formula"], json!(true));
    let mut archive = zip::ZipArchive::new(fs::File::open(&out).unwrap()).unwrap();
    let mut part = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    let (sheet, styles) = (part("xl/worksheets/sheet1.xml"), part("xl/styles.xml"));
    let style = |name: &str| -> String {
        let tag = sheet
            .split(&format!("<c r=\"{name}\" s=\""))
            .nth(1)
            .unwrap();
        tag.split('"').next().unwrap().to_owned()
    };
    assert_eq!(style("D8"), style("D2"), "{styles}");
    assert_eq!(style("G8"), style("G2"), "{styles}");
}

#[test]
fn what_is_fixed_is_listed_old_and_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(folder.path());
    let out = folder.path().join("out.xlsx");
    let ran = fix(&path, &out, "json");
    let first = fixes(&ran)[0].clone();
    assert_eq!(
        first,
        json!({
            "file": path.to_string_lossy(), "sheet": "跟单", "cell": "B8", "row": 8, "header": "客户名称",
            "field": "customer", "old": "北辰机电　", "new": "北辰机电", "codes": ["C701"]
        })
    );
    let of_cell = |cell: &str| -> Vec<(String, String, String)> {
        let all = fixes(&ran).into_iter().filter(|fix| fix["cell"] == cell);
        all.map(|fix| {
            (
                fix["old"].to_string(),
                fix["new"].to_string(),
                fix["codes"].to_string(),
            )
        })
        .collect()
    };
    // Everything that is the matter with a cell is put right in one value.
    let one = |old: &str, new: &str, codes: &str| {
        vec![(old.to_owned(), new.to_owned(), codes.to_owned())]
    };
    assert_eq!(
        of_cell("D9"),
        one(
            "\"２０２４-０５-２２ 9:30\"",
            "\"2024-05-22 09:30:00\"",
            "[\"C206\",\"C702\"]"
        )
    );
    assert_eq!(
        of_cell("G12"),
        one("\" 20万\"", "\"200000.00\"", "[\"C602\",\"C604\",\"C701\"]")
    );
    assert_eq!(of_cell("G13"), [], "a formula stays");
    let told = fix(&path, &out, "text");
    let list = told.out.split_once("put right (old → new)").unwrap().1;
    for line in [
        "B8 客户名称 \"北辰机电\\u{3000}\" → 北辰机电 C701",
        "D8 跟进时间 2024.5.21 → 2024-05-21 C206",
        "G8 订单金额 ¥1,280元 → 1280.00 C602 C604",
    ] {
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert!(
            list.lines().any(|one| words(one) == words(line)),
            "{line} not in {list}"
        );
    }
    assert!(told.err.contains("formula"), "{}", told.err);
}

#[test]
fn fixing_what_is_fixed_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = [
        "lead_ledger_lively.xlsx",
        "lead_ledger_lively.xls",
        "order_tracking.xlsx",
        "follow_up_form.xls",
        "customer_sheets.xlsx",
        "dates_1904.xlsx",
    ];
    let mut files: Vec<_> = fixtures.map(|name| PathBuf::from(fixture(name))).into();
    files.push(workbook(folder.path()));
    for path in files {
        let extension = path.extension().unwrap().to_string_lossy().into_owned();
        let name = |number: u8| folder.path().join(format!("{number}.{extension}"));
        let (one, two) = (name(1), name(2));
        fix(&path, &one, "json");
        let again = fix(&one, &two, "json");
        assert_eq!(fixes(&again), Vec::<Value>::new(), "{}", path.display());
        assert_eq!(
            fs::read(&one).unwrap(),
            fs::read(&two).unwrap(),
            "{}",
            path.display()
        );
    }
}
