//! Conversion by group, and the funnel.

use leadsheet::{
    ChartKind, Dimension, Figure, FigureChart, FigureColumn, FigureKind, FigureRow, FigureSheet,
    FigureTable, FunnelStep, Group, Message, Rate, Report,
};

use super::{
    MOST_BARS, SMALL, chance, column, count, counts, interval_column, key_title, row, text,
};
use crate::Session;

/// Slices beyond which a pie shows nothing.
const MOST_SLICES: usize = 8;

/// A sheet for every grouping that has groups; one with the total alone where none has.
pub(super) fn sheets(session: &Session, report: &Report) -> Vec<FigureSheet> {
    let Some(total) = &report.total else {
        return Vec::new();
    };
    let asked = report.conversion.iter();
    let mut sheets: Vec<_> = asked
        .filter(|dimension| !dimension.groups.is_empty())
        .map(|dimension| sheet(session, dimension, total))
        .collect();
    if sheets.is_empty() {
        let nothing = Dimension {
            name: String::new(),
            groups: Vec::new(),
        };
        sheets.push(sheet(session, &nothing, total));
    }
    sheets
}

fn sheet(session: &Session, dimension: &Dimension, total: &Rate) -> FigureSheet {
    let name = if dimension.name.is_empty() {
        String::new()
    } else {
        key_title(session, &dimension.name)
    };
    let about = [
        "report-about-lead",
        "report-about-rate",
        "report-about-small",
    ];
    let of_key = match dimension.name.as_str() {
        "stage" => Some("report-about-stage"),
        name if name.contains("source") || name.contains("grade") => Some("report-about-first"),
        _ => None,
    };
    let title = session.tell(&Message::new("report", "conversion-by").with("key", &name));
    FigureSheet {
        id: format!("conversion-{}", dimension.name.replace('*', "-")),
        name: if name.is_empty() {
            session.say("report-total")
        } else {
            name.clone()
        },
        title: if name.is_empty() {
            session.say("report-title")
        } else {
            title
        },
        about: about
            .into_iter()
            .chain(of_key)
            .map(|id| session.say(id))
            .chain(differences(session, dimension))
            .collect(),
        tables: vec![table(session, dimension, &name, total)],
        notes: Vec::new(),
    }
}

/// Groups whose difference from the others is told in words at most.
const MOST_TOLD: usize = 5;

/// Which groups differ from all others together by more than chance explains, the surest first.
fn differences(session: &Session, dimension: &Dimension) -> Vec<String> {
    let compared = |group: &'_ Group| Some((group.clone(), group.against_others?));
    let groups: Vec<_> = dimension.groups.iter().filter_map(compared).collect();
    if groups.len() < 2 {
        return Vec::new();
    }
    let mut certain: Vec<_> = groups.iter().filter(|(_, it)| it.is_certain()).collect();
    certain.sort_by(|(_, one), (_, other)| one.p_adjusted.total_cmp(&other.p_adjusted));
    if certain.is_empty() {
        let none = Message::new("report-differs", "none").with("count", groups.len());
        return vec![session.tell(&none)];
    }
    let told = certain.iter().take(MOST_TOLD).map(|(group, difference)| {
        let shown = |number| Figure::Number(number).shown(&FigureKind::Change);
        let higher = difference.difference > 0.0;
        session.tell(
            &Message::new("report-differs", if higher { "higher" } else { "lower" })
                .with("name", &group.key)
                .with(
                    "rate",
                    Figure::number(group.rate.rate).shown(&FigureKind::Share),
                )
                .with("won", group.rate.won)
                .with("leads", group.rate.leads)
                .with("difference", shown(difference.difference))
                .with("low", shown(difference.low))
                .with("high", shown(difference.high))
                .with("p", chance(difference.p_adjusted)),
        )
    });
    let method = Message::new("report-differs", "method").with("count", groups.len());
    told.chain([session.tell(&method)]).collect()
}

// Columns of the table.
const KEY: usize = 0;
const LEADS: usize = 1;
const WON: usize = 2;
const RATE: usize = 5;
const INTERVAL: usize = 6;

/// The columns that say a [`Rate`].
pub(super) fn rate_columns(session: &Session) -> Vec<FigureColumn> {
    let ids = ["report-leads", "report-won", "report-lost", "report-open"];
    let mut columns = counts(session, &ids);
    columns.push(column(session.say("report-rate"), FigureKind::Share));
    columns.push(interval_column(session));
    columns
}

