use crate::ledger::Value;
use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// An error value such as `#N/A` or `#REF!` in the data, in any column.
    ///
    /// ## Why it matters
    /// The cell has no value, and every formula that uses it fails as well.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH-20240520-001 | #N/A |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH-20240520-001 | 北辰机电 |
    ///
    /// ## What to do
    /// Mend the formula (of a look-up that finds nothing: the key it looks for), or type the value.
    pub(super) static ERROR_VALUE = {
        code: "S105", name: "error-value", severity: Error, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Sheet(error_value),
    }
}

fn error_value(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    for column in ledger.columns() {
        if !column.distinct().iter().any(|id| id.is_error()) {
            continue;
        }
        let errors = column.map_distinct(ledger.values(), |value| match value {
            Value::Error(error) => Some(error.to_owned()),
            _ => None,
        });
        for (row, code) in column.codes().iter().enumerate() {
            if let Some(error) = &errors[code as usize] {
                let message = Message::new("error-value", "").with("value", error);
                findings.data(ledger, row, column, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn error_values_are_found_in_known_and_unknown_columns() {
        let table = "
            | lead_id         | customer | follow_up_date | 大区主管批注 |
            | ZH-20240520-001 | #N/A     | =2024-05-20    |              |
            | ZH-20240520-002 | 北辰机电 | #REF!          | #NAME?       |
            | ZH-20240520-003 | #N/A     | =2024-05-20    |              |";
        insta::assert_snapshot!(findings("S105", table), @r"
        B2 error-value value=#N/A
        C3 error-value value=#REF!
        D3 error-value value=#NAME?
        B4 error-value value=#N/A
        ");
    }

    #[test]
    fn what_only_looks_like_one_is_a_text() {
        let table = "
            | lead_id         | remark        |
            | ZH-20240520-001 | 3#楼 N/A      |
            |                 |               |
            | ZH-20240520-002 | ＃N/A         |";
        assert_eq!(findings("S105", table), "");
    }

    #[test]
    fn no_other_rule_speaks_of_such_a_cell() {
        let table = "
            | lead_id* | follow_up_date* | phone | grade | order_amount | progress |
            | A001     | #N/A            | #N/A  | #N/A  | #N/A         | #N/A     |";
        for code in ["C2", "C4", "C5", "C6", "C7", "R"] {
            assert_eq!(findings(code, table), "", "{code}");
        }
    }
}
