//! What stands beside or below a label: one box, the parts of a date, tick boxes one by one, lines of a text.

use std::ops::Range;

use chrono::{NaiveDateTime, NaiveTime};
use leadsheet_core::{
    CellRef, DateHabits, DateReading, Field, FieldKind, Value, parse_date_text, tick_boxes, ticked,
};

use super::boxes::Boxes;
use super::labels::{Label, Labels};
use super::words::is_number;

/// A value of a form: where it stands and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FormValue {
    /// Its cell; of several cells the first.
    pub(crate) cell: CellRef,
    pub(crate) says: Said,
    /// What the cells hold together, where tick boxes stand in several.
    pub(crate) holds: Option<String>,
}

/// What a value says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// What its cell holds.
    Stored,
    /// This, which is part of its cell or gathered from several; nothing where it is empty.
    Text(String),
    /// The day whose parts stand in several cells.
    Date(NaiveDateTime),
}

impl FormValue {
    pub(super) const fn stored(cell: CellRef) -> Self {
        Self {
            cell,
            says: Said::Stored,
            holds: None,
        }
    }

    pub(super) fn text(cell: CellRef, text: impl Into<String>) -> Self {
        Self {
            cell,
            says: Said::Text(text.into()),
            holds: None,
        }
    }

    /// Whether nobody filled it in: no text, no ticked box, nothing between 年, 月 and 日.
    pub(super) fn is_blank(&self, boxes: &Boxes<'_>, field: Option<Field>) -> bool {
        let kind = field.map_or(FieldKind::Text, Field::kind);
        let is_blank = |text: &str| {
            text.trim().is_empty()
                || (kind == FieldKind::Term && ticked(text).is_some_and(|said| said.is_empty()))
                || (kind == FieldKind::Date && is_blank_date(text))
                || text
                    .chars()
                    .all(|c| c.is_whitespace() || matches!(c, '_' | '＿'))
        };
        match &self.says {
            Said::Stored => match boxes.sheet.value(self.cell) {
                Value::Text(text) => is_blank(text),
                value => value.is_blank(),
            },
            Said::Text(text) => is_blank(text),
            Said::Date(_) => false,
        }
    }
}

/// Where the value of a label is looked for.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The boxes that are nobody else's, in reading order.
    pub(super) boxes: Vec<usize>,
    /// Where the value would stand if there is none.
    pub(super) blank: CellRef,
}

/// The boxes to the right of a label, up to the next label; where nothing is there, the box below it, if no label to
/// its left asks for that.
pub(super) fn region(boxes: &Boxes<'_>, labels: &Labels, label: &Label, used: &[bool]) -> Region {
    let it = boxes.get(label.at);
    let is_free = |at: &usize| !labels.is_label[*at] && !used[*at];
    let mut found = Vec::new();
    let mut touches_label = false;
    for row in it.first.row..=it.last.row {
        let right = boxes
            .in_row(row)
            .iter()
            .copied()
            .filter(|&at| boxes.get(at).first.column > it.last.column);
        for at in right {
            if labels.is_label[at] {
                touches_label |= boxes.get(at).first.column == it.last.column + 1;
                break;
            }
            if boxes.get(at).first.row == row && is_free(&at) {
                found.push(at);
            }
        }
    }
    let right = CellRef::new(it.first.row, it.last.column + 1);
    if !found.is_empty() {
        return Region {
            boxes: found,
            blank: right,
        };
    }
    let below = CellRef::new(it.last.row + 1, it.first.column);
    let row = boxes.in_row(below.row);
    let is_asked_for = row.iter().any(|&at| {
        labels.is_label[at]
            && boxes.get(at).first.row == below.row
            && boxes.get(at).first.column < below.column
    });
    let found = row
        .iter()
        .copied()
        .find(|at| boxes.get(*at).first == below && is_free(at))
        .filter(|&at| !begins_a_block(boxes, labels, at));
    Region {
        boxes: found.filter(|_| !is_asked_for).into_iter().collect(),
        blank: if touches_label { below } else { right },
    }
}

