use hashbrown::HashMap;

use crate::category::{TermId, Vocabulary};
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::LeadIdPattern;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::compact_key;

declare_rule! {
    /// ## What it finds
    /// A lead number whose first part is at odds with 线索来源. A prefix may be the source itself or an abbreviation;
    /// which source an abbreviation stands for is learnt from the table: the one that nine of ten leads with this
    /// prefix have. A prefix that stands for no source in particular is shown once a table.
    ///
    /// ## Why it matters
    /// The number of a lead and its source are typed by hand; where they disagree, one of them is wrong, and the
    /// conversion rates of two sources with it.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索来源 |
    /// |---|---|
    /// | 展会-20240520-001 | 行业展会 |
    /// | 展会-20240520-002 | 线上推广 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索来源 |
    /// |---|---|
    /// | 展会-20240520-001 | 行业展会 |
    /// | 线上-20240520-001 | 线上推广 |
    ///
    /// ## What to do
    /// Correct the source or the number. Use one prefix for one source.
    pub(super) static LEAD_ID_PREFIX = {
        code: "L107", name: "lead-id-prefix", severity: Warning, since: "0.1.0",
        needs: [LeadId, Source],
        source: [LeadLedger],
        check: Check::Table(lead_id_prefix),
    }
}

/// Leads whose numbers begin alike.
struct Family {
    /// The source that the prefix spells out.
    named: Option<TermId>,
    /// Leads by source, in the order met.
    sources: Vec<(TermId, usize)>,
}

/// What a prefix stands for.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    Source(TermId),
    /// Too few leads to tell.
    Unknown,
    /// Several sources, none of which prevails.
    Shared,
}

impl Family {
    /// The source that more than half of its leads have.
    fn prevailing(&self) -> Option<TermId> {
        let leads: usize = self.sources.iter().map(|(_, leads)| leads).sum();
        let mut sources = self.sources.iter();
        sources
            .find(|(_, of_source)| of_source * 2 > leads)
            .map(|(source, _)| *source)
    }

    /// Whether two of three leads have one source, and each of the others is what another prefix stands for.
    fn is_told_by_others(&self, source: TermId, elsewhere: &[TermId]) -> bool {
        let leads: usize = self.sources.iter().map(|(_, leads)| leads).sum();
        self.sources.iter().all(|(other, of_source)| {
            if *other == source {
                of_source * 3 >= leads * 2
            } else {
                elsewhere.contains(other)
            }
        })
    }

    fn meaning(&self, elsewhere: &[TermId]) -> Meaning {
        /// A single lead tells nothing about what its prefix stands for, and two can still be chance.
        const ENOUGH: usize = 3;
        let leads: usize = self.sources.iter().map(|(_, leads)| leads).sum();
        match (
            self.named,
            self.sources.iter().max_by_key(|source| source.1),
        ) {
            (Some(source), _) => Meaning::Source(source),
            (None, Some(&(source, most)))
                if leads >= ENOUGH
                    && (most * 10 >= leads * 9 || self.is_told_by_others(source, elsewhere)) =>
            {
                Meaning::Source(source)
            }
            _ if self.sources.len() > 1 => Meaning::Shared,
            _ => Meaning::Unknown,
        }
    }
}

fn lead_id_prefix(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let is_patterned = reading.ledger().lead_id_pattern == LeadIdPattern::SourceDateNumber;
    let Some(vocabulary) = reading
        .vocabulary(Field::Source)
        .filter(|_| is_patterned && reading.column(Field::LeadId).is_some())
    else {
        return;
    };
    let mut families: Vec<Family> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for lead in leads.iter() {
        let Some((prefix, source)) = prefix_and_source(&lead) else {
            continue;
        };
        let family = *known.entry(prefix).or_insert_with(|| {
            *by_key.entry(compact_key(prefix)).or_insert_with(|| {
                families.push(Family {
                    named: vocabulary.find(prefix),
                    sources: Vec::new(),
                });
                families.len() - 1
            })
        });
        let sources = &mut families[family].sources;
        match sources.iter_mut().find(|(known, _)| *known == source) {
            Some((_, leads)) => *leads += 1,
            None => sources.push((source, 1)),
        }
    }
    let is_pure = |family: &Family| match family.sources[..] {
        [(source, _)] => family.named.is_none_or(|named| named == source),
        _ => false,
    };
    if families.iter().all(is_pure) {
        return;
    }
    let elsewhere: Vec<TermId> = families.iter().filter_map(Family::prevailing).collect();
    let mut has_said_shared = false;
    for lead in leads.iter() {
        let Some((prefix, source)) = prefix_and_source(&lead) else {
            continue;
        };
        let Some(family) = known.get(prefix).map(|&family| &families[family]) else {
            continue;
        };
        match family.meaning(&elsewhere) {
            Meaning::Source(meant) if meant != source => {
                report_stranger(&lead, prefix, term(vocabulary, meant), findings);
            }
            Meaning::Shared if !has_said_shared => {
                has_said_shared = true;
                let sources: Vec<_> = family
                    .sources
                    .iter()
                    .map(|&(source, _)| term(vocabulary, source))
                    .collect();
                let message = Message::new("lead-id-prefix", "shared")
                    .with("prefix", prefix)
                    .with("sources", sources.join("、"));
                findings.row(&lead.first(), Field::LeadId, message);
            }
            _ => {}
        }
    }
}

