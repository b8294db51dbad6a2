//! The columns of tables put together: each field once, each heading nobody knows once.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::input::{Input, InputColumn};
use crate::field::{Field, FieldKind};
use crate::text::compact_key;
use crate::value::unit_of_heading;
use crate::wording::Wording;

/// A column of the merged table.
#[derive(Debug)]
pub(super) struct UnitedColumn {
    pub(super) header: String,
    pub(super) field: Option<Field>,
    pub(super) required: bool,
    /// By input: which of its columns it is.
    pub(super) from: Vec<Option<usize>>,
}

/// What makes columns of several tables one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum ColumnKey {
    Field(Field),
    /// A heading that nobody knows, and which of several columns under that heading it is.
    Heading(String, usize),
}

/// The language that most files are in; of equals, that of an earlier merge, then Simplified.
pub(super) fn wording(inputs: &[Input]) -> Wording {
    let mut files: BTreeMap<Wording, (usize, bool)> = BTreeMap::new();
    for input in inputs {
        let (count, is_merged) = files.entry(input.wording).or_default();
        *count += input.files;
        *is_merged |= input.is_merged;
    }
    let most = files.into_iter().rev().max_by_key(|&(_, weight)| weight);
    most.map_or_else(Wording::default, |(wording, _)| wording)
}

/// The columns of all inputs, which come in the order in which they are to be asked: the first one's as they stand
/// there, those of the others behind the column that they stand behind there.
pub(super) fn united(inputs: &[Input], words: &ColumnWords<'_>) -> Vec<UnitedColumn> {
    let keys = keys(inputs);
    let mut order: Vec<&ColumnKey> = Vec::new();
    let mut known: HashSet<&ColumnKey> = HashSet::new();
    for keys in &keys {
        let mut behind = 0;
        for key in keys {
            if known.insert(key) {
                order.insert(behind, key);
                behind += 1;
            } else if let Some(at) = order.iter().position(|known| *known == key) {
                behind = at + 1;
            }
        }
    }
    put_behind_their_fields(&mut order, inputs, &keys);
    let positions: HashMap<&ColumnKey, usize> = (0..)
        .zip(&order)
        .map(|(position, key)| (*key, position))
        .collect();
    let mut columns: Vec<UnitedColumn> = order
        .iter()
        .map(|key| UnitedColumn {
            header: String::new(),
            field: match key {
                ColumnKey::Field(field) => Some(*field),
                ColumnKey::Heading(..) => None,
            },
            required: false,
            from: vec![None; inputs.len()],
        })
        .collect();
    for (position, (input, keys)) in inputs.iter().zip(&keys).enumerate() {
        for (from, key) in keys.iter().enumerate() {
            let column = &mut columns[positions[key]];
            column.from[position] = Some(from);
            column.required |= input.columns[from].required;
        }
    }
    for column in &mut columns {
        column.header = words.header(inputs, column);
    }
    words.tell_apart(&mut columns);
    columns
}

/// A column in another unit stands behind the one it would be: read again, the first is taken for it.
fn put_behind_their_fields<'k>(
    order: &mut Vec<&'k ColumnKey>,
    inputs: &[Input],
    keys: &'k [Vec<ColumnKey>],
) {
    for (input, keys) in inputs.iter().zip(keys) {
        for (column, key) in input.columns.iter().zip(keys) {
            let (Some(field), ColumnKey::Heading(..)) = (column.field, key) else {
                continue;
            };
            let own = order.iter().position(|known| *known == key);
            let field = ColumnKey::Field(field);
            let usual = order.iter().position(|known| **known == field);
            if let (Some(own), Some(usual)) = (own, usual)
                && own < usual
            {
                order[own..=usual].rotate_left(1);
            }
        }
    }
}

