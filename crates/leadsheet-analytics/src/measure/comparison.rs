//! Two periods side by side: what changed, whether chance explains it, and what is left when the mix of leads is held
//! still.

use leadsheet_core::Message;
use serde::Serialize;

use crate::definition::{Key, Window};
use crate::rate::Rate;
use crate::report::Dimension;
use crate::statistics::{Difference, correct_for_many};

/// Conversion in the report's period beside that in another one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The other period.
    pub window: Window,
    /// All leads of either period.
    pub total: Change,
    /// By each grouping of the report that leads stand in once.
    #[serde(serialize_with = "as_map")]
    pub by: Vec<ComparedDimension>,
    /// What limits the comparison.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// A rate in both periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// In the other period.
    pub before: Rate,
    /// In the report's own.
    pub after: Rate,
    /// How far it lies above the other; `None` where one of them has no lead.
    #[serde(flatten)]
    pub difference: Option<Difference>,
}

/// Both periods by one grouping.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedDimension {
    /// The grouping.
    #[serde(skip)]
    pub name: String,
    /// Its groups.
    pub groups: Vec<ComparedGroup>,
    /// Both rates with the same mix of groups; `None` where no group has leads in both periods.
    pub standardised: Option<Standardised>,
}

/// One group in both periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedGroup {
    /// What it is.
    pub key: String,
    /// Its rates.
    #[serde(flatten)]
    pub change: Change,
}

/// What the rates would be, had both periods had the leads of both together: direct standardisation. A change that
/// disappears here came from other leads, not from better work (Simpson's paradox).
///
/// `rate = Σ weight × rate of the group ÷ Σ weight`, with the group's leads of both periods as its weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standardised {
    /// In the other period.
    pub before: f64,
    /// In the report's own.
    pub after: f64,
    /// `after - before`.
    pub difference: f64,
    /// The share of leads that stand in groups with leads in both periods; the others cannot be compared.
    pub covered: f64,
}

impl Change {
    fn new(before: Rate, after: Rate) -> Self {
        Self {
            before,
            after,
            difference: Difference::of(&after, &before),
        }
    }
}

/// Compares what was counted in two windows.
pub(crate) fn comparison(
    window: Window,
    (total_before, before): (Rate, &[Dimension]),
    (total_after, after): (Rate, &[Dimension]),
    notes: Vec<Message>,
) -> Comparison {
    let stands_once = |dimension: &&Dimension| {
        let mut keys = dimension.name.split('*');
        !keys.any(|key| key == Key::STAGE.name() || is_period(key))
    };
    let pair = |after: &Dimension| {
        let before = before.iter().find(|it| it.name == after.name)?;
        let compared = dimension(before, after);
        (!compared.groups.is_empty()).then_some(compared)
    };
    Comparison {
        window,
        total: Change::new(total_before, total_after),
        by: after.iter().filter(stands_once).filter_map(pair).collect(),
        notes,
    }
}

/// Two periods have no month in common.
fn is_period(key: &str) -> bool {
    key.parse::<Key>().is_ok_and(|key| key.period().is_some())
}

fn dimension(before: &Dimension, after: &Dimension) -> ComparedDimension {
    let rate_in = |dimension: &Dimension, key: &str| {
        let group = dimension.groups.iter().find(|group| group.key == key);
        group.map_or(Rate::new(0, 0, 0), |group| group.rate)
    };
    // The groups of this period in their order, then those that only the other one had.
    let only_before = before
        .groups
        .iter()
        .filter(|group| after.groups.iter().all(|it| it.key != group.key));
    let keys = after.groups.iter().chain(only_before).map(|it| &it.key);
    let mut groups: Vec<_> = keys
        .map(|key| ComparedGroup {
            key: key.clone(),
            change: Change::new(rate_in(before, key), rate_in(after, key)),
        })
        .collect();
    correct_for_many(
        groups
            .iter_mut()
            .filter_map(|group| group.change.difference.as_mut()),
    );
    ComparedDimension {
        name: after.name.clone(),
        standardised: standardised(&groups),
        groups,
    }
}

fn standardised(groups: &[ComparedGroup]) -> Option<Standardised> {
    let weight = |it: &ComparedGroup| f64::from(it.change.before.leads + it.change.after.leads);
    let in_both = groups
        .iter()
        .filter(|it| it.change.before.leads > 0 && it.change.after.leads > 0);
    let sum: f64 = in_both.clone().map(weight).sum();
    if sum <= 0.0 {
        return None;
    }
    let mean = |rate: fn(&Change) -> Option<f64>| {
        let parts = in_both.clone();
        let parts = parts.filter_map(|it| Some(weight(it) * rate(&it.change)?));
        parts.sum::<f64>() / sum
    };
    let (before, after) = (mean(|it| it.before.rate), mean(|it| it.after.rate));
    Some(Standardised {
        before,
        after,
        difference: after - before,
        covered: sum / groups.iter().map(weight).sum::<f64>(),
    })
}

