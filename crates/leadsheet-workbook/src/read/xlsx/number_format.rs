//! What a number format makes of a number: an amount, a date, a time of day or an elapsed time.

/// How the numbers of a cell are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NumberClass {
    /// Anything that is no moment.
    #[default]
    Number,
    /// A date, with or without a time of day.
    Date,
    /// A time of day.
    Time,
    /// Hours, minutes or seconds that count on past their usual end, `[h]:mm`.
    Elapsed,
}

impl NumberClass {
    /// The class of a number format as a file spells it.
    ///
    /// A format has up to four sections for positive, negative, zero and text; the first that shows anything of
    /// the number decides (`[=0]"";yyyy-m-d` hides zeros of a date).
    pub(crate) fn of(format: &str) -> Self {
        let mut rest = format;
        while !rest.is_empty() {
            let (class, after) = section(rest);
            if let Some(class) = class {
                return class;
            }
            rest = after;
        }
        NumberClass::Number
    }
}

/// The class of the first section of `format`, where it shows anything, and the sections after it.
fn section(format: &str) -> (Option<NumberClass>, &str) {
    let mut rest = format;
    let mut class = None;
    let mut months_or_minutes = false;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = after;
        match first {
            ';' => break,
            '"' => rest = after.split_once('"').map_or("", |(_, rest)| rest),
            '\\' | '_' | '*' => {
                rest = after
                    .get(after.chars().next().map_or(0, char::len_utf8)..)
                    .unwrap_or_default()
            }
            '[' => {
                let (inside, closed) = after.split_once(']').unwrap_or((after, ""));
                rest = closed;
                if is_elapsed(inside) {
                    class.get_or_insert(NumberClass::Elapsed);
                }
            }
            // Whichever comes first decides: a digit in `ss.00` belongs to the seconds, a letter in `0.00 USD` to the
            // unit that somebody forgot to quote.
            '0' | '#' | '?' | '@' if class.is_none() && !months_or_minutes => {
                return (Some(NumberClass::Number), after_section(rest));
            }
            'G' | 'g' if is_general(after) && class.is_none() => {
                return (Some(NumberClass::Number), after_section(rest));
            }
            'A' | 'a' if starts_with_any(after, &["M/PM", "/P"]) => {
                class = class.or(Some(NumberClass::Time));
                rest = after
                    .get(if after.starts_with('/') { 2 } else { 4 }..)
                    .unwrap_or_default();
            }
            '上' | '下' if starts_with_any(after, &["午"]) => {
                class = class.or(Some(NumberClass::Time))
            }
            'y' | 'Y' | 'd' | 'D' | 'a' | 'A' | 'e' | 'E' | 'g' | 'G' | 'b' | 'B' => {
                if class != Some(NumberClass::Elapsed) {
                    class = Some(NumberClass::Date);
                }
            }
            'h' | 'H' | 's' | 'S' => class = class.or(Some(NumberClass::Time)),
            'm' | 'M' => months_or_minutes = true,
            _ => {}
        }
    }
    // An `m` beside hours or seconds is minutes; alone, or beside a day, it is a month.
    let class = class.or(months_or_minutes.then_some(NumberClass::Date));
    (class, rest)
}

fn after_section(rest: &str) -> &str {
    rest.split_once(';').map_or("", |(_, rest)| rest)
}

fn is_elapsed(inside: &str) -> bool {
    let letter = inside
        .chars()
        .next()
        .map(|letter| letter.to_ascii_lowercase());
    matches!(letter, Some('h' | 'm' | 's'))
        && inside
            .chars()
            .all(|other| Some(other.to_ascii_lowercase()) == letter)
}

