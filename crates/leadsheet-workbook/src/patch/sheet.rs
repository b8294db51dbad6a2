//! What is to change in one worksheet, turned into splices of its part.

use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use leadsheet_core::{CellRange, CellRef, NewValue};

use super::error::{Obstacle, PatchError};
use super::scan::Spelled;
use super::splice::Splice;
use super::strings::SharedStrings;
use super::styles::{Format, Rgb, Styles, percent};
use super::survey::{Formula, FoundCell, Survey};
use super::xml::{Tag, escaped_cell_text};
use crate::read::FormatClass;

/// The built-in date format, which every program shows as its user is used to.
const DATE: Format = Format::Builtin(14);
/// The same with a time of day.
const DATE_TIME: Format = Format::Builtin(22);
const GENERAL: Format = Format::Builtin(0);
/// Two decimals.
const AMOUNT: Format = Format::Builtin(2);

/// What is to become of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CellEdit {
    pub(super) value: Option<NewValue>,
    /// A colour, and how much it matters where two meet.
    pub(super) fill: Option<(u8, Rgb)>,
    pub(super) note: Option<String>,
    /// That a formula in the cell stays.
    pub(super) keeps_formula: bool,
}

impl CellEdit {
    /// What to put into the cell, by whether it holds a formula; `None` where it is left as it is.
    pub(super) fn value_for(&self, has_formula: bool) -> Option<&NewValue> {
        let stays = self.keeps_formula && has_formula;
        self.value.as_ref().filter(|_| !stays)
    }

    /// The same with another edit of the same cell on top.
    pub(super) fn join(&mut self, other: CellEdit) {
        if other.value.is_some() {
            (self.value, self.keeps_formula) = (other.value, other.keeps_formula);
        }
        self.fill = self.fill.max(other.fill);
        self.note = match (self.note.take(), other.note) {
            (Some(one), Some(other)) => Some(format!("{one}\n{other}")),
            (one, other) => one.or(other),
        };
    }
}

/// What all sheets of a workbook share while they are changed.
pub(super) struct Shared<'s> {
    pub(super) styles: &'s mut Styles,
    pub(super) strings: Option<&'s mut SharedStrings>,
    pub(super) is_1904: bool,
}

/// Splices of a sheet's part, and the cells that held a formula and no longer do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) splices: Vec<Splice>,
    pub(super) formulas_gone: HashSet<CellRef>,
    /// Cells that keep what they hold because it is a formula.
    pub(super) formulas_kept: Vec<CellRef>,
}

/// Plans the changes of one sheet, of that name.
///
/// # Errors
/// [`PatchError::Refused`] where a cell cannot be changed by itself.
pub(super) fn plan(
    name: &str,
    survey: &Survey,
    edits: &BTreeMap<CellRef, CellEdit>,
    shared: &mut Shared<'_>,
) -> Result<Plan, PatchError> {
    let mut planner = Planner {
        name,
        survey,
        prefix: survey.root.tag().prefix(),
        shared,
        plan: Plan::default(),
        new_cells: BTreeMap::new(),
    };
    for (&cell, edit) in edits {
        planner.cell(cell, edit)?;
    }
    planner.put_new_cells()?;
    Ok(planner.plan)
}

struct Planner<'p, 's> {
    name: &'p str,
    survey: &'p Survey,
    prefix: &'p str,
    shared: &'p mut Shared<'s>,
    plan: Plan,
    /// Cells that are not there yet, as they are spelled, by row.
    new_cells: BTreeMap<u32, Vec<(CellRef, String)>>,
}

impl Planner<'_, '_> {
    fn cell(&mut self, cell: CellRef, edit: &CellEdit) -> Result<(), PatchError> {
        let Some(found) = self.survey.cells.get(&cell) else {
            return self.new_cell(cell, edit);
        };
        for one in found {
            let tag = one.open.tag();
            let mut style = tag.number("s").unwrap_or(0);
            let old_style = style;
            let has_formula = one.formula != Formula::None || self.is_in_array(cell);
            let new_value = edit.value_for(has_formula);
            if edit.value.is_some() && new_value.is_none() {
                self.plan.formulas_kept.push(cell);
            }
            if let Some(value) = new_value {
                self.allow(cell, one)?;
                style = self.styled(cell, style, value)?;
            }
            if let Some((_, colour)) = edit.fill {
                style = self.shared.styles.filled(style, colour)?;
            }
            if let Some(value) = new_value {
                let tag = tag.without("t");
                let tag = Tag(&tag).without("cm");
                let tag = Tag(&tag).without("vm");
                let tag = set_style(Tag(&tag), style);
                let spelled = self.spelled(cell, &tag, value)?;
                let length = one.end - one.open.at;
                let splice = Splice::replace(one.open.at, length, spelled);
                self.plan.splices.push(splice);
                if one.formula != Formula::None {
                    self.plan.formulas_gone.insert(cell);
                }
            } else if style != old_style {
                let tag = set_style(tag, style);
                self.plan.splices.push(retagged(&one.open, &tag));
            }
        }
        Ok(())
    }

