//! Tables, a sheet each: for people with the guide to filling them in, for programs as plain text.

use leadsheet_core::{CellRange, CellRef, MAX_ROWS};

use super::draft::{Body, Draft, Filling, Limit, ROWS_MEASURED, RowColours, width_of};
use super::guide::{Guide, TableGuide};
use super::look::Look;
use super::table::{ImportForm, OutputColumn, OutputTable};

const HEADING_HEIGHT: f64 = 24.0;

/// Drafts of tables, each with the guide to filling it in or as a form for a program to take in.
pub(super) fn drafts<'a>(tables: &'a [OutputTable<'a>], guide: &Guide<'_>) -> Vec<Draft<'a>> {
    let draft = |(position, table): (usize, &'a OutputTable<'a>)| {
        let mut draft = match &table.form {
            Some(form) => import_form(table, form),
            None => guided(table, guide),
        };
        draft.is_active = position == 0;
        draft
    };
    tables.iter().enumerate().map(draft).collect()
}

/// Heading in the first row, or in two under the groups of the template; filter, frozen heading, drop-downs and limits
/// below, rows coloured by stage.
fn guided<'a>(table: &'a OutputTable<'a>, guide: &Guide<'_>) -> Draft<'a> {
    let for_table = guide.for_table(table);
    let mut draft = Draft {
        name: table.sheet.clone(),
        ..Draft::default()
    };
    let header_row = u32::from(groups(&mut draft, table, &for_table));
    for (column, index) in table.columns.iter().zip(0..) {
        draft.widen(index, width_in(table, column));
        draft.text(
            CellRef::new(header_row, index),
            &column.header,
            &Look::heading(true),
        );
    }
    draft.heights.insert(header_row, HEADING_HEIGHT);
    let first = header_row + 1;
    draft.body = Body::Table(table, first);
    let columns = 0..table.columns.len() as u32;
    draft.frame((0, header_row), columns, first + table.len() as u32);
    for column in &for_table.columns {
        draft.column(column.index).look = Some(Look::column(column.field));
        if let Some(entry) = &column.entry {
            draft.limits.push(Limit {
                cells: CellRange {
                    first: CellRef::new(first, column.index),
                    last: CellRef::new(MAX_ROWS - 1, column.index),
                },
                entry: entry.clone(),
                title: for_table.guide.say("error-title"),
                refusal: for_table.guide.refusal(entry, column.heading),
            });
        }
    }
    draft.row_colours = Some(RowColours {
        first_row: first,
        columns: (0, (table.columns.len() as u32).saturating_sub(1)),
        rules: for_table.row_rules(),
        lined: false,
    });
    draft
}

/// The upper of two heading rows, where the template has one: each group over the columns that stand under it.
fn groups(draft: &mut Draft<'_>, table: &OutputTable<'_>, for_table: &TableGuide<'_, '_>) -> bool {
    let Some(template) = for_table.template.filter(|it| !it.groups.is_empty()) else {
        return false;
    };
    let group_of = |column: &OutputColumn| {
        let definition = template.column(column.field?)?;
        definition.group.as_deref()
    };
    let mut first = 0;
    for side_by_side in table
        .columns
        .chunk_by(|one, other| group_of(one) == group_of(other))
    {
        let last = first + side_by_side.len() as u32 - 1;
        match group_of(&side_by_side[0]) {
            Some(name) => {
                let text = for_table.guide.wording_of(name, name);
                draft.across(0, (first, last), &text, &Look::group());
            }
            None => {
                for column in first..=last {
                    draft.put(CellRef::new(0, column), Filling::Nothing, Look::group());
                }
            }
        }
        first = last + 1;
    }
    draft.heights.insert(0, HEADING_HEIGHT);
    true
}

fn width_in(table: &OutputTable<'_>, column: &OutputColumn) -> f64 {
    column.width.unwrap_or_else(|| {
        let sample =
            (0..table.len().min(ROWS_MEASURED)).map(|row| table.value(row, column).display());
        width_of(sample.chain([column.header.clone()]))
    })
}

/// A table for a program to take in: nothing but text, and no more furniture than the program wants.
fn import_form<'a>(table: &'a OutputTable<'a>, form: &ImportForm) -> Draft<'a> {
    let heading = Look {
        bold: true,
        ..Look::text()
    };
    let mut draft = Draft {
        name: table.sheet.clone(),
        ..Draft::default()
    };
    let last = (table.columns.len() as u32).saturating_sub(1);
    if let Some(title) = &form.title {
        draft.across(0, (0, last), title, &heading);
    }
    let header_row = u32::from(form.title.is_some());
    for (column, index) in table.columns.iter().zip(0..) {
        draft.widen(index, width_in(table, column));
        draft.column(index).look = Some(Look::text());
        draft.text(CellRef::new(header_row, index), &column.header, &heading);
    }
    draft.body = Body::Texts(table, header_row + 1);
    draft
}
