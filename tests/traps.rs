//! Fourteen ways in which products that count leads get a figure wrong: for each a tiny table, the right answer, and the
//! wrong one that is given elsewhere, worked out and refused.

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::leadsheet;

/// The report over a table, on 2025-07-01 unless the options say otherwise.
fn report(table: &str, options: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("跟进.csv");
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let path = path.to_string_lossy();
    let mut arguments = vec!["report", &path, "--format", "json"];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    ran.json()
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

/// Rates are compared to a billionth.
fn assert_rate(value: &Value, expected: f64) {
    assert!(
        (number(value) - expected).abs() < 1e-9,
        "{value} {expected}"
    );
}

fn assert_not_rate(value: &Value, wrong: f64) {
    assert!(
        (number(value) - wrong).abs() > 1e-3,
        "{value} is the wrong answer"
    );
}

/// Rows of a table under its heading row, for wrong answers that are counted row by row.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect()
}

/// 1. Counting rows counts effort; a join with orders counts a customer who bought twice twice.
#[test]
fn a_customer_with_two_deals_in_four_rows_is_one_lead_won_once() {
    let table = "
        线索编号,客户名称,跟进日期,当前状态
        ZH-20250301-001,甲公司,2025-03-01,意向客户
        ZH-20250301-001,甲公司,2025-03-05,成交客户
        ZH-20250301-001,甲公司,2025-03-09,成交客户
        ZH-20250301-001,甲公司,2025-03-20,成交客户
        ZH-20250302-001,乙公司,2025-03-02,流失客户";
    let report = report(table, &[]);
    assert_eq!((&report["rows"], &report["leads"]), (&5.into(), &2.into()));
    assert_rate(&report["total"]["rate"], 1.0 / 2.0);
    let won_rows = rows(table)
        .iter()
        .filter(|row| row[3] == "成交客户")
        .count() as f64;
    let by_rows = won_rows / rows(table).len() as f64;
    let deals_by_leads = won_rows / 2.0;
    assert!(deals_by_leads > 1.0, "a rate beyond 100 %");
    assert_not_rate(&report["total"]["rate"], by_rows);
    assert_not_rate(&report["total"]["rate"], deals_by_leads);
}

/// 2. Merging by the name alone makes one lead of two customers.
#[test]
fn namesakes_at_two_firms_are_two_leads() {
    let table = "
        客户名称,联系人,联系方式,跟进日期,当前状态
        甲公司,王敏,13800000001,2025-03-01,成交客户
        乙公司,王敏,13800000002,2025-03-02,流失客户";
    let report = report(table, &[]);
    assert_eq!(report["leads"], 2);
    assert_rate(&report["total"]["rate"], 0.5);
    let mut names: Vec<_> = rows(table).iter().map(|row| row[1].to_owned()).collect();
    names.dedup();
    assert_ne!(report["leads"], names.len(), "one lead by the name alone");
}

/// 3. Deals dated in a period divided by leads that came in it are shares of nothing.
#[test]
fn deals_closed_in_march_are_never_divided_by_leads_that_came_in_march() {
    let table = "
        线索编号,跟进日期,成交日期,当前状态
        ZH-20250210-001,2025-02-10,2025-03-05,成交客户
        ZH-20250211-001,2025-02-11,2025-03-06,成交客户
        ZH-20250310-001,2025-03-10,2025-03-20,成交客户
        ZH-20250311-001,2025-03-11,,意向客户";
    let march = |by| {
        report(
            table,
            &[
                "--from",
                "2025-03-01",
                "--to",
                "2025-03-31",
                "--period-by",
                by,
            ],
        )
    };
    let (created, closed) = (march("created"), march("closed"));
    assert_rate(&created["total"]["rate"], 1.0 / 2.0);
    assert_eq!(
        (&closed["total"]["leads"], &closed["total"]["won"]),
        (&3.into(), &3.into())
    );
    let mixed = number(&closed["total"]["won"]) / number(&created["total"]["leads"]);
    assert!(mixed > 1.0, "three deals of two leads");
    assert_not_rate(&created["total"]["rate"], mixed);
    assert_eq!(created["window"]["by"], "created");
    let notes = created["notes"].to_string();
    assert!(
        notes.contains("that came from 2025-03-01 to 2025-03-31"),
        "{notes}"
    );
}

