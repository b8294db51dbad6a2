//! The colours in which rows stand out.

use serde::{Deserialize, Serialize};

/// What a row's colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RowColour {
    /// Won.
    Green,
    /// Lost, or in trouble.
    Red,
    /// Nearly there.
    Yellow,
    /// Over without a result.
    Grey,
}

impl RowColour {
    /// Every colour. Where several columns of a row speak, the earlier one wins: bad news is not painted over.
    pub const ALL: &'static [RowColour] = &[
        RowColour::Red,
        RowColour::Grey,
        RowColour::Green,
        RowColour::Yellow,
    ];

    /// Background and letters as `0xRRGGBB`: pale enough to print, and dark letters that stay readable on it.
    pub const fn rgb(self) -> (u32, u32) {
        match self {
            RowColour::Green => (0xC6_EFCE, 0x00_6100),
            RowColour::Red => (0xFF_C7CE, 0x9C_0006),
            RowColour::Yellow => (0xFF_EB9C, 0x7F_6000),
            RowColour::Grey => (0xE7_E6E6, 0x59_5959),
        }
    }
}
