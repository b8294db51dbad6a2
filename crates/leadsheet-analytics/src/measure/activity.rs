//! Activity: new leads and follow-ups by person, source, region or industry, period by period.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use leadsheet_core::{Field, Message};
use serde::Serialize;

use super::{Asked, note, note_running, period};
use crate::definition::Key;
use crate::known::{Grouped, in_order, talks};
use crate::topics::Period;

/// What was done when.
///
/// A new lead counts on the day it came, a follow-up on its own day. Both days lie in the report's period, whatever
/// date that takes leads by. A follow-up counts for whom its own row names, a new lead for whom its first row names.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Activity {
    /// The length of the periods.
    pub per: Period,
    /// The periods, ascending; those between without anything as well.
    pub periods: Vec<String>,
    /// All together.
    pub total: ActivityCounts,
    /// By each field that any table has.
    pub by: Vec<ActivityDimension>,
    /// What could not be counted.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// Activity by one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityDimension {
    /// The field's key.
    pub name: String,
    /// Its groups in their own order.
    pub groups: Vec<ActivityGroup>,
}

/// Activity of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityGroup {
    /// What it is.
    pub key: String,
    /// What was done.
    #[serde(flatten)]
    pub counts: ActivityCounts,
}

/// New leads and follow-ups.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ActivityCounts {
    /// New leads in all periods.
    pub new_leads: u32,
    /// Follow-ups in all periods.
    pub follow_ups: u32,
    /// New leads of each period.
    pub new_leads_by_period: Vec<u32>,
    /// Follow-ups of each period.
    pub follow_ups_by_period: Vec<u32>,
}

/// New leads and follow-ups by the first day of their period.
type Tally = BTreeMap<NaiveDate, (u32, u32)>;

