//! What the figures mean, a family a file. Each is a small function with its formula in words, so that another
//! engine can compute the same: an expression for what is counted in the frame of leads, plain code over what is known
//! of leads and rows for the rest.

pub(crate) mod activity;
pub(crate) mod cohort;
pub(crate) mod comparison;
pub(crate) mod conversion;
pub(crate) mod credit;
pub(crate) mod funnel;
pub(crate) mod lead;
pub(crate) mod overdue;
pub(crate) mod period;
pub(crate) mod quality;
pub(crate) mod response;
pub(crate) mod sales;
pub(crate) mod speed;

use chrono::NaiveDate;
use leadsheet_core::{Message, Policy};

use crate::definition::ReportDefinition;
use crate::known::Known;
use crate::tables::Gathered;

/// What a topic is worked out from.
pub(crate) struct Asked<'g, 'a> {
    pub(crate) gathered: &'g Gathered<'a>,
    pub(crate) known: &'g Known,
    pub(crate) policy: &'g Policy,
    pub(crate) definition: &'g ReportDefinition,
}

/// A note that the last period is not over, so that its numbers are not taken for a fall.
fn note_running(
    notes: &mut Vec<Message>,
    variant: &'static str,
    definition: &ReportDefinition,
    periods: &[NaiveDate],
) {
    if let Some(period) = definition.per.running(periods, definition.today) {
        notes.push(Message::new("report-note", variant).with("period", period));
    }
}

/// A note that something was left out, where it was.
fn note(notes: &mut Vec<Message>, variant: &'static str, count: usize) {
    if count > 0 {
        notes.push(Message::new("report-note", variant).with("count", count));
    }
}
