use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// Something in a date column that is no date: a word, a time of day, a month without a day; or a date whose year has
    /// two digits, so that nobody can tell it from the day.
    ///
    /// ## Why it matters
    /// The row has no date, so it is left out of every period, its order among the follow-ups is a guess, and
    /// nobody is reminded of it.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | 下周三 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZH-20240520-001 | 2024-05-22 |
    ///
    /// ## What to do
    /// Type the day as a date, `2024-05-22` for instance; words belong in the summary or the remark. Where a whole team
    /// writes `24-5-22`, say so once in the policy: `short-years = "first"`.
    pub(super) static NOT_A_DATE = {
        code: "C201", name: "not-a-date", severity: Error, since: "0.1.0",
        source: [Spreadsheets, Practice],
        check: Check::Cell(&[FieldKind::Date], not_a_date),
    }
}

fn not_a_date(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let variant = match cell.parsed {
        Parsed::Date(DateReading::NotADate) => "",
        Parsed::Date(DateReading::ShortYear) => "short-year",
        _ => return None,
    };
    let message = Message::new("not-a-date", variant).with("value", cell.value.display());
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{LedgerBuilder, Value};
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};
    use crate::value::ShortYears;

    #[test]
    fn words_and_parts_of_a_date_are_no_date() {
        let table = "
            | lead_id         | follow_up_date | next_date |
            | ZH-20240520-001 | 下周三         |           |
            | ZH-20240520-002 | =2024-05-20    | 2024年5月 |
            | ZH-20240520-003 | =3             | 14:30     |
            | ZH-20240520-004 | 24-5-20        | 20/5/24   |";
        insta::assert_snapshot!(findings("C201", table), @r"
        B2 not-a-date value=下周三
        C3 not-a-date value=2024年5月
        B4 not-a-date value=3
        C4 not-a-date value=14:30
        B5 not-a-date-short-year value=24-5-20
        C5 not-a-date-short-year value=20/5/24
        ");
    }

    #[test]
    fn every_spelling_of_a_date_and_other_columns_are_clean() {
        let table = "
            | follow_up_date     | closed_date | next_step |
            | =2024-05-20        | 2024.5.20   | 下周三    |
            | 2024/5/20 下午2:30 | =45432      | 待定      |
            | 二〇二四年五月二十日 | 民國113年5月20日 |    |
            |                    | #N/A        |           |";
        assert_eq!(findings("C201", table), "");
    }

    #[test]
    fn a_team_that_writes_short_years_says_so() {
        let policy = Policy {
            short_years: Some(ShortYears::First),
            ..Policy::default()
        };
        let table = table("| follow_up_date |\n| 24-5-20 |");
        assert_eq!(findings_of("C201", table, &policy), "");
    }

    #[test]
    fn a_table_in_traditional_chinese_may_count_from_1912() {
        let ledger = |heading: &str| {
            let mut builder = LedgerBuilder::new("線索跟進", "lead-ledger");
            builder.column(heading, Some(Field::FollowUpDate));
            builder.row(&[Value::Text("113/5/20")]).unwrap();
            builder.build()
        };
        let policy = Policy::default();
        assert_eq!(findings_of("C201", ledger("跟進日期"), &policy), "");
        assert_eq!(
            findings_of("C201", ledger("跟进日期"), &policy),
            "A2 not-a-date value=113/5/20"
        );
        let gregorian = Policy {
            republic_years: Some(false),
            ..Policy::default()
        };
        assert_eq!(
            findings_of("C201", ledger("跟進日期"), &gregorian),
            "A2 not-a-date value=113/5/20"
        );
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
