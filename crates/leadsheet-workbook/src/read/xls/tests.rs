//! Workbooks put together record by record, as MS-XLS describes them, each with one thing odd about it.

use leadsheet_core::{CellRef, Value};

use super::compound::tests::around;
use super::read;
use crate::{Foreign, Limits, NoticeKind, ReadError, Visibility, Workbook};

type Bytes = Vec<u8>;

fn record(id: u16, parts: &[&[u8]]) -> Bytes {
    let body = parts.concat();
    [
        &id.to_le_bytes()[..],
        &(body.len() as u16).to_le_bytes(),
        &body,
    ]
    .concat()
}

fn bof(version: u16, substream: u16) -> Bytes {
    record(
        0x0809,
        &[&version.to_le_bytes(), &substream.to_le_bytes(), &[0; 12]],
    )
}

fn eof() -> Bytes {
    record(0x0A, &[])
}

fn short(values: &[u16]) -> Bytes {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// A unicode string with its length in two bytes, in UTF-16.
fn wide(text: &str) -> Bytes {
    let units: Vec<u16> = text.encode_utf16().collect();
    [&short(&[units.len() as u16])[..], &[1], &short(&units)].concat()
}

/// A stream of one sheet 线索跟进, or `name` in bytes before BIFF8.
fn stream(version: u16, globals: &[Bytes], name: &[u8], sheet: &[Bytes]) -> Bytes {
    let head = [bof(version, 5), globals.concat()].concat();
    let bound_size = 4 + 6 + 1 + name.len();
    let offset = (head.len() + bound_size + 4) as u32;
    let bound = record(
        0x85,
        &[&offset.to_le_bytes(), &[0, 0], &[name.len() as u8], name],
    );
    [
        head,
        bound,
        eof(),
        bof(version, 0x10),
        sheet.concat(),
        eof(),
    ]
    .concat()
}

fn biff8(globals: &[Bytes], sheet: &[Bytes]) -> Bytes {
    let head = [bof(0x0600, 5), globals.concat()].concat();
    let name: Vec<u16> = "线索跟进".encode_utf16().collect();
    let bound_size = 4 + 6 + 2 + name.len() * 2;
    let offset = (head.len() + bound_size + 4) as u32;
    let bound = record(
        0x85,
        &[
            &offset.to_le_bytes(),
            &[0, 0],
            &[name.len() as u8, 1],
            &short(&name),
        ],
    );
    let stream = [head, bound, eof(), bof(0x0600, 0x10), sheet.concat(), eof()].concat();
    around("Workbook", &stream)
}

fn open(bytes: &[u8]) -> Workbook {
    read(bytes, &Limits::default()).unwrap()
}

fn display(workbook: &Workbook, cell: &str) -> String {
    workbook.sheets[0].value(cell.parse().unwrap()).display()
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

fn label_sst(row: u16, column: u16, position: u32) -> Bytes {
    record(0xFD, &[&short(&[row, column, 0]), &position.to_le_bytes()])
}

fn number(row: u16, column: u16, style: u16, value: f64) -> Bytes {
    record(
        0x203,
        &[&short(&[row, column, style]), &value.to_le_bytes()],
    )
}

fn xf(format: u16) -> Bytes {
    record(0xE0, &[&short(&[0, format]), &[0; 16]])
}

fn format(id: u16, code: &str) -> Bytes {
    record(0x41E, &[&short(&[id]), &wide(code)])
}

fn sst(count: u32, parts: &[&[u8]]) -> Bytes {
    let mut bytes = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
        let head: &[u8] = if position == 0 { &counts } else { &[] };
        bytes.extend(record(
            if position == 0 { 0xFC } else { 0x3C },
            &[head, part],
        ));
    }
    bytes
}

#[test]
fn a_shared_string_goes_on_in_the_next_record_in_another_width() {
    let parts: [&[u8]; 5] = [
        // 9 units: "Lead", in one byte each, then 线索 in two, then "A-1", again in one.
        &[&[9, 0, 0][..], b"Lead"].concat(),
        &[&[1][..], &short(&"线索".encode_utf16().collect::<Vec<_>>())].concat(),
        // The record ends with the string: the next string begins the next record, without flags before it.
        &[&[0][..], b"A-1"].concat(),
        // Rich text with one run and a phonetic guide of 6 bytes, cut between the two.
        &[
            &[2, 0, 0x0C, 1, 0, 6, 0, 0, 0][..],
            b"ok",
            &[0, 0, 5, 0],
            &[9, 9],
        ]
        .concat(),
        &[&[9, 9, 9, 9][..], &wide("客户")].concat(),
    ];
    let workbook = open(&biff8(
        &[sst(3, &parts)],
        &[label_sst(0, 0, 0), label_sst(0, 1, 1), label_sst(0, 2, 2)],
    ));
    assert_eq!(
        ["A1", "B1", "C1"].map(|cell| display(&workbook, cell)),
        ["Lead线索A-1", "ok", "客户"]
    );
    assert_eq!(workbook.sheets[0].name, "线索跟进");
    assert_eq!(notices(&workbook), []);
}

#[test]
fn a_surrogate_pair_may_be_split_between_records() {
    let pair: Vec<u16> = "😀".encode_utf16().collect();
    let parts: [&[u8]; 2] = [
        &[&[2, 0, 1][..], &short(&pair[..1])].concat(),
        &[&[1][..], &short(&pair[1..])].concat(),
    ];
    let workbook = open(&biff8(&[sst(1, &parts)], &[label_sst(0, 0, 0)]));
    assert_eq!(display(&workbook, "A1"), "😀");
}

#[test]
fn the_code_page_says_nothing_about_text_in_utf_16() {
    for code_page in [936_u16, 950, 1252, 54936, 65001, 1200, 0, 12345] {
        let globals = [
            record(0x42, &[&code_page.to_le_bytes()]),
            sst(1, &[&wide("客户名称")]),
        ];
        let label = record(0x204, &[&short(&[1, 0, 0]), &wide("王小明")]);
        let workbook = open(&biff8(&globals, &[label_sst(0, 0, 0), label]));
        assert_eq!(workbook.sheets[0].name, "线索跟进", "{code_page}");
        assert_eq!(
            [display(&workbook, "A1"), display(&workbook, "A2")],
            ["客户名称", "王小明"],
            "{code_page}"
        );
        assert_eq!(notices(&workbook), [], "{code_page}");
    }
}

#[test]
fn numbers_are_what_their_format_shows() {
    let globals = [
        format(176, "yyyy\"年\"m\"月\"d\"日\""),
        format(177, "[h]:mm"),
        xf(0),
        xf(176),
        xf(31),
        xf(10),
        xf(177),
        xf(20),
        xf(57),
    ];
    let sheet: Vec<_> = [
        (0, 45_432.0),
        (1, 45_432.0),
        (2, 45_432.395_833_333_336),
        (3, 0.075),
        (4, 1.104_166_666_666_67),
        (5, 0.5),
        (6, 45_432.0),
    ]
    .iter()
    .map(|&(style, value)| number(0, style, style, value))
    .collect();
    let workbook = open(&biff8(&globals, &sheet));
    let shown = ["A1", "B1", "C1", "D1", "E1", "F1", "G1"].map(|cell| display(&workbook, cell));
    assert_eq!(
        shown,
        [
            "45432",
            "2024-05-20",
            "2024-05-20T09:30:00",
            "7.5%",
            "PT26H30M",
            "12:00:00",
            "2024-05-20"
        ]
    );
    assert!(matches!(
        workbook.sheets[0].value(CellRef::new(0, 1)),
        Value::Date {
            format: "yyyy\"年\"m\"月\"d\"日\"",
            ..
        }
    ));
    assert!(matches!(
        workbook.sheets[0].value(CellRef::new(0, 0)),
        Value::Number { format: "", .. }
    ));
}

#[test]
fn dates_may_count_from_1904_and_may_be_out_of_range() {
    let globals = [record(0x22, &[&[1, 0]]), xf(14)];
    let workbook = open(&biff8(
        &globals,
        &[number(0, 0, 0, 43_970.0), number(1, 0, 0, -1.0)],
    ));
    assert_eq!(
        [display(&workbook, "A1"), display(&workbook, "A2")],
        ["2024-05-20", "-1"]
    );
    assert_eq!(
        notices(&workbook),
        [(Some("A2".into()), NoticeKind::DateOutOfRange(-1.0))]
    );
}

#[test]
fn packed_numbers_are_unpacked() {
    // The four kinds of RK: floating point, whole, and either in hundredths (values of the specification's kind).
    let rk: [(u32, f64); 5] = [
        (0x3FF0_0000, 1.0),
        (0x3FF0_0001, 0.01),
        (1_234_567 << 2 | 2, 1_234_567.0),
        (1_234_567 << 2 | 3, 12_345.67),
        (0xFFFF_FFFE, -1.0),
    ];
    let mut body = short(&[4, 1]);
    for (bits, _) in rk {
        body.extend([&[0, 0][..], &bits.to_le_bytes()].concat());
    }
    body.extend(short(&[5]));
    let workbook = open(&biff8(&[], &[record(0xBD, &[&body])]));
    for (column, (_, value)) in (1..).zip(rk) {
        assert_eq!(
            workbook.sheets[0].value(CellRef::new(4, column)),
            Value::Number { value, format: "" }
        );
    }
}

fn formula(row: u16, column: u16, flags: u16, result: [u8; 8]) -> Bytes {
    record(
        0x06,
        &[
            &short(&[row, column, 0]),
            &result,
            &short(&[flags]),
            &[0; 6],
        ],
    )
}

#[test]
fn formulas_give_the_result_that_is_stored() {
    let special = |kind, value| [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
    let long: String = "线索".repeat(6000);
    let units: Vec<u16> = long.encode_utf16().collect();
    let sheet = [
        formula(0, 0, 0, 20.5_f64.to_le_bytes()),
        formula(0, 1, 0, special(1, 1)),
        formula(0, 2, 0, special(2, 0x2A)),
        formula(0, 3, 0, special(3, 0)),
        // Between formula and text: a shared formula.
        formula(0, 4, 0, special(0, 0)),
        record(0x4BC, &[&[0; 20]]),
        record(0x207, &[&wide("成交客户")]),
        // A text longer than a record, which says its width again.
        formula(0, 5, 0, special(0, 0)),
        record(0x207, &[&short(&[12_000]), &[1], &short(&units[..4110])]),
        record(0x3C, &[&[1], &short(&units[4110..8221])]),
        record(0x3C, &[&[1], &short(&units[8221..])]),
        // A text that never comes.
        formula(1, 0, 0, special(0, 0)),
        number(1, 1, 0, 1.0),
    ];
    let workbook = open(&biff8(&[], &sheet));
    let shown = ["A1", "B1", "C1", "D1", "E1"].map(|cell| display(&workbook, cell));
    assert_eq!(shown, ["20.5", "TRUE", "#N/A", "", "成交客户"]);
    assert_eq!(display(&workbook, "F1"), long);
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(0, 2)),
        Value::Error("#N/A")
    );
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(0, 3)),
        Value::Text("")
    );
    assert_eq!(workbook.sheets[0].value(CellRef::new(1, 0)), Value::Empty);
    assert_eq!(workbook.sheets[0].formulas.len(), 7);
    assert_eq!(workbook.sheets[0].uncalculated, [CellRef::new(1, 0)]);
    assert_eq!(
        notices(&workbook),
        [(Some("A2".into()), NoticeKind::NotCalculated)]
    );
}

