//! `leadsheet template`: which tables are known, what their columns may be called, and blank ones to fill in.

use anyhow::bail;
use leadsheet::{
    BlankOptions, CRM_PROFILE_SCHEMA, Guide, Language, Message, OutputKind, TEMPLATE_SCHEMA,
    TemplateDefinition, Wording, WriteError,
};

use super::saving::save;
use crate::args::{NewArgs, TemplateCommand};
use crate::render::text::table;
use crate::{Session, Status, Streams};

pub(crate) fn template(
    session: &Session,
    command: &TemplateCommand,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    match command {
        TemplateCommand::List => list(session, streams),
        TemplateCommand::Show { name } => show(session, named(session, name)?, streams),
        TemplateCommand::Schema { crm } => {
            let schema = if *crm {
                CRM_PROFILE_SCHEMA
            } else {
                TEMPLATE_SCHEMA
            };
            streams.out.write_all(schema.as_bytes())?;
            Ok(Status::Clean)
        }
        TemplateCommand::New(args) => new(session, args, streams),
    }
}

fn named<'s>(session: &'s Session, name: &str) -> anyhow::Result<&'s TemplateDefinition> {
    match session.config.templates.get(name) {
        Some(template) => Ok(template),
        None => {
            bail!(session.tell(&Message::new("command", "no-such-template").with("name", name)))
        }
    }
}

fn new(session: &Session, args: &NewArgs, streams: &mut Streams<'_>) -> anyhow::Result<Status> {
    let told = |error: WriteError| anyhow::anyhow!(session.tell(&error.message()));
    let refused = |variant: &'static str| {
        session.tell(&Message::new("command", variant).with("path", args.output.display()))
    };
    let template = named(session, &args.name)?;
    if template.crm {
        bail!(session.tell(&Message::new("crm", "form").with("name", &args.name)));
    }
    let Some(kind) = OutputKind::of(&args.output)
        .ok()
        .and_then(OutputKind::workbook)
    else {
        bail!(refused("blank-type"));
    };
    let is_there = args.output.exists();
    if is_there && !args.replace {
        bail!(refused("there-already"));
    }
    // Traditional characters are asked for in Chinese, whatever language the command speaks.
    let language = if args.traditional {
        Language::Chinese
    } else {
        session.language
    };
    let words = |message: &Message| language.text(message);
    let guide = Guide {
        wording: if args.traditional {
            Wording::Traditional
        } else {
            session.guide(&words).wording
        },
        ..session.guide(&words)
    };
    let options = BlankOptions {
        today: session.today,
        samples: args.samples,
    };
    let bytes = leadsheet::blank(template, &guide, &options, kind).map_err(told)?;
    save(session, &args.output, &bytes, is_there, &[], streams)?;
    Ok(Status::Clean)
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
        let meaning = format!("meaning-{}", column.field);
        writeln!(streams.out, "    {}", session.say(&meaning))?;
        let synonyms = Message::new("template", "synonyms")
            .with("synonyms", templates.synonyms(column).join("、"));
        writeln!(streams.out, "    {}", session.tell(&synonyms))?;
        if let Some(note) = &column.note {
            writeln!(streams.out, "    {note}")?;
        }
    }
    Ok(Status::Clean)
}
