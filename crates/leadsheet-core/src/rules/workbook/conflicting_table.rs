use std::sync::Arc;

use chrono::NaiveDate;

use crate::category::Outcome;
use crate::field::Field;
use crate::identities::LeadIdentity;
use crate::lead::{Lead, Leads};
use crate::message::Message;
use crate::place::CellRef;
use crate::rules::workbook::Known;
use crate::rules::{Check, Context, Findings, Origin, customer_field, declare_rule, is_masked};
use crate::text::{compact_key, organisation_key};

declare_rule! {
    /// ## What it finds
    /// A lead number 来源-日期-序号 that stands in two tables, in other sheets or other workbooks, with another
    /// customer or another source, or won in the one and lost in the other; or whose first follow-up, of one day, has
    /// another grade, mobile or person responsible. Numbers of a team's own form (`A001`) begin anew in every table and are not
    /// compared.
    ///
    /// ## Why it matters
    /// Brought together, the two are counted as one lead, and one of the customers is lost.
    ///
    /// ## Example that fails
    /// | 工作簿 | 线索编号 | 客户名称 |
    /// |---|---|---|
    /// | 李雷.xlsx | ZH-20240520-001 | 北辰机电 |
    /// | 韩梅.xlsx | ZH-20240520-001 | 南汀贸易 |
    ///
    /// ## Example that passes
    /// | 工作簿 | 线索编号 | 客户名称 |
    /// |---|---|---|
    /// | 李雷.xlsx | ZH-20240520-001 | 北辰机电 |
    /// | 韩梅.xlsx | ZH-20240520-001 | 北辰机电有限公司 |
    ///
    /// ## What to do
    /// Give one of them another number, or correct what is wrong.
    pub(super) static CONFLICTING_TABLE = {
        code: "W102", name: "conflicting-table", severity: Error, since: "0.1.0",
        source: [Practice],
        check: Check::Across(conflicting_table),
    }
}

/// What a table says about a lead.
pub(super) struct Facts {
    origin: Arc<Origin>,
    cell: Option<CellRef>,
    customer: String,
    source: String,
    outcome: Outcome,
    /// The day of its first follow-up: from one month's table to the next it is another.
    day: Option<NaiveDate>,
    /// Of its first follow-up.
    details: [String; 3],
}

/// What two records of one follow-up have in common.
const DETAILS: [(Field, &str); 3] = [
    (Field::Grade, "grade"),
    (Field::Phone, "phone"),
    (Field::Owner, "owner"),
];

fn conflicting_table(
    _: &Context<'_>,
    origin: &Arc<Origin>,
    leads: &Leads<'_>,
    known: &mut Known,
    findings: &mut Findings<'_>,
) {
    for lead in leads.iter() {
        let LeadIdentity::Number(number) = lead.identity() else {
            continue;
        };
        let facts = facts(&lead, origin);
        let Some(earlier) = known.leads.get(number) else {
            known.leads.insert(number.to_owned(), facts);
            continue;
        };
        let differs = |one: &str, other: &str, key: fn(&str) -> String| {
            let is_named = |name: &str| !name.is_empty() && !is_masked(name);
            is_named(one) && is_named(other) && one != other && key(one) != key(other)
        };
        let first = lead.first();
        if differs(&facts.customer, &earlier.customer, organisation_key) {
            let field = customer_field(first.reading()).unwrap_or(Field::Customer);
            let message = Message::new("conflicting-table", "customer")
                .with("value", &facts.customer)
                .with("other", &earlier.customer);
            findings.row(&first, field, placed(message, earlier));
        } else if differs(&facts.source, &earlier.source, compact_key) {
            let message = Message::new("conflicting-table", "source")
                .with("value", &facts.source)
                .with("other", &earlier.source);
            findings.row(&first, Field::Source, placed(message, earlier));
        } else if let (Outcome::Won, Outcome::Lost) | (Outcome::Lost, Outcome::Won) =
            (facts.outcome, earlier.outcome)
        {
            let variant = match facts.outcome {
                Outcome::Won => "won",
                _ => "lost",
            };
            let latest = lead.latest();
            let says = |field: &Field| latest.outcome_in(*field) == Some(facts.outcome);
            let field = Outcome::FIELDS.into_iter().find(says);
            let message = Message::new("conflicting-table", variant);
            let field = field.unwrap_or(Field::LeadId);
            findings.row(&latest, field, placed(message, earlier));
        } else if facts.day.is_some() && facts.day == earlier.day {
            let details = facts.details.iter().zip(&earlier.details);
            let mut details = DETAILS.iter().zip(details);
            let other = details.find(|(_, (one, other))| differs(one, other, compact_key));
            if let Some((&(field, variant), (value, other))) = other {
                let message = Message::new("conflicting-table", variant)
                    .with("value", value)
                    .with("other", other);
                findings.row(&first, field, placed(message, earlier));
            }
        }
    }
}

