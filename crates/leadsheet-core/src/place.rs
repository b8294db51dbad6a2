//! Where a value stands, in the terms the user's spreadsheet program shows: sheet name, column letters, row number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Rows an `.xlsx` sheet can have (ECMA-376 Part 1 §18.3.1.73).
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns an `.xlsx` sheet can have (last column `XFD`).
pub const MAX_COLUMNS: u32 = 16_384;

/// One cell of a sheet. Both counts start at 0; people see the text of `Display`, `A1` onwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Row, counted from 0.
    pub row: u32,
    /// Column, counted from 0.
    pub column: u32,
}

impl CellRef {
    /// The cell at `row` and `column`, both counted from 0.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// The row number that a spreadsheet program shows, counted from 1.
    pub const fn row_number(self) -> u32 {
        self.row + 1
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row_number())
    }
}

/// The letters of a column counted from 0: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters
}

/// A text that is not a cell address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a cell address such as `B3`")]
pub struct ParseCellRefError(String);

impl FromStr for CellRef {
    type Err = ParseCellRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseCellRefError(text.to_owned());
        let digits = text
            .find(|c: char| c.is_ascii_digit())
            .ok_or_else(refused)?;
        let (letters, number) = text.split_at(digits);
        if letters.is_empty()
            || letters.len() > 3
            || !letters.bytes().all(|b| b.is_ascii_alphabetic())
        {
            return Err(refused());
        }
        let column = letters.bytes().fold(0, |n, b| {
            n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1
        }) - 1;
        let row: u32 = number.parse().map_err(|_| refused())?;
        if row == 0 || row > MAX_ROWS || column >= MAX_COLUMNS {
            return Err(refused());
        }
        Ok(Self::new(row - 1, column))
    }
}

impl Serialize for CellRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A rectangle of cells, both corners included. Shown as `A1:C3`, a single cell as `A1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRange {
    /// Top left corner.
    pub first: CellRef,
    /// Bottom right corner.
    pub last: CellRef,
}

impl CellRange {
    /// The rectangle between two corners, whichever way round they are given.
    pub fn new(one: CellRef, other: CellRef) -> Self {
        Self {
            first: CellRef::new(one.row.min(other.row), one.column.min(other.column)),
            last: CellRef::new(one.row.max(other.row), one.column.max(other.column)),
        }
    }

    /// Whether `cell` lies inside.
    pub const fn contains(&self, cell: CellRef) -> bool {
        self.first.row <= cell.row
            && cell.row <= self.last.row
            && self.first.column <= cell.column
            && cell.column <= self.last.column
    }
}

impl fmt::Display for CellRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}:{}", self.first, self.last)
        }
    }
}

impl FromStr for CellRange {
    type Err = ParseCellRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((first, last)) => Ok(Self::new(first.parse()?, last.parse()?)),
            None => text.parse().map(|cell| Self::new(cell, cell)),
        }
    }
}

impl Serialize for CellRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_excel_shows_them() {
        for (row, column, shown) in [
            (0, 0, "A1"),
            (4, 8, "I5"),
            (0, 25, "Z1"),
            (0, 26, "AA1"),
            (1_048_575, 16_383, "XFD1048576"),
        ] {
            let cell = CellRef::new(row, column);
            assert_eq!(cell.to_string(), shown);
            assert_eq!(shown.parse::<CellRef>(), Ok(cell));
        }
        for refused in [
            "", "A", "1", "A0", "XFE1", "A1048577", "Ａ1", "A1B", "ABCD1",
        ] {
            assert!(refused.parse::<CellRef>().is_err(), "{refused}");
        }
        assert_eq!(
            "C3:A1".parse::<CellRange>().map(|range| range.to_string()),
            Ok("A1:C3".into())
        );
    }
}
