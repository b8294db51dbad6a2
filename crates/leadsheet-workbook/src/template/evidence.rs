//! What the values below a heading say about its meaning: percentages are no stages, `1 2 3 …` no lead numbers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::LazyLock;

use hashbrown::HashMap;
use leadsheet_core::{
    BareNumbers, CellRef, ContactPoint, DateHabits, DateReading, Field, FieldKind, Value, ValueId,
    Vocabulary, compact_key, parse_contact, parse_date, parse_money, parse_percent, tick_boxes,
};

use super::definition::TemplateDefinition;
use crate::sheet::Sheet;

/// Cells looked at below one heading.
const SAMPLE: usize = 60;
/// Of the values, so many must fit for them to speak for a meaning…
const SPEAKS_FOR: f64 = 0.6;
/// … and fewer than so many for them to speak against it, …
const SPEAKS_AGAINST: f64 = 0.34;
/// … where there are as many as this: one slip of the hand is no custom.
const FEWEST_AGAINST: u32 = 2;

/// Questions that one sheet is asked: a table needs a few hundred, a sheet made to cost time asks without end.
const MOST_QUESTIONS: u32 = 4_000;

/// What values say about one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// They are such values and hardly anything else.
    For,
    /// They may be.
    Neutral,
    /// They are not.
    Against,
}

/// How many of the values fit a meaning, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) verdict: Verdict,
    pub(crate) fit: u32,
    pub(crate) of: u32,
}

impl Evidence {
    /// Nothing to go by.
    pub(crate) const NONE: Self = Self {
        verdict: Verdict::Neutral,
        fit: 0,
        of: 0,
    };
}

/// The values of a sheet, asked about its headings. What they say is remembered: every template asks the same.
pub(crate) struct Witnesses<'s> {
    pub(super) sheet: &'s Sheet,
    samples: RefCell<HashMap<CellRef, Rc<[Seen<'s>]>>>,
    said: RefCell<HashMap<(CellRef, Field), Evidence>>,
    asked: Cell<u32>,
}

/// A value and how many cells hold it.
#[derive(Clone, Copy)]
struct Seen<'s> {
    value: Value<'s>,
    times: u32,
}

impl<'s> Witnesses<'s> {
    pub(crate) fn new(sheet: &'s Sheet) -> Self {
        Self {
            sheet,
            samples: RefCell::default(),
            said: RefCell::default(),
            asked: Cell::new(0),
        }
    }

    /// The first values below a heading, each once.
    fn sample(&self, heading: CellRef) -> Rc<[Seen<'s>]> {
        let make = || {
            let cells = self.sheet.grid.column(heading.column);
            let below = cells.filter(|&(row, _)| row > heading.row).take(SAMPLE);
            let mut distinct: Vec<(ValueId, u32)> = Vec::new();
            for (_, id) in below {
                match distinct.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, times)) => *times += 1,
                    None => distinct.push((id, 1)),
                }
            }
            let seen = distinct.into_iter().map(|(id, times)| Seen {
                value: self.sheet.values.get(id),
                times,
            });
            seen.filter(|seen| speaks(seen.value)).collect()
        };
        Rc::clone(
            self.samples
                .borrow_mut()
                .entry(heading)
                .or_insert_with(make),
        )
    }

    /// What the values below a heading say about a field.
    pub(crate) fn speak(
        &self,
        heading: CellRef,
        field: Field,
        template: &TemplateDefinition,
    ) -> Evidence {
        let has_own_terms = template
            .column(field)
            .is_some_and(|column| !column.terms.is_empty());
        let remembered = self.said.borrow().get(&(heading, field)).copied();
        if let Some(said) = remembered.filter(|_| !has_own_terms) {
            return said;
        }
        if self.asked.get() >= MOST_QUESTIONS {
            return Evidence::NONE;
        }
        self.asked.set(self.asked.get() + 1);
        let said = judge(&self.sample(heading), field, template);
        if !has_own_terms {
            self.said.borrow_mut().insert((heading, field), said);
        }
        said
    }
}

fn speaks(value: Value<'_>) -> bool {
    let is_hint = value.as_text().is_some_and(super::header::is_hint);
    !value.is_blank() && !is_hint && !matches!(value, Value::Error(_))
}

