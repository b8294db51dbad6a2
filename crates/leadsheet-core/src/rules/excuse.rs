//! Findings that people have looked at and let stand: `leadsheet: ignore C203` in a note on the cell, or in 备注 for the row.

use hashbrown::HashMap;

use super::selection::names;
use crate::field::Field;
use crate::finding::Finding;
use crate::ledger::{Excuse, Reading, Value};
use crate::place::CellRef;

/// The excuses of a table, by row.
pub(super) struct Excuses {
    of_row: HashMap<u32, Vec<Excuse>>,
}

impl Excuses {
    /// Those of the sheet's notes, and those that 备注 states for its row.
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let ledger = reading.ledger();
        let mut of_row: HashMap<u32, Vec<Excuse>> = HashMap::new();
        for excuse in &ledger.excuses {
            of_row
                .entry(excuse.cell.row)
                .or_default()
                .push(excuse.clone());
        }
        if let Some(column) = reading.column(Field::Remark) {
            let of_code = column.map_distinct(ledger.values(), |value| match value {
                Value::Text(text) => Excuse::parse(CellRef::new(0, column.index), text),
                _ => None,
            });
            if of_code.iter().any(Option::is_some) {
                for (&row, &code) in ledger.sheet_rows().iter().zip(column.codes()) {
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
        Self { of_row }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of_row.is_empty()
    }

    pub(super) fn cover(&self, finding: &Finding) -> bool {
        let Some(cell) = finding.cell else {
            return false;
        };
        let excuses = self.of_row.get(&cell.row).into_iter().flatten();
        excuses
            .into_iter()
            .any(|excuse| covers(excuse, finding, cell))
    }
}

/// Whether an excuse in the row of `cell`, where the finding is, lets it stand.
fn covers(excuse: &Excuse, finding: &Finding, cell: CellRef) -> bool {
    let is_named = || excuse.rules.iter().any(|name| names(name, finding.rule));
    (excuse.row || excuse.cell == cell) && (excuse.rules.is_empty() || is_named())
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
