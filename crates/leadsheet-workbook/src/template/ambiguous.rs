//! Headings that may mean several things: what the group above them, the other columns, the values below them and the
//! team's own decision make of them.

use leadsheet_core::{CellRange, Field, Recognition};

use super::{Templates, recognise};
use crate::sheet::{Sheet, testing};

/// The meaning of each column, `-` for none.
fn fields_of(sheet: &Sheet, templates: &Templates) -> (String, Vec<u32>, Recognition) {
    let found = recognise(sheet, templates);
    let recognition = found.recognition;
    let layout = found
        .layout
        .unwrap_or_else(|| panic!("not recognised: {:?}", recognition.best));
    let keys = layout
        .columns
        .iter()
        .map(|column| column.field.map_or("-", Field::key));
    let rows = layout.group_row.into_iter().chain([layout.header_row]);
    (
        keys.collect::<Vec<_>>().join(" "),
        rows.collect(),
        recognition,
    )
}

fn fields(rows: &[&[&str]]) -> String {
    fields_of(&testing::sheet(rows), &Templates::builtin()).0
}

/// Meaning and reason of the heading in the column `at`, counted from 0.
fn decision(rows: &[&[&str]], at: u32) -> String {
    let (_, _, recognition) = fields_of(&testing::sheet(rows), &Templates::builtin());
    let decisions = recognition.decisions;
    let decision = decisions
        .iter()
        .find(|decision| decision.cell.column == at)
        .unwrap_or_else(|| panic!("nothing was weighed: {decisions:?}"));
    let field = decision.field.map_or("-", Field::key);
    format!("{field}: {}", decision.reason.message())
}

fn merged(rows: &[&[&str]], merges: &[&str]) -> Sheet {
    let merges = merges
        .iter()
        .map(|merge| merge.parse::<CellRange>().unwrap());
    Sheet {
        merges: merges.collect(),
        ..testing::sheet(rows)
    }
}

const GROUPS: [&str; 11] = [
    "客户基本信息",
    "",
    "",
    "跟单跟进信息",
    "",
    "",
    "订单信息",
    "",
    "",
    "客户反馈信息",
    "",
];
const COLUMNS: [&str; 11] = [
    "客户名称",
    "联系方式",
    "所在地区",
    "跟进时间",
    "跟进方式",
    "跟进内容",
    "订单编号",
    "订单金额",
    "订单状态",
    "满意度评价",
    "意见和建议",
];
const ORDER_FIELDS: &str = "customer phone region follow_up_date method summary order_no order_amount order_status satisfaction suggestion";

#[test]
fn two_heading_rows_are_one_heading() {
    let title = ["跟单客户管理表", "", "", "", "", "", "", "", "", "", ""];
    let sheet = merged(
        &[&title, &GROUPS, &COLUMNS],
        &["A1:K1", "A2:C2", "D2:F2", "G2:I2", "J2:K2"],
    );
    let (fields, rows, recognition) = fields_of(&sheet, &Templates::builtin());
    assert_eq!((fields.as_str(), rows), (ORDER_FIELDS, vec![1, 2]));
    let best = recognition.best.unwrap();
    assert_eq!(
        (best.template.as_str(), best.score),
        ("order-tracking", 1.0)
    );
    // Text files have no merged cells.
    let (fields, rows, _) = fields_of(
        &testing::sheet(&[&title, &GROUPS, &COLUMNS]),
        &Templates::builtin(),
    );
    assert_eq!((fields.as_str(), rows), (ORDER_FIELDS, vec![1, 2]));
}

#[test]
fn a_heading_as_tall_as_both_rows_stands_in_the_upper_one() {
    let upper = ["序号", "客户", "", "跟进信息", "", "", "备注"];
    let lower = ["", "客户名称", "联系方式", "日期", "方式", "内容", ""];
    let expected = "row_number customer phone follow_up_date method summary remark";
    let sheet = merged(&[&upper, &lower], &["A1:A2", "B1:C1", "D1:F1", "G1:G2"]);
    let (fields, rows, _) = fields_of(&sheet, &Templates::builtin());
    assert_eq!((fields.as_str(), rows), (expected, vec![0, 1]));
    let unmerged = testing::sheet(&[&upper, &lower]);
    assert_eq!(fields_of(&unmerged, &Templates::builtin()).0, expected);
}

