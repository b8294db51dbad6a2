//! What is known of a lead, from its follow-ups. The same as `leadsheet_core::Lead` says for the leads of one table.
//!
//! Follow-ups of a lead stand by date; those of one day by workbook, sheet and row; those without a readable date last.

use leadsheet_core::Outcome;
use polars::prelude::*;

use crate::frame::code_of;
use crate::frame::column::{CLOSED, DAY, DECIDED, NUMBER_DAY, ORDER, OUTCOME, REACHED, RUNG};
use crate::frame::rungs;

/// The first follow-up among those that have a value in `column`. A cell that is empty is a value; a table that has
/// no such column has none, and says nothing.
pub(crate) fn first(column: &str) -> Expr {
    order_where(col(column).is_not_null()).min()
}

/// The latest follow-up among those that have a value in `column`.
///
/// The outcome is the latest follow-up's, of tables that have a column for it. 成交日期 is the latest one there is.
pub(crate) fn latest(column: &str) -> Expr {
    order_where(col(column).is_not_null()).max()
}

fn order_where(condition: Expr) -> Expr {
    when(condition).then(col(ORDER)).otherwise(lit(NULL))
}

/// The day the lead came: the date in its number, else the day of its first follow-up.
pub(crate) fn created() -> Expr {
    coalesce(&[col(NUMBER_DAY).max(), col(DAY).min()])
}

/// The day of the first follow-up that says won or lost.
pub(crate) fn decided() -> Expr {
    let says = col(OUTCOME).neq(lit(code_of(Outcome::Open)));
    when(says).then(col(DAY)).otherwise(lit(NULL)).min()
}

/// The day the lead was won or lost: its latest 成交日期, else [`decided`].
pub(crate) fn closed() -> Expr {
    coalesce(&[col(CLOSED), col(DECIDED)])
}

/// The highest open stage, or 成交客户, that a follow-up shows.
pub(crate) fn highest_shown() -> Expr {
    col(RUNG).max()
}

/// The highest stage the lead has reached: all of them where it is won; [`highest_shown`] else, and at least the
/// first where it is lost; none where it is open and nothing shows one.
pub(crate) fn reached() -> Expr {
    let is = |outcome| col(OUTCOME).eq(lit(code_of(outcome)));
    when(is(Outcome::Won))
        .then(lit(rungs()))
        .when(is(Outcome::Lost))
        .then(coalesce(&[col(REACHED), lit(1_u32)]))
        .otherwise(col(REACHED))
}

/// Whether the lead was won once and is not now: it has reached 成交客户, and its latest follow-up says otherwise.
pub(crate) fn is_reopened() -> Expr {
    let is_won = col(OUTCOME).eq(lit(code_of(Outcome::Won)));
    col(REACHED).eq(lit(rungs())).and(is_won.not())
}

#[cfg(test)]
mod tests {
    use crate::testing::{LEDGER, by, figures_of, funnel_of};

    #[test]
    fn a_lead_counts_at_every_stage_it_has_reached() {
        assert_eq!(
            figures_of(LEDGER, &by(&["stage"])),
            "2+1+3=6\nstage:\n  潜在客户 2+1+2=5\n  意向客户 2+1+1=4\n  高意向客户 2+0+1=3\n  成交客户 2+0+0=2\
             \n  （未填写） 0+0+1=1"
        );
        assert_eq!(funnel_of(LEDGER, &by(&[])), "5-0 4-1 3-0 2-0");
    }

    /// Trap 6: a deal closed at the first visit passed the stages between all the same.
    #[test]
    fn a_won_lead_has_reached_the_stages_it_skipped() {
        let text = "customer | stage\n甲 | 成交客户";
        assert_eq!(funnel_of(text, &by(&[])), "1-0 1-0 1-0 1-0");
    }

    #[test]
    fn a_lead_seen_only_as_lost_reached_the_first_stage() {
        let text = "customer | stage\n甲 | 流失客户";
        assert_eq!(funnel_of(text, &by(&[])), "1-1 0-0 0-0 0-0");
    }

    /// Trap 7: won, then open again: it came as far as 成交客户 and is not won.
    #[test]
    fn a_lead_opened_again_keeps_the_stage_it_reached() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-01     | 成交客户
            甲       | 2025-03-09     | 潜在客户";
        assert_eq!(
            figures_of(text, &by(&["stage"])),
            "0+0+1=1\nstage:\n  潜在客户 0+0+1=1\n  意向客户 0+0+1=1\n  高意向客户 0+0+1=1\n  成交客户 0+0+1=1"
        );
    }

    #[test]
    fn stages_cross_with_other_keys() {
        assert_eq!(
            figures_of(LEDGER, &by(&["stage*grade"])),
            "2+1+3=6\nstage*grade:\
             \n  潜在客户 × A 0+1+0=1\n  潜在客户 × B 1+0+0=1\n  潜在客户 × C 0+0+1=1\n  潜在客户 × D 0+0+1=1\
             \n  潜在客户 × （未填写） 1+0+0=1\
             \n  意向客户 × A 0+1+0=1\n  意向客户 × B 1+0+0=1\n  意向客户 × C 0+0+1=1\n  意向客户 × （未填写） 1+0+0=1\
             \n  高意向客户 × B 1+0+0=1\n  高意向客户 × C 0+0+1=1\n  高意向客户 × （未填写） 1+0+0=1\
             \n  成交客户 × B 1+0+0=1\n  成交客户 × （未填写） 1+0+0=1\
             \n  （未填写） × C 0+0+1=1"
        );
    }

    /// Two follow-ups on the first day and two on the last: the upper one is the first, the lower one the latest.
    #[test]
    fn row_order_breaks_ties() {
        let text = "
            customer | follow_up_date | source   | owner | stage
            甲       | 2025-03-01     | 行业展会 | 何苗  | 意向客户
            甲       | 2025-03-01     | 线上推广 | 何苗  | 意向客户
            甲       | 2025-03-09     | 其他     | 吴桐  | 流失客户
            甲       | 2025-03-09     | 其他     | 周岚  | 成交客户";
        assert_eq!(
            figures_of(text, &by(&["source", "owner"])),
            "1+0+0=1\nsource:\n  行业展会 1+0+0=1\nowner:\n  周岚 1+0+0=1"
        );
    }

    #[test]
    fn a_follow_up_without_a_date_is_later_than_all() {
        let text = "
            customer | follow_up_date | source   | stage
            甲       |                | 行业展会 | 成交客户
            甲       | 2025-03-01     | 线上推广 | 意向客户";
        assert_eq!(
            figures_of(text, &by(&["source"])),
            "1+0+0=1\nsource:\n  线上推广 1+0+0=1"
        );
    }
}
