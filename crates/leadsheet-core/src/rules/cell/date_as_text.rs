use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::{DateReading, Spelling};

declare_rule! {
    /// ## What it finds
    /// A date typed as text, or shown as a bare number, in a column whose other dates are real date cells; and the serial
    /// number of a day (`45432`), which is what a date cell shows when it loses its format, in any date column.
    ///
    /// ## Why it matters
    /// It is read here all the same, but the spreadsheet program does not see a date: the row falls out of sorting,
    /// filters and pivot tables, and a lead can look older or newer than it is.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZJ-20250226-001 | 2025-02-26 |
    /// | ZJ-20250226-001 | 2025.3.5 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 |
    /// |---|---|
    /// | ZJ-20250226-001 | 2025-02-26 |
    /// | ZJ-20250226-001 | 2025-03-05 |
    ///
    /// ## What to do
    /// Type the date again as `2025-03-05`, or let `--fix` do it.
    pub(super) static DATE_AS_TEXT = {
        code: "C206", name: "date-as-text", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Cell(&[FieldKind::Date], date_as_text),
    }
}

fn date_as_text(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Date(DateReading::Date {
        date,
        time,
        spelling,
    }) = *cell.parsed
    else {
        return None;
    };
    let variant = match spelling {
        // A number that nobody can read as a date is never a column's own way.
        Spelling::Serial => "serial",
        // Where no cell is a date cell (a table out of a CSV file, say) text is.
        _ if !cell.among_typed => return None,
        Spelling::Text => "",
        Spelling::Number => "number",
        Spelling::DateCell => return None,
    };
    let written = match time {
        Some(time) => format!("{date} {time}"),
        None => date.to_string(),
    };
    let message = Message::new("date-as-text", variant)
        .with("value", cell.value.display())
        .with("date", date);
    Some(Flaw::new(message).suggest(written).fixable())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_text_among_dates_is_found() {
        let table = "
            | lead_id         | follow_up_date  |
            | ZJ-20250226-001 | =2024-02-26     |
            | ZJ-20250226-001 | 2024.3.5        |
            | ZJ-20250226-001 | 2024-03-06 9:30 |
            | ZJ-20250226-001 | =20240307       |";
        insta::assert_snapshot!(findings("C206", table), @r"
        B3 date-as-text value=2024.3.5 date=2024-03-05 → 2024-03-05 (fixable)
        B4 date-as-text value=2024-03-06 9:30 date=2024-03-06 → 2024-03-06 09:30:00 (fixable)
        B5 date-as-text-number value=20240307 date=2024-03-07 → 2024-03-07 (fixable)
        ");
    }

    #[test]
    fn a_serial_number_is_told_even_where_every_date_is_one() {
        let table = "
            | lead_id | follow_up_date | next_date  |
            | A001    | =45432         | =20240527  |
            | A002    | =45433.5       | 2024-05-28 |";
        insta::assert_snapshot!(findings("C206", table), @r"
        B2 date-as-text-serial value=45432 date=2024-05-20 → 2024-05-20 (fixable)
        B3 date-as-text-serial value=45433.5 date=2024-05-21 → 2024-05-21 12:00:00 (fixable)
        ");
    }

    #[test]
    fn a_column_of_text_dates_is_consistent_and_left_alone() {
        let table = "
            | follow_up_date | next_date   |
            | 2024-02-26     | =2024-02-28 |
            | 2024.3.5       | =2024-03-07 |";
        assert_eq!(findings("C206", table), "");
    }

    #[test]
    fn what_is_no_certain_date_has_other_rules() {
        let table = "
            | follow_up_date |
            | =2024-02-26    |
            | 2025年2月30日  |
            | 3/4/2024       |
            | 5月22日        |
            | 待定           |";
        assert_eq!(findings("C206", table), "");
    }
}
