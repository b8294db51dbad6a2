//! Several talks in one cell, as many tables keep them: a line each with its date in front (`09.14 已电话跟进`,
//! `2024/9/14：发报价`), or a JSON list that some program exported.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::date::{DateHabits, DateOrder, DateReading, infer_year, parse_date_text};
use crate::text::nfkc;

/// One talk of a cell that holds several.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The date as it is written in front; empty where none is.
    pub written: String,
    /// What that date says. Day and month are never guessed: `3/4` is [`DateReading::NotADate`] unless the order is
    /// known.
    pub date: DateReading,
    /// What was said, without the date.
    pub text: String,
}

/// The day of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryDay {
    /// The day.
    pub date: NaiveDate,
    /// The time of day, where one is written.
    pub time: Option<NaiveTime>,
    /// Whether the year was not written and comes from what is known of the row.
    pub inferred: bool,
}

/// The talks that a cell tells of, in the order in which they are written; a line without a date belongs to the talk
/// above it. A cell that is no list is one entry without a date.
///
/// `order` tells `3/4` apart; without it, another date of the same cell may (`3/25`).
///
/// ```
/// use leadsheet_core::split_entries;
/// let entries = split_entries("09.14 已电话跟进\n09.20 发报价\n  含运费", None);
/// assert_eq!(entries.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["已电话跟进", "发报价\n含运费"]);
/// ```
pub fn split_entries(text: &str, order: Option<DateOrder>) -> Vec<Entry> {
    if let Some(entries) = from_json(text, order) {
        return entries;
    }
    let pieces: Vec<Piece<'_>> = pieces(text);
    let order = order.or_else(|| order_of(&pieces));
    let mut entries: Vec<Entry> = Vec::new();
    for piece in pieces {
        match (piece.date, entries.last_mut()) {
            (None, Some(entry)) => {
                entry.text.push('\n');
                entry.text.push_str(piece.text);
            }
            (date, _) => entries.push(Entry {
                written: date.map_or_else(String::new, |date| date.trim().to_owned()),
                date: date.map_or(DateReading::NotADate, |date| read(date, order)),
                text: piece.text.to_owned(),
            }),
        }
    }
    entries
}

impl Entry {
    /// Whether a date is written in front, be it one that can be read or not.
    pub fn is_dated(&self) -> bool {
        !self.written.is_empty()
    }
}

/// The day of each entry; `None` where it has none that can be read. A day without a year is the nearest one not
/// before `reference`. Where one of the entries is of that very day, the table names the latest talk and not the
/// first: then it is the nearest on either side.
pub fn entry_days(entries: &[Entry], reference: Option<NaiveDate>) -> Vec<Option<EntryDay>> {
    let written = |entry: &Entry| entry.date.date();
    let reference = entries.iter().find_map(written).or(reference);
    let falls_on = |entry: &Entry, day: NaiveDate| match entry.date {
        DateReading::MonthDay {
            month,
            day: of_month,
        } => infer_year(month, of_month, day) == Some(day),
        _ => entry.date.date() == Some(day),
    };
    let on_either_side =
        reference.is_some_and(|day| entries.iter().any(|entry| falls_on(entry, day)));
    let day = |entry: &Entry| match entry.date {
        DateReading::Date { date, time, .. } => Some(EntryDay {
            date,
            time,
            inferred: false,
        }),
        DateReading::MonthDay { month, day } => {
            let reference = reference?;
            let after = infer_year(month, day, reference);
            let date = if on_either_side {
                nearest(month, day, reference).or(after)?
            } else {
                after?
            };
            Some(EntryDay {
                date,
                time: None,
                inferred: true,
            })
        }
        _ => None,
    };
    entries.iter().map(day).collect()
}

fn nearest(month: u32, day: u32, reference: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let years = reference.year() - 1..=reference.year() + 1;
    years
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .min_by_key(|date| (*date - reference).num_days().abs())
}

