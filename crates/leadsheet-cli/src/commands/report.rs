//! `leadsheet report`: what converts.

use std::path::Path;

use anyhow::{anyhow, bail};
use chrono::NaiveDate;
use leadsheet::{
    CompareWith, Field, GradeAt, Message, ParseKeyError, Period, PeriodBasis, Report,
    ReportDefinition, Topic, Window,
};

use super::saving::save;
use crate::args::{GradeAtArg, Per, PeriodBy, ReportArgs, ReportFormat};
use crate::input::books_with_tables;
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn report(
    session: &Session,
    args: &ReportArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let shape = match &args.out {
        Some(path) => Shape::of(path).ok_or_else(|| {
            anyhow!(
                session
                    .tell(&Message::new("command", "report-format").with("path", path.display()))
            )
        })?,
        None => args.format.into(),
    };
    let definition = definition(session, args, shape)?;
    let needs = definition.needs();
    let read = books_with_tables(session, &args.files, Some(&needs), streams)?;
    let Some((books, all_read)) = read else {
        return Ok(Status::Failed);
    };
    let report = leadsheet::report(&books, &session.config.policy, &definition)?;
    let printed = rendered(session, &report, shape)?;
    match &args.out {
        Some(path) => {
            save(session, path, &printed, false, &[], streams)?;
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

/// What is shown beside conversion: on a terminal nothing unasked, in what programs read or people keep all there is.
fn topics(session: &Session, args: &ReportArgs, shape: Shape) -> anyhow::Result<Vec<Topic>> {
    let Some(asked) = &args.show else {
        return Ok(match shape {
            Shape::Text | Shape::Csv => Vec::new(),
            Shape::Json | Shape::Html | Shape::Xlsx => Topic::ALL.to_vec(),
        });
    };
    let mut topics = Vec::new();
    for name in asked.iter().map(|name| name.trim()) {
        match (name, name.parse()) {
            ("all", _) => topics.extend(Topic::ALL),
            ("none", _) => {}
            (_, Ok(topic)) => topics.push(topic),
            (_, Err(_)) => {
                let known = Topic::ALL.map(Topic::name).join(" ");
                let unknown = Message::new("command", "unknown-topic")
                    .with("name", name)
                    .with("names", known);
                bail!(session.tell(&unknown));
            }
        }
    }
    topics.sort_unstable();
    topics.dedup();
    Ok(topics)
}

/// The period to compare with.
fn compare_with(session: &Session, args: &ReportArgs) -> anyhow::Result<Option<CompareWith>> {
    let Some(text) = &args.compare else {
        return Ok(None);
    };
    if args.from.is_none() || args.to.is_none() {
        bail!(session.say("command-compare-what"));
    }
    if text == "previous" {
        return Ok(Some(CompareWith::Previous));
    }
    let days = text
        .split_once("..")
        .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    let Some((from, to)) = days else {
        bail!(session.tell(&Message::new("command", "compare-how").with("value", text)));
    };
    refuse_reversed(session, from, to)?;
    Ok(Some(CompareWith::Days { from, to }))
}

fn refuse_reversed(session: &Session, from: NaiveDate, to: NaiveDate) -> anyhow::Result<()> {
    if from > to {
        let reversed = Message::new("command", "period-reversed")
            .with("from", from)
            .with("to", to);
        bail!(session.tell(&reversed));
    }
    Ok(())
}

fn activity_by(session: &Session, args: &ReportArgs) -> anyhow::Result<Vec<Field>> {
    let field = |name: &String| {
        name.trim().parse::<Field>().map_err(|_| {
            let known: Vec<_> = Field::ALL.iter().map(|field| field.key()).collect();
            let unknown = Message::new("command", "unknown-key")
                .with("key", name)
                .with("keys", known.join(" "));
            anyhow!(session.tell(&unknown))
        })
    };
    args.activity_by.iter().map(field).collect()
}

fn definition(
    session: &Session,
    args: &ReportArgs,
    shape: Shape,
) -> anyhow::Result<ReportDefinition> {
    if let (Some(from), Some(to)) = (args.from, args.to) {
        refuse_reversed(session, from, to)?;
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
        show: topics(session, args, shape)?,
        activity_by: activity_by(session, args)?,
        per: match args.per {
            Per::Day => Period::Day,
            Per::Week => Period::Week,
            Per::Month => Period::Month,
            Per::Quarter => Period::Quarter,
            Per::Year => Period::Year,
        },
        compare: compare_with(session, args)?,
    })
}
