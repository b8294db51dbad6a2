//! The guide to a table as `.xlsx` has it: validations with drop-downs, column formats, conditional formats.

use leadsheet_core::{CellRef, Field, FieldKind, MAX_ROWS};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule,
    Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
};

use super::guide::{Entry, Guide, RowRule};
use super::xlsx::{DATE, narrow};
use crate::error::WriteError;

/// The last row of a sheet: what people add below the last filled row is guided like the rest.
const LAST_ROW: u32 = MAX_ROWS - 1;
/// What Excel allows in a list that stands in the validation itself, commas included.
const LIST_LIMIT: usize = 255;
/// What Excel allows in the text of an error.
const TEXT_LIMIT: usize = 255;

/// Lists that are too long to stand in a validation: they get a hidden sheet, a column each.
pub(super) struct Lists {
    sheet: String,
    lists: Vec<Vec<String>>,
}

impl Lists {
    /// Lists on a sheet whose name is none of `taken`.
    pub(super) fn new(guide: &Guide<'_>, taken: &[&str]) -> Self {
        let name = guide.say("lists");
        let mut sheet = name.clone();
        let mut number = 2;
        while taken
            .iter()
            .any(|taken| taken.to_lowercase() == sheet.to_lowercase())
        {
            sheet = format!("{name} {number}");
            number += 1;
        }
        Self {
            sheet,
            lists: Vec::new(),
        }
    }

    fn reference(&mut self, terms: &[String]) -> Result<Formula, WriteError> {
        let known = self.lists.iter().position(|list| list == terms);
        let column = known.unwrap_or_else(|| {
            self.lists.push(terms.to_vec());
            self.lists.len() - 1
        });
        let letters = leadsheet_core::column_letters(narrow(column as u32)?.into());
        let sheet = self.sheet.replace('\'', "''");
        Ok(Formula::new(format!(
            "='{sheet}'!${letters}$1:${letters}${}",
            terms.len()
        )))
    }

    /// Adds the hidden sheet where any list needs it.
    pub(super) fn write(&self, workbook: &mut Workbook) -> Result<(), WriteError> {
        if self.lists.is_empty() {
            return Ok(());
        }
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&self.sheet)?.set_hidden(true);
        for (list, column) in self.lists.iter().zip(0..) {
            for (term, row) in list.iter().zip(0..) {
                worksheet.write_string(row, narrow(column)?, term)?;
            }
        }
        Ok(())
    }
}

/// The number format that a column is given before anything is typed into it: what looks like a number and is none
/// stays text.
pub(super) fn number_format(field: Field) -> &'static str {
    match field.kind() {
        FieldKind::Date => DATE,
        FieldKind::Money => "#,##0.00",
        FieldKind::Percent => "0%",
        FieldKind::LeadId | FieldKind::Contact => "@",
        _ if field == Field::OrderNo => "@",
        _ => "General",
    }
}

/// Fields that are sentences and not words: their cells wrap.
pub(super) fn is_prose(field: Field) -> bool {
    matches!(
        field,
        Field::Need
            | Field::Topic
            | Field::Summary
            | Field::Feedback
            | Field::Sentiment
            | Field::NextStep
            | Field::PlanFocus
            | Field::PlanGoal
            | Field::StageReason
            | Field::Suggestion
            | Field::Remark
            | Field::Tags
    )
}

/// The format of a column's cells.
pub(super) fn column_format(field: Option<Field>) -> Format {
    let format = Format::new().set_align(FormatAlign::VerticalCenter);
    let Some(field) = field else { return format };
    let format = match field.kind() {
        FieldKind::Date | FieldKind::Percent => format.set_align(FormatAlign::Center),
        _ if is_prose(field) => format.set_text_wrap(),
        _ => format,
    };
    match number_format(field) {
        "General" => format,
        number_format => format.set_num_format(number_format),
    }
}

/// Limits what may be entered in a column from `first` on, with an error in the user's words.
pub(super) fn limit(
    worksheet: &mut Worksheet,
    first: CellRef,
    heading: &str,
    entry: &Entry,
    guide: &Guide<'_>,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    limit_to(worksheet, (first, LAST_ROW), heading, entry, guide, lists)
}

