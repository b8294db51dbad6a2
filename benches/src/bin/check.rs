//! `check FILE…`: reads each file and checks it with every rule, as the command does. With `--rules` first, says what
//! reading, gathering the leads, and each rule alone take of the processor, the dearest first.

use std::time::Instant;

use anyhow::{Context as _, Result};
use leadsheet::{Book, Context, Policy, Rule, Selection, Templates, rules};

/// Runs of each rule; the quickest counts, for a busy machine only ever adds.
const RUNS: usize = 3;
/// Rules that are named.
const NAMED: usize = 20;
/// The day to judge by: that of the last rows that `generate` makes.
const TODAY: &str = "2025-12-31";

#[expect(clippy::print_stdout, reason = "what was measured is the output")]
fn main() -> Result<()> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let by_rule = paths.first().is_some_and(|first| first == "--rules");
    if by_rule {
        paths.remove(0);
    }
    let policy = Policy::default();
    let context = Context {
        policy: &policy,
        today: TODAY.parse()?,
    };
    let templates = Templates::builtin();
    let (reading, books) = seconds(|| {
        let open = |path: &String| -> Result<Book> {
            let workbook = leadsheet::open(path).with_context(|| format!("cannot read {path}"))?;
            Ok(workbook.into_book(path, &templates))
        };
        paths.iter().map(open).collect::<Result<Vec<_>>>()
    });
    let books = books?;
    let check = |selection: &Selection| leadsheet::check(&context, &books, selection);
    let (checking, checkup) = seconds(|| check(&Selection::default()));
    let rows: usize = books
        .iter()
        .flat_map(Book::ledgers)
        .map(leadsheet::Ledger::len)
        .sum();
    println!("rows={rows} findings={}", checkup.findings.len());
    if !by_rule {
        return Ok(());
    }
    let quickest = |selection: &Selection| {
        let runs = (0..RUNS).map(|_| seconds(|| check(selection)).0);
        runs.fold(f64::INFINITY, f64::min)
    };
    let every = quickest(&Selection::default()).min(checking);
    let none = quickest(&Selection {
        ignore: rules().map(|rule| rule.code.to_owned()).collect(),
        ..Selection::default()
    });
    println!("\n| what | seconds |\n| --- | ---: |");
    println!("| reading and recognising (this thread's share) | {reading:.3} |");
    println!("| checking with every rule | {every:.3} |");
    println!("| with none: gathering the leads | {none:.3} |");
    let mut alone: Vec<(f64, &Rule, usize)> = rules()
        .map(|rule| {
            let selection = Selection {
                select: vec![rule.code.to_owned()],
                ..Selection::default()
            };
            let found = checkup
                .findings
                .iter()
                .filter(|finding| finding.rule == rule);
            (quickest(&selection) - none, rule, found.count())
        })
        .collect();
    alone.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    println!("\n| rule alone | beyond none | findings |\n| --- | ---: | ---: |");
    for (seconds, rule, found) in alone.into_iter().take(NAMED) {
        println!("| {} {} | {seconds:.3} | {found} |", rule.code, rule.name);
    }
    Ok(())
}

/// What something takes of the processor on this thread, where the kernel says so, else by the clock; and its result.
fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let (clock, before) = (Instant::now(), on_processor());
    let result = work();
    let elapsed = clock.elapsed().as_secs_f64();
    let spent = before
        .zip(on_processor())
        .map(|(before, after)| after - before);
    (spent.unwrap_or(elapsed), result)
}

/// Seconds that this thread has run, by Linux's account.
fn on_processor() -> Option<f64> {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = account.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}
