//! 满意度评价: in words, in points from 1 to 5, or in stars (S4).

super::category! {
    /// How satisfied a customer is, the best first.
    Satisfaction {
        /// 5 of 5.
        VerySatisfied = "非常满意" / "Very satisfied" ["很满意", "十分满意", "5", "5分", "5星", "五星", "★★★★★"];
        /// 4 of 5.
        Satisfied = "满意" / "Satisfied" ["比较满意", "较满意", "4", "4分", "4星", "四星", "★★★★", "★★★★☆"];
        /// 3 of 5.
        Neutral = "一般" / "Neutral" ["基本满意", "中立", "3", "3分", "3星", "三星", "★★★", "★★★☆☆"];
        /// 2 of 5.
        Dissatisfied = "不满意" / "Dissatisfied" ["不太满意", "较不满意", "2", "2分", "2星", "二星", "★★", "★★☆☆☆"];
        /// 1 of 5.
        VeryDissatisfied = "非常不满意" / "Very dissatisfied" ["很不满意", "十分不满意", "1", "1分", "1星", "一星", "★", "★☆☆☆☆"];
    }
}

impl Satisfaction {
    /// Points, 5 for the best.
    pub const fn points(self) -> u8 {
        5 - self as u8
    }
}
