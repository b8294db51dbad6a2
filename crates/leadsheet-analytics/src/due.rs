//! Who is to be called: open leads whose next contact is due, over all tables, the longest overdue first.

use chrono::{Days, NaiveDate};
use leadsheet_core::{Book, CellRef, Field, LeadIdentity, Policy, Row, next_contact_in};
use serde::Serialize;

use crate::arranged::{LeadRow, alone};
use crate::tables::{Gathered, Table};

/// A lead whose next contact is due.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DueLead {
    /// The day the next contact is due: the planned one, else that by which the policy wants it.
    pub due: NaiveDate,
    /// Days since then; negative where it is still ahead.
    pub days_late: i64,
    /// Whether a day was planned; else the pace of the policy decides.
    pub planned: bool,
    /// Who is responsible, as the latest row that says so.
    pub owner: Option<String>,
    /// 线索编号.
    pub lead_id: Option<String>,
    /// The customer, as the latest row that names it.
    pub customer: Option<String>,
    /// The person to talk to, likewise.
    pub contact: Option<String>,
    /// How to reach them, likewise: only where contact details are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The latest grade.
    pub grade: Option<String>,
    /// The latest follow-up.
    pub last_follow_up: Option<NaiveDate>,
    /// What was to be done next.
    pub next_step: Option<String>,
    /// The workbook of the row that says so.
    pub file: String,
    /// Its sheet.
    pub sheet: String,
    /// Its row, as the spreadsheet program shows it.
    pub row: u32,
    /// The cell that sets the day, or of the latest follow-up.
    pub cell: Option<CellRef>,
    /// What tells the lead from others, the same from day to day.
    #[serde(skip)]
    pub identity: String,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDefinition {
    /// The day.
    pub today: NaiveDate,
    /// Contacts that are due so many days later are listed too.
    pub ahead_days: u32,
    /// Whether to say how customers are reached.
    pub with_contacts: bool,
}

