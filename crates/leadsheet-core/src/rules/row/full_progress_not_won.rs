use crate::category::Outcome;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, is_filled};

declare_rule! {
    /// ## What it finds
    /// A progress of 100 % in a row that does not say the customer has bought.
    ///
    /// ## Why it matters
    /// Either the sale is missing from the figures, or the progress promises one that is not there.
    ///
    /// ## Example that fails
    /// | 编号 | 跟进进度 | 跟进结果 |
    /// |---|---|---|
    /// | A011 | 100% | 未成交 |
    ///
    /// ## Example that passes
    /// | 编号 | 跟进进度 | 跟进结果 |
    /// |---|---|---|
    /// | A011 | 100% | 成交 |
    ///
    /// ## What to do
    /// Set the result to 成交, or the progress to how far the deal really is.
    pub(super) static FULL_PROGRESS_NOT_WON = {
        code: "R205", name: "full-progress-not-won", severity: Error, since: "0.1.0",
        needs: [Progress],
        source: [FollowUpStatistics],
        check: Check::Row(full_progress_not_won),
    }
}

fn full_progress_not_won(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let is_full = row
        .percent(Field::Progress)
        .is_some_and(|share| share >= 1.0);
    if !is_full || !names_an_outcome_column(row) {
        return;
    }
    let says = |&field: &Field| row.outcome_in(field).is_some();
    let message = match row.stated_outcome() {
        Some(Outcome::Won) => return,
        // With a closing date beside it the missing result is found already.
        None if is_filled(row, Field::ClosedDate) => return,
        None => Message::new("full-progress-not-won", ""),
        Some(_) => {
            let field = row.outcome_fields().find(says);
            let stated = field.map_or_else(String::new, |field| row.value(field).display());
            Message::new("full-progress-not-won", "stated").with("result", stated)
        }
    };
    findings.row(row, Field::Progress, message);
}

fn names_an_outcome_column(row: &Row<'_>) -> bool {
    row.outcome_fields().next().is_some()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_deal_at_100_percent_is_won_or_it_is_not_at_100_percent() {
        let table = "
            | lead_id | progress | result | closed_date |
            | A011    | =1 0%    | 未成交 | =2020-04-12 |
            | A012    | 100%     |        |             |";
        insta::assert_snapshot!(findings("R205", table), @r"
        B2 full-progress-not-won-stated result=未成交
        B3 full-progress-not-won
        ");
    }

    #[test]
    fn won_deals_and_those_under_way_are_clean() {
        let table = "
            | lead_id | progress | result | stage    |
            | A001    | 100%     | 成交   |          |
            | A002    | 45%      | 成交   |          |
            | A003    | 99%      | 未成交 |          |
            | A004    | =100     |        | 成交客户 |
            | A005    |          |        |          |";
        assert_eq!(findings("R205", table), "");
    }

    #[test]
    fn a_closing_date_without_result_is_found_once_and_not_twice() {
        let table = "
            | lead_id | progress | result | closed_date |
            | A013    | 100%     |        | =2020-04-14 |";
        assert_eq!(findings("R205", table), "");
    }

    #[test]
    fn where_no_column_tells_the_outcome_nothing_contradicts() {
        assert_eq!(
            findings("R205", "| lead_id | progress |\n| A001 | 100% |"),
            ""
        );
    }
}
