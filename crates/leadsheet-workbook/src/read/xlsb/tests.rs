//! Packages put together record by record, as MS-XLSB describes them.

use std::io::{Cursor, Write};

use leadsheet_core::{CellRef, Value};
use zip::write::SimpleFileOptions;

use super::read;
use crate::{Limits, NoticeKind, Visibility, Workbook};

fn record(id: u16, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut bytes = if id < 0x80 {
        vec![id as u8]
    } else {
        vec![id as u8 | 0x80, (id >> 7) as u8]
    };
    let mut length = body.len();
    loop {
        bytes.push(length as u8 & 0x7F | if length > 0x7F { 0x80 } else { 0 });
        length >>= 7;
        if length == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

fn long(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [long(&[units.len() as u32 / 2]), units].concat()
}

fn relationships(of: &[(&str, &str, &str)]) -> Vec<u8> {
    let one = |(id, kind, target): &(&str, &str, &str)| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
        )
    };
    format!(
        "<Relationships>{}</Relationships>",
        of.iter().map(one).collect::<String>()
    )
    .into_bytes()
}

fn package(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with the sheet 线索跟进 and a chart, in folder `book`.
fn workbook(sheet: &[Vec<u8>]) -> Vec<u8> {
    let bound = |state: u32, id: &str, name: &str| {
        record(0x9C, &[&long(&[state, 1]), &wide(id), &wide(name)])
    };
    let format = record(0x2C, &[&176_u16.to_le_bytes(), &wide("yyyy\"年\"m\"月\"")]);
    let xf = |format: u16| record(0x2F, &[&[0xFF, 0xFF], &format.to_le_bytes(), &[0; 12]]);
    let styles = [
        format,
        xf(14),
        record(0x269, &[&long(&[3])]),
        xf(0),
        xf(176),
        xf(10),
        record(0x26A, &[]),
        xf(20),
    ]
    .concat();
    let strings = [
        record(0x9F, &[&long(&[2, 2])]),
        record(0x13, &[&[0], &wide("客户")]),
        // Rich text, with a run after it, and a record of a later version between.
        record(0x23, &[&[0; 4]]),
        record(0x13, &[&[0], &wide("not this one")]),
        record(0x24, &[]),
        record(0x13, &[&[1], &wide("跟进"), &long(&[1, 0])]),
    ];
    package(&[
        (
            "_rels/.rels",
            relationships(&[("r1", "officeDocument", "book/workbook.bin")]),
        ),
        (
            "book/_rels/workbook.bin.rels",
            relationships(&[
                ("s1", "worksheet", "sheets/one.bin"),
                ("s2", "chartsheet", "sheets/two.bin"),
                ("t", "styles", "styles.bin"),
                ("u", "sharedStrings", "/book/strings.bin"),
            ]),
        ),
        (
            "book/workbook.bin",
            [
                record(0x99, &[&long(&[0, 0])]),
                bound(1, "s1", "线索跟进"),
                bound(0, "s2", "图表"),
            ]
            .concat(),
        ),
        ("book/styles.bin", styles),
        ("book/strings.bin", strings.concat()),
        ("book/sheets/one.bin", sheet.concat()),
        (
            "book/sheets/_rels/one.bin.rels",
            relationships(&[("n", "comments", "../comments1.bin")]),
        ),
        ("book/comments1.bin", notes()),
    ])
}

/// Notes on C8 and A2, record by record as Excel writes them.
fn notes() -> Vec<u8> {
    let note = |row: u32, column: u32, text: &str| {
        let place = long(&[0, row, row, column, column]);
        [
            record(0x27B, &[&place, &[0; 16]]),
            // Rich text with a run behind it.
            record(0x27D, &[&[1], &wide(text), &long(&[1, 0])]),
            record(0x27C, &[]),
        ]
        .concat()
    };
    [
        record(0x274, &[]),
        record(0x276, &[]),
        record(0x278, &[&wide("李雷")]),
        record(0x277, &[]),
        record(0x279, &[]),
        note(7, 2, "李雷:\n客户只说了星期\nleadsheet: ignore C201"),
        note(1, 0, "李雷:\n老板亲自跟"),
        record(0x27A, &[]),
        record(0x275, &[]),
    ]
    .concat()
}

#[test]
fn a_note_that_lets_a_finding_stand_is_read() {
    let workbook = open(&[row(0, false), end()]);
    let excuses = &workbook.sheets[0].excuses;
    assert_eq!(excuses.len(), 1);
    assert_eq!(excuses[0].cell, CellRef::new(7, 2));
    assert_eq!(excuses[0].rules, ["C201"]);
}

fn open(sheet: &[Vec<u8>]) -> Workbook {
    read(&workbook(sheet), &Limits::default()).unwrap()
}

fn row(row: u32, hidden: bool) -> Vec<u8> {
    record(
        0x00,
        &[
            &long(&[row, 0]),
            &[0x2C, 1, 0, if hidden { 0x10 } else { 0 }, 0, 0, 0, 0, 0],
        ],
    )
}

fn cell(id: u16, column: u32, style: u32, value: &[u8]) -> Vec<u8> {
    record(id, &[&long(&[column, style]), value])
}

fn shown(workbook: &Workbook, row: u32) -> Vec<String> {
    let sheet = &workbook.sheets[0];
    (0..sheet.grid.width())
        .map(|column| sheet.value(CellRef::new(row, column)).display())
        .collect()
}

const END: [u16; 2] = [0x92, 0x82];

fn end() -> Vec<u8> {
    END.iter().flat_map(|&id| record(id, &[])).collect()
}

#[test]
fn every_kind_of_cell_is_read() {
    let sheet = [
        record(0x3C, &[&long(&[0, 1, 2560, 0]), &[1, 0]]),
        row(0, false),
        cell(0x02, 0, 1, &(45432_u32 << 2 | 2).to_le_bytes()),
        cell(0x05, 1, 0, &2.5_f64.to_le_bytes()),
        cell(0x07, 2, 0, &long(&[1])),
        cell(0x06, 3, 0, &wide("own")),
        cell(0x04, 4, 0, &[1]),
        cell(0x03, 5, 0, &[0x2A]),
        cell(0x08, 6, 0, &[wide("成交"), vec![0; 6]].concat()),
        cell(
            0x09,
            7,
            2,
            &[&0.075_f64.to_le_bytes()[..], &[0; 6]].concat(),
        ),
        cell(0x0A, 8, 0, &[0, 0, 0]),
        cell(0x0B, 9, 0, &[0x07, 0, 0]),
        cell(0x3E, 10, 0, &[vec![1], wide("rich"), long(&[0])].concat()),
        row(1, true),
        end(),
        record(0xB0, &[&long(&[0, 1, 0, 3])]),
    ];
    // Merged cells stand before the end of the sheet in files of Excel; nothing hangs on it here.
    let workbook = open(&sheet);
    assert_eq!(
        shown(&workbook, 0),
        [
            "2024-05-20",
            "2.5",
            "跟进",
            "own",
            "TRUE",
            "#N/A",
            "成交",
            "7.5%",
            "FALSE",
            "#DIV/0!",
            "rich"
        ]
    );
    let sheet = &workbook.sheets[0];
    assert!(matches!(
        sheet.value(CellRef::new(0, 0)),
        Value::Date {
            format: "yyyy\"年\"m\"月\"",
            ..
        }
    ));
    assert!(matches!(
        sheet.value(CellRef::new(0, 9)),
        Value::Error("#DIV/0!")
    ));
    assert_eq!(
        (&*sheet.name, sheet.visibility),
        ("线索跟进", Visibility::Hidden)
    );
    assert_eq!(sheet.formulas.len(), 4);
    assert_eq!(sheet.merges[0].to_string(), "A1:D2");
    assert_eq!(sheet.hidden_rows, [(1, 1)]);
    assert_eq!(
        (&sheet.hidden_columns[..], &sheet.column_widths[..]),
        (&[(0, 1)][..], &[(0, 1, 10.0)][..])
    );
    assert_eq!(
        workbook
            .notices
            .iter()
            .map(|notice| notice.kind.clone())
            .collect::<Vec<_>>(),
        [NoticeKind::NotAWorksheet("图表".into())]
    );
}

#[test]
fn one_bad_record_costs_one_cell() {
    let sheet = [
        row(0, false),
        cell(0x07, 0, 0, &long(&[9])),
        cell(0x05, 1, 0, &[1, 2]),
        cell(0x06, 2, 0, &long(&[u32::MAX])),
        cell(0x03, 3, 0, &[99]),
        cell(0x04, 4, 0, &[2]),
        cell(0x05, 5, 77, &1.0_f64.to_le_bytes()),
        cell(0x05, 20_000, 0, &1.0_f64.to_le_bytes()),
        cell(0x05, 6, 0, &8.0_f64.to_le_bytes()),
        record(0xB0, &[&long(&[5, 1, 0, 3])]),
        end(),
    ];
    let workbook = open(&sheet);
    assert_eq!(shown(&workbook, 0), ["", "", "", "#VALUE!", "2", "1", "8"]);
    let cells: Vec<_> = workbook
        .notices
        .iter()
        .filter_map(|notice| notice.cell)
        .map(|cell| cell.to_string())
        .collect();
    assert_eq!(cells, ["A1", "B1", "C1", "D1", "E1", "F1"]);
    // The chart, the cell without an address and the merge without a range.
    assert_eq!(workbook.notices.len(), 9);
}

#[test]
fn a_part_that_breaks_off_gives_what_came_before() {
    let sheet = [
        row(0, false),
        cell(0x05, 0, 0, &8.0_f64.to_le_bytes()),
        vec![0x05, 0xFF, 0xFF, 0xFF, 0x7F, 1],
    ];
    let workbook = open(&sheet);
    assert_eq!(shown(&workbook, 0), ["8"]);
    assert!(
        workbook
            .notices
            .iter()
            .any(|notice| notice.kind == NoticeKind::Truncated)
    );
}
