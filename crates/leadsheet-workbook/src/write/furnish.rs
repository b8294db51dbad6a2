//! The guide to a table as `.xlsx` has it: validations with drop-downs, conditional formats.

use leadsheet_core::{CellRange, MAX_ROWS};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule,
    Format, FormatBorder, Formula, Workbook, Worksheet,
};

use super::draft::{Limit, RowColours};
use super::guide::Entry;
use super::look::PALE;
use super::xlsx::narrow;
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
    pub(super) fn new(name: &str, taken: &[&str]) -> Self {
        let mut sheet = name.to_owned();
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

/// Limits what may be entered in some cells, with an error in the user's words.
pub(super) fn limit(
    worksheet: &mut Worksheet,
    limit: &Limit,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    let CellRange { first, last } = limit.cells;
    let validation = DataValidation::new()
        .set_error_title(cut(&limit.title, 32))?
        .set_error_message(cut(&limit.refusal, TEXT_LIMIT))?;
    let entry = &limit.entry;
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
    let (left, right) = (narrow(first.column)?, narrow(last.column)?);
    worksheet.add_data_validation(first.row, left, last.row, right, &validation)?;
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

/// Colours whole rows by what they hold; then draws lines around those that hold something, on paper as on the screen.
pub(super) fn colour_rows(
    worksheet: &mut Worksheet,
    colours: &RowColours,
) -> Result<(), WriteError> {
    let first_row = colours.first_row;
    let (first, last) = (narrow(colours.columns.0)?, narrow(colours.columns.1)?);
    for rule in &colours.rules {
        let (background, letters) = rule.colour.rgb();
        // With its lines: LibreOffice takes the first rule that holds and no other.
        let format = lined()
            .set_background_color(background)
            .set_font_color(letters);
        let conditional = ConditionalFormatFormula::new()
            .set_rule(Formula::new(format!("={}", rule.formula(first_row, ","))))
            .set_format(format)
            .set_stop_if_true(true);
        worksheet.add_conditional_format(first_row, first, LAST_ROW, last, &conditional)?;
    }
    if colours.lined {
        let row = first_row + 1;
        let [left, right] =
            [colours.columns.0, colours.columns.1].map(leadsheet_core::column_letters);
        let formula = format!("=COUNTA(${left}{row}:${right}{row})>0");
        let conditional = ConditionalFormatFormula::new()
            .set_rule(Formula::new(formula))
            .set_format(lined());
        worksheet.add_conditional_format(first_row, first, LAST_ROW, last, &conditional)?;
    }
    Ok(())
}

fn lined() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(PALE))
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
