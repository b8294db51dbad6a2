//! Shares such as 跟进进度: `45%`, `45％`, 0.45 in a percent format, 45.

use thiserror::Error;

use crate::ledger::Value;
use crate::text::nfkc;

/// Why a cell is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PercentError {
    /// Not a number.
    #[error("not a percentage")]
    NotANumber,
    /// Below 0 % or above 100 %.
    #[error("not between 0 % and 100 %")]
    OutOfRange,
}

/// Reads a share as a fraction between 0 and 1.
///
/// A bare number up to 1 is a fraction, a greater one counts per cent; a percent format settles it.
pub fn parse_percent(value: Value<'_>) -> Result<f64, PercentError> {
    let share = match value {
        Value::Number { value, format } if format.contains('%') => value,
        Value::Number { value, .. } => fraction(value),
        Value::Text(text) => {
            let text = nfkc(text.trim());
            match text.strip_suffix('%') {
                Some(number) => {
                    number
                        .trim()
                        .parse::<f64>()
                        .map_err(|_| PercentError::NotANumber)?
                        / 100.0
                }
                None => fraction(text.parse().map_err(|_| PercentError::NotANumber)?),
            }
        }
        _ => return Err(PercentError::NotANumber),
    };
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(PercentError::OutOfRange)
    }
}

fn fraction(number: f64) -> f64 {
    if number <= 1.0 {
        number
    } else {
        number / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_45_percent_is_045() {
        let number = |value, format| Value::Number { value, format };
        for value in [
            Value::Text("45%"),
            Value::Text(" 45％"),
            Value::Text("45"),
            number(0.45, "0%"),
            number(45.0, ""),
        ] {
            assert_eq!(parse_percent(value), Ok(0.45), "{value:?}");
        }
        assert_eq!(
            parse_percent(number(1.2, "0%")),
            Err(PercentError::OutOfRange)
        );
        assert_eq!(
            parse_percent(Value::Text("-5%")),
            Err(PercentError::OutOfRange)
        );
        assert_eq!(
            parse_percent(Value::Text("约一半")),
            Err(PercentError::NotANumber)
        );
        assert_eq!(
            parse_percent(Value::Text("nan")),
            Err(PercentError::OutOfRange)
        );
    }
}
