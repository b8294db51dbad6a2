//! `leadsheet report`: what converts.

use std::path::Path;

use anyhow::{anyhow, bail};
use leadsheet::{
    Book, GradeAt, Message, ParseKeyError, PeriodBasis, Report, ReportDefinition, Window,
};

use crate::args::{GradeAtArg, PeriodBy, ReportArgs, ReportFormat};
use crate::input::{expand, read_all, tell_troubles};
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn report(
    session: &Session,
    args: &ReportArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let definition = definition(session, args)?;
    let shape = match &args.out {
        Some(path) => Shape::of(path).ok_or_else(|| {
            anyhow!(
                session
                    .tell(&Message::new("command", "report-format").with("path", path.display()))
            )
        })?,
        None => args.format.into(),
    };
    let files = expand(session, &args.files)?;
    let inputs = read_all(session, &files, streams);
    let all_read = tell_troubles(session, &inputs, streams)?;
    let books: Vec<Book> = inputs
        .into_iter()
        .filter_map(|input| input.book.ok())
        .collect();
    if !books.iter().any(|book| book.ledgers().next().is_some()) {
        if all_read {
            bail!(session.say("command-no-table"));
        }
        return Ok(Status::Failed);
    }
    let report = leadsheet::report(&books, &session.config.policy, &definition)?;
    let printed = rendered(session, &report, shape)?;
    match &args.out {
        Some(path) => {
            leadsheet::save(path, &printed, false)
                .map_err(|error| anyhow!(session.tell(&error.message())))?;
            if !session.quiet {
                let written = Message::new("command", "written").with("path", path.display());
                writeln!(streams.err, "{}", session.tell(&written))?;
            }
        }
        None => streams.out.write_all(&printed)?,
    }
    Ok(if all_read {
        Status::Clean
    } else {
        Status::Failed
    })
}

/// What a report is written as.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Json,
    Csv,
    Html,
    Xlsx,
}

impl Shape {
    /// What the ending of a file's name asks for.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "html" | "htm" => Some(Self::Html),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

impl From<ReportFormat> for Shape {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Text,
            ReportFormat::Json => Self::Json,
            ReportFormat::Csv => Self::Csv,
        }
    }
}

fn rendered(session: &Session, report: &Report, shape: Shape) -> anyhow::Result<Vec<u8>> {
    let mut printed = Vec::new();
    let figures = || render::figures::book(session, report);
    match shape {
        Shape::Text => render::text::report(session, &figures(), &mut printed)?,
        Shape::Json => render::json::report(session, report, &mut printed)?,
        Shape::Csv => render::csv::report(session, report, &mut printed)?,
        Shape::Html => printed = render::html::page(session, &figures())?.into_bytes(),
        Shape::Xlsx => {
            printed = leadsheet::compose_figures(&figures())
                .map_err(|error| anyhow!(session.tell(&error.message())))?;
        }
    }
    Ok(printed)
}

fn definition(session: &Session, args: &ReportArgs) -> anyhow::Result<ReportDefinition> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        bail!(
            session.tell(
                &Message::new("command", "period-reversed")
                    .with("from", from)
                    .with("to", to)
            )
        );
    }
    let by = args
        .by
        .iter()
        .map(|by| by.parse())
        .collect::<Result<Vec<_>, _>>();
    let by = match by {
        Ok(by) => by,
        Err(ParseKeyError::Twice(grouping, key)) => {
            bail!(
                session.tell(
                    &Message::new("command", "key-twice")
                        .with("grouping", grouping)
                        .with("key", key)
                )
            )
        }
        Err(ParseKeyError::Unknown(key)) => {
            let known = leadsheet::Key::all()
                .map(leadsheet::Key::name)
                .collect::<Vec<_>>()
                .join(" ");
            bail!(
                session.tell(
                    &Message::new("command", "unknown-key")
                        .with("key", key)
                        .with("keys", known)
                )
            )
        }
        Err(error) => bail!(error),
    };
    Ok(ReportDefinition {
        by,
        window: Window {
            from: args.from,
            to: args.to,
            by: match args.period_by {
                PeriodBy::Created => PeriodBasis::Created,
                PeriodBy::FollowedUp => PeriodBasis::FollowedUp,
                PeriodBy::Closed => PeriodBasis::Closed,
            },
        },
        within_days: args.within,
        grade_at: match args.grade_at {
            GradeAtArg::First => GradeAt::First,
            GradeAtArg::Latest => GradeAt::Latest,
        },
        today: session.today,
    })
}
