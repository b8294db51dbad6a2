//! First answers: how soon somebody spoke to a lead after it came, by the day and, where cells tell the time, by the hour.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use leadsheet_core::{Field, Message, Outcome, Row};
use serde::Serialize;

use super::{Asked, note};
use crate::definition::Key;
use crate::known::{Grouped, KnownLead, LeadRows, alone, in_order};
use crate::rate::{Rate, share};
use crate::statistics::{Difference, Spread};

/// How soon leads were answered: `first follow-up - when the lead came`.
///
/// A lead came on the day in its number, at the hour of the 创建时间 or 录入时间 of that day where a row was written down
/// before it was followed up; of leads whose number tells no day that moment alone counts. The first follow-up is the
/// earliest that a person made: what a program sends by itself (自动回复) is no answer.
///
/// In time is what the policy calls so (`first-response-hours`, 24 unless a team says otherwise). Most tables hold days and
/// no hours: an answer on the same day then came within 24 hours; one on the next day may have, which is possible and not
/// proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstResponse {
    /// The hours that the policy gives for a first answer.
    pub hours_allowed: u32,
    /// Of all leads that can be timed.
    pub total: Response,
    /// By the grade of the first follow-up.
    pub by_grade: Vec<ResponseGroup>,
    /// The same by days, in bands.
    pub bands: Vec<ResponseBand>,
    /// Of the leads of which both the hour they came and that of the answer are known.
    pub hours: Option<ResponseHours>,
    /// Of the leads answered in time for certain or possibly: how many were won. `None` where no table says what
    /// became of leads.
    pub inside: Option<Rate>,
    /// The same of those answered later for certain.
    pub outside: Option<Rate>,
    /// How far the rate inside lies above that outside.
    pub difference: Option<Difference>,
}

/// When leads were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Response {
    /// Leads that can be timed.
    pub leads: u32,
    /// Answered on the day they came.
    pub same_day: u32,
    /// Answered on the next.
    pub next_day: u32,
    /// Answered later.
    pub later: u32,
    /// Answered in time for certain: within the hours of the policy.
    pub within_day: u32,
    /// Answered in time possibly: the hours that would tell are not there.
    pub within_day_possibly: u32,
    /// `within_day / leads`: at least this share was answered in time.
    pub within_day_at_least: Option<f64>,
    /// `(within_day + within_day_possibly) / leads`: no more than this share can have been.
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

/// Leads answered after so many days, more than those of the band before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ResponseBand {
    /// The most days of the band; `None` of the last one, which has no end.
    pub up_to_days: Option<u32>,
    /// Leads in it.
    pub leads: u32,
    /// `leads / all leads that can be timed`.
    pub share: Option<f64>,
}

/// Answers timed by the hour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ResponseHours {
    /// Answered within one hour.
    pub within_1: u32,
    /// Within four hours, those within one hour among them.
    pub within_4: u32,
    /// Within 24 hours, likewise.
    pub within_24: u32,
    /// Within the hours of the policy, likewise.
    pub in_time: u32,
    /// How the hours are spread.
    #[serde(flatten)]
    pub spread: Spread,
}

/// The last days of the bands.
const BANDS: [i64; 4] = [0, 1, 3, 7];

/// Whether an answer came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InTime {
    Certainly,
    Possibly,
    No,
}

/// A time that is known to the day or to the minute: the first and the last moment it may have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    first: NaiveDateTime,
    last: NaiveDateTime,
}

impl Moment {
    fn new(day: NaiveDate, time: Option<NaiveTime>) -> Self {
        let end_of_day = NaiveTime::MIN - TimeDelta::seconds(1);
        Self {
            first: day.and_time(time.unwrap_or_default()),
            last: day.and_time(time.unwrap_or(end_of_day)),
        }
    }

    fn of(row: &Row<'_>, field: Field) -> Option<Self> {
        Some(Self::new(row.date(field)?, row.time(field)))
    }

    fn is_exact(self) -> bool {
        self.first == self.last
    }

    /// The earlier of two: no later than either may have been.
    fn or_earlier(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.min(other.last),
        }
    }
}

/// When a lead came and when it was answered.
struct Timed {
    came: Moment,
    answered: Moment,
}

impl Timed {
    fn days(&self) -> i64 {
        (self.answered.first.date() - self.came.first.date()).num_days()
    }

    /// Whether the answer stands before the lead whatever the hours were.
    fn is_backwards(&self) -> bool {
        self.answered.last < self.came.first
    }

    fn in_time(&self, allowed: TimeDelta) -> InTime {
        if self.answered.last - self.came.first <= allowed {
            InTime::Certainly
        } else if self.answered.first - self.came.last <= allowed {
            InTime::Possibly
        } else {
            InTime::No
        }
    }

    fn seconds(&self) -> Option<i64> {
        let is_known = self.came.is_exact() && self.answered.is_exact();
        is_known.then(|| (self.answered.first - self.came.first).num_seconds())
    }
}

