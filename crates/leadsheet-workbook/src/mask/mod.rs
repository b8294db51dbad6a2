//! Masking whole workbooks: who is named in one is gathered from its columns, wherever they stand, before anything in it is
//! hidden.

mod compose;
mod formula;
mod headings;
mod renames;

use std::collections::{BTreeMap, HashMap};

use leadsheet_core::{
    CellRef, Field, FieldKind, Ledger, MaskBuilder, MaskKind, MaskOptions, Masker, Value, ValueId,
    whole_name,
};

pub(crate) use self::formula::masked_formula;
use self::headings::{Heading, heading};
pub(crate) use self::renames::{Renames, without_stars};
use crate::sheet::{Sheet, Workbook};
use crate::template::Templates;

/// Longer texts are no headings.
const LONGEST_HEADING: usize = 48;

/// Who is to be hidden in a workbook.
///
/// ```no_run
/// use leadsheet_workbook::{Limits, Masking, OpenOptions, Patch, Templates, workbook_from_path};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let path = "客户跟进.xlsx".as_ref();
/// let workbook = workbook_from_path(path, &OpenOptions::default())?;
/// let masking = Masking::of(&workbook, &Templates::builtin(), Default::default());
/// let masked = Patch::open(path, &Limits::default())?.save_masked(masking, "可分享.xlsx".as_ref(), false)?;
/// println!("{} texts", masked.texts);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Masking<'w> {
    workbook: &'w Workbook,
    builder: MaskBuilder,
    /// Cells that are hidden for where they stand, by the position of their sheet: what they show instead.
    cells: HashMap<(usize, CellRef), String>,
    /// Short numbers in columns of ways to reach people.
    numbers: Vec<(usize, CellRef, f64)>,
}

/// What was hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskCounts {
    /// Cells in which something was hidden.
    pub cells: u64,
    /// What was hidden in cells: how often, by kind.
    pub kinds: BTreeMap<MaskKind, u64>,
}

/// A masking that knows everybody.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) masker: Masker,
    /// Cells that are hidden for where they stand, by the name of their sheet.
    pub(crate) cells: HashMap<String, HashMap<CellRef, String>>,
    pub(crate) counts: MaskCounts,
}

impl<'w> Masking<'w> {
    /// Looks a workbook over for people: in the tables that templates fit, and below and beside every cell that says
    /// `联系人`, `身份证` or the like.
    pub fn of(workbook: &'w Workbook, templates: &Templates, options: MaskOptions) -> Self {
        let mut masking = Self {
            workbook,
            builder: MaskBuilder::new(options),
            cells: HashMap::new(),
            numbers: Vec::new(),
        };
        for (position, ledger) in workbook.ledgers(templates).iter().enumerate() {
            if let Some(ledger) = ledger {
                masking.ledger(position, ledger);
            }
        }
        for (position, sheet) in workbook.sheets.iter().enumerate() {
            masking.sheet(position, sheet);
        }
        masking
    }

    /// Somebody who made the file or wrote in it.
    pub(crate) fn author(&mut self, name: &str) {
        self.builder.author(name);
    }

    /// Everything that the columns of a table say about people.
    fn ledger(&mut self, position: usize, ledger: &Ledger) {
        for column in ledger.columns() {
            let Some(field) = column.field else { continue };
            self.builder.keep(&column.header);
            let ids = column.distinct().iter().chain(column.stored_distinct());
            let values = ids.map(|&id| ledger.values().get(id));
            for value in values.filter(|value| !value.is_blank()) {
                self.value(field, value);
            }
            if field.kind() == FieldKind::Contact {
                for row in 0..ledger.len() {
                    if let Value::Number { value, .. } = ledger.value(row, column) {
                        self.numbers
                            .push((position, ledger.cell(row, column), value));
                    }
                }
            }
        }
        self.given_names(position, ledger);
    }

    fn value(&mut self, field: Field, value: Value<'_>) {
        let text = value.text();
        match field {
            Field::Contact | Field::GivenName => self.builder.person(&text),
            Field::Customer => self.builder.customer(&text),
            Field::Company => self.builder.organisation(&text),
            Field::Owner | Field::Planner => self.builder.staff(&text),
            Field::LeadId | Field::OrderNo => self.builder.keep(&text),
            _ if field.kind() == FieldKind::Contact => self.builder.contact(value),
            _ => {}
        }
    }

    /// Family and given names in columns of their own: together they are a name in texts, and the given name is hidden.
    fn given_names(&mut self, position: usize, ledger: &Ledger) {
        let columns = (
            ledger.column(Field::Contact),
            ledger.column(Field::GivenName),
        );
        let (Some(family), Some(given)) = columns else {
            return;
        };
        for row in 0..ledger.len() {
            let [family_name, given_name] =
                [family, given].map(|column| ledger.value(row, column).text().into_owned());
            if given_name.is_empty() || given_name.contains('*') {
                continue;
            }
            self.builder.person(&whole_name(&family_name, &given_name));
            self.cells
                .insert((position, ledger.cell(row, given)), "*".to_owned());
        }
    }

