//! Findings in words, as they are put into the user's own workbook.

use leadsheet_core::{Book, Finding, Message, OfPerson, Severity, by_person_in};
use leadsheet_messages::Language;
use leadsheet_workbook::{Annotations, FindingsSheet, Legend, PersonLine, Remark};

use chrono::NaiveDate;

/// Persons that the sheet of findings names above its list, and rules that it names of each: the list can be filtered.
const PERSONS: usize = 8;
const RULES_OF_PERSON: usize = 4;

/// What [`Patch::annotate`](crate::Patch::annotate) is to put into a workbook: a remark for each finding, and the words of
/// the sheet that lists them. `leads` is how many leads its rows are about; `say` puts what a finding says into words.
///
/// # Example
/// ```no_run
/// use leadsheet::{Context, Language, Limits, Patch, Policy, Selection, Templates};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let path = std::path::Path::new("客户跟进.xlsx");
/// let book = leadsheet::open(path)?.into_book("客户跟进.xlsx", &Templates::builtin());
/// let context = Context { policy: &Policy::default(), today: "2025-07-01".parse()? };
/// let books = [book];
/// let checkup = leadsheet::check(&context, &books, &Selection::default());
///
/// let words = |finding: &leadsheet::Finding| Language::Chinese.text(&finding.message);
/// let leads = checkup.leads[0].iter().sum();
/// let annotations = leadsheet::annotations(
///     &books[0], &checkup.findings, leads, context.today, Language::Chinese, words,
/// );
/// Patch::open(path, &Limits::default())?.save_annotated(&annotations, "已检查.xlsx".as_ref(), false)?;
/// # Ok(())
/// # }
/// ```
pub fn annotations<'f>(
    book: &Book,
    findings: impl IntoIterator<Item = &'f Finding>,
    leads: usize,
    today: NaiveDate,
    language: Language,
    say: impl Fn(&Finding) -> String,
) -> Annotations {
    let remark = |finding: &Finding| {
        let suggestion = finding.suggestion.as_ref().map(|suggestion| {
            language.text(&Message::new("annotate", "suggestion").with("value", suggestion))
        });
        let message = say(finding);
        Remark {
            severity: finding.severity,
            code: finding.rule.code.to_owned(),
            sheet: finding.sheet.to_string(),
            cell: finding.cell,
            owner: finding.owner_in(book).unwrap_or_default(),
            header: finding.header.as_deref().unwrap_or_default().to_owned(),
            value: finding.value.as_deref().unwrap_or_default().to_owned(),
            message: match suggestion {
                Some(suggestion) => format!("{message}\n{suggestion}"),
                None => message,
            },
            advice: language.rule_advice(finding.rule),
        }
    };
    let findings: Vec<&Finding> = findings.into_iter().collect();
    Annotations {
        remarks: findings.iter().copied().map(remark).collect(),
        sheet: words(book, &findings, leads, today, language),
    }
}

fn words(
    book: &Book,
    findings: &[&Finding],
    leads: usize,
    today: NaiveDate,
    language: Language,
) -> FindingsSheet {
    let rows: usize = book.ledgers().map(leadsheet_core::Ledger::len).sum();
    let counted = Message::new("annotate", "counted")
        .with("rows", rows)
        .with("leads", leads)
        .with("today", today);
    let legend = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| Legend {
        severity,
        word: language.label(&format!("severity-{}", severity.as_str())),
        meaning: language.label(&format!("annotate-{}", severity.as_str())),
    });
    let headings = [
        "severity", "code", "sheet", "cell", "owner", "header", "value", "message", "advice",
    ];
    FindingsSheet {
        name: language.label("annotate-sheet"),
        title: language.label("annotate-title"),
        lines: vec![language.text(&counted), language.label("annotate-how")],
        legend: legend.to_vec(),
        persons: persons(&by_person_in(book, findings), language),
        headings: headings.map(|heading| language.label(&format!("annotate-heading-{heading}"))),
    }
}

/// Who has what to repair; nothing where nobody is named.
fn persons(persons: &[OfPerson], language: Language) -> Vec<PersonLine> {
    if persons.iter().all(|person| person.owner.is_none()) {
        return Vec::new();
    }
    let line = |person: &OfPerson| {
        let rules = person.rules.iter().take(RULES_OF_PERSON);
        let rules = rules.map(|of| format!("{} × {}", of.rule.code, of.counts.total()));
        let more = (person.rules.len() > RULES_OF_PERSON).then(|| "…".to_owned());
        let share = Message::new("annotate", "person")
            .with("errors", person.counts.errors)
            .with("warnings", person.counts.warnings)
            .with("infos", person.counts.infos)
            .with("rules", rules.chain(more).collect::<Vec<_>>().join("  "));
        let nobody = || language.label("summary-nobody");
        PersonLine {
            name: person.owner.clone().unwrap_or_else(nobody),
            share: language.text(&share),
        }
    };
    let head = PersonLine {
        name: language.label("annotate-heading-owner"),
        share: language.label("annotate-persons"),
    };
    let left_out = persons.len().saturating_sub(PERSONS);
    let more = (left_out > 0).then(|| PersonLine {
        name: "…".to_owned(),
        share: language.text(&Message::new("annotate", "more-persons").with("count", left_out)),
    });
    let shown = persons.iter().take(PERSONS).map(line);
    std::iter::once(head).chain(shown).chain(more).collect()
}

/// The language of a workbook: Chinese where a heading or the name of a sheet has a Chinese character.
pub fn language_of(book: &Book) -> Language {
    let headings = book
        .ledgers()
        .flat_map(|ledger| ledger.columns().iter().map(|column| column.header.as_str()));
    let names = book.sheets.iter().map(|sheet| sheet.name.as_str());
    let is_chinese = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
    if headings.chain(names).any(|text| text.contains(is_chinese)) {
        Language::Chinese
    } else {
        Language::English
    }
}
