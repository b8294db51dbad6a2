use crate::category::{Proof, Proofs, Stage};
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::{Column, Row};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A lead called 高意向客户 while nothing written about it up to that row speaks of the three proofs: budget,
    /// decision maker, time.
    ///
    /// ## Why it matters
    /// 高意向客户 means that the budget is confirmed, the decision maker known and the time of co-operation clear.
    /// Without the three the stage is a hope, and the funnel promises sales that do not come.
    ///
    /// ## Example that fails
    /// | 线索编号 | 沟通内容摘要 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 谈得不错 | 高意向客户 | 很有兴趣 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 沟通内容摘要 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 预算确认，决策人明确，合作时间定在六月 | 高意向客户 | |
    ///
    /// ## What to do
    /// Write the proofs into 状态变更原因 (`预算确认、决策人明确、合作时间清晰`) or 关键节点, or set the stage to 意向客户.
    pub(super) static UNPROVEN_HIGH_INTENT = {
        code: "L115", name: "unproven-high-intent", severity: Info, since: "0.1.0",
        needs: [Stage],
        source: [LeadLedger],
        check: Check::Table(unproven_high_intent),
    }
}

const EVIDENCE: [Field; 7] = [
    Field::StageReason,
    Field::Milestone,
    Field::Summary,
    Field::Feedback,
    Field::Need,
    Field::Tags,
    Field::Remark,
];

fn unproven_high_intent(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    // What a text speaks of is found out once for each distinct text, and only where it matters.
    let mut columns: Vec<(&Column, Vec<Option<Proofs>>)> = EVIDENCE
        .into_iter()
        .filter_map(|field| reading.column(field))
        .map(|column| (column, vec![None; column.distinct().len()]))
        .collect();
    if columns.is_empty() {
        return;
    }
    let values = reading.ledger().values();
    for lead in leads.iter() {
        let is_high = |row: &Row<'_>| row.stage() == Some(Stage::HighIntent);
        let Some(high) = lead.rows().position(|row| is_high(&row)) else {
            continue;
        };
        let mut given = Proofs::default();
        for row in lead.rows().take(high + 1) {
            for (column, proofs) in &mut columns {
                let code = column.codes()[row.index()] as usize;
                let of_text = proofs[code].get_or_insert_with(|| {
                    let text = values.get(column.distinct()[code]).as_text();
                    text.map_or_else(Proofs::default, Proofs::in_text)
                });
                given = given.and(*of_text);
            }
        }
        if given.are_complete() {
            continue;
        }
        let missing: Vec<_> = given.missing().map(Proof::words).collect();
        if let Some(row) = lead.rows().nth(high) {
            let message =
                Message::new("unproven-high-intent", "").with("missing", missing.join("、"));
            findings.row(&row, Field::Stage, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn high_intent_wants_its_three_proofs() {
        let table = "
            | lead_id         | follow_up_date | summary          | stage      | stage_reason |
            | ZH-20240520-001 | =2024-05-20    | 谈得不错         | 高意向客户 | 很有兴趣     |
            | ZH-20240520-002 | =2024-05-20    | 預算已批         | 意向客户   |              |
            | ZH-20240520-002 | =2024-05-24    | 和决策人吃了饭   | 高意向客户 |              |
            | ZH-20240520-002 | =2024-05-28    | 合作时间定在六月 | 高意向客户 |              |";
        insta::assert_snapshot!(findings("L115", table), @r"
        D2 unproven-high-intent missing=预算、决策人、合作时间
        D4 unproven-high-intent missing=合作时间
        ");
    }

    #[test]
    fn the_proofs_may_stand_anywhere_up_to_that_row() {
        let table = "
            | lead_id | follow_up_date | need         | milestone  | stage      | stage_reason                               |
            | A001    | =2024-05-20    |              |            | 高意向客户 | 高意向：预算确认、决策人明确、合作时间清晰 |
            | A002    | =2024-05-10    | 预算20万以内 |            | 意向客户   | 六月底上线，时间清楚                       |
            | A002    | =2024-05-20    |              | 决策人明确 | 高意向客户 |                                            |
            | A002    | =2024-05-24    |              |            | 高意向客户 |                                            |";
        assert_eq!(findings("L115", table), "");
    }

    #[test]
    fn other_stages_need_no_proof() {
        let table = "
            | lead_id | summary  | stage    |
            | A001    | 谈得不错 | 意向客户 |
            | A002    | 盖章     | 成交客户 |";
        assert_eq!(findings("L115", table), "");
    }

    #[test]
    fn a_table_with_no_room_for_proofs_is_not_judged() {
        assert_eq!(
            findings("L115", "| lead_id | stage |\n| A001 | 高意向客户 |"),
            ""
        );
    }
}
