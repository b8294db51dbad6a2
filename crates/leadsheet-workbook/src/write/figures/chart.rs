//! Native charts of a table. Series name cells, so a chart follows its table when people edit it.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartDataLabelPosition, ChartErrorBars, ChartErrorBarsType, ChartFont,
    ChartFormat, ChartLegendPosition, ChartLine, ChartRange, ChartSolidFill, ChartType, Color,
    Format, Worksheet,
};

use super::{ChartKind, Figure, FigureChart, FigureKind, FigureRow, FigureTable};
use crate::error::WriteError;
use crate::write::xlsx::narrow;

/// Colours that stay apart in print and for the colour-blind (the first of Okabe and Ito's).
const COLOURS: [u32; 8] = [
    0x00_72B2, 0xE6_9F00, 0x00_9E73, 0xD5_5E00, 0x56_B4E9, 0xCC_79A7, 0xF0_E442, 0x99_9999,
];
const WIDTH: u32 = 560;
const HEIGHT: u32 = 248;

/// Where a table stands.
pub(super) struct Place<'a> {
    pub(super) sheet: &'a str,
    /// Row of its heading.
    pub(super) heading: u32,
    /// A column that may hold what only a chart needs.
    pub(super) aside: u32,
}

impl Place<'_> {
    /// The cell of a heading: as a text it could be taken for a formula.
    fn heading(&self, column: u32) -> Result<ChartRange, WriteError> {
        let column = narrow(column)?;
        Ok(ChartRange::new_from_range(
            self.sheet,
            self.heading,
            column,
            self.heading,
            column,
        ))
    }

    fn range(&self, column: u32, rows: usize) -> Result<ChartRange, WriteError> {
        let column = narrow(column)?;
        let last = self.heading + rows as u32;
        Ok(ChartRange::new_from_range(
            self.sheet,
            self.heading + 1,
            column,
            last,
            column,
        ))
    }
}

/// A chart of `table`, whose columns begin at `starts`.
pub(super) fn chart(
    worksheet: &mut Worksheet,
    chart: &FigureChart,
    table: &FigureTable,
    starts: &[u32],
    place: &Place<'_>,
) -> Result<Chart, WriteError> {
    let rows = table.rows.len();
    let kind = match &chart.kind {
        ChartKind::Columns { .. } => ChartType::Column,
        ChartKind::Pie { .. } => ChartType::Pie,
        ChartKind::Lines { .. } => ChartType::Line,
        ChartKind::Stacked { .. } => ChartType::BarStacked,
    };
    let mut drawn = Chart::new(kind);
    drawn.set_width(WIDTH).set_height(HEIGHT);
    drawn.title().set_name(&chart.title);
    drawn
        .title()
        .set_font(ChartFont::new().set_size(12).set_bold());
    let grid = ChartLine::new().set_color(Color::RGB(0xD9_D9D9)).clone();
    drawn.x_axis().set_major_gridlines_line(&grid);
    drawn.y_axis().set_major_gridlines_line(&grid);
    let (across, upwards) = (
        matches!(kind, ChartType::BarStacked),
        !matches!(kind, ChartType::BarStacked),
    );
    drawn.x_axis().set_major_gridlines(across);
    drawn.y_axis().set_major_gridlines(upwards);
    drawn.set_alt_text(&chart.title);
    let labels = place.range(starts[chart.labels], rows)?;
    match &chart.kind {
        ChartKind::Columns {
            values,
            interval,
            counts,
        } => {
            let whiskers = match interval {
                Some(interval) => whiskers(worksheet, table, *values, *interval, place)?,
                None => None,
            };
            let labels = match counts {
                Some(counts) => labels_with_counts(worksheet, chart, table, *counts, place)?,
                None => labels,
            };
            let series = drawn.add_series();
            series
                .set_categories(&labels)
                .set_values(&place.range(starts[*values], rows)?)
                .set_name(&place.heading(starts[*values])?)
                .set_format(&mut solid(0))
                .set_gap(60);
            if let Some(whiskers) = whiskers {
                series.set_y_error_bars(&whiskers);
            } else {
                series.set_data_label(ChartDataLabel::new().show_value());
            }
            drawn.legend().set_hidden();
            if table.columns[*values].kind == FigureKind::Share {
                let most = greatest(table, *values, *interval);
                drawn.y_axis().set_num_format("0%").set_min(0);
                drawn.y_axis().set_max((most * 10.0).ceil().max(1.0) / 10.0);
            }
            by_thousands(&mut drawn, &table.columns[*values].kind);
        }
        ChartKind::Pie { values } => {
            let label = ChartDataLabel::new()
                .show_percentage()
                .set_position(ChartDataLabelPosition::OutsideEnd)
                .to_custom();
            drawn
                .add_series()
                .set_categories(&labels)
                .set_values(&place.range(starts[*values], rows)?)
                .set_name(&place.heading(starts[*values])?)
                .set_point_colors(&COLOURS.map(Color::RGB))
                .set_data_label(&label);
            drawn.legend().set_position(ChartLegendPosition::Right);
        }
        ChartKind::Lines { series } | ChartKind::Stacked { series } => {
            let is_stacked = matches!(chart.kind, ChartKind::Stacked { .. });
            for (position, &column) in series.iter().enumerate() {
                let added = drawn.add_series();
                added
                    .set_categories(&labels)
                    .set_values(&place.range(starts[column], rows)?)
                    .set_name(&place.heading(starts[column])?);
                if is_stacked {
                    added.set_format(&mut solid(position)).set_gap(40);
                    added.set_overlap(100);
                } else {
                    added.set_format(&mut line(position));
                }
            }
            drawn.legend().set_position(ChartLegendPosition::Bottom);
            if is_stacked {
                // The first row is the upper one, as in the table.
                drawn.y_axis().set_reverse();
            } else if let Some(FigureKind::Share) =
                series.first().map(|&it| &table.columns[it].kind)
            {
                drawn.y_axis().set_num_format("0%").set_min(0);
            } else if let Some(&first) = series.first() {
                by_thousands(&mut drawn, &table.columns[first].kind);
            }
        }
    }
    Ok(drawn)
}

