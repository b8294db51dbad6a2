//! The zip archive around a workbook, record by record. Records of parts that nobody touches are copied as they lie in
//! the file: name, times, extra fields, packed bytes, descriptor. (The zip crate, which finds and checks the directory
//! here, writes headers of its own when it copies.)

mod writer;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

pub(super) use self::writer::{Writer, Written};
use crate::error::ReadError;
use crate::limits::Limits;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const ZIP64: u16 = 1;
/// What a 32-bit field says where the true value is in the ZIP64 extra field.
const ELSEWHERE: u64 = 0xFFFF_FFFF;
const WITH_DESCRIPTOR: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Growth is looked at from here on; before, a run of blanks may well be packed a thousandfold.
const RATIO_FROM: u64 = 1 << 20;

/// Anything that a package can be read from.
pub(super) trait Source: Read + Seek + Send {}
impl<R: Read + Seek + Send> Source for R {}

/// An archive, open for reading.
pub(super) struct Archive {
    source: BufReader<Box<dyn Source>>,
    pub(super) entries: Vec<Entry>,
    pub(super) comment: Vec<u8>,
    limits: Limits,
    unpacked: u64,
}

/// One entry of the directory.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The name as it is stored.
    pub(super) name: String,
    /// Size once unpacked, as the directory claims.
    pub(super) size: u64,
    /// Checksum, as the directory claims.
    pub(super) checksum: u32,
    central: Vec<u8>,
    local_extra: Vec<u8>,
    start: u64,
    data_start: u64,
    packed: u64,
    end: u64,
    flags: u16,
    method: u16,
}

impl Archive {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`ReadError`] where it is damaged, encrypted, or passes a limit.
    pub(super) fn open(source: Box<dyn Source>, limits: &Limits) -> Result<Self, ReadError> {
        let mut source = BufReader::new(source);
        let length = source.seek(SeekFrom::End(0))?;
        let archive = ZipArchive::new(&mut source).map_err(directory_error)?;
        let (start, before) = (archive.central_directory_start(), archive.offset());
        let (count, comment) = (archive.len(), archive.comment().to_vec());
        if count as u64 > limits.parts {
            return Err(ReadError::Limit {
                part: "[package]".to_owned(),
                limit: "parts",
                maximum: limits.parts,
            });
        }
        drop(archive);
        let mut entries = Vec::with_capacity(count);
        source.seek(SeekFrom::Start(start))?;
        // Two entries of one name are one to the zip crate; here both are copied.
        while let Some(central) = central_record(&mut source)? {
            entries.push(Entry::of(central, before).ok_or_else(|| broken("a directory entry"))?);
            if entries.len() as u64 > limits.parts {
                return Err(broken("more entries than it says"));
            }
        }
        for entry in &mut entries {
            entry.locate(&mut source)?;
        }
        // Entries over one another make a small file a huge copy.
        let copied: u64 = entries.iter().map(|entry| entry.end - entry.start).sum();
        if copied > length || entries.iter().any(|entry| entry.end > length) {
            return Err(broken("entries that overlap"));
        }
        Ok(Self {
            source,
            entries,
            comment,
            limits: *limits,
            unpacked: 0,
        })
    }

    /// Unpacks an entry as it is read. The checksum is looked at when the end is reached.
    ///
    /// # Errors
    /// [`ReadError`] where it is encrypted or packed in a way that workbooks do not use.
    pub(super) fn content(&mut self, entry: usize) -> Result<Content<'_>, ReadError> {
        let entry = self
            .entries
            .get(entry)
            .ok_or_else(|| broken("no such entry"))?;
        if entry.flags & 1 != 0 {
            return Err(ReadError::Encrypted);
        }
        self.source.seek(SeekFrom::Start(entry.data_start))?;
        let packed = (&mut self.source).take(entry.packed);
        let data = match entry.method {
            STORED => Data::Stored(packed),
            DEFLATED => Data::Deflated(DeflateDecoder::new(packed)),
            _ => return Err(damaged(&entry.name, "an unknown way of packing")),
        };
        Ok(Content {
            data,
            entry,
            read: 0,
            crc: Crc::new(),
            unpacked: &mut self.unpacked,
            limits: self.limits,
        })
    }

    /// The positions of the entries in the order in which they lie in the file.
    pub(super) fn physical_order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.entries.len()).collect();
        order.sort_by_key(|&entry| self.entries.get(entry).map(|entry| entry.start));
        order
    }
}

impl Entry {
    fn of(central: Vec<u8>, before: u64) -> Option<Self> {
        let name = central.get(46..46 + usize::from(u16_at(&central, 28)?))?;
        let mut large = [24, 20, 42].map(|at| u32_at(&central, at).map(u64::from));
        let extra_at = 46 + name.len();
        let extra = central.get(extra_at..extra_at + usize::from(u16_at(&central, 30)?))?;
        let mut zip64 = extra_field(extra, ZIP64).unwrap_or_default();
        for field in large.iter_mut().filter(|field| **field == Some(ELSEWHERE)) {
            let Some((value, rest)) = zip64.split_first_chunk() else {
                break;
            };
            *field = Some(u64::from_le_bytes(*value));
            zip64 = rest;
        }
        let [size, packed, start] = large;
        Some(Self {
            name: String::from_utf8_lossy(name).into_owned(),
            size: size?,
            checksum: u32_at(&central, 16)?,
            start: start?.checked_add(before)?,
            packed: packed?,
            data_start: 0,
            end: 0,
            flags: u16_at(&central, 8)?,
            method: u16_at(&central, 10)?,
            local_extra: Vec::new(),
            central,
        })
    }

