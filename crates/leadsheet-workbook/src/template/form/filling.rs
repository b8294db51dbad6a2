//! The labels of a form filled in: which value each takes, which records the blocks make, what is left over.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use leadsheet_core::{CellRef, Field, SkipReason, SkippedRow};

use super::boxes::Boxes;
use super::labels::{Label, Labels};
use super::layout::FormFit;
use super::records::{Groups, Talk, block_of, is_log, record_area, talks};
use super::values::{FormValue, assemble, counts_a_block, inside, region};
use super::words::is_note;
use crate::template::definition::{Strength, TemplateDefinition, Templates};

/// More values than this without a label, and more than there are labels, are no slips.
const MOST_STRAYS: usize = 100;

/// What makes a column of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// What a label means, by the position of its column in the template.
    Field(usize, Field),
    /// A label that means nothing known.
    Header(String),
    /// A value without a label: rows below the beginning of its block, and its column.
    Unlabelled(bool, u32, u32),
}

/// A label with what it means here.
pub(super) struct Asked<'l> {
    pub(super) label: &'l Label,
    pub(super) field: Option<Field>,
}

/// What a block or the head says, by column.
pub(super) type Values = BTreeMap<Key, FormValue>;

/// A block as it was filled in.
pub(super) struct Block {
    pub(super) row: u32,
    pub(super) values: Values,
    pub(super) talks: Vec<Talk>,
    pub(super) log: Option<Key>,
}

pub(super) struct Filling<'f, 's, 't> {
    pub(super) boxes: &'f Boxes<'s>,
    pub(super) template: &'t TemplateDefinition,
    pub(super) found: &'f Labels,
    pub(super) used: Vec<bool>,
}

impl<'t> Filling<'_, '_, 't> {
    fn key(&self, asked: &Asked<'_>) -> Key {
        match asked.field {
            Some(field) => self.key_of(field),
            None => Key::Header(asked.label.header.clone()),
        }
    }

    pub(super) fn key_of(&self, field: Field) -> Key {
        let columns = &self.template.columns;
        let position = columns.iter().position(|column| column.field == field);
        Key::Field(position.unwrap_or(columns.len()), field)
    }

