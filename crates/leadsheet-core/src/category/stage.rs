//! 当前状态: how far a lead has come (S1, step four).

super::category! {
    /// Stage of a lead, from first contact to won or lost. Lost can be reached from every open stage.
    Stage {
        /// A lead that has not shown interest yet.
        Potential = "潜在客户" / "Potential" ["潜在", "潜在线索", "新线索", "prospect", "new"];
        /// Interested.
        Interested = "意向客户" / "Interested" ["意向", "有意向客户", "跟进中", "qualified"];
        /// Budget confirmed, decision maker known, time of co-operation clear (S1).
        HighIntent = "高意向客户" / "High intent" ["高意向", "强意向客户", "重点意向客户"];
        /// Bought.
        Won = "成交客户" / "Won" ["成交", "已成交", "赢单", "已成交客户", "签约成交", "closed won"];
        /// Gone.
        Lost = "流失客户" / "Lost" ["流失", "已流失", "输单", "战败", "closed lost", "lost lead", "失效"];
    }
}

/// What becomes of a lead from one follow-up to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageStep {
    /// Nothing.
    Stay,
    /// One stage up.
    Up,
    /// Up past a stage.
    Skip,
    /// Down to an earlier stage, or open again after it was won.
    Down,
    /// Lost while open.
    Lose,
    /// Lost after it was won.
    LoseWon,
    /// Taken up again after it was lost.
    Reopen,
}

impl Stage {
    /// The stages a lead passes on its way: the open ones and won. Lost is an exit, not a step.
    pub const LADDER: &'static [Stage] = &[
        Stage::Potential,
        Stage::Interested,
        Stage::HighIntent,
        Stage::Won,
    ];

    /// Whether the lead can still be won.
    pub const fn is_open(self) -> bool {
        !matches!(self, Stage::Won | Stage::Lost)
    }

    /// What going from this stage to `next` means.
    pub const fn step_to(self, next: Stage) -> StageStep {
        let (from, to) = (self as usize, next as usize);
        match (self, next) {
            _ if from == to => StageStep::Stay,
            (Stage::Lost, _) => StageStep::Reopen,
            (Stage::Won, Stage::Lost) => StageStep::LoseWon,
            (_, Stage::Lost) => StageStep::Lose,
            _ if to < from => StageStep::Down,
            _ if to == from + 1 => StageStep::Up,
            _ => StageStep::Skip,
        }
    }

    /// Whether a lead may go from this stage to `next` from one follow-up to the next without a reason given:
    /// staying, one step up, or losing it while open (S1).
    pub const fn may_become(self, next: Stage) -> bool {
        matches!(
            self.step_to(next),
            StageStep::Stay | StageStep::Up | StageStep::Lose
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_climbs_one_step_or_is_lost() {
        assert!(Stage::Potential.may_become(Stage::Interested));
        assert!(Stage::HighIntent.may_become(Stage::Won));
        assert!(Stage::Interested.may_become(Stage::Lost));
        assert!(!Stage::Potential.may_become(Stage::Won));
        assert!(!Stage::HighIntent.may_become(Stage::Potential));
        assert!(!Stage::Won.may_become(Stage::Lost));
        assert!(!Stage::Lost.may_become(Stage::Potential));
    }

    #[test]
    fn every_other_way_has_a_name() {
        for (from, to, step) in [
            (Stage::Won, Stage::Won, StageStep::Stay),
            (Stage::Potential, Stage::Won, StageStep::Skip),
            (Stage::HighIntent, Stage::Interested, StageStep::Down),
            (Stage::Won, Stage::Potential, StageStep::Down),
            (Stage::Won, Stage::Lost, StageStep::LoseWon),
            (Stage::Lost, Stage::Interested, StageStep::Reopen),
            (Stage::Lost, Stage::Won, StageStep::Reopen),
        ] {
            assert_eq!(from.step_to(to), step, "{from} to {to}");
        }
    }
}
