//! What is written is read back as it was, in every format of a workbook. What other programs make of it is looked at
//! with their own readers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use leadsheet_core::{CellRef, Value, Values};
use proptest::prelude::*;

use super::draft::LONGEST_TEXT;
use super::{WorkbookKind, as_it_stands, written};
use crate::error::WriteError;
use crate::sheet::{Sheet, Visibility};
use crate::{OpenOptions, Workbook, workbook_from_bytes};

pub(super) const KINDS: [WorkbookKind; 3] =
    [WorkbookKind::Xlsx, WorkbookKind::Xls, WorkbookKind::Ods];

/// A value that owns what it holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Owned {
    Text(String),
    Number(f64, &'static str),
    Date(i64, &'static str),
    Time(i64),
    Bool(bool),
    Error(&'static str),
}

impl Owned {
    pub(super) fn as_value(&self) -> Value<'_> {
        match self {
            Owned::Text(text) => Value::Text(text),
            &Owned::Number(value, format) => Value::Number { value, format },
            &Owned::Date(milliseconds, format) => Value::Date {
                value: NaiveDate::from_ymd_opt(1900, 1, 1)
                    .unwrap()
                    .and_hms_opt(0, 0, 0)
                    .unwrap()
                    + TimeDelta::milliseconds(milliseconds),
                format,
            },
            &Owned::Time(milliseconds) => Value::Time {
                value: TimeDelta::milliseconds(milliseconds),
                format: "[h]:mm:ss",
            },
            &Owned::Bool(value) => Value::Bool(value),
            Owned::Error(error) => Value::Error(error),
        }
    }
}

pub(super) fn sheet(name: &str, cells: &BTreeMap<(u32, u32), Owned>) -> Sheet {
    let mut sheet = Sheet {
        name: name.to_owned(),
        values: Values::new(Arc::default()),
        ..Sheet::default()
    };
    for (&(row, column), value) in cells {
        let id = sheet.values.add(value.as_value()).unwrap();
        sheet.grid.set(CellRef::new(row, column), id);
    }
    sheet
}

pub(super) fn composed(sheets: &[Sheet], kind: WorkbookKind) -> Result<Vec<u8>, WriteError> {
    let sheets: Vec<_> = sheets.iter().map(|sheet| (sheet, None)).collect();
    written(&as_it_stands::drafts(&sheets), kind, "")
}

pub(super) fn read(bytes: &[u8]) -> Workbook {
    let workbook = workbook_from_bytes(bytes, &OpenOptions::default()).unwrap();
    assert_eq!(workbook.notices, []);
    workbook
}

/// Equal to the last bit: −0 is not 0.
fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    match (one, other) {
        (
            Value::Number {
                value: one,
                format: format_of_one,
            },
            Value::Number {
                value: other,
                format: format_of_other,
            },
        ) => one.to_bits() == other.to_bits() && format_of_one == format_of_other,
        _ => one == other,
    }
}

pub(super) fn assert_comes_back(cells: &BTreeMap<(u32, u32), Owned>, kind: WorkbookKind) {
    let bytes = composed(&[sheet("线索跟进", cells)], kind).unwrap();
    let workbook = read(&bytes);
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.name, "线索跟进");
    // An `.xlsx` of ours has no text without a character; nobody sees the difference.
    let is_kept =
        |value: &Owned| kind != WorkbookKind::Xlsx || *value != Owned::Text(String::new());
    let kept = cells.values().filter(|value| is_kept(value)).count();
    assert_eq!(sheet.grid.filled(), kept, "{kind:?}");
    for (&(row, column), value) in cells.iter().filter(|(_, value)| is_kept(value)) {
        let (expected, found) = (value.as_value(), sheet.value(CellRef::new(row, column)));
        assert!(
            is_same(expected, found),
            "{kind:?} {row}, {column}: {expected:?}, {found:?}"
        );
    }
}

pub(super) fn column_of(values: Vec<Owned>) -> BTreeMap<(u32, u32), Owned> {
    (0..)
        .zip(values)
        .map(|(row, value)| ((row, 0), value))
        .collect()
}

