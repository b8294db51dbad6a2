//! What was made of a form: its columns, how well they fit the template, and whether the values answer the labels.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use leadsheet_core::{Candidate, CellRef, Field, FieldKind, MissingColumn, Value, tick_boxes};

use super::filling::{Block, Filling, Key, Rest, Values};
use super::layout::{FEWEST_COLUMNS, FormColumn, FormFit, FormLayout, FormRecord};
use super::records::Groups;
use super::values::{FormValue, Said};
use crate::template::definition::Templates;
use crate::template::evidence::{builtin_vocabulary, is_contact, is_date};
use crate::template::fit::weight;

/// A form asks for so much of what the template's blocks ask for.
const FEWEST_ASKED: usize = 3;

impl<'t> Filling<'_, '_, 't> {
    pub(super) fn fit(
        &self,
        groups: &Groups,
        head: &Values,
        blocks: &[Block],
        records: Vec<(u32, Values)>,
        rest: Rest,
        templates: &Templates,
    ) -> FormFit<'t> {
        let mut first_cells: BTreeMap<Key, (CellRef, bool)> = BTreeMap::new();
        let mut see = |values: &Values, is_head: bool| {
            for (key, value) in values {
                first_cells
                    .entry(key.clone())
                    .or_insert((value.cell, is_head));
            }
        };
        for (_, values) in &records {
            see(values, false);
        }
        see(head, true);
        for block in blocks {
            see(&block.values, false);
            if let Some(log) = &block.log {
                let cell = CellRef::new(block.row, 0);
                see(
                    &Values::from([(log.clone(), FormValue::text(cell, ""))]),
                    false,
                );
            }
        }
        let columns: Vec<(Key, FormColumn)> = first_cells
            .into_iter()
            .map(|(key, (cell, is_head))| {
                let column = self.column(&key, cell, is_head, groups, templates);
                (key, column)
            })
            .collect();
        let value = |values: &Values, key: &Key| {
            // A talk without a date of its own is of the day in the head.
            values.get(key).or_else(|| head.get(key)).cloned()
        };
        let records = records.into_iter().map(|(row, values)| FormRecord {
            row,
            values: columns.iter().map(|(key, _)| value(&values, key)).collect(),
        });
        let records: Vec<FormRecord> = records.collect();
        let mut unlabelled: Vec<CellRef> = rest
            .unlabelled
            .iter()
            .map(|&at| self.boxes.get(at).first)
            .collect();
        unlabelled.sort_unstable();
        let mut skipped = rest.skipped;
        skipped.sort_by_key(|skipped| skipped.row);
        let columns: Vec<FormColumn> = columns.into_iter().map(|(_, column)| column).collect();
        let (score, known) = self.score(&columns);
        let asks_for_talks = self.asks_for_talks(&columns);
        let is_answered = self.is_answered(&columns, &records, unlabelled.len());
        let missing = self.template.columns.iter().filter(|defined| {
            defined.required
                && !columns
                    .iter()
                    .any(|column| column.field == Some(defined.field))
        });
        let candidate = Candidate {
            template: self.template.name.clone(),
            score: (score * 1000.0).round() / 1000.0,
            missing: missing
                .map(|column| MissingColumn {
                    field: column.field,
                    heading: templates.heading(column).to_owned(),
                })
                .collect(),
        };
        FormFit {
            layout: FormLayout {
                template: self.template,
                columns,
                records,
                skipped,
                unlabelled,
                has_more: rest.has_more,
            },
            candidate,
            known,
            asks_for_talks,
            is_answered,
        }
    }

    fn column(
        &self,
        key: &Key,
        cell: CellRef,
        is_head: bool,
        groups: &Groups,
        templates: &Templates,
    ) -> FormColumn {
        let (header, field) = match key {
            Key::Field(_, field) => {
                let labels = groups.head.iter().chain(groups.blocks.iter().flatten());
                let spelled = labels
                    .map(|&at| &self.found.all[at])
                    .find(|label| label.may_mean(*field))
                    .map(|label| label.header.clone());
                let defined = self.template.column(*field);
                let usual = || {
                    defined.map_or_else(
                        || templates.usual_heading(*field).to_owned(),
                        |column| templates.heading(column).to_owned(),
                    )
                };
                (spelled.unwrap_or_else(usual), Some(*field))
            }
            Key::Header(header) => (header.clone(), None),
            Key::Unlabelled(..) => (String::new(), None),
        };
        let defined = field.and_then(|field| self.template.column(field));
        FormColumn {
            header,
            field,
            required: defined.is_some_and(|column| column.required),
            cell,
            is_head,
        }
    }

    /// Weighed as a row of headings is: how many of the template's regular columns the form asks for (35 %), how much
    /// of what it asks for are columns of the template (35 %), how much of it is known at all (30 %).
    fn score(&self, columns: &[FormColumn]) -> (f64, usize) {
        let asked = |field: Field| {
            let labels = self.found.all.iter();
            let strengths = labels.flat_map(|label| &label.meanings);
            let of_field = strengths.filter(|(meant, _)| *meant == field);
            of_field
                .map(|&(_, strength)| weight(strength))
                .fold(0.0, f64::max)
        };
        let (mut regular_here, mut here, mut known) = (0.0, 0.0, 0);
        for field in columns.iter().filter_map(|column| column.field) {
            let Some(defined) = self.template.column(field) else {
                continue;
            };
            here += asked(field);
            if !defined.optional {
                regular_here += asked(field);
                known += 1;
            }
        }
        let defined = &self.template.columns;
        let regular = defined.iter().filter(|column| !column.optional).count();
        let possible = defined.len().min(columns.len().max(FEWEST_COLUMNS));
        let recognised = columns.iter().filter(|column| column.field.is_some());
        let score = 0.35 * regular_here / regular.max(1) as f64
            + 0.35 * here / possible.max(1) as f64
            + 0.3 * recognised.count() as f64 / columns.len().max(1) as f64;
        (score, known)
    }

    /// Whether what stands beside the labels answers them. Beside those of a sheet that explains how to fill in a
    /// table stand sentences: more of them than labels, or none that is a date, a number or a term.
    fn is_answered(
        &self,
        columns: &[FormColumn],
        records: &[FormRecord],
        unlabelled: usize,
    ) -> bool {
        let (mut answers, mut asked, mut fitting) = (0, 0, 0);
        let mut seen = HashSet::new();
        for record in records {
            for (column, value) in columns.iter().zip(&record.values) {
                let filled = value
                    .as_ref()
                    .filter(|value| !value.is_blank(self.boxes, column.field));
                let (Some(value), Some(field)) = (filled, column.field) else {
                    continue;
                };
                if !seen.insert((value.cell, field)) {
                    continue;
                }
                answers += 1;
                let held = match &value.says {
                    Said::Stored => self.boxes.sheet.value(value.cell),
                    Said::Text(text) => Value::Text(text),
                    Said::Date(value) => Value::Date {
                        value: *value,
                        format: "",
                    },
                };
                let fits = match field.kind() {
                    FieldKind::Date => is_date(held),
                    FieldKind::Contact => is_contact(held),
                    FieldKind::Term => is_term(field, held),
                    _ => continue,
                };
                asked += 1;
                fitting += usize::from(fits);
            }
        }
        let head = columns.iter().filter(|column| column.is_head);
        let (strays, labelled): (Vec<_>, Vec<_>) = head.partition(|it| it.header.is_empty());
        strays.len() <= labelled.len()
            && unlabelled <= answers
            && (asked < 2 || fitting * 2 >= asked)
    }

    /// Whether enough is asked of what is done with a customer: an address card has a head, but no talks.
    fn asks_for_talks(&self, columns: &[FormColumn]) -> bool {
        let form = self.template.form.as_ref();
        let asked = form.map_or(&[][..], |form| &form.block).iter();
        let asked: Vec<&Field> = asked
            .chain(form.and_then(|form| form.log.as_ref()))
            .collect();
        let is_there = |field: Field| columns.iter().any(|column| column.field == Some(field));
        let found = asked.iter().filter(|field| is_there(***field)).count();
        found >= asked.len().min(FEWEST_ASKED)
    }
}

fn is_term(field: Field, value: Value<'_>) -> bool {
    let text = value.display();
    let known = builtin_vocabulary(field);
    tick_boxes(&text).is_some() || known.is_none_or(|known| known.find(&text).is_some())
}
