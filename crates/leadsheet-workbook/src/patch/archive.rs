//! The zip archive around a workbook, record by record. Records of parts that nobody touches are copied as they lie in
//! the file: name, times, extra fields, packed bytes, descriptor. (The zip crate, which finds and checks the directory
//! here, writes headers of its own when it copies.)

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::ReadError;
use crate::limits::Limits;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const ZIP64: u16 = 1;
/// What a 32-bit field says where the true value is in the ZIP64 extra field.
const ELSEWHERE: u64 = 0xFFFF_FFFF;
const WITH_DESCRIPTOR: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// 1 January 1980, the first day that the format knows: what is written does not depend on a clock.
const FIRST_DAY: u16 = 0x21;
/// Growth is looked at from here on; before, a run of blanks may well be packed a thousandfold.
const RATIO_FROM: u64 = 1 << 20;
/// Bytes packed at once.
const PIECE: usize = 64 << 10;

/// Anything that a package can be read from.
pub(super) trait Source: Read + Seek + Send {}
impl<R: Read + Seek + Send> Source for R {}

/// An archive, open for reading.
pub(super) struct Archive {
    source: BufReader<Box<dyn Source>>,
    pub(super) entries: Vec<Entry>,
    comment: Vec<u8>,
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
    /// Broken data are the file's fault, all else is the disk's.
    fn refused(&self, error: io::Error) -> io::Error {
        if error.raw_os_error().is_some() {
            return io::Error::other(ReadError::Io(error));
        }
        io::Error::other(damaged(&self.entry.name, &error.to_string()))
    }
}

/// An archive while it is written.
pub(super) struct Writer<W> {
    out: W,
    directory: Vec<(usize, Vec<u8>)>,
}

/// What was written of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) size: u64,
    pub(super) checksum: u32,
}

impl<W: Write + Seek> Writer<W> {
    pub(super) const fn new(out: W) -> Self {
        Self {
            out,
            directory: Vec::new(),
        }
    }

    /// Copies an entry as it lies in the file.
    pub(super) fn copy(&mut self, archive: &mut Archive, entry: usize) -> io::Result<()> {
        let start = self.out.stream_position()?;
        let Some(found) = archive.entries.get(entry) else {
            return Ok(());
        };
        archive.source.seek(SeekFrom::Start(found.start))?;
        let length = found.end - found.start;
        if io::copy(&mut (&mut archive.source).take(length), &mut self.out)? != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let record = relocated(found.central.clone(), start)?;
        self.directory.push((entry, record));
        Ok(())
    }

    /// Writes an entry of the archive with other content; all else that its headers say stays.
    pub(super) fn rewrite(
        &mut self,
        (entry, found): (usize, &Entry),
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        let name = name_of(&found.central);
        let record = Record {
            // The sizes are known when the header is written for good.
            flags: found.flags & !WITH_DESCRIPTOR,
            method: found.method,
            moment: found.central.get(12..16).unwrap_or_default(),
            name,
            extra: without_zip64(&found.local_extra),
        };
        let extra = without_zip64(extra_of(&found.central, name.len()));
        let (start, written, packed) = self.record(&record, content)?;
        let mut central = found.central.get(..46).unwrap_or_default().to_vec();
        put(&mut central, 8, &record.flags.to_le_bytes());
        put(&mut central, 30, &(extra.len() as u16).to_le_bytes());
        let comment = found.central.len() - usize::from(u16_at(&found.central, 32).unwrap_or(0));
        central.extend_from_slice(name);
        central.extend_from_slice(&extra);
        central.extend_from_slice(found.central.get(comment..).unwrap_or_default());
        self.finish_record(entry, central, start, written, packed)
    }

    /// Writes a new entry behind all others.
    pub(super) fn add(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        let moment = [0, 0, FIRST_DAY.to_le_bytes()[0], FIRST_DAY.to_le_bytes()[1]];
        let record = Record {
            flags: 0,
            method: DEFLATED,
            moment: &moment,
            name: name.as_bytes(),
            extra: Vec::new(),
        };
        let (start, written, packed) = self.record(&record, content)?;
        let mut central = vec![0; 46];
        put(&mut central, 0, &CENTRAL.to_le_bytes());
        put(&mut central, 4, &[20, 0, 20, 0]);
        put(&mut central, 10, &DEFLATED.to_le_bytes());
        put(&mut central, 12, &moment);
        put(&mut central, 28, &(name.len() as u16).to_le_bytes());
        central.extend_from_slice(name.as_bytes());
        self.finish_record(usize::MAX, central, start, written, packed)
    }

    fn record(
        &mut self,
        record: &Record<'_>,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<(u64, Written, u64)> {
        let start = self.out.stream_position()?;
        let header = record.local(
            Written {
                size: 0,
                checksum: 0,
            },
            0,
        )?;
        self.out.write_all(&header)?;
        let data_start = start + header.len() as u64;
        let mut counted = Counted::new(&mut self.out, record.method);
        content(&mut counted)?;
        let written = counted.finish()?;
        let end = self.out.stream_position()?;
        let packed = end - data_start;
        self.out.seek(SeekFrom::Start(start))?;
        self.out.write_all(&record.local(written, packed)?)?;
        self.out.seek(SeekFrom::Start(end))?;
        Ok((start, written, packed))
    }

