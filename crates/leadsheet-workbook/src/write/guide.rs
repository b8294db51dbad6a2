//! What a composed workbook offers whoever fills it in: what may be entered in a column and which rows stand out,
//! whatever format it is then written in.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use leadsheet_core::{
    Field, FieldKind, Message, Policy, TermId, Vocabulary, column_letters, is_traditional,
    traditional,
};

use super::table::{OutputColumn, OutputTable};
use crate::template::{RowColour, TemplateDefinition, Templates};

/// The language that a workbook is composed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wording {
    /// Simplified Chinese.
    #[default]
    Simplified,
    /// Traditional Chinese.
    Traditional,
    /// English.
    English,
}

/// What a composed workbook takes its drop-downs, limits, colours and sentences from.
#[derive(Clone, Copy)]
pub struct Guide<'a> {
    /// The templates, for their headings and colours.
    pub templates: &'a Templates,
    /// The team's terms and plausible dates.
    pub policy: &'a Policy,
    /// The language of headings, terms and sentences, where the choice is ours.
    pub wording: Wording,
    /// The words for a message: Chinese ones in Simplified, whatever script they are then written in.
    pub words: &'a dyn Fn(&Message) -> String,
}

impl std::fmt::Debug for Guide<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guide")
            .field("wording", &self.wording)
            .finish_non_exhaustive()
    }
}

/// What may be entered in a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// One of these; others only where the vocabulary is `open`.
    Term { terms: Vec<String>, open: bool },
    /// A day from `earliest` to today, or `days_ahead` days further.
    Date {
        earliest: NaiveDate,
        days_ahead: u32,
    },
    /// A share from 0 to 100 %.
    Share,
    /// An amount of money, not negative.
    Amount,
    /// A way to reach somebody; a mobile has 11 digits.
    Phone,
}

impl Entry {
    /// Whether anything else is refused, and not merely advised against.
    pub(super) const fn is_strict(&self) -> bool {
        !matches!(self, Entry::Term { open: true, .. } | Entry::Phone)
    }
}

/// Rows whose `column` holds one of `terms` take a colour.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowRule {
    pub(super) colour: RowColour,
    /// Position among the columns written, counted from 0.
    pub(super) column: u32,
    pub(super) terms: Vec<String>,
}

impl RowRule {
    /// What a row fulfils, as a formula of its first cell in `first_row`, without the sign that begins one.
    pub(super) fn formula(&self, first_row: u32, separator: &str) -> String {
        let cell = format!("${}{}", column_letters(self.column), first_row + 1);
        let tests: Vec<String> = self
            .terms
            .iter()
            .map(|term| format!("{cell}=\"{}\"", term.replace('"', "\"\"")))
            .collect();
        match &tests[..] {
            [test] => test.clone(),
            tests => format!("OR({})", tests.join(separator)),
        }
    }
}

