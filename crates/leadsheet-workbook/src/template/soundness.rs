//! Whether a definition can be used: what its types cannot say, checked, and every mistake named with its line and key.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use leadsheet_core::{Field, FieldKind, Message, Vocabulary, compact_key};
use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::definition::{Headings, TemplateDefinition};
use super::header::heading_key;

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
    /// Of the right shape, but it contradicts itself.
    #[error("{file}, line {line}, `{key}`: {flaw}")]
    Unsound {
        /// The definition.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The key, `column.group` for instance.
        key: String,
        /// What is wrong.
        flaw: DefinitionFlaw,
    },
}

impl TemplateError {
    /// The error in the words of the message catalogue.
    pub fn message(&self) -> Message {
        match self {
            TemplateError::Toml { file, source } => Message::new("definition", "no-definition")
                .with("file", file)
                .with("cause", source.to_string().trim_end()),
            TemplateError::Unsound {
                file,
                line,
                key,
                flaw,
            } => flaw
                .message()
                .with("file", file)
                .with("line", line)
                .with("key", key),
        }
    }
}

/// How a definition contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DefinitionFlaw {
    /// A text that must say something is blank.
    Blank,
    /// Two columns of one field.
    ColumnTwice(Field),
    /// A heading that means two columns.
    HeadingTwice {
        /// The heading.
        heading: String,
        /// The column that has it already.
        other: Field,
    },
    /// Two groups of one name.
    GroupTwice(String),
    /// A column under a group that is not defined.
    UnknownGroup(String),
    /// A term or synonym that is listed twice.
    TermTwice(String),
    /// Two outcomes of one column.
    OutcomeTwice(Field),
    /// An outcome of a column that holds no terms.
    NoTerms(Field),
    /// An outcome of a term that the column does not have.
    UnknownTerm(String),
}

impl DefinitionFlaw {
    fn message(&self) -> Message {
        let said = |variant, value: &dyn fmt::Display| {
            Message::new("definition", variant).with("value", value)
        };
        match self {
            DefinitionFlaw::Blank => Message::new("definition", "blank"),
            DefinitionFlaw::ColumnTwice(field) => said("column-twice", field),
            DefinitionFlaw::HeadingTwice { heading, other } => {
                said("heading-twice", heading).with("other", other)
            }
            DefinitionFlaw::GroupTwice(name) => said("group-twice", name),
            DefinitionFlaw::UnknownGroup(name) => said("unknown-group", name),
            DefinitionFlaw::TermTwice(term) => said("term-twice", term),
            DefinitionFlaw::OutcomeTwice(field) => said("outcome-twice", field),
            DefinitionFlaw::NoTerms(field) => said("no-terms", field),
            DefinitionFlaw::UnknownTerm(term) => said("unknown-term", term),
        }
    }
}

impl fmt::Display for DefinitionFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DefinitionFlaw::Blank => f.write_str("must not be blank"),
            DefinitionFlaw::ColumnTwice(field) => {
                write!(f, "the column `{field}` is defined twice")
            }
            DefinitionFlaw::HeadingTwice { heading, other } => {
                write!(f, "`{heading}` means the column `{other}` already")
            }
            DefinitionFlaw::GroupTwice(name) => write!(f, "the group `{name}` is defined twice"),
            DefinitionFlaw::UnknownGroup(name) => write!(f, "no [[group]] is called `{name}`"),
            DefinitionFlaw::TermTwice(term) => write!(f, "the term `{term}` is listed twice"),
            DefinitionFlaw::OutcomeTwice(field) => {
                write!(f, "the outcome of `{field}` is defined twice")
            }
            DefinitionFlaw::NoTerms(field) => {
                write!(
                    f,
                    "the column `{field}` holds no terms that could say won or lost"
                )
            }
            DefinitionFlaw::UnknownTerm(term) => write!(f, "`{term}` is no term of the column"),
        }
    }
}

/// Where something stands in a definition: keys and positions from the root.
type Path<'a> = Vec<Step<'a>>;

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Key(&'a str),
    At(usize),
}

type Flawed<'a> = (Path<'a>, DefinitionFlaw);

/// Reads a definition.
pub(super) fn read(
    file: &str,
    text: &str,
    usual: &BTreeMap<Field, Headings>,
) -> Result<TemplateDefinition, TemplateError> {
    let definition: TemplateDefinition =
        toml::from_str(text).map_err(|source| TemplateError::Toml {
            file: file.to_owned(),
            source: source.into(),
        })?;
    check(&definition, usual).map_err(|(path, flaw)| {
        let keys = path.iter().filter_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::At(_) => None,
        });
        TemplateError::Unsound {
            file: file.to_owned(),
            line: line_of(text, &path),
            key: keys.collect::<Vec<_>>().join("."),
            flaw,
        }
    })?;
    Ok(definition)
}

