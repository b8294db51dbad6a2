//! Files on disk as readers want them: small ones in memory at once, large ones through a buffer.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

/// Files up to this size are read in one go.
const SMALL: u64 = 1 << 20;
/// Bytes read at once of a larger one.
const AT_ONCE: usize = 256 << 10;

/// A file to read from.
#[derive(Debug)]
pub(super) enum Source {
    Small(Cursor<Vec<u8>>),
    Large(BufReader<File>),
}

impl Source {
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        if length == 0 || length > SMALL {
            // Of pipes and devices nobody knows the length.
            return Ok(Self::Large(BufReader::with_capacity(AT_ONCE, file)));
        }
        let mut bytes = vec![0; length as usize];
        let mut read = 0;
        // A file that grows meanwhile is cut where it ended, and one that shrinks ends there.
        while let Some(room @ [_, ..]) = bytes.get_mut(read..) {
            match file.read(room) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(read);
        Ok(Self::Small(Cursor::new(bytes)))
    }
}

impl Read for Source {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Small(bytes) => bytes.read(room),
            Source::Large(file) => file.read(room),
        }
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Source::Small(bytes) => bytes.fill_buf(),
            Source::Large(file) => file.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Source::Small(whole) => whole.consume(bytes),
            Source::Large(file) => file.consume(bytes),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Source::Small(bytes) => bytes.seek(to),
            Source::Large(file) => match to {
                // What is in the buffer need not be read again.
                SeekFrom::Current(by) => {
                    file.seek_relative(by)?;
                    file.stream_position()
                }
                to => file.seek(to),
            },
        }
    }
}
