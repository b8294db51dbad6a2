//! What is known of a lead, from its follow-ups. The same as `leadsheet_core::Lead` says for the leads of one table.
//!
//! Each follow-up has a place in the order of all ([`places`](crate::arranged::places)), so the first of a lead is the
//! least and the latest the greatest: facts are taken in one pass, whatever order the rows come in.

use leadsheet_core::{Field, Outcome, Parsed, Reading, Row, Stage};
use polars::prelude::*;

use crate::frame::code_of;
use crate::frame::column::{OUTCOME, REACHED};
use crate::frame::rungs;

/// What one follow-up says of its lead, whatever day it was.
pub(crate) struct FollowUp {
    /// Its place among all.
    place: u32,
    /// `None` where its table has no column for it.
    outcome: Option<Outcome>,
    /// Rung of the stage it shows, counted from 1.
    rung: Option<u8>,
}

/// What the rows of a table say, looked up by code.
pub(crate) struct Says<'r> {
    has_outcome: bool,
    day: Fact<'r, Option<i32>>,
    rung: Fact<'r, Option<u8>>,
    outcome: Fact<'r, Option<Outcome>>,
    closed: Fact<'r, Closing>,
}

type Fact<'r, T> = Box<dyn Fn(usize) -> T + 'r>;

/// What a cell says of the closing date.
#[derive(Clone, Copy)]
enum Closing {
    Nothing,
    On(i32),
    /// A day without a year: the row knows the year.
    Ask,
}

impl<'r> Says<'r> {
    pub(crate) fn new(reading: &'r Reading<'r>) -> Self {
        let day = reading.facts(Field::FollowUpDate, |parsed| parsed.day().map(in_days));
        let rung = reading.facts(Field::Stage, |parsed| {
            let stage = Stage::at(parsed.term()?.into())?;
            let rung = Stage::LADDER.iter().position(|&rung| rung == stage)?;
            Some(rung as u8 + 1)
        });
        let closed = reading.facts(Field::ClosedDate, |parsed| match parsed {
            Parsed::Date(_) => parsed
                .day()
                .map_or(Closing::Ask, |day| Closing::On(in_days(day))),
            _ => Closing::Nothing,
        });
        Self {
            has_outcome: reading.ledger().has_outcome(),
            day: boxed(day, None),
            rung: boxed(rung, None),
            outcome: Box::new(reading.stated_outcomes()),
            closed: boxed(closed, Closing::Nothing),
        }
    }

    /// What a row says that has this place.
    pub(crate) fn of(&self, row: &Row<'_>, place: u32) -> FollowUp {
        let index = row.index();
        FollowUp {
            place,
            outcome: self
                .has_outcome
                .then(|| (self.outcome)(index).unwrap_or_default()),
            rung: (self.rung)(index),
        }
    }

    /// The day of the follow-up.
    pub(crate) fn day(&self, row: &Row<'_>) -> Option<i32> {
        (self.day)(row.index())
    }

    /// Its 成交日期.
    pub(crate) fn closed(&self, row: &Row<'_>) -> Option<i32> {
        match (self.closed)(row.index()) {
            Closing::Nothing => None,
            Closing::On(day) => Some(day),
            Closing::Ask => row.date(Field::ClosedDate).map(in_days),
        }
    }
}

fn boxed<'r, T: Copy + 'r>(fact: Option<impl Fn(usize) -> T + 'r>, nothing: T) -> Fact<'r, T> {
    match fact {
        Some(fact) => Box::new(fact),
        None => Box::new(move |_| nothing),
    }
}

fn in_days(day: chrono::NaiveDate) -> i32 {
    day.to_epoch_days()
}

/// What the follow-ups of a lead say together of what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Place of the follow-up that the outcome is of; 0 for none.
    outcome_at: u32,
    /// Place of the first follow-up that shows each rung.
    entered: [u32; Stage::LADDER.len()],
    outcome: Option<Outcome>,
    /// The highest rung shown; 0 for none.
    rung: u8,
}

/// The place of no follow-up: later than all.
const NOT_ENTERED: u32 = u32::MAX;

impl Default for Standing {
    fn default() -> Self {
        Self {
            outcome_at: 0,
            entered: [NOT_ENTERED; Stage::LADDER.len()],
            outcome: None,
            rung: 0,
        }
    }
}

impl Standing {
    /// Adds what one more follow-up says.
    pub(crate) fn take(&mut self, follow_up: &FollowUp) {
        let place = follow_up.place;
        if follow_up.outcome.is_some() && place > self.outcome_at {
            self.outcome_at = place;
            self.outcome = follow_up.outcome;
        }
        if let Some(rung) = follow_up.rung {
            self.rung = self.rung.max(rung);
            if let Some(entered) = self.entered.get_mut(usize::from(rung) - 1) {
                *entered = (*entered).min(place);
            }
        }
    }