/// `3` or `第三次` to the left of a block.
pub(super) fn counts_a_block(boxes: &Boxes<'_>, labels: &Labels, at: usize) -> bool {
    let it = boxes.get(at);
    let beside = labels_beside(boxes, labels, at);
    let mut columns = beside.map(|label| boxes.get(label).first.column);
    columns.all(|column| column > it.last.column) && is_number(&boxes.value(at).display())
}

/// The same, where a label of the block stands beside it.
fn begins_a_block(boxes: &Boxes<'_>, labels: &Labels, at: usize) -> bool {
    labels_beside(boxes, labels, at).next().is_some() && counts_a_block(boxes, labels, at)
}

fn labels_beside<'b>(
    boxes: &'b Boxes<'_>,
    labels: &'b Labels,
    at: usize,
) -> impl Iterator<Item = usize> + 'b {
    let it = boxes.get(at);
    let beside = (it.first.row..=it.last.row).flat_map(|row| boxes.in_row(row));
    beside.copied().filter(|&other| labels.is_label[other])
}

/// Puts the value of a label together and says which boxes it took.
pub(super) fn assemble(
    boxes: &Boxes<'_>,
    field: Option<Field>,
    region: &Region,
) -> (FormValue, Vec<usize>) {
    let Some(&first) = region.boxes.first() else {
        return (FormValue::text(region.blank, ""), Vec::new());
    };
    match field.map_or(FieldKind::Text, Field::kind) {
        FieldKind::Date => date(boxes, &region.boxes),
        FieldKind::Term => terms(boxes, &region.boxes),
        _ => lines(boxes, first, &region.boxes),
    }
}

/// A value in the same cell as its label.
pub(super) fn inside(
    boxes: &Boxes<'_>,
    label: &Label,
    inside: Range<usize>,
    field: Option<Field>,
) -> FormValue {
    let cell = boxes.get(label.at).first;
    let text = boxes.text(label.at).unwrap_or_default();
    let said = text[inside]
        .trim()
        .trim_matches(['_', '＿', ';', '；'])
        .trim();
    if field.map(Field::kind) == Some(FieldKind::Date)
        && let DateReading::Date { date, time, .. } = parse_date_text(said, DateHabits::default())
    {
        return FormValue {
            cell,
            says: Said::Date(date.and_time(time.unwrap_or(NaiveTime::MIN))),
            holds: None,
        };
    }
    let value = FormValue::text(cell, said);
    if value.is_blank(boxes, field) && field.map(Field::kind) != Some(FieldKind::Term) {
        FormValue::text(cell, "")
    } else {
        value
    }
}

/// Lines of one text below each other; what stands beside them is no part of it.
fn lines(boxes: &Boxes<'_>, first: usize, region: &[usize]) -> (FormValue, Vec<usize>) {
    let it = boxes.get(first).first;
    let is_line = |&at: &usize| {
        let other = boxes.get(at).first;
        at == first || (other.column == it.column && other.row != it.row)
    };
    let taken: Vec<usize> = region.iter().copied().filter(is_line).collect();
    let value = if taken.len() > 1 {
        let texts: Vec<String> = taken.iter().map(|&at| boxes.value(at).display()).collect();
        FormValue::text(it, texts.join("\n"))
    } else {
        FormValue::stored(it)
    };
    (value, taken)
}

/// Tick boxes, each in a cell of its own.
fn terms(boxes: &Boxes<'_>, region: &[usize]) -> (FormValue, Vec<usize>) {
    let text = |at: usize| boxes.text(at).unwrap_or_default();
    let is_boxed = |at: usize| tick_boxes(text(at)).is_some();
    let first = region[0];
    let it = boxes.get(first).first;
    if region.len() == 1 || !region.iter().any(|&at| is_boxed(at)) {
        return (FormValue::stored(it), vec![first]);
    }
    let texts: Vec<&str> = region.iter().map(|&at| text(at)).collect();
    let together = texts.join("\n");
    let value = FormValue {
        cell: it,
        says: Said::Text(together.clone()),
        holds: Some(together),
    };
    (value, region.to_vec())
}

