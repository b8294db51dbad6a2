//! What annotating puts in, and that it comes out again.

use super::book::Book;
use super::*;

const SHEET: &str = "线索跟进";

fn at(cells: &[&str]) -> Vec<(&'static str, CellRef)> {
    cells
        .iter()
        .map(|cell| (SHEET, cell.parse().unwrap()))
        .collect()
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

/// A sheet with a person's note on A1, a box for it and a button.
fn with_a_note() -> Book {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    Book::of(&format!("<worksheet xmlns=\"{main}\" xmlns:rel=\"{relations}\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>1</v></c></row></sheetData><legacyDrawing rel:id=\"rId2\"/><tableParts count=\"0\"/></worksheet>"))
        .part("xl/worksheets/_rels/sheet1.xml.rels", format!("<Relationships><Relationship Id=\"rId1\" Type=\"{relations}/comments\" Target=\"../comments1.xml\"/><Relationship Id=\"rId2\" Type=\"{relations}/vmlDrawing\" Target=\"../drawings/vmlDrawing1.vml\"/></Relationships>"))
        .part("xl/comments1.xml", format!("<comments xmlns=\"{main}\"><authors><author>王主管</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>问一下</t></text></comment></commentList></comments>"))
        .part("xl/drawings/vmlDrawing1.vml", "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout><v:shape id=\"_x0000_s1025\"><br><x:ClientData ObjectType=\"Note\"><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>")
}

#[test]
fn notes_of_people_stay_and_ours_are_put_beside_them() {
    let before = with_a_note().zipped();
    let after = annotated(&before, &at(&["A1", "B1", "B9"])).unwrap();
    let (before, after) = (parts(&before), parts(&after));
    let comments = text(&after, "xl/comments1.xml");
    assert!(comments.contains("<authors><author>王主管</author><author>leadsheet</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>问一下</t></text></comment><comment ref=\"B1\" authorId=\"1\">"), "{comments}");
    assert_eq!(comments.matches("<comment ").count(), 3);
    let drawing = text(&after, "xl/drawings/vmlDrawing1.vml");
    let old = text(&before, "xl/drawings/vmlDrawing1.vml");
    let person = &old[old.find("<v:shape ").unwrap()..old.find("</xml>").unwrap()];
    assert!(
        drawing.contains(person) && drawing.contains("data=\"1,2\""),
        "{drawing}"
    );
    assert_eq!(drawing.matches("ObjectType=\"Note\"").count(), 3);
    assert!(drawing.contains("id=\"_x0000_s2049\""), "{drawing}");
    // The cell of the person's note is coloured all the same.
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<c r=\"A1\" s=\""), "{sheet}");
    assert_eq!(sheet.matches("legacyDrawing").count(), 1);
}

#[test]
fn a_sheet_without_notes_gets_a_drawing_in_its_place() {
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData/><drawing r:id=\"rId9\"/><tableParts count=\"0\"/></worksheet>";
    let after = parts(&annotated(&Book::of(sheet).zipped(), &at(&["A1"])).unwrap());
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<drawing r:id=\"rId9\"/><legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"rId2\"/><tableParts"), "{sheet}");
    let relations = text(&after, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(
        relations.contains("/xl/leadsheetComments.xml")
            && relations.contains("/xl/drawings/leadsheetNotes.vml")
    );
}

#[test]
fn what_was_put_in_comes_out_to_the_byte() {
    for book in [
        with_a_note(),
        Book::new("<row r=\"1\"><c r=\"A1\" s=\"1\"><f>1+1</f><v>2</v></c></row>"),
        Book::new("").replaced(
            "<sheets>",
            "<bookViews><workbookView activeTab=\"0\"/></bookViews><sheets>",
        ),
        Book::of(
            "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData/></x:worksheet>",
        ),
    ] {
        let before = book.zipped();
        let places = at(&["A1", "B7", "C7"]);
        let after = annotated(&before, &places).unwrap();
        assert!(is_annotated(&read(&after).unwrap()));
        let (clean, notices) = cleaned(&after).unwrap();
        assert_eq!((parts(&clean), notices), (parts(&before), Vec::new()));
        assert!(annotated(&clean, &places).unwrap() == after);
    }
}

