//! A sheet held against a template as a form: which labels it has, what stands beside them, which records that makes.

use std::collections::{BTreeMap, HashSet};

use leadsheet_core::{
    Candidate, CellRef, Field, FieldKind, SkipReason, SkippedRow, Value, tick_boxes,
};

use super::boxes::Boxes;
use super::labels::{Dictionary, Label, Labels, head_labels, is_note, is_number, labels};
use super::records::{Groups, Talk, block_of, group, is_log, record_area, talks};
use super::values::{FormValue, Said, assemble, inside, region};
use crate::sheet::Sheet;
use crate::template::definition::{Keys, Strength, TemplateDefinition, Templates};
use crate::template::evidence::{builtin_vocabulary, is_contact, is_date};
use crate::template::fit::weight;
use crate::template::header::heading_key;

/// A form counts as recognised from this score on…
const ENOUGH: f64 = 0.45;
/// … with at least this many of the template's columns asked for.
const FEWEST_COLUMNS: usize = 3;
/// … and so much of what its blocks ask for.
const FEWEST_ASKED: usize = 3;
/// More values than this without a label, and more than there are labels, are no slips.
const MOST_STRAYS: usize = 100;

/// Where the records of a form stand.
#[derive(Clone, Debug)]
pub struct FormLayout<'t> {
    /// The template.
    pub template: &'t TemplateDefinition,
    /// What the form asks for, in the template's order; labels that nobody knows and values without a label follow.
    pub columns: Vec<FormColumn>,
    /// By record, then by column.
    pub(crate) records: Vec<FormRecord>,
    pub(crate) skipped: Vec<SkippedRow>,
    /// Values that no label explains.
    pub(crate) unlabelled: Vec<CellRef>,
    /// Whether anything stands beside labels and values: titles, legends, signatures.
    pub(crate) has_more: bool,
}

impl FormLayout<'_> {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nobody filled the form in.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

/// Something that a form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct FormColumn {
    /// Its label as the form spells it; nothing for a value without one.
    pub header: String,
    /// What it means, where that is known.
    pub field: Option<Field>,
    /// Whether the template wants a value in every record.
    pub required: bool,
    /// Where its first value stands.
    pub cell: CellRef,
    /// Whether it stands once in the sheet and holds for every record.
    pub is_head: bool,
}

/// One follow-up of a form.
#[derive(Clone, Debug)]
pub(crate) struct FormRecord {
    /// The row in which it begins.
    pub(crate) row: u32,
    pub(crate) values: Vec<Option<FormValue>>,
}

/// A template held against a sheet as a form.
#[derive(Clone, Debug)]
pub(crate) struct FormFit<'t> {
    pub(crate) layout: FormLayout<'t>,
    pub(crate) candidate: Candidate,
    /// Regular columns of the template that it asks for.
    pub(crate) known: usize,
    asks_for_talks: bool,
    /// Whether what stands beside its labels are answers, rather than explanations.
    pub(crate) is_answered: bool,
}

impl FormFit<'_> {
    /// Whether the sheet is this form.
    pub(crate) fn is_enough(&self) -> bool {
        self.candidate.score >= ENOUGH
            && self.known >= FEWEST_COLUMNS
            && self.asks_for_talks
            && self.is_answered
    }
}

/// What makes a column of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// What a label means, by the position of its column in the template.
    Field(usize, Field),
    /// A label that means nothing known.
    Header(String),
    /// A value without a label: rows below the beginning of its block, and its column.
    Unlabelled(bool, u32, u32),
}

/// A label with what it means here.
struct Asked<'l> {
    label: &'l Label,
    field: Option<Field>,
}

/// Holds a template against a sheet; `None` where its definition tells of no form, or no label of it is there.
pub(crate) fn lay_out<'t>(
    boxes: &Boxes<'_>,
    template: &'t TemplateDefinition,
    keys: &Keys,
    templates: &Templates,
) -> Option<FormFit<'t>> {
    let form = template.form.as_ref().filter(|form| form.has_records())?;
    let dictionary = Dictionary::new(keys, form);
    let found = labels(boxes, &dictionary);
    if !is_marked(template, &found.all) {
        return None;
    }
    let groups = group(boxes, &found.all, form);
    if groups.blocks.is_empty() {
        return None;
    }
    let mut filling = Filling {
        boxes,
        template,
        found: &found,
        used: vec![false; boxes.len()],
    };
    let (head, blocks) = filling.read(&groups);
    Some(filling.finish(&groups, head, blocks, templates))
}

