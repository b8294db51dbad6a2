//! Packages as other programs make them: odd names, odd records, odd encodings.

use std::io::Write as _;

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::book::Book;
use super::*;

const CELL: &str = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";

fn places() -> Vec<(&'static str, CellRef)> {
    vec![
        ("线索跟进", CellRef::new(0, 0)),
        ("线索跟进", CellRef::new(8, 2)),
    ]
}

/// Annotated and cleaned, the package has all its parts, and those that nobody touched as they lay in the file.
#[track_caller]
fn survives(before: &[u8]) -> Vec<u8> {
    let after = annotated(before, &places()).unwrap();
    let untouched = [
        "docProps/app.xml",
        "xl/sharedStrings.xml",
        "xl/calcChain.xml",
    ];
    let raw: BTreeMap<_, _> = entries(&after).into_iter().collect();
    for (name, content) in entries(before) {
        if untouched
            .iter()
            .any(|part| name.replace('\\', "/").eq_ignore_ascii_case(part))
        {
            assert_eq!(raw.get(&name), Some(&content), "{name}");
        }
    }
    assert_eq!(cells(before)["线索跟进"], cells(&after)["线索跟进"]);
    assert_eq!(parts(&cleaned(&after).unwrap().0), parts(before));
    after
}

/// Zips the parts in a way of its own.
fn zipped(book: &Book, options: SimpleFileOptions, name: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (part, content) in parts(&book.zipped()) {
        zip.start_file(name(&part), options).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.set_comment("一条说明").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn parts_are_found_whatever_their_names_look_like() {
    let book = Book::new(CELL);
    let plain = SimpleFileOptions::default();
    for name in [
        |name: &str| name.replace('/', "\\"),
        |name: &str| name.to_uppercase(),
        |name: &str| format!("/{name}"),
    ] {
        let after = annotated(&zipped(&book, plain, name), &places()).unwrap();
        assert!(is_annotated(&read(&after).unwrap()));
    }
    survives(&zipped(
        &book
            .clone()
            .replaced("Target=\"worksheets/", "Target=\"/xl/worksheets/"),
        plain,
        str::to_owned,
    ));
    survives(&zipped(
        &book.replaced("Target=\"worksheets/", "Target=\"./../xl/worksheets/"),
        plain,
        str::to_owned,
    ));
}

#[test]
fn records_of_every_kind_are_copied() {
    let book = Book::new(CELL).part("docProps/app.xml", "<Properties/>");
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let large = SimpleFileOptions::default().large_file(true);
    for options in [SimpleFileOptions::default(), stored, large] {
        let before = zipped(&book, options, str::to_owned);
        let after = survives(&before);
        assert_eq!(
            ZipArchive::new(Cursor::new(&after)).unwrap().comment(),
            "一条说明".as_bytes()
        );
    }
    // Written as a stream: sizes come behind the data.
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (part, content) in parts(&book.zipped()) {
        zip.start_file(part, SimpleFileOptions::default()).unwrap();
        zip.write_all(&content).unwrap();
    }
    let before = zip.finish().unwrap().into_inner();
    assert!(before.windows(4).any(|bytes| bytes == b"PK\x07\x08"));
    survives(&before);
}

#[test]
fn a_directory_that_lies_about_a_size_stands_in_nobodys_way() {
    let honest = Book::new(CELL).zipped();
    let mut lying = honest.clone();
    for name in ["xl/styles.xml", "xl/worksheets/sheet1.xml"] {
        // In the directory, which is at the end, the size once unpacked stands 22 bytes before the name.
        let last = lying
            .windows(name.len())
            .rposition(|bytes| bytes == name.as_bytes());
        lying[last.unwrap() - 22] ^= 1;
    }
    let after = annotated(&lying, &places()).unwrap();
    assert!(parts(&cleaned(&after).unwrap().0) == parts(&honest));
}

#[test]
fn entries_over_one_another_are_refused() {
    let book = Book::new(CELL).zipped();
    // Every directory entry is made to lead to the first record: ten parts for the bytes of one.
    let mut bytes = book.clone();
    let mut at = bytes
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    let sizes = bytes[at + 16..at + 28].to_vec();
    while bytes[at..].starts_with(b"PK\x01\x02") {
        bytes[at + 42..at + 46].fill(0);
        bytes[at + 16..at + 28].copy_from_slice(&sizes);
        let length = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        at += 46 + length(at + 28) + length(at + 30) + length(at + 32);
    }
    assert!(Patch::from_bytes(bytes, &Limits::default()).is_err());
}

#[test]
fn bombs_and_entities_are_refused() {
    let bomb = Book::new(CELL).part("xl/styles.xml", vec![b' '; 64 << 20]);
    let refused = annotated(&bomb.zipped(), &places()).unwrap_err();
    assert!(matches!(refused, PatchError::Refused { .. }), "{refused}");
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut patch = Patch::from_bytes(bomb.zipped(), &limits).unwrap();
    patch
        .set_cell("线索跟进", CellRef::new(0, 0), NewValue::Number(1.0))
        .unwrap();
    let refused = patch.write(Cursor::new(Vec::new())).unwrap_err();
    assert!(
        matches!(refused, PatchError::Read(ReadError::Limit { .. })),
        "{refused}"
    );
    let entities = Book::new(CELL).part(
        "xl/styles.xml",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><styleSheet/>",
    );
    let refused = annotated(&entities.zipped(), &places()).unwrap_err();
    assert!(
        matches!(refused, PatchError::Read(ReadError::Doctype(_))),
        "{refused}"
    );
    let endless = Book::new(&format!(
        "<row r=\"1\"><c r=\"A1\" x=\"{}\"/></row>",
        " ".repeat(70 << 20)
    ));
    assert!(annotated(&endless.zipped(), &places()).is_err());
}

#[test]
fn a_part_in_utf_16_is_changed_in_utf_16() {
    let book = Book::new(CELL);
    let workbook = String::from_utf8(parts(&book.zipped())["xl/workbook.xml"].clone()).unwrap();
    let wide: Vec<u8> = format!("\u{FEFF}{workbook}")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let before = book.part("xl/workbook.xml", wide).zipped();
    let after = annotated(&before, &places()).unwrap();
    assert!(is_annotated(&read(&after).unwrap()));
    assert!(parts(&after)["xl/workbook.xml"].starts_with(b"\xFE\xFF"));
    assert_eq!(parts(&cleaned(&after).unwrap().0), parts(&before));
}

#[test]
fn the_strict_variant_stays_strict() {
    let strict = Book::new(CELL)
        .replaced(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        .replaced(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        );
    let before = strict.zipped();
    let after = annotated(&before, &places()).unwrap();
    for (name, content) in parts(&after) {
        let content = String::from_utf8_lossy(&content);
        assert!(
            !content.contains("schemas.openxmlformats.org/spreadsheetml"),
            "{name}: {content}"
        );
        assert!(
            !content.contains("schemas.openxmlformats.org/officeDocument/2006/relationships"),
            "{name}: {content}"
        );
    }
    assert!(is_annotated(&read(&after).unwrap()));
    assert_eq!(parts(&cleaned(&after).unwrap().0), parts(&before));
}

#[test]
fn a_workbook_without_styles_or_texts_gets_styles() {
    let book = Book::new(CELL)
        .without("xl/styles.xml")
        .without("xl/sharedStrings.xml");
    let after = survives(&book.zipped());
    let styles = parts(&after)["xl/styles.xml"].clone();
    assert!(String::from_utf8(styles).unwrap().contains("FFFFC9CF"));
    let bare = Book::new(CELL).part("xl/styles.xml", "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dxfs count=\"0\"/></styleSheet>");
    let styles = parts(&survives(&bare.zipped()))["xl/styles.xml"].clone();
    let styles = String::from_utf8(styles).unwrap();
    let order = [
        "<fonts",
        "<fills",
        "<borders",
        "<cellStyleXfs",
        "<cellXfs",
        "<dxfs",
    ]
    .map(|section| styles.find(section).unwrap());
    assert!(order.is_sorted(), "{styles}");
}

#[test]
fn a_broken_signature_is_told_before_it_breaks() {
    let signed = Book::new(CELL).part("_xmlsignatures/origin.sigs", "");
    assert_eq!(
        patch(&signed.zipped()).notices(),
        [PatchNotice::SignatureBreaks]
    );
    assert_eq!(patch(&Book::new(CELL).zipped()).notices(), []);
}

#[test]
fn what_cannot_be_patched_is_refused_by_its_name() {
    let open = |bytes: &[u8]| Patch::from_bytes(bytes.to_vec(), &Limits::default()).map(drop);
    for (bytes, kind) in [
        (b"<table><tr><td>1".to_vec(), "html"),
        (b"a,b\n1,2\n".to_vec(), "csv"),
    ] {
        assert!(
            matches!(open(&bytes), Err(PatchError::Format(found)) if found == kind),
            "{kind}"
        );
    }
    assert!(matches!(
        open(&fixture("encrypted.xlsx")),
        Err(PatchError::Read(ReadError::Encrypted))
    ));
    assert!(matches!(
        open(b"%PDF-1.7"),
        Err(PatchError::Read(ReadError::NotAWorkbook(_)))
    ));
    assert!(matches!(open(b""), Err(PatchError::Read(ReadError::Empty))));
    let damaged = Book::new("<row r=\"1\"><c r=\"A1\"></row>").zipped();
    let refused = annotated(&damaged, &places()).unwrap_err();
    assert!(
        matches!(
            refused,
            PatchError::Refused {
                obstacle: Obstacle::IllFormed,
                ..
            }
        ),
        "{refused}"
    );
    let latin = Book::of("<worksheet><sheetData/></worksheet>").part(
        "xl/worksheets/sheet1.xml",
        b"<worksheet a=\"\xE9\"><sheetData/></worksheet>",
    );
    let refused = annotated(&latin.zipped(), &places()).unwrap_err();
    assert!(
        matches!(
            refused,
            PatchError::Refused {
                obstacle: Obstacle::Encoding,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_failed_save_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("跟进.xlsx");
    let before = Book::new("<row r=\"1\"><c r=\"A1\"></row>").zipped();
    std::fs::write(&path, &before).unwrap();
    let mut broken = Patch::open(&path, &Limits::default()).unwrap();
    broken
        .set_cell("线索跟进", CellRef::new(0, 0), NewValue::Number(1.0))
        .unwrap();
    assert!(broken.save(&path, true).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let before = Book::new(CELL).zipped();
    std::fs::write(&path, &before).unwrap();
    let mut sound = Patch::open(&path, &Limits::default()).unwrap();
    sound
        .set_cell("线索跟进", CellRef::new(0, 0), NewValue::Number(7.0))
        .unwrap();
    sound.save(&path, true).unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("跟进.xlsx.bak")).unwrap(),
        before
    );
    let after = std::fs::read(&path).unwrap();
    assert_eq!(cells(&after)["线索跟进"], ["0!0 Float(7.0)"]);
}
