//! Parquet files of other programs, and files that lie.

use std::path::PathBuf;

use leadsheet_core::{CellRef, Value};

use crate::error::ReadError;
use crate::read::{OpenOptions, workbook_from_bytes, workbook_from_path};
use crate::sheet::Workbook;

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
