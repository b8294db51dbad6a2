use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// A date that no calendar has, such as 30 February.
    ///
    /// ## Why it matters
    /// The row has no date, so it is left out of every period, its order among the follow-ups is a guess, and
    /// nobody is reminded of it.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20250106-001 | 2025年2月30日 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20250106-001 | 2025年2月28日 |
    ///
    /// ## What to do
    /// Look up the right day and type it as a date, `2025-02-28` for instance.
    pub(super) static IMPOSSIBLE_DATE = {
        code: "C203", name: "impossible-date", severity: Error, since: "0.1.0",
        source: [Spreadsheets, Practice],
        check: Check::Cell(&[FieldKind::Date], impossible_date),
    }
}

fn impossible_date(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    matches!(cell.parsed, Parsed::Date(DateReading::Impossible))
        .then(|| Flaw::new(Message::new("impossible-date", "").with("value", cell.value.display())))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_day_that_does_not_exist_is_found_wherever_it_stands() {
        let table = "
            | lead_id         | follow_up_date | closed_date |
            | ZH-20250106-001 | 2025年2月30日  |             |
            | ZH-20250106-002 | 2025-02-28     | 2025-04-31  |
            | ZH-20250106-003 | 2025年2月30日  |             |";
        insta::assert_snapshot!(findings("C203", table), @r"
        B2 impossible-date value=2025年2月30日
        C3 impossible-date value=2025-04-31
        B4 impossible-date value=2025年2月30日
        ");
    }

    #[test]
    fn real_days_and_other_mistakes_are_not_its_business() {
        let table = "
            | follow_up_date | summary       |
            | 2024-02-29     | 2025年2月30日 |
            | 待定           |               |
            |                |               |";
        assert_eq!(findings("C203", table), "");
    }
}