fn is_marked(template: &TemplateDefinition, labels: &[Label]) -> bool {
    let marks: Vec<String> = template
        .marks
        .iter()
        .map(|mark| heading_key(mark))
        .collect();
    let has_mark = |label: &Label| marks.contains(&heading_key(&label.header));
    marks.is_empty() || labels.iter().any(has_mark)
}

/// What a block or the head says, by column.
type Values = BTreeMap<Key, FormValue>;

/// A block as it was filled in.
struct Block {
    row: u32,
    values: Values,
    talks: Vec<Talk>,
    log: Option<Key>,
}

struct Filling<'f, 's, 't> {
    boxes: &'f Boxes<'s>,
    template: &'t TemplateDefinition,
    found: &'f Labels,
    used: Vec<bool>,
}

impl<'t> Filling<'_, '_, 't> {
    fn key(&self, asked: &Asked<'_>) -> Key {
        match asked.field {
            Some(field) => self.key_of(field),
            None => Key::Header(asked.label.header.clone()),
        }
    }

    fn key_of(&self, field: Field) -> Key {
        let columns = &self.template.columns;
        let position = columns.iter().position(|column| column.field == field);
        Key::Field(position.unwrap_or(columns.len()), field)
    }

    /// Gives each label of a group the likeliest meaning that is still free, the surest first.
    fn resolve(&self, group: &[usize], taken: &HashSet<Field>) -> Vec<Asked<'_>> {
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
    fn value(&mut self, label: &Label, field: Option<Field>) -> FormValue {
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

    fn read(&mut self, groups: &Groups) -> (Values, Vec<Block>) {
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
            if let Some(block) = block.and_then(|block| blocks.get_mut(block)) {
                block.talks = talks(self.boxes, &area);
                block.log = Some(key);
            }
        }
        (head, blocks)
    }

    fn finish(
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
            } else if !self.counts_a_block(at) {
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

    /// `3` or `第三次` to the left of a block.
    fn counts_a_block(&self, at: usize) -> bool {
        let it = self.boxes.get(at);
        let mut rows = it.first.row..=it.last.row;
        let stands_left = rows.all(|row| {
            let labels = self.boxes.in_row(row).iter();
            let mut labels = labels.filter(|&&other| self.found.is_label[other]);
            labels.all(|&other| self.boxes.get(other).first.column > it.last.column)
        });
        stands_left && is_number(&self.boxes.value(at).display())
    }

    fn fit(
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
                .map(|column| templates.heading(column).to_owned())
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

#[derive(Default)]
struct Rest {
    unlabelled: Vec<usize>,
    skipped: Vec<SkippedRow>,
    has_more: bool,
}

/// A value above a flat table that holds for every row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeadValue {
    pub(crate) field: Field,
    pub(crate) strength: Strength,
    /// The label as the sheet spells it.
    pub(crate) header: String,
    /// Where the label stands.
    pub(crate) label: CellRef,
    pub(crate) value: FormValue,
}

/// The values above row `header_row` that a template has in its head, but for those that the table has itself.
pub(crate) fn head_values(
    sheet: &Sheet,
    template: &TemplateDefinition,
    keys: &Keys,
    header_row: u32,
    is_taken: impl Fn(Field) -> bool,
) -> Vec<HeadValue> {
    let Some(form) = template.form.as_ref().filter(|form| !form.head.is_empty()) else {
        return Vec::new();
    };
    let Some(boxes) = Boxes::in_rows(sheet, 0..header_row) else {
        return Vec::new();
    };
    let dictionary = Dictionary::new(keys, form);
    let found = head_labels(&boxes, &dictionary);
    let all: Vec<usize> = (0..found.all.len()).collect();
    let mut filling = Filling {
        boxes: &boxes,
        template,
        found: &found,
        used: vec![false; boxes.len()],
    };
    let asked: Vec<Option<Field>> = filling
        .resolve(&all, &HashSet::new())
        .iter()
        .map(|asked| asked.field)
        .collect();
    let mut values = Vec::new();
    for (label, field) in found.all.iter().zip(asked) {
        let Some(field) = field else { continue };
        let value = filling.value(label, Some(field));
        let meaning = label.meanings.iter().find(|(meant, _)| *meant == field);
        if let Some(&(_, strength)) = meaning.filter(|_| !is_taken(field)) {
            values.push(HeadValue {
                field,
                strength,
                header: label.header.clone(),
                label: boxes.get(label.at).first,
                value,
            });
        }
    }
    values
}
