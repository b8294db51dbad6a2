use std::time::{Duration, Instant};

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, WINDOWS_1252};
use leadsheet_core::{CellRef, Value};
use proptest::prelude::*;

use crate::{
    Foreign, Limits, NoticeKind, OpenOptions, ReadError, Workbook, workbook_from_bytes,
    workbook_from_path,
};

fn read(bytes: &[u8]) -> Result<Workbook, ReadError> {
    workbook_from_bytes(bytes, &OpenOptions::default())
}

/// Reads the bytes as a file of this name.
fn read_named(name: &str, bytes: &[u8]) -> Result<Workbook, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    workbook_from_path(&path, &OpenOptions::default())
}

/// The cells of the first sheet as people see them, one row a line.
fn shown(workbook: &Workbook) -> Vec<Vec<String>> {
    let sheet = &workbook.sheets[0];
    (0..sheet.grid.height())
        .map(|row| {
            (0..sheet.grid.width())
                .map(|column| sheet.value(CellRef::new(row, column)).display())
                .collect()
        })
        .collect()
}

fn kinds(workbook: &Workbook) -> Vec<&NoticeKind> {
    workbook.notices.iter().map(|notice| &notice.kind).collect()
}

const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const GIVEN: [&str; 10] = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋"];
const PLACES: [&str; 10] = [
    "北京", "上海", "广州", "深圳", "杭州", "成都", "武汉", "西安", "苏州", "天津",
];
const TRADES: [&str; 10] = [
    "科技",
    "贸易",
    "机械",
    "食品",
    "物流",
    "建材",
    "电子",
    "医疗器械",
    "教育",
    "纺织",
];
const SOURCES: [&str; 5] = [
    "行业展会",
    "官网咨询",
    "老客户转介绍",
    "电话营销",
    "线上广告",
];
const TALKS: [&str; 8] = [
    "客户对报价有异议，需要重新核算成本",
    "已发送产品资料，等待客户反馈",
    "现场演示效果良好，客户提出增加售后服务条款",
    "电话未接通，下周再联系",
    "客户预算有限，考虑分期付款",
    "已签订意向协议，等待财务审批",
    "客户希望先试用一个月",
    "竞争对手报价更低，需要申请折扣",
];

/// A ledger of so many rows under its headings, a different one for every `variant`.
fn ledger(rows: usize, variant: usize) -> Vec<Vec<String>> {
    let mut table = vec![
        [
            "线索编号",
            "客户名称",
            "线索来源",
            "联系人",
            "联系方式",
            "预算",
            "跟进日期",
            "沟通内容摘要",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for row in 0..rows {
        let n = row * 7 + variant * 13;
        table.push(vec![
            format!("XS202405{:02}{:03}", row % 28 + 1, row),
            format!(
                "{}{}有限公司",
                PLACES[n % 10],
                TRADES[(n / 3 + variant) % 10]
            ),
            SOURCES[(n / 2) % 5].to_owned(),
            format!("{}{}", SURNAMES[(n / 5) % 10], GIVEN[(n + row) % 10]),
            format!("138{:08}", row * 7919 % 100_000_000),
            format!("{}.5", row + 1),
            format!("2024-05-{:02}", row % 28 + 1),
            TALKS[(n / 4) % 8].to_owned(),
        ]);
    }
    table
}

/// The same in Traditional characters, as far as these texts need it.
fn traditional(table: &[Vec<String>]) -> Vec<Vec<String>> {
    const PAIRS: &str = "线線编編号號户戶称稱来來联聯系系预預进進沟溝内內张張刘劉陈陳杨楊赵趙黄黃吴吳伟偉静靜丽麗强強广廣苏蘇汉漢贸貿机機械械电電医醫疗療纺紡织織业業会會网網询詢老老转轉介介绍紹话話营營销銷告告对對报報价價异異议議需需核核发發产產资資料料馈饋现現场場后後务務条條款款导導通通虑慮签簽协協审審试試个個竞競争爭请請扣扣财財订訂";
    let pairs: Vec<char> = PAIRS.chars().collect();
    let fold = |character: char| {
        pairs
            .chunks_exact(2)
            .find(|pair| pair[0] == character)
            .map_or(character, |pair| pair[1])
    };
    table
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| cell.chars().map(fold).collect())
                .collect()
        })
        .collect()
}

