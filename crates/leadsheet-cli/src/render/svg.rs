//! Charts of figures as shapes for a page. Colours are classes, so that the page's light and dark apply; bars lie, so
//! that Chinese names of any length stand whole beside them.
//!
//! Own drawing rather than a chart library: none of those looked at draws intervals, takes its colours from the page
//! or measures Chinese text, which leaves labels over one another.

use std::f64::consts::TAU;

use leadsheet::{ChartKind, Figure, FigureChart, FigureKind, FigureRow, FigureTable};
use serde::Serialize;

/// A drawing.
#[derive(Debug, Serialize)]
pub(super) struct Drawing {
    title: String,
    width: u32,
    height: u32,
    shapes: Vec<Shape>,
    legend: Vec<Entry>,
}

/// A line of the legend: what a colour means.
#[derive(Debug, Serialize)]
struct Entry {
    colour: usize,
    name: String,
    value: String,
}

/// What is drawn, numbers ready for attributes.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shape {
    Rect {
        x: Px,
        y: Px,
        width: Px,
        height: Px,
        class: String,
        tip: String,
    },
    Line {
        x1: Px,
        y1: Px,
        x2: Px,
        y2: Px,
        class: &'static str,
    },
    Path {
        d: String,
        class: String,
        tip: String,
    },
    Dot {
        x: Px,
        y: Px,
        class: String,
        tip: String,
    },
    Text {
        x: Px,
        y: Px,
        anchor: &'static str,
        class: &'static str,
        text: String,
    },
}

/// A length in the units of the drawing, to a tenth.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
struct Px(f64);

fn px(length: f64) -> Px {
    Px((length * 10.0).round() / 10.0)
}

/// Width of every drawing; the page scales it.
const WIDTH: f64 = 640.0;
/// The size of text, and of a line of it.
const EM: f64 = 13.0;
const LINE: f64 = 26.0;
/// Colours before they come again.
const COLOURS: usize = 8;

/// A chart of a table.
pub(super) fn drawing(chart: &FigureChart, table: &FigureTable) -> Drawing {
    let (height, shapes, legend) = match &chart.kind {
        ChartKind::Columns {
            values,
            interval,
            counts,
        } => bars(chart.labels, table, *values, *interval, *counts),
        ChartKind::Stacked { series } => stacked(chart.labels, table, series),
        ChartKind::Pie { values } => pie(chart.labels, table, *values),
        ChartKind::Lines { series } => lines(chart.labels, table, series),
    };
    Drawing {
        title: chart.title.clone(),
        width: WIDTH as u32,
        height: height.ceil() as u32,
        shapes,
        legend,
    }
}

type Drawn = (f64, Vec<Shape>, Vec<Entry>);

/// The class of a text on each colour: some need dark letters, some light ones.
const INSIDE: [&str; COLOURS] = [
    "inside on0",
    "inside on1",
    "inside on2",
    "inside on3",
    "inside on4",
    "inside on5",
    "inside on6",
    "inside on7",
];

/// How wide a text comes out: a Chinese character is a square.
fn width_of(text: &str) -> f64 {
    let widths = text
        .chars()
        .map(|c| if c > '\u{2E7F}' { EM } else { EM * 0.6 });
    widths.sum()
}

/// A name that fits, with an ellipsis where it does not.
fn fitted(text: &str, room: f64) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let mut fitted = String::new();
    for c in text.chars() {
        fitted.push(c);
        if width_of(&fitted) + EM > room {
            fitted.pop();
            break;
        }
    }
    fitted + "…"
}

fn shown(table: &FigureTable, row: &FigureRow, column: usize) -> String {
    row.cells[column].shown(&table.columns[column].kind)
}

fn number(row: &FigureRow, column: usize) -> Option<f64> {
    row.cells[column]
        .as_number()
        .filter(|number| number.is_finite())
}

/// The names of the rows, and the width that they take.
fn names(labels: usize, table: &FigureTable) -> (Vec<String>, f64) {
    const MOST: f64 = WIDTH * 0.34;
    let names: Vec<_> = table
        .rows
        .iter()
        .map(|row| fitted(&shown(table, row, labels), MOST))
        .collect();
    let widest = names.iter().map(|name| width_of(name)).fold(0.0, f64::max);
    (names, widest + 16.0)
}

fn text(x: f64, y: f64, anchor: &'static str, class: &'static str, text: String) -> Shape {
    Shape::Text {
        x: px(x),
        y: px(y),
        anchor,
        class,
        text,
    }
}

