use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// A date such as `3/4/2024`, in which day and month could each be the other.
    ///
    /// ## Why it matters
    /// It is never guessed: until it is settled the row has no date and is left out of every period. A wrong guess
    /// would move a follow-up by up to eleven months.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | XS-20240301-001 | 3/4/2024 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | XS-20240301-001 | 2024-03-04 |
    ///
    /// ## What to do
    /// Type the year first, `2024-03-04`. Where a whole team writes one way round, say so once in the policy:
    /// `date-order = "month-first"` or `"day-first"`.
    pub(super) static AMBIGUOUS_DATE = {
        code: "C202", name: "ambiguous-date", severity: Error, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Cell(&[FieldKind::Date], ambiguous_date),
    }
}

fn ambiguous_date(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Date(DateReading::Ambiguous {
        month_first,
        day_first,
    }) = cell.parsed
    else {
        return None;
    };
    let message = Message::new("ambiguous-date", "")
        .with("value", cell.value.display())
        .with("month-first", month_first)
        .with("day-first", day_first);
    Some(Flaw::new(message).suggest(format!("{month_first} / {day_first}")))
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};
    use crate::value::DateOrder;

    #[test]
    fn both_readings_are_offered() {
        let table = "
            | lead_id         | follow_up_date |
            | XS-20250220-001 | 3/4/2025       |";
        insta::assert_snapshot!(
            findings("C202", table),
            @"B2 ambiguous-date value=3/4/2025 month-first=2025-03-04 day-first=2025-04-03 → 2025-03-04 / 2025-04-03"
        );
    }

    #[test]
    fn where_only_one_reading_exists_nothing_is_ambiguous() {
        let table = "
            | follow_up_date | summary  |
            | 25/12/2024     | 3/4/2025 |
            | 4/4/2025       |          |
            | 2025/3/4       |          |
            | =2025-03-04    |          |";
        assert_eq!(findings("C202", table), "");
    }

    #[test]
    fn a_policy_settles_it() {
        let policy = Policy {
            date_order: Some(DateOrder::DayFirst),
            ..Policy::default()
        };
        let table = table("| follow_up_date |\n| 3/4/2025 |");
        assert_eq!(findings_of("C202", table, &policy), "");
    }
}
