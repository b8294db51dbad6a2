//! Speed: how soon leads are answered, how long they take to be won, how much work that is.

use std::collections::HashMap;

use leadsheet_core::{Field, Message, Outcome, Stage};
use serde::Serialize;

use super::{Asked, note};
use crate::definition::Key;
use crate::known::{Grouped, KnownLead, LeadRows, alone, in_order, talks};
use crate::rate::{Rate, share};
use crate::statistics::{Difference, Spread};

/// How fast leads are worked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Speed {
    /// How soon leads were answered; `None` where no lead's number tells the day it came.
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

/// How soon leads were answered, by days: `first follow-up - day in the lead's number`.
///
/// Tables hold days and no hours. An answer on the same day came within 24 hours; one on the next day may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstResponse {
    /// Of all leads whose day is known.
    pub total: Response,
    /// By the grade of the first follow-up.
    pub by_grade: Vec<ResponseGroup>,
    /// Of the leads answered on the same or the next day: how many were won. `None` where no table says what became
    /// of leads.
    pub inside: Option<Rate>,
    /// The same of those answered later.
    pub outside: Option<Rate>,
    /// How far the rate inside lies above that outside.
    pub difference: Option<Difference>,
}

/// When leads were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Response {
    /// Leads with both days.
    pub leads: u32,
    /// Answered on the day they came.
    pub same_day: u32,
    /// Answered on the next.
    pub next_day: u32,
    /// Answered later.
    pub later: u32,
    /// `same_day / leads`: the share that was answered within 24 hours for certain.
    pub within_day_at_least: Option<f64>,
    /// `(same_day + next_day) / leads`: no more than this share can have been.
    pub within_day_at_most: Option<f64>,
}

/// When the leads of one grade were answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseGroup {
    /// The grade.
    pub key: String,
    /// When they were answered.
    #[serde(flatten)]
    pub response: Response,
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

impl Response {
    fn add(&mut self, days: i32) {
        self.leads += 1;
        match days {
            0 => self.same_day += 1,
            1 => self.next_day += 1,
            _ => self.later += 1,
        }
    }

    fn with_shares(mut self) -> Self {
        self.within_day_at_least = share(self.same_day, self.leads);
        self.within_day_at_most = share(self.same_day + self.next_day, self.leads);
        self
    }
}

