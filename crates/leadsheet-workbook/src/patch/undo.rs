//! The way back: a part of the package that says what leadsheet changed in which other part, so that it can be taken out
//! to the byte. It holds for as long as nobody else has written those parts; their sizes and checksums tell.

use std::io;

use serde::{Deserialize, Serialize};

use super::archive::Written;
use super::error::PatchError;
use super::package::{Change, Package};
use super::splice::Splice;

/// The part's name.
pub(super) const NAME: &str = "leadsheet/undo.bin";
/// What the content types call it. Google Sheets leaves such a part in every workbook, and programs pass over it.
pub(super) const CONTENT_TYPE: &str = "application/binary";
/// What the workbook's relationship to it is called; programs pass over relationships they do not know.
pub(super) const RELATIONSHIP: &str = "urn:leadsheet:relationships/undo";
const VERSION: u32 = 1;

/// What was changed, part by part.
#[derive(Debug, Default)]
pub(super) struct Record {
    parts: Vec<Part>,
    /// Everything that was taken out, one after another.
    removed: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    version: u32,
    parts: Vec<Part>,
}

/// A part that was changed or added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    name: String,
    /// Size and checksum as it is.
    now: (u64, u32),
    /// The same as it was; nothing where it was not there.
    was: Option<(u64, u32)>,
    /// Place in the part as it is, bytes that were put in there, bytes that were taken out.
    splices: Vec<(u64, u64, u64)>,
}

impl Record {
    pub(super) fn changed(
        &mut self,
        name: &str,
        was: Written,
        now: Written,
        splices: &[Splice],
        removed: &[u8],
    ) {
        let mut shift = 0_i64;
        let back = splices.iter().map(|splice| {
            let (put, taken) = (splice.insert.len() as u64, splice.remove);
            let at = splice.at.saturating_add_signed(shift);
            shift += put as i64 - taken as i64;
            (at, put, taken)
        });
        self.parts.push(Part {
            name: name.to_owned(),
            now: (now.size, now.checksum),
            was: Some((was.size, was.checksum)),
            splices: back.collect(),
        });
        self.removed.extend_from_slice(removed);
    }

    pub(super) fn added(&mut self, name: &str, now: Written) {
        self.parts.push(Part {
            name: name.to_owned(),
            now: (now.size, now.checksum),
            was: None,
            splices: Vec::new(),
        });
    }

    pub(super) fn into_bytes(self) -> io::Result<Vec<u8>> {
        let head = Head {
            version: VERSION,
            parts: self.parts,
        };
        let mut bytes = serde_json::to_vec(&head)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.removed);
        Ok(bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let head: Head = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let removed = bytes.get(end + 1..)?.to_vec();
        (head.version == VERSION).then_some(Self {
            parts: head.parts,
            removed,
        })
    }
}

/// What the parts must be once the changes are undone.
#[derive(Debug)]
pub(super) struct Undone(Vec<(String, Written)>);

impl Undone {
    /// Whether what was written is what once was.
    pub(super) fn holds(&self, written: &[(String, Written)]) -> bool {
        self.0.iter().all(|part| written.contains(part))
    }
}

/// Plans to undo everything. `None` where there is no record, or another program has written one of the parts since.
pub(super) fn undo(package: &mut Package) -> Result<Option<Undone>, PatchError> {
    let Some(own) = package.find(NAME) else {
        return Ok(None);
    };
    let Some(record) = Record::from_bytes(&package.bytes(own)?) else {
        return Ok(None);
    };
    let mut removed = &record.removed[..];
    let mut planned = Vec::new();
    let mut undone = Vec::new();
    for part in &record.parts {
        let Some(position) = package.find(&part.name) else {
            return Ok(None);
        };
        let (size, checksum) = part.now;
        if package.stored(position) != Some(Written { size, checksum }) {
            return Ok(None);
        }
        let mut splices = Vec::with_capacity(part.splices.len());
        for &(at, put, taken) in &part.splices {
            let Some((bytes, rest)) = removed.split_at_checked(taken as usize) else {
                return Ok(None);
            };
            removed = rest;
            splices.push(Splice::replace(at, put, bytes));
        }
        planned.push(match part.was {
            Some((size, checksum)) => {
                undone.push((package.name(position), Written { size, checksum }));
                (position, Change::Spliced(splices))
            }
            None => (position, Change::Dropped),
        });
    }
    for (position, change) in planned {
        package.change(position, change);
    }
    package.change(own, Change::Dropped);
    Ok(Some(Undone(undone)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patch::splice;

    #[test]
    fn what_was_taken_out_is_put_back() {
        let splices = [
            Splice::insert(0, "<<"),
            Splice::replace(2, 3, "x"),
            Splice::replace(6, 1, ""),
            Splice::insert(7, "yz"),
        ];
        let old = b"abcdefgh";
        let (mut new, mut removed) = (Vec::new(), Vec::new());
        splice::apply(&mut &old[..], &splices, &mut new, &mut removed).unwrap();
        let written = Written {
            size: 0,
            checksum: 0,
        };
        let mut record = Record::default();
        record.changed("a", written, written, &splices, &removed);
        let record = Record::from_bytes(&record.into_bytes().unwrap()).unwrap();
        let mut removed = &record.removed[..];
        let back: Vec<_> = record.parts[0]
            .splices
            .iter()
            .map(|&(at, put, taken)| {
                let (bytes, rest) = removed.split_at(taken as usize);
                removed = rest;
                Splice::replace(at, put, bytes)
            })
            .collect();
        let mut again = Vec::new();
        splice::apply(&mut &new[..], &back, &mut again, &mut Vec::new()).unwrap();
        assert_eq!(again, old);
    }

    #[test]
    fn a_record_from_the_future_is_none() {
        assert!(Record::from_bytes(b"{\"version\":2,\"parts\":[]}\n").is_none());
        assert!(Record::from_bytes(b"{\"version\":1,\"parts\":[]}\n").is_some());
        assert!(Record::from_bytes(b"\xFF\n").is_none());
    }
}
