use hashbrown::HashMap;

use crate::category::{Proof, Proofs, Stage, TermId};
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::{Column, Parsed, Row, ValueId};
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
    let (called_high, counts) = called_high(leads);
    let mut given = vec![Proofs::default(); leads.len()];
    for column in columns {
        add_proofs(leads, column, &counts, &mut given);
    }
    let mut said: HashMap<Proofs, Message> = HashMap::new();
    for (row, given) in called_high.into_iter().zip(given) {
        let Some(row) = row.filter(|_| !given.are_complete()) else {
            continue;
        };
        let message = said.entry(given).or_insert_with(|| {
            let missing: Vec<_> = given.missing().map(Proof::words).collect();
            Message::new("unproven-high-intent", "").with("missing", missing.join("、"))
        });
        findings.row(&row, Field::Stage, message.clone());
    }
}

/// By lead the first row that calls it 高意向客户, and by row whether what it says counts: those up to that one.
fn called_high<'l>(leads: &'l Leads<'_>) -> (Vec<Option<Row<'l>>>, Vec<bool>) {
    let rows = leads.reading().ledger().len();
    let mut counts = vec![false; rows];
    let is_high = |parsed: &Parsed| parsed.term() == Some(Stage::HighIntent as TermId);
    let Some(is_high) = leads.reading().facts(Field::Stage, is_high) else {
        return (vec![None; leads.len()], counts);
    };
    let is_any = leads.having(&is_high);
    let of_lead = |lead: Lead<'l>| {
        if !is_any[lead.index()] {
            return None;
        }
        let high = lead.rows().position(|row| is_high(row.index()))?;
        for row in lead.rows().take(high + 1) {
            counts[row.index()] = true;
        }
        lead.rows().nth(high)
    };
    (leads.iter().map(of_lead).collect(), counts)
}

/// Adds what a column says of each lead, from top to bottom as its texts lie in memory. What a text speaks of is found out
/// once for each distinct text, and only where it matters.
fn add_proofs(leads: &Leads<'_>, column: &Column, counts: &[bool], given: &mut [Proofs]) {
    let values = leads.reading().ledger().values();
    let matters = |(row, code): (usize, u32)| {
        let lead = leads.of_row(row).filter(|_| counts[row])?;
        (!given[lead].are_complete()).then_some((lead as u32, code))
    };
    let codes = column.codes().iter().enumerate();
    let telling: Vec<(u32, u32)> = codes.filter_map(matters).collect();
    let mut is_wanted = vec![false; column.distinct().len()];
    for &(_, code) in &telling {
        is_wanted[code as usize] = true;
    }
    let wanted = column.distinct().iter().zip(&is_wanted);
    let wanted: Vec<ValueId> = wanted.filter(|(_, is)| **is).map(|(id, _)| *id).collect();
    let mut texts = values.each(&wanted);
    let proofs = is_wanted.into_iter().map(|is_wanted| {
        let text = is_wanted.then(|| texts.next()).flatten()?.as_text()?;
        Some(Proofs::in_text(text))
    });
    let proofs: Vec<Proofs> = proofs.map(Option::unwrap_or_default).collect();
    for (lead, code) in telling {
        let given = &mut given[lead as usize];
        *given = given.and(proofs[code as usize]);
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
