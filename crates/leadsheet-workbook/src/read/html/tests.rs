//! Tables as web systems save them, read as the sheets they are shown as.

use leadsheet_core::{CellRef, Value};
use proptest::prelude::*;

use crate::{Foreign, Limits, NoticeKind, OpenOptions, ReadError, Workbook, workbook_from_bytes};

fn read(page: &str) -> Workbook {
    workbook_from_bytes(page.as_bytes(), &OpenOptions::default()).unwrap()
}

/// The filled cells of a sheet, `A1=text`, kinds that are no text named.
fn cells(workbook: &Workbook, sheet: usize) -> Vec<String> {
    let sheet = &workbook.sheets[sheet];
    (0..sheet.grid.height())
        .flat_map(|row| (0..sheet.grid.width()).map(move |column| CellRef::new(row, column)))
        .filter_map(|cell| {
            let value = sheet.value(cell);
            let kind = match value {
                Value::Empty => return None,
                Value::Text(_) => "",
                Value::Number { format: "", .. } => "n:",
                Value::Number { format, .. } => {
                    return Some(format!("{cell}=n[{format}]:{}", value.display()));
                }
                Value::Date { format, .. } => {
                    return Some(format!("{cell}=d[{format}]:{}", value.display()));
                }
                Value::Time { .. } => "t:",
                Value::Bool(_) => "b:",
                Value::Error(_) => "e:",
            };
            Some(format!("{cell}={kind}{}", value.display()))
        })
        .collect()
}

#[test]
fn notes_beside_their_cells_let_findings_stand_and_those_away_from_them_are_told_of() {
    let workbook = read(
        "<table><tr><td>日期</td></tr><tr><td>下周三<a class=\"comment-indicator\"></a><comment>李雷:\n\
         leadsheet: ignore C201</comment></td></tr></table>",
    );
    assert_eq!(cells(&workbook, 0), ["A1=日期", "A2=下周三"]);
    let excuses = &workbook.sheets[0].excuses;
    assert_eq!((excuses.len(), excuses[0].cell), (1, CellRef::new(1, 0)));
    assert!(workbook.notices.is_empty());
    // As Excel does.
    let workbook = read(
        "<table><tr><td>日期</td></tr></table><div style='mso-element:comment-list'><div style='mso-element:comment'>\
         <div class=msocomtxt>leadsheet: ignore C201</div></div></div>",
    );
    assert_eq!(workbook.notices.len(), 1);
    assert_eq!(workbook.notices[0].kind, NoticeKind::NotesNotRead);
}

#[test]
fn a_table_that_a_web_system_saved_is_a_sheet() {
    let workbook = read(
        "<html><head><meta charset=\"utf-8\"><style>td{mso-number-format:General}</style></head><body>\
         <table border=1><thead><tr><th>客户名称</th><th>联系方式</th><th>预算</th><th>备注</th></tr></thead>\
         <tbody><tr><td>甲&amp;乙&nbsp;</td><td style='mso-number-format:\"\\@\"'>0123</td><td>12.5</td><td>第一行<br/>第二行</td></tr>\
         <tr><td>丙</td><td style=\"vnd.ms-excel.numberformat:@\">13800000001</td><td style='mso-number-format:\"\\@\";'>5</td><td>&nbsp;</td></tr></tbody></table>",
    );
    assert_eq!(
        cells(&workbook, 0),
        [
            "A1=客户名称",
            "B1=联系方式",
            "C1=预算",
            "D1=备注",
            "A2=甲&乙",
            "B2=0123",
            "C2=n:12.5",
            "D2=第一行\n第二行",
            "A3=丙",
            "B3=13800000001",
            "C3=5"
        ]
    );
    assert_eq!(workbook.sheets[0].name, "Sheet1");
    assert!(workbook.notices.is_empty(), "{:?}", workbook.notices);
}

#[test]
fn cells_that_reach_over_others_are_merged() {
    let workbook = read(
        "<table><tr><td colspan=3>标题</td></tr>\
         <tr><td rowspan=2>甲</td><td>1</td><td rowspan=3 colspan=1>x</td></tr>\
         <tr><td>2</td><td>y</td></tr>\
         <tr><td>乙<td>3<td>z<tr><td rowspan=9>尾</table>",
    );
    assert_eq!(
        cells(&workbook, 0),
        [
            "A1=标题",
            "A2=甲",
            "B2=n:1",
            "C2=x",
            "B3=n:2",
            "D3=y",
            "A4=乙",
            "B4=n:3",
            "D4=z",
            "A5=尾"
        ]
    );
    let merges: Vec<_> = workbook.sheets[0]
        .merges
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(merges, ["A1:C1", "A2:A3", "C2:C4"]);
}

