//! What people do: activity, who is behind, shared leads.

use leadsheet::{
    Activity, ActivityCounts, ChartKind, Credit, Figure, FigureChart, FigureKind, FigureRow,
    FigureSheet, FigureTable, Message, Overdue, OverdueCounts,
};

use super::{SMALL, bars, column, count, counts, key_title, matrix, notes, row, text};
use crate::Session;

pub(super) fn activity(session: &Session, activity: &Activity) -> FigureSheet {
    let period = session.say(&format!("key-{}", activity.per.name()));
    let mut tables = vec![by_period(session, activity, &period)];
    for dimension in &activity.by {
        let name = key_title(session, &dimension.name);
        let cells = |key: String, it: &ActivityCounts| {
            vec![text(key), count(it.new_leads), count(it.follow_ups)]
        };
        let mut columns = vec![column(name.clone(), FigureKind::Text)];
        columns.extend(counts(session, &["report-new-leads", "report-follow-ups"]));
        let titled = |id| session.tell(&Message::new("report", id).with("key", &name));
        let groups = dimension.groups.iter();
        let rows = groups.map(|it| row(cells(it.key.clone(), &it.counts)));
        tables.push(FigureTable {
            title: Some(titled("activity-by")),
            columns,
            rows: rows.collect(),
            total: Some(cells(session.say("report-total"), &activity.total)),
            charts: bars(titled("follow-ups-by"), 2, dimension.groups.len()),
        });
        if activity.periods.len() > 1 && dimension.groups.len() > 1 {
            let of_group = |it: &leadsheet::ActivityGroup| {
                let numbers = it.counts.follow_ups_by_period.iter().copied();
                (it.key.clone(), numbers.map(count).collect())
            };
            let groups: Vec<_> = dimension.groups.iter().map(of_group).collect();
            let title = titled("follow-ups-by");
            let periods = (period.as_str(), activity.periods.as_slice());
            tables.push(matrix(session, title, periods, &groups, &FigureKind::Count));
        }
    }
    FigureSheet {
        id: "activity".to_owned(),
        name: session.say("report-activity"),
        title: session.say("report-activity-title"),
        about: vec![session.say("report-about-activity")],
        tables,
        notes: notes(session, &activity.notes),
    }
}

fn by_period(session: &Session, activity: &Activity, period: &str) -> FigureTable {
    let mut columns = vec![column(period, FigureKind::Text)];
    columns.extend(counts(session, &["report-new-leads", "report-follow-ups"]));
    let total = &activity.total;
    let numbers = total
        .new_leads_by_period
        .iter()
        .zip(&total.follow_ups_by_period);
    let rows = activity
        .periods
        .iter()
        .zip(numbers)
        .map(|(name, (&leads, &talks))| row(vec![text(name), count(leads), count(talks)]));
    let lines = FigureChart {
        title: session.say("report-activity-title"),
        labels: 0,
        kind: ChartKind::Lines { series: vec![1, 2] },
    };
    FigureTable {
        title: None,
        columns,
        rows: rows.collect(),
        total: Some(vec![
            text(session.say("report-total")),
            count(total.new_leads),
            count(total.follow_ups),
        ]),
        charts: (activity.periods.len() > 1)
            .then_some(lines)
            .into_iter()
            .collect(),
    }
}

pub(super) fn overdue(session: &Session, overdue: &Overdue) -> FigureSheet {
    let mut columns = vec![column(key_title(session, "owner"), FigureKind::Text)];
    columns.extend(counts(session, &["report-open", "report-overdue"]));
    columns.push(column(
        session.say("report-overdue-share"),
        FigureKind::Share,
    ));
    columns.push(column(session.say("report-longest"), FigureKind::Count));
    let cells = |name: String, it: &OverdueCounts| {
        vec![
            text(name),
            count(it.open),
            count(it.overdue),
            Figure::number(it.share),
            it.longest.map_or(Figure::Absent, count),
        ]
    };
    let rows = overdue.by_owner.iter().map(|group| FigureRow {
        cells: cells(group.key.clone(), &group.counts),
        faint: group.counts.open < SMALL,
    });
    let title = session.say("report-overdue-title");
    FigureSheet {
        id: "overdue".to_owned(),
        name: session.say("report-overdue"),
        title: title.clone(),
        about: vec![session.say("report-about-overdue")],
        tables: vec![FigureTable {
            columns,
            charts: bars(title, 2, overdue.by_owner.len()),
            rows: rows.collect(),
            total: Some(cells(session.say("report-total"), &overdue.total)),
            ..FigureTable::default()
        }],
        notes: notes(session, &overdue.notes),
    }
}

pub(super) fn credit(session: &Session, credit: &Credit) -> FigureSheet {
    let halves = |id| column(session.say(id), FigureKind::Number(2));
    let mut columns = vec![
        column(key_title(session, "owner"), FigureKind::Text),
        halves("report-leads"),
        halves("report-won"),
        column(session.say("report-rate"), FigureKind::Share),
    ];
    columns.extend(counts(session, &["report-alone", "report-shared"]));
    let rows = credit.by_owner.iter().map(|group| FigureRow {
        cells: vec![
            text(group.key.clone()),
            Figure::Number(group.leads),
            Figure::Number(group.won),
            Figure::number(group.rate),
            count(group.alone),
            count(group.shared),
        ],
        faint: group.leads < f64::from(SMALL),
    });
    let shared = Message::new("report", "shared-leads").with("count", credit.shared_leads);
    FigureSheet {
        id: "credit".to_owned(),
        name: session.say("report-credit"),
        title: session.say("report-credit-title"),
        about: vec![session.say("report-about-credit"), session.tell(&shared)],
        tables: vec![FigureTable {
            columns,
            rows: rows.collect(),
            ..FigureTable::default()
        }],
        notes: notes(session, &credit.notes),
    }
}
