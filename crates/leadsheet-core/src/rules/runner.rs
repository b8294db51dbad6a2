//! Runs the selected rules over workbooks and gathers what they say, in one stable order.

use std::rc::Rc;
use std::sync::Arc;

use hashbrown::HashMap;

use super::excuse::Excuses;
use super::findings::{Findings, Found};
use super::structure;
use super::workbook::Known;
use super::{AmountHabits, CellValue, Check, Context, Flaw, Origin, Rule, Selection, rules};
use crate::field::{Field, FieldKind};
use crate::finding::{Finding, Severity};
use crate::identities::Numbers;
use crate::lead::{Lead, Leads};
use crate::ledger::{Column, Ledger, Reading, Value};
use crate::recognition::{Book, BookSheet};
use crate::text::compact_key;
use crate::value::is_general;

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
        checkup: Checkup::default(),
    };
    for (position, book) in books.iter().enumerate() {
        let check = |sheet| run.check_sheet(position, book, sheet);
        let leads = book.sheets.iter().map(check).collect();
        run.checkup.leads.push(leads);
    }
    run.checkup
}

/// What goes from sheet to sheet.
struct Run<'a> {
    context: &'a Context<'a>,
    selection: &'a Selection,
    /// The rules that speak where a template has no choice of its own.
    selected: Rc<[(&'static Rule, Severity)]>,
    compares_tables: bool,
    known: Known,
    checkup: Checkup,
}

/// What is found in one sheet.
struct Here<'a> {
    /// Position of the workbook, name of the sheet.
    place: (usize, &'a Arc<str>),
    found: Found,
    /// What the table lacks a column for.
    not_evaluable: Found,
}

impl Here<'_> {
    fn findings(&mut self, rule: &'static Rule, severity: Severity) -> Findings<'_> {
        let found = if std::ptr::eq(rule, structure::not_evaluable()) {
            &mut self.not_evaluable
        } else {
            &mut self.found
        };
        found.by(rule, severity, self.place)
    }
}

impl Run<'_> {
    /// Runs every rule over a sheet; says how many leads its table has.
    fn check_sheet(&mut self, position: usize, book: &Book, sheet: &BookSheet) -> usize {
        let name: Arc<str> = sheet.name.as_str().into();
        let context = self.context;
        let mut here = Here {
            place: (position, &name),
            found: Found::default(),
            not_evaluable: Found::default(),
        };
        let template = sheet.ledger.as_ref().map(|ledger| &*ledger.template);
        let selected = self.selected_for(template);
        for &(rule, severity) in &*selected {
            if let Check::Sheet(check) = rule.check {
                check(context, book, sheet, &mut here.findings(rule, severity));
            }
        }
        let (mut lead_count, mut excuses) = (0, None);
        if let Some(ledger) = &sheet.ledger {
            let reading = Reading::new(ledger, context.policy);
            let has = |field: &Field| reading.column(*field).is_some();
            let able = |(rule, _): &&(&Rule, _)| rule.needs.iter().all(has);
            let selected: Vec<_> = selected.iter().filter(able).copied().collect();
            // Columns are parsed, and leads told by their numbers, as the rules look over the values.
            let cell_rule = |&(rule, severity): &_| CellRule::of(rule, severity);
            let of_cells: Vec<_> = selected.iter().filter_map(cell_rule).collect();
            let numbers = check_cells(context, &reading, &of_cells, &mut here);
            let leads = Leads::of_numbers(&reading, numbers);
            self.check_table(&mut here, book, sheet, &leads, &selected);
            lead_count = leads.len();
            excuses = Some(Excuses::of(&reading));
        }
        for found in [&mut here.found, &mut here.not_evaluable] {
            if let Some(template) = template.filter(|name| self.selection.looks_at_columns(name)) {
                self.heed_columns(&mut found.list, template);
            }
            if let Some(ledger) = &sheet.ledger {
                for finding in found
                    .list
                    .iter_mut()
                    .filter(|finding| finding.row.is_none())
                {
                    finding.row = finding.cell.and_then(|cell| ledger.row_of(cell));
                }
            }
            found.sort();
        }
        let Checkup {
            findings, excused, ..
        } = &mut self.checkup;
        if let Some(excuses) = excuses.filter(|excuses| !excuses.is_empty()) {
            let let_stand = here
                .found
                .list
                .extract_if(.., |finding| excuses.cover(finding));
            excused.extend(let_stand);
        }
        if findings.is_empty() {
            *findings = here.found.list;
        } else {
            findings.append(&mut here.found.list);
        }
        self.checkup
            .not_evaluable
            .append(&mut here.not_evaluable.list);
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

    /// Lets the choices for columns say what is heard of what was found, and how loudly.
    fn heed_columns(&self, found: &mut Vec<Finding>, template: &str) {
        found.retain_mut(|finding| {
            let (rule, field) = (finding.rule, finding.field);
            let severity = self.selection.severity_at(rule, Some(template), field);
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        });
    }

    /// Runs the rules about tables, rows and leads, all that look at one row or one lead before the next is looked at:
    /// what lies in memory side by side is used side by side.
    fn check_table(
        &mut self,
        here: &mut Here<'_>,
        book: &Book,
        sheet: &BookSheet,
        leads: &Leads<'_>,
        selected: &[(&'static Rule, Severity)],
    ) {
        let context = self.context;
        let reading = leads.reading();
        let (mut of_rows, mut of_leads) = (Vec::new(), Vec::new());
        for &(rule, severity) in selected {
            match rule.check {
                Check::Row(check) => of_rows.push((rule, severity, check)),
                Check::Lead(check) => of_leads.push(LeadRule {
                    rule,
                    severity,
                    varying: (!rule.varying.is_empty()).then(|| leads.varying(rule.varying)),
                    check,
                }),
                Check::Table(check) => {
                    check(context, leads, &mut here.findings(rule, severity));
                }
                Check::Across(check) if self.compares_tables => {
                    let origin = Arc::new(Origin {
                        file: book.path.clone(),
                        sheet: sheet.name.clone(),
                    });
                    let mut findings = here.findings(rule, severity);
                    check(context, &origin, leads, &mut self.known, &mut findings);
                }
                // Rules about the sheet and its cells have spoken; a table alone is compared with none.
                Check::Sheet(_) | Check::Cell(..) | Check::Ends(_) | Check::Across(_) => {}
            }
        }
        for row in reading.rows() {
            for &(rule, severity, check) in &of_rows {
                check(context, &row, &mut here.findings(rule, severity));
            }
        }
        for lead in leads.iter() {
            for of_leads in of_leads.iter().filter(|rule| rule.may_find(&lead)) {
                let mut findings = here.findings(of_leads.rule, of_leads.severity);
                (of_leads.check)(context, &lead, &mut findings);
            }
        }
    }
}

/// A rule about leads.
struct LeadRule {
    rule: &'static Rule,
    severity: Severity,
    /// By lead; `None` where any lead may be wrong.
    varying: Option<Vec<bool>>,
    check: fn(&Context<'_>, &Lead<'_>, &mut Findings<'_>),
}

impl LeadRule {
    fn may_find(&self, lead: &Lead<'_>) -> bool {
        let varying = self.varying.as_ref();
        varying.is_none_or(|varying| varying[lead.index()])
    }
}

/// A rule about cells.
struct CellRule {
    rule: &'static Rule,
    severity: Severity,
    /// `None` where it looks at odd ends only, whatever the column.
    kinds: Option<&'static [FieldKind]>,
    check: fn(&Context<'_>, &CellValue<'_>) -> Option<Flaw>,
}

impl CellRule {
    fn of(rule: &'static Rule, severity: Severity) -> Option<Self> {
        let (kinds, check) = match rule.check {
            Check::Cell(kinds, check) => (Some(kinds), check),
            Check::Ends(check) => (None, check),
            _ => return None,
        };
        Some(Self {
            rule,
            severity,
            kinds,
            check,
        })
    }
}

/// Whether a heading names a mobile and no other way to reach somebody.
fn asks_for_mobile(field: Field, heading: &str) -> bool {
    let heading = compact_key(heading);
    let names = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    matches!(field, Field::Phone | Field::Mobile)
        && names(&["手机", "mobile"])
        && !names(&[
            "电话", "座机", "固话", "微信", "方式", "tel", "wechat", "/", "或",
        ])
}

/// Runs the rules about cells, and gathers the numbers of the leads that it looks over.
fn check_cells(
    context: &Context<'_>,
    reading: &Reading<'_>,
    rules: &[CellRule],
    here: &mut Here<'_>,
) -> Numbers {
    let ledger = reading.ledger();
    let of_leads = reading.column(Field::LeadId);
    let count = of_leads.map_or(0, |column| column.distinct().len());
    let mut numbers = Numbers::with_room_for(count);
    for (position, column) in ledger.columns().iter().enumerate() {
        let Some(field) = column.field else { continue };
        let is_of_kind = |kinds: &[FieldKind]| kinds.contains(&field.kind());
        let of_kind = |rule: &&CellRule| rule.kinds.is_none_or(is_of_kind);
        let rules: Vec<&CellRule> = rules.iter().filter(of_kind).collect();
        let wants_odd_ends = rules.iter().all(|rule| rule.kinds.is_none());
        let among_typed = holds_typed_cells(ledger, column, field.kind());
        let amounts = match field.kind() {
            FieldKind::Money => amount_habits(ledger, column),
            _ => AmountHabits::default(),
        };
        let is_of_leads = of_leads.is_some_and(|of_leads| std::ptr::eq(of_leads, column));
        let asks_for_mobile = asks_for_mobile(field, &column.header);
        // Most columns are clean: nothing is kept but the flaws.
        let mut flaws: HashMap<u32, Vec<(usize, Flaw)>> = HashMap::new();
        let (distinct, stored) = (column.distinct(), column.stored_distinct());
        reading.look_over(position, |code, parsed| {
            let (id, stored) = (distinct[code as usize], stored[code as usize]);
            let has_odd_ends = ledger.values().has_odd_ends(id);
            if is_of_leads {
                numbers.add(ledger.values().get(id), parsed);
            }
            if wants_odd_ends && !has_odd_ends {
                return;
            }
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
                asks_for_mobile,
            };
            for (position, rule) in rules.iter().enumerate() {
                if rule.kinds.is_none() && !has_odd_ends {
                    continue;
                }
                if let Some(mut flaw) = (rule.check)(context, &cell) {
                    // Of a cell that holds more than the value, a fix would take the rest away.
                    flaw.fixable &= id == stored;
                    flaws.entry(code).or_default().push((position, flaw));
                }
            }
        });
        if flaws.is_empty() {
            continue;
        }
        let rows = if column.is_carried() { 1 } else { ledger.len() };
        for (row, code) in column.codes().iter().enumerate().take(rows) {
            for (position, flaw) in flaws.get(&code).into_iter().flatten() {
                let rule = rules[*position];
                let mut findings = here.findings(rule.rule, rule.severity);
                let finding = findings.data(ledger, row, column, flaw.message.clone());
                finding.suggestion.clone_from(&flaw.suggestion);
                finding.fixable = flaw.fixable;
            }
        }
    }
    numbers
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::Policy;
    use crate::rules::testing::{table, today};

    fn rows() -> impl Strategy<Value = Vec<String>> {
        let cell = |values: &'static [&'static str]| prop::sample::select(values);
        let row = (
            cell(&["ZH-20240520-001", "ZH-20240521-001", "A001"]),
            cell(&["北辰机电", "北辰機電", "南汀贸易", ""]),
            cell(&["潜在客户", "高意向客户", "成交客户", "流失客户", ""]),
            cell(&["A", "B", ""]),
            cell(&["李雷", "李 雷", "韩梅", ""]),
            cell(&["=2024-05-20", "=2024-05-24", "待定"]),
        );
        let row = row.prop_map(|(lead, customer, stage, grade, owner, date)| {
            format!("| {lead} | {customer} | {stage} | {grade} | {owner} | {date} |")
        });
        prop::collection::vec(row, 1..12)
    }

    proptest! {
        #[test]
        fn a_rule_about_what_varies_finds_nothing_in_leads_that_are_alike(rows in rows()) {
            let heading = "| lead_id | customer | stage | grade | owner | follow_up_date |";
            let ledger = table(&format!("{heading}\n{}", rows.join("\n")));
            let policy = Policy::default();
            let context = Context { policy: &policy, today: today() };
            let reading = Reading::new(&ledger, &policy);
            let leads = Leads::new(&reading);
            for rule in rules().filter(|rule| !rule.varying.is_empty()) {
                let Check::Lead(check) = rule.check else {
                    panic!("{rule:?} is not about leads");
                };
                let varying = leads.varying(rule.varying);
                for lead in leads.iter() {
                    let (mut found, sheet) = (Found::default(), Arc::from("线索跟进"));
                    check(&context, &lead, &mut found.by(rule, rule.severity, (0, &sheet)));
                    prop_assert!(found.list.is_empty() || varying[lead.index()], "{:?}", found.list);
                }
            }
        }
    }
}
