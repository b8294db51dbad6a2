//! read(write(x)) = x for tables of every kind of value.

use chrono::{NaiveDate, TimeDelta};
use leadsheet_core::{Field, LedgerBuilder, Policy, Value};
use proptest::prelude::*;

use super::{ParquetNames, ParquetOptions, to_parquet};
use crate::read::{OpenOptions, workbook_from_bytes};
use crate::write::OutputTable;

#[derive(Clone, Debug)]
enum Cell {
    Empty,
    Text(String),
    Number(f64, &'static str),
    Date(i64, &'static str),
    Time(i64),
    Bool(bool),
    Error,
}

impl Cell {
    fn value(&self) -> Value<'_> {
        let epoch = NaiveDate::default().and_hms_opt(0, 0, 0).unwrap();
        match self {
            Cell::Empty => Value::Empty,
            Cell::Text(text) => Value::Text(text),
            Cell::Number(value, format) => Value::Number {
                value: *value,
                format,
            },
            Cell::Date(seconds, format) => Value::Date {
                value: epoch + TimeDelta::seconds(*seconds),
                format,
            },
            Cell::Time(milliseconds) => Value::Time {
                value: TimeDelta::milliseconds(*milliseconds),
                format: "[h]:mm",
            },
            Cell::Bool(value) => Value::Bool(*value),
            Cell::Error => Value::Error("#N/A"),
        }
    }
}

fn cells() -> impl Strategy<Value = Cell> {
    let formats = || prop::sample::select(vec!["", "0%", "#,##0.00", "yyyy-mm-dd"]);
    prop_oneof![
        Just(Cell::Empty),
        "[ \\t0-9a-zA-Z一-龥😀=+'\"-]{1,12}".prop_map(Cell::Text),
        prop::sample::select(vec![
            "2025-03-01",
            "3月5日",
            "1,234.50",
            "20万",
            "45%",
            "A级"
        ])
        .prop_map(|text| Cell::Text(text.to_owned())),
        (any::<i32>(), formats())
            .prop_map(|(number, format)| Cell::Number(f64::from(number) / 100.0, format)),
        (prop::num::f64::NORMAL, formats())
            .prop_map(|(number, format)| Cell::Number(number, format)),
        (-9_000..60_000_i64, formats()).prop_map(|(day, format)| Cell::Date(day * 86_400, format)),
        (-700_000_000..4_000_000_000_i64, formats())
            .prop_map(|(at, format)| Cell::Date(at, format)),
        (-100_000_000..100_000_000_i64).prop_map(Cell::Time),
        any::<bool>().prop_map(Cell::Bool),
        Just(Cell::Error),
    ]
}

const COLUMNS: [(&str, Option<Field>); 6] = [
    ("客户名称", Some(Field::Customer)),
    ("跟进日期", Some(Field::FollowUpDate)),
    ("订单金额", Some(Field::OrderAmount)),
    ("跟进进度", Some(Field::Progress)),
    ("批注", None),
    ("批注", None),
];

proptest! {
    #[test]
    fn whatever_stands_in_a_cell_comes_back(
        rows in prop::collection::vec(prop::collection::vec(cells(), 6), 1..20)
    ) {
        let mut builder = LedgerBuilder::new("表", "lead-ledger");
        for (heading, field) in COLUMNS {
            builder.column(heading, field);
        }
        for row in &rows {
            builder.row(&row.iter().map(Cell::value).collect::<Vec<_>>()).unwrap();
        }
        let ledger = builder.build();
        for names in [ParquetNames::Headings, ParquetNames::Fields] {
            let options = ParquetOptions { policy: &Policy::default(), names, origin: None };
            let (bytes, _) = to_parquet(&OutputTable::of_ledger(&ledger), None, &options).unwrap();
            let workbook = workbook_from_bytes(&bytes, &OpenOptions::default()).unwrap();
            prop_assert_eq!(&workbook.notices, &[]);
            let sheet = &workbook.sheets[0];
            for (column, (heading, _)) in ledger.columns().iter().zip(COLUMNS) {
                let above = leadsheet_core::CellRef::new(0, column.index);
                prop_assert_eq!(sheet.value(above).display(), heading);
                for row in 0..ledger.len() {
                    let (one, other) = (ledger.value(row, column), sheet.value(ledger.cell(row, column)));
                    // By its spelling, so that −0 is not 0.
                    prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
                }
            }
        }
    }
}
