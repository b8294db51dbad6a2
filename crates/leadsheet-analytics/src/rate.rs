//! A share of leads that were won, which never travels without its numerator, its denominator and how sure it is.

use serde::Serialize;

/// How many leads a group has and what became of them.
///
/// `rate` is `won / leads`; `low` and `high` are its 95 % [`wilson`] interval. All three are fractions, and `None`
/// where there is no lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// Leads in the group.
    pub leads: u32,
    /// Of these, won.
    pub won: u32,
    /// Of these, lost.
    pub lost: u32,
    /// Of these, neither.
    pub open: u32,
    /// The share won.
    pub rate: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

impl Rate {
    /// The rate of a group; what is neither won nor lost is open.
    pub fn new(leads: u32, won: u32, lost: u32) -> Self {
        let interval = wilson(won, leads);
        Self {
            leads,
            won,
            lost,
            open: leads.saturating_sub(won).saturating_sub(lost),
            rate: share(won, leads),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
        }
    }
}

/// `part / whole`, unrounded; `None` where the whole is 0.
pub(crate) fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// The 95 % score interval of E. B. Wilson for `successes` out of `trials`, as (low, high); `None` without a trial.
///
/// With p = successes ÷ trials, n = trials and z = 1.959963984540054 (the normal distribution's 97.5 % point):
///
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)
///
/// It stays between 0 and 1 and keeps its promise for small groups and for rates near 0 or 1, where the textbook
/// interval p ± z√(p(1−p)/n) fails. E. B. Wilson, *Probable inference, the law of succession, and statistical
/// inference*, Journal of the American Statistical Association 22 (1927), 209–212.
///
/// ```
/// let (low, high) = leadsheet_analytics::wilson(6, 40).unwrap();
/// assert_eq!(format!("{low:.4} {high:.4}"), "0.0706 0.2907");
/// ```
pub fn wilson(successes: u32, trials: u32) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let p = share(successes, trials)?;
    let n = f64::from(trials);
    let centre = p + Z * Z / (2.0 * n);
    let half_width = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // None and all are bounds of their own: binary noise must not say -1e-17 or 1.0000000000000002.
    let low = if successes == 0 {
        0.0
    } else {
        (centre - half_width) / scale
    };
    let high = if successes == trials {
        1.0
    } else {
        (centre + half_width) / scale
    };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_has_the_published_values() {
        for (won, leads, low, high) in [
            (0, 10, "0.000000", "0.277533"),
            (1, 10, "0.017876", "0.404150"),
            (3, 20, "0.052369", "0.360419"),
            (10, 10, "0.722467", "1.000000"),
            (15, 100, "0.093060", "0.232836"),
            (8, 100, "0.041093", "0.149981"),
        ] {
            let interval = wilson(won, leads).unwrap();
            assert_eq!(format!("{:.6}", interval.0), low, "{won}/{leads}");
            assert_eq!(format!("{:.6}", interval.1), high, "{won}/{leads}");
        }
    }

    #[test]
    fn a_group_without_leads_has_no_rate() {
        let rate = Rate::new(0, 0, 0);
        assert_eq!((rate.rate, rate.low, rate.high), (None, None, None));
    }

    /// Trap: an integer division makes 1 of 3 a rate of 0.
    #[test]
    fn a_rate_is_never_an_integer_division() {
        assert_eq!(Rate::new(3, 1, 1).rate, Some(1.0 / 3.0));
        assert_eq!(Rate::new(3, 1, 1).open, 1);
    }

    #[test]
    fn the_interval_holds_the_rate_and_stays_between_0_and_1() {
        for leads in 1..=60 {
            for won in 0..=leads {
                let (low, high) = wilson(won, leads).unwrap();
                let rate = f64::from(won) / f64::from(leads);
                assert!(
                    0.0 <= low && low <= rate && rate <= high && high <= 1.0,
                    "{won}/{leads}"
                );
            }
        }
    }
}
