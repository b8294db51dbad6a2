//! XML Spreadsheet 2003 as Excel and LibreOffice write it.

use leadsheet_core::Value;
use proptest::prelude::*;

use super::*;
use crate::{OpenOptions, workbook_from_bytes};

const START: &str = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
    <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\" xmlns:html=\"http://www.w3.org/TR/REC-html40\">\n";

fn try_read(inside: &str) -> Result<Workbook, ReadError> {
    workbook_from_bytes(
        format!("{START}{inside}</Workbook>").as_bytes(),
        &OpenOptions::default(),
    )
}

fn read(inside: &str) -> Workbook {
    try_read(inside).unwrap()
}

fn shown(workbook: &Workbook) -> Vec<String> {
    let sheet = &workbook.sheets[0];
    (0..sheet.grid.height())
        .flat_map(|row| (0..sheet.grid.width()).map(move |column| CellRef::new(row, column)))
        .filter(|cell| sheet.value(*cell) != Value::Empty)
        .map(|cell| format!("{cell}={}", sheet.value(cell).display()))
        .collect()
}

/// One cell with this data, under this format.
fn value_of(format: &str, kind: &str, data: &str) -> Workbook {
    read(&format!(
        "<Styles><Style ss:ID=\"s1\"><NumberFormat ss:Format=\"{format}\"/></Style></Styles><Worksheet ss:Name=\"x\"><Table>\
         <Row><Cell ss:StyleID=\"s1\"><Data ss:Type=\"{kind}\">{data}</Data></Cell></Row></Table></Worksheet>"
    ))
}

#[test]
fn a_note_that_lets_a_finding_stand_is_read_and_is_no_value() {
    let workbook = read(
        "<Worksheet ss:Name=\"x\"><Table><Row ss:Index=\"3\"><Cell ss:Index=\"2\"><Data ss:Type=\"String\">下周三</Data>\
         <Comment ss:Author=\"李雷\"><ss:Data xmlns=\"http://www.w3.org/TR/REC-html40\"><B><Font html:Face=\"Tahoma\">李雷:</Font></B>\
         <Font html:Size=\"9\">&#10;客户只说了星期&#10;leadsheet: ignore C201</Font></ss:Data></Comment></Cell>\
         <Cell><Data ss:Type=\"String\">电话</Data><Comment><ss:Data>谁的批注</ss:Data></Comment></Cell></Row></Table></Worksheet>",
    );
    assert_eq!(shown(&workbook), ["B3=下周三", "C3=电话"]);
    let excuses = &workbook.sheets[0].excuses;
    assert_eq!(excuses.len(), 1);
    assert_eq!(excuses[0].cell, CellRef::new(2, 1));
    assert_eq!(excuses[0].rules, ["C201"]);
}

#[test]
fn a_workbook_as_excel_saves_it_is_read() {
    let workbook = read(
        "<DocumentProperties xmlns=\"urn:schemas-microsoft-com:office:office\"><Author>x</Author></DocumentProperties>\n\
         <Styles><Style ss:ID=\"Default\" ss:Name=\"Normal\"><NumberFormat/></Style>\
         <Style ss:ID=\"s21\"><NumberFormat ss:Format=\"yyyy/m/d;@\"/></Style></Styles>\n\
         <Worksheet ss:Name=\"线索 &amp; 跟进\"><Names/><Table ss:ExpandedColumnCount=\"6\" ss:ExpandedRowCount=\"9\" x:FullColumns=\"1\">\n\
         <Column ss:AutoFitWidth=\"0\" ss:Width=\"105\"/><Column ss:Index=\"4\" ss:Hidden=\"1\" ss:Span=\"1\"/>\n\
         <Row><Cell ss:MergeAcross=\"2\"><Data ss:Type=\"String\">标题</Data></Cell><Cell><Data ss:Type=\"String\">后</Data></Cell></Row>\n\
         <Row ss:Index=\"4\" ss:Hidden=\"1\"><Cell><Data ss:Type=\"String\">00123</Data></Cell>\
         <Cell ss:Index=\"3\" ss:StyleID=\"s21\"><Data ss:Type=\"DateTime\">2024-05-20T00:00:00.000</Data></Cell>\
         <Cell ss:Formula=\"=RC[-1]+1\"><Data ss:Type=\"Number\">12.5</Data>\
         <Comment ss:Author=\"甲\"><ss:Data xmlns=\"http://www.w3.org/TR/REC-html40\"><B>甲:</B><Font>批注</Font></ss:Data></Comment>\
         <NamedCell ss:Name=\"_FilterDatabase\"/></Cell></Row>\n\
         <Row><Cell ss:MergeDown=\"1\"><Data ss:Type=\"Boolean\">1</Data></Cell><Cell><Data ss:Type=\"Error\">#N/A</Data></Cell>\
         <Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\"><B>粗</B><Font html:Color=\"#FF0000\">红&#10;字</Font></ss:Data></Cell>\
         <Cell ss:Formula=\"=1\"/></Row>\n</Table>\
         <WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>\n\
         <Worksheet ss:Name=\"空\"><Table/></Worksheet>\n",
    );
    assert_eq!(
        shown(&workbook),
        [
            "A1=标题",
            "D1=后",
            "A4=00123",
            "C4=2024-05-20",
            "D4=12.5",
            "A5=TRUE",
            "B5=#N/A",
            "C5=粗红\n字"
        ]
    );
    let sheet = &workbook.sheets[0];
    assert_eq!(
        (sheet.name.as_str(), sheet.visibility),
        ("线索 & 跟进", Visibility::Hidden)
    );
    assert!(matches!(
        sheet.value(CellRef::new(3, 2)),
        Value::Date {
            format: "yyyy/m/d;@",
            ..
        }
    ));
    assert_eq!(sheet.value(CellRef::new(3, 0)), Value::Text("00123"));
    assert_eq!(sheet.value(CellRef::new(4, 1)), Value::Error("#N/A"));
    let merges: Vec<_> = sheet.merges.iter().map(ToString::to_string).collect();
    assert_eq!(merges, ["A1:C1", "A5:A6"]);
    assert_eq!(sheet.hidden_rows, [(3, 3)]);
    assert_eq!(sheet.hidden_columns, [(3, 4)]);
    assert_eq!(sheet.column_widths, [(0, 0, 20.0)]);
    assert_eq!(sheet.formulas, [CellRef::new(3, 3), CellRef::new(4, 3)]);
    assert_eq!(sheet.uncalculated, [CellRef::new(4, 3)]);
    assert_eq!(workbook.sheets[1].name, "空");
    let kinds: Vec<_> = workbook.notices.iter().map(|notice| &notice.kind).collect();
    assert_eq!(kinds, [&NoticeKind::NotCalculated]);
}

