//! Tiny packages written by hand, each odd in one way.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{BufReader, Cursor, Read, Write as _};

use leadsheet_core::{CellRef, Value};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::inflate::Window;
use super::*;

/// Reads a package as a file is read.
fn read<R: BufRead + Seek + Send>(
    mut source: R,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    let directory = Directory::of(ZipArchive::new(&mut source), limits)?;
    super::read(source, directory, limits, progress)
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a package before it is zipped.
#[derive(Clone)]
struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    /// A workbook with one sheet of these rows, as Excel lays it out.
    fn new(rows: &str) -> Self {
        let sheet =
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        Self(Vec::new())
            .part(
                "_rels/.rels",
                format!("<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
            )
            .part(
                "xl/workbook.xml",
                format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"线索跟进\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
            )
            .part(
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                     <Relationship Id=\"rId2\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
                     <Relationship Id=\"rId3\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
                ),
            )
            .part("xl/worksheets/sheet1.xml", sheet)
    }

    /// Adds a part, or replaces the one of that name.
    fn part(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), content.as_ref().to_vec()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    fn sheet(self, xml: &str) -> Self {
        self.part("xl/worksheets/sheet1.xml", xml)
    }

    fn strings(self, items: &str) -> Self {
        self.part(
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\">{items}</sst>"),
        )
    }

    /// A styles part with a style for each number format id, and the formats `200`, `201`, … spelled out.
    fn styles(self, ids: &[u32], own: &[&str]) -> Self {
        let formats = joined((200..).zip(own), |(id, code)| {
            format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>")
        });
        let styles = joined(ids, |id| format!("<xf numFmtId=\"{id}\"/>"));
        self.part(
            "xl/styles.xml",
            format!("<styleSheet xmlns=\"{MAIN}\"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>{styles}</cellXfs><dxfs><dxf><numFmt numFmtId=\"200\" formatCode=\"0\"/></dxf></dxfs></styleSheet>"),
        )
    }

    fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            zip.start_file(name.as_str(), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn read(&self) -> Result<Workbook, ReadError> {
        self.read_within(&Limits::default())
    }

    fn read_within(&self, limits: &Limits) -> Result<Workbook, ReadError> {
        read(Cursor::new(self.zipped()), limits, &|_, _| ())
    }

    /// Cells and notices of the first sheet, one a line.
    fn shown(&self) -> String {
        shown(&self.read().unwrap())
    }
}

/// The spelled items one after another.
fn joined<T>(items: impl IntoIterator<Item = T>, spell: impl FnMut(T) -> String) -> String {
    items.into_iter().map(spell).collect::<Vec<_>>().concat()
}

fn shown(workbook: &Workbook) -> String {
    let mut lines = Vec::new();
    for sheet in &workbook.sheets {
        for row in 0..sheet.grid.height() {
            for column in 0..sheet.grid.width() {
                let cell = CellRef::new(row, column);
                let (kind, format) = match sheet.value(cell) {
                    Value::Empty => continue,
                    Value::Text(_) => ("text", ""),
                    Value::Number { format, .. } => ("number", format),
                    Value::Date { format, .. } => ("date", format),
                    Value::Time { format, .. } => ("time", format),
                    Value::Bool(_) => ("bool", ""),
                    Value::Error(_) => ("error", ""),
                };
                let formula = if sheet.formulas.contains(&cell) {
                    " formula"
                } else {
                    ""
                };
                let format = if format.is_empty() {
                    String::new()
                } else {
                    format!(" [{format}]")
                };
                lines.push(format!(
                    "{cell} {kind} {:?}{format}{formula}",
                    sheet.value(cell).display()
                ));
            }
        }
    }
    for notice in &workbook.notices {
        let cell = notice.cell.map_or(String::new(), |cell| format!(" {cell}"));
        lines.push(format!("!{cell} {}", notice.kind));
    }
    lines.join("\n")
}

/// Checks cells and notices against what a person reads in the package.
#[track_caller]
fn check(parts: &Parts, expected: &[&str]) {
    assert_eq!(parts.shown().lines().collect::<Vec<_>>(), expected);
}

#[test]
fn every_type_of_cell_is_read() {
    let parts = Parts::new(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.5</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#N/A</v></c>
        <c r="E1" t="str"><f>A1</f><v> x </v></c><c r="F1" t="inlineStr"><is><t>中&amp;</t></is></c><c r="G1" t="d"><v>2024-05-20T10:00:00</v></c>
        <c r="H1" s="1"><v>45432.416666666664</v></c><c r="I1" s="2"><v>0.07</v></c><c r="J1" s="3"><v>1.5</v></c><c r="K1" s="1"/></row>"#,
    )
    .strings("<si><t>张三</t></si>")
    .styles(&[0, 14, 9, 200], &["[h]:mm"]);
    check(
        &parts,
        &[
            "A1 text \"张三\"",
            "B1 number \"1.5\"",
            "C1 bool \"TRUE\"",
            "D1 error \"#N/A\"",
            "E1 text \" x \" formula",
            "F1 text \"中&\"",
            "G1 date \"2024-05-20T10:00:00\"",
            "H1 date \"2024-05-20T10:00:00\" [m/d/yy]",
            "I1 number \"7%\" [0%]",
            "J1 time \"PT36H\" [[h]:mm]",
        ],
    );
}

#[test]
fn shared_strings_keep_their_runs_spaces_and_escapes_and_lose_their_pronunciation() {
    let items = "<si><t> 前后 </t></si><si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space=\"preserve\"> 三</t></r></si>\
        <si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si><si><t>a_x000D_&#10;b\r\nc</t></si>\
        <si><t>_x005F_x0041_</t></si><si/><si><t/></si><si><t><![CDATA[<b>&amp;]]></t></si><si><t>plain</t><r><t> rich</t></r></si>\
        <x:si><x:t>x</x:t></x:si><si><t>   </t></si>";
    let cells = joined(0..11, |item| format!("<c t=\"s\"><v>{item}</v></c>"));
    let parts = Parts::new(&format!("<row>{cells}</row>")).strings(items);
    check(
        &parts,
        &[
            "A1 text \" 前后 \"",
            "B1 text \"张 三\"",
            "C1 text \"東京\"",
            "D1 text \"a\\r\\nb\\nc\"",
            "E1 text \"_x0041_\"",
            "F1 text \"\"",
            "G1 text \"\"",
            "H1 text \"<b>&amp;\"",
            "I1 text \"plain rich\"",
            "J1 text \"x\"",
            "K1 text \"   \"",
        ],
    );
}