/// `General`, and `G/通用格式` and its sisters with which WPS and localised programs spell it.
fn is_general(after_g: &str) -> bool {
    after_g.starts_with('/') || starts_with_any(after_g, &["eneral"])
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

/// The spelling of a number format that a file names by number alone: ECMA-376 Part 1 §18.8.30, for the ids that
/// depend on the language those of Simplified Chinese. Unknown ids are General, which is spelled empty here.
pub(crate) fn built_in_format(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 => "\"¥\"#,##0;\"¥\"\\-#,##0",
        6 => "\"¥\"#,##0;[Red]\"¥\"\\-#,##0",
        7 => "\"¥\"#,##0.00;\"¥\"\\-#,##0.00",
        8 => "\"¥\"#,##0.00;[Red]\"¥\"\\-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        // Excel shows the system's short date; the composing library knows the id by this spelling.
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
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        41 => "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
        42 => "_(\"¥\"* #,##0_);_(\"¥\"* \\(#,##0\\);_(\"¥\"* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
        44 => "_(\"¥\"* #,##0.00_);_(\"¥\"* \\(#,##0.00\\);_(\"¥\"* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_numbers_by_their_format() {
        let dates = [
            "yyyy-mm-dd",
            "m/d/yy",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[$-804]yyyy\"年\"m\"月\"d\"日\";@",
            "aaaa",
            "ddd",
            "mmm",
            "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"",
            "e\"年\"m\"月\"",
            "ggge\"年\"m\"月\"d\"日\"",
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
            "yyyy/m/d h:mm",
            "[=0]\"\";yyyy-m-d",
            "[Red]yyyy",
            "dd\\.mm\\.yyyy",
            "YYYY-MM-DD HH:MM:SS.000",
            "* yyyy/m/d",
            "_-yyyy",
            "yyyy\\-mm\\-dd\\Thh:mm",
            "m-d",
            "[$-804]aaa",
            "b1yy-m-d",
            "yyyy-mm-dd 上午/下午h:mm",
        ];
        for format in dates {
            assert_eq!(NumberClass::of(format), NumberClass::Date, "{format}");
        }
        let times = [
            "h:mm",
            "mm:ss",
            "h:mm AM/PM",
            "上午/下午h\"时\"mm\"分\"",
            "[$-409]h:mm:ss A/P;@",
            "mmss.0",
            "mm:ss.0;@",
            "ss.00",
            "AM/PM h",
        ];
        for format in times {
            assert_eq!(NumberClass::of(format), NumberClass::Time, "{format}");
        }
        for format in [
            "[h]:mm",
            "[hh]:mm:ss",
            "[mm]:ss",
            "[SS].00",
            "[Red][h]:mm;@",
        ] {
            assert_eq!(NumberClass::of(format), NumberClass::Elapsed, "{format}");
        }
        let numbers = [
            "",
            "General",
            "GENERAL",
            "G/通用格式",
            "General\"年\"",
            "0",
            "0.00",
            "\"day \"0",
            "[Red]0.00",
            "0.00E+00",
            "#,##0.00_);[Red]\\(#,##0.00\\)",
            "@",
            "0%",
            "# ?/?",
            "\\d0",
            "0.00 USD",
            "_(\"$\"* #,##0.00_)",
            "[$¥-804]#,##0.00",
            "[$USD] 0.00",
            "0\"h\"",
            "[>100]0;[<1]0.00",
            ";;;",
            "[Color 3]0",
            "\"yyyy",
            "*d0",
            "0;[Red]yyyy",
            "\"元\"0",
            "[DBNum1]0",
            "[DBNum2][$-804]General",
        ];
        for format in numbers {
            assert_eq!(NumberClass::of(format), NumberClass::Number, "{format}");
        }
    }

    #[test]
    fn built_in_ids_have_the_class_that_excel_gives_them() {
        let class = |id| NumberClass::of(built_in_format(id));
        for id in (14..=17)
            .chain([22])
            .chain(27..=31)
            .chain([36])
            .chain(50..=54)
            .chain([57, 58])
        {
            assert_eq!(class(id), NumberClass::Date, "{id}");
        }
        for id in (18..=21).chain(32..=35).chain([45, 47, 55, 56]) {
            assert_eq!(class(id), NumberClass::Time, "{id}");
        }
        assert_eq!(class(46), NumberClass::Elapsed);
        for id in (0..=13)
            .chain(23..=26)
            .chain(37..=44)
            .chain([48, 49])
            .chain(59..=200)
        {
            assert_eq!(class(id), NumberClass::Number, "{id}");
        }
    }
}
