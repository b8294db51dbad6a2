//! Many people's workbooks become one: what is read of each, and the tables and lists that are written.

mod lists;
mod words;

use std::collections::BTreeMap;

use leadsheet_core::{
    Book, Conflict, Field, Full, Ledger, MergeOptions, MergedTable, Merger, Policy, RowOrder,
    Wording,
};
use leadsheet_workbook::{
    Loss, OutputTable, TemplateDefinition, Templates, Workbook, into_template, sheet_name,
};

use lists::{KnownCells, is_list, known_cells};
pub use words::MergeWords;

/// How workbooks are put together.
#[derive(Clone, Copy, Debug)]
pub struct MergeSettings<'a> {
    /// The templates.
    pub templates: &'a Templates,
    /// What the team has decided.
    pub policy: &'a Policy,
    /// The template that every table is brought into; without one, tables of each template become a table of their own.
    pub target: Option<&'a TemplateDefinition>,
    /// The order of the rows.
    pub order: RowOrder,
    /// Whether columns say where each row comes from.
    pub origins: bool,
}

/// A workbook, read and recognised, that is to be merged. Making it is what takes time, and needs no other workbook: it
/// may be done side by side.
#[derive(Debug)]
pub struct MergePart {
    file: String,
    book: Book,
    losses: Vec<Loss>,
    cells: KnownCells,
}

impl MergePart {
    /// Recognises the tables of a workbook. `file` is what its rows are said to come from. The lists of conflicts and
    /// duplicates that an earlier merge has added are no tables, and are made anew.
    pub fn new(file: &str, mut workbook: Workbook, templates: &Templates) -> Self {
        let mut cells = KnownCells::default();
        workbook.sheets.retain(|sheet| {
            known_cells(sheet, &mut cells);
            !is_list(sheet)
        });
        let (book, losses) = workbook.into_book_with_losses(file, templates);
        Self {
            file: file.to_owned(),
            book,
            losses,
            cells,
        }
    }

    /// How many rows its tables have.
    pub fn rows(&self) -> usize {
        self.book.ledgers().map(Ledger::len).sum()
    }

    /// The names of its sheets.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        self.book.sheets.iter().map(|sheet| sheet.name.as_str())
    }
}

/// Puts workbooks together, one after another; none is kept whole.
///
/// # Example
/// ```no_run
/// use leadsheet::{MergePart, MergeSettings, Policy, RowOrder, Templates, WorkbookKind, WorkbookMerger};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (templates, policy) = (Templates::builtin(), Policy::default());
/// let settings = MergeSettings {
///     templates: &templates, policy: &policy, target: None, order: RowOrder::Lead, origins: true,
/// };
/// let mut merger = WorkbookMerger::new(settings);
/// for file in ["李雷.xlsx", "韩梅.xls"] {
///     merger.add(MergePart::new(file, leadsheet::open(file)?, &templates))?;
/// }
/// let merged = merger.finish()?;
/// for (_, conflict) in merged.conflicts() {
///     println!("{}: {} / {}", conflict.lead, conflict.stands.value, conflict.other.value);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct WorkbookMerger<'a> {
    settings: MergeSettings<'a>,
    merger: Merger,
    cells: KnownCells,
    losses: BTreeMap<String, Vec<Loss>>,
}

impl<'a> WorkbookMerger<'a> {
    /// Nothing yet.
    pub fn new(settings: MergeSettings<'a>) -> Self {
        let headings = Wording::ALL.map(|wording| (wording, MergeWords::of(wording).origins()));
        let target = settings.target.map(TemplateDefinition::empty_table);
        Self {
            settings,
            merger: Merger::new(headings.to_vec(), target),
            cells: KnownCells::default(),
            losses: BTreeMap::new(),
        }
    }

    /// Adds a workbook.
    ///
    /// # Errors
    /// [`Full`] past 4 GiB of different texts.
    pub fn add(&mut self, part: MergePart) -> Result<(), Full> {
        for ledger in part.book.ledgers() {
            self.merger.add(&part.file, ledger)?;
        }
        self.cells.extend(part.cells);
        if !part.losses.is_empty() {
            let losses = self.losses.entry(part.file).or_default();
            losses.extend(part.losses);
        }
        Ok(())
    }