#[test]
fn one_bad_cell_never_costs_the_sheet() {
    let parts = Parts::new(
        r#"<row r="1"><c r="A1" t="s"><v>7</v></c><c r="B1" t="b"><v>2</v></c><c r="C1"><v>1,5</v></c><c r="D1" t="d"><v>下周</v></c>
        <c r="E1" t="x"><v>?</v></c><c r="F1" s="9"><v>1</v></c><c r="??"><v>2</v></c><c r="H1"><v>110101199003071234</v></c><c r="I1" t="s"><v>-1</v></c>
        <c r="J1"><v>inf</v></c></row><row r="0"><c><v>3</v></c></row>"#,
    )
    .strings("<si><t>张三</t></si>")
    .styles(&[0], &[]);
    check(
        &parts,
        &[
            "B1 text \"2\"",
            "C1 text \"1,5\"",
            "D1 text \"下周\"",
            "E1 text \"?\"",
            "F1 number \"1\"",
            "G1 number \"2\"",
            "H1 number \"110101199003071230\"",
            "J1 text \"inf\"",
            "A2 number \"3\"",
            "! A1 notice-missing-shared-string value=7",
            "! B1 notice-bad-boolean value=2",
            "! C1 notice-bad-number value=1,5",
            "! D1 notice-bad-date value=下周",
            "! E1 notice-unknown-cell-type value=x",
            "! F1 notice-bad-style value=9",
            "! G1 notice-bad-address value=??",
            "! H1 notice-digits-lost value=110101199003071234",
            "! I1 notice-missing-shared-string value=-1",
            "! J1 notice-bad-number value=inf",
            "! notice-bad-address value=0",
        ],
    );
}

#[test]
fn a_malformed_merge_reference_costs_only_itself() {
    let sheet = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells count=\"9\"><mergeCell ref=\"A1:B2\"/>\
        <mergeCell ref=\"A1:\"/><mergeCell/><mergeCell ref=\"C3\"/><mergeCell ref=\"D5:C4\"/></mergeCells></worksheet>";
    let parts = Parts::new("").sheet(sheet);
    check(
        &parts,
        &[
            "A1 number \"1\"",
            "! notice-bad-merge value=A1:",
            "! notice-bad-merge value=",
        ],
    );
    let merges: Vec<_> = parts.read().unwrap().sheets[0]
        .merges
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(merges, ["A1:B2", "C4:D5"]);
}

#[test]
fn two_cells_in_opposite_corners_cost_two_cells() {
    let sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
        <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData></worksheet>";
    let sheet = &Parts::new("").sheet(sheet).read().unwrap().sheets[0];
    assert_eq!(sheet.grid.filled(), 2);
    assert_eq!(sheet.used().unwrap().to_string(), "A1:XFD1048576");
}

#[test]
fn a_lying_unique_count_of_shared_strings_allocates_nothing() {
    let strings = "<sst count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>a</t></si></sst>";
    let parts =
        Parts::new("<row><c t=\"s\"><v>0</v></c></row>").part("xl/sharedStrings.xml", strings);
    check(&parts, &["A1 text \"a\""]);
}

#[test]
fn rows_and_cells_may_lack_addresses_and_come_in_any_order() {
    let parts = Parts::new(
        "<row><c><v>1</v></c><c r=\"D1\"><v>4</v></c><c><v>5</v></c></row><row r=\"4\"><c r=\"C4\"><v>43</v></c><c r=\"A4\"><v>41</v></c></row>\
         <row r=\"3\"><c><v>31</v></c></row><row><c r=\"A4\"><v>99</v></c><c r=\"b4\"><v>42</v></c></row>",
    );
    check(
        &parts,
        &[
            "A1 number \"1\"",
            "D1 number \"4\"",
            "E1 number \"5\"",
            "A3 number \"31\"",
            "A4 number \"99\"",
            "B4 number \"42\"",
            "C4 number \"43\"",
            "! A4 notice-stored-twice",
        ],
    );
}

#[test]
fn a_formula_without_a_result_is_reported_and_one_with_an_empty_text_is_not() {
    let parts = Parts::new(
        "<row><c><f>1+1</f></c><c><f>1+1</f><v></v></c><c><f>1+1</f><v/></c><c t=\"str\"><f>\"\"</f><v></v></c><c><f t=\"shared\" si=\"0\"/><v>2</v></c>\
         <c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c><c t=\"str\"><f>A1</f></c></row>",
    );
    check(
        &parts,
        &[
            "D1 text \"\" formula",
            "E1 number \"2\" formula",
            "F1 error \"#DIV/0!\" formula",
            "! A1 notice-not-calculated",
            "! B1 notice-not-calculated",
            "! C1 notice-not-calculated",
            "! G1 notice-not-calculated",
        ],
    );
    let sheet = &parts.read().unwrap().sheets[0];
    assert_eq!((sheet.formulas.len(), sheet.uncalculated.len()), (7, 4));
}

#[test]
fn prefixed_elements_comments_and_odd_spelling_are_read() {
    let sheet = "\u{FEFF}<?xml version='1.0' encoding='UTF-8'?><!-- <c> --><x:worksheet xmlns:x='main'\n><x:sheetData>\
        <x:row r = '1' ><x:c\n r='A1'\tt = 's'><x:v><!-- no -->0</x:v></x:c><x:c r='B1' x='a>b'><x:v>\n 2 \n</x:v></x:c><?pi <c> ?>\
        <x:c r='C1' t='str'><x:v><![CDATA[a<b]]></x:v></x:c><x:c r='D1'/></x:row></x:sheetData></x:worksheet>";
    let parts = Parts::new("")
        .sheet(sheet)
        .strings("<x:si><x:t>张三</x:t></x:si>");
    check(
        &parts,
        &["A1 text \"张三\"", "B1 number \"2\"", "C1 text \"a<b\""],
    );
}

