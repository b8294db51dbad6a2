//! Recognising a sheet: which row is the heading, which template it is, what each column means.

use leadsheet_core::{BannerKind, Candidate, CellRef, Field, MissingColumn, Recognition};

use super::definition::{Keys, TemplateDefinition, Templates};
use super::evidence::Witnesses;
use super::fit::{FEWEST_COLUMNS, Fit, fit};
use super::form::{self, Boxes, FormFit, FormLayout, HeadValue};
use super::header::heading_key;
use super::heading_row::{COLUMNS_SEARCHED, Heading, HeadingRow, ROWS_SEARCHED, heading_rows};
use super::meaning::{Assigned, assign};
use crate::sheet::Sheet;

/// A table that fits so well is no form.
const BEYOND_DOUBT: f64 = 0.85;
/// A form must fit better than a table by more than this.
const DOUBT: f64 = 0.02;
/// What stands above a row is looked at where so many of its headings are the template's.
const FEWEST_BELOW_HEAD: usize = 3;

/// What was made of a sheet, and the layout of its table where there is one.
#[derive(Clone, Debug)]
pub struct Recognised<'t> {
    /// Templates, scores, what is missing.
    pub recognition: Recognition,
    /// Where the table stands.
    pub layout: Option<Layout<'t>>,
    /// Where the records stand, if the sheet is no table but a form.
    pub form: Option<FormLayout<'t>>,
}

impl<'t> Recognised<'t> {
    /// The template that the sheet was recognised as.
    pub fn template(&self) -> Option<&'t TemplateDefinition> {
        let of_form = self.form.as_ref().map(|form| form.template);
        self.layout
            .as_ref()
            .map(|layout| layout.template)
            .or(of_form)
    }
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
    /// Values above the table that hold for every row.
    pub(crate) head: Vec<HeadValue>,
}

impl Layout<'_> {
    /// The values above the table that hold for every row: their cell, their label, what they mean.
    pub fn head(&self) -> impl Iterator<Item = (CellRef, &str, Field)> {
        let values = self.head.iter();
        values.map(|head| (head.value.cell, head.header.as_str(), head.field))
    }

    /// The cells of those labels and values.
    pub(crate) fn head_cells(&self) -> impl Iterator<Item = CellRef> {
        let values = self.head.iter();
        values.flat_map(|head| [head.label, head.value.cell])
    }
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

/// Recognises a sheet: tries every template on every row near the top and keeps the best; where it is no flat table,
/// as a form.
pub fn recognise<'t>(sheet: &Sheet, templates: &'t Templates) -> Recognised<'t> {
    let (mut recognised, columns) = recognise_table(sheet, templates);
    let best = recognised.recognition.best.as_ref();
    let score = best.map_or(0.0, |best| best.score);
    let is_table = recognised.layout.is_some();
    let stands_alone = |layout: &Layout<'_>| layout.head.is_empty();
    if score >= BEYOND_DOUBT && recognised.layout.as_ref().is_some_and(stands_alone) {
        return recognised;
    }
    let Some(form) = recognise_form(sheet, templates) else {
        return recognised;
    };
    // In doubt the table: what stands above one is read all the same. A form must find labels beside those in the
    // table's heading.
    let is_better = if is_table {
        form.candidate.score > score + DOUBT && form.known > columns
    } else {
        form.candidate.score > score
    };
    if form.is_enough() && (!is_table || is_better) {
        recognised = Recognised {
            recognition: Recognition {
                runner_up: other_than(&form.candidate, &recognised.recognition),
                best: Some(form.candidate),
                ..Recognition::default()
            },
            layout: None,
            form: Some(form.layout),
        };
    } else if !is_table && is_better && form.is_answered {
        recognised.recognition.runner_up = other_than(&form.candidate, &recognised.recognition);
        recognised.recognition.best = Some(form.candidate);
    }
    recognised
}

/// The best that is another template.
fn other_than(best: &Candidate, recognition: &Recognition) -> Option<Candidate> {
    let others = recognition.best.iter().chain(&recognition.runner_up);
    let mut others = others.filter(|other| other.template != best.template && other.score > 0.0);
    others.next().cloned()
}

fn recognise_form<'t>(sheet: &Sheet, templates: &'t Templates) -> Option<FormFit<'t>> {
    let boxes = Boxes::of_form(sheet)?;
    let fits = templates
        .with_keys()
        .filter_map(|(template, keys)| form::lay_out(&boxes, template, keys, templates));
    // The first of equals.
    fits.reduce(|best, other| {
        let order = |fit: &FormFit<'_>| (fit.is_enough(), fit.candidate.score);
        if order(&other) > order(&best) {
            other
        } else {
            best
        }
    })
}

/// A template held against a row of headings, with what stands above them.
struct Held<'r, 't> {
    row: &'r HeadingRow,
    fit: Fit<'t>,
    head: Vec<HeadValue>,
}

