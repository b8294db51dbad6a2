use hashbrown::HashSet;

use crate::lead::Leads;
use crate::message::Message;
use crate::place::CellRef;
use crate::rules::{Check, Context, Findings, TELLING, declare_rule, names_somebody};

declare_rule! {
    /// ## What it finds
    /// A row that holds something, but nothing that tells whose it is: no lead number, customer, contact, phone
    /// or order number.
    ///
    /// ## Why it matters
    /// It counts as a row and as no lead. What is in it is lost to every report, and often it belongs to the row
    /// above.
    ///
    /// ## Example that fails
    /// | 编号 | 姓名 | 跟进进度 | 业务员 |
    /// |---|---|---|---|
    /// | A015 | 客户15 | 45% | 业务员15 |
    /// | | | 45% | 业务员16 |
    ///
    /// ## Example that passes
    /// | 编号 | 姓名 | 跟进进度 | 业务员 |
    /// |---|---|---|---|
    /// | A015 | 客户15 | 45% | 业务员15 |
    /// | A016 | 客户16 | 45% | 业务员16 |
    ///
    /// ## What to do
    /// Fill in the customer, or delete the row.
    pub(super) static ROW_WITHOUT_CUSTOMER = {
        code: "R101", name: "row-without-customer", severity: Error, since: "0.1.0",
        source: [FollowUpStatistics],
        check: Check::Table(row_without_customer),
    }
}

fn row_without_customer(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let ledger = reading.ledger();
    let mut telling = TELLING.into_iter();
    let Some(wanted) = telling.find(|&field| reading.column(field).is_some()) else {
        return;
    };
    // The head of a form stands for every talk below it; it is empty once.
    let mut told: HashSet<CellRef> = HashSet::new();
    for row in reading.rows().filter(|row| !names_somebody(row)) {
        let held: Vec<_> = ledger
            .columns()
            .iter()
            .filter(|column| !ledger.value(row.index(), column).is_blank())
            .map(|column| column.header.as_str())
            .collect();
        if !held.is_empty() && row.cell(wanted).is_none_or(|cell| told.insert(cell)) {
            let message = Message::new("row-without-customer", "").with("columns", held.join("、"));
            findings.row(&row, wanted, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_row_that_belongs_to_nobody_is_found_and_says_what_it_holds() {
        let table = "
            | lead_id | contact | progress | owner    | 大区主管批注 |
            | A015    | 客户15  | 45%      | 业务员15 |              |
            |         |         | 45%      | 业务员16 |              |
            |         |         |          |          | 继续跟       |";
        insta::assert_snapshot!(findings("R101", table), @r"
        A3 row-without-customer columns=progress、owner
        A4 row-without-customer columns=大区主管批注
        ");
    }

    #[test]
    fn without_a_lead_number_column_the_customer_is_wanted() {
        let table = "
            | method | customer |
            | 电话   |          |";
        assert_eq!(
            findings("R101", table),
            "B2 row-without-customer columns=method"
        );
    }

    #[test]
    fn one_telling_cell_is_enough() {
        let table = "
            | lead_id | customer | contact | phone       | company | order_no | method |
            | A001    |          |         |             |         |          | 电话   |
            |         | 北辰机电 |         |             |         |          | 电话   |
            |         |          | 王*     |             |         |          | 电话   |
            |         |          |         | 138****0001 |         |          | 电话   |
            |         |          |         |             | 北辰    |          | 电话   |
            |         |          |         |             |         | DD-001   | 电话   |";
        assert_eq!(findings("R101", table), "");
    }

    #[test]
    fn empty_rows_and_tables_without_such_columns_are_clean() {
        assert_eq!(findings("R101", "| lead_id | method |\n|   | ␣ |"), "");
        assert_eq!(
            findings(
                "R101",
                "| follow_up_date | method |\n| =2024-05-20 | 电话 |"
            ),
            ""
        );
    }
}
