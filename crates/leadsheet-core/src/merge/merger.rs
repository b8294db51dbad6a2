//! Takes tables one after another and puts those of one template together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::{ColumnWords, UnitedColumn, united, wording};
use super::conflict::{Conflict, conflicts};
use super::copies::{Rows, Taken};
use super::input::{Input, Tables};
use super::origin::{OriginHeadings, RowOrigin};
use super::pool::Pool;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::{Column, Full, Ledger, Reading, Row, Value, ValueId};
use crate::policy::Policy;
use crate::wording::Wording;

/// The order of a merged table's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowOrder {
    /// Lead by lead in the order in which they came, the follow-ups of each by date.
    #[default]
    Lead,
    /// File by file, in the order of their names, rows as they stand there.
    File,
}

/// What a merge is to give.
#[derive(Clone, Copy)]
pub struct MergeOptions<'a> {
    /// What the team has decided.
    pub policy: &'a Policy,
    /// The order of the rows.
    pub order: RowOrder,
    /// Whether columns say where each row comes from.
    pub origins: bool,
    /// What a field is usually called in a template, by the template's name.
    pub heading: &'a dyn Fn(&str, Field, Wording) -> Option<String>,
    /// What a heading means in a template by itself, by the template's name.
    pub meaning: &'a dyn Fn(&str, &str) -> Option<Field>,
    /// What the sheet of a template is usually called.
    pub sheet: &'a dyn Fn(&str, Wording) -> String,
}

impl std::fmt::Debug for MergeOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MergeOptions")
            .field("order", &self.order)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

/// Tables of one template, put together.
#[derive(Clone, Debug)]
pub struct MergedTable {
    /// The table; its last columns say where its rows come from, where that was asked for.
    pub ledger: Ledger,
    /// The language that most files are in.
    pub wording: Wording,
    /// How many files its rows come from, those that an earlier merge has read among them.
    pub files: usize,
    /// How many rows the tables had.
    pub rows_in: usize,
    /// How many leads the rows are about.
    pub leads: usize,
    /// Where each row comes from.
    pub origins: Vec<RowOrigin>,
    /// Rows that stand elsewhere too and were taken once: the row, counted from 0, and where else it stands.
    pub copies: Vec<(usize, Vec<RowOrigin>)>,
    /// What the tables say differently.
    pub conflicts: Vec<Conflict>,
}

/// Puts tables together.
///
/// # Example
/// ```
/// use leadsheet_core::{Field, LedgerBuilder, MergeOptions, Merger, OriginHeadings, Policy, RowOrder, Value, Wording};
/// # fn main() -> Result<(), leadsheet_core::Full> {
/// let mut merger = Merger::new(vec![(Wording::Simplified, OriginHeadings::default())], None);
/// for (file, owner) in [("李雷.xlsx", "李雷"), ("韩梅.xlsx", "韩梅")] {
///     let mut table = LedgerBuilder::new("线索跟进", "lead-ledger");
///     table.column("线索编号", Some(Field::LeadId)).column("负责人", Some(Field::Owner));
///     table.row(&[Value::Text("ZH-20240520-001"), Value::Text(owner)])?;
///     merger.add(file, &table.build())?;
/// }
/// let merged = merger.finish(&MergeOptions {
///     policy: &Policy::default(),
///     order: RowOrder::Lead,
///     origins: false,
///     heading: &|_, _, _| None,
///     meaning: &|_, _| None,
///     sheet: &|template, _| template.to_owned(),
/// })?;
/// assert_eq!((merged[0].ledger.len(), merged[0].conflicts.len()), (2, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Merger {
    headings: Vec<(Wording, OriginHeadings)>,
    target: Option<Ledger>,
    tables: Tables,
    groups: BTreeMap<String, Group>,
}

/// The tables of one template.
#[derive(Debug)]
struct Group {
    /// An empty table of the template.
    like: Ledger,
    /// What the sheets are called, where all are called the same.
    sheet: Option<String>,
    pool: Pool,
    inputs: Vec<Input>,
}

impl Merger {
    /// Nothing yet. `headings` are those of the columns that say where rows come from: they are known again in every
    /// language and written in that of the table. With a `target`, an empty table of a template, all tables become one of
    /// that template; else there will be one a template.
    pub fn new(headings: Vec<(Wording, OriginHeadings)>, target: Option<Ledger>) -> Self {
        Self {
            headings,
            target,
            tables: Tables::default(),
            groups: BTreeMap::new(),
        }
    }

