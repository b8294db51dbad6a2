//! Conversion: of the leads of a group, how many were won.

use leadsheet_core::Outcome;
use polars::prelude::*;

use crate::frame::code_of;
use crate::frame::column::{ALIKE, CLOSED, CREATED, OUTCOME};

/// Leads: each customer once, however many follow-ups it has.
pub(crate) fn leads() -> Expr {
    col(ALIKE).sum()
}

/// Won leads: those whose latest follow-up says won, and, where `within_days` is set, that were closed at most so
/// many days after they came: `closed - created <= within_days`.
pub(crate) fn won(within_days: Option<u32>) -> Expr {
    let won = is(Outcome::Won);
    how_many(match within_days {
        None => won,
        Some(days) => {
            let in_time = (col(CLOSED) - col(CREATED)).lt_eq(lit(i64::from(days)));
            won.and(in_time)
        }
    })
}

/// Lost leads: those whose latest follow-up says lost. What is neither won nor lost is open; under `within_days`
/// that includes leads won later.
pub(crate) fn lost() -> Expr {
    how_many(is(Outcome::Lost))
}

/// Whether any table can tell what became of the lead.
pub(crate) fn has_outcome() -> Expr {
    col(OUTCOME).is_not_null()
}

/// How many leads meet a condition.
pub(crate) fn how_many(condition: Expr) -> Expr {
    (condition.cast(DataType::UInt32) * col(ALIKE)).sum()
}

fn is(outcome: Outcome) -> Expr {
    col(OUTCOME).eq(lit(code_of(outcome)))
}

#[cfg(test)]
mod tests {
    use crate::testing::{LEDGER, book, by, day, figures, figures_of, table, table_of};
    use crate::{GradeAt, ReportDefinition};

    #[test]
    fn unknown_and_empty_sources_are_rows_of_their_own() {
        assert_eq!(
            figures_of(LEDGER, &by(&["source"])),
            "2+1+3=6\n\
             source:\n  线上推广 0+1+1=2\n  行业展会 1+0+0=1\n  抖音直播 1+0+1=2\n  （未填写） 0+0+1=1"
        );
    }

    #[test]
    fn the_grade_before_the_outcome_counts_unless_the_latest_is_asked_for() {
        assert_eq!(
            figures_of(LEDGER, &by(&["grade"])),
            "2+1+3=6\ngrade:\n  A 0+1+0=1\n  B 1+0+0=1\n  C 0+0+2=2\n  D 0+0+1=1\n  （未填写） 1+0+0=1"
        );
        let latest = ReportDefinition {
            grade_at: GradeAt::Latest,
            ..by(&["grade"])
        };
        assert_eq!(
            figures_of(LEDGER, &latest),
            "2+1+3=6\ngrade:\n  A 1+1+0=2\n  C 0+0+2=2\n  D 0+0+1=1\n  （未填写） 1+0+0=1"
        );
    }

    #[test]
    fn the_owner_is_the_latest_one() {
        assert_eq!(
            figures_of(LEDGER, &by(&["owner"])),
            "2+1+3=6\nowner:\n  何苗 0+1+1=2\n  周岚 1+0+1=2\n  吴桐 1+0+0=1\n  （未填写） 0+0+1=1"
        );
    }

    /// Trap 1: counting rows counts effort. Eleven calls to one customer are one lead.
    #[test]
    fn a_lead_with_many_follow_ups_is_counted_once() {
        let call = |day| format!("ZH-20250301-001 | 行业展会 | 2025-03-{day:02} | 意向客户");
        let calls: Vec<_> = (1..=10).map(call).collect();
        let text = format!(
            "lead_id | source | follow_up_date | stage\n{}
             ZH-20250301-001 | 行业展会 | 2025-03-11 | 成交客户
             XS-20250301-001 | 线上推广 | 2025-03-11 | 成交客户",
            calls.join("\n")
        );
        assert_eq!(
            figures_of(&text, &by(&["source"])),
            "2+0+0=2\nsource:\n  线上推广 1+0+0=1\n  行业展会 1+0+0=1"
        );
    }

    /// Trap 2: without a number or a mobile, customer and contact name decide together.
    #[test]
    fn namesakes_of_two_customers_are_two_leads() {
        let text = "
            customer | contact | follow_up_date | stage
            甲公司   | 张三    | 2025-03-01     | 成交客户
            乙公司   | 张三    | 2025-03-02     | 潜在客户
            甲公司   | 张三    | 2025-03-03     | 成交客户";
        assert_eq!(figures_of(text, &by(&[])), "1+0+1=2");
    }