fn check<'d>(
    definition: &'d TemplateDefinition,
    usual: &'d BTreeMap<Field, Headings>,
) -> Result<(), Flawed<'d>> {
    for (key, text) in [
        ("name", &definition.name),
        ("title", &definition.title),
        ("english", &definition.english),
        ("sheet", &definition.sheet),
    ] {
        if text.trim().is_empty() {
            return Err((vec![Step::Key(key)], DefinitionFlaw::Blank));
        }
    }
    groups(definition)?;
    columns(definition)?;
    headings(definition, usual)?;
    terms(definition)?;
    outcomes(definition)
}

fn groups(definition: &TemplateDefinition) -> Result<(), Flawed<'_>> {
    let mut names = HashSet::new();
    for (position, group) in definition.groups.iter().enumerate() {
        let at = |key| vec![Step::Key("group"), Step::At(position), Step::Key(key)];
        if group.name.trim().is_empty() {
            return Err((at("name"), DefinitionFlaw::Blank));
        }
        if !names.insert(heading_key(&group.name)) {
            return Err((at("name"), DefinitionFlaw::GroupTwice(group.name.clone())));
        }
    }
    Ok(())
}

fn columns(definition: &TemplateDefinition) -> Result<(), Flawed<'_>> {
    let mut fields = HashSet::new();
    for (position, column) in definition.columns.iter().enumerate() {
        let at = |key| vec![Step::Key("column"), Step::At(position), Step::Key(key)];
        if !fields.insert(column.field) {
            return Err((at("field"), DefinitionFlaw::ColumnTwice(column.field)));
        }
        let Some(group) = &column.group else { continue };
        if !definition.groups.iter().any(|known| known.name == *group) {
            return Err((at("group"), DefinitionFlaw::UnknownGroup(group.clone())));
        }
    }
    Ok(())
}

/// A template's own words for its columns must tell them apart.
fn headings<'d>(
    definition: &'d TemplateDefinition,
    usual: &'d BTreeMap<Field, Headings>,
) -> Result<(), Flawed<'d>> {
    let mut known: HashMap<String, Field> = HashMap::new();
    // What a column is called comes before what else it may be called, wherever the two are defined.
    for (position, column) in definition.columns.iter().enumerate() {
        let usual = usual.get(&column.field);
        let own = [
            (
                "heading",
                &column.heading,
                usual.map(|usual| &usual.heading),
            ),
            (
                "english",
                &column.english,
                usual.map(|usual| &usual.english),
            ),
        ];
        for (key, own, usual) in own {
            let Some(heading) = own.as_ref().or(usual) else {
                continue;
            };
            // A column that has its usual heading has no such line; it begins with its field.
            let key = if own.is_some() { key } else { "field" };
            let path = vec![Step::Key("column"), Step::At(position), Step::Key(key)];
            claim(&mut known, heading, column.field, path)?;
        }
    }
    for (position, column) in definition.columns.iter().enumerate() {
        for (at, synonym) in column.synonyms.iter().enumerate() {
            let path = vec![
                Step::Key("column"),
                Step::At(position),
                Step::Key("synonyms"),
                Step::At(at),
            ];
            claim(&mut known, synonym, column.field, path)?;
        }
    }
    Ok(())
}

fn claim<'d>(
    known: &mut HashMap<String, Field>,
    heading: &str,
    field: Field,
    path: Path<'d>,
) -> Result<(), Flawed<'d>> {
    let key = heading_key(heading);
    if key.is_empty() {
        return Err((path, DefinitionFlaw::Blank));
    }
    match known.insert(key, field) {
        Some(other) if other != field => {
            let heading = heading.to_owned();
            Err((path, DefinitionFlaw::HeadingTwice { heading, other }))
        }
        _ => Ok(()),
    }
}

fn terms(definition: &TemplateDefinition) -> Result<(), Flawed<'_>> {
    for (position, column) in definition.columns.iter().enumerate() {
        let mut known = HashSet::new();
        for (at, term) in column.terms.iter().enumerate() {
            let of_term = |key| {
                vec![
                    Step::Key("column"),
                    Step::At(position),
                    Step::Key("terms"),
                    Step::At(at),
                    Step::Key(key),
                ]
            };
            if !known.insert(compact_key(&term.term)) {
                return Err((
                    of_term("term"),
                    DefinitionFlaw::TermTwice(term.term.clone()),
                ));
            }
            for (nth, synonym) in term.synonyms.iter().enumerate() {
                if !known.insert(compact_key(synonym)) {
                    let mut path = of_term("synonyms");
                    path.push(Step::At(nth));
                    return Err((path, DefinitionFlaw::TermTwice(synonym.clone())));
                }
            }
        }
    }
    Ok(())
}

