//! Follow-ups and leads as plain records, for programs that keep them elsewhere: what a row and a lead say, parsed.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime};
use memchr::memchr3;
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use crate::category::{Outcome, Stage};
use crate::field::Field;
use crate::identities::LeadIdentity;
use crate::lead::Lead;
use crate::ledger::{Row, Value};
use crate::value::{Entry, EntryDay, entry_days, split_entries};

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
    /// Whether the year of the date was not written, and comes from what is known of the row.
    pub date_inferred: bool,
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
            date_inferred: false,
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

impl FollowUp {
    /// The follow-ups that a row tells of: one, or as many as its text lists with a date each (`09.14 电话 …` and
    /// `09.20 报价 …` in one cell). Of several, all but the latest have a date, a text and an owner only: method,
    /// feedback, plan and stage of the row are those of its latest talk.
    pub fn of_row(row: Row<'_>) -> Vec<Self> {
        let entries = row.entries();
        let whole = Self::from(row);
        if entries.is_empty() {
            return vec![whole];
        }
        let days = entry_days(&entries, row.known_date());
        let talk = |(entry, day): (Entry, Option<EntryDay>)| Self {
            row: whole.row,
            date: day.map(|day| day.date),
            time: day.and_then(|day| day.time),
            date_inferred: day.is_some_and(|day| day.inferred),
            summary: (!entry.text.is_empty()).then_some(entry.text),
            owner: whole.owner.clone(),
            ..Self::default()
        };
        let mut talks: Vec<Self> = entries.into_iter().zip(days).map(talk).collect();
        talks.sort_by_key(|talk| (talk.date.is_none(), talk.date));
        let latest = talks.iter().rposition(|talk| talk.date.is_some());
        if let Some(latest) = latest.and_then(|latest| talks.get_mut(latest)) {
            *latest = Self {
                date: latest.date,
                time: latest.time,
                date_inferred: latest.date_inferred,
                summary: latest.summary.take(),
                ..whole
            };
        }
        talks
    }
}

impl Row<'_> {
    /// The talks that the row's text lists with a date each; none where it tells of a single one. A lone date in
    /// front may be a plan and makes no list.
    pub fn entries(&self) -> Vec<Entry> {
        let text = match self.value(Field::Summary) {
            Value::Text(text) if may_list(text) => text,
            _ => return Vec::new(),
        };
        let entries = split_entries(text, self.reading().policy().date_order);
        let dated = entries.iter().filter(|entry| entry.is_dated()).count();
        if dated > 1 { entries } else { Vec::new() }
    }

    /// The day from which dates without a year count: that of the follow-up, else that in the lead number, else that
    /// on which the row was recorded.
    pub fn known_date(&self) -> Option<NaiveDate> {
        self.date(Field::FollowUpDate)
            .or_else(|| self.lead_id().map(|id| id.date))
            .or_else(|| self.date(Field::RecordedAt))
    }
}

/// Whether a text may list several talks. A list has two dates at least, and a date has digits and what parts them, or
/// eight digits: most texts are told from a list at a glance.
pub fn may_list(text: &str) -> bool {
    let is_list = || {
        // Most texts begin with a letter, a digit or a Chinese character.
        let is_plain = matches!(
            text.as_bytes(),
            [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0xe4..=0xe9, ..]
        );
        !is_plain && text.trim_start().starts_with(['[', '{'])
    };
    if !may_part_talks(text.as_bytes()) || !has_four_digits(text.as_bytes()) {
        return is_list();
    }
    let (mut dates, mut digits, mut marks) = (0, 0, 0);
    let mut bytes = text.as_bytes();
    loop {
        bytes = match bytes {
            // Digits and what parts them, in UTF-8: 年, 月, 日 and 号, then `－`, `．` and `／`.
            [b'0'..=b'9', rest @ ..] | [0xef, 0xbc, 0x90..=0x99, rest @ ..] => {
                digits += 1;
                rest
            }
            [b'-' | b'/' | b'.', rest @ ..]
            | [0xe5, 0xb9, 0xb4, rest @ ..]
            | [0xe6, 0x9c, 0x88, rest @ ..]
            | [0xe6, 0x97, 0xa5, rest @ ..]
            | [0xe5, 0x8f, 0xb7, rest @ ..]
            | [0xef, 0xbc, 0x8d..=0x8f, rest @ ..] => {
                marks += 1;
                rest
            }
            _ => {
                dates += u32::from(digits >= 8 || (digits > 1 && marks > 0));
                if dates > 1 {
                    return true;
                }
                (digits, marks) = (0, 0);
                match bytes {
                    [] => return is_list(),
                    [0xe0..=0xef, _, _, rest @ ..] | [_, rest @ ..] => rest,
                }
            }
        };
    }
}

