//! The table itself: which sheet it came from, its columns, its rows, and what stood around it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::excuse::Excuse;
use super::values::{Full, Value, ValueId, Values};
use crate::category::{Outcome, OutcomeRule};
use crate::field::{Field, FieldKind};
use crate::needs::{LEFT_OUT, Need, Needs};
use crate::place::{CellRange, CellRef};
use crate::policy::ExtraTerm;
use crate::value::ticked;

/// How the leads of a template are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LeadIdPattern {
    /// Any numbering of the team's own (`A001`).
    #[default]
    Free,
    /// `来源-日期-序号`: source, `YYYYMMDD`, three or more digits (S1).
    SourceDateNumber,
}

/// What a label above the table means (S2's 查询日期 and 成交户数统计).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BannerKind {
    /// First day of the period the sheet is about, 查询日期(起).
    QueryFrom,
    /// Last day of that period, 查询日期(止).
    QueryTo,
    /// The number of closed customers that the sheet states, 成交户数统计.
    WonCount,
}

/// A label above the table with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Banner {
    /// What it states.
    pub kind: BannerKind,
    /// Cell of the value (of the label, where the value is missing).
    pub cell: CellRef,
    /// The value.
    pub value: ValueId,
}

/// Why a row below the heading is not data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SkipReason {
    /// Nothing in it, though data follows below.
    Blank,
    /// Sums or counts (合计, 总计).
    Total,
    /// A filled-in row that shows how it is done.
    Example,
    /// Signatures, notes and legends at the foot.
    Foot,
    /// How the columns are to be filled in (必填, 格式：…), below the heading.
    Hint,
    /// The heading again, as printed on every page.
    RepeatedHeader,
    /// A block of a form that nobody filled in.
    EmptyBlock,
}

/// A row that was read and found to be no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    /// Row, counted from 0.
    pub row: u32,
    /// Why.
    pub reason: SkipReason,
}

/// A recognised table: one row per follow-up (or per customer), addresses kept.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Name of the sheet it stands in.
    pub sheet: String,
    /// Name of the template it was recognised as, `lead-ledger` for instance.
    pub template: String,
    /// How that template numbers leads.
    pub lead_id_pattern: LeadIdPattern,
    /// Rows of the heading, counted from 0.
    pub header_rows: Vec<u32>,
    /// Labels above the table.
    pub banner: Vec<Banner>,
    /// Rows below the heading that are no data.
    pub skipped: Vec<SkippedRow>,
    /// Merged cells that touch the data rows. Their value is carried to every cell they cover.
    pub merges: Vec<CellRange>,
    /// Formula cells in the data whose result the file does not hold.
    pub uncalculated: Vec<CellRef>,
    /// What notes in the sheet ask to let stand.
    pub excuses: Vec<Excuse>,
    /// Filled cells of a form that no label says the meaning of. Each is kept in a column without a heading.
    pub unlabelled: Vec<CellRef>,
    /// Terms that the template adds to those of its fields.
    pub terms: BTreeMap<Field, Vec<ExtraTerm>>,
    /// What says won or lost in this template; the first that speaks wins. What is not listed says what it usually
    /// does, after these.
    pub outcome: Vec<OutcomeRule>,
    columns: Vec<Column>,
    rows: Vec<u32>,
    values: Values,
}

impl Ledger {
    /// A table over `values` with the given columns, whose rows stand in the sheet rows `rows` (counted from 0).
    ///
    /// # Panics
    /// Where a column does not have one value per row.
    pub fn new(values: Values, rows: Vec<u32>, columns: Vec<Column>) -> Self {
        for column in &columns {
            assert_eq!(
                column.len(),
                rows.len(),
                "column `{}` has another number of rows",
                column.header
            );
        }
        Self {
            columns,
            rows,
            values,
            ..Self::default()
        }
    }

