//! Which rules speak, and how loudly: everywhere, in the tables of one template, in one column.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Rule, rules};
use crate::field::Field;
use crate::finding::Severity;

/// Rules by code or prefix (`C203`, `C2`, `C`) or by name. Nothing selected means every rule.
///
/// A rule speaks at a place where every choice that covers the place lets it: the one for all, the one for the template of the
/// table, the ones for the column. How loudly, the narrowest of them says that names the rule at all.
///
/// ```
/// use leadsheet_core::{Field, Selection, Severity, rule};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let selection: Selection = toml::from_str(r#"
///     severity = { C4 = "info" }
///     [templates.pipeline.columns.phone]
///     ignore = ["C405"]
/// "#)?;
/// let rule = rule("C405").ok_or("no such rule")?;
/// assert_eq!(selection.severity_at(rule, Some("pipeline"), Some(Field::Phone)), None);
/// assert_eq!(selection.severity_at(rule, Some("pipeline"), Some(Field::Mobile)), Some(Severity::Info));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Selection {
    /// Only these.
    pub select: Vec<String>,
    /// All but these; stronger than `select`.
    pub ignore: Vec<String>,
    /// Another severity than the rule's own.
    pub severity: BTreeMap<String, Severity>,
    /// The choice for a column, by its field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Field, RuleChoice>,
    /// The choice for the tables of a template, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, TemplateRules>,
}

/// A choice of rules for the tables of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct TemplateRules {
    /// Only these.
    pub select: Vec<String>,
    /// All but these.
    pub ignore: Vec<String>,
    /// Another severity.
    pub severity: BTreeMap<String, Severity>,
    /// The choice for a column of these tables.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Field, RuleChoice>,
}

/// A choice of rules for one column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct RuleChoice {
    /// Only these.
    pub select: Vec<String>,
    /// All but these.
    pub ignore: Vec<String>,
    /// Another severity.
    pub severity: BTreeMap<String, Severity>,
}

/// A code or name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no rule is called `{0}`")]
pub struct UnknownRule(pub String);

impl Selection {
    /// Sees to it that every entry names at least one rule, so that a slip of the hand is not silence.
    pub fn validate(&self) -> Result<(), UnknownRule> {
        let templates = self.templates.values();
        let choices = templates.clone().map(TemplateRules::choice);
        let columns = templates.flat_map(|template| template.columns.values());
        let columns = self.columns.values().chain(columns).map(RuleChoice::choice);
        let all = std::iter::once(self.choice()).chain(choices).chain(columns);
        for choice in all {
            let named = choice.select.iter().chain(choice.ignore);
            let mut named = named.chain(choice.severity.keys());
            if let Some(unknown) = named.find(|name| !names_a_rule(name)) {
                return Err(UnknownRule(unknown.clone()));
            }
        }
        Ok(())
    }

    /// How a rule counts where neither a template nor a column has a choice of its own; `None` where it is silenced.
    pub fn severity_of(&self, rule: &Rule) -> Option<Severity> {
        self.severity_at(rule, None, None)
    }

    /// How a rule counts in a table of this template, in the column of this field; `None` where it is silenced.
    pub fn severity_at(
        &self,
        rule: &Rule,
        template: Option<&str>,
        field: Option<Field>,
    ) -> Option<Severity> {
        let template = template.and_then(|name| self.templates.get(name));
        let of_column = of_field(&self.columns, field);
        let of_both = template.and_then(|template| of_field(&template.columns, field));
        // From the widest to the narrowest.
        let choices = [
            Some(self.choice()),
            of_column.map(RuleChoice::choice),
            template.map(TemplateRules::choice),
            of_both.map(RuleChoice::choice),
        ];
        let choices = || choices.iter().flatten();
        if !choices().all(|choice| choice.allows(rule)) {
            return None;
        }
        let said = choices().rev().find_map(|choice| choice.severity_of(rule));
        Some(said.unwrap_or(rule.severity))
    }

    /// Whether any column has a choice of its own in a table of this template.
    pub(super) fn looks_at_columns(&self, template: &str) -> bool {
        let of_template = self.templates.get(template);
        !self.columns.is_empty() || of_template.is_some_and(|one| !one.columns.is_empty())
    }

