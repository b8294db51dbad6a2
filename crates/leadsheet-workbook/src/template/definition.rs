//! The definition of a template: the one list of its columns, from which recognising, reading, checking, writing and
//! documentation all come.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use leadsheet_core::{
    BannerKind, ExtraTerm, Field, FieldKind, LeadIdPattern, Ledger, OutcomeRule, Wording,
    traditional,
};
use serde::{Deserialize, Serialize};

use super::colour::RowColour;
use super::form::FormDefinition;
use super::header::heading_key;
use super::soundness::{self, TemplateError};
use crate::crm::CrmProfile;

/// A column of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The group it stands under, where the template has two heading rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Terms of a team's own, or synonyms for terms that are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<ExtraTerm>,
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

/// A group of columns: what the upper of two heading rows says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GroupDefinition {
    /// Its name, `订单信息` for instance.
    pub name: String,
    /// Its name in English.
    pub english: String,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// What makes a full heading of a short one: with the stem `订单`, `日期` in this group is `订单日期`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stems: Vec<String>,
}

/// A label above the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Instruction {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub english: String,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Headings of which at least one must be there: what tells a template of few and common columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// What says that a lead was won or lost; the first that speaks is believed. Columns that are not listed say what
    /// they usually do, after these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<OutcomeRule>,
    /// Labels above the table.
    #[serde(default, rename = "banner", skip_serializing_if = "Vec::is_empty")]
    pub banners: Vec<BannerDefinition>,
    /// The groups of its columns, where it has two heading rows.
    #[serde(default, rename = "group", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupDefinition>,
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
    /// What it looks like where it is no flat table, and what may stand above one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormDefinition>,
}

impl TemplateDefinition {
    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<&ColumnDefinition> {
        self.columns.iter().find(|column| column.field == field)
    }

    /// A table of this template without a row or column.
    pub fn empty_table(&self) -> Ledger {
        let mut table = Ledger::default();
        table.template.clone_from(&self.name);
        table.lead_id_pattern = self.lead_id;
        table.terms = self.terms();
        table.outcome.clone_from(&self.outcome);
        table
    }

    /// The terms that its columns add, by field.
    pub(crate) fn terms(&self) -> BTreeMap<Field, Vec<ExtraTerm>> {
        let own = self
            .columns
            .iter()
            .filter(|column| !column.terms.is_empty());
        own.map(|column| (column.field, column.terms.clone()))
            .collect()
    }
}

/// What a field is usually called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Headings {
    pub(crate) heading: String,
    pub(crate) english: String,
    #[serde(default)]
    synonyms: Vec<String>,
    /// Words that may mean it where nothing else does.
    #[serde(default)]
    also: Vec<String>,
    /// The keys of them all. Folding is dear, and every template asks for the same.
    #[serde(skip)]
    keys: HeadingKeys,
}

#[derive(Clone, Debug, Default)]
struct HeadingKeys {
    heading: String,
    english: String,
    synonyms: Vec<String>,
    also: Vec<String>,
}

impl Headings {
    fn fold(&mut self) {
        let keys = |headings: &[String]| headings.iter().map(|text| heading_key(text)).collect();
        self.keys = HeadingKeys {
            heading: heading_key(&self.heading),
            english: heading_key(&self.english),
            synonyms: keys(&self.synonyms),
            also: keys(&self.also),
        };
    }
}

/// Every known template, ready to recognise sheets with.
#[derive(Clone, Debug)]
pub struct Templates {
    headings: BTreeMap<Field, Headings>,
    colours: BTreeMap<Field, BTreeMap<String, RowColour>>,
    definitions: Vec<TemplateDefinition>,
    keys: Vec<Keys>,
    /// Every heading that any template knows.
    known: HashSet<String>,
    /// Every label that stands above some template's table.
    banners: HashSet<String>,
    groups: HashMap<String, GroupKeys>,
    /// What a team has decided: by template (or for all), by heading.
    overruled: HashMap<(Option<String>, String), Overruled>,
}

/// What a team has decided about a heading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Overruled {
    /// It means this.
    Means(Field),
    /// It means nothing; the column is kept as it is.
    Kept,
}

/// What headings mean in a template: by key, the likeliest meaning first.
pub(crate) type Keys = HashMap<String, Vec<Meaning>>;

