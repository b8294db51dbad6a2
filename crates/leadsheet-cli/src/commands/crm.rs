//! `leadsheet convert --to`: the import form of a CRM, a row for each lead, with everything that the CRM will not like
//! said before it does.

use std::path::Path;

use anyhow::{anyhow, bail};
use leadsheet::{
    CrmExport, CrmProfile, Language, Loss, Message, OutputKind, Takes, Workbook, WorkbookKind,
    WriteError,
};

use super::convert::message_of;
use super::saving::save;
use crate::args::ConvertArgs;
use crate::{Session, Status, Streams};

/// The profile with this name, or in this file, if `output` can hold its form.
pub(super) fn profile(session: &Session, name: &str, output: &Path) -> anyhow::Result<CrmProfile> {
    let profile = if name.to_lowercase().ends_with(".toml") {
        own_profile(session, Path::new(name))?
    } else {
        named_profile(session, name)?
    };
    if !matches!(
        OutputKind::of(output),
        Ok(OutputKind::Csv | OutputKind::Xlsx)
    ) {
        let message = Message::new("crm", "file-type").with("path", output.display());
        bail!(session.tell(&message));
    }
    Ok(profile)
}

fn named_profile(session: &Session, name: &str) -> anyhow::Result<CrmProfile> {
    let profiles = CrmProfile::builtin();
    let known: Vec<String> = profiles
        .iter()
        .map(|profile| profile.name.clone())
        .collect();
    let profile = profiles.into_iter().find(|profile| profile.name == name);
    profile.ok_or_else(|| {
        let message = Message::new("crm", "unknown")
            .with("name", name)
            .with("known", known.join(", "));
        anyhow!(session.tell(&message))
    })
}

/// An import form that somebody has described.
fn own_profile(session: &Session, path: &Path) -> anyhow::Result<CrmProfile> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = Message::new("command", "cannot-read").with("path", path.display());
        anyhow!(error).context(session.tell(&message))
    })?;
    CrmProfile::read(&path.display().to_string(), &text)
        .map_err(|error| anyhow!(session.tell(&error.message())))
}

pub(super) fn convert(
    session: &Session,
    args: &ConvertArgs,
    profile: &CrmProfile,
    workbook: &Workbook,
    backup: bool,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let told = |error: WriteError| anyhow::anyhow!(session.tell(&error.message()));
    let ledgers = workbook.ledgers(&session.config.templates);
    let tables: Vec<_> = ledgers.iter().flatten().collect();
    if tables.is_empty() {
        bail!(session.say("command-no-table"));
    }
    let export = leadsheet::crm_export(&tables, profile, &session.config.policy);
    let crm = title(session, profile);
    if let Some(most) = profile.max_rows.filter(|&most| export.len() > most) {
        let message = Message::new("crm", "too-many")
            .with("count", export.len())
            .with("crm", &crm)
            .with("most", most);
        bail!(session.tell(&message));
    }
    let kind = OutputKind::of(&args.output).map_err(told)?;
    let bytes = if kind == OutputKind::Csv {
        leadsheet::to_csv(&export.table()).map_err(told)?.0
    } else {
        let words = |message: &Message| session.tell(message);
        leadsheet::compose_tables(
            &[export.table()],
            WorkbookKind::Xlsx,
            &session.guide(&words),
        )
        .map_err(told)?
    };
    let of_sheets = workbook
        .sheets
        .iter()
        .zip(&ledgers)
        .filter(|(sheet, ledger)| ledger.is_none() && sheet.used().is_some());
    let left_out = of_sheets.map(|(sheet, _)| Loss::SheetLeftOut {
        sheet: sheet.name.clone(),
    });
    let mut said: Vec<String> = left_out
        .map(|loss| session.tell(&message_of(&loss)))
        .collect();
    said.extend(notes(session, &export, profile, &crm, kind));
    save(session, &args.output, &bytes, backup, &said, streams)?;
    Ok(if export.is_incomplete() {
        Status::Findings
    } else {
        Status::Clean
    })
}

