//! What a CRM's import form for leads looks like: its columns in order, and the rules its files must keep.

use std::collections::BTreeMap;

use leadsheet_core::{ExtraTerm, Field, LeadIdPattern, Vocabulary};
use serde::Deserialize;

use crate::template::{ColumnDefinition, TemplateDefinition};

/// What a CRM takes in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// Whatever is written.
    #[default]
    Anything,
    /// Values that the CRM has listed.
    Listed,
    /// The e-mail address of one of its users.
    UserEmail,
}

/// A column of an import form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CrmColumn {
    /// The heading, exactly as the CRM wants it.
    pub heading: String,
    /// The name of the field in the CRM's programming interface, where it is known.
    #[serde(default)]
    pub api: Option<String>,
    /// What the column means when a file of this form is read; `None` where no field of ours says it.
    #[serde(default)]
    pub field: Option<Field>,
    /// The fields it is filled from, the first that says something; where empty, `field` alone.
    #[serde(default)]
    pub from: Vec<Field>,
    /// Whether the CRM refuses a record without it.
    #[serde(default)]
    pub required: bool,
    /// Whether it takes what has no column of its own.
    #[serde(default)]
    pub rest: bool,
    /// What the CRM takes in it.
    #[serde(default)]
    pub takes: Takes,
    /// The longest text that the CRM takes, in characters.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Our terms in the CRM's words.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

impl CrmColumn {
    /// The fields it is filled from, in the order in which they are asked.
    pub fn sources(&self) -> &[Field] {
        match &self.field {
            Some(field) if self.from.is_empty() => std::slice::from_ref(field),
            _ => &self.from,
        }
    }

    /// The CRM's words as synonyms of our terms; of one word for two terms, the first is meant.
    fn terms(&self) -> Vec<ExtraTerm> {
        let Some(vocabulary) = self.field.and_then(Vocabulary::builtin) else {
            return Vec::new();
        };
        let mut known: Vec<&String> = Vec::new();
        let listed = vocabulary.terms().iter().map(|term| &term.canonical);
        let own = listed.chain(self.values.keys());
        let mut terms = Vec::new();
        for term in own {
            let Some(word) = self.values.get(term).filter(|word| !word.is_empty()) else {
                continue;
            };
            if vocabulary.find(term).is_some() && !known.contains(&word) {
                known.push(word);
                terms.push(ExtraTerm {
                    term: term.clone(),
                    english: None,
                    synonyms: vec![word.clone()],
                });
            }
        }
        terms
    }
}

/// An import form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CrmProfile {
    /// Its stable name, `salesforce` for instance.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The same in English.
    pub english: String,
    /// The name of the sheet in a workbook.
    pub sheet: String,
    /// Whether headings and rules come from the maker's own documents or programs.
    pub verified: bool,
    /// The endings of the files that the CRM takes.
    pub files: Vec<String>,
    /// The most records that one file may hold.
    #[serde(default)]
    pub max_rows: Option<usize>,
    /// What stands in a row of its own above the headings of a workbook.
    #[serde(default)]
    pub banner: Option<String>,
    /// How dates are written, in the letters of `strftime`.
    pub date_format: String,
    /// Headings of which at least one must be filled.
    #[serde(default)]
    pub at_least_one: Vec<String>,
    /// The columns in order.
    #[serde(rename = "column")]
    pub columns: Vec<CrmColumn>,
}

const BUILTIN: [&str; 6] = [
    include_str!("../../profiles/salesforce.toml"),
    include_str!("../../profiles/zoho.toml"),
    include_str!("../../profiles/zoho-zh.toml"),
    include_str!("../../profiles/hubspot.toml"),
    include_str!("../../profiles/wukong.toml"),
    include_str!("../../profiles/fxiaoke.toml"),
];

impl CrmProfile {
    /// The built-in profiles.
    ///
    /// # Panics
    /// Never: the profiles are part of the crate and a test reads them.
    pub fn builtin() -> Vec<Self> {
        BUILTIN
            .into_iter()
            .map(|text| toml::from_str(text).expect("the built-in profiles are sound"))
            .collect()
    }

    /// The column that takes what has no column of its own.
    pub fn rest(&self) -> Option<&CrmColumn> {
        self.columns.iter().find(|column| column.rest)
    }

