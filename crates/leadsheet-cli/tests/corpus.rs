//! Every file of a corpus of real and of broken spreadsheets, each read by a process of its own under limits: no panic,
//! no abort, no more than ten seconds, no more than half a gigabyte.

#![cfg(unix)]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Address space of a process, in kibibytes.
const MEMORY: u32 = 512 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn no_file_knocks_the_command_over() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let folder =
        std::env::var_os("LEADSHEET_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(folder.join("files")) else {
        eprintln!("no corpus at {}: nothing checked", folder.display());
        return;
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut read, mut refused, mut faults) = (0, 0, Vec::new());
    for file in &files {
        let started = Instant::now();
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_leadsheet"))
            .args(["inspect", "--cells", "--format", "json", "--lang", "en"])
            .arg(file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let elapsed = started.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) if elapsed < PATIENCE => read += 1,
            // A refusal is one line that names the file.
            Some(2) if elapsed < PATIENCE && said.trim_end().lines().count() == 1 => refused += 1,
            code => faults.push(format!(
                "{}: {code:?} after {elapsed:?}: {said}",
                file.display()
            )),
        }
    }
    eprintln!("{} files: {read} read, {refused} refused", files.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        read > files.len() / 2,
        "only {read} of {} were read",
        files.len()
    );
}
