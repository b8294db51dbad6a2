//! Rules about leads: the rows of one lead against each other, and the leads of a table against each other.

mod active_after_lost;
mod changed_attribute;
mod closed_before_follow_up;
mod conflicting_customer;
mod duplicate_lead;
mod firm_of_two_people;
mod forgotten_customer;
mod lead_id_after_follow_up;
mod lead_id_gap;
mod lead_id_prefix;
mod not_called;
mod order_backwards;
mod overdue;
mod reason_missing;
mod repeated_row;
mod sales_stage_backwards;
mod several_owners;
mod shared_mobile;
mod shared_order_number;
mod similar_customer;
mod slow_first_response;
mod stage_backwards;
mod stage_skipped;
mod swapped_digits;
mod unproven_high_intent;
mod won_without_amount;
mod won_without_closing_date;

use super::Rule;

pub(crate) use duplicate_lead::{RegisteredTwice, is_complete, registered_twice};

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &conflicting_customer::CONFLICTING_CUSTOMER,
    &shared_mobile::SHARED_MOBILE,
    &stage_backwards::STAGE_BACKWARDS,
    &stage_skipped::STAGE_SKIPPED,
    &active_after_lost::ACTIVE_AFTER_LOST,
    &several_owners::SEVERAL_OWNERS,
    &lead_id_prefix::LEAD_ID_PREFIX,
    &lead_id_gap::LEAD_ID_GAP,
    &overdue::OVERDUE,
    &duplicate_lead::DUPLICATE_LEAD,
    &won_without_closing_date::WON_WITHOUT_CLOSING_DATE,
    &closed_before_follow_up::CLOSED_BEFORE_FOLLOW_UP,
    &lead_id_after_follow_up::LEAD_ID_AFTER_FOLLOW_UP,
    &reason_missing::REASON_MISSING,
    &unproven_high_intent::UNPROVEN_HIGH_INTENT,
    &changed_attribute::CHANGED_ATTRIBUTE,
    &slow_first_response::SLOW_FIRST_RESPONSE,
    &forgotten_customer::FORGOTTEN_CUSTOMER,
    &not_called::NOT_CALLED,
    &shared_order_number::SHARED_ORDER_NUMBER,
    &similar_customer::SIMILAR_CUSTOMER,
    &order_backwards::ORDER_BACKWARDS,
    &swapped_digits::SWAPPED_DIGITS,
    &sales_stage_backwards::SALES_STAGE_BACKWARDS,
    &repeated_row::REPEATED_ROW,
    &won_without_amount::WON_WITHOUT_AMOUNT,
    &firm_of_two_people::FIRM_OF_TWO_PEOPLE,
];
