//! A column of a parquet file as ids of values: each distinct value is looked at once.

use std::hash::BuildHasher as _;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use leadsheet_core::{FormatId, Full, LEFT_OUT, Value, ValueId, Values, may_list, shortest};
use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType};
use parquet::errors::Result;

use super::kinds::{Kind, Unit};
use super::pages::damaged;

/// Values decoded at a time.
const BATCH: usize = 1 << 14;
/// Filled cells of a column that are read whatever is needed of it: by them its meaning is known.
pub(super) const SAMPLE: usize = 128;
/// Numbers of a column that are remembered at a time: where there are more, hardly one comes back.
const MOST_KNOWN: usize = 1 << 20;
/// Whole numbers that a spreadsheet's numbers hold exactly.
const EXACT: i64 = 1 << 53;
/// 1970-01-01 as old files count days.
const JULIAN_DAY_OF_1970: i128 = 2_440_588;
/// China's clock, by which moments of other clocks are told.
const CHINA: TimeDelta = TimeDelta::hours(8);

/// The values of a sheet, or of one of its columns, each text once.
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
        let is_it = |&(other, id): &(u32, ValueId)| {
            other == part && values.is_own_text(id, text.as_bytes())
        };
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

/// How much of a column is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every value.
    #[default]
    Values,
    /// Where values are, and texts that may list several talks.
    Lists,
    /// Where values are, and texts that say nothing.
    Presence,
}

/// What comes out of one column.
pub(super) struct Intake {
    pub(super) store: Store,
    kind: Kind,
    /// The number format of its cells.
    format: FormatId,
    /// Numbers and days that were met, by their bytes.
    known: HashMap<u128, ValueId>,
    extent: Extent,
    /// What stands for a value that is not read.
    left_out: ValueId,
    /// A text that is always read: the heading, should it be repeated further down.
    heading: String,
    /// Filled cells so far.
    met: usize,
    /// Whether any text was no UTF-8.
    pub(super) has_bad_texts: bool,
}

impl Intake {
    pub(super) fn new(
        kind: Kind,
        format: &str,
        most_texts: u64,
    ) -> std::result::Result<Self, Full> {
        let mut store = Store::new(Values::new(std::sync::Arc::default()), most_texts);
        Ok(Self {
            format: store.values.add_format(format)?,
            store,
            kind,
            known: HashMap::new(),
            extent: Extent::Values,
            left_out: ValueId::EMPTY,
            heading: String::new(),
            met: 0,
            has_bad_texts: false,
        })
    }

    /// Reads no more than `extent` of the column below `heading`.
    pub(super) fn limited_to(
        mut self,
        extent: Extent,
        heading: &str,
    ) -> std::result::Result<Self, Full> {
        if extent != Extent::Values {
            self.extent = extent;
            self.left_out = self.store.text(LEFT_OUT)?;
            heading.clone_into(&mut self.heading);
        }
        Ok(self)
    }

    /// Forgets which values were met: those that come now are values of their own.
    pub(super) fn forget(&mut self) {
        self.store.texts = HashTable::new();
        self.known = HashMap::new();
    }

    /// Whether cells are still read whatever is needed of the column.
    #[inline]
    pub(super) const fn is_sampling(&self) -> bool {
        matches!(self.extent, Extent::Lists | Extent::Presence) && self.met < SAMPLE
    }

    /// The id of a value that is spelled so in the file.
    #[inline]
    pub(super) fn id(&mut self, physical: Type, raw: &[u8]) -> Result<ValueId> {
        let id = if self.extent == Extent::Values {
            self.whole_id(physical, raw)
        } else {
            self.limited_id(physical, raw)
        };
        id.map_err(damaged)
    }

    fn limited_id(&mut self, physical: Type, raw: &[u8]) -> std::result::Result<ValueId, Full> {
        if !self.is_sampling() {
            let is_text = physical == Type::BYTE_ARRAY && self.kind == Kind::Plain;
            let is_left_out = match physical {
                Type::INT32 | Type::INT64 | Type::INT96 => true,
                _ => is_text && !self.is_read(raw),
            };
            if is_left_out {
                return Ok(self.left_out);
            }
        }
        let id = self.whole_id(physical, raw)?;
        self.met += usize::from(!id.is_empty());
        Ok(id)
    }

    /// Whether a text is read where not every value is needed: what is as good as empty, a heading that is repeated, and
    /// what may list talks where that is asked.
    #[inline]
    fn is_read(&self, text: &[u8]) -> bool {
        let Some(&first) = text.first() else {
            return true;
        };
        // All white space is ASCII or begins with one of these.
        let may_be_blank = first <= b' ' || matches!(first, 0xC2 | 0xE1 | 0xE2 | 0xE3);
        if text == self.heading.as_bytes() {
            return true;
        }
        if self.extent == Extent::Presence && !may_be_blank {
            return false;
        }
        match simdutf8::basic::from_utf8(text) {
            Ok(text) if self.extent == Extent::Lists && may_list(text) => true,
            Ok(text) => may_be_blank && text.trim().is_empty(),
            Err(_) => true,
        }
    }

