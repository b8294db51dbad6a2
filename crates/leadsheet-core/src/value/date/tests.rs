//! What is read as a date and what is refused, spelling by spelling.

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn read(text: &str) -> DateReading {
    parse_date_text(text, DateHabits::default())
}

#[test]
fn every_spelling_of_one_day_is_that_day() {
    for text in [
        "2024-05-20",
        "2024-5-20",
        "2024/5/20",
        "2024/05/20",
        "2024.5.20",
        "2024.05.20",
        "2024年5月20日",
        "2024年05月20日",
        "2024年5月20",
        "2024年5月20号",
        "2024年5月20號",
        "2024 年 5 月 20 日",
        "２０２４年５月２０日",
        "２０２４－０５－２０",
        "２０２４／５／２０",
        "20240520",
        "２０２４０５２０",
        " 2024-5-20 ",
        "\u{3000}2024-05-20",
        "2024年5⽉20⽇",
        // Numerals
        "二〇二四年五月二十日",
        "二零二四年五月二十日",
        "二○二四年五月廿日",
        "2024年五月二十日",
        // With its weekday
        "2024-05-20 周一",
        "2024/5/20 星期一",
        "2024年5月20日(星期一)",
        "2024年5月20日（周一）",
        // The year of two digits behind which 年 stands
        "24年5月20日",
        // Years of the Republic, by their mark
        "民國113年5月20日",
        "民国113年5月20日",
        "中華民國113年5月20日",
        "民國113/5/20",
        "民國113.05.20",
        "民國1130520",
        "民國一百一十三年五月二十日",
        // Months in letters
        "20 May 2024",
        "20-May-2024",
        "May 20, 2024",
        "may 20 2024",
        // Midnight says nothing
        "2024-05-20 00:00:00",
        "2024-05-20T00:00:00",
    ] {
        assert_eq!(read(text).date(), Some(day(2024, 5, 20)), "{text}");
    }
}

#[test]
fn a_time_of_day_is_kept() {
    for (text, hour, minute, second) in [
        ("2024-05-20 14:30", 14, 30, 0),
        ("2024-05-20 14:30:05", 14, 30, 5),
        ("2024-05-20T14:30:00", 14, 30, 0),
        ("2024-05-20T14:30:00.000Z", 14, 30, 0),
        ("2024-05-20T14:30:00+08:00", 14, 30, 0),
        ("2024/5/20 下午2:30", 14, 30, 0),
        ("2024/5/20 下午 02:30:15", 14, 30, 15),
        ("2024/5/20 上午9:05", 9, 5, 0),
        // As Excel in Chinese shows five minutes past midnight and past noon.
        ("2024/5/20 上午12:05", 0, 5, 0),
        ("2024/5/20 下午12:05", 12, 5, 0),
        ("2024/5/20 2:30 PM", 14, 30, 0),
        ("2024/5/20 晚上8点", 20, 0, 0),
        ("2024/5/20 中午12点", 12, 0, 0),
        ("2024/5/20 中午1点", 13, 0, 0),
        ("2024/5/20 凌晨1点半", 1, 30, 0),
        ("2024年5月20日 9时5分", 9, 5, 0),
        ("2024年5月20日9时5分30秒", 9, 5, 30),
        ("2024-05-20 9点", 9, 0, 0),
        ("２０２４－０５－２０　１４：３０", 14, 30, 0),
        ("20240520 09:05", 9, 5, 0),
        ("二〇二四年五月二十日下午三点", 15, 0, 0),
        ("民國113年5月20日 下午3:00", 15, 0, 0),
    ] {
        let expected = NaiveTime::from_hms_opt(hour, minute, second);
        assert!(
            matches!(read(text), DateReading::Date { date, time, .. } if date == day(2024, 5, 20) && time == expected),
            "{text}: {:?}",
            read(text)
        );
    }
}