/// A Western one.
fn western(rows: usize, variant: usize) -> Vec<Vec<String>> {
    const NAMES: [&str; 8] = [
        "Müller",
        "Françoise",
        "José",
        "Søren",
        "Åsa",
        "Dvorak",
        "Nuñez",
        "Björn",
    ];
    const NOTES: [&str; 5] = [
        "déjà contacté, attend un devis à 5 000 €",
        "möchte für das nächste Jahr größere Mengen",
        "no contesta – llamará mañana",
        "Ønsker å få tilbud på 20 stk",
        "“très intéressé” par l’offre",
    ];
    let mut table = vec![
        ["No", "Société", "Téléphone", "Straße", "Remarque"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for row in 0..rows {
        table.push(vec![
            (row + 1).to_string(),
            format!("{} & Söhne", NAMES[(row + variant) % 8]),
            format!("+33 1 {:08}", row * 7919 % 100_000_000),
            format!("Königstraße {row}"),
            NOTES[(row + variant) % 5].to_owned(),
        ]);
    }
    table
}

fn text(table: &[Vec<String>], delimiter: char) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter as u8)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in table {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{} cannot hold {text}", encoding.name());
    bytes.into_owned()
}

type Encode = fn(&str) -> Vec<u8>;

const ENCODINGS: [(&str, Encode); 10] = [
    ("GB18030", |text| encoded(text, GB18030)),
    ("GBK", |text| encoded(text, GBK)),
    ("Big5", |text| encoded(text, BIG5)),
    ("UTF-8", |text| encoded(text, UTF_8)),
    ("UTF-8 with mark", |text| {
        [b"\xEF\xBB\xBF".to_vec(), encoded(text, UTF_8)].concat()
    }),
    ("UTF-16LE with mark", |text| {
        [b"\xFF\xFE".to_vec(), wide(text, u16::to_le_bytes)].concat()
    }),
    ("UTF-16BE with mark", |text| {
        [b"\xFE\xFF".to_vec(), wide(text, u16::to_be_bytes)].concat()
    }),
    ("UTF-16LE", |text| wide(text, u16::to_le_bytes)),
    ("UTF-16BE", |text| wide(text, u16::to_be_bytes)),
    ("cp1252", |text| encoded(text, WINDOWS_1252)),
];

#[test]
fn every_encoding_is_read_right_from_fifty_rows_on_and_below_right_or_called_a_guess() {
    let (mut files, mut small_wrong) = (0, Vec::new());
    for (name, encode) in ENCODINGS {
        for rows in [1, 2, 3, 5, 50, 300] {
            for delimiter in [',', '\t', ';', '|'] {
                for variant in 0..3 {
                    let mut table = match name {
                        "Big5" => traditional(&ledger(rows, variant)),
                        "cp1252" => western(rows, variant),
                        _ => ledger(rows, variant),
                    };
                    if name == "GB18030" {
                        // Four bytes each, and beyond the BMP.
                        table[1][1].push_str("㐀𠮷");
                    }
                    let bytes = encode(&text(&table, delimiter));
                    let workbook = read_named("a.csv", &bytes).unwrap();
                    files += 1;
                    if shown(&workbook) == table {
                        continue;
                    }
                    let place = format!("{name}, {rows} rows, {delimiter:?}, variant {variant}");
                    assert!(rows < 50, "{place}: {:?}", shown(&workbook)[1]);
                    let is_guess =
                        |kind: &&NoticeKind| matches!(kind, NoticeKind::EncodingGuessed(_));
                    assert!(kinds(&workbook).iter().any(is_guess), "{place}");
                    small_wrong.push(place);
                }
            }
        }
    }
    assert_eq!(files, 720);
    assert!(
        small_wrong.is_empty(),
        "{} of 480 small ones are wrong: {small_wrong:#?}",
        small_wrong.len()
    );
}

#[test]
fn a_single_chinese_line_is_guessed_right_or_at_least_called_a_guess() {
    let (mut lines, mut wrong, mut simplified_wrong) = (0, 0, 0);
    for variant in 0..40 {
        for row in ledger(3, variant).into_iter().skip(1) {
            let traditional = traditional(std::slice::from_ref(&row)).remove(0);
            for (cells, encoding) in [(&row, GBK), (&traditional, BIG5), (&traditional, GBK)] {
                // The name of a person is all that is not ASCII.
                let line = format!("a,b\r\n1,{}\r\n", cells[3]);
                let workbook = read_named("a.csv", &encoded(&line, encoding)).unwrap();
                let NoticeKind::EncodingGuessed(_) = workbook.notices[0].kind else {
                    panic!("{line}")
                };
                lines += 1;
                wrong += usize::from(shown(&workbook)[1][1] != cells[3]);
                simplified_wrong += usize::from(
                    shown(&workbook)[1][1] != cells[3] && encoding == GBK && cells == &row,
                );
            }
        }
    }
    // Two Traditional characters fit either code; nobody can do better without a dictionary of names.
    assert_eq!((lines, simplified_wrong), (360, 0));
    assert!(wrong <= 30, "{wrong}");
}

#[test]
fn one_bad_byte_costs_one_cell_and_not_the_encoding() {
    let table = ledger(50, 0);
    let mut bytes = encoded(&text(&table, ','), UTF_8);
    let at = bytes
        .windows(6)
        .position(|six| six == "科技".as_bytes())
        .unwrap();
    bytes[at] = 0xFF;
    let workbook = read(&bytes).unwrap();
    let wrong: Vec<_> = shown(&workbook)
        .into_iter()
        .flatten()
        .zip(table.into_iter().flatten())
        .filter(|(is, was)| is != was)
        .map(|(is, _)| is)
        .collect();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        kinds(&workbook).contains(&&NoticeKind::BadEncoding(wrong[0].clone())),
        "{:?}",
        workbook.notices
    );
}

