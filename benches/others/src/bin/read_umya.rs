//! `read_umya FILE`: the whole workbook, styles and all, with umya-spreadsheet.

use anyhow::{Result, anyhow};

fn main() -> Result<()> {
    let (mut rows, mut cells) = (0, 0);
    for path in std::env::args().skip(1) {
        let book = umya_spreadsheet::reader::xlsx::read(&path).map_err(|error| anyhow!("{error:?}"))?;
        for sheet in book.sheet_collection() {
            rows += sheet.row_dimensions().len();
            cells += sheet.cells().len();
        }
    }
    println!("rows={rows} cells={cells}");
    Ok(())
}
