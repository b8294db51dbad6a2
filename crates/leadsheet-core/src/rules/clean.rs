//! A ledger of ten thousand rows that a careful desk keeps, and in which nothing at all may be found.

use chrono::{Days, NaiveDate, NaiveTime};

use super::testing::{all_findings, today};
use crate::field::Field;
use crate::finding::Severity;
use crate::ledger::{LeadIdPattern, Ledger, LedgerBuilder, Value};

const ROWS: usize = 10_000;

/// Words of which no two are nearly the same.
const PLACES: [&str; 20] = [
    "云渡", "临溪", "北屿", "南汀", "望川", "砚湾", "梧岭", "青岬", "鹿泽", "远汐", "松江", "白沙",
    "长风", "平湖", "栖霞", "兰亭", "石门", "金滩", "龙泉", "沙洲",
];
const GIVEN: [&str; 20] = [
    "禾木", "星槎", "拾光", "松果", "白鹭", "知秋", "听澜", "半夏", "青枣", "木舟", "云雀", "山葵",
    "麦浪", "竹溪", "灯塔", "橡子", "银杏", "朝露", "晚风", "石榴",
];
const TRADES: [&str; 10] = [
    "机械", "食品", "教育", "物流", "软件", "建材", "器械", "餐饮", "贸易", "服饰",
];
const SURNAMES: [&str; 15] = [
    "赵", "钱", "孙", "李", "郑", "王", "冯", "蒋", "韩", "杨", "朱", "秦", "许", "张", "孔",
];
const NAMES: [&str; 14] = [
    "敏", "一凡", "晓", "子墨", "航", "佳宁", "越", "思远", "琳", "亦辰", "沐", "可", "行之", "宁",
];
const SOURCES: [(&str, &str); 5] = [
    ("线上推广", "XS"),
    ("官网注册", "GW"),
    ("行业展会", "ZH"),
    ("客户转介绍", "ZJ"),
    ("其他", "QT"),
];
const OWNERS: [&str; 6] = ["周岚", "陈砚", "林柯", "吴桐", "何苗", "唐棠"];
const METHODS: [&str; 5] = ["电话", "登门拜访", "会议", "视频", "邀约来访"];
/// What becomes of a lead, follow-up by follow-up, and what is said of it then.
const COURSES: [&[(&str, &str)]; 4] = [
    &[("潜在客户", "介绍了产品，先看看资料")],
    &[("潜在客户", "了解现状"), ("意向客户", "演示，问了价格")],
    &[
        ("潜在客户", "了解现状"),
        ("意向客户", "演示"),
        ("流失客户", "已选别家"),
    ],
    &[
        ("潜在客户", "了解现状"),
        ("意向客户", "演示，提了三个问题"),
        ("高意向客户", "预算已批，决策人是总经理，时间定在七月"),
        ("成交客户", "合同双方盖章"),
    ],
];

fn ledger() -> Ledger {
    let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
    builder.lead_id_pattern(LeadIdPattern::SourceDateNumber);
    for (heading, field) in [
        ("线索编号", Field::LeadId),
        ("客户名称", Field::Customer),
        ("线索来源", Field::Source),
        ("联系人", Field::Contact),
        ("联系方式", Field::Phone),
        ("线索等级", Field::Grade),
        ("初始需求", Field::Need),
        ("跟进日期", Field::FollowUpDate),
        ("跟进方式", Field::Method),
        ("沟通内容摘要", Field::Summary),
        ("客户反馈", Field::Feedback),
        ("下一步计划", Field::NextStep),
        ("负责人", Field::Owner),
        ("当前状态", Field::Stage),
    ] {
        builder.required_column(heading, field);
    }
    builder.column("状态变更原因", Some(Field::StageReason));
    builder.column("成交日期", Some(Field::ClosedDate));
    builder.column("录入时间", Some(Field::RecordedAt));
    builder.column("大区主管批注", None);
    let (mut rows, mut lead) = (0, 0);
    while rows < ROWS {
        rows += add_lead(&mut builder, lead, ROWS - rows);
        lead += 1;
    }
    builder.build()
}

/// Adds the rows of a lead, so many at the most; says how many.
fn add_lead(builder: &mut LedgerBuilder, lead: usize, most: usize) -> usize {
    // Five leads a day, one of each source; the last of them come three weeks before the check.
    let came = NaiveDate::from_ymd_opt(2021, 1, 4).unwrap() + Days::new(lead as u64 / 5 % 1_200);
    let (source, prefix) = SOURCES[lead % 5];
    let id = format!("{prefix}-{}-{:03}", came.format("%Y%m%d"), lead / 6_000 + 1);
    // Every combination once.
    let customer = [
        PLACES[lead % 20],
        GIVEN[lead / 20 % 20],
        TRADES[lead / 400 % 10],
        "有限公司",
    ]
    .concat();
    let contact = [SURNAMES[lead % 15], NAMES[lead % 14]].concat();
    let phone = format!("138{lead:08}");
    let owner = OWNERS[lead % 6];
    let course = COURSES[lead % 4];
    for (step, (stage, summary)) in course.iter().take(most).enumerate() {
        let day = came + Days::new(step as u64);
        let date = |day: NaiveDate| Value::Date {
            value: day.and_time(NaiveTime::MIN),
            format: "yyyy-mm-dd",
        };
        let is_closed = matches!(*stage, "成交客户" | "流失客户");
        // A lead that is open has its next day, however long ago it came.
        let due = today() + Days::new(lead as u64 % 20);
        let plan = format!("{due}前{owner}电话回访");
        let reason = match *stage {
            "成交客户" => Value::Text("成交：合同签署"),
            "流失客户" => Value::Text("流失：预算取消"),
            _ => Value::Empty,
        };
        let closed = match *stage {
            "成交客户" => date(day),
            _ => Value::Empty,
        };
        builder
            .row(&[
                Value::Text(&id),
                Value::Text(&customer),
                Value::Text(source),
                Value::Text(&contact),
                Value::Text(&phone),
                Value::Text(["A", "B", "C"][lead % 3]),
                Value::Text("客服热线10坐席"),
                date(day),
                Value::Text(METHODS[(lead + step) % 5]),
                Value::Text(summary),
                Value::Text("有兴趣，内部讨论"),
                Value::Text(if is_closed { "节日问候" } else { &plan }),
                Value::Text(owner),
                Value::Text(stage),
                reason,
                closed,
                date(day),
                Value::Text(if lead.is_multiple_of(7) {
                    "继续跟"
                } else {
                    ""
                }),
            ])
            .unwrap();
    }
    course.len().min(most)
}

#[test]
fn nothing_is_found_in_ten_thousand_rows_in_good_order() {
    let ledger = ledger();
    assert_eq!(ledger.len(), ROWS);
    assert_eq!(all_findings(ledger, Severity::Info), "");
}