/// 4. Leads of last week had no thirty days to be won in; counting them makes the newest month look bad.
#[test]
fn leads_too_young_to_be_won_are_no_failures() {
    let table = "
        线索编号,跟进日期,成交日期,当前状态
        ZH-20250401-001,2025-04-01,2025-04-20,成交客户
        ZH-20250402-001,2025-04-02,,意向客户
        ZH-20250628-001,2025-06-28,,潜在客户
        ZH-20250629-001,2025-06-29,,潜在客户";
    let within = report(table, &["--within", "30"]);
    assert_rate(&within["total"]["rate"], 1.0 / 2.0);
    let all = report(table, &[]);
    let immature = number(&all["total"]["won"]) / number(&all["total"]["leads"]);
    assert_rate(&immature.into(), 1.0 / 4.0);
    assert_not_rate(&within["total"]["rate"], immature);
    // Nor does the cohort of June say zero of two: its thirty days are not over for anybody.
    let june = &all["cohorts"].as_array().unwrap()[1];
    assert_eq!(
        (&june["month"], &june["complete"]),
        (&"2025-06".into(), &1.into())
    );
    let thirty = june["within"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["days"] == 30)
        .unwrap();
    assert_eq!(
        (&thirty["leads"], &thirty["rate"]),
        (&0.into(), &Value::Null)
    );
}

/// 5. The rate of all rises although every source falls, because more leads came from the better source.
#[test]
fn a_better_mix_of_leads_is_not_called_better_work() {
    let mut table = "客户名称,线索来源,跟进日期,当前状态\n".to_owned();
    for (source, month, leads, won) in [
        ("线上推广", 2, 40, 8),
        ("客户转介绍", 2, 10, 8),
        ("线上推广", 3, 10, 1),
        ("客户转介绍", 3, 40, 28),
    ] {
        for lead in 0..leads {
            let stage = if lead < won {
                "成交客户"
            } else {
                "流失客户"
            };
            table += &format!("{source}{month}{lead},{source},2025-0{month}-10,{stage}\n");
        }
    }
    let options = [
        "--from",
        "2025-03-01",
        "--to",
        "2025-03-31",
        "--compare",
        "previous",
    ];
    let comparison = &report(&table, &options)["comparison"];
    let crude = number(&comparison["total"]["difference"]);
    assert_rate(&crude.into(), 29.0 / 50.0 - 16.0 / 50.0);
    let source = &comparison["by"]["source"];
    for group in source["groups"].as_array().unwrap() {
        assert!(number(&group["difference"]) < 0.0, "{group}");
    }
    // With 50 leads of either source: (.2 + .8) / 2 before, (.1 + .7) / 2 after.
    let standardised = &source["standardised"]["difference"];
    assert_rate(standardised, 0.4 - 0.5);
    assert_not_rate(standardised, crude);
}

/// 6. A deal at the first visit skipped two stages: read strictly, more leads would be won than ever had high intent.
#[test]
fn a_deal_that_skipped_stages_passed_them_and_the_strict_reading_stands_beside() {
    let table = "
        客户名称,跟进日期,当前状态
        甲,2025-03-01,潜在客户
        甲,2025-03-05,成交客户
        乙,2025-03-01,潜在客户";
    let report = report(table, &[]);
    let funnel = report["funnel"].as_array().unwrap();
    let column = |key: &str| {
        funnel
            .iter()
            .map(|step| number(&step[key]) as u32)
            .collect::<Vec<_>>()
    };
    assert_eq!(column("reached"), [2, 1, 1, 1]);
    let rows_alone = column("shown");
    assert_eq!(rows_alone, [2, 0, 0, 1], "one won of none with high intent");
    assert_eq!(column("in_order"), [2, 0, 0, 0]);
    assert_ne!(column("reached"), rows_alone);
    assert_rate(&funnel[2]["next_rate"], 1.0);
}