fn title(session: &Session, profile: &CrmProfile) -> String {
    if session.language == Language::English {
        profile.english.clone()
    } else {
        profile.title.clone()
    }
}

/// What the user should know before importing, the gravest last, where it stays in sight.
fn notes(
    session: &Session,
    export: &CrmExport,
    profile: &CrmProfile,
    crm: &str,
    kind: OutputKind,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut say = |message: Message| lines.push(session.tell(&message));
    let crm_says = |variant: &'static str| Message::new("crm", variant).with("crm", crm);
    if export.rows > export.len() + export.nameless.len() {
        let message = Message::new("crm", "earlier");
        say(message
            .with("rows", export.rows - export.nameless.len())
            .with("leads", export.len()));
    }
    let list = |columns: &[String]| columns.join(&session.say("list-comma"));
    if let (Some(rest), false) = (profile.rest(), export.described.is_empty()) {
        let message = Message::new("crm", "described").with("heading", &rest.heading);
        say(message.with("columns", list(&export.described)));
    }
    if !export.left_out.is_empty() {
        let columns: Vec<String> = export
            .left_out
            .iter()
            .map(|(heading, leads)| {
                let message = Message::new("crm", "left-out-column").with("heading", heading);
                session.tell(&message.with("count", leads))
            })
            .collect();
        say(Message::new("crm", "left-out").with("columns", list(&columns)));
    }
    for unlisted in &export.unlisted {
        let message = if unlisted.takes == Takes::UserEmail {
            Message::new("crm", "users")
        } else {
            Message::new("crm", "unlisted")
        };
        let message = message.with("heading", &unlisted.heading);
        let shown = unlisted.values.len().min(session.notices_shown());
        let values = list(&unlisted.values[..shown]);
        let rest = if shown < unlisted.values.len() {
            " …"
        } else {
            ""
        };
        say(message.with("values", format!("{values}{rest}")));
    }
    for (sheet, row) in export.nameless.iter().take(session.notices_shown()) {
        say(Message::new("crm", "nameless")
            .with("sheet", sheet)
            .with("row", row));
    }
    more(export.nameless.len(), session, &mut say);
    if kind == OutputKind::Csv {
        for (heading, number) in export.guarded.iter().take(session.notices_shown()) {
            let message = Message::new("crm", "guarded").with("heading", heading);
            say(message.with("count", number));
        }
        more(export.guarded.len(), session, &mut say);
    }
    if !profile.verified {
        say(crm_says("unverified"));
    }
    let ending = if kind == OutputKind::Csv {
        "csv"
    } else {
        "xlsx"
    };
    if !profile.files.iter().any(|file| file == ending) {
        let files: Vec<String> = profile
            .files
            .iter()
            .map(|file| format!(".{file}"))
            .collect();
        say(crm_says("other-files").with("files", list(&files)));
    }
    if !export.too_long.is_empty() {
        say(crm_says("too-long").with("count", export.too_long.len()));
        for long in export.too_long.iter().take(session.notices_shown()) {
            say(Message::new("crm", "too-long-line")
                .with("sheet", &long.sheet)
                .with("cell", long.cell)
                .with("heading", &long.heading)
                .with("most", long.max_length));
        }
        more(export.too_long.len(), session, &mut say);
    }
    if !export.lacking.is_empty() {
        say(crm_says("lacking").with("count", export.lacking.len()));
        for lead in export.lacking.iter().take(session.notices_shown()) {
            say(Message::new("crm", "lacking-line")
                .with("sheet", &lead.sheet)
                .with("cell", lead.cell)
                .with("headings", list(&lead.headings)));
        }
        more(export.lacking.len(), session, &mut say);
    }
    lines
}

/// How many were not shown.
fn more(count: usize, session: &Session, say: &mut impl FnMut(Message)) {
    let rest = count.saturating_sub(session.notices_shown());
    if rest > 0 {
        say(Message::new("crm", "more").with("count", rest));
    }
}
