//! Writing the archive: records copied as they lie in the file, records with other content, new records behind them.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{
    Archive, CENTRAL, DEFLATED, ELSEWHERE, Entry, LOCAL, STORED, WITH_DESCRIPTOR, ZIP64,
    extra_field_at, extra_of, name_of, u16_at, u32_at,
};

const END: u32 = 0x0605_4b50;
/// 1 January 1980, the first day that the format knows: what is written does not depend on a clock.
const FIRST_DAY: u16 = 0x21;
/// Bytes packed at once.
const PIECE: usize = 64 << 10;

/// An archive while it is written.
pub(in crate::patch) struct Writer<W> {
    out: W,
    directory: Vec<(usize, Vec<u8>)>,
}

/// What was written of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::patch) struct Written {
    pub(in crate::patch) size: u64,
    pub(in crate::patch) checksum: u32,
}

impl<W: Write + Seek> Writer<W> {
    pub(in crate::patch) const fn new(out: W) -> Self {
        Self {
            out,
            directory: Vec::new(),
        }
    }

    /// Copies an entry as it lies in the file.
    pub(in crate::patch) fn copy(&mut self, archive: &mut Archive, entry: usize) -> io::Result<()> {
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
    pub(in crate::patch) fn rewrite(
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
    pub(in crate::patch) fn add(
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
        // Asked for, not counted: what is told apart here can be told apart when the file is read back.
        let data_start = self.out.stream_position()?;
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
    pub(in crate::patch) fn finish(mut self, archive: &Archive) -> io::Result<W> {
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

/// The extra fields but the one that holds the old sizes.
fn without_zip64(extra: &[u8]) -> Vec<u8> {
    let Some(at) = extra_field_at(extra, ZIP64) else {
        return extra.to_vec();
    };
    let length = usize::from(u16_at(extra, at - 2).unwrap_or(0));
    let before = extra.get(..at - 4).unwrap_or_default();
    [before, extra.get(at + length..).unwrap_or_default()].concat()
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
