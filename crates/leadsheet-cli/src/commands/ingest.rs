//! `leadsheet ingest`: thousands of workbooks, read once, as a folder of parquet tables that every other command reads.
//!
//! A table is written as `convert` writes it, so a report on the folder is the report on the workbooks. The manifest says
//! which tables there are; it is replaced last and at once, so that a run that is cut off changes nothing. Two runs at
//! a time would sweep each other's tables away: the second is refused.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::anyhow;
use leadsheet::{Message, OutputTable, ParquetNames, ParquetOptions, Turn, WriteError};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::args::IngestArgs;
use crate::input::{STANDARD_INPUT, Share, expand, open_unmarked, side_by_side};
use crate::{Session, Status, Streams};

/// Name of the manifest in the folder.
const MANIFEST: &str = "leadsheet.ingest.json";
/// The folder of the tables in it.
const TABLES: &str = "tables";
/// What a run holds as long as it lasts.
const MANIFEST_TURN: &str = "leadsheet.ingest";
const SCHEMA: &str = "leadsheet.ingest/1";
/// Characters of a workbook's name that its tables keep.
const STEM: usize = 40;

/// What a folder of tables was made of.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    schema: String,
    /// The program and the templates that recognised the tables: others may recognise more.
    settings: String,
    /// The workbooks by their full path.
    files: BTreeMap<String, Entry>,
}

/// One workbook.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    sha1: String,
    tables: Vec<TableEntry>,
}

/// One of its tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct TableEntry {
    parquet: String,
    sheet: String,
    template: String,
    rows: usize,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            settings: String::new(),
            files: BTreeMap::new(),
        }
    }
}

impl Manifest {
    /// Puts it in the place of the one before.
    fn save(self, folder: &Path) -> Result<Self, WriteError> {
        let path = folder.join(MANIFEST);
        match serde_json::to_string_pretty(&self) {
            Ok(text) => leadsheet::save(&path, text.as_bytes(), false).map(|()| self),
            Err(error) => Err(WriteError::Io {
                path,
                source: error.into(),
            }),
        }
    }

    /// That of a folder which `ingest` has made.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(MANIFEST)).ok()?;
        let manifest: Self = serde_json::from_str(&text).ok()?;
        (manifest.schema == SCHEMA).then_some(manifest)
    }

    /// Its tables in the order of their workbooks.
    pub(crate) fn tables(&self, folder: &Path) -> Vec<PathBuf> {
        let tables = self.files.values().flat_map(|entry| &entry.tables);
        tables.map(|table| folder.join(&table.parquet)).collect()
    }
}

pub(crate) fn ingest(
    session: &Session,
    args: &IngestArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    if args
        .files
        .iter()
        .any(|file| file.as_os_str() == STANDARD_INPUT)
    {
        anyhow::bail!(session.say("command-ingest-stdin"));
    }
    let mut files = expand(session, &args.files)?;
    let folder = &args.out;
    let told = |error: WriteError| anyhow!(session.tell(&error.message()));
    let refused = |source: std::io::Error| {
        let path = folder.clone();
        told(WriteError::Io { path, source })
    };
    fs::create_dir_all(folder.join(TABLES)).map_err(refused)?;
    // The folder may stand among the workbooks; its own tables are none of them.
    let own = fs::canonicalize(folder).map_err(refused)?;
    files.retain(|file| fs::canonicalize(file).is_ok_and(|file| !file.starts_with(&own)));
    let _turn = Turn::at_once(folder, MANIFEST_TURN).map_err(told)?;
    let settings = settings(session);
    let known = match Manifest::of(folder) {
        Some(known) => known,
        // Until the first run is done, a reader must not take its tables for all there are.
        None => Manifest::default().save(folder).map_err(told)?,
    };
    let is_known = known.settings == settings;
    let results = side_by_side(session, &files, streams, |path, share| {
        let before = fs::canonicalize(path).ok();
        let key = before
            .unwrap_or_else(|| path.to_path_buf())
            .display()
            .to_string();
        let before = known
            .files
            .get(&key)
            .filter(|entry| is_known && entry.is_whole(folder));
        (key, take_in(session, path, folder, before, share))
    });
    let mut manifest = Manifest {
        schema: SCHEMA.to_owned(),
        settings,
        files: known.files,
    };
    let mut counts = Counts::default();
    for (path, (key, result)) in files.iter().zip(results) {
        match result {
            Ok(Taken::Unchanged(entry)) => {
                counts.unchanged += 1;
                manifest.files.insert(key, entry);
            }
            Ok(Taken::New(entry)) => {
                let told = if manifest.files.contains_key(&key) {
                    &mut counts.changed
                } else {
                    &mut counts.new
                };
                *told += 1;
                counts.without_table += usize::from(entry.tables.is_empty());
                manifest.files.insert(key, entry);
            }
            Err(reason) => {
                // What was read of it before stays.
                counts.failed += 1;
                writeln!(streams.err, "{}: {reason}", path.display())?;
            }
        }
    }
    let gone = manifest.files.keys().filter(|key| !Path::new(key).exists());
    let gone: Vec<String> = gone.cloned().collect();
    for key in &gone {
        let variant = if args.prune {
            "ingest-pruned"
        } else {
            "ingest-gone"
        };
        let message = Message::new("command", variant).with("path", key);
        writeln!(streams.err, "{}", session.tell(&message))?;
        if args.prune {
            manifest.files.remove(key);
        }
    }
    let manifest = manifest.save(folder).map_err(told)?;
    sweep(folder, &manifest);
    let entries = manifest.files.values();
    let tables: Vec<_> = entries.flat_map(|entry| &entry.tables).collect();
    let rows: usize = tables.iter().map(|table| table.rows).sum();
    let message = Message::new("command", "ingested")
        .with("new", counts.new)
        .with("changed", counts.changed)
        .with("unchanged", counts.unchanged)
        .with("without-table", counts.without_table)
        .with("failed", counts.failed)
        .with("gone", gone.len())
        .with("tables", tables.len())
        .with("rows", rows)
        .with("path", folder.display());
    writeln!(streams.out, "{}", session.tell(&message))?;
    Ok(if counts.failed > 0 {
        Status::Failed
    } else {
        Status::Clean
    })
}

