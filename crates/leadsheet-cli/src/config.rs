//! `leadsheet.toml`: the team's policy, its choice of rules and what its headings mean; and template definitions of its
//! own.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use leadsheet::{Field, Language, Message, Policy, Selection, Templates};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// What a team has decided.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct File {
    policy: Policy,
    rules: Selection,
    columns: BTreeMap<String, Column>,
}

/// What the team has decided about a heading, or about the headings of one template.
#[derive(Debug)]
enum Column {
    Heading(Meaning),
    Template(BTreeMap<String, Meaning>),
}

/// A field, or nothing: the column is kept as it is.
#[derive(Clone, Copy, Debug)]
struct Meaning(Option<Field>);

impl Meaning {
    /// What a column is called that means nothing.
    const NONE: &str = "none";

    fn of<E: serde::de::Error>(key: &str) -> Result<Self, E> {
        if key == Self::NONE {
            return Ok(Self(None));
        }
        key.parse()
            .map(|field| Self(Some(field)))
            .map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(&String::deserialize(deserializer)?)
    }
}

/// By hand, because a derived `untagged` enum would not say what is wrong with a field key.
impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Column;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a field key, \"none\", or a table of them under the name of a template",
                )
            }

            fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Column, E> {
                Meaning::of(key).map(Column::Heading)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Column, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Column::Template)
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

/// Policy, rules and templates of a run.
pub(crate) struct Config {
    pub(crate) policy: Policy,
    pub(crate) selection: Selection,
    pub(crate) templates: Templates,
}

impl Config {
    /// Reads the configuration and the templates; without a file, what the sources of the templates recommend.
    pub(crate) fn load(
        config: Option<&Path>,
        template_files: &[PathBuf],
        language: Language,
    ) -> anyhow::Result<Self> {
        let text = match config {
            Some(path) => text_of(path, language)?,
            None => String::new(),
        };
        let about = || config.map_or_else(String::new, |path| path.display().to_string());
        let refuse = |refused: &Message| anyhow!(language.text(refused)).context(about());
        let file: File = toml::from_str(&text).map_err(|error| refuse(&refused(&error, &text)))?;
        let mut templates = Templates::builtin();
        for path in template_files {
            templates
                .add(&path.display().to_string(), &text_of(path, language)?)
                .map_err(|error| anyhow!(language.text(&error.message())))?;
        }
        if let Some(mistake) = mistake(&text, &templates) {
            return Err(refuse(&mistake));
        }
        overrule(&mut templates, &file.columns);
        Ok(Self {
            policy: file.policy,
            selection: file.rules,
            templates,
        })
    }

    /// The configured rules, narrowed by the command line.
    pub(crate) fn narrowed(
        &self,
        select: &[String],
        ignore: &[String],
        language: Language,
    ) -> anyhow::Result<Selection> {
        let mut selection = self.selection.clone();
        if !select.is_empty() {
            selection.select = select.to_vec();
        }
        selection.ignore.extend(ignore.iter().cloned());
        validate(&selection, language)?;
        Ok(selection)
    }
}

/// Puts the team's decisions about headings into the templates.
fn overrule(templates: &mut Templates, columns: &BTreeMap<String, Column>) {
    for (name, column) in columns {
        match column {
            Column::Heading(meaning) => templates.overrule(None, name, meaning.0),
            Column::Template(headings) => {
                for (heading, meaning) in headings {
                    templates.overrule(Some(name), heading, meaning.0);
                }
            }
        }
    }
}

/// Why a configuration cannot be taken, with the line. An unknown setting and a value that
/// its setting does not take are told from a slip of writing.
fn refused(error: &toml::de::Error, text: &str) -> Message {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    let shown = text.lines().nth(line - 1).unwrap_or_default().trim();
    let message = |variant| Message::new("config", variant).with("line", line);
    let reason = error.message();
    let names = reason
        .strip_prefix("unknown field ")
        .map(|names| names.split('`').skip(1).step_by(2).collect::<Vec<_>>());
    if let Some([name, known @ ..]) = names.as_deref() {
        return message("unknown-setting")
            .with("name", *name)
            .with("known", known.join(", "));
    }
    let is_toml = text.parse::<toml::Table>().is_ok();
    message(if is_toml { "wrong-value" } else { "bad-syntax" })
        .with("shown", shown)
        .with("reason", reason)
}