impl Response {
    fn add(&mut self, timed: &Timed, in_time: InTime) {
        self.leads += 1;
        match timed.days() {
            ..=0 => self.same_day += 1,
            1 => self.next_day += 1,
            _ => self.later += 1,
        }
        match in_time {
            InTime::Certainly => self.within_day += 1,
            InTime::Possibly => self.within_day_possibly += 1,
            InTime::No => {}
        }
    }

    fn with_shares(mut self) -> Self {
        self.within_day_at_least = share(self.within_day, self.leads);
        self.within_day_at_most = share(self.within_day + self.within_day_possibly, self.leads);
        self
    }
}

pub(super) fn first_response(
    asked: &Asked<'_, '_>,
    leads: &[KnownLead<'_>],
    rows: &LeadRows<'_>,
    notes: &mut Vec<Message>,
) -> Option<FirstResponse> {
    let grades = Grouped::by(asked.gathered, Key::Field(Field::Grade));
    let hours_allowed = asked.policy.first_response_hours;
    let allowed = TimeDelta::hours(hours_allowed.into());
    let mut total = Response::default();
    let mut by_grade: HashMap<u32, Response> = HashMap::new();
    let (mut days, mut seconds) = (Vec::new(), Vec::new());
    // Leads, won, lost.
    let (mut inside, mut outside) = ((0, 0, 0), (0, 0, 0));
    let (mut unplaced, mut undated, mut automatic, mut backwards) = (0, 0, 0, 0);
    for lead in leads {
        let of_lead = alone(rows.of(lead.number));
        let Some(came) = came(lead, of_lead.clone()) else {
            unplaced += 1;
            continue;
        };
        let Some(answered) = answered(of_lead) else {
            let is_dated = lead.first_day().is_some();
            *(if is_dated {
                &mut automatic
            } else {
                &mut undated
            }) += 1;
            continue;
        };
        let timed = Timed { came, answered };
        if timed.is_backwards() {
            backwards += 1;
            continue;
        }
        let in_time = timed.in_time(allowed);
        total.add(&timed, in_time);
        days.push(timed.days());
        seconds.extend(timed.seconds());
        if let Some(grades) = &grades {
            let group = by_grade.entry(grades.of_lead(lead.number)).or_default();
            group.add(&timed, in_time);
        }
        if let Some(outcome) = lead.outcome() {
            let side = match in_time {
                InTime::No => &mut outside,
                _ => &mut inside,
            };
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
    note(notes, "response-numberless", unplaced);
    note(notes, "response-undated", undated);
    note(notes, "response-automatic", automatic);
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
        hours_allowed,
        total: total.with_shares(),
        by_grade,
        bands: bands(&days),
        hours: hours(seconds, hours_allowed),
        difference: inside
            .zip(outside)
            .and_then(|(inside, outside)| Difference::of(&inside, &outside)),
        inside,
        outside,
    })
}

/// When the lead came, as its number and the rows written down before they were followed up tell.
fn came<'g>(lead: &KnownLead<'_>, rows: impl Iterator<Item = Row<'g>>) -> Option<Moment> {
    let registered = |row: Row<'g>| {
        let recorded = Moment::of(&row, Field::RecordedAt)?;
        let followed_up = Moment::of(&row, Field::FollowUpDate);
        let came_first = followed_up.is_none_or(|followed_up| recorded.last <= followed_up.first);
        came_first.then_some(recorded)
    };
    let registered = rows.filter_map(registered).reduce(Moment::or_earlier);
    let Some(day) = lead.day_in_number.and_then(NaiveDate::from_epoch_days) else {
        return registered;
    };
    let at_hour = registered.filter(|moment| moment.first.date() == day && moment.is_exact());
    Some(at_hour.unwrap_or_else(|| Moment::new(day, None)))
}

/// The first follow-up that a person made.
fn answered<'g>(rows: impl Iterator<Item = Row<'g>>) -> Option<Moment> {
    let by_people = rows.filter(|row| !row.is_automatic());
    let moments = by_people.filter_map(|row| Moment::of(&row, Field::FollowUpDate));
    moments.reduce(Moment::or_earlier)
}

fn bands(days: &[i64]) -> Vec<ResponseBand> {
    let mut before = 0;
    let ends = BANDS.map(Some).into_iter().chain([None]);
    let band = |end: Option<i64>| {
        let so_far = days
            .iter()
            .filter(|&&days| end.is_none_or(|end| days <= end));
        let so_far = so_far.count() as u32;
        let leads = so_far - before;
        before = so_far;
        ResponseBand {
            up_to_days: end.map(|end| end as u32),
            leads,
            share: share(leads, days.len() as u32),
        }
    };
    ends.map(band).collect()
}