    /// The outcome of the latest follow-up, of tables that have a column for it.
    pub(crate) fn ended(&self) -> Option<Outcome> {
        self.outcome
    }

    /// Its code.
    pub(crate) fn outcome(&self) -> Option<u32> {
        self.ended().map(code_of)
    }

    /// The highest stage the lead has reached: all of them where it is won; the highest open stage, or 成交客户, that
    /// a follow-up shows else, and at least the first where it is lost; none where it is open and nothing shows one.
    pub(crate) fn reached(&self) -> Option<u32> {
        let shown = (self.rung > 0).then_some(u32::from(self.rung));
        match self.outcome {
            Some(Outcome::Won) => Some(rungs()),
            Some(Outcome::Lost) => shown.or(Some(1)),
            _ => shown,
        }
    }

    /// The rungs that a follow-up shows, whatever the order: the lowest bit is the first rung.
    pub(crate) fn shown(&self) -> u32 {
        let bits = self.entered.iter().rev();
        bits.fold(0, |bits, &place| {
            bits << 1 | u32::from(place != NOT_ENTERED)
        })
    }

    /// How many rungs from the first on the follow-ups show one after the other, none left out and each for the first time
    /// after the one before it.
    pub(crate) fn in_order(&self) -> u32 {
        let follows = |&rung: &usize| {
            let before = rung.checked_sub(1).map_or(0, |before| self.entered[before]);
            self.entered[rung] != NOT_ENTERED && before < self.entered[rung]
        };
        (0..self.entered.len()).take_while(follows).count() as u32
    }
}

/// What the follow-ups of a lead say together of its days.
#[derive(Clone, Debug)]
pub(crate) struct Dates {
    /// Place of the follow-up that 成交日期 is of, and that day.
    closed_at: u32,
    closed: i32,
    /// Days of the first and the last follow-up, the last in the window, and the first that says won or lost.
    first_day: i32,
    last_day: i32,
    followed_up: i32,
    decided: i32,
}

/// No day yet, where the least is sought and where the greatest is.
const NEVER: i32 = i32::MAX;
const NOT_YET: i32 = i32::MIN;

impl Default for Dates {
    fn default() -> Self {
        Self {
            closed_at: 0,
            closed: NOT_YET,
            first_day: NEVER,
            last_day: NOT_YET,
            followed_up: NOT_YET,
            decided: NEVER,
        }
    }
}

impl Dates {
    /// Adds the day of one more follow-up, and its 成交日期.
    pub(crate) fn take(
        &mut self,
        follow_up: &FollowUp,
        (day, closed): (Option<i32>, Option<i32>),
        is_in_window: bool,
    ) {
        if let Some(closed) = closed
            && follow_up.place > self.closed_at
        {
            self.closed_at = follow_up.place;
            self.closed = closed;
        }
        let Some(day) = day else { return };
        self.first_day = self.first_day.min(day);
        self.last_day = self.last_day.max(day);
        if is_in_window {
            self.followed_up = self.followed_up.max(day);
        }
        if follow_up
            .outcome
            .is_some_and(|outcome| outcome != Outcome::Open)
        {
            self.decided = self.decided.min(day);
        }
    }

    /// The day of the first follow-up: the day the lead came, where its number does not say.
    pub(crate) fn first_day(&self) -> Option<i32> {
        (self.first_day != NEVER).then_some(self.first_day)
    }

    /// The day of the last follow-up.
    pub(crate) fn last_day(&self) -> Option<i32> {
        (self.last_day != NOT_YET).then_some(self.last_day)
    }

    /// The day of the last follow-up in the window.
    pub(crate) fn followed_up(&self) -> Option<i32> {
        (self.followed_up != NOT_YET).then_some(self.followed_up)
    }

    /// The day the lead was won or lost: the 成交日期 of the latest follow-up that has one, else the day of the first
    /// that says won or lost.
    pub(crate) fn closed(&self) -> Option<i32> {
        if self.closed != NOT_YET {
            return Some(self.closed);
        }
        (self.decided != NEVER).then_some(self.decided)
    }
}

/// The group of each lead under one key: that of its first or of its latest follow-up among those whose table has the
/// column. A cell that is empty is a group; a table that has no such column says nothing.
pub(crate) struct Groups {
    at_first: bool,
    /// By lead: place of the follow-up, and its code.
    of_lead: Vec<(u32, u32)>,
}

impl Groups {
    pub(crate) fn new(at_first: bool, leads: usize) -> Self {
        let nothing = if at_first { u32::MAX } else { 0 };
        Self {
            at_first,
            of_lead: vec![(nothing, 0); leads],
        }
    }

    pub(crate) fn take(&mut self, lead: u32, place: u32, code: u32) {
        let Some(known) = self.of_lead.get_mut(lead as usize) else {
            return;
        };
        if (place < known.0) == self.at_first {
            *known = (place, code);
        }
    }