/// A line, or what stands between two dates of one line.
struct Piece<'t> {
    date: Option<&'t str>,
    text: &'t str,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let lines = text.split(['\n', '\r']).map(str::trim);
    let mut pieces = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let mut rest = line;
        // `2024/9/14：发报价；2024/9/20：回访`: only a colon behind it makes a date inside a line begin a talk.
        let mut start = 0;
        while let Some(found) = rest[start..].find([';', '；', '。']) {
            let at = start + found;
            let behind = at + rest[at..].chars().next().map_or(1, char::len_utf8);
            let next = rest[behind..].trim_start();
            if dated(next).is_some_and(|(_, text)| {
                next[..next.len() - text.len()]
                    .trim_end()
                    .ends_with([':', '：'])
            }) {
                pieces.push(piece(rest[..at].trim()));
                rest = next;
                start = 0;
            } else {
                start = behind;
            }
        }
        pieces.push(piece(rest));
    }
    pieces
}

fn piece(line: &str) -> Piece<'_> {
    match dated(line) {
        Some((date, text)) => Piece {
            date: Some(date),
            text,
        },
        None => Piece {
            date: None,
            text: line,
        },
    }
}

/// The date that a line begins with, after a bullet or number, and what follows it.
fn dated(line: &str) -> Option<(&str, &str)> {
    let line = without_number(line);
    let line = line.trim_start_matches(['-', '*', '•', '·', '【', '[', '(', '（', '〔', ' ', '　']);
    let is_part = |c: char| {
        c.is_ascii_digit()
            || ('０'..='９').contains(&c)
            || matches!(
                c,
                '年' | '月' | '日' | '号' | '-' | '/' | '.' | '－' | '／' | '．'
            )
    };
    let end = line.find(|c| !is_part(c)).unwrap_or(line.len());
    let date = line[..end].trim_end_matches(['-', '/', '.', '－']);
    let folded = nfkc(date);
    if !looks_like_a_date(&folded) {
        return None;
    }
    let rest = &line[date.len()..];
    let time = time_at(rest);
    let behind = &rest[time..];
    // `1.2万` is an amount and `3-4套` a number of things.
    let is_measure = |c: char| "万元折倍米套个件人天级吨岁次点%％㎡kK".contains(c);
    if behind.starts_with(is_measure) {
        return None;
    }
    let text = behind
        .trim_start_matches(|c: char| c.is_whitespace() || "】]）)〕:：,，、-—－~".contains(c));
    Some((&line[..date.len() + time], text.trim_end()))
}

/// `1、`, `2)`, `（3）` or `4.` in front of a date.
fn without_number(line: &str) -> &str {
    let bare = line.trim_start_matches(['(', '（']);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return line;
    }
    let behind = &bare[digits..];
    let rest = behind.trim_start_matches(['、', ')', '）', '.', '．', ' ']);
    let is_marked = behind.starts_with(['、', ')', '）']);
    // `1.2024-09-14` is numbered, `9.14` is a date.
    let has_year = rest.len() >= 4 && rest.bytes().take(4).all(|b| b.is_ascii_digit());
    if is_marked || (has_year && behind.len() > rest.len()) {
        rest
    } else {
        line
    }
}

/// Year, month and day, or month and day: two or three numbers with something between them, or eight digits.
fn looks_like_a_date(token: &str) -> bool {
    let numbers: Vec<&str> = token
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    match numbers[..] {
        [one] => one.len() == 8 && token.len() == 8,
        [one, other] => one.len() <= 2 && other.len() <= 2,
        [year, month, day] => {
            (year.len() == 4 && month.len() <= 2 && day.len() <= 2)
                || (year.len() <= 2 && month.len() <= 2 && day.len() == 4)
        }
        _ => false,
    }
}

/// How long the time of day is that a text begins with.
fn time_at(text: &str) -> usize {
    let bare = text.trim_start_matches([' ', 'T']);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let hour = digits(bare);
    let is_time = (1..=2).contains(&hour)
        && bare[hour..].starts_with(':')
        && digits(&bare[hour + 1..]) == 2
        && bare.len() < text.len();
    if !is_time {
        return 0;
    }
    let minutes = hour + 3;
    let seconds = match bare[minutes..].strip_prefix(':') {
        Some(rest) if digits(rest) == 2 => 3,
        _ => 0,
    };
    text.len() - bare.len() + minutes + seconds
}

