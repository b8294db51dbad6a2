//! 客户类别: the four classes of S0, told apart by need, time and how talks go.

super::category! {
    /// Class of a customer after the latest talk (S0).
    CustomerCategory {
        /// Has a clear need and plans to buy within one month.
        Ready = "准客户" / "Ready to buy" ["准成交客户"];
        /// Has a need that is not urgent.
        Interested = "意向客户" / "Interested" ["意向"];
        /// Talks go well, no need now.
        GoodPotential = "优质潜在客户" / "Good potential" ["优质潜在"];
        /// Talks go badly, or no power to decide.
        PoorPotential = "一般潜在客户" / "Poor potential" ["一般潜在"];
    }
}
