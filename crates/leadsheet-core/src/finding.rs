//! What a rule says about a place.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::field::Field;
use crate::message::Message;
use crate::place::CellRef;
use crate::rules::Rule;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong.
    Warning,
    /// Wrong: a figure or a follow-up suffers from it.
    Error,
}

impl Severity {
    /// The word used in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that is wrong, missing, late, doubled or contradictory, and where. Serialised, the rule is its code.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule that speaks.
    #[serde(serialize_with = "code")]
    pub rule: &'static Rule,
    /// How bad it is: the rule's own severity, unless the selection changed it.
    pub severity: Severity,
    /// Position of the workbook among those checked.
    pub book: usize,
    /// Name of the sheet; empty where the workbook as a whole is meant.
    #[serde(serialize_with = "text")]
    pub sheet: Arc<str>,
    /// The cell to look at; `None` where the sheet as a whole is meant.
    pub cell: Option<CellRef>,
    /// Position of the row among those of the sheet's table, counted from 0; `None` outside its data.
    pub row: Option<usize>,
    /// The heading of that cell's column, as the sheet spells it.
    #[serde(serialize_with = "optional_text")]
    pub header: Option<Arc<str>>,
    /// What that column means.
    pub field: Option<Field>,
    /// What is the matter.
    pub message: Message,
    /// The value as the sheet has it.
    #[serde(serialize_with = "optional_text")]
    pub value: Option<Arc<str>>,
    /// What it probably should be.
    pub suggestion: Option<String>,
    /// Whether the suggestion can be put in without changing what is meant.
    pub fixable: bool,
    /// Other cells that belong to it: the twin of a duplicate, the row before.
    pub related: Vec<CellRef>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the field as it is"
)]
fn code<S: Serializer>(rule: &&'static Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.code)
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

#[expect(clippy::ref_option, reason = "serde passes the field as it is")]
fn optional_text<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}
