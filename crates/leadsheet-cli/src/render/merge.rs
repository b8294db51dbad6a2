//! What a merge did: a summary for people, one object for programs.

use std::io::Write;
use std::path::Path;

use leadsheet::{
    Conflict, ConflictKind, ConflictSide, Loss, MergeWords, MergedBook, MergedTable, Message,
    RowOrigin, Standing, column_letters,
};
use serde::Serialize;

use crate::Session;
use crate::commands::merge::MergedFile;

/// Conflicts shown before the rest is only counted.
const SHOWN: usize = 20;

pub(crate) fn text(
    session: &Session,
    files: &[MergedFile],
    merged: &MergedBook<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let message = |variant| Message::new("merge", variant);
    let summary = Summary::of(files, merged);
    let told = message("summary")
        .with("count", summary.files)
        .with("in", summary.rows_in)
        .with("out", summary.rows_out);
    writeln!(out, "{}", session.tell(&told))?;
    for table in &merged.tables {
        let told = message("table")
            .with("sheet", &table.ledger.sheet)
            .with("out", table.ledger.len())
            .with("leads", table.leads)
            .with("count", table.files);
        writeln!(out, "  {}", session.tell(&told))?;
    }
    if summary.duplicates > 0 {
        let told = message("duplicates-found").with("count", summary.duplicates);
        writeln!(out, "{}", session.tell(&told))?;
    }
    if summary.conflicts == 0 {
        return Ok(());
    }
    let told = message("conflicts-found").with("count", summary.conflicts);
    writeln!(out, "{}", session.tell(&told))?;
    let words = MergeWords::in_language(session.language);
    let shown = if session.verbose { usize::MAX } else { SHOWN };
    for (position, conflict) in merged.conflicts().take(shown) {
        let table = &merged.tables[position];
        let both = conflict.standing == Standing::Both;
        let told = message(if both { "conflict-both" } else { "conflict" })
            .with("lead", &conflict.lead)
            .with("what", words.what(table, conflict))
            .with("stands", &conflict.stands.value)
            .with("at", at(table, &conflict.stands))
            .with("other", &conflict.other.value)
            .with("elsewhere", at(table, &conflict.other))
            .with("why", words.why(conflict));
        writeln!(out, "  {}", session.tell(&told))?;
    }
    if summary.conflicts > shown {
        let told = message("more").with("count", summary.conflicts - shown);
        writeln!(out, "  {}", session.tell(&told))?;
    }
    Ok(())
}

/// `李雷.xlsx › 线索跟进!C5`.
fn at(table: &MergedTable, side: &ConflictSide) -> String {
    let RowOrigin { file, sheet, row } = &table.origins[side.row];
    match side.cell {
        Some(cell) => format!("{file} › {sheet}!{cell}"),
        None => format!("{file} › {sheet}!{row}"),
    }
}

#[derive(Serialize)]
struct Merge<'a> {
    schema: &'static str,
    out: String,
    files: Vec<File<'a>>,
    tables: Vec<Table<'a>>,
    duplicates: Vec<Duplicate>,
    conflicts: Vec<MergeConflict<'a>>,
    left_out: Vec<LeftOut<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    name: &'a str,
    error: Option<String>,
    rows: usize,
}

#[derive(Serialize)]
struct Table<'a> {
    sheet: &'a str,
    template: Option<&'a str>,
    files: usize,
    rows_in: usize,
    rows: usize,
    leads: usize,
    columns: Vec<Column<'a>>,
}

#[derive(Serialize)]
struct Column<'a> {
    letter: String,
    header: &'a str,
    field: Option<&'static str>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    sheet: String,
    row: u32,
}

#[derive(Serialize)]
struct Duplicate {
    table: usize,
    kept: Place,
    also_in: Vec<Place>,
}

#[derive(Serialize)]
struct MergeConflict<'a> {
    table: usize,
    kind: &'static str,
    lead: &'a str,
    field: &'static str,
    header: Option<&'a str>,
    stands: Side<'a>,
    other: Side<'a>,
    reason: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Side<'a> {
    value: &'a str,
    file: String,
    sheet: String,
    row: u32,
    cell: Option<String>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    file: &'a str,
    sheet: &'a str,
    what: &'static str,
    count: Option<usize>,
}

/// Counts over the whole merge.
#[derive(Clone, Copy, Debug, Serialize)]
struct Summary {
    /// Files that were read.
    files: usize,
    rows_in: usize,
    rows_out: usize,
    duplicates: usize,
    conflicts: usize,
}

