//! A sheet held against a template as a form: which labels it has, what stands beside them, which records that makes.

use leadsheet_core::{Candidate, CellRef, Field, SkippedRow};

use super::boxes::Boxes;
use super::filling::Filling;
use super::labels::{Label, labels};
use super::records::group;
use super::values::FormValue;
use super::words::Dictionary;
use crate::template::definition::{Keys, TemplateDefinition, Templates};
use crate::template::header::heading_key;

/// A form counts as recognised from this score on…
const ENOUGH: f64 = 0.45;
/// … with at least this many of the template's columns asked for.
pub(super) const FEWEST_COLUMNS: usize = 3;

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
    pub(super) asks_for_talks: bool,
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
