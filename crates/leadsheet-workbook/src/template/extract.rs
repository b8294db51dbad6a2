//! From a recognised sheet to a ledger: which rows are data, merged values carried down, columns taken out as they
//! stand.

use leadsheet_core::{
    Banner, CellRange, CellRef, Column, FieldKind, LeadIdPattern, Ledger, MAX_ROWS, SkipReason,
    SkippedRow, ValueId, compact_key, ticked,
};

use super::form::{HeadValue, take};
use super::header::is_hint;
use super::recognise::{Layout, LayoutColumn};
use crate::sheet::Sheet;

/// Rows below the heading that may say how to fill in.
const HINT_ROWS: u32 = 3;

/// Cells that merged ranges may fill in one sheet; beyond it a file is not a follow-up table but an attack.
const MERGE_BUDGET: u64 = 5_000_000;

/// Takes the table out of a sheet. The sheet's cells are used up: their memory becomes the ledger's.
pub(crate) fn extract(mut sheet: Sheet, layout: &Layout<'_>) -> Ledger {
    let first = layout.header_row + 1;
    let merges = carry_merged_values(&mut sheet, layout);
    let (rows, skipped) = data_rows(&sheet, layout);
    let last = rows.last().copied().unwrap_or(first);
    let in_table = |cell: &CellRef| cell.row >= first && cell.row <= last;
    let banner = layout
        .banner
        .iter()
        .map(|&(kind, cell)| Banner {
            kind,
            cell,
            value: sheet.grid.get(cell),
        })
        .collect();
    let mut columns = columns_of_head(&mut sheet, layout, rows.len());
    columns.extend(layout.columns.iter().map(|column| {
        let ids = sheet.grid.take_column(column.index, &rows);
        let mut taken = Column::new(column.index, column.header.clone(), column.field, ids);
        taken.required = column.required;
        if rows.len() > MAX_ROWS as usize {
            taken.settle();
        }
        taken
    }));
    let mut uncalculated = sheet.uncalculated;
    uncalculated.retain(in_table);
    let merges = merges
        .into_iter()
        .filter(|merge| rows.binary_search(&merge.first.row).is_ok())
        .collect();
    let mut ledger = Ledger::new(sheet.values, rows, columns);
    ledger.sheet = sheet.name;
    ledger.template.clone_from(&layout.template.name);
    ledger.lead_id_pattern = if ledger.numbers_its_own_way() {
        LeadIdPattern::Free
    } else {
        layout.template.lead_id
    };
    ledger.header_rows = layout
        .group_row
        .into_iter()
        .chain([layout.header_row])
        .collect();
    ledger.terms = layout.template.terms();
    ledger.outcome.clone_from(&layout.template.outcome);
    ledger.banner = banner;
    ledger.skipped = skipped;
    ledger.merges = merges;
    ledger.uncalculated = uncalculated;
    ledger.excuses = sheet.excuses;
    read_tick_boxes(&mut ledger);
    ledger.settle();
    ledger
}

/// What stands above the table and holds for every row, a column each.
fn columns_of_head(sheet: &mut Sheet, layout: &Layout<'_>, rows: usize) -> Vec<Column> {
    let column = |head: &HeadValue| {
        let taken = take(sheet, &head.value);
        let ids = vec![taken.value; rows];
        let mut column = Column::new(
            taken.cell.column,
            head.header.clone(),
            Some(head.field),
            ids,
        );
        if taken.value != taken.stored {
            column = column.stored_as(&vec![taken.stored; rows]);
        }
        let defined = layout.template.column(head.field);
        column.required = defined.is_some_and(|column| column.required);
        column.standing_in(taken.cell)
    };
    layout.head.iter().map(column).collect()
}

/// Beyond 4 GiB of text there is no room for what the boxes say, and they stay as they stand.
pub(super) fn read_tick_boxes(ledger: &mut Ledger) {
    let _ = ledger.read_tick_boxes();
}

