//! Questions in SQL: answers as DuckDB gives them on the same rows, columns as the help lists them, errors that help.

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{Ran, fixture, leadsheet};

const LIVELY: &str = "lead_ledger_lively.xlsx";

fn asked(query: &str, options: &[&str]) -> Ran {
    let file = fixture(LIVELY);
    let mut arguments = vec!["sql", query, &file];
    arguments.extend(options);
    leadsheet(&arguments)
}

/// `fixtures/make/expected_sql.py` asks DuckDB, over rows that openpyxl read and leads collapsed in SQL of its own.
#[test]
fn answers_are_those_that_duckdb_gives() {
    let expected = std::fs::read_to_string(fixture("lead_ledger_lively.sql.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    assert!(expected.len() > 10);
    for expected in expected {
        let query = expected["query"].as_str().unwrap();
        let answer = asked(query, &["--format", "json"]).json();
        assert_eq!(answer["schema"], "leadsheet.sql/1");
        assert_eq!(answer["columns"], expected["columns"], "{query}");
        assert_eq!(answer["rows"], expected["rows"], "{query}");
    }
}

#[test]
fn conversion_by_source_is_that_of_the_report() {
    let report = leadsheet(&[
        "report",
        &fixture(LIVELY),
        "--by",
        "source",
        "--format",
        "json",
    ]);
    let report = report.json();
    let query = "SELECT source AS key, COUNT(*) AS leads, \
                 SUM(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END) AS won FROM leads GROUP BY source";
    let answer = asked(query, &["--format", "json"]).json();
    let groups = report["conversion"]["source"].as_array().unwrap();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(groups.len(), rows.len());
    for row in rows {
        let group = groups
            .iter()
            .find(|group| group["key"] == row["key"])
            .unwrap();
        assert_eq!(
            [&group["leads"], &group["won"]],
            [&row["leads"], &row["won"]]
        );
    }
}

#[test]
fn orders_are_those_that_a_report_adds_up() {
    let file = fixture("order_tracking.xlsx");
    let query = "SELECT COUNT(*) AS orders, SUM(amount) AS amount FROM orders WHERE sold AND amount IS NOT NULL";
    let answer = leadsheet(&["sql", query, &file, "--format", "json"]).json();
    let report = leadsheet(&["report", &file, "--show", "sales", "--format", "json"]).json();
    let total = &report["sales"]["total"];
    assert_eq!(answer["rows"][0]["orders"], total["orders"]);
    let amount: f64 = total["amount"].as_str().unwrap().parse().unwrap();
    assert!(amount > 0.0);
    assert_eq!(answer["rows"][0]["amount"].as_f64(), Some(amount));
}

#[test]
fn findings_are_those_of_check() {
    let checked = leadsheet(&["check", &fixture(LIVELY), "--format", "json"]).json();
    let found = checked["findings"].as_array().unwrap();
    let query = "SELECT sheet, cell, code, severity, message FROM findings";
    let answer = asked(query, &["--format", "json", "--contacts"]).json();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), found.len());
    for (row, finding) in rows.iter().zip(found) {
        for key in ["sheet", "cell", "code", "severity", "message"] {
            assert_eq!(row[key], finding[key], "{finding}");
        }
    }
}

#[test]
fn contact_details_are_given_only_to_who_asks_for_them() {
    let ran = asked("SELECT phone FROM leads", &[]);
    assert_eq!(ran.status, Status::Failed);
    assert!(ran.err.contains("--contacts"), "{}", ran.err);
    let everything = asked("SELECT * FROM follow_ups", &["--format", "csv"]).out;
    assert!(everything.contains("梧川听澜软件有限公司"));
    assert!(!everything.contains("13900000044"));
    let with = asked(
        "SELECT phone FROM leads",
        &["--contacts", "--format", "csv"],
    )
    .out;
    assert!(with.contains("13900000044"));
    let hidden = asked(
        "SELECT value, message FROM findings WHERE field = 'phone'",
        &["--format", "csv"],
    );
    let digits = hidden.out.chars().filter(char::is_ascii_digit).count();
    assert_eq!(digits, 0, "{}", hidden.out);
}