/// Limits what may be entered from a cell down to a row.
pub(super) fn limit_to(
    worksheet: &mut Worksheet,
    (first, last_row): (CellRef, u32),
    heading: &str,
    entry: &Entry,
    guide: &Guide<'_>,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    let column = narrow(first.column)?;
    let validation = DataValidation::new()
        .set_error_title(cut(&guide.say("error-title"), 32))?
        .set_error_message(cut(&guide.refusal(entry, heading), TEXT_LIMIT))?;
    let validation = match entry {
        Entry::Term { terms, .. } => list(validation, terms, lists)?,
        Entry::Date {
            earliest,
            days_ahead,
        } => {
            // To the end of the day: a follow-up may come with its time.
            let latest = format!("=TODAY()+{days_ahead}.99999");
            let earliest = earliest.format("=DATE(%Y,%-m,%-d)").to_string();
            validation.allow_date_formula(DataValidationRule::Between(
                Formula::new(earliest),
                Formula::new(latest),
            ))
        }
        Entry::Share => validation.allow_decimal_number(DataValidationRule::Between(0.0, 1.0)),
        Entry::Amount => {
            validation.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        }
        Entry::Phone => {
            // Digits alone that begin with 1 are a mobile; anything else may be a land line, WeChat or a mask.
            let cell = format!("${first}");
            validation.allow_custom(Formula::new(format!(
                "=OR(LEFT({cell},1)<>\"1\",ISERROR(VALUE({cell})),LEN({cell})=11)"
            )))
        }
    };
    let validation = if entry.is_strict() {
        validation
    } else {
        validation.set_error_style(DataValidationErrorStyle::Warning)
    };
    worksheet.add_data_validation(first.row, column, last_row, column, &validation)?;
    Ok(())
}

fn list(
    validation: DataValidation,
    terms: &[String],
    lists: &mut Lists,
) -> Result<DataValidation, WriteError> {
    let length: usize = terms
        .iter()
        .map(|term| term.encode_utf16().count() + 1)
        .sum();
    // A comma would split a term in two.
    let stands_alone = length <= LIST_LIMIT
        && !terms
            .iter()
            .any(|term| term.contains([',', '"']) || term.trim() != term);
    Ok(if stands_alone {
        validation.allow_list_strings(terms)?
    } else {
        validation.allow_list_formula(lists.reference(terms)?)
    })
}

/// Colours whole rows between `first_column` and `last_column` from `first_row` on.
pub(super) fn colour_rows(
    worksheet: &mut Worksheet,
    first_row: u32,
    columns: (u32, u32),
    rules: &[RowRule],
) -> Result<(), WriteError> {
    for rule in rules {
        let (background, letters) = rule.colour.rgb();
        // With its lines: LibreOffice takes the first rule that holds and no other.
        let format = lined()
            .set_background_color(background)
            .set_font_color(letters);
        let cell = format!(
            "${}{}",
            leadsheet_core::column_letters(rule.column),
            first_row + 1
        );
        let tests: Vec<String> = rule
            .terms
            .iter()
            .map(|term| format!("{cell}=\"{}\"", term.replace('"', "\"\"")))
            .collect();
        let formula = match &tests[..] {
            [test] => format!("={test}"),
            tests => format!("=OR({})", tests.join(",")),
        };
        let conditional = ConditionalFormatFormula::new()
            .set_rule(Formula::new(formula))
            .set_format(format)
            .set_stop_if_true(true);
        worksheet.add_conditional_format(
            first_row,
            narrow(columns.0)?,
            LAST_ROW,
            narrow(columns.1)?,
            &conditional,
        )?;
    }
    Ok(())
}

/// Draws lines around the rows that hold something, on paper as on the screen. Comes after the colours.
pub(super) fn line_rows(
    worksheet: &mut Worksheet,
    first_row: u32,
    columns: (u32, u32),
) -> Result<(), WriteError> {
    let row = first_row + 1;
    let [first, last] = [columns.0, columns.1].map(leadsheet_core::column_letters);
    let formula = format!("=COUNTA(${first}{row}:${last}{row})>0");
    let conditional = ConditionalFormatFormula::new()
        .set_rule(Formula::new(formula))
        .set_format(lined());
    let (first, last) = (narrow(columns.0)?, narrow(columns.1)?);
    worksheet.add_conditional_format(first_row, first, LAST_ROW, last, &conditional)?;
    Ok(())
}

fn lined() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
}

/// The beginning of a text, as many UTF-16 units of it as Excel takes.
fn cut(text: &str, limit: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= limit
        })
        .collect()
}
