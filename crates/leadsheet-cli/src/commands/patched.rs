//! The workbooks that `leadsheet check` writes: the user's own, with every finding marked in it (`--annotate`), or with
//! what can be put right without asking put right (`--fix`).

use std::collections::HashSet;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use anyhow::{Context as _, bail};
use leadsheet::{
    Correction, Finding, Limits, Message, Patch, PatchError, PatchNotice, corrections,
};

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

/// What became of the files that were to be written.
#[derive(Default)]
pub(crate) struct Written {
    /// What is to be told, file by file, and whether even the quiet are told.
    lines: Vec<(String, bool)>,
    /// What was put right, where that was asked.
    pub(crate) fixes: Option<Vec<Fixed>>,
    /// Whether every file was written.
    pub(crate) is_whole: bool,
}

/// A cell that was put right.
pub(crate) struct Fixed {
    /// Position among the books.
    pub(crate) book: usize,
    pub(crate) sheet: String,
    pub(crate) correction: Correction,
}

impl Written {
    /// Tells what became of the files.
    pub(crate) fn tell(&self, session: &Session, streams: &mut Streams<'_>) -> anyhow::Result<()> {
        for (line, is_trouble) in &self.lines {
            if *is_trouble || !session.quiet {
                writeln!(streams.err, "{line}")?;
            }
        }
        Ok(())
    }
}

/// Writes every file that could be checked. `unmarked` holds those that were marked before, as they were without that.
pub(crate) fn write(
    session: &Session,
    jobs: &[Job],
    files: &[PathBuf],
    unmarked: &[Option<Vec<u8>>],
    (checked, findings): (&Checked, &[Finding]),
) -> Written {
    let mut written = Written {
        is_whole: true,
        ..Written::default()
    };
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
                Ok((lines, fixed)) => {
                    let lines = lines.into_iter().map(|line| (line, false));
                    written.lines.extend(lines);
                    if job.kind == Kind::Fix {
                        written.fixes.get_or_insert_default().extend(fixed);
                    }
                }
                Err(why) => {
                    written.is_whole = false;
                    let line = format!("{}: {why}", path.display());
                    written.lines.push((line, true));
                }
            }
        }
    }
    written
}

/// Writes one file; gives what is to be told about it and what was put right in it, or why it could not be written.
fn write_one(
    session: &Session,
    job: &Job,
    file: &CheckedFile<'_>,
    taken: &mut HashSet<PathBuf>,
) -> Result<(Vec<String>, Vec<Fixed>), String> {
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
    let outcome = match job.kind {
        Kind::Annotate => annotate(session, file, patch, &target, backup),
        Kind::Fix => fix(session, file, patch, &target, backup),
    };
    let outcome = outcome.map_err(told)?;
    let written = outcome.message.with("path", target.display());
    let notices = outcome.notices.iter();
    let notices =
        notices.map(|notice| format!("{}: {}", target.display(), session.tell(&notice.message())));
    let lines = std::iter::once(session.tell(&written)).chain(notices);
    Ok((lines.collect(), outcome.fixes))
}

/// What writing a file came to.
struct Outcome {
    message: Message,
    notices: Vec<PatchNotice>,
    fixes: Vec<Fixed>,
}

fn annotate(
    session: &Session,
    file: &CheckedFile<'_>,
    patch: Patch,
    target: &Path,
    backup: bool,
) -> Result<Outcome, PatchError> {
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
    Ok(Outcome {
        message: Message::new("annotated", "")
            .with("count", annotated.cells)
            .with("sheet", annotated.sheet),
        notices: annotated.notices,
        fixes: Vec::new(),
    })
}

fn fix(
    session: &Session,
    file: &CheckedFile<'_>,
    mut patch: Patch,
    target: &Path,
    backup: bool,
) -> Result<Outcome, PatchError> {
    let mut fixes = Vec::new();
    for ledger in file.checked.books[file.position].ledgers() {
        let findings = file.findings();
        let of_sheet =
            findings.filter(|finding| finding.fixable && *finding.sheet == *ledger.sheet);
        let of_sheet: Vec<_> = of_sheet.cloned().collect();
        let corrections = corrections(ledger, &session.config.policy, &of_sheet);
        patch.correct(&ledger.sheet, &corrections)?;
        fixes.extend(corrections.into_iter().map(|correction| Fixed {
            book: file.position,
            sheet: ledger.sheet.clone(),
            correction,
        }));
    }
    let notices = patch.save(target, backup)?;
    for notice in &notices {
        if let PatchNotice::FormulasKept { cells } = notice {
            let kept: HashSet<_> = cells
                .iter()
                .map(|(sheet, cell)| (&**sheet, *cell))
                .collect();
            fixes.retain(|fixed| !kept.contains(&(&*fixed.sheet, fixed.correction.cell)));
        }
    }
    Ok(Outcome {
        message: Message::new("fixed", "").with("count", fixes.len()),
        notices,
        fixes,
    })
}

impl CheckedFile<'_> {
    /// Those of this file: findings come in the order of the books.
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        let before = |finding: &Finding| finding.book < self.position;
        let first = self.findings.partition_point(before);
        let position = self.position;
        let rest = self.findings[first..].iter();
        rest.take_while(move |finding| finding.book == position)
    }
}
