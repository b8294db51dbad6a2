//! Files on disk as readers want them: small ones in memory at once, large ones through a buffer.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

/// Files up to this size are read in one go.
const SMALL: u64 = 1 << 20;
/// Bytes read at once of a larger one.
const AT_ONCE: usize = 256 << 10;

/// A file to read from.
#[derive(Debug)]
pub(super) enum Source {
    Small(Cursor<Bytes>),
    Large(BufReader<File>),
}

/// A small file, in memory that this thread keeps for the next one.
#[derive(Debug)]
pub(super) struct Bytes {
    memory: Vec<u8>,
    length: usize,
}

thread_local! {
    static KEPT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Bytes {
    /// Room for so many, of any content.
    fn room(length: usize) -> Self {
        let mut memory = KEPT.take();
        if memory.len() < length {
            // What is in it need not be copied.
            memory = vec![0; length];
        }
        Self { memory, length }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // A thread that ends keeps nothing.
        let _ = KEPT.try_with(|kept| kept.set(std::mem::take(&mut self.memory)));
    }
}

impl Source {
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        if length == 0 || length > SMALL {
            // Of pipes and devices nobody knows the length.
            return Ok(Self::Large(BufReader::with_capacity(AT_ONCE, file)));
        }
        let length = length as usize;
        let mut bytes = Bytes::room(length);
        let mut read = 0;
        // A file that grows meanwhile is cut where it ended, and one that shrinks ends there.
        while let Some(room @ [_, ..]) = bytes.memory.get_mut(read..length) {
            match file.read(room) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.length = read;
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
