use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::customers::Customers;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, customer_field, declare_rule, is_masked};
use crate::text::{compact, organisation_key};

declare_rule! {
    /// ## What it finds
    /// Two leads with one contact, named in full, whose customers are spelled almost alike: one character differs, is
    /// missing or is added, or one name goes on where the other ends (北辰机电, 北辰机电设备). Digits must be the same: 客户1
    /// and 客户10 are two.
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
        needs: [LeadId, Customer, Contact],
        check: Check::Table(similar_customer),
    }
}

/// Names shorter than this have little in common by having all but one character in common.
const SHORTEST: usize = 4;
/// With one contact beside it, a name is told again by its first or its last three characters: a single change leaves one of
/// the two as it was. So only names that share an end are compared, and not each with each.
const END: usize = 3;
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
    let keys: Vec<String> = names.map_distinct(values, |value| organisation_key(&value.display()));
    let mut known = Ends::default();
    let ends_of_name: Vec<_> = keys.iter().map(|key| known.of(key)).collect();
    let mut bearers = Vec::with_capacity(2 * leads.len());
    for lead in leads.iter().filter(Lead::is_numbered) {
        let row = lead.first();
        let contact = contact_of[contacts.codes()[row.index()] as usize];
        let name = names.codes()[row.index()];
        let ends = ends_of_name[name as usize];
        if let (Some(contact), Some(ends), Some(customer)) = (contact, ends, customers.of(&row)) {
            for (end, is_last) in ends.into_iter().zip([false, true]) {
                bearers.push(Bearer {
                    contact,
                    end,
                    lead: lead.index() as u32,
                    is_last,
                    name,
                    customer,
                });
            }
        }
    }
    for (lead, twin) in twins(bearers, &keys) {
        let row = leads.lead(lead as usize).first();
        let other = leads.lead(twin as usize).first();
        let message = Message::new("similar-customer", "")
            .with("value", row.value(Field::Customer).display().trim())
            .with("other", other.value(Field::Customer).display().trim())
            .with("lead", other.value(Field::LeadId).display().trim());
        let finding = findings.row(&row, Field::Customer, message);
        finding.related.extend(other.cell(Field::Customer));
    }
}

/// A lead under one end of its customer's name. In this order those that may be alike stand together, the earlier first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bearer {
    contact: u32,
    end: u32,
    lead: u32,
    is_last: bool,
    /// Code of the name, and whom it names.
    name: u32,
    customer: u32,
}

/// The leads whose customer is spelled almost like an earlier one's, with that one: the one that begins alike, else the one
/// that ends alike.
fn twins(mut bearers: Vec<Bearer>, keys: &[String]) -> BTreeMap<u32, u32> {
    bearers.sort_unstable();
    let share_an_end =
        |one: &Bearer, other: &Bearer| (one.contact, one.end) == (other.contact, other.end);
    let mut found: Vec<(u32, bool, u32)> = Vec::new();
    let mut told: Vec<Bearer> = Vec::new();
    for alike in bearers
        .chunk_by(share_an_end)
        .filter(|alike| alike.len() > 1)
    {
        told.clear();
        for bearer in alike {
            if told.len() > MOST {
                break;
            }
            let key = &keys[bearer.name as usize];
            let twin = told.iter().find(|earlier| {
                earlier.customer != bearer.customer && is_alike(key, &keys[earlier.name as usize])
            });
            found.extend(twin.map(|twin| (bearer.lead, bearer.is_last, twin.lead)));
            // One lead stands for its customer.
            if told
                .iter()
                .all(|earlier| earlier.customer != bearer.customer)
            {
                told.push(*bearer);
            }
        }
    }
    found.sort_unstable();
    let mut twins = BTreeMap::new();
    for (lead, _, twin) in found {
        twins.entry(lead).or_insert(twin);
    }
    twins
}

/// Three characters at one end of a name, each distinct one by its number.
#[derive(Default)]
struct Ends(HashMap<(bool, [char; END]), u32>);

impl Ends {
    /// Both ends of a name; `None` of one too short.
    fn of(&mut self, key: &str) -> Option<[u32; 2]> {
        key.chars().nth(SHORTEST - 1)?;
        let next = |characters: &mut dyn Iterator<Item = char>| {
            [(); END].map(|()| characters.next().unwrap_or_default())
        };
        let first = (false, next(&mut key.chars()));
        let last = (true, next(&mut key.chars().rev()));
        Some([first, last].map(|end| {
            let number = self.0.len() as u32;
            *self.0.entry(end).or_insert(number)
        }))
    }
}

/// One change by Damerau and Levenshtein, whatever the length: two changes make 云渡 of 临溪, and another firm.
fn is_alike(one: &str, other: &str) -> bool {
    fn digits(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(u8::is_ascii_digit)
    }
    if !digits(one).eq(digits(other)) {
        return false;
    }
    if one.starts_with(other) || other.starts_with(one) {
        return true;
    }
    // What both have in common at the ends changes nothing, and one change touches two characters at most.
    let (one, other) = without_common_ends(one, other);
    let is_short = |rest: &str| rest.chars().nth(2).is_none();
    is_short(one) && is_short(other) && strsim::damerau_levenshtein(one, other) == 1
}

/// What is left of two texts without the characters that both begin with and both end with.
fn without_common_ends<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    let pairs = one.chars().zip(other.chars());
    let first: usize = pairs
        .take_while(|(one, other)| one == other)
        .map(|(character, _)| character.len_utf8())
        .sum();
    let (one, other) = (&one[first..], &other[first..]);
    let pairs = one.chars().rev().zip(other.chars().rev());
    let last: usize = pairs
        .take_while(|(one, other)| one == other)
        .map(|(character, _)| character.len_utf8())
        .sum();
    (&one[..one.len() - last], &other[..other.len() - last])
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
    fn what_is_left_without_common_ends_is_as_far_apart_as_the_whole() {
        let names = [
            "北辰机电",
            "北晨机电",
            "北辰机",
            "辰机电",
            "北辰机机电",
            "北机辰电",
            "机电北辰",
            "南汀贸易",
            "北辰电机",
            "北北辰机电",
            "北辰",
            "abab",
            "baba",
            "aab",
            "aba",
        ];
        for one in names {
            for other in names {
                let whole = strsim::damerau_levenshtein(one, other) == 1;
                let is_part = one.starts_with(other) || other.starts_with(one);
                assert_eq!(
                    super::is_alike(one, other),
                    whole || is_part,
                    "{one} {other}"
                );
            }
        }
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