/// The speed of the leads in the window.
pub(crate) fn speed(asked: &Asked<'_, '_>) -> Speed {
    let mut notes = Vec::new();
    let window = &asked.definition.window;
    let leads: Vec<_> = asked.known.in_window(window).collect();
    let first_response = first_response(asked, &leads, &mut notes);
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
    let rows = LeadRows::new(asked.gathered);
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

fn first_response(
    asked: &Asked<'_, '_>,
    leads: &[KnownLead<'_>],
    notes: &mut Vec<Message>,
) -> Option<FirstResponse> {
    let grades = Grouped::by(asked.gathered, Key::Field(Field::Grade));
    let mut total = Response::default();
    let mut by_grade: HashMap<u32, Response> = HashMap::new();
    // Leads, won, lost.
    let (mut inside, mut outside) = ((0, 0, 0), (0, 0, 0));
    let (mut numberless, mut undated, mut backwards) = (0, 0, 0);
    for lead in leads {
        let days = match (lead.day_in_number, lead.first_day()) {
            (None, _) => {
                numberless += 1;
                continue;
            }
            (_, None) => {
                undated += 1;
                continue;
            }
            (Some(came), Some(answered)) => answered - came,
        };
        if days < 0 {
            backwards += 1;
            continue;
        }
        total.add(days);
        if let Some(grades) = &grades {
            by_grade
                .entry(grades.of_lead(lead.number))
                .or_default()
                .add(days);
        }
        if let Some(outcome) = lead.outcome() {
            let side = if days <= 1 { &mut inside } else { &mut outside };
            side.0 += 1;
            side.1 += u32::from(outcome == Outcome::Won);
            side.2 += u32::from(outcome == Outcome::Lost);
        }
    }
    if total.leads == 0 {
        notes.push(Message::new("report-note", "no-response"));
        return None;
    }
    notes.push(Message::new("report-note", "response-days"));
    note(notes, "response-numberless", numberless);
    note(notes, "response-undated", undated);
    note(notes, "response-backwards", backwards);
    let by_grade = grades.map_or_else(Vec::new, |grades| {
        let groups = in_order(&grades.labels, by_grade, |group| group.leads.into());
        let group = |(code, response): (u32, Response)| ResponseGroup {
            key: grades.name(code),
            response: response.with_shares(),
        };
        groups.into_iter().map(group).collect()
    });
    let judged = inside.0 + outside.0 > 0;
    let rate = |(leads, won, lost)| judged.then(|| Rate::new(leads, won, lost));
    let (inside, outside) = (rate(inside), rate(outside));
    Some(FirstResponse {
        total: total.with_shares(),
        by_grade,
        difference: inside
            .zip(outside)
            .and_then(|(inside, outside)| Difference::of(&inside, &outside)),
        inside,
        outside,
    })
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
    use crate::testing::{LEDGER, by, report_of};
    use crate::{ReportDefinition, Topic};

    fn speed_of(text: &str) -> Speed {
        let definition = ReportDefinition {
            show: vec![Topic::Speed],
            ..by(&[])
        };
        report_of(text, &definition).speed.unwrap()
    }

    fn note_names(speed: &Speed) -> Vec<String> {
        let name = |note: &Message| note.to_string().replace("report-note-", "");
        speed.notes.iter().map(name).collect()
    }

    /// Seven leads: two answered at once (one won), one on the next day (won), two later, one before it came, one
    /// whose number tells no day.
    const ANSWERED: &str = "
        lead_id         | grade | follow_up_date | stage
        ZH-20250301-001 | A     | 2025-03-01     | 成交客户
        ZH-20250301-002 | B     | 2025-03-01     | 流失客户
        ZH-20250301-003 | A     | 2025-03-02     | 成交客户
        ZH-20250301-004 | A     | 2025-03-03     | 潜在客户
        ZH-20250301-005 | B     | 2025-04-01     | 流失客户
        ZH-20250301-005 | A     | 2025-04-02     | 流失客户
        ZH-20250301-006 | A     | 2025-02-28     | 潜在客户
        A007            | A     | 2025-03-01     | 成交客户";

    #[test]
    fn answers_are_counted_by_days_and_never_called_hours() {
        let response = speed_of(ANSWERED).first_response.unwrap();
        let counts = |it: &Response| (it.leads, it.same_day, it.next_day, it.later);
        assert_eq!(counts(&response.total), (5, 2, 1, 2));
        assert_eq!(response.total.within_day_at_least, Some(0.4));
        assert_eq!(response.total.within_day_at_most, Some(0.6));
        let grades: Vec<_> = response
            .by_grade
            .iter()
            .map(|group| (group.key.as_str(), counts(&group.response)))
            .collect();
        assert_eq!(grades, [("A", (3, 1, 1, 1)), ("B", (2, 1, 0, 1))]);
        assert_eq!(response.inside, Some(Rate::new(3, 2, 1)));
        assert_eq!(response.outside, Some(Rate::new(2, 0, 1)));
        let difference = response.difference.unwrap().difference;
        assert!((difference - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_timed_is_said() {
        assert_eq!(
            note_names(&speed_of(ANSWERED)),
            [
                "response-days",
                "response-numberless count=1",
                "response-backwards count=1"
            ]
        );
        let own_numbers = "lead_id | follow_up_date | stage\nA1 | 2025-03-01 | 成交客户";
        let speed = speed_of(own_numbers);
        assert_eq!(speed.first_response, None);
        assert_eq!(note_names(&speed), ["no-response"]);
    }

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
