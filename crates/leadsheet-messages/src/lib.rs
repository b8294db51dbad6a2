//! The message catalogue: everything leadsheet says to people, in Chinese and English, from one place.
//!
//! Crates below name a [`Message`] by id and arguments; here it gets its words. The texts are Fluent files under
//! `messages/`, one folder a language. An argument called `count` is a number and chooses the plural.
//!
//! ```
//! use leadsheet_core::Message;
//! use leadsheet_messages::Language;
//! let message = Message::new("read-error", "encrypted");
//! assert!(Language::English.text(&message).contains("password"));
//! assert!(Language::Chinese.text(&message).contains("密码"));
//! ```

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::NaiveDateTime;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use leadsheet_core::{Message, Rule};
use unic_langid::{LanguageIdentifier, langid};

/// A language that leadsheet speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    #[default]
    English,
}

type Bundle = FluentBundle<FluentResource>;

/// A moment in ISO 8601 as people write it: `2024-05-20 10:30`. Anything else is itself.
fn moment(value: &str) -> Cow<'_, str> {
    match value.parse::<NaiveDateTime>() {
        Ok(_) if value.as_bytes().get(10) == Some(&b'T') => {
            let spelled = value.strip_suffix(":00").filter(|to_the_minute| {
                // `2024-05-20T10:00` has no seconds to leave out.
                to_the_minute.len() == "2024-05-20T10:30".len()
            });
            Cow::Owned(spelled.unwrap_or(value).replacen('T', " ", 1))
        }
        _ => Cow::Borrowed(value),
    }
}

const ENGLISH: [(&str, &str); 11] = [
    ("en/rules.ftl", include_str!("../messages/en/rules.ftl")),
    ("en/report.ftl", include_str!("../messages/en/report.ftl")),
    ("en/reading.ftl", include_str!("../messages/en/reading.ftl")),
    ("en/command.ftl", include_str!("../messages/en/command.ftl")),
    ("en/help.ftl", include_str!("../messages/en/help.ftl")),
    ("en/blank.ftl", include_str!("../messages/en/blank.ftl")),
    ("en/crm.ftl", include_str!("../messages/en/crm.ftl")),
    ("en/merge.ftl", include_str!("../messages/en/merge.ftl")),
    ("en/patch.ftl", include_str!("../messages/en/patch.ftl")),
    ("en/mask.ftl", include_str!("../messages/en/mask.ftl")),
    ("en/sql.ftl", include_str!("../messages/en/sql.ftl")),
];
const CHINESE: [(&str, &str); 11] = [
    ("zh/rules.ftl", include_str!("../messages/zh/rules.ftl")),
    ("zh/report.ftl", include_str!("../messages/zh/report.ftl")),
    ("zh/reading.ftl", include_str!("../messages/zh/reading.ftl")),
    ("zh/command.ftl", include_str!("../messages/zh/command.ftl")),
    ("zh/help.ftl", include_str!("../messages/zh/help.ftl")),
    ("zh/blank.ftl", include_str!("../messages/zh/blank.ftl")),
    ("zh/crm.ftl", include_str!("../messages/zh/crm.ftl")),
    ("zh/merge.ftl", include_str!("../messages/zh/merge.ftl")),
    ("zh/patch.ftl", include_str!("../messages/zh/patch.ftl")),
    ("zh/mask.ftl", include_str!("../messages/zh/mask.ftl")),
    ("zh/sql.ftl", include_str!("../messages/zh/sql.ftl")),
];

