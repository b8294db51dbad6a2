//! Tables on their way out: columns with a heading each, rows of values, whatever they were read from.

use leadsheet_core::{
    CellRange, CellRef, Field, FieldKind, Ledger, Value, is_traditional, whole_name,
};

use crate::sheet::{Sheet, Workbook};
use crate::template::{Layout, TemplateDefinition, Templates};

/// A column to write.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputColumn {
    /// The heading.
    pub header: String,
    /// What it means, where that is known.
    pub field: Option<Field>,
    /// Width in characters, where the template names one.
    pub width: Option<f64>,
    /// Position among the columns of the table it comes from; `None` for a column that the table lacks.
    pub from: Option<usize>,
    /// Whether it holds the contact's whole name, put together from two columns of the table.
    pub(crate) whole_name: bool,
}

/// A table to write.
#[derive(Debug)]
pub struct OutputTable<'a> {
    /// Name of its sheet.
    pub sheet: String,
    /// Name of its template, where it has one.
    pub template: Option<String>,
    /// The columns from left to right.
    pub columns: Vec<OutputColumn>,
    /// Where the table is a form for a program to take in and not for people to work on.
    pub(crate) form: Option<ImportForm>,
    rows: Rows<'a>,
    /// The whole name of each row's contact, where a column holds it.
    names: Vec<String>,
}

/// What an import form has that no other table has: nothing but text cells, no filter, and perhaps a title that the
/// program wants above the headings.
#[derive(Clone, Debug)]
pub(crate) struct ImportForm {
    pub(crate) title: Option<String>,
}

#[derive(Debug)]
enum Rows<'a> {
    Ledger(&'a Ledger),
    Sheet(&'a Sheet, CellRange),
    Records(&'a [Vec<String>]),
}

impl<'a> OutputTable<'a> {
    /// How many rows of data there are.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Ledger(ledger) => ledger.len(),
            Rows::Sheet(_, range) => (range.last.row - range.first.row) as usize + 1,
            Rows::Records(records) => records.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value, by row and output column, both counted from 0.
    pub fn value(&self, row: usize, column: &OutputColumn) -> Value<'_> {
        if column.whole_name {
            return text_or_empty(self.names.get(row));
        }
        let Some(from) = column.from else {
            return Value::Empty;
        };
        match &self.rows {
            Rows::Ledger(ledger) => ledger.value(row, &ledger.columns()[from]),
            Rows::Sheet(sheet, range) => sheet.value(CellRef::new(
                range.first.row + row as u32,
                range.first.column + from as u32,
            )),
            Rows::Records(records) => text_or_empty(records[row].get(from)),
        }
    }

    /// The different texts of a column, and how many rows have each; in no order.
    pub(crate) fn distinct_texts(&self, column: &OutputColumn) -> Vec<(String, usize)> {
        let (Rows::Ledger(ledger), Some(from)) = (&self.rows, column.from) else {
            return Vec::new();
        };
        let column = &ledger.columns()[from];
        let mut counts = vec![0; column.distinct().len()];
        for &code in column.codes() {
            counts[code as usize] += 1;
        }
        let texts = column.map_distinct(ledger.values(), |value| {
            value.as_text().map(ToOwned::to_owned)
        });
        let counted = texts.into_iter().zip(counts);
        counted
            .filter_map(|(text, count)| Some((text?, count)))
            .collect()
    }

    /// Records of text under headings, for a program to take in.
    pub(crate) fn of_records(
        sheet: String,
        headings: impl Iterator<Item = String>,
        records: &'a [Vec<String>],
        form: ImportForm,
    ) -> Self {
        let columns = headings.enumerate().map(|(from, header)| OutputColumn {
            header,
            field: None,
            width: None,
            from: Some(from),
            whole_name: false,
        });
        Self {
            sheet,
            template: None,
            columns: columns.collect(),
            form: Some(form),
            rows: Rows::Records(records),
            names: Vec::new(),
        }
    }

    /// A ledger with its own columns in their own order.
    pub fn of_ledger(ledger: &'a Ledger) -> Self {
        let columns = ledger
            .columns()
            .iter()
            .enumerate()
            .map(|(from, column)| OutputColumn {
                header: column.header.clone(),
                field: column.field,
                width: None,
                from: Some(from),
                whole_name: false,
            });
        Self {
            sheet: ledger.sheet.clone(),
            template: Some(ledger.template.clone()),
            columns: columns.collect(),
            form: None,
            rows: Rows::Ledger(ledger),
            names: Vec::new(),
        }
    }

    /// A sheet that no template fits: every used cell, columns without headings.
    pub fn of_sheet(sheet: &'a Sheet) -> Option<Self> {
        let range = sheet.used()?;
        let columns = (range.first.column..=range.last.column)
            .zip(0..)
            .map(|(column, from)| OutputColumn {
                header: leadsheet_core::column_letters(column),
                field: None,
                width: None,
                from: Some(from),
                whole_name: false,
            });
        Some(Self {
            sheet: sheet.name.clone(),
            template: None,
            columns: columns.collect(),
            form: None,
            rows: Rows::Sheet(sheet, range),
            names: Vec::new(),
        })
    }
}

fn text_or_empty(text: Option<&String>) -> Value<'_> {
    match text {
        Some(text) if !text.is_empty() => Value::Text(text),
        _ => Value::Empty,
    }
}

