//! Recognising a sheet: which row is the heading, which template it is, what each column means.

use std::collections::HashSet;

use leadsheet_core::{
    BannerKind, Candidate, CellRef, Field, NearMiss, Recognition, Value, likeness,
};

use super::definition::{Keys, Meaning, TemplateDefinition, Templates};
use super::header::heading_key;
use crate::sheet::Sheet;

/// The heading is looked for in this many filled rows from the top.
const ROWS_SEARCHED: usize = 40;
/// Headings looked at in one row: a real table has fewer, a hostile one may have 16,384.
const COLUMNS_SEARCHED: usize = 512;
/// A table counts as recognised from this score on…
const ENOUGH: f64 = 0.5;
/// … with at least this many of the template's columns.
const FEWEST_COLUMNS: usize = 3;
/// How alike a heading must be to one that is missing, to be taken for it: one slip in four characters.
const NEAR: f64 = 0.75;

/// What was made of a sheet, and the layout of its table where there is one.
#[derive(Clone, Debug)]
pub struct Recognised<'t> {
    /// Templates, scores, what is missing.
    pub recognition: Recognition,
    /// Where the table stands.
    pub layout: Option<Layout<'t>>,
}

/// Where a recognised table stands in its sheet.
#[derive(Clone, Debug)]
pub struct Layout<'t> {
    /// The template.
    pub template: &'t TemplateDefinition,
    /// Row of the headings, counted from 0.
    pub header_row: u32,
    /// The columns under headings, from left to right.
    pub columns: Vec<LayoutColumn>,
    /// Labels above the table with the cell of their value.
    pub banner: Vec<(BannerKind, CellRef)>,
}

/// A column of a recognised table.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutColumn {
    /// Position in the sheet, counted from 0.
    pub index: u32,
    /// The heading as the sheet spells it.
    pub header: String,
    /// What it means, where that is known.
    pub field: Option<Field>,
    /// Whether the template wants a value in every row.
    pub required: bool,
}

struct Heading {
    cell: CellRef,
    text: String,
    key: String,
}

struct Fit<'t> {
    template: &'t TemplateDefinition,
    header_row: u32,
    score: f64,
    known: usize,
    meanings: Vec<Assigned>,
    near_misses: Vec<NearMiss>,
}

/// Recognises a sheet: tries every template on every row near the top and keeps the best.
pub fn recognise<'t>(sheet: &Sheet, templates: &'t Templates) -> Recognised<'t> {
    let rows = heading_rows(sheet);
    let mut best_of_each: Vec<Fit<'t>> = Vec::new();
    for (template, keys) in templates.with_keys() {
        let fits = rows.iter().map(|headings| {
            let meanings = assign(headings, keys);
            fit(template, templates, headings, meanings)
        });
        // The first of equals: a heading printed again further down is the same heading.
        if let Some(best) = fits.reduce(|best, fit| if fit.score > best.score { fit } else { best })
        {
            best_of_each.push(best);
        }
    }
    // A CRM's form is recognised or not; it is nothing that a team's own table should come near to.
    best_of_each.retain(|fit| !fit.template.crm || is_recognised(fit));
    best_of_each.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut fits = best_of_each.into_iter();
    let Some(best) = fits.next() else {
        return Recognised {
            recognition: Recognition::default(),
            layout: None,
        };
    };
    let runner_up = fits
        .next()
        .filter(|fit| fit.score > 0.0)
        .map(|fit| candidate(&fit, templates));
    let mut recognition = Recognition {
        best: None,
        runner_up,
        ..Recognition::default()
    };
    if best.score > 0.0 {
        recognition.best = Some(candidate(&best, templates));
    }
    if !is_recognised(&best) {
        return Recognised {
            recognition,
            layout: None,
        };
    }
    let headings = rows.iter().find(|headings| {
        headings
            .first()
            .is_some_and(|heading| heading.cell.row == best.header_row)
    });
    let headings = headings.map(Vec::as_slice).unwrap_or_default();
    let layout = lay_out(sheet, best, headings, &mut recognition);
    Recognised {
        recognition,
        layout: Some(layout),
    }
}

fn is_recognised(fit: &Fit<'_>) -> bool {
    fit.score >= ENOUGH && fit.known >= FEWEST_COLUMNS
}

