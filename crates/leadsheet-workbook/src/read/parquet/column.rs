//! A column of a parquet file as ids of values: each distinct value is looked at once.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use hashbrown::{DefaultHashBuilder, HashTable};
use leadsheet_core::{FormatId, Full, Value, ValueId, Values, shortest};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::Result;

use super::kinds::{Kind, Unit};
use super::pages::damaged;

/// Values decoded at a time.
const BATCH: usize = 1 << 14;
/// Distinct values of a column above which looking them up by their place in the dictionary is given up.
const PLACES: usize = 1 << 17;
/// Whole numbers that a spreadsheet's numbers hold exactly.
const EXACT: i64 = 1 << 53;
/// 1970-01-01 as old files count days.
const JULIAN_DAY_OF_1970: i128 = 2_440_588;
/// China's clock, by which moments of other clocks are told.
const CHINA: TimeDelta = TimeDelta::hours(8);

/// The values of the sheet that is being read, each text once.
pub(super) struct Store {
    pub(super) values: Values,
    /// Texts that were met, with a part of their hash: most others are told apart by it, far from the text itself.
    texts: HashTable<(u32, ValueId)>,
    hasher: DefaultHashBuilder,
    most_texts: usize,
}

impl Store {
    pub(super) fn new(values: Values, most_texts: u64) -> Self {
        Self {
            values,
            texts: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            most_texts: usize::try_from(most_texts).unwrap_or(usize::MAX),
        }
    }

    pub(super) fn text(&mut self, text: &str) -> std::result::Result<ValueId, Full> {
        if text.is_empty() {
            return Ok(ValueId::EMPTY);
        }
        let part = (self.hasher.hash_one(text) >> 32) as u32;
        let values = &self.values;
        let is_it =
            |&(other, id): &(u32, ValueId)| other == part && values.get(id) == Value::Text(text);
        if let Some(&(_, id)) = self.texts.find(spread(part), is_it) {
            return Ok(id);
        }
        if self.texts.len() >= self.most_texts {
            return Err(Full);
        }
        let id = self.values.add_text(text)?;
        let of_known = |&(part, _): &(u32, ValueId)| spread(part);
        self.texts.insert_unique(spread(part), (part, id), of_known);
        Ok(id)
    }

    pub(super) fn value(&mut self, value: Value<'_>) -> std::result::Result<ValueId, Full> {
        match value {
            Value::Text(text) => self.text(text),
            value => self.values.add(value),
        }
    }
}

/// The table looks at the first and the last bits of a hash.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// What goes into a sheet for one column.
pub(super) struct Target<'s> {
    pub(super) store: &'s mut Store,
    pub(super) kind: Kind,
    /// The number format of its cells.
    pub(super) format: &'s str,
    /// Texts that were no UTF-8, by how often.
    pub(super) bad_texts: usize,
}

/// The ids of `rows` rows.
pub(super) fn ids(
    reader: ColumnReader,
    max_level: i16,
    rows: usize,
    target: &mut Target<'_>,
) -> Result<Vec<ValueId>> {
    let format = target.store.values.add_format(target.format);
    let format = format.map_err(damaged)?;
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            decode(reader, max_level, rows, |&value| Ok(ValueId::bool(value)))
        }
        ColumnReader::Int32ColumnReader(reader) => {
            let mut known = HashMap::new();
            decode(reader, max_level, rows, |&value| {
                remembered(&mut known, value, || {
                    let value = if target.kind == Kind::Unsigned {
                        i64::from(value.cast_unsigned())
                    } else {
                        i64::from(value)
                    };
                    target.integer(value, format)
                })
            })
        }
        ColumnReader::Int64ColumnReader(reader) => {
            let mut known = HashMap::new();
            decode(reader, max_level, rows, |&value| {
                remembered(&mut known, value, || match target.kind {
                    Kind::Unsigned if value < 0 => {
                        target.store.text(&value.cast_unsigned().to_string())
                    }
                    _ => target.integer(value, format),
                })
            })
        }
        ColumnReader::FloatColumnReader(reader) => {
            let mut known = HashMap::new();
            decode(reader, max_level, rows, |&value| {
                remembered(&mut known, value.to_bits(), || {
                    // 0.1 of four bytes is 0.1 of eight, and not 0.10000000149.
                    let value = value.to_string().parse().unwrap_or(f64::from(value));
                    target.number(value, format)
                })
            })
        }
        ColumnReader::DoubleColumnReader(reader) => {
            let mut known = HashMap::new();
            decode(reader, max_level, rows, |&value| {
                remembered(&mut known, value.to_bits(), || target.number(value, format))
            })
        }
        ColumnReader::Int96ColumnReader(reader) => {
            let mut known = HashMap::new();
            decode(reader, max_level, rows, |value: &Int96| {
                let parts = <[u32; 3]>::try_from(value.data()).unwrap_or_default();
                remembered(&mut known, parts, || {
                    let [low, high, julian_day] = parts;
                    let days = i128::from(julian_day) - JULIAN_DAY_OF_1970;
                    let nanos = i128::from(u64::from(high) << 32 | u64::from(low));
                    target.moment(
                        days * 86_400_000_000_000 + nanos,
                        1_000_000_000,
                        false,
                        format,
                    )
                })
            })
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            let mut places = Places::default();
            decode(reader, max_level, rows, |value: &ByteArray| {
                places.id(value, |bytes| target.bytes(bytes, format))
            })
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            let mut places = Places::default();
            decode(reader, max_level, rows, |value: &FixedLenByteArray| {
                places.id(value, |bytes| target.bytes(bytes, format))
            })
        }
    }
}