    /// The profile as a template, by which a file in this form is recognised and read.
    pub fn definition(&self) -> TemplateDefinition {
        let column = |column: &CrmColumn| {
            Some(ColumnDefinition {
                field: column.field?,
                heading: Some(column.heading.clone()),
                english: Some(column.heading.clone()),
                synonyms: column.api.iter().cloned().collect(),
                group: None,
                terms: column.terms(),
                required: column.required,
                optional: false,
                width: None,
                note: None,
            })
        };
        TemplateDefinition {
            name: self.name.clone(),
            title: self.title.clone(),
            english: self.english.clone(),
            sheet: self.sheet.clone(),
            section: None,
            section_english: None,
            lead_id: LeadIdPattern::Free,
            marks: Vec::new(),
            outcome: Vec::new(),
            banners: Vec::new(),
            groups: Vec::new(),
            instructions: Vec::new(),
            colours: BTreeMap::new(),
            crm: true,
            columns: self.columns.iter().filter_map(column).collect(),
            form: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::testing::sheet;
    use crate::template::{Templates, recognise};
    use std::collections::HashSet;

    #[test]
    fn the_built_in_profiles_are_sound() {
        for profile in CrmProfile::builtin() {
            let name = &profile.name;
            let mut headings = HashSet::new();
            let mut fields = HashSet::new();
            for column in &profile.columns {
                assert!(headings.insert(&column.heading), "{name}: {column:?} twice");
                assert!(
                    column.field.is_none_or(|field| fields.insert(field)),
                    "{name}: {:?} twice",
                    column.field
                );
                assert!(
                    column.rest || !column.sources().is_empty(),
                    "{name}: nothing fills {column:?}"
                );
            }
            assert!(
                profile
                    .at_least_one
                    .iter()
                    .all(|heading| headings.contains(heading)),
                "{name}"
            );
            assert!(profile.columns.iter().filter(|column| column.rest).count() <= 1);
        }
    }

    /// Heading rows as the makers' own pages and programs give them, with columns that nobody here knows.
    #[test]
    fn the_heading_row_of_each_crm_is_recognised_as_its_own() {
        let templates = Templates::builtin();
        for (name, headings) in [
            (
                "salesforce",
                "First Name,Last Name,Company,Title,Phone,Mobile Phone,Email,Lead Source,Lead Status,Rating,Industry,\
                 Record Owner,City,State,Postal Code,Country,Website,No. of Employees,Annual Revenue,Description",
            ),
            (
                "salesforce",
                "Id,LastName,FirstName,Title,Company,City,Phone,MobilePhone,Email,LeadSource,Status,Industry,Rating,OwnerId,Description",
            ),
            (
                "zoho",
                "Lead Owner,Company,First Name,Last Name,Title,Email,Phone,Mobile,Website,Lead Source,Lead Status,Industry,\
                 No. of Employees,Annual Revenue,Rating,Secondary Email,Street,City,State,Zip Code,Country,Description",
            ),
            (
                "zoho-zh",
                "线索所有者,公司*,名,姓*,称谓,职务,电话,手机,邮件,第二电子邮箱,线索来源,线索状态,评级,行业,街道,城市,网站,员工数量,年收入,描述",
            ),
            (
                "hubspot",
                "First name,Last name,Email,Phone number,Mobile phone number,Company name,Job title,Lead status,Lifecycle stage,\
                 Industry,Contact owner,City,State/Region,Zip code,Country/Region,Website URL",
            ),
            (
                "wukong",
                "线索名称(*),邮箱,线索来源,手机,电话,地址,客户行业,客户级别,下次联系时间,备注",
            ),
            (
                "wukong",
                "线索名称(*),线索来源,电话,手机,客户行业,客户级别,下次联系时间,备注",
            ),
            (
                "fxiaoke",
                "姓名,公司,电话,手机,邮件,来源,线索阶段,业务状态,负责人,下次跟进时间,地址,备注,线索池,市场活动",
            ),
        ] {
            let row: Vec<&str> = headings.split(',').collect();
            let found = recognise(&sheet(&[&row]), &templates);
            let best = found.recognition.best;
            let layout = found.layout.map(|layout| layout.template.name.clone());
            assert_eq!(layout.as_deref(), Some(name), "{best:?}");
        }
    }

    #[test]
    fn a_team_s_own_table_is_no_crm_form() {
        let templates = Templates::builtin();
        let unlike = ["客户名称", "联系电话", "收货地址", "发货日期", "物流公司"];
        let found = recognise(&sheet(&[&unlike]), &templates);
        assert!(found.layout.is_none());
        let nearest = found.recognition.best.map(|best| best.template);
        assert!(
            nearest.is_none_or(|name| !templates.get(&name).unwrap().crm),
            "a CRM's form is nothing that a team should come near to"
        );
    }
}