#[test]
fn days_that_do_not_exist_are_impossible() {
    for text in [
        "2025年2月30日",
        "2025-02-30",
        "2025-13-01",
        "2025/0/1",
        "20250231",
        "2月30日",
        "二月三十日",
        "31/4/2024",
        "2023-02-29",
        "二〇二三年二月二十九日",
        "民國112年2月29日",
        "30 Feb 2024",
    ] {
        assert_eq!(read(text), DateReading::Impossible, "{text}");
    }
}

#[test]
fn what_is_no_date_is_not_made_one() {
    for text in [
        "",
        "待定",
        "明天",
        "下周三",
        "月底前",
        "每月5号",
        "2024",
        "5.22",
        "2024-05",
        "2024年5月",
        "2024/5月/20",
        "12:30",
        "1-2-3",
        "1.2.3",
        "2024-05-20x",
        "2024-05-20至2024-05-22",
        "2024-5/20",
        "3/4",
        "2024-05-20 25:00",
        "2024-05-20 晚上12点",
        "2024-05-20 9:05 30",
        "正月初三",
        // Nothing says that these count from 1912, and 113 is nobody's year otherwise.
        "113/5/20",
        "113年5月20日",
        "1130520",
        "民國0年1月1日",
        "20 Mai 2024",
        "May 2024",
        "123456789",
        "99999999999999999999-1-1",
    ] {
        assert_eq!(read(text), DateReading::NotADate, "{text}");
    }
}

#[test]
fn day_and_month_are_told_apart_only_by_the_policy() {
    let order = |order| DateHabits {
        order: Some(order),
        ..DateHabits::default()
    };
    let both = DateReading::Ambiguous {
        month_first: day(2024, 3, 4),
        day_first: day(2024, 4, 3),
    };
    assert_eq!(read("3/4/2024"), both);
    assert_eq!(read("03-04-2024"), both);
    assert_eq!(
        parse_date_text("3/4/2024", order(DateOrder::DayFirst)).date(),
        Some(day(2024, 4, 3))
    );
    assert_eq!(
        parse_date_text("3/4/2024", order(DateOrder::MonthFirst)).date(),
        Some(day(2024, 3, 4))
    );
    // No other reading exists for these.
    assert_eq!(read("25/12/2024").date(), Some(day(2024, 12, 25)));
    assert_eq!(read("4/4/2024").date(), Some(day(2024, 4, 4)));
}

#[test]
fn a_year_of_two_digits_waits_for_the_policy() {
    let habits = |short_years, order| DateHabits {
        short_years: Some(short_years),
        order,
        ..DateHabits::default()
    };
    for text in ["24-5-20", "24/05/20", "24.5.20", "5/20/24", "20/5/24"] {
        assert_eq!(read(text), DateReading::ShortYear, "{text}");
    }
    let first = habits(ShortYears::First, None);
    assert_eq!(
        parse_date_text("24-5-20", first).date(),
        Some(day(2024, 5, 20))
    );
    assert_eq!(parse_date_text("24-13-20", first), DateReading::Impossible);
    let last = habits(ShortYears::Last, Some(DateOrder::DayFirst));
    assert_eq!(
        parse_date_text("3/4/24", last).date(),
        Some(day(2024, 4, 3))
    );
    assert_eq!(
        parse_date_text("5/20/24", habits(ShortYears::Last, None)).date(),
        Some(day(2024, 5, 20))
    );
    assert!(matches!(
        parse_date_text("3/4/24", habits(ShortYears::Last, None)),
        DateReading::Ambiguous { .. }
    ));
    // The hundred years from the earliest date on.
    let since_1950 = DateHabits {
        first_year: 1950,
        ..DateHabits::default()
    };
    assert_eq!(
        parse_date_text("98年5月20日", since_1950).date(),
        Some(day(1998, 5, 20))
    );
    assert_eq!(read("98年5月20日").date(), Some(day(2098, 5, 20)));
}