#[test]
fn elements_of_extensions_are_not_taken_for_cells() {
    let sheet = "<worksheet><sheetData><row><c><v>1</v><extLst><ext><v>9</v><f>x</f></ext></extLst></c></row><row><extLst><row><c><v>8</v></c></row></extLst><c><v>2</v></c></row></sheetData>\
        <extLst><sheetData><row><c><v>7</v></c></row></sheetData></extLst></worksheet>";
    check(
        &Parts::new("").sheet(sheet),
        &["A1 number \"1\"", "A2 number \"2\""],
    );
}

#[test]
fn utf_16_parts_are_read() {
    let sheet = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData><row><c t=\"str\"><v>中文😀</v></c></row></sheetData></worksheet>";
    let wide = |bytes: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        mark.encode_utf16()
            .chain(sheet.encode_utf16())
            .flat_map(bytes)
            .collect()
    };
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        for mark in [true, false] {
            let parts = Parts::new("").part("xl/worksheets/sheet1.xml", wide(bytes, mark));
            check(&parts, &["A1 text \"中文😀\""]);
        }
    }
}

#[test]
fn a_part_in_the_encoding_it_declares_is_read() {
    let mut sheet =
        b"<?xml version=\"1.0\" encoding=\"GB2312\"?><worksheet><sheetData><row><c t=\"str\"><v>"
            .to_vec();
    sheet.extend([0xD6, 0xD0, 0xCE, 0xC4]); // 中文
    sheet.extend(b"</v></c></row></sheetData></worksheet>");
    check(
        &Parts::new("").part("xl/worksheets/sheet1.xml", sheet),
        &["A1 text \"中文\""],
    );
}

#[test]
fn bytes_that_are_no_text_are_reported_with_their_cell() {
    let mut strings = b"<sst><si><t>ok</t></si><si><t>a".to_vec();
    strings.extend([0xFF]);
    strings.extend(b"</t></si></sst>");
    let parts = Parts::new("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>")
        .part("xl/sharedStrings.xml", strings);
    check(
        &parts,
        &[
            "A1 text \"ok\"",
            "B1 text \"a\u{FFFD}\"",
            "! B1 notice-bad-encoding value=a\u{FFFD}",
        ],
    );
}

#[test]
fn a_doctype_in_any_part_is_refused() {
    let parts = Parts::new("<row><c><v>1</v></c></row>")
        .strings("<si><t>a</t></si>")
        .styles(&[0], &[]);
    for part in [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
    ] {
        let content = parts
            .0
            .iter()
            .find(|(name, _)| name == part)
            .unwrap()
            .1
            .clone();
        let content = [b"<!DOCTYPE x [<!ENTITY a \"aaaa\">]>", &content[..]].concat();
        let refused = parts.clone().part(part, content).read();
        assert!(
            matches!(&refused, Err(ReadError::Doctype(refused)) if refused == part),
            "{refused:?}"
        );
    }
}

#[test]
fn a_sheet_that_breaks_off_keeps_what_came_before() {
    let whole = "<worksheet><sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>";
    for length in whole.find("<c>").unwrap()..whole.len() {
        let workbook = Parts::new("").sheet(&whole[..length]).read().unwrap();
        assert_eq!(workbook.notices.len(), 1, "{}", &whole[..length]);
        assert_eq!(workbook.notices[0].kind, NoticeKind::Truncated);
        let expected = whole[..length].matches("</c>").count();
        assert_eq!(
            workbook.sheets[0].grid.filled(),
            expected,
            "{}",
            &whole[..length]
        );
    }
}

#[test]
fn built_in_east_asian_date_formats_are_dates() {
    let ids: Vec<u32> = (27..=36).chain(50..=58).collect();
    let cells = joined(0..ids.len(), |style| {
        format!("<c s=\"{style}\"><v>45432.5</v></c>")
    });
    let workbook = Parts::new(&format!("<row>{cells}</row>"))
        .styles(&ids, &[])
        .read()
        .unwrap();
    for (column, id) in (0..).zip(&ids) {
        let value = workbook.sheets[0].value(CellRef::new(0, column));
        assert!(matches!(value, Value::Date { .. }), "{id}: {value:?}");
    }
}

#[test]
fn dates_count_from_1900_or_1904_and_stay_in_range() {
    let rows = "<row><c s=\"0\"><v>45432</v></c><c s=\"0\"><v>1</v></c><c s=\"0\"><v>60</v></c><c s=\"0\"><v>-1</v></c><c s=\"0\"><v>2958466</v></c>\
        <c s=\"1\"><v>0.41666666666666669</v></c><c s=\"1\"><v>1e300</v></c></row>";
    let parts = Parts::new(rows).styles(&[14, 20], &[]);
    check(
        &parts,
        &[
            "A1 date \"2024-05-20\" [m/d/yy]",
            "B1 date \"1900-01-01\" [m/d/yy]",
            "C1 number \"60\" [m/d/yy]",
            "D1 number \"-1\" [m/d/yy]",
            "E1 number \"2958466\" [m/d/yy]",
            "F1 time \"10:00:00\" [h:mm]",
            "G1 number \"1e300\" [h:mm]",
            "! C1 notice-date-out-of-range value=60",
            "! D1 notice-date-out-of-range value=-1",
            "! E1 notice-date-out-of-range value=2958466",
            &format!("! G1 notice-date-out-of-range value={}", 1e300),
        ],
    );
    let workbook = format!(
        "<workbook xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let parts = Parts::new("<row><c s=\"0\"><v>43970</v></c></row>")
        .styles(&[14], &[])
        .part("xl/workbook.xml", workbook);
    check(&parts, &["A1 date \"2024-05-20\" [m/d/yy]"]);
}

