//! What is known of leads and their rows, as plain values: for figures that are no share of leads. What each fact
//! means is said where it is taken, in `measure/lead.rs`.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;
use leadsheet_core::{Field, Outcome, Row, entry_days};

use crate::definition::{Key, PeriodBasis, Window};
use crate::labels::{EMPTY, Labels, RowCodes};
use crate::measure::lead::{Dates, Groups, Standing};
use crate::measure::period;
use crate::tables::Gathered;

/// What is known of each lead, by its number across tables.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) standings: Vec<Standing>,
    pub(crate) dates: Vec<Dates>,
    pub(crate) days_in_numbers: Vec<Option<i32>>,
}

/// One lead.
#[derive(Clone, Copy)]
pub(crate) struct KnownLead<'k> {
    /// Its number across tables.
    pub(crate) number: u32,
    standing: &'k Standing,
    dates: &'k Dates,
    /// The day in its number.
    pub(crate) day_in_number: Option<i32>,
}

impl Known {
    /// Every lead.
    pub(crate) fn leads(&self) -> impl Iterator<Item = KnownLead<'_>> {
        let leads = self.standings.iter().zip(&self.dates);
        let leads = leads.zip(&self.days_in_numbers);
        (0..)
            .zip(leads)
            .map(|(number, ((standing, dates), &day_in_number))| KnownLead {
                number,
                standing,
                dates,
                day_in_number,
            })
    }

    /// The leads that belong to a window.
    pub(crate) fn in_window(&self, window: &Window) -> impl Iterator<Item = KnownLead<'_>> {
        self.leads().filter(|lead| lead.is_in(window))
    }
}

impl KnownLead<'_> {
    /// The day it came.
    pub(crate) fn created(&self) -> Option<i32> {
        self.day_in_number.or(self.first_day())
    }

    /// The day of its first follow-up.
    pub(crate) fn first_day(&self) -> Option<i32> {
        self.dates.first_day()
    }

    /// The day it was won or lost.
    pub(crate) fn closed(&self) -> Option<i32> {
        self.dates.closed()
    }

    /// What became of it, where a table can say.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.standing.ended()
    }

    pub(crate) fn is_won(&self) -> bool {
        self.outcome() == Some(Outcome::Won)
    }

    fn is_in(&self, window: &Window) -> bool {
        let day = match window.by {
            PeriodBasis::Created => self.created(),
            PeriodBasis::FollowedUp => self.dates.followed_up(),
            PeriodBasis::Closed => self.closed(),
        };
        !window.is_bounded() || day.is_some_and(|day| period::holds(window, day))
    }
}

/// The days of the talks that a row tells of: one, or as many as its text lists with a date each.
pub(crate) fn talks(row: &Row<'_>) -> Vec<Option<NaiveDate>> {
    let entries = row.entries();
    if entries.is_empty() {
        return vec![row.date(Field::FollowUpDate)];
    }
    let days = entry_days(&entries, row.known_date()).into_iter();
    days.map(|day| day.map(|day| day.date)).collect()
}

/// The groups that rows and leads belong to under one key.
pub(crate) struct Grouped<'a> {
    pub(crate) labels: Labels,
    /// By table, then by row; `None` of tables without the column.
    rows: Vec<Option<RowCodes<'a>>>,
    leads: Vec<u32>,
}

impl<'a> Grouped<'a> {
    /// Groups by `key`: a lead belongs where its first row does. `None` where no table has the column.
    pub(crate) fn by(gathered: &Gathered<'a>, key: Key) -> Option<Self> {
        let mut labels = Labels::new();
        let mut of_table = Vec::new();
        let mut groups = Groups::new(true, gathered.len() as usize);
        let places = gathered.places();
        for (position, (table, rows)) in gathered.tables().enumerate() {
            let codes = labels.of_rows(table, key);
            if let Some(codes) = &codes {
                for (row, lead) in rows {
                    let place = places[gathered.number_of(position, &row) as usize];
                    groups.take(lead, place, codes.get(row.index()));
                }
            }
            of_table.push(codes);
        }
        of_table.iter().any(Option::is_some).then(|| Self {
            labels,
            rows: of_table,
            leads: groups.codes().map(|code| code.unwrap_or(EMPTY)).collect(),
        })
    }

    /// The group of a lead.
    pub(crate) fn of_lead(&self, lead: u32) -> u32 {
        self.leads.get(lead as usize).copied().unwrap_or(EMPTY)
    }

    /// The group of a row of the table at `position`: its own, or where it says nothing that of its lead.
    pub(crate) fn of_row(&self, position: usize, row: &Row<'_>, lead: u32) -> u32 {
        match self.own_of_row(position, row) {
            EMPTY => self.of_lead(lead),
            code => code,
        }
    }

    /// The group that a row itself says.
    pub(crate) fn own_of_row(&self, position: usize, row: &Row<'_>) -> u32 {
        let codes = self.rows.get(position).and_then(Option::as_ref);
        codes.map_or(EMPTY, |codes| codes.get(row.index()))
    }

    /// The name of a group.
    pub(crate) fn name(&self, code: u32) -> String {
        self.labels.get(code).1.to_owned()
    }
}

/// Groups in the order people expect: terms as their vocabulary lists them, then all else, the greatest first, and
/// what is empty last.
pub(crate) fn in_order<T>(
    labels: &Labels,
    groups: HashMap<u32, T>,
    size: impl Fn(&T) -> u64,
) -> Vec<(u32, T)> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_cached_key(|(code, group)| {
        let (place, name) = labels.get(*code);
        (place, Reverse(size(group)), name.to_owned())
    });
    groups
}
