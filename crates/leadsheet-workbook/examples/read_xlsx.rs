//! Reads a workbook and says what is in it: `cargo run --release --example read_xlsx -- FILE`.

use std::error::Error;
use std::fs::File;
use std::io::{Write, stdout};
use std::time::Instant;

use leadsheet_workbook::{Limits, Workbook};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    for path in std::env::args().skip(1) {
        let start = Instant::now();
        let workbook = Workbook::read_xlsx(File::open(&path)?, &Limits::default(), &|_, _| ())?;
        let took = start.elapsed();
        for sheet in &workbook.sheets {
            let (rows, cells) = (sheet.grid.height(), sheet.grid.filled());
            writeln!(out, "{path}: {}: {rows} rows, {cells} cells", sheet.name)?;
        }
        for notice in &workbook.notices {
            writeln!(out, "{path}: {}", notice.kind)?;
        }
        writeln!(out, "{path}: {:.3} s", took.as_secs_f64())?;
    }
    Ok(())
}
