//! Amounts of money: `1234.50`, `¥1,234.50`, `1234.5元`, `20万`, and `12.5` under a heading that says 万元. Decimal, never
//! binary floating point.

use std::str::FromStr;

use rust_decimal::Decimal;
use thiserror::Error;

use crate::ledger::{Value, shortest};
use crate::text::{compact, nfkc};

/// An amount and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount in the sheet's currency.
    pub amount: Decimal,
    /// Decimals that the cell shows: of a number, those of its format where it has one.
    pub decimals: u32,
    /// The power of ten that the column's heading states and the cell leaves out: 4 under 万元.
    pub heading_unit: u32,
}

impl Money {
    /// The number that stands in the cell, or should: the amount in the unit of the heading.
    pub fn in_heading_unit(&self) -> Decimal {
        if self.heading_unit == 0 {
            return self.amount;
        }
        self.amount / Decimal::from(10_u64.pow(self.heading_unit))
    }
}

/// Why a cell is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Not a number, or one too great to count money in.
    #[error("not an amount of money")]
    NotANumber,
    /// An amount of another currency, which adds up with no other amount of the column.
    #[error("an amount of another currency")]
    OtherCurrency,
}

/// Reads an amount. `heading_unit` is that of [`unit_of_heading`]; a cell that names a unit itself (`20万`, `1280元`) means
/// what it says.
pub fn parse_money(value: Value<'_>, heading_unit: u32) -> Result<Money, MoneyError> {
    match value {
        Value::Number { value, format } => {
            let written =
                Decimal::from_str(&shortest(value)).map_err(|_| MoneyError::NotANumber)?;
            let decimals = decimals_of(format).unwrap_or(written.scale());
            Ok(Money {
                amount: scaled(written, heading_unit)?,
                decimals,
                heading_unit,
            })
        }
        Value::Text(text) => parse_text(text, heading_unit),
        _ => Err(MoneyError::NotANumber),
    }
}

/// The power of ten that a heading states: 4 for `订单金额（万元）`, 3 for `金额/千元`, 0 where it states none.
pub fn unit_of_heading(heading: &str) -> u32 {
    let key = compact(heading);
    if let Some((_, power)) = [("万元", 4), ("千元", 3), ("亿元", 8)]
        .into_iter()
        .find(|(unit, _)| key.len() > unit.len() && key.ends_with(unit))
    {
        return power;
    }
    let unit = |text: &str| {
        let text = text
            .trim_start_matches("单位")
            .trim_start_matches([':', '为'])
            .trim_start_matches("人民币")
            .trim_end_matches(['元', '*']);
        match text {
            "万" => Some(4),
            "千" => Some(3),
            "百万" => Some(6),
            "亿" => Some(8),
            _ => None,
        }
    };
    key.split([
        '(', ')', '[', ']', '【', '】', '/', ':', '-', '_', ',', '、',
    ])
    .skip(1)
    .find_map(unit)
    .unwrap_or(0)
}

fn scaled(written: Decimal, power: u32) -> Result<Decimal, MoneyError> {
    if power == 0 {
        return Ok(written);
    }
    written
        .checked_mul(Decimal::from(10_u64.pow(power)))
        .map(|amount| amount.normalize())
        .ok_or(MoneyError::NotANumber)
}

