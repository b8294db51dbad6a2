//! Follow-ups and leads as plain records, for programs that keep them elsewhere: what a row and a lead say, parsed.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::category::{Outcome, Stage};
use crate::field::Field;
use crate::lead::{Lead, LeadIdentity};
use crate::ledger::Row;

/// One follow-up: a talk with a customer. Terms are in their canonical spelling where the vocabulary knows them, else
/// as the sheet has them; what is blank, or a date that cannot be read, is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUp {
    /// Row number as the spreadsheet program shows it.
    pub row: u32,
    /// 跟进日期.
    pub date: Option<NaiveDate>,
    /// The time of day, where one is written.
    pub time: Option<NaiveTime>,
    /// 跟进方式.
    pub method: Option<String>,
    /// 跟进主题.
    pub topic: Option<String>,
    /// 沟通内容摘要.
    pub summary: Option<String>,
    /// 客户反馈.
    pub feedback: Option<String>,
    /// 下一步计划.
    pub next_step: Option<String>,
    /// 计划跟进日期.
    pub next_date: Option<NaiveDate>,
    /// 负责人.
    pub owner: Option<String>,
    /// 当前状态.
    pub stage: Option<Stage>,
    /// What the row says about the outcome.
    pub outcome: Outcome,
}

impl From<Row<'_>> for FollowUp {
    fn from(row: Row<'_>) -> Self {
        FollowUp {
            row: row.number(),
            date: row.date(Field::FollowUpDate),
            time: row.time(Field::FollowUpDate),
            method: row.said(Field::Method),
            topic: row.said(Field::Topic),
            summary: row.said(Field::Summary),
            feedback: row.said(Field::Feedback),
            next_step: row.said(Field::NextStep),
            next_date: row.date(Field::NextDate),
            owner: row.said(Field::Owner),
            stage: row.stage(),
            outcome: row.outcome(),
        }
    }
}

/// One lead with its follow-ups, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadRecord {
    /// 线索编号; `None` for a lead that is known by its mobile or name only.
    pub lead_id: Option<String>,
    /// 客户名称, as the latest follow-up that names it has it.
    pub customer: Option<String>,
    /// 联系人, likewise.
    pub contact: Option<String>,
    /// 线索来源 of the first follow-up.
    pub source: Option<String>,
    /// 线索等级 of the first follow-up.
    pub grade: Option<String>,
    /// 负责人 of the latest follow-up.
    pub owner: Option<String>,
    /// Won, lost or open.
    pub outcome: Outcome,
    /// The highest stage it has reached.
    pub highest_stage: Option<Stage>,
    /// The day it came.
    pub created: Option<NaiveDate>,
    /// The day it was won or lost.
    pub closed: Option<NaiveDate>,
    /// Its follow-ups, oldest first.
    pub follow_ups: Vec<FollowUp>,
}

impl From<Lead<'_>> for LeadRecord {
    fn from(lead: Lead<'_>) -> Self {
        let (first, latest) = (lead.first(), lead.latest());
        let latest_said = |field| lead.rows().rev().find_map(|row| row.said(field));
        let is_numbered = matches!(
            lead.identity(),
            LeadIdentity::Number(_) | LeadIdentity::OwnNumber(_)
        );
        LeadRecord {
            lead_id: is_numbered.then(|| first.said(Field::LeadId)).flatten(),
            customer: latest_said(Field::Customer),
            contact: lead.rows().rev().find_map(|row| row.contact_name()),
            source: first.said(Field::Source),
            grade: first.said(Field::Grade),
            owner: latest.said(Field::Owner),
            outcome: lead.outcome(),
            highest_stage: lead.highest_stage(),
            created: lead.created(),
            closed: lead.closed(),
            follow_ups: lead.rows().map(FollowUp::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::Leads;
    use crate::ledger::Reading;
    use crate::policy::Policy;
    use crate::rules::testing::table;

    #[test]
    fn a_lead_is_told_with_its_follow_ups_in_order() {
        let ledger = table(
            "
            | lead_id         | customer | source | grade | follow_up_date | method   | stage    | owner |
            | ZH-20250106-001 | 北辰     | 展会   | B类   | 2025-02-01     | 电话沟通 | 成交     | 李雷  |
            | ZH-20250106-001 |          | 官网   | A     | 2025-01-06     | 拜访     | 意向客户 | 韩梅  |",
        );
        let policy = Policy::default();
        let reading = Reading::new(&ledger, &policy);
        let leads = Leads::new(&reading);
        let record = LeadRecord::from(leads.lead(0));
        assert_eq!(record.lead_id.as_deref(), Some("ZH-20250106-001"));
        assert_eq!(record.customer.as_deref(), Some("北辰"));
        // Of the first follow-up by date, in the terms' own spelling.
        assert_eq!(
            (record.source.as_deref(), record.grade.as_deref()),
            (Some("官网注册"), Some("A"))
        );
        assert_eq!(
            (record.outcome, record.owner.as_deref()),
            (Outcome::Won, Some("李雷"))
        );
        let rows: Vec<_> = record
            .follow_ups
            .iter()
            .map(|follow_up| (follow_up.row, follow_up.method.as_deref()))
            .collect();
        assert_eq!(rows, [(3, Some("登门拜访")), (2, Some("电话"))]);
    }
}