fn read(date: &str, order: Option<DateOrder>) -> DateReading {
    let folded = nfkc(date);
    let habits = DateHabits {
        order,
        ..DateHabits::default()
    };
    let reading = parse_date_text(&folded, habits);
    if reading != DateReading::NotADate {
        return reading;
    }
    let Some((first, second, separator)) = month_and_day(&folded) else {
        return DateReading::NotADate;
    };
    let (month, day) = match order {
        Some(DateOrder::DayFirst) if separator != '.' => (second, first),
        Some(_) => (first, second),
        // `9.14` is how Chinese writes month and day; `3/4` may be either.
        None if separator == '.' || first == second || second > 12 => (first, second),
        None if first > 12 => (second, first),
        None => return DateReading::NotADate,
    };
    // 29 February exists in some year.
    match NaiveDate::from_ymd_opt(2024, month, day) {
        Some(_) => DateReading::MonthDay { month, day },
        None => DateReading::Impossible,
    }
}

fn month_and_day(token: &str) -> Option<(u32, u32, char)> {
    let separator = token.chars().find(|c| !c.is_ascii_digit())?;
    let (first, second) = token.split_once(separator)?;
    Some((first.parse().ok()?, second.parse().ok()?, separator))
}

/// Which of day and month comes first in a cell, where one of its dates leaves no doubt.
fn order_of(pieces: &[Piece<'_>]) -> Option<DateOrder> {
    pieces.iter().find_map(|piece| {
        let folded = nfkc(piece.date?);
        match month_and_day(&folded)? {
            (_, _, '.') => None,
            (first, 13..=31, _) if first <= 12 => Some(DateOrder::MonthFirst),
            (13..=31, second, _) if second <= 12 => Some(DateOrder::DayFirst),
            _ => None,
        }
    })
}

/// A JSON list of texts or of objects; of an object the first member that is a date is its date, the others are
/// what was said.
fn from_json(text: &str, order: Option<DateOrder>) -> Option<Vec<Entry>> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let items: Vec<Item> = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(text).map(|item| vec![item]))
        .ok()?;
    let entries = items.into_iter().flat_map(|item| match item {
        Item::Line(text) => split_entries(&text, order),
        Item::Record(members) => vec![from_members(members.0, order)],
    });
    Some(entries.collect::<Vec<_>>()).filter(|entries| !entries.is_empty())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Item {
    Line(String),
    Record(Members),
}

/// What the members of an object say, in the order in which they are written.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some((_, member)) = map.next_entry::<IgnoredAny, Json>()? {
                    members.push(match member {
                        Json::Null => String::new(),
                        Json::String(said) => said.trim().to_owned(),
                        other => other.to_string(),
                    });
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

fn from_members(members: Vec<String>, order: Option<DateOrder>) -> Entry {
    let mut entry = Entry {
        written: String::new(),
        date: DateReading::NotADate,
        text: String::new(),
    };
    for said in members {
        if entry.written.is_empty() && looks_like_a_date(date_part(&said)) {
            entry.date = read(&said, order);
            entry.written = said;
        } else if !said.is_empty() {
            if !entry.text.is_empty() {
                entry.text.push(' ');
            }
            entry.text.push_str(&said);
        }
    }
    entry
}

