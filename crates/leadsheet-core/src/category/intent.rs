//! 客户意向: what the customer says about buying (S2).

super::category! {
    /// Intent of a customer.
    Intent {
        /// Interested.
        Interested = "有意向" / "Interested" ["意向", "初步意向"];
        /// Wavering. S2 writes this run together with the first.
        Wavering = "徘徊犹豫" / "Wavering" ["有意向徘徊犹豫", "有意向，徘徊犹豫", "有意向、徘徊犹豫", "犹豫", "徘徊"];
        /// Sure to buy.
        Decided = "确定购买意向" / "Decided to buy" ["确定购买", "确定意向", "强烈意愿"];
    }
}
