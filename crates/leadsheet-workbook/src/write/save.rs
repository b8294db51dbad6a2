//! Saving: all or nothing.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::WriteError;

/// Replaces `path` by `bytes` in one step. A link is followed, permissions of an existing file are kept. With
/// `backup`, what was there before stays beside it as `NAME.bak`.
///
/// # Errors
/// [`WriteError::Io`]; the target is then what it was before.
pub fn save(path: &Path, bytes: &[u8], backup: bool) -> Result<(), WriteError> {
    save_with(path, backup, |file| file.write_all(bytes))
}

/// The same with what `write` puts into a file.
pub(crate) fn save_with(
    path: &Path,
    backup: bool,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), WriteError> {
    let failed = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut file = NamedTempFile::with_prefix_in(".leadsheet-", &folder).map_err(failed)?;
    write(file.as_file_mut()).map_err(failed)?;
    match fs::metadata(&target) {
        Ok(old) => {
            if old.permissions().readonly() {
                return Err(failed(io::ErrorKind::PermissionDenied.into()));
            }
            file.as_file()
                .set_permissions(old.permissions())
                .map_err(failed)?;
            if backup {
                back_up(&target).map_err(failed)?;
            }
        }
        Err(_) => open_to_readers(file.as_file()).map_err(failed)?,
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    sync_folder(&folder);
    Ok(())
}

/// A copy, so that the file itself is there at every moment.
fn back_up(target: &Path) -> io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".bak");
    fs::copy(target, target.with_file_name(name)).map(drop)
}

/// A temporary file is private; a new workbook is as open as any other new file.
#[cfg(unix)]
fn open_to_readers(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_readers(_: &File) -> io::Result<()> {
    Ok(())
}

/// The rename is safe on disk only once the folder is. Not every system lets a folder be opened; then it is up to
/// the system.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_its_backup_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("跟进 表.xlsx");
        save(&path, b"one", true).unwrap();
        save(&path, b"two", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(
            fs::read(folder.path().join("跟进 表.xlsx.bak")).unwrap(),
            b"one"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_failed_save_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing").join("a.xlsx");
        assert!(matches!(
            save(&missing, b"x", false),
            Err(WriteError::Io { .. })
        ));
        let target = folder.path().join("folder.xlsx");
        fs::create_dir(&target).unwrap();
        assert!(save(&target, b"x", false).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