#[test]
fn text_beyond_what_a_cell_holds_is_kept_and_reported() {
    let long = "中".repeat(32_768);
    let fits = "中".repeat(32_767);
    let rows = format!(
        "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t>{long}</t></is></c></row>"
    );
    let workbook = Parts::new(&rows)
        .strings(&format!("<si><t>{fits}</t></si><si><t>{long}</t></si>"))
        .read()
        .unwrap();
    let said: Vec<_> = workbook
        .notices
        .iter()
        .map(|notice| (notice.cell.unwrap().to_string(), notice.kind.clone()))
        .collect();
    assert_eq!(
        said,
        [
            ("C1".to_owned(), NoticeKind::TextTooLong(32_768)),
            ("B1".to_owned(), NoticeKind::TextTooLong(32_768))
        ]
    );
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(0, 2)),
        Value::Text(&long)
    );
}

#[test]
fn a_million_bad_cells_make_a_thousand_notices_and_a_count() {
    let cells = "<row><c><v>x</v></c></row>".repeat(1_500);
    let notices = Parts::new(&cells).read().unwrap().notices;
    assert_eq!(notices.len(), 1_001);
    assert_eq!(
        notices[1_000].kind,
        NoticeKind::More {
            of: "notice-bad-number".into(),
            count: 500
        }
    );
    assert_eq!(notices[1_000].sheet, Some(0));
}

#[test]
fn hidden_rows_and_columns_and_widths_are_known() {
    let sheet = "<worksheet><cols><col min=\"2\" max=\"3\" width=\"12.5\" hidden=\"1\"/><col min=\"5\" max=\"20000\" width=\"8\"/><col min=\"0\"/></cols>\
        <sheetData><row r=\"2\" hidden=\"1\"/><row r=\"3\" hidden=\"true\"><c><v>1</v></c></row><row r=\"5\" hidden=\"1\"/><row r=\"6\" hidden=\"0\"/></sheetData></worksheet>";
    let workbook = Parts::new("").sheet(sheet).read().unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.hidden_columns, [(1, 2)]);
    assert_eq!(sheet.column_widths, [(1, 2, 12.5), (4, 16_383, 8.0)]);
    assert_eq!(sheet.hidden_rows, [(1, 2), (4, 4)]);
}

#[test]
fn a_moved_workbook_part_and_odd_part_names_are_found() {
    let sheet = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    let relation = |id, kind, target| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let parts = Parts(Vec::new())
        .part("_rels\\.rels", format!("<Relationships>{}</Relationships>", relation("a", "officeDocument", "/Deep\\Er/Book.xml")))
        .part("deep/er/book.xml", format!("<workbook xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"a\" r:id=\"b\"/></sheets></workbook>"))
        .part(
            "Deep/Er/_rels/Book.xml.rels",
            format!("<Relationships>{}{}</Relationships>", relation("b", "worksheet", "../my%20sheets/./One.xml"), relation("c", "sharedStrings", "/deep/strings.xml")),
        )
        .part("\\deep\\My Sheets\\one.XML", sheet)
        .part("deep/strings.xml", "<sst><si><t>张三</t></si></sst>");
    check(&parts, &["A1 text \"张三\""]);
}

#[test]
fn missing_parts_are_done_without_where_they_can_be() {
    let parts = Parts::new("<row><c t=\"s\"><v>0</v></c><c s=\"3\"><v>1</v></c></row>")
        .strings("<si><t>张三</t></si>")
        .styles(&[0, 0, 0, 9], &[]);
    let all = ["A1 text \"张三\"", "B1 number \"1\" [0%]"];
    for part in ["xl/_rels/workbook.xml.rels", "_rels/.rels"] {
        let parts = parts.clone().without(part);
        let shown = parts.shown().replace("100%", "1");
        assert_eq!(shown.lines().collect::<Vec<_>>(), all, "{part}");
    }
    check(
        &parts.clone().without("xl/styles.xml"),
        &["A1 text \"张三\"", "B1 number \"1\""],
    );
    check(
        &parts.clone().without("xl/sharedStrings.xml"),
        &[
            "B1 number \"100%\" [0%]",
            "! A1 notice-missing-shared-string value=0",
        ],
    );
    check(
        &parts.clone().without("xl/worksheets/sheet1.xml"),
        &["! notice-sheet-lost sheet=线索跟进 why=its part is missing"],
    );
    assert!(matches!(
        parts.without("xl/workbook.xml").read(),
        Err(ReadError::NotAWorkbook(_))
    ));
}

#[test]
fn tabs_that_are_no_worksheets_are_named() {
    let relation = |id, kind| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"worksheets/{id}.xml\"/>"
        )
    };
    let workbook = format!(
        "<workbook xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"图\" r:id=\"a\"/><sheet name=\"宏\" r:id=\"b\"/><sheet name=\"表\" state=\"veryHidden\" r:id=\"c\"/><sheet name=\"假\" state=\"show\" r:id=\"d\"/></sheets></workbook>"
    );
    let parts = Parts::new("")
        .part("xl/workbook.xml", workbook)
        .part(
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships>{}{}{}{}</Relationships>",
                relation("a", "chartsheet"),
                relation("b", "xlMacrosheet"),
                relation("c", "worksheet"),
                relation("d", "worksheet")
            ),
        )
        .part("xl/worksheets/a.xml", "<chartsheet/>")
        .part(
            "xl/worksheets/c.xml",
            "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
        )
        .part("xl/worksheets/d.xml", "<chartsheet></chartsheet>");
    check(
        &parts,
        &[
            "A1 number \"1\"",
            "! notice-not-a-worksheet sheet=图",
            "! notice-not-a-worksheet sheet=宏",
            "! notice-not-a-worksheet sheet=假",
        ],
    );
    assert_eq!(
        parts.read().unwrap().sheets[0].visibility,
        crate::Visibility::VeryHidden
    );
}

type Limited<'l> = (&'l str, u64, &'l dyn Fn(u64) -> Limits);

