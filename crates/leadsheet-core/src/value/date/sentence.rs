//! The dates that a sentence names.

use std::borrow::Cow;

use super::{DateHabits, DateReading, in_arabic, parse_date_text};
use crate::text::nfkc;

/// A date inside a longer text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// How it is written, in half-width characters.
    pub text: String,
    /// What it says.
    pub reading: DateReading,
}

/// The dates that a sentence names (`5月22日前发送报价`), in order: those with a year, and `M月D日` without one.
/// Bare numbers are left alone, for a sentence is full of them.
pub fn dates_in_text(text: &str) -> Vec<FoundDate> {
    let mut found = Vec::new();
    each_date_in_text(text, |text, reading| {
        found.push(FoundDate {
            text: text.to_owned(),
            reading,
        });
    });
    found
}

/// [`dates_in_text`], one after the other, for those who keep none of the spellings.
pub(crate) fn each_date_in_text(text: &str, mut found: impl FnMut(&str, DateReading)) {
    let folded = if is_half_width(text) {
        Cow::Borrowed(text)
    } else {
        nfkc(text)
    };
    let spelled = match &*folded {
        text if text.contains('月') && !text.contains(|c: char| c.is_ascii_digit()) => {
            in_arabic(text)
        }
        text => Cow::Borrowed(text),
    };
    let text: &str = &spelled;
    let habits = DateHabits::default();
    let mut position = 0;
    while let Some(offset) = text[position..].find(|c: char| c.is_ascii_digit()) {
        let start = position + offset;
        let candidate: usize = text[start..]
            .char_indices()
            .take_while(|(_, c)| {
                c.is_ascii_digit()
                    || matches!(c, '年' | '月' | '日' | '号' | '號' | '-' | '/' | '.')
            })
            .map(|(at, c)| at + c.len_utf8())
            .last()
            .unwrap_or(1);
        let run = text[start..start + candidate].trim_end_matches(['-', '/', '.']);
        let named = run.contains('月') || run.matches(['-', '/', '.']).count() == 2;
        if named {
            let reading = parse_date_text(run, habits);
            if !matches!(reading, DateReading::NotADate | DateReading::ShortYear) {
                found(run, reading);
            }
        }
        position = start + candidate;
    }
}

/// Whether no date in the text can be hidden by the width of its digits or by radicals in the place of 年, 月 and 日: as in
/// most texts, which are then not folded. Judged by the lead bytes of UTF-8; Chinese commas are wide and do no harm.
fn is_half_width(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    loop {
        bytes = match bytes {
            [] => return true,
            [..=0x7f, rest @ ..]
            // U+3000 to U+30FF and U+4000 to U+9FFF: no compatibility forms.
            | [0xe3, 0x80..=0x83, _, rest @ ..]
            | [0xe4..=0xe9, _, _, rest @ ..]
            // Wide punctuation, but neither `－．／` nor digits.
            | [0xef, 0xbc, 0x81..=0x8c | 0x9a..=0xa0, rest @ ..] => rest,
            _ => return false,
        };
    }
}
