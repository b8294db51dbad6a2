//! What the cells of a composed workbook look like, in any format.

use leadsheet_core::{Field, FieldKind};

use super::draft::DATE;

/// The look of a cell. Colours are `0xRRGGBB`. Text stands in the middle of a cell's height.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Look {
    /// The number format's code; empty for General.
    pub(super) number_format: String,
    pub(super) bold: bool,
    pub(super) italic: bool,
    /// The size of the letters in points, where it is not the usual.
    pub(super) size: Option<u8>,
    pub(super) letters: Option<u32>,
    pub(super) fill: Option<u32>,
    pub(super) line: Line,
    pub(super) side: Side,
    pub(super) wrapped: bool,
}

/// The lines around a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Line {
    #[default]
    Nowhere,
    /// A thin pale one on every side.
    Around,
    /// A stronger one below.
    Below,
}

/// Where in a cell's width its text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// Text to the left, numbers to the right.
    #[default]
    Usual,
    Centre,
    Right,
}

/// The thin line.
pub(super) const PALE: u32 = 0xBF_BFBF;
/// The stronger line, and the background of a strong heading.
pub(super) const BLUE: u32 = 0x2F_5597;
const DARK_BLUE: u32 = 0x1F_3864;
const WHITE: u32 = 0xFF_FFFF;
const GREY: u32 = 0x59_5959;

impl Look {
    /// A heading; a strong one stands for a column that every row should fill.
    pub(super) fn heading(strong: bool) -> Self {
        let (fill, letters) = if strong {
            (BLUE, WHITE)
        } else {
            (0xD9_E2F3, DARK_BLUE)
        };
        Self {
            bold: true,
            letters: Some(letters),
            fill: Some(fill),
            line: Line::Around,
            side: Side::Centre,
            wrapped: true,
            ..Self::default()
        }
    }

    /// The upper of two headings: what a group of columns is about.
    pub(super) fn group() -> Self {
        Self {
            fill: Some(DARK_BLUE),
            wrapped: false,
            ..Self::heading(true)
        }
    }

    /// What stands over a table in merged cells.
    pub(super) fn above() -> Self {
        Self {
            bold: true,
            side: Side::Centre,
            ..Self::default()
        }
    }

    /// The title of a sheet.
    pub(super) fn title() -> Self {
        Self {
            size: Some(16),
            ..Self::above()
        }
    }

    /// The title of the table within a sheet.
    pub(super) fn section() -> Self {
        Self {
            fill: Some(0xF2_F2F2),
            line: Line::Around,
            ..Self::above()
        }
    }

    /// The title of a part of a page of text.
    pub(super) fn part() -> Self {
        Self {
            bold: true,
            size: Some(12),
            letters: Some(DARK_BLUE),
            line: Line::Below,
            ..Self::default()
        }
    }

    /// A label to the left of its value.
    pub(super) fn label() -> Self {
        Self {
            bold: true,
            side: Side::Right,
            ..Self::default()
        }
    }

    /// The value beside a label.
    pub(super) fn labelled() -> Self {
        Self {
            line: Line::Around,
            side: Side::Centre,
            ..Self::default()
        }
    }

    /// A sentence.
    pub(super) fn sentence() -> Self {
        Self {
            wrapped: true,
            ..Self::default()
        }
    }

    /// What a program is to take in as text.
    pub(super) fn text() -> Self {
        Self {
            number_format: "@".to_owned(),
            ..Self::default()
        }
    }

    /// A value of this format.
    pub(super) fn value(number_format: &str, wrapped: bool) -> Self {
        let is_date = number_format.contains('y') || number_format.contains("h:");
        Self {
            number_format: number_format.to_owned(),
            side: if is_date { Side::Centre } else { Side::Usual },
            wrapped,
            ..Self::default()
        }
    }

    /// The cells of a field's column that nobody has filled in yet.
    pub(super) fn column(field: Field) -> Self {
        let side = match field.kind() {
            FieldKind::Date | FieldKind::Percent => Side::Centre,
            _ => Side::Usual,
        };
        Self {
            number_format: number_format(field).to_owned(),
            side,
            wrapped: side == Side::Usual && is_prose(field),
            ..Self::default()
        }
    }

    /// The same for a row that only shows how it is done.
    pub(super) fn sample(self) -> Self {
        Self {
            italic: true,
            letters: Some(GREY),
            ..self
        }
    }
}

/// The number format that a column is given before anything is typed into it: what looks like a number and is none
/// stays text.
fn number_format(field: Field) -> &'static str {
    match field.kind() {
        FieldKind::Date => DATE,
        FieldKind::Money => "#,##0.00",
        FieldKind::Percent => "0%",
        FieldKind::LeadId | FieldKind::Contact => "@",
        _ if field == Field::OrderNo => "@",
        _ => "",
    }
}

/// Fields that are sentences and not words: their cells wrap.
pub(super) fn is_prose(field: Field) -> bool {
    matches!(
        field,
        Field::Need
            | Field::Topic
            | Field::Summary
            | Field::Feedback
            | Field::Sentiment
            | Field::NextStep
            | Field::PlanFocus
            | Field::PlanGoal
            | Field::StageReason
            | Field::Suggestion
            | Field::Remark
            | Field::Tags
    )
}