/// Questions without an answer, and what is said about each in English and in Chinese.
const REFUSED: [(&str, &str, &str); 44] = [
    (
        "SELECT sauce FROM leads",
        "did you mean source?",
        "是不是 source",
    ),
    (
        "SELECT 线索来源 FROM leads",
        "did you mean source?",
        "是不是 source",
    ),
    (
        "SELECT l.sauce FROM leads l",
        "did you mean source?",
        "是不是 source",
    ),
    (
        "SELECT zzzzzz FROM leads",
        "there is no column zzzzzz",
        "没有 zzzzzz 这一列",
    ),
    (
        "SELECT source FROM leads WHERE source = 展会",
        "in single quotation marks",
        "放在单引号里",
    ),
    (
        "SELECT * FROM lead",
        "there are follow_ups, leads, orders, findings",
        "可用的表",
    ),
    (
        "SELECT source, FROM leads WHERE",
        "line 1, column 32",
        "第 1 行第 32 个字符",
    ),
    (
        "SELECT source\nFROM leads\nWHERE (",
        "line 3, column",
        "第 3 行",
    ),
    ("SELECT source FROM", "line 1, column 19", "应为名称"),
    ("SELECT COUNT(* FROM leads", "where ) is expected", "应为 )"),
    (
        "SELECT source FROM leads GROUP source",
        "should end",
        "应已结束",
    ),
    ("SELECT source， COUNT(*) FROM leads", "full-width", "全角"),
    ("DELETE FROM leads", "not DELETE", "不执行 DELETE"),
    ("DROP TABLE leads", "not DROP", "不执行 DROP"),
    (
        "EXPLAIN SELECT * FROM leads",
        "not EXPLAIN",
        "不执行 EXPLAIN",
    ),
    ("", "only questions are answered", "只回答查询"),
    (
        "SELECT nothing(source) FROM leads",
        "no function NOTHING",
        "没有 NOTHING 这个函数",
    ),
    (
        "SELECT COUNTT(source) FROM leads",
        "did you mean COUNT?",
        "是不是 COUNT",
    ),
    (
        "SELECT ROUND() FROM leads",
        "ROUND takes other arguments",
        "函数 ROUND 的参数不对",
    ),
    (
        "SELECT DATE_TRUNC('decade', created) FROM leads",
        "DATE_TRUNC takes other",
        "DATE_TRUNC 的参数",
    ),
    (
        "SELECT DATE_DIFF(created, closed) FROM leads",
        "DATE_DIFF takes other",
        "DATE_DIFF 的参数",
    ),
    (
        "SELECT source + 1 FROM leads",
        "cannot be answered",
        "拆成更简单的几步",
    ),
    (
        "SELECT CAST(source AS INTEGER) FROM leads",
        "cannot be compared",
        "类型不合",
    ),
    (
        "SELECT lead FROM leads WHERE lead = 'a'",
        "cannot be compared",
        "类型不合",
    ),
    (
        "SELECT SUM(customer) FROM leads",
        "cannot be compared",
        "类型不合",
    ),
    (
        "SELECT source FROM leads WHERE created = '没有'",
        "cannot be compared",
        "类型不合",
    ),
    (
        "SELECT lead FROM leads l JOIN follow_ups f ON l.lead = f.lead",
        "write the table before it",
        "写上表名",
    ),
    (
        "SELECT 1; SELECT 2",
        "one question at a time",
        "一次只回答一条",
    ),
    (
        "SELECT * FROM read_csv('/etc/passwd')",
        "read_csv",
        "拆成更简单的几步",
    ),
    (
        "SELECT source FROM leads GROUP BY grade",
        "source is neither in GROUP BY",
        "source 既没有写进 GROUP BY",
    ),
    (
        "SELECT COUNT(*) OVER (ORDER BY nothing) FROM leads",
        "nothing",
        "没有 nothing 这一列",
    ),
    (
        "SELECT * FROM leads JOIN orders ON leads.lead = orders.nothing",
        "nothing",
        "没有 nothing 这一列",
    ),
    (
        "SELECT SUBSTRING(source, 1, 99999999999999999999) FROM leads",
        "cannot be",
        "拆成更简单的几步",
    ),
    ("SELECT '", "has no end", "没有结束"),
    ("SELECT \"", "has no end", "没有结束"),
    ("SELECT $$ FROM leads", "has no end", "没有结束"),
    (
        "SELECT source FROM leads ORDER BY 99",
        "no column's place",
        "序号超出了列数",
    ),
    (
        "SELECT source FROM leads UNION SELECT source, grade FROM leads",
        "same number of columns",
        "列数必须相同",
    ),
    (
        "SELECT (SELECT source FROM leads) FROM leads",
        "one value",
        "只得出一个值",
    ),
    (
        "SELECT STRFTIME(created, '%Q%%%') FROM leads",
        "cannot be",
        "拆成更简单的几步",
    ),
    // What the engine would answer wrongly.
    (
        "SELECT l.lead FROM leads l LEFT JOIN follow_ups f ON l.lead = f.lead AND l.grade = 'A'",
        "the condition l.grade = 'A'",
        "连接条件 l.grade = 'A'",
    ),
    (
        "SELECT l.lead FROM leads l LEFT JOIN follow_ups f ON l.lead = f.lead AND f.row > l.row",
        "the condition f.row > l.row",
        "连接条件 f.row > l.row",
    ),
    (
        "SELECT source, COUNT(*) * 1.0 / SUM(COUNT(*)) OVER () FROM leads GROUP BY source",
        "count up in WITH",
        "先用 WITH … AS … 汇总",
    ),
    (
        "SELECT SUM(1) OVER (ORDER BY lead) FROM leads",
        "cannot be",
        "拆成更简单的几步",
    ),
];

