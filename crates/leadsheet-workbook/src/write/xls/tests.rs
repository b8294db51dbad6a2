//! What only this format has to keep: records that go on in others, and its own limits.

use std::collections::BTreeMap;

use leadsheet_core::{CellRange, CellRef};

use crate::error::WriteError;
use crate::sheet::{Sheet, Visibility};
use crate::write::WorkbookKind;
use crate::write::draft::LONGEST_TEXT;
use crate::write::round_trip::{self, Owned, column_of, composed, read, sheet};
use crate::{OpenOptions, workbook_from_bytes};

fn written(sheets: &[Sheet]) -> Result<Vec<u8>, WriteError> {
    composed(sheets, WorkbookKind::Xls)
}

fn assert_comes_back(cells: &BTreeMap<(u32, u32), Owned>) {
    round_trip::assert_comes_back(cells, WorkbookKind::Xls);
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