#[test]
fn moments_are_those_that_excel_shows() {
    for (format, data, expected) in [
        ("Short Date", "2024-05-20T00:00:00.000", "2024-05-20"),
        (
            "General Date",
            "2024-05-20T13:30:15.000",
            "2024-05-20T13:30:15",
        ),
        ("General", "2024-05-20T00:00:00.000", "2024-05-20"),
        ("Short Date", "1900-01-01T00:00:00.000", "1900-01-01"),
        ("Short Date", "1900-03-01T00:00:00.000", "1900-03-01"),
        ("Short Time", "1899-12-31T10:30:00.000", "10:30:00"),
        ("Short Date", "2024-05-20", "2024-05-20"),
    ] {
        let workbook = value_of(format, "DateTime", data);
        assert_eq!(
            shown(&workbook),
            [format!("A1={expected}")],
            "{format} {data}"
        );
        assert!(!matches!(
            workbook.sheets[0].value(CellRef::new(0, 0)),
            Value::Text(_) | Value::Number { .. }
        ));
    }
    let workbook = value_of("Percent", "Number", "0.25");
    assert_eq!(shown(&workbook), ["A1=25%"]);
    let workbook = value_of("yyyy\\-mm\\-dd", "Number", "45432");
    assert_eq!(shown(&workbook), ["A1=2024-05-20"]);
}

#[test]
fn moments_of_the_1904_system_are_those_that_excel_shows() {
    let cell = |style: &str, kind: &str, data: &str| {
        format!("<Cell ss:StyleID=\"{style}\"><Data ss:Type=\"{kind}\">{data}</Data></Cell>")
    };
    let cells = [
        cell("d", "DateTime", "2000-01-01T00:00:00.000"),
        cell("t", "DateTime", "1904-01-01T10:30:00.000"),
        cell("d", "Number", "43970"),
    ];
    let workbook = read(&format!(
        "<ExcelWorkbook><Date1904/></ExcelWorkbook><Styles><Style ss:ID=\"d\"><NumberFormat ss:Format=\"Short Date\"/></Style>\
         <Style ss:ID=\"t\"><NumberFormat ss:Format=\"Short Time\"/></Style></Styles>\
         <Worksheet ss:Name=\"x\"><Table><Row>{}</Row></Table></Worksheet>",
        cells.concat()
    ));
    assert_eq!(
        shown(&workbook),
        ["A1=2000-01-01", "B1=10:30:00", "C1=2024-05-20"]
    );
}

#[test]
fn data_that_is_not_what_it_says_stays_text_with_a_notice() {
    for (kind, data, notice) in [
        ("Number", "x", NoticeKind::BadNumber("x".to_owned())),
        (
            "DateTime",
            "20/5/2024",
            NoticeKind::BadDate("20/5/2024".to_owned()),
        ),
        ("Boolean", "ja", NoticeKind::BadBoolean("ja".to_owned())),
        (
            "Colour",
            "red",
            NoticeKind::UnknownCellType("Colour".to_owned()),
        ),
    ] {
        let workbook = value_of("General", kind, data);
        assert_eq!(
            workbook.sheets[0].value(CellRef::new(0, 0)),
            Value::Text(data)
        );
        assert_eq!(workbook.notices[0].kind, notice);
    }
}

