//! What a question names, and what went wrong with it in the user's terms. SQL itself is the engine's; here its text is
//! only looked over.

use leadsheet_core::likeness;
use polars::prelude::PolarsError;

use super::SqlError;
use super::schema::SqlTable;

/// How alike a name must be to be offered instead.
const ALIKE: f64 = 0.5;
/// Characters of the engine's own words that are repeated.
const QUOTED: usize = 240;
/// With what a question begins.
const QUESTIONS: [&str; 5] = ["select", "with", "from", "values", "show"];

/// The names in a question.
pub(super) struct Names {
    /// In small letters, without texts in quotes and remarks.
    text: String,
    words: Vec<String>,
    /// Whether it may mean every column.
    everything: bool,
}

impl Names {
    /// # Errors
    /// [`SqlError::NotAQuery`] where it is no question.
    pub(super) fn of(query: &str) -> Result<Self, SqlError> {
        let text = without_literals(query).to_lowercase();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let words: Vec<String> = text
            .split(|c: char| !is_part(c))
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect();
        match words.first() {
            Some(first) if QUESTIONS.contains(&first.as_str()) => {}
            Some(first) => return Err(SqlError::NotAQuery(first.to_uppercase())),
            None => return Err(SqlError::NotAQuery("…".to_owned())),
        }
        let everything = asks_for_everything(&text)
            || ["natural", "columns", "from"].contains(&words[0].as_str())
            || words
                .iter()
                .any(|word| ["natural", "columns", "unpivot"].contains(&word.as_str()));
        Ok(Self {
            text,
            words,
            everything,
        })
    }

    /// Whether it may name this.
    pub(super) fn names(&self, name: &str) -> bool {
        self.everything || self.text.contains(&name.to_lowercase())
    }

    /// Whether the word stands in it.
    pub(super) fn names_exactly(&self, name: &str) -> bool {
        self.words.iter().any(|word| word == name)
    }

    /// Whether the order of the answer is nobody's: grouped, and not sorted.
    pub(super) fn leaves_order_open(&self) -> bool {
        let has = |word: &str| self.names_exactly(word);
        let is_gathered = ["group", "distinct", "union", "intersect", "except", "join"];
        !has("order") && is_gathered.into_iter().any(has)
    }
}

/// The text without what stands between single quotation marks and in remarks: a column is never named there. Double
/// ones stand around names.
fn without_literals(query: &str) -> String {
    let mut kept = String::new();
    let mut rest = query.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => {
                kept.push(' ');
                for c in rest.by_ref() {
                    if c == '\'' {
                        break;
                    }
                }
            }
            '-' if rest.peek() == Some(&'-') => {
                for c in rest.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
                kept.push('\n');
            }
            c => kept.push(c),
        }
    }
    kept
}

/// Whether a `*` stands for every column and not for a product or `COUNT(*)`.
fn asks_for_everything(text: &str) -> bool {
    let is_wildcard = |(at, _): (usize, &str)| {
        let before = text[..at].trim_end();
        match before.chars().next_back() {
            Some(',' | '.') => true,
            Some('(') => !before[..before.len() - 1].trim_end().ends_with("count"),
            _ => ["select", "distinct", "all"]
                .iter()
                .any(|word| before.ends_with(word)),
        }
    };
    text.match_indices('*').any(is_wildcard)
}

/// What the engine says, in the user's terms.
pub(super) fn told(
    error: &PolarsError,
    names: &Names,
    known: &[(SqlTable, Vec<String>)],
) -> SqlError {
    let said = error.to_string();
    if let Some(syntax) = syntax(&said, &names.text) {
        return syntax;
    }
    let quoted = said
        .split_once(['"', '\'', '`'])
        .and_then(|(_, rest)| rest.split_once(['"', '\'', '`']))
        .map(|(name, _)| name.to_owned());
    let is_table = said.contains("relation '") || said.contains("no table or alias");
    match (error, quoted) {
        (_, Some(name)) if is_table => SqlError::UnknownTable(name),
        (PolarsError::ColumnNotFound(_), quoted) => {
            let bare = said.lines().next().unwrap_or_default();
            let bare = bare.rsplit(": ").next().unwrap_or_default().trim();
            let name = quoted.unwrap_or_else(|| bare.to_owned());
            let nearest = nearest(&name, names, known);
            SqlError::UnknownColumn { name, nearest }
        }
        (_, Some(name))
            if said.contains("unable to find column") || said.contains("no column named") =>
        {
            let nearest = nearest(&name, names, known);
            SqlError::UnknownColumn { name, nearest }
        }
        _ => {
            let first = said.lines().next().unwrap_or_default();
            // What stands in the tables is not repeated.
            let first = first.split(": [").next().unwrap_or_default();
            let first = first.trim_end_matches(':');
            SqlError::Refused(first.chars().take(QUOTED).collect())
        }
    }
}

/// `sql parser error: Expected: an expression, found: FROM at Line: 1, Column: 8`, the place only where something is there.
fn syntax(said: &str, query: &str) -> Option<SqlError> {
    let (_, said) = said.split_once("sql parser error: ")?;
    let (before, line, column) = match said.rsplit_once(" at Line: ") {
        Some((before, place)) => {
            let (line, column) = place.split_once(", Column: ")?;
            let digits = |text: &str| -> Option<usize> {
                let end = text.find(|c: char| !c.is_ascii_digit());
                text[..end.unwrap_or(text.len())].parse().ok()
            };
            (before, digits(line)?, digits(column)?)
        }
        None => {
            let last = query.lines().last().unwrap_or_default();
            (said, query.lines().count(), last.chars().count() + 1)
        }
    };
    let parts = before.strip_prefix("Expected: ");
    let (expected, found) = match parts.and_then(|parts| parts.rsplit_once(", found: ")) {
        Some((expected, "EOF")) => (expected, "…"),
        Some(parts) => parts,
        None => ("SQL", before.lines().next().unwrap_or_default()),
    };
    Some(SqlError::Syntax {
        line,
        column,
        found: found.to_owned(),
        expected: expected.to_owned(),
    })
}

/// The column of the tables in question that is called most like `name`.
fn nearest(name: &str, names: &Names, known: &[(SqlTable, Vec<String>)]) -> Option<String> {
    let asked = known.iter().filter(|(table, _)| names.names(table.name()));
    let wanted = name.to_lowercase();
    let scored = asked.flat_map(|(_, columns)| columns).map(|column| {
        let score = likeness(&wanted, &column.to_lowercase());
        (score, column)
    });
    let best = scored.max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| b.cmp(a)))?;
    (best.0 >= ALIKE).then(|| best.1.clone())
}
