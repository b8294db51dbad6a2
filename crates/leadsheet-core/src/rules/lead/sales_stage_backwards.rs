use hashbrown::HashMap;

use crate::category::{SalesStage, StageStep};
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, gives_reason};

declare_rule! {
    /// ## What it finds
    /// A deal whose 销售阶段 falls back, from 合同签订 to 需求分析 for instance, or reaches 合同签订 or 售后服务 past the step before
    /// it, and no reason is given. A step that the firm took through another contact counts.
    ///
    /// ## Why it matters
    /// A signed contract and the service after it are what counts as won. A deal that is signed on one row and analysed on
    /// the next is won in no figure; one that was never quoted was most often entered at the wrong stage.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进时间 | 销售阶段 | 备注 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2025-04-28 | 合同签订 | |
    /// | 北辰机电 | 2025-05-08 | 需求分析 | |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进时间 | 销售阶段 | 备注 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2025-04-28 | 需求分析 | |
    /// | 北辰机电 | 2025-05-08 | 报价 | |
    ///
    /// ## What to do
    /// Correct the stage, or say in 状态变更原因 or 备注 why (a second deal: `新项目`). Where a team has other ways from stage
    /// to stage, it says so in the policy under `sales-transitions`.
    pub(super) static SALES_STAGE_BACKWARDS = {
        code: "L124", name: "sales-stage-backwards", severity: Warning, since: "0.1.0",
        needs: [SalesStage],
        source: [Pipeline],
        check: Check::Table(sales_stage_backwards),
    }
}

fn sales_stage_backwards(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let varying = leads.varying(&[Field::SalesStage]);
    let mut taken = None;
    for lead in leads.iter().filter(|lead| varying[lead.index()]) {
        check_lead(context, leads, &lead, &mut taken, findings);
    }
}

/// By customer the stages that any of its rows has; looked up only where a step seems to be left out.
type Taken = HashMap<u32, Vec<SalesStage>>;

fn check_lead(
    context: &Context<'_>,
    leads: &Leads<'_>,
    lead: &Lead<'_>,
    taken: &mut Option<Taken>,
    findings: &mut Findings<'_>,
) {
    let mut is_elsewhere = |row: &Row<'_>, stage: SalesStage| {
        let customer = leads.customers().of(row).filter(|_| !lead.is_numbered());
        let taken = taken.get_or_insert_with(|| steps_taken(leads));
        let stages = customer.and_then(|customer| taken.get(&customer));
        stages.is_some_and(|stages| {
            let mut stages = stages.iter();
            stages.any(|&was| {
                was != stage
                    && context.policy.deal_may_become(was, stage)
                    && was.step_to(stage) == StageStep::Up
            })
        })
    };
    let mut before: Option<(Row<'_>, SalesStage)> = None;
    for row in lead.rows_in_order() {
        let Some(stage) = sales_stage(&row) else {
            continue;
        };
        if let Some((earlier, was)) = before
            && !context.policy.deal_may_become(was, stage)
            && !gives_reason(&row)
        {
            let variant = match was.step_to(stage) {
                StageStep::Down => "",
                _ => "skipped",
            };
            if variant == "skipped" && is_elsewhere(&row, stage) {
                before = Some((row, stage));
                continue;
            }
            let message = Message::new("sales-stage-backwards", variant)
                .with("value", stage)
                .with("before", was);
            let finding = findings.row(&row, Field::SalesStage, message);
            finding.related.extend(earlier.cell(Field::SalesStage));
        }
        before = Some((row, stage));
    }
}

fn steps_taken(leads: &Leads<'_>) -> Taken {
    let mut taken = Taken::new();
    for row in leads.reading().rows() {
        if let (Some(customer), Some(stage)) = (leads.customers().of(&row), sales_stage(&row)) {
            let stages = taken.entry(customer).or_default();
            if !stages.contains(&stage) {
                stages.push(stage);
            }
        }
    }
    taken
}