#[test]
fn other_prefixes_and_encodings_are_read() {
    let plain = "<?xml version=\"1.0\" encoding=\"gb2312\"?><ss:Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
        <ss:Worksheet ss:Name=\"线索\"><ss:Table><ss:Row><ss:Cell><ss:Data ss:Type=\"String\"><![CDATA[王<秀>英]]></ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>";
    let wide: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        encoding_rs::GBK.encode(plain).0.into_owned(),
        plain.as_bytes().to_vec(),
        wide,
    ] {
        let workbook = workbook_from_bytes(&bytes, &OpenOptions::default()).unwrap();
        assert_eq!(shown(&workbook), ["A1=王<秀>英"]);
        assert_eq!(workbook.sheets[0].name, "线索");
        assert_eq!(workbook.kind, FileKind::XmlSpreadsheet);
        assert!(workbook.notices.is_empty(), "{:?}", workbook.notices);
    }
}

#[test]
fn hostile_documents_are_refused_and_cut_ones_read_as_far_as_they_go() {
    let table =
        |inside: &str| format!("<Worksheet ss:Name=\"x\"><Table>{inside}</Table></Worksheet>");
    let bomb = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{START}</Workbook>");
    let refused = workbook_from_bytes(bomb.as_bytes(), &OpenOptions::default());
    assert!(matches!(refused, Err(ReadError::Doctype(_))), "{refused:?}");
    assert!(matches!(try_read(""), Err(ReadError::Damaged { .. })));
    let workbook = workbook_from_bytes(
        format!("{START}<Worksheet ss:Name=\"x\"><Table><Row><Cell><Data ss:Type=\"String\">甲</Data></Cell><Cell><Da").as_bytes(),
        &OpenOptions::default(),
    )
    .unwrap();
    assert_eq!(shown(&workbook), ["A1=甲"]);
    assert_eq!(workbook.notices[0].kind, NoticeKind::Truncated);
    let far = "<Row ss:Index=\"4294967295\"><Cell ss:Index=\"4294967295\" ss:MergeAcross=\"4294967295\" ss:MergeDown=\"4294967295\"><Data ss:Type=\"String\">x</Data></Cell></Row><Row><Cell/></Row>";
    let workbook = read(&table(far));
    assert!(matches!(
        workbook.notices[0].kind,
        NoticeKind::BeyondSheet { cells: 1, .. }
    ));
    let refused = |limits: Limits, inside: &str, name: &str| {
        let options = OpenOptions {
            limits,
            ..OpenOptions::default()
        };
        match workbook_from_bytes(format!("{START}{}", table(inside)).as_bytes(), &options) {
            Err(ReadError::Limit { limit, .. }) => assert_eq!(limit, name),
            other => panic!("{other:?}"),
        }
    };
    let most = Limits::default();
    let cell = "<Cell ss:MergeAcross=\"1\"><Data ss:Type=\"Number\">1</Data></Cell>";
    refused(Limits { depth: 20, ..most }, &"<x>".repeat(30), "depth");
    refused(Limits { merges: 2, ..most }, &cell.repeat(3), "merges");
    refused(Limits { cells: 2, ..most }, &cell.repeat(3), "cells");
    refused(
        Limits { parts: 2, ..most },
        &"<Worksheet/>".repeat(3),
        "parts",
    );
    refused(
        Limits {
            unpacked_bytes: 20,
            ..most
        },
        "",
        "unpacked_bytes",
    );
    let long = "x".repeat(1 << 18);
    refused(
        Limits {
            cell_bytes: 1 << 10,
            ..most
        },
        &format!("<Cell><Data ss:Type=\"String\">{long}"),
        "cell_bytes",
    );
    refused(
        Limits {
            cell_bytes: 1 << 10,
            ..most
        },
        &format!("<Cell {long}"),
        "cell_bytes",
    );
}

proptest! {
    #[test]
    fn no_document_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "<Worksheet ss:Name=\"x\">", "</Worksheet>", "<Table>", "</Table>", "<Row>", "<Row ss:Index=\"0\">", "</Row>", "<Cell>", "</Cell>",
        "<Cell ss:Index=\"99999\" ss:MergeAcross=\"3\">", "<Data ss:Type=\"Number\">", "<Data ss:Type=\"DateTime\">", "</Data>", "1", "x",
        "9999-12-31T00:00:00", "-0001-01-01T00:00:00", "1e999", "<Comment>", "</Comment>", "<Visible>", "</Visible>", "<Style ss:ID=\"a\">", "</Style>", "<", "&#x110000;", "<![CDATA[",
    ]), 0..60)) {
        let _ = try_read(&pieces.concat());
    }
}
