//! Putting right in place what can be put right without asking: a date typed as text becomes a date in its column's own
//! format, a number typed as text a number, stray white space goes.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use leadsheet_core::{CellRef, FieldKind, Finding};

use super::Patch;
use super::error::PatchError;
use super::sheet::{CellEdit, NewValue};

/// A cell and what it should hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: CellRef,
    /// What it should hold.
    pub value: NewValue,
    /// The same as text, for a column whose other cells are all text.
    pub text: String,
}

impl Fix {
    /// What a finding's suggestion comes to; `None` where it cannot be followed without asking.
    pub fn of(finding: &Finding) -> Option<Self> {
        let text = finding.suggestion.as_ref().filter(|_| finding.fixable)?;
        let value = match finding.field.map(leadsheet_core::Field::kind) {
            Some(FieldKind::Date) => date(text).map(NewValue::Date),
            Some(FieldKind::Money) => text.parse().ok().map(NewValue::Amount),
            Some(FieldKind::Percent) => {
                let hundredths = text
                    .strip_suffix('%')
                    .and_then(|text| text.parse::<f64>().ok());
                hundredths.map(|hundredths| NewValue::Percent(hundredths / 100.0))
            }
            _ => None,
        };
        Some(Self {
            sheet: finding.sheet.to_string(),
            cell: finding.cell?,
            value: value.unwrap_or_else(|| NewValue::Text(text.clone())),
            text: text.clone(),
        })
    }
}

/// A moment as findings suggest it.
fn date(text: &str) -> Option<NaiveDateTime> {
    let day = || format!("{text} 00:00:00");
    let parse = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    parse(text).or_else(|| parse(&day()))
}

impl Patch {
    /// Plans fixes; gives how many cells they are about. Cells with a formula are left alone when the time comes, and a
    /// column without a single number keeps its texts. Of several fixes of one cell the one that gives it a type wins,
    /// then the first.
    ///
    /// # Errors
    /// [`PatchError::NoSuchSheet`]
    pub fn apply_fixes<'f>(
        &mut self,
        fixes: impl IntoIterator<Item = &'f Fix>,
    ) -> Result<usize, PatchError> {
        let mut by_cell: BTreeMap<(&str, CellRef), &Fix> = BTreeMap::new();
        for fix in fixes {
            let is_typed = |fix: &Fix| !matches!(fix.value, NewValue::Text(_));
            let chosen = by_cell.entry((&fix.sheet, fix.cell)).or_insert(fix);
            if is_typed(fix) && !is_typed(chosen) {
                *chosen = fix;
            }
        }
        let count = by_cell.len();
        for ((sheet, cell), fix) in by_cell {
            let edit = CellEdit {
                value: Some(fix.value.clone()),
                fix: Some(fix.text.clone()),
                ..CellEdit::default()
            };
            self.edit(sheet, cell, edit)?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggested_dates_are_understood() {
        for (text, expected) in [
            ("2024-03-05", Some("2024-03-05T00:00:00")),
            ("2024-03-06 09:30:00", Some("2024-03-06T09:30:00")),
            ("2025-03-04 / 2025-04-03", None),
            ("2024年5月20日", None),
            ("2024-02-30", None),
        ] {
            let expected = expected.map(|moment| moment.parse().unwrap());
            assert_eq!(date(text), expected, "{text}");
        }
    }
}
