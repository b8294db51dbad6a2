//! What a run of `ingest` leaves behind when it is killed, and when another one comes at the same time: the tables of
//! the last run that ended, each once, and nothing else after the next.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const KILLS: u32 = 40;
const BOOKS: usize = 12;
/// Rows of `lead_ledger_lively.xlsx` and `lead_ledger_sample.xlsx` by `fixtures/README.md`.
const LIVELY: usize = 310;
const SAMPLE: usize = 3;

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("books")).unwrap();
        let desk = Self { folder };
        for book in 0..BOOKS {
            desk.put(book, "lead_ledger_lively.xlsx");
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, book: usize, fixture: &str) {
        let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures"));
        let to = self.path(&format!("books/{book}.xlsx"));
        fs::copy(fixtures.join(fixture), to).unwrap();
    }

    fn ingest(&self) -> Command {
        let mut command = leadsheet();
        command.arg("ingest").arg(self.path("books"));
        command.arg("--out").arg(self.path("out"));
        command
    }

    /// How many rows a reader of the folder sees; nothing where it sees no table.
    fn rows(&self) -> Option<usize> {
        let mut command = leadsheet();
        let query = "SELECT COUNT(*) AS n FROM follow_ups";
        command.args(["sql", query, "--format", "csv"]);
        let done = command.arg(self.path("out")).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let rows = said.lines().nth(1).map(|rows| rows.parse().unwrap());
        assert_eq!(rows.is_some(), done.status.success());
        rows
    }

    /// The names in the folder that are no table.
    fn others(&self) -> Vec<String> {
        let entries = ["out", "out/tables"].map(|folder| fs::read_dir(self.path(folder)).unwrap());
        let names = entries
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.retain(|name| !name.ends_with(".parquet"));
        names.sort();
        names
    }
}

fn leadsheet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadsheet"));
    command
        .args(["--today", "2025-07-01", "--lang", "en", "--no-progress"])
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[test]
fn killed_at_any_moment_nothing_is_there_by_half_or_twice() {
    let desk = Desk::new();
    let started = Instant::now();
    assert!(desk.ingest().output().unwrap().status.success());
    let whole = started.elapsed();
    assert_eq!(desk.rows(), Some(BOOKS * LIVELY));
    fs::remove_dir_all(desk.path("out")).unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    // How many books are the small one, now and when a run last ended.
    let (mut small, mut known) = (0, None);
    let (mut cut, mut ended) = (0, 0);
    for _ in 0..KILLS {
        // A book changes between the runs, so that each has something to do.
        let book = random.usize(0..BOOKS);
        let is_small = fs::metadata(desk.path(&format!("books/{book}.xlsx")))
            .unwrap()
            .len()
            < 20_000;
        desk.put(
            book,
            ["lead_ledger_sample.xlsx", "lead_ledger_lively.xlsx"][usize::from(is_small)],
        );
        small = if is_small { small - 1 } else { small + 1 };
        let now = (BOOKS - small) * LIVELY + small * SAMPLE;
        let mut run = desk.ingest().stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(0.6 * random.f64()));
        run.kill().unwrap();
        run.wait().unwrap();
        let seen = if desk.path("out").exists() {
            desk.rows()
        } else {
            None
        };
        assert!(
            seen == known || seen == Some(now),
            "{seen:?}, not {known:?} or {now}"
        );
        if seen == known {
            cut += 1;
        } else {
            ended += 1;
        }
        known = seen;
    }
    eprintln!("{cut} runs changed nothing, {ended} had ended");
    assert!(cut > 0 && ended > 0);
    assert!(desk.ingest().output().unwrap().status.success());
    assert_eq!(desk.rows(), Some((BOOKS - small) * LIVELY + small * SAMPLE));
    let tables = fs::read_dir(desk.path("out/tables")).unwrap().count();
    assert_eq!(tables, BOOKS);
    assert_eq!(desk.others(), ["leadsheet.ingest.json", "tables"]);
}

#[test]
fn of_two_runs_at_once_one_is_refused_and_the_tables_are_whole() {
    let desk = Desk::new();
    let mut refused = 0;
    for _ in 0..10 {
        let runs = [(); 3].map(|()| {
            let mut run = desk.ingest();
            run.stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        });
        for run in runs {
            let done = run.wait_with_output().unwrap();
            if !done.status.success() {
                refused += 1;
                let said = String::from_utf8(done.stderr).unwrap();
                assert!(said.contains("another leadsheet is at work"), "{said}");
            }
        }
        assert_eq!(desk.rows(), Some(BOOKS * LIVELY));
        fs::remove_dir_all(desk.path("out")).unwrap();
    }
    assert!(refused > 0);
}

#[test]
fn a_run_goes_on_once_the_one_before_was_killed() {
    let desk = Desk::new();
    let mut first = desk.ingest().stdout(Stdio::null()).spawn().unwrap();
    let lock = |name: &String| Path::new(name).extension().is_some_and(|it| it == "lock");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !desk.path("out/tables").exists() || !desk.others().iter().any(lock) {
        assert!(Instant::now() < deadline, "no run has begun");
        std::thread::yield_now();
    }
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(desk.ingest().output().unwrap().status.success());
    assert_eq!(desk.rows(), Some(BOOKS * LIVELY));
}
