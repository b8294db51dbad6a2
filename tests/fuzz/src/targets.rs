//! What is fed with bytes: each target puts them where one reader finds them, and opens the workbook as the command
//! does. Whatever they say, the answer is a workbook or an error, soon and within the limits; and what is marked in
//! place can be made what it was.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use leadsheet_core::{CellRef, Severity};
use leadsheet_workbook::{
    Annotations, FindingsSheet, Limits, OpenOptions, Patch, Remark, Templates, workbook_from_bytes,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What takes bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 13] = [
    ("sniffing", sniffing),
    ("package", package),
    ("sheet", sheet),
    ("shared_strings", shared_strings),
    ("styles", styles),
    ("text", text),
    ("biff", biff),
    ("ods", ods),
    ("xlsb", xlsb),
    ("parquet", parquet),
    ("patched_package", patched_package),
    ("patched_sheet", patched_sheet),
    ("patched_styles", patched_styles),
];

/// A file of any kind.
fn sniffing(bytes: &[u8]) {
    open(bytes);
}

/// A zip package: what is no zip is not worth a look.
fn package(bytes: &[u8]) {
    let mut package = b"PK\x03\x04".to_vec();
    package.extend_from_slice(bytes.strip_prefix(b"PK\x03\x04").unwrap_or(bytes));
    open(&package);
}

/// The XML of a worksheet.
fn sheet(bytes: &[u8]) {
    open_parts(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS),
        (
            "xl/sharedStrings.xml",
            b"<sst><si><t>a</t></si><si><t>b</t></si></sst>",
        ),
        ("xl/worksheets/sheet1.xml", bytes),
    ]);
}

/// The XML of the shared strings, with a sheet that uses the first ones.
fn shared_strings(bytes: &[u8]) {
    let sheet = b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>\
        <c r=\"C1\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>";
    open_parts(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS),
        ("xl/sharedStrings.xml", bytes),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
}

/// The XML of the styles, with cells in the first ones.
fn styles(bytes: &[u8]) {
    let sheet = b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>45432.5</v></c><c r=\"B1\" s=\"2\"><v>-1</v></c>\
        <c r=\"C1\"><v>2958466</v></c></row></sheetData></worksheet>";
    open_parts(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS),
        ("xl/styles.xml", bytes),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
}

/// Text of any encoding: csv, a page, XML-2003.
fn text(bytes: &[u8]) {
    // A letter in front keeps it from being anything else.
    let mut text = b"a".to_vec();
    text.extend_from_slice(bytes);
    open(&text);
    open(bytes);
}

/// The records of a BIFF workbook, in a compound file.
fn biff(bytes: &[u8]) {
    let Ok(mut file) = cfb::CompoundFile::create(Cursor::new(Vec::new())) else {
        return;
    };
    let written = file
        .create_stream("Workbook")
        .and_then(|mut stream| stream.write_all(bytes));
    if written.is_ok() && file.flush().is_ok() {
        open(&file.into_inner().into_inner());
    }
}

/// The content of an OpenDocument spreadsheet.
fn ods(bytes: &[u8]) {
    open_parts(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", bytes),
    ]);
}

/// The records of a worksheet in a binary package.
fn xlsb(bytes: &[u8]) {
    // BrtBundleSh: visible, sheet 1, relationship "rId1", name "a".
    let sheet = [
        &[0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0][..],
        &utf16("rId1"),
        &[1, 0, 0, 0],
        &utf16("a"),
    ]
    .concat();
    let mut workbook = vec![0x8F, 0x01, 0x00, 0x9C, 0x01, sheet.len() as u8];
    workbook.extend(sheet);
    workbook.extend([0x90, 0x01, 0x00]);
    open_parts(&[
        ("xl/workbook.bin", &workbook),
        ("xl/_rels/workbook.bin.rels", RELATIONSHIPS_OF_BINARY),
        ("xl/worksheets/sheet1.bin", bytes),
    ]);
}

/// A parquet file; where it does not end as one, all of it is taken for the description at its end.
fn parquet(bytes: &[u8]) {
    const MARK: &[u8] = b"PAR1";
    let body = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let mut file = [MARK, body].concat();
    if !body.ends_with(MARK) {
        file.extend_from_slice(&(body.len() as u32).to_le_bytes());
        file.extend_from_slice(MARK);
    }
    open(&file);
}

