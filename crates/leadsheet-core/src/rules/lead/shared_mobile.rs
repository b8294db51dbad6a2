use hashbrown::{HashMap, HashSet};

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};
use crate::value::is_of_a_person;

declare_rule! {
    /// ## What it finds
    /// One mobile under two customers. Masked numbers are nobody's and are not compared.
    ///
    /// ## Why it matters
    /// Either one customer is registered twice and counted twice, or a number was copied into the wrong row and
    /// somebody will call the wrong person. It may also be a household: relatives count as one customer.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系方式 |
    /// |---|---|---|
    /// | GW-20250224-001 | 北屿云雀医疗器械商行 | 13600000015 |
    /// | QT-20250604-001 | 临溪晚风贸易集团 | 13600000015 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系方式 |
    /// |---|---|---|
    /// | GW-20250224-001 | 北屿云雀医疗器械商行 | 13600000015 |
    /// | QT-20250604-001 | 临溪晚风贸易集团 | 13600000016 |
    ///
    /// ## What to do
    /// Ask whose number it is. Correct the wrong row; where both are one customer or one household, keep the earlier
    /// lead and write its number into the later rows.
    pub(super) static SHARED_MOBILE = {
        code: "L102", name: "shared-mobile", severity: Warning, since: "0.1.0",
        source: [FollowUpStatistics],
        check: Check::Table(shared_mobile),
    }
}

fn shared_mobile(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let mobiles = leads.mobiles();
    let shared = mobiles.shared(leads);
    let having = leads.having(mobiles.holding(&shared));
    let mut first_of: HashMap<u64, (usize, Row<'_>, Field)> = HashMap::new();
    let mut said: HashSet<(u64, Holder)> = HashSet::new();
    for lead in leads.iter().filter(|lead| having[lead.index()]) {
        for row in lead.rows() {
            let of_row = mobiles.of_row(row.index());
            for (field, mobile) in of_row.filter(|&(_, mobile)| shared.is_twice(mobile)) {
                let Some(&(holder, first, first_field)) = first_of.get(&mobile) else {
                    first_of.insert(mobile, (lead.index(), row, field));
                    continue;
                };
                // The rows of a numbered lead are one customer's, whatever they say.
                if holder == lead.index() && lead.is_numbered() {
                    continue;
                }
                // Names are compared only where two leads have one mobile.
                let customers = leads.customers();
                let (Some(one), Some(other)) = (customers.of(&first), customers.of(&row)) else {
                    continue;
                };
                let who = if lead.is_numbered() {
                    Holder::Lead(lead.index())
                } else {
                    Holder::Customer(other)
                };
                if one != other && said.insert((mobile, who)) {
                    report((&row, field), (&first, first_field), findings);
                }
            }
        }
    }
}

/// Whom a mobile was found with, so that each is told once.
#[derive(PartialEq, Eq, Hash)]
enum Holder {
    Lead(usize),
    Customer(u32),
}

fn report(
    (row, field): (&Row<'_>, Field),
    (first, first_field): (&Row<'_>, Field),
    findings: &mut Findings<'_>,
) {
    let customer = |row: &Row<'_>| {
        customer_field(row.reading()).map_or_else(String::new, |field| {
            row.value(field).display().trim().to_owned()
        })
    };
    let other = customer(first);
    let variant = if is_of_a_person(&other) && is_of_a_person(&customer(row)) {
        "household"
    } else {
        ""
    };
    let message = Message::new("shared-mobile", variant)
        .with("value", row.value(field).display().trim())
        .with("other", other);
    let finding = findings.row(row, field, message);
    finding.related.extend(first.cell(first_field));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_phone_of_another_customer_is_found_once_for_each_lead() {
        let table = "
            | lead_id         | customer | phone                      |
            | GW-20250224-001 | 北屿云雀 | 13600000015                |
            | GW-20250224-001 | 北屿云雀 | 13600000015                |
            | QT-20250604-001 | 临溪晚风 | +86 136 0000 0015          |
            | QT-20250604-001 | 临溪晚风 | 13600000015                |
            | QT-20250605-001 | 远汐星槎 | li@example.com、13600000015 |";
        insta::assert_snapshot!(findings("L102", table), @r"
        C4 shared-mobile value=+86 136 0000 0015 other=北屿云雀 beside C2
        C6 shared-mobile value=li@example.com、13600000015 other=北屿云雀 beside C2
        ");
    }

    #[test]
    fn it_is_found_across_columns() {
        let table = "
            | lead_id         | customer | mobile      | phone        | landline |
            | GW-20250224-001 | 北屿云雀 | 13600000015 | 010-84664163 |          |
            | QT-20250604-001 | 临溪晚风 |             | 13600000015  | 12800000 |";
        assert_eq!(
            findings("L102", table),
            "D3 shared-mobile value=13600000015 other=北屿云雀 beside C2"
        );
    }

    #[test]
    fn without_numbers_it_is_found_between_rows() {
        let table = "
            | contact | phone       |
            | 王敏    | 13600000015 |
            | 李雷    | 13600000015 |
            | 李雷    | 13600000015 |";
        assert_eq!(
            findings("L102", table),
            "B3 shared-mobile-household value=13600000015 other=王敏 beside B2"
        );
    }

    #[test]
    fn a_customer_may_have_several_leads_with_one_phone() {
        let table = "
            | lead_id         | customer         | phone       |
            | GW-20250224-001 | 北屿云雀有限公司 | 13600000015 |
            | QT-20250604-001 | 北嶼雲雀         | 13600000015 |";
        assert_eq!(findings("L102", table), "");
    }

    #[test]
    fn masked_numbers_land_lines_and_masked_names_are_not_compared() {
        let table = "
            | lead_id         | customer | phone        |
            | GW-20250224-001 | 北屿云雀 | 136****0015  |
            | GW-20250224-002 | 临溪晚风 | 136****0015  |
            | GW-20250224-003 | 远汐星槎 | 010-84664163 |
            | GW-20250224-004 | 望川灯塔 | 010-84664163 |
            | GW-20250224-005 | 砚湾*    | 13600000016  |
            | GW-20250224-006 | 云渡松果 | 13600000016  |
            | GW-20250224-007 |          | 13600000017  |
            | GW-20250224-008 | 青岬麦浪 | 13600000017  |";
        assert_eq!(findings("L102", table), "");
    }

    #[test]
    fn two_names_under_one_number_are_not_its_business() {
        let table = "
            | lead_id         | customer | phone       |
            | GW-20250224-001 | 北屿云雀 | 13600000015 |
            | GW-20250224-001 | 临溪晚风 | 13600000015 |";
        assert_eq!(findings("L102", table), "");
    }
}
