//! `floor FILE…`: inflates the parts of a workbook that a reader of its cells needs, and does nothing else with them. No reader
//! that inflates on one thread can be faster.

use std::fs::File;
use std::io::{BufReader, Read};

use anyhow::{Context, Result};
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

/// Packed bytes read from the file at a time.
const PACKED: usize = 1 << 18;
/// Unpacked bytes taken at a time, as a reader would.
const UNPACKED: usize = 1 << 19;

fn main() -> Result<()> {
    let mut bytes = 0;
    for path in std::env::args().skip(1) {
        bytes += inflate(&path).with_context(|| format!("cannot inflate {path}"))?;
    }
    #[expect(clippy::print_stdout, reason = "what was seen is the output")]
    {
        println!("bytes={bytes}");
    }
    Ok(())
}

fn inflate(path: &str) -> Result<u64> {
    let mut package = ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut window = vec![0; UNPACKED];
    let mut bytes = 0;
    for position in 0..package.len() {
        let part = package.by_index_raw(position)?;
        let name = part.name()?;
        let needed = name.starts_with("xl/worksheets/")
            || matches!(
                &*name,
                "xl/workbook.xml" | "xl/styles.xml" | "xl/sharedStrings.xml"
            );
        if !needed || part.compression() != CompressionMethod::Deflated {
            continue;
        }
        let mut inflated = DeflateDecoder::new(BufReader::with_capacity(PACKED, part));
        loop {
            match inflated.read(&mut window)? {
                0 => break,
                read => bytes += read as u64,
            }
        }
    }
    Ok(bytes)
}
