//! A sheet that lists columns with what each of them means. It is laid out like a form, and is none.

use super::boxes::Boxes;
use crate::template::header::heading_key;

/// What stands above the names of the columns.
const ABOVE: [&str; 14] = [
    "列",
    "列名",
    "列名称",
    "表头",
    "字段",
    "字段名",
    "字段名称",
    "栏目",
    "栏目名称",
    "填写项",
    "填写项目",
    "column",
    "columnname",
    "field",
];
/// Names below it, at least, and headings in its row, itself among them.
const FEWEST_NAMES: usize = 3;
const FEWEST_HEADINGS: usize = 2;

/// Whether the sheet is such a list.
pub(crate) fn lists_columns(boxes: &Boxes<'_>) -> bool {
    let begins_list = |&position: &usize| {
        let is_heading = boxes
            .text(position)
            .is_some_and(|text| ABOVE.contains(&heading_key(text).as_str()));
        is_heading
            && boxes.in_row(boxes.get(position).first.row).len() >= FEWEST_HEADINGS
            && names_below(boxes, position) >= FEWEST_NAMES
    };
    (0..boxes.len()).any(|position| begins_list(&position))
}

fn names_below(boxes: &Boxes<'_>, heading: usize) -> usize {
    let names = std::iter::successors(boxes.below(heading), |&name| boxes.below(name));
    names
        .take(FEWEST_NAMES)
        .filter(|&name| boxes.text(name).is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use crate::sheet::testing::sheet;
    use crate::template::{Templates, recognise};

    #[test]
    fn a_list_of_columns_is_no_form() {
        let mut rows = vec![["填写说明", "", "", ""], ["列", "必填", "含义", "可填内容"]];
        let names = "线索编号 客户名称 线索来源 联系人 联系方式 线索等级 初始需求 跟进日期 跟进方式 沟通内容摘要 客户反馈 下一步计划 负责人";
        rows.extend(
            names
                .split(' ')
                .map(|name| [name, "必填", "填什么", "文字"]),
        );
        let templates = Templates::builtin();
        let found = |rows: &[[&str; 4]]| {
            let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
            recognise(&sheet(&rows), &templates).form.is_some()
        };
        assert!(!found(&rows));
        // Without the heading, too: nothing in it is a date, a number or a term.
        assert!(!found(&[&rows[..1], &rows[2..]].concat()));
    }
}
