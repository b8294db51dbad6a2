//! `leadsheet explain`: what a rule finds, why it matters, what to do.

use anyhow::bail;
use leadsheet::{Message, Rule};

use crate::args::ExplainArgs;
use crate::{Session, Status, Streams};

pub(crate) fn explain(
    session: &Session,
    args: &ExplainArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let rules: Vec<&Rule> = match &args.code {
        Some(code) => match leadsheet::rule(code) {
            Some(rule) => vec![rule],
            None => {
                bail!(session.tell(&Message::new("command", "unknown-rule").with("name", code)))
            }
        },
        None => leadsheet::rules().collect(),
    };
    for (position, rule) in rules.iter().enumerate() {
        if position > 0 {
            writeln!(streams.out)?;
        }
        let severity = session.say(&format!("severity-{}", rule.severity.as_str()));
        let title = session.language.rule_title(rule);
        writeln!(
            streams.out,
            "# {} {} · {} · {severity}\n",
            rule.code, title, rule.name
        )?;
        writeln!(
            streams.out,
            "{}",
            session.language.rule_docs(rule).trim_end()
        )?;
    }
    if !session.quiet {
        let example = rules.first().map_or("C203", |rule| rule.code);
        let excuse = Message::new("explain", "excuse").with("code", example);
        writeln!(streams.out, "\n{}", session.tell(&excuse))?;
    }
    Ok(Status::Clean)
}
