use hashbrown::HashMap;

use crate::category::{Proof, Proofs, Stage, TermId};
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::{Column, FETCHED, Parsed, ValueId};
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
    let columns = EVIDENCE.into_iter();
    let columns: Vec<&Column> = columns.filter_map(|field| reading.column(field)).collect();
    if columns.is_empty() {
        return;
    }
    let called_high = called_high(leads);
    let given = proofs_given(leads, &columns, &called_high);
    let mut said: HashMap<Proofs, Message> = HashMap::new();
    for (&(lead, high), given) in called_high.iter().zip(given) {
        if given.are_complete() {
            continue;
        }
        let message = said.entry(given).or_insert_with(|| {
            let missing: Vec<_> = given.missing().map(Proof::words).collect();
            Message::new("unproven-high-intent", "").with("missing", missing.join("、"))
        });
        if let Some(row) = leads.lead(lead).rows().nth(high) {
            findings.row(&row, Field::Stage, message.clone());
        }
    }
}

/// The leads that are called 高意向客户, and the first row of each that says so.
fn called_high(leads: &Leads<'_>) -> Vec<(usize, usize)> {
    let is_high = |parsed: &Parsed| parsed.term() == Some(Stage::HighIntent as TermId);
    let Some(is_high) = leads.reading().facts(Field::Stage, is_high) else {
        return Vec::new();
    };
    let having = leads.having(&is_high);
    let called = leads.iter().filter(|lead| having[lead.index()]);
    let first = |lead: Lead<'_>| {
        Some((
            lead.index(),
            lead.rows().position(|row| is_high(row.index()))?,
        ))
    };
    called.filter_map(first).collect()
}

/// What the rows of each of these leads speak of, up to that which calls it so.
fn proofs_given(
    leads: &Leads<'_>,
    columns: &[&Column],
    called_high: &[(usize, usize)],
) -> Vec<Proofs> {
    let values = leads.reading().ledger().values();
    let mut texts: Vec<(u32, ValueId)> = Vec::new();
    for (position, &(lead, high)) in (0..).zip(called_high) {
        for row in leads.lead(lead).rows().take(high + 1) {
            let ids = columns.iter().map(|column| column.id(row.index()));
            texts.extend(ids.filter(|id| !id.is_empty()).map(|id| (position, id)));
        }
    }
    let mut given = vec![Proofs::default(); called_high.len()];
    for texts in texts.chunks(FETCHED) {
        values.fetch(texts.iter().map(|(_, id)| *id));
        for &(position, id) in texts {
            let given = &mut given[position as usize];
            if !given.are_complete()
                && let Some(text) = values.get(id).as_text()
            {
                *given = given.and(Proofs::in_text(text));
            }
        }
    }
    given
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
