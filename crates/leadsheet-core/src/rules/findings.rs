//! Where the rules put what they find. Texts that many findings share are kept once, and findings are put in order by
//! whole numbers, for a sheet may have hundreds of thousands of them.

use std::sync::Arc;

use hashbrown::HashMap;

use super::Rule;
use crate::field::Field;
use crate::finding::{Finding, Severity};
use crate::ledger::{Column, Ledger, Row, ValueId};
use crate::message::Message;
use crate::place::CellRef;

/// What was found in one sheet.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) list: Vec<Finding>,
    /// What cells show, of columns where values repeat.
    shown: HashMap<ValueId, Arc<str>>,
    /// Headings by position of their column in the sheet.
    headings: HashMap<u32, Arc<str>>,
}

impl Found {
    /// What is found by a rule goes in here.
    pub(super) const fn by<'a>(
        &'a mut self,
        rule: &'static Rule,
        severity: Severity,
        (book, sheet): (usize, &'a Arc<str>),
    ) -> Findings<'a> {
        Findings {
            found: self,
            rule,
            severity,
            book,
            sheet,
        }
    }

    /// Puts the findings in order: by cell, then by the rule's code. Several of one rule at one cell stay in the order in
    /// which it found them.
    pub(super) fn sort(&mut self) {
        // All of it in one number, and behind it where the finding is: such numbers are quickly sorted.
        let key = |(at, finding): (u32, &Finding)| {
            let cell = finding.cell.map_or(0, |cell| {
                (u64::from(cell.row) << 32 | u64::from(cell.column)) + 1
            });
            // A code is a letter and three digits.
            let code = finding.rule.code.bytes();
            let code = code.fold(0, |key, byte| key << 8 | u32::from(byte));
            u128::from(cell) << 64 | u128::from(code) << 32 | u128::from(at)
        };
        let mut order: Vec<u128> = (0..).zip(&self.list).map(key).collect();
        order.sort_unstable();
        let mut order: Vec<u32> = order.into_iter().map(|key| key as u32).collect();
        // Findings are large: each is moved once, along the circles in which they change places.
        for start in 0..order.len() {
            let mut at = start;
            loop {
                let from = std::mem::replace(&mut order[at], at as u32) as usize;
                if from == start || from == at {
                    break;
                }
                self.list.swap(at, from);
                at = from;
            }
        }
    }

    fn heading(&mut self, column: &Column) -> Arc<str> {
        let known = self.headings.entry(column.index);
        let heading = known.or_insert_with(|| column.header.as_str().into());
        // Two columns of a form may stand at one position.
        if **heading != *column.header {
            *heading = column.header.as_str().into();
        }
        Arc::clone(heading)
    }

    /// What a cell shows; `None` where it is blank.
    fn shown(&mut self, ledger: &Ledger, row: usize, column: &Column) -> Option<Arc<str>> {
        /// A value that stands in so many cells is probably found in several.
        const OFTEN: usize = 4;
        let id = column.stored(row);
        if ledger.values().is_blank(id) {
            return None;
        }
        let text = || ledger.values().get(id).text().into();
        if column.distinct().len() * OFTEN > column.len() {
            return Some(text());
        }
        Some(Arc::clone(self.shown.entry(id).or_insert_with(text)))
    }
}

/// Where one rule puts what it finds. Knows the sheet and its table, so that a rule names a field or a cell only.
#[derive(Debug)]
pub struct Findings<'a> {
    found: &'a mut Found,
    rule: &'static Rule,
    severity: Severity,
    book: usize,
    sheet: &'a Arc<str>,
}

impl Findings<'_> {
    /// Reports a flaw of the sheet as a whole.
    pub fn sheet(&mut self, message: Message) -> &mut Finding {
        self.push(None, message)
    }

    /// Reports a flaw at a cell outside the data.
    pub fn cell(&mut self, cell: CellRef, message: Message) -> &mut Finding {
        self.push(Some(cell), message)
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
        let heading = self.found.heading(column);
        let value = self.found.shown(ledger, row, column);
        let finding = self.push(Some(ledger.cell(row, column)), message);
        finding.header = Some(heading);
        finding.field = column.field;
        finding.value = value;
        finding.row = Some(row);
        finding
    }

    fn push(&mut self, cell: Option<CellRef>, message: Message) -> &mut Finding {
        let found = &mut self.found.list;
        found.push(Finding {
            rule: self.rule,
            severity: self.severity,
            book: self.book,
            sheet: Arc::clone(self.sheet),
            cell,
            row: None,
            header: None,
            field: None,
            message,
            value: None,
            suggestion: None,
            fixable: false,
            related: Vec::new(),
        });
        let last = found.len() - 1;
        &mut found[last]
    }
}
