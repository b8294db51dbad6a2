//! Which rules speak, and how loudly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Rule, rules};
use crate::finding::Severity;

/// Rules by code or prefix (`C203`, `C2`, `C`) or by name. Nothing selected means every rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Selection {
    /// Only these.
    pub select: Vec<String>,
    /// All but these; stronger than `select`.
    pub ignore: Vec<String>,
    /// Another severity than the rule's own.
    pub severity: BTreeMap<String, Severity>,
}

/// A code or name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no rule is called `{0}`")]
pub struct UnknownRule(pub String);

impl Selection {
    /// Sees to it that every entry names at least one rule, so that a slip of the hand is not silence.
    pub fn validate(&self) -> Result<(), UnknownRule> {
        let mut named = self
            .select
            .iter()
            .chain(&self.ignore)
            .chain(self.severity.keys());
        match named.find(|name| !rules().any(|rule| names(name, rule))) {
            Some(unknown) => Err(UnknownRule(unknown.clone())),
            None => Ok(()),
        }
    }

    /// How a rule counts; `None` where it is silenced.
    pub fn severity_of(&self, rule: &Rule) -> Option<Severity> {
        let named = |list: &[String]| list.iter().any(|name| names(name, rule));
        if named(&self.ignore) || !(self.select.is_empty() || named(&self.select)) {
            return None;
        }
        // The longest name is the most particular one.
        let own = self
            .severity
            .iter()
            .filter(|(name, _)| names(name, rule))
            .max_by_key(|(name, _)| name.len());
        Some(own.map_or(rule.severity, |(_, &severity)| severity))
    }
}

pub(super) fn names(name: &str, rule: &Rule) -> bool {
    let code = name.to_ascii_uppercase();
    (!code.is_empty() && rule.code.starts_with(&code)) || rule.name == name
}
