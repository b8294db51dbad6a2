//! Rules about a sheet: whether it is a table at all, and what keeps a program from reading it as people do.

mod blank_row;
mod duplicate_heading;
mod error_value;
mod merged_data;
mod missing_required_column;
mod near_miss_heading;
mod no_template;
mod not_evaluable;
mod uncalculated_formula;
mod unlabelled_value;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &no_template::NO_TEMPLATE,
    &missing_required_column::MISSING_REQUIRED_COLUMN,
    &near_miss_heading::NEAR_MISS_HEADING,
    &duplicate_heading::DUPLICATE_HEADING,
    &error_value::ERROR_VALUE,
    &uncalculated_formula::UNCALCULATED_FORMULA,
    &merged_data::MERGED_DATA,
    &blank_row::BLANK_ROW,
    &unlabelled_value::UNLABELLED_VALUE,
    &not_evaluable::NOT_EVALUABLE,
];

/// The rule whose findings are no flaws: what a table cannot be checked for.
pub(super) fn not_evaluable() -> &'static Rule {
    &not_evaluable::NOT_EVALUABLE
}
