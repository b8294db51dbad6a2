//! Findings for eyes: by file and sheet, each row shown once with the flagged cells marked below; then who has what to
//! repair.

use std::collections::BTreeMap;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use leadsheet::{
    Book, BookSheet, Finding, Ledger, Message, OfPerson, OfRule, Severity, by_person, by_rule,
};

use super::excerpt::Excerpt;
use super::json::Totals;
use super::text::{BOLD, DIM, hidden, table};
use crate::Session;
use crate::commands::check::Checked;

/// Findings that an overview shows of each sheet, the gravest first; `leadsheet check` shows more.
const IN_OVERVIEW: usize = 20;
/// Findings of one rule that are shown of each sheet: what comes a hundred times is said ten times. `-v` shows them all.
const OF_ONE_RULE: usize = 10;
/// Rules and persons that the summary names.
const IN_SUMMARY: usize = 20;
/// Rules that are named of each person.
const RULES_OF_PERSON: usize = 6;

pub(super) const fn colour(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

/// Every finding by file and sheet with its row, long lists shortened, and the summary.
pub(crate) fn by_sheet(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (position, book, sheet, of_sheet) in sheets(checked, findings) {
        if !head(session, checked, (position, book, sheet), &of_sheet, out)? {
            continue;
        }
        for finding in checked.not_evaluable(position, &sheet.name) {
            writeln!(out, "  {DIM}{}{DIM:#}", session.finding(finding))?;
        }
        let (shown, left_out) = shortened(session, &of_sheet);
        with_rows(session, sheet.ledger.as_ref(), &shown, out)?;
        if !left_out.is_empty() {
            let rules = left_out.iter();
            let rules = rules.map(|(code, count)| format!("{code} × {count}"));
            let more = Message::new("check", "left-out")
                .with("count", left_out.values().sum::<usize>())
                .with("rules", rules.collect::<Vec<_>>().join(", "));
            writeln!(out, "  {DIM}{}{DIM:#}", session.tell(&more))?;
        }
        writeln!(out)?;
    }
    if !findings.is_empty() {
        rules(session, &by_rule(findings), out)?;
        persons(session, &by_person(&checked.books, findings), out)?;
    }
    totals(session, checked, findings, out)
}

/// The gravest findings of each sheet, a line each.
pub(crate) fn overview(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (position, book, sheet, mut of_sheet) in sheets(checked, findings) {
        if !head(session, checked, (position, book, sheet), &of_sheet, out)? {
            continue;
        }
        // An overview has no room for what is not wrong.
        if session.verbose {
            for finding in checked.not_evaluable(position, &sheet.name) {
                writeln!(out, "  {DIM}{}{DIM:#}", session.finding(finding))?;
            }
        }
        let left_out = of_sheet.len().saturating_sub(IN_OVERVIEW);
        of_sheet.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        of_sheet.truncate(IN_OVERVIEW);
        of_sheet.sort_by_key(|finding| (finding.cell, finding.rule.code));
        for line in lines(session, &of_sheet) {
            writeln!(out, " {line}")?;
        }
        if left_out > 0 {
            let more = Message::new("check", "more")
                .with("count", left_out)
                .with("path", &book.path);
            writeln!(out, "  {DIM}{}{DIM:#}", session.tell(&more))?;
        }
        writeln!(out)?;
    }
    totals(session, checked, findings, out)
}

type OfSheet<'a> = (usize, &'a Book, &'a BookSheet, Vec<&'a Finding>);

/// The sheets with their findings, in their order.
fn sheets<'a>(checked: &'a Checked, findings: &'a [Finding]) -> impl Iterator<Item = OfSheet<'a>> {
    let books = checked.books.iter().enumerate();
    books.flat_map(move |(position, book)| {
        let from = findings.partition_point(|finding| finding.book < position);
        let to = findings.partition_point(|finding| finding.book <= position);
        let of_book = &findings[from..to];
        book.sheets.iter().map(move |sheet| {
            let of_sheet = of_book.iter();
            let of_sheet = of_sheet.filter(|finding| *finding.sheet == *sheet.name);
            (position, book, sheet, of_sheet.collect())
        })
    })
}