fn facts(lead: &Lead<'_>, origin: &Arc<Origin>) -> Facts {
    let first = lead.first();
    let shown = |field| first.value(field).display().trim().to_owned();
    Facts {
        origin: Arc::clone(origin),
        cell: first.cell(Field::LeadId),
        customer: customer_field(first.reading()).map_or_else(String::new, shown),
        source: first
            .term(Field::Source)
            .map_or_else(String::new, |source| source.canonical.clone()),
        outcome: lead.outcome(),
        day: first.date(Field::FollowUpDate),
        details: [
            first
                .term(Field::Grade)
                .map_or_else(String::new, |grade| grade.canonical.clone()),
            first.mobile().map_or_else(String::new, str::to_owned),
            shown(Field::Owner),
        ],
    }
}

fn placed(message: Message, earlier: &Facts) -> Message {
    let cell = earlier
        .cell
        .map_or_else(String::new, |cell| cell.to_string());
    message
        .with("file", &earlier.origin.file)
        .with("sheet", &earlier.origin.sheet)
        .with("cell", cell)
}

#[cfg(test)]
mod tests {
    use crate::ledger::LeadIdPattern;
    use crate::recognition::{Book, BookSheet};
    use crate::rules::testing::{findings_in_book, findings_in_books, table};

    fn sheet(name: &str, text: &str) -> BookSheet {
        BookSheet {
            name: name.into(),
            visible: true,
            ledger: Some(table(text)),
            ..BookSheet::default()
        }
    }

    fn findings(one: &str, other: &str) -> String {
        let book = |path: &str, text| Book {
            path: path.into(),
            sheets: vec![sheet("线索跟进", text)],
        };
        findings_in_books("W102", &[book("李雷.xlsx", one), book("韩梅.xlsx", other)])
    }

    #[test]
    fn one_number_for_two_customers_is_found_across_workbooks() {
        let one = "| lead_id | customer | source |\n| ZH-20240520-001 | 北辰机电 | 行业展会 |";
        let other = "| lead_id | customer | source |\n| ZH-20240520-001 | 南汀贸易 | 行业展会 |";
        assert_eq!(
            findings(one, other),
            "B2 conflicting-table-customer value=南汀贸易 other=北辰机电 file=李雷.xlsx sheet=线索跟进 cell=A2"
        );
        let source = "| lead_id | customer | source |\n| ZH-20240520-001 | 北辰机电 | 线上推广 |";
        assert_eq!(
            findings(one, source),
            "C2 conflicting-table-source value=线上推广 other=行业展会 file=李雷.xlsx sheet=线索跟进 cell=A2"
        );
    }

    #[test]
    fn won_here_and_lost_there_is_found() {
        let one = "| lead_id | customer | stage |\n| ZH-20240520-001 | 北辰机电 | 成交客户 |";
        let other = "| lead_id | customer | stage |\n| ZH-20240520-001 | 北辰机电 | 流失客户 |";
        assert_eq!(
            findings(one, other),
            "C2 conflicting-table-lost file=李雷.xlsx sheet=线索跟进 cell=A2"
        );
    }

