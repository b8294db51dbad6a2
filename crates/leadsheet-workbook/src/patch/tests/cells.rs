//! What becomes of the cells of a sheet, and what does not.

use leadsheet_core::{Correction, Field};

use super::book::Book;
use super::*;

/// What the sheet's part says after some changes.
fn sheet_after(book: &Book, change: impl FnOnce(&mut Patch)) -> String {
    part_after(book, "xl/worksheets/sheet1.xml", change)
}

fn part_after(book: &Book, name: &str, change: impl FnOnce(&mut Patch)) -> String {
    let mut parts = parts(&written(book, change));
    String::from_utf8(parts.remove(name).unwrap_or_default()).unwrap()
}

fn written(book: &Book, change: impl FnOnce(&mut Patch)) -> Vec<u8> {
    let mut patch = patch(&book.zipped());
    change(&mut patch);
    let mut out = Cursor::new(Vec::new());
    patch.write(&mut out).unwrap();
    out.into_inner()
}

fn refusal(book: &Book, change: impl FnOnce(&mut Patch)) -> PatchError {
    let mut patch = patch(&book.zipped());
    change(&mut patch);
    patch.write(Cursor::new(Vec::new())).unwrap_err()
}

fn set(cell: &str, value: NewValue) -> impl FnOnce(&mut Patch) {
    let cell = cell.parse().unwrap();
    move |patch| patch.set_cell("线索跟进", cell, value).unwrap()
}

/// The cells of the sheet's part, and nothing around them.
fn rows(sheet: &str) -> &str {
    let start = sheet.find("<sheetData>").unwrap() + "<sheetData>".len();
    &sheet[start..sheet.find("</sheetData>").unwrap()]
}

#[test]
fn a_workbook_without_changes_is_the_same_file() {
    let book = Book::new("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>").zipped();
    let mut out = Cursor::new(Vec::new());
    patch(&book).write(&mut out).unwrap();
    assert_eq!(entries(&out.into_inner()), entries(&book));
}

#[test]
fn a_value_takes_the_place_of_another_and_all_around_stays() {
    let book = Book::new(
        "<row r=\"1\" spans=\"1:2\" ht=\"20\">\n<c r=\"A1\" t=\"s\" s=\"1\"><v>0</v></c> <c r=\"B1\"><v>1</v></c></row>",
    );
    let sheet = sheet_after(&book, set("A1", NewValue::Number(0.1)));
    assert_eq!(
        rows(&sheet),
        "<row r=\"1\" spans=\"1:2\" ht=\"20\">\n<c r=\"A1\" s=\"3\"><v>0.1</v></c> <c r=\"B1\"><v>1</v></c></row>"
    );
    assert!(sheet.ends_with("<pageMargins left=\"1\"/></worksheet>"));
    let blank = sheet_after(&book, set("B1", NewValue::Blank));
    assert!(rows(&blank).ends_with(" <c r=\"B1\"/></row>"));
}

#[test]
fn texts_go_where_the_workbook_keeps_its_texts() {
    let rows_before = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";
    let change = |patch: &mut Patch| {
        for (cell, text) in [
            ("A1", "张三 & 李四"),
            ("B1", "_x0041_"),
            ("C1", "张三 & 李四"),
        ] {
            let value = NewValue::Text(text.into());
            patch
                .set_cell("线索跟进", cell.parse().unwrap(), value)
                .unwrap();
        }
    };
    let bytes = written(&Book::new(rows_before), change);
    let strings = String::from_utf8(parts(&bytes)["xl/sharedStrings.xml"].clone()).unwrap();
    assert!(
        strings.contains("count=\"5\" uniqueCount=\"4\"><si><t>线索编号</t></si>"),
        "{strings}"
    );
    let texts = cells(&bytes)["线索跟进"].join(" ");
    assert_eq!(
        texts,
        "0!0 String(\"张三 & 李四\") 0!1 String(\"_x0041_\") 0!2 String(\"张三 & 李四\")"
    );

    let without = Book::new("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>x</t></is></c></row>")
        .replaced("Id=\"rId3\"", "Id=\"rId3\" TargetMode=\"External\"");
    let sheet = sheet_after(&without, set("A1", NewValue::Text(" 王五\n".into())));
    assert_eq!(
        rows(&sheet),
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> 王五\n</t></is></c></row>"
    );
}