    /// The columns from left to right, known and unknown.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The first column with this meaning.
    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.field == Some(field))
    }

    /// Whether there is a column with this meaning.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// How many data rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no data row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sheet row (counted from 0) of each data row; of a form, that in which a block begins.
    pub fn sheet_rows(&self) -> &[u32] {
        &self.rows
    }

    /// A table of the same sheet and template without a row or column.
    #[must_use]
    pub fn empty(&self) -> Self {
        self.filled(Values::default(), Vec::new(), Vec::new())
    }

    /// A table of the same sheet and template with these rows and columns below a heading in the first row.
    pub(crate) fn filled(&self, values: Values, rows: Vec<u32>, columns: Vec<Column>) -> Self {
        Self {
            sheet: self.sheet.clone(),
            template: self.template.clone(),
            lead_id_pattern: self.lead_id_pattern,
            header_rows: vec![0],
            terms: self.terms.clone(),
            outcome: self.outcome.clone(),
            ..Self::new(values, rows, columns)
        }
    }

    /// The rows in another order, which names each of them once. Where the values stood is forgotten: they stand
    /// below each other, from the second row on.
    pub(crate) fn reordered(mut self, order: &[usize]) -> Self {
        for column in &mut self.columns {
            let ids = order.iter().map(|&row| column.id(row)).collect();
            let required = column.required;
            *column = Column::new(
                column.index,
                std::mem::take(&mut column.header),
                column.field,
                ids,
            );
            column.required = required;
        }
        self.rows = (1..).take(order.len()).collect();
        self
    }

    /// Adds a column that nobody knows to the right.
    pub(crate) fn push_column<'v>(
        &mut self,
        header: &str,
        values: impl Iterator<Item = Value<'v>>,
    ) -> Result<(), Full> {
        let index = self.columns.last().map_or(0, |column| column.index + 1);
        let ids: Result<Vec<_>, Full> = values.map(|value| self.values.add(value)).collect();
        let column = Column::new(index, header.to_owned(), None, ids?);
        assert_eq!(column.len(), self.rows.len(), "one value per row");
        self.columns.push(column);
        Ok(())
    }

    /// The values that the columns name.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The value of `column` in data row `row` (both counted from 0).
    pub fn value(&self, row: usize, column: &Column) -> Value<'_> {
        self.values.get(column.id(row))
    }

    /// What the cell of `column` in data row `row` (both counted from 0) holds. Mostly that is the value itself; of
    /// a tick-box cell or one with its label inside it is the whole text.
    pub fn stored(&self, row: usize, column: &Column) -> Value<'_> {
        self.values.get(column.stored(row))
    }

    /// The address of `column` in data row `row` (both counted from 0).
    pub fn cell(&self, row: usize, column: &Column) -> CellRef {
        column
            .own_cell(row)
            .unwrap_or_else(|| CellRef::new(self.rows[row], column.index))
    }

    /// The first row that stands in the cell's row of the sheet; `None` outside the data.
    pub fn row_of(&self, cell: CellRef) -> Option<usize> {
        let row = self.rows.partition_point(|&row| row < cell.row);
        (self.rows.get(row) == Some(&cell.row)).then_some(row)
    }

    /// Who follows up the lead of a row, as 负责人 says; `None` where nobody is named.
    pub fn owner(&self, row: usize) -> Option<String> {
        let value = self.value(row, self.column(Field::Owner)?);
        (!value.is_blank()).then(|| value.display().trim().to_owned())
    }

    /// The value that stands in a cell of the data; empty where none does.
    pub fn value_at(&self, cell: CellRef) -> Value<'_> {
        let Some(column) = self.column_at(cell) else {
            return Value::Empty;
        };
        let mut rows = 0..self.rows.len();
        rows.find(|&row| self.cell(row, column) == cell)
            .map_or(Value::Empty, |row| self.value(row, column))
    }

    /// The column that a cell of the data belongs to.
    pub fn column_at(&self, cell: CellRef) -> Option<&Column> {
        let mut columns = self.columns.iter().filter(|column| column.stands_in(cell));
        // A value of the sheet's head may stand above a column of the table.
        columns
            .clone()
            .find(|column| column.is_placed())
            .or_else(|| columns.next())
    }

    /// Reads the tick-box cells of columns that hold terms: the ticked label becomes the value, nothing ticked the
    /// empty one. What the cells hold stays in [`Ledger::stored`].
    ///
    /// # Errors
    /// [`Full`]
    pub fn read_tick_boxes(&mut self) -> Result<(), Full> {
        let holds_terms = |field: Field| field.kind() == FieldKind::Term;
        for column in &mut self.columns {
            if column.field.is_some_and(holds_terms) {
                column.read_as(&mut self.values, ticked)?;
            }
        }
        Ok(())
    }

    /// Keeps of columns that were asked for their dictionary no more than that.
    pub fn settle(&mut self) {
        let asked = self.columns.iter_mut();
        for column in asked.filter(|column| column.has_dictionary()) {
            column.settle();
        }
    }

    /// Forgets what the cells of columns say that nobody needs, which mostly take the most room; that they are filled stays
    /// known, and [`LEFT_OUT`](crate::LEFT_OUT) stands for their values. Terms are kept, and so is all of a ledger
    /// whose texts leave no room for one more.
    pub fn leave_out(&mut self, needs: &Needs) {
        let Ok(left_out) = self.values.add_text(LEFT_OUT) else {
            return;
        };
        let blank = self.values.blank_texts();
        for column in &mut self.columns {
            let is_needed = column.field.is_some_and(|field| {
                needs.of(field) > Need::Presence || field.kind() == FieldKind::Term
            });
            if !is_needed {
                column.leave_out(left_out, &blank);
            }
        }
    }

    /// Whether any column of the table can say that a lead was won or lost.
    pub fn has_outcome(&self) -> bool {
        let own = self.outcome.iter();
        let is_silent = |field: Field| {
            let rule = own.clone().find(|rule| rule.field == field);
            rule.is_some_and(|rule| rule.won.is_empty() && rule.lost.is_empty())
        };
        own.clone()
            .map(|rule| rule.field)
            .chain(Outcome::FIELDS)
            .any(|field| self.has(field) && !is_silent(field))
    }
}