pub(crate) fn activity(asked: &Asked<'_, '_>) -> Activity {
    let definition = asked.definition;
    let (per, window) = (definition.per, &definition.window);
    let start = |day: NaiveDate| period::holds(window, day.to_epoch_days()).then(|| per.start(day));
    let grouped: Vec<_> = definition
        .activity_by
        .iter()
        .filter_map(|&field| Some((field, Grouped::by(asked.gathered, Key::Field(field))?)))
        .collect();
    let mut total = Tally::new();
    let mut by: Vec<HashMap<u32, Tally>> = grouped.iter().map(|_| HashMap::new()).collect();
    let mut undated_leads = 0;
    for lead in asked.known.leads() {
        let Some(day) = lead.created().and_then(NaiveDate::from_epoch_days) else {
            undated_leads += 1;
            continue;
        };
        let Some(start) = start(day) else { continue };
        total.entry(start).or_default().0 += 1;
        for ((_, grouped), tallies) in grouped.iter().zip(&mut by) {
            let tally = tallies.entry(grouped.of_lead(lead.number)).or_default();
            tally.entry(start).or_default().0 += 1;
        }
    }
    let (mut undated, mut listed_rows, mut listed_talks) = (0, 0, 0);
    for (position, (_, rows)) in asked.gathered.tables().enumerate() {
        for (row, lead) in rows {
            let talks = talks(&row);
            if talks.len() > 1 {
                listed_rows += 1;
                listed_talks += talks.len();
            }
            for day in talks {
                let Some(day) = day else {
                    undated += 1;
                    continue;
                };
                let Some(start) = start(day) else { continue };
                total.entry(start).or_default().1 += 1;
                for ((_, grouped), tallies) in grouped.iter().zip(&mut by) {
                    let group = grouped.of_row(position, &row, lead);
                    let tally = tallies.entry(group).or_default();
                    tally.entry(start).or_default().1 += 1;
                }
            }
        }
    }
    let periods = per.between(total.keys().copied().collect());
    let counts = |tally: &Tally| {
        let of = |start: &NaiveDate| tally.get(start).copied().unwrap_or_default();
        ActivityCounts {
            new_leads: tally.values().map(|(leads, _)| leads).sum(),
            follow_ups: tally.values().map(|(_, follow_ups)| follow_ups).sum(),
            new_leads_by_period: periods.iter().map(|start| of(start).0).collect(),
            follow_ups_by_period: periods.iter().map(|start| of(start).1).collect(),
        }
    };
    let dimension = |((field, grouped), tallies): (&(Field, Grouped), _)| {
        let size = |tally: &Tally| tally.values().map(|(_, it)| u64::from(*it)).sum();
        let groups = in_order(&grouped.labels, tallies, size);
        let group = |(code, tally): &(u32, Tally)| ActivityGroup {
            key: grouped.name(*code),
            counts: counts(tally),
        };
        ActivityDimension {
            name: field.key().to_owned(),
            groups: groups.iter().map(group).collect(),
        }
    };
    let mut notes = Vec::new();
    if window.is_bounded() {
        notes.push(Message::new("report-note", "activity-window"));
    }
    note_running(&mut notes, "activity-running", definition, &periods);
    note(&mut notes, "activity-undated-leads", undated_leads);
    note(&mut notes, "activity-undated", undated);
    if listed_rows > 0 {
        let listed = Message::new("report-note", "activity-listed");
        notes.push(listed.with("rows", listed_rows).with("count", listed_talks));
    }
    Activity {
        per,
        periods: periods.iter().map(|&start| per.of(start)).collect(),
        total: counts(&total),
        by: grouped.iter().zip(by).map(dimension).collect(),
        notes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LEDGER, by, day, report_of};
    use crate::{ReportDefinition, Topic, Window};

    fn activity_of(text: &str, definition: ReportDefinition) -> Activity {
        let definition = ReportDefinition {
            show: vec![Topic::Activity],
            ..definition
        };
        report_of(text, &definition).activity.unwrap()
    }

    fn shown(counts: &ActivityCounts) -> (&[u32], &[u32]) {
        (&counts.new_leads_by_period, &counts.follow_ups_by_period)
    }

    /// Six leads in eight follow-ups, counted by hand: two came in March, three in April, one in May.
    #[test]
    fn new_leads_and_follow_ups_count_on_their_own_days() {
        let activity = activity_of(LEDGER, by(&[]));
        assert_eq!(activity.periods, ["2025-03", "2025-04", "2025-05"]);
        assert_eq!(shown(&activity.total), (&[2, 3, 1][..], &[4, 3, 1][..]));
        let owner = &activity.by[0];
        let groups: Vec<_> = owner
            .groups
            .iter()
            .map(|group| (group.key.as_str(), shown(&group.counts)))
            .collect();
        // 何苗 got the first lead; 吴桐 only closed it.
        assert_eq!(
            groups,
            [
                ("何苗", (&[2, 1, 0][..], &[3, 1, 0][..])),
                ("周岚", (&[0, 1, 1][..], &[0, 1, 1][..])),
                ("吴桐", (&[0, 0, 0][..], &[1, 0, 0][..])),
                ("（未填写）", (&[0, 1, 0][..], &[0, 1, 0][..])),
            ]
        );
        let names: Vec<_> = activity.by.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            names,
            ["owner", "source"],
            "no table has region or industry"
        );
    }

    #[test]
    fn a_window_holds_both_kinds_of_days_and_gaps_are_zero() {
        let definition = ReportDefinition {
            window: Window {
                from: Some(day("2025-03-10")),
                to: Some(day("2025-04-05")),
                ..Window::default()
            },
            per: Period::Week,
            ..by(&[])
        };
        let activity = activity_of(LEDGER, definition);
        assert_eq!(
            activity.periods,
            ["2025-W11", "2025-W12", "2025-W13", "2025-W14"]
        );
        assert_eq!(
            shown(&activity.total),
            (&[1, 0, 0, 1][..], &[2, 1, 0, 1][..])
        );
    }

    #[test]
    fn groups_add_up_to_the_total() {
        let activity = activity_of(LEDGER, by(&[]));
        for dimension in &activity.by {
            let leads: u32 = dimension.groups.iter().map(|it| it.counts.new_leads).sum();
            let talks: u32 = dimension.groups.iter().map(|it| it.counts.follow_ups).sum();
            assert_eq!((leads, talks), (6, 8), "{}", dimension.name);
        }
    }

    #[test]
    fn what_has_no_day_is_said() {
        let text = "customer | follow_up_date\n甲 | 3/4/2025\n乙 |\n丙 | 2025-03-01";
        let activity = activity_of(text, by(&[]));
        assert_eq!(shown(&activity.total), (&[1][..], &[1][..]));
        let notes: Vec<_> = activity.notes.iter().map(ToString::to_string).collect();
        assert_eq!(
            notes,
            [
                "report-note-activity-undated-leads count=2",
                "report-note-activity-undated count=2"
            ]
        );
    }
}