    /// What they make together.
    ///
    /// # Errors
    /// [`Full`]
    pub fn finish(self) -> Result<MergedBook<'a>, Full> {
        let settings = self.settings;
        let templates = settings.templates;
        let heading = |template: &str, field: Field, wording: Wording| {
            templates.heading_in(template, field, wording)
        };
        let meaning = |template: &str, heading: &str| templates.meaning(template, heading);
        let sheet = |template: &str, wording: Wording| match templates.get(template) {
            Some(template) => words::script(wording, &template.sheet, &template.english),
            None => template.to_owned(),
        };
        let options = MergeOptions {
            policy: settings.policy,
            order: settings.order,
            origins: settings.origins,
            heading: &heading,
            meaning: &meaning,
            sheet: &sheet,
        };
        let mut tables = self.merger.finish(&options)?;
        let mut names = Vec::new();
        for table in &mut tables {
            let name = sheet_name(&table.ledger.sheet, &names);
            names.push(name.clone());
            table.ledger.sheet = name;
        }
        Ok(MergedBook {
            wording: wording(&tables),
            tables,
            losses: self.losses,
            cells: self.cells,
            settings,
        })
    }
}

/// A list behind the merged tables.
#[derive(Clone, Debug)]
pub struct MergeList(Ledger);

impl MergeList {
    /// As it is written: no template's table.
    pub fn output(&self) -> OutputTable<'_> {
        let mut table = OutputTable::of_ledger(&self.0);
        table.template = None;
        table
    }
}

/// The language that most files are in.
fn wording(tables: &[MergedTable]) -> Wording {
    let mut files: BTreeMap<Wording, usize> = BTreeMap::new();
    for table in tables {
        *files.entry(table.wording).or_default() += table.files;
    }
    let most = files.into_iter().rev().max_by_key(|&(_, count)| count);
    most.map_or_else(Wording::default, |(wording, _)| wording)
}

/// Workbooks put together.
#[derive(Debug)]
pub struct MergedBook<'a> {
    /// A table a template, in the order of the templates' names.
    pub tables: Vec<MergedTable>,
    /// The language that most files are in.
    pub wording: Wording,
    /// What of each file is in no table.
    pub losses: BTreeMap<String, Vec<Loss>>,
    cells: KnownCells,
    settings: MergeSettings<'a>,
}

impl MergedBook<'_> {
    /// What the files say differently, each with its table's position.
    pub fn conflicts(&self) -> impl Iterator<Item = (usize, &Conflict)> {
        let tables = self.tables.iter().enumerate();
        tables.flat_map(|(position, table)| {
            let conflicts = table.conflicts.iter();
            conflicts.map(move |conflict| (position, conflict))
        })
    }

    /// The tables to write.
    pub fn output(&self) -> Vec<OutputTable<'_>> {
        let ledgers = self.tables.iter().map(|table| &table.ledger);
        match self.settings.target {
            Some(target) => ledgers
                .map(|ledger| {
                    let templates = self.settings.templates;
                    into_template(ledger, target, templates).with_equivalents(
                        target,
                        templates,
                        self.settings.policy,
                    )
                })
                .collect(),
            None => ledgers.map(OutputTable::of_ledger).collect(),
        }
    }

    /// The lists of conflicts and duplicates to write behind them, each only where there is something on it.
    ///
    /// # Errors
    /// [`Full`]
    pub fn lists(&self) -> Result<Vec<MergeList>, Full> {
        let words = self.words();
        let mut given: Vec<String> = self
            .tables
            .iter()
            .map(|it| it.ledger.sheet.clone())
            .collect();
        let conflicts = lists::conflicts(self, &self.cells, words)?;
        let lists = conflicts.into_iter().chain(lists::duplicates(self, words)?);
        let named = lists.map(|mut list| {
            list.sheet = sheet_name(&list.sheet, &given);
            given.push(list.sheet.clone());
            MergeList(list)
        });
        Ok(named.collect())
    }

    /// The words of the workbook's language.
    pub fn words(&self) -> MergeWords {
        MergeWords::of(self.wording)
    }
}