#[test]
fn every_limit_holds_just_at_its_value_and_not_beyond() {
    let parts = Parts::new("<row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row>").strings("<si><t>a</t></si><si><t>b</t></si>").part(
        "xl/worksheets/sheet1.xml",
        format!(
            "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row></sheetData>{}<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"A2:B2\"/></mergeCells></worksheet>",
            " ".repeat(2 << 20)
        ),
    );
    let most = Limits::default();
    let unpacked = parts
        .0
        .iter()
        .map(|(_, content)| content.len() as u64)
        .sum();
    let limits: [Limited<'_>; 6] = [
        ("cells", 2, &|cells| Limits { cells, ..most }),
        ("strings", 2, &|strings| Limits { strings, ..most }),
        ("merges", 2, &|merges| Limits { merges, ..most }),
        ("parts", 5, &|parts| Limits { parts, ..most }),
        ("depth", 5, &|depth| Limits { depth, ..most }),
        ("unpacked_bytes", unpacked, &|unpacked_bytes| Limits {
            unpacked_bytes,
            ..most
        }),
    ];
    for (name, value, limits) in limits {
        assert!(parts.read_within(&limits(value)).is_ok(), "{name} {value}");
        let refused = parts.read_within(&limits(value - 1)).unwrap_err();
        assert!(
            matches!(refused, ReadError::Limit { limit, maximum, .. } if limit == name && maximum == value - 1),
            "{name}: {refused}"
        );
    }
    let refused = parts
        .read_within(&Limits { ratio: 100, ..most })
        .unwrap_err();
    assert!(
        matches!(refused, ReadError::Limit { limit: "ratio", .. }),
        "{refused}"
    );
}

#[test]
fn an_encrypted_part_is_named_as_such() {
    let mut bytes = Parts::new("<row><c><v>1</v></c></row>").zipped();
    // The encryption bit of every central header and local header.
    for at in 0..bytes.len() - 10 {
        match &bytes[at..at + 4] {
            b"PK\x01\x02" => bytes[at + 8] |= 1,
            b"PK\x03\x04" => bytes[at + 6] |= 1,
            _ => {}
        }
    }
    let refused = read(Cursor::new(bytes), &Limits::default(), &|_, _| ());
    assert!(matches!(refused, Err(ReadError::Encrypted)), "{refused:?}");
}

#[test]
fn a_package_cut_anywhere_is_refused_or_read_with_a_notice() {
    let whole = Parts::new("<row><c t=\"s\"><v>0</v></c></row>")
        .strings("<si><t>张三</t></si>")
        .zipped();
    for length in 0..whole.len() {
        let cut = read(
            Cursor::new(&whole[..length]),
            &Limits::default(),
            &|_, _| (),
        );
        assert!(
            cut.is_err() || cut.is_ok_and(|workbook| !workbook.notices.is_empty()),
            "{length}"
        );
    }
}

#[test]
fn a_wrong_checksum_is_reported() {
    let mut bytes = Parts::new("<row><c><v>1</v></c></row>").zipped();
    let directory = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    bytes[directory + 16] ^= 1;
    let workbook = read(Cursor::new(bytes), &Limits::default(), &|_, _| ()).unwrap();
    assert_eq!(
        shown(&workbook),
        "A1 number \"1\"\n! notice-other text=xl/worksheets/sheet1.xml: its checksum is wrong"
    );
}

#[test]
fn macros_are_told_by_their_part_or_their_type() {
    let parts = Parts::new("");
    assert_eq!(parts.read().unwrap().kind, FileKind::Xlsx);
    assert_eq!(
        parts
            .clone()
            .part("xl/vbaProject.bin", "x")
            .read()
            .unwrap()
            .kind,
        FileKind::Xlsm
    );
    let types = "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>";
    assert_eq!(
        parts
            .part("[Content_Types].xml", types)
            .read()
            .unwrap()
            .kind,
        FileKind::Xlsm
    );
}

/// A package whose parts come in windows of a few bytes.
struct Cut<'a> {
    parts: &'a [Vec<u8>],
    size: usize,
    rest: &'a [u8],
}

impl Windows for Cut<'_> {
    fn begin(&mut self, part: usize) -> Result<(), ReadError> {
        self.rest = &self.parts[part];
        Ok(())
    }

    fn next(&mut self) -> Result<Window, ReadError> {
        let (window, rest) = self.rest.split_at(self.size.min(self.rest.len()));
        self.rest = rest;
        Ok(Window::of(window, rest.is_empty()))
    }

    fn recycle(&mut self, _window: Window) {}
}

/// Cells and notices of a sheet that comes in windows of `size` bytes.
fn read_cut(strings: &str, sheet: &str, styles: &Styles, size: usize) -> String {
    let parts = [strings.as_bytes().to_vec(), sheet.as_bytes().to_vec()];
    let job = |part: usize| Job {
        part,
        name: String::new(),
        packed: 0,
    };
    let tab = Tab {
        name: "线索跟进".into(),
        visibility: crate::Visibility::Visible,
        relationship: None,
    };
    let contents = Contents {
        strings: Some(&job(0)),
        sheets: &[(tab, job(1))],
        excuses: &[],
        styles,
        is_1904: false,
        limits: &Limits::default(),
        progress: &|_| (),
    };
    let mut cut = Cut {
        parts: &parts,
        size,
        rest: &[],
    };
    let mut notices = Notices::default();
    let sheets = contents.read(&mut cut, &mut notices).unwrap();
    shown(&Workbook {
        kind: FileKind::Xlsx,
        sheets,
        notices: notices.into_list(),
    })
}

fn date_styles() -> Styles {
    let parts = Parts::new("").styles(&[0, 14, 4], &[]);
    let mut source = Cursor::new(parts.zipped());
    let limits = Limits::default();
    let directory = Directory::of(ZipArchive::new(&mut source), &limits).unwrap();
    let mut package = Package::new(source, directory, &limits);
    let part = package.find("xl/styles.xml").unwrap();
    Styles::read(&mut package, part).unwrap()
}

#[test]
fn windows_may_be_cut_anywhere() {
    let strings = "<sst><si><t>张三</t></si><si><r><t>李</t></r><r><t>四&amp;</t></r></si><si><t xml:space=\"preserve\"> x </t></si></sst>";
    let mut sheet =
        String::from("<worksheet><cols><col min=\"1\" max=\"2\" width=\"9\"/></cols><sheetData>");
    for row in 1..=12 {
        write!(sheet,
            "<row r=\"{row}\" spans=\"1:5\"><c r=\"A{row}\" t=\"s\"><v>{}</v></c><c r=\"B{row}\" s=\"1\"><v>{}</v></c>\
             <c r=\"C{row}\" t=\"inlineStr\"><is><t>电话沟通{row}</t></is></c><c r=\"D{row}\" s=\"2\"/><c r=\"E{row}\"><f>A1</f><v>1.5</v></c></row>",
            row % 4,
            45_000 + row
        ).unwrap();
    }
    sheet += "</sheetData><mergeCells><mergeCell ref=\"A1:\"/></mergeCells></worksheet>";
    let styles = date_styles();
    let whole = read_cut(strings, &sheet, &styles, usize::MAX);
    assert_eq!(whole.lines().count(), 12 * 4 - 3 + 3 + 1);
    for size in (1..100).chain([1_000, 2_000]) {
        assert_eq!(read_cut(strings, &sheet, &styles, size), whole, "{size}");
    }
}