/// One thing a heading may mean in a template.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Meaning {
    pub(crate) field: Field,
    pub(crate) strength: Strength,
    /// Whether other tables use the word for other things, even where it is the template's own: 编号, 姓名.
    pub(crate) is_common: bool,
}

/// How sure a heading is to mean a field, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// The template's own heading.
    Own,
    /// A synonym that the template lists.
    Listed,
    /// What the field is usually called.
    Usual,
    /// What a field is usually called that the template does not have.
    Stranger,
    /// A word that may mean it where nothing else does.
    Weak,
    /// Such a word for a field that the template does not have.
    WeakStranger,
}

impl Strength {
    /// Whether other tables use the word for other things.
    pub(crate) const fn is_weak(self) -> bool {
        matches!(self, Strength::Weak | Strength::WeakStranger)
    }
}

/// A group of columns by which short headings are told apart.
#[derive(Clone, Debug)]
pub(crate) struct GroupKeys {
    /// The name that columns are defined under.
    pub(crate) name: String,
    /// Keys to put before a short heading's.
    pub(crate) stems: Vec<String>,
}

const BUILTIN: [(&str, &str); 6] = [
    (
        "lead-ledger.toml",
        include_str!("../../templates/lead-ledger.toml"),
    ),
    (
        "follow-up-log.toml",
        include_str!("../../templates/follow-up-log.toml"),
    ),
    (
        "communication-record.toml",
        include_str!("../../templates/communication-record.toml"),
    ),
    (
        "follow-up-statistics.toml",
        include_str!("../../templates/follow-up-statistics.toml"),
    ),
    (
        "pipeline.toml",
        include_str!("../../templates/pipeline.toml"),
    ),
    (
        "order-tracking.toml",
        include_str!("../../templates/order-tracking.toml"),
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
        let mut headings: BTreeMap<Field, Headings> =
            toml::from_str(HEADINGS).expect("the built-in headings are sound");
        headings.values_mut().for_each(Headings::fold);
        let mut templates = Self {
            headings,
            colours: toml::from_str(COLOURS).expect("the built-in colours are sound"),
            definitions: Vec::new(),
            keys: Vec::new(),
            known: HashSet::new(),
            banners: HashSet::new(),
            groups: HashMap::new(),
            overruled: HashMap::new(),
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
        let definition = soundness::read(file, text, &self.headings)?;
        self.insert(definition);
        Ok(())
    }

    fn insert(&mut self, definition: TemplateDefinition) {
        let keys = self.keys_of(&definition);
        self.known.extend(keys.keys().cloned());
        for banner in &definition.banners {
            let labels = [&banner.label, &banner.english]
                .into_iter()
                .chain(&banner.synonyms);
            self.banners.extend(labels.map(|label| heading_key(label)));
        }
        for group in &definition.groups {
            let names = [&group.name, &group.english]
                .into_iter()
                .chain(&group.synonyms);
            for name in names {
                let stems = group.stems.iter().map(|stem| heading_key(stem)).collect();
                let keys = GroupKeys {
                    name: group.name.clone(),
                    stems,
                };
                self.groups.entry(heading_key(name)).or_insert(keys);
            }
        }
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

    /// Decides what a heading means, whatever other columns and the values say: a field, or `None` for a column to be
    /// kept as it is. Without a template it holds in every one.
    pub fn overrule(&mut self, template: Option<&str>, heading: &str, meaning: Option<Field>) {
        let place = (template.map(str::to_owned), heading_key(heading));
        self.known.insert(place.1.clone());
        let meaning = meaning.map_or(Overruled::Kept, Overruled::Means);
        self.overruled.insert(place, meaning);
    }

    /// What a team has decided about a heading, first for this template, then for all.
    pub(crate) fn overruled(&self, template: &str, key: &str) -> Option<Overruled> {
        if self.overruled.is_empty() {
            return None;
        }
        let of = |template: Option<&str>| {
            let place = (template.map(str::to_owned), key.to_owned());
            self.overruled.get(&place).copied()
        };
        of(Some(template)).or_else(|| of(None))
    }

    /// Heading to meanings, the surest first.
    fn keys_of(&self, definition: &TemplateDefinition) -> Keys {
        let mut keys = Keys::new();
        let mut claim = |key: String, field: Field, strength: Strength| {
            let meanings: &mut Vec<Meaning> = keys.entry(key).or_default();
            match meanings.iter_mut().find(|known| known.field == field) {
                Some(known) => known.is_common |= strength.is_weak(),
                None => meanings.push(Meaning {
                    field,
                    strength,
                    is_common: strength.is_weak(),
                }),
            }
        };
        for column in &definition.columns {
            let usual = self.usual(column.field).map(|usual| &usual.keys);
            let own = |own: Option<&String>, usual: Option<&String>| match own {
                Some(heading) => heading_key(heading),
                None => usual.cloned().unwrap_or_default(),
            };
            let heading = own(column.heading.as_ref(), usual.map(|usual| &usual.heading));
            let english = own(column.english.as_ref(), usual.map(|usual| &usual.english));
            claim(heading, column.field, Strength::Own);
            claim(english, column.field, Strength::Own);
            for synonym in &column.synonyms {
                claim(heading_key(synonym), column.field, Strength::Listed);
            }
        }
        for (&field, headings) in &self.headings {
            let is_one_word = !headings.english.contains([' ', '-']);
            let headings = &headings.keys;
            let is_stranger = definition.column(field).is_none();
            let (usual, weak) = if is_stranger {
                (Strength::Stranger, Strength::WeakStranger)
            } else {
                (Strength::Usual, Strength::Weak)
            };
            // `Category` or `Method` alone may mean anything in a table that has no such column.
            let is_vague = is_stranger && is_one_word && field.kind() != FieldKind::Contact;
            let english = headings.english.clone();
            claim(headings.heading.clone(), field, usual);
            claim(english, field, if is_vague { weak } else { usual });
            for key in &headings.synonyms {
                claim(key.clone(), field, usual);
            }
            for key in &headings.also {
                claim(key.clone(), field, weak);
            }
        }
        for meanings in keys.values_mut() {
            meanings.sort_by_key(|meaning| meaning.strength);
        }
        keys
    }

    /// Whether any template knows a heading, by its key.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.known.contains(key)
    }

    /// The group with this name, by its key.
    pub(crate) fn group(&self, key: &str) -> Option<&GroupKeys> {
        self.groups.get(key)
    }

    /// Whether a text is a label that stands above some template's table, by its key.
    pub(crate) fn is_banner(&self, key: &str) -> bool {
        self.banners.contains(key)
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

    /// What a heading means in a template by itself, without a group above it and values below it.
    pub fn meaning(&self, template: &str, heading: &str) -> Option<Field> {
        let key = heading_key(heading);
        if let Some(Overruled::Means(field)) = self.overruled(template, &key) {
            return Some(field);
        }
        let (_, keys) = self.with_keys().find(|(known, _)| known.name == template)?;
        keys.get(&key)?.first().map(|meaning| meaning.field)
    }

    /// What a template calls a field in a language; of a field that it lacks, what that is usually called.
    pub fn heading_in(&self, template: &str, field: Field, wording: Wording) -> Option<String> {
        let column = self
            .get(template)
            .and_then(|template| template.column(field));
        let usual = || {
            self.usual(field)
                .map(|usual| (&*usual.heading, &*usual.english))
        };
        let (chinese, english) = column
            .map(|column| (self.heading(column), self.english(column)))
            .or_else(usual)?;
        Some(match wording {
            Wording::Simplified => chinese.to_owned(),
            Wording::Traditional => traditional(chinese).into_owned(),
            Wording::English => english.to_owned(),
        })
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
                .chain(&usual.also)
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
        for (name, expected) in [
            (
                "pipeline",
                "客户名称 联系人 职位 联系方式 公司名称 行业 销售阶段 跟进时间 跟进方式 跟进内容 客户反馈 备注 | 来源渠道 转化状态 销售额",
            ),
            (
                "order-tracking",
                "客户名称 联系方式 所在地区 跟进时间 跟进方式 跟进内容 订单编号 订单金额 订单状态 满意度评价 意见和建议 | 公司名称 行业属性 购买潜力评估 销售阶段 订单日期 交货日期 备注",
            ),
        ] {
            let template = templates.get(name).unwrap();
            let headings = |optional| {
                let columns = template.columns.iter();
                let columns = columns.filter(move |column| column.optional == optional);
                let headings = columns.map(|column| templates.heading(column));
                headings.collect::<Vec<_>>().join(" ")
            };
            assert_eq!(
                format!("{} | {}", headings(false), headings(true)),
                expected
            );
        }
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
    }
}