fn parse_text(text: &str, heading_unit: u32) -> Result<Money, MoneyError> {
    const MARKS: [&str; 7] = ["人民币", "人民幣", "rmb", "cny", "¥", "元", "圆"];
    const OTHERS: [&str; 27] = [
        "$", "€", "£", "₩", "usd", "eur", "gbp", "hkd", "twd", "jpy", "krw", "sgd", "美元", "美金",
        "欧元", "歐元", "英镑", "英鎊", "港币", "港幣", "港元", "日元", "日圓", "韩元", "台币",
        "台幣", "臺幣",
    ];
    const UNITS: [(&str, u32); 8] = [
        ("百万", 6),
        ("万", 4),
        ("萬", 4),
        ("亿", 8),
        ("億", 8),
        ("千", 3),
        ("w", 4),
        ("k", 3),
    ];
    let folded = nfkc(text).to_lowercase().replace('−', "-");
    let mut number = folded.trim();
    // Accountants put what is below zero in brackets.
    let in_brackets = number
        .strip_prefix('(')
        .and_then(|number| number.strip_suffix(')'));
    let mut is_negative = in_brackets.is_some();
    number = in_brackets.unwrap_or(number).trim();
    if OTHERS.iter().any(|mark| number.contains(mark)) {
        let has_digits = number.contains(|c: char| c.is_ascii_digit());
        return Err(if has_digits {
            MoneyError::OtherCurrency
        } else {
            MoneyError::NotANumber
        });
    }
    let mut is_in_yuan = false;
    let mut strip_sign = |number: &mut &str| {
        if let Some(rest) = number.strip_prefix('-').filter(|_| !is_negative) {
            is_negative = true;
            *number = rest.trim_start();
        }
    };
    strip_sign(&mut number);
    number = number.trim_end_matches(['整', '正']).trim_end();
    for mark in MARKS {
        let bare = number.strip_prefix(mark).unwrap_or(number).trim_start();
        number = bare.strip_suffix(mark).unwrap_or(bare).trim_end();
        is_in_yuan |= bare.len() > number.len() && matches!(mark, "元" | "圆");
    }
    strip_sign(&mut number);
    let own_unit = UNITS.iter().find_map(|&(unit, power)| {
        let number = number.strip_suffix(unit)?;
        Some((number.trim_end(), power))
    });
    let (number, power) = own_unit.unwrap_or((number, 0));
    let mut written = ungrouped(number).ok_or(MoneyError::NotANumber)?;
    written.set_sign_negative(is_negative && !written.is_zero());
    // `1280元` under 万元 is 1280 yuan; a bare 1280 is as many times 万.
    let power = if own_unit.is_none() && !is_in_yuan {
        heading_unit
    } else {
        power
    };
    Ok(Money {
        amount: scaled(written, power)?,
        decimals: written.scale(),
        heading_unit,
    })
}

/// Digits with at most one point; commas, where there are any, part groups of three. `1,5` is nobody's amount for certain.
fn ungrouped(number: &str) -> Option<Decimal> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(decimals) || (number.contains('.') && decimals.is_empty()) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || (1..=3).contains(&first.len());
    let sound = is_grouped
        && !first.is_empty()
        && all_digits(first)
        && rest
            .iter()
            .all(|group| group.len() == 3 && all_digits(group));
    if !sound {
        return None;
    }
    Decimal::from_str(&number.replace(',', "")).ok()
}

/// Whether a number format leaves the decimals to the number.
pub(crate) fn is_general(format: &str) -> bool {
    decimals_of(format).is_none()
}

