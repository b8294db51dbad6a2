//! A row of a table as a person would recognise it: whose it is, of which day, and the cells that are spoken of, marked.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use leadsheet::{Column, Field, Finding, Ledger, column_letters};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the terminal that a value may take.
const WIDEST: usize = 24;
/// What tells a row to the person who keeps the sheet: of each line the first that the table has.
const TELLING: [&[Field]; 4] = [
    &[Field::LeadId, Field::OrderNo],
    &[Field::Customer, Field::Company, Field::Contact],
    &[Field::FollowUpDate],
    &[Field::Owner],
];

/// Some cells of a row: headings above values above marks.
pub(super) struct Excerpt {
    table: Table,
}

impl Excerpt {
    /// What tells the row, and the cells that the findings are about.
    pub(super) fn of(ledger: &Ledger, row: usize, findings: &[&Finding]) -> Self {
        let is_flagged = |column: &Column| {
            let cell = Some(ledger.cell(row, column));
            let of_column = |finding: &&Finding| {
                finding.cell == cell && finding.header.as_deref() == Some(&column.header)
            };
            findings.iter().any(of_column)
        };
        let telling = TELLING.iter().filter_map(|fields| {
            let mut columns = fields.iter().filter_map(|&field| ledger.column(field));
            columns.next().map(|column| column.index)
        });
        let telling: Vec<u32> = telling.collect();
        let sheet_row = ledger.sheet_rows()[row];
        let mut lines = [vec![String::new()], Vec::new(), vec![String::new()]];
        lines[1].push((sheet_row + 1).to_string());
        for column in ledger.columns() {
            let flagged = is_flagged(column);
            if !flagged && !telling.contains(&column.index) {
                continue;
            }
            let cell = ledger.cell(row, column);
            let place = if cell.row == sheet_row {
                column_letters(cell.column)
            } else {
                cell.to_string()
            };
            let head = cut(&format!("{place} {}", column.header));
            let value = cut(&ledger.stored(row, column).display());
            let marked = if value.is_empty() { &head } else { &value };
            let mark = if flagged { marked.width() } else { 0 };
            lines[2].push("^".repeat(mark));
            lines[0].push(head);
            lines[1].push(value);
        }
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.add_rows(lines);
        Self { table }
    }

    /// Headings, values, marks.
    pub(super) fn lines(&self) -> [String; 3] {
        let mut lines = self.table.lines();
        [(); 3].map(|()| lines.next().unwrap_or_default().trim_end().to_owned())
    }
}

/// A text on one line, cut where it is too wide.
fn cut(text: &str) -> String {
    let line: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if line.width() <= WIDEST {
        return line;
    }
    let mut width = 1;
    let fits = line.chars().take_while(|c| {
        width += c.width().unwrap_or(0);
        width <= WIDEST
    });
    fits.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_is_cut_by_its_width_and_stays_on_one_line() {
        assert_eq!(cut("北辰机电"), "北辰机电");
        assert_eq!(cut("一\n二\u{1b}[0m"), "一 二 [0m");
        let cut = cut("已与客户确认需求并发送报价单");
        assert_eq!(cut, "已与客户确认需求并发送…");
        assert!(cut.width() <= WIDEST);
    }
}
