//! What is fed with bytes: each target puts them where one reader finds them, and opens the workbook as the command
//! does. Whatever they say, the answer is a workbook or an error, soon and within the limits.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use leadsheet_workbook::{OpenOptions, Templates, workbook_from_bytes};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Every target by its name.
pub const TARGETS: [(&str, fn(&[u8])); 9] = [
    ("sniffing", sniffing),
    ("package", package),
    ("sheet", sheet),
    ("shared_strings", shared_strings),
    ("styles", styles),
    ("text", text),
    ("biff", biff),
    ("ods", ods),
    ("xlsb", xlsb),
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

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const WORKBOOK: &[u8] = b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const RELATIONSHIPS: &[u8] = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const RELATIONSHIPS_OF_BINARY: &[u8] = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>";

/// A package of these parts, stored as they are.
fn open_parts(parts: &[(&str, &[u8])]) {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        if package.start_file(*name, stored).is_err() || package.write_all(bytes).is_err() {
            return;
        }
    }
    if let Ok(package) = package.finish() {
        open(&package.into_inner());
    }
}

fn open(bytes: &[u8]) {
    static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::builtin);
    if let Ok(workbook) = workbook_from_bytes(bytes, &OpenOptions::default()) {
        workbook.into_book("fuzz", &TEMPLATES);
    }
}
