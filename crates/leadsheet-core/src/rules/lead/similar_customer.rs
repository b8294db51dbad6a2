use hashbrown::HashMap;

use super::customers::Customers;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule, is_masked};
use crate::text::{compact, organisation};

declare_rule! {
    /// ## What it finds
    /// Two leads with one contact, named in full, whose customers are spelled almost alike, places in brackets and 有限公司
    /// aside: one character differs, is missing or is added, two neighbours have changed places, or one name goes on where
    /// the other ends (北辰机电, 北辰机电设备). One such change is the limit, however long the names are, because with two
    /// 云渡机械 would be 临溪机械. Digits must be the same: 客户1 and 客户10 are two.
    ///
    /// ## Why it matters
    /// It is probably one customer registered twice, and counted twice.
    ///
    /// ## Example
    /// | 线索编号 | 客户名称 | 联系人 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 |
    /// | ZH-20250205-001 | 砚湾听阑贸易公司 | 张佳宁 |
    ///
    /// ## What to do
    /// If they are one customer, spell the name alike and keep the earlier lead number. If they are two, nothing.
    pub(super) static SIMILAR_CUSTOMER = {
        code: "L121", name: "similar-customer", severity: Info, since: "0.1.0",
        needs: [Customer, Contact],
        check: Check::Table(similar_customer),
    }
}

/// Names shorter than this have little in common by having all but one character in common.
const SHORTEST: usize = 4;
/// With one contact beside it, a name is told again by its first or its last two characters, because a change leaves one of
/// the two as it was, or by the same characters in any order. So only names that share one of these are compared, and
/// not each with each.
const END: usize = 2;
/// A contact of more firms than this that begin or end alike is no person but a word (前台), and tells nothing.
const MOST: usize = 30;

fn similar_customer(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let (Some(names), Some(contacts)) = (
        reading.column(Field::Customer),
        reading.column(Field::Contact),
    ) else {
        return;
    };
    if customer_field(reading) != Some(Field::Customer) {
        return;
    }
    let values = reading.ledger().values();
    let customers = Customers::new(reading);
    let mut known: HashMap<String, u32> = HashMap::new();
    let contact_of: Vec<Option<u32>> = contacts.map_distinct(values, |value| {
        let name = value.display();
        let next = known.len() as u32;
        (!name.trim().is_empty() && !is_masked(&name))
            .then(|| *known.entry_ref(&*compact(&name)).or_insert(next))
    });
    let ends_of_name = names.map_distinct(values, |value| ends_of(&organisation(&value.display())));
    let mut ends: HashMap<(u32, End), Vec<(u32, usize)>> = HashMap::new();
    let has_numbers = reading.column(Field::LeadId).is_some();
    for lead in leads
        .iter()
        .filter(|lead| lead.is_numbered() || !has_numbers)
    {
        let row = lead.first();
        let Some(customer) = customers.of(&row) else {
            continue;
        };
        let contact = contact_of[contacts.codes()[row.index()] as usize];
        let Some(contact) = contact else { continue };
        let name = names.codes()[row.index()] as usize;
        let Some(blocks) = ends_of_name[name] else {
            continue;
        };
        let mut twin = None;
        for end in blocks {
            let bearers = ends.entry((contact, end)).or_default();
            if bearers.len() > MOST {
                continue;
            }
            let alike = |&&(other, index): &&(u32, usize)| {
                other != customer
                    && is_alike(&customer_key(&lead), &customer_key(&leads.lead(index)))
            };
            twin = twin.or_else(|| bearers.iter().find(alike).map(|&(_, index)| index));
            // One lead stands for its customer.
            if bearers.iter().all(|&(other, _)| other != customer) {
                bearers.push((customer, lead.index()));
            }
        }
        if let Some(twin) = twin {
            let other = leads.lead(twin).first();
            let variant = if has_numbers { "" } else { "unnumbered" };
            let message = Message::new("similar-customer", variant)
                .with("value", row.value(Field::Customer).display().trim())
                .with("other", other.value(Field::Customer).display().trim())
                .with("lead", other.value(Field::LeadId).display().trim());
            let finding = findings.row(&row, Field::Customer, message);
            finding.related.extend(other.cell(Field::Customer));
        }
    }
}

fn customer_key(lead: &Lead<'_>) -> String {
    organisation(&lead.first().value(Field::Customer).display()).into_owned()
}

/// What two spellings of a name have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    /// The characters in front.
    First([char; END]),
    /// The characters behind.
    Last([char; END]),
    /// All characters, whatever their order; of other names only by accident.
    All(u64),
}

/// `None` of a name too short.
fn ends_of(key: &str) -> Option<[End; 3]> {
    key.chars().nth(SHORTEST - 1)?;
    let mut first = key.chars();
    let mut last = key.chars().rev();
    let next = |characters: &mut dyn Iterator<Item = char>| {
        [(); END].map(|()| characters.next().unwrap_or_default())
    };
    // A sum does not depend on the order; the factor keeps sums of other characters apart.
    let all = key.chars().map(|c| {
        u64::from(c)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(23)
    });
    let all = all
        .map(|one| one.wrapping_mul(one))
        .fold(0, u64::wrapping_add);
    Some([
        End::First(next(&mut first)),
        End::Last(next(&mut last)),
        End::All(all),
    ])
}

