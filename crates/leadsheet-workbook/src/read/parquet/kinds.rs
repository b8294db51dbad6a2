//! What the types of a parquet column mean for a cell.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Numbers, texts and truth values as they stand.
    Plain,
    Unsigned,
    Day,
    TimeOfDay(Unit),
    Moment {
        unit: Unit,
        is_utc: bool,
    },
    Decimal {
        scale: usize,
    },
    /// A number of two bytes.
    Half,
    Uuid,
}

/// What a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    const fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::MILLIS => Self::Millis,
            TimeUnit::MICROS => Self::Micros,
            TimeUnit::NANOS => Self::Nanos,
        }
    }
}

/// Decimals behind the point that any program writes.
const MOST_DECIMALS: i32 = 38;

impl Kind {
    /// `None` for what no cell can hold: lists and pictures.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        if column.max_rep_level() > 0 {
            return None;
        }
        let is_text = column.converted_type() == ConvertedType::UTF8;
        Some(match column.logical_type_ref() {
            Some(LogicalType::Date) => Self::Day,
            Some(LogicalType::Time(time)) => Self::TimeOfDay(Unit::of(time.unit)),
            Some(LogicalType::Timestamp(moment)) => Self::Moment {
                unit: Unit::of(moment.unit),
                is_utc: moment.is_adjusted_to_u_t_c,
            },
            Some(LogicalType::Decimal(decimal)) => Self::decimal(decimal.scale)?,
            Some(LogicalType::Integer(integer)) if !integer.is_signed => Self::Unsigned,
            Some(LogicalType::Float16) => Self::Half,
            Some(LogicalType::Uuid) => Self::Uuid,
            Some(
                LogicalType::String
                | LogicalType::Enum
                | LogicalType::Json
                | LogicalType::Integer(_)
                | LogicalType::Unknown,
            ) => Self::Plain,
            Some(_) => return None,
            None => match column.converted_type() {
                ConvertedType::DATE => Self::Day,
                ConvertedType::TIME_MILLIS => Self::TimeOfDay(Unit::Millis),
                ConvertedType::TIME_MICROS => Self::TimeOfDay(Unit::Micros),
                // Writers of that time meant the clock on the wall, whatever the specification says today.
                ConvertedType::TIMESTAMP_MILLIS => Self::Moment {
                    unit: Unit::Millis,
                    is_utc: false,
                },
                ConvertedType::TIMESTAMP_MICROS => Self::Moment {
                    unit: Unit::Micros,
                    is_utc: false,
                },
                ConvertedType::DECIMAL => Self::decimal(column.type_scale())?,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64 => Self::Unsigned,
                ConvertedType::BSON | ConvertedType::INTERVAL => return None,
                _ if is_text || column.physical_type() != Type::FIXED_LEN_BYTE_ARRAY => Self::Plain,
                _ => return None,
            },
        })
    }

    fn decimal(scale: i32) -> Option<Self> {
        let scale = (0..=MOST_DECIMALS).contains(&scale).then_some(scale)?;
        Some(Self::Decimal {
            scale: scale as usize,
        })
    }

    /// The number format of a cell that brings none.
    pub(super) fn usual_format(self) -> String {
        match self {
            Self::Decimal { scale } if scale > 0 => format!("0.{}", "0".repeat(scale)),
            _ => String::new(),
        }
    }
}