#[test]
fn a_piece_longer_than_a_window_is_read_whole() {
    let text = "很长的备注".repeat(40_000);
    let sheet = format!(
        "<worksheet><sheetData><row><c t=\"str\"><v>{text}</v></c><c><v>2</v></c></row></sheetData></worksheet>"
    );
    let parts = [Vec::new(), sheet.into_bytes()];
    let mut cut = Cut {
        parts: &parts,
        size: 1_000,
        rest: &[],
    };
    let mut looks = 0;
    let end = inflate::feed(&mut cut, (1, ""), &|_| (), |window, last| {
        looks += 1;
        Ok(if last { window.len() } else { 0 })
    });
    assert_eq!(end.unwrap(), End::Whole);
    assert!(looks < 20, "{looks} looks at half a piece");
    let workbook = Parts::new("")
        .part("xl/worksheets/sheet1.xml", &parts[1])
        .read()
        .unwrap();
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(0, 0)),
        Value::Text(&text)
    );
    assert_eq!(workbook.notices.len(), 1);
}

/// A cell of a random sheet: what it holds, spelled, and how its tag begins.
fn spelled_cell(kind: u8, number: u32) -> (&'static str, String) {
    match kind {
        0 => (" t=\"s\"", format!("<v>{}</v>", number % 5)),
        1 => ("", format!("<v>{number}</v>")),
        2 => (" s=\"1\"", format!("<v>{}</v>", number % 60_000)),
        3 => (" s=\"2\"", format!("<v>{}.{}</v>", number, number % 97)),
        4 => (
            " t=\"inlineStr\"",
            format!("<is><t>第{}次</t></is>", number % 7),
        ),
        5 => (
            " t=\"inlineStr\"",
            format!("<is><t>a&amp;_x0041_{number}</t></is>"),
        ),
        6 => (" s=\"1\"", String::new()),
        7 => (" t=\"b\"", format!("<v>{}</v>", number % 3)),
        8 => ("", format!("<f>A1</f><v>{number}</v>")),
        9 => ("", format!("<v>{number},5</v>")),
        10 => (" s=\"1\"", format!("<v>-{number}.25</v>")),
        11 => (
            " s=\"2\" t=\"inlineStr\"",
            format!(
                "<is><t xml:space=\"preserve\"> 第{} 次</t></is>",
                number % 7
            ),
        ),
        12 => (
            " t=\"inlineStr\"",
            format!("<is><t>{}</t></is>", "沟通abc".repeat(number as usize % 12)),
        ),
        // Some are spelled as others read.
        13 => {
            let texts = [
                "a&amp;b",
                "a&amp;amp;b",
                "a&b",
                "_x0041_",
                "A",
                "x_y",
                "x\r\ny",
                "x\ny",
                "很长的一段话里有&lt;尖括号&gt;和_x000D_以及客户的网址",
            ];
            let text = texts[number as usize % texts.len()];
            (" t=\"inlineStr\"", format!("<is><t>{text}</t></is>"))
        }
        _ => ("", format!("<v>12345678901234567{number}</v>")),
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Nothing is remembered of cells whose tags hold an apostrophe: those all go the general way.
    #[test]
    fn cells_spelled_alike_are_read_like_any_others(
        columns in proptest::collection::vec(proptest::collection::vec((0_u8..17, 0_u32..3_000_000, 0_u8..20), 1..40), 1..8),
        size in 1_usize..3_000,
    ) {
        let (mut alike, mut general) = (String::new(), String::new());
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        for row in 0..rows {
            let number = if row % 11 == 10 { row - 5 } else { row + 1 };
            write!(alike, "<row r=\"{number}\" spans=\"1:9\">").unwrap();
            write!(general, "<row x='' r=\"{number}\">").unwrap();
            for (column, cells) in columns.iter().enumerate() {
                let Some(&(kind, value, fate)) = cells.get(row) else { continue };
                // Most cells of a column are of one kind.
                let kind = if fate < 15 { cells[0].0 } else { kind };
                if fate == 19 {
                    continue;
                }
                let letter = char::from(b'A' + column as u8);
                let (tag, content) = spelled_cell(kind, value);
                if content.is_empty() {
                    write!(alike, "<c r=\"{letter}{number}\"{tag}/>").unwrap();
                    write!(general, "<c x='' r=\"{letter}{number}\"{tag}/>").unwrap();
                } else {
                    write!(alike, "<c r=\"{letter}{number}\"{tag}>{content}</c>").unwrap();
                    write!(general, "<c x='' r=\"{letter}{number}\"{tag}>{content}</c>").unwrap();
                }
            }
            alike += "</row>";
            general += "</row>";
        }
        let strings = "<sst><si><t>张三</t></si><si><t>李四</t></si><si><t/></si></sst>";
        let styles = date_styles();
        let around = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let expected = read_cut(strings, &around(&general), &styles, usize::MAX);
        proptest::prop_assert_eq!(&read_cut(strings, &around(&alike), &styles, usize::MAX), &expected);
        proptest::prop_assert_eq!(&read_cut(strings, &around(&alike), &styles, size), &expected);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let parts = Parts::new("").part("xl/worksheets/sheet1.xml", &bytes).part("xl/sharedStrings.xml", &bytes).part("xl/styles.xml", &bytes);
        let _ = parts.read();
        let _ = read(Cursor::new(&bytes), &Limits::default(), &|_, _| ());
    }
}

/// Bytes that are text only together with those of the cell below are none in either.
#[test]
fn bytes_that_are_no_text_are_told_cell_by_cell_however_they_are_read() {
    let texts: [&[u8]; 6] = [
        b"abc",
        b"\xE7\x94",
        b"\xB5\xE8\xAF\x9D",
        b"\xE7\x94\xB5\xFF\xE8\xAF\x9D",
        b"a longer text of which a byte \xC0 means nothing",
        b"a&amp;\xFE",
    ];
    for (free, texts, odd) in [
        (false, &texts[..3], 400),
        (false, &texts[..], 500),
        (true, &texts[..3], 400),
        (true, &texts[..], 500),
    ] {
        let read = |attribute: &str| {
            let mut sheet = b"<worksheet><sheetData>".to_vec();
            let mut cell = |row: usize, text: &[u8]| {
                let start =
                    format!("<row r=\"{row}\"><c {attribute}r=\"A{row}\" t=\"inlineStr\"><is><t>");
                sheet.extend([start.as_bytes(), text, b"</t></is></c></row>"].concat());
            };
            // So many that a column is taken for free text.
            let before = if free { 9_000 } else { 20 };
            for row in 1..=before {
                cell(row, format!("第{row}次沟通").as_bytes());
            }
            for (row, text) in (before + 1..).zip(texts.iter().cycle().take(600)) {
                cell(row, text);
            }
            sheet.extend_from_slice(b"</sheetData></worksheet>");
            let parts = Parts::new("").part("xl/worksheets/sheet1.xml", &sheet);
            let workbook = parts.read().unwrap();
            assert_eq!(workbook.notices.len(), odd);
            shown(&workbook)
        };
        assert_eq!(read(""), read("x='' "));
    }
}

/// Six columns: numbers of leads, customers, sentences of any length, two of terms, one with gaps, and free text with signs
/// that are spelled otherwise.
#[test]
fn thousands_of_different_texts_come_back_each_in_its_cell() {
    let text = |row: u32, column: u32| match column {
        0 => format!("XS-{}", row * 7 % 3_001),
        1 => format!("第{}号客户有限公司", row * 11 % 2_003),
        2 => "进展".repeat(row as usize * 13 % 29) + &(row / 3).to_string(),
        3 => ["微信", "电话", ""][row as usize % 3].to_owned(),
        5 if row % 50 == 7 => format!("第{row}次：价格 < {row}_000 & 工期"),
        5 => format!("第{row}次：客户 {} 问价格", row * 3),
        _ if row % 40 < 20 => String::new(),
        _ => format!("{}", row % 1_500),
    };
    let rows = joined(0..9_000_u32, |row| {
        let cells = joined(0..6, |column| match text(row, column) {
            text if text.is_empty() => String::new(),
            text => {
                let letter = char::from(b'A' + column as u8);
                let number = row + 1;
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
            }
        });
        format!("<row r=\"{}\">{cells}</row>", row + 1)
    });
    let workbook = Parts::new(&rows).read().unwrap();
    let sheet = &workbook.sheets[0];
    for row in 0..9_000 {
        for column in 0..6 {
            let value = sheet.values.get(sheet.grid.get(CellRef::new(row, column)));
            assert_eq!(value.text(), text(row, column), "{row} {column}");
        }
    }
    for column in [0, 1, 3] {
        let ids: HashSet<_> = sheet.grid.column(column).map(|(_, id)| id).collect();
        let texts: HashSet<_> = (0..9_000).map(|row| text(row, column)).collect();
        let texts = texts.iter().filter(|text| !text.is_empty()).count();
        assert_eq!(ids.len(), texts, "{column}");
    }
}

#[test]
fn a_shared_string_cell_without_a_position_is_empty() {
    let parts = Parts::new(
        "<row><c t=\"s\"><v/></c><c t=\"s\"><v></v></c><c t=\"s\"/><c t=\"s\"><v> 0 </v></c></row>",
    );
    check(
        &parts.strings("<si><t>张三</t></si>"),
        &["D1 text \"张三\""],
    );
}

#[test]
fn of_two_values_in_one_cell_the_last_counts() {
    let parts = Parts::new("<row><c><v>1</v><v>2</v></c><c t=\"str\"><v>a</v><v>b</v></c></row>");
    check(&parts, &["A1 number \"2\"", "B1 text \"b\""]);
}

#[test]
fn a_dimension_that_is_no_range_does_not_matter() {
    for dimension in ["A0", "A1:XFD1048577", "", "Z9:A1", "A1:B"] {
        let sheet = format!(
            "<worksheet><dimension ref=\"{dimension}\"/><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"
        );
        check(&Parts::new("").sheet(&sheet), &["A1 number \"1\""]);
    }
}

#[test]
fn white_space_is_kept_wherever_the_text_stands() {
    let parts = Parts::new(
        "<row><c t=\"inlineStr\"><is><t> a </t></is></c><c t=\"inlineStr\"><is><t xml:space=\"preserve\">  </t></is></c><c t=\"str\"><v> b\n</v></c>\
         <c t=\"inlineStr\"><is><r><t> c</t></r><rPh><t>x</t></rPh><r><t>d </t></r></is></c></row>",
    );
    check(
        &parts,
        &[
            "A1 text \" a \"",
            "B1 text \"  \"",
            "C1 text \" b\\n\"",
            "D1 text \" cd \"",
        ],
    );
}

#[test]
fn of_two_parts_whose_names_differ_in_case_the_right_one_is_read() {
    let sheet = |value| {
        format!("<worksheet><sheetData><row><c><v>{value}</v></c></row></sheetData></worksheet>")
    };
    for [first, second] in [["Sheet1", "sheet1"], ["sheet1", "SHEET1"]] {
        let parts = Parts::new("").without("xl/worksheets/sheet1.xml");
        let right = |name: &str| sheet(if name == "sheet1" { 1 } else { 2 });
        let parts = parts
            .part(&format!("xl/worksheets/{first}.xml"), right(first))
            .part(&format!("xl/worksheets/{second}.xml"), right(second));
        check(&parts, &["A1 number \"1\""]);
    }
}

/// Where the first and the last central header begin.
fn headers(bytes: &[u8]) -> (usize, usize) {
    let mut headers = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| window == b"PK\x01\x02");
    (headers.next().unwrap().0, headers.next_back().unwrap().0)
}

