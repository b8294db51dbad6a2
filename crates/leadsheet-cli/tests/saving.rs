//! What a save leaves behind when it is killed, when another one comes at the same time, and when the disk is full: the
//! old file or the new one, whole, and nothing else after the next run.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const KILLS: u32 = 200;
const RACES: u32 = 20;

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures")).join(name)
}

/// `check INPUT --annotate OUTPUT`.
fn annotate(input: &Path, output: &Path) -> Command {
    let mut command = leadsheet();
    command
        .arg("check")
        .arg(input)
        .arg("--annotate")
        .arg(output);
    command
}

fn leadsheet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadsheet"));
    command
        .args(["--today", "2024-07-01", "--lang", "en", "--no-progress"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Starts the command and kills it (signal 9) after so long.
fn kill_after(mut command: Command, moment: Duration) {
    let mut child = command.spawn().unwrap();
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_at_any_moment_the_old_file_or_the_new_one_is_there() {
    for extension in ["xlsx", "xls"] {
        let folder = tempfile::tempdir().unwrap();
        let input = fixture(&format!("lead_ledger_lively.{extension}"));
        let original = fs::read(&input).unwrap();
        let path = folder.path().join(format!("sheet.{extension}"));
        let backup = folder.path().join(format!("sheet.{extension}.bak"));
        let in_place = || {
            let mut command = leadsheet();
            command.arg("check").arg(&path).arg("--in-place");
            command
        };
        fs::write(&path, &original).unwrap();
        let started = Instant::now();
        assert_eq!(in_place().status().unwrap().code(), Some(1));
        let whole = started.elapsed();
        let marked = fs::read(&path).unwrap();
        assert_ne!(marked, original);
        let mut random = fastrand::Rng::with_seed(9);
        let (mut old, mut new) = (0, 0);
        for _ in 0..KILLS / 2 {
            fs::write(&path, &original).unwrap();
            let _ = fs::remove_file(&backup);
            // Most of what happens to the folder happens in the last third.
            let share = 0.7 + 0.6 * random.f64();
            kill_after(in_place(), whole.mul_f64(share));
            let found = fs::read(&path).unwrap();
            if found == original {
                old += 1;
            } else {
                assert!(found == marked, "neither the old file nor the new one");
                new += 1;
            }
            if let Ok(kept) = fs::read(&backup) {
                assert!(kept == original, "half a backup");
            }
        }
        eprintln!("{extension}: {old} times the old file, {new} times the new one");
        fs::write(&path, &original).unwrap();
        assert_eq!(in_place().status().unwrap().code(), Some(1));
        assert_eq!(
            names(folder.path()),
            [
                format!("sheet.{extension}"),
                format!("sheet.{extension}.bak")
            ]
        );
        assert!(fs::read(&path).unwrap() == marked);
        assert!(fs::read(&backup).unwrap() == original);
    }
}

#[test]
fn of_two_writers_at_once_one_file_is_there_whole() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = ["lead_ledger_lively.xlsx", "lead_ledger_sample.xlsx"].map(fixture);
    let outputs = inputs.each_ref().map(|input| {
        let path = folder.path().join("alone.xlsx");
        assert_eq!(annotate(input, &path).status().unwrap().code(), Some(1));
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(path).unwrap();
        bytes
    });
    let path = folder.path().join("both.xlsx");
    for _ in 0..RACES {
        let writers = inputs
            .each_ref()
            .map(|input| annotate(input, &path).spawn().unwrap());
        for mut writer in writers {
            assert_eq!(writer.wait().unwrap().code(), Some(1));
        }
        assert!(outputs.contains(&fs::read(&path).unwrap()));
        assert_eq!(names(folder.path()), ["both.xlsx"]);
    }
}

/// A disk of 48 KiB of its own, where the system lets an ordinary user have one.
#[test]
fn on_a_full_disk_the_old_file_stays_and_the_message_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=48k tmpfs \"$1\"";
    let unshared = |script: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--map-root-user", "sh", "-c"])
            .arg(format!("{mount} && {script}"))
            .arg(env!("CARGO_BIN_EXE_leadsheet"))
            .arg(folder.path())
            .arg(fixture("lead_ledger_lively.xlsx"));
        command
    };
    if !unshared("true")
        .output()
        .is_ok_and(|done| done.status.success())
    {
        eprintln!("no disk of our own can be mounted here: nothing checked");
        return;
    }
    let script = "cd \"$1\" && echo old > a.xlsx && \
        \"$0\" check \"$2\" --annotate a.xlsx --lang en > /dev/null; \
        echo \"status $?\"; cat a.xlsx; ls -A";
    let done = unshared(script).output().unwrap();
    let (said, shown) = (
        String::from_utf8_lossy(&done.stderr).into_owned(),
        String::from_utf8_lossy(&done.stdout).into_owned(),
    );
    assert_eq!(shown, "status 2\nold\na.xlsx\n", "{said}");
    assert!(
        said.contains("a.xlsx") && said.contains("the disk is full"),
        "{said}"
    );
}
