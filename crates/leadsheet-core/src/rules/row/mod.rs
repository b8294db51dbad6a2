//! Rules about one row: its cells against each other.

mod category_contradiction;
mod closing_date_on_lost;
mod closing_date_without_result;
mod delivery_before_order;
mod delivery_overdue;
mod full_progress_not_won;
mod incomplete_plan;
mod left_out;
mod missing_value;
mod order_without_amount;
mod order_without_number;
mod order_without_status;
mod outcome_contradiction;
mod plan_before_follow_up;
mod ready_without_plan;
mod reason_contradiction;
mod recorded_late;
mod row_without_customer;
mod unexplained_dissatisfaction;
mod unreadable_entry_date;
mod vague_next_step;

use super::Rule;

/// Sorted by code.
pub(super) static RULES: &[&Rule] = &[
    &row_without_customer::ROW_WITHOUT_CUSTOMER,
    &missing_value::MISSING_VALUE,
    &left_out::LEFT_OUT,
    &closing_date_on_lost::CLOSING_DATE_ON_LOST,
    &closing_date_without_result::CLOSING_DATE_WITHOUT_RESULT,
    &full_progress_not_won::FULL_PROGRESS_NOT_WON,
    &outcome_contradiction::OUTCOME_CONTRADICTION,
    &reason_contradiction::REASON_CONTRADICTION,
    &vague_next_step::VAGUE_NEXT_STEP,
    &ready_without_plan::READY_WITHOUT_PLAN,
    &recorded_late::RECORDED_LATE,
    &unreadable_entry_date::UNREADABLE_ENTRY_DATE,
    &category_contradiction::CATEGORY_CONTRADICTION,
    &incomplete_plan::INCOMPLETE_PLAN,
    &plan_before_follow_up::PLAN_BEFORE_FOLLOW_UP,
    &order_without_number::ORDER_WITHOUT_NUMBER,
    &order_without_amount::ORDER_WITHOUT_AMOUNT,
    &delivery_before_order::DELIVERY_BEFORE_ORDER,
    &delivery_overdue::DELIVERY_OVERDUE,
    &unexplained_dissatisfaction::UNEXPLAINED_DISSATISFACTION,
    &order_without_status::ORDER_WITHOUT_STATUS,
];
