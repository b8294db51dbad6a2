//! Findings counted: by rule, and by the person who has them to repair.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::recognition::Book;
use crate::rules::Rule;

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counts {
    /// What is wrong.
    pub errors: usize,
    /// What is probably wrong.
    pub warnings: usize,
    /// What is worth knowing.
    pub infos: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            counts.add(finding.severity);
        }
        counts
    }

    /// All of them.
    pub const fn total(self) -> usize {
        self.errors + self.warnings + self.infos
    }

    const fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// What one rule has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfRule {
    /// The rule.
    pub rule: &'static Rule,
    /// Its gravest finding.
    pub severity: Severity,
    /// How many findings.
    pub counts: Counts,
    /// Those whose suggestion can be put in unasked.
    pub fixable: usize,
}

/// What one person has to repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPerson {
    /// 负责人 of the rows; `None` for rows without one and for what concerns no row.
    pub owner: Option<String>,
    /// How many findings.
    pub counts: Counts,
    /// The rules that found them: those with the gravest findings first, then those with the most.
    pub rules: Vec<OfRule>,
}

/// The findings by rule: those with the gravest findings first, then those with the most.
pub fn by_rule<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<OfRule> {
    let mut rules: BTreeMap<&str, OfRule> = BTreeMap::new();
    for finding in findings {
        let of_rule = rules.entry(finding.rule.code).or_insert_with(|| OfRule {
            rule: finding.rule,
            severity: finding.severity,
            counts: Counts::default(),
            fixable: 0,
        });
        of_rule.severity = of_rule.severity.max(finding.severity);
        of_rule.counts.add(finding.severity);
        of_rule.fixable += usize::from(finding.fixable);
    }
    let mut rules: Vec<_> = rules.into_values().collect();
    rules.sort_by_key(|of_rule| Reverse((of_rule.severity, of_rule.counts.total())));
    rules
}

/// The findings by the person who follows up the row: who has most errors first, then most warnings; those of nobody last.
pub fn by_person(books: &[Book], findings: &[Finding]) -> Vec<OfPerson> {
    let owned = findings.iter();
    by_owner(owned.map(|finding| (finding.owner(books), finding)))
}

/// [`by_person`] of findings that are all about one workbook.
pub fn by_person_in(book: &Book, findings: &[&Finding]) -> Vec<OfPerson> {
    let owned = findings.iter();
    by_owner(owned.map(|finding| (finding.owner_in(book), *finding)))
}

fn by_owner<'f>(owned: impl Iterator<Item = (Option<String>, &'f Finding)>) -> Vec<OfPerson> {
    let mut of_person: BTreeMap<Option<String>, Vec<&Finding>> = BTreeMap::new();
    for (owner, finding) in owned {
        of_person.entry(owner).or_default().push(finding);
    }
    let persons = of_person.into_iter().map(|(owner, findings)| OfPerson {
        owner,
        counts: Counts::of(findings.iter().copied()),
        rules: by_rule(findings),
    });
    let mut persons: Vec<_> = persons.collect();
    persons.sort_by_key(|person| (person.owner.is_none(), Reverse(person.counts)));
    persons
}

impl Finding {
    /// Who follows up the row it is about: the one who has it to repair. `books` are those that were checked.
    pub fn owner(&self, books: &[Book]) -> Option<String> {
        self.owner_in(books.get(self.book)?)
    }

    /// [`Finding::owner`], where the workbook that it is about is at hand.
    pub fn owner_in(&self, book: &Book) -> Option<String> {
        let mut sheets = book.sheets.iter();
        let sheet = sheets.find(|sheet| *sheet.name == *self.sheet)?;
        sheet.ledger.as_ref()?.owner(self.row?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::recognition::BookSheet;
    use crate::rules::testing::{table, today};
    use crate::rules::{Context, Selection, check};

    #[test]
    fn everybody_is_told_what_is_theirs_and_the_most_grievous_first() {
        let ledger = table(
            "
            | lead_id | method* | follow_up_date | owner |
            | A001    | 电话    | 2025-02-30     | 王芳  |
            | A002    |         | 2025-03-03     | 李雷  |
            | A003    |         | 2025-02-30     | 王芳  |
            | A004    |         | 2025-03-03     |       |",
        );
        let books = [Book {
            path: "t.xlsx".into(),
            sheets: vec![BookSheet {
                visible: true,
                ledger: Some(ledger),
                ..BookSheet::default()
            }],
        }];
        let policy = Policy::default();
        let context = Context {
            policy: &policy,
            today: today(),
        };
        let selection = Selection {
            select: ["R102", "C203"].map(str::to_owned).into(),
            severity: [("R102".to_owned(), Severity::Warning)].into(),
            ..Selection::default()
        };
        let findings = check(&context, &books, &selection).findings;
        let told = |rules: &[OfRule]| {
            let rules = rules.iter();
            let rules = rules.map(|of| format!("{}×{}", of.rule.code, of.counts.total()));
            rules.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(&by_rule(&findings)), "C203×2 R102×3");
        let persons = by_person(&books, &findings);
        let persons = persons.iter().map(|person| {
            let (owner, counts) = (person.owner.as_deref(), person.counts);
            let rules = told(&person.rules);
            let Counts {
                errors, warnings, ..
            } = counts;
            format!("{} {errors} {warnings} {rules}", owner.unwrap_or("—"))
        });
        assert_eq!(
            persons.collect::<Vec<_>>(),
            ["王芳 2 1 C203×2 R102×1", "李雷 0 1 R102×1", "— 0 1 R102×1"]
        );
    }
}