    /// The id of a value that is read.
    #[inline]
    fn whole_id(&mut self, physical: Type, raw: &[u8]) -> std::result::Result<ValueId, Full> {
        let mut whole = [0; 16];
        match whole.get_mut(..raw.len()) {
            Some(place) if physical != Type::BYTE_ARRAY => place.copy_from_slice(raw),
            _ => return self.bytes(raw),
        }
        let bits = u128::from_le_bytes(whole);
        if let Some(&id) = self.known.get(&bits) {
            return Ok(id);
        }
        let four = (bits as u32).to_le_bytes();
        let eight = (bits as u64).to_le_bytes();
        let id = match physical {
            Type::BOOLEAN => Ok(ValueId::bool(bits != 0)),
            Type::INT32 if self.kind == Kind::Unsigned => {
                self.integer(i64::from(u32::from_le_bytes(four)))
            }
            Type::INT32 => self.integer(i64::from(i32::from_le_bytes(four))),
            Type::INT64 if self.kind == Kind::Unsigned && i64::from_le_bytes(eight) < 0 => {
                self.store.text(&u64::from_le_bytes(eight).to_string())
            }
            Type::INT64 => self.integer(i64::from_le_bytes(eight)),
            Type::FLOAT => {
                // 0.1 of four bytes is 0.1 of eight, and not 0.10000000149.
                let value = f32::from_le_bytes(four);
                self.number(value.to_string().parse().unwrap_or(f64::from(value)))
            }
            Type::DOUBLE => self.number(f64::from_le_bytes(eight)),
            Type::FIXED_LEN_BYTE_ARRAY | Type::BYTE_ARRAY => self.bytes(raw),
            Type::INT96 => {
                let days = i128::from((bits >> 64) as u32) - JULIAN_DAY_OF_1970;
                let nanos = i128::from(u64::from_le_bytes(eight));
                self.moment(days * 86_400_000_000_000 + nanos, 1_000_000_000, false)
            }
        }?;
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(bits, id);
        Ok(id)
    }

    fn integer(&mut self, value: i64) -> std::result::Result<ValueId, Full> {
        match self.kind {
            Kind::Day => {
                let day = i32::try_from(value).ok();
                match day.and_then(NaiveDate::from_epoch_days) {
                    Some(day) => self.date(day.and_time(NaiveTime::MIN)),
                    None => self.whole(value),
                }
            }
            Kind::TimeOfDay(unit) => {
                let nanos = i128::from(value) * i128::from(unit.nanos());
                let time = i64::try_from(nanos).map(TimeDelta::nanoseconds);
                match time {
                    Ok(time) => self.store.values.add_time(time, self.format),
                    Err(_) => self.whole(value),
                }
            }
            Kind::Moment { unit, is_utc } => {
                self.moment(i128::from(value), unit.per_second(), is_utc)
            }
            Kind::Decimal { scale } => self.decimal(i128::from(value), scale),
            _ => self.whole(value),
        }
    }

    /// A whole number; as text where a spreadsheet's number would change its last digits.
    fn whole(&mut self, value: i64) -> std::result::Result<ValueId, Full> {
        if (-EXACT..=EXACT).contains(&value) {
            self.store.values.add_number(value as f64, self.format)
        } else {
            self.store.text(&value.to_string())
        }
    }

    /// Missing values of a column of numbers are mostly written as no number.
    fn number(&mut self, value: f64) -> std::result::Result<ValueId, Full> {
        if value.is_nan() {
            Ok(ValueId::EMPTY)
        } else if value.is_infinite() {
            self.store.text(&value.to_string())
        } else {
            self.store.values.add_number(value, self.format)
        }
    }

    /// An exact amount; as text where its digits are more than a spreadsheet's number keeps.
    fn decimal(&mut self, value: i128, scale: usize) -> std::result::Result<ValueId, Full> {
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
                self.store.values.add_number(number, self.format)
            }
            _ => self.store.text(&text),
        }
    }

    fn moment(
        &mut self,
        count: i128,
        per_second: i128,
        is_utc: bool,
    ) -> std::result::Result<ValueId, Full> {
        let nanos = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
        let seconds = i64::try_from(count.div_euclid(per_second)).ok();
        let moment = seconds
            .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, nanos as u32))
            .map(|moment| moment.naive_utc());
        let shift = if is_utc { CHINA } else { TimeDelta::zero() };
        match moment.and_then(|moment| moment.checked_add_signed(shift)) {
            Some(moment) => self.date(moment),
            None => self.store.text(&count.to_string()),
        }
    }

    fn date(&mut self, value: NaiveDateTime) -> std::result::Result<ValueId, Full> {
        self.store.values.add_date(value, self.format)
    }

    fn bytes(&mut self, bytes: &[u8]) -> std::result::Result<ValueId, Full> {
        match self.kind {
            Kind::Decimal { scale } if bytes.len() <= 16 => {
                let first = bytes.first().copied().unwrap_or_default();
                let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
                let mut whole = [fill; 16];
                whole[16 - bytes.len()..].copy_from_slice(bytes);
                self.decimal(i128::from_be_bytes(whole), scale)
            }
            Kind::Half => {
                let half = <[u8; 2]>::try_from(bytes).map(u16::from_le_bytes);
                self.number(half.map_or(f64::NAN, half_number))
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
            _ => match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => self.store.text(text),
                Err(_) => {
                    self.has_bad_texts = true;
                    self.store.text(&String::from_utf8_lossy(bytes))
                }
            },
        }
    }
}

/// The ids of `rows` rows, decoded by the library.
pub(super) fn ids(
    reader: ColumnReader,
    max_level: i16,
    rows: usize,
    intake: &mut Intake,
) -> Result<Vec<ValueId>> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::Int32ColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::Int64ColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::FloatColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::DoubleColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::Int96ColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::ByteArrayColumnReader(reader) => decode(reader, max_level, rows, intake),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            decode(reader, max_level, rows, intake)
        }
    }
}

fn decode<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    max_level: i16,
    rows: usize,
    intake: &mut Intake,
) -> Result<Vec<ValueId>> {
    let physical = T::get_physical_type();
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
            Some(value) => intake.id(physical, value.as_bytes()),
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