fn sales_stage(row: &Row<'_>) -> Option<SalesStage> {
    SalesStage::at(row.term_id(Field::SalesStage)?.into())
}

#[cfg(test)]
mod tests {
    use crate::category::SalesStage;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn a_deal_that_falls_back_or_was_never_quoted_is_found() {
        let table = "
            | customer | phone       | follow_up_date | sales_stage | remark |
            | 北辰机电 | 13800000001 | =2025-04-28    | 合同签订    |        |
            | 北辰机电 | 13800000001 | =2025-05-08    | 需求分析    |        |
            | 南汀贸易 | 13800000002 | =2025-04-28    | 初步接触    |        |
            | 南汀贸易 | 13800000002 | =2025-05-08    | 签约        |        |
            | 远汐星槎 | 13800000003 | =2025-04-28    | 报价        |        |
            | 远汐星槎 | 13800000003 | =2025-05-08    | 售后服务    |        |";
        insta::assert_snapshot!(findings("L124", table), @r"
        D3 sales-stage-backwards value=需求分析 before=合同签订 beside D2
        D5 sales-stage-backwards-skipped value=合同签订 before=初步接触 beside D4
        D7 sales-stage-backwards-skipped value=售后服务 before=报价 beside D6
        ");
    }

    #[test]
    fn going_on_staying_reasons_and_other_customers_are_clean() {
        let table = "
            | customer | phone       | follow_up_date | sales_stage | remark         |
            | 北辰机电 | 13800000001 | =2025-04-28    | 初步接触    |                |
            | 北辰机电 | 13800000001 | =2025-05-08    | 方案制定    |                |
            | 北辰机电 | 13800000001 | =2025-05-10    |             |                |
            | 北辰机电 | 13800000001 | =2025-05-12    | 方案制定    |                |
            | 北辰机电 | 13800000001 | =2025-05-30    | 合同签订    |                |
            | 北辰机电 | 13800000001 | =2025-05-20    | 报价        |                |
            | 北辰机电 | 13800000001 | =2025-06-20    | 售后服务    |                |
            | 北辰机电 | 13800000001 | =2025-06-25    | 需求分析    | 新项目：二期   |
            | 南汀贸易 | 13800000002 | =2025-06-28    | 合同签订    |                |
            | 远汐星槎 | 13800000003 | =2025-06-28    | 初步接触    |                |";
        assert_eq!(findings("L124", table), "");
    }

    #[test]
    fn a_step_through_another_contact_of_the_firm_is_taken() {
        let table = "
            | customer | contact | phone       | follow_up_date | sales_stage |
            | 北辰机电 | 王敏    | 13800000001 | =2025-04-28    | 方案制定    |
            | 北辰机电 | 李雷    | 13800000002 | =2025-05-08    | 报价        |
            | 北辰机电 | 王敏    | 13800000001 | =2025-05-18    | 合同签订    |
            | 南汀贸易 | 赵磊    | 13800000003 | =2025-04-28    | 方案制定    |
            | 南汀贸易 | 韩梅    | 13800000004 | =2025-05-08    | 方案制定    |
            | 南汀贸易 | 赵磊    | 13800000003 | =2025-05-18    | 合同签订    |";
        assert_eq!(
            findings("L124", table),
            "E7 sales-stage-backwards-skipped value=合同签订 before=方案制定 beside E5"
        );
    }

    #[test]
    fn a_team_has_ways_of_its_own() {
        let policy = Policy {
            sales_transitions: [(
                SalesStage::FirstContact,
                vec![SalesStage::Needs, SalesStage::Contract],
            )]
            .into(),
            ..Policy::default()
        };
        let rows = "
            | lead_id | sales_stage |
            | A001    | 初步接触    |
            | A001    | 合同签订    |
            | A002    | 初步接触    |
            | A002    | 报价        |";
        assert_eq!(
            findings_of("L124", table(rows), &policy),
            "B5 sales-stage-backwards-skipped value=报价 before=初步接触 beside B4"
        );
    }
}
