//! The examples in the rules' documentation: the rule finds something in the one that fails, and nothing in the one that
//! passes.

use chrono::NaiveDate;
use leadsheet::{
    Book, BookSheet, Context, Field, LeadIdPattern, Ledger, LedgerBuilder, Policy, Rule, Selection,
    Value,
};

/// What the examples call the fields.
const HEADINGS: [(&str, Field); 45] = [
    ("线索编号", Field::LeadId),
    ("编号", Field::LeadId),
    ("客户名称", Field::Customer),
    ("姓名", Field::Customer),
    ("联系人", Field::Contact),
    ("联系方式", Field::Phone),
    ("邮箱", Field::Email),
    ("线索来源", Field::Source),
    ("线索等级", Field::Grade),
    ("客户类别", Field::Category),
    ("客户意向", Field::Intent),
    ("跟进日期", Field::FollowUpDate),
    ("跟进时间", Field::FollowUpDate),
    ("跟进方式", Field::Method),
    ("跟进进度", Field::Progress),
    ("跟进结果", Field::Result),
    ("沟通内容摘要", Field::Summary),
    ("跟进内容", Field::Summary),
    ("跟进记录", Field::Summary),
    ("下一步计划", Field::NextStep),
    ("计划跟进日期", Field::NextDate),
    ("下次联系时间", Field::NextDate),
    ("沟通重点", Field::PlanFocus),
    ("预期目标", Field::PlanGoal),
    ("负责人", Field::Owner),
    ("业务员", Field::Owner),
    ("跟进人", Field::Owner),
    ("当前状态", Field::Stage),
    ("状态变更原因", Field::StageReason),
    ("销售阶段", Field::SalesStage),
    ("成交日期", Field::ClosedDate),
    ("转化状态", Field::ConversionStatus),
    ("销售额", Field::SalesAmount),
    ("订单编号", Field::OrderNo),
    ("订单金额", Field::OrderAmount),
    ("订单日期", Field::OrderDate),
    ("交货日期", Field::DeliveryDate),
    ("订单状态", Field::OrderStatus),
    ("满意度评价", Field::Satisfaction),
    ("意见和建议", Field::Suggestion),
    ("录入时间", Field::RecordedAt),
    ("备注", Field::Remark),
    ("行业", Field::Industry),
    ("所在地区", Field::Region),
    ("公司名称", Field::Company),
];

/// Rules about columns, other rows or other workbooks than an example shows.
const NOT_OF_A_TABLE: [&str; 2] = ["R103", "L108"];

/// The table behind a heading of the documentation.
fn table(rule: &Rule, heading: &str) -> Ledger {
    let docs: Vec<&str> = rule.docs.lines().map(str::trim).collect();
    let begin = docs.iter().position(|line| *line == heading).unwrap();
    let lines = docs[begin + 1..].iter();
    let lines: Vec<Vec<&str>> = lines
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with('|') && !line.starts_with("|-"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
    builder.lead_id_pattern(LeadIdPattern::SourceDateNumber);
    if lines[0][0] == "编号" {
        builder.lead_id_pattern(LeadIdPattern::Free);
    }
    for heading in &lines[0] {
        let field = HEADINGS.iter().find(|(name, _)| name == heading);
        let field = field.unwrap_or_else(|| panic!("{rule:?}: {heading}")).1;
        if matches!(field, Field::LeadId | Field::Customer | Field::Method) {
            builder.required_column(heading, field);
        } else {
            builder.column(heading, Some(field));
        }
    }
    for line in &lines[1..] {
        let cells: Vec<String> = line
            .iter()
            .map(|cell| cell.trim_matches('`').to_owned())
            .collect();
        let values: Vec<Value<'_>> = cells.iter().map(|cell| value(rule, cell)).collect();
        builder.row(&values).unwrap();
    }
    builder.build()
}

/// What is spelled like a date or a number is one, as people type it.
fn value<'a>(rule: &Rule, cell: &'a str) -> Value<'a> {
    let number = cell.parse::<f64>().ok();
    let is_date = cell.len() == 10 && cell.as_bytes()[4] == b'-';
    match number {
        Some(value) if rule.code == "C604" && cell.contains('.') => Value::Number {
            value,
            format: "0.00",
        },
        _ if is_date => match cell.parse::<NaiveDate>() {
            Ok(date) => Value::Date {
                value: date.and_hms_opt(0, 0, 0).unwrap(),
                format: "yyyy-mm-dd",
            },
            Err(_) => Value::Text(cell),
        },
        _ => Value::Text(cell),
    }
}

/// How much a rule finds in a table, judged on a day shortly after those of the examples.
fn found(rule: &Rule, ledger: Ledger) -> usize {
    let book = Book {
        path: "例.xlsx".to_owned(),
        sheets: vec![BookSheet {
            visible: true,
            ledger: Some(ledger),
            ..BookSheet::default()
        }],
    };
    let context = Context {
        policy: &Policy::default(),
        today: "2025-07-01".parse().unwrap(),
    };
    let selection = Selection {
        select: vec![rule.code.to_owned()],
        ..Selection::default()
    };
    leadsheet::check(&context, &[book], &selection)
        .findings
        .len()
}

#[test]
fn each_rule_finds_its_example_that_fails_and_lets_its_example_that_passes() {
    let of_a_table = leadsheet::rules().filter(|rule| {
        let scope = &rule.code[..1];
        scope != "S" && scope != "W" && !NOT_OF_A_TABLE.contains(&rule.code)
    });
    let mut wrong = Vec::new();
    let mut judged = 0;
    for rule in of_a_table {
        judged += 1;
        if found(rule, table(rule, "## Example that fails")) == 0 {
            wrong.push(format!("{rule:?} finds nothing in the example that fails"));
        }
        if found(rule, table(rule, "## Example that passes")) > 0 {
            wrong.push(format!(
                "{rule:?} finds something in the example that passes"
            ));
        }
    }
    assert!(judged > 60);
    assert_eq!(wrong, Vec::<String>::new());
}
