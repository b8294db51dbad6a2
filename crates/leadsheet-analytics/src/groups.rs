//! The groups of a dimension: counts turned into names and rates, in the order people expect them.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::definition::{Grouping, Key};
use crate::frame::{Count, KeyColumn, rungs};
use crate::labels::EMPTY;
use crate::rate::Rate;
use crate::report::Group;

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
        }
    };
    counts.iter().map(group).collect()
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
