//! Runs the selected rules over workbooks and gathers what they say, in one stable order.

use std::rc::Rc;
use std::sync::Arc;

use hashbrown::HashMap;

use super::excuse::Excuses;
use super::structure;
use super::workbook::Known;
use super::{AmountHabits, CellValue, Check, Context, Flaw, Origin, Rule, Selection, rules};
use crate::field::{Field, FieldKind};
use crate::finding::{Finding, Severity};
use crate::lead::Leads;
use crate::ledger::{Column, Ledger, Reading, Row, Value};
use crate::message::Message;
use crate::place::CellRef;
use crate::recognition::{Book, BookSheet};
use crate::value::is_general;

/// Where the rules put what they find. Knows the sheet and its table, so that a rule names a field or a cell only.
#[derive(Debug)]
pub struct Findings<'a> {
    found: &'a mut Vec<Finding>,
    rule: &'static Rule,
    severity: Severity,
    book: usize,
    sheet: &'a Arc<str>,
}

impl Findings<'_> {
    /// Reports a flaw of the sheet as a whole.
    pub fn sheet(&mut self, message: Message) -> &mut Finding {
        self.push(None, None, None, message)
    }

    /// Reports a flaw at a cell outside the data.
    pub fn cell(&mut self, cell: CellRef, message: Message) -> &mut Finding {
        self.push(Some(cell), None, None, message)
    }

    /// Reports a flaw in a row, at the cell of `field`; of a field that the table lacks, at the row's first column.
    pub fn row(&mut self, row: &Row<'_>, field: Field, message: Message) -> &mut Finding {
        let ledger = row.reading().ledger();
        let column = row.reading().column(field);
        match column.or_else(|| ledger.columns().first()) {
            Some(column) => self.data(ledger, row.index(), column, message),
            None => self.sheet(message),
        }
    }

    /// Reports a flaw at a cell of the data, whether its column is known or not. Rows count from 0.
    pub fn data(
        &mut self,
        ledger: &Ledger,
        row: usize,
        column: &Column,
        message: Message,
    ) -> &mut Finding {
        let value = ledger.stored(row, column);
        let cell = Some(ledger.cell(row, column));
        let finding = self.push(cell, Some(column.header.clone()), column.field, message);
        finding.value = (!value.is_blank()).then(|| value.display());
        finding.row = Some(row);
        finding
    }

    fn push(
        &mut self,
        cell: Option<CellRef>,
        header: Option<String>,
        field: Option<Field>,
        message: Message,
    ) -> &mut Finding {
        self.found.push(Finding {
            rule: self.rule,
            severity: self.severity,
            book: self.book,
            sheet: Arc::clone(self.sheet),
            cell,
            row: None,
            header,
            field,
            message,
            value: None,
            suggestion: None,
            fixable: false,
            related: Vec::new(),
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

/// What a check gave.
#[derive(Clone, Debug, Default)]
pub struct Checkup {
    /// By workbook, sheet, row, column and code, whatever order the rules ran in.
    pub findings: Vec<Finding>,
    /// What people have excused by a note in the sheet, in the same order.
    pub excused: Vec<Finding>,
    /// What tables cannot be checked for because they lack the column, in the same order: nothing is wrong with them.
    pub not_evaluable: Vec<Finding>,
    /// By workbook and sheet: how many leads the rows of the sheet's table are about.
    pub leads: Vec<Vec<usize>>,
}

/// Checks workbooks against every selected rule.
pub fn check(context: &Context<'_>, books: &[Book], selection: &Selection) -> Checkup {
    let selected = rules()
        .filter_map(|rule| selection.severity_of(rule).map(|severity| (rule, severity)))
        .collect();
    let mut run = Run {
        context,
        selection,
        selected,
        // A single table has none to be compared with.
        compares_tables: books.iter().flat_map(Book::ledgers).nth(1).is_some(),
        known: Known::default(),
        found: Vec::new(),
        excused: Vec::new(),
    };
    let mut leads = Vec::with_capacity(books.len());
    for (position, book) in books.iter().enumerate() {
        let check = |sheet| run.check_sheet(position, book, sheet);
        leads.push(book.sheets.iter().map(check).collect());
    }
    let is_flaw = |finding: &Finding| !std::ptr::eq(finding.rule, structure::not_evaluable());
    let (findings, not_evaluable) = run.found.into_iter().partition(is_flaw);
    Checkup {
        findings,
        not_evaluable,
        excused: run.excused,
        leads,
    }
}

/// What goes from sheet to sheet.
struct Run<'a> {
    context: &'a Context<'a>,
    selection: &'a Selection,
    /// The rules that speak where a template has no choice of its own.
    selected: Rc<[(&'static Rule, Severity)]>,
    compares_tables: bool,
    known: Known,
    found: Vec<Finding>,
    excused: Vec<Finding>,
}

impl Run<'_> {
    /// Runs every rule over a sheet; says how many leads its table has.
    fn check_sheet(&mut self, position: usize, book: &Book, sheet: &BookSheet) -> usize {
        let name: Arc<str> = sheet.name.as_str().into();
        let from = self.found.len();
        let context = self.context;
        let place = (position, &name);
        let template = sheet.ledger.as_ref().map(|ledger| &*ledger.template);
        let selected = self.selected_for(template);
        for &(rule, severity) in &*selected {
            if let Check::Sheet(check) = rule.check {
                let mut findings = findings(&mut self.found, rule, severity, place);
                check(context, book, sheet, &mut findings);
            }
        }
        let (mut lead_count, mut excuses) = (0, None);
        if let Some(ledger) = &sheet.ledger {
            let reading = Reading::new(ledger, context.policy);
            let leads = Leads::new(&reading);
            self.check_table(place, book, sheet, &leads, &selected);
            lead_count = leads.len();
            excuses = Some(Excuses::of(&reading));
        }
        if let Some(template) = template.filter(|name| self.selection.looks_at_columns(name)) {
            self.heed_columns(from, template);
        }
        let found = &mut self.found[from..];
        if let Some(ledger) = &sheet.ledger {
            for finding in found.iter_mut().filter(|finding| finding.row.is_none()) {
                finding.row = finding.cell.and_then(|cell| ledger.row_of(cell));
            }
        }
        // Several of one rule at one cell stay in the order in which it found them.
        found.sort_by_key(|finding| (finding.cell, finding.rule.code));
        if let Some(excuses) = excuses.filter(|excuses| !excuses.is_empty()) {
            let found = self.found.split_off(from).into_iter();
            let (let_stand, found): (Vec<_>, Vec<_>) =
                found.partition(|finding| excuses.cover(finding));
            self.found.extend(found);
            self.excused.extend(let_stand);
        }
        lead_count
    }

    /// The rules that speak in the tables of a template.
    fn selected_for(&self, template: Option<&str>) -> Rc<[(&'static Rule, Severity)]> {
        let has_own = template.is_some_and(|name| self.selection.templates.contains_key(name));
        if !has_own {
            return Rc::clone(&self.selected);
        }
        let rules = rules().filter_map(|rule| {
            let severity = self.selection.severity_at(rule, template, None);
            severity.map(|severity| (rule, severity))
        });
        rules.collect()
    }

    /// Lets the choices for columns say what is heard of what was found from there on, and how loudly.
    fn heed_columns(&mut self, from: usize, template: &str) {
        let mut found = self.found.split_off(from);
        found.retain_mut(|finding| {
            let (rule, field) = (finding.rule, finding.field);
            let severity = self.selection.severity_at(rule, Some(template), field);
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        });
        self.found.append(&mut found);
    }

    /// Runs the rules about tables, rows and leads, all that look at one row or one lead before the next is looked at:
    /// what lies in memory side by side is used side by side.
    fn check_table(
        &mut self,
        place: (usize, &Arc<str>),
        book: &Book,
        sheet: &BookSheet,
        leads: &Leads<'_>,
        selected: &[(&'static Rule, Severity)],
    ) {
        let context = self.context;
        let reading = leads.reading();
        let has = |field: &Field| reading.column(*field).is_some();
        let (mut of_cells, mut of_rows, mut of_leads) = (Vec::new(), Vec::new(), Vec::new());
        for &(rule, severity) in selected {
            if !rule.needs.iter().all(has) {
                continue;
            }
            match rule.check {
                Check::Cell(kinds, check) => of_cells.push(CellRule {
                    rule,
                    severity,
                    kinds,
                    check,
                }),
                Check::Row(check) => of_rows.push((rule, severity, check)),
                Check::Lead(check) => of_leads.push((rule, severity, check)),
                Check::Table(check) => {
                    let mut findings = findings(&mut self.found, rule, severity, place);
                    check(context, leads, &mut findings);
                }
                Check::Across(check) if self.compares_tables => {
                    let origin = Arc::new(Origin {
                        file: book.path.clone(),
                        sheet: sheet.name.clone(),
                    });
                    let mut findings = findings(&mut self.found, rule, severity, place);
                    check(context, &origin, leads, &mut self.known, &mut findings);
                }
                // Rules about the sheet have spoken; a table alone is compared with none.
                Check::Sheet(_) | Check::Across(_) => {}
            }
        }
        check_cells(context, reading, &of_cells, &mut self.found, place);
        for row in reading.rows() {
            for &(rule, severity, check) in &of_rows {
                let mut findings = findings(&mut self.found, rule, severity, place);
                check(context, &row, &mut findings);
            }
        }
        for lead in leads.iter() {
            for &(rule, severity, check) in &of_leads {
                let mut findings = findings(&mut self.found, rule, severity, place);
                check(context, &lead, &mut findings);
            }
        }
    }
}

fn findings<'a>(
    found: &'a mut Vec<Finding>,
    rule: &'static Rule,
    severity: Severity,
    (book, sheet): (usize, &'a Arc<str>),
) -> Findings<'a> {
    Findings {
        found,
        rule,
        severity,
        book,
        sheet,
    }
}

/// A rule about cells.
struct CellRule {
    rule: &'static Rule,
    severity: Severity,
    kinds: &'static [FieldKind],
    check: fn(&Context<'_>, &CellValue<'_>) -> Option<Flaw>,
}

fn check_cells(
    context: &Context<'_>,
    reading: &Reading<'_>,
    rules: &[CellRule],
    found: &mut Vec<Finding>,
    place: (usize, &Arc<str>),
) {
    let ledger = reading.ledger();
    for (position, column) in ledger.columns().iter().enumerate() {
        let Some(field) = column.field else { continue };
        let of_kind = |rule: &&CellRule| rule.kinds.contains(&field.kind());
        let rules: Vec<&CellRule> = rules.iter().filter(of_kind).collect();
        let parsed = reading.parsed_column(position);
        let among_typed = holds_typed_cells(ledger, column, field.kind());
        let amounts = match field.kind() {
            FieldKind::Money => amount_habits(ledger, column),
            _ => AmountHabits::default(),
        };
        // Most columns are clean: nothing is kept but the flaws.
        let mut flaws: HashMap<u32, Vec<(usize, Flaw)>> = HashMap::new();
        let stored = column.stored_distinct();
        for (((code, &id), &stored), parsed) in (0..).zip(column.distinct()).zip(stored).zip(parsed)
        {
            let value = ledger.values().get(id);
            let cell = CellValue {
                field,
                value,
                stored: if stored == id {
                    value
                } else {
                    ledger.values().get(stored)
                },
                parsed,
                vocabulary: reading.vocabulary(field),
                lead_id_pattern: ledger.lead_id_pattern,
                among_typed,
                amounts,
            };
            for (position, rule) in rules.iter().enumerate() {
                if let Some(mut flaw) = (rule.check)(context, &cell) {
                    // Of a cell that holds more than the value, a fix would take the rest away.
                    flaw.fixable &= id == stored;
                    flaws.entry(code).or_default().push((position, flaw));
                }
            }
        }
        if flaws.is_empty() {
            continue;
        }
        let rows = if column.is_carried() { 1 } else { ledger.len() };
        for (row, code) in column.codes().iter().enumerate().take(rows) {
            for (position, flaw) in flaws.get(code).into_iter().flatten() {
                let rule = rules[*position];
                let mut findings = findings(found, rule.rule, rule.severity, place);
                let finding = findings.data(ledger, row, column, flaw.message.clone());
                finding.suggestion.clone_from(&flaw.suggestion);
                finding.fixable = flaw.fixable;
            }
        }
    }
}

/// What the numbers of a column of amounts have in common. A few tell nothing of how programs write them.
fn amount_habits(ledger: &Ledger, column: &Column) -> AmountHabits {
    const ENOUGH: usize = 200;
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-6;
    let (mut plain, mut short) = (0_usize, 0_usize);
    let (mut numbers, mut long) = (0_usize, 0_usize);
    for &id in column.distinct() {
        if let Value::Number { value, format } = ledger.values().get(id) {
            numbers += 1;
            long += usize::from(!is_whole(value * 100.0));
            if is_general(format) {
                plain += 1;
                short += usize::from(is_whole(value * 10.0));
            }
        }
    }
    AmountHabits {
        plain_cents: plain >= ENOUGH && (5..=20).contains(&(short * 100 / plain)),
        calculated: long > 1 && long * 10 > numbers,
    }
}

/// Whether a column of dates holds real dates, one of numbers real numbers.
fn holds_typed_cells(ledger: &Ledger, column: &Column, kind: FieldKind) -> bool {
    let mut values = column.distinct().iter().map(|&id| ledger.values().get(id));
    match kind {
        // The number of a day is a date cell that has lost its format; `20240520` was typed as a number.
        FieldKind::Date => values.any(|value| match value {
            Value::Date { .. } => true,
            Value::Number { value, .. } => value < 100_000.0,
            _ => false,
        }),
        FieldKind::Money | FieldKind::Percent => {
            values.any(|value| matches!(value, Value::Number { .. }))
        }
        _ => false,
    }
}
