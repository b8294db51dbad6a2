//! Runs the selected rules over workbooks and gathers what they say, in one stable order.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{CellValue, Check, Context, Flaw, Rule, Selection, rules};
use crate::field::{Field, FieldKind};
use crate::finding::{Finding, Severity};
use crate::lead::Leads;
use crate::ledger::{Column, Ledger, Parsed, Reading, Row};
use crate::message::Message;
use crate::place::CellRef;
use crate::recognition::{Book, BookSheet};
use crate::value::{DateReading, Spelling};

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
        let value = ledger.value(row, column);
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
    let selected: Vec<(&'static Rule, Severity)> = rules()
        .filter_map(|rule| selection.severity_of(rule).map(|severity| (rule, severity)))
        .collect();
    let mut checkup = Checkup::default();
    let found = &mut checkup.findings;
    for (position, book) in books.iter().enumerate() {
        let check = |sheet| {
            let from = found.len();
            let leads = check_sheet(context, (position, book), sheet, &selected, found);
            found[from..].sort_by_key(|finding| (finding.cell, finding.rule.code));
            leads
        };
        checkup.leads.push(book.sheets.iter().map(check).collect());
    }
    checkup
}

fn check_sheet(
    context: &Context<'_>,
    (position, book): (usize, &Book),
    sheet: &BookSheet,
    selected: &[(&'static Rule, Severity)],
    found: &mut Vec<Finding>,
) -> usize {
    let reading = sheet
        .ledger
        .as_ref()
        .map(|ledger| Reading::new(ledger, context.policy));
    let leads = reading.as_ref().map(Leads::new);
    let name: Arc<str> = sheet.name.as_str().into();
    for &(rule, severity) in selected {
        let mut findings = Findings {
            found,
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
            _ => {}
        }
    }
    leads.map_or(0, |leads| leads.len())
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
        let among_dates = field.kind() == FieldKind::Date && parsed.iter().any(is_date_cell);
        // Most columns are clean: nothing is kept but the flaws.
        let mut flaws: HashMap<u32, Flaw> = HashMap::new();
        for ((code, &id), parsed) in (0..).zip(column.distinct()).zip(parsed) {
            let cell = CellValue {
                field,
                value: ledger.values().get(id),
                parsed,
                vocabulary: reading.vocabulary(field),
                lead_id_pattern: ledger.lead_id_pattern,
                among_dates,
            };
            if let Some(flaw) = check(context, &cell) {
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

fn is_date_cell(parsed: &Parsed) -> bool {
    matches!(
        parsed,
        Parsed::Date(DateReading::Date {
            spelling: Spelling::DateCell,
            ..
        })
    )
}
