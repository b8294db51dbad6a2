//! `read_calamine range|cells FILE…`: the sheets of each file with calamine, as a range, or cell by cell without
//! keeping them (xlsx only).

use std::io::{Read, Seek};

use anyhow::{Context, Result, bail};
use calamine::{DataRef, Reader, Xlsx, open_workbook, open_workbook_auto};
use leadsheet_benches::Seen;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let how = arguments.next().unwrap_or_default();
    let mut seen = Seen::default();
    for path in arguments {
        match how.as_str() {
            "range" => range(&path, &mut seen),
            "cells" => cells(open_workbook(&path)?, &mut seen),
            _ => bail!("usage: read_calamine range|cells FILE…"),
        }
        .with_context(|| format!("cannot read {path}"))?;
    }
    #[expect(clippy::print_stdout, reason = "what was seen is the output")]
    {
        println!("{seen}");
    }
    Ok(())
}

fn range(path: &str, seen: &mut Seen) -> Result<()> {
    let mut workbook = open_workbook_auto(path)?;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name)?;
        seen.rows += range.height() as u64;
        seen.cells += range.used_cells().count() as u64;
    }
    Ok(())
}

fn cells<R: Read + Seek>(mut workbook: Xlsx<R>, seen: &mut Seen) -> Result<()> {
    for name in workbook.sheet_names() {
        let mut cells = workbook.worksheet_cells_reader(&name)?;
        let mut row = None;
        while let Some(cell) = cells.next_cell()? {
            if *cell.get_value() == DataRef::Empty {
                continue;
            }
            seen.cells += 1;
            let this = Some(cell.get_position().0);
            seen.rows += u64::from(row != this);
            row = this;
        }
    }
    Ok(())
}
