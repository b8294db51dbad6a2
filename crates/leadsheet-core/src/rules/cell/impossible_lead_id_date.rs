use crate::field::FieldKind;
use crate::ledger::{LeadIdPattern, Parsed};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::LeadIdError;

declare_rule! {
    /// ## What it finds
    /// A lead number whose date no calendar has.
    ///
    /// ## Why it matters
    /// The date in the number is the day the lead came. Without it the lead is counted from its first follow-up,
    /// and the number may well be that of another lead, typed wrong.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | XS-20250231-001 | 2025-03-03 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | XS-20250228-001 | 2025-03-03 |
    ///
    /// ## What to do
    /// Look up the day the lead came and correct the number in every row of the lead.
    pub(super) static IMPOSSIBLE_LEAD_ID_DATE = {
        code: "C302", name: "impossible-lead-id-date", severity: Error, since: "0.1.0",
        source: [LeadLedger],
        check: Check::Cell(&[FieldKind::LeadId], impossible_lead_id_date),
    }
}

fn impossible_lead_id_date(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let impossible = cell.lead_id_pattern == LeadIdPattern::SourceDateNumber
        && matches!(
            cell.parsed,
            Parsed::LeadId(Err(LeadIdError::ImpossibleDate))
        );
    impossible.then(|| {
        let value = cell.value.display();
        Flaw::new(Message::new("impossible-lead-id-date", "").with("value", value))
    })
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn a_lead_of_31_february_is_found_in_each_of_its_rows() {
        let table = "
            | lead_id         | follow_up_date |
            | XS-20250231-001 | =2025-03-03    |
            | XS-20250303-001 | =2025-03-03    |
            | XS-20250231-001 | =2025-03-09    |";
        insta::assert_snapshot!(findings("C302", table), @r"
        A2 impossible-lead-id-date value=XS-20250231-001
        A4 impossible-lead-id-date value=XS-20250231-001
        ");
    }

    #[test]
    fn real_days_and_malformed_numbers_are_clean() {
        let table = "
            | lead_id          |
            | XS-20240229-001  |
            | XS-2025-0231-001 |
            | A20250231        |";
        assert_eq!(findings("C302", table), "");
    }

    #[test]
    fn in_a_table_that_numbers_freely_eight_digits_need_not_be_a_day() {
        let mut ledger = table("| lead_id |\n| KH-20259999-001 |");
        ledger.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("C302", ledger, &Policy::default()), "");
    }
}