fn as_map<S: serde::Serializer>(
    dimensions: &[ComparedDimension],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        dimensions
            .iter()
            .map(|dimension| (&dimension.name, dimension)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{by, day, report_of};
    use crate::{CompareWith, ReportDefinition};

    /// So many leads of a source and month, the first of them won.
    fn leads(source: &str, month: u32, leads: u32, won: u32) -> String {
        let lead = |number: u32| {
            let stage = if number < won {
                "成交客户"
            } else {
                "流失客户"
            };
            format!("{source}{month}-{number} | {source} | 2025-{month:02}-10 | {stage}\n")
        };
        (0..leads).map(lead).collect()
    }

    fn compared(rows: &str) -> Comparison {
        let text = format!("customer | source | follow_up_date | stage\n{rows}");
        let definition = ReportDefinition {
            window: Window {
                from: Some(day("2025-03-01")),
                to: Some(day("2025-03-31")),
                ..Window::default()
            },
            compare: Some(CompareWith::Previous),
            ..by(&["source", "stage", "month"])
        };
        report_of(&text, &definition).comparison.unwrap()
    }

    fn close(number: f64, expected: f64) -> bool {
        (number - expected).abs() < 1e-12
    }

    /// Trap 5, by hand. February: 20 of 100 online and 40 of 50 referred leads won, 60 of 150 in all. March: 4 of 40
    /// and 84 of 120, 88 of 160 in all. Both sources fell and the total rose, because more leads were referred.
    /// With the leads of both months, 140 and 170, it is (140 × .2 + 170 × .8) ÷ 310 and (140 × .1 + 170 × .7) ÷ 310.
    #[test]
    fn a_total_that_rises_while_every_part_falls_is_seen_through() {
        let rows = leads("线上推广", 2, 100, 20)
            + &leads("客户转介绍", 2, 50, 40)
            + &leads("线上推广", 3, 40, 4)
            + &leads("客户转介绍", 3, 120, 84);
        let comparison = compared(&rows);
        assert_eq!(
            (comparison.total.before.won, comparison.total.after.won),
            (60, 88)
        );
        assert!(comparison.total.difference.unwrap().difference > 0.14);
        assert_eq!(comparison.by.len(), 1, "neither stages nor months");
        let source = &comparison.by[0];
        let fell = |it: &ComparedGroup| it.change.difference.unwrap().difference < 0.0;
        assert!(source.groups.iter().all(fell));
        let standardised = source.standardised.unwrap();
        assert!(
            close(standardised.before, 164.0 / 310.0),
            "{standardised:?}"
        );
        assert!(close(standardised.after, 133.0 / 310.0), "{standardised:?}");
        assert!(close(standardised.covered, 1.0));
    }

    #[test]
    fn a_group_of_one_period_only_has_no_difference_and_is_not_covered() {
        let rows =
            leads("线上推广", 2, 6, 3) + &leads("线上推广", 3, 6, 3) + &leads("行业展会", 3, 4, 1);
        let source = &compared(&rows).by[0];
        let shown: Vec<_> = source
            .groups
            .iter()
            .map(|it| {
                (
                    it.key.as_str(),
                    it.change.difference.map(|it| it.difference),
                )
            })
            .collect();
        assert_eq!(shown, [("线上推广", Some(0.0)), ("行业展会", None)]);
        assert!(close(source.standardised.unwrap().covered, 0.75));
    }

    /// 8 of 18 against 3 of 30: scipy gives p = 0.0113, which Holm doubles beside a second difference.
    #[test]
    fn looking_twice_doubles_the_doubt() {
        let rows = leads("线上推广", 2, 30, 3)
            + &leads("线上推广", 3, 18, 8)
            + &leads("行业展会", 2, 10, 5)
            + &leads("行业展会", 3, 10, 5);
        let source = &compared(&rows).by[0];
        let certain = source.groups[0].change.difference.unwrap();
        assert_eq!(
            format!("{:.4} {:.4}", certain.p, certain.p_adjusted),
            "0.0113 0.0226"
        );
        assert!(certain.is_certain());
        let even = source.groups[1].change.difference.unwrap();
        assert!(close(even.difference, 0.0) && close(even.p_adjusted, 1.0));
    }
}
