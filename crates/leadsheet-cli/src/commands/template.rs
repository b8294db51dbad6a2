//! `leadsheet template`: which tables are known, and what their columns may be called.

use anyhow::bail;
use leadsheet::{Language, Message, TEMPLATE_SCHEMA, TemplateDefinition};

use crate::args::TemplateCommand;
use crate::render::text::table;
use crate::{Session, Status, Streams};

pub(crate) fn template(
    session: &Session,
    command: &TemplateCommand,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    match command {
        TemplateCommand::List => list(session, streams),
        TemplateCommand::Schema => {
            streams.out.write_all(TEMPLATE_SCHEMA.as_bytes())?;
            Ok(Status::Clean)
        }
        TemplateCommand::Show { name } => match session.config.templates.get(name) {
            Some(template) => show(session, template, streams),
            None => {
                bail!(session.tell(&Message::new("command", "no-such-template").with("name", name)))
            }
        },
    }
}

fn list(session: &Session, streams: &mut Streams<'_>) -> anyhow::Result<Status> {
    let rows = session.config.templates.iter().map(|template| {
        let columns = template
            .columns
            .iter()
            .filter(|column| !column.optional)
            .count();
        vec![
            template.name.clone(),
            session.template_title(&template.name),
            columns.to_string(),
        ]
    });
    let heads = ["template-name", "template-title", "template-columns"].map(|id| session.say(id));
    writeln!(streams.out, "{}", table(&heads, rows, &[2]))?;
    Ok(Status::Clean)
}

fn show(
    session: &Session,
    template: &TemplateDefinition,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let templates = &session.config.templates;
    writeln!(
        streams.out,
        "{} · {}\n",
        template.name,
        session.template_title(&template.name)
    )?;
    for banner in &template.banners {
        let label = if session.language == Language::English {
            &banner.english
        } else {
            &banner.label
        };
        writeln!(
            streams.out,
            "{}",
            session.tell(&Message::new("template", "banner").with("label", label))
        )?;
    }
    for column in &template.columns {
        let need = if column.required {
            "template-required"
        } else if column.optional {
            "template-optional"
        } else {
            "template-regular"
        };
        let (heading, english) = (templates.heading(column), templates.english(column));
        writeln!(
            streams.out,
            "{heading} · {english} · {} · {}",
            column.field,
            session.say(need)
        )?;
        let synonyms = Message::new("template", "synonyms")
            .with("synonyms", templates.synonyms(column).join("、"));
        writeln!(streams.out, "    {}", session.tell(&synonyms))?;
        if let Some(note) = &column.note {
            writeln!(streams.out, "    {note}")?;
        }
    }
    Ok(Status::Clean)
}