#[test]
fn zeros_of_a_writer_that_cannot_calculate_are_no_results() {
    let zero = 0.0_f64.to_le_bytes();
    let workbook = open(&biff8(
        &[],
        &[formula(0, 0, 3, zero), formula(1, 0, 3, zero)],
    ));
    assert_eq!(workbook.sheets[0].grid.filled(), 0);
    assert_eq!(workbook.sheets[0].uncalculated.len(), 2);
    // One result anywhere, and the zero beside it is one too.
    let workbook = open(&biff8(
        &[],
        &[
            formula(0, 0, 3, zero),
            formula(1, 0, 3, 1.0_f64.to_le_bytes()),
        ],
    ));
    assert_eq!(display(&workbook, "A1"), "0");
    assert_eq!(workbook.sheets[0].uncalculated, []);
}

#[test]
fn a_zero_where_only_text_can_be_is_no_result() {
    // ="成交"&"客户" as LibreOffice 7.4 saves it after opening an xlsx: the result 0, and no text.
    let text = |text: &str| {
        [
            &[0x17, 2, 1][..],
            &short(&text.encode_utf16().collect::<Vec<_>>()),
        ]
        .concat()
    };
    let tokens = [text("成交"), text("客户"), vec![0x08]].concat();
    let body = [
        &short(&[0, 0, 0])[..],
        &[0; 14],
        &short(&[tokens.len() as u16]),
        &tokens,
    ]
    .concat();
    let workbook = open(&biff8(&[], &[record(0x06, &[&body])]));
    assert_eq!(workbook.sheets[0].value(CellRef::new(0, 0)), Value::Empty);
    assert_eq!(workbook.sheets[0].uncalculated, [CellRef::new(0, 0)]);
}

