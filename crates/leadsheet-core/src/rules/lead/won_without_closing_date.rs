use crate::category::Outcome;
use crate::field::Field;
use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A won lead without 成交日期 in any of its rows, in a table that has such a column.
    ///
    /// ## Why it matters
    /// The sale is put on the day of its first won follow-up, which may be another month than that of the contract.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 当前状态 | 成交日期 |
    /// |---|---|---|---|
    /// | ZH-20250327-001 | 2025-04-10 | 成交客户 | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 当前状态 | 成交日期 |
    /// |---|---|---|---|
    /// | ZH-20250327-001 | 2025-04-10 | 成交客户 | 2025-04-10 |
    ///
    /// ## What to do
    /// Fill in the day of the contract in the row that says 成交.
    pub(super) static WON_WITHOUT_CLOSING_DATE = {
        code: "L111", name: "won-without-closing-date", severity: Warning, since: "0.1.0",
        needs: [ClosedDate],
        source: [FollowUpStatistics],
        check: Check::Lead(won_without_closing_date),
    }
}

fn won_without_closing_date(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    if !lead.first().has(Field::ClosedDate) {
        return;
    }
    let says_won = lead.rows().find(|row| row.outcome() == Outcome::Won);
    let Some(row) = says_won else { return };
    if lead.rows().all(|row| row.is_blank(Field::ClosedDate)) {
        let message = Message::new("won-without-closing-date", "");
        findings.row(&row, Field::ClosedDate, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_first_won_row_wants_a_date() {
        let table = "
            | lead_id         | follow_up_date | stage    | closed_date |
            | ZH-20250327-001 | =2025-03-27    | 意向客户 |             |
            | ZH-20250327-001 | =2025-04-10    | 成交客户 |             |
            | ZH-20250327-001 | =2025-04-20    | 成交客户 |             |";
        assert_eq!(findings("L111", table), "D3 won-without-closing-date");
    }

    #[test]
    fn one_date_a_lead_is_enough() {
        let table = "
            | lead_id | follow_up_date | stage    | closed_date |
            | A001    | =2025-04-10    | 成交客户 | =2025-04-10 |
            | A001    | =2025-04-20    | 成交客户 |             |
            | A002    | =2025-04-10    | 成交客户 |             |
            | A002    | =2025-04-20    | 成交客户 | =2025-04-20 |
            | A003    | =2025-04-20    | 成交客户 | 待定        |";
        assert_eq!(findings("L111", table), "");
    }

    #[test]
    fn open_and_lost_leads_need_none() {
        let table = "
            | lead_id | result | closed_date |
            | A001    | 未成交 |             |
            | A002    |        |             |";
        assert_eq!(findings("L111", table), "");
    }

    #[test]
    fn a_table_without_such_a_column_is_clean() {
        assert_eq!(
            findings("L111", "| lead_id | stage |\n| A001 | 成交客户 |"),
            ""
        );
    }
}