/// 7. Won once and open again: who counts every stage ever shown counts the deal that fell through.
#[test]
fn a_deal_that_fell_through_is_not_won_and_is_counted_once() {
    let table = "
        客户名称,跟进日期,当前状态
        甲,2025-03-01,成交客户
        甲,2025-03-09,意向客户
        乙,2025-03-01,流失客户
        乙,2025-03-20,成交客户";
    let report = report(table, &["--by", "owner,stage"]);
    let ever_won = rows(table)
        .iter()
        .filter(|row| row[2] == "成交客户")
        .count();
    assert_eq!(
        (&report["total"]["won"], &report["total"]["leads"]),
        (&1.into(), &2.into())
    );
    assert_ne!(report["total"]["won"], ever_won);
    assert!(
        report["notes"].to_string().contains("won once"),
        "{}",
        report["notes"]
    );
}

/// 8. Where lost leads are archived and converted ones leave the list, the rate is that of the survivors.
#[test]
fn lost_and_won_leads_stay_in_the_denominator() {
    let table = "
        客户名称,跟进日期,当前状态
        甲,2025-03-01,成交客户
        乙,2025-03-01,流失客户
        丙,2025-03-01,流失客户
        丁,2025-03-01,意向客户";
    let total = &report(table, &[])["total"];
    assert_rate(&total["rate"], 1.0 / 4.0);
    let without_lost = number(&total["won"]) / (number(&total["won"]) + number(&total["open"]));
    let without_open = number(&total["won"]) / (number(&total["won"]) + number(&total["lost"]));
    assert_not_rate(&total["rate"], without_lost);
    assert_not_rate(&total["rate"], without_open);
}

/// 9. A stage that is overwritten in one row has no history: time since the row's date is no time in the stage.
#[test]
fn a_snapshot_has_no_time_in_a_stage() {
    let table = "
        客户名称,跟进日期,当前状态
        甲,2025-06-01,意向客户
        乙,2025-06-11,意向客户";
    let speed = &report(table, &[])["speed"];
    let stage = speed["days_in_stage"].as_array().unwrap();
    let interested = stage.iter().find(|it| it["stage"] == "意向客户").unwrap();
    assert_eq!(
        (&interested["days"], &interested["still_there"]),
        (&Value::Null, &2.into())
    );
    let until_today = 25.0;
    assert_ne!(interested["days"]["median"], until_today);
}

/// 10. Cells with days alone cannot prove 24 hours: the next day is possible, and with hours known it is decided.
#[test]
fn an_answer_on_the_next_day_is_possibly_within_24_hours_and_never_proven_so() {
    let days = "
        线索编号,线索等级,跟进日期,当前状态
        ZH-20250301-001,A,2025-03-01,成交客户
        ZH-20250301-002,A,2025-03-02,潜在客户
        ZH-20250301-003,A,2025-03-05,潜在客户";
    let response = &report(days, &[])["speed"]["first_response"]["total"];
    assert_rate(&response["within_day_at_least"], 1.0 / 3.0);
    assert_rate(&response["within_day_at_most"], 2.0 / 3.0);
    let next_day_as_proven = 2.0 / 3.0;
    assert_not_rate(&response["within_day_at_least"], next_day_as_proven);

    let hours = "
        线索编号,线索等级,录入时间,跟进日期,当前状态
        ZH-20250301-001,A,2025-03-01 10:00,2025-03-02 09:00,成交客户
        ZH-20250301-002,A,2025-03-01 10:00,2025-03-02 11:00,潜在客户";
    let response = &report(hours, &[])["speed"]["first_response"];
    assert_eq!(response["total"]["within_day"], 1);
    assert_eq!(response["total"]["within_day_possibly"], 0);
    assert_rate(&response["hours"]["median"], 24.0);
    let both_by_days = response["total"]["next_day"].clone();
    assert_ne!(response["total"]["within_day"], both_by_days);
}

