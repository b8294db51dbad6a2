//! The file itself, through Apache's library: row groups of columns that repeat their values by number.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type as Schema, TypePtr};

use super::columns::{Item, Outgoing, Type};
use crate::provenance::{KEY, Provenance, ROW};

/// Rows of a group: enough to pack well, few enough to be read one group at a time.
const GROUP: usize = 1 << 17;
/// Digits of an amount.
const PRECISION: i32 = 18;
const PROGRAM: &str = concat!("leadsheet ", env!("CARGO_PKG_VERSION"));

/// A column: its name, that of the column beside it, its values.
pub(super) type Named<'l> = (String, Option<String>, Outgoing<'l>);

pub(super) fn write(
    provenance: &Provenance,
    rows: &[u32],
    columns: &[Named<'_>],
) -> Result<Vec<u8>> {
    let note = serde_json::to_string(provenance)
        .map_err(|error| ParquetError::General(error.to_string()))?;
    let row = ColumnPath::new(vec![ROW.to_owned()]);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(PROGRAM.to_owned())
        .set_column_dictionary_enabled(row.clone(), false)
        .set_column_encoding(row, Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), note)]));
    let schema = Arc::new(schema(columns)?);
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties.build()))?;
    let mut first = 0;
    while first < rows.len() {
        let group = first..rows.len().min(first + GROUP);
        first = group.end;
        let mut groups = writer.next_row_group()?;
        let numbers: Vec<i32> = rows[group.clone()]
            .iter()
            .map(|row| (row + 1).cast_signed())
            .collect();
        put::<Int32Type, _>(&mut groups, numbers.into_iter().map(Some), false)?;
        for (_, raw, column) in columns {
            put_column(&mut groups, column, group.clone())?;
            if raw.is_some() {
                let of_row = |row| column.raw(row).map(ByteArray::from);
                put::<ByteArrayType, _>(&mut groups, group.clone().map(of_row), true)?;
            }
        }
        groups.close()?;
    }
    writer.close()?;
    Ok(bytes)
}

fn schema(columns: &[Named<'_>]) -> Result<Schema> {
    let mut fields = vec![leaf(ROW, Physical::INT32, None, Repetition::REQUIRED)?];
    for (name, raw, column) in columns {
        let (physical, logical) = match column.kind {
            Type::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Type::Number => (Physical::DOUBLE, None),
            Type::Truth => (Physical::BOOLEAN, None),
            Type::Day => (Physical::INT32, Some(LogicalType::Date)),
            Type::Moment => {
                let moment = LogicalType::timestamp(false, TimeUnit::MICROS);
                (Physical::INT64, Some(moment))
            }
            Type::Amount { decimals } => {
                let amount = LogicalType::decimal(decimals.cast_signed(), PRECISION);
                (Physical::INT64, Some(amount))
            }
        };
        fields.push(leaf(name, physical, logical, Repetition::OPTIONAL)?);
        if let Some(raw) = raw {
            let text = Some(LogicalType::String);
            fields.push(leaf(raw, Physical::BYTE_ARRAY, text, Repetition::OPTIONAL)?);
        }
    }
    Schema::group_type_builder("schema")
        .with_fields(fields)
        .build()
}

fn leaf(
    name: &str,
    physical: Physical,
    logical: Option<LogicalType>,
    repetition: Repetition,
) -> Result<TypePtr> {
    let (scale, precision) = match &logical {
        Some(LogicalType::Decimal(decimal)) => (decimal.scale, decimal.precision),
        _ => (-1, -1),
    };
    let leaf = Schema::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical)
        .with_scale(scale)
        .with_precision(precision)
        .build()?;
    Ok(Arc::new(leaf))
}

fn put_column(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    column: &Outgoing<'_>,
    rows: std::ops::Range<usize>,
) -> Result<()> {
    let items = rows.map(|row| column.item(row));
    match column.kind {
        Type::Text => {
            let text = |item: Option<&Item>| match item {
                Some(Item::Text(text)) => {
                    Some(ByteArray::from(Bytes::copy_from_slice(text.as_bytes())))
                }
                _ => None,
            };
            put::<ByteArrayType, _>(group, items.map(text), true)
        }
        Type::Number => {
            let number = |item: Option<&Item>| match item {
                Some(Item::Number(number)) => Some(*number),
                _ => None,
            };
            put::<DoubleType, _>(group, items.map(number), true)
        }
        Type::Truth => {
            let truth = |item: Option<&Item>| match item {
                Some(Item::Truth(truth)) => Some(*truth),
                _ => None,
            };
            put::<BoolType, _>(group, items.map(truth), true)
        }
        Type::Day => {
            let day = |item: Option<&Item>| match item {
                Some(Item::Day(day)) => Some(*day),
                _ => None,
            };
            put::<Int32Type, _>(group, items.map(day), true)
        }
        Type::Moment | Type::Amount { .. } => {
            let count = |item: Option<&Item>| match item {
                Some(Item::Moment(count) | Item::Amount(count)) => Some(*count),
                _ => None,
            };
            put::<Int64Type, _>(group, items.map(count), true)
        }
    }
}

/// Writes the values of one column in one row group.
fn put<T: DataType, I: Iterator<Item = Option<T::T>>>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    items: I,
    is_optional: bool,
) -> Result<()> {
    let mut levels = Vec::with_capacity(items.size_hint().0);
    let mut values = Vec::with_capacity(items.size_hint().0);
    for item in items {
        levels.push(i16::from(item.is_some()));
        values.extend(item);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General(
            "more columns than the schema has".to_owned(),
        ));
    };
    let levels = is_optional.then_some(levels.as_slice());
    column.typed::<T>().write_batch(&values, levels, None)?;
    column.close()
}
