//! What a cell holds in a format without types. A field is a number only where nothing is lost by it: written as
//! a number is written, with ten digits before the point at most and fifteen in all, so that the number's own spelling gives back the
//! field. Everything else stays text as it is: `00123`, phone numbers (eleven digits), order and identity numbers,
//! `12.50`, `50%`, and dates, which the domain reads in more spellings than any guess here could.

use leadsheet_core::CellRef;

use super::cells::{Cells, NumberFormat};
use crate::error::ReadError;
use crate::notice::NoticeKind;

/// Digits before the point above which a number is taken for the name of something.
const MOST_WHOLE_DIGITS: usize = 10;
/// Digits that a spreadsheet keeps.
const MOST_DIGITS: usize = 15;
/// Zeros after `0.` from which on a number is no longer spelled out.
const MOST_LEADING_ZEROS: usize = 5;
/// Characters of a text that a notice repeats.
const QUOTED: usize = 100;
/// UTF-16 units that a cell can hold.
const LONGEST_TEXT: usize = 32_767;

/// Sets a cell to the number that its text certainly is, else to the text.
pub(super) fn set(
    cells: &mut Cells,
    cell: CellRef,
    text: &str,
    format: &NumberFormat,
) -> Result<(), ReadError> {
    match number(text) {
        Some(number) => cells.number(cell, number, format),
        None => set_text(cells, cell, text),
    }
}

/// Sets a cell to text; nothing is set to no text.
pub(super) fn set_text(cells: &mut Cells, cell: CellRef, text: &str) -> Result<(), ReadError> {
    if text.is_empty() {
        return Ok(());
    }
    if text.len() > LONGEST_TEXT {
        let length = text.encode_utf16().count();
        if length > LONGEST_TEXT {
            cells.notice(Some(cell), NoticeKind::TextTooLong(length));
        }
    }
    cells.text(cell, text)
}

/// Says that a cell held bytes that were no text.
pub(super) fn bad_encoding(cells: &mut Cells, cell: CellRef, text: &str) {
    let quoted: String = text.chars().take(QUOTED).collect();
    cells.notice(Some(cell), NoticeKind::BadEncoding(quoted));
}

/// The number that `text` is the spelling of, and the only one.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let is_spelled = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zeros = fraction.len() - fraction.trim_start_matches('0').len();
    let is_number = !whole.is_empty()
        && whole.len() <= MOST_WHOLE_DIGITS
        && whole.len() + fraction.len() <= MOST_DIGITS
        && is_spelled(whole)
        && is_spelled(fraction)
        && (whole == "0" || !whole.starts_with('0'))
        && (whole != "0" || leading_zeros <= MOST_LEADING_ZEROS)
        && text != "-0";
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::shortest;
    use proptest::prelude::*;

    #[test]
    fn only_what_is_certainly_a_number_is_one() {
        for text in [
            "0",
            "5",
            "-5",
            "120",
            "0.5",
            "-0.25",
            "12.5",
            "9999999999",
            "20240520",
            "0.000001",
            "1234567890.12345",
        ] {
            assert_eq!(number(text), Some(text.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "00123",
            "01",
            "+5",
            "-0",
            "1.0",
            "12.50",
            "1,234",
            "50%",
            "1e5",
            "NaN",
            "inf",
            "１２",
            "13800000001",
            "110101199001011234",
            "2024-05-20",
            "1.2.3",
            "--1",
            "1 ",
            " 1",
            "0.0000001",
            "123.4567890123456",
            "5元",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_spelled_as_it_was(text in "-?[0-9]{1,17}(\\.[0-9]{1,17})?") {
            if let Some(number) = number(&text) {
                prop_assert_eq!(shortest(number), text);
            }
        }
    }
}
