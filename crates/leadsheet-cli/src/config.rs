//! `leadsheet.toml`: the team's policy and choice of rules; and template definitions of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use leadsheet::{Language, Message, Policy, Selection, Templates};
use serde::Deserialize;

/// What a team has decided.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct File {
    policy: Policy,
    rules: Selection,
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