/// What was met before, by its place in the page or dictionary that holds it. Each place is kept alive, so that no
/// other value can come to stand there.
#[derive(Default)]
struct Places {
    known: HashMap<(usize, usize), (ByteArray, ValueId)>,
    met: usize,
    given_up: bool,
}

impl Places {
    fn id(
        &mut self,
        value: &ByteArray,
        new: impl FnOnce(&[u8]) -> std::result::Result<ValueId, Full>,
    ) -> std::result::Result<ValueId, Full> {
        let bytes = value.data();
        if self.given_up || bytes.is_empty() {
            return new(bytes);
        }
        let place = (bytes.as_ptr() as usize, bytes.len());
        if let Some((_, id)) = self.known.get(&place) {
            self.met += 1;
            return Ok(*id);
        }
        let id = new(bytes)?;
        if self.known.len() >= PLACES || (self.known.len() > 1024 && self.met < self.known.len()) {
            self.given_up = true;
            self.known = HashMap::new();
        } else {
            self.known.insert(place, (value.clone(), id));
        }
        Ok(id)
    }
}

fn remembered<K: std::hash::Hash + Eq>(
    known: &mut HashMap<K, ValueId>,
    key: K,
    new: impl FnOnce() -> std::result::Result<ValueId, Full>,
) -> std::result::Result<ValueId, Full> {
    if let Some(&id) = known.get(&key) {
        return Ok(id);
    }
    let id = new()?;
    known.insert(key, id);
    Ok(id)
}

fn decode<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    max_level: i16,
    rows: usize,
    mut id: impl FnMut(&T::T) -> std::result::Result<ValueId, Full>,
) -> Result<Vec<ValueId>> {
    let mut ids = Vec::new();
    let mut levels = Vec::new();
    let mut values = Vec::new();
    while ids.len() < rows {
        levels.clear();
        values.clear();
        let wanted = BATCH.min(rows - ids.len());
        let wants_levels = (max_level > 0).then_some(&mut levels);
        let (read, ..) = reader.read_records(wanted, wants_levels, None, &mut values)?;
        if read == 0 {
            return Err(damaged("a column has fewer rows than the table"));
        }
        let mut values = values.iter();
        let mut next = || match values.next() {
            Some(value) => id(value).map_err(damaged),
            None => Err(damaged("a column has fewer values than it says")),
        };
        if max_level == 0 {
            for _ in 0..read {
                ids.push(next()?);
            }
            continue;
        }
        for level in &levels {
            let is_there = *level == max_level;
            ids.push(if is_there { next()? } else { ValueId::EMPTY });
        }
    }
    Ok(ids)
}