impl Summary {
    fn of(files: &[MergedFile], merged: &MergedBook<'_>) -> Self {
        let rows_in = merged.tables.iter().map(|table| table.rows_in).sum();
        let rows_out = merged.tables.iter().map(|table| table.ledger.len()).sum();
        Self {
            files: files.iter().filter(|file| file.rows.is_ok()).count(),
            rows_in,
            rows_out,
            duplicates: rows_in - rows_out,
            conflicts: merged.conflicts().count(),
        }
    }
}

pub(crate) fn json(
    session: &Session,
    path: &Path,
    files: &[MergedFile],
    merged: &MergedBook<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let words = MergeWords::in_language(session.language);
    let output = merged.output();
    let tables = merged
        .tables
        .iter()
        .zip(&output)
        .map(|(table, output)| Table {
            sheet: &output.sheet,
            template: output.template.as_deref(),
            files: table.files,
            rows_in: table.rows_in,
            rows: table.ledger.len(),
            leads: table.leads,
            columns: (0..)
                .zip(&output.columns)
                .map(|(index, column)| Column {
                    letter: column_letters(index),
                    header: &column.header,
                    field: column.field.map(leadsheet::Field::key),
                })
                .collect(),
        });
    let document = Merge {
        schema: "leadsheet.merge/1",
        out: path.display().to_string(),
        files: files
            .iter()
            .map(|file| File {
                path: &file.path,
                name: &file.label,
                error: file
                    .rows
                    .as_ref()
                    .err()
                    .map(|error| session.tell(&error.message())),
                rows: *file.rows.as_ref().unwrap_or(&0),
            })
            .collect(),
        tables: tables.collect(),
        duplicates: duplicates(merged),
        conflicts: merged
            .conflicts()
            .map(|(position, conflict)| {
                merge_conflict(&merged.tables[position], position, conflict, words)
            })
            .collect(),
        left_out: left_out(merged),
        summary: Summary::of(files, merged),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(())
}

fn place(origin: &RowOrigin) -> Place {
    Place {
        file: origin.file.to_string(),
        sheet: origin.sheet.to_string(),
        row: origin.row,
    }
}

fn duplicates(merged: &MergedBook<'_>) -> Vec<Duplicate> {
    let mut duplicates = Vec::new();
    for (position, table) in merged.tables.iter().enumerate() {
        duplicates.extend(table.copies.iter().map(|(row, copies)| Duplicate {
            table: position,
            kept: place(&table.origins[*row]),
            also_in: copies.iter().map(place).collect(),
        }));
    }
    duplicates
}

fn merge_conflict<'a>(
    table: &'a MergedTable,
    position: usize,
    conflict: &'a Conflict,
    words: MergeWords,
) -> MergeConflict<'a> {
    let side = |side: &'a ConflictSide| {
        let origin = &table.origins[side.row];
        Side {
            value: &side.value,
            file: origin.file.to_string(),
            sheet: origin.sheet.to_string(),
            row: origin.row,
            cell: side.cell.map(|cell| cell.to_string()),
        }
    };
    MergeConflict {
        table: position,
        kind: match conflict.kind {
            ConflictKind::Fact => "fact",
            ConflictKind::Outcome => "outcome",
            ConflictKind::RegisteredTwice => "registered-twice",
            ConflictKind::SharedNumber => "shared-number",
            ConflictKind::SharedMobile => "shared-mobile",
            _ => "other",
        },
        lead: &conflict.lead,
        field: conflict.field.key(),
        header: table
            .ledger
            .column(conflict.field)
            .map(|column| column.header.as_str()),
        stands: side(&conflict.stands),
        other: side(&conflict.other),
        reason: match conflict.standing {
            Standing::First => "first",
            Standing::Latest => "latest",
            Standing::Earlier => "earlier",
            Standing::Stronger => "stronger",
            Standing::Both => "both",
            _ => "order",
        },
        message: words.why(conflict),
    }
}

fn left_out<'a>(merged: &'a MergedBook<'_>) -> Vec<LeftOut<'a>> {
    let of_file = |(file, losses): (&'a String, &'a Vec<Loss>)| {
        let left_out = losses.iter().filter_map(move |loss| {
            let (what, count) = match loss {
                Loss::SheetLeftOut { .. } => ("sheet", None),
                Loss::AroundTableLeftOut { .. } => ("around-table", None),
                Loss::FormulasAsValues { count, .. } => ("formulas", Some(*count)),
                _ => return None,
            };
            Some(LeftOut {
                file,
                sheet: loss.sheet()?,
                what,
                count,
            })
        });
        left_out.collect::<Vec<_>>()
    };
    merged.losses.iter().flat_map(of_file).collect()
}