    /// Gives each label of a group the likeliest meaning that is still free, the surest first.
    pub(super) fn resolve(&self, group: &[usize], taken: &HashSet<Field>) -> Vec<Asked<'_>> {
        let mut order: Vec<usize> = group.to_vec();
        let strength = |at: usize| {
            let first = self.found.all[at].meanings.first();
            first.map_or(Strength::WeakStranger, |&(_, strength)| strength)
        };
        order.sort_by_key(|&at| strength(at));
        let mut taken = taken.clone();
        let mut fields: BTreeMap<usize, Option<Field>> = BTreeMap::new();
        for at in order {
            let meanings = self.found.all[at].meanings.iter();
            let free = meanings
                .map(|&(field, _)| field)
                .find(|field| !taken.contains(field));
            taken.extend(free);
            fields.insert(at, free);
        }
        group
            .iter()
            .map(|at| Asked {
                label: &self.found.all[*at],
                field: fields.get(at).copied().flatten(),
            })
            .collect()
    }

    /// The value of a label; its boxes are nobody else's from now on.
    pub(super) fn value(&mut self, label: &Label, field: Option<Field>) -> FormValue {
        if let Some(range) = &label.inside {
            return inside(self.boxes, label, range.clone(), field);
        }
        let region = region(self.boxes, self.found, label, &self.used);
        let (value, taken) = assemble(self.boxes, field, &region);
        for at in taken {
            self.used[at] = true;
        }
        value
    }

    pub(super) fn read(&mut self, groups: &Groups) -> (Values, Vec<Block>) {
        let found = self.found;
        let form = self.template.form.clone().unwrap_or_default();
        let no_fields = HashSet::new();
        let of_blocks: Vec<Vec<(usize, Option<Field>)>> = groups
            .blocks
            .iter()
            .map(|block| {
                let asked = self.resolve(block, &no_fields);
                let fields = asked.iter().map(|asked| asked.field);
                block.iter().copied().zip(fields).collect()
            })
            .collect();
        let asked_in_blocks: HashSet<Field> = of_blocks
            .iter()
            .flatten()
            .filter_map(|(_, field)| *field)
            .collect();
        let of_head: Vec<(usize, Option<Field>)> = {
            let asked = self.resolve(&groups.head, &asked_in_blocks);
            let fields = asked.iter().map(|asked| asked.field);
            groups.head.iter().copied().zip(fields).collect()
        };
        let mut head = Values::new();
        let mut blocks: Vec<Block> = of_blocks
            .iter()
            .map(|block| Block {
                row: block
                    .iter()
                    .map(|&(at, _)| self.boxes.get(found.all[at].at).first.row)
                    .min()
                    .unwrap_or(0),
                values: Values::new(),
                talks: Vec::new(),
                log: None,
            })
            .collect();
        // In reading order, so that a label never takes what stands behind a later one.
        let owners = of_head.iter().map(|&(at, field)| (at, field, None));
        let of_block = of_blocks.iter().enumerate().flat_map(|(block, labels)| {
            labels
                .iter()
                .map(move |&(at, field)| (at, field, Some(block)))
        });
        let mut all: Vec<(usize, Option<Field>, Option<usize>)> = owners.chain(of_block).collect();
        all.sort_by_key(|&(at, ..)| at);
        let (logs, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|&(at, field, block)| {
            let label = &found.all[at];
            block.is_some() && field == form.log && is_log(label, &form) && label.inside.is_none()
        });
        for (at, field, block) in others {
            let label = &found.all[at];
            let value = self.value(label, field);
            let key = self.key(&Asked { label, field });
            let values = match block {
                Some(block) => &mut blocks[block].values,
                None => &mut head,
            };
            values.entry(key).or_insert(value);
        }
        for (at, field, block) in logs {
            let label = &found.all[at];
            let area = record_area(self.boxes, found, label, &self.used);
            for &at in &area {
                self.used[at] = true;
            }
            let key = self.key(&Asked { label, field });
            let Some(block) = block.and_then(|block| blocks.get_mut(block)) else {
                continue;
            };
            block.talks = talks(self.boxes, &area);
            if block.talks.is_empty() {
                // Nobody wrote anything, which is to be told where it would stand.
                let value = self.value(label, field);
                block.values.entry(key.clone()).or_insert(value);
            }
            block.log = Some(key);
        }
        (head, blocks)
    }

    pub(super) fn finish(
        self,
        groups: &Groups,
        mut head: Values,
        mut blocks: Vec<Block>,
        templates: &Templates,
    ) -> FormFit<'t> {
        let begins: Vec<CellRef> = groups
            .blocks
            .iter()
            .zip(&blocks)
            .map(|(labels, block)| {
                let column = labels
                    .iter()
                    .map(|&at| self.boxes.get(self.found.all[at].at).first.column)
                    .min();
                CellRef::new(block.row, column.unwrap_or(0))
            })
            .collect();
        let mut rest = self.rest(groups);
        let is_strange = rest.unlabelled.len() > MOST_STRAYS.max(self.found.all.len());
        if is_strange {
            rest.unlabelled.truncate(MOST_STRAYS);
        }
        let mut strays: Vec<Values> = blocks.iter().map(|_| Values::new()).collect();
        for &at in &rest.unlabelled {
            let cell = self.boxes.get(at).first;
            let value = FormValue::stored(cell);
            match block_of(cell, begins.iter().copied()) {
                Some(block) => {
                    let below = cell.row - begins[block].row;
                    strays[block].insert(Key::Unlabelled(false, below, cell.column), value);
                }
                None => {
                    head.insert(Key::Unlabelled(true, cell.row, cell.column), value);
                }
            }
        }
        let mut records: Vec<(u32, Values)> = Vec::new();
        for (block, strays) in blocks.iter_mut().zip(strays) {
            let before = records.len();
            self.add_records(block, &head, strays, &mut records, &mut rest);
            if records.len() == before {
                rest.skipped.push(SkippedRow {
                    row: block.row,
                    reason: SkipReason::EmptyBlock,
                });
            }
        }
        let mut fit = self.fit(groups, &head, &blocks, records, rest, templates);
        fit.is_answered &= !is_strange;
        fit
    }

    /// The records of a block: one, or as many as its record area tells of.
    fn add_records(
        &self,
        block: &mut Block,
        head: &Values,
        strays: Values,
        records: &mut Vec<(u32, Values)>,
        rest: &mut Rest,
    ) {
        let date = self.key_of(Field::FollowUpDate);
        let mut values = std::mem::take(&mut block.values);
        values.extend(strays);
        if block.talks.is_empty() {
            let is_dated = block.log.is_some()
                && head
                    .get(&date)
                    .is_some_and(|value| !value.is_blank(self.boxes, Some(Field::FollowUpDate)));
            if is_dated || values.iter().any(|(key, value)| !self.is_blank(key, value)) {
                records.push((block.row, values));
            } else {
                // Kept for its labels: what nobody filled in was asked for all the same.
                block.values = values;
            }
            return;
        }
        for talk in std::mem::take(&mut block.talks) {
            let mut record = values.clone();
            if let Some(day) = talk.date {
                record.insert(date.clone(), day);
            }
            if let (Some(log), Some(text)) = (&block.log, talk.text) {
                record.insert(log.clone(), text);
            }
            for at in talk.others {
                let cell = self.boxes.get(at).first;
                let key = Key::Unlabelled(false, 0, cell.column);
                record.insert(key, FormValue::stored(cell));
                rest.unlabelled.push(at);
            }
            records.push((talk.row, record));
        }
    }

    fn is_blank(&self, key: &Key, value: &FormValue) -> bool {
        let field = match key {
            Key::Field(_, field) => Some(*field),
            _ => None,
        };
        value.is_blank(self.boxes, field)
    }

    /// What is neither label nor value: titles above, legends and signatures below, numbers of blocks, strays.
    fn rest(&self, groups: &Groups) -> Rest {
        let kept = groups.head.iter().chain(groups.blocks.iter().flatten());
        let rows_of = |at: usize| {
            let it = self.boxes.get(at);
            [it.first.row, it.last.row]
        };
        let kept = kept.flat_map(|&label| rows_of(self.found.all[label].at));
        let values = (0..self.boxes.len()).filter(|&at| self.used[at]);
        let rows: Vec<u32> = kept.chain(values.flat_map(rows_of)).collect();
        let first = rows.iter().min().copied().unwrap_or(0);
        let last = rows.iter().max().copied().unwrap_or(0);
        let mut rest = Rest::default();
        for at in 0..self.boxes.len() {
            let it = self.boxes.get(at);
            let is_foot = it.first.row > last || self.found.signed.contains(&it.first.row);
            if is_foot
                && rest
                    .skipped
                    .last()
                    .is_none_or(|skipped| skipped.row != it.first.row)
            {
                rest.skipped.push(SkippedRow {
                    row: it.first.row,
                    reason: SkipReason::Foot,
                });
            }
            if self.found.is_label[at] || self.used[at] {
                rest.has_more |= is_foot;
            } else if it.first.row < first || is_foot || self.is_title_or_note(at) {
                rest.has_more = true;
            } else if !counts_a_block(self.boxes, self.found, at) {
                rest.unlabelled.push(at);
            }
        }
        rest
    }

    /// A note, or a short text alone in its row across several columns.
    fn is_title_or_note(&self, at: usize) -> bool {
        let it = self.boxes.get(at);
        let text = self.boxes.text(at).unwrap_or_default();
        let is_alone = self.boxes.in_row(it.first.row).len() == 1;
        let is_wide = it.last.column - it.first.column >= 2;
        is_note(text) || (is_alone && is_wide && text.chars().count() <= 20)
    }
}

/// What is neither label nor value.
#[derive(Default)]
pub(super) struct Rest {
    pub(super) unlabelled: Vec<usize>,
    pub(super) skipped: Vec<SkippedRow>,
    pub(super) has_more: bool,
}
