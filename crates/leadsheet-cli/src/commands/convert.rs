//! `leadsheet convert`: another format, another template, nothing lost without a word.

use anyhow::bail;
use leadsheet::{Loss, Message, OutputKind, OutputTable, Workbook, WriteError};

use super::crm;
use super::one_table::bytes_of;
use super::saving::save;
use crate::args::{ConvertArgs, ConvertFormat};
use crate::input::{is_same_file, open_one};
use crate::render::convert::Converted;
use crate::{Session, Status, Streams, render};

pub(crate) fn convert(
    session: &Session,
    args: &ConvertArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let told = |error: WriteError| anyhow::anyhow!(session.tell(&error.message()));
    let kind = OutputKind::of(&args.output).map_err(told)?;
    let onto_itself = is_same_file(&args.input, &args.output);
    if onto_itself && !args.in_place {
        bail!(
            session
                .tell(&Message::new("command", "onto-itself").with("path", args.output.display()))
        );
    }
    let shown = args.input.display().to_string();
    let profile = match &args.to {
        Some(name) => Some(crm::profile(session, name, &args.output)?),
        None => None,
    };
    let mut workbook = open_one(session, &args.input)?;
    if !session.quiet {
        let names: Vec<&str> = workbook
            .sheets
            .iter()
            .map(|sheet| sheet.name.as_str())
            .collect();
        let shown_at_most = session.notices_shown();
        render::text::notices(
            session,
            &shown,
            &names,
            &workbook.notices,
            shown_at_most,
            streams.err,
        )?;
    }
    if let Some(name) = &args.sheet {
        select_sheet(session, &mut workbook, name)?;
    }
    if let Some(profile) = profile {
        return crm::convert(session, args, &profile, &workbook, onto_itself, streams);
    }
    let composed = composed(session, args.template.as_deref(), kind, &shown, &workbook)?;
    let losses: Vec<(Loss, Message)> = composed
        .losses
        .into_iter()
        .map(|loss| {
            let message = message_of(&loss);
            (loss, message)
        })
        .collect();
    let mut said = render::convert::terms(session, &composed.tables);
    said.extend(losses.iter().map(|(_, message)| session.tell(message)));
    save(
        session,
        &args.output,
        &composed.bytes,
        onto_itself,
        &said,
        streams,
    )?;
    if args.format == ConvertFormat::Json {
        render::convert::json(
            session,
            (&shown, &args.output.display().to_string()),
            args.template.as_deref(),
            &composed.tables,
            &losses,
            streams.out,
        )?;
    }
    Ok(Status::Clean)
}

fn select_sheet(session: &Session, workbook: &mut Workbook, name: &str) -> anyhow::Result<()> {
    let names: Vec<String> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.name.clone())
        .collect();
    workbook.sheets.retain(|sheet| sheet.name == name);
    if workbook.sheets.is_empty() {
        let there = names.join(", ");
        bail!(
            session.tell(
                &Message::new("command", "no-such-sheet")
                    .with("name", name)
                    .with("names", there)
            )
        );
    }
    Ok(())
}

/// The file to write, and what is to be said about it.
pub(super) struct Composed {
    pub(super) bytes: Vec<u8>,
    tables: Vec<Converted>,
    pub(super) losses: Vec<Loss>,
}

