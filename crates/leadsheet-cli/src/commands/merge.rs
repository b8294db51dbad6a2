//! `leadsheet merge`: many people's workbooks become one, nothing lost and nothing counted twice without a word.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use leadsheet::{
    FileKind, Loss, MergeList, MergePart, MergeSettings, MergedBook, Message, Notice, OutputKind,
    OutputTable, ReadError, RowOrder, WorkbookMerger, WriteError,
};

use super::convert::message_of;
use super::one_table::bytes_of;
use crate::args::{MergeArgs, MergeFormat, MergeOrder};
use crate::input::{Share, expand, is_same_file, one_by_one, open_unmarked, tell_trouble};
use crate::render;
use crate::render::convert::Converted;
use crate::{Session, Status, Streams};

/// Losses of one kind that are named before the rest is only counted.
const NAMED: usize = 5;

/// A file that was to be merged.
pub(crate) struct MergedFile {
    pub(crate) path: String,
    /// What its rows are said to come from.
    pub(crate) label: String,
    /// How many rows its tables have, or why it could not be read.
    pub(crate) rows: Result<usize, ReadError>,
    sheets: Vec<String>,
    notices: Vec<Notice>,
}

pub(crate) fn merge(
    session: &Session,
    args: &MergeArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let told = |error: WriteError| anyhow!(session.tell(&error.message()));
    let kind = OutputKind::of(&args.out).map_err(told)?;
    let target = match &args.template {
        Some(name) => match session.config.templates.get(name) {
            Some(template) => Some(template),
            None => {
                bail!(session.tell(&Message::new("command", "no-such-template").with("name", name)))
            }
        },
        None => None,
    };
    let paths = expand(session, &args.files)?;
    let onto_itself = paths.iter().any(|path| is_same_file(path, &args.out));
    if onto_itself && !args.in_place {
        bail!(
            session.tell(&Message::new("command", "onto-itself").with("path", args.out.display()))
        );
    }
    let settings = MergeSettings {
        templates: &session.config.templates,
        policy: &session.config.policy,
        target,
        order: match args.order {
            MergeOrder::Lead => RowOrder::Lead,
            MergeOrder::File => RowOrder::File,
        },
        origins: !args.no_provenance,
    };
    let (files, merged) = read(session, &paths, settings, streams)?;
    let mut all_read = true;
    for file in &files {
        all_read &= file.rows.is_ok();
        let names = file.sheets.iter().map(String::as_str).collect();
        let names = file.rows.as_ref().map(|_| names);
        tell_trouble(session, &file.path, names, &file.notices, streams)?;
    }
    if merged.tables.is_empty() {
        if all_read {
            bail!(session.say("command-no-table"));
        }
        return Ok(Status::Failed);
    }
    let (bytes, losses) = composed(session, &args.out, kind, &merged)?;
    let output = target.map(|_| merged.output()).unwrap_or_default();
    let output: Vec<_> = output
        .iter()
        .map(|table| Converted::of(table, target))
        .collect();
    leadsheet::save(&args.out, &bytes, onto_itself).map_err(told)?;
    match args.format {
        MergeFormat::Text => render::merge::text(session, &files, &merged, streams.out)?,
        MergeFormat::Json => {
            render::merge::json(session, &args.out, &files, &merged, streams.out)?;
        }
    }
    if !session.quiet {
        for line in render::convert::terms(session, &output) {
            writeln!(streams.err, "{line}")?;
        }
        for loss in left_out(session, &merged).iter().chain(&losses) {
            writeln!(streams.err, "{}", session.tell(loss))?;
        }
        let written = Message::new("command", "written").with("path", args.out.display());
        writeln!(streams.err, "{}", session.tell(&written))?;
    }
    Ok(if !all_read {
        Status::Failed
    } else if merged.conflicts().next().is_some() {
        Status::Findings
    } else {
        Status::Clean
    })
}

/// Reads the files and puts them together, each as soon as it is read: no more than a few are in memory at a time.
fn read<'s>(
    session: &Session,
    paths: &[PathBuf],
    settings: MergeSettings<'s>,
    streams: &Streams<'_>,
) -> anyhow::Result<(Vec<MergedFile>, MergedBook<'s>)> {
    let labels = labels(paths);
    let mut merger = WorkbookMerger::new(settings);
    let mut files: Vec<Option<MergedFile>> = paths.iter().map(|_| None).collect();
    let mut full = None;
    let label_of: HashMap<&Path, &str> = paths
        .iter()
        .map(PathBuf::as_path)
        .zip(labels.iter().map(String::as_str))
        .collect();
    let part = |path: &Path, share: Share<'_>| {
        let (mut workbook, _) = open_unmarked(path, share)?;
        let notices = std::mem::take(&mut workbook.notices);
        // What was taken from a workbook stands in that workbook.
        let origin = (workbook.kind == FileKind::Parquet)
            .then(|| leadsheet::parquet_origin(path))
            .flatten();
        let label = match &origin {
            Some(origin) => origin.rsplit(['/', '\\']).next().unwrap_or_default(),
            None => label_of[path],
        };
        let part = MergePart::new(label, workbook, settings.templates);
        Ok((part, notices))
    };
    one_by_one(session, paths, streams, part, |position, read| {
        let (mut sheets, mut notices) = (Vec::new(), Vec::new());
        let rows = read.map(|(part, told)| {
            let rows = part.rows();
            notices = told;
            sheets.extend(part.sheets().map(str::to_owned));
            if full.is_none() && merger.add(part).is_err() {
                full = Some(position);
            }
            rows
        });
        files[position] = Some(MergedFile {
            path: paths[position].to_string_lossy().into_owned(),
            label: labels[position].clone(),
            rows,
            sheets,
            notices,
        });
    });
    if let Some(position) = full {
        return Err(no_room(session, &paths[position]));
    }
    let last = paths.last().map_or(Path::new(""), PathBuf::as_path);
    let files = files.into_iter().flatten().collect();
    let book = merger.finish().map_err(|_| no_room(session, last))?;
    Ok((files, book))
}