    fn choice(&self) -> Choice<'_> {
        Choice {
            select: &self.select,
            ignore: &self.ignore,
            severity: &self.severity,
        }
    }
}

impl TemplateRules {
    fn choice(&self) -> Choice<'_> {
        Choice {
            select: &self.select,
            ignore: &self.ignore,
            severity: &self.severity,
        }
    }
}

impl RuleChoice {
    fn choice(&self) -> Choice<'_> {
        Choice {
            select: &self.select,
            ignore: &self.ignore,
            severity: &self.severity,
        }
    }
}

fn of_field(columns: &BTreeMap<Field, RuleChoice>, field: Option<Field>) -> Option<&RuleChoice> {
    columns.get(&field?)
}

/// What all choices have in common.
#[derive(Clone, Copy)]
struct Choice<'a> {
    select: &'a [String],
    ignore: &'a [String],
    severity: &'a BTreeMap<String, Severity>,
}

impl Choice<'_> {
    fn allows(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| list.iter().any(|name| names(name, rule));
        !named(self.ignore) && (self.select.is_empty() || named(self.select))
    }

    fn severity_of(&self, rule: &Rule) -> Option<Severity> {
        let of_rule = self.severity.iter().filter(|(name, _)| names(name, rule));
        // The longest name is the most particular one.
        let own = of_rule.max_by_key(|(name, _)| name.len());
        own.map(|(_, &severity)| severity)
    }
}

/// Whether a code, a beginning of codes or a name is any rule's.
pub fn names_a_rule(name: &str) -> bool {
    rules().any(|rule| names(name, rule))
}

