//! The definition of a template: the one list of its columns, from which recognising, reading, checking, writing and
//! documentation all come.

use std::collections::{BTreeMap, HashMap};

use leadsheet_core::{BannerKind, Field, LeadIdPattern};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::colour::RowColour;
use super::header::heading_key;
use crate::crm::CrmProfile;

/// A column of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ColumnDefinition {
    /// What it means.
    pub field: Field,
    /// The heading, where this template says it otherwise than most (`姓名` for the customer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The heading in English, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<String>,
    /// Other headings that mean this column in this template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Whether every row should have a value.
    #[serde(default)]
    pub required: bool,
    /// Whether the column is one that some teams add; a blank template leaves it out.
    #[serde(default)]
    pub optional: bool,
    /// Width in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    /// A hint for the person who fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A label above the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BannerDefinition {
    /// What it states.
    pub kind: BannerKind,
    /// The label.
    pub label: String,
    /// The label in English.
    pub english: String,
    /// Other labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
}

/// A sentence for whoever fills the table in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Instruction {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub english: String,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TemplateDefinition {
    /// Its stable name, `lead-ledger` for instance.
    pub name: String,
    /// The title people know it by.
    pub title: String,
    /// The title in English.
    pub english: String,
    /// The usual name of its sheet.
    pub sheet: String,
    /// The title of the table within the sheet, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_english: Option<String>,
    /// How it numbers leads.
    #[serde(default)]
    pub lead_id: LeadIdPattern,
    /// Labels above the table.
    #[serde(default, rename = "banner", skip_serializing_if = "Vec::is_empty")]
    pub banners: Vec<BannerDefinition>,
    /// What to keep in mind when filling it in, beside what follows from its columns.
    #[serde(default, rename = "instruction", skip_serializing_if = "Vec::is_empty")]
    pub instructions: Vec<Instruction>,
    /// Rows that stand out, by the terms of a field; where absent, the usual colours of its fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub colours: BTreeMap<Field, BTreeMap<String, RowColour>>,
    /// Whether these are the columns of a CRM's import form, and no follow-up table that people keep.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crm: bool,
    /// Its columns in order.
    #[serde(rename = "column")]
    pub columns: Vec<ColumnDefinition>,
}

/// What a field is usually called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Headings {
    heading: String,
    english: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// Why a definition cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Not TOML of the expected shape; the source names line and key.
    #[error("{file} is no template definition")]
    Toml {
        /// The definition.
        file: String,
        /// What is wrong and where.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Two columns of one field.
    #[error("{file} defines the column `{field}` twice")]
    DuplicateColumn {
        /// The definition.
        file: String,
        /// The field.
        field: Field,
    },
}

/// Every known template, ready to recognise sheets with.
#[derive(Clone, Debug)]
pub struct Templates {
    headings: BTreeMap<Field, Headings>,
    colours: BTreeMap<Field, BTreeMap<String, RowColour>>,
    definitions: Vec<TemplateDefinition>,
    keys: Vec<Keys>,
}

/// What headings mean in a template: by key, the likeliest meaning first.
pub(crate) type Keys = HashMap<String, Vec<Meaning>>;

/// One thing a heading may mean in a template.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Meaning {
    pub(crate) field: Field,
    /// The template's own heading, rather than a synonym.
    pub(crate) own: bool,
}

const BUILTIN: [(&str, &str); 2] = [
    (
        "lead-ledger.toml",
        include_str!("../../templates/lead-ledger.toml"),
    ),
    (
        "follow-up-statistics.toml",
        include_str!("../../templates/follow-up-statistics.toml"),
    ),
];
const HEADINGS: &str = include_str!("../../templates/headings.toml");
const COLOURS: &str = include_str!("../../templates/colours.toml");

impl Templates {
    /// The built-in templates.
    ///
    /// # Panics
    /// Never: the definitions are part of the crate and a test reads them.
    pub fn builtin() -> Self {
        let headings = toml::from_str(HEADINGS).expect("the built-in headings are sound");
        let mut templates = Self {
            headings,
            colours: toml::from_str(COLOURS).expect("the built-in colours are sound"),
            definitions: Vec::new(),
            keys: Vec::new(),
        };
        for (file, text) in BUILTIN {
            templates
                .add(file, text)
                .expect("the built-in templates are sound");
        }
        for profile in CrmProfile::builtin() {
            templates.insert(profile.definition());
        }
        templates
    }

