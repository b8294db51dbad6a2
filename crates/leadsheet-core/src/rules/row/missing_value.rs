use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, names_somebody};

declare_rule! {
    /// ## What it finds
    /// An empty cell in a column that the template wants filled in every row.
    ///
    /// ## Why it matters
    /// The row is missing wherever this column is counted or grouped by, and whoever takes over the customer has to
    /// ask again.
    ///
    /// ## Example
    /// | 线索编号 | 客户名称 | 跟进方式 |
    /// |---|---|---|
    /// | ZY-20240519-002 | YY贸易公司 | |
    ///
    /// ## What to do
    /// Fill it in. What is not known yet is better said in words (`其他`) than left empty.
    pub(super) static MISSING_VALUE = {
        code: "R102", name: "missing-value", severity: Error, since: "0.1.0",
        check: Check::Row(missing_value),
    }
}

fn missing_value(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let columns = row.reading().ledger().columns();
    let wanted = columns
        .iter()
        .filter(|column| column.required)
        .filter_map(|column| column.field);
    for field in wanted {
        // A row that names nobody is one mistake, not one for each of its cells.
        if row.is_blank(field) && names_somebody(row) {
            findings.row(row, field, Message::new("missing-value", ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn an_empty_cell_in_a_required_column_is_found() {
        let table = "
            | lead_id*        | customer*  | method* | remark |
            | ZY-20240520-001 | XX科技     | 电话    |        |
            | ZY-20240519-002 | YY贸易公司 |         |        |
            | ZY-20240519-003 |            | 微信    |        |
            |                 | ZZ工作室   | ␣       |        |";
        insta::assert_snapshot!(findings("R102", table), @r"
        C3 missing-value
        B4 missing-value
        A5 missing-value
        C5 missing-value
        ");
    }

    #[test]
    fn columns_that_may_be_empty_are_clean() {
        let table = "
            | lead_id*        | customer | method | stage_reason |
            | ZY-20240520-001 |          |        |              |";
        assert_eq!(findings("R102", table), "");
    }

    #[test]
    fn a_row_that_names_nobody_is_one_mistake_and_not_many() {
        let table = "
            | lead_id* | customer* | method* | owner*   |
            |          |           |         | 业务员16 |";
        assert_eq!(findings("R102", table), "");
    }

    #[test]
    fn an_error_value_is_not_missing_but_wrong() {
        assert_eq!(
            findings("R102", "| lead_id* | method* |\n| A001 | #N/A |"),
            ""
        );
    }
}
