use chrono::NaiveDate;

use crate::field::FieldKind;
use crate::ledger::{LeadIdPattern, Parsed};
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::text::nfkc;
use crate::value::{LeadId, LeadIdError};

declare_rule! {
    /// ## What it finds
    /// A lead number that is not of the form 来源-日期-序号: source, eight digits of a date, three or more digits.
    ///
    /// ## Why it matters
    /// The number holds the day the lead came, which every report by creation date rests on, and a number written
    /// in two ways makes two leads of one customer.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH2025-0311-1 | 临溪知秋贸易商行 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZH-20250311-001 | 临溪知秋贸易商行 |
    ///
    /// ## What to do
    /// Write it like the others, `ZH-20250311-001`, in every row of the lead. Templates that number freely are not judged by
    /// this rule, nor are tables in which all numbers, four or more, follow another scheme (`LD-0001`, `A001`).
    pub(super) static MALFORMED_LEAD_ID = {
        code: "C301", name: "malformed-lead-id", severity: Error, since: "0.1.0",
        source: [LeadLedger],
        check: Check::Cell(&[FieldKind::LeadId], malformed_lead_id),
    }
}

fn malformed_lead_id(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let malformed = cell.lead_id_pattern == LeadIdPattern::SourceDateNumber
        && matches!(cell.parsed, Parsed::LeadId(Err(LeadIdError::Malformed)));
    malformed.then(|| {
        let value = cell.value.display();
        let flaw = Flaw::new(Message::new("malformed-lead-id", "").with("value", &value));
        match probably_meant(&value) {
            Some(id) => flaw.suggest(id.to_string()),
            None => flaw,
        }
    })
}

/// The lead number that has the same letters and digits, where there is exactly one: `ZH2025-0311-1` is
/// `ZH-20250311-001` with its dashes misplaced.
fn probably_meant(value: &str) -> Option<LeadId> {
    let folded = nfkc(value);
    let text = folded.trim();
    let digits_from = text.find(|c: char| c.is_ascii_digit())?;
    let (prefix, rest) = text.split_at(digits_from);
    let is_separator = |c: char| matches!(c, '-' | '_' | '/' | '.' | '—' | '–' | ' ');
    let digits: String = rest.chars().filter(|&c| !is_separator(c)).collect();
    if digits.len() < 9 || digits.len() > 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (date, number) = digits.split_at(8);
    let prefix = prefix.trim_end_matches(is_separator);
    (!prefix.is_empty()).then_some(LeadId {
        prefix: prefix.into(),
        date: NaiveDate::parse_from_str(date, "%Y%m%d").ok()?,
        number: number.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn other_forms_are_found_and_misplaced_dashes_put_right() {
        let table = "
            | lead_id         |
            | ZH2025-0311-1   |
            | XS_20240520_001 |
            | ZH-2024520-001  |
            | A001            |
            | =17             |";
        insta::assert_snapshot!(findings("C301", table), @r"
        A2 malformed-lead-id value=ZH2025-0311-1 → ZH-20250311-001
        A3 malformed-lead-id value=XS_20240520_001 → XS-20240520-001
        A4 malformed-lead-id value=ZH-2024520-001
        A5 malformed-lead-id value=A001
        A6 malformed-lead-id value=17
        ");
    }

    #[test]
    fn well_formed_numbers_are_clean() {
        let table = "
            | lead_id               | order_no |
            | 展会-20240520-001     | A001     |
            | ZY-20240520-001       |          |
            | 线上-推广-20240520-12345 |       |
            | ＺＹ-２０２４０５２０-００１ |     |
            |                       |          |";
        assert_eq!(findings("C301", table), "");
    }

    #[test]
    fn an_impossible_date_in_it_has_a_rule_of_its_own() {
        assert_eq!(findings("C301", "| lead_id |\n| XS-20250231-001 |"), "");
    }

    #[test]
    fn a_table_that_numbers_freely_may() {
        let mut ledger = table("| lead_id |\n| A001 |");
        ledger.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("C301", ledger, &Policy::default()), "");
    }
}