#[test]
fn layout_is_read() {
    let sheet = [
        record(0x7D, &[&short(&[0, 2, 2560, 0, 0, 0])]),
        record(0x7D, &[&short(&[3, 256, 1024, 0, 1, 0])]),
        record(0x208, &[&short(&[4, 0, 3, 300, 0, 0]), &[0x20, 1, 0, 0]]),
        record(0x208, &[&short(&[5, 0, 3, 300, 0, 0]), &[0x20, 1, 0, 0]]),
        record(0x208, &[&short(&[6, 0, 3, 300, 0, 0]), &[0x00, 1, 0, 0]]),
        record(0xE5, &[&short(&[2, 0, 1, 0, 3, 5, 4, 0, 0])]),
    ];
    let workbook = open(&biff8(&[], &sheet));
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.column_widths, [(0, 2, 10.0), (3, 255, 4.0)]);
    assert_eq!(sheet.hidden_columns, [(3, 255)]);
    assert_eq!(sheet.hidden_rows, [(4, 5)]);
    assert_eq!(
        sheet
            .merges
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["A1:D2"]
    );
    assert_eq!(
        notices(&workbook),
        [(None, NoticeKind::BadMerge("R6C1:R5C1".into()))]
    );
}

#[test]
fn one_bad_record_costs_one_cell() {
    let sheet = [
        number(0, 0, 0, 1.0),
        record(0x203, &[&[0, 0, 1]]),
        record(0x203, &[&short(&[0, 1, 0]), &[1, 2]]),
        number(0, 2, 0, f64::NAN),
        label_sst(0, 3, 7),
        record(0x205, &[&short(&[0, 4, 0]), &[2, 0]]),
        record(0x205, &[&short(&[0, 5, 0]), &[99, 1]]),
        number(0, 6, 9, 2.0),
        number(0, 7, 0, 3.0),
    ];
    let workbook = open(&biff8(&[xf(0)], &sheet));
    assert_eq!(
        ["A1", "E1", "G1", "H1"].map(|cell| display(&workbook, cell)),
        ["1", "2", "2", "3"]
    );
    let kinds: Vec<_> = notices(&workbook)
        .into_iter()
        .filter_map(|(cell, _)| cell)
        .collect();
    assert_eq!(kinds, ["B1", "C1", "D1", "E1", "F1", "G1"]);
    assert_eq!(workbook.notices.len(), 7);
}

