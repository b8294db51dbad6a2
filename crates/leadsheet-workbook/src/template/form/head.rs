//! What stands above a flat table and holds for every row: 客户名称 and 联系方式 over the follow-ups of one customer.

use hashbrown::HashSet;
use leadsheet_core::{CellRef, Field};

use super::boxes::Boxes;
use super::filling::Filling;
use super::labels::head_labels;
use super::values::FormValue;
use super::words::Dictionary;
use crate::sheet::Sheet;
use crate::template::definition::{Keys, Strength, TemplateDefinition};

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
