//! Why there is no answer, in the user's terms: what the parser and the engine say in English is told apart here, and
//! no word of theirs is needed to know what to do.

use leadsheet_core::likeness;
use polars::prelude::PolarsError;
use sqlparser::parser::ParserError;

use super::SqlError;
use super::query::Names;
use super::schema::SqlTable;

/// How alike a name must be to be offered instead.
const ALIKE: f64 = 0.5;
/// Characters of the engine's own words that are kept.
const QUOTED: usize = 240;
/// Functions that people use; others are offered these.
pub(super) const FUNCTIONS: [&str; 62] = [
    "ABS",
    "AVG",
    "CEIL",
    "COALESCE",
    "CONCAT",
    "CONCAT_WS",
    "COUNT",
    "CURRENT_DATE",
    "DATE",
    "DATE_DIFF",
    "DATE_PART",
    "DATE_TRUNC",
    "DAY",
    "DENSE_RANK",
    "ENDS_WITH",
    "EXP",
    "EXTRACT",
    "FIRST_VALUE",
    "FLOOR",
    "GREATEST",
    "IF",
    "IFNULL",
    "LAG",
    "LAST_DAY",
    "LAST_VALUE",
    "LEAD",
    "LEAST",
    "LEFT",
    "LENGTH",
    "LN",
    "LOG",
    "LOG10",
    "LOWER",
    "LTRIM",
    "MAX",
    "MEDIAN",
    "MIN",
    "MOD",
    "MONTH",
    "NULLIF",
    "POSITION",
    "POWER",
    "QUANTILE_CONT",
    "QUARTER",
    "RANK",
    "REGEXP_LIKE",
    "REPLACE",
    "REVERSE",
    "RIGHT",
    "ROUND",
    "ROW_NUMBER",
    "RTRIM",
    "SQRT",
    "STARTS_WITH",
    "STDDEV",
    "STRFTIME",
    "STRING_AGG",
    "SUBSTR",
    "SUM",
    "TRIM",
    "UPPER",
    "YEAR",
];

/// What the parser says.
pub(super) fn of_parser(error: &ParserError, query: &str) -> SqlError {
    match error {
        ParserError::ParserError(said) => syntax(said, query),
        ParserError::TokenizerError(said) => {
            let (_, line, column) = placed(said, query);
            SqlError::Unclosed { line, column }
        }
        ParserError::RecursionLimitExceeded => SqlError::Refused(String::new()),
    }
}

/// `Expected: an expression, found: FROM at Line: 1, Column: 8`, the place only where something is there.
fn syntax(said: &str, query: &str) -> SqlError {
    let (before, line, column) = placed(said, query);
    let parts = before.strip_prefix("Expected: ");
    let (expected, found) = match parts.and_then(|parts| parts.rsplit_once(", found: ")) {
        Some((expected, "EOF")) => (expected, "…"),
        Some(parts) => parts,
        None => ("", "…"),
    };
    SqlError::Syntax {
        line,
        column,
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

/// What is said without the place, and the place: the end of the question where none is said.
fn placed<'s>(said: &'s str, query: &str) -> (&'s str, usize, usize) {
    let digits = |text: &str| -> Option<usize> {
        let end = text.find(|c: char| !c.is_ascii_digit());
        text[..end.unwrap_or(text.len())].parse().ok()
    };
    let found = said.rsplit_once(" at Line: ").and_then(|(before, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((before, digits(line)?, digits(column)?))
    });
    found.unwrap_or_else(|| {
        let last = query.lines().last().unwrap_or_default();
        (said, query.lines().count().max(1), last.chars().count() + 1)
    })
}

/// What the engine says.
pub(super) fn of_engine(
    error: &PolarsError,
    names: &Names,
    known: &[(SqlTable, Vec<String>)],
) -> SqlError {
    let said = error.to_string();
    let has = |part: &str| said.contains(part);
    let name = quoted(&said);
    let column = |name: String| SqlError::UnknownColumn {
        nearest: nearest(&name, names, known),
        name,
    };
    if let Some(name) = name.clone() {
        if has("relation '") || has("no table or alias") {
            return SqlError::UnknownTable(name);
        }
        if has("unsupported function") {
            let name = name.to_uppercase();
            let nearest = most_like(&name, FUNCTIONS.iter().copied());
            return SqlError::UnknownFunction { nearest, name };
        }
        if has("ambiguous reference") {
            return SqlError::Ambiguous(name);
        }
        if has("should participate in the GROUP BY") {
            return SqlError::NotGrouped(name);
        }
        if has("unable to find column") || has("no column named") || has("column named") {
            return column(name);
        }
    }
    if has("no function matches") || (has(" expects ") && has("argument")) || has("OVER clause") {
        let word = first_line(&said)
            .split_whitespace()
            .next()
            .unwrap_or_default();
        let is_name = word.len() > 1
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c));
        let called = name.clone().filter(|_| has("no function matches"));
        let called = called.and_then(|called| Some(called.split_once('(')?.0.to_uppercase()));
        if let Some(function) = is_name.then(|| word.to_owned()).or(called) {
            return SqlError::Arguments(function);
        }
    }
    if has("ordinal value") {
        return SqlError::Ordinal;
    }
    if has("requires equal number of columns") {
        return SqlError::Uneven;
    }
    if let PolarsError::ColumnNotFound(_) = error {
        let bare = first_line(&said)
            .rsplit(": ")
            .next()
            .unwrap_or_default()
            .trim();
        return column(name.unwrap_or_else(|| bare.to_owned()));
    }
    let is_type = matches!(
        error,
        PolarsError::InvalidOperation(_) | PolarsError::SchemaMismatch(_)
    ) || has("not allowed on")
        || has("cannot compare")
        || has("conversion from");
    // What stands in the tables is not repeated.
    let first = first_line(&said).split(": [").next().unwrap_or_default();
    let first: String = first.trim_end_matches(':').chars().take(QUOTED).collect();
    if is_type {
        SqlError::Types(first)
    } else {
        SqlError::Refused(first)
    }
}

fn first_line(said: &str) -> &str {
    said.lines().next().unwrap_or_default()
}

/// The first name in quotation marks.
fn quoted(said: &str) -> Option<String> {
    let (_, rest) = said.split_once(['"', '\'', '`'])?;
    let (name, _) = rest.split_once(['"', '\'', '`'])?;
    Some(name.to_owned())
}

/// The column of the tables in question that is called most like `name`, where that is not what was asked.
fn nearest(name: &str, names: &Names, known: &[(SqlTable, Vec<String>)]) -> Option<String> {
    let asked = known.iter().filter(|(table, _)| names.names(table.name()));
    let columns = asked.flat_map(|(_, columns)| columns).map(String::as_str);
    most_like(name, columns).filter(|nearest| nearest != name)
}

fn most_like<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let wanted = name.to_lowercase();
    let scored = known.map(|known| (likeness(&wanted, &known.to_lowercase()), known));
    let best = scored.max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| b.cmp(a)))?;
    (best.0 >= ALIKE).then(|| best.1.to_owned())
}