/// A package that is marked in place.
fn patched_package(bytes: &[u8]) {
    let mut package = b"PK\x03\x04".to_vec();
    package.extend_from_slice(bytes.strip_prefix(b"PK\x03\x04").unwrap_or(bytes));
    patch(&package);
}

/// The XML of a worksheet in which cells are marked.
fn patched_sheet(bytes: &[u8]) {
    let styles =
        b"<styleSheet><fills><fill/><fill/></fills><cellXfs><xf/><xf/></cellXfs></styleSheet>";
    if let Some(package) = package_of(&patched_parts(bytes, styles)) {
        patch(&package);
    }
}

/// The XML of the styles to which more are added.
fn patched_styles(bytes: &[u8]) {
    let sheet =
        b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"/></row></sheetData></worksheet>";
    if let Some(package) = package_of(&patched_parts(sheet, bytes)) {
        patch(&package);
    }
}

fn patched_parts<'p>(sheet: &'p [u8], styles: &'p [u8]) -> [(&'static str, &'p [u8]); 6] {
    [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<Relationships><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", b"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"rId1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>"),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

/// Marks a workbook and takes the marks out again: what is not refused comes back as it was.
fn patch(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(patch) = Patch::from_bytes(bytes.to_vec(), &limits) else {
        return;
    };
    let Some(sheet) = patch.sheets().first().map(ToString::to_string) else {
        return;
    };
    let mut marked = Cursor::new(Vec::new());
    if patch.annotate(&annotations(&sheet), &mut marked).is_err() {
        return;
    }
    let marked = marked.into_inner();
    let mut clean = Cursor::new(Vec::new());
    let patch = Patch::from_bytes(marked.clone(), &limits).expect("what was written is read");
    let read = || workbook_from_bytes(&marked, &OpenOptions::default());
    patch
        .clean(read, &mut clean)
        .expect("what was put in comes out");
    let (before, after) = (parts_of(bytes), parts_of(&clean.into_inner()));
    assert!(before.is_none() || before == after, "not what it was");
}

fn annotations(sheet: &str) -> Annotations {
    let cells = [(0, 0), (0, 1), (3, 2)].map(|(row, column)| CellRef::new(row, column));
    let remark = |cell| Remark {
        severity: Severity::Error,
        code: "C203".into(),
        sheet: sheet.to_owned(),
        cell: Some(cell),
        owner: String::new(),
        header: String::new(),
        value: String::new(),
        message: "a\u{1}<&".into(),
        advice: String::new(),
    };
    Annotations {
        sheet: FindingsSheet {
            name: "检查结果".into(),
            title: String::new(),
            lines: Vec::new(),
            legend: Vec::new(),
            persons: Vec::new(),
            headings: Default::default(),
        },
        remarks: cells.map(remark).to_vec(),
    }
}

/// The parts by name and checksum; `None` of what is no package.
fn parts_of(package: &[u8]) -> Option<Vec<(Vec<u8>, u32)>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).ok()?;
    let parts = 0..archive.len();
    let described = parts.map(|position| {
        let part = archive.by_index_raw(position).ok()?;
        Some((part.name_raw().to_vec(), part.crc32()))
    });
    described.collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const WORKBOOK: &[u8] = b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const RELATIONSHIPS: &[u8] = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const RELATIONSHIPS_OF_BINARY: &[u8] = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>";

fn open_parts(parts: &[(&str, &[u8])]) {
    if let Some(package) = package_of(parts) {
        open(&package);
    }
}

/// A package of these parts, stored as they are.
fn package_of(parts: &[(&str, &[u8])]) -> Option<Vec<u8>> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        package.start_file(*name, stored).ok()?;
        package.write_all(bytes).ok()?;
    }
    package.finish().ok().map(Cursor::into_inner)
}

fn open(bytes: &[u8]) {
    static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::builtin);
    if let Ok(workbook) = workbook_from_bytes(bytes, &OpenOptions::default()) {
        workbook.into_book("fuzz", &TEMPLATES);
    }
}
