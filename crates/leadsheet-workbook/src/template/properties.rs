//! For every template: its columns in any order, under any of their names, in either script, with anybody's decorations
//! and with columns of a team's own between them, are the same columns.

use std::sync::LazyLock;

use leadsheet_core::{CellRange, CellRef, Field, FieldKind};
use proptest::prelude::*;
use proptest::sample::Index;

use super::definition::{ColumnDefinition, Strength, TemplateDefinition, Templates};
use super::header::heading_key;
use super::recognise;
use crate::sheet::{Sheet, testing};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::builtin);

/// Simplified and Traditional of the characters in headings, as any dictionary has them.
const TRADITIONAL: &str = "线線 编編 号號 单單 户戶 称稱 来來 联聯 系繫 职職 务務 机機 级級 质質 评評 类類 别別 进進 时時 间間 沟溝 访訪 \
     内內 摘摘 记記 录錄 洽洽 谈談 馈饋 复復 绪緒 态態 与與 计計 划劃 动動 后後 续續 预預 负負 责責 销銷 员員 顾顧 问問 当當 状狀 阶階 变變 \
     关關 节節 点點 转轉 结結 签簽 约約 额額 业業 区區 属屬 标標 签籤 订訂 货貨 满滿 议議 买買 潜潛 备備 说說 话話 电電 邮郵 信信 户戶 \
     迁遷 达達 对對 应應 传傳 历歷 归歸 办辦 络絡 写寫 资資 连連 经經 团團";

fn traditional(text: &str) -> String {
    let to = |c: char| {
        let pair = TRADITIONAL
            .split_whitespace()
            .find(|pair| pair.starts_with(c));
        pair.and_then(|pair| pair.chars().nth(1)).unwrap_or(c)
    };
    text.chars().map(to).collect()
}

/// Columns that no template knows.
const STRANGERS: [&str; 6] = [
    "大区主管批注",
    "报价版本",
    "内部流水",
    "竞争对手",
    "Legacy key",
    "样品寄送",
];

const DECORATIONS: [&str; 10] = [
    "{}",
    "*{}",
    "{}：",
    "{}（必填）",
    "【选填】{}",
    " {} ",
    "{}(*)",
    "3、{}",
    "{}\n",
    "★{}",
];

/// The names under which a column is this column and no other one of the template.
fn names(
    templates: &Templates,
    template: &TemplateDefinition,
    column: &ColumnDefinition,
) -> Vec<String> {
    let (_, keys) = templates
        .with_keys()
        .find(|(known, _)| known.name == template.name)
        .unwrap();
    let sure = |name: &str| {
        let meanings = &keys[&heading_key(name)];
        let sure = meanings
            .iter()
            .filter(|meaning| meaning.strength <= Strength::Usual);
        let sure: Vec<_> = sure.collect();
        let is_own = sure
            .first()
            .is_some_and(|first| first.field == column.field && first.strength == Strength::Own);
        is_own || matches!(&sure[..], [only] if only.field == column.field)
    };
    let own = [templates.heading(column), templates.english(column)];
    let all = own.into_iter().chain(templates.synonyms(column));
    let names: Vec<&str> = all.filter(|name| sure(name)).collect();
    // A template that is known by its marks needs one of them.
    let is_mark = |name: &&str| {
        let mut marks = template.marks.iter();
        marks.any(|mark| heading_key(mark) == heading_key(name))
    };
    let marks: Vec<&str> = names.iter().copied().filter(is_mark).collect();
    let names = if marks.is_empty() { names } else { marks };
    names.into_iter().map(str::to_owned).collect()
}

fn value(field: Field) -> &'static str {
    match field.kind() {
        FieldKind::LeadId => "ZH-20240520-001",
        FieldKind::Date => "2024-05-20",
        FieldKind::Contact => "13800000001",
        FieldKind::Money => "1234.50",
        FieldKind::Percent => "45%",
        FieldKind::Term => match field {
            Field::Grade => "A",
            Field::Method => "电话",
            Field::Source => "行业展会",
            Field::Result => "未成交",
            Field::SalesStage => "报价",
            Field::OrderStatus => "已下单",
            Field::Category => "准客户",
            Field::CustomerType => "一般客户",
            Field::Intent => "有意向",
            Field::Satisfaction => "满意",
            Field::Milestone => "预算获批",
            _ => "潜在客户",
        },
        _ => "北辰机电",
    }
}

#[derive(Debug)]
struct Choices {
    order: Vec<Index>,
    names: Vec<Index>,
    decorations: Vec<Index>,
    strangers: Vec<(Index, Index)>,
    optional: Vec<bool>,
    is_traditional: bool,
    has_values: bool,
    is_grouped: bool,
}

fn choices() -> impl Strategy<Value = Choices> {
    let indexes = || prop::collection::vec(any::<Index>(), 32);
    (
        indexes(),
        indexes(),
        indexes(),
        prop::collection::vec(any::<(Index, Index)>(), 0..5),
        prop::collection::vec(any::<bool>(), 32),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(
                order,
                names,
                decorations,
                strangers,
                optional,
                is_traditional,
                has_values,
                is_grouped,
            )| Choices {
                order,
                names,
                decorations,
                strangers,
                optional,
                is_traditional,
                has_values,
                is_grouped,
            },
        )
}