/// A ledger in the columns of another template: that template's columns in its order, then every column that it
/// does not have. Headings follow the script of the sheet: its own heading where a column is kept. A contact's name
/// that the ledger keeps in two columns is put together where the template has one.
pub fn into_template<'a>(
    ledger: &'a Ledger,
    target: &TemplateDefinition,
    templates: &Templates,
) -> OutputTable<'a> {
    let position = |field: Field| {
        ledger
            .columns()
            .iter()
            .position(|column| column.field == Some(field))
    };
    let given_name = position(Field::GivenName).filter(|_| {
        position(Field::Contact).is_some()
            && !target
                .columns
                .iter()
                .any(|column| column.field == Field::GivenName)
            && target
                .columns
                .iter()
                .any(|column| column.field == Field::Contact)
    });
    let mut columns = Vec::new();
    for column in &target.columns {
        let from = position(column.field);
        if column.optional && from.is_none() {
            continue;
        }
        let heading = templates.heading(column).to_owned();
        // The target's own word, in the script that the sheet is written in.
        let header = match from.map(|from| &ledger.columns()[from].header) {
            Some(own) if is_traditional(own) => own.clone(),
            _ => heading,
        };
        columns.push(OutputColumn {
            header,
            field: Some(column.field),
            width: column.width,
            from,
            whole_name: column.field == Field::Contact && given_name.is_some(),
        });
    }
    for (from, column) in ledger.columns().iter().enumerate() {
        let is_taken = columns.iter().any(|taken| taken.from == Some(from));
        if !is_taken && given_name != Some(from) {
            columns.push(OutputColumn {
                header: column.header.clone(),
                field: column.field,
                width: None,
                from: Some(from),
                whole_name: false,
            });
        }
    }
    let names = match given_name {
        Some(given_name) => whole_names(ledger, position(Field::Contact), given_name),
        None => Vec::new(),
    };
    OutputTable {
        sheet: ledger.sheet.clone(),
        template: Some(target.name.clone()),
        columns,
        form: None,
        rows: Rows::Ledger(ledger),
        names,
    }
}

fn whole_names(ledger: &Ledger, family: Option<usize>, given: usize) -> Vec<String> {
    let shown = |row: usize, position: Option<usize>| {
        position.map_or_else(String::new, |position| {
            ledger.value(row, &ledger.columns()[position]).display()
        })
    };
    (0..ledger.len())
        .map(|row| whole_name(&shown(row, family), &shown(row, Some(given))))
        .collect()
}

/// The number format that a new cell of this field gets, where its value brings none.
pub(crate) const fn usual_format(field: Option<Field>) -> &'static str {
    match field {
        Some(field) => match field.kind() {
            FieldKind::Money => "#,##0.00",
            FieldKind::Percent => "0%",
            _ => "",
        },
        None => "",
    }
}

/// Every table of a workbook that was read: recognised ones and the rest.
pub fn tables<'a>(workbook: &'a Workbook, ledgers: &'a [Option<Ledger>]) -> Vec<OutputTable<'a>> {
    let table = |(sheet, ledger): (&'a Sheet, &'a Option<Ledger>)| match ledger {
        Some(ledger) => Some(OutputTable::of_ledger(ledger)),
        None => OutputTable::of_sheet(sheet),
    };
    workbook
        .sheets
        .iter()
        .zip(ledgers)
        .filter_map(table)
        .collect()
}

/// Whether a recognised sheet holds anything outside its table: titles, banners, totals, notes.
pub(crate) fn has_more_than_the_table(sheet: &Sheet, layout: &Layout<'_>, ledger: &Ledger) -> bool {
    let header = layout.header_row;
    let last = ledger.sheet_rows().last().copied().unwrap_or(header);
    let outside = |row: u32| {
        row < header
            || row > last
            || (row > header && ledger.sheet_rows().binary_search(&row).is_err())
    };
    (0..sheet.grid.width()).any(|column| sheet.grid.column(column).any(|(row, _)| outside(row)))
}