    /// Finds where the data begin and the record ends.
    fn locate(&mut self, source: &mut (impl Read + Seek)) -> Result<(), ReadError> {
        let name = self.name.clone();
        let broken = || damaged(&name, "its header is broken");
        source.seek(SeekFrom::Start(self.start))?;
        let mut header = [0; 30];
        source.read_exact(&mut header)?;
        let (Some(LOCAL), Some(name_length), Some(extra)) =
            (u32_at(&header, 0), u16_at(&header, 26), u16_at(&header, 28))
        else {
            return Err(broken());
        };
        source.seek_relative(i64::from(name_length))?;
        let mut local_extra = vec![0; usize::from(extra)];
        source.read_exact(&mut local_extra)?;
        self.data_start = self.start + 30 + u64::from(name_length) + u64::from(extra);
        let data_end = self
            .data_start
            .checked_add(self.packed)
            .ok_or_else(broken)?;
        self.end = data_end;
        if self.flags & WITH_DESCRIPTOR != 0 {
            source.seek(SeekFrom::Start(data_end))?;
            let mut after = Vec::new();
            source.take(24).read_to_end(&mut after)?;
            self.end += self.descriptor_length(&after).unwrap_or(0);
        }
        Ok(())
    }

    /// How long the descriptor behind the data is: with or without its mark, with sizes of four or eight bytes.
    fn descriptor_length(&self, bytes: &[u8]) -> Option<u64> {
        let mark = if u32_at(bytes, 0)? == DESCRIPTOR {
            4
        } else {
            0
        };
        if u32_at(bytes, mark)? != self.checksum {
            return None;
        }
        let sizes = bytes.get(mark + 4..mark + 20);
        let long = sizes.is_some_and(|sizes| {
            sizes == [self.packed.to_le_bytes(), self.size.to_le_bytes()].concat()
        });
        Some(mark as u64 + if long { 20 } else { 12 })
    }
}

fn central_record(source: &mut impl Read) -> Result<Option<Vec<u8>>, ReadError> {
    let mut record = vec![0; 46];
    match source.read_exact(&mut record) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    if u32_at(&record, 0) != Some(CENTRAL) {
        return Ok(None);
    }
    let lengths = [28, 30, 32].map(|at| u16_at(&record, at).unwrap_or(0));
    let rest: usize = lengths.into_iter().map(usize::from).sum();
    record.resize(46 + rest, 0);
    source.read_exact(record.get_mut(46..).unwrap_or_default())?;
    Ok(Some(record))
}

/// One entry, unpacked as it is read.
pub(super) struct Content<'a> {
    data: Data<'a>,
    entry: &'a Entry,
    read: u64,
    crc: Crc,
    unpacked: &'a mut u64,
    limits: Limits,
}

enum Data<'a> {
    Stored(io::Take<&'a mut BufReader<Box<dyn Source>>>),
    Deflated(DeflateDecoder<io::Take<&'a mut BufReader<Box<dyn Source>>>>),
}

impl Read for Content<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.data {
            Data::Stored(data) => data.read(room),
            Data::Deflated(data) => data.read(room),
        }
        .map_err(|error| self.refused(error))?;
        self.crc.update(room.get(..read).unwrap_or_default());
        self.read += read as u64;
        *self.unpacked += read as u64;
        let passed = |limit, maximum| {
            Err(io::Error::other(ReadError::Limit {
                part: self.entry.name.clone(),
                limit,
                maximum,
            }))
        };
        if *self.unpacked > self.limits.unpacked_bytes {
            return passed("unpacked_bytes", self.limits.unpacked_bytes);
        }
        let ratio = self.limits.ratio;
        if self.read > RATIO_FROM && self.read / ratio.max(1) > self.entry.packed {
            return passed("ratio", ratio);
        }
        if read == 0 && !room.is_empty() && self.crc.sum() != self.entry.checksum {
            return Err(io::Error::other(damaged(
                &self.entry.name,
                "its checksum is wrong",
            )));
        }
        Ok(read)
    }
}

impl Content<'_> {
    /// The bytes that were read. What the directory claims may be another number.
    pub(super) const fn read_so_far(&self) -> u64 {
        self.read
    }

    /// Broken data are the file's fault, all else is the disk's.
    fn refused(&self, error: io::Error) -> io::Error {
        if error.raw_os_error().is_some() {
            return io::Error::other(ReadError::Io(error));
        }
        io::Error::other(damaged(&self.entry.name, &error.to_string()))
    }
}

fn name_of(central: &[u8]) -> &[u8] {
    let length = usize::from(u16_at(central, 28).unwrap_or(0));
    central.get(46..46 + length).unwrap_or_default()
}

fn extra_of(central: &[u8], name: usize) -> &[u8] {
    let length = usize::from(u16_at(central, 30).unwrap_or(0));
    central
        .get(46 + name..46 + name + length)
        .unwrap_or_default()
}

/// Where the data of an extra field begin.
fn extra_field_at(extra: &[u8], wanted: u16) -> Option<usize> {
    let mut at = 0;
    while let (Some(id), Some(length)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        if id == wanted {
            return Some(at + 4);
        }
        at += 4 + usize::from(length);
    }
    None
}

fn extra_field(extra: &[u8], wanted: u16) -> Option<&[u8]> {
    let at = extra_field_at(extra, wanted)?;
    let length = usize::from(u16_at(extra, at - 2)?);
    extra.get(at..at + length)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn damaged(part: &str, reason: &str) -> ReadError {
    ReadError::Damaged {
        part: part.to_owned(),
        reason: reason.to_owned(),
    }
}

fn broken(reason: &str) -> ReadError {
    damaged("[package]", reason)
}

fn directory_error(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => ReadError::Io(error),
        error => broken(&error.to_string()),
    }
}