#[test]
fn a_date_takes_the_date_format_of_its_column() {
    // B2 is a text behind an apostrophe; the other dates of its column are in the workbook's own format, 164.
    let book = Book::new(
        "<row r=\"1\"><c r=\"B1\" s=\"1\"><v>45000</v></c></row><row r=\"2\"><c r=\"B2\" s=\"2\" t=\"s\"><v>1</v></c><c r=\"C2\" s=\"2\" t=\"s\"><v>1</v></c></row>",
    );
    let date = || NewValue::Date("2024-05-20T00:00:00".parse().unwrap());
    let bytes = written(&book, |patch| {
        set("B2", date())(patch);
        set("C2", date())(patch);
    });
    let parts = parts(&bytes);
    let sheet = String::from_utf8(parts["xl/worksheets/sheet1.xml"].clone()).unwrap();
    assert!(
        rows(&sheet)
            .contains("<c r=\"B2\" s=\"3\"><v>45432</v></c><c r=\"C2\" s=\"4\"><v>45432</v></c>")
    );
    let styles = String::from_utf8(parts["xl/styles.xml"].clone()).unwrap();
    assert!(styles.contains(
        "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"14\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyNumberFormat=\"1\"/></cellXfs>"
    ), "{styles}");
    // Calamine knows B2 for the day it is; 14 is the short date of whoever looks.
    let cells = cells(&bytes)["线索跟进"].join("\n");
    assert!(
        cells.contains("1!1 DateTime(ExcelDateTime { value: 45432.0"),
        "{cells}"
    );
}

#[test]
fn workbooks_that_count_from_1904_get_dates_of_theirs() {
    let book = Book::new("").replaced("<sheets>", "<workbookPr date1904=\"1\"/><sheets>");
    let date = NewValue::Date("2024-05-20T06:00:00".parse().unwrap());
    let sheet = sheet_after(&book, set("A1", date));
    assert!(
        sheet.contains("<row r=\"1\"><c r=\"A1\" s=\"3\"><v>43970.25</v></c></row>"),
        "{sheet}"
    );
}

#[test]
fn amounts_and_shares_show_as_what_they_are() {
    let book = Book::new("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    for (value, format) in [
        (NewValue::Amount(12_800.0), "numFmtId=\"2\""),
        (NewValue::Percent(0.7), "numFmtId=\"9\""),
        (NewValue::Percent(0.125), "numFmtId=\"10\""),
    ] {
        let styles = part_after(&book, "xl/styles.xml", set("A1", value.clone()));
        let last = styles.rfind("<xf ").unwrap();
        assert!(styles[last..].contains(format), "{value:?}: {styles}");
    }
}

#[test]
fn cells_and_rows_that_are_missing_come_where_they_belong() {
    let book = Book::new(
        "<row r=\"2\" spans=\"2:2\" s=\"1\" customFormat=\"1\"><c r=\"B2\"><v>1</v></c><extLst/></row><row r=\"5\"/><row r=\"7\"><c r=\"C7\"/></row>",
    );
    let sheet = sheet_after(&book, |patch| {
        for cell in ["D2", "A2", "C3", "E5", "A1", "A9"] {
            set(cell, NewValue::Number(1.0))(patch);
        }
    });
    let value = "><v>1</v></c>";
    assert_eq!(
        rows(&sheet),
        format!(
            "<row r=\"1\"><c r=\"A1\" s=\"0\"{value}</row>\
             <row r=\"2\" spans=\"1:4\" s=\"1\" customFormat=\"1\"><c r=\"A2\" s=\"3\"{value}<c r=\"B2\"{value}<c r=\"D2\" s=\"3\"{value}<extLst/></row>\
             <row r=\"3\"><c r=\"C3\" s=\"0\"{value}</row><row r=\"5\"><c r=\"E5\" s=\"0\"{value}</row>\
             <row r=\"7\"><c r=\"C7\"/></row><row r=\"9\"><c r=\"A9\" s=\"0\"{value}</row>"
        )
    );
    assert!(sheet.contains("<dimension ref=\"A1:E9\"/>"), "{sheet}");
}