/// What the rows of each file are said to come from: the end of its path that tells it from the others. Where a file
/// lies on somebody's machine is nobody's business.
fn labels(paths: &[PathBuf]) -> Vec<String> {
    let parts: Vec<Vec<String>> = paths
        .iter()
        .map(|path| {
            let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
            parts.filter(|part| part != "." && part != "/").collect()
        })
        .collect();
    let end =
        |parts: &[String], length: usize| parts[parts.len().saturating_sub(length)..].join("/");
    let mut lengths = vec![1; paths.len()];
    loop {
        let mut shown: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, parts) in parts.iter().enumerate() {
            let label = end(parts, lengths[position]);
            shown.entry(label).or_default().push(position);
        }
        let mut grew = false;
        for position in shown.into_values().filter(|it| it.len() > 1).flatten() {
            if lengths[position] < parts[position].len() {
                lengths[position] += 1;
                grew = true;
            }
        }
        if !grew {
            let labels = parts.iter().zip(lengths);
            return labels.map(|(parts, length)| end(parts, length)).collect();
        }
    }
}

fn composed(
    session: &Session,
    out: &Path,
    kind: OutputKind,
    merged: &MergedBook<'_>,
) -> anyhow::Result<(Vec<u8>, Vec<Message>)> {
    let told = |error: WriteError| anyhow!(session.tell(&error.message()));
    let mut tables = merged.output();
    if !kind.holds_several_tables() {
        return one_table(session, kind, merged, &tables).map_err(|refused| match refused {
            Refused::Write(error) => told(error),
            Refused::Several(message) => anyhow!(session.tell(&message)),
        });
    }
    let lists = merged.lists().map_err(|_| no_room(session, out))?;
    tables.extend(lists.iter().map(MergeList::output));
    let bytes = if let Some(kind) = kind.workbook() {
        let words = |message: &Message| session.tell(message);
        leadsheet::compose_tables(&tables, kind, &session.guide(&words))
    } else {
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        leadsheet::to_json(&name, &tables)
    };
    Ok((bytes.map_err(told)?, Vec::new()))
}

/// Why a format of one table cannot hold the merged ones.
enum Refused {
    Several(Message),
    Write(WriteError),
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        Refused::Write(error)
    }
}

/// Formats of one table hold one, and not its lists.
fn one_table(
    session: &Session,
    kind: OutputKind,
    merged: &MergedBook<'_>,
    tables: &[OutputTable<'_>],
) -> Result<(Vec<u8>, Vec<Message>), Refused> {
    let [table] = tables else {
        let names: Vec<&str> = tables.iter().map(|table| table.sheet.as_str()).collect();
        let message = Message::new("merge", "one-table")
            .with("count", tables.len())
            .with("names", names.join(", "));
        return Err(Refused::Several(message));
    };
    let (bytes, losses) = bytes_of(session, kind, table, None)?;
    let mut told: Vec<Message> = losses.iter().map(message_of).collect();
    let words = merged.words();
    let has_copies = merged.tables.iter().any(|table| !table.copies.is_empty());
    let lists = [
        (merged.conflicts().next().is_some(), words.conflicts()),
        (has_copies, words.duplicates()),
    ];
    let lists = lists.into_iter().filter(|(is_any, _)| *is_any);
    let names: Vec<String> = lists.map(|(_, name)| name).collect();
    if !names.is_empty() {
        told.push(Message::new("merge", "without-lists").with("names", names.join(", ")));
    }
    Ok((bytes, told))
}

fn no_room(session: &Session, path: &Path) -> anyhow::Error {
    anyhow!(session.tell(&Message::new("merge", "no-room").with("path", path.display())))
}

/// What of the files is in no table, gathered: a thousand files have a thousand titles.
fn left_out(session: &Session, merged: &MergedBook<'_>) -> Vec<Message> {
    let (mut sheets, mut around, mut formulas) = (Vec::new(), 0, 0);
    for (file, losses) in &merged.losses {
        for loss in losses {
            match loss {
                Loss::SheetLeftOut { sheet } => sheets.push(format!("{file} › {sheet}")),
                Loss::AroundTableLeftOut { .. } => around += 1,
                Loss::FormulasAsValues { count, .. } => formulas += count,
                _ => {}
            }
        }
    }
    let message = |variant| Message::new("merge", variant);
    let mut told = Vec::new();
    if !sheets.is_empty() {
        let shown = if session.verbose { sheets.len() } else { NAMED };
        let more = sheets.len().saturating_sub(shown);
        sheets.truncate(shown);
        let mut names = sheets.join(", ");
        if more > 0 {
            names = session.tell(&message("and-more").with("names", names).with("count", more));
        }
        told.push(message("left-out-sheets").with("names", names));
    }
    if around > 0 {
        told.push(message("left-out-around").with("count", around));
    }
    if formulas > 0 {
        told.push(message("left-out-formulas").with("count", formulas));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_as_much_of_its_path_as_tells_it_apart() {
        let paths = [
            "/home/li/2025/a.xlsx",
            "/home/li/2024/a.xlsx",
            "./b.xlsx",
            "-",
        ];
        assert_eq!(
            labels(&paths.map(PathBuf::from)),
            ["2025/a.xlsx", "2024/a.xlsx", "b.xlsx", "-"]
        );
    }
}