/// Amounts at an axis as people write them: `200,000`.
fn by_thousands(drawn: &mut Chart, kind: &FigureKind) {
    if *kind == FigureKind::Money {
        drawn.y_axis().set_num_format("#,##0");
    }
}

fn colour(position: usize) -> Color {
    Color::RGB(COLOURS[position % COLOURS.len()])
}

fn solid(position: usize) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour(position)));
    format
}

fn line(position: usize) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_line(ChartLine::new().set_color(colour(position)).set_width(2.25));
    format
}

/// The greatest value, or end of an interval, that a chart has to show.
fn greatest(table: &FigureTable, values: usize, interval: Option<usize>) -> f64 {
    let of_row = |row: &FigureRow| {
        let high = match interval.map(|interval| &row.cells[interval]) {
            Some(Figure::Interval(_, high)) => *high,
            _ => 0.0,
        };
        row.cells[values].as_number().unwrap_or(0.0).max(high)
    };
    table.rows.iter().map(of_row).fold(0.0, f64::max)
}

/// `3/20` below each name: no rate without its counts. At the bars they would stand in the whiskers.
fn labels_with_counts(
    worksheet: &mut Worksheet,
    chart: &FigureChart,
    table: &FigureTable,
    (part, whole): (usize, usize),
    place: &Place<'_>,
) -> Result<ChartRange, WriteError> {
    let column = place.aside + 2;
    let format = aside_format();
    for (row, at) in table.rows.iter().zip(place.heading + 1..) {
        let shown = |column: usize| row.cells[column].shown(&table.columns[column].kind);
        let label = format!("{}\n{}/{}", shown(chart.labels), shown(part), shown(whole));
        worksheet.write_string_with_format(at, narrow(column)?, label, &format)?;
    }
    place.range(column, table.rows.len())
}

fn aside_format() -> Format {
    Format::new()
        .set_num_format("0.0%")
        .set_font_color(Color::RGB(0xA6_A6A6))
}

/// Whiskers from the lower to the upper end of the interval. A chart takes their lengths from cells, which stand aside
/// of the page.
fn whiskers(
    worksheet: &mut Worksheet,
    table: &FigureTable,
    values: usize,
    interval: usize,
    place: &Place<'_>,
) -> Result<Option<ChartErrorBars>, WriteError> {
    let (down, up) = (narrow(place.aside)?, narrow(place.aside + 1)?);
    let format = aside_format();
    let heading = &table.columns[interval].heading;
    for (column, sign) in [(down, "−"), (up, "+")] {
        worksheet.write_string_with_format(
            place.heading,
            column,
            format!("{heading} {sign}"),
            &format,
        )?;
    }
    let mut drawn = false;
    for (row, at) in table.rows.iter().zip(place.heading + 1..) {
        let value = row.cells[values].as_number();
        if let (Some(value), Figure::Interval(low, high)) = (value, &row.cells[interval]) {
            // A bar that is a bound of its own interval has no length in binary noise either.
            worksheet.write_number_with_format(at, down, (value - low).max(0.0), &format)?;
            worksheet.write_number_with_format(at, up, (high - value).max(0.0), &format)?;
            drawn = true;
        }
    }
    if !drawn {
        return Ok(None);
    }
    let rows = table.rows.len();
    let mut bars = ChartErrorBars::new();
    bars.set_type(ChartErrorBarsType::Custom(
        place.range(place.aside + 1, rows)?,
        place.range(place.aside, rows)?,
    ));
    Ok(Some(bars))
}
