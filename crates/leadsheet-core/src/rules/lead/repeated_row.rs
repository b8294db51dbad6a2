use hashbrown::HashMap;

use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::{Column, Row};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A follow-up that is there twice: two rows of one lead and one day that are alike in every column but the row number.
    ///
    /// ## Why it matters
    /// It was copied or pasted by accident. The follow-ups of its owner, and those it took to win the lead, are counted one
    /// too many; an order in it is paid twice.
    ///
    /// ## Example
    /// | 线索编号 | 跟进日期 | 跟进方式 | 沟通内容摘要 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 介绍产品 |
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 介绍产品 |
    ///
    /// ## What to do
    /// Delete one of the two. Of two talks on one day, write down what was different.
    pub(super) static REPEATED_ROW = {
        code: "L125", name: "repeated-row", severity: Warning, since: "0.1.0",
        needs: [FollowUpDate],
        check: Check::Lead(repeated_row),
    }
}

fn repeated_row(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    if lead.rows().len() < 2 {
        return;
    }
    let ledger = lead.first().reading().ledger();
    let compared = || {
        let columns = ledger.columns().iter();
        columns.filter(|column| column.field != Some(Field::RowNumber) && !column.is_carried())
    };
    let Some(dates) = ledger.column(Field::FollowUpDate) else {
        return;
    };
    let code = |column: &Column, row: &Row<'_>| column.codes()[row.index()];
    let mut of_day: Vec<Row<'_>> = Vec::new();
    let mut rows = lead.rows_in_order().peekable();
    while let Some(row) = rows.next() {
        of_day.push(row);
        let next = rows.peek().map(|next| code(dates, next));
        if next == Some(code(dates, &row)) {
            continue;
        }
        if of_day.len() > 1 {
            let mut seen: HashMap<Vec<u32>, Row<'_>> = HashMap::new();
            for row in &of_day {
                let codes = compared().map(|column| code(column, row)).collect();
                let Some(earlier) = seen.get(&codes) else {
                    seen.insert(codes, *row);
                    continue;
                };
                let message = Message::new("repeated-row", "").with("row", earlier.number());
                let finding = findings.row(row, Field::FollowUpDate, message);
                finding.related.extend(earlier.cell(Field::FollowUpDate));
            }
        }
        of_day.clear();
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_row_that_was_copied_is_found_wherever_it_stands() {
        let table = "
            | row_number | lead_id | follow_up_date | method | summary  | 大区主管批注 |
            | 1          | A001    | =2024-05-20    | 电话   | 介绍产品 | 继续跟       |
            | 2          | A002    | =2024-05-20    | 电话   | 介绍产品 | 继续跟       |
            | 3          | A001    | =2024-05-20    | 微信   | 介绍产品 | 继续跟       |
            | 4          | A001    | =2024-05-20    | 电话   | 介绍产品 | 继续跟       |";
        assert_eq!(findings("L125", table), "C5 repeated-row row=2 beside C2");
    }

    #[test]
    fn rows_that_differ_anywhere_and_rows_of_nobody_are_clean() {
        let table = "
            | lead_id | follow_up_date   | method | summary  | 大区主管批注 |
            | A001    | =2024-05-20      | 电话   | 介绍产品 | 继续跟       |
            | A001    | =2024-05-21      | 电话   | 介绍产品 | 继续跟       |
            | A001    | =2024-05-20      | 电话   | 介绍产品 |              |
            | A002    | =2024-05-20      | 电话   | 介绍产品 | 继续跟       |
            |         | =2024-05-20      | 电话   | 介绍产品 | 继续跟       |
            |         | =2024-05-20      | 电话   | 介绍产品 | 继续跟       |
            | A003    |                  | 电话   | 介绍产品 | 继续跟       |
            | A003    |                  | 电话   | 介绍产品 | 继续跟       |";
        assert_eq!(findings("L125", table), "");
    }
}
