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
        let file = match config {
            Some(path) => toml::from_str(&text_of(path, language)?)
                .with_context(|| path.display().to_string())?,
            None => File::default(),
        };
        let mut templates = Templates::builtin();
        for path in template_files {
            templates
                .add(&path.display().to_string(), &text_of(path, language)?)
                .map_err(|error| anyhow!(language.text(&error.message())))?;
        }
        validate(&file.rules, language)?;
        overrule(&mut templates, &file.columns, language)?;
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
fn overrule(
    templates: &mut Templates,
    columns: &BTreeMap<String, Column>,
    language: Language,
) -> anyhow::Result<()> {
    for (name, column) in columns {
        match column {
            Column::Heading(meaning) => templates.overrule(None, name, meaning.0),
            Column::Template(_) if templates.get(name).is_none() => {
                let message = Message::new("command", "no-such-template").with("name", name);
                bail!(language.text(&message));
            }
            Column::Template(headings) => {
                for (heading, meaning) in headings {
                    templates.overrule(Some(name), heading, meaning.0);
                }
            }
        }
    }
    Ok(())
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
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn headings_are_decided_for_all_templates_or_for_one() {
        let text = "[columns]\n\"跟进结果\" = \"feedback\"\n\"内部编码\" = \"none\"\n[columns.lead-ledger]\n\"编号\" = \"row_number\"";
        let mut templates = Templates::builtin();
        let columns = file(text).unwrap().columns;
        overrule(&mut templates, &columns, Language::English).unwrap();
        assert_eq!(columns.len(), 3);
        let unknown = file("[columns.leads]\n\"编号\" = \"row_number\"").unwrap();
        let error = overrule(&mut templates, &unknown.columns, Language::English).unwrap_err();
        assert!(error.to_string().contains("leads"), "{error}");
    }

    #[test]
    fn a_mistyped_field_is_named_with_its_line() {
        for text in [
            "[columns]\n\"跟进结果\" = \"feedbak\"",
            "[columns.lead-ledger]\n\"跟进结果\" = \"feedbak\"",
        ] {
            let error = file(text).unwrap_err();
            assert!(
                error.contains("line 2") && error.contains("feedbak"),
                "{error}"
            );
        }
    }
}
