//! Dates and times in the spelling of ISO 8601, which cells of type `d` hold.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

/// What such a cell means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum IsoMoment {
    /// A date, with its time of day.
    Date(NaiveDateTime),
    /// A time of day.
    Time(TimeDelta),
}

/// The moment, strictly spelled. A zone is read over: `Z` is what
/// programs write who know none.
pub(super) fn iso_moment(text: &str) -> Option<IsoMoment> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None if text.contains(':') => ("", Some(text)),
        None => (text, None),
    };
    let time = match time {
        Some(time) => Some(clock_time(time)?),
        None => None,
    };
    if date.is_empty() {
        return time.map(IsoMoment::Time);
    }
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let year = year
        .parse()
        .ok()
        .filter(|year| (1900..=9999).contains(year))?;
    let date = NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)?;
    let moment = date
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(time.unwrap_or_default())?;
    Some(IsoMoment::Date(moment))
}

fn clock_time(text: &str) -> Option<TimeDelta> {
    let mut parts = text.splitn(3, ':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));
    let number = |text: &str, below: i64| {
        let sound = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if sound {
            text.parse().ok().filter(|&number: &i64| number < below)
        } else {
            None
        }
    };
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milliseconds = format!("0.{fraction}")
        .parse::<f64>()
        .ok()
        .map(|fraction| (fraction * 1000.0).round() as i64)?;
    let seconds = (number(hours, 25)? * 60 + number(minutes, 60)?) * 60 + number(whole, 61)?;
    Some(TimeDelta::milliseconds(seconds * 1000 + milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_read_strictly() {
        let date = |text| match iso_moment(text) {
            Some(IsoMoment::Date(date)) => leadsheet_core::iso_date(date),
            Some(IsoMoment::Time(time)) => leadsheet_core::iso_time(time),
            None => "none".into(),
        };
        let cases = [
            ("2024-05-20", "2024-05-20"),
            ("2024-05-20T10:30:00Z", "2024-05-20T10:30:00"),
            ("2024-05-20T10:30:00.25", "2024-05-20T10:30:00.250"),
            ("2024-05-20 10:30", "2024-05-20T10:30:00"),
            ("10:30:00", "10:30:00"),
            ("T10:30:00", "10:30:00"),
            ("2024-5-20", "none"),
            ("2024-02-30", "none"),
            ("20240520", "none"),
            ("", "none"),
            ("T", "none"),
            ("2024-05-20T", "none"),
            ("1+:00", "none"),
            ("下周", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text), expected, "{text}");
        }
    }
}
