//! What JSON says becomes cells, and what our own writer said comes back.

use leadsheet_core::{CellRef, Value};

use crate::notice::NoticeKind;
use crate::{FileKind, OpenOptions, ReadError, Workbook, workbook_from_bytes};

fn read(text: &str) -> Workbook {
    workbook_from_bytes(text.as_bytes(), &OpenOptions::default()).unwrap()
}

/// Rows of a sheet as they show, cells apart by a bar.
fn shown(workbook: &Workbook, sheet: usize) -> Vec<String> {
    let sheet = &workbook.sheets[sheet];
    let row = |row| {
        let cells =
            (0..sheet.grid.width()).map(|column| sheet.value(CellRef::new(row, column)).display());
        cells.collect::<Vec<_>>().join("|")
    };
    (0..sheet.grid.height()).map(row).collect()
}

#[test]
fn a_line_is_a_row_and_a_field_key_its_usual_heading() {
    let workbook = read(
        "{\"customer\":\"甲\",\"progress\":0.45,\"内部备注\":\"x\"}\n\n\
         {\"customer\":\"乙\",\"phone\":13800000001,\"done\":true}\n",
    );
    assert_eq!(workbook.kind, FileKind::Json);
    assert_eq!(
        shown(&workbook, 0),
        [
            "客户名称|跟进进度|内部备注|联系方式|done",
            "甲|45%|x||",
            "乙|||13800000001|TRUE"
        ]
    );
}

#[test]
fn a_list_of_objects_and_a_single_object_are_tables_too() {
    let list = "[\n {\"a\": 1, \"b\": null},\n {\"b\": [1, {\"c\": 2}]}\n]";
    assert_eq!(shown(&read(list), 0), ["a|b", "1|", "|[1,{\"c\":2}]"]);
    assert_eq!(shown(&read("{\"a\": \"00123\"}"), 0), ["a", "00123"]);
}

#[test]
fn values_keep_their_kinds() {
    let text = r##"{"a":"2024-05-20","b":"2024-05-20T10:30:00","c":"10:30:00","d":"-PT1H30M","e":"#N/A","f":"2024-5-20","g":-0.0,"h":1e308,"i":123456789012345678901,"j":9007199254740993,"k":"","l":"0001-01-01"}"##;
    let workbook = read(text);
    let sheet = &workbook.sheets[0];
    let kind = |column| match sheet.value(CellRef::new(1, column)) {
        Value::Empty => "empty",
        Value::Text(_) => "text",
        Value::Number { .. } => "number",
        Value::Date { .. } => "date",
        Value::Time { .. } => "time",
        Value::Bool(_) => "bool",
        Value::Error(_) => "error",
    };
    assert_eq!(
        (0..12).map(kind).collect::<Vec<_>>(),
        [
            "date", "date", "time", "time", "error", "text", "number", "number", "number", "text",
            "empty", "text"
        ]
    );
    let Value::Number { value, .. } = sheet.value(CellRef::new(1, 6)) else {
        panic!("a number");
    };
    assert!(value == 0.0 && value.is_sign_negative());
    // Too long for a number to hold: every digit is kept.
    assert_eq!(
        sheet.value(CellRef::new(1, 9)),
        Value::Text("9007199254740993")
    );
}

#[test]
fn a_line_that_is_no_record_is_kept_and_named() {
    let workbook = read("{\"a\":1}\n{\"a\":\n{\"a\":3}\n");
    assert_eq!(shown(&workbook, 0), ["a", "1", "{\"a\":", "3"]);
    let [notice] = &workbook.notices[..] else {
        panic!("{:?}", workbook.notices);
    };
    assert_eq!(notice.kind, NoticeKind::NotARecord);
    assert_eq!(notice.cell, Some(CellRef::new(2, 0)));
}

#[test]
fn a_document_that_breaks_off_keeps_what_came_before() {
    let whole = r#"{"schema":"leadsheet.records/1","path":"a","tables":[{"sheet":"表","template":null,"columns":[{"key":"customer","header":"姓名","field":"customer"}],"rows":[{"customer":"甲"},{"customer":"乙"#;
    let workbook = read(whole);
    assert_eq!(workbook.sheets[0].name, "表");
    assert_eq!(shown(&workbook, 0), ["姓名", "甲"]);
    assert!(
        workbook
            .notices
            .iter()
            .any(|notice| notice.kind == NoticeKind::Truncated)
    );
}

#[test]
fn text_that_only_begins_like_json_is_a_table_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("表.csv");
    std::fs::write(&path, "{\"甲\",乙\n1,2\n").unwrap();
    let workbook = crate::workbook_from_path(&path, &OpenOptions::default()).unwrap();
    assert_eq!(workbook.kind, FileKind::Csv);
    let refused = workbook_from_bytes(b"{\"a\" no json", &OpenOptions::default());
    assert!(
        matches!(refused, Err(ReadError::NotAWorkbook(_))),
        "{refused:?}"
    );
}
