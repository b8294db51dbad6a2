//! Notes that ask to let a finding stand: `leadsheet: ignore C203`.

use crate::place::CellRef;
use crate::text::nfkc;

/// What a note lets stand, and where.
///
/// ```
/// use leadsheet_core::Excuse;
/// let cell = "I5".parse().unwrap();
/// let excuse = Excuse::parse(cell, "李雷: 客户要求\nleadsheet: ignore C205").unwrap();
/// assert_eq!(excuse.rules, ["C205"]);
/// assert!(Excuse::parse(cell, "客户要求").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// The cell that bears the note.
    pub cell: CellRef,
    /// Whether the whole row is meant.
    pub row: bool,
    /// Codes, beginnings of codes, or names of rules; empty for every rule.
    pub rules: Vec<String>,
}

impl Excuse {
    /// Reads a note: the first line that says `leadsheet: ignore` (or `leadsheet：忽略`), with `row` (`本行`) for the row, and
    /// the codes behind it. `None` where no line says so.
    pub fn parse(cell: CellRef, note: &str) -> Option<Self> {
        let folded = nfkc(note);
        let said = folded.lines().find_map(order)?;
        let mut words = said
            .split([' ', ',', '、', ';', '\t'])
            .filter(|word| !word.is_empty())
            .peekable();
        let row = words
            .next_if(|word| matches!(word.to_ascii_lowercase().as_str(), "row" | "本行" | "整行"))
            .is_some();
        Some(Self {
            cell,
            row,
            rules: words.map(str::to_owned).collect(),
        })
    }
}

/// What stands behind `leadsheet: ignore` in a line.
fn order(line: &str) -> Option<&str> {
    const PROGRAM: &str = "leadsheet";
    let at = line.to_ascii_lowercase().find(PROGRAM)?;
    let rest = line.get(at + PROGRAM.len()..)?.trim_start();
    let rest = rest.strip_prefix(':')?.trim_start();
    ["ignore", "忽略"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(note: &str) -> Option<(bool, Vec<String>)> {
        Excuse::parse(CellRef::new(4, 8), note).map(|excuse| (excuse.row, excuse.rules))
    }

    #[test]
    fn a_note_says_what_is_let_stand() {
        let rules = |rules: &[&str]| {
            rules
                .iter()
                .map(|&rule| rule.to_owned())
                .collect::<Vec<_>>()
        };
        for (note, row, expected) in [
            ("leadsheet: ignore C203", false, &["C203"][..]),
            ("Leadsheet：忽略 C203、R301", false, &["C203", "R301"]),
            (
                "李雷:\n客户要求\nleadsheet:ignore overdue",
                false,
                &["overdue"],
            ),
            ("leadsheet: ignore row L109", true, &["L109"]),
            ("leadsheet: 忽略本行", true, &[]),
            ("leadsheet: ignore", false, &[]),
        ] {
            assert_eq!(parse(note), Some((row, rules(expected))), "{note}");
        }
        for note in [
            "",
            "客户要求",
            "leadsheet",
            "leadsheet found C203 here",
            "ignore C203",
        ] {
            assert_eq!(parse(note), None, "{note}");
        }
    }
}
