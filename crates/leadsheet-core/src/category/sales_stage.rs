//! 销售阶段: where a deal stands (S3).

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
}
