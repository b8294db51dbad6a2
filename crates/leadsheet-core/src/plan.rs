//! What next steps say about their day and who takes them (`5月22日前李雷发送报价单`), found out once for each distinct text.

use chrono::NaiveDate;

use crate::field::Field;
use crate::ledger::{Ledger, Value};
use crate::value::{DateReading, each_date_in_text, infer_year};

/// The next steps of a table.
#[derive(Debug)]
pub(crate) struct Plans {
    /// By code of the column; `None` where it holds no text.
    of_code: Vec<Option<Plan>>,
}

/// The days that a next step names, mostly one with its year or none, and whether it says who takes it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The last of the days with a year.
    last: Option<NaiveDate>,
    /// Whether one of its days has a year, even if day and month cannot be told apart.
    has_year: bool,
    names_somebody: bool,
    others: Option<Box<Others>>,
}

#[derive(Debug, Default)]
struct Others {
    /// Those without a year, month first.
    month_days: Vec<(u32, u32)>,
    /// How the last of them is written.
    written: String,
    /// How the first one is written that no calendar has.
    impossible: Option<String>,
}

/// The best day that a plan names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PlannedDay<'p> {
    /// One with its year.
    Full,
    /// One without a year, and how it is written.
    WithoutYear {
        month: u32,
        day: u32,
        written: &'p str,
    },
    /// One that does not exist, as it is written.
    Impossible(&'p str),
    /// None.
    None,
}

impl Plans {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        let column = ledger.column(Field::NextStep);
        let people = people(ledger);
        let of_value = |value: Value<'_>| {
            let text = value.as_text()?;
            let mut plan = Plan::of_text(text);
            plan.names_somebody = names_one_of(&people, text);
            Some(plan)
        };
        Self {
            of_code: column.map_or_else(Vec::new, |column| {
                column.map_distinct(ledger.values(), of_value)
            }),
        }
    }

    /// What the next step with this code says.
    pub(crate) fn get(&self, code: u32) -> Option<&Plan> {
        self.of_code.get(code as usize)?.as_ref()
    }
}

impl Plan {
    fn of_text(text: &str) -> Self {
        let mut plan = Self::default();
        each_date_in_text(text, |written, reading| match reading {
            DateReading::Date { date, .. } => {
                plan.has_year = true;
                plan.last = plan.last.max(Some(date));
            }
            DateReading::Ambiguous { .. } => plan.has_year = true,
            DateReading::MonthDay { month, day } => {
                let others = plan.others.get_or_insert_default();
                others.month_days.push((month, day));
                written.clone_into(&mut others.written);
            }
            DateReading::Impossible => {
                let others = plan.others.get_or_insert_default();
                others.impossible.get_or_insert_with(|| written.to_owned());
            }
            _ => {}
        });
        plan
    }

    /// The last day that it names; one without a year is the first of its name after the follow-up, and none without that.
    pub(crate) fn last_day(&self, follow_up: Option<NaiveDate>) -> Option<NaiveDate> {
        let month_days = self.others.iter().flat_map(|others| &others.month_days);
        let inferred = month_days.filter_map(|&(month, day)| infer_year(month, day, follow_up?));
        inferred.max().max(self.last)
    }

    /// Whether it says who acts, whoever owns the row: somebody who owns rows of the table, or whoever stands behind `由`
    /// or `@`.
    pub(crate) const fn names_somebody(&self) -> bool {
        self.names_somebody
    }

    /// The best day that it names: the first of full, without a year, impossible.
    pub(crate) fn day(&self) -> PlannedDay<'_> {
        match self.others.as_deref() {
            _ if self.has_year => PlannedDay::Full,
            None => PlannedDay::None,
            Some(others) => match (others.month_days.last(), &others.impossible) {
                (Some(&(month, day)), _) => PlannedDay::WithoutYear {
                    month,
                    day,
                    written: &others.written,
                },
                (None, Some(written)) => PlannedDay::Impossible(written),
                (None, None) => PlannedDay::None,
            },
        }
    }
}

/// Everybody who owns rows of the table; nobody where there are more than a desk has, for then the column is no list of
/// people.
fn people(ledger: &Ledger) -> Vec<&str> {
    const PEOPLE: usize = 50;
    let values = ledger.values();
    let ids = ledger
        .column(Field::Owner)
        .map_or(&[][..], |column| column.distinct());
    if ids.len() > PEOPLE {
        return Vec::new();
    }
    let names = ids.iter().filter_map(|&id| values.get(id).as_text());
    names
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether a plan says who acts: somebody who owns rows of the table, or whoever stands behind `由` or `@`.
fn names_one_of(people: &[&str], plan: &str) -> bool {
    // Whoever acts mostly stands first.
    people.iter().any(|person| plan.starts_with(person))
        || people.iter().any(|person| plan.contains(person))
        || plan.contains(['@', '＠'])
        || names_an_agent(plan)
}

/// Whether somebody stands behind `由` (by); in `由于`, `理由` and their like it means something else.
fn names_an_agent(plan: &str) -> bool {
    plan.match_indices('由').any(|(at, by)| {
        let follows = plan[at + by.len()..].chars().next();
        !plan[..at].ends_with(['理', '事', '缘', '自'])
            && follows.is_some_and(|c| c.is_alphabetic() && c != '于')
    })
}