fn line(from: (f64, f64), to: (f64, f64), class: &'static str) -> Shape {
    Shape::Line {
        x1: px(from.0),
        y1: px(from.1),
        x2: px(to.0),
        y2: px(to.1),
        class,
    }
}

/// Round steps for an axis from 0: about five of 1, 2 or 5 times a power of ten.
fn steps(greatest: f64, whole: bool) -> Vec<f64> {
    if greatest <= 0.0 {
        return vec![0.0, 1.0];
    }
    let rough = greatest / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|&step| step >= rough)
        .unwrap_or(rough);
    let step = if whole { step.max(1.0) } else { step };
    let count = (greatest / step - 1e-9).ceil().max(1.0) as u32;
    (0..=count)
        .map(|position| f64::from(position) * step)
        .collect()
}

fn is_whole(table: &FigureTable, column: usize) -> bool {
    table.columns[column].kind == FigureKind::Count
}

/// The number at a step of an axis.
fn at_step(step: f64, kind: &FigureKind) -> String {
    match kind {
        FigureKind::Share => format!("{:.0} %", step * 100.0),
        _ if step.fract() == 0.0 => grouped(step),
        // 3 × 0.2 is no 0.6 to a computer.
        _ => format!("{step:.6}").trim_end_matches('0').to_owned(),
    }
}

/// A whole number as people write it: `1,250,000`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The grid behind lying bars, and what turns a number into a place.
fn scale(steps: &[f64], kind: &FigureKind, left: f64, right: f64, height: f64) -> Vec<Shape> {
    let greatest = steps.last().copied().unwrap_or(1.0);
    let mut shapes = Vec::new();
    let widest = width_of(&at_step(greatest, kind)) + 8.0;
    let room = (right - left) / steps.len().saturating_sub(1).max(1) as f64;
    let every_nth = (widest / room).ceil().max(1.0) as usize;
    for (position, &step) in steps.iter().enumerate() {
        let x = left + (right - left) * step / greatest;
        shapes.push(line((x, 4.0), (x, height - LINE), "grid"));
        if position % every_nth == 0 {
            shapes.push(text(x, height - 9.0, "middle", "tick", at_step(step, kind)));
        }
    }
    shapes
}

/// Where the middle of a lying bar stands.
fn middle_of(position: usize) -> f64 {
    LINE * (position as f64 + 0.5) + 4.0
}

/// The name of a row, to the left of its bar.
fn name_beside(left: f64, middle: f64, name: &str) -> Shape {
    text(left - 8.0, middle + 4.5, "end", "name", name.to_owned())
}

fn bars(
    labels: usize,
    table: &FigureTable,
    values: usize,
    interval: Option<usize>,
    counts: Option<(usize, usize)>,
) -> Drawn {
    let kind = &table.columns[values].kind;
    let (names, left) = names(labels, table);
    let ends: Vec<String> = table
        .rows
        .iter()
        .map(|row| {
            let value = shown(table, row, values);
            match counts {
                Some((part, whole)) => {
                    format!(
                        "{value}  {}/{}",
                        shown(table, row, part),
                        shown(table, row, whole)
                    )
                }
                None => value,
            }
        })
        .collect();
    let right = WIDTH - ends.iter().map(|end| width_of(end)).fold(0.0, f64::max) - 16.0;
    let top = |row: &FigureRow| {
        let upper = interval.and_then(|interval| match row.cells[interval] {
            Figure::Interval(_, high) => Some(high),
            _ => None,
        });
        number(row, values).unwrap_or(0.0).max(upper.unwrap_or(0.0))
    };
    let greatest = table.rows.iter().map(top).fold(0.0, f64::max);
    let steps = steps(greatest, is_whole(table, values));
    let most = steps.last().copied().unwrap_or(1.0);
    let place = |value: f64| left + (right - left) * value.max(0.0) / most;
    let height = LINE * (table.rows.len() as f64 + 1.0) + 6.0;
    let mut shapes = scale(&steps, kind, left, right, height);
    for (position, row) in table.rows.iter().enumerate() {
        let middle = middle_of(position);
        shapes.push(name_beside(left, middle, &names[position]));
        let faint = if row.faint { " faint" } else { "" };
        if let Some(value) = number(row, values) {
            shapes.push(Shape::Rect {
                x: px(left),
                y: px(middle - 8.0),
                width: px((place(value) - left).max(0.0)),
                height: px(16.0),
                class: format!("f0{faint}"),
                tip: format!("{} {}", shown(table, row, labels), ends[position]),
            });
        }
        if let Some(Figure::Interval(low, high)) = interval.map(|interval| &row.cells[interval]) {
            let (low, high) = (place(*low), place(*high));
            shapes.push(line((low, middle), (high, middle), "whisker"));
            for end in [low, high] {
                shapes.push(line((end, middle - 4.0), (end, middle + 4.0), "whisker"));
            }
        }
        shapes.push(text(
            right + 10.0,
            middle + 4.5,
            "start",
            "value",
            ends[position].clone(),
        ));
    }
    (height, shapes, Vec::new())
}

