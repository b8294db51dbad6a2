use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::{Column, Ledger, Row};
use crate::message::Message;
use crate::rules::chance::{LONG, is_chance, pairs};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A follow-up that is there twice: two rows of one lead and one day that are alike in every column but the row number.
    /// Where a few phrases are used over and over and as many would be alike by chance, none is told.
    ///
    /// ## Why it matters
    /// It was copied or pasted by accident. The follow-ups of its owner, and those it took to win the lead, are counted one
    /// too many; an order in it is paid twice.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 跟进方式 | 沟通内容摘要 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 介绍产品 |
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 介绍产品 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 跟进方式 | 沟通内容摘要 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 介绍产品 |
    /// | ZH-20240520-001 | 2024-05-20 | 电话 | 对方回电，问交货期 |
    ///
    /// ## What to do
    /// Delete one of the two. Of two talks on one day, write down what was different.
    pub(super) static REPEATED_ROW = {
        code: "L125", name: "repeated-row", severity: Warning, since: "0.1.0",
        needs: [FollowUpDate],
        source: [Practice],
        check: Check::Table(repeated_row),
    }
}

fn repeated_row(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let ledger = leads.reading().ledger();
    let Some(dates) = ledger.column(Field::FollowUpDate) else {
        return;
    };
    let compared = ledger
        .columns()
        .iter()
        .filter(|column| column.field != Some(Field::RowNumber) && !column.is_carried());
    let compared: Vec<&Column> = compared.collect();
    let (mut repeated, mut pairs_of_day) = (Vec::new(), 0.0);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for lead in leads.iter().filter(|lead| lead.rows().len() > 1) {
        rows.clear();
        rows.extend(lead.rows_in_order());
        let day = |row: &Row<'_>| dates.code(row.index());
        for of_day in rows.chunk_by(|one, other| day(one) == day(other)) {
            pairs_of_day += pairs(of_day.len());
            find_repeated(of_day, &compared, &mut repeated);
        }
    }
    if repeated.is_empty() || is_chance(repeated.len(), pairs_of_day * alike_by_chance(ledger)) {
        return;
    }
    for (row, earlier) in repeated {
        let message = Message::new("repeated-row", "").with("row", earlier.number());
        let finding = findings.row(&row, Field::FollowUpDate, message);
        finding.related.extend(earlier.cell(Field::FollowUpDate));
    }
}

/// The rows that are like an earlier one, with that one.
fn find_repeated<'a>(rows: &[Row<'a>], compared: &[&Column], found: &mut Vec<(Row<'a>, Row<'a>)>) {
    if rows.len() < 2 {
        return;
    }
    let mut seen: HashMap<Vec<u32>, Row<'a>> = HashMap::new();
    for row in rows {
        let codes = compared.iter().map(|column| column.code(row.index()));
        match seen.entry(codes.collect()) {
            Entry::Occupied(earlier) => found.push((*row, *earlier.get())),
            Entry::Vacant(free) => {
                free.insert(*row);
            }
        }
    }
}

/// How likely two rows say the same of a talk though they are two talks: where a few phrases are used over and over.
fn alike_by_chance(ledger: &Ledger) -> f64 {
    const SAID: [Field; 4] = [
        Field::Method,
        Field::Summary,
        Field::Feedback,
        Field::NextStep,
    ];
    if ledger.len() < LONG {
        return 0.0;
    }
    let columns = SAID.iter().filter_map(|&field| ledger.column(field));
    let same = |column: &Column| {
        let mut of_code = vec![0_usize; column.distinct().len()];
        for code in column.codes().iter() {
            of_code[code as usize] += 1;
        }
        let same: f64 = of_code.into_iter().map(pairs).sum();
        same / pairs(ledger.len()).max(1.0)
    };
    columns.map(same).product()
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
    fn a_few_phrases_used_over_and_over_are_alike_by_chance() {
        let phrases = ["看场地", "谈价格", "签合同"];
        let rows = |methods: &[&str], talk: &dyn Fn(usize) -> String| {
            let row = |row: usize| {
                let (lead, day, method) =
                    (row % 300, row % 7 + 1, methods[row / 300 % methods.len()]);
                format!(
                    "| A{lead:03} | =2024-05-{day:02} | {method} | {} |\n",
                    talk(row)
                )
            };
            let rows: String = (0..2100).map(row).collect();
            format!("| lead_id | follow_up_date | method | summary |\n{rows}")
        };
        let of_phrases = rows(&["电话"], &|row| phrases[row * row / 7 % 3].to_owned());
        assert_eq!(findings("L125", &of_phrases), "");
        // Of talks that are all told in other words, one that is told twice was copied.
        let mut told = rows(&["电话"], &|row| format!("第{row}次谈价格"));
        told += "| A000 | =2024-05-01 | 电话 | 第0次谈价格 |\n";
        assert_eq!(
            findings("L125", &told),
            "B2102 repeated-row row=2 beside B2"
        );
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