#[test]
fn texts_stay_texts_and_only_certain_numbers_become_numbers() {
    let workbook = read("编号,电话,身份证,预算,日期,比例\r\n00123,13800000001,110101199001011234,12.5,2024-05-20,50%\r\n".as_bytes()).unwrap();
    let value = |column| workbook.sheets[0].value(CellRef::new(1, column));
    assert_eq!(value(0), Value::Text("00123"));
    assert_eq!(value(1), Value::Text("13800000001"));
    assert_eq!(value(2), Value::Text("110101199001011234"));
    assert_eq!(
        value(3),
        Value::Number {
            value: 12.5,
            format: ""
        }
    );
    assert_eq!(value(4), Value::Text("2024-05-20"));
    assert_eq!(value(5), Value::Text("50%"));
    assert!(workbook.notices.is_empty());
}

#[test]
fn guards_against_spreadsheet_programs_are_taken_off() {
    let workbook =
        read(b"a,b\n'=1+1,\"=\"\"00123\"\"\"\n''quoted,=\"5\"\n'plain,'+86 138\n'-2+cmd,=1+1\n")
            .unwrap();
    assert_eq!(
        shown(&workbook)[1..],
        [
            ["=1+1", "00123"],
            ["'quoted", "5"],
            ["'plain", "'+86 138"],
            ["-2+cmd", "=1+1"]
        ]
    );
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(2, 1)),
        Value::Text("5")
    );
}

