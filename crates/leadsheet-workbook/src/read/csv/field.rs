//! One field of delimited text. The `csv` crate splits records too, but drops blank lines (and with them the row numbers that people
//! see), swallows the rest of a file after a quote that nobody closed, and holds a record of a hundred million
//! fields in memory; fields taken one by one out of a window do neither. The tests compare the two.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// What ended a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A delimiter: another field follows.
    Delimiter,
    /// A line break, or the end of the text.
    Line,
}

/// What the window begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'w> {
    /// A field, the bytes it took, and what ended it.
    Field(Cow<'w, [u8]>, usize, End),
    /// A field that goes on after the window.
    Incomplete,
    /// A quotation mark that the text does not close.
    Unclosed,
}

/// The field at the beginning of `window`, which is the last of its text or not.
pub(super) fn field(window: &[u8], delimiter: u8, last: bool) -> Step<'_> {
    match window.strip_prefix(b"\"") {
        Some(inside) => quoted(inside, delimiter, last),
        None => plain(window, delimiter, last),
    }
}

/// The same, taking a quotation mark for a character.
pub(super) fn plain(window: &[u8], delimiter: u8, last: bool) -> Step<'_> {
    match end(window, delimiter, last) {
        Some((length, taken, end)) => Step::Field(
            Cow::Borrowed(window.get(..length).unwrap_or_default()),
            taken,
            end,
        ),
        None => Step::Incomplete,
    }
}

fn quoted(inside: &[u8], delimiter: u8, last: bool) -> Step<'_> {
    let unfinished = if last {
        Step::Unclosed
    } else {
        Step::Incomplete
    };
    let mut text = Cow::Borrowed(&[][..]);
    let mut start = 0;
    loop {
        let rest = inside.get(start..).unwrap_or_default();
        let Some(length) = memchr(b'"', rest) else {
            return unfinished;
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or_default();
        add(&mut text, piece);
        match after.get(1) {
            Some(b'"') => {
                add(&mut text, b"\"");
                start += length + 2;
            }
            None if !last => return Step::Incomplete,
            _ => {
                // Whatever follows the closing mark belongs to the field, as in spreadsheet programs; but where that
                // is some lines below, the mark opens a field there, and the first never opened one.
                let tail = after.get(1..).unwrap_or_default();
                let Some((length, taken, end)) = end(tail, delimiter, last) else {
                    return Step::Incomplete;
                };
                if length > 0 && memchr(b'\n', &text).is_some() {
                    return Step::Unclosed;
                }
                add(&mut text, tail.get(..length).unwrap_or_default());
                let before = inside.len() - tail.len();
                return Step::Field(text, 1 + before + taken, end);
            }
        }
    }
}

fn add<'w>(text: &mut Cow<'w, [u8]>, piece: &'w [u8]) {
    if text.is_empty() {
        *text = Cow::Borrowed(piece);
    } else if !piece.is_empty() {
        text.to_mut().extend_from_slice(piece);
    }
}

/// Length of the field, length with what ends it, and what that is. Lines end as on any system: `\r\n`, `\n`, `\r`.
fn end(window: &[u8], delimiter: u8, last: bool) -> Option<(usize, usize, End)> {
    let Some(length) = memchr3(delimiter, b'\n', b'\r', window) else {
        return last.then_some((window.len(), window.len(), End::Line));
    };
    match (window.get(length), window.get(length + 1)) {
        (Some(&byte), _) if byte == delimiter => Some((length, length + 1, End::Delimiter)),
        (Some(b'\r'), Some(b'\n')) => Some((length, length + 2, End::Line)),
        (Some(b'\r'), None) if !last => None,
        _ => Some((length, length + 1, End::Line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All rows of a text, and whether all its quotes are closed.
    fn split(text: &str, delimiter: u8) -> (Vec<Vec<String>>, bool) {
        let mut rest = text.as_bytes();
        let mut is_closed = true;
        let mut rows = Vec::new();
        let mut row = Vec::new();
        while !rest.is_empty() || !row.is_empty() {
            let step = match field(rest, delimiter, true) {
                Step::Unclosed => {
                    is_closed = false;
                    plain(rest, delimiter, true)
                }
                step => step,
            };
            let Step::Field(text, taken, end) = step else {
                panic!("{rest:?}")
            };
            row.push(String::from_utf8(text.into_owned()).unwrap());
            rest = &rest[taken..];
            if end == End::Line {
                rows.push(std::mem::take(&mut row));
            }
        }
        (rows, is_closed)
    }

    #[test]
    fn fields_are_what_spreadsheet_programs_make_of_them() {
        for (text, expected) in [
            ("a,b\nc,d", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a,b\r\nc,\r\n", vec![vec!["a", "b"], vec!["c", ""]]),
            ("a\r\rb\r", vec![vec!["a"], vec![""], vec!["b"]]),
            ("\"a,\"\"b\"\"\nc\",d", vec![vec!["a,\"b\"\nc", "d"]]),
            ("\"a\"b,c", vec![vec!["ab", "c"]]),
            ("a\"b\",c", vec![vec!["a\"b\"", "c"]]),
            ("\"\",\"\"\"\"", vec![vec!["", "\""]]),
            ("\"a,b\nc,d", vec![vec!["\"a", "b"], vec!["c", "d"]]),
            ("\"a,b\nc,\"d\"", vec![vec!["\"a", "b"], vec!["c", "d"]]),
            (" \"a\",b", vec![vec![" \"a\"", "b"]]),
            (",", vec![vec!["", ""]]),
        ] {
            assert_eq!(split(text, b',').0, expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn rows_come_back_as_the_csv_crate_wrote_them(
            table in prop::collection::vec(prop::collection::vec("[a,;\"\r\n 中']{0,6}", 2..5), 1..6),
            delimiter in prop::sample::select(b",;\t|".as_slice()),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(split(&text, delimiter).0, table);
        }

        #[test]
        fn any_text_splits_as_the_csv_crate_splits_it(text in "[a,\"\n中]{0,40}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            let (mut rows, is_closed) = split(&text, b',');
            // Blank lines and quotes that nobody closed are what the two treat differently.
            rows.retain(|row| *row != [""]);
            prop_assume!(is_closed && !expected.contains(&vec![String::new()]));
            prop_assert_eq!(rows, expected);
        }

        #[test]
        fn a_window_that_ends_anywhere_changes_nothing(text in "[a,\"\r\n中]{0,20}", length in 0..20_usize) {
            let whole = field(text.as_bytes(), b',', true);
            let cut = text.as_bytes().get(..length).unwrap_or(text.as_bytes());
            match field(cut, b',', false) {
                Step::Incomplete => {}
                step => prop_assert_eq!(step, whole),
            }
        }
    }
}