/// Year, month and day in cells of their own, with or without 年, 月 and 日 between them.
fn date(boxes: &Boxes<'_>, region: &[usize]) -> (FormValue, Vec<usize>) {
    let first = region[0];
    let it = boxes.get(first).first;
    let is_part = |&&at: &&usize| match boxes.value(at) {
        Value::Number { .. } => true,
        Value::Text(text) => is_part_of_date(text),
        _ => false,
    };
    let parts: Vec<usize> = region.iter().take_while(is_part).copied().collect();
    if parts.len() < 2 {
        let is_blank = boxes.text(first).is_some_and(is_blank_date);
        let value = if is_blank {
            FormValue::text(it, "")
        } else {
            FormValue::stored(it)
        };
        return (value, vec![first]);
    }
    let texts: Vec<String> = parts
        .iter()
        .map(|&at| boxes.value(at).display().trim().to_owned())
        .collect();
    let has_units = texts.iter().any(|text| text.contains(['年', '月', '日']));
    let together = texts.join(if has_units { "" } else { "-" });
    let together = together.trim_start_matches(['年', '月', '日']);
    let holds_digits = |text: &String| text.contains(char::is_numeric);
    let number = texts.iter().position(holds_digits);
    let cell = number.map_or(it, |at| boxes.get(parts[at]).first);
    let says = match parse_date_text(together, DateHabits::default()) {
        _ if number.is_none() => Said::Text(String::new()),
        DateReading::Date { date, time, .. } => {
            Said::Date(date.and_time(time.unwrap_or(NaiveTime::MIN)))
        }
        _ => Said::Text(together.to_owned()),
    };
    let value = FormValue {
        cell,
        says,
        holds: None,
    };
    (value, parts)
}

fn is_part_of_date(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= 12
        && text
            .chars()
            .all(|c| c.is_numeric() || c.is_whitespace() || "年月日号时分/-.:".contains(c))
}

/// `年 月 日` with nothing filled in.
pub(super) fn is_blank_date(text: &str) -> bool {
    let is_filler = |c: char| c.is_whitespace() || "年月日号时分/-._＿:".contains(c);
    text.chars().all(is_filler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::testing::sheet;

    fn date_of(cells: &[&str]) -> (String, Said) {
        let sheet = sheet(&[cells]);
        let boxes = Boxes::of_form(&sheet).unwrap();
        let all: Vec<usize> = (0..boxes.len()).collect();
        let (value, _) = date(&boxes, &all);
        (value.cell.to_string(), value.says)
    }

    #[test]
    fn a_date_may_stand_in_pieces() {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 5, 20).unwrap();
        let expected = Said::Date(day.and_time(NaiveTime::MIN));
        for (cells, cell) in [
            (&["2024", "年", "5", "月", "20", "日"][..], "A1"),
            (&["2024年", "5月", "20日"], "A1"),
            (&["2024", "5", "20"], "A1"),
            (&["", "", "2024", "年", "05", "月", "20", "日"], "C1"),
        ] {
            assert_eq!(
                date_of(cells),
                (cell.to_owned(), expected.clone()),
                "{cells:?}"
            );
        }
    }

    #[test]
    fn what_is_missing_in_a_date_is_not_made_up() {
        let text = |text: &str| Said::Text(text.to_owned());
        assert_eq!(
            date_of(&["年", "5", "月", "20", "日"]),
            ("B1".into(), text("5月20日"))
        );
        assert_eq!(
            date_of(&["2024", "年", "2", "月", "30", "日"]).1,
            text("2024年2月30日")
        );
        assert_eq!(
            date_of(&["2024", "年", "5", "月", "日"]).1,
            text("2024年5月日")
        );
        assert_eq!(date_of(&["年", "月", "日"]), ("A1".into(), text("")));
        assert_eq!(date_of(&["  年  月  日"]), ("A1".into(), text("")));
        assert_eq!(date_of(&["上周五"]), ("A1".into(), Said::Stored));
    }
}
