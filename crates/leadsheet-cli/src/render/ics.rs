//! Whom to call, as a calendar file: an all-day event for each lead. A lead keeps its UID, so that importing the list of
//! another day moves its event instead of adding one.

use icalendar::{Calendar, Component as _, Event, EventLike as _};
use leadsheet::{DueLead, Message};
use uuid::Uuid;

use crate::Session;

/// What name-based UIDs are made under (RFC 9562, version 5): they tell nothing of the customer.
const NAMESPACE: Uuid = Uuid::from_u128(0x6c65_6164_7368_4565_8000_0074_6475_6531);

/// The calendar. What is overdue stands on the day of the list, where somebody will see it.
pub(crate) fn calendar(session: &Session, leads: &[DueLead]) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//leadsheet//leadsheet due//EN"))
        .append_property(("CALSCALE", "GREGORIAN"));
    calendar.name(&session.say("due-title"));
    for lead in leads {
        calendar.push(event(session, lead));
    }
    calendar.to_string()
}

fn event(session: &Session, lead: &DueLead) -> Event {
    let name = [&lead.customer, &lead.contact, &lead.lead_id];
    let name = name
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_default();
    let summary = Message::new("due", "event").with("name", name);
    let mut lines = Vec::new();
    if lead.days_late > 0 {
        let late = Message::new("due", "event-late")
            .with("count", lead.days_late)
            .with("day", lead.due);
        lines.push(session.tell(&late));
    }
    for (key, value) in [
        ("owner", &lead.owner),
        ("contact", &lead.contact),
        ("phone", &lead.phone),
        ("grade", &lead.grade),
        ("next_step", &lead.next_step),
        ("lead_id", &lead.lead_id),
    ] {
        if let Some(value) = value {
            lines.push(format!(
                "{}: {value}",
                super::figures::key_title(session, key)
            ));
        }
    }
    let uid = Uuid::new_v5(&NAMESPACE, lead.identity.as_bytes());
    let stamp = session.today.format("%Y%m%dT000000Z").to_string();
    // A list of a later day replaces that of an earlier one.
    let sequence = session.today.to_epoch_days().max(0).to_string();
    Event::new()
        .uid(&format!("{uid}@leadsheet"))
        .summary(&session.tell(&summary))
        .description(&lines.join("\n"))
        // A day without an end lasts that day (RFC 5545, 3.6.1); an end on the same day would be no time at all.
        .starts(lead.due.max(session.today))
        .add_property("DTSTAMP", &stamp)
        .add_property("SEQUENCE", &sequence)
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}
