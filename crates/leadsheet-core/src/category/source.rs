//! 线索来源: where a lead came from (S1). Open: a team declares its own sources beside these.

super::category! {
    /// Source of a lead.
    Source {
        /// Promotion on the net.
        Online = "线上推广" / "Online promotion" ["线上", "网络推广", "广告", "线上广告"];
        /// Registered on the web site.
        Website = "官网注册" / "Website" ["官网", "官网咨询", "线上注册", "web site"];
        /// Trade fair.
        TradeFair = "行业展会" / "Trade fair" ["展会", "展会咨询", "展会资源", "展览会", "展销会", "博览会", "trade show", "exhibition"];
        /// Recommended by a customer.
        Referral = "客户转介绍" / "Referral" ["转介绍", "客户介绍", "老客户介绍", "老客户转介绍", "介绍", "word of mouth"];
        /// Anything else.
        Other = "其他" / "Other" ["其它"];
    }
}