    fn new_cell(&mut self, cell: CellRef, edit: &CellEdit) -> Result<(), PatchError> {
        let value = match &edit.value {
            Some(NewValue::Blank) | None => None,
            value => value.as_ref(),
        };
        if value.is_none() && edit.fill.is_none() {
            return Ok(());
        }
        let mut style = self.style_around(cell);
        if let Some(value) = value {
            self.allow(cell, &FoundCell::default())?;
            style = self.styled(cell, style, value)?;
        }
        if let Some((_, colour)) = edit.fill {
            style = self.shared.styles.filled(style, colour)?;
        }
        let tag = format!("{}c r=\"{cell}\" s=\"{style}\"", self.prefix);
        let spelled = self.spelled(cell, &tag, value.unwrap_or(&NewValue::Blank))?;
        let row = self.new_cells.entry(cell.row).or_default();
        row.push((cell, spelled));
        Ok(())
    }

    /// Refuses to overwrite what other cells hang on.
    fn allow(&self, cell: CellRef, found: &FoundCell) -> Result<(), PatchError> {
        let refused = |obstacle| Err(PatchError::cell(self.name, cell, obstacle));
        match found.formula {
            Formula::Shared => refused(Obstacle::SharedFormula),
            Formula::Array => refused(Obstacle::ArrayFormula),
            _ if self.is_in_array(cell) => refused(Obstacle::ArrayFormula),
            _ => Ok(()),
        }
    }

    fn is_in_array(&self, cell: CellRef) -> bool {
        self.survey.arrays.iter().any(|range| range.contains(cell))
    }

    /// How a cell looks that is not there: as its row, else as its column.
    fn style_around(&self, cell: CellRef) -> u32 {
        let row = self.survey.rows.get(&cell.row);
        let of_row = row
            .map(|row| row.open.tag())
            .filter(|tag| tag.flag("customFormat"))
            .and_then(|tag| tag.number("s"));
        let mut columns = self.survey.columns.iter();
        let of_column = columns.rfind(|look| (look.first..=look.last).contains(&cell.column));
        of_row.or(of_column.map(|look| look.style)).unwrap_or(0)
    }

    /// The style in which a cell of style `base` shows the value as what it is.
    fn styled(&mut self, cell: CellRef, base: u32, value: &NewValue) -> Result<u32, PatchError> {
        let styles = &mut *self.shared.styles;
        let class = styles.class(base);
        let is_number = class == FormatClass::Number && !styles.is_text(base);
        let has_format = is_number && !styles.is_general(base);
        let (fits, fallback) = match value {
            NewValue::Blank | NewValue::Text(_) => return Ok(base),
            NewValue::Number(_) => (is_number, GENERAL),
            NewValue::Amount(_) => (has_format && styles.shows_cents(base), AMOUNT),
            NewValue::Percent(share) => {
                let hundredth = share * 100.0;
                let has_decimals = (hundredth - hundredth.round()).abs() > 1e-9;
                (styles.is_percent(base), percent(has_decimals))
            }
            NewValue::Date(moment) => {
                let is_day = moment.time() == chrono::NaiveTime::MIN;
                let format = if is_day { DATE } else { DATE_TIME };
                (class == FormatClass::Date, format)
            }
        };
        if fits {
            return styles.formatted(base, Format::Of(base));
        }
        let common = self.survey.number_styles.get(&cell.column);
        let mut common: Vec<_> = common.into_iter().flatten().collect();
        // The commonest first, and of equals always the same.
        common.sort_unstable_by_key(|&(style, count)| (std::cmp::Reverse(*count), *style));
        let suits = |style: u32| match value {
            NewValue::Date(_) => styles.class(style) == FormatClass::Date,
            NewValue::Percent(_) => styles.is_percent(style),
            NewValue::Amount(_) => {
                styles.class(style) == FormatClass::Number && styles.shows_cents(style)
            }
            _ => styles.class(style) == FormatClass::Number && !styles.is_text(style),
        };
        let common = common
            .into_iter()
            .map(|(&style, _)| style)
            .find(|&style| suits(style));
        styles.formatted(base, common.map_or(fallback, Format::Of))
    }