#[test]
fn short_headings_are_told_apart_by_their_group() {
    let upper = [
        "客户信息",
        "",
        "",
        "跟进信息",
        "",
        "",
        "",
        "订单信息",
        "",
        "",
        "",
        "",
    ];
    let lower = [
        "名称",
        "电话",
        "负责人",
        "日期",
        "方式",
        "内容",
        "负责人",
        "编号",
        "日期",
        "金额",
        "状态",
        "交货日期",
    ];
    let sheet = merged(&[&upper, &lower], &["A1:C1", "D1:G1", "H1:L1"]);
    let (fields, _, recognition) = fields_of(&sheet, &Templates::builtin());
    assert_eq!(
        fields,
        "customer phone contact follow_up_date method summary owner order_no order_date order_amount order_status delivery_date"
    );
    let of_group = recognition
        .decisions
        .iter()
        .find(|decision| decision.cell.column == 8)
        .unwrap();
    assert_eq!(
        of_group.reason.message().to_string(),
        "decided-group group=订单信息"
    );
}

#[test]
fn a_group_may_stand_in_front_of_its_headings() {
    let row: Vec<String> = ["客户基本信息/", "跟单跟进信息-", "订单信息："]
        .iter()
        .zip([&COLUMNS[..3], &COLUMNS[3..6], &["日期", "金额", "状态"]])
        .flat_map(|(group, columns)| columns.iter().map(move |column| format!("{group}{column}")))
        .collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    assert_eq!(
        fields(&[&row]),
        "customer phone region follow_up_date method summary order_date order_amount order_status"
    );
}

#[test]
fn a_title_a_banner_and_a_note_are_no_groups() {
    let banner = [
        "查询日期（起）",
        "2020-02-01",
        "查询日期（止）",
        "2020-04-25",
        "成交户数统计",
        "10",
    ];
    let header = ["编号", "姓名", "跟进日期", "跟进方式", "跟进结果", "业务员"];
    let filled_in = ["填表人：李雷", "", "", "部门：销售一部", "", ""];
    for above in [&banner[..], &filled_in] {
        let sheet = merged(&[above, &header], &["A1:C1", "D1:F1"]);
        let (_, rows, _) = fields_of(&sheet, &Templates::builtin());
        assert_eq!(rows, [1], "{above:?}");
    }
    let title = ["客户跟进表", "", "", "", "", ""];
    let sheet = merged(&[&title, &header], &["A1:F1"]);
    assert_eq!(fields_of(&sheet, &Templates::builtin()).1, [1]);
}

#[test]
fn headings_in_two_languages_are_read() {
    let row = [
        "线索编号 Lead ID",
        "公司名称Company Name",
        "联系人\nContact",
        "电话(Phone)",
        "Follow-up Date / 跟进日期",
        "Method（跟进方式）",
        "沟通内容摘要 | Summary",
        "负责人 - Owner",
    ];
    assert_eq!(
        fields(&[&row]),
        "lead_id customer contact phone follow_up_date method summary owner"
    );
}

#[test]
fn a_templates_own_word_gives_way_to_values_that_say_otherwise() {
    let header = [
        "编号",
        "姓名",
        "跟进日期",
        "跟进方式",
        "跟进结果 Result",
        "业务员",
    ];
    let row = |result| ["A001", "王敏", "2024-05-20", "电话", result, "李雷"];
    let text = row("客户要再想想");
    assert_eq!(
        fields(&[&header, &text, &text]),
        "lead_id customer follow_up_date method feedback owner"
    );
    assert_eq!(
        fields(&[&header, &text]),
        "lead_id customer follow_up_date method result owner"
    );
    assert_eq!(
        fields(&[&header, &row("未成交"), &text]),
        "lead_id customer follow_up_date method result owner"
    );
    assert_eq!(
        decision(&[&header, &text, &text], 4),
        "feedback: decided-values-against field=result fit=0 of=2"
    );
}

