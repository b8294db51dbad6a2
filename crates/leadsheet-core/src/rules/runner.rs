//! Runs the selected rules over workbooks and gathers what they say, in one stable order.

use std::sync::Arc;

use hashbrown::HashMap;

use super::workbook::Known;
use super::{CellValue, Check, Context, Flaw, Origin, Rule, Selection, rules};
use crate::field::{Field, FieldKind};
use crate::finding::{Finding, Severity};
use crate::lead::Leads;
use crate::ledger::{Column, Ledger, Reading, Row, Value};
use crate::message::Message;
use crate::place::CellRef;
use crate::recognition::{Book, BookSheet};

/// Where the rules put what they find. Knows the sheet and its table, so that a rule names a field or a cell only.
#[derive(Debug)]
pub struct Findings<'a> {
    found: &'a mut Vec<Finding>,
    rule: &'static Rule,
    severity: Severity,
    book: usize,
    sheet: Arc<str>,
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
            sheet: Arc::clone(&self.sheet),
            cell,
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
        selected,
        // A single table has none to be compared with.
        compares_tables: books.iter().flat_map(Book::ledgers).nth(1).is_some(),
        known: Known::default(),
        found: Vec::new(),
    };
    let mut leads = Vec::with_capacity(books.len());
    for (position, book) in books.iter().enumerate() {
        let check = |sheet| run.check_sheet(position, book, sheet);
        leads.push(book.sheets.iter().map(check).collect());
    }
    Checkup {
        findings: run.found,
        leads,
    }
}

/// What goes from sheet to sheet.
struct Run<'a> {
    context: &'a Context<'a>,
    selected: Vec<(&'static Rule, Severity)>,
    compares_tables: bool,
    known: Known,
    found: Vec<Finding>,
}

impl Run<'_> {
    /// Runs every rule over a sheet; says how many leads its table has.
    fn check_sheet(&mut self, position: usize, book: &Book, sheet: &BookSheet) -> usize {
        let context = self.context;
        let reading = sheet
            .ledger
            .as_ref()
            .map(|ledger| Reading::new(ledger, context.policy));
        let leads = reading.as_ref().map(Leads::new);
        let name: Arc<str> = sheet.name.as_str().into();
        let from = self.found.len();
        for &(rule, severity) in &self.selected {
            let mut findings = Findings {
                found: &mut self.found,
                rule,
                severity,
                book: position,
                sheet: Arc::clone(&name),
            };
            match (&rule.check, &reading, &leads) {
                (Check::Sheet(check), ..) => check(context, book, sheet, &mut findings),
                (Check::Cell(check), Some(reading), _) => {
                    check_cells(context, reading, *check, &mut findings);
                }
                (Check::Row(check), Some(reading), _) => reading
                    .rows()
                    .for_each(|row| check(context, &row, &mut findings)),
                (Check::Lead(check), _, Some(leads)) => leads
                    .iter()
                    .for_each(|lead| check(context, &lead, &mut findings)),
                (Check::Table(check), _, Some(leads)) => check(context, leads, &mut findings),
                (Check::Across(check), _, Some(leads)) if self.compares_tables => {
                    let origin = Arc::new(Origin {
                        file: book.path.clone(),
                        sheet: sheet.name.clone(),
                    });
                    check(context, &origin, leads, &mut self.known, &mut findings);
                }
                _ => {}
            }
        }
        self.found[from..].sort_by_key(|finding| (finding.cell, finding.rule.code));
        leads.map_or(0, |leads| leads.len())
    }
}

fn check_cells(
    context: &Context<'_>,
    reading: &Reading<'_>,
    check: fn(&Context<'_>, &CellValue<'_>) -> Option<Flaw>,
    findings: &mut Findings<'_>,
) {
    let ledger = reading.ledger();
    for (position, column) in ledger.columns().iter().enumerate() {
        let Some(field) = column.field else { continue };
        let parsed = reading.parsed_column(position);
        let among_typed = holds_typed_cells(ledger, column, field.kind());
        // Most columns are clean: nothing is kept but the flaws.
        let mut flaws: HashMap<u32, Flaw> = HashMap::new();
        let stored = column.stored_distinct();
        for (((code, &id), &stored), parsed) in (0..).zip(column.distinct()).zip(stored).zip(parsed)
        {
            let cell = CellValue {
                field,
                value: ledger.values().get(id),
                stored: ledger.values().get(stored),
                parsed,
                vocabulary: reading.vocabulary(field),
                lead_id_pattern: ledger.lead_id_pattern,
                among_typed,
            };
            if let Some(mut flaw) = check(context, &cell) {
                // Of a cell that holds more than the value, a fix would take the rest away.
                flaw.fixable &= id == stored;
                flaws.insert(code, flaw);
            }
        }
        if flaws.is_empty() {
            continue;
        }
        for (row, code) in column.codes().iter().enumerate() {
            if let Some(flaw) = flaws.get(code) {
                let finding = findings.data(ledger, row, column, flaw.message.clone());
                finding.suggestion.clone_from(&flaw.suggestion);
                finding.fixable = flaw.fixable;
            }
        }
    }
}

/// Whether a column of dates holds real dates, one of numbers real numbers.
fn holds_typed_cells(ledger: &Ledger, column: &Column, kind: FieldKind) -> bool {
    let mut values = column.distinct().iter().map(|&id| ledger.values().get(id));
    match kind {
        FieldKind::Date => values.any(|value| matches!(value, Value::Date { .. })),
        FieldKind::Money | FieldKind::Percent => {
            values.any(|value| matches!(value, Value::Number { .. }))
        }
        _ => false,
    }
}