    /// Adds a definition, or replaces the one of the same name. `file` is named in errors.
    ///
    /// # Errors
    /// [`TemplateError`]
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), TemplateError> {
        let definition: TemplateDefinition =
            toml::from_str(text).map_err(|source| TemplateError::Toml {
                file: file.to_owned(),
                source: source.into(),
            })?;
        for (position, column) in definition.columns.iter().enumerate() {
            if definition.columns[..position]
                .iter()
                .any(|earlier| earlier.field == column.field)
            {
                return Err(TemplateError::DuplicateColumn {
                    file: file.to_owned(),
                    field: column.field,
                });
            }
        }
        self.insert(definition);
        Ok(())
    }

    fn insert(&mut self, definition: TemplateDefinition) {
        let keys = self.keys_of(&definition);
        if let Some(position) = self
            .definitions
            .iter()
            .position(|known| known.name == definition.name)
        {
            self.definitions[position] = definition;
            self.keys[position] = keys;
        } else {
            self.definitions.push(definition);
            self.keys.push(keys);
        }
    }

    /// Heading to meanings. A template's own words come first, then what its fields are called elsewhere, then the
    /// headings of fields that the template does not have.
    fn keys_of(&self, definition: &TemplateDefinition) -> Keys {
        let mut keys = Keys::new();
        let mut claim = |heading: &str, meaning: Meaning| {
            let meanings = keys.entry(heading_key(heading)).or_default();
            if !meanings.iter().any(|known| known.field == meaning.field) {
                meanings.push(meaning);
            }
        };
        for column in &definition.columns {
            let meaning = Meaning {
                field: column.field,
                own: true,
            };
            claim(self.heading(column), meaning);
            claim(self.english(column), meaning);
            for synonym in &column.synonyms {
                claim(
                    synonym,
                    Meaning {
                        own: false,
                        ..meaning
                    },
                );
            }
        }
        let has = |field: Field| {
            definition
                .columns
                .iter()
                .any(|column| column.field == field)
        };
        for own_columns in [true, false] {
            for (&field, headings) in self
                .headings
                .iter()
                .filter(|&(&field, _)| has(field) == own_columns)
            {
                let spellings = [&headings.heading, &headings.english]
                    .into_iter()
                    .chain(&headings.synonyms);
                spellings.for_each(|heading| claim(heading, Meaning { field, own: false }));
            }
        }
        keys
    }

    /// The templates in the order in which they are listed.
    pub fn iter(&self) -> impl Iterator<Item = &TemplateDefinition> {
        self.definitions.iter()
    }

    /// The template with this name.
    pub fn get(&self, name: &str) -> Option<&TemplateDefinition> {
        self.definitions
            .iter()
            .find(|template| template.name == name)
    }

    /// The heading a column is written under.
    pub fn heading<'a>(&'a self, column: &'a ColumnDefinition) -> &'a str {
        column
            .heading
            .as_deref()
            .unwrap_or_else(|| self.usual(column.field).map_or("", |usual| &usual.heading))
    }

    /// The heading a column is written under in English.
    pub fn english<'a>(&'a self, column: &'a ColumnDefinition) -> &'a str {
        column
            .english
            .as_deref()
            .unwrap_or_else(|| self.usual(column.field).map_or("", |usual| &usual.english))
    }

    /// Every other heading that means this column.
    pub fn synonyms<'a>(&'a self, column: &'a ColumnDefinition) -> Vec<&'a str> {
        let usual = self.usual(column.field);
        let common = usual.into_iter().flat_map(|usual| {
            [&usual.heading, &usual.english]
                .into_iter()
                .chain(&usual.synonyms)
                .map(String::as_str)
        });
        let own = [self.heading(column), self.english(column)];
        column
            .synonyms
            .iter()
            .map(String::as_str)
            .chain(common)
            .filter(|synonym| !own.contains(synonym))
            .collect()
    }

    /// The usual heading of a field, for tables outside any template.
    pub fn usual_heading(&self, field: Field) -> &str {
        self.usual(field)
            .map_or(field.key(), |usual| &usual.heading)
    }

    /// The colours that rows take by the terms of a field: the template's own, else the usual ones.
    pub fn colours<'a>(
        &'a self,
        template: Option<&'a TemplateDefinition>,
        field: Field,
    ) -> Option<&'a BTreeMap<String, RowColour>> {
        match template {
            Some(template) if !template.colours.is_empty() => template.colours.get(&field),
            _ => self.colours.get(&field),
        }
    }

    fn usual(&self, field: Field) -> Option<&Headings> {
        self.headings.get(&field)
    }

    pub(crate) fn with_keys(&self) -> impl Iterator<Item = (&TemplateDefinition, &Keys)> {
        self.definitions.iter().zip(&self.keys)
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::builtin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_definitions_are_sound_and_every_field_has_a_heading() {
        let templates = Templates::builtin();
        for &field in Field::ALL {
            assert!(templates.usual(field).is_some(), "{field} has no heading");
        }
        let ledger = templates.get("lead-ledger").unwrap();
        let headings: Vec<_> = ledger
            .columns
            .iter()
            .filter(|column| !column.optional)
            .map(|column| templates.heading(column))
            .collect();
        // The fourteen of S1, in its order.
        let expected = "线索编号 客户名称 线索来源 联系人 联系方式 线索等级 初始需求 跟进日期 跟进方式 沟通内容摘要 客户反馈 下一步计划 负责人 当前状态";
        assert_eq!(headings.join(" "), expected);
        let statistics = templates.get("follow-up-statistics").unwrap();
        let headings: Vec<_> = statistics
            .columns
            .iter()
            .map(|column| templates.heading(column))
            .collect();
        assert_eq!(
            headings.join(" "),
            "编号 姓名 客户类型 跟进日期 跟进方式 跟进进度 客户意向 跟进结果 成交日期 业务员"
        );
    }

    #[test]
    fn a_mistake_in_a_definition_names_file_line_and_key() {
        let error = Templates::builtin()
            .add("team.toml", "name = \"x\"\ntitel = \"y\"")
            .unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            error.to_string().contains("team.toml")
                && cause.contains("line 2")
                && cause.contains("titel"),
            "{cause}"
        );
        let twice = "name='x'\ntitle='x'\nenglish='x'\nsheet='x'\n[[column]]\nfield='owner'\n[[column]]\nfield='owner'";
        let error = Templates::builtin().add("team.toml", twice).unwrap_err();
        assert_eq!(
            error.to_string(),
            "team.toml defines the column `owner` twice"
        );
    }
}
