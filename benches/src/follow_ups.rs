//! An invented ledger of leads: fourteen columns, three rows a lead, in the order in which they were typed in.
//!
//! As in real ledgers, a summary and a feedback are almost never written twice, and everything else repeats: a
//! lead's own columns on each of its rows, terms and names throughout.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use fastrand::Rng;

use crate::words::{
    FEEDBACK_BEGINNINGS, FEEDBACK_ENDS, FORMS, GIVEN, GRADES, METHODS, NAMES, NEEDS, NEXT_STEPS,
    OWNERS, PLACES, SOURCES, STAGES, SUMMARY_BEGINNINGS, SUMMARY_ENDS, SURNAMES, TRADES,
};

/// The same seed gives the same ledger.
const SEED: u64 = 20_240_102;
/// The day of the first row.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 1, 1).expect("it is in the calendar");
/// The ledger's rows spread over these days, however many there are.
const DAYS: u64 = 730;
/// How many of a hundred leads get one, two … six follow-ups: three on average.
const FOLLOW_UPS: [u32; 6] = [20, 25, 20, 15, 12, 8];
/// How many times as many those whom a team has known for years get.
const OF_REGULARS: u32 = 100;
/// Rows to each lead that is open at a time.
const ROWS_PER_OPEN_LEAD: u64 = 100;
/// Of a hundred leads whose last row it is, those won; a lead referred by a customer counts twice.
const WON: u32 = 12;
/// Of a hundred leads whose last row it is, those lost.
const LOST: u32 = 25;
/// Of a hundred leads, those without a phone number, and those without a need.
const WITHOUT_PHONE: u32 = 3;
const WITHOUT_NEED: u32 = 10;

const WON_STAGE: usize = 3;
const LOST_STAGE: usize = 4;

/// The headings of a lead ledger, in its order.
pub const HEADINGS: [&str; 14] = [
    "线索编号",
    "客户名称",
    "线索来源",
    "联系人",
    "联系方式",
    "线索等级",
    "初始需求",
    "跟进日期",
    "跟进方式",
    "沟通内容摘要",
    "客户反馈",
    "下一步计划",
    "负责人",
    "当前状态",
];

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'r str),
    /// A day, as a real date cell.
    Day(NaiveDate),
}

/// One follow-up.
#[derive(Clone, Debug)]
pub struct Row {
    lead: Lead,
    day: NaiveDate,
    method: &'static str,
    summary: String,
    feedback: String,
    next_step: String,
    stage: &'static str,
}

#[derive(Clone, Debug)]
struct Lead {
    id: String,
    customer: String,
    source: usize,
    contact: String,
    phone: String,
    grade: usize,
    need: Option<usize>,
    product: &'static str,
    owner: &'static str,
    stage: usize,
    remaining: u32,
}

impl Row {
    /// The row's cells under [`HEADINGS`].
    pub fn cells(&self) -> [Cell<'_>; HEADINGS.len()] {
        let text = |text| match text {
            "" => Cell::Empty,
            text => Cell::Text(text),
        };
        let Row { lead, .. } = self;
        [
            text(&lead.id),
            text(&lead.customer),
            text(SOURCES[lead.source].0),
            text(&lead.contact),
            text(&lead.phone),
            text(GRADES[lead.grade]),
            text(lead.need.map_or("", |need| NEEDS[need].0)),
            Cell::Day(self.day),
            text(self.method),
            text(&self.summary),
            text(&self.feedback),
            text(&self.next_step),
            text(lead.owner),
            text(self.stage),
        ]
    }
}

/// The rows of a ledger, one after another; memory follows the open leads, not the rows.
#[derive(Clone, Debug)]
pub struct FollowUps {
    random: Rng,
    row: u64,
    rows: u64,
    open: Vec<Lead>,
    day: NaiveDate,
    of_day: u32,
    /// How many times the follow-ups of [`FOLLOW_UPS`] a lead gets.
    times: u32,
}

impl FollowUps {
    /// A ledger of so many rows. Another `file` holds other leads.
    ///
    /// # Panics
    /// Never: 2024 has a first of January.
    pub fn new(rows: u64, file: u64) -> Self {
        Self {
            random: Rng::with_seed(SEED + file),
            row: 0,
            rows,
            open: Vec::new(),
            day: FIRST_DAY,
            of_day: 0,
            times: 1,
        }
    }

