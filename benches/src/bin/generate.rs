//! `generate KIND ROWS OUT`: writes an invented ledger; KIND is `shared`, `inline`, `regulars` (inline strings of few
//! leads that are followed up often), `csv` or `parquet`.
//! `generate small FILES OUT` writes so many workbooks of 200 rows into the folder OUT.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use leadsheet_benches::{FollowUps, Strings, write_csv, write_parquet, write_xlsx};

/// Rows of each of many small workbooks.
const SMALL: u64 = 200;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, count, out] = &arguments[..] else {
        bail!(
            "usage: generate shared|inline|regulars|csv|parquet ROWS OUT, or generate small FILES FOLDER"
        )
    };
    let count = count
        .parse()
        .with_context(|| format!("`{count}` is no number"))?;
    let out = PathBuf::from(out);
    match kind.as_str() {
        "shared" => write_xlsx(&out, FollowUps::new(count, 0), Strings::Shared),
        "inline" => write_xlsx(&out, FollowUps::new(count, 0), Strings::Inline),
        "regulars" => {
            let rows = FollowUps::new(count, 0).of_regulars();
            write_xlsx(&out, rows, Strings::Inline)
        }
        "csv" => write_csv(&out, FollowUps::new(count, 0)),
        "parquet" => write_parquet(&out, FollowUps::new(count, 0)),
        "small" => write_small(&out, count),
        other => bail!("`{other}` is neither shared, inline, regulars, csv, parquet nor small"),
    }
    .with_context(|| format!("cannot write {}", out.display()))
}

fn write_small(folder: &Path, files: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for file in 0..files {
        let path = folder.join(format!("{file:04}.xlsx"));
        write_xlsx(&path, FollowUps::new(SMALL, file), Strings::Shared)?;
    }
    Ok(())
}
