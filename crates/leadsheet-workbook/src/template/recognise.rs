//! Recognising a sheet: which row is the heading, which template it is, what each column means.

use leadsheet_core::{BannerKind, Candidate, CellRef, Field, Recognition};

use super::definition::{TemplateDefinition, Templates};
use super::fit::{Fit, fit};
use super::header::heading_key;
use super::heading_row::{COLUMNS_SEARCHED, HeadingRow, ROWS_SEARCHED, heading_rows};
use super::meaning::{Assigned, assign};
use crate::sheet::Sheet;

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
    /// Row of the headings, counted from 0; of two heading rows, the lower one.
    pub header_row: u32,
    /// The upper of two heading rows, which names groups of columns.
    pub group_row: Option<u32>,
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
    /// The group it stands under, as the sheet spells it.
    pub group: Option<String>,
    /// What it means, where that is known.
    pub field: Option<Field>,
    /// Whether the template wants a value in every row.
    pub required: bool,
}

/// Recognises a sheet: tries every template on every row near the top and keeps the best.
pub fn recognise<'t>(sheet: &Sheet, templates: &'t Templates) -> Recognised<'t> {
    let rows = heading_rows(sheet, templates);
    let mut best_of_each: Vec<(&HeadingRow, Fit<'t>)> = Vec::new();
    for (template, keys) in templates.with_keys() {
        let marks: Vec<String> = template
            .marks
            .iter()
            .map(|mark| heading_key(mark))
            .collect();
        let is_marked = |row: &&HeadingRow| {
            marks.is_empty()
                || row
                    .headings
                    .iter()
                    .any(|heading| marks.contains(&heading.key))
        };
        let fits = rows.iter().filter(is_marked).map(|row| {
            let meanings = assign(sheet, row, template, keys, templates);
            (row, fit(template, templates, &row.headings, meanings))
        });
        // The first of equals: a heading printed again further down is the same heading.
        let better = |best: (_, Fit<'t>), other: (_, Fit<'t>)| {
            if other.1.score > best.1.score {
                other
            } else {
                best
            }
        };
        best_of_each.extend(fits.reduce(better));
    }
    // A CRM's form is recognised or not; it is nothing that a team's own table should come near to.
    best_of_each.retain(|(_, fit)| !fit.template.crm || fit.is_enough());
    // A template that fits well enough comes before one that shares more words with a table of another kind.
    best_of_each.sort_by(|(_, one), (_, other)| {
        let order = |fit: &Fit<'_>| (fit.is_enough(), fit.score);
        let (one, other) = (order(one), order(other));
        other.0.cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    let mut fits = best_of_each.into_iter();
    let Some((row, best)) = fits.next() else {
        return Recognised {
            recognition: Recognition::default(),
            layout: None,
        };
    };
    let runner_up = fits
        .next()
        .filter(|(_, fit)| fit.score > 0.0)
        .map(|(_, fit)| candidate(&fit, templates));
    let mut recognition = Recognition {
        best: (best.score > 0.0).then(|| candidate(&best, templates)),
        runner_up,
        ..Recognition::default()
    };
    let layout = best
        .is_enough()
        .then(|| lay_out(sheet, best, row, &mut recognition));
    Recognised {
        recognition,
        layout,
    }
}

fn candidate(fit: &Fit<'_>, templates: &Templates) -> Candidate {
    let missing = fit
        .template
        .columns
        .iter()
        .filter(|column| column.required && !fit.has(column.field));
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
    row: &HeadingRow,
    recognition: &mut Recognition,
) -> Layout<'t> {
    let headings = &row.headings;
    let required = |field: Field| {
        fit.template
            .column(field)
            .is_some_and(|column| column.required)
    };
    let place_of = |field: Field| {
        let position = fit
            .meanings
            .assigned
            .iter()
            .position(|assigned| assigned.field() == Some(field))?;
        headings.get(position).map(|heading| heading.cell)
    };
    let mut columns: Vec<LayoutColumn> = Vec::new();
    for (heading, assigned) in headings.iter().zip(&fit.meanings.assigned) {
        let near = fit
            .near_misses
            .iter()
            .find(|near| near.cell == heading.cell);
        if let Assigned::Again(field) = *assigned
            && let Some(first) = place_of(field)
        {
            recognition.duplicates.push((field, heading.cell, first));
        }
        let field = assigned.field().or(near.map(|near| near.field));
        columns.push(LayoutColumn {
            index: heading.cell.column,
            header: heading.text.clone(),
            group: heading.group.clone(),
            field,
            required: field.is_some_and(required),
        });
    }
    recognition.near_misses = fit.near_misses;
    recognition.decisions = fit.meanings.decisions.into_iter().flatten().collect();
    // Columns without a heading that hold something below it are kept like any other.
    for index in 0..sheet.grid.width() {
        let has_heading = columns.iter().any(|column| column.index == index);
        if !has_heading && sheet.grid.column(index).any(|(filled, _)| filled > row.row) {
            columns.push(LayoutColumn {
                index,
                header: sheet.value(CellRef::new(row.row, index)).display(),
                group: None,
                field: None,
                required: false,
            });
        }
    }
    columns.sort_by_key(|column| column.index);
    Layout {
        template: fit.template,
        header_row: row.row,
        group_row: row.group_row,
        columns,
        banner: banner(sheet, fit.template, row.group_row.unwrap_or(row.row)),
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
    fn a_follow_up_log_and_a_communication_record_are_told_from_a_ledger() {
        let log = [
            "客户名称",
            "联系人",
            "联系方式",
            "跟进方式",
            "跟进主题",
            "跟进情况",
            "客户类别",
            "跟进人",
            "跟进日期",
        ];
        assert_eq!(
            recognised(&[&log]),
            (Some("follow-up-log".into()), 1.0, vec![])
        );
        let record = ["新人姓名", "联系方式", "沟通时间", "策划师", "沟通记录"];
        assert_eq!(
            recognised(&[&record]),
            (Some("communication-record".into()), 1.0, vec![])
        );
        // Half a ledger is still a ledger.
        let half = [
            "线索编号",
            "客户名称",
            "线索来源",
            "联系方式",
            "线索等级",
            "跟进日期",
            "跟进情况",
            "负责人",
            "当前状态",
        ];
        assert_eq!(recognised(&[&half]).0.as_deref(), Some("lead-ledger"));
        assert_eq!(recognised(&[&half[1..4]]).0, None);
    }

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
        assert!(found.layout.is_none());
        assert!(found.recognition.best.is_none_or(|best| best.score < 0.3));
    }

    #[test]
    fn a_table_with_too_little_in_common_names_the_nearest_template_and_what_it_lacks() {
        let (name, _, missing) =
            recognised(&[&["客户名称", "联系电话", "收货地址", "发货日期", "物流公司"]]);
        assert_eq!(name, None);
        assert!(missing.contains(&"跟进方式".to_owned()), "{missing:?}");
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
