//! What is written to a file, remembered by checksums, so that the file can be read back and compared.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;

/// A file being written. Each time its position is set or asked for, another stretch begins; a stretch may be written
/// once more as a whole.
pub(crate) struct Checked<'f> {
    file: &'f mut File,
    position: u64,
    start: u64,
    checksum: Crc,
    /// Finished stretches by where they begin: length and checksum.
    stretches: BTreeMap<u64, (u64, u32)>,
}

impl<'f> Checked<'f> {
    /// A file that is empty.
    pub(super) fn new(file: &'f mut File) -> Self {
        Self {
            file,
            position: 0,
            start: 0,
            checksum: Crc::new(),
            stretches: BTreeMap::new(),
        }
    }

    /// Waits until the content is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn finish_stretch(&mut self) {
        let length = self.position - self.start;
        if length > 0 {
            let stretch = (length, self.checksum.sum());
            self.stretches.insert(self.start, stretch);
        }
        self.start = self.position;
        self.checksum = Crc::new();
    }

    /// Reads everything back.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] where it is not what was written.
    pub(super) fn verify(mut self) -> io::Result<()> {
        self.finish_stretch();
        let differs = || io::Error::from(io::ErrorKind::InvalidData);
        let mut buffer = vec![0; 256 * 1024];
        let mut position = 0;
        for (&start, &(length, checksum)) in &self.stretches {
            // Stretches that overlap in another way than whole over whole cannot be told apart: nobody writes such.
            if start != position {
                return Err(differs());
            }
            self.file.seek(SeekFrom::Start(start))?;
            let mut stretch = Read::take(&mut *self.file, length);
            let mut found = Crc::new();
            loop {
                let count = stretch.read(&mut buffer)?;
                let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                    break;
                };
                found.update(bytes);
            }
            if found.sum() != checksum || u64::from(found.amount()) != length & 0xFFFF_FFFF {
                return Err(differs());
            }
            position = start + length;
        }
        if self.file.seek(SeekFrom::End(0))? == position {
            Ok(())
        } else {
            Err(differs())
        }
    }
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.checksum.update(bytes.get(..count).unwrap_or_default());
        self.position += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Checked<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.finish_stretch();
        self.position = self.file.seek(to)?;
        self.start = self.position;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Checked<'_>), spoil: impl FnOnce(&mut File)) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        let mut other = file.try_clone().unwrap();
        let mut checked = Checked::new(&mut file);
        write(&mut checked);
        spoil(&mut other);
        checked.verify().is_ok()
    }

    /// A header that is known only once what follows it is there.
    fn record(file: &mut Checked<'_>) {
        for _ in 0..3 {
            let start = file.stream_position().unwrap();
            file.write_all(b"????").unwrap();
            file.stream_position().unwrap();
            file.write_all(&[b'x'; 1_000]).unwrap();
            file.write_all(&[b'y'; 1_000]).unwrap();
            let end = file.stream_position().unwrap();
            file.seek(SeekFrom::Start(start)).unwrap();
            file.write_all(b"2000").unwrap();
            file.seek(SeekFrom::Start(end)).unwrap();
        }
        file.write_all(b"end").unwrap();
    }

    #[test]
    fn what_was_written_reads_back() {
        assert!(written(record, |_| {}));
        assert!(written(|_| {}, |_| {}));
    }

    #[test]
    fn a_byte_that_changed_is_noticed_wherever_it_stands() {
        for position in [0, 3, 4, 2_003, 2_004, 4_100, 6_013] {
            let spoil = |file: &mut File| {
                file.seek(SeekFrom::Start(position)).unwrap();
                file.write_all(b"!").unwrap();
            };
            assert!(!written(record, spoil), "{position}");
        }
    }

    #[test]
    fn bytes_that_are_missing_or_too_many_are_noticed() {
        assert!(!written(record, |file| file.set_len(6_014).unwrap()));
        assert!(!written(record, |file| file.set_len(6_016).unwrap()));
        assert!(!written(record, |file| file.set_len(0).unwrap()));
    }
}