    /// The cell as it is spelled, its tag being given without a type.
    fn spelled(
        &mut self,
        cell: CellRef,
        tag: &str,
        value: &NewValue,
    ) -> Result<String, PatchError> {
        let prefix = self.prefix;
        let refused = |obstacle| PatchError::cell(self.name, cell, obstacle);
        let number = |value: f64| {
            let spelled = format!("<{tag}><{prefix}v>{value}</{prefix}v></{prefix}c>");
            let is_number = value.is_finite().then_some(spelled);
            is_number.ok_or_else(|| refused(Obstacle::Number))
        };
        Ok(match value {
            NewValue::Blank => format!("<{tag}/>"),
            NewValue::Number(value) | NewValue::Amount(value) | NewValue::Percent(value) => {
                number(*value)?
            }
            NewValue::Date(moment) => {
                let serial = serial(*moment, self.shared.is_1904);
                number(serial.ok_or_else(|| refused(Obstacle::Date))?)?
            }
            NewValue::Text(text) => match &mut self.shared.strings {
                Some(strings) => {
                    let position = strings.position(text);
                    let tag = Tag(tag).with("t", "s");
                    format!("<{tag}><{prefix}v>{position}</{prefix}v></{prefix}c>")
                }
                None => {
                    let tag = Tag(tag).with("t", "inlineStr");
                    let text = escaped_cell_text(text);
                    format!(
                        "<{tag}><{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is></{prefix}c>"
                    )
                }
            },
        })
    }

    /// Puts the cells in that are not there, in rows of their own where the rows are not there either.
    fn put_new_cells(&mut self) -> Result<(), PatchError> {
        let mut new_rows = String::new();
        let mut used: Option<CellRange> = None;
        for (row, cells) in std::mem::take(&mut self.new_cells) {
            for (cell, _) in &cells {
                let used = used.get_or_insert(CellRange::new(*cell, *cell));
                *used = around(*used, *cell);
            }
            if self.survey.rows.contains_key(&row) {
                self.fill_row(row, &cells);
                continue;
            }
            let cells: String = cells.into_iter().map(|(_, cell)| cell).collect();
            let prefix = self.prefix;
            let spelled = format!("<{prefix}row r=\"{}\">{cells}</{prefix}row>", row + 1);
            match self.survey.row_gaps.get(&row) {
                Some(&at) => self.plan.splices.push(Splice::insert(at, spelled)),
                None => new_rows.push_str(&spelled),
            }
        }
        if !new_rows.is_empty() {
            self.put_last_rows(new_rows)?;
        }
        if let Some(used) = used {
            self.widen_dimension(used);
        }
        Ok(())
    }

    fn fill_row(&mut self, row: u32, cells: &[(CellRef, String)]) {
        let Some(found) = self.survey.rows.get(&row) else {
            return;
        };
        let mut tag = found.open.tag.clone();
        if let Some(spans) = widened_spans(found.open.tag(), cells) {
            tag = Tag(&tag).with("spans", &spans);
        }
        if found.open.empty {
            let name = Tag(&tag);
            let end = format!("</{}{}>", name.prefix(), name.name());
            let cells: String = cells.iter().map(|(_, cell)| cell.as_str()).collect();
            let length = found.open.end - found.open.at;
            let spelled = format!("<{}>{cells}{end}", tag.trim_end());
            self.plan
                .splices
                .push(Splice::replace(found.open.at, length, spelled));
            return;
        }
        if tag != found.open.tag {
            self.plan.splices.push(retagged(&found.open, &tag));
        }
        for (cell, spelled) in cells {
            let gap = self.survey.cell_gaps.get(cell);
            let at = gap.copied().unwrap_or(found.cells_end);
            self.plan.splices.push(Splice::insert(at, spelled.as_str()));
        }
    }

