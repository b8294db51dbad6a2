//! Number formats: which of them show a date, a time of day or an elapsed time, and what a serial number then
//! means. Spreadsheets store dates as numbers; only the format tells.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// What a number format shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FormatClass {
    /// A number, a percentage, an amount, or text.
    #[default]
    Number,
    /// A date, with or without a time of day.
    Date,
    /// A time of day without a date.
    Time,
    /// An elapsed time, `[h]:mm`.
    Elapsed,
}

/// What a serial number means under a format.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Serial {
    /// No date format: the number itself.
    Number,
    /// A moment, to the millisecond.
    Date(NaiveDateTime),
    /// A time of day or an elapsed time, to the millisecond.
    Time(TimeDelta),
    /// A date format over a number that is no day of the years 1900 to 9999.
    OutOfRange,
}

const DAY: i64 = 86_400_000;
/// One past 9999-12-31 in the 1900 system.
const LAST_SERIAL: i64 = 2_958_466;
/// Days between the two systems: serial 0 of the 1904 system is 1462 of the 1900 system.
const DAYS_TO_1904: i64 = 1_462;
/// From the first day of the year 1 as day 1 to the day before 1900.
const DAYS_TO_1900: i64 = 693_595;

/// What `serial` means in a cell whose format is of `class`.
///
/// A time-of-day format over a whole day or more shows only part of what is stored, so the date is kept. Serial
/// 60 of the 1900 system is the 29 February 1900 that never was, and 0 its day before the first: both are out of range.
pub(crate) fn serial_to_value(serial: f64, class: FormatClass, is_1904: bool) -> Serial {
    if class == FormatClass::Number {
        return Serial::Number;
    }
    if !serial.is_finite() || serial.abs() > LAST_SERIAL as f64 {
        return Serial::OutOfRange;
    }
    let whole = serial as i64;
    let milliseconds = if (whole as f64).to_bits() == serial.to_bits() {
        whole * DAY
    } else {
        (serial * DAY as f64).round() as i64
    };
    let within_first_day = (0.0..1.0).contains(&serial);
    let no_date = match class {
        FormatClass::Elapsed => true,
        FormatClass::Time => serial < 1.0,
        // 12:00 typed into a cell that shows date and time; in the 1904 system it is a real day.
        _ => within_first_day && serial > 0.0 && !is_1904,
    };
    if no_date {
        return Serial::Time(TimeDelta::milliseconds(milliseconds));
    }
    let (mut day, time) = (milliseconds.div_euclid(DAY), milliseconds.rem_euclid(DAY));
    if serial < 0.0 {
        return Serial::OutOfRange;
    }
    if is_1904 {
        day += DAYS_TO_1904;
    }
    if day == 0 || day == 60 || day >= LAST_SERIAL {
        return Serial::OutOfRange;
    }
    // Day 1 is 1900-01-01, and day 60 is one that never was.
    let days_before = if day < 60 {
        DAYS_TO_1900
    } else {
        DAYS_TO_1900 - 1
    };
    let date = i32::try_from(day + days_before)
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt);
    let time = u32::try_from(time).ok().and_then(|time| {
        let (seconds, milliseconds) = (time / 1_000, time % 1_000);
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, milliseconds * 1_000_000)
    });
    match (date, time) {
        (Some(date), Some(time)) => Serial::Date(date.and_time(time)),
        _ => Serial::OutOfRange,
    }
}