#[test]
fn embedded_charts_are_passed_over() {
    let chart = [bof(0x0600, 0x20), number(0, 0, 0, 99.0), eof()].concat();
    let workbook = open(&biff8(
        &[],
        &[number(0, 0, 0, 1.0), chart, number(1, 0, 0, 2.0)],
    ));
    assert_eq!(
        [display(&workbook, "A1"), display(&workbook, "A2")],
        ["1", "2"]
    );
}

#[test]
fn a_file_that_breaks_off_gives_what_came_before() {
    // A bare stream, so that what is cut off is the end of the sheet.
    let whole = [
        bof(0x0600, 0x10),
        number(0, 0, 0, 1.0),
        number(1, 0, 0, 2.0),
        eof(),
    ]
    .concat();
    assert_eq!(notices(&open(&whole)), []);
    let workbook = open(&whole[..whole.len() - 8]);
    assert_eq!(
        [display(&workbook, "A1"), display(&workbook, "A2")],
        ["1", ""]
    );
    assert_eq!(workbook.notices.last().unwrap().kind, NoticeKind::Truncated);
}

#[test]
fn an_encrypted_workbook_is_said_to_be_one() {
    let encrypted = biff8(&[record(0x2F, &[&[1, 0, 1, 0]])], &[]);
    assert!(matches!(
        read(&encrypted, &Limits::default()),
        Err(ReadError::Encrypted)
    ));
    let package = around("EncryptedPackage", &[0; 100]);
    assert!(matches!(
        read(&package, &Limits::default()),
        Err(ReadError::Encrypted)
    ));
    let letter = around("WordDocument", &[0; 100]);
    assert!(matches!(
        read(&letter, &Limits::default()),
        Err(ReadError::NotAWorkbook(Foreign::WordDocument))
    ));
}