#[test]
fn years_of_the_republic_are_read_where_the_table_counts_so() {
    let habits = DateHabits {
        counts_from_1912: true,
        ..DateHabits::default()
    };
    for text in [
        "113/5/20",
        "113-05-20",
        "113.5.20",
        "113年5月20日",
        "一百一十三年五月二十日",
        "1130520",
        "2024/5/20",
    ] {
        assert_eq!(
            parse_date_text(text, habits).date(),
            Some(day(2024, 5, 20)),
            "{text}"
        );
    }
    // 2010 by the one count, 1999 or 2099 by the other.
    assert_eq!(
        parse_date_text("99年5月20日", habits),
        DateReading::NotADate
    );
}

#[test]
fn a_missing_year_is_the_nearest_not_before_the_reference() {
    for text in [
        "5月22日",
        "5月22号",
        "五月二十二日",
        "5月22日 10:00",
        "5/22",
    ] {
        assert_eq!(
            read(text),
            DateReading::MonthDay { month: 5, day: 22 },
            "{text}"
        );
    }
    assert_eq!(infer_year(5, 22, day(2024, 5, 20)), Some(day(2024, 5, 22)));
    assert_eq!(infer_year(5, 20, day(2024, 5, 20)), Some(day(2024, 5, 20)));
    assert_eq!(infer_year(1, 5, day(2024, 12, 30)), Some(day(2025, 1, 5)));
    assert_eq!(infer_year(2, 29, day(2097, 1, 1)), Some(day(2104, 2, 29)));
}

#[test]
fn dates_are_found_inside_sentences() {
    let found = |text| {
        dates_in_text(text)
            .into_iter()
            .map(|found| (found.text, found.reading.date()))
            .collect::<Vec<_>>()
    };
    let without_year = |text: &str| (text.to_owned(), None);
    let dated = |text: &str, date| (text.to_owned(), Some(date));
    assert_eq!(found("5月22日发送案例及报价单"), [without_year("5月22日")]);
    assert_eq!(found("五月二十二日前发送"), [without_year("5月22日")]);
    assert_eq!(
        found("李雷于2024-05-22前回访，预算20万"),
        [dated("2024-05-22", day(2024, 5, 22))]
    );
    assert_eq!(
        found("，２０２４年５月２２日，2024/5/23."),
        [
            dated("2024年5月22日", day(2024, 5, 22)),
            dated("2024/5/23", day(2024, 5, 23))
        ]
    );
    for text in [
        "每月1次资讯推送",
        "每月一次资讯推送",
        "版本 1.2 报价 3-4 套",
        "升级到 24.5.20 版",
        "",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn serial_days_and_compact_numbers_are_dates() {
    let number = |value| parse_date(Value::Number { value, format: "" }, DateHabits::default());
    // 45432 is 2024-05-20 in Excel and LibreOffice.
    assert_eq!(
        number(45432.0),
        DateReading::Date {
            date: day(2024, 5, 20),
            time: None,
            spelling: Spelling::Serial
        }
    );
    assert!(matches!(
        number(45432.5),
        DateReading::Date { time, .. } if time == NaiveTime::from_hms_opt(12, 0, 0)
    ));
    assert_eq!(
        number(20_240_520.0),
        DateReading::Date {
            date: day(2024, 5, 20),
            time: None,
            spelling: Spelling::Number
        }
    );
    assert_eq!(number(20_240_230.0), DateReading::Impossible);
    for value in [0.0, 3.0, -45432.0, 1e300, f64::NAN, 202_405.0] {
        assert_eq!(number(value), DateReading::NotADate, "{value}");
    }
    // The same day in a workbook that counts from 1904.
    let habits = DateHabits {
        counts_from_1904: true,
        ..DateHabits::default()
    };
    let value = Value::Number {
        value: 43970.0,
        format: "",
    };
    assert_eq!(parse_date(value, habits).date(), Some(day(2024, 5, 20)));
}