    /// The same number of rows about few leads, each followed up a hundred times as often: but for two columns of free
    /// text, all repeats itself.
    #[must_use]
    pub fn of_regulars(self) -> Self {
        Self {
            times: OF_REGULARS,
            ..self
        }
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.random.usize(..choices.len())]
    }

    fn chance(&mut self, of_a_hundred: u32) -> bool {
        self.random.u32(..100) < of_a_hundred
    }

    /// The position of one of the weights, which sum up to 100.
    fn weighted(&mut self, weights: impl IntoIterator<Item = u32>) -> usize {
        let mut left = self.random.u32(..100);
        let position = weights.into_iter().position(|weight| {
            let found = left < weight;
            left = left.saturating_sub(weight);
            found
        });
        position.unwrap_or(0)
    }

    fn new_lead(&mut self) -> Lead {
        let source = self.weighted(SOURCES.map(|(_, _, weight)| weight));
        self.of_day += 1;
        let need = self.random.usize(..NEEDS.len());
        let mut lead = Lead {
            id: format!(
                "{}-{}-{:03}",
                SOURCES[source].1,
                self.day.format("%Y%m%d"),
                self.of_day
            ),
            customer: [
                self.pick(&PLACES),
                self.pick(&GIVEN),
                self.pick(&TRADES),
                self.pick(&FORMS),
            ]
            .concat(),
            source,
            contact: [self.pick(&SURNAMES), self.pick(&NAMES)].concat(),
            phone: format!(
                "{}0{:07}",
                self.pick(&["138", "139", "136", "186", "177", "150"]),
                self.random.u32(..10_000_000)
            ),
            grade: self.weighted([25, 40, 35]),
            need: Some(need),
            product: NEEDS[need].1,
            owner: self.pick(&OWNERS),
            stage: 0,
            remaining: (self.weighted(FOLLOW_UPS) as u32 + 1) * self.times,
        };
        if self.chance(WITHOUT_PHONE) {
            lead.phone.clear();
        }
        if self.chance(WITHOUT_NEED) {
            lead.need = None;
        }
        lead
    }

    fn fill(&mut self, pattern: &str, lead: &Lead) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, slot)) = rest.split_once('{') {
            let (slot, after) = slot.split_once('}').unwrap_or((slot, ""));
            text.push_str(before);
            match slot {
                "p" => text.push_str(lead.product),
                "o" => text.push_str(lead.owner),
                "c" => text.push_str(&lead.contact),
                "n" => text.push_str(&self.random.u32(2..400).to_string()),
                "m" => text.push_str(&self.random.u32(1..13).to_string()),
                _ => {
                    let due = self.day + Days::new(self.random.u64(1..29));
                    text.push_str(&due.format("%Y-%m-%d").to_string());
                }
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn free_text(&mut self, beginnings: &[&str], ends: &[&str], lead: &Lead) -> String {
        let (beginning, end) = (self.pick(beginnings), self.pick(ends));
        self.fill(beginning, lead) + &self.fill(end, lead)
    }

    fn move_on(&mut self, lead: &mut Lead) {
        lead.remaining -= 1;
        let won = if SOURCES[lead.source].1 == "ZJ" {
            2 * WON
        } else {
            WON
        };
        if lead.remaining > 0 {
            lead.stage = (lead.stage + usize::from(self.chance(40))).min(WON_STAGE - 1);
        } else if self.chance(won) {
            lead.stage = WON_STAGE;
        } else if self.chance(LOST) {
            lead.stage = LOST_STAGE;
        }
    }
}

impl Iterator for FollowUps {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.row == self.rows {
            return None;
        }
        let mut day = FIRST_DAY + Days::new(self.row * DAYS / self.rows);
        while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day = day + Days::new(1);
        }
        if day != self.day {
            self.day = day;
            self.of_day = 0;
        }
        self.row += 1;

        let open = (self.rows / ROWS_PER_OPEN_LEAD).max(20) as usize;
        let mut lead = if self.open.len() < open {
            self.new_lead()
        } else {
            let chosen = self.random.usize(..self.open.len());
            self.open.swap_remove(chosen)
        };
        self.move_on(&mut lead);
        let row = Row {
            day,
            method: self.pick(&METHODS),
            summary: self.free_text(&SUMMARY_BEGINNINGS, &SUMMARY_ENDS, &lead),
            feedback: self.free_text(&FEEDBACK_BEGINNINGS, &FEEDBACK_ENDS, &lead),
            next_step: self.free_text(&NEXT_STEPS, &[""], &lead),
            stage: STAGES[lead.stage],
            lead: lead.clone(),
        };
        if lead.remaining > 0 {
            self.open.push(lead);
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_rows() {
        let rows = |file| {
            FollowUps::new(300, file)
                .map(|row| format!("{:?}", row.cells()))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(0), rows(0));
        assert_ne!(rows(0), rows(1));
    }

    #[test]
    fn regulars_are_few() {
        let leads = |rows: FollowUps| rows.map(|row| row.lead.id).collect::<HashSet<_>>().len();
        let usual = leads(FollowUps::new(20_000, 0));
        let regulars = leads(FollowUps::new(20_000, 0).of_regulars());
        assert!(regulars * 20 < usual, "{regulars} of {usual}");
    }

    #[test]
    fn a_ledger_looks_as_it_is_described() {
        let rows: Vec<_> = FollowUps::new(20_000, 0).collect();
        assert_eq!(rows.len(), 20_000);
        let mut leads: HashMap<_, Vec<_>> = HashMap::new();
        for row in &rows {
            leads.entry(&row.lead.id).or_default().push(row);
        }
        let rows_a_lead = rows.len() as f64 / leads.len() as f64;
        assert!((2.8..3.2).contains(&rows_a_lead), "{rows_a_lead}");
        assert!(
            leads
                .values()
                .all(|rows| rows.iter().all(|row| row.lead.phone == rows[0].lead.phone))
        );
        assert!(rows.is_sorted_by_key(|row| row.day));
        for text in [
            |row: &Row| row.summary.clone(),
            |row: &Row| row.feedback.clone(),
        ] {
            let distinct = rows.iter().map(text).collect::<HashSet<_>>().len();
            assert!(distinct > 19_000, "{distinct}");
        }
        let won = leads.values().filter(|rows| {
            rows.last()
                .is_some_and(|row| row.stage == STAGES[WON_STAGE])
        });
        let rate = won.count() as f64 / leads.len() as f64;
        assert!((0.10..0.18).contains(&rate), "{rate}");
    }
}