    #[test]
    fn one_follow_up_with_other_facts_is_found() {
        let one = "
            | lead_id         | follow_up_date | customer | grade | phone       | owner |
            | ZH-20240520-001 | =2024-05-20    | 北辰机电 | A     | 13800000001 | 李雷  |
            | ZH-20240520-002 | =2024-05-20    | 南汀贸易 | B     | 13800000002 | 李雷  |
            | ZH-20240520-003 | =2024-05-20    | 远汐星槎 | B     | 13800000003 | 李雷  |
            | ZH-20240520-004 | =2024-05-20    | 望川灯塔 | B     | 13800000004 | 李雷  |";
        let other = "
            | lead_id         | follow_up_date | customer | grade | phone            | owner |
            | ZH-20240520-001 | =2024-05-20    | 北辰机电 | B     | 13800000001      | 李雷  |
            | ZH-20240520-002 | =2024-05-20    | 南汀贸易 | B     | 13800000009      | 李雷  |
            | ZH-20240520-003 | =2024-05-20    | 远汐星槎 | B类   | +86 138-0000-0003 | 韩梅  |
            | ZH-20240520-004 | =2024-06-01    | 望川灯塔 | A     | 13800000005      | 韩梅  |";
        insta::assert_snapshot!(findings(one, other), @r"
        D2 conflicting-table-grade value=B other=A file=李雷.xlsx sheet=线索跟进 cell=A2
        E3 conflicting-table-phone value=13800000009 other=13800000002 file=李雷.xlsx sheet=线索跟进 cell=A3
        F4 conflicting-table-owner value=韩梅 other=李雷 file=李雷.xlsx sheet=线索跟进 cell=A4
        ");
    }

    #[test]
    fn sheets_of_one_workbook_are_compared_too() {
        let book = Book {
            path: "销售.xlsx".into(),
            sheets: vec![
                sheet(
                    "五月",
                    "| lead_id | customer |\n| ZH-20240520-001 | 北辰机电 |",
                ),
                sheet(
                    "六月",
                    "| lead_id | customer |\n| ZH-20240520-001 | 南汀贸易 |",
                ),
            ],
        };
        assert_eq!(
            findings_in_book("W102", book),
            "B2 conflicting-table-customer value=南汀贸易 other=北辰机电 file=销售.xlsx sheet=五月 cell=A2"
        );
    }

    #[test]
    fn a_lead_may_go_on_from_month_to_month() {
        let may = "
            | lead_id         | customer             | source   | stage    |
            | ZH-20240520-001 | 北辰机电（北京）公司 | 行业展会 | 意向客户 |
            | ZH-20240520-002 | 南*                  | 行业展会 | 意向客户 |";
        let june = "
            | lead_id         | customer         | source | stage    |
            | ZH-20240520-001 | 北辰机電有限公司 | 展会   | 成交客户 |
            | ZH-20240520-002 | 南汀贸易         |        | 流失客户 |
            | ZH-20240601-001 | 远汐星槎         | 展会   | 潜在客户 |";
        assert_eq!(findings(may, june), "");
    }

    #[test]
    fn numbers_of_a_teams_own_begin_anew_in_every_table() {
        let free = |text| {
            let mut sheet = sheet("跟进统计", text);
            if let Some(ledger) = &mut sheet.ledger {
                ledger.lead_id_pattern = LeadIdPattern::Free;
            }
            sheet
        };
        let book = Book {
            path: "销售.xlsx".into(),
            sheets: vec![
                free("| lead_id | customer |\n| A001 | 北辰机电 |"),
                free("| lead_id | customer |\n| A001 | 南汀贸易 |"),
            ],
        };
        assert_eq!(findings_in_book("W102", book), "");
    }
}
