//! Small flat documents, each with one thing odd about it.

use std::io::Write;

use leadsheet_core::{CellRef, Value};
use zip::write::SimpleFileOptions;

use super::{read, read_flat};
use crate::{Limits, NoticeKind, ReadError, Visibility, Workbook};

const NAMESPACES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#;

fn document(styles: &str, tables: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><office:document {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document>"
    )
}

fn sheet(styles: &str, rows: &str) -> Workbook {
    let tables = format!("<table:table table:name=\"线索跟进\">{rows}</table:table>");
    read_flat(document(styles, &tables).as_bytes(), &Limits::default()).unwrap()
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn cell(attributes: &str, text: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
}

fn shown(workbook: &Workbook) -> Vec<String> {
    let sheet = &workbook.sheets[0];
    (0..sheet.grid.width())
        .map(|column| sheet.value(CellRef::new(0, column)).display())
        .collect()
}

fn notices(workbook: &Workbook) -> Vec<(Option<String>, NoticeKind)> {
    let notices = workbook.notices.iter();
    notices
        .map(|notice| {
            (
                notice.cell.map(|cell| cell.to_string()),
                notice.kind.clone(),
            )
        })
        .collect()
}

#[test]
fn every_kind_of_value_is_itself() {
    let cells = [
        cell(r#"office:value-type="string""#, "客户&#x540D;&amp;称"),
        cell(
            r#"office:value-type="string" office:string-value="00123""#,
            "shown",
        ),
        cell(r#"office:value-type="float" office:value="20.5""#, "20,50"),
        cell(
            r#"office:value-type="percentage" office:value="0.075""#,
            "7.5%",
        ),
        cell(
            r#"office:value-type="currency" office:currency="CNY" office:value="1200""#,
            "¥1,200.00",
        ),
        cell(
            r#"office:value-type="date" office:date-value="2024-05-20""#,
            "2024年5月20日",
        ),
        cell(
            r#"office:value-type="date" office:date-value="2024-05-20T09:30:00.0004""#,
            "",
        ),
        cell(
            r#"office:value-type="date" office:date-value="1899-12-30T13:30:00""#,
            "13:30",
        ),
        cell(
            r#"office:value-type="time" office:time-value="PT26H30M00S""#,
            "26:30",
        ),
        cell(
            r#"office:value-type="boolean" office:boolean-value="true""#,
            "TRUE",
        ),
        cell(
            r#"office:value-type="string" office:string-value="" calcext:value-type="error" table:formula="of:=1/0""#,
            "#DIV/0!",
        ),
        cell(
            r#"office:value-type="float" office:value="0" table:formula="of:=SQRT(-1)""#,
            "Err:503",
        ),
        cell(r#"office:value-type="string""#, "#N/A"),
        cell(
            r#"office:value-type="float" office:value="1" table:formula="of:=TRUE()""#,
            "TRUE",
        ),
    ];
    let workbook = sheet("", &row(&cells.concat()));
    assert_eq!(
        shown(&workbook),
        [
            "客户名&称",
            "00123",
            "20.5",
            "7.5%",
            "1200",
            "2024-05-20",
            "2024-05-20T09:30:00",
            "13:30:00",
            "PT26H30M",
            "TRUE",
            "#DIV/0!",
            "#NUM!",
            "#N/A",
            "TRUE"
        ]
    );
    let sheet = &workbook.sheets[0];
    assert!(matches!(sheet.value(CellRef::new(0, 11)), Value::Error(_)));
    assert!(matches!(sheet.value(CellRef::new(0, 12)), Value::Text(_)));
    assert_eq!(sheet.formulas.len(), 3);
    assert_eq!(notices(&workbook), []);
}

#[test]
fn text_is_what_the_cell_shows() {
    let text = "<text:p>电话<text:s text:c=\"3\"/>沟通<text:tab/>  <text:span>两<text:a>行</text:a></text:span></text:p>\
                <office:annotation><text:p>note</text:p></office:annotation><draw:frame><text:p>box</text:p></draw:frame>\
                <text:p>second<text:line-break/>third</text:p><text:p/>";
    let cell = format!("<table:table-cell office:value-type=\"string\">{text}</table:table-cell>");
    assert_eq!(
        shown(&sheet("", &row(&cell))),
        ["电话   沟通\t  两行\nsecond\nthird\n"]
    );
}

#[test]
fn repeated_blanks_cost_nothing_and_repeated_values_are_there() {
    let rows = [
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16382\"/>\
         <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"7\"/></table:table-row>",
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"8\"/></table:table-row>",
    ];
    let workbook = sheet("", &rows.concat());
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.grid.filled(), 5);
    assert_eq!(sheet.used().unwrap().to_string(), "A4:XFD1048576");
    assert_eq!(sheet.value(CellRef::new(4, 16_382)).display(), "7");
}

#[test]
fn a_row_that_repeats_itself_without_end_is_refused() {
    let rows = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" \
                office:value-type=\"float\" office:value=\"7\"/></table:table-row>";
    let document = document(
        "",
        &format!("<table:table table:name=\"S\">{rows}</table:table>"),
    );
    let outcome = read_flat(document.as_bytes(), &Limits::default());
    assert!(matches!(
        outcome,
        Err(ReadError::Limit { limit: "cells", .. })
    ));
}

#[test]
fn formats_are_spelled_as_spreadsheets_do() {
    let styles = r##"
        <number:date-style style:name="N1"><number:year number:style="long"/><number:text>年</number:text><number:month/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
        <number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
        <number:time-style style:name="N3" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
        <number:number-style style:name="N4P0"><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
        <number:number-style style:name="N4"><style:text-properties fo:color="#ff0000"/><number:text>-</number:text><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/><style:map style:condition="value()&gt;=0" style:apply-style-name="N4P0"/></number:number-style>
        <style:style style:name="date" style:family="table-cell" style:data-style-name="N1"/>
        <style:style style:name="bold-date" style:family="table-cell" style:parent-style-name="date"/>
        <style:style style:name="percent" style:family="table-cell" style:data-style-name="N2"/>
        <style:style style:name="elapsed" style:family="table-cell" style:data-style-name="N3"/>
        <style:style style:name="money" style:family="table-cell" style:data-style-name="N4"/>"##;
    let cells = [
        cell(
            r#"table:style-name="bold-date" office:value-type="date" office:date-value="2024-05-20""#,
            "",
        ),
        cell(
            r#"table:style-name="percent" office:value-type="percentage" office:value="0.075""#,
            "",
        ),
        cell(
            r#"table:style-name="elapsed" office:value-type="time" office:time-value="PT26H30M""#,
            "",
        ),
        cell(
            r#"table:style-name="money" office:value-type="float" office:value="-5""#,
            "",
        ),
        cell(r#"office:value-type="float" office:value="5""#, ""),
    ];
    let columns = r#"<table:table-column table:number-columns-repeated="4"/><table:table-column table:default-cell-style-name="money"/>"#;
    let workbook = sheet(styles, &format!("{columns}{}", row(&cells.concat())));
    let format_of = |column| match workbook.sheets[0].value(CellRef::new(0, column)) {
        Value::Number { format, .. } | Value::Date { format, .. } | Value::Time { format, .. } => {
            format.to_owned()
        }
        other => panic!("{other:?}"),
    };
    let money = "#,##0.00;[Red]-#,##0.00";
    assert_eq!(
        [0, 1, 2, 3].map(format_of),
        ["yyyy\"年\"m-dd", "0.0%", "[h]:mm", money]
    );
    assert_eq!(format_of(4), money);
    // Columns that name no default style do not take their neighbour's.
    let workbook = sheet(
        styles,
        &format!(
            "{columns}{}",
            row(&cell(r#"office:value-type="float" office:value="5""#, ""))
        ),
    );
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(0, 0)),
        Value::Number {
            value: 5.0,
            format: ""
        }
    );
}

#[test]
fn layout_is_read() {
    let styles = r#"<style:style style:name="co1" style:family="table-column"><style:table-column-properties style:column-width="1in"/></style:style>
        <style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>"#;
    let tables = r#"<table:table table:name="A"><table:table-column table:style-name="co1" table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
        <table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3" office:value-type="float" office:value="1"/><table:covered-table-cell/></table:table-row></table:table-header-rows>
        <table:table-row-group><table:table-row table:visibility="filter" table:number-rows-repeated="2"><table:table-cell/></table:table-row></table:table-row-group></table:table>
        <table:table table:name="'file:///x'#$S" table:style-name="ta_extref"><table:table-row><table:table-cell office:value-type="float" office:value="9"/></table:table-row></table:table>
        <table:table table:name="B" table:style-name="ta2"/>"#;
    let workbook = read_flat(document(styles, tables).as_bytes(), &Limits::default()).unwrap();
    assert_eq!(
        workbook
            .sheets
            .iter()
            .map(|sheet| &*sheet.name)
            .collect::<Vec<_>>(),
        ["A", "B"]
    );
    assert_eq!(workbook.sheets[1].visibility, Visibility::Hidden);
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.merges[0].to_string(), "A1:B3");
    assert_eq!(sheet.hidden_rows, [(1, 2)]);
    assert_eq!(sheet.hidden_columns, [(2, 2)]);
    assert_eq!(sheet.column_widths.len(), 1);
    assert!((sheet.column_widths[0].2 - 96.0 / 7.0).abs() < 1e-9);
}

#[test]
fn what_cannot_be_read_is_said() {
    let cells = [
        cell(
            r#"office:value-type="date" office:date-value="2024-02-30""#,
            "30.2.2024",
        ),
        cell(
            r#"office:value-type="date" office:date-value="1899-12-30""#,
            "",
        ),
        cell(r#"office:value-type="float" office:value="1,5""#, "1,5"),
        "<table:table-cell table:formula=\"of:=A1\"/>".to_owned(),
    ];
    let workbook = sheet("", &row(&cells.concat()));
    assert_eq!(shown(&workbook), ["2024-02-30", "0", "1,5"]);
    let expected = [
        (Some("A1".into()), NoticeKind::BadDate("2024-02-30".into())),
        (Some("B1".into()), NoticeKind::DateOutOfRange(0.0)),
        (Some("C1".into()), NoticeKind::BadNumber("1,5".into())),
        (Some("D1".into()), NoticeKind::NotCalculated),
    ];
    assert_eq!(notices(&workbook), expected);
    assert_eq!(workbook.sheets[0].uncalculated.len(), 1);
}

#[test]
fn hostile_documents_are_refused_and_cut_ones_kept() {
    let doctype = "<!DOCTYPE x [<!ENTITY a \"b\">]><office:document/>";
    assert!(matches!(
        read_flat(doctype.as_bytes(), &Limits::default()),
        Err(ReadError::Doctype(_))
    ));
    let deep = format!("<office:document>{}", "<x>".repeat(300));
    assert!(matches!(
        read_flat(deep.as_bytes(), &Limits::default()),
        Err(ReadError::Limit { limit: "depth", .. })
    ));
    let whole = document(
        "",
        &format!(
            "<table:table table:name=\"S\">{}",
            row(&cell("office:value-type=\"float\" office:value=\"1\"", "1"))
        ),
    );
    let cut = read_flat(
        &whole.as_bytes()[..whole.find("</table:table-row>").unwrap()],
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(shown(&cut), ["1"]);
    assert_eq!(cut.notices[0].kind, NoticeKind::Truncated);
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_package_is_read_within_its_limits() {
    let content = document(
        "",
        &format!(
            "<table:table table:name=\"S\">{}</table:table>",
            row(&cell(
                "office:value-type=\"string\"",
                &"长".repeat(1_000_000)
            ))
        ),
    );
    let bytes = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ]);
    let workbook = read(
        &bytes,
        &Limits {
            ratio: 100_000,
            ..Limits::default()
        },
    )
    .unwrap();
    // 3 MB of text in one cell: the beginning is kept, and said to be no more than that.
    assert!(matches!(
        workbook.notices[0].kind,
        NoticeKind::TextTooLong(1_000_000)
    ));
    let refused = |limits: Limits| match read(&bytes, &limits) {
        Err(ReadError::Limit { limit, .. }) => limit,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused(Limits {
            ratio: 100,
            ..Limits::default()
        }),
        "ratio"
    );
    assert_eq!(
        refused(Limits {
            unpacked_bytes: 1_000_000,
            ..Limits::default()
        }),
        "unpacked_bytes"
    );
    assert_eq!(
        refused(Limits {
            parts: 1,
            ..Limits::default()
        }),
        "parts"
    );
}

#[test]
fn an_encrypted_package_is_said_to_be_one() {
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let bytes = package(&[
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "rubbish"),
    ]);
    assert!(matches!(
        read(&bytes, &Limits::default()),
        Err(ReadError::Encrypted)
    ));
}