/// Gives every cell that a merged range covers the value of its first cell, and lists the ranges that reach into
/// the data.
fn carry_merged_values(sheet: &mut Sheet, layout: &Layout<'_>) -> Vec<CellRange> {
    let height = sheet.grid.height();
    let width = sheet.grid.width();
    let mut budget = MERGE_BUDGET;
    let mut carried = Vec::new();
    for &merge in &sheet.merges {
        if merge.last.row <= layout.header_row || merge.first.row >= height {
            continue;
        }
        carried.push(merge);
        let value = sheet.grid.get(merge.first);
        if value.is_empty() {
            continue;
        }
        let last = CellRef::new(
            merge.last.row.min(height - 1),
            merge.last.column.min(width - 1),
        );
        for row in merge.first.row.max(layout.header_row + 1)..=last.row {
            for column in merge.first.column..=last.column {
                if budget == 0 {
                    return carried;
                }
                budget -= 1;
                let cell = CellRef::new(row, column);
                if sheet.grid.get(cell).is_empty() {
                    sheet.grid.set(cell, value);
                }
            }
        }
    }
    carried
}

/// The rows that are data, and those that are not, with the reason. Blank rows at the end are neither.
fn data_rows(sheet: &Sheet, layout: &Layout<'_>) -> (Vec<u32>, Vec<SkippedRow>) {
    let first = layout.header_row + 1;
    let height = sheet.grid.height();
    let rows = height.saturating_sub(first) as usize;
    // A number in front does not make a row: pre-printed tables number their empty rows.
    let counts_as_content = |column: &&LayoutColumn| {
        !matches!(
            column.field,
            Some(leadsheet_core::Field::RowNumber | leadsheet_core::Field::LeadId)
        )
    };
    let mut blank_texts = sheet.values.blank_texts();
    blank_texts.extend(untouched_boxes(sheet, layout));
    let mut filled = vec![0_u16; rows];
    for column in layout.columns.iter().filter(counts_as_content) {
        sheet
            .grid
            .count_filled(column.index, first, &mut filled, &blank_texts);
    }
    let sparse = (layout.columns.len() / 2).max(2) as u16;
    let mut hints_end = first + HINT_ROWS;
    let mut data = Vec::with_capacity(rows);
    let mut skipped = Vec::new();
    let mut blank = Vec::new();
    for (row, &filled) in (first..height).zip(&filled) {
        let reason = match filled {
            0 => {
                blank.push(SkippedRow {
                    row,
                    reason: SkipReason::Blank,
                });
                continue;
            }
            _ if row < hints_end && is_hints(sheet, layout, row) => Some(SkipReason::Hint),
            _ if row < hints_end && is_example(sheet, layout, row) => Some(SkipReason::Example),
            _ if repeats_header(sheet, layout, row) => Some(SkipReason::RepeatedHeader),
            filled if filled <= sparse => marked(sheet, layout, row, filled),
            _ => None,
        };
        skipped.append(&mut blank);
        if reason == Some(SkipReason::RepeatedHeader) {
            // What is printed above the heading is printed again with it.
            while let Some(&above) = data.last()
                && is_title(sheet, layout, above, row)
            {
                data.pop();
                skipped.push(SkippedRow {
                    row: above,
                    reason: SkipReason::RepeatedHeader,
                });
            }
        }
        match reason {
            Some(reason) => skipped.push(SkippedRow { row, reason }),
            None => {
                hints_end = row;
                data.push(row);
            }
        }
    }
    skipped.sort_unstable_by_key(|skipped| skipped.row);
    (data, skipped)
}

/// Whether a row above a heading that is printed again belongs to it: a title over several columns, or a line with little on
/// it (填表部门：… 填表人：…) with no data between it and the heading.
fn is_title(sheet: &Sheet, layout: &Layout<'_>, row: u32, heading: u32) -> bool {
    const TITLE_ROWS: u32 = 4;
    if heading - row > TITLE_ROWS {
        return false;
    }
    let spans = |merge: &&CellRange| {
        merge.first.row <= row && row <= merge.last.row && merge.first.column < merge.last.column
    };
    let covered: u32 = sheet
        .merges
        .iter()
        .filter(spans)
        .map(|merge| merge.last.column - merge.first.column + 1)
        .sum();
    let is_wide = covered as usize * 2 > layout.columns.len();
    let filled = layout.columns.iter().filter(|column| {
        let value = sheet.value(CellRef::new(row, column.index));
        !value.is_blank()
    });
    let filled: Vec<_> = filled.take(3).collect();
    // A row that says who it is about and nothing else has its name in the first columns; a line of a title tells what it
    // is by a colon.
    let is_line = || {
        let told = |column: &&LayoutColumn| {
            let value = sheet.value(CellRef::new(row, column.index));
            value
                .as_text()
                .is_some_and(|text| text.contains([':', '：']))
        };
        filled.len() < 3 && filled.iter().all(told)
    };
    is_wide || is_line()
}

