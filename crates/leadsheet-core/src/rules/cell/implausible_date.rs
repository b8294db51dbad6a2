use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule, passed_limit};
use crate::value::DateReading;

declare_rule! {
    /// ## What it finds
    /// A date that can hardly be meant: long before the team kept records, a follow-up or a closing in the
    /// future, a plan years ahead.
    ///
    /// ## Why it matters
    /// One slip in the year (`2042` for `2024`) puts the row into the wrong period, makes it the latest follow-up
    /// of its lead, and so decides outcome, owner and stage.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 计划跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2042-05-20 | 2024-05-27 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 计划跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 2024-05-27 |
    ///
    /// ## What to do
    /// Correct the date. What counts as too early or too far ahead is the team's own decision: `earliest-date` and
    /// `plan-ahead-days` in the policy.
    pub(super) static IMPLAUSIBLE_DATE = {
        code: "C205", name: "implausible-date", severity: Error, since: "0.1.0",
        source: [Spreadsheets, Practice],
        check: Check::Cell(&[FieldKind::Date], implausible_date),
    }
}

fn implausible_date(context: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Date(DateReading::Date { date, .. }) = *cell.parsed else {
        return None;
    };
    let (variant, limit) = passed_limit(context, cell.field, date)?;
    let message = Message::new("implausible-date", variant)
        .with("value", cell.value.display())
        .with("limit", limit);
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn dates_outside_the_window_are_found() {
        let table = "
            | follow_up_date | closed_date | next_date  |
            | =1924-05-20    |             |            |
            | 2042-05-20     |             |            |
            | 2024-05-20     | 2024-06-02  | 2027-01-01 |";
        insta::assert_snapshot!(findings("C205", table), @r"
        A2 implausible-date-early value=1924-05-20 limit=2000-01-01
        A3 implausible-date-future value=2042-05-20 limit=2024-06-01
        B4 implausible-date-future value=2024-06-02 limit=2024-06-01
        C4 implausible-date-far value=2027-01-01 limit=2026-06-01
        ");
    }

    #[test]
    fn the_window_includes_its_ends() {
        let table = "
            | follow_up_date | closed_date | recorded_at      | next_date  | due_date   | delivery_date |
            | 2000-01-01     | 2024-06-01  | 2024-06-01 23:59 | 2026-06-01 | 2024-06-02 | 2025-01-01    |";
        assert_eq!(findings("C205", table), "");
    }

    #[test]
    fn what_is_no_certain_date_is_not_judged() {
        let table = "
            | follow_up_date | closed_date |
            | 12月31日       | 3/4/2042    |
            | 2042年2月30日  | 待定        |";
        assert_eq!(findings("C205", table), "");
    }

    #[test]
    fn a_team_sets_its_own_window() {
        let policy = Policy {
            earliest_date: NaiveDate::from_ymd_opt(1990, 1, 1).unwrap(),
            plan_ahead_days: 3650,
            ..Policy::default()
        };
        let table = table("| follow_up_date | next_date |\n| 1995-03-01 | 2031-01-01 |");
        assert_eq!(findings_of("C205", table, &policy), "");
    }
}
