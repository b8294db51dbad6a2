//! `read_ours FILE…`: reads each file as the command does. With `--tables` first, templates are recognised and
//! the tables taken out as well; with `--parallel`, as many files are read at a time as there are processors.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result};
use leadsheet::{Sheet, Templates};
use leadsheet_benches::Seen;

fn main() -> Result<()> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut asked = |option: &str| {
        let is_asked = paths.first().is_some_and(|first| first == option);
        if is_asked {
            paths.remove(0);
        }
        is_asked
    };
    let (parallel, tables) = (asked("--parallel"), asked("--tables"));
    let templates = tables.then(Templates::builtin);
    let work = |path: &String| read(path, templates.as_ref());
    let seen = if parallel {
        side_by_side(&paths, work)?
    } else {
        sum(paths.iter().map(work))?
    };
    #[expect(clippy::print_stdout, reason = "what was seen is the output")]
    {
        println!("{seen}");
    }
    Ok(())
}

/// Reads one file; its tables too, where templates are given.
fn read(path: &str, templates: Option<&Templates>) -> Result<Seen> {
    let mut seen = Seen::default();
    let workbook = leadsheet::open(path).with_context(|| format!("cannot read {path}"))?;
    if let Some(templates) = templates {
        for ledger in workbook.into_book(path, templates).ledgers() {
            seen.rows += ledger.len() as u64;
        }
    } else {
        for sheet in &workbook.sheets {
            seen.rows += rows(sheet);
            seen.cells += sheet.grid.filled() as u64;
        }
    }
    Ok(seen)
}

/// What was seen of all files, each taken by whichever thread is free.
fn side_by_side(paths: &[String], work: impl Fn(&String) -> Result<Seen> + Sync) -> Result<Seen> {
    let next = Mutex::new(paths.iter());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let take = || next.lock().ok().and_then(|mut paths| paths.next());
    thread::scope(|scope| {
        let readers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| sum(std::iter::from_fn(&take).map(&work))))
            .collect();
        sum(readers.into_iter().map(|reader| {
            let seen = reader.join();
            seen.unwrap_or_else(|_| anyhow::bail!("a reader panicked"))
        }))
    })
}

fn sum(all: impl Iterator<Item = Result<Seen>>) -> Result<Seen> {
    let mut total = Seen::default();
    for seen in all {
        let Seen { rows, cells } = seen?;
        total.rows += rows;
        total.cells += cells;
    }
    Ok(total)
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
