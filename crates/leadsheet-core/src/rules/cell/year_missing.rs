use crate::field::Field;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// A date without a year, `5月22日`.
    ///
    /// ## Why it matters
    /// A follow-up without its year has no date at all. Other dates take the nearest year that is not before the
    /// follow-up of their row, which is a guess that next year's reader cannot check.
    ///
    /// ## Example
    /// | 线索编号 | 跟进日期 | 计划跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 5月22日 |
    ///
    /// ## What to do
    /// Write the year: `2024-05-22`.
    pub(super) static YEAR_MISSING = {
        code: "C204", name: "year-missing", severity: Warning, since: "0.1.0",
        check: Check::Cell(year_missing),
    }
}

fn year_missing(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    if !matches!(cell.parsed, Parsed::Date(DateReading::MonthDay { .. })) {
        return None;
    }
    let variant = match cell.field {
        Field::FollowUpDate => "follow-up",
        _ => "",
    };
    let message = Message::new("year-missing", variant).with("value", cell.value.display());
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_day_without_a_year_is_found() {
        let table = "
            | lead_id         | follow_up_date | next_date |
            | ZH-20240520-001 | =2024-05-20    | 5月22日   |
            | ZH-20240520-002 | 5-20           |           |";
        insta::assert_snapshot!(findings("C204", table), @r"
        C2 year-missing value=5月22日
        B3 year-missing-follow-up value=5-20
        ");
    }

    #[test]
    fn a_year_in_any_spelling_is_enough() {
        let table = "
            | follow_up_date | next_date    | next_step         |
            | 2024年5月22日  | 22/5/2024    | 5月22日发送报价单 |
            | 20240522       | =2024-05-22  |                   |
            | 2月30日        |              |                   |";
        assert_eq!(findings("C204", table), "");
    }
}