#[test]
fn what_is_hard_to_keep_comes_back() {
    let text = |text: &str| Owned::Text(text.to_owned());
    let cells = column_of(vec![
        text("00123"),
        text("_x0041_"),
        text("客户😀跟进"),
        text("  blanks  "),
        text("a  b c"),
        text(" "),
        text("two\nlines\r\n\tthree"),
        text("\n"),
        text("<a href=\"x\">&amp;</a>]]>"),
        text("=1+1"),
        text("é÷ÿ"),
        text("ÿĀ"),
        text("12345678901234567890"),
        text(""),
        Owned::Number(-0.0, ""),
        Owned::Number(0.0, ""),
        Owned::Number(1e308, ""),
        Owned::Number(-1e308, "0.00E+00"),
        Owned::Number(5e-324, ""),
        Owned::Number(0.1 + 0.2, "0%"),
        Owned::Number(0.45, "0.00%"),
        Owned::Number(13_800_138_000.0, "0"),
        Owned::Number(536_870_911.0, ""),
        Owned::Number(536_870_912.0, ""),
        Owned::Number(-536_870_912.0, ""),
        Owned::Number(-536_870_913.0, ""),
        Owned::Number(1_234_567.89, "#,##0.00"),
        Owned::Number(1_234_567.89, "#,##0"),
        Owned::Number(1.5, "#,##0.00\"元\""),
        Owned::Number(1.5, "0.##"),
        Owned::Number(0.5, "# ?/?"),
        Owned::Number(1_234_567.89, "\"¥\"#,##0.00;[Red]-\"¥\"#,##0.00"),
        // The last days of either end, and those beside the 29 February that never was.
        Owned::Date(0, "yyyy-mm-dd"),
        Owned::Date(58 * 86_400_000, "yyyy-mm-dd"),
        Owned::Date(59 * 86_400_000, "yyyy-mm-dd"),
        Owned::Date(
            45_000 * 86_400_000 + 37_800_000,
            "yyyy\"年\"m\"月\"d\"日\" hh:mm",
        ),
        Owned::Date(45_000 * 86_400_000 + 37_800_500, "yyyy/m/d h:mm:ss"),
        Owned::Date(2_958_463 * 86_400_000, "m/d/yy"),
        Owned::Date(45_000 * 86_400_000, "d-mmm-yy"),
        Owned::Date(45_000 * 86_400_000, "mmmm d"),
        Owned::Time(93_784_005),
        Owned::Time(-1_000),
        Owned::Bool(true),
        Owned::Bool(false),
        Owned::Error("#N/A"),
        Owned::Error("#DIV/0!"),
        Owned::Error("#NAME?"),
        Owned::Error("#NULL!"),
        Owned::Error("#NUM!"),
        Owned::Error("#REF!"),
        Owned::Error("#VALUE!"),
    ]);
    for kind in KINDS {
        assert_comes_back(&cells, kind);
    }
}

#[test]
fn the_longest_text_comes_back_and_a_longer_one_is_refused() {
    for kind in KINDS {
        for unit in ["a", "线", "a线"] {
            let text = unit.repeat(LONGEST_TEXT / unit.chars().count());
            assert_comes_back(&column_of(vec![Owned::Text(text)]), kind);
        }
        let long = column_of(vec![Owned::Text("😀".repeat(LONGEST_TEXT / 2 + 1))]);
        let refused = composed(&[sheet("一", &long)], kind);
        assert!(
            matches!(refused, Err(WriteError::TextTooLong { length: 32_768, .. })),
            "{kind:?}"
        );
    }
}

#[test]
fn a_nul_is_refused_with_its_cell() {
    for kind in KINDS {
        let cells = BTreeMap::from([((4, 2), Owned::Text("a\0b".to_owned()))]);
        match composed(&[sheet("一", &cells)], kind) {
            Err(WriteError::Nul { sheet, cell }) => {
                assert_eq!((&*sheet, cell), ("一", CellRef::new(4, 2)));
            }
            other => panic!("{kind:?}: {:?}", other.map(|bytes| bytes.len())),
        }
    }
}

