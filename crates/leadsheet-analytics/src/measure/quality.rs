//! Quality: how much of what should be filled in is.

use std::collections::HashMap;

use leadsheet_core::{Field, Message, Parsed};
use serde::Serialize;

use super::Asked;
use crate::definition::Key;
use crate::known::in_order;
use crate::labels::{EMPTY, Labels};
use crate::rate::share;

/// How completely rows are filled in: all rows, whatever period and lead they belong to.
///
/// A cell is filled in where a person wrote something, be it right or wrong; `check` says what is wrong. A row is
/// complete where every column that its template wants in each row is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// All rows of tables with such columns.
    pub total: Completeness,
    /// By column.
    pub columns: Vec<ColumnQuality>,
    /// By the owner that the row names.
    pub by_owner: Vec<OwnerQuality>,
    /// What could not be judged.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// How many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Completeness {
    /// Rows.
    pub rows: u32,
    /// Of these, complete.
    pub complete: u32,
    /// `complete / rows`.
    pub share: Option<f64>,
}

impl Completeness {
    fn add(&mut self, is_complete: bool) {
        self.rows += 1;
        self.complete += u32::from(is_complete);
        self.share = share(self.complete, self.rows);
    }
}

/// How completely a column is filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnQuality {
    /// Its field's key.
    pub field: String,
    /// Its cells.
    #[serde(flatten)]
    pub cells: Completeness,
}

/// How completely a person's rows are filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnerQuality {
    /// The person.
    pub key: String,
    /// Their rows.
    #[serde(flatten)]
    pub rows: Completeness,
}

/// `None` where no template wants a column in every row.
pub(crate) fn quality(asked: &Asked<'_, '_>) -> Option<Quality> {
    let mut total = Completeness::default();
    let mut columns: Vec<(Field, Completeness)> = Vec::new();
    let mut owners = Labels::new();
    let mut by_owner: HashMap<u32, Completeness> = HashMap::new();
    let mut has_owners = false;
    for table in asked.gathered.every_table() {
        let ledger = table.reading.ledger();
        let required = ledger.columns().iter().filter(|column| column.required);
        let is_filled = |field: Field| {
            let is_filled = |parsed: &Parsed| !matches!(parsed, Parsed::Blank | Parsed::Error);
            Some((field, table.reading.facts(field, is_filled)?))
        };
        let filled: Vec<_> = required
            .filter_map(|column| column.field)
            .filter_map(is_filled)
            .collect();
        if filled.is_empty() {
            continue;
        }
        let of_row = owners.of_rows(table, Key::Field(Field::Owner));
        has_owners |= of_row.is_some();
        for row in 0..ledger.len() {
            let mut is_complete = true;
            for (field, is_filled) in &filled {
                let is_filled = is_filled(row);
                is_complete &= is_filled;
                let position = columns.iter().position(|(known, _)| known == field);
                let position = position.unwrap_or_else(|| {
                    columns.push((*field, Completeness::default()));
                    columns.len() - 1
                });
                columns[position].1.add(is_filled);
            }
            total.add(is_complete);
            let owner = of_row.as_ref().map_or(EMPTY, |codes| codes.get(row));
            by_owner.entry(owner).or_default().add(is_complete);
        }
    }
    if columns.is_empty() {
        return None;
    }
    let by_owner = if has_owners {
        in_order(&owners, by_owner, |it| it.rows.into())
    } else {
        Vec::new()
    };
    let owner = |(code, rows): (u32, Completeness)| OwnerQuality {
        key: owners.get(code).1.to_owned(),
        rows,
    };
    let column = |(field, cells): (Field, Completeness)| ColumnQuality {
        field: field.key().to_owned(),
        cells,
    };
    Some(Quality {
        total,
        columns: columns.into_iter().map(column).collect(),
        by_owner: by_owner.into_iter().map(owner).collect(),
        notes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use leadsheet_core::{LedgerBuilder, Policy, Value};

    use super::*;
    use crate::testing::{book, by};
    use crate::{ReportDefinition, Topic, report};

    /// Four rows, of which 李雷's second lacks the method and the last names nobody and has a wrong date, which is
    /// filled in all the same.
    #[test]
    fn rows_are_complete_where_all_that_is_wanted_is_there() {
        let mut table = LedgerBuilder::new("线索跟进", "lead-ledger");
        table
            .required_column("跟进日期", Field::FollowUpDate)
            .required_column("跟进方式", Field::Method)
            .column("备注", Some(Field::Remark))
            .required_column("负责人", Field::Owner);
        for row in [
            ["2025-03-01", "电话", "", "李雷"],
            ["2025-03-02", "　", "好", "李雷"],
            ["2025-03-03", "微信", "", "韩梅"],
            ["2025-02-30", "微信", "", ""],
        ] {
            table.row(&row.map(Value::Text)).unwrap();
        }
        let definition = ReportDefinition {
            show: vec![Topic::Quality],
            ..by(&[])
        };
        let books = [book("a.xlsx", [table.build()])];
        let report = report(&books, &Policy::default(), &definition).unwrap();
        let quality = report.quality.unwrap();
        let shown = |it: &Completeness| (it.complete, it.rows, it.share);
        assert_eq!(shown(&quality.total), (2, 4, Some(0.5)));
        let columns: Vec<_> = quality
            .columns
            .iter()
            .map(|it| (it.field.as_str(), it.cells.complete))
            .collect();
        assert_eq!(
            columns,
            [("follow_up_date", 4), ("method", 3), ("owner", 3)]
        );
        let owners: Vec<_> = quality
            .by_owner
            .iter()
            .map(|it| (it.key.as_str(), it.rows.complete, it.rows.rows))
            .collect();
        assert_eq!(
            owners,
            [("李雷", 1, 2), ("韩梅", 1, 1), ("（未填写）", 0, 1)]
        );
    }

    #[test]
    fn a_table_that_wants_nothing_has_no_quality() {
        let definition = ReportDefinition {
            show: vec![Topic::Quality],
            ..by(&[])
        };
        let report = crate::testing::report_of("customer | remark\n甲 |", &definition);
        assert_eq!(report.quality, None);
    }
}
