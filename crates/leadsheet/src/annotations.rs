//! Findings in words, as they are put into the user's own workbook.

use leadsheet_core::{Book, Finding, Message, Severity};
use leadsheet_messages::Language;
use leadsheet_workbook::{Annotations, FindingsSheet, Legend, Remark};

use chrono::NaiveDate;

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
            header: finding.header.as_deref().unwrap_or_default().to_owned(),
            value: finding.value.as_deref().unwrap_or_default().to_owned(),
            message: match suggestion {
                Some(suggestion) => format!("{message}\n{suggestion}"),
                None => message,
            },
            advice: language.rule_advice(finding.rule),
        }
    };
    Annotations {
        remarks: findings.into_iter().map(remark).collect(),
        sheet: words(book, leads, today, language),
    }
}

fn words(book: &Book, leads: usize, today: NaiveDate, language: Language) -> FindingsSheet {
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
        "severity", "code", "sheet", "cell", "header", "value", "message", "advice",
    ];
    FindingsSheet {
        name: language.label("annotate-sheet"),
        title: language.label("annotate-title"),
        lines: vec![language.text(&counted), language.label("annotate-how")],
        legend: legend.to_vec(),
        headings: headings.map(|heading| language.label(&format!("annotate-heading-{heading}"))),
    }
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