/// A sheet of the template, and the field of each of its columns.
fn made(
    templates: &Templates,
    template: &TemplateDefinition,
    choices: &Choices,
) -> (Sheet, Vec<Option<Field>>) {
    let mut columns: Vec<&ColumnDefinition> = template
        .columns
        .iter()
        .zip(&choices.optional)
        .filter(|(column, keep)| !column.optional || **keep)
        .map(|(column, _)| column)
        .collect();
    for position in (1..columns.len()).rev() {
        columns.swap(position, choices.order[position].index(position + 1));
    }
    let is_grouped = choices.is_grouped && !template.groups.is_empty();
    if is_grouped {
        // The columns of a group stand together, whatever their order.
        columns.sort_by_key(|column| {
            let group = column.group.as_ref();
            template
                .groups
                .iter()
                .position(|known| group == Some(&known.name))
                .unwrap_or(usize::MAX)
        });
    }
    let mut heads: Vec<(String, Option<&ColumnDefinition>)> = Vec::new();
    for (nth, column) in columns.iter().enumerate() {
        let names = names(templates, template, column);
        let name = &names[choices.names[nth].index(names.len())];
        let name = if choices.is_traditional {
            traditional(name)
        } else {
            name.clone()
        };
        let decoration = DECORATIONS[choices.decorations[nth].index(DECORATIONS.len())];
        heads.push((decoration.replace("{}", &name), Some(column)));
    }
    for (nth, (which, place)) in choices.strangers.iter().enumerate() {
        let name = STRANGERS[which.index(STRANGERS.len())];
        let place = if is_grouped {
            heads.len()
        } else {
            place.index(heads.len() + 1)
        };
        heads.insert(place, (format!("{name}{nth}"), None));
    }
    let group_of =
        |column: Option<&ColumnDefinition>| column.and_then(|column| column.group.clone());
    let mut upper: Vec<String> = Vec::new();
    let mut lower: Vec<String> = Vec::new();
    let mut merges: Vec<CellRange> = Vec::new();
    for (index, (head, column)) in heads.iter().enumerate() {
        let at = |row| CellRef::new(row, index as u32);
        match group_of(*column).filter(|_| is_grouped) {
            Some(group) if index > 0 && group_of(heads[index - 1].1).as_ref() == Some(&group) => {
                upper.push(String::new());
                if let Some(merge) = merges.last_mut() {
                    merge.last.column = index as u32;
                }
                lower.push(head.clone());
            }
            Some(group) => {
                upper.push(group);
                lower.push(head.clone());
                merges.push(CellRange::new(at(0), at(0)));
            }
            None if is_grouped => {
                upper.push(head.clone());
                lower.push(String::new());
                merges.push(CellRange::new(at(0), at(1)));
            }
            None => lower.push(head.clone()),
        }
    }
    let values: Vec<String> = heads
        .iter()
        .map(|(_, column)| {
            column
                .map_or("随便", |column| value(column.field))
                .to_owned()
        })
        .collect();
    let mut rows = Vec::new();
    if is_grouped {
        rows.push(upper);
    }
    rows.push(lower);
    if choices.has_values {
        rows.push(values);
    }
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let sheet = Sheet {
        merges,
        ..testing::sheet(&rows)
    };
    let fields = heads
        .iter()
        .map(|(_, column)| column.map(|column| column.field));
    (sheet, fields.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_table_stays_what_it_is_however_it_is_written(choices in choices()) {
        for template in TEMPLATES.iter().filter(|template| !template.crm) {
            let (sheet, expected) = made(&TEMPLATES, template, &choices);
            let found = recognise(&sheet, &TEMPLATES);
            let best = found.recognition.best;
            let layout = found.layout;
            prop_assert!(layout.is_some(), "{}: {best:?}", template.name);
            let layout = layout.unwrap();
            prop_assert_eq!(&layout.template.name, &template.name);
            let fields: Vec<_> = layout.columns.iter().map(|column| column.field).collect();
            let heads: Vec<_> = layout.columns.iter().map(|column| &column.header).collect();
            prop_assert_eq!(fields, expected, "{:?}", heads);
        }
    }
}

#[test]
fn every_name_of_every_column_is_read() {
    let templates = Templates::builtin();
    let mut tried = 0;
    for template in templates.iter().filter(|template| !template.crm) {
        for (position, column) in template.columns.iter().enumerate() {
            for name in names(&templates, template, column) {
                let row: Vec<String> = template
                    .columns
                    .iter()
                    .enumerate()
                    .filter(|(other, column)| *other == position || !column.optional)
                    .map(|(other, column)| {
                        if other == position {
                            traditional(&name)
                        } else {
                            templates.heading(column).to_owned()
                        }
                    })
                    .collect();
                let row: Vec<&str> = row.iter().map(String::as_str).collect();
                let found = recognise(&testing::sheet(&[&row]), &templates);
                let layout = found
                    .layout
                    .unwrap_or_else(|| panic!("{}: {name}", template.name));
                let is_read = layout.columns.iter().any(|read| {
                    read.field == Some(column.field)
                        && heading_key(&read.header) == heading_key(&name)
                });
                assert!(is_read, "{}: {name} is no {}", template.name, column.field);
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "only {tried} names were tried");
}