/// The code of a built-in format, as Chinese Excel has it where languages differ (27 to 36 and 50 to 58, which
/// files name without defining them).
pub(crate) fn builtin(id: u16) -> Option<&'static str> {
    Some(match id {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 37 => "#,##0_);(#,##0)",
        6 | 38 => "#,##0_);[Red](#,##0)",
        7 | 39 => "#,##0.00_);(#,##0.00)",
        8 | 40 => "#,##0.00_);[Red](#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        // The standard prints mm-dd-yy, Excel shows the system's short date; the composing library knows the id by this.
        14 => "m/d/yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        41 => "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
        42 => "_(\"¥\"* #,##0_);_(\"¥\"* \\(#,##0\\);_(\"¥\"* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
        44 => "_(\"¥\"* #,##0.00_);_(\"¥\"* \\(#,##0.00\\);_(\"¥\"* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// What a format code shows: that of its first section with a date or time in it, but a first section of digits
/// without a condition makes it a number format.
pub(crate) fn classify(code: &str) -> FormatClass {
    let mut rest = code;
    loop {
        let section = Section::read(&mut rest);
        let class = section.class();
        if class != FormatClass::Number || (section.digits && !section.condition) || rest.is_empty()
        {
            return class;
        }
    }
}

/// Whether a code says nothing: General in any of its spellings.
pub(crate) fn is_general(code: &str) -> bool {
    code.is_empty()
        || code.eq_ignore_ascii_case("General")
        || code == "G/通用格式"
        || code == "Standard"
}

/// The tokens seen in one section of a format code.
#[derive(Default)]
struct Section {
    digits: bool,
    condition: bool,
    shown: Shown,
}

/// What the tokens of a section show; the later outweighs the earlier.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    #[default]
    NoTime,
    /// One or two `m`: minutes beside an hour or a second, else the month.
    MonthOrMinute,
    /// Hour, second, or morning and afternoon.
    Time,
    /// Year, day, weekday, era or a month's name.
    Date,
    Elapsed,
}

impl Section {
    fn class(&self) -> FormatClass {
        match self.shown {
            Shown::NoTime => FormatClass::Number,
            Shown::MonthOrMinute | Shown::Date => FormatClass::Date,
            Shown::Time => FormatClass::Time,
            Shown::Elapsed => FormatClass::Elapsed,
        }
    }

    fn show(&mut self, shown: Shown) {
        self.shown = self.shown.max(shown);
    }

    /// Reads one section and leaves what follows its semicolon in `code`.
    fn read(code: &mut &str) -> Self {
        let mut section = Self::default();
        let mut rest = *code;
        while let Some(character) = rest.chars().next() {
            if let Some(word) = ["General", "G/通用格式", "Standard"]
                .iter()
                .find(|word| starts_with(rest, word))
            {
                rest = &rest[word.len()..];
                continue;
            }
            if let Some(word) = ["上午/下午", "AM/PM", "A/P"]
                .iter()
                .find(|word| starts_with(rest, word))
            {
                section.show(Shown::Time);
                rest = &rest[word.len()..];
                continue;
            }
            let alike = rest
                .chars()
                .take_while(|other| other.eq_ignore_ascii_case(&character))
                .count();
            let mut taken = alike * character.len_utf8();
            match character.to_ascii_lowercase() {
                ';' => {
                    *code = &rest[1..];
                    return section;
                }
                '"' => taken = rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                // The next character stands for itself, leaves its width blank, or fills the cell.
                '\\' | '_' | '*' => taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                '[' => {
                    let inner = rest[1..].split(']').next().unwrap_or_default();
                    section.bracket(inner);
                    taken = (inner.len() + 2).min(rest.len());
                }
                '0' | '#' | '?' => section.digits = true,
                // After digits, `E` is an exponent and any other letter belongs to a unit that nobody quoted.
                'a'..='z' if section.digits && section.shown == Shown::NoTime => {}
                'e' | 'y' | 'd' | 'g' | 'b' => section.show(Shown::Date),
                'a' | 'm' if alike >= 3 => section.show(Shown::Date),
                'm' => section.show(Shown::MonthOrMinute),
                'h' | 's' => section.show(Shown::Time),
                _ => {}
            }
            rest = &rest[taken..];
        }
        *code = "";
        section
    }

    /// `[h]` and its like are elapsed times, `[>1]` is a condition; colours, languages and `[DBNum1]` say nothing.
    fn bracket(&mut self, inner: &str) {
        let first = inner
            .chars()
            .next()
            .map(|character| character.to_ascii_lowercase());
        match first {
            Some('<' | '>' | '=') => self.condition = true,
            Some(unit @ ('h' | 'm' | 's'))
                if inner.chars().all(|other| other.eq_ignore_ascii_case(&unit)) =>
            {
                self.show(Shown::Elapsed);
            }
            _ => {}
        }
    }
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_date() {
        for code in [
            "yyyy-mm-dd",
            "m/d/yy",
            "mm-dd-yy",
            "d-mmm-yy",
            "mmm-yy",
            "aaaa",
            "AAA",
            "yyyy\"年\"m\"月\"d\"日\"",
            "yyyy年m月d日",
            "[$-804]aaaa",
            "[$-F800]dddd, mmmm dd, yyyy",
            "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@",
            "e-m-d",
            "ggge\"年\"m\"月\"",
            "yyyy/m/d h:mm",
            "m",
            "mm",
            "[Red]yyyy\\-mm\\-dd",
            "\"h\"yyyy",
            "[>=1]yyyy/m/d;h:mm",
            "b2yyyy",
            "mmmmm",
            "_-yyyy",
            "[$-404]e/m/d",
            "\"\";yyyy",
            "[=0]0;yyyy-mm-dd",
            "[ENG][$-409]d mmm",
        ] {
            assert_eq!(classify(code), FormatClass::Date, "{code}");
        }
    }

    #[test]
    fn formats_that_show_a_time_of_day_or_an_elapsed_time() {
        for code in [
            "h:mm",
            "h:mm:ss AM/PM",
            "mm:ss",
            "mm:ss.0",
            "上午/下午h\"时\"mm\"分\"",
            "[$-804]上午/下午h:mm",
            "h\"时\"mm\"分\"",
            "hh:mm:ss.000",
            "h:mm A/P",
            "h AM/PM",
            "[$-F400]h:mm:ss am/pm",
        ] {
            assert_eq!(classify(code), FormatClass::Time, "{code}");
        }
        for code in [
            "[h]:mm",
            "[hh]:mm:ss",
            "[mm]:ss",
            "[s]",
            "[h]\"小时\"",
            "[Blue][H]:MM",
        ] {
            assert_eq!(classify(code), FormatClass::Elapsed, "{code}");
        }
    }

    #[test]
    fn formats_that_show_a_number() {
        for code in [
            "",
            "General",
            "GENERAL",
            "G/通用格式",
            "0",
            "0.00",
            "#,##0",
            "0%",
            "0.00E+00",
            "##0.0E+0",
            "# ?/?",
            "@",
            "0.00;[Red]-0.00",
            "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
            "\"day\"0",
            "0\"h\"",
            "[$¥-804]#,##0.00",
            "¥#,##0",
            "\\d0",
            "[DBNum2]General",
            "[Red]General",
            "[Color 10]0",
            "#,##0\"天\"",
            "0_d",
            "* 0",
            "General\"m\"",
            "0.0e+0",
            "\"unfinished yyyy",
            "[yyyy",
            "0;\"d\"",
            "0.00 USD",
        ] {
            assert_eq!(classify(code), FormatClass::Number, "{code}");
        }
    }

    #[test]
    fn every_builtin_date_of_chinese_excel_is_known() {
        let ids = |class| {
            (0..200)
                .filter(|&id| builtin(id).is_some_and(|code| classify(code) == class))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            ids(FormatClass::Date),
            [
                14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58
            ]
        );
        assert_eq!(
            ids(FormatClass::Time),
            [18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56]
        );
        assert_eq!(ids(FormatClass::Elapsed), [46]);
    }

    fn moment(text: &str) -> Serial {
        Serial::Date(text.parse().unwrap())
    }

    #[test]
    fn serials_are_the_days_that_excel_shows() {
        let date = |serial| serial_to_value(serial, FormatClass::Date, false);
        assert_eq!(date(1.0), moment("1900-01-01T00:00:00"));
        assert_eq!(date(59.0), moment("1900-02-28T00:00:00"));
        assert_eq!(date(60.0), Serial::OutOfRange);
        assert_eq!(date(61.0), moment("1900-03-01T00:00:00"));
        assert_eq!(date(45_432.0), moment("2024-05-20T00:00:00"));
        assert_eq!(date(2_958_465.0), moment("9999-12-31T00:00:00"));
        for serial in [
            0.0,
            -1.0,
            2_958_466.0,
            2_958_465.999_999_999_9,
            1e300,
            f64::NAN,
            f64::INFINITY,
        ] {
            assert_eq!(date(serial), Serial::OutOfRange, "{serial}");
        }
        assert_eq!(
            serial_to_value(43_970.0, FormatClass::Date, true),
            moment("2024-05-20T00:00:00")
        );
        assert_eq!(
            serial_to_value(0.0, FormatClass::Date, true),
            moment("1904-01-01T00:00:00")
        );
    }

    #[test]
    fn times_are_right_to_the_millisecond() {
        // 10:00:00 stored as a fraction is a little less than 10:00:00.
        assert_eq!(
            serial_to_value(45_432.416_666_666_664, FormatClass::Date, false),
            moment("2024-05-20T10:00:00")
        );
        assert_eq!(
            serial_to_value(45_432.999_999_999, FormatClass::Date, false),
            moment("2024-05-21T00:00:00")
        );
        assert_eq!(
            serial_to_value(45_432.000_000_023, FormatClass::Date, false),
            moment("2024-05-20T00:00:00.002")
        );
        let time = |serial, class| serial_to_value(serial, class, false);
        assert_eq!(
            time(0.416_666_666_666_666_7, FormatClass::Time),
            Serial::Time(TimeDelta::hours(10))
        );
        assert_eq!(
            time(0.5, FormatClass::Date),
            Serial::Time(TimeDelta::hours(12))
        );
        assert_eq!(
            time(45_432.5, FormatClass::Time),
            moment("2024-05-20T12:00:00")
        );
        assert_eq!(
            time(1.5, FormatClass::Elapsed),
            Serial::Time(TimeDelta::hours(36))
        );
        assert_eq!(
            time(-0.25, FormatClass::Elapsed),
            Serial::Time(TimeDelta::hours(-6))
        );
        assert_eq!(
            time(0.0, FormatClass::Time),
            Serial::Time(TimeDelta::zero())
        );
    }
}