/// What a sheet is; gives whether there is anything to say of it.
fn head(
    session: &Session,
    checked: &Checked,
    (position, book, sheet): (usize, &Book, &BookSheet),
    of_sheet: &[&Finding],
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    if sheet.ledger.is_none() && of_sheet.is_empty() {
        return Ok(false);
    }
    let about = match &sheet.ledger {
        Some(ledger) => {
            let title = session.template_title(&ledger.template);
            let leads = book.sheets.iter().zip(&checked.leads[position]);
            let leads = leads.filter(|(one, _)| one.name == sheet.name);
            let counted = Message::new("check", "rows-and-leads")
                .with("rows", ledger.len())
                .with("leads", leads.map(|(_, &leads)| leads).sum::<usize>());
            format!("{title} · {}", session.tell(&counted))
        }
        None => session.say("check-no-table"),
    };
    let (path, name) = (&book.path, &sheet.name);
    writeln!(out, "{BOLD}{path} › {name}{BOLD:#}  {DIM}{about}{DIM:#}")?;
    if session.verbose {
        let excused = checked.excused(position, &sheet.name);
        if excused > 0 {
            let told = Message::new("check", "excused").with("count", excused);
            writeln!(out, "  {DIM}{}{DIM:#}", session.tell(&told))?;
        }
        let skipped = sheet.ledger.iter().flat_map(|ledger| &ledger.skipped);
        for skipped in skipped {
            let reason = session.say(&format!("skipped-{:?}", skipped.reason).to_lowercase());
            let told = Message::new("check", "skipped")
                .with("row", skipped.row + 1)
                .with("reason", reason);
            writeln!(out, "  {DIM}{}{DIM:#}", session.tell(&told))?;
        }
        let (rows, columns) = (&sheet.hidden_rows, &sheet.hidden_columns);
        for told in hidden(sheet.visible, rows, columns) {
            writeln!(out, "  {DIM}{}{DIM:#}", session.tell(&told))?;
        }
    }
    Ok(true)
}

/// The findings that are shown, and how many of which rule are not.
fn shortened<'a>(
    session: &Session,
    findings: &[&'a Finding],
) -> (Vec<&'a Finding>, BTreeMap<&'static str, usize>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for &finding in findings {
        let count = counts.entry(finding.rule.code).or_default();
        *count += 1;
        if session.verbose || *count <= OF_ONE_RULE {
            shown.push(finding);
        }
    }
    counts.retain(|_, count| {
        *count = count.saturating_sub(OF_ONE_RULE);
        *count > 0 && !session.verbose
    });
    (shown, counts)
}

/// Findings of a sheet by place, below the row that they are about.
fn with_rows(
    session: &Session,
    ledger: Option<&Ledger>,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let lines = lines(session, findings);
    let mut lines = lines.iter();
    for of_row in findings.chunk_by(|one, other| one.row == other.row) {
        if let Some((ledger, row)) = ledger.zip(of_row[0].row) {
            let excerpt = Excerpt::of(ledger, row, of_row);
            let gravest = of_row.iter().map(|finding| finding.severity).max();
            let style = colour(gravest.unwrap_or(Severity::Info));
            let [heads, values, marks] = excerpt.lines();
            writeln!(out, "\n {DIM}{heads}{DIM:#}")?;
            writeln!(out, " {values}")?;
            writeln!(out, " {style}{marks}{style:#}")?;
        }
        for line in lines.by_ref().take(of_row.len()) {
            writeln!(out, " {line}")?;
        }
    }
    Ok(())
}

/// A line for each finding.
fn lines(session: &Session, findings: &[&Finding]) -> Vec<String> {
    // comfy-table pads by display width, which is what Chinese needs; colour is put on afterwards, line by line.
    let mut table = Table::new();
    table.load_style(NOTHING);
    for finding in findings {
        let cell = finding.cell.map(|cell| cell.to_string());
        let suggestion = finding.suggestion.as_ref().map(|suggestion| {
            session.tell(&Message::new("check", "suggestion").with("value", suggestion))
        });
        let message = [Some(session.finding(finding)), suggestion];
        let message: Vec<_> = message.into_iter().flatten().collect();
        let header = finding.header.as_deref().unwrap_or_default();
        table.add_row(vec![
            cell.unwrap_or_else(|| "—".to_owned()),
            severity(session, finding.severity),
            finding.rule.code.to_owned(),
            header.replace('\n', " "),
            message.join("  ").replace('\n', " "),
        ]);
    }
    let coloured = |(line, finding): (String, &&Finding)| {
        let style = colour(finding.severity);
        let word = severity(session, finding.severity);
        line.trim_end()
            .replacen(&word, &format!("{style}{word}{style:#}"), 1)
    };
    table.lines().zip(findings).map(coloured).collect()
}