fn outcomes(definition: &TemplateDefinition) -> Result<(), Flawed<'_>> {
    let mut fields = HashSet::new();
    for (position, outcome) in definition.outcome.iter().enumerate() {
        let at = |key| vec![Step::Key("outcome"), Step::At(position), Step::Key(key)];
        if !fields.insert(outcome.field) {
            return Err((at("field"), DefinitionFlaw::OutcomeTwice(outcome.field)));
        }
        if outcome.field.kind() != FieldKind::Term {
            return Err((at("field"), DefinitionFlaw::NoTerms(outcome.field)));
        }
        let vocabulary = Vocabulary::builtin(outcome.field);
        let own = definition.column(outcome.field);
        let is_known = |term: &str| {
            let key = compact_key(term);
            let of_team = own.into_iter().flat_map(|column| &column.terms).any(|own| {
                let mut spellings = std::iter::once(&own.term).chain(&own.synonyms);
                spellings.any(|spelling| compact_key(spelling) == key)
            });
            of_team
                || vocabulary
                    .as_ref()
                    .is_some_and(|known| known.find(term).is_some())
        };
        for (key, terms) in [("won", &outcome.won), ("lost", &outcome.lost)] {
            if let Some(nth) = terms.iter().position(|term| !is_known(term)) {
                let mut path = at(key);
                path.push(Step::At(nth));
                return Err((path, DefinitionFlaw::UnknownTerm(terms[nth].clone())));
            }
        }
    }
    Ok(())
}

/// The line on which something stands, counted from 1; of what is not there, the line of what it would stand in.
fn line_of(text: &str, path: &[Step<'_>]) -> usize {
    let Ok(root) = DeTable::parse(text) else {
        return 1;
    };
    let mut offset = 0;
    let mut table = Some(root.get_ref());
    let mut value: Option<&DeValue<'_>> = None;
    for step in path {
        let found = match *step {
            Step::Key(key) => table.and_then(|table| table.get(key)),
            Step::At(position) => value
                .and_then(DeValue::as_array)
                .and_then(|array| array.get(position)),
        };
        let Some(found) = found else { break };
        offset = found.span().start;
        value = Some(found.get_ref());
        table = found.get_ref().as_table();
    }
    text[..offset.min(text.len())].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use crate::template::Templates;

    const HEAD: &str = "name = 'team'\ntitle = '我们的表'\nenglish = 'Ours'\nsheet = '表'\n";

    fn error(rest: &str) -> String {
        let text = format!("{HEAD}{rest}");
        let error = Templates::builtin().add("team.toml", &text).unwrap_err();
        error.to_string()
    }

    #[test]
    fn every_contradiction_is_named_with_its_line_and_key() {
        for (rest, expected) in [
            (
                "[[column]]\nfield = 'owner'\n[[column]]\nrequired = true\nfield = 'owner'",
                "line 9, `column.field`: the column `owner` is defined twice",
            ),
            (
                "[[column]]\nfield = 'owner'\ngroup = '内部'",
                "line 7, `column.group`: no [[group]] is called `内部`",
            ),
            (
                "[[group]]\nname = '客户'\nenglish = 'C'\n[[group]]\nname = '客户：'\nenglish = 'D'\n[[column]]\nfield = 'owner'",
                "line 9, `group.name`: the group `客户：` is defined twice",
            ),
            (
                "[[column]]\nfield = 'owner'\n[[column]]\nfield = 'customer'\nsynonyms = [\n  '甲方',\n  '負責人',\n]",
                "line 11, `column.synonyms`: `負責人` means the column `owner` already",
            ),
            (
                "[[column]]\nfield = 'contact'\nheading = '姓名'\n[[column]]\nfield = 'customer'\nheading = '姓名'",
                "line 10, `column.heading`: `姓名` means the column `contact` already",
            ),
            (
                "[[column]]\nfield = 'owner'\nsynonyms = ['销售', ' ']",
                "line 7, `column.synonyms`: must not be blank",
            ),
            (
                "[[column]]\nfield = 'source'\nterms = [\n  { term = '抖音' },\n  { term = '直播', synonyms = ['抖 音'] },\n]",
                "line 9, `column.terms.synonyms`: the term `抖 音` is listed twice",
            ),
            (
                "[[outcome]]\nfield = 'remark'\nwon = ['成交']\n[[column]]\nfield = 'remark'",
                "line 6, `outcome.field`: the column `remark` holds no terms that could say won or lost",
            ),
            (
                "[[outcome]]\nfield = 'result'\nwon = ['成交']\nlost = ['黄了']\n[[column]]\nfield = 'result'",
                "line 8, `outcome.lost`: `黄了` is no term of the column",
            ),
            (
                "[[outcome]]\nfield = 'result'\nwon = ['成交']\n[[outcome]]\nfield = 'result'\n[[column]]\nfield = 'result'",
                "line 9, `outcome.field`: the outcome of `result` is defined twice",
            ),
        ] {
            assert_eq!(error(rest), format!("team.toml, {expected}"), "{rest}");
        }
    }

    #[test]
    fn a_teams_own_terms_may_decide_the_outcome() {
        let text = format!(
            "{HEAD}[[outcome]]\nfield = 'stage'\nwon = ['签单', '成交']\n[[column]]\nfield = 'stage'\nterms = [{{ term = '签单客户', synonyms = ['签单'] }}]"
        );
        assert!(Templates::builtin().add("team.toml", &text).is_ok());
    }
}
