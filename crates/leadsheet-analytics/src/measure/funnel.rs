//! The funnel: how far leads come, and where they are lost.

use leadsheet_core::Stage;

use crate::frame::{Count, Path};
use crate::rate::share;
use crate::report::FunnelStep;

/// One step for each stage of the ladder, from counts by the highest stage reached. Leads of unknown stage are in none.
///
/// - `reached`: leads whose highest stage is this one or a higher one;
/// - `next_rate`: `reached` of the next stage ÷ `reached`; none at the last;
/// - `overall_rate`: `reached` ÷ `reached` of the first stage;
/// - `lost_here`: lost leads whose highest stage is this one;
/// - `shown`: leads of which a follow-up shows this very stage, in any order;
/// - `in_order`: leads whose follow-ups show this stage and every one before it, each for the first time after the one
///   before it: the strict reading, in which a lead that skipped a stage came no farther;
/// - `next_rate_in_order`: `in_order` of the next stage ÷ `in_order`.
pub(crate) fn funnel(counts: &[Count], paths: &[Path]) -> Vec<FunnelStep> {
    let among = |is_meant: &dyn Fn(&Path) -> bool| -> u32 {
        let meant = paths.iter().filter(|&path| is_meant(path));
        meant.map(|path| path.leads).sum()
    };
    let shown = |rung: u32| among(&|path| path.shown >> (rung - 1) & 1 == 1);
    let in_order = |rung: u32| among(&|path| path.in_order >= rung);
    let reached = |rung: u32| -> u32 {
        let higher = counts.iter().filter(|count| count.codes[0] >= rung);
        higher.map(|count| count.leads).sum()
    };
    let lost = |rung: u32| -> u32 {
        let here = counts.iter().filter(|count| count.codes[0] == rung);
        here.map(|count| count.lost).sum()
    };
    let next = |rung: u32, of: &dyn Fn(u32) -> u32| {
        let is_last = rung as usize == Stage::LADDER.len();
        (!is_last).then(|| share(of(rung + 1), of(rung))).flatten()
    };
    let step = |(rung, &stage): (u32, &Stage)| FunnelStep {
        stage,
        reached: reached(rung),
        next_rate: next(rung, &reached),
        overall_rate: share(reached(rung), reached(1)),
        lost_here: lost(rung),
        shown: shown(rung),
        in_order: in_order(rung),
        next_rate_in_order: next(rung, &in_order),
    };
    (1..).zip(Stage::LADDER).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(reached: u32, leads: u32, lost: u32) -> Count {
        Count {
            codes: vec![reached],
            leads,
            lost,
            ..Count::default()
        }
    }

    /// Ten leads: one of unknown stage; of the nine others 4 stop at the first stage (2 lost), 3 at the second
    /// (1 lost), 2 are won.
    #[test]
    fn each_step_counts_the_leads_that_came_so_far() {
        let counts = [
            count(0, 1, 0),
            count(1, 4, 2),
            count(2, 3, 1),
            count(4, 2, 0),
        ];
        let steps = funnel(&counts, &[]);
        let reached: Vec<_> = steps.iter().map(|step| step.reached).collect();
        let lost: Vec<_> = steps.iter().map(|step| step.lost_here).collect();
        let next: Vec<_> = steps.iter().map(|step| step.next_rate).collect();
        let overall: Vec<_> = steps.iter().map(|step| step.overall_rate).collect();
        assert_eq!(reached, [9, 5, 2, 2]);
        assert_eq!(lost, [2, 1, 0, 0]);
        assert_eq!(next, [Some(5.0 / 9.0), Some(0.4), Some(1.0), None]);
        assert_eq!(
            overall,
            [Some(1.0), Some(5.0 / 9.0), Some(2.0 / 9.0), Some(2.0 / 9.0)]
        );
    }

    /// Trap 6 by hand: 甲 shows all four in order, 乙 jumps to 成交, 丙 begins at 意向, 丁 goes back and comes again.
    #[test]
    fn the_strict_reading_follows_the_ladder_and_the_other_any_order() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-01     | 潜在客户
            甲       | 2025-03-02     | 意向客户
            甲       | 2025-03-03     | 高意向客户
            甲       | 2025-03-04     | 成交客户
            乙       | 2025-03-01     | 潜在客户
            乙       | 2025-03-02     | 成交客户
            丙       | 2025-03-01     | 意向客户
            丁       | 2025-03-01     | 意向客户
            丁       | 2025-03-02     | 潜在客户
            丁       | 2025-03-03     | 意向客户";
        let funnel = crate::testing::report_of(text, &crate::testing::by(&[])).funnel;
        let shown: Vec<_> = funnel
            .iter()
            .map(|step| (step.reached, step.shown, step.in_order))
            .collect();
        assert_eq!(shown, [(4, 3, 3), (4, 3, 1), (2, 1, 1), (2, 2, 1)]);
        assert_eq!(funnel[0].next_rate_in_order, Some(1.0 / 3.0));
        assert_eq!(funnel[3].next_rate_in_order, None);
    }

    #[test]
    fn a_funnel_nobody_entered_has_no_rates() {
        let steps = funnel(&[], &[]);
        assert!(steps.iter().all(|step| step.reached == 0
            && step.next_rate.is_none()
            && step.overall_rate.is_none()));
    }
}