impl Guide<'_> {
    /// The one of two texts that goes with the wording, in its script.
    pub(super) fn wording_of<'t>(&self, chinese: &'t str, english: &'t str) -> Cow<'t, str> {
        match self.wording {
            Wording::Simplified => Cow::Borrowed(chinese),
            Wording::Traditional => traditional(chinese),
            Wording::English => Cow::Borrowed(english),
        }
    }

    /// The words for a message, in the script of the wording.
    pub(super) fn tell(&self, message: &Message) -> String {
        let words = (self.words)(message);
        self.wording_of(&words, &words).into_owned()
    }

    /// The words behind `blank-VARIANT`.
    pub(super) fn say(&self, variant: &'static str) -> String {
        self.tell(&Message::new("blank", variant))
    }

    /// A term as it is written.
    pub(super) fn spelling<'v>(&self, vocabulary: &'v Vocabulary, id: TermId) -> Cow<'v, str> {
        vocabulary.term(id).map_or(Cow::Borrowed(""), |term| {
            self.wording_of(&term.canonical, &term.english)
        })
    }

    /// The terms of a field: the built-in ones, the template's, the team's.
    pub(super) fn vocabulary(
        &self,
        template: Option<&TemplateDefinition>,
        field: Field,
    ) -> Option<Vocabulary> {
        let own = template.and_then(|template| template.column(field));
        let own = own.map_or(&[][..], |column| &column.terms);
        self.policy.vocabulary_beside(field, own)
    }

    /// What may be entered in the column of a field, where that is limited. `own` gives the spelling that a table uses
    /// for a term already.
    pub(super) fn entry(
        &self,
        template: Option<&TemplateDefinition>,
        field: Field,
        own: &OwnTerms,
    ) -> Option<Entry> {
        Some(match field.kind() {
            FieldKind::Term => {
                let vocabulary = self.vocabulary(template, field)?;
                let terms = (0..vocabulary.terms().len() as TermId)
                    .map(|id| match own.usual(id) {
                        Some(own) => own.to_owned(),
                        None => self.spelling(&vocabulary, id).into_owned(),
                    })
                    .collect();
                Entry::Term {
                    terms,
                    open: vocabulary.is_open(),
                }
            }
            FieldKind::Date => Entry::Date {
                earliest: self.policy.earliest_date,
                days_ahead: if field.is_past_event() {
                    0
                } else {
                    self.policy.plan_ahead_days
                },
            },
            FieldKind::Percent => Entry::Share,
            FieldKind::Money => Entry::Amount,
            FieldKind::Contact if Field::PHONES.contains(&field) => Entry::Phone,
            _ => return None,
        })
    }

    /// What is said to whoever enters something else.
    pub(super) fn refusal(&self, entry: &Entry, heading: &str) -> String {
        let says = |variant| Message::new("entry", variant).with("heading", heading);
        let message = match entry {
            Entry::Term { open: false, .. } => says("term"),
            Entry::Term { open: true, .. } => says("unlisted"),
            Entry::Date {
                earliest,
                days_ahead: 0,
            } => says("past").with("earliest", earliest),
            Entry::Date {
                earliest,
                days_ahead,
            } => says("date")
                .with("earliest", earliest)
                .with("days", days_ahead),
            Entry::Share => says("share"),
            Entry::Amount => says("amount"),
            Entry::Phone => says("phone"),
        };
        self.tell(&message)
    }

    /// The guide to a table that is there: in the script of its headings, whatever language its reader prefers, and
    /// in the spellings that it uses.
    pub(super) fn for_table<'t>(&self, table: &'t OutputTable<'_>) -> TableGuide<'t, '_> {
        let columns = &table.columns;
        let is_traditional_table = columns.iter().any(|column| is_traditional(&column.header));
        let guide = Guide {
            wording: if is_traditional_table {
                Wording::Traditional
            } else {
                Wording::Simplified
            },
            ..*self
        };
        let template = table.template.as_deref();
        let template = template.and_then(|name| self.templates.get(name));
        let known = columns.iter().zip(0..).filter_map(|(column, index)| {
            let field = column.field?;
            let vocabulary = guide.vocabulary(template, field);
            let own = OwnTerms::of(table, column, vocabulary.as_ref());
            Some(GuidedColumn {
                index,
                heading: &column.header,
                field,
                entry: guide.entry(template, field, &own),
                own,
            })
        });
        TableGuide {
            columns: known.collect(),
            guide,
            template,
        }
    }

    /// The rules by which rows of a table take colours, the stronger first.
    pub(super) fn row_rules(
        &self,
        template: Option<&TemplateDefinition>,
        columns: &[(u32, Field, &OwnTerms)],
    ) -> Vec<RowRule> {
        let mut rules = Vec::new();
        for &colour in RowColour::ALL {
            for &(column, field, own) in columns {
                let (Some(colours), Some(vocabulary)) = (
                    self.templates.colours(template, field),
                    self.vocabulary(template, field),
                ) else {
                    continue;
                };
                let coloured = colours.iter().filter(|&(_, of)| *of == colour);
                let mut terms: Vec<String> = Vec::new();
                for id in coloured.filter_map(|(term, _)| vocabulary.find(term)) {
                    let written = self.spelling(&vocabulary, id);
                    let listed = vocabulary.term(id).into_iter();
                    let listed = listed.flat_map(|term| [&*term.canonical, &*term.english]);
                    for spelling in listed.chain([&*written]).chain(own.all(id)) {
                        if !terms.iter().any(|known| known == spelling) {
                            terms.push(spelling.to_owned());
                        }
                    }
                }
                if !terms.is_empty() {
                    rules.push(RowRule {
                        colour,
                        column,
                        terms,
                    });
                }
            }
        }
        rules
    }
}

/// The guide to one table.
pub(super) struct TableGuide<'t, 'g> {
    pub(super) guide: Guide<'g>,
    pub(super) template: Option<&'g TemplateDefinition>,
    /// The columns whose meaning is known.
    pub(super) columns: Vec<GuidedColumn<'t>>,
}

/// A column whose meaning is known.
pub(super) struct GuidedColumn<'t> {
    pub(super) index: u32,
    pub(super) heading: &'t str,
    pub(super) field: Field,
    pub(super) entry: Option<Entry>,
    own: OwnTerms,
}

impl TableGuide<'_, '_> {
    /// The rules by which its rows take colours, the stronger first.
    pub(super) fn row_rules(&self) -> Vec<RowRule> {
        let spelt: Vec<(u32, Field, &OwnTerms)> = self
            .columns
            .iter()
            .map(|column| (column.index, column.field, &column.own))
            .collect();
        self.guide.row_rules(self.template, &spelt)
    }
}

/// The spellings of a field's terms that a table uses already, the most frequent first.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnTerms(HashMap<TermId, Vec<(String, usize)>>);

/// Spellings of one term that are looked for; a table has a few, a hostile one thousands.
const MOST_SPELLINGS: usize = 12;

