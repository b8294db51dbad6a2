//! `read_batches FILE`: with xlsx_batch_reader, a thousand rows at a time.

use anyhow::{Result, anyhow};
use xlsx_batch_reader::MAX_COL_NUM;
use xlsx_batch_reader::read::XlsxBook;

fn main() -> Result<()> {
    let (mut rows, mut cells) = (0, 0);
    for path in std::env::args().skip(1) {
        let mut book = XlsxBook::new(&path, true).map_err(|error| anyhow!("{error}"))?;
        for name in book.get_visible_sheets().clone() {
            let sheet = book
                .get_sheet_by_name(&name, 1000, 0, 1, MAX_COL_NUM, false)
                .map_err(|error| anyhow!("{error}"))?;
            for batch in sheet {
                let (numbers, data) = batch.map_err(|error| anyhow!("{error}"))?;
                rows += numbers.len();
                cells += data.iter().map(Vec::len).sum::<usize>();
            }
        }
    }
    println!("rows={rows} cells={cells}");
    Ok(())
}
