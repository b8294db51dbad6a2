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
        Won = "成交客户" / "Won" ["成交", "已成交", "赢单", "已成交客户", "签约成交", "closed won", "converted"];
        /// Gone.
        Lost = "流失客户" / "Lost" ["流失", "已流失", "输单", "战败", "closed lost", "失效"];
    }
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

    /// Whether a lead may go from this stage to `next` from one follow-up to the next without a reason given:
    /// staying, one step up, or losing it while open (S1).
    pub fn may_become(self, next: Stage) -> bool {
        self == next
            || (self.is_open() && next == Stage::Lost)
            || (self.is_open() && next as usize == self as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;

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
}
