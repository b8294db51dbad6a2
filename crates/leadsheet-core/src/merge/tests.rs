//! Small tables in, the merged table and what is at odds out.

use proptest::prelude::*;

use super::{MergeOptions, MergedTable, Merger, OriginHeadings, RowOrder};
use crate::field::Field;
use crate::ledger::{LeadIdPattern, Ledger, LedgerBuilder, Value};
use crate::policy::Policy;
use crate::rules::testing::table;
use crate::wording::Wording;

fn headings() -> Vec<(Wording, OriginHeadings)> {
    let words = OriginHeadings {
        file: "来源文件".into(),
        sheet: "来源工作表".into(),
        row: "来源行".into(),
        copies: "另见于".into(),
    };
    Wording::ALL
        .map(|wording| (wording, words.clone()))
        .to_vec()
}

fn merged_as(tables: &[(&str, Ledger)], order: RowOrder, origins: bool) -> MergedTable {
    let mut merger = Merger::new(headings(), None);
    for (file, table) in tables {
        merger.add(file, table).unwrap();
    }
    let options = MergeOptions {
        policy: &Policy::default(),
        order,
        origins,
        heading: &|_, field, _| Some(field.key().to_owned()),
        meaning: &|_, _| None,
        sheet: &|template, _| template.to_owned(),
    };
    let mut tables = merger.finish(&options).unwrap();
    assert_eq!(tables.len(), 1);
    tables.remove(0)
}

fn merged(tables: &[(&str, &str)]) -> MergedTable {
    let tables: Vec<_> = tables
        .iter()
        .map(|(file, text)| (*file, table(text)))
        .collect();
    merged_as(&tables, RowOrder::Lead, true)
}

/// The table as lines, its heading first.
fn lines(ledger: &Ledger) -> Vec<String> {
    let heads = ledger.columns().iter().map(|column| column.header.clone());
    let rows = (0..ledger.len()).map(|row| {
        let cells = ledger.columns().iter();
        let cells: Vec<String> = cells
            .map(|column| ledger.value(row, column).display())
            .collect();
        cells.join(" | ")
    });
    [heads.collect::<Vec<_>>().join(" | ")]
        .into_iter()
        .chain(rows)
        .collect()
}

fn conflicts(tables: &[(&str, &str)]) -> Vec<String> {
    let merged = merged(tables);
    let side = |side: &super::ConflictSide| {
        let origin = &merged.origins[side.row];
        let cell = side
            .cell
            .map_or_else(|| "?".to_owned(), |cell| cell.to_string());
        format!("{} ({} {cell})", side.value, origin.file)
    };
    let line = |conflict: &super::Conflict| {
        format!(
            "{:?} {} {}: {} not {}, {:?}",
            conflict.kind,
            conflict.lead,
            conflict.field,
            side(&conflict.stands),
            side(&conflict.other),
            conflict.standing
        )
    };
    merged.conflicts.iter().map(line).collect()
}

const LI: &str = "
    | lead_id         | customer | contact | phone       | source   | grade | follow_up_date | owner | stage    |
    | ZH-20240520-001 | 北辰机电 | 王敏    | 13800000001 | 行业展会 | B     | =2024-05-20    | 李雷  | 潜在客户 |
    | ZH-20240520-001 | 北辰机电 | 王敏    | 13800000001 | 行业展会 | B     | =2024-05-24    | 李雷  | 意向客户 |
    | ZH-20240521-001 | 南汀贸易 | 赵磊    | 13800000002 | 行业展会 | A     | =2024-05-21    | 李雷  | 意向客户 |";

