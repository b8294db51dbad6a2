use chrono::Datelike;
use hashbrown::HashMap;

use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::LeadIdPattern;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::compact_key;
use crate::value::LeadId;

declare_rule! {
    /// ## What it finds
    /// Lead numbers of one source and day that do not begin at 001 or leave out a number. Where a team never begins anew
    /// and numbers run on through the table, a number that is left out between two others; where they do neither, it is
    /// told once.
    ///
    /// ## Why it matters
    /// A missing number is a lead that was deleted, lost in copying, or kept somewhere else: the figures are not
    /// those of all leads.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZY-20240519-001 | XX科技 |
    /// | ZY-20240519-003 | YY贸易公司 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | ZY-20240519-001 | XX科技 |
    /// | ZY-20240519-002 | YY贸易公司 |
    ///
    /// ## What to do
    /// Look for the missing lead. Where the table is a part of a larger one on purpose, ignore this rule for it.
    pub(super) static LEAD_ID_GAP = {
        code: "L108", name: "lead-id-gap", severity: Warning, since: "0.1.0",
        needs: [LeadId],
        source: [LeadLedger],
        check: Check::Table(lead_id_gap),
    }
}

/// A number missing before that of a lead.
struct Gap {
    lead: usize,
    first: u32,
    last: u32,
}

fn lead_id_gap(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    /// Fewer days tell nothing about whether a team begins anew each day.
    const ENOUGH_DAYS: usize = 10;
    if leads.reading().ledger().lead_id_pattern != LeadIdPattern::SourceDateNumber {
        return;
    }
    let numbers = sorted_numbers(leads);
    let mut gaps = Vec::new();
    let (mut days, mut late_days) = (0, 0);
    let mut before: Option<(u64, u32)> = None;
    for &number in &numbers {
        let (day, number, lead) = ((number >> 64) as u64, (number >> 32) as u32, number as u32);
        let lead = lead as usize;
        let expected = match before {
            Some((same, last)) if same == day => last.saturating_add(1),
            _ => {
                days += 1;
                late_days += usize::from(number > 1);
                1
            }
        };
        if number > expected {
            gaps.push(Gap {
                lead,
                first: expected,
                last: number - 1,
            });
        }
        before = Some((day, number));
    }
    if days >= ENOUGH_DAYS && late_days * 2 > days {
        if let Some(missing) = missing_of_a_run(&numbers) {
            for (lead, number) in missing {
                let message = Message::new("lead-id-gap", "number").with("number", number);
                findings.row(&leads.lead(lead).first(), Field::LeadId, message);
            }
            return;
        }
        if let Some(gap) = gaps.iter().min_by_key(|gap| gap.lead) {
            let message = Message::new("lead-id-gap", "running");
            findings.row(&leads.lead(gap.lead).first(), Field::LeadId, message);
        }
        return;
    }
    for gap in gaps {
        report(&leads.lead(gap.lead), &gap, findings);
    }
}

/// The numbers that a run through the whole table leaves out, each with the lead behind it; `None` where there is no such run:
/// a number is given twice, or more than one of twenty is missing.
fn missing_of_a_run(numbers: &[u128]) -> Option<Vec<(usize, u32)>> {
    const ONE_OF: usize = 20;
    let mut run: Vec<(u32, u32)> = numbers
        .iter()
        .map(|&number| ((number >> 32) as u32, number as u32))
        .collect();
    run.sort_unstable();
    let (first, last) = (run.first()?.0, run.last()?.0);
    let is_given_twice = run.windows(2).any(|pair| pair[0].0 == pair[1].0);
    let length = (last - first) as usize + 1;
    if is_given_twice || (length - run.len()) * ONE_OF > length {
        return None;
    }
    let gaps = run.windows(2).flat_map(|pair| {
        let lead = pair[1].1 as usize;
        (pair[0].0 + 1..pair[1].0).map(move |number| (lead, number))
    });
    Some(gaps.collect())
}

