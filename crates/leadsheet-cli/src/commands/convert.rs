//! `leadsheet convert`: another format, another template, nothing lost without a word.

use anyhow::bail;
use leadsheet::{
    Loss, Message, OutputKind, OutputTable, ParquetNames, ParquetOptions, Workbook, WriteError,
};

use super::crm;
use crate::args::ConvertArgs;
use crate::input::{is_same_file, open_one};
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
    let (bytes, losses) = composed(session, args.template.as_deref(), kind, &shown, &workbook)?;
    leadsheet::save(&args.output, &bytes, onto_itself).map_err(told)?;
    if !session.quiet {
        for loss in &losses {
            writeln!(streams.err, "{}", session.tell(&message_of(loss)))?;
        }
    }
    if !session.quiet {
        let written = Message::new("command", "written").with("path", args.output.display());
        writeln!(streams.err, "{}", session.tell(&written))?;
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

/// A workbook written anew, brought into a template where one is named, and what that could not carry over.
pub(super) fn composed(
    session: &Session,
    template: Option<&str>,
    kind: OutputKind,
    path: &str,
    workbook: &Workbook,
) -> anyhow::Result<(Vec<u8>, Vec<Loss>)> {
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
        return leadsheet::compose(workbook, templates, kind).map_err(told);
    }
    let ledgers = workbook.ledgers(templates);
    let mut losses = leadsheet::losses_outside_tables(workbook, &ledgers, templates);
    let mut tables: Vec<OutputTable<'_>> = leadsheet::tables(workbook, &ledgers);
    if let Some(target) = target {
        tables = ledgers
            .iter()
            .flatten()
            .map(|ledger| leadsheet::into_template(ledger, target, templates))
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
    if let Some(kind) = kind.workbook() {
        let words = |message: &Message| session.tell(message);
        let bytes = leadsheet::compose_tables(&tables, kind, &session.guide(&words));
        return Ok((bytes.map_err(told)?, losses));
    }
    match kind {
        OutputKind::Json => Ok((leadsheet::to_json(path, &tables).map_err(told)?, losses)),
        OutputKind::Parquet => {
            let (bytes, more) = parquet(session, path, workbook, &mut tables, &mut losses)?;
            losses.extend(more);
            Ok((bytes, losses))
        }
        _ => {
            // One table fits a CSV file: a recognised one before any other.
            let position = tables
                .iter()
                .position(|table| table.template.is_some())
                .unwrap_or_default();
            if tables.is_empty() {
                bail!(session.say("command-nothing-to-write"));
            }
            let table = tables.swap_remove(position);
            // Of a sheet that is left out as a whole nothing more need be said.
            losses.retain(|loss| loss.sheet().is_none_or(|sheet| sheet == table.sheet));
            losses.extend(tables.iter().map(|table| Loss::SheetLeftOut {
                sheet: table.sheet.clone(),
            }));
            let (bytes, count) = leadsheet::to_csv(&table).map_err(told)?;
            if count > 0 {
                losses.push(Loss::FormulaTextsGuarded { count });
            }
            Ok((bytes, losses))
        }
    }
}

/// The one table of a parquet file. Of several the user says which: a file that silently lacks a table is no
/// conversion.
fn parquet(
    session: &Session,
    path: &str,
    workbook: &Workbook,
    tables: &mut Vec<OutputTable<'_>>,
    losses: &mut Vec<Loss>,
) -> anyhow::Result<(Vec<u8>, Vec<Loss>)> {
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
    let table = tables.swap_remove(position);
    let sheet = workbook.sheets.iter().find(|it| it.name == table.sheet);
    let options = ParquetOptions {
        policy: &session.config.policy,
        names: ParquetNames::Headings,
        origin: Some(path),
    };
    let (bytes, more) = leadsheet::to_parquet(&table, sheet, &options)
        .map_err(|error| anyhow::anyhow!(session.tell(&error.message())))?;
    // What stands around the table travels along; of a sheet that is left out as a whole nothing more need be said.
    let is_kept = |loss: &Loss| match loss {
        Loss::AroundTableLeftOut { .. } => false,
        loss => loss.sheet().is_none_or(|name| name == table.sheet),
    };
    losses.retain(is_kept);
    losses.extend(tables.iter().map(|table| Loss::SheetLeftOut {
        sheet: table.sheet.clone(),
    }));
    Ok((bytes, more))
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
