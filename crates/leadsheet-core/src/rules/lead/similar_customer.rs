use std::collections::BTreeMap;
use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Value;
use crate::message::Message;
use crate::rules::chance::{LONG, is_chance, pairs};
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};
use crate::text::organisation;

declare_rule! {
    /// ## What it finds
    /// Two leads with one contact, named in full, whose customers are spelled almost alike, places in brackets and 有限公司
    /// aside: one character differs, is missing or is added, two neighbours have changed places, or one name goes on where
    /// the other ends (北辰机电, 北辰机电设备). One such change is the limit, however long the names are, because with two
    /// 云渡机械 would be 临溪机械. Digits must be the same: 客户1 and 客户10 are two. Where names and contacts are so alike that
    /// chance alone gives about as many, as among ten thousand customers, none is told.
    ///
    /// ## Why it matters
    /// It is probably one customer registered twice, and counted twice.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系人 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 |
    /// | ZH-20250205-001 | 砚湾听阑贸易公司 | 张佳宁 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系人 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 |
    /// | ZH-20250205-001 | 砚湾听阑贸易公司 | 王敏 |
    ///
    /// ## What to do
    /// If they are one customer, spell the name alike and keep the earlier lead number. If they are two, nothing.
    pub(super) static SIMILAR_CUSTOMER = {
        code: "L121", name: "similar-customer", severity: Info, since: "0.1.0",
        needs: [Customer, Contact],
        source: [FollowUpStatistics, Practice],
        check: Check::Table(similar_customer),
    }
}

/// Names shorter than this have little in common by having all but one character in common.
const SHORTEST: usize = 4;
/// A contact of more firms than this that are spelled alike is no person but a word (前台), and tells nothing.
const MOST: usize = 30;

fn similar_customer(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let Some(names) = reading.column(Field::Customer) else {
        return;
    };
    if customer_field(reading) != Some(Field::Customer) {
        return;
    }
    let of_value = |value: Value<'_>| organisation(&value.text()).into_owned();
    let keys: Vec<String> = names.map_distinct(reading.ledger().values(), of_value);
    let customers = leads.customers();
    let spellings = shared_spellings(&keys);
    let begins = |name: u32| spellings.partition_point(|(other, _)| *other < name);
    let begins: Vec<usize> = (0..=keys.len() as u32).map(begins).collect();
    let has_numbers = reading.column(Field::LeadId).is_some();
    let mut bearers = Vec::new();
    for lead in leads.iter() {
        let row = lead.first();
        let name = names.codes()[row.index()];
        let spellings = &spellings[begins[name as usize]..begins[name as usize + 1]];
        if spellings.is_empty() || has_numbers && !lead.is_numbered() {
            continue;
        }
        let (Some(customer), Some(contact)) = (customers.of(&row), leads.contacts().of(&row))
        else {
            continue;
        };
        bearers.extend(spellings.iter().map(|&(_, spelling)| Bearer {
            contact,
            spelling,
            lead: lead.index() as u32,
            name,
            customer,
        }));
    }
    let expected = expected_by_chance(&bearers);
    let twins = twins(bearers, &keys);
    if is_chance(twins.len(), expected) {
        return;
    }
    for (lead, twin) in twins {
        let row = leads.lead(lead as usize).first();
        let other = leads.lead(twin as usize).first();
        let variant = if has_numbers { "" } else { "unnumbered" };
        let message = Message::new("similar-customer", variant)
            .with("value", row.value(Field::Customer).display().trim())
            .with("other", other.value(Field::Customer).display().trim())
            .with("lead", other.value(Field::LeadId).display().trim());
        let finding = findings.row(&row, Field::Customer, message);
        finding.related.extend(other.cell(Field::Customer));
    }
}

/// How many leads would have a twin if contacts were given out by lot: among thousands of customers whose names differ by
/// a character, some share a contact's name because people share names.
fn expected_by_chance(bearers: &[Bearer]) -> f64 {
    if bearers.len() < LONG {
        return 0.0;
    }
    let mut alike: Vec<_> = bearers
        .iter()
        .map(|one| (one.spelling, one.customer))
        .collect();
    alike.sort_unstable();
    alike.dedup();
    let mut contacts: Vec<_> = bearers
        .iter()
        .map(|one| (one.contact, one.customer))
        .collect();
    contacts.sort_unstable();
    contacts.dedup();
    let of_spelling = alike.chunk_by(|one, other| one.0 == other.0);
    let of_contact = contacts.chunk_by(|one, other| one.0 == other.0);
    let pairs_alike: f64 = of_spelling.map(|alike| pairs(alike.len())).sum();
    let shared: f64 = of_contact.map(|shared| pairs(shared.len())).sum();
    pairs_alike * shared / pairs(contacts.len())
}

/// How a name may have come to be spelled as it is not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    /// As it is.
    Whole,
    /// With a character left out: so meet two names that differ by one change.
    WithoutOne,
    /// Its beginning, where another name may end.
    Beginning,
}

