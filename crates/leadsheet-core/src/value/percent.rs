//! Shares such as 跟进进度: `45%`, `45％`, `百分之四十五`, `七成`, 0.45 in a percent format, 45.

use thiserror::Error;

use super::in_arabic;
use crate::ledger::Value;
use crate::text::{compact, nfkc};

/// Why a cell is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PercentError {
    /// Not a number.
    #[error("not a percentage")]
    NotANumber,
    /// Below 0 % or above 100 %.
    #[error("not between 0 % and 100 %")]
    OutOfRange,
    /// A bare number up to 1 among others that count per cent: 0.45 may be 45 % or 0.45 %.
    #[error("a fraction or a percentage")]
    Ambiguous,
}

/// What a number without a percent sign or format means in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BareNumbers {
    /// Up to 1 a fraction, a greater one counts per cent: a column of which nothing else is known.
    #[default]
    BySize,
    /// It counts per cent, as the heading says: `成交概率(%)`.
    PerCent,
    /// Some are greater than 1, so that one of up to 1 may be either.
    Mixed,
}

impl BareNumbers {
    /// What the bare numbers of a column mean, by its heading and its values.
    pub fn of_column<'v>(heading: &str, values: impl IntoIterator<Item = Value<'v>>) -> Self {
        if compact(heading).contains('%') {
            return BareNumbers::PerCent;
        }
        let is_greater = |value| bare_number(value).is_some_and(|number| number > 1.0);
        if values.into_iter().any(is_greater) {
            BareNumbers::Mixed
        } else {
            BareNumbers::BySize
        }
    }
}

/// A number that nothing says is a percentage.
fn bare_number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number { format, .. } if format.contains('%') => None,
        Value::Number { value, .. } => Some(value),
        Value::Text(text) => number(nfkc(text.trim()).as_ref()),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Reads a share as a fraction between 0 and 1. A percent sign or format settles what a number means; `bare` says it of
/// those without.
pub fn parse_percent(value: Value<'_>, bare: BareNumbers) -> Result<f64, PercentError> {
    let share = match value {
        Value::Number { value, format } if format.contains('%') => value,
        Value::Number { value, .. } => of_bare(value, bare)?,
        Value::Text(text) => of_text(&nfkc(text.trim()), bare)?,
        _ => return Err(PercentError::NotANumber),
    };
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(PercentError::OutOfRange)
    }
}

fn of_text(text: &str, bare: BareNumbers) -> Result<f64, PercentError> {
    let (amount, scale) = if let Some(amount) = text.strip_suffix('%') {
        (amount.into(), 100.0)
    } else if let Some(amount) = text.strip_prefix("百分之") {
        (in_arabic(amount), 100.0)
    } else if let Some(amount) = text.strip_suffix('成') {
        (in_arabic(amount), 10.0)
    } else {
        return of_bare(number(text).ok_or(PercentError::NotANumber)?, bare);
    };
    let number = number(&amount).ok_or(PercentError::NotANumber)?;
    Ok(number / scale)
}

fn of_bare(number: f64, bare: BareNumbers) -> Result<f64, PercentError> {
    match bare {
        BareNumbers::Mixed if number > 0.0 && number <= 1.0 => Err(PercentError::Ambiguous),
        BareNumbers::BySize if number <= 1.0 => Ok(number),
        _ => Ok(number / 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn number(value: f64, format: &str) -> Value<'_> {
        Value::Number { value, format }
    }

    #[test]
    fn every_spelling_of_45_percent_is_045() {
        for value in [
            Value::Text("45%"),
            Value::Text(" 45％"),
            Value::Text("45 %"),
            Value::Text("４５％"),
            Value::Text("百分之四十五"),
            Value::Text("百分之45"),
            Value::Text("4.5成"),
            Value::Text("45"),
            Value::Text("0.45"),
            number(0.45, "0%"),
            number(0.45, "0.00%"),
            number(0.45, ""),
            number(45.0, ""),
        ] {
            assert_eq!(
                parse_percent(value, BareNumbers::BySize),
                Ok(0.45),
                "{value:?}"
            );
        }
        assert_eq!(
            parse_percent(Value::Text("七成"), BareNumbers::BySize),
            Ok(0.7)
        );
    }

    #[test]
    fn other_numbers_and_words_are_refused() {
        for (value, error) in [
            (number(1.2, "0%"), PercentError::OutOfRange),
            (number(120.0, ""), PercentError::OutOfRange),
            (Value::Text("850%"), PercentError::OutOfRange),
            (Value::Text("-5%"), PercentError::OutOfRange),
            (Value::Text("约一半"), PercentError::NotANumber),
            (Value::Text("45%左右"), PercentError::NotANumber),
            (Value::Text("完成"), PercentError::NotANumber),
            (Value::Text("nan"), PercentError::NotANumber),
            (Value::Text("inf%"), PercentError::NotANumber),
            (Value::Bool(true), PercentError::NotANumber),
        ] {
            assert_eq!(
                parse_percent(value, BareNumbers::BySize),
                Err(error),
                "{value:?}"
            );
        }
    }

    #[test]
    fn what_a_bare_number_means_is_for_the_column_to_say() {
        let of_column = |heading, values: &[f64]| {
            BareNumbers::of_column(heading, values.iter().map(|&value| number(value, "")))
        };
        assert_eq!(of_column("跟进进度", &[0.45, 1.0]), BareNumbers::BySize);
        assert_eq!(of_column("跟进进度", &[0.45, 45.0]), BareNumbers::Mixed);
        assert_eq!(of_column("成交概率（%）", &[0.5]), BareNumbers::PerCent);
        assert_eq!(parse_percent(number(1.0, ""), BareNumbers::BySize), Ok(1.0));
        assert_eq!(
            parse_percent(number(1.0, ""), BareNumbers::Mixed),
            Err(PercentError::Ambiguous)
        );
        assert_eq!(parse_percent(number(0.0, ""), BareNumbers::Mixed), Ok(0.0));
        assert_eq!(
            parse_percent(number(0.45, "0%"), BareNumbers::Mixed),
            Ok(0.45)
        );
        assert_eq!(
            parse_percent(number(0.5, ""), BareNumbers::PerCent),
            Ok(0.005)
        );
    }
}