#[test]
fn what_is_wrong_with_a_question_is_said_in_the_user_s_terms() {
    for (query, english, chinese) in REFUSED {
        for (language, told) in [("en", english), ("zh", chinese)] {
            let ran = asked(query, &["--lang", language]);
            assert_eq!(ran.status, Status::Failed, "{query}: {}", ran.out);
            assert!(ran.err.contains(told), "{query}: {}", ran.err);
            let lines = ran.err.trim_end().lines().count();
            assert_eq!(lines, 1, "{query}: {}", ran.err);
            assert!(ran.out.is_empty(), "{query}");
        }
    }
}

#[test]
fn no_english_of_the_engine_is_in_a_chinese_answer() {
    for (query, ..) in REFUSED {
        let told = asked(query, &["--lang", "zh"]).err;
        // Words of the question, of SQL in capitals and of this program are no English.
        let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
        let words = told.split(|c: char| !is_word(c) && !c.is_ascii_uppercase());
        let own = [
            "leadsheet",
            "sql",
            "columns",
            "leads",
            "source",
            "follow_ups",
            "orders",
            "findings",
        ];
        for word in words.filter(|word| word.len() > 1 && word.contains(is_word)) {
            let is_known = own.contains(&word) || query.contains(word);
            assert!(is_known, "{query}: {word} in {told}");
        }
    }
}

/// The names are those that `DuckDB` gives (`count_star()`, `sum(follow_ups)`).
#[test]
fn a_column_without_a_name_is_called_by_what_it_counts() {
    let query = "SELECT COUNT(*), SUM(follow_ups), Max(created), source, source FROM leads \
                 GROUP BY source ORDER BY COUNT(*) DESC";
    let answer = asked(query, &["--format", "json"]).json();
    let names = [
        "count_star()",
        "sum(follow_ups)",
        "max(created)",
        "source",
        "source_1",
    ];
    assert_eq!(answer["columns"], serde_json::json!(names));
    assert_eq!(answer["rows"][0]["count_star()"], 30);
}

#[test]
fn the_current_date_is_the_day_that_was_given() {
    let query = "SELECT CURRENT_DATE AS today, DATE_TRUNC('month', CURRENT_DATE) AS month, CURRENT_DATE - 30 AS before";
    let answer = asked(query, &["--format", "json", "--today", "2025-07-15"]).json();
    assert_eq!(answer["rows"][0]["today"], "2025-07-15");
    assert_eq!(answer["rows"][0]["month"], "2025-07-01");
    assert!(
        answer["rows"][0]["before"]
            .as_str()
            .unwrap()
            .starts_with("2025-06-15")
    );
}

#[test]
fn every_column_that_is_listed_can_be_asked() {
    let listed = leadsheet(&["sql", "--columns", "--format", "json"]).json();
    let mut columns = 0;
    for table in listed["tables"].as_array().unwrap() {
        let names: Vec<_> = table["columns"].as_array().unwrap().iter().collect();
        let quoted: Vec<_> = names
            .iter()
            .map(|it| format!("\"{}\"", it["name"].as_str().unwrap()))
            .collect();
        let query = format!(
            "SELECT {} FROM {}",
            quoted.join(", "),
            table["name"].as_str().unwrap()
        );
        let answer = asked(&query, &["--contacts", "--format", "json"]).json();
        assert_eq!(answer["columns"].as_array().unwrap().len(), names.len());
        for column in names {
            assert!(
                !column["meaning"].as_str().unwrap().starts_with("sql-"),
                "{column}"
            );
            columns += 1;
        }
    }
    assert!(columns > 150, "{columns}");
    for language in ["zh", "en"] {
        let listed = leadsheet(&["sql", "--columns", "--lang", language]).out;
        assert!(!listed.contains("sql-"), "{listed}");
    }
}

#[test]
fn columns_that_nobody_knows_can_be_asked_by_their_heading() {
    let query = "SELECT 大区主管批注, COUNT(*) AS n FROM follow_ups GROUP BY 大区主管批注 ORDER BY n DESC LIMIT 2";
    let answer = asked(query, &["--format", "json"]).json();
    assert_eq!(answer["rows"][1]["大区主管批注"], "排进周会");
    assert_eq!(answer["rows"][1]["n"], 14);
}

#[test]
fn answers_over_several_workbooks_name_the_file() {
    let query = "SELECT file, COUNT(*) AS n FROM follow_ups GROUP BY file ORDER BY n";
    let files = [fixture("lead_ledger_sample.xls"), fixture(LIVELY)];
    let ran = leadsheet(&["sql", query, &files[0], &files[1], "--format", "json"]);
    let answer = ran.json();
    assert_eq!(answer["rows"][0]["n"], 3);
    assert_eq!(answer["rows"][1]["n"], 310);
    assert_eq!(answer["rows"][1]["file"], files[1].as_str());
}
