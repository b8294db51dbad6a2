//! Saving: all or nothing.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::checked::Checked;
use super::turn::Turn;
use crate::error::WriteError;

/// Replaces `path` by `bytes` in one step. A link is followed, permissions and owner of an existing file are kept. With
/// `backup`, what was there before stays beside it as `NAME.bak`. Whoever else saves to the same file is waited for.
///
/// # Errors
/// [`WriteError::InUse`] where the file is open in a spreadsheet program, [`WriteError::Io`] for all else; the target is
/// then what it was before.
pub fn save(path: &Path, bytes: &[u8], backup: bool) -> Result<(), WriteError> {
    save_with(path, backup, |file| file.write_all(bytes))
}

/// The same with what `write` puts into a file.
pub(crate) fn save_with(
    path: &Path,
    backup: bool,
    write: impl FnOnce(&mut Checked<'_>) -> io::Result<()>,
) -> Result<(), WriteError> {
    let failed = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Some(name) = target.file_name() else {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    if target.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let turn = Turn::take(&folder, &name.to_owned()).map_err(failed)?;
    let old = fs::metadata(&target).ok();
    if let Some(old) = &old {
        if old.permissions().readonly() {
            return Err(failed(io::ErrorKind::PermissionDenied.into()));
        }
        if let Some(sign) = sign_of_use(&folder, name) {
            return Err(WriteError::InUse {
                path: path.to_owned(),
                sign,
            });
        }
    }
    draft(&turn.draft, old.as_ref(), write).map_err(failed)?;
    if let (true, Some(old)) = (backup, &old) {
        back_up(&target, old).map_err(failed)?;
    }
    fs::rename(&turn.draft, &target).map_err(failed)?;
    sync_folder(&folder);
    Ok(())
}

/// Writes a new file that nobody else can read before it is whole, reads it back, and gives it the permissions of the
/// file that it will replace.
fn draft(
    path: &Path,
    old: Option<&Metadata>,
    write: impl FnOnce(&mut Checked<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut checked = Checked::new(&mut file);
    write(&mut checked)?;
    checked.flush()?;
    checked.sync()?;
    checked.verify()?;
    match old {
        Some(old) => {
            keep_owner(&file, old);
            file.set_permissions(old.permissions())?;
        }
        None => open_to_readers(&file)?,
    }
    file.sync_all()
}

/// What a spreadsheet program leaves beside a file while it has it open: Excel and WPS `~$NAME`, WPS on Linux `.~NAME`,
/// LibreOffice `.~lock.NAME#`.
fn sign_of_use(folder: &Path, name: &OsStr) -> Option<PathBuf> {
    let name = name.to_string_lossy();
    let signs = [
        format!("~${name}"),
        format!(".~{name}"),
        format!(".~lock.{name}#"),
    ];
    let mut signs = signs.into_iter().map(|sign| folder.join(sign));
    signs.find(|sign| sign.exists())
}

/// A copy, so that the file itself is there at every moment; whole or not at all, as an older copy may be in its place.
fn back_up(target: &Path, old: &Metadata) -> io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".bak");
    let folder = target.parent().unwrap_or_else(|| Path::new("."));
    let turn = Turn::take(folder, &name)?;
    let mut source = File::open(target)?;
    draft(&turn.draft, Some(old), |file| {
        io::copy(&mut source, file).map(drop)
    })?;
    fs::rename(&turn.draft, target.with_file_name(name))
}

/// Only the superuser may give a file away; for everybody else it stays theirs.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// A draft is private; a new workbook is as open as any other new file.
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

    #[test]
    fn a_file_that_is_open_elsewhere_is_not_replaced() {
        for sign in ["~$a.xlsx", ".~a.xlsx", ".~lock.a.xlsx#"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.xlsx");
            let sign = folder.path().join(sign);
            fs::write(&sign, b"somebody").unwrap();
            // A new file is in nobody's way.
            save(&path, b"one", false).unwrap();
            let refused = save(&path, b"two", true);
            assert!(
                matches!(&refused, Err(WriteError::InUse { sign: found, .. }) if found.ends_with(sign.file_name().unwrap())),
                "{refused:?}"
            );
            assert_eq!(fs::read(&path).unwrap(), b"one");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
            fs::remove_file(sign).unwrap();
            save(&path, b"two", false).unwrap();
        }
    }

    #[test]
    fn a_long_name_can_be_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}.xlsx", "客".repeat(83)));
        save(&path, b"one", false).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
        save(&file, b"one", false).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.xlsx", &link).unwrap();
        save(&link, b"two", true).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        for name in ["a.xlsx", "a.xlsx.bak"] {
            let mode = fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions();
            assert_eq!(mode.mode() & 0o777, 0o640, "{name}");
        }
    }
}