fn stacked(labels: usize, table: &FigureTable, series: &[usize]) -> Drawn {
    let (names, left) = names(labels, table);
    let right = WIDTH - 24.0;
    let sum = |row: &FigureRow| -> f64 {
        let parts = series.iter().filter_map(|&column| number(row, column));
        parts.sum()
    };
    let greatest = table.rows.iter().map(sum).fold(0.0, f64::max);
    let first = series.first().copied().unwrap_or(labels);
    let steps = steps(greatest, is_whole(table, first));
    let most = steps.last().copied().unwrap_or(1.0);
    let height = LINE * (table.rows.len() as f64 + 1.0) + 6.0;
    let mut shapes = scale(&steps, &table.columns[first].kind, left, right, height);
    for (position, row) in table.rows.iter().enumerate() {
        let middle = middle_of(position);
        shapes.push(name_beside(left, middle, &names[position]));
        let mut from = left;
        for (colour, &column) in series.iter().enumerate() {
            let Some(value) = number(row, column).filter(|&value| value > 0.0) else {
                continue;
            };
            let width = (right - left) * value / most;
            let label = shown(table, row, column);
            shapes.push(Shape::Rect {
                x: px(from),
                y: px(middle - 9.0),
                width: px(width),
                height: px(18.0),
                class: format!("f{}", colour % COLOURS),
                tip: format!(
                    "{} · {} {label}",
                    names[position], table.columns[column].heading
                ),
            });
            if width_of(&label) + 6.0 <= width {
                shapes.push(text(
                    from + width / 2.0,
                    middle + 4.5,
                    "middle",
                    INSIDE[colour % COLOURS],
                    label,
                ));
            }
            from += width;
        }
    }
    (height, shapes, legend(table, series))
}

fn legend(table: &FigureTable, series: &[usize]) -> Vec<Entry> {
    let entry = |(colour, &column): (usize, &usize)| Entry {
        colour: colour % COLOURS,
        name: table.columns[column].heading.clone(),
        value: String::new(),
    };
    series.iter().enumerate().map(entry).collect()
}

fn pie(labels: usize, table: &FigureTable, values: usize) -> Drawn {
    const RADIUS: f64 = 110.0;
    const HOLE: f64 = 58.0;
    let (x, y) = (WIDTH / 2.0, RADIUS + 8.0);
    let of_row = |row: &FigureRow| number(row, values).unwrap_or(0.0).max(0.0);
    let sum: f64 = table.rows.iter().map(of_row).sum();
    let mut shapes = Vec::new();
    let mut legend = Vec::new();
    let mut from = 0.0;
    for (position, row) in table.rows.iter().enumerate() {
        let share = if sum > 0.0 { of_row(row) / sum } else { 0.0 };
        let name = shown(table, row, labels);
        let value = format!("{} · {:.1} %", shown(table, row, values), share * 100.0);
        if share > 0.0 {
            // A whole circle begins and ends at one point, which is no arc.
            let to = from + share.min(0.999_99);
            let at = |turn: f64, radius: f64| {
                let (sine, cosine) = (turn * TAU).sin_cos();
                (px(x + radius * sine).0, px(y - radius * cosine).0)
            };
            let large = u8::from(share > 0.5);
            let outer = (at(from, RADIUS), at(to, RADIUS));
            let inner = (at(to, HOLE), at(from, HOLE));
            shapes.push(Shape::Path {
                d: format!(
                    "M{} {}A{RADIUS} {RADIUS} 0 {large} 1 {} {}L{} {}A{HOLE} {HOLE} 0 {large} 0 {} {}Z",
                    outer.0.0,
                    outer.0.1,
                    outer.1.0,
                    outer.1.1,
                    inner.0.0,
                    inner.0.1,
                    inner.1.0,
                    inner.1.1
                ),
                class: format!("f{} slice", position % COLOURS),
                tip: format!("{name} {value}"),
            });
        }
        legend.push(Entry {
            colour: position % COLOURS,
            name,
            value,
        });
        from += share;
    }
    (2.0 * RADIUS + 16.0, shapes, legend)
}

