//! Whether what a rule found in a long table is more than chance gives: of ten thousand rows made from a few names and
//! phrases, some are alike by themselves.

/// Whether so many are no surprise where chance alone lets one expect `expected`: as many or more turn up in one table of a
/// hundred (Poisson).
pub(super) fn is_chance(found: usize, expected: f64) -> bool {
    const ONE_IN_A_HUNDRED: f64 = 0.01;
    if found == 0 || expected <= 0.0 {
        return false;
    }
    let mut term = (-expected).exp();
    let mut fewer = 0.0;
    for count in 0..found {
        fewer += term;
        term *= expected / (count as f64 + 1.0);
    }
    1.0 - fewer >= ONE_IN_A_HUNDRED
}

/// Shorter tables are not long enough for chance to make much of.
pub(super) const LONG: usize = 500;

/// Pairs among so many.
pub(super) fn pairs(count: usize) -> f64 {
    count as f64 * (count as f64 - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the tables of the Poisson distribution: with 0.149 expected, two or more come up in 1.0 % of cases, with 0.436
    /// three or more.
    #[test]
    fn what_comes_up_once_in_a_hundred_tables_is_no_chance() {
        for (found, expected, chance) in [
            (1, 0.009, false),
            (1, 0.02, true),
            (2, 0.14, false),
            (2, 0.16, true),
            (3, 0.42, false),
            (3, 0.45, true),
            (30, 0.5, false),
            (5, 4.0, true),
            (100_000, 200_000.0, true),
            (0, 4.0, false),
            (3, 0.0, false),
        ] {
            assert_eq!(is_chance(found, expected), chance, "{found} {expected}");
        }
        assert!((pairs(4) - 6.0).abs() < 1e-9);
    }
}