/// The line, counted from 1, in which this byte of a text stands.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// Names in a configuration, with where they stand.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Names {
    policy: PolicyNames,
    rules: RuleNames,
    columns: BTreeMap<Spanned<String>, toml::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PolicyNames {
    templates: BTreeMap<Spanned<String>, toml::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RuleNames {
    select: Vec<Spanned<String>>,
    ignore: Vec<Spanned<String>>,
    severity: BTreeMap<Spanned<String>, toml::Value>,
    columns: BTreeMap<String, RuleNames>,
    templates: BTreeMap<Spanned<String>, RuleNames>,
}

/// The first name in the configuration that no rule or no template has, in words, with its line.
fn mistake(text: &str, templates: &Templates) -> Option<Message> {
    let names: Names = toml::from_str(text).ok()?;
    let mut unknown = Vec::new();
    unknown_names(&names.rules, templates, &mut unknown);
    let is_template = |value: &toml::Value| value.is_table();
    let of_templates = names.columns.iter().filter(|(_, value)| is_template(value));
    unknown.extend(of_templates.filter_map(|(name, _)| unknown_template(name, templates)));
    let of_policy = names.policy.templates.keys();
    unknown.extend(of_policy.filter_map(|name| unknown_template(name, templates)));
    let (at, kind, name) = unknown.into_iter().min()?;
    Some(
        Message::new("config", kind)
            .with("line", line_of(text, at))
            .with("name", name),
    )
}

/// Where a name stands, what it should be one of, and the name.
type Unknown<'n> = (usize, &'static str, &'n str);

fn unknown_names<'n>(names: &'n RuleNames, templates: &Templates, unknown: &mut Vec<Unknown<'n>>) {
    let lists = names.select.iter().chain(&names.ignore);
    let rules = lists.chain(names.severity.keys());
    let rules = rules.filter(|name| !leadsheet::names_a_rule(name.get_ref()));
    unknown.extend(rules.map(|name| (name.span().start, "unknown-rule", &**name.get_ref())));
    for (name, names) in &names.templates {
        unknown.extend(unknown_template(name, templates));
        unknown_names(names, templates, unknown);
    }
    for names in names.columns.values() {
        unknown_names(names, templates, unknown);
    }
}

fn unknown_template<'n>(name: &'n Spanned<String>, templates: &Templates) -> Option<Unknown<'n>> {
    let is_unknown = templates.get(name.get_ref()).is_none();
    is_unknown.then(|| (name.span().start, "no-such-template", &**name.get_ref()))
}

fn validate(selection: &Selection, language: Language) -> anyhow::Result<()> {
    if let Err(unknown) = selection.validate() {
        bail!(language.text(&Message::new("command", "unknown-rule").with("name", &unknown.0)));
    }
    Ok(())
}

fn text_of(path: &Path, language: Language) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| {
        language.text(&Message::new("command", "cannot-read").with("path", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<File, String> {
        toml::from_str(text).map_err(|error| refused(&error, text).to_string())
    }

    #[test]
    fn headings_are_decided_for_all_templates_or_for_one() {
        let text = "[columns]\n\"跟进结果\" = \"feedback\"\n\"内部编码\" = \"none\"\n[columns.lead-ledger]\n\"编号\" = \"row_number\"";
        let mut templates = Templates::builtin();
        let columns = file(text).unwrap().columns;
        overrule(&mut templates, &columns);
        assert_eq!(columns.len(), 3);
    }

    #[test]
    fn unknown_rules_and_templates_are_named_with_their_line() {
        let templates = Templates::builtin();
        for (text, expected) in [
            ("", ""),
            (
                "[rules]\nignore = [\"C7\"]\nseverity = { overdue = \"info\" }",
                "",
            ),
            ("[columns.lead-ledger]\n\"编号\" = \"row_number\"", ""),
            (
                "[rules]\nselect = [\n  \"C2\",\n  \"C999\",\n]",
                "config-unknown-rule line=4 name=C999",
            ),
            (
                "[policy]\n\n[rules.severity]\nL109 = \"info\"\nL909 = \"info\"",
                "config-unknown-rule line=5 name=L909",
            ),
            (
                "[rules.templates.pipeline.columns.phone]\nignore = [\"C4055\"]",
                "config-unknown-rule line=2 name=C4055",
            ),
            (
                "[rules.templates.pipe-line]\nignore = [\"C405\"]",
                "config-no-such-template line=1 name=pipe-line",
            ),
            (
                "[policy]\n[policy.templates.pipe]\nrequired = [\"email\"]",
                "config-no-such-template line=2 name=pipe",
            ),
            ("[policy.templates.pipeline]\nrequired = [\"email\"]", ""),
            (
                "[rules]\nignore = []\n[columns.leads]\n\"编号\" = \"row_number\"",
                "config-no-such-template line=3 name=leads",
            ),
        ] {
            let found = mistake(text, &templates);
            let found = found.map_or_else(String::new, |message| message.to_string());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_apart_and_has_its_line() {
        for (text, expected) in [
            (
                "[columns]\n\"跟进结果\" = \"feedbak\"",
                "config-wrong-value line=2 shown=\"跟进结果\" = \"feedbak\" reason=",
            ),
            (
                "[columns.lead-ledger]\n\n\"跟进结果\" = \"feedbak\"",
                "config-wrong-value line=3 ",
            ),
            (
                "[policy]\ncadence = 3",
                "config-wrong-value line=2 shown=cadence = 3 ",
            ),
            (
                "[rule]\nignore = []",
                "config-unknown-setting line=1 name=rule known=policy, rules, columns",
            ),
            (
                "[rules]\nignore = [\"C2\"\nselect = []",
                "config-bad-syntax line=3 shown=select = [] ",
            ),
            (
                "[rules]\nignore = [C2]",
                "config-bad-syntax line=2 shown=ignore = [C2] ",
            ),
        ] {
            let error = file(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
