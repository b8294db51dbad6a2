//! The groups of a dimension: counts turned into names and rates, in the order people expect them.

use std::cmp::Reverse;
use std::collections::HashMap;

use leadsheet_core::{Field, FieldKind};

use crate::definition::{Grouping, Key, ReportDefinition};
use crate::frame::{Count, KeyColumn, rungs};
use crate::labels::EMPTY;
use crate::rate::Rate;
use crate::report::Group;
use crate::statistics::{Difference, correct_for_many};

/// The conversion of every group; `columns` are those of the grouping's keys.
///
/// Groups stand in the order of their key: terms as their vocabulary lists them, periods ascending, then what no
/// vocabulary lists, the greatest first, and empty cells last. Crossed groups stand by the first key, then the second.
pub(crate) fn groups(
    grouping: &Grouping,
    columns: &[&KeyColumn],
    mut counts: Vec<Count>,
) -> Vec<Group> {
    if let Some(position) = grouping.keys().iter().position(|&key| key == Key::STAGE) {
        counts = at_every_stage_reached(&counts, position);
    }
    // Of each key: leads by group, for the order of groups that no vocabulary lists.
    let mut sizes = vec![HashMap::<u32, u32>::new(); columns.len()];
    for count in &counts {
        for (sizes, &code) in sizes.iter_mut().zip(&count.codes) {
            *sizes.entry(code).or_default() += count.leads;
        }
    }
    counts.sort_by_cached_key(|count| {
        let names = count.codes.iter().zip(columns).zip(&sizes);
        let order = names.map(|((&code, column), sizes)| {
            let (place, name) = column.labels.get(code);
            (place, Reverse(sizes[&code]), name)
        });
        order.collect::<Vec<_>>()
    });
    let group = |count: &Count| {
        let names = count.codes.iter().zip(columns);
        let keys: Vec<_> = names
            .map(|(&code, column)| column.labels.get(code).1.to_owned())
            .collect();
        Group {
            key: keys.join(" × "),
            keys,
            rate: Rate::new(count.leads, count.won, count.lost),
            against_others: None,
        }
    };
    counts.iter().map(group).collect()
}

/// Groups beyond which comparing each with the others says nothing.
const MOST_COMPARED: usize = 100;

/// Whether the groups say something of leads that may explain why they are won: no column that is itself what became of
/// them, and no time they came at, for younger leads had less time to be won (unless all had the same).
pub(crate) fn explains(grouping: &Grouping, definition: &ReportDefinition) -> bool {
    grouping.keys().iter().all(|key| match key {
        Key::Field(
            Field::Stage
            | Field::StageReason
            | Field::Milestone
            | Field::SalesStage
            | Field::ConversionStatus
            | Field::Progress
            | Field::Result
            | Field::OrderStatus,
        ) => false,
        Key::Field(field) => field.kind() != FieldKind::Date,
        key => key.period().is_none() || definition.within_days.is_some(),
    })
}

/// Sets each group beside all others together, corrected for looking at as many groups as there are.
pub(crate) fn compare_with_others(groups: &mut [Group]) {
    if groups.len() > MOST_COMPARED {
        return;
    }
    let sum = |of: fn(&Rate) -> u32| groups.iter().map(|group| of(&group.rate)).sum::<u32>();
    let (leads, won, lost) = (sum(|it| it.leads), sum(|it| it.won), sum(|it| it.lost));
    for group in &mut *groups {
        let rate = group.rate;
        let others = Rate::new(leads - rate.leads, won - rate.won, lost - rate.lost);
        group.against_others = Difference::of(&rate, &others);
    }
    correct_for_many(
        groups
            .iter_mut()
            .filter_map(|it| it.against_others.as_mut()),
    );
}

/// Counts by highest stage as counts by every stage reached: a lead counts at its highest and at all below. Leads of
/// unknown stage stay by themselves. Where nothing is crossed with the stage, stages nobody reached are named too.
fn at_every_stage_reached(counts: &[Count], position: usize) -> Vec<Count> {
    let mut reached: HashMap<Vec<u32>, Count> = HashMap::new();
    if counts.iter().all(|count| count.codes.len() == 1) {
        for rung in 1..=rungs() {
            let nobody = Count {
                codes: vec![rung],
                ..Count::default()
            };
            reached.insert(vec![rung], nobody);
        }
    }
    for count in counts {
        let highest = count.codes[position];
        let rungs = if highest == EMPTY {
            EMPTY..=EMPTY
        } else {
            1..=highest
        };
        for rung in rungs {
            let mut codes = count.codes.clone();
            codes[position] = rung;
            let sum = reached.entry(codes.clone()).or_insert(Count {
                codes,
                ..Count::default()
            });
            sum.leads += count.leads;
            sum.won += count.won;
            sum.lost += count.lost;
        }
    }
    reached.into_values().collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::{by, report_of};
    use crate::{Difference, ReportDefinition};

    /// Of each group of a grouping: by how much it lies above the others, and p by Holm.
    fn against_others(definition: &ReportDefinition) -> Vec<Option<String>> {
        // 8 of 18 at fairs, 3 of 30 online.
        let lead = |source: &str, number: u32, won: u32| {
            let stage = if number < won {
                "成交客户"
            } else {
                "流失客户"
            };
            format!("{source}{number} | {source} | 2025-03-10 | {stage}\n")
        };
        let fairs: String = (0..18).map(|number| lead("行业展会", number, 8)).collect();
        let online: String = (0..30).map(|number| lead("线上推广", number, 3)).collect();
        let text = format!("customer | source | follow_up_date | stage\n{fairs}{online}");
        let shown = |it: Difference| format!("{:.4} {:.4}", it.difference, it.p_adjusted);
        let groups = &report_of(&text, definition).conversion[0].groups;
        groups
            .iter()
            .map(|it| it.against_others.map(shown))
            .collect()
    }

    /// scipy.stats.fisher_exact([[8, 10], [3, 27]]) gives p = 0.0113, looked at twice.
    #[test]
    fn each_group_is_set_beside_all_others() {
        assert_eq!(
            against_others(&by(&["source"])),
            [
                Some("-0.3444 0.0226".to_owned()),
                Some("0.3444 0.0226".to_owned())
            ]
        );
    }

    #[test]
    fn what_became_of_leads_and_how_long_ago_they_came_explains_nothing() {
        for key in ["stage", "month", "closed_date"] {
            assert!(
                against_others(&by(&[key])).iter().all(Option::is_none),
                "{key}"
            );
        }
    }
}
