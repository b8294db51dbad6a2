//! The command `leadsheet` as a function, so that tests can run it without a process.

mod args;
mod commands;
mod config;
mod help;
mod input;
mod progress;
mod render;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use chrono::{FixedOffset, NaiveDate, Utc};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use leadsheet::{Finding, Guide, Language, Message, Wording};

use args::{Cli, Command, Common};
use config::Config;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to report.
    Clean,
    /// Findings of severity error, or leads due where that was asked.
    Findings,
    /// The job, or part of it, could not be done.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Failed => 2,
        })
    }
}

/// Where a run writes: data to `out`, everything else to `err`.
pub struct Streams<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Whether `err` may be drawn upon: a progress bar needs a terminal.
    pub interactive: bool,
}

/// What every command needs: the team's decisions, the day, the language.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Session {
    pub(crate) config: Config,
    pub(crate) today: NaiveDate,
    pub(crate) language: Language,
    /// Whether the language was asked for, and not just taken from the system.
    pub(crate) language_chosen: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) progress: bool,
}

impl Session {
    pub(crate) fn say(&self, id: &str) -> String {
        self.language.label(id)
    }

    /// What a finding says; a template is called by its title.
    pub(crate) fn finding(&self, finding: &Finding) -> String {
        self.finding_in(self.language, finding)
    }

    /// The same in a language that may be another than the user's.
    pub(crate) fn finding_in(&self, language: Language, finding: &Finding) -> String {
        let message = finding.message.clone();
        let message = message.map("template", |name| self.title_in(language, name));
        language.text(&message.map("fields", |keys| self.headings_of(keys)))
    }

    /// The title of a template in the user's language; the name itself of one that is not known.
    pub(crate) fn template_title(&self, name: &str) -> String {
        self.title_in(self.language, name)
    }

    /// What the columns of these fields are usually called.
    fn headings_of(&self, keys: &str) -> String {
        let heading = |key: &str| match key.parse() {
            Ok(field) => self.config.templates.usual_heading(field).to_owned(),
            Err(_) => key.to_owned(),
        };
        keys.split('、').map(heading).collect::<Vec<_>>().join("、")
    }

    fn title_in(&self, language: Language, name: &str) -> String {
        match (self.config.templates.get(name), language) {
            (Some(template), Language::Chinese) => template.title.clone(),
            (Some(template), Language::English) => template.english.clone(),
            (None, _) => name.to_owned(),
        }
    }

    /// Notices shown for one file before the rest is only counted.
    pub(crate) const fn notices_shown(&self) -> usize {
        if self.verbose { usize::MAX } else { 20 }
    }

    /// What composed workbooks take their drop-downs, colours and sentences from.
    pub(crate) fn guide<'a>(&'a self, words: &'a dyn Fn(&Message) -> String) -> Guide<'a> {
        Guide {
            templates: &self.config.templates,
            policy: &self.config.policy,
            wording: match self.language {
                Language::English => Wording::English,
                Language::Chinese => Wording::Simplified,
            },
            words,
        }
    }

    pub(crate) fn tell(&self, message: &Message) -> String {
        self.language.text(message)
    }
}

/// Runs the process' own command line.
pub fn main() -> ExitCode {
    keep_quiet_about_libraries();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let choice = colour_choice(&arguments);
    let mut out = AutoStream::new(io::stdout().lock(), choice);
    let mut err = AutoStream::new(io::stderr(), choice);
    let interactive = io::IsTerminal::is_terminal(&io::stderr());
    let status = run(
        arguments,
        &mut Streams {
            out: &mut out,
            err: &mut err,
            interactive,
        },
    );
    let flushed = out.flush();
    match flushed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Status::Failed.into(),
        _ => status.into(),
    }
}

/// Libraries that give up on a damaged file are caught where they are called, and what is said about it is our own.
fn keep_quiet_about_libraries() {
    const CAUGHT: [&str; 2] = ["parquet-", "polars-"];
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or("", |location| location.file());
        if !CAUGHT.iter().any(|library| place.contains(library)) {
            told(panic);
        }
    }));
}

