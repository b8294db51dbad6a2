//! Whether the description of an import form can be used: what its types cannot say, checked before anything is written.

use std::collections::HashSet;

use chrono::format::{Item, StrftimeItems};
use leadsheet_core::Message;
use thiserror::Error;

use super::profile::CrmProfile;

/// The JSON Schema of import forms, for editors: derived from [`CrmProfile`] and its parts, kept fresh by a test.
pub const CRM_PROFILE_SCHEMA: &str = include_str!("../../profiles/schema.json");

/// Why the description of an import form cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not TOML of the expected shape; the source names line and key.
    #[error("{file} describes no import form")]
    Toml {
        /// The description.
        file: String,
        /// What is wrong and where.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Of the right shape, but it contradicts itself.
    #[error("{file}: {flaw}: {value}")]
    Unsound {
        /// The description.
        file: String,
        /// What is wrong, by its id in the message catalogue.
        flaw: &'static str,
        /// The heading, field or format that is wrong.
        value: String,
    },
}

impl ProfileError {
    /// The error in the words of the message catalogue.
    pub fn message(&self) -> Message {
        match self {
            ProfileError::Toml { file, source } => Message::new("crm", "no-form")
                .with("file", file)
                .with("cause", source.to_string().trim_end()),
            ProfileError::Unsound { file, flaw, value } => Message::new("crm", flaw)
                .with("file", file)
                .with("value", value),
        }
    }
}

impl CrmProfile {
    /// Reads the description of an import form. `file` is named in errors.
    ///
    /// # Errors
    /// [`ProfileError`]
    pub fn read(file: &str, text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|source| ProfileError::Toml {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        match flaw(&profile) {
            Some((flaw, value)) => Err(ProfileError::Unsound {
                file: file.to_owned(),
                flaw,
                value,
            }),
            None => Ok(profile),
        }
    }
}

/// The first thing that is wrong: its id and what is wrong with it.
fn flaw(profile: &CrmProfile) -> Option<(&'static str, String)> {
    let mut headings = HashSet::new();
    let mut fields = HashSet::new();
    let mut rest = 0;
    for column in &profile.columns {
        if column.heading.trim().is_empty() {
            return Some(("form-blank", column.heading.clone()));
        }
        if !headings.insert(column.heading.as_str()) {
            return Some(("form-heading-twice", column.heading.clone()));
        }
        if let Some(field) = column.field.filter(|&field| !fields.insert(field)) {
            return Some(("form-field-twice", field.key().to_owned()));
        }
        if !column.rest && column.sources().is_empty() {
            return Some(("form-unfilled", column.heading.clone()));
        }
        rest += usize::from(column.rest);
        if rest > 1 {
            return Some(("form-two-rests", column.heading.clone()));
        }
    }
    if headings.is_empty() {
        return Some(("form-empty", profile.name.clone()));
    }
    let mut wanted = profile.at_least_one.iter();
    if let Some(unknown) = wanted.find(|heading| !headings.contains(heading.as_str())) {
        return Some(("form-unknown-heading", unknown.clone()));
    }
    let mut parts = StrftimeItems::new(&profile.date_format);
    parts
        .any(|part| matches!(part, Item::Error))
        .then(|| ("form-date-format", profile.date_format.clone()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const FORM: &str = "name = 'own'\ntitle = '本公司'\nenglish = 'Ours'\nsheet = '导入'\nverified = true\n\
                        files = ['csv']\ndate-format = '%Y-%m-%d'\n\
                        [[column]]\nheading = '客户'\nfield = 'customer'\n\
                        [[column]]\nheading = '说明'\nrest = true\n";

    fn flaw_of(text: &str) -> Option<&'static str> {
        match CrmProfile::read("f.toml", text) {
            Ok(_) => None,
            Err(ProfileError::Unsound { flaw, .. }) => Some(flaw),
            Err(ProfileError::Toml { .. }) => Some("no-form"),
        }
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused_with_its_reason() {
        let (two_rests, twice) = (
            format!("{FORM}[[column]]\nheading = '其他'\nrest = true\n"),
            format!("{FORM}[[column]]\nheading = '公司'\nfield = 'customer'\n"),
        );
        for (text, expected) in [
            (FORM.to_owned(), None),
            (FORM.replace("'说明'", "'客户'"), Some("form-heading-twice")),
            (FORM.replace("'说明'", "' '"), Some("form-blank")),
            (FORM.replace("rest = true", ""), Some("form-unfilled")),
            (FORM.replace("%Y-%m-%d", "%Q"), Some("form-date-format")),
            (FORM.replace("'customer'", "'kunde'"), Some("no-form")),
            (
                format!("at-least-one = ['电话']\n{FORM}"),
                Some("form-unknown-heading"),
            ),
            (two_rests, Some("form-two-rests")),
            (twice, Some("form-field-twice")),
        ] {
            assert_eq!(flaw_of(&text), expected, "{text}");
        }
    }

    #[test]
    fn the_schema_on_file_is_that_of_the_types() {
        let fresh = serde_json::to_value(schemars::schema_for!(CrmProfile)).unwrap();
        let on_file: serde_json::Value =
            serde_json::from_str(CRM_PROFILE_SCHEMA).unwrap_or_default();
        if on_file != fresh && std::env::var_os("LEADSHEET_BLESS").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/schema.json");
            std::fs::write(file, serde_json::to_string_pretty(&fresh).unwrap() + "\n").unwrap();
            return;
        }
        assert!(
            on_file == fresh,
            "profiles/schema.json is stale: LEADSHEET_BLESS=1 cargo test -p leadsheet-workbook schema writes it anew"
        );
    }
}
