//! What a composed workbook offers whoever fills it in: what may be entered in a column and which rows stand out,
//! whatever format it is then written in.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use leadsheet_core::{
    Field, FieldKind, Message, Policy, TermId, Vocabulary, is_traditional, traditional,
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
    pub(super) fn to_table<'t>(&self, table: &'t OutputTable<'_>) -> TableGuide<'t, '_> {
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
                let is_slip = |text: &str| text.trim() != text;
                let by_care = is_slip(one).cmp(&is_slip(other));
                by_care.then(rarely.cmp(often)).then_with(|| one.cmp(other))
            });
            spellings.truncate(MOST_SPELLINGS);
        }
        Self(found)
    }

    fn usual(&self, id: TermId) -> Option<&str> {
        self.all(id).next()
    }

    fn all(&self, id: TermId) -> impl Iterator<Item = &str> {
        self.0
            .get(&id)
            .into_iter()
            .flatten()
            .map(|(text, _)| text.as_str())
    }
}
