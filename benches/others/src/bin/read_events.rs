//! `read_events FILE`: an XML parser's pass over the events of a workbook's parts, nothing kept.

use std::fs::File;
use std::io::BufReader;

use anyhow::Result;
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

fn main() -> Result<()> {
    let (mut rows, mut cells) = (0_u64, 0_u64);
    for path in std::env::args().skip(1) {
        let mut package = ZipArchive::new(BufReader::new(File::open(path)?))?;
        for position in 0..package.len() {
            let part = package.by_index(position)?;
            let name = part.name()?.into_owned();
            if !name.starts_with("xl/worksheets/") && name != "xl/sharedStrings.xml" {
                continue;
            }
            let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 19, part));
            let mut buffer = Vec::new();
            loop {
                match reader.read_event_into(&mut buffer)? {
                    Event::Start(start) if start.name().as_ref() == "row" => rows += 1,
                    Event::Start(start) if start.name().as_ref() == "c" => cells += 1,
                    Event::Eof => break,
                    _ => {}
                }
                buffer.clear();
            }
        }
    }
    println!("rows={rows} cells={cells}");
    Ok(())
}