#[test]
fn a_table_that_we_wrote_reads_back_as_it_was() {
    let mut builder = leadsheet_core::LedgerBuilder::new("表", "lead-ledger");
    builder
        .column("客户名称", None)
        .column("预算,万", None)
        .column("备注", None);
    let rows = [
        ["甲\"乙\"\n丙", "0.1", "=1+1"],
        ["'x", "00123", "\t=1"],
        ["''=x", "", "@SUM(A1)"],
        ["+86 13800000001", "-5", "'=1"],
        ["a\r\nb", " x ", "=\"5\""],
    ];
    for row in rows {
        builder.row(&row.map(Value::Text)).unwrap();
    }
    let ledger = builder.build();
    let (bytes, _) = crate::to_csv(&crate::OutputTable::of_ledger(&ledger)).unwrap();
    let workbook = read(&bytes).unwrap();
    assert_eq!(
        shown(&workbook)[1..],
        rows.map(|row| row.map(str::to_owned).to_vec())
    );
    assert!(workbook.notices.is_empty(), "{:?}", workbook.notices);
}

#[test]
fn rows_are_those_that_people_see() {
    let workbook = read(b"a,b\r\n\r\n\r\n\"c\r\nd\",e\r\n,f\r\n").unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.value(CellRef::new(3, 0)), Value::Text("c\r\nd"));
    assert_eq!(sheet.value(CellRef::new(4, 1)), Value::Text("f"));
    assert_eq!(sheet.grid.filled(), 5);
}

#[test]
fn a_quote_that_nobody_closes_costs_no_row() {
    for last in ["坏", "\"坏\"", "\"a,b\"\"\""] {
        let text = format!("客户,备注\n甲,\"5寸屏\n乙,好\n丙,{last}\n");
        let workbook = read(text.as_bytes()).unwrap();
        let last = last
            .trim_start_matches('"')
            .replace("坏\"", "坏")
            .replace("b\"\"\"", "b\"");
        assert_eq!(
            shown(&workbook),
            [
                ["客户", "备注"],
                ["甲", "\"5寸屏"],
                ["乙", "好"],
                ["丙", &last]
            ]
        );
        assert_eq!(workbook.notices.len(), 1);
        assert_eq!(workbook.notices[0].kind, NoticeKind::UnclosedQuote);
        assert_eq!(workbook.notices[0].cell, Some(CellRef::new(1, 1)));
    }
}

#[test]
fn prose_is_no_workbook_unless_its_name_says_so() {
    for bytes in [
        "今天天气很好，我们去爬山。".as_bytes(),
        b"Hello, world.\nHow are you, today?\n",
        b"x",
    ] {
        let refused = read(bytes);
        assert!(
            matches!(refused, Err(ReadError::NotAWorkbook(Foreign::PlainText))),
            "{refused:?}"
        );
        let refused = read_named("a.xlsx", bytes);
        assert!(
            matches!(refused, Err(ReadError::NotAWorkbook(Foreign::PlainText))),
            "{refused:?}"
        );
        assert!(read_named("a.txt", bytes).is_ok());
    }
    let refused = read_named("a.csv", b"a,b\n\0\0\0\0\x01\x02");
    assert!(
        matches!(refused, Err(ReadError::NotAWorkbook(Foreign::Unknown))),
        "{refused:?}"
    );
    let refused = read_named("a.csv", b"");
    assert!(matches!(refused, Err(ReadError::Empty)), "{refused:?}");
}

#[test]
fn the_sheet_is_called_like_the_file_and_a_false_extension_is_named() {
    let workbook = read_named("五月线索[华东].csv", b"a,b\n1,2\n").unwrap();
    assert_eq!(workbook.sheets[0].name, "五月线索_华东_");
    assert!(workbook.notices.is_empty());
    let workbook = read_named("线索.xls", "客户\t电话\n甲\t1\n".as_bytes()).unwrap();
    assert_eq!(workbook.sheets[0].name, "线索");
    assert_eq!(
        kinds(&workbook),
        [&NoticeKind::WrongExtension("xls".to_owned(), "csv")]
    );
    assert_eq!(read(b"a,b\n1,2\n").unwrap().sheets[0].name, "Sheet1");
}

fn within<T>(longest: Duration, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < longest, "{:?}", start.elapsed());
    result
}