/// Builds a table from rows of values: for embedders whose rows come from somewhere else, and for tests.
///
/// ```
/// use leadsheet_core::{Field, LedgerBuilder, Value};
/// # fn main() -> Result<(), leadsheet_core::Full> {
/// let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
/// builder.column("线索编号", Some(Field::LeadId));
/// builder.column("负责人", Some(Field::Owner));
/// builder.row(&[Value::Text("ZH-20240520-001"), Value::Text("李雷")])?;
/// let ledger = builder.build();
/// assert_eq!(ledger.cell(0, &ledger.columns()[1]).to_string(), "B2");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LedgerBuilder {
    ledger: Ledger,
    heads: Vec<(String, Option<Field>, bool, Vec<ValueId>)>,
    known: hashbrown::HashMap<Vec<u8>, ValueId>,
}

impl LedgerBuilder {
    /// A table in sheet `sheet`, recognised as `template`, its heading in row 1 and its data from row 2.
    pub fn new(sheet: &str, template: &str) -> Self {
        let ledger = Ledger {
            sheet: sheet.to_owned(),
            template: template.to_owned(),
            header_rows: vec![0],
            values: Values::new(std::sync::Arc::default()),
            ..Ledger::default()
        };
        Self {
            ledger,
            heads: Vec::new(),
            known: hashbrown::HashMap::new(),
        }
    }

    /// Adds a column to the right.
    pub fn column(&mut self, header: &str, field: Option<Field>) -> &mut Self {
        self.heads.push((
            header.to_owned(),
            field,
            false,
            vec![ValueId::EMPTY; self.ledger.rows.len()],
        ));
        self
    }

    /// Adds a column in which the template wants a value in every row.
    pub fn required_column(&mut self, header: &str, field: Field) -> &mut Self {
        self.column(header, Some(field));
        if let Some(head) = self.heads.last_mut() {
            head.2 = true;
        }
        self
    }

    /// Says how the leads are numbered.
    pub fn lead_id_pattern(&mut self, pattern: LeadIdPattern) -> &mut Self {
        self.ledger.lead_id_pattern = pattern;
        self
    }

    /// Adds a label above the table.
    ///
    /// # Errors
    /// [`Full`]
    pub fn banner(
        &mut self,
        kind: BannerKind,
        cell: CellRef,
        value: Value<'_>,
    ) -> Result<&mut Self, Full> {
        let value = self.ledger.values.add(value)?;
        self.ledger.banner.push(Banner { kind, cell, value });
        Ok(self)
    }

    /// Adds a row; values beyond the last column are left out, missing ones are empty.
    ///
    /// # Errors
    /// [`Full`]
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<&mut Self, Full> {
        let row = self.ledger.rows.last().map_or(1, |row| row + 1);
        self.ledger.rows.push(row);
        for (position, head) in self.heads.iter_mut().enumerate() {
            let value = values.get(position).copied().unwrap_or(Value::Empty);
            let id = match self.known.entry(format!("{value:?}").into_bytes()) {
                hashbrown::hash_map::Entry::Occupied(known) => *known.get(),
                hashbrown::hash_map::Entry::Vacant(new) => {
                    *new.insert(self.ledger.values.add(value)?)
                }
            };
            head.3.push(id);
        }
        Ok(self)
    }

    /// The table.
    pub fn build(self) -> Ledger {
        let columns =
            self.heads
                .into_iter()
                .zip(0..)
                .map(|((header, field, required, ids), index)| {
                    let mut column = Column::new(index, header, field, ids);
                    column.required = required;
                    column
                });
        Ledger {
            columns: columns.collect(),
            ..self.ledger
        }
    }
}
