//! What is written is read back as it was. What other programs make of it is looked at with their own readers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use leadsheet_core::{CellRange, CellRef, Value, Values};
use proptest::prelude::*;

use super::{LONGEST_TEXT, compose};
use crate::error::WriteError;
use crate::sheet::{Sheet, Visibility};
use crate::{OpenOptions, Workbook, workbook_from_bytes};

/// A value that owns what it holds.
#[derive(Clone, Debug, PartialEq)]
enum Owned {
    Text(String),
    Number(f64, &'static str),
    Date(i64, &'static str),
    Time(i64),
    Bool(bool),
    Error(&'static str),
}

impl Owned {
    fn as_value(&self) -> Value<'_> {
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

fn sheet(name: &str, cells: &BTreeMap<(u32, u32), Owned>) -> Sheet {
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

fn written(sheets: &[Sheet]) -> Result<Vec<u8>, WriteError> {
    let sheets: Vec<_> = sheets.iter().map(|sheet| (sheet, None)).collect();
    compose(&sheets)
}

fn read(bytes: &[u8]) -> Workbook {
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

fn assert_comes_back(cells: &BTreeMap<(u32, u32), Owned>) {
    let bytes = written(&[sheet("线索跟进", cells)]).unwrap();
    let workbook = read(&bytes);
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.name, "线索跟进");
    assert_eq!(sheet.grid.filled(), cells.len());
    for (&(row, column), value) in cells {
        let (expected, found) = (value.as_value(), sheet.value(CellRef::new(row, column)));
        assert!(
            is_same(expected, found),
            "{row}, {column}: {expected:?}, {found:?}"
        );
    }
}

fn column_of(values: Vec<Owned>) -> BTreeMap<(u32, u32), Owned> {
    (0..)
        .zip(values)
        .map(|(row, value)| ((row, 0), value))
        .collect()
}

#[test]
fn what_is_hard_to_keep_comes_back() {
    let text = |text: &str| Owned::Text(text.to_owned());
    assert_comes_back(&column_of(vec![
        text("00123"),
        text("_x0041_"),
        text("客户😀跟进"),
        text("  blanks  "),
        text("two\nlines\r\n\tthree"),
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
        Owned::Number(13_800_138_000.0, "0"),
        Owned::Number(536_870_911.0, ""),
        Owned::Number(536_870_912.0, ""),
        Owned::Number(-536_870_912.0, ""),
        Owned::Number(-536_870_913.0, ""),
        Owned::Number(1_234_567.89, "#,##0.00"),
        Owned::Number(1_234_567.89, "\"¥\"#,##0.00;[Red]-\"¥\"#,##0.00"),
        // The last days of either end, and those beside the 29 February that never was.
        Owned::Date(0, "yyyy-mm-dd"),
        Owned::Date(58 * 86_400_000, "yyyy-mm-dd"),
        Owned::Date(59 * 86_400_000, "yyyy-mm-dd"),
        Owned::Date(
            45_000 * 86_400_000 + 37_800_000,
            "yyyy\"年\"m\"月\"d\"日\" hh:mm",
        ),
        Owned::Date(2_958_463 * 86_400_000, "m/d/yy"),
        Owned::Time(93_784_005),
        Owned::Time(-1_000),
        Owned::Bool(true),
        Owned::Bool(false),
        Owned::Error("#N/A"),
        Owned::Error("#DIV/0!"),
        Owned::Error("#NULL!"),
        Owned::Error("#REF!"),
        Owned::Error("#NAME?"),
        Owned::Error("#NUM!"),
        Owned::Error("#VALUE!"),
    ]));
}

#[test]
fn day_60_stays_a_number_under_a_date_format() {
    let cells = column_of(vec![Owned::Number(60.0, "yyyy-mm-dd")]);
    let bytes = written(&[sheet("一", &cells)]).unwrap();
    let workbook = workbook_from_bytes(&bytes, &OpenOptions::default()).unwrap();
    let value = workbook.sheets[0].value(CellRef::new(0, 0));
    assert_eq!(value, cells[&(0, 0)].as_value());
}

#[test]
fn the_longest_text_goes_through_and_a_longer_one_is_refused_with_its_cell() {
    for character in ["a", "é", "线"] {
        let longest = Owned::Text(character.repeat(LONGEST_TEXT));
        assert_comes_back(&column_of(vec![
            longest.clone(),
            Owned::Bool(true),
            longest,
        ]));
    }
    // A character of two units counts as two, and does not fit where only one is left.
    let emoji = Owned::Text(format!("线{}", "😀".repeat(LONGEST_TEXT / 2)));
    assert_comes_back(&column_of(vec![emoji]));
    let cells = column_of(vec![
        Owned::Bool(true),
        Owned::Text("😀".repeat(LONGEST_TEXT / 2 + 1)),
    ]);
    match written(&[sheet("线索", &cells)]) {
        Err(WriteError::TextTooLong {
            sheet,
            cell,
            length,
            maximum,
        }) => {
            assert_eq!((sheet.as_str(), cell.to_string().as_str()), ("线索", "A2"));
            assert_eq!((length, maximum), (32_768, 32_767));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_are_cut_anywhere_between_two_records() {
    // 8,224 bytes go into a record: whatever the first text leaves, the second begins, goes on or is cut there.
    for left in 0..24 {
        let first = Owned::Text("a".repeat(8_224 - 8 - 3 - left));
        let texts =
            ["线索😀😀😀线索跟进", "follow-up", "😀"].map(|text| Owned::Text(text.to_owned()));
        assert_comes_back(&column_of([vec![first], texts.to_vec()].concat()));
    }
}

#[test]
fn a_sheet_beyond_the_format_is_refused() {
    let last = BTreeMap::from([((65_535, 255), Owned::Bool(true))]);
    assert_comes_back(&last);
    for cell in [(65_536, 0), (0, 256)] {
        let cells = BTreeMap::from([(cell, Owned::Bool(true))]);
        assert!(
            matches!(
                written(&[sheet("一", &cells)]),
                Err(WriteError::SheetTooLarge {
                    most_rows: 65_536,
                    most_columns: 256,
                    ..
                })
            ),
            "{cell:?}"
        );
    }
}

#[test]
fn names_that_excel_refuses_are_refused() {
    let name = |name: &str| written(&[sheet(name, &BTreeMap::new())]);
    assert!(name(&"线".repeat(31)).is_ok());
    for bad in [&*"线".repeat(32), "", "a/b", "'a", "[a]"] {
        assert!(
            matches!(name(bad), Err(WriteError::BadSheetName(_))),
            "{bad}"
        );
    }
    let twice = ["Sheet", "sheet"].map(|name| sheet(name, &BTreeMap::new()));
    assert!(matches!(written(&twice), Err(WriteError::BadSheetName(_))));
}

#[test]
fn merges_widths_and_what_is_hidden_come_back() {
    let range = |range: &str| {
        let (first, last) = range.split_once(':').unwrap();
        CellRange {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    };
    let cells = BTreeMap::from([
        ((0, 0), Owned::Text("标题".to_owned())),
        ((9, 2), Owned::Number(7.0, "")),
    ]);
    let mut one = sheet("一", &cells);
    one.merges = vec![
        range("A1:C1"),
        range("B3:B40"),
        range("A1:A2"),
        range("E5:IV65536"),
    ];
    one.column_widths = vec![(0, 0, 12.5), (1, 3, 30.0), (5, 5, 0.0)];
    one.hidden_columns = vec![(2, 3)];
    one.hidden_rows = vec![(4, 6), (40, 40)];
    let mut two = sheet("二", &cells);
    two.visibility = Visibility::Hidden;
    let mut three = sheet("三", &cells);
    three.visibility = Visibility::VeryHidden;
    let workbook = read(&written(&[one, two, three]).unwrap());
    let [one, two, three] = &workbook.sheets[..] else {
        panic!("{}", workbook.sheets.len())
    };
    // The third overlaps the first, which no program opens.
    assert_eq!(
        one.merges,
        [range("A1:C1"), range("B3:B40"), range("E5:IV65536")]
    );
    let width = |column: u32| {
        let widths = one.column_widths.iter();
        widths
            .rev()
            .find(|(first, last, _)| (*first..=*last).contains(&column))
            .map(|width| width.2)
    };
    let widths: Vec<_> = (0..6).map(width).collect();
    assert_eq!(
        widths,
        [
            Some(12.5),
            Some(30.0),
            Some(30.0),
            Some(30.0),
            None,
            Some(0.0)
        ]
    );
    assert_eq!(one.hidden_columns, [(2, 3)]);
    assert_eq!(one.hidden_rows, [(4, 6), (40, 40)]);
    assert_eq!(
        (two.visibility, three.visibility),
        (Visibility::Hidden, Visibility::VeryHidden)
    );
}

#[test]
fn the_only_sheets_are_shown_though_they_were_hidden() {
    let mut hidden = sheet("一", &BTreeMap::new());
    hidden.visibility = Visibility::Hidden;
    let workbook = read(&written(&[hidden]).unwrap());
    assert_eq!(workbook.sheets[0].visibility, Visibility::Visible);
    assert_eq!(read(&written(&[]).unwrap()).sheets.len(), 1);
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    let cells = column_of(vec![
        Owned::Text("线索".to_owned()),
        Owned::Number(1.5, "0.0"),
    ]);
    let write = || written(&[sheet("一", &cells)]).unwrap();
    let first = write();
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(first, write());
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[线索跟进客户意向😀é0-9]{0,30}",
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
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_cells_come_back(
        cells in proptest::collection::btree_map((0..300_u32, 0..40_u32), any_value(), 0..80)
    ) {
        assert_comes_back(&cells);
    }
}
