//! Findings that people have looked at and let stand: `leadsheet: ignore C203` in a note on the cell, in one on the
//! heading for its column, or in 备注 for the row.

use hashbrown::HashMap;

use super::selection::names;
use crate::field::Field;
use crate::finding::Finding;
use crate::ledger::{Excuse, Reading, Value};
use crate::place::CellRef;

/// The excuses of a table.
pub(super) struct Excuses {
    of_row: HashMap<u32, Vec<Excuse>>,
    /// Those in heading cells.
    of_column: Vec<Excuse>,
}

impl Excuses {
    /// Those of the sheet's notes: for the cell, in a heading for its column, in 备注 for the row. And those that the words
    /// in 备注 state for their row.
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let ledger = reading.ledger();
        let remark = reading.column(Field::Remark);
        let mut of_row: HashMap<u32, Vec<Excuse>> = HashMap::new();
        let mut of_column = Vec::new();
        for excuse in &ledger.excuses {
            let mut excuse = excuse.clone();
            if ledger.header_rows.contains(&excuse.cell.row) && !excuse.row {
                of_column.push(excuse);
                continue;
            }
            excuse.row |= remark.is_some_and(|remark| remark.index == excuse.cell.column);
            of_row.entry(excuse.cell.row).or_default().push(excuse);
        }
        if let Some(column) = remark {
            let of_code = column.map_distinct(ledger.values(), |value| match value {
                Value::Text(text) => Excuse::parse(CellRef::new(0, column.index), text),
                _ => None,
            });
            if of_code.iter().any(Option::is_some) {
                for (&row, code) in ledger.sheet_rows().iter().zip(column.codes().iter()) {
                    if let Some(excuse) = &of_code[code as usize] {
                        of_row.entry(row).or_default().push(Excuse {
                            cell: CellRef::new(row, column.index),
                            row: true,
                            rules: excuse.rules.clone(),
                        });
                    }
                }
            }
        }
        Self { of_row, of_column }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of_row.is_empty() && self.of_column.is_empty()
    }

    pub(super) fn cover(&self, finding: &Finding) -> bool {
        let Some(cell) = finding.cell else {
            return false;
        };
        let in_row = self.of_row.get(&cell.row).into_iter().flatten();
        let mut in_row = in_row.filter(|excuse| excuse.row || excuse.cell == cell);
        let below =
            |excuse: &&Excuse| excuse.cell.column == cell.column && excuse.cell.row <= cell.row;
        let mut in_column = self.of_column.iter().filter(below);
        in_row.any(|excuse| names_rule(excuse, finding))
            || in_column.any(|excuse| names_rule(excuse, finding))
    }
}

/// Whether an excuse is for the rule of a finding: for those it names, or for all.
fn names_rule(excuse: &Excuse, finding: &Finding) -> bool {
    let is_named = || excuse.rules.iter().any(|name| names(name, finding.rule));
    excuse.rules.is_empty() || is_named()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::recognition::{Book, BookSheet};
    use crate::rules::testing::{findings_of, table, today};
    use crate::rules::{Context, Selection, check};

    #[test]
    fn a_note_on_a_cell_excuses_that_cell() {
        let mut ledger = table("| follow_up_date |\n| 下周三 |\n| 待定 |");
        ledger.excuses = vec![Excuse {
            cell: CellRef::new(1, 0),
            row: false,
            rules: vec!["C201".into()],
        }];
        assert_eq!(
            findings_of("C201", ledger, &Policy::default()),
            "A3 not-a-date value=待定"
        );
    }

    #[test]
    fn a_note_in_a_heading_excuses_the_column_and_one_in_remarks_the_row() {
        let table = || {
            let mut ledger = table(
                "
                | follow_up_date | next_date | remark |
                | 下周三         | 待定      |        |
                | 待定           | 待定      |        |",
            );
            ledger.header_rows = vec![0];
            ledger
        };
        let note = |cell: &str, row: bool| Excuse {
            cell: cell.parse().unwrap(),
            row,
            rules: vec!["C2".into()],
        };
        for (excuse, left) in [
            (note("A1", false), "B2 B3"),
            (note("B1", false), "A2 A3"),
            (note("C2", false), "A3 B3"),
            (note("A3", false), "A2 B2 B3"),
            (note("A3", true), "A2 B2"),
            (note("D1", false), "A2 B2 A3 B3"),
        ] {
            let mut ledger = table();
            ledger.excuses = vec![excuse.clone()];
            let found = findings_of("C201", ledger, &Policy::default());
            let cells: Vec<_> = found
                .lines()
                .filter_map(|line| line.split(' ').next())
                .collect();
            assert_eq!(cells.join(" "), left, "{excuse:?}");
        }
    }

    #[test]
    fn a_remark_excuses_its_row_and_the_excused_are_still_told() {
        let ledger = table(
            "
            | lead_id | method* | remark                        |
            | A001    |         | 来访登记；leadsheet: 忽略 R102 |
            | A002    |         | leadsheet: ignore C201        |",
        );
        let sheet = BookSheet {
            visible: true,
            ledger: Some(ledger),
            ..BookSheet::default()
        };
        let book = Book {
            path: "t.xlsx".into(),
            sheets: vec![sheet],
        };
        let policy = Policy::default();
        let context = Context {
            policy: &policy,
            today: today(),
        };
        let selection = Selection {
            select: vec!["R102".into()],
            ..Selection::default()
        };
        let checkup = check(&context, &[book], &selection);
        let cells = |findings: &[Finding]| -> Vec<String> {
            let cells = findings.iter().filter_map(|finding| finding.cell);
            cells.map(|cell| cell.to_string()).collect()
        };
        assert_eq!(cells(&checkup.findings), ["B3"]);
        assert_eq!(cells(&checkup.excused), ["B2"]);
    }
}
