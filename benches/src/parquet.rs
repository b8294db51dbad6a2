//! The same rows as a parquet file, row group by row group: ten million of them never stand in memory together.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::Datelike as _;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::follow_ups::{Cell, FollowUps, HEADINGS};

/// Rows of a group.
const GROUP: usize = 1 << 17;
/// The column of days; all others are texts.
const DAY: usize = 7;
/// 1970-01-01 as chrono counts days.
const EPOCH: i32 = 719_163;

#[derive(Default)]
struct Column {
    levels: Vec<i16>,
    texts: Vec<ByteArray>,
    days: Vec<i32>,
}

/// Writes a ledger.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_parquet(path: &Path, mut rows: FollowUps) -> Result<()> {
    let leaf = |(position, name): (usize, &&str)| {
        let (physical, logical) = match position {
            DAY => (Physical::INT32, LogicalType::Date),
            _ => (Physical::BYTE_ARRAY, LogicalType::String),
        };
        let leaf = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(logical))
            .build()?;
        Ok(Arc::new(leaf))
    };
    let leaves: Result<Vec<_>> = HEADINGS.iter().enumerate().map(leaf).collect();
    let schema = Type::group_type_builder("schema")
        .with_fields(leaves?)
        .build()?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let file = File::create(path)?;
    let mut writer =
        SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()))?;
    loop {
        let mut columns: [Column; HEADINGS.len()] = Default::default();
        let mut count = 0;
        for row in rows.by_ref().take(GROUP) {
            count += 1;
            for (column, cell) in columns.iter_mut().zip(row.cells()) {
                column.levels.push(i16::from(cell != Cell::Empty));
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) => column.texts.push(text.into()),
                    Cell::Day(day) => column.days.push(day.num_days_from_ce() - EPOCH),
                }
            }
        }
        if count == 0 {
            break;
        }
        let mut group = writer.next_row_group()?;
        for Column {
            levels,
            texts,
            days,
        } in &columns
        {
            let mut column = group.next_column()?.context("a column for each heading")?;
            if days.is_empty() {
                column
                    .typed::<ByteArrayType>()
                    .write_batch(texts, Some(levels), None)?;
            } else {
                column
                    .typed::<Int32Type>()
                    .write_batch(days, Some(levels), None)?;
            }
            column.close()?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}
