//! One writer at a time: whoever is to replace a file, or to fill a folder, takes its turn first.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha1::{Digest, Sha1};

use crate::error::WriteError;

/// How long another writer is waited for: saving takes a moment.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// The right to replace a file, until it is dropped. Held by a locked file beside the target, which the operating system
/// unlocks when its holder dies, however it dies.
#[derive(Debug)]
pub struct Turn {
    lock: PathBuf,
    /// Where to write what will become the target.
    pub(super) draft: PathBuf,
    _held: File,
}

impl Turn {
    /// The right to do alone what `name` says with `folder`, where nobody has it: work that takes long is not waited for.
    ///
    /// # Errors
    /// [`WriteError::Busy`] where somebody has it, [`WriteError::Io`] where the folder cannot be written to.
    pub fn at_once(folder: &Path, name: &str) -> Result<Self, WriteError> {
        Self::take_within(folder, &name.into(), Duration::ZERO).map_err(|source| {
            let path = folder.to_owned();
            if source.kind() == io::ErrorKind::ResourceBusy {
                WriteError::Busy { path }
            } else {
                WriteError::Io { path, source }
            }
        })
    }

    /// Waits for the right to replace `name` in `folder`, and removes what a writer who was killed has left.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] where another writer does not come to an end.
    pub(super) fn take(folder: &Path, name: &OsString) -> io::Result<Self> {
        Self::take_within(folder, name, PATIENCE)
    }

    fn take_within(folder: &Path, name: &OsString, patience: Duration) -> io::Result<Self> {
        // A name of its own could be too long for the file system.
        let digest = Sha1::digest(name.as_encoded_bytes());
        let digest: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let lock = folder.join(format!(".leadsheet-{digest}.lock"));
        let draft = folder.join(format!(".leadsheet-{digest}.draft"));
        let deadline = Instant::now() + patience;
        loop {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&lock)?;
            match file.try_lock() {
                Ok(()) if is_still(&file, &lock) => {
                    let turn = Self {
                        lock,
                        draft,
                        _held: file,
                    };
                    remove(&turn.draft)?;
                    return Ok(turn);
                }
                // Whoever went before has taken the file away with them: there is a new one, or there will be.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if Instant::now() > deadline => {
                    return Err(io::ErrorKind::ResourceBusy.into());
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                // Some network drives know no locks; a save is all or nothing there as well.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self {
                        lock,
                        draft,
                        _held: file,
                    });
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Whatever fails here, the next writer to this target clears away.
        let _ = remove(&self.draft);
        let _ = remove(&self.lock);
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether the locked file is the one that others would lock.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (Ok(held), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else {
        return false;
    };
    place(held) == place(there)
}

#[cfg(not(unix))]
fn is_still(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_waits_until_the_first_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let name = OsString::from("跟进表.xlsx");
        let first = Turn::take(folder.path(), &name).unwrap();
        let impatient = Turn::take_within(folder.path(), &name, Duration::ZERO);
        assert_eq!(impatient.unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        let other = OsString::from("另一张表.xlsx");
        drop(Turn::take_within(folder.path(), &other, Duration::ZERO).unwrap());
        std::thread::scope(|scope| {
            let second = scope.spawn(|| Turn::take(folder.path(), &name).map(drop));
            std::thread::sleep(Duration::from_millis(100));
            assert!(!second.is_finished());
            drop(first);
            second.join().unwrap().unwrap();
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn many_writers_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let name = OsString::from("a.xlsx");
        let turns = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let turn = Turn::take(folder.path(), &name).unwrap();
                        // Creating fails where somebody else holds a turn.
                        let mut create = OpenOptions::new();
                        let draft = create.write(true).create_new(true).open(&turn.draft);
                        draft.unwrap();
                        turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 400);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_writer_left_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let name = OsString::from("a.xlsx");
        let turn = Turn::take(folder.path(), &name).unwrap();
        fs::write(&turn.draft, b"half").unwrap();
        fs::write(folder.path().join("b.xlsx"), b"not ours").unwrap();
        let (lock, draft) = (turn.lock.clone(), turn.draft.clone());
        drop(turn);
        fs::write(&lock, b"").unwrap();
        fs::write(&draft, b"half").unwrap();
        drop(Turn::take(folder.path(), &name).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
