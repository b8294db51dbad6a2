//! From the FILE arguments to workbooks: folders walked, patterns expanded, files read side by side.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context as _, bail};
use leadsheet::{
    Book, Field, FileKind, Message, Needed, Needs, Notice, OpenOptions, Patch, ReadError, Workbook,
};
use walkdir::WalkDir;

use crate::commands::ingest::Manifest;
use crate::progress::Progress;
use crate::{Session, Streams, render};

/// Endings of the files that are picked up in a folder. A file named outright is read whatever its name.
const ENDINGS: [&str; 12] = [
    "xlsx", "xlsm", "xltx", "xltm", "xls", "xlt", "et", "xlsb", "ods", "csv", "tsv", "parquet",
];

/// Endings of records. A folder may hold other JSON, settings and logs, so that only what is made of our fields is picked up.
const RECORDS: [&str; 2] = ["json", "jsonl"];
/// So much of the beginning says whether a file holds records of ours.
const BEGINNING: u64 = 1 << 16;
/// What the documents say that `convert` writes.
const SCHEMA: &str = "\"leadsheet.records/";

/// How many of a record's keys must be fields.
const FIELDS: usize = 3;

/// The name of standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// A file and what became of it.
pub(crate) struct Input {
    /// The path as the user named it.
    pub(crate) path: String,
    /// Its tables, or why it could not be read.
    pub(crate) book: Result<Book, ReadError>,
    /// What could not be read faithfully.
    pub(crate) notices: Vec<Notice>,
    /// The workbook without what an earlier run had marked in it, where there was anything.
    pub(crate) unmarked: Option<Vec<u8>>,
}