#[test]
fn rows_and_cells_without_numbers_are_counted() {
    let book = Book::new("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>");
    let sheet = sheet_after(&book, |patch| {
        set("B1", NewValue::Number(9.0))(patch);
        set("B2", NewValue::Number(8.0))(patch);
    });
    assert_eq!(
        rows(&sheet),
        "<row><c><v>1</v></c><c><v>9</v></c></row><row><c><v>3</v></c><c r=\"B2\" s=\"0\"><v>8</v></c></row>"
    );
}

#[test]
fn an_empty_sheet_is_opened_in_whatever_prefix_it_has() {
    let sheet = "<?xml version=\"1.0\"?><x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData /></x:worksheet>";
    let after = sheet_after(&Book::of(sheet), set("B3", NewValue::Number(2.5)));
    assert!(after.contains("<x:sheetData><x:row r=\"3\"><x:c r=\"B3\" s=\"0\"><x:v>2.5</x:v></x:c></x:row></x:sheetData></x:worksheet>"), "{after}");
}

#[test]
fn a_fill_keeps_the_rest_of_a_look() {
    let book = Book::new("<row r=\"1\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c></row>");
    let bytes = written(&book, |patch| {
        for cell in ["A1", "B1"] {
            patch
                .fill_cell("线索跟进", cell.parse().unwrap(), [255, 0, 0])
                .unwrap();
        }
    });
    let parts = parts(&bytes);
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    assert_eq!(
        rows(&text("xl/worksheets/sheet1.xml")),
        "<row r=\"1\"><c r=\"A1\" s=\"3\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"4\"/></row>"
    );
    let styles = text("xl/styles.xml");
    assert!(styles.contains("<xf numFmtId=\"164\" fontId=\"0\" fillId=\"3\" borderId=\"0\" applyFill=\"1\"><alignment wrapText=\"1\"/></xf>"), "{styles}");
    assert!(
        styles.contains("<fills count=\"5\">") && styles.contains("<cellXfs count=\"5\">"),
        "{styles}"
    );
}

#[test]
fn a_formula_that_is_overwritten_leaves_the_calculation_chain() {
    let formulas =
        "<row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c><c r=\"B1\"><f>2+2</f><v>4</v></c></row>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let chain = |cells: &str| format!("<calcChain xmlns=\"{main}\">{cells}</calcChain>");
    let book = |cells: &str| Book::new(formulas).part("xl/calcChain.xml", chain(cells));
    let after = |cells: &str| {
        part_after(
            &book(cells),
            "xl/calcChain.xml",
            set("A1", NewValue::Number(2.0)),
        )
    };
    // The second entry leaves it to the first to say which sheet is meant.
    assert_eq!(
        after("<c r=\"A1\" i=\"7\"/><c r=\"B1\" l=\"1\"/>"),
        chain("<c r=\"B1\" l=\"1\" i=\"7\"/>")
    );
    assert_eq!(
        after("<c r=\"B1\" i=\"7\"/><c r=\"A1\"/>"),
        chain("<c r=\"B1\" i=\"7\"/>")
    );
    assert_eq!(
        after("<c r=\"A1\" i=\"3\"/>"),
        chain("<c r=\"A1\" i=\"3\"/>")
    );
    let bytes = written(
        &book("<c r=\"A1\" i=\"7\"/>"),
        set("A1", NewValue::Number(2.0)),
    );
    let parts = parts(&bytes);
    assert!(!parts.contains_key("xl/calcChain.xml"));
    for part in ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"] {
        let text = String::from_utf8(parts[part].clone()).unwrap();
        assert!(!text.contains("calcChain"), "{text}");
    }
}