#[test]
fn follow_ups_of_one_lead_interleave_by_date_and_a_row_in_both_files_is_taken_once() {
    let han = "
        | lead_id         | customer | contact | phone       | source   | grade | follow_up_date | owner | stage    | 区域批注 |
        | ZH-20240521-001 | 南汀贸易 | 赵磊    | 13800000002 | 行业展会 | A     | =2024-05-21    | 李雷  | 意向客户 |          |
        | ZH-20240520-001 | 北辰机电 | 王敏    | 13800000001 | 行业展会 | B     | =2024-05-22    | 李雷  | 潜在客户 | 已约     |";
    let merged = merged(&[("李雷.xlsx", LI), ("韩梅.xlsx", han)]);
    insta::assert_snapshot!(lines(&merged.ledger).join("\n"), @r"
    lead_id | customer | contact | phone | source | grade | follow_up_date | owner | stage | 区域批注 | 来源文件 | 来源工作表 | 来源行 | 另见于
    ZH-20240520-001 | 北辰机电 | 王敏 | 13800000001 | 行业展会 | B | 2024-05-20 | 李雷 | 潜在客户 |  | 李雷.xlsx | 线索跟进 | 2 | 
    ZH-20240520-001 | 北辰机电 | 王敏 | 13800000001 | 行业展会 | B | 2024-05-22 | 李雷 | 潜在客户 | 已约 | 韩梅.xlsx | 线索跟进 | 3 | 
    ZH-20240520-001 | 北辰机电 | 王敏 | 13800000001 | 行业展会 | B | 2024-05-24 | 李雷 | 意向客户 |  | 李雷.xlsx | 线索跟进 | 3 | 
    ZH-20240521-001 | 南汀贸易 | 赵磊 | 13800000002 | 行业展会 | A | 2024-05-21 | 李雷 | 意向客户 |  | 李雷.xlsx | 线索跟进 | 4 | [韩梅.xlsx]线索跟进!2
    ");
    assert_eq!((merged.rows_in, merged.leads, merged.files), (5, 2, 2));
    assert_eq!(merged.conflicts, []);
}

#[test]
fn facts_that_two_files_tell_differently_are_listed_with_what_stands() {
    let han = "
        | lead_id         | customer | contact | phone       | source   | grade | follow_up_date | owner | stage    |
        | ZH-20240520-001 | 北辰机电 | 王敏    | 13800000009 | 线上推广 | A     | =2024-05-22    | 韩梅  | 高意向客户 |";
    // Source and grade by the first follow-up, owner, phone and stage by the latest (24 May, 李雷).
    insta::assert_snapshot!(conflicts(&[("韩梅.xlsx", han), ("李雷.xlsx", LI)]).join("\n"), @r"
    Fact ZH-20240520-001 source: 行业展会 (李雷.xlsx E2) not 线上推广 (韩梅.xlsx E2), First
    Fact ZH-20240520-001 grade: B (李雷.xlsx F2) not A (韩梅.xlsx F2), First
    Fact ZH-20240520-001 phone: 13800000001 (李雷.xlsx D3) not 13800000009 (韩梅.xlsx D2), Latest
    Fact ZH-20240520-001 owner: 李雷 (李雷.xlsx H3) not 韩梅 (韩梅.xlsx H2), Latest
    Fact ZH-20240520-001 stage: 意向客户 (李雷.xlsx I3) not 高意向客户 (韩梅.xlsx I2), Latest
    ");
}

#[test]
fn a_lead_that_goes_on_in_the_next_file_is_no_conflict_and_one_that_goes_back_is() {
    let june = |stage: &str| {
        format!(
            "| lead_id | customer | contact | phone | source | grade | follow_up_date | owner | stage |
            | ZH-20240520-001 | 北辰機電有限公司 | 王敏 | 138 0000 0001 | 展会 | B | =2024-06-03 | 李雷 | {stage} |"
        )
    };
    assert_eq!(
        conflicts(&[("五月.xlsx", LI), ("六月.xlsx", &june("成交客户"))]),
        [""; 0]
    );
    insta::assert_snapshot!(conflicts(&[("五月.xlsx", LI), ("六月.xlsx", &june("潜在客户"))]).join("\n"),
        @"Fact ZH-20240520-001 stage: 潜在客户 (六月.xlsx I2) not 意向客户 (五月.xlsx I3), Latest");
}

#[test]
fn of_facts_that_change_those_of_one_day_are_compared() {
    let one = "
        | lead_id         | customer | follow_up_date | category |
        | ZH-20240520-001 | 北辰机电 | =2024-05-20    | 意向客户 |
        | ZH-20240520-001 | 北辰机电 | =2024-05-24    | 准客户   |";
    let other = |category: &str| {
        format!(
            "| lead_id | customer | follow_up_date | category |\n| ZH-20240520-001 | 北辰机电 | =2024-05-22 | {category} |"
        )
    };
    assert_eq!(conflicts(&[("a", one), ("b", &other("意向客户"))]), [""; 0]);
    insta::assert_snapshot!(conflicts(&[("a", one), ("b", &other("一般潜在客户"))]).join("\n"),
        @"Fact ZH-20240520-001 category: 准客户 (a D3) not 一般潜在客户 (b D2), Latest");
}

#[test]
fn won_here_and_lost_there_is_a_conflict_whenever_it_was() {
    let one = "| lead_id | customer | follow_up_date | stage |
        | ZH-20240520-001 | 北辰机电 | =2024-05-20 | 流失客户 |";
    let other = "| lead_id | customer | follow_up_date | stage |
        | ZH-20240520-001 | 北辰机电 | =2024-06-20 | 成交客户 |";
    insta::assert_snapshot!(conflicts(&[("a", one), ("b", other)]).join("\n"),
        @"Outcome ZH-20240520-001 stage: 成交客户 (b D2) not 流失客户 (a D2), Latest");
}

#[test]
fn of_two_registrations_the_stronger_stands_then_the_earlier() {
    // S2 §4, by hand: 王先生 is no full name, so the later registration with name and phone stands; of 南汀贸易
    // both are complete, so the earlier one does; 远汐星槎 was lost before it came again, which is business as usual.
    let one = "
        | lead_id         | customer | contact | phone       | follow_up_date | stage    |
        | GW-20240501-001 | 北辰机电 | 王先生  | 13800000001 | =2024-05-01    | 意向客户 |
        | GW-20240501-002 | 南汀贸易 | 赵磊    | 13800000002 | =2024-05-01    | 意向客户 |
        | GW-20240501-003 | 远汐星槎 | 韩梅    | 13800000003 | =2024-05-01    | 流失客户 |";
    let other = "
        | lead_id         | customer         | contact | phone       | follow_up_date | stage    |
        | ZH-20240601-001 | 北辰机电有限公司 | 王敏    | 13800000001 | =2024-06-01    | 潜在客户 |
        | ZH-20240601-002 | 南汀贸易         | 赵磊    | 13800000002 | =2024-06-01    | 潜在客户 |
        | ZH-20240601-003 | 远汐星槎         | 韩梅    | 13800000003 | =2024-06-01    | 潜在客户 |";
    insta::assert_snapshot!(conflicts(&[("a", one), ("b", other)]).join("\n"), @r"
    RegisteredTwice GW-20240501-002 lead_id: GW-20240501-002 (a A3) not ZH-20240601-002 (b A3), Earlier
    RegisteredTwice ZH-20240601-001 lead_id: ZH-20240601-001 (b A2) not GW-20240501-001 (a A2), Stronger
    ");
}

#[test]
fn one_number_for_two_customers_is_told_and_the_complete_registration_stands() {
    let one = "
        | lead_id         | customer | contact | phone       | follow_up_date |
        | ZH-20240520-001 | 北辰机电 | 王女士  | 13800000001 | =2024-05-20    |";
    let other = "
        | lead_id         | customer | contact | phone       | follow_up_date |
        | ZH-20240520-001 | 南汀贸易 | 赵磊    | 13800000002 | =2024-05-21    |";
    insta::assert_snapshot!(conflicts(&[("a", one), ("b", other)]).join("\n"),
        @"Fact ZH-20240520-001 customer: 南汀贸易 (b B2) not 北辰机电 (a B2), Stronger");
}

#[test]
fn relatives_with_one_mobile_are_a_hint_and_masked_names_are_nobody() {
    let one = "| contact | phone |\n| 王敏 | 13600000015 |\n| 张* | 13600000016 |";
    let other = "| contact | phone |\n| 李雷 | 13600000015 |\n| 李* | 13600000016 |";
    let tables = [("a", one), ("b", other)];
    insta::assert_snapshot!(conflicts(&tables).join("\n"),
        @"SharedMobile 13600000015 contact: 王敏 (a A2) not 李雷 (b A2), Both");
    assert_eq!(merged(&tables).ledger.len(), 4);
}

#[test]
fn a_number_of_the_teams_own_is_one_lead_only_with_the_name() {
    let one = "| lead_id | customer | stage |\n| A001 | 北辰机电 | 意向客户 |\n| A002 | 南汀贸易 | 潜在客户 |";
    let other = "| lead_id | customer | stage |\n| A001 | 远汐星槎 | 潜在客户 |\n| A002 | 南汀贸易 | 意向客户 |";
    let tables = [("a", one), ("b", other)];
    insta::assert_snapshot!(conflicts(&tables).join("\n"), @r"
    SharedNumber A001 customer: 北辰机电 (a B2) not 远汐星槎 (b B2), Both
    Fact A002 stage: 意向客户 (b C3) not 潜在客户 (a C3), Order
    ");
    assert_eq!(merged(&tables).leads, 3);
}

#[test]
fn orders_are_compared_by_their_numbers() {
    let one = "
        | customer | phone       | order_no | order_amount | order_status |
        | 北辰机电 | 13800000001 | DD-001   | =1200.50     | 已下单       |
        | 北辰机电 | 13800000001 | DD-002   | =80          | 已下单       |";
    let other = "
        | customer | phone       | order_no | order_amount | order_status |
        | 北辰机电 | 13800000001 | DD-001   | =1250.50     | 已下单       |
        | 北辰机电 | 13800000001 | DD-003   | =99          | 已下单       |";
    insta::assert_snapshot!(conflicts(&[("a", one), ("b", other)]).join("\n"),
        @"Fact 北辰机电 order_amount: 1250.5 (b D2) not 1200.5 (a D2), Order");
}

#[test]
fn headings_and_order_of_columns_follow_the_tables() {
    let build = |heads: &[(&str, Option<Field>)], cells: &[&str]| {
        let mut builder = LedgerBuilder::new("表", "lead-ledger");
        builder.lead_id_pattern(LeadIdPattern::SourceDateNumber);
        for (header, field) in heads {
            builder.column(header, *field);
        }
        let values: Vec<_> = cells.iter().map(|cell| Value::Text(cell)).collect();
        builder.row(&values).unwrap();
        builder.build()
    };
    let (id, name) = (Some(Field::LeadId), Some(Field::Customer));
    let simplified = build(
        &[("线索编号", id), ("批注", None), ("客户", name)],
        &["A1", "x", "甲"],
    );
    let again = build(
        &[("线索编号", id), ("客户", name), ("预算", None)],
        &["A2", "乙", "9"],
    );
    let traditional = build(
        &[("線索編號", id), ("客戶名稱", name), ("批註", None)],
        &["A3", "丙", "y"],
    );
    let tables = [("a", simplified), ("b", again), ("c", traditional)];
    let merged = merged_as(&tables, RowOrder::File, false);
    assert_eq!(
        lines(&merged.ledger),
        [
            "线索编号 | 批注 | 客户 | 预算",
            "A1 | x | 甲 | ",
            "A2 |  | 乙 | 9",
            "A3 | y | 丙 | "
        ]
    );
    assert_eq!(merged.wording, Wording::Simplified);
}

#[test]
fn amounts_in_another_unit_keep_a_column_of_their_own() {
    let build = |heading: &str, number: &str, amount: f64| {
        let mut builder = LedgerBuilder::new("表", "order-tracking");
        builder.column("订单编号", Some(Field::OrderNo));
        builder.column(heading, Some(Field::OrderAmount));
        let amount = Value::Number {
            value: amount,
            format: "",
        };
        builder.row(&[Value::Text(number), amount]).unwrap();
        builder.build()
    };
    let tables = [
        ("a", build("订单金额", "DD-1", 12800.0)),
        ("b", build("订单金额（万元）", "DD-2", 1.28)),
        ("c", build("金额", "DD-3", 900.5)),
    ];
    let first = merged_as(&tables, RowOrder::File, true);
    insta::assert_snapshot!(lines(&first.ledger).join("\n"), @r"
    订单编号 | 订单金额 | 订单金额（万元） | 来源文件 | 来源工作表 | 来源行
    DD-1 | 12800 |  | a | 表 | 2
    DD-2 |  | 1.28 | b | 表 | 2
    DD-3 | 900.5 |  | c | 表 | 2
    ");
    let again = [("m", first.ledger.clone()), tables[1].clone()];
    let again = merged_as(&again, RowOrder::File, true);
    assert_eq!(lines(&again.ledger), lines(&first.ledger));
}

#[test]
fn a_merged_table_keeps_where_its_rows_come_from() {
    let first = merged(&[
        ("一月/a.xlsx", LI),
        ("一月/b.xlsx", "| customer | phone |\n| 甲 | 13800000009 |"),
    ]);
    let again = merged_as(
        &[("总表.xlsx", first.ledger.clone()), ("a.xlsx", table(LI))],
        RowOrder::Lead,
        true,
    );
    assert_eq!(lines(&again.ledger), lines(&first.ledger));
    assert_eq!((again.rows_in, again.ledger.len(), again.files), (7, 4, 2));
}

/// Tables of a few leads whose rows, dates and columns are drawn from little, so that they meet.
fn small_table() -> impl Strategy<Value = Ledger> {
    let row = (0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8, 0..3_u8);
    (prop::collection::vec(row, 0..7), 0..4_u8).prop_map(|(rows, shape)| {
        let mut builder =
            LedgerBuilder::new(if shape % 2 == 0 { "表" } else { "跟进" }, "lead-ledger");
        builder.column("线索编号", Some(Field::LeadId));
        if shape > 1 {
            builder.column("批注", None);
        }
        builder
            .column("客户名称", Some(Field::Customer))
            .column("联系方式", Some(Field::Phone))
            .column("跟进日期", Some(Field::FollowUpDate))
            .column(
                if shape == 3 { "等级" } else { "线索等级" },
                Some(Field::Grade),
            );
        for (lead, customer, phone, day, grade) in rows {
            let number = ["ZH-20240520-001", "ZH-20240521-001", "A001", ""][usize::from(lead)];
            let customer = ["北辰机电", "南汀贸易", ""][usize::from(customer)];
            let phone = ["13800000001", "13800000002", ""][usize::from(phone)];
            let grade = ["A", "B", ""][usize::from(grade)];
            let day = ["2024-05-20", "2024-05-21", ""][usize::from(day)];
            let text = |text: &'static str| {
                if text.is_empty() {
                    Value::Empty
                } else {
                    Value::Text(text)
                }
            };
            let mut values = vec![
                text(number),
                text(customer),
                text(phone),
                text(day),
                text(grade),
            ];
            if shape > 1 {
                values.insert(1, text(["", "x"][usize::from(lead % 2)]));
            }
            builder.row(&values).unwrap();
        }
        builder.build()
    })
}

fn told(merged: &MergedTable) -> (Vec<String>, Vec<String>) {
    let conflicts = merged.conflicts.iter().map(|conflict| {
        // The cell is known only where the file itself was read.
        let mut conflict = conflict.clone();
        (conflict.stands.cell, conflict.other.cell) = (None, None);
        format!("{conflict:?}")
    });
    (lines(&merged.ledger), conflicts.collect())
}

proptest! {
    #[test]
    fn the_order_of_the_files_does_not_matter(tables in prop::collection::vec(small_table(), 1..4), turn in 0..4_usize) {
        let names = ["a.xlsx", "b.xlsx", "c.xlsx"];
        let mut tables: Vec<_> = names.into_iter().zip(tables).collect();
        for order in [RowOrder::Lead, RowOrder::File] {
            let one = merged_as(&tables, order, true);
            let len = tables.len();
            tables.rotate_left(turn % len);
            let other = merged_as(&tables, order, true);
            prop_assert_eq!(told(&one), told(&other));
        }
    }

    #[test]
    fn no_row_is_lost_and_none_but_exact_duplicates_go(tables in prop::collection::vec(small_table(), 1..4)) {
        let names = ["a.xlsx", "b.xlsx", "c.xlsx"];
        let tables: Vec<_> = names.into_iter().zip(tables).collect();
        let merged = merged_as(&tables, RowOrder::Lead, false);
        // By other means: the texts of each row by heading, and how often the table has it that has it most often.
        let mut expected = std::collections::BTreeMap::<Vec<(String, String)>, usize>::new();
        for (_, table) in &tables {
            let mut counts = std::collections::BTreeMap::<Vec<(String, String)>, usize>::new();
            for row in content(table) {
                *counts.entry(row).or_default() += 1;
            }
            for (row, count) in counts {
                let most = expected.entry(row).or_default();
                *most = count.max(*most);
            }
        }
        let mut found = std::collections::BTreeMap::new();
        for row in content(&merged.ledger) {
            *found.entry(row).or_default() += 1;
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn merging_again_with_one_of_the_files_changes_nothing(tables in prop::collection::vec(small_table(), 1..4), again in 0..3_usize) {
        let names = ["一/a.xlsx", "一/b.xlsx", "二/a.xlsx"];
        let tables: Vec<_> = names.into_iter().zip(tables).collect();
        for order in [RowOrder::Lead, RowOrder::File] {
            let first = merged_as(&tables, order, true);
            let (file, table) = &tables[again % tables.len()];
            let second = merged_as(&[(file, table.clone()), ("总表.xlsx", first.ledger.clone())], order, true);
            prop_assert_eq!(told(&second), told(&first));
        }
    }

    #[test]
    fn one_file_alone_comes_out_as_it_is(table in small_table()) {
        let merged = merged_as(&[("a.xlsx", table.clone())], RowOrder::File, false);
        prop_assert_eq!(lines(&merged.ledger), lines(&table));
        prop_assert!(merged.conflicts.is_empty() && merged.copies.is_empty());
    }
}

fn content(ledger: &Ledger) -> Vec<Vec<(String, String)>> {
    let cells = |row: usize| {
        let cell = |column: &crate::ledger::Column| {
            let name = match column.field {
                Some(field) => field.key().to_owned(),
                None => column.header.clone(),
            };
            (name, ledger.value(row, column).display())
        };
        let mut cells: Vec<_> = ledger.columns().iter().map(cell).collect();
        cells.retain(|(_, text)| !text.is_empty());
        cells.sort();
        cells
    };
    (0..ledger.len()).map(cells).collect()
}
