//! Where a row stood before it was put together with others.

use std::fmt;
use std::sync::Arc;

/// The row of a file, as people find it again. Shown as spreadsheet programs refer to another file: `[李雷.xlsx]线索跟进!5`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowOrigin {
    /// The file, as it was called when it was read.
    pub file: Arc<str>,
    /// The sheet.
    pub sheet: Arc<str>,
    /// The row's number as spreadsheet programs show it, counted from 1.
    pub row: u32,
}

impl fmt::Display for RowOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]{}!{}", self.file, self.sheet, self.row)
    }
}

impl RowOrigin {
    /// Reads what [`RowOrigin`] shows; `None` where it is something else.
    pub(super) fn parse(text: &str) -> Option<(&str, &str, u32)> {
        let (place, row) = text.trim().strip_prefix('[')?.rsplit_once('!')?;
        let (file, sheet) = place.rsplit_once(']')?;
        Some((file, sheet, row.parse().ok()?))
    }
}

/// The headings of the columns that say where each row comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginHeadings {
    /// 来源文件
    pub file: String,
    /// 来源工作表
    pub sheet: String,
    /// 来源行
    pub row: String,
    /// 另见于: where else the same row stands.
    pub copies: String,
}

/// Whether two names may be one file's: the same, or one of them with more of its folders.
pub(super) fn may_be_one_file(one: &str, other: &str) -> bool {
    let is_end = |long: &str, short: &str| {
        let rest = long.strip_suffix(short);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']))
    };
    is_end(one, other) || is_end(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_back_as_it_is_shown() {
        for (file, sheet) in [
            ("李雷.xlsx", "线索跟进"),
            ("二月/[旧] a!b.csv", "a!b"),
            ("a.xls", ""),
        ] {
            let origin = RowOrigin {
                file: file.into(),
                sheet: sheet.into(),
                row: 17,
            };
            let shown = origin.to_string();
            assert_eq!(RowOrigin::parse(&shown), Some((file, sheet, 17)), "{shown}");
        }
        for text in ["", "[a]b", "a]b!1", "[a]b!C5", "[a]b!-1"] {
            assert_eq!(RowOrigin::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_may_be_named_with_or_without_its_folders() {
        assert!(may_be_one_file("2025/a.xlsx", "a.xlsx"));
        assert!(may_be_one_file("a.xlsx", "a.xlsx"));
        assert!(!may_be_one_file("aa.xlsx", "a.xlsx"));
        assert!(!may_be_one_file("1/a.xlsx", "2/a.xlsx"));
    }
}