#[test]
fn a_workbook_that_was_not_annotated_has_nothing_to_take_out() {
    let refused = cleaned(&Book::new("").zipped());
    assert!(matches!(refused, Err(PatchError::NotAnnotated)));
}

/// The package without its record and with `change` made to its parts, as another program saves it.
fn saved_by_others(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut book = Book::empty();
    for (name, content) in parts(bytes) {
        if name == "leadsheet/undo.bin" {
            continue;
        }
        let content = match String::from_utf8(content) {
            Ok(text) => change(&name, text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        book = book.part(&name, content);
    }
    book.zipped()
}

#[test]
fn marks_are_found_after_another_program_saved_the_workbook() {
    let before = with_a_note().zipped();
    let after = annotated(&before, &at(&["A1", "B1", "D4"])).unwrap();
    // A row was put in on top, the yellow one made bold: everything is one row lower, and styles have other numbers.
    let saved = saved_by_others(&after, |name, text| match name {
        "xl/worksheets/sheet1.xml" => text
            .replace(
                "<sheetData>",
                "<sheetData><row r=\"1\"><c r=\"A1\"><v>99</v></c></row>",
            )
            .replace("<row r=\"4\"><c r=\"D4\"", "<row r=\"5\"><c r=\"D5\"")
            .replacen("<row r=\"1\"><c r=\"A1\" ", "<row r=\"2\"><c r=\"A2\" ", 1)
            .replace("<c r=\"B1\"", "<c r=\"B2\""),
        "xl/comments1.xml" => text
            .replace("ref=\"A1\"", "ref=\"A2\"")
            .replace("ref=\"B1\"", "ref=\"B2\"")
            .replace("ref=\"D4\"", "ref=\"D5\"")
            .replace("<author>leadsheet</author>", "<author></author>"),
        "xl/drawings/vmlDrawing1.vml" => text
            .replace("<x:Row>3</x:Row>", "<x:Row>4</x:Row>")
            .replace("<x:Row>0</x:Row>", "<x:Row>1</x:Row>"),
        _ => text,
    });
    let (clean, notices) = cleaned(&saved).unwrap();
    assert_eq!(notices, [PatchNotice::SavedSince]);
    let clean = parts(&clean);
    let comments = text(&clean, "xl/comments1.xml");
    assert!(
        comments.contains("问一下") && !comments.contains("[leadsheet]"),
        "{comments}"
    );
    let drawing = text(&clean, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(
        drawing.matches("ObjectType=\"Note\"").count(),
        1,
        "{drawing}"
    );
    assert!(drawing.contains("<br>"), "{drawing}");
    let styles = text(&clean, "xl/styles.xml");
    let xfs: Vec<_> = styles[styles.find("<cellXfs").unwrap()..]
        .split("<xf ")
        .skip(1)
        .collect();
    let sheet = text(&clean, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>99</v>"));
    for cell in sheet.split("<c ").skip(1) {
        let style = cell.split(" s=\"").nth(1).map_or(0, |rest| {
            rest.split('"').next().unwrap().parse::<usize>().unwrap()
        });
        assert!(
            xfs[style].contains("fillId=\"0\""),
            "{cell}: {}",
            xfs[style]
        );
    }
    for (name, content) in &clean {
        let content = String::from_utf8_lossy(content);
        assert!(
            !name.contains("leadsheet") && !content.contains("检查结果"),
            "{name}"
        );
    }
    assert!(matches!(
        cleaned(&saved_by_others(&with_a_note().zipped(), |_, text| text)),
        Err(PatchError::NotAnnotated)
    ));
}

#[test]
fn a_workbook_that_libreoffice_saved_is_cleaned_by_its_marks() {
    let saved = fixture("annotated_saved_by_libreoffice.xlsx");
    let (clean, notices) = cleaned(&saved).unwrap();
    assert_eq!(notices, [PatchNotice::SavedSince]);
    let (before, after) = (cells(&fixture("lead_ledger_sample.xlsx")), cells(&clean));
    assert_eq!(before, after);
    let parts = parts(&clean);
    assert!(
        !parts
            .keys()
            .any(|name| name.contains("comments") || name.contains("vml")),
        "{:?}",
        parts.keys()
    );
    // None of our colours is left on a cell.
    let styles = text(&parts, "xl/styles.xml");
    let fills: Vec<_> = styles.split("<fill>").skip(1).collect();
    let is_ours = |fill: &str| {
        ["FFFFC9", "FFFFEC", "FFDCEA"]
            .iter()
            .any(|colour| fill.contains(&format!("<fgColor rgb=\"{colour}")))
    };
    let ours: Vec<_> = (0..fills.len())
        .filter(|&fill| is_ours(fills[fill]))
        .collect();
    assert!(!ours.is_empty());
    let xfs: Vec<_> = styles[styles.find("<cellXfs").unwrap()..]
        .split("<xf ")
        .skip(1)
        .collect();
    let sheet = text(&parts, "xl/worksheets/sheet1.xml");
    for cell in sheet.split("<c ").skip(1) {
        let style: usize = cell
            .split(" s=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(
            !ours
                .iter()
                .any(|fill| xfs[style].contains(&format!("fillId=\"{fill}\""))),
            "{cell}"
        );
    }
}

#[test]
fn fills_that_differ_keep_differing() {
    // Two styles that differ in nothing but their fill: marked alike, programs would make one of them.
    let xf = |fill| format!("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"{fill}\" borderId=\"0\"/>");
    let book = Book::new("<row r=\"1\"><c r=\"A1\"/><c r=\"D1\" s=\"1\"/></row>")
        .styles(&[xf(0), xf(2)].concat());
    let after = parts(&annotated(&book.zipped(), &at(&["A1", "B1", "C1", "D1"])).unwrap());
    let styles = text(&after, "xl/styles.xml");
    for shade in ["FFFFC9CF", "FFFFC9CE"] {
        assert_eq!(
            styles.matches(shade).count(),
            1 + usize::from(shade.ends_with('F')),
            "{styles}"
        );
    }
}

#[test]
fn several_findings_of_one_cell_are_one_note_in_the_gravest_colour() {
    let after = parts(&annotated(&Book::new("").zipped(), &at(&["A1", "A1", "A1"])).unwrap());
    let comments = text(&after, "xl/leadsheetComments.xml");
    assert_eq!(
        (
            comments.matches("<comment ").count(),
            comments.matches("C203").count()
        ),
        (1, 3)
    );
    let styles = text(&after, "xl/styles.xml");
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    let style: usize = sheet
        .split(" s=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let xf = styles[styles.find("<cellXfs").unwrap()..]
        .split("<xf ")
        .nth(style + 1)
        .unwrap();
    let fill: usize = xf
        .split("fillId=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        styles
            .split("<fill>")
            .nth(fill + 1)
            .unwrap()
            .contains("FFFFC9CF")
    );
}

#[test]
fn the_list_links_to_the_cells_and_stays_out_of_the_way_of_a_sheet_of_its_name() {
    let book = Book::new("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>")
        .replaced("name=\"线索跟进\"", "name=\"检查结果\"");
    let place = [("检查结果", "A1".parse().unwrap())];
    let after = annotated(&book.zipped(), &place).unwrap();
    let workbook = read(&after).unwrap();
    let names: Vec<_> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    assert_eq!(names, ["检查结果", "检查结果 (2)"]);
    let sheet = text(&parts(&after), "xl/worksheets/leadsheet.xml");
    assert!(sheet.contains("location=\"'检查结果'!A1\""), "{sheet}");
    let listed = cells(&after)["检查结果 (2)"].join("\n");
    for said in [
        "String(\"检查结果\")",
        "String(\"C203\")",
        "String(\"A1\")",
        "`A1` 的日期不存在 <&>",
        "改成存在的日期",
    ] {
        assert!(listed.contains(said), "{said}: {listed}");
    }
}

#[test]
fn a_remark_about_the_sheet_as_a_whole_is_listed_only() {
    let mut annotations = annotations(&at(&["A1"]));
    annotations.remarks[0].cell = None;
    let mut out = Cursor::new(Vec::new());
    let done = patch(&Book::new("").zipped())
        .annotate(&annotations, &mut out)
        .unwrap();
    assert_eq!(done.cells, 0);
    let after = parts(&out.into_inner());
    assert!(!after.keys().any(|name| name.contains("Comments")));
    assert!(text(&after, "xl/worksheets/leadsheet.xml").contains("的日期不存在"));
}