#[test]
fn merges_widths_and_what_is_hidden_come_back_in_every_format() {
    let range = |range: &str| {
        let (first, last) = range.split_once(':').unwrap();
        leadsheet_core::CellRange {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    };
    let cells = BTreeMap::from([
        ((0, 0), Owned::Text("标题".to_owned())),
        ((9, 2), Owned::Number(7.0, "")),
        ((9, 3), Owned::Text("右".to_owned())),
    ]);
    for kind in KINDS {
        let mut one = sheet("一", &cells);
        one.merges = vec![range("A1:C1"), range("B3:B40"), range("E5:F9")];
        one.column_widths = vec![(0, 0, 12.5), (1, 3, 30.0)];
        one.hidden_columns = vec![(2, 3)];
        one.hidden_rows = vec![(4, 6), (12, 12)];
        let mut two = sheet("二 it's", &cells);
        two.visibility = Visibility::Hidden;
        let workbook = read(&composed(&[one, two], kind).unwrap());
        let [one, two] = &workbook.sheets[..] else {
            panic!("{}", workbook.sheets.len())
        };
        assert_eq!(
            one.merges,
            [range("A1:C1"), range("B3:B40"), range("E5:F9")],
            "{kind:?}"
        );
        for (column, wanted) in [(0, 12.5), (1, 30.0), (2, 30.0), (3, 30.0)] {
            let mut widths = one.column_widths.iter().rev();
            let width = widths.find(|(first, last, _)| (*first..=*last).contains(&column));
            let width = width.map_or(0.0, |width| width.2);
            // A width is rounded to whole pixels where the format is drawn on a screen.
            assert!((width - wanted).abs() < 0.15, "{kind:?} {column}: {width}");
        }
        assert_eq!(one.hidden_columns, [(2, 3)], "{kind:?}");
        assert_eq!(one.hidden_rows, [(4, 6), (12, 12)], "{kind:?}");
        assert_eq!(two.name, "二 it's");
        assert_eq!(two.visibility, Visibility::Hidden, "{kind:?}");
        assert_eq!(two.value(CellRef::new(9, 3)), Value::Text("右"), "{kind:?}");
    }
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    let cells = column_of(vec![
        Owned::Text("线索".to_owned()),
        Owned::Number(1.5, "0.0"),
    ]);
    for kind in KINDS {
        let write = || composed(&[sheet("一", &cells)], kind).unwrap();
        let first = write();
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(first, write(), "{kind:?}");
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[线索跟进客户意向😀é0-9 \t\n\r_x]{0,30}",
        "[0-9]{1,20}",
        ("[a线😀]", 2_000_usize..9_000).prop_map(|(unit, times)| unit.repeat(times)),
    ]
}

fn any_value() -> impl Strategy<Value = Owned> {
    let formats = prop_oneof![
        Just(""),
        Just("0.00"),
        Just("0%"),
        Just("#,##0.00"),
        Just("0.000\"元\"")
    ];
    let date_formats = prop_oneof![Just("yyyy-mm-dd"), Just("m/d/yy"), Just("yyyy/m/d h:mm:ss")];
    prop_oneof![
        4 => any_text().prop_map(Owned::Text),
        2 => (any::<f64>().prop_filter("finite", |number| number.is_finite()), formats.clone())
            .prop_map(|(number, format)| Owned::Number(number, format)),
        1 => (any::<i32>(), formats)
            .prop_map(|(number, format)| Owned::Number(f64::from(number) / 100.0, format)),
        2 => (0..2_958_463_i64, date_formats.clone()).prop_map(|(day, format)| Owned::Date(day * 86_400_000, format)),
        1 => (59..2_958_463_i64, 0..86_400_i64, date_formats)
            .prop_map(|(day, second, format)| Owned::Date(day * 86_400_000 + second * 1_000, format)),
        1 => (-1_000_000..1_000_000_i64).prop_map(|second| Owned::Time(second * 1_000)),
        1 => any::<bool>().prop_map(Owned::Bool),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_cells_come_back(
        cells in proptest::collection::btree_map((0..300_u32, 0..40_u32), any_value(), 0..80),
        kind in prop_oneof![Just(WorkbookKind::Xlsx), Just(WorkbookKind::Xls), Just(WorkbookKind::Ods)],
    ) {
        assert_comes_back(&cells, kind);
    }
}
