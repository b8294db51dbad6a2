//! The pages of one column in one row group, unpacked under our limits whatever their headers claim.

use std::io::Read;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::header::{Header, Kind, header};
use crate::limits::Limits;

/// Bytes that a page may always have; beyond them the ratio of the limits is looked at.
const SMALL: usize = 1 << 20;

/// How the pages of a column are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Snappy,
    Gzip,
    Zstd,
}

impl Packing {
    /// `Err` names a packing that is not read.
    pub(super) const fn of(compression: Compression) -> std::result::Result<Self, &'static str> {
        Ok(match compression {
            Compression::UNCOMPRESSED => Self::None,
            Compression::SNAPPY => Self::Snappy,
            Compression::GZIP(_) => Self::Gzip,
            Compression::ZSTD(_) => Self::Zstd,
            Compression::LZO => return Err("parquet-lzo"),
            Compression::BROTLI(_) => return Err("parquet-brotli"),
            Compression::LZ4 | Compression::LZ4_RAW => return Err("parquet-lz4"),
        })
    }

    fn unpack(self, packed: &[u8], size: usize) -> Result<Vec<u8>> {
        let unpacked = match self {
            Self::None => packed.to_vec(),
            Self::Snappy => {
                if snap::raw::decompress_len(packed).map_err(damaged)? != size {
                    return Err(damaged("a page is not as long as it says"));
                }
                let mut unpacked = vec![0; size];
                let mut decoder = snap::raw::Decoder::new();
                decoder.decompress(packed, &mut unpacked).map_err(damaged)?;
                unpacked
            }
            Self::Gzip => read(flate2::read::MultiGzDecoder::new(packed), size)?,
            Self::Zstd => {
                let frames = ruzstd::decoding::StreamingDecoder::new(packed).map_err(damaged)?;
                read(frames, size)?
            }
        };
        if unpacked.len() == size {
            Ok(unpacked)
        } else {
            Err(damaged("a page is not as long as it says"))
        }
    }
}

/// At most one byte more than there should be.
fn read(source: impl Read, size: usize) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut source = source.take(size as u64 + 1);
    source.read_to_end(&mut unpacked).map_err(damaged)?;
    Ok(unpacked)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what errors are mapped by"
)]
pub(super) fn damaged(reason: impl ToString) -> ParquetError {
    ParquetError::General(reason.to_string())
}

/// The pages, one after another.
#[derive(Clone)]
pub(super) struct Pages {
    bytes: Bytes,
    at: usize,
    packing: Packing,
    ratio: usize,
    has_dictionary: bool,
}

impl Pages {
    pub(super) fn new(bytes: Bytes, packing: Packing, limits: &Limits) -> Self {
        Self {
            bytes,
            at: 0,
            packing,
            ratio: usize::try_from(limits.ratio).unwrap_or(usize::MAX),
            has_dictionary: false,
        }
    }

    /// Passes a page over.
    pub(super) fn pass(&mut self) -> Result<Option<Header>> {
        let Some((header, begin)) = self.header()? else {
            return Ok(None);
        };
        self.at = begin + header.packed;
        Ok(Some(header))
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next header, behind which the page stands.
    fn header(&self) -> Result<Option<(Header, usize)>> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let (header, length) =
            header(self.rest()).ok_or_else(|| damaged("a page has no sound header"))?;
        let begin = self.at + length;
        let most = SMALL.max(header.packed.saturating_mul(self.ratio));
        if header.packed > self.bytes.len() - begin || header.unpacked > most {
            return Err(damaged("a page is longer than it can be"));
        }
        let is_sound = match header.kind {
            // Each takes a byte at least, and room is made for all of them before the first is read.
            Kind::Dictionary { values, .. } => values as usize <= header.unpacked,
            Kind::Data2 { values, nulls, .. } => nulls <= values,
            Kind::Data { .. } | Kind::Other => true,
        };
        if !is_sound {
            return Err(damaged("a page has more values than it can have"));
        }
        Ok(Some((header, begin)))
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        while let Some((header, begin)) = self.header()? {
            self.at = begin + header.packed;
            let packed = self.bytes.slice(begin..self.at);
            self.has_dictionary |= matches!(header.kind, Kind::Dictionary { .. });
            if header.kind.names_values() && !self.has_dictionary {
                return Err(damaged(
                    "a page names values of a dictionary that is not there",
                ));
            }
            let page = match header.kind {
                Kind::Other => continue,
                Kind::Dictionary { values, encoding } => Page::DictionaryPage {
                    buf: self.unpacked(&packed, header.unpacked)?,
                    num_values: values,
                    encoding,
                    is_sorted: false,
                },
                Kind::Data {
                    values,
                    encoding,
                    levels,
                } => Page::DataPage {
                    buf: self.unpacked(&packed, header.unpacked)?,
                    num_values: values,
                    encoding,
                    def_level_encoding: levels,
                    rep_level_encoding: levels,
                    statistics: None,
                },
                Kind::Data2 {
                    values,
                    nulls,
                    rows,
                    encoding,
                    level_bytes: [definition, repetition],
                    is_packed,
                } => {
                    let levels = (definition as usize).saturating_add(repetition as usize);
                    if levels > packed.len() || levels > header.unpacked {
                        return Err(damaged("a page has more levels than bytes"));
                    }
                    let values_packed = packed.slice(levels..);
                    let mut whole = packed[..levels].to_vec();
                    if !values_packed.is_empty() && is_packed {
                        let size = header.unpacked - levels;
                        whole.extend(self.packing.unpack(&values_packed, size)?);
                    } else {
                        whole.extend_from_slice(&values_packed);
                    }
                    Page::DataPageV2 {
                        buf: whole.into(),
                        num_values: values,
                        encoding,
                        num_nulls: nulls,
                        num_rows: rows,
                        def_levels_byte_len: definition,
                        rep_levels_byte_len: repetition,
                        is_compressed: false,
                        statistics: None,
                    }
                }
            };
            return Ok(Some(page));
        }
        Ok(None)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        let Some((header, _)) = self.header()? else {
            return Ok(None);
        };
        let (rows, levels) = match header.kind {
            Kind::Data { values, .. } => (None, Some(values as usize)),
            Kind::Data2 { values, rows, .. } => (Some(rows as usize), Some(values as usize)),
            Kind::Dictionary { .. } | Kind::Other => (None, None),
        };
        Ok(Some(PageMetadata {
            num_rows: rows,
            num_levels: levels,
            is_dict: matches!(header.kind, Kind::Dictionary { .. }),
        }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pass().map(drop)
    }
}

impl Pages {
    fn unpacked(&self, packed: &Bytes, size: usize) -> Result<Bytes> {
        match self.packing {
            Packing::None => Ok(packed.clone()),
            packing => packing.unpack(packed, size).map(Bytes::from),
        }
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