fn date_part(said: &str) -> &str {
    said.split([' ', 'T']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, String)> {
        let entries = split_entries(text, None);
        entries
            .into_iter()
            .map(|entry| {
                let date = match entry.date {
                    DateReading::Date { date, time, .. } => {
                        time.map_or_else(|| date.to_string(), |time| format!("{date} {time}"))
                    }
                    DateReading::MonthDay { month, day } => format!("{month:02}-{day:02}"),
                    other if entry.written.is_empty() => {
                        assert_eq!(other, DateReading::NotADate);
                        "-".to_owned()
                    }
                    other => format!("{other:?} {}", entry.written),
                };
                (date, entry.text)
            })
            .collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected
            .iter()
            .map(|&(date, text)| (date.to_owned(), text.to_owned()))
            .collect()
    }

    #[test]
    fn a_line_that_begins_with_a_date_begins_a_talk() {
        let expected = pairs(&[("09-14", "已电话跟进"), ("09-20", "发报价")]);
        for text in [
            "09.14 已电话跟进\n09.20 发报价",
            "9.14已电话跟进\r\n9.20发报价",
            "9月14日：已电话跟进\n9月20日：发报价",
            "【9/14】已电话跟进\n【9/20】发报价",
            "1、9-14 已电话跟进\n2、9-20 发报价",
            "（09.14）已电话跟进\n\n（09.20）发报价\n",
            "９．１４　已电话跟进\n９．２０　发报价",
            "9/14：已电话跟进；9/20：发报价",
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        let expected = pairs(&[
            ("2024-09-14", "已电话跟进"),
            ("2024-09-20 10:30:00", "发报价"),
        ]);
        for text in [
            "2024/9/14：已电话跟进\n2024/9/20 10:30 发报价",
            "1.2024-09-14 已电话跟进\n2.2024-09-20 10:30 发报价",
            "2024年9月14日，已电话跟进\n20240920 10:30，发报价",
            "2024/9/14：已电话跟进。2024/9/20 10:30：发报价",
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_without_a_date_belongs_to_the_talk_above_it() {
        assert_eq!(
            shown("老客户介绍\n9.14 电话\n要三套方案\n9.20 报价"),
            pairs(&[
                ("-", "老客户介绍"),
                ("09-14", "电话\n要三套方案"),
                ("09-20", "报价")
            ])
        );
    }

    #[test]
    fn a_json_list_is_a_list_of_talks() {
        assert_eq!(
            shown(
                r#"[{"date":"2024-09-14","content":"已电话跟进"},{"时间":"2024-09-20 10:30","记录":"发报价","人":"李雷"}]"#
            ),
            pairs(&[
                ("2024-09-14", "已电话跟进"),
                ("2024-09-20 10:30:00", "发报价 李雷")
            ])
        );
        assert_eq!(
            shown(r#"["09.14 已电话跟进","09.20 发报价"]"#),
            pairs(&[("09-14", "已电话跟进"), ("09-20", "发报价")])
        );
        assert_eq!(shown("[1, 2]"), pairs(&[("-", "[1, 2]")]));
        assert_eq!(shown("[微信] 发了彩页"), pairs(&[("-", "[微信] 发了彩页")]));
    }

    #[test]
    fn what_only_looks_like_a_date_begins_nothing() {
        for text in [
            "",
            "发报价",
            "1.2万起，3-4套都要",
            "3.5折优惠",
            "预算20万；2024-10-01前给报价",
            "13800000001 打不通",
            "1、价格 2、交期",
        ] {
            let entries = split_entries(text, None);
            assert!(
                entries.iter().all(|entry| !entry.is_dated()),
                "{text}: {entries:?}"
            );
        }
    }

    #[test]
    fn day_and_month_are_told_apart_by_the_order_or_by_another_date_of_the_cell() {
        assert_eq!(shown("3/4 电话"), pairs(&[("NotADate 3/4", "电话")]));
        assert_eq!(shown("3/4 电话\n3/25 拜访")[0].0, "03-04");
        assert_eq!(shown("3/4 电话\n25/3 拜访")[0].0, "04-03");
        assert_eq!(shown("2.30 电话")[0].0, "Impossible 2.30");
        let entries = split_entries("3/4 电话", Some(DateOrder::DayFirst));
        assert_eq!(entries[0].date, DateReading::MonthDay { month: 4, day: 3 });
    }

    #[test]
    fn a_missing_year_comes_from_the_row() {
        let days = |text: &str, reference: Option<(i32, u32, u32)>| {
            let reference = reference.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            let days = entry_days(&split_entries(text, None), reference);
            let shown = days.into_iter().map(|day| {
                day.map_or_else(
                    || "-".to_owned(),
                    |day| format!("{}{}", day.date, if day.inferred { "?" } else { "" }),
                )
            });
            shown.collect::<Vec<_>>()
        };
        let text = "12.28 电话\n1.05 报价";
        // Not before the day the customer came.
        assert_eq!(
            days(text, Some((2024, 12, 1))),
            ["2024-12-28?", "2025-01-05?"]
        );
        // The row names the day of its latest talk.
        assert_eq!(
            days(text, Some((2025, 1, 5))),
            ["2024-12-28?", "2025-01-05?"]
        );
        assert_eq!(days(text, None), ["-", "-"]);
        assert_eq!(
            days("2024.12.28 电话\n1.05 报价", None),
            ["2024-12-28", "2025-01-05?"]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_split(text in "[0-9./\\-年月日:：；;\\n【】\\[\\]{}\",电话 \\PC]{0,60}") {
            let entries = split_entries(&text, None);
            entry_days(&entries, NaiveDate::from_ymd_opt(2024, 2, 29));
        }
    }
}
