//! What became of a workbook on its way into another format or template, for people and for programs.

use std::io::Write;

use leadsheet::{Loss, Message, OutputColumn, OutputTable, TemplateDefinition, TermChange};
use serde::Serialize;

use super::text::table;
use crate::Session;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    input: &'a str,
    output: &'a str,
    template: Option<&'a str>,
    tables: &'a [Converted],
    losses: Vec<Lost<'a>>,
}

/// A table as it was written.
#[derive(Serialize)]
pub(crate) struct Converted {
    sheet: String,
    rows: usize,
    columns: Vec<Column>,
    terms: Vec<Term>,
}

#[derive(Serialize)]
struct Column {
    header: String,
    field: Option<&'static str>,
    /// Whether the table it comes from has anything to put there.
    filled: bool,
    /// Whether the template has no such column, so that it stands behind the others.
    appended: bool,
}

#[derive(Serialize)]
struct Term {
    column: String,
    field: &'static str,
    old: String,
    new: Option<String>,
    target: String,
    target_field: &'static str,
    cells: usize,
}

#[derive(Serialize)]
struct Lost<'a> {
    kind: &'static str,
    sheet: Option<&'a str>,
    message: String,
}

impl Converted {
    pub(crate) fn of(it: &OutputTable<'_>, target: Option<&TemplateDefinition>) -> Self {
        let column = |column: &OutputColumn| Column {
            header: column.header.clone(),
            field: column.field.map(leadsheet::Field::key),
            filled: column.is_filled(),
            appended: target.is_some_and(|target| {
                column
                    .field
                    .is_none_or(|field| target.column(field).is_none())
            }),
        };
        let term = |term: &TermChange| Term {
            column: term.column.clone(),
            field: term.field.key(),
            old: term.old.clone(),
            new: term.new.clone(),
            target: term.target.clone(),
            target_field: term.target_field.key(),
            cells: term.cells,
        };
        Self {
            sheet: it.sheet.clone(),
            rows: it.len(),
            columns: it.columns.iter().map(column).collect(),
            terms: it.terms.iter().map(term).collect(),
        }
    }
}

/// The stable name of a loss.
const fn kind_of(loss: &Loss) -> &'static str {
    match loss {
        Loss::FormulasAsValues { .. } => "formulas-as-values",
        Loss::SheetLeftOut { .. } => "sheet-left-out",
        Loss::AroundTableLeftOut { .. } => "around-table-left-out",
        Loss::FormulaTextsGuarded { .. } => "formula-texts-guarded",
        Loss::DatesAsText { .. } => "dates-as-text",
        Loss::ControlCharacters { .. } => "control-characters",
        _ => "other",
    }
}

/// One object.
pub(crate) fn json(
    session: &Session,
    (input, output): (&str, &str),
    template: Option<&str>,
    tables: &[Converted],
    losses: &[(Loss, Message)],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let lost = losses.iter().map(|(loss, message)| Lost {
        kind: kind_of(loss),
        sheet: loss.sheet(),
        message: session.tell(message),
    });
    let document = Document {
        schema: "leadsheet.convert/1",
        input,
        output,
        template,
        tables,
        losses: lost.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(())
}

/// What became of the terms, a line each; nothing where all are as they were.
pub(crate) fn terms(session: &Session, tables: &[Converted]) -> Vec<String> {
    let changed = || tables.iter().filter(|table| !table.terms.is_empty());
    if changed().next().is_none() {
        return Vec::new();
    }
    let heads = [
        "convert-column",
        "convert-old",
        "convert-new",
        "convert-target",
        "convert-cells",
    ];
    let heads = heads.map(|id| session.say(id));
    let rows = changed().flat_map(|table| {
        table.terms.iter().map(|term| {
            vec![
                term.column.clone(),
                term.old.clone(),
                term.new
                    .clone()
                    .unwrap_or_else(|| session.say("convert-no-such-term")),
                term.target.clone(),
                term.cells.to_string(),
            ]
        })
    });
    vec![
        session.say("convert-terms"),
        table(&heads, rows, &[4]).to_string(),
    ]
}