#[test]
fn what_other_cells_hang_on_is_not_overwritten() {
    let shared = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"0\">B1</f></c></row><row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"0\"/></c></row>";
    let array = "<row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:B2\">C1:D2</f><v>1</v></c><c r=\"B1\"><v>1</v></c></row>";
    for (rows, cell, obstacle) in [
        (shared, "A1", Obstacle::SharedFormula),
        (array, "A1", Obstacle::ArrayFormula),
        (array, "B1", Obstacle::ArrayFormula),
        (array, "B2", Obstacle::ArrayFormula),
    ] {
        let refused = refusal(&Book::new(rows), set(cell, NewValue::Number(1.0)));
        let is_it = |error: &PatchError| matches!(error, PatchError::Refused { obstacle: found, place } if *found == obstacle && place.contains(cell));
        assert!(is_it(&refused), "{cell}: {refused}");
    }
    let repeated = sheet_after(&Book::new(shared), set("A2", NewValue::Number(1.0)));
    assert!(repeated.contains("<c r=\"A2\"><v>1</v></c>"));
    for value in [f64::NAN, f64::INFINITY] {
        let refused = refusal(&Book::new(""), set("A1", NewValue::Number(value)));
        assert!(matches!(
            refused,
            PatchError::Refused {
                obstacle: Obstacle::Number,
                ..
            }
        ));
    }
}

#[test]
fn rows_in_two_versions_are_refused() {
    let rows = "<mc:AlternateContent><mc:Choice><row r=\"1\"/></mc:Choice></mc:AlternateContent>";
    let refused = refusal(&Book::new(rows), set("A1", NewValue::Number(1.0)));
    assert!(
        matches!(
            refused,
            PatchError::Refused {
                obstacle: Obstacle::Alternatives,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_cell_hidden_in_a_merged_range_stands_for_the_range() {
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:A3\"/></mergeCells></worksheet>";
    let after = sheet_after(&Book::of(sheet), set("A3", NewValue::Number(5.0)));
    assert_eq!(rows(&after), "<row r=\"1\"><c r=\"A1\"><v>5</v></c></row>");
}

#[test]
fn corrections_leave_formulas_alone_and_name_them() {
    let book = Book::new(
        "<row r=\"1\"><c r=\"B1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"str\"><f>A1</f><v>x</v></c></row>\
         <row r=\"2\"><c r=\"B2\" s=\"1\"><v>45000</v></c></row>",
    );
    let correction = |cell: &str| Correction {
        cell: cell.parse().unwrap(),
        header: "跟进日期".into(),
        field: Field::FollowUpDate,
        old: "2024.5.20".into(),
        new: NewValue::Date("2024-05-20T00:00:00".parse().unwrap()),
        rules: vec!["C206"],
    };
    let mut patch = patch(&book.zipped());
    let corrections = [correction("B1"), correction("C1")];
    patch.correct("线索跟进", &corrections).unwrap();
    let mut out = Cursor::new(Vec::new());
    let notices = patch.write(&mut out).unwrap();
    let kept = vec![("线索跟进".to_owned(), CellRef::new(0, 2))];
    assert_eq!(notices, [PatchNotice::FormulasKept { cells: kept }]);
    let cells = cells(&out.into_inner())["线索跟进"].join("\n");
    assert!(
        cells.contains("0!1 DateTime(ExcelDateTime { value: 45432.0"),
        "{cells}"
    );
    assert!(cells.contains("0!2 =A1"), "{cells}");
}

#[test]
fn sheets_are_named_and_missed_by_name() {
    let mut patch = patch(&Book::new("").zipped());
    assert_eq!(patch.sheets(), ["线索跟进"]);
    let refused = patch.set_cell("没有", CellRef::new(0, 0), NewValue::Blank);
    assert!(matches!(refused, Err(PatchError::NoSuchSheet(name)) if name == "没有"));
}
