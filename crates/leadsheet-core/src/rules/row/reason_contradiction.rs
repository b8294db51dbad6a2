use crate::category::Stage;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A 状态变更原因 that begins with 成交 or 流失 (`成交：签署合同`, `流失：竞品报价更低`) on a row whose 当前状态 is another one.
    ///
    /// ## Why it matters
    /// One of the two was not kept up to date. Figures follow 当前状态, so a won lead may be missing from them.
    ///
    /// ## Example that fails
    /// | 线索编号 | 当前状态 | 状态变更原因 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 意向客户 | 流失：竞品报价更低 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 当前状态 | 状态变更原因 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 流失客户 | 流失：竞品报价更低 |
    ///
    /// ## What to do
    /// Correct the stage, or the reason.
    pub(super) static REASON_CONTRADICTION = {
        code: "R207", name: "reason-contradiction", severity: Warning, since: "0.1.0",
        needs: [Stage, StageReason],
        source: [LeadLedger, Practice],
        check: Check::Row(reason_contradiction),
    }
}

fn reason_contradiction(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if row.is_blank(Field::StageReason) {
        return;
    }
    let Some(stage) = row.stage() else { return };
    let reason = row.value(Field::StageReason).text();
    // Only what stands before a colon names a stage: 成交前再谈一次 does not.
    let Some((named, _)) = reason.split_once([':', '：']) else {
        return;
    };
    let vocabulary = row.reading().vocabulary(Field::Stage);
    let named = vocabulary.and_then(|terms| terms.find(named));
    let named = named.and_then(|id| Stage::at(id.into()));
    if let Some(named) = named.filter(|named| !named.is_open() && *named != stage) {
        let message = Message::new("reason-contradiction", "")
            .with("value", named)
            .with("stage", stage);
        let finding = findings.row(row, Field::StageReason, message);
        finding.related.extend(row.cell(Field::Stage));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_reason_for_another_stage_is_found() {
        let table = "
            | lead_id | stage    | stage_reason           |
            | A001    | 意向客户 | 流失：竞品报价更低     |
            | A002    | 流失客户 | 成交: 成功完成合同签署 |";
        insta::assert_snapshot!(findings("R207", table), @r"
        C2 reason-contradiction value=流失客户 stage=意向客户 beside B2
        C3 reason-contradiction value=成交客户 stage=流失客户 beside B3
        ");
    }

    #[test]
    fn reasons_that_fit_and_words_that_name_no_stage_are_clean() {
        let table = "
            | lead_id | stage      | stage_reason           |
            | A001    | 流失客户   | 流失：竞品报价更低     |
            | A002    | 成交客户   | 成交：成功完成合同签署 |
            | A003    | 高意向客户 | 意向：主动要报价       |
            | A004    | 高意向客户 | 成交前再谈一次         |
            | A005    | 意向客户   | 流失风险：对手在报价   |
            | A006    | 意向客户   |                        |
            | A007    |            | 成交：签署合同         |
            | A008    | 快成交了   | 成交：签署合同         |";
        assert_eq!(findings("R207", table), "");
    }
}
