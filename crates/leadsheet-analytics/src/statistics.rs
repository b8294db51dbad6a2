//! What can be said of a few numbers: their middle, whether two shares differ, and by how much. Each by a published
//! method, so that anybody can do it again.

use serde::Serialize;

use crate::rate::Rate;

/// How numbers are spread.
///
/// Quartiles lie between neighbours by linear interpolation (Hyndman and Fan's type 7), as Excel's `QUARTILE.INC`,
/// numpy and R have them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// How many numbers there are.
    pub count: u32,
    /// A quarter of them is at most this.
    pub q1: f64,
    /// Half of them is at most this.
    pub median: f64,
    /// Three quarters of them are at most this.
    pub q3: f64,
    /// Nineteen of twenty are at most this.
    pub p95: f64,
    /// Their sum divided by their count.
    pub mean: f64,
}

impl Spread {
    /// The spread of whole numbers; `None` of none.
    pub(crate) fn of(mut numbers: Vec<i64>) -> Option<Self> {
        numbers.sort_unstable();
        let at = |share: f64| {
            let place = (numbers.len().checked_sub(1)?) as f64 * share;
            let below = *numbers.get(place.floor() as usize)? as f64;
            let above = *numbers.get(place.ceil() as usize)? as f64;
            Some(below + (above - below) * place.fract())
        };
        Some(Self {
            count: numbers.len() as u32,
            q1: at(0.25)?,
            median: at(0.5)?,
            q3: at(0.75)?,
            p95: at(0.95)?,
            mean: numbers.iter().sum::<i64>() as f64 / numbers.len() as f64,
        })
    }

    /// The same in units of `unit`.
    pub(crate) fn divided_by(self, unit: f64) -> Self {
        Self {
            count: self.count,
            q1: self.q1 / unit,
            median: self.median / unit,
            q3: self.q3 / unit,
            p95: self.p95 / unit,
            mean: self.mean / unit,
        }
    }
}

/// How far one share won lies above another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// `rate - other rate`, as fractions.
    pub difference: f64,
    /// Lower end of its 95 % interval, by Newcombe's hybrid score method.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often so great a difference, or a greater one, comes about by chance where there is none: Fisher's exact
    /// test, two-sided.
    pub p: f64,
    /// The same where several differences are looked at together, by Holm's method; `p` itself where it is one.
    pub p_adjusted: f64,
}

impl Difference {
    /// The difference of two rates; `None` where one of them has no lead.
    pub(crate) fn of(rate: &Rate, other: &Rate) -> Option<Self> {
        let (low, high) = newcombe(rate, other)?;
        let p = fisher((rate.won, rate.leads), (other.won, other.leads));
        Some(Self {
            difference: rate.rate? - other.rate?,
            low,
            high,
            p,
            p_adjusted: p,
        })
    }

    /// Whether it is more than chance explains, at five in a hundred.
    pub fn is_certain(&self) -> bool {
        self.p_adjusted < 0.05
    }
}

/// The 95 % interval of a difference of two shares from their own Wilson intervals: method 10 of R. G. Newcombe,
/// *Interval estimation for the difference between independent proportions*, Statistics in Medicine 17 (1998), 873–890.
fn newcombe(rate: &Rate, other: &Rate) -> Option<(f64, f64)> {
    let (p, low, high) = (rate.rate?, rate.low?, rate.high?);
    let (q, other_low, other_high) = (other.rate?, other.low?, other.high?);
    Some((
        p - q - (p - low).hypot(other_high - q),
        p - q + (high - p).hypot(q - other_low),
    ))
}

/// Fisher's exact test of two shares `(successes, trials)`, two-sided: the sum of the probabilities of all tables with
/// the same margins that are no likelier than this one.
fn fisher((won, leads): (u32, u32), (other_won, other_leads): (u32, u32)) -> f64 {
    /// Tables as likely as this one may come out a little likelier in binary.
    const SLACK: f64 = 1e-7;
    let successes = u64::from(won) + u64::from(other_won);
    let (leads, other_leads) = (u64::from(leads), u64::from(other_leads));
    let least = successes.saturating_sub(other_leads);
    let most = successes.min(leads);
    // ln(n! / (k! (n-k)!)) changes from k to k+1 by ln((n-k) / (k+1)): one walk gives every table's weight.
    let step = |k: u64| {
        let more = ((leads - k) as f64 / (k + 1) as f64).ln();
        let less = ((successes - k) as f64 / (other_leads + k + 1 - successes) as f64).ln();
        more + less
    };
    let mut weights = vec![0.0];
    for k in least..most {
        weights.push(weights[weights.len() - 1] + step(k));
    }
    let heaviest = weights.iter().copied().fold(f64::MIN, f64::max);
    let mut likelihoods = weights;
    for weight in &mut likelihoods {
        *weight = (*weight - heaviest).exp();
    }
    let this = likelihoods[(u64::from(won) - least) as usize] * (1.0 + SLACK);
    let all: f64 = likelihoods.iter().sum();
    let as_unlikely = likelihoods.iter().filter(|&&it| it <= this);
    let tail: f64 = as_unlikely.sum();
    (tail / all).min(1.0)
}

