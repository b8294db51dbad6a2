//! 关键节点: what has been settled on the way to a contract (S1, step four). Open, and a row may name several.

super::category! {
    /// Milestone of the customer's decision.
    Milestone {
        /// The budget is approved.
        Budget = "预算获批" / "Budget approved" ["预算确认", "预算通过", "预算已批", "预算落实"];
        /// It is known who decides.
        DecisionMaker = "决策人明确" / "Decision maker known" ["决策人确认", "确定决策人"];
        /// It is known when the co-operation is to begin.
        Time = "合作时间明确" / "Time settled" ["合作时间清晰", "合作时间确定", "时间明确", "合作时间节点清晰"];
        /// The contract is being reviewed.
        Review = "合同评审中" / "Contract under review" ["合同评审", "合同审核中", "合同审批中"];
        /// The contract is signed.
        Signed = "合同签署" / "Contract signed" ["合同签订", "签订合同", "签约", "合同已签"];
    }
}
