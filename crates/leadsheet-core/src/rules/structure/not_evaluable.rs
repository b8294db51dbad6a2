use crate::category::Grade;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::LeadIdPattern;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A check against the clock that a table cannot be put to, because it lacks the column: when follow-ups were written
    /// down (R303), what became of the leads (L109), on which day an A lead came (L117). Said once a table.
    ///
    /// ## Why it matters
    /// That nothing is found late does not mean that nothing is late.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 | 跟进方式 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-05-20 | 电话 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 | 跟进方式 | 录入时间 |
    /// |---|---|---|---|
    /// | 北辰机电 | 2024-05-20 | 电话 | 2024-05-20 17:30 |
    ///
    /// ## What to do
    /// Nothing, or add the column: 录入时间 for when a row is written down, 当前状态 for what became of the lead.
    pub(super) static NOT_EVALUABLE = {
        code: "S120", name: "not-evaluable", severity: Info, since: "0.1.0",
        needs: [FollowUpDate],
        source: [Practice],
        check: Check::Table(not_evaluable),
    }
}

fn not_evaluable(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let ledger = reading.ledger();
    if ledger.is_empty() {
        return;
    }
    if reading.column(Field::RecordedAt).is_none() {
        findings.sheet(Message::new("not-evaluable", "recorded").with("rule", "R303"));
    }
    if !ledger.has_outcome() {
        findings.sheet(Message::new("not-evaluable", "outcome").with("rule", "L109"));
    }
    let tells_the_day = ledger.lead_id_pattern == LeadIdPattern::SourceDateNumber
        && reading.column(Field::LeadId).is_some();
    let has_a_leads = || {
        let mut leads = leads.iter();
        leads.any(|lead| lead.first().grade() == Some(Grade::A))
    };
    if !tells_the_day && has_a_leads() {
        findings.sheet(Message::new("not-evaluable", "came").with("rule", "L117"));
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn what_cannot_be_checked_is_said_once_a_table() {
        let text = "
            | lead_id | grade | follow_up_date | method |
            | A001    | A     | =2024-05-20    | 电话   |
            | A002    | A     | =2024-05-21    | 电话   |";
        let mut ledger = table(text);
        ledger.lead_id_pattern = LeadIdPattern::Free;
        insta::assert_snapshot!(findings_of("S120", ledger, &Policy::default()), @r"
        - not-evaluable-recorded rule=R303
        - not-evaluable-outcome rule=L109
        - not-evaluable-came rule=L117
        ");
    }

    #[test]
    fn a_table_with_every_column_is_clean() {
        let table = "
            | lead_id         | grade | follow_up_date | recorded_at | stage    |
            | ZH-20240520-001 | A     | =2024-05-20    | =2024-05-20 | 意向客户 |";
        assert_eq!(findings("S120", table), "");
    }

    #[test]
    fn where_there_are_no_a_leads_nobody_waits_for_a_first_answer() {
        let mut ledger = table(
            "| lead_id | grade | follow_up_date | recorded_at | stage |\n| A001 | B | =2024-05-20 | =2024-05-20 | 意向客户 |",
        );
        ledger.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("S120", ledger, &Policy::default()), "");
    }

    #[test]
    fn a_table_without_dates_or_rows_is_not_told() {
        assert_eq!(
            findings("S120", "| customer | stage |\n| 北辰 | 意向客户 |"),
            ""
        );
        assert_eq!(findings("S120", "| customer | follow_up_date |"), "");
    }
}