/// Corrects for looking at several differences at once: S. Holm, *A simple sequentially rejective multiple test
/// procedure*, Scandinavian Journal of Statistics 6 (1979), 65–70.
pub(crate) fn correct_for_many<'d>(differences: impl Iterator<Item = &'d mut Difference>) {
    let mut sorted: Vec<_> = differences.collect();
    sorted.sort_by(|one, other| one.p.total_cmp(&other.p));
    let count = sorted.len();
    let mut least = 0.0_f64;
    for (position, difference) in sorted.into_iter().enumerate() {
        least = least.max(difference.p * (count - position) as f64).min(1.0);
        difference.p_adjusted = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(number: f64) -> String {
        format!("{number:.4}")
    }

    /// numpy.quantile([1, 2, 4, 8, 16, 23], [.25, .5, .75, .95])
    #[test]
    fn quartiles_are_those_of_numpy_and_excel() {
        let spread = Spread::of(vec![23, 1, 16, 2, 8, 4]).unwrap();
        assert_eq!((spread.q1, spread.median, spread.q3), (2.5, 6.0, 14.0));
        assert_eq!((spread.count, spread.mean, spread.p95), (6, 9.0, 21.25));
        let one = Spread::of(vec![5]).unwrap();
        assert_eq!((one.q1, one.median, one.q3), (5.0, 5.0, 5.0));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    /// Table II of Newcombe's paper.
    #[test]
    fn the_interval_of_a_difference_is_the_published_one() {
        for (one, other, low, high) in [
            ((56, 70), (48, 80), "0.0524", "0.3339"),
            ((9, 10), (3, 10), "0.1705", "0.8090"),
            ((10, 10), (0, 10), "0.6075", "1.0000"),
            ((5, 56), (0, 29), "-0.0381", "0.1926"),
        ] {
            let rate = |(won, leads)| Rate::new(leads, won, 0);
            let difference = Difference::of(&rate(one), &rate(other)).unwrap();
            assert_eq!(rounded(difference.low), low, "{one:?} {other:?}");
            assert_eq!(rounded(difference.high), high, "{one:?} {other:?}");
        }
    }

    /// scipy.stats.fisher_exact; the first is Fisher's own lady tasting tea.
    #[test]
    fn chance_is_judged_as_scipy_judges_it() {
        for (one, other, p) in [
            ((3, 4), (1, 4), "0.4857"),
            ((10, 13), (2, 17), "0.0005"),
            ((200, 1000), (150, 1000), "0.0039"),
            ((8, 18), (3, 30), "0.0113"),
            ((0, 5), (0, 7), "1.0000"),
        ] {
            assert_eq!(rounded(fisher(one, other)), p, "{one:?} {other:?}");
            assert_eq!(rounded(fisher(other, one)), p, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_group_without_leads_differs_from_nothing() {
        assert_eq!(
            Difference::of(&Rate::new(0, 0, 0), &Rate::new(9, 3, 0)),
            None
        );
    }

    /// R's `p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")`.
    #[test]
    fn many_differences_are_corrected_as_r_corrects_them() {
        let with = |p| Difference {
            difference: 0.0,
            low: 0.0,
            high: 0.0,
            p,
            p_adjusted: p,
        };
        let mut differences = [0.01, 0.04, 0.03, 0.005].map(with);
        correct_for_many(differences.iter_mut());
        let adjusted = differences.map(|it| rounded(it.p_adjusted));
        assert_eq!(adjusted, ["0.0300", "0.0600", "0.0600", "0.0200"]);
    }

    #[test]
    fn great_tables_are_no_trouble() {
        let p = fisher((200_000, 1_000_000), (199_000, 1_000_000));
        assert!((0.0..=1.0).contains(&p), "{p}");
    }
}