    /// The code of each lead.
    pub(crate) fn codes(&self) -> impl Iterator<Item = Option<u32>> {
        (0..self.of_lead.len()).map(|lead| self.code(lead))
    }

    /// The code of one.
    pub(crate) fn code(&self, lead: usize) -> Option<u32> {
        let (place, code) = self.of_lead[lead];
        (place != u32::MAX && place != 0).then_some(code)
    }
}

/// Whether the lead was won once and is not now: it has reached 成交客户, and its latest follow-up says otherwise.
pub(crate) fn is_reopened() -> Expr {
    let is_won = col(OUTCOME).eq(lit(code_of(Outcome::Won)));
    col(REACHED).eq(lit(rungs())).and(is_won.not())
}

#[cfg(test)]
mod tests {
    use crate::testing::{LEDGER, by, figures_of, funnel_of};

    #[test]
    fn a_lead_counts_at_every_stage_it_has_reached() {
        assert_eq!(
            figures_of(LEDGER, &by(&["stage"])),
            "2+1+3=6\nstage:\n  潜在客户 2+1+2=5\n  意向客户 2+1+1=4\n  高意向客户 2+0+1=3\n  成交客户 2+0+0=2\
             \n  （未填写） 0+0+1=1"
        );
        assert_eq!(funnel_of(LEDGER, &by(&[])), "5-0 4-1 3-0 2-0");
    }

    /// Trap 6: a deal closed at the first visit passed the stages between all the same.
    #[test]
    fn a_won_lead_has_reached_the_stages_it_skipped() {
        let text = "customer | stage\n甲 | 成交客户";
        assert_eq!(funnel_of(text, &by(&[])), "1-0 1-0 1-0 1-0");
    }

    #[test]
    fn a_lead_seen_only_as_lost_reached_the_first_stage() {
        let text = "customer | stage\n甲 | 流失客户";
        assert_eq!(funnel_of(text, &by(&[])), "1-1 0-0 0-0 0-0");
    }

    /// Trap 7: won, then open again: it came as far as 成交客户 and is not won.
    #[test]
    fn a_lead_opened_again_keeps_the_stage_it_reached() {
        let text = "
            customer | follow_up_date | stage
            甲       | 2025-03-01     | 成交客户
            甲       | 2025-03-09     | 潜在客户";
        assert_eq!(
            figures_of(text, &by(&["stage"])),
            "0+0+1=1\nstage:\n  潜在客户 0+0+1=1\n  意向客户 0+0+1=1\n  高意向客户 0+0+1=1\n  成交客户 0+0+1=1"
        );
    }

    #[test]
    fn stages_cross_with_other_keys() {
        assert_eq!(
            figures_of(LEDGER, &by(&["stage*grade"])),
            "2+1+3=6\nstage*grade:\
             \n  潜在客户 × A 0+1+0=1\n  潜在客户 × B 1+0+0=1\n  潜在客户 × C 0+0+1=1\n  潜在客户 × D 0+0+1=1\
             \n  潜在客户 × （未填写） 1+0+0=1\
             \n  意向客户 × A 0+1+0=1\n  意向客户 × B 1+0+0=1\n  意向客户 × C 0+0+1=1\n  意向客户 × （未填写） 1+0+0=1\
             \n  高意向客户 × B 1+0+0=1\n  高意向客户 × C 0+0+1=1\n  高意向客户 × （未填写） 1+0+0=1\
             \n  成交客户 × B 1+0+0=1\n  成交客户 × （未填写） 1+0+0=1\
             \n  （未填写） × C 0+0+1=1"
        );
    }

    /// Two follow-ups on the first day and two on the last: the upper one is the first, the lower one the latest.
    #[test]
    fn row_order_breaks_ties() {
        let text = "
            customer | follow_up_date | source   | owner | stage
            甲       | 2025-03-01     | 行业展会 | 何苗  | 意向客户
            甲       | 2025-03-01     | 线上推广 | 何苗  | 意向客户
            甲       | 2025-03-09     | 其他     | 吴桐  | 流失客户
            甲       | 2025-03-09     | 其他     | 周岚  | 成交客户";
        assert_eq!(
            figures_of(text, &by(&["source", "owner"])),
            "1+0+0=1\nsource:\n  行业展会 1+0+0=1\nowner:\n  周岚 1+0+0=1"
        );
    }

    #[test]
    fn a_follow_up_without_a_date_is_later_than_all() {
        let text = "
            customer | follow_up_date | source   | stage
            甲       |                | 行业展会 | 成交客户
            甲       | 2025-03-01     | 线上推广 | 意向客户";
        assert_eq!(
            figures_of(text, &by(&["source"])),
            "1+0+0=1\nsource:\n  线上推广 1+0+0=1"
        );
    }
}
