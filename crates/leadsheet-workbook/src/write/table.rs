//! Tables on their way out: columns with a heading each, rows of values, whatever they were read from.

use leadsheet_core::{
    CellRange, CellRef, Field, FieldKind, Ledger, Value, is_traditional, ticked, whole_name,
};

use super::terms::TermChange;
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
    /// Which of the columns that were put together from several it is.
    pub(crate) joined: Option<usize>,
}

impl OutputColumn {
    /// Whether the table has anything to put there.
    pub const fn is_filled(&self) -> bool {
        self.from.is_some() || self.joined.is_some()
    }
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
    /// What became of terms that the template it was brought into says otherwise, or not at all.
    pub terms: Vec<TermChange>,
    /// Columns put together from several of the table's, or from another's terms: a text for each row.
    pub(super) joined: Vec<Vec<String>>,
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
        if let Some(joined) = column.joined {
            return text_or_empty(self.joined[joined].get(row));
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
        for code in column.codes().iter() {
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
            joined: None,
        });
        Self {
            sheet,
            template: None,
            columns: columns.collect(),
            form: Some(form),
            rows: Rows::Records(records),
            joined: Vec::new(),
            terms: Vec::new(),
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
                joined: None,
            });
        Self {
            sheet: ledger.sheet.clone(),
            template: Some(ledger.template.clone()),
            columns: columns.collect(),
            form: None,
            rows: Rows::Ledger(ledger),
            joined: Vec::new(),
            terms: Vec::new(),
        }
    }

    /// The ledger that this is, column by column as it stands.
    #[cfg(feature = "parquet")]
    pub(crate) fn own_ledger(&self) -> Option<&'a Ledger> {
        let Rows::Ledger(ledger) = self.rows else {
            return None;
        };
        let is_own = |(position, column): (usize, &OutputColumn)| {
            let own = ledger.columns().get(position);
            column.from == Some(position)
                && column.joined.is_none()
                && own.is_some_and(|own| own.header == column.header)
        };
        let is_whole = self.columns.len() == ledger.columns().len();
        (is_whole && self.columns.iter().enumerate().all(is_own)).then_some(ledger)
    }

    /// The cells of the sheet that this is, where it is no table.
    #[cfg(feature = "parquet")]
    pub(crate) fn sheet_cells(&self) -> Option<CellRange> {
        match self.rows {
            Rows::Sheet(_, range) => Some(range),
            Rows::Ledger(_) | Rows::Records(_) => None,
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
                joined: None,
            });
        Some(Self {
            sheet: sheet.name.clone(),
            template: None,
            columns: columns.collect(),
            form: None,
            rows: Rows::Sheet(sheet, range),
            joined: Vec::new(),
            terms: Vec::new(),
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
/// does not have. Headings follow the script of the sheet: its own heading where a column is kept. What the ledger
/// keeps in several columns and the template in one is put together: family and given name, mobile and phone.
pub fn into_template<'a>(
    ledger: &'a Ledger,
    target: &TemplateDefinition,
    templates: &Templates,
) -> OutputTable<'a> {
    let mut columns: Vec<OutputColumn> = Vec::new();
    let mut joined = Vec::new();
    let mut taken = Vec::new();
    for column in &target.columns {
        let parts = parts(ledger, target, column.field);
        let from = parts.first().copied();
        if column.optional && from.is_none() {
            continue;
        }
        let heading = templates.heading(column).to_owned();
        // The target's own word, in the script that the sheet is written in.
        let header = match from.map(|from| &ledger.columns()[from].header) {
            Some(own) if is_traditional(own) => own.clone(),
            _ => heading,
        };
        let is_joined = parts.len() > 1;
        columns.push(OutputColumn {
            header,
            field: Some(column.field),
            width: column.width,
            from,
            joined: is_joined.then_some(joined.len()),
        });
        if is_joined {
            joined.push(join(ledger, column.field, &parts));
        }
        taken.extend(parts);
    }
    for (from, column) in ledger.columns().iter().enumerate() {
        if !taken.contains(&from) {
            columns.push(OutputColumn {
                header: column.header.clone(),
                field: column.field,
                width: None,
                from: Some(from),
                joined: None,
            });
        }
    }
    OutputTable {
        sheet: ledger.sheet.clone(),
        template: Some(target.name.clone()),
        columns,
        form: None,
        rows: Rows::Ledger(ledger),
        joined,
        terms: Vec::new(),
    }
}