#[test]
fn sizes_that_lie_in_the_directory_do_not_matter() {
    let bytes = Parts::new("<row><c><v>1</v></c></row>").zipped();
    let (_, header) = headers(&bytes);
    for (offset, size) in [
        (20, 0),
        (20, 1_u32),
        (20, u32::MAX - 1),
        (24, 0),
        (24, 1),
        (24, u32::MAX - 1),
    ] {
        let mut bytes = bytes.clone();
        bytes[header + offset..header + offset + 4].copy_from_slice(&size.to_le_bytes());
        let workbook = read(Cursor::new(bytes), &Limits::default(), &|_, _| ()).unwrap();
        assert_eq!(shown(&workbook), "A1 number \"1\"", "{offset} {size}");
    }
}

#[test]
fn a_part_whose_packed_bytes_are_spoilt_keeps_what_comes_before() {
    let rows = joined(1..2_000, |row| {
        format!("<row><c><v>{}</v></c></row>", row * row)
    });
    let bytes = Parts::new(&rows).zipped();
    let start = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x03\x04")
        .unwrap()
        + 60;
    let (end, _) = headers(&bytes);
    for at in (start..end).step_by(97) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        let workbook = read(Cursor::new(bytes), &Limits::default(), &|_, _| ()).unwrap();
        assert!(!workbook.notices.is_empty(), "{at}");
        assert!(workbook.sheets.len() == 1 || at < start + 200, "{at}");
    }
}