    fn finish_record(
        &mut self,
        entry: usize,
        mut central: Vec<u8>,
        start: u64,
        written: Written,
        packed: u64,
    ) -> io::Result<Written> {
        put(&mut central, 16, &written.checksum.to_le_bytes());
        put(&mut central, 20, &narrow(packed)?.to_le_bytes());
        put(&mut central, 24, &narrow(written.size)?.to_le_bytes());
        put(&mut central, 42, &narrow(start)?.to_le_bytes());
        self.directory.push((entry, central));
        Ok(written)
    }

    /// Writes the directory: entries of the archive in its order, then the new ones.
    pub(super) fn finish(mut self, archive: &Archive) -> io::Result<W> {
        self.directory.sort_by_key(|&(entry, _)| entry);
        let start = self.out.stream_position()?;
        for (_, record) in &self.directory {
            self.out.write_all(record)?;
        }
        let length = self.out.stream_position()? - start;
        let count = u16::try_from(self.directory.len()).map_err(|_| too_large())?;
        let mut end = END.to_le_bytes().to_vec();
        end.extend_from_slice(&[0; 4]);
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&narrow(length)?.to_le_bytes());
        end.extend_from_slice(&narrow(start)?.to_le_bytes());
        end.extend_from_slice(&(archive.comment.len() as u16).to_le_bytes());
        end.extend_from_slice(&archive.comment);
        self.out.write_all(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// What a local header says beside sizes and checksum.
struct Record<'a> {
    flags: u16,
    method: u16,
    moment: &'a [u8],
    name: &'a [u8],
    extra: Vec<u8>,
}

impl Record<'_> {
    fn local(&self, written: Written, packed: u64) -> io::Result<Vec<u8>> {
        let mut header = LOCAL.to_le_bytes().to_vec();
        header.extend_from_slice(&[20, 0]);
        header.extend_from_slice(&self.flags.to_le_bytes());
        header.extend_from_slice(&self.method.to_le_bytes());
        header.extend_from_slice(self.moment);
        header.extend_from_slice(&written.checksum.to_le_bytes());
        header.extend_from_slice(&narrow(packed)?.to_le_bytes());
        header.extend_from_slice(&narrow(written.size)?.to_le_bytes());
        header.extend_from_slice(&(self.name.len() as u16).to_le_bytes());
        header.extend_from_slice(&(self.extra.len() as u16).to_le_bytes());
        header.extend_from_slice(self.name);
        header.extend_from_slice(&self.extra);
        Ok(header)
    }
}

/// Packs what is written to it, counted.
struct Counted<'a, W: Write> {
    data: Packer<'a, W>,
    /// What has not been packed yet: how bytes come out of the packer depends on the pieces in which they go in.
    piece: Vec<u8>,
    crc: Crc,
    size: u64,
}

enum Packer<'a, W: Write> {
    Stored(&'a mut W),
    Deflated(DeflateEncoder<&'a mut W>),
}

impl<'a, W: Write> Counted<'a, W> {
    fn new(out: &'a mut W, method: u16) -> Self {
        Self {
            data: if method == STORED {
                Packer::Stored(out)
            } else {
                Packer::Deflated(DeflateEncoder::new(out, Compression::default()))
            },
            piece: Vec::with_capacity(PIECE),
            crc: Crc::new(),
            size: 0,
        }
    }

    fn pack(&mut self) -> io::Result<()> {
        self.crc.update(&self.piece);
        self.size += self.piece.len() as u64;
        match &mut self.data {
            Packer::Stored(out) => out.write_all(&self.piece),
            Packer::Deflated(out) => out.write_all(&self.piece),
        }?;
        self.piece.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<Written> {
        self.pack()?;
        match self.data {
            Packer::Stored(out) => out.flush()?,
            Packer::Deflated(encoder) => encoder.finish()?.flush()?,
        }
        Ok(Written {
            size: self.size,
            checksum: self.crc.sum(),
        })
    }
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.pack()?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece
            .extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The directory entry with another offset, in the field that holds it.
fn relocated(mut central: Vec<u8>, start: u64) -> io::Result<Vec<u8>> {
    if u32_at(&central, 42).map(u64::from) != Some(ELSEWHERE) {
        put(&mut central, 42, &narrow(start)?.to_le_bytes());
        return Ok(central);
    }
    let extra_at = 46 + name_of(&central).len();
    let before = [24, 20]
        .into_iter()
        .filter(|&at| u32_at(&central, at).map(u64::from) == Some(ELSEWHERE))
        .count();
    let extra = extra_of(&central, extra_at - 46);
    let field = extra_field_at(extra, ZIP64).ok_or(io::ErrorKind::InvalidData)?;
    put(
        &mut central,
        extra_at + field + 8 * before,
        &start.to_le_bytes(),
    );
    Ok(central)
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

/// The extra fields but the one that holds the old sizes.
fn without_zip64(extra: &[u8]) -> Vec<u8> {
    let Some(at) = extra_field_at(extra, ZIP64) else {
        return extra.to_vec();
    };
    let length = usize::from(u16_at(extra, at - 2).unwrap_or(0));
    let before = extra.get(..at - 4).unwrap_or_default();
    [before, extra.get(at + length..).unwrap_or_default()].concat()
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

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(field) = bytes.get_mut(at..at + value.len()) {
        field.copy_from_slice(value);
    }
}

/// A size or place in the 32 bits that it has. Workbooks of 4 GiB are none that a spreadsheet program opens.
fn narrow(value: u64) -> io::Result<u32> {
    u32::try_from(value)
        .ok()
        .filter(|&value| u64::from(value) != ELSEWHERE)
        .ok_or_else(too_large)
}

fn too_large() -> io::Error {
    io::ErrorKind::FileTooLarge.into()
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