/// Boxes that a pre-printed table has in its empty rows: what its last row holds, where nothing is ticked there.
fn untouched_boxes(sheet: &Sheet, layout: &Layout<'_>) -> Vec<ValueId> {
    let holds_terms = |column: &&LayoutColumn| {
        column
            .field
            .is_some_and(|field| field.kind() == FieldKind::Term)
    };
    let text = |id: ValueId| sheet.values.get(id).as_text();
    let mut untouched = Vec::new();
    for column in layout.columns.iter().filter(holds_terms) {
        let cells = || sheet.grid.column(column.index).map(|(_, id)| id);
        let printed = sheet.grid.last(column.index).and_then(text);
        if printed.and_then(ticked).is_some_and(|said| said.is_empty()) {
            untouched.extend(cells().filter(|&id| text(id) == printed));
        }
    }
    untouched
}

/// Whether a row right below the heading says how to fill the columns in: 必填, 格式：…, or a template's own note.
fn is_hints(sheet: &Sheet, layout: &Layout<'_>, row: u32) -> bool {
    let (mut hints, mut others) = (0, 0);
    for column in &layout.columns {
        let value = sheet.value(CellRef::new(row, column.index));
        let is_note = |text: &str| {
            let defined = column.field.and_then(|field| layout.template.column(field));
            defined.is_some_and(|column| column.note.as_deref() == Some(text.trim()))
        };
        match value.as_text() {
            Some(text) if is_hint(text) || is_note(text) => hints += 1,
            _ if value.is_blank() => {}
            _ => others += 1,
        }
    }
    // A date beside 必填 is an example of how to write one; a customer beside it is a customer.
    hints > 0 && hints >= 2 * others
}

/// Whether a row right below the heading is called an example, however full it is: 示例, 例：, `Example 1`.
fn is_example(sheet: &Sheet, layout: &Layout<'_>, row: u32) -> bool {
    const EXAMPLES: [&str; 7] = ["示例", "样例", "范例", "举例", "例", "example", "sample"];
    let cells = layout.columns.iter();
    let mut cells = cells.map(|column| sheet.value(CellRef::new(row, column.index)));
    let first = cells.find(|value| !value.is_blank());
    let Some(text) = first.and_then(|value| value.as_text().map(compact_key)) else {
        return false;
    };
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit() || [':', '行', ')'].contains(&c));
    EXAMPLES.contains(&name.trim_start_matches('('))
}

/// Whether a row is the heading again, or the row of groups above it.
fn repeats_header(sheet: &Sheet, layout: &Layout<'_>, row: u32) -> bool {
    let id_of = |row: u32, column: &LayoutColumn| sheet.grid.get(CellRef::new(row, column.index));
    let text_of = |row: u32, column: &LayoutColumn| sheet.values.get(id_of(row, column));
    let known = || {
        layout
            .columns
            .iter()
            .filter(|column| column.field.is_some())
    };
    let same = |column: &LayoutColumn| sheet.values.is_text(id_of(row, column), &column.header);
    let mut first_two = known();
    let first = first_two.next();
    // Numbers come first and are all different, the names behind them are nearer at hand.
    if first_two.next().is_some_and(same) && first.is_some_and(same) {
        return true;
    }
    let Some(group_row) = layout.group_row else {
        return false;
    };
    let mut groups = known().filter(|column| !text_of(group_row, column).is_blank());
    let same = |column: &LayoutColumn| text_of(row, column) == text_of(group_row, column);
    groups.next().is_some_and(same) && groups.next().is_some_and(same)
}

