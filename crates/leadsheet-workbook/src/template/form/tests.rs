//! Forms as other programs wrote them, against what was counted by hand in the scripts that made them.

use std::sync::LazyLock;

use leadsheet_core::{CellRange, CellRef, Column, Field, Ledger, SkipReason, ValueId};
use proptest::collection::vec;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::sheet::Sheet;
use crate::sheet::testing::sheet;
use crate::template::{Templates, recognise};
use crate::{OpenOptions, workbook_from_path};

fn ledger(file: &str, sheet: &str) -> Ledger {
    let path = format!("{}/../../fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
    let workbook = workbook_from_path(path.as_ref(), &OpenOptions::default()).unwrap();
    let book = workbook.into_book(file, &TEMPLATES);
    let found = book.sheets.into_iter().find(|it| it.name == sheet);
    found.unwrap().ledger.unwrap()
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::builtin);

fn ledger_of(sheet: Sheet) -> Option<Ledger> {
    let recognised = recognise(&sheet, &TEMPLATES);
    let form = recognised.form.as_ref()?;
    Some(super::extract(sheet, form))
}

/// A record: each value behind its cell, blank ones as `-`.
fn record(ledger: &Ledger, row: usize, fields: &[Field]) -> Vec<String> {
    let shown = |field: &Field| {
        let column = ledger.column(*field).unwrap();
        let value = ledger.value(row, column).display().replace('\n', "⏎");
        let value = if value.is_empty() { "-" } else { &value };
        format!("{} {value}", ledger.cell(row, column))
    };
    fields.iter().map(shown).collect()
}

fn skipped(ledger: &Ledger) -> Vec<(u32, SkipReason)> {
    let rows = ledger.skipped.iter();
    rows.map(|skipped| (skipped.row + 1, skipped.reason))
        .collect()
}

const BLOCK: [Field; 6] = [
    Field::Method,
    Field::Topic,
    Field::Summary,
    Field::Category,
    Field::Owner,
    Field::FollowUpDate,
];

#[test]
fn twelve_printed_blocks_of_which_five_are_filled_in() {
    let ledger = ledger("follow_up_form.xls", "跟进记录");
    assert_eq!(ledger.template, "follow-up-log");
    assert_eq!(ledger.sheet_rows(), [1, 5, 9, 13, 17]);
    let records: Vec<_> = (0..5).map(|row| record(&ledger, row, &BLOCK)).collect();
    assert_eq!(
        records[0],
        [
            "C2 电话跟进",
            "C3 预约看样板间",
            "C4 客户周末有空，想先了解套餐价格",
            "C5 意向客户",
            "G5 李雷",
            "I5 2024-05-20",
        ]
    );
    assert_eq!(
        records[1],
        [
            "C6 直接登门",
            "C7 上门量房",
            "C8 量完三室两厅⏎客户要两套方案",
            "C9 意向客户、优质潜在客户",
            "G9 韩梅",
            "I9 2024-05-27",
        ]
    );
    assert_eq!(
        records[2],
        [
            "C10 其他（托邻居带话）",
            "C11 送方案",
            "C12 放在物业",
            "C13 -",
            "G13 李雷",
            "I13 2024年6月日",
        ]
    );
    assert_eq!(
        records[3],
        [
            "C14 -",
            "C15 催定金",
            "C16 客户说再等等",
            "C17 准客户",
            "G17 韩梅",
            "I17 2025年2月30日",
        ]
    );
    assert_eq!(
        records[4],
        [
            "C18 网络对话",
            "C19 签合同",
            "C20 已付定金",
            "C21 准客户",
            "G21 李雷",
            "I21 2025-03-08",
        ]
    );
    let empty = [22, 26, 30, 34, 38, 42, 46].map(|row| (row, SkipReason::EmptyBlock));
    let expected: Vec<_> = empty
        .into_iter()
        .chain([50, 51].map(|row| (row, SkipReason::Foot)))
        .collect();
    assert_eq!(skipped(&ledger), expected);
    assert_eq!(ledger.unlabelled, [CellRef::new(18, 15)]);
}

#[test]
fn a_cell_of_a_form_keeps_what_it_holds_beside_what_it_says() {
    let ledger = ledger("follow_up_form.xls", "跟进记录");
    let stored = |row, field| {
        let column = ledger.column(field).unwrap();
        ledger.stored(row, column).display()
    };
    assert_eq!(
        stored(1, Field::Method),
        "?直接登门;□邀约登门;□电话跟进;□网络对话;□手机短信;□其他"
    );
    // The first of the three cells of the date.
    assert_eq!(stored(0, Field::FollowUpDate), "2024");
    assert_eq!(stored(0, Field::Owner), "李雷");
    // The value without a label is kept in a column without a heading, at its cell.
    let unknown: Vec<&Column> = ledger
        .columns()
        .iter()
        .filter(|it| it.field.is_none())
        .collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!(ledger.value(4, unknown[0]).display(), "客户很急");
    assert_eq!(ledger.cell(4, unknown[0]).to_string(), "P19");
}

#[test]
fn the_head_of_a_form_holds_for_every_record() {
    let ledger = ledger("follow_up_form_person.xls", "吴桐");
    assert_eq!(ledger.template, "follow-up-log");
    assert_eq!(ledger.sheet_rows(), [3, 7]);
    let head = [
        Field::Customer,
        Field::Source,
        Field::Phone,
        Field::JobTitle,
        Field::Remark,
    ];
    for row in 0..2 {
        assert_eq!(
            record(&ledger, row, &head),
            [
                "B2 吴桐",
                "D2 客户转介绍",
                "B3 13800000021",
                "D3 教师",
                "B16 五一前可签",
            ]
        );
    }
    assert_eq!(
        record(&ledger, 0, &BLOCK[..3]),
        ["B4 电话跟进", "B5 了解户型", "B6 婚房，预算二十万左右"]
    );
    assert_eq!(
        record(&ledger, 0, &BLOCK[4..]),
        ["A7 周岚", "A7 2025-03-01"]
    );
    // A text that names a label is no label.
    assert_eq!(
        record(&ledger, 1, &BLOCK[..3]),
        [
            "B8 邀约登门",
            "B9 看展厅",
            "B10 喜欢第二套，联系方式：仍用手机"
        ]
    );
    assert_eq!(
        record(&ledger, 1, &BLOCK[4..]),
        ["A11 周岚", "A11 2025-03-09"]
    );
    assert_eq!(skipped(&ledger), [(12, SkipReason::EmptyBlock)]);
    // 性别 is a label that no field has, 爱好 one that nobody listed.
    let others: Vec<_> = ledger
        .columns()
        .iter()
        .filter(|column| column.field.is_none())
        .map(|column| (column.header.as_str(), ledger.value(0, column).display()))
        .collect();
    assert_eq!(
        others,
        [("性别", "男".to_owned()), ("爱好", "钓鱼".to_owned())]
    );
    assert!(ledger.unlabelled.is_empty());
}

const TALK: [Field; 5] = [
    Field::Owner,
    Field::Phone,
    Field::Planner,
    Field::FollowUpDate,
    Field::Summary,
];

#[test]
fn each_line_of_a_record_area_that_has_a_date_is_a_talk() {
    let ledger = ledger("communication_record.xlsx", "尤亦辰");
    assert_eq!(ledger.template, "communication-record");
    assert_eq!(ledger.sheet_rows(), [5, 7, 8]);
    let head = ["B3 尤亦辰", "D3 13900000031", "D4 何苗"];
    for (row, talk) in [
        ["A6 2025-04-01", "A6 到店看场地，喜欢草坪⏎想请同学主持"],
        ["A8 4月9日", "A8 电话确认桌数二十桌"],
        ["A9 2025-04-20", "A9 交定金"],
    ]
    .into_iter()
    .enumerate()
    {
        let expected: Vec<_> = head.into_iter().chain(talk).collect();
        assert_eq!(record(&ledger, row, &TALK), expected);
    }
    assert_eq!(skipped(&ledger), [(11, SkipReason::Foot)]);
}

#[test]
fn one_cell_may_hold_a_whole_record_area() {
    let ledger = ledger("communication_record.xlsx", "沈越");
    let talks: Vec<_> = (0..ledger.len())
        .map(|row| record(&ledger, row, &TALK[3..]))
        .collect();
    assert_eq!(
        talks,
        [
            ["B5 5月6日", "B5 到店，想要室内"],
            ["B5 5月18日", "B5 看两家酒店⏎不要顶楼"],
            ["B5 2025-06-02", "B5 签合同"],
        ]
    );
    let summary = ledger.column(Field::Summary).unwrap();
    assert!(
        ledger
            .stored(1, summary)
            .display()
            .starts_with("05.06 到店")
    );
}

#[test]
fn a_form_that_nobody_filled_in_has_no_records() {
    let ledger = ledger("communication_record.xlsx", "空白");
    assert_eq!(ledger.len(), 0);
    assert_eq!(skipped(&ledger), [(5, SkipReason::EmptyBlock)]);
}

#[test]
fn what_stands_above_a_table_holds_for_every_row() {
    let head = [Field::Customer, Field::Contact, Field::Phone];
    let beside = ledger("customer_sheets.xlsx", "北屿云雀");
    assert_eq!(
        (beside.template.as_str(), beside.len()),
        ("follow-up-log", 3)
    );
    assert_eq!(beside.header_rows, [3]);
    for row in 0..3 {
        assert_eq!(
            record(&beside, row, &head),
            ["B2 北屿云雀建材商行", "D2 秦航", "F2 13600000051"]
        );
    }
    assert_eq!(
        record(&beside, 1, &BLOCK),
        [
            "B6 登门拜访",
            "C6 样品",
            "D6 定下浅灰",
            "E6 准客户",
            "F6 林柯",
            "A6 2025-03-17",
        ]
    );
    let inside = ledger("customer_sheets.xlsx", "鹿汀橡子");
    assert_eq!(inside.len(), 1);
    assert_eq!(
        record(&inside, 0, &head),
        ["A1 鹿汀橡子餐饮管理有限公司", "A2 姜航", "A2 13600000052"]
    );
    let customer = inside.column(Field::Customer).unwrap();
    assert_eq!(
        inside.stored(0, customer).display(),
        "客户名称：鹿汀橡子餐饮管理有限公司"
    );
}

#[test]
fn labels_may_stand_above_their_values() {
    let sheet = sheet(&[
        &["客户名称", "联系人", "联系方式", "信息来源"],
        &["北辰机电", "王敏", "13800000001", "展会"],
        &["跟进方式", "跟进主题", "跟进人", "跟进日期"],
        &["电话", "报价", "李雷", "2024-05-20"],
        &["跟进情况", "对方要三天后答复"],
    ]);
    let ledger = ledger_of(sheet).unwrap();
    let fields = [
        Field::Customer,
        Field::Contact,
        Field::Phone,
        Field::Source,
        Field::Method,
        Field::Topic,
        Field::Owner,
        Field::FollowUpDate,
        Field::Summary,
    ];
    assert_eq!(ledger.len(), 1);
    assert_eq!(
        record(&ledger, 0, &fields),
        [
            "A2 北辰机电",
            "B2 王敏",
            "C2 13800000001",
            "D2 展会",
            "A4 电话",
            "B4 报价",
            "C4 李雷",
            "D4 2024-05-20",
            "B5 对方要三天后答复",
        ]
    );
}

#[test]
fn the_number_of_a_block_is_nobodys_name_and_an_unwritten_talk_stands_beside_its_label() {
    let numbered = sheet(&[
        &["客户名称", "", "联系方式", "13800000001"],
        &["1", "跟进方式", "☑电话沟通 □其他", ""],
        &["", "跟进主题", "报价", ""],
        &["", "跟进情况", "对方要三天后答复", ""],
        &["", "跟进人", "李雷", ""],
        &["", "日期", "2024-05-20", ""],
        &["2", "跟进方式", "☑电话沟通 □其他", ""],
        &["", "跟进主题", "报价", ""],
        &["", "跟进情况", "同意", ""],
        &["", "跟进人", "李雷", ""],
        &["", "日期", "2024-05-23", ""],
    ]);
    let ledger = ledger_of(numbered).unwrap();
    assert_eq!(ledger.len(), 2);
    assert_eq!(
        record(&ledger, 0, &[Field::Customer, Field::Phone]),
        ["B1 -", "D1 13800000001"]
    );
    let talks = sheet(&[
        &["新人姓名", "王敏", "联系方式", "13800000001"],
        &["沟通时间", "2024-05-20", "策划师", "李雷"],
        &["沟通记录", "看场地", "", ""],
        &["沟通时间", "2024-05-23", "策划师", "李雷"],
        &["沟通记录", "", "", ""],
    ]);
    let ledger = ledger_of(talks).unwrap();
    let talk = |row| record(&ledger, row, &[Field::FollowUpDate, Field::Summary]);
    assert_eq!(talk(0), ["B2 2024-05-20", "B3 看场地"]);
    assert_eq!(talk(1), ["B4 2024-05-23", "B5 -"]);
}

#[test]
fn blocks_may_stand_beside_each_other_and_boxes_in_cells_of_their_own() {
    let sheet = sheet(&[
        &["客户名称", "北辰机电", "", "", "", "", "", ""],
        &[
            "跟进方式",
            "□登门",
            "☑电话",
            "□微信",
            "跟进方式",
            "□登门",
            "□电话",
            "☑微信",
        ],
        &["跟进情况", "约下周", "", "", "跟进情况", "发了彩页", "", ""],
        &[
            "跟进人",
            "李雷",
            "日期",
            "2024/5/20",
            "跟进人",
            "韩梅",
            "日期",
            "2024/5/27",
        ],
    ]);
    let ledger = ledger_of(sheet).unwrap();
    let fields = [
        Field::Customer,
        Field::Method,
        Field::Summary,
        Field::Owner,
        Field::FollowUpDate,
    ];
    let records: Vec<_> = (0..ledger.len())
        .map(|row| record(&ledger, row, &fields))
        .collect();
    assert_eq!(
        records,
        [
            [
                "B1 北辰机电",
                "B2 电话",
                "B3 约下周",
                "B4 李雷",
                "D4 2024/5/20"
            ],
            [
                "B1 北辰机电",
                "F2 微信",
                "F3 发了彩页",
                "F4 韩梅",
                "H4 2024/5/27"
            ],
        ]
    );
}

#[test]
fn a_way_of_following_up_is_no_label_though_it_names_a_column_elsewhere() {
    let sheet = sheet(&[
        &["客户名称", "北辰机电", "微信", "bc2024"],
        &["跟进方式", "微信"],
        &["跟进主题", "需求"],
        &["跟进情况", "发了彩页"],
        &["跟进人", "李雷", "日期", "2024-05-20"],
    ]);
    let ledger = ledger_of(sheet).unwrap();
    let fields = [Field::Wechat, Field::Method, Field::Topic];
    assert_eq!(
        record(&ledger, 0, &fields),
        ["D1 bc2024", "B2 微信", "B3 需求"]
    );
    assert!(ledger.column(Field::Need).is_none());
}

#[test]
fn sheets_that_explain_a_table_are_no_forms() {
    for explanation in [
        sheet(&[
            &["列", "是否必填", "填什么", "可以填的内容"],
            &["客户名称", "必填", "客户是谁", "文字"],
            &["联系方式", "必填", "怎样能找到", "手机 11 位"],
            &["跟进方式", "必填", "怎么联系的", "从下拉列表选"],
            &["跟进情况", "必填", "谈了什么", "文字"],
            &["跟进人", "必填", "由谁跟进", "文字"],
            &["跟进日期", "必填", "哪一天", "例如 2024-05-20"],
        ]),
        sheet(&[
            &["客户名称", "填企业全称"],
            &["联系方式", "手机或座机，几个之间用顿号隔开"],
            &["跟进方式", "从下拉列表里选"],
            &["跟进情况", "谈了什么，只写事实"],
            &["跟进人", "由谁跟进"],
            &["跟进日期", "按 2024-05-20 这样写"],
        ]),
    ] {
        assert!(ledger_of(explanation).is_none());
    }
}

#[test]
fn tables_are_no_forms() {
    for table in [
        sheet(&[
            &[
                "客户名称",
                "联系人",
                "联系方式",
                "跟进方式",
                "跟进情况",
                "跟进人",
                "跟进日期",
            ],
            &[
                "北辰机电",
                "王敏",
                "13800000001",
                "电话",
                "报价",
                "李雷",
                "2024-05-20",
            ],
        ]),
        sheet(&[
            &["客户名称", "联系人", "电话", "地址"],
            &["北辰机电", "王敏", "13800000001", "东区"],
            &["南汀贸易", "李娜", "13800000002", "西区"],
        ]),
        sheet(&[&["品名", "规格", "库存"], &["跟进方式", "M4", "100"]]),
        sheet(&[&[]]),
    ] {
        assert!(ledger_of(table).is_none());
    }
}

/// Whatever stands in a sheet: every filled cell is a label, a value or said to be neither; no cell is read twice as
/// a whole.
#[test]
fn forms_of_nonsense_are_read_without_a_slip() {
    let words = [
        "",
        "",
        "",
        "跟进方式",
        "跟进主题",
        "跟进情况",
        "客户类别",
        "跟进人",
        "日期",
        "姓名",
        "联系方式",
        "□电话;☑微信",
        "年",
        "月",
        "日",
        "2024",
        "5",
        "第二次",
        "跟进人：李雷 日期：2024年5月",
        "备注：",
        "签字：",
        "北辰机电",
        "沟通记录",
        "策划师",
        "新人姓名",
        "5.20 到店\n5.21 电话",
    ];
    let word = proptest::sample::select(words.to_vec());
    let rows = vec(vec(word, 1..7), 1..14);
    let merges = vec((0_u32..10, 0_u32..5, 0_u32..4, 0_u32..3), 0..3);
    let mut runner = TestRunner::deterministic();
    let mut forms = 0;
    for _ in 0..300 {
        let rows = rows.new_tree(&mut runner).unwrap().current();
        let merges = merges.new_tree(&mut runner).unwrap().current();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let mut sheet = sheet(&rows);
        for (row, column, down, right) in merges {
            let first = CellRef::new(row, column);
            let last = CellRef::new(row + down, column + right);
            sheet.merges.push(CellRange::new(first, last));
        }
        let Some(ledger) = ledger_of(sheet.clone()) else {
            continue;
        };
        forms += 1;
        for column in ledger.columns() {
            for row in 0..ledger.len() {
                let held = sheet.grid.get(ledger.cell(row, column));
                assert!(
                    column.id(row).is_empty() || held != ValueId::EMPTY,
                    "{rows:?}"
                );
            }
        }
    }
    assert!(forms > 10, "only {forms} forms");
}
