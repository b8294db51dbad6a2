//! Speed: how soon leads are answered, how long they take to be won, how much work that is.

use leadsheet_core::{Field, Message, Stage};
use serde::Serialize;

use super::response::{FirstResponse, first_response};
use super::{Asked, note};
use crate::known::{KnownLead, LeadRows, alone, talks};
use crate::statistics::Spread;

/// How fast leads are worked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Speed {
    /// How soon leads were answered; `None` where nothing tells when they came.
    pub first_response: Option<FirstResponse>,
    /// Days from the day a won lead came to the day it was closed: `closed - created`.
    pub days_to_close: Option<Spread>,
    /// Follow-ups of each won lead.
    pub follow_ups_per_won: Option<Spread>,
    /// Days spent in each open stage.
    pub days_in_stage: Vec<StageTime>,
    /// What could not be counted.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// How long leads stay in a stage: from the first follow-up that shows it to the first later one that shows another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageTime {
    /// The stage.
    pub stage: Stage,
    /// Days of the leads that left it.
    pub days: Option<Spread>,
    /// Leads that were still in it when last seen. They are in no figure: their time is not over.
    pub still_there: u32,
}

/// The speed of the leads in the window.
pub(crate) fn speed(asked: &Asked<'_, '_>) -> Speed {
    let mut notes = Vec::new();
    let window = &asked.definition.window;
    let leads: Vec<_> = asked.known.in_window(window).collect();
    let rows = LeadRows::new(asked.gathered);
    let first_response = first_response(asked, &leads, &rows, &mut notes);
    let won: Vec<_> = leads.iter().filter(|lead| lead.is_won()).collect();
    let mut days = Vec::new();
    let (mut undated, mut backwards) = (0, 0);
    for lead in &won {
        match (lead.created(), lead.closed()) {
            (Some(created), Some(closed)) if closed < created => backwards += 1,
            (Some(created), Some(closed)) => days.push(i64::from(closed - created)),
            _ => undated += 1,
        }
    }
    note(&mut notes, "close-undated", undated);
    note(&mut notes, "close-backwards", backwards);
    let follow_ups = |lead: &&KnownLead<'_>| -> i64 {
        let of_rows = alone(rows.of(lead.number));
        of_rows.map(|row| talks(&row).len() as i64).sum()
    };
    Speed {
        first_response,
        days_to_close: Spread::of(days),
        follow_ups_per_won: Spread::of(won.iter().map(follow_ups).collect()),
        days_in_stage: days_in_stage(&leads, &rows),
        notes,
    }
}

fn days_in_stage(leads: &[KnownLead<'_>], rows: &LeadRows<'_>) -> Vec<StageTime> {
    let open = Stage::LADDER.iter().filter(|&&stage| stage != Stage::Won);
    let mut times: Vec<_> = open.map(|&stage| (stage, Vec::new(), 0)).collect();
    for lead in leads {
        let seen: Vec<_> = alone(rows.of(lead.number))
            .filter_map(|row| Some((row.stage()?, row.date(Field::FollowUpDate)?)))
            .collect();
        for (stage, days, still_there) in &mut times {
            let Some(entered) = seen.iter().position(|(shown, _)| shown == stage) else {
                continue;
            };
            match seen[entered..].iter().find(|(shown, _)| shown != stage) {
                Some((_, left)) => days.push((*left - seen[entered].1).num_days()),
                None => *still_there += 1,
            }
        }
    }
    if times
        .iter()
        .all(|(_, days, still)| days.is_empty() && *still == 0)
    {
        return Vec::new();
    }
    let time = |(stage, days, still_there)| StageTime {
        stage,
        days: Spread::of(days),
        still_there,
    };
    times.into_iter().map(time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LEDGER, note_names, speed_of};

    /// The ledger's two won leads took 19 days and none, with two follow-ups and one.
    #[test]
    fn won_leads_take_days_and_follow_ups() {
        let speed = speed_of(LEDGER);
        let days = speed.days_to_close.unwrap();
        assert_eq!((days.count, days.median, days.mean), (2, 9.5, 9.5));
        let work = speed.follow_ups_per_won.unwrap();
        assert_eq!((work.count, work.q1, work.q3), (2, 1.25, 1.75));
    }

    #[test]
    fn a_cell_that_lists_talks_is_as_many_follow_ups() {
        let text = "
            lead_id         | follow_up_date | summary                            | stage
            ZH-20240914-001 | 2024-09-20     | 9月14日：电话跟进；9月20日：发报价 | 成交客户";
        let spread = speed_of(text).follow_ups_per_won.unwrap();
        assert_eq!((spread.count, spread.median), (1, 2.0));
    }

    #[test]
    fn a_lead_closed_before_it_came_has_no_time_to_close() {
        let text = "
            lead_id         | follow_up_date | closed_date | stage
            ZH-20250301-001 | 2025-03-01     | 2025-02-01  | 成交客户
            乙              |                |             | 成交客户";
        let speed = speed_of(text);
        assert_eq!(speed.days_to_close, None);
        let notes = note_names(&speed);
        assert!(
            notes.contains(&"close-backwards count=1".to_owned()),
            "{notes:?}"
        );
        assert!(
            notes.contains(&"close-undated count=1".to_owned()),
            "{notes:?}"
        );
    }

    /// Trap 9: time in a stage is known only where several dated rows show it and what came after.
    #[test]
    fn time_in_a_stage_ends_with_another_stage() {
        let text = "
            lead_id | follow_up_date | stage
            A1      | 2025-03-01     | 潜在客户
            A1      | 2025-03-05     | 潜在客户
            A1      | 2025-03-11     | 意向客户
            A1      | 2025-03-20     | 流失客户
            A2      | 2025-03-01     | 潜在客户
            A3      | 2025-03-01     | 潜在客户
            A3      |                | 意向客户";
        let times: Vec<_> = speed_of(text)
            .days_in_stage
            .into_iter()
            .map(|time| {
                (
                    time.stage,
                    time.days.map(|days| days.median),
                    time.still_there,
                )
            })
            .collect();
        assert_eq!(
            times,
            [
                (Stage::Potential, Some(10.0), 2),
                (Stage::Interested, Some(9.0), 0),
                (Stage::HighIntent, None, 0)
            ]
        );
    }
}