pub(super) fn names(name: &str, rule: &Rule) -> bool {
    let code = name.to_ascii_uppercase();
    (!code.is_empty() && rule.code.starts_with(&code)) || rule.name == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rule;

    fn selection(text: &str) -> Selection {
        toml::from_str(text).unwrap()
    }

    /// Severity, or silence, by code, template and column.
    fn heard(selection: &Selection, places: &[(&str, Option<&str>, Option<Field>)]) -> String {
        let one = |&(code, template, field): &(&str, Option<&str>, Option<Field>)| {
            let rule = rule(code).unwrap();
            let severity = selection.severity_at(rule, template, field);
            severity.map_or("—", Severity::as_str)
        };
        places.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    const LEDGER: Option<&str> = Some("lead-ledger");
    const PIPELINE: Option<&str> = Some("pipeline");

    #[test]
    fn codes_prefixes_and_names_choose_everywhere() {
        let places = [
            ("C203", None, None),
            ("C405", LEDGER, None),
            ("L109", LEDGER, None),
        ];
        for (text, expected) in [
            ("", "error info warning"),
            ("select = ['C2']", "error — —"),
            ("select = ['c', 'overdue']", "error info warning"),
            ("ignore = ['C']", "— — warning"),
            ("select = ['C2', 'L']\nignore = ['C203']", "— — warning"),
            ("ignore = ['phone-format']", "error — warning"),
            (
                "severity = { C = 'warning', C4 = 'error' }",
                "warning error warning",
            ),
            ("severity = { overdue = 'info' }", "error info info"),
        ] {
            assert_eq!(heard(&selection(text), &places), expected, "{text}");
        }
    }

    #[test]
    fn a_template_has_a_choice_of_its_own() {
        let places = [
            ("L109", LEDGER, None),
            ("L109", PIPELINE, None),
            ("C203", LEDGER, None),
            ("L109", None, None),
        ];
        for (text, expected) in [
            (
                "[templates.lead-ledger]\nignore = ['L1']",
                "— warning error warning",
            ),
            (
                "[templates.lead-ledger]\nselect = ['L']",
                "warning warning — warning",
            ),
            (
                "severity = { L109 = 'info' }\n[templates.lead-ledger.severity]\nL = 'error'",
                "error info error info",
            ),
            // What is silenced everywhere is not woken by a template.
            (
                "ignore = ['L']\n[templates.lead-ledger]\nselect = ['L', 'C']",
                "— — error —",
            ),
        ] {
            assert_eq!(heard(&selection(text), &places), expected, "{text}");
        }
    }

    #[test]
    fn a_column_has_a_choice_of_its_own_in_all_templates_or_in_one() {
        let (phone, mobile) = (Some(Field::Phone), Some(Field::Mobile));
        let places = [
            ("C405", LEDGER, phone),
            ("C405", LEDGER, mobile),
            ("C405", PIPELINE, phone),
            ("C405", LEDGER, None),
        ];
        for (text, expected) in [
            ("[columns.phone]\nignore = ['C405']", "— info — info"),
            ("[columns.phone]\nselect = ['C2']", "— info — info"),
            (
                "[columns.phone.severity]\nC4 = 'error'",
                "error info error info",
            ),
            (
                "[columns.phone.severity]\nC4 = 'error'\n[templates.lead-ledger.columns.phone]\nseverity = { C405 = 'warning' }",
                "warning info error info",
            ),
            (
                "[templates.pipeline.columns.phone]\nignore = ['phone-format']",
                "info info — info",
            ),
        ] {
            assert_eq!(heard(&selection(text), &places), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_no_rule_has_is_found_wherever_it_stands() {
        for text in [
            "select = ['C999']",
            "ignore = ['phone format']",
            "severity = { X = 'info' }",
            "ignore = ['']",
            "[templates.pipeline]\nignore = ['Z1']",
            "[columns.phone]\nselect = ['no-such']",
            "[templates.pipeline.columns.phone.severity]\nC4055 = 'error'",
        ] {
            assert!(selection(text).validate().is_err(), "{text}");
        }
        let sound = selection("select = ['C', 'l1']\n[columns.phone]\nignore = ['phone-format']");
        assert_eq!(sound.validate(), Ok(()));
        assert_eq!(
            toml::from_str::<Selection>(&toml::to_string(&sound).unwrap()).unwrap(),
            sound
        );
    }

    #[test]
    fn unknown_keys_fields_and_severities_are_refused_with_their_line() {
        for (text, line) in [
            ("ignor = ['C203']", "line 1"),
            ("\n[columns.telephone]\nignore = ['C405']", "line 2"),
            (
                "[templates.pipeline]\nseverity = { L109 = 'loud' }",
                "line 2",
            ),
            ("[templates.pipeline]\ncolumn = {}", "line 2"),
        ] {
            let error = toml::from_str::<Selection>(text).unwrap_err().to_string();
            assert!(error.contains(line), "{text}: {error}");
        }
    }

    #[test]
    fn the_choices_for_a_template_and_a_column_are_heeded() {
        use crate::recognition::{Book, BookSheet};
        use crate::rules::testing::{table, today};
        use crate::rules::{Context, check};

        let sheet = |template: &str| {
            let mut ledger = table("| follow_up_date | next_date |\n| 下周三 | 待定 |");
            ledger.template = template.into();
            BookSheet {
                visible: true,
                ledger: Some(ledger),
                ..BookSheet::default()
            }
        };
        let book = Book {
            path: "t.xlsx".into(),
            sheets: vec![sheet("lead-ledger"), sheet("pipeline")],
        };
        let policy = crate::policy::Policy::default();
        let context = Context {
            policy: &policy,
            today: today(),
        };
        for (text, expected) in [
            ("", "A2 B2 A2 B2"),
            ("[templates.pipeline]\nignore = ['C201']", "A2 B2"),
            ("[templates.pipeline]\nselect = ['L']", "A2 B2"),
            ("[columns.next_date]\nignore = ['C2']", "A2 A2"),
            (
                "[templates.lead-ledger.columns.next_date]\nseverity = { C201 = 'info' }",
                "A2 B2:info A2 B2",
            ),
        ] {
            let mut selection = selection(text);
            selection.select = vec!["C201".into()];
            let found = check(&context, std::slice::from_ref(&book), &selection).findings;
            let shown = found.iter().map(|finding| {
                let cell = finding.cell.map(|cell| cell.to_string());
                let quiet = if finding.severity == Severity::Info {
                    ":info"
                } else {
                    ""
                };
                cell.unwrap_or_default() + quiet
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
