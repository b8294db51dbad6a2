//! For eyes: reports, tables that align Chinese, notes in sentences.

use std::collections::HashSet;
use std::io::Write;

use anstyle::Style;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use leadsheet::{
    CellRef, Figure, FigureBook, FigureTable, Message, Notice, Recognised, Sheet, Value,
    Visibility, Workbook,
};

use super::figures::key_title;
use crate::Session;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// A table with a heading line. Columns named in `right` hold numbers.
pub(crate) fn table(
    heads: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    right: &[usize],
) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header(heads);
    table.add_rows(rows);
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// What a spreadsheet program does not show of a sheet. All of it is read.
pub(super) fn hidden(is_shown: bool, rows: &[(u32, u32)], columns: &[(u32, u32)]) -> Vec<Message> {
    let ranges = |ranges: &[(u32, u32)], name: &dyn Fn(u32) -> String| {
        let shown = ranges.iter().map(|&(first, last)| {
            if first == last {
                name(first)
            } else {
                format!("{}–{}", name(first), name(last))
            }
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    let mut told = Vec::new();
    if !is_shown {
        told.push(Message::new("hidden", "sheet"));
    }
    if !rows.is_empty() {
        let rows = ranges(rows, &|row| (row + 1).to_string());
        told.push(Message::new("hidden", "rows").with("rows", rows));
    }
    if !columns.is_empty() {
        let columns = ranges(columns, &leadsheet::column_letters);
        told.push(Message::new("hidden", "columns").with("columns", columns));
    }
    told
}

/// A report: what was counted, a table for each topic, the notes. What a topic means is said where it is not plain
/// from its columns.
pub(crate) fn report(
    session: &Session,
    book: &FigureBook,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut about = book.about.iter();
    if let Some(headline) = about.next() {
        writeln!(out, "{BOLD}{headline}{BOLD:#}")?;
    }
    for sentence in about {
        writeln!(out, "{sentence}")?;
    }
    writeln!(out)?;
    for sheet in &book.sheets {
        let is_plain =
            sheet.id.starts_with("conversion") || ["funnel", "due"].contains(&sheet.id.as_str());
        if !is_plain {
            writeln!(out, "{BOLD}{}{BOLD:#}", sheet.title)?;
        }
        if !is_plain || session.verbose {
            for sentence in &sheet.about {
                writeln!(out, "{DIM}{sentence}{DIM:#}")?;
            }
        }
        for figures in &sheet.tables {
            if let Some(title) = &figures.title {
                writeln!(out, "{title}")?;
            }
            writeln!(out, "{}\n", figure_table(figures))?;
        }
        for note in &sheet.notes {
            writeln!(out, "{DIM}· {note}{DIM:#}")?;
        }
        if !sheet.notes.is_empty() {
            writeln!(out)?;
        }
    }
    for note in &book.notes {
        writeln!(out, "{DIM}· {note}{DIM:#}")?;
    }
    Ok(())
}

pub(crate) fn figure_table(figures: &FigureTable) -> Table {
    let heads: Vec<String> = figures
        .columns
        .iter()
        .map(|column| column.heading.clone())
        .collect();
    let numbers: Vec<usize> = (0..heads.len())
        .filter(|&column| figures.columns[column].kind.is_number())
        .collect();
    let shown = |cells: &Vec<Figure>| -> Vec<String> {
        cells
            .iter()
            .zip(&figures.columns)
            .map(|(figure, column)| figure.shown(&column.kind))
            .collect()
    };
    let rows = figures.rows.iter().map(|row| &row.cells);
    table(&heads, rows.chain(&figures.total).map(shown), &numbers)
}

/// The filled cells of a sheet row by row, formulas without a result among them.
pub(crate) fn cells(sheet: &Sheet) -> impl Iterator<Item = (CellRef, Value<'_>, bool)> {
    let formulas: HashSet<CellRef> = sheet.formulas.iter().copied().collect();
    let filled = (0..sheet.grid.width()).flat_map(|column| {
        sheet
            .grid
            .column(column)
            .map(move |(row, _)| CellRef::new(row, column))
    });
    let mut places: Vec<CellRef> = filled.chain(sheet.uncalculated.iter().copied()).collect();
    places.sort_unstable();
    places.dedup();
    places
        .into_iter()
        .map(move |cell| (cell, sheet.value(cell), formulas.contains(&cell)))
}

/// What a file holds.
pub(crate) fn inspection(
    session: &Session,
    path: &str,
    workbook: &Workbook,
    recognitions: &[Recognised<'_>],
    every_cell: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "{BOLD}{path}{BOLD:#}  {}", workbook.kind.extension())?;
    let heads = [
        "inspect-sheet",
        "inspect-visible",
        "inspect-used",
        "inspect-cells",
        "inspect-merges",
        "inspect-template",
        "inspect-runner-up",
    ];
    let rows = workbook
        .sheets
        .iter()
        .zip(recognitions)
        .map(|(sheet, recognised)| {
            let recognition = &recognised.recognition;
            let fit = |candidate: &leadsheet::Candidate| {
                format!("{} {:.2}", candidate.template, candidate.score)
            };
            let template = match (recognised.template(), &recognition.best) {
                (Some(_), Some(best)) => fit(best),
                (None, Some(best)) => format!("— ({})", fit(best)),
                _ => "—".to_owned(),
            };
            vec![
                sheet.name.clone(),
                session.say(if sheet.visibility == Visibility::Visible {
                    "inspect-yes"
                } else {
                    "inspect-no"
                }),
                sheet
                    .used()
                    .map_or_else(|| "—".to_owned(), |used| used.to_string()),
                sheet.grid.filled().to_string(),
                sheet.merges.len().to_string(),
                template,
                recognition
                    .runner_up
                    .as_ref()
                    .map_or_else(|| "—".to_owned(), fit),
            ]
        });
    writeln!(
        out,
        "{}",
        table(&heads.map(|id| session.say(id)), rows, &[3, 4])
    )?;
    for (sheet, recognised) in workbook.sheets.iter().zip(recognitions) {
        recognition(session, sheet, recognised, out)?;
    }
    if every_cell {
        for sheet in &workbook.sheets {
            writeln!(out, "{BOLD}{}{BOLD:#}", sheet.name)?;
            for (cell, value, formula) in cells(sheet) {
                let mark = if formula { " =" } else { "" };
                writeln!(out, "  {cell}{mark} {}", value.display())?;
            }
        }
    }
    let names: Vec<&str> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    notices(session, path, &names, &workbook.notices, usize::MAX, out)
}

/// What a sheet was recognised as, and what each of its columns means.
fn recognition(
    session: &Session,
    sheet: &Sheet,
    recognised: &Recognised<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for told in hidden(true, &sheet.hidden_rows, &sheet.hidden_columns) {
        writeln!(out, "{}: {}", sheet.name, session.tell(&told))?;
    }
    if let Some(form) = &recognised.form {
        let told = Message::new("inspect", "form")
            .with("sheet", &sheet.name)
            .with("records", form.len());
        writeln!(out, "{}", session.tell(&told))?;
        for column in &form.columns {
            let field = column.field.map_or("—", |field| field.key());
            writeln!(out, "  {} {} → {field}", column.cell, column.header)?;
        }
    }
    let Some(layout) = &recognised.layout else {
        if let Some(best) = &recognised.recognition.best {
            let variant = if best.missing.is_empty() {
                "nearest-complete"
            } else {
                "nearest"
            };
            let told = Message::new("inspect", variant)
                .with("sheet", &sheet.name)
                .with("template", session.template_title(&best.template))
                .with("score", format!("{:.2}", best.score))
                .with("missing", best.missing_headings());
            writeln!(out, "{}", session.tell(&told))?;
        }
        return Ok(());
    };
    let told = match layout.group_row {
        None => Message::new("inspect", "heading").with("row", layout.header_row + 1),
        Some(group_row) => Message::new("inspect", "heading-rows").with(
            "rows",
            format!("{}–{}", group_row + 1, layout.header_row + 1),
        ),
    };
    writeln!(out, "{}", session.tell(&told.with("sheet", &sheet.name)))?;
    for (cell, header, field) in layout.head() {
        writeln!(out, "  {cell} {header} → {field}")?;
    }
    for column in &layout.columns {
        let field = column.field.map_or("—", |field| field.key());
        let letters = leadsheet::column_letters(column.index);
        let heading = [column.group.as_deref(), Some(&column.header)];
        let heading: Vec<_> = heading.into_iter().flatten().collect();
        let heading = heading.join(" / ").replace('\n', " ");
        write!(out, "  {letters} {heading} → {field}")?;
        let mut decisions = recognised.recognition.decisions.iter();
        match decisions.find(|decision| decision.cell.column == column.index) {
            Some(decision) => {
                let why = reason_in_words(session, decision);
                writeln!(out, "  {DIM}{why}{DIM:#}")?;
            }
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// Why a heading was taken for what it was; a field is called by its usual heading.
pub(crate) fn reason_in_words(session: &Session, decision: &leadsheet::Decision) -> String {
    let called = |key: &str| key_title(session, key);
    session.tell(&decision.reason.message().map("field", called))
}

/// What could not be read faithfully, a line each; beyond `limit` only how many more there are.
pub(crate) fn notices(
    session: &Session,
    path: &str,
    sheets: &[&str],
    notices: &[Notice],
    limit: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for notice in notices.iter().take(limit) {
        let sheet = notice.sheet.and_then(|sheet| sheets.get(sheet));
        let place = match (sheet, notice.cell) {
            (Some(sheet), Some(cell)) => format!("{path} › {sheet}!{cell}"),
            (Some(sheet), None) => format!("{path} › {sheet}"),
            _ => path.to_owned(),
        };
        writeln!(out, "{place}: {}", session.tell(&notice.kind.message()))?;
    }
    let hidden = notices.len().saturating_sub(limit);
    if hidden > 0 {
        let more = Message::new("command", "more-notices").with("count", hidden);
        writeln!(out, "{path}: {}", session.tell(&more))?;
    }
    Ok(())
}