/// A workbook written anew, brought into a template where one is named.
pub(super) fn composed(
    session: &Session,
    template: Option<&str>,
    kind: OutputKind,
    path: &str,
    workbook: &Workbook,
) -> anyhow::Result<Composed> {
    let told = |error: WriteError| anyhow::anyhow!(session.tell(&error.message()));
    let templates = &session.config.templates;
    let target = match template {
        Some(name) => match templates.get(name) {
            Some(template) => Some(template),
            None => {
                bail!(session.tell(&Message::new("command", "no-such-template").with("name", name)))
            }
        },
        None => None,
    };
    if let (Some(kind), None) = (kind.workbook(), target) {
        let (bytes, losses) = leadsheet::compose(workbook, templates, kind).map_err(told)?;
        return Ok(Composed {
            bytes,
            tables: Vec::new(),
            losses,
        });
    }
    let ledgers = workbook.ledgers(templates);
    let mut losses = leadsheet::losses_outside_tables(workbook, &ledgers, templates);
    let mut tables: Vec<OutputTable<'_>> = leadsheet::tables(workbook, &ledgers);
    if let Some(target) = target {
        tables = ledgers
            .iter()
            .flatten()
            .map(|ledger| {
                leadsheet::into_template(ledger, target, templates).with_equivalents(
                    target,
                    templates,
                    &session.config.policy,
                )
            })
            .collect();
        if tables.is_empty() {
            bail!(session.say("command-no-table"));
        }
        let kept = |sheet: &str| tables.iter().any(|table| table.sheet == sheet);
        let left_out = workbook
            .sheets
            .iter()
            .filter(|sheet| sheet.used().is_some() && !kept(&sheet.name));
        losses.extend(left_out.map(|sheet| Loss::SheetLeftOut {
            sheet: sheet.name.clone(),
        }));
    }
    let bytes = if let Some(kind) = kind.workbook() {
        losses.extend(leadsheet::losses_of_format(workbook, kind));
        let words = |message: &Message| session.tell(message);
        leadsheet::compose_tables(&tables, kind, &session.guide(&words)).map_err(told)?
    } else if kind.holds_several_tables() {
        leadsheet::to_json(path, &tables).map_err(told)?
    } else {
        if kind == OutputKind::Parquet {
            the_one(session, &mut tables, &mut losses)?;
        } else {
            only_one(session, &mut tables, &mut losses)?;
        }
        let table = &tables[0];
        let sheet = workbook.sheets.iter().find(|it| it.name == table.sheet);
        let from = sheet.map(|sheet| (sheet, path));
        let (bytes, more) = bytes_of(session, kind, table, from).map_err(told)?;
        losses.extend(more);
        bytes
    };
    Ok(Composed {
        bytes,
        tables: tables
            .iter()
            .map(|table| Converted::of(table, target))
            .collect(),
        losses,
    })
}

/// Keeps the table that fits a file of one: a recognised one before any other.
fn only_one(
    session: &Session,
    tables: &mut Vec<OutputTable<'_>>,
    losses: &mut Vec<Loss>,
) -> anyhow::Result<()> {
    if tables.is_empty() {
        bail!(session.say("command-nothing-to-write"));
    }
    let position = tables.iter().position(|table| table.template.is_some());
    keep(position.unwrap_or_default(), tables, losses);
    Ok(())
}

/// The one table of a parquet file. Of several the user says which: a file that silently lacks a table is no
/// conversion.
fn the_one(
    session: &Session,
    tables: &mut Vec<OutputTable<'_>>,
    losses: &mut Vec<Loss>,
) -> anyhow::Result<()> {
    let recognised: Vec<usize> = (0..tables.len())
        .filter(|&at| tables[at].template.is_some())
        .collect();
    let names = |at: &usize| tables[*at].sheet.clone();
    let position = match recognised[..] {
        [] if tables.len() == 1 => 0,
        [one] => one,
        _ => {
            let several: Vec<_> = if recognised.is_empty() {
                (0..tables.len()).collect()
            } else {
                recognised
            };
            if several.is_empty() {
                bail!(session.say("command-nothing-to-write"));
            }
            let sheets: Vec<_> = several.iter().map(names).collect();
            let message = Message::new("command", "one-table").with("sheets", sheets.join(", "));
            bail!(session.tell(&message));
        }
    };
    keep(position, tables, losses);
    // What stands around the table travels along.
    losses.retain(|loss| !matches!(loss, Loss::AroundTableLeftOut { .. }));
    Ok(())
}

fn keep(position: usize, tables: &mut Vec<OutputTable<'_>>, losses: &mut Vec<Loss>) {
    let table = tables.swap_remove(position);
    // Of a sheet that is left out as a whole nothing more need be said.
    losses.retain(|loss| loss.sheet().is_none_or(|sheet| sheet == table.sheet));
    losses.extend(tables.iter().map(|table| Loss::SheetLeftOut {
        sheet: table.sheet.clone(),
    }));
    *tables = vec![table];
}

pub(super) fn message_of(loss: &Loss) -> Message {
    let message = |variant| Message::new("loss", variant);
    match loss {
        Loss::FormulasAsValues { sheet, count } => message("formulas")
            .with("sheet", sheet)
            .with("count", count),
        Loss::SheetLeftOut { sheet } => message("sheet").with("sheet", sheet),
        Loss::AroundTableLeftOut { sheet } => message("around").with("sheet", sheet),
        Loss::FormulaTextsGuarded { count } => message("guarded").with("count", count),
        Loss::ControlCharacters { sheet, count } => message("control-characters")
            .with("sheet", sheet)
            .with("count", count),
        Loss::DatesAsText { sheet, count } => {
            message("dates").with("sheet", sheet).with("count", count)
        }
        _ => message("other"),
    }
}
