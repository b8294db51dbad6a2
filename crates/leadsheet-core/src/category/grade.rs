//! 线索等级: how hot a lead is (S1, step one).

super::category! {
    /// Grade of a lead.
    Grade {
        /// High intent, a clear need soon.
        A = "A" / "A" ["A类", "A级", "A类客户", "A级客户", "A类线索", "重点客户", "高", "hot"];
        /// Medium intent, needs nurture.
        B = "B" / "B" ["B类", "B级", "B类客户", "B级客户", "B类线索", "普通客户", "中", "warm"];
        /// Low intent, long term.
        C = "C" / "C" ["C类", "C级", "C类客户", "C级客户", "C类线索", "非优先客户", "低", "cold"];
    }
}
