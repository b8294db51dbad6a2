use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::{LeadIdPattern, Row};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, meant_date};

declare_rule! {
    /// ## What it finds
    /// A lead number with a date after the lead's first follow-up.
    ///
    /// ## Why it matters
    /// The date in the number is the day the lead came, and nobody follows up what has not come yet. The lead is
    /// counted in the wrong period and its days to close come out too short.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240530-001 | 2024-05-20 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | 2024-05-20 |
    ///
    /// ## What to do
    /// Correct the number in every row of the lead, or the date of the first follow-up.
    pub(super) static LEAD_ID_AFTER_FOLLOW_UP = {
        code: "L113", name: "lead-id-after-follow-up", severity: Error, since: "0.1.0",
        needs: [LeadId, FollowUpDate],
        source: [LeadLedger],
        check: Check::Lead(lead_id_after_follow_up),
    }
}

fn lead_id_after_follow_up(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    // A slip in one date must not make it the first.
    let meant = |row: &Row<'_>| meant_date(context, row, Field::FollowUpDate);
    let first = lead.rows().find(|row| meant(row).is_some());
    let first = first.unwrap_or_else(|| lead.first());
    if first.reading().ledger().lead_id_pattern != LeadIdPattern::SourceDateNumber {
        return;
    }
    let (Some(id), Some(followed_up)) = (first.lead_id(), meant(&first)) else {
        return;
    };
    if id.date > followed_up {
        let message = Message::new("lead-id-after-follow-up", "")
            .with("value", first.value(Field::LeadId).display().trim())
            .with("follow-up", followed_up);
        let finding = findings.row(&first, Field::LeadId, message);
        finding.related.extend(first.cell(Field::FollowUpDate));
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn a_lead_that_came_after_its_first_follow_up_is_found_once() {
        let table = "
            | lead_id         | follow_up_date |
            | ZH-20240530-001 | =2024-05-25    |
            | ZH-20240530-001 | =2024-05-20    |
            | ZH-20240530-001 | =2024-05-31    |";
        assert_eq!(
            findings("L113", table),
            "A3 lead-id-after-follow-up value=ZH-20240530-001 follow-up=2024-05-20 beside B3"
        );
    }

    #[test]
    fn the_same_day_and_any_day_after_are_clean() {
        let table = "
            | lead_id         | follow_up_date   |
            | ZH-20240520-001 | 2024-05-20 08:00 |
            | ZH-20240520-002 | =2024-05-27      |
            | ZH-20240520-003 | 待定             |
            | A001            | =2024-05-27      |";
        assert_eq!(findings("L113", table), "");
    }

    #[test]
    fn in_a_table_that_numbers_freely_eight_digits_need_not_be_a_day() {
        let mut ledger = table("| lead_id | follow_up_date |\n| KH-20991231-001 | =2024-05-20 |");
        ledger.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("L113", ledger, &Policy::default()), "");
    }
}