/// 11. History typed in afterwards stands below, and its old date is no reason to call today.
#[test]
fn an_old_call_typed_in_last_makes_nobody_overdue() {
    let table = "
        线索编号,线索等级,跟进日期,负责人,当前状态
        ZH-20250601-001,A,2025-06-30,李雷,意向客户
        ZH-20250601-001,A,2025-06-02,李雷,潜在客户";
    let overdue = &report(table, &[])["overdue"]["total"];
    assert_eq!(
        (&overdue["open"], &overdue["overdue"]),
        (&1.into(), &0.into())
    );
    let last_typed: chrono::NaiveDate = rows(table)[1][2].parse().unwrap();
    let today: chrono::NaiveDate = "2025-07-01".parse().unwrap();
    let by_the_last_row = u32::from((today - last_typed).num_days() > 2);
    assert_ne!(overdue["overdue"], by_the_last_row);
}

/// 12. Integers divide to zero, and a mean of rates forgets how many leads each rests on.
#[test]
fn rates_are_divided_last_and_never_averaged() {
    let table = "
        客户名称,线索来源,跟进日期,当前状态
        甲,线上推广,2025-03-01,成交客户
        乙,行业展会,2025-03-01,流失客户
        丙,行业展会,2025-03-01,流失客户";
    let report = report(table, &["--by", "source"]);
    let (won, leads) = (1, 3);
    assert_rate(&report["total"]["rate"], f64::from(won) / f64::from(leads));
    assert_not_rate(&report["total"]["rate"], f64::from(won / leads));
    let groups = report["conversion"]["source"].as_array().unwrap();
    let rates: Vec<_> = groups.iter().map(|group| number(&group["rate"])).collect();
    let mean_of_rates = rates.iter().sum::<f64>() / rates.len() as f64;
    assert_rate(&mean_of_rates.into(), 0.5);
    assert_not_rate(&report["total"]["rate"], mean_of_rates);
}

/// 13. A reply that a program sends at once makes every team quick.
#[test]
fn an_automatic_reply_is_not_the_first_answer() {
    let table = "
        线索编号,线索等级,跟进日期,跟进方式,当前状态
        ZH-20250301-001,A,2025-03-01,自动回复,潜在客户
        ZH-20250301-001,A,2025-03-04,电话,意向客户
        ZH-20250302-001,A,2025-03-02,系统短信,潜在客户";
    let report = report(table, &[]);
    let response = &report["speed"]["first_response"]["total"];
    assert_eq!(
        (&response["leads"], &response["same_day"]),
        (&1.into(), &0.into())
    );
    assert_rate(&response["within_day_at_most"], 0.0);
    let with_programs = 2.0 / 2.0;
    assert_not_rate(&response["within_day_at_least"], with_programs);
    let notes = report["notes"].to_string();
    assert!(notes.contains("programs alone"), "{notes}");
}

/// 14. Example rows, totals, signatures and rows that are filled in beforehand are no leads.
#[test]
fn rows_of_the_form_itself_are_no_leads() {
    let table = "
        序号,线索编号,客户名称,线索来源,跟进日期,当前状态,负责人
        示例,XS-20250101-001,某某公司,线上推广,2025-01-01,潜在客户,张三
        1,ZH-20250301-001,甲公司,行业展会,2025-03-01,成交客户,李雷
        2,ZH-20250302-001,乙公司,行业展会,2025-03-02,潜在客户,李雷
        3,,,,,,
        4,,,,,,
        合计,,2,,,,
        填表人：李雷,,,,审核：,,";
    let report = report(table, &[]);
    assert_eq!(report["leads"], 2);
    assert_rate(&report["total"]["rate"], 0.5);
    let every_row = rows(table).len();
    assert_ne!(report["leads"], every_row);
    assert_not_rate(&report["total"]["rate"], 1.0 / every_row as f64);
}
