use crate::category::Outcome;
use crate::field::Field;
use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, says_something};

declare_rule! {
    /// ## What it finds
    /// A lead that was won or lost without a word in 状态变更原因, or with a mere dash or `无` there, in a table that has such a
    /// column.
    ///
    /// ## Why it matters
    /// Why deals are won and lost is what a team learns most from, and after a month nobody remembers.
    ///
    /// ## Example that fails
    /// | 线索编号 | 当前状态 | 状态变更原因 |
    /// |---|---|---|
    /// | ZH-20250327-001 | 流失客户 | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 当前状态 | 状态变更原因 |
    /// |---|---|---|
    /// | ZH-20250327-001 | 流失客户 | 流失：竞品报价更低 |
    ///
    /// ## What to do
    /// Write one line into the row that first says so: `流失：竞品价低`.
    pub(super) static REASON_MISSING = {
        code: "L114", name: "reason-missing", severity: Warning, since: "0.1.0",
        needs: [StageReason],
        source: [LeadLedger],
        check: Check::Lead(reason_missing),
    }
}

fn reason_missing(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    if !lead.first().has(Field::StageReason) {
        return;
    }
    for (outcome, variant) in [(Outcome::Won, "won"), (Outcome::Lost, "lost")] {
        let turn = lead.rows().find(|row| row.outcome() == outcome);
        if let Some(row) = turn.filter(|row| !says_something(row, Field::StageReason)) {
            let message = Message::new("reason-missing", variant);
            findings.row(&row, Field::StageReason, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_row_that_first_says_won_or_lost_wants_a_reason() {
        let table = "
            | lead_id | follow_up_date | stage    | stage_reason |
            | A001    | =2025-03-27    | 意向客户 |              |
            | A001    | =2025-04-10    | 成交客户 |              |
            | A001    | =2025-04-20    | 成交客户 |              |
            | A002    | =2025-04-10    | 流失客户 | ␣            |
            | A003    | =2025-04-10    | 流失客户 | -            |
            | A004    | =2025-04-10    | 流失客户 | 无           |
            | A005    | =2025-04-10    | 流失客户 | 无预算       |";
        insta::assert_snapshot!(findings("L114", table), @r"
        D3 reason-missing-won
        D5 reason-missing-lost
        D6 reason-missing-lost
        D7 reason-missing-lost
        ");
    }

    #[test]
    fn once_the_reason_is_given_later_rows_need_none() {
        let table = "
            | lead_id | follow_up_date | stage      | stage_reason |
            | A001    | =2025-04-10    | 成交客户   | 合同签署     |
            | A001    | =2025-04-20    | 成交客户   |              |
            | A002    | =2025-04-10    | 流失客户   | 预算取消     |
            | A003    | =2025-04-10    | 高意向客户 |              |";
        assert_eq!(findings("L114", table), "");
    }

    #[test]
    fn a_table_without_such_a_column_is_clean() {
        assert_eq!(
            findings("L114", "| lead_id | stage |\n| A001 | 流失客户 |"),
            ""
        );
    }
}