impl OwnTerms {
    pub(super) fn of(
        table: &OutputTable<'_>,
        column: &OutputColumn,
        vocabulary: Option<&Vocabulary>,
    ) -> Self {
        let mut found: HashMap<TermId, Vec<(String, usize)>> = HashMap::new();
        if let Some(vocabulary) = vocabulary {
            for (text, count) in table.distinct_texts(column) {
                if let Some(id) = vocabulary.find(&text) {
                    found.entry(id).or_default().push((text, count));
                }
            }
        }
        for spellings in found.values_mut() {
            // The order of equals must not hang on a hash.
            spellings.sort_by(|(one, often), (other, rarely)| {
                rarely.cmp(often).then_with(|| one.cmp(other))
            });
            spellings.truncate(MOST_SPELLINGS);
        }
        Self(found)
    }

    /// The one to offer: the most frequent that is no slip of the space bar.
    fn usual(&self, id: TermId) -> Option<&str> {
        self.all(id).find(|text| text.trim() == *text)
    }

    fn all(&self, id: TermId) -> impl Iterator<Item = &str> {
        self.0
            .get(&id)
            .into_iter()
            .flatten()
            .map(|(text, _)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::into_template;
    use leadsheet_core::{Ledger, LedgerBuilder, Value};

    fn ledger(rows: &[[&str; 3]]) -> Ledger {
        let mut builder = LedgerBuilder::new("跟进", "lead-ledger");
        builder
            .column("客户名称", Some(Field::Customer))
            .column("当前状态", Some(Field::Stage))
            .column("订单状态", Some(Field::OrderStatus));
        for row in rows {
            let values = row.map(|text| match text {
                "" => Value::Empty,
                text => Value::Text(text),
            });
            builder.row(&values).unwrap();
        }
        builder.build()
    }

    fn with_guide(wording: Wording, look: impl FnOnce(&Guide<'_>)) {
        let (templates, policy) = (Templates::builtin(), Policy::default());
        let words = |message: &Message| message.id();
        look(&Guide {
            templates: &templates,
            policy: &policy,
            wording,
            words: &words,
        });
    }

    #[test]
    fn a_drop_down_speaks_as_the_table_does() {
        let ledger = ledger(&[
            ["甲", "成交", ""],
            ["乙", "已成交", ""],
            ["丙", "已成交", ""],
            ["丁", " 流失", ""],
        ]);
        with_guide(Wording::English, |guide| {
            let target = guide.templates.get("lead-ledger").unwrap();
            let table = into_template(&ledger, target, guide.templates);
            let for_table = guide.for_table(&table);
            let stage = for_table.columns.iter().find(|it| it.field == Field::Stage);
            let Some(Entry::Term { terms, open: false }) = &stage.unwrap().entry else {
                panic!("a stage is one of a list");
            };
            // The more frequent spelling, and none with a slip of the space bar, though such a row is coloured.
            let expected = ["潜在客户", "意向客户", "高意向客户", "已成交", "流失客户"];
            assert_eq!(terms, &expected);
            let rules = for_table.row_rules();
            assert!(
                rules
                    .iter()
                    .any(|rule| rule.terms.contains(&" 流失".to_owned()))
            );
        });
    }

    #[test]
    fn bad_news_is_not_painted_over() {
        let ledger = ledger(&[["甲", "成交", "有问题"]]);
        with_guide(Wording::Simplified, |guide| {
            let target = guide.templates.get("lead-ledger").unwrap();
            let table = into_template(&ledger, target, guide.templates);
            let for_table = guide.for_table(&table);
            let rules = for_table.row_rules();
            let first = |term: &str| {
                let mut rules = rules.iter();
                rules.position(|rule| rule.terms.iter().any(|known| known == term))
            };
            assert!(first("有问题").unwrap() < first("成交").unwrap());
            assert!(first("流失客户").unwrap() < first("成交客户").unwrap());
            assert!(first("成交客户").unwrap() < first("高意向客户").unwrap());
        });
    }

    #[test]
    fn a_template_s_own_terms_are_offered_in_every_wording() {
        for (wording, best) in [
            (Wording::Simplified, "非常满意"),
            (Wording::Traditional, "非常滿意"),
            (Wording::English, "Very satisfied"),
        ] {
            with_guide(wording, |guide| {
                let template = guide.templates.get("order-tracking");
                let entry = guide.entry(template, Field::Satisfaction, &OwnTerms::default());
                let Some(Entry::Term { terms, open: true }) = entry else {
                    panic!("{entry:?}");
                };
                assert_eq!((terms.len(), terms[0].as_str()), (5, best));
            });
        }
    }

    #[test]
    fn what_has_been_is_not_in_the_future_and_a_plan_is_not_years_ahead() {
        with_guide(Wording::Simplified, |guide| {
            let days = |field| match guide.entry(None, field, &OwnTerms::default()) {
                Some(Entry::Date { days_ahead, .. }) => days_ahead,
                other => panic!("{other:?}"),
            };
            assert_eq!(days(Field::FollowUpDate), 0);
            assert_eq!(days(Field::NextDate), guide.policy.plan_ahead_days);
        });
    }
}