fn bundle(language: LanguageIdentifier, files: &[(&str, &str)]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The marks that keep scripts apart are invisible characters in terminals, CSV and JSON.
    bundle.set_use_isolating(false);
    for (_, text) in files {
        // A file with a broken entry still gives its other entries; a test sees to it that none is broken.
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl Language {
    fn bundle(self) -> &'static Bundle {
        static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| {
            [
                bundle(langid!("zh-Hans"), &CHINESE),
                bundle(langid!("en"), &ENGLISH),
            ]
        });
        match self {
            Language::Chinese => &BUNDLES[0],
            Language::English => &BUNDLES[1],
        }
    }

    /// The language of a locale such as `zh_CN.UTF-8`: Chinese of any script, else English.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") {
            Language::Chinese
        } else {
            Language::English
        }
    }

    /// The words for a message; of one that the catalogue lacks, its id and arguments.
    pub fn text(self, message: &Message) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in message.arguments() {
            match value.parse::<i64>() {
                Ok(number) if *name == "count" => arguments.set(*name, number),
                _ => arguments.set(*name, moment(value)),
            }
        }
        self.format(&message.id(), None, Some(&arguments))
            .unwrap_or_else(|| message.to_string())
    }

    /// The words behind an id without arguments; the id itself where the catalogue lacks it.
    pub fn label(self, id: &str) -> String {
        self.find(id).unwrap_or_else(|| id.to_owned())
    }

    /// The words behind an id without arguments.
    pub fn find(self, id: &str) -> Option<String> {
        self.format(id, None, None)
    }

    /// An attribute of an entry: `find_attribute("C203", "why")`.
    pub fn find_attribute(self, id: &str, attribute: &str) -> Option<String> {
        self.format(id, Some(attribute), None)
    }

    fn format(
        self,
        id: &str,
        attribute: Option<&str>,
        arguments: Option<&FluentArgs<'_>>,
    ) -> Option<String> {
        let bundle = self.bundle();
        let entry = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => entry.get_attribute(attribute)?.value(),
            None => entry.value()?,
        };
        // A missing argument shows as its name; a test over every message keeps that from happening.
        Some(
            bundle
                .format_pattern(pattern, arguments, &mut Vec::new())
                .into_owned(),
        )
    }

    /// A rule's title.
    pub fn rule_title(self, rule: &Rule) -> String {
        self.find(rule.code)
            .unwrap_or_else(|| rule.name.replace('-', " "))
    }

    /// What a rule finds.
    pub fn rule_finds(self, rule: &Rule) -> String {
        self.rule_section(rule, "finds", "## What it finds")
    }

    /// What to do about what a rule finds.
    pub fn rule_advice(self, rule: &Rule) -> String {
        self.rule_section(rule, "todo", "## What to do")
    }

    /// A section of a rule's documentation, on one line.
    fn rule_section(self, rule: &Rule, attribute: &str, heading: &str) -> String {
        let section = |text: &str| {
            let section = text.split(heading).nth(1)?;
            let lines = section.lines().map(str::trim);
            let lines = lines.skip_while(|line| line.is_empty());
            let lines = lines.take_while(|line| !line.starts_with("## "));
            Some(lines.collect::<Vec<_>>().join(" ").trim().to_owned())
        };
        let translated = match self {
            Language::Chinese => self.find_attribute(rule.code, attribute),
            Language::English => None,
        };
        translated
            .or_else(|| section(rule.docs))
            .unwrap_or_default()
    }

    /// Where a rule comes from, on one line.
    pub fn rule_source(self, rule: &Rule) -> String {
        let sources = rule.source.iter();
        let sources = sources.map(|source| self.label(&format!("rule-source-{}", source.key())));
        sources
            .collect::<Vec<_>>()
            .join(&self.label("rule-source-and"))
    }

    /// A rule's documentation in Markdown. The examples are the same in every language: they are tables as people keep them.
    pub fn rule_docs(self, rule: &Rule) -> String {
        let docs: Vec<_> = rule
            .docs
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let docs = docs.join("\n");
        let english = |heading: &str| {
            let rest = docs.split(&format!("## {heading}\n")).nth(1);
            let section = rest.and_then(|rest| rest.split("\n## ").next());
            section.unwrap_or_default().trim().to_owned()
        };
        let said = |attribute: &str, heading: &str| {
            match self {
                Language::Chinese => self.find_attribute(rule.code, attribute),
                Language::English => None,
            }
            .unwrap_or_else(|| english(heading))
        };
        let sections = [
            ("explain-finds", said("finds", "What it finds")),
            ("explain-why", said("why", "Why it matters")),
            ("explain-fails", english("Example that fails")),
            ("explain-passes", english("Example that passes")),
            ("explain-todo", said("todo", "What to do")),
            ("explain-source", self.rule_source(rule)),
        ];
        let section =
            |(heading, text): &(&str, String)| format!("## {}\n{text}", self.label(heading));
        let sections: Vec<_> = sections.iter().map(section).collect();
        sections.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The ids of a file, attributes included.
    fn ids(text: &str) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        let mut entry = "";
        for line in text.lines() {
            let Some((head, _)) = line.split_once('=') else {
                continue;
            };
            let head = head.trim_end();
            if let Some(attribute) = line.trim_start().strip_prefix('.') {
                let attribute = attribute.split(['=', ' ']).next().unwrap();
                ids.insert(format!("{entry}.{attribute}"));
            } else if !line.starts_with([' ', '#', '}'])
                && head
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            {
                entry = head;
                ids.insert(entry.to_owned());
            }
        }
        ids
    }

    #[test]
    fn a_moment_is_written_as_people_do() {
        for (value, words) in [
            ("2024-05-20T10:30:00", "2024-05-20 10:30"),
            ("2024-05-20T10:00:00", "2024-05-20 10:00"),
            ("2024-05-20T10:30:15", "2024-05-20 10:30:15"),
            ("2024-05-20", "2024-05-20"),
            ("TCL", "TCL"),
            ("2024-05-20T", "2024-05-20T"),
        ] {
            assert_eq!(moment(value), words);
        }
    }

    #[test]
    fn no_entry_is_broken_or_said_twice() {
        for (file, text) in ENGLISH.into_iter().chain(CHINESE) {
            if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
                panic!("{file}: {errors:?}");
            }
        }
        for files in [ENGLISH, CHINESE] {
            let mut seen = BTreeSet::new();
            for (file, text) in files {
                for id in ids(text) {
                    assert!(seen.insert(id.clone()), "{file}: {id} is there already");
                }
            }
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for ((english, one), (chinese, other)) in ENGLISH.into_iter().zip(CHINESE) {
            // English documentation of a rule is the rule's own; help in English is the command's own.
            let documented = |id: &String| id.contains('.') || id.starts_with("help");
            let one: BTreeSet<_> = ids(one).into_iter().filter(|id| !documented(id)).collect();
            let other: BTreeSet<_> = ids(other)
                .into_iter()
                .filter(|id| !documented(id))
                .collect();
            assert_eq!(
                one.difference(&other).collect::<Vec<_>>(),
                Vec::<&String>::new(),
                "only in {english}"
            );
            assert_eq!(
                other.difference(&one).collect::<Vec<_>>(),
                Vec::<&String>::new(),
                "only in {chinese}"
            );
        }
    }

    #[test]
    fn every_rule_has_a_title_and_documentation_in_both_languages() {
        for rule in leadsheet_core::rules() {
            for language in [Language::English, Language::Chinese] {
                assert!(
                    language.find(rule.code).is_some(),
                    "{rule:?} has no title in {language:?}"
                );
            }
            assert!(Language::English.rule_advice(rule).len() > 10, "{rule:?}");
            for attribute in ["finds", "why", "todo"] {
                assert!(
                    Language::Chinese
                        .find_attribute(rule.code, attribute)
                        .is_some(),
                    "{rule:?}.{attribute}"
                );
            }
        }
    }
}
