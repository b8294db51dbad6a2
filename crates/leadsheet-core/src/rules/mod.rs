//! The rule catalogue. One file a rule: its documentation, its declaration, its check, its tests.
//!
//! A rule sees parsed values and names a field; where that is in the file, how bad it counts today and how it is
//! printed are not its concern.

mod cell;
mod chance;
#[cfg(test)]
mod clean;
mod excuse;
mod findings;
mod lead;
mod orders;
mod row;
mod runner;
#[cfg(test)]
mod samples;
mod selection;
mod structure;
#[cfg(test)]
pub(crate) mod testing;
mod twice;
mod workbook;

use std::fmt;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::category::Vocabulary;
use crate::field::{Field, FieldKind};
use crate::finding::Severity;
use crate::lead::{Lead, Leads};
use crate::ledger::{LeadIdPattern, Parsed, Reading, Row, Value};
use crate::message::Message;
use crate::policy::Policy;
use crate::recognition::{Book, BookSheet};
use crate::text::compact_key;
use crate::value::parse_name;

pub use findings::Findings;
pub(crate) use lead::{RegisteredTwice, is_complete, registered_twice};
pub use runner::{Checkup, check};
pub use selection::{RuleChoice, Selection, TemplateRules, UnknownRule, names_a_rule};
pub(crate) use twice::Twice;

/// A rule of the catalogue.
pub struct Rule {
    /// Scope letter (S structure, C cell, R row, L lead, W workbook) and number. Never reused.
    pub code: &'static str,
    /// The flaw, in words that read well after "allow".
    pub name: &'static str,
    /// How bad the flaw is unless a team says otherwise.
    pub severity: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// Its documentation in Markdown: what it finds, why it matters, an example that fails and one that passes, what to do.
    pub docs: &'static str,
    /// Where it comes from.
    pub source: &'static [RuleSource],
    /// The columns without which it finds nothing in a table, and is not asked.
    pub needs: &'static [Field],
    /// Of a rule about leads: the columns of which one at least must vary within a lead. It finds nothing in a lead whose
    /// rows are alike in all of these, and is not asked about it. Empty where any lead may be wrong.
    pub(crate) varying: &'static [Field],
    pub(crate) check: Check,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleSource {
    /// 销售线索管理客户跟进记录表 and its instructions.
    LeadLedger,
    /// 客户跟进记录表 and 客户沟通记录表, with their legend.
    FollowUpRecords,
    /// 客户跟进记录统计表, its sample, and the rules of a sales office beside it.
    FollowUpStatistics,
    /// 客户流向管理表.
    Pipeline,
    /// 跟单客户管理表.
    OrderTracking,
    /// What spreadsheet programs do with such a cell.
    Spreadsheets,
    /// The numbering plans of telephone networks.
    NumberingPlans,
    /// What whoever reads such tables asks about first.
    Practice,
}

impl RuleSource {
    /// Every source.
    pub const ALL: [RuleSource; 8] = [
        RuleSource::LeadLedger,
        RuleSource::FollowUpRecords,
        RuleSource::FollowUpStatistics,
        RuleSource::Pipeline,
        RuleSource::OrderTracking,
        RuleSource::Spreadsheets,
        RuleSource::NumberingPlans,
        RuleSource::Practice,
    ];

