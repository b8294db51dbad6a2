use crate::ledger::SkipReason;
use crate::message::Message;
use crate::place::CellRef;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// Empty rows with data below them.
    ///
    /// ## Why it matters
    /// The rows below are read here all the same, but to the spreadsheet program the table ends at the gap: sorting,
    /// filters and pivot tables leave them out.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 |
    /// |---|---|
    /// | 北辰机电 | 2024-05-20 |
    /// | | |
    /// | 南汀贸易 | 2024-05-22 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 |
    /// |---|---|
    /// | 北辰机电 | 2024-05-20 |
    /// | 南汀贸易 | 2024-05-22 |
    ///
    /// ## What to do
    /// Delete the empty rows.
    pub(super) static BLANK_ROW = {
        code: "S108", name: "blank-row", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Sheet(blank_row),
    }
}

fn blank_row(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    let (Some(column), Some(&last)) = (ledger.columns().first(), ledger.sheet_rows().last()) else {
        return;
    };
    let blank = ledger
        .skipped
        .iter()
        .filter(|skipped| skipped.reason == SkipReason::Blank && skipped.row < last);
    let mut gaps: Vec<(u32, u32)> = Vec::new();
    for row in blank.map(|skipped| skipped.row) {
        match gaps.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => gaps.push((row, row)),
        }
    }
    let begins_anew = |row: u32| {
        let mut skipped = ledger.skipped.iter();
        skipped.any(|one| one.row == row && one.reason == SkipReason::RepeatedHeader)
    };
    // What follows has a heading of its own: it is kept apart on purpose.
    for (first, last) in gaps.into_iter().filter(|(_, last)| !begins_anew(last + 1)) {
        let message = match last - first + 1 {
            1 => Message::new("blank-row", ""),
            rows => Message::new("blank-row", "several").with("rows", rows),
        };
        findings.cell(CellRef::new(first, column.index), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::{Ledger, SkipReason, SkippedRow};
    use crate::policy::Policy;
    use crate::rules::testing::{findings_of, table};

    /// Data down to row 9; rows count from 0 in `skipped`.
    fn ledger(skipped: &[(u32, SkipReason)]) -> Ledger {
        let mut ledger = table(&format!("| customer |{}", "\n| 北辰机电 |".repeat(8)));
        let row = |&(row, reason): &(u32, SkipReason)| SkippedRow { row, reason };
        ledger.skipped = skipped.iter().map(row).collect();
        ledger
    }

    #[test]
    fn each_gap_is_found_once_however_many_rows_it_has() {
        use SkipReason::Blank;
        let ledger = ledger(&[
            (1, Blank),
            (3, Blank),
            (4, Blank),
            (5, Blank),
            (7, Blank),
            (8, SkipReason::RepeatedHeader),
            (12, Blank),
        ]);
        insta::assert_snapshot!(findings_of("S108", ledger, &Policy::default()), @r"
        A2 blank-row
        A4 blank-row-several rows=3
        ");
    }

    #[test]
    fn totals_notes_and_empty_rows_at_the_foot_are_clean() {
        let ledger = ledger(&[
            (2, SkipReason::Total),
            (3, SkipReason::RepeatedHeader),
            (8, SkipReason::Blank),
            (9, SkipReason::Foot),
        ]);
        assert_eq!(findings_of("S108", ledger, &Policy::default()), "");
    }
}