/// By code of the name, in order: the spellings that it shares with a name of another key. Names are compared by what they
/// share, and not each with each. A spelling is known by its hash; whether names are alike is asked of themselves.
fn shared_spellings(keys: &[String]) -> Vec<(u32, u64)> {
    let hasher = DefaultHashBuilder::default();
    let mut spellings: Vec<(u64, Spelling, u32)> = Vec::new();
    let mut characters: Vec<char> = Vec::new();
    for (name, key) in (0..).zip(keys) {
        characters.clear();
        characters.extend(key.chars());
        let length = characters.len();
        if length < SHORTEST {
            continue;
        }
        let mut push = |spelling, hash| spellings.push((hash, spelling, name));
        push(Spelling::Whole, hasher.hash_one(&characters[..]));
        for end in SHORTEST..length {
            push(Spelling::Beginning, hasher.hash_one(&characters[..end]));
        }
        // Each character in turn is put behind the others and left out there.
        for left_out in (0..length).rev() {
            characters[left_out..].rotate_left(1);
            push(
                Spelling::WithoutOne,
                hasher.hash_one(&characters[..length - 1]),
            );
            characters[left_out..].rotate_right(1);
        }
    }
    spellings.sort_unstable();
    let mut shared = Vec::new();
    for alike in spellings.chunk_by(|one, other| one.0 == other.0) {
        let key = |name: u32| &keys[name as usize];
        let is_whole = |spelling: Spelling| spelling == Spelling::Whole;
        // Many names begin alike; only one that is nothing but that beginning is told again by it.
        let has_whole = is_whole(alike[0].1);
        let counts = |spelling| has_whole || spelling != Spelling::Beginning;
        let mut counted = alike.iter().filter(|(_, spelling, _)| counts(*spelling));
        let Some(&(_, _, first)) = counted.next() else {
            continue;
        };
        if counted.any(|&(_, _, name)| key(name) != key(first)) {
            let counted = alike.iter().filter(|(_, spelling, _)| counts(*spelling));
            shared.extend(counted.map(|&(hash, _, name)| (name, hash)));
        }
    }
    shared.sort_unstable();
    shared.dedup();
    shared
}

/// A lead under a spelling of its customer's name. In this order those that may be alike stand together, the earlier first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bearer {
    contact: u32,
    spelling: u64,
    lead: u32,
    /// Code of the name, and whom it names.
    name: u32,
    customer: u32,
}

/// The leads whose customer is spelled almost like that of an earlier one with the same contact, with the earliest.
fn twins(mut bearers: Vec<Bearer>, keys: &[String]) -> BTreeMap<u32, u32> {
    bearers.sort_unstable();
    let mut twins: BTreeMap<u32, u32> = BTreeMap::new();
    let mut told: Vec<Bearer> = Vec::new();
    let may_be_alike = |one: &Bearer, other: &Bearer| {
        (one.contact, one.spelling) == (other.contact, other.spelling)
    };
    for alike in bearers.chunk_by(may_be_alike) {
        told.clear();
        for bearer in alike {
            if told.len() > MOST {
                break;
            }
            let key = &keys[bearer.name as usize];
            let twin = told.iter().find(|earlier| {
                earlier.customer != bearer.customer && is_alike(key, &keys[earlier.name as usize])
            });
            if let Some(twin) = twin {
                let known = twins.entry(bearer.lead).or_insert(twin.lead);
                *known = twin.lead.min(*known);
            }
            // One lead stands for its customer.
            if told
                .iter()
                .all(|earlier| earlier.customer != bearer.customer)
            {
                told.push(*bearer);
            }
        }
    }
    twins
}

/// One change by Damerau and Levenshtein, whatever the length: two changes make 云渡 of 临溪, and another firm.
fn is_alike(one: &str, other: &str) -> bool {
    fn digits(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(u8::is_ascii_digit)
    }
    if !digits(one).eq(digits(other)) {
        return false;
    }
    let (length, other_length) = (one.chars().count(), other.chars().count());
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
    fn what_chance_alone_would_give_is_not_told() {
        // 1296 names of one pattern, each like seventy others, and forty contacts: thousands of pairs by chance.
        let many: Vec<char> =
            "云天海金宏瑞华盛德智创星汇达鑫永恒泰安信远博卓越联合利丰康健美佳新中东方"
                .chars()
                .collect();
        let mut rows = "| lead_id | customer | contact |\n".to_owned();
        for (number, (one, two)) in many
            .iter()
            .flat_map(|one| many.iter().map(move |two| (one, two)))
            .enumerate()
        {
            let who = many[number * 7 % many.len()];
            rows += &format!("| A{number:05} | 杭州{one}{two}贸易 | 王{who}平 |\n");
        }
        assert_eq!(findings("L121", &rows), "");
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
        assert_eq!(findings("L121", &table), "");
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
