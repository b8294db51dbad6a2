//! `leadsheet report`: what converts.

use anyhow::bail;
use leadsheet::{Book, GradeAt, Message, ParseKeyError, PeriodBasis, ReportDefinition, Window};

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
    let format = match &args.out {
        Some(path) => match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => ReportFormat::Json,
            Some("csv") => ReportFormat::Csv,
            _ => bail!(
                session
                    .tell(&Message::new("command", "report-format").with("path", path.display()))
            ),
        },
        None => args.format,
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
    let mut printed = Vec::new();
    match format {
        ReportFormat::Text => render::text::report(session, &report, &mut printed)?,
        ReportFormat::Json => render::json::report(session, &report, &mut printed)?,
        ReportFormat::Csv => render::csv::report(session, &report, &mut printed)?,
    }
    match &args.out {
        Some(path) => leadsheet::save(path, &printed, false)
            .map_err(|error| anyhow::anyhow!(session.tell(&error.message())))?,
        None => streams.out.write_all(&printed)?,
    }
    Ok(if all_read {
        Status::Clean
    } else {
        Status::Failed
    })
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
