//! `leadsheet due`: whom to call.

use std::path::Path;

use anyhow::{anyhow, bail};
use leadsheet::{DueDefinition, Message, compact_key};

use super::saving::save;
use crate::args::{DueArgs, DueFormat};
use crate::input::books_with_tables;
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn due(
    session: &Session,
    args: &DueArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let shape = shape(session, args)?;
    let Some((books, all_read)) = books_with_tables(session, &args.files, None, streams)? else {
        return Ok(Status::Failed);
    };
    let definition = DueDefinition {
        today: session.today,
        ahead_days: args.ahead,
        with_contacts: args.contacts,
    };
    let mut leads = leadsheet::due(&books, &session.config.policy, &definition);
    if let Some(owner) = args.owner.as_deref().map(compact_key) {
        let is_theirs = |it: &Option<String>| it.as_deref().map(compact_key) == Some(owner.clone());
        leads.retain(|lead| is_theirs(&lead.owner));
    }
    let failed = |error: leadsheet::WriteError| anyhow!(session.tell(&error.message()));
    let mut printed = Vec::new();
    match shape {
        Shape::Text => {
            render::text::report(session, &render::due::book(session, &leads), &mut printed)?;
        }
        Shape::Json => render::json::due(session.today, &leads, &mut printed)?,
        Shape::Calendar => printed = render::ics::calendar(session, &leads).into_bytes(),
        Shape::Workbook => {
            let book = render::due::book(session, &leads);
            printed = leadsheet::compose_figures(&book).map_err(failed)?;
        }
    }
    match &args.out {
        Some(path) => {
            save(session, path, &printed, false, &[], streams)?;
        }
        None => streams.out.write_all(&printed)?,
    }
    Ok(if !all_read {
        Status::Failed
    } else if args.exit_code && leads.iter().any(|lead| lead.days_late >= 0) {
        Status::Findings
    } else {
        Status::Clean
    })
}

/// What the list is written as.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Json,
    Calendar,
    Workbook,
}

fn shape(session: &Session, args: &DueArgs) -> anyhow::Result<Shape> {
    let Some(path) = &args.out else {
        return Ok(match args.format {
            DueFormat::Text => Shape::Text,
            DueFormat::Json => Shape::Json,
        });
    };
    let ending = Path::extension(path).and_then(|ending| ending.to_str());
    match ending.unwrap_or_default().to_ascii_lowercase().as_str() {
        "ics" => Ok(Shape::Calendar),
        "xlsx" => Ok(Shape::Workbook),
        "json" => Ok(Shape::Json),
        _ => {
            bail!(session.tell(&Message::new("command", "due-format").with("path", path.display())))
        }
    }
}