#[derive(Default)]
struct Counts {
    new: usize,
    changed: usize,
    unchanged: usize,
    without_table: usize,
    failed: usize,
}

/// What tables are recognised and typed by.
fn settings(session: &Session) -> String {
    let templates: Vec<_> = session.config.templates.iter().collect();
    let text = format!(
        "{} {:?} {templates:?}",
        env!("CARGO_PKG_VERSION"),
        session.config.policy
    );
    hex(Sha1::digest(text.as_bytes()).as_slice())
}

/// What became of a workbook.
enum Taken {
    Unchanged(Entry),
    New(Entry),
}

impl Entry {
    /// Whether every table of it is still there.
    fn is_whole(&self, folder: &Path) -> bool {
        let mut tables = self.tables.iter();
        tables.all(|table| folder.join(&table.parquet).is_file())
    }
}

/// Reads a workbook and writes its tables, unless it is what it was.
fn take_in(
    session: &Session,
    path: &Path,
    folder: &Path,
    before: Option<&Entry>,
    share: Share<'_>,
) -> Result<Taken, String> {
    let io = |error: std::io::Error| session.tell(&leadsheet::ReadError::Io(error).message());
    let about = fs::metadata(path).map_err(io)?;
    let since = about.modified().map_err(io)?.duration_since(UNIX_EPOCH);
    let modified = since.map_or(0, |since| since.as_nanos() as u64);
    let size = about.len();
    if let Some(entry) = before
        && (entry.size, entry.modified) == (size, modified)
    {
        return Ok(Taken::Unchanged(entry.clone()));
    }
    let sha1 = sha1_of(path).map_err(io)?;
    if let Some(entry) = before
        && entry.sha1 == sha1
    {
        let entry = Entry {
            size,
            modified,
            ..entry.clone()
        };
        return Ok(Taken::Unchanged(entry));
    }
    let (workbook, _) =
        open_unmarked(path, share).map_err(|error| session.tell(&error.message()))?;
    let shown = path.to_string_lossy();
    let options = ParquetOptions {
        policy: &session.config.policy,
        names: ParquetNames::Fields,
        origin: Some(&shown),
    };
    let mut tables = Vec::new();
    let ledgers = workbook.ledgers(&session.config.templates);
    for (sheet, ledger) in workbook.sheets.iter().zip(&ledgers) {
        let Some(ledger) = ledger else { continue };
        let table = OutputTable::of_ledger(ledger);
        let told = |error: WriteError| session.tell(&error.message());
        let (bytes, _) = leadsheet::to_parquet(&table, Some(sheet), &options).map_err(told)?;
        let parquet = format!("{TABLES}/{}", name_of(path, &sha1, tables.len()));
        leadsheet::save(&folder.join(&parquet), &bytes, false).map_err(told)?;
        tables.push(TableEntry {
            parquet,
            sheet: ledger.sheet.clone(),
            template: ledger.template.clone(),
            rows: ledger.len(),
        });
    }
    Ok(Taken::New(Entry {
        size,
        modified,
        sha1,
        tables,
    }))
}

/// A name that no other workbook's table has, and no earlier state of this one.
fn name_of(path: &Path, sha1: &str, table: usize) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let is_plain = |c: &char| c.is_alphanumeric() || "-_".contains(*c);
    let stem: String = stem
        .unwrap_or_default()
        .chars()
        .filter(is_plain)
        .take(STEM)
        .collect();
    let full = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let place = hex(Sha1::digest(full.to_string_lossy().as_bytes()).as_slice());
    let number = table + 1;
    format!("{stem}-{}-{}-{number}.parquet", &place[..8], &sha1[..8])
}

fn sha1_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha1::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(digest.finalize().as_slice()));
        }
        digest.update(&buffer[..read]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes tables away that the manifest no longer names, and drafts that a killed run left.
fn sweep(folder: &Path, manifest: &Manifest) {
    let named: HashSet<PathBuf> = manifest.tables(folder).into_iter().collect();
    let Ok(entries) = fs::read_dir(folder.join(TABLES)) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let is_ours = ending.is_some_and(|ending| ["parquet", "draft", "lock"].contains(&ending));
        if is_ours && !named.contains(&path) {
            // What cannot be taken away is not read either.
            let _ = fs::remove_file(path);
        }
    }
}
