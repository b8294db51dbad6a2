//! A template as a blank workbook, ready to hand out: the table with its headings, drop-downs, limits and colours, and
//! a sheet that says how it is filled in. Everything in it comes from the template's definition and the vocabularies.

mod instructions;
mod samples;
mod sheet;

use std::borrow::Cow;

use chrono::NaiveDate;
use leadsheet_core::{Field, LeadIdPattern, Message};

use super::guide::Guide;
use super::{WorkbookKind, written};
use crate::error::WriteError;
use crate::template::{ColumnDefinition, TemplateDefinition};

/// Characters that the name of a sheet may have.
const LONGEST_NAME: usize = 31;

/// What a blank workbook is to hold.
#[derive(Clone, Copy, Debug)]
pub struct BlankOptions {
    /// The day that sample rows are dated from.
    pub today: NaiveDate,
    /// Whether invented rows show how it is done.
    pub samples: bool,
}

/// Composes a blank workbook for a template: its columns but for the optional ones, in the guide's language.
///
/// # Errors
/// [`WriteError`] where the template does not fit the format.
pub fn blank(
    template: &TemplateDefinition,
    guide: &Guide<'_>,
    options: &BlankOptions,
    kind: WorkbookKind,
) -> Result<Vec<u8>, WriteError> {
    let columns: Vec<&ColumnDefinition> = template
        .columns
        .iter()
        .filter(|column| !column.optional)
        .collect();
    let samples = if options.samples {
        samples::of(&columns, template, guide, options.today)
    } else {
        Vec::new()
    };
    let table = sheet_name(template, guide);
    let drafts = [
        sheet::draft(table, template, &columns, &samples, guide),
        instructions::draft(
            guide.say("sheet"),
            template,
            &columns,
            guide,
            options.samples,
        ),
    ];
    written(&drafts, kind, &guide.say("lists"))
}

/// The template's usual sheet name; its English title, as far as a tab takes it, in an English workbook.
fn sheet_name(template: &TemplateDefinition, guide: &Guide<'_>) -> String {
    let allowed = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    guide
        .wording_of(&template.sheet, &template.english)
        .chars()
        .filter(allowed)
        .take(LONGEST_NAME)
        .collect()
}

/// The heading that a column is written under.
fn heading<'a>(column: &'a ColumnDefinition, guide: &Guide<'a>) -> Cow<'a, str> {
    let templates = guide.templates;
    guide.wording_of(templates.heading(column), templates.english(column))
}

/// What a column means, in a sentence; a definition's own note stands behind it.
fn meaning(column: &ColumnDefinition, template: &TemplateDefinition, guide: &Guide<'_>) -> String {
    let variant = match (column.field, template.lead_id) {
        (Field::LeadId, LeadIdPattern::SourceDateNumber) => "lead_id_numbered",
        (field, _) => field.key(),
    };
    let says = guide.tell(&Message::new("meaning", variant));
    match &column.note {
        Some(note) => format!("{says} {note}"),
        None => says,
    }
}