#[test]
fn parts_that_are_not_packed_are_read() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in &Parts::new("<row><c><v>1</v></c></row>").0 {
        zip.start_file(name.as_str(), stored).unwrap();
        zip.write_all(content).unwrap();
    }
    let bytes = zip.finish().unwrap();
    let workbook = read(bytes, &Limits::default(), &|_, _| ()).unwrap();
    assert_eq!(shown(&workbook), "A1 number \"1\"");
}

#[test]
fn bytes_before_the_package_do_not_matter() {
    let bytes = [
        b"MZ some program".to_vec(),
        Parts::new("<row><c><v>1</v></c></row>").zipped(),
    ]
    .concat();
    let workbook = read(Cursor::new(bytes), &Limits::default(), &|_, _| ()).unwrap();
    assert_eq!(shown(&workbook), "A1 number \"1\"");
}

/// A workbook large enough for two threads, and how many rows it has.
fn large() -> (Parts, usize) {
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state >> 33
    };
    let count = 60_000;
    let rows = joined(1..=count, |row| {
        let (text, number) = (random() % 1_000, random());
        format!(
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>{text}</v></c><c r=\"B{row}\"><v>{number}</v></c></row>"
        )
    });
    let strings = joined(0..1_000, |text| format!("<si><t>第{text}号客户</t></si>"));
    (Parts::new(&rows).strings(&strings), count)
}

#[test]
fn large_workbooks_are_read_by_two_threads_alike() {
    let (parts, count) = large();
    let bytes = parts.zipped();
    assert!(bytes.len() > 300_000);
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |done, all| told.lock().unwrap().push((done, all));
    let workbook = read(Cursor::new(&bytes), &Limits::default(), &tell).unwrap();
    let content = |name: &str| {
        let (_, content) = parts.0.iter().find(|(part, _)| part == name).unwrap();
        String::from_utf8(content.clone()).unwrap()
    };
    let (strings, sheet) = (
        content("xl/sharedStrings.xml"),
        content("xl/worksheets/sheet1.xml"),
    );
    assert_eq!(
        shown(&workbook),
        read_cut(&strings, &sheet, &Styles::default(), usize::MAX)
    );
    assert_eq!(workbook.sheets[0].grid.filled(), 2 * count);
    let told = told.into_inner().unwrap();
    assert!(told.is_sorted() && told.len() > 3);
    assert!(told.iter().all(|(_, all)| *all == told[0].1) && told.last().unwrap().0 == told[0].1);
}

#[test]
fn a_limit_passed_between_two_threads_ends_both() {
    let (parts, _) = large();
    let bytes = parts.zipped();
    let most = Limits::default();
    for limits in [
        Limits {
            cells: 1_000,
            ..most
        },
        Limits {
            strings: 10,
            ..most
        },
        Limits {
            unpacked_bytes: 1 << 20,
            ..most
        },
    ] {
        let refused = read(Cursor::new(&bytes), &limits, &|_, _| ());
        assert!(matches!(refused, Err(ReadError::Limit { .. })));
    }
}

/// A file on a bad disk, or one that gives a few bytes at a time.
struct Faulty<'a> {
    bytes: Cursor<&'a [u8]>,
    /// Reading at or past this position fails.
    bad_from: u64,
    most: usize,
}

impl Read for Faulty<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        if self.bytes.position() >= self.bad_from {
            return Err(std::io::Error::other("bad sector"));
        }
        let left = usize::try_from(self.bad_from - self.bytes.position()).unwrap_or(usize::MAX);
        let length = room.len().min(self.most).min(left);
        self.bytes.read(&mut room[..length])
    }
}

impl Seek for Faulty<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn an_error_of_the_disk_is_named_as_such_and_short_reads_are_none() {
    let (small, (large, _)) = (Parts::new("<row><c><v>1</v></c></row>"), large());
    for bytes in [small.zipped(), [vec![0; 1 << 20], large.zipped()].concat()] {
        let faulty = |bad_from, most| {
            BufReader::new(Faulty {
                bytes: Cursor::new(&bytes),
                bad_from,
                most,
            })
        };
        for bad_from in [0, bytes.len() as u64 / 3] {
            let refused = read(faulty(bad_from, usize::MAX), &Limits::default(), &|_, _| ());
            assert!(matches!(refused, Err(ReadError::Io(_))), "{refused:?}");
        }
        let whole = read(Cursor::new(&bytes), &Limits::default(), &|_, _| ()).unwrap();
        let slow = read(faulty(u64::MAX, 997), &Limits::default(), &|_, _| ()).unwrap();
        assert_eq!(shown(&slow), shown(&whole));
    }
}