#[test]
fn hostile_texts_end_in_a_notice_or_a_limit() {
    const MANY: usize = 1 << 17;
    let longest = Duration::from_secs(20);
    // More columns than a sheet has.
    let workbook = within(longest, || {
        read_named("a.csv", &b"x,".repeat(4 * MANY)).unwrap()
    });
    assert_eq!(workbook.sheets[0].grid.width(), 16_384);
    let beyond = NoticeKind::BeyondSheet {
        cells: 4 * MANY as u64 - 16_384,
        row: 1,
    };
    assert_eq!(kinds(&workbook), [&beyond]);
    // More rows.
    let text = [
        b"a,b\n".to_vec(),
        b"\n".repeat(1_048_574),
        b"x,y\nx,y\n".to_vec(),
    ]
    .concat();
    let workbook = within(longest, || read_named("a.csv", &text).unwrap());
    assert_eq!(workbook.sheets[0].grid.height(), 1_048_576);
    let beyond = NoticeKind::BeyondSheet {
        cells: 2,
        row: 1_048_577,
    };
    assert_eq!(kinds(&workbook), [&beyond]);
    // One line without an end.
    let refused = within(longest, || read_named("a.csv", &b"x".repeat(300 * MANY)));
    assert!(
        matches!(
            refused,
            Err(ReadError::Limit {
                limit: "cell_bytes",
                ..
            })
        ),
        "{refused:?}"
    );
    // A quote without an end before more text than a cell can be.
    let text = [
        b"a,b\n\"c,d\n".to_vec(),
        b"x,y\n".repeat(MANY),
        b"\"\"\"\",\"\"\n".repeat(MANY),
    ]
    .concat();
    let options = OpenOptions {
        limits: Limits {
            cell_bytes: MANY as u64,
            ..Limits::default()
        },
        ..OpenOptions::default()
    };
    let workbook = within(longest, || workbook_from_bytes(&text, &options).unwrap());
    assert_eq!(workbook.notices[0].kind, NoticeKind::UnclosedQuote);
    assert_eq!(
        workbook.sheets[0].value(CellRef::new(2, 1)),
        Value::Text("y")
    );
    // Nothing but quotes.
    for text in [
        b"\"".repeat(8 * MANY + 1),
        b"\"\n".repeat(2 * MANY + 1),
        b"\",".repeat(2 * MANY + 1),
    ] {
        let _ = within(longest, || read_named("a.csv", &text));
    }
}

#[test]
fn limits_are_kept() {
    let refused = |limits: Limits, text: &[u8], name: &str| {
        let options = OpenOptions {
            limits,
            ..OpenOptions::default()
        };
        match workbook_from_bytes(text, &options) {
            Err(ReadError::Limit { limit, .. }) => assert_eq!(limit, name),
            other => panic!("{other:?}"),
        }
    };
    let most = Limits::default();
    refused(
        Limits {
            unpacked_bytes: 7,
            ..most
        },
        b"a,b\n1,2\n",
        "unpacked_bytes",
    );
    refused(Limits { cells: 3, ..most }, b"a,b\n1,2\n", "cells");
    refused(Limits { strings: 1, ..most }, b"a,b\n1,2\n", "strings");
    refused(
        Limits {
            cell_bytes: 10,
            ..most
        },
        b"a,b\n1,01234567890\n",
        "cell_bytes",
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_named("a.csv", &bytes);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a中,;|\t\"'=\r\n<>/td]{0,200}", encoding in 0..ENCODINGS.len() - 1) {
        let bytes = match ENCODINGS[encoding] {
            ("Big5", _) => text.into_bytes(),
            (_, encode) => encode(&text),
        };
        let _ = read(&bytes);
        let _ = read_named("a.tsv", &bytes);
    }

    #[test]
    fn utf_8_cut_into_chunks_anywhere_is_utf_8(text in "[a中é😀]{0,40}", cuts in prop::collection::vec(0..100_usize, 0..6)) {
        let bytes = text.as_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let pieces = std::iter::once(0).chain(cuts.iter().copied()).zip(cuts.iter().copied().chain([bytes.len()]));
        prop_assert!(crate::read::encoding::is_utf8(pieces.map(|(from, to)| &bytes[from..to])));
    }
}