/// The rows near the top that could be a heading: texts, at least two of them.
fn heading_rows(sheet: &Sheet) -> Vec<Vec<Heading>> {
    let mut filled: Vec<u32> = Vec::new();
    for column in 0..sheet.grid.width().min(COLUMNS_SEARCHED as u32) {
        filled.extend(
            sheet
                .grid
                .column(column)
                .take(ROWS_SEARCHED)
                .map(|(row, _)| row),
        );
    }
    filled.sort_unstable();
    filled.dedup();
    let headings = |row: u32| {
        let cells = (0..sheet.grid.width().min(COLUMNS_SEARCHED as u32))
            .map(|column| CellRef::new(row, column));
        let texts = cells.filter_map(|cell| match sheet.value(cell) {
            Value::Text(text) if !text.trim().is_empty() => Some(Heading {
                cell,
                text: text.to_owned(),
                key: heading_key(text),
            }),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    filled
        .into_iter()
        .take(ROWS_SEARCHED)
        .map(headings)
        .filter(|headings| headings.len() >= 2)
        .collect()
}

/// What a heading was taken for.
#[derive(Clone, Copy)]
enum Assigned {
    /// Nothing that is known.
    Unknown,
    /// This.
    Means(Meaning),
    /// Something that another column is already.
    Again(Field),
}

/// Gives each heading the likeliest meaning that is still free. The template's own words are served first: beside
/// 客户名称, 公司名称 is the company; alone, it is the customer.
fn assign(headings: &[Heading], keys: &Keys) -> Vec<Assigned> {
    let mut taken = HashSet::new();
    let mut assigned = vec![Assigned::Unknown; headings.len()];
    for own in [true, false] {
        for (heading, assigned) in headings.iter().zip(&mut assigned) {
            let Some(meanings) = keys.get(&heading.key) else {
                continue;
            };
            let Some(&first) = meanings.first().filter(|first| first.own == own) else {
                continue;
            };
            *assigned = match meanings
                .iter()
                .find(|meaning| !taken.contains(&meaning.field))
            {
                Some(&meaning) => Assigned::Means(meaning),
                None => Assigned::Again(first.field),
            };
            if let Assigned::Means(meaning) = assigned {
                taken.insert(meaning.field);
            }
        }
    }
    assigned
}

/// How well a row of headings fits a template: seven parts how many of the template's columns are there (its own
/// heading counts full, a synonym nine tenths, a near miss half), three parts how many of the row's headings are
/// known at all.
fn fit<'t>(
    template: &'t TemplateDefinition,
    templates: &Templates,
    headings: &[Heading],
    meanings: Vec<Assigned>,
) -> Fit<'t> {
    let regular = || template.columns.iter().filter(|column| !column.optional);
    let mut seen = HashSet::new();
    let mut weight = 0.0;
    let mut recognised = 0_usize;
    for assigned in &meanings {
        let Assigned::Means(meaning) = assigned else {
            continue;
        };
        seen.insert(meaning.field);
        recognised += 1;
        if regular().any(|column| column.field == meaning.field) {
            weight += if meaning.own { 1.0 } else { 0.9 };
        }
    }
    let mut known = regular()
        .filter(|column| seen.contains(&column.field))
        .count();
    let mut near_misses = Vec::new();
    // Slips are looked for only where the row is a heading of this template beyond doubt.
    if known >= FEWEST_COLUMNS {
        for (heading, _) in headings
            .iter()
            .zip(&meanings)
            .filter(|(_, assigned)| matches!(assigned, Assigned::Unknown))
        {
            let missing = regular().filter(|column| !seen.contains(&column.field));
            let likely = missing.map(|column| {
                let meant = templates.heading(column);
                (
                    likeness(&heading.key, &heading_key(meant)),
                    column.field,
                    meant,
                )
            });
            let Some((alike, field, meant)) = likely.max_by(|one, other| one.0.total_cmp(&other.0))
            else {
                break;
            };
            if alike >= NEAR {
                seen.insert(field);
                weight += 0.5;
                known += 1;
                recognised += 1;
                near_misses.push(NearMiss {
                    cell: heading.cell,
                    header: heading.text.clone(),
                    meant: meant.to_owned(),
                    field,
                });
            }
        }
    }
    let coverage = weight / regular().count().max(1) as f64;
    let precision = recognised as f64 / headings.len().max(1) as f64;
    let score = if known == 0 {
        0.0
    } else {
        0.7 * coverage + 0.3 * precision
    };
    let header_row = headings.first().map_or(0, |heading| heading.cell.row);
    Fit {
        template,
        header_row,
        score,
        known,
        meanings,
        near_misses,
    }
}

fn candidate(fit: &Fit<'_>, templates: &Templates) -> Candidate {
    let has = |field| {
        fit.meanings
            .iter()
            .any(|assigned| matches!(assigned, Assigned::Means(meaning) if meaning.field == field))
            || fit.near_misses.iter().any(|near| near.field == field)
    };
    let missing = fit
        .template
        .columns
        .iter()
        .filter(|column| column.required && !has(column.field));
    Candidate {
        template: fit.template.name.clone(),
        score: (fit.score * 1000.0).round() / 1000.0,
        missing: missing
            .map(|column| templates.heading(column).to_owned())
            .collect(),
    }
}

fn lay_out<'t>(
    sheet: &Sheet,
    fit: Fit<'t>,
    headings: &[Heading],
    recognition: &mut Recognition,
) -> Layout<'t> {
    let required = |field: Field| {
        fit.template
            .columns
            .iter()
            .any(|column| column.field == field && column.required)
    };
    let place_of = |field: Field| {
        let means = |assigned: &Assigned| matches!(assigned, Assigned::Means(meaning) if meaning.field == field);
        let position = fit.meanings.iter().position(means)?;
        headings.get(position).map(|heading| heading.cell)
    };
    let mut columns: Vec<LayoutColumn> = Vec::new();
    for (heading, assigned) in headings.iter().zip(&fit.meanings) {
        let near = fit
            .near_misses
            .iter()
            .find(|near| near.cell == heading.cell);
        let field = match assigned {
            Assigned::Means(meaning) => Some(meaning.field),
            Assigned::Unknown => near.map(|near| near.field),
            Assigned::Again(field) => {
                if let Some(first) = place_of(*field) {
                    recognition.duplicates.push((*field, heading.cell, first));
                }
                None
            }
        };
        columns.push(LayoutColumn {
            index: heading.cell.column,
            header: heading.text.clone(),
            field,
            required: field.is_some_and(required),
        });
    }
    recognition.near_misses = fit.near_misses;
    // Columns without a heading that hold something below it are kept like any other.
    for index in 0..sheet.grid.width() {
        let has_heading = columns.iter().any(|column| column.index == index);
        if !has_heading
            && sheet
                .grid
                .column(index)
                .any(|(row, _)| row > fit.header_row)
        {
            let header = sheet.value(CellRef::new(fit.header_row, index)).display();
            columns.push(LayoutColumn {
                index,
                header,
                field: None,
                required: false,
            });
        }
    }
    columns.sort_by_key(|column| column.index);
    let banner = banner(sheet, fit.template, fit.header_row);
    Layout {
        template: fit.template,
        header_row: fit.header_row,
        columns,
        banner,
    }
}