/// The cells that say a rate.
pub(super) fn rate_cells(rate: &Rate) -> Vec<Figure> {
    let mut cells: Vec<_> = [rate.leads, rate.won, rate.lost, rate.open]
        .map(count)
        .into();
    cells.push(Figure::number(rate.rate));
    cells.push(Figure::interval(rate.low, rate.high));
    cells
}

fn table(session: &Session, dimension: &Dimension, name: &str, total: &Rate) -> FigureTable {
    let of_group = |group: &Group| FigureRow {
        cells: named(group.key.clone(), &group.rate),
        faint: group.rate.leads < SMALL,
    };
    let mut columns = vec![column(name, FigureKind::Text)];
    columns.extend(rate_columns(session));
    FigureTable {
        title: None,
        columns,
        rows: dimension.groups.iter().map(of_group).collect(),
        total: Some(named(session.say("report-total"), total)),
        charts: charts(session, dimension, name),
    }
}

fn named(name: String, rate: &Rate) -> Vec<Figure> {
    let mut cells = vec![text(name)];
    cells.extend(rate_cells(rate));
    cells
}

fn charts(session: &Session, dimension: &Dimension, name: &str) -> Vec<FigureChart> {
    let groups = dimension.groups.len();
    if groups == 0 || groups > MOST_BARS {
        return Vec::new();
    }
    let titled = |id, kind| FigureChart {
        title: session.tell(&Message::new("report-chart", id).with("key", name)),
        labels: KEY,
        kind,
    };
    let rates = ChartKind::Columns {
        values: RATE,
        interval: Some(INTERVAL),
        counts: Some((WON, LEADS)),
    };
    let mut charts = vec![titled("rate", rates)];
    let is_period = matches!(dimension.name.as_str(), "month" | "quarter" | "week");
    if is_period && groups > 1 {
        let lines = ChartKind::Lines {
            series: vec![LEADS, WON],
        };
        charts.push(titled("leads-over-time", lines));
    } else if groups > 1 && groups <= MOST_SLICES && dimension.name != "stage" {
        charts.push(titled("leads", ChartKind::Pie { values: LEADS }));
    }
    charts
}

/// The funnel of stages.
pub(super) fn funnel(session: &Session, report: &Report) -> Option<FigureSheet> {
    if report.funnel.is_empty() {
        return None;
    }
    let share = |id| column(session.say(id), FigureKind::Share);
    let mut columns = vec![column(session.say("report-funnel"), FigureKind::Text)];
    columns.extend(counts(session, &["report-reached"]));
    columns.extend([share("report-next"), share("report-overall")]);
    columns.extend(counts(
        session,
        &["report-went-on", "report-still-here", "report-lost-here"],
    ));
    let rows = report.funnel.iter().enumerate().map(|(position, step)| {
        let went_on = report
            .funnel
            .get(position + 1)
            .map_or(0, |next| next.reached);
        let still_here = step.reached.saturating_sub(went_on + step.lost_here);
        row(vec![
            text(step.stage.canonical()),
            count(step.reached),
            Figure::number(step.next_rate),
            Figure::number(step.overall_rate),
            count(went_on),
            count(still_here),
            count(step.lost_here),
        ])
    });
    let about = [
        "report-about-lead",
        "report-about-stage",
        "report-about-funnel",
        "report-about-readings",
    ];
    Some(FigureSheet {
        id: "funnel".to_owned(),
        name: session.say("report-funnel"),
        title: session.say("report-funnel-title"),
        about: about.map(|id| session.say(id)).to_vec(),
        tables: vec![
            FigureTable {
                columns,
                rows: rows.collect(),
                charts: vec![FigureChart {
                    title: session.say("report-funnel-title"),
                    labels: 0,
                    kind: ChartKind::Stacked {
                        series: vec![4, 5, 6],
                    },
                }],
                ..FigureTable::default()
            },
            readings(session, report),
        ],
        notes: Vec::new(),
    })
}

/// The funnel as follow-ups show it, in any order and strictly in that of the stages.
fn readings(session: &Session, report: &Report) -> FigureTable {
    let mut columns = vec![column(session.say("report-funnel"), FigureKind::Text)];
    let ids = ["report-reached", "report-shown", "report-in-order"];
    columns.extend(counts(session, &ids));
    columns.push(column(
        session.say("report-next-in-order"),
        FigureKind::Share,
    ));
    let of_step = |step: &FunnelStep| {
        row(vec![
            text(step.stage.canonical()),
            count(step.reached),
            count(step.shown),
            count(step.in_order),
            Figure::number(step.next_rate_in_order),
        ])
    };
    FigureTable {
        title: Some(session.say("report-funnel-readings")),
        columns,
        rows: report.funnel.iter().map(of_step).collect(),
        ..FigureTable::default()
    }
}