fn prefix_and_source<'a>(lead: &Lead<'a>) -> Option<(&'a str, TermId)> {
    let first = lead.first();
    Some((&*first.lead_id()?.prefix, first.term_id(Field::Source)?))
}

fn term(vocabulary: &Vocabulary, source: TermId) -> &str {
    vocabulary
        .term(source)
        .map_or("", |term| term.canonical.as_str())
}

fn report_stranger(lead: &Lead<'_>, prefix: &str, meant: &str, findings: &mut Findings<'_>) {
    let first = lead.first();
    let message = Message::new("lead-id-prefix", "")
        .with("prefix", prefix)
        .with("meant", meant)
        .with("source", first.value(Field::Source).display().trim());
    let finding = findings.row(&first, Field::LeadId, message);
    finding.related.extend(first.cell(Field::Source));
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn a_prefix_that_names_another_source_is_found() {
        let table = "
            | lead_id           | source   |
            | 展会-20240520-001 | 行业展会 |
            | 展会-20240520-002 | 线上推广 |
            | 轉介紹-20240520-001 | 官网注册 |";
        insta::assert_snapshot!(findings("L107", table), @r"
        A3 lead-id-prefix prefix=展会 meant=行业展会 source=线上推广 beside B3
        A4 lead-id-prefix prefix=轉介紹 meant=客户转介绍 source=官网注册 beside B4
        ");
    }

    #[test]
    fn what_an_abbreviation_stands_for_is_learnt_from_the_table() {
        let rows: Vec<_> = (1..=9)
            .map(|number| format!("| ZH-20240520-00{number} | 行业展会 |"))
            .collect();
        let table = format!(
            "| lead_id | source |\n{}\n| zh-20240521-001 | 展会 |\n| ZH-20240522-001 | 官网注册 |",
            rows.join("\n")
        );
        assert_eq!(
            findings("L107", &table),
            "A12 lead-id-prefix prefix=ZH meant=行业展会 source=官网注册 beside B12"
        );
    }

    #[test]
    fn what_another_prefix_stands_for_this_one_does_not() {
        let table = "
            | lead_id         | source   |
            | GW-20240520-001 | 线上推广 |
            | GW-20240520-002 | 官网注册 |
            | GW-20240520-003 | 官网注册 |
            | GW-20240520-004 | 官网注册 |
            | XS-20240520-001 | 线上推广 |
            | XS-20240520-002 | 线上推广 |";
        assert_eq!(
            findings("L107", table),
            "A2 lead-id-prefix prefix=GW meant=官网注册 source=线上推广 beside B2"
        );
    }

    #[test]
    fn a_prefix_that_stands_for_several_sources_is_said_once() {
        let table = "
            | lead_id         | source     |
            | ZY-20240520-001 | 线上推广   |
            | ZY-20240519-002 | 行业展会   |
            | ZY-20240518-003 | 客户转介绍 |
            | LL-20240518-001 | 线上推广   |
            | LL-20240518-002 | 行业展会   |";
        assert_eq!(
            findings("L107", table),
            "A2 lead-id-prefix-shared prefix=ZY sources=线上推广、行业展会、客户转介绍"
        );
    }

    #[test]
    fn one_prefix_for_each_source_is_clean() {
        let table = "
            | lead_id               | source     |
            | XS-20240520-001       | 线上推广   |
            | XS-20240520-002       | 线上推广   |
            | ZH-20240520-001       | 行业展会   |
            | 客户转介绍-20240520-001 | 转介绍   |
            | 线上-20240520-001     | 线上推广   |";
        assert_eq!(findings("L107", table), "");
    }

    #[test]
    fn only_the_first_row_of_a_lead_tells_its_source() {
        let table = "
            | lead_id           | source   | follow_up_date |
            | 展会-20240520-001 | 行业展会 | =2024-05-20    |
            | 展会-20240520-001 | 线上推广 | =2024-05-22    |";
        assert_eq!(findings("L107", table), "");
    }

    #[test]
    fn unknown_sources_and_numbers_of_another_form_are_not_judged() {
        let table = "
            | lead_id           | source   |
            | 展会-20240520-001 | 行业展汇 |
            | 展会-20240520-002 |          |
            | 展会-20250231-001 | 线上推广 |
            | A001              | 线上推广 |";
        assert_eq!(findings("L107", table), "");
        let mut free = table_of_one();
        free.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("L107", free, &Policy::default()), "");
    }

    fn table_of_one() -> crate::ledger::Ledger {
        table("| lead_id | source |\n| 展会-20240520-001 | 线上推广 |")
    }
}
