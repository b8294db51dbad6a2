//! The workbooks that `leadsheet check` writes: the user's own, with every finding marked in it (`--annotate`), or with
//! what can be put right without asking put right (`--fix`).

use std::collections::HashSet;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use anyhow::{Context as _, bail};
use leadsheet::{Finding, Fix, Limits, Message, Patch, PatchError};

use super::check::Checked;
use crate::args::CheckArgs;
use crate::input::{STANDARD_INPUT, is_same_file};
use crate::{Session, Streams};

/// What is written, and where to.
pub(crate) struct Job {
    kind: Kind,
    targets: Targets,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Annotate,
    Fix,
}

/// Where the workbooks go.
#[derive(PartialEq, Eq)]
enum Targets {
    /// The only one, to this file.
    File(PathBuf),
    /// Each into this folder, under its own name.
    Folder(PathBuf),
    /// Each onto itself.
    InPlace,
}

impl Job {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// Where that would write over an input unasked, or write one file twice, or there is no file to begin with.
    pub(crate) fn all(
        session: &Session,
        args: &CheckArgs,
        files: &[PathBuf],
    ) -> anyhow::Result<Vec<Self>> {
        let asked = [(Kind::Annotate, &args.annotate), (Kind::Fix, &args.fix)];
        let mut jobs = Vec::new();
        for (kind, out) in asked {
            if let Some(out) = out {
                let targets = Targets::of(session, args, files, out)?;
                jobs.push(Job { kind, targets });
            }
        }
        if jobs.is_empty() && args.in_place {
            let targets = Targets::InPlace;
            let kind = Kind::Annotate;
            jobs.push(Job { kind, targets });
        }
        if let [one, other] = &jobs[..]
            && one.targets == other.targets
        {
            bail!(session.say("annotate-same-target"));
        }
        let is_stream = |file: &PathBuf| file.as_os_str() == STANDARD_INPUT;
        if !jobs.is_empty() && files.iter().any(is_stream) {
            bail!(session.say("annotate-standard-input"));
        }
        Ok(jobs)
    }
}

impl Targets {
    fn of(
        session: &Session,
        args: &CheckArgs,
        files: &[PathBuf],
        out: &Path,
    ) -> anyhow::Result<Self> {
        let is_folder = out.is_dir()
            || out.to_string_lossy().ends_with(['/', MAIN_SEPARATOR])
            || files.len() > 1
            || args.files.iter().any(|file| file.is_dir());
        let targets = if is_folder {
            std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
            Targets::Folder(out.to_owned())
        } else {
            Targets::File(out.to_owned())
        };
        for file in files.iter().filter(|_| !args.in_place) {
            let target = match &targets {
                Targets::Folder(folder) => folder.join(file.file_name().unwrap_or_default()),
                _ => out.to_owned(),
            };
            if is_same_file(file, &target) {
                let message =
                    Message::new("annotate", "onto-itself").with("path", target.display());
                bail!(session.tell(&message));
            }
        }
        Ok(targets)
    }

    /// The file to write for one that was read. In a folder two of one name get a number.
    fn target(
        &self,
        session: &Session,
        file: &Path,
        extension: &str,
        taken: &mut HashSet<PathBuf>,
    ) -> Result<PathBuf, String> {
        let is_right = |path: &Path| {
            let said = path
                .extension()
                .map(|said| said.to_string_lossy().to_lowercase());
            said.as_deref() == Some(extension)
        };
        match self {
            Targets::InPlace => Ok(file.to_owned()),
            Targets::File(out) if is_right(out) || is_same_file(file, out) => Ok(out.clone()),
            Targets::File(out) => {
                let message = Message::new("annotate", "ending")
                    .with("path", out.display())
                    .with("extension", extension);
                Err(session.tell(&message))
            }
            Targets::Folder(folder) => {
                let stem = file.file_stem().unwrap_or_default().to_string_lossy();
                let numbered = (2..).map(|number| format!("{stem} ({number}).{extension}"));
                let mut names = std::iter::once(format!("{stem}.{extension}")).chain(numbered);
                let free = names.find_map(|name| {
                    let target = folder.join(name);
                    taken.insert(target.clone()).then_some(target)
                });
                Ok(free.unwrap_or_else(|| folder.clone()))
            }
        }
    }
}

