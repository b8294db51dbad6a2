//! Credit: leads that several people share count for each of them in equal parts.

use std::collections::{BTreeMap, HashMap};

use leadsheet_core::{Field, Message, compact_key, nfkc, simplified};
use serde::Serialize;

use super::Asked;
use crate::NOT_FILLED_IN;
use crate::tables::Table;

/// Leads and deals by person, shared ones in parts: half a lead for each of two, as sales teams divide what a colleague
/// brought and another closed (业绩分半).
///
/// A person shares a lead where any of its rows names them, alone or beside others (`何苗、吴桐`). What a person has is
/// the sum of `1 / people of the lead`, so all of it adds up to the leads there are. Parts of leads have no interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Credit {
    /// Leads that two or more people share.
    pub shared_leads: u32,
    /// By person, the most credit first.
    pub by_owner: Vec<CreditGroup>,
    /// What was left out.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// What one person has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreditGroup {
    /// The person.
    pub key: String,
    /// Leads, shared ones in parts.
    pub leads: f64,
    /// Won leads, likewise.
    pub won: f64,
    /// `won / leads`.
    pub rate: Option<f64>,
    /// Leads that nobody shares.
    pub alone: u32,
    /// Leads shared with others.
    pub shared: u32,
}

/// Leads and won ones by how many people share them: summed only at the end, so that the order of leads changes no bit.
type Parts = BTreeMap<u32, (u32, u32)>;

/// `None` where no table names owners or says what became of leads.
pub(crate) fn credit(asked: &Asked<'_, '_>) -> Option<Credit> {
    let has_owner = |table: &Table<'_>| table.has(Field::Owner);
    if !asked.gathered.every_table().any(has_owner) {
        return None;
    }
    let mut people: HashMap<String, (String, Parts)> = HashMap::new();
    let mut shared_leads = 0;
    let mut judged = false;
    for lead in asked.known.in_window(&asked.definition.window) {
        if lead.outcome().is_none() {
            continue;
        }
        judged = true;
        let mut names: Vec<(String, String)> = Vec::new();
        for it in asked.gathered.rows_of(lead.number) {
            for (key, name) in named(&it.row.value(Field::Owner).display()) {
                if names.iter().all(|(known, _)| *known != key) {
                    names.push((key, name));
                }
            }
        }
        shared_leads += u32::from(names.len() > 1);
        let sharing = names.len().max(1) as u32;
        if names.is_empty() {
            names.push((String::new(), NOT_FILLED_IN.to_owned()));
        }
        for (key, name) in names {
            let (_, parts) = people.entry(key).or_insert_with(|| (name, Parts::new()));
            let (leads, won) = parts.entry(sharing).or_default();
            *leads += 1;
            *won += u32::from(lead.is_won());
        }
    }
    if !judged {
        return None;
    }
    let nobody = people.remove("");
    let mut by_owner: Vec<_> = people.into_values().map(group).collect();
    by_owner.sort_by(|one, other| {
        let most = other.leads.total_cmp(&one.leads);
        most.then_with(|| one.key.cmp(&other.key))
    });
    by_owner.extend(nobody.map(group));
    Some(Credit {
        shared_leads,
        by_owner,
        notes: Vec::new(),
    })
}

fn group((key, parts): (String, Parts)) -> CreditGroup {
    let sum = |count: fn(&(u32, u32)) -> u32| -> f64 {
        let parts = parts.iter();
        parts
            .map(|(&sharing, counts)| f64::from(count(counts)) / f64::from(sharing))
            .sum()
    };
    let (leads, won) = (sum(|it| it.0), sum(|it| it.1));
    let shared = parts.range(2..).map(|(_, (leads, _))| leads).sum();
    CreditGroup {
        key,
        leads,
        won,
        rate: (leads > 0.0).then(|| won / leads),
        alone: parts.get(&1).map_or(0, |(leads, _)| *leads),
        shared,
    }
}

/// The people that a cell names, each by the key under which spellings are one, and as written.
fn named(cell: &str) -> Vec<(String, String)> {
    let name = |part: &str| {
        let key = compact_key(part);
        let name = simplified(&nfkc(part.trim())).into_owned();
        (!key.is_empty()).then_some((key, name))
    };
    cell.split(['、', '，', ',', ';', '；', '/', '／', '&', '+', '\n'])
        .filter_map(name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{by, report_of};
    use crate::{ReportDefinition, Topic};

    fn credit_of(text: &str) -> Option<Credit> {
        let definition = ReportDefinition {
            show: vec![Topic::Credit],
            ..by(&[])
        };
        report_of(text, &definition).credit
    }

    /// 何苗 brought the first lead and 吴桐 closed it: half each. Three people share the third.
    #[test]
    fn two_people_have_half_a_lead_each() {
        let text = "
            lead_id | follow_up_date | owner          | stage
            A1      | 2025-03-01     | 何苗           | 潜在客户
            A1      | 2025-03-09     | 吴桐           | 成交客户
            A2      | 2025-03-01     | 何苗           | 成交客户
            A3      | 2025-03-01     | 何苗、吴桐/周岚 | 潜在客户
            A4      | 2025-03-01     |                | 潜在客户";
        let credit = credit_of(text).unwrap();
        assert_eq!(credit.shared_leads, 2);
        let shown: Vec<_> = credit
            .by_owner
            .iter()
            .map(|it| {
                format!(
                    "{} {:.4} {:.4} {} {}",
                    it.key, it.leads, it.won, it.alone, it.shared
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "何苗 1.8333 1.5000 1 2",
                "吴桐 0.8333 0.5000 0 2",
                "周岚 0.3333 0.0000 0 1",
                "（未填写） 1.0000 0.0000 1 0"
            ]
        );
        let all: f64 = credit.by_owner.iter().map(|it| it.leads).sum();
        assert!(
            (all - 4.0).abs() < 1e-12,
            "parts add up to the leads there are"
        );
    }

    #[test]
    fn without_owners_there_is_no_credit() {
        assert_eq!(credit_of("customer | stage\n甲 | 成交客户"), None);
    }
}