fn lines(labels: usize, table: &FigureTable, series: &[usize]) -> Drawn {
    const HEIGHT: f64 = 260.0;
    let bottom = HEIGHT - LINE;
    let rows = &table.rows;
    let every = series
        .iter()
        .flat_map(|&column| rows.iter().filter_map(move |row| number(row, column)));
    let greatest = every.fold(0.0, f64::max);
    let first = series.first().copied().unwrap_or(labels);
    let kind = &table.columns[first].kind;
    let steps = steps(greatest, is_whole(table, first));
    let most = steps.last().copied().unwrap_or(1.0);
    let marks: Vec<_> = steps.iter().map(|&step| at_step(step, kind)).collect();
    let left = marks.iter().map(|mark| width_of(mark)).fold(0.0, f64::max) + 14.0;
    let right = WIDTH - 30.0;
    let y_of = |value: f64| bottom - (bottom - 12.0) * value / most;
    let x_of = |position: usize| {
        let last = rows.len().saturating_sub(1).max(1);
        left + 10.0 + (right - left - 20.0) * position as f64 / last as f64
    };
    let mut shapes = Vec::new();
    for (&step, mark) in steps.iter().zip(marks) {
        shapes.push(line((left, y_of(step)), (right, y_of(step)), "grid"));
        shapes.push(text(left - 6.0, y_of(step) + 4.0, "end", "tick", mark));
    }
    let names: Vec<_> = rows.iter().map(|row| shown(table, row, labels)).collect();
    let widest = names.iter().map(|name| width_of(name)).fold(0.0, f64::max) + 12.0;
    let room = (right - left) / rows.len().max(1) as f64;
    let every_nth = (widest / room).ceil().max(1.0) as usize;
    for (position, name) in names.iter().enumerate().step_by(every_nth) {
        shapes.push(text(
            x_of(position),
            HEIGHT - 8.0,
            "middle",
            "tick",
            name.clone(),
        ));
    }
    for (colour, &column) in series.iter().enumerate() {
        let points: Vec<_> = rows
            .iter()
            .enumerate()
            .filter_map(|(position, row)| Some((position, number(row, column)?)))
            .collect();
        let mut d = String::new();
        let mut before = None;
        for &(position, value) in &points {
            // What is missing is a gap, never a bridge.
            let is_next = before.is_some_and(|before| before + 1 == position);
            let (x, y) = (px(x_of(position)).0, px(y_of(value)).0);
            d += &format!("{}{x} {y}", if is_next { 'L' } else { 'M' });
            before = Some(position);
        }
        shapes.push(Shape::Path {
            d,
            class: format!("s{}", colour % COLOURS),
            tip: table.columns[column].heading.clone(),
        });
        for &(position, value) in &points {
            shapes.push(Shape::Dot {
                x: px(x_of(position)),
                y: px(y_of(value)),
                class: format!("f{}", colour % COLOURS),
                tip: format!(
                    "{} · {} {}",
                    names[position],
                    table.columns[column].heading,
                    shown(table, &rows[position], column)
                ),
            });
        }
    }
    (HEIGHT, shapes, legend(table, series))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_steps_that_reach_over_the_greatest() {
        assert_eq!(
            steps(0.66, false),
            [0.0, 0.2, 0.4, 0.600_000_000_000_000_1, 0.8]
        );
        assert_eq!(steps(100.0, true), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(steps(3.0, true), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(steps(0.0, true), [0.0, 1.0]);
    }

    #[test]
    fn steps_are_written_as_people_write_numbers() {
        let money = |step| at_step(step, &FigureKind::Money);
        assert_eq!(money(200_000.0), "200,000");
        assert_eq!(money(1_250_000.0), "1,250,000");
        assert_eq!(money(500.0), "500");
        assert_eq!(at_step(3.0 * 0.2, &FigureKind::Number(1)), "0.6");
        assert_eq!(at_step(0.2, &FigureKind::Share), "20 %");
    }

    #[test]
    fn names_are_cut_to_their_room_and_say_so() {
        assert_eq!(fitted("客户转介绍", 100.0), "客户转介绍");
        assert_eq!(fitted("客户转介绍与老客户推荐", 5.0 * EM), "客户转介…");
    }
}