/// A file that was checked.
struct CheckedFile<'c> {
    path: &'c Path,
    /// Without what an earlier run had marked in it.
    unmarked: Option<&'c [u8]>,
    /// Position among the books.
    position: usize,
    checked: &'c Checked,
    findings: &'c [Finding],
}

/// Writes every file that could be checked. `unmarked` holds those that were marked before, as they were without that.
/// Gives whether every one was written.
pub(crate) fn write(
    session: &Session,
    jobs: &[Job],
    files: &[PathBuf],
    unmarked: &[Option<Vec<u8>>],
    (checked, findings): (&Checked, &[Finding]),
    streams: &mut Streams<'_>,
) -> anyhow::Result<bool> {
    let mut all_written = true;
    for job in jobs {
        let mut taken = HashSet::new();
        for ((path, unmarked), outcome) in files.iter().zip(unmarked).zip(&checked.files) {
            let Ok(position) = outcome.book else {
                continue;
            };
            let file = CheckedFile {
                path,
                unmarked: unmarked.as_deref(),
                position,
                checked,
                findings,
            };
            match write_one(session, job, &file, &mut taken) {
                Ok(lines) if session.quiet => drop(lines),
                Ok(lines) => {
                    for line in lines {
                        writeln!(streams.err, "{line}")?;
                    }
                }
                Err(why) => {
                    all_written = false;
                    writeln!(streams.err, "{}: {why}", path.display())?;
                }
            }
        }
    }
    Ok(all_written)
}

/// Writes one file; gives what is to be told about it, or why it could not be written.
fn write_one(
    session: &Session,
    job: &Job,
    file: &CheckedFile<'_>,
    taken: &mut HashSet<PathBuf>,
) -> Result<Vec<String>, String> {
    let told = |error: PatchError| session.tell(&error.message());
    let limits = Limits::default();
    let patch = match file.unmarked {
        Some(bytes) => Patch::from_bytes(bytes.to_vec(), &limits),
        None => Patch::open(file.path, &limits),
    };
    let patch = patch.map_err(told)?;
    let target = job
        .targets
        .target(session, file.path, patch.extension(), taken)?;
    let backup = is_same_file(file.path, &target);
    let (written, notices) = match job.kind {
        Kind::Annotate => annotate(session, file, patch, &target, backup),
        Kind::Fix => fix(file, patch, &target, backup),
    }
    .map_err(told)?;
    let written = written.with("path", target.display());
    let notices = notices
        .iter()
        .map(|notice| format!("{}: {}", target.display(), session.tell(&notice.message())));
    Ok(std::iter::once(session.tell(&written))
        .chain(notices)
        .collect())
}

type Outcome = Result<(Message, Vec<leadsheet::PatchNotice>), PatchError>;

fn annotate(
    session: &Session,
    file: &CheckedFile<'_>,
    patch: Patch,
    target: &Path,
    backup: bool,
) -> Outcome {
    let book = &file.checked.books[file.position];
    let language = if session.language_chosen {
        session.language
    } else {
        leadsheet::language_of(book)
    };
    let leads = file.checked.leads[file.position].iter().sum();
    let say = |finding: &Finding| session.finding_in(language, finding);
    let annotations =
        leadsheet::annotations(book, file.findings(), leads, session.today, language, say);
    let annotated = patch.save_annotated(&annotations, target, backup)?;
    let message = Message::new("annotated", "")
        .with("count", annotated.cells)
        .with("sheet", annotated.sheet);
    Ok((message, annotated.notices))
}

fn fix(file: &CheckedFile<'_>, mut patch: Patch, target: &Path, backup: bool) -> Outcome {
    let fixes: Vec<_> = file.findings().filter_map(Fix::of).collect();
    let count = patch.apply_fixes(&fixes)?;
    let notices = patch.save(target, backup)?;
    Ok((Message::new("fixed", "").with("count", count), notices))
}

impl CheckedFile<'_> {
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        let position = self.position;
        self.findings
            .iter()
            .filter(move |finding| finding.book == position)
    }
}