    /// Adds a table of a file.
    ///
    /// # Errors
    /// [`Full`] past 4 GiB of different texts.
    pub fn add(&mut self, file: &str, ledger: &Ledger) -> Result<(), Full> {
        let like = self.target.as_ref().unwrap_or(ledger);
        let group = self
            .groups
            .entry(like.template.clone())
            .or_insert_with(|| Group {
                like: like.empty(),
                sheet: Some(ledger.sheet.clone()),
                pool: Pool::default(),
                inputs: Vec::new(),
            });
        if group.sheet.as_deref() != Some(&*ledger.sheet) {
            group.sheet = None;
        }
        let headings: Vec<OriginHeadings> = self
            .headings
            .iter()
            .map(|(_, words)| words.clone())
            .collect();
        let input = Input::read(file, ledger, &headings, &mut self.tables, &mut group.pool)?;
        group.inputs.push(input);
        Ok(())
    }

    /// The merged tables, one a template, in the order of the templates' names.
    ///
    /// # Errors
    /// [`Full`]
    pub fn finish(mut self, options: &MergeOptions<'_>) -> Result<Vec<MergedTable>, Full> {
        let ranks = self.tables.sort();
        let tables = &self.tables;
        let headings = &self.headings;
        let groups = self.groups.into_values();
        groups
            .map(|mut group| {
                for input in &mut group.inputs {
                    input.renumber(&ranks);
                }
                // What an earlier merge has made comes first, so that it stays as it is.
                group.inputs.sort_by_key(|input| {
                    let sizes = (Reverse(input.columns.len()), Reverse(input.places.len()));
                    (!input.is_merged, sizes, input.table)
                });
                group.merged(tables, headings, options)
            })
            .collect()
    }
}

impl Group {
    fn merged(
        self,
        tables: &Tables,
        headings: &[(Wording, OriginHeadings)],
        options: &MergeOptions<'_>,
    ) -> Result<MergedTable, Full> {
        let Self {
            mut like,
            sheet,
            pool,
            inputs,
        } = self;
        let wording = wording(&inputs);
        like.sheet = sheet.unwrap_or_else(|| (options.sheet)(&like.template, wording));
        let words = ColumnWords {
            wording,
            usual: &|field| (options.heading)(&like.template, field, wording),
            meaning: &|heading| (options.meaning)(&like.template, heading),
        };
        let columns = united(&inputs, &words);
        let mut taken = Rows {
            inputs: &inputs,
            columns: &columns,
            pool: &pool,
            tables,
        }
        .taken();
        let by_file = table(&like, pool, &inputs, &columns, &taken);
        let order = order_by_lead(&by_file, &taken, options.policy);
        let mut ledger = by_file.reordered(&order);
        taken = in_order(taken, &order);
        let (leads, mut conflicts) = judged(&ledger, &taken, options.policy);
        for conflict in &mut conflicts {
            for side in [&mut conflict.stands, &mut conflict.other] {
                let (input, row) = taken[side.row].first;
                let of_field = |column: &&UnitedColumn| column.field == Some(conflict.field);
                let column = columns.iter().find(of_field);
                let from = column.and_then(|column| column.from[input]);
                side.cell = from.and_then(|from| inputs[input].cell(row, from));
            }
        }
        if options.order == RowOrder::File {
            // Back to where they were: `order` says which row went where.
            let mut position = vec![0; order.len()];
            for (at, &row) in order.iter().enumerate() {
                position[row] = at;
            }
            for conflict in &mut conflicts {
                for side in [&mut conflict.stands, &mut conflict.other] {
                    side.row = order[side.row];
                }
            }
            ledger = ledger.reordered(&position);
            taken = in_order(taken, &position);
        }
        let origin = |row: &Taken| tables.origin(row.place);
        let origins: Vec<RowOrigin> = taken.iter().map(origin).collect();
        let elsewhere = |(at, row): (usize, &Taken)| {
            let copies = row.copies.iter().map(|&place| tables.origin(place));
            (!row.copies.is_empty()).then(|| (at, copies.collect()))
        };
        let copies: Vec<(usize, Vec<RowOrigin>)> =
            taken.iter().enumerate().filter_map(elsewhere).collect();
        let words = headings.iter().find(|(of, _)| *of == wording);
        if let Some((_, words)) = words.filter(|_| options.origins) {
            say_origins(&mut ledger, words, &origins, &copies)?;
        }
        let mut files: Vec<&str> = origins
            .iter()
            .map(|origin: &RowOrigin| &*origin.file)
            .collect();
        files.sort_unstable();
        files.dedup();
        Ok(MergedTable {
            files: files.len(),
            rows_in: inputs.iter().map(|input| input.places.len()).sum(),
            ledger,
            wording,
            leads,
            origins,
            copies,
            conflicts,
        })
    }
}