/// The decimals a number format shows: 2 of `#,##0.00`, 0 of `0`; `None` of a general format.
fn decimals_of(format: &str) -> Option<u32> {
    let section = format.split(';').next().unwrap_or_default();
    if !section.contains(['0', '#']) {
        return None;
    }
    let after = section.split_once('.').map_or("", |(_, after)| after);
    Some(
        after
            .chars()
            .take_while(|c| matches!(c, '0' | '#' | '?'))
            .count() as u32,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<(String, u32)> {
        amount_under(text, 0)
    }

    fn amount_under(text: &str, heading_unit: u32) -> Option<(String, u32)> {
        parse_money(Value::Text(text), heading_unit)
            .ok()
            .map(|money| (money.amount.to_string(), money.decimals))
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, expected, decimals) in [
            ("1234.50", "1234.50", 2),
            ("0", "0", 0),
            ("1234567.89", "1234567.89", 2),
            ("1,234.50", "1234.50", 2),
            ("1,234,567.89", "1234567.89", 2),
            ("¥1,234.50", "1234.50", 2),
            ("￥1,234.50", "1234.50", 2),
            ("¥ 1,234.50", "1234.50", 2),
            ("１，２３４．５０", "1234.50", 2),
            ("1234.5元", "1234.5", 1),
            ("1234.50元整", "1234.50", 2),
            ("人民币1234.50元", "1234.50", 2),
            ("RMB 1,234.50", "1234.50", 2),
            ("1234.50 CNY", "1234.50", 2),
            ("20万", "200000", 0),
            ("20 万", "200000", 0),
            ("20萬", "200000", 0),
            ("20万元", "200000", 0),
            ("20w", "200000", 0),
            ("1.25 亿", "125000000", 2),
            ("1.5亿元", "150000000", 1),
            ("3千", "3000", 0),
            ("5k", "5000", 0),
            ("2百万", "2000000", 0),
            ("-3.00", "-3.00", 2),
            ("－3.00", "-3.00", 2),
            ("¥-3.00", "-3.00", 2),
            ("-¥3.00", "-3.00", 2),
            ("(1,234.50)", "-1234.50", 2),
            ("（¥1,234.50）", "-1234.50", 2),
        ] {
            assert_eq!(amount(text), Some((expected.into(), decimals)), "{text}");
        }
    }

    #[test]
    fn what_is_no_certain_amount_is_refused() {
        for text in [
            "",
            " ",
            "面议",
            "约20万",
            "20-30万",
            "20万左右",
            "2万5",
            "二十万",
            "1280.00+1280.00",
            "1,5",
            "12,34",
            "1,234,5",
            ",123",
            "1234.",
            ".5",
            "1.234.567",
            "1_000",
            "1e5",
            "--3",
            "(-3)",
            "元",
            "99999999999999999999999999999999",
            "9999999999999999999999999亿",
        ] {
            assert_eq!(
                parse_money(Value::Text(text), 0),
                Err(MoneyError::NotANumber),
                "{text}"
            );
        }
        for text in [
            "$1,234.50",
            "USD 100",
            "100美元",
            "HK$ 200",
            "NT$200",
            "€5",
            "500港币",
        ] {
            assert_eq!(
                parse_money(Value::Text(text), 0),
                Err(MoneyError::OtherCurrency),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_cell_shows_the_decimals_of_its_format() {
        let money = |value, format| parse_money(Value::Number { value, format }, 0).unwrap();
        assert_eq!(money(1234.5, "#,##0.00").decimals, 2);
        assert_eq!(money(1234.5, "").decimals, 1);
        assert_eq!(
            money(0.1 + 0.2, "0.00").amount.to_string(),
            "0.30000000000000004"
        );
    }

    #[test]
    fn a_heading_may_state_the_unit() {
        for (heading, unit) in [
            ("订单金额（万元）", 4),
            ("预计成交金额(万)", 4),
            ("合同金額（萬元）", 4),
            ("金额/千元", 3),
            ("销售额 万元", 4),
            ("销售额（单位：万元）", 4),
            ("合同额(亿元)", 8),
            ("订单金额（元）", 0),
            ("订单金额", 0),
            ("万元户", 0),
            ("订单金额(含税)", 0),
        ] {
            assert_eq!(unit_of_heading(heading), unit, "{heading}");
        }
    }

    #[test]
    fn the_unit_of_the_heading_is_that_of_bare_numbers() {
        assert_eq!(amount_under("12.80", 4), Some(("128000".into(), 2)));
        assert_eq!(amount_under("20万", 4), Some(("200000".into(), 0)));
        assert_eq!(amount_under("1280元", 4), Some(("1280".into(), 0)));
        let value = Value::Number {
            value: 12.5,
            format: "0.00",
        };
        let money = parse_money(value, 4).unwrap();
        assert_eq!(money.amount, Decimal::from(125_000));
        assert_eq!(money.in_heading_unit(), Decimal::new(125, 1));
    }
}
