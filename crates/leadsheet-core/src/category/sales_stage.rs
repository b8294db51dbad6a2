//! 销售阶段: where a deal stands (S3).

use super::StageStep;

super::category! {
    /// Stage of a deal.
    SalesStage {
        /// First contact.
        FirstContact = "初步接触" / "First contact" ["初次联系", "验证客户"];
        /// Finding out the need.
        Needs = "需求分析" / "Needs analysis" ["需求确认"];
        /// Working out a proposal.
        Proposal = "方案制定" / "Proposal" ["方案"];
        /// Quoting.
        Quotation = "报价" / "Quotation" ["报价中", "方案/报价", "建议/报价"];
        /// Contract signed: won.
        Contract = "合同签订" / "Contract signed" ["签订合同", "签约", "签约成交", "合同签署", "成交", "赢单"];
        /// After-sales service: won before.
        AfterSales = "售后服务" / "After-sales service" ["售后", "合作中"];
    }
}

impl SalesStage {
    /// Whether the deal is won at this stage (domain rule: a signed contract, or service after one).
    pub const fn is_won(self) -> bool {
        matches!(self, SalesStage::Contract | SalesStage::AfterSales)
    }

    /// What going from this stage to `next` means.
    pub const fn step_to(self, next: SalesStage) -> StageStep {
        let (from, to) = (self as usize, next as usize);
        if from == to {
            StageStep::Stay
        } else if to < from {
            StageStep::Down
        } else if to == from + 1 {
            StageStep::Up
        } else {
            StageStep::Skip
        }
    }

    /// Whether a deal may go from this stage to `next`, from one follow-up to the next, without a reason given: staying,
    /// one step up, or past steps that a small deal does without. A contract wants a quotation before it, and service a
    /// contract.
    ///
    /// ```
    /// use leadsheet_core::SalesStage;
    /// assert!(SalesStage::FirstContact.may_become(SalesStage::Quotation));
    /// assert!(SalesStage::Quotation.may_become(SalesStage::Contract));
    /// assert!(!SalesStage::FirstContact.may_become(SalesStage::Contract));
    /// assert!(!SalesStage::Quotation.may_become(SalesStage::Needs));
    /// ```
    pub const fn may_become(self, next: SalesStage) -> bool {
        match self.step_to(next) {
            StageStep::Stay | StageStep::Up => true,
            StageStep::Skip => !next.is_won(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SalesStage::{AfterSales, Contract, FirstContact, Needs, Proposal, Quotation};

    #[test]
    fn a_deal_goes_forward_and_is_quoted_before_it_is_signed() {
        for (from, to) in [
            (FirstContact, FirstContact),
            (FirstContact, Needs),
            (FirstContact, Proposal),
            (Needs, Quotation),
            (Quotation, Contract),
            (Contract, AfterSales),
        ] {
            assert!(from.may_become(to), "{from} to {to}");
        }
        for (from, to) in [
            (Needs, Contract),
            (Proposal, Contract),
            (Quotation, AfterSales),
            (Contract, Quotation),
            (AfterSales, FirstContact),
            (Needs, FirstContact),
        ] {
            assert!(!from.may_become(to), "{from} to {to}");
        }
    }
}