/// Holds a template against a row of headings. Labels above it that the template has in its head count as headings.
fn hold<'r, 't>(
    witnesses: &Witnesses<'_>,
    row: &'r HeadingRow,
    template: &'t TemplateDefinition,
    keys: &Keys,
    templates: &Templates,
) -> Held<'r, 't> {
    let meanings = assign(witnesses, row, template, keys, templates);
    let alone = fit(template, templates, &row.headings, meanings);
    let top = row.group_row.unwrap_or(row.row);
    let head = if alone.known >= FEWEST_BELOW_HEAD {
        form::head_values(witnesses.sheet, template, keys, top, |field| {
            alone.has(field)
        })
    } else {
        Vec::new()
    };
    if head.is_empty() {
        return Held {
            row,
            fit: alone,
            head,
        };
    }
    let mut headings = row.headings.clone();
    let mut meanings = assign(witnesses, row, template, keys, templates);
    for value in &head {
        let key = heading_key(&value.header);
        let known = keys.get(&key).into_iter().flatten();
        let meaning = known.copied().find(|known| known.field == value.field);
        headings.push(Heading {
            cell: value.label,
            text: value.header.clone(),
            key,
            readings: Vec::new(),
            group: None,
        });
        meanings
            .assigned
            .push(meaning.map_or(Assigned::Unknown, Assigned::Means));
        meanings.decisions.push(None);
    }
    Held {
        row,
        fit: fit(template, templates, &headings, meanings),
        head,
    }
}

/// The rows that say as much as a third of what the most telling one says: rows of data name a method or a stage here
/// and there, and holding every template against each of them would cost more than reading the sheet.
fn worth_trying(mut rows: Vec<HeadingRow>, templates: &Templates) -> Vec<HeadingRow> {
    let known: Vec<usize> = rows.iter().map(|row| row.known(templates)).collect();
    let most = known.iter().copied().max().unwrap_or_default();
    if most < FEWEST_COLUMNS {
        return rows;
    }
    let mut known = known.into_iter();
    rows.retain(|_| known.next().is_some_and(|known| known * 3 >= most));
    rows
}

/// Recognises a flat table; also how many of its template's columns it has.
fn recognise_table<'t>(sheet: &Sheet, templates: &'t Templates) -> (Recognised<'t>, usize) {
    let rows = worth_trying(heading_rows(sheet, templates), templates);
    let witnesses = Witnesses::new(sheet);
    let mut best_of_each: Vec<Held<'_, 't>> = Vec::new();
    for (template, keys) in templates.with_keys() {
        let marks: Vec<String> = template
            .marks
            .iter()
            .map(|mark| heading_key(mark))
            .collect();
        let is_marked = |held: &Held<'_, 't>| {
            let headings = held.row.headings.iter();
            let head = held.head.iter().map(|value| heading_key(&value.header));
            marks.is_empty()
                || headings
                    .map(|heading| heading.key.clone())
                    .chain(head)
                    .any(|key| marks.contains(&key))
        };
        // A CRM's form is nearly all in its own words: no need to look at what others may mean in it.
        let is_worth_it = |row: &&HeadingRow| {
            !template.crm || row.in_words_of(template, keys, templates) >= FEWEST_COLUMNS
        };
        let fits = rows
            .iter()
            .filter(is_worth_it)
            .map(|row| hold(&witnesses, row, template, keys, templates))
            .filter(is_marked);
        // The first of equals: a heading printed again further down is the same heading.
        best_of_each.extend(fits.reduce(|best, other| {
            if other.fit.score > best.fit.score {
                other
            } else {
                best
            }
        }));
    }
    // A CRM's form is recognised or not; it is nothing that a team's own table should come near to.
    best_of_each.retain(|held| !held.fit.template.crm || held.fit.is_enough());
    // A template that fits well enough comes before one that shares more words with a table of another kind.
    best_of_each.sort_by(|one, other| {
        let order = |held: &Held<'_, '_>| (held.fit.is_enough(), held.fit.score);
        let (one, other) = (order(one), order(other));
        other.0.cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    let mut fits = best_of_each.into_iter();
    let Some(Held {
        row,
        fit: best,
        head,
    }) = fits.next()
    else {
        let nothing = Recognised {
            recognition: Recognition::default(),
            layout: None,
            form: None,
        };
        return (nothing, 0);
    };
    let columns = best.known;
    let runner_up = fits
        .next()
        .filter(|held| held.fit.score > 0.0)
        .map(|held| candidate(&held.fit, templates));
    let mut recognition = Recognition {
        best: (best.score > 0.0).then(|| candidate(&best, templates)),
        runner_up,
        ..Recognition::default()
    };
    let layout = best
        .is_enough()
        .then(|| lay_out(sheet, best, row, head, &mut recognition));
    let recognised = Recognised {
        recognition,
        layout,
        form: None,
    };
    (recognised, columns)
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
            .map(|column| MissingColumn {
                field: column.field,
                heading: templates.heading(column).to_owned(),
            })
            .collect(),
    }
}

fn lay_out<'t>(
    sheet: &Sheet,
    fit: Fit<'t>,
    row: &HeadingRow,
    head: Vec<HeadValue>,
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
        head,
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
            best.missing
                .into_iter()
                .map(|column| column.heading)
                .collect(),
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
