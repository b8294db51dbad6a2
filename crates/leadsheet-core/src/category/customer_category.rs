//! 客户类别: the four classes of S0, told apart by need, time and how talks go.

use chrono::{Months, NaiveDate};

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

/// What is known of a customer; `None` where nobody has asked yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Whether the customer has a need.
    pub has_need: Option<bool>,
    /// Whether the customer plans to buy within a month.
    pub buys_within_a_month: Option<bool>,
    /// Whether talks go well.
    pub talks_go_well: Option<bool>,
    /// Whether the person talked to can decide.
    pub can_decide: Option<bool>,
}

impl Evidence {
    /// The evidence with the day on which the customer means to buy: within a month is up to the same day of the next one.
    #[must_use]
    pub fn buying_on(self, day: NaiveDate, today: NaiveDate) -> Self {
        let in_a_month = today.checked_add_months(Months::new(1));
        Self {
            buys_within_a_month: Some(in_a_month.is_none_or(|last| day <= last)),
            ..self
        }
    }
}

impl CustomerCategory {
    /// The category that the evidence gives by the definitions of S0; `None` where it does not decide.
    ///
    /// ```
    /// use leadsheet_core::{CustomerCategory, Evidence};
    /// let evidence = Evidence {
    ///     has_need: Some(true),
    ///     buys_within_a_month: Some(false),
    ///     ..Evidence::default()
    /// };
    /// assert_eq!(CustomerCategory::of(&evidence), Some(CustomerCategory::Interested));
    /// ```
    pub const fn of(evidence: &Evidence) -> Option<Self> {
        match *evidence {
            Evidence {
                has_need: Some(true),
                buys_within_a_month: Some(true),
                ..
            } => Some(CustomerCategory::Ready),
            Evidence {
                has_need: Some(true),
                buys_within_a_month: Some(false),
                ..
            } => Some(CustomerCategory::Interested),
            // Who has a need is never merely potential.
            Evidence {
                has_need: Some(true),
                ..
            } => None,
            Evidence {
                can_decide: Some(false),
                ..
            }
            | Evidence {
                talks_go_well: Some(false),
                ..
            } => Some(CustomerCategory::PoorPotential),
            Evidence {
                has_need: Some(false),
                talks_go_well: Some(true),
                ..
            } => Some(CustomerCategory::GoodPotential),
            _ => None,
        }
    }

    /// Whether the evidence rules this class out: it says of need, time, talks or power to decide what the class denies.
    ///
    /// ```
    /// use leadsheet_core::{CustomerCategory, Evidence};
    /// let decided = Evidence { has_need: Some(true), ..Evidence::default() };
    /// assert!(CustomerCategory::PoorPotential.is_ruled_out_by(&decided));
    /// assert!(!CustomerCategory::Interested.is_ruled_out_by(&decided));
    /// ```
    pub const fn is_ruled_out_by(self, evidence: &Evidence) -> bool {
        match (self, evidence) {
            (
                _,
                Evidence {
                    has_need: Some(has_need),
                    ..
                },
            ) if *has_need != self.has_need() => true,
            (
                CustomerCategory::Ready,
                Evidence {
                    buys_within_a_month: Some(false),
                    ..
                },
            )
            | (
                CustomerCategory::GoodPotential,
                Evidence {
                    talks_go_well: Some(false),
                    ..
                }
                | Evidence {
                    can_decide: Some(false),
                    ..
                },
            ) => true,
            _ => false,
        }
    }

    /// Whether the class means that the customer has a need.
    pub const fn has_need(self) -> bool {
        matches!(self, CustomerCategory::Ready | CustomerCategory::Interested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_decide() {
        let evidence = |need, month, well, decides| Evidence {
            has_need: need,
            buys_within_a_month: month,
            talks_go_well: well,
            can_decide: decides,
        };
        let (yes, no) = (Some(true), Some(false));
        for (evidence, expected) in [
            (evidence(yes, yes, None, None), Some("准客户")),
            (evidence(yes, no, yes, None), Some("意向客户")),
            (evidence(yes, None, yes, yes), None),
            (evidence(no, None, yes, None), Some("优质潜在客户")),
            (evidence(no, None, no, None), Some("一般潜在客户")),
            (evidence(no, None, yes, no), Some("一般潜在客户")),
            (evidence(None, None, None, no), Some("一般潜在客户")),
            (evidence(no, None, None, None), None),
            (Evidence::default(), None),
        ] {
            let category = CustomerCategory::of(&evidence).map(CustomerCategory::canonical);
            assert_eq!(category, expected, "{evidence:?}");
        }
    }

    #[test]
    fn what_a_class_denies_rules_it_out() {
        use CustomerCategory::{GoodPotential, Interested, PoorPotential, Ready};
        let known = Evidence::default();
        let need = |has_need| Evidence {
            has_need: Some(has_need),
            ..known
        };
        let later = Evidence {
            buys_within_a_month: Some(false),
            ..need(true)
        };
        let badly = Evidence {
            talks_go_well: Some(false),
            ..need(false)
        };
        for (evidence, ruled_out) in [
            (known, &[][..]),
            (need(true), &[GoodPotential, PoorPotential]),
            (need(false), &[Ready, Interested]),
            (later, &[Ready, GoodPotential, PoorPotential]),
            (badly, &[Ready, Interested, GoodPotential]),
        ] {
            let all = CustomerCategory::ALL.iter().copied();
            let found: Vec<_> = all.filter(|one| one.is_ruled_out_by(&evidence)).collect();
            assert_eq!(found, ruled_out, "{evidence:?}");
        }
    }

    #[test]
    fn a_month_is_up_to_the_same_day_of_the_next() {
        let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        let buys = |on| {
            Evidence::default()
                .buying_on(on, day(5, 20))
                .buys_within_a_month
        };
        assert_eq!(buys(day(6, 20)), Some(true));
        assert_eq!(buys(day(6, 21)), Some(false));
    }
}