fn keys(inputs: &[Input]) -> Vec<Vec<ColumnKey>> {
    let units = units(inputs);
    let counts_alike = |column: &InputColumn, field: Field| {
        units
            .get(&field)
            .is_none_or(|unit| *unit == unit_of(column, field))
    };
    let mut meaning: HashMap<String, Field> = HashMap::new();
    for column in inputs.iter().flat_map(|input| &input.columns) {
        if let Some(field) = column.field.filter(|&field| counts_alike(column, field)) {
            meaning.entry(compact_key(&column.header)).or_insert(field);
        }
    }
    let of_input = |input: &Input| {
        let mut fields: HashSet<Field> = input
            .columns
            .iter()
            .filter_map(|column| column.field)
            .collect();
        let mut headings: HashMap<String, usize> = HashMap::new();
        let mut taken = HashSet::new();
        let key = |column: &InputColumn| {
            let heading = compact_key(&column.header);
            let known = column
                .field
                .filter(|&field| counts_alike(column, field) && taken.insert(field));
            // Its values alone did not tell what it is, those of the other files do.
            let field = known.or_else(|| {
                let field = *meaning.get(&heading)?;
                (column.field.is_none() && fields.insert(field)).then_some(field)
            });
            match field {
                Some(field) => ColumnKey::Field(field),
                None => {
                    let count = headings.entry(heading.clone()).or_default();
                    *count += 1;
                    ColumnKey::Heading(heading, *count)
                }
            }
        };
        input.columns.iter().map(key).collect()
    };
    inputs.iter().map(of_input).collect()
}

/// The unit that most files count a field in. Columns that count in another one are kept apart under their own
/// headings: 1.28 under 万元 is not 1.28 yuan.
fn units(inputs: &[Input]) -> HashMap<Field, u32> {
    let mut files: BTreeMap<(Field, u32), usize> = BTreeMap::new();
    for input in inputs {
        for column in &input.columns {
            if let Some(field) = column.field {
                *files.entry((field, unit_of(column, field))).or_default() += input.files;
            }
        }
    }
    let mut most: HashMap<Field, (u32, usize)> = HashMap::new();
    for ((field, unit), count) in files {
        let usual = most.entry(field).or_insert((unit, count));
        if count > usual.1 {
            *usual = (unit, count);
        }
    }
    let units = most.into_iter();
    units.map(|(field, (unit, _))| (field, unit)).collect()
}

/// What a heading says that its numbers count: ten thousands, per cents.
fn unit_of(column: &InputColumn, field: Field) -> u32 {
    match field.kind() {
        FieldKind::Money => unit_of_heading(&column.header),
        FieldKind::Percent => u32::from(compact_key(&column.header).contains('%')),
        _ => 0,
    }
}

/// How columns are called.
pub(super) struct ColumnWords<'w> {
    /// The language that most files are in.
    pub(super) wording: Wording,
    /// What a field is usually called in it.
    pub(super) usual: &'w dyn Fn(Field) -> Option<String>,
    /// What a heading means by itself.
    pub(super) meaning: &'w dyn Fn(&str) -> Option<Field>,
}

impl ColumnWords<'_> {
    /// The heading that most files of the language have; of equals, that of an earlier merge, then the usual one.
    /// Where no file of the language has the column, the usual heading in the language.
    fn header(&self, inputs: &[Input], column: &UnitedColumn) -> String {
        let usual = column.field.and_then(self.usual);
        let spelt = |wanted: Option<Wording>| {
            let mut spelt: BTreeMap<&str, (usize, bool, bool)> = BTreeMap::new();
            for (input, from) in inputs.iter().zip(&column.from) {
                let Some(from) = *from else { continue };
                if wanted.is_none_or(|wanted| wanted == input.wording) {
                    let header = input.columns[from].header.as_str();
                    let weight = spelt.entry(header).or_default();
                    weight.0 += input.files;
                    weight.1 |= input.is_merged;
                    weight.2 = usual.as_deref() == Some(header);
                }
            }
            let most = spelt.into_iter().rev().max_by_key(|&(_, weight)| weight);
            most.map(|(header, _)| header.to_owned())
        };
        let header = spelt(Some(self.wording))
            .or_else(|| usual.clone())
            .or_else(|| spelt(None))
            .unwrap_or_default();
        // 日期 under 订单信息 is 订单日期, and the group may not come along.
        let mut of_column = inputs.iter().zip(&column.from);
        let is_grouped = of_column.any(|(input, from)| input.is_grouped && from.is_some());
        match (column.field, usual) {
            (Some(field), Some(usual)) if is_grouped && (self.meaning)(&header) != Some(field) => {
                usual
            }
            _ => header,
        }
    }

    /// One word for two fields, which in one file meant this and in another that, is no heading for either.
    fn tell_apart(&self, columns: &mut [UnitedColumn]) {
        let mut given: HashMap<String, usize> = HashMap::new();
        for column in columns.iter() {
            *given.entry(compact_key(&column.header)).or_default() += 1;
        }
        for column in columns {
            if given[&compact_key(&column.header)] > 1
                && let Some(usual) = column.field.and_then(self.usual)
            {
                column.header = usual;
            }
        }
    }
}