/// One change by Damerau and Levenshtein, whatever the length: two changes make 云渡 of 临溪, and another firm.
fn is_alike(one: &str, other: &str) -> bool {
    fn digits(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(u8::is_ascii_digit)
    }
    let (length, other_length) = (one.chars().count(), other.chars().count());
    if !digits(one).eq(digits(other)) {
        return false;
    }
    one.starts_with(other)
        || other.starts_with(one)
        || (length.abs_diff(other_length) <= 1 && strsim::damerau_levenshtein(one, other) == 1)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn one_contact_under_two_spellings_is_found_at_the_later_one() {
        let table = "
            | lead_id         | customer             | contact |
            | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁  |
            | ZH-20250205-001 | 砚湾听阑贸易公司     | 张佳宁  |
            | ZH-20250205-002 | 北辰机电             | 王敏    |
            | ZH-20250205-003 | 北辰机电设备         | 王敏    |
            | ZH-20250205-006 | 望川塔软件           | 韩梅    |
            | ZH-20250205-007 | 望川灯塔软件         | 韩梅    |";
        insta::assert_snapshot!(findings("L121", table), @r"
        B3 similar-customer value=砚湾听阑贸易公司 other=砚湾听澜贸易有限公司 lead=GW-20250108-001 beside B2
        B5 similar-customer value=北辰机电设备 other=北辰机电 lead=ZH-20250205-002 beside B4
        B7 similar-customer value=望川灯塔软件 other=望川塔软件 lead=ZH-20250205-006 beside B6
        ");
    }

    #[test]
    fn neighbours_that_changed_places_are_found_wherever_they_stand() {
        let table = "
            | lead_id         | customer         | contact |
            | GW-20250108-001 | 北辰机电         | 张佳宁  |
            | GW-20250108-002 | 北机辰电         | 张佳宁  |
            | GW-20250108-003 | 云渡（北京）松果机械 | 王敏  |
            | GW-20250108-004 | 云渡松机果械有限公司 | 王敏  |
            | GW-20250108-005 | 南汀1号贸易      | 韩梅    |
            | GW-20250108-006 | 南汀号1贸易      | 韩梅    |";
        insta::assert_snapshot!(findings("L121", table), @r"
        B3 similar-customer value=北机辰电 other=北辰机电 lead=GW-20250108-001 beside B2
        B5 similar-customer value=云渡松机果械有限公司 other=云渡（北京）松果机械 lead=GW-20250108-003 beside B4
        B7 similar-customer value=南汀号1贸易 other=南汀1号贸易 lead=GW-20250108-005 beside B6
        ");
    }

    #[test]
    fn the_same_characters_in_quite_another_order_are_another_name() {
        let table = "
            | lead_id         | customer | contact |
            | GW-20250108-001 | 北辰机电 | 张佳宁  |
            | GW-20250108-002 | 电机辰北 | 张佳宁  |
            | GW-20250108-003 | 望川12店 | 王敏    |
            | GW-20250108-004 | 望川21店 | 王敏    |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn tables_without_lead_numbers_are_compared_as_well() {
        let table = "
            | customer     | contact | phone       |
            | 北辰机电     | 王敏    | 13800000001 |
            | 北辰机电     | 王敏    | 13800000001 |
            | 北晨机电     | 王敏    | 13900000002 |";
        assert_eq!(
            findings("L121", table),
            "A4 similar-customer-unnumbered value=北晨机电 other=北辰机电 lead= beside A2"
        );
    }

    #[test]
    fn names_that_differ_by_more_or_by_a_digit_are_two() {
        let table = "
            | lead_id         | customer     | contact |
            | GW-20250108-001 | 云渡禾木机械 | 张佳宁  |
            | GW-20250108-002 | 云渡禾木教育 | 张佳宁  |
            | GW-20250108-003 | 临溪禾木机械 | 张佳宁  |
            | GW-20250108-004 | 测试客户1    | 张佳宁  |
            | GW-20250108-005 | 测试客户10   | 张佳宁  |
            | GW-20250108-006 | 张三店       | 张佳宁  |
            | GW-20250108-007 | 张五店       | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn without_the_same_contact_in_full_likeness_proves_nothing() {
        let table = "
            | lead_id         | customer | contact |
            | GW-20250108-001 | 北辰机电 | 张佳宁  |
            | GW-20250108-002 | 南辰机电 | 王敏    |
            | GW-20250108-003 | 东辰机电 |         |
            | GW-20250108-004 | 西辰机电 | 张*     |
            | GW-20250108-005 | 中辰机电 | 张先生  |
            | GW-20250108-006 | 北*机电  | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn a_contact_of_very_many_firms_is_no_person_and_takes_no_time() {
        let rows: Vec<_> = (0..20_000)
            .map(|row| {
                format!(
                    "| ZH-20250105-{row:06} | 北京甲乙{}店 | 前台 |",
                    char::from_u32(0x4e00 + row).unwrap()
                )
            })
            .collect();
        let table = format!("| lead_id | customer | contact |\n{}", rows.join("\n"));
        // Those met before it was clear that it is no person.
        assert_eq!(findings("L121", &table).lines().count(), 30);
    }

    #[test]
    fn the_same_customer_has_another_rule() {
        let table = "
            | lead_id         | customer           | contact |
            | GW-20250108-001 | 砚湾听澜贸易公司   | 张佳宁  |
            | ZH-20250205-001 | 硯灣聽瀾貿易有限公司 | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }
}
