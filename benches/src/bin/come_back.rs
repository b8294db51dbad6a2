//! `come_back [CELLS]`: writes and reads a million cells that are hard to keep (or so many), in every format that holds
//! them and in both ways of counting days, and says how many came back and how long it took.

use std::time::Instant;

use anyhow::Result;
use leadsheet::WorkbookKind::{Ods, Xls, Xlsx};
use leadsheet_benches::{come_back, come_back_from_1904, come_back_from_csv, hard_cells};

fn main() -> Result<()> {
    let count = match std::env::args().nth(1) {
        Some(count) => count.parse()?,
        None => 1_000_000,
    };
    let workbook = hard_cells(count)?;
    let said = |what: &str, begun: Instant, cells: u64| {
        #[expect(clippy::print_stdout, reason = "the counts are the output")]
        {
            println!(
                "{what}: {cells} cells came back, {:.1} s",
                begun.elapsed().as_secs_f64()
            );
        }
    };
    for (name, kind) in [("xlsx", Xlsx), ("xls", Xls), ("ods", Ods)] {
        let begun = Instant::now();
        said(name, begun, come_back(&workbook, kind)?);
    }
    for (name, kind) in [("xlsx from 1904", Xlsx), ("xls from 1904", Xls)] {
        let begun = Instant::now();
        said(name, begun, come_back_from_1904(&workbook, kind)?);
    }
    let begun = Instant::now();
    said("csv, as shown", begun, come_back_from_csv(&workbook)?);
    Ok(())
}
