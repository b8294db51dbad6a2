//! `read_ours FILE…`: reads each file as the command does. With `--tables` first, templates are recognised and
//! the tables taken out as well.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use leadsheet::{Sheet, Templates};
use leadsheet_benches::Seen;

fn main() -> Result<()> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let tables = paths.first().is_some_and(|first| first == "--tables");
    if tables {
        paths.remove(0);
    }
    let templates = Templates::builtin();
    let mut seen = Seen::default();
    for path in &paths {
        let workbook = leadsheet::open(path).with_context(|| format!("cannot read {path}"))?;
        if tables {
            let book = workbook.into_book(path, &templates);
            for ledger in book.ledgers() {
                seen.rows += ledger.len() as u64;
            }
        } else {
            for sheet in &workbook.sheets {
                seen.rows += rows(sheet);
                seen.cells += sheet.grid.filled() as u64;
            }
        }
    }
    #[expect(clippy::print_stdout, reason = "what was seen is the output")]
    {
        println!("{seen}");
    }
    Ok(())
}

/// Rows with a filled cell. Only the first column that fills a row costs anything.
fn rows(sheet: &Sheet) -> u64 {
    let mut columns = sheet.grid.used_columns();
    let Some(first) = columns.next() else {
        return 0;
    };
    let height = u64::from(sheet.grid.height());
    if sheet.grid.column(first).count() as u64 == height {
        return height;
    }
    let rows: BTreeSet<u32> = sheet
        .grid
        .used_columns()
        .flat_map(|column| sheet.grid.column(column).map(|(row, _)| row))
        .collect();
    rows.len() as u64
}