/// The leads whose next contact is due on the day asked for, or before, or within the days ahead; the longest overdue
/// first. The judgement is that of [`next_contact_in`], over the rows of a lead in all tables.
pub fn due(books: &[Book], policy: &Policy, definition: &DueDefinition) -> Vec<DueLead> {
    let tables = Table::read(books, policy);
    let gathered = Gathered::new(&tables);
    let last = definition
        .today
        .checked_add_days(Days::new(definition.ahead_days.into()));
    let mut found = Vec::new();
    for (lead, identity) in (0..).zip(gathered.identities()) {
        let of_lead = || gathered.rows_of(lead);
        let Some((latest_row, next)) = next_contact_in(&alone(of_lead()), policy) else {
            continue;
        };
        // Where no table tells the outcome, a lead that rests may be long won: only a plan is believed.
        let speaks = alone(of_lead()).any(|row| row.reading().ledger().has_outcome());
        if !speaks && next.planned.is_none() {
            continue;
        }
        let day = next.due(policy);
        if last.is_some_and(|last| day > last) {
            continue;
        }
        let place = of_lead()
            .find(|it| it.row.index() == latest_row.index() && same_table(&it.row, &latest_row));
        let Some(table) = place.and_then(|it| tables.get(it.table)) else {
            continue;
        };
        let newest_first = || alone(of_lead()).rev();
        let said = |field: Field| newest_first().find_map(|row| said_in(&row, field));
        let phone = || Field::PHONES.into_iter().find_map(said);
        let days = [Field::NextDate, Field::DueDate];
        let sets_day = |&field: &Field| latest_row.date(field) == Some(day);
        let field = match days.iter().find(|field| sets_day(field)) {
            Some(&field) => field,
            None if next.planned.is_some() => Field::NextStep,
            None => Field::FollowUpDate,
        };
        let customer = said(Field::Customer).or_else(|| said(Field::Company));
        found.push(DueLead {
            identity: identity_in_words(identity, of_lead, &tables),
            due: day,
            days_late: (definition.today - day).num_days(),
            planned: next.planned.is_some(),
            owner: said(Field::Owner),
            lead_id: said(Field::LeadId),
            customer,
            contact: said(Field::Contact),
            phone: definition.with_contacts.then(phone).flatten(),
            grade: said(Field::Grade),
            last_follow_up: next.latest,
            next_step: said_in(&latest_row, Field::NextStep),
            file: table.path.to_owned(),
            sheet: table.reading.ledger().sheet.clone(),
            row: latest_row.number(),
            cell: latest_row.cell(field),
        });
    }
    found.sort_by(|one, other| {
        let key = |it: &DueLead| {
            (
                it.due,
                it.owner.clone(),
                it.customer.clone(),
                it.lead_id.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    found
}

fn same_table(one: &Row<'_>, other: &Row<'_>) -> bool {
    std::ptr::eq(one.reading(), other.reading())
}

/// A team's own number starts anew in each table, so the names of its first row belong to it, or where it has none the table.
fn identity_in_words<'g, R: Iterator<Item = LeadRow<'g>>>(
    identity: Option<LeadIdentity<'_>>,
    rows: impl Fn() -> R,
    tables: &[Table<'_>],
) -> String {
    let named = || rows().find_map(|it| it.row.name_key());
    let table = || {
        let table = rows().next().and_then(|it| tables.get(it.table))?;
        Some(format!("{} {}", table.path, table.reading.ledger().sheet))
    };
    match identity {
        Some(LeadIdentity::Number(text)) => format!("number {text}"),
        Some(LeadIdentity::OwnNumber(text)) => {
            format!("own {text} {}", named().or_else(table).unwrap_or_default())
        }
        Some(LeadIdentity::Mobile(text)) => format!("mobile {text}"),
        Some(LeadIdentity::Name(text)) => format!("name {text}"),
        None => String::new(),
    }
}

/// What a cell says: the canonical term where there is one, else its text.
fn said_in(row: &Row<'_>, field: Field) -> Option<String> {
    if let Some(term) = row.term(field) {
        return Some(term.canonical.clone());
    }
    (!row.is_blank(field)).then(|| row.value(field).display().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{book, day, table};

    fn due_on(texts: &[&str], ahead_days: u32) -> Vec<String> {
        let books = texts.iter().enumerate();
        let books: Vec<_> = books
            .map(|(number, text)| book(&format!("{number}.xlsx"), [table(text)]))
            .collect();
        let definition = DueDefinition {
            today: day("2024-06-01"),
            ahead_days,
            with_contacts: false,
        };
        let shown = |it: DueLead| {
            let cell = it.cell.map(|cell| cell.to_string()).unwrap_or_default();
            let who = it.owner.unwrap_or_default();
            format!(
                "{} {} {} {} {cell}",
                it.due,
                it.days_late,
                it.customer.unwrap_or_default(),
                who
            )
        };
        due(&books, &Policy::default(), &definition)
            .into_iter()
            .map(shown)
            .collect()
    }

    const LEDGER: &str = "
        lead_id | customer | grade | follow_up_date | next_date  | next_step | owner | stage    | phone
        A1      | 甲       | A     | 2024-05-20     |            |           | 李雷  | 意向客户 | 13800000001
        A2      | 乙       | C     | 2024-05-20     | 2024-06-01 |           | 韩梅  | 意向客户 |
        A3      | 丙       | C     | 2024-05-20     |            | 6月3日报价 | 韩梅  | 意向客户 |
        A4      | 丁       | A     | 2024-01-20     |            |           | 韩梅  | 成交客户 |";

    #[test]
    fn who_waits_longest_is_called_first() {
        assert_eq!(
            due_on(&[LEDGER], 0),
            ["2024-05-22 10 甲 李雷 D2", "2024-06-01 0 乙 韩梅 E3"]
        );
        assert_eq!(due_on(&[LEDGER], 2)[2], "2024-06-03 -2 丙 韩梅 F4");
    }

    #[test]
    fn a_later_call_in_another_workbook_moves_the_day() {
        let may = "lead_id | customer | grade | follow_up_date | stage\nZH-20240501-001 | 甲 | A | 2024-05-01 | 意向客户";
        let june = may.replace("2024-05-01 |", "2024-05-31 |");
        assert_eq!(due_on(&[may, &june], 0), Vec::<String>::new());
        assert_eq!(due_on(&[may, &june], 1), ["2024-06-02 -1 甲  D2"]);
    }

    /// No two leads of one list, and the same ones on another day: what a calendar knows an event by.
    #[test]
    fn each_lead_has_an_identity_of_its_own_that_lasts() {
        let own = "lead_id | customer | contact | grade | follow_up_date | stage\nA1 | 甲 | 张三 | A | 2024-05-01 | 意向客户";
        let books = [
            book("a.xlsx", [table(own)]),
            book("b.xlsx", [table(&own.replace("张三", "李四"))]),
            book("c.xlsx", [table(&own.replace("甲 | 张三", " | "))]),
            book("d.xlsx", [table(&own.replace("甲 | 张三", " | "))]),
            book("e.xlsx", [table(LEDGER)]),
        ];
        let identities = |today, ahead_days| {
            let definition = DueDefinition {
                today: day(today),
                ahead_days,
                with_contacts: false,
            };
            let due = due(&books, &Policy::default(), &definition);
            let mut identities: Vec<_> = due.into_iter().map(|it| it.identity).collect();
            identities.sort();
            identities
        };
        let today = identities("2024-06-01", 30);
        let mut each_once = today.clone();
        each_once.dedup();
        assert_eq!((each_once.len(), today.len()), (7, 7));
        assert_eq!(identities("2024-06-20", 30), today);
    }

    /// A plan in a lead list that nobody has followed up yet, and one whose follow-up is no date.
    #[test]
    fn a_plan_is_due_though_no_follow_up_has_a_date() {
        let text = "
            lead_id | customer | grade | follow_up_date | next_date  | next_step | owner | stage
            A1      | 甲       | A     |                | 2024-05-30 |           | 李雷  | 意向客户
            A2      | 乙       | C     | 上周           |            | 2024年6月1日回访 | 韩梅 | 意向客户
            A3      | 丙       | C     |                |            | 6月1日回访 | 韩梅 | 意向客户
            A4      | 丁       | C     |                | 2024-05-30 |           | 韩梅  | 成交客户";
        assert_eq!(
            due_on(&[text], 0),
            ["2024-05-30 2 甲 李雷 E2", "2024-06-01 0 乙 韩梅 F3"]
        );
        let list = "customer | next_date | owner\n甲 | 2024-05-30 | 李雷";
        assert_eq!(due_on(&[list], 0), ["2024-05-30 2 甲 李雷 B2"]);
    }

    #[test]
    fn numbers_are_told_only_when_asked_for() {
        let books = [book("a.xlsx", [table(LEDGER)])];
        let mut definition = DueDefinition {
            today: day("2024-06-01"),
            ahead_days: 0,
            with_contacts: false,
        };
        let policy = Policy::default();
        assert!(
            due(&books, &policy, &definition)
                .iter()
                .all(|it| it.phone.is_none())
        );
        definition.with_contacts = true;
        let phone = due(&books, &policy, &definition)[0].phone.clone();
        assert_eq!(phone.as_deref(), Some("13800000001"));
    }
}