/// The labels above the heading, each with the cell of its value: the first filled cell to its right that is no
/// label itself, else the one below.
fn banner(
    sheet: &Sheet,
    template: &TemplateDefinition,
    header_row: u32,
) -> Vec<(BannerKind, CellRef)> {
    let kind_of = |cell: CellRef| {
        let key = heading_key(sheet.value(cell).as_text()?);
        let means = |label: &String| heading_key(label) == key;
        let found = template.banners.iter().find(|banner| {
            [&banner.label, &banner.english]
                .into_iter()
                .chain(&banner.synonyms)
                .any(means)
        });
        found.map(|banner| banner.kind)
    };
    let width = sheet.grid.width().min(COLUMNS_SEARCHED as u32);
    let mut found = Vec::new();
    for row in 0..header_row.min(ROWS_SEARCHED as u32) {
        for column in 0..width {
            let label = CellRef::new(row, column);
            let Some(kind) = kind_of(label) else { continue };
            let right = (column + 1..width)
                .map(|column| CellRef::new(row, column))
                .find(|&cell| !sheet.value(cell).is_blank());
            let value = right.filter(|&cell| kind_of(cell).is_none()).or_else(|| {
                let below = CellRef::new(row + 1, column);
                (row + 1 < header_row && !sheet.value(below).is_blank() && kind_of(below).is_none())
                    .then_some(below)
            });
            found.push((kind, value.unwrap_or(label)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::testing::sheet;

    fn recognised(rows: &[&[&str]]) -> (Option<String>, f64, Vec<String>) {
        let templates = Templates::builtin();
        let found = recognise(&sheet(rows), &templates);
        let best = found.recognition.best.unwrap();
        (
            found.layout.map(|layout| layout.template.name.clone()),
            best.score,
            best.missing,
        )
    }

    const LEDGER: [&str; 14] = [
        "线索编号",
        "客户名称",
        "线索来源",
        "联系人",
        "联系方式",
        "线索等级",
        "初始需求",
        "跟进日期",
        "跟进方式",
        "沟通内容摘要",
        "客户反馈",
        "下一步计划",
        "负责人",
        "当前状态",
    ];

    #[test]
    fn every_heading_of_a_template_in_its_place_is_a_perfect_fit() {
        assert_eq!(
            recognised(&[&LEDGER]),
            (Some("lead-ledger".into()), 1.0, vec![])
        );
    }

    #[test]
    fn traditional_shuffled_and_decorated_headings_are_the_same_headings() {
        let decorated: Vec<String> = LEDGER
            .iter()
            .rev()
            .map(|heading| format!("*{heading}："))
            .collect();
        let decorated: Vec<&str> = decorated.iter().map(String::as_str).collect();
        assert_eq!(recognised(&[&decorated]).0.as_deref(), Some("lead-ledger"));
        let traditional = [
            "線索編號",
            "客戶名稱",
            "線索來源",
            "聯繫人",
            "聯繫方式",
            "線索等級",
            "初始需求",
            "跟進日期",
            "跟進方式",
            "溝通內容摘要",
            "客戶反饋",
            "下一步計劃",
            "負責人",
            "當前狀態",
        ];
        assert!(recognised(&[&traditional]).1 > 0.999);
    }

    #[test]
    fn the_heading_is_found_below_title_and_note() {
        let templates = Templates::builtin();
        let sheet = sheet(&[
            &["2024年台账"],
            &["说明", "", "", "每次跟进记一行"],
            &LEDGER,
            &["ZH-20240520-001", "甲公司"],
        ]);
        let layout = recognise(&sheet, &templates).layout.unwrap();
        assert_eq!(layout.header_row, 2);
        assert_eq!(layout.columns[1].field, Some(Field::Customer));
    }

    #[test]
    fn a_slip_in_a_heading_is_taken_for_what_is_missing_and_said() {
        let templates = Templates::builtin();
        let mut headings = LEDGER;
        headings[7] = "跟进日其";
        let found = recognise(&sheet(&[&headings]), &templates);
        assert_eq!(found.recognition.near_misses.len(), 1);
        assert_eq!(found.recognition.near_misses[0].meant, "跟进日期");
        assert_eq!(
            found.layout.unwrap().columns[7].field,
            Some(Field::FollowUpDate)
        );
    }

    #[test]
    fn an_unrelated_table_is_not_forced_into_a_template() {
        let templates = Templates::builtin();
        let stock = sheet(&[
            &["品名", "规格", "库存", "备注"],
            &["螺丝", "M4", "100", ""],
        ]);
        let found = recognise(&stock, &templates);
        assert_eq!(found.recognition, Recognition::default());
        assert!(found.layout.is_none());
    }

    #[test]
    fn a_table_with_too_little_in_common_names_the_nearest_template_and_what_it_lacks() {
        let (name, _, missing) =
            recognised(&[&["客户名称", "联系电话", "收货地址", "发货日期", "物流公司"]]);
        assert_eq!(name, None);
        assert!(missing.contains(&"线索编号".to_owned()), "{missing:?}");
    }

    #[test]
    fn a_second_column_of_one_meaning_is_kept_as_unknown() {
        let templates = Templates::builtin();
        let mut headings = LEDGER.to_vec();
        headings.push("联系电话");
        let found = recognise(&sheet(&[&headings]), &templates);
        let duplicates = found.recognition.duplicates;
        assert_eq!(
            duplicates,
            [(Field::Phone, CellRef::new(0, 14), CellRef::new(0, 4))]
        );
        assert_eq!(found.layout.unwrap().columns[14].field, None);
    }

    #[test]
    fn a_company_is_the_customer_where_no_other_column_is() {
        let templates = Templates::builtin();
        let mut headings = LEDGER.to_vec();
        headings[1] = "公司名称";
        let fields = |headings: &[&str]| {
            let layout = recognise(&sheet(&[headings]), &templates).layout.unwrap();
            layout
                .columns
                .iter()
                .map(|column| column.field)
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(&headings)[1], Some(Field::Customer));
        headings.push("客户名称");
        assert_eq!(fields(&headings)[1], Some(Field::Company));
        assert_eq!(fields(&headings)[14], Some(Field::Customer));
    }

    #[test]
    fn the_banner_of_a_statistics_sheet_is_read() {
        let templates = Templates::builtin();
        let sheet = sheet(&[
            &["客户跟进记录统计表"],
            &[
                "查询日期（起）",
                "2020-02-01",
                "查询日期（止）",
                "2020-04-25",
                "成交户数统计",
                "",
                "10",
            ],
            &["跟 进 情 况 记 录"],
            &[
                "编号",
                "姓名",
                "客户类型",
                "跟进日期",
                "跟进方式",
                "跟进进度",
                "客户意向",
                "跟进结果",
                "成交日期",
                "业务员",
            ],
        ]);
        let layout = recognise(&sheet, &templates).layout.unwrap();
        assert_eq!(layout.template.name, "follow-up-statistics");
        assert_eq!(layout.header_row, 3);
        let cells: Vec<_> = layout
            .banner
            .iter()
            .map(|(kind, cell)| (*kind, cell.to_string()))
            .collect();
        let expected = [
            (BannerKind::QueryFrom, "B2"),
            (BannerKind::QueryTo, "D2"),
            (BannerKind::WonCount, "G2"),
        ];
        assert_eq!(cells, expected.map(|(kind, cell)| (kind, cell.to_owned())));
    }
}
