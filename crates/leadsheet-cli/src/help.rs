//! The help in the user's language: English comes from the argument definitions, Chinese from the catalogue.

use std::ffi::OsString;

use clap::Command;
use leadsheet::Language;

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
        Language::Chinese => translated(command, "help", language).subcommand_help_heading("命令"),
    }
}

fn translated(mut command: Command, path: &str, language: Language) -> Command {
    if let Some(about) = language.find(path) {
        command = command.about(about.clone());
        let long = language.find_attribute(path, "long");
        command = command
            .long_about(long.map_or_else(|| about.clone(), |long| format!("{about}\n\n{long}")));
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        command =
            command.after_help(examples.replacen("Examples:", &language.label("help-examples"), 1));
    }
    command =
        command.help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}");
    let ids: Vec<_> = command
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .collect();
    for id in ids {
        let found = language
            .find(&format!("{path}-{id}"))
            .or_else(|| language.find(&format!("help-{id}")));
        let options = command
            .get_arguments()
            .any(|argument| *argument.get_id() == *id && !argument.is_positional());
        command = command.mut_arg(&id, |argument| {
            let argument = match found {
                Some(help) => argument.help(help.clone()).long_help(help),
                None => argument,
            };
            argument.help_heading(if options { "选项" } else { "参数" })
        });
    }
    let names: Vec<_> = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(&name, |subcommand| {
            translated(subcommand, &format!("{path}-{name}"), language)
        });
    }
    command
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
