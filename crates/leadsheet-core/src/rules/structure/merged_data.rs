use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// Merged cells in the data. Their value is taken for every row they cover.
    ///
    /// ## Why it matters
    /// To the spreadsheet program only the first row has the value: sorting fails, filters and pivot tables miss the
    /// other rows.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 |
    /// |---|---|
    /// | 北辰机电 (A2:A4) | 2024-05-20 |
    /// | | 2024-05-22 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 |
    /// |---|---|
    /// | 北辰机电 | 2024-05-20 |
    /// | 北辰机电 | 2024-05-22 |
    ///
    /// ## What to do
    /// Unmerge the cells and write the value into every row.
    pub(super) static MERGED_DATA = {
        code: "S107", name: "merged-data", severity: Info, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Sheet(merged_data),
    }
}

fn merged_data(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    for merge in &ledger.merges {
        let column = ledger.column_at(merge.first);
        let message = Message::new("merged-data", "").with("range", merge);
        let finding = findings.cell(merge.first, message);
        finding.header = column.map(|column| column.header.as_str().into());
        finding.field = column.and_then(|column| column.field);
    }
}

#[cfg(test)]
mod tests {
    use crate::place::{CellRange, CellRef};
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn each_merge_is_found_once_at_its_first_cell() {
        let mut ledger = table("| customer | method |\n| 北辰 | 电话 |\n| 北辰 | 微信 |");
        ledger.merges = vec![CellRange::new(CellRef::new(1, 0), CellRef::new(2, 0))];
        assert_eq!(
            findings_of("S107", ledger, &Policy::default()),
            "A2 merged-data range=A2:A3"
        );
    }

    #[test]
    fn equal_values_in_unmerged_cells_are_clean() {
        let table = "| customer | method |\n| 北辰 | 电话 |\n| 北辰 | 微信 |";
        assert_eq!(findings("S107", table), "");
    }
}
