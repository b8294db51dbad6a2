use crate::field::{Field, FieldKind};
use crate::lead::Leads;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::value::{DateReading, infer_year};

declare_rule! {
    /// ## What it finds
    /// A date without a year, `5月22日`.
    ///
    /// ## Why it matters
    /// A follow-up without its year has no date at all. Other dates take the nearest year that is not before the
    /// follow-up of their row, which is a guess that next year's reader cannot check.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 计划跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 5月22日 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 计划跟进日期 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 2024年5月22日 |
    ///
    /// ## What to do
    /// Write the year: `2024-05-22`.
    pub(super) static YEAR_MISSING = {
        code: "C204", name: "year-missing", severity: Warning, since: "0.1.0",
        source: [FollowUpRecords, Spreadsheets],
        check: Check::Table(year_missing),
    }
}

fn year_missing(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    for (position, column) in reading.ledger().columns().iter().enumerate() {
        let is_date = |field: &Field| field.kind() == FieldKind::Date;
        let Some(field) = column.field.filter(is_date) else {
            continue;
        };
        let lacks_year: Vec<Option<(u32, u32)>> = reading
            .parsed_column(position)
            .iter()
            .map(|parsed| match *parsed {
                Parsed::Date(DateReading::MonthDay { month, day }) => Some((month, day)),
                _ => None,
            })
            .collect();
        if lacks_year.iter().all(Option::is_none) {
            continue;
        }
        for (index, code) in column.codes().iter().enumerate() {
            let Some((month, day)) = lacks_year[code as usize] else {
                continue;
            };
            let row = reading.row(index);
            let followed_up = row.date(Field::FollowUpDate);
            let inferred = followed_up.and_then(|date| infer_year(month, day, date));
            let message = |variant| Message::new("year-missing", variant);
            let message = match (field, inferred) {
                (Field::FollowUpDate, _) => message("follow-up"),
                (_, Some(inferred)) => message("").with("inferred", inferred),
                (_, None) => message("unknown"),
            };
            let value = reading.ledger().value(index, column).display();
            let finding = findings.row(&row, field, message.with("value", value));
            finding.suggestion = inferred.map(|inferred| inferred.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_day_without_a_year_is_found_and_the_year_that_is_taken_told() {
        let table = "
            | lead_id         | follow_up_date | next_date | due_date |
            | ZH-20240520-001 | =2024-05-20    | 5月22日   |          |
            | ZH-20241230-002 | =2024-12-30    | 一月五日  | 12月29日 |
            | ZH-20240520-003 | 5-20           | 5月22日   |          |";
        insta::assert_snapshot!(findings("C204", table), @r"
        C2 year-missing inferred=2024-05-22 value=5月22日 → 2024-05-22
        C3 year-missing inferred=2025-01-05 value=一月五日 → 2025-01-05
        D3 year-missing inferred=2025-12-29 value=12月29日 → 2025-12-29
        B4 year-missing-follow-up value=5-20
        C4 year-missing-unknown value=5月22日
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
