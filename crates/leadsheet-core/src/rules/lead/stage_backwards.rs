use crate::category::{Stage, StageStep};
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, gives_reason};

declare_rule! {
    /// ## What it finds
    /// A lead that falls back to a lower stage, or from 成交客户 to an open one, and no reason is given.
    ///
    /// ## Why it matters
    /// The latest row decides: a won lead that turns up as 潜在客户 again is no longer won in any figure. Most often
    /// an old row was copied and its stage left as it was.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZJ-20250416-001 | 2025-04-28 | 高意向客户 | |
    /// | ZJ-20250416-001 | 2025-05-08 | 意向客户 | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZJ-20250416-001 | 2025-04-28 | 高意向客户 | |
    /// | ZJ-20250416-001 | 2025-05-08 | 意向客户 | 预算被砍 |
    ///
    /// ## What to do
    /// Correct the stage, or say in 状态变更原因 (or 备注, where there is no such column) why it fell. Where a team has other
    /// ways from stage to stage, it says so in the policy under `transitions`.
    pub(super) static STAGE_BACKWARDS = {
        code: "L103", name: "stage-backwards", severity: Warning, since: "0.1.0",
        needs: [Stage],
        source: [LeadLedger],
        varying: [Stage],
        check: Check::Lead(stage_backwards),
    }
}

fn stage_backwards(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let mut before: Option<(Row<'_>, Stage)> = None;
    for row in lead.rows_in_order() {
        let Some(stage) = row.stage() else { continue };
        if let Some((earlier, was)) = before
            && was.step_to(stage) == StageStep::Down
            && !context.policy.may_become(was, stage)
            && !gives_reason(&row)
        {
            let message = Message::new("stage-backwards", "")
                .with("value", stage)
                .with("before", was);
            let finding = findings.row(&row, Field::Stage, message);
            finding.related.extend(earlier.cell(Field::Stage));
        }
        before = Some((row, stage));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_fall_without_a_reason_is_found() {
        let table = "
            | lead_id         | follow_up_date | stage      | stage_reason |
            | ZJ-20250416-001 | =2025-04-16    | 高意向客户 | 预算确认     |
            | XS-20250108-001 | =2025-01-22    | 成交客户   | 比价胜出     |
            | ZJ-20250416-001 | =2025-05-08    | 意向客户   |              |
            | XS-20250108-001 | =2025-02-20    | 潜在客户   |              |";
        insta::assert_snapshot!(findings("L103", table), @r"
        C4 stage-backwards value=意向客户 before=高意向客户 beside C2
        C5 stage-backwards value=潜在客户 before=成交客户 beside C3
        ");
    }

    #[test]
    fn a_reason_explains_it() {
        let table = "
            | lead_id         | follow_up_date | stage      | stage_reason |
            | ZJ-20250416-001 | =2025-04-16    | 高意向客户 | 预算确认     |
            | ZJ-20250416-001 | =2025-05-08    | 意向客户   | 预算被砍     |";
        assert_eq!(findings("L103", table), "");
        let without_a_column = "
            | lead_id         | follow_up_date | stage      | remark   |
            | ZJ-20250416-001 | =2025-04-16    | 高意向客户 |          |
            | ZJ-20250416-001 | =2025-05-08    | 意向客户   | 预算被砍 |";
        assert_eq!(findings("L103", without_a_column), "");
    }

    #[test]
    fn climbing_staying_and_losing_are_clean() {
        let table = "
            | lead_id | follow_up_date | stage      | stage_reason |
            | A001    | =2025-04-16    | 潜在客户   |              |
            | A001    | =2025-04-20    | 意向客户   |              |
            | A001    | =2025-04-24    |            |              |
            | A001    | =2025-04-28    | 意向客户   |              |
            | A001    | =2025-05-08    | 流失客户   |              |";
        assert_eq!(findings("L103", table), "");
    }

    #[test]
    fn the_order_of_the_dates_counts_and_not_that_of_the_rows() {
        let table = "
            | lead_id | follow_up_date | stage      | stage_reason |
            | A001    | =2025-04-16    | 潜在客户   |              |
            | A001    | =2025-05-08    | 高意向客户 |              |
            | A001    | =2025-04-28    | 意向客户   |              |";
        assert_eq!(findings("L103", table), "");
    }

    #[test]
    fn a_row_without_a_date_has_no_place_in_the_order() {
        let table = "
            | lead_id | follow_up_date | stage      | stage_reason |
            | A001    | 2025年2月30日  | 意向客户   |              |
            | A001    | =2025-05-08    | 高意向客户 |              |";
        assert_eq!(findings("L103", table), "");
    }

    #[test]
    fn coming_back_after_lost_is_another_rules_business() {
        let table = "
            | lead_id | follow_up_date | stage    |
            | A001    | =2025-04-16    | 流失客户 |
            | A001    | =2025-05-08    | 潜在客户 |";
        assert_eq!(findings("L103", table), "");
    }
}
