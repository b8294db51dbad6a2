use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A formula in the data whose result the file does not hold, as other programs than spreadsheets write them.
    ///
    /// ## Why it matters
    /// The cell is read as empty. On the screen it shows a value, so nobody misses it.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | `=TODAY()-3` |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | 2024-05-20 |
    ///
    /// ## What to do
    /// Open the file in a spreadsheet program and save it: that calculates every formula. A date that should stay
    /// is better typed than calculated.
    pub(super) static UNCALCULATED_FORMULA = {
        code: "S106", name: "uncalculated-formula", severity: Warning, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Sheet(uncalculated_formula),
    }
}

fn uncalculated_formula(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    for &cell in &ledger.uncalculated {
        let column = ledger.column_at(cell);
        let finding = findings.cell(cell, Message::new("uncalculated-formula", ""));
        finding.header = column.map(|column| column.header.as_str().into());
        finding.field = column.and_then(|column| column.field);
    }
}

#[cfg(test)]
mod tests {
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn formulas_without_a_result_are_found() {
        let mut ledger = table("| lead_id | follow_up_date |\n| A001 | |\n| | |");
        ledger.uncalculated = vec![CellRef::new(1, 1), CellRef::new(2, 0)];
        insta::assert_snapshot!(findings_of("S106", ledger, &Policy::default()), @r"
        B2 uncalculated-formula
        A3 uncalculated-formula
        ");
    }

    #[test]
    fn empty_cells_without_a_formula_are_clean() {
        assert_eq!(
            findings("S106", "| lead_id | follow_up_date |\n| A001 | |"),
            ""
        );
    }
}
