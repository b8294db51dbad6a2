use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// Something in a date column that is no date: a word, a time of day, a month without a day.
    ///
    /// ## Why it matters
    /// The row has no date, so it is left out of every period, its order among the follow-ups is a guess, and
    /// nobody is reminded of it.
    ///
    /// ## Example
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | 下周三 |
    ///
    /// ## What to do
    /// Type the day as a date, `2024-05-22` for instance; words belong in the summary or the remark.
    pub(super) static NOT_A_DATE = {
        code: "C201", name: "not-a-date", severity: Error, since: "0.1.0",
        check: Check::Cell(not_a_date),
    }
}

fn not_a_date(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    matches!(cell.parsed, Parsed::Date(DateReading::NotADate))
        .then(|| Flaw::new(Message::new("not-a-date", "").with("value", cell.value.display())))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn words_and_parts_of_a_date_are_no_date() {
        let table = "
            | lead_id         | follow_up_date | next_date |
            | ZH-20240520-001 | 下周三         |           |
            | ZH-20240520-002 | =2024-05-20    | 2024年5月 |
            | ZH-20240520-003 | =3             | 14:30     |";
        insta::assert_snapshot!(findings("C201", table), @r"
        B2 not-a-date value=下周三
        C3 not-a-date value=2024年5月
        B4 not-a-date value=3
        C4 not-a-date value=14:30
        ");
    }

    #[test]
    fn every_spelling_of_a_date_and_other_columns_are_clean() {
        let table = "
            | follow_up_date     | closed_date | next_step |
            | =2024-05-20        | 2024.5.20   | 下周三    |
            | 2024/5/20 下午2:30 | =45432      | 待定      |
            |                    | #N/A        |           |";
        assert_eq!(findings("C201", table), "");
    }

    #[test]
    fn other_mistakes_in_dates_have_rules_of_their_own() {
        let table = "
            | follow_up_date |
            | 2025年2月30日  |
            | 3/4/2024       |
            | 5月22日        |";
        assert_eq!(findings("C201", table), "");
    }
}
