//! `leadsheet sql`: questions that no report answers.

use anyhow::anyhow;
use leadsheet::{
    Book, Context, Field, FieldKind, Finding, Message, Selection, SqlDefinition, SqlError,
    SqlFinding, SqlTable,
};

use crate::args::{ReportFormat, SqlArgs};
use crate::input::books_with_tables;
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn sql(
    session: &Session,
    args: &SqlArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    if args.columns {
        match args.format {
            ReportFormat::Json => render::sql::columns_as_json(session, streams.out)?,
            _ => render::sql::columns(session, streams.out)?,
        }
        return Ok(Status::Clean);
    }
    let query = args.query.clone().unwrap_or_default();
    let Some((books, all_read)) = books_with_tables(session, &args.files, streams)? else {
        return Ok(Status::Failed);
    };
    let definition = SqlDefinition {
        findings: findings(session, args, &query, &books)?,
        with_contacts: args.contacts,
        today: Some(session.today),
        query,
    };
    let answer = leadsheet::sql(&books, &session.config.policy, &definition)
        .map_err(|error| anyhow!(session.tell(&message_of(&with_heading(session, error)))))?;
    match args.format {
        ReportFormat::Text => render::sql::text(session, &answer, streams.out)?,
        ReportFormat::Json => render::sql::json(&answer, streams.out)?,
        ReportFormat::Csv => render::sql::csv(&answer, streams.out)?,
    }
    Ok(if all_read {
        Status::Clean
    } else {
        Status::Failed
    })
}

/// The rows of the table of findings, where it is asked.
fn findings(
    session: &Session,
    args: &SqlArgs,
    query: &str,
    books: &[Book],
) -> anyhow::Result<Vec<SqlFinding>> {
    if !query.to_lowercase().contains(SqlTable::Findings.name()) {
        return Ok(Vec::new());
    }
    let selection: Selection = session.config.narrowed(&[], &[], session.language)?;
    let context = Context {
        policy: &session.config.policy,
        today: session.today,
    };
    let found = leadsheet::check(&context, books, &selection).findings;
    let row = |finding: &Finding| row_of(session, finding, books, args.contacts);
    Ok(found.iter().map(row).collect())
}

fn row_of(session: &Session, finding: &Finding, books: &[Book], with_contacts: bool) -> SqlFinding {
    let is_contact = |field: Field| field.kind() == FieldKind::Contact;
    let is_hidden = !with_contacts && finding.field.is_some_and(is_contact);
    let shown = |text: Option<&str>| text.filter(|_| !is_hidden).map(str::to_owned);
    // A message may repeat the number that it is about; the rule's own words do not.
    let message = if is_hidden {
        session.language.rule_title(finding.rule)
    } else {
        session.finding(finding)
    };
    let book = books.get(finding.book).map(|book| book.path.clone());
    SqlFinding {
        texts: [
            book,
            Some(finding.sheet.to_string()).filter(|sheet| !sheet.is_empty()),
            finding.cell.map(|cell| cell.to_string()),
            finding.header.as_deref().map(str::to_owned),
            finding.field.map(|field| field.key().to_owned()),
            Some(finding.rule.code.to_owned()),
            Some(finding.rule.name.to_owned()),
            Some(finding.severity.as_str().to_owned()),
            Some(message),
            shown(finding.value.as_deref()),
            shown(finding.suggestion.as_deref()),
        ],
        row: finding.cell.map(leadsheet::CellRef::row_number),
        fixable: finding.fixable,
    }
}

/// Who asks for a column by its heading is told the name it has here.
fn with_heading(session: &Session, error: SqlError) -> SqlError {
    let SqlError::UnknownColumn { name, nearest } = error else {
        return error;
    };
    let templates = &session.config.templates;
    let is_called = |field: &&Field| templates.usual_heading(**field) == name;
    let field = Field::ALL.iter().find(is_called);
    SqlError::UnknownColumn {
        nearest: field.map(|field| field.key().to_owned()).or(nearest),
        name,
    }
}

fn message_of(error: &SqlError) -> Message {
    let message = |variant| Message::new("sql-error", variant);
    match error {
        SqlError::Syntax {
            line,
            column,
            found,
            expected,
        } => {
            let is_wide = |mark: char| "，；（）‘’“”．＝＞＜＊".contains(mark);
            let variant = if found.contains(is_wide) {
                "syntax-wide"
            } else {
                expected_words(expected).unwrap_or("syntax")
            };
            message(variant)
                .with("line", line)
                .with("column", column)
                .with("found", found)
                .with("expected", expected)
        }
        SqlError::Unclosed { line, column } => message("unclosed")
            .with("line", line)
            .with("column", column),
        SqlError::NotAQuery(word) => message("not-a-query").with("word", word),
        SqlError::SeveralQuestions => message("several-questions"),
        SqlError::UnknownTable(name) => {
            let tables = SqlTable::ALL.map(SqlTable::name).join(", ");
            message("unknown-table")
                .with("name", name)
                .with("tables", tables)
        }
        SqlError::UnknownColumn {
            name,
            nearest: Some(nearest),
        } => message("unknown-column-near")
            .with("name", name)
            .with("nearest", nearest),
        SqlError::UnknownColumn { name, .. } => message("unknown-column").with("name", name),
        SqlError::UnknownFunction {
            name,
            nearest: Some(nearest),
        } => message("unknown-function-near")
            .with("name", name)
            .with("nearest", nearest),
        SqlError::UnknownFunction { name, .. } => message("unknown-function").with("name", name),
        SqlError::Arguments(name) => message("arguments").with("name", name),
        SqlError::Ambiguous(name) => message("ambiguous").with("name", name),
        SqlError::NotGrouped(name) => message("not-grouped").with("name", name),
        SqlError::Types(reason) => message("types").with("reason", reason),
        SqlError::Ordinal => message("ordinal"),
        SqlError::Uneven => message("uneven"),
        SqlError::JoinCondition(condition) => {
            message("join-condition").with("condition", condition)
        }
        SqlError::Nested(expression) => message("nested").with("expression", expression),
        SqlError::ManyValues(query) => message("many-values").with("query", query),
        SqlError::Contacts(name) => message("contacts").with("name", name),
        SqlError::TooManyRows => message("too-many-rows"),
        SqlError::Refused(reason) if !reason.is_empty() => {
            message("refused").with("reason", reason)
        }
        _ => message("failed"),
    }
}

/// The message about what the parser expects: it says so in English, or in words of SQL, which are the same everywhere.
fn expected_words(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "" => return None,
        "an expression" | "an expression:" => "syntax-expression",
        "identifier" => "syntax-name",
        "end of statement" | "end of query" => "syntax-end",
        words if !words.contains(|c: char| c.is_ascii_lowercase()) => "syntax-word",
        _ => return None,
    })
}
