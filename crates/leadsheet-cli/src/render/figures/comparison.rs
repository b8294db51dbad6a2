//! Two periods side by side, in words and in tables.

use leadsheet::{
    Change, ComparedDimension, Comparison, Figure, FigureKind, FigureRow, FigureSheet, FigureTable,
    Message, Report,
};

use super::{SMALL, bound, chance, column, count, key_title, notes, text};
use crate::Session;

pub(super) fn sheet(session: &Session, report: &Report, comparison: &Comparison) -> FigureSheet {
    let mut about = vec![
        periods(session, report, comparison),
        in_words(session, comparison),
    ];
    let dimensions = comparison.by.iter();
    for dimension in dimensions {
        about.extend(mix_in_words(session, dimension));
        about.extend(groups_in_words(session, dimension));
    }
    about.push(session.say("report-about-comparison"));
    let only_total = [ComparedDimension {
        name: String::new(),
        groups: Vec::new(),
        standardised: None,
    }];
    let dimensions = if comparison.by.is_empty() {
        only_total.as_slice()
    } else {
        &comparison.by
    };
    FigureSheet {
        id: "comparison".to_owned(),
        name: session.say("report-comparison"),
        title: session.say("report-comparison-title"),
        about,
        tables: dimensions
            .iter()
            .map(|dimension| table(session, dimension, &comparison.total))
            .collect(),
        notes: notes(session, &comparison.notes),
    }
}

fn periods(session: &Session, report: &Report, comparison: &Comparison) -> String {
    let told = Message::new("report", "compared-periods")
        .with("from", bound(report.window.from))
        .with("to", bound(report.window.to))
        .with("other_from", bound(comparison.window.from))
        .with("other_to", bound(comparison.window.to));
    session.tell(&told)
}

fn shown(rate: Option<f64>) -> String {
    Figure::number(rate).shown(&FigureKind::Share)
}

fn signed(change: f64) -> String {
    Figure::Number(change).shown(&FigureKind::Change)
}

/// What became of the rate of all leads.
fn in_words(session: &Session, comparison: &Comparison) -> String {
    let Change {
        before,
        after,
        difference,
    } = &comparison.total;
    let Some(difference) = difference else {
        return session.say("report-compared-empty");
    };
    let variant = match (difference.is_certain(), difference.difference >= 0.0) {
        (false, _) => "uncertain",
        (true, true) => "rose",
        (true, false) => "fell",
    };
    session.tell(
        &Message::new("report-compared", variant)
            .with("before", shown(before.rate))
            .with("after", shown(after.rate))
            .with("won_before", before.won)
            .with("won_after", after.won)
            .with("leads_before", before.leads)
            .with("leads_after", after.leads)
            .with("difference", signed(difference.difference))
            .with("low", signed(difference.low))
            .with("high", signed(difference.high))
            .with("p", chance(difference.p)),
    )
}

/// What is left of the change when the mix of leads is held still.
fn mix_in_words(session: &Session, dimension: &ComparedDimension) -> Option<String> {
    let standardised = dimension.standardised?;
    let told = Message::new("report", "compared-mix")
        .with("key", key_title(session, &dimension.name))
        .with("before", shown(Some(standardised.before)))
        .with("after", shown(Some(standardised.after)))
        .with("difference", signed(standardised.difference))
        .with("covered", shown(Some(standardised.covered)));
    Some(session.tell(&told))
}

/// Which groups changed by more than chance explains.
fn groups_in_words(session: &Session, dimension: &ComparedDimension) -> Option<String> {
    let compared = dimension.groups.iter();
    let compared = compared.filter_map(|it| Some((&it.key, it.change.difference?)));
    let (changed, same): (Vec<_>, Vec<_>) = compared.partition(|(_, it)| it.is_certain());
    if changed.is_empty() && same.is_empty() {
        return None;
    }
    let names: Vec<_> = changed
        .iter()
        .map(|(name, it)| format!("{name} {}", signed(it.difference)))
        .collect();
    let variant = if names.is_empty() { "none" } else { "some" };
    let told = Message::new("report-compared-groups", variant)
        .with("key", key_title(session, &dimension.name))
        .with("names", names.join(" · "))
        .with("count", changed.len() + same.len());
    Some(session.tell(&told))
}

fn table(session: &Session, dimension: &ComparedDimension, total: &Change) -> FigureTable {
    let name = match dimension.name.as_str() {
        "" => String::new(),
        name => key_title(session, name),
    };
    let count_column = |id| column(session.say(id), FigureKind::Count);
    let columns = vec![
        column(name, FigureKind::Text),
        count_column("report-before-leads"),
        count_column("report-before-won"),
        column(session.say("report-before-rate"), FigureKind::Share),
        count_column("report-after-leads"),
        count_column("report-after-won"),
        column(session.say("report-after-rate"), FigureKind::Share),
        column(session.say("report-change"), FigureKind::Change),
        super::interval_column(session),
        column(session.say("report-p"), FigureKind::Number(3)),
    ];
    let rows = dimension.groups.iter().map(|group| FigureRow {
        cells: cells(group.key.clone(), &group.change),
        faint: group.change.before.leads.min(group.change.after.leads) < SMALL,
    });
    FigureTable {
        title: None,
        columns,
        rows: rows.collect(),
        total: Some(cells(session.say("report-total"), total)),
        charts: Vec::new(),
    }
}

fn cells(name: String, change: &Change) -> Vec<Figure> {
    let difference = change.difference.as_ref();
    let (low, high) = (difference.map(|it| it.low), difference.map(|it| it.high));
    vec![
        text(name),
        count(change.before.leads),
        count(change.before.won),
        Figure::number(change.before.rate),
        count(change.after.leads),
        count(change.after.won),
        Figure::number(change.after.rate),
        Figure::number(difference.map(|it| it.difference)),
        Figure::interval(low, high),
        Figure::number(difference.map(|it| it.p_adjusted)),
    ]
}
