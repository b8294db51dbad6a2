//! Findings as SARIF 2.1.0, the form that programs which show the findings of any checker read. A cell is a logical
//! location (`线索跟进!I12`), its row the line of the region; a fingerprint says of a finding whether it is still the same
//! one after rows were put in above it.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use leadsheet::{
    CellRef, Field, Finding, Language, Ledger, Message, Rule, Selection, Severity, rules,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use uuid::Uuid;

use crate::Session;
use crate::commands::check::Checked;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What name-based fingerprints are made under (RFC 9562, version 5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6c65_6164_7368_4565_8000_0073_6172_6966);
/// What stands for itself in a path of a URI (RFC 3986).
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    automation_details: AutomationDetails,
    invocations: [Invocation; 1],
    language: &'static str,
    column_kind: &'static str,
    artifacts: Vec<Artifact>,
    results: Vec<ResultShape<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    language: &'static str,
    rules: Vec<RuleShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleShape {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// Runs of the same kind are told by it from others over the same files.
#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
    roles: [&'static str; 1],
}

#[derive(Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
    index: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultShape<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "leadsheetFinding/v1")]
    finding: String,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
}

/// What of the JSON shape SARIF has no place for, under the same keys.
#[derive(Serialize)]
struct Properties<'a> {
    header: Option<&'a str>,
    field: Option<&'static str>,
    value: Option<&'a str>,
    suggestion: Option<&'a str>,
    fixable: bool,
    owner: Option<String>,
}

pub(crate) fn check(
    session: &Session,
    checked: &Checked,
    selection: &Selection,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let rules: Vec<(&Rule, Severity)> = rules()
        .filter_map(|rule| Some((rule, selection.severity_of(rule)?)))
        .collect();
    let artifacts = checked.files.iter().enumerate();
    let artifacts: Vec<ArtifactLocation> = artifacts
        .map(|(index, file)| ArtifactLocation {
            uri: uri(&file.path),
            index,
        })
        .collect();
    let mut results = Results {
        session,
        checked,
        index_of: rules.iter().map(|(rule, _)| rule.code).zip(0..).collect(),
        of_book: of_book(checked, &artifacts),
        seen: HashMap::new(),
    };
    let found = findings
        .iter()
        .map(|finding| results.result(finding, false));
    let mut shapes: Vec<_> = found.collect();
    let excused = checked.excused.iter();
    shapes.extend(excused.map(|finding| results.result(finding, true)));
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "leadsheet",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    language: tag(session.language),
                    rules: rules
                        .iter()
                        .map(|&(rule, severity)| rule_shape(session, rule, severity))
                        .collect(),
                },
            },
            automation_details: AutomationDetails {
                id: "leadsheet/check/",
            },
            invocations: [Invocation {
                execution_successful: checked.files.iter().all(|file| file.book.is_ok()),
                tool_execution_notifications: notifications(session, checked, &artifacts),
            }],
            language: tag(session.language),
            column_kind: "unicodeCodePoints",
            artifacts: artifacts
                .iter()
                .map(|location| Artifact {
                    location: location.clone(),
                    roles: ["analysisTarget"],
                })
                .collect(),
            results: shapes,
        }],
    };
    super::json::print(&log, out)
}

const fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en-US",
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule_shape(session: &Session, rule: &'static Rule, severity: Severity) -> RuleShape {
    let language = session.language;
    RuleShape {
        id: rule.code,
        name: rule.name,
        short_description: Text {
            text: language.rule_title(rule),
        },
        full_description: Text {
            text: language.rule_finds(rule),
        },
        help: Help {
            text: language.rule_advice(rule),
            markdown: language.rule_docs(rule),
        },
        default_configuration: Configuration {
            level: level(severity),
        },
    }
}

/// A path as a URI: relative where the path is, so that a log can be read beside the files on another machine.
fn uri(path: &str) -> String {
    let is_absolute = Path::new(path).is_absolute();
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let encoded = utf8_percent_encode(&path, IN_PATH);
    match (is_absolute, path.starts_with('/')) {
        (true, true) => format!("file://{encoded}"),
        (true, false) => format!("file:///{encoded}"),
        // A colon in the first segment would make a scheme of it; it is encoded.
        (false, _) => encoded.to_string(),
    }
}

/// Files that could not be read, and what tables cannot be checked for.
fn notifications(
    session: &Session,
    checked: &Checked,
    artifacts: &[ArtifactLocation],
) -> Vec<Notification> {
    let unread = checked.files.iter().zip(artifacts);
    let unread = unread.filter_map(|(file, artifact)| {
        let error = file.book.as_ref().err()?;
        Some(Notification {
            level: "error",
            message: Text {
                text: format!("{}: {error}", file.path),
            },
            locations: [place(artifact, "", None)],
        })
    });
    let of_book = of_book(checked, artifacts);
    let silent = checked.not_evaluable.iter().map(|finding| Notification {
        level: "note",
        message: Text {
            text: session.finding(finding),
        },
        locations: [place(of_book[finding.book], &finding.sheet, None)],
    });
    unread.chain(silent).collect()
}