/// The rows in another order, which names each of them once.
fn in_order(taken: Vec<Taken>, order: &[usize]) -> Vec<Taken> {
    let mut taken: Vec<Option<Taken>> = taken.into_iter().map(Some).collect();
    order.iter().filter_map(|&row| taken[row].take()).collect()
}

fn table(
    like: &Ledger,
    pool: Pool,
    inputs: &[Input],
    columns: &[UnitedColumn],
    taken: &[Taken],
) -> Ledger {
    let column = |(index, column): (u32, &UnitedColumn)| {
        let id = |row: &Taken| {
            column.from[row.input].map_or(ValueId::EMPTY, |from| {
                inputs[row.input].columns[from].ids[row.row]
            })
        };
        let ids = taken.iter().map(id).collect();
        let mut merged = Column::new(index, column.header.clone(), column.field, ids);
        merged.required = column.required;
        merged
    };
    let columns = (0..).zip(columns).map(column).collect();
    let rows = (1..).take(taken.len()).collect();
    like.filled(pool.values, rows, columns)
}

/// Leads in the order in which they came, their follow-ups by date; last what names nobody.
fn order_by_lead(ledger: &Ledger, taken: &[Taken], policy: &Policy) -> Vec<usize> {
    let tables: Vec<u32> = taken.iter().map(|row| row.place.table).collect();
    let reading = Reading::new(ledger, policy);
    let leads = Leads::across(&reading, &tables);
    let number = |lead: &Lead<'_>| lead.first().value(Field::LeadId).display();
    let mut order: Vec<Lead<'_>> = leads.iter().collect();
    order.sort_by_cached_key(|lead| {
        let created = lead.created();
        (
            created.is_none(),
            created,
            number(lead),
            lead.first().index(),
        )
    });
    let mut rows = Vec::with_capacity(ledger.len());
    for lead in order {
        let mut of_lead: Vec<_> = lead.rows().collect();
        of_lead.sort_by_key(|row| {
            let date = row.date(Field::FollowUpDate);
            (
                date.is_none(),
                date,
                row.time(Field::FollowUpDate),
                row.index(),
            )
        });
        rows.extend(of_lead.iter().map(Row::index));
    }
    rows.extend((0..ledger.len()).filter(|&row| leads.of_row(row).is_none()));
    rows
}

fn judged(ledger: &Ledger, taken: &[Taken], policy: &Policy) -> (usize, Vec<Conflict>) {
    let tables: Vec<u32> = taken.iter().map(|row| row.place.table).collect();
    let reading = Reading::new(ledger, policy);
    let leads = Leads::across(&reading, &tables);
    (leads.len(), conflicts(&leads, &tables))
}

/// Adds the columns that say where each row comes from; the last of them only where a row stands elsewhere too.
fn say_origins(
    ledger: &mut Ledger,
    words: &OriginHeadings,
    origins: &[RowOrigin],
    copies: &[(usize, Vec<RowOrigin>)],
) -> Result<(), Full> {
    let text = |text| Value::Text(text);
    ledger.push_column(&words.file, origins.iter().map(|origin| text(&origin.file)))?;
    ledger.push_column(
        &words.sheet,
        origins.iter().map(|origin| text(&origin.sheet)),
    )?;
    let number = |origin: &RowOrigin| Value::Number {
        value: f64::from(origin.row),
        format: "",
    };
    ledger.push_column(&words.row, origins.iter().map(number))?;
    if copies.is_empty() {
        return Ok(());
    }
    let mut elsewhere = vec![String::new(); origins.len()];
    for (row, copies) in copies {
        let shown: Vec<String> = copies.iter().map(ToString::to_string).collect();
        elsewhere[*row] = shown.join("\n");
    }
    let values = elsewhere.iter().map(|shown| match shown.as_str() {
        "" => Value::Empty,
        shown => Value::Text(shown),
    });
    ledger.push_column(&words.copies, values)
}
