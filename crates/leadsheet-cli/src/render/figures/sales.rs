//! Amounts sold, and where they drop.

use leadsheet::{
    ChartKind, Decimal, Figure, FigureChart, FigureKind, FigureSheet, FigureTable, Message, Sales,
    SalesFigures,
};

use super::{bars, column, count, key_title, matrix, notes, row, text};
use crate::Session;

pub(super) fn sheet(session: &Session, sales: &Sales) -> FigureSheet {
    let period = session.say(&format!("key-{}", sales.per.name()));
    let mut tables = vec![by_period(session, sales, &period)];
    for dimension in &sales.by {
        let name = key_title(session, &dimension.name);
        let title = session.tell(&Message::new("report", "sales-by").with("key", &name));
        let cells =
            |key: String, it: &SalesFigures| vec![text(key), count(it.orders), amount(it.amount)];
        let groups = dimension.groups.iter();
        let rows = groups.map(|group| row(cells(group.key.clone(), &group.figures)));
        tables.push(FigureTable {
            title: Some(title.clone()),
            columns: vec![
                column(name.clone(), FigureKind::Text),
                column(session.say("report-orders"), FigureKind::Count),
                column(session.say("report-amount"), FigureKind::Money),
            ],
            rows: rows.collect(),
            total: Some(cells(session.say("report-total"), &sales.total)),
            charts: bars(title.clone(), 2, dimension.groups.len()),
        });
        if sales.periods.len() > 1 && dimension.groups.len() > 1 {
            let of_group = |it: &leadsheet::SalesGroup| {
                let amounts = it.figures.amount_by_period.iter().copied();
                (it.key.clone(), amounts.map(amount).collect())
            };
            let groups: Vec<_> = dimension.groups.iter().map(of_group).collect();
            let periods = (period.as_str(), sales.periods.as_slice());
            tables.push(matrix(session, title, periods, &groups, &FigureKind::Money));
        }
    }
    let drops = sales.drops.iter().map(|drop| {
        let told = Message::new("report", "sales-drop")
            .with("by", key_title(session, &drop.by))
            .with("key", &drop.key)
            .with("month", &drop.month)
            .with("amount", amount(drop.amount).shown(&FigureKind::Money))
            .with("usual", amount(drop.usual).shown(&FigureKind::Money));
        session.tell(&told)
    });
    FigureSheet {
        id: "sales".to_owned(),
        name: session.say("report-sales"),
        title: session.say("report-sales-title"),
        about: drops
            .chain(["report-about-sales", "report-about-drop"].map(|id| session.say(id)))
            .collect(),
        tables,
        notes: notes(session, &sales.notes),
    }
}

fn by_period(session: &Session, sales: &Sales, period: &str) -> FigureTable {
    let amounts = sales.periods.iter().zip(&sales.total.amount_by_period);
    let line = FigureChart {
        title: session.say("report-sales-title"),
        labels: 0,
        kind: ChartKind::Lines { series: vec![1] },
    };
    FigureTable {
        title: None,
        columns: vec![
            column(period, FigureKind::Text),
            column(session.say("report-amount"), FigureKind::Money),
        ],
        rows: amounts
            .map(|(name, &sold)| row(vec![text(name), amount(sold)]))
            .collect(),
        total: Some(vec![
            text(session.say("report-total")),
            amount(sales.total.amount),
        ]),
        charts: (sales.periods.len() > 1)
            .then_some(line)
            .into_iter()
            .collect(),
    }
}

fn amount(amount: Decimal) -> Figure {
    Figure::Money(amount)
}
