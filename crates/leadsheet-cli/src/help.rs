//! The help in the user's language: English comes from the argument definitions, Chinese from the catalogue.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use leadsheet::{Language, Message};

/// The language that a command line asks for, or the system's where it asks for none. Found before the arguments
/// are parsed, for the help and the errors of parsing are in it.
pub(crate) fn language_of(arguments: &[OsString]) -> Language {
    let mut texts = arguments.iter().filter_map(|argument| argument.to_str());
    let asked = loop {
        match texts.next() {
            None => break None,
            Some("--lang") => break texts.next(),
            Some(text) => {
                if let Some(value) = text.strip_prefix("--lang=") {
                    break Some(value);
                }
            }
        }
    };
    match asked {
        Some("zh") => Language::Chinese,
        Some("en") => Language::English,
        _ => sys_locale::get_locale()
            .map_or(Language::English, |locale| Language::of_locale(&locale)),
    }
}

/// The command with its help in `language`.
pub(crate) fn localised(command: Command, language: Language) -> Command {
    match language {
        Language::English => command,
        Language::Chinese => translated(command, "help", language),
    }
}

fn translated(mut command: Command, path: &str, language: Language) -> Command {
    if let Some(about) = language.find(path) {
        let long = language.find_attribute(path, "long");
        let long = long.map_or_else(|| about.clone(), |long| format!("{about}\n\n{long}"));
        command = command.about(about).long_about(long);
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        let heading = language.label("help-examples");
        command = command.after_help(examples.replacen("Examples:", &heading, 1));
    }
    command = command
        .help_template(language.label("help-template-text"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .display_order(1_000),
        );
    if command.get_version().is_some() {
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version);
        command = command
            .disable_version_flag(true)
            .arg(version.display_order(1_001));
    }
    let arguments: Vec<_> = command
        .get_arguments()
        .map(|argument| {
            let values =
                !argument.get_possible_values().is_empty() && argument.get_action().takes_values();
            (
                argument.get_id().to_string(),
                argument.is_positional(),
                values,
            )
        })
        .collect();
    for (id, positional, values) in arguments {
        let found = language
            .find(&format!("{path}-{id}"))
            .or_else(|| language.find(&format!("help-{id}")));
        let heading = language.label(if positional {
            "help-arguments"
        } else {
            "help-options"
        });
        command = command.mut_arg(&id, |argument| {
            let argument = match found {
                Some(help) => argument.help(help.clone()).long_help(help),
                None => argument,
            };
            let argument = argument.help_heading(heading);
            // What each value means is part of the text.
            if values {
                argument.hide_possible_values(true)
            } else {
                argument
            }
        });
    }
    let names: Vec<_> = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned())
        .collect();
    for name in names {
        let path = format!("{path}-{name}");
        command =
            command.mut_subcommand(&name, |subcommand| translated(subcommand, &path, language));
    }
    command.subcommand_help_heading(language.label("help-commands"))
}

/// What is wrong with a command line; `None` where the parser's own English has to do.
pub(crate) fn usage_error(error: &clap::Error, language: Language) -> Option<String> {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let variant = match error.kind() {
        ErrorKind::MissingRequiredArgument => "missing",
        ErrorKind::UnknownArgument => "unknown",
        ErrorKind::InvalidValue if error.get(ContextKind::ValidValue).is_some() => "not-one-of",
        ErrorKind::InvalidValue => "no-value",
        ErrorKind::ValueValidation => "bad-value",
        ErrorKind::InvalidSubcommand => "unknown-command",
        ErrorKind::MissingSubcommand => "no-command",
        ErrorKind::ArgumentConflict => "conflict",
        _ => return None,
    };
    let valid = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => values.join("、"),
        _ => String::new(),
    };
    let command = context(ContextKind::InvalidSubcommand);
    let message = Message::new("usage", variant)
        .with("argument", context(ContextKind::InvalidArg))
        .with("value", context(ContextKind::InvalidValue))
        .with("valid", valid)
        .with("command", command);
    Some(language.text(&message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_and_option_is_explained_in_chinese() {
        fn missing(command: &Command, path: &str, found: &mut Vec<String>) {
            let zh = Language::Chinese;
            if zh.find(path).is_none() {
                found.push(path.to_owned());
            }
            for argument in command.get_arguments() {
                let id = argument.get_id();
                if zh
                    .find(&format!("{path}-{id}"))
                    .or_else(|| zh.find(&format!("help-{id}")))
                    .is_none()
                {
                    found.push(format!("{path}-{id}"));
                }
            }
            for subcommand in command.get_subcommands() {
                missing(
                    subcommand,
                    &format!("{path}-{}", subcommand.get_name()),
                    found,
                );
            }
        }
        let mut found = Vec::new();
        missing(&Cli::command(), "help", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn the_language_is_known_before_the_arguments_are_parsed() {
        let arguments = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(
            language_of(&arguments("leadsheet --lang zh check a.xlsx")),
            Language::Chinese
        );
        assert_eq!(
            language_of(&arguments("leadsheet check a.xlsx --lang=en")),
            Language::English
        );
    }
}
