//! Chinese numerals in dates, years and shares: `二〇二四`, `廿三`, `一百一十三`.

use std::borrow::Cow;

/// `text` with every run of Chinese numerals as digits: `二〇二四年五月二十日` is `2024年5月20日`. A run that is no number
/// (`十十`) stays.
pub(crate) fn in_arabic(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| numeral(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character| numeral(character).is_some()) {
        out.push_str(&rest[..start]);
        let run = &rest[start..];
        let length = run
            .find(|character| numeral(character).is_none())
            .unwrap_or(run.len());
        match number(&run[..length]) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str(&run[..length]),
        }
        rest = &run[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[derive(Clone, Copy)]
enum Numeral {
    Digit(u32),
    /// 廿 and 卅: two and three tens in one character.
    Tens(u32),
    /// 十 and 百: what stands before counts so often.
    Unit(u32),
}

fn numeral(character: char) -> Option<Numeral> {
    Some(match character {
        '〇' | '零' | '○' => Numeral::Digit(0),
        '一' => Numeral::Digit(1),
        '二' | '两' | '兩' => Numeral::Digit(2),
        '三' => Numeral::Digit(3),
        '四' => Numeral::Digit(4),
        '五' => Numeral::Digit(5),
        '六' => Numeral::Digit(6),
        '七' => Numeral::Digit(7),
        '八' => Numeral::Digit(8),
        '九' => Numeral::Digit(9),
        '廿' => Numeral::Tens(2),
        '卅' => Numeral::Tens(3),
        '十' => Numeral::Unit(10),
        '百' => Numeral::Unit(100),
        _ => return None,
    })
}

/// The number that a run of numerals means: digit by digit without tens and hundreds (`二〇二四`), else below a thousand.
fn number(run: &str) -> Option<u32> {
    let numerals = || run.chars().filter_map(numeral);
    if numerals().all(|numeral| matches!(numeral, Numeral::Digit(_))) {
        return numerals()
            .take(9)
            .try_fold(0_u32, |sum, numeral| match numeral {
                Numeral::Digit(digit) => sum.checked_mul(10)?.checked_add(digit),
                _ => None,
            });
    }
    let (mut sum, mut pending, mut least) = (0, None, u32::MAX);
    for numeral in numerals() {
        match numeral {
            // 零 only parts a hundred from a single unit.
            Numeral::Digit(0) => {}
            Numeral::Digit(digit) if pending.is_none() => pending = Some(digit),
            Numeral::Tens(tens) if pending.is_none() && least > 10 => {
                sum += tens * 10;
                least = 10;
            }
            Numeral::Unit(unit) if unit < least => {
                sum += pending.take().unwrap_or(1) * unit;
                least = unit;
            }
            _ => return None,
        }
    }
    Some(sum + pending.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_as_they_are_spoken() {
        for (text, expected) in [
            ("二〇二四年五月二十日", "2024年5月20日"),
            ("二零二四年十二月三十一日", "2024年12月31日"),
            ("民国一百一十三年", "民国113年"),
            ("民国一百零五年", "民国105年"),
            ("十月十日", "10月10日"),
            ("廿三日", "23日"),
            ("卅一日", "31日"),
            ("四十五", "45"),
            ("5月20日", "5月20日"),
            ("十十日", "十十日"),
        ] {
            assert_eq!(in_arabic(text), expected, "{text}");
        }
    }
}