    /// Trap 4: a lead of last week had no 30 days to be won in. Six leads on 2025-05-05: the sixth is four days old,
    /// the first was won after 19 days, the fifth at once.
    #[test]
    fn leads_too_young_to_be_judged_are_left_out() {
        let within = |days| ReportDefinition {
            within_days: Some(days),
            today: day("2025-05-05"),
            ..by(&[])
        };
        assert_eq!(figures_of(LEDGER, &within(19)), "2+1+2=5");
        // Won later than asked for is not won, and not lost either.
        assert_eq!(figures_of(LEDGER, &within(18)), "1+1+3=5");
        assert_eq!(figures_of(LEDGER, &within(4)), "1+1+4=6");
        assert_eq!(figures_of(LEDGER, &within(5)), "1+1+3=5");
        assert_eq!(figures_of(LEDGER, &within(0)), "1+1+4=6");
    }

    /// Trap 5: a total can rise while every part falls; so parts can be asked for crossed, and they add up.
    #[test]
    fn crossed_keys_show_each_combination_that_occurs() {
        assert_eq!(
            figures_of(LEDGER, &by(&["source*grade"])),
            "2+1+3=6\nsource*grade:\
             \n  线上推广 × A 0+1+0=1\n  线上推广 × C 0+0+1=1\n  行业展会 × B 1+0+0=1\
             \n  抖音直播 × D 0+0+1=1\n  抖音直播 × （未填写） 1+0+0=1\n  （未填写） × C 0+0+1=1"
        );
    }

    /// Trap 7: the latest follow-up decides, so what was won and is open again is open, and what was lost and is won
    /// is won.
    #[test]
    fn a_lead_that_changes_its_mind_counts_by_its_latest_follow_up() {
        let text = "
            lead_id         | follow_up_date | stage
            ZH-20250301-001 | 2025-03-01     | 成交客户
            ZH-20250301-001 | 2025-03-09     | 潜在客户
            ZH-20250302-002 | 2025-03-02     | 流失客户
            ZH-20250302-002 | 2025-03-20     | 成交客户
            ZH-20250303-003 | 2025-03-20     | 流失客户
            ZH-20250303-003 | 2025-03-05     | 成交客户";
        assert_eq!(figures_of(text, &by(&[])), "1+1+1=3");
    }

    /// Trap 8: lost leads stay in the denominator.
    #[test]
    fn lost_leads_are_counted() {
        let text = "
            customer | result
            甲       | 成交
            乙       | 未成交
            丙       | 未成交
            丁       |";
        assert_eq!(figures_of(text, &by(&[])), "1+2+1=4");
    }

    /// Trap 12: the total divides sums; the mean of a rate of 1 in 1 and of 0 in 2 would be one half.
    #[test]
    fn the_total_is_no_mean_of_rates() {
        let text = "
            customer | source   | stage
            甲       | 线上推广 | 成交客户
            乙       | 行业展会 | 潜在客户
            丙       | 行业展会 | 潜在客户";
        assert_eq!(
            figures_of(text, &by(&["source"])),
            "1+0+2=3\nsource:\n  线上推广 1+0+0=1\n  行业展会 0+0+2=2"
        );
    }

    #[test]
    fn every_template_says_won_in_its_own_way() {
        for (field, won, open) in [
            ("conversion_status", "成交客户", "潜在客户"),
            ("result", "成交", ""),
            ("sales_stage", "售后服务", "报价"),
            ("order_status", "已下单", "已取消"),
        ] {
            let text = format!("customer | {field}\n甲 | {won}\n乙 | {open}");
            assert_eq!(figures_of(&text, &by(&[])), "1+0+1=2", "{field}");
        }
    }

    #[test]
    fn spellings_and_scripts_of_one_term_are_one_group() {
        let text = "
            customer | source   | region | stage
            甲       | 展会     | 華東   | 成交客戶
            乙       | 行業展會 | 华东   | 潛在客戶
            丙       | 展会咨询 | 华 东  | 流失客户";
        assert_eq!(
            figures_of(text, &by(&["source", "region"])),
            "1+1+1=3\nsource:\n  行业展会 1+1+1=3\nregion:\n  华东 1+1+1=3"
        );
    }

    #[test]
    fn files_sheets_and_templates_are_keys_too() {
        let january = "customer | stage\n甲 | 潜在客户\n乙 | 流失客户";
        let february = "customer | stage\n甲 | 成交客户";
        let books = [
            book("一月.xlsx", [table(january)]),
            book("2025/二月.xlsx", [table_of("二月", "pipeline", february)]),
        ];
        assert_eq!(
            figures(&books, &by(&["file", "folder", "sheet", "template"])),
            "1+1+0=2\nfile:\n  2025/二月.xlsx 1+0+0=1\n  一月.xlsx 0+1+0=1\
             \nfolder:\n  . 0+1+0=1\n  2025 1+0+0=1\
             \nsheet:\n  二月 1+0+0=1\n  线索跟进 0+1+0=1\
             \ntemplate:\n  lead-ledger 0+1+0=1\n  pipeline 1+0+0=1"
        );
    }
}