#[test]
fn cells_may_come_from_the_bottom_up() {
    let sheet: Vec<_> = (0..5000_u16)
        .rev()
        .map(|row| number(row, 0, 0, f64::from(row)))
        .collect();
    let workbook = open(&biff8(&[], &sheet));
    let rows: Vec<_> = workbook.sheets[0]
        .grid
        .column(0)
        .map(|(row, _)| row)
        .collect();
    assert_eq!(rows, (0..5000).collect::<Vec<_>>());
    assert_eq!(display(&workbook, "A4321"), "4320");
}

#[test]
fn limits_are_kept() {
    let bytes = biff8(
        &[sst(2, &[&[wide("甲"), wide("乙")].concat()])],
        &[label_sst(0, 0, 0), label_sst(0, 1, 1)],
    );
    let refused = |limits: &Limits| match read(&bytes, limits) {
        Err(ReadError::Limit { limit, .. }) => Some(limit),
        _ => None,
    };
    assert_eq!(
        refused(&Limits {
            cells: 2,
            strings: 2,
            ..Limits::default()
        }),
        None
    );
    assert_eq!(
        refused(&Limits {
            cells: 1,
            ..Limits::default()
        }),
        Some("cells")
    );
    assert_eq!(
        refused(&Limits {
            strings: 1,
            ..Limits::default()
        }),
        Some("strings")
    );
}

#[test]
fn two_sheets_cannot_stand_in_one_place() {
    let name = [1, 0, b'S'];
    let head = bof(0x0600, 5);
    let offset = (head.len() + 2 * (4 + 6 + name.len()) + 4) as u32;
    let bound = |visibility| record(0x85, &[&offset.to_le_bytes(), &[visibility, 0], &name]);
    let bytes = [
        head,
        bound(1),
        bound(0),
        eof(),
        bof(0x0600, 0x10),
        number(0, 0, 0, 1.0),
        eof(),
    ]
    .concat();
    let workbook = open(&bytes);
    assert_eq!(workbook.sheets.len(), 1);
    assert_eq!(workbook.sheets[0].visibility, Visibility::Hidden);
    assert!(matches!(
        workbook.notices[0].kind,
        NoticeKind::SheetLost(..)
    ));
}

mod before_biff8 {
    use super::*;

    fn encoded(text: &str) -> Bytes {
        encoding_rs::GB18030.encode(text).0.into_owned()
    }

    fn label(row: u16, column: u16, text: &[u8]) -> Bytes {
        record(
            0x204,
            &[
                &short(&[row, column, 0]),
                &short(&[text.len() as u16]),
                text,
            ],
        )
    }

    const ROWS: [&str; 4] = ["客户名称", "跟进日期", "王小明", "电话沟通，客户有意向"];

    fn labels(encode: impl Fn(&str) -> Bytes) -> Vec<Bytes> {
        (0..)
            .zip(ROWS)
            .map(|(row, text)| label(row, 0, &encode(text)))
            .collect()
    }

    fn column(workbook: &Workbook) -> Vec<String> {
        (0..ROWS.len() as u32)
            .map(|row| workbook.sheets[0].value(CellRef::new(row, 0)).display())
            .collect()
    }

    #[test]
    fn text_is_in_the_code_page_that_is_named() {
        let code_page = |number: u16| record(0x42, &[&number.to_le_bytes()]);
        let workbook = open(&around(
            "Book",
            &stream(
                0x0500,
                &[code_page(936)],
                &encoded("线索"),
                &labels(encoded),
            ),
        ));
        assert_eq!(workbook.sheets[0].name, "线索");
        assert_eq!(column(&workbook), ROWS);
        assert_eq!(notices(&workbook), []);
        let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
        let workbook = open(&stream(
            0x0500,
            &[code_page(950)],
            b"S",
            &[label(0, 0, &big5("線索編號"))],
        ));
        assert_eq!(display(&workbook, "A1"), "線索編號");
        let workbook = open(&stream(
            0x0500,
            &[code_page(437)],
            b"S",
            &[label(0, 0, b"Caf\x82")],
        ));
        assert_eq!(display(&workbook, "A1"), "Café");
    }

