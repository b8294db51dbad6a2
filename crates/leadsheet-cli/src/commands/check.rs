//! `leadsheet check`: what is wrong, missing, late, doubled or contradictory.

use leadsheet::{Book, Context, Finding, Severity};

use super::patched::{self, Job};
use crate::args::{CheckArgs, CheckFormat};
use crate::input::{Input, expand, read_all, tell_troubles};
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn check(
    session: &Session,
    args: &CheckArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let selection = session
        .config
        .narrowed(&args.select, &args.ignore, session.language)?;
    let files = expand(session, &args.files)?;
    let jobs = Job::all(session, args, &files)?;
    let mut inputs = read_all(session, &files, streams);
    let all_read = tell_troubles(session, &inputs, streams)?;
    let unmarked: Vec<_> = inputs
        .iter_mut()
        .map(|input| input.unmarked.take())
        .collect();
    let (checked, findings) = findings(session, inputs, &selection);
    let results = (&checked, &findings[..]);
    let written = patched::write(session, &jobs, &files, &unmarked, results);
    let fixed = written.fixes.as_deref();
    match args.format {
        CheckFormat::Text => {
            render::findings::by_sheet(session, &checked, &findings, streams.out)?;
            if let Some(fixed) = fixed {
                render::fixes::listed(session, &checked, fixed, streams.out)?;
            }
        }
        CheckFormat::Json => {
            render::json::check(session, &checked, &findings, fixed, streams.out)?;
        }
        CheckFormat::Csv => render::csv::findings(session, &checked, &findings, streams.out)?,
        CheckFormat::Sarif => {
            render::sarif::check(session, &checked, &selection, &findings, streams.out)?;
        }
    }
    written.tell(session, streams)?;
    Ok(if !all_read || !written.is_whole {
        Status::Failed
    } else if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        Status::Findings
    } else {
        Status::Clean
    })
}

/// What was checked: the books that could be read, and for every file what became of it.
pub(crate) struct Checked {
    /// The books by path: what is found where does not depend on the order in which the files were given. Findings name
    /// them by position.
    pub(crate) books: Vec<Book>,
    /// Leads by book and sheet.
    pub(crate) leads: Vec<Vec<usize>>,
    /// What people have excused by a note in the sheet.
    pub(crate) excused: Vec<Finding>,
    /// What tables cannot be checked for.
    pub(crate) not_evaluable: Vec<Finding>,
    /// Every file in the order given: its path and, where it could not be read, why.
    pub(crate) files: Vec<CheckedFile>,
}

impl Checked {
    /// How much of a sheet its notes let stand.
    pub(crate) fn excused(&self, book: usize, sheet: &str) -> usize {
        let all = self.excused.iter();
        all.filter(|finding| finding.book == book && *finding.sheet == *sheet)
            .count()
    }

    /// What a sheet's table cannot be checked for.
    pub(crate) fn not_evaluable(&self, book: usize, sheet: &str) -> impl Iterator<Item = &Finding> {
        let all = self.not_evaluable.iter();
        all.filter(move |finding| finding.book == book && *finding.sheet == *sheet)
    }
}

/// A file that was to be checked.
pub(crate) struct CheckedFile {
    pub(crate) path: String,
    /// Position among the books, or the error in words.
    pub(crate) book: Result<usize, String>,
}

/// Checks what could be read.
pub(crate) fn findings(
    session: &Session,
    inputs: Vec<Input>,
    selection: &leadsheet::Selection,
) -> (Checked, Vec<Finding>) {
    let mut checked = Checked {
        books: Vec::new(),
        leads: Vec::new(),
        excused: Vec::new(),
        not_evaluable: Vec::new(),
        files: Vec::new(),
    };
    let mut inputs: Vec<_> = inputs.into_iter().enumerate().collect();
    inputs.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
    let mut files = Vec::with_capacity(inputs.len());
    for (given, input) in inputs {
        let book = match input.book {
            Ok(book) => {
                checked.books.push(book);
                Ok(checked.books.len() - 1)
            }
            Err(error) => Err(session.tell(&error.message())),
        };
        let path = input.path;
        files.push((given, CheckedFile { path, book }));
    }
    files.sort_by_key(|(given, _)| *given);
    checked.files = files.into_iter().map(|(_, file)| file).collect();
    let context = Context {
        policy: &session.config.policy,
        today: session.today,
    };
    let checkup = leadsheet::check(&context, &checked.books, selection);
    checked.leads = checkup.leads;
    checked.excused = checkup.excused;
    checked.not_evaluable = checkup.not_evaluable;
    (checked, checkup.findings)
}
