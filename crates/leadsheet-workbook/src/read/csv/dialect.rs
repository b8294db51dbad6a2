//! Which delimiter a text uses, and whether it is a table at all.

use super::field::{End, Step, field, plain};

/// The delimiters in use; the first wins where two fit alike.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Rows looked at.
const ROWS: usize = 200;
/// Bytes of the longest text that a cell can be; a quotation mark further from its end was none.
const LONGEST: usize = 4 * 32_767;
/// Part of the rows that must have the same number of fields in a table that nobody calls one.
const CONSISTENT: f64 = 0.8;

/// How a text is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Bytes of a first line that says `sep=;` and is not part of the table.
    pub(super) skip: usize,
    /// Whether the text looks like a table: at least two lines, and at least two fields in four lines of five,
    /// as many in each. Prose is told apart by the space after its commas, a data format by its first brace.
    pub(super) is_table: bool,
}

/// Looks at the beginning of a text, which is all of it or not.
pub(super) fn sniff(text: &[u8], is_all: bool) -> Dialect {
    if let Some((delimiter, skip)) = declared(text) {
        return Dialect {
            delimiter,
            skip,
            is_table: true,
        };
    }
    let mut best = Dialect {
        delimiter: b',',
        skip: 0,
        is_table: false,
    };
    let mut best_score = 0.0;
    let is_data_format = matches!(
        text.trim_ascii_start(),
        [b'{', ..] | [b'[', b'{' | b'\n' | b'\r', ..]
    );
    for delimiter in DELIMITERS {
        let shape = Shape::of(text, is_all, delimiter);
        if shape.score() > best_score {
            best_score = shape.score();
            best = Dialect {
                delimiter,
                skip: 0,
                is_table: shape.is_table() && !is_data_format,
            };
        }
    }
    best
}

/// Excel's own way to name the delimiter.
fn declared(text: &[u8]) -> Option<(u8, usize)> {
    let rest = text
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case(b"sep="))?;
    let (&delimiter, after) = text.get(rest.len()..)?.split_first()?;
    let ended = after
        .strip_prefix(b"\r\n")
        .or(after.strip_prefix(b"\n"))
        .or(after.strip_prefix(b"\r"))?;
    let is_delimiter = delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\r' | b'\n');
    is_delimiter.then_some((delimiter, text.len() - ended.len()))
}

/// What a delimiter makes of a text.
struct Shape {
    /// Rows with something in them.
    rows: usize,
    /// The most usual number of fields of those with at least two, and how many rows have it.
    fields: usize,
    alike: usize,
    /// Fields, and those among them that begin with a space.
    all: usize,
    spaced: usize,
}

impl Shape {
    fn of(text: &[u8], is_all: bool, delimiter: u8) -> Self {
        let mut shape = Self {
            rows: 0,
            fields: 0,
            alike: 0,
            all: 0,
            spaced: 0,
        };
        let mut counts: Vec<(usize, usize)> = Vec::new();
        let (mut rest, mut fields, mut blank) = (text, 0, true);
        while !rest.is_empty() && shape.rows < ROWS {
            let step = match field(rest, delimiter, is_all) {
                Step::Unclosed => plain(rest, delimiter, is_all),
                Step::Incomplete if rest.len() > LONGEST => plain(rest, delimiter, is_all),
                step => step,
            };
            let Step::Field(text, taken, end) = step else {
                break;
            };
            fields += 1;
            blank &= text.is_empty();
            shape.all += 1;
            shape.spaced += usize::from(fields > 1 && text.starts_with(b" "));
            rest = rest.get(taken..).unwrap_or_default();
            if end == End::Line {
                if !(blank && fields == 1) {
                    shape.rows += 1;
                    match counts.iter_mut().find(|(count, _)| *count == fields) {
                        Some((_, rows)) => *rows += 1,
                        None => counts.push((fields, 1)),
                    }
                }
                (fields, blank) = (0, true);
            }
        }
        let usual = counts
            .into_iter()
            .filter(|(fields, _)| *fields > 1)
            .max_by_key(|&(fields, rows)| (rows, fields));
        (shape.fields, shape.alike) = usual.unwrap_or_default();
        shape
    }

    /// Many fields, and the same number in every row.
    fn score(&self) -> f64 {
        self.consistency() * self.consistency() * self.fields as f64
    }

    fn consistency(&self) -> f64 {
        self.alike as f64 / self.rows.max(1) as f64
    }

    fn is_table(&self) -> bool {
        let is_prose = self.spaced * 2 > self.all - self.rows.min(self.all);
        self.alike >= 2 && self.consistency() >= CONSISTENT && !is_prose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found() {
        for (text, delimiter) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a\tb\tc\n1,5\t2,5\t3\n", b'\t'),
            ("客户;预算;备注\n甲;1,5;x\n乙;2,5;y\n", b';'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("标题\na;b;c\n1;2;3\n", b';'),
            ("a,b,c\n\"x;y;z;\",2,3\n\"x;y;z;\",2,3\n", b','),
            ("姓名\n甲\n", b','),
            ("sep=;\na,b;c\n", b';'),
            ("", b','),
            ("a,b,c\n1,2\n3\n4,5,6,7\n1,2,3\n", b','),
        ] {
            assert_eq!(sniff(text.as_bytes(), true).delimiter, delimiter, "{text}");
        }
    }

    #[test]
    fn a_table_is_told_from_prose_and_other_formats() {
        for text in [
            "a,b\n1,2\n",
            "客户\t电话\n甲\t1\n乙\t2",
            "标题\na,b,c\n1,2,3\n4,5,6\n7,8,9\n",
            "sep=,\na,b",
        ] {
            assert!(sniff(text.as_bytes(), true).is_table, "{text}");
        }
        for text in [
            "今天天气很好",
            "a,b",
            "Dear all,\nplease call the customers, and do it today.\nThanks, Li\n",
            "Hello, world.\nThis is a text, indeed.\n",
            "{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n",
            "[\n{\"a\":1,\"b\":2},\n{\"a\":1,\"b\":2}]",
            "一行\n两行\n三行\n",
            "",
            "\n\n\n",
        ] {
            assert!(!sniff(text.as_bytes(), true).is_table, "{text}");
        }
    }
}