/// Whether a text may part one talk from the next: by a line of its own, else by a date with a colon behind it.
fn may_part_talks(text: &[u8]) -> bool {
    static WIDE_COLON: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("："));
    memchr3(b'\n', b'\r', b':', text).is_some() || WIDE_COLON.find(text).is_some()
}

/// Whether there are digits enough for two dates, as far as bytes tell.
fn has_four_digits(text: &[u8]) -> bool {
    // Each wide digit begins with this byte. So few bytes are counted at a time that a byte holds the count, which makes it
    // the work of a moment.
    let may_be_digit = |byte: &u8| u8::from(matches!(byte, b'0'..=b'9' | 0xEF));
    let counts = text.chunks(128);
    let counts = counts.map(|chunk| chunk.iter().map(may_be_digit).sum::<u8>());
    counts.map(usize::from).sum::<usize>() >= 4
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
            follow_ups: follow_ups_of(lead),
        }
    }
}

fn follow_ups_of(lead: Lead<'_>) -> Vec<FollowUp> {
    let mut all: Vec<FollowUp> = lead.rows().flat_map(FollowUp::of_row).collect();
    all.sort_by_key(|follow_up| (follow_up.date.is_none(), follow_up.date));
    all
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

    #[test]
    fn a_cell_that_lists_its_talks_is_as_many_follow_ups() {
        let ledger = table(
            "
            | lead_id         | follow_up_date | method | summary                       | owner | stage    |
            | ZH-20240914-001 | 2024-09-20     | 电话   | 9月14日：已电话跟进；9月20日：发报价 | 李雷  | 意向客户 |
            | ZH-20240914-001 | 2024-10-08     | 微信   | 2024-10-15前给样品             | 韩梅  |          |",
        );
        let policy = Policy::default();
        let reading = Reading::new(&ledger, &policy);
        let record = LeadRecord::from(Leads::new(&reading).lead(0));
        let told: Vec<_> = record
            .follow_ups
            .iter()
            .map(|it| {
                let day = it.date.unwrap().to_string();
                let text = it.summary.clone().unwrap();
                (
                    it.row,
                    day,
                    it.date_inferred,
                    text,
                    it.method.clone(),
                    it.stage,
                )
            })
            .collect();
        let day = |row, day: &str, inferred, text: &str, method: Option<&str>, stage| {
            (
                row,
                day.to_owned(),
                inferred,
                text.to_owned(),
                method.map(str::to_owned),
                stage,
            )
        };
        assert_eq!(
            told,
            [
                day(2, "2024-09-14", true, "已电话跟进", None, None),
                day(
                    2,
                    "2024-09-20",
                    true,
                    "发报价",
                    Some("电话"),
                    Some(Stage::Interested)
                ),
                day(
                    3,
                    "2024-10-08",
                    false,
                    "2024-10-15前给样品",
                    Some("微信"),
                    None
                ),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_list_is_taken_for_a_single_talk(
            text in "[0-9０-９年月日号./／．－:： ；;，。\r\n电话-]{0,40}"
        ) {
            let entries = split_entries(&text, None);
            let dated = entries.iter().filter(|entry| entry.is_dated()).count();
            proptest::prop_assert!(dated < 2 || may_list(&text), "{}", text);
        }
    }
}
