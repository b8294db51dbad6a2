//! The way back: a stream of its own in the compound file that holds the workbook stream as it was, packed. It holds for
//! as long as nobody else has written the workbook stream; size and checksum tell. Excel leaves it out when it saves.

use std::io::{self, Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::limits::Limits;

/// The stream.
pub(super) const PATH: &str = "/leadsheet.undo";
/// How it begins.
const MARK: &[u8; 16] = b"leadsheet.undo/1";

/// What is kept: mark, size and checksum of the stream as it is, size of what it was, and that, packed.
pub(super) fn record(was: &[u8], now: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = MARK.to_vec();
    bytes.extend_from_slice(&fingerprint(now));
    bytes.extend_from_slice(&(was.len() as u64).to_le_bytes());
    let mut packed = DeflateEncoder::new(bytes, Compression::best());
    packed.write_all(was)?;
    packed.finish()
}

/// What the workbook stream was. `None` where the record is none, or somebody has written the stream since.
pub(super) fn undone(record: &[u8], now: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let record = record.strip_prefix(MARK)?;
    let record = record.strip_prefix(&fingerprint(now))?;
    let (size, packed) = record.split_first_chunk()?;
    let size = u64::from_le_bytes(*size).min(limits.unpacked_bytes);
    let mut was = Vec::new();
    let mut packed = DeflateDecoder::new(packed).take(size.saturating_add(1));
    packed.read_to_end(&mut was).ok()?;
    (was.len() as u64 == size).then_some(was)
}

/// Size and checksum.
fn fingerprint(bytes: &[u8]) -> [u8; 12] {
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut fingerprint = [0; 12];
    fingerprint[..8].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
    fingerprint[8..].copy_from_slice(&crc.sum().to_le_bytes());
    fingerprint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_comes_back_unless_somebody_wrote_since() {
        let record = record(b"was", b"now").unwrap();
        let undone = |record: &[u8], now: &[u8]| undone(record, now, &Limits::default());
        assert_eq!(undone(&record, b"now").unwrap(), b"was");
        assert_eq!(undone(&record, b"new"), None);
        assert_eq!(undone(&record[..record.len() - 1], b"now"), None);
        assert_eq!(undone(b"", b"now"), None);
    }
}