    /// What stands below and beside headings, whether or not a template fits.
    fn sheet(&mut self, position: usize, sheet: &Sheet) {
        let mut known: HashMap<ValueId, Option<Heading>> = HashMap::new();
        let columns: Vec<u32> = sheet.grid.used_columns().collect();
        for column in columns {
            let mut above = None;
            for (row, id) in sheet.grid.column(column) {
                let says = *known.entry(id).or_insert_with(|| {
                    let text = sheet.values.get(id).as_text();
                    text.filter(|text| text.len() <= LONGEST_HEADING)
                        .and_then(heading)
                });
                if let Some(says) = says {
                    above = Some(says);
                    let (here, beside) = (CellRef::new(row, column), CellRef::new(row, column + 1));
                    if is_of_form(sheet, here, beside) {
                        self.perhaps(position, beside, sheet.value(beside), says);
                    }
                } else if let Some(says) = above {
                    self.perhaps(
                        position,
                        CellRef::new(row, column),
                        sheet.values.get(id),
                        says,
                    );
                }
            }
        }
    }

    /// A value that a heading above or beside it is probably about.
    fn perhaps(&mut self, position: usize, cell: CellRef, value: Value<'_>, says: Heading) {
        if value.is_blank() {
            return;
        }
        match (says, value) {
            (Heading::Person, Value::Text(text)) => self.builder.perhaps_person(text),
            (Heading::Staff, Value::Text(text)) => self.builder.staff(text),
            (Heading::Organisation, Value::Text(text)) => self.builder.organisation(text),
            (Heading::Identity, _) => self.builder.identity(value, MaskKind::Identity),
            (Heading::Bank, _) => self.builder.identity(value, MaskKind::Bank),
            (Heading::Contact, Value::Number { value: number, .. }) => {
                self.builder.contact(value);
                self.numbers.push((position, cell, number));
            }
            (Heading::Contact, Value::Text(text)) if !text.contains(char::is_whitespace) => {
                self.builder.contact(value);
            }
            _ => {}
        }
    }

    /// What hides everybody, once they are known.
    pub(crate) fn ready(self) -> Ready {
        let masker = self.builder.build();
        let mut cells = self.cells;
        for (position, cell, number) in self.numbers {
            if let Some((mask, _)) = masker.number(number, true) {
                cells.insert((position, cell), mask);
            }
        }
        let counts = counts(self.workbook, &masker, &cells);
        let mut by_sheet: HashMap<String, HashMap<CellRef, String>> = HashMap::new();
        for ((position, cell), mask) in cells {
            if let Some(sheet) = self.workbook.sheets.get(position) {
                by_sheet
                    .entry(sheet.name.clone())
                    .or_default()
                    .insert(cell, mask);
            }
        }
        Ready {
            masker,
            cells: by_sheet,
            counts,
        }
    }
}

/// Whether a heading is the label of what stands beside it, as another label or nothing does behind that; the heads of
/// columns have others beside them.
fn is_of_form(sheet: &Sheet, here: CellRef, beside: CellRef) -> bool {
    let text = |cell: CellRef| {
        sheet
            .value(cell)
            .as_text()
            .filter(|text| text.len() <= LONGEST_HEADING)
    };
    let is_heading = |cell: CellRef| text(cell).and_then(heading).is_some();
    let is_blank = |row: u32, column: u32| sheet.value(CellRef::new(row, column)).is_blank();
    let ends_so = text(here).is_some_and(|text| text.trim_end().ends_with([':', '：']));
    let behind = CellRef::new(beside.row, beside.column + 1);
    let heads_column =
        !is_blank(here.row + 1, here.column) && !is_blank(here.row + 1, beside.column);
    !is_heading(beside)
        && (ends_so || is_heading(behind) || sheet.value(behind).is_blank() || !heads_column)
}

/// What is hidden in the cells of a workbook.
fn counts(
    workbook: &Workbook,
    masker: &Masker,
    cells: &HashMap<(usize, CellRef), String>,
) -> MaskCounts {
    let mut counts = MaskCounts::default();
    for (position, sheet) in workbook.sheets.iter().enumerate() {
        let mut known: HashMap<ValueId, Vec<MaskKind>> = HashMap::new();
        for column in sheet.grid.used_columns() {
            for (row, id) in sheet.grid.column(column) {
                let kinds = known
                    .entry(id)
                    .or_insert_with(|| kinds_of(masker, sheet.values.get(id)));
                let by_place = cells.contains_key(&(position, CellRef::new(row, column)));
                if kinds.is_empty() && !by_place {
                    continue;
                }
                counts.cells += 1;
                for kind in kinds.iter() {
                    *counts.kinds.entry(*kind).or_default() += 1;
                }
                if kinds.is_empty() {
                    *counts.kinds.entry(MaskKind::Phone).or_default() += 1;
                }
            }
        }
    }
    counts
}

fn kinds_of(masker: &Masker, value: Value<'_>) -> Vec<MaskKind> {
    match value {
        Value::Text(text) => masker
            .edits(text)
            .into_iter()
            .map(|edit| edit.kind)
            .collect(),
        Value::Number { value, .. } => masker
            .number(value, false)
            .map(|(_, kind)| kind)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
