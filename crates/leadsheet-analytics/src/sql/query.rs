//! What a question names: which tables and columns have to be made for it.

use super::SqlError;

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
