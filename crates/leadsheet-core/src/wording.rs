//! The language and script that a table is kept in.

use crate::text::is_traditional;

/// The language that a workbook is composed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wording {
    /// Simplified Chinese.
    #[default]
    Simplified,
    /// Traditional Chinese.
    Traditional,
    /// English.
    English,
}

impl Wording {
    /// All of them.
    pub const ALL: [Wording; 3] = [Wording::Simplified, Wording::Traditional, Wording::English];

    /// What these headings are written in: English where none has a Chinese character, Traditional where one has a
    /// character that Simplified writes otherwise.
    ///
    /// ```
    /// use leadsheet_core::Wording;
    /// assert_eq!(Wording::of(["客户名称", "Grade"]), Wording::Simplified);
    /// assert_eq!(Wording::of(["客戶名稱"]), Wording::Traditional);
    /// assert_eq!(Wording::of(["Customer", "Grade"]), Wording::English);
    /// ```
    pub fn of<'t>(headings: impl IntoIterator<Item = &'t str>) -> Self {
        let is_chinese = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
        let mut found = Wording::English;
        for heading in headings {
            if is_traditional(heading) {
                return Wording::Traditional;
            }
            if heading.contains(is_chinese) {
                found = Wording::Simplified;
            }
        }
        found
    }
}
