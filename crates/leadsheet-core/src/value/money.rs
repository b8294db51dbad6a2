//! Amounts of money: `1234.50`, `¥1,234.50`, `1234.5元`, `20万`. Decimal, never binary floating point.

use std::str::FromStr;

use rust_decimal::Decimal;
use thiserror::Error;

use crate::ledger::{Value, shortest};
use crate::text::nfkc;

/// An amount and how precisely it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount in the sheet's currency.
    pub amount: Decimal,
    /// Decimals that the cell shows: of a number, those of its format where it has one.
    pub decimals: u32,
}

/// Why a cell is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Not a number, or one too great to count money in.
    #[error("not an amount of money")]
    NotANumber,
}

/// Reads an amount.
pub fn parse_money(value: Value<'_>) -> Result<Money, MoneyError> {
    match value {
        Value::Number { value, format } => {
            let amount = Decimal::from_str(&shortest(value)).map_err(|_| MoneyError::NotANumber)?;
            let decimals = decimals_of(format).unwrap_or(amount.scale());
            Ok(Money { amount, decimals })
        }
        Value::Text(text) => parse_text(text),
        _ => Err(MoneyError::NotANumber),
    }
}

fn parse_text(text: &str) -> Result<Money, MoneyError> {
    let folded = nfkc(text).to_lowercase().replace(',', "");
    let mut number = folded.trim();
    for mark in ["人民币", "rmb", "cny", "¥", "元"] {
        number = number.strip_prefix(mark).unwrap_or(number).trim_start();
        number = number.strip_suffix(mark).unwrap_or(number).trim_end();
    }
    let (number, scale) = [("万", 4), ("萬", 4), ("亿", 8), ("億", 8), ("千", 3)]
        .iter()
        .find_map(|&(unit, scale)| {
            number
                .strip_suffix(unit)
                .map(|number| (number.trim_end(), scale))
        })
        .unwrap_or((number, 0));
    let written = Decimal::from_str(number).map_err(|_| MoneyError::NotANumber)?;
    let amount = written
        .checked_mul(Decimal::from(10_u64.pow(scale)))
        .ok_or(MoneyError::NotANumber)?;
    Ok(Money {
        amount: if scale > 0 {
            amount.normalize()
        } else {
            amount
        },
        decimals: written.scale(),
    })
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
        parse_money(Value::Text(text))
            .ok()
            .map(|money| (money.amount.to_string(), money.decimals))
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(amount("¥1,234.50"), Some(("1234.50".into(), 2)));
        assert_eq!(amount("1234.5元"), Some(("1234.5".into(), 1)));
        assert_eq!(amount("20万"), Some(("200000".into(), 0)));
        assert_eq!(amount("1.25 亿"), Some(("125000000".into(), 2)));
        assert_eq!(amount("-3.00"), Some(("-3.00".into(), 2)));
        assert_eq!(amount("面议"), None);
        assert_eq!(amount(""), None);
    }

    #[test]
    fn a_number_cell_shows_the_decimals_of_its_format() {
        let money = |value, format| parse_money(Value::Number { value, format }).unwrap();
        assert_eq!(money(1234.5, "#,##0.00").decimals, 2);
        assert_eq!(money(1234.5, "").decimals, 1);
        assert_eq!(
            money(0.1 + 0.2, "0.00").amount.to_string(),
            "0.30000000000000004"
        );
    }
}
