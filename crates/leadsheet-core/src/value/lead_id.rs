//! Lead numbers of the form `来源-日期-序号` (S1): where the lead came from, the day, a running number.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use thiserror::Error;

use crate::text::nfkc;

/// A well-formed lead number, `展会-20240520-001` or `ZY-20240520-001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadId {
    /// What stands before the date: a source or its abbreviation.
    pub prefix: Arc<str>,
    /// The day the lead was registered.
    pub date: NaiveDate,
    /// The running number.
    pub number: u32,
}

/// Why a text is no lead number of this form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LeadIdError {
    /// Not three parts, no eight-digit date, or fewer than three digits at the end.
    #[error("not of the form source-YYYYMMDD-number")]
    Malformed,
    /// The eight digits are no day of any calendar.
    #[error("the date in it does not exist")]
    ImpossibleDate,
}

impl LeadId {
    /// Reads a lead number; full-width characters and surrounding white space are accepted.
    pub fn parse(text: &str) -> Result<Self, LeadIdError> {
        Self::parse_among(text, &mut Prefixes::default())
    }

    /// The same of one of many, which share their prefixes.
    pub(crate) fn parse_among(text: &str, prefixes: &mut Prefixes) -> Result<Self, LeadIdError> {
        let text = nfkc(text);
        let (prefix, date, number) = split(&text)?;
        Ok(Self {
            prefix: prefixes.kept(prefix),
            date,
            number,
        })
    }

    /// The day in a lead number, for those who want nothing else of it.
    pub fn day_in(text: &str) -> Result<NaiveDate, LeadIdError> {
        split(&nfkc(text)).map(|(_, day, _)| day)
    }
}

/// The prefixes of a column's numbers, each kept once: hundreds of thousands begin alike.
#[derive(Debug, Default)]
pub(crate) struct Prefixes {
    known: Vec<Arc<str>>,
}

impl Prefixes {
    fn kept(&mut self, prefix: &str) -> Arc<str> {
        /// A team has a handful of sources; what differs more often is not worth looking for.
        const MOST: usize = 16;
        if let Some(known) = self.known.iter().find(|known| ***known == *prefix) {
            return Arc::clone(known);
        }
        let new: Arc<str> = prefix.into();
        if self.known.len() < MOST {
            self.known.push(Arc::clone(&new));
        }
        new
    }
}

/// Prefix, day and running number.
fn split(text: &str) -> Result<(&str, NaiveDate, u32), LeadIdError> {
    // Numbers are short: their bytes are sooner looked at than a search is begun.
    let before_last_dash = |text: &str| text.bytes().rposition(|byte| byte == b'-');
    let text = text.trim();
    let number = before_last_dash(text).ok_or(LeadIdError::Malformed)?;
    let (front, number) = (&text[..number], &text[number + 1..]);
    let date = before_last_dash(front).ok_or(LeadIdError::Malformed)?;
    let (prefix, date) = (&front[..date], &front[date + 1..]);
    let digits = |part: &str| {
        part.bytes().try_fold(0_u32, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
            digit.map(|digit| number * 10 + digit)
        })
    };
    if prefix.trim().is_empty() || date.len() != 8 || !(3..=9).contains(&number.len()) {
        return Err(LeadIdError::Malformed);
    }
    let (Some(date), Some(number)) = (digits(date), digits(number)) else {
        return Err(LeadIdError::Malformed);
    };
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let date = NaiveDate::from_ymd_opt(year as i32, month, day);
    let date = date.ok_or(LeadIdError::ImpossibleDate)?;
    Ok((prefix, date, number))
}

impl fmt::Display for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}-{:03}",
            self.prefix,
            self.date.format("%Y%m%d"),
            self.number
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_s1_are_lead_numbers() {
        for text in [
            "展会-20240520-001",
            "ZY-20240520-001",
            "线上-推广-20240520-0012",
            "ＺＹ-２０２４０５２０-００１",
        ] {
            let id = LeadId::parse(text).unwrap();
            assert_eq!(
                id.date,
                NaiveDate::from_ymd_opt(2024, 5, 20).unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_malformed_is_told_from_an_impossible_date() {
        for text in [
            "",
            "A001",
            "ZY-2024520-001",
            "ZY-20240520-01",
            "ZY20240520001",
            "-20240520-001",
            "ZY-20240520-0a1",
        ] {
            assert_eq!(LeadId::parse(text), Err(LeadIdError::Malformed), "{text}");
        }
        assert_eq!(
            LeadId::parse("ZY-20250231-001"),
            Err(LeadIdError::ImpossibleDate)
        );
    }
}