    /// The word for it in message ids.
    pub const fn key(self) -> &'static str {
        match self {
            RuleSource::LeadLedger => "lead-ledger",
            RuleSource::FollowUpRecords => "follow-up-records",
            RuleSource::FollowUpStatistics => "follow-up-statistics",
            RuleSource::Pipeline => "pipeline",
            RuleSource::OrderTracking => "order-tracking",
            RuleSource::Spreadsheets => "spreadsheets",
            RuleSource::NumberingPlans => "numbering-plans",
            RuleSource::Practice => "practice",
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// What every check may ask besides the data: the team's decisions and the day.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What the team has decided.
    pub policy: &'a Policy,
    /// The day on which the check is made.
    pub today: NaiveDate,
}

/// What a rule looks at, and how.
pub(crate) enum Check {
    /// A sheet, whether a template fits it or not, in its workbook.
    Sheet(fn(&Context<'_>, &Book, &BookSheet, &mut Findings<'_>)),
    /// A distinct value of a column of one of these kinds.
    Cell(
        &'static [FieldKind],
        fn(&Context<'_>, &CellValue<'_>) -> Option<Flaw>,
    ),
    /// A distinct text of any column with a known meaning that begins or ends with something that few texts do: neither
    /// with a letter, a digit nor a Chinese character, which most are told by without being looked at.
    Ends(fn(&Context<'_>, &CellValue<'_>) -> Option<Flaw>),
    /// A row.
    Row(fn(&Context<'_>, &Row<'_>, &mut Findings<'_>)),
    /// A lead with all its rows.
    Lead(fn(&Context<'_>, &Lead<'_>, &mut Findings<'_>)),
    /// A table as a whole, with its leads.
    Table(fn(&Context<'_>, &Leads<'_>, &mut Findings<'_>)),
    /// A table against those that came before it, in the same workbook or another.
    Across(fn(&Context<'_>, &Arc<Origin>, &Leads<'_>, &mut workbook::Known, &mut Findings<'_>)),
}

/// The file and sheet that a table comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) file: String,
    pub(crate) sheet: String,
}

/// A distinct value and what is known about its column. Checked once, however many cells hold it.
pub(crate) struct CellValue<'a> {
    pub(crate) field: Field,
    pub(crate) value: Value<'a>,
    /// What the cell holds, where that is not the value itself: boxes, a label, the first part of a date.
    pub(crate) stored: Value<'a>,
    pub(crate) parsed: &'a Parsed,
    pub(crate) vocabulary: Option<&'a Vocabulary>,
    pub(crate) lead_id_pattern: LeadIdPattern,
    /// Whether other cells of the column have the type that its kind asks for: real dates, real numbers.
    pub(crate) among_typed: bool,
    /// What the other amounts of the column look like.
    pub(crate) amounts: AmountHabits,
    /// Whether the heading asks for a mobile and no other number: 手机, Mobile.
    pub(crate) asks_for_mobile: bool,
}

/// What the amounts of a column look like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AmountHabits {
    /// They are numbers to the cent without a format, as a program writes them: by chance one in ten has fewer than two
    /// decimals that show.
    pub(crate) plain_cents: bool,
    /// Many have more than two decimals: they are the results of calculations.
    pub(crate) calculated: bool,
}

/// What is wrong with a value.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub(crate) message: Message,
    pub(crate) suggestion: Option<String>,
    pub(crate) fixable: bool,
}

impl Flaw {
    pub(crate) const fn new(message: Message) -> Self {
        Self {
            message,
            suggestion: None,
            fixable: false,
        }
    }

    /// The same with what the value probably should be.
    pub(crate) fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// The suggestion means the same as the value and may be put in its place unasked.
    pub(crate) const fn fixable(mut self) -> Self {
        self.fixable = true;
        self
    }
}

/// Declares a rule; its doc comment is its documentation.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        pub(super) static $name:ident = {
            code: $code:literal, name: $words:literal, severity: $severity:ident, since: $since:literal,
            $(needs: [$($field:ident),+ $(,)?],)?
            source: [$($source:ident),+ $(,)?],
            $(varying: [$($varying:ident),+ $(,)?],)?
            check: $check:expr,
        }
    ) => {
        $(#[doc = $doc])+
        pub(super) static $name: crate::rules::Rule = crate::rules::Rule {
            code: $code,
            name: $words,
            severity: crate::finding::Severity::$severity,
            since: $since,
            docs: concat!($($doc, "\n",)+),
            source: &[$(crate::rules::RuleSource::$source),+],
            needs: &[$($(crate::field::Field::$field),+)?],
            varying: &[$($(crate::field::Field::$varying),+)?],
            check: $check,
        };
    };
}
pub(crate) use declare_rule;

/// Every rule, sorted by code within its scope: structure, cell, row, lead, workbook.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        structure::RULES,
        cell::RULES,
        row::RULES,
        lead::RULES,
        workbook::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule with this code or name.
pub fn rule(code_or_name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

/// The fields that tell whose row it is.
pub(crate) const TELLING: [Field; 8] = [
    Field::LeadId,
    Field::Customer,
    Field::Contact,
    Field::Phone,
    Field::Mobile,
    Field::Landline,
    Field::Company,
    Field::OrderNo,
];

/// Whether the reading has anything that tells whose row this is; a row without it is judged as a whole.
pub(crate) fn names_somebody(row: &Row<'_>) -> bool {
    TELLING.into_iter().any(|field| !row.is_blank(field))
}

/// Whether the cell holds something that a person wrote: not blank, no error value.
pub(crate) fn is_filled(row: &Row<'_>, field: Field) -> bool {
    !matches!(row.parsed(field), Parsed::Blank | Parsed::Error)
}

/// The limit that a date passes and what that means; `None` of one that can be meant: neither long before the team kept
/// records, nor in the future where it speaks of what has happened, nor years ahead where it speaks of a plan.
pub(crate) fn passed_limit(
    context: &Context<'_>,
    field: Field,
    date: NaiveDate,
) -> Option<(&'static str, NaiveDate)> {
    let policy = context.policy;
    if date < policy.earliest_date {
        return Some(("early", policy.earliest_date));
    }
    let (variant, latest) = if field.is_past_event() {
        ("future", Some(context.today))
    } else {
        let ahead = Days::new(policy.plan_ahead_days.into());
        ("far", context.today.checked_add_days(ahead))
    };
    let latest = latest.filter(|latest| date > *latest)?;
    Some((variant, latest))
}

/// The day in a date column, where it can be meant: one slip in a date is one finding, and proves nothing about another.
pub(crate) fn meant_date(context: &Context<'_>, row: &Row<'_>, field: Field) -> Option<NaiveDate> {
    let date = row.date(field)?;
    passed_limit(context, field, date).is_none().then_some(date)
}

/// Whether a name may be anybody's: partly hidden (`张*`), or a surname with a title (`王先生`).
pub(crate) fn is_masked(name: &str) -> bool {
    !parse_name(name).is_full()
}

/// The field that names a table's customers: the customer, else the firm, else the person.
pub(crate) fn customer_field(reading: &Reading<'_>) -> Option<Field> {
    [Field::Customer, Field::Company, Field::Contact]
        .into_iter()
        .find(|&field| reading.column(field).is_some())
}

/// What people write where they have nothing to write.
const NOTHING: [&str; 18] = [
    "无",
    "暂无",
    "没有",
    "未知",
    "不详",
    "待定",
    "待补充",
    "待填",
    "待分配",
    "未分配",
    "未填",
    "同上",
    "见上",
    "n/a",
    "none",
    "null",
    "tbd",
    "unknown",
];

/// Whether a text is marks and nothing else (`-`, `/`, `？`), or says that there is nothing to say. A star is a name that
/// is hidden.
pub(crate) fn says_nothing(text: &str) -> bool {
    const LONGEST: usize = 9;
    if text.trim().len() <= LONGEST && NOTHING.contains(&compact_key(text).as_str()) {
        return true;
    }
    !text.contains(['*', '＊', '※', '×', '○', '●', '□', '█'])
        && !text.chars().any(char::is_alphanumeric)
}

/// Whether the row says why its stage is what it is: in 状态变更原因, or in 备注 where a table lacks that column.
pub(crate) fn gives_reason(row: &Row<'_>) -> bool {
    let note = if row.has(Field::StageReason) {
        Field::StageReason
    } else {
        Field::Remark
    };
    says_something(row, note)
}

/// Whether a cell holds a word of explanation, and not a mere dash or `无`.
pub(crate) fn says_something(row: &Row<'_>, field: Field) -> bool {
    is_filled(row, field) && !says_nothing(&row.value(field).text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_tell_the_scope() {
        for (rules, letter) in [
            (structure::RULES, 'S'),
            (cell::RULES, 'C'),
            (row::RULES, 'R'),
            (lead::RULES, 'L'),
            (workbook::RULES, 'W'),
        ] {
            assert!(
                rules.windows(2).all(|pair| pair[0].code < pair[1].code),
                "{letter} is not sorted"
            );
            for rule in rules {
                assert!(
                    rule.code.starts_with(letter) && rule.code.len() == 4,
                    "{rule:?}"
                );
            }
        }
        let mut names: Vec<_> = rules().map(|rule| rule.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_rule_explains_itself() {
        for rule in rules() {
            for heading in [
                "## What it finds",
                "## Why it matters",
                "## Example that fails",
                "## Example that passes",
                "## What to do",
            ] {
                assert!(rule.docs.contains(heading), "{rule:?} lacks {heading}");
            }
        }
    }
}