/// The files that the arguments name, each once, folders in the order of their names.
///
/// # Errors
/// A path that is not there, a pattern without a match, a folder without a workbook.
pub(crate) fn expand(session: &Session, arguments: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for argument in arguments {
        let refused = |variant| {
            session.tell(&Message::new("command", variant).with("path", argument.display()))
        };
        if argument.as_os_str() == STANDARD_INPUT {
            files.push(argument.clone());
        } else if let Some(manifest) = Manifest::of(argument) {
            let tables = manifest.tables(argument);
            if tables.is_empty() {
                bail!(refused("ingest-unfinished"));
            }
            files.extend(tables);
        } else if argument.is_dir() {
            let found = workbooks_in(argument)?;
            if found.is_empty() {
                bail!(refused("folder-without-workbooks"));
            }
            files.extend(found);
        } else if argument.exists() {
            files.push(argument.clone());
        } else if is_pattern(argument) {
            let pattern = argument.to_string_lossy();
            let paths = glob::glob(&pattern).with_context(|| refused("bad-pattern"))?;
            let mut files_matched: Vec<_> = paths
                .filter_map(Result::ok)
                .filter(|path| path.is_file())
                .collect();
            files_matched.sort();
            if files_matched.is_empty() {
                bail!(refused("nothing-matches"));
            }
            files.extend(files_matched);
        } else {
            bail!(refused("no-such-file"));
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn workbooks_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    // Hidden folders and files are none of ours, `~$…` are the locks that Excel leaves beside an open workbook.
    let visible = |name: &str| !name.starts_with('.') && !name.starts_with("~$");
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in entries
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name().to_str().is_none_or(visible))
    {
        let entry = entry?;
        let ending = entry
            .path()
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        let Some(ending) = ending.filter(|_| entry.file_type().is_file()) else {
            continue;
        };
        let is_one = ENDINGS.contains(&ending.as_str());
        if is_one || (RECORDS.contains(&ending.as_str()) && holds_our_records(entry.path())) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// Whether a file holds records as `convert` writes them: a document that says so, or lines whose first is an object of
/// our fields.
fn holds_our_records(path: &Path) -> bool {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    if read.is_err() || !text.trim_start_matches('\u{FEFF}').starts_with('{') {
        return false;
    }
    if text.contains(SCHEMA) {
        return true;
    }
    let line = text.lines().next().unwrap_or_default();
    let record: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(line.trim_start_matches('\u{FEFF}')).unwrap_or_default();
    let is_field = |key: &&String| key.parse::<Field>().is_ok();
    record.keys().filter(is_field).count() >= FIELDS
}

/// Reads one file for a command that takes just one.
///
/// # Errors
/// Why it cannot be read, in the user's words.
pub(crate) fn open_one(session: &Session, path: &Path) -> anyhow::Result<Workbook> {
    let refused =
        |variant| session.tell(&Message::new("command", variant).with("path", path.display()));
    if path.is_dir() {
        bail!(refused("is-a-folder"));
    }
    if path.as_os_str() != STANDARD_INPUT && !path.exists() {
        bail!(refused("no-such-file"));
    }
    match open(path, &OpenOptions::default()) {
        Ok(workbook) => Ok(workbook),
        Err(error) => bail!("{}: {}", path.display(), session.tell(&error.message())),
    }
}

/// Reads one file as it is.
fn open(path: &Path, options: &OpenOptions<'_>) -> Result<Workbook, ReadError> {
    if path.as_os_str() == STANDARD_INPUT {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return leadsheet::workbook_from_bytes(&bytes, options);
    }
    leadsheet::workbook_from_path(path, options)
}

/// Whether writing `output` would write over `input`.
pub(crate) fn is_same_file(input: &Path, output: &Path) -> bool {
    input.as_os_str() != STANDARD_INPUT
        && matches!((input.canonicalize(), output.canonicalize()), (Ok(input), Ok(output)) if input == output)
}

/// Bytes from which a file takes long enough for a part of it to be shown as done.
const SHARED: u64 = 1 << 20;

/// Told how far reading a file has come.
pub(crate) type Share<'s> = &'s (dyn Fn(u64, u64) + Sync);

/// Reads the files, as many at a time as there are processors, and gives them in their order.
pub(crate) fn read_all(session: &Session, files: &[PathBuf], streams: &Streams<'_>) -> Vec<Input> {
    read_needed(session, files, None, streams)
}

/// As much of the files as is needed, where that is said.
fn read_needed(
    session: &Session,
    files: &[PathBuf],
    needs: Option<&Needs>,
    streams: &Streams<'_>,
) -> Vec<Input> {
    side_by_side(session, files, streams, |path, share| {
        read(session, path, needs, share)
    })
}

/// Does something with each file, with as many at a time as there are processors, and gives the results in the order of
/// the files.
pub(crate) fn side_by_side<T: Send>(
    session: &Session,
    files: &[PathBuf],
    streams: &Streams<'_>,
    work: impl Fn(&Path, Share<'_>) -> T + Sync,
) -> Vec<T> {
    let mut results: Vec<Option<T>> = files.iter().map(|_| None).collect();
    one_by_one(session, files, streams, work, |position, result| {
        results[position] = Some(result);
    });
    results.into_iter().flatten().collect()
}

/// The same for who takes each result as soon as it is there, with the file's position, and keeps few of them.
pub(crate) fn one_by_one<T: Send>(
    session: &Session,
    files: &[PathBuf],
    streams: &Streams<'_>,
    work: impl Fn(&Path, Share<'_>) -> T + Sync,
    mut take: impl FnMut(usize, T),
) {
    let mut progress = Progress::new(session, files.len(), streams.interactive);
    let is_watched = progress.is_watched();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(files.len());
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = files.get(position) else {
                        break;
                    };
                    let sender = send.clone();
                    let share = move |done: u64, total: u64| {
                        if is_watched && total >= SHARED {
                            let _ = sender.send(Event::Share(position, done as f64 / total as f64));
                        }
                    };
                    let result = work(path, &share);
                    if send.send(Event::Done(position, Box::new(result))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut done = 0;
        for event in receive {
            match event {
                Event::Share(position, share) => {
                    progress.at(done, share, &files[position].to_string_lossy());
                }
                Event::Done(position, result) => {
                    done += 1;
                    progress.at(done, 0.0, &files[position].to_string_lossy());
                    take(position, *result);
                }
            }
        }
    });
    progress.done();
}

enum Event<T> {
    Share(usize, f64),
    Done(usize, Box<T>),
}

/// A workbook without what an earlier run had marked in it; and its bytes then, where there was anything.
pub(crate) fn open_unmarked(
    path: &Path,
    share: Share<'_>,
) -> Result<(Workbook, Option<Vec<u8>>), ReadError> {
    open_needed(path, None, share)
}

fn open_needed(
    path: &Path,
    needed: Option<Needed<'_>>,
    share: Share<'_>,
) -> Result<(Workbook, Option<Vec<u8>>), ReadError> {
    let options = OpenOptions {
        needed,
        progress: Some(share),
        ..OpenOptions::default()
    };
    let workbook = open(path, &options)?;
    if leadsheet::is_annotated(&workbook)
        && let Some((bytes, original)) = without_marks(path)
    {
        return Ok((original, Some(bytes)));
    }
    Ok((workbook, None))
}

fn read(session: &Session, path: &Path, needs: Option<&Needs>, share: Share<'_>) -> Input {
    let mut shown = path.to_string_lossy().into_owned();
    let templates = &session.config.templates;
    let needed = needs.map(|needs| Needed { templates, needs });
    match open_needed(path, needed, share) {
        Ok((mut workbook, unmarked)) => {
            // What was taken from a workbook stands in that workbook.
            if workbook.kind == FileKind::Parquet
                && let Some(origin) = leadsheet::parquet_origin(path)
            {
                shown = origin;
            }
            let notices = std::mem::take(&mut workbook.notices);
            let mut book = workbook.into_book(&shown, templates);
            if let Some(needs) = needs {
                book.leave_out(needs);
            }
            Input {
                book: Ok(book),
                path: shown,
                notices,
                unmarked,
            }
        }
        Err(error) => Input {
            book: Err(error),
            path: shown,
            notices: Vec::new(),
            unmarked: None,
        },
    }
}

/// A marked workbook without its marks, which are no data; `None` where they cannot be taken out.
fn without_marks(path: &Path) -> Option<(Vec<u8>, Workbook)> {
    let options = OpenOptions::default();
    let marked = Patch::open(path, &options.limits).ok()?;
    let mut bytes = Cursor::new(Vec::new());
    marked.clean(|| open(path, &options), &mut bytes).ok()?;
    let bytes = bytes.into_inner();
    let workbook = leadsheet::workbook_from_bytes(&bytes, &options).ok()?;
    Some((bytes, workbook))
}

/// The workbooks of a command that counts what tables say, as much of them as it needs, and whether every file was read;
/// `None` where none has a table and the reason was told already.
///
/// # Errors
/// Where every file was read and none has a table.
pub(crate) fn books_with_tables(
    session: &Session,
    files: &[PathBuf],
    needs: Option<&Needs>,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Option<(Vec<Book>, bool)>> {
    let files = expand(session, files)?;
    let inputs = read_needed(session, &files, needs, streams);
    let all_read = tell_troubles(session, &inputs, streams)?;
    let books: Vec<Book> = inputs
        .into_iter()
        .filter_map(|input| input.book.ok())
        .collect();
    if books.iter().any(|book| book.ledgers().next().is_some()) {
        return Ok(Some((books, all_read)));
    }
    if all_read {
        bail!(session.say("command-no-table"));
    }
    Ok(None)
}

/// Tells on standard error which files could not be read, and what could not be read faithfully in the others.
/// Returns whether every file was read.
pub(crate) fn tell_troubles(
    session: &Session,
    inputs: &[Input],
    streams: &mut Streams<'_>,
) -> anyhow::Result<bool> {
    let mut all_read = true;
    for input in inputs {
        let names = input.book.as_ref().map(|book| {
            let names = book.sheets.iter().map(|sheet| sheet.name.as_str());
            names.collect()
        });
        all_read &= names.is_ok();
        tell_trouble(session, &input.path, names, &input.notices, streams)?;
    }
    Ok(all_read)
}

/// Tells why a file could not be read, or what could not be read faithfully in its sheets.
pub(crate) fn tell_trouble(
    session: &Session,
    path: &str,
    sheets: Result<Vec<&str>, &ReadError>,
    notices: &[Notice],
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    match sheets {
        Err(error) => writeln!(streams.err, "{path}: {}", session.tell(&error.message()))?,
        Ok(_) if session.quiet => {}
        Ok(names) => {
            let limit = session.notices_shown();
            render::text::notices(session, path, &names, notices, limit, streams.err)?;
        }
    }
    Ok(())
}