/// Whether a thinly filled row is a total, an example, or belongs to the foot of the sheet, by its first text.
fn marked(sheet: &Sheet, layout: &Layout<'_>, row: u32, filled: u16) -> Option<SkipReason> {
    const TOTALS: [&str; 6] = ["合计", "总计", "小计", "共计", "total", "subtotal"];
    const EXAMPLES: [&str; 4] = ["示例", "样例", "例:", "example"];
    const FEET: [&str; 16] = [
        "注:",
        "注意",
        "备注:",
        "说明",
        "填表说明",
        "填写说明",
        "制表",
        "填表人",
        "填表日期",
        "审核",
        "审批",
        "签字",
        "签名",
        "负责人签字",
        "客户代表:",
        "日期:",
    ];
    let cells = layout
        .columns
        .iter()
        .map(|column| sheet.value(CellRef::new(row, column.index)));
    let first = cells.into_iter().find(|value| !value.is_blank())?;
    let text = compact_key(first.as_text()?);
    let starts = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    if TOTALS
        .iter()
        .any(|mark| text.trim_end_matches([':', '数']) == *mark)
    {
        Some(SkipReason::Total)
    } else if starts(&EXAMPLES) {
        Some(SkipReason::Example)
    } else if starts(&FEET) && filled <= 3 {
        Some(SkipReason::Foot)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::testing::sheet;
    use crate::template::{Templates, recognise};
    use leadsheet_core::Field;

    const HEADER: [&str; 5] = ["编号", "客户名称", "跟进日期", "跟进方式", "负责人"];

    fn ledger(sheet: Sheet) -> Ledger {
        let templates = Templates::builtin();
        let layout = recognise(&sheet, &templates).layout.unwrap();
        extract(sheet, &layout)
    }

    fn with_header(rows: &[&[&str]]) -> Sheet {
        let mut all: Vec<&[&str]> = vec![&HEADER];
        all.extend(rows);
        let mut sheet = sheet(&all);
        sheet.name = "表".into();
        sheet
    }

    #[test]
    fn totals_feet_examples_and_numbered_empty_rows_are_no_data() {
        let ledger = ledger(with_header(&[
            &["示例：A000", "某公司", "", "", ""],
            &["A001", "甲", "2024-05-20", "电话", "李雷"],
            &["", "", "", "", ""],
            &HEADER,
            &["A002", "乙", "2024-05-21", "电话", "李雷"],
            &["合计", "2", "", "", ""],
            &["注：以上为五月", "", "", "", ""],
            &["A003", "", "", "", ""],
            &["A004", "", "", "", ""],
        ]));
        assert_eq!(ledger.sheet_rows(), [2, 5]);
        let skipped: Vec<_> = ledger
            .skipped
            .iter()
            .map(|skipped| (skipped.row, skipped.reason))
            .collect();
        assert_eq!(
            skipped,
            [
                (1, SkipReason::Example),
                (3, SkipReason::Blank),
                (4, SkipReason::RepeatedHeader),
                (6, SkipReason::Total),
            ]
        );
    }

    /// A customer may be called 样例商贸 and a row in the middle of the data belongs to it.
    #[test]
    fn a_full_row_below_the_heading_that_calls_itself_an_example_is_no_data() {
        for mark in ["示例", "例：", "（示例1）", "Example:", "范例"] {
            let ledger = ledger(with_header(&[
                &[mark, "某公司", "2024-05-01", "电话", "李雷"],
                &["样例商贸", "甲", "2024-05-20", "电话", "李雷"],
                &["示例", "乙", "2024-05-21", "电话", "李雷"],
            ]));
            assert_eq!(ledger.sheet_rows(), [2, 3], "{mark}");
        }
    }

    #[test]
    fn hints_below_the_heading_are_no_data() {
        let ledger = ledger(with_header(&[
            &["必填", "必填", "格式：2024-05-20", "下拉选择", "选填"],
            &["自动生成", "请填写企业全称", "2024-05-20", "例：电话", ""],
            &["A001", "甲", "2024-05-20", "电话", "李雷"],
            &["A002", "请选择科技", "2024-05-21", "电话", "李雷"],
            &["必填", "必填", "必填", "必填", "必填"],
        ]));
        assert_eq!(ledger.sheet_rows(), [3, 4, 5]);
        let skipped: Vec<_> = ledger
            .skipped
            .iter()
            .map(|skipped| skipped.reason)
            .collect();
        assert_eq!(skipped, [SkipReason::Hint, SkipReason::Hint]);
    }

    #[test]
    fn titles_are_printed_again_with_the_heading() {
        let row = ["A001", "甲", "2024-05-20", "电话", "李雷"];
        let mut sheet = with_header(&[
            &row,
            &["", "", "", "", ""],
            &["五月跟进记录", "", "", "", ""],
            &["部门：销售部", "", "", "填表人：周岚", ""],
            &HEADER,
            &row,
            &["A002", "乙", "", "", ""],
            &HEADER,
            &row,
        ]);
        sheet.merges = vec!["A4:E4".parse().unwrap()];
        let ledger = ledger(sheet);
        assert_eq!(ledger.sheet_rows(), [1, 6, 7, 9]);
        assert!(ledger.merges.is_empty());
        let skipped = ledger.skipped.iter().map(|skipped| skipped.row);
        assert_eq!(skipped.collect::<Vec<_>>(), [2, 3, 4, 5, 8]);
    }

    #[test]
    fn both_rows_of_a_heading_may_be_printed_again() {
        let groups = ["客户信息", "", "跟进信息", "", ""];
        let columns = ["客户名称", "联系方式", "跟进时间", "跟进方式", "跟进内容"];
        let row = ["甲", "13800000001", "2024-05-20", "电话", "谈价格"];
        let mut sheet = sheet(&[&groups, &columns, &row, &groups, &columns, &row]);
        sheet.merges = ["A1:B1", "C1:E1", "A4:B4", "C4:E4"]
            .map(|merge| merge.parse().unwrap())
            .into();
        let ledger = ledger(sheet);
        assert_eq!(ledger.header_rows, [0, 1]);
        assert_eq!(ledger.sheet_rows(), [2, 5]);
        assert!(ledger.merges.is_empty());
    }

    #[test]
    fn a_merged_value_is_carried_to_the_cells_it_covers() {
        let mut sheet = with_header(&[
            &["A001", "甲", "2024-05-20", "电话", "李雷"],
            &["", "", "2024-05-21", "微信", "李雷"],
        ]);
        sheet.merges = vec![
            "A2:A3".parse().unwrap(),
            "B2:B3".parse().unwrap(),
            "A1:B1".parse().unwrap(),
        ];
        let ledger = ledger(sheet);
        let customer = ledger.column(Field::Customer).unwrap();
        assert_eq!(ledger.value(1, customer).display(), "甲");
        assert_eq!(ledger.cell(1, customer).to_string(), "B3");
        assert_eq!(ledger.merges.len(), 2);
    }

    #[test]
    fn ticked_boxes_are_the_value_and_untouched_ones_make_no_row() {
        let boxes = "□登门拜访;□电话;□微信";
        let ledger = ledger(with_header(&[
            &["A001", "甲", "2024-05-20", "□登门拜访;☑电话;□微信", "李雷"],
            &["A002", "", "", boxes, ""],
            &["A003", "", "", boxes, ""],
        ]));
        assert_eq!(ledger.sheet_rows(), [1]);
        let method = ledger.column(Field::Method).unwrap();
        assert_eq!(ledger.value(0, method).display(), "电话");
        assert_eq!(ledger.stored(0, method).display(), "□登门拜访;☑电话;□微信");
    }

    #[test]
    fn a_column_without_a_heading_is_kept() {
        let ledger = ledger(with_header(&[&[
            "A001",
            "甲",
            "2024-05-20",
            "电话",
            "李雷",
            "手写备注",
        ]]));
        assert_eq!(ledger.columns().len(), 6);
        assert_eq!(ledger.value(0, &ledger.columns()[5]).display(), "手写备注");
        assert_eq!(ledger.columns()[5].field, None);
    }
}
