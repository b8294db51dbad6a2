//! Lead numbers of the form `来源-日期-序号` (S1): where the lead came from, the day, a running number.

use std::fmt;

use chrono::NaiveDate;
use thiserror::Error;

use crate::text::nfkc;

/// A well-formed lead number, `展会-20240520-001` or `ZY-20240520-001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadId {
    /// What stands before the date: a source or its abbreviation.
    pub prefix: String,
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
        let text = nfkc(text);
        let mut parts = text.trim().rsplitn(3, '-');
        let (Some(number), Some(date), Some(prefix)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(LeadIdError::Malformed);
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let well_formed = !prefix.trim().is_empty()
            && date.len() == 8
            && all_digits(date)
            && (3..=9).contains(&number.len())
            && all_digits(number);
        if !well_formed {
            return Err(LeadIdError::Malformed);
        }
        let date =
            NaiveDate::parse_from_str(date, "%Y%m%d").map_err(|_| LeadIdError::ImpossibleDate)?;
        let number = number.parse().map_err(|_| LeadIdError::Malformed)?;
        Ok(Self {
            prefix: prefix.to_owned(),
            date,
            number,
        })
    }
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
