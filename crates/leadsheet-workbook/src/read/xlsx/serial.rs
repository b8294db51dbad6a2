//! Serial numbers to moments: days since the last day of 1899, or since 1904 where an old Macintosh began.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::number_format::NumberClass;

/// What a serial number in a date or time format means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    /// A date, with its time of day.
    Date(NaiveDateTime),
    /// A time of day, or an elapsed time.
    Time(TimeDelta),
}

/// From which day a workbook counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Epoch {
    /// Day 1 is 1 January 1900.
    #[default]
    Windows1900,
    /// Day 0 is 1 January 1904.
    Macintosh1904,
}

/// The last day that Excel knows, 31 December 9999.
const LAST_DAY: f64 = 2_958_465.0;
const DAY: f64 = 86_400_000.0;
const DAY_IN_MILLISECONDS: i64 = 86_400_000;

/// The moment behind a serial number, rounded to the millisecond: 10:00 is stored as 0.41666666666666669.
/// `None` where the number is no moment that Excel would show, its invented 29 February 1900 included.
pub(crate) fn moment(serial: f64, class: NumberClass, epoch: Epoch) -> Option<Moment> {
    let offset = if epoch == Epoch::Macintosh1904 {
        1462.0
    } else {
        0.0
    };
    if !serial.is_finite() || serial.abs() >= LAST_DAY + 1.0 - offset {
        return None;
    }
    let milliseconds = (serial * DAY).round() as i64;
    if class == NumberClass::Elapsed {
        return Some(Moment::Time(TimeDelta::milliseconds(milliseconds)));
    }
    if serial < 0.0 {
        return None;
    }
    let within_a_day = milliseconds < DAY_IN_MILLISECONDS;
    if within_a_day && !(epoch == Epoch::Macintosh1904 && class == NumberClass::Date) {
        return Some(Moment::Time(TimeDelta::milliseconds(milliseconds)));
    }
    let first = match (epoch, milliseconds / DAY_IN_MILLISECONDS) {
        (Epoch::Macintosh1904, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (Epoch::Windows1900, ..60) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (Epoch::Windows1900, 60) => None,
        (Epoch::Windows1900, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    let moment = first?
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(TimeDelta::milliseconds(milliseconds))?;
    (chrono::Datelike::year(&moment) <= 9999).then_some(Moment::Date(moment))
}

/// A date or time in the spelling of ISO 8601 that cells of type `d` hold. A zone is read over: `Z` is what
/// programs write who know none.
pub(crate) fn iso_moment(text: &str) -> Option<Moment> {
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
        return time.map(Moment::Time);
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
    Some(Moment::Date(moment))
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
    use NumberClass::{Date, Elapsed, Time};

    fn shown(serial: f64, class: NumberClass, epoch: Epoch) -> String {
        match moment(serial, class, epoch) {
            Some(Moment::Date(date)) => leadsheet_core::iso_date(date),
            Some(Moment::Time(time)) => leadsheet_core::iso_time(time),
            None => "none".into(),
        }
    }

    #[test]
    fn serials_are_the_days_that_excel_shows() {
        let cases = [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "none"),
            (60.5, "none"),
            (61.0, "1900-03-01"),
            (45_432.0, "2024-05-20"),
            (45_432.416_666_666_7, "2024-05-20T10:00:00"),
            (45_432.999_999_999, "2024-05-21"),
            (2_958_465.0, "9999-12-31"),
            (2_958_466.0, "none"),
            (-1.0, "none"),
            (1e300, "none"),
            (f64::NAN, "none"),
            (0.5, "12:00:00"),
            (0.0, "00:00:00"),
            (60.000_000_000_1, "none"),
            (59.999_999_999_99, "none"),
        ];
        for (serial, expected) in cases {
            assert_eq!(
                shown(serial, Date, Epoch::Windows1900),
                expected,
                "{serial}"
            );
        }
        assert_eq!(shown(0.0, Date, Epoch::Macintosh1904), "1904-01-01");
        assert_eq!(
            shown(43_970.25, Date, Epoch::Macintosh1904),
            "2024-05-20T06:00:00"
        );
        assert_eq!(shown(0.25, Time, Epoch::Macintosh1904), "06:00:00");
        assert_eq!(shown(2_957_003.0, Date, Epoch::Macintosh1904), "9999-12-31");
        assert_eq!(shown(2_957_004.0, Date, Epoch::Macintosh1904), "none");
    }

    #[test]
    fn ten_oclock_is_not_a_millisecond_before_it() {
        assert_eq!(shown(10.0 / 24.0, Time, Epoch::Windows1900), "10:00:00");
        assert_eq!(
            shown(0.416_666_666_666_666_63, Time, Epoch::Windows1900),
            "10:00:00"
        );
    }

    #[test]
    fn elapsed_time_counts_past_midnight_and_below_zero() {
        assert_eq!(shown(26.5 / 24.0, Elapsed, Epoch::Windows1900), "PT26H30M");
        assert_eq!(shown(-0.5, Elapsed, Epoch::Windows1900), "-PT12H");
        assert_eq!(shown(1e12, Elapsed, Epoch::Windows1900), "none");
    }

    #[test]
    fn iso_dates_are_read_strictly() {
        let date = |text| match iso_moment(text) {
            Some(Moment::Date(date)) => leadsheet_core::iso_date(date),
            Some(Moment::Time(time)) => leadsheet_core::iso_time(time),
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
