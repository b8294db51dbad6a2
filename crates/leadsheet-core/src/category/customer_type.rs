//! 客户类型: how valuable a customer is (S2).

super::category! {
    /// Type of a customer.
    CustomerType {
        /// Ordinary.
        Ordinary = "一般客户" / "Ordinary" ["一般", "普通客户", "普通"];
        /// Good.
        Good = "优质客户" / "Good" ["优质"];
        /// The best there are.
        Vip = "超级VIP客户" / "Super VIP" ["VIP客户", "超级VIP", "VIP", "贵宾客户"];
    }
}
