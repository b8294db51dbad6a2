//! The funnel: how far leads come, and where they are lost.

use leadsheet_core::Stage;

use crate::frame::Count;
use crate::rate::share;
use crate::report::FunnelStep;

/// One step for each stage of the ladder, from counts by the highest stage reached. Leads of unknown stage are in none.
///
/// - `reached`: leads whose highest stage is this one or a higher one;
/// - `next_rate`: `reached` of the next stage ÷ `reached`; none at the last;
/// - `overall_rate`: `reached` ÷ `reached` of the first stage;
/// - `lost_here`: lost leads whose highest stage is this one.
pub(crate) fn funnel(counts: &[Count]) -> Vec<FunnelStep> {
    let reached = |rung: u32| -> u32 {
        let higher = counts.iter().filter(|count| count.codes[0] >= rung);
        higher.map(|count| count.leads).sum()
    };
    let lost = |rung: u32| -> u32 {
        let here = counts.iter().filter(|count| count.codes[0] == rung);
        here.map(|count| count.lost).sum()
    };
    let step = |(rung, &stage): (u32, &Stage)| FunnelStep {
        stage,
        reached: reached(rung),
        next_rate: (rung as usize != Stage::LADDER.len())
            .then(|| share(reached(rung + 1), reached(rung)))
            .flatten(),
        overall_rate: share(reached(rung), reached(1)),
        lost_here: lost(rung),
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
        let steps = funnel(&[
            count(0, 1, 0),
            count(1, 4, 2),
            count(2, 3, 1),
            count(4, 2, 0),
        ]);
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

    #[test]
    fn a_funnel_nobody_entered_has_no_rates() {
        let steps = funnel(&[]);
        assert!(steps.iter().all(|step| step.reached == 0
            && step.next_rate.is_none()
            && step.overall_rate.is_none()));
    }
}