/// The files of the books, in the order of the books.
fn of_book<'a>(checked: &Checked, artifacts: &'a [ArtifactLocation]) -> Vec<&'a ArtifactLocation> {
    let files = checked.files.iter().zip(artifacts);
    let read = files.filter_map(|(file, artifact)| Some((file.book.as_ref().ok()?, artifact)));
    let mut read: Vec<_> = read.collect();
    read.sort_by_key(|(book, _)| **book);
    read.into_iter().map(|(_, artifact)| artifact).collect()
}

fn place(artifact: &ArtifactLocation, sheet: &str, cell: Option<CellRef>) -> Location {
    let logical = match cell {
        Some(cell) => Some(LogicalLocation {
            name: cell.to_string(),
            fully_qualified_name: format!("{sheet}!{cell}"),
            kind: "cell",
        }),
        None if sheet.is_empty() => None,
        None => Some(LogicalLocation {
            name: sheet.to_owned(),
            fully_qualified_name: sheet.to_owned(),
            kind: "sheet",
        }),
    };
    Location {
        physical_location: PhysicalLocation {
            artifact_location: artifact.clone(),
            region: cell.map(|cell| Region {
                start_line: cell.row_number(),
            }),
        },
        logical_locations: logical.into_iter().collect(),
    }
}

/// What results are made with.
struct Results<'a> {
    session: &'a Session,
    checked: &'a Checked,
    index_of: HashMap<&'static str, usize>,
    /// The files of the books.
    of_book: Vec<&'a ArtifactLocation>,
    /// How often a fingerprint was given.
    seen: HashMap<Uuid, usize>,
}

impl<'a> Results<'a> {
    fn result(&mut self, finding: &'a Finding, is_excused: bool) -> ResultShape<'a> {
        let suggestion = finding.suggestion.as_ref().map(|suggestion| {
            let message = Message::new("check", "suggestion").with("value", suggestion);
            self.session.tell(&message)
        });
        let said = [Some(self.session.finding(finding)), suggestion];
        let said: Vec<_> = said.into_iter().flatten().collect();
        let fingerprint = self.fingerprint(finding);
        let artifact = self.of_book[finding.book];
        let related = finding.related.iter();
        ResultShape {
            rule_id: finding.rule.code,
            rule_index: self.index_of.get(finding.rule.code).copied(),
            level: level(finding.severity),
            message: Text {
                text: said.join(" "),
            },
            locations: [place(artifact, &finding.sheet, finding.cell)],
            related_locations: related
                .map(|&cell| place(artifact, &finding.sheet, Some(cell)))
                .collect(),
            partial_fingerprints: Fingerprints {
                finding: fingerprint,
            },
            suppressions: is_excused
                .then_some(Suppression { kind: "inSource" })
                .into_iter()
                .collect(),
            properties: Properties {
                header: finding.header.as_deref(),
                field: finding.field.map(Field::key),
                value: finding.value.as_deref(),
                suggestion: finding.suggestion.as_deref(),
                fixable: finding.fixable,
                owner: finding.owner(&self.checked.books),
            },
        }
    }

    /// What a finding is about, in the words of the sheet: which number its row has plays no part. Several that say the
    /// same are counted.
    fn fingerprint(&mut self, finding: &Finding) -> String {
        let book = &self.checked.books[finding.book];
        let name = Path::new(&book.path).file_name().unwrap_or_default();
        let sheet = book
            .sheets
            .iter()
            .find(|sheet| *sheet.name == *finding.sheet);
        let ledger = sheet.and_then(|sheet| sheet.ledger.as_ref());
        let row = ledger.zip(finding.row);
        let mut parts = vec![
            name.to_string_lossy().into_owned(),
            finding.sheet.to_string(),
            finding.rule.code.to_owned(),
            finding.header.as_deref().unwrap_or_default().to_owned(),
            finding.value.as_deref().unwrap_or_default().to_owned(),
        ];
        parts.extend(row.into_iter().flat_map(|(ledger, row)| whose(ledger, row)));
        // No sheet holds the character between them.
        let id = Uuid::new_v5(&NAMESPACE, parts.join("\0").as_bytes());
        let times = self.seen.entry(id).or_default();
        *times += 1;
        format!("{}:{times}", id.simple())
    }
}

/// Whose row it is, and of which day.
fn whose(ledger: &Ledger, row: usize) -> impl Iterator<Item = String> {
    let said = move |field: Field| {
        let value = ledger.value(row, ledger.column(field)?);
        (!value.is_blank()).then(|| value.display())
    };
    let names = [Field::LeadId, Field::Customer, Field::Contact];
    let name = names.into_iter().find_map(said);
    [name, said(Field::FollowUpDate)].into_iter().flatten()
}
