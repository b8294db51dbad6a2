//! What the values below a heading say about its meaning: percentages are no stages, `1 2 3 …` no lead numbers.

use std::cell::OnceCell;
use std::sync::LazyLock;

use leadsheet_core::{
    BareNumbers, ContactPoint, DateHabits, DateReading, Field, FieldKind, Value, Vocabulary,
    compact_key, parse_contact, parse_date, parse_money, parse_percent,
};

use super::definition::TemplateDefinition;
use crate::sheet::Sheet;

/// Values looked at below one heading.
const SAMPLE: usize = 60;
/// Of the values, so many must fit for them to speak for a meaning…
const SPEAKS_FOR: f64 = 0.6;
/// … and fewer than so many for them to speak against it.
const SPEAKS_AGAINST: f64 = 0.34;

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

/// The first values below a heading.
pub(crate) struct Values<'s> {
    sheet: &'s Sheet,
    row: u32,
    column: u32,
    sample: OnceCell<Vec<Value<'s>>>,
}

impl<'s> Values<'s> {
    /// Those of a column below a row; nothing is read before it is asked for.
    pub(crate) const fn below(sheet: &'s Sheet, row: u32, column: u32) -> Self {
        Self {
            sheet,
            row,
            column,
            sample: OnceCell::new(),
        }
    }

    fn sample(&self) -> &[Value<'s>] {
        self.sample.get_or_init(|| {
            let cells = self.sheet.grid.column(self.column);
            let below = cells.filter(|&(row, _)| row > self.row);
            below
                .map(|(_, id)| self.sheet.values.get(id))
                .filter(|value| !value.is_blank() && !matches!(value, Value::Error(_)))
                .filter(|value| !value.as_text().is_some_and(super::header::is_hint))
                .take(SAMPLE)
                .collect()
        })
    }

    /// What they say about a field.
    pub(crate) fn speak(&self, field: Field, template: &TemplateDefinition) -> Evidence {
        let sample = self.sample();
        if sample.is_empty() {
            return Evidence::NONE;
        }
        if field == Field::RowNumber {
            return counting(sample);
        }
        let kind = field.kind();
        let fits: Box<dyn Fn(&Value<'_>) -> bool> = match kind {
            FieldKind::Date => Box::new(|&value| is_date(value)),
            FieldKind::Money => Box::new(|&value| parse_money(value, 0).is_ok()),
            FieldKind::Percent => {
                Box::new(|&value| parse_percent(value, BareNumbers::default()).is_ok())
            }
            FieldKind::Contact => Box::new(|&value| is_contact(value)),
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
        let fit = sample.iter().filter(|value| fits(value)).count();
        let share = fit as f64 / sample.len() as f64;
        // What is a number may be many things; a per cent sign is one.
        let is_telling = match kind {
            FieldKind::Term => true,
            FieldKind::Percent => sample.iter().any(is_marked_percent),
            _ => false,
        };
        let is_open = kind == FieldKind::Term
            && BUILTIN[field.index()]
                .as_ref()
                .is_none_or(Vocabulary::is_open);
        let verdict = if share >= SPEAKS_FOR && is_telling {
            Verdict::For
        } else if share < SPEAKS_AGAINST && !is_open {
            Verdict::Against
        } else {
            Verdict::Neutral
        };
        Evidence {
            verdict,
            fit: fit as u32,
            of: sample.len() as u32,
        }
    }
}

/// Built once: a vocabulary is folded and normalised word by word.
static BUILTIN: LazyLock<Vec<Option<Vocabulary>>> = LazyLock::new(|| {
    Field::ALL
        .iter()
        .map(|&field| Vocabulary::builtin(field))
        .collect()
});

fn known_terms(
    field: Field,
    template: &TemplateDefinition,
) -> Option<Box<dyn Fn(&Value<'_>) -> bool>> {
    let builtin = BUILTIN[field.index()].as_ref();
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
        builtin.is_some_and(|known| known.find(&text).is_some())
            || of_template.contains(&compact_key(&text))
    }))
}

/// 1, 2, 3 … from the top: rows counted, whatever the column is called.
fn counting(sample: &[Value<'_>]) -> Evidence {
    let number = |value: &Value<'_>| value.display().trim().parse::<u32>().ok();
    let fit = (1..)
        .zip(sample)
        .filter(|&(expected, value)| number(value) == Some(expected))
        .count();
    let verdict = match (fit == sample.len(), fit) {
        (true, 2..) => Verdict::For,
        (true, _) => Verdict::Neutral,
        (false, _) => Verdict::Against,
    };
    Evidence {
        verdict,
        fit: fit as u32,
        of: sample.len() as u32,
    }
}

fn is_date(value: Value<'_>) -> bool {
    !matches!(
        parse_date(value, DateHabits::default()),
        DateReading::NotADate
    )
}

fn is_contact(value: Value<'_>) -> bool {
    let points = parse_contact(value).points;
    points
        .iter()
        .any(|point| !matches!(point, ContactPoint::Unreadable(_)))
}

fn is_marked_percent(value: &Value<'_>) -> bool {
    match value {
        Value::Number { format, .. } => format.contains('%'),
        Value::Text(text) => text.trim().ends_with(['%', '％']),
        _ => false,
    }
}
