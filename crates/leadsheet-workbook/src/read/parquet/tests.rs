//! Parquet files of other programs, and files that lie.

use std::path::PathBuf;
use std::sync::Arc;

use leadsheet_core::{CellRef, Field, LEFT_OUT, Need, Needs, Value};
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::error::ReadError;
use crate::read::{Needed, OpenOptions, workbook_from_bytes, workbook_from_path};
use crate::sheet::Workbook;
use crate::template::Templates;

/// What `fixtures/make/parquet_files.py` puts into each of them.
const ROWS: [[&str; 11]; 4] = [
    [
        "ZH-20250301-001",
        "苏禾软件有限公司",
        "行业展会",
        "13800000001",
        "2025-03-01",
        "2025-03-01T09:30:00",
        "意向客户",
        "",
        "1",
        "0.45",
        "TRUE",
    ],
    [
        "ZH-20250301-001",
        "苏禾软件有限公司",
        "行业展会",
        "13800000001",
        "2025-03-20",
        "2025-03-20",
        "成交客户",
        "1234.5",
        "2",
        "",
        "FALSE",
    ],
    [
        "XS-20250310-002",
        "青屿贸易😀",
        "线上推广",
        "00123",
        "2025-03-10",
        "",
        "潜在客户",
        "-0.05",
        // One more than the numbers of a spreadsheet can tell apart: kept as text.
        "9007199254740993",
        "1",
        "",
    ],
    [
        "",
        "山海商行",
        "线上推广",
        "",
        "1899-12-31",
        "2025-03-11T23:59:59.500",
        "流失客户",
        "9999999999999999.99",
        "-7",
        "1e300",
        "TRUE",
    ],
];

fn fixture(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("../../fixtures").join(name)
}

fn open(name: &str) -> Result<Workbook, ReadError> {
    workbook_from_path(&fixture(name), &OpenOptions::default())
}

fn shown(workbook: &Workbook, row: u32, column: u32) -> String {
    workbook.sheets[0]
        .value(CellRef::new(row, column))
        .display()
}

#[test]
fn files_of_pandas_polars_and_duckdb_are_read_alike() {
    for name in [
        "parquet_pandas_snappy.parquet",
        "parquet_polars_zstd.parquet",
        "parquet_duckdb_gzip.parquet",
    ] {
        let workbook = open(name).unwrap();
        assert_eq!(workbook.notices, [], "{name}");
        assert_eq!(shown(&workbook, 0, 0), "线索编号");
        for (row, expected) in (1..).zip(ROWS) {
            for (column, expected) in (0..).zip(expected) {
                assert_eq!(
                    shown(&workbook, row, column),
                    expected,
                    "{name} {row} {column}"
                );
            }
        }
        let value = |row, column| workbook.sheets[0].value(CellRef::new(row, column));
        assert!(matches!(value(1, 4), Value::Date { .. }), "{name}");
        assert!(
            matches!(value(2, 7), Value::Number { format: "0.00", .. }),
            "{name}"
        );
        assert!(matches!(value(3, 3), Value::Text("00123")), "{name}");
        assert!(matches!(value(4, 7), Value::Text(_)), "{name}");
        assert_eq!(workbook.sheets[0].name, name.trim_end_matches(".parquet"));
    }
}

#[test]
fn records_are_columns_lists_are_named_and_instants_are_told_by_china_s_clock() {
    let workbook = open("parquet_odd_types.parquet").unwrap();
    let heading: Vec<_> = (0..8).map(|column| shown(&workbook, 0, column)).collect();
    let expected = [
        "客户名称",
        "跟进日期",
        "UTC",
        "地区.省",
        "地区.市",
        "小",
        "大",
        "时刻",
    ];
    assert_eq!(heading, expected);
    let first: Vec<_> = (1..8).map(|column| shown(&workbook, 1, column)).collect();
    // 20:00 UTC is four in the morning of the next day in China.
    let expected = [
        "2025-03-01T09:30:00",
        "2025-03-02T04:00:00",
        "江苏",
        "苏州",
        "0.1",
        "18446744073709551615",
        "09:30:00",
    ];
    assert_eq!(first, expected);
    let notices: Vec<_> = workbook
        .notices
        .iter()
        .map(|it| it.kind.to_string())
        .collect();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains("标签"), "{notices:?}");
    let old = open("parquet_int96.parquet").unwrap();
    assert_eq!(shown(&old, 1, 1), "2025-03-01T09:30:00");
    assert_eq!(shown(&old, 4, 1), "2025-03-11T23:59:59.500");
}

