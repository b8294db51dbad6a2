//! Speed: first answers, time to close, time in each stage.

use leadsheet::{
    ChartKind, Difference, Figure, FigureChart, FigureKind, FigureRow, FigureSheet, FigureTable,
    FirstResponse, Message, Rate, Response, Speed, Spread,
};

use super::conversion::{rate_cells, rate_columns};
use super::{SMALL, chance, column, count, counts, notes, row, text};
use crate::Session;

pub(super) fn sheet(session: &Session, speed: &Speed) -> FigureSheet {
    let mut about = Vec::new();
    let mut tables = Vec::new();
    if let Some(response) = &speed.first_response {
        about.push(timed(session, "about-response", response));
        tables.push(responses(session, response));
        tables.push(bands(session, response));
        if let (Some(inside), Some(outside)) = (&response.inside, &response.outside) {
            tables.push(inside_and_outside(session, response, inside, outside));
            let difference = response.difference.as_ref();
            about.extend(difference.map(|it| gap_in_words(session, response, it)));
        }
    }
    tables.push(spreads(session, speed));
    about.push(session.say("report-about-spread"));
    FigureSheet {
        id: "speed".to_owned(),
        name: session.say("report-speed"),
        title: session.say("report-speed-title"),
        about,
        tables,
        notes: notes(session, &speed.notes),
    }
}

/// Words that name the hours within which a team answers.
fn timed(session: &Session, variant: &'static str, response: &FirstResponse) -> String {
    session.tell(&Message::new("report", variant).with("hours", response.hours_allowed))
}

fn responses(session: &Session, response: &FirstResponse) -> FigureTable {
    let mut columns = vec![column(super::key_title(session, "grade"), FigureKind::Text)];
    let ids = [
        "report-leads",
        "report-same-day",
        "report-next-day",
        "report-later",
    ];
    columns.extend(counts(session, &ids));
    for id in ["within-at-least", "within-at-most"] {
        columns.push(column(timed(session, id, response), FigureKind::Share));
    }
    let cells = |name: String, it: &Response| {
        let mut cells = vec![text(name)];
        cells.extend([it.leads, it.same_day, it.next_day, it.later].map(count));
        cells.push(Figure::number(it.within_day_at_least));
        cells.push(Figure::number(it.within_day_at_most));
        cells
    };
    let rows = response.by_grade.iter().map(|group| FigureRow {
        cells: cells(group.key.clone(), &group.response),
        faint: group.response.leads < SMALL,
    });
    FigureTable {
        title: Some(session.say("report-response-title")),
        columns,
        rows: rows.collect(),
        total: Some(cells(session.say("report-total"), &response.total)),
        charts: vec![FigureChart {
            title: session.say("report-response-title"),
            labels: 0,
            kind: ChartKind::Stacked {
                series: vec![2, 3, 4],
            },
        }],
    }
}

fn bands(session: &Session, response: &FirstResponse) -> FigureTable {
    let columns = vec![
        column(session.say("report-answered"), FigureKind::Text),
        column(session.say("report-leads"), FigureKind::Count),
        column(session.say("report-share"), FigureKind::Share),
    ];
    let mut first = 0;
    let bands = response.bands.iter().map(|band| {
        let name = match band.up_to_days {
            None => Message::new("report-band", "later").with("count", first),
            Some(last) if last == first => Message::new("report-band", "day").with("count", last),
            Some(last) => Message::new("report-band", "days")
                .with("first", first)
                .with("last", last),
        };
        first = band.up_to_days.map_or(first, |last| last + 1);
        row(vec![
            text(session.tell(&name)),
            count(band.leads),
            Figure::number(band.share),
        ])
    });
    let mut rows: Vec<_> = bands.collect();
    if let Some(hours) = &response.hours {
        let mut within = vec![
            (1, hours.within_1),
            (4, hours.within_4),
            (24, hours.within_24),
        ];
        within.push((response.hours_allowed, hours.in_time));
        within.sort_unstable();
        within.dedup();
        for (hours_taken, within) in within {
            let share = f64::from(within) / f64::from(hours.spread.count);
            let name = Message::new("report", "within-hours").with("hours", hours_taken);
            rows.push(row(vec![
                text(session.tell(&name)),
                count(within),
                Figure::Number(share),
            ]));
        }
    }
    FigureTable {
        title: Some(session.say("report-bands-title")),
        columns,
        rows,
        ..FigureTable::default()
    }
}

fn inside_and_outside(
    session: &Session,
    response: &FirstResponse,
    inside: &Rate,
    outside: &Rate,
) -> FigureTable {
    let mut columns = vec![column(session.say("report-answered"), FigureKind::Text)];
    columns.extend(rate_columns(session));
    let named = |id, rate: &Rate| {
        let mut cells = vec![text(timed(session, id, response))];
        cells.extend(rate_cells(rate));
        FigureRow {
            cells,
            faint: rate.leads < SMALL,
        }
    };
    FigureTable {
        title: Some(session.say("report-inside-title")),
        columns,
        rows: vec![named("inside", inside), named("outside", outside)],
        ..FigureTable::default()
    }
}

/// How far the leads answered in time lie above the others, and whether chance explains it.
fn gap_in_words(session: &Session, response: &FirstResponse, difference: &Difference) -> String {
    let shown = |number| Figure::Number(number).shown(&FigureKind::Change);
    let variant = if difference.is_certain() {
        "certain"
    } else {
        "uncertain"
    };
    session.tell(
        &Message::new("report-gap", variant)
            .with("hours", response.hours_allowed)
            .with("difference", shown(difference.difference))
            .with("low", shown(difference.low))
            .with("high", shown(difference.high))
            .with("p", chance(difference.p_adjusted)),
    )
}

fn spreads(session: &Session, speed: &Speed) -> FigureTable {
    let mut columns = vec![
        column(session.say("report-measure"), FigureKind::Text),
        column(session.say("report-count"), FigureKind::Count),
    ];
    let numbers = [
        "report-q1",
        "report-median",
        "report-q3",
        "report-p95",
        "report-mean",
    ];
    columns.extend(numbers.map(|id| column(session.say(id), FigureKind::Number(1))));
    columns.push(column(session.say("report-still-there"), FigureKind::Count));
    let cells = |name: String, spread: Option<&Spread>, still: Figure| {
        let number = |of: fn(&Spread) -> f64| Figure::number(spread.map(of));
        row(vec![
            text(name),
            count(spread.map_or(0, |spread| spread.count)),
            number(|it| it.q1),
            number(|it| it.median),
            number(|it| it.q3),
            number(|it| it.p95),
            number(|it| it.mean),
            still,
        ])
    };
    let hours = speed.first_response.as_ref().and_then(|it| it.hours);
    let of_won = [
        ("report-days-to-close", speed.days_to_close.as_ref()),
        (
            "report-follow-ups-per-won",
            speed.follow_ups_per_won.as_ref(),
        ),
    ];
    let mut rows: Vec<_> = of_won
        .map(|(id, spread)| cells(session.say(id), spread, Figure::Absent))
        .into();
    if let Some(hours) = &hours {
        let name = session.say("report-hours-to-answer");
        rows.insert(0, cells(name, Some(&hours.spread), Figure::Absent));
    }
    for time in &speed.days_in_stage {
        let name = Message::new("report", "days-in-stage").with("stage", time.stage.canonical());
        let still = count(time.still_there);
        rows.push(cells(session.tell(&name), time.days.as_ref(), still));
    }
    FigureTable {
        title: Some(session.say("report-spread-title")),
        columns,
        rows,
        ..FigureTable::default()
    }
}
