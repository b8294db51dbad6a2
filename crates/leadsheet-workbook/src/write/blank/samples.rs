//! Invented rows that show how a table is filled in.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use leadsheet_core::{Field, FieldKind, LeadIdPattern, Wording};
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::template::{ColumnDefinition, TemplateDefinition};
use crate::write::guide::Guide;

/// A value of a sample row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sample {
    Text(String),
    Number(f64),
    Date(NaiveDateTime),
}

#[derive(Deserialize)]
struct File {
    zh: Vec<BTreeMap<Field, Value>>,
    en: Vec<BTreeMap<Field, Value>>,
}

/// In a date column a whole number counts days from today; elsewhere a number is a number. `{-9}` in a text is the day
/// nine days ago.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Whole(i64),
    Number(f64),
    Text(String),
}

const SAMPLES: &str = include_str!("../../../templates/samples.toml");

/// The sample rows of a table with these columns, a value or none for each.
pub(super) fn of(
    columns: &[&ColumnDefinition],
    template: &TemplateDefinition,
    guide: &Guide<'_>,
    today: NaiveDate,
) -> Vec<Vec<Option<Sample>>> {
    let file: File = toml::from_str(SAMPLES).expect("the built-in samples are sound");
    let rows = if guide.wording == Wording::English {
        file.en
    } else {
        file.zh
    };
    let mut leads: Vec<&str> = Vec::new();
    let mut found: Vec<(usize, Vec<Option<Sample>>)> = Vec::new();
    for row in &rows {
        let id = match row.get(&Field::LeadId) {
            Some(Value::Text(id)) => id.as_str(),
            _ => "",
        };
        let lead = leads.iter().position(|known| *known == id);
        let lead = lead.unwrap_or_else(|| {
            leads.push(id);
            leads.len() - 1
        });
        let own_number = Sample::Text(format!("A{:03}", lead + 1));
        let value = |column: &&ColumnDefinition| match column.field {
            Field::LeadId if template.lead_id == LeadIdPattern::Free => Some(own_number.clone()),
            field => Some(sample(row.get(&field)?, field, template, guide, today)),
        };
        found.push((lead, columns.iter().map(value).collect()));
    }
    // A table that does not tell what was said has one row for each customer: the latest.
    if !columns.iter().any(|column| column.field == Field::Summary) {
        let leads: Vec<usize> = found.iter().map(|(lead, _)| *lead).collect();
        let mut position = 0;
        found.retain(|(lead, _)| {
            position += 1;
            !leads[position..].contains(lead)
        });
    }
    found.into_iter().map(|(_, row)| row).collect()
}

fn sample(
    value: &Value,
    field: Field,
    template: &TemplateDefinition,
    guide: &Guide<'_>,
    today: NaiveDate,
) -> Sample {
    match value {
        Value::Whole(days) if field.kind() == FieldKind::Date => {
            Sample::Date(day(today, *days).and_time(NaiveTime::MIN))
        }
        Value::Whole(number) => Sample::Number(*number as f64),
        Value::Number(number) => Sample::Number(*number),
        Value::Text(text) => Sample::Text(match guide.vocabulary(Some(template), field) {
            Some(vocabulary) => match vocabulary.find(text) {
                Some(id) => guide.spelling(&vocabulary, id).into_owned(),
                None => guide.wording_of(text, text).into_owned(),
            },
            None => {
                let text = dated(text, field, today);
                guide.wording_of(&text, &text).into_owned()
            }
        }),
    }
}

fn day(today: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        today.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        today.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(today)
}

/// A day stands in a lead number as `20240520`, in a sentence as `2024-05-20`.
fn dated(text: &str, field: Field, today: NaiveDate) -> String {
    let Some((head, rest)) = text.split_once('{') else {
        return text.to_owned();
    };
    let Some((days, tail)) = rest.split_once('}') else {
        return text.to_owned();
    };
    match days.parse() {
        Ok(days) if field == Field::LeadId => {
            format!("{head}{}{tail}", day(today, days).format("%Y%m%d"))
        }
        Ok(days) => format!("{head}{}{tail}", day(today, days)),
        Err(_) => text.to_owned(),
    }
}
