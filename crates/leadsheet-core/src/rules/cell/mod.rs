//! Rules about one cell: its value against the kind of its column. Each distinct value is judged once.

mod ambiguous_date;
mod amount_decimals;
mod bad_amount;
mod bad_mobile;
mod blank_in_name;
mod date_as_text;
mod formula_as_text;
mod full_width_digits;
mod implausible_date;
mod impossible_date;
mod impossible_lead_id_date;
mod malformed_email;
mod malformed_lead_id;
mod not_a_date;
mod number_as_text;
mod percent_out_of_range;
mod phone_format;
mod several_boxes_ticked;
mod strange_foreign_number;
mod stray_white_space;
mod term_spelling;
mod undeclared_term;
mod unknown_term;
mod unreadable_contact;
mod year_missing;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &not_a_date::NOT_A_DATE,
    &ambiguous_date::AMBIGUOUS_DATE,
    &impossible_date::IMPOSSIBLE_DATE,
    &year_missing::YEAR_MISSING,
    &implausible_date::IMPLAUSIBLE_DATE,
    &date_as_text::DATE_AS_TEXT,
    &malformed_lead_id::MALFORMED_LEAD_ID,
    &impossible_lead_id_date::IMPOSSIBLE_LEAD_ID_DATE,
    &bad_mobile::BAD_MOBILE,
    &unreadable_contact::UNREADABLE_CONTACT,
    &malformed_email::MALFORMED_EMAIL,
    &strange_foreign_number::STRANGE_FOREIGN_NUMBER,
    &phone_format::PHONE_FORMAT,
    &unknown_term::UNKNOWN_TERM,
    &undeclared_term::UNDECLARED_TERM,
    &several_boxes_ticked::SEVERAL_BOXES_TICKED,
    &term_spelling::TERM_SPELLING,
    &bad_amount::BAD_AMOUNT,
    &amount_decimals::AMOUNT_DECIMALS,
    &percent_out_of_range::PERCENT_OUT_OF_RANGE,
    &number_as_text::NUMBER_AS_TEXT,
    &stray_white_space::STRAY_WHITE_SPACE,
    &full_width_digits::FULL_WIDTH_DIGITS,
    &formula_as_text::FORMULA_AS_TEXT,
    &blank_in_name::BLANK_IN_NAME,
];
