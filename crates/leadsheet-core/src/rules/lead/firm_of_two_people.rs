use hashbrown::{HashMap, HashSet};

use crate::category::Outcome;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule, is_masked};
use crate::text::compact_key;

declare_rule! {
    /// ## What it finds
    /// One firm, spelled alike, with two open leads, through two contacts, that two people follow. Where it is more than a slip, with one firm of
    /// fifty and more, that is how the team divides its work, and none is told.
    ///
    /// ## Why it matters
    /// The firm gets two offers from one house. Whoever is the second to call should know of the first.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系人 | 负责人 | 当前状态 |
    /// |---|---|---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 | 周岚 | 意向客户 |
    /// | ZH-20250205-001 | 砚湾听澜贸易有限公司 | 李雷 | 吴桐 | 潜在客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系人 | 负责人 | 当前状态 |
    /// |---|---|---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 | 周岚 | 意向客户 |
    /// | ZH-20250205-001 | 砚湾听澜贸易有限公司 | 李雷 | 周岚 | 潜在客户 |
    ///
    /// ## What to do
    /// Nothing, if both know of each other. Otherwise agree on who speaks to the firm.
    pub(super) static FIRM_OF_TWO_PEOPLE = {
        code: "L127", name: "firm-of-two-people", severity: Info, since: "0.1.0",
        needs: [Customer, Owner],
        source: [LeadLedger],
        check: Check::Table(firm_of_two_people),
    }
}

/// Shorter names are people's.
const SHORTEST: usize = 4;
/// So few are slips in any table.
const FEW: usize = 2;
/// In a long one, one firm of so many.
const ONE_OF: usize = 50;

fn firm_of_two_people(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    if customer_field(reading) != Some(Field::Customer) || !reading.has_outcome() {
        return;
    }
    let customers = leads.customers();
    let is_in_two_hands = in_two_hands(leads);
    let mut first_of: HashMap<u32, Lead<'_>> = HashMap::new();
    let mut told = Vec::new();
    let mut firms: HashSet<u32> = HashSet::new();
    for lead in leads.iter() {
        let customer = customers.of(&lead.latest());
        let customer = customer.filter(|&customer| is_in_two_hands[customer as usize]);
        let Some(customer) = customer.filter(|_| lead.outcome() == Outcome::Open) else {
            continue;
        };
        let Some(&first) = first_of.get(&customer) else {
            first_of.insert(customer, lead);
            continue;
        };
        if !firms.contains(&customer) && are_two_peoples(&first, &lead) {
            firms.insert(customer);
            told.push((lead, first));
        }
        if told.len() > FEW && told.len() * ONE_OF > customers.len() {
            return;
        }
    }
    for (lead, first) in told {
        let (row, other) = (lead.latest(), first.latest());
        let shown = |field| other.value(field).display().trim().to_owned();
        let message = Message::new("firm-of-two-people", "")
            .with("other", shown(Field::Owner))
            .with("contact", shown(Field::Contact));
        let finding = findings.row(&row, Field::Owner, message);
        finding.related.extend(other.cell(Field::Owner));
    }
}

/// By customer, whether its leads name more than one person: what most do not, and need not be looked at.
fn in_two_hands(leads: &Leads<'_>) -> Vec<bool> {
    let customers = leads.customers();
    let mut is_in_two_hands = vec![false; customers.len()];
    let Some(owners) = leads.reading().column(Field::Owner) else {
        return is_in_two_hands;
    };
    let mut owner_of: Vec<Option<u32>> = vec![None; customers.len()];
    for lead in leads.iter() {
        let row = lead.latest();
        if let Some(customer) = customers.of(&row) {
            let owner = owners.code(row.index());
            let first = owner_of[customer as usize].get_or_insert(owner);
            is_in_two_hands[customer as usize] |= *first != owner;
        }
    }
    is_in_two_hands
}

/// Whether two leads of one customer are a firm's, through contacts of different names, and in two people's hands.
fn are_two_peoples(one: &Lead<'_>, other: &Lead<'_>) -> bool {
    let (one, other) = (one.latest(), other.latest());
    let differs = |field| {
        let (one, other) = (one.value(field).text(), other.value(field).text());
        let is_named = |name: &str| !name.trim().is_empty() && !is_masked(name);
        is_named(&one) && is_named(&other) && compact_key(&one) != compact_key(&other)
    };
    let customer = compact_key(&one.value(Field::Customer).text());
    let is_spelled_alike = customer == compact_key(&other.value(Field::Customer).text());
    is_spelled_alike
        && customer.chars().count() >= SHORTEST
        && differs(Field::Contact)
        && differs(Field::Owner)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_firm_that_two_people_call_is_found_at_the_second() {
        let table = "
            | lead_id         | customer             | contact | owner | stage    |
            | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁  | 周岚  | 意向客户 |
            | ZH-20250205-001 | 硯灣聽瀾貿易有限公司 | 李雷    | 吴桐  | 潜在客户 |";
        assert_eq!(
            findings("L127", table),
            "D3 firm-of-two-people other=周岚 contact=张佳宁 beside D2"
        );
    }

    #[test]
    fn one_owner_closed_leads_and_namesakes_are_clean() {
        let table = "
            | lead_id         | customer | contact | owner | stage    |
            | GW-20250108-001 | 北辰机电 | 张佳宁  | 周岚  | 意向客户 |
            | ZH-20250205-001 | 北辰机电 | 李雷    | 周 岚 | 潜在客户 |
            | GW-20250108-002 | 南汀贸易 | 王敏    | 周岚  | 成交客户 |
            | ZH-20250205-002 | 南汀贸易 | 赵磊    | 吴桐  | 潜在客户 |
            | GW-20250108-003 | 王小明   | 王小明  | 周岚  | 意向客户 |
            | ZH-20250205-003 | 王小明   | 小明妻  | 吴桐  | 潜在客户 |
            | GW-20250108-004 | 远汐星槎 | 韩*     | 周岚  | 意向客户 |
            | ZH-20250205-004 | 远汐星槎 | 韩梅    | 吴桐  | 潜在客户 |
            | GW-20250108-006 | 青岬竹溪公司 | 孙静 | 周岚 | 意向客户 |
            | ZH-20250205-006 | 青岬竹溪有限公司 | 钱越 | 吴桐 | 潜在客户 |
            | GW-20250108-005 | 望川灯塔 | 孙静    | 周岚  | 意向客户 |
            | ZH-20250205-005 | 望川灯塔 |         | 吴桐  | 潜在客户 |";
        assert_eq!(findings("L127", table), "");
    }

    #[test]
    fn where_many_firms_have_two_it_is_how_the_team_works() {
        let firm = |number: usize| {
            let name = char::from_u32(0x4e00 + number as u32).unwrap();
            format!(
                "| A{number}1 | 北辰{name}机电 | 张佳宁 | 周岚 | 意向客户 |\n| A{number}2 | 北辰{name}机电 | 李雷 | 吴桐 | 意向客户 |\n"
            )
        };
        let firms: String = (0..3).map(firm).collect();
        let head = "| lead_id | customer | contact | owner | stage |\n";
        assert_eq!(findings("L127", &format!("{head}{firms}")), "");
    }
}
