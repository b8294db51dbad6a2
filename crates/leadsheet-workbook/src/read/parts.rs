//! The parts of a zip package, unpacked as they are read and counted while they are: what a header claims about a
//! size is never believed.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use thiserror::Error;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::error::ReadError;
use crate::limits::Limits;

/// Growth is looked at from here on; before, a run of blanks may well be packed a thousandfold.
const RATIO_FROM: u64 = 1 << 20;

/// A package, open.
pub(crate) struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    positions: HashMap<String, usize>,
    limits: Limits,
    unpacked: Rc<Cell<u64>>,
}

/// One part, unpacked as it is read. Fails with [`Passed`] inside where it passes a limit.
pub(crate) struct Part<'a, 'b> {
    file: ZipFile<'b, Cursor<&'a [u8]>>,
    own: u64,
    packed: u64,
    unpacked: Rc<Cell<u64>>,
    limits: Limits,
}

/// A limit that was passed while a part was unpacked.
#[derive(Clone, Copy, Debug, Error)]
#[error("passes the limit of {limit} ({maximum})")]
struct Passed {
    limit: &'static str,
    maximum: u64,
}

impl<'a> Parts<'a> {
    /// Reads the directory of a package.
    ///
    /// # Errors
    /// [`ReadError::Damaged`], [`ReadError::Limit`]
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| damaged("package", &error.to_string()))?;
        if archive.len() as u64 > limits.parts {
            return Err(ReadError::Limit {
                part: "package".into(),
                limit: "parts",
                maximum: limits.parts,
            });
        }
        let mut positions = HashMap::new();
        for position in 0..archive.len() {
            if let Some(name) = archive.name_for_index(position).and_then(Result::ok) {
                // Some programs write other cases and backslashes.
                positions.insert(key(&name), position);
            }
        }
        Ok(Self {
            archive,
            positions,
            limits: *limits,
            unpacked: Rc::default(),
        })
    }

    /// A part by its name, whatever its case; `None` where there is none.
    ///
    /// # Errors
    /// [`ReadError::Encrypted`], [`ReadError::Damaged`]
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Part<'a, '_>>, ReadError> {
        let Some(&position) = self.positions.get(&key(name)) else {
            return Ok(None);
        };
        let file = self
            .archive
            .by_index(position)
            .map_err(|error| match error {
                ZipError::UnsupportedArchive(reason) if reason == ZipError::PASSWORD_REQUIRED => {
                    ReadError::Encrypted
                }
                error => damaged(name, &error.to_string()),
            })?;
        let packed = file.compressed_size();
        Ok(Some(Part {
            file,
            own: 0,
            packed,
            unpacked: Rc::clone(&self.unpacked),
            limits: self.limits,
        }))
    }
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.own += read as u64;
        self.unpacked.set(self.unpacked.get() + read as u64);
        let passed = |limit, maximum| Err(io::Error::other(Passed { limit, maximum }));
        if self.unpacked.get() > self.limits.unpacked_bytes {
            return passed("unpacked_bytes", self.limits.unpacked_bytes);
        }
        if self.own > RATIO_FROM && self.own / self.limits.ratio.max(1) > self.packed {
            return passed("ratio", self.limits.ratio);
        }
        Ok(read)
    }
}

/// The refusal behind a failed read of part `part`, where a limit is the cause; `None` where the part is damaged.
pub(crate) fn limit_behind(error: &io::Error, part: &str) -> Option<ReadError> {
    let passed = error.get_ref()?.downcast_ref::<Passed>()?;
    Some(ReadError::Limit {
        part: part.to_owned(),
        limit: passed.limit,
        maximum: passed.maximum,
    })
}

fn key(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_ascii_lowercase()
}

fn damaged(part: &str, reason: &str) -> ReadError {
    ReadError::Damaged {
        part: part.to_owned(),
        reason: reason.to_owned(),
    }
}
