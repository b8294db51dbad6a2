use crate::category::{Stage, StageStep};
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, gives_reason};

declare_rule! {
    /// ## What it finds
    /// A lead that goes to 成交客户 past a stage in between, and no reason is given.
    ///
    /// ## Why it matters
    /// The funnel counts a won lead as having passed every stage. Where stages are often skipped, its step rates and
    /// the days in each stage say little.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20250327-001 | 2025-04-01 | 潜在客户 | |
    /// | ZH-20250327-001 | 2025-04-10 | 成交客户 | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20250327-001 | 2025-04-01 | 潜在客户 | |
    /// | ZH-20250327-001 | 2025-04-10 | 成交客户 | 成交：试用满意，当天签约 |
    ///
    /// ## What to do
    /// Say in 状态变更原因 (or 备注, where there is no such column) how it came so fast, or add the follow-up that is
    /// missing.
    pub(super) static STAGE_SKIPPED = {
        code: "L104", name: "stage-skipped", severity: Info, since: "0.1.0",
        needs: [Stage],
        source: [LeadLedger],
        varying: [Stage],
        check: Check::Lead(stage_skipped),
    }
}

fn stage_skipped(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let mut before: Option<(Row<'_>, Stage)> = None;
    for row in lead.rows_in_order() {
        let Some(stage) = row.stage() else { continue };
        if let Some((earlier, was)) = before
            && stage == Stage::Won
            && was.step_to(stage) == StageStep::Skip
            && !context.policy.may_become(was, stage)
            && !gives_reason(&row)
        {
            let message = Message::new("stage-skipped", "")
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
    use crate::category::Stage;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn a_jump_to_won_is_found() {
        let table = "
            | lead_id         | follow_up_date | stage    | stage_reason |
            | ZH-20250327-001 | =2025-04-01    | 潜在客户 |              |
            | ZH-20250327-001 | =2025-04-10    | 成交客户 |              |
            | ZH-20250327-002 | =2025-04-01    | 意向客户 |              |
            | ZH-20250327-002 | =2025-04-10    | 成交客户 |              |";
        insta::assert_snapshot!(findings("L104", table), @r"
        C3 stage-skipped value=成交客户 before=潜在客户 beside C2
        C5 stage-skipped value=成交客户 before=意向客户 beside C4
        ");
    }

    #[test]
    fn a_reason_explains_it() {
        let table = "
            | lead_id | follow_up_date | stage    | stage_reason   |
            | A001    | =2025-04-01    | 意向客户 |                |
            | A001    | =2025-04-10    | 成交客户 | 试用满意后签约 |";
        assert_eq!(findings("L104", table), "");
    }

    #[test]
    fn step_by_step_and_won_from_the_first_row_on_are_clean() {
        let table = "
            | lead_id | follow_up_date | stage      |
            | A001    | =2025-04-01    | 意向客户   |
            | A001    | =2025-04-05    | 高意向客户 |
            | A001    | =2025-04-10    | 成交客户   |
            | A001    | =2025-04-20    | 成交客户   |
            | A002    | =2025-04-10    | 成交客户   |";
        assert_eq!(findings("L104", table), "");
    }

    #[test]
    fn the_stage_in_between_may_have_been_typed_in_later() {
        let table = "
            | lead_id | follow_up_date | stage      |
            | A001    | =2025-04-01    | 意向客户   |
            | A001    | =2025-04-10    | 成交客户   |
            | A001    | =2025-04-05    | 高意向客户 |";
        assert_eq!(findings("L104", table), "");
    }

    #[test]
    fn a_team_has_ways_of_its_own() {
        let policy = Policy {
            transitions: [(Stage::Potential, vec![Stage::Won])].into(),
            ..Policy::default()
        };
        let ledger = || {
            table(
                "| lead_id | stage |\n| A001 | 潜在客户 |\n| A001 | 成交客户 |\n| A002 | 意向客户 |\n| A002 | 成交客户 |",
            )
        };
        assert_eq!(
            findings_of("L104", ledger(), &policy),
            "B5 stage-skipped value=成交客户 before=意向客户 beside B4"
        );
    }
}