#[test]
fn several_numbers_are_all_kept_as_numbers() {
    let with = |phones: &[&str]| {
        let mut row = vec!["线索编号", "客户名称", "跟进日期", "跟进方式"];
        row.extend(phones);
        let all = fields(&[&row]);
        all.split(' ').skip(4).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(with(&["手机"]), "phone");
    assert_eq!(with(&["手机", "电话"]), "mobile phone");
    assert_eq!(with(&["电话", "手机"]), "phone mobile");
    assert_eq!(
        with(&["联系方式", "手机号", "办公电话"]),
        "phone mobile landline"
    );
    assert_eq!(with(&["Phone", "Mobile"]), "phone mobile");
    assert_eq!(with(&["微信", "邮箱", "手机"]), "wechat email phone");
}

const LEAD: [&str; 7] = [
    "线索编号",
    "客户名称",
    "线索来源",
    "初始需求",
    "跟进日期",
    "下一步计划",
    "负责人",
];

fn with_values(heading: &str, values: &[&str]) -> Vec<Vec<String>> {
    let owned = |cells: &[&str], last: &str| {
        let cells = cells.iter().copied().chain([last]);
        cells.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut rows = vec![owned(&LEAD, heading)];
    for value in values {
        let data = [
            "ZH-20240520-001",
            "北辰机电",
            "官网注册",
            "排产",
            "2024-05-20",
            "再约",
            "李雷",
        ];
        rows.push(owned(&data, value));
    }
    rows
}

fn decided(heading: &str, values: &[&str]) -> String {
    let rows = with_values(heading, values);
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    decision(&rows, 7)
}

#[test]
fn values_decide_between_the_meanings_of_a_word() {
    for (heading, values, expected) in [
        (
            "跟进结果",
            &["成交", "未成交", "成交"][..],
            "result: decided-values field=result fit=3 of=3",
        ),
        (
            "跟进结果",
            &["客户要再想想", "约了下周演示", "不需要"],
            "feedback: decided-values-against field=result fit=0 of=3",
        ),
        (
            "跟进进度",
            &["45%", "100%", "20%"],
            "progress: decided-values field=progress fit=3 of=3",
        ),
        (
            "跟进进度",
            &["需求分析", "报价", "初步接触"],
            "sales_stage: decided-values field=sales_stage fit=3 of=3",
        ),
        (
            "状态",
            &["已发货", "生产中", "已完成"],
            "order_status: decided-values field=order_status fit=3 of=3",
        ),
        (
            "状态",
            &["在职", "离职", "在职"],
            "-: decided-values-against field=stage fit=0 of=3",
        ),
        (
            "编号",
            &["1", "2", "3"],
            "row_number: decided-values field=row_number fit=3 of=3",
        ),
        (
            "类型",
            &["电话", "微信", "拜访"],
            "method: decided-values field=method fit=3 of=3",
        ),
        (
            "类型",
            &["一般客户", "优质客户", "一般客户"],
            "customer_type: decided-values field=customer_type fit=3 of=3",
        ),
        (
            "客户类别",
            &["A", "B", "C"],
            "grade: decided-values field=grade fit=3 of=3",
        ),
        (
            "客户类别",
            &["准客户", "意向客户", "准客户"],
            "category: decided-values field=category fit=3 of=3",
        ),
    ] {
        assert_eq!(decided(heading, values), expected, "{heading} {values:?}");
    }
}

#[test]
fn other_columns_decide_who_is_meant() {
    let rest = ["跟进日期", "跟进方式", "沟通内容摘要"];
    let with = |names: &[&str]| {
        let row: Vec<&str> = names.iter().copied().chain(rest).collect();
        let all = fields(&[&row]);
        all.split(' ')
            .take(names.len())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(with(&["姓名"]), "customer");
    assert_eq!(with(&["姓名", "公司名称"]), "contact customer");
    assert_eq!(with(&["客户名称", "姓名"]), "customer contact");
    assert_eq!(with(&["客户姓名", "公司名称"]), "contact customer");
    assert_eq!(with(&["联系人", "姓名"]), "contact customer");
    assert_eq!(with(&["客户名称", "公司名称"]), "customer company");
    assert_eq!(
        decision(
            &[&["姓名", "公司名称", "跟进日期", "跟进方式", "沟通内容摘要"]],
            0
        ),
        "contact: decided-columns"
    );
}

#[test]
fn a_teams_decision_stands_over_everything() {
    let header = [
        "线索编号",
        "客户名称",
        "跟进日期",
        "跟进方式",
        "跟进结果",
        "负责人",
        "备注",
    ];
    let row = ["A001", "北辰", "2024-05-20", "电话", "成交", "李雷", ""];
    let sheet = testing::sheet(&[&header, &row]);
    let mut templates = Templates::builtin();
    assert!(fields_of(&sheet, &templates).0.contains("result"));
    templates.overrule(None, "跟进结果", Some(Field::Feedback));
    templates.overrule(None, "备注：", None);
    let (fields, _, recognition) = fields_of(&sheet, &templates);
    assert_eq!(
        fields,
        "lead_id customer follow_up_date method feedback owner -"
    );
    assert!(
        recognition
            .decisions
            .iter()
            .any(|decision| decision.reason == leadsheet_core::Reason::Team)
    );
    // A decision for one template goes before one for all.
    let name = recognition.best.unwrap().template;
    templates.overrule(Some(&name), "跟進結果", Some(Field::Summary));
    assert!(fields_of(&sheet, &templates).0.contains("summary"));
}