/// Colour is decided before the arguments are parsed, for their errors are coloured too.
fn colour_choice(arguments: &[OsString]) -> anstream::ColorChoice {
    let asked = |value: &str| {
        arguments
            .iter()
            .any(|argument| *argument == *format!("--color={value}"))
            || arguments
                .windows(2)
                .any(|pair| pair[0] == "--color" && pair[1] == value)
    };
    if asked("never") {
        anstream::ColorChoice::Never
    } else if asked("always") {
        anstream::ColorChoice::Always
    } else {
        anstream::ColorChoice::Auto
    }
}

/// Runs a command line. Errors are told on `streams.err`, never returned: what is left is how it ended.
pub fn run(arguments: Vec<OsString>, streams: &mut Streams<'_>) -> Status {
    let language = help::language_of(&arguments);
    let matches = match help::localised(Cli::command(), language).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, language, streams),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, language, streams),
    };
    let outcome =
        session(&cli.common, language).and_then(|session| dispatch(&session, cli, streams));
    match outcome {
        Ok(status) => status,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if is_broken_pipe(&error) => Status::Clean,
        Err(error) => {
            let text = error
                .chain()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(": ");
            let _ = writeln!(streams.err, "{}: {text}", language.label("command-error"));
            Status::Failed
        }
    }
}

fn dispatch(session: &Session, cli: Cli, streams: &mut Streams<'_>) -> anyhow::Result<Status> {
    if let (Some(_), Some(file)) = (&cli.command, cli.files.first()) {
        let message = Message::new("command", "file-before-command").with("path", file.display());
        anyhow::bail!(session.tell(&message));
    }
    match cli.command {
        None => commands::overview::overview(session, &cli.files, streams),
        Some(Command::Check(args)) => commands::check::check(session, &args, streams),
        Some(Command::Clean(args)) => commands::clean::clean(session, &args, streams),
        Some(Command::Convert(args)) => commands::convert::convert(session, &args, streams),
        Some(Command::Mask(args)) => commands::mask::mask(session, &args, streams),
        Some(Command::Report(args)) => commands::report::report(session, &args, streams),
        Some(Command::Due(args)) => commands::due::due(session, &args, streams),
        Some(Command::Merge(args)) => commands::merge::merge(session, &args, streams),
        Some(Command::Ingest(args)) => commands::ingest::ingest(session, &args, streams),
        Some(Command::Sql(args)) => commands::sql::sql(session, &args, streams),
        Some(Command::Inspect(args)) => commands::inspect::inspect(session, &args, streams),
        Some(Command::Template(args)) => {
            commands::template::template(session, &args.command, streams)
        }
        Some(Command::Explain(args)) => commands::explain::explain(session, &args, streams),
    }
}

fn session(common: &Common, language: Language) -> anyhow::Result<Session> {
    let config = Config::load(common.config.as_deref(), &common.template_file, language)?;
    Ok(Session {
        config,
        today: common.today.unwrap_or_else(today_in_china),
        language,
        language_chosen: common.lang != args::Lang::Auto,
        quiet: common.quiet,
        verbose: common.verbose,
        progress: !common.no_progress && !common.quiet,
    })
}

/// Follow-up tables are kept in China's time, wherever the machine stands. China has no summer time.
fn today_in_china() -> NaiveDate {
    const EIGHT_HOURS: i32 = 8 * 3600;
    let offset = FixedOffset::east_opt(EIGHT_HOURS).expect("eight hours are within a day");
    Utc::now().with_timezone(&offset).date_naive()
}

fn usage(error: &clap::Error, language: Language, streams: &mut Streams<'_>) -> Status {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = write!(streams.out, "{}", error.render().ansi());
        return Status::Clean;
    }
    let _ = match help::usage_error(error, language) {
        Some(text) => writeln!(streams.err, "{}: {text}", language.label("command-error")),
        None => write!(streams.err, "{}", error.render().ansi()),
    };
    Status::Failed
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(broken)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}
