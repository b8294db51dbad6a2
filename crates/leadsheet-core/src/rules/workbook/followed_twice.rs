use std::sync::Arc;

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
    /// An open customer in two tables under two people: same customer and contact, both in full, or same customer and
    /// mobile. Where both tables use one lead number it is one lead, which W102 compares.
    ///
    /// ## Why it matters
    /// Two people call one customer without knowing of each other, each from a workbook of their own.
    ///
    /// ## Example that fails
    /// | 工作簿 | 客户名称 | 联系方式 | 负责人 |
    /// |---|---|---|---|
    /// | 李雷.xlsx | 北辰机电 | 13800000001 | 李雷 |
    /// | 韩梅.xlsx | 北辰机电有限公司 | 13800000001 | 韩梅 |
    ///
    /// ## Example that passes
    /// | 工作簿 | 客户名称 | 联系方式 | 负责人 |
    /// |---|---|---|---|
    /// | 李雷.xlsx | 北辰机电 | 13800000001 | 李雷 |
    /// | 韩梅.xlsx | 南汀贸易 | 13900000002 | 韩梅 |
    ///
    /// ## What to do
    /// Agree on who goes on, and mark the other row as handed over.
    pub(super) static FOLLOWED_TWICE = {
        code: "W103", name: "followed-twice", severity: Warning, since: "0.1.0",
        needs: [Owner],
        source: [FollowUpStatistics],
        check: Check::Across(followed_twice),
    }
}

/// Who follows a customer, and where.
pub(super) struct Follower {
    origin: Arc<Origin>,
    cell: Option<CellRef>,
    number: Option<String>,
    owner: String,
}

fn followed_twice(
    _: &Context<'_>,
    origin: &Arc<Origin>,
    leads: &Leads<'_>,
    known: &mut Known,
    findings: &mut Findings<'_>,
) {
    let Some(field) = customer_field(leads.reading()) else {
        return;
    };
    for lead in leads.iter().filter(|lead| lead.outcome() == Outcome::Open) {
        let latest = lead.latest();
        let shown = |field| latest.value(field).display().trim().to_owned();
        let (customer, owner) = (shown(field), shown(Field::Owner));
        if customer.is_empty() || owner.is_empty() || is_masked(&customer) {
            continue;
        }
        let number = match lead.identity() {
            LeadIdentity::Number(number) => Some(number),
            _ => None,
        };
        let customer_key = organisation_key(&customer);
        let mut said = false;
        for sign in signs(&lead, field) {
            let follower = Follower {
                origin: Arc::clone(origin),
                cell: latest.cell(field),
                number: number.map(str::to_owned),
                owner: owner.clone(),
            };
            let earlier = known
                .followers
                .entry((customer_key.clone(), sign))
                .or_insert(follower);
            let is_elsewhere = !Arc::ptr_eq(&earlier.origin, origin);
            let is_one_lead = number.is_some() && earlier.number.as_deref() == number;
            let is_another = compact_key(&earlier.owner) != compact_key(&owner);
            if is_elsewhere && !is_one_lead && is_another && !said {
                said = true;
                let cell = earlier
                    .cell
                    .map_or_else(String::new, |cell| cell.to_string());
                let message = Message::new("followed-twice", "")
                    .with("value", &owner)
                    .with("other", &earlier.owner)
                    .with("file", &earlier.origin.file)
                    .with("sheet", &earlier.origin.sheet)
                    .with("cell", cell);
                findings.row(&latest, Field::Owner, message);
            }
        }
    }
}

/// What tells the customer besides the name: the contact in full, the mobile.
fn signs(lead: &Lead<'_>, customer: Field) -> impl Iterator<Item = String> {
    let latest = lead.latest();
    let contact = latest.value(Field::Contact).display();
    let names_contact =
        customer != Field::Contact && !contact.trim().is_empty() && !is_masked(&contact);
    let mobile = lead.rows().find_map(|row| row.mobile());
    [
        names_contact.then(|| compact_key(&contact)),
        mobile.map(str::to_owned),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use crate::recognition::{Book, BookSheet};
    use crate::rules::testing::{findings_in_books, table};

    fn findings(one: &str, other: &str) -> String {
        let book = |path: &str, text| Book {
            path: path.into(),
            sheets: vec![BookSheet {
                name: "线索跟进".into(),
                visible: true,
                ledger: Some(table(text)),
                ..BookSheet::default()
            }],
        };
        findings_in_books("W103", &[book("李雷.xlsx", one), book("韩梅.xlsx", other)])
    }

    #[test]
    fn one_customer_of_two_people_is_found_in_the_second_workbook() {
        let one = "
            | customer | contact | phone       | owner | stage    |
            | 北辰机电 | 王敏    | 13800000001 | 李雷  | 意向客户 |
            | 南汀贸易 | 赵磊    |             | 李雷  | 意向客户 |";
        let other = "
            | customer         | contact | phone       | owner | stage    |
            | 北辰機電有限公司 | 王先生  | 13800000001 | 韩梅  | 潜在客户 |
            | 南汀贸易         | 赵磊    | 13800000009 | 韩梅  | 潜在客户 |";
        insta::assert_snapshot!(findings(one, other), @r"
        D2 followed-twice value=韩梅 other=李雷 file=李雷.xlsx sheet=线索跟进 cell=A2
        D3 followed-twice value=韩梅 other=李雷 file=李雷.xlsx sheet=线索跟进 cell=A3
        ");
    }

    #[test]
    fn one_person_closed_leads_and_other_customers_are_clean() {
        let one = "
            | lead_id         | customer | contact | phone       | owner | stage    |
            | ZH-20240501-001 | 北辰机电 | 王敏    | 13800000001 | 李雷  | 意向客户 |
            | ZH-20240501-002 | 南汀贸易 | 赵磊    | 13800000002 | 李雷  | 流失客户 |
            | ZH-20240501-003 | 远汐星槎 | 韩*     | 138****0003 | 李雷  | 意向客户 |
            | ZH-20240501-004 | 望川灯塔 | 孙静    | 13800000004 | 李雷  | 意向客户 |";
        let other = "
            | lead_id         | customer | contact | phone       | owner | stage    |
            | ZH-20240601-001 | 北辰机电 | 王敏    | 13800000001 | 李雷  | 意向客户 |
            | ZH-20240601-002 | 南汀贸易 | 赵磊    | 13800000002 | 韩梅  | 潜在客户 |
            | ZH-20240601-003 | 远汐星槎 | 韩*     | 138****0003 | 韩梅  | 潜在客户 |
            | ZH-20240501-004 | 望川灯塔 | 孙静    | 13800000004 | 韩梅  | 潜在客户 |
            | ZH-20240601-005 | 北辰机电 | 钱越    | 13800000005 | 韩梅  | 潜在客户 |";
        assert_eq!(findings(one, other), "");
    }
}
