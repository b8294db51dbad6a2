//! Whole tables against the whole catalogue: what the samples of the sources and a lively desk must yield, and what
//! they must not.

use super::testing::{all_findings, table};
use crate::finding::Severity;
use crate::ledger::{BannerKind, LeadIdPattern, Ledger, LedgerBuilder, Value};
use crate::place::CellRef;
use crate::{Field, FieldKind};

/// The columns of a lead ledger, the optional ones behind.
const LEDGER: &str = "| lead_id* | customer* | source* | contact* | phone* | grade* | need* | 大区主管批注 \
    | follow_up_date* | method* | summary* | feedback* | next_step* | owner* | stage* | stage_reason | closed_date |";

fn errors_and_warnings(rows: &str) -> String {
    all_findings(table(&format!("{LEDGER}\n{rows}")), Severity::Warning)
}

/// The three rows that the lead ledger's source gives as its sample.
#[test]
fn the_sample_of_the_lead_ledger() {
    let rows = "
        | ZY-20240520-001 | XX科技有限公司 | 线上推广   | 王* | 138****5678 | A | 企业版CRM采购  | | =2024-05-20 | 电话 | 讲了主要功能 | 要看同行案例   | 5月22日送案例和报价单   | 李* | 意向客户 | | |
        | ZY-20240519-002 | YY贸易公司     | 行业展会   | 李* | 139****0002 | B | 定制的员工培训 | | =2024-05-19 |      | 给了培训方案 | 内部评估后答复 | 5月26日问内部讨论的结论 | 张* | 意向客户 | | |
        | ZY-20240518-003 | ZZ工作室       | 客户转介绍 | 赵* | 137****9876 | C | 品牌策划       | | =2024-05-18 | 邮件 | 介绍过往案例 | 有需要再谈     | 每月推送一次行业资讯   | 刘* | 潜在客户 | | |";
    insta::assert_snapshot!(errors_and_warnings(rows), @r"
    L107 A2 lead-id-prefix-shared
    L109 I2 overdue-planned
    R301 M2 vague-next-step-year-person
    L108 A3 lead-id-gap
    R102 J3 missing-value
    R301 M3 vague-next-step-year-person
    L108 A4 lead-id-gap-several
    R301 M4 vague-next-step-date-person
    ");
}

/// The statistics table of its source: fifteen customers, a stray row, and a banner that is right.
fn statistics(won_count: f64) -> Ledger {
    let mut builder = LedgerBuilder::new("跟进统计", "follow-up-statistics");
    builder.lead_id_pattern(LeadIdPattern::Free);
    for (heading, field) in [("编号", Field::LeadId), ("姓名", Field::Customer)] {
        builder.required_column(heading, field);
    }
    builder.column("客户类型", Some(Field::CustomerType));
    builder.required_column("跟进日期", Field::FollowUpDate);
    for (heading, field) in [
        ("跟进方式", Field::Method),
        ("跟进进度", Field::Progress),
        ("客户意向", Field::Intent),
        ("跟进结果", Field::Result),
        ("成交日期", Field::ClosedDate),
    ] {
        builder.column(heading, Some(field));
    }
    builder.required_column("业务员", Field::Owner);
    for (kind, column, value) in [
        (BannerKind::QueryFrom, 1, Value::Text("2020-02-01")),
        (BannerKind::QueryTo, 4, Value::Text("2020-04-25")),
        (
            BannerKind::WonCount,
            8,
            Value::Number {
                value: won_count,
                format: "",
            },
        ),
    ] {
        let cell = CellRef::new(1, column);
        builder.banner(kind, cell, value).unwrap();
    }
    for row in [
        "A001|客户1|一般客户|2020-02-01|现场跟进|45%|有意向徘徊犹豫|成交|2020-02-02|业务员1",
        "A002|客户2|优质客户|2020-03-02|微信|85%|有意向徘徊犹豫|成交|2020-03-02|业务员2",
        "A003|客户3|一般客户|2020-04-03|电话|65%|确定购买意向|成交|2020-04-04|业务员3",
        "A004|客户4|优质客户|2020-04-04|现场跟进|75%|确定购买意向|成交|2020-04-05|业务员4",
        "A005|客户5|一般客户|2020-04-05||95%|有意向徘徊犹豫|未成交|2020-04-06|业务员5",
        "A006|客户6|优质客户|2020-04-06||35%|确定购买意向|成交|2020-04-07|业务员6",
        "A007|客户7|一般客户|2020-04-07||25%|有意向徘徊犹豫|成交|2020-04-08|业务员7",
        "A008|客户8|超级VIP客户|2020-04-08||75%|有意向徘徊犹豫|成交|2020-04-09|业务员8",
        "A009|客户9|超级VIP客户|2020-04-09||88%|有意向徘徊犹豫|成交|2020-04-10|业务员9",
        "A010|客户10||2020-04-10||36%|确定购买意向|成交|2020-04-11|业务员10",
        "A011|客户11||2020-04-11||100%||未成交|2020-04-12|业务员11",
        "A012|客户12||2020-04-12||45%||成交|2020-04-13|业务员12",
        "A013|客户13||2020-04-13||45%|||2020-04-14|业务员13",
        "A014|客户14||2020-04-14||45%|||2020-04-15|业务员14",
        "A015|客户15||2020-04-15||45%|||2020-04-16|业务员15",
        "|||||45%||||业务员16",
    ] {
        let values: Vec<_> = row.split('|').map(Value::Text).collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

#[test]
fn the_sample_of_the_statistics_table() {
    insta::assert_snapshot!(all_findings(statistics(10.0), Severity::Info), @r"
    R201 I6 closing-date-on-lost
    R205 F12 full-progress-not-won-stated
    R201 I12 closing-date-on-lost
    R202 H14 closing-date-without-result
    R202 H15 closing-date-without-result
    R202 H16 closing-date-without-result
    R101 A17 row-without-customer
    ");
    let miscounted = all_findings(statistics(12.0), Severity::Info);
    assert!(miscounted.starts_with("W101 I2 banner-count-mismatch\n"));
}

/// Slips as a lively desk makes them, each among the rows that make it one.
#[test]
fn the_slips_of_a_lively_desk() {
    let rows = "
        | XS-20240114-001 | 云渡青枣机械商行 | 线上推广 | 尤亦辰 | 13600000014 | C | 报销与审批 | | =2024-01-14 | 电话 | 了解现状 | 可以发资料 | 2024-02-06前林柯寄案例 | 林柯 | 潜在客户 | | |
        | XS-20240114-001 | 砚湾半夏文具商行 | 线上推广 | 尤亦辰 | 13600000014 | C | 报销与审批 | | =2024-05-11 | 微信 | 发了彩页 | 可以发资料 | 2024-06-03前林柯寄案例 | 林柯 | 潜在客户 | | |
        | XS-20240108-001 | 砚湾晚风物流有限公司 | 线上推广 | 蒋晓 | 13600000018 | B | 客服热线 | | =2024-01-22 | 会议 | 项目立项 | 顺利 | 2024/2/5林柯开启动会 | 林柯 | 成交客户 | 成交：比价胜出 | =2024-01-22 |
        | XS-20240108-001 | 砚湾晚风物流有限公司 | 线上推广 | 蒋晓 | 13600000018 | B | 客服热线 | | =2024-05-30 | 网络对话 | 了解现状 | 年后再说 | 2024-06-28林柯电话回访 | 林柯 | 潜在客户 | | |
        | GW-20240518-001 | 青岬麦浪贸易集团 | 官网注册 | 沈敏 | 15000000001 | B | 销售软件 | | 2024年2月30日 | 视频 | 讨论周期 | 看现场 | 2024-06-10前周岚开通试用 | 周岚 | 意向客户 | | |
        | XS-20240231-001 | 鹿汀橡子餐饮管理有限公司 | 线上推广 | 姜航 | 13900000006 | C | 客服热线 | | =2024-05-03 | 手机短信 | 回访 | 没到期 | 2024-06-25前吴桐寄案例 | 吴桐 | 潜在客户 | | |
        | XS-20240220-001 | 青岬竹溪食品商行 | 线上推广 | 秦行之 | 13800000003 | B | 新员工培训 | | 3/4/2024 | 微信 | 初步报价 | 看现场 | 2024-06-12何苗约技术会 | 何苗 | 意向客户 | | |
        | ZH2024-0511-1 | 临溪知秋贸易商行 | 行业展会 | 秦航 | 15000000005 | C | 扫码出入库 | 排进周会 | =2024-05-11 | 电话 | 回访 | 不急 | 2024-06-03前林柯寄案例 | 林柯 | 潜在客户 | | |
        | GW-20240508-001 | 望川灯塔软件有限公司 | 官网注册 | 蒋航 | 1380000401 | C | 设备巡检 | | =2024-05-08 | 邮件 | 未排期 | 年后再说 | 2024年6月6日周岚电话回访 | 周岚 | 潜在客户 | | |
        | ZH-20240327-001 | 远汐星槎餐饮管理集团 | 行业展会 | 褚可 | 13600000011 | A | 小程序商城 | | =2024-04-10 | 会议 | 合同寄回 | 顺利 | 2024年4月15日前何苗寄发票 | 何苗 | 成交客户 | 成交：合同签署 | |
        | QT-20240515-001 | 云渡松果教育集团 | 其他 | 钱一凡 | 13800000008 | D | 新员工培训 | | =2024-05-15 | 微信 | 留了资料 | 要问领导 | 2024年6月22日前周岚寄案例 | 周岚 | 潜在客户 | | |
        | XS-20240510-001 | | 线上推广 | 陶亦辰 | 13900000009 | B | 销售软件 | | =2024-05-29 | 邮件 | 讨论周期 | 试用两周 | 何苗于2024-06-30前给正式报价 | 何苗 | 意向客户 | | |
        | ZJ-20240416-001 | 远汐木舟机械集团 | 客户转介绍 | 褚宁 | 13900000013 | B | 销售软件 | | =2024-04-28 | 会议 | 演示 | 可以 | 林柯2024-05-08看案例 | 林柯 | 高意向客户 | 高意向：预算确认 | |
        | ZJ-20240416-001 | 远汐木舟机械集团 | 客户转介绍 | 褚宁 | 13900000013 | B | 销售软件 | | =2024-05-28 | 邀约来访 | 看了案例 | 试用两周 | 林柯2024-06-19回访 | 林柯 | 意向客户 | | |
        | ZJ-20240506-001 | 北屿云雀医疗器械商行 | 客户转介绍 | 沈越 | 13600000012 | A | 官网改版 | | =2024-05-15 | 邀约来访 | 签约 | 顺利 | 2024-05-19周岚开启动会 | 周岚 | 成交客户 | 成交：比价胜出 | =2024-05-12 |
        | ZH-20240520-001 | 鹿汀竹溪软件商行 | 行业展汇 | 韩琳 | 13900000007 | B | 电子合同 | | =2024-05-29 | 邮件 | 讨论周期 | 内部讨论 | 2024-06-03前何苗开通试用 | 何苗 | 意向客户 | | |
        | GW-20240513-001 | 砚湾青枣物流集团 | 官网注册 | 魏可 | 18600000010 | B | 销售软件 | | =2024-05-29 | | 要试用账号 | 写明售后 | 陈砚于2024-06-03前给正式报价 | 陈砚 | 意向客户 | | |
        | GW-20240224-001 | 梧川晚风服饰有限公司 | 官网注册 | 陶沐 | 13600000015 | C | 车辆调度 | | =2024-05-24 | 电话 | 回访 | 可以 | 2024-06-27林柯发资料 | 林柯 | 潜在客户 | | |
        | QT-20240504-001 | 临溪晚风贸易集团 | 其他 | 陶越 | 13600000015 | C | 销售软件 | | =2024-05-24 | 网络对话 | 确认对接人 | 可以 | 林柯于2024-06-27发资料 | 林柯 | 潜在客户 | | |
        | ZH-20240409-001 | 远汐朝露机械有限公司 | 行业展会 | 孙宁 | 18600000019 | C | 官网改版 | | =2024-04-20 | 电话 | 不做了 | 选别家 | 林柯于2024-08-11发问候 | 林柯 | 流失客户 | 流失：预算取消 | |
        | ZH-20240409-001 | 远汐朝露机械有限公司 | 行业展会 | 孙宁 | 18600000019 | C | 官网改版 | | =2024-05-10 | 电话 | 不做了 | 选别家 | 林柯于2024-08-11发问候 | 林柯 | 流失客户 | 流失：预算取消 | |";
    insta::assert_snapshot!(errors_and_warnings(rows), @r"
    L101 B3 conflicting-customer
    L103 O5 stage-backwards
    C203 I6 impossible-date
    C302 A7 impossible-lead-id-date
    C202 I8 ambiguous-date
    C301 A9 malformed-lead-id
    C401 E10 bad-mobile
    L111 Q11 won-without-closing-date
    C501 F12 unknown-term
    R102 B13 missing-value
    L103 O15 stage-backwards
    L112 Q16 closed-before-follow-up
    C502 C17 undeclared-term-near
    R102 J18 missing-value
    L102 E20 shared-mobile
    L105 I22 active-after-lost
    ");
}

/// A handover with its note, a grade raised, a lead lost, a deal won: nothing to be ashamed of.
#[test]
fn a_ledger_in_good_order_is_clean() {
    let rows = "
        | ZH-20240501-001 | 北辰机电（北京）有限公司 | 行业展会 | 王敏 | 13800000001 | B | 客服热线10坐席 | | =2024-05-01 | 电话 | 了解现状 | 要问领导 | 2024-05-08前林柯寄案例 | 林柯 | 潜在客户 | | |
        | ZH-20240501-001 | 北辰机电有限公司 | 行业展会 | 王敏 | 13800000001 | A | 客服热线10坐席 | 继续跟 | =2024-05-08 | 登门拜访 | 演示 | 有兴趣 | 2024/5/10林柯给正式报价 | 林柯 | 意向客户 | 意向：主动要报价；等级B改A | |
        | ZH-20240501-001 | 北辰机电有限公司 | 行业展会 | 王敏 | 13800000001 | A | 客服热线10坐席 | | =2024-05-10 | 会议 | 合同双方盖章 | 尽快启动 | 2024年5月13日林柯开启动会 | 林柯 | 成交客户 | 成交：合同签署 | =2024-05-10 |
        | ZH-20240501-002 | 南汀贸易 | 展会 | 李雷 | li.lei@example.com | C | 官网改版 | | =2024-05-01 | 微信 | 回访 | 先看看 | 2024-06-20由林柯约见面时间 | 林柯 | 潜在客户 | | |
        | XS-20240502-001 | 临溪松果餐饮管理有限公司 | 线上推广 | 杨* | 139****0095 | B | 报销与审批 | | =2024-05-02 | 短信 | 发了彩页 | 不急 | 2024-05-09陈砚电话回访 | 陈砚 | 潜在客户 | | |
        | XS-20240502-001 | 临溪松果餐饮管理有限公司 | 线上推广 | 杨* | 139****0095 | B | 报销与审批 | | =2024-05-09 | 电话 | 结束洽谈 | 已选别家 | 节日问候 | 陈砚 | 流失客户 | 流失：竞品价低 | |";
    let ledger = table(&format!("{LEDGER}\n{rows}"));
    assert_eq!(all_findings(ledger, Severity::Info), "");
}

/// Reading a table must not depend on what stands in it: every kind of nonsense in every column at once.
#[test]
fn nonsense_is_found_and_breaks_nothing() {
    let headings: Vec<_> = Field::ALL.iter().map(|field| field.key()).collect();
    let nonsense = [
        "#N/A",
        "待定",
        "=-1e300",
        "＊",
        "由",
        "𠮷𠮷",
        "2024-02-30",
        "/",
        "=0.1",
        "a@",
    ];
    let row = |value: &str| format!("| {} |", vec![value; headings.len()].join(" | "));
    let rows: Vec<_> = nonsense.iter().map(|value| row(value)).collect();
    let found = all_findings(
        table(&format!(
            "| {} |\n{}",
            headings.join(" | "),
            rows.join("\n")
        )),
        Severity::Info,
    );
    let dates = Field::ALL
        .iter()
        .filter(|field| field.kind() == FieldKind::Date)
        .count();
    assert_eq!(found.matches("impossible-date").count(), dates);
    assert_eq!(found.matches("error-value").count(), headings.len());
}