    fn put_last_rows(&mut self, rows: String) -> Result<(), PatchError> {
        let data = &self.survey.sheet_data;
        if data.end == 0 {
            return Err(PatchError::refused(self.name, Obstacle::Missing));
        }
        let splice = if data.empty {
            let name = data.tag();
            let (prefix, local) = (name.prefix(), name.name());
            let spelled = format!("<{}>{rows}</{prefix}{local}>", data.tag.trim_end());
            Splice::replace(data.at, data.end - data.at, spelled)
        } else {
            Splice::insert(self.survey.rows_end, rows)
        };
        self.plan.splices.push(splice);
        Ok(())
    }

    fn widen_dimension(&mut self, used: CellRange) {
        let Some(dimension) = &self.survey.dimension else {
            return;
        };
        let said = dimension.tag().get("ref");
        let Some(said) = said.and_then(|said| said.parse::<CellRange>().ok()) else {
            return;
        };
        let wide = around(around(said, used.first), used.last);
        if wide != said {
            let tag = dimension.tag().with("ref", &wide.to_string());
            self.plan.splices.push(retagged(dimension, &tag));
        }
    }
}

/// The element's start tag replaced.
pub(super) fn retagged(open: &Spelled, tag: &str) -> Splice {
    let slash = if open.empty { "/" } else { "" };
    Splice::replace(open.at, open.end - open.at, format!("<{tag}{slash}>"))
}

/// A plain cell does not say so.
fn set_style(tag: Tag<'_>, style: u32) -> String {
    if style == 0 && tag.get("s").is_none() {
        return tag.0.to_owned();
    }
    tag.with("s", &style.to_string())
}

fn around(range: CellRange, cell: CellRef) -> CellRange {
    CellRange {
        first: CellRef::new(
            range.first.row.min(cell.row),
            range.first.column.min(cell.column),
        ),
        last: CellRef::new(
            range.last.row.max(cell.row),
            range.last.column.max(cell.column),
        ),
    }
}

/// The row's spans with the new cells in them; `None` where they need not change. Only a single span is understood,
/// and any other may as well stay: spans are a hint.
fn widened_spans(row: Tag<'_>, cells: &[(CellRef, String)]) -> Option<String> {
    let spans = row.get("spans")?;
    let (first, last) = spans.trim().split_once(':')?;
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    let columns = cells.iter().map(|(cell, _)| cell.column + 1);
    let wide = (columns.clone().min()?.min(first), columns.max()?.max(last));
    (wide != (first, last)).then(|| format!("{}:{}", wide.0, wide.1))
}

/// The number by which a workbook knows a moment; `None` where it cannot.
pub(super) fn serial(moment: NaiveDateTime, is_1904: bool) -> Option<f64> {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = (moment.date() - zero).num_days();
    let time = (moment - moment.date().and_hms_opt(0, 0, 0)?).num_milliseconds();
    let day = match days {
        ..=1 | 2_958_466.. => return None,
        _ if is_1904 => days.checked_sub(1_462).filter(|&day| day >= 0)?,
        // 1900 had no 29 February, whatever Excel says.
        2..=60 => days - 1,
        _ => days,
    };
    Some(day as f64 + time as f64 / 86_400_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_excel_counts_them() {
        // As Excel shows them for these numbers.
        for (day, serial_1900, serial_1904) in [
            ("1900-01-01T00:00:00", Some(1.0), None),
            ("1900-02-28T00:00:00", Some(59.0), None),
            ("1900-03-01T00:00:00", Some(61.0), None),
            ("1904-01-02T00:00:00", Some(1_463.0), Some(1.0)),
            ("2024-05-20T12:00:00", Some(45_432.5), Some(43_970.5)),
            ("9999-12-31T00:00:00", Some(2_958_465.0), Some(2_957_003.0)),
            ("1899-12-31T00:00:00", None, None),
        ] {
            let moment = day.parse().unwrap();
            assert_eq!(serial(moment, false), serial_1900, "{day}");
            assert_eq!(serial(moment, true), serial_1904, "{day}");
        }
    }

    #[test]
    fn spans_widen_for_new_cells_only() {
        let cell = |column| vec![(CellRef::new(0, column), String::new())];
        let row = Tag("row r=\"1\" spans=\"2:4\"");
        assert_eq!(widened_spans(row, &cell(2)), None);
        assert_eq!(widened_spans(row, &cell(0)).as_deref(), Some("1:4"));
        assert_eq!(widened_spans(row, &cell(9)).as_deref(), Some("2:10"));
        assert_eq!(widened_spans(Tag("row"), &cell(9)), None);
    }
}
