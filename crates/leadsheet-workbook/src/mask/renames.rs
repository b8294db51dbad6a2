//! Names that formulas call things by: of sheets, of ranges, of tables. A star is not allowed in them.

use std::collections::{HashMap, HashSet};

use leadsheet_core::{MaskKind, Masker};

/// The longest name of a sheet.
const LONGEST_SHEET: usize = 31;

/// What things are called once people are hidden.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames {
    /// Sheets, by what they were called.
    sheets: HashMap<String, String>,
    /// Names of ranges and tables, by what they were called, in lower case.
    names: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Renames {
    /// Names for sheets, each another one.
    pub(crate) fn of_sheets<'n>(
        names: impl Iterator<Item = &'n str> + Clone,
        masker: &Masker,
    ) -> Self {
        let mut renames = Self {
            taken: names.clone().map(str::to_lowercase).collect(),
            ..Self::default()
        };
        for name in names {
            if let Some(stem) = without_stars(masker, name) {
                let free = renames.free(&stem, LONGEST_SHEET, |stem, number| {
                    format!("{stem} ({number})")
                });
                renames.sheets.insert(name.to_owned(), free);
            }
        }
        renames
    }

    /// One more name of a range or a table.
    pub(crate) fn name(&mut self, name: &str, masker: &Masker) {
        if let Some(stem) = without_stars(masker, name) {
            let stem: String = stem
                .chars()
                .map(|c| {
                    if c.is_alphanumeric() || c == '.' {
                        c
                    } else {
                        '_'
                    }
                })
                .collect();
            let free = self.free(&stem, 255, |stem, number| format!("{stem}_{number}"));
            self.names.entry(name.to_lowercase()).or_insert(free);
        }
    }

    fn free(
        &mut self,
        stem: &str,
        longest: usize,
        numbered: impl Fn(&str, u32) -> String,
    ) -> String {
        let short = |room: usize| stem.chars().take(room).collect::<String>();
        let mut names = std::iter::once(short(longest))
            .chain((2..).map(|number| numbered(&short(longest - 6), number)));
        let free = names
            .find(|name| !self.taken.contains(&name.to_lowercase()))
            .unwrap_or_default();
        self.taken.insert(free.to_lowercase());
        free
    }

    /// The new name of a sheet, where it has one.
    pub(crate) fn sheet(&self, name: &str) -> Option<&str> {
        self.sheets.get(name).map(String::as_str)
    }

    /// The new name of a range or table, where it has one.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.names.get(&name.to_lowercase()).map(String::as_str)
    }
}

/// The masked text with the words and letters that stand for what is hidden elsewhere than in names: `张某`, `138xxxx5678`.
pub(crate) fn without_stars(masker: &Masker, text: &str) -> Option<String> {
    let edits = masker.edits(text);
    if edits.is_empty() {
        return None;
    }
    let mut new = String::new();
    let mut at = 0;
    for edit in edits {
        new.push_str(&text[at..edit.range.start]);
        let veil = if edit.kind == MaskKind::Name && !edit.mask.is_ascii() {
            "某"
        } else {
            "x"
        };
        new.push_str(&edit.mask.replace('*', veil));
        at = edit.range.end;
    }
    new.push_str(&text[at..]);
    Some(new)
}