impl Target<'_> {
    fn integer(&mut self, value: i64, format: FormatId) -> std::result::Result<ValueId, Full> {
        match self.kind {
            Kind::Day => {
                let day = i32::try_from(value).ok();
                match day.and_then(NaiveDate::from_epoch_days) {
                    Some(day) => self.date(day.and_time(NaiveTime::MIN), format),
                    None => self.whole(value, format),
                }
            }
            Kind::TimeOfDay(unit) => {
                let nanos = i128::from(value) * i128::from(unit.nanos());
                let time = i64::try_from(nanos).map(TimeDelta::nanoseconds);
                match time {
                    Ok(time) => self.store.values.add_time(time, format),
                    Err(_) => self.whole(value, format),
                }
            }
            Kind::Moment { unit, is_utc } => {
                self.moment(i128::from(value), unit.per_second(), is_utc, format)
            }
            Kind::Decimal { scale } => self.decimal(i128::from(value), scale, format),
            _ => self.whole(value, format),
        }
    }

    /// A whole number; as text where a spreadsheet's number would change its last digits.
    fn whole(&mut self, value: i64, format: FormatId) -> std::result::Result<ValueId, Full> {
        if (-EXACT..=EXACT).contains(&value) {
            self.store.values.add_number(value as f64, format)
        } else {
            self.store.text(&value.to_string())
        }
    }

    /// Missing values of a column of numbers are mostly written as no number.
    fn number(&mut self, value: f64, format: FormatId) -> std::result::Result<ValueId, Full> {
        if value.is_nan() {
            Ok(ValueId::EMPTY)
        } else if value.is_infinite() {
            self.store.text(&value.to_string())
        } else {
            self.store.values.add_number(value, format)
        }
    }

    /// An exact amount; as text where its digits are more than a spreadsheet's number keeps.
    fn decimal(
        &mut self,
        value: i128,
        scale: usize,
        format: FormatId,
    ) -> std::result::Result<ValueId, Full> {
        let digits = format!("{:0>1$}", value.unsigned_abs(), scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let sign = if value < 0 { "-" } else { "" };
        let point = if scale > 0 { "." } else { "" };
        let text = format!("{sign}{whole}{point}{part}");
        let short = match scale {
            0 => text.as_str(),
            _ => text.trim_end_matches('0').trim_end_matches('.'),
        };
        match text.parse::<f64>() {
            Ok(number) if shortest(number) == short || value == 0 => {
                self.store.values.add_number(number, format)
            }
            _ => self.store.text(&text),
        }
    }

    fn moment(
        &mut self,
        count: i128,
        per_second: i128,
        is_utc: bool,
        format: FormatId,
    ) -> std::result::Result<ValueId, Full> {
        let nanos = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
        let seconds = i64::try_from(count.div_euclid(per_second)).ok();
        let moment = seconds
            .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, nanos as u32))
            .map(|moment| moment.naive_utc());
        let shift = if is_utc { CHINA } else { TimeDelta::zero() };
        match moment.and_then(|moment| moment.checked_add_signed(shift)) {
            Some(moment) => self.date(moment, format),
            None => self.store.text(&count.to_string()),
        }
    }

    fn date(
        &mut self,
        value: NaiveDateTime,
        format: FormatId,
    ) -> std::result::Result<ValueId, Full> {
        self.store.values.add_date(value, format)
    }

    fn bytes(&mut self, bytes: &[u8], format: FormatId) -> std::result::Result<ValueId, Full> {
        match self.kind {
            Kind::Decimal { scale } if bytes.len() <= 16 => {
                let first = bytes.first().copied().unwrap_or_default();
                let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
                let mut whole = [fill; 16];
                whole[16 - bytes.len()..].copy_from_slice(bytes);
                self.decimal(i128::from_be_bytes(whole), scale, format)
            }
            Kind::Half => {
                let half = <[u8; 2]>::try_from(bytes).map(u16::from_le_bytes);
                self.number(half.map_or(f64::NAN, half_number), format)
            }
            Kind::Uuid if bytes.len() == 16 => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                let parts = [
                    &hex[..8],
                    &hex[8..12],
                    &hex[12..16],
                    &hex[16..20],
                    &hex[20..],
                ];
                self.store.text(&parts.join("-"))
            }
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => self.store.text(text),
                Err(_) => {
                    self.bad_texts += 1;
                    self.store.text(&String::from_utf8_lossy(bytes))
                }
            },
        }
    }
}

/// A number of two bytes: a sign, five bits of exponent, ten of fraction.
fn half_number(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF));
    let magnitude = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    };
    if bits & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

impl Unit {
    const fn nanos(self) -> i64 {
        match self {
            Self::Millis => 1_000_000,
            Self::Micros => 1_000,
            Self::Nanos => 1,
        }
    }

    const fn per_second(self) -> i128 {
        1_000_000_000 / self.nanos() as i128
    }
}