/// The columns of a ledger that make up one of a template.
fn parts(ledger: &Ledger, target: &TemplateDefinition, field: Field) -> Vec<usize> {
    let wanted: &[Field] = match field {
        Field::Contact => &[Field::Contact, Field::GivenName],
        Field::Phone => &Field::PHONES,
        _ => &[],
    };
    let has = |part: Field| target.columns.iter().any(|column| column.field == part);
    let position = |part: Field| {
        let mut columns = ledger.columns().iter();
        columns.position(|column| column.field == Some(part))
    };
    let own = position(field);
    let others = wanted
        .iter()
        .filter(|&&part| part != field && !has(part))
        .filter_map(|&part| position(part));
    own.into_iter().chain(others).collect()
}

fn join(ledger: &Ledger, field: Field, parts: &[usize]) -> Vec<String> {
    let of_row = |row: usize| {
        let texts = parts.iter().map(|&part| {
            let value = ledger.value(row, &ledger.columns()[part]);
            value.display().trim().to_owned()
        });
        let texts: Vec<String> = texts.collect();
        if let (Field::Contact, [family, given]) = (field, &texts[..]) {
            return whole_name(family, given);
        }
        let mut said: Vec<String> = Vec::new();
        for text in texts {
            if !text.is_empty() && !said.contains(&text) {
                said.push(text);
            }
        }
        said.join("、")
    };
    (0..ledger.len()).map(of_row).collect()
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

/// Whether anything stands above a recognised table that became no column of it: a title, a banner.
pub(crate) fn says_something_above(sheet: &Sheet, layout: &Layout<'_>) -> bool {
    let is_head = |cell: CellRef| layout.head_cells().any(|of_head| of_head == cell);
    let above = |column: u32| {
        let cells = sheet.grid.column(column);
        cells.take_while(|&(row, _)| row < layout.header_row)
    };
    (0..sheet.grid.width()).any(|column| {
        above(column).any(|(row, id)| {
            let is_group = layout.group_row == Some(row);
            !is_group && !sheet.values.get(id).is_blank() && !is_head(CellRef::new(row, column))
        })
    })
}

/// Whether a recognised sheet holds anything outside its table: titles, banners, totals, notes. What stands above it
/// and became a column is in the table, and boxes that nobody ticked say nothing.
pub(crate) fn has_more_than_the_table(sheet: &Sheet, layout: &Layout<'_>, ledger: &Ledger) -> bool {
    let header = layout.header_row;
    let last = ledger.sheet_rows().last().copied().unwrap_or(header);
    let outside = |row: u32| {
        row < header
            || row > last
            || (row > header && ledger.sheet_rows().binary_search(&row).is_err())
    };
    let says_something = |cell: CellRef| {
        let is_head = layout.head_cells().any(|of_head| of_head == cell);
        let value = sheet.value(cell);
        let is_untouched = || {
            value
                .as_text()
                .and_then(ticked)
                .is_some_and(|said| said.is_empty())
        };
        !is_head && !value.is_blank() && !is_untouched()
    };
    (0..sheet.grid.width()).any(|column| {
        let mut cells = sheet.grid.column(column);
        cells.any(|(row, _)| outside(row) && says_something(CellRef::new(row, column)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::LedgerBuilder;

    #[test]
    fn what_is_kept_in_two_columns_is_put_together_for_one() {
        let mut builder = LedgerBuilder::new("表", "zoho-zh");
        builder
            .column("名", Some(Field::GivenName))
            .column("姓*", Some(Field::Contact))
            .column("电话", Some(Field::Phone))
            .column("手机", Some(Field::Mobile))
            .column("网站", None);
        let texts = |row: [&'static str; 5]| {
            row.map(|text| match text {
                "" => Value::Empty,
                text => Value::Text(text),
            })
        };
        for row in [
            ["雷", "李", "010-84664163", "13800000001", "a.cn"],
            ["", "王先生", "", "13800000002", ""],
            ["John", "Smith", "13800000003", "13800000003", ""],
        ] {
            builder.row(&texts(row)).unwrap();
        }
        let ledger = builder.build();
        let templates = Templates::builtin();
        let target = templates.get("lead-ledger").unwrap();
        let table = into_template(&ledger, target, &templates);
        let shown = |field: Field| {
            let mut columns = table.columns.iter();
            let column = columns.find(|column| column.field == Some(field)).unwrap();
            (0..3)
                .map(|row| table.value(row, column).display())
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(Field::Contact), ["李雷", "王先生", "John Smith"]);
        assert_eq!(
            shown(Field::Phone),
            ["010-84664163、13800000001", "13800000002", "13800000003"]
        );
        // Nothing twice, nothing lost.
        let others: Vec<&str> = table.columns[14..]
            .iter()
            .map(|column| column.header.as_str())
            .collect();
        assert_eq!(others, ["网站"]);
    }
}
