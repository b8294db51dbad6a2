use crate::category::Outcome;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};

declare_rule! {
    /// ## What it finds
    /// A 成交日期 in a row that says the customer was lost, or has not bought.
    ///
    /// ## Why it matters
    /// One of the two is wrong. Counted by date the customer is a sale, counted by result a loss, and the two
    /// reports never agree.
    ///
    /// ## Example that fails
    /// | 编号 | 跟进结果 | 成交日期 |
    /// |---|---|---|
    /// | A005 | 未成交 | 2020-04-06 |
    ///
    /// ## Example that passes
    /// | 编号 | 跟进结果 | 成交日期 |
    /// |---|---|---|
    /// | A005 | 成交 | 2020-04-06 |
    ///
    /// ## What to do
    /// Delete the date, or correct the result.
    pub(super) static CLOSING_DATE_ON_LOST = {
        code: "R201", name: "closing-date-on-lost", severity: Error, since: "0.1.0",
        needs: [ClosedDate],
        source: [FollowUpStatistics],
        check: Check::Row(closing_date_on_lost),
    }
}

fn closing_date_on_lost(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if !is_filled(row, Field::ClosedDate) || row.stated_outcome() != Some(Outcome::Lost) {
        return;
    }
    let says_lost = |&field: &Field| row.outcome_in(field) == Some(Outcome::Lost);
    let Some(field) = row.outcome_fields().find(says_lost) else {
        return;
    };
    let message = Message::new("closing-date-on-lost", "")
        .with("value", row.value(Field::ClosedDate).display())
        .with("result", row.value(field).display());
    let finding = findings.row(row, Field::ClosedDate, message);
    finding.related.extend(row.cell(field));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_lost_customer_with_a_closing_date_is_found() {
        let table = "
            | lead_id | result | stage    | closed_date |
            | A005    | 未成交 |          | =2020-04-06 |
            | A006    |        | 流失客户 | 2020-04-07  |";
        insta::assert_snapshot!(findings("R201", table), @r"
        D2 closing-date-on-lost value=2020-04-06 result=未成交 beside B2
        D3 closing-date-on-lost value=2020-04-07 result=流失客户 beside C3
        ");
    }

    #[test]
    fn won_customers_have_a_closing_date_and_lost_ones_none() {
        let table = "
            | lead_id | result | closed_date |
            | A001    | 成交   | =2020-04-06 |
            | A005    | 未成交 |             |
            | A006    | 未成交 | #N/A        |
            | A013    |        | =2020-04-14 |";
        assert_eq!(findings("R201", table), "");
    }

    #[test]
    fn the_column_that_speaks_first_decides() {
        let table = "
            | lead_id | stage    | result | closed_date |
            | A001    | 成交客户 | 未成交 | =2020-04-06 |";
        assert_eq!(findings("R201", table), "");
    }

    #[test]
    fn a_table_without_a_closing_date_is_clean() {
        assert_eq!(
            findings("R201", "| lead_id | stage |\n| A001 | 流失客户 |"),
            ""
        );
    }
}