    #[test]
    fn a_code_page_that_nobody_names_is_found_out() {
        let workbook = open(&stream(0x0500, &[], &encoded("线索"), &labels(encoded)));
        assert_eq!(column(&workbook), ROWS);
        assert_eq!(
            notices(&workbook),
            [(None, NoticeKind::EncodingGuessed("gb18030"))]
        );
        let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
        let workbook = open(&stream(
            0x0500,
            &[],
            b"S",
            &[label(
                0,
                0,
                &big5("線索編號、客戶名稱、跟進日期、聯絡人與電話"),
            )],
        ));
        assert_eq!(
            display(&workbook, "A1"),
            "線索編號、客戶名稱、跟進日期、聯絡人與電話"
        );
        let workbook = open(&stream(
            0x0500,
            &[],
            b"S",
            &[label(0, 0, b"Gr\xF6\xDFe und K\xFCche")],
        ));
        assert_eq!(display(&workbook, "A1"), "Größe und Küche");
        assert_eq!(
            notices(&open(&stream(0x0500, &[], b"S", &[label(0, 0, b"plain")]))),
            []
        );
    }

    #[test]
    fn chinese_under_the_name_of_1252_is_seen_through() {
        let western = record(0x42, &[&1252_u16.to_le_bytes()]);
        let workbook = open(&stream(
            0x0500,
            std::slice::from_ref(&western),
            b"S",
            &labels(encoded),
        ));
        assert_eq!(column(&workbook), ROWS);
        assert_eq!(
            notices(&workbook),
            [(None, NoticeKind::EncodingGuessed("gb18030"))]
        );
        let words = "Größe, Öl, Straße, Füße, Gefäß, Mäuse, Süßigkeit, Übergröße";
        let bytes = encoding_rs::WINDOWS_1252.encode(words).0.into_owned();
        let workbook = open(&stream(0x0500, &[western], b"S", &[label(0, 0, &bytes)]));
        assert_eq!(display(&workbook, "A1"), words);
    }

    #[test]
    fn a_stream_as_web_pages_write_it_is_a_workbook() {
        // The function xlsBOF() that Chinese PHP scripts have copied for twenty years, and its labels.
        let head = [&short(&[0x809, 0x8, 0x0, 0x10, 0x0, 0x0])[..]].concat();
        let bytes = [
            head,
            labels(encoded).concat(),
            number(4, 0, 0, 5.0),
            short(&[0x0A, 0x00]),
        ]
        .concat();
        let workbook = open(&bytes);
        assert_eq!(column(&workbook), ROWS);
        assert_eq!(display(&workbook, "A5"), "5");
        assert_eq!(workbook.sheets[0].name, "Sheet1");
    }

    #[test]
    fn excel_2_keeps_its_formats_in_the_cells() {
        let cell =
            |row, format, rest: &[u8]| [&short(&[row, 0])[..], &[0, format, 0], rest].concat();
        let bytes = [
            record(0x09, &[&short(&[2, 0x10])]),
            record(0x1E, &[b"\x07General"]),
            record(0x1E, &[b"\x0Ayyyy-mm-dd"]),
            record(0x02, &[&cell(0, 1, &short(&[45_432]))]),
            record(0x03, &[&cell(1, 0, &2.5_f64.to_le_bytes())]),
            record(0x04, &[&cell(2, 0, b"\x02ok")]),
            record(0x05, &[&cell(3, 0, &[0x07, 1])]),
            record(0x06, &[&cell(4, 0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0])]),
            record(0x07, &[b"\x03sum"]),
            eof(),
        ]
        .concat();
        let workbook = open(&bytes);
        let shown = ["A1", "A2", "A3", "A4", "A5"].map(|cell| display(&workbook, cell));
        assert_eq!(shown, ["2024-05-20", "2.5", "ok", "#DIV/0!", "sum"]);
    }
}