#[test]
fn attributes_of_excel_and_libreoffice_give_types() {
    // As Excel 2003 saves a web page.
    let workbook = read(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><style><!--\n\
         .xl24\n\t{mso-style-parent:style0;\n\tmso-number-format:\"yyyy\\\\-mm\\\\-dd\";}\n\
         .xl25\n\t{mso-number-format:\"\\@\";}\n.xl26 {mso-number-format:\"\\#\\,\\#\\#0\\.00\";}\n--></style>\
         <!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>线索 &amp; 跟进</x:Name>\
         </x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></head><body>\
         <table x:str><tr><td class=xl24 x:num=\"45432\">2024-05-20</td><td class=xl25>00123</td>\
         <td class=xl26 x:num=\"1234.5\">1,234.50</td><td x:num>7</td><td x:bool=\"TRUE\">TRUE</td>\
         <td x:err=\"#N/A\">#N/A</td><td x:num=\"3\" x:fmla=\"=1+2\">3</td><td x:str=\"长文本\">长…</td></tr></table>",
    );
    assert_eq!(
        cells(&workbook, 0),
        [
            "A1=d[yyyy\\-mm\\-dd]:2024-05-20",
            "B1=00123",
            "C1=n[#,##0.00]:1234.5",
            "D1=n:7",
            "E1=b:TRUE",
            "F1=e:#N/A",
            "G1=n:3",
            "H1=长文本"
        ]
    );
    assert_eq!(workbook.sheets[0].formulas, [CellRef::new(0, 6)]);
    assert_eq!(workbook.sheets[0].name, "线索 & 跟进");
    // As LibreOffice does.
    let workbook = read(
        "<!DOCTYPE html>\n<html><body><hr><p><center><h1>Overview</h1><A HREF=\"#table0\">线索</A></center></p><hr>\
         <A NAME=\"table0\"><h1>Sheet 1: <em>线索</em></h1></A>\n<table>\n\
         <tr><td sdval=\"45432.5625\" sdnum=\"1033;0;YYYY-MM-DD HH:MM\"><font>2024-05-20 13:30</font></td>\
         <td sdnum=\"1033;0;@\">5</td><td>备注<a class=\"comment-indicator\"></a><comment>谁的批注</comment></td>\
         <td sdval=\"1\" sdnum=\"1033;0;BOOLEAN\">TRUE</td><td sdval=\"0\" sdnum=\"1033;\">#N/A</td></tr></table>\
         <A NAME=\"table1\"><h1>Sheet 2: <em>统计</em></h1></A><table><tr><td>x</td></tr></table>",
    );
    assert_eq!(
        cells(&workbook, 0),
        [
            "A1=d[YYYY-MM-DD HH:MM]:2024-05-20T13:30:00",
            "B1=5",
            "C1=备注",
            "D1=b:TRUE",
            "E1=e:#N/A"
        ]
    );
    let names: Vec<_> = workbook.sheets.iter().map(|sheet| &sheet.name).collect();
    assert_eq!(names, ["线索", "统计"]);
}

#[test]
fn dates_that_libreoffice_counts_from_1904_are_those_that_it_shows() {
    let page = "<table><tr><td sdval=\"43970\" sdnum=\"1033;0;YYYY-MM-DD\">2024-05-20</td>\
        <td sdval=\"43971\" sdnum=\"1033;0;D.M.\">21.5.</td></tr></table>";
    assert_eq!(
        cells(&read(page), 0),
        ["A1=d[YYYY-MM-DD]:2024-05-20", "B1=d[D.M.]:2024-05-21"]
    );
}

#[test]
fn white_space_of_the_source_is_not_in_the_text() {
    let workbook = read(
        "<table><tr><td>\n  客户希望先试用\n  一个月 \n</td><td>two\n words</td><td><p>一</p><p>二</p></td>\
         <td>a<br><br>b<br></td><td>&lt;x&gt; &#20013;&yen;</td><td><script>if (a<b) document.write('<td>')</script></td><td> </td><td>末</td></tr></table>",
    );
    assert_eq!(
        cells(&workbook, 0),
        [
            "A1=客户希望先试用一个月",
            "B1=two words",
            "C1=一\n二",
            "D1=a\n\nb",
            "E1=<x> 中¥",
            "H1=末"
        ]
    );
}

#[test]
fn tables_inside_tables_and_empty_ones_are_sane() {
    let workbook = read(
        "<table><tr><td>菜单<table><tr><td>a</td><td>b</td></tr></table></td><td>右</td></tr></table>\
         <table></table><table><tr><td></td></tr></table>\
         <table><caption>五月</caption><tr><td>c</td></tr><table><tr style=\"display: none\"><td>d</td></tr>",
    );
    let all: Vec<_> = (0..workbook.sheets.len())
        .map(|sheet| cells(&workbook, sheet))
        .collect();
    assert_eq!(
        all,
        [
            vec!["A1=菜单", "B1=右"],
            vec!["A1=a", "B1=b"],
            vec!["A1=c"],
            vec!["A1=d"]
        ]
    );
    let names: Vec<_> = workbook.sheets.iter().map(|sheet| &sheet.name).collect();
    assert_eq!(names, ["Sheet1", "Sheet2", "五月", "Sheet4"]);
    assert_eq!(workbook.sheets[3].hidden_rows, [(0, 0)]);
}

#[test]
fn a_page_in_chinese_encodings_is_read_whatever_it_declares() {
    let page = |declared: &str| {
        format!(
            "<meta http-equiv=Content-Type content=\"text/html; charset={declared}\"><table><tr><td>客户名称</td><td>王秀英</td></tr></table>"
        )
    };
    for (declared, encoding, guess) in [
        ("gb2312", encoding_rs::GBK, None),
        ("utf-8", encoding_rs::UTF_8, None),
        ("gb2312", encoding_rs::UTF_8, None),
        ("utf-8", encoding_rs::GBK, Some("GB18030")),
        ("nonsense", encoding_rs::GBK, Some("GB18030")),
    ] {
        let bytes = encoding.encode(&page(declared)).0.into_owned();
        let workbook = workbook_from_bytes(&bytes, &OpenOptions::default()).unwrap();
        assert_eq!(
            cells(&workbook, 0),
            ["A1=客户名称", "B1=王秀英"],
            "{declared}"
        );
        let guessed = workbook
            .notices
            .iter()
            .find_map(|notice| match notice.kind {
                NoticeKind::EncodingGuessed(name) => Some(name),
                _ => None,
            });
        assert_eq!(guessed, guess, "{declared}");
    }
    let wide: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(page("utf-16").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        cells(
            &workbook_from_bytes(&wide, &OpenOptions::default()).unwrap(),
            0
        ),
        ["A1=客户名称", "B1=王秀英"]
    );
}

#[test]
fn a_page_without_a_table_is_no_workbook() {
    let refused = workbook_from_bytes(
        b"<!DOCTYPE html><html><body><form>password</form></body></html>",
        &OpenOptions::default(),
    );
    assert!(
        matches!(refused, Err(ReadError::NotAWorkbook(Foreign::WebPage))),
        "{refused:?}"
    );
}

#[test]
fn limits_are_kept() {
    let refused = |limits: Limits, page: &str, name: &str| {
        let options = OpenOptions {
            limits,
            ..OpenOptions::default()
        };
        match workbook_from_bytes(page.as_bytes(), &options) {
            Err(ReadError::Limit { limit, .. }) => assert_eq!(limit, name),
            other => panic!("{other:?}"),
        }
    };
    let most = Limits::default();
    refused(
        Limits { depth: 20, ..most },
        &"<table><td>".repeat(30),
        "depth",
    );
    refused(
        Limits { parts: 20, ..most },
        &"<table><td>x</table>".repeat(30),
        "parts",
    );
    refused(
        Limits { merges: 2, ..most },
        &format!("<table>{}", "<tr><td colspan=2>x".repeat(3)),
        "merges",
    );
    refused(
        Limits { cells: 2, ..most },
        &"<table><td>x</table>".repeat(3),
        "cells",
    );
    refused(
        Limits {
            cell_bytes: 20,
            ..most
        },
        &format!("<table><td>{}", "x".repeat(30)),
        "cell_bytes",
    );
    refused(
        Limits {
            unpacked_bytes: 20,
            ..most
        },
        "<table><tr><td>x</table>",
        "unpacked_bytes",
    );
}

#[test]
fn tables_larger_than_a_sheet_end_in_a_notice() {
    let page = format!(
        "<table><tr>{}",
        "<td colspan=4000000000 rowspan=4000000000>x<td>y".repeat(2)
    );
    let workbook = read(&page);
    assert_eq!(cells(&workbook, 0), ["A1=x"]);
    let beyond = NoticeKind::BeyondSheet { cells: 3, row: 1 };
    assert_eq!(
        workbook
            .notices
            .iter()
            .map(|notice| &notice.kind)
            .collect::<Vec<_>>(),
        [&beyond]
    );
    let rows = "<tr><td rowspan=100000 colspan=16384>x".repeat(20_000);
    assert_eq!(
        read(&format!("<table>{rows}</table>")).sheets[0]
            .grid
            .filled(),
        1
    );
}

#[test]
fn more_cells_that_reach_down_than_any_table_has_are_named() {
    let workbook = read(&format!(
        "<table>{}",
        "<tr><td rowspan=99999>x<td>y".repeat(1_100)
    ));
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.value(CellRef::new(1_099, 1_024)), Value::Text("x"));
    assert_eq!(sheet.merges.len(), 1_024);
    assert_eq!(workbook.notices.len(), 1_100 - 1_024);
    assert_eq!(
        workbook.notices[0].kind,
        NoticeKind::BadMerge("rowspan=99999".to_owned())
    );
}

proptest! {
    #[test]
    fn no_page_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td colspan=3>", "<td rowspan=2>", "<th x:num=1>", "<td colspan=99999 rowspan=0>",
        "<style>", "</style>", ".a{mso-number-format:", "\"\\", "<br>", "<p>", "x", "中", " ", "<caption>", "<script>", "</script>",
        "<!--", "-->", "<x:Name>", "<comment>", "&nbsp;", "&#0;", "&", "<", "\u{0}", "<em>", "<a name=table1>",
    ]), 0..60)) {
        let page = format!("<table>{}", pieces.concat());
        let _ = workbook_from_bytes(page.as_bytes(), &OpenOptions::default());
    }

    #[test]
    fn no_bytes_after_a_tag_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = workbook_from_bytes(&[b"<table><tr><td>", &bytes[..]].concat(), &OpenOptions::default());
    }
}