#[test]
fn a_packing_that_is_not_read_is_named() {
    let error = open("parquet_lz4.parquet").unwrap_err();
    assert!(
        matches!(error, ReadError::Unsupported("parquet-lz4")),
        "{error}"
    );
}

#[test]
fn a_file_that_breaks_off_or_is_locked_says_so() {
    let whole = std::fs::read(fixture("parquet_pandas_snappy.parquet")).unwrap();
    let error = |bytes: &[u8]| workbook_from_bytes(bytes, &OpenOptions::default()).unwrap_err();
    assert!(matches!(
        error(&whole[..whole.len() - 1]),
        ReadError::Damaged { .. }
    ));
    assert!(matches!(error(b"PAR1"), ReadError::NotAWorkbook(_)));
    let mut locked = whole;
    let tail = locked.len() - 4;
    locked[tail..].copy_from_slice(b"PARE");
    assert!(matches!(error(&locked), ReadError::Encrypted));
}

/// A file of texts, as many programs write it: so many rows a group, an empty text is no value.
fn file_of(columns: &[(&str, Vec<String>)], rows_of_group: usize) -> Vec<u8> {
    let leaf = |name: &str| {
        let leaf = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::String));
        Arc::new(leaf.build().unwrap())
    };
    let leaves = columns.iter().map(|(name, _)| leaf(name)).collect();
    let schema = Type::group_type_builder("schema").with_fields(leaves);
    // Dictionaries are given up after a few values, as those of great files are.
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_page_size_limit(2_000)
        .set_data_page_row_count_limit(100)
        .set_write_batch_size(50);
    let schema = Arc::new(schema.build().unwrap());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let rows = columns[0].1.len();
    for first in (0..rows).step_by(rows_of_group) {
        let mut group = writer.next_row_group().unwrap();
        for (_, cells) in columns {
            let cells = &cells[first..rows.min(first + rows_of_group)];
            let levels: Vec<i16> = cells
                .iter()
                .map(|cell| i16::from(!cell.is_empty()))
                .collect();
            let filled = cells.iter().filter(|cell| !cell.is_empty());
            let values: Vec<ByteArray> = filled.map(|cell| cell.as_str().into()).collect();
            let mut column = group.next_column().unwrap().unwrap();
            let typed = column.typed::<ByteArrayType>();
            typed.write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// A ledger of 996 rows, and four that are no data: a total, a repeated heading, an empty row, and one that is as good as
/// empty.
fn ledger_file(are_numbered: bool, has_others: bool) -> Vec<u8> {
    let names = [
        "线索编号",
        "客户名称",
        "联系方式",
        "线索来源",
        "跟进日期",
        "沟通内容摘要",
        "客户反馈",
        "负责人",
        "当前状态",
    ];
    let cell = |row: usize, column: usize| match (row, column) {
        (300, 0) => "合计".to_owned(),
        (300, 6) => "1,000".to_owned(),
        (500, _) => names[column].to_owned(),
        (800, 1 | 6) => "　".to_owned(),
        (300 | 700 | 800, _) => String::new(),
        (_, 0) if !are_numbered && row.is_multiple_of(7) => String::new(),
        (_, 0) => format!("ZH-20250301-{:03}", row / 3),
        (_, 1) => format!("北辰{}机电", row / 3),
        (_, 2) => format!("138{:08}", row / 3),
        (_, 3) => ["行业展会", "线上推广", ""][row % 3].to_owned(),
        (_, 4) => format!("2025-03-{:02}", row % 28 + 1),
        (_, 5) if row.is_multiple_of(5) => format!("3.{} 已电话\n3.9 发报价", row % 8 + 1),
        (_, 5) => format!("谈了第{row}次价格"),
        (_, 6) if row.is_multiple_of(4) => String::new(),
        (_, 6) => format!("再看看{row}"),
        (_, 7) => ["何苗", "吴桐"][row % 2].to_owned(),
        _ => ["潜在客户", "意向客户", "成交客户"][row % 3].to_owned(),
    };
    let is_there = |row: &usize| has_others || ![300, 500, 700, 800].contains(row);
    let column = |(column, name)| {
        let rows = (0..1_000).filter(is_there);
        (name, rows.map(|row| cell(row, column)).collect())
    };
    let columns: Vec<_> = names.into_iter().enumerate().map(column).collect();
    file_of(&columns, 400)
}

#[test]
fn a_table_that_is_read_as_far_as_it_is_needed_has_the_same_rows_and_needed_values() {
    let templates = Templates::builtin();
    let mut needs = Needs::default();
    needs.add(Field::LeadId, Need::Values);
    needs.add(Field::FollowUpDate, Need::Values);
    needs.add(Field::Summary, Need::Lists);
    needs.add(Field::Customer, Need::Unnumbered);
    needs.add(Field::Phone, Need::Unnumbered);
    // Nothing of the first 128 filled cells is left out, and of the summaries every fifth is a list: counted by hand.
    let talks = [("沟通内容摘要", 698), ("客户反馈", 622), ("负责人", 868)];
    let names = [("客户名称", 868), ("联系方式", 868)];
    for (are_numbered, has_others, expected) in [
        (true, false, [&names[..], &talks].concat()),
        (false, false, talks.to_vec()),
        // Where no column is full a row may begin in any, and all are read.
        (false, true, Vec::new()),
    ] {
        let bytes = ledger_file(are_numbered, has_others);
        let ledger = |needed| {
            let options = OpenOptions {
                needed,
                ..OpenOptions::default()
            };
            let workbook = workbook_from_bytes(&bytes, &options).unwrap();
            assert_eq!(workbook.notices, []);
            let mut book = workbook.into_book("a.parquet", &templates);
            book.sheets.remove(0).ledger.unwrap()
        };
        let whole = ledger(None);
        let part = ledger(Some(Needed {
            templates: &templates,
            needs: &needs,
        }));
        assert_eq!(part.sheet_rows(), whole.sheet_rows());
        assert_eq!(part.skipped, whole.skipped);
        assert_eq!(whole.skipped.len(), if has_others { 4 } else { 0 });
        let mut left_out = Vec::new();
        for (one, other) in part.columns().iter().zip(whole.columns()) {
            assert_eq!(one.field, other.field);
            let mut count = 0;
            for row in 0..whole.len() {
                let (one, other) = (part.value(row, one), whole.value(row, other));
                if one == Value::Text(LEFT_OUT) {
                    assert!(!other.is_blank());
                    count += 1;
                } else {
                    assert_eq!(one, other);
                }
            }
            left_out.push((one.header.as_str(), count));
        }
        left_out.retain(|&(_, count)| count > 0);
        assert_eq!(left_out, expected);
    }
}

/// Bytes changed at random: an answer each time, soon.
#[test]
fn a_damaged_file_is_an_error_or_a_workbook() {
    let count = std::env::var("LEADSHEET_MUTANTS").ok();
    let count: u64 = count.and_then(|count| count.parse().ok()).unwrap_or(300);
    let seeds: Vec<Vec<u8>> = [
        "parquet_pandas_snappy.parquet",
        "parquet_polars_zstd.parquet",
        "parquet_duckdb_gzip.parquet",
        "parquet_odd_types.parquet",
        "parquet_int96.parquet",
    ]
    .map(|name| std::fs::read(fixture(name)).unwrap())
    .into();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut opened = 0;
    for turn in 0..count {
        let mut bytes = seeds[turn as usize % seeds.len()].clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][random(5)],
                1 => bytes[at] ^= 1 << random(8),
                2 => {
                    let end = (at + 1 + random(16)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    let end = (at + 1 + random(16)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
            if bytes.len() < 16 {
                break;
            }
        }
        let began = std::time::Instant::now();
        opened += u64::from(workbook_from_bytes(&bytes, &OpenOptions::default()).is_ok());
        assert!(began.elapsed().as_secs() < 10, "mutant {turn}");
    }
    assert!(opened > 0 && opened < count, "{opened} of {count} opened");
}
