//! Figures for people: tables with charts beside them, laid out once and drawn by one renderer a format.
//!
//! A chart names columns of its table and nothing else, so that it cannot say another number than the table.

mod chart;
mod page;
mod sheet;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use chrono::NaiveDate;
use leadsheet_core::Decimal;

use crate::error::WriteError;

pub use sheet::sheet_name;

/// A report laid out: a sheet a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureBook {
    /// What it is about.
    pub title: String,
    /// What was counted in all, a sentence each.
    pub about: Vec<String>,
    /// Its topics.
    pub sheets: Vec<FigureSheet>,
    /// What holds for every topic, a sentence each.
    pub notes: Vec<String>,
}

/// One topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureSheet {
    /// A name that stays whatever the language, for links.
    pub id: String,
    /// The short name, for a sheet's tab.
    pub name: String,
    /// The title.
    pub title: String,
    /// What the figures mean, a sentence each.
    pub about: Vec<String>,
    /// The tables.
    pub tables: Vec<FigureTable>,
    /// What could not be counted here, a sentence each.
    pub notes: Vec<String>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureTable {
    /// Its title, where the sheet's own does not do.
    pub title: Option<String>,
    /// Its columns.
    pub columns: Vec<FigureColumn>,
    /// Its rows, a figure for each column.
    pub rows: Vec<FigureRow>,
    /// The sum below them; no chart shows it.
    pub total: Option<Vec<Figure>>,
    /// Pictures of it.
    pub charts: Vec<FigureChart>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureColumn {
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub kind: FigureKind,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// Words.
    Text,
    /// Whole numbers.
    Count,
    /// Numbers with so many decimals.
    Number(u8),
    /// Fractions shown as percent, with a bar behind each.
    Share,
    /// Fractions in many columns beside each other, without bars.
    Fraction,
    /// Differences of fractions, with their sign.
    Change,
    /// Two fractions, with headings of their own where they stand in two columns.
    Interval(String, String),
    /// Amounts.
    Money,
    /// Days.
    Day,
}

impl FigureKind {
    /// Whether the column holds numbers, which stand on the right.
    pub const fn is_number(&self) -> bool {
        !matches!(
            self,
            FigureKind::Text | FigureKind::Day | FigureKind::Interval(..)
        )
    }
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureRow {
    /// A figure for each column.
    pub cells: Vec<Figure>,
    /// Whether it rests on so little that it should not catch the eye.
    pub faint: bool,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// What cannot be said.
    Absent,
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number or a fraction, as its column says.
    Number(f64),
    /// Lower and upper end.
    Interval(f64, f64),
    /// An amount.
    Money(Decimal),
    /// A day.
    Day(NaiveDate),
}

impl Figure {
    /// A number, absent where there is none.
    pub fn number(number: Option<f64>) -> Self {
        number.map_or(Figure::Absent, Figure::Number)
    }

    /// Both ends of an interval, absent where there is none.
    pub fn interval(low: Option<f64>, high: Option<f64>) -> Self {
        match (low, high) {
            (Some(low), Some(high)) => Figure::Interval(low, high),
            _ => Figure::Absent,
        }
    }

    /// The number by which rows are drawn and sorted; none for words and intervals.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Figure::Count(count) => Some(*count as f64),
            Figure::Number(number) => Some(*number),
            Figure::Money(amount) => amount.to_string().parse().ok(),
            Figure::Day(day) => Some(f64::from(day.to_epoch_days())),
            Figure::Absent | Figure::Text(_) | Figure::Interval(..) => None,
        }
    }

    /// The figure as it is read: the same in every format.
    pub fn shown(&self, kind: &FigureKind) -> String {
        match (self, kind) {
            (Figure::Absent, _) => "—".to_owned(),
            (Figure::Text(text), _) => text.clone(),
            (Figure::Count(count), _) => count.to_string(),
            (Figure::Number(share), FigureKind::Share | FigureKind::Fraction) => percent(*share),
            (Figure::Number(change), FigureKind::Change) => signed_percent(*change),
            (Figure::Number(number), FigureKind::Number(decimals)) => {
                format!("{number:.*}", usize::from(*decimals))
            }
            (Figure::Number(number), _) => number.to_string(),
            (Figure::Interval(low, high), _) if *low < 0.0 => {
                format!("{} … {}", signed_percent(*low), signed_percent(*high))
            }
            (Figure::Interval(low, high), _) => format!("{} – {}", percent(*low), percent(*high)),
            (Figure::Money(money), _) => amount(*money),
            (Figure::Day(day), _) => day.to_string(),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn signed_percent(change: f64) -> String {
    // What rounds to nothing has no sign.
    let tenths = (change * 1000.0).round() / 10.0;
    if tenths == 0.0 {
        percent(0.0)
    } else {
        format!("{tenths:+.1} %").replace('-', "−")
    }
}

/// `1,234,567.50`, with two decimals at least.
fn amount(money: Decimal) -> String {
    let text = money.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("−", digits));
    let mut shown = sign.to_owned();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    let _ = write!(shown, ".{fraction:0<2}");
    shown
}

/// A picture of a table. Columns are named by position.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureChart {
    /// Its title.
    pub title: String,
    /// The column of names.
    pub labels: usize,
    /// What is drawn.
    pub kind: ChartKind,
}

/// What a chart draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// One bar a row.
    Columns {
        /// The column drawn.
        values: usize,
        /// The column of the interval that is drawn as whiskers.
        interval: Option<usize>,
        /// What stands at each bar: the columns of a part and of its whole, `3/20`; of none the value.
        counts: Option<(usize, usize)>,
    },
    /// Each row's share of all.
    Pie {
        /// The column drawn.
        values: usize,
    },
    /// A line a column.
    Lines {
        /// The columns drawn.
        series: Vec<usize>,
    },
    /// One bar a row, in parts.
    Stacked {
        /// The columns drawn, from the left.
        series: Vec<usize>,
    },
}

/// Composes figures as an `.xlsx` workbook: a sheet a topic, native charts, ready to print.
///
/// # Errors
/// [`WriteError`] where it does not fit the format.
pub fn compose_figures(book: &FigureBook) -> Result<Vec<u8>, WriteError> {
    sheet::compose(book)
}
