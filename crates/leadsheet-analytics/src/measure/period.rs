//! Which leads belong to a period. Both ends of a window belong to it.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::definition::{PeriodBasis, Window};
use crate::frame::column::{CLOSED, CREATED, DAY, FOLLOWED_UP, LAST_DAY};

/// Whether a follow-up has no readable date.
pub(crate) fn is_undated_follow_up() -> Expr {
    col(DAY).is_null()
}

/// The day of the last follow-up in the window.
pub(crate) fn followed_up(window: &Window) -> Expr {
    when(is_follow_up_in(window))
        .then(col(DAY))
        .otherwise(lit(NULL))
        .max()
}

/// Whether a follow-up took place in the window.
pub(crate) fn is_follow_up_in(window: &Window) -> Expr {
    inside(col(DAY), window)
}

/// The date of a lead by which it belongs to a window.
pub(crate) const fn basis(by: PeriodBasis) -> &'static str {
    match by {
        PeriodBasis::Created => CREATED,
        PeriodBasis::FollowedUp => FOLLOWED_UP,
        PeriodBasis::Closed => CLOSED,
    }
}

/// Whether the lead has the date by which a window is taken, in whatever period.
pub(crate) fn is_dated(by: PeriodBasis) -> Expr {
    match by {
        PeriodBasis::FollowedUp => col(LAST_DAY).is_not_null(),
        _ => col(basis(by)).is_not_null(),
    }
}

/// Whether the lead belongs to the window: it was created in it, followed up in it at least once, or closed in it.
pub(crate) fn in_window(window: &Window) -> Expr {
    inside(col(basis(window.by)), window)
}

/// Whether the day the lead came is known.
pub(crate) fn is_created() -> Expr {
    col(CREATED).is_not_null()
}

/// Whether the lead is at least `days` days old: `today - created >= days`.
pub(crate) fn is_old_enough(days: u32, today: NaiveDate) -> Expr {
    let youngest = i64::from(today.to_epoch_days()) - i64::from(days);
    col(CREATED).lt_eq(lit(youngest))
}

fn inside(day: Expr, window: &Window) -> Expr {
    let mut inside = day.clone().is_not_null();
    if let Some(from) = window.from {
        inside = inside.and(day.clone().gt_eq(lit(from.to_epoch_days())));
    }
    if let Some(to) = window.to {
        inside = inside.and(day.lt_eq(lit(to.to_epoch_days())));
    }
    inside
}