/// Prefix, day, number and lead of every well-formed number, so sorted; in one number each, for such numbers are quickly
/// sorted.
fn sorted_numbers(leads: &Leads<'_>) -> Vec<u128> {
    let mut prefixes: HashMap<&str, u32> = HashMap::new();
    let mut by_key: HashMap<String, u32> = HashMap::new();
    let mut numbers = Vec::with_capacity(leads.len());
    for lead in leads.iter() {
        if let Some(id) = lead.first().lead_id() {
            let prefix = *prefixes.entry(&*id.prefix).or_insert_with(|| {
                let next = by_key.len() as u32;
                *by_key.entry(compact_key(&id.prefix)).or_insert(next)
            });
            let day =
                u64::from(prefix) << 32 | u64::from(id.date.num_days_from_ce().cast_unsigned());
            let numbered = u64::from(id.number) << 32 | lead.index() as u64;
            numbers.push(u128::from(day) << 64 | u128::from(numbered));
        }
    }
    numbers.sort_unstable();
    numbers
}

fn report(lead: &Lead<'_>, gap: &Gap, findings: &mut Findings<'_>) {
    let first = lead.first();
    let Some(id) = first.lead_id() else { return };
    let numbered = |number| LeadId {
        number,
        ..id.clone()
    };
    let message = if gap.first == gap.last {
        Message::new("lead-id-gap", "").with("missing", numbered(gap.first))
    } else {
        Message::new("lead-id-gap", "several")
            .with("first", numbered(gap.first))
            .with("last", numbered(gap.last))
    };
    findings.row(&first, Field::LeadId, message);
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn each_gap_is_found_at_the_number_behind_it() {
        let table = "
            | lead_id         |
            | ZY-20240520-001 |
            | ZY-20240519-002 |
            | ZY-20240518-003 |
            | ZY-20240517-001 |
            | ZY-20240517-004 |
            | ZY-20240517-005 |";
        insta::assert_snapshot!(findings("L108", table), @r"
        A3 lead-id-gap missing=ZY-20240519-001
        A4 lead-id-gap-several first=ZY-20240518-001 last=ZY-20240518-002
        A6 lead-id-gap-several first=ZY-20240517-002 last=ZY-20240517-003
        ");
    }

    #[test]
    fn a_number_that_never_begins_anew_is_said_once() {
        let rows: Vec<_> = (1..=12)
            .map(|day| format!("| ZY-202405{day:02}-{:03} |", day * 37 % 100 + 2))
            .collect();
        let table = format!("| lead_id |\n{}", rows.join("\n"));
        assert_eq!(findings("L108", &table), "A2 lead-id-gap-running");
    }

    #[test]
    fn numbers_that_run_on_through_the_table_leave_none_out() {
        let ledger = |numbers: std::ops::RangeInclusive<u32>, without: u32| {
            let rows = numbers.filter(|number| *number != without).map(|number| {
                let source = ["ZY", "ZH", "GW"][number as usize % 3];
                format!("| {source}-202405{:02}-{number:03} |", number % 28 / 2 + 1)
            });
            let rows: Vec<_> = rows.collect();
            format!("| lead_id |\n{}", rows.join("\n"))
        };
        assert_eq!(findings("L108", &ledger(1..=27, 0)), "");
        assert_eq!(findings("L108", &ledger(173..=195, 0)), "");
        assert_eq!(
            findings("L108", &ledger(1..=27, 20)),
            "A21 lead-id-gap-number number=20"
        );
    }

    #[test]
    fn numbers_in_any_order_and_in_several_rows_are_clean() {
        let table = "
            | lead_id         | follow_up_date |
            | ZY-20240520-002 | =2024-05-20    |
            | ZY-20240520-001 | =2024-05-20    |
            | ZY-20240520-002 | =2024-05-24    |
            | zy-20240520-003 | =2024-05-24    |
            | ZH-20240520-001 | =2024-05-20    |
            | ZH-20240521-001 | =2024-05-21    |";
        assert_eq!(findings("L108", table), "");
    }

    #[test]
    fn numbers_of_another_form_have_no_gaps() {
        let table_text = "
            | lead_id         |
            | A003            |
            | ZY-20250231-004 |
            | ZY2024-0520-7   |";
        assert_eq!(findings("L108", table_text), "");
        let mut free = table("| lead_id |\n| ZY-20240520-007 |");
        free.lead_id_pattern = LeadIdPattern::Free;
        assert_eq!(findings_of("L108", free, &Policy::default()), "");
    }
}
