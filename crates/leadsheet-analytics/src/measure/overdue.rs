//! Overdue: who is behind the pace that the policy sets.

use std::collections::HashMap;

use leadsheet_core::{Field, Message, Outcome, next_contact_in};
use serde::Serialize;

use super::Asked;
use crate::arranged::alone;
use crate::definition::Key;
use crate::known::{Grouped, in_order};
use crate::labels::EMPTY;
use crate::rate::share;

/// Open leads that nobody followed up for longer than their grade allows, as the rule L109 finds them: all that are
/// open on the day of the report, whatever its period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Overdue {
    /// All open leads.
    pub total: OverdueCounts,
    /// By the latest owner named.
    pub by_owner: Vec<OverdueGroup>,
    /// What could not be judged.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// The leads of one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverdueGroup {
    /// The person.
    pub key: String,
    /// Their leads.
    #[serde(flatten)]
    pub counts: OverdueCounts,
}

/// How many leads are behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct OverdueCounts {
    /// Open leads.
    pub open: u32,
    /// Of these, overdue.
    pub overdue: u32,
    /// `overdue / open`.
    pub share: Option<f64>,
    /// The longest that one of them waits: days since its latest follow-up, or since the day planned for the next.
    pub longest: Option<i64>,
}

impl OverdueCounts {
    fn add(&mut self, days: Option<i64>) {
        self.open += 1;
        self.overdue += u32::from(days.is_some());
        self.longest = self.longest.max(days);
        self.share = share(self.overdue, self.open);
    }
}

/// `None` where no table says which leads are open.
pub(crate) fn overdue(asked: &Asked<'_, '_>) -> Option<Overdue> {
    let owners = Grouped::by(asked.gathered, Key::Field(Field::Owner));
    let latest_owner = |lead: u32| {
        let owners = owners.as_ref()?;
        let rows = asked.gathered.rows_of(lead).rev();
        let mut codes = rows.map(|it| owners.own_of_row(it.table, &it.row));
        codes.find(|&code| code != EMPTY)
    };
    let mut total = OverdueCounts::default();
    let mut by_owner: HashMap<u32, OverdueCounts> = HashMap::new();
    let mut judged = false;
    for lead in asked.known.leads() {
        judged |= lead.outcome().is_some();
        if lead.outcome() != Some(Outcome::Open) {
            continue;
        }
        let (policy, today) = (asked.policy, asked.definition.today);
        let next = next_contact_in(&alone(asked.gathered.rows_of(lead.number)), policy);
        let late = next.filter(|(_, next)| next.is_overdue(policy, today));
        let days = late.map(|(_, next)| next.days_alone(policy, today));
        total.add(days);
        let owner = latest_owner(lead.number).unwrap_or(EMPTY);
        by_owner.entry(owner).or_default().add(days);
    }
    if !judged {
        return None;
    }
    let groups = owners.as_ref().map_or_else(Vec::new, |owners| {
        let ordered = in_order(&owners.labels, by_owner, |it| {
            u64::from(it.overdue) << 32 | u64::from(it.open)
        });
        let group = |(code, counts): (u32, OverdueCounts)| OverdueGroup {
            key: owners.name(code),
            counts,
        };
        ordered.into_iter().map(group).collect()
    });
    let cadence = asked.policy.cadence;
    let pace = Message::new("report-note", "overdue-pace")
        .with("a", cadence.a)
        .with("b", cadence.b)
        .with("c", cadence.c)
        .with("today", asked.definition.today);
    Some(Overdue {
        total,
        by_owner: groups,
        notes: vec![pace],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{book, by, day, report_of, table};
    use crate::{ReportDefinition, Topic, report};

    fn definition() -> ReportDefinition {
        ReportDefinition {
            show: vec![Topic::Overdue],
            today: day("2024-06-01"),
            ..by(&[])
        }
    }

    fn shown(overdue: &Overdue) -> Vec<(String, u32, u32, Option<i64>)> {
        let group = |it: &OverdueGroup| {
            let OverdueCounts {
                open,
                overdue,
                longest,
                ..
            } = it.counts;
            (it.key.clone(), open, overdue, longest)
        };
        overdue.by_owner.iter().map(group).collect()
    }

    /// By the pace of A 2, B 7 and C 31 days, on 1 June: 李雷's A lead waits 12 days and his B lead 5, 韩梅's C lead 40.
    #[test]
    fn people_are_behind_with_the_leads_that_wait_too_long() {
        let text = "
            lead_id | grade | follow_up_date | stage    | owner
            A1      | A     | 2024-05-20     | 意向客户 | 李雷
            A2      | B     | 2024-05-27     | 意向客户 | 李雷
            A3      | C     | 2024-04-22     | 潜在客户 | 韩梅
            A4      | A     | 2024-01-01     | 成交客户 | 韩梅
            A5      | A     | 2024-05-31     | 意向客户 | 周岚";
        let overdue = report_of(text, &definition()).overdue.unwrap();
        assert_eq!(
            (
                overdue.total.open,
                overdue.total.overdue,
                overdue.total.longest
            ),
            (4, 2, Some(40))
        );
        assert_eq!(
            shown(&overdue),
            [
                ("李雷".to_owned(), 2, 1, Some(12)),
                ("韩梅".to_owned(), 1, 1, Some(40)),
                ("周岚".to_owned(), 1, 0, None),
            ]
        );
    }

    /// The call of last week stands in another file: nobody is behind.
    #[test]
    fn a_call_in_another_workbook_counts() {
        let may = "lead_id | grade | follow_up_date | stage | owner\nZH-20240501-001 | A | 2024-05-01 | 意向客户 | 李雷";
        let june = may
            .replace("2024-05-01 |", "2024-05-31 |")
            .replace("李雷", "韩梅");
        let books = [book("5.xlsx", [table(may)]), book("6.xlsx", [table(&june)])];
        let report = report(&books, &leadsheet_core::Policy::default(), &definition()).unwrap();
        assert_eq!(
            shown(&report.overdue.unwrap()),
            [("韩梅".to_owned(), 1, 0, None)]
        );
    }

    #[test]
    fn a_table_without_outcomes_is_not_judged() {
        let text = "customer | follow_up_date | owner\n甲 | 2020-01-01 | 李雷";
        let report = report_of(text, &definition());
        assert_eq!(report.overdue, None);
    }
}