fn severity(session: &Session, severity: Severity) -> String {
    session.say(&format!("severity-{}", severity.as_str()))
}

/// What each rule has found.
fn rules(session: &Session, rules: &[OfRule], out: &mut dyn Write) -> anyhow::Result<()> {
    let heads = ["code", "severity", "count", "fixable", "says"];
    let row = |of_rule: &OfRule| {
        vec![
            of_rule.rule.code.to_owned(),
            severity(session, of_rule.severity),
            of_rule.counts.total().to_string(),
            of_rule.fixable.to_string(),
            session.language.rule_title(of_rule.rule),
        ]
    };
    summary_table(session, "rule", &heads, rules.iter().map(row), &[2, 3], out)
}

/// What everybody has to repair; nothing where nobody is named.
fn persons(session: &Session, persons: &[OfPerson], out: &mut dyn Write) -> anyhow::Result<()> {
    if persons.iter().all(|person| person.owner.is_none()) {
        return Ok(());
    }
    let heads = [
        "owner",
        "error-count",
        "warning-count",
        "info-count",
        "rules",
    ];
    let row = |person: &OfPerson| {
        let rules = person.rules.iter().take(RULES_OF_PERSON);
        let rules = rules.map(|of| format!("{} × {}", of.rule.code, of.counts.total()));
        let more = (person.rules.len() > RULES_OF_PERSON).then(|| "…".to_owned());
        let owner = person.owner.clone();
        vec![
            owner.unwrap_or_else(|| session.say("summary-nobody")),
            person.counts.errors.to_string(),
            person.counts.warnings.to_string(),
            person.counts.infos.to_string(),
            rules.chain(more).collect::<Vec<_>>().join(", "),
        ]
    };
    let rows = persons.iter().map(row);
    summary_table(session, "person", &heads, rows, &[1, 2, 3], out)
}

fn summary_table(
    session: &Session,
    what: &str,
    heads: &[&str],
    rows: impl ExactSizeIterator<Item = Vec<String>>,
    numbers: &[usize],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let heads = heads.iter();
    let heads: Vec<_> = heads
        .map(|head| session.say(&format!("summary-{head}")))
        .collect();
    let title = session.say(&format!("summary-by-{what}"));
    let shown = if session.verbose {
        usize::MAX
    } else {
        IN_SUMMARY
    };
    let left_out = rows.len().saturating_sub(shown);
    writeln!(out, "{BOLD}{title}{BOLD:#}")?;
    writeln!(out, "{}", table(&heads, rows.take(shown), numbers))?;
    if left_out > 0 {
        let variant = match what {
            "rule" => "more-rules",
            _ => "more-persons",
        };
        let more = Message::new("summary", variant).with("count", left_out);
        writeln!(out, "{DIM}{}{DIM:#}", session.tell(&more))?;
    }
    writeln!(out)?;
    Ok(())
}

fn totals(
    session: &Session,
    checked: &Checked,
    findings: &[Finding],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if checked.books.is_empty() {
        return Ok(());
    }
    let counts = Totals::of(checked, findings);
    let part = |id, count: usize| session.tell(&Message::new("summary", id).with("count", count));
    let parts = [
        part("files", counts.files),
        part("rows", counts.rows),
        part("leads", counts.leads),
    ]
    .join(&session.say("list-comma"));
    let found = [
        part("errors", counts.errors),
        part("warnings", counts.warnings),
        part("infos", counts.infos),
    ]
    .join(&session.say("list-comma"));
    writeln!(out, "{BOLD}{found}{BOLD:#} · {parts}")?;
    let rules = by_rule(findings);
    if let (Some(most), false) = (rules.first(), session.quiet) {
        let told = Message::new("summary", "explain").with("code", most.rule.code);
        writeln!(out, "{DIM}{}{DIM:#}", session.tell(&told))?;
    }
    Ok(())
}