fn hours(seconds: Vec<i64>, allowed: u32) -> Option<ResponseHours> {
    const HOUR: i64 = 3600;
    let within = |hours: i64| {
        let soon = seconds.iter().filter(|&&seconds| seconds <= hours * HOUR);
        soon.count() as u32
    };
    let counts = [1, 4, 24, allowed.into()].map(within);
    let spread = Spread::of(seconds)?.divided_by(HOUR as f64);
    Some(ResponseHours {
        within_1: counts[0],
        within_4: counts[1],
        within_24: counts[2],
        in_time: counts[3],
        spread,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{note_names, report_under, speed_definition, speed_of};

    fn response_of(text: &str) -> FirstResponse {
        speed_of(text).first_response.unwrap()
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
    fn answers_without_hours_are_counted_by_days_and_never_called_hours() {
        let response = response_of(ANSWERED);
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
        let bands: Vec<_> = response.bands.iter().map(|it| it.leads).collect();
        assert_eq!(bands, [2, 1, 1, 0, 1]);
        assert_eq!(response.hours, None);
        assert_eq!(response.inside, Some(Rate::new(3, 2, 1)));
        assert_eq!(response.outside, Some(Rate::new(2, 0, 1)));
        let difference = response.difference.unwrap().difference;
        assert!((difference - 2.0 / 3.0).abs() < 1e-12);
    }

    /// By hand, of the five timed leads: with days alone nobody is within 4 hours for certain; the two of the same day may
    /// be, and the one of the next, by an answer soon after midnight.
    #[test]
    fn in_time_is_what_the_policy_says() {
        let policy = leadsheet_core::Policy {
            first_response_hours: 4,
            ..leadsheet_core::Policy::default()
        };
        let report = report_under(ANSWERED, &policy, &speed_definition());
        let response = report.speed.unwrap().first_response.unwrap();
        assert_eq!(response.hours_allowed, 4);
        let total = response.total;
        assert_eq!((total.within_day, total.within_day_possibly), (0, 3));
        assert_eq!(response.inside, Some(Rate::new(3, 2, 1)));
    }

    /// By hand: 2 h, 23 h and 25 h after 15:00; and an answer whose cell tells no hour.
    #[test]
    fn hours_decide_where_cells_tell_them() {
        let text = "
            lead_id         | recorded_at      | follow_up_date   | stage
            ZH-20250301-001 | 2025-03-01 15:00 | 2025-03-01 17:00 | 成交客户
            ZH-20250301-002 | 2025-03-01 15:00 | 2025-03-02 14:00 | 成交客户
            ZH-20250301-003 | 2025-03-01 15:00 | 2025-03-02 16:00 | 潜在客户
            ZH-20250301-004 | 2025-03-01 15:00 | 2025-03-02       | 潜在客户
            A5              | 2025-03-01 15:00 | 2025-03-01 15:30 | 潜在客户";
        let response = response_of(text);
        assert_eq!(
            (
                response.total.within_day,
                response.total.within_day_possibly
            ),
            (3, 1)
        );
        assert_eq!(response.total.next_day, 3);
        let hours = response.hours.unwrap();
        assert_eq!((hours.within_1, hours.within_4, hours.within_24), (1, 2, 3));
        assert_eq!((hours.spread.count, hours.spread.median), (4, 12.5));
        assert_eq!(response.inside, Some(Rate::new(4, 2, 0)));
        assert_eq!(response.outside, Some(Rate::new(1, 0, 0)));
    }

    /// 录入时间 after the talk is when the talk was written down, and says nothing of when the lead came.
    #[test]
    fn a_row_written_down_after_the_talk_does_not_say_when_the_lead_came() {
        let text = "
            lead_id         | recorded_at      | follow_up_date   | stage
            ZH-20250301-001 | 2025-03-02 18:00 | 2025-03-02 09:00 | 成交客户
            A2              | 2025-03-02 18:00 | 2025-03-02       | 成交客户";
        let speed = speed_of(text);
        let total = speed.first_response.as_ref().unwrap().total;
        assert_eq!((total.leads, total.within_day_possibly), (1, 1));
        assert!(note_names(&speed).contains(&"response-numberless count=1".to_owned()));
    }

    /// Trap 13: the reply of a program at once, and a person three days later.
    #[test]
    fn what_a_program_sends_is_no_answer() {
        let text = "
            lead_id         | follow_up_date | method   | stage
            ZH-20250301-001 | 2025-03-01     | 自动回复 | 潜在客户
            ZH-20250301-001 | 2025-03-04     | 电话     | 潜在客户
            ZH-20250301-002 | 2025-03-01     | 系统短信 | 潜在客户";
        let speed = speed_of(text);
        let total = speed.first_response.as_ref().unwrap().total;
        assert_eq!((total.leads, total.same_day, total.later), (1, 0, 1));
        assert!(note_names(&speed).contains(&"response-automatic count=1".to_owned()));
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
}