fn judge(sample: &[Seen<'_>], field: Field, template: &TemplateDefinition) -> Evidence {
    if sample.is_empty() {
        return Evidence::NONE;
    }
    if field == Field::RowNumber {
        return counting(sample);
    }
    let kind = field.kind();
    let fits: Test = match kind {
        FieldKind::Date => Box::new(is_date),
        FieldKind::Money => Box::new(|value| parse_money(value, 0).is_ok()),
        FieldKind::Percent => {
            Box::new(|value| parse_percent(value, BareNumbers::default()).is_ok())
        }
        FieldKind::Contact => Box::new(is_contact),
        FieldKind::Term => match known_terms(field, template) {
            Some(is_known) => is_known,
            None => return Evidence::NONE,
        },
        // Any text is a name, a remark, a number of a team's own.
        _ => Box::new(|value| {
            !matches!(
                value,
                Value::Date { .. } | Value::Time { .. } | Value::Bool(_)
            )
        }),
    };
    let count = |seen: &[Seen<'_>]| seen.iter().map(|seen| seen.times).sum::<u32>();
    let fitting: Vec<Seen<'_>> = sample
        .iter()
        .filter(|seen| fits(seen.value))
        .copied()
        .collect();
    let (fit, of) = (count(&fitting), count(sample));
    let share = f64::from(fit) / f64::from(of);
    // What is a number may be many things; a per cent sign is one.
    let is_telling = match kind {
        FieldKind::Term => true,
        FieldKind::Percent => sample.iter().any(|seen| is_marked_percent(seen.value)),
        _ => false,
    };
    let is_open = kind == FieldKind::Term
        && BUILTIN[field.index()]
            .as_ref()
            .is_none_or(Vocabulary::is_open);
    let verdict = if share >= SPEAKS_FOR && is_telling {
        Verdict::For
    } else if share < SPEAKS_AGAINST && of >= FEWEST_AGAINST && !is_open {
        Verdict::Against
    } else {
        Verdict::Neutral
    };
    Evidence { verdict, fit, of }
}

/// Whether a value is one of a kind.
type Test = Box<dyn Fn(Value<'_>) -> bool>;

/// Built once: a vocabulary is folded and normalised word by word.
static BUILTIN: LazyLock<Vec<Option<Vocabulary>>> = LazyLock::new(|| {
    Field::ALL
        .iter()
        .map(|&field| Vocabulary::builtin(field))
        .collect()
});

/// The terms that a field usually has.
pub(super) fn builtin_vocabulary(field: Field) -> Option<&'static Vocabulary> {
    BUILTIN[field.index()].as_ref()
}

fn known_terms(field: Field, template: &TemplateDefinition) -> Option<Test> {
    let builtin = builtin_vocabulary(field);
    let of_template: Vec<String> = template
        .column(field)
        .into_iter()
        .flat_map(|column| &column.terms)
        .flat_map(|term| std::iter::once(&term.term).chain(&term.synonyms))
        .map(|spelling| compact_key(spelling))
        .collect();
    if builtin.is_none() && of_template.is_empty() {
        return None;
    }
    Some(Box::new(move |value| {
        let text = value.display();
        // Boxes hold terms by their nature.
        if tick_boxes(&text).is_some() {
            return true;
        }
        builtin.is_some_and(|known| known.find(&text).is_some())
            || of_template.contains(&compact_key(&text))
    }))
}

/// 1, 2, 3 … from the top: rows counted, whatever the column is called.
fn counting(sample: &[Seen<'_>]) -> Evidence {
    let number = |seen: &Seen<'_>| seen.value.display().trim().parse::<u32>().ok();
    let of: u32 = sample.iter().map(|seen| seen.times).sum();
    let fit = (1..)
        .zip(sample)
        .filter(|&(expected, seen)| number(seen) == Some(expected))
        .count() as u32;
    let verdict = match (fit == of, fit) {
        (true, 2..) => Verdict::For,
        (true, _) => Verdict::Neutral,
        (false, _) => Verdict::Against,
    };
    Evidence { verdict, fit, of }
}

pub(super) fn is_date(value: Value<'_>) -> bool {
    !matches!(
        parse_date(value, DateHabits::default()),
        DateReading::NotADate
    )
}

pub(super) fn is_contact(value: Value<'_>) -> bool {
    let contact = parse_contact(value);
    let mut points = contact.points().iter();
    points.any(|point| !matches!(point, ContactPoint::Unreadable(_)))
}

fn is_marked_percent(value: Value<'_>) -> bool {
    match value {
        Value::Number { format, .. } => format.contains('%'),
        Value::Text(text) => text.trim().ends_with(['%', '％']),
        _ => false,
    }
}
