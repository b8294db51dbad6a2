use crate::category::Stage;
use crate::field::Field;
use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::simplified;

declare_rule! {
    /// ## What it finds
    /// A lead called 高意向客户 while nothing written about it up to that row speaks of the three proofs: budget,
    /// decision maker, time.
    ///
    /// ## Why it matters
    /// 高意向客户 means that the budget is confirmed, the decision maker known and the time of co-operation clear.
    /// Without the three the stage is a hope, and the funnel promises sales that do not come.
    ///
    /// ## Example
    /// | 线索编号 | 沟通内容摘要 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 谈得不错 | 高意向客户 | 很有兴趣 |
    ///
    /// ## What to do
    /// Write the proofs into 状态变更原因 (`预算确认、决策人明确、合作时间清晰`) or 关键节点, or set the stage to 意向客户.
    pub(super) static UNPROVEN_HIGH_INTENT = {
        code: "L115", name: "unproven-high-intent", severity: Info, since: "0.1.0",
        check: Check::Lead(unproven_high_intent),
    }
}

/// Each proof and the words by which people mention it.
const PROOFS: [(&str, &[&str]); 3] = [
    ("预算", &["预算", "经费", "budget"]),
    (
        "决策人",
        &["决策", "拍板", "总经理", "老板", "负责人", "decision"],
    ),
    (
        "合作时间",
        &["时间", "日期", "周期", "排期", "月底", "time", "schedule"],
    ),
];

const EVIDENCE: [Field; 7] = [
    Field::StageReason,
    Field::Milestone,
    Field::Summary,
    Field::Feedback,
    Field::Need,
    Field::Tags,
    Field::Remark,
];

fn unproven_high_intent(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let mut rows = lead.rows();
    let Some(row) = rows.find(|row| row.stage() == Some(Stage::HighIntent)) else {
        return;
    };
    if !EVIDENCE.into_iter().any(|field| row.has(field)) {
        return;
    }
    let earlier = lead.rows().take_while(|one| one.index() != row.index());
    let texts: Vec<&str> = earlier
        .chain([row])
        .flat_map(|row| EVIDENCE.map(|field| row.value(field).as_text()))
        .flatten()
        .collect();
    let is_unproven = |(_, words): &(&str, &[&str])| {
        let speaks = |text: &str| words.iter().any(|word| text.contains(word));
        // Most speak in Simplified; only what seems to be missing is looked for in other scripts.
        !texts.iter().any(|text| speaks(text))
            && !texts
                .iter()
                .any(|text| speaks(&simplified(text).to_lowercase()))
    };
    let missing: Vec<_> = PROOFS.into_iter().filter(is_unproven).collect();
    if !missing.is_empty() {
        let missing: Vec<_> = missing.iter().map(|(proof, _)| *proof).collect();
        let message = Message::new("unproven-high-intent", "").with("missing", missing.join("、"));
        findings.row(&row, Field::Stage, message);
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
