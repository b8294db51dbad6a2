use crate::category::Outcome;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};

declare_rule! {
    /// ## What it finds
    /// A 成交日期 in a row whose result or stage is empty, or says that the lead is still open.
    ///
    /// ## Why it matters
    /// The sale is not counted: outcome comes from the result or stage, not from the date.
    ///
    /// ## Example that fails
    /// | 编号 | 跟进结果 | 成交日期 |
    /// |---|---|---|
    /// | A013 | | 2020-04-14 |
    ///
    /// ## Example that passes
    /// | 编号 | 跟进结果 | 成交日期 |
    /// |---|---|---|
    /// | A013 | 成交 | 2020-04-14 |
    ///
    /// ## What to do
    /// Fill in the result (成交), or delete the date if the deal is not closed.
    pub(super) static CLOSING_DATE_WITHOUT_RESULT = {
        code: "R202", name: "closing-date-without-result", severity: Error, since: "0.1.0",
        needs: [ClosedDate],
        source: [FollowUpStatistics],
        check: Check::Row(closing_date_without_result),
    }
}

fn closing_date_without_result(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if !is_filled(row, Field::ClosedDate) {
        return;
    }
    let mut columns = row.outcome_fields();
    let (field, variant) = match row.stated_outcome() {
        Some(Outcome::Won | Outcome::Lost) => return,
        Some(Outcome::Open) => (
            columns.find(|&field| row.outcome_in(field).is_some()),
            "open",
        ),
        // An unknown term says something, only not what: that is another rule's finding.
        None if columns.clone().any(|field| !row.is_blank(field)) => return,
        None => (columns.next(), ""),
    };
    let Some(field) = field else { return };
    let mut message = Message::new("closing-date-without-result", variant)
        .with("date", row.value(Field::ClosedDate).display());
    if variant == "open" {
        message = message.with("value", row.value(field).display());
    }
    let finding = findings.row(row, field, message);
    finding.related.extend(row.cell(Field::ClosedDate));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_closing_date_wants_a_result() {
        let table = "
            | lead_id | result | closed_date | stage      |
            | A013    |        | =2020-04-14 |            |
            | A014    |        | =2020-04-15 | 高意向客户 |";
        insta::assert_snapshot!(findings("R202", table), @r"
        D2 closing-date-without-result date=2020-04-14 beside C2
        D3 closing-date-without-result-open date=2020-04-15 value=高意向客户 beside C3
        ");
    }

    #[test]
    fn of_a_table_with_a_result_only_that_is_the_cell_to_fill() {
        let table = "
            | lead_id | result | closed_date |
            | A013    |        | =2020-04-14 |";
        assert_eq!(
            findings("R202", table),
            "B2 closing-date-without-result date=2020-04-14 beside C2"
        );
    }

    #[test]
    fn any_column_that_says_won_is_enough() {
        let table = "
            | lead_id | stage    | result | sales_stage | closed_date |
            | A001    |          | 成交   |             | =2020-04-06 |
            | A002    | 成交客户 |        |             | =2020-04-06 |
            | A003    |          |        | 合同签订    | =2020-04-06 |
            | A004    |          | 未成交 |             | =2020-04-06 |
            | A005    |          |        |             |             |";
        assert_eq!(findings("R202", table), "");
    }

    #[test]
    fn unknown_words_and_error_values_have_rules_of_their_own() {
        let table = "
            | lead_id | result   | closed_date |
            | A001    | 差不多了 | =2020-04-06 |
            | A002    | #N/A     | =2020-04-06 |
            | A003    |          | #N/A        |";
        assert_eq!(findings("R202", table), "");
    }

    #[test]
    fn a_table_that_has_no_outcome_cannot_lack_one() {
        assert_eq!(
            findings("R202", "| lead_id | closed_date |\n| A001 | =2020-04-06 |"),
            ""
        );
    }
}
