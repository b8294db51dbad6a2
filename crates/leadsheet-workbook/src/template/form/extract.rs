//! From a recognised form to a ledger: a row for each record, every value at its own cell.

use leadsheet_core::{CellRef, Column, Ledger, Value, ValueId};

use super::layout::FormLayout;
use super::values::{FormValue, Said};
use crate::sheet::Sheet;
use crate::template::extract::read_tick_boxes;

/// Takes the records out of a form.
pub(crate) fn extract(mut sheet: Sheet, layout: &FormLayout<'_>) -> Ledger {
    let rows: Vec<u32> = layout.records.iter().map(|record| record.row).collect();
    let mut cells_of_data = Vec::new();
    let mut columns = Vec::with_capacity(layout.columns.len());
    for (position, asked) in layout.columns.iter().enumerate() {
        let mut ids = Vec::with_capacity(rows.len());
        let mut stored = Vec::with_capacity(rows.len());
        let mut cells = Vec::with_capacity(rows.len());
        for record in &layout.records {
            let taken = match &record.values[position] {
                Some(value) => take(&mut sheet, value),
                // The block lacks this label: the value would stand in its row.
                None => Taken::nothing(CellRef::new(record.row, asked.cell.column)),
            };
            ids.push(taken.value);
            stored.push(taken.stored);
            cells.push(taken.cell);
        }
        cells_of_data.extend(cells.iter().copied());
        let mut column = Column::new(asked.cell.column, asked.header.clone(), asked.field, ids);
        if (0..rows.len()).any(|row| column.id(row) != stored[row]) {
            column = column.stored_as(&stored);
        }
        let all_in_one = cells.windows(2).all(|pair| pair[0] == pair[1]);
        column = match cells.first() {
            Some(&cell) if asked.is_head && all_in_one => column.standing_in(cell),
            _ => column.standing_at(cells),
        };
        column.required = asked.required;
        columns.push(column);
    }
    let mut uncalculated = sheet.uncalculated;
    uncalculated.retain(|cell| cells_of_data.contains(cell));
    let template = layout.template;
    let mut ledger = Ledger::new(sheet.values, rows, columns);
    ledger.sheet = sheet.name;
    ledger.template.clone_from(&template.name);
    ledger.lead_id_pattern = template.lead_id;
    ledger.terms = template.terms();
    ledger.outcome.clone_from(&template.outcome);
    ledger.skipped.clone_from(&layout.skipped);
    ledger.unlabelled.clone_from(&layout.unlabelled);
    ledger.uncalculated = uncalculated;
    ledger.excuses = sheet.excuses;
    read_tick_boxes(&mut ledger);
    ledger
}

/// What a cell says and holds.
pub(crate) struct Taken {
    pub(crate) cell: CellRef,
    pub(crate) value: ValueId,
    pub(crate) stored: ValueId,
}

impl Taken {
    const fn nothing(cell: CellRef) -> Self {
        Self {
            cell,
            value: ValueId::EMPTY,
            stored: ValueId::EMPTY,
        }
    }
}

/// Takes a value out of a sheet. Beyond 4 GiB of text there is no room for a new one, and the cell stands as it is.
pub(crate) fn take(sheet: &mut Sheet, value: &FormValue) -> Taken {
    let held = sheet.grid.get(value.cell);
    let mut add = |value: Value<'_>| sheet.values.add(value).unwrap_or(held);
    let said = match &value.says {
        Said::Stored => held,
        Said::Text(text) if text.is_empty() => ValueId::EMPTY,
        Said::Text(text) => add(Value::Text(text)),
        Said::Date(day) => {
            let format = if day.time() == chrono::NaiveTime::MIN {
                "yyyy-mm-dd"
            } else {
                "yyyy-mm-dd hh:mm"
            };
            add(Value::Date {
                value: *day,
                format,
            })
        }
    };
    let stored = match &value.holds {
        Some(text) => add(Value::Text(text)),
        None => held,
    };
    Taken {
        cell: value.cell,
        value: said,
        stored,
    }
}
